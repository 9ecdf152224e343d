"""What an uploader does each time that it looks around: one thing, and never one that takes long.

What was refused waits for `booth.core.backoff`, the whole queue together, because networks and servers fail all
entries alike. A visit that is committed meanwhile is tried once, at once: one attempt a guest hurts nobody, finds a
network that is back, and no entry that has trouble of its own can keep the others waiting.
"""

import contextlib
from collections.abc import Callable, Sequence
from itertools import filterfalse

import structlog

from booth.core.backoff import backoff
from booth.core.events import Delivered, Event, Reach
from booth.core.visit import SessionId
from booth.errors import BucketError, OutboxError, Remedy
from booth.outbox.courier import Confirmation, Links, Pages, Put, no_links
from booth.outbox.couriers import Couriers
from booth.outbox.entry import Entry
from booth.outbox.following import Follower
from booth.outbox.news import News, Status
from booth.outbox.queue import DamagedError, Queue, UnconfirmedError
from booth.outbox.turns import Turns
from booth.ports import Bucket
from booth.units import Instant, Seconds, later

BEAT = Seconds(5.0)
"""The longest between two rounds."""

SLOW = Seconds(60.0)
"""The time between attempts while a person, or the clock, has something to put right."""

TIDY = Seconds(3600.0)
"""The time between clearing away what was confirmed long ago."""

CLOCK_WRONG = "the clock is wrong: waiting for the time from the network"
"""What an operator is told while nothing is sent for the clock's sake.

A machine without a battery for its clock begins years ago; what it signs then is refused, and counts against it."""

log = structlog.get_logger()


def _another_hangs(_bucket: Bucket, _entry: Entry) -> str | None:
    """Put no page: others would wait for it, too."""
    raise BucketError("another guest's page is still under way, and takes too long; look at the network", Remedy.WAIT)


