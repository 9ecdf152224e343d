"""Empties a queue of the outbox into its target, on threads of its own, and never delays a screen.

Two threads: the *uploader* decides, and is never away for longer than a disk operation; the *courier* does what may
take long or for ever, opening the bucket and putting an entry. A courier that does not come back within its time is
left to itself, and another one is sent; what the first one brings back in the end still counts.

What was refused waits for `booth.core.backoff`, the whole queue together, because networks and servers fail all
entries alike. A visit that is committed meanwhile is tried once, at once: one attempt a guest hurts nobody, finds a
network that is back, and no entry that has trouble of its own can keep the others waiting.
"""

import contextlib
import math
import random
import threading
from collections.abc import Callable
from dataclasses import replace

import structlog

from booth.core.backoff import backoff
from booth.core.events import Delivered, Event, Reach
from booth.core.visit import SessionId
from booth.errors import BucketError, OutboxError, Remedy
from booth.outbox.courier import Confirmation, Courier, Links, Put, no_links
from booth.outbox.following import Follower
from booth.outbox.news import News, Status
from booth.outbox.queue import DamagedError, Queue, UnconfirmedError
from booth.outbox.turns import Turns
from booth.ports import Bucket
from booth.threads import Loop
from booth.units import Instant, Seconds, later

BEAT = Seconds(5.0)
"""The uploader looks around at least this often."""

SLOW = Seconds(60.0)
"""Between attempts while a person, or the clock, has something to put right."""

TIDY = Seconds(3600.0)
"""Between clearing away what was confirmed long ago."""

COURIER = Seconds(180.0)
"""The longest that one put may take; longer than all the time-outs of a bucket together."""

STUCK = Seconds(120.0)
"""An uploader that has not looked around for this long hangs."""

MOST_COURIERS = 3
"""As many couriers may hang at once; after that the uploader waits for one to come back, or for `RELIEF`."""

RELIEF = Seconds(3600.0)
"""After so long without a courier to send, one more is sent: those that hang may hang for ever."""

CLOCK_WRONG = "the clock is wrong: waiting for the time from the network"
"""A machine without a battery for its clock begins years ago; what it signs then is refused, and counts against it."""

log = structlog.get_logger()


def _pause(condition: threading.Condition, seconds: Seconds) -> object:
    return condition.wait(seconds)


