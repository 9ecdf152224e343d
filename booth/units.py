"""Units as types: a number that crosses a border between two parts says what it measures."""

import math
from typing import NewType

Seconds = NewType("Seconds", float)
"""A span of time, in seconds."""

Instant = NewType("Instant", float)
"""A point on the monotonic clock, in seconds since some unknown moment. Only differences mean anything."""

NEVER = Instant(-math.inf)
"""The instant of what has not happened yet: before anything."""

Pixels = NewType("Pixels", int)
"""A distance on the screen or in a picture, origin top left."""


def later(now: Instant, span: Seconds) -> Instant:
    """Return the instant *span* after *now*."""
    return Instant(now + span)
