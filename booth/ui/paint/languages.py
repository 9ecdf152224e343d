"""The switch of the invitation: the languages, each in its own name on a button, the one that is spoken ticked."""

from collections.abc import Iterator

from booth.ui.canvas import Canvas, Patch
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.languages import LANGUAGES, SPOT
from booth.ui.layout import Box
from booth.ui.paint.stage import Stage

SIZE, LEAST = 18.0, 14.0
"""The type of the names, in steps of the grid: as it should be, and as small as it may become."""


def languages(stage: Stage) -> Iterator[Patch]:
    """Paint the languages that can be chosen; nothing if there is no choice."""
    boxes = stage.layout.languages(len(stage.languages))
    for code, box in zip(stage.languages, boxes, strict=True):
        yield _language(stage, code, box)


def _language(stage: Stage, code: str, box: Box) -> Patch:
    """Return the name of a language, as something that can be touched; with a tick if it is the one that is spoken."""
    theme, px = stage.theme, stage.layout.px
    held, chosen = f"{SPOT}{code}" in stage.pressed, code == stage.language
    name = LANGUAGES[code]

    def paint(canvas: Canvas) -> None:
        face = box.inset(0, px(3))
        if held:
            canvas.box(face, 16, theme.accent_bright)
        elif chosen:
            canvas.box(face, 16, theme.card, theme.line, 2.4)
        else:
            canvas.box(face, 16, theme.accent_soft)
        ink = theme.on_bright if held else theme.ink
        weight = Weight.BOLD if chosen else Weight.MEDIUM
        side, gap = (px(17), px(5)) if chosen else (0, 0)
        room = box.inset(px(7), 0)
        size = SIZE
        while size > LEAST and canvas.fonts.width(name, weight, px(size)) + side + gap > room.width:
            size -= 0.5
        wide = min(canvas.fonts.width(name, weight, px(size)), room.width - side - gap)
        line = Box(box.x + (box.width - wide + side + gap) // 2, box.y, wide + 1, box.height)
        if chosen:
            canvas.icon(Icon.CHECK, Box(line.x - side - gap, box.y, side, box.height), ink)
        canvas.text(name, line, size=size, colour=ink, weight=weight)

    return Patch(f"{SPOT}{code}", box, (held, chosen), paint)
