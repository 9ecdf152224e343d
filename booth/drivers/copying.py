"""A copy onto the stick that is plugged in, made by the machine's own service: a file asks for it, and one tells.

The booth may mount nothing. ``booth-copy.path`` sees the file that asks; ``booth-copy.service`` takes the stick, runs
``booth export`` as the booth's user, and gives the stick back. Nothing here waits for it.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from booth.core.copying import GOING_ON, CopyStage, StickCopy
from booth.units import Instant, Seconds

ASKED = "copy-to-stick"
"""Asks for a copy, in the folder that systemd gives the service while it runs."""
STATE = Path("/run/booth-copy/state")
"""Has how far it is. Who copies writes it."""
STICK = Path("/run/booth-stick")
"""Root's own: there if the machine has such a service."""
WHY = "why"
"""In that folder, why there is no copy: a word of `CopyStage`, by whoever could not take the stick, or lost it."""
HELD = "held"
"""There as long as the stick is mounted."""

UNANSWERED = Seconds(30.0)
"""After so long without an answer there is nobody who copies."""
SHOWN = Seconds(1800.0)
"""How long is told how a copy ended: it is old news then."""
LONGEST = 64
"""Bytes."""


class StickCopier:
    """Has the machine's service copy. Fulfils `booth.ports.Copier`."""

    def __init__(self, runtime: Path, now: Callable[[], Instant], *, state: Path = STATE, stick: Path = STICK) -> None:
        """*runtime* is the booth's own folder in memory."""
        self._ask = runtime / ASKED
        self._now = now
        self._state, self._stick = state, stick
        self._asked: Instant | None = None
        self._ended: tuple[StickCopy, Instant] | None = None
        """How the last one ended, and since when that is known."""

    def start(self) -> None:
        """Ask for it, unless one goes on. Raises nothing: what comes of it is seen."""
        found = self.look()
        if found is None or not found.goes_on:
            self._asked = self._now()
            with suppress(OSError):
                self._ask.touch()

    def look(self) -> StickCopy | None:
        """Return how far it is. A few system calls; raises nothing."""
        now = self._now()
        if self._asked is not None and self._ask.exists():  # what is told yet is of the one before
            return StickCopy(CopyStage.ASKED if now - self._asked < UNANSWERED else CopyStage.BROKEN)
        found = self._reported()
        if found is None or found.stage in GOING_ON:
            self._ended = None
            return found
        if self._ended is None or self._ended[0] != found:
            self._ended = found, now
        return found if now - self._ended[1] < SHOWN else None

    def _reported(self) -> StickCopy | None:
        why = _beginning(self._stick / WHY).decode("ascii", "replace").strip()
        for stage in CopyStage:
            if why == stage.value:
                return StickCopy(stage)
        found = StickCopy.read(_beginning(self._state))
        if (self._stick / HELD).exists():
            if found is None:
                return StickCopy(CopyStage.ASKED)
            if found.stage is CopyStage.COPIED:
                return StickCopy(CopyStage.CLOSING, found.done, found.of)
        elif found is not None and found.goes_on:  # nobody holds the stick, and nobody said why
            return StickCopy(CopyStage.BROKEN)
        return found


def _beginning(file: Path) -> bytes:
    with suppress(OSError), file.open("rb") as opened:
        return opened.read(LONGEST)
    return b""
