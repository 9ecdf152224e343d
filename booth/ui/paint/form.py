"""The form: two fields, a few choices, the keyboard, and the question before anything is thrown away."""

from collections.abc import Iterator

from booth.core.form import Field, Line
from booth.core.scene import FormScene
from booth.core.states import Animation, Ask
from booth.ui.canvas import Canvas, Patch
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box, FormLayout, fitted
from booth.ui.lines import View
from booth.ui.paint.keys import keys
from booth.ui.paint.stage import Stage, ground
from booth.ui.playback import due
from booth.ui.theme import Colour

BLINK = 0.5
"""Seconds that the caret is on, and off."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
"""Where a line that is being edited goes on."""

FIELD_ICONS = {Field.NAME: Icon.PERSON, Field.EMAIL: Icon.AT}
ASK_ICONS = {Ask.RETAKE: Icon.RETAKE, Ask.DELETE: Icon.TRASH, Ask.SKIP: Icon.SKIP}


def form(scene: FormScene, stage: Stage) -> Iterator[Patch]:
    """Paint the form, and the question over it if there is one."""
    theme, places = stage.theme, stage.layout.form()
    yield ground(stage, ("form", scene.session), theme.paper)
    if scene.closing_in is None:
        yield from _head(scene, stage, places)
    else:
        yield _warning(stage, places.warning, scene.closing_in)
    quiet = (
        ("retake", places.retake, Icon.RETAKE, stage.words.retake),
        ("delete", places.delete, Icon.TRASH, stage.words.delete),
        ("skip", places.skip, Icon.SKIP, stage.words.skip),
    )
    beside = tuple((label, box.width) for _, box, _, label in quiet)
    for name, box, icon, label in quiet:
        yield _quiet(stage, name, box, icon, label, beside)
    yield _field(scene, stage, places.name, Field.NAME)
    yield _field(scene, stage, places.email, Field.EMAIL)
    if scene.consent_asked:
        yield _consent(scene, stage, places.consent)
    if scene.form.hint() is not None:
        yield _hint(scene, stage, places.hint)
    elif scene.button_skips:
        yield _button_skips(stage, places.hint)
    yield _send(scene, stage, places.send)
    yield Patch("tray", places.tray, (), lambda canvas: canvas.fill(places.tray, theme.tray))
    yield from keys(stage)
    if scene.ask is not None:
        yield from _dialog(stage, scene.ask)


def _head(scene: FormScene, stage: Stage, places: FormLayout) -> Iterator[Patch]:
    """Yield what this is about: the animation in small, or the sign that it is being made."""
    theme, px = stage.theme, stage.layout.px
    box = places.title
    told = stage.words.animation[scene.animation]
    dots = "." * (int(stage.motion / 0.5) % 4) if scene.animation is Animation.MAKING else ""

    def paint(canvas: Canvas) -> None:
        half = box.height // 2
        top = Box(box.x, box.y, box.width, half + px(2))
        canvas.text(stage.words.form_title, top, size=25, smallest=16, colour=theme.ink, weight=Weight.EXTRA)
        line = Box(box.x, box.y + half, box.width, half)
        canvas.text(told + dots, line, size=18, smallest=13, colour=theme.soft_ink)

    yield Patch("head", box, (told, dots), paint)

    playback = stage.album.playback(scene.session) if scene.animation is Animation.READY else None
    thumb = places.thumb
    if playback is None or not playback.pictures:
        large = int(stage.motion / 0.5) % 4 if scene.animation is Animation.MAKING else -1
        icon = Icon.CHECK if scene.animation is not Animation.MAKING else None

        def paint_waiting(canvas: Canvas) -> None:
            canvas.box(thumb, 12, theme.accent_soft)
            if icon is not None:
                canvas.icon(icon, thumb.inset(px(14)), theme.accent_deep)
                return
            tile, gap = px(16), px(6)
            left, top = thumb.centre[0] - tile - gap // 2, thumb.centre[1] - tile - gap // 2
            for index, (column, row) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
                colour = theme.accent if index == large else theme.accent_bright
                place = Box(left + column * (tile + gap), top + row * (tile + gap), tile, tile)
                canvas.box(place, 4, colour)

        yield Patch("thumb", thumb, (large, icon), paint_waiting)
        return

    first = playback.pictures[0].size
    picture = fitted(first.width, first.height, thumb.inset(px(3)))
    index = due(playback.delays, 0, stage.elapsed)

    def paint_thumb(canvas: Canvas) -> None:
        canvas.box(thumb, 8, theme.accent_bright)
        shown = stage.projector.picture(scene.session, playback, index, (picture.width, picture.height))
        canvas.surface.blit(shown, (picture.x, picture.y))

    yield Patch("thumb", thumb, ("playing", index), paint_thumb)


def _warning(stage: Stage, box: Box, seconds: int) -> Patch:
    """Return the warning that the form closes by itself, in place of the head."""
    theme, px = stage.theme, stage.layout.px
    question, then = stage.words.closing(seconds)

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 14, theme.caution)
        side = px(32)
        canvas.icon(Icon.CLOCK, Box(box.x + px(14), box.y, side, box.height), theme.on_caution)
        left = box.x + px(58)
        wide = box.right - px(10) - left
        half = box.height // 2
        top = Box(left, box.y + px(3), wide, half)
        canvas.text(question, top, size=22, smallest=15, colour=theme.on_caution, weight=Weight.EXTRA)
        line = Box(left, box.y + half - px(3), wide, half)
        canvas.text(then, line, size=17, smallest=12, colour=theme.on_caution)

    return Patch("warning", box, (seconds,), paint)


def _button_skips(stage: Stage, box: Box) -> Patch:
    """Return what the start button does now: a visit can be ended without touching the screen."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        side = px(26)
        canvas.icon(Icon.BUTTON, Box(box.x + px(8), box.y, side, box.height), theme.accent)
        left = box.x + px(8) + side + px(10)
        room = Box(left, box.y, box.right - px(4) - left, box.height)
        tall = 2 * round(px(17) * 1.25)
        if canvas.fonts.width(stage.words.button_skips, Weight.MEDIUM, px(17)) <= room.width:
            tall = round(px(17) * 1.25)
        lines = Box(room.x, room.y + max(room.height - tall, 0) // 2, room.width, min(tall, room.height))
        canvas.paragraph(stage.words.button_skips, lines, size=17, smallest=12, colour=theme.soft_ink, spacing=1.25)

    return Patch("button skips", box, (stage.words,), paint)


def _quiet(stage: Stage, name: str, box: Box, icon: Icon, label: str, beside: tuple[tuple[str, int], ...]) -> Patch:
    """Return a button that is not the one most guests want. The labels *beside* it are as large as its own."""
    theme, px = stage.theme, stage.layout.px
    held = name in stage.pressed
    side, gap, air = px(22), px(7), px(12)

    def paint(canvas: Canvas) -> None:
        ink = theme.on_bright if held else theme.ink
        canvas.box(box, 16, theme.accent_bright if held else theme.accent_soft)
        size = 19.0
        while size > 13 and any(
            canvas.fonts.width(other, Weight.BOLD, px(size)) > room - side - gap - air for other, room in beside
        ):
            size -= 0.5
        wide = min(canvas.fonts.width(label, Weight.BOLD, px(size)), box.width - side - gap - air)
        x = box.x + (box.width - wide - side - gap) // 2
        canvas.icon(icon, Box(x, box.y, side, box.height), ink)
        line = Box(x + side + gap, box.y, wide + 1, box.height)
        canvas.text(label, line, size=size, smallest=13, colour=ink)

    return Patch(name, box, (held,), paint)


def _send(scene: FormScene, stage: Stage, box: Box) -> Patch:
    theme, px = stage.theme, stage.layout.px
    held = "send" in stage.pressed
    sending = scene.sending

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 18, theme.accent_deep if held or sending else theme.accent)
        label = stage.words.sending if sending else stage.words.send
        side, gap = px(26), px(10)
        wide = min(canvas.fonts.width(label, Weight.EXTRA, px(26)), box.width - side - gap - px(16))
        x = box.x + (box.width - wide - side - gap) // 2
        line = Box(x, box.y, wide + 1, box.height)
        canvas.text(label, line, size=26, smallest=16, colour=theme.on_accent, weight=Weight.EXTRA)
        canvas.icon(Icon.SEND, Box(x + wide + gap, box.y, side, box.height), theme.on_accent)

    return Patch("send", box, (held, sending), paint)


