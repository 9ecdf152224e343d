"""A link as a QR code: what fits on a screen, and its modules. segno lives here and only here.

A code is black on white in whole pixels, with its quiet zone around it, or it is not shown. segno is imported, and
codes are worked out, on a thread of their own: on a Pi both take longer than a frame may.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pygame

from booth import threads
from booth.ports import Size
from booth.ui.layout import unit

QUIET = 4
"""Modules of white around a code; without them it is not found on a dark screen."""

LEAST = 5
"""Pixels of a module on a screen of 800x480, at least; in proportion on larger ones."""

# Codewords for data in versions 1 to 20, with 15 and with 7 per cent of the code repairable.
_MEDIUM = (16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669)
_LOW = (19, 34, 55, 80, 108, 136, 156, 194, 232, 274, 324, 370, 428, 461, 523, 589, 647, 721, 795, 861)


@dataclass(frozen=True)
class Code:
    """The modules of a code."""

    side: int
    """Modules in a row, the quiet zone counted: 29 and up. 0 if the link cannot be a code."""
    dark: bytes
    """A byte for each module, row by row: 1 is black, 0 white."""


NO_CODE = Code(0, b"")


def least(size: Size) -> int:
    """Return how many pixels a module has at least on a screen of *size*, to be read by a phone in a dark room."""
    return max(int(LEAST * unit(size)), 1)


def longest(size: Size) -> int:
    """Return how many characters a link may have to be shown as a code on a screen of *size*; 0 if none may."""
    return _room(_LOW, _version(size))


def code(link: str, size: Size) -> Code:
    """Return the code of *link*, which is ASCII, on a screen of *size*; `NO_CODE` if it is too long for that.

    Takes some hundredths of a second, and on a Pi some tenths.
    """
    import segno

    if not 0 < len(link) <= longest(size):
        return NO_CODE
    # More than phones need is not worth smaller modules; less is better than no code.
    level = "M" if len(link) <= _room(_MEDIUM, _version(size)) else "L"
    made = segno.make(link, error=level, mode="byte", encoding="ascii", micro=False)
    rows = [bytes(row) for row in made.matrix_iter(border=QUIET)]
    return Code(len(rows), b"".join(rows))


def drawn(code: Code, module: int) -> pygame.Surface:
    """Return *code* as a picture, *module* pixels a module: black on white, every edge sharp."""
    small = pygame.image.frombuffer(code.dark, (code.side, code.side), "P")
    small.set_palette([(255, 255, 255), (0, 0, 0)])
    return pygame.transform.scale(small.convert(), (code.side * module, code.side * module))


def _version(size: Size) -> int:
    """Return the largest version that fits: version 1 has 21 modules a side, each further one 4 more."""
    modules = min(size.width, size.height) // least(size) - 2 * QUIET
    return min((modules - 17) // 4, len(_LOW))


def _room(codewords: tuple[int, ...], version: int) -> int:
    """Return how many bytes a code of *version* holds, beside their number and the word that they are bytes."""
    if version < 1:
        return 0
    return codewords[version - 1] - (2 if version < 10 else 3)


_aside = partial(threads.aside, "qr")


class Coder:
    """Works out the code of one link at a time, away from the screen's thread. Used from that one only.

    *aside* carries a job out elsewhere, soon; a test may have it done at once.
    """

    def __init__(self, size: Size, aside: Callable[[Callable[[], None]], None] = _aside) -> None:
        self._size = size
        self._aside = aside
        self._link = ""
        self._picture: tuple[Code, int, pygame.Surface] | None = None
        self._made: dict[str, Code] = {}

    def expect(self) -> None:
        """Get ready: there will be a link soon. Does not block."""
        self.code(" ")

    def code(self, link: str) -> Code | None:
        """Return the code of *link*; None while it is being worked out. Does not block."""
        if self._link != link:
            self._link = link
            self._made.clear()
            self._aside(lambda: self._work(link))
        return self._made.get(link)

    def picture(self, code: Code, module: int) -> pygame.Surface:
        """Return *code* as `drawn` does; only the last one is kept, because a large one is large in memory, too."""
        kept = self._picture
        if kept is None or kept[:2] != (code, module):
            kept = self._picture = (code, module, drawn(code, module))
        return kept[2]

    def _work(self, link: str) -> None:
        made = NO_CODE
        with contextlib.suppress(ImportError, ValueError):  # a guest does without, rather than wait
            made = code(link, self._size)
        self._made[link] = made
