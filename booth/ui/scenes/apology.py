"""What went wrong, in a guest's words, and what has become of the pictures."""

from collections.abc import Hashable, Iterator

from booth.core.scene import ApologyScene
from booth.core.states import Reason
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box
from booth.ui.pieces.ground import calm
from booth.ui.pieces.halves import halves, lines, message
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Row
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import Colour
from booth.ui.words import Words


def painted(scene: ApologyScene, stage: Stage) -> Iterator[Patch]:
    """Paint what went wrong, and what has become of the pictures."""
    theme, px = stage.theme, stage.layout.px
    at = halves(stage.layout, 2)
    yield calm(stage, "apology", at.head.with_(at.card(2)))
    mood = Mood.HAPPY if scene.reason is Reason.SLOW else Mood.SORRY
    yield from microwave(stage, at.drawing, mood, 0.0)
    yield message(stage, at.head, *stage.words.apology[scene.reason])
    kept = stage.words.kept_after_all[scene.reason] if scene.kept else stage.words.not_kept
    good = scene.kept and scene.reason is not Reason.NOT_DELETED
    icon = Icon.CHECK if good else Icon.ALERT
    colour = theme.good if good else theme.ink
    card = at.card(2)

    def paint(canvas: Canvas) -> None:
        canvas.box(card, 18, theme.card)
        side = px(30)
        canvas.icon(icon, Box(card.x + px(18), card.y, side, card.height), colour)
        left = card.x + px(18) + side + px(14)
        room = Box(left, card.y + px(8), card.right - px(16) - left, card.height - px(16))
        _middle(canvas, kept, room, 21, 14, colour, Weight.BOLD)

    yield Patch("kept", card, (kept,), paint)


def _middle(canvas: Canvas, text: str, box: Box, size: float, least: float, colour: Colour, weight: Weight) -> None:
    """Write a sentence in the middle of the height of *box*, from its left."""
    wrapped, step = lines(canvas, text, box.width, box.height, size, least, 1.25, weight)
    y = box.y + (box.height - len(wrapped) * step) // 2
    for index, line in enumerate(wrapped):
        row = Box(box.x, y + index * step, box.width, step)
        canvas.text(line, row, size=step / 1.25 / canvas.unit, colour=colour, weight=weight)


def cue(scene: ApologyScene) -> Hashable:
    """Return the scene itself: whatever changes is worth a word."""
    return scene


def said(scene: ApologyScene, words: Words) -> str:
    """Return what went wrong, and whether anything is kept."""
    title, body = words.apology[scene.reason]
    return f"{title}. {body} {words.kept_after_all[scene.reason] if scene.kept else words.not_kept}"


ROW = Row(ApologyScene, painted, said=said, cue=cue)
