"""What went wrong last, on disk: beside what was counted, so that it outlasts the booth. Nobody's name is in it.

::

    nights/troubles.json    the last few troubles, in words

The law: what an earlier booth has written is read before anything is written over it; what is replaced is whole before
it has its name. The disk is written to when there is another trouble, and for one that only came again once a minute.
"""

import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog

from booth.disk import Disk, make_folder, put
from booth.outbox import places
from booth.outbox.entry import note_read
from booth.outbox.nights import NIGHTS
from booth.troubles import LONGEST, MOST, Trouble, Troubles
from booth.units import NEVER, Instant, Seconds, later

FILE = "troubles.json"

RARELY = Seconds(60.0)
"""How often it is written that a trouble came again; a power cut costs that count, and no trouble."""

_VERSION = 1

log = structlog.get_logger()


def written(troubles: tuple[Trouble, ...]) -> bytes:
    """Return the file's content."""
    return json.dumps({"version": _VERSION, "troubles": [asdict(one) for one in troubles]}).encode("ascii") + b"\n"


def read(disk: Disk, outbox: Path) -> tuple[Trouble, ...]:
    """Return what went wrong last, the newest last; what is no record of it says nothing. Raises OSError."""
    try:
        fields = note_read(places.small(disk, outbox / NIGHTS / FILE))
        said = fields.get("troubles")
        if fields.get("version") != _VERSION or not isinstance(said, list) or len(said) > MOST:
            return ()
        return tuple(map(_trouble, said))
    except (FileNotFoundError, ValueError):
        return ()


class Lately:
    """Keeps on disk what went wrong last. `keep` and `end` are one thread's."""

    def __init__(self, outbox: Path, disk: Disk, troubles: Troubles, now: Callable[[], Instant]) -> None:
        """Keep what *troubles* remember; *now* is monotonic. Nothing is asked of the disk before `keep`."""
        self._outbox = outbox
        self._disk = disk
        self._troubles = troubles
        self._now = now
        self._kept: tuple[Trouble, ...] | None = None
        """What is on the medium; None before that was read."""
        self._next = NEVER
        self._made = False
        self._refused = False

    def keep(self) -> None:
        """Remember what an earlier booth has written, and write what is new. Never raises: a disk is asked again."""
        self._keep(waits=True)

    def end(self) -> None:
        """Write whatever is not on the medium yet: the booth ends. Never raises."""
        self._keep(waits=False)

    def _keep(self, *, waits: bool) -> None:
        try:
            if self._kept is None:
                self._kept = read(self._disk, self._outbox)
                self._troubles.recall(self._kept)
            last = self._troubles.last()
            if last == self._kept or (waits and _words(last) == _words(self._kept) and self._now() < self._next):
                return
            if not self._made:  # also if it is there: whoever made it may have been killed before it was on the medium
                make_folder(self._disk, self._outbox / NIGHTS)
                self._made = True
            put(self._disk, self._outbox / NIGHTS / FILE, written(last))
        except OSError as exc:
            if not self._refused:
                log.warning("troubles.not_kept", why=exc.strerror or type(exc).__name__)
            self._refused = True
        else:
            self._kept, self._refused, self._next = last, False, later(self._now(), RARELY)


def _words(troubles: tuple[Trouble, ...]) -> list[tuple[str, str]]:
    return [(one.what, one.why) for one in troubles]


def _trouble(said: Any) -> Trouble:
    """Return a trouble as it was written. Raises ValueError."""
    fields = said if isinstance(said, dict) else {}
    what, why, at, times = (fields.get(name) for name in ("what", "why", "at", "times"))
    if not (isinstance(what, str) and isinstance(why, str) and len(what) <= LONGEST and len(why) <= LONGEST):
        raise ValueError("it does not say what went wrong")
    if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
        raise ValueError("it does not say when something went wrong")
    if isinstance(times, bool) or not isinstance(times, int) or times <= 0:
        raise ValueError("it does not say how often something went wrong")
    return Trouble(what, why, float(at), times)
