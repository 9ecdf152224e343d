"""In which order the entries that wait are tried. Pure.

The law: what an entry costs does not depend on how many others wait. Nothing here goes through all of them but `look`,
which is asked when the outbox was listed anew, not for each entry.
"""

from collections.abc import Callable, Iterable
from heapq import heappop, heappush

from booth.core.visit import SessionId

_Turn = tuple[int, SessionId]
"""How often an entry has failed, and which it is: whoever failed least often comes first, of these the oldest."""


class Turns:
    """The entries that are known to wait. One thread's.

    After a failure all that are known then wait together (`hold`), because networks and servers fail all entries alike;
    what comes later is fresh. A visit whose guest stands before the screen comes `first`.
    """

    def __init__(self) -> None:
        self._tries: dict[SessionId, int] = {}
        self._since: dict[SessionId, int] = {}
        """Number of holds before it came, by entry, for those that wait."""
        self._holds = 0
        # Lists in heap order. What was taken away, or failed again, stays in them until it comes to the top.
        self._fresh: list[_Turn] = []
        self._held: list[_Turn] = []
        self._first: list[SessionId] = []

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._since)

    def __contains__(self, session: object) -> bool:
        """Return whether *session* waits."""
        return session in self._since

    def look(self, there: Iterable[SessionId], tries: Callable[[SessionId], int] = lambda _: 0) -> None:
        """Learn which entries are *there*, and no others; a new one has failed so often as *tries* says."""
        there = set(there)
        for session in self._since.keys() - there:
            self.forget(session)
        for session in there - self._since.keys():
            self._add(session, self._tries.setdefault(session, tries(session)))
        self._first = [session for session in self._first if session in self._since]

    def first(self, session: SessionId) -> None:
        """Let *session* come before all others, until it has failed once; before that, whoever came first."""
        self._first.append(session)

    def forget(self, session: SessionId) -> None:
        """Take *session* out, and what is known about it."""
        self._tries.pop(session, None)
        self.leave(session)

    def leave(self, session: SessionId) -> None:
        """Take *session* out for now: how often it has failed is remembered."""
        self._since.pop(session, None)
        if session in self._first:
            self._first.remove(session)

    def hold(self, session: SessionId | None = None) -> None:
        """Let all that are known now wait until it is due. It is *session* that has failed once more."""
        self._holds += 1
        # The smaller heap goes into the larger one: no entry is moved often.
        small, self._held = sorted((self._fresh, self._held), key=len)
        self._fresh = []
        for turn in small:
            heappush(self._held, turn)
        if session is not None:
            if session in self._first:
                self._first.remove(session)
            self._tries[session] = self._tries.get(session, 0) + 1
            if session in self._since:
                heappush(self._held, (self._tries[session], session))

    def turn(self, *, due: bool) -> SessionId | None:
        """Return whose turn it is; None if nobody waits. Unless it is *due*, only those that came since the `hold`."""
        for session in reversed(self._first):
            if session in self._since and (due or self._since[session] == self._holds):
                return session
        tops = [top for heap in ((self._fresh, self._held) if due else (self._fresh,)) if (top := self._top(heap))]
        return min(tops)[1] if tops else None

    def _add(self, session: SessionId, tries: int) -> None:
        self._since[session] = self._holds
        heappush(self._fresh, (tries, session))

    def _top(self, heap: list[_Turn]) -> _Turn | None:
        while heap:
            tries, session = heap[0]
            if session in self._since and self._tries[session] == tries:
                return heap[0]
            heappop(heap)
        return None
