"""What lies in an outbox: whatever it is, the booth starts, ends soon, touches nothing outside, and sends the others.

In each case one visit is as it should be, and around it is what chance has put there: pipes, links, folders in folders,
sockets, gigabytes that take no room, files that nearly are what the booth writes. Then the booth lives through a start,
finishes what is open, sends what waits, looks for what the gallery may show, and tidies. It must raise nothing but its
own errors, in words; the visit must be sent; nothing outside may change.
"""

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from booth.core.visit import SessionId
from booth.disk import RealDisk
from booth.errors import BoothError, CompositorError
from booth.imaging import playback
from booth.outbox.entry import Entry, Product
from booth.outbox.ids import SessionIds
from booth.outbox.places import FOLDERS
from booth.outbox.queue import DamagedError
from booth.outbox.spool import Spool
from booth.ports import Size
from booth.units import Pixels
from lab.fuzzing import REFUSED, Violation

NOW = 1_795_367_112.0
"""2026-11-22 17:05:12 UTC, in seconds since 1970."""

LIMIT = 20
"""Seconds that one case may take on a busy machine."""

HONEST = SessionId("20261122-170459-aaaaaaaaaa")
GIF = b"GIF89a" + bytes(100) + b";"

FILES = (
    "visit.json", "guest.json", "entry.json", "attempts.json", "confirmed.json", "failure.json", "animation.gif",
    "animation.gif.damaged", "frame-1.jpg", "frame-2.jpg", "condemned", "holiday",
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**17, 10**400, float("nan"), float("inf"), -1e300, "", "x" * 70_000, "\ud800", "\r\nX: 1",
    "%FF", "../../x", "a\0b", [], {}, [[[]]], {"a": {"b": {}}}, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
)  # fmt: skip


class _Unsynced(RealDisk):
    """The disk of this machine, without waiting for it."""

    def sync_folder(self, folder: Path) -> None:
        """Do nothing."""


def _written(rng: random.Random, session: str) -> bytes:
    """Return something that is nearly one of the booth's own files."""
    md5 = hashlib.md5(GIF, usedforsecurity=False).hexdigest()
    facts: dict[str, Any] = {
        "session": session, "event": "party", "booth": "booth", "taken": "2026-11-22T17:05:12Z", "boot": "b",
        "uptime": 1.0, "key": f"party/{session}.gif", "metadata": {"event": "party", "consent": "yes"},
        "bytes": len(GIF), "md5": md5, "attempts": 1, "at": int(NOW), "why": "x",
        "guest": {"name": "Zoe", "email": "zoe@example.org", "consent": True},
    }  # fmt: skip
    if rng.random() < 0.6:
        product = Product("animation.gif", "image/gif", facts["key"], len(GIF), md5).written()
        facts |= {"version": rng.choice((2, 2, 2, 3, *VALUES)), "products": [product]}
        if rng.random() < 0.4:
            product |= {rng.choice(sorted(product)): rng.choice(VALUES)}
        if rng.random() < 0.3:
            facts["products"] += rng.choice(([product], [None], [product | {"file": "../x", "key": "x"}] * 20))
    for name in rng.sample(sorted(facts), rng.randrange(4)):
        facts[name] = rng.choice(VALUES)
        if rng.random() < 0.3:
            facts[name] = {rng.choice(("name", "email", "consent", "Event", "")): rng.choice(VALUES)}
    text = json.dumps(facts, default=str)
    match rng.randrange(8):
        case 0:
            return bytes(rng.choices(range(256), k=rng.randrange(300)))
        case 1:
            return text[: rng.randrange(len(text))].encode("utf-8", "replace")
        case 2:
            return (rng.choice("[{") * rng.choice((10, 2000, 60_000))).encode()
        case 3:
            return text.replace("}", ', "session": "twice"}').encode("utf-8", "replace")
        case _:
            return text.encode("utf-8", "replace")


def _gif(rng: random.Random) -> bytes:
    """Return something that nearly is a GIF, and claims any size."""
    side = [rng.choice((0, 1, 5, 4000, 65535)).to_bytes(2, "little") for _ in range(2)]
    head = b"GIF89a" + side[0] + side[1] + b"\x80\0\0\0\0\0\xff\xff\xff"
    picture = b"\x2c\0\0\0\0" + side[0] + side[1] + b"\0\x02\x02\x44\x01\0"
    return head + picture * rng.choice((0, 1, 4, 65, 5000)) + rng.choice((b";", b""))


def _plant(rng: random.Random, path: Path, outside: Path, session: str, depth: int = 0) -> None:
    """Put something at *path*."""
    match rng.randrange(12):
        case 0:
            os.mkfifo(path)
        case 1:
            path.symlink_to(outside / rng.choice(("precious", "folder", "nothing")))
        case 2:
            path.hardlink_to(outside / "precious")
        case 3:
            path.touch()
            os.truncate(path, rng.choice((1 << 20, 3 << 30, 100 << 30)))
        case 4:
            path.mkdir()
            if depth < 3:
                for name in rng.sample(FILES, rng.randrange(4)):
                    _plant(rng, path / name, outside, session, depth + 1)
        case 5 if len(os.fsencode(path)) < 100:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(str(path))
        case 6:
            path.mkdir()
            deepest = os.open(path, os.O_RDONLY)
            for _ in range(rng.choice((3, 300))):
                os.mkdir("d", dir_fd=deepest)
                inner = os.open("d", os.O_RDONLY, dir_fd=deepest)
                os.close(deepest)
                deepest = inner
            os.close(deepest)
        case 7 | 8 if path.name.startswith("animation"):
            path.write_bytes(_gif(rng))
        case _:
            path.write_bytes(_written(rng, session))


