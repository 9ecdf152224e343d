"""Names for visits: they sort by time, even when the clock does not, and cannot be guessed."""

import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from booth import RELEASED
from booth.core.visit import SessionId

_STAMP = "%Y%m%d-%H%M%S"
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_LAST = 250_000_000_000
"""Seconds since 1970: the year 9892. After that there are soon no years of four digits any more."""
_AHEAD = 86_400.0
"""Seconds by which a name may be ahead of the clock: summer time, and whatever else is set by hand for an evening."""
_LUCK = 10
"""Characters of chance in an id: 50 bits."""
_SHAPE = re.compile(rf"(\d{{4}})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[a-z0-9]{{{_LUCK}}}", re.ASCII)


def _chance() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LUCK))


def here(seconds: float) -> datetime:
    """Return what a clock on the wall of this place shows, *seconds* after 1970 began; it says that it is UTC.

    Names are compared and counted on from, and a place's own time has hours twice: so it is taken for one that has not.
    """
    shown = datetime.fromtimestamp(min(max(int(seconds), 0), _LAST))  # noqa: DTZ006 the place's time is what is asked for
    return shown.replace(tzinfo=UTC)


def east(seconds: float) -> int:
    """Return by how many seconds this place's time is ahead of UTC, *seconds* after 1970 began."""
    return round(here(seconds).timestamp()) - min(max(int(seconds), 0), _LAST)


def stamp(name: str) -> datetime | None:
    """Return the time in the session id *name*, as `here` gives it; None if *name* is not a session id at all."""
    match = _SHAPE.fullmatch(name)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())  # strptime takes ten times as long
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


class SessionIds:
    """Call it for a fresh id: ``20261122-170512-k3v9q2m7xw``, by the time of the place. May be called from any thread.

    Every id sorts after all that were given before, and after *after* (the newest id on the disk), although the wall
    clock may jump back, and although in autumn there is an hour twice: the time in the id then runs on from the last
    one, second by second, until it is past. An *after* that is more than a day ahead of
    a clock that is right was given by one that was wrong, and the names are not wrong for ever: it is not gone on from.
    """

    def __init__(
        self, wall: Callable[[], float], *, after: SessionId | None = None, chance: Callable[[], str] = _chance
    ) -> None:
        if after is not None and stamp(after) is None:
            raise ValueError(f"{after!r} is not a session id")
        self._wall = wall
        self._chance = chance
        self._last = None if after is None or self._mistaken(after) else after
        self._lock = threading.Lock()

    def __call__(self) -> SessionId:
        """Return an id that was never given before."""
        with self._lock:
            moment = here(self._wall())
            last = self._last
            before = stamp(last) if last is not None else None
            if before is not None and moment < before:
                moment = before
            fresh = SessionId(f"{moment:{_STAMP}}-{self._chance()}")
            if last is not None and fresh <= last:  # the same second, and chance put it first
                fresh = SessionId(f"{moment + timedelta(seconds=1):{_STAMP}}-{self._chance()}")
            self._last = fresh
            return fresh

    def _mistaken(self, newest: SessionId) -> bool:
        began, now = stamp(newest), self._wall()
        if began is None or began.timestamp() > _LAST:
            return True  # it has no next second
        return now >= RELEASED and (began - here(now)).total_seconds() > _AHEAD
