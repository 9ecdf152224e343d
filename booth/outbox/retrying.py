"""Visits that were set aside are tried again: each goes back to those that wait, where a booth that runs finds it."""

from pathlib import Path

import structlog

from booth.core.visit import SessionId
from booth.disk import Disk
from booth.errors import OutboxError
from booth.outbox import places
from booth.outbox.places import FAILED, PENDING
from booth.outbox.shelf import Shelf

log = structlog.get_logger()


def retry(disk: Disk, outbox: Path, session: SessionId) -> None:
    """Have a visit that was set aside be tried again. Raises OutboxError if it cannot be, and OSError."""
    folder, target = outbox / FAILED / session, outbox / PENDING / session
    if places.committed(disk, folder) is None:
        raise OutboxError(f"{session} cannot be sent: it was never whole; what there is of it is in {folder}")
    if disk.exists(target):
        raise OutboxError(f"{session} is in {PENDING}/ as well; look at both, and move one away")
    disk.rename(folder, target)
    disk.sync_folder(target.parent)


def retry_all(disk: Disk, outbox: Path) -> None:
    """Have all that was set aside be tried again. What cannot be stays where it is, and the log says why."""
    for visit in Shelf(outbox, disk=disk).visits(FAILED):
        try:
            retry(disk, outbox, visit.session)
        except (OutboxError, OSError) as exc:
            log.warning("entry.not_retried", session=visit.session, error=str(exc))
