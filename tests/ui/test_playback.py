import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ports import Picture, Playback, Size
from booth.ui.drawing.playback import Projector, due
from booth.ui.layout import Box

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
    """What is on the left of the sensor is on the right of the screen."""
    red, blue = (255, 0, 0), (0, 0, 255)
    picture = Picture(Size(4, 3), (bytes(red) * 2 + bytes(blue) * 2) * 3)
    shown = Projector().mirrored(picture, Box(0, 0, 800, 600), Size(640, 480))
    assert ((800, 600), blue, red) == (shown.get_size(), shown.get_at((10, 240))[:3], shown.get_at((790, 240))[:3])


@pytest.mark.parametrize("size", [(640, 480), (800, 600)])
def test_a_preview_that_is_mirrored_already_is_shown_as_it_is_colours_and_all(size):
    """A Pi's camera hands out its pixels as displays have them: blue first, and opaque."""
    red, blue = b"\x00\x00\xff\xff", b"\xff\x00\x00\xff"
    picture = Picture(Size(640, 480), memoryview((red * 320 + blue * 320) * 480), order="BGRA", mirrored=True)
    screen = pygame.Surface(size)
    screen.blit(Projector().mirrored(picture, Box(0, 0, *size), Size(640, 480)), (0, 0))
    assert ((255, 0, 0), (0, 0, 255)) == (screen.get_at((10, 240))[:3], screen.get_at((size[0] - 10, 240))[:3])


@pytest.mark.parametrize(
    ("shape", "left", "top"),
    [(Size(640, 480), 0, 0), (Size(480, 640), 140, 0), (Size(640, 640), 80, 0), (Size(1920, 480), 0, 160)],
)
def test_a_preview_has_what_the_animation_will_have(shape, left, top):
    """And nothing beside it: as much is cut away on both sides as in the animation."""
    surface = pygame.Surface((640, 480), 0, 24, (0x0000FF, 0x00FF00, 0xFF0000, 0))
    for x in range(640):
        pygame.draw.line(surface, (x // 4, 0, 0), (x, 0), (x, 479))
    for y in range(480):
        for x in (left, 639 - left):
            surface.set_at((x, y), (x // 4, y // 4, 0))
    picture = Picture(Size(640, 480), pygame.image.tobytes(surface, "RGB"))
    high = 640 * shape.height // shape.width
    shown = Projector().mirrored(picture, Box(0, 0, 640, high), shape)
    found = [shown.get_at((x, y))[:2] for x, y in ((0, 0), (639, 0), (0, high - 1))]
    right, bottom = 639 - left, 479 - top
    assert [(right // 4, top // 4), (left // 4, top // 4), (right // 4, bottom // 4)] == [tuple(one) for one in found]


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
