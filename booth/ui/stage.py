"""What every painter is given beside the scene: the instant, the layout, the pictures, and what is being touched."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from booth.core.form import Field
from booth.ports import Album, Gallery, Preview
from booth.ui.drawing.playback import Film, Nobody, Prints, Projector
from booth.ui.drawing.qr import Coder
from booth.ui.dress import Dress
from booth.ui.layout import Box, Layout
from booth.ui.text.lines import View
from booth.ui.theme import Theme
from booth.ui.typing.keyboard import Key, Shift
from booth.ui.typing.popup import Balloon, Variants
from booth.ui.widgets import Widget
from booth.ui.words import Words
from booth.units import NEVER, Instant, Seconds

BEAT = Seconds(0.125)
"""Nothing on a calm screen changes more often."""

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
    dress: Dress
    """What is set of the screen's looks and manners; its words are in *words*, in the language that is spoken."""
    words: Words
    language: str
    """The code of the language that *words* are in."""
    languages: tuple[str, ...]
    """The codes of those that can be chosen on the invitation; none if there is no choice."""
    consent_text: str
    """What guests may agree to, in that language, where one text alone is set for that."""
    email_purpose: str
    """What an address is for, in that language."""
    consents: Mapping[str, str]
    """What guests are asked to agree to, in that language, by its id."""
    questions: Mapping[str, str]
    """The event's own questions, in that language, as the dress has them."""
    album: Album
    preview: Preview
    projector: Projector
    coder: Coder
    widgets: tuple[Widget, ...]
    """What can be touched on the scene: painters take its boxes from here."""
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
    gallery: Gallery = field(default_factory=Nobody)
    prints: Prints = field(default_factory=Prints)
    film: Film = field(default_factory=Film)
    roused: Instant = NEVER
    """When somebody last touched the screen."""
    sketches: Sketches = field(default_factory=Sketches)

    def box(self, name: str) -> Box:
        """Return where the widget of this *name* is. Raises `LookupError` if the scene has none of it."""
        for widget in self.widgets:
            if widget.name == name:
                return widget.box
        raise LookupError(f"the scene has no widget {name!r}: its row in booth.ui.scenes decides which there are")

    @property
    def theme(self) -> Theme:
        """The colours that it is painted in."""
        return self.dress.theme

    @property
    def resting(self) -> bool:
        """Whether nobody has been there for long."""
        return 0.0 < self.dress.rest_after <= self.now - max(self.since, self.roused)

    @property
    def elapsed(self) -> Seconds:
        """How long this kind of scene has been shown."""
        return Seconds(max(self.now - self.since, 0.0))

    @property
    def motion(self) -> Seconds:
        """What everything that moves only to please moves by: as `elapsed`, but 0.0 for ever with reduced motion."""
        return Seconds(0.0) if self.dress.reduced_motion else self.elapsed
