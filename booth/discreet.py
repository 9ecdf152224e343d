"""A bucket before which guests' details are hidden from the log: for as long as something may still quote them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from booth.core.visit import SessionId
from booth.errors import BucketError, Remedy
from booth.outbox.metadata import ANSWER, decode
from booth.outbox.spool import TARGET
from booth.ports import Bucket, CopyState, Parcel, Target
from booth.units import Seconds

_PRIVATE = ("name", "email")
"""The metadata that are a guest's, beside their answers."""

Hide = Callable[..., None]
"""Hides texts ``of`` a visit, see `booth.logs.hide`."""


def discreet(
    target: Target,
    *,
    hide: Hide,
    forget: Callable[[str], None],
    waiting: Callable[[], Iterable[tuple[SessionId, Mapping[str, str]]]],
) -> Target:
    """Return *target* with guests' details hidden before it, for as long as it has something to do with them.

    What one target has done with, another may still have in hand: each but the first, which ends what was hidden when
    the guest typed it, hides for itself.
    """
    mine = "" if target.name == TARGET else f"{target.name} "

    def opened() -> Bucket:
        return DiscreetBucket(
            target.open(),
            hide=lambda *texts, of: hide(*texts, of=mine + of),
            forget=lambda of: forget(mine + of),
            waiting=waiting,
        )

    return replace(target, open=opened)


class DiscreetBucket:
    """Puts through *bucket*. What a guest has typed is hidden before anything could quote it, until it is delivered.

    *waiting* gives the visits of earlier runs with their metadata; it is asked once, before the first put: a server
    that was given one of them before could quote it in its answer to another.
    """

    def __init__(
        self,
        bucket: Bucket,
        *,
        hide: Hide,
        forget: Callable[[str], None],
        waiting: Callable[[], Iterable[tuple[SessionId, Mapping[str, str]]]],
    ) -> None:
        self._bucket = bucket
        self._hide = hide
        self._forget = forget
        self._waiting: Callable[[], Iterable[tuple[SessionId, Mapping[str, str]]]] | None = waiting

    def put(self, parcel: Parcel) -> str:
        """Put it, and return the confirmed ETag. Raises `BucketError`."""
        waiting, self._waiting = self._waiting, None
        for visit, metadata in waiting() if waiting is not None else ():
            self._keep(visit, metadata)
        session = self._keep(parcel.metadata.get("session", parcel.key), parcel.metadata)
        try:
            etag = self._bucket.put(parcel)
        except BucketError as exc:
            if exc.remedy is Remedy.NEVER:
                self._forget(session)  # it is put aside; should it come back, it is hidden again
            raise
        self._forget(session)
        return etag

    def link(self, key: str, lasting: Seconds) -> str:
        """Return an address from which anybody can get the object *key* for *lasting* seconds."""
        return self._bucket.link(key, lasting)

    def expiry(self, key: str) -> datetime | None:
        """Return when the server will delete the object *key*, as it said when it was put."""
        return self._bucket.expiry(key)

    def replication(self, key: str) -> Mapping[str, CopyState]:
        """Return how far the server's copies of the object *key* are."""
        return self._bucket.replication(key)

    def close(self) -> None:
        """Close the connections."""
        self._bucket.close()

    def _keep(self, session: str, metadata: Mapping[str, str]) -> str:
        details = decode({name: said for name, said in metadata.items() if name in _PRIVATE or name.startswith(ANSWER)})
        self._hide(*details.values(), of=session)
        return session
