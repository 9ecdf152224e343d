"""A visit is one guest's time at the booth, from the press to the farewell; its session is the name that it goes by."""

from dataclasses import dataclass
from enum import Enum
from typing import NewType

SessionId = NewType("SessionId", str)
"""Names a visit in folders, object keys and logs: ``20261122-170512-k3v9q2m7xw``. Sorts by time, cannot be guessed."""


class Purpose(Enum):
    """What guests may agree to: each is asked by itself."""

    SHOW = "show"
    """To be shown at the event: the invitation, galleries and exports hang on this one alone."""
    PUBLISH = "publish"
    MARKETING = "marketing"
    OWN = "own"
    """Something of the event's own."""


@dataclass(frozen=True)
class Consent:
    """Something that guests are asked to agree to. What they read is the screen's."""

    id: str
    """The owner's name for it: a small letter, then small letters and digits."""
    purpose: Purpose


SHOWN = Consent("show", Purpose.SHOW)
"""What the one box asks that the form had before there could be several."""


@dataclass(frozen=True)
class Reply:
    """What a guest said to a consent."""

    consent: Consent
    agreed: bool


@dataclass(frozen=True)
class OwnQuestion:
    """Something of the event's own that guests are asked, and may leave unanswered. What they read is the screen's."""

    id: str
    """The owner's name for it: a small letter, then small letters and digits."""
    choices: tuple[str, ...] = ()
    """The ids of what can be chosen; () where guests type what they like."""


@dataclass(frozen=True)
class OwnAnswer:
    """What a guest answered to a question: the id of a choice, or what they typed. Never logged."""

    question: str
    """Its id."""
    text: str

    def __repr__(self) -> str:
        """Keep what the guest answered out of logs and tracebacks."""
        return f"OwnAnswer({self.question}, ...)"


@dataclass(frozen=True)
class Guest:
    """Who a visit belongs to, in the guest's own words. Never logged."""

    name: str
    email: str
    consent: bool = False
    """True only if the guest was asked to be shown, and ticked that."""
    answers: tuple[Reply, ...] = ()
    """What the guest said to each consent that was asked."""
    language: str = ""
    """The code of the language that the screen spoke when they sent their details; "" if nobody knows."""
    told: tuple[OwnAnswer, ...] = ()
    """What the guest answered to the event's own questions; what was skipped is not among it."""

    def __repr__(self) -> str:
        """Keep the guest's details out of logs and tracebacks."""
        return "Guest(...)"
