"""The shelf: what is in an outbox, for whoever looks at it while a booth works there. Reads, and nothing else.

The law: a visit that is there all the time is found once, whatever moves meanwhile; one that is deleted meanwhile is
found at most once. Nothing is locked, made, written or waited for, and what somebody has put there passes by.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from booth.core.visit import Guest, SessionId
from booth.disk import Disk, RealDisk
from booth.errors import OutboxError
from booth.outbox import metadata, places, replication
from booth.outbox.entry import Entry, Product, Visit, guest_read, moment, note_read
from booth.outbox.ids import stamp
from booth.outbox.places import ANIMATION, FAILED, FAILURE, FOLDERS, GUEST, OPEN, PENDING, SENT, VISIT
from booth.outbox.replication import Replication
from booth.reading import shown

_LOOKS = 2
"""How often all places are gone through, in the order in which a visit moves on.

Who goes that way meets every visit that is not moved back meanwhile. One is moved back when its animation has to be
made anew, or by hand: the spool does it once to a visit, so one of two looks meets it.
"""

_TRIES = 10
"""How often a visit is looked for that has moved on each time it was being read."""

_SETTLED = (SENT, PENDING, FAILED, OPEN)
"""Folders in the order of their word: if two bear one name, the visit is in the first of these. Confirmed, to be sent,
and left behind.
"""

_LONGEST_WHY = 1000
"""Characters of a reason, or of an event's name, that are shown."""

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Shelved:
    """A visit as it was found. Nothing here names the guest: `Shelf.guest` does."""

    session: SessionId
    place: str
    """``open``, ``pending``, ``sent`` or ``failed``."""
    taken: datetime | None
    """When it began, in UTC, to the second: the true time if it was dated anew; None if nobody knows."""
    animation: Path | None
    """Where the animation was; None if there was none. It moves with the visit: be ready for it to be gone."""
    size: int
    """Bytes in the animation; 0 if there was none."""
    attempts: int
    """How often putting it into the bucket has failed; 0 if nobody knows."""
    why: str
    """Why a failed one is there, fit for a terminal; "" for others, and if nobody knows."""
    confirmed: datetime | None
    """When the bucket confirmed a sent one, in UTC; None for others, and if nobody knows."""
    event: str
    """The event that it was at, in its own words; "" if nobody knows."""
    products: tuple[Product, ...]
    """What is sent of it, each with its key, the animation first; () before it is committed, and if nobody knows."""
    copies: Replication | None = None
    """What the server has said of its own copies of a sent one; None for others, and if nobody has asked, or knows."""
    test: bool = False
    """Whether it is an operator's trial."""
    bare: bool = False
    """Whether the guest's details were taken away, their days being over."""
    consent: bool | None = None
    """Whether the guest of a bare one agreed to have it shown; None for others."""


@dataclass(frozen=True)
class Papers:
    """What is written of a visit beside its pictures; None for each that is not there, or cannot be read."""

    entry: Entry | None
    began: Visit | None

    @property
    def test(self) -> bool:
        """Whether it is an operator's trial: one of the two says so."""
        marked = self.entry is not None and metadata.is_test(self.entry.metadata)
        return marked or (self.began is not None and self.began.test)


