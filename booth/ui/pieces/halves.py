"""What the scenes are made of in which the microwave speaks for the booth: a drawing, words, and steps on a card.

The law: they are calm. What is going on is told in steps that are known to be done, never in a bar that guesses; every
step has a sign and words.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from booth.core.events import Part
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.stage import BEAT, Stage
from booth.ui.text.fonts import Weight

PART_ICONS = {Part.CAMERA: Icon.CAMERA, Part.DISK: Icon.DISK, Part.GM: Icon.WAND, Part.BUTTON: Icon.BUTTON}


class Mark(Enum):
    """How far a step is."""

    DONE = "done"
    DOING = "doing"
    TO_DO = "to-do"
    LATER = "later"
    WRONG = "wrong"


@dataclass(frozen=True)
class Halves:
    """A drawing, a title with a sentence, and below these some rows."""

    drawing: Box
    head: Box
    row: int
    gap: int

    def rows(self, count: int) -> tuple[Box, ...]:
        """Return *count* rows below the head."""
        card = self.card(count)
        step = self.row + self.gap
        left, wide = card.x + 4 * self.gap, card.width - 8 * self.gap
        return tuple(Box(left, card.y + 3 * self.gap + index * step, wide, self.row) for index in range(count))

    def card(self, count: int) -> Box:
        """Return the card that *count* rows are on."""
        tall = count * (self.row + self.gap) + 5 * self.gap
        return Box(self.head.x, self.head.bottom + 5 * self.gap, self.head.width, tall)


@lru_cache(maxsize=8)
def halves(layout: Layout, rows: int) -> Halves:
    """Lay out a drawing, and words over a card of some *rows* beside it, or below it on an upright screen."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    wide = px(304)
    high = wide * 22 // 25
    row, gap = px(38), px(4)
    if height > width:
        edge = px(36)
        card = rows * (row + gap) + 5 * gap
        drawing = Box((width - wide) // 2, (height - high - px(20) - px(172) - 5 * gap - card) // 2, wide, high)
        head = Box(edge, drawing.bottom + px(20), width - 2 * edge, px(172))
        return Halves(drawing, head, row, gap)
    edge = px(36)
    drawing = Box(edge, (height - high) // 2, wide, high)
    left = drawing.right + px(34)
    # The words stand at the foot of their box: as long as most of them are, they and the card are in the middle.
    air = px(58)
    below = 5 * gap + rows * (row + gap) + 5 * gap
    top = max((height - px(192) + air - below) // 2 - air, px(8))
    return Halves(drawing, Box(left, top, width - left - edge, px(192)), row, gap)


def card(stage: Stage, box: Box) -> Patch:
    """Return what steps are written on."""
    return Patch("card", box, (), lambda canvas: canvas.box(box, 18, stage.theme.card))


def message(stage: Stage, box: Box, title: str, body: str) -> Patch:
    """Return a title and a sentence, at the foot of *box*; in its middle on an upright screen."""
    theme = stage.theme
    upright = stage.layout.size.height > stage.layout.size.width
    align = "centre" if upright else "left"

    def paint(canvas: Canvas) -> None:
        width = box.width
        title_lines, title_step = lines(canvas, title, width, round(box.height * 0.62), 40, 24, 1.15, Weight.EXTRA)
        gap = canvas.px(8)
        room = box.height - len(title_lines) * title_step - gap
        body_lines, body_step = lines(canvas, body, width, room, 23, 15, 1.3, Weight.MEDIUM)
        spare = box.height - len(body_lines) * body_step - gap - len(title_lines) * title_step
        y = box.y + (spare // 2 if upright else spare)
        for line in title_lines:
            row = Box(box.x, y, width, title_step)
            size = title_step / 1.15 / canvas.unit
            canvas.text(line, row, size=size, colour=theme.ink, weight=Weight.EXTRA, align=align)
            y += title_step
        y += gap
        for line in body_lines:
            row = Box(box.x, y, width, body_step)
            size = body_step / 1.3 / canvas.unit
            canvas.text(line, row, size=size, colour=theme.soft_ink, weight=Weight.MEDIUM, align=align)
            y += body_step

    return Patch("message", box, (title, body), paint)


def lines(
    canvas: Canvas, text: str, width: int, room: int, size: float, least: float, spacing: float, weight: Weight
) -> tuple[list[str], int]:
    """Return *text* in lines *width* wide, and the pixels from one to the next: as large as *room* pixels allow."""
    height = canvas.px(size)
    wrapped = canvas.fonts.wrap(text, weight, height, width)
    while height > canvas.px(least) and round(height * spacing) * len(wrapped) > room:
        height -= 1
        wrapped = canvas.fonts.wrap(text, weight, height, width)
    return canvas.balanced(text, wrapped, width, height, weight), round(height * spacing)


def step(stage: Stage, where: Box, mark: Mark, text: str, icon: Icon | None = None) -> Patch:
    """Return one step of something: a sign that tells how far it is, and what it is."""
    theme, px = stage.theme, stage.layout.px
    large = mark is Mark.DOING and int(stage.motion / (3 * BEAT)) % 2 == 0
    quiet = mark in {Mark.TO_DO, Mark.LATER}

    def paint(canvas: Canvas) -> None:
        side = px(26)
        sign = Box(where.x + px(2), where.y + (where.height - side) // 2, side, side)
        match mark:
            case Mark.DONE:
                canvas.stamp(canvas.shapes.disc(side, theme.good), sign.x, sign.y)
                canvas.icon(Icon.CHECK, sign.inset(px(5)), theme.card)
            case Mark.WRONG:
                canvas.icon(Icon.ALERT, sign, theme.wrong)
            case Mark.LATER:
                canvas.icon(Icon.CLOCK, sign, theme.soft_ink)
            case Mark.TO_DO | Mark.DOING:
                colour = theme.accent if mark is Mark.DOING else theme.line
                canvas.stamp(canvas.shapes.ring(side, canvas.line(2.4), 1.0, colour), sign.x, sign.y)
                if mark is Mark.DOING:
                    across = px(14 if large else 8)
                    spare = (side - across) // 2
                    canvas.stamp(canvas.shapes.disc(across, theme.accent), sign.x + spare, sign.y + spare)
        left = sign.right + px(14)
        ink = theme.soft_ink if quiet else theme.ink
        if icon is not None:
            canvas.icon(icon, Box(left, where.y, side, where.height), ink)
            left += side + px(10)
        line = Box(left, where.y, where.right - left, where.height)
        weight = Weight.BOLD if mark is Mark.DOING else Weight.MEDIUM
        canvas.text(text, line, size=21, smallest=13, colour=ink, weight=weight)

    return Patch(f"step {text}", where, (mark, large), paint)
