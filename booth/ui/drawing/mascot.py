"""The pink microwave with a face in its window: it says how things are before a word is read.

Drawn in units of one hundredth of its width; it is 88 units high.
"""

import math
from enum import Enum

import pygame

from booth.ui.drawing.shapes import Pen, Shapes
from booth.ui.layout import Box
from booth.ui.theme import Theme, blend

WIDE, HIGH = 100, 88

WINDOW = (9.0, 16.0, 60.0, 52.0)
FACE = (14.0, 20.0, 50.0, 44.0)
"""The part of the window that moves: x, y, width, height."""
BUTTON = (72.0, 45.0, 24.0, 24.0)
"""The part of the panel that moves."""


class Mood(Enum):
    """How it feels."""

    HAPPY = "happy"
    BLINK = "blink"
    WINK = "wink"
    ASLEEP = "asleep"
    SORRY = "sorry"
    LEFT = "left"
    RIGHT = "right"
    GLAD = "glad"


def part_of(box: Box, inner: tuple[float, float, float, float]) -> Box:
    """Return where *inner*, in the drawing's units, is when the whole drawing fills *box*."""
    scale = box.width / WIDE
    x, y = round(inner[0] * scale), round(inner[1] * scale)
    return Box(box.x + x, box.y + y, round((inner[0] + inner[2]) * scale) - x, round((inner[1] + inner[3]) * scale) - y)


def body(shapes: Shapes, theme: Theme, box: Box) -> pygame.Surface:
    """Return the microwave without its face and its button, for a box of the right shape."""

    def paint(pen: Pen) -> None:
        pen = pen.within(0, 0, box.width / WIDE)
        shade = blend(theme.accent_bright, theme.accent, 0.45)
        pen.oval((6, 79, 88, 8), blend(theme.paper, theme.accent_bright, 0.4))
        for foot in (14, 74):
            pen.box((foot, 76, 12, 7), 2.5, theme.dark)
        pen.box((2, 6, 96, 73), 11, shade)
        pen.box((2, 6, 96, 69), 11, theme.accent_bright)
        pen.stroke([(14, 10.6), (60, 10.6)], 1.8, blend(theme.accent_bright, theme.on_dark, 0.55))
        pen.disc((66, 10.6), 0.9, blend(theme.accent_bright, theme.on_dark, 0.55))
        x, y, wide, high = WINDOW
        pen.box((x - 2.4, y - 2.4, wide + 4.8, high + 4.8), 9.4, shade)
        pen.box((x, y, wide, high), 7, theme.dark)
        pen.box((74, 15.6, 20, 10), 3, theme.dark)
        for i in range(4):
            pen.disc((78 + i * 4, 20.6), 1.25, theme.caution)
        pen.disc((84, 36), 5.6, shade)
        pen.disc((84, 35.4), 5.6, theme.on_dark)
        pen.stroke([(84, 35.4), (86.2, 32.2)], 1.5, theme.dark)

    return shapes.make(("mascot", box.width, theme), (box.width, box.height), paint)


def face(shapes: Shapes, theme: Theme, box: Box, mood: Mood) -> pygame.Surface:
    """Return the face in *mood* for a microwave that fills *box*, on the window's colour."""
    where = part_of(box, FACE)

    def paint(pen: Pen) -> None:
        pen = pen.within(0, 0, box.width / WIDE)
        pen.box((-1, -1, FACE[2] + 2, FACE[3] + 2), 0, theme.dark)
        _features(pen, theme, mood)

    return shapes.make(("face", mood, box.width, theme), (where.width, where.height), paint)


def button(shapes: Shapes, theme: Theme, box: Box, glow: float) -> pygame.Surface:
    """Return the start button, *glow* 0..1, for a microwave that fills *box*, on the body's colour."""
    where = part_of(box, BUTTON)

    def paint(pen: Pen) -> None:
        pen = pen.within(0, 0, box.width / WIDE)
        pen.box((-1, -1, 26, 26), 0, theme.accent_bright)
        middle = (BUTTON[2] / 2, BUTTON[3] / 2)
        pen.disc(middle, 8.2 + 3.4 * glow, blend(theme.accent_bright, theme.on_dark, 0.25 + 0.5 * (1 - glow)))
        pen.disc((middle[0], middle[1] + 0.7), 8.2, blend(theme.accent, theme.dark, 0.3))
        pen.disc(middle, 8.2, theme.on_dark)
        pen.disc(middle, 6.4, theme.accent)
        pen.arc(middle, 4.4, -0.2, 0.02, 1.1, blend(theme.accent, theme.on_dark, 0.6))

    return shapes.make(("mascot button", glow, box.width, theme), (where.width, where.height), paint)


