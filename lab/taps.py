"""The fewest taps that type a text on the keyboard of the screen: how the tests measure it, and what they tap."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from booth.core.form import Field
from booth.ui.typing.keyboard import Insert, Keyboard, Nothing, chip_text

_Step = tuple[int, Keyboard]
"""How much of a text is typed, and the keyboard then."""

_Came = dict[_Step, tuple[int, _Step, tuple[str, ...]]]
"""How many taps it takes to get to a step, from which one, and by which keys."""


def taps(text: str, field: Field, start: Keyboard, *, holds: bool = False) -> tuple[str, ...] | None:
    """Return the names of the keys that type *text* into the empty *field* with the fewest taps.

    With *holds*, a key may be held until it offers its variants: ``hold:`` and its text, then ``variant:`` and theirs,
    two taps' worth. None if a character of *text* has no key.
    """
    first = (0, start)
    came: _Came = {first: (0, first, ())}
    numbers = count(1)
    waiting = [(0, 0, first)]
    while waiting:
        far, _, here = heappop(waiting)
        if here[0] == len(text):
            return tuple(_way_back(came, here))
        for there, names in _taps_from(here, text, field, holds=holds):
            if there not in came or far + len(names) < came[there][0]:
                came[there] = (far + len(names), here, names)
                heappush(waiting, (far + len(names), next(numbers), there))
    return None


def _taps_from(here: _Step, text: str, field: Field, *, holds: bool) -> Iterator[tuple[_Step, tuple[str, ...]]]:
    """Yield where each useful tap leads: how much of *text* is typed then, and the keyboard; with the keys' names."""
    typed, keyboard = here
    answers = _answers(keyboard, field, holds=holds)
    for answer in answers.get(text[typed], answers[""]):
        whole = not answer.chip or chip_text(answer.entered, text[:typed]) == answer.entered
        if whole and text.startswith(answer.entered, typed):
            yield (typed + len(answer.entered), answer.after), answer.names


class _Answer(NamedTuple):
    """What a tap does, or a key that is held and one of its variants."""

    names: tuple[str, ...]
    entered: str
    """"" for what only turns the keyboard."""
    chip: bool
    after: Keyboard


@lru_cache(maxsize=1024)
def _answers(keyboard: Keyboard, field: Field, *, holds: bool) -> Mapping[str, Sequence[_Answer]]:
    """Return what is of use on *keyboard*, by the character that comes next: under "" what turns it, which always is.

    A search comes by the same few keyboards at every character of a text: each answers once for all of them.
    """
    turns: list[_Answer] = []
    enters: dict[str, list[_Answer]] = {}
    for key in keyboard.keys((0, 0, 800, 280), field):
        after, edit = keyboard.press(key)
        chip = key.kind == "chip"
        match edit:
            case Nothing():
                turns.append(_Answer((key.name,), "", chip, after))
            case Insert(text=text):
                enters.setdefault(text[0], []).append(_Answer((key.name,), text, chip, after))
            case _:
                pass
        for text in key.variants if holds else ():
            names = (key.name.replace("key:", "hold:", 1), f"variant:{text}")
            enters.setdefault(text[0], []).append(_Answer(names, text, chip, keyboard.entered(text)[0]))
    return {"": turns} | {first: [*turns, *answers] for first, answers in enters.items()}


def _way_back(came: _Came, here: _Step) -> list[str]:
    names: list[str] = []
    while came[here][2]:
        _, here, more = came[here]
        names += reversed(more)
    return names[::-1]
