"""The outbox on disk: one folder per visit, moved by rename.

::

    open/ID       the visit is going on, or was cut short: visit.json, frame-N.jpg, guest.json, animation.gif
    pending/ID    committed: entry.json says what will be sent, under which keys; it will be, once to each target
    sent/ID       confirmed by all of them; the frames are gone, the rest is kept for keep_days, and who the guest is
                  for keep_details_days
    failed/ID     one of them will never take it as it is, or it is damaged; failure.json says why
    */ID.gone     being deleted; what a power cut leaves of it goes at the next start

A visit is ours from the moment it is in ``pending/``; what is in ``sent/`` was confirmed; only that, and what a guest
wants deleted, is ever deleted: see `booth.outbox.deleting`. Whatever is found there that we did not make is left alone.
To have a failed entry tried again, move its folder back to ``pending/``.
"""

import errno
import math
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self

from booth.core.visit import Guest, Purpose, SessionId
from booth.disk import Disk, RealDisk
from booth.errors import OutboxError
from booth.outbox import metadata, places
from booth.outbox.consents import ConsentTexts, Wordings
from booth.outbox.deleting import Deletion
from booth.outbox.entries import Entries
from booth.outbox.entry import guest_written
from booth.outbox.folders import Folders
from booth.outbox.forgetting import Forgetting
from booth.outbox.ids import stamp
from booth.outbox.mounts import Mounts
from booth.outbox.places import (
    ANIMATION,
    ENTRY,
    FAILED,
    FOLDERS,
    GUEST,
    MOST_FRAMES,
    OPEN,
    PART,
    PENDING,
    SENT,
    VISIT,
    committed,
    condemned,
    readable,
)
from booth.outbox.queue import Filing, Queue
from booth.outbox.room import Room
from booth.outbox.sent import Sent
from booth.ports import GIF, Kind, Uptime
from booth.units import Seconds

TARGET = "bucket"
"""The target that guests are told of, if nobody gives it another name."""

