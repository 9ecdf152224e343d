"""The folders of an outbox: listed, moved between, put into. What its rooms have in common.

The law: what somebody has put where something of ours belongs makes way, and keeps what it holds. What is none of ours
is told of once, and left alone.
"""

import errno
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from booth.core.visit import SessionId
from booth.disk import Disk, beside, put
from booth.errors import OutboxError
from booth.outbox.entry import iso, note_written
from booth.outbox.ids import stamp
from booth.outbox.mounts import Mounts
from booth.outbox.places import FAILED, FAILURE, FOLDERS, OPEN, SENT

GONE = ".gone"
"""End of a folder's name: being deleted. What a power cut leaves of it is deleted at the next start."""

_MOST_TOLD = 20
"""Foreign things in a folder that are told one by one; of others, how many there are."""

log = structlog.get_logger()


class Folders:
    """The four folders, on a disk. May be used by several threads at once; who moves what is others' to agree on."""

    def __init__(self, root: Path, disk: Disk, wall: Callable[[], float], mounts: Mounts | None = None) -> None:
        """Nothing is asked of the disk yet. *mounts* are those of another machine than this one."""
        self.root = root
        self._mounts = Mounts() if mounts is None else mounts
        self.disk = disk
        self.wall = wall
        self._reported: set[Path] = set()
        self._untold: list[Path] = []
        self._shapeless: dict[str, set[str]] = {place: set() for place in FOLDERS}
        """Names by folder that no visit can have: nobody looks at them again."""
        self._known: dict[str, frozenset[str]] = {}
        """Names by folder that were in it when it was listed last, and are visits. Nobody looks at each of them again.
        """

    def of(self, place: str, session: SessionId) -> Path:
        """Return the folder of a visit that is in *place*."""
        return self.root / place / session

    def make_folders(self) -> Callable[[], None]:
        """Make what is missing, lock it for this booth, and put it on the medium; return what unlocks it.

        Raises OutboxError if another booth has it, its disk is not in, or there is no place for it, and OSError.
        """
        missing_disk = self._mounts.missing(self.root)
        if missing_disk is not None:
            raise OutboxError(
                f"the outbox {self.root} is not used, for nothing is mounted at {missing_disk}, where /etc/fstab has a "
                f"disk; put it in and run sudo mount {missing_disk}, or correct outbox.dir or /etc/fstab"
            )
        if not self.disk.exists(self.root.parent):
            # Not made: where a stick or a disk is not in, that would be on another one, and seem to be well.
            raise OutboxError(
                f"the outbox {self.root} cannot be made, for {self.root.parent} is not there: if that is on another "
                "disk, mount it; else make the folder, or correct outbox.dir"
            )
        missing = [] if self.disk.exists(self.root) else [self.root]
        for folder in missing:
            self.mkdir(folder)
        unlock = self._lock()
        try:
            for place in FOLDERS:
                self._make_place(self.root / place)
            # Not only what was made now: whoever made or moved something before may have been killed before this.
            for folder in missing:
                self.disk.sync_folder(folder.parent)
            if not missing:
                with suppress(PermissionError):  # a folder that we may not look into is not where we made one
                    self.disk.sync_folder(self.root.parent)
            for folder in (self.root, self.root / OPEN, self.root / SENT):
                self.disk.sync_folder(folder)
        except BaseException:
            unlock()
            raise
        return unlock

    def mkdir(self, folder: Path) -> None:
        """Make *folder*. Not on the medium before its own folder is synced."""
        try:
            self.disk.mkdir(folder)
        except FileNotFoundError as exc:
            if not self.disk.exists(folder.parent):
                raise  # it has the right words
            raise OutboxError(
                f"the folder {folder} cannot be made; see that {folder.parent} is a folder on a disk, that the disk is "
                f"mounted, and that no link there leads nowhere"
            ) from exc

    def sessions(self, place: str) -> tuple[SessionId, ...]:
        """Return the visits in *place*, oldest first. What is none of ours is told about once, and left alone."""
        folder, known = self.root / place, self._known.get(place, frozenset())
        with self.refusals("cannot be read"):
            foreign = self._shapeless[place]
            names = [name for name in self.disk.names(folder) if name not in foreign]
            ours = [name for name in names if name in known or self._ours(folder / name)]
        self._known[place] = frozenset(ours)
        self._tell_foreign(place)
        return tuple(map(SessionId, ours))

    def foreign(self, path: Path) -> None:
        """Tell of what was not made by us, once."""
        if path not in self._reported:
            self._reported.add(path)
            log.warning("outbox.foreign", path=_shown(path))

    def set_aside(self, folder: Path, why: str, *, anyhow: bool = False) -> None:
        """Move *folder* to ``failed/``; *anyhow*, under another name, if there is one of that name already."""
        with refusals_logged("failure.not_noted", folder.name):
            self.put(folder / FAILURE, note_written({"why": why, "when": self.date()}))
        target = self.root / FAILED / folder.name
        if anyhow and self.disk.is_folder(target):
            target = target.with_name(f"{folder.name}.{secrets.token_hex(4)}")
        self.move(folder, target)
        self.disk.sync_folder(target.parent)
        log.error("entry.set_aside", session=folder.name, why=why)

    def move(self, folder: Path, target: Path) -> None:
        """Give a visit's *folder* the name *target*, where something that is no folder may lie: it makes way."""
        self._clear(target)
        self.disk.rename(folder, target)

    def make_way(self, file: Path) -> None:
        """Have what somebody has put where a file of ours belongs make way."""
        if self.disk.in_the_way(file):
            self.displace(file)

    def displace(self, foreign: Path) -> None:
        """Give what somebody has put where something of ours belongs another name. It keeps what it holds."""
        log.warning("outbox.foreign", path=_shown(foreign))
        self.disk.rename(foreign, foreign.with_name(f"{foreign.name}.{secrets.token_hex(4)}"))

    def put(self, file: Path, content: bytes) -> None:
        """Put *content* on the medium as *file*, whole or not at all; an earlier file stays until then."""
        for path in (beside(file), file):
            self.make_way(path)
        put(self.disk, file, content)

    def date(self) -> str:
        """Return what the wall clock shows, for people."""
        return iso(datetime.fromtimestamp(int(self.wall()), UTC))

    @contextmanager
    def refusals(self, what: str) -> Iterator[None]:
        """Say in an OutboxError what the outbox does not do, and what to do about it, when the disk refuses."""
        try:
            yield
        except OSError as exc:
            raise OutboxError(f"the outbox {self.root} {what}: {_what_to_do(exc)}") from exc

    def _make_place(self, place: Path) -> None:
        try:
            self.mkdir(place)
        except NotADirectoryError:
            self._clear(place)
            self.mkdir(place)

    def _clear(self, place: Path) -> None:
        """Have what somebody has put where a folder of ours belongs make way, unless it is one."""
        if not self.disk.is_folder(place) and (self.disk.is_file(place) or self.disk.in_the_way(place)):
            self.displace(place)

    def _lock(self) -> Callable[[], None]:
        try:
            self.make_way(self.root / ".lock")
            return self.disk.lock(self.root / ".lock")
        except BlockingIOError as exc:
            raise OutboxError(
                f"another booth is using the outbox {self.root}; stop it, or give this one another folder"
            ) from exc

    def _ours(self, folder: Path) -> bool:
        """Return whether *folder* is that of a visit. What is none will be told about once."""
        if stamp(folder.name) is None:
            self._shapeless[folder.parent.name].add(folder.name)
        elif self.disk.is_folder(folder):
            return True
        if not folder.name.endswith(GONE) and folder not in self._reported:
            self._reported.add(folder)
            self._untold.append(folder)
        return False

    def _tell_foreign(self, place: str) -> None:
        foreign, self._untold = self._untold, []
        for path in foreign[:_MOST_TOLD]:
            log.warning("outbox.foreign", path=_shown(path))
        if len(foreign) > _MOST_TOLD:
            log.warning("outbox.foreign", path=str(self.root / place), more=len(foreign) - _MOST_TOLD)


@contextmanager
def refusals_logged(event: str, session: str) -> Iterator[None]:
    """Log what the disk refuses, and go on: for what is good to have and must harm nothing when it is missing."""
    try:
        yield
    except (OSError, OutboxError) as exc:
        log.warning(event, session=session, why=str(exc))


def _shown(path: Path) -> str:
    """Return *path* for a log: a name that somebody else gave may hold anything."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(path))


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
