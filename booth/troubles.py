"""What went wrong last, in words: taken from the log's warnings and errors, as they stand there, nobody's name in them.

The law: it is a handful, each told once however often it came again; the newest is the last. No visit can be found by
it: the names of visits are left out.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

MOST = 5
"""Troubles that are remembered."""

LONGEST = 300
"""Characters of one that are told."""

WORDS = {
    "bug": "a mistake in the booth's program",
    "doctor.checked": "found at the start",
    "entry.damaged": "a visit in the outbox is damaged",
    "entry.refused": "a visit was not taken",
    "entry.set_aside": "a visit was set aside in failed/",
    "night.not_kept": "visits cannot be counted on the disk",
    "notice.began": "noticed",
    "outbox.not_read": "the outbox cannot be read",
    "part.lost": "lost",
    "replication.failed": "a copy of a GIF failed",
    "replication.late": "copies are late",
    "replication.lost": "a GIF cannot be asked after",
    "replication.not_asked": "copies are not followed",
    "uploader.trouble": "uploads",
    "troubles.not_kept": "what went wrong cannot be kept on the disk",
    "watchdog.starved": "hangs",
    "worker.job_failed": "a mistake in the booth's program",
}
"""What a fact of the log is called, for people; of others, its name there."""

ABOUT = ("part", "notice", "target", "stuck", "worker")
"""What a fact is about, where the log says so."""

_SESSION = re.compile(r"\d{8}-\d{6}-[a-z0-9]{10}", re.ASCII)


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong."""

    what: str
    """The trouble in a few words."""
    why: str
    """The reason as the log says it, and what to do about it; "" if it does not say."""
    at: float
    """When it was last so, in seconds since 1970."""
    times: int = 1
    """How often, since it was first remembered."""


class Troubles:
    """The last few. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: list[Trouble] = []

    def note(self, fact: str, facts: Mapping[str, Any], at: float) -> None:
        """Remember a *fact* of the log, with what is said of it; it has been cleaned of what is private."""
        about = " ".join(str(facts[name]) for name in ABOUT if facts.get(name))
        named = WORDS.get(fact, fact.replace(".", " ").replace("_", " "))
        what, why = (_shortened(text) for text in (f"{about} {named}".strip(), str(facts.get("why") or "")))
        with self._lock:
            same = [one for one in self._last if (one.what, one.why) == (what, why)]
            others = [one for one in self._last if one not in same]
            times = 1 + sum(one.times for one in same)
            self._last = [*others, Trouble(what, why, at, times)][-MOST:]

    def recall(self, earlier: Sequence[Trouble]) -> None:
        """Remember what an *earlier* booth did, the newest last, before all that has gone wrong since."""
        with self._lock:
            for old in reversed(earlier):
                again = [one for one in self._last if (one.what, one.why) == (old.what, old.why)]
                if again:
                    (one,) = again
                    both = replace(one, times=one.times + old.times)
                    self._last = [both if each is one else each for each in self._last]
                else:
                    self._last = [old, *self._last]
            self._last = self._last[-MOST:]

    def last(self) -> tuple[Trouble, ...]:
        """Return them, the newest last."""
        with self._lock:
            return tuple(self._last)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._last = []


def _shortened(text: str) -> str:
    text = _SESSION.sub("...", " ".join(text.split()))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
