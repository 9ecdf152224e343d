"""What can be touched: decided once for a scene and a layout, and read by painters and by hands alike.

What is painted and what answers to a finger are the same boxes. Further kinds stand with the pieces that paint them: a
field of the form, the name of a language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from booth.core.events import Event
from booth.core.visit import SessionId
from booth.ports import Spot
from booth.ui.layout import Box
from booth.units import Instant, Pixels


@dataclass(frozen=True)
class Widget:
    """Something that is painted and can be touched."""

    name: str
    """The name by which painters, hands and whoever plays a guest call it."""
    box: Box
    live: bool = field(default=True, kw_only=True)
    """Whether it answers to a finger: not while it lies under a question, or what was touched is being carried out."""

    @property
    def spot(self) -> Spot:
        """The same for whoever wants to touch it."""
        return spot(self.name, self.box)


@dataclass(frozen=True)
class PushButton(Widget):
    """A widget that means one thing."""

    does: Callable[[Instant], Event]
    """Makes the event that a touch of it is, of the instant at which that happens."""


@dataclass(frozen=True)
class Confirm(Widget):
    """The answer that does what was asked about. It names the visit that may follow."""


@dataclass(frozen=True)
class Begin(Widget):
    """What begins a visit, and names it."""

    does: Callable[[Instant, SessionId], Event]
    """Makes the event that a touch of it is, of the instant at which that happens, and the name of a new visit."""


def spot(name: str, box: Box) -> Spot:
    """Return what can be touched at *box*."""
    return Spot(name, Pixels(box.x), Pixels(box.y), Pixels(box.width), Pixels(box.height))
