"""What guests should see and how the LED should glow, as data: levels, derived from the state, never commanded.

A painter needs nothing but a scene, the instant, the newest preview picture, and the animation of a session. Words are
the painter's; a scene says what is so.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from booth.core.backstage import stale
from booth.core.events import Advice, Notice, Part, Reach
from booth.core.form import Form
from booth.core.operating import Closure, Tab
from booth.core.rules import Rules
from booth.core.showing import ClosedScene, KnockingScene, OperatingScene, TryingScene, pad, page, trying
from booth.core.states import (
    Animation,
    Answered,
    Apology,
    Ask,
    Attract,
    Booth,
    Closed,
    Countdown,
    Exposing,
    Farewell,
    FillingIn,
    Finishing,
    GetReady,
    Knocking,
    Operating,
    Outcome,
    OutOfOrder,
    Reason,
    Starting,
    State,
)
from booth.core.trying import Shine
from booth.core.visit import OwnQuestion, SessionId
from booth.units import Instant, Seconds, later

NO_SESSION = SessionId("")
"""The name of no visit: a scene that is shown to nobody."""


@dataclass(frozen=True)
class StartingScene:
    """The booth is warming up. Parts that are in neither list are there."""

    silent: tuple[Part, ...] = ()
    """Those of which nothing is known yet, in alphabetical order."""
    missing: tuple[Part, ...] = ()
    """Parts that have said that they are not there, in alphabetical order."""


@dataclass(frozen=True)
class AttractScene:
    """The invitation: what this is, what to press."""

    shots: int
    notices: tuple[Advice, ...] = ()
    """Notices for the operator, in alphabetical order."""
    everywhere: int = 0
    """How many visits have their animation in each of the *clouds*."""
    clouds: int = 0
    """How many clouds guests are told of."""


@dataclass(frozen=True)
class GetReadyScene:
    """The mirrored preview, and a cue to look at the lens."""

    shots: int
    remaining: float
    """Seconds until the first countdown, rounded up to tenths."""
    session: SessionId = NO_SESSION
    test: bool = False


@dataclass(frozen=True)
class CountdownScene:
    """The mirrored preview beside a big digit."""

    shot: int
    shots: int
    digit: int
    """Whole seconds left, counted as people do: 3, 2, 1; never 0."""
    fraction: float
    """How much of the current digit's second is left, 1..0, rounded to twentieths."""
    session: SessionId = NO_SESSION
    test: bool = False


@dataclass(frozen=True)
class FlashScene:
    """All white, where that is wanted: the light for the picture, and the sign that it is being taken."""

    shot: int
    shots: int
    session: SessionId = NO_SESSION
    test: bool = False


@dataclass(frozen=True)
class FormScene:
    """The details, the keyboard, and what can be done with the pictures."""

    session: SessionId
    form: Form
    animation: Animation
    consent_asked: bool
    name_required: bool
    email_required: bool
    ask: Ask | None
    closing_in: int | None
    """Whole seconds until the form closes by itself, while the warning shows; else None."""
    sending: bool = False
    """Send was touched and is being carried out: nothing can be touched any more."""
    button_skips: bool = False
    """Whether a press of the start button ends the visit without details, now."""
    test: bool = False
    consents: tuple[str, ...] = ()
    """The ids of those that are asked. One alone has its box on the form; several come after Send."""
    question: OwnQuestion | None = None
    """The one of the event's own that is asked now."""
    more: bool = False
    """Whether another one follows it."""

    @property
    def typing(self) -> bool:
        """Whether there is something to type into."""
        typed = self.question is not None and not self.question.choices
        return not self.sending and (self.ask is None or (self.ask is Ask.QUESTION and typed))


@dataclass(frozen=True)
class FinishingScene:
    """Please wait."""

    session: SessionId
    animation: Animation
    deleting: bool
    test: bool = False


@dataclass(frozen=True)
class Lamp:
    """One for each cloud that guests are told of."""

    site: str
    """The server's name for it."""
    lit: bool
    """Whether the guest's animation is there: the server has said so."""


