"""A worker that has no thread: it does each job at once, so that a whole party can be played on a hand-moved clock."""

from collections.abc import Callable

from booth.units import Instant, Seconds


class PromptWorker:
    """Does what it is given before `do` returns; fulfils what `booth.workers.Worker` promises, and raises what it meets.

    A job that gives the same worker another job has that done after it, as a thread would.
    """

    def __init__(self, name: str, now: Callable[[], Instant]) -> None:
        self.name = name
        self._jobs: list[Callable[[], None]] = []
        self._busy = False
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

    def busy_for(self, now: Instant) -> Seconds:
        """Return 0: it is never seen at work."""
        return Seconds(0.0)

    def close(self, timeout: Seconds) -> bool:
        """End."""
        self.alive = False
        return True
