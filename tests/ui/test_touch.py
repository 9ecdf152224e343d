import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ports import Size
from booth.ui.touch import Closed, Entered, Exposed, Stroke, Struck, Tap, deed, tap_events

WINDOW = Size(800, 480)


def event(kind, **more):
    """Return an event of pygame's."""
    return pygame.Event(kind, more)


@given(st.integers(0, 799), st.integers(0, 479))
def test_a_finger_is_reported_twice_and_counts_once(x, y):
    """The synthetic mouse that SDL makes of a finger is dropped, and the finger lands on its pixel."""
    deeds = [deed(raw, WINDOW) for raw in tap_events(x, y, WINDOW)]
    assert [Tap(x, y, down=True), None, Tap(x, y, down=False), None] == deeds


@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_a_finger_on_the_edge_is_on_the_screen(edge):
    """Panels report 0 and 1; both are pixels of the window."""
    tap = deed(event(pygame.FINGERDOWN, x=edge, y=edge), WINDOW)
    assert tap in {Tap(0, 0, down=True), Tap(799, 479, down=True)}


def test_a_real_mouse_counts_as_a_finger():
    """A left click is a tap; the other buttons and the wheel are not."""
    assert deed(event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1, touch=False), WINDOW) == Tap(3, 4, down=True)
    assert deed(event(pygame.MOUSEBUTTONUP, pos=(3, 4), button=1), WINDOW) == Tap(3, 4, down=False)
    for button in (2, 3, 4, 5):
        assert deed(event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=button, touch=False), WINDOW) is None


def test_keys_and_text_of_a_keyboard():
    """Text comes composed; the keys that move and erase come as themselves; Escape and the rest mean nothing."""
    assert deed(event(pygame.TEXTINPUT, text="é"), WINDOW) == Entered("é")
    assert deed(event(pygame.KEYDOWN, key=pygame.K_BACKSPACE), WINDOW) == Struck(Stroke.BACKSPACE, down=True)
    assert deed(event(pygame.KEYUP, key=pygame.K_SPACE), WINDOW) == Struck(Stroke.SPACE, down=False)
    assert deed(event(pygame.KEYDOWN, key=pygame.K_ESCAPE), WINDOW) is None
    assert deed(event(pygame.KEYDOWN, key=pygame.K_a), WINDOW) is None


def test_the_window_says_when_it_is_closed_or_shown_again():
    """Closing and uncovering a window are told apart from everything else."""
    assert deed(event(pygame.QUIT), WINDOW) == Closed()
    assert deed(event(pygame.WINDOWEXPOSED), WINDOW) == Exposed()
    assert deed(event(pygame.MOUSEMOTION, pos=(1, 1), rel=(0, 0), buttons=(0, 0, 0)), WINDOW) is None


def test_text_is_kept_out_of_tracebacks():
    """What guests type is not in the representation of a deed."""
    assert "secret" not in repr(Entered("secret"))
