"""The machine's own clocks."""

import time

from booth.units import Instant


class SystemClock:
    """The clock that the daemon asks. It does not stand still, and its instants never go back."""

    def now(self) -> Instant:
        """Return the monotonic instant, in seconds since some unknown moment."""
        return Instant(time.monotonic())

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC, as far as the machine knows. May jump."""
        return time.time()
