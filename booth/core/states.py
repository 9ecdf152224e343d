"""Where a visit can be: a frozen value for each state, holding what that state needs and nothing else.

A state with a deadline carries it as ``until``. A field that cannot exist in a state cannot be stale in it.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from booth.core.events import Notice, Part, Reach
from booth.core.form import Form
from booth.core.operating import ALWAYS, Closure, Deed, Dial, Hours, Knob, Opening, Sight, Tab
from booth.core.trying import UNTRIED, Trying
from booth.core.visit import SessionId
from booth.units import Instant

ALL_PARTS = frozenset(Part)


class Animation(Enum):
    """How far the animation is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


class Outcome(Enum):
    """How a visit ended, in truth."""

    SENDING = "sending"
    """The visit is in the outbox, and the uploader is at it."""
    SENT = "sent"
    """The bucket has confirmed it."""
    SAVED = "saved"
    """The visit is in the outbox; it will be sent when that is possible again, or when there is a bucket."""
    LATER = "later"
    """The pictures are safe; the animation will be made and sent later."""
    DELETED = "deleted"
    """Nothing is left, as the guest wished."""


Unsent = Literal[Outcome.SENDING, Outcome.SAVED, Outcome.LATER, Outcome.DELETED]
"""The ends of a visit that the bucket has not confirmed."""


class Ask(Enum):
    """What the form asks back before it does it."""

    RETAKE = "retake"
    DELETE = "delete"
    SKIP = "skip"
    """The start button was pressed over what the guest had typed."""
    AGREE = "agree"
    """Details were sent, and several consents are asked."""
    QUESTION = "question"
    """The same, and one of the event's own questions is asked."""


class Reason(Enum):
    """What the booth apologises for. The screen has the words."""

    CAMERA = "camera"
    """The camera gave no frame."""
    DISK = "disk"
    """The visit could not be kept."""
    SLOW = "slow"
    """The animation took too long; it goes on being made without the guest."""
    NOT_DELETED = "not-deleted"
    """The pictures could not all be deleted; an operator must."""


@dataclass(frozen=True)
class Starting:
    """The parts are coming up."""

    until: Instant
    silent: frozenset[Part] = ALL_PARTS
    """The parts of which nothing is known yet: they have said neither that they are there nor that they are not."""


@dataclass(frozen=True)
class Attract:
    """Ready: the next press begins a visit."""


@dataclass(frozen=True)
class GetReady:
    """The guest sees the preview and finds a place."""

    session: SessionId
    until: Instant


@dataclass(frozen=True)
class Countdown:
    """The digits run before shutter *shot* (1 is the first)."""

    session: SessionId
    shot: int
    until: Instant


@dataclass(frozen=True)
class Exposing:
    """The shutter is open; until the frame is on the medium, or the deadline."""

    session: SessionId
    shot: int
    until: Instant


@dataclass(frozen=True)
class FillingIn:
    """The guest types; meanwhile the animation is made."""

    session: SessionId
    form: Form
    since: Instant
    """When what the guest sees appeared: the form, or a question over it, or the form again."""
    until: Instant
    """When nobody touches anything until then, the visit is kept without personal data."""
    animation: Animation = Animation.MAKING
    ask: Ask | None = None
    question: int = 0
    """Which of the event's own questions is asked, while one is: 0 is the first."""
    touched: bool = False
    """Whether the guest has done anything to the form; what a brush against the bare screen does not."""


@dataclass(frozen=True)
class Delivery:
    """The bucket has confirmed the animation."""

    link: str | None = field(default=None, repr=False)
    """Leads to it, if guests are given links; the guest's secret."""
    copied: frozenset[str] = frozenset()
    """The sites at which the server is known to have a copy of it."""


@dataclass(frozen=True)
class Committing:
    """The visit is being handed to the outbox."""

    delivery: Delivery | None = None
    """The uploader was faster than the word that the visit is in the outbox."""


@dataclass(frozen=True)
class Deleting:
    """The visit is being deleted."""


@dataclass(frozen=True)
class Answered:
    """The answer is there; the "please wait" is only being left on long enough to be read."""

    end: Delivery | Unsent
    """The delivery of a visit that was sent; else what was true of it then. What is true now, the farewell says."""


@dataclass(frozen=True)
class Finishing:
    """The guest waits for the outbox."""

    session: SessionId
    form: Form
    """What the guest saw last; the screen keeps it if all goes fast."""
    since: Instant
    until: Instant
    animation: Animation
    work: Committing | Deleting | Answered = Committing()

    @property
    def deleting(self) -> bool:
        """Whether the visit is being deleted, or has been."""
        match self.work:
            case Answered(end=end):
                return end is Outcome.DELETED
            case work:
                return isinstance(work, Deleting)


