"""A stick that is a folder: plugged in as long as it is there. The copy is a real one, by ``booth export``."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from booth.core.copying import CopyStage, StickCopy

PATIENCE = 5.0
"""Seconds that a copy may take to end when the simulation does."""


class SimCopier:
    """Copies in a child process. Fulfils `booth.ports.Copier`."""

    def __init__(self, export: Sequence[str], state: Path, stick: Path | None) -> None:
        """*export* is the command that copies; it is given *state*, where it tells, and the *stick*."""
        self._export, self._state, self._stick = tuple(export), state, stick
        self._child: subprocess.Popen[bytes] | None = None
        self._asked = False

    def start(self) -> None:
        """Begin, unless one goes on or there is no stick. Raises nothing."""
        if self._child is not None and self._child.poll() is None:
            return
        self._asked, self._child = True, None
        if self._stick is None or not self._stick.is_dir():
            return
        with suppress(OSError):
            self._state.unlink(missing_ok=True)
            self._child = subprocess.Popen(
                [*self._export, "--tell", str(self._state), "--stick", str(self._stick)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def look(self) -> StickCopy | None:
        """Return how far it is. Raises nothing."""
        if not self._asked:
            return None
        if self._child is None:
            return StickCopy(CopyStage.NO_STICK)
        ended = self._child.poll() is not None
        found = None
        with suppress(OSError):
            found = StickCopy.read(self._state.read_bytes())
        if found is None or found.goes_on:
            return StickCopy(CopyStage.BROKEN) if ended else found or StickCopy(CopyStage.ASKED)
        return found if ended else StickCopy(CopyStage.CLOSING, found.done, found.of)

    def close(self) -> None:
        """End it. What is on the stick is whole, and is gone on with the next time."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
