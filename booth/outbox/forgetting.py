"""Forgetting a visit because its guest wishes so, wherever in the outbox it is: what was theirs goes, a stone stays.

::

    forget-ID           somebody wishes it: a name is all there is; the booth that runs takes it up, and takes it away
    forgotten/ID.json   the stone: which objects may still be in buckets, and nothing of who it was

The law: nothing goes before its stone is on the medium, and nothing but the visit that is named. What is in a queue is
taken out of it by one rename: no cut leaves half a visit to be sent.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from booth.core.visit import SessionId
from booth.disk import Disk, make_folder
from booth.errors import OutboxError
from booth.outbox import places
from booth.outbox.deleting import Deletion
from booth.outbox.entry import json_written, note_read
from booth.outbox.folders import GONE, Folders
from booth.outbox.ids import stamp
from booth.outbox.metadata import decode
from booth.outbox.places import CONFIRMED_BY, FAILED, OPEN, PENDING, SENT, committed
from booth.outbox.replication import known

WISH = "forget-"
"""How the name of a wish begins, in the outbox."""

FORGOTTEN = "forgotten"
"""The folder of the stones, in the outbox."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Stone:
    """What stays of a visit that was forgotten."""

    session: str
    event: str
    keys: tuple[str, ...]
    """The objects that were made of it: they may be in any bucket that it was to go to."""
    confirmed: tuple[str, ...]
    """Of these, what a bucket is known to have."""
    sites: tuple[str, ...]
    """Where the server is known to make copies of them, or to have made some."""
    when: str
    """When it was forgotten, in UTC."""
    there: tuple[str, ...] = ()
    """Of the sites, those that are known to have a copy."""

    def written(self) -> bytes:
        """Return the file's content."""
        return json_written(
            {
                "session": self.session,
                "event": self.event,
                "keys": list(self.keys),
                "confirmed": list(self.confirmed),
                "sites": list(self.sites),
                "there": list(self.there),
                "forgotten": self.when,
            }
        )

    @classmethod
    def read(cls, content: bytes) -> "Stone":
        """Return the stone in *content*. Raises ValueError if it is none."""
        fields = note_read(content)
        session, event, when = (fields.get(name) for name in ("session", "event", "forgotten"))
        keys, confirmed, sites = (_texts(fields.get(name)) for name in ("keys", "confirmed", "sites"))
        if not (isinstance(session, str) and isinstance(event, str) and isinstance(when, str)):
            raise ValueError("it does not say what was forgotten")  # noqa: TRY004 the content is wrong, not the caller
        return cls(session, event, keys, confirmed, sites, when, _texts(fields.get("there", ())))


