"""The operator's PIN: which ones will do, and how long nobody may try another after wrong ones.

The law: a try is counted before it is judged. Time without power does not count, for nobody knows how long that was: a
wait that a power cut interrupts goes on with the machine's next start.
"""

from dataclasses import dataclass
from itertools import pairwise

from booth.units import Seconds

FEWEST, MOST = 6, 12
"""How many digits a PIN may have."""

FREE = 5
"""Tries after which one has to wait: whoever knows the PIN has seldom mistyped it as often."""

FIRST_WAIT = Seconds(300.0)
"""The wait after so many tries that were wrong; twice that after each further one, ..."""

LONGEST_WAIT = Seconds(3600.0)
"""...and never longer: 24 tries a day, of a million that there are."""


def fault(pin: str) -> str:
    """Return what is wrong with *pin*, as a sentence for whoever sets it; "" if it will do."""
    if not (pin.isascii() and pin.isdecimal()):
        return "a PIN is of digits alone"
    if not FEWEST <= len(pin) <= MOST:
        return f"a PIN has {FEWEST} to {MOST} digits, not {len(pin)}"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "it is one of the first that anybody would try: take another"
    return ""


@dataclass(frozen=True)
class Tries:
    """What is counted of tries since the last right one."""

    wrong: int = 0
    """How many there were; each is one until it has been found right."""
    boot: str = ""
    """The name of the time since power-on in which the last one was; "" if the machine does not say."""
    at: Seconds = Seconds(0.0)
    """Seconds from that power-on to the last one."""

    def one_more(self, boot: str, up: Seconds) -> "Tries":
        """Return what is to be noted before another one is judged, *up* seconds after the power-on called *boot*."""
        return Tries(self.wrong + 1, boot, up)

    def wait(self, boot: str, up: Seconds) -> Seconds:
        """Return how long nobody may try another; 0 if one may."""
        if self.wrong < FREE:
            return Seconds(0.0)
        wanted = min(FIRST_WAIT * 2.0 ** min(self.wrong - FREE, 10), LONGEST_WAIT)
        same = boot == self.boot and up >= self.at
        passed = up - self.at if same else up
        return Seconds(max(wanted - passed, 0.0))
