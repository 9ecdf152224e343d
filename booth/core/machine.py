"""Every decision that the booth makes.

The law: all transitions are in this file, but those behind the operator's PIN, which are in `booth.core.backstage`, and
no guest's; nothing here asks what time it is, touches a device or remembers anything.
`step` takes the booth as it is, something that happened, and the rules; it returns the booth as it is then, and what
is to be done. An event that means nothing in a state leaves it as it was: that is how presses during work are dropped,
how a late frame misses the next guest's visit, and why no order of events can harm the booth.

A visit reads from top to bottom::

    Attract -> GetReady -> Countdown(1) -> Exposing(1) -> ... -> Exposing(4) -> FillingIn -> Finishing -> Farewell

`Apology` is where a failure leads, `OutOfOrder` where a missing part does; both end in `Attract` by themselves.
"""

from dataclasses import replace

from booth.core.backstage import knocking, operating, stale
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
    VisitRefused,
)
from booth.core.form import Field, Form, Line
from booth.core.operating import CornersHeld, Deed, DoDeed, DoorFound, FindDoor, HoursChanged, Tab
from booth.core.rules import Rules
from booth.core.states import (
    UNVISITED,
    Animation,
    Answered,
    Apology,
    Ask,
    Attract,
    Booth,
    Closed,
    Committing,
    Countdown,
    Deleting,
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
    Reason,
    Starting,
    State,
    Unsent,
    session_of,
)
from booth.core.trying import TrialBegun
from booth.core.visit import Guest, OwnQuestion, SessionId
from booth.units import Instant, later

Effects = tuple[Effect, ...]
Step = tuple[Booth, Effects]


def start(now: Instant, rules: Rules) -> Booth:
    """Return the booth as it is when the power comes on: nothing is known to work yet."""
    return Booth(Starting(until=later(now, rules.starting)), dials=rules.dials)


def step(booth: Booth, event: Event, rules: Rules) -> Step:
    """Return what *booth* becomes by *event*, and what is to be done about it."""
    before, booth = booth.state, _sensed(booth, event)
    effects: Effects
    if isinstance(booth.state, Operating) and _operated(booth.state, event):
        state, dials, effects = operating(booth.state, event, rules, booth.dials)
        booth = replace(booth, dials=dials)
    else:
        state, effects = _visited(booth, event, rules)
    settled = _settled(state, booth)
    after = booth if settled is booth.state else replace(booth, state=settled)  # most events change nothing
    began = isinstance(before, Operating) and isinstance(event, TrialBegun)
    after, effects = _marked(after, effects, began=began)
    inviting = isinstance(after.state, Attract | Closed) and not isinstance(before, Attract | Closed)
    if inviting and stale(after.dials, rules):
        effects = (*effects, DoDeed(Deed.RESTART))  # what an operator has changed holds from the next start on
    return after, effects


def _operated(state: Operating, event: Event) -> bool:
    """Return whether an event is the operator's: a press of the button is a guest's, but where the button is tried."""
    match event:
        case Pressed():
            return state.page is Tab.TRY
        case TrialBegun():
            return False
        case _:
            return True


def _marked(booth: Booth, effects: Effects, *, began: bool) -> Step:
    """Let a trial stay one to its end, through each retake: whatever visit is opened in it is marked."""
    trial = (booth.trial or began) and not isinstance(booth.state, UNVISITED)
    if trial:
        effects = tuple(replace(each, test=True) if isinstance(each, OpenVisit) else each for each in effects)
    return booth if trial == booth.trial else replace(booth, trial=trial), effects


def _sensed(booth: Booth, event: Event) -> Booth:
    """Take note of the health of the parts and of the link, whatever the visit is doing."""
    match event:
        case PartLost(part=part):
            return replace(booth, missing=booth.missing | {part})
        case PartBack(part=part):
            return replace(booth, missing=booth.missing - {part})
        case FrameTaken(session=session) if session == session_of(booth.state):
            return replace(booth, missing=booth.missing - {Part.CAMERA})  # a frame proves that it answers
        case ShutterFailed(part=part, session=session) if session == session_of(booth.state):
            return replace(booth, missing=booth.missing | {part})
        case VisitRefused(session=session) if session == session_of(booth.state):
            return replace(booth, missing=booth.missing | {Part.DISK})
        case Tick(now=now) if isinstance(booth.state, Exposing) and now >= booth.state.until:
            return replace(booth, missing=booth.missing | {Part.CAMERA})  # it hangs; PartBack when it answers again
        case ReachChanged(reach=reach):
            return replace(booth, reach=reach)
        case NoticeChanged(notice=notice, on=on):
            return replace(booth, notices=booth.notices | {notice} if on else booth.notices - {notice})
        case EverywhereChanged(visits=visits):
            return replace(booth, everywhere=visits)
        case HoursChanged(hours=hours):
            return replace(booth, hours=hours)
        case Delivered() if not booth.online:
            return replace(booth, reach=Reach.UP)
        case _:
            return booth


