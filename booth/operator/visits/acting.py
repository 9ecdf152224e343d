"""What is done with visits of an outbox, whether or not a booth works there.

The law: what has to be done by whoever has the outbox's lock is wished of the booth that runs, and done here where none
runs. All is done as the outbox's owner: nothing is left there that the booth could not touch.
"""

import json
import math
import os
import shlex
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from booth.core.visit import SessionId
from booth.disk import Disk
from booth.drivers.bucket_options import BucketOptions
from booth.errors import OutboxError
from booth.outbox import places, retrying
from booth.outbox.deleting import Deletion
from booth.outbox.folders import Folders
from booth.outbox.forgetting import WISH, Forgetting, Stone, stone_of, stone_read
from booth.outbox.metadata import decode
from booth.outbox.shelf import Shelf, Shelved
from booth.ports import Uptime
from booth.units import Seconds

PATIENCE = 60.0
"""How long a booth that runs is waited for, in seconds."""

_LOOK = 0.5
"""How often it is looked whether it is done, in seconds."""


def become_owner(outbox: Path) -> None:
    """Go on as the outbox's owner, if this is root: what root makes there, the booth could not touch.

    Raises OutboxError where it may not.
    """
    try:
        there = outbox.stat()
        if os.geteuid() == 0 and there.st_uid != 0:
            os.setegid(there.st_gid)
            os.seteuid(there.st_uid)
    except OSError as exc:
        raise OutboxError(f"the outbox {outbox} cannot be used: {exc.strerror}; correct the folder") from exc


def retry(disk: Disk, outbox: Path, visit: Shelved) -> None:
    """Have a visit that was set aside be tried again; a booth that runs finds it by itself. Raises OutboxError."""
    try:
        retrying.retry(disk, outbox, visit.session)
    except OSError as exc:
        raise _refusal(outbox, exc) from exc


def of_address(disk: Disk, outbox: Path, shelf: Shelf, address: str) -> Iterator[Shelved]:
    """Yield the visits whose guest has typed *address*, in letters of any size. Raises OutboxError."""
    wanted = address.strip().casefold()
    for visit in shelf.visits():
        guest = shelf.guest(visit.session)
        typed = [guest.email] if guest is not None else []
        try:
            entry = places.committed(disk, outbox / visit.place / visit.session)
        except OSError as exc:
            raise _refusal(outbox, exc) from exc
        if entry is not None:
            typed.append(decode(entry.metadata).get("email", ""))
        if wanted in (one.strip().casefold() for one in typed):
            yield visit


@dataclass(frozen=True)
class Done:
    """What became of a wish."""

    session: SessionId
    stone: Stone | None
    """What stays of the visit; None if it is not forgotten yet."""
    settled: bool
    """Whether nothing of it is on its way to a bucket any more."""


def forget(
    disk: Disk,
    outbox: Path,
    sessions: Iterable[SessionId],
    *,
    wall: Callable[[], float],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> list[Done]:
    """Have visits be forgotten, here or by the booth that runs; return what became of each. Raises OutboxError."""
    sessions = list(sessions)
    try:
        try:
            unlock = disk.lock(outbox / ".lock")
        except BlockingIOError:
            return _wished(disk, outbox, sessions, now, sleep)
        try:
            folders, turns = Folders(outbox, disk, wall), threading.Lock()
            deleting = Deletion(
                folders,
                keep_days=math.inf,
                uptime=lambda: Uptime("", Seconds(0.0)),
                time_known=lambda: False,
                turns=turns,
            )
            forgetting = Forgetting(folders, deleting, turns, threading.Lock())
            forgetting.recall()
            for session in sessions:
                forgetting.forget(session)
                if disk.exists(outbox / f"{WISH}{session}"):
                    disk.unlink(outbox / f"{WISH}{session}")
        finally:
            unlock()
    except OSError as exc:
        raise _refusal(outbox, exc) from exc
    return [Done(session, stone_read(disk, outbox, session), settled=True) for session in sessions]


def forgotten(disk: Disk, outbox: Path, sessions: Iterable[str]) -> list[Done]:
    """Return which of these visits are forgotten already, and not here any more."""
    shelf = Shelf(outbox, disk=disk)
    named = [SessionId(session) for session in dict.fromkeys(sessions)]
    stones = [(one, stone_read(disk, outbox, one)) for one in named if shelf.visit(one) is None]
    return [Done(one, stone, settled=True) for one, stone in stones if stone is not None]


def _wished(
    disk: Disk,
    outbox: Path,
    sessions: list[SessionId],
    now: Callable[[], float],
    sleep: Callable[[float], object],
) -> list[Done]:
    """Wish it of the booth that runs, and wait for it."""
    for session in sessions:
        disk.write(outbox / f"{WISH}{session}", b"")
    disk.sync_folder(outbox)
    until = now() + PATIENCE
    while any(disk.exists(outbox / f"{WISH}{session}") for session in sessions) and now() < until:
        sleep(_LOOK)
    return [
        Done(
            session,
            stone_read(disk, outbox, session) if Shelf(outbox, disk=disk).visit(session) is None else None,
            settled=not disk.exists(outbox / f"{WISH}{session}"),
        )
        for session in sessions
    ]


def stone(disk: Disk, outbox: Path, visit: Shelved) -> Stone:
    """Return what would stay of a visit. Raises OutboxError."""
    try:
        return stone_of(disk, outbox / visit.place / visit.session, visit.session, "")
    except OSError as exc:
        raise _refusal(outbox, exc) from exc


def call(options: BucketOptions, key: str) -> str:
    """Return the call by which the bucket's owner deletes an object, with all its versions, and no other.

    One version at a time: for several at once CloudServer asks for a ``Content-MD5``, which newer ``aws`` do not send.
    """
    where = f"--endpoint-url {shlex.quote(options.endpoint_url)} --region {options.region} --bucket {options.bucket}"
    literal, named = json.dumps(key).replace("`", "\\u0060"), shlex.quote(key)
    query = shlex.quote(f"[Versions, DeleteMarkers][] | [?Key==`{literal}`].[VersionId]")
    listed = f"aws s3api list-object-versions {where} --prefix {named} --query {query} --output text"
    return f"{listed} | xargs -r -n 1 aws s3api delete-object {where} --key {named} --version-id"


def _refusal(outbox: Path, exc: OSError) -> OutboxError:
    if isinstance(exc, PermissionError):
        return OutboxError(f"this user may not change the outbox {outbox}; put sudo before it")
    return OutboxError(
        f"the outbox {outbox} does not take that: {exc.strerror or type(exc).__name__}; look at the disk"
    )
