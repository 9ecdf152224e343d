import shutil

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ui.assets import asset
from booth.ui.fonts import ELLIPSIS, Fonts, Weight

INK = (59, 18, 48)


@pytest.fixture(scope="module")
def fonts():
    """Return the fonts, without a display."""
    pygame.font.init()
    yield Fonts()
    pygame.font.quit()


@given(text=st.text(st.characters(codec=None), max_size=40))
def test_any_text_can_be_shown(fonts, text):
    """Whatever Unicode has, unpaired surrogates included, becomes a picture as wide as it says."""
    picture = fonts.render(text, Weight.BOLD, 24, INK)
    assert picture.get_width() >= fonts.width(text, Weight.BOLD, 24)
    assert picture.get_height() > 0


@pytest.mark.parametrize("text", ["Zoë O'Néill", "Ωραία", "Привет", "Łódź ĞİŞ", "→ €"])
def test_the_alphabets_of_europe_need_no_other_font(fonts, text):
    """Latin, Greek and Cyrillic are in the typeface that the booth brings along."""
    assert all(fonts._has(Weight.BOLD.value, char) for char in text if not char.isspace())


def test_a_letter_that_the_typeface_lacks_is_known_as_missing(fonts):
    """An ideograph is not taken for drawn because a box was drawn in its place."""
    assert not fonts._has(Weight.BOLD.value, "龍")


@given(text=st.text(max_size=60), room=st.integers(20, 400))
def test_cut_text_fits(fonts, text, room):
    """What is too wide for its room ends in an ellipsis and is not too wide any more."""
    shown = fonts.cut(text, Weight.MEDIUM, 20, room)
    assert fonts.width(shown, Weight.MEDIUM, 20) <= room
    assert shown == text or shown.endswith(ELLIPSIS)


@given(text=st.text(st.characters(categories=["L", "Zs"]), max_size=120), room=st.integers(60, 400))
def test_wrapped_lines_fit(fonts, text, room):
    """No line of a paragraph is wider than its room."""
    for line in fonts.wrap(text, Weight.MEDIUM, 20, room):
        assert fonts.width(line, Weight.MEDIUM, 20) <= room


def test_wrapping_keeps_the_words(fonts):
    """Words keep their order, and line ends are kept."""
    text = "one two three four five six\nseven"
    lines = fonts.wrap(text, Weight.MEDIUM, 20, 120)
    assert text.split() == " ".join(lines).split()
    assert lines[-1] == "seven"


def test_what_was_rendered_is_kept(fonts):
    """The same text is drawn once."""
    assert fonts.render("Send", Weight.BOLD, 20, INK) is fonts.render("Send", Weight.BOLD, 20, INK)


def test_a_font_of_the_system_steps_in(fonts, tmp_path):
    """Of the fonts that a system has, those that can be drawn with are used; a broken one is passed over."""
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    shutil.copy(asset(Weight.MEDIUM.value), tmp_path / "DejaVuSans.ttf")
    (tmp_path / "readme.txt").write_text("no font either")
    here = Fonts([tmp_path])
    assert (str(tmp_path / "DejaVuSans.ttf"),) == here._fallbacks()
    assert here.render("\u9f8d", Weight.BOLD, 24, INK).get_width() > 0


def test_a_text_that_is_too_long_for_any_picture_is_no_reason_to_stop(fonts):
    """Even a text wider than pictures can be becomes one."""
    assert fonts.render("W" * 30_000, Weight.BOLD, 200, INK).get_height() > 0


def test_only_the_latest_pictures_are_kept():
    """However much is written in a night, memory stays as it is."""
    pygame.font.init()
    many = Fonts()
    for number in range(1600):
        many.render(str(number), Weight.BOLD, 10, INK)
    assert len(many._kept) == 1500