@dataclass(frozen=True)
class FarewellScene:
    """The animation itself (not when deleted, or made later), and where it is."""

    session: SessionId
    outcome: Outcome
    link: str | None = field(default=None, repr=False)
    """Leads to the animation. There only once the bucket has confirmed it, and the guest's secret."""
    link_coming: bool = False
    """Whether there will be a link as soon as the bucket has confirmed the animation, in time for the guest."""
    reach: Reach = Reach.UP
    """How far what waits in the outbox gets now; told of what waits only."""
    lamps: tuple[Lamp, ...] = ()
    """The lamps while the animation is sent, and then; dark before the bucket has confirmed it."""
    test: bool = False


@dataclass(frozen=True)
class ApologyScene:
    """What went wrong, in a guest's words."""

    reason: Reason
    kept: bool
    test: bool = False


@dataclass(frozen=True)
class OutOfOrderScene:
    """One honest screen for the operator."""

    missing: tuple[Part, ...]
    """Parts that have said that they are not there, in alphabetical order."""
    notices: tuple[Advice, ...] = ()
    """What else an operator should know, in alphabetical order."""


@dataclass(frozen=True)
class MistakesScene:
    """The settings are wrong: what, where, and what can be done. No state of the booth shows it: there is none yet."""

    file: str
    """Where the settings are."""
    mistakes: tuple[str, ...]
    """A sentence each, for the owner."""
    on_card: bool = False
    """Whether *file* is on the card, and was copied when the machine started: it can be corrected nowhere else."""
    last_good: bool = False
    """Whether there are settings to go on with."""
    since: str | None = None
    """The day since when these have been good, as 2026-11-22; None if it is not known."""


Scene = (
    StartingScene
    | AttractScene
    | GetReadyScene
    | CountdownScene
    | FlashScene
    | FormScene
    | FinishingScene
    | FarewellScene
    | ApologyScene
    | OutOfOrderScene
    | MistakesScene
    | ClosedScene
    | KnockingScene
    | OperatingScene
    | TryingScene
)


VisitScene = GetReadyScene | CountdownScene | FlashScene | FormScene | FinishingScene | FarewellScene | ApologyScene
"""What is shown of a visit. In an operator's trial each says so (*test*): no guest is to take it for theirs."""


def scene(booth: Booth, now: Instant, rules: Rules) -> Scene:
    """Return what the screen should show."""
    shown = _scene(booth, now, rules)
    return replace(shown, test=True) if booth.trial and isinstance(shown, VisitScene) else shown


def _scene(booth: Booth, now: Instant, rules: Rules) -> Scene:
    match booth.state:
        case Starting(silent=silent):
            return StartingScene(_named(silent), _named(booth.missing - silent))
        case Attract():
            return AttractScene(rules.shots, _notices(booth), booth.everywhere if rules.sites else 0, len(rules.sites))
        case GetReady(session=session, until=until):
            return GetReadyScene(rules.shots, _ceil(until - now, 0.1), session)
        case Countdown(session=session, shot=shot, until=until):
            left = min(max(until - now, 0.001), max(rules.countdown, 0.001))
            digit = int(_ceil(left, 1.0))
            return CountdownScene(shot, rules.shots, digit, round((left - (digit - 1)) * 20) / 20, session)
        case Exposing(session=session, shot=shot):
            return FlashScene(shot, rules.shots, session)
        case FillingIn() as state:
            left = state.until - now
            closing = int(_ceil(max(left, 0.0), 1.0)) if left <= rules.form_warning else None
            shown = _form(state.session, state.form, state.animation, rules, state.ask, closing)
            skips = not state.touched and state.ask is None and now >= later(state.since, rules.form_held)
            if state.ask is Ask.QUESTION:
                question, more = rules.questions[state.question], state.question + 1 < len(rules.questions)
                shown = replace(shown, question=question, more=more)
            return replace(shown, button_skips=skips)
        case Finishing() as state:
            if not isinstance(state.work, Answered) and now < state.since + rules.finishing_quiet:
                return _form(state.session, state.form, state.animation, rules, None, None, sending=True)
            return FinishingScene(state.session, state.animation, state.deleting)
        case Farewell(session=session, outcome=outcome, link=link, copied=copied):
            coming = outcome is Outcome.SENDING and rules.share > 0 and booth.reach is Reach.UP
            waits = outcome in {Outcome.SAVED, Outcome.LATER}
            sites = rules.sites if outcome in {Outcome.SENDING, Outcome.SENT} else ()
            lamps = tuple(Lamp(site, site in copied) for site in sites)
            return FarewellScene(session, outcome, link, coming, booth.reach if waits else Reach.UP, lamps)
        case Apology(reason=reason, kept=kept):
            return ApologyScene(reason, kept)
        case OutOfOrder():
            return OutOfOrderScene(_named(booth.missing), _notices(booth))
        case Closed(why=why):
            return ClosedScene(why, booth.hours.at if why is not Closure.PAUSED else "", _notices(booth))
        case Knocking() as state:
            return pad(state, now)
        case Operating(page=Tab.TRY) as state:
            return trying(state, booth, rules.deeds, rules.dials)
        case Operating() as state:
            return page(state, booth, _notices(booth), rules.deeds, stale=stale(booth.dials, rules))


