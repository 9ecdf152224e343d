"""Where everything in the kitchen is, in pixels of the window."""

from collections.abc import Iterator

from booth.ports import Size
from booth.ui.kitchen.sprite import Rect
from booth.ui.layout import Side
from booth.units import Pixels

PROGRAMMES = ("popcorn", "pizza", "party")
"""What the oven can do besides, where the control panel has room to say so; the last one is chosen."""


class Plan:
    """The places of an oven around a *screen*, the *lens* beside it on that side, and of what lies on the counter.

    Margins shrink a little where the screen is large, so that the window fits a laptop.
    """

    def __init__(self, screen: Size, lens: Side) -> None:
        self.screen = screen
        width, height = self.screen.width, self.screen.height
        spare_x = max(316, min(380, 1340 - width))
        spare_y = max(160, min(200, 760 - height), 600 - height)
        roomy = spare_x >= 360
        margin, pad, bezel = (26, 16, 32) if roomy else (14, 12, 24)
        top = 22 if spare_y >= 180 else 12
        tall = spare_y - top - pad * 2 - bezel * 2 - 82 + height
        self.window = Size(Pixels(width + spare_x), Pixels(height + spare_y))
        self.screen_at = (margin + pad + bezel, top + pad + bezel + (tall - height) // 2)
        self.body: Rect = (margin, top, self.window.width - 2 * margin, tall + 2 * bezel + 2 * pad)
        self.door: Rect = (margin + pad, top + pad, width + 2 * bezel, tall + 2 * bezel)
        self.bezel = bezel
        face_x = margin + pad + width + 2 * bezel + 36
        self.face: Rect = (face_x, top + pad, self.window.width - margin - pad - face_x, tall + 2 * bezel)
        middle = face_x + self.face[2] // 2
        radius = min(self.face[2] * 35 // 100, 66)
        self.button = (middle, self.level(0.795), radius)
        self.led = (middle, self.button[1] - radius - 50)
        self.clock: Rect = (face_x + 20, self.level(0.145), self.face[2] - 40, 62)
        self.eyes = (middle, self.level(0.355))
        top_edge = self.eyes[1] - 30
        self.controls: Rect = (face_x, top_edge, self.face[2], self.button[1] + radius + 12 - top_edge)
        mug_x, mug_y, mug_wide, _ = self.mug
        self.steam: Rect = (mug_x - 6, mug_y - 46, mug_wide + 12, 46)
        self.lens_at = self.beside_screen(lens)

    def rims(self) -> Iterator[Rect]:
        """Yield the four strips of glass around the screen: above, below, left, right."""
        x, y, width, height = self.glass
        left, top = self.screen_at
        right, bottom = left + self.screen.width, top + self.screen.height
        yield x, y, width, top - y
        yield x, bottom, width, y + height - bottom
        yield x, top, left - x, self.screen.height
        yield right, top, x + width - right, self.screen.height

    def beside_screen(self, side: Side) -> tuple[int, int]:
        """Return the middle of the glass on that side of the screen."""
        x, y, width, height = self.glass
        left, top = self.screen_at
        right, bottom = left + self.screen.width, top + self.screen.height
        match side:
            case Side.TOP:
                return (left + right) // 2, (y + top) // 2
            case Side.BOTTOM:
                return (left + right) // 2, (bottom + y + height) // 2
            case Side.LEFT:
                return (x + left) // 2, (top + bottom) // 2
            case Side.RIGHT:
                return (right + x + width) // 2, (top + bottom) // 2

    @property
    def glass(self) -> Rect:
        """The window of the door, the screen in it."""
        x, y, width, height = self.door
        rim = 13 if self.bezel >= 32 else 10
        return x + rim, y + rim, width - 2 * rim, height - 2 * rim

    @property
    def laid_out(self) -> bool:
        """Whether there is room on the counter for more than the caption."""
        return self.window.width >= 1100

    @property
    def mug(self) -> Rect:
        """Where the mug stands."""
        return self.window.width - 92, self.window.height - 66, 40, 46

    def level(self, share: float) -> int:
        """Return how far down the window *share* (0..1) of the control panel is, in pixels."""
        return self.face[1] + round(self.face[3] * share)

    @property
    def size(self) -> tuple[int, int]:
        """The window's size as pygame wants it."""
        return self.window.width, self.window.height

    @property
    def counter_y(self) -> int:
        """Where the wall ends and the countertop begins: behind the oven, near its feet."""
        return self.body[1] + self.body[3] - 10

    @property
    def lens_below(self) -> bool:
        """Whether the lens is below the screen."""
        return self.lens_at[1] >= self.screen_at[1] + self.screen.height

    def programmes(self) -> tuple[Rect, ...]:
        """Return where the plates of the programmes are: between mouth and LED, if there is room."""
        top, bottom = self.eyes[1] + 72, self.led[1] - 34
        step = 40
        if bottom - top < step * len(PROGRAMMES):
            return ()
        first = (top + bottom - step * len(PROGRAMMES)) // 2 + 4
        width = min(self.face[2] - 36, 124)
        left = self.face[0] + (self.face[2] - width) // 2
        return tuple((left, first + index * step, width, 32) for index in range(len(PROGRAMMES)))
