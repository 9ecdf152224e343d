"""Pictures from the camera and the album, made ready for the screen: scaled, mirrored, and shown when they are due."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import accumulate

import pygame

from booth.core.visit import SessionId
from booth.pictures import covering, middle
from booth.ports import Picture, Playback, Probe, Size, unmeasured
from booth.ui.layout import Box
from booth.units import Instant, Seconds

SHORTEST = Seconds(0.02)
"""A picture is shown at least this long: a delay of 0 must not stop time."""


def surface_of(picture: Picture) -> pygame.Surface:
    """Return *picture* as a surface that shares its bytes."""
    size = (picture.size.width, picture.size.height)
    if picture.order == "RGB":
        return pygame.image.frombuffer(picture.rgb, size, "RGB")
    surface = pygame.image.frombuffer(picture.rgb, size, "BGRA")
    surface.set_alpha(None)  # all of it is opaque: that need not be looked at
    return surface


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

    def __init__(self, probe: Probe = unmeasured) -> None:
        self._probe = probe
        self._session: SessionId | None = None
        self._scaled: dict[tuple[int, int, int], pygame.Surface] = {}
        self._mirrored: tuple[Picture, Box, pygame.Surface] | None = None

    def mirrored(self, picture: Picture, box: Box, shape: Size) -> pygame.Surface:
        """Return what the newest preview *picture* has of an animation of *shape*, as it fills *box*.

        It is made once, however many parts of it are painted. Fast: nearest pixels.
        """
        kept = self._mirrored
        if kept is None or kept[0] is not picture or kept[1] != box:
            with self._probe("the preview, scaled"):
                whole = surface_of(picture)
                cut = whole.subsurface(middle(whole.get_size(), (shape.width, shape.height)))
                flipped = cut if picture.mirrored else pygame.transform.flip(cut, True, False)
                size = (box.width, box.height)
                kept = picture, box, flipped if flipped.get_size() == size else pygame.transform.scale(flipped, size)
            self._mirrored = kept
        return kept[2]

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
        self._mirrored = None


class Nobody:
    """A gallery that shows nobody."""

    def pictures(self) -> tuple[Playback, ...]:
        """Return none."""
        return ()


class Prints:
    """Small pictures, cut and scaled once for each size. Those that were asked for last stay."""

    def __init__(self, keep: int = 32) -> None:
        self._keep = keep
        self._made: OrderedDict[tuple[int, Hashable], tuple[Picture, pygame.Surface]] = OrderedDict()

    def cut(self, picture: Picture, size: tuple[int, int]) -> pygame.Surface:
        """Return the middle of *picture* as it fills *size* (pixels), smoothly scaled."""
        return self.made(picture, size, lambda: covering(surface_of(picture), size).convert())

    def made(self, picture: Picture, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """Return what *make* made of *picture* the first time; *key* tells what of it."""
        whole = (id(picture), key)
        found = self._made.get(whole)
        # The picture is kept beside what was made of it: its id is nobody else's as long as it is here.
        if found is None:
            found = self._made[whole] = picture, make()
            if len(self._made) > self._keep:
                self._made.popitem(last=False)
        self._made.move_to_end(whole)
        return found[1]

    def forget(self) -> None:
        """Let all go."""
        self._made.clear()


class Film:
    """When each frame of a visit was first seen on the screen, so that it can come in with a little leap."""

    def __init__(self) -> None:
        self._session = SessionId("")
        self._seen: dict[int, Instant] = {}

    def developed(
        self, session: SessionId, frames: Mapping[int, Picture], now: Instant
    ) -> Mapping[int, tuple[Picture, Seconds]]:
        """Return the *frames* of *session* by their shot, each with how long it has been there at *now*."""
        if session != self._session:
            self._session = session
            self._seen = {}
        for shot in frames:
            self._seen.setdefault(shot, now)
        return {shot: (picture, Seconds(max(now - self._seen[shot], 0.0))) for shot, picture in frames.items()}
