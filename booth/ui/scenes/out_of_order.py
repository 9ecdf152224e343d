"""One honest screen for the operator: which parts are missing, and what can be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from booth.core.events import Part
from booth.core.scene import OutOfOrderScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box, Layout
from booth.ui.pieces import strip
from booth.ui.pieces.ground import calm
from booth.ui.pieces.halves import PART_ICONS, message
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Row
from booth.ui.stage import Stage
from booth.ui.words import Words


@dataclass(frozen=True)
class RepairPlaces:
    """A drawing, a title with a sentence for guests; a line for the team, and a card for each part that is missing."""

    drawing: Box
    head: Box
    label: Box
    rows: tuple[Box, ...]


@lru_cache(maxsize=4)
def places(layout: Layout, parts: int, *, notices: bool) -> RepairPlaces:
    """Lay out a drawing, words, and a card for each of some *parts*; with *notices* the strip stays free."""
    px, width = layout.px, layout.size.width
    foot = strip.place(layout).y - px(6) if notices else layout.size.height - px(16)
    few = parts <= 2
    gap, label = px(6), px(44 if layout.upright else 26)
    wide = px(216 if not few else 304 if layout.upright else 250)
    high = wide * 22 // 25
    if layout.upright:
        edge, tall, head_tall = px(24), px(78), px(124)
        whole = high + px(8) + head_tall + px(16) + label + parts * (tall + gap)
        drawing = Box((width - wide) // 2, max((foot - whole) // 2, px(12)), wide, high)
        head = Box(edge, drawing.bottom + px(8), width - 2 * edge, head_tall)
    else:
        edge, head_tall = px(36), px(88)
        drawing = Box(edge, (layout.size.height - high) // 2, wide, high)
        left = drawing.right + px(34)
        room = foot - px(10) - head_tall - px(16) - label
        tall = max(min(room // max(parts, 1) - gap, px(78)), px(58))
        whole = head_tall + px(16) + label + parts * (tall + gap)
        head = Box(left, max((foot - whole) // 2, px(10)), width - left - edge, head_tall)
    said = Box(head.x, head.bottom + px(16), head.width, label)
    top = said.bottom + px(2)
    rows = tuple(Box(head.x, top + index * (tall + gap), head.width, tall) for index in range(parts))
    return RepairPlaces(drawing, head, said, rows)


def painted(scene: OutOfOrderScene, stage: Stage) -> Iterator[Patch]:
    """Paint which parts are missing, and what an operator can do."""
    at = places(stage.layout, len(scene.missing), notices=bool(scene.notices))
    notes = (strip.place(stage.layout),) if scene.notices else ()
    yield calm(stage, "out of order", at.head.with_(at.label, *at.rows), *notes)
    yield from microwave(stage, at.drawing, Mood.ASLEEP, 0.0)
    yield message(stage, at.head, *stage.words.out_of_order)
    yield _for_the_team(stage, at.label)
    for missing, row in zip(scene.missing, at.rows, strict=True):
        yield _missing(stage, row, missing)
    yield from strip.painted(scene.notices, stage)


def _for_the_team(stage: Stage, box: Box) -> Patch:
    """Return the line under which there is nothing for guests."""
    theme, text = stage.theme, stage.words.for_the_team

    def paint(canvas: Canvas) -> None:
        canvas.paragraph(text, box, size=16, smallest=13, colour=theme.soft_ink, spacing=1.2)

    return Patch("for the team", box, (text,), paint)


def _missing(stage: Stage, where: Box, missing: Part) -> Patch:
    """Return the card about one part that is missing: its name, and what can be done."""
    theme, px = stage.theme, stage.layout.px
    name, remedy = stage.words.part[missing]

    def paint(canvas: Canvas) -> None:
        canvas.box(where, 16, theme.card)
        side = px(32)
        canvas.icon(PART_ICONS[missing], Box(where.x + px(16), where.y, side, where.height), theme.accent_deep)
        left = where.x + px(62)
        wide = where.right - px(12) - left
        canvas.text(name, Box(left, where.y + px(6), wide, px(24)), size=19, smallest=15, colour=theme.ink)
        rest = Box(left, where.y + px(31), wide, where.height - px(34))
        canvas.paragraph(remedy, rest, size=17, smallest=13, colour=theme.soft_ink, spacing=1.2)

    return Patch(f"missing {missing.value}", where, (name,), paint)


def said(scene: OutOfOrderScene, words: Words) -> str:
    """Return what guests are told; the parts are for the team to read."""
    return ". ".join(words.out_of_order)


ROW = Row(OutOfOrderScene, painted, said=said)
