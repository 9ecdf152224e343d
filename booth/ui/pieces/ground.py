"""The ground of a scene: its first patch, under everything else."""

from collections.abc import Hashable

from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.layout import Box
from booth.ui.stage import Stage


def ground(stage: Stage, kind: Hashable, colour: tuple[int, int, int]) -> Patch:
    """Return the first patch of a scene: everything filled with *colour*. A new *kind* paints all anew."""
    screen = stage.layout.screen
    return Patch("ground", screen, kind, lambda canvas: canvas.fill(screen, colour))


def calm(stage: Stage, kind: Hashable, *read: Box) -> Patch:
    """Return the ground of a calm scene: paper, or the event's picture, with paper under all boxes that are to be read.

    What is written outside of *read* must have a ground of its own.
    """
    backdrop, theme, px = stage.dress.brand.backdrop, stage.theme, stage.layout.px
    if backdrop is None:
        return ground(stage, kind, theme.paper)

    def paint(canvas: Canvas) -> None:
        canvas.surface.blit(backdrop, (0, 0))
        for box in read:
            canvas.box(box.inset(-px(14), -px(8)), 20, theme.paper)

    return Patch("ground", stage.layout.screen, (kind, read), paint)
