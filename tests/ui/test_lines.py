from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import Line
from booth.ui.text.lines import View, view


def wide(text):
    """Measure with a typeface in which an i is narrow and all others are alike."""
    return sum(4 if char == "i" else 10 for char in text)


texts = st.text("abiI\u0301👩\u200d🇫🇷", max_size=120)


@given(texts, st.data())
def test_the_caret_can_always_be_seen(text, data):
    """Wherever it is, whatever could be seen before: it is between the first and the last that can be seen now."""
    caret = Line(text).placed(data.draw(st.integers(0, len(text)))).caret
    shown = view(text, caret, 200, wide, data.draw(st.integers(0, 130)))
    assert 0 <= shown.first <= caret <= shown.last <= len(text)
    assert shown.first == Line(text).placed(shown.first).caret
    assert shown.last == Line(text).placed(shown.last).caret


@given(texts, st.data())
def test_what_can_be_seen_fits_and_leaves_no_room(text, data):
    """As much is shown as there is room for, from wherever it begins; a text that fits is shown whole."""
    caret = Line(text).placed(data.draw(st.integers(0, len(text)))).caret
    shown = view(text, caret, 200, wide, data.draw(st.integers(0, 130)))
    assert wide(text[shown.first : shown.last]) <= 200
    if wide(text) <= 200:
        assert View(0, len(text)) == shown
    else:
        assert wide(text[shown.first : shown.last]) > 200 - 60 or shown.last < len(text)


def test_a_text_moves_no_more_than_it_must():
    """A caret that can be seen moves nothing; one that cannot moves the text just so far, with some of it around."""
    text = "abcdefghjk" * 10
    first = view(text, 0, 200, wide)
    assert View(0, 20) == first
    assert first == view(text, 15, 200, wide, first.first)
    along = view(text, 30, 200, wide, first.first)
    assert along.first + 2 < 30 < along.last
    assert along == view(text, along.first + 5, 200, wide, along.first)
    back = view(text, along.first, 200, wide, along.first)
    assert back.first < along.first


def test_erasing_at_the_end_brings_the_beginning_back():
    """No room is left behind the end while there is text before the first that can be seen."""
    text = "abcdefghjk" * 3
    shown = view(text, 30, 200, wide)
    assert View(10, 30) == shown
    assert View(9, 29) == view(text[:29], 29, 200, wide, shown.first)
    assert View(0, 20) == view(text[:20], 20, 200, wide, shown.first)
