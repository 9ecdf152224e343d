"""The signs of the booth, drawn by hand on a grid of 24 by 24 units: round strokes, no font needed."""

import math
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType

from booth.ui.shapes import Pen, Point
from booth.ui.theme import Colour

GRID = 24.0
STROKE = 2.4


class Icon(Enum):
    """What a sign means; the words beside it say the same."""

    ALERT = "alert"
    AT = "at"
    BACKSPACE = "backspace"
    BUTTON = "button"
    CAMERA = "camera"
    CHECK = "check"
    CLOCK = "clock"
    CLOUD = "cloud"
    CLOUD_OFF = "cloud-off"
    DISK = "disk"
    DOWN = "down"
    LEFT = "left"
    GLOBE = "globe"
    NEXT = "next"
    PERSON = "person"
    RETAKE = "retake"
    RIGHT = "right"
    SEND = "send"
    SHIFT = "shift"
    SHIFT_ONCE = "shift-once"
    SHIFT_LOCK = "shift-lock"
    SKIP = "skip"
    SPACE = "space"
    TRASH = "trash"
    UP = "up"
    WAND = "wand"


def draw(icon: Icon, pen: Pen, colour: Colour) -> None:
    """Draw *icon* in *colour* with a pen whose unit is one 24th of the sign's side."""
    _DRAWINGS[icon](pen, colour)


def _alert(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12), 9.4, 0, 1, STROKE, colour)
    pen.stroke([(12, 7.2), (12, 12.6)], STROKE, colour)
    pen.disc((12, 16.6), 1.5, colour)


def _at(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12), 4.0, 0, 1, 2.2, colour)
    pen.stroke([(16, 8.4), (16, 13.4)], 2.2, colour)
    pen.arc((18.2, 13.2), 2.2, 0.5, 0.75, 2.2, colour)
    pen.arc((12, 12), 9.2, -0.58, 0.27, 2.2, colour)
    pen.stroke([(21.1, 11), (20.6, 13.6), (18.4, 15.4)], 2.2, colour)


def _backspace(pen: Pen, colour: Colour) -> None:
    pen.stroke([(8, 5.5), (20.5, 5.5), (20.5, 18.5), (8, 18.5), (2.5, 12), (8, 5.5)], STROKE, colour)
    pen.stroke([(10.6, 9.4), (15.8, 14.6)], STROKE, colour)
    pen.stroke([(15.8, 9.4), (10.6, 14.6)], STROKE, colour)


def _button(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12), 9.4, 0, 1, STROKE, colour)
    pen.disc((12, 12), 5, colour)


def _camera(pen: Pen, colour: Colour) -> None:
    body = [(3, 8), (7, 8), (9, 5), (15, 5), (17, 8), (21, 8), (21, 19), (3, 19), (3, 8)]
    pen.stroke(body, STROKE, colour)
    pen.arc((12, 13), 3.4, 0, 1, STROKE, colour)


def _check(pen: Pen, colour: Colour) -> None:
    pen.stroke([(4, 12.8), (9.6, 18.2), (20, 6.4)], 3.2, colour)


def _clock(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12), 9.4, 0, 1, STROKE, colour)
    pen.stroke([(12, 6.8), (12, 12.4), (15.8, 14.6)], STROKE, colour)


def _cloud(pen: Pen, colour: Colour) -> None:
    pen.disc((7.2, 14.4), 4.8, colour)
    pen.disc((12.4, 10.4), 5.8, colour)
    pen.disc((18, 14.8), 4.4, colour)
    pen.box((7, 13, 11, 6.2), 1, colour)


def _cloud_off(pen: Pen, colour: Colour) -> None:
    _cloud(pen, colour)
    pen.stroke([(5.4, 3.4), (20.6, 20.6)], 5.0, (0, 0, 0, 0))
    pen.stroke([(4.2, 4.4), (19.4, 21.6)], 2.2, colour)


def _disk(pen: Pen, colour: Colour) -> None:
    pen.stroke([(3.5, 7), (3.5, 17), (20.5, 17), (20.5, 7), (3.5, 7)], STROKE, colour)
    pen.stroke([(7, 13.2), (12, 13.2)], STROKE, colour)
    pen.disc((17, 13.2), 1.4, colour)


def _globe(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12), 9.4, 0, 1, 2.0, colour)
    pen.stroke([(3, 12), (21, 12)], 2.0, colour)
    for side in (-1, 1):
        turns = [(12 + side * 4.2 * math.sin(math.pi * step / 10), 2.6 + 1.88 * step) for step in range(11)]
        pen.stroke(turns, 2.0, colour)


def _next(pen: Pen, colour: Colour) -> None:
    pen.stroke([(4, 12), (19.5, 12)], STROKE, colour)
    pen.stroke([(13.4, 5.8), (19.6, 12), (13.4, 18.2)], STROKE, colour)


