"""A bundle: a release and its signature in one file, read as what a stranger may have made.

The law: before the signature is known to be right, two headers of fixed size are read by hand, and nothing else of the
file is believed; what is copied is as long as they say, and no longer than a release may be. The signature is checked
by an unprivileged user. What is signed is unpacked within bounds, too: a maker's mistake must not take a booth down.

A bundle is a tar of two files, ``release.tar.xz`` and its minisign signature, whose trusted comment is
``booth VERSION MACHINE``: what it is and what it is for are signed, too.
"""

import errno
import hashlib
import io
import lzma
import os
import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from booth.appliance.versions import Version
from booth.core.events import Notice
from booth.errors import BoothError
from booth.reading import NOT_REPEATED, called

ARCHIVE, SIGNATURE, KEY = "release.tar.xz", "release.tar.xz.minisig", "update.pub"
BLOCK = 512
"""Bytes in which a tar is counted."""
MOST = 256 << 20
"""Bytes: no release is larger, and nothing larger is read from a stick."""
MOST_SIGNATURE = 16 << 10
"""Bytes. minisign's own longest comments fit."""
MOST_KEY = 4 << 10
"""Bytes."""
MOST_EXTENDED = 4 << 10
"""Bytes of what other programs than ours may write before a file, about its times: they are stepped over."""
MOST_IN_MEMORY = 64 << 20
"""Bytes: the largest release whose signature may be of minisign's old kind, for which it reads all of it at once."""
PATIENCE = 60.0
"""Seconds after which a check of a signature hangs."""
NOBODY = 65534
"""The user and the group that own nothing, on every Linux."""

MOST_UNPACKED = 1 << 30
"""Bytes that a release may take."""
MOST_MEMBERS = 50_000
"""Files and folders of a release; one has some five thousand."""
MOST_NAME, MOST_PART = 512, 255
"""Bytes of a file's path in a release, and of a name in it."""
AT_ONCE = 1 << 16
"""Bytes: nothing is copied or unpacked by larger pieces, unless a header pretends to be longer than headers are."""
DICTIONARY = 128 << 20
"""Bytes that unpacking may use; what xz -9 makes needs 65 MiB."""
CLUSTER = 4 << 10
"""Bytes that the smallest file takes on the medium."""
ROOM = 64 << 20
"""Bytes that stay free: visits come before updates."""
MEDIUM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}
"""What goes wrong with the medium, whatever is unpacked onto it."""
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""No links out of the release, no devices: also of what is signed. Python 3.11.2 does not have this yet."""


class UpdateError(BoothError):
    """The update was not made; what runs is untouched. The text says what to do."""

    def __init__(self, text: str, notice: Notice = Notice.UPDATE_FAILED) -> None:
        super().__init__(text)
        self.notice = notice
        """What the booth's screen says of it."""


@dataclass(frozen=True)
class Bundle:
    """What a signed bundle says of itself."""

    version: Version
    machine: str
    digest: str
    """SHA-256 of its archive."""


def name_of(bundle: Path) -> str:
    """Return what a bundle is called, as it can be told: whoever brings a stick chooses the names on it."""
    return NOT_REPEATED if called(bundle) == NOT_REPEATED else re.sub(r"[^ -~]", "?", bundle.name)[:80]


def take(bundle: Path, work: Path, keys: Sequence[Path]) -> Bundle:
    """Copy the archive of *bundle* into *work*, and return what its signature vouches for.

    The first of *keys* that there is must be that of its maker. Blocks. Raises `UpdateError` unless all is well, and
    OSError if *work* cannot be written.
    """
    digest = _take_apart(bundle, work)
    return _signed(work, keys, digest)


# ---- before the signature


def _take_apart(bundle: Path, work: Path) -> str:
    """Copy the two files of a bundle; return the first one's digest. What else is in it is not looked at."""
    digest = ""
    with _opened(bundle) as file:
        for name, most in (ARCHIVE, MOST), (SIGNATURE, MOST_SIGNATURE):
            size = _size(_Reader(file, bundle), name, most)
            if shutil.disk_usage(work).free < size + ROOM:
                raise UpdateError(
                    f"there is no room for {name_of(bundle)}: make some on {work.parent}", Notice.UPDATE_ROOM
                )
            said = _copy(_Reader(file, bundle), size, work / name)
            digest = digest or said
    return digest


