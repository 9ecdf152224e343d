"""What became of the update on the stick that is plugged in, as the machine's own service has left word of it.

The service writes, and the booth reads: a word in a file, in a folder in memory that goes when the stick is pulled.
"""

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from booth.core.events import Notice
from booth.units import Instant, Seconds

FOLDER = Path("/run/booth-update")
"""Has a folder for each stick, named after its device, with the file `NOTE` in it if its update was refused."""
NOTE = "refused"

SHOWN = Seconds(1800.0)
"""A stick may be left in for good: what it brought is old news then."""
LONGEST = 64
"""Bytes."""

UPDATES = tuple(notice for notice in Notice if notice.value.startswith("update-"))
"""What can become of an update."""


class Stick:
    """Tells what became of the update on a stick, until the stick is pulled or some time has passed."""

    def __init__(self, now: Callable[[], Instant], folder: Path = FOLDER, shown: Seconds = SHOWN) -> None:
        self._now = now
        self._folder = folder
        self._shown = shown
        self._since: dict[tuple[str, int, str], Instant] = {}
        """When each word was found first: by its folder, when it was written, and what it is."""

    def tells(self, notice: Notice) -> bool:
        """Return whether *notice* holds. A few system calls; raises nothing."""
        now = self._now()
        self._since = {word: self._since.get(word, now) for word in self._words()}
        return any(said == notice.value and now - since < self._shown for (_, _, said), since in self._since.items())

    def _words(self) -> list[tuple[str, int, str]]:
        words = []
        with contextlib.suppress(OSError):
            for place in sorted(os.listdir(self._folder)):  # noqa: PTH208 names are what is asked for, not paths
                with contextlib.suppress(OSError):
                    words.append((place, *_read(self._folder / place / NOTE)))
        return words


def _read(note: Path) -> tuple[int, str]:
    """Return when *note* was written, and what it says."""
    number = os.open(note, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(number)
        text = os.read(number, LONGEST) if stat.S_ISREG(about.st_mode) else b""
    finally:
        os.close(number)
    return about.st_mtime_ns, text.decode("ascii", "replace").strip()
