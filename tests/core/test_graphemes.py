"""Where visible characters begin, by Unicode's own test and beside a library that knows them.

``unicode/GraphemeBreakTest.txt`` is Unicode's, of version 15.0, as it is: its licence is beside it.
"""

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import Line
from booth.core.graphemes import boundary

OFFICIAL = Path(__file__).with_name("unicode") / "GraphemeBreakTest.txt"

SIGNS = "a1 \u0301\u200d\u200cက\u102c\u0e01\u0e33\u0600ب👩👧❤\ufe0f👍\U0001f3fd🇫🇷각가각नि\u0928\u0b95"
"""Of each kind one at least. Without viramas: when they stack, Unicode has changed with each of its last releases."""


def official():
    """Yield what Unicode's file has on each line: the visible characters of a text."""
    for written in OFFICIAL.read_text(encoding="utf-8").splitlines():
        shown = written.partition("#")[0].strip().strip("÷")
        if shown:
            yield tuple("".join(chr(int(code, 16)) for code in part.split("×")) for part in shown.split("÷"))


OFFICIALLY = tuple(official())


def characters(text):
    """Return the visible characters of *text*, by going right from its beginning."""
    places = [0]
    while places[-1] < len(text):
        places.append(boundary(text, places[-1], 1))
    return tuple(text[start:end] for start, end in pairwise(places))


def backspaced(text):
    """Return the visible characters of *text*, by as many backspaces as it takes."""
    line = Line(text, len(text))
    gone = []
    while line.text:
        left = line.erase()
        gone.append(line.text[len(left.text) :])
        line = left
    return tuple(reversed(gone))


def test_all_of_unicodes_test_is_here():
    """The file is whole: it has as many texts as it says."""
    assert f"# Lines: {len(OFFICIALLY)}" == next(
        written for written in OFFICIAL.read_text(encoding="utf-8").splitlines() if written.startswith("# Lines")
    )


@pytest.mark.parametrize("expected", OFFICIALLY, ids=[ascii("|".join(shown)) for shown in OFFICIALLY])
def test_the_caret_stops_where_unicode_says(expected):
    """To the right, one move is one visible character."""
    assert expected == characters("".join(expected))


def test_one_backspace_takes_what_unicode_calls_one_character():
    """In each of Unicode's texts, from its end to its beginning."""
    assert OFFICIALLY == tuple(backspaced("".join(shown)) for shown in OFFICIALLY)


@pytest.mark.parametrize("beside", ["a", "ᄀ"])
def test_every_character_joins_its_neighbours_as_the_library_says(beside):
    """Each that Python has a name for, between two letters and between two that begin syllables of Hangul."""
    texts = [
        f"{beside}{char}{beside}"
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) not in {"Cn", "Co", "Cs"} and not _alike(char)
    ]
    visible = regex.compile(r"\X")
    assert [] == [ascii(text) for text in texts if characters(text) != tuple(visible.findall(text))]


def _alike(char):
    """Whether it is one of tens of thousands that are as their neighbours: ideographs, hieroglyphs, syllables."""
    return "\u3500" < char < "\u9f00" or "\uad00" < char < "\ud700" or "\U00012000" < char < "\U00016000" or (
        "\U00017000" < char < "\U0001b000" or "\U00020100" < char < "\U00031000"
    )  # fmt: skip


def test_a_joiner_makes_one_of_any_two_pictures():
    """All that are pictures by the library's newer Unicode are here too."""
    pictures = regex.findall(r"\p{Extended_Pictographic}", "".join(map(chr, range(0x2FFFF))))
    assert [] == [ascii(char) for char in pictures if len(characters(f"👩\u200d{char}\u200d👩")) != 1]


@given(text=st.text(st.sampled_from(SIGNS), max_size=12))
def test_in_any_order_they_are_what_the_library_says(text):
    """Syllables, flags, families and marks on nothing, however they follow one another."""
    assert tuple(regex.findall(r"\X", text)) == characters(text)
    assert characters(text) == backspaced(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("क्षमा", ("क्ष", "मा")),
        ("স্ত্রী", ("স্ত্রী",)),
        ("क्\u200dष", ("क्\u200dष",)),
        ("क्\u200cष", ("क्\u200c", "ष")),
        ("नमस्ते", ("न", "म", "स्ते")),
        ("क्अ", ("क्", "अ")),
        ("अ्क", ("अ्", "क")),
        ("கஷ்மி", ("க", "ஷ்", "மி")),
    ],
)
def test_consonants_of_india_that_are_stacked_are_one(text, shown):
    """A conjunct is one sign (Unicode 15.1); a non-joiner keeps it apart, a vowel is none, and Tamil stacks none."""
    assert shown == characters(text)
