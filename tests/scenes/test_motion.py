"""With reduced motion nothing moves on any screen but what a guest must see moving."""

import os
from contextlib import contextmanager

import pygame
import pytest

from booth.core.scene import FormScene, StartingScene
from booth.ports import Picture, Size
from booth.ui.drawing.qr import Coder
from booth.ui.dress import Dress
from booth.ui.screen import PygameScreen
from booth.ui.text.fonts import Fonts
from lab.screens import scenes

SECONDS = 10
"""How long each screen is looked at."""

PER_SECOND = 15
"""How often: more often than anything on them moves."""


class Empty:
    """An album without a picture."""

    def playback(self, session):
        return None

    def frames(self, session):
        return dict.fromkeys((1, 2, 3, 4), self.frame)

    frame = Picture(Size(64, 48), bytes((200, 120, 40)) * (64 * 48))


@contextmanager
def opened(size, **options):
    """Open a screen where nobody sees it."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    preview = Picture(Size(64, 48), bytes((40, 160, 200)) * (64 * 48))
    screen = PygameScreen(
        Dress(size, title="The party", consent_text="You may show my pictures.", languages=scenes.LANGUAGES, **options),
        album=Empty(), preview=lambda: preview, fresh=lambda: scenes.SESSION, gallery=None, voice=None, speaker=None,
        fonts=Fonts(()),  # those of this machine come when they are found, and what they were missed in is painted anew
        coder=Coder(size, aside=lambda job: job()),  # a code is not worked out while one looks
    )  # fmt: skip
    try:
        yield screen
    finally:
        screen.close()
        del os.environ["SDL_VIDEODRIVER"]


def moving(screen, scene, begun):
    """Return the rectangle in which pixels change while *scene* is shown; None if none does."""
    screen.show(StartingScene() if type(scene) is not StartingScene else FLASH, begun - 1.0)
    screen.show(scene, begun)
    # What is worked out in the background, or comes in with a leap, has a second for it.
    for step in range(PER_SECOND):
        screen.show(scene, begun + step / PER_SECOND)
    first = screen._surface.copy()
    still = last = first.get_buffer().raw
    moved = []
    for step in range(SECONDS * PER_SECOND):
        if screen.show(scene, begun + 1.0 + step / PER_SECOND):
            pixels = screen._surface.get_buffer().raw
            if pixels in (still, last):  # a caret comes and goes: each of both is looked at once
                continue
            last = pixels
            change = pygame.mask.from_threshold(screen._surface, (0, 0, 0), (1, 1, 1, 255), first)
            change.invert()
            moved += change.get_bounding_rects()
    return moved[0].unionall(moved) if moved else None


FLASH = next(shown.scene for name, shown in scenes.screens() if name == "flash")


@pytest.fixture(scope="module")
def screen(request):
    """Yield a screen of the size, and with or without reduced motion, that is asked for: all scenes are shown on it."""
    size, reduced = request.param
    with opened(size, reduced_motion=reduced) as screen:
        yield screen


def on(*screens):
    """Have a test see each of these *screens*."""
    named = [f"{size.width}x{size.height}" for size, _ in screens]
    return pytest.mark.parametrize("screen", screens, indirect=True, ids=named)


@pytest.mark.parametrize("name", [name for name, _ in scenes.screens()])
@on((Size(800, 480), True), (Size(480, 800), True))
def test_nothing_moves_that_need_not(screen, name):
    """Over ten seconds nothing changes on a screen but the caret of a form: no pulse, no drift, no bounce."""
    shown = dict(scenes.screens())[name]
    moved = moving(screen, shown.scene, 1000.0)
    if isinstance(shown.scene, FormScene) and shown.scene.typing:
        fields = [spot for spot in screen.spots() if spot.name.startswith("field:")]
        boxes = [pygame.Rect(spot.x, spot.y, spot.width, spot.height) for spot in fields]
        assert moved is None or any(box.contains(moved) for box in boxes)
    else:
        assert moved is None


@pytest.mark.parametrize("name", ["starting", "attract", "get-ready", "finishing"])
@on((Size(800, 480), False))
def test_without_it_they_are_alive(screen, name):
    """The same screens move as long as nobody asks for less."""
    shown = dict(scenes.screens())[name]
    assert moving(screen, shown.scene, 1000.0) is not None