def _named(parts: frozenset[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.value))


def _notices(booth: Booth) -> tuple[Advice, ...]:
    told: frozenset[Advice] = booth.notices
    # While the time is not known nothing is sent, whether or not the bucket could be reached.
    if not booth.online and (booth.reach is Reach.NO_BUCKET or Notice.CLOCK_UNKNOWN not in booth.notices):
        told = told | {booth.reach}
    return tuple(sorted(told, key=lambda advice: advice.value))


def _form(
    session: SessionId,
    form: Form,
    animation: Animation,
    rules: Rules,
    ask: Ask | None,
    closing_in: int | None,
    *,
    sending: bool = False,
) -> FormScene:
    return FormScene(
        session,
        form,
        animation,
        len(rules.consents) == 1,
        rules.name_required,
        rules.email_required,
        ask,
        closing_in,
        sending=sending,
        consents=tuple(consent.id for consent in rules.consents),
    )


def _ceil(value: float, unit: float) -> float:
    """Round *value* up to a whole number of *unit*; a hair above a whole number still counts as it."""
    steps = -int(-(value / unit - 1e-6) // 1)
    return round(max(steps, 0) * unit, 6)


class Glow(Enum):
    """How the LED glows. To a guest, steady means one thing only: ready, press me."""

    OFF = "off"
    STEADY = "steady"
    BLINK = "blink"
    SLOW_BLINK = "slow-blink"
    DOUBLE_BLINK = "double-blink"


_TRIED = {Shine.OFF: Glow.OFF, Shine.ON: Glow.STEADY, Shine.BLINK: Glow.BLINK}


def glow(state: State) -> Glow:
    """Return how the LED should glow."""
    match state:
        case Operating(page=Tab.TRY, tried=tried):
            return _TRIED[tried.light]
        case Attract() | Exposing():
            return Glow.STEADY
        case Countdown() | Finishing() | Starting():
            return Glow.BLINK
        case Apology():
            return Glow.SLOW_BLINK
        case OutOfOrder():
            return Glow.DOUBLE_BLINK
        case GetReady() | FillingIn() | Farewell() | Closed() | Knocking() | Operating():
            return Glow.OFF


def lit(pattern: Glow, now: Instant) -> bool:
    """Return whether the LED is on at *now* in *pattern*."""
    match pattern:
        case Glow.OFF:
            return False
        case Glow.STEADY:
            return True
        case Glow.BLINK:
            return now % 0.5 < 0.25
        case Glow.SLOW_BLINK:
            return now % 2.0 < 1.0
        case Glow.DOUBLE_BLINK:
            return now % 2.0 < 0.15 or 0.3 <= now % 2.0 < 0.45


def wants_preview(state: State) -> bool:
    """Return whether the camera's live preview should run."""
    tried = isinstance(state, Operating) and state.page is Tab.TRY
    return tried or isinstance(state, GetReady | Countdown | Exposing)


FRAME_INTERVAL = Seconds(1 / 30)
"""The booth looks at its inbox, its screen and its clock this often, in seconds."""
