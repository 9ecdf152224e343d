"""What the daemon tells of itself: a file, replaced by rename, that says how the booth is now. Nobody's name is in it.

The law: whoever looks costs the booth nothing, and needs nothing of it: no port, no socket, no answer. The loop does no
more than to note when it came round; a thread that looks again and again writes the file. How old the file is, and how
long ago the loop came round when it was written, tells a booth that hangs from one that runs.
"""

import json
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from booth.core.events import Event
from booth.core.scene import Scene
from booth.core.states import Booth
from booth.disk import Disk, beside
from booth.outbox import places
from booth.outbox.entry import note_read
from booth.outbox.news import Status
from booth.ports import Clock
from booth.troubles import MOST, Trouble
from booth.units import Instant, Seconds

FILE = "state.json"
"""Its name, in the folder that the service manager gives, or else in the outbox."""

EVERY = Seconds(5.0)
"""How often it is written."""

LATE = Seconds(30.0)
"""A booth that has not told anything for so long, or whose loop had not come round for so long, hangs."""

VERSION = 1

log = structlog.get_logger()


@dataclass(frozen=True)
class Parts:
    """What the daemon holds, so that nobody else can look at it."""

    camera: str = ""
    """The driver; "" while no camera is open."""
    frame: str = ""
    """What the last frame showed: ``right``, or a notice about pictures; "" before the first."""
    screen: str = ""
    """What it draws on, and how large that is."""
    presses: int = 0
    """Presses that counted since the button was opened..."""
    edges: int = 0
    """...and how often its line moved."""
    watchdog_s: float = 0.0
    """How often the service manager is to be told that the booth lives, in seconds; 0 where nobody watches..."""
    fed_s: float = 0.0
    """...and how long ago it was."""


@dataclass(frozen=True)
class Bulletin:
    """How a booth is. Each is a value of JSON as it stands."""

    release: str
    """The version of the program."""
    pid: int
    boot: str
    """The kernel's name for the time since the machine was switched on."""
    told_s: float
    """When this was written, in seconds since then."""
    loop_age_s: float
    """How long before that the loop had come round."""
    started: float
    """When the booth was started, in seconds since 1970, as far as the machine knew."""
    up_s: float
    """How long it had run, in seconds."""
    outbox: str
    """The folder of its visits."""
    event: str
    booth: str
    state: str
    """Where the visit is: the state's name, as in docs/machine.md."""
    missing: tuple[str, ...]
    """The parts that do not answer."""
    notices: tuple[str, ...]
    """What an operator should know."""
    reach: str
    """How far uploads get."""
    uploads: str
    """What is wrong with them, in words; "" while nothing is."""
    troubles: tuple[Trouble, ...] = ()
    """What went wrong last, the newest last."""
    parts: Parts = Parts()

    def written(self) -> bytes:
        """Return the file's content."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1).encode("ascii") + b"\n"

    @classmethod
    def read(cls, content: bytes) -> "Bulletin":
        """Return what is in *content*. Raises ValueError if a booth of this version cannot have written it."""
        fields = note_read(content)
        if fields.pop("version", None) != VERSION:
            raise ValueError("it is no bulletin, or of a version that is not known here")
        told = fields.pop("troubles", None)
        if not isinstance(told, list) or len(told) > MOST:
            raise ValueError("it does not say what went wrong")
        parts = fields.pop("parts", {})
        for name in ("missing", "notices"):
            fields[name] = _texts(fields.get(name))
        try:
            bulletin = cls(**fields, troubles=tuple(Trouble(**one) for one in told), parts=Parts(**parts))
        except TypeError:
            raise ValueError("it says other things than a bulletin does") from None
        _typed(bulletin)
        _typed(bulletin.parts)
        for trouble in bulletin.troubles:
            _typed(trouble)
        return bulletin


class Teller:
    """Writes the bulletin. Fulfils `booth.daemon.Watcher`, to know when the loop is round; `tell` is one thread's."""

    def __init__(
        self,
        file: Path,
        disk: Disk,
        clock: Clock,
        *,
        release: str,
        outbox: Path,
        event: str,
        booth: str,
        now: Callable[[], Booth],
        uploads: Callable[[], tuple[Status, str]],
        troubles: Callable[[], Sequence[Trouble]],
        parts: Callable[[], Parts] = Parts,
    ) -> None:
        """Write *file*, of what *now*, *uploads* (and what is wrong with them), *troubles* and *parts* return.

        They are asked by the thread that tells, and must not wait for another.
        """
        self._file = file
        self._disk = disk
        self._clock = clock
        self._about = {"release": release, "outbox": str(outbox), "event": event, "booth": booth}
        self._now = now
        self._uploads = uploads
        self._troubles = troubles
        self._parts = parts
        self._started, self._began = clock.wall(), clock.now()
        self._looped = clock.now()
        self._refused = False

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """Look away."""

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """Look away."""

    def looped(self, booth: Booth, now: Instant) -> None:
        """Note that the loop comes round."""
        self._looped = now

    def tell(self) -> None:
        """Write it. Never raises: a disk that refuses is told of once, and asked again the next time."""
        aside = beside(self._file)
        try:
            self._disk.write(aside, self.bulletin().written())
            self._disk.share(aside)
            self._disk.rename(aside, self._file)  # it need not outlast anything: there will be another in a moment
        except OSError as exc:
            if not self._refused:
                log.warning("bulletin.not_written", why=exc.strerror or type(exc).__name__)
            self._refused = True
        else:
            self._refused = False

    def end(self) -> None:
        """Take it away: the booth does not run any more."""
        with suppress(OSError):
            self._disk.unlink(self._file)

    def bulletin(self) -> Bulletin:
        """Return how the booth is now."""
        now, uptime, booth, (status, words) = self._clock.now(), self._clock.uptime(), self._now(), self._uploads()
        return Bulletin(
            **self._about,
            pid=os.getpid(),
            boot=uptime.boot,
            told_s=round(uptime.seconds, 1),
            loop_age_s=round(max(now - self._looped, 0.0), 1),
            started=round(self._started, 1),
            up_s=round(now - self._began, 1),
            state=type(booth.state).__name__,
            missing=tuple(sorted(part.value for part in booth.missing)),
            notices=tuple(sorted(notice.value for notice in booth.notices)),
            reach=status.reach.value,
            uploads=words,
            troubles=tuple(self._troubles()),
            parts=self._parts(),
        )


def find(disk: Disk, folders: Sequence[Path], outbox: Path) -> Bulletin | None:
    """Return what the booth that uses *outbox* tells, in one of *folders*; the newest, None if none does.

    What cannot be read is none.
    """
    found: list[Bulletin] = []
    for folder in folders:
        with suppress(OSError, ValueError):
            bulletin = Bulletin.read(places.small(disk, folder / FILE))
            if Path(bulletin.outbox) == outbox:
                found.append(bulletin)
    return max(found, key=lambda bulletin: bulletin.told_s, default=None)


def _texts(said: object) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise ValueError("it does not say what is missing")
    return tuple(said)


def _typed(one: Bulletin | Trouble | Parts) -> None:
    """Raise ValueError unless each value is of its kind: who reads it depends on that."""
    kinds: dict[Any, Any] = {str: str, int: int, float: (int, float)}
    for name, kind in type(one).__annotations__.items():
        value, wanted = getattr(one, name), kinds.get(kind)
        if wanted is None:
            continue
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise ValueError(f"its {name} is of another kind")  # noqa: TRY004 the content is wrong, not the caller
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"its {name} has no end")