@dataclass(frozen=True)
class Farewell:
    """The animation plays, and the screen says where it is."""

    session: SessionId
    since: Instant
    until: Instant
    outcome: Outcome
    link: str | None = field(default=None, repr=False)
    """Leads to the animation, once the bucket has confirmed it; the guest's secret."""
    copied: frozenset[str] = frozenset()
    """The sites at which the server is known to have a copy of it, once the bucket has confirmed it."""


@dataclass(frozen=True)
class Apology:
    """Something went wrong for this guest; the next one is welcome after it."""

    reason: Reason
    until: Instant
    kept: bool
    """Whether the frames of the visit that there are have been kept."""


@dataclass(frozen=True)
class OutOfOrder:
    """A part is missing. Returns by itself when the part does."""


@dataclass(frozen=True)
class Closed:
    """Nothing is missing, and nobody can begin: the invitation says why. Visits that go on are not cut."""

    why: Closure


@dataclass(frozen=True)
class Knocking:
    """Somebody who has held two corners of the invitation is asked for the operator's PIN."""

    until: Instant
    """When nobody touches anything until then, the invitation comes back."""
    digits: str = field(default="", repr=False)
    """What was typed so far."""
    judging: bool = False
    """Whether a PIN is being judged."""
    wrong: bool = False
    """Whether the last one was wrong, and nothing was typed since."""
    shut_until: Instant | None = None
    """When the next one may be tried, after too many that were wrong."""


@dataclass(frozen=True)
class Operating:
    """An operator looks at the booth."""

    page: Tab
    until: Instant
    """When nobody touches anything until then, the invitation comes back."""
    looked: Instant
    """When it was last looked where the machine does not."""
    sight: Sight | None = None
    """What was seen there; None as long as nobody has said."""
    ask: Deed | None = None
    """What is asked back before it is done."""
    done: Deed | None = None
    """What was done last on this screen."""
    unkept: bool = False
    """Whether the medium does not take what was changed."""
    tried: Trying = UNTRIED
    """What came of what is tried on this page."""


State = (
    Starting
    | Attract
    | GetReady
    | Countdown
    | Exposing
    | FillingIn
    | Finishing
    | Farewell
    | Apology
    | OutOfOrder
    | Closed
    | Knocking
    | Operating
)

UNVISITED = (Starting, Attract, OutOfOrder, Closed, Knocking, Operating)
"""The states in which no guest is being served, and none is told how a visit ended."""


def session_of(state: State) -> SessionId | None:
    """Return the session of the visit that *state* belongs to; None while there is no visit, or none any more."""
    match state:
        case Starting() | Attract() | Apology() | OutOfOrder() | Closed() | Knocking() | Operating():
            return None
        case GetReady() | Countdown() | Exposing() | FillingIn() | Finishing() | Farewell():
            return state.session


def facts_of(state: State) -> dict[str, str | int]:
    """Return what the log says of *state*: no deadline, and nothing of the guest's."""
    facts: dict[str, str | int] = {}
    if (session := session_of(state)) is not None:
        facts["session"] = session
    match state:
        case Countdown(shot=shot) | Exposing(shot=shot):
            facts["shot"] = shot
        case Apology(reason=reason):
            facts["reason"] = reason.value
        case Farewell(outcome=outcome):
            facts["outcome"] = outcome.value
        case Closed(why=why):
            facts["why"] = why.value
        case _:
            pass
    return facts


@dataclass(frozen=True)
class Booth:
    """The whole state: where the visit is, which parts are missing, whether the bucket can be reached."""

    state: State
    missing: frozenset[Part] = field(default=ALL_PARTS)
    reach: Reach = Reach.UP
    """How far what is sent gets, as the last attempt showed."""
    notices: frozenset[Notice] = frozenset()
    """What else an operator should know, though the booth can work."""
    everywhere: int = 0
    """How many visits of this event are known to have their animation at all sites."""

    hours: Hours = ALWAYS
    """Whether the event is open, by the clock."""
    dials: tuple[Dial, ...] = ()
    """What an operator can change for an evening, and how it stands."""
    trial: bool = False
    """Whether the visit that goes on, or was apologised for, is an operator's: no guest's, and in no count."""

    @property
    def online(self) -> bool:
        """Whether what is sent gets into the bucket."""
        return self.reach.online

    @property
    def closed(self) -> Closure | None:
        """Why nobody can begin; None if everybody can."""
        if any(dial.knob is Knob.PAUSED and dial.value for dial in self.dials):
            return Closure.PAUSED
        return {Opening.BEFORE: Closure.BEFORE, Opening.AFTER: Closure.AFTER}.get(self.hours.opening)
