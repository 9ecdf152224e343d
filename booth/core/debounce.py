"""A button's line, freed of chatter and of hum: what it is for most of the time, for long enough, counts.

The law: time spent pressed is added up, time spent released is taken off again. The line counts as pressed when the sum
has reached `Debouncer.settle`, and as released when, from twice that, it has come down to nothing. So spikes are
nothing however many there are, as long as the line is released for longer than pressed between any two moments; a
press through which a lamp hums is one press; a contact that opens for a moment is not pressed twice; and a button that
is down when the booth starts is no press at all until it was let go.
"""

from dataclasses import dataclass, replace

from booth.units import Instant, Seconds, later

OPENS = 2.0
"""Factor of `Debouncer.settle`: for so much longer a line must be released than pressed until the button counts as let
go. A worn contact opens for longer than a good one chatters; nobody presses twice within some hundredths of a second.
"""


@dataclass(frozen=True)
class Debouncer:
    """What is known about the line. Every method returns the debouncer as it is then, and whether that was a press.

    Levels are ``True`` for pressed, whatever the voltage is.
    """

    settle: Seconds
    """Time by which the line must be pressed for longer than released before it counts. Contacts chatter for some
    milliseconds.
    """
    pressed: bool
    """The last level that counted. At the start it is the level that the line was found at."""
    level: bool
    """The level after the last edge."""
    since: Instant
    """When the line was last heard of: from then on it has been at *level*, as far as anybody knows."""
    sum: Seconds = Seconds(0.0)
    """Time by which it was, until then, for longer at the level that does not count yet than at the one that does;
    never less than nothing.
    """
    held: Instant | None = None
    """The instant since which the button has counted as pressed; None while it does not."""

    checked: bool = True
    """Whether the line has been read since the last edge, and was where that edge had left it."""

    @property
    def due(self) -> Instant | None:
        """When the line should be looked at, if there is no edge before; None while nothing is under way."""
        if self.level is not self.pressed:
            return later(self.since, Seconds(self._wanted - self.sum))
        return None if self.checked else later(self.since, self.settle)

    def edge(self, level: bool, now: Instant) -> tuple["Debouncer", bool]:  # noqa: FBT001  a line's level, as it comes
        """Take note that the line moved, and has been at *level* since *now*.

        Whatever was due before has happened, even if nobody has looked in time. Two edges to the same level mean that
        the line was elsewhere in between, so briefly that the edge there was not heard: that time is as good as none.
        """
        before, press = self._passed(now)
        return replace(before, level=level, checked=False), press

    def look(self, level: bool, now: Instant) -> tuple["Debouncer", bool]:  # noqa: FBT001  a line's level, as it comes
        """Take note that the line was read, and was at *level*.

        A level that no edge has told of is an edge that was missed; nobody knows when it was, so what has passed since
        the last one counts for neither level.
        """
        if level is not self.level:
            return replace(self, level=level, since=max(self.since, now), checked=False), False
        read, press = self._passed(now)
        return replace(read, checked=True), press

    def held_for(self, now: Instant) -> Seconds:
        """Return how long the button has counted as pressed at *now*; 0 if it does not."""
        return Seconds(max(now - self.held, 0.0)) if self.held is not None else Seconds(0.0)

    @property
    def _wanted(self) -> Seconds:
        """What the sum must reach for the other level to count."""
        return Seconds(self.settle * OPENS) if self.pressed else self.settle

    def _passed(self, now: Instant) -> tuple["Debouncer", bool]:
        """Return what it is when the line was at its level until *now*."""
        span = max(now - self.since, 0.0)
        since = max(self.since, now)
        if self.level is self.pressed:
            return replace(self, since=since, sum=Seconds(max(self.sum - span, 0.0))), False
        due = later(self.since, Seconds(self._wanted - self.sum))
        if now < due:
            return replace(self, since=since, sum=Seconds(self.sum + span)), False
        held = due if self.level else None
        counted = replace(self, pressed=self.level, since=since, sum=Seconds(0.0), held=held)
        return counted, self.level
