"""What was made once and is kept: by its weight, not by its number, and apart from what belongs to one guest only.

A picture of a long line at a large size is a thousand times one of a letter. So what is kept is weighed in bytes, and
what was not asked for the longest goes first.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import pygame

_Key = TypeVar("_Key", bound=Hashable)
_Kept = TypeVar("_Kept")


def weight_of(picture: pygame.Surface) -> int:
    """Return how many bytes the pixels of *picture* take."""
    return picture.get_pitch() * picture.get_height()


class Kept(Generic[_Key, _Kept]):
    """Keeps *most* bytes of what was made, as *weigh* weighs it.

    From `lend` on, what is made new is kept in a place of its own, a quarter as large, until `forget` lets all of
    that go: what a guest types pushes nothing out that the next guest will need, and does not outlast the visit.
    """

    def __init__(self, most: int, weigh: Callable[[_Kept], int]) -> None:
        self._weigh = weigh
        self._most = most
        self._lasting: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lent: OrderedDict[_Key, _Kept] | None = None
        self._weights = [0, 0]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._lasting) + len(self._lent or ())

    @property
    def weight(self) -> int:
        """How many bytes all of it takes."""
        return sum(self._weights)

    def allow(self, most: int) -> None:
        """Keep *most* bytes from now on."""
        self._most = most

    def lend(self) -> None:
        """Keep what is made from now on until `forget` only."""
        if self._lent is None:
            self._lent = OrderedDict()

    def forget(self) -> None:
        """Let go of what was made since `lend`."""
        self._lent = None
        self._weights[1] = 0

    def clear(self) -> None:
        """Let all go. What is lent stays lent."""
        self._lasting.clear()
        if self._lent is not None:
            self._lent.clear()
        self._weights = [0, 0]

    def get(self, key: _Key, make: Callable[[], _Kept]) -> _Kept:
        """Return what is kept under *key*, or make it."""
        place = self._lasting
        found = place.get(key)
        if found is None and self._lent is not None:
            place = self._lent
            found = place.get(key)
        if found is not None:
            place.move_to_end(key)
            return found
        made = make()
        if self._lent is None:
            self._put(self._lasting, 0, self._most, key, made)
        else:
            self._put(self._lent, 1, self._most // 4, key, made)
        return made

    def _put(self, place: OrderedDict[_Key, _Kept], which: int, most: int, key: _Key, made: _Kept) -> None:
        """Keep what was *made*, unless it is heavier than all that may be kept."""
        weight = self._weigh(made)
        if weight > most:
            return
        place[key] = made
        self._weights[which] += weight
        while self._weights[which] > most:
            self._weights[which] -= self._weigh(place.popitem(last=False)[1])
