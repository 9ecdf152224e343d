"""The disk of this machine, one operation after the other."""

import errno
import os
import shutil
import stat
import sys
import threading
from pathlib import Path

import pytest

from booth.disk import RealDisk
from tests.waiting import PATIENCE


@pytest.fixture
def disk():
    """Return the disk of this machine."""
    return RealDisk()


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def opened():
    """Return how many files this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 names are what is counted


@pytest.fixture
def open_umask():
    """Let others do anything with new files, for a while."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_what_is_made_is_its_owners_only(disk, tmp_path):
    """Folders, files and the lock, whatever the umask allows."""
    disk.mkdir(tmp_path / "folder")
    disk.write(tmp_path / "file", b"a guest")
    disk.lock(tmp_path / "lock")()
    assert [0o700, 0o600, 0o600] == [mode(tmp_path / name) for name in ("folder", "file", "lock")]


@pytest.mark.parametrize("umask", [0o777, 0o277])
def test_a_strange_umask_takes_nothing_from_the_owner(disk, tmp_path, umask):
    """The booth can read and write what it has made."""
    before = os.umask(umask)
    try:
        disk.mkdir(tmp_path / "folder")
        disk.write(tmp_path / "file", b"")
        disk.lock(tmp_path / "lock")()
    finally:
        os.umask(before)
    assert [0o700, 0o600, 0o600] == [mode(tmp_path / name) for name in ("folder", "file", "lock")]


def test_a_mode_that_somebody_gave_is_put_right(disk, tmp_path):
    """What was there before is made its owner's only, too."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder").chmod(0o755)
    for name in ("file", "other", "lock"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    disk.mkdir(tmp_path / "folder")
    disk.write(tmp_path / "file", b"")
    disk.secure(tmp_path / "other")
    disk.lock(tmp_path / "lock")()
    assert [0o700, 0o600, 0o600, 0o600] == [mode(tmp_path / name) for name in ("folder", "file", "other", "lock")]


def test_a_folder_cannot_be_made_where_a_file_is(disk, tmp_path):
    """The error names what is in the way."""
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError) as refused:
        disk.mkdir(tmp_path / "file")
    said = refused.value
    assert (errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(tmp_path / "file")) == (
        said.errno, said.strerror, said.filename,
    )  # fmt: skip


def test_a_file_is_written_anew(disk, tmp_path):
    """Nothing of what was in it is left."""
    disk.write(tmp_path / "file", b"a long name")
    disk.write(tmp_path / "file", b"short")
    assert b"short" == disk.read(tmp_path / "file")


def test_links_are_not_followed(disk, tmp_path):
    """Nothing is written elsewhere than it was meant; a link is neither a file nor a folder, and may lead nowhere."""
    (tmp_path / "folder").mkdir()
    for name, target in (("to-file", "file"), ("to-folder", "folder")):
        (tmp_path / name).symlink_to(tmp_path / target)
    for attempt in (lambda: disk.write(tmp_path / "to-file", b"x"), lambda: disk.lock(tmp_path / "to-file")):
        with pytest.raises(OSError, match="symbolic links"):
            attempt()
    assert ("folder", "to-file", "to-folder") == disk.names(tmp_path)
    assert (False, False) == (disk.is_file(tmp_path / "to-file"), disk.is_folder(tmp_path / "to-folder"))
    assert (False, True) == (disk.exists(tmp_path / "to-file"), disk.exists(tmp_path / "to-folder"))


def test_a_file_is_no_folder_and_a_folder_no_file(disk, tmp_path):
    """What is not there is neither; nor is what would be below a file."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    paths = [tmp_path / "file", tmp_path / "folder", tmp_path / "nothing", tmp_path / "file" / "below"]
    assert [True, False, False, False] == [disk.is_file(path) for path in paths]
    assert [False, True, False, False] == [disk.is_folder(path) for path in paths]


