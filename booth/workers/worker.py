"""A thread with an inbox: the one way in which anything slow is done."""

import queue
from collections.abc import Callable

import structlog

from booth.core.events import Event
from booth.errors import BoothError
from booth.threads import Loop
from booth.units import Instant, Seconds, later

Job = Callable[[], None]
Post = Callable[[Event], None]
Now = Callable[[], Instant]

log = structlog.get_logger()


class Worker:
    """One thread that does one job after the other. A daemon thread: a hung device cannot stop the booth's end."""

    def __init__(self, name: str, now: Now) -> None:
        self.name = name
        self._now = now
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._later: list[tuple[Instant, Job]] = []  # touched by the thread itself only
        self._busy_since: Instant | None = None
        self._thread = Loop(name, self._run)

    def start(self) -> None:
        """Begin with the jobs."""
        self._thread.start()

    def do(self, job: Job) -> None:
        """Queue a job. Does not block."""
        self._jobs.put(job)

    def after(self, span: Seconds, job: Job) -> None:
        """Queue a job for *span* from now. May be called from a job of this worker only."""
        self._later.append((later(self._now(), span), job))

    def busy_for(self, now: Instant) -> Seconds:
        """Return how long the job in hand has taken so far; 0 when there is none."""
        since = self._busy_since
        return Seconds(now - since) if since is not None else Seconds(0.0)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.alive

    def close(self, timeout: Seconds) -> bool:
        """Finish the jobs that are queued, wait *timeout* at most; return whether the thread has ended."""
        if not self.alive:
            return True
        self._jobs.put(None)
        return self._thread.join(timeout)

    def _next(self) -> Job | None:
        """Wait for a job, or until one that was put off is due; None means: no more."""
        while True:
            if not self._later:
                return self._jobs.get()
            soonest = min(self._later, key=lambda entry: entry[0])
            try:
                return self._jobs.get(timeout=max(soonest[0] - self._now(), 0.0))
            except queue.Empty:
                self._later.remove(soonest)
                return soonest[1]

    def _run(self) -> None:
        while (job := self._next()) is not None:
            self._busy_since = self._now()
            try:
                job()
            except Exception:  # a bug in a job must not take the thread, and with it the booth, away
                log.exception("worker.job_failed", worker=self.name)
            finally:
                self._busy_since = None
                del job  # it may have a guest's details with it, and the next one may be long in coming


Hire = Callable[[str, Now], Worker]
"""Makes a worker; a test takes one that does its job at once, on the caller's thread."""


def failed(event: str, exc: Exception, **facts: object) -> None:
    """Log that something failed: what we expect to go wrong with its sentence, anything else with its traceback."""
    log.error(event, **facts, why=str(exc), exc_info=not isinstance(exc, BoothError))
