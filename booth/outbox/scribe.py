"""Counts what becomes of visits, for the record of the night: a watcher of the daemon, and what writes it down.

The law: the loop is not kept waiting. It only notes what is to be counted; a thread that looks again and again puts it
on the medium. A power cut costs what was counted since the last look, and nothing that was written before. A disk that
refuses is told of once, and what it refuses is kept in mind until it takes it.
"""

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import structlog

from booth.core.events import Delivered, Event
from booth.core.night import KEPT, Counted, Following, Mark, Night, Spoke, marked
from booth.core.scene import Scene
from booth.core.states import Booth
from booth.outbox.nights import Day, Nights, day_of
from booth.units import Instant

log = structlog.get_logger()


@dataclass
class _Unwritten:
    """What is counted of a day, and not on the medium."""

    night: Night = field(default_factory=Night)
    delivered: float | None = None


class Scribe:
    """The record of one event's nights. Fulfils `booth.daemon.Watcher`; `keep` is one other thread's."""

    def __init__(
        self, nights: Nights, *, event: str, wall: Callable[[], float], spoken: Callable[[], str] = lambda: ""
    ) -> None:
        """Count visits of *event*; *wall* gives seconds since 1970. Nothing is asked of the disk before `keep`.

        *spoken* gives the code of the language that the screen speaks, "" if nobody knows.
        """
        self._nights = nights
        self._event = event
        self._wall = wall
        self._spoken = spoken
        self._following = Following()
        self._noted: deque[tuple[Mark | None, float]] = deque()
        """What is to be counted, and when that was; None for no more than that the bucket has confirmed something."""
        # What follows belongs to the thread that keeps.
        self._day: date | None = None
        self._unwritten: dict[date, _Unwritten] = {}
        self._pages: dict[date, Day] = {}
        self._refused = False

    def stepped(self, before: Booth, event: Event, after: Booth) -> None:
        """Note what is to be counted of a step. Asks no disk."""
        self._following, marks = marked(self._following, before, event, after)
        if any(mark in KEPT for mark in marks) and (language := self._spoken()):  # also of who sends nothing
            marks = (*marks, Spoke(language))
        for mark in marks:
            self._noted.append((mark, self._wall()))
        if isinstance(event, Delivered):
            self._noted.append((None, self._wall()))

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """Look away."""

    def looped(self, booth: Booth, now: Instant) -> None:
        """Look away."""

    def keep(self) -> None:
        """Put what was noted on the medium. Never raises: what a disk refuses is tried again the next time."""
        with suppress(IndexError):
            while True:
                self._count(*self._noted.popleft())
        for day in tuple(self._unwritten):
            try:
                self._write(day)
            except OSError as exc:
                if not self._refused:
                    log.warning("night.not_kept", why=exc.strerror or type(exc).__name__)
                self._refused = True
                return
        self._refused = False

    def today(self) -> Day:
        """Return what is known of this day, as far as it is on the medium. Raises OSError."""
        return self._page(day_of(self._wall()))

    def _count(self, mark: Mark | None, at: float) -> None:
        # A visit is counted where it began: so no day has more that posed than begun.
        if self._day is None or mark is Counted.BEGUN:
            self._day = day_of(at)
        unwritten = self._unwritten.setdefault(self._day, _Unwritten())
        if mark is None:
            unwritten.delivered = at
        else:
            unwritten.night = unwritten.night.having([mark])

    def _write(self, day: date) -> None:
        unwritten = self._unwritten[day]
        before = self._page(day)
        self._pages = {day: before}  # should it be refused half-way, it may be on the medium already: not counted twice
        page = before.having(self._event, unwritten.night, unwritten.delivered)
        self._nights.put(day, page)
        self._pages = {day: page}
        del self._unwritten[day]

    def _page(self, day: date) -> Day:
        if day in self._pages:
            return self._pages[day]
        try:
            return self._nights.read(day) or Day()
        except ValueError:
            self._nights.displace(day)
            return Day()
