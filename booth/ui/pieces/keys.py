"""The keys of the on-screen keyboard, and what pops up over them."""

from collections.abc import Iterator

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import blend
from booth.ui.typing.keyboard import Key, Shift
from booth.ui.typing.popup import Balloon, Variants

KEY_ICONS = {
    "key:backspace": Icon.BACKSPACE,
    "key:globe": Icon.GLOBE,
    "key:next": Icon.NEXT,
    "key:shift": Icon.SHIFT,
    "key:space": Icon.SPACE,
}
SHIFT_ICONS = {Shift.OFF: Icon.SHIFT, Shift.ONCE: Icon.SHIFT_ONCE, Shift.LOCKED: Icon.SHIFT_LOCK}
SIZES = {"char": 27.0, "action": 20.0, "chip": 18.0}
"""How large what a key says is written, in steps of the grid."""


def painted(stage: Stage) -> Iterator[Patch]:
    """Paint the keys, the letters that are being touched, and the variants of the one that is held."""
    for key in stage.keys:
        yield _key(stage, key)
    for index, balloon in enumerate(stage.balloons):
        yield _balloon(stage, f"balloon {index}", balloon)
    if stage.variants is not None:
        yield _variants(stage, stage.variants)


def _key(stage: Stage, key: Key) -> Patch:
    theme, px = stage.theme, stage.layout.px
    box = Box(key.x, key.y, key.width, key.height)
    held = key.name in stage.pressed
    shift = stage.shift if key.name == "key:shift" else Shift.OFF
    icon = SHIFT_ICONS[shift] if key.name == "key:shift" else KEY_ICONS.get(key.name)

    def paint(canvas: Canvas) -> None:
        ground = theme.card if key.kind == "char" else theme.accent_soft
        ink = theme.ink
        if held:
            ground, ink = theme.accent, theme.on_accent
        elif shift is Shift.LOCKED:
            ground, ink = theme.accent_deep, theme.on_accent
        elif shift is Shift.ONCE:
            ground, ink = theme.card, theme.accent
        lip = px(2)
        canvas.box(Box(box.x, box.y + lip, box.width, box.height - lip), 11, blend(theme.tray, theme.line, 0.55))
        face = Box(box.x, box.y + (lip if held else 0), box.width, box.height - lip)
        canvas.box(face, 11, ground)
        if icon is not None:
            side = min(px(26), face.height - px(10), face.width - px(6))
            canvas.icon(icon, Box(face.x, face.y + (face.height - side) // 2, face.width, side), ink)
            return
        room = face.inset(px(7 if key.kind == "chip" else 3), 0)
        canvas.text(key.label, room, size=SIZES[key.kind], smallest=10, colour=ink, align="centre")

    return Patch(key.name, box, (key.label, held, shift), paint)


def _balloon(stage: Stage, name: str, balloon: Balloon) -> Patch:
    """Return the letter that is being touched, where no finger covers it."""
    theme, box, neck = stage.theme, balloon.box, balloon.neck
    whole = Box(box.x, box.y, box.width, neck.bottom - box.y)

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 13, theme.accent)
        canvas.fill(neck, theme.accent)
        canvas.text(
            balloon.text, box, size=38, smallest=20, colour=theme.on_accent, align="centre", weight=Weight.EXTRA
        )

    return Patch(name, whole, (balloon.text,), paint)


def _variants(stage: Stage, offered: Variants) -> Patch:
    """Return the row of variants; the one that the finger means is marked."""
    theme, px = stage.theme, stage.layout.px
    rim = px(4)
    box = offered.box.inset(-rim)

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 15, theme.card, theme.accent, 3)
        for text, cell in offered.cells:
            chosen = text == offered.chosen
            if chosen:
                canvas.box(cell.inset(px(1)), 11, theme.accent)
            ink = theme.on_accent if chosen else theme.ink
            room = cell.inset(px(4), 0)
            canvas.text(text, room, size=29, smallest=12, colour=ink, align="centre")

    return Patch("variants", box, (offered.cells, offered.chosen), paint)
