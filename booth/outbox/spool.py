"""The outbox on disk: one folder per visit, moved by rename.

::

    open/ID       the visit is going on, or was cut short: visit.json, frame-N.jpg, guest.json, animation.gif
    pending/ID    committed: entry.json says what will be sent, under which key; it will be, once
    sent/ID       confirmed by the bucket; the frames are gone, the rest is kept for keep_days
    failed/ID     the bucket will never take it as it is, or it is damaged; failure.json says why
    */ID.gone     being deleted; what a power cut leaves of it goes at the next start

A visit is ours from the moment it is in ``pending/``; what is in ``sent/`` was confirmed; only that, and what a guest
wants deleted, is ever deleted. Whatever is found there that we did not make is left alone. To have a failed entry
tried again, move its folder back to ``pending/``.
"""

import contextlib
import errno
import hashlib
import math
import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Self

import structlog

from booth import RELEASED
from booth.core.visit import Guest, SessionId
from booth.disk import Disk, RealDisk, beside, put
from booth.errors import OutboxError
from booth.outbox import keys, metadata, places
from booth.outbox.entry import DRIFT, Entry, Product, Visit, guest_read, guest_written, iso, note_written
from booth.outbox.ids import east, stamp
from booth.outbox.places import (
    ANIMATION,
    ATTEMPTS,
    CONDEMNED,
    CONFIRMED,
    ENTRY,
    FAILED,
    FAILURE,
    FOLDERS,
    GUEST,
    MOST_FRAMES,
    OPEN,
    PENDING,
    SENT,
    VISIT,
    committed,
    condemned,
    readable,
    small,
)
from booth.ports import GIF, Kind, Parcel, Uptime
from booth.units import Seconds

_PART = ".part"
"""At the end of a name: not whole yet."""
_GONE = ".gone"
"""At the end of a folder's name: being deleted. What a power cut leaves of it is deleted at the next start."""
_PROBE = ".probe"
_PROBED = b"booth" * 800
"""Enough to need a block of its own, on any file system."""
_DAMAGED = "animation.gif.damaged"
_FRAME = re.compile(r"frame-([1-9][0-9]*)\.jpg", re.ASCII)

_MOST_TOLD = 20
"""Of so many foreign things in a folder each is told; of others, how many there are."""

RESERVE = 100
"""While so many visits are there that may be deleted to make room, a disk that is nearly full has room enough."""

_DAY = 86400.0
_MB = 1_000_000

log = structlog.get_logger()


class DamagedError(OutboxError):
    """What is on the disk is not what was committed: the entry cannot be sent as it is."""


class UnconfirmedError(OutboxError):
    """What the bucket confirmed is not what is on the disk."""


