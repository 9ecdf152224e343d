"""How many more visits there is room for, by those that wait. It only reads, beside a booth that works there."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from booth.core.visit import SessionId
from booth.disk import Disk
from booth.outbox import places
from booth.outbox.places import OPEN, PENDING

VISIT = 8_000_000
"""Bytes that a visit takes at most while it waits, where none is there to be measured: four frames and their GIF."""

MEASURED = 8
"""Visits, the newest, that are measured."""


def visits_left(
    disk: Disk, outbox: Path, free: int, *, opened: Iterable[SessionId], pending: Iterable[SessionId], min_free_mb: int
) -> int:
    """Return how many visits fit into *free* bytes, as large as the largest of the newest in open/ and pending/.

    What is to stay free is left alone.
    """
    waiting = (
        outbox / place / session
        for place, sessions in ((OPEN, opened), (PENDING, pending))
        for session in tuple(sessions)[-MEASURED:]
    )
    return max(free - min_free_mb * 1_000_000, 0) // _visit(disk, waiting)


def _visit(disk: Disk, folders: Iterable[Path]) -> int:
    """Return the bytes that a visit takes while it waits: the largest of *folders*, which move meanwhile."""
    sizes = []
    for folder in folders:
        with suppress(OSError):
            if places.frames(disk, folder):
                sizes.append(sum(disk.size(folder / name) for name in disk.names(folder)))
    return max(sizes, default=0) or VISIT
