"""The drawn oven: its button answers clicks, its LED follows the panel, and the screen's pixels are never touched."""

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ports import Size
from booth.ui.kitchen.oven import BLINK_EVERY, Oven
from booth.ui.layout import Side
from lab.screens import scenes

SMALL = Size(800, 480)
LARGE = Size(1024, 600)
OTHERS = [Size(480, 320), Size(480, 800), Size(1280, 800)]
MARK = (1, 254, 3)


class Recorder:
    """A panel that writes down what the hand does."""

    def __init__(self):
        self.heard = []
        self.lit = False

    def press(self):
        self.heard.append("press")

    def release(self):
        self.heard.append("release")


@pytest.fixture
def panel():
    """Return a panel that listens."""
    return Recorder()


@pytest.fixture
def oven(panel):
    """Return an oven around the usual screen."""
    return Oven(SMALL, panel)


@pytest.fixture
def window(oven):
    """Return the window's pixels, all of one colour that the oven does not use."""
    surface = pygame.Surface((oven.window.width, oven.window.height))
    surface.fill(MARK)
    return surface


def look(surface, box):
    """Return the pixels of *surface* in *box*."""
    return pygame.image.tobytes(surface.subsurface(box), "RGB")


# ---- the button


def test_a_click_on_the_button_presses_and_its_release_releases(oven, panel):
    """Both are the oven's business, nobody else's."""
    x, y, _ = oven.button
    assert [True, True] == [oven.touch(x, y, True), oven.touch(x, y, False)]
    assert ["press", "release"] == panel.heard


@given(st.integers(0, 1179), st.integers(0, 679))
def test_the_button_is_a_circle(x, y):
    """A click is the button's if it is inside its circle, and not otherwise."""
    panel = Recorder()
    oven = Oven(SMALL, panel)
    centre_x, centre_y, radius = oven.button
    inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 <= radius**2
    assert inside == oven.touch(x, y, True)
    assert (["press"] if inside else []) == panel.heard


def test_a_release_anywhere_lets_the_button_go(oven, panel):
    """A finger that slides off, even onto the screen, does not leave the button stuck."""
    x, y, _ = oven.button
    oven.touch(x, y, True)
    assert oven.touch(*oven.screen_at, False)
    assert ["press", "release"] == panel.heard


def test_a_release_that_began_elsewhere_is_not_the_ovens(oven, panel):
    """A tap on the screen belongs to the screen, though it ends on the button."""
    x, y, _ = oven.button
    assert not oven.touch(*oven.screen_at, True)
    assert not oven.touch(x, y, False)
    assert [] == panel.heard


def test_space_is_a_hand_on_the_button_however_often_it_repeats(oven, panel):
    """A held key repeats itself; that is one press."""
    for down in (True, True, True, False, False):
        oven.key(down)
    assert ["press", "release"] == panel.heard


def test_two_hands_make_one_press(oven, panel):
    """The button is down until both the mouse and SPACE have let go."""
    x, y, _ = oven.button
    oven.touch(x, y, True)
    oven.key(True)
    oven.touch(x, y, False)
    assert ["press"] == panel.heard
    oven.key(False)
    assert ["press", "release"] == panel.heard


# ---- what is seen


@pytest.mark.parametrize("screen", [SMALL, LARGE, *OTHERS])
def test_the_screen_is_never_painted_over(screen):
    """Whatever happens around it, each pixel of the screen stays as the screen left it; all others are painted."""
    panel = Recorder()
    oven = Oven(screen, panel)
    surface = pygame.Surface((oven.window.width, oven.window.height))
    surface.fill(MARK)
    for step in range(8):
        panel.lit = step % 2 == 0
        oven.key(step % 4 < 2)
        oven.paint(surface, step * 0.93)
    inside = pygame.Rect(*oven.screen_at, screen.width, screen.height)
    marked = pygame.mask.from_threshold(surface, MARK, (1, 1, 1, 255))
    assert screen.width * screen.height == marked.count()
    assert [inside] == marked.get_bounding_rects()


@pytest.mark.parametrize("screen", [SMALL, LARGE, *OTHERS])
def test_button_and_screen_are_inside_the_window_and_apart(screen):
    """The button can be clicked, all of it, and no part of it is on the screen."""
    oven = Oven(screen, Recorder())
    x, y, radius = oven.button
    around = pygame.Rect(x - radius, y - radius, 2 * radius, 2 * radius)
    inside = pygame.Rect(*oven.screen_at, screen.width, screen.height)
    whole = pygame.Rect(0, 0, oven.window.width, oven.window.height)
    assert whole.contains(around)
    assert whole.contains(inside)
    assert not around.colliderect(inside)
    assert radius >= 50


@pytest.mark.parametrize(("screen", "window"), [(SMALL, Size(1180, 680)), (LARGE, Size(1340, 760))])
def test_the_window_fits_a_laptop(screen, window):
    """1366 x 768 pixels are enough for both of the booth's usual screens."""
    assert window == Oven(screen, Recorder()).window


def test_the_first_painting_is_the_whole_window_and_the_next_nothing(oven, window):
    """Without a change there is nothing to paint."""
    assert [(0, 0, 1180, 680)] == oven.paint(window, 0.1)
    assert [] == oven.paint(window, 0.1)
    assert [] == oven.paint(window, 0.2)


def test_what_has_changed_lies_inside_what_is_reported(oven, panel, window):
    """Each painting returns rectangles that cover every pixel it has changed."""
    oven.paint(window, 0.0)
    for now, lit, down in (
        (0.1, True, False),
        (0.6, True, True),
        (1.2, False, False),
        (BLINK_EVERY - 0.01, True, False),
    ):
        before = window.copy()
        panel.lit = lit
        oven.key(down)
        boxes = oven.paint(window, now)
        assert boxes
        assert all(box != (0, 0, 1180, 680) for box in boxes)
        for box in boxes:
            before.blit(window, box[:2], box)
        assert pygame.image.tobytes(before, "RGB") == pygame.image.tobytes(window, "RGB")


