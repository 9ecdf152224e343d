"""No order of events can harm the booth. The laws themselves are checked after each event by `Storm`."""

import random
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booth.core.events import Event, PartBack, Tick
from booth.core.states import Attract, Closed, Finishing, OutOfOrder, State
from booth.core.visit import SHOWN, Consent, OwnQuestion, Purpose

WEATHER = (
    *("deadline",) * 6,
    *("well",) * 5,
    *("touch",) * 4,
    *("press",) * 2,
    *("tick", "badly", "late", "stale", "noise", "lost", "back", "heal", "heal", "link", "notice"),
    *("let in", "operate", "operate", "hours", "open"),
)
"""What happens, as often as it stands here: enough deadlines and frames for visits to get anywhere."""

SECONDS = st.one_of(st.just(0.0), st.floats(0.0, 0.5), st.floats(0.0, 200.0))
STORM = st.lists(st.tuples(st.sampled_from(WEATHER), SECONDS, st.integers(0, 1000)), max_size=80)
LATE = st.lists(
    st.tuples(
        st.sampled_from(("well", "sent", "sent", "copied", "copied", "copied", "tick", "link", "link")),
        st.floats(0.0, 1.0),
        st.integers(0, 1000),
    ),
    max_size=40,
)
"""The same, once a guest has finished."""
RULES = st.fixed_dictionaries(
    {
        "shots": st.integers(1, 5),
        "email_required": st.booleans(),
        "name_required": st.booleans(),
        "consents": st.sampled_from([(), (SHOWN,), (SHOWN, Consent("web", Purpose.PUBLISH))]),
        "questions": st.sampled_from(
            [(), (OwnQuestion("again", ("yes", "no")),), (OwnQuestion("who"), OwnQuestion("again", ("no",)))]
        ),
        "get_ready": st.floats(0.0, 5.0),
        "countdown": st.floats(0.0, 5.0),
        "form_warning": st.floats(0.0, 200.0),
        "form_held": st.floats(0.0, 5.0),
    }
)


def longest_wait(rules):
    """Return how many seconds at most can pass, in any state, until a booth that nobody answers is free again."""
    return (
        rules.starting
        + rules.get_ready
        + rules.countdown
        + rules.shutter
        + rules.form_idle
        + rules.finishing
        + rules.farewell
        + rules.apology
        + rules.knocking
        + rules.operator_idle
    )


@settings(max_examples=300, deadline=None)
@given(rules=RULES, weather=STORM)
def test_after_any_storm_time_alone_frees_the_booth(begin_storm, rules, weather):
    """No event raises or breaks a law; then, though nobody answers any more, the booth comes back to where it waits."""
    storm = begin_storm(**rules)
    storm.act("heal", 0.0, 0)
    for action, seconds, pick in weather:
        storm.act(action, seconds, pick)
    end = storm.now + longest_wait(storm.rules) + 1.0
    while storm.now < end and not isinstance(storm.booth.state, Attract | OutOfOrder | Closed):
        storm.act("tick", 0.5, 0)
    waits = OutOfOrder if storm.booth.missing else Closed if storm.booth.closed else Attract
    assert isinstance(storm.booth.state, waits)
    assert storm.open is None


@settings(max_examples=100, deadline=None)
@given(rules=RULES, weather=STORM)
def test_after_any_storm_the_next_guest_is_served(begin_storm, rules, weather):
    """When what is asked for is answered again and the parts are back, a press leads through a whole visit."""
    storm = begin_storm(**rules)
    for action, seconds, pick in weather:
        storm.act(action, seconds, pick)
    for _ in range(5):
        storm.act("deadline", 0.0, 0)
        storm.act("heal", 0.0, 0)
    storm.act("open", 0.0, 0)
    assert Attract() == storm.booth.state
    storm.unanswered.clear()
    ended = len(storm.ended)
    storm.act("press", 0.0, 0)
    for _ in range(5 * (storm.rules.shots + 3)):
        storm.act("well", 0.0, 0)
        storm.act("deadline", 0.0, 0)
    assert ended + 1 == len(storm.ended)


@settings(max_examples=100, deadline=None)
@given(share=st.sampled_from([0.0, 25.0]), weather=LATE)
@example(share=25.0, weather=[("well", 0.0, 0), ("link", 0.1, 2)])  # offline while it is being sent
@example(share=25.0, weather=[("well", 1.0, 0), ("link", 0.1, 2), ("tick", 1.0, 0)])  # before the guest was told
def test_a_guest_is_told_nothing_that_is_not_so(begin_storm, share, weather):
    """However the bucket's word, and that of copies of this visit and of others, comes, and the network comes and goes.

    No lamp burns for what nobody has said, nothing is "on its way" while the booth is offline, and no link is awaited.
    """
    storm = begin_storm(email_required=False, share=share)
    for action in ("heal", "press", "deadline", *("deadline", "well") * storm.rules.shots):
        storm.act(action, 0.0, 0)
    storm.act("touch", 2.0, 1)
    assert isinstance(storm.booth.state, Finishing)
    for action, seconds, pick in weather:
        storm.act(action, seconds, pick)


@settings(max_examples=50, deadline=None)
@given(weather=STORM)
def test_the_same_storm_leads_to_the_same_place(begin_storm, weather):
    """The machine remembers nothing but its state: what happens again, ends again the same."""
    ends = []
    for _ in range(2):
        storm = begin_storm()
        for action, seconds, pick in weather:
            storm.act(action, seconds, pick)
        ends.append((storm.booth, storm.unanswered))
    assert ends[0] == ends[1]


@pytest.fixture(scope="module")
def met(begin_storm):
    """Return the names of all states and events that a long storm meets."""
    dice = random.Random(2019)
    storm = begin_storm(shots=2, email_required=False, consents=(SHOWN,))
    for _ in range(20_000):
        storm.act(dice.choice(WEATHER), dice.choice((0.0, 0.2, 2.0)), dice.randrange(1000))
    return {name for move in storm.seen for name in move}


@pytest.mark.parametrize("part_of", [State, Event])
def test_storms_get_everywhere(met, part_of):
    """A long storm meets every state and every event, so that the laws above have been put to the test."""
    assert set() == {kind.__name__ for kind in get_args(part_of)} - met


def test_a_clock_that_jumps_far_ahead_harms_nothing(begin_storm):
    """A machine that slept for a week goes on one state at a time, and is free in the end."""
    storm = begin_storm()
    storm.act("heal", 0.0, 0)
    storm.act("press", 0.0, 0)
    for _ in range(4):
        storm.act("tick", 7 * 24 * 3600.0, 0)
    assert isinstance(storm.booth.state, OutOfOrder)
    for part in storm.booth.missing:
        storm.take(PartBack(storm.now, part))
    storm.take(Tick(storm.now))
    assert Attract() == storm.booth.state
