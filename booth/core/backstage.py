"""The machine's way through the operator's screen: to the PIN pad, past it, from page to page, and out.

The law: nobody comes there during a visit, and a guest is not kept waiting by it. Whatever an operator has left
standing, a press of the start button begins a visit at once, and time alone leads back to the invitation. On the page
on which the button itself is tried, it is counted instead, and puts no time off: whoever presses there is served when
nobody has touched the screen for a minute.
"""

from dataclasses import replace

from booth.core.events import Event, Pressed, Tick, Touched
from booth.core.operating import (
    Admitted,
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
    KeepDials,
    Knob,
    Left,
    LookRound,
    PinGiven,
    PutBack,
    Refused,
    Request,
    Sighted,
    Tab,
    TabChosen,
    TryPin,
)
from booth.core.pin import FEWEST, MOST
from booth.core.rules import Rules
from booth.core.states import Attract, Knocking, Operating, State
from booth.core.trying import UNTRIED, LightTurned, SoundWanted, lit, pressed, sounded
from booth.units import later

Requests = tuple[Request, ...]

_SEEN = (Tab.NOW, Tab.HANDS)
"""The pages on which something is seen that changes by itself."""


def knocking(state: Knocking, event: Event, rules: Rules) -> tuple[State, Requests]:
    """Take a PIN, and have it judged."""
    shut = state.shut_until is not None and event.now < state.shut_until
    match event:
        case Tick(now=now) if now >= state.until:
            return Attract(), ()
        case Left():
            return Attract(), ()
        case Admitted(now=now) if state.judging:
            return Operating(Tab.NOW, later(now, rules.operator_idle), now), (LookRound(),)
        case Refused(now=now, wait=wait) if state.judging:
            until = later(now, wait) if wait > 0 else None
            return Knocking(later(now, rules.knocking), wrong=True, shut_until=until), ()
        case DigitTyped(now=now, digit=digit) if not (state.judging or shut) and len(state.digits) < MOST:
            return replace(state, digits=state.digits + digit, wrong=False, until=later(now, rules.knocking)), ()
        case DigitErased(now=now) if not state.judging:
            return replace(state, digits=state.digits[:-1], until=later(now, rules.knocking)), ()
        case PinGiven(now=now) if not (state.judging or shut) and len(state.digits) >= FEWEST:
            judged = replace(state, digits="", judging=True, until=later(now, rules.knocking))
            return judged, (TryPin(state.digits),)
        case Touched(now=now):
            return replace(state, until=later(now, rules.knocking)), ()
        case _:
            return state, ()


def operating(
    state: Operating, event: Event, rules: Rules, dials: tuple[Dial, ...]
) -> tuple[State, tuple[Dial, ...], Requests]:
    """Turn pages and dials. Returns the state, how the dials stand then, and what is asked for."""
    match event:
        case Tick(now=now) if now >= state.until:
            return Attract(), dials, ()
        case Left():
            return Attract(), dials, ()
        case Tick(now=now) if state.page in _SEEN and now >= later(state.looked, rules.operator_look):
            return replace(state, looked=now), dials, (LookRound(),)
        case Sighted(sight=sight):
            return replace(state, sight=sight), dials, ()
        case DialsKept(kept=kept):
            return replace(state, unkept=not kept), dials, ()
        case _:
            pass
    state, asked = _touched(state, event, rules), state.ask
    if asked is not None:
        return (state, dials, (DoDeed(asked),) if isinstance(event, DeedConfirmed) else ())
    match event:
        case TabChosen(now=now, page=page) if page is not state.page:
            return (
                replace(state, page=page, looked=now, tried=UNTRIED),
                dials,
                (LookRound(),) if page in _SEEN else (),
            )
        case Pressed() if state.page is Tab.TRY:
            return replace(state, tried=pressed(state.tried)), dials, ()
        case LightTurned() if state.page is Tab.TRY:
            return replace(state, tried=lit(state.tried)), dials, ()
        case SoundWanted() if state.page is Tab.TRY:
            return replace(state, tried=sounded(state.tried)), dials, ()
        case DialTurned(knob=knob) if state.page is Tab.EVENING:
            return _with(state, tuple(dial.turned() if dial.knob is knob else dial for dial in dials), dials)
        case PutBack() if state.page is Tab.EVENING:
            return _with(state, tuple(replace(dial, value=dial.filed) for dial in dials), dials)
        case DeedChosen(deed=deed) if state.page is not Tab.HANDS or deed not in rules.deeds:
            return state, dials, ()
        case DeedChosen(deed=Deed.RETRY):
            return replace(state, done=Deed.RETRY), dials, (DoDeed(Deed.RETRY),)
        case DeedChosen(now=now, deed=Deed.COPY):
            return replace(state, done=Deed.COPY, looked=now), dials, (DoDeed(Deed.COPY), LookRound())
        case DeedChosen(deed=deed):
            return replace(state, ask=deed), dials, ()
        case _:
            return state, dials, ()


_TOUCHES = (
    *(Touched, TabChosen, DialTurned, PutBack, DeedChosen, DeedConfirmed, DeedDeclined),
    *(LightTurned, SoundWanted),
)


def _touched(state: Operating, event: Event, rules: Rules) -> Operating:
    """Put the time off at which nobody seems to be there any more; an answer takes the question away."""
    if not isinstance(event, _TOUCHES):
        return state
    answered = isinstance(event, DeedConfirmed | DeedDeclined)
    return replace(state, until=later(event.now, rules.operator_idle), ask=None if answered else state.ask)


def _with(
    state: Operating, turned: tuple[Dial, ...], before: tuple[Dial, ...]
) -> tuple[State, tuple[Dial, ...], Requests]:
    if turned == before:
        return state, before, ()
    return replace(state, unkept=False), turned, (KeepDials(turned),)


def stale(dials: tuple[Dial, ...], rules: Rules) -> bool:
    """Return whether the booth runs with something else than the *dials* say: it is started anew when one leaves."""

    def standing(of: tuple[Dial, ...]) -> dict[Knob, object]:
        return {dial.knob: dial.value for dial in of if dial.knob is not Knob.PAUSED}

    return standing(dials) != standing(rules.dials)
