"""Looks at what costs something to look at: seldom while it is well, at once when something speaks against it."""

from collections.abc import Callable, Mapping, Sequence

from booth.core.events import AnimationFailed, CommitFailed, Deferred, Event, Part, ShutterFailed, VisitRefused
from booth.ports import Clock
from booth.units import Instant, Seconds
from booth.workers.worker import Post

CHECKED = Seconds(60.0)
"""How often gm and the disk are looked at again while they are well; when they are not, at every round."""


def _nothing() -> None:
    """Do nothing: nothing is left to do afterwards."""


class Lookout:
    """Checks that cost something, not repeated within *every* after all of them went well, unless there is doubt.

    *afterwards* is called once, at the next opportunity after they went well: what nobody has to wait for.
    """

    def __init__(
        self,
        checks: Sequence[Callable[[], None]],
        clock: Clock,
        every: Seconds,
        *,
        afterwards: Callable[[], None] = _nothing,
    ) -> None:
        self._checks = checks
        self._clock = clock
        self._every = every
        self._afterwards = afterwards
        self._well_at: Instant | None = None

    def doubt(self) -> None:
        """Check again at the next opportunity: something has failed that depends on what is checked here."""
        self._well_at = None

    def check(self) -> None:
        """Check, if it is time. Raises what a check raises."""
        if self._well_at is not None and self._clock.now() - self._well_at < self._every:
            afterwards, self._afterwards = self._afterwards, _nothing
            afterwards()
            return
        self._well_at = None
        for check in self._checks:
            check()
        self._well_at = self._clock.now()


class Seldom:
    """A question that costs something to answer: asked anew after *every* seconds, answered as before until then."""

    def __init__(self, question: Callable[[], bool], clock: Clock, every: Seconds) -> None:
        self._question = question
        self._clock = clock
        self._every = every
        self._asked: Instant | None = None
        self._answer = False

    def ask(self) -> bool:
        """Return the answer. Raises what the question raises, and asks it again the next time."""
        if self._asked is None or self._clock.now() - self._asked >= self._every:
            self._answer = self._question()
            self._asked = self._clock.now()
        return self._answer


def listening(post: Post, lookouts: Mapping[Part, Lookout]) -> Post:
    """Return what posts an event, and puts the part that it speaks against in doubt before anybody hears of it."""

    def heard(event: Event) -> None:
        part = suspect(event)
        if part is not None and part in lookouts:
            lookouts[part].doubt()
        post(event)

    return heard


def suspect(event: Event) -> Part | None:
    """Return the part that *event* speaks against: it may have gone since it was looked at."""
    match event:
        case VisitRefused() | CommitFailed() | ShutterFailed(part=Part.DISK):
            return Part.DISK
        case AnimationFailed() | Deferred():
            return Part.GM
        case _:
            return None
