"""What pops up over the keys: the letter under the finger in a balloon, and the variants of a key that is held.

Pure: only rectangles, all of them inside the screen.
"""

from dataclasses import dataclass
from itertools import pairwise

from booth.ui.layout import Box
from booth.ui.typing.keyboard import Key

ABOVE = 0.75
"""A finger may be so many heights of the row above it and still mean a variant; further up it means none."""

BESIDE = 0.75
"""A finger that has slid sideways by so many widths of its key means the variant above it; a still one means none."""


@dataclass(frozen=True)
class Balloon:
    """A letter, large, over the key that was touched: a finger covers the key itself."""

    text: str
    box: Box
    neck: Box
    """What joins it to its key."""


@dataclass(frozen=True)
class Variants:
    """The row of variants over a key that is held."""

    key: Key
    cells: tuple[tuple[str, Box], ...]
    """Each with the text that it enters, from the left."""
    chosen: str | None = None
    """The one that would be entered if the finger were lifted now."""

    @property
    def box(self) -> Box:
        """The whole row."""
        first, last = self.cells[0][1], self.cells[-1][1]
        return Box(first.x, first.y, last.right - first.x, first.height)

    def under(self, x: int, y: int, landed: int) -> str | None:
        """Return which variant a finger at (*x*, *y*) means that *landed* at this x on the key; None if none."""
        row = self.box
        still = y >= self.key.y and abs(x - landed) < self.key.width * BESIDE
        away = y < row.y - row.height * ABOVE or y >= self.key.y + 2 * self.key.height
        slack = self.cells[0][1].width
        if still or away or not row.x - slack <= x < row.right + slack:
            return None
        return min(self.cells, key=lambda cell: abs(cell[1].centre[0] - x))[0]

    def left_by(self, x: int, y: int) -> bool:
        """Return whether a finger at (*x*, *y*) has left both the row and its key: lifted there, it cancels."""
        key, row = self.key, self.box
        near = key.x - key.width <= x < key.x + 2 * key.width and row.y <= y < key.y + 2 * key.height
        return not near and self.under(x, y, key.x + key.width // 2) is None

    def at(self, x: int, y: int) -> str | None:
        """Return the variant that is painted at (*x*, *y*), for a tap."""
        return next((text for text, box in self.cells if box.holds(x, y)), None)


def balloon(key: Key, screen: Box, gap: int) -> Balloon:
    """Return the balloon over *key*, its neck about *gap* pixels long."""
    width, height = round(key.width * 1.3), round(key.height * 1.15)
    x = min(max(key.x + (key.width - width) // 2, screen.x + gap), screen.right - gap - width)
    box = Box(x, max(key.y - gap - height, screen.y), width, height)
    inset = key.width // 6
    top = box.y + height * 3 // 4
    return Balloon(key.label, box, Box(key.x + inset, top, key.width - 2 * inset, key.y + key.height // 4 - top))


def variants(key: Key, screen: Box, gap: int, narrow: int) -> Variants:
    """Return the row over *key*: the most usual variant above the finger, the others to where there is more room.

    No cell is narrower than *narrow* pixels as long as the screen has room.
    """
    count = len(key.variants)
    middle = key.x + key.width // 2
    letters = max(len(text) for text in key.variants)
    wanted = max(key.width, narrow + (letters - 1) * narrow // 5)
    wide = min(wanted, (screen.width - 2 * gap) // count)
    leftwards = middle > screen.x + screen.width // 2
    left = middle + wide // 2 - wide * count if leftwards else middle - wide // 2
    left = min(max(left, screen.x + gap), screen.right - gap - wide * count)
    top = max(key.y - gap - key.height, screen.y)
    edges = [left + wide * index for index in range(count + 1)]
    texts = reversed(key.variants) if leftwards else key.variants
    cells = (Box(start, top, end - start, key.height) for start, end in pairwise(edges))
    return Variants(key, tuple(zip(texts, cells, strict=True)))
