import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ports import Size
from booth.ui.touch import MOUSE, Entered, Moved, Stroke, Struck, Tap, deed, tap_events

WINDOW = Size(800, 480)


def event(kind, **more):
    """Return an event of pygame's."""
    return pygame.Event(kind, more)


@given(st.integers(0, 799), st.integers(0, 479))
def test_a_finger_is_reported_twice_and_counts_once(x, y):
    """The synthetic mouse that SDL makes of a finger is dropped, and the finger lands on its pixel."""
    deeds = [deed(raw, WINDOW) for raw in tap_events(x, y, WINDOW)]
    assert [Tap(x, y, down=True, finger=(1, 1)), None, Tap(x, y, down=False, finger=(1, 1)), None] == deeds


@pytest.mark.parametrize(("edge", "pixel"), [(0.0, (0, 0)), (1.0, (799, 479))])
def test_a_finger_on_the_edge_is_on_the_screen(edge, pixel):
    """Panels report 0 and 1; both are pixels of the window, the first and the last."""
    tap = deed(event(pygame.FINGERDOWN, x=edge, y=edge, touch_id=1, finger_id=2), WINDOW)
    assert Tap(*pixel, down=True, finger=(1, 2)) == tap


def test_fingers_are_told_apart():
    """Each finger on a panel has its number, and a finger of another panel is another finger."""
    fingers = [(1, 0), (1, 1), (2, 0), (2, 1)]
    deeds = [deed(event(pygame.FINGERDOWN, x=0.5, y=0.5, touch_id=a, finger_id=b), WINDOW) for a, b in fingers]
    assert fingers == [tap.finger for tap in deeds]


def test_a_finger_that_slides_says_where_it_is():
    """So does a mouse with its left button down; its synthetic twin, and a mouse that only passes by, say nothing."""
    where = {"x": 0.5, "y": 0.5, "touch_id": 3, "finger_id": 4}
    assert deed(event(pygame.FINGERMOTION, **where), WINDOW) == Moved(400, 240, (3, 4))
    dragged = {"pos": (7, 8), "rel": (1, 1), "buttons": (1, 0, 0)}
    assert deed(event(pygame.MOUSEMOTION, **dragged, touch=False), WINDOW) == Moved(7, 8, MOUSE)
    assert deed(event(pygame.MOUSEMOTION, **dragged, touch=True), WINDOW) is None
    assert deed(event(pygame.MOUSEMOTION, **(dragged | {"buttons": (0, 0, 0)})), WINDOW) is None


def test_a_real_mouse_counts_as_a_finger():
    """A left click is a tap; the other buttons and the wheel are not."""
    assert deed(event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1, touch=False), WINDOW) == Tap(3, 4, down=True)
    assert deed(event(pygame.MOUSEBUTTONUP, pos=(3, 4), button=1), WINDOW) == Tap(3, 4, down=False)
    for button in (2, 3, 4, 5):
        assert deed(event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=button, touch=False), WINDOW) is None


def test_a_finger_that_is_made_of_a_mouse_does_not_count():
    """Where SDL is told to make one, the mouse itself counts, and once."""
    where = {"x": 0.5, "y": 0.5, "touch_id": -1, "finger_id": 0}
    for kind in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
        assert deed(event(kind, **where), WINDOW) is None


def test_keys_and_text_of_a_keyboard():
    """Text comes composed; the keys that move and erase come as themselves; Escape and the rest mean nothing."""
    assert deed(event(pygame.TEXTINPUT, text="é"), WINDOW) == Entered("é")
    assert deed(event(pygame.KEYDOWN, key=pygame.K_BACKSPACE), WINDOW) == Struck(Stroke.BACKSPACE, down=True)
    assert deed(event(pygame.KEYUP, key=pygame.K_SPACE), WINDOW) == Struck(Stroke.SPACE, down=False)
    assert deed(event(pygame.KEYDOWN, key=pygame.K_ESCAPE), WINDOW) is None
    assert deed(event(pygame.KEYDOWN, key=pygame.K_a), WINDOW) is None


def test_what_happens_to_the_window_is_nothing_that_hands_did():
    """Closing and uncovering it are for the screen; a mouse that passes by is nobody's."""
    assert deed(event(pygame.QUIT), WINDOW) is None
    assert deed(event(pygame.WINDOWEXPOSED), WINDOW) is None
    assert deed(event(pygame.MOUSEMOTION, pos=(1, 1), rel=(0, 0), buttons=(0, 0, 0)), WINDOW) is None


def test_text_is_kept_out_of_tracebacks():
    """What guests type is not in the representation of a deed."""
    assert "secret" not in repr(Entered("secret"))
