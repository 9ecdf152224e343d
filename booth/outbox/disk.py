"""The file operations that the spool is made of, one by one, so that a disk that forgets can be put under it.

Nothing is durable until it was synced: a file's content by `Disk.sync`, a name in a folder by `Disk.sync_folder`.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


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

    def read(self, file: Path) -> bytes:
        """Return what is in *file*."""
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

    def read(self, file: Path) -> bytes:
        """Return what is in *file*."""
        return file.read_bytes()

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew, for its owner only, with *content*. Not durable before `sync`."""
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with open(number, "wb") as opened:  # noqa: PTH123 a descriptor has no path
            os.fchmod(number, 0o600)
            opened.write(content)

    def secure(self, file: Path) -> None:
        """Let nobody but its owner read *file*."""
        file.chmod(0o600)

    def sync(self, file: Path) -> None:
        """Put the content of *file*, whoever wrote it, on the medium."""
        self._sync(file, os.O_RDONLY)

    def sync_folder(self, folder: Path) -> None:
        """Put the names in *folder* on the medium."""
        self._sync(folder, os.O_RDONLY | os.O_DIRECTORY)

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
        number = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
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

    @staticmethod
    def _sync(path: Path, flags: int) -> None:
        number = os.open(path, flags)
        try:
            os.fsync(number)
        finally:
            os.close(number)
