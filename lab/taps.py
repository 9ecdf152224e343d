"""The fewest taps that type a text on the keyboard of the screen: how the tests measure it, and what they tap."""

from collections.abc import Iterator
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count

from booth.core.form import Field
from booth.ui.typing.keyboard import Edit, Insert, Key, Keyboard, Nothing, chip_text

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
    for key, after, edit, variants in _answers(keyboard, field):
        match edit:
            case Nothing():
                yield (typed, after), (key.name,)
            case Insert(text=entered) if _begins(key, entered, text, typed):
                yield (typed + len(entered), after), (key.name,)
            case _:
                pass
        for variant, then in variants if holds else ():
            if _begins(key, variant, text, typed):
                held = key.name.replace("key:", "hold:", 1)
                yield (typed + len(variant), then), (held, f"variant:{variant}")


@lru_cache(maxsize=1024)
def _answers(
    keyboard: Keyboard, field: Field
) -> tuple[tuple[Key, Keyboard, Edit, tuple[tuple[str, Keyboard], ...]], ...]:
    """Return the keys of *keyboard*, each with what a tap on it does, and the variants with what entering them does.

    A search comes by the same few keyboards at every character of a text: each answers once for all of them.
    """
    return tuple(
        (key, *keyboard.press(key), tuple((variant, keyboard.entered(variant)[0]) for variant in key.variants))
        for key in keyboard.keys((0, 0, 800, 280), field)
    )


def _begins(key: Key, entered: str, text: str, typed: int) -> bool:
    """Return whether *key*, entering this, types what comes next."""
    whole = key.kind != "chip" or chip_text(entered, text[:typed]) == entered
    return text.startswith(entered, typed) and whole


def _way_back(came: _Came, here: _Step) -> list[str]:
    names: list[str] = []
    while came[here][2]:
        _, here, more = came[here]
        names += reversed(more)
    return names[::-1]
