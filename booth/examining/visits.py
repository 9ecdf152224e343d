"""The visits: what waits, since when, what was set aside, and how many more there is room for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from booth.errors import OutboxError
from booth.examining.findings import Check, Finding, Premises, Sign
from booth.outbox.measured import visits_left
from booth.outbox.places import FAILED, OPEN, PENDING
from booth.outbox.shelf import Shelf, Shelved

EVENING, FEW = 200, 20
"""Visits: as many as come on a long evening; and so few that it may be over within the hour."""

WAITED = timedelta(hours=1)
"""Visits that wait for longer wait for something else than their turn..."""
STUCK = timedelta(days=1)
"""...and these for somebody."""

ROOM = "make room on the disk: bring the booth online, or sudo booth outbox list tells what is there"


def room(premises: Premises) -> Iterator[Finding]:
    """Look how many more visits there is room for."""
    disk, outbox = premises.disk, premises.outbox
    try:
        shelf = Shelf(outbox, disk=disk)
        opened, pending = shelf.listed(OPEN), shelf.listed(PENDING)
    except OutboxError:
        opened, pending = (), ()  # the next check tells why
    free = disk.free(_there(outbox))
    least = premises.settings.outbox.min_free_mb
    left = visits_left(disk, outbox, free, opened=opened, pending=pending, min_free_mb=least)
    sign = Sign.BAD if left < FEW else Sign.WARN if left < EVENING else Sign.OK
    measured = f"{left} more visits ({free / 1e9:.1f} GB free)"
    yield Finding("room", sign, measured, f"{EVENING} visits", ROOM if sign is not Sign.OK else "")


def _there(folder: Path) -> Path:
    """Return *folder*, or what is there above it: a booth that never ran has no outbox, and its disk has room."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))


def backlog(premises: Premises) -> Iterator[Finding]:
    """Look what waits for the bucket, and what will not get there by itself."""
    shelf = Shelf(premises.outbox, disk=premises.disk)
    try:
        pending, failed = shelf.listed(PENDING), shelf.listed(FAILED)
    except OutboxError as exc:
        if isinstance(exc.__cause__, PermissionError):
            yield Finding("outbox", Sign.SKIPPED, str(exc), cure="put sudo before it")
        elif not premises.outbox.exists():
            cure = "start the booth once, or correct [outbox] dir"
            yield Finding("outbox", Sign.SKIPPED, f"no booth has used {premises.outbox} yet", cure=cure)
        else:
            raise
        return
    yield _waiting(len(pending), _age(premises, next((shelf.visit(session) for session in pending), None)))
    if failed:
        cure = "sudo booth outbox list --place failed tells why; then sudo booth outbox retry --all"
        yield Finding("outbox failed", Sign.WARN, f"{len(failed)} set aside", "0", cure)
    else:
        yield Finding("outbox failed", Sign.OK, "none set aside", "0")


def _age(premises: Premises, visit: Shelved | None) -> timedelta | None:
    if visit is None or visit.taken is None:
        return None
    return max(datetime.fromtimestamp(premises.clock.wall(), UTC) - visit.taken, timedelta())


def _waiting(number: int, age: timedelta | None) -> Finding:
    limit = f"{WAITED.total_seconds() / 60:.0f} min"
    if not number:
        return Finding("outbox", Sign.OK, "nothing waits", limit)
    since = f", the oldest for {_span(age)}" if age is not None else ""
    old = age or timedelta()
    sign = Sign.BAD if old > STUCK else Sign.WARN if old > WAITED else Sign.OK
    cure = "see what is wrong with the uploads: booth status tells; booth net measures the network"
    return Finding("outbox", sign, f"{number} wait{since}", limit, cure if sign is not Sign.OK else "")


def _span(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


CHECKS = (
    Check("room", room, quick=True),
    Check("outbox", backlog, quick=True),
)