def _person(pen: Pen, colour: Colour) -> None:
    pen.disc((12, 7.8), 4.8, colour)
    shoulders = [(12 - 8.4 * math.cos(t), 21 - 6.6 * math.sin(t)) for t in (math.pi * i / 24 for i in range(25))]
    pen.polygon(shoulders, colour, 0.5)


def _retake(pen: Pen, colour: Colour) -> None:
    pen.arc((12, 12.6), 8.2, 0.1, 0.86, STROKE, colour)
    pen.polygon([(12.6, 1.6), (12.6, 7.8), (17.4, 4.8)], colour, 0.6)


def _send(pen: Pen, colour: Colour) -> None:
    pen.polygon([(2.6, 11.4), (21.4, 3), (15.6, 20.6), (11.4, 13.4)], colour, 0.8)


def _arrow_up(pen: Pen, *, fill: Colour | None, colour: Colour) -> None:
    outline: list[Point] = [(12, 3.4), (20.4, 12), (15.8, 12), (15.8, 19.6), (8.2, 19.6), (8.2, 12), (3.6, 12)]
    if fill is not None:
        pen.polygon(outline, fill, 1)
    pen.stroke([*outline, outline[0]], 2.2, colour)


def _shift(pen: Pen, colour: Colour) -> None:
    _arrow_up(pen, fill=None, colour=colour)


def _shift_once(pen: Pen, colour: Colour) -> None:
    _arrow_up(pen, fill=colour, colour=colour)


def _shift_lock(pen: Pen, colour: Colour) -> None:
    _arrow_up(pen.within(1.8, 0, 0.85), fill=colour, colour=colour)
    pen.stroke([(7, 21.8), (17, 21.8)], 2.4, colour)


def _skip(pen: Pen, colour: Colour) -> None:
    pen.stroke([(5, 5.6), (11.4, 12), (5, 18.4)], 2.8, colour)
    pen.stroke([(12.6, 5.6), (19, 12), (12.6, 18.4)], 2.8, colour)


def _space(pen: Pen, colour: Colour) -> None:
    pen.stroke([(3, 11), (3, 15.5), (21, 15.5), (21, 11)], STROKE, colour)


def _trash(pen: Pen, colour: Colour) -> None:
    pen.stroke([(3.6, 6.4), (20.4, 6.4)], STROKE, colour)
    pen.stroke([(9, 6), (9.6, 3), (14.4, 3), (15, 6)], STROKE, colour)
    pen.stroke([(5.8, 6.4), (6.8, 21), (17.2, 21), (18.2, 6.4)], STROKE, colour)
    pen.stroke([(10, 10.6), (10.3, 16.8)], 2, colour)
    pen.stroke([(14, 10.6), (13.7, 16.8)], 2, colour)


def _pointer(turns: int) -> Callable[[Pen, Colour], None]:
    """Return the drawing of an arrow that points up after so many quarter *turns* clockwise."""

    def drawing(pen: Pen, colour: Colour) -> None:
        for line in ([(12, 20.6), (12, 4.4)], [(5, 11), (12, 4), (19, 11)]):
            points: list[Point] = [*line]
            for _ in range(turns):
                points = [(GRID - y, x) for x, y in points]
            pen.stroke(points, 3.6, colour)

    return drawing


def _wand(pen: Pen, colour: Colour) -> None:
    pen.stroke([(3.6, 20.4), (13.6, 10.4)], 3, colour)
    for x, y, size in ((17.4, 6.6, 4.6), (7.4, 6.0, 2.8), (19.4, 16.0, 2.8)):
        points = [
            (x + r * math.sin(i * math.pi / 4), y - r * math.cos(i * math.pi / 4))
            for i, r in enumerate([size, size * 0.34] * 4)
        ]
        pen.polygon(points, colour, 0.2)


_DRAWINGS: Mapping[Icon, Callable[[Pen, Colour], None]] = MappingProxyType(
    {
        Icon.ALERT: _alert,
        Icon.AT: _at,
        Icon.BACKSPACE: _backspace,
        Icon.BUTTON: _button,
        Icon.CAMERA: _camera,
        Icon.CHECK: _check,
        Icon.CLOCK: _clock,
        Icon.CLOUD: _cloud,
        Icon.CLOUD_OFF: _cloud_off,
        Icon.DISK: _disk,
        Icon.GLOBE: _globe,
        Icon.NEXT: _next,
        Icon.PERSON: _person,
        Icon.RETAKE: _retake,
        Icon.SEND: _send,
        Icon.SHIFT: _shift,
        Icon.SHIFT_ONCE: _shift_once,
        Icon.SHIFT_LOCK: _shift_lock,
        Icon.SKIP: _skip,
        Icon.SPACE: _space,
        Icon.TRASH: _trash,
        Icon.UP: _pointer(0),
        Icon.RIGHT: _pointer(1),
        Icon.DOWN: _pointer(2),
        Icon.LEFT: _pointer(3),
        Icon.WAND: _wand,
    }
)
