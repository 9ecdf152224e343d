from datetime import date
from typing import get_args

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.branding import layout
from booth.branding.drawing import Occasion, draw, said, scaled, written
from booth.branding.keys import Place
from booth.ports import Size
from booth.ui.text.fonts import Fonts
from booth.units import Pixels

DAY = date(2026, 3, 7)
SIZES = [(640, 480), (480, 640), (600, 1800)]


@pytest.fixture
def drawn(sheet, fonts):
    """Return what draws a layout."""

    def made(text, size=(640, 480), event="Fest", day=DAY, logo=None):
        return draw(sheet(text), Size(*map(Pixels, size)), Occasion(event, day), fonts, logo)

    return made


@pytest.mark.parametrize("size", SIZES)
def test_a_layout_is_as_large_as_its_picture(drawn, size):
    """Pixel by pixel: gm stretches nothing."""
    assert size == drawn("", size).whole().get_size()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["corner", "plain", "polaroid"])
@pytest.mark.parametrize("event", ["Fest", "Annual general meeting of the friends of old steam engines", "W" * 100])
def test_text_of_what_the_booth_brings_along_stays_in_the_picture(name, size, event, fonts):
    """In no shape of a picture does a letter lie beyond the edge, however long the name."""
    sheet = layout.read(layout.place_of(name)).sheets["animation"]
    found = draw(sheet, Size(*map(Pixels, size)), Occasion(event, DAY), fonts)
    ink = found.letters.get_bounding_rect()
    assert ink.width > 0
    assert pygame.Rect((0, 0), size).contains(ink)
    if sheet.border.bottom == 0:
        assert found.safe.contains(ink)


@pytest.mark.parametrize("place", get_args(Place))
def test_a_text_stands_where_it_is_placed(drawn, place):
    """At its edge of the safe area, or in the middle of it."""
    found = drawn(f'[title]\nplace = "{place}"\n')
    box, safe = found.texts[0].box, found.safe
    across = "left" if "left" in place else "right" if "right" in place else "centerx"
    along = "top" if "top" in place else "bottom" if "bottom" in place else "centery"
    assert getattr(safe, across) == pytest.approx(getattr(box, across), abs=1)
    assert getattr(safe, along) == pytest.approx(getattr(box, along), abs=1)


def test_texts_at_one_place_stand_below_each_other_on_one_plate(drawn):
    """Title, date, caption, in this order; the plate is the first's, and is behind all of them."""
    text = '[title]\nplate = "#0000ff"\nplate_opacity = 100\n[date]\ntext = "{date}"\n[caption]\ntext = "Welcome"\n'
    found = drawn(text)
    assert ["title", "date", "caption"] == [text.name for text in found.texts]
    tops = [text.box.top for text in found.texts]
    assert sorted(tops) == tops
    plate = found.ground.get_bounding_rect()
    assert all(plate.contains(text.box) for text in found.texts)
    assert (0, 0, 255, 255) == found.ground.get_at(plate.center)


def test_a_plate_of_the_second_text_is_behind_the_first_too(drawn):
    """Whichever of them has it."""
    found = drawn('[date]\ntext = "{date}"\nplate = "#0000ff"\n')
    assert all(found.ground.get_bounding_rect().contains(text.box) for text in found.texts)


def test_a_band_goes_from_edge_to_edge(drawn):
    """And below it is no strip of picture."""
    found = drawn('[title]\nplate = "#000000"\nplate_opacity = 100\nplate_shape = "band"\n')
    assert (0, 640, 480) == ((plate := found.ground.get_bounding_rect()).left, plate.width, plate.bottom)


def test_a_logo_keeps_its_shape_and_its_corner(drawn, picture):
    """As wide as it may be, transparent where it is."""
    picture("logo.png", (40, 20))
    found = drawn('[title]\ntext = ""\n[logo]\nshown = true\nfile = "logo.png"\nplace = "top-left"\nsize = 25.0\n')
    assert (160, 80) == found.logo.size
    assert found.safe.topleft == found.logo.topleft
    left, right = (found.whole().get_at((found.logo.left + x, found.logo.centery)) for x in (20, 140))
    assert ((200, 0, 0, 255), 0) == (tuple(left), right.a)


def test_the_events_own_logo_stands_where_the_layout_names_none(drawn):
    """And without one there is nothing."""
    text = '[title]\ntext = ""\n[logo]\nshown = true\n'
    own = pygame.Surface((10, 10), pygame.SRCALPHA, 32)
    own.fill((9, 9, 9, 255))
    assert 0 == drawn(text).whole().get_bounding_rect().width
    assert (9, 9, 9, 255) == drawn(text, logo=own).whole().get_at((600, 30))


def test_a_title_makes_room_for_the_logo_beside_it(drawn, picture):
    """In the same row neither lies over the other."""
    picture("logo.png", (40, 20))
    logo = '[logo]\nshown = true\nfile = "logo.png"\nplace = "bottom-right"\nsize = 30.0\n'
    for place in ("bottom", "bottom-left"):
        found = drawn(f'[title]\nplace = "{place}"\n{logo}', event="A name that would fill the whole of the row")
        assert not found.texts[0].box.colliderect(found.logo)


