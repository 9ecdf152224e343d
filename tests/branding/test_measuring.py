from datetime import date

import pygame
import pytest

from booth.branding import measuring
from booth.branding.drawing import Inscription, Occasion, Overlay, draw
from booth.ports import Size
from booth.units import Pixels

BOX = pygame.Rect(20, 20, 60, 20)


def plain(colour=(0, 0, 0, 0), size=(200, 100)):
    surface = pygame.Surface(size, pygame.SRCALPHA, 32)
    surface.fill(colour)
    return surface


def overlay(*texts, ground=None, logo=None):
    return Overlay(ground or plain(), plain(), texts, logo, pygame.Rect(10, 10, 180, 80))


def text(box=BOX, colour=(255, 255, 255), height=20, name="title"):
    return Inscription(name, pygame.Rect(box), colour, height, ("Fest",))


@pytest.mark.parametrize(
    ("colour", "picture", "ratio"),
    [((255, 255, 255), (0, 0, 0), 21.0), ((255, 255, 255), (252, 252, 252), 1.02), ((0, 0, 0), (120, 120, 120), 4.76)],
)
def test_contrast_is_what_wcag_says(colour, picture, ratio):
    """Of the text's colour with what is behind it."""
    found = measuring.legible(text(colour=colour), overlay(text()), [plain((*picture, 255))])
    assert ratio == pytest.approx(found.ratio, abs=0.05)


def test_a_plate_is_behind_the_text():
    """What shines through it counts, too."""
    half = plain()
    half.fill((0, 0, 0, 128), BOX)
    found = measuring.legible(text(), overlay(text(), ground=half), [plain((255, 255, 255, 255))])
    assert 3.9 == pytest.approx(found.ratio, abs=0.2)


def test_the_worst_of_the_pictures_counts():
    """Guests stand before a dark wall once, and in white shirts the next time."""
    pictures = [plain((0, 0, 0, 255)), plain((255, 255, 255, 255))]
    assert 1.0 == pytest.approx(measuring.legible(text(), overlay(text()), pictures).ratio, abs=0.05)


def test_a_bright_spot_counts_and_an_edge_does_not():
    """A tenth of what is behind a text is seen, a fiftieth is not."""
    for share, bright in ((0.1, True), (0.02, False)):
        picture = plain((0, 0, 0, 255))
        picture.fill((255, 255, 255, 255), (BOX.left, BOX.top, max(round(BOX.width * share), 1), BOX.height))
        ratio = measuring.legible(text(), overlay(text()), [picture]).ratio
        assert bright == (ratio < 2.0)


@pytest.mark.parametrize(("height", "least"), [(23, 4.5), (24, 3.0)])
def test_large_text_needs_less(height, least):
    """From 24 pixels on."""
    assert least == measuring.legible(text(height=height), overlay(text()), [plain((0, 0, 0, 255))]).least


def test_what_covers_the_middle_is_measured():
    """A veil that can be looked through hides nothing."""
    half, veil = plain(), plain((0, 0, 0, 100))
    half.fill((0, 0, 0, 255), (0, 0, 100, 100))
    assert [0.5, 0.0] == [round(measuring.hidden(overlay(ground=ground)), 2) for ground in (half, veil)]


def test_what_stands_beyond_the_safe_area_is_named():
    """Texts and the logo."""
    found = overlay(text((5, 20, 50, 20)), text(BOX, name="date"), logo=pygame.Rect(150, 60, 60, 20))
    assert ("title", "logo") == measuring.outside(found)


def test_what_stands_over_each_other_is_named():
    """Each pair once."""
    found = overlay(text(), text((50, 30, 60, 20), name="date"), text((150, 30, 20, 20), name="caption"))
    assert ("title and date",) == measuring.over_each_other(found)


@pytest.mark.parametrize(
    ("size", "product"),
    [((640, 480), "animation"), ((480, 640), "animation"), ((600, 1800), "strip"), ((640, 480), "clip")],
)
@pytest.mark.parametrize("name", ["corner", "plain", "polaroid"])
@pytest.mark.parametrize("colour", [(250, 250, 250), (10, 10, 10), (160, 140, 120)])
def test_what_the_booth_brings_along_can_be_read_over_any_picture(name, size, product, colour, fonts):
    """In each shape; nothing stands over something else, and faces are free."""
    from booth.branding import layout

    sheet = layout.read(layout.place_of(name)).sheets[product]
    event = "Annual general meeting of the friends of old steam engines"
    found = draw(sheet, Size(*map(Pixels, size)), Occasion(event, date(2026, 11, 28)), fonts)
    picture = plain((*colour, 255), size)
    legible = [measuring.legible(each, found, [picture]) for each in found.texts]
    assert [] == [each for each in legible if each.ratio < each.least]
    assert ((), (), 0.0) == (measuring.outside(found), measuring.over_each_other(found), measuring.hidden(found))
