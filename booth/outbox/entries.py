"""How a visit becomes an entry: what was made of it, what goes with it, and when it truly was."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from booth.core.visit import Guest, SessionId
from booth.outbox import answers, consents, details, keys, metadata
from booth.outbox.consents import ConsentRecord
from booth.outbox.details import DETAILS
from booth.outbox.entry import Entry, Product, Visit, consents_read, guest_read, iso
from booth.outbox.folders import Folders, refusals_logged
from booth.outbox.ids import east, stamp
from booth.outbox.places import CONFIRMED_BY, ENTRY, GUEST, VISIT, committed, readable, small
from booth.ports import PAGE, Kind, Uptime

log = structlog.get_logger()


class Entries:
    """Makes entries of visits, at one event and by one clock."""

    def __init__(
        self,
        folders: Folders,
        *,
        event: str,
        booth: str,
        key_template: str,
        kinds: Sequence[Kind],
        linked: bool,
        paged: bool = False,
        uptime: Callable[[], Uptime],
    ) -> None:
        """Raise ValueError for a *key_template* that makes no keys, or none for one of the *kinds*.

        *linked* says that guests are shown links: then who they are is in an object of its own. *paged* says that these
        lead to a page, which is made when the rest has arrived.
        """
        self._template = keys.unique(key_template)
        for kind in (*kinds, *([DETAILS] if linked else []), *([PAGE] if paged else [])):
            keys.unique(keys.sibling(self._template, kind.ending))
        self._folders = folders
        self._disk = folders.disk
        self._event = event
        self._booth = booth
        self._kinds = tuple(kinds)
        self._linked = linked
        self._paged = paged
        self._uptime = uptime

    def visit(self, session: SessionId, *, test: bool = False) -> Visit:
        """Return what is known of a visit that begins now; *test* says that it is an operator's trial."""
        now = datetime.fromtimestamp(int(self._folders.wall()), UTC)
        return Visit(session, self._event, self._booth, now, self._uptime(), east(now.timestamp()), test)

    def entry(self, folder: Path, session: SessionId) -> Entry:
        """Return what will be sent of the open visit in *folder*. It is on the medium: so the port says.

        Whether the guest's details are apart from what was made is decided once: what has been sent before may be
        linked only if it went without them. Puts these on the medium, if they are.
        """
        visit = self._visit(folder, session)
        values = {
            "event": visit.event,
            "booth": visit.booth,
            "session": session,
            "taken": iso(self._truly_taken(visit) or visit.taken),
            "consent": "no",
        }
        if visit.test:
            values[metadata.TEST] = "yes"
        guest, records = self._guest(folder), self._records(folder)
        if guest is not None:
            values |= {"name": guest.name, "email": guest.email, "consent": "yes" if guest.consent else "no"}
            values[metadata.LANGUAGE] = guest.language
            values |= answers.metadata_of(guest.told)
            values |= consents.metadata_of(records, self._truly_taken(visit) or visit.taken)
        # By the time as it was noted: a visit that is committed again gets the same key, whatever the clock says then.
        taken = visit.taken_here
        key = keys.object_key(self._template, event=visit.event, booth=visit.booth, session=session, taken=taken)
        encoded = metadata.encode({name: value for name, value in values.items() if value})
        made = [kind for kind in self._kinds if readable(self._disk, folder / kind.file)]
        if not self._apart(folder):
            return Entry(session, encoded, tuple(self._product(folder, kind, key) for kind in made))
        products = [replace(self._product(folder, kind, key), nameless=True) for kind in made]
        if guest is not None:
            file = folder / DETAILS.file
            self._folders.make_way(file)
            self._disk.write(file, details.written(visit, guest, key, records))
            self._disk.sync(file)  # whole; its name gets on the medium with the entry's, and is of no use before
            products.append(self._product(folder, DETAILS, key))
        return Entry(session, encoded, tuple(products), keys.sibling(key, PAGE.ending) if self._paged else "")

    def since(self, folder: Path, session: SessionId) -> int:
        """Return how many seconds ago the open visit in *folder* began; 0 if nobody knows. Raises OSError."""
        visit, now = self._visit(folder, session), self._uptime()
        if visit.uptime is not None and visit.uptime.boot == now.boot != "":
            return max(int(now.seconds - visit.uptime.seconds), 0)
        return min(max(int(self._folders.wall() - visit.taken.timestamp()), 0), 86_400)

    def dated(self, folder: Path, entry: Entry) -> Entry:
        """Return *entry* with the true time, if the wall clock was set since the visit; the key stays as it is."""
        try:
            visit = Visit.read(small(self._disk, folder / VISIT))
        except (OSError, ValueError):
            return entry
        taken = self._truly_taken(visit)
        if taken is None or iso(taken) == entry.metadata.get("taken"):
            if taken not in (None, visit.taken):  # whoever dated it may have been killed before it was on the medium
                self._disk.sync_folder(folder)
            return entry
        dated = replace(
            entry,
            metadata={
                **entry.metadata,
                "taken": iso(taken),
                **consents.metadata_of(self._records(folder), taken),
            },
        )
        with refusals_logged("entry.not_dated", entry.session):  # it is sent with the true time all the same
            self._folders.put(folder / ENTRY, dated.written())
        log.info("entry.dated", session=entry.session, taken=iso(taken))
        return dated

    def content(self, folder: Path, product: Product) -> bytes | None:
        """Return what is in the file of *product*; None if that is not what was committed. Raises OSError."""
        file = folder / product.file
        if not readable(self._disk, file) or self._disk.size(file) != product.size:
            return None  # not read, if it is larger: somebody may have put gigabytes there
        content = self._disk.read(file)
        return content if len(content) == product.size and _md5(content) == product.md5 else None

    def damaged(self, folder: Path, entry: Entry | None) -> tuple[str, ...]:
        """Return the files of an entry that are not what was committed; all that there may be if nobody knows what was.

        One at least: somebody has found it damaged. Raises OSError.
        """
        if entry is None:
            return tuple(kind.file for kind in self._kinds)
        found = tuple(product.file for product in entry.products if self.content(folder, product) is None)
        return found or (entry.animation.file,)

    def _product(self, folder: Path, kind: Kind, key: str) -> Product:
        """Return what will be sent of one *kind*; *key* is the animation's."""
        file = folder / kind.file
        self._disk.secure(file)
        content = self._disk.read(file)
        return Product(kind.file, kind.media_type, keys.sibling(key, kind.ending), len(content), _md5(content))

    def _apart(self, folder: Path) -> bool:
        """Return whether the guest's details are apart from the products: as they were, if it was an entry before."""
        before = committed(self._disk, folder)
        if before is not None:
            return before.animation.nameless
        # One that cannot be read any more: what was sent of it may have had the details.
        sent = any(name.startswith(CONFIRMED_BY) for name in self._disk.names(folder))
        return self._linked and not sent

    def _truly_taken(self, visit: Visit) -> datetime | None:
        return visit.truly_taken(self._folders.wall(), self._uptime())

    def _visit(self, folder: Path, session: SessionId) -> Visit:
        with suppress(FileNotFoundError, ValueError):
            return Visit.read(small(self._disk, folder / VISIT))
        log.warning("visit.unreadable", session=session)
        now = self._folders.wall()
        began, ahead = stamp(session), timedelta(seconds=east(now))
        before = committed(self._disk, folder)
        test = before is not None and metadata.is_test(before.metadata)  # a trial does not become a guest's
        try:
            taken = began - ahead if began is not None else datetime.fromtimestamp(int(now), UTC)
        except OverflowError:
            taken, ahead = datetime.fromtimestamp(int(now), UTC), timedelta()
        return Visit(session, self._event, self._booth, taken, east=int(ahead.total_seconds()), test=test)

    def _records(self, folder: Path) -> tuple[ConsentRecord, ...]:
        """Return what the guest of the visit in *folder* said to what was asked; () if nobody can read it."""
        try:
            return tuple(map(ConsentRecord.read, consents_read(small(self._disk, folder / GUEST))))
        except (FileNotFoundError, ValueError):  # what cannot be read of the guest is told where that is read
            return ()

    def _guest(self, folder: Path) -> Guest | None:
        try:
            return guest_read(small(self._disk, folder / GUEST))
        except FileNotFoundError:
            return None
        except ValueError:
            log.warning("guest.unreadable", session=folder.name)
            return None


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
