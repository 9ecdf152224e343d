"""What can be known of a booth from outside: what it tells of itself, and what its disk holds. It only reads."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from booth import bulletin
from booth.bulletin import LATE, Bulletin
from booth.core.night import Night
from booth.disk import Disk
from booth.errors import OutboxError
from booth.operator.watching.keeping import Keeping, keeping
from booth.outbox import lately
from booth.outbox.measured import visits_left
from booth.outbox.nights import Nights, day_of, together
from booth.outbox.places import FAILED, FOLDERS, OPEN, PENDING, SENT
from booth.outbox.shelf import Shelf
from booth.ports import Clock
from booth.troubles import Trouble

RUNTIME = Path("/run/booth")
"""Where booth.service tells of itself: its RuntimeDirectory."""

THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
"""Thousandths of a degree Celsius: the processor's on a Raspberry Pi."""

MEASURED = 8
"""Visits, the newest, that are asked when they were confirmed; and as many days."""

_REASONS = 5
"""Different reasons of failed visits that are told."""


class Life(Enum):
    """How the daemon is."""

    RUNNING = "running"
    HUNG = "hung"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Findings:
    """All that is known. None where nothing could be found out."""

    at: datetime
    """When it was looked, in UTC."""
    outbox: Path
    daemon: Life
    silent_s: float
    """Seconds for which a booth that hangs has told nothing, or its loop has not come round; else 0."""
    told: Bulletin | None
    """What the booth tells, or told last."""
    day: str
    """Which day "today" is: from six in the morning."""
    night: Night
    """What became of today's visits, at all events."""
    places: dict[str, int] | None
    """How many visits are in each of the outbox's folders; None if it cannot be read."""
    unread: str
    """Why it cannot, and what to do."""
    reasons: tuple[tuple[str, int], ...]
    """Why visits are in failed/, each with how many, the most frequent first."""
    kept: Keeping | None
    """How long what was sent is kept; None if the outbox cannot be read."""
    confirmed: datetime | None
    """When the bucket last confirmed a visit, in UTC."""
    free_bytes: int | None
    visits_left: int | None
    """How many more visits there is room for, as large as those before them, before the booth takes no more."""
    temperature_c: float | None
    troubles: tuple[Trouble, ...]
    """What went wrong last, the newest last: as the booth tells, or its disk where it does not."""


def gather(
    outbox: Path,
    *,
    min_free_mb: int,
    keep_days: int,
    keep_details_days: int,
    disk: Disk,
    clock: Clock,
    runtime: Sequence[Path],
    thermal: Path = THERMAL,
) -> Findings:
    """Look at the booth that uses *outbox*, which tells of itself in one of the folders *runtime*, or in the outbox."""
    told = bulletin.find(disk, (*runtime, outbox), outbox)
    daemon, silent = daemon_of(told, clock)
    shelf, nights, day = Shelf(outbox, disk=disk), Nights(outbox, disk), day_of(clock.wall())
    counts: dict[str, int] | None = None
    unread, reasons, confirmed = "", Counter[str](), None
    free: int | None = None
    left: int | None = None
    kept: Keeping | None = None
    night = Night()
    troubles = told.troubles if told is not None else ()
    try:
        listed = {place: shelf.listed(place) for place in FOLDERS}
        counts = {place: len(there) for place, there in listed.items()}
        failed = (shelf.visit(session) for session in listed[FAILED])
        reasons.update(visit.why or "nobody noted why" for visit in failed if visit is not None)
        sent = (shelf.visit(session) for session in listed[SENT][-MEASURED:])
        times = [visit.confirmed for visit in sent if visit is not None and visit.confirmed is not None]
        with suppress(OSError, ValueError):
            today = nights.read(day)
            night = together(today.events) if today is not None else night
            times += _delivered(nights)
        with suppress(OSError):
            kept = keeping(disk, outbox, shelf, listed[SENT], keep_days=keep_days, keep_details_days=keep_details_days)
        with suppress(OSError):
            troubles = troubles or lately.read(disk, outbox)
        confirmed = max(times, default=None)
        with suppress(OSError):
            free = disk.free(outbox)
            left = visits_left(
                disk, outbox, free, opened=listed[OPEN], pending=listed[PENDING], min_free_mb=min_free_mb
            )
    except OutboxError as exc:
        unread = str(exc)
    return Findings(
        at=datetime.fromtimestamp(clock.wall(), UTC),
        outbox=outbox,
        daemon=daemon,
        silent_s=silent,
        told=told,
        day=day.isoformat(),
        night=night,
        places=counts,
        unread=unread,
        reasons=tuple(reasons.most_common(_REASONS)),
        kept=kept,
        confirmed=confirmed,
        free_bytes=free,
        visits_left=left,
        temperature_c=_temperature(thermal),
        troubles=troubles,
    )


def daemon_of(told: Bulletin | None, clock: Clock) -> tuple[Life, float]:
    """Return how the daemon is, and for how long it has been silent if it hangs."""
    uptime = clock.uptime()
    if told is None or told.boot != uptime.boot or not _alive(told.pid):
        return Life.STOPPED, 0.0
    silent = max(uptime.seconds - told.told_s, told.loop_age_s)
    return (Life.HUNG, silent) if silent > LATE else (Life.RUNNING, 0.0)


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)  # asks only
    except PermissionError:
        return True  # somebody else's: it lives
    except (OSError, OverflowError):
        return False
    return True


def _delivered(nights: Nights) -> Iterable[datetime]:
    """Give when the bucket last confirmed something, by the newest days that say so."""
    for day in reversed(nights.days()[-MEASURED:]):
        with suppress(ValueError, OverflowError):  # no record, or of a clock that showed no year at all
            known = nights.read(day)
            if known is not None and known.delivered is not None:
                yield datetime.fromtimestamp(known.delivered, UTC)


def _temperature(file: Path) -> float | None:
    with suppress(OSError, ValueError):
        return round(int(file.read_text(encoding="ascii")) / 1000, 1)
    return None


def since(moment: datetime, now: datetime) -> timedelta:
    """Return how long ago *moment* was; nothing if a clock says that it is still to come."""
    return max(now - moment, timedelta())
