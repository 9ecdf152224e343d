"""What is painted, on the glass: turned or smaller; and a finger on it, back where it was painted."""

from dataclasses import replace

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.events import SendChosen
from booth.core.form import Form, Line
from booth.core.scene import AttractScene, FormScene
from booth.core.states import Animation
from booth.ports import Size
from booth.ui.drawing.glass import Glass, fitted, sharp, turned

ROTATIONS = (0, 90, 180, 270)
SIZE = Size(64, 40)
NOW = 100.0
FORM = FormScene("visit", Form(), Animation.FAILED, True, False, True, None, None)


@pytest.fixture
def glass(monkeypatch):
    """Return a function that puts a glass on a display that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()

    def put(rotation=0, shown=None, size=SIZE):
        there = shown or turned(size, rotation)
        return Glass(pygame.display.set_mode((there.width, there.height)), size, rotation)

    yield put
    pygame.display.quit()


def seen(surface):
    """Return the pixels of a surface."""
    return pygame.image.tobytes(surface, "RGB")


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_finger_on_a_pixel_means_the_pixel_that_was_painted(glass, rotation):
    """Wherever on the glass a pixel is seen, a finger and a mouse there mean where it was painted."""
    turning = glass(rotation)
    for place in ((0, 0), (63, 0), (0, 39), (63, 39), (20, 10)):
        turning.surface.fill((0, 0, 0))
        turning.surface.set_at(place, (255, 255, 255))
        turning.show(None)
        display = pygame.display.get_surface()
        wide, tall = display.get_size()
        lit = [(x, y) for x in range(wide) for y in range(tall) if display.get_at((x, y))[0]]
        assert 1 == len(lit)
        x, y = lit[0]
        finger = pygame.Event(
            pygame.FINGERDOWN, {"x": (x + 0.5) / wide, "y": (y + 0.5) / tall, "touch_id": 1, "finger_id": 1}
        )
        mouse = pygame.Event(pygame.MOUSEBUTTONDOWN, {"pos": (x, y), "button": 1})
        meant = turning.meant(finger)
        assert place == (int(meant.x * SIZE.width), int(meant.y * SIZE.height))
        assert (place, 1) == (turning.meant(mouse).pos, turning.meant(mouse).button)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_only_what_has_changed_is_turned_and_it_is_all(glass, rotation):
    """After any parts have been shown, the glass is as if everything had been."""
    turning = glass(rotation)
    turning.show(None)
    for rect, colour in (((3, 5, 20, 7), (200, 0, 0)), ((60, 30, 40, 40), (0, 200, 0)), ((0, 0, 1, 40), (0, 0, 200))):
        turning.surface.fill(colour, rect)
        turning.show([pygame.Rect(rect), pygame.Rect(90, 90, 5, 5)])
    assert seen(pygame.transform.rotate(turning.surface, -rotation)) == seen(pygame.display.get_surface())


def test_an_upright_picture_is_painted_on_the_display_itself(glass):
    """Where nothing is to be turned, nothing is in between, and nothing is copied."""
    upright = glass()
    event = pygame.Event(pygame.FINGERDOWN, {"x": 0.5, "y": 0.5, "touch_id": 1, "finger_id": 1})
    assert upright.surface is pygame.display.get_surface()
    assert upright.meant(event) is event


def test_a_window_that_is_shown_smaller_is_whole_and_a_mouse_in_it_means_what_it_points_at(glass):
    """Half as large: each of the four corners is there, and a click on it is a click there."""
    small = glass(shown=Size(32, 20))
    for corner in ((0, 0), (56, 0), (0, 32), (56, 32)):
        small.surface.fill((0, 0, 0))
        small.surface.fill((255, 255, 255), (*corner, 8, 8))
        small.show([pygame.Rect(*corner, 8, 8)])
        x, y = corner[0] // 2 + 2, corner[1] // 2 + 2
        assert (255, 255, 255) == pygame.display.get_surface().get_at((x, y))[:3]
        meant = small.meant(pygame.Event(pygame.MOUSEMOTION, {"pos": (x, y), "buttons": (1, 0, 0)}))
        assert (corner[0] + 5, corner[1] + 5) == meant.pos


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_what_is_shown_smaller_is_turned_as_well(glass, rotation):
    """A booth's window on a desktop that is smaller than it: where a corner is seen, a finger means that corner."""
    shown = turned(Size(32, 20), rotation)
    small = glass(rotation, shown=shown)
    for corner in ((0, 0), (56, 0), (0, 32), (56, 32)):
        small.surface.fill((0, 0, 0))
        small.surface.fill((255, 255, 255), (*corner, 8, 8))
        small.show([pygame.Rect(*corner, 8, 8)])
        lit = pygame.mask.from_threshold(pygame.display.get_surface(), (255, 255, 255), (9, 9, 9)).get_bounding_rects()
        assert [(4, 4)] == [rect.size for rect in lit]
        x, y = lit[0].center
        finger = {"x": x / shown.width, "y": y / shown.height, "touch_id": 1, "finger_id": 1}
        meant = small.meant(pygame.Event(pygame.FINGERDOWN, finger))
        assert (corner[0] + 4, corner[1] + 4) == (round(meant.x * SIZE.width), round(meant.y * SIZE.height))


