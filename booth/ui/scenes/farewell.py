"""The end of a visit: the animation large, the truth about where it is, and a code to take it home."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from booth.core.scene import FarewellScene, Scene
from booth.core.states import Outcome
from booth.ports import Playback
from booth.ui.drawing import mascot, qr
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.drawing.mascot import Mood
from booth.ui.drawing.playback import due
from booth.ui.layout import Box, Layout, fitted
from booth.ui.pieces import lamps
from booth.ui.pieces.ground import ground
from booth.ui.pieces.microwave import microwave
from booth.ui.pieces.sparkles import sparkles
from booth.ui.scenes.row import Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import Colour, contrast
from booth.ui.words import Words

ICONS = {
    Outcome.SENDING: Icon.CLOUD,
    Outcome.SENT: Icon.CHECK,
    Outcome.SAVED: Icon.CLOCK,
    Outcome.LATER: Icon.CLOCK,
    Outcome.DELETED: Icon.TRASH,
}

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
"""A code is black on white in every theme, and so is what is written on its card."""


@dataclass(frozen=True)
class FarewellPlaces:
    """The animation, what became of it, and how to take it home."""

    picture: Box
    """Room for the animation on its card."""
    thanks: Box
    status: Box
    """One line, or a card with more words if there is no code."""
    card: Box | None
    """Room under the code, or where it will be; None if there is none."""
    code: Box | None
    """Where the code is, on the card: whole pixels a module."""
    caption: Box
    next: Box
    spare: Box
    """Room for a drawing; may have no height."""


@lru_cache(maxsize=8)
def places(layout: Layout, modules: int | None, least: int, *, shown: bool = True) -> FarewellPlaces:
    """Lay out the animation, what became of it, and a code of *modules* modules a side, its quiet zone counted.

    Where no animation is *shown*, and no code, the words stand in the middle beside the drawing.

    *modules* is 0 for a code that is yet to come, None if there is none. A module has at least *least* pixels. A
    code that is small enough stands beside the animation; a larger one takes the height of the screen.
    """
    upright = layout.size.height > layout.size.width
    if modules is None:
        if not shown:
            return _without(layout)
        return _upright(layout) if upright else _beside_nothing(layout)
    beside = layout.px(264)
    side = modules * max(beside // modules, least) if modules else layout.px(246)
    if side <= layout.px(290):
        return _beside_upright(layout, side) if upright else _beside(layout, side)
    # The whole of the shorter side if it must be, but no more than leaves room for the animation.
    short, long = sorted((layout.size.width, layout.size.height))
    side = modules * max(min((short - layout.px(24)) // modules, round(long * 0.56) // modules), least)
    return _below(layout, side) if upright else _large(layout, side)


def _beside_nothing(layout: Layout) -> FarewellPlaces:
    """Lay out a farewell without a code: the animation large on the left."""
    px, size = layout.px, layout.size
    edge = px(20)
    wide = px(252)
    x = size.width - wide - edge
    picture = Box(edge, edge, x - 2 * edge, size.height - 2 * edge)
    thanks = Box(x, edge + px(16), wide, px(56))
    status = Box(x, thanks.bottom + px(12), wide, px(200))
    following = Box(x, size.height - edge - px(44), wide, px(36))
    spare = Box(x, status.bottom + px(14), wide, following.y - status.bottom - px(22))
    return FarewellPlaces(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, spare)


def _without(layout: Layout) -> FarewellPlaces:
    """Lay out a farewell with neither animation nor code: a drawing, and the words beside or below it."""
    px, size = layout.px, layout.size
    edge, card, tall = px(20), px(176), px(56) + px(12) + px(176) + px(14) + px(36)
    if layout.upright:
        wide, high = size.width - 2 * px(36), px(300)
        x, y = px(36), (size.height - high - px(16) - tall) // 2 + high + px(16)
        picture = Box(edge, y - px(16) - high, size.width - 2 * edge, high)
    else:
        wide = px(310)
        x, y = size.width - wide - px(36), (size.height - tall) // 2
        picture = Box(edge, edge, x - edge - px(10), size.height - 2 * edge)
    thanks = Box(x, y, wide, px(56))
    status = Box(x, thanks.bottom + px(12), wide, card)
    following = Box(x, status.bottom + px(14), wide, px(36))
    return FarewellPlaces(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, Box(0, 0, 0, 0))


def _upright(layout: Layout) -> FarewellPlaces:
    px, size = layout.px, layout.size
    edge = px(20)
    wide = size.width - 2 * edge
    picture = Box(edge, edge, wide, px(386))
    thanks = Box(edge, picture.bottom + px(12), wide, px(56))
    status = Box(edge, thanks.bottom + px(8), wide, px(150))
    following = Box(edge, size.height - px(52), wide, px(36))
    spare = Box(edge, status.bottom + px(12), wide, max(following.y - status.bottom - px(24), 0))
    return FarewellPlaces(picture, thanks, status, None, None, Box(0, 0, 0, 0), following, spare)


def _beside(layout: Layout, side: int) -> FarewellPlaces:
    """Lay out a farewell with a small code: in a column on the right."""
    px, size = layout.px, layout.size
    edge, pad = px(16), px(6)
    wide = side + 2 * pad
    x = size.width - wide - edge
    picture = Box(edge, edge, x - 2 * edge, size.height - 2 * edge)
    high = side + pad + px(36)
    rows = size.height - high
    thanks = Box(x, px(10), wide, min(px(50), rows - px(112)))
    card = Box(x, thanks.bottom + px(6), wide, high)
    code = Box(card.x + pad, card.y + pad, side, side)
    caption = Box(x + px(8), code.bottom, wide - px(16), card.bottom - code.bottom)
    status = Box(x, card.bottom + px(6), wide, px(44))
    following = Box(x, size.height - px(42), wide, px(32))
    return FarewellPlaces(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))


def _beside_upright(layout: Layout, side: int) -> FarewellPlaces:
    """Lay out a farewell with a small code: below on the left, the words beside it."""
    px, size = layout.px, layout.size
    edge, pad = px(16), px(6)
    wide = side + 2 * pad
    following = Box(edge, size.height - px(46), size.width - 2 * edge, px(34))
    card = Box(edge, following.y - px(8) - wide, wide, wide)
    code = Box(card.x + pad, card.y + pad, side, side)
    thanks = Box(edge, card.y - px(62), size.width - 2 * edge, px(52))
    picture = Box(edge, edge, size.width - 2 * edge, thanks.y - px(8) - edge)
    x = card.right + px(14)
    status = Box(x, card.y + px(6), size.width - edge - x, px(44))
    caption = Box(x, status.bottom + px(10), status.width, px(98))
    spare = Box(x, caption.bottom + px(4), status.width, card.bottom - caption.bottom - px(8))
    return FarewellPlaces(picture, thanks, status, card, code, caption, following, spare)


def _large(layout: Layout, side: int) -> FarewellPlaces:
    """Lay out a farewell with a large code: it has the height of the screen, the rest is on the left."""
    px, size = layout.px, layout.size
    edge = px(12)
    pad = min(px(6), (size.height - side) // 2)
    card = Box(size.width - side - pad - edge, (size.height - side) // 2 - pad, side + 2 * pad, side + 2 * pad)
    code = card.inset(pad)
    wide = card.x - 2 * edge
    following = Box(edge + px(4), size.height - px(44), wide - px(4), px(32))
    status = Box(edge + px(4), following.y - px(50), wide - px(4), px(44))
    caption = Box(edge + px(4), status.y - px(52), wide - px(4), px(48))
    thanks = Box(edge + px(4), caption.y - px(52), wide - px(4), px(50))
    picture = Box(edge, edge, wide, thanks.y - px(8) - edge)
    return FarewellPlaces(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))


def _below(layout: Layout, side: int) -> FarewellPlaces:
    """Lay out a farewell with a large code, upright: it has the width of the screen, the rest is above."""
    px, size = layout.px, layout.size
    edge = px(12)
    pad = min(px(6), (size.width - side) // 2)
    following = Box(edge, size.height - px(38), size.width - 2 * edge, px(30))
    caption = Box(edge, following.y - px(40), size.width - 2 * edge, px(38))
    card = Box((size.width - side) // 2 - pad, caption.y - px(2) - side - 2 * pad, side + 2 * pad, side + 2 * pad)
    code = card.inset(pad)
    high = card.y - 2 * edge
    wide = round((size.width - 3 * edge) * 0.56)
    picture = Box(edge, edge, wide, high)
    x = picture.right + edge
    thanks = Box(x, edge + px(16), size.width - edge - x, px(48))
    status = Box(x, thanks.bottom + px(8), size.width - edge - x, px(44))
    return FarewellPlaces(picture, thanks, status, card, code, caption, following, Box(0, 0, 0, 0))


def painted(scene: FarewellScene, stage: Stage) -> Iterator[Patch]:
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
    at = places(stage.layout, modules, qr.least(stage.layout.size), shown=shown)
    if scene.lamps:
        rest, card = lamps.parted(stage.layout, at.picture, len(scene.lamps))
        at = replace(at, picture=rest)
        yield from lamps.painted(scene.lamps, stage, card)

    if playback is not None and shown:
        yield from _print(scene, stage, playback, at.picture)
        thanks = words.farewell
    else:
        room = fitted(mascot.WIDE, mascot.HIGH, at.picture.inset(stage.layout.px(54)))
        yield from microwave(stage, room, Mood.HAPPY, 0.0)
        thanks = words.farewell_deleted if scene.outcome is Outcome.DELETED else words.farewell_without

    yield _thanks(stage, at, thanks)
    if at.card is None:
        yield _status_card(scene, stage, at)
    else:
        yield _status_line(scene, stage, at)
        if code is not None and at.code is not None:
            yield from _code(code, stage, at.card, at.code)
            yield _caption(stage, at, at.card)
        else:
            yield _coming(stage, at.card, told=scene.link_coming)
    yield from _companion(scene, stage, at, drawn=not shown)
    yield _next(stage, at, stay=coming)
    if scene.outcome is Outcome.SENT:
        written = (at.thanks, at.next) if at.card is None else (at.thanks, at.status, at.next)
        yield from sparkles(stage, at.card or at.status, apart_from=written)


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
        if stage.dress.brand.logo is not None:
            canvas.picture(stage.dress.brand.logo, line.inset(0, px(5)))
        else:
            canvas.text(stage.dress.title, line, size=size, smallest=14, colour=theme.accent_deep, align="centre")

    yield Patch("card", Box(card.x, card.y, card.width, card.height + px(3)), (), paint_card)
    index = due(playback.delays, playback.loops, stage.elapsed)

    def paint_picture(canvas: Canvas) -> None:
        shown = stage.projector.picture(scene.session, playback, index, (picture.width, picture.height))
        canvas.surface.blit(shown, (picture.x, picture.y))

    yield Patch("picture", picture, (index,), paint_picture)


def _thanks(stage: Stage, at: FarewellPlaces, thanks: str) -> Patch:
    box = at.thanks

    def paint(canvas: Canvas) -> None:
        canvas.text(thanks, box, size=38, smallest=20, colour=stage.theme.ink, weight=Weight.EXTRA)

    return Patch("thanks", box, (thanks,), paint)


def _colour(scene: FarewellScene, stage: Stage) -> Colour:
    return stage.theme.good if scene.outcome in {Outcome.SENT, Outcome.DELETED} else stage.theme.ink


def _status_line(scene: FarewellScene, stage: Stage, at: FarewellPlaces) -> Patch:
    """Return where the animation is, in a word."""
    box, colour, px = at.status, _colour(scene, stage), stage.layout.px
    said, _ = stage.words.told(scene.outcome, scene.reach)

    def paint(canvas: Canvas) -> None:
        side = px(32)
        canvas.icon(ICONS[scene.outcome], Box(box.x, box.y + (box.height - side) // 2, side, side), colour)
        line = Box(box.x + side + px(10), box.y, box.width - side - px(10), box.height)
        canvas.text(said, line, size=28, smallest=18, colour=colour, weight=Weight.EXTRA)

    return Patch("status", box, (scene.outcome,), paint)


def _status_card(scene: FarewellScene, stage: Stage, at: FarewellPlaces) -> Patch:
    """Return where the animation is, in a word and a sentence, on a card."""
    theme, px, box = stage.theme, stage.layout.px, at.status
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


def _companion(scene: FarewellScene, stage: Stage, at: FarewellPlaces, *, drawn: bool) -> Iterator[Patch]:
    """Yield the microwave where there is room for it, unless it is there already."""
    if drawn or at.spare.height < stage.layout.px(72):
        return
    room = fitted(mascot.WIDE, mascot.HIGH, at.spare)
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


def _caption(stage: Stage, at: FarewellPlaces, card: Box) -> Patch:
    """Return what the code is for: on its card, or beside it with an arrow to it."""
    box, px, theme = at.caption, stage.layout.px, stage.theme
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


def _next(stage: Stage, at: FarewellPlaces, *, stay: bool) -> Patch:
    """Return how to go; as long as a code is to come, that it is worth the wait (*stay*)."""
    box, text = at.next, stage.words.farewell_stay if stay else stage.words.farewell_next
    colour = stage.theme.soft_ink if stay else stage.theme.accent

    def paint(canvas: Canvas) -> None:
        below = at.card is not None and at.caption.y >= at.card.bottom
        align = "centre" if below else "left"
        canvas.text(text, box, size=20, smallest=14, colour=colour, align=align)

    return Patch("next", box, (text,), paint)


def cue(scene: FarewellScene) -> Hashable:
    """Return what has become of the animation: a link that comes with it is not another cue, the last lamp is."""
    return "farewell", scene.outcome, bool(scene.lamps) and all(lamp.lit for lamp in scene.lamps)


def said(scene: FarewellScene, words: Words) -> str:
    """Return what has become of the animation, how to take it home, and in the end that it is in every cloud."""
    if scene.lamps and all(lamp.lit for lamp in scene.lamps):
        return ". ".join([lamps.sentence(scene.lamps, words), *([words.share_scan] if scene.link is not None else [])])
    if scene.link_coming:
        return f"{words.outcome[scene.outcome][0]}. {words.share_coming}"
    if scene.link is not None:
        return f"{words.outcome[scene.outcome][0]}. {words.share_scan}"
    return ". ".join(words.told(scene.outcome, scene.reach))


def heard(scene: FarewellScene, before: Scene | None) -> Sound | None:
    """Return the bell if there is an animation."""
    return Sound.DING if scene.outcome in {Outcome.SENDING, Outcome.SENT, Outcome.SAVED} else None


ROW = Row(FarewellScene, painted, said=said, cue=cue, heard=heard, beat=None)
