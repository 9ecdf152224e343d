"""What is deleted of an outbox, and when; nothing else deletes anything of a visit.

::

                      a guest's wish                           keep_days are over, or room is wanted
    open/ID ------------------------------+              +------------------------------------- sent/ID
       |    it has its name still:        |              |                                         ^
       |    the disk gives no other       v              v                                         |
       |                             open/ID.gone   sent/ID.gone    of no use any more:            |
       |                                  |              |          frame-N.jpg, *.part go at once |
       +---> open/ID/condemned            +------+-------+                                         |
                  |                              |                            confirmed by all ----+
                  +------------> wiped <---------+

    five words: condemn   it is on the medium that all of it is to go; it is not finished, sent or shown any more
                wipe      it goes, file after file; whatever a power cut leaves of it is condemned still
                discard   condemn and wipe, for a guest who wishes it
                purge     the same with what was confirmed
                bare      who its guest is goes, and what was made stays: keep_details_days are over

``keep_days`` and ``keep_details_days`` count from when the server's own copies were complete, where it makes any
(`booth.outbox.replication`). Details never outlast the visit: the less of the two counts for them.

The law: what is in ``pending/`` or ``failed/`` is never deleted here, nor what is in ``open/`` but for its guest's
wish; a guest who wishes it later is for `booth.outbox.forgetting`. Nothing of a visit goes before it is on the medium
that all of it is to go.
"""

import math
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from booth import RELEASED
from booth.core.visit import SessionId
from booth.outbox import places
from booth.outbox import replication as replicating
from booth.outbox.baring import bare, has_details
from booth.outbox.entry import DRIFT, note_written
from booth.outbox.folders import GONE, Folders, refusals_logged
from booth.outbox.ids import stamp
from booth.outbox.places import ANIMATION, CONDEMNED, CONFIRMED, FOLDERS, OPEN, PART, SENT, committed, condemned
from booth.ports import Uptime

_DAY = 86400.0

log = structlog.get_logger()


