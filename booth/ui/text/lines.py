"""A line of text in a field: how much of it can be seen when its caret must be.

Pure: whoever asks brings the measure, which says how many pixels wide a text is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from booth.core.graphemes import boundary

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

    The text moves as little as possible: only if *caret* would be out of sight, or room be left behind the end. Visible
    characters are measured one by one, so that a long text costs no more than a short one.
    """
    places = [*_places(text, 0)]
    widths = {char: wide(char) for char in {text[one:other] for one, other in pairwise(places)}}
    lefts = [0, *accumulate(widths[text[one:other]] for one, other in pairwise(places))]
    if lefts[-1] <= room:
        return View(0, len(text))
    end, at, begin = len(lefts) - 1, bisect_left(places, caret), bisect_right(places, first) - 1
    lead = round(room * LEAD)
    begin = min(begin, at)
    while lefts[at] - lefts[begin] > room - (lead if at < end else 0):
        begin += 1
    while begin > 0 and lefts[at] - lefts[begin] < lead:
        begin -= 1
    while begin > 0 and lefts[end] - lefts[begin - 1] <= room:
        begin -= 1
    last = bisect_right(lefts, lefts[begin] + room) - 1
    return View(places[begin], places[last])


def _places(text: str, first: int) -> Iterator[int]:
    """Yield every place from *first* on where a caret can be."""
    place = first
    yield place
    while place < len(text):
        place = boundary(text, place, 1)
        yield place
