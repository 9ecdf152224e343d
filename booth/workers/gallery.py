"""The latest animations whose guests agreed to have them shown, small and in memory, for the invitation.

The law: what is shown is on the disk now, and its guest said yes. Whoever is deleted there is gone from here with the
next look; nothing is remembered of anybody else.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import structlog

from booth.core.visit import SessionId
from booth.errors import BoothError
from booth.ports import Playback
from booth.units import Seconds
from booth.workers.worker import Hire, Now, Worker

log = structlog.get_logger()

Agreed = Callable[[], Iterator[tuple[SessionId, Path]]]
"""Yields the visits whose guests agreed, newest first, each with where its animation is. Raises `OutboxError`."""

Glimpse = Callable[[Path], Playback]
"""Reads an animation small. Blocks; raises `CompositorError`."""


class Gallery:
    """Keeps the *latest* animations of those who agreed. Fulfils `booth.ports.Gallery`.

    Looked for on a thread of its own, one new animation at a time: a guest who presses meanwhile must not notice.
    """

    def __init__(self, agreed: Agreed, glimpse: Glimpse, *, latest: int, now: Now, hire: Hire = Worker) -> None:
        self._agreed = agreed
        self._glimpse = glimpse
        self._latest = latest
        self._now = now
        self._known: dict[SessionId, Playback] = {}
        self._broken: set[Path] = set()
        self._shown: tuple[Playback, ...] = ()
        self._worker = hire("gallery", now)

    def pictures(self) -> tuple[Playback, ...]:
        """Return the animations to show, newest first. Never blocks."""
        return self._shown

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def look(self) -> None:
        """Have the disk looked at again. Does not block; called every few seconds while nobody is there."""
        if self._worker.busy_for(self._now()) == 0.0:
            self._worker.do(self._look)

    def close(self, timeout: Seconds) -> None:
        """End the thread, within *timeout*."""
        self._worker.close(timeout)

    def _look(self) -> None:
        try:
            found = list(islice(((s, p) for s, p in self._agreed() if p not in self._broken), self._latest))
        except BoothError as exc:
            log.warning("gallery.not_read", why=str(exc))
            found = []  # what cannot be seen to be there is not shown
        self._known = {session: self._known[session] for session, _ in found if session in self._known}
        self._show(found)  # those who are gone go first
        for session, path in found:
            if session not in self._known:
                self._add(session, path)
                break
        self._show(found)

    def _add(self, session: SessionId, path: Path) -> None:
        try:
            self._known[session] = self._glimpse(path)
        except BoothError as exc:
            self._broken.add(path)
            log.warning("gallery.not_shown", session=session, why=str(exc))

    def _show(self, found: list[tuple[SessionId, Path]]) -> None:
        shown = tuple(self._known[session] for session, _ in found if session in self._known)
        if shown != self._shown:
            self._shown = shown
