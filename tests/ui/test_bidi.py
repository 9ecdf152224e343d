"""Lines in both directions, as the standard has them and beside a library that orders them by another hand."""

import bidi as library
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booth.ui.text import bidi

MIXED = st.text("abc אבג دوس 12 ٣٤ +-,./:#$%()[] \u0301\u05b0!?'\u200f", max_size=16)

LETTERS = st.sampled_from("abZéßøж가 אבג دوسیٱ")
DIGITS = st.sampled_from("019٣٤۵۶")
SIGNS = st.sampled_from("+-,./:#$%€°()[]{}<>«»!?؟،'\"@&*_|~…·\u3000\u00a0\t")
MARKS = st.sampled_from("\u0301\u05b0\u064e\u200f\u200e\u061c")
WIDE = st.text(LETTERS | DIGITS | SIGNS | MARKS, min_size=1, max_size=24)
DENSE = st.text("aאا1٢+,%([)] ", min_size=1, max_size=12)
"""One of each kind: numbers with signs in them, and brackets across brackets, come up often."""
BESIDE = WIDE | DENSE


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


@settings(max_examples=1000)
@given(text=BESIDE)
@example("\u0661\t(\u0662)")
@example("abc (\u05d0) \u05d1")
@example("\u0627(1)a")
@example("\u05d0 1+2")
@example("a \u05d0([)\u05d0]")
@example("a \u05d0(\u05d0)\u0301 b")
def test_a_line_is_ordered_as_the_library_orders_it(text):
    """Letters, digits, signs and marks of Latin, Hebrew and Arabic, however they are mixed, in lines of either way.

    Neither turns brackets round where a line runs from the right: whoever draws them does.
    """
    assert library.get_display(text) == shown(text)


@given(text=BESIDE)
def test_a_line_begins_where_the_library_begins_it(text):
    """Its first letter decides for both; without any it begins at the left."""
    assert (library.get_base_level(text) or 0) == bidi.base(text)
