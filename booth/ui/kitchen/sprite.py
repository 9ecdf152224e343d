"""A part of the kitchen that changes."""

from collections.abc import Callable, Hashable

import pygame

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels of the window."""

Phase = Hashable
"""Which of its pictures a sprite shows."""


class Sprite:
    """A part of the window that changes: a picture for each phase, made when it is first seen."""

    def __init__(self, box: Rect, draw: Callable[[pygame.Surface, Phase], None]) -> None:
        self.box = box
        self._draw = draw
        self._pictures: dict[Phase, pygame.Surface] = {}
        self._shown: Phase | None = None

    def paint(self, surface: pygame.Surface, scenery: pygame.Surface, phase: Phase) -> list[Rect]:
        """Paint the sprite on *surface* if its *phase* has changed; return what changed."""
        if phase == self._shown:
            return []
        self._shown = phase
        self.rehearse(scenery, phase)
        surface.blit(self._pictures[phase], self.box[:2])
        return [self.box]

    def rehearse(self, scenery: pygame.Surface, phase: Phase) -> bool:
        """Make the picture of a *phase*, if there is none yet; return whether there was none."""
        if phase in self._pictures:
            return False
        picture = pygame.Surface(self.box[2:])
        picture.blit(scenery, (0, 0), self.box)
        self._draw(picture, phase)
        self._pictures[phase] = picture
        return True
