"""The disk, one operation after the other, and the few ways in which anything is written durably.

Nothing is durable until it was synced: a file's content by `Disk.sync`, a name in a folder by `Disk.sync_folder`. Who
writes what must outlast a power cut does it by the functions at the end, on a `Disk` that was given to them: so a disk
that forgets can be put under it, and each sync of theirs be left out.

The law of `RealDisk`: whatever somebody has put under a name of ours, nothing is waited for, nothing outside the folder
is written to or gets another mode, and no more is read than `LARGEST`. Only files are opened, and no link is followed.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

LARGEST = 64 << 20
"""Bytes of a file that is read: several times the largest animation that can be made. What is larger is not ours."""

_NEVER_WAIT = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Disk(Protocol):
    """What is asked of a disk. Every method may block, and raises OSError as `os` does."""

    def mkdir(self, folder: Path, *, shared: bool = False) -> None:
        """Make *folder*, for its owner only or, *shared*, for all to read. If it is there, its mode is put right."""
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

    def beginning(self, file: Path, most: int) -> bytes:
        """Return at most *most* bytes of *file*, its first."""
        ...

    def opened(self, file: Path) -> AbstractContextManager[BinaryIO]:
        """Open *file* for reading, as what a child process may be given. EINVAL if it is no file."""
        ...

    def fingerprint(self, file: Path) -> tuple[int, ...]:
        """Return what is another when *file* was written anew, or another has its name."""
        ...

    def writable(self, folder: Path) -> bool:
        """Return whether this process may make a name in *folder*."""
        ...

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew, for its owner only, with *content*. Not durable before `sync`."""
        ...

    def created(self, file: Path) -> AbstractContextManager[BinaryIO]:
        """Open a new file of that name for writing, for its owner only; what had the name is somebody else's now.

        A child process may be given it. Not durable before `sync`, which is for when it is closed.
        """
        ...

    def overwrite(self, file: Path, content: bytes) -> None:
        """Write *content* over what is in *file*, where it lies; as many bytes as there are.

        Not durable before `sync`: until then a cut leaves each block old or new.
        """
        ...

    def secure(self, file: Path) -> None:
        """Let nobody but its owner read *file*."""
        ...

    def share(self, file: Path) -> None:
        """Let everybody read *file*."""
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

    def link(self, path: Path, target: str) -> None:
        """Make a symbolic link at *path* that leads to *target*."""
        ...

    def target(self, path: Path) -> str | None:
        """Return where the link at *path* leads; None if there is none."""
        ...

    def sync_all(self) -> None:
        """Put all content and all names of this machine's disks on their media: for what is many small files."""
        ...

    def free(self, folder: Path) -> int:
        """Return the bytes that can still be written below *folder*."""
        ...

    def lock(self, file: Path) -> Callable[[], None]:
        """Make *file* and lock it for this process alone; return what unlocks it. BlockingIOError if it is locked."""
        ...


class RealDisk:
    """The disk of this machine."""

    def mkdir(self, folder: Path, *, shared: bool = False) -> None:
        """Make *folder*, for its owner only or, *shared*, for all to read. If it is there, its mode is put right."""
        mode = 0o755 if shared else 0o700
        try:
            folder.mkdir(mode=mode)
        except FileExistsError:
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
        if stat.S_IMODE(folder.lstat().st_mode) != mode:  # the umask took something, or somebody gave something
            folder.chmod(mode)

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

    def beginning(self, file: Path, most: int) -> bytes:
        """Return at most *most* bytes of *file*, its first."""
        with file.open("rb") as opened:
            return opened.read(most)

    def opened(self, file: Path) -> AbstractContextManager[BinaryIO]:
        """Open *file* for reading, as what a child process may be given. EINVAL if it is no file."""
        return self._reading(file)

    def fingerprint(self, file: Path) -> tuple[int, ...]:
        """Return what is another when *file* was written anew, or another has its name."""
        status = file.lstat()
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    def writable(self, folder: Path) -> bool:
        """Return whether this process may make a name in *folder*."""
        return os.access(folder, os.W_OK)

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

    def created(self, file: Path) -> AbstractContextManager[BinaryIO]:
        """Open a new file of that name for writing, for its owner only; what had the name is somebody else's now."""
        file.unlink(missing_ok=True)
        return open(file, "xb", opener=_owner_only)

    def overwrite(self, file: Path, content: bytes) -> None:
        """Write *content* over what is in *file*, where it lies; as many bytes as there are."""
        number = os.open(file, os.O_WRONLY | os.O_NOFOLLOW)
        with open(number, "wb") as opened:  # noqa: PTH123 a descriptor has no path; it is not emptied by this
            opened.write(content)

    def secure(self, file: Path) -> None:
        """Let nobody but its owner read *file*. One that has other names is not ours, and stays as it is."""
        self._with_mode(file, 0o600)

    def share(self, file: Path) -> None:
        """Let everybody read *file*. One that has other names is not ours, and stays as it is."""
        self._with_mode(file, 0o644)

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

    def link(self, path: Path, target: str) -> None:
        """Make a symbolic link at *path* that leads to *target*."""
        path.symlink_to(target)

    def target(self, path: Path) -> str | None:
        """Return where the link at *path* leads; None if there is none."""
        try:
            return str(path.readlink())
        except OSError:
            return None

    def sync_all(self) -> None:
        """Put all content and all names of this machine's disks on their media: for what is many small files."""
        os.sync()

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

    @contextmanager
    def _reading(self, file: Path) -> Iterator[BinaryIO]:
        with self._opened(file) as number, open(number, "rb", closefd=False) as opened:
            yield opened

    def _with_mode(self, file: Path, mode: int) -> None:
        with self._opened(file) as number:
            if self._ours(number):
                os.fchmod(number, mode)

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


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