def _field(scene: FormScene, stage: Stage, box: Box, field: Field) -> Patch:
    """Return a field: what it is for or what is wrong with it, the text, and the caret."""
    theme = stage.theme
    line = scene.form.name if field is Field.NAME else scene.form.email
    focused = scene.form.focus is field and scene.ask is None and not scene.sending
    wrong = scene.form.complaint(field)
    caret = focused and int(stage.elapsed / BLINK) % 2 == 0
    optional = not (scene.name_required if field is Field.NAME else scene.email_required)
    label = stage.words.complaint[wrong] if wrong else stage.words.field[field]
    waiting = not line.text and not focused and wrong is None
    if optional and wrong is None:
        label = f"{label}, {stage.words.optional}"
    lively = focused and stage.now - stage.typed < BLINK  # the caret does not go out while it moves

    inside = stage.layout.field(box)
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


def _consent(scene: FormScene, stage: Stage, box: Box) -> Patch:
    theme, px = stage.theme, stage.layout.px
    held, ticked = "consent" in stage.pressed, scene.form.consent

    def paint(canvas: Canvas) -> None:
        side = px(36)
        tick = Box(box.x + px(4), box.y + (box.height - side) // 2, side, side)
        if held:
            canvas.box(box, 14, theme.accent_soft)
        if ticked:
            canvas.box(tick, 10, theme.accent)
            canvas.icon(Icon.CHECK, tick.inset(px(7)), theme.on_accent)
        else:
            canvas.box(tick, 10, theme.card, theme.line, 2.6)
        left = tick.right + px(12)
        room = Box(left, box.y, box.right - px(4) - left, box.height)
        size, spacing = 17.0, 1.22
        while (
            size > 11
            and _lines(canvas, stage.consent_text, room.width, size) * size * spacing > box.height / canvas.unit
        ):
            size -= 1
        count = _lines(canvas, stage.consent_text, room.width, size)
        tall = min(round(px(size) * spacing) * count, box.height)
        body = Box(room.x, box.y + (box.height - tall) // 2, room.width, tall)
        canvas.paragraph(stage.consent_text, body, size=size, colour=theme.ink, spacing=spacing)

    return Patch("consent", box, (held, ticked), paint)


def _lines(canvas: Canvas, text: str, room: int, size: float) -> int:
    return len(canvas.fonts.wrap(text, Weight.MEDIUM, canvas.px(size), room))


def _hint(scene: FormScene, stage: Stage, box: Box) -> Patch:
    theme, px = stage.theme, stage.layout.px
    held = "hint" in stage.pressed
    meant = stage.words.hint(scene.form.hint() or "")

    def paint(canvas: Canvas) -> None:
        ink = theme.on_bright if held else theme.ink
        canvas.box(box, 16, theme.accent_bright if held else theme.accent_soft)
        side = px(26)
        canvas.icon(Icon.WAND, Box(box.x + px(14), box.y, side, box.height), theme.accent_deep if not held else ink)
        left = box.x + px(52)
        wide = box.right - px(12) - left
        half = box.height // 2
        top = Box(left, box.y + px(5), wide, half - px(5))
        canvas.text(stage.words.hint_lead, top, size=15, smallest=12, colour=ink, weight=Weight.MEDIUM)
        line = Box(left, box.y + half - px(3), wide, half - px(2))
        canvas.text(meant, line, size=23, smallest=14, colour=ink, weight=Weight.EXTRA)

    return Patch("hint", box, (held, meant), paint)


def _dialog(stage: Stage, ask: Ask) -> Iterator[Patch]:
    """Yield the question and its two answers, over a darkened form."""
    theme, screen = stage.theme, stage.layout.screen
    places = stage.layout.dialog()
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
        canvas.box(places.card, 28, theme.card)
        canvas.text(question, places.title, size=36, smallest=22, colour=theme.ink, weight=Weight.EXTRA)
        canvas.paragraph(means, places.body, size=22, smallest=15, colour=theme.soft_ink, balanced=True)

    yield Patch("dialog", places.card, (ask,), paint)
    yield _answer(stage, "no", places.no, no)
    yield _answer(stage, "yes", places.yes, yes, ASK_ICONS[ask])


def _answer(stage: Stage, name: str, box: Box, label: str, icon: Icon | None = None) -> Patch:
    """Return a large button; with an *icon* it is the one that does something. The accent is on the safe one."""
    theme, px = stage.theme, stage.layout.px
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
