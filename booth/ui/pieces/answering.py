"""What one of the event's own questions looks like: a page with its choices, or with a field above the keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from booth.core.events import ChoiceTouched, Declined, SendChosen, SkipChosen
from booth.core.form import Field
from booth.core.scene import FormScene
from booth.core.visit import OwnQuestion
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.pieces import field
from booth.ui.pieces.agreeing import button, fitting
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import PushButton, Widget

ROW = "choice:"
"""How the names of the choices begin; the id follows."""

HEAD = "question"
"""The name of what is painted of the question itself."""

_ALONE = 3
"""Choices that stand one below the other on a screen that is wider than high; of more there are two in a row."""


@dataclass(frozen=True)
class AnsweringPlaces:
    """A question, what it is answered with below it, and three buttons."""

    head: Box
    free: Box | None
    """That nobody must answer; where there is a field, that says so itself."""
    choices: tuple[Box, ...]
    answer: Box | None
    """The field; None where there are choices."""
    back: Box
    skip: Box
    done: Box


@lru_cache(maxsize=16)
def places(layout: Layout, choices: int, typed: tuple[Box, Box, Box]) -> AnsweringPlaces:
    """Lay a question with so many *choices* out, 0 where guests type.

    *typed* are the boxes that there are above the keyboard then: the question's, the field's and the row of buttons.
    """
    px, width, height = layout.px, layout.size.width, layout.size.height
    if not choices:
        head, answer, foot = typed
        return AnsweringPlaces(head, None, (), answer, *_buttons(layout, foot))
    edge, gap, tall = px(20), px(12), px(68)
    inner = width - 2 * edge
    head = Box(edge, px(12), inner, px(74))
    free = Box(edge, head.bottom, inner, px(26))
    foot = Box(edge, height - edge - tall, inner, tall)
    columns = 2 if choices > _ALONE and width > height else 1
    rows = -(-choices // columns)
    top = free.bottom + gap
    high = min((foot.y - gap - top - (rows - 1) * gap) // rows, px(110))
    wide = (inner - (columns - 1) * gap) // columns
    boxes = tuple(
        Box(edge + (wide + gap) * (index % columns), top + (high + gap) * (index // columns), wide, high)
        for index in range(choices)
    )
    return AnsweringPlaces(head, free, boxes, None, *_buttons(layout, foot))


def _buttons(layout: Layout, foot: Box) -> tuple[Box, Box, Box]:
    px, gap = layout.px, layout.px(12)
    wide = min(px(220), foot.width * 3 // 8)
    done = Box(foot.right - wide, foot.y, wide, foot.height)
    rest = done.x - foot.x - 2 * gap
    skipping, turning = min(px(150), rest * 3 // 5), min(px(150), rest * 2 // 5)  # where it is narrow: a longer word
    skip = Box(done.x - gap - skipping, foot.y, skipping, foot.height)
    return Box(foot.x, foot.y, turning, foot.height), skip, done


def widgets(question: OwnQuestion, layout: Layout, typed: tuple[Box, Box, Box]) -> tuple[Widget, ...]:
    """Decide what can be touched: each choice, the whole of it, or the field; and the buttons."""
    at = places(layout, len(question.choices), typed)
    found: list[Widget] = [
        PushButton(f"{ROW}{choice}", box, partial(ChoiceTouched, choice=choice))
        for choice, box in zip(question.choices, at.choices, strict=True)
    ]
    if at.answer is not None:
        found.append(field.widget(layout, at.answer, Field.ANSWER))
    return (
        *found,
        PushButton("back", at.back, Declined),
        PushButton("skip", at.skip, SkipChosen),
        PushButton("done", at.done, SendChosen),
    )


def painted(scene: FormScene, question: OwnQuestion, stage: Stage, typed: tuple[Box, Box, Box]) -> Iterator[Patch]:
    """Yield the question, and what it is answered with; the keys aside."""
    theme, words, at = stage.theme, stage.words, places(stage.layout, len(question.choices), typed)
    text = stage.questions.get(question.id, "")
    free = at.free

    def head(canvas: Canvas) -> None:
        fitting(canvas, text, at.head, largest=30, weight=Weight.EXTRA)
        if free is not None:
            canvas.text(words.question_free, free, size=19, smallest=13, colour=theme.soft_ink)

    yield Patch(HEAD, at.head if free is None else at.head.with_(free), (words, text), head)
    for choice, box in zip(question.choices, at.choices, strict=True):
        yield _choice(scene, question, stage, choice, box)
    for widget in stage.widgets:
        if isinstance(widget, field.TextField):
            yield field.painted(scene, stage, widget)
    yield button(stage, "back", words.agree_back)
    yield button(stage, "skip", words.skip)
    yield button(stage, "done", words.question_next if scene.more else words.agree_done, Icon.CHECK)


def _choice(scene: FormScene, question: OwnQuestion, stage: Stage, choice: str, box: Box) -> Patch:
    theme, px, name = stage.theme, stage.layout.px, f"{ROW}{choice}"
    held, marked = name in stage.pressed, scene.form.answer.text == choice
    text = stage.questions.get(f"{question.id}:{choice}", "")

    def paint(canvas: Canvas) -> None:
        border = theme.accent if marked else theme.line
        canvas.box(box, 18, theme.accent_soft if held else theme.card, border, 3.4 if marked else 2)
        side = px(36)
        dot = Box(box.x + px(18), box.y + (box.height - side) // 2, side, side)
        canvas.box(dot, 18, theme.card, theme.accent if marked else theme.line, 2.6)
        if marked:
            canvas.box(dot.inset(px(8)), 10, theme.accent)
        left = dot.right + px(16)
        fitting(canvas, text, Box(left, box.y + px(6), box.right - px(14) - left, box.height - 2 * px(6)), largest=24)

    return Patch(name, box, (held, marked, text), paint)
