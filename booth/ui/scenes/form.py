"""The form: two fields, a few choices, the keyboard, and the question before anything is thrown away."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from booth.core.events import ConsentToggled, DeleteChosen, HintTaken, RetakeChosen, SendChosen, SkipChosen
from booth.core.form import Field
from booth.core.scene import FormScene, Scene
from booth.core.states import Animation, Ask
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.drawing.playback import due
from booth.ui.layout import Box, Layout, fitted
from booth.ui.pieces import agreeing, answering, field, keys, question
from booth.ui.pieces.field import TextField
from booth.ui.pieces.ground import ground
from booth.ui.scenes.row import Offered, Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.widgets import PushButton, Widget
from booth.ui.words import Words


@dataclass(frozen=True)
class FormPlaces:
    """The form: a head with the quiet buttons, two fields, a row that ends in Send, and the keyboard below."""

    thumb: Box
    title: Box
    retake: Box
    delete: Box
    skip: Box
    name: Box
    email: Box
    consent: Box
    hint: Box
    send: Box
    tray: Box
    keyboard: Box
    key_gap: int
    warning: Box


@lru_cache(maxsize=4)
def places(layout: Layout) -> FormPlaces:
    """Lay the form out: about 200 of 480 rows for it, 280 for the keyboard."""
    if layout.size.height > layout.size.width:
        return _upright(layout)
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap = px(12), px(8)
    tray_height = px(284) if height <= 480 else round(height * 0.59)
    tray = Box(0, height - tray_height, width, tray_height)
    room = tray.y
    row = min((room - 2 * px(6) - 2 * px(7)) // 3, px(64))
    between = (room - 3 * row) // 4
    tops = [between + (row + between) * i for i in range(3)]
    right = width - edge
    wide = px(106)
    skip = Box(right - px(140), tops[0], px(140), row)
    delete = Box(skip.x - gap - wide, tops[0], wide, row)
    retake = Box(delete.x - gap - wide, tops[0], wide, row)
    thumb_width = row * 4 // 3
    thumb = Box(edge, tops[0], thumb_width, row)
    title = Box(thumb.right + gap, tops[0], retake.x - gap - thumb.right - gap, row)
    inner = width - 2 * edge
    name = Box(edge, tops[1], round((inner - gap) * 0.4), row)
    email = Box(name.right + gap, tops[1], right - name.right - gap, row)
    send = Box(right - px(160), tops[2], px(160), row)
    consent = Box(edge, tops[2], name.width, row)
    hint = Box(email.x, tops[2], send.x - gap - email.x, row)
    keyboard = Box(px(4), tray.y + px(4), width - 2 * px(4), tray.height - px(8))
    warning = Box(edge, tops[0], retake.x - gap - edge, row)
    return FormPlaces(
        thumb, title, retake, delete, skip, name, email, consent, hint, send, tray, keyboard, px(5), warning
    )


def _upright(layout: Layout) -> FormPlaces:
    """Lay the form out one below the other; the keyboard has a row more, for the chips."""
    px, width, height = layout.px, layout.size.width, layout.size.height
    edge, gap = px(12), px(8)
    inner, right = width - 2 * edge, width - edge
    tray = Box(0, height - px(356), width, px(356))
    rows = (px(60), px(56), px(60), px(60), px(56), px(60))
    between = (tray.y - sum(rows)) // (len(rows) + 1)
    tops = [between + sum(rows[:index]) + between * index for index in range(len(rows))]
    thumb = Box(edge, tops[0], px(84), rows[0])
    title = Box(thumb.right + px(12), tops[0], right - thumb.right - px(12), rows[0])
    wide = (inner - 2 * gap) // 3
    retake, delete, skip = (Box(edge + (wide + gap) * index, tops[1], wide, rows[1]) for index in range(3))
    name = Box(edge, tops[2], inner, rows[2])
    email = Box(edge, tops[3], inner, rows[3])
    consent = Box(edge, tops[4], inner, rows[4])
    send = Box(right - px(156), tops[5], px(156), rows[5])
    hint = Box(edge, tops[5], send.x - gap - edge, rows[5])
    keyboard = tray.inset(px(4))
    warning = Box(edge, tops[0], inner, rows[0])
    return FormPlaces(
        thumb, title, retake, delete, skip, name, email, consent, hint, send, tray, keyboard, px(5), warning
    )


def widgets(scene: FormScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide what can be touched: the form, but for its keys; or the answers of the question that lies over it."""
    if scene.ask is Ask.AGREE:
        return agreeing.widgets(scene, layout)
    if scene.question is not None:
        return answering.widgets(scene.question, layout, _typed(layout))
    at, live = places(layout), scene.ask is None and not scene.sending
    found: list[Widget] = [
        PushButton("retake", at.retake, RetakeChosen, live=live),
        PushButton("delete", at.delete, DeleteChosen, live=live),
        PushButton("skip", at.skip, SkipChosen, live=live),
        field.widget(layout, at.name, Field.NAME, live=live),
        field.widget(layout, at.email, Field.EMAIL, live=live),
        PushButton("send", at.send, SendChosen, live=live),
    ]
    if scene.consent_asked:
        toggled = partial(ConsentToggled, consent=scene.consents[0]) if scene.consents else ConsentToggled
        found.append(PushButton("consent", at.consent, toggled, live=live))
    if scene.form.hint() is not None:
        found.append(PushButton("hint", at.hint, HintTaken, live=live))
    if scene.ask is not None:
        found += question.widgets(layout, live=not scene.sending)
    return tuple(found)


