"""What is where in an outbox, and how it is read, whoever looks: the spool, which owns it, or the shelf.

The law: nothing here writes. Whatever lies under a name of ours, reading it gives what we could have written, or says
that there is none; only what the disk itself refuses is raised, as OSError.
"""

import errno
import math
import os
import re
from pathlib import Path

from booth.disk import LARGEST, Disk
from booth.outbox.entry import LONGEST, Entry, note_read
from booth.ports import GIF

OPEN, PENDING, SENT, FAILED = "open", "pending", "sent", "failed"
FOLDERS = (OPEN, PENDING, SENT, FAILED)
"""Folders in the order in which a visit moves on."""

VISIT = "visit.json"
GUEST = "guest.json"
ANIMATION = GIF.file
ENTRY = "entry.json"
ATTEMPTS = "attempts.json"
CONFIRMED = "confirmed.json"
FAILURE = "failure.json"
REPLICATION = "replication.json"
CONFIRMED_BY = "confirmed-"
"""How the names of files begin that say what one target has confirmed."""

MOST_FRAMES = 12
"""Frames of a visit: the bound of countdown.shots. Whoever makes an animation has so many deadlines for it."""

PART = ".part"
"""End of a name: not whole yet."""

DAMAGED = ".damaged"
"""End of a name: it was not what had been committed, and was made anew."""

CONDEMNED = "condemned"
"""A file in a folder that is to be deleted and could not be renamed."""

_FRAME = re.compile(r"frame-([1-9][0-9]*)\.jpg", re.ASCII)

_MOST_ATTEMPTS = 1_000_000
"""The most attempts that are counted: more of them change nothing."""


def readable(disk: Disk, file: Path) -> bool:
    """Return whether *file* is a file, and not larger than any of ours."""
    return disk.is_file(file) and disk.size(file) <= LARGEST


def small(disk: Disk, file: Path) -> bytes:
    """Return what is in a small *file*. FileNotFoundError also for what has its name and is none: a folder, a link.

    ValueError if there is more in it than in any of ours.
    """
    if not disk.is_file(file):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
    if disk.size(file) > LONGEST:
        raise ValueError(f"{file.name} has more than {LONGEST} bytes")
    return disk.read(file)


def committed(disk: Disk, folder: Path) -> Entry | None:
    """Return the entry of the visit in *folder*; None if it has none, or one that is not its own."""
    try:
        entry = Entry.read(small(disk, folder / ENTRY))
    except (FileNotFoundError, ValueError):
        return None
    return entry if entry.session == folder.name else None


def frames(disk: Disk, folder: Path) -> tuple[Path, ...]:
    """Return the frames of the visit in *folder*, in order, however many they are; () if there is no such folder."""
    if not disk.is_folder(folder):
        return ()
    numbered = [(int(match[1]), name) for name in disk.names(folder) if (match := _FRAME.fullmatch(name))]
    return tuple(folder / name for _, name in sorted(numbered) if readable(disk, folder / name))


def is_frame(name: str) -> bool:
    """Return whether a file of that *name* is a frame."""
    return _FRAME.fullmatch(name) is not None


def attempts_file(target: str) -> str:
    """Return where the failed attempts at *target* are noted; "" is the target that guests are told of."""
    return f"attempts-{target}.json" if target else ATTEMPTS


def attempts(disk: Disk, folder: Path, target: str = "") -> int:
    """Return how often putting the entry in *folder* has failed, see `attempts_file`; 0 if nobody knows."""
    try:
        noted = note_read(small(disk, folder / attempts_file(target))).get("attempts")
    except (OSError, ValueError):
        return 0
    return min(noted, _MOST_ATTEMPTS) if isinstance(noted, int) and noted > 0 else 0


def confirmed_file(target: str) -> str:
    """Return where it is noted what *target* has confirmed of an entry, while another target lacks something of it."""
    return f"{CONFIRMED_BY}{target}.json"


def confirmed_by(disk: Disk, folder: Path, target: str) -> dict[str, str]:
    """Return what *target* has confirmed of the entry in *folder*: the MD5 of each product, by its file."""
    try:
        noted = note_read(small(disk, folder / confirmed_file(target)))
    except (FileNotFoundError, ValueError):
        return {}
    return {file: md5 for file, md5 in noted.items() if isinstance(md5, str)}


def confirmed_at(disk: Disk, folder: Path) -> float:
    """Return when the bucket confirmed the entry in *folder*: seconds since 1970, -inf if nobody knows."""
    try:
        at = note_read(small(disk, folder / CONFIRMED)).get("at")
    except (FileNotFoundError, ValueError):
        return -math.inf
    return float(at) if isinstance(at, int | float) and not isinstance(at, bool) else -math.inf


def condemned(disk: Disk, folder: Path) -> bool:
    """Return whether the visit in *folder*, open or sent, is to be deleted, although it has its name still."""
    return disk.exists(folder / CONDEMNED)
