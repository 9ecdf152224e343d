import shutil
import struct
from itertools import pairwise

import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booth.core.graphemes import boundary
from booth.ports import Size
from booth.ui.assets import asset
from booth.ui.text.fonts import ELLIPSIS, PICTURES_KEPT, Fonts, Weight

INK = (59, 18, 48)
ANY = st.text(st.characters(codec=None), max_size=40)
SCRIPTS = st.text(
    "abc 12 (é) אבג דوس م 李小 한국 ไทย कि 🎉👨\u200d👩👍🏽🇫🇷❤\ufe0f1\ufe0f\u20e3 \u200c\u0301\ue000", max_size=24
)
LATIN = st.text("ab 12 éñßŒ©ªǅʼ’“…–\u00a0\u202f\u0301\u00ad", max_size=12)
"""Letters of Latin languages, and their marks; the last two are none that stand for themselves."""


@pytest.fixture(scope="module")
def fonts():
    """Return the fonts of this system, all found, without a display."""
    pygame.font.init()
    here = Fonts()
    here.search(wait=True)
    yield here
    pygame.font.quit()


@pytest.fixture
def alone():
    """Return fonts on a system that has none of its own."""
    pygame.font.init()
    bare = Fonts(())
    bare.search(wait=True)
    return bare


def places(text):
    """Return every caret position of *text*."""
    found = [0]
    while found[-1] < len(text):
        found.append(boundary(text, found[-1], 1))
    return found


@given(text=ANY)
def test_any_text_can_be_shown(fonts, text):
    """Whatever Unicode has, unpaired surrogates included, becomes a picture as wide as it says."""
    picture = fonts.render(text, Weight.BOLD, 24, INK)
    assert picture.get_width() >= fonts.width(text, Weight.BOLD, 24)
    assert picture.get_height() > 0


@given(text=SCRIPTS, weight=st.sampled_from(Weight), height=st.integers(1, 60))
def test_any_mixture_of_scripts_can_be_shown(fonts, text, weight, height):
    """Letters of all directions and emoji of many parts, in any order, at any size."""
    picture = fonts.render(text, weight, height, INK)
    assert picture.get_width() >= fonts.width(text, weight, height)


@given(text=LATIN | SCRIPTS | ANY, weight=st.sampled_from(Weight))
def test_the_short_way_leads_where_the_long_one_does(fonts, text, weight):
    """What is all Latin is not looked at letter by letter, and is laid out as if it had been."""
    assert list(fonts._split(text, weight)) == list(fonts._runs(text, weight))


@given(text=SCRIPTS | ANY, room=st.integers(0, 400))
def test_cut_text_fits(fonts, text, room):
    """What is too wide for its room ends in an ellipsis and is not too wide any more; no character is cut in two."""
    shown = fonts.cut(text, Weight.MEDIUM, 20, room)
    assert fonts.width(shown, Weight.MEDIUM, 20) <= room
    if not shown:  # and it is not for want of trying
        assert text == "" or fonts.width(ELLIPSIS, Weight.MEDIUM, 20) > room
    assert shown in {text, ""} or shown.endswith(ELLIPSIS)
    if shown not in {text, ""}:
        kept = shown.removesuffix(ELLIPSIS)
        assert any(text[:place].rstrip() == kept for place in places(text))


@given(text=SCRIPTS | ANY, room=st.integers(0, 400))
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


def test_where_there_are_no_blanks_lines_break_between_ideographs(fonts):
    """Nothing of a Chinese sentence is cut off, and no line begins with its full stop."""
    text = "你可以在大屏幕上展示我的照片。谢谢。"
    lines = fonts.wrap(text, Weight.MEDIUM, 20, 110)
    assert len(lines) > 2
    assert text == "".join(lines)
    assert not [line for line in lines if line.startswith("。")]


def test_what_was_rendered_is_kept(fonts):
    """The same text is drawn once."""
    assert fonts.render("Send", Weight.BOLD, 20, INK) is fonts.render("Send", Weight.BOLD, 20, INK)


# ---- letters of other scripts


def alike(one, other):
    """Return whether two pictures have the same pixels."""
    return pygame.image.tobytes(one, "RGBA") == pygame.image.tobytes(other, "RGBA")


