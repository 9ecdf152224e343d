"""Which visits are worked at, which shall be deleted, and when what failed is tried again.

The law: a visit is in one pair of hands. Threads that carry out effects, and one that looks for what was left open, ask
and tell at the same time; each question is answered, and what follows from it noted, under one lock.
"""

import threading
from collections.abc import Sequence

from booth.core.visit import SessionId
from booth.units import Instant, Seconds, later
from booth.workers.worker import Now

TRY_AGAIN = Seconds(60.0)
"""The wait before a visit that could not be finished, or deleted, is tried again; twice that the next time, ..."""

TRY_AGAIN_AT_MOST = Seconds(3600.0)
"""The longest such wait."""


class Agenda:
    """The visits that somebody works at, or has to come back to. From any thread; never blocks for long."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._in_hand: set[SessionId] = set()
        """Begun, and not yet committed, salvaged or discarded."""
        self._unwanted: set[SessionId] = set()
        """A guest wants them deleted, and they are not yet."""
        self._tries: dict[SessionId, tuple[int, Instant]] = {}
        """How often a visit could not be finished, and when it is tried again."""

    def take(self, session: SessionId) -> None:
        """Note that somebody works at the visit."""
        with self._lock:
            self._in_hand.add(session)

    def let_go(self, session: SessionId) -> None:
        """Note that nobody works at the visit any more."""
        with self._lock:
            self._in_hand.discard(session)

    def unwanted(self, session: SessionId) -> None:
        """Note that the visit's guest wants it deleted."""
        with self._lock:
            self._unwanted.add(session)

    def deleted(self, session: SessionId) -> None:
        """Note that the visit is deleted: nothing of it is to be done any more."""
        with self._lock:
            self._unwanted.discard(session)

    def put_off(self, session: SessionId) -> None:
        """Have the visit tried again later, and each time later than the last."""
        with self._lock:
            tries = self._tries.get(session, (0, Instant(0.0)))[0]
            wait = min(TRY_AGAIN * 2**tries, TRY_AGAIN_AT_MOST)
            self._tries[session] = (tries + 1, later(self._now(), Seconds(wait)))

    @property
    def idle(self) -> bool:
        """Whether nobody works at any visit."""
        with self._lock:
            return not self._in_hand

    def take_unwanted(self) -> SessionId | None:
        """Take a visit in hand that is still to be deleted, and due; None if there is none."""
        with self._lock:
            return self._taken(sorted(self._unwanted))

    def take_unfinished(self, unfinished: Sequence[SessionId]) -> SessionId | None:
        """Take the first that is due of the visits *unfinished* on the disk in hand; None if there is none.

        Ask the disk first: whatever has a folder and is worked at was taken in hand before it got one.
        """
        with self._lock:
            known = self._unwanted.union(unfinished)
            self._tries = {session: tries for session, tries in self._tries.items() if session in known}
            return self._taken([session for session in unfinished if session not in self._unwanted])

    def _taken(self, sessions: Sequence[SessionId]) -> SessionId | None:
        now = self._now()
        for session in sessions:
            if session not in self._in_hand and self._tries.get(session, (0, now))[1] <= now:
                self._in_hand.add(session)
                return session
        return None
