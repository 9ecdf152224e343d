"""The hours of an event: whether guests are served now, by the clock of the place. Pure.

The law: a clock that cannot be right closes nothing. Whoever calls this says whether somebody vouches for it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from booth.core.operating import ALWAYS, Hours, Opening

MORNING = time(6)
"""The end of an evening that no other end is set for, and its beginning: what is after midnight is still that
evening's."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)

Moment = time | datetime
"""A time of day, or one day's."""


def moment(text: str) -> Moment:
    """Return what *text* says, as 18:00 or 2026-11-22 18:00. Raises ValueError."""
    if found := _TIME.fullmatch(text):
        return time(int(found[1]), int(found[2]))
    said = datetime.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text, re.ASCII) else None
    if said is None:
        raise ValueError(
            f"expected a time such as 18:00, or a day with a time such as 2026-11-22 18:00, not {text[:40]!r}"
        )
    return said


@dataclass(frozen=True)
class Schedule:
    """When an event opens and closes; None for no such border."""

    opens: Moment | None = None
    closes: Moment | None = None

    def at(self, now: datetime) -> Hours:
        """Return whether it is open *now*, by the clock of the place."""
        match self.opens, self.closes:
            case None, None:
                return ALWAYS
            case time() | None, time() | None:
                return _daily(self.opens or MORNING, self.closes or MORNING, now)
            case _:
                return self._once(now)

    def _once(self, now: datetime) -> Hours:
        """Return the same where a border is one day's."""
        if isinstance(self.opens, datetime) and now < self.opens:
            return Hours(Opening.BEFORE, _said(self.opens, now))
        if isinstance(self.closes, datetime) and now >= self.closes:
            return Hours(Opening.AFTER)
        opens = self.opens if isinstance(self.opens, time) else None
        closes = self.closes if isinstance(self.closes, time) else None
        if opens is None and closes is None:
            return ALWAYS
        hours = _daily(opens or MORNING, closes or MORNING, now)
        if hours.opening is Opening.BEFORE and isinstance(self.closes, datetime):
            again = _next(opens or MORNING, now)
            return hours if again < self.closes else Hours(Opening.AFTER)
        return hours


def _daily(opens: time, closes: time, now: datetime) -> Hours:
    clock = now.time()
    if opens == closes:
        return ALWAYS
    inside = opens <= clock < closes if opens < closes else clock >= opens or clock < closes
    return ALWAYS if inside else Hours(Opening.BEFORE, _said(_next(opens, now), now))


def _next(opens: time, now: datetime) -> datetime:
    """Return when it is *opens* o'clock next."""
    today = datetime.combine(now.date(), opens)
    return today if today > now else today + timedelta(days=1)


def _said(then: datetime, now: datetime) -> str:
    """Return a moment as guests read it: the time alone if it is within a day."""
    near = then - now < timedelta(hours=24)
    return f"{then:%H:%M}" if near else f"{_day(then.date())} {then:%H:%M}"


def _day(day: date) -> str:
    return day.isoformat()
