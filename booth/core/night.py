"""The record of a night: what became of its visits, and how long each phase of them took. Pure; nobody's name is in it.

The law: a visit is counted once when it begins, at most once when its guest has posed, and at most once at its end,
whatever happens in whatever order. So no more visits have posed than begun, and no more ended at the form than posed.
An operator's trial is not counted at all.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from booth.core.events import (
    AnimationReady,
    Committed,
    Confirmed,
    Delivered,
    Event,
    FrameTaken,
    Returned,
    SendChosen,
)
from booth.core.states import (
    Apology,
    Ask,
    Attract,
    Booth,
    Closed,
    Countdown,
    Deleting,
    Exposing,
    FillingIn,
    Finishing,
    GetReady,
    Knocking,
    Operating,
    OutOfOrder,
)
from booth.core.visit import SessionId
from booth.units import Instant, Seconds

FOLLOWED = 64
"""Visits whose delivery is still to come and is timed; of those before them nobody asks how long it took."""


class Counted(Enum):
    """What is counted of visits. The value is its name in files, and the operator's word for it."""

    BEGUN = "begun"
    """The start button was pressed, also for a retake."""
    POSED = "posed"
    """All frames were taken, and the form appeared."""
    SENT = "sent"
    """The guest typed who it is for, and touched Send."""
    SKIPPED = "skipped"
    """The guest kept the animation without saying for whom."""
    WALKED_AWAY = "walked-away"
    """Nobody touched the form any more; the animation was kept."""
    RETAKEN = "retaken"
    """The guest posed again, which began another visit."""
    DELETED = "deleted"
    """The guest wanted nothing to be kept."""
    BROKEN_OFF = "broken-off"
    """The booth apologised before all frames were taken."""


ENDS = (Counted.SENT, Counted.SKIPPED, Counted.WALKED_AWAY, Counted.RETAKEN, Counted.DELETED)
"""How a visit leaves the form; each that has posed does so once."""

KEPT = (Counted.SENT, Counted.SKIPPED, Counted.WALKED_AWAY)
"""Of these, how one does of which something is kept."""


class Phase(Enum):
    """A part of a visit that takes time. The value is its name in files, and the operator's word for it."""

    POSING = "posing"
    """The time from the press to the last frame on the medium."""
    FRAME = "frame"
    """The time from the shutter to the frame on the medium."""
    ANIMATION = "animation"
    """The time from the last frame to the finished animation."""
    FORM = "form"
    """The time from the form to what its guest chose; who walked away chose nothing."""
    SAVING = "saving"
    """The time from that choice to the visit in the outbox."""
    DELIVERY = "delivery"
    """The time from that choice to the bucket's confirmation."""


# ---- how long something took


@dataclass(frozen=True)
class Spans:
    """How long something took, many times: enough to say what half of them, or nearly all, stayed below.

    No single one is kept: each is counted in a step, and a step is a tenth longer than the one before it.
    """

    steps: Mapping[int, int] = field(default_factory=dict)
    """How many there were in each step."""
    total: Seconds = Seconds(0.0)
    """All of them together."""

    FIRST = 0.01
    """The first step ends after so many seconds."""
    RATIO = 1.1
    LAST = 160
    """The last step, in which whatever took longer is counted, too: beyond eleven hours."""

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.steps.values())

    def having(self, seconds: Seconds) -> "Spans":
        """Return these, and one of *seconds*."""
        took = max(seconds, 0.0)
        step = math.ceil(math.log(took / self.FIRST, self.RATIO)) if took > self.FIRST else 0
        step = min(step, self.LAST)
        return Spans({**self.steps, step: self.steps.get(step, 0) + 1}, Seconds(self.total + took))

    def within(self, share: float) -> Seconds | None:
        """Return what a *share* of them, 0..1, took at most, to 5 %; None if there were none."""
        rank, met = math.ceil(share * self.count), 0
        for step in sorted(self.steps):
            met += self.steps[step]
            if met >= rank:
                return Seconds(self.FIRST * self.RATIO ** (step - 0.5 if step else 0))
        return None

    def __add__(self, others: "Spans") -> "Spans":
        """Return these and the *others*."""
        steps = {step: self.steps.get(step, 0) + others.steps.get(step, 0) for step in {*self.steps, *others.steps}}
        return Spans(steps, Seconds(self.total + others.total))


@dataclass(frozen=True)
class Took:
    """A phase of a visit is over."""

    phase: Phase
    seconds: Seconds


@dataclass(frozen=True)
class Spoke:
    """A visit that is kept left the form, and this is the code of the language that the screen spoke."""

    language: str


Mark = Counted | Took | Spoke
"""What goes into the record when something happens."""


