"""The way to the operator's PIN: two opposite corners, and no other touch there is."""

import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booth.core.operating import CornersHeld, DigitErased, PinGiven
from booth.core.scene import AttractScene
from booth.core.showing import KnockingScene
from booth.ports import Size
from booth.ui.corners import GRACE, HELD, LIES, SIDE, Corners
from booth.ui.layout import Layout
from booth.ui.touch import Moved, Tap
from lab.screens.scenes import screens

WIDE, HIGH = 800, 480
TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = (5, 5), (795, 5), (5, 475), (795, 475)
MIDDLE = (400, 240)
ONE, TWO, THREE = (1, 1), (1, 2), (1, 3)


class Panel:
    """A panel with fingers on it, and the clock."""

    def __init__(self, origin=(0, 0), size=(WIDE, HIGH)):
        self.corners, self.now = Corners(Layout(Size(*size)), origin), 100.0

    def put(self, finger, at):
        self.corners.watch(Tap(*at, True, finger), self.now)

    def lift(self, finger):
        self.corners.watch(Tap(*MIDDLE, False, finger), self.now)

    def slide(self, finger, at):
        self.corners.watch(Moved(*at, finger), self.now)

    def wait(self, seconds):
        """Return whether the door opens in that time, looking as often as the booth does."""
        until, opened = self.now + seconds, []
        while self.now < until:
            self.now += 0.05
            opened.append(self.corners.held(self.now))
        return any(opened)


@pytest.fixture
def panel():
    return Panel()


@pytest.mark.parametrize("pair", [(TOP_LEFT, BOTTOM_RIGHT), (BOTTOM_LEFT, TOP_RIGHT)])
def test_two_opposite_corners_for_three_seconds(panel, pair):
    """Not before, and once."""
    panel.put(ONE, pair[0])
    panel.wait(1.0)
    panel.put(TWO, pair[1])
    assert [False, True, False] == [panel.wait(HELD - 0.2), panel.wait(0.4), panel.wait(1.0)]


@pytest.mark.parametrize("pair", [(TOP_LEFT, TOP_RIGHT), (BOTTOM_LEFT, BOTTOM_RIGHT), (TOP_LEFT, BOTTOM_LEFT)])
def test_two_neighbours_are_nothing(panel, pair):
    """Two hands on the edge of the box hold those."""
    panel.put(ONE, pair[0])
    panel.put(TWO, pair[1])
    assert not panel.wait(HELD + 2)


def test_one_corner_is_nothing(panel):
    """Not even with two fingers."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, (9, 9))
    assert not panel.wait(HELD + 2)


def test_three_corners_are_nothing(panel):
    """Nor four: that is a sleeve."""
    for finger, at in ((ONE, TOP_LEFT), (TWO, BOTTOM_RIGHT), (THREE, TOP_RIGHT)):
        panel.put(finger, at)
    assert not panel.wait(HELD + 2)


def test_a_third_finger_elsewhere_spoils_it(panel):
    """Until it is lifted."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, BOTTOM_RIGHT)
    panel.put(THREE, MIDDLE)
    assert not panel.wait(HELD + 0.5)
    panel.lift(THREE)
    assert panel.wait(0.2)


def test_a_finger_that_slides_out_spoils_it(panel):
    """And one that slides in is none that was put there."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, MIDDLE)
    panel.slide(TWO, BOTTOM_RIGHT)
    assert not panel.wait(HELD + 1)


def test_a_finger_that_was_lifted_begins_anew(panel):
    """Three seconds are in one piece."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, BOTTOM_RIGHT)
    panel.wait(2.0)
    panel.lift(TWO)
    panel.wait(0.5)
    panel.put(TWO, BOTTOM_RIGHT)
    assert [False, True] == [panel.wait(2.5), panel.wait(1.0)]


