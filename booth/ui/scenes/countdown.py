"""The preview beside a digit, over a bar that runs out."""

from collections.abc import Hashable, Iterator

import pygame

from booth.core.scene import CountdownScene, Scene
from booth.ui.drawing.canvas import Canvas, Patch
from booth.ui.layout import Box
from booth.ui.pieces import posing
from booth.ui.scenes.row import Row
from booth.ui.sound import Sound
from booth.ui.stage import Stage
from booth.ui.text.fonts import Weight
from booth.ui.theme import blend
from booth.ui.words import Words

POP = {1.0: 0.66, 0.95: 0.88, 0.9: 1.0, 0.85: 1.0, 0.8: 0.97}
"""How large a digit is by what is left of its second; else `REST`."""
REST = 0.94

COUNTED = 3
"""The last digits of a countdown are said; more would not be done in time."""


def painted(scene: CountdownScene, stage: Stage) -> Iterator[Patch]:
    """Paint the preview beside a digit, over a bar that runs out."""
    yield from posing.preview(stage)
    theme = stage.theme
    at = posing.places(stage.layout)
    box, bar = at.digit, at.bar
    left = 1.0 if stage.dress.reduced_motion else scene.fraction
    size = REST if stage.dress.reduced_motion else POP.get(left, REST)

    def paint(canvas: Canvas) -> None:
        digit = _digits(canvas, str(scene.digit), box, size)
        x, y = box.centre
        canvas.surface.blit(digit, (x - digit.get_width() // 2, y - digit.get_height() // 2))

    yield Patch("digit", box, (scene.digit, size), paint)

    def paint_bar(canvas: Canvas) -> None:
        canvas.box(bar, 5, blend(theme.dark, theme.on_dark, 0.2))
        wide = max(round(bar.width * left), bar.height)
        canvas.box(Box(bar.x, bar.y, wide, bar.height), 5, theme.accent_bright)

    yield Patch("bar", bar, (left,), paint_bar)
    yield from posing.film(stage, scene.session, scene.shot, scene.shots)
    yield posing.line(stage, at.line, stage.words.shot_of(scene.shot, scene.shots))
    yield posing.cue(stage, said=False)


def _digits(canvas: Canvas, text: str, box: Box, share: float) -> pygame.Surface:
    """Return *text* so large that what is inked of it fills *share* (0..1) of the box's width or height."""
    fonts, colour = canvas.fonts, canvas.theme.on_dark
    inked = fonts.render(text, Weight.EXTRA, 100, colour).get_bounding_rect()
    scale = min(box.width / max(inked.width, 1), box.height / max(inked.height, 1)) * share

    def made() -> pygame.Surface:
        whole = fonts.render(text, Weight.EXTRA, max(int(100 * scale), 1), colour)
        return whole.subsurface(whole.get_bounding_rect()).copy()

    return canvas.shapes.kept(("digits", text, box.width, box.height, share, colour), made)


def cue(scene: CountdownScene) -> Hashable:
    """Return which digit of which picture it is."""
    return "countdown", scene.shot, scene.digit


def said(scene: CountdownScene, words: Words) -> str:
    """Return the digit, if it is one of the last."""
    return str(scene.digit) if scene.digit <= COUNTED else ""


def heard(scene: CountdownScene, before: Scene | None) -> Sound | None:
    """Return a tick for each digit; the last is another."""
    if isinstance(before, CountdownScene) and before.digit == scene.digit:
        return None
    return Sound.LAST if scene.digit == 1 else Sound.TICK


ROW = Row(CountdownScene, painted, said=said, cue=cue, heard=heard, beat=None)
