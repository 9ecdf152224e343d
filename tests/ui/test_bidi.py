import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ui import bidi

MIXED = st.text("abc אבג دوس 12 ٣٤ +-,./:#$%()[] \u0301\u05b0!?'\u200f", max_size=16)


def shown(text):
    """Return the characters as they stand on the screen, from the left."""
    return "".join(text[index] for index in bidi.order(bidi.levels(text)))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("", ""),
        ("Zoë", "Zoë"),
        ("אבי", "יבא"),
        ("Zoë שלום", "Zoë םולש"),
        ("שלום Zoë", "Zoë םולש"),
        ("שלום 12-34", "12-34 םולש"),
        ("سارا (Sara) 123", "123 )Sara( اراس"),
        ("שלום!", "!םולש"),
        ("אבי, 5%", "5% ,יבא"),
        ("סקר 10.5", "10.5 רקס"),
        ("a (שלום) b", "a (םולש) b"),
        ("א(a)ב", "ב)a(א"),
        ("a\u0301 א\u05b0", "a\u0301 \u05b0א"),
        ("א  ", "  א"),
        ("a\u202eb", "a\u202eb"),
    ],
)
def test_each_word_runs_its_own_way(typed, seen):
    """Names in two directions stand as the Unicode standard says; digits keep their order."""
    assert seen == shown(typed)


@given(text=MIXED)
def test_nothing_is_lost(text):
    """Every character is somewhere, once."""
    assert sorted(text) == sorted(shown(text))
    assert len(text) == len(bidi.levels(text))


@given(text=st.text(st.characters(max_codepoint=0x58F), max_size=30))
def test_without_letters_from_the_right_nothing_moves(text):
    """A line in which all runs from left to right stays as it is."""
    assert not bidi.right_to_left(text)
    assert bidi.levels(text) == [0] * len(text)


@given(text=MIXED)
def test_the_first_letter_decides_where_the_line_begins(text):
    """Blanks at the end lie where the line ends."""
    if text.strip():
        ends = bidi.levels(text + " ")[-1]
        assert ends == bidi.base(text)
