"""The lamps: one for each cloud that a guest's picture is copied to, and the same in words.

A lamp that burns is full and has a tick, one that does not is a ring: nobody has to tell them by their colours.
"""

from collections.abc import Iterator, Sequence

from booth.core.scene import Lamp
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.words import Words

_WIDE = 116
"""Steps of the grid that a lamp with its name takes at least."""

_LINE, _ROW, _EDGE = 30, 30, 8
"""The same for the height of the sentence, of a row of lamps, and of the card's edge."""


def _columns(layout: Layout, wide: int, lamps: int) -> int:
    """Return how many lamps stand side by side, in rows that are as even as they can be."""
    most = max((wide - 2 * layout.px(_EDGE)) // layout.px(_WIDE), 1)
    rows = -(-lamps // most)
    return -(-lamps // rows)


def parted(layout: Layout, room: Box, lamps: int) -> tuple[Box, Box]:
    """Return the rest of a *room*, and the card of so many lamps at its foot, which is as wide."""
    px = layout.px
    rows = -(-lamps // _columns(layout, room.width, lamps))
    high = px(_LINE) + rows * px(_ROW) + 2 * px(_EDGE)
    rest = Box(room.x, room.y, room.width, room.height - high - px(8))
    return rest, Box(room.x, room.bottom - high, room.width, high)


def sentence(lamps: Sequence[Lamp], words: Words) -> str:
    """Return what the *lamps* say: no more than the server has said."""
    return words.clouds(sum(lamp.lit for lamp in lamps), len(lamps))


def painted(lamps: Sequence[Lamp], stage: Stage, card: Box) -> Iterator[Patch]:
    """Yield the lamps on their *card*: see `parted`."""
    theme, px = stage.theme, stage.layout.px
    inner = card.inset(px(_EDGE + 4), px(_EDGE))
    columns = _columns(stage.layout, card.width, len(lamps))
    told = sentence(lamps, stage.words)
    everywhere = all(lamp.lit for lamp in lamps)

    def paint(canvas: Canvas) -> None:
        canvas.box(card, 14, theme.card)
        line = Box(inner.x, inner.y, inner.width, px(_LINE))
        colour = theme.good if everywhere else theme.ink
        canvas.text(told, line, size=20, smallest=13, colour=colour, weight=Weight.EXTRA)
        for index, lamp in enumerate(lamps):
            row, column = divmod(index, columns)
            left, right = (inner.x + inner.width * edge // columns for edge in (column, column + 1))
            _lamp(canvas, stage, lamp, Box(left, line.bottom + row * px(_ROW), right - left, px(_ROW)))

    yield Patch("lamps", card, (tuple(lamps), told), paint)


def _lamp(canvas: Canvas, stage: Stage, lamp: Lamp, box: Box) -> None:
    theme, px = stage.theme, stage.layout.px
    side = px(22)
    bulb = Box(box.x, box.y + (box.height - side) // 2, side, side)
    if lamp.lit:
        canvas.box(bulb, 11, theme.good)
        canvas.icon(Icon.CHECK, bulb.inset(px(4)), theme.card)
    else:
        canvas.box(bulb, 11, None, theme.soft_ink, 2)
    name = Box(bulb.right + px(7), box.y, box.right - bulb.right - px(11), box.height)
    ink = theme.ink if lamp.lit else theme.soft_ink
    called = stage.dress.clouds.get(lamp.site, lamp.site)
    canvas.text(called, name, size=18, smallest=11, colour=ink, weight=Weight.BOLD if lamp.lit else Weight.MEDIUM)
