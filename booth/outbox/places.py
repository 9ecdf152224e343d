"""What is where in an outbox, and how it is read, whoever looks: the spool, which owns it, or the shelf.

The law: nothing here writes. Whatever lies under a name of ours, reading it gives what we could have written, or says
that there is none; only what the disk itself refuses is raised, as OSError.
"""

import errno
import math
import os
from pathlib import Path

from booth.disk import LARGEST, Disk
from booth.outbox.entry import LONGEST, Entry, note_read
from booth.ports import GIF

OPEN, PENDING, SENT, FAILED = "open", "pending", "sent", "failed"
FOLDERS = (OPEN, PENDING, SENT, FAILED)
"""In the order in which a visit moves on."""

VISIT = "visit.json"
GUEST = "guest.json"
ANIMATION = GIF.file
ENTRY = "entry.json"
ATTEMPTS = "attempts.json"
CONFIRMED = "confirmed.json"
FAILURE = "failure.json"

MOST_FRAMES = 12
"""Of a visit: the bound of countdown.shots. Whoever makes an animation has so many deadlines for it."""

CONDEMNED = "condemned"
"""A file in a folder that is to be deleted and could not be renamed."""

_MOST_ATTEMPTS = 1_000_000
"""More of them change nothing."""


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


def attempts(disk: Disk, folder: Path) -> int:
    """Return how often putting the entry in *folder* into the bucket has failed; 0 if nobody knows."""
    try:
        noted = note_read(small(disk, folder / ATTEMPTS)).get("attempts")
    except (OSError, ValueError):
        return 0
    return min(noted, _MOST_ATTEMPTS) if isinstance(noted, int) and noted > 0 else 0


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
