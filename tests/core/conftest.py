"""A booth that is led through a visit by hand, and one that is left in a storm."""

from dataclasses import replace

import pytest

from booth.core.effects import (
    Commit,
    Discard,
    Effect,
    FireShutter,
    JoinFrames,
    OpenVisit,
    PrepareFrame,
    Salvage,
)
from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CaretMoved,
    ChoiceTouched,
    CommitFailed,
    Committed,
    Confirmed,
    ConsentToggled,
    Declined,
    Deferred,
    DeleteChosen,
    Delivered,
    Discarded,
    DiscardFailed,
    Erased,
    Event,
    EverywhereChanged,
    FieldChosen,
    FrameTaken,
    HintTaken,
    NextField,
    Notice,
    NoticeChanged,
    Part,
    PartBack,
    PartLost,
    Pressed,
    Reach,
    ReachChanged,
    Replicated,
    RetakeChosen,
    Returned,
    SendChosen,
    ShutterFailed,
    SkipChosen,
    Tick,
    Touched,
    Typed,
    VisitOpened,
    VisitRefused,
)
from booth.core.form import Field, Form
from booth.core.machine import start, step
from booth.core.operating import (
    ALWAYS,
    Admitted,
    Closure,
    CornersHeld,
    Deed,
    DeedChosen,
    DeedConfirmed,
    DeedDeclined,
    Dial,
    DialsKept,
    DialTurned,
    DigitErased,
    DigitTyped,
    DoDeed,
    DoorFound,
    Hours,
    HoursChanged,
    Knob,
    Left,
    Opening,
    PinGiven,
    PutBack,
    Refused,
    Request,
    Sight,
    Sighted,
    Tab,
    TabChosen,
    TryPin,
)
from booth.core.rules import Rules
from booth.core.scene import FarewellScene, Glow, glow, scene, wants_preview
from booth.core.states import (
    UNVISITED,
    Answered,
    Ask,
    Attract,
    Booth,
    Closed,
    Committing,
    Countdown,
    Delivery,
    Exposing,
    Farewell,
    FillingIn,
    Finishing,
    GetReady,
    Knocking,
    Operating,
    Outcome,
    OutOfOrder,
    Starting,
    session_of,
)
from booth.core.trying import LightTurned, SoundWanted, TrialBegun
from booth.core.visit import SessionId
from booth.units import Instant

SITES = ("aws-archive", "gcp-web", "azure-dr")
"""Where the server of a storm makes copies, which its guests are told of."""


DIALS = (
    Dial(Knob.PAUSED, (False, True), filed=False, value=False),
    Dial(Knob.EVENT, ("Ball", "Fair"), filed="Ball", value="Ball"),
)
"""What an operator can change in a storm."""


class Walk:
    """A booth, the time it is, and everything that the booth has asked for on the way."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now = Instant(100.0)
        self.booth: Booth = start(self.now, rules)
        self.asked: list[Effect] = []
        self._visits = 0

    @property
    def state(self):
        return self.booth.state

    @property
    def session(self) -> SessionId:
        return self.booth.state.session

    def fresh(self) -> SessionId:
        """Return the name of a visit that has not been yet: visit-1, visit-2, ..."""
        self._visits += 1
        return SessionId(f"visit-{self._visits}")

    def happen(self, kind, **facts) -> tuple[Effect, ...]:
        """Let an event of *kind* happen now; return what the booth asks for."""
        self.booth, effects = step(self.booth, kind(now=self.now, **facts), self.rules)
        self.asked.extend(effects)
        return effects

    def answer(self, kind, **facts) -> tuple[Effect, ...]:
        """Let a worker answer for the visit that there is."""
        return self.happen(kind, session=self.session, **facts)

    def wait(self, seconds: float) -> tuple[Effect, ...]:
        """Let time pass, and be noticed."""
        self.now = Instant(self.now + seconds)
        return self.happen(Tick)

    def sit_out(self) -> tuple[Effect, ...]:
        """Let time pass until the state's deadline."""
        return self.wait(self.state.until - self.now)

    def press(self) -> tuple[Effect, ...]:
        """Press the start button."""
        return self.happen(Pressed, fresh=self.fresh())

    def come_up(self) -> "Walk":
        """Have all parts report."""
        for part in Part:
            self.happen(PartBack, part=part)
        return self

    def pose(self, shot: int = 1) -> "Walk":
        """Go on until shutter *shot* is open, frames coming as they should."""
        while not (isinstance(self.state, Exposing) and self.state.shot == shot):
            if isinstance(self.state, Exposing):
                self.answer(FrameTaken, shot=self.state.shot)
            else:
                self.sit_out()
        return self

    def to_form(self) -> "Walk":
        """Press, pose for all frames, and stand before the form."""
        self.press()
        self.pose(self.rules.shots)
        self.answer(FrameTaken, shot=self.rules.shots)
        assert isinstance(self.state, FillingIn)
        return self

    def type_in(self, field: Field, text: str) -> "Walk":
        """Type into a field."""
        self.happen(FieldChosen, field=field)
        self.happen(Typed, text=text)
        return self