def _settled(state: State, booth: Booth) -> State:
    """Never invite with a part missing, or while it is closed; never stay out of order with all of them there."""
    missing = booth.missing
    match state:
        case Attract() | Closed() if missing:
            return OutOfOrder()
        case Attract() | Closed() | OutOfOrder() | Starting() if not missing:
            return Closed(booth.closed) if booth.closed else Attract()
        case Starting(silent=silent) if not silent:
            return OutOfOrder()  # all have spoken: there is nothing more to wait for
        case _:
            return state


def _visited(booth: Booth, event: Event, rules: Rules) -> tuple[State, Effects]:
    """Move the visit on."""
    match booth.state, event:
        # ---- before
        case Starting(until=until), Tick(now=now) if now >= until:
            return OutOfOrder(), ()

        case Starting(silent=silent) as state, PartLost(part=part) | PartBack(part=part):
            return replace(state, silent=silent - {part}), ()

        case Attract(), Pressed(now=now, fresh=session):
            return _begin(session, now, rules)

        # ---- the operator
        case ((Attract() | Closed()), CornersHeld()):
            return booth.state, (FindDoor(),)

        case ((Attract() | Closed()), DoorFound(now=now, wait=wait)):
            return Knocking(later(now, rules.knocking), shut_until=later(now, wait) if wait > 0 else None), ()

        case ((Knocking() | Operating()), Pressed(now=now, fresh=session)):
            # A guest is never refused for a screen that an operator has left standing.
            return _begin(session, now, rules) if not (booth.missing or booth.closed) else (Attract(), ())

        case Operating(page=Tab.TRY), TrialBegun(now=now, fresh=session) if not booth.missing:
            # Also while it is closed: an operator tries the booth before it opens.
            return _begin(session, now, rules)

        case Knocking() as state, _:
            return knocking(state, event, rules)

        # ---- posing
        case GetReady(session=session, until=until), Tick(now=now) if now >= until:
            return Countdown(session, 1, later(now, rules.countdown)), ()

        case Countdown(session=session, shot=shot, until=until), Tick(now=now) if now >= until:
            return Exposing(session, shot, later(now, rules.shutter)), (FireShutter(session, shot),)

        case (Exposing(session=session, shot=shot), FrameTaken(now=now, session=of, shot=taken)) if (of, taken) == (
            session,
            shot,
        ):
            if shot < rules.shots:
                return Countdown(session, shot + 1, later(now, rules.countdown)), (PrepareFrame(session, shot),)
            return FillingIn(session, Form(), now, later(now, rules.form_idle)), (JoinFrames(session, shot),)

        case Exposing(session=session, shot=shot, until=until), Tick(now=now) if now >= until:
            return _apologise(Reason.CAMERA, session, now, rules, shot)

        case (Exposing(session=session, shot=shot), ShutterFailed(now=now, session=of, shot=failed, part=part)) if (
            of,
            failed,
        ) == (session, shot):
            return _apologise(Reason.DISK if part is Part.DISK else Reason.CAMERA, session, now, rules, shot)

        case (GetReady() | Countdown()) as posing, PartLost(now=now, part=Part.CAMERA):
            return _apologise(Reason.CAMERA, posing.session, now, rules, _shot(posing))

        case (GetReady() | Countdown() | Exposing()) as posing, VisitRefused(now=now, session=of) if (
            of == posing.session
        ):
            return _apologise(Reason.DISK, of, now, rules, _shot(posing))

        # ---- the form
        case FillingIn(ask=Ask.RETAKE) as state, Confirmed(now=now) if booth.missing:
            # Nothing could be taken: the pictures that there are stay.
            return _asked(state, None, now, rules)

        case FillingIn() as state, _:
            return _filling_in(state, event, rules)

        # ---- handing over
        case Finishing() as state, _:
            return _finishing(state, event, rules, booth.reach)

        # ---- after
        case Farewell(session=session, outcome=Outcome.SENDING | Outcome.SAVED) as state, Delivered(
            now=now, session=of, link=link
        ) if of == session:
            scanned = later(now, rules.share) if link is not None else state.until
            return replace(state, outcome=Outcome.SENT, link=link, until=max(state.until, scanned)), ()

        case Farewell(session=session, outcome=Outcome.SENT) as state, Replicated(session=of, site=site) if (
            of == session
        ):
            # It is good to see, and no reason to stay.
            return replace(state, copied=state.copied | {site}), ()

        case Farewell(outcome=Outcome.SENDING) as state, ReachChanged(now=now, reach=reach) if reach is not Reach.UP:
            # No link is to be waited for any more; but what is true now can still be read.
            true = Outcome.SENDING if reach.online else Outcome.SAVED
            return replace(state, outcome=true, until=min(state.until, later(now, rules.farewell))), ()

        case (Farewell() | Apology()) as state, Tick(now=now) if now >= state.until:
            return Attract(), ()

        case Farewell(since=since), Pressed(now=now) if now >= later(since, rules.farewell_held):
            return Attract(), ()

        case _:
            return booth.state, ()


