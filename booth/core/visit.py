"""A visit is one guest's time at the booth, from the press to the farewell; its session is the name that it goes by."""

from dataclasses import dataclass
from typing import NewType

SessionId = NewType("SessionId", str)
"""Names a visit in folders, object keys and logs: ``20261122-170512-k3v9q2m7xw``. Sorts by time, cannot be guessed."""


@dataclass(frozen=True)
class Guest:
    """Who a visit belongs to, in the guest's own words. Never logged."""

    name: str
    email: str
    consent: bool = False
    """True only if a consent text was shown and the guest ticked it."""

    def __repr__(self) -> str:
        """Keep the guest's details out of logs and tracebacks."""
        return "Guest(...)"
