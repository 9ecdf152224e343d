"""The entries that wait, as one target sees them: what it is to be given next, and what becomes of that.

A target is a place that each visit goes to: the bucket, and whatever comes beside it. It has a queue of its own, and
confirms each product of an entry by itself; what it has confirmed is on the medium, in ``confirmed-TARGET.json`` beside
the products. An entry leaves ``pending/`` when no target lacks anything of it: for ``sent/`` if all have confirmed all
of it, for ``failed/`` if one of them never will. Only then are its frames let go.

The law: what a target has confirmed it is not given again, not even when that was made anew since.
"""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from booth.core.visit import SessionId
from booth.errors import OutboxError
from booth.outbox import places
from booth.outbox.consents import ConsentTexts
from booth.outbox.deleting import Deletion
from booth.outbox.details import DETAILS
from booth.outbox.entries import Entries
from booth.outbox.entry import Entry, note_written
from booth.outbox.folders import Folders, refusals_logged
from booth.outbox.places import DAMAGED, ENTRY, FAILED, OPEN, PENDING, SENT, committed
from booth.ports import Parcel

log = structlog.get_logger()


class DamagedError(OutboxError):
    """What is on the disk is not what was committed: the entry cannot be sent as it is."""


class UnconfirmedError(OutboxError):
    """What the bucket confirmed is not what is on the disk."""


@dataclass(frozen=True)
class Due:
    """What a target is to be given next of an entry."""

    parcel: Parcel
    tells: bool
    """Whether it is the animation: with it the guest has what was promised, whatever else follows."""
    last: bool
    """Whether the target has all of the entry with this one."""
    linked: Entry | None
    """The entry, if a link may lead to it then: this is the animation, and who has the link learns no name."""


@dataclass
class Filing:
    """What the queues of an outbox have in common."""

    targets: Sequence[str]
    """All there are; the first is the one that guests are told of."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while something becomes of an entry: several queues may have to do with it."""
    refused: dict[SessionId, dict[str, str]] = field(default_factory=dict)
    """Why a target will never take an entry, by target, while others may. Not on the medium: it is asked again."""


