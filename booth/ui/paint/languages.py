"""The switch of the invitation: the languages in a row, each in its own name, the one that is spoken marked."""

from collections.abc import Iterator

from booth.ui.canvas import Canvas, Part
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.languages import LANGUAGES, SPOT
from booth.ui.layout import Box
from booth.ui.paint.stage import Stage

SIZE = 18.0
"""The type of the names, in steps of the grid."""


def languages(stage: Stage) -> Iterator[Part]:
    """Paint the languages that can be chosen; nothing if there is no choice."""
    boxes = stage.layout.languages(len(stage.languages))
    for code, box in zip(stage.languages, boxes, strict=True):
        yield _language(stage, code, box)


def _language(stage: Stage, code: str, box: Box) -> Part:
    """Return the name of a language: on a card, with a tick, if it is the one that is spoken."""
    theme, px = stage.theme, stage.layout.px
    held, chosen = f"{SPOT}{code}" in stage.pressed, code == stage.language
    name = LANGUAGES[code]

    def paint(canvas: Canvas) -> None:
        face = box.inset(0, px(3))
        if held:
            canvas.box(face, 16, theme.accent_soft)
        elif chosen:
            canvas.box(face, 16, theme.card, theme.line, 2)
        weight = Weight.BOLD if chosen else Weight.MEDIUM
        side, gap = (px(17), px(5)) if chosen else (0, 0)
        room = box.inset(px(4), 0)
        wide = min(canvas.fonts.width(name, weight, px(SIZE)), room.width)
        line = Box(box.x + (box.width - wide + side + gap) // 2, box.y, wide + 1, box.height)
        if chosen and wide + side + gap <= room.width:
            canvas.icon(Icon.CHECK, Box(line.x - side - gap, box.y, side, box.height), theme.ink)
        elif chosen:  # no room beside the name
            canvas.icon(Icon.CHECK, Box(box.x, face.y + px(5), box.width, px(14)), theme.ink)
            line = Box(room.x + (room.width - wide) // 2, face.y + px(13), wide + 1, face.height - px(13))
        ink = theme.ink if chosen or held else theme.soft_ink
        canvas.text(name, line, size=SIZE, smallest=13, colour=ink, weight=weight)

    return Part(f"{SPOT}{code}", box, (held, chosen), paint)
