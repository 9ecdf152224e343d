"""The machine's own clocks."""

import time
from functools import cache
from pathlib import Path

from booth.ports import Uptime
from booth.units import Instant, Seconds

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """The clock that the daemon asks. It does not stand still, and its instants never go back."""

    def now(self) -> Instant:
        """Return the monotonic instant, in seconds since some unknown moment."""
        return Instant(time.monotonic())

    def wall(self) -> float:
        """Return seconds since 1970-01-01 UTC, as far as the machine knows. May jump."""
        return time.time()

    def uptime(self) -> Uptime:
        """Return how long the machine has been up, as the kernel counts."""
        return Uptime(_boot(), Seconds(time.clock_gettime(time.CLOCK_BOOTTIME)))


@cache
def _boot() -> str:
    """Return the kernel's name for this boot; "" in a sandbox that hides it."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