class Shelf:
    """The visits in an outbox. May be used by several threads at once: it remembers nothing."""

    def __init__(self, directory: Path, *, disk: Disk | None = None) -> None:
        """Look at the outbox in *directory*; nothing is asked of the disk yet."""
        self._root = directory
        self._disk: Disk = RealDisk() if disk is None else disk

    def visits(self, *wanted: str) -> Iterator[Shelved]:
        """Yield the visits in the places *wanted*, in all if none is named; oldest first, each once.

        What begins meanwhile may be missing. Raises OutboxError if there is no outbox, or it cannot be read; ValueError
        for a place that there is none of.
        """
        if unknown := set(wanted).difference(FOLDERS):
            raise ValueError(f"{', '.join(sorted(unknown))}: a visit is in one of {', '.join(FOLDERS)}")
        return self._visits(wanted or FOLDERS)

    def visit(self, session: SessionId) -> Shelved | None:
        """Return a visit by its name; None if there is none, or it is going to be deleted.

        Raises OutboxError if the outbox cannot be read.
        """
        if stamp(session) is None:
            return None
        with self._refusals():
            return self._shelved(session)

    def listed(self, place: str) -> tuple[SessionId, ...]:
        """Return the names of the visits in *place*, oldest first: the quick way to how many there are.

        Raises OutboxError if there is no outbox, or it cannot be read.
        """
        with self._refusals():
            if not self._disk.is_folder(self._root / place):
                self._sessions()  # it says whether there is an outbox at all
                return ()
            names = self._disk.names(self._root / place)
        return tuple(SessionId(name) for name in names if stamp(name) is not None)

    def guest(self, session: SessionId) -> Guest | None:
        """Return what the guest of a visit typed; None if there is none, or it is gone, or cannot be read.

        Raises OutboxError if the outbox cannot be read.
        """

        def read(folder: Path) -> Guest | None:
            with suppress(FileNotFoundError, ValueError):
                return guest_read(places.small(self._disk, folder / GUEST))
            return None

        return self._steadily(session, read)

    def papers(self, session: SessionId) -> Papers | None:
        """Return what is written of a visit; None if there is none. Raises OutboxError if the outbox cannot be read."""

        def read(folder: Path) -> Papers:
            began: Visit | None = None
            with suppress(FileNotFoundError, ValueError):
                began = Visit.read(places.small(self._disk, folder / VISIT))
            return Papers(places.committed(self._disk, folder), began)

        return self._steadily(session, read)

    def content(self, session: SessionId, file: str = ANIMATION) -> bytes | None:
        """Return a product of a visit; None if there is none, or no visit. Raises OutboxError if it cannot be read.

        Nobody has held it against what was committed.
        """

        def read(folder: Path) -> bytes | None:
            product = folder / file
            return self._disk.read(product) if places.readable(self._disk, product) else None

        return self._steadily(session, read)

    # ---- inside

    def _steadily(self, session: SessionId, read: Callable[[Path], _Read]) -> _Read | None:
        """Return what *read* finds in the folder of a visit that was there all the time; None if there is no visit."""
        if stamp(session) is None:  # no name of a visit: it may lead anywhere
            return None
        with self._refusals():
            for _ in range(_TRIES):
                folder = self._found(session)
                if folder is None:
                    return None
                with suppress(FileNotFoundError):
                    found = read(folder)
                    if self._disk.is_folder(folder):
                        return found
        return None

    def _visits(self, wanted: tuple[str, ...]) -> Iterator[Shelved]:
        with self._refusals():
            sessions = self._sessions()
        for session in sessions:
            with self._refusals():
                visit = self._shelved(session)
            if visit is not None and visit.place in wanted:
                yield visit

    def _sessions(self) -> list[SessionId]:
        """Return the names of all visits, oldest first. Some may be gone since."""
        names, there = set[str](), False
        for _ in range(_LOOKS):
            for place in FOLDERS:
                with suppress(FileNotFoundError, NotADirectoryError):
                    names.update(self._disk.names(self._root / place))
                    there = True
        if not there:
            raise OutboxError(f"there is no outbox in {self._root}: no booth has used it yet, or correct the folder")
        return [SessionId(name) for name in sorted(names) if stamp(name) is not None]

    def _shelved(self, session: SessionId) -> Shelved | None:
        for _ in range(_TRIES):
            folder = self._found(session)
            if folder is None:
                return None
            visit = self._read(folder, session)
            if self._disk.is_folder(folder):  # else it was moved away while it was read, and who knows when
                return visit
        return None

    def _found(self, session: SessionId) -> Path | None:
        """Return the folder of a visit; None if it is deleted, or going to be."""
        for _ in range(_LOOKS):
            found = {place for place in FOLDERS if self._disk.is_folder(self._root / place / session)}
            for place in _SETTLED:
                if place in found:
                    folder = self._root / place / session
                    doomed = place in {OPEN, SENT} and places.condemned(self._disk, folder)
                    return None if doomed else folder
        return None

    def _read(self, folder: Path, session: SessionId) -> Shelved:
        """Return what can be read of the visit in *folder*: what the disk refuses of it is not known."""
        place, animation = folder.parent.name, folder / ANIMATION
        size: int | None = None
        entry: Entry | None = None
        began: Visit | None = None
        with suppress(OSError):
            if places.readable(self._disk, animation):
                size = self._disk.size(animation)
        with suppress(OSError):
            entry = places.committed(self._disk, folder)
        with suppress(OSError, ValueError):
            began = Visit.read(places.small(self._disk, folder / VISIT))
        return Shelved(
            session,
            place,
            self._taken(began, entry),
            animation if size is not None else None,
            size or 0,
            places.attempts(self._disk, folder),
            self._why(folder) if place == FAILED else "",
            self._confirmed(folder) if place == SENT else None,
            self._event(began, entry),
            entry.products if entry is not None else (),
            self._copies(folder) if place == SENT else None,
            Papers(entry, began).test,
            entry is not None and entry.bare,
            entry.metadata.get("consent") == "yes" if entry is not None and entry.bare else None,
        )

    def _taken(self, began: Visit | None, entry: Entry | None) -> datetime | None:
        if entry is not None:  # the true time is put there, when it is known
            with suppress(KeyError, ValueError):
                return moment(entry.metadata["taken"])
        return began.taken if began is not None else None

    def _event(self, began: Visit | None, entry: Entry | None) -> str:
        if began is not None:
            return shown(began.event, _LONGEST_WHY)
        told = metadata.decode(entry.metadata).get("event", "") if entry is not None else ""
        return shown(told, _LONGEST_WHY)

    def _why(self, folder: Path) -> str:
        with suppress(OSError, ValueError):
            why = note_read(places.small(self._disk, folder / FAILURE)).get("why")
            return shown(why, _LONGEST_WHY) if isinstance(why, str) else ""
        return ""

    def _confirmed(self, folder: Path) -> datetime | None:
        with suppress(OSError, ValueError, OverflowError):  # a clock may have shown no year at all
            return datetime.fromtimestamp(places.confirmed_at(self._disk, folder), UTC)
        return None

    def _copies(self, folder: Path) -> Replication | None:
        with suppress(OSError):
            return replication.known(self._disk, folder)
        return None

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except PermissionError as exc:
            raise OutboxError(f"this user may not look into the outbox {self._root}; put sudo before it") from exc
        except OSError as exc:
            why = exc.strerror or type(exc).__name__
            raise OutboxError(f"the outbox {self._root} cannot be read: {why}; look at the disk") from exc
