"""The preview, and where to look: a guest has pressed the button."""

from collections.abc import Iterator

from booth.core.scene import GetReadyScene, Scene
from booth.ui.drawing import mascot
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box, Side, fitted
from booth.ui.pieces import posing
from booth.ui.scenes.row import Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.words import Words


def painted(scene: GetReadyScene, stage: Stage) -> Iterator[Patch]:
    """Paint the preview, and where to look."""
    yield from posing.preview(stage)
    at = posing.places(stage.layout)
    yield _looking(stage, at.digit)
    yield from posing.film(stage, scene.session, 0, scene.shots)
    yield posing.line(stage, at.greeting, stage.words.get_ready)
    yield posing.cue(stage, said=True)


def _looking(stage: Stage, box: Box) -> Patch:
    """Return the microwave, which looks where the guest should."""
    theme, lens = stage.theme, stage.layout.housing.lens
    across = {Side.LEFT: Mood.LEFT, Side.RIGHT: Mood.RIGHT}.get(lens, Mood.HAPPY)
    mood = Mood.BLINK if 1.2 <= stage.motion % 2.4 < 1.35 else across
    drawn = fitted(mascot.WIDE, mascot.HIGH, box.inset(box.width // 20))
    face = mascot.part_of(drawn, mascot.FACE)
    button = mascot.part_of(drawn, mascot.BUTTON)

    def paint(canvas: Canvas) -> None:
        canvas.stamp(mascot.body(canvas.shapes, theme, drawn), drawn.x, drawn.y)
        canvas.stamp(mascot.face(canvas.shapes, theme, drawn, mood), face.x, face.y)
        canvas.stamp(mascot.button(canvas.shapes, theme, drawn, 0.0), button.x, button.y)

    return Patch("digit", box, (mood,), paint)


def said(scene: GetReadyScene, words: Words) -> str:
    """Return what to do."""
    return words.spoken_pose


def heard(scene: GetReadyScene, before: Scene | None) -> Sound | None:
    """Return the answer to the press."""
    return None if isinstance(before, GetReadyScene) else Sound.READY


ROW = Row(GetReadyScene, painted, said=said, heard=heard, beat=None)