class Rounds:
    """The rounds of one uploader. Its thread's alone."""

    def __init__(
        self,
        queue: Queue,
        couriers: Couriers,
        *,
        post: Callable[[Event], None],
        now: Callable[[], Instant],
        chance: Callable[[], float],
        clock_wrong: Callable[[], bool],
        patience: Seconds,
        bucket_set: bool,
        links: Links,
        pages: Pages | None,
        following: Follower | None,
    ) -> None:
        """Nothing happens before `recall`. For the arguments see `booth.outbox.uploader.Uploader`."""
        self.couriers = couriers
        self._queue = queue
        self._about = {} if queue.leads else {"target": queue.target}
        self._post = post
        self._news = News(post, now, self._about)
        self._now = now
        self._chance = chance
        self._clock_wrong = clock_wrong
        self._patience = patience
        self._bucket_set = bucket_set
        self._links = links
        self._pages = pages
        self._following = following
        self._awaited: tuple[SessionId, Instant] | None = None
        """The visit whose guest waits for the bucket's word, and since when."""
        self._streak = 0
        self._due = now()
        self._tidied: Instant | None = None
        self._looked: Instant | None = None
        self._turns = Turns()
        self._arrived: set[SessionId] = set()
        """The visits that wait for the rest of them to be sent, and whose guests were told that they have arrived."""
        self._texts_due = self._due
        """When a text is tried again that the target did not take."""
        self._aside = 0
        self._unfiled: dict[SessionId, tuple[str, str]] = {}
        """What the bucket has confirmed and the disk would not take note of: the key, and the ETag."""
        self._refile = self._due
        self._unread = 0
        """How many entries in a row the disk did not give."""

    def recall(self) -> None:
        """Go on backing off where the last run stopped. What it never tried is tried at once."""
        with contextlib.suppress(OutboxError):  # the first round will meet it again, and tell
            attempts = {session: self._queue.attempts(session) for session in self._queue.pending()}
            self._turns.look((session for session, tries in attempts.items() if tries), attempts.__getitem__)
            self._turns.hold()
            self._streak = sum(attempts.values())
        if self._streak:
            self._due = later(self._now(), backoff(self._streak, self._chance()))

    def go(self, now: Instant, *, asked: bool, committed: Sequence[SessionId]) -> Seconds:
        """Do the next thing; return how long nothing else will be due. Raises OutboxError.

        The outbox is listed anew if that is *asked*. *committed* are visits whose guests have come to the end since.
        """
        self._tidy(now)
        self._look(now, asked=asked, committed=committed)
        if not self._bucket_set:
            self._news.reaches(Reach.NO_BUCKET)
            return BEAT
        self._take_late_answers()
        self._keep_word(now)
        if self._following is not None:
            self._following.hear(now)
        if self.couriers.under_way is not None:
            return self._await(self.couriers.under_way, now)
        due = now >= self._due
        if self._unfiled and now >= self._refile:
            self._news.error = None
            for session, (key, etag) in tuple(self._unfiled.items()):
                self._file(session, key, etag, last=True)
        chosen = self._turns.turn(due=due)
        if chosen is None:
            return Seconds(min(max(self._due - now, 0.0) or BEAT, self._follow(now)))
        if not self._queue.waits(chosen):  # taken away by hand since the outbox was listed
            self._turns.forget(chosen)
            return Seconds(0.0)
        if self._clock_wrong():
            self._news.complain(CLOCK_WRONG, Remedy.CLOCK)
            self._news.reaches(Reach.REFUSED)
            return BEAT
        if self._news.error == CLOCK_WRONG:
            self._news.all_is_well()
        courier = self.couriers.hire(now)
        if courier is None:
            return BEAT
        text = self._queue.text() if now >= self._texts_due else None
        if text is not None:  # before the visits whose guests have read it
            until = self.couriers.deadline(now)
            beside = Put(chosen, text, last=False, linked=None, since=now, until=until, beside=True)
            self.couriers.send(courier, beside)
            return Seconds(0.0)
        try:
            given = self._queue.due(chosen)
        except DamagedError as exc:
            self._mend(chosen, str(exc))
        except OutboxError as exc:
            self._pass_over(chosen, exc)
        else:
            self._unread = 0
            put = Put(
                chosen,
                given.parcel,
                self._links,
                _another_hangs if self._pages is not None and self.couriers.page_hangs else self._pages,
                tells=given.tells,
                last=given.last,
                linked=given.linked,
                since=now,
                until=self.couriers.deadline(now),
            )
            self.couriers.send(courier, put)
        return Seconds(0.0)

    def _follow(self, now: Instant) -> Seconds:
        """Ask after what was sent, now that nothing is to be sent; return how long nothing else will be to ask."""
        if self._following is None or self._clock_wrong():
            return BEAT
        return Seconds(min(self._following.round(now), BEAT))

    def status(self) -> Status:
        """Return how the uploads are going."""
        pending = len(self._turns) + len(self._unfiled)
        waits = pending > 0 and self._due > self._now()
        return Status(
            pending=pending,
            failed=self._aside,
            reach=self._news.reach,
            error=self._news.error,
            remedy=self._news.remedy,
            next_attempt=self._due if waits else None,
        )

    def _look(self, now: Instant, *, asked: bool, committed: Sequence[SessionId]) -> None:
        """List the outbox, if that is asked for, or for what was put there by hand: not once for every entry."""
        if asked or self._looked is None or now - self._looked >= BEAT:
            for session in filterfalse(self._arrived.__contains__, committed):  # it may have been found before
                self._turns.first(session)
                self._awaited = session, now
            self._looked = None  # should it be refused
            self._turns.look(session for session in self._queue.pending() if session not in self._unfiled)
            self._aside = len(self._queue.set_aside())
            self._looked = now

    def _take_late_answers(self) -> None:
        """Take what couriers bring back that were left to themselves."""
        for put, confirmation in self.couriers.late():
            if put.beside:
                self._text_delivered(put, confirmation)
            elif self._queue.waits(put.session):
                self._delivered(put, confirmation)

    def _await(self, put: Put, now: Instant) -> Seconds:
        answer = self.couriers.answer(put, now)
        if answer is None:
            return Seconds(min(put.until - now, BEAT))
        if isinstance(answer, BucketError) and put.beside and answer.remedy in {Remedy.NEVER, Remedy.PERSON}:
            self._text_refused(put, answer, now)
        elif isinstance(answer, BucketError):
            self._refused(put.session, answer)
        elif put.beside:
            self._text_delivered(put, answer)
        else:
            self._delivered(put, answer)
        return Seconds(0.0)

    def _text_refused(self, put: Put, error: BucketError, now: Instant) -> None:
        """Go on without a text: no visit waits for one that its target does not take.

        A key that may put visits alone is a person's to mend; one that may put nothing is told of by the next visit.
        """
        log.error("consent.refused", **self._about, key=put.parcel.key, why=str(error))
        if error.remedy is Remedy.NEVER:
            self._queue.text_confirmed(put.parcel)
        else:
            self._texts_due = later(now, SLOW)

    def _text_delivered(self, put: Put, receipt: Confirmation) -> None:
        """Take note of a text that the target has; what it confirmed must be that text."""
        if receipt.etag != put.parcel.md5:
            why = f"the bucket confirmed something else than {put.parcel.key}; it is sent again"
            self._refused(put.session, BucketError(why, Remedy.WAIT))
            return
        self._streak, self._due = 0, self._now()
        self._news.all_is_well()
        self._queue.text_confirmed(put.parcel)
        log.info("consent.sent", **self._about, key=put.parcel.key)

    def _delivered(self, put: Put, receipt: Confirmation) -> None:
        session = put.session
        self._streak = 0
        self._due = self._now()
        self._news.all_is_well()
        if put.tells and self._awaited is not None and self._awaited[0] == session:
            self._awaited = None
        told = session in self._arrived
        all_of_it = self._file(session, put.parcel.key, receipt.etag, last=put.last)
        if all_of_it is None:
            return
        log.info("entry.sent" if all_of_it else "product.sent", **self._about, session=session, etag=receipt.etag)
        self._news.reaches(self._pace(put))
        if not put.tells or told:  # it may have been late, and sent again meanwhile
            return
        if not all_of_it or session in self._unfiled:
            self._arrived.add(session)
            self._turns.rest(session)
        if put.linked is None and self._links is not no_links:
            log.info("share.withheld", session=session, why="the animation's object tells who the guest is")
        if receipt.unpaged:
            log.warning("page.not_put", session=session, why=receipt.unpaged)
        self._post(Delivered(self._now(), session, receipt.link))

    def _file(self, session: SessionId, key: str, etag: str, *, last: bool) -> bool | None:
        """Note what was confirmed; return whether the target has all of the entry, None if nothing was confirmed.

        If it is only the disk that refuses, the confirmation is remembered, and not sent again. Then it is all if it
        was the *last*.
        """
        self._unfiled.pop(session, None)
        try:
            all_of_it = self._queue.confirm(session, key, etag)
        except UnconfirmedError as exc:
            self._refused(session, BucketError(str(exc), Remedy.WAIT))
            return None
        except OutboxError as exc:
            self._news.complain(str(exc), None)
            self._unfiled[session] = key, etag
            self._turns.leave(session)
            self._refile = later(self._now(), SLOW)  # it alone: the others need not wait
            return last
        if all_of_it:
            self._forget(session)
            if self._following is not None:
                self._following.delivered(session)
        else:
            self._looked = None  # it may have been left out for want of this
        return all_of_it

    def _mend(self, session: SessionId, why: str) -> None:
        try:
            mended = self._queue.mend(session, why)
        except OutboxError as exc:
            self._pass_over(session, exc)
        else:
            log.error("entry.damaged", session=session, why=why, mended=mended)
            self._turns.forget(session)  # whose guest was told is not told again when it comes back
            self._aside += not mended

    def _pass_over(self, session: SessionId, exc: OutboxError) -> None:
        """Let those come first that the disk will give: it may be this entry alone that it does not, or all of them."""
        self._news.complain(str(exc), None)
        self._unread += 1
        every = self._unread >= len(self._turns)
        self._hold(session, SLOW if every else Seconds(0.0))
        if every:
            self._unread = 0

    def _refused(self, session: SessionId, error: BucketError) -> None:
        target, remedy = self._queue.target, error.remedy.value
        log.warning("entry.refused", session=session, target=target, remedy=remedy, why=str(error))
        match error.remedy:
            case Remedy.NEVER:
                self._news.reaches(Reach.UP)
                self._news.complain(str(error), error.remedy)
                self._set_aside(session, str(error))
                return
            case Remedy.WAIT:
                # Counted on the disk: a booth that crashes and restarts must not hammer a server in trouble.
                self._queue.attempted(session)
                self._streak += 1
                wait = backoff(self._streak, self._chance())
                reach = Reach.LOGIN if error.login else Reach.OFFLINE if error.away else Reach.HELD_UP
            case Remedy.CLOCK | Remedy.PERSON:
                # Not counted: after a restart it is tried at once, because a person may have put it right.
                wait = SLOW
                reach = Reach.REFUSED
        self._news.complain(str(error), error.remedy)
        self._news.reaches(reach)
        self._hold(session, wait)

    def _set_aside(self, session: SessionId, why: str) -> None:
        try:
            self._queue.refuse(session, why)
        except OutboxError as exc:
            self._news.complain(str(exc), None)
            self._hold(session, SLOW)
        else:
            self._forget(session)
            self._aside += 1

    def _forget(self, session: SessionId) -> None:
        """Let nothing be known of an entry that waits no more."""
        self._turns.forget(session)
        self._arrived.discard(session)

    def _hold(self, session: SessionId, wait: Seconds) -> None:
        """Let all that is here now wait; *session* failed once more."""
        self._turns.hold(session)
        self._due = later(self._now(), wait)

    def _keep_word(self, now: Instant) -> None:
        """Say that it is slow as soon as a guest has waited for too long: the screen promises them something."""
        if self._awaited is not None and now - self._awaited[1] > self._patience:
            self._awaited = None
            if self._news.reach is Reach.UP:
                self._news.reaches(Reach.SLOW)

    def _pace(self, put: Put) -> Reach:
        """Return whether the next guest may expect to see theirs arrive, after a *put* that has just ended."""
        took = self._now() - put.since
        # While others wait, one of them may have just been begun when a guest comes.
        others = len(self._turns) - (put.session in self._turns)
        expected = 2 * took if others else took
        return Reach.SLOW if expected > self._patience else Reach.UP

    def _tidy(self, now: Instant) -> None:
        if self._tidied is None or now - self._tidied >= TIDY:
            self._tidied = now
            try:
                self._queue.tidy()
            except OutboxError as exc:
                log.warning("outbox.not_tidied", why=str(exc))
