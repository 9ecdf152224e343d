"""The invitation while nobody can begin: a pause, or the hours of the event. Calm, and it says when to come back."""

from collections.abc import Hashable, Iterator

from booth.core.operating import Closure
from booth.core.showing import ClosedScene
from booth.ui.drawing.canvas import Patch
from booth.ui.drawing.mascot import Mood
from booth.ui.layout import Box, Layout
from booth.ui.pieces import languages as choice
from booth.ui.pieces import strip
from booth.ui.pieces.ground import calm
from booth.ui.pieces.halves import Halves, halves, message
from booth.ui.pieces.microwave import microwave
from booth.ui.scenes.row import Offered, Row
from booth.ui.stage import BEAT, Stage
from booth.ui.widgets import Widget
from booth.ui.words import Words

DRIFT = ((0, 0), (4, 2), (7, 0), (4, -3), (0, -4), (-4, -3), (-7, 0), (-4, 2))
"""Where everything is, a minute each, in steps of the grid: it may stand there all day, and no edge burns in."""


def widgets(scene: ClosedScene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Decide where the languages can be chosen: who cannot begin may want to know why."""
    return choice.widgets(layout, languages)


def painted(scene: ClosedScene, stage: Stage) -> Iterator[Patch]:
    """Paint why nobody can begin."""
    dx, dy = (stage.layout.px(steps) for steps in DRIFT[int(stage.elapsed / 60) % len(DRIFT)])
    at = _moved(halves(stage.layout, 0), dx, dy)
    notes = (strip.place(stage.layout, len(stage.languages)),) if scene.notices else ()
    yield calm(stage, ("closed", dx, dy), at.head, *notes)
    yield from microwave(stage, at.drawing, Mood.ASLEEP, 0.0)
    yield message(stage, at.head, *told(scene, stage.words))
    yield from choice.painted(stage)
    yield from strip.painted(scene.notices, stage, len(stage.languages))


def _moved(at: Halves, dx: int, dy: int) -> Halves:
    def moved(box: Box) -> Box:
        return Box(box.x + dx, box.y + dy, box.width, box.height)

    return Halves(moved(at.drawing), moved(at.head), at.row, at.gap)


def told(scene: ClosedScene, words: Words) -> tuple[str, str]:
    """Return why nobody can begin, and when one can."""
    match scene.why:
        case Closure.PAUSED:
            # Translators: the photo booth rests for a while, because the team has said so.
            return words.gettext("A short break"), words.gettext("The booth will be back soon.")
        case Closure.BEFORE if scene.at:
            # Translators: the photo booth is not open yet; the time is like 18:00, or 2026-11-22 18:00.
            return words.gettext("Not open yet"), words.gettext("Come back at {time}.").format(time=scene.at)
        case _:
            # Translators: the event is over, the photo booth takes no more pictures.
            return words.gettext("That was it"), words.gettext("The booth is closed. Thank you for coming!")


def said(scene: ClosedScene, words: Words) -> str:
    """Return the same, for whoever does not read it."""
    return ". ".join(told(scene, words))


def alike(scene: ClosedScene, beat: int) -> Hashable:
    """Return all that depends on the *beat*."""
    return int(beat * BEAT / 60 + 1e-9)


def cue(scene: ClosedScene) -> Hashable:
    """Tell one reason from another."""
    return "ClosedScene", scene.why, scene.at


ROW = Row(ClosedScene, painted, widgets, said=said, cue=cue, alike=alike)
