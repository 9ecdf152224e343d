"""The screen as a grid: boxes, the size of a step, and how the booth is built around it; without a pixel painted.

Everything is measured in steps of a unit, ``unit(size)`` pixels, which is 1 on the smallest screen (800x480, or upright
480x800). Where the things of a scene are is decided in the scene's own file (`booth.ui.scenes`), once for each layout.
"""

import math
from dataclasses import dataclass
from enum import Enum

from booth.ports import Size
from booth.units import Pixels


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, origin top left."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column that is not in it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is not in it."""
        return self.y + self.height

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in its middle."""
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def tuple(self) -> tuple[int, int, int, int]:
        """The same as x, y, width, height."""
        return self.x, self.y, self.width, self.height

    def inset(self, dx: int, dy: int | None = None) -> "Box":
        """Return the box *dx* pixels smaller on the left and right, *dy* (or *dx*) at top and bottom."""
        down = dx if dy is None else dy
        return Box(self.x + dx, self.y + down, self.width - 2 * dx, self.height - 2 * down)

    def holds(self, x: int, y: int) -> bool:
        """Return whether the pixel is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def with_(self, *others: "Box") -> "Box":
        """Return the smallest box that has it and *others* in it."""
        boxes = (self, *others)
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)

    def meets(self, other: "Box") -> bool:
        """Return whether the two share a pixel."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


def unit(size: Size) -> float:
    """Return how many pixels one step of the grid is: 1.0 on 800x480 and on 480x800."""
    return min(max(size.width, size.height) / 800, min(size.width, size.height) / 480)


class Side(Enum):
    """Where something is, as a guest sees it from the screen."""

    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


TOWARDS = {Side.TOP: (0, -1), Side.BOTTOM: (0, 1), Side.LEFT: (-1, 0), Side.RIGHT: (1, 0)}
"""One step to each side: x to the right, y down."""


@dataclass(frozen=True)
class Housing:
    """How the booth is built around the screen."""

    lens: Side = Side.TOP
    button: Side = Side.BOTTOM


USUAL_ANIMATION = Size(Pixels(640), Pixels(480))


class Layout:
    """What places are decided by: a screen of *size*, in a *housing*; the preview has the *animation*'s shape."""

    def __init__(self, size: Size, housing: Housing | None = None, animation: Size = USUAL_ANIMATION) -> None:
        self.size = size
        self.animation = animation
        self.housing = housing or Housing()
        self.upright = size.height > size.width
        self.unit = unit(size)
        self.screen = Box(0, 0, size.width, size.height)

    def px(self, steps: float) -> int:
        """Return *steps* of the grid in pixels."""
        return round(steps * self.unit)


def fitted(width: int, height: int, room: Box) -> Box:
    """Return the largest box of the shape *width* to *height* in the middle of *room*."""
    scale = min(room.width / width, room.height / height)
    wide, high = max(round(width * scale), 1), max(round(height * scale), 1)
    return Box(room.x + (room.width - wide) // 2, room.y + (room.height - high) // 2, wide, high)


def turned(box: Box, degrees: float) -> Box:
    """Return what *box* needs when it is turned about its middle."""
    sin, cos = abs(math.sin(math.radians(degrees))), math.cos(math.radians(degrees))
    wide = math.ceil(box.width * cos + box.height * sin) + 2
    high = math.ceil(box.width * sin + box.height * cos) + 2
    return Box(box.centre[0] - wide // 2, box.centre[1] - high // 2, wide, high)
