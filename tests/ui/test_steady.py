"""One finger is one touch: panels that tremble, fingers that arrive twice, and two thumbs that are quick."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from booth.ui.steady import AGAIN, LIES, NEAR, TWIN, Steady
from booth.ui.touch import MOUSE, Entered, Moved, Tap

PANEL, NODE = 1, 2
"""Two devices by which the same finger may come."""

PLACES = st.sampled_from([(40 + 70 * column, 300 + 60 * row) for column in range(10) for row in range(3)])
"""Where the keys of a keyboard are, in pixels."""

JITTER = st.integers(-8, 8)

TREMBLE = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), JITTER, JITTER), max_size=12)
"""For how long, in ms, a finger that lies still is lifted, and down again; and how far beside itself, in pixels."""

TOUCHES = st.lists(st.tuples(PLACES, st.integers(10, 400), st.integers(70, 300), TREMBLE), max_size=12)
"""Where a hand touches, for how long, how long it takes to come back, and how the panel trembles meanwhile."""


class Panel:
    """A panel on its way to the booth: notes what a finger did by what is left of it."""

    def __init__(self):
        self.steady = Steady(NEAR)
        self.done = []

    def take(self, deed, now):
        self.done += self.steady.taken(deed, now)

    def play(self, deeds):
        """Take deeds with their moments, in seconds, in their order."""
        for now, deed in sorted(deeds, key=lambda timed: timed[0]):
            self.take(deed, now)

    @property
    def downs(self):
        return [(deed.x, deed.y) for deed in self.done if isinstance(deed, Tap) and deed.down]

    @property
    def lifts(self):
        return sum(1 for deed in self.done if isinstance(deed, Tap) and not deed.down)


def trembling(touches, device, lag=0.0, new_ids=False):
    """Return what a *device* says of *touches*, so late; and where, in truth, there was one."""
    now, deeds, places, number = 10.0, [], [], 0
    for (x, y), held, pause, tremble in touches:
        places.append((x, y))
        moments = [(now, True, x, y)]
        now += held / 1000
        moments.append((now, False, x, y))
        for gap, again, dx, dy in tremble:
            now += gap / 1000
            moments.append((now, True, x + dx, y + dy))
            now += again / 1000
            moments.append((now, False, x + dx, y + dy))
        for moment, down, at_x, at_y in moments:
            number += down and new_ids
            # A hair apart, so that what happens at one moment stays in its order.
            deeds.append((moment + lag + len(deeds) * 1e-9, Tap(at_x, at_y, down, (device, number))))
        now += pause / 1000
    return deeds, places


@given(touches=TOUCHES, new_ids=st.booleans())
def test_a_panel_that_trembles_is_touched_once(touches, new_ids):
    """However often a finger is lifted and put down again beside itself: each touch is one, where it began."""
    panel = Panel()
    deeds, places = trembling(touches, PANEL, new_ids=new_ids)
    panel.play(deeds)
    assert (places, len(places)) == (panel.downs, panel.lifts)


@given(touches=TOUCHES, lag=st.integers(0, 60), mouse=st.booleans())
def test_a_finger_that_comes_by_two_devices_is_touched_once(touches, lag, mouse):
    """A second node of the panel, or a mouse that nobody has marked as made of a finger, adds nothing."""
    panel = Panel()
    deeds, places = trembling(touches, PANEL)
    twins, _ = trembling(touches, NODE, lag=lag / 1000 + 1e-6)
    if mouse:
        twins = [(now, replace(deed, finger=MOUSE)) for now, deed in twins]
    panel.play([*deeds, *twins])
    assert (places, len(places)) == (panel.downs, panel.lifts)


@given(
    keys=st.lists(PLACES, min_size=2, max_size=20),
    gaps=st.lists(st.integers(0, 40), min_size=20, max_size=20),
    held=st.integers(5, 200),
)
def test_two_thumbs_on_different_keys_are_never_one(keys, gaps, held):
    """However fast they follow each other, and however long each stays: another key is another touch."""
    panel, now, deeds = Panel(), 10.0, []
    keys = [key for key, before in zip(keys, [None, *keys], strict=False) if key != before]
    free = {}
    for index, ((x, y), gap) in enumerate(zip(keys, gaps, strict=False)):
        now = max(now + gap / 1000, free.get((x, y), 0.0))
        free[x, y] = now + held / 1000 + AGAIN + 0.02
        deeds += [(now, Tap(x, y, True, (PANEL, index))), (now + held / 1000, Tap(x, y, False, (PANEL, index)))]
    panel.play(deeds)
    assert keys == panel.downs


def test_a_letter_is_written_twice_by_a_quick_thumb():
    """Lifted for longer than a panel trembles, the same key is the same letter once more."""
    panel = Panel()
    for now in (10.0, 10.0 + 0.03 + AGAIN + 0.01, 20.0):
        panel.play([(now, Tap(40, 300, True, (PANEL, 0))), (now + 0.03, Tap(41, 300, False, (PANEL, 0)))])
    assert (3, 3) == (len(panel.downs), panel.lifts)


def test_a_mouse_clicks_as_fast_as_it_likes():
    """Its button has been freed of chatter inside it."""
    panel = Panel()
    for now in (10.0, 10.01, 10.02):
        panel.play([(now, Tap(40, 300, True)), (now + 0.001, Tap(40, 300, False))])
    assert (3, 3) == (len(panel.downs), panel.lifts)


def test_a_finger_that_is_held_slides_and_lifts_as_it_does():
    """What is no touch beside another is passed on, and so is everything that is no finger."""
    panel = Panel()
    finger = (PANEL, 0)
    deeds = [Tap(40, 300, True, finger), Moved(90, 300, finger), Entered("x"), Tap(90, 300, False, finger)]
    for number, deed in enumerate(deeds):
        panel.take(deed, 10.0 + number)
    panel.take(None, 20.0)
    assert deeds == panel.done


def test_an_echo_neither_slides_nor_lifts():
    """A finger that is only another one's again moves nothing."""
    panel = Panel()
    for deed in (
        Tap(40, 300, True, (PANEL, 0)),
        Tap(44, 300, True, (NODE, 0)),
        Moved(60, 300, (NODE, 0)),
        Tap(60, 300, False, (NODE, 0)),
    ):
        panel.take(deed, 10.0)
    assert [Tap(40, 300, True, (PANEL, 0))] == panel.done


