"""Threads: how they are started, told to end, and waited for; and a look that is taken again and again.

The law: each thread of the booth is one of these. It has a name, and is a daemon: what hangs in a driver cannot keep
the booth from ending. It ends because it was told to, and whoever told it waits with patience, not for ever. What it
meets and does not catch ends it, and is told to `threading.excepthook`, which `booth.logs` sets; nobody starts it anew,
so whoever depends on it asks whether it is `alive`.
"""

import threading
from collections.abc import Callable
from threading import Event

from booth.units import Seconds


class Loop:
    """One thread, from `start` to the end of *run*. How *run* is told to end is its owner's business."""

    def __init__(self, name: str, run: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=run, name=name, daemon=True)

    def start(self) -> None:
        """Begin. Once only."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._thread.is_alive()

    def join(self, patience: Seconds | None = None) -> bool:
        """Wait until it has ended, *patience* at most; return whether it has. One that was not started has ended."""
        if self._thread.ident is not None:
            self._thread.join(patience)
        return not self.alive


class Stoppable(Loop):
    """A thread whose *run* is given what says that it is to end, and what it can wait on until then."""

    def __init__(self, name: str, run: Callable[[Event], None]) -> None:
        self._stop = Event()
        super().__init__(name, lambda: run(self._stop))

    def end(self, patience: Seconds | None = None) -> bool:
        """Tell it to end, and wait for that, *patience* at most; return whether it has ended. May be called twice."""
        self._stop.set()
        return self.join(patience)


class Look(Stoppable):
    """A thread that looks, again after *every* seconds, until *look* returns that it has seen enough."""

    def __init__(self, name: str, look: Callable[[], bool], every: Seconds) -> None:
        super().__init__(name, self._run)
        self._look = look
        self._every = every

    def _run(self, stop: Event) -> None:
        while not stop.is_set():
            if self._look():
                return
            stop.wait(self._every)


def aside(name: str, job: Callable[[], None]) -> None:
    """Have *job* be done soon, on a thread that ends with it."""
    Loop(name, job).start()
