"""A text of a layout, set in lines: as large as may be, and broken where it looks best."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise

import pygame

from booth.branding.keys import TextKeys
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.theme import Colour, colour

LEAST = 0.6
"""How small a text is made before it is cut, in shares of the size that it should have."""

LINE = 1.2
"""How high a line is at least, in shares of its type size."""

SMALLEST = 9
"""Pixels of type size below which nothing can be read."""

_WAYS = 400
"""Ways to break a text that are looked at."""


@dataclass(frozen=True)
class Lines:
    """A text, set in lines."""

    name: str
    lines: tuple[str, ...]
    height: int
    ink: Colour
    weight: Weight
    cut: bool
    missing: str


_WEIGHTS = {"medium": Weight.MEDIUM, "bold": Weight.BOLD, "extra": Weight.EXTRA}


def pixels(size: float, short: float) -> int:
    """Return a type size in pixels, of one in per cent of the shorter side."""
    return max(round(short * size / 100), SMALLEST)


def typeset(name: str, what: str, text: TextKeys, room: int, short: float, fonts: Fonts) -> Lines:
    """Return a text in lines that fit into *room* pixels: as large as may be, smaller if need be, at last cut."""
    weight, wanted = _WEIGHTS[text.weight], pixels(text.size, short)
    least = max(round(wanted * LEAST), SMALLEST)
    for most in (text.lines, text.lines + 1):  # one more is better than an end that is lost
        for height in range(wanted, least - 1, -1):
            lines = fonts.wrap(what, weight, height, room)
            if len(lines) <= most and _complete(lines, what):
                return _of(name, _balanced(lines, what, weight, height, room, fonts), height, text, fonts, cut=False)
    height = min(wanted, least)
    lines = fonts.wrap(what, weight, height, room)[: text.lines + 1]
    rest = what[_end(what, lines[:-1]) :].strip()
    lines = [*lines[:-1], fonts.cut(rest, weight, height, room) or lines[-1]]
    return _of(name, lines, height, text, fonts, cut=True)


def _complete(lines: Sequence[str], what: str) -> bool:
    """Whether no word was cut: what is in the lines is what was to be said."""
    return "".join("".join(lines).split()) == "".join(what.split())


def _end(what: str, lines: Sequence[str]) -> int:
    """Return where in *what* these *lines* end."""
    at = 0
    for line in lines:
        found = what.find(line, at)
        at = found + len(line) if found >= 0 else at + len(line)
    return at


def _balanced(lines: list[str], what: str, weight: Weight, height: int, room: int, fonts: Fonts) -> list[str]:
    """Return as many lines, of lengths as even as can be: a single word on the last line looks like a mistake.

    They are broken at blanks, if that can be: a name in Chinese letters may be broken elsewhere, but is better whole.
    """
    words = what.split()
    if len(lines) == 1:
        return lines
    ways = (
        [" ".join(words[a:b]) for a, b in pairwise((0, *at, len(words)))]
        for at in combinations(range(1, len(words)), len(lines) - 1)
    )
    fitting = [
        (wide, way)
        for way in islice(ways, _WAYS)
        if (wide := max(fonts.width(line, weight, height) for line in way)) <= room
    ]
    return min(fitting)[1] if fitting else lines


def _of(name: str, lines: Sequence[str], height: int, text: TextKeys, fonts: Fonts, *, cut: bool) -> Lines:
    weight = _WEIGHTS[text.weight]
    missing = "".join(dict.fromkeys(char for line in lines for char in fonts.lacking(line, weight)))
    return Lines(name, tuple(lines), height, colour(text.colour), weight, cut, missing)


def pitch(picture: pygame.Surface, height: int) -> int:
    """Return how high a line is: a fifth more than its type size, or as much as its letters need."""
    ink = picture.get_bounding_rect()
    middle = picture.get_height() / 2
    return max(round(height * LINE), 2 * round(max(ink.bottom - middle, middle - ink.top)))