class Spool:
    """The outbox. Fulfils `booth.ports.Outbox`; the uploader has a few methods of its own at the end.

    May be used by several threads at once. Those that change an open visit take turns, those that delete confirmed ones
    too; what an entry's own uploader does to it is one thread's.
    """

    def __init__(
        self,
        directory: Path,
        *,
        event: str,
        booth: str,
        key_template: str,
        wall: Callable[[], float],
        min_free_mb: int,
        keep_days: float,
        uptime: Callable[[], Uptime] = lambda: Uptime("", Seconds(0.0)),
        time_known: Callable[[], bool] = lambda: False,
        kinds: Sequence[Kind] = (GIF,),
        disk: Disk | None = None,
    ) -> None:
        """Make the folders, lock them for this booth, and finish what a power cut interrupted.

        *wall* and *uptime* are a clock's (`booth.ports.Clock`); without an *uptime* no wrong time is ever mended.
        *time_known* says whether somebody vouches for the wall clock; unless it is so, nothing is deleted for its age.
        *kinds* are those of what is made of a visit, the animation first; what is there of them when a visit is
        committed is sent.

        Raises OutboxError if the disk refuses or another booth uses the folder, ValueError for a key template that
        makes no keys.
        """
        self._template = keys.unique(key_template)
        for kind in kinds:
            keys.unique(keys.sibling(self._template, kind.ending))
        self._root = directory
        self._event = event
        self._booth = booth
        self._wall = wall
        self._uptime = uptime
        self._time_known = time_known
        self._kinds = tuple(kinds)
        self._vouched: tuple[float, Uptime] | None = None
        """What the wall clock showed when the bucket confirmed something last: a wrong signature would be refused."""
        self._min_free = min_free_mb * _MB
        self._keep = keep_days * _DAY
        self._disk: Disk = RealDisk() if disk is None else disk
        self._turns = threading.Lock()  # held while an open visit changes
        self._sweeping = threading.Lock()  # held while a confirmed entry is deleted, or the disk is probed
        self._condemned: set[SessionId] = set()
        """Open visits that are to be deleted, and are not yet. Whatever the disk says, they are not finished."""
        self._unkept: set[Path] = set()
        """Frames that have their name, and that the disk would not promise to keep: the guest is told there is none."""
        self._reported: set[Path] = set()
        self._untold: list[Path] = []
        self._shapeless: dict[str, set[str]] = {place: set() for place in FOLDERS}
        """By folder, names that no visit can have: nobody looks at them again."""
        self._known: dict[str, frozenset[str]] = {}
        """By folder: what was in it when it was listed last, and is a visit. Nobody looks at each of them again."""
        self._asked: dict[SessionId, bool] = {}
        """Whether the guest of a committed visit agreed to have it shown; nothing changes that any more."""
        self._unlock: Callable[[], None] | None = None
        try:
            with self._refusals("cannot be opened"):
                self._make_folders()
                self._recall_condemned()
                self._finish_deleting()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another booth have the folder. May be called twice."""
        unlock, self._unlock = self._unlock, None
        if unlock is not None:
            unlock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- a visit, as the workers see it

    def open(self, session: SessionId) -> None:
        """Make the folder of a new visit, with what is known about it (event, time), on the medium."""
        if stamp(session) is None:
            raise ValueError(f"{session!r} is not a session id")
        self._demand_room()
        with self._refusals("does not take a new visit"):
            folder = self._folder(OPEN, session)
            self._mkdir(folder)
            now = datetime.fromtimestamp(int(self._wall()), UTC)
            visit = Visit(session, self._event, self._booth, now, self._uptime(), east(now.timestamp()))
            self._put(folder / VISIT, visit.written())
            self._disk.sync_folder(folder.parent)

    def shot(self, session: SessionId, shot: int) -> Path:
        """Return where the camera may write frame *shot* before it is kept. The folder exists or the visit is over."""
        return self._folder(OPEN, session) / f"frame-{shot}.jpg{_PART}"

    def keep(self, session: SessionId, shot: int) -> Path:
        """Put what the camera wrote to `shot` on the medium under its final name, and return that."""
        written = self.shot(session, shot)
        frame = written.with_name(written.name.removesuffix(_PART))
        with self._turns, self._refusals("does not take a frame"):
            self._respect(session)
            self._disk.secure(written)
            self._disk.sync(written)
            self._unkept.add(frame)
            self._disk.rename(written, frame)
            self._disk.sync_folder(frame.parent)
            self._unkept.discard(frame)
        return frame

    def frames(self, session: SessionId) -> tuple[Path, ...]:
        """Return the frames that were kept, in order, `MOST_FRAMES` at most; () if the visit is not open."""
        with self._refusals("cannot be read"):
            return self._frames(self._folder(OPEN, session)) if session not in self._condemned else ()

    def animation(self, session: SessionId) -> Path:
        """Return where the animation of an open visit belongs."""
        return self._folder(OPEN, session) / ANIMATION

    def has_animation(self, session: SessionId) -> bool:
        """Return whether the animation of an open visit is there, whole."""
        with self._refusals("cannot be read"):
            return session not in self._condemned and readable(self._disk, self.animation(session))

    def note(self, session: SessionId, guest: Guest | None) -> None:
        """Put the guest's details on the medium. That there are none is what no file says.

        Details that are there are not replaced by none: they were promised to be kept.
        """
        with self._turns, self._refusals("does not take the guest's details"):
            self._respect(session)
            if guest is not None:
                self._put(self._folder(OPEN, session) / GUEST, guest_written(guest))

    def commit(self, session: SessionId) -> None:
        """Move a visit with an animation from ``open/`` to ``pending/``: from now on it will be sent, once.

        A visit that was committed before stays where it is.
        """
        folder, target = self._folder(OPEN, session), self._folder(PENDING, session)
        with self._turns, self._refusals("does not take the visit"):
            self._respect(session)
            if not self._disk.is_folder(folder):
                if not any(self._disk.is_folder(self._folder(place, session)) for place in (PENDING, SENT, FAILED)):
                    raise OutboxError(f"there is no visit {session} in {self._root}; it may have been deleted")
            else:
                if not readable(self._disk, folder / ANIMATION):
                    raise OutboxError(f"the visit {session} has no animation yet; make it, then commit again")
                self._put(folder / ENTRY, self._entry(folder, session).written())
                try:
                    self._move(folder, target)
                except OSError as exc:
                    if exc.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                        raise
                    self._set_aside(folder, f"there is another visit of that name in {PENDING}/", anyhow=True)
            self._disk.sync_folder(target.parent)  # also when it was renamed before, and only this has failed

    def condemn(self, session: SessionId) -> None:
        """Put on the medium that an open visit is to be deleted: from now on nothing finishes or sends it.

        Quick: the deleting itself is `discard`'s. No error if there is no such visit. When the disk refuses, too,
        nothing finishes or sends it for as long as this process lives.
        """
        with self._turns, self._refusals("does not let the visit be deleted"):
            self._condemn(session)

    def discard(self, session: SessionId) -> None:
        """Delete an open or condemned visit, whole. No error if there is none.

        After a cut, or when the disk refuses, it is condemned and the rest goes later: when this is called again, with
        the next `tidy`, at the next start. Nothing is deleted before it is on the medium that all of it is to go.
        """
        with self._turns, self._refusals("does not let the visit be deleted"):
            self._discard(session)

    def give_up(self, session: SessionId) -> None:
        """End an open visit that has neither a frame nor an animation: nothing of it is left.

        Unless there is more in its folder than the booth puts there before the first frame: then frames were lost, or
        somebody keeps things there, and it goes to ``failed/`` as it is.
        """
        folder = self._folder(OPEN, session)
        with self._turns, self._refusals("does not let the visit be given up"):
            self._respect(session)
            names = self._disk.names(folder) if self._disk.is_folder(folder) else ()
            if all(name == VISIT or name.endswith(_PART) or folder / name in self._unkept for name in names):
                self._discard(session)
            else:
                self._set_aside(folder, "its frames are gone; what is left is here")

    def unfinished(self) -> tuple[SessionId, ...]:
        """Return the visits that are open and not condemned, oldest first: those that a power cut left behind."""
        return tuple(session for session in self._sessions(OPEN) if session not in self._condemned)

    def check(self) -> None:
        """Find out whether the disk would take another visit: there is room for it, and a small file can be written.

        Makes room, if it must, where nothing is lost by it. Raises OutboxError that says what to do.
        """
        self._demand_room()
        probe = self._root / _PROBE
        with self._refusals("does not take a small file"), self._sweeping:
            try:
                self._make_way(probe)
                self._disk.write(probe, _PROBED)
                self._disk.sync(probe)
            except OSError:
                with contextlib.suppress(OSError):
                    self._disk.unlink(probe)
                raise
            self._disk.unlink(probe)

    def room(self) -> bool:
        """Return whether there is room for another visit. Makes room, if it must, where nothing is lost by it."""
        with self._refusals("cannot say how much room there is"):
            if self._disk.free(self._root) >= self._min_free:
                return True
            for session in self._sessions(SENT):
                with self._sweeping, self._shrugging("entry.not_purged", session):
                    self._purge(session)
                if self._disk.free(self._root) >= self._min_free:
                    return True
        return False

    def low(self) -> bool:
        """Return whether somebody should make room soon: little is left, and little there that `room` may delete."""
        with self._refusals("cannot say how much room there is"):
            if self._disk.free(self._root) >= 2 * self._min_free:
                return False
            return len(self._sessions(SENT)) < RESERVE

    def counts(self) -> dict[str, int]:
        """Return how many entries are in ``open``, ``pending``, ``sent`` and ``failed``."""
        return {place: len(self.unfinished() if place == OPEN else self._sessions(place)) for place in FOLDERS}

    def newest(self) -> SessionId | None:
        """Return the newest session of all that are here; None if there is none."""
        return max((session for place in FOLDERS for session in self._sessions(place)), default=None)

    # ---- an entry, as the invitation sees it

    def agreed(self) -> Iterator[tuple[SessionId, Path]]:
        """Yield the visits of this event whose guests agreed to have them shown, newest first, each with its animation.

        Committed ones only, sent or not. One thread's. Raises OutboxError.
        """
        with self._refusals("cannot be read"):
            # In the order in which an entry moves: one that moves meanwhile is found in one of the two, if not in both.
            found = dict.fromkeys(self._disk.names(self._root / PENDING), PENDING)
            found |= dict.fromkeys(self._disk.names(self._root / SENT), SENT)
            self._asked = {session: yes for session, yes in self._asked.items() if session in found}
            for name in sorted(found, reverse=True):
                session = SessionId(name)
                if session not in self._asked and stamp(name) is None:
                    continue
                folder = self._folder(found[name], session)
                if self._may_be_shown(folder, session):
                    yield session, folder / ANIMATION

    # ---- an entry, as the uploader sees it

    def pending(self) -> tuple[SessionId, ...]:
        """Return the entries that are to be sent, oldest first."""
        return self._sessions(PENDING)

    def waits(self, session: SessionId) -> bool:
        """Return whether the entry is still to be sent. Costs the same however many there are."""
        with self._refusals("cannot be read"):
            return self._disk.is_folder(self._folder(PENDING, session))

    def set_aside(self) -> tuple[SessionId, ...]:
        """Return the entries that a person has to look at, oldest first."""
        return self._sessions(FAILED)

    def waiting(self) -> Iterator[tuple[SessionId, Mapping[str, str]]]:
        """Yield the entries that are to be sent, each with its metadata; what cannot be read is passed over."""
        for session in self.pending():
            with contextlib.suppress(OutboxError), self._refusals("cannot be read"):
                entry = committed(self._disk, self._folder(PENDING, session))
                if entry is not None:
                    yield session, entry.metadata

    def parcel(self, session: SessionId) -> Parcel:
        """Return what has to be put into the bucket. Raises `DamagedError` if that is not what was committed."""
        folder = self._folder(PENDING, session)
        with self._refusals("cannot be read"):
            entry = committed(self._disk, folder)
            # Not one that is larger than it should be: somebody may have put gigabytes there.
            product = entry.animation if entry is not None else None
            content = self._content(folder, product) if product is not None else None
        if entry is None or product is None:
            raise DamagedError(f"{ENTRY} in {folder} is missing or cannot be read")
        if content is None:
            raise DamagedError(f"{product.file} in {folder} is missing, or not what was committed")
        metadata = self._dated(folder, entry).metadata
        return Parcel(product.key, product.media_type, content, product.md5, metadata)

    def _content(self, folder: Path, product: Product) -> bytes | None:
        """Return what is in the file of *product*; None if that is not what was committed."""
        file = folder / product.file
        if not readable(self._disk, file) or self._disk.size(file) != product.size:
            return None  # not read, if it is larger: somebody may have put gigabytes there
        content = self._disk.read(file)
        return content if len(content) == product.size and _md5(content) == product.md5 else None

    def sent(self, session: SessionId, etag: str) -> None:
        """Move an entry to ``sent/``, because the bucket has confirmed *etag*, and let its frames go.

        Raises `UnconfirmedError`, and moves nothing, if *etag* is not that of the animation.
        """
        folder, target = self._folder(PENDING, session), self._folder(SENT, session)
        with self._refusals("does not take the confirmation"):
            if self._disk.is_folder(folder):
                entry = committed(self._disk, folder)
                if entry is None or entry.animation.md5 != etag:
                    raise UnconfirmedError(f"the bucket confirmed something else than what is in {folder}; it is kept")
                if self._disk.is_folder(target):  # somebody's: this one is confirmed, and would be sent for ever
                    self._yield(target)
                self._move(folder, target)
            self._disk.sync_folder(target.parent)
        self._vouched = self._wall(), self._uptime()
        # Confirmed, whatever happens to the disk now: what is left undone here is done by the next tidy().
        with self._sweeping, self._shrugging("entry.not_tidied", session):
            if self._keep <= 0:
                self._purge(session)
            else:
                self._tidy_sent(session)

    def failed(self, session: SessionId, why: str) -> None:
        """Move an entry to ``failed/``; *why* is for a person, and names no guest."""
        with self._refusals("does not let the entry be set aside"):
            self._set_aside(self._folder(PENDING, session), why)

    def mend(self, session: SessionId, why: str) -> bool:
        """Make a damaged entry an open visit again, if its frames are there, so that the animation is made anew.

        Otherwise, and the second time, it goes to ``failed/``. Return whether it can be mended.
        """
        folder, target = self._folder(PENDING, session), self._folder(OPEN, session)
        with self._refusals("does not let the entry be mended"):
            there = self._disk.is_file(folder / ANIMATION)
            if not self._frames(folder) or (there and self._disk.exists(folder / _DAMAGED)):
                self.failed(session, why)
                return False
            if there:
                self._disk.rename(folder / ANIMATION, folder / _DAMAGED)
            self._disk.sync_folder(folder)  # before it is open: there, an animation is taken to be whole
            self._move(folder, target)
            self._disk.sync_folder(target.parent)
        return True

    def attempts(self, session: SessionId) -> int:
        """Return how often putting the entry into the bucket has failed; 0 if nobody knows."""
        return places.attempts(self._disk, self._folder(PENDING, session))

    def attempted(self, session: SessionId) -> int:
        """Count one more failed attempt, on the medium if the disk will take it; return the new number."""
        attempts = self.attempts(session) + 1
        with self._shrugging("attempt.not_noted", session):
            self._put(self._folder(PENDING, session) / ATTEMPTS, note_written({"attempts": attempts}))
        return attempts

    def tidy(self) -> None:
        """Delete what was confirmed more than ``keep_days`` ago, and what should have gone before and did not.

        By a clock of which nobody knows that it is right nothing is that old.
        Raises OutboxError if the disk refuses, after it has been asked for each of them.
        """
        now, known, refusals = self._wall(), self._knows_the_time(), []
        with self._refusals("cannot be tidied"):
            self._finish_deleting()
            for session in self._sessions(SENT):
                try:
                    with self._sweeping:
                        # Not by the date if nothing is to be kept: the clock may have been set back.
                        old = self._keep <= 0 or now - self._tidy_sent(session, known=known) >= self._keep
                        if old and (known or self._keep <= 0):
                            self._purge(session)
                except OSError as exc:
                    refusals.append(exc)
            if refusals:
                raise refusals[0]

    # ---- inside

    def _folder(self, place: str, session: SessionId) -> Path:
        return self._root / place / session

    def _make_folders(self) -> None:
        if not self._disk.exists(self._root.parent):
            # Not made: where a stick or a disk is not in, that would be on another one, and seem to be well.
            raise OutboxError(
                f"the outbox {self._root} cannot be made, for {self._root.parent} is not there: if that is on another "
                "disk, mount it; else make the folder, or correct outbox.dir"
            )
        missing = [] if self._disk.exists(self._root) else [self._root]
        for folder in missing:
            self._mkdir(folder)
        try:
            self._make_way(self._root / ".lock")
            self._unlock = self._disk.lock(self._root / ".lock")
        except BlockingIOError as exc:
            raise OutboxError(
                f"another booth is using the outbox {self._root}; stop it, or give this one another folder"
            ) from exc
        for place in FOLDERS:
            try:
                self._mkdir(self._root / place)
            except NotADirectoryError:
                self._clear(self._root / place)
                self._mkdir(self._root / place)
        # Not only what was made now: whoever made or moved something before may have been killed before this.
        for folder in missing:
            self._disk.sync_folder(folder.parent)
        if not missing:
            with contextlib.suppress(PermissionError):  # a folder that we may not look into is not where we made one
                self._disk.sync_folder(self._root.parent)
        for folder in (self._root, self._root / OPEN, self._root / SENT):
            self._disk.sync_folder(folder)

    def _mkdir(self, folder: Path) -> None:
        try:
            self._disk.mkdir(folder)
        except FileNotFoundError as exc:
            if not self._disk.exists(folder.parent):
                raise  # it has the right words
            raise OutboxError(
                f"the folder {folder} cannot be made; see that {folder.parent} is a folder on a disk, that the disk is "
                f"mounted, and that no link there leads nowhere"
            ) from exc

    def _recall_condemned(self) -> None:
        """Remember which open visits an earlier run could only mark as condemned."""
        for session in self._sessions(OPEN):
            with self._shrugging("visit.not_read", session):  # it keeps no booth from starting
                if condemned(self._disk, self._folder(OPEN, session)):
                    self._condemned.add(session)

    def _finish_deleting(self) -> None:
        """Delete what should have been deleted before, as far as the disk will have it."""
        for session in tuple(self._condemned):
            with self._turns, self._shrugging("deletion.not_finished", session):
                self._discard(session)
        for place in FOLDERS:
            for name in self._disk.names(self._root / place):
                folder = self._root / place / name
                with self._turns, self._sweeping, self._shrugging("deletion.not_finished", name):
                    if self._gone(folder):
                        self._wipe(folder)
                    elif place == SENT and self._marked(folder):
                        self._delete(folder)

    def _gone(self, folder: Path) -> bool:
        ours = folder.name.endswith(_GONE) and stamp(folder.name.removesuffix(_GONE)) is not None
        return ours and self._disk.is_folder(folder)

    def _marked(self, folder: Path) -> bool:
        ours = stamp(folder.name) is not None and self._disk.is_folder(folder)
        # The mark is the last to go: an empty folder had one.
        return ours and (condemned(self._disk, folder) or not self._disk.names(folder))

    def _respect(self, session: SessionId) -> None:
        """Raise OutboxError if the visit is condemned. The disk is asked, too: at the start it may have been mute."""
        if session in self._condemned or condemned(self._disk, self._folder(OPEN, session)):
            raise OutboxError(f"the visit {session} is being deleted, as its guest wished; nothing is added to it")

    def _demand_room(self) -> None:
        if not self.room():
            raise OutboxError(
                f"there is less than {self._min_free // _MB} MB left in {self._root} and nothing there that may be "
                f"deleted; bring the booth online, or make room on the disk"
            )

    def _set_aside(self, folder: Path, why: str, *, anyhow: bool = False) -> None:
        """Move *folder* to ``failed/``; *anyhow*, under another name, if there is one of that name already."""
        with self._shrugging("failure.not_noted", folder.name):
            self._put(folder / FAILURE, note_written({"why": why, "when": self._date()}))
        target = self._root / FAILED / folder.name
        if anyhow and self._disk.is_folder(target):
            target = target.with_name(f"{folder.name}.{secrets.token_hex(4)}")
        self._move(folder, target)
        self._disk.sync_folder(target.parent)
        log.error("entry.set_aside", session=folder.name, why=why)

    def _sessions(self, place: str) -> tuple[SessionId, ...]:
        """Return the visits in *place*, oldest first. What is none of ours is told about once, and left alone."""
        folder, known = self._root / place, self._known.get(place, frozenset())
        with self._refusals("cannot be read"):
            foreign = self._shapeless[place]
            names = [name for name in self._disk.names(folder) if name not in foreign]
            ours = [name for name in names if name in known or self._ours(folder / name)]
        self._known[place] = frozenset(ours)
        self._tell_foreign(place)
        return tuple(map(SessionId, ours))

    def _ours(self, folder: Path) -> bool:
        """Return whether *folder* is that of a visit. What is none will be told about once."""
        if stamp(folder.name) is None:
            self._shapeless[folder.parent.name].add(folder.name)
        elif self._disk.is_folder(folder):
            return True
        if not folder.name.endswith(_GONE) and folder not in self._reported:
            self._reported.add(folder)
            self._untold.append(folder)
        return False

    def _tell_foreign(self, place: str) -> None:
        foreign, self._untold = self._untold, []
        for path in foreign[:_MOST_TOLD]:
            log.warning("outbox.foreign", path=_shown(path))
        if len(foreign) > _MOST_TOLD:
            log.warning("outbox.foreign", path=str(self._root / place), more=len(foreign) - _MOST_TOLD)

    def _frames(self, folder: Path) -> tuple[Path, ...]:
        if not self._disk.is_folder(folder):
            return ()
        numbered = [(int(match[1]), name) for name in self._disk.names(folder) if (match := _FRAME.fullmatch(name))]
        frames = (folder / name for _, name in sorted(numbered))
        kept = (frame for frame in frames if frame not in self._unkept and readable(self._disk, frame))
        return tuple(islice(kept, MOST_FRAMES))

    def _move(self, folder: Path, target: Path) -> None:
        """Give a visit's *folder* the name *target*, where something that is no folder may lie: it makes way."""
        self._clear(target)
        self._disk.rename(folder, target)

    def _clear(self, place: Path) -> None:
        """Have what somebody has put where a folder of ours belongs make way, unless it is one."""
        if not self._disk.is_folder(place) and (self._disk.is_file(place) or self._disk.in_the_way(place)):
            self._yield(place)

    def _make_way(self, file: Path) -> None:
        """Have what somebody has put where a file of ours belongs make way."""
        if self._disk.in_the_way(file):
            self._yield(file)

    def _yield(self, foreign: Path) -> None:
        """Give what somebody has put where something of ours belongs another name. It keeps what it holds."""
        log.warning("outbox.foreign", path=_shown(foreign))
        self._disk.rename(foreign, foreign.with_name(f"{foreign.name}.{secrets.token_hex(4)}"))

    def _put(self, file: Path, content: bytes) -> None:
        """Put *content* on the medium as *file*, whole or not at all; an earlier file stays until then."""
        for path in (beside(file), file):
            self._make_way(path)
        put(self._disk, file, content)

    def _entry(self, folder: Path, session: SessionId) -> Entry:
        """Return what will be sent of the open visit in *folder*. It is on the medium: so the port says."""
        visit = self._visit(folder, session)
        values = {
            "event": visit.event,
            "booth": visit.booth,
            "session": session,
            "taken": iso(self._truly_taken(visit) or visit.taken),
            "consent": "no",
        }
        guest = self._guest(folder)
        if guest is not None:
            values |= {"name": guest.name, "email": guest.email, "consent": "yes" if guest.consent else "no"}
        # By the time as it was noted: a visit that is committed again gets the same key, whatever the clock says then.
        taken = visit.taken_here
        key = keys.object_key(self._template, event=visit.event, booth=visit.booth, session=session, taken=taken)
        encoded = metadata.encode({name: value for name, value in values.items() if value})
        made = (kind for kind in self._kinds if readable(self._disk, folder / kind.file))
        return Entry(session, encoded, tuple(self._product(folder, kind, key) for kind in made))

    def _product(self, folder: Path, kind: Kind, key: str) -> Product:
        """Return what will be sent of one *kind*; *key* is the animation's."""
        file = folder / kind.file
        self._disk.secure(file)
        content = self._disk.read(file)
        return Product(kind.file, kind.media_type, keys.sibling(key, kind.ending), len(content), _md5(content))

    def _truly_taken(self, visit: Visit) -> datetime | None:
        return visit.truly_taken(self._wall(), self._uptime())

    def _dated(self, folder: Path, entry: Entry) -> Entry:
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
        dated = replace(entry, metadata={**entry.metadata, "taken": iso(taken)})
        with self._shrugging("entry.not_dated", entry.session):  # it is sent with the true time all the same
            self._put(folder / ENTRY, dated.written())
        log.info("entry.dated", session=entry.session, taken=iso(taken))
        return dated

    def _visit(self, folder: Path, session: SessionId) -> Visit:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return Visit.read(small(self._disk, folder / VISIT))
        log.warning("visit.unreadable", session=session)
        now = self._wall()
        began, ahead = stamp(session), timedelta(seconds=east(now))
        try:
            taken = began - ahead if began is not None else datetime.fromtimestamp(int(now), UTC)
        except OverflowError:
            taken, ahead = datetime.fromtimestamp(int(now), UTC), timedelta()
        return Visit(session, self._event, self._booth, taken, east=int(ahead.total_seconds()))

    def _guest(self, folder: Path) -> Guest | None:
        try:
            return guest_read(small(self._disk, folder / GUEST))
        except FileNotFoundError:
            return None
        except ValueError:
            log.warning("guest.unreadable", session=folder.name)
            return None

    def _may_be_shown(self, folder: Path, session: SessionId) -> bool:
        """Return whether a committed visit's guest agreed, and its animation is there. What cannot be read says no."""
        with contextlib.suppress(OSError):
            agreed = self._consented(folder, session) and not condemned(self._disk, folder)
            return agreed and readable(self._disk, folder / ANIMATION)
        return False

    def _consented(self, folder: Path, session: SessionId) -> bool:
        """Return whether a committed visit is of this event, and its guest said yes. What cannot be read says no."""
        if session not in self._asked:
            entry = committed(self._disk, folder)
            if entry is None:
                return False  # for now: it may be on its way to another folder
            facts = metadata.decode(entry.metadata)
            self._asked[session] = facts.get("consent") == "yes" and facts.get("event") == self._event
        return self._asked[session]

    def _knows_the_time(self) -> bool:
        """Return whether the wall clock is right: somebody vouches for it, or did, and nobody has set it since."""
        if self._time_known():
            return True
        if self._vouched is None:
            return False
        (then, uptime), now = self._vouched, self._uptime()
        unset = abs((self._wall() - then) - (now.seconds - uptime.seconds)) <= DRIFT
        return unset and now.boot == uptime.boot != ""

    def _tidy_sent(self, session: SessionId, *, known: bool = False) -> float:
        """Delete the frames of a confirmed entry, date it if it is not, and return the date: seconds since 1970.

        With a clock that is *known* to be right, a date that is still to come is that of one which was not.
        """
        folder = self._folder(SENT, session)
        for name in self._disk.names(folder):
            if (_FRAME.fullmatch(name) or name.endswith(_PART)) and self._disk.is_file(folder / name):
                self._disk.unlink(folder / name)
        now = self._wall()
        dated = places.confirmed_at(self._disk, folder)
        # A date from before this software is that of a clock which was wrong; it counts while no better is known.
        if (dated >= RELEASED or now < RELEASED) and dated > -math.inf and not (known and dated > now + _DAY):
            return dated
        self._put(folder / CONFIRMED, note_written({"at": int(now), "when": self._date()}))
        return now

    def _purge(self, session: SessionId) -> None:
        """Delete a confirmed entry. One that cannot be read was not made by us, and is left alone."""
        folder = self._folder(SENT, session)
        if committed(self._disk, folder) is None:
            if folder not in self._reported:
                self._reported.add(folder)
                log.warning("outbox.foreign", path=_shown(folder))
            return
        self._delete(folder)
        log.info("entry.purged", session=session)

    def _condemn(self, session: SessionId) -> Path | None:
        self._condemned.add(session)
        return self._doom(self._folder(OPEN, session))

    def _discard(self, session: SessionId) -> None:
        doomed = self._condemn(session)
        if doomed is not None:
            self._wipe(doomed)
        else:  # it may have been the syncing that failed the last time
            self._disk.sync_folder(self._root / OPEN)
        self._condemned.discard(session)

    def _delete(self, folder: Path) -> None:
        doomed = self._doom(folder)
        if doomed is not None:
            self._wipe(doomed)

    def _doom(self, folder: Path) -> Path | None:
        """Put on the medium that *folder* is to be deleted, and return where it is now; None if it is not there.

        Raises OSError; then nothing is lost that cannot be made again.
        """
        gone = folder.with_name(folder.name + _GONE)
        try:
            if self._disk.is_folder(folder):
                self._disk.rename(folder, gone)
            elif not self._disk.is_folder(gone):
                return None
            self._disk.sync_folder(gone.parent)
        except OSError:  # a full disk may have no room for a name, where it has some inside the folder
            here = folder if self._disk.is_folder(folder) else gone
            try:
                self._mark(here)
            except OSError:
                for name in self._disk.names(here):
                    if name == ANIMATION or name.endswith(_PART):
                        self._disk.unlink(here / name)
                self._mark(here)
            return here
        return gone

    def _mark(self, folder: Path) -> None:
        if not self._disk.in_the_way(folder / CONDEMNED):  # the name is all that counts, and takes the least room
            self._disk.write(folder / CONDEMNED, b"")
        self._disk.sync_folder(folder)

    def _wipe(self, folder: Path) -> None:
        """Delete a doomed folder: whatever a power cut leaves of it is doomed still."""
        self._empty(folder)
        self._disk.sync_folder(folder.parent)

    def _empty(self, folder: Path) -> None:
        self._flatten(folder)
        names = self._disk.names(folder)
        for name in names:
            if name != CONDEMNED:
                self._disk.unlink(folder / name)
        if CONDEMNED in names:  # the last to go, when nothing of the others can come back
            self._disk.sync_folder(folder)
            self._disk.unlink(folder / CONDEMNED)
        self._disk.rmdir(folder)

    def _flatten(self, folder: Path) -> None:
        """Delete the folders in *folder*, which is doomed, however deep they are in each other: none is ours."""
        waiting = [folder / name for name in self._disk.names(folder) if self._disk.is_folder(folder / name)]
        while waiting:
            inner = waiting.pop()
            for name in self._disk.names(inner):
                if self._disk.is_folder(inner / name):  # up to where a path is short
                    waiting.append(folder / f"{secrets.token_hex(8)}{_GONE}")
                    self._disk.rename(inner / name, waiting[-1])
                else:
                    self._disk.unlink(inner / name)
            self._disk.rmdir(inner)

    def _date(self) -> str:
        return iso(datetime.fromtimestamp(int(self._wall()), UTC))

    @contextlib.contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise OutboxError(f"the outbox {self._root} {what}: {_what_to_do(exc)}") from exc

    @contextlib.contextmanager
    def _shrugging(self, event: str, session: str) -> Iterator[None]:
        """Log what the disk refuses, and go on: for what is good to have and must harm nothing when it is missing."""
        try:
            yield
        except (OSError, OutboxError) as exc:
            log.warning(event, session=session, why=str(exc))


def _shown(path: Path) -> str:
    """Return *path* for a log: a name that somebody else gave may hold anything."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(path))


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _what_to_do(exc: OSError) -> str:
    match exc.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full; make room on it, or use a larger one"
        case errno.EROFS:
            return "the disk is read-only; it may be worn out or badly shut down: restart, then replace it"
        case errno.EIO:
            return "the disk does not read or write; copy what can be copied and replace it"
        case errno.EACCES | errno.EPERM:
            return "this user may not write there; give the folder to the user that runs the booth"
        case errno.ENOENT:
            return f"{exc.filename} is not there; it, or the folder it was in, may have been deleted by hand"
        case errno.ENOTDIR:
            return f"{exc.filename} is no folder, or lies in none; move away what is there, or choose another place"
    return f"{exc.strerror or type(exc).__name__}; look at the disk"
