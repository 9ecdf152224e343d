"""What may lie around the screen in a window. On a booth nothing does; a simulated one stands in a drawn oven."""

from typing import Protocol

import pygame

from booth.core.scene import Scene
from booth.ports import Size
from booth.ui.touch import Deed
from booth.units import Instant


class Surroundings(Protocol):
    """Scenery with a screen in it, which takes the touches that are its own."""

    @property
    def window(self) -> Size:
        """How large the window is that the two fill."""
        ...

    @property
    def screen_at(self) -> tuple[int, int]:
        """Where in the window the screen is: x and y of its corner, in pixels."""
        ...

    def touch(self, x: int, y: int, down: bool) -> bool:  # noqa: FBT001 - down or up is all there is to say
        """Take a touch at (*x*, *y*) of the window; return whether it was no touch of the screen."""
        ...

    def key(self, down: bool) -> None:  # noqa: FBT001 - down or up is all there is to say
        """Take the space bar."""
        ...

    def second(self, raw: pygame.Event, done: Deed | None) -> Deed | None:
        """Return what a second finger does to the corners at *raw*, by which the first has *done* that; or None."""
        ...

    def paint(self, surface: pygame.Surface, now: Instant, scene: Scene | None) -> list[tuple[int, int, int, int]]:
        """Paint on *surface*, the whole window, what has changed while *scene* is shown; return those rectangles."""
        ...
