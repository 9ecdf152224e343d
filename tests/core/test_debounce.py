"""Chatter in, presses out."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from booth.core.debounce import Debouncer
from booth.units import Instant, Seconds

SETTLE = Seconds(0.02)
BRIEF = st.floats(min_value=0.0, max_value=0.019)
"""A level that does not last, in seconds."""
LASTING = st.floats(min_value=0.021, max_value=5.0)
"""A level that does, in seconds."""

Edge = tuple[bool, float]
"""A level, and how long the line keeps it, in seconds."""


def chatter(level: bool) -> st.SearchStrategy[list[Edge]]:
    """Build levels that alternate, each briefly, before the line gets to *level* and stays."""
    spans = st.lists(BRIEF, max_size=12)
    return st.tuples(spans, LASTING).map(
        lambda drawn: (
            [
                (level if index % 2 == 0 else not level, span)
                for index, span in enumerate(drawn[0] if len(drawn[0]) % 2 == 0 else drawn[0][1:])
            ]
            + [(level, drawn[1])]
        )
    )


def spikes(level: bool) -> st.SearchStrategy[list[Edge]]:
    """Build a line at *level* that is disturbed briefly, and calms down again."""
    return st.lists(st.tuples(BRIEF, LASTING), max_size=8).map(
        lambda drawn: [edge for brief, lasting in drawn for edge in ((not level, brief), (level, lasting))]
    )


def fresh(*, pressed: bool = False) -> Debouncer:
    """Return a debouncer on a line that was found at *pressed*."""
    return Debouncer(SETTLE, pressed=pressed, level=pressed)


def presses(line: Debouncer, edges: list[Edge], *, punctual: bool) -> int:
    """Count the presses in *edges*; between two of them the line is looked at when it is due, or never."""
    starts = accumulate((span for _, span in edges), initial=10.0)
    count = 0
    for (level, span), start in zip(edges, starts, strict=False):
        line, press = line.edge(level, Instant(start))
        count += press
        if punctual and line.due is not None and line.due <= start + span:
            line, press = line.look(level, line.due)
            count += press
    line, press = line.look(line.level, Instant(1e6))
    return count + press


@given(edges=chatter(True), punctual=st.booleans())
def test_chatter_that_ends_pressed_is_one_press(edges, punctual):
    """However a contact bounces on its way down, there is exactly one press."""
    assert 1 == presses(fresh(), edges, punctual=punctual)


@given(edges=spikes(False), punctual=st.booleans())
def test_spikes_are_no_press(edges, punctual):
    """A line that is never pressed for as long as it must settle reports nothing."""
    assert 0 == presses(fresh(), edges, punctual=punctual)


@given(down=chatter(True), held=spikes(True), punctual=st.booleans())
def test_a_held_button_is_one_press(down, held, punctual):
    """Neither time nor spikes make a second press of a button that is held."""
    assert 1 == presses(fresh(), down + held, punctual=punctual)


@given(pairs=st.lists(st.tuples(chatter(True), chatter(False)), min_size=1, max_size=5), punctual=st.booleans())
def test_every_press_counts_once(pairs, punctual):
    """As many presses as times that the button went down and came up again."""
    edges = [edge for down, up in pairs for edge in down + up]
    assert len(pairs) == presses(fresh(), edges, punctual=punctual)


@given(held=spikes(True), up=chatter(False), down=chatter(True), punctual=st.booleans())
def test_a_button_that_is_down_at_the_start_counts_after_it_was_let_go(held, up, down, punctual):
    """A line found pressed is no press, whatever it does, until it was released for good and pressed again."""
    assert 0 == presses(fresh(pressed=True), held + up, punctual=punctual)
    assert 1 == presses(fresh(pressed=True), held + up + down, punctual=punctual)


def test_a_press_acts_when_the_line_has_settled_and_not_before():
    """The press is reported at the instant that the level has lasted, to the instant."""
    line, _ = fresh().edge(True, Instant(1.0))
    assert Instant(1.02) == line.due
    line, early = line.look(True, Instant(1.0199))
    line, press = line.look(True, Instant(1.02))
    assert (False, True) == (early, press)
    assert line.due is None


def test_a_quiet_line_needs_no_look():
    """Nothing is due on a line that does not move, and a look at it tells nothing."""
    line = fresh()
    assert line.due is None
    assert (line, False) == line.look(False, Instant(5.0))


def test_an_edge_that_was_missed_is_found_by_looking():
    """A look at a line whose last edge got lost starts the wait again, and then counts the level that is there."""
    line, _ = fresh().edge(False, Instant(1.0))  # the last of some chatter that was heard; the line is down
    line, press = line.look(True, Instant(1.02))
    assert (False, Instant(1.04)) == (press, line.due)
    line, press = line.look(True, Instant(1.04))
    assert press
    assert line.pressed


def test_a_late_look_does_not_lose_a_press():
    """A press that lasted counts, though the look comes after the release."""
    line, _ = fresh().edge(True, Instant(1.0))
    line, press = line.edge(False, Instant(1.03))
    assert press
    line, press = line.look(False, Instant(1.05))
    assert not press
    assert not line.pressed
