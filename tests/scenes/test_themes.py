"""Every screen in every theme, and in the clothes of an event: all that is written can be read."""

from dataclasses import replace

import pygame
import pytest

from booth.ui.drawing import brand
from booth.ui.theme import CONTROL, PAIRS, ROLES, TEXT, USUAL, named, names
from booth.ui.words import Texts
from lab.screens import scenes, screens

LARGE = 24
"""Pixels of ink from which a text needs less contrast, as WCAG has it."""

SIZE, UPRIGHT = scenes.SIZES[0], scenes.SIZES[-1]
CALM = ("starting", "attract", "finishing", "apology", "out-of-order")


def written(easel, shown):
    """Return every line of text on a screen, with its contrast."""
    easel.paint(shown)
    screen = easel.screen
    screen._repainter.forget()
    screen._looked = ()
    screen._canvas.written = lines = []
    screen.show(shown.scene, screens.BEGUN + shown.elapsed)
    screen._canvas.written = None
    return lines


def distinct(theme):
    """Return a theme like this one, in which no two roles have the same colour."""
    taken = set()
    for role in ROLES:
        r, g, b = getattr(theme, role)
        while (r, g, b) in taken:
            b = b - 1 if b > 128 else b + 1
        taken.add((r, g, b))
        theme = replace(theme, **{role: (r, g, b)})
    return theme


def unreadable(lines):
    """Return the lines that have too little contrast with what is under them."""
    return [
        (line.text, round(line.contrast, 2))
        for line in lines
        if line.contrast < (CONTROL if line.box.height >= LARGE else TEXT)
    ]


@pytest.mark.parametrize("size", [SIZE, UPRIGHT], ids=lambda size: f"{size.width}x{size.height}")
@pytest.mark.parametrize("theme", names())
def test_all_that_is_written_can_be_read(theme, size):
    """No text on any screen falls short of its contrast, measured on the pixels under it."""
    with screens.easel(size, theme=theme) as easel:
        short = {name: unreadable(written(easel, shown)) for name, shown in scenes.screens()}
    assert {} == {name: lines for name, lines in short.items() if lines}


def test_whatever_meets_on_a_screen_is_held_to_its_contrast(monkeypatch):
    """The pairs that an owner's colours are checked for are those of the painters: not one more is on any screen."""
    theme = distinct(named(USUAL))
    role_of = {getattr(theme, role): role for role in ROLES}
    listed = {(pair.front, pair.ground) for pair in PAIRS} | {(pair.ground, pair.front) for pair in PAIRS}
    met = {}
    with screens.easel(SIZE, theme=theme) as easel:
        canvas = easel.screen._canvas
        for name, shown in scenes.screens():
            canvas.drawn = signs = []
            found = [*written(easel, shown), *signs]
            canvas.drawn = None
            for line in found:
                front, ground = role_of.get(line.colour), role_of.get(line.ground)
                if front and ground and (front, ground) not in listed:
                    met.setdefault((front, ground), name)
    assert {} == met


@pytest.fixture(scope="module")
def garish(tmp_path_factory):
    """Return the path of a picture with every contrast in it that there is: black and white bars, noise and colours."""
    picture = pygame.Surface((400, 240))
    for x in range(0, 400, 8):
        shade = pygame.Color(0)
        shade.hsva = (x * 0.9 % 360, 100, 100 if x % 16 else 0, 100)
        picture.fill(shade if x % 24 else (255, 255, 255), (x, 0, 8, 240))
    path = tmp_path_factory.mktemp("event") / "garish.png"
    pygame.image.save(picture, path)
    return path


@pytest.mark.parametrize("size", [SIZE, UPRIGHT], ids=lambda size: f"{size.width}x{size.height}")
@pytest.mark.parametrize("theme", ["pink", "night"])
def test_no_picture_behind_it_makes_a_calm_screen_unreadable(garish, theme, size):
    """There is paper, or a card, under all that is written, whatever picture the event has brought."""
    event = brand.load(size, named(theme), background=str(garish), logo=str(garish))
    texts = Texts("A headline of the event", "And what is below", "Hit the button", "Lovely")
    calm = [(name, shown) for name, shown in scenes.screens() if name.startswith(CALM)]
    with screens.easel(size, theme=theme, brand=event, texts=texts) as easel:
        lines = {name: written(easel, shown) for name, shown in calm}
    short = {name: unreadable(found) for name, found in lines.items()}
    assert {} == {name: found for name, found in short.items() if found}
    assert "A headline of the event" in {line.text for line in lines["attract"]}
    assert scenes.TITLE not in {line.text for line in lines["attract"]}


@pytest.mark.parametrize("size", [SIZE, UPRIGHT], ids=lambda size: f"{size.width}x{size.height}")
def test_the_cards_lie_on_the_paper(garish, size):
    """Over an event's picture words and cards share one sheet of paper: no edge is beside another."""
    event = brand.load(size, named(USUAL), background=str(garish))
    beside = []
    with screens.easel(size, brand=event) as easel:
        for name, shown in scenes.screens():
            if not name.startswith(("starting", "finishing", "apology", "out-of-order")):
                continue
            easel.paint(shown)
            ground, *patches = easel.screen._repainter._shown
            _, papers = ground.key
            cards = [patch for patch in patches if patch.name in {"card", "kept"} or patch.name.startswith("missing")]
            assert cards
            beside += [
                (name, card.name) for card in cards if not any(paper.with_(card.box) == paper for paper in papers)
            ]
    assert [] == beside
