"""The end of a visit: the animation large, and the truth about where it is."""

from collections.abc import Iterator

from booth.core.scene import FarewellScene
from booth.core.states import Outcome
from booth.ports import Playback
from booth.ui import mascot
from booth.ui.canvas import Canvas, Part
from booth.ui.fonts import Weight
from booth.ui.icons import Icon
from booth.ui.layout import Box, fitted
from booth.ui.mascot import Mood
from booth.ui.paint.stage import Stage, ground, microwave
from booth.ui.playback import due

ICONS = {
    Outcome.SENDING: Icon.CLOUD,
    Outcome.SENT: Icon.CHECK,
    Outcome.SAVED: Icon.CLOCK,
    Outcome.LATER: Icon.CLOCK,
    Outcome.DELETED: Icon.TRASH,
}


def farewell(scene: FarewellScene, stage: Stage) -> Iterator[Part]:
    """Paint the animation from its first picture, and what became of it."""
    theme = stage.theme
    yield ground(stage, ("farewell", scene.session), theme.paper)
    places = stage.layout.farewell()
    playback = None if scene.outcome is Outcome.DELETED else stage.album.playback(scene.session)
    if playback is not None and playback.pictures:
        yield from _print(scene, stage, playback, places.picture)
        thanks = stage.words.farewell
    else:
        room = fitted(mascot.WIDE, mascot.HIGH, places.picture.inset(stage.layout.px(60)))
        yield from microwave(stage, room, Mood.HAPPY, 0.0)
        thanks = stage.words.farewell_deleted if scene.outcome is Outcome.DELETED else stage.words.farewell_without
    yield _status(scene, stage, places.panel, thanks)


def _print(scene: FarewellScene, stage: Stage, playback: Playback, room: Box) -> Iterator[Part]:
    """Yield the animation on a white card, with the event's name under it like handwriting on a print."""
    theme, px = stage.theme, stage.layout.px
    first = playback.pictures[0].size
    border, foot = px(12), px(54)
    inside = Box(room.x + border, room.y + border, room.width - 2 * border, room.height - border - foot)
    picture = fitted(first.width, first.height, inside)
    card = Box(picture.x - border, picture.y - border, picture.width + 2 * border, picture.height + border + foot)

    def paint_card(canvas: Canvas) -> None:
        canvas.box(Box(card.x, card.y + px(3), card.width, card.height), 14, theme.accent_soft)
        canvas.box(Box(card.x, card.y, card.width, card.height - px(3)), 14, theme.card)
        line = Box(picture.x, picture.bottom, picture.width, foot - px(4))
        canvas.text(stage.title, line.inset(px(8), 0), size=24, smallest=15, colour=theme.accent_deep, align="centre")

    yield Part("card", Box(card.x, card.y, card.width, card.height + px(3)), (), paint_card)
    index = due(playback.delays, playback.loops, stage.elapsed)

    def paint_picture(canvas: Canvas) -> None:
        shown = stage.projector.picture(scene.session, playback, index, (picture.width, picture.height))
        canvas.surface.blit(shown, (picture.x, picture.y))

    yield Part("picture", picture, (index,), paint_picture)


def _status(scene: FarewellScene, stage: Stage, box: Box, thanks: str) -> Part:
    theme, px = stage.theme, stage.layout.px
    said, more = stage.words.outcome[scene.outcome]
    colour = theme.good if scene.outcome in {Outcome.SENT, Outcome.DELETED} else theme.ink

    def paint(canvas: Canvas) -> None:
        head = Box(box.x, box.y + px(24), box.width, px(52))
        canvas.text(thanks, head, size=38, smallest=22, colour=theme.ink, weight=Weight.EXTRA)
        card = Box(box.x, head.bottom + px(24), box.width, px(196))
        canvas.box(card, 20, theme.card)
        inner = card.inset(px(20), px(18))
        side = px(36)
        canvas.icon(ICONS[scene.outcome], Box(inner.x, inner.y, side, side), colour)
        line = Box(inner.x + side + px(12), inner.y, inner.width - side - px(12), side)
        canvas.text(said, line, size=28, smallest=18, colour=colour, weight=Weight.EXTRA)
        rest = Box(inner.x, inner.y + side + px(14), inner.width, inner.bottom - inner.y - side - px(14))
        canvas.paragraph(more, rest, size=22, smallest=16, colour=theme.ink)
        foot = Box(box.x, box.bottom - px(60), box.width, px(40))
        canvas.text(stage.words.farewell_next, foot, size=20, smallest=15, colour=theme.accent)

    return Part("status", box, (scene.outcome,), paint)
