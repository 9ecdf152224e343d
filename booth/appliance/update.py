"""Updates: a signed bundle becomes a release beside the one that runs, and is switched to by one rename.

The law: nothing is unpacked before its signature was checked (see `booth.appliance.bundle`), nothing is switched to
before it is on the medium, and nothing that runs is touched. A power cut leaves the old release or the new one. The new
one is on trial until it has said READY (see systemd/choose); settings and outbox are none of its business.

Nobody gets back to what was mended since: a release that is older than the newest that was ever here, or that was here
itself, is taken only from somebody who says so by hand. Each bundle installs itself once.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from booth.appliance import bundle as bundles
from booth.appliance.bundle import ARCHIVE, Bundle, UpdateError, name_of
from booth.appliance.medium import Disk, RealDisk, keep
from booth.appliance.versions import LONGEST, Version
from booth.core.events import Notice

__all__ = ["KEYS", "RELEASES", "Ledger", "UpdateError", "install", "tell"]

RELEASES = Path("/data/releases")
BUILT_IN = Path("/opt/booth/release")
"""The release that the machine came with."""
KEYS = Path("/run/booth-card/update.pub"), Path("/etc/booth/update.pub")
"""Whose updates are taken: the key on the card, or else the one that was built in."""
NOTE_VARIABLE = "BOOTH_UPDATE_NOTE"
"""Names the file in which the booth's screen finds why an update was refused."""

LEDGER = "installed.json"
"""In the folder of releases, where no version is called so: what was ever installed."""
REMEMBERED = 256
"""So many bundles are known again; an operator installs one a month."""
MOST_LEDGER = 1 << 16
"""Bytes."""
COMPILING = 600.0
"""Seconds that the compiling of a release may take; a Pi 3 needs one minute."""


@dataclass(frozen=True)
class Ledger:
    """What was ever installed."""

    newest: Version | None = None
    digests: tuple[str, ...] = ()
    """Of the archives, the last one last."""

    @classmethod
    def of(cls, raw: bytes) -> "Ledger":
        """Read it. What is no ledger is taken for an empty one: an update must be able to mend a booth."""
        try:
            said = json.loads(raw)
            return cls(Version.of(str(said["newest"])), tuple(map(str, said["digests"]))[-REMEMBERED:])
        except (ValueError, KeyError, TypeError, RecursionError):
            return cls()

    def with_(self, version: Version, digest: str) -> "Ledger":
        """Return the ledger with one more release in it."""
        others = (one for one in self.digests if one != digest)
        return Ledger(max(version, self.newest or version), (*others, digest)[-REMEMBERED:])

    @classmethod
    def load(cls, disk: Disk, file: Path) -> "Ledger":
        """Read it from *file*; an empty one if there is none."""
        try:
            return cls.of(disk.beginning(file, MOST_LEDGER))
        except OSError:
            return cls()

    def keep(self, disk: Disk, file: Path) -> None:
        """Have *file* hold it, on the medium when this returns; a cut leaves the old or the new. Raises OSError."""
        newest = self.newest.text if self.newest else ""
        keep(disk, file, json.dumps({"newest": newest, "digests": self.digests}).encode())


def install(
    bundle: Path,
    *,
    releases: Path = RELEASES,
    keys: Sequence[Path] = KEYS,
    built_in: Path = BUILT_IN,
    allow_older: bool = False,
) -> str:
    """Install *bundle* and have the next start of the booth take it; return its version.

    The first of *keys* that there is must be that of its maker. With *allow_older* it may be one that is older than
    what was here, or that was taken back.

    Raises `UpdateError`; *releases* is then as it was, but for what an earlier, interrupted update left behind.
    """
    disk = RealDisk()
    with _working(releases) as work:
        taken = bundles.take(bundle, work, keys)
        if taken.machine not in {platform.machine(), "any"}:
            raise UpdateError(
                f"{name_of(bundle)} is for {taken.machine}, this is {platform.machine()}: get the other one",
                Notice.UPDATE_OTHER,
            )
        ledger = _known(disk, releases, built_in)
        runs = _version(releases / "current") or _version(built_in)
        if taken.version.text == runs:
            raise UpdateError(f"{runs} is what runs already: there is nothing to do", Notice.UPDATE_HERE)
        if not allow_older:
            _refuse_older(taken, ledger, built_in)
        version = taken.version.text
        release = _unpack(work, version)
        _switch(releases, release, version)
        # After the switch: with the power cut between the two, what runs tells by itself how new it is.
        ledger.with_(taken.version, taken.digest).keep(disk, releases / LEDGER)
    _tidy(releases)
    return version


def tell(error: UpdateError, environ: Mapping[str, str]) -> None:
    """Leave word for the booth's screen, if *environ* says where."""
    if note := environ.get(NOTE_VARIABLE):
        with suppress(OSError):
            Path(note).write_text(f"{error.notice.value}\n", encoding="utf-8")


def _known(disk: Disk, releases: Path, built_in: Path) -> Ledger:
    """Return the ledger, with what is there now in it, too: that may be of a time without one, or it may be lost."""
    ledger = Ledger.load(disk, releases / LEDGER)
    there = (_version(release) for release in (built_in, releases / "current", releases / "previous"))
    versions = (Version.of(text) for text in there if text)
    return Ledger(max(filter(None, (ledger.newest, *versions)), default=None), ledger.digests)


def _refuse_older(taken: Bundle, ledger: Ledger, built_in: Path) -> None:
    """Raise `UpdateError` unless the release may follow what was here."""
    version = taken.version
    by_hand = "with --allow-older, booth update takes it all the same"
    if ledger.newest is not None and version < ledger.newest:
        was = ledger.newest.text
        raise UpdateError(f"{version.text} is older than {was}, which was here: {by_hand}", Notice.UPDATE_OLDER)
    if taken.digest in ledger.digests or version.text == _version(built_in):
        raise UpdateError(
            f"{version.text} was here before, and was taken back or replaced: get a newer one; {by_hand}",
            Notice.UPDATE_OLDER,
        )


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
        raise UpdateError(
            f"the update could not be kept ({exc.strerror}): make room on {releases}", Notice.UPDATE_ROOM
        ) from exc
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack(work: Path, version: str) -> Path:
    """Unpack the release beside its archive, and put it on the medium."""
    release = work / "release"
    bundles.unpack(work / ARCHIVE, release, version)
    if _version(release) != version or not (release / "site" / "booth" / "__main__.py").is_file():
        raise UpdateError(f"{version} is not what it says it is, though it is signed: tell who made it")
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
        with (release / "VERSION").open(encoding="utf-8") as file:
            return file.read(LONGEST + 1).strip()
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