def _begin(session: SessionId, now: Instant, rules: Rules) -> tuple[State, Effects]:
    return GetReady(session, later(now, rules.get_ready)), (OpenVisit(session),)


def _apologise(reason: Reason, session: SessionId, now: Instant, rules: Rules, shot: int) -> tuple[State, Effects]:
    """End a visit whose frame *shot* did not come; the frames before it are kept."""
    return Apology(reason, later(now, rules.apology), kept=shot > 1), (Salvage(session),)


def _filling_in(state: FillingIn, event: Event, rules: Rules) -> tuple[State, Effects]:
    """Let the guest type; anything that the guest does puts the idle deadline off."""
    match event:
        case AnimationReady(session=of) if of == state.session:
            return replace(state, animation=Animation.READY), ()
        case AnimationFailed(session=of) if of == state.session:
            return replace(state, animation=Animation.FAILED), ()
        case Tick(now=now) if now >= state.until:
            # Nobody is there to thank: the outbox finishes by itself, and the booth is free.
            return Attract(), (Commit(state.session, _left(state, rules)),)
        case Pressed(now=now) if now < later(state.since, rules.form_held):
            return state, ()  # meant for what the guest saw before
        case _:
            pass

    if state.ask is not None:
        return _asked_back(state, state.ask, event, rules)

    form = state.form
    match event:
        case Typed(text=text):
            form = form.typed(text)
        case Erased():
            form = form.erased()
        case CaretMoved(by=by):
            form = form.moved(by)
        case FieldChosen(field=field, caret=caret):
            form = form.focused(field, caret)
        case NextField():
            form = form.next_field()
        case Returned(now=now, language=language):
            then = SendChosen(now, language) if form.focus is Field.EMAIL else NextField(now)
            return _filling_in(state, then, rules)
        case HintTaken():
            form = form.hint_taken()
        case ConsentToggled(consent=consent) if [consent] == [asked.id for asked in rules.consents]:
            form = form.toggled(consent)
        case RetakeChosen(now=now):
            return _asked(state, Ask.RETAKE, now, rules)
        case DeleteChosen(now=now):
            return _asked(state, Ask.DELETE, now, rules)
        case Pressed(now=now) if state.touched:
            return _asked(state, Ask.SKIP, now, rules)  # a stray press must not cost what was typed
        case SkipChosen(now=now) | Pressed(now=now):
            return _finish(state, None, now, rules)
        case SendChosen(now=now, language=language):
            form = form.judged(
                name_required=rules.name_required, email_required=rules.email_required, judge=rules.judge
            )
            if not form.complaints:
                sent = replace(state, form=replace(form, language=language))
                if len(rules.consents) > 1:
                    return _asked(sent, Ask.AGREE, now, rules)
                return _questioned(sent, 0, now, rules)
        case Touched(now=now):
            return replace(state, until=later(now, rules.form_idle)), ()
        case ConsentToggled():
            pass
        case _:
            return state, ()
    return replace(state, form=form, touched=True, until=later(event.now, rules.form_idle)), ()


