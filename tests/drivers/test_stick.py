"""The stick: what became of its update is told while it is in, and not for ever."""

import os
from pathlib import Path

import pytest

from booth.core.events import Notice
from booth.drivers import stick
from booth.drivers.stick import NOTE, SHOWN, UPDATES, Stick
from lab.clock import HandClock

OPEN = Path("/proc/self/fd")


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "booth-update"
    folder.mkdir()
    return folder


@pytest.fixture
def told(folder, clock):
    """Return what is told now."""
    stick = Stick(clock.now, folder)
    return lambda: [notice for notice in UPDATES if stick.tells(notice)]


def leave(folder, word, device="sda1"):
    """Do what the machine's service does when a stick with a bad update is plugged in."""
    (folder / device).mkdir(exist_ok=True)
    (folder / device / NOTE).write_text(f"{word}\n")


def test_without_a_stick_nothing_is_told(told, folder):
    """Nor where no stick was ever plugged in."""
    assert [] == told()
    folder.rmdir()
    assert [] == told()


@pytest.mark.parametrize("notice", UPDATES)
def test_what_became_of_its_update_is_told_until_it_is_pulled(told, folder, notice):
    """The folder goes with the stick."""
    leave(folder, notice.value)
    assert [notice] == told()
    (folder / "sda1" / NOTE).unlink()
    (folder / "sda1").rmdir()
    assert [] == told()


def test_a_stick_that_stays_in_is_told_of_for_a_while(told, folder, clock):
    """A booth may be set up with a stick that nobody pulls."""
    leave(folder, "update-here")
    said = []
    for _ in range(3):
        said.append(told())
        clock.advance(SHOWN / 2)
    assert [[Notice.UPDATE_HERE], [Notice.UPDATE_HERE], []] == said


def test_what_comes_later_is_told_anew(told, folder, clock):
    """The next stick, and the same stick once more."""
    leave(folder, "update-here")
    assert [Notice.UPDATE_HERE] == told()
    clock.advance(SHOWN)
    leave(folder, "update-older", "sdb1")
    assert [Notice.UPDATE_OLDER] == told()
    (folder / "sda1" / NOTE).unlink()
    assert [Notice.UPDATE_OLDER] == told()
    leave(folder, "update-here")
    assert [Notice.UPDATE_HERE, Notice.UPDATE_OLDER] == told()


@pytest.mark.parametrize("word", ["", "offline", "update-", "update-here update-older", "x" * 100_000, "\0"])
def test_what_is_no_such_word_tells_nothing(told, folder, word):
    """Nor does it hide another stick's."""
    leave(folder, word)
    leave(folder, "update-room", "sdb1")
    assert [Notice.UPDATE_ROOM] == told()


def test_what_is_no_file_is_not_waited_for(told, folder):
    """Nor left open."""
    for number in range(3):
        (folder / f"sda{number}").mkdir()
    os.mkfifo(folder / "sda0" / NOTE)
    (folder / "sda1" / NOTE).mkdir()
    (folder / "sda2" / NOTE).symlink_to("/etc/passwd")
    before = len(list(OPEN.iterdir()))
    assert [] == told()
    assert before == len(list(OPEN.iterdir()))


def test_it_looks_where_the_service_writes():
    """The unit and the program are other files."""
    assert "/run/booth-update" == str(stick.FOLDER)
