"""A clock that is moved by hand: a party in seconds, a deadline met to the instant."""

import contextlib
import os
import time
from collections.abc import Iterator

from booth.ports import Uptime
from booth.units import Instant, Seconds

BAKED_AT = 1_556_546_400.0
"""2019-04-29 14:00:00 UTC, in seconds since 1970: where the wall clock starts unless told otherwise."""


@contextlib.contextmanager
def placed(zone: str) -> Iterator[None]:
    """Have this process be in the time zone *zone*, as ``TZ`` has it, and put it back afterwards."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


class HandClock:
    """A clock that stands still until it is moved. May be read from any thread; one thread moves it."""

    def __init__(self, now: Instant = Instant(0.0), wall: float = BAKED_AT, *, boot: str = "simulated") -> None:
        self._now = now
        self._wall = wall
        self._boot = boot

    def now(self) -> Instant:
        """Return the instant that the clock was moved to."""
        return self._now

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC; it moves along with `now`."""
        return self._wall

    def uptime(self) -> Uptime:
        """Return how long the simulated machine has been up: it was switched on at instant 0."""
        return Uptime(self._boot, Seconds(self._now))

    def advance(self, seconds: float) -> Instant:
        """Move both clocks forward by *seconds*, at least 0; return the instant it is then."""
        if seconds < 0:
            raise ValueError(f"a clock is moved forward, not by {seconds} s")
        self._wall += seconds
        self._now = Instant(self._now + seconds)
        return self._now

    def set_wall(self, wall: float) -> None:
        """Set the wall clock, and no other, as the network does when it tells the time."""
        self._wall = wall