def _outbox(rng: random.Random, root: Path, outside: Path) -> None:
    """Make an outbox with one visit that is as it should be, and with what chance puts around it."""
    for place in FOLDERS:
        (root / place).mkdir(parents=True)
    honest = root / "pending" / HONEST
    honest.mkdir()
    (honest / "animation.gif").write_bytes(GIF)
    md5 = hashlib.md5(GIF, usedforsecurity=False).hexdigest()
    animation = Product("animation.gif", "image/gif", f"party/{HONEST}.gif", len(GIF), md5)
    (honest / "entry.json").write_bytes(Entry(HONEST, {"event": "party"}, (animation,)).written())
    for name in (".probe", ".lock"):
        if rng.random() < 0.3:
            _plant(rng, root / name, outside, HONEST)
    for _ in range(rng.randrange(1, 5)):
        place = rng.choice(FOLDERS)
        stamp = rng.choice(
            ("20261122-170510", "20261122-170511", "99991231-235959", "00010101-000000", "20991231-000000")
        )
        session = f"{stamp}-{rng.choice('bz') * 10}"
        name = rng.choice(
            (session, session, session, session, f"{session}.gone", session.upper(), f"{session}\nx", "-rf")
        )
        folder = root / place / name
        if folder.exists() or folder.is_symlink():
            continue
        if rng.random() < 0.2:
            _plant(rng, folder, outside, session)
            continue
        folder.mkdir()
        if rng.random() < 0.7:
            for file in ("visit.json", "entry.json"):
                (folder / file).write_bytes(_written(rng, session))
            (folder / "animation.gif").write_bytes(GIF)
        for file in rng.sample(FILES, rng.randrange(5)):
            path = folder / (file + rng.choice(("", "", ".part")))
            if rng.random() < 0.8 and not path.is_dir():
                path.unlink(missing_ok=True)
                _plant(rng, path, outside, session)


def _live(root: Path) -> tuple[set[str], int]:
    """Live through a start and what follows; return what was sent, and how often the booth refused in words."""
    sent: set[str] = set()
    refused = 0

    @contextlib.contextmanager
    def in_words() -> Iterator[None]:
        nonlocal refused
        try:
            yield
        except BoothError:
            refused += 1

    with Spool(
        root,
        event="party",
        booth="booth",
        key_template="{event}/{session}.gif",
        wall=lambda: NOW,
        min_free_mb=0,
        keep_days=30,
        time_known=lambda: True,
        disk=_Unsynced(),
    ) as spool:
        ids = SessionIds(lambda: NOW, after=spool.newest())
        if ids()[:8] != "20261122" or ids()[:8] != "20261122":
            raise Violation("a visit of another age names those of today")
        spool.check()
        for session in spool.unfinished():
            with in_words():
                if not spool.has_animation(session):
                    if not spool.frames(session):
                        spool.give_up(session)
                        continue
                    raise CompositorError("no gm here")
                spool.commit(session)
        for session in spool.queue().pending():
            with in_words():
                try:
                    parcel = spool.queue().parcel(session)
                    md5 = hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()
                    spool.queue().confirm(session, parcel.key, md5)
                    sent.add(session)
                except DamagedError as exc:
                    spool.queue().mend(session, str(exc))
        for session in spool.queue().pending():
            with in_words():
                spool.queue().attempted(session)
                spool.queue().refuse(session, "too large")
        with in_words():
            for _, path in spool.agreed():
                with in_words():
                    playback.glimpse(path, Size(Pixels(240), Pixels(180)), 6)
        with in_words():
            spool.tidy()
        spool.counts()
        spool.room()
        spool.low()
    return sent, refused


def _seen(outside: Path) -> list[tuple[str, int, bytes]]:
    return sorted(
        (path.name, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"") for path in outside.rglob("*")
    )


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise Violation(f"it took longer than {LIMIT} s")


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what lives through one outbox."""
    outside, root = folder / "outside", folder / "outbox"
    before_all = structlog.get_config()
    structlog.configure(processors=[lambda *_: (_ for _ in ()).throw(structlog.DropEvent)])
    alarm = signal.signal(signal.SIGALRM, _too_long)

    def attempt(rng: random.Random) -> str:
        for path in (outside, root):
            shutil.rmtree(path, ignore_errors=True)
        (outside / "folder").mkdir(parents=True)
        (outside / "precious").write_bytes(b"precious")
        (outside / "precious").chmod(0o644)
        (outside / "folder" / "frame-1.jpg").write_bytes(b"theirs")
        _outbox(rng, root, outside)
        before = _seen(outside)
        signal.alarm(LIMIT)
        try:
            sent, refused = _live(root)
        finally:
            signal.alarm(0)
        if HONEST not in sent:
            raise Violation("the visit that was as it should be was not sent")
        if _seen(outside) != before:
            raise Violation("something outside was touched")
        return REFUSED if refused else "lived"

    try:
        yield attempt
    finally:
        signal.signal(signal.SIGALRM, alarm)
        structlog.configure(**before_all)
