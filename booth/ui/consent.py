"""Whether there is room for what guests agree to, and are told of it: all of it must be there to be read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pygame

from booth.core.scene import Scene
from booth.errors import ConfigError
from booth.ui.drawing.canvas import Canvas
from booth.ui.drawing.shapes import Shapes
from booth.ui.scenes import painted
from booth.ui.stage import Stage
from booth.ui.text.fonts import Fonts


@dataclass(frozen=True)
class Wording:
    """A text of the owner's, and where guests read it."""

    key: str
    """The setting's."""
    text: str
    patch: str
    """The name of what is painted of it..."""
    scene: Scene
    """... on this."""
    on: Callable[[Stage, str], Stage]
    """Returns a stage on which a text stands in its place."""


def check(lines: Sequence[Wording], stage_of: Callable[[Scene], Stage], fonts: Fonts) -> None:
    """Raise `ConfigError`, a line for each, if some of *lines* are longer than there is room where they stand.

    Where letters are still looked for this waits for them.
    """
    rooms = list(_rooms(lines, stage_of, fonts))
    if fonts.lacked():
        # Boxes are as wide as boxes: what guests will see is measured when the letters are there.
        fonts.search(wait=True)
        fonts.arrived()
        rooms = list(_rooms(lines, stage_of, fonts))
    mistakes = [
        f"{line.key}: its {len(line.text)} characters do not fit on a screen of {_size(stage_of(line.scene))}, where "
        f"there is room for the first {room}: make it shorter, for what a guest agrees to must be there to be read"
        for line, room in zip(lines, rooms, strict=True)
        if room < len(line.text)
    ]
    if mistakes:
        raise ConfigError("\n".join(mistakes))


def _size(stage: Stage) -> str:
    return f"{stage.layout.size.width}x{stage.layout.size.height}"


def _rooms(lines: Sequence[Wording], stage_of: Callable[[Scene], Stage], fonts: Fonts) -> Iterator[int]:
    """Yield how many characters of the text of each of *lines* can be shown; what is asked twice is measured once."""
    shapes = Shapes()
    known: dict[Wording, int] = {}
    for line in lines:
        asked = replace(line, key="")  # an owner's text is often the same in all languages
        if asked not in known:
            known[asked] = _room(asked, stage_of(line.scene), fonts, shapes)
        yield known[asked]


def _room(line: Wording, stage: Stage, fonts: Fonts, shapes: Shapes) -> int:
    """Return how many characters of the text of a *line* can be shown, as it is painted."""
    canvas = Canvas(pygame.Surface((1, 1)), stage.theme, fonts, shapes, stage.layout.unit)

    def shown(text: str) -> bool:
        canvas.written = []
        for patch in painted(line.scene, line.on(stage, text)):
            if patch.name == line.patch:
                patch.paint(canvas)
        return not any(each.cut for each in canvas.written)

    if not line.text or shown(line.text):
        return len(line.text)
    fits, fits_not = 0, len(line.text)
    while fits_not - fits > 1:
        middle = (fits + fits_not) // 2
        if shown(line.text[:middle]):
            fits = middle
        else:
            fits_not = middle
    return fits
