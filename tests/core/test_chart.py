"""The state chart cannot lie."""

import random
from typing import get_args

import pytest

from booth.core.events import Event
from booth.core.machine import start, step
from booth.core.operating import Deed
from booth.core.rules import Rules
from booth.core.states import FillingIn, Finishing, Knocking, Operating, OutOfOrder, Starting, State
from booth.units import Instant
from lab.pages import chart


def outline(booth, now):
    """Return what tells a booth apart from others, as far as the way on is concerned."""
    visit = booth.state
    whole = isinstance(visit, Starting | OutOfOrder)  # here it matters which parts; elsewhere, whether any
    return (
        type(visit),
        booth.missing if whole else bool(booth.missing),
        *(getattr(visit, name, None) for name in ("shot", "ask", "outcome", "work", "animation", "silent", "touched")),
        isinstance(visit, FillingIn) and (visit.form.focus, bool(visit.form.email.text), now - visit.since >= 1.5),
        isinstance(visit, Knocking) and (bool(visit.digits), visit.judging, visit.shut_until is None),
        isinstance(visit, Operating) and (visit.page, visit.ask),
        bool(booth.closed),
        getattr(visit, "why", None),
        isinstance(visit, Finishing) and sum(now - visit.since > waited for waited in (0.3, 1.3)),
    )


def walked(rules):
    """Return state, event and state after it, by name, of every move on every way that begins with the power."""
    found, new = set(), [(start(chart.NOW, rules), chart.NOW)]
    known = {outline(*new[0])}
    while new:
        before, then = new.pop()
        for seconds in (0.1, 0.5, 5.0):
            seen = set()  # what else an outline is made of, where an event has left the visit as it was
            for _, event in chart.happenings(before, Instant(then + seconds)):
                after, _ = step(before, event, rules)
                if after.state is before.state and after.dials is before.dials and after.hours is before.hours:
                    if (rest := (event.now, after.missing)) in seen:
                        continue
                    seen.add(rest)
                if type(after.state) is not type(before.state):
                    found.add((type(before.state).__name__, type(event).__name__, type(after.state).__name__))
                if (told := outline(after, event.now)) not in known:
                    known.add(told)
                    new.append((after, event.now))
    return found


@pytest.fixture(scope="module")
def moves():
    """Return every move: of an event that asks for nothing but the details, and of one that asks for more."""
    plain = Rules(shots=2, dials=chart.DIALS, deeds=tuple(Deed))
    more = Rules(shots=2, consents=chart.ASKING.consents, questions=chart.ASKING.questions[-1:])
    return walked(plain) | walked(more)


@pytest.fixture(scope="module")
def drawn():
    """Return the page as it is drawn today."""
    return chart.text()


@pytest.fixture(scope="module")
def edges():
    """Return the arrows of the chart: to find them each state meets each event."""
    return chart.edges()


def test_the_page_is_what_the_machine_does(drawn):
    """docs/machine.md is exactly what `scripts/chart` draws today; draw it again after a change of the machine."""
    assert drawn == chart.PAGE.read_text(encoding="utf-8")


def test_the_chart_is_drawn_the_same_each_time(drawn):
    """Nothing in it hangs on the order of a set."""
    assert drawn == chart.text()


def test_every_kind_of_state_meets_every_kind_of_event():
    """A state or an event that is new in the booth is new in the chart."""
    met = {(one.state, one.kind) for one in chart.meetings()}
    assert {(state.__name__, event.__name__) for state in get_args(State) for event in get_args(Event)} == met


def test_the_chart_has_every_move_and_no_other(moves, edges):
    """Whatever a booth can come to from its start is in the chart, and what is in the chart can come to be."""
    assert moves == edges


def test_no_storm_leaves_the_chart(begin_storm, edges):
    """Events that no booth ought to meet, in any order, move it along the chart's arrows only."""
    dice = random.Random(2019)
    for _ in range(20):
        storm = begin_storm(email_required=False)
        for action in dice.choices(storm.ACTIONS, [dice.random() for _ in storm.ACTIONS], k=1000):
            storm.act(action, dice.choice((0.0, 0.2, 2.0)), dice.randrange(1000))
        assert set() == {move for move in storm.seen if move[0] != move[2]} - edges
