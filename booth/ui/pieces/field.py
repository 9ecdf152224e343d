"""A field of the form: what it is for or what is wrong with it, the text, and the caret."""

from dataclasses import dataclass
from functools import lru_cache

from booth.core.form import Field, Line
from booth.core.scene import FormScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.text.lines import View
from booth.ui.theme import Colour
from booth.ui.widgets import Widget

BLINK = 0.5
"""Seconds that the caret is on, and off."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
"""Where a line that is being edited goes on."""

FIELD_ICONS = {Field.NAME: Icon.PERSON, Field.EMAIL: Icon.AT, Field.ANSWER: Icon.WAND}


@dataclass(frozen=True)
class FieldPlaces:
    """The inside of a field: a sign, what the field is for or what is wrong with it, and the row of its text."""

    icon: Box
    inner: Box
    """All but the sign: an empty field says there what it is for."""
    label: Box
    row: Box


@dataclass(frozen=True)
class TextField(Widget):
    """A field that takes the caret."""

    field: Field
    inside: FieldPlaces


def widget(layout: Layout, box: Box, field: Field, *, live: bool = True) -> TextField:
    """Decide where the things of a *field* are that fills *box*."""
    return TextField(f"field:{field.value}", box, field, places(layout, box), live=live)


@lru_cache(maxsize=8)
def places(layout: Layout, box: Box) -> FieldPlaces:
    """Lay the inside of a field out."""
    px = layout.px
    icon = Box(box.x + px(13), box.y, px(24), box.height)
    left = box.x + px(48)
    inner = Box(left, box.y + px(4), box.right - px(14) - left, box.height - px(8))
    label = Box(inner.x, inner.y + px(1), inner.width, round(inner.height * 0.38))
    row = Box(inner.x, label.bottom - px(2), inner.width, inner.bottom - label.bottom + px(2))
    return FieldPlaces(icon, inner, label, row)


def painted(scene: FormScene, stage: Stage, entry: TextField) -> Patch:
    """Return a field: what it is for or what is wrong with it, the text, and the caret."""
    theme, field, inside, box = stage.theme, entry.field, entry.inside, entry.box
    form = scene.form
    line = {Field.NAME: form.name, Field.EMAIL: form.email, Field.ANSWER: form.answer}[field]
    focused = form.focus is field and scene.typing
    wrong = scene.form.complaint(field)
    caret = focused and int(stage.elapsed / BLINK) % 2 == 0
    optional = not {Field.NAME: scene.name_required, Field.EMAIL: scene.email_required}.get(field, False)
    label = stage.words.complaint[wrong] if wrong else stage.words.field[field]
    waiting = not line.text and not focused and wrong is None
    if optional and wrong is None:
        label = f"{label}, {stage.words.optional}"
    lively = focused and stage.now - stage.typed < BLINK  # the caret does not go out while it moves

    view = stage.views.get(field, View())

    def paint(canvas: Canvas) -> None:
        border: Colour = theme.wrong if wrong else (theme.accent if focused else theme.line)
        canvas.box(box, 14, theme.card, border, 3.4 if focused or wrong else 2)
        icon = Icon.ALERT if wrong else FIELD_ICONS[field]
        colour = theme.wrong if wrong else (theme.accent if focused else theme.soft_ink)
        canvas.icon(icon, inside.icon, colour)
        if waiting:
            canvas.text(label, inside.inner, size=21, smallest=14, colour=theme.soft_ink, weight=Weight.MEDIUM)
            return
        canvas.text(label, inside.label, size=16, smallest=11, colour=theme.wrong if wrong else theme.soft_ink)
        if focused:
            _edited(canvas, inside.row, line, view, caret=caret or lively)
        else:
            canvas.text(line.text, inside.row, size=24, colour=theme.ink)

    key = (line.text, line.caret, view, focused, caret or lively, wrong, label)
    return Patch(f"field {field.value}", box, key, paint)


def _edited(canvas: Canvas, row: Box, line: Line, view: View, *, caret: bool) -> None:
    """Write what can be seen of a line, and its caret. 300 characters in one picture would be wider than is wise.

    Where the line goes on, its last letters fade into three dots: nobody takes a part for the whole.
    """
    theme, fonts = canvas.theme, canvas.fonts
    height, weight = canvas.px(24), Weight.BOLD
    shown = line.text[view.first : view.last]
    picture = fonts.render(shown, weight, height, theme.ink)
    clip = canvas.surface.get_clip()
    canvas.surface.set_clip(clip.clip(row.tuple))
    y = row.y + (row.height - picture.get_height()) // 2
    canvas.surface.blit(picture, (row.x, y))
    at = row.x + fonts.caret_x(shown, line.caret - view.first, weight, height)
    for goes_on, right in ((view.first > 0, False), (view.last < len(line.text), True)):
        wide = fonts.width(ELLIPSIS, weight, height) + canvas.px(4)
        cover = Box(row.right - wide if right else row.x, row.y, wide, row.height)
        if goes_on and not cover.holds(min(at, row.right - 1), row.y):
            canvas.fill(cover, theme.card)
            canvas.text(
                ELLIPSIS, cover, size=24, colour=theme.soft_ink, weight=weight, align="right" if right else "left"
            )
    if caret:
        thick, tall = max(canvas.line(3), 2), canvas.px(28)
        x = min(at, row.right - thick)
        canvas.surface.fill(theme.accent, (x, row.y + (row.height - tall) // 2, thick, tall))
    canvas.surface.set_clip(clip)
