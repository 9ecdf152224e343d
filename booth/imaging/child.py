"""A program that makes pictures, in a child process, where it can be stopped and can take nobody down.

What it made counts only when it ended well and complained of nothing: for a torn frame gm's status is 0.
"""

import os
import resource
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from typing import BinaryIO, Protocol

from booth.errors import CompositorError, StoppedError
from booth.units import Seconds

NICE = 10
"""How much it gives way: the preview, the countdown and the next capture come first."""

KEPT = "The frames are kept."


@dataclass(frozen=True)
class Program:
    """A program, and the fence around it."""

    command: str
    """How it is started: its name, or its path."""
    name: str
    """What it is called in the sentences about it."""
    missing: str
    """What is said where it cannot be run: what it is, and how to get it."""
    environment: Mapping[str, str]
    """All that it knows of our surroundings, but for the way to programs."""
    limits: Mapping[int, int] = field(default_factory=dict)
    """What the kernel lets it have at most, by its ``RLIMIT_...``."""


class Run(Protocol):
    """One run of a program, from its start to its end."""

    def __call__(
        self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str, within: Seconds | None = None
    ) -> None:
        """Make of *source* what *argv* asks for, and write it to *into*. Raises `CompositorError` unless all is well.

        It may take *within*, if that is said and less than its own deadline.

        Prepared frames are in the scratch folder, by the names that *argv* has for them.
        """
        ...


class Children:
    """Runs *program* in *folder*, each time within *deadline*; fulfils `Run`."""

    def __init__(self, program: Program, folder: Path, deadline: Seconds) -> None:
        self._program = program
        self._scratch = folder
        self._deadline = deadline
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def close(self) -> None:
        """Stop each one that is at work; none is started from now on. From any thread, and twice if need be."""
        with self._lock:
            self._closed = True
            for child in self._children:
                _kill(child)

    def __call__(
        self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str, within: Seconds | None = None
    ) -> None:
        """Run it until it ends, or until the deadline; raise `CompositorError` unless all was well."""
        deadline = self._deadline if within is None else min(self._deadline, within)
        name = self._program.name
        child = self._start(argv, source, into)
        try:
            _, complaint = child.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            raise CompositorError(
                f"{about}: {name} did not finish within {deadline} s and was stopped. {KEPT} "
                "If that happens again, see what else keeps the machine busy"
            ) from None
        finally:
            with self._lock:
                self._children.discard(child)
            _reap(child)
        if self._closed:
            raise StoppedError(f"{about}: stopped, because the booth is stopping. {KEPT}")
        if child.returncode != 0 or complaint:
            said = complaint.decode(errors="replace").strip().partition("\n")[0]
            raise CompositorError(
                f"{about}: {_ending(name, child.returncode)}{_saying(name, said)}. {KEPT} {_advice(name, said)}"
            )

    def _start(self, argv: Sequence[str], source: BinaryIO, into: BinaryIO) -> subprocess.Popen[bytes]:
        # Our own environment stays here: it may hold the bucket's keys, and ~/.magick is none of the booth's business.
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), **self._program.environment}
        with self._lock:
            if self._closed:
                raise StoppedError(f"the booth is stopping: no animation is made now. {KEPT}")
            try:
                child = subprocess.Popen(
                    (self._program.command, *argv),
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
                raise CompositorError(f"{self._program.missing}. {KEPT}") from exc
            self._children.add(child)
        # A moment late: between fork and exec no thread of ours may run Python, and a program needs longer to begin.
        for limit, most in self._program.limits.items():
            with suppress(OSError):  # it has ended already
                resource.prlimit(child.pid, limit, (most, most))
        with suppress(OSError):  # the same, or a sandbox forbids it: then it runs as we do
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
    return CompositorError(f"{path} cannot be written: {exc.strerror}. {KEPT} {_advice('gm', exc.strerror or '')}")


def _ending(name: str, status: int) -> str:
    if status == 0:
        return f"{name} was not content"
    return f"{name} ended with status {status}" if status > 0 else f"{name} was stopped by signal {-status}"


def _saying(name: str, said: str) -> str:
    return f" ({said.removeprefix(f'{name} convert: ').rstrip('.')})" if said else ""


def _advice(name: str, said: str) -> str:
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
    return f"It is worth another try; if that fails too, see what the machine lacks: memory, disk, or a sound {name}"
