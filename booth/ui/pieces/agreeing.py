"""What several consents look like: a row with a box for each, over the whole screen, once the details were sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from booth.core.events import ConsentToggled, Declined, SendChosen
from booth.core.scene import FormScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box, Layout
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import PushButton, Widget

ROW = "consent:"
"""How the names of the rows begin; the id of the consent follows."""


@dataclass(frozen=True)
class AgreeingPlaces:
    """A title, a row for each consent, and two buttons below."""

    title: Box
    free: Box
    rows: tuple[Box, ...]
    back: Box
    done: Box


@lru_cache(maxsize=8)
def places(layout: Layout, count: int) -> AgreeingPlaces:
    """Lay *count* rows out, each as high as two thumbs where there is room."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap, button = px(20), px(12), px(68)
    inner = width - 2 * edge
    title = Box(edge, px(14), inner, px(44))
    free = Box(edge, title.bottom, inner, px(30))
    foot = height - edge - button
    top = free.bottom + gap
    tall = min((foot - gap - top - (count - 1) * gap) // max(count, 1), px(150))
    rows = tuple(Box(edge, top + (tall + gap) * index, inner, tall) for index in range(count))
    done = Box(width - edge - px(220), foot, px(220), button)
    return AgreeingPlaces(title, free, rows, Box(edge, foot, px(150), button), done)


def widgets(scene: FormScene, layout: Layout) -> tuple[Widget, ...]:
    """Decide what can be touched: each row, the whole of it, and the two buttons."""
    at = places(layout, len(scene.consents))
    rows = (
        PushButton(f"{ROW}{consent}", box, partial(ConsentToggled, consent=consent))
        for consent, box in zip(scene.consents, at.rows, strict=True)
    )
    return *rows, PushButton("back", at.back, Declined), PushButton("done", at.done, SendChosen)


def painted(scene: FormScene, stage: Stage) -> Iterator[Patch]:
    """Yield what is asked, with a box before each sentence."""
    theme, at = stage.theme, places(stage.layout, len(scene.consents))
    words = stage.words

    def head(canvas: Canvas) -> None:
        canvas.text(words.agree_title, at.title, size=34, smallest=20, colour=theme.ink, weight=Weight.EXTRA)
        canvas.text(words.agree_free, at.free, size=19, smallest=13, colour=theme.soft_ink)

    yield Patch("agreeing", at.title.with_(at.free), (words,), head)
    for consent, box in zip(scene.consents, at.rows, strict=True):
        yield _row(scene, stage, consent, box)
    yield button(stage, "back", words.agree_back)
    yield button(stage, "done", words.agree_done, Icon.CHECK)


def _row(scene: FormScene, stage: Stage, consent: str, box: Box) -> Patch:
    theme, px, name = stage.theme, stage.layout.px, f"{ROW}{consent}"
    held, ticked = name in stage.pressed, consent in scene.form.agreed
    text = stage.consents.get(consent, "")

    def paint(canvas: Canvas) -> None:
        border = theme.accent if ticked else theme.line
        canvas.box(box, 18, theme.accent_soft if held else theme.card, border, 3.4 if ticked else 2)
        side = px(44)
        tick = Box(box.x + px(18), box.y + (box.height - side) // 2, side, side)
        ticking(canvas, tick, ticked=ticked)
        left = tick.right + px(18)
        room = Box(left, box.y + px(6), box.right - px(16) - left, box.height - 2 * px(6))
        fitting(canvas, text, room, largest=24)

    return Patch(name, box, (held, ticked, text), paint)


def ticking(canvas: Canvas, tick: Box, *, ticked: bool) -> None:
    """Paint the box of a consent, with a tick or empty."""
    theme = canvas.theme
    if ticked:
        canvas.box(tick, 10, theme.accent)
        canvas.icon(Icon.CHECK, tick.inset(canvas.px(7)), theme.on_accent)
    else:
        canvas.box(tick, 10, theme.card, theme.line, 2.6)


def fitting(
    canvas: Canvas, text: str, room: Box, *, largest: float, soft: bool = False, weight: Weight = Weight.MEDIUM
) -> None:
    """Write a text in the middle of a *room*, in as large a type as all of it has room in."""
    size, spacing = largest, 1.22

    def lines() -> int:
        return len(canvas.fonts.wrap(text, weight, canvas.px(size), room.width))

    while size > 11 and lines() * size * spacing > room.height / canvas.unit:
        size -= 1
    tall = min(round(canvas.px(size) * spacing) * lines(), room.height)
    body = Box(room.x, room.y + (room.height - tall) // 2, room.width, tall)
    colour = canvas.theme.soft_ink if soft else canvas.theme.ink
    canvas.paragraph(text, body, size=size, colour=colour, spacing=spacing, weight=weight)


def button(stage: Stage, name: str, label: str, icon: Icon | None = None) -> Patch:
    """Return a button below what is asked; the one with an *icon* is that which most guests want."""
    theme, px, box = stage.theme, stage.layout.px, stage.box(name)
    held = name in stage.pressed

    def paint(canvas: Canvas) -> None:
        side, gap = (px(28), px(10)) if icon is not None else (0, 0)
        wide = min(canvas.fonts.width(label, Weight.EXTRA, px(26)), box.width - side - gap - px(24))
        x = box.x + (box.width - wide - side - gap) // 2
        if icon is None:
            ink = theme.on_bright if held else theme.ink
            canvas.box(box, 20, theme.accent_bright if held else theme.accent_soft)
        else:
            ink = theme.on_accent
            canvas.box(box, 20, theme.accent_deep if held else theme.accent)
            canvas.icon(icon, Box(x + wide + gap, box.y, side, box.height), ink)
        canvas.text(label, Box(x, box.y, wide + 1, box.height), size=26, smallest=16, colour=ink, weight=Weight.EXTRA)

    return Patch(name, box, (label, held), paint)
