"""One finger is one touch: however a panel trembles, and by however many devices it arrives.

A cheap panel lifts a finger that lies still, and puts it down again a moment later beside itself. One finger may arrive
as a touch and as a mouse, or by two nodes of one panel. A hand that comes back to where it has just been does so later
than any of these, and two thumbs are further apart: so what comes too soon, too near, is the same touch. Not so if the
hand has touched something else meanwhile: then it has been away, however soon the booth, which looks now and then, has
heard of it all.

Moments are those at which the booth looked: SDL knows when a finger was put down, and pygame does not hand that on
(2.5.8). So a letter that is written twice, with nothing in between, while the booth is kept from looking for as long as
that takes, is written once: nothing tells it from a finger that trembles.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from booth.ui.touch import MOUSE, Deed, Finger, Moved, Tap
from booth.units import Instant, Seconds

AGAIN = Seconds(0.05)
"""A finger that is put down so soon after it was lifted, and so near, was never lifted. Cheap panels come back within
0.03 s, and the screen may look a frame late; the quickest thumb takes 0.07 s to write a letter twice."""

TWIN = Seconds(0.3)
"""Time by which the same finger may arrive later by another device."""

NEAR = 24
"""How far a trembling finger gets, in steps of the layout's grid: a third of a key."""

LIES = Seconds(10.0)
"""What is down for longer is no finger: nothing that comes near it is taken for it any more."""


@dataclass
class _Touch:
    """What a hand did, by whatever devices it has arrived."""

    device: int
    """The device by which it arrived first."""
    x: int
    y: int
    began: Instant
    number: int
    """The how many-th deed it began with: of what is heard of at one look, which came first."""
    left: dict[int, Instant | None] = field(default_factory=dict)
    """When each device by which it has arrived lifted it; None while that has it down."""
    left_by: dict[int, int] = field(default_factory=dict)
    """The how many-th deed that was."""

    def over(self, now: Instant) -> bool:
        """Return whether nothing that comes now can be this touch."""
        left = [at for at in self.left.values() if at is not None]
        return now - self.began > LIES if len(left) < len(self.left) else now - max(left) > TWIN

    def again(self, finger: Finger, now: Instant) -> bool:
        """Return whether a *finger* that is put down where this touch is, or was, is the same."""
        device = finger[0]
        if device not in self.left:
            return True
        left = self.left[device]
        if left is None:
            return True
        # A mouse does not tremble; what is made of a finger does.
        return now - left <= AGAIN and (finger != MOUSE or self.device != device)

    def after(self, other: "_Touch", device: int) -> bool:
        """Return whether a *device* began this touch, and ended it, when it had lifted the *other*."""
        lifted = self.left.get(device) is not None
        return self.device == device and lifted and self.number > other.left_by.get(device, self.number)


@dataclass
class _Contact:
    """A finger that is down."""

    touch: _Touch
    first: bool
    """Whether it is the one that the touch began with; the others are the same again."""
    at: Instant
    """When it was last heard of."""


class Steady:
    """Passes on what fingers do, each of them once. *near* is in pixels."""

    def __init__(self, near: int) -> None:
        self._near = near
        self._touches: list[_Touch] = []
        self._contacts: dict[Finger, _Contact] = {}
        self._deeds = 0

    def forget(self) -> None:
        """Know of no finger any more: what they were on is no longer there."""
        self._touches.clear()
        self._contacts.clear()

    def taken(self, deed: Deed | None, now: Instant) -> Iterator[Deed]:
        """Yield *deed*, unless it is the same finger's once more."""
        self._deeds += 1
        match deed:
            case None:
                return
            case Tap(x=x, y=y, down=True, finger=finger):
                if not self._put_down(finger, x, y, now):
                    return
            case Tap(finger=finger):
                if not self._lift(finger, now):
                    return
            case Moved(x=x, y=y, finger=finger) if finger in self._contacts:
                contact = self._contacts[finger]
                contact.at = now
                if not contact.first:
                    return
                contact.touch.x, contact.touch.y = x, y
        yield deed

    def _put_down(self, finger: Finger, x: int, y: int, now: Instant) -> bool:
        """Take note of a finger; return whether it is a touch of its own."""
        lost = self._contacts.get(finger)
        if lost is not None:
            self._lift(finger, lost.at)  # nobody has said so
        self._touches = [touch for touch in self._touches if not touch.over(now)]
        # What a panel has forgotten to lift is not waited for either.
        self._contacts = {other: each for other, each in self._contacts.items() if not each.touch.over(now)}
        near = (t for t in reversed(self._touches) if abs(t.x - x) <= self._near and abs(t.y - y) <= self._near)
        again = (touch for touch in near if touch.again(finger, now))
        same = next((touch for touch in again if not self._been_away(touch, finger[0])), None)
        touch = same or _Touch(finger[0], x, y, now, self._deeds)
        if same is None:
            self._touches.append(touch)
        touch.left[finger[0]] = None
        self._contacts[finger] = _Contact(touch, same is None, now)
        return same is None

    def _been_away(self, touch: _Touch, device: int) -> bool:
        """Return whether what a *device* says has touched something else since *touch*: no panel trembles so far."""
        return any(other.after(touch, device) for other in self._touches)

    def _lift(self, finger: Finger, now: Instant) -> bool:
        """Take note that a finger is gone; return whether that is the end of what a touch began with."""
        contact = self._contacts.pop(finger, None)
        if contact is None:
            return True
        beside = (other for (device, _), other in self._contacts.items() if device == finger[0])
        if all(other.touch is not contact.touch for other in beside):
            contact.touch.left[finger[0]] = now
            contact.touch.left_by[finger[0]] = self._deeds
        return contact.first