def _features(pen: Pen, theme: Theme, mood: Mood) -> None:
    light = theme.on_dark
    left, right, eye_y = 15.0, 35.0, 17.0
    match mood:
        case Mood.HAPPY | Mood.LEFT | Mood.RIGHT:
            look = {Mood.LEFT: -1.9, Mood.RIGHT: 1.9}.get(mood, 0.0)
            for x in (left, right):
                pen.oval((x - 4.4, eye_y - 5.6, 8.8, 11.2), light)
                pen.oval((x - 2.5 + look, eye_y - 2.9, 5.0, 6.4), theme.dark)
                pen.disc((x + 1.1 + look, eye_y - 1.5), 1.1, light)
            _curve(pen, theme, (25, 26), 7.6, up=True)
        case Mood.BLINK:
            for x in (left, right):
                pen.stroke([(x - 4, eye_y + 1), (x + 4, eye_y + 1)], 2.2, light)
            _curve(pen, theme, (25, 26), 7.6, up=True)
        case Mood.WINK:
            pen.oval((left - 4.4, eye_y - 5.6, 8.8, 11.2), light)
            pen.oval((left - 2.5, eye_y - 2.9, 5.0, 6.4), theme.dark)
            pen.disc((left + 1.1, eye_y - 1.5), 1.1, light)
            pen.stroke([(right - 4, eye_y - 2.6), (right + 2.6, eye_y + 0.6), (right - 4, eye_y + 3.8)], 2.2, light)
            _curve(pen, theme, (25, 26), 7.6, up=True)
        case Mood.GLAD:
            for x in (left, right):
                pen.arc((x, eye_y + 3.4), 4.8, -0.22, 0.22, 2.4, light)
            pen.oval((18.4, 22.6, 13.2, 13.2), light)
            pen.box((17, 21, 16, 7.4), 0, theme.dark)
            pen.stroke([(18.6, 28.2), (31.4, 28.2)], 2.0, light)
        case Mood.ASLEEP:
            for x in (left, right):
                pen.arc((x, eye_y - 2), 4.6, 0.29, 0.71, 2.2, light)
            pen.oval((22.6, 26.4, 4.8, 4.0), light)
            for x, y, size in ((38.5, 9, 3.2), (43.8, 3.2, 4.4)):
                pen.stroke([(x, y), (x + size, y), (x, y + size), (x + size, y + size)], 1.4, theme.accent_bright)
        case Mood.SORRY:
            for x, tilt in ((left, -1), (right, 1)):
                pen.oval((x - 3.8, eye_y - 4.2, 7.6, 9.6), light)
                pen.oval((x - 2.0, eye_y - 0.6, 4.2, 5.4), theme.dark)
                pen.stroke([(x - 4.4, eye_y - 8 - 1.6 * tilt), (x + 4.4, eye_y - 8 + 1.6 * tilt)], 2.0, light)
            _curve(pen, theme, (25, 34), 6.4, up=False)
    for x in (7.4, 42.6):
        pen.oval((x - 3.4, 25, 6.8, 4.4), blend(theme.dark, theme.accent_bright, 0.75))


def _curve(pen: Pen, theme: Theme, centre: tuple[float, float], radius: float, *, up: bool) -> None:
    """Draw a mouth: a smile (*up*) or its opposite."""
    turns = [0.31 + 0.38 * step / 20 for step in range(21)]
    sign = 1 if up else -1
    points = [
        (centre[0] + radius * math.sin(t * math.tau), centre[1] - sign * radius * math.cos(t * math.tau)) for t in turns
    ]
    pen.stroke(points, 2.4, theme.on_dark)
