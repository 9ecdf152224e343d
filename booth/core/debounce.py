"""A button's line, freed of chatter: the first stable edge acts.

The law: a level counts when the line has kept it for `Debouncer.settle`; a press is a step from released to pressed,
both of them counted. So a spike is nothing, a held button is one press, and a button that is down when the booth
starts is no press at all until it was let go.
"""

from dataclasses import dataclass, replace

from booth.units import Instant, Seconds, later


@dataclass(frozen=True)
class Debouncer:
    """What is known about the line. Every method returns the debouncer as it is then, and whether that was a press.

    Levels are ``True`` for pressed, whatever the voltage is.
    """

    settle: Seconds
    """How long the line must keep a level before it counts. Contacts chatter for some milliseconds."""
    pressed: bool
    """The last level that counted. At the start it is the level that the line was found at."""
    level: bool
    """The level after the last edge."""
    since: Instant | None = None
    """When the last edge was, until the line has settled; None from then on."""

    @property
    def due(self) -> Instant | None:
        """When the line should be looked at, if there is no edge before; None while nothing is under way."""
        return None if self.since is None else later(self.since, self.settle)

    def edge(self, level: bool, now: Instant) -> tuple["Debouncer", bool]:  # noqa: FBT001  a line's level, as it comes
        """Take note that the line moved, and has been at *level* since *now*.

        Whatever was due before has happened, even if nobody has looked in time. Two edges to the same level mean that
        the line was elsewhere in between: it chatters, and the wait starts again.
        """
        before, press = self._settled(now)
        return replace(before, level=level, since=now), press

    def look(self, level: bool, now: Instant) -> tuple["Debouncer", bool]:  # noqa: FBT001  a line's level, as it comes
        """Take note that the line was read, and was at *level*.

        A level that no edge has told of is an edge that was missed; nobody knows when it was, so it counts from *now*.
        """
        if level is not self.level:
            return replace(self, level=level, since=now), False
        return self._settled(now)

    def _settled(self, now: Instant) -> tuple["Debouncer", bool]:
        if self.due is None or now < self.due:
            return self, False
        return replace(self, pressed=self.level, since=None), self.level and not self.pressed
