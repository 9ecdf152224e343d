"""A line of text in a field: how much of it can be seen, where its caret stands, which place in it a finger means.

Pure: whoever asks brings the measure, which says how many pixels wide a text is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from booth.core.form import Line, boundary

Measure = Callable[[str], int]
"""How many pixels wide a text is."""

LEAD = 0.12
"""The share of the room that is kept on both sides of the caret, as long as there is text: to see where one is."""


@dataclass(frozen=True)
class View:
    """What of a text can be seen: from the character *first* to the one before *last*."""

    first: int = 0
    last: int = 0


def view(text: str, caret: int, room: int, wide: Measure, first: int = 0) -> View:
    """Return what of *text* can be seen in *room* pixels, when so far its *first* character was this.

    The text moves as little as possible: only if *caret* would be out of sight, or room be left behind the end.
    """
    if wide(text) <= room:
        return View(0, len(text))
    lead = round(room * LEAD)
    ahead = lead if caret < len(text) else 0
    first = min(Line(text).placed(first).caret, caret)
    while first < caret and wide(text[first:caret]) > room - ahead:
        first = boundary(text, first, 1)
    while first > 0 and wide(text[first:caret]) < lead:
        first = boundary(text, first, -1)
    while first > 0 and wide(text[(before := boundary(text, first, -1)) :]) <= room:
        first = before
    last = first
    for place in _places(text, first):
        if wide(text[first:place]) > room:
            break
        last = place
    return View(first, last)


def place_at(text: str, shown: View, x: int, wide: Measure) -> int:
    """Return the place between two visible characters nearest to *x* pixels from the left of what is *shown*."""
    places = [place for place in _places(text, shown.first) if place <= shown.last]
    return min(places, key=lambda place: abs(wide(text[shown.first : place]) - x))


def _places(text: str, first: int) -> Iterator[int]:
    """Yield every place from *first* on where a caret can be."""
    place = first
    yield place
    while place < len(text):
        place = boundary(text, place, 1)
        yield place
