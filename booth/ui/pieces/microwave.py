"""The microwave that speaks for the booth, as a picture whose face and button change."""

from collections.abc import Iterator

from booth.ui.drawing import mascot
from booth.ui.drawing.canvas import Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box
from booth.ui.stage import Stage


def microwave(stage: Stage, box: Box, mood: Mood, glow: float) -> Iterator[Patch]:
    """Yield the microwave in a *mood*, its start button glowing as much as *glow*, 0..1. *box* is of its shape."""
    theme = stage.theme
    face, button = mascot.part_of(box, mascot.FACE), mascot.part_of(box, mascot.BUTTON)
    yield Patch("microwave", box, (), lambda canvas: canvas.stamp(mascot.body(canvas.shapes, theme, box), box.x, box.y))
    yield Patch(
        "face", face, (mood,), lambda canvas: canvas.stamp(mascot.face(canvas.shapes, theme, box, mood), face.x, face.y)
    )
    yield Patch(
        "button",
        button,
        (glow,),
        lambda canvas: canvas.stamp(mascot.button(canvas.shapes, theme, box, glow), button.x, button.y),
    )