def test_what_lies_on_the_panel_does_not_keep_a_finger_away():
    """A drop of water is taken for a finger for a while; then the key under it can be touched."""
    panel = Panel()
    panel.take(Tap(40, 300, True, (PANEL, 9)), 10.0)
    downs = []
    for now in (10.0 + LIES - 0.1, 10.0 + LIES + 0.1):
        panel.play([(now, Tap(45, 300, True, (PANEL, 1))), (now + 0.05, Tap(45, 300, False, (PANEL, 1)))])
        downs.append(len(panel.downs))
    assert [1, 2] == downs


def test_a_mouse_may_be_used_after_a_finger():
    """Whoever takes the mouse at the same place takes a moment."""
    panel = Panel()
    panel.play([(10.0, Tap(40, 300, True, (PANEL, 0))), (10.05, Tap(40, 300, False, (PANEL, 0)))])
    panel.take(Tap(40, 300, True), 10.05 + TWIN + 0.01)
    assert 2 == len(panel.downs)


def test_what_is_no_longer_there_is_forgotten():
    """On another screen a touch is a touch, however soon it comes."""
    panel = Panel()
    panel.play([(10.0, Tap(40, 300, True, (PANEL, 0))), (10.01, Tap(40, 300, False, (PANEL, 0)))])
    panel.steady.forget()
    panel.take(Tap(40, 300, True, (PANEL, 0)), 10.02)
    assert 2 == len(panel.downs)
