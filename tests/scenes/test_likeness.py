"""What the comparison of pictures sees, and what it does not mind: a real screen, broken on purpose."""

import random

import pygame
import pytest

from lab.screens import likeness, scenes, screens

SHOWN = dict(scenes.screens())
FORM, INVITATION, SORRY = "form-email", "attract", "apology-camera"


@pytest.fixture(scope="module", params=scenes.SIZES, ids=lambda size: f"{size.width}x{size.height}")
def canvas(request):
    """Return three screens of a size, as painted: their pixels, their spots and their lines of text."""
    seen = {}
    with screens.easel(request.param) as easel:
        for name in (FORM, INVITATION, SORRY):
            picture = easel.paint(SHOWN[name]).copy()
            easel.screen._repainter.forget()
            easel.screen._looked = ()
            easel.screen._canvas.written = written = []
            easel.screen.show(SHOWN[name].scene, screens.BEGUN + SHOWN[name].elapsed)
            seen[name] = picture, tuple(easel.screen.spots()), tuple(written)
    return seen


def worst(before, after):
    """Return how far two pictures seem apart when they are as small as they are kept."""
    return likeness.difference(screens.reduced(before), screens.reduced(after)).worst


def moved(picture, spot, dx, dy):
    """Return the picture with what is at *spot* a little elsewhere."""
    around = pygame.Rect(spot.x - 2, spot.y - 2, spot.width + 4, spot.height + 4).clip(picture.get_rect())
    broken, cut = picture.copy(), picture.subsurface(around).copy()
    broken.fill(picture.get_at(around.topleft), around)
    broken.blit(cut, (around.x + dx, around.y + dy))
    return broken


@pytest.mark.parametrize("name", ["send", "skip", "retake", "delete", "consent", "key:q", "key:m"])
@pytest.mark.parametrize("way", [(6, 0), (-6, 0), (0, 6), (0, -6)])
def test_a_button_that_has_moved_is_seen(canvas, name, way):
    """By six pixels, whatever it is and wherever it went."""
    picture, spots, _ = canvas[FORM]
    spot = next(spot for spot in spots if spot.name == name)
    assert worst(picture, moved(picture, spot, *way)) > likeness.ALIKE


@pytest.mark.parametrize("screen", [FORM, INVITATION, SORRY])
def test_a_line_that_is_missing_is_seen(canvas, screen):
    """Each line of text of a screen, one after the other, however small it is written."""
    picture, _, written = canvas[screen]
    lines = [line for line in written if len(line.text) > 1]
    assert lines
    for line in lines:
        broken = picture.copy()
        box = pygame.Rect(*line.box.tuple).clip(picture.get_rect())
        broken.fill(picture.get_at((box.x, box.y)), box)
        assert worst(picture, broken) > likeness.ALIKE, line


def test_a_word_that_is_missing_is_seen(canvas):
    """The last word of a sentence."""
    picture, _, written = canvas[SORRY]
    for line in (line for line in written if " " in line.text):
        share = len(line.text.rpartition(" ")[2]) / len(line.text)
        box = pygame.Rect(*line.box.tuple)
        end = pygame.Rect(box.right - round(box.width * share), box.y, round(box.width * share), box.height)
        broken = picture.copy()
        broken.fill(picture.get_at((box.x, box.y)), end.clip(picture.get_rect()))
        assert worst(picture, broken) > likeness.ALIKE, line


@pytest.mark.parametrize("change", [(0, 24, 0), (24, 0, 0), (0, 0, 32), (-24, -24, -24)])
def test_a_colour_that_is_another_is_seen(canvas, change):
    """A button in a pink that is a little off, though nothing else has changed."""
    picture, spots, _ = canvas[FORM]
    spot = next(spot for spot in spots if spot.name == "send")
    inside = pygame.Rect(spot.x, spot.y, spot.width, spot.height).inflate(-8, -8)
    broken = picture.copy()
    up, down = (tuple(max(way * part, 0) for part in change) for way in (1, -1))
    broken.fill(up, inside, pygame.BLEND_RGB_ADD)
    broken.fill(down, inside, pygame.BLEND_RGB_SUB)
    assert worst(picture, broken) > likeness.ALIKE


@pytest.mark.parametrize("screen", [FORM, INVITATION, SORRY])
def test_softer_edges_are_not_minded(canvas, screen):
    """Another processor, another version of the library that draws letters: every edge is blurred by a pixel."""
    picture, _, _ = canvas[screen]
    assert worst(picture, pygame.transform.box_blur(picture, 1)) <= likeness.ALIKE


def test_noise_is_not_minded(canvas):
    """One pixel in fifty is off by a little."""
    picture, _, _ = canvas[FORM]
    broken, chance = picture.copy(), random.Random(7)
    width, height = picture.get_size()
    for _ in range(width * height // 50):
        at = chance.randrange(width), chance.randrange(height)
        broken.set_at(at, [min(max(part + chance.choice((-16, 16)), 0), 255) for part in picture.get_at(at)[:3]])
    assert worst(picture, broken) <= likeness.ALIKE


def test_a_palette_is_not_minded(canvas, tmp_path):
    """What is kept has fewer colours than what is painted, and looks the same."""
    for name, (picture, _, _) in canvas.items():
        small = screens.reduced(picture)
        pygame.image.save(small, tmp_path / f"{name}.png")
        screens.save_colours([*tmp_path.glob("*.png")])
        assert likeness.difference(small, pygame.image.load(tmp_path / f"{name}.png")).worst <= likeness.ALIKE / 2


def test_where_it_differs_is_told(canvas):
    """The place of the worst region is named, so that a person finds it."""
    small = screens.reduced(canvas[FORM][0])
    broken = small.copy()
    broken.fill((0, 160, 0), (40, 60, 12, 12))
    x, y = likeness.difference(small, broken).at
    assert pygame.Rect(40, 60, 12, 12).collidepoint(x, y)


def test_pictures_of_two_sizes_are_refused():
    """They cannot be the same screen."""
    with pytest.raises(ValueError, match="cannot be compared"):
        likeness.difference(pygame.Surface((8, 8)), pygame.Surface((8, 9)))


def test_the_picture_of_a_difference_shows_it():
    """Red where the two differ, grey where they do not."""
    one = pygame.Surface((32, 32))
    other = one.copy()
    other.fill((255, 255, 255), (16, 0, 16, 32))
    picture = likeness.painted(one, other)
    assert (True, True) == (
        picture.get_at((28, 16)).r > picture.get_at((28, 16)).g,
        len(set(picture.get_at((4, 16))[:3])) == 1,
    )


def test_black_and_white_are_a_hundred_apart():
    """The measure of the distance."""
    one, other = pygame.Surface((32, 32)), pygame.Surface((32, 32))
    other.fill((255, 255, 255))
    assert round(likeness.difference(one, other).worst) == 100
