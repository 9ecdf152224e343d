"""Updates on sticks, a stranger's and a careless maker's: refused in words, in little memory, never out of place."""

import contextlib
import io
import os
import random
import resource
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from booth.appliance import bundle as bundles
from booth.appliance.bundle import ARCHIVE, BLOCK, SIGNATURE, UpdateError
from booth.appliance.versions import Version
from lab.fuzzing import REFUSED, Violation

MEMORY = 64 << 10
"""KiB: a bundle makes a process no larger than it was by more than this."""
KINDS = b"01234567SLKxgD\0Z"
NAMES = (
    ARCHIVE,
    SIGNATURE,
    "VERSION",
    "site",
    "site/booth/__main__.py",
    "../x",
    "/x",
    "x/../../y",
    "a" * 99,
    "",
    ".",
    "./x",
)
WORDS = (
    "booth",
    "1.1",
    "1.1rc1",
    "current",
    "../..",
    "any",
    "x86_64",
    "toaster",
    "9" * 61,
    "1.0-1",
    "\u0661.1",
    "1.1 any",
)


_Make = Callable[[random.Random], bytes]


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what tries to install one bundle, in a folder beside which nothing may be made."""
    shop = _Shop(folder)
    good = shop.sealed(
        archive(("VERSION", b"1.1\n"), ("site/booth/__main__.py", b"print('booth')\n" * 99), preset=0), "1.1"
    )

    def attempt(rng: random.Random) -> str:
        stranger: tuple[_Make, ...] = (partial(_mutated, good), _headers)
        maker: tuple[_Make, ...] = (partial(_members, shop), partial(_comment, shop))
        make = rng.choice(stranger + maker)
        content = make(rng)
        return shop.tried(content, trusted=make in maker)

    yield attempt


def archive(*members: tuple[str, bytes | dict[str, object]], preset: Literal[0, 6] = 6) -> bytes:
    """Return an archive of these: a name, and what is in the file or what to set of its header."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz", format=tarfile.GNU_FORMAT, preset=preset) as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            else:
                for key, value in content.items():
                    setattr(member, key, value)
                tar.addfile(member)
    return packed.getvalue()


