"""Chatter, hum and spikes in, presses out."""

from itertools import accumulate

from hypothesis import example, given
from hypothesis import strategies as st

from booth.core.debounce import OPENS, Debouncer
from booth.units import Instant, Seconds

SETTLE = Seconds(20.0)
"""Whole numbers, as if seconds were milliseconds: what is added up is exact."""
RELEASE = SETTLE * OPENS
BRIEF = st.integers(0, 19)
LASTING = st.integers(41, 5000)
"""For so long a level need last to count, whatever was before."""

Span = tuple[bool, int]
"""A level, and how long the line keeps it."""

SPANS = st.lists(st.integers(0, 60), max_size=60).map(
    lambda spans: [(index % 2 == 0, span) for index, span in enumerate(spans)]
)
"""Any line at all: levels that alternate, the first of them pressed."""


def fresh(*, pressed: bool = False) -> Debouncer:
    """Return a debouncer on a line that was found at *pressed*."""
    return Debouncer(SETTLE, pressed=pressed, level=pressed, since=Instant(0.0))


def presses(line: Debouncer, spans: list[Span], *, punctual: bool) -> int:
    """Count the presses in *spans*; between two of them the line is looked at when it is due, or never."""
    starts = list(accumulate((span for _, span in spans), initial=10))
    count = 0
    for (level, span), start in zip(spans, starts, strict=False):
        line, press = line.edge(level, Instant(start))
        count += press
        if punctual and line.due is not None and line.due <= start + span:
            line, press = line.look(level, line.due)
            count += press
    line, press = line.look(line.level, Instant(starts[-1]))
    return count + press


def counted(spans: list[Span], *, pressed: bool = False) -> int:
    """Count the presses as one would with a counter that is asked once in each millisecond."""
    charge, count = 0, 0
    for level, span in spans:
        for _ in range(span):
            charge = max(charge + (1 if level is not pressed else -1), 0)
            if charge >= (RELEASE if pressed else SETTLE):
                pressed, charge = not pressed, 0
                count += pressed
    return count


def more(spans: list[Span], level: bool) -> int:
    """Return by how much longer the line is at *level* than not, at most, between any two moments."""
    most = here = 0
    for at, span in spans:
        here = max(here + (span if at is level else -span), 0)
        most = max(most, here)
    return most


@given(spans=SPANS, pressed=st.booleans(), punctual=st.booleans())
def test_time_is_added_up(spans, pressed, punctual):
    """Of any line as many presses are told as a counter finds that is asked all the time."""
    assert counted(spans, pressed=pressed) == presses(fresh(pressed=pressed), spans, punctual=punctual)


def mostly_released(spans: list[Span]) -> list[Span]:
    """Return *spans* up to where the line would be pressed for too long."""
    ends = range(len(spans) + 1)
    return spans[: max(end for end in ends if more(spans[:end], True) < SETTLE)]


@given(spans=SPANS.map(mostly_released), punctual=st.booleans())
def test_a_line_that_is_mostly_released_is_no_press(spans, punctual):
    """Spikes of any number and length are nothing, unless the line is pressed for longer than released somewhere."""
    assert 0 == presses(fresh(), spans, punctual=punctual)


@given(
    before=st.lists(st.tuples(BRIEF, st.integers(19, 60)), max_size=20),
    hum=st.lists(st.tuples(st.integers(6, 60), st.integers(0, 3)), min_size=12, max_size=80),
    punctual=st.booleans(),
)
@example(before=[], hum=[(9, 1)] * 30, punctual=True)
@example(before=[], hum=[(24, 1)] * 12, punctual=True)
def test_a_press_through_hum_is_one_press(before, hum, punctual):
    """A button that is held, though its line is torn up to a third of the time, is one press; spikes before it none."""
    spikes = [span for low, high in before for span in ((True, low), (False, high))]
    held = [span for low, high in hum for span in ((True, low), (False, high))]
    assert 1 == presses(fresh(), [*spikes, *held, (False, 500)], punctual=punctual)


