"""What every painter is given beside the scene: the instant, the layout, the pictures, and what is being touched."""

from collections.abc import Hashable
from dataclasses import dataclass

from booth.core.session import SessionId
from booth.ports import Album, Preview
from booth.ui.canvas import Canvas, Part
from booth.ui.keyboard import Key
from booth.ui.layout import Layout
from booth.ui.playback import Projector
from booth.ui.theme import Theme
from booth.units import Instant, Seconds


@dataclass(frozen=True)
class Stage:
    """The world as a painter sees it."""

    now: Instant
    since: Instant
    """When this kind of scene began."""
    layout: Layout
    theme: Theme
    title: str
    consent_text: str
    album: Album
    preview: Preview
    projector: Projector
    keys: tuple[Key, ...]
    shift_locked: bool
    shifted: bool
    pressed: frozenset[str]
    """The names of the spots under a finger, or just left by one."""

    typed: Instant
    """When text was last entered or the caret moved."""
    nudged: bool
    """Whether somebody has just touched a scene on which there is nothing to touch."""

    @property
    def elapsed(self) -> Seconds:
        """How long this kind of scene has been shown."""
        return Seconds(max(self.now - self.since, 0.0))


def ground(stage: Stage, kind: Hashable, colour: tuple[int, int, int]) -> Part:
    """Return the first part of a scene: everything filled with *colour*. A new *kind* paints all anew."""
    screen = stage.layout.screen
    return Part("ground", screen, kind, lambda canvas: canvas.fill(screen, colour))


__all__ = ["Canvas", "Part", "SessionId", "Stage", "ground"]
