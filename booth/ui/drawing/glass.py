"""The way from what is painted to the glass, and back from a finger on it: turned, or smaller than it was painted.

A screen that hangs sideways shows the picture turned, for nothing below the booth turns it where there is no desktop;
and a window that is larger than its desktop is shown smaller. Where neither is needed the painters paint on the display
itself, and nothing is in between.
"""

import itertools
from collections.abc import Sequence
from typing import Literal

import pygame

from booth.ports import Size
from booth.units import Pixels

Rotation = Literal[0, 90, 180, 270]
"""Degrees by which the picture is turned, clockwise."""

_POINTED = {pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION}
_FINGERS = {pygame.FINGERDOWN, pygame.FINGERUP, pygame.FINGERMOTION}

MOST = 1920 * 1200
"""Pixels: of a display with more of them, a television, fewer are used. Four times as many take 32 ms a frame, on a
desktop, and nobody sees them from where a guest stands."""

DECORATED = 0.9
"""0..1: how much of a desktop's height a window takes that does not fit: the rest is its frame's, and a bar's."""


def turned(size: Size, rotation: Rotation) -> Size:
    """Return the size of what is *size* when it has been turned."""
    return Size(size.height, size.width) if rotation in {90, 270} else size


def fitted(window: Size, desktop: Size) -> Size:
    """Return the size at which a *window* is shown on a *desktop*: its own, or in its shape as large as fits."""
    if window.width <= desktop.width and window.height <= desktop.height:
        return window
    scale = min(desktop.width / window.width, desktop.height * DECORATED / window.height)
    return Size(Pixels(max(int(window.width * scale), 1)), Pixels(max(int(window.height * scale), 1)))


def sharp(there: Size, modes: Sequence[Size], wanted: Size | None) -> Size:
    """Return the size at which to paint for a display that has *there*, and can be switched to *modes*.

    Its own, if that is no more than `MOST` pixels. Else the mode nearest to what is *wanted*; if nothing is wanted, the
    largest mode of its shape; and without any mode that is small enough, *wanted*, or a whole part of what it has.
    """
    if there.width * there.height <= MOST:
        return there
    small = [mode for mode in modes if mode.width * mode.height <= MOST]
    if wanted is not None and small:
        return min(small, key=lambda mode: abs(mode.width - wanted.width) + abs(mode.height - wanted.height))
    if wanted is not None and wanted.width * wanted.height <= MOST:
        return wanted
    alike = [mode for mode in small if mode.width * there.height == mode.height * there.width]
    if alike:
        return max(alike, key=lambda mode: mode.width)
    part = next(part for part in itertools.count(2) if (there.width // part) * (there.height // part) <= MOST)
    return Size(Pixels(there.width // part), Pixels(there.height // part))


STRIP = 32
"""Lines that are turned at once: they stay in the processor's cache, and a whole large screen does not."""


class Glass:
    """A *display* on which what is painted, *size* pixels, is seen turned by *rotation*, or scaled to its size.

    Paint on `surface`, and say what has changed to `show`.
    """

    def __init__(self, display: pygame.Surface, size: Size, rotation: Rotation = 0) -> None:
        self._display = display
        self._size = size
        self._rotation = rotation
        there = display.get_size()
        wanted = turned(size, rotation)
        self._scaled = there != (wanted.width, wanted.height)
        self._direct = not self._scaled and rotation == 0
        self.surface = display if self._direct else pygame.Surface((size.width, size.height)).convert(display)
        """Where to paint."""

    def show(self, dirty: Sequence[pygame.Rect] | None) -> None:
        """Show what has changed; None for everything."""
        if not self._direct:
            dirty = self._carried(dirty)
        if dirty is None:
            pygame.display.flip()
        else:
            pygame.display.update(dirty)

    def _carried(self, dirty: Sequence[pygame.Rect] | None) -> list[pygame.Rect] | None:
        """Bring what has changed to the display; return where it is there, None for everywhere."""
        if self._scaled:
            # Pixels that were shrunk have neighbours: one part by itself would have seams.
            upright = pygame.transform.rotate(self.surface, -self._rotation) if self._rotation else self.surface
            pygame.transform.smoothscale(upright, self._display.get_size(), self._display)
            return None
        whole = self.surface.get_rect()
        places = []
        for rect in [whole] if dirty is None else dirty:
            part = rect.clip(whole)
            for top in range(part.top, part.bottom, STRIP):
                strip = pygame.Rect(part.left, top, part.width, min(STRIP, part.bottom - top))
                place = self._turned(strip)
                self._display.blit(pygame.transform.rotate(self.surface.subsurface(strip), -self._rotation), place)
            if part.width and part.height:
                places.append(self._turned(part))
        return places

    def _turned(self, rect: pygame.Rect) -> pygame.Rect:
        """Return where *rect* is on the display."""
        match self._rotation:
            case 90:
                return pygame.Rect(self._size.height - rect.bottom, rect.left, rect.height, rect.width)
            case 180:
                return pygame.Rect(self._size.width - rect.right, self._size.height - rect.bottom, *rect.size)
            case 270:
                return pygame.Rect(rect.top, self._size.width - rect.right, rect.height, rect.width)
            case _:
                return rect

    def meant(self, raw: pygame.Event) -> pygame.Event:
        """Return what happened to the display as if it had happened to what was painted."""
        if self._direct or getattr(raw, "ours", False):
            return raw
        if raw.type in _FINGERS:
            x, y = self._back(raw.x, raw.y)
            return pygame.Event(raw.type, raw.dict | {"x": x, "y": y})
        if raw.type in _POINTED:
            wide, tall = self._display.get_size()
            x, y = self._back((raw.pos[0] + 0.5) / wide, (raw.pos[1] + 0.5) / tall)
            place = int(x * self._size.width), int(y * self._size.height)
            return pygame.Event(raw.type, raw.dict | {"pos": place})
        return raw

    def _back(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place on the display is in what was painted; both in shares of their size, 0..1."""
        match self._rotation:
            case 90:
                return y, 1.0 - x
            case 180:
                return 1.0 - x, 1.0 - y
            case 270:
                return 1.0 - y, x
            case _:
                return x, y
