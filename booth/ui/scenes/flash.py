"""The flash: the screen is the light for the picture."""

from collections.abc import Iterator

from booth.core.scene import FlashScene, Scene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.drawing.icons import Icon
from booth.ui.layout import Box
from booth.ui.pieces import posing
from booth.ui.pieces.ground import ground
from booth.ui.scenes.row import Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight


def painted(scene: FlashScene, stage: Stage) -> Iterator[Patch]:
    """Paint the screen white: it is the light for the picture. Without the flash, the preview says "hold it"."""
    theme, words = stage.theme, stage.words
    at = posing.places(stage.layout)
    if not stage.dress.flash:
        yield from posing.preview(stage)
        side = min(at.digit.width, at.digit.height) * 3 // 4
        eye = Box(at.digit.centre[0] - side // 2, at.digit.centre[1] - side // 2, side, side)
        yield Patch("digit", at.digit, "lens", lambda canvas: canvas.icon(Icon.CAMERA, eye, theme.on_dark))
        yield from posing.film(stage, scene.session, scene.shot, scene.shots)
        yield posing.line(stage, at.line, words.flash)
        yield posing.cue(stage, said=False)
        return
    yield ground(stage, "flash", theme.flash)
    # In the middle of the screen: there is no preview to be in the middle of.
    box = Box(0, at.line.y, stage.layout.size.width, at.line.height)

    def paint(canvas: Canvas) -> None:
        text = f"{words.flash}  ·  {words.shot_of(scene.shot, scene.shots)}"
        canvas.text(text, box, size=28, smallest=16, colour=theme.dark, weight=Weight.EXTRA, align="centre")

    yield Patch("line", box, (scene.shot, scene.shots), paint)


def heard(scene: FlashScene, before: Scene | None) -> Sound | None:
    """Return the shutter, once for each picture."""
    return None if isinstance(before, FlashScene) else Sound.SHUTTER


ROW = Row(FlashScene, painted, heard=heard)
