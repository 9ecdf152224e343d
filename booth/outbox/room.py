"""Room on the disk: whether there is enough for another visit, and making some where nothing is lost by it."""

from contextlib import suppress

from booth.errors import OutboxError
from booth.outbox.deleting import Deletion
from booth.outbox.folders import Folders, refusals_logged
from booth.outbox.places import SENT

RESERVE = 100
"""Visits that may be deleted to make room: while there are so many, a disk that is nearly full has room enough."""

_PROBE = ".probe"
_PROBED = b"booth" * 800
"""Enough to need a block of its own, on any file system."""

_MB = 1_000_000


class Room:
    """The room that an outbox has. May be used by several threads at once."""

    def __init__(self, folders: Folders, deleting: Deletion, *, min_free_mb: int) -> None:
        """Keep *min_free_mb* free; nothing is asked of the disk yet."""
        self._folders = folders
        self._disk = folders.disk
        self._deleting = deleting
        self._min_free = min_free_mb * _MB

    def demand(self) -> None:
        """Make room, if it must be, where nothing is lost by it. Raises OutboxError if there is none."""
        if not self.enough():
            raise OutboxError(
                f"there is less than {self._min_free // _MB} MB left in {self._folders.root} and nothing there that "
                f"may be deleted; bring the booth online, or make room on the disk"
            )

    def enough(self) -> bool:
        """Return whether there is room for another visit. Makes room, if it must, where nothing is lost by it."""
        with self._folders.refusals("cannot say how much room there is"):
            if self._disk.free(self._folders.root) >= self._min_free:
                return True
            for session in self._folders.sessions(SENT):
                with self._deleting.sweeping, refusals_logged("entry.not_purged", session):
                    self._deleting.purge(session)
                if self._disk.free(self._folders.root) >= self._min_free:
                    return True
        return False

    def low(self) -> bool:
        """Return whether somebody should make room soon: little is left, and little there that `enough` may delete."""
        with self._folders.refusals("cannot say how much room there is"):
            if self._disk.free(self._folders.root) >= 2 * self._min_free:
                return False
            return len(self._folders.sessions(SENT)) < RESERVE

    def check(self) -> None:
        """Find out whether the disk would take another visit: there is room for it, and a small file can be written.

        Raises OutboxError that says what to do.
        """
        self.demand()
        probe = self._folders.root / _PROBE
        with self._folders.refusals("does not take a small file"), self._deleting.sweeping:
            try:
                self._folders.make_way(probe)
                self._disk.write(probe, _PROBED)
                self._disk.sync(probe)
            except OSError:
                with suppress(OSError):
                    self._disk.unlink(probe)
                raise
            self._disk.unlink(probe)
