"""The switch of the invitation: the languages, each in its own name on a button, the one that is spoken ticked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.languages import LANGUAGES, SPOT
from booth.ui.layout import Box, Layout
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import Widget

SIZE, LEAST = 18.0, 14.0
"""The type of the names, in steps of the grid: as it should be, and as small as it may become."""


LANGUAGE = 112.0
"""Steps of the grid: the name of a language has at least so much room, a tick beside it included."""


@dataclass(frozen=True)
class Choice(Widget):
    """The name of a language that is spoken when it is touched."""

    code: str


@lru_cache(maxsize=8)
def places(layout: Layout, count: int) -> tuple[Box, ...]:
    """Lay *count* names of languages out at the lower edge, where a thumb finds them.

    As many rows as it takes to have each name readable with a tick beside it, of lengths as alike as can be.
    """
    if count == 0:
        return ()
    px = layout.px
    edge, gap, tall = px(10), px(6), px(54)
    room = layout.size.width - 2 * edge
    rows = -(-count // max((room + gap) // (px(LANGUAGE) + gap), 1))
    most = -(-count // rows)
    wide = min((room - (most - 1) * gap) // most, px(150))
    boxes: list[Box] = []
    top = layout.size.height - rows * (tall + px(2)) - px(2)
    for row in range(rows):
        here = min(most, count - len(boxes))
        left = (layout.size.width - here * wide - (here - 1) * gap) // 2
        boxes += [Box(left + index * (wide + gap), top + row * (tall + px(2)), wide, tall) for index in range(here)]
    return tuple(boxes)


def widgets(layout: Layout, codes: Sequence[str]) -> tuple[Choice, ...]:
    """Decide where the languages *codes* can be chosen; nowhere if there is no choice."""
    boxes = places(layout, len(codes))
    return tuple(Choice(f"{SPOT}{code}", box, code) for code, box in zip(codes, boxes, strict=True))


def painted(stage: Stage) -> Iterator[Patch]:
    """Paint the languages that can be chosen; nothing if there is no choice."""
    for widget in stage.widgets:
        if isinstance(widget, Choice):
            yield _language(stage, widget)


def _language(stage: Stage, choice: Choice) -> Patch:
    """Return the name of a language, as something that can be touched; with a tick if it is the one that is spoken."""
    theme, px, box = stage.theme, stage.layout.px, choice.box
    held, chosen = choice.name in stage.pressed, choice.code == stage.language
    name = LANGUAGES[choice.code]

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

    return Patch(choice.name, box, (held, chosen), paint)