def test_a_panel_that_trembles_does_not_spoil_it(panel):
    """A finger that is back within a moment was never lifted."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, BOTTOM_RIGHT)
    panel.wait(2.0)
    panel.lift(TWO)
    panel.now += GRACE / 2
    panel.put(THREE, BOTTOM_RIGHT)
    assert panel.wait(1.2)


def test_what_lies_on_the_screen_is_no_finger(panel):
    """A bag on one corner makes no door of the other."""
    panel.put(ONE, TOP_LEFT)
    panel.wait(LIES + 1)
    panel.put(TWO, BOTTOM_RIGHT)
    assert not panel.wait(HELD + 2)


def test_a_finger_that_a_panel_never_lifts_shuts_nobody_out(panel):
    """It is forgotten after a while."""
    panel.put(THREE, MIDDLE)
    panel.wait(LIES + 1)
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, BOTTOM_RIGHT)
    assert panel.wait(HELD + 0.5)


def test_what_was_held_on_another_scene_counts_for_nothing(panel):
    """Whoever holds on while a visit ends has to let go first."""
    panel.put(ONE, TOP_LEFT)
    panel.put(TWO, BOTTOM_RIGHT)
    panel.wait(2.0)
    panel.corners.forget()
    assert not panel.wait(HELD + 2)
    for finger, at in ((ONE, TOP_LEFT), (TWO, BOTTOM_RIGHT)):
        panel.lift(finger)
        panel.put(finger, at)
    assert panel.wait(HELD + 0.5)


def test_a_screen_inside_a_window_has_its_own_corners():
    """With an oven around it."""
    panel = Panel(origin=(100, 50))
    panel.put(ONE, (100, 50))
    panel.put(TWO, (100 + WIDE - 1, 50 + HIGH - 1))
    assert panel.wait(HELD + 0.5)


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (480, 800)])
def test_a_thumb_has_room_in_a_corner(size):
    """Nine millimetres at least on a panel of seven inches, whatever its pixels."""
    panel, side = Panel(size=size), Layout(Size(*size)).px(SIDE) - 1
    panel.put(ONE, (side, side))
    panel.put(TWO, (size[0] - 1 - side, size[1] - 1 - side))
    assert panel.wait(HELD + 0.5)


FINGER = st.sampled_from((ONE, TWO, THREE))
PLACE = st.one_of(
    st.sampled_from((TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT, MIDDLE)),
    st.tuples(st.integers(0, WIDE - 1), st.integers(0, HIGH - 1)),
)
TOUCH = st.tuples(st.sampled_from(("put", "lift", "slide")), FINGER, PLACE, st.floats(0.0, 3.0))


def corner(x, y):
    """Return which corner a place is, as left or right and top or bottom; None if it is none."""
    side = SIDE
    across = 0 if x < side else 1 if x >= WIDE - side else None
    down = 0 if y < side else 1 if y >= HIGH - side else None
    return None if across is None or down is None else (across, down)


class Hands:
    """What lies where, and which corners have had a finger on them without a break that is longer than a panel's."""

    def __init__(self):
        self.where, self.since, self.left = {}, {}, {}

    def put(self, finger, where, now):
        self.lift(finger, now)
        if where not in self.since or (where not in self.where.values() and now - self.left[where] > GRACE):
            self.since[where] = now
        self.where[finger] = where

    def lift(self, finger, now):
        where = self.where.pop(finger, None)
        if where not in self.where.values():
            self.left[where] = now

    def slide(self, finger, where, now):
        if finger in self.where and where != self.where[finger]:
            self.put(finger, None, now)

    def held(self, now):
        return {where for where in self.where.values() if now - self.since[where] >= HELD - GRACE}


@settings(max_examples=300, deadline=None)
@given(st.lists(TOUCH, max_size=25))
@example([("put", TWO, (5, 5), 0.0), ("put", ONE, (795, 475), 1.0), ("put", ONE, (795, 475), 2.0)])
def test_no_touch_of_a_guest_opens_it_unless_two_opposite_corners_are_held(touches):
    """Whatever hands do: the moment it opens, fingers have lain still in two opposite corners for three seconds."""
    panel, hands = Panel(), Hands()
    for what, finger, at, seconds in touches:
        match what:
            case "put":
                panel.put(finger, at)
                hands.put(finger, corner(*at), panel.now)
            case "lift":
                panel.lift(finger)
                hands.lift(finger, panel.now)
            case _ if finger in hands.where:
                panel.slide(finger, at)
                hands.slide(finger, corner(*at), panel.now)
        if panel.wait(seconds):
            held = hands.held(panel.now)
            assert {(0, 0), (1, 1)} <= held or {(0, 1), (1, 0)} <= held


def finger(kind, number, x, y):
    """Return what SDL reports of a finger on a screen of 800x480, as our own."""
    where = {"x": (x + 0.5) / WIDE, "y": (y + 0.5) / HIGH, "dx": 0.0, "dy": 0.0, "pressure": 1.0}
    return pygame.Event(kind, {"touch_id": 1, "finger_id": number, "ours": True, **where})


def test_no_scene_of_a_visit_has_such_corners(open_screen):
    """Of all that there is to be seen, only the invitation opens the door, and what stands there while it is closed."""
    screen, now, opened = open_screen(), 1000.0, set()
    for name, shown in screens():
        now += 100.0
        screen.show(AttractScene(4), now)
        list(screen.events(now))
        screen.show(shown.scene, now)
        for number, at in ((1, TOP_LEFT), (2, BOTTOM_RIGHT)):
            pygame.event.post(finger(pygame.FINGERDOWN, number, *at))
        events = list(screen.events(now))
        events += screen.events(now + 1.5)
        screen.show(shown.scene, now + 1.5)
        events += screen.events(now + HELD + 0.1)
        if any(isinstance(event, CornersHeld) for event in events):
            opened.add(name.partition("-")[0])
        for number, at in ((1, TOP_LEFT), (2, BOTTOM_RIGHT)):
            pygame.event.post(finger(pygame.FINGERUP, number, *at))
        list(screen.events(now + 4.0))
    assert {"attract", "closed"} == opened


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1280, 800), (480, 800)])
def test_the_keys_of_the_pad_are_what_they_say(open_screen, size):
    """Each is larger than a thumb, and types its digit."""
    screen = open_screen(Size(*size))
    screen.show(KnockingScene(), 1000.0)
    spots = {spot.name: spot for spot in screen.spots()}
    typed, now = [], 1000.0
    for key in (*"0123456789", "erase", "done"):
        spot, now = spots[f"pin:{key}"], now + 1.0
        assert min(spot.width, spot.height) >= Layout(Size(*size)).px(68)
        screen.finger(spot.x + spot.width // 2, spot.y + spot.height // 2)
        typed += screen.events(now)
    digits = [event.digit for event in typed[:10]]
    assert [list("0123456789"), [DigitErased, PinGiven]] == [digits, [type(event) for event in typed[10:]]]
    assert 0 == repr(typed[7]).count("7")
