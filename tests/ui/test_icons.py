"""The signs as a designer leaves them: files, in one colour, that fill what they are given."""

import pygame
import pytest

from booth.ui.assets import assets
from booth.ui.drawing.icons import INK, Icon, painted, picture

BERRY = (150, 20, 80)


def off(surface, colour):
    """Return how far a colour of any pixel is from *colour* times its own alpha, at the worst, in steps of 255."""
    width, height = surface.get_size()
    pixels = [surface.get_at((x, y)) for x in range(width) for y in range(height)]
    return max(abs(pixel[band] - colour[band] * pixel.a / 255) for pixel in pixels for band in range(3))


def test_each_sign_is_a_file_and_each_file_a_sign():
    """Nothing is without a drawing, and no drawing lies about."""
    assert sorted(icon.value for icon in Icon) == sorted(path.stem for path in assets("icons", ".svg"))


@pytest.mark.parametrize("icon", Icon)
def test_a_sign_has_the_colour_that_is_asked_for(icon):
    """And no other, at its edges neither: the theme decides."""
    shown = picture(icon, 96, BERRY)
    assert off(shown, BERRY) < 5
    assert off(shown, (150, 20, 40)) > 39


@pytest.mark.parametrize("icon", Icon)
def test_a_sign_is_whole(icon):
    """Nothing of it is cut off at an edge, and it takes at least half of its grid in one direction."""
    shown = picture(icon, 240, BERRY).get_bounding_rect()
    assert pygame.Rect(1, 1, 238, 238).contains(shown)
    assert max(shown.size) > 120


@pytest.mark.parametrize("side", [1, 17, 24, 96])
def test_a_sign_is_as_large_as_asked(side):
    """In pixels, on every screen."""
    assert (side, side) == picture(Icon.CAMERA, side, BERRY).get_size()


def test_colours_are_multiplied_by_their_alpha():
    """As all smooth shapes are: half of a colour at half an alpha."""
    sheet = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0H24V24H0Z" fill="{INK}"'
    shown = painted(f'{sheet} fill-opacity="0.5"/></svg>', 9, BERRY)
    assert off(shown, BERRY) < 5
    assert abs(127.5 - shown.get_at((4, 4)).a) < 1


def test_what_is_no_drawing_is_said():
    """A file that was cut short is no empty sign."""
    with pytest.raises(pygame.error):
        painted("nothing", 24, BERRY)