def test_the_led_follows_the_panel(oven, panel, window):
    """Lit and dark look different, and dark again looks as dark before."""
    x, y = oven._plan.led
    around = (x - 30, y - 30, 60, 60)
    oven.paint(window, 0.1)
    dark = look(window, around)
    panel.lit = True
    assert [oven._controls.box] == oven.paint(window, 0.1)
    lit = look(window, around)
    panel.lit = False
    oven.paint(window, 0.1)
    assert dark == look(window, around)
    assert sum(lit) > sum(dark)


def test_the_button_shows_that_it_is_down(oven, window):
    """A press can be seen at once, and so can its end."""
    x, y, radius = oven.button
    around = (x - radius, y - radius, 2 * radius, 2 * radius)
    oven.paint(window, 0.1)
    up = look(window, around)
    oven.key(True)
    oven.paint(window, 0.1)
    down = look(window, around)
    oven.key(False)
    oven.paint(window, 0.1)
    assert up != down
    assert up == look(window, around)


def test_a_part_that_changes_leaves_no_edge(oven, panel, window):
    """Where a part is repainted, its border looks as the scenery around it did."""
    oven.paint(window, 0.1)
    scenery = oven._scenery
    x, y, width, height = oven._controls.box
    for row in (y + 30, y + height - 1):
        for column in (x, x + 12, x + width - 1):
            assert scenery.get_at((column, row)) == window.get_at((column, row))


def test_the_clock_blinks_as_if_never_set(oven, window):
    """The colon goes off and comes back once a second."""
    oven.paint(window, 0.1)
    clock = oven._display.box
    on = look(window, clock)
    assert clock in oven.paint(window, 0.6)
    assert on != look(window, clock)
    assert clock in oven.paint(window, 1.1)
    assert on == look(window, clock)


def scene(name):
    """Return one of the booth's scenes."""
    return dict(scenes.screens())[name].scene


def test_the_oven_takes_part_in_what_is_shown(oven, window):
    """Its clock, the light inside and its face belong to the scene; afterwards all is as it was."""
    oven.paint(window, 0.1, scene("attract"))
    parts = {"clock": oven._display.box, "rim": oven._rim[0].box, "face": oven._controls.box}
    before = {name: look(window, box) for name, box in parts.items()}
    changed = {}
    for name in ("countdown-3", "flash", "finishing", "farewell-sent", "apology-camera", "attract"):
        oven.paint(window, 0.1, scene(name))
        changed[name] = {part for part, box in parts.items() if look(window, box) != before[part]}
    everything = {"clock", "rim", "face"}
    assert changed == {
        "countdown-3": everything,
        "flash": everything,
        "finishing": {"clock", "rim"},
        "farewell-sent": {"clock", "face"},
        "apology-camera": {"clock", "face"},
        "attract": set(),
    }


def test_the_light_inside_is_brighter_than_the_dark_glass(oven, window):
    """And the flash is brighter still."""
    brightness = []
    for name in ("attract", "countdown-3", "flash"):
        oven.paint(window, 0.1, scene(name))
        brightness.append(sum(look(window, oven._rim[1].box)))
    assert brightness == sorted(set(brightness))


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("screen", [SMALL, Size(480, 800)])
def test_the_lens_is_where_the_settings_say(screen, side):
    """On that side of the screen, outside it, in the window of the door."""
    oven = Oven(screen, Recorder(), lens=side)
    x, y = oven._plan.lens_at
    left, top = oven.screen_at
    right, bottom = left + screen.width, top + screen.height
    beside = {Side.TOP: y < top, Side.BOTTOM: y >= bottom, Side.LEFT: x < left, Side.RIGHT: x >= right}
    assert [side] == [where for where, true in beside.items() if true]
    assert pygame.Rect(oven._plan.glass).collidepoint(x, y)


def test_a_hand_on_the_button_comes_first(oven, window):
    """Whatever the face does, it sees the press."""
    faces = set()
    oven.key(True)
    for name in ("attract", "farewell-sent", "apology-camera"):
        oven.paint(window, 0.1, scene(name))
        faces.add(look(window, oven._controls.box))
    assert 1 == len(faces)


def test_what_a_visit_shows_is_drawn_while_nobody_has_come(oven, window):
    """After a while of waiting nothing is left to draw: no frame of a countdown waits for the scenery."""
    oven.paint(window, 0.1)
    for _ in range(60):
        oven.paint(window, 0.1)
    drawn = [len(part._pictures) for part in (*oven._rim, oven._controls)]
    for name in ("get-ready", "countdown-3", "flash", "finishing", "farewell-sent", "apology-camera"):
        oven.paint(window, 0.1, scene(name))
    assert drawn == [len(part._pictures) for part in (*oven._rim, oven._controls)]


def test_the_mug_steams_only_where_there_is_one(panel):
    """A narrow window has no room for it."""
    wide, narrow = Oven(SMALL, panel), Oven(Size(480, 320), panel)
    surface = pygame.Surface((wide.window.width, wide.window.height))
    wide.paint(surface, 0.1)
    assert [wide._steam.box] == wide.paint(surface, 0.3)
    assert narrow._steam is None


def test_the_words_take_another_font(panel, window, tmp_path):
    """A font file that is not there is an error at once, not an oven without words."""
    with pytest.raises(FileNotFoundError):
        Oven(SMALL, panel, font=tmp_path / "none.ttf").paint(window, 0.0)
