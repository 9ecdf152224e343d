"""Every screen there is, as ``scripts/screens`` paints them."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from booth.ports import Playback

SCRIPT = Path(__file__).parents[2] / "scripts" / "screens.py"


def load_script():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("screens_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SCRIPT_MODULE = load_script()
SCREENS = dict(SCRIPT_MODULE.screens())


def pytest_generate_tests(metafunc):
    """Ask for each screen by its name."""
    if "shown_name" in metafunc.fixturenames:
        metafunc.parametrize("shown_name", SCREENS)


@pytest.fixture(scope="session")
def script():
    """Return ``scripts/screens.py``."""
    return SCRIPT_MODULE


@pytest.fixture
def shown(shown_name):
    """Return one of the screens."""
    return SCREENS[shown_name]


@pytest.fixture(scope="session")
def pictures():
    """Return the preview picture and the animation of the tests' photographs."""
    small = SCRIPT_MODULE.photographs(160)
    return small[0], Playback(small, (0.5,) * 4, 0)


@pytest.fixture(scope="module", params=SCRIPT_MODULE.SIZES, ids=lambda size: f"{size.width}x{size.height}")
def stage(request, pictures):
    """Return a screen of each size, with an album and an animation."""
    before = os.environ.get("SDL_VIDEODRIVER")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    album = SCRIPT_MODULE.Album()
    screen = SCRIPT_MODULE.PygameScreen(
        request.param,
        fullscreen=False,
        title=SCRIPT_MODULE.TITLE,
        consent_text=SCRIPT_MODULE.CONSENT,
        album=album,
        preview=lambda: pictures[0],
        fresh=lambda: SCRIPT_MODULE.SESSION,
    )
    yield screen, album
    screen.close()
    if before is None:
        del os.environ["SDL_VIDEODRIVER"]
    else:
        os.environ["SDL_VIDEODRIVER"] = before


@pytest.fixture
def painted(stage, pictures, shown):
    """Return the screen after it has painted one of the screens, and every line of text on it."""
    screen, album = stage
    SCRIPT_MODULE.paint(screen, album, pictures[1], shown)
    screen._compositor.forget()
    screen._looked = ()
    screen._canvas.written = []
    screen.show(shown.scene, 1000.0 + shown.elapsed)
    written, screen._canvas.written = screen._canvas.written, None
    return screen, written
