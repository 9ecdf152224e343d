"""What the kitchen is drawn with: a pen that also shades, and whose edges are smooth."""

import math
from collections.abc import Callable

import pygame

from booth.ui.drawing.shapes import Pen, Point
from booth.ui.kitchen.colours import LIGHT
from booth.ui.theme import WHITE, Colour, blend

SHARP = 4
"""The scenery is drawn this many times larger than it is shown, and shrunk: that smooths its edges.

A power of two: SDL's shrinking by three darkens plain colours a little, and a part that changes would show its edges.
"""

BAND = 80
"""Pixels: the scenery is drawn in bands of this height, so that the large drawing takes little memory."""


class Brush(Pen):
    """A pen that also shades."""

    def gradient(self, rect: tuple[float, float, float, float], radius: float, top: Colour, bottom: Colour) -> None:
        """Fill a box with round corners, shaded from *top* to *bottom*: one slice for each step of colour."""
        steps = max(1, *(abs(a - b) for a, b in zip(top, bottom, strict=True)))
        (_, start), (_, end) = self.at((0, rect[1])), self.at((0, rect[1] + rect[3]))
        area = self.area(rect)
        shown = area.clip(self.surface.get_clip()).clip((area.x, round(start), area.width, round(end) - round(start)))
        if 0 in shown.size:
            return
        # The box is drawn once, and takes its colours slice by slice: to draw it for each slice takes much longer.
        sheet = pygame.Surface(shown.size, pygame.SRCALPHA)
        corners = round(radius * self.scale)
        pygame.draw.rect(sheet, WHITE, area.move(-shown.x, -shown.y), border_radius=corners)
        for step in range(steps):
            first = round(start + (end - start) * step / steps) - shown.y
            last = round(start + (end - start) * (step + 1) / steps) - shown.y
            if last > max(first, 0) and first < shown.height:
                colour = blend(top, bottom, step / max(steps - 1, 1))
                sheet.fill(colour, (0, first, shown.width, last - first), pygame.BLEND_RGB_MULT)
        self.surface.blit(sheet, shown)

    def glaze(self, rect: tuple[float, float, float, float], radius: float, colour: Colour, alpha: int) -> None:
        """Lay a box with round corners over what is there; *alpha* 0..255."""
        x, y = self.at((rect[0], rect[1]))
        sheet = pygame.Surface((round(rect[2] * self.scale), round(rect[3] * self.scale)), pygame.SRCALPHA)
        pygame.draw.rect(sheet, (*colour, alpha), sheet.get_rect(), border_radius=round(radius * self.scale))
        self.surface.blit(sheet, (round(x), round(y)))


def smooth(picture: pygame.Surface, draw: Callable[[Brush], None], corner: tuple[int, int] = (0, 0)) -> None:
    """Let *draw* paint over *picture*, whose *corner* is there, with smooth edges: band by band, large, then shrunk."""
    width, height = picture.get_size()
    for top in range(0, height, BAND):
        tall = min(BAND, height - top)
        band = picture.subsurface((0, top, width, tall))
        large = pygame.transform.scale(band, (width * SHARP, tall * SHARP))
        draw(Brush(large, SHARP, (-corner[0], -corner[1] - top)))
        picture.blit(pygame.transform.smoothscale(large, (width, tall)), (0, top))


def shine(picture: pygame.Surface, centre: tuple[int, int], radius: int, strength: int) -> None:
    """Cast the LED's light on what is around it; *strength* 0..255 in the middle."""
    halo = pygame.Surface((2 * radius, 2 * radius), pygame.SRCALPHA)
    for ring in range(radius, 0, -1):
        alpha = round(strength * (1 - ring / radius) ** 2)
        pygame.draw.circle(halo, (*LIGHT, alpha), (radius, radius), ring)
    picture.blit(halo, (centre[0] - radius, centre[1] - radius))


def centred(picture: pygame.Surface, words: pygame.Surface, centre: tuple[int, int]) -> None:
    """Put *words* on *picture*, their middle at *centre*."""
    picture.blit(words, words.get_rect(center=centre))


def half_disc(centre: Point, radius: float) -> list[Point]:
    """Return the lower half of a disc."""
    x, y = centre
    return [
        (x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in (math.pi * t / 24 for t in range(25))
    ]


def draw_heart(brush: Brush, centre: Point, size: float, colour: Colour) -> None:
    """Draw a heart, *size* pixels from its middle to its tip."""
    x, y = centre
    for side in (-1, 1):
        brush.disc((x + side * size * 0.48, y - size * 0.3), size * 0.55, colour)
    brush.polygon([(x - size, y - size * 0.1), (x + size, y - size * 0.1), (x, y + size)], colour)


def draw_camera(brush: Brush, centre: Point, size: float, colour: Colour, hole: Colour) -> None:
    """Draw a camera, *size* pixels from its middle to its side."""
    x, y = centre
    brush.box((x - size * 0.45, y - size * 0.82, size * 0.9, size * 0.5), size * 0.16, colour)
    brush.box((x - size, y - size * 0.6, size * 2, size * 1.35), size * 0.26, colour)
    brush.disc((x, y + size * 0.08), size * 0.46, hole)
    brush.disc((x, y + size * 0.08), size * 0.27, colour)