def painted(scene: FormScene, stage: Stage) -> Iterator[Patch]:
    """Paint the form, and the question over it if there is one."""
    theme, at = stage.theme, places(stage.layout)
    yield ground(stage, ("form", scene.session), theme.paper)
    if scene.ask is Ask.AGREE:
        yield from agreeing.painted(scene, stage)
        return
    if scene.question is not None:
        yield from answering.painted(scene, scene.question, stage, _typed(stage.layout))
        if scene.typing:
            yield _tray(stage, at)
            yield from keys.painted(stage)
        return
    if scene.closing_in is None:
        yield from _head(scene, stage, at)
    else:
        yield _warning(stage, at.warning, scene.closing_in)
    quiet = (
        ("retake", Icon.RETAKE, stage.words.retake),
        ("delete", Icon.TRASH, stage.words.delete),
        ("skip", Icon.SKIP, stage.words.skip),
    )
    beside = tuple((label, stage.box(name).width) for name, _, label in quiet)
    for name, icon, label in quiet:
        yield _quiet(stage, name, icon, label, beside)
    for widget in stage.widgets:
        if isinstance(widget, TextField):
            yield field.painted(scene, stage, widget)
    if scene.consent_asked:
        yield _consent(scene, stage, stage.box("consent"))
    purpose, skips = _told_at(scene, stage.layout, at)
    if scene.form.hint() is not None:
        yield _hint(scene, stage, stage.box("hint"))
    elif scene.button_skips:
        yield _button_skips(stage, skips)
    if scene.form.hint() is None or not purpose.meets(at.hint):
        yield _purpose(stage, purpose)
    yield _send(scene, stage, stage.box("send"))
    yield _tray(stage, at)
    yield from keys.painted(stage)
    if scene.ask is not None:
        yield from question.painted(stage, scene.ask)


def _typed(layout: Layout) -> tuple[Box, Box, Box]:
    """Return where a question, the field of its answer and the row of its buttons are, above the keys."""
    at = places(layout)
    left, wide = at.thumb.x, at.email.right - at.thumb.x
    head = Box(left, at.thumb.y, wide, at.email.y - at.thumb.y - layout.px(6))
    return head, Box(left, at.email.y, wide, at.email.height), Box(left, at.send.y, wide, at.send.height)


def _tray(stage: Stage, at: FormPlaces) -> Patch:
    return Patch("tray", at.tray, (), lambda canvas: canvas.fill(at.tray, stage.theme.tray))