@pytest.mark.parametrize(
    "text", ["李小龙", "ひらがな", "김철수", "محمد", "אבי", "हिन्दी", "ไทย", "🎉", "ქართული", "Հայ"]
)
def test_names_of_the_world_are_no_boxes(fonts, alone, text):
    """With the fonts that the set-up installs, these names are shown in letters."""
    assert not alike(fonts.render(text, Weight.BOLD, 30, INK), alone.render(text, Weight.BOLD, 30, INK))


def test_what_no_font_has_is_a_box_for_each_character(alone):
    """Nothing is passed over in silence: the guest sees how many characters are stored."""
    assert alone.width("龍龍龍", Weight.BOLD, 30) == 3 * alone.width("龍", Weight.BOLD, 30) > 0
    assert alone.width("\ue000", Weight.BOLD, 30) == alone.width("🎉", Weight.BOLD, 30)


def test_letters_join_as_their_script_wants_it(fonts):
    """Lam and alef become one sign, unless a non-joiner is between them; a Thai vowel stands over its letter."""
    assert fonts.width("\u0644\u0627", Weight.BOLD, 40) < fonts.width("\u0644\u200c\u0627", Weight.BOLD, 40)
    assert fonts.width("\u0e17\u0e35\u0e48", Weight.BOLD, 40) == fonts.width("\u0e17", Weight.BOLD, 40)


SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"


@pytest.mark.parametrize("emoji", ["👨\u200d👩\u200d👧", "👍🏽", "🇫🇷", "1\ufe0f\u20e3", "❤\ufe0f", SCOTLAND], ids=ascii)
def test_an_emoji_of_several_parts_is_one_picture(fonts, emoji):
    """Families, skin tones, flags and key caps are as wide as any emoji, and not grey."""
    picture = fonts.render(emoji, Weight.BOLD, 40, INK)
    assert abs(fonts.width(emoji, Weight.BOLD, 40) - fonts.width("🎉", Weight.BOLD, 40)) <= 2
    assert any(max(c[:3]) - min(c[:3]) < 200 and c[3] for c in [picture.get_at((20, y)) for y in range(20, 40)])


def test_what_is_taller_leaves_the_line_where_it_is(fonts):
    """Beside tall letters, the booth's own stay on their line when the picture is centred."""
    plain, mixed = (fonts.render(text, Weight.BOLD, 40, INK) for text in ("Zoë", "Zoë ปั๊ م"))
    lift = (mixed.get_height() - plain.get_height()) // 2
    window = plain.get_bounding_rect()
    cut = mixed.subsurface((window.x, window.y + lift, window.width, window.height))
    assert alike(plain.subsurface(window), cut)


def test_fonts_are_looked_for_aside_and_a_bar_stands_in(tmp_path):
    """The first text that needs a font of the system does not wait for it; once found, it is painted again, once."""
    shutil.copy(asset(Weight.MEDIUM.value), tmp_path / "DejaVuSans.ttf")
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    here = Fonts([tmp_path])
    here.width("Zoë", Weight.BOLD, 24)
    assert not here.arrived()
    bar = here.render("\u9f8d", Weight.BOLD, 24, INK)
    here.search(wait=True)
    assert here.arrived()
    assert not here.arrived()
    assert not alike(bar, here.render("\u9f8d", Weight.BOLD, 24, INK))


def test_fonts_that_nobody_missed_are_no_reason_to_paint(tmp_path):
    """When every letter was there before, nothing is painted again."""
    here = Fonts([tmp_path])
    here.render("Zoë", Weight.BOLD, 24, INK)
    here.search(wait=True)
    assert not here.arrived()


def test_a_font_that_cannot_be_drawn_with_is_passed_over(tmp_path):
    """A file with a sound character map and nothing else is found out when it is drawn with; the next one steps in."""
    rows = struct.pack(">III", 0x9F8D, 0x9F8D, 1)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 28, 0, 1) + rows
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 16, 0, 0) + b"cmap" + struct.pack(">III", 0, 28, len(cmap))
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(head + cmap)
    here = Fonts([tmp_path])
    here.search(wait=True)
    assert here.render("a\u9f8d", Weight.BOLD, 24, INK).get_width() > 0
    assert here.width("\u9f8d", Weight.BOLD, 24) == here.width("\ue000", Weight.BOLD, 24)