class Forgetting:
    """Forgets visits of an outbox that is locked for this process. One thread's."""

    def __init__(self, folders: Folders, deleting: Deletion, turns: threading.Lock, filing: threading.Lock) -> None:
        """Take *turns* with those who change open visits, and *filing* with those who move entries."""
        self._folders = folders
        self._disk = folders.disk
        self._deleting = deleting
        self._turns = turns
        self._filing = filing
        self._granted: set[SessionId] = set()
        """Wishes that were granted at an earlier look."""
        self._made = False

    def recall(self) -> None:
        """Put on the medium what an earlier run took out and was killed before it was: it is deleted from there on.

        Before whatever is called `GONE` is deleted. Raises OSError.
        """
        gone = (name for name in self._disk.names(self._folders.root / SENT) if name.endswith(GONE))
        stones = (self._folders.root / FORGOTTEN / f"{name.removesuffix(GONE)}.json" for name in gone)
        if any(self._disk.is_file(stone) for stone in stones):
            self._disk.sync_folder(self._folders.root / SENT)

    def grant(self, carried: Callable[[SessionId], bool]) -> None:
        """Grant what is wished. A wish is taken away when no upload of it can be on its way any more, see *carried*.

        A visit that is open is waited for: its guest may be there. What the disk refuses is tried again the next time.
        """
        wished: tuple[SessionId, ...] = ()
        with suppress(OSError):  # a disk that does not answer is a part that is lost, and told of elsewhere
            wished = wishes(self._disk, self._folders.root)
        for session in wished:
            try:
                if session in self._granted and not carried(session):
                    self._disk.unlink(self._folders.root / f"{WISH}{session}")
                    self._granted.discard(session)
                elif session not in self._granted and not self._disk.is_folder(self._folders.of(OPEN, session)):
                    self.forget(session)
                    self._granted.add(session)
            except (OSError, OutboxError) as exc:
                log.warning("visit.not_forgotten", session=session, why=str(exc))

    def forget(self, session: SessionId) -> bool:
        """Forget a visit, wherever it is; return whether there was one. Raises OutboxError when the disk refuses."""
        with self._folders.refusals("does not let the visit be forgotten"):
            found = [place for place in (OPEN, PENDING, FAILED, SENT) if self._is_there(place, session)]
            for place in found:
                self._put_stone(self._folders.of(place, session), session)
                if place == OPEN:
                    with self._turns:
                        self._deleting.discard(session)
                else:
                    self._take_out(place, session)
            if not found:  # whoever deleted it may have been killed before that was on the medium
                self._disk.sync_folder(self._folders.root / SENT)
        if found:
            log.info("visit.forgotten", session=session)
        return bool(found)

    def _is_there(self, place: str, session: SessionId) -> bool:
        return self._disk.is_folder(self._folders.of(place, session))

    def _put_stone(self, folder: Path, session: SessionId) -> None:
        stone = stone_of(self._disk, folder, session, self._folders.date())
        stands = stone_read(self._disk, self._folders.root, session)
        if not stone.keys and stands is not None:  # the disk has lost since what it says
            return
        if not self._made:
            make_folder(self._disk, self._folders.root / FORGOTTEN)
            self._made = True
        self._folders.put(self._folders.root / FORGOTTEN / f"{session}.json", stone.written())

    def _take_out(self, place: str, session: SessionId) -> None:
        """Delete a committed visit: by one rename it is no entry any more, and what is left of it goes at any start."""
        gone = self._folders.of(SENT, session).with_name(f"{session}{GONE}")
        with self._filing, self._deleting.sweeping:
            self._disk.rename(self._folders.of(place, session), gone)
            self._disk.sync_folder(gone.parent)  # it concerns both folders
            self._deleting.wipe(gone)


def stone_of(disk: Disk, folder: Path, session: SessionId, when: str) -> Stone:
    """Return what will stay of the visit in *folder*. Raises OSError."""
    entry = committed(disk, folder)
    if entry is None:
        return Stone(session, "", (), (), (), when)
    if folder.parent.name == SENT:
        had = {product.file for product in entry.products}
    else:
        targets = [
            name.removeprefix(CONFIRMED_BY).removesuffix(".json")
            for name in disk.names(folder)
            if name.startswith(CONFIRMED_BY) and name.endswith(".json")
        ]
        had = {file for target in targets for file in places.confirmed_by(disk, folder, target)}
    keys = (*(product.key for product in entry.products), *filter(None, [entry.page]))
    confirmed = tuple(product.key for product in entry.products if product.file in had)
    copies = known(disk, folder)
    said = copies.products if copies is not None else {}
    sites = {site for made in said.values() for site in made}
    there = {site for file in said if copies is not None for site in copies.there(file)}
    event = decode(entry.metadata).get("event", "")
    return Stone(session, event, keys, confirmed, tuple(sorted(sites)), when, tuple(sorted(there)))


def wishes(disk: Disk, outbox: Path) -> tuple[SessionId, ...]:
    """Return the visits that somebody wishes to be forgotten. Raises OSError."""
    named = (name.removeprefix(WISH) for name in disk.names(outbox) if name.startswith(WISH))
    return tuple(SessionId(name) for name in named if stamp(name) is not None)


def stone_read(disk: Disk, outbox: Path, session: SessionId) -> Stone | None:
    """Return the stone of a visit that was forgotten; None if there is none that can be read."""
    with suppress(OSError, ValueError):
        return Stone.read(places.small(disk, outbox / FORGOTTEN / f"{session}.json"))
    return None


def _texts(said: object) -> tuple[str, ...]:
    if not isinstance(said, list | tuple) or not all(isinstance(text, str) for text in said):
        raise ValueError("it does not say which objects were made")
    return tuple(said)
