"""What every painter is given beside the scene: the instant, the layout, the pictures, and what is being touched."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from booth.core.form import Field
from booth.ports import Album, Gallery, Preview
from booth.ui import mascot
from booth.ui.brand import Brand
from booth.ui.canvas import Canvas, Patch
from booth.ui.hands import NEVER
from booth.ui.keyboard import Key, Shift
from booth.ui.layout import Box, Layout
from booth.ui.lines import View
from booth.ui.mascot import Mood
from booth.ui.playback import Film, Nobody, Prints, Projector
from booth.ui.popup import Balloon, Variants
from booth.ui.qr import Coder
from booth.ui.theme import Theme
from booth.ui.words import Words
from booth.units import Instant, Seconds

_Sketch = TypeVar("_Sketch")


class Sketches:
    """Parts of one scene that are shown again and again, and described once: as often as not, nothing has moved."""

    def __init__(self) -> None:
        self._scene: Hashable = None
        self._kept: dict[Hashable, Any] = {}

    def of(self, scene: Hashable) -> "Sketches":
        """Return itself, for the parts of this *scene*: those of another one are let go."""
        if scene != self._scene:
            self._scene = scene
            self._kept = {}
        return self

    def __call__(self, key: Hashable, make: Callable[[], _Sketch]) -> _Sketch:
        """Return what was made under *key*."""
        if key not in self._kept:
            self._kept[key] = make()
        found: _Sketch = self._kept[key]
        return found


@dataclass(frozen=True)
class Stage:
    """The world as a painter sees it."""

    now: Instant
    since: Instant
    """When this kind of scene began."""
    told: Instant
    """When the scene last said something new."""
    layout: Layout
    theme: Theme
    words: Words
    language: str
    """The code of the language that *words* are in."""
    languages: tuple[str, ...]
    """The codes of those that can be chosen on the invitation; none if there is no choice."""
    title: str
    consent_text: str
    album: Album
    preview: Preview
    projector: Projector
    coder: Coder
    keys: tuple[Key, ...]
    shift: Shift
    pressed: frozenset[str]
    """The names of the spots under a finger, or just left by one."""

    balloons: tuple[Balloon, ...]
    variants: Variants | None
    """What a key that is held offers."""
    views: Mapping[Field, View]
    """What of each field's text can be seen."""
    typed: Instant
    """When text was last entered or the caret moved."""
    nudged: bool
    """Whether somebody has just touched a scene on which there is nothing to touch."""
    reduced_motion: bool = False
    """Whether nothing moves but what a guest must see moving: the preview, the animation, digits and the caret."""
    brand: Brand = field(default_factory=Brand)
    gallery: Gallery = field(default_factory=Nobody)
    prints: Prints = field(default_factory=Prints)
    film: Film = field(default_factory=Film)
    flash: bool = True
    """Whether the screen may turn white for a picture."""
    roused: Instant = NEVER
    """When somebody last touched the screen."""
    sketches: Sketches = field(default_factory=Sketches)
    rest_after: Seconds = Seconds(0.0)
    """After so long alone the invitation rests; 0 is never."""

    @property
    def resting(self) -> bool:
        """Whether nobody has been there for long."""
        return 0.0 < self.rest_after <= self.now - max(self.since, self.roused)

    @property
    def elapsed(self) -> Seconds:
        """How long this kind of scene has been shown."""
        return Seconds(max(self.now - self.since, 0.0))

    @property
    def motion(self) -> Seconds:
        """What everything that moves only to please moves by: as `elapsed`, but 0.0 for ever with reduced motion."""
        return Seconds(0.0) if self.reduced_motion else self.elapsed


def ground(stage: Stage, kind: Hashable, colour: tuple[int, int, int]) -> Patch:
    """Return the first patch of a scene: everything filled with *colour*. A new *kind* paints all anew."""
    screen = stage.layout.screen
    return Patch("ground", screen, kind, lambda canvas: canvas.fill(screen, colour))


def calm(stage: Stage, kind: Hashable, *read: Box) -> Patch:
    """Return the ground of a calm scene: paper, or the event's picture, with paper under all boxes that are to be read.

    What is written outside of *read* must have a ground of its own.
    """
    backdrop, theme, px = stage.brand.backdrop, stage.theme, stage.layout.px
    if backdrop is None:
        return ground(stage, kind, theme.paper)

    def paint(canvas: Canvas) -> None:
        canvas.surface.blit(backdrop, (0, 0))
        for box in read:
            canvas.box(box.inset(-px(14), -px(8)), 20, theme.paper)

    return Patch("ground", stage.layout.screen, (kind, read), paint)


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