class Deletion:
    """Deletes what its guest wishes, and what was confirmed. May be used by several threads at once.

    Those that delete what is open take `turns` with all others that change it; those that delete what was confirmed
    take turns with each other, by `sweeping`.
    """

    def __init__(
        self,
        folders: Folders,
        *,
        keep_days: float,
        keep_details_days: float = math.inf,
        uptime: Callable[[], Uptime],
        time_known: Callable[[], bool],
        turns: threading.Lock,
        copied: bool = False,
    ) -> None:
        """Delete what was confirmed *keep_days* ago, by a clock that *time_known* vouches for, or `vouch` did.

        Details go after *keep_details_days*, if these are fewer.
        *copied* says that the owner expects the server to make copies: where nothing is kept, they are waited for.
        """
        self._folders = folders
        self._disk = folders.disk
        self._keep = keep_days * _DAY
        self._keep_details = min(keep_days, keep_details_days) * _DAY
        self._copied = copied
        self._uptime = uptime
        self._time_known = time_known
        self._turns = turns
        self.sweeping = threading.Lock()
        self._condemned: set[SessionId] = set()
        """Open visits that are to be deleted, and are not yet. Whatever the disk says, they are not finished."""
        self._vouched: tuple[float, Uptime] | None = None
        """What the wall clock showed when it was last known to be right."""

    def __contains__(self, session: object) -> bool:
        """Return whether an open visit is condemned."""
        return session in self._condemned

    # ---- what a guest wishes deleted

    def recall(self) -> None:
        """Remember which open visits an earlier run could only mark as condemned."""
        for session in self._folders.sessions(OPEN):
            with refusals_logged("visit.not_read", session):  # it keeps no booth from starting
                if condemned(self._disk, self._folders.of(OPEN, session)):
                    self._condemned.add(session)

    def condemn(self, session: SessionId) -> Path | None:
        """Put on the medium that an open visit is to go; return where it is now, None if it is not there.

        When the disk refuses, too, it is condemned for as long as this process lives. Raises OSError.
        """
        self._condemned.add(session)
        return self._doom(self._folders.of(OPEN, session))

    def discard(self, session: SessionId) -> None:
        """Delete an open or condemned visit, whole. No error if there is none. Raises OSError."""
        doomed = self.condemn(session)
        if doomed is not None:
            self.wipe(doomed)
        else:  # it may have been the syncing that failed the last time
            self._disk.sync_folder(self._folders.root / OPEN)
        self._condemned.discard(session)

    def finish_deleting(self) -> None:
        """Delete what should have been deleted before, as far as the disk will have it."""
        for session in tuple(self._condemned):
            with self._turns, refusals_logged("deletion.not_finished", session):
                self.discard(session)
        for place in FOLDERS:
            for name in self._disk.names(self._folders.root / place):
                folder = self._folders.root / place / name
                with self._turns, self.sweeping, refusals_logged("deletion.not_finished", name):
                    if self._gone(folder):
                        self.wipe(folder)
                    elif place == SENT and self._marked(folder):
                        self._delete(folder)

    # ---- what was confirmed

    def vouch(self) -> None:
        """Take what the wall clock shows now for right: a bucket has confirmed what was signed by it."""
        self._vouched = self._folders.wall(), self._uptime()

    def confirmed(self, session: SessionId) -> None:
        """Let the frames of an entry go that is in ``sent/`` now; and all of it, or its details, if not to be kept.

        Confirmed, whatever happens to the disk: what is left undone here is done by the next `tidy`.
        """
        with self.sweeping, refusals_logged("entry.not_tidied", session):
            folder = self._folders.of(SENT, session)
            if self._go_at_once(self._keep, folder):
                self.purge(session)
            else:
                self._tidy_sent(session)
                if self._go_at_once(self._keep_details, folder):
                    self._bare(folder)

    def replicated(self, session: SessionId) -> None:
        """Let an entry in ``sent/`` go whose copies are all there now, or its details, if not to be kept."""
        if self._keep_details <= 0:
            self.confirmed(session)

    def tidy(self) -> None:
        """Delete what was confirmed long ago, and what should have gone before and did not.

        By a clock of which nobody knows that it is right nothing is that old.
        Raises OSError if the disk refuses, after it has been asked for each of them.
        """
        now, known, refusals = self._folders.wall(), self._knows_the_time(), []
        self.finish_deleting()
        for session in self._folders.sessions(SENT):
            folder = self._folders.of(SENT, session)
            try:
                with self.sweeping:
                    self._tidy(session, folder, now, known=known)
            except OSError as exc:
                refusals.append(exc)
        if refusals:
            raise refusals[0]

    def _tidy(self, session: SessionId, folder: Path, now: float, *, known: bool) -> None:
        # Not by the date if nothing is to be kept: the clock may have been set back.
        if self._go_at_once(self._keep, folder):
            self.purge(session)
            return
        since = max(self._tidy_sent(session, known=known), self._copies_there(folder))
        if known and 0 < self._keep <= now - since:
            self.purge(session)
        elif self._go_at_once(self._keep_details, folder) or (known and 0 < self._keep_details <= now - since):
            self._bare(folder)
        elif has_details(self._disk, folder):
            self._bare(folder, anew=False)

    def _go_at_once(self, kept: float, folder: Path) -> bool:
        """Return whether what is *kept* for no time at all is to go: the server's copies are waited for."""
        return kept <= 0 and self._copies_there(folder, expected=self._copied) < math.inf

    def _bare(self, folder: Path, *, anew: bool = True) -> None:
        """Take the guest's details away; not *anew*, only what a cut has left beside a bare entry. Raises OSError."""
        entry = committed(self._disk, folder)
        if entry is not None and (anew or entry.bare) and bare(self._folders, folder, entry):
            log.info("entry.bared", session=folder.name)

    def purge(self, session: SessionId) -> None:
        """Delete a confirmed entry; the caller holds `sweeping`. One that cannot be read was not made by us: it stays.

        Raises OSError.
        """
        folder = self._folders.of(SENT, session)
        if committed(self._disk, folder) is None:
            self._folders.foreign(folder)
            return
        self._delete(folder)
        log.info("entry.purged", session=session)

    def _tidy_sent(self, session: SessionId, *, known: bool = False) -> float:
        """Delete the frames of a confirmed entry, date it if it is not, and return the date: seconds since 1970.

        With a clock that is *known* to be right, a date that is still to come is that of one which was not.
        """
        folder = self._folders.of(SENT, session)
        for name in self._disk.names(folder):
            if (places.is_frame(name) or name.endswith(PART)) and self._disk.is_file(folder / name):
                self._disk.unlink(folder / name)
        now = self._folders.wall()
        dated = places.confirmed_at(self._disk, folder)
        # A date from before this software is that of a clock which was wrong; it counts while no better is known.
        if (dated >= RELEASED or now < RELEASED) and dated > -math.inf and not (known and dated > now + _DAY):
            return dated
        self._folders.put(folder / CONFIRMED, note_written({"at": int(now), "when": self._folders.date()}))
        return now

    def _copies_there(self, folder: Path, *, expected: bool = False) -> float:
        """Return since when the server has all its copies: seconds since 1970, and -inf if it makes none.

        Infinite while one is missing, or it was not asked though some are *expected*.
        """
        replication = replicating.known(self._disk, folder)
        if replication is None:
            return math.inf if expected else -math.inf
        return replication.since()

    def _knows_the_time(self) -> bool:
        """Return whether the wall clock is right: somebody vouches for it, or did, and nobody has set it since."""
        if self._time_known():
            return True
        if self._vouched is None:
            return False
        (then, uptime), now = self._vouched, self._uptime()
        unset = abs((self._folders.wall() - then) - (now.seconds - uptime.seconds)) <= DRIFT
        return unset and now.boot == uptime.boot != ""

    # ---- how

    def _gone(self, folder: Path) -> bool:
        ours = folder.name.endswith(GONE) and stamp(folder.name.removesuffix(GONE)) is not None
        return ours and self._disk.is_folder(folder)

    def _marked(self, folder: Path) -> bool:
        ours = stamp(folder.name) is not None and self._disk.is_folder(folder)
        # The mark is the last to go: an empty folder had one.
        return ours and (condemned(self._disk, folder) or not self._disk.names(folder))

    def _delete(self, folder: Path) -> None:
        doomed = self._doom(folder)
        if doomed is not None:
            self.wipe(doomed)

    def _doom(self, folder: Path) -> Path | None:
        """Put on the medium that *folder* is to be deleted, and return where it is now; None if it is not there.

        Raises OSError; then nothing is lost that cannot be made again.
        """
        gone = folder.with_name(folder.name + GONE)
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
                    if name == ANIMATION or name.endswith(PART):
                        self._disk.unlink(here / name)
                self._mark(here)
            return here
        return gone

    def _mark(self, folder: Path) -> None:
        if not self._disk.in_the_way(folder / CONDEMNED):  # the name is all that counts, and takes the least room
            self._disk.write(folder / CONDEMNED, b"")
        self._disk.sync_folder(folder)

    def wipe(self, folder: Path) -> None:
        """Delete a doomed folder: whatever a power cut leaves of it is doomed still. Raises OSError."""
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
                    waiting.append(folder / f"{secrets.token_hex(8)}{GONE}")
                    self._disk.rename(inner / name, waiting[-1])
                else:
                    self._disk.unlink(inner / name)
            self._disk.rmdir(inner)