# ---- what is written durably

PART = ".part"
"""End of a name: not whole yet."""


def put(disk: Disk, file: Path, content: bytes, *, shared: bool = False, aside: Path | None = None) -> None:
    """Have *file* hold *content*, for its owner only or, *shared*, for all to read. On the medium when this returns.

    A cut before that leaves the old or the new, each whole; so does a disk that refuses. *aside* is the name that it is
    written under first, in the same folder; whatever had that is gone.
    """
    aside = beside(file) if aside is None else aside
    disk.write(aside, content)  # a cut now leaves the old, and something torn beside it, or nothing
    if shared:
        disk.share(aside)
    take_name(disk, aside, file)


def take_name(disk: Disk, written: Path, file: Path) -> None:
    """Have what somebody wrote as *written* be *file*, in the same folder. On the medium when this returns.

    A cut before that leaves the old or the new, each whole.
    """
    disk.sync(written)  # a cut before leaves the old, and something torn beside it; after this, it is whole
    disk.rename(written, file)  # a cut from here on leaves the old or the new
    disk.sync_folder(file.parent)  # and from here on the new


def keep(disk: Disk, file: Path, content: bytes) -> bool:
    """Have *file* hold *content* as `put` does, without writing what is there already; return whether it was written.

    Also what is there already is on the medium afterwards: whoever wrote it may have been killed before it was.
    """
    if disk.is_file(file) and disk.read(file) == content:
        disk.sync_folder(file.parent)
        return False
    put(disk, file, content)
    return True


def point(disk: Disk, link: Path, target: str) -> None:
    """Have *link* lead to *target*. On the medium when this returns; a cut before leaves the old or the new."""
    aside = beside(link)
    if disk.target(aside) is not None or disk.exists(aside):  # of one that was cut
        disk.unlink(aside)
    disk.link(aside, target)  # a link has no content that could be torn: it is its name
    disk.rename(aside, link)
    disk.sync_folder(link.parent)


def make_folder(disk: Disk, folder: Path, *, shared: bool = False) -> None:
    """Make *folder*, for its owner only or, *shared*, for all to read. On the medium when this returns.

    Also one that is there already: whoever made it may have been killed before it was on the medium.
    """
    disk.mkdir(folder, shared=shared)
    disk.sync_folder(folder.parent)


def delete(disk: Disk, file: Path) -> None:
    """Take *file* away. On the medium when this returns; until then it may come back, whole."""
    disk.unlink(file)
    disk.sync_folder(file.parent)


def remove_tree(disk: Disk, folder: Path) -> None:
    """Take *folder* and all that is in it away. Nothing of that is on the medium: a cut may bring any of it back."""
    for there in disk.names(folder):
        if disk.is_folder(folder / there):
            remove_tree(disk, folder / there)
        else:
            disk.unlink(folder / there)
    disk.rmdir(folder)


def beside(file: Path) -> Path:
    """Return where what will be *file* is written first."""
    return file.with_name(f"{file.name}{PART}")