@pytest.fixture
def start_walk():
    """Return what begins a walk with rules of its own: the power has just come on."""
    return lambda **rules: Walk(Rules(**rules))


@pytest.fixture
def walk(start_walk):
    """Return a walk that has come to Attract: the booth is ready."""
    return start_walk().come_up()


def _link(session: SessionId) -> str:
    """Return what a link to the animation of a visit looks like here."""
    return f"https://photos.example/{session}"


def trying(booth: Booth) -> bool:
    """Return whether an operator tries what guests use."""
    return isinstance(booth.state, Operating) and booth.state.page is Tab.TRY


class Storm:
    """A booth in a storm of events, and the laws that hold in any weather, checked after each of them.

    What happens is given as an action, the seconds that pass before it, and a number that picks what is left open.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.now = Instant(50.0)
        self.booth = start(self.now, rules)
        self.visits = 0
        self.open: SessionId | None = None
        """The visit whose folder was asked for, and that has not come to an end."""
        self.ended: list[SessionId] = []
        self.unanswered: list[Effect] = []
        self.facts: set[tuple[str, SessionId]] = set()
        """What workers have said: the answer's name, and the visit."""
        self.trials: set[SessionId] = set()
        """The visits that were opened as an operator's trial."""
        self.admitted = False
        """Whether whoever did the last thing had been let in by the PIN."""
        self.seen: set[tuple[str, str, str]] = set()
        """State, event and state after it, by name."""

    # ---- what can happen

    ACTIONS = (
        *("tick", "deadline", "press", "touch"),
        *("well", "badly", "late", "stale", "noise"),
        *("lost", "back", "heal", "link", "notice", "let in", "operate", "hours"),
    )

    def act(self, action: str, seconds: float, pick: int) -> None:
        """Let *seconds* pass, and then something happen."""
        self.now = Instant(self.now + seconds)
        now, current = self.now, session_of(self.booth.state)
        match action:
            case "tick":
                self.take(Tick(now))
            case "deadline":
                self.now = max(now, getattr(self.booth.state, "until", now))
                self.take(Tick(self.now))
            case "press":
                self.take(Pressed(now, self._fresh()))
            case "touch":
                self.take(self._touch(pick))
            case "well" | "badly" if self.unanswered:
                self.take(self._answer(self.unanswered.pop(), pick, well=action == "well"))
            case "late" if self.unanswered:
                self.take(self._answer(self.unanswered.pop(0), pick, well=bool(pick // 2 % 2)))
            case "stale":
                session = self.ended[pick % len(self.ended)] if self.ended else SessionId("nobody")
                self.take(self._any_answer(session if session != current else SessionId("nobody"), pick))
            case "noise" if current is not None:
                self.take(self._any_answer(current, pick))
            case "sent" if current is not None:
                self.take(Delivered(now, current, _link(current) if pick % 2 else None))
            case "copied":
                session = current if pick % 2 and current is not None else SessionId("nobody")
                self.take(Replicated(now, session, SITES[pick // 2 % len(SITES)]))
            case "lost":
                self.take(PartLost(now, tuple(Part)[pick % len(Part)]))
            case "back":
                self.take(PartBack(now, tuple(Part)[pick % len(Part)]))
            case "heal":
                for part in Part:
                    self.take(PartBack(now, part))
            case "link":
                if pick // 7 % 4 == 0:
                    self.take(EverywhereChanged(now, pick))
                self.take(ReachChanged(now, tuple(Reach)[pick % len(Reach)]))
            case "operate":
                self.take(self._operation(pick))
            case "hours":
                shut = {0: Hours(Opening.BEFORE, "18:00"), 1: Hours(Opening.AFTER)}
                self.take(HoursChanged(now, shut.get(pick % 8, ALWAYS)))
            case "let in":
                self._let_in()
            case "open":
                self._open_up()
            case "notice":
                self.take(NoticeChanged(now, tuple(Notice)[pick // 2 % len(Notice)], bool(pick % 2)))

    def _fresh(self) -> SessionId:
        self.visits += 1
        return SessionId(f"visit-{self.visits}")

    def _operation(self, pick: int) -> Event:
        """Return what an operator may do, or somebody who tries; and what the workers say to that."""
        now, rest, fresh = self.now, pick // 32, self._fresh()
        operations = (
            *(CornersHeld(now), DoorFound(now, (0.0, 0.0, 300.0)[rest % 3])),
            *(DigitTyped(now, str(digit)) for digit in range(8)),
            *(DigitErased(now), PinGiven(now), PinGiven(now), Admitted(now), Admitted(now)),
            *(Refused(now, (0.0, 300.0)[rest % 2]), Left(now), *(TabChosen(now, page) for page in Tab)),
            *(
                Sighted(now, Sight(rest)),
                DialTurned(now, tuple(Knob)[rest % 3]),
                PutBack(now),
                DialsKept(now, rest % 2 > 0),
            ),
            *(*(DeedChosen(now, deed) for deed in Deed), DeedConfirmed(now), DeedDeclined(now)),
            *(TabChosen(now, Tab.TRY), TabChosen(now, Tab.TRY), TrialBegun(now, fresh), TrialBegun(now, fresh)),
            *(LightTurned(now), SoundWanted(now)),
        )
        return operations[pick % len(operations)]

    def _let_in(self) -> None:
        """Have somebody come in who knows the PIN, if anybody can now."""
        operations = (DoorFound(self.now), *(DigitTyped(self.now, digit) for digit in "271828"))
        for event in (*operations, PinGiven(self.now), Admitted(self.now)):
            self.take(event)

    def _open_up(self) -> None:
        """Have the event be open, and not paused, whoever has said otherwise."""
        self.take(HoursChanged(self.now, ALWAYS))
        self.take(Left(self.now))
        if self.booth.closed is Closure.PAUSED:
            self._let_in()
            for event in (TabChosen(self.now, Tab.EVENING), PutBack(self.now), Left(self.now)):
                self.take(event)

    def _touch(self, pick: int) -> Event:
        now = self.now
        touches = (
            SendChosen(now),
            SkipChosen(now),
            RetakeChosen(now),
            DeleteChosen(now),
            Confirmed(now, self._fresh()),
            Declined(now),
            Typed(now, ("a", "Zoë", "@", "👩‍👩‍👧", "\n", "x" * 400)[pick // 16 % 6]),
            Erased(now),
            CaretMoved(now, pick // 16 % 9 - 4),
            FieldChosen(now, tuple(Field)[pick // 16 % 2]),
            NextField(now),
            Returned(now),
            HintTaken(now),
            ConsentToggled(now),
            Touched(now),
            ChoiceTouched(now, ("yes", "no", "else")[pick // 17 % 3]),
        )
        return touches[pick % len(touches)]

    def _answer(self, effect: Effect, pick: int, *, well: bool) -> Event:
        """Answer as the workers do."""
        now, session = self.now, effect.session
        match effect:
            case OpenVisit():
                return VisitOpened(now, session) if well else VisitRefused(now, session)
            case FireShutter(shot=shot):
                part = (Part.CAMERA, Part.DISK)[pick % 2]
                return FrameTaken(now, session, shot) if well else ShutterFailed(now, session, shot, part)
            case JoinFrames():
                return AnimationReady(now, session) if well else AnimationFailed(now, session)
            case Commit():
                return Committed(now, session) if well else (Deferred, CommitFailed)[pick % 2](now, session)
            case Discard():
                return Discarded(now, session) if well else DiscardFailed(now, session)
        raise AssertionError(f"{effect} is not answered")

    def _any_answer(self, session: SessionId, pick: int) -> Event:
        kinds = (
            VisitOpened,
            VisitRefused,
            AnimationReady,
            AnimationFailed,
            Committed,
            Deferred,
            CommitFailed,
            Discarded,
            DiscardFailed,
            Delivered,
        )
        shot = pick // 16 % 5
        if pick % 12 == 9 and pick // 32 % 3:
            return Replicated(self.now, session, SITES[pick // 96 % len(SITES)])
        if pick % 12 == 10:
            return FrameTaken(self.now, session, shot)
        if pick % 12 == 11:
            return ShutterFailed(self.now, session, shot, tuple(Part)[pick // 80 % len(Part)])
        kind = kinds[pick % 12]
        facts = (_link(session) if pick // 16 % 2 else None,) if kind is Delivered else ()
        return kind(self.now, session, *facts)

    # ---- what must hold

    def take(self, event: Event) -> None:
        """Step, and check every law."""
        before = self.booth
        self.facts.add((type(event).__name__, getattr(event, "session", SessionId(""))))
        if isinstance(event, Replicated):
            self.facts.add((event.site, event.session))
        self.booth, effects = step(before, event, self.rules)
        after = self.booth
        self.seen.add((type(before.state).__name__, type(event).__name__, type(after.state).__name__))
        self._check_door(before, event, after)
        self._check_trial(before, event, after, effects)
        for effect in effects:
            self._obey(effect)
        self._check_books(after)
        self._check_levels(after)
        self._check_words(after)
        self._check_reach(before, event, after)
        self._check_lamps(before, after)
        self._check_event(before, event, after, effects)

    def _obey(self, effect: Effect) -> None:
        if isinstance(effect, Request):
            self._check_request(effect)
            return
        match effect:
            case OpenVisit(session=session):
                assert self.open is None, f"{session} opened while {self.open} is"
                assert session not in self.ended, f"{session} opened again"
                self.open = session
            case Commit(session=session) | Salvage(session=session) | Discard(session=session):
                assert session == self.open, f"{session} ended by {effect}, but {self.open} is open"
                self.open = None
                self.ended.append(session)
            case _:
                assert effect.session == self.open, f"{effect} for a visit that is not open"
        if not isinstance(effect, PrepareFrame | Salvage):
            self.unanswered.append(effect)

    def _check_request(self, request: Request) -> None:
        """See that nothing is done with the booth but by whoever was let in."""
        match request:
            case TryPin(pin=pin):
                assert 6 <= len(pin) <= 12
            case DoDeed(deed=Deed.POWER_OFF | Deed.RETRY | Deed.COPY):
                assert self.admitted, f"{request} was asked for by somebody who was not let in"

    def _check_books(self, after: Booth) -> None:
        """See that a visit is open exactly while its guest can still decide about it."""
        deciding = isinstance(after.state, GetReady | Countdown | Exposing | FillingIn)
        assert (after.state.session if deciding else None) == self.open

    def _check_levels(self, after: Booth) -> None:
        scene(after, self.now, self.rules)
        steady = glow(after.state) is Glow.STEADY
        assert steady == isinstance(after.state, Attract | Exposing) or trying(after)
        assert wants_preview(after.state) == (isinstance(after.state, GetReady | Countdown | Exposing) or trying(after))
        if isinstance(after.state, Attract):
            assert (frozenset(), None) == (after.missing, after.closed)
        if isinstance(after.state, Closed):
            assert (False, after.closed) == (bool(after.missing), after.state.why)
        if isinstance(after.state, OutOfOrder | Starting):
            assert after.missing
        if isinstance(after.state, Starting):
            assert after.state.silent, "nothing is left to wait for"
            assert after.state.silent <= after.missing

    def _check_door(self, before: Booth, event: Event, after: Booth) -> None:
        """See that nobody comes to the PIN but from the invitation, and nobody past it who was not let in."""
        if isinstance(after.state, Knocking) and not isinstance(before.state, Knocking):
            assert isinstance(before.state, Attract | Closed)
            assert isinstance(event, DoorFound)
        if isinstance(after.state, Operating) and not isinstance(before.state, Operating):
            assert isinstance(event, Admitted)
            assert isinstance(before.state, Knocking)
            assert before.state.judging
        self.admitted = isinstance(before.state, Operating) or isinstance(after.state, Operating)
        if isinstance(event, Pressed) and not trying(before):
            assert not isinstance(after.state, Knocking | Operating), "a guest was refused for an operator's screen"

    def _check_trial(self, before: Booth, event: Event, after: Booth, effects: tuple[Effect, ...]) -> None:
        """See that an operator alone begins a trial, that it stays one to its end, and each of its visits is marked."""
        begun = isinstance(event, TrialBegun) and trying(before)
        assert not after.trial or before.trial or begun, "a guest's visit has become a trial"
        assert not after.trial or not isinstance(after.state, UNVISITED), "a trial outlasts its visit"
        assert after.trial or not before.trial or isinstance(after.state, UNVISITED), (
            "a trial has become a guest's visit"
        )
        opened = [effect for effect in effects if isinstance(effect, OpenVisit)]
        assert [after.trial] * len(opened) == [effect.test for effect in opened]
        self.trials |= {effect.session for effect in opened if effect.test}

    def _check_words(self, after: Booth) -> None:
        """See that the farewell says nothing that nobody has confirmed."""
        state = after.state
        if not isinstance(state, Farewell | Finishing):
            return
        said = {name for name, session in self.facts if session == state.session}
        match state:
            case Farewell(link=link) if link is not None:
                assert (Outcome.SENT, _link(state.session)) == (state.outcome, link)
            case Finishing(work=Committing(delivery=Delivery(link=link))):
                assert "Delivered" in said
                assert link in {None, _link(state.session)}
            case _:
                pass
        match state:
            case Farewell(outcome=outcome) | Finishing(work=Answered(end=Outcome() as outcome)):
                end = outcome
            case Finishing(work=Answered(end=Delivery())):
                end = Outcome.SENT
            case _:
                end = None
        match end:
            case Outcome.SENDING | Outcome.SAVED:
                assert "Committed" in said
            case Outcome.SENT:
                assert {"Committed", "Delivered"} <= said
            case Outcome.LATER:
                assert "Deferred" in said
            case Outcome.DELETED:
                assert "Discarded" in said

    def _check_reach(self, before: Booth, event: Event, after: Booth) -> None:
        """See that a farewell promises only what the network keeps: it takes back what is not so any more, and no more.

        Before it, while a guest waits, nothing is promised yet.
        """
        was, state = before.state, after.state
        shown = scene(after, self.now, self.rules)
        if not isinstance(state, Farewell) or not isinstance(shown, FarewellScene):
            return
        sending = shown.outcome is Outcome.SENDING
        assert after.online or not sending, "it says that it is being sent, and nothing is"
        coming = sending and after.reach is Reach.UP and self.rules.share > 0
        assert coming == shown.link_coming, "it asks to wait for a link that does not come, or does not ask"
        waits = shown.outcome in {Outcome.SAVED, Outcome.LATER}
        assert (after.reach if waits else Reach.UP) is shown.reach, "it does not say why it waits"
        if isinstance(event, ReachChanged) and isinstance(was, Farewell):
            taken_back = was.outcome is Outcome.SENDING and not event.online
            assert (Outcome.SAVED if taken_back else was.outcome) is state.outcome
            assert (was.session, was.link) == (state.session, state.link)
            assert state.until <= was.until, "the network has kept a guest"

    def _check_lamps(self, before: Booth, after: Booth) -> None:
        """See that a lamp burns only where the server has said that this guest's picture is, and does not go out."""
        if not isinstance(after.state, Farewell):
            return
        shown = scene(after, self.now, self.rules)
        lit = {lamp.site for lamp in shown.lamps if lamp.lit}
        assert lit <= {name for name, session in self.facts if session == shown.session}
        assert not lit or shown.outcome is Outcome.SENT
        if isinstance(before.state, Farewell):
            assert before.state.copied <= after.state.copied
            dark = after.state.copied == before.state.copied
            assert dark or before.state.until == after.state.until, "a copy has kept a guest"

    def _check_event(self, before: Booth, event: Event, after: Booth, effects: tuple[Effect, ...]) -> None:
        visit = before.state
        until = getattr(visit, "until", None)
        session = session_of(visit)
        match event:
            case Tick(now=now) if until is not None and now >= until:
                assert type(visit) is not type(after.state), f"{visit} was not left at its deadline"
            case Tick() if isinstance(visit, Operating):
                assert (visit.page, visit.ask, before.dials) == (after.state.page, after.state.ask, after.dials)
            case Tick():
                assert (before, ()) == (after, effects), f"{visit} did not wait for its deadline"
            case Pressed() if trying(before):
                counted = replace(visit.tried, presses=visit.tried.presses + 1)
                assert (replace(before, state=replace(visit, tried=counted)), ()) == (after, effects)
            case Pressed() if isinstance(visit, Knocking | Operating):
                shut = OutOfOrder if before.missing else Closed if before.closed else GetReady
                assert shut is type(after.state)
            case Pressed() if isinstance(visit, FillingIn):
                self._check_press_on_the_form(visit, event, after, effects)
            case Pressed() if not isinstance(visit, Attract | Farewell):
                assert (before, ()) == (after, effects), f"a press changed {visit}"
            case _ if session is not None and getattr(event, "session", session) != session:
                assert (visit, ()) == (after.state, effects), f"{event} touched {visit}"
            case _ if hasattr(event, "session") and session is None:
                idle = isinstance(after.state, Attract | OutOfOrder | Starting | Closed)
                assert idle or visit == after.state, f"{event} touched {visit}"
                assert () == effects
            case _:
                pass
        if isinstance(after.state, FillingIn) and not isinstance(visit, FillingIn):
            assert Form() == after.state.form

    def _check_press_on_the_form(
        self, visit: FillingIn, event: Pressed, after: Booth, effects: tuple[Effect, ...]
    ) -> None:
        """See that the button never costs what a guest has typed, and ends only a form that nobody has touched.

        Once the details were sent it goes on, with them.
        """
        sent = visit.ask in {Ask.AGREE, Ask.QUESTION} and event.now >= visit.since + self.rules.form_held
        if sent and effects:
            assert isinstance(after.state, Finishing)
            assert (Commit(visit.session, after.state.form.guest(self.rules.consents)),) == effects
            kept = after.state.form
        elif sent:
            assert isinstance(after.state, FillingIn)
            assert Ask.QUESTION is after.state.ask
            kept = after.state.form
        if sent:
            assert (visit.form.name, visit.form.email, visit.form.agreed) == (kept.name, kept.email, kept.agreed)
        elif effects:
            assert (Form(), (Commit(visit.session, None),)) == (visit.form, effects)
            assert isinstance(after.state, Finishing)
        else:
            assert isinstance(after.state, FillingIn)
            assert visit.form == after.state.form
            assert after.state.ask in {None, visit.ask, Ask.SKIP}
            assert after.state == visit or event.now >= visit.since + self.rules.form_held


@pytest.fixture(scope="session")
def begin_storm():
    """Return what begins a storm over a booth whose power has just come on."""
    return lambda **rules: Storm(Rules(**{"sites": SITES, "dials": DIALS, "deeds": tuple(Deed), **rules}))
