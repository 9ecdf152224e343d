"""Draws the state chart from the machine: every kind of state meets every kind of event, and `step` says what follows.

Nothing of the chart is written down here but the samples: states as they occur in visits, and events as they happen to
them. A test compares docs/machine.md with what this file draws, and both with what storms of events have met.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from booth.core import events as ev
from booth.core import operating as op
from booth.core import trying
from booth.core.effects import Effect
from booth.core.form import Field, Form, Line
from booth.core.machine import step
from booth.core.rules import Rules
from booth.core.states import (
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
from booth.core.visit import SHOWN, Consent, OwnQuestion, Purpose, SessionId
from booth.units import Instant
from lab import ROOT

PAGE = ROOT / "docs" / "machine.md"

DIALS = (op.Dial(op.Knob.PAUSED, (False, True), filed=False, value=False),)
PAUSED = (op.Dial(op.Knob.PAUSED, (False, True), filed=False, value=True),)
LATER = op.Hours(op.Opening.BEFORE, "18:00")
RULES = Rules(email_required=True, consents=(SHOWN,), dials=DIALS, deeds=tuple(op.Deed))
ASKING = replace(
    RULES,
    consents=(SHOWN, Consent("news", Purpose.MARKETING)),
    questions=(OwnQuestion("again", ("yes", "no")), OwnQuestion("who")),
)
"""The rules of an event that asks for more once the details were sent."""
NOW = Instant(1000.0)
EARLIER = Instant(995.0)
UNTIL = Instant(1005.0)
VISIT, ANOTHER, FRESH = SessionId("this"), SessionId("another"), SessionId("fresh")
FULL = Form(name=Line("Zoe", 3), email=Line("zoe@gmial.com", 13), focus=Field.EMAIL)
ALL_WELL: frozenset[ev.Part] = frozenset()
NO_CAMERA = frozenset({ev.Part.CAMERA})
NO_DISK = frozenset({ev.Part.DISK})


def _filling_in(form: Form, ask: Ask | None = None, question: int = 0) -> FillingIn:
    return FillingIn(VISIT, form, EARLIER, UNTIL, ask=ask, question=question, touched=True)


def _finishing(waited: float, work: Committing | Deleting | Answered = Committing()) -> Finishing:  # noqa: B008 - frozen
    return Finishing(VISIT, FULL, Instant(NOW - waited), UNTIL, Animation.MAKING, work)


STATES: tuple[tuple[str, Booth], ...] = (
    ("nothing known", Booth(Starting(UNTIL))),
    ("camera silent", Booth(Starting(UNTIL, NO_CAMERA), NO_CAMERA)),
    ("camera silent, disk missing", Booth(Starting(UNTIL, NO_CAMERA), NO_CAMERA | NO_DISK)),
    ("", Booth(Attract(), ALL_WELL)),
    ("", Booth(GetReady(VISIT, UNTIL), ALL_WELL)),
    ("before the first shot", Booth(Countdown(VISIT, 1, UNTIL), ALL_WELL)),
    ("before the last shot", Booth(Countdown(VISIT, RULES.shots, UNTIL), ALL_WELL)),
    ("first shot", Booth(Exposing(VISIT, 1, UNTIL), ALL_WELL)),
    ("last shot", Booth(Exposing(VISIT, RULES.shots, UNTIL), ALL_WELL)),
    ("form complete", Booth(_filling_in(FULL), ALL_WELL)),
    ("form touched", Booth(_filling_in(Form(focus=Field.EMAIL)), ALL_WELL)),
    ("form untouched", Booth(FillingIn(VISIT, Form(), EARLIER, UNTIL), ALL_WELL)),
    ("form just appeared", Booth(FillingIn(VISIT, Form(), NOW, UNTIL), ALL_WELL)),
    ("asked: retake?", Booth(_filling_in(FULL, Ask.RETAKE), ALL_WELL)),
    ("asked: delete?", Booth(_filling_in(FULL, Ask.DELETE), ALL_WELL)),
    ("asked: skip?", Booth(_filling_in(FULL, Ask.SKIP), ALL_WELL)),
    ("form complete, camera missing", Booth(_filling_in(FULL), NO_CAMERA)),
    ("wait not shown yet", Booth(_finishing(0.1), ALL_WELL)),
    ("wait just shown", Booth(_finishing(0.5), ALL_WELL)),
    ("wait was read", Booth(_finishing(5.0), ALL_WELL)),
    ("deleting", Booth(_finishing(5.0, Deleting()), ALL_WELL)),
    ("answered, wait being read", Booth(_finishing(0.5, Answered(Outcome.SENDING)), ALL_WELL)),
    ("just begun", Booth(Farewell(VISIT, NOW, UNTIL, Outcome.SENDING), ALL_WELL)),
    ("sending", Booth(Farewell(VISIT, EARLIER, UNTIL, Outcome.SENDING), ALL_WELL)),
    ("saved", Booth(Farewell(VISIT, EARLIER, UNTIL, Outcome.SAVED), ALL_WELL, reach=ev.Reach.OFFLINE)),
    ("deleted", Booth(Farewell(VISIT, EARLIER, UNTIL, Outcome.DELETED), ALL_WELL)),
    ("camera missing", Booth(Farewell(VISIT, EARLIER, UNTIL, Outcome.SENDING), NO_CAMERA)),
    ("nothing missing", Booth(Apology(Reason.DISK, UNTIL, kept=True), ALL_WELL)),
    ("camera missing", Booth(Apology(Reason.CAMERA, UNTIL, kept=True), NO_CAMERA)),
    ("camera missing", Booth(OutOfOrder(), NO_CAMERA)),
    ("disk missing", Booth(OutOfOrder(), NO_DISK)),
    ("camera silent, closed", Booth(Starting(UNTIL, NO_CAMERA), NO_CAMERA, hours=LATER)),
    ("form complete, closed", Booth(_filling_in(FULL), ALL_WELL, hours=LATER)),
    ("sending, closed", Booth(Farewell(VISIT, EARLIER, UNTIL, Outcome.SENDING), ALL_WELL, hours=LATER)),
    ("closed", Booth(Apology(Reason.DISK, UNTIL, kept=True), ALL_WELL, hours=LATER)),
    ("camera missing, closed", Booth(OutOfOrder(), NO_CAMERA, hours=LATER)),
    ("paused", Booth(Closed(op.Closure.PAUSED), ALL_WELL, dials=PAUSED)),
    ("by the clock", Booth(Closed(op.Closure.BEFORE), ALL_WELL, hours=LATER, dials=DIALS)),
    ("six digits", Booth(Knocking(UNTIL, "271828"), ALL_WELL, dials=DIALS)),
    ("a PIN is judged", Booth(Knocking(UNTIL, judging=True), ALL_WELL, dials=DIALS)),
    ("after too many", Booth(Knocking(UNTIL, shut_until=Instant(1300.0)), ALL_WELL, dials=DIALS)),
    ("six digits, closed", Booth(Knocking(UNTIL, "271828"), ALL_WELL, dials=PAUSED)),
    ("six digits, camera missing", Booth(Knocking(UNTIL, "271828"), NO_CAMERA, dials=DIALS)),
    ("now", Booth(Operating(op.Tab.NOW, UNTIL, NOW), ALL_WELL, dials=DIALS)),
    ("try", Booth(Operating(op.Tab.TRY, UNTIL, NOW), ALL_WELL, dials=DIALS)),
    ("try, paused", Booth(Operating(op.Tab.TRY, UNTIL, NOW), ALL_WELL, dials=PAUSED)),
    ("try, camera missing", Booth(Operating(op.Tab.TRY, UNTIL, NOW), NO_CAMERA, dials=DIALS)),
    ("evening", Booth(Operating(op.Tab.EVENING, UNTIL, NOW), ALL_WELL, dials=DIALS)),
    ("evening, paused", Booth(Operating(op.Tab.EVENING, UNTIL, NOW), ALL_WELL, dials=PAUSED)),
    ("hands", Booth(Operating(op.Tab.HANDS, UNTIL, NOW), ALL_WELL, dials=DIALS)),
    ("asked: off?", Booth(Operating(op.Tab.HANDS, UNTIL, NOW, ask=op.Deed.POWER_OFF), ALL_WELL, dials=DIALS)),
    ("camera missing", Booth(Operating(op.Tab.NOW, UNTIL, NOW), NO_CAMERA, dials=DIALS)),
)
"""States as they occur, with what tells them apart from others of their kind."""

ASKED: tuple[tuple[str, Booth], ...] = (
    ("form complete, more is asked", Booth(_filling_in(FULL), ALL_WELL)),
    ("asked: consents", Booth(_filling_in(FULL, Ask.AGREE), ALL_WELL)),
    ("asked: a question", Booth(_filling_in(FULL.questioned("again"), Ask.QUESTION), ALL_WELL)),
    ("asked: the last question", Booth(_filling_in(FULL.questioned("who"), Ask.QUESTION, 1), ALL_WELL)),
)
"""The same where the rules are `ASKING`."""


def happenings(booth: Booth, now: Instant) -> Iterable[tuple[str, ev.Event]]:
    """Yield all that can happen to *booth* at *now*, or its deadline; the labels are the same for all states."""
    visit = getattr(booth.state, "session", VISIT)
    shot = getattr(booth.state, "shot", 1)
    yield "Tick, before the deadline", ev.Tick(now)
    yield "Tick, at the deadline", ev.Tick(getattr(booth.state, "until", now))
    yield "Pressed", ev.Pressed(now, FRESH)
    yield "Typed", ev.Typed(now, "x")
    yield "Erased", ev.Erased(now)
    yield "CaretMoved", ev.CaretMoved(now, -1)
    yield "FieldChosen", ev.FieldChosen(now, Field.NAME)
    yield "NextField", ev.NextField(now)
    yield "Returned", ev.Returned(now)
    yield "HintTaken", ev.HintTaken(now)
    yield "ConsentToggled", ev.ConsentToggled(now)
    yield "ChoiceTouched", ev.ChoiceTouched(now, "yes")
    yield "Touched", ev.Touched(now)
    yield "SendChosen", ev.SendChosen(now)
    yield "SkipChosen", ev.SkipChosen(now)
    yield "RetakeChosen", ev.RetakeChosen(now)
    yield "DeleteChosen", ev.DeleteChosen(now)
    yield "Confirmed", ev.Confirmed(now, FRESH)
    yield "Declined", ev.Declined(now)
    yield "VisitOpened", ev.VisitOpened(now, visit)
    yield "VisitRefused", ev.VisitRefused(now, visit)
    yield "FrameTaken", ev.FrameTaken(now, visit, shot)
    yield "FrameTaken, another shot", ev.FrameTaken(now, visit, shot + 1)
    yield "ShutterFailed: camera", ev.ShutterFailed(now, visit, shot, ev.Part.CAMERA)
    yield "ShutterFailed: disk", ev.ShutterFailed(now, visit, shot, ev.Part.DISK)
    yield "AnimationReady", ev.AnimationReady(now, visit)
    yield "AnimationFailed", ev.AnimationFailed(now, visit)
    yield "Committed", ev.Committed(now, visit)
    yield "Deferred", ev.Deferred(now, visit)
    yield "CommitFailed", ev.CommitFailed(now, visit)
    yield "Discarded", ev.Discarded(now, visit)
    yield "DiscardFailed", ev.DiscardFailed(now, visit)
    yield "Delivered", ev.Delivered(now, visit)
    yield "Replicated", ev.Replicated(now, visit, "site")
    for late in (
        ev.VisitRefused(now, ANOTHER),
        ev.FrameTaken(now, ANOTHER, shot),
        ev.ShutterFailed(now, ANOTHER, shot, ev.Part.CAMERA),
        ev.AnimationReady(now, ANOTHER),
        ev.AnimationFailed(now, ANOTHER),
        ev.Committed(now, ANOTHER),
        ev.Deferred(now, ANOTHER),
        ev.CommitFailed(now, ANOTHER),
        ev.Discarded(now, ANOTHER),
        ev.DiscardFailed(now, ANOTHER),
        ev.Delivered(now, ANOTHER),
        ev.Replicated(now, ANOTHER, "site"),
    ):
        yield f"{type(late).__name__}, another visit", late
    yield "EverywhereChanged", ev.EverywhereChanged(now, 1)
    for reach in ev.Reach:
        yield f"ReachChanged: {reach.value}", ev.ReachChanged(now, reach)
    for notice in ev.Notice:
        yield f"NoticeChanged: {notice.value}", ev.NoticeChanged(now, notice, on=True)
        yield f"NoticeChanged: not {notice.value}", ev.NoticeChanged(now, notice, on=False)
    for part in ev.Part:
        yield f"PartLost: {part.value}", ev.PartLost(now, part)
    for part in ev.Part:
        yield f"PartBack: {part.value}", ev.PartBack(now, part)
    yield from _operations(now)


def _operations(now: Instant) -> Iterable[tuple[str, ev.Event]]:
    """Yield what can happen on the way to the operator's screen, and on it."""
    yield "CornersHeld", op.CornersHeld(now)
    yield "DoorFound", op.DoorFound(now)
    yield "DigitTyped", op.DigitTyped(now, "271828")  # all of them at once: how many there are is no move
    yield "DigitErased", op.DigitErased(now)
    yield "PinGiven", op.PinGiven(now)
    yield "Admitted", op.Admitted(now)
    yield "Refused", op.Refused(now)
    yield "Left", op.Left(now)
    for page in op.Tab:
        yield f"TabChosen: {page.value}", op.TabChosen(now, page)
    yield "Sighted", op.Sighted(now, op.Sight())
    yield "DialTurned", op.DialTurned(now, op.Knob.PAUSED)
    yield "PutBack", op.PutBack(now)
    yield "DialsKept", op.DialsKept(now, kept=True)
    yield "DialsKept: not", op.DialsKept(now, kept=False)
    for deed in op.Deed:
        yield f"DeedChosen: {deed.value}", op.DeedChosen(now, deed)
    yield "DeedConfirmed", op.DeedConfirmed(now)
    yield "DeedDeclined", op.DeedDeclined(now)
    yield "LightTurned", trying.LightTurned(now)
    yield "SoundWanted", trying.SoundWanted(now)
    yield "TrialBegun", trying.TrialBegun(now, FRESH)
    yield "HoursChanged: open", op.HoursChanged(now, op.ALWAYS)
    yield "HoursChanged: not yet", op.HoursChanged(now, LATER)
    yield "HoursChanged: over", op.HoursChanged(now, op.Hours(op.Opening.AFTER))


