"""The end of a visit: the animation large, the truth about where it is, and a code to take it home."""

import math
from collections.abc import Iterator, Sequence

from booth.core.scene import FarewellScene
from booth.core.states import Outcome
from booth.ports import Playback
from booth.ui import mascot, qr
from booth.ui.canvas import Canvas, Patch
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box, FarewellLayout, fitted
from booth.ui.mascot import Mood
from booth.ui.paint.stage import Stage, ground, microwave
from booth.ui.playback import due
from booth.ui.shapes import Pen
from booth.ui.theme import Colour, contrast

ICONS = {
    Outcome.SENDING: Icon.CLOUD,
    Outcome.SENT: Icon.CHECK,
    Outcome.SAVED: Icon.CLOCK,
    Outcome.LATER: Icon.CLOCK,
    Outcome.DELETED: Icon.TRASH,
}

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
"""A code is black on white in every theme, and so is what is written on its card."""

SPARKLES = 15
BETWEEN = 0.12
"""Seconds from one sparkle to the next..."""
LASTS = 0.72
"""...and how long each lasts: few at a time, so that little is painted."""
LOOKS = 7
"""How many pictures a sparkle is made of."""


def farewell(scene: FarewellScene, stage: Stage) -> Iterator[Patch]:
    """Paint the animation from its first picture, what became of it, and the code that leads to it."""
    words = stage.words
    yield ground(stage, ("farewell", scene.session), stage.theme.paper)
    code = stage.coder.code(scene.link) if scene.link is not None else None
    if scene.link_coming:
        stage.coder.expect()
    coming = scene.link_coming or (scene.link is not None and code is None)
    modules = code.side if code is not None and code.side else 0 if coming else None
    playback = None if scene.outcome is Outcome.DELETED else stage.album.playback(scene.session)
    shown = playback is not None and bool(playback.pictures)
    places = stage.layout.farewell(modules, qr.least(stage.layout.size), shown=shown)

    if playback is not None and shown:
        yield from _print(scene, stage, playback, places.picture)
        thanks = words.farewell
    else:
        room = fitted(mascot.WIDE, mascot.HIGH, places.picture.inset(stage.layout.px(54)))
        yield from microwave(stage, room, Mood.HAPPY, 0.0)
        thanks = words.farewell_deleted if scene.outcome is Outcome.DELETED else words.farewell_without

    yield _thanks(stage, places, thanks)
    if places.card is None:
        yield _status_card(scene, stage, places)
    else:
        yield _status_line(scene, stage, places)
        if code is not None and places.code is not None:
            yield from _code(code, stage, places.card, places.code)
            yield _caption(stage, places, places.card)
        else:
            yield _coming(stage, places.card, told=scene.link_coming)
    yield from _companion(scene, stage, places, drawn=not shown)
    yield _next(stage, places, stay=coming)
    if scene.outcome is Outcome.SENT:
        written = (places.thanks, places.next) if places.card is None else (places.thanks, places.status, places.next)
        yield from _sparkles(stage, places.card or places.status, apart_from=written)


def _print(scene: FarewellScene, stage: Stage, playback: Playback, room: Box) -> Iterator[Patch]:
    """Yield the animation on a white card, with the event's name under it like handwriting on a print."""
    theme, px = stage.theme, stage.layout.px
    first = playback.pictures[0].size
    small = room.width < px(360)
    border, foot = (px(8), px(34)) if small else (px(12), px(54))
    inside = Box(room.x + border, room.y + border, room.width - 2 * border, room.height - border - foot)
    picture = fitted(first.width, first.height, inside)
    if small:
        picture = Box(inside.x, picture.y, picture.width, picture.height)  # in line with the words under it
    card = Box(picture.x - border, picture.y - border, picture.width + 2 * border, picture.height + border + foot)

    def paint_card(canvas: Canvas) -> None:
        canvas.box(Box(card.x, card.y + px(3), card.width, card.height), 14, theme.accent_soft)
        canvas.box(Box(card.x, card.y, card.width, card.height - px(3)), 14, theme.card)
        line = Box(picture.x, picture.bottom, picture.width, foot - px(4)).inset(px(8), 0)
        size = 19 if small else 24
        if stage.brand.logo is not None:
            canvas.picture(stage.brand.logo, line.inset(0, px(5)))
        else:
            canvas.text(stage.title, line, size=size, smallest=14, colour=theme.accent_deep, align="centre")

    yield Patch("card", Box(card.x, card.y, card.width, card.height + px(3)), (), paint_card)
    index = due(playback.delays, playback.loops, stage.elapsed)

    def paint_picture(canvas: Canvas) -> None:
        shown = stage.projector.picture(scene.session, playback, index, (picture.width, picture.height))
        canvas.surface.blit(shown, (picture.x, picture.y))

    yield Patch("picture", picture, (index,), paint_picture)


