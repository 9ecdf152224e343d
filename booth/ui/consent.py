"""Whether there is room for what guests agree to: all of it must be there to be read."""

from collections.abc import Mapping
from dataclasses import replace

import pygame

from booth.core.scene import Scene
from booth.errors import ConfigError
from booth.ui.drawing.canvas import Canvas
from booth.ui.drawing.shapes import Shapes
from booth.ui.scenes import painted
from booth.ui.stage import Stage
from booth.ui.text.fonts import Fonts


def check(texts: Mapping[str, str], form: Scene, stage: Stage, fonts: Fonts) -> None:
    """Raise `ConfigError`, a line for each, if there are *texts* that are longer than there is room on a *form*.

    They are called by the keys of their settings. Where letters are still looked for this waits for them.
    """
    rooms = {key: _room(text, form, stage, fonts) for key, text in texts.items()}
    if fonts.lacked():
        # Boxes are as wide as boxes: what guests will see is measured when the letters are there.
        fonts.search(wait=True)
        fonts.arrived()
        rooms = {key: _room(text, form, stage, fonts) for key, text in texts.items()}
    size = stage.layout.size
    mistakes = [
        f"{key}: its {len(text)} characters do not fit on a screen of {size.width}x"
        f"{size.height}, where there is room for the first {rooms[key]}: make it shorter, for what a "
        "guest agrees to must be there to be read"
        for key, text in texts.items()
        if rooms[key] < len(text)
    ]
    if mistakes:
        raise ConfigError("\n".join(mistakes))


def _room(text: str, form: Scene, stage: Stage, fonts: Fonts) -> int:
    """Return how many characters of a *text* can be shown, as it is painted on the *form*."""
    canvas = Canvas(pygame.Surface((1, 1)), stage.theme, fonts, Shapes(), stage.layout.unit)

    def shown(text: str) -> bool:
        canvas.written = []
        for patch in painted(form, replace(stage, consent_text=text)):
            if patch.name == "consent":
                patch.paint(canvas)
        return not any(line.cut for line in canvas.written)

    if not text or shown(text):
        return len(text)
    fits, fits_not = 0, len(text)
    while fits_not - fits > 1:
        middle = (fits + fits_not) // 2
        if shown(text[:middle]):
            fits = middle
        else:
            fits_not = middle
    return fits