@dataclass(frozen=True)
class Meeting:
    """A state that met an event, and what came of it."""

    state: str
    when: str
    """What tells the state apart from others of its kind; "" if there are no others."""
    event: str
    kind: str
    """The event's class."""
    after: str
    effects: tuple[str, ...]
    how: str
    """``moved`` to another state, ``stays`` with other values, ``noted`` by the booth around it, or ``ignored``."""


def _effect(effect: Effect) -> str:
    if isinstance(effect, op.Request):
        return type(effect).__name__
    session = {VISIT: "", FRESH: " (the new visit)"}[effect.session]
    details = {"Commit": " without details" if getattr(effect, "guest", None) is None else " with the details"}
    name = type(effect).__name__
    return f"{name}{details.get(name, '')}{session}"


def meetings() -> tuple[Meeting, ...]:
    """Let every sample of a state meet every sample of an event."""
    met = []
    samples = *((RULES, *sample) for sample in STATES), *((ASKING, *sample) for sample in ASKED)
    for rules, when, before in samples:
        for label, event in happenings(before, NOW):
            after, effects = step(before, event, rules)
            if type(after.state) is not type(before.state):
                how = "moved"
            elif after.state != before.state or effects:
                how = "stays"
            elif after != before:
                how = "noted"
            else:
                how = "ignored"
            names = type(before.state).__name__, type(event).__name__, type(after.state).__name__
            met.append(Meeting(names[0], when, label, names[1], names[2], tuple(map(_effect, effects)), how))
    return tuple(met)


