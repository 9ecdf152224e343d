"""A few stars that twinkle once around something that has arrived."""

import math
from collections.abc import Iterator, Sequence

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.shapes import Pen
from booth.ui.layout import Box
from booth.ui.stage import Stage
from booth.ui.theme import Colour

SPARKLES = 15
BETWEEN = 0.12
"""Seconds from one sparkle to the next..."""
LASTS = 0.72
"""...and how long each lasts: few at a time, so that little is painted."""
LOOKS = 7
"""How many pictures a sparkle is made of."""


def sparkles(stage: Stage, around: Box, *, apart_from: Sequence[Box]) -> Iterator[Patch]:
    """Yield a few stars that twinkle once around *around*: it has arrived. None with reduced motion.

    None is where it would lie over what is written in *apart_from*.
    """
    since = stage.now - stage.told
    if stage.dress.reduced_motion or since > SPARKLES * BETWEEN + LASTS:
        return
    theme, px = stage.theme, stage.layout.px
    for index in range(SPARKLES):
        age = (since - index * BETWEEN) / LASTS
        if not 0.0 <= age < 1.0:
            continue
        look = int(age * LOOKS)
        across = max(round(px((34, 24, 28)[index % 3]) * math.sin(math.pi * (look + 0.7) / (LOOKS + 0.4))), 3)
        colour = (theme.accent, theme.caution, theme.accent_bright, theme.good)[index % 4]
        x, y = _along(around.inset(-px(12)), (index * 0.382 + 0.06) % 1.0)
        where = Box(x - across // 2, y - across // 2, across, across)
        if any(where.meets(box) for box in apart_from):
            continue
        yield _sparkle(f"sparkle {index}", where, colour)


def _sparkle(name: str, where: Box, colour: Colour) -> Patch:
    """Return a star with four points."""

    def star(pen: Pen) -> None:
        middle = where.width / 2
        points = [
            (middle + reach * math.sin(turn), middle - reach * math.cos(turn))
            for turn, reach in ((step * math.tau / 8, middle * (1.0 if step % 2 == 0 else 0.34)) for step in range(8))
        ]
        pen.polygon(points, colour)

    def paint(canvas: Canvas) -> None:
        key = ("sparkle", where.width, colour)
        canvas.stamp(canvas.shapes.make(key, (where.width, where.height), star), where.x, where.y)

    return Patch(name, where, (colour,), paint)


def _along(box: Box, share: float) -> tuple[int, int]:
    """Return the point at *share* (0..1) of the way around *box*, clockwise from its corner at the top left."""
    way = share * 2 * (box.width + box.height)
    for length, x, y, dx, dy in (
        (box.width, box.x, box.y, 1, 0),
        (box.height, box.right, box.y, 0, 1),
        (box.width, box.right, box.bottom, -1, 0),
        (box.height, box.x, box.bottom, 0, -1),
    ):
        if way <= length:
            return round(x + dx * way), round(y + dy * way)
        way -= length
    return box.x, box.y