def _left(state: FillingIn, rules: Rules) -> Guest | None:
    """Return the details that a guest who walked away had sent; None if they had not.

    Who went before the boxes were sent agrees to nothing; who went before a question, left that one unanswered.
    """
    match state.ask:
        case Ask.AGREE:
            return replace(state.form, agreed=frozenset()).guest(rules.consents)
        case Ask.QUESTION:
            return state.form.guest(rules.consents)
        case _:
            return None


def _asked(state: FillingIn, ask: Ask | None, now: Instant, rules: Rules) -> tuple[State, Effects]:
    """Put a question over the form, or take it away (None)."""
    return replace(state, ask=ask, touched=True, since=now, until=later(now, rules.form_idle)), ()


def _asked_back(state: FillingIn, ask: Ask, event: Event, rules: Rules) -> tuple[State, Effects]:
    """Wait for yes or no; nothing else that the guest touches counts, but it shows that somebody is there.

    Where several consents are asked, the details have been sent already: the button goes on with the boxes as they are.
    """
    match event:
        case _ if ask is Ask.QUESTION:
            return _answering(state, rules.questions[state.question], event, rules)
        case ConsentToggled(now=now, consent=consent) if ask is Ask.AGREE and _known(consent, rules):
            return replace(state, form=state.form.toggled(consent), until=later(now, rules.form_idle)), ()
        case SendChosen(now=now) | Pressed(now=now) if ask is Ask.AGREE:
            return _questioned(state, 0, now, rules)
        case Confirmed() if ask is Ask.AGREE:
            return state, ()
        case Confirmed(now=now, fresh=fresh) if ask is Ask.RETAKE:
            again, effects = _begin(fresh, now, rules)
            return again, (Discard(state.session), *effects)
        case Confirmed(now=now) if ask is Ask.SKIP:
            return _finish(state, None, now, rules)
        case Confirmed(now=now):
            done = later(now, rules.finishing)
            gone = Finishing(state.session, state.form, now, done, state.animation, Deleting())
            return gone, (Discard(state.session),)
        case Declined(now=now) | Pressed(now=now):  # whatever is asked, the button does no harm
            return _asked(state, None, now, rules)
        case Touched(now=now) | Typed(now=now):
            return replace(state, until=later(now, rules.form_idle)), ()
        case _:
            return state, ()


def _questioned(state: FillingIn, index: int, now: Instant, rules: Rules) -> tuple[State, Effects]:
    """Ask the question of that *index*; after the last one there is nothing more to be asked."""
    if index >= len(rules.questions):
        return _finish(state, state.form.guest(rules.consents), now, rules)
    form = state.form.questioned(rules.questions[index].id)
    return _asked(replace(state, form=form, question=index), Ask.QUESTION, now, rules)


def _answering(state: FillingIn, question: OwnQuestion, event: Event, rules: Rules) -> tuple[State, Effects]:
    """Wait for an answer, or for none: the details have been sent already, so the button goes on, too."""
    form, typed = state.form, not question.choices
    match event:
        case Typed(text=text) if typed:
            form = form.typed(text)
        case Erased() if typed:
            form = form.erased()
        case CaretMoved(by=by) if typed:
            form = form.moved(by)
        case FieldChosen(field=Field.ANSWER, caret=caret) if typed:
            form = form.focused(Field.ANSWER, caret)
        case ChoiceTouched(choice=choice) if choice in question.choices:
            form = form.marked(choice)
        case SkipChosen(now=now):
            skipped = replace(form, answer=Line()).answered(question.id)
            return _questioned(replace(state, form=skipped), state.question + 1, now, rules)
        case SendChosen(now=now) | Returned(now=now) | NextField(now=now) | Pressed(now=now):
            return _questioned(replace(state, form=form.answered(question.id)), state.question + 1, now, rules)
        case Declined(now=now) if state.question > 0:
            return _questioned(state, state.question - 1, now, rules)
        case Declined(now=now):
            back = replace(state, form=form.focused(Field.EMAIL))
            return _asked(back, Ask.AGREE if len(rules.consents) > 1 else None, now, rules)
        case Touched() | Typed():
            pass
        case _:
            return state, ()
    return replace(state, form=form, until=later(event.now, rules.form_idle)), ()