def edges() -> frozenset[tuple[str, str, str]]:
    """Return state, event and state after it, by name, for everything that the chart shows as a move."""
    return frozenset((met.state, met.kind, met.after) for met in meetings() if met.how == "moved")


def _by_kind(met: Iterable[Meeting]) -> dict[tuple[str, str], list[Meeting]]:
    """Return the meetings of each kind of state with each event, by their names."""
    kinds: dict[tuple[str, str], list[Meeting]] = {}
    for one in met:
        kinds.setdefault((one.state, one.event), []).append(one)
    return kinds


def _arrows(met: Iterable[Meeting]) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Return the moves: from, to, event, the condition that the samples found, effects. In the order of the samples."""
    met = tuple(met)
    kinds = _by_kind(met)
    found: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for one in met:
        if one.how == "moved":
            found.setdefault((one.state, one.after, one.event, one.effects), []).append(one.when)
    arrows = []
    for (state, after, event, effects), whens in found.items():
        others = [one.when for one in kinds[state, event] if one.when not in whens]
        condition = f"unless {' or '.join(others)}" if len(others) < len(whens) else f"if {' or '.join(whens)}"
        arrows.append((state, after, event, condition if others else "", effects))
    return arrows


def _chart(met: tuple[Meeting, ...]) -> Iterable[str]:
    """Draw the moves. Events that do the same on the same way share an arrow."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> Starting"
    shared: dict[tuple[str, str], list[str]] = {}
    for state, after, event, when, _ in _arrows(met):
        labels = shared.setdefault((state, after), [])
        label = event.replace(": ", " ").replace(", at the", " at")
        label = f"{label} [{when.replace(': ', ' ')}]" if when else label
        if label not in labels:
            labels.append(label)
    for (state, after), labels in shared.items():
        yield f"    {state} --> {after}: {'<br/>'.join(labels)}"
    yield "```"


