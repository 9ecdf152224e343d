"""Follows what was sent until the server's own copies are there: asks after it, soon, then rarely, and says so.

The uploader's thread decides, when nothing is to be sent and nothing is on its way; a courier of its own asks (HEAD).
It is looked for `SOON` after it was sent, then ever more rarely, up to each `ROOF`, and never more often than once in
`APART`; of all that is due, the youngest first, for its guest may still be there.

The law: a copy is told of only when the server has said that it is there. Where the server makes no copies, one
question finds that out, and there is no other until the next start, unless the owner has named sites.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import islice

import structlog

from booth.core.backoff import backoff
from booth.core.events import Event, EverywhereChanged, Notice, Replicated
from booth.core.visit import SessionId
from booth.errors import BucketError, OutboxError, Remedy
from booth.outbox.courier import Courier, Errand
from booth.outbox.replication import UNNAMED, Replication
from booth.outbox.sent import Followed, Sent
from booth.ports import GIF, Bucket, CopyState
from booth.units import Instant, Seconds, later

SOON = (Seconds(2.0), Seconds(5.0), Seconds(15.0), Seconds(60.0))
"""Times after it was sent at which a visit is asked after first."""

ROOF = Seconds(900.0)
"""Longest time between two questions after a visit. Each time is twice the one before: a night's backlog is told before
it is over.
"""

APART = Seconds(1.0)
"""Time between the beginnings of two questions, at least."""

LATE = Seconds(600.0)
"""A copy that is to be made for so long is told of: a cloud that is away is pending for long before it has failed."""

LONGEST = Seconds(180.0)
"""The longest that one question may take; longer than all its time-outs together."""

RELIEF = Seconds(3600.0)
"""Time without a courier to send after which one more is sent: the one that hangs may hang for ever."""

NOTICES = (Notice.COPIES_FAILED, Notice.COPIES_LATE)
"""What an operator may be told of copies."""

SLICE = 20
"""Visits of earlier runs that are read at a time: nobody waits for more of them."""

_SET_UP = "set its replication up before more is sent, or correct zenko.sites"

log = structlog.get_logger()


class Question(Errand):
    """One question, and what the server said."""

    what = "question"

    def __init__(self, session: SessionId, file: str, key: str, *, since: Instant, until: Instant) -> None:
        """Ask after the product in *file*, whose object is *key*."""
        super().__init__(session, since=since, until=until)
        self.file = file
        self._key = key
        self.said: Mapping[str, CopyState] | None = None

    @property
    def answered(self) -> bool:
        """Whether the server has said something, or it has failed."""
        return self.said is not None or self.failed is not None

    def carry_out(self, bucket: Bucket) -> None:
        """Ask."""
        self.said = bucket.replication(self._key)


@dataclass
class _Followed:
    """A visit that is followed, and when it is asked after."""

    sent: Instant
    """When it was, or when it was found here."""
    looks: int = 0
    visit: Followed | None = None
    """The visit as it was found on the disk; None before the first question."""

    def due(self, now: Instant) -> Instant:
        """Return when it is asked after next, if it was last at *now*."""
        if self.looks < len(SOON):
            return max(later(self.sent, SOON[self.looks]), now)
        return later(now, Seconds(min(ROOF, SOON[-1] * 2.0 ** min(self.looks - len(SOON) + 1, 8))))


class Follower:
    """What was sent and is not known to be everywhere. One thread's, the uploader's; see `words` for others."""

    def __init__(
        self,
        sent: Sent,
        open_bucket: Callable[[], Bucket],
        *,
        post: Callable[[Event], None],
        now: Callable[[], Instant],
        event: str = "",
        sites: Sequence[str] = (),
        longest: Seconds = LONGEST,
    ) -> None:
        """Nothing happens before `round`.

        *sites* are those that the owner has named, in small letters; how many visits of *event* are at all of them is
        told, too. A question takes *longest*.
        """
        self._sent = sent
        self._open_bucket = open_bucket
        self._post = post
        self._now = now
        self._event = event
        self._sites = tuple(sites)
        self._longest = max(longest, LONGEST)
        self._returned: Callable[[], None] = lambda: None

        self._open: dict[SessionId, _Followed] = {}
        # Lists in heap order: when each is due; of those that are, the youngest first (by its session, turned round).
        self._waiting: list[tuple[Instant, SessionId]] = []
        self._ripe: list[tuple[Instant, SessionId]] = []
        self._earlier: Iterator[SessionId] | None = None
        """Visits of earlier runs that are still to be read."""
        self._recalled = False
        self._none = False
        """The server makes no copies, and nobody expects any: it is not asked again."""
        self._missing: tuple[str, ...] = ()
        """The sites that the owner has named, and the server did not the last time."""
        self._look: Question | None = None
        self._courier: Courier | None = None
        self._lost: Courier | None = None
        self._relief = self._next = now()
        """Before `_next` nobody is asked anything."""
        self._streak = 0
        self._error: str | None = None
        self._everywhere: set[SessionId] = set()
        """The visits of this event whose animations are at all sites that the owner has named."""
        self._counted = 0
        """How many of them were told of."""
        self._late: frozenset[str] = frozenset()
        self._notices: frozenset[Notice] = frozenset()
        self._words = ""

    def heard_by(self, returned: Callable[[], None]) -> None:
        """Have *returned* called, on a courier's thread, when an answer is there."""
        self._returned = returned

    @property
    def asking(self) -> bool:
        """Whether a question is on its way."""
        return self._look is not None

    def words(self) -> str:
        """Return which copies are missing that should be there, in a few words; "" while all is well."""
        return self._words

    def notices(self) -> frozenset[Notice]:
        """Return which notices of copies hold, as far as the server has said."""
        return self._notices

    def close(self) -> Courier | None:
        """Ask nothing any more; return the courier that may still be on its way."""
        courier, self._courier = self._courier, None
        if courier is not None:
            courier.dismiss()
        return courier

    # ---- what the uploader's thread does

    def delivered(self, session: SessionId) -> None:
        """Follow a visit from now on: it was sent."""
        if not self._none and session not in self._open:
            self._follow(session, _Followed(self._now()))

    def hear(self, now: Instant) -> None:
        """Take the answer, if there is one. Raises nothing."""
        look = self._look
        if look is None or (not look.answered and now < look.until):
            return
        self._look = None
        if not look.answered:
            look.failed = BucketError(f"no answer within {self._longest:.0f} s; look at the network", Remedy.WAIT)
            self._lost, self._relief = self.close(), later(now, RELIEF)
        followed = self._open.get(look.session)
        if look.said is not None:
            self._streak, self._error = 0, None
            if followed is not None and followed.visit is not None:
                self._said(followed, followed.visit, look.file, look.said)
        elif look.failed is not None:
            self._failed(look.session, followed, look.failed, now)
        self._tell()

    def round(self, now: Instant) -> Seconds:
        """Ask the next question, if one is due; return how long none will be. Nothing is to be sent, or on its way.

        Raises OutboxError if the disk does not give what was sent.
        """
        if self._none or self._look is not None:
            return RELIEF
        self._recall()
        if now < self._next:
            return Seconds(self._next - now)
        while self._waiting and self._waiting[0][0] <= now:
            _, session = heappop(self._waiting)
            if session in self._open:
                heappush(self._ripe, (Instant(-self._open[session].sent), session))
        courier = self._hire(now) if self._ripe else None
        while self._ripe and courier is not None:
            _, session = heappop(self._ripe)
            if self._ask(session, courier, now):
                return RELIEF
        if self._earlier is not None:
            return Seconds(0.0)
        return Seconds(self._waiting[0][0] - now) if self._waiting else RELIEF

    # ---- inside

    def _follow(self, session: SessionId, followed: _Followed) -> None:
        self._open[session] = followed
        heappush(self._waiting, (followed.due(self._now()), session))

    def _recall(self) -> None:
        """Find what earlier runs have sent, a few at a time, the youngest first."""
        if not self._recalled:
            self._earlier, self._recalled = iter(self._sent.sessions()), True
        if self._earlier is None:
            return
        some = list(islice(self._earlier, SLICE))
        for session in some:
            visit = self._sent.find(session) if session not in self._open else None
            if visit is not None:
                self._count(visit)
            if visit is not None and visit.next is not None:
                # Of all that is due it is the last: a guest may wait for what was sent now.
                self._follow(session, _Followed(Instant(visit.confirmed - self._sent.now()), len(SOON) - 1, visit))
        self._tell_everywhere()
        if len(some) < SLICE:
            self._earlier = None
            self._tell()

    def _ask(self, session: SessionId, courier: Courier, now: Instant) -> bool:
        """Ask after a visit; return whether there is something to ask. It is found on the disk first."""
        followed = self._open[session]
        try:
            visit = self._sent.find(session)
        except OutboxError:
            self._again(session, followed, now)
            raise
        if visit is None or (file := visit.next) is None:  # deleted, taken away by hand, or not filed yet
            if visit is None and followed.visit is None and followed.looks < len(SOON):
                self._again(session, followed, now)
            else:
                del self._open[session]
            return False
        followed.visit = visit if followed.visit is None else replace(visit, known=followed.visit.known or visit.known)
        self._look = Question(session, file, visit.keys[file], since=now, until=later(now, self._longest))
        self._next = later(now, APART)
        courier.send(self._look)
        return True

    def _hire(self, now: Instant) -> Courier | None:
        """Return a courier that is free; None while one hangs."""
        if self._lost is not None and not self._lost.alive:
            self._lost = None
        if self._courier is None and (self._lost is None or now >= self._relief):
            self._courier = Courier(self._open_bucket, self._returned, "uploader-follower")
        return self._courier

    def _again(self, session: SessionId, followed: _Followed, now: Instant) -> None:
        followed.looks += 1
        while followed.looks < len(SOON) and later(followed.sent, SOON[followed.looks]) <= now:
            followed.looks += 1  # whoever was late need not ask twice
        heappush(self._waiting, (followed.due(now), session))

    def _said(self, followed: _Followed, visit: Followed, file: str, said: Mapping[str, CopyState]) -> None:
        """Keep what the server has said of a product, and tell what is new of it."""
        session = visit.session
        before = visit.known or Replication()
        self._missing = tuple(site for site in self._sites if site not in said)
        if not said and not self._sites and not before.products.get(file):
            self._none = True
            log.info("replication.none")
            self._open.clear()
            self.close()
            return
        after = before.heard(file, said, self._sent.now())
        if after != before:
            self._sent.note(session, after)
        followed.visit = visit = replace(visit, known=after)
        for site, copy in after.products[file].items():
            if copy != before.products.get(file, {}).get(site):
                self._copied(session, file, site, copy.state)
        self._count(visit)
        self._tell_everywhere()
        if visit.next is None:
            del self._open[session]
        elif after.complete(file):  # the next product's turn: it was sent with this one
            heappush(self._waiting, (self._next, session))
        else:
            self._again(session, followed, self._now())

    def _copied(self, session: SessionId, file: str, site: str, state: CopyState) -> None:
        """Tell of one copy what is new."""
        match state:
            case CopyState.COMPLETED:
                log.info("replication.completed", session=session, site=site, file=file)
                if file == GIF.file:
                    self._post(Replicated(self._now(), session, site))
            case CopyState.FAILED:
                log.warning("replication.failed", session=session, site=site, file=file, why=_retry(site))
            case CopyState.PENDING:
                pass

    def _count(self, visit: Followed) -> None:
        """Count a visit if it is of this event, a guest's, and everywhere."""
        there = visit.known.there(GIF.file) if visit.known is not None else frozenset()
        ours = visit.event == self._event and not visit.test
        if self._sites and ours and there.issuperset(self._sites):
            self._everywhere.add(visit.session)

    def _tell_everywhere(self) -> None:
        if len(self._everywhere) != self._counted:
            self._counted = len(self._everywhere)
            self._post(EverywhereChanged(self._now(), self._counted))

    def _failed(self, session: SessionId, followed: _Followed | None, error: BucketError, now: Instant) -> None:
        if error.remedy is Remedy.NEVER:
            if followed is not None:
                if followed.looks < len(SOON):
                    log.warning("replication.lost", session=session, why=str(error))
                followed.looks = max(followed.looks, len(SOON) - 1)
                self._again(session, followed, now)
            return
        if str(error) != self._error:
            log.warning("replication.not_asked", why=str(error))
        self._error = str(error)
        self._streak += 1
        # One that is refused is refused for all: nothing is asked before that may have changed.
        wait = backoff(self._streak, 1.0) if error.remedy is Remedy.WAIT else ROOF
        self._next = later(now, wait)
        if followed is not None:
            heappush(self._waiting, (self._next, session))

    def _tell(self) -> None:
        """Write down what `words` and `notices` return, and log which sites are late."""
        wall, failed, late = self._sent.now(), dict[str, int](), dict[str, int]()
        for followed in self._open.values():
            products = followed.visit.known.products if followed.visit is not None and followed.visit.known else {}
            for site, copy in products.get(GIF.file, {}).items():
                if copy.state is CopyState.FAILED:
                    failed[site] = failed.get(site, 0) + 1
                elif copy.state is CopyState.PENDING and wall - copy.since >= LATE:
                    late[site] = late.get(site, 0) + 1
        for site in sorted(late.keys() - self._late):
            log.warning("replication.late", site=site, visits=late[site], why=_away(site))
        for site in sorted(self._late - late.keys() - failed.keys()):
            log.info("replication.caught_up", site=site)
        self._late = frozenset(late)
        told = {Notice.COPIES_FAILED: failed, Notice.COPIES_LATE: late}
        self._notices = frozenset(notice for notice, sites in told.items() if sites)
        facts = [
            f"{_gifs(count)} not copied to {_named(site)}: {_retry(site)}" for site, count in sorted(failed.items())
        ]
        facts += [f"{_gifs(count)} not yet in {_named(site)}: {_away(site)}" for site, count in sorted(late.items())]
        facts += [f"the bucket makes no copies for {', '.join(self._missing)}: {_SET_UP}"] if self._missing else []
        facts += [f"copies are not followed: {self._error}"] if self._error is not None else []
        self._words = "; ".join(facts)


def _gifs(count: int) -> str:
    return f"{count} GIF{'s' if count > 1 else ''}"


def _named(site: str) -> str:
    return site or UNNAMED


def _retry(site: str) -> str:
    return f"put right what keeps {_named(site)} from taking it, then have the failed ones tried again"


def _away(site: str) -> str:
    return f"more than {LATE / 60:.0f} minutes; look at {_named(site)}, and whether replication to it is paused"
