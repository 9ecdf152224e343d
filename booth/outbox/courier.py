"""Who goes to a target: a thread that opens it when that is first needed, and carries one errand after the other."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from booth.core.visit import SessionId
from booth.errors import BucketError, Remedy
from booth.outbox.entry import Entry
from booth.ports import Bucket, Parcel
from booth.threads import Loop
from booth.units import Instant, Seconds

log = structlog.get_logger()

Links = Callable[[Bucket, Entry], str | None]
"""Makes the link by which a guest finds what was made of a visit, of the bucket that has confirmed its animation; None
if there is to be none. Called by a courier; asks no server. Raises `BucketError`."""

Pages = Callable[[Bucket, Entry], str | None]
"""Puts the page of a visit into the bucket that has confirmed its animation; returns the link to it, which goes before
that to the animation, or None if nobody can be shown it. Called by a courier: blocks as a put does, and raises
`BucketError`."""


def no_links(_bucket: Bucket, _entry: Entry) -> str | None:
    """Make no link."""
    return None


@dataclass(frozen=True)
class Confirmation:
    """What the bucket confirmed."""

    etag: str
    link: str | None = field(default=None, repr=False)
    unpaged: str = ""
    """Why the guest's page was not put; "" if it was, or if there is to be none."""


class Errand(ABC):
    """What a target is asked for, on a courier's thread."""

    what: str
    """The errand in a word, for a log."""

    def __init__(self, session: SessionId, *, since: Instant, until: Instant) -> None:
        """Have it begin now; it may take *until* then."""
        self.session = session
        self.since = since
        self.until = until
        self.failed: BucketError | None = None

    @abstractmethod
    def carry_out(self, bucket: Bucket) -> None:
        """Do it, and keep what came of it, which may be looked for at once. Blocks. May raise anything."""

    @property
    @abstractmethod
    def answered(self) -> bool:
        """Whether there is an answer, or it has failed."""


class Put(Errand):
    """One parcel on its way, and what became of it."""

    what = "upload"

    def __init__(
        self,
        session: SessionId,
        parcel: Parcel,
        links: Links = no_links,
        pages: Pages | None = None,
        *,
        tells: bool = False,
        last: bool,
        linked: Entry | None,
        since: Instant,
        until: Instant,
        beside: bool = False,
    ) -> None:
        """Have it put. With what *tells*, the animation, a link to what was *linked* is made, and its page put.

        With the *last* the target has all of the visit. What goes *beside* a visit, before it, is none of its products.
        """
        super().__init__(session, since=since, until=until)
        self.parcel = parcel
        self.tells = tells
        self.last = last
        self.beside = beside
        self._links = links
        self._pages = pages
        self.linked = linked
        self.arrived: Confirmation | None = None
        """What the bucket confirmed, while the page is under way."""
        self.half_way: Callable[[], None] = lambda: None
        """Called, on the courier's thread, when it has arrived and its page has not."""
        self.bounded = False
        """Whether the time that its page may take has begun."""
        self.settled = False
        """Whether it counts as it arrived, without its page: no more is listened to."""
        self.receipt: Confirmation | None = None

    @property
    def answered(self) -> bool:
        """Whether it is confirmed, or has failed."""
        return self.receipt is not None or self.failed is not None

    def carry_out(self, bucket: Bucket) -> None:
        """Put it, make the link, and put the page."""
        etag, entry = bucket.put(self.parcel), self.linked
        confirmed = Confirmation(etag, self._link(bucket, entry) if entry is not None else None)
        if entry is not None and entry.page and self._pages is not None:
            self.arrived = confirmed
            self.half_way()
            confirmed = self._paged(self._pages, bucket, entry, confirmed)
        self.receipt = confirmed

    def _paged(self, pages: Pages, bucket: Bucket, entry: Entry, confirmed: Confirmation) -> Confirmation:
        """Return what is told with the page put, or why it was not: a delivery never fails for want of a page."""
        try:
            return replace(confirmed, link=pages(bucket, entry) or confirmed.link)
        except BucketError as exc:
            why = str(exc)
        except Exception as exc:  # noqa: BLE001 whatever goes wrong with a page, the guest has the picture's own link
            why = f"it failed in an unexpected way ({type(exc).__name__})"
        return replace(confirmed, unpaged=why)

    def _link(self, bucket: Bucket, entry: Entry) -> str | None:
        """Return the link to what was put; None if there is none. A delivery never fails for want of a link."""
        try:
            return self._links(bucket, entry)
        except BucketError as exc:
            why = str(exc)
        except Exception as exc:  # noqa: BLE001 the library below can fail in any way, RecursionError among them
            why = f"it failed in an unexpected way ({type(exc).__name__})"
        log.warning("share.no_link", session=self.session, why=why)
        return None


class Courier:
    """A thread that opens the bucket when it is first needed, and carries one errand after the other."""

    def __init__(self, open_bucket: Callable[[], Bucket], done: Callable[[], None], name: str) -> None:
        """Start; *done* is called, on the thread, when an errand has its answer."""
        self._open_bucket = open_bucket
        self._done = done
        self._bucket: Bucket | None = None
        self._errand: Errand | None = None
        self._leaving = False
        self._changed = threading.Condition()
        self._thread = Loop(name, self._run)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.alive

    def send(self, errand: Errand) -> None:
        """Have *errand* done. Does not wait."""
        with self._changed:
            self._errand = errand
            self._changed.notify()

    def dismiss(self) -> None:
        """Have the thread end as soon as it can. Does not wait."""
        with self._changed:
            self._leaving = True
            self._changed.notify()

    def join(self, timeout: Seconds) -> None:
        """Wait for the thread to end, for *timeout* at most."""
        self._thread.join(timeout)

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._errand is None and not self._leaving:
                    self._changed.wait()
                errand, self._errand = self._errand, None
            if errand is None:
                break
            self._carry_out(errand)
            del errand  # a guest's details are in it, and the next one may be long in coming
            self._done()
        if self._bucket is not None:
            self._bucket.close()

    def _carry_out(self, errand: Errand) -> None:
        try:
            if self._bucket is None:
                self._bucket = self._open_bucket()
            errand.carry_out(self._bucket)
        except BucketError as exc:
            errand.failed = exc
        except Exception as exc:  # noqa: BLE001 the library below can fail in any way, RecursionError among them
            # Only the kind of the exception: its text may hold what was to be sent, and that is a guest's.
            why = f"the {errand.what} failed in an unexpected way ({type(exc).__name__})"
            errand.failed = BucketError(why, Remedy.WAIT)