class Uploader:
    """Sends what is pending, and says so: `Delivered` for each visit, `ReachChanged` when the bucket comes or goes.

    There is one for each target. What that of another target than the first has to say is no matter of the machine's:
    it gets a *post* that tells nobody.
    """

    def __init__(
        self,
        queue: Queue,
        open_bucket: Callable[[], Bucket],
        *,
        post: Callable[[Event], None],
        now: Callable[[], Instant],
        pause: Callable[[threading.Condition, Seconds], object] = _pause,
        chance: Callable[[], float] = random.random,
        deadline: Seconds = COURIER,
        clock_wrong: Callable[[], bool] = lambda: False,
        links: Links = no_links,
        patience: Seconds = Seconds(math.inf),
        bucket_set: bool = True,
        following: Follower | None = None,
    ) -> None:
        """Nothing happens before `start`. *pause* waits on a condition (held) for some seconds at most.

        *deadline* is the longest that one put may take, opening the bucket included. *clock_wrong* says whether the
        wall clock is known to be wrong: nothing is signed, and so nothing sent, while it is. *links* makes what
        `Delivered` carries for the guest, who waits for it as long as *patience*. Nothing is sent unless *bucket_set*.
        What was sent is given to *following*, which has its turn while nothing is to be sent.
        """
        self._queue = queue
        self._about = {} if queue.leads else {"target": queue.target}
        self._open_bucket = open_bucket
        self._post = post
        self._news = News(post, now, self._about)
        self._now = now
        self._pause = pause
        self._chance = chance
        self._deadline = deadline
        self._clock_wrong = clock_wrong
        self._links = links
        self._patience = patience
        self._bucket_set = bucket_set
        self._following = following
        if following is not None:
            following.heard_by(self._returned)

        self._changed = threading.Condition()
        self._woken = False
        self._look_anew = False
        self._committed: list[SessionId] = []
        self._closing = False
        self._beat = now()
        self._status = Status()
        self._thread = Loop("uploader", self._run)

        # What follows belongs to the uploader's thread alone.
        self._courier: Courier | None = None
        self._lost: list[Courier] = []
        self._overdue: list[Put] = []
        self._relief = self._beat
        self._errand: Put | None = None
        self._awaited: tuple[SessionId, Instant] | None = None
        """The visit whose guest waits for the bucket's word, and since when."""
        self._streak = 0
        self._due = self._beat
        self._tidied: Instant | None = None
        self._looked: Instant | None = None
        self._turns = Turns()
        self._aside = 0
        self._unfiled: dict[SessionId, tuple[str, str]] = {}
        """What the bucket has confirmed and the disk would not take note of: the key, and the ETag."""
        self._refile = self._beat
        self._unread = 0
        """How many entries in a row the disk did not give."""

    # ---- for others, on any thread

    def start(self) -> None:
        """Begin, with what an earlier run left behind."""
        self._beat = self._now()
        self._thread.start()

    def wake(self, first: SessionId | None = None) -> None:
        """Look at the outbox now: an entry was committed. Does not block.

        *first* is the visit whose guest is looking at the screen, if there is one: it goes before all others.
        """
        with self._changed:
            self._look_anew = True
            if first is not None:
                self._committed.append(first)
            self._stir()

    def close(self, timeout: Seconds = Seconds(3.0)) -> bool:
        """End, waiting for *timeout* at most; return whether all ended. A put that hangs is left behind, unconfirmed.

        May be called twice.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(Seconds(timeout / 2))
        couriers = [self._courier, self._following.close() if self._following is not None else None]
        there = [courier for courier in couriers if courier is not None]
        for courier in there:
            courier.dismiss()
        for courier in there:
            courier.join(Seconds(timeout / 2 / len(there)))
        return not self._thread.alive and not any(courier.alive for courier in there)

    @property
    def target(self) -> str:
        """The name of where it sends."""
        return self._queue.target

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.alive

    @property
    def beat(self) -> Instant:
        """When the uploader last looked around."""
        return self._beat

    def stuck(self, now: Instant) -> bool:
        """Return whether the uploader has died or hangs. A bucket that hangs is no reason: the courier bears that."""
        return not self.alive or now - self._beat > STUCK

    def status(self) -> Status:
        """Return how the uploads are going. Does not block."""
        return self._status

    def words(self) -> str:
        """Return how the uploads are going, in a few words; "" while all is well. Does not block."""
        copies = self._following.words() if self._following is not None else ""
        return "; ".join(filter(None, [self._status.words, copies]))

    def _returned(self) -> None:
        """Go on: a courier is back. That says nothing about the outbox."""
        with self._changed:
            self._stir()

    def _stir(self) -> None:
        self._woken = True
        self._changed.notify_all()

    # ---- on the uploader's thread

    def _run(self) -> None:
        self._recall()
        while True:
            self._beat = self._now()
            try:
                seconds = self._round(self._beat)
                self._tell(None)
            except OutboxError as exc:
                if str(exc) != self._status.error:
                    log.warning("outbox.not_read", why=str(exc))
                self._tell(str(exc))
                seconds = BEAT
            with self._changed:
                if not self._woken and not self._closing and seconds > 0:
                    self._pause(self._changed, min(seconds, BEAT))
                self._woken = False
                if self._closing:
                    return

    def _recall(self) -> None:
        """Go on backing off where the last run stopped. What it never tried is tried at once."""
        with contextlib.suppress(OutboxError):  # the first round will meet it again, and tell
            attempts = {session: self._queue.attempts(session) for session in self._queue.pending()}
            self._turns.look((session for session, tries in attempts.items() if tries), attempts.__getitem__)
            self._turns.hold()
            self._streak = sum(attempts.values())
        if self._streak:
            self._due = later(self._now(), backoff(self._streak, self._chance()))

    def _round(self, now: Instant) -> Seconds:
        """Do the next thing; return how long nothing else will be due."""
        self._tidy(now)
        self._look(now)
        if not self._bucket_set:
            self._news.reaches(Reach.NO_BUCKET)
            return BEAT
        self._welcome()
        self._keep_word(now)
        if self._following is not None:
            self._following.hear(now)
        if self._errand is not None:
            return self._await(self._errand, now)
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
        courier = self._hire(now)
        if courier is None:
            return BEAT
        try:
            given = self._queue.due(chosen)
        except DamagedError as exc:
            self._mend(chosen, str(exc))
        except OutboxError as exc:
            self._pass_over(chosen, exc)
        else:
            self._unread = 0
            self._errand = Put(
                chosen,
                given.parcel,
                self._links,
                last=given.last,
                link_key=given.link_key,
                since=now,
                until=later(now, self._deadline),
            )
            courier.send(self._errand)
        return Seconds(0.0)

    def _follow(self, now: Instant) -> Seconds:
        """Ask after what was sent, now that nothing is to be sent; return how long nothing else will be to ask."""
        if self._following is None or self._clock_wrong():
            return BEAT
        return Seconds(min(self._following.round(now), BEAT))

    def _look(self, now: Instant) -> None:
        """List the outbox, if that is asked for, or for what was put there by hand: not once for every entry."""
        with self._changed:
            asked, self._look_anew = self._look_anew, False
            committed, self._committed = self._committed, []
        if asked or self._looked is None or now - self._looked >= BEAT:
            for session in committed:
                self._turns.first(session)
                self._awaited = session, now
            self._looked = None  # should it be refused
            self._turns.look(session for session in self._queue.pending() if session not in self._unfiled)
            self._aside = len(self._queue.set_aside())
            self._looked = now

    def _hire(self, now: Instant) -> Courier | None:
        """Return a courier that is free; None while too many of them hang."""
        self._lost = [courier for courier in self._lost if courier.alive]
        if self._courier is None and (len(self._lost) < MOST_COURIERS or now >= self._relief):
            self._courier = Courier(self._open_bucket, self._returned, "uploader-courier")
        return self._courier

    def _welcome(self) -> None:
        """Take what couriers bring back that were left to themselves: on a slow network, all of them are late."""
        for errand in tuple(self._overdue):
            if not errand.answered or (self._errand is not None and errand.session == self._errand.session):
                continue
            self._overdue.remove(errand)
            if errand.receipt is not None and self._queue.waits(errand.session):
                self._delivered(errand, errand.receipt)

    def _await(self, errand: Put, now: Instant) -> Seconds:
        late = not errand.answered
        if late and now < errand.until:
            return Seconds(min(errand.until - now, BEAT))
        self._errand = None
        failed = errand.failed
        if late:
            if self._courier is not None:
                self._courier.dismiss()
                self._lost.append(self._courier)
                self._courier = None
            self._overdue.append(errand)
            self._relief = later(now, RELIEF)
            failed = BucketError(
                f"the upload does not finish within {self._deadline:.0f} s; look at the network", Remedy.WAIT, away=True
            )
        if failed is not None:
            self._refused(errand.session, failed)
        elif errand.receipt is not None:
            self._delivered(errand, errand.receipt)
        return Seconds(0.0)

    def _delivered(self, errand: Put, receipt: Confirmation) -> None:
        session, last = errand.session, errand.last
        self._streak = 0
        self._due = self._now()
        self._news.all_is_well()
        if last and self._awaited is not None and self._awaited[0] == session:
            self._awaited = None
        confirmed = self._file(session, errand.parcel.key, receipt.etag, last=last)
        if confirmed is None:
            return
        log.info("entry.sent" if confirmed else "product.sent", **self._about, session=session, etag=receipt.etag)
        self._news.reaches(self._pace(errand.since))
        if confirmed and errand.link_key is None and self._links is not no_links:
            log.info("share.withheld", session=session, why="the animation's object tells who the guest is")
        if confirmed:
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
            self._turns.forget(session)
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
            self._turns.forget(session)
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
        log.warning("entry.refused", session=session, remedy=error.remedy.value, why=str(error))
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
            self._turns.forget(session)
            self._aside += 1

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

    def _pace(self, since: Instant) -> Reach:
        """Return whether the next guest may expect to see theirs arrive, after a put that began at *since*."""
        took = self._now() - since
        # While others wait, one of them may have just been begun when a guest comes.
        expected = 2 * took if len(self._turns) else took
        return Reach.SLOW if expected > self._patience else Reach.UP

    def _tidy(self, now: Instant) -> None:
        if self._tidied is None or now - self._tidied >= TIDY:
            self._tidied = now
            try:
                self._queue.tidy()
            except OutboxError as exc:
                log.warning("outbox.not_tidied", why=str(exc))

    def _tell(self, trouble: str | None) -> None:
        """Write down what `status` returns; *trouble* if the outbox cannot be read at all."""
        if trouble is not None:
            self._status = replace(self._status, error=trouble, remedy=None)
            return
        pending = len(self._turns) + len(self._unfiled)
        waits = pending > 0 and self._due > self._now()
        self._status = Status(
            pending=pending,
            failed=self._aside,
            reach=self._news.reach,
            error=self._news.error,
            remedy=self._news.remedy,
            next_attempt=self._due if waits else None,
        )