def _thanks(stage: Stage, places: FarewellLayout, thanks: str) -> Patch:
    box = places.thanks

    def paint(canvas: Canvas) -> None:
        canvas.text(thanks, box, size=38, smallest=20, colour=stage.theme.ink, weight=Weight.EXTRA)

    return Patch("thanks", box, (thanks,), paint)


def _colour(scene: FarewellScene, stage: Stage) -> Colour:
    return stage.theme.good if scene.outcome in {Outcome.SENT, Outcome.DELETED} else stage.theme.ink


def _status_line(scene: FarewellScene, stage: Stage, places: FarewellLayout) -> Patch:
    """Return where the animation is, in a word."""
    box, colour, px = places.status, _colour(scene, stage), stage.layout.px
    said, _ = stage.words.told(scene.outcome, scene.reach)

    def paint(canvas: Canvas) -> None:
        side = px(32)
        canvas.icon(ICONS[scene.outcome], Box(box.x, box.y + (box.height - side) // 2, side, side), colour)
        line = Box(box.x + side + px(10), box.y, box.width - side - px(10), box.height)
        canvas.text(said, line, size=28, smallest=18, colour=colour, weight=Weight.EXTRA)

    return Patch("status", box, (scene.outcome,), paint)


def _status_card(scene: FarewellScene, stage: Stage, places: FarewellLayout) -> Patch:
    """Return where the animation is, in a word and a sentence, on a card."""
    theme, px, box = stage.theme, stage.layout.px, places.status
    said, more = stage.words.told(scene.outcome, scene.reach)
    colour = _colour(scene, stage)

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 20, theme.card)
        inner = box.inset(px(20), px(18))
        side = px(36)
        canvas.icon(ICONS[scene.outcome], Box(inner.x, inner.y, side, side), colour)
        line = Box(inner.x + side + px(12), inner.y, inner.width - side - px(12), side)
        canvas.text(said, line, size=28, smallest=18, colour=colour, weight=Weight.EXTRA)
        rest = Box(inner.x, inner.y + side + px(14), inner.width, inner.bottom - inner.y - side - px(14))
        canvas.paragraph(more, rest, size=22, smallest=16, colour=theme.ink)

    return Patch("status", box, (scene.outcome, scene.reach), paint)


def _companion(scene: FarewellScene, stage: Stage, places: FarewellLayout, *, drawn: bool) -> Iterator[Patch]:
    """Yield the microwave where there is room for it, unless it is there already."""
    if drawn or places.spare.height < stage.layout.px(72):
        return
    room = fitted(mascot.WIDE, mascot.HIGH, places.spare)
    yield from microwave(stage, room, Mood.GLAD if scene.outcome is Outcome.SENT else Mood.HAPPY, 0.0)


def _code(code: qr.Code, stage: Stage, card: Box, box: Box) -> Iterator[Patch]:
    """Yield the code on its white card. Its quiet zone is part of its picture."""
    px = stage.layout.px

    def paint_card(canvas: Canvas) -> None:
        canvas.box(card, 14, WHITE)

    def paint_code(canvas: Canvas) -> None:
        canvas.surface.blit(stage.coder.picture(code, box.width // code.side), (box.x, box.y))

    def paint_shadow(canvas: Canvas) -> None:
        canvas.box(Box(card.x, card.y + px(3), card.width, card.height), 14, stage.theme.accent_soft)

    yield Patch("code's shadow", Box(card.x, card.y, card.width, card.height + px(3)), (), paint_shadow)
    yield Patch("code's card", card, (), paint_card)
    yield Patch("code", box, (code,), paint_code)


def _caption(stage: Stage, places: FarewellLayout, card: Box) -> Patch:
    """Return what the code is for: on its card, or beside it with an arrow to it."""
    box, px, theme = places.caption, stage.layout.px, stage.theme
    text = stage.words.share_scan
    on_card = card.x <= box.x and box.right <= card.right and box.bottom <= card.bottom
    left = box.right <= card.x

    def paint(canvas: Canvas) -> None:
        if on_card:
            ink = theme.ink if contrast(theme.ink, WHITE) >= 7 else BLACK
            canvas.text(text, box, size=21, smallest=14, colour=ink, align="centre")
        elif left:
            side = px(26)
            line = Box(box.x, box.y, box.width - side - px(10), box.height)
            end = canvas.text(text, line, size=24, smallest=15, colour=theme.accent, weight=Weight.EXTRA).right
            arrow = Box(end + px(10), box.y + (box.height - side) // 2, side, side)
            canvas.icon(Icon.NEXT, arrow, theme.accent)
        elif box.height > px(60):
            canvas.paragraph(text, box, size=24, smallest=16, colour=theme.accent, weight=Weight.EXTRA)
        else:
            canvas.text(text, box, size=24, smallest=15, colour=theme.accent, weight=Weight.EXTRA, align="centre")

    return Patch("caption", box, (text,), paint)


def _coming(stage: Stage, card: Box, *, told: bool) -> Patch:
    """Return the calm place where a code will be; what comes is said as long as that is so (*told*)."""
    theme, px = stage.theme, stage.layout.px
    text = stage.words.share_coming if told else ""

    def paint(canvas: Canvas) -> None:
        canvas.box(card, 14, theme.card, theme.accent_soft, 2)
        # The three corner marks by which a code is known, in a whisper.
        mark, away = px(46), px(16)
        for x, y in (
            (card.x + away, card.y + away),
            (card.right - away - mark, card.y + away),
            (card.x + away, card.bottom - away - mark),
        ):
            canvas.box(Box(x, y, mark, mark), 10, None, theme.accent_soft, 7)
            canvas.box(Box(x, y, mark, mark).inset(px(15)), 4, theme.accent_soft)
        room = Box(card.x + px(16), card.y + px(72), card.width - px(32), card.height - px(144))
        lines = len(canvas.fonts.wrap(text, Weight.MEDIUM, px(20), room.width))
        down = max((room.height - lines * round(px(20) * 1.3)) // 2, 0)
        room = Box(room.x, room.y + down, room.width, room.height - down)
        canvas.paragraph(text, room, size=20, smallest=14, colour=theme.soft_ink, align="centre")

    return Patch("coming", card, (text,), paint)


def _next(stage: Stage, places: FarewellLayout, *, stay: bool) -> Patch:
    """Return how to go; as long as a code is to come, that it is worth the wait (*stay*)."""
    box, text = places.next, stage.words.farewell_stay if stay else stage.words.farewell_next
    colour = stage.theme.soft_ink if stay else stage.theme.accent

    def paint(canvas: Canvas) -> None:
        below = places.card is not None and places.caption.y >= places.card.bottom
        align = "centre" if below else "left"
        canvas.text(text, box, size=20, smallest=14, colour=colour, align=align)

    return Patch("next", box, (text,), paint)


def _sparkles(stage: Stage, around: Box, *, apart_from: Sequence[Box]) -> Iterator[Patch]:
    """Yield a few stars that twinkle once around *around*: it has arrived. None with reduced motion.

    None is where it would lie over what is written in *apart_from*.
    """
    since = stage.now - stage.told
    if stage.reduced_motion or since > SPARKLES * BETWEEN + LASTS:
        return
    theme, px = stage.theme, stage.layout.px
    for index in range(SPARKLES):
        age = (since - index * BETWEEN) / LASTS
        if not 0.0 <= age < 1.0:
            continue
        look = int(age * LOOKS)
        across = max(round(px((34, 24, 28)[index % 3]) * math.sin(math.pi * (look + 0.7) / (LOOKS + 0.4))), 3)
        colour = (theme.accent, theme.caution, theme.accent_bright, theme.good)[index % 4]
        x, y = _along(around.inset(-px(12)), (index * 0.382 + 0.06) % 1.0)
        where = Box(x - across // 2, y - across // 2, across, across)
        if any(where.meets(box) for box in apart_from):
            continue
        yield _sparkle(f"sparkle {index}", where, colour)


def _sparkle(name: str, where: Box, colour: Colour) -> Patch:
    """Return a star with four points."""

    def star(pen: Pen) -> None:
        middle = where.width / 2
        points = [
            (middle + reach * math.sin(turn), middle - reach * math.cos(turn))
            for turn, reach in ((step * math.tau / 8, middle * (1.0 if step % 2 == 0 else 0.34)) for step in range(8))
        ]
        pen.polygon(points, colour)

    def paint(canvas: Canvas) -> None:
        key = ("sparkle", where.width, colour)
        canvas.stamp(canvas.shapes.make(key, (where.width, where.height), star), where.x, where.y)

    return Patch(name, where, (colour,), paint)


def _along(box: Box, share: float) -> tuple[int, int]:
    """Return the point at *share* (0..1) of the way around *box*, clockwise from its corner at the top left."""
    way = share * 2 * (box.width + box.height)
    for length, x, y, dx, dy in (
        (box.width, box.x, box.y, 1, 0),
        (box.height, box.right, box.y, 0, 1),
        (box.width, box.right, box.bottom, -1, 0),
        (box.height, box.x, box.bottom, 0, -1),
    ):
        if way <= length:
            return round(x + dx * way), round(y + dy * way)
        way -= length
    return box.x, box.y
