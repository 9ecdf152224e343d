"""How long an outbox keeps what was sent, and the oldest of it that is there: pictures, and guests' details."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from booth.core.visit import SessionId
from booth.disk import Disk
from booth.outbox.baring import has_details
from booth.outbox.places import SENT
from booth.outbox.shelf import Shelf


@dataclass(frozen=True)
class KeptFor:
    """How long something of sent visits is kept."""

    days: int
    """After it was sent, and copied."""
    oldest: datetime | None
    """When the first visit that has it was sent, in UTC; None if there is none, or nobody noted when."""


@dataclass(frozen=True)
class Keeping:
    """How long what was sent is kept."""

    pictures: KeptFor
    details: KeptFor


def keeping(
    disk: Disk, outbox: Path, shelf: Shelf, sent: Sequence[SessionId], *, keep_days: int, keep_details_days: int
) -> Keeping:
    """Return how long the *sent* visits of an outbox, oldest first, are kept. Raises OutboxError and OSError."""
    detailed = next((session for session in sent if has_details(disk, outbox / SENT / session)), None)
    pictures = KeptFor(keep_days, _sent_at(shelf, sent[0] if sent else None))
    return Keeping(pictures, KeptFor(min(keep_days, keep_details_days), _sent_at(shelf, detailed)))


def _sent_at(shelf: Shelf, session: SessionId | None) -> datetime | None:
    visit = shelf.visit(session) if session is not None else None
    return visit.confirmed if visit is not None else None
