"""Smooth shapes as pictures: drawn large, shrunk once, kept.

SDL's own circles have jagged edges; a shape drawn at four times its size and shrunk has not, and costs a blit.
"""

import itertools
import math
from collections.abc import Callable, Hashable, Sequence

import pygame

from booth.ports import Size
from booth.ui.keeping import Kept, weight_of
from booth.ui.theme import Colour

SCALE = 4
"""How much larger shapes are drawn than shown."""

BLEND = pygame.BLEND_PREMULTIPLIED
"""How these pictures are put onto a surface."""

KEPT = 12_000_000
"""Bytes of pictures that are kept at least; on a screen of 800x480 the booth's own take 4 MB to 5 MB."""
SCREENFULS = 5
"""Bytes that are kept on a large screen, as a factor of those that its pixels have."""

Point = tuple[float, float]


class Shapes:
    """Makes shapes once and keeps them. Their colours are multiplied by their alpha: blit with `BLEND`."""

    def __init__(self) -> None:
        self._kept: Kept[Hashable, pygame.Surface] = Kept(KEPT, weight_of)

    def allow(self, size: Size) -> None:
        """Keep as much as a screen of *size* needs."""
        self._kept.allow(max(KEPT, SCREENFULS * 4 * size.width * size.height))

    def make(self, key: Hashable, size: tuple[int, int], draw: Callable[["Pen"], None]) -> pygame.Surface:
        """Return the picture called *key*, *size* pixels, made by *draw* the first time."""
        return self._kept.get(key, lambda: _shrunk(size, draw))

    def kept(self, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """Return the picture called *key*, of whatever kind *make* made it the first time."""
        return self._kept.get(key, make)

    def box(
        self, size: tuple[int, int], radius: int, fill: Colour | None, border: Colour | None = None, line: int = 0
    ) -> pygame.Surface:
        """Return a box with round corners, *line* pixels of *border* inside its edge."""
        key = ("box", size, radius, fill, border, line)
        return self._kept.get(key, lambda: self._box(size, radius, fill, border, line))

    def _box(
        self, size: tuple[int, int], radius: int, fill: Colour | None, border: Colour | None, line: int
    ) -> pygame.Surface:
        radius = min(radius, size[0] // 2, size[1] // 2)
        small = self._small_box(radius, fill, border, line)
        whole = pygame.Surface(size, pygame.SRCALPHA)
        corner, edge = radius + line, small.get_width()
        corner = min(corner, edge // 2)
        _stretch(small, whole, corner)
        return whole

    def _small_box(self, radius: int, fill: Colour | None, border: Colour | None, line: int) -> pygame.Surface:
        """Return the smallest box that has such corners; its middle is stretched to any size."""
        side = 2 * (radius + line) + 2

        def draw(pen: Pen) -> None:
            inner = (line, line, side - 2 * line, side - 2 * line)
            if border is not None and line:
                pen.box((0, 0, side, side), radius, border)
                if fill is None:
                    pen.cut(inner, max(radius - line, 0))
                else:
                    pen.box(inner, max(radius - line, 0), fill)
            elif fill is not None:
                pen.box((0, 0, side, side), radius, fill)

        return self.make(("small box", radius, fill, border, line), (side, side), draw)

    def disc(self, across: int, fill: Colour, alpha: int = 255) -> pygame.Surface:
        """Return a disc *across* pixels wide; *alpha* 0..255."""
        centre = across / 2
        return self.make(
            ("disc", across, fill, alpha),
            (across, across),
            lambda pen: pen.disc((centre, centre), centre, (*fill, alpha)),
        )

    def ring(self, across: int, line: int, share: float, colour: Colour) -> pygame.Surface:
        """Return the part *share* (0..1) of a ring, from the top clockwise, with round ends."""
        middle, radius = across / 2, across / 2 - line / 2

        def draw(pen: Pen) -> None:
            points = [
                (middle + radius * math.sin(turn), middle - radius * math.cos(turn))
                for turn in (share * math.tau * step / 90 for step in range(91))
            ]
            pen.stroke(points, line, colour)

        return self.make(("ring", across, line, share, colour), (across, across), draw)


def _shrunk(size: tuple[int, int], draw: Callable[["Pen"], None]) -> pygame.Surface:
    """Return a picture of *size* that was drawn larger."""
    large = pygame.Surface((max(size[0], 1) * SCALE, max(size[1], 1) * SCALE), pygame.SRCALPHA)
    draw(Pen(large, SCALE))
    # Multiplied by alpha before it is shrunk, so that the transparent black around a shape does not bleed into it.
    large.premul_alpha_ip()
    return pygame.transform.smoothscale(large, (max(size[0], 1), max(size[1], 1)))


def _stretch(small: pygame.Surface, whole: pygame.Surface, corner: int) -> None:
    """Fill *whole* with *small*: its corners as they are, everything between them stretched."""
    edge = small.get_width()
    width, height = whole.get_size()
    columns = (
        (0, corner, 0, corner),
        (corner, edge - corner, corner, width - corner),
        (edge - corner, edge, width - corner, width),
    )
    rows = (
        (0, corner, 0, corner),
        (corner, edge - corner, corner, height - corner),
        (edge - corner, edge, height - corner, height),
    )
    for left, right, x, x_end in columns:
        for top, bottom, y, y_end in rows:
            if x_end > x and y_end > y and right > left and bottom > top:
                piece = small.subsurface((left, top, right - left, bottom - top))
                whole.blit(pygame.transform.scale(piece, (x_end - x, y_end - y)), (x, y))


class Pen:
    """Draws on a surface in units that are *scale* pixels; later strokes replace what is under them."""

    def __init__(self, surface: pygame.Surface, scale: float, origin: Point = (0, 0)) -> None:
        self.surface = surface
        self.scale = scale
        self.origin = origin

    def at(self, point: Point) -> Point:
        """Return *point* in pixels of the surface."""
        return (self.origin[0] + point[0]) * self.scale, (self.origin[1] + point[1]) * self.scale

    def area(self, rect: tuple[float, float, float, float]) -> pygame.Rect:
        """Return the pixels of the surface that *rect* is nearest to."""
        x, y = self.at((rect[0], rect[1]))
        return pygame.Rect(round(x), round(y), round(rect[2] * self.scale), round(rect[3] * self.scale))

    def within(self, x: float, y: float, scale: float) -> "Pen":
        """Return a pen whose origin is at (x, y) and whose unit is *scale* of this pen's units."""
        px, py = self.at((x, y))
        unit = self.scale * scale
        return Pen(self.surface, unit, (px / unit, py / unit))

    def box(
        self, rect: tuple[float, float, float, float], radius: float, colour: Colour | tuple[int, int, int, int]
    ) -> None:
        """Fill a box with round corners."""
        pygame.draw.rect(self.surface, colour, self.area(rect), border_radius=round(radius * self.scale))

    def cut(self, rect: tuple[float, float, float, float], radius: float) -> None:
        """Make a box with round corners transparent."""
        self.box(rect, radius, (0, 0, 0, 0))

    def disc(self, centre: Point, radius: float, colour: Colour | tuple[int, int, int, int]) -> None:
        """Fill a disc."""
        pygame.draw.circle(self.surface, colour, self.at(centre), radius * self.scale)

    def oval(self, rect: tuple[float, float, float, float], colour: Colour | tuple[int, int, int, int]) -> None:
        """Fill an ellipse."""
        x, y = self.at((rect[0], rect[1]))
        pygame.draw.ellipse(self.surface, colour, (x, y, rect[2] * self.scale, rect[3] * self.scale))

    def polygon(self, points: Sequence[Point], colour: Colour, rounding: float = 0.0) -> None:
        """Fill a polygon; *rounding* softens its corners outwards."""
        pygame.draw.polygon(self.surface, colour, [self.at(p) for p in points])
        if rounding:
            self.stroke([*points, points[0]], 2 * rounding, colour)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour | tuple[int, int, int, int]) -> None:
        """Draw a line through *points* with round ends and joints."""
        radius = width * self.scale / 2
        placed = [self.at(p) for p in points]
        for (ax, ay), (bx, by) in itertools.pairwise(placed):
            length = math.hypot(bx - ax, by - ay)
            if length > 0:
                nx, ny = -(by - ay) / length * radius, (bx - ax) / length * radius
                corners = [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
                pygame.draw.polygon(self.surface, colour, corners)
        for centre in placed:
            pygame.draw.circle(self.surface, colour, centre, radius)

    def arc(self, centre: Point, radius: float, start: float, end: float, width: float, colour: Colour) -> None:
        """Draw part of a circle; angles in turns (0..1), clockwise from the top."""
        steps = max(int(abs(end - start) * 72), 4)
        turns = [start + (end - start) * step / steps for step in range(steps + 1)]
        self.stroke(
            [(centre[0] + radius * math.sin(t * math.tau), centre[1] - radius * math.cos(t * math.tau)) for t in turns],
            width,
            colour,
        )