@given(wide=st.integers(100, 4000), tall=st.integers(100, 3000), room=st.tuples(*[st.integers(200, 2000)] * 2))
def test_a_window_fits_its_desktop(wide, tall, room):
    """It keeps its size where there is room, and its shape always."""
    window, desktop = Size(wide, tall), Size(*room)
    shown = fitted(window, desktop)
    assert shown.width <= desktop.width
    assert shown.height <= desktop.height
    assert (shown == window) is (wide <= desktop.width and tall <= desktop.height)
    assert abs(shown.width * tall - shown.height * wide) <= max(wide, tall)


@pytest.mark.parametrize(
    ("there", "modes", "wanted", "size"),
    [
        ((800, 480), [(800, 480), (640, 480)], (640, 480), (800, 480)),
        ((1920, 1200), [], (800, 480), (1920, 1200)),
        ((3840, 2160), [(3840, 2160), (1920, 1080), (1600, 1200), (1280, 720)], None, (1920, 1080)),
        ((3840, 2160), [(3840, 2160), (1920, 1080), (1280, 720)], (1024, 600), (1280, 720)),
        ((3840, 2160), [(3840, 2160)], (1024, 600), (1024, 600)),
        ((3840, 2160), [(3840, 2160)], None, (1920, 1080)),
        ((3840, 2160), [(3840, 2160)], (3840, 2160), (1920, 1080)),
        ((7680, 4320), [(7680, 4320)], None, (1920, 1080)),
    ],
)
def test_a_television_is_painted_with_fewer_pixels(there, modes, wanted, size):
    """What has more than can be painted in time is switched to the nearest mode, or what is painted is enlarged."""
    given = Size(*wanted) if wanted else None
    assert Size(*size) == sharp(Size(*there), [Size(*mode) for mode in modes], given)


@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_booth_on_a_screen_that_hangs_sideways(open_screen, rotation):
    """It looks as upright, turned; and what is touched on the glass is what is seen there."""
    upright = open_screen()
    scenes = (AttractScene(4), FORM, replace(FORM, form=Form(email=Line("zoe@example.org", 15))))
    for frame, scene in enumerate(scenes):
        upright.show(scene, NOW + frame)
    expected = seen(upright._surface)
    screen = open_screen(rotation=rotation)
    for frame, scene in enumerate(scenes):
        screen.show(scene, NOW + frame)
    display = pygame.display.get_surface()
    assert (turned(Size(800, 480), rotation)) == Size(*display.get_size())
    assert expected == seen(pygame.transform.rotate(display, rotation))

    send = next(spot for spot in screen.spots() if spot.name == "send")
    x, y = (send.x + send.width / 2) / 800, (send.y + send.height / 2) / 480
    at = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]
    for kind in (pygame.FINGERDOWN, pygame.FINGERUP):
        pygame.event.post(pygame.Event(kind, {"x": at[0], "y": at[1], "touch_id": 5, "finger_id": 1}))
    assert [SendChosen(NOW + 3, "en")] == list(screen.events(NOW + 3))
    screen.finger(send.x + 5, send.y + 5)  # what the booth itself says is of the picture
    assert [SendChosen(NOW + 9, "en")] == list(screen.events(NOW + 9))
