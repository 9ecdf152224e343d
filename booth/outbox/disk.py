"""The file operations that the spool is made of, one by one, so that a disk that forgets can be put under it.

Nothing is durable until it was synced: a file's content by `Disk.sync`, a name in a folder by `Disk.sync_folder`.

The law of `RealDisk`: whatever somebody has put under a name of ours, nothing is waited for, nothing outside the folder
is written to or gets another mode, and no more is read than `LARGEST`. Only files are opened, and no link is followed.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

LARGEST = 64 << 20
"""Bytes of a file that is read: several times the largest animation that can be made. What is larger is not ours."""

_NEVER_WAIT = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Disk(Protocol):
    """What the spool asks of the disk. Every method may block, and raises OSError as `os` does."""

    def mkdir(self, folder: Path) -> None:
        """Make *folder*, for its owner only. If it is there, only its mode is put right."""
        ...

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in *folder*, sorted."""
        ...

    def exists(self, path: Path) -> bool:
        """Return whether there is anything at *path*, or where it leads."""
        ...

    def is_folder(self, path: Path) -> bool:
        """Return whether *path* is a folder itself, not a link to one."""
        ...

    def is_file(self, path: Path) -> bool:
        """Return whether *path* is a file itself, not a link to one."""
        ...

    def in_the_way(self, path: Path) -> bool:
        """Return whether there is something at *path* that is no file, or one that has other names: not ours."""
        ...

    def size(self, file: Path) -> int:
        """Return how many bytes are in *file*, or in the link that is there instead."""
        ...

    def read(self, file: Path) -> bytes:
        """Return what is in *file*, `LARGEST` at most: EFBIG if there is more, and EINVAL if it is no file."""
        ...

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew, for its owner only, with *content*. Not durable before `sync`."""
        ...

    def secure(self, file: Path) -> None:
        """Let nobody but its owner read *file*."""
        ...

    def sync(self, file: Path) -> None:
        """Put the content of *file*, whoever wrote it, on the medium."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Put the names in *folder* on the medium; a rename into it or out of it, with both its names."""
        ...

    def rename(self, old: Path, new: Path) -> None:
        """Give *old* the name *new*, at once or not at all. Replaces a file, and a folder only if it is empty.

        Also for a power cut: afterwards it has one of the two names, never both or neither.
        """
        ...

    def unlink(self, file: Path) -> None:
        """Take the name of *file* away."""
        ...

    def rmdir(self, folder: Path) -> None:
        """Take an empty folder away."""
        ...

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below *folder*."""
        ...

    def lock(self, file: Path) -> Callable[[], None]:
        """Make *file* and lock it for this process alone; return what unlocks it. BlockingIOError if it is locked."""
        ...


class RealDisk:
    """The disk of this machine."""

    def mkdir(self, folder: Path) -> None:
        """Make *folder*, for its owner only. If it is there, only its mode is put right."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
        if stat.S_IMODE(folder.lstat().st_mode) != 0o700:  # the umask took something, or somebody gave something
            folder.chmod(0o700)

    def names(self, folder: Path) -> tuple[str, ...]:
        """Return the names in *folder*, sorted."""
        return tuple(sorted(os.listdir(folder)))  # noqa: PTH208 names are what is asked for, not paths

    def exists(self, path: Path) -> bool:
        """Return whether there is anything at *path*, or where it leads."""
        return path.exists()

    def is_folder(self, path: Path) -> bool:
        """Return whether *path* is a folder itself, not a link to one."""
        return self._is(path, stat.S_ISDIR)

    def is_file(self, path: Path) -> bool:
        """Return whether *path* is a file itself, not a link to one."""
        return self._is(path, stat.S_ISREG)

    def in_the_way(self, path: Path) -> bool:
        """Return whether there is something at *path* that is no file, or one that has other names: not ours."""
        try:
            there = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return not stat.S_ISREG(there.st_mode) or there.st_nlink != 1

    def size(self, file: Path) -> int:
        """Return how many bytes are in *file*, or in the link that is there instead."""
        return file.lstat().st_size

    def read(self, file: Path) -> bytes:
        """Return what is in *file*, `LARGEST` at most: EFBIG if there is more, and EINVAL if it is no file."""
        with self._opened(file) as number, open(number, "rb", closefd=False) as opened:
            if os.fstat(number).st_size <= LARGEST and len(content := opened.read(LARGEST + 1)) <= LARGEST:
                return content
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew, for its owner only, with *content*. Not durable before `sync`."""
        try:
            number = os.open(file, os.O_WRONLY | os.O_CREAT | _NEVER_WAIT, 0o600)
        except OSError as exc:
            if exc.errno != errno.ENXIO:  # a pipe, a socket or a device
                raise
            number = self._instead(file)
        else:
            if not self._ours(number):
                os.close(number)
                number = self._instead(file)
        with open(number, "wb") as opened:  # noqa: PTH123 a descriptor has no path
            os.ftruncate(number, 0)
            os.fchmod(number, 0o600)
            opened.write(content)

    def secure(self, file: Path) -> None:
        """Let nobody but its owner read *file*."""
        with self._opened(file) as number:
            os.fchmod(number, 0o600)

    def sync(self, file: Path) -> None:
        """Put the content of *file*, whoever wrote it, on the medium."""
        with self._opened(file) as number:
            os.fsync(number)

    def sync_folder(self, folder: Path) -> None:
        """Put the names in *folder* on the medium."""
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(number)
        finally:
            os.close(number)

    def rename(self, old: Path, new: Path) -> None:
        """Give *old* the name *new*, at once or not at all. Replaces a file, and a folder only if it is empty."""
        old.rename(new)

    def unlink(self, file: Path) -> None:
        """Take the name of *file* away."""
        file.unlink()

    def rmdir(self, folder: Path) -> None:
        """Take an empty folder away."""
        folder.rmdir()

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below *folder*."""
        return shutil.disk_usage(folder).free

    def lock(self, file: Path) -> Callable[[], None]:
        """Make *file* and lock it for this process alone; return what unlocks it. BlockingIOError if it is locked."""
        number = self._lock_file(file)
        try:
            os.fchmod(number, 0o600)
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(number)
            raise
        return lambda: os.close(number)

    @staticmethod
    def _is(path: Path, kind: Callable[[int], bool]) -> bool:
        try:
            return kind(path.lstat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False

    @contextmanager
    def _opened(self, file: Path) -> Iterator[int]:
        """Open a file that is there, for reading; EINVAL for whatever else has its name."""
        if not stat.S_ISREG(file.lstat().st_mode):  # before it is opened: with some devices that is an act
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(file))
        number = os.open(file, os.O_RDONLY | _NEVER_WAIT)
        try:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(file))
            yield number
        finally:
            os.close(number)

    @staticmethod
    def _ours(number: int) -> bool:
        """Return whether it is a file, and has no other name elsewhere."""
        there = os.fstat(number)
        return stat.S_ISREG(there.st_mode) and there.st_nlink == 1

    @staticmethod
    def _instead(file: Path, how: int = os.O_WRONLY) -> int:
        """Take away the name that somebody gave to something of theirs, and make a file of our own."""
        file.unlink()
        return os.open(file, how | os.O_CREAT | os.O_EXCL | _NEVER_WAIT, 0o600)

    def _lock_file(self, file: Path) -> int:
        try:
            number = os.open(file, os.O_RDWR | os.O_CREAT | _NEVER_WAIT, 0o600)
        except OSError as exc:
            if exc.errno != errno.ENXIO:
                raise
        else:
            if self._ours(number):
                return number
            os.close(number)
        return self._instead(file, os.O_RDWR)