_TARGET = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class Spool:
    """The outbox. Fulfils `booth.ports.Outbox`; what is to be sent is in its queues, one for each target.

    May be used by several threads at once. Those that change an open visit take turns, those that delete confirmed ones
    too; a queue is one thread's.
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
        keep_details_days: float = math.inf,
        uptime: Callable[[], Uptime] = lambda: Uptime("", Seconds(0.0)),
        time_known: Callable[[], bool] = lambda: False,
        kinds: Sequence[Kind] = (GIF,),
        linked: bool = False,
        paged: bool = False,
        targets: Sequence[str] = (TARGET,),
        copied: bool = False,
        wordings: Wordings | None = None,
        disk: Disk | None = None,
        mounts: Mounts | None = None,
    ) -> None:
        """Make the folders, lock them for this booth, and finish what a power cut interrupted.

        *wall* and *uptime* are a clock's (`booth.ports.Clock`); without an *uptime* no wrong time is ever mended.
        *time_known* says whether somebody vouches for the wall clock; unless it is so, nothing is deleted for its age.
        *keep_details_days* are for who the guests are, where that is kept for less time than the rest.
        *kinds* are those of what is made of a visit, the animation first; what is there of them when a visit is
        committed is sent. *linked* says that guests are shown links to the animation: what is committed then goes
        without their details, which are an object of their own; *paged*, that the links lead to a page. *targets* are
        the names of where it is sent, the one that guests are told of first. *copied* says that the owner expects the
        bucket's server to make copies: where nothing is to be kept, what was sent waits for them. *wordings* are what
        guests can be asked to agree to. *disk* and *mounts* are this machine's, unless others are given.

        Raises OutboxError if the disk refuses or another booth uses the folder, ValueError for a key template that
        makes no keys, and for names of targets that are none.
        """
        if len({*targets}) != len(targets) or not targets or not all(map(_TARGET.fullmatch, targets)):
            raise ValueError(f"{', '.join(targets)}: targets have names of small letters and digits, each another")
        self._event = event
        self._kinds = tuple(kinds)
        self._disk: Disk = RealDisk() if disk is None else disk
        self._turns = threading.Lock()  # held while an open visit changes
        self._folders = Folders(directory, self._disk, wall, mounts)
        self._entries = Entries(
            self._folders,
            event=event,
            booth=booth,
            key_template=key_template,
            kinds=kinds,
            linked=linked,
            paged=paged,
            uptime=uptime,
        )
        self._deleting = Deletion(
            self._folders,
            keep_days=keep_days,
            keep_details_days=keep_details_days,
            uptime=uptime,
            time_known=time_known,
            turns=self._turns,
            copied=copied,
        )
        self._room = Room(self._folders, self._deleting, min_free_mb=min_free_mb)
        filing = Filing(tuple(targets))
        self._texts = ConsentTexts(self._folders, wordings or {})
        self._queues = {
            target: Queue(target, self._folders, self._entries, self._deleting, filing, self._texts)
            for target in targets
        }
        self._forgetting = Forgetting(self._folders, self._deleting, self._turns, filing.lock)
        self._unkept: set[Path] = set()
        """Frames that have their name, and that the disk would not promise to keep: the guest is told there is none."""
        self._asked: dict[SessionId, bool] = {}
        """Whether the guest of a committed visit agreed to have it shown; nothing changes that any more."""
        self._unlock: Callable[[], None] | None = None
        try:
            with self._folders.refusals("cannot be opened"):
                self._unlock = self._folders.make_folders()
                self._deleting.recall()
                self._forgetting.recall()
                self._deleting.finish_deleting()
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

    def queue(self, target: str | None = None) -> Queue:
        """Return what *target* is still to be given; without a name, the one that guests are told of."""
        return self._queues[target or next(iter(self._queues))]

    def sent(self) -> Sent:
        """Return what was sent, for whoever follows it."""
        return Sent(self._folders, self._deleting)

    # ---- a visit, as the workers see it

    def open(self, session: SessionId, *, test: bool = False) -> None:
        """Make the folder of a new visit, with what is known about it (event, time, *test*), on the medium.

        An operator's trial (*test*) is marked from here on: no frame of it is ever on the medium without the mark.
        """
        if stamp(session) is None:
            raise ValueError(f"{session!r} is not a session id")
        self._room.demand()
        with self._folders.refusals("does not take a new visit"):
            folder = self._folders.of(OPEN, session)
            self._folders.mkdir(folder)
            self._folders.put(folder / VISIT, self._entries.visit(session, test=test).written())
            self._disk.sync_folder(folder.parent)

    def shot(self, session: SessionId, shot: int) -> Path:
        """Return where the camera may write frame *shot* before it is kept. The folder exists or the visit is over."""
        return self._folders.of(OPEN, session) / f"frame-{shot}.jpg{PART}"

    def keep(self, session: SessionId, shot: int) -> Path:
        """Put what the camera wrote to `shot` on the medium under its final name, and return that."""
        written = self.shot(session, shot)
        frame = written.with_name(written.name.removesuffix(PART))
        with self._turns, self._folders.refusals("does not take a frame"):
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
        with self._folders.refusals("cannot be read"):
            there = places.frames(self._disk, self._folders.of(OPEN, session)) if session not in self._deleting else ()
        return tuple(islice((frame for frame in there if frame not in self._unkept), MOST_FRAMES))

    def animation(self, session: SessionId) -> Path:
        """Return where the animation of an open visit belongs."""
        return self._folders.of(OPEN, session) / ANIMATION

    def has_animation(self, session: SessionId) -> bool:
        """Return whether the animation of an open visit is there, whole."""
        with self._folders.refusals("cannot be read"):
            return session not in self._deleting and readable(self._disk, self.animation(session))

    def lacks(self, session: SessionId) -> tuple[Kind, ...]:
        """Return the kinds of which an open visit has nothing yet, the animation aside."""
        with self._folders.refusals("cannot be read"):
            folder = self._folders.of(OPEN, session)
            return tuple(kind for kind in self._kinds[1:] if not readable(self._disk, folder / kind.file))

    def add(self, session: SessionId, kind: Kind, content: bytes) -> None:
        """Put what was made of an open visit beside its animation on the medium."""
        with self._turns, self._folders.refusals("does not take what was made of the visit"):
            self._respect(session)
            self._folders.put(self._folders.of(OPEN, session) / kind.file, content)

    def note(self, session: SessionId, guest: Guest | None) -> None:
        """Put the guest's details on the medium. That there are none is what no file says.

        Details that are there are not replaced by none: they were promised to be kept.
        """
        with self._turns, self._folders.refusals("does not take the guest's details"):
            self._respect(session)
            if guest is not None:
                folder = self._folders.of(OPEN, session)
                # The texts first: no record is on the medium of which nobody knows what was read.
                records = self._texts.records(guest, self._entries.since(folder, session))
                if guest.answers:
                    shown = any(each.agreed for each in records if each.purpose is Purpose.SHOW)
                    guest = replace(guest, consent=shown)
                self._folders.put(folder / GUEST, guest_written(guest, [record.written() for record in records]))

    def commit(self, session: SessionId) -> None:
        """Move a visit with an animation from ``open/`` to ``pending/``: from now on it will be sent, once.

        A visit that was committed before stays where it is.
        """
        folder, target = self._folders.of(OPEN, session), self._folders.of(PENDING, session)
        with self._turns, self._folders.refusals("does not take the visit"):
            self._respect(session)
            if not self._disk.is_folder(folder):
                if not any(self._disk.is_folder(self._folders.of(place, session)) for place in (PENDING, SENT, FAILED)):
                    raise OutboxError(f"there is no visit {session} in {self._folders.root}; it may have been deleted")
            else:
                if not readable(self._disk, folder / ANIMATION):
                    raise OutboxError(f"the visit {session} has no animation yet; make it, then commit again")
                self._folders.put(folder / ENTRY, self._entries.entry(folder, session).written())
                try:
                    self._folders.move(folder, target)
                except OSError as exc:
                    if exc.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                        raise
                    self._folders.set_aside(folder, f"there is another visit of that name in {PENDING}/", anyhow=True)
            self._disk.sync_folder(target.parent)  # also when it was renamed before, and only this has failed

    def condemn(self, session: SessionId) -> None:
        """Put on the medium that an open visit is to be deleted: from now on nothing finishes or sends it.

        Quick: the deleting itself is `discard`'s. No error if there is no such visit. When the disk refuses, too,
        nothing finishes or sends it for as long as this process lives.
        """
        with self._turns, self._folders.refusals("does not let the visit be deleted"):
            self._deleting.condemn(session)

    def discard(self, session: SessionId) -> None:
        """Delete an open or condemned visit, whole. No error if there is none.

        After a cut, or when the disk refuses, it is condemned and the rest goes later: when this is called again, with
        the next `tidy`, at the next start. Nothing is deleted before it is on the medium that all of it is to go.
        """
        with self._turns, self._folders.refusals("does not let the visit be deleted"):
            self._deleting.discard(session)

    def give_up(self, session: SessionId) -> None:
        """End an open visit that has neither a frame nor an animation: nothing of it is left.

        Unless there is more in its folder than the booth puts there before the first frame: then frames were lost, or
        somebody keeps things there, and it goes to ``failed/`` as it is.
        """
        folder = self._folders.of(OPEN, session)
        with self._turns, self._folders.refusals("does not let the visit be given up"):
            self._respect(session)
            names = self._disk.names(folder) if self._disk.is_folder(folder) else ()
            if all(name == VISIT or name.endswith(PART) or folder / name in self._unkept for name in names):
                self._deleting.discard(session)
            else:
                self._folders.set_aside(folder, "its frames are gone; what is left is here")

    def grant(self, carried: Callable[[SessionId], bool]) -> None:
        """Forget the visits that somebody wishes to be forgotten, see `booth.outbox.forgetting`. One thread's."""
        self._forgetting.grant(carried)

    def unfinished(self) -> tuple[SessionId, ...]:
        """Return the visits that are open and not condemned, oldest first: those that a power cut left behind."""
        return tuple(session for session in self._folders.sessions(OPEN) if session not in self._deleting)

    def check(self) -> None:
        """Find out whether the disk would take another visit: there is room for it, and a small file can be written.

        Makes room, if it must, where nothing is lost by it. Raises OutboxError that says what to do.
        """
        self._room.check()

    def room(self) -> bool:
        """Return whether there is room for another visit. Makes room, if it must, where nothing is lost by it."""
        return self._room.enough()

    def low(self) -> bool:
        """Return whether somebody should make room soon: little is left, and little there that may be deleted."""
        return self._room.low()

    def tidy(self) -> None:
        """Delete what has been kept for its days since it was confirmed, and what should have gone before.

        By a clock of which nobody knows that it is right nothing is that old.
        Raises OutboxError if the disk refuses, after it has been asked for each of them.
        """
        self.queue().tidy()

    def counts(self) -> dict[str, int]:
        """Return how many entries are in ``open``, ``pending``, ``sent`` and ``failed``."""
        return {place: len(self.unfinished() if place == OPEN else self._folders.sessions(place)) for place in FOLDERS}

    def newest(self) -> SessionId | None:
        """Return the newest session of all that are here; None if there is none."""
        return max((session for place in FOLDERS for session in self._folders.sessions(place)), default=None)

    # ---- entries, whoever is still to be given them

    def agreed(self) -> Iterator[tuple[SessionId, Path]]:
        """Yield the visits of this event whose guests agreed to have them shown, newest first, each with its animation.

        Committed ones only, sent or not. One thread's. Raises OutboxError.
        """
        with self._folders.refusals("cannot be read"):
            # In the order in which an entry moves: one that moves meanwhile is found in one of the two, if not in both.
            found = dict.fromkeys(self._disk.names(self._folders.root / PENDING), PENDING)
            found |= dict.fromkeys(self._disk.names(self._folders.root / SENT), SENT)
            self._asked = {session: yes for session, yes in self._asked.items() if session in found}
            for name in sorted(found, reverse=True):
                session = SessionId(name)
                if session not in self._asked and stamp(name) is None:
                    continue
                folder = self._folders.of(found[name], session)
                if self._may_be_shown(folder, session):
                    yield session, folder / ANIMATION

    def waiting(self) -> Iterator[tuple[SessionId, Mapping[str, str]]]:
        """Yield the entries that are to be sent, each with its metadata; what cannot be read is passed over."""
        for session in self._folders.sessions(PENDING):
            with suppress(OutboxError), self._folders.refusals("cannot be read"):
                entry = committed(self._disk, self._folders.of(PENDING, session))
                if entry is not None:
                    yield session, entry.metadata

    # ---- inside

    def _respect(self, session: SessionId) -> None:
        """Raise OutboxError if the visit is condemned. The disk is asked, too: at the start it may have been mute."""
        if session in self._deleting or condemned(self._disk, self._folders.of(OPEN, session)):
            raise OutboxError(f"the visit {session} is being deleted, as its guest wished; nothing is added to it")

    def _may_be_shown(self, folder: Path, session: SessionId) -> bool:
        """Return whether a committed visit's guest agreed, and its animation is there. What cannot be read says no."""
        with suppress(OSError):
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
            ours = facts.get("event") == self._event and not metadata.is_test(facts)
            self._asked[session] = facts.get("consent") == "yes" and ours
        return self._asked[session]
