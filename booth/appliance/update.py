"""Updates: a signed bundle becomes a release beside the one that runs, and is switched to by one rename.

The law: nothing is unpacked before its signature was checked, nothing is switched to before it is on the medium, and
nothing that runs is touched. A power cut leaves the old release or the new one. The new one is on trial until it has
said READY (see systemd/choose); settings and outbox are none of its business.

A bundle is a tar of two files, ``release.tar.xz`` and its minisign signature, whose trusted comment is
``booth VERSION MACHINE``: what it is and what it is for are signed, too.
"""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from re import fullmatch
from typing import IO, Any

from booth.errors import BoothError

RELEASES = Path("/data/releases")
KEYS = Path("/run/booth-card/update.pub"), Path("/etc/booth/update.pub")
"""Whose updates are taken: the key on the card, or else the one that was built in."""

ARCHIVE, SIGNATURE = "release.tar.xz", "release.tar.xz.minisig"
MOST = 256 << 20
"""Bytes: no bundle is larger, and nothing larger is read from a stick."""
MOST_UNPACKED = 1 << 30
"""Bytes that a release may take."""
ROOM = 64 << 20
"""Bytes that stay free: visits come before updates."""
PATIENCE = 60.0
"""Seconds after which a check of a signature hangs."""
COMPILING = 600.0
"""Seconds that the compiling of a release may take; a Pi 3 needs one minute."""
SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""No links out of the release, no devices: also of what is signed. Python 3.11.2 does not have this yet."""


class UpdateError(BoothError):
    """The update was not made; what runs is untouched. The text says what to do."""


@dataclass(frozen=True)
class Bundle:
    """What a signed bundle says of itself."""

    version: str
    machine: str


def install(bundle: Path, *, releases: Path = RELEASES, keys: Sequence[Path] = KEYS) -> str:
    """Install *bundle* and have the next start of the booth take it; return its version.

    The first of *keys* that there is must be that of its maker.

    Raises `UpdateError`; *releases* is then as it was, but for what an earlier, interrupted update left behind.
    """
    with _working(releases) as work:
        _take_apart(bundle, work)
        signed = _signed(work, keys)
        if signed.machine not in {platform.machine(), "any"}:
            raise UpdateError(f"{bundle.name} is for {signed.machine}, this is {platform.machine()}: get the other one")
        if signed.version == _version(releases / "current"):
            raise UpdateError(f"{signed.version} is what runs already: there is nothing to do")
        release = _unpack(work, signed)
        _switch(releases, release, signed.version)
    _tidy(releases)
    return signed.version


@contextmanager
def _working(releases: Path) -> Iterator[Path]:
    """Give a folder of its own on the disk of *releases*, gone afterwards."""
    try:
        releases.mkdir(parents=True, exist_ok=True)
        for left in releases.glob(".incoming-*"):  # by an update that the power took
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=".incoming-", dir=releases))
    except OSError as exc:
        raise UpdateError(f"{releases} cannot be written ({exc.strerror}): run this as root, on the booth") from exc
    try:
        yield work
    except OSError as exc:
        raise UpdateError(f"the update could not be kept ({exc.strerror}): make room on {releases}") from exc
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _take_apart(bundle: Path, work: Path) -> None:
    """Copy the two files of a bundle. What else is in it is not looked at."""
    try:
        with bundle.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            for name in (ARCHIVE, SIGNATURE):
                member = tar.getmember(name)
                if not member.isfile() or member.size > MOST:
                    raise UpdateError(f"{bundle.name} is no bundle of the booth's: get it again")
                if shutil.disk_usage(work).free < member.size + ROOM:
                    raise UpdateError(f"there is no room for {bundle.name}: make some on {work.parent}")
                source = tar.extractfile(member)
                if source is None or _copy(source, work / name) != member.size:
                    raise UpdateError(f"{bundle.name} is not whole: copy it again")
    except (tarfile.TarError, KeyError, EOFError) as exc:
        raise UpdateError(f"{bundle.name} is no bundle of the booth's, or not whole: get it again") from exc
    except OSError as exc:
        raise UpdateError(f"{bundle} cannot be read ({exc.strerror}): see that it is there") from exc


def _copy(source: IO[bytes], into: Path) -> int:
    with into.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        return file.tell()


def _signed(work: Path, keys: Sequence[Path]) -> Bundle:
    """Return what the signature vouches for. Raises `UpdateError` unless the key's owner made it, of this very file."""
    key = next((key for key in keys if key.is_file()), None)
    if key is None:
        raise UpdateError(
            "there is no key of those who make the updates, so none can be trusted: put their update.pub on the card, "
            f"or on the booth as {keys[-1]}"
        )
    try:
        checked = subprocess.run(
            ["minisign", "-V", "-Q", "-p", str(key), "-m", str(work / ARCHIVE), "-x", str(work / SIGNATURE)],
            capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except FileNotFoundError as exc:
        raise UpdateError("minisign is not installed: apt-get install minisign") from exc
    except subprocess.TimeoutExpired as exc:
        raise UpdateError("the check of the signature hangs: start the booth anew and try again") from exc
    if checked.returncode:
        raise UpdateError("the signature is not one that this booth trusts, or the file was changed: get it again")
    said = fullmatch(r"booth ([0-9A-Za-z][0-9A-Za-z.+_-]{0,60}) ([a-z0-9_]{2,20})", checked.stdout.strip())
    if said is None:
        raise UpdateError("the signature is right, but not of an update of the booth's")
    return Bundle(said[1], said[2])


def _unpack(work: Path, signed: Bundle) -> Path:
    """Unpack the release beside its archive, and put it on the medium."""
    release = work / "release"
    try:
        with tarfile.open(work / ARCHIVE, mode="r:xz") as tar:
            room = min(shutil.disk_usage(work).free - ROOM, MOST_UNPACKED)
            for member in tar:
                room -= member.size
                if room < 0:
                    raise UpdateError(f"there is no room for {signed.version}: make some on {work.parent}")
                tar.extract(member, release, **SAFELY)
    except (tarfile.TarError, EOFError, ValueError) as exc:
        raise UpdateError(f"{signed.version} cannot be unpacked, though it is signed: tell who made it") from exc
    if _version(release) != signed.version or not (release / "site" / "booth" / "__main__.py").is_file():
        raise UpdateError(f"{signed.version} is not what it says it is, though it is signed: tell who made it")
    # Python's own form of each file, as scripts/release makes it: the booth may not write there later.
    with suppress(subprocess.TimeoutExpired):  # it would only start more slowly
        subprocess.run(
            [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(release / "site")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=COMPILING,
            check=False,
        )  # fmt: skip
    os.sync()  # ten thousand small files, their names and their folders
    return release


def _switch(releases: Path, release: Path, version: str) -> None:
    """Make *release* the one that the next start takes. Each line leaves a booth that starts.

    It is on trial before it can be chosen, and the way back is there before it can be needed.
    """
    place = releases / version
    trial = releases / f"{version}.trial"
    old = _target(releases / "current")
    if place.exists():  # of an update that was taken back: what does not run may go
        if old is not None and old.name == version:
            (releases / "current").unlink()  # it is not whole, or `install` had refused
            old = None
        if (releases / "previous").is_symlink() and _target(releases / "previous") == place:
            (releases / "previous").unlink()
        _sync(releases)
        shutil.rmtree(place)
    release.rename(place)
    _write(trial, "0\n")
    _sync(releases)
    # What runs is what one comes back to, unless it is itself on trial: then it is what that one would come back to.
    if old is not None and not (releases / f"{old.name}.trial").exists():
        _point(releases / "previous", old.name)
        _sync(releases)
    _point(releases / "current", version)
    _sync(releases)


def _tidy(releases: Path) -> None:
    """Delete what is neither the current release nor the one before it."""
    kept = {_target(releases / name) for name in ("current", "previous")}
    for path in releases.iterdir():
        if path.is_dir() and not path.is_symlink() and path not in kept:
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix == ".trial" and not path.with_suffix("").is_dir():
            path.unlink(missing_ok=True)


def _version(release: Path) -> str | None:
    try:
        return (release / "VERSION").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _target(link: Path) -> Path | None:
    """Return the release that a name points at, if it is one beside it."""
    try:
        return link.parent / link.readlink().name
    except OSError:
        return None


def _point(link: Path, name: str) -> None:
    """Point *link* at *name*, at once or not at all."""
    aside = link.with_name(f"{link.name}.part")
    aside.unlink(missing_ok=True)
    aside.symlink_to(name)
    aside.rename(link)


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
