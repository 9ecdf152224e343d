"""What is made of a visit beside its animation: behind it, once, and never in its way."""

import contextlib

import pytest

from booth.core.events import AnimationReady, Committed, Deferred
from booth.core.visit import SessionId
from booth.errors import CompositorError, StoppedError
from booth.outbox.entry import Entry
from booth.outbox.spool import Spool
from booth.ports import GIF, Kind, Output, Playback
from booth.workers.darkroom import Contact, Darkroom
from lab.workers import PromptWorker

SESSION = SessionId("20261122-170512-aaaaaaaaaa")
STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")


class Compositor:
    """Puts frames one behind the other."""

    def join(self, frames, into):
        into.write_bytes(b"".join(frame.read_bytes() for frame in frames))
        return Playback((), (), 0)


@pytest.fixture
def spool(tmp_path):
    """Open a spool of visits with a strip, with one visit that has been posed for."""
    with contextlib.closing(
        Spool(tmp_path / "outbox", event="e", booth="b", key_template="{session}.gif", wall=lambda: 1.8e9,
              min_free_mb=0, keep_days=30, kinds=(GIF, STRIP))
    ) as opened:  # fmt: skip
        opened.open(SESSION)
        for shot in (1, 2):
            opened.shot(SESSION, shot).write_bytes(b"frame %d;" % shot)
            opened.keep(SESSION, shot)
        yield opened


@pytest.fixture
def make_darkroom(spool):
    """Make darkrooms on that spool, with what makes the strip; return it, and what it says."""

    def made(make):
        said = []
        output = Output(STRIP, make)
        return Darkroom(Compositor(), spool, Contact(), post=said.append, now=lambda: 0.0, committed=lambda _: None,
                        outputs=[output], hire=PromptWorker), said  # fmt: skip

    return made


def listed(tmp_path):
    """Return what the visit's entry lists."""
    entry = Entry.read((tmp_path / "outbox" / "pending" / SESSION / "entry.json").read_bytes())
    return [product.file for product in entry.products]


def test_it_is_made_of_the_frames_behind_the_animation(tmp_path, spool, make_darkroom):
    """When it is begun, the guest has been told of the animation; the entry lists both."""
    told = []

    def make(frames):
        told.extend(said)
        return b"|".join(frame.read_bytes() for frame in frames)

    darkroom, said = make_darkroom(make)
    darkroom.join(SESSION, 2)
    assert [AnimationReady(0.0, SESSION)] == told
    darkroom.commit(SESSION)
    assert ["animation.gif", "strip.jpg"] == listed(tmp_path)
    assert b"frame 1;|frame 2;" == (tmp_path / "outbox" / "pending" / SESSION / "strip.jpg").read_bytes()


def test_it_is_made_once(spool, make_darkroom):
    """What is there is not made again when the visit is committed."""
    made = []
    darkroom, _ = make_darkroom(lambda frames: made.append(len(frames)) or b"JPEG")
    darkroom.join(SESSION, 2)
    darkroom.commit(SESSION)
    assert [2] == made


def test_a_booth_that_stops_leaves_nothing_out(tmp_path, spool, make_darkroom):
    """What it was making then is made at the next start, and goes with the visit; until then that stays open."""

    def make(frames):
        raise StoppedError("the booth is stopping")

    darkroom, said = make_darkroom(make)
    darkroom.join(SESSION, 2)
    darkroom.commit(SESSION)
    darkroom.salvage(SESSION)
    assert [AnimationReady(0.0, SESSION), Deferred(0.0, SESSION)] == said
    assert (SESSION,) == spool.unfinished()
    darkroom, _ = make_darkroom(lambda _: b"JPEG")
    darkroom.salvage(SESSION)
    assert ["animation.gif", "strip.jpg"] == listed(tmp_path)


def test_what_failed_is_not_tried_again(spool, make_darkroom):
    """A guest who has sent the form would wait for it a second time; with the next visit it is tried anew."""
    tried = []

    def make(frames):
        tried.append(len(frames))
        raise CompositorError("no paper")

    darkroom, _ = make_darkroom(make)
    darkroom.join(SESSION, 2)
    darkroom.commit(SESSION)
    assert [2] == tried
    other = SessionId("20261122-170513-bbbbbbbbbb")
    spool.open(other)
    spool.shot(other, 1).write_bytes(b"frame 1;")
    spool.keep(other, 1)
    darkroom.join(other, 1)
    assert [2, 1] == tried


@pytest.mark.parametrize("step", ["commit", "salvage"])
def test_it_is_made_when_a_cut_came_before_it(tmp_path, spool, make_darkroom, step):
    """The animation was there already."""
    spool.animation(SESSION).write_bytes(b"GIF89a")
    darkroom, _ = make_darkroom(lambda _: b"JPEG")
    getattr(darkroom, step)(SESSION)
    assert ["animation.gif", "strip.jpg"] == listed(tmp_path)


@pytest.mark.parametrize("error", [CompositorError("no paper"), ValueError("a mistake of ours")])
def test_what_cannot_be_made_is_left_out(tmp_path, spool, make_darkroom, error):
    """The visit is committed with what there is, and nobody waits."""

    def make(frames):
        raise error

    darkroom, said = make_darkroom(make)
    darkroom.join(SESSION, 2)
    darkroom.commit(SESSION)
    assert [AnimationReady(0.0, SESSION), Committed(0.0, SESSION)] == said
    assert ["animation.gif"] == listed(tmp_path)


def test_of_no_frames_nothing_is_made(tmp_path, spool, make_darkroom):
    """A cut may take what no guest was told of, and leave the animation: that goes alone."""
    spool.animation(SESSION).write_bytes(b"GIF89a")
    for frame in spool.frames(SESSION):
        frame.unlink()
    darkroom, _ = make_darkroom(lambda frames: b"of %d frames" % len(frames))
    darkroom.salvage(SESSION)
    assert ["animation.gif"] == listed(tmp_path)
