"""Empties a queue of the outbox into its target, on threads of its own, and never delays a screen.

Two threads: the *uploader* decides, and is never away for longer than a disk operation; the *courier* does what may
take long or for ever, opening the bucket and putting an entry. A courier that does not come back within its time is
left to itself, and another one is sent; what the first one brings back in the end still counts
(`booth.outbox.couriers`). What is sent next, and when, is decided in `booth.outbox.rounds`.
"""

import math
import random
import threading
from collections.abc import Callable
from dataclasses import replace

import structlog

from booth.core.events import Event, Notice
from booth.core.visit import SessionId
from booth.errors import OutboxError
from booth.outbox.courier import Links, Pages, no_links
from booth.outbox.couriers import LONGEST_PUT, Couriers
from booth.outbox.following import Follower
from booth.outbox.news import Status
from booth.outbox.queue import Queue
from booth.outbox.rounds import BEAT, Rounds
from booth.ports import Bucket
from booth.threads import Loop
from booth.units import Instant, Seconds

STUCK = Seconds(120.0)
"""An uploader that has not looked around for this long hangs."""

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
        deadline: Seconds = LONGEST_PUT,
        clock_wrong: Callable[[], bool] = lambda: False,
        links: Links = no_links,
        pages: Pages | None = None,
        patience: Seconds = Seconds(math.inf),
        bucket_set: bool = True,
        following: Follower | None = None,
    ) -> None:
        """Nothing happens before `start`. *pause* waits on a condition (held) for some seconds at most.

        *deadline* is the longest that one put may take, opening the bucket included. *clock_wrong* says whether the
        wall clock is known to be wrong: nothing is signed, and so nothing sent, while it is. *links* makes what
        `Delivered` carries for the guest, who waits for it as long as *patience*; *pages* puts the page that it leads
        to, where there is to be one, in a few seconds or not at all. Nothing is sent unless *bucket_set*.
        What was sent is given to *following*, which has its turn while nothing is to be sent.
        """
        self._queue = queue
        self._now = now
        self._pause = pause
        self._changed = threading.Condition()
        self._woken = False
        self._look_anew = False
        self._committed: list[SessionId] = []
        self._closing = False
        self._beat = now()
        self._status = Status()
        self._couriers = Couriers(open_bucket, self._returned, deadline=deadline, now=self._beat)
        self._following = following
        if following is not None:
            following.heard_by(self._returned)
        self._rounds = Rounds(
            queue,
            self._couriers,
            post=post,
            now=now,
            chance=chance,
            clock_wrong=clock_wrong,
            patience=patience,
            bucket_set=bucket_set,
            links=links,
            pages=pages,
            following=following,
        )
        self._thread = Loop("uploader", self._run)

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
        couriers = [self._couriers.close(), self._following.close() if self._following is not None else None]
        there = [courier for courier in couriers if courier is not None]
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
    def under_way(self) -> bool:
        """Whether a put is under way, and in time."""
        return self._couriers.under_way is not None

    @property
    def beat(self) -> Instant:
        """When the uploader last looked around."""
        return self._beat

    def stuck(self, now: Instant) -> bool:
        """Return whether the uploader has died or hangs. A bucket that hangs is no reason: the courier bears that."""
        return not self.alive or now - self._beat > STUCK

    def carries(self, session: SessionId) -> bool:
        """Return whether something of a visit is on its way, or may be. Does not block."""
        return self._couriers.carries(session)

    def status(self) -> Status:
        """Return how the uploads are going. Does not block."""
        return self._status

    def words(self) -> str:
        """Return how the uploads are going, in a few words; "" while all is well. Does not block."""
        copies = self._following.words() if self._following is not None else ""
        return "; ".join(filter(None, [self._status.words, copies]))

    def holds(self, notice: Notice) -> bool:
        """Return whether a *notice* of copies holds. Does not block."""
        return self._following is not None and notice in self._following.notices()

    def _returned(self) -> None:
        """Go on: a courier is back. That says nothing about the outbox."""
        with self._changed:
            self._stir()

    def _stir(self) -> None:
        self._woken = True
        self._changed.notify_all()

    # ---- on the uploader's thread

    def _run(self) -> None:
        self._rounds.recall()
        while True:
            self._beat = self._now()
            with self._changed:
                asked, self._look_anew = self._look_anew, False
                committed, self._committed = self._committed, []
            try:
                seconds = self._rounds.go(self._beat, asked=asked, committed=committed)
                self._status = self._rounds.status()
            except OutboxError as exc:
                if str(exc) != self._status.error:
                    log.warning("outbox.not_read", why=str(exc))
                self._status = replace(self._status, error=str(exc), remedy=None)
                seconds = BEAT
            with self._changed:
                if not self._woken and not self._closing and seconds > 0:
                    self._pause(self._changed, min(seconds, BEAT))
                self._woken = False
                if self._closing:
                    return
