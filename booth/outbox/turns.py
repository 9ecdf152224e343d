"""In which order the entries that wait are tried. Pure.

The law: what an entry costs does not depend on how many others wait. Nothing here goes through all of them but `look`,
which is asked when the outbox was listed anew, not for each entry.
"""

from collections.abc import Callable, Iterable
from heapq import heappop, heappush

from booth.core.visit import SessionId

_Turn = tuple[int, bool, SessionId]
"""How often an entry has failed, whether only the rest of it waits, and which it is.

Whoever failed least often comes first, of these whoever still waits for the animation, of these the oldest. Failures
count before all else: else an animation that is refused again and again would keep the rest of all others waiting.
"""


class Turns:
    """The entries that are known to wait. One thread's.

    After a failure all that are known then wait together (`hold`), because networks and servers fail all entries alike;
    what comes later is fresh. A visit whose guest stands before the screen comes `first`, until the guest has what was
    promised: the `rest` of a visit lets other visits' animations go before it.
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
        self._rest: set[SessionId] = set()

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
            self._tries.setdefault(session, tries(session))
            self._add(session)
        self._first = [session for session in self._first if session in self._since]

    def first(self, session: SessionId) -> None:
        """Let *session* come before all others, until it has failed once; before that, whoever came first."""
        self._first.append(session)

    def rest(self, session: SessionId) -> None:
        """Let *session* come after the others that failed as often: its animation has arrived."""
        if session in self._first:
            self._first.remove(session)
        if session not in self._rest:
            self._rest.add(session)
            if session in self._since:
                self._push(self._fresh if self._since[session] == self._holds else self._held, session)

    def forget(self, session: SessionId) -> None:
        """Take *session* out, and what is known about it."""
        self._tries.pop(session, None)
        self._rest.discard(session)
        self.leave(session)

    def leave(self, session: SessionId) -> None:
        """Take *session* out for now: how often it has failed, and whether it is a rest, is remembered."""
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
                self._push(self._held, session)

    def turn(self, *, due: bool) -> SessionId | None:
        """Return whose turn it is; None if nobody waits. Unless it is *due*, only those that came since the `hold`."""
        for session in reversed(self._first):
            if session in self._since and (due or self._since[session] == self._holds):
                return session
        tops = [top for heap in ((self._fresh, self._held) if due else (self._fresh,)) if (top := self._top(heap))]
        return min(tops)[-1] if tops else None

    def _add(self, session: SessionId) -> None:
        self._since[session] = self._holds
        self._push(self._fresh, session)

    def _push(self, heap: list[_Turn], session: SessionId) -> None:
        heappush(heap, (self._tries[session], session in self._rest, session))

    def _top(self, heap: list[_Turn]) -> _Turn | None:
        while heap:
            tries, rest, session = heap[0]
            if session in self._since and (self._tries[session], session in self._rest) == (tries, rest):
                return heap[0]
            heappop(heap)
        return None
