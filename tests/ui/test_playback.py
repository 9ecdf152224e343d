import pygame
from hypothesis import given
from hypothesis import strategies as st

from booth.ports import Picture, Playback, Size
from booth.ui.layout import Box
from booth.ui.playback import Projector, covering, due

DELAYS = (0.5, 0.25, 0.5, 1.0)


def test_pictures_are_shown_for_their_own_delays():
    """Each picture is due when those before it have had their time, and the first one again after the last."""
    seen = [due(DELAYS, 0, elapsed) for elapsed in (0.0, 0.49, 0.5, 0.74, 0.75, 1.2, 1.25, 2.2, 2.25, 2.75)]
    assert [0, 0, 1, 1, 2, 2, 3, 3, 0, 1] == seen


def test_an_animation_that_ends_stays_on_its_last_picture():
    """After its loops nothing moves."""
    assert due(DELAYS, 2, 4.49) == 3
    assert due(DELAYS, 2, 2.3) == 0
    assert due(DELAYS, 2, 400.0) == 3


@given(st.lists(st.floats(0, 5), max_size=8), st.integers(0, 4), st.floats(0, 1e6))
def test_some_picture_is_always_due(delays, loops, elapsed):
    """No delays, not even zeros, make the screen look for a picture that is not there."""
    assert 0 <= due(delays, loops, elapsed) < max(len(delays), 1)


def test_a_preview_is_mirrored_and_fills_its_box():
    """What is on the left of the sensor is on the right of the screen; nothing is distorted."""
    red, blue = (255, 0, 0), (0, 0, 255)
    picture = Picture(Size(4, 3), (bytes(red) * 2 + bytes(blue) * 2) * 3)
    shown = covering(picture, Box(0, 0, 800, 480), mirrored=True)
    assert shown.get_size() == (800, 480)
    assert shown.get_at((10, 240))[:3] == blue
    assert shown.get_at((790, 240))[:3] == red
    assert covering(picture, Box(0, 0, 800, 480), mirrored=False).get_at((10, 240))[:3] == red


def test_a_picture_is_scaled_once(monkeypatch):
    """The projector keeps what it has scaled, until another visit's animation comes."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode((10, 10))
    playback = Playback((Picture(Size(4, 2), bytes(24)),), (1.0,), 0)
    projector = Projector()
    first = projector.picture("a", playback, 0, (40, 20))
    assert first is projector.picture("a", playback, 0, (40, 20))
    assert first is not projector.picture("b", playback, 0, (40, 20))
    pygame.display.quit()
