"""A visit as it goes to a bucket: what pages show of keys, metadata and details is what the outbox makes of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from booth.core.visit import Guest, SessionId
from booth.outbox.spool import Spool
from booth.ports import Parcel
from lab.clock import HandClock, placed

SESSION = SessionId("20261122-170512-k3v9q2m7xw")

TAKEN = 1_795_363_512.0
"""2026-11-22 16:05:12 UTC, in seconds since 1970; an hour more at the place."""

PLACE = "CET-1"
"""Where the visit was, as ``TZ`` has it: what its name and its key tell is the time of that place."""

GUEST = Guest("Zoë Example", "zoe@example.org", consent=True, language="en")

PICTURE = b"GIF89a" + bytes(412_028)
"""As large as they are."""


def parcels(
    folder: Path, *, event: str = "DockerCon 2026", session: SessionId = SESSION, guest: Guest = GUEST,
    linked: bool = False,
) -> list[Parcel]:  # fmt: skip
    """Return what an outbox below *folder* gives its bucket for a visit, in order; *linked*: guests are shown links."""
    clock = HandClock(wall=TAKEN)
    with placed(PLACE), Spool(
        folder / session, event=event, booth="left", key_template="{event}/{date}/{session}.gif", wall=clock.wall,
        min_free_mb=0, keep_days=30, linked=linked,
    ) as spool:  # fmt: skip
        spool.open(session)
        spool.shot(session, 1).write_bytes(b"\xff\xd8")
        spool.keep(session, 1)
        spool.animation(session).write_bytes(PICTURE)
        spool.note(session, guest)
        spool.commit(session)
        given: list[Parcel] = []
        while not given or not spool.queue().confirm(session, given[-1].key, given[-1].md5):
            given.append(spool.queue().parcel(session))
        return given


def printed(folder: Path) -> Mapping[str, Callable[[], str]]:
    """Return what is printed behind each mark of docs/bucket.md, of outboxes below *folder*."""
    return {
        "key": lambda: parcels(folder)[-1].key,
        "details": lambda: parcels(folder, linked=True)[0].content.decode("ascii").rstrip("\n"),
        "head": lambda: _head(parcels(folder)[-1]),
        "head of details": lambda: _head(parcels(folder, linked=True)[0]),
    }


def _head(parcel: Parcel) -> str:
    """Return what a server that changes nothing answers to HEAD, but for its own lines."""
    lines = [f"Content-Type: {parcel.media_type}", f"Content-Length: {len(parcel.content)}", f'ETag: "{parcel.md5}"']
    return "\n".join([*lines, *(f"x-amz-meta-{name}: {value}" for name, value in parcel.metadata.items())])