@dataclass(frozen=True)
class Night:
    """What became of some visits: of those of one event on one day, or of several such."""

    counts: Mapping[Counted, int] = field(default_factory=dict)
    phases: Mapping[Phase, Spans] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    """How many visits that were kept saw the screen in each language, by its code: of those of which that was noted."""

    def __getitem__(self, counted: Counted) -> int:
        """Return how many visits were counted so."""
        return self.counts.get(counted, 0)

    def of(self, phase: Phase) -> Spans:
        """Return how long a phase took."""
        return self.phases.get(phase, Spans())

    def having(self, marks: Iterable[Mark]) -> "Night":
        """Return this one with *marks* made in it."""
        counts, phases, languages = dict(self.counts), dict(self.phases), dict(self.languages)
        for mark in marks:
            match mark:
                case Counted():
                    counts[mark] = counts.get(mark, 0) + 1
                case Took(phase=phase, seconds=seconds):
                    phases[phase] = phases.get(phase, Spans()).having(seconds)
                case Spoke(language=language):
                    languages[language] = languages.get(language, 0) + 1
        return Night(counts, phases, languages)

    def __add__(self, other: "Night") -> "Night":
        """Return what became of the visits of both."""
        return Night(
            {counted: self[counted] + other[counted] for counted in Counted if self[counted] + other[counted]},
            {phase: both for phase in Phase if (both := self.of(phase) + other.of(phase)).count},
            {
                code: self.languages.get(code, 0) + other.languages.get(code, 0)
                for code in (*self.languages, *(new for new in other.languages if new not in self.languages))
            },
        )


# ---- what is counted


@dataclass(frozen=True)
class _Times:
    """When what is timed of a visit began; None when it is over, or has not."""

    begun: Instant | None = None
    fired: Instant | None = None
    posed: Instant | None = None
    unmade: Instant | None = None
    """The same, while its animation is not there."""
    chosen: Instant | None = None
    unsaved: Instant | None = None


@dataclass(frozen=True)
class Following:
    """The visits that something is still to be timed of, the oldest first."""

    visits: Mapping[SessionId, _Times] = field(default_factory=dict)

    def of(self, session: SessionId) -> _Times:
        """Return what is known of a visit."""
        return self.visits.get(session, _Times())

    def noting(self, session: SessionId, **when: Instant | None) -> "Following":
        """Return this with what is known of a visit replaced, or begun."""
        visits = {**self.visits, session: replace(self.of(session), **when)}
        return Following(dict(list(visits.items())[-FOLLOWED:]))

    def without(self, session: SessionId) -> "Following":
        """Return this without a visit."""
        return Following({other: times for other, times in self.visits.items() if other != session})


def marked(going: Following, before: Booth, event: Event, after: Booth) -> tuple[Following, tuple[Mark, ...]]:
    """Return what goes into the record for one step of the machine, and which visits to follow from there on."""
    now = event.now
    match before.state, event, after.state:
        # ---- what a worker or the uploader says, whenever that is
        case _, AnimationReady(session=session), _ if (since := going.of(session).unmade) is not None:
            return going.noting(session, unmade=None), _took(Phase.ANIMATION, since, now)
        case _, Committed(session=session), _ if (since := going.of(session).unsaved) is not None:
            return going.noting(session, unsaved=None), _took(Phase.SAVING, since, now)
        case _, Delivered(session=session), _ if (since := going.of(session).chosen) is not None:
            return going.without(session), _took(Phase.DELIVERY, since, now)

        # ---- a trial is nobody's visit: nothing of it is counted, and nothing of it is timed
        case _ if before.trial or after.trial:
            return going, ()

        # ---- posing
        case FillingIn(session=old), Confirmed(), GetReady(session=session):
            form = _took(Phase.FORM, going.of(old).posed, now)
            return going.without(old).noting(session, begun=now), (Counted.RETAKEN, *form, Counted.BEGUN)
        case ((Attract() | Knocking() | Operating()), _, GetReady(session=session)):
            return going.noting(session, begun=now), (Counted.BEGUN,)
        case Countdown(), _, Exposing(session=session):
            return going.noting(session, fired=now), ()
        case Exposing(session=session), FrameTaken(), Countdown():
            return going.noting(session, fired=None), _took(Phase.FRAME, going.of(session).fired, now)
        case Exposing(session=session), FrameTaken(), FillingIn():
            times = going.of(session)
            took = (*_took(Phase.FRAME, times.fired, now), *_took(Phase.POSING, times.begun, now))
            return going.noting(session, begun=None, fired=None, posed=now, unmade=now), (Counted.POSED, *took)
        case (GetReady() | Countdown() | Exposing()) as posing, _, Apology():
            return going.without(posing.session), (Counted.BROKEN_OFF,)

        # ---- the form
        case FillingIn(session=session), _, Finishing(work=Deleting()):
            return going.without(session), (Counted.DELETED, *_took(Phase.FORM, going.of(session).posed, now))
        case FillingIn(session=session), _, Finishing():
            sent = isinstance(event, SendChosen | Returned) or before.state.ask in {Ask.AGREE, Ask.QUESTION}
            end = Counted.SENT if sent else Counted.SKIPPED
            form = _took(Phase.FORM, going.of(session).posed, now)
            return going.noting(session, chosen=now, unsaved=now, posed=None), (end, *form)
        case FillingIn(session=session), _, Attract() | OutOfOrder() | Closed():
            return going.noting(session, chosen=now, unsaved=now, posed=None), (Counted.WALKED_AWAY,)
        case _:
            return going, ()


def _took(phase: Phase, since: Instant | None, now: Instant) -> tuple[Took, ...]:
    """Return that a phase is over, if it is known when it began."""
    return (Took(phase, Seconds(now - since)),) if since is not None else ()
