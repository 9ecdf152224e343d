"""A booth in a process of its own, whose log is read as it comes.

The law: what the log has said is known here, even if the process was killed right after it; and nothing is waited for
without an end.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from lab import ROOT

BOOTH = ("-m", "booth")
"""What Python runs to be a booth."""

SIMULATE = (*BOOTH, "--config", "config/booth.toml", "--simulate")
"""The booth of this checkout at its built-in settings, pretending."""

PATIENCE = 240.0
"""Seconds after which a booth that says nothing, or does not end, is broken, unless somebody says otherwise."""

SHOWN = 12
"""How many of the last lines of a log are shown when something went wrong."""

Fact = Mapping[str, Any]
"""A line of the log, as JSON has it."""

THE_END: Fact = {"event": "the end"}
"""Stands for the end of the log."""


class ChildError(Exception):
    """A booth ended, or said nothing, while something was expected of it. ``str()`` says what, and its last lines."""


def environment(state: str | Path) -> dict[str, str]:
    """Return the environment of a booth without a display, whose own settings and visits are not to count.

    *state* is a folder that may fill.
    """
    ours = ("BOOTH_", "PYTHON", "SDL_")
    others = ("DISPLAY", "WAYLAND_DISPLAY", "CREDENTIALS_DIRECTORY", "RUNTIME_DIRECTORY", "NOTIFY_SOCKET")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours) and key not in others}
    return kept | {"XDG_STATE_HOME": str(state), "PYGAME_HIDE_SUPPORT_PROMPT": "1"}


class Child:
    """A process of this checkout's Python, started at once; its log, on standard error, is followed by a thread.

    *argv* is what Python is given: `SIMULATE` and what else the booth takes. Each fact goes to *heard* as soon as it
    came, on that thread. *keep* is how many lines are kept; None keeps them all.
    """

    def __init__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        *,
        heard: Callable[[Fact], None] = lambda _: None,
        keep: int | None = 30,
        cwd: Path = ROOT,
    ) -> None:
        self.began = time.monotonic()
        self._lines: deque[str] = deque(maxlen=keep)
        self._heard = heard
        self._facts: queue.SimpleQueue[Fact] = queue.SimpleQueue()
        self._out = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed with the child
        self.process = subprocess.Popen(
            [sys.executable, *argv], cwd=cwd, env=environ, stdin=subprocess.DEVNULL, stdout=self._out,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, name="log", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self.process.pid

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the last of the log's lines so far, without their ends."""
        return tuple(self._lines)

    @property
    def last(self) -> str:
        """Return the very last of them, for people."""
        return "\n".join(f"    {line}" for line in self.lines[-SHOWN:])

    def wait_for(self, this: Callable[[Fact], bool], patience: float = PATIENCE) -> Fact | None:
        """Wait for a line of the log that was not waited for yet; return it, or None if *patience* seconds pass.

        Raises `ChildError` if the booth has ended before it.
        """
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                fact = self._facts.get(timeout=left)
                if fact is THE_END:
                    self._facts.put(THE_END)  # whoever asks again is told again
                    raise ChildError(f"a booth ended by itself, with status {self.process.wait()}:\n{self.last}")
                if this(fact):
                    return fact
        return None

    def facts(self, patience: float | None = None) -> Iterator[Fact]:
        """Yield each line of the log that was not waited for yet, as it comes, until the booth has ended.

        Raises `ChildError` if it says nothing for *patience* seconds; None waits as long as it takes.
        """
        while True:
            try:
                fact = self._facts.get(timeout=patience)
            except queue.Empty:
                raise ChildError(f"a booth said nothing any more:\n{self.last}") from None
            if fact is THE_END:
                self._facts.put(THE_END)
                return
            yield fact

    def come_to(self, state: str, patience: float = PATIENCE) -> None:
        """Wait until the visit is in *state*. Raises `ChildError` if it does not come to that."""
        if self.wait_for(lambda fact: fact["event"] == "visit.state" and fact["state"] == state, patience) is None:
            raise ChildError(f"a booth did not come to {state} within {patience:.0f} s:\n{self.last}")

    def whole(self, patience: float | None = PATIENCE) -> tuple[int, str]:
        """Wait until it has ended by itself; return the exit status, and what is on its standard output.

        Raises `ChildError` if it has not after *patience* seconds; None waits as long as it takes.
        """
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise ChildError(f"a booth that nobody disturbed did not end:\n{self.last}") from None
        self._reader.join()
        self._out.seek(0)
        return status, self._out.read()

    def read(self, what: str) -> str:
        """Return what the kernel says of it in ``/proc/PID/``. Raises `ChildError` if it has ended."""
        if self.process.poll() is not None:
            raise ChildError(f"a booth ended while it was looked at:\n{self.last}")
        return Path(f"/proc/{self.pid}/{what}").read_text()

    def end(self, by: signal.Signals = signal.SIGTERM, patience: float = PATIENCE) -> int:
        """Send it a signal, if it still runs; return the exit status, when its log was read to the end.

        One that does not go within *patience* seconds is killed, and `ChildError` raised.
        """
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ChildError(f"a booth did not end within {patience:.0f} s of {by.name}:\n{self.last}") from None
        self.kill()
        return status

    def kill(self) -> None:
        """Kill it, if it still runs; what its log said until then is known afterwards. May be called twice."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        if self.process.stderr is not None:
            self.process.stderr.close()
        self._out.close()

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self._lines.append(line.rstrip("\n"))
            if line.startswith("{") and line.endswith("}\n"):  # not words for people, nor the line it died of
                fact = json.loads(line)
                self._heard(fact)
                self._facts.put(fact)
        self._facts.put(THE_END)