def test_artwork_lies_over_the_whole_picture(drawn, picture):
    """Also if it has another size."""
    picture("frame.png", (64, 48))
    whole = drawn('[title]\ntext = ""\n[artwork]\nfile = "frame.png"\n').whole()
    assert ((200, 0, 0, 255), 0) == (tuple(whole.get_at((5, 470))), whole.get_at((635, 5)).a)


def test_a_border_is_wider_below_and_the_title_stands_in_it(drawn):
    """As on an instant picture."""
    found = drawn('[border]\nwidth = 5.0\nbottom = 20.0\n[title]\ncolour = "#000000"\n')
    shade = (255, 255, 255, 255)
    assert [shade, shade, shade] == [tuple(found.ground.get_at(at)) for at in ((23, 200), (300, 23), (300, 385))]
    assert [0, 0] == [found.ground.get_at(at).a for at in ((24, 24), (300, 383))]
    assert pygame.Rect(24, 384, 592, 96).contains(found.texts[0].box)


def test_texts_and_logo_below_a_border_stand_in_the_middle_of_it(drawn, picture):
    """Beside each other, on one line; and texts that are too high together are made smaller."""
    picture("logo.png", (40, 20))
    border = '[border]\nbottom = 20.0\n[title]\ncolour = "#000000"\nplace = "bottom-left"\n'
    logo = '[logo]\nshown = true\nfile = "logo.png"\nplace = "bottom-right"\nsize = 15.0\n'
    found = drawn(border + logo)
    assert [432, 432] == [pytest.approx(box.centery, abs=1) for box in (found.texts[0].box, found.logo)]
    long = drawn(
        border + '[date]\ntext = "{date}"\nplace = "bottom-left"\ncolour = "#000000"\n',
        event="A name of many words " * 4,
    )
    assert all(pygame.Rect(0, 384, 640, 96).contains(text.box) for text in long.texts)
    assert found.texts[0].height > long.texts[0].height


def test_what_does_not_fit_is_made_smaller_and_then_cut(drawn):
    """And who prepares the event is told."""
    short, long, endless = (drawn("", event=event).texts[0] for event in ("Fest", "Summer party " * 7, "W" * 100))
    assert (False, False, True) == (short.cut, long.cut, endless.cut)
    assert short.height > long.height > 0


def test_letters_that_no_font_has_are_named(drawn):
    """Boxes stand there: each character once."""
    assert "\U0010fffd" == drawn("", event="A\U0010fffdB\U0010fffd").texts[0].missing


def test_a_text_with_a_date_waits_until_somebody_knows_the_time(drawn):
    """A wrong day on five hundred pictures is worse than none."""
    text = '[date]\ntext = "{date}"\n'
    assert ["title"] == [each.name for each in drawn(text, day=None).texts]
    assert ("2026-03-07",) == drawn(text).texts[1].lines


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("YYYY-MM-DD", "2026-03-07"),
        ("D.M.YY", "7.3.26"),
        ("MM/DD/YYYY", "03/07/2026"),
        ("YYYY年M月D日", "2026年3月7日"),
    ],
)
def test_a_date_is_written_as_the_layout_says(form, expected):
    """All but D, M and Y stands for itself."""
    assert expected == written(DAY, form)


def test_an_event_that_is_called_like_a_date_is_not_taken_for_one():
    """What the owner wrote is put in once."""
    assert "{date} 7.3.26" == said("{event} {date}", Occasion("{date}", DAY), "D.M.YY")


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_no_name_makes_it_fail(fonts, event):
    """Whatever an event is called, something is drawn, within the picture."""
    sheet = layout.read(layout.place_of("plain")).sheets["animation"]
    found = draw(sheet, Size(Pixels(320), Pixels(240)), Occasion(event, DAY), fonts)
    assert all(pygame.Rect(0, 0, 320, 240).contains(text.box) for text in found.texts)


def test_nothing_bleeds_in_where_a_picture_is_shrunk():
    """What is transparent has a colour, too, which is not seen at the edges."""
    black = pygame.Surface((40, 40), pygame.SRCALPHA, 32)
    black.fill((255, 255, 255, 0))
    black.fill((0, 0, 0, 255), (0, 0, 19, 40))
    small = scaled(black, (11, 11))
    seen = {tuple(small.get_at((x, 5))) for x in range(11) if small.get_at((x, 5)).a}
    assert 1 < len(seen)
    assert {(0, 0, 0)} == {colour[:3] for colour in seen}


def test_letters_of_the_system_are_looked_for_before_it_is_drawn(sheet):
    """No guest takes home a box for a letter that there is."""
    system = Fonts()
    found = draw(sheet(""), Size(Pixels(320), Pixels(240)), Occasion("\u7d50\u5a5a", DAY), system)
    assert ("", False) == (found.texts[0].missing, system.lacked())
    box = draw(sheet(""), Size(Pixels(320), Pixels(240)), Occasion("\ue000\ue000", DAY), system)
    system.close()
    assert pygame.image.tobytes(found.letters, "RGBA") != pygame.image.tobytes(box.letters, "RGBA")
