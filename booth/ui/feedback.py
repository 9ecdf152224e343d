"""What shows of what hands do: what looks pressed, and for how long, and what pops up."""

from collections.abc import Mapping
from dataclasses import dataclass

from booth.core.form import Field
from booth.ui.text.lines import View
from booth.ui.typing.keyboard import Key, Keyboard
from booth.ui.typing.popup import Balloon, Variants
from booth.units import NEVER, Instant, Seconds, later

PRESSED = Seconds(0.1)
"""A key or button is shown as pressed for at least this long."""

NUDGE = Seconds(2.5)
"""How long the invitation points at the real button after somebody touched the screen."""


@dataclass(frozen=True)
class Feedback:
    """What shows of what hands do: if it stays the same, nothing has to be painted anew for their sake."""

    keyboard: Keyboard
    pressed: frozenset[str]
    """The names of the spots under a finger, or just left by one."""
    balloons: tuple[Balloon, ...]
    variants: Variants | None
    views: Mapping[Field, View]
    """What of each line can be seen."""
    nudged: bool
    """Whether somebody has just touched a scene on which there is nothing to touch."""


class Marks:
    """Remembers what was touched a moment ago, for as long as that is shown."""

    def __init__(self) -> None:
        self._pressed: dict[str, Instant] = {}
        """Until when a spot, which is no key, looks pressed at least."""
        self._popped: dict[Key, Instant] = {}
        """The same for keys. What a key is called may have changed by then; where it is has not."""
        self._nudged = NEVER

    def forget(self) -> None:
        """Remember nothing any more: it is no longer there."""
        self._pressed.clear()
        self._popped.clear()
        self._nudged = NEVER

    def press(self, name: str, now: Instant) -> None:
        """Take note that the spot of this *name*, which is no key, was touched."""
        self._pressed[name] = later(now, PRESSED)

    def pop(self, key: Key, now: Instant) -> None:
        """Take note that a *key* was touched."""
        self._popped = {other: until for other, until in self._popped.items() if (other.x, other.y) != (key.x, key.y)}
        self._popped[key] = later(now, PRESSED)

    def leave(self, key: Key | None) -> None:
        """Show no more of a *key*: its finger has slid off."""
        self._popped = {popped: until for popped, until in self._popped.items() if popped != key}

    def nudge(self, now: Instant) -> None:
        """Take note that somebody has touched what cannot be touched."""
        self._nudged = now

    def pressed(self, now: Instant) -> set[str]:
        """Return the names of what looks pressed at *now*, keys aside."""
        self._pressed = {name: until for name, until in self._pressed.items() if until > now}
        return set(self._pressed)

    def popped(self, now: Instant) -> list[Key]:
        """Return the keys that look pressed at *now*, as they were when they were touched."""
        self._popped = {key: until for key, until in self._popped.items() if until > now}
        return list(self._popped)

    def nudged(self, now: Instant) -> bool:
        """Return whether somebody has just touched what cannot be touched."""
        return now - self._nudged < NUDGE
