"""Every screen there is, in every size and language, painted once and looked at by many."""

import os
from dataclasses import dataclass

import pygame
import pytest

from booth.ports import Playback, Spot
from booth.ui.canvas import Written
from booth.ui.qr import Coder
from booth.ui.screen import PygameScreen
from scripts import scenes, screens

SHOWN = dict(scenes.screens())
PANELS = {screens.named(size, language): (size, language) for size in scenes.SIZES for language in scenes.LANGUAGES}


@dataclass(frozen=True)
class Painted:
    """What was seen of a screen."""

    size: tuple[int, int]
    shown: scenes.Shown
    written: tuple[Written, ...]
    """Every line of text."""
    spots: tuple[Spot, ...]
    colours: int
    """So many, roughly; up to 10."""
    same: bool
    """Whether it looked the same when everything was painted anew."""
    small: pygame.Surface
    """As it is kept."""


def pytest_generate_tests(metafunc):
    """Ask for each screen by its name."""
    if "shown_name" in metafunc.fixturenames:
        metafunc.parametrize("shown_name", SHOWN)


def look(easel: screens.Easel, shown: scenes.Shown) -> Painted:
    """Paint a screen as it comes after another, and then all of it anew."""
    surface, screen = easel.paint(shown), easel.screen
    before = pygame.image.tobytes(surface, "RGB")
    small = screens.reduced(surface)
    few = pygame.transform.scale(surface, (80, 48))
    colours = {tuple(few.get_at((x, y))) for x in range(80) for y in range(48)}
    surface.fill((0, 255, 0))
    screen._compositor.forget()
    screen._looked = ()
    screen._canvas.written = written = []
    screen.show(shown.scene, screens.BEGUN + shown.elapsed)
    screen._canvas.written = None
    same = before == pygame.image.tobytes(surface, "RGB")
    return Painted(surface.get_size(), shown, tuple(written), tuple(screen.spots()), len(colours), same, small)


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


@pytest.fixture
def painted(gallery, shown_name):
    """Return what was seen of one of the screens."""
    return gallery[shown_name]


@pytest.fixture(scope="session")
def pictures():
    """Return the preview picture and the animation of the tests' photographs."""
    small = screens.photographs(160)
    return small[0], Playback(small, (0.5,) * 4, 0)


@pytest.fixture(scope="module", params=scenes.SIZES, ids=lambda size: f"{size.width}x{size.height}")
def stage(request, pictures):
    """Return a screen of each size, with an album and an animation."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    album = screens.Album()
    screen = PygameScreen(
        request.param,
        fullscreen=False,
        title=scenes.TITLE,
        consent_text=scenes.CONSENT,
        album=album,
        preview=lambda: pictures[0],
        fresh=lambda: scenes.SESSION,
        coder=Coder(request.param, aside=lambda job: job()),
    )
    yield screen, album
    screen.close()
    if before is None:
        del os.environ["SDL_VIDEODRIVER"]
    else:
        os.environ["SDL_VIDEODRIVER"] = before
