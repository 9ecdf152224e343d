"""How long to wait before the next attempt: doubling, with a roof, and never in step with another booth.

Equal jitter: one half of the wait is fixed, so that a server in trouble is really left alone; the other half is
chance, so that ten booths that lost the same network do not come back in the same second.
"""

from booth.units import Seconds

FIRST = Seconds(2.0)
"""The longest wait after the first failure."""

LONGEST = Seconds(300.0)
"""The longest wait of all."""

_DOUBLINGS = 16
"""The most doublings of a wait that are reckoned: the roof is reached long before."""


def backoff(attempt: int, chance: float) -> Seconds:
    """Return how long to wait after *attempt* failures (1 is the first), for a random *chance*, 0..1.

    The wait lies between one half and the whole of ``min(LONGEST, FIRST * 2 ** (attempt - 1))``.
    """
    if attempt < 1:
        raise ValueError(f"attempts are counted from 1, not {attempt}")
    if not 0.0 <= chance <= 1.0:
        raise ValueError(f"chance is 0..1, not {chance}")
    whole = min(LONGEST, FIRST * 2.0 ** min(attempt - 1, _DOUBLINGS))
    return Seconds(whole * (0.5 + 0.5 * chance))
