"""Every screen there is, in every size and language, painted once and looked at by many."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pygame
import pytest

from booth.ports import Spot
from booth.ui.drawing.canvas import Written
from booth.ui.scenes import painted
from lab.screens import scenes, screens

SHOWN = dict(scenes.screens())
PANELS = {screens.named(size, language): (size, language) for size in scenes.SIZES for language in scenes.LANGUAGES}

COVERS = ("shade", "balloon", "variants")
"""The patches that are meant to lie over others: the darkness behind a question, what pops up over the keys."""


@dataclass(frozen=True)
class Painted:
    """What was seen of a screen."""

    size: tuple[int, int]
    shown: scenes.Shown
    written: tuple[Written, ...]
    """Every line of text."""
    spots: tuple[Spot, ...]
    colours: int
    """So many, roughly."""
    same: bool
    """Whether it looked the same when everything was painted anew."""
    small: pygame.Surface
    """As it is kept."""


def look(easel: screens.Easel, shown: scenes.Shown) -> Painted:
    """Paint a screen as it comes after another, and then all of it anew."""
    surface = easel.paint(shown)
    before = surface.copy()
    small = screens.reduced(surface)
    few = pygame.transform.scale(surface, (80, 48))
    colours = set(struct.iter_unpack("3B", pygame.image.tobytes(few, "RGB")))
    surface.fill((0, 255, 0))
    written = tuple(anew(easel, shown))
    same = alike(before, surface)
    return Painted(surface.get_size(), shown, written, tuple(easel.screen.spots()), len(colours), same, small)


def alike(one: pygame.Surface, other: pygame.Surface) -> bool:
    """Whether two pictures have the same colours in all pixels. Whole buffers are compared first: that is fast."""
    if one.get_buffer().raw == other.get_buffer().raw:
        return True
    return pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def anew(easel: screens.Easel, shown: scenes.Shown) -> Iterator[Written]:
    """Paint all that the screen is made of, back to front; yield every line of text that nothing lies over."""
    screen, now = easel.screen, screens.BEGUN + shown.elapsed
    canvas, patches = (
        screen._canvas,
        [*painted(shown.scene, screen._stage(shown.scene, now, screen._hands.feedback(now)))],
    )
    for index, patch in enumerate(patches):
        canvas.surface.set_clip(patch.box.tuple)
        canvas.written = lines = []
        patch.paint(canvas)
        over = [other.box for other in patches[index + 1 :] if other.name.startswith(COVERS)]
        yield from (line for line in lines if not any(line.box.meets(box) for box in over))
    canvas.written = None
    canvas.surface.set_clip(None)


@pytest.fixture(scope="session", params=PANELS)
def panel(request):
    """Return each size and language, with its name."""
    return request.param, *PANELS[request.param]


@pytest.fixture(scope="session")
def gallery(panel):
    """Return all screens of one size in one language, by name."""
    _, size, language = panel
    with screens.easel(size, language) as easel:
        return {name: look(easel, shown) for name, shown in SHOWN.items()}


@pytest.fixture(params=scenes.SIZES, ids=lambda size: f"{size.width}x{size.height}")
def easel(request):
    """Return a screen of each size."""
    with screens.easel(request.param) as easel:
        yield easel
