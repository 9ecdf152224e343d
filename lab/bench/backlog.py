"""What an entry costs the booth while very many wait, against what it costs while some do.

The outbox and the uploader are the real ones, the bucket confirms at once, and nothing is waited for: a disk that syncs
is slow, and costs the processor nothing. Counted are the CPU seconds of this process from the first put to the last.
"""

import hashlib
import logging
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from booth.core.events import Delivered
from booth.disk import RealDisk
from booth.outbox.entry import Entry, Product
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.ports import CopyState, Parcel
from booth.units import Instant

SOME, MANY = 300, 10_000
"""Entries that wait."""
LIMIT = 1.5
"""What an entry may cost while `MANY` wait, of what it costs while `SOME` do."""
GIF = b"GIF89a" + 2000 * b"booth" + b";"
BEGAN = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC)
PATIENCE = 600.0
"""Seconds after which a backlog that is not sent is given up."""


def measure(some: int = SOME, many: int = MANY) -> dict[str, float]:
    """Send *some*, *many* and *some* again; return CPU seconds an entry of both, and their ratio."""
    before = _an_entry(some)
    loaded = _an_entry(many)
    unloaded = min(before, _an_entry(some))  # the first one pays for what is imported and compiled
    return {"some": some, "many": many, "some_s": unloaded, "many_s": loaded, "ratio": loaded / unloaded}


def _an_entry(waiting: int) -> float:
    """Return the CPU seconds of each of so many entries."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    md5 = hashlib.md5(GIF, usedforsecurity=False).hexdigest()

    class Unsynced(RealDisk):
        def sync(self, file: Path) -> None:
            pass

        def sync_folder(self, folder: Path) -> None:
            pass

    class Bucket:
        def put(self, parcel: Parcel) -> str:
            spent.append(time.process_time())
            return md5

        def link(self, *_: object) -> str:
            return ""

        def expiry(self, _key: str) -> None:
            return None

        def replication(self, _key: str) -> dict[str, CopyState]:
            return {}

        def close(self) -> None:
            pass

    spent: list[float] = []
    delivered: list[object] = []
    done = threading.Event()

    def post(event: object) -> None:
        if isinstance(event, Delivered):
            delivered.append(event)
            if len(delivered) == waiting:
                done.set()

    with tempfile.TemporaryDirectory(prefix="bench-backlog-") as name:
        outbox = Path(name)
        for number in range(waiting):
            session = f"{BEGAN + timedelta(seconds=number):%Y%m%d-%H%M%S}-aaaaaaaaaa"
            folder = outbox / "pending" / session
            folder.mkdir(parents=True)
            (folder / "animation.gif").write_bytes(GIF)
            animation = Product("animation.gif", "image/gif", f"party/{session}.gif", len(GIF), md5)
            entry = Entry(session, {"event": "party"}, (animation,))
            (folder / "entry.json").write_bytes(entry.written())
        with Spool(outbox, event="party", booth="booth", key_template="{session}.gif", wall=time.time, min_free_mb=0,
                   keep_days=30, disk=Unsynced()) as spool:  # fmt: skip
            uploader = Uploader(spool.queue(), Bucket, post=post, now=lambda: Instant(time.monotonic()))
            uploader.start()
            sent = done.wait(PATIENCE)
            ended = time.process_time()
            uploader.close()
    if not sent:
        raise TimeoutError(f"of {waiting} entries {len(delivered)} were sent within {PATIENCE:.0f} s")
    return (ended - spent[0]) / waiting


def main() -> int:
    """Print what was measured; return 0 if it stays within the limit."""
    found = measure()
    print(f"an entry while {found['some']} wait: {1000 * found['some_s']:.2f} ms CPU, while {found['many']} do: "
          f"{1000 * found['many_s']:.2f} ms; ratio {found['ratio']:.2f}, at most {LIMIT}")  # fmt: skip
    return 0 if found["ratio"] <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
