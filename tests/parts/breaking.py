"""Parts that can be broken. Not a test; the tests of broken parts share it."""

import os
import threading
from contextlib import contextmanager

from booth.disk import RealDisk
from booth.errors import CompositorError, OutboxError
from booth.ports import Picture, Playback, Size
from booth.units import Seconds
from tests.flows.party import Party
from tests.waiting import PATIENCE

QUICK = {"get_ready": Seconds(0.1), "countdown": Seconds(0.1), "farewell": Seconds(0.2), "apology": Seconds(0.2)}
"""A visit of a few rounds of the loop, for tests that play hundreds."""

DOT = Picture(Size(1, 1), bytes(3))


@contextmanager
def parties(folder):
    """Give what makes parties in *folder*, and close them all at the end."""
    made = []

    def make(**options):
        made.append(Party(folder, **options))
        return made[-1]

    try:
        yield make
    finally:
        for party in made:
            party.close()


class RefusingDisk(RealDisk):
    """A disk that refuses, with an error's *number*, what `refuses` says: asked before each change, with its kind.

    It syncs nothing, for no power is cut here. A write that is refused leaves one half of the file.
    """

    def __init__(self, refuses=lambda kind: False, number=0):
        self.refuses = refuses
        self.number = number
        self.changes = []

    def ask(self, kind):
        """Refuse, or take note of a change of this kind."""
        if self.refuses(kind):
            raise OSError(self.number, os.strerror(self.number))
        self.changes.append(kind)

    def mkdir(self, folder, *, shared=False):
        if not folder.is_dir():
            self.ask("mkdir")
        super().mkdir(folder, shared=shared)

    def write(self, file, content):
        try:
            self.ask("write")
        except OSError:
            if file.parent.is_dir():
                file.write_bytes(content[: len(content) // 2])
            raise
        super().write(file, content)

    def secure(self, file):
        self.ask("secure")
        super().secure(file)

    def sync(self, file):
        self.ask("sync")

    def sync_folder(self, folder):
        self.ask("sync_folder")

    def rename(self, old, new):
        self.ask("rename")
        super().rename(old, new)

    def unlink(self, file):
        self.ask("unlink")
        super().unlink(file)

    def rmdir(self, folder):
        self.ask("rmdir")
        super().rmdir(folder)


class PlainCamera:
    """A camera whose frames say which they are; its writes are the disk's, too. Does what `does` says before each."""

    def __init__(self, disk=None, does=lambda what: None):
        self._disk = disk
        self._does = does
        does("open")

    def preview(self):
        return None

    def watch(self, *, on):
        self._does("watch")

    def check(self):
        self._does("check")

    def capture(self, into):
        self._does("capture")
        if self._disk is not None:
            try:
                self._disk.ask("capture")
            except OSError as exc:
                into.write_bytes(b"torn")
                raise OutboxError("the disk does not take the frame; look at it") from exc
        try:
            into.write_bytes(f"<{into.name.partition('.')[0]}>".encode())
        except OSError as exc:
            raise OutboxError("the folder is not there; look at the disk") from exc

    def close(self):
        self._does("close")


class PlainCompositor:
    """A compositor whose animations say which frames they are made of; its writes are the disk's, too."""

    def __init__(self, disk=None, does=lambda what: None):
        self._disk = disk
        self._does = does

    def check(self):
        self._does("check")

    def prepare(self, frame, first):
        self._does("prepare")

    def join(self, frames, into):
        self._does("join")
        if self._disk is not None:
            try:
                self._disk.ask("join")
            except OSError as exc:
                raise CompositorError("the disk does not take the animation; look at it") from exc
        try:
            part = into.with_name("animation.gif.made")
            part.write_bytes(b"GIF89a" + b"".join(frame.read_bytes() for frame in frames))
            part.rename(into)
        except OSError as exc:
            raise CompositorError(f"{exc}; look at the disk") from exc
        return Playback((DOT,) * len(frames), (Seconds(0.1),) * len(frames), 0)

    def forget(self, frames):
        pass

    def close(self):
        pass


class Latch:
    """Makes whoever calls it hang until it is let go, and tells when it hangs."""

    def __init__(self):
        self.began = threading.Event()
        self.go = threading.Event()
        self.result = None

    def __call__(self, *_):
        self.began.set()
        assert self.go.wait(PATIENCE)
        return self.result
