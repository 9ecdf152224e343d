"""Pictures from the camera and the album, made ready for the screen: scaled, mirrored, and shown when they are due."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import pygame

from booth.core.session import SessionId
from booth.ports import Picture, Playback
from booth.ui.layout import Box
from booth.units import Seconds

SHORTEST = Seconds(0.02)
"""A picture is shown at least this long: a delay of 0 must not stop time."""

ABOVE = 0.25
"""0..1: how much of what a picture is too high for the screen is cut away at its top."""


def surface_of(picture: Picture) -> pygame.Surface:
    """Return *picture* as a surface that shares its bytes."""
    return pygame.image.frombuffer(picture.rgb, (picture.size.width, picture.size.height), "RGB")


def covering(picture: Picture, box: Box, *, mirrored: bool) -> pygame.Surface:
    """Return the part of *picture* that fills *box* without being distorted. Fast: nearest pixels.

    What does not fit is cut away below rather than above: heads are wanted more than knees.
    """
    whole = surface_of(picture)
    width, height = whole.get_size()
    scale = max(box.width / width, box.height / height)
    shown_width, shown_height = min(round(box.width / scale), width), min(round(box.height / scale), height)
    middle = whole.subsurface(
        ((width - shown_width) // 2, round((height - shown_height) * ABOVE), shown_width, shown_height)
    )
    if mirrored:
        middle = pygame.transform.flip(middle, True, False)
    return pygame.transform.scale(middle, (box.width, box.height))


def due(delays: Sequence[Seconds], loops: int, elapsed: Seconds) -> int:
    """Return which picture of an animation is to be seen *elapsed* seconds after it began; 0 is the first.

    An animation that plays *loops* times stays on its last picture; 0 plays for ever.
    """
    spans = [max(delay, SHORTEST) for delay in delays]
    whole = sum(spans)
    if not spans:
        return 0
    if loops and elapsed >= whole * loops:
        return len(spans) - 1
    return min(bisect_right(list(accumulate(spans)), elapsed % whole), len(spans) - 1)


class Projector:
    """Keeps the pictures of one animation at the sizes they are shown at."""

    def __init__(self) -> None:
        self._session: SessionId | None = None
        self._scaled: dict[tuple[int, int, int], pygame.Surface] = {}

    def picture(self, session: SessionId, playback: Playback, index: int, size: tuple[int, int]) -> pygame.Surface:
        """Return picture *index* at *size*; scaled the first time it is asked for."""
        if session != self._session:
            self._session = session
            self._scaled.clear()
        key = (index, *size)
        if key not in self._scaled:
            whole = surface_of(playback.pictures[index])
            self._scaled[key] = (
                whole.convert() if whole.get_size() == size else pygame.transform.smoothscale(whole, size).convert()
            )
        return self._scaled[key]

    def forget(self) -> None:
        """Let the pictures go."""
        self._session = None
        self._scaled.clear()