def _moves(met: tuple[Meeting, ...]) -> Iterable[str]:
    yield "| From | Event | When | To | Asks for |"
    yield "|---|---|---|---|---|"
    for state, after, event, when, effects in _arrows(met):
        yield f"| {state} | {event} | {when} | {after} | {', '.join(effects)} |"


def _table(met: tuple[Meeting, ...]) -> Iterable[str]:
    states = [kind.__name__ for kind in get_args(State)]
    yield f"| | {' | '.join(states)} |"
    yield "|---" * (len(states) + 1) + "|"
    kinds = _by_kind(met)
    for event in dict.fromkeys(one.event for one in met):
        cells = []
        for state in states:
            ends = [
                {"moved": one.after, "stays": "stays", "noted": "noted", "ignored": "·"}[one.how]
                for one in kinds[state, event]
            ]
            cells.append(" / ".join(dict.fromkeys(ends)))
        yield f"| {event} | {' | '.join(cells)} |"


HEAD = """\
# The machine

The booth is one function, `step(booth, event, rules)`, in `booth/core/machine.py`. It says what the booth becomes by
an event, and what is asked of the workers. This page is drawn by `scripts/chart`, which lets every kind of state meet
every kind of event and writes down what `step` made of it. Do not edit it: change the machine, and draw it again. A
test fails when the two differ.

Time is an event too: a `Tick` at a state's deadline (its `until`) is the only way on without a guest or a worker.
A visit leads from `Attract` to `FillingIn` by deadlines and frames, and from there by what the guest chooses. Several
consents, and each of the event's own questions, are a page over the form once the details were sent: the state is
`FillingIn` until the last of them, and who walks away from one has sent the details. Whatever goes wrong leads to
`Apology` and back to `Attract`; a part that is missing leads to `OutOfOrder` until it is back.
An operator comes from the invitation, and from nowhere else, to `Knocking`, and with the PIN to `Operating`
(`booth/core/backstage.py`).
"""

ABOUT_MOVES = """\
## Every move

*When* tells which samples of the state move that way, where others of its kind do not. A visit that was opened
(`OpenVisit`) ends with exactly one `Commit`, `Salvage` or `Discard`.
"""

ABOUT_TABLE = """\
## Every state and every event

A name is the next state. `stays`: the state stays, its values change (a letter more, a later deadline, a truer word).
`noted`: the visit stays as it is; a part or the link is known to be different. `·`: nothing changes, nothing is asked
for. Where it depends, all that can come of it is there. Answers of workers are for this visit, unless it says another.
"""


def text() -> str:
    """Return the page, as it should be."""
    met = meetings()
    parts = (
        HEAD,
        "## The chart\n",
        *_chart(met),
        "",
        ABOUT_MOVES,
        *_moves(met),
        "",
        ABOUT_TABLE,
        *_table(met),
    )
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="scripts/chart", description=f"Writes {PAGE.relative_to(ROOT)} again.")
    parser.parse_args()
    PAGE.write_text(text(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(edges())} kinds of moves")
    return 0


if __name__ == "__main__":
    sys.exit(main())
