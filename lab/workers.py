"""A worker that has no thread: it does each job at once, so that a whole party can be played on a hand-moved clock."""

from collections.abc import Callable

from booth.units import Instant, Seconds, later


class PromptWorker:
    """Does what it is given before `do` returns; promises what `booth.workers.Worker` does, and raises what it meets.

    A job that gives the same worker another job has that done after it, as a thread would.
    """

    def __init__(self, name: str, now: Callable[[], Instant]) -> None:
        self.name = name
        self._jobs: list[Callable[[], None]] = []
        self._busy = False
        self._now = now
        self._later: list[tuple[Instant, Callable[[], None]]] = []
        self.alive = True

    def start(self) -> None:
        """Nothing has to be started."""

    def do(self, job: Callable[[], None]) -> None:
        """Do *job*, and what it queues."""
        self._jobs.append(job)
        if self._busy or not self.alive:
            return
        self._busy = True
        try:
            while self._jobs:
                self._jobs.pop(0)()
        finally:
            self._busy = False

    def after(self, span: Seconds, job: Callable[[], None]) -> None:
        """Put *job* off; `catch_up` does it when its time has come."""
        self._later.append((later(self._now(), span), job))

    def catch_up(self) -> None:
        """Do what was put off and is due now."""
        due = [entry for entry in self._later if entry[0] <= self._now()]
        self._later = [entry for entry in self._later if entry not in due]
        for _, job in due:
            self.do(job)

    def busy_for(self, now: Instant) -> Seconds:
        """Return 0: it is never seen at work."""
        return Seconds(0.0)

    def close(self, timeout: Seconds) -> bool:
        """End."""
        self.alive = False
        return True
