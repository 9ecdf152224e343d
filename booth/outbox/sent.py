"""The visits in ``sent/``, for whoever follows what becomes of them there: found, and what is known of them noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booth.core.visit import SessionId
from booth.outbox import metadata, places
from booth.outbox.deleting import Deletion
from booth.outbox.folders import Folders, refusals_logged
from booth.outbox.places import REPLICATION, SENT
from booth.outbox.replication import Replication, known


@dataclass(frozen=True)
class Followed:
    """A sent visit, for whoever follows it."""

    session: SessionId
    keys: Mapping[str, str]
    """Keys of the objects by their products' files, the animation first."""
    event: str
    """The event that it was at, in its own words."""
    confirmed: float
    """When the bucket confirmed it: seconds since 1970; -inf if nobody knows."""
    known: Replication | None
    test: bool = False
    """Whether it is an operator's trial."""

    @property
    def next(self) -> str | None:
        """The file of the product that is to be asked for next; None if nothing is to be waited for."""
        replication = self.known or Replication()
        return next((file for file in self.keys if not replication.complete(file)), None)


class Sent:
    """The visits that were sent, and what is known of their copies. One thread's."""

    def __init__(self, folders: Folders, deleting: Deletion) -> None:
        """Nothing is asked of the disk yet."""
        self._folders = folders
        self._disk = folders.disk
        self._deleting = deleting

    def now(self) -> float:
        """Return what the wall clock shows: seconds since 1970."""
        return self._folders.wall()

    def sessions(self) -> Iterable[SessionId]:
        """Return the visits that are there, newest first. Raises OutboxError."""
        return reversed(self._folders.sessions(SENT))

    def find(self, session: SessionId) -> Followed | None:
        """Return a visit; None if it is not there, or cannot be read. Raises OutboxError."""
        folder = self._folders.of(SENT, session)
        with self._folders.refusals("cannot be read"):
            entry = places.committed(self._disk, folder)
            if entry is None:
                return None
            keys = {product.file: product.key for product in entry.products}
            facts = metadata.decode(entry.metadata)
            at = places.confirmed_at(self._disk, folder)
            test = metadata.is_test(facts)
            return Followed(session, keys, facts.get("event", ""), at, known(self._disk, folder), test)

    def note(self, session: SessionId, replication: Replication) -> None:
        """Put what is known on the medium, if the disk will take it. What need not be kept any longer goes then."""
        folder = self._folders.of(SENT, session)
        with self._deleting.sweeping, refusals_logged("replication.not_noted", session):
            if self._disk.is_folder(folder):
                self._folders.put(folder / REPLICATION, replication.written())
        self._deleting.replicated(session)
