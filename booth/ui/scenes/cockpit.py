"""How the booth is, for its operator: six signs with a value each, and in words what is to be done."""

from collections.abc import Iterator
from dataclasses import dataclass

from booth.core.events import Notice, Reach
from booth.core.operating import Sight
from booth.core.showing import OperatingScene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box
from booth.ui.pieces.places import OperatorPlaces
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.words import Words
from booth.units import Seconds

HOT = 80
"""Degrees Celsius from which a Pi slows itself down."""

_UNKNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class Gauge:
    """One thing that matters."""

    label: str
    value: str
    well: bool | None
    """Whether all is well; None if that is not known."""


def painted(scene: OperatingScene, stage: Stage, at: OperatorPlaces) -> Iterator[Patch]:
    """Yield the signs, and what is to be done."""
    for number, (sign, box) in enumerate(zip(signs(scene, stage.words), at.tiles, strict=True)):
        yield _tile(stage, f"sign {number}", box, sign)
    yield _advice(stage, at.card, told(scene, stage.words))


def signs(scene: OperatingScene, words: Words) -> tuple[Gauge, ...]:
    """Return how the booth is."""
    sight = scene.sight or Sight()
    known = scene.sight is not None
    hot = sight.temperature is not None and sight.temperature >= HOT
    low = Notice.DISK_LOW in scene.notices
    unset = Notice.CLOCK_UNKNOWN in scene.notices
    room = words.ngettext("{count} visit", "{count} visits", sight.room or 0).format(
        count=f"{sight.room:,}" if sight.room is not None else ""
    )
    degrees = f"{sight.temperature} °C"
    sent = _ago(sight.confirmed, words, known=known)
    return (
        _booth(scene, words),
        _uploads(scene, sight, words),
        # Translators: when the server has last confirmed a GIF.
        Gauge(words.pgettext("operator", "Last sent"), sent, True if known else None),
        # Translators: how many more visits the disk has room for.
        Gauge(words.pgettext("operator", "Room for"), room if sight.room is not None else _UNKNOWN,
             None if sight.room is None and not low else not low),
        # Translators: how hot the processor of the booth's computer is.
        Gauge(words.pgettext("operator", "Processor"), degrees if sight.temperature is not None else _UNKNOWN,
             None if sight.temperature is None else not hot),
        Gauge(words.pgettext("operator", "Clock"), words.notice[Notice.CLOCK_UNKNOWN][0] if unset
             # Translators: the booth's clock shows the right time.
             else words.pgettext("operator", "Right"), not unset),
    )  # fmt: skip


_GUESTS = (
    Notice.BUTTON_HELD,
    Notice.PICTURE_BLACK,
    Notice.PICTURE_BURNT,
    Notice.PICTURE_FLAT,
    Notice.PICTURE_FROZEN,
    Notice.PICTURE_SOFT,
)
"""What spoils a visit, though no part is missing."""


def _booth(scene: OperatingScene, words: Words) -> Gauge:
    # Translators: whether guests can use the booth.
    label = words.pgettext("operator", "Guests")
    if scene.missing:
        return Gauge(label, words.part[scene.missing[0]][0], well=False)
    spoilt = [notice for notice in _GUESTS if notice in scene.notices]
    if spoilt:
        return Gauge(label, words.notice[spoilt[0]][0], well=False)
    # Translators: guests can use the booth.
    return Gauge(label, words.pgettext("operator", "Welcome"), well=True)


def _uploads(scene: OperatingScene, sight: Sight, words: Words) -> Gauge:
    waits = sight.pending + sight.failed
    # Translators: so many GIFs are still to be uploaded.
    label = words.ngettext("Uploads: {count} waits", "Uploads: {count} wait", waits).format(count=waits)
    if not waits:
        label = words.pgettext("operator", "Uploads")
    if scene.reach in words.notice:
        return Gauge(label, words.notice[scene.reach][0], well=False)
    if scene.reach is Reach.SLOW:
        return Gauge(label, words.pgettext("operator", "Slow"), well=True)
    return Gauge(label, words.pgettext("operator", "Online"), well=not sight.failed)


def _ago(span: Seconds | None, words: Words, *, known: bool) -> str:
    if span is None:
        # Translators: nothing has been sent yet.
        return words.pgettext("operator", "Nothing yet") if known else _UNKNOWN
    minutes = int(span // 60)
    if minutes < 1:
        return words.pgettext("operator", "Just now")
    if minutes < 100:
        return words.ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = round(span / 3600)
    return words.ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)


def told(scene: OperatingScene, words: Words) -> tuple[str, ...]:
    """Return what is to be done, and what went wrong last: the latter as the log says it, in English."""
    parts = [f"{words.part[part][0]}: {words.part[part][1]}" for part in scene.missing]
    notices = [words.notice[notice][1] for notice in scene.notices if notice in words.notice]
    return (*parts, *notices, *(scene.sight.troubles if scene.sight is not None else ()))


def _tile(stage: Stage, name: str, box: Box, sign: Gauge) -> Patch:
    """Return a sign: whether all is well, what it is about, and its value."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 18, theme.card)
        side, edge = px(34), px(14)
        place = Box(box.x + edge, box.y + edge, side, side)
        if sign.well is None:
            canvas.icon(Icon.CLOCK, place, theme.soft_ink)
        elif sign.well:
            canvas.stamp(canvas.shapes.disc(side, theme.good), place.x, place.y)
            canvas.icon(Icon.CHECK, place.inset(px(7)), theme.card)
        else:
            canvas.icon(Icon.ALERT, place, theme.wrong)
        label = Box(place.right + px(10), place.y, box.right - edge - place.right - px(10), side)
        canvas.text(sign.label, label, size=18, smallest=13, colour=theme.soft_ink, weight=Weight.MEDIUM)
        value = Box(box.x + edge, place.bottom + px(4), box.width - 2 * edge, box.bottom - px(8) - place.bottom - px(4))
        colour = theme.wrong if sign.well is False else theme.ink
        canvas.text(sign.value, value, size=30, smallest=14, colour=colour, weight=Weight.EXTRA)

    return Patch(name, box, (sign,), paint)


def _advice(stage: Stage, box: Box, said: tuple[str, ...]) -> Patch:
    """Return what is to be done in words: as much of it as there is room for."""
    theme, px = stage.theme, stage.layout.px

    def paint(canvas: Canvas) -> None:
        if not said:
            return
        canvas.box(box, 18, theme.card)
        room = box.inset(px(16), px(10))
        step = px(26)
        lines: list[tuple[str, bool]] = []
        for text in said:
            wrapped = canvas.fonts.wrap(text, Weight.MEDIUM, px(18), room.width - px(30))
            lines += [(line, not index) for index, line in enumerate(wrapped)]
        fitting = max(room.height // step, 1)
        shown = lines[:fitting]
        if len(lines) > fitting:
            shown[-1] = (f"{shown[-1][0].rstrip('.')}\N{HORIZONTAL ELLIPSIS}", shown[-1][1])
        for index, (line, begins) in enumerate(shown):
            y = room.y + index * step
            if begins:
                canvas.icon(Icon.ALERT, Box(room.x, y, px(20), step), theme.wrong)
            row = Box(room.x + px(30), y, room.width - px(30), step)
            canvas.text(line, row, size=18, smallest=14, colour=theme.ink, weight=Weight.MEDIUM)

    return Patch("told", box, (said,), paint)