@contextmanager
def _opened(bundle: Path) -> Iterator[BinaryIO]:
    """Open *bundle*, if it is a file: what is none may block for ever, or be anything on this machine."""
    try:
        number = os.open(bundle, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as exc:
        why = getattr(exc, "strerror", None) or "not a name"
        raise UpdateError(
            f"{name_of(bundle)} cannot be read ({why}): see that it is there", Notice.UPDATE_DAMAGED
        ) from exc
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise _no_bundle(bundle)
    with open(number, "rb") as file:  # noqa: PTH123 a descriptor has no path
        yield file


class _Reader:
    """Reads a bundle by pieces that are known to be small, and that must be there."""

    def __init__(self, file: BinaryIO, bundle: Path) -> None:
        self._file = file
        self.bundle = bundle

    def read(self, size: int) -> bytes:
        """Return *size* bytes."""
        try:
            piece = self._file.read(size)
        except OSError as exc:
            raise UpdateError(
                f"{name_of(self.bundle)} cannot be read ({exc.strerror}): take another stick", Notice.UPDATE_DAMAGED
            ) from exc
        if len(piece) < size:
            raise UpdateError(f"{name_of(self.bundle)} is not whole: copy it again", Notice.UPDATE_DAMAGED)
        return piece


def _no_bundle(bundle: Path) -> UpdateError:
    return UpdateError(
        f"{name_of(bundle)} is no bundle of the booth's, or not whole: get it again", Notice.UPDATE_DAMAGED
    )


def _size(reader: _Reader, name: str, most: int) -> int:
    """Read the header of the file *name*; return how long the file is. The reader stands at its first byte then."""
    block = reader.read(BLOCK)
    if block[156:157] == b"x":  # times finer than seconds, as other programs write them
        reader.read(-(-_number(reader, block, MOST_EXTENDED) // BLOCK) * BLOCK)
        block = reader.read(BLOCK)
    # The signature of the header's form, no path before the name, and an ordinary file.
    if (
        block[257:262] != b"ustar"
        or any(block[345:500])
        or block[156:157] != b"0"
        or block[:100].rstrip(b"\0") != name.encode()
    ):
        raise _no_bundle(reader.bundle)
    return _number(reader, block, most)


def _number(reader: _Reader, block: bytes, most: int) -> int:
    """Return the size in a header whose sum is right."""
    said = re.fullmatch(rb"([0-7]{11})[\0 ]", block[124:136])
    total = re.fullmatch(rb" *([0-7]{1,7})[\0 ]*", block[148:156])
    if said is None or total is None or int(total[1], 8) != sum(block[:148]) + 8 * ord(" ") + sum(block[156:]):
        raise _no_bundle(reader.bundle)
    size = int(said[1], 8)
    if size > most:
        raise _no_bundle(reader.bundle)
    return size


def _copy(reader: _Reader, size: int, into: Path) -> str:
    """Copy *size* bytes, and what fills up the last block; return their digest."""
    digest = hashlib.sha256()
    left = size
    with into.open("wb") as file:
        while left:
            piece = reader.read(min(left, AT_ONCE))
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
    into.chmod(0o644)  # for the one who checks
    reader.read(-size % BLOCK)
    return digest.hexdigest()


def _signed(work: Path, keys: Sequence[Path], digest: str) -> Bundle:
    """Return what the signature vouches for. Raises `UpdateError` unless the key's owner made it, of this very file."""
    key = next((key for key in keys if key.is_file()), None)
    if key is None:
        raise UpdateError(
            "there is no key of those who make the updates, so none can be trusted: put their update.pub on the card, "
            f"or on the booth as {keys[-1]}",
            Notice.UPDATE_UNTRUSTED,
        )
    with key.open("rb") as file:
        (work / KEY).write_bytes(file.read(MOST_KEY))
    (work / KEY).chmod(0o644)
    try:
        checked = _minisign(work)
    except FileNotFoundError as exc:
        raise UpdateError("minisign is not installed: apt-get install minisign") from exc
    except PermissionError as exc:
        raise UpdateError(
            "the signature cannot be checked by another user than root: run this outside a sandbox"
        ) from exc
    except subprocess.TimeoutExpired as exc:
        raise UpdateError("the check of the signature hangs: start the booth anew and try again") from exc
    if checked.returncode:
        raise UpdateError(
            "the signature is not one that this booth trusts, or the file was changed: get it again",
            Notice.UPDATE_UNTRUSTED,
        )
    said = re.fullmatch(r"booth ([0-9A-Za-z.+_-]+) ([a-z0-9_]{2,20})", checked.stdout.strip(), re.ASCII)
    version = Version.of(said[1]) if said else None
    if said is None or version is None:
        raise UpdateError("the signature is right, but not of an update of the booth's", Notice.UPDATE_UNTRUSTED)
    return Bundle(version, said[2], digest)


def _minisign(work: Path) -> "subprocess.CompletedProcess[str]":
    """Check the signature, by a user who owns nothing if this is root: what is parsed there comes from a stranger."""
    with ExitStack() as stack:
        # By number: this user cannot go into the folder, and need not.
        numbers = [stack.enter_context((work / name).open("rb")).fileno() for name in (KEY, ARCHIVE, SIGNATURE)]
        key, archive, signature = (f"/dev/fd/{number}" for number in numbers)
        whole = ["-H"] if (work / ARCHIVE).stat().st_size > MOST_IN_MEMORY else []
        unprivileged: dict[str, Any] = (
            {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        return subprocess.run(
            ["minisign", "-V", "-Q", *whole, "-p", key, "-m", archive, "-x", signature],
            capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
            pass_fds=numbers, **unprivileged,
        )  # fmt: skip


# ---- after it


def unpack(archive: Path, into: Path, version: str) -> None:
    """Unpack *archive*, which is signed, as *into*. Raises `UpdateError`, and OSError if it cannot be written."""
    room = min(shutil.disk_usage(archive.parent).free - ROOM, MOST_UNPACKED)
    wrong = UpdateError(f"{version} cannot be unpacked, though it is signed: tell who made it")
    no_room = UpdateError(f"there is no room for {version}: make some on {archive.parents[1]}", Notice.UPDATE_ROOM)
    try:
        with archive.open("rb") as file, _Unpacked(file) as tar_file, tarfile.open(fileobj=tar_file, mode="r:") as tar:
            for count, member in enumerate(tar, 1):
                _look_at(member, count)
                room -= CLUSTER + member.size
                if room < 0:
                    raise no_room
                tar.extract(member, into, **SAFELY)
    except (tarfile.TarError, lzma.LZMAError, EOFError, ValueError, OverflowError, RecursionError, LookupError) as exc:
        raise wrong from exc
    except OSError as exc:
        if exc.errno in MEDIUM:
            raise
        raise wrong from exc  # a file where a folder has to be, say


def _look_at(member: tarfile.TarInfo, count: int) -> None:
    """Raise ValueError unless *member*, number *count*, is something that a release is made of."""
    path = PurePosixPath(member.name)
    if count > MOST_MEMBERS or len(os.fsencode(member.name)) > MOST_NAME or not 0 <= member.size <= MOST_UNPACKED:
        raise ValueError("too many files, or too large ones")
    if path.is_absolute() or any(part == ".." or len(os.fsencode(part)) > MOST_PART for part in path.parts):
        raise ValueError("a file outside of the release")
    if member.issym() or member.islnk():
        beside = path.parent if member.issym() else PurePosixPath()
        there = os.path.normpath(beside / member.linkname)
        if not SAFELY or there.startswith(("/", "..")):
            raise ValueError("a link out of the release")
    elif member.issparse() or not (member.isdir() or member.isreg()):
        raise ValueError("something that is neither a file nor a folder")
    member.mode &= 0o755
    member.uid = member.gid = 0
    member.uname = member.gname = ""


class _Unpacked(io.BufferedReader):
    """A file that is unpacked while it is read, from front to back, by pieces of bounded size."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(_Unpacking(packed), AT_ONCE)

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to *size* bytes. Raises ValueError for more at once than any file of ours needs."""
        if size is None or not 0 <= size <= AT_ONCE:
            raise ValueError("a header that pretends to be larger than a release is")
        return super().read(size)


class _Unpacking(io.RawIOBase):
    """What is below `_Unpacked`: it can go forward alone."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        self._packed = packed
        self._new()
        self._at = 0

    def _new(self) -> None:
        self._unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=DICTIONARY)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, to: int, whence: int = os.SEEK_SET, /) -> int:
        to += self._at if whence == os.SEEK_CUR else 0
        if whence == os.SEEK_END or to < self._at or to > 2 * MOST_UNPACKED:
            raise ValueError("not forward")
        while self._at < to:
            if not self._some(min(to - self._at, AT_ONCE)):
                raise EOFError("the release ends too early")
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        some = self._some(len(buffer))
        buffer[: len(some)] = some
        return len(some)

    def _some(self, most: int) -> bytes:
        """Return up to *most* bytes, none only at the end."""
        while True:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0") or self._packed.read(AT_ONCE).lstrip(b"\0")
                if not rest:
                    return b""
                self._new()
            elif self._unpacker.needs_input:
                rest = self._packed.read(AT_ONCE)
                if not rest:
                    raise EOFError("the release ends too early")
            else:
                rest = b""
            some = self._unpacker.decompress(rest, most)
            self._at += len(some)
            if some:
                return some
