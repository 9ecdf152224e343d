"""What the screen knows of each kind of scene: a row of the table `booth.ui.scenes.ROWS`, made in the scene's own file.

Whoever makes a scene says how it is painted. What else there is to say has a usual answer: nothing can be touched,
nothing is said or heard, and nothing moves faster than a calm screen's beat.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from booth.core.scene import Scene
from booth.ui.drawing.canvas import Patch
from booth.ui.layout import Layout
from booth.ui.sound import Sound
from booth.ui.stage import BEAT, Stage
from booth.ui.widgets import Widget
from booth.ui.words import Words
from booth.units import Seconds

S = TypeVar("S", bound=Scene)
"""The kind of scene that a row is about."""

Offered = tuple[str, ...]
"""The codes of the languages that a guest may choose from; none if there is no choice."""


def _nothing(scene: Scene, layout: Layout, languages: Offered) -> tuple[Widget, ...]:
    """Have nothing to touch."""
    return ()


def _nothing_said(scene: Scene, words: Words) -> str:
    """Say nothing: silence is better."""
    return ""


def _its_name(scene: Scene) -> Hashable:
    """Tell the cue of a kind of scene from those of others; there is no other of the same kind."""
    return type(scene).__name__


def _nothing_heard(scene: Scene, before: Scene | None) -> None:
    """Make no sound."""


@dataclass(frozen=True)
class Row(Generic[S]):
    """How one kind of scene is shown."""

    scene: type[S]
    painted: Callable[[S, Stage], Iterator[Patch]]
    """Yields what it is made of, back to front."""
    widgets: Callable[[S, Layout, Offered], tuple[Widget, ...]] = _nothing
    """Decides what can be touched, and where."""
    said: Callable[[S, Words], str] = _nothing_said
    """Returns its cue, which a voice says when it begins; "" where silence is better."""
    cue: Callable[[S], Hashable] = _its_name
    """Returns what tells its cue apart from the one before."""
    heard: Callable[[S, Scene | None], Sound | None] = _nothing_heard
    """Returns what is to be heard now that it is shown after the scene before; None for nothing.

    The bell, `Sound.DING`, may be named as long as there is an animation: it rings once for each visit.
    """
    beat: Seconds | None = BEAT
    """It may look different this often, in seconds; None if it may at any time: pictures move on it."""
    alike: Callable[[S, int], Hashable] | None = None
    """Of a scene on which the booth waits for guests: all that depends on the number of its beat.

    Two beats for which it is the same look the same while nobody touches the screen.
    """
