"""The survey: looks at the way every few seconds, and probes as large as the night's pictures, spread over its time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from booth.drivers.probing import Trip
from booth.operator.surveying.looks import Glance

EACH = 5.0
"""Seconds between two looks."""

LEAST = 3
"""Probes that are made, whatever they cost: fewer say nothing of chance."""

CLOSEST = 2.0
"""Seconds between the beginnings of two probes, at least."""


@dataclass
class Seen:
    """All that was seen."""

    size: int
    """Bytes of a probe."""
    trips: list[Trip] = field(default_factory=list)
    small: list[Trip] = field(default_factory=list)
    """Probes of a few bytes, made where a large one broke while it was sent."""
    looks: list[Glance] = field(default_factory=list)


def probes_of(size: int, minutes: float, most: int) -> int:
    """Return how many probes of *size* bytes are made in *minutes*: *most* bytes in all, unless they are `LEAST`."""
    return max(LEAST, min(most // max(size, 1), int(minutes * 60 / CLOSEST)))


def survey(
    seen: Seen,
    *,
    minutes: float,
    probes: int,
    look: Callable[[], Glance] | None,
    probe: Callable[[int], Trip],
    clock: Callable[[], float],
    pause: Callable[[float], None],
) -> Iterator[str]:
    """Glance and probe, note all in *seen*, and give a word on each after it. *pause* waits for so many seconds.

    Without a *look* (a proxy is on the way) there are probes alone. Ends after *minutes*, not before the last probe.
    """
    began = clock()
    ends = began + 60 * minutes
    between = 60 * minutes / probes
    next_probe, next_look = began, began
    while len(seen.trips) < probes or clock() < ends:
        now = clock()
        if look is not None and now >= next_look:
            seen.looks.append(look())
            next_look = now + EACH
            yield f"looked {len(seen.looks)} times"
        if len(seen.trips) < probes and now >= next_probe:
            seen.trips.append(probe(seen.size))
            next_probe = now + between
            if seen.trips[-1].phase == "sending" and not seen.small:
                seen.small.append(probe(_SMALL))
            yield f"{len(seen.trips)} of {probes} uploads"
        waits = [next_look - clock()] if look is not None else []
        waits.append((next_probe if len(seen.trips) < probes else ends) - clock())
        pause(max(0.0, min(waits)))


_SMALL = 4096
"""Bytes of a probe that fits into a few packets."""