class _Shop:
    """Makes bundles, and tries them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = folder / "update.key"
        subprocess.run(
            ["minisign", "-G", "-W", "-p", folder / "update.pub", "-s", self._key], check=True, capture_output=True
        )
        self._largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.archive = b""
        """What the good bundle holds."""

    def sealed(self, made: bytes, version: str, machine: str = "any") -> bytes:
        """Return a bundle of an archive that was *made*, signed."""
        self.archive = self.archive or made
        (self._folder / ARCHIVE).write_bytes(made)
        comment = f"booth {version} {machine}"
        subprocess.run(
            ["minisign", "-S", "-s", self._key, "-t", comment, "-m", self._folder / ARCHIVE],
            check=True, capture_output=True,
        )  # fmt: skip
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for name in (ARCHIVE, SIGNATURE):
                content = (self._folder / name).read_bytes()
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return packed.getvalue()

    def tried(self, content: bytes, *, trusted: bool) -> str:
        """Try one, and look at what it left. *trusted* ones may be other than the good one."""
        place = self._folder / "place"
        shutil.rmtree(place, ignore_errors=True)
        work = place / "work"
        work.mkdir(parents=True)
        (place / "x.booth").write_bytes(content)
        try:
            taken = bundles.take(place / "x.booth", work, [self._folder / "update.pub"])
            if not trusted and (work / ARCHIVE).read_bytes() != self.archive:
                raise Violation("what was taken is not what was signed")
            if Version.of(taken.version.text) is None or "/" in taken.version.text:
                raise Violation("a version that is none was taken")
            bundles.unpack(work / ARCHIVE, work / "release", taken.version.text)
            said = "unpacked"
        except UpdateError as exc:
            if not str(exc).isprintable():
                raise Violation("a refusal that cannot be printed") from None
            said = REFUSED
        self._look(place)
        return said

    def _look(self, place: Path) -> None:
        if {"x.booth", "work"} != set(os.listdir(place)):  # noqa: PTH208 names are what is asked for
            raise Violation("something was made beside the folder that it works in")
        if not {path.name for path in (place / "work").iterdir()} <= {ARCHIVE, SIGNATURE, bundles.KEY, "release"}:
            raise Violation("something was made beside the release")
        for path in (place / "work/release").rglob("*"):
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
                raise Violation("a release has something that is neither a file nor a folder")
            leads = os.path.realpath(path)
            if stat.S_ISLNK(mode) and not leads.startswith(os.path.realpath(place / "work/release")):
                raise Violation("a release has a link out of it")
            if not stat.S_ISLNK(mode) and mode & 0o7022:
                raise Violation("a release has a file that others may write, or that lends its owner's rights")
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if largest > self._largest + MEMORY:
            raise Violation(f"it took {(largest - self._largest) >> 10} MiB")
        self._largest = max(largest, self._largest)


# ---- what a stranger brings


def _mutated(good: bytes, rng: random.Random) -> bytes:
    """Return the good bundle, hurt."""
    hurt = bytearray(good)
    for _ in range(rng.choice((1, 1, 3, 30))):
        at = rng.randrange(min(len(hurt), 3 * BLOCK) if rng.random() < 0.7 else len(hurt))
        what = rng.random()
        if what < 0.6:
            hurt[at] = rng.randrange(256)
        elif what < 0.8:
            del hurt[at : at + rng.choice((1, BLOCK, 2000))]
        else:
            hurt[at:at] = rng.choice((bytes(BLOCK), hurt[:BLOCK], rng.randbytes(7)))
        if not hurt:
            break
    return bytes(hurt[: rng.randrange(len(hurt) + 1)]) if rng.random() < 0.2 else bytes(hurt)


def _headers(rng: random.Random) -> bytes:
    """Return headers by chance, most of whose sums are right, and little between them."""
    out = bytearray()
    for _ in range(rng.choice((1, 2, 2, 3, 200))):
        size = rng.choice((0, 4, BLOCK, 4096, 1 << 20, bundles.MOST, bundles.MOST + 1, 1 << 36, 8**11 - 1))
        number = rng.choice(
            (b"%011o\0" % min(size, 8**11 - 1), b"\x80" + size.to_bytes(11, "big"), b"\xff" * 12, b" 7 \0")
        )
        block = bytearray(BLOCK)
        fields = (
            (0, rng.choice(NAMES).encode()[:100]), (124, number), (148, b" " * 8),
            (156, bytes([rng.choice(KINDS)])), (157, rng.choice((b"", b"/etc/passwd"))),
            (257, rng.choice((b"ustar\x0000", b"ustar  \0", b"\0" * 8))), (345, rng.choice((b"", b"", b"etc"))),
        )  # fmt: skip
        for at, field in fields:
            block[at : at + len(field)] = field
        if rng.random() < 0.9:
            block[148:156] = b"%06o\0 " % sum(block)
        out += block + rng.randbytes(rng.choice((0, 0, BLOCK, 3 * BLOCK)))
    return bytes(out)


# ---- what a maker signs who errs, or was robbed of the key


def _members(shop: _Shop, rng: random.Random) -> bytes:
    """Return a bundle of members by chance."""
    members: list[tuple[str, bytes | dict[str, object]]] = []
    for _ in range(rng.choice((1, 3, 10, 40))):
        name = rng.choice(
            (*NAMES, "x/" * rng.randrange(1, 300), "n" * rng.randrange(1, 300), f"site/{rng.randrange(5)}")
        )
        if rng.random() < 0.5:
            members.append((name, bytes(rng.choice((0, 1, BLOCK, 1 << 16, 1 << 20)))))
        else:
            kind = rng.choice((b"0", b"1", b"2", b"2", b"3", b"4", b"5", b"5", b"6", b"7", b"S"))
            link = rng.choice((*NAMES, "../" * rng.randrange(4) + "x", "/dev/null"))
            members.append((name, {"type": kind, "linkname": link, "mode": rng.choice((0o644, 0o6777, 0))}))
    made = archive(*members, preset=0)
    if rng.random() < 0.2:
        made = made[: rng.randrange(len(made))] + rng.randbytes(rng.choice((0, 9)))
    return shop.sealed(made, "1.1")


def _comment(shop: _Shop, rng: random.Random) -> bytes:
    """Return a bundle that is called something by chance."""
    return shop.sealed(archive(("VERSION", b"1.1\n"), preset=0), rng.choice(WORDS), rng.choice(WORDS))