def test_titles_may_have_a_font_of_their_own(fonts):
    """The owner's font is used for the heaviest cut, as far as it has the letters; the booth's own for the rest."""
    titles = Fonts(titles=asset(Weight.MEDIUM.value))
    assert titles.width("Party", Weight.EXTRA, 60) == fonts.width("Party", Weight.MEDIUM, 60)
    assert titles.width("Party", Weight.BOLD, 60) == fonts.width("Party", Weight.BOLD, 60)


# ---- the caret


@given(text=SCRIPTS)
def test_a_caret_never_leaves_its_text(fonts, text):
    """Wherever it is, it is between the ends of what is shown."""
    width = fonts.width(text, Weight.BOLD, 24)
    assert all(0 <= fonts.caret_x(text, index, Weight.BOLD, 24) <= width for index in range(-1, len(text) + 2))


@given(text=SCRIPTS | ANY, x=st.integers(-50, 600))
@example(text="A\u0626\u0622\u061e", x=18).via("a letter that narrows the word it is joined to")
def test_a_touch_puts_the_caret_where_it_is_nearest(fonts, text, x):
    """It lands between two visible characters, and no other place is nearer to the finger."""
    index = fonts.index_at(text, x, Weight.BOLD, 24)
    assert index in places(text)
    away = abs(fonts.caret_x(text, index, Weight.BOLD, 24) - x)
    assert away == min(abs(fonts.caret_x(text, place, Weight.BOLD, 24) - x) for place in places(text))


@given(text=SCRIPTS)
def test_a_caret_that_is_touched_stays(fonts, text):
    """Touching where the caret is shown leaves it there, as far as eyes can tell."""
    for place in places(text):
        x = fonts.caret_x(text, place, Weight.BOLD, 24)
        again = fonts.index_at(text, x, Weight.BOLD, 24)
        assert fonts.caret_x(text, again, Weight.BOLD, 24) == x


def test_the_caret_goes_the_way_of_the_text(fonts):
    """In Hebrew it begins on the right and goes left; in a Latin name it goes right."""
    assert fonts.caret_x("אבי", 0, Weight.BOLD, 24) == fonts.width("אבי", Weight.BOLD, 24)
    for text, rising in (("אבי", False), ("Zoë", True)):
        carets = [fonts.caret_x(text, index, Weight.BOLD, 24) for index in range(4)]
        assert all((a < b) == rising for a, b in pairwise(carets))


def test_the_caret_stands_behind_what_was_typed_last(fonts):
    """After a Hebrew word in a Latin line it is at the word's left end, where the next letter will come."""
    text = "Zoë שלום"
    assert fonts.caret_x(text, len(text), Weight.BOLD, 24) == fonts.width("Zoë ", Weight.BOLD, 24)


# ---- limits


def test_a_text_that_is_too_long_for_any_picture_is_no_reason_to_stop(fonts):
    """Even a text wider than pictures can be becomes one."""
    for letter in "W龍\ue000ب🎉":
        assert fonts.render(letter * 30_000, Weight.BOLD, 200, INK).get_height() > 0


def test_what_is_kept_is_weighed():
    """However much is written in a night, and however large, memory stays as it is."""
    pygame.font.init()
    many = Fonts()
    for number in range(1500):
        many.render(f"Guest number {number} of the night", Weight.BOLD, 60, INK)
    assert PICTURES_KEPT * 0.9 < many._pictures.weight <= PICTURES_KEPT
    for number in range(600):
        many.width(f"{number} Ze ze Зе ζε " * 20, Weight.BOLD, 10)
    assert many._lines.weight <= 2_000_000
    for height in range(8, 120):
        many.width("a", Weight.BOLD, height)
    assert len(many._fonts) == 96


def test_a_large_screen_has_more_room_for_its_larger_letters(fonts):
    """The bytes that are kept grow with the pixels, so that a television does not draw its words again and again."""
    large = Fonts()
    large.allow(Size(1920, 1080))
    for number in range(400):
        large.render(f"Guest number {number} of the night", Weight.BOLD, 80, INK)
    assert PICTURES_KEPT < large._pictures.weight <= 4 * 4 * 1920 * 1080
