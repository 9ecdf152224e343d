"""A small word in a corner of each screen of an operator's trial: no guest is to take it for their visit."""

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.layout import Box
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight


def mark(stage: Stage) -> Patch:
    """Return the word, over whatever lies in the corner."""
    theme, px = stage.theme, stage.layout.px
    box = Box(px(4), px(4), px(78), px(24))
    # Translators: over each screen of a visit that an operator has begun to try the booth. One short word.
    said = stage.words.pgettext("operator", "TEST")

    def paint(canvas: Canvas) -> None:
        canvas.box(box, 12, theme.caution)
        room = box.inset(px(6), px(1))
        canvas.text(said, room, size=16, smallest=12, colour=theme.on_caution, weight=Weight.EXTRA, align="centre")

    return Patch("test", box, (said,), paint)
