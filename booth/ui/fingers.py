"""A finger that is down: what it is on, since when, and what becomes of that if it stays there."""

from dataclasses import dataclass, replace
from typing import Self

from booth.core.form import Field
from booth.ui.strokes import HELD
from booth.ui.touch import Finger
from booth.ui.typing.keyboard import Key
from booth.units import Instant, Seconds, later

LONG_PRESS = Seconds(0.35)
"""A key that is held for so long offers its variants."""

LINGER = Seconds(3.0)
"""How long the variants can still be tapped after the finger was lifted from their key."""

REPEAT_AFTER = Seconds(0.4)
"""Backspace that is held for so long erases again, and again."""

REPEAT = Seconds(1 / 12)
"""How soon, at first."""

FAST_AFTER = Seconds(2.0)
"""Backspace that is held for so long is in earnest."""

REPEAT_FAST = Seconds(1 / 24)
"""How soon it erases again from then on."""

SLIDE = 0.35
"""A finger that leaves its key by more than this share of the key's size is on another; no thumb is quite still."""


@dataclass(frozen=True)
class Down:
    """The finger that was put down last, as long as it is down and may still mean something."""

    finger: Finger
    spot: str
    """What it was put on."""
    began: Instant
    since: Instant
    """When it came onto the key that it is on."""
    landed: int
    """And at which x, in pixels of the screen."""
    key: Key | None = None
    """The key whose text it enters when it is lifted; None if there is none, or it has slid off."""
    types: bool = False
    """Whether it was put on a key that enters text."""
    does: Key | None = None
    """The key that it was put on, if that is one that does something at once."""
    erases: Instant | None = None
    """When it erases again, if it is on backspace."""
    field: Field | None = None
    """The field whose caret it moves."""

    def on(self, key: Key, now: Instant) -> Self:
        """Return the same finger, just put down on a *key*."""
        if enters(key):
            return replace(self, key=key, types=True)
        return replace(self, does=key, erases=later(now, REPEAT_AFTER) if key.name == "key:backspace" else None)

    def slid(self, key: Key | None, x: int, now: Instant) -> Self:
        """Return the same finger after it has slid off its key and onto this one, or onto none, at *x*."""
        if key is None or not enters(key):
            return replace(self, key=None)
        return self if key == self.key else replace(self, key=key, since=now, landed=x)

    def lies(self, now: Instant) -> bool:
        """Return whether it has been down for too long to be a guest's."""
        return now - self.began > HELD

    def again(self, now: Instant) -> Self | None:
        """Return the same finger after it has erased once more, or None if it does not erase at *now*."""
        if self.erases is None or now < self.erases:
            return None
        every = REPEAT if now - self.began < FAST_AFTER else REPEAT_FAST
        # As often as promised, however the frames fall; but what a slow frame has missed is not made up for.
        return replace(self, erases=max(later(self.erases, every), now))

    def offers(self, now: Instant) -> Key | None:
        """Return the key that it has held for so long that its variants are wanted."""
        return self.key if now >= later(self.since, LONG_PRESS) else None


@dataclass(frozen=True)
class Offer:
    """Variants that can be tapped after the finger was lifted: until when, and the text in whose place they come."""

    until: Instant
    entered: str


def enters(key: Key) -> bool:
    """Return whether *key* enters text: when the finger is lifted. What else keys do they do at once."""
    return key.kind != "action" or key.name == "key:space"


def over(key: Key, x: int, y: int) -> bool:
    """Return whether a finger that was put on *key* still means it at (*x*, *y*)."""
    left, top, width, height = key.cell
    across, down = key.width * SLIDE, key.height * SLIDE
    return left - across <= x < left + width + across and top - down <= y < top + height + down
