"""gm in a child process, where it can be stopped and can take nobody down.

What gm made counts only when it ended well and complained of nothing: for a torn frame its status is 0.
"""

import os
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from typing import BinaryIO, Protocol

from booth.errors import CompositorError
from booth.imaging.recipe import environment
from booth.units import Seconds

NICE = 10
"""How much gm gives way: the preview, the countdown and the next capture come first."""

INSTALL = "run `sudo apt install graphicsmagick`"
KEPT = "The frames are kept."


class Run(Protocol):
    """One run of gm, from its start to its end."""

    def __call__(
        self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str, within: Seconds | None = None
    ) -> None:
        """Make of *source* what *argv* asks for, and write it to *into*. Raises `CompositorError` unless all is well.

        It may take *within*, if that is said and less than its own deadline.

        Prepared frames are in the scratch folder, by the names that *argv* has for them.
        """
        ...


class Gm:
    """Runs *gm* in *folder*, each time within *deadline*, with *room* for so many bytes of pixels; fulfils `Run`."""

    def __init__(self, gm: str, folder: Path, deadline: Seconds, room: int) -> None:
        self._gm = gm
        self._scratch = folder
        self._deadline = deadline
        self._fence = environment(room)
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def close(self) -> None:
        """Stop each gm that is at work; none is started from now on. From any thread, and twice if need be."""
        with self._lock:
            self._closed = True
            for child in self._children:
                _kill(child)

    def __call__(
        self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str, within: Seconds | None = None
    ) -> None:
        """Run gm until it ends, or until the deadline; raise `CompositorError` unless all was well."""
        deadline = self._deadline if within is None else min(self._deadline, within)
        child = self._start(argv, source, into)
        try:
            _, complaint = child.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            raise CompositorError(
                f"{about}: gm did not finish within {deadline} s and was stopped. {KEPT} "
                "If that happens again, see what else keeps the machine busy"
            ) from None
        finally:
            with self._lock:
                self._children.discard(child)
            _reap(child)
        if self._closed:
            raise CompositorError(f"{about}: stopped, because the booth is stopping. {KEPT}")
        if child.returncode != 0 or complaint:
            said = complaint.decode(errors="replace").strip().partition("\n")[0]
            raise CompositorError(f"{about}: {_ending(child.returncode)}{_saying(said)}. {KEPT} {_advice(said)}")

    def _start(self, argv: Sequence[str], source: BinaryIO, into: BinaryIO) -> subprocess.Popen[bytes]:
        # Our own environment stays here: it may hold the bucket's keys, and ~/.magick is none of the booth's business.
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), **self._fence}
        with self._lock:
            if self._closed:
                raise CompositorError(f"the booth is stopping: no animation is made now. {KEPT}")
            try:
                child = subprocess.Popen(
                    (self._gm, *argv),
                    stdin=source,
                    stdout=into,
                    stderr=subprocess.PIPE,
                    cwd=self._scratch,
                    env=surroundings,
                    start_new_session=True,
                )
            except OSError as exc:
                if exc.filename == str(self._scratch):
                    raise refused(self._scratch, exc) from exc
                raise CompositorError(f"GraphicsMagick ({self._gm}) cannot be run: {INSTALL}. {KEPT}") from exc
            self._children.add(child)
        with suppress(OSError):  # it has ended already, or a sandbox forbids it: then it runs as we do
            os.setpriority(os.PRIO_PGRP, child.pid, NICE)
        return child


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, SIGKILL)


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Leave nothing of *child*: no process of its group, no zombie, no open pipe."""
    with child:  # closes the pipe, then waits
        if child.returncode is None:
            _kill(child)


def refused(path: Path, exc: OSError) -> CompositorError:
    """Say in our words why *path* cannot be written."""
    return CompositorError(f"{path} cannot be written: {exc.strerror}. {KEPT} {_advice(exc.strerror or '')}")


def _ending(status: int) -> str:
    if status == 0:
        return "gm was not content"
    return f"gm ended with status {status}" if status > 0 else f"gm was stopped by signal {-status}"


def _saying(said: str) -> str:
    return f" ({said.removeprefix('gm convert: ').rstrip('.')})" if said else ""


def _advice(said: str) -> str:
    for symptom, remedy in (
        ("No space left", "Free some space"),
        ("error has occurred writing", "Free some space"),  # how gm 1.3.45 puts it
        ("File size limit", "Raise the limit on the size of files"),
        ("Read-only", "Mount the disk so that it can be written"),
        ("Permission", "Give the booth's user the right to write there"),
        ("JPEG", "The frame is damaged: look at the camera, and at the disk"),
    ):
        if symptom in said:
            return remedy
    return "It is worth another try; if that fails too, see what the machine lacks: memory, disk, or a sound gm"
