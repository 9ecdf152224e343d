"""Large buttons with a word or a sign, as an operator's thumb finds them: what is touched is the box of a widget."""

from enum import Enum

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight


class Manner(Enum):
    """How a button looks."""

    PLAIN = "plain"
    STRONG = "strong"
    """What is meant to be touched next, or the page that is shown."""
    DULL = "dull"
    """What does nothing now."""


def button(
    stage: Stage, name: str, label: str, icon: Icon | None = None, face: Manner = Manner.PLAIN, size: float = 22
) -> Patch:
    """Return the button *name*: a sign, a *label* of this *size*, or both, in its middle."""
    theme, px, box = stage.theme, stage.layout.px, stage.box(name)
    held = name in stage.pressed and face is not Manner.DULL

    def paint(canvas: Canvas) -> None:
        match face:
            case Manner.STRONG:
                canvas.box(box, 18, theme.accent_deep if held else theme.accent)
                ink = theme.on_accent
            case Manner.PLAIN:
                canvas.box(box, 18, theme.accent_bright if held else theme.accent_soft)
                ink = theme.on_bright if held else theme.ink
            case Manner.DULL:
                canvas.box(box, 18, theme.card)
                ink = theme.soft_ink
        side = px(size * 1.15) if icon is not None else 0
        gap = px(10) if icon is not None and label else 0
        room = box.width - side - gap - px(16)
        height = size
        while height > 13 and canvas.fonts.width(label, Weight.BOLD, px(height)) > room:
            height -= 0.5
        wide = min(canvas.fonts.width(label, Weight.BOLD, px(height)), room)
        x = box.x + (box.width - wide - side - gap) // 2
        if icon is not None:
            canvas.icon(icon, Box(x, box.y, side, box.height), ink)
        if label:
            line = Box(x + side + gap, box.y, wide + 1, box.height)
            canvas.text(label, line, size=height, smallest=13, colour=ink, weight=Weight.BOLD)

    return Patch(name, box, (label, icon, face, held), paint)