@given(
    down=st.lists(BRIEF, max_size=2), up=st.lists(st.integers(0, 6), max_size=6), spans=st.lists(LASTING, max_size=5)
)
def test_every_press_counts_once(down, up, spans):
    """As many presses as times that the button went down and came up again, however its contacts chatter."""
    chatter_down = [span for brief in down for span in ((True, brief), (False, brief))]
    chatter_up = [span for brief in up for span in ((False, brief), (True, brief))]
    edges = [span for lasting in spans for span in (*chatter_down, (True, lasting), *chatter_up, (False, lasting))]
    assert len(spans) == presses(fresh(), edges, punctual=True)


def test_a_contact_that_opens_for_a_moment_is_not_pressed_twice():
    """A worn contact that opens for longer than it takes to count a press has not been let go."""
    assert 1 == presses(fresh(), [(True, 200), (False, 25), (True, 200), (False, 300)], punctual=True)


@given(held=st.lists(st.tuples(LASTING, BRIEF), max_size=8), punctual=st.booleans())
def test_a_button_that_is_down_at_the_start_counts_after_it_was_let_go(held, punctual):
    """A line found pressed is no press, whatever it does, until it was released for good and pressed again."""
    before = [span for low, high in held for span in ((True, low), (False, high))]
    assert 0 == presses(fresh(pressed=True), [*before, (True, 9), (False, 50)], punctual=punctual)
    assert 1 == presses(fresh(pressed=True), [*before, (True, 9), (False, 50), (True, 21)], punctual=punctual)


def test_a_press_acts_when_the_line_has_settled_and_not_before():
    """The press is reported at the instant that the level has lasted, to the instant."""
    line, _ = fresh().edge(True, Instant(100.0))
    assert Instant(120.0) == line.due
    line, early = line.look(True, Instant(119.9))
    line, press = line.look(True, Instant(120.0))
    assert (False, True, None) == (early, press, line.due)


def test_a_quiet_line_needs_no_look():
    """Nothing is due on a line that does not move, and a look at it tells nothing."""
    line = fresh()
    assert line.due is None
    line, press = line.look(False, Instant(5.0))
    assert (None, False) == (line.due, press)


def test_an_edge_that_was_missed_is_found_by_looking():
    """A look at a line whose last edge got lost counts the level that is there, from then on."""
    line, _ = fresh(pressed=True).edge(False, Instant(100.0))
    line, _ = line.look(False, Instant(140.0))
    line, _ = line.edge(True, Instant(200.0))
    line, press = line.look(False, Instant(220.0))  # the end of a spike was not heard
    assert (False, Instant(240.0)) == (press, line.due)
    line, press = line.look(True, Instant(240.0))  # and now the beginning of a press was not
    assert (False, Instant(260.0)) == (press, line.due)
    line, press = line.look(True, Instant(260.0))
    assert press


def test_the_line_is_read_once_after_each_edge():
    """Also where an edge leads back to where the line was: the one that follows it may not be heard."""
    line, _ = fresh().edge(True, Instant(100.0))
    line, _ = line.edge(False, Instant(101.0))
    assert Instant(121.0) == line.due
    line, _ = line.look(False, Instant(121.0))
    assert line.due is None


def test_an_edge_to_where_the_line_is_does_not_stop_the_count():
    """A spike that is over before anybody has read the line comes as two edges to one level: it is as good as none."""
    line, _ = fresh().edge(True, Instant(100.0))
    for moment in range(101, 120):
        line, press = line.edge(True, Instant(moment))
        assert not press
    assert Instant(120.0) == line.due


def test_a_late_look_does_not_lose_a_press():
    """A press that lasted counts, though the look comes after the release."""
    line, _ = fresh().edge(True, Instant(100.0))
    line, press = line.edge(False, Instant(130.0))
    assert press
    line, press = line.look(False, Instant(170.0))
    assert not press
    assert not line.pressed


def test_how_long_a_button_is_held_is_known():
    """From when it counts as pressed until it counts as released; spikes in between do not begin it anew."""
    line, _ = fresh().edge(True, Instant(100.0))
    assert Seconds(0.0) == line.held_for(Instant(110.0))
    for level, now in ((False, 5000.0), (True, 5010.0)):
        line, _ = line.edge(level, Instant(now))
    assert Seconds(9880.0) == line.held_for(Instant(10_000.0))
    line, _ = line.edge(False, Instant(20_000.0))
    line, _ = line.look(False, Instant(20_040.0))
    assert Seconds(0.0) == line.held_for(Instant(20_050.0))
