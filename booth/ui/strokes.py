"""A physical keyboard at the form: what its keys mean, and whether one of them is stuck."""

from collections.abc import Iterable, Sequence

import pygame

from booth.core.events import CaretMoved, Erased, Event, NextField, Returned
from booth.ui.touch import Stroke
from booth.units import Instant, Seconds

FAR = 10_000
"""Characters: further than any text is long."""

HELD = Seconds(10.0)
"""A key that is down for longer is no guest's: something lies on it, or its keyboard was pulled out."""


class Strokes:
    """Knows since when each key of a physical keyboard has been down."""

    def __init__(self) -> None:
        self._down: dict[int, Instant] = {}
        self._last: int | None = None

    def watch(self, raw: pygame.Event, now: Instant) -> None:
        """Take note of a key that pygame says went down or up."""
        if raw.type == pygame.KEYDOWN:
            self._down.setdefault(raw.key, now)
            self._last = raw.key
        elif raw.type == pygame.KEYUP:
            self._down.pop(raw.key, None)

    def held(self, raws: Sequence[pygame.Event]) -> list[pygame.Event]:
        """Return *raws*, all that was heard at one look, without repeats of a key that has been lifted by now.

        pygame repeats what it has not heard the lifting of, by a clock of its own: it hears nothing while the booth
        paints. Of a tap during a slow frame it would make two, or ten.
        """
        lifted = {raw.key: place for place, raw in enumerate(raws) if raw.type == pygame.KEYUP}
        down = set(self._down)
        kept: list[pygame.Event] = []
        for place, raw in enumerate(raws):
            if raw.type == pygame.KEYDOWN:
                if raw.key in down and place < lifted.get(raw.key, -1):
                    continue
                down.add(raw.key)
            elif raw.type == pygame.KEYUP:
                down.discard(raw.key)
            kept.append(raw)
        return kept

    def stuck(self, now: Instant) -> bool:
        """Return whether what the keyboard says is only a key that repeats itself: there need be nobody there."""
        return self._last is not None and now - self._down.get(self._last, now) > HELD


def meant(key: Stroke, now: Instant) -> Iterable[Event]:
    """Return what it means that a *key* went down at the form."""
    match key:
        case Stroke.BACKSPACE:
            return (Erased(now),)
        case Stroke.LEFT:
            return (CaretMoved(now, -1),)
        case Stroke.RIGHT:
            return (CaretMoved(now, 1),)
        case Stroke.HOME:
            return (CaretMoved(now, -FAR),)
        case Stroke.END:
            return (CaretMoved(now, FAR),)
        case Stroke.RETURN:
            return (Returned(now),)
        case Stroke.TAB:
            return (NextField(now),)
        case Stroke.SPACE:
            return ()  # it comes as text, too
