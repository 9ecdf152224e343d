"""A sentence or two by themselves, as large as they fit."""

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.layout import Box
from booth.ui.theme import Colour


def lines(
    name: str,
    box: Box,
    said: str,
    *,
    size: float,
    colour: Colour,
    align: str = "left",
    spacing: float = 1.3,
) -> Patch:
    """Return *said* from the top of *box*, in letters of this *size*, or down to 14 units; nothing for ""."""

    def paint(canvas: Canvas) -> None:
        if said:
            canvas.paragraph(said, box, size=size, smallest=14, colour=colour, align=align, spacing=spacing)

    return Patch(name, box, (said,), paint)
