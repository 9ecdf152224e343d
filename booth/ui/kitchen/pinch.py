"""A mouse's second finger, which only a window has: while Shift is held it is opposite the first, as for a pinch.

So whoever has a mouse can hold two opposite corners. It is Shift, as no desktop keeps a click with it for itself: Alt
moves windows, and Ctrl makes a right click on a Mac.
"""

import pygame

from booth.ports import Size
from booth.ui.touch import MOUSE, Deed, Finger, Moved, Tap

SECOND: Finger = (-1, -2)
"""The finger that a mouse does not have."""

_SHIFTS = (pygame.K_LSHIFT, pygame.K_RSHIFT)


class Pinch:
    """Has the second finger of a mouse on a *screen* that is *screen_at* pixels into its window."""

    def __init__(self, screen: Size, screen_at: tuple[int, int]) -> None:
        left, top = screen_at
        self._across = 2 * left + screen.width - 1, 2 * top + screen.height - 1
        """The sums of a pixel and the one opposite."""
        self._shifts: set[int] = set()
        self._mouse: tuple[int, int] | None = None
        """Where the mouse is, while its button is down."""
        self._down = False

    def second(self, raw: pygame.Event, done: Deed | None) -> Deed | None:
        """Return what the second finger does at *raw*, by which the first has *done* that; None for nothing."""
        if raw.type == pygame.KEYDOWN and raw.key in _SHIFTS:
            self._shifts.add(raw.key)
        elif raw.type == pygame.KEYUP:
            self._shifts.discard(raw.key)
        match done:
            case Tap(x=x, y=y, down=True, finger=finger) if finger == MOUSE:
                self._mouse = x, y
            case Tap(down=False, finger=finger) if finger == MOUSE:
                last, self._mouse = self._mouse, None
                return self._lifted(last)
            case Moved(x=x, y=y, finger=finger) if finger == MOUSE and self._mouse is not None:
                self._mouse = x, y
                return Moved(*self._opposite(x, y), SECOND) if self._down else None
            case _:
                pass
        if self._shifts and self._mouse is not None and not self._down:
            self._down = True
            return Tap(*self._opposite(*self._mouse), down=True, finger=SECOND)
        return self._lifted(self._mouse) if not self._shifts else None

    def _lifted(self, mouse: tuple[int, int] | None) -> Deed | None:
        """Return that the second finger is lifted, if it was down."""
        if not self._down or mouse is None:
            return None
        self._down = False
        return Tap(*self._opposite(*mouse), down=False, finger=SECOND)

    def _opposite(self, x: int, y: int) -> tuple[int, int]:
        """Return the pixel that is as far from the other end, both ways."""
        return self._across[0] - x, self._across[1] - y
