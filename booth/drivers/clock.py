"""The machine's own clocks."""

import ctypes
import time
from functools import cache
from pathlib import Path

from booth.ports import Uptime
from booth.units import Instant, Seconds

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
"""There, from a power-on to the next, since systemd-timesyncd has the time from the network."""

_TIMEX = 256
"""Bytes; more than the kernel's struct of that name."""

_UNSYNCHRONIZED = 5
"""The kernel's TIME_ERROR: nobody keeps the clock right."""

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


def time_known(synchronized: Path = _SYNCHRONIZED) -> bool:
    """Return whether somebody vouches for the wall clock: systemd-timesyncd, or what else sets the kernel's."""
    if synchronized.exists():
        return True
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))  # asks only: its modes are zero
    except (OSError, AttributeError):
        return False
    return 0 <= state < _UNSYNCHRONIZED  # -1 in a sandbox that forbids the question


@cache
def _boot() -> str:
    """Return the kernel's name for this boot; "" in a sandbox that hides it."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