def test_only_what_is_there_can_be_synced(disk, tmp_path):
    """And a file is no folder there either. No file is left open."""
    (tmp_path / "file").touch()
    before = opened()
    disk.sync(tmp_path / "file")
    disk.sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        disk.sync(tmp_path / "nothing")
    with pytest.raises(NotADirectoryError):
        disk.sync_folder(tmp_path / "file")
    assert before == opened()


@pytest.mark.parametrize(
    ("sync", "asked"),
    [
        (lambda disk, folder: disk.sync(folder / "file"), [os.fsync]),
        (lambda disk, folder: disk.sync_folder(folder), [os.fsync]),
        (lambda disk, folder: disk.sync_all(), [os.sync]),
    ],
    ids=["a file", "a folder", "all"],
)
def test_the_medium_is_the_kernels_to_write(disk, tmp_path, sync, asked):
    """What is synced, it is asked to put there; nothing else of this machine's could promise that."""
    (tmp_path / "file").touch()
    called = []

    def note(frame, event, what):
        if event == "c_call" and what in {os.fsync, os.sync}:
            called.append(what)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        sync(disk, tmp_path)
    finally:
        sys.setprofile(before)
    assert asked == called


def test_a_file_without_a_medium_cannot_be_synced(disk, tmp_path):
    """That the medium refuses is heard, and no file is left open."""
    os.mkfifo(tmp_path / "pipe")
    end = os.open(tmp_path / "pipe", os.O_RDWR)
    before = opened()
    try:
        with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
            disk.sync(tmp_path / "pipe")
        assert before == opened()
    finally:
        os.close(end)


class Swapped(type(Path())):
    """A file in whose place somebody puts a pipe when it has just been looked at."""

    def lstat(self):
        there = super().lstat()
        self.unlink()
        os.mkfifo(self)
        return there


def waits(act, pipe):
    """Return whether *act* waits for somebody at the other end of *pipe*; it is let go then."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(PATIENCE)
    waiting = thread.is_alive()
    while thread.is_alive():
        end = os.open(pipe, os.O_RDWR)  # both ends are there now
        thread.join(0.1)
        os.close(end)
    return waiting


def test_a_pipe_is_not_waited_for_where_a_file_is_written(disk, tmp_path):
    """Nobody reads at its other end: what is written there would be waited for until somebody does."""
    path = tmp_path / "note.json"
    os.mkfifo(path)
    assert not waits(lambda: disk.write(path, b"{}"), path)
    assert b"{}" == path.read_bytes()


@pytest.mark.parametrize("name", ["read", "secure", "sync"])
def test_a_pipe_that_was_put_there_after_a_look_is_not_waited_for(disk, tmp_path, name):
    """Nor is it taken for the file that was looked at."""
    path = Swapped(tmp_path / "entry.json")
    path.write_bytes(b"{}")
    refused = []

    def act():
        with pytest.raises(OSError, match=os.strerror(errno.EINVAL)) as caught:
            getattr(disk, name)(path)
        refused.append(caught.value.errno)

    assert not waits(act, path)
    assert [errno.EINVAL] == refused


def test_a_lock_is_one_booths_at_a_time(disk, tmp_path):
    """The second is refused at once, and leaves nothing open; after the first has gone it may have it."""
    unlock = disk.lock(tmp_path / "lock")
    before = opened()
    with pytest.raises(BlockingIOError):
        disk.lock(tmp_path / "lock")
    assert before == opened()
    unlock()
    disk.lock(tmp_path / "lock")()
    assert before - 1 == opened()


def test_free_is_what_the_system_says(disk, tmp_path):
    """In bytes; other programs write meanwhile."""
    assert shutil.disk_usage(tmp_path).free == pytest.approx(disk.free(tmp_path), rel=0.1)


def test_what_goes_is_gone(disk, tmp_path):
    """Files, empty folders, and old names."""
    disk.mkdir(tmp_path / "b")
    disk.write(tmp_path / "a", b"x")
    disk.rename(tmp_path / "a", tmp_path / "c")
    assert ("b", "c") == disk.names(tmp_path)
    disk.unlink(tmp_path / "c")
    disk.rmdir(tmp_path / "b")
    assert () == disk.names(tmp_path)
