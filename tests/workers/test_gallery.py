from pathlib import Path

import pytest
import structlog.testing

from booth.core.visit import SessionId
from booth.errors import CompositorError, OutboxError
from booth.ports import Playback
from booth.workers import Gallery
from lab.clock import HandClock
from lab.workers import PromptWorker


class Wall:
    """What hangs on the wall of a test: visits that agreed, newest first, and what their files hold."""

    def __init__(self):
        self.visits = []
        self.torn = set()
        self.refused = None
        self.reads = []

    def agreed(self):
        if self.refused:
            raise self.refused
        return iter([(SessionId(name), Path(f"/pending/{name}.gif")) for name in self.visits])

    def glimpse(self, path):
        self.reads.append(path.stem)
        if path.stem in self.torn:
            raise CompositorError("it is torn")
        return Playback((), (), len(self.reads))


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def gallery(wall):
    gallery = Gallery(wall.agreed, wall.glimpse, latest=3, now=HandClock().now, hire=PromptWorker)
    gallery.start()
    yield gallery
    gallery.close(0.0)


def look(gallery, times):
    """Look so often, and return which reading each animation is from: that names them."""
    for _ in range(times):
        gallery.look()
    return [playback.loops for playback in gallery.pictures()]


def test_nothing_hangs_there_before_the_first_look(gallery):
    """A booth that has just started shows nobody."""
    assert () == gallery.pictures()


def test_one_new_animation_is_read_with_each_look_the_newest_first(wall, gallery):
    """A guest who presses meanwhile does not notice; what was read is not read again."""
    wall.visits = ["c", "b", "a"]
    assert [1] == look(gallery, 1)
    assert [1, 2, 3] == look(gallery, 5)
    assert ["c", "b", "a"] == wall.reads


def test_only_the_latest_stay(wall, gallery):
    """The oldest goes when a new one comes, and its memory with it."""
    wall.visits = ["c", "b", "a"]
    look(gallery, 3)
    wall.visits = ["d", "c", "b", "a"]
    assert [4, 1, 2] == look(gallery, 1)
    wall.visits = ["c", "b", "a"]
    assert [1, 2, 5] == look(gallery, 1)


def test_the_same_animation_is_the_same_object(wall, gallery):
    """The screen scales it once."""
    wall.visits = ["a"]
    look(gallery, 1)
    before = gallery.pictures()
    look(gallery, 2)
    assert before[0] is gallery.pictures()[0]


def test_who_is_deleted_goes_with_the_next_look(wall, gallery):
    """And is gone before anything new is read."""
    wall.visits = ["b", "a"]
    look(gallery, 2)
    wall.visits = ["b"]
    assert [1] == look(gallery, 1)
    wall.visits = []
    assert [] == look(gallery, 1)


def test_a_broken_animation_is_skipped(wall, gallery):
    """The next one takes its place; the log names the visit, once, and no guest."""
    wall.visits, wall.torn = ["d", "c", "b", "a"], {"c"}
    with structlog.testing.capture_logs() as logs:
        assert [1, 3, 4] == look(gallery, 5)
    assert [("gallery.not_shown", "c")] == [(line["event"], line["session"]) for line in logs]


def test_of_a_disk_that_cannot_be_read_nothing_is_shown(wall, gallery):
    """Who may have been deleted is not shown; when the disk answers again, all are."""
    wall.visits = ["a"]
    look(gallery, 1)
    wall.refused = OutboxError("the disk is gone")
    with structlog.testing.capture_logs() as logs:
        assert [] == look(gallery, 1)
    assert ["gallery.not_read"] == [line["event"] for line in logs]
    wall.refused = None
    assert [2] == look(gallery, 1)
