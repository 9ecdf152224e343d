"""What is told of the uploads to one target: to the machine, to an operator, and to the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from booth.core.events import Event, Reach, ReachChanged
from booth.errors import Remedy
from booth.units import Instant

log = structlog.get_logger()


@dataclass(frozen=True)
class Status:
    """How the uploads are going, for an operator."""

    pending: int = 0
    failed: int = 0
    reach: Reach = Reach.UP
    error: str | None = None
    """What is wrong and what to do about it; None while nothing is."""
    remedy: Remedy | None = None
    """What the bucket needs before it goes on; None while it does, or when it is the disk that refuses."""
    next_attempt: Instant | None = None
    """When those that were refused are tried again; None if that is now, or nothing waits."""

    @property
    def online(self) -> bool:
        """Whether what is sent gets into the bucket."""
        return self.reach.online

    @property
    def words(self) -> str:
        """How far uploads get, what is not sent, and why, for an operator; "" while all is well."""
        facts = [_REACHES[self.reach]] if self.reach in _REACHES else []
        if self.pending and (facts or self.error):
            facts.append(f"{self.pending} GIF{'s' if self.pending > 1 else ''} not sent yet")
        if self.failed:
            facts.append(f"{self.failed} set aside in failed/")
        words = ", ".join(facts)
        return f"{words}: {self.error}" if words and self.error else words or self.error or ""


_REACHES = {
    Reach.OFFLINE: "offline",
    Reach.LOGIN: "this network asks for a log-in",
    Reach.HELD_UP: "uploads held up",
    Reach.REFUSED: "not uploading",
    Reach.NO_BUCKET: "no bucket set",
}
"""How far uploads get, where that is worth a word."""


class News:
    """How far uploads get, and what is wrong. Told when it changes, once."""

    def __init__(self, post: Callable[[Event], None], now: Callable[[], Instant], about: Mapping[str, str]) -> None:
        """*about* goes with each fact in the log."""
        self._post = post
        self._now = now
        self._about = about
        self.reach = Reach.UP
        self.error: str | None = None
        self.remedy: Remedy | None = None

    def reaches(self, reach: Reach) -> None:
        """Tell how far uploads get now."""
        if reach is not self.reach:
            if reach.online is not self.reach.online:
                log.info("link.changed", **self._about, online=reach.online)
            log.info("uploads.reach", **self._about, reach=reach.value)
            self.reach = reach
            self._post(ReachChanged(self._now(), reach))

    def complain(self, error: str, remedy: Remedy | None) -> None:
        """Tell what is wrong, and what the bucket needs before it goes on."""
        if (error, remedy) != (self.error, self.remedy):
            told = remedy.value if remedy is not None else None
            log.warning("uploader.trouble", **self._about, why=error, remedy=told)
        self.error, self.remedy = error, remedy

    def all_is_well(self) -> None:
        """Take back what was wrong."""
        self.error, self.remedy = None, None
