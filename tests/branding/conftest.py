"""What the tests of the layout share: fonts of the booth alone, layouts written to a file, and pictures for them."""

import pygame
import pytest

from booth.branding import layout
from booth.ui.text.fonts import Fonts


@pytest.fixture(scope="module")
def fonts():
    """Return the booth's own fonts: what they have no letters for is a box."""
    pygame.font.init()
    own = Fonts(folders=())
    yield own
    own.close()


@pytest.fixture
def write(tmp_path):
    """Return what writes a layout, and returns its path."""

    def written(text):
        (tmp_path / "layout.toml").write_text(text, encoding="utf-8")
        return tmp_path / "layout.toml"

    return written


@pytest.fixture
def sheet(write):
    """Return what reads a layout, and returns its sheet for a product."""
    return lambda text, product="animation": layout.read(write(text)).sheets[product]


@pytest.fixture
def picture(tmp_path):
    """Return what saves a PNG: the left half of one colour, the rest transparent."""

    def saved(name, size=(40, 20), colour=(200, 0, 0)):
        surface = pygame.Surface(size, pygame.SRCALPHA, 32)
        surface.fill((*colour, 255), (0, 0, size[0] // 2, size[1]))
        pygame.image.save(surface, tmp_path / name)
        return tmp_path / name

    return saved
