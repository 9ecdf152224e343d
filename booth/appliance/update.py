"""Updates: a signed bundle becomes a release beside the one that runs, and is switched to by one rename.

The law: nothing is unpacked before its signature was checked (see `booth.appliance.bundle`), nothing is switched to
before it is on the medium, and nothing that runs is touched. A power cut leaves the old release or the new one. The new
one is on trial until it has said READY (see systemd/choose); settings and outbox are none of its business.

Nobody gets back to what was mended since: a release that is older than the newest that was ever here, or that was here
itself, is taken only from somebody who says so by hand. Each bundle installs itself once.
"""

import json
import platform
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from booth.appliance import bundle as bundles
from booth.appliance.bundle import ARCHIVE, Bundle, UpdateError, name_of
from booth.appliance.versions import LONGEST, Version
from booth.core.events import Notice
from booth.disk import Disk, RealDisk, beside, delete, keep, point, remove_tree

__all__ = ["KEYS", "RELEASES", "Ledger", "UpdateError", "install", "tell"]

RELEASES = Path("/data/releases")
BUILT_IN = Path("/opt/booth/release")
"""The release that the machine came with."""
KEYS = Path("/run/booth-card/update.pub"), Path("/etc/booth/update.pub")
"""Keys whose updates are taken: the one on the card, or else the one that was built in."""
NOTE_VARIABLE = "BOOTH_UPDATE_NOTE"
"""Names the file in which the booth's screen finds why an update was refused."""

LEDGER = "installed.json"
"""Name of the list of what was ever installed. It is in the folder of releases, where no version is called so."""
REMEMBERED = 256
"""Bundles that are known again; an operator installs one a month."""
MOST_LEDGER = 1 << 16
"""Bytes."""
TRIAL = ".trial"
"""End of a name beside a release's, for the file that counts how often it was started without being ready."""
_INCOMING = ".incoming-"
"""Beginning of a folder's name: an update that goes on, or that the power took."""
COMPILING = 600.0
"""Seconds that the compiling of a release may take; a Pi 3 needs one minute."""


@dataclass(frozen=True)
class Ledger:
    """What was ever installed."""

    newest: Version | None = None
    digests: tuple[str, ...] = ()
    """SHA-256 of the archives, the last one last."""

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


class Opener(Protocol):
    """Makes a release of a bundle."""

    def take(self, bundle: Path, work: Path, keys: Sequence[Path]) -> Bundle:
        """Copy what is in *bundle* into *work*; return what its signature vouches for. Raises `UpdateError`."""
        ...

    def unpack(self, work: Path, release: Path, version: str) -> None:
        """Make the folder *release* of what `take` left in *work*. Not durable. Raises `UpdateError`, and OSError."""
        ...


class Signed:
    """Opens bundles whose signature is right."""

    def take(self, bundle: Path, work: Path, keys: Sequence[Path]) -> Bundle:
        """Copy the archive of *bundle* into *work*; return what its signature vouches for. Raises `UpdateError`."""
        return bundles.take(bundle, work, keys)

    def unpack(self, work: Path, release: Path, version: str) -> None:
        """Unpack the archive, with Python's own form of each file as scripts/release makes it."""
        bundles.unpack(work / ARCHIVE, release, version)
        # The booth may not write there later.
        with suppress(subprocess.TimeoutExpired):  # it would only start more slowly
            subprocess.run(
                [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
                 str(release / "site")],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=COMPILING,
                check=False,
            )  # fmt: skip


def install(
    bundle: Path,
    *,
    releases: Path = RELEASES,
    keys: Sequence[Path] = KEYS,
    built_in: Path = BUILT_IN,
    allow_older: bool = False,
    disk: Disk | None = None,
    opener: Opener | None = None,
) -> str:
    """Install *bundle* and have the next start of the booth take it; return its version.

    The first of *keys* that there is must be that of its maker. With *allow_older* it may be one that is older than
    what was here, or that was taken back.

    Raises `UpdateError`; *releases* is then as it was, but for what an earlier, interrupted update left behind.
    """
    disk = RealDisk() if disk is None else disk
    opener = Signed() if opener is None else opener
    with _working(disk, releases) as work:
        taken = opener.take(bundle, work, keys)
        if taken.machine not in {platform.machine(), "any"}:
            raise UpdateError(
                f"{name_of(bundle)} is for {taken.machine}, this is {platform.machine()}: get the other one",
                Notice.UPDATE_OTHER,
            )
        ledger = _known(disk, releases, built_in)
        runs = _version(disk, _target(disk, releases / "current")) or _version(disk, built_in)
        if taken.version.text == runs:
            disk.sync_folder(releases)  # whoever installed it may have been killed before it was on the medium
            raise UpdateError(f"{runs} is what runs already: there is nothing to do", Notice.UPDATE_HERE)
        if not allow_older:
            _refuse_older(taken, ledger, _version(disk, built_in))
        version = taken.version.text
        release = work / "release"
        opener.unpack(work, release, version)
        if _version(disk, release) != version or not disk.is_file(release / "site" / "booth" / "__main__.py"):
            raise UpdateError(f"{version} is not what it says it is, though it is signed: tell who made it")
        disk.sync_all()  # ten thousand small files, their names and their folders
        _switch(disk, releases, release, version)
        # After the switch: with the power cut between the two, what runs tells by itself how new it is.
        ledger.with_(taken.version, taken.digest).keep(disk, releases / LEDGER)
    _tidy(disk, releases)
    return version


