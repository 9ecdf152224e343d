"""The couriers of one uploader: one is sent, and those that are late are left to themselves and still listened to."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from booth.core.visit import SessionId
from booth.errors import BucketError, Remedy
from booth.outbox.courier import Confirmation, Courier, Put
from booth.ports import Bucket
from booth.units import Instant, Seconds, later

LONGEST_PUT = Seconds(180.0)
"""The longest that one put may take; longer than all the time-outs of a bucket together."""

MOST_COURIERS = 3
"""The most couriers that may hang at once; after that the uploader waits for one to come back, or for `RELIEF`."""

LONGEST_PAGE = Seconds(6.0)
"""The longest that a guest's page may keep others waiting, once the animation has arrived: the largest page, with a
logo of 64 kB in it, goes through 140 kbit/s."""

RELIEF = Seconds(3600.0)
"""The time without a free courier after which one more is sent: those that hang may hang for ever."""


class Couriers:
    """Couriers, and what they are sent with. The uploader's thread's alone, but for `carries` and `close`."""

    def __init__(
        self, open_bucket: Callable[[], Bucket], done: Callable[[], None], *, deadline: Seconds, now: Instant
    ) -> None:
        """Send nobody yet. *done* is called, on a courier's thread, when a put has its answer.

        *deadline* is the longest that one put may take, opening the bucket included.
        """
        self._open_bucket = open_bucket
        self._done = done
        self._deadline = deadline
        self._relief = now
        self._free: Courier | None = None
        self.under_way: Put | None = None
        """What is under way, and in time."""
        self.lost: list[Courier] = []
        """Those that were late and are left to themselves."""
        self.overdue: list[Put] = []
        """What those were sent with."""

    def hire(self, now: Instant) -> Courier | None:
        """Return a courier that is free; None while too many of them hang."""
        self.lost = [courier for courier in self.lost if courier.alive]
        if self._free is None and (len(self.lost) < MOST_COURIERS or now >= self._relief):
            self._free = Courier(self._open_bucket, self._done, "uploader-courier")
        return self._free

    def send(self, courier: Courier, put: Put) -> None:
        """Have *put* done by *courier*, who is free. Does not wait."""
        self.under_way = put
        put.half_way = self._done
        courier.send(put)

    def deadline(self, now: Instant) -> Instant:
        """Return until when a put may take that begins *now*."""
        return later(now, self._deadline)

    def answer(self, put: Put, now: Instant) -> Confirmation | BucketError | None:
        """Return what became of *put*, which is under way; None as long as it is. A late courier is given up.

        One that is late with a page alone has delivered: the rest of its time is `LONGEST_PAGE`.
        """
        arrived = put.arrived
        if arrived is not None and not put.bounded:
            put.bounded, put.until = True, later(now, LONGEST_PAGE)
        if not put.answered and now < put.until:
            return None
        if put.answered:
            self.under_way = None
            return put.receipt if put.failed is None else put.failed
        if self._free is not None:
            self._free.dismiss()
            self.lost.append(self._free)
            self._free = None
        put.settled = arrived is not None
        self.overdue.append(put)  # first, lest `carries` finds it nowhere
        self.under_way = None
        self._relief = later(now, RELIEF)
        if arrived is not None:
            return replace(arrived, unpaged=f"it takes longer than {LONGEST_PAGE:.0f} s; look at the network")
        return BucketError(
            f"the upload does not finish within {self._deadline:.0f} s; look at the network", Remedy.WAIT, away=True
        )

    def late(self) -> Iterator[tuple[Put, Confirmation]]:
        """Yield what was confirmed to those that had been given up: on a slow network, all of them are late."""
        for put in tuple(self.overdue):
            if not put.answered or (self.under_way is not None and put.session == self.under_way.session):
                continue
            self.overdue.remove(put)
            if put.receipt is not None and not put.settled:
                yield put, put.receipt

    @property
    def page_hangs(self) -> bool:
        """Whether a page that was given up is still under way: at most one courier hangs for the sake of pages."""
        return any(put.settled for put in self.overdue)

    def carries(self, session: SessionId) -> bool:
        """Return whether something of a visit is on its way, or may be. On any thread."""
        under_way = self.under_way  # before the others: it goes from here to there
        return any(put.session == session for put in (*self.overdue, *filter(None, [under_way])))

    def close(self) -> Courier | None:
        """Send nobody any more; return the courier that may still be on its way. On any thread, also twice."""
        courier = self._free
        if courier is not None:
            courier.dismiss()
        return courier
