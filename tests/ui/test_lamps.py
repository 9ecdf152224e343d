"""The lamps on the farewell: what they say, where they stand, and that only what burns looks so."""

import itertools

import pygame
import pytest

from booth.core.scene import AttractScene, FarewellScene, Lamp
from booth.core.states import Outcome
from booth.ports import Size
from booth.ui.drawing.qr import Coder
from booth.ui.layout import Box, Layout
from booth.ui.pieces import lamps
from booth.ui.scenes import farewell
from booth.ui.words import Words
from lab.screens import scenes

CLOUDS = {"aws": "AWS", "gcp": "Google", "azure": "Azure"}
SESSION = "20261122-170512-k3v9q2m7xw"


def row(*lit):
    """Return a lamp for each cloud; those that are *lit* burn."""
    return tuple(Lamp(site, site in lit) for site in CLOUDS)


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        ((), "On its way to 3 clouds"),
        (("gcp",), "In 1 of 3 clouds"),
        (("gcp", "azure"), "In 2 of 3 clouds"),
        (("aws", "gcp", "azure"), "In all 3 clouds"),
    ],
)
def test_the_words_say_what_the_lamps_say(lit, said):
    """Whoever cannot tell a lamp from another reads how many burn."""
    assert said == lamps.sentence(row(*lit), Words())


def test_one_cloud_is_one():
    """On its way, or there."""
    assert ("On its way to 1 cloud", "In 1 cloud") == (
        lamps.sentence((Lamp("aws", False),), Words()),
        lamps.sentence((Lamp("aws", True),), Words()),
    )


@pytest.mark.parametrize("count", range(1, 7))
@pytest.mark.parametrize("size", [Size(800, 480), Size(1024, 600), Size(480, 800)])
def test_picture_and_lamps_share_a_room(size, count):
    """Neither leaves it, and neither lies on the other."""
    room = Box(10, 20, size.width // 2, size.height // 2)
    rest, card = lamps.parted(Layout(size), room, count)
    assert (room.x, room.y, room.width) == (rest.x, rest.y, rest.width)
    assert (room.x, room.bottom, room.width) == (card.x, card.bottom, card.width)
    assert rest.bottom < card.y


@pytest.mark.parametrize("link", [None, scenes.LINK, scenes.SIGNED], ids=["no link", "page", "signed"])
@pytest.mark.parametrize("size", scenes.SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_as_many_lamps_as_there_may_be_have_room(open_screen, size, link):
    """Beside any code: nothing that is written there is cut or leaves its card, and the picture is still to be seen."""
    screen = open_screen(size, coder=Coder(size, lambda job: job()), clouds=scenes.CLOUDS)
    many = tuple(Lamp(site, index % 2 == 0) for index, site in enumerate(scenes.CLOUDS))
    screen.show(FarewellScene(SESSION, Outcome.SENT, link, lamps=many), 1000.0)
    (patch,) = [patch for patch in screen._repainter._shown if patch.name == "lamps"]
    (picture,) = [patch.box for patch in screen._repainter._shown if patch.name == "picture"]
    canvas = screen._canvas
    canvas.written = lines = []
    patch.paint(canvas)
    canvas.written = None
    assert (7, []) == (len(lines), [line.wanted for line in lines if line.cut])
    card = pygame.Rect(*patch.box.tuple)
    assert [] == [line.wanted for line in lines if not card.contains(line.box.tuple)]
    assert min(picture.width, picture.height) >= 72


def pixels(screen):
    """Return what can be seen of the lamps."""
    (card,) = [patch.box for patch in screen._repainter._shown if patch.name == "lamps"]
    return pygame.image.tobytes(screen._surface.subsurface(card.tuple), "RGB")


def test_each_lamp_that_burns_is_seen(open_screen):
    """Whichever they are: no two farewells that say something else look alike."""
    screen = open_screen(Size(800, 480), clouds=CLOUDS)
    seen = set()
    for count in range(len(CLOUDS) + 1):
        for lit in itertools.combinations(CLOUDS, count):
            screen.show(FarewellScene(SESSION, Outcome.SENT, lamps=row(*lit)), 1000.0)
            seen.add(pixels(screen))
    assert 2 ** len(CLOUDS) == len(seen)


def test_without_lamps_nothing_is_said_of_clouds(open_screen):
    """A booth whose owner names no clouds has the farewell and the invitation that it had."""
    screen = open_screen(Size(800, 480))
    screen.show(FarewellScene(SESSION, Outcome.SENT), 1000.0)
    assert [] == [patch for patch in screen._repainter._shown if patch.name == "lamps"]
    screen.show(AttractScene(4), 1001.0)
    assert [] == [patch for patch in screen._repainter._shown if patch.name == "everywhere"]


def test_the_last_lamp_is_said_aloud():
    """Once all burn it is said, with how to take it home; a lamp before the last is not another cue."""
    sent = FarewellScene(SESSION, Outcome.SENT, lamps=row("aws"))
    every = FarewellScene(SESSION, Outcome.SENT, lamps=row(*CLOUDS))
    linked = FarewellScene(SESSION, Outcome.SENT, "https://example.org", lamps=row(*CLOUDS))
    some = FarewellScene(SESSION, Outcome.SENT, lamps=row())
    assert farewell.cue(sent) == farewell.cue(some) != farewell.cue(every)
    assert "In all 3 clouds" == farewell.said(every, Words())
    assert "In all 3 clouds. Scan with your phone camera" == farewell.said(linked, Words())