class Queue:
    """What one target is still to be given. One thread's; other targets' queues may be others'."""

    def __init__(
        self,
        target: str,
        folders: Folders,
        entries: Entries,
        deleting: Deletion,
        filing: Filing,
        texts: ConsentTexts | None = None,
    ) -> None:
        """Nothing is asked of the disk yet."""
        self.target = target
        self._folders = folders
        self._disk = folders.disk
        self._entries = entries
        self._deleting = deleting
        self._filing = filing
        self._texts = texts
        self.leads = target == filing.targets[0]
        """Whether it is the one that guests are told of. What concerns the outbox as a whole is its business."""
        self._known: set[SessionId] = set()
        """The entries of which the target lacked something when it was looked last. Nobody looks at each again."""

    def text(self) -> Parcel | None:
        """Return a text that guests were asked to agree to and that the target lacks; None if it has all of them.

        Never raises: one that the disk does not give is asked for again.
        """
        found: list[Parcel | None] = [None]
        with refusals_logged("consent.not_read", self.target):
            found = [self._texts.due(self.target) if self._texts is not None else None]
        return found[0]

    def text_confirmed(self, text: Parcel) -> None:
        """Take note that the target has a *text*, or will never take it. Never raises."""
        with refusals_logged("consent.not_noted", self.target):
            if self._texts is not None:
                self._texts.confirmed(self.target, text)

    def pending(self) -> tuple[SessionId, ...]:
        """Return the entries that are to be sent there, oldest first."""
        there = self._folders.sessions(PENDING)
        self._known.intersection_update(there)
        with self._folders.refusals("cannot be read"):
            for session in there:
                if session not in self._known and not self._has_all(session):
                    self._known.add(session)
                elif session not in self._known:  # there may have been another target, which lacked something of it
                    self._settle(session)
        return tuple(s for s in there if s in self._known and self.target not in self._filing.refused.get(s, ()))

    def waits(self, session: SessionId) -> bool:
        """Return whether the entry is still to be sent there. Costs the same however many there are."""
        with self._folders.refusals("cannot be read"):
            if not self._disk.is_folder(self._folders.of(PENDING, session)):
                return False
            return self.target not in self._filing.refused.get(session, ()) and not self._has_all(session)

    def set_aside(self) -> tuple[SessionId, ...]:
        """Return the entries that a person has to look at, oldest first; of all queues only one tells."""
        return self._folders.sessions(FAILED) if self.leads else ()

    def due(self, session: SessionId) -> Due:
        """Return what the target is to be given next. Raises `DamagedError` if that is not what was committed."""
        folder = self._folders.of(PENDING, session)
        with self._folders.refusals("cannot be read"):
            entry = committed(self._disk, folder)
            had = self._had(folder)
            lacks = [product for product in entry.products if product.file not in had] if entry is not None else []
            # Whose picture is there, is known there; then the animation, for which the guest waits.
            lacks.sort(key=lambda product: product.file != DETAILS.file)
            content = self._entries.content(folder, lacks[0]) if lacks else None
        if entry is None:
            raise DamagedError(f"{ENTRY} in {folder} is missing or cannot be read")
        if not lacks:
            raise OutboxError(f"the entry {session} has been confirmed, and is still in {PENDING}/; look at the disk")
        product, last = lacks[0], len(lacks) == 1
        if content is None:
            raise DamagedError(f"{product.file} in {folder} is missing, or not what was committed")
        with self._filing.lock:  # whoever dates it writes it
            metadata = self._entries.dated(folder, entry).carried(product)
        parcel = Parcel(product.key, product.media_type, content, product.md5, metadata)
        tells = product == entry.animation
        return Due(parcel, tells, last, entry if tells and entry.linkable else None)

    def parcel(self, session: SessionId) -> Parcel:
        """Return what the target is to be given next, as `due` does."""
        return self.due(session).parcel

    def confirm(self, session: SessionId, key: str, etag: str) -> bool:
        """Note that the target has confirmed *etag* of what it was given under *key*; return whether it has all now.

        If none lacks anything, the entry moves to ``sent/``, and its frames go. Raises `UnconfirmedError`, and notes
        nothing, if *etag* is not that of the product.
        """
        with self._folders.refusals("does not take the confirmation"), self._filing.lock:
            all_of_it, filed = self._confirm(session, key, etag)
        if self.leads:
            self._deleting.vouch()
        if filed:
            self._deleting.confirmed(session)
        return all_of_it

    def refuse(self, session: SessionId, why: str) -> None:
        """Note that the target will never take the entry; *why* is for a person, and names no guest.

        It moves to ``failed/`` as soon as no other target lacks anything of it.
        """
        folder = self._folders.of(PENDING, session)
        with self._folders.refusals("does not let the entry be set aside"), self._filing.lock:
            refused = {**self._filing.refused.get(session, {}), self.target: why}
            if self._all_done(folder, committed(self._disk, folder), refused):
                self._set_aside(folder, session, refused)
            else:
                self._filing.refused[session] = refused

    def mend(self, session: SessionId, why: str) -> bool:
        """Make a damaged entry an open visit again, if its frames are there, so that what is damaged is made anew.

        Otherwise, and the second time, it goes to ``failed/``. Return whether it can be mended.
        """
        folder, target = self._folders.of(PENDING, session), self._folders.of(OPEN, session)
        with self._folders.refusals("does not let the entry be mended"), self._filing.lock:
            if len(self._filing.targets) > 1 and not self._disk.is_folder(folder):
                return True  # another queue has found the same
            self._filing.refused.pop(session, None)
            files = self._entries.damaged(folder, committed(self._disk, folder))
            damaged = [file for file in files if self._disk.is_file(folder / file)]
            again = any(self._disk.exists(folder / f"{file}{DAMAGED}") for file in damaged)
            if again or not places.frames(self._disk, folder):
                self._folders.set_aside(folder, why)
                return False
            for file in damaged:
                self._disk.rename(folder / file, folder / f"{file}{DAMAGED}")
            self._disk.sync_folder(folder)  # before it is open: there, what has been made is taken to be whole
            self._folders.move(folder, target)
            self._disk.sync_folder(target.parent)
        return True

    def attempts(self, session: SessionId) -> int:
        """Return how often putting the entry there has failed; 0 if nobody knows."""
        return places.attempts(self._disk, self._folders.of(PENDING, session), self._state)

    def attempted(self, session: SessionId) -> int:
        """Count one more failed attempt, on the medium if the disk will take it; return the new number."""
        attempts = self.attempts(session) + 1
        with refusals_logged("attempt.not_noted", session):
            file = self._folders.of(PENDING, session) / places.attempts_file(self._state)
            self._folders.put(file, note_written({"attempts": attempts}))
        return attempts

    def tidy(self) -> None:
        """Delete what need not be kept any longer, once for all queues. Raises OutboxError."""
        if self.leads:
            with self._folders.refusals("cannot be tidied"):
                self._deleting.tidy()

    # ---- inside

    @property
    def _state(self) -> str:
        """The target in the name of its attempts' file: the first has had none since before there were others."""
        return "" if self.leads else self.target

    def _had(self, folder: Path) -> Mapping[str, str]:
        return places.confirmed_by(self._disk, folder, self.target)

    def _has_all(self, session: SessionId) -> bool:
        """Return whether the target has all of an entry. What cannot be read is not known to be there."""
        folder = self._folders.of(PENDING, session)
        with suppress(OSError):
            had = self._had(folder)
            entry = committed(self._disk, folder) if had else None
            return entry is not None and {product.file for product in entry.products} <= had.keys()
        return False

    def _confirm(self, session: SessionId, key: str, etag: str) -> tuple[bool, bool]:
        """Note a confirmation; return whether the target has all of the entry, and whether that is in ``sent/`` now."""
        folder = self._folders.of(PENDING, session)
        if not self._disk.is_folder(folder):
            folder = self._folders.of(OPEN, session)  # another queue found it damaged while this was on its way
        if not self._disk.is_folder(folder):
            self._disk.sync_folder(self._folders.root / SENT)  # it may have been the syncing that failed the last time
            return True, True
        entry = committed(self._disk, folder)
        product = next((product for product in entry.products if product.key == key), None) if entry else None
        if entry is None or product is None or product.md5 != etag:
            raise UnconfirmedError(f"the bucket confirmed something else than what is in {folder}; it is kept")
        had = {**self._had(folder), product.file: etag}
        all_of_it = {each.file for each in entry.products} <= had.keys()
        refused = self._filing.refused.get(session, {})
        done = all_of_it and folder.parent.name == PENDING and self._all_done(folder, entry, refused)
        if not done or refused:
            self._folders.put(folder / places.confirmed_file(self.target), note_written(had))
        if all_of_it:
            self._known.discard(session)
        if done and refused:
            self._set_aside(folder, session, refused)
        elif done:
            self._file(folder, session)
        return all_of_it, done and not refused

    def _all_done(self, folder: Path, entry: Entry | None, refused: dict[str, str]) -> bool:
        """Return whether no other target lacks anything of an entry that it may ever take."""
        others = [target for target in self._filing.targets if target != self.target and target not in refused]
        files = {product.file for product in entry.products} if entry is not None else {""}
        return all(files <= places.confirmed_by(self._disk, folder, target).keys() for target in others)

    def _settle(self, session: SessionId) -> None:
        """File an entry of which the target has all, if the others have, too."""
        folder = self._folders.of(PENDING, session)
        with refusals_logged("entry.not_filed", session):
            with self._filing.lock:
                entry = committed(self._disk, folder)
                if entry is None or not self._all_done(folder, entry, {}):
                    return
                self._file(folder, session)
            self._deleting.confirmed(session)

    def _file(self, folder: Path, session: SessionId) -> None:
        """Move an entry to ``sent/``. Raises OSError."""
        target = self._folders.of(SENT, session)
        if self._disk.is_folder(target):  # somebody's: this one is confirmed, and would be sent for ever
            self._folders.displace(target)
        self._folders.move(folder, target)
        self._disk.sync_folder(target.parent)

    def _set_aside(self, folder: Path, session: SessionId, refused: dict[str, str]) -> None:
        whys = [why if len(self._filing.targets) == 1 else f"{target}: {why}" for target, why in refused.items()]
        self._folders.set_aside(folder, "; ".join(whys))
        self._filing.refused.pop(session, None)
