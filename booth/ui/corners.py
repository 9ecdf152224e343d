"""The way to the operator's PIN: two opposite corners of the invitation, held at once, and nothing else touched.

A hand that leans on the screen, or a row of children's fingers, is more than two fingers, or they are not where they
would have to be, or not for so long.
"""

from dataclasses import dataclass, field
from typing import Literal

from booth.ui.layout import Box, Layout
from booth.ui.touch import Deed, Finger, Moved, Tap
from booth.units import Instant, Seconds

HELD = Seconds(3.0)
"""How long two corners have to be held."""

LIES = Seconds(8.0)
"""What is down for longer is no finger, but something that lies on the screen: it counts for nothing."""

GRACE = Seconds(0.15)
"""A cheap panel lifts a finger that lies still, and has it back so soon."""

SIDE = 84
"""The side of a corner, in steps of the grid: a thumb has room in it."""

Corner = Literal["top left", "top right", "bottom left", "bottom right"]
OPPOSITE: tuple[tuple[Corner, Corner], ...] = (("top left", "bottom right"), ("top right", "bottom left"))


@dataclass
class _Held:
    """A corner that fingers are on, or have just left."""

    since: Instant
    fingers: set[Finger] = field(default_factory=set)
    left: Instant | None = None
    """When the last of them was lifted; None while one is down."""


class Corners:
    """Watches the corners of a screen, *origin* pixels into its window."""

    def __init__(self, layout: Layout, origin: tuple[int, int]) -> None:
        side, (x, y) = layout.px(SIDE), origin
        right, bottom = x + layout.size.width - side, y + layout.size.height - side
        self._boxes: dict[Corner, Box] = {
            "top left": Box(x, y, side, side),
            "top right": Box(right, y, side, side),
            "bottom left": Box(x, bottom, side, side),
            "bottom right": Box(right, bottom, side, side),
        }
        self._held: dict[Corner, _Held] = {}
        self._elsewhere: dict[Finger, Instant] = {}
        """Fingers that are on the screen, and on no corner; since when."""
        self._spent = False
        """Whether what is held has opened the door already, or cannot any more: all have to be lifted first."""

    def forget(self) -> None:
        """Count nothing that is down now: what it is on is no longer there."""
        self._spent = bool(self._held or self._elsewhere)
        self._held.clear()

    def watch(self, deed: Deed | None, now: Instant) -> None:
        """Take note of what fingers do, as the panel tells it."""
        match deed:
            case Tap(x=x, y=y, down=True, finger=finger):
                self._put(finger, x, y, now)
            case Tap(down=False, finger=finger):
                self._lift(finger, now)
            case Moved(x=x, y=y, finger=finger):
                where = self._at(x, y)
                if where is None or finger not in self._on(where):
                    self._lift(finger, now)
                    self._elsewhere[finger] = now
            case _:
                pass

    def held(self, now: Instant) -> bool:
        """Return whether the corners have been held for long enough now: once, until all fingers are lifted."""
        for corner, held in list(self._held.items()):
            if now - held.since > LIES or (held.left is not None and now - held.left > GRACE):
                del self._held[corner]
        self._elsewhere = {finger: at for finger, at in self._elsewhere.items() if now - at <= LIES}
        if not (self._held or self._elsewhere):
            self._spent = False
        if self._spent or self._elsewhere or len(self._held) != 2:
            return False
        if tuple(corner for pair in OPPOSITE for corner in pair if corner in self._held) not in OPPOSITE:
            return False
        began = [held.since for held in self._held.values()]
        down = all(held.left is None and len(held.fingers) == 1 for held in self._held.values())
        if not down or now - max(began) < HELD:
            return False
        self._spent = True
        return True

    def _at(self, x: int, y: int) -> Corner | None:
        return next((corner for corner, box in self._boxes.items() if box.holds(x, y)), None)

    def _on(self, corner: Corner) -> set[Finger]:
        held = self._held.get(corner)
        return held.fingers if held is not None else set()

    def _put(self, finger: Finger, x: int, y: int, now: Instant) -> None:
        self._lift(finger, now)  # nobody has said so
        corner = self._at(x, y)
        if corner is None:
            self._elsewhere[finger] = now
            return
        held = self._held.get(corner)
        if held is None or (held.left is not None and now - held.left > GRACE):
            held = self._held[corner] = _Held(now)
        held.fingers.add(finger)
        held.left = None

    def _lift(self, finger: Finger, now: Instant) -> None:
        self._elsewhere.pop(finger, None)
        for held in self._held.values():
            if finger in held.fingers:
                held.fingers.discard(finger)
                held.left = None if held.fingers else now
