"""A screen that nobody sees, an album of four pictures, and a preview."""

import itertools
from dataclasses import fields

import pytest

from booth.core.visit import SessionId
from booth.ports import Picture, Playback, Size
from booth.ui.dress import Dress
from booth.ui.screen import PygameScreen
from booth.ui.text.fonts import Fonts

USUAL = Size(800, 480)
DRESS = {field.name for field in fields(Dress)}


class OneAlbum:
    """An album that holds one animation, or none, and the frames of one visit."""

    def __init__(self, held=None):
        self.held = held
        self.taken = {}

    def playback(self, session):
        return self.held

    def frames(self, session):
        return self.taken


def plain(width, height, colour):
    """Return a picture of one colour."""
    return Picture(Size(width, height), bytes(colour) * (width * height))


@pytest.fixture
def four():
    """Return an animation of four plain pictures with unequal delays, without end."""
    colours = ((250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0))
    return Playback(tuple(plain(64, 48, colour) for colour in colours), (0.5, 0.25, 0.5, 1.0), 0)


@pytest.fixture
def album(four):
    """Return an album that holds the four pictures."""
    return OneAlbum(four)


@pytest.fixture
def camera():
    """Return a list whose last picture is the preview's."""
    return [plain(64, 48, (10, 200, 30))]


@pytest.fixture(scope="module")
def fonts_of_the_module():
    """Return fonts that know how wide a line is, whichever test has asked first: it is as wide on every screen."""
    return Fonts()


@pytest.fixture
def open_screen(monkeypatch, album, camera, fonts_of_the_module):
    """Return a function that opens screens where nobody sees them; they are closed afterwards."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    opened = []
    numbers = itertools.count(1)

    def opening(size=USUAL, **more):
        worn = {name: value for name, value in more.items() if name in DRESS}
        dress = Dress(size, **{"title": "The party", "consent_text": "You may show my pictures."} | worn)
        usual = {} if dress.brand.titles else {"fonts": fonts_of_the_module}
        around = usual | {
            "album": album,
            "preview": lambda: camera[-1] if camera else None,
            "fresh": lambda: SessionId(f"fresh-{next(numbers)}"),
            "gallery": None,
            "voice": None,
            "speaker": None,
        }
        opened.append(PygameScreen(dress, **around | {name: more[name] for name in more.keys() - worn.keys()}))
        return opened[-1]

    yield opening
    for screen in opened:
        screen.close()
    fonts_of_the_module.forget()


@pytest.fixture
def screen(open_screen):
    """Return a screen of the usual size."""
    return open_screen()