def tell(error: UpdateError, environ: Mapping[str, str]) -> None:
    """Leave word for the booth's screen, if *environ* says where."""
    if note := environ.get(NOTE_VARIABLE):
        with suppress(OSError):
            Path(note).write_text(f"{error.notice.value}\n", encoding="utf-8")


def _known(disk: Disk, releases: Path, built_in: Path) -> Ledger:
    """Return the ledger, with what is there now in it, too: that may be of a time without one, or it may be lost."""
    ledger = Ledger.load(disk, releases / LEDGER)
    linked = (_target(disk, releases / name) for name in ("current", "previous"))
    there = (_version(disk, release) for release in (built_in, *linked))
    versions = (Version.of(text) for text in there if text)
    return Ledger(max(filter(None, (ledger.newest, *versions)), default=None), ledger.digests)


def _refuse_older(taken: Bundle, ledger: Ledger, built_in: str | None) -> None:
    """Raise `UpdateError` unless the release may follow what was here."""
    version = taken.version
    by_hand = "with --allow-older, booth update takes it all the same"
    if ledger.newest is not None and version < ledger.newest:
        was = ledger.newest.text
        raise UpdateError(f"{version.text} is older than {was}, which was here: {by_hand}", Notice.UPDATE_OLDER)
    if taken.digest in ledger.digests or version.text == built_in:
        raise UpdateError(
            f"{version.text} was here before, and was taken back or replaced: get a newer one; {by_hand}",
            Notice.UPDATE_OLDER,
        )


@contextmanager
def _working(disk: Disk, releases: Path) -> Iterator[Path]:
    """Give a folder of its own on the disk of *releases*, gone afterwards."""
    try:
        for folder in (*reversed(releases.parents), releases):
            if not disk.exists(folder):
                disk.mkdir(folder, shared=True)  # on the medium with all that is unpacked there, before it is chosen
        for left in disk.names(releases):  # by an update that the power took
            if left.startswith(_INCOMING):
                with suppress(OSError):
                    remove_tree(disk, releases / left)
        work = releases / f"{_INCOMING}{secrets.token_hex(4)}"
        disk.mkdir(work)
    except OSError as exc:
        raise UpdateError(f"{releases} cannot be written ({exc.strerror}): run this as root, on the booth") from exc
    try:
        yield work
    except OSError as exc:
        raise UpdateError(
            f"the update could not be kept ({exc.strerror}): make room on {releases}", Notice.UPDATE_ROOM
        ) from exc
    finally:
        with suppress(OSError):
            remove_tree(disk, work)


def _switch(disk: Disk, releases: Path, release: Path, version: str) -> None:
    """Make *release* the one that the next start takes. Each line leaves a booth that starts.

    It is on trial before it can be chosen, and the way back is there before it can be needed.
    """
    place = releases / version
    current, previous = releases / "current", releases / "previous"
    old = _target(disk, current)
    if disk.exists(place):  # of an update that was taken back: what does not run may go
        for link in (current, previous):  # not whole, where it is the current one, or `install` had refused
            if _target(disk, link) == place:
                delete(disk, link)
        old = None if old == place else old
        remove_tree(disk, place)
    # Its name counts, and is on the medium with the release's. What it holds is not synced: what a cut tears is no
    # number, which `choose` takes for no start, as it does 0. It is written aside all the same: written over, the
    # trial of an update that was taken back could be torn to its own count.
    trial = _trial(place)
    disk.write(beside(trial), b"0\n")
    disk.share(beside(trial))
    disk.rename(beside(trial), trial)
    disk.rename(release, place)
    disk.sync_folder(releases)
    # What runs is what one comes back to, unless it is itself on trial: then it is what that one would come back to.
    if old is not None and not disk.exists(_trial(old)):
        point(disk, previous, old.name)
    point(disk, current, version)


def _tidy(disk: Disk, releases: Path) -> None:
    """Delete what is neither the current release nor the one before it."""
    kept = {_target(disk, releases / name) for name in ("current", "previous")}
    for name in disk.names(releases):
        path = releases / name
        if disk.is_folder(path) and path not in kept:
            with suppress(OSError):
                remove_tree(disk, path)
        elif name.endswith(TRIAL) and not disk.is_folder(releases / name.removesuffix(TRIAL)):
            disk.unlink(path)


def _version(disk: Disk, release: Path | None) -> str | None:
    if release is None:
        return None
    try:
        return disk.beginning(release / "VERSION", LONGEST + 1).decode().strip()
    except (OSError, UnicodeDecodeError):
        return None


def _target(disk: Disk, link: Path) -> Path | None:
    """Return the release that a name points at, if it is one beside it."""
    target = disk.target(link)
    return None if target is None else link.parent / Path(target).name


def _trial(release: Path) -> Path:
    """Return the file that says that *release* is on trial (see systemd/choose)."""
    return release.with_name(f"{release.name}{TRIAL}")
