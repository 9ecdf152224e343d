"""The question before anything is thrown away, with its two answers, over a darkened form."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from booth.core.events import Declined
from booth.core.states import Ask
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import Confirm, PushButton, Widget

ASK_ICONS = {Ask.RETAKE: Icon.RETAKE, Ask.DELETE: Icon.TRASH, Ask.SKIP: Icon.SKIP}


@dataclass(frozen=True)
class QuestionPlaces:
    """A question with two answers, in the middle of the screen."""

    card: Box
    title: Box
    body: Box
    yes: Box
    no: Box


@lru_cache(maxsize=4)
def places(layout: Layout) -> QuestionPlaces:
    """Lay a question out. The answers do not lie under a finger that has just asked it."""
    px = layout.px
    if layout.size.height > layout.size.width:
        return _upright(layout)
    width, height = px(560), px(300)
    card = Box((layout.size.width - width) // 2, (layout.size.height - height) // 2 + px(36), width, height)
    inside = card.inset(px(32))
    gap = px(16)
    half = (inside.width - gap) // 2
    tall = px(84)
    no = Box(inside.x, inside.bottom - tall, half, tall)
    yes = Box(inside.right - half, no.y, half, tall)
    title = Box(inside.x, inside.y, inside.width, px(48))
    body = Box(inside.x, title.bottom + px(8), inside.width, no.y - title.bottom - px(24))
    return QuestionPlaces(card, title, body, yes, no)


def _upright(layout: Layout) -> QuestionPlaces:
    """Lay a question out with its answers one below the other, each as wide as the card."""
    px = layout.px
    card = Box(px(24), (layout.size.height - px(400)) // 2 + px(40), layout.size.width - 2 * px(24), px(400))
    inside = card.inset(px(28))
    gap, tall = px(14), px(80)
    yes = Box(inside.x, inside.bottom - tall, inside.width, tall)
    no = Box(inside.x, yes.y - gap - tall, inside.width, tall)
    title = Box(inside.x, inside.y, inside.width, px(48))
    body = Box(inside.x, title.bottom + px(8), inside.width, no.y - title.bottom - px(24))
    return QuestionPlaces(card, title, body, yes, no)


def widgets(layout: Layout, *, live: bool = True) -> tuple[Widget, ...]:
    """Decide where the two answers are."""
    at = places(layout)
    return PushButton("no", at.no, Declined, live=live), Confirm("yes", at.yes, live=live)


def painted(stage: Stage, ask: Ask) -> Iterator[Patch]:
    """Yield the question and its two answers, over a darkened form."""
    theme, screen = stage.theme, stage.layout.screen
    at = places(stage.layout)
    question, means, yes, no = stage.words.ask[ask]

    def darken(canvas: Canvas) -> None:
        clip = canvas.surface.get_clip()
        shade = canvas.shapes.make(
            ("shade", theme.dark), (64, 64), lambda pen: pen.box((0, 0, 64, 64), 0, (*theme.dark, 168))
        )
        for y in range(clip.y // 64 * 64, clip.bottom, 64):
            for x in range(clip.x // 64 * 64, clip.right, 64):
                canvas.stamp(shade, x, y)

    yield Patch("shade", screen, (), darken)

    def paint(canvas: Canvas) -> None:
        canvas.box(at.card, 28, theme.card)
        canvas.text(question, at.title, size=36, smallest=22, colour=theme.ink, weight=Weight.EXTRA)
        canvas.paragraph(means, at.body, size=22, smallest=15, colour=theme.soft_ink, balanced=True)

    yield Patch("dialog", at.card, (ask,), paint)
    yield _answer(stage, "no", no)
    yield _answer(stage, "yes", yes, ASK_ICONS[ask])


def _answer(stage: Stage, name: str, label: str, icon: Icon | None = None) -> Patch:
    """Return a large button; with an *icon* it is the one that does something. The accent is on the safe one."""
    theme, px, box = stage.theme, stage.layout.px, stage.box(name)
    held = name in stage.pressed

    def paint(canvas: Canvas) -> None:
        side, gap = (px(28), px(10)) if icon is not None else (0, 0)
        wide = min(canvas.fonts.width(label, Weight.EXTRA, px(26)), box.width - side - gap - px(24))
        x = box.x + (box.width - wide - side - gap) // 2
        line = Box(x + side + gap, box.y, wide + 1, box.height)
        if icon is None:
            canvas.box(box, 22, theme.accent_deep if held else theme.accent)
            ink = theme.on_accent
        else:
            canvas.box(box, 22, theme.accent_bright if held else theme.accent_soft)
            ink = theme.on_bright if held else theme.ink
            canvas.icon(icon, Box(x, box.y, side, box.height), ink)
        canvas.text(label, line, size=26, smallest=16, colour=ink, weight=Weight.EXTRA)

    return Patch(name, box, (label, held), paint)