def _head(scene: FormScene, stage: Stage, at: FormPlaces) -> Iterator[Patch]:
    """Yield what this is about: the animation in small, or the sign that it is being made."""
    theme, px = stage.theme, stage.layout.px
    box = at.title
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
    thumb = at.thumb
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


def _told_at(scene: FormScene, layout: Layout, at: FormPlaces) -> tuple[Box, Box]:
    """Return where it stands what an address is for, under it, and that the button skips."""
    if not scene.consent_asked:
        upright = layout.size.height > layout.size.width
        return (at.consent, at.hint) if upright else (at.hint, at.consent)
    if not scene.button_skips:
        return at.hint, at.hint
    upper = round(at.hint.height * 0.6)
    return (
        Box(at.hint.x, at.hint.y, at.hint.width, upper),
        Box(at.hint.x, at.hint.y + upper, at.hint.width, at.hint.height - upper),
    )


def _purpose(stage: Stage, box: Box) -> Patch:
    """Return the line under the address that says what it is for."""
    px = stage.layout.px
    text = stage.email_purpose or stage.words.email_purpose
    room = Box(box.x + px(8), box.y, box.width - px(12), box.height)

    def paint(canvas: Canvas) -> None:
        agreeing.fitting(canvas, text, room, largest=16, soft=True)

    return Patch("purpose", box, (text,), paint)


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


def _quiet(stage: Stage, name: str, icon: Icon, label: str, beside: tuple[tuple[str, int], ...]) -> Patch:
    """Return a button that is not the one most guests want. The labels *beside* it are as large as its own."""
    theme, px, box = stage.theme, stage.layout.px, stage.box(name)
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


def _consent(scene: FormScene, stage: Stage, box: Box) -> Patch:
    theme, px = stage.theme, stage.layout.px
    held, ticked = "consent" in stage.pressed, bool(scene.form.agreed)
    text = stage.consents.get(scene.consents[0], stage.consent_text) if scene.consents else stage.consent_text

    def paint(canvas: Canvas) -> None:
        side = px(36)
        tick = Box(box.x + px(4), box.y + (box.height - side) // 2, side, side)
        if held:
            canvas.box(box, 14, theme.accent_soft)
        agreeing.ticking(canvas, tick, ticked=ticked)
        left = tick.right + px(12)
        room = Box(left, box.y, box.right - px(4) - left, box.height)
        agreeing.fitting(canvas, text, room, largest=17)

    return Patch("consent", box, (held, ticked), paint)


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


def cue(scene: FormScene) -> Hashable:
    """Return what of the form is worth another word: never what a guest types, nor the seconds that run."""
    if scene.sending:
        return "sending"
    if scene.ask is not None:
        return "ask", scene.ask, scene.question
    if scene.closing_in is not None:
        return "closing"
    if scene.form.complaints:
        return "complaints", scene.form.complaints
    return "form", scene.animation is Animation.READY


def said(scene: FormScene, words: Words) -> str:
    """Return the question, the warning or the complaint that there is; else what to do."""
    if scene.sending:
        return ""
    if scene.ask is Ask.AGREE:
        return f"{words.agree_title} {words.agree_free}"
    if scene.question is not None:
        return words.question_free  # what is asked is the owner's, and may be in a language that the voice has not
    if scene.ask is not None:
        asked, means, _, _ = words.ask[scene.ask]
        return f"{asked} {means}"
    if scene.closing_in is not None:
        return " ".join(words.closing(scene.closing_in))
    if scene.form.complaints:
        return ". ".join(words.complaint[wrong] for _, wrong in scene.form.complaints)
    ready = f"{words.animation[scene.animation]}." if scene.animation is Animation.READY else ""
    # Who has begun knows what to do, and the button would ask first.
    begun = scene.form.name.text or scene.form.email.text
    return ready if begun else f"{ready} {words.spoken_form}".lstrip()


def heard(scene: FormScene, before: Scene | None) -> Sound | None:
    """Return the bell when the animation is ready."""
    return Sound.DING if scene.animation is Animation.READY else None


ROW = Row(FormScene, painted, widgets, said=said, cue=cue, heard=heard)
