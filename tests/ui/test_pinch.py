"""A mouse's second finger: opposite the first, as long as Shift and the button are down."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.operating import CornersHeld
from booth.core.scene import AttractScene
from booth.ports import Size
from booth.ui.corners import HELD, Corners
from booth.ui.kitchen.pinch import SECOND, Pinch
from booth.ui.layout import Housing, Layout
from booth.ui.touch import Moved, Tap, deed

SCREEN, AT, WINDOW = Size(800, 480), (68, 54), Size(1180, 680)
LAYOUT = Layout(SCREEN, Housing())
SHIFTS = (pygame.K_LSHIFT, pygame.K_RSHIFT)


class Desk:
    """A mouse and a keyboard before a window with a screen at `AT`: places are pixels of that screen."""

    def __init__(self):
        self.pinch, self.now = Pinch(SCREEN, AT), 1000.0
        self.corners = Corners(LAYOUT, AT)

    def heard(self, raw):
        """Return what the second finger does, and have both fingers watched."""
        done = deed(raw, WINDOW)
        second = self.pinch.second(raw, done)
        self.corners.watch(done, self.now)
        self.corners.watch(second, self.now)
        return second

    def press(self, x, y, button=1):
        at = {"pos": (x + AT[0], y + AT[1]), "button": button}
        return self.heard(pygame.Event(pygame.MOUSEBUTTONDOWN, at))

    def lift(self, x, y):
        return self.heard(pygame.Event(pygame.MOUSEBUTTONUP, {"pos": (x + AT[0], y + AT[1]), "button": 1}))

    def slide(self, x, y):
        at = {"pos": (x + AT[0], y + AT[1]), "rel": (1, 1), "buttons": (1, 0, 0)}
        return self.heard(pygame.Event(pygame.MOUSEMOTION, at))

    def key(self, key, kind=pygame.KEYDOWN):
        return self.heard(pygame.Event(kind, {"key": key}))

    def held(self, after):
        self.now += after
        return self.corners.held(self.now)


@pytest.fixture
def desk():
    return Desk()


def opposite(x, y, down):
    """Return what the second finger does opposite a place of the screen."""
    return Tap(AT[0] + 799 - x, AT[1] + 479 - y, down=down, finger=SECOND)


@given(st.integers(0, 799), st.integers(0, 479), st.sampled_from(SHIFTS))
def test_it_is_opposite_and_comes_and_goes_with_the_button(x, y, shift):
    """Anywhere on the screen, with either of the keys."""
    desk = Desk()
    assert None is desk.key(shift)
    assert [opposite(x, y, down=True), opposite(x, y, down=False)] == [desk.press(x, y), desk.lift(x, y)]
    assert None is desk.key(shift, pygame.KEYUP)


def test_it_comes_and_goes_with_shift(desk):
    """While the button stays down; a key that repeats is one, and other keys are none."""
    desk.press(5, 5)
    assert None is desk.key(pygame.K_a)
    assert [opposite(5, 5, down=True), None] == [desk.key(SHIFTS[0]), desk.key(SHIFTS[0])]
    assert [None, opposite(5, 5, down=False)] == [
        desk.key(pygame.K_a, pygame.KEYUP),
        desk.key(SHIFTS[0], pygame.KEYUP),
    ]
    assert None is desk.lift(5, 5)


def test_it_slides_the_other_way(desk):
    """And is lifted where it is then."""
    desk.key(SHIFTS[0])
    desk.press(5, 5)
    assert Moved(AT[0] + 799 - 15, AT[1] + 479 - 25, SECOND) == desk.slide(15, 25)
    assert opposite(15, 25, down=False) == desk.lift(15, 25)


def test_without_shift_there_is_none(desk):
    """However the mouse is moved; nor with its other button."""
    assert [None, None, None] == [desk.press(5, 5), desk.slide(6, 6), desk.lift(6, 6)]
    desk.key(SHIFTS[0])
    assert None is desk.press(5, 5, button=3)


def test_a_finger_on_a_panel_has_none(desk):
    """Who has a panel has fingers."""
    desk.key(SHIFTS[0])
    assert None is desk.heard(pygame.Event(pygame.FINGERDOWN, {"touch_id": 1, "finger_id": 1, "x": 0.1, "y": 0.1}))


@pytest.mark.parametrize("corner", [(1, 1), (798, 1), (1, 478), (798, 478)])
def test_with_it_a_mouse_holds_two_corners(desk, corner):
    """Whichever it is pressed in."""
    desk.key(SHIFTS[0])
    desk.press(*corner)
    assert [False, True] == [desk.held(HELD - 0.1), desk.held(0.2)]


@pytest.mark.parametrize("how", ["the mouse slides off", "Shift is let go", "the button is let go"])
def test_who_lets_go_of_either_holds_no_longer(desk, how):
    """Three seconds are of both."""
    desk.key(SHIFTS[0])
    desk.press(5, 5)
    assert not desk.held(HELD - 1.0)
    match how:
        case "the mouse slides off":
            desk.slide(400, 5)
        case "Shift is let go":
            desk.key(SHIFTS[0], pygame.KEYUP)
        case _:
            desk.lift(5, 5)
    assert [False, False] == [desk.held(0.5), desk.held(1.0)]


def test_a_screen_with_nothing_around_it_has_no_such_finger(open_screen):
    """On a booth a mouse and Shift are a mouse."""
    screen = open_screen()
    screen.show(AttractScene(4), 1000.0)
    pygame.event.post(pygame.Event(pygame.KEYDOWN, {"key": SHIFTS[0], "mod": 0, "scancode": 225, "unicode": ""}))
    pygame.event.post(pygame.Event(pygame.MOUSEBUTTONDOWN, {"pos": (5, 5), "button": 1}))
    meant = [*screen.events(1000.0), *screen.events(1000.0 + HELD + 0.1)]
    assert [] == [event for event in meant if isinstance(event, CornersHeld)]