def _known(consent: str, rules: Rules) -> bool:
    return any(asked.id == consent for asked in rules.consents)


def _finish(state: FillingIn, guest: Guest | None, now: Instant, rules: Rules) -> tuple[State, Effects]:
    done = later(now, rules.finishing)
    return Finishing(state.session, state.form, now, done, state.animation), (Commit(state.session, guest),)


def _finishing(state: Finishing, event: Event, rules: Rules, reach: Reach) -> tuple[State, Effects]:
    """Wait for the outbox; then say what is true."""
    work = state.work
    match event:
        case AnimationReady(session=of) if of == state.session:
            return replace(state, animation=Animation.READY), ()
        case AnimationFailed(session=of) if of == state.session:
            return replace(state, animation=Animation.FAILED), ()
        case Tick(now=now) if now >= state.until:
            if isinstance(work, Answered):
                return _farewell(state, work.end, now, rules, reach), ()
            # The work goes on without the guest: Commit and Discard are already with the workers.
            reason = Reason.NOT_DELETED if isinstance(work, Deleting) else Reason.SLOW
            return Apology(reason, later(now, rules.apology), kept=True), ()
        case _ if getattr(event, "session", None) != state.session:
            return state, ()
        case _:
            return _answered(state, event, rules, reach), ()


def _answered(state: Finishing, event: Event, rules: Rules, reach: Reach) -> State:
    """Take what a worker answers, if it is what the guest is waiting for."""
    match state.work, event:
        case Committing(delivery=delivery), Committed(now=now):
            return _shown_long_enough(state, delivery or Outcome.SENDING, now, rules, reach)
        case Committing(), Deferred(now=now):
            return _shown_long_enough(state, Outcome.LATER, now, rules, reach)
        case Committing(), CommitFailed(now=now):
            return Apology(Reason.DISK, later(now, rules.apology), kept=True)
        case Committing(delivery=delivery), Delivered(link=link):
            return replace(state, work=Committing(replace(delivery or Delivery(), link=link)))
        case Committing(delivery=Delivery() as delivery), Replicated(site=site):
            return replace(state, work=Committing(replace(delivery, copied=delivery.copied | {site})))
        case Answered(end=Delivery() as delivery), Replicated(site=site):
            return replace(state, work=Answered(replace(delivery, copied=delivery.copied | {site})))
        case Deleting(), Discarded(now=now):
            return _shown_long_enough(state, Outcome.DELETED, now, rules, reach)
        case Deleting(), DiscardFailed(now=now):
            return Apology(Reason.NOT_DELETED, later(now, rules.apology), kept=True)
        case Answered(end=Outcome.SENDING), Delivered(link=link):
            return replace(state, work=Answered(Delivery(link)))
        case _:
            return state


def _shown_long_enough(state: Finishing, end: Delivery | Unsent, now: Instant, rules: Rules, reach: Reach) -> State:
    """Go on at once if the "please wait" was never seen; else leave it on until it can have been read."""
    seen_from = later(state.since, rules.finishing_quiet)
    readable = later(seen_from, rules.finishing_shown)
    if now < seen_from or now >= readable:
        return _farewell(state, end, now, rules, reach)
    return replace(state, work=Answered(end), until=readable)


def _farewell(state: Finishing, end: Delivery | Unsent, now: Instant, rules: Rules, reach: Reach) -> Farewell:
    copied: frozenset[str] = frozenset()
    match end:
        case Delivery(link=link, copied=copied):
            outcome = Outcome.SENT
        case Outcome.SENDING if not reach.online:
            outcome, link = Outcome.SAVED, None
        case _:
            outcome, link = end, None
    linked = link is not None or (outcome is Outcome.SENDING and reach is Reach.UP)
    shown = max(rules.farewell, rules.share) if linked else rules.farewell
    return Farewell(state.session, now, later(now, shown), outcome, link, copied)


def _shot(posing: GetReady | Countdown | Exposing) -> int:
    """Return the number of the frame that is to come next."""
    return 1 if isinstance(posing, GetReady) else posing.shot
