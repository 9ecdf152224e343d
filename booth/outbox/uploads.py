"""All uploads of a booth, as one: an uploader for each target.

The law: the machine hears of the first target alone, for that is the one that guests are told of. Of the others an
operator is told, by their names.
"""

from collections.abc import Callable, Sequence

from booth.core.events import Event, Notice
from booth.core.visit import SessionId
from booth.outbox.courier import Links, Pages, no_links
from booth.outbox.couriers import LONGEST_PUT
from booth.outbox.following import Follower
from booth.outbox.queue import Queue
from booth.outbox.uploader import Uploader
from booth.ports import Target
from booth.units import Instant, Seconds


def nobody(_event: Event) -> None:
    """Tell nobody."""


class Uploads:
    """The uploaders, the first target's first."""

    def __init__(self, uploaders: Sequence[Uploader]) -> None:
        """Take them; each has a target of its own."""
        self.first, *self._others = uploaders

    def start(self) -> None:
        """Begin, with what an earlier run left behind."""
        for uploader in self._all:
            uploader.start()

    def wake(self, first: SessionId | None = None) -> None:
        """Look at the outbox now; *first* is the visit whose guest waits, if there is one. Does not block."""
        for uploader in self._all:
            uploader.wake(first)

    def stuck(self, now: Instant) -> bool:
        """Return whether one of them has died or hangs."""
        return any(uploader.stuck(now) for uploader in self._all)

    def carries(self, session: SessionId) -> bool:
        """Return whether something of a visit is on its way to one of the targets, or may be. Does not block."""
        return any(uploader.carries(session) for uploader in self._all)

    def words(self) -> str:
        """Return how the uploads are going, in a few words; "" while all is well. Does not block."""
        others = (f"{other.target}: {other.words()}" for other in self._others if other.words())
        return "; ".join([*filter(None, [self.first.words()]), *others])

    def holds(self, notice: Notice) -> bool:
        """Return whether a *notice* of copies holds: of those of the first target. Does not block."""
        return self.first.holds(notice)

    def close(self, timeout: Seconds = Seconds(3.0)) -> bool:
        """End all, within *timeout* each; return whether all ended. May be called twice."""
        ended = [uploader.close(timeout) for uploader in self._all]  # each of them, whatever the others do
        return all(ended)

    @classmethod
    def to(
        cls,
        targets: Sequence[Target],
        queue: Callable[[str], Queue],
        *,
        post: Callable[[Event], None],
        now: Callable[[], Instant],
        clock_wrong: Callable[[], bool],
        links: Links = no_links,
        pages: Pages | None = None,
        patience: Seconds,
        bucket_set: bool,
        followed: Callable[..., Follower] | None = None,
    ) -> "Uploads":
        """Make an uploader for each of the *targets*, which empties its *queue*; the first tells the machine.

        *links*, *pages*, *patience* and *bucket_set* concern the first alone; see `Uploader`. So does what *followed*
        makes, given an opener and how long one question may take. Nothing happens before `start`.
        """

        def deadline(target: Target) -> Seconds:
            return max(LONGEST_PUT, target.longest)  # longer than its own time-outs, in each attempt of its requests

        first, *others = targets
        leads = Uploader(
            queue(first.name),
            first.open,
            post=post,
            now=now,
            clock_wrong=clock_wrong,
            links=links,
            pages=pages,
            patience=patience,
            bucket_set=bucket_set,
            deadline=deadline(first),
            following=followed(first.open, longest=first.longest) if followed is not None else None,
        )
        further = (
            Uploader(
                queue(each.name), each.open, post=nobody, now=now, clock_wrong=clock_wrong, deadline=deadline(each)
            )
            for each in others
        )
        return cls((leads, *further))

    @property
    def _all(self) -> tuple[Uploader, ...]:
        return self.first, *self._others
