"""The booth waking up, and which of its parts are there."""

from collections.abc import Iterator

from booth.core.events import Part
from booth.core.scene import StartingScene
from booth.ui.drawing.canvas import Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.pieces.ground import calm
from booth.ui.pieces.halves import PART_ICONS, Mark, card, halves, message, step
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Row
from booth.ui.stage import Stage


def painted(scene: StartingScene, stage: Stage) -> Iterator[Patch]:
    """Paint the booth waking up, and which of its parts are there."""
    at = halves(stage.layout, len(Part))
    rows = at.rows(len(Part))
    yield calm(stage, "starting", at.head.with_(at.card(len(rows))))
    mood = Mood.ASLEEP if stage.motion % 3.0 < 2.0 else Mood.BLINK
    yield from microwave(stage, at.drawing, mood, 0.0)
    yield message(stage, at.head, *(stage.words.starting_without if scene.missing else stage.words.starting))
    yield card(stage, at.card(len(rows)))
    for part, row in zip(Part, rows, strict=True):
        mark = Mark.WRONG if part in scene.missing else Mark.DOING if part in scene.silent else Mark.DONE
        yield step(stage, row, mark, stage.words.part[part][0], PART_ICONS[part])


ROW = Row(StartingScene, painted)
