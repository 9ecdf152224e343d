"""Puts the uploader before a server from hell, fault by fault, over HTTP and HTTPS, and writes down what came of it.

Everything but the fault is real: the outbox on the disk, the uploader, boto3, sockets, TLS, and an S3 server behind.
Only the clock that deadlines and backoff go by is moved by hand. With ``--write`` the page docs/uploads.md is written
anew from what was seen; tests compare each of its rows with what they see.
"""

import argparse
import contextlib
import hashlib
import itertools
import json
import logging
import os
import re
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import structlog
import trustme

from booth.core.backoff import FIRST, LONGEST, backoff
from booth.core.events import Delivered, Event, ReachChanged
from booth.core.visit import Guest, SessionId
from booth.drivers.bucket_options import ATTEMPTS, BucketOptions
from booth.drivers.confirming import MOST_PUTS, PUTS
from booth.drivers.s3 import ZenkoBucket
from booth.drivers.verdicts import UNKNOWN_ANSWER, UNKNOWN_TROUBLE, VERDICTS, Verdict
from booth.drivers.wire import PIECE
from booth.errors import Remedy
from booth.outbox.couriers import LONGEST_PUT, MOST_COURIERS, RELIEF
from booth.outbox.entry import Entry
from booth.outbox.ids import SessionIds
from booth.outbox.metadata import decode
from booth.outbox.news import Status
from booth.outbox.rounds import CLOCK_WRONG, SLOW
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.sim.bucket import EmbeddedS3
from booth.units import Instant, Seconds
from lab import ROOT
from lab.child import BOOTH, Child, environment
from lab.rest import Rest
from lab.server.misbehaving import FAULTS, GOOD, HEALTHY, FaultServer, Numbers

PAGE = ROOT / "docs" / "uploads.md"

BUCKET = "booth"
SHOWN = "https://s3.example.com"
"""What stands in the page for the address of the server."""

PROXY = "http://proxy.example.com:3128"
"""What stands in the page for the address of a proxy."""

PATIENCE = 60.0
"""Seconds of real time after which a proof gives up. None of them waits for it."""

CHANCE = 0.25
"""What chance says in a proof, 0..1: backoff with jitter can be foretold."""

NUMBERS = Numbers(drip=Seconds(0.1), uplink=52_000)
"""How bad it is, in a proof. A drip is more often than its time-out, a slow uplink too slow for pieces of 128 KiB."""

HOST = "localhost.invalid"
"""The server's name where name service is what fails. Never asked of a real one."""

NAMES = {
    "dns-fails": "its name cannot be found",
    "dns-unknown": "there is no such name",
    "dns-hangs": "name service never answers",
}
"""Faults that are in front of the server: a name, and what happens."""

PROXIES = {
    "proxy-away": (0, "the proxy of the environment does not listen"),
    "proxy-refuses": (403, "the proxy of the environment does not let it through, and shows a page"),
    "proxy-password": (407, "the proxy of the environment wants a password"),
    "proxy-fails": (502, "the proxy of the environment does not reach the server"),
}
"""Faults of a proxy: a name, the number of its answer (0: none), and what happens."""

DOES = (
    {name: fault.does for name, fault in FAULTS.items()} | NAMES | {name: does for name, (_, does) in PROXIES.items()}
)
"""All faults: a name, and what the server does."""

HANGING = ("drips", "dns-hangs")
"""These hold a put for as long as they like. Only the uploader's own deadline ends it."""

DEAF = ("refuses", "proxy-away")
"""These are met by nobody: nothing listens."""

SLOWLY = ("slow-uplink",)
"""These need a larger animation and shorter time-outs to be met at all."""

CARRIED = (*SLOWLY, "kms", "weak-etag", "odd-etag")
"""These are no reason not to arrive."""

ASKING = ("wrong-etag", "no-etag", "odd-etag", "stripped-etag")
"""These have the booth ask more than once within one attempt, whether the animation is there."""

TWICE = ("resets-in-answer", "loses-answer", "drips", "stripped-etag")
"""These store the animation, and do not say so: it is put again, under the same key."""


def schemes(name: str) -> tuple[str, ...]:
    """Return what the fault *name* can be had over."""
    return FAULTS[name].schemes if name in FAULTS else ("http", "https")


CASES = tuple((name, scheme) for name in DOES for scheme in schemes(name))
"""Every fault with every scheme."""


# ---- the world around an uploader


class NameService:
    """Stands in for the system's name service, for `HOST` alone: the library's `getaddrinfo` ends here."""

    def __init__(self) -> None:
        self._real = socket.getaddrinfo
        self._go_on = threading.Event()
        self.mode = HEALTHY
        self.asked = 0

    def __enter__(self) -> Self:
        socket.getaddrinfo = self._look_up
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on()
        socket.getaddrinfo = self._real

    def go_on(self) -> None:
        """Let all questions that hang fail."""
        going, self._go_on = self._go_on, threading.Event()
        going.set()

    def _look_up(self, host: Any, *arguments: Any, **options: Any) -> Any:
        if host != HOST:
            return self._real(host, *arguments, **options)
        self.asked += 1
        if self.mode == "dns-hangs":
            self._go_on.wait(PATIENCE)
        if self.mode == "dns-unknown":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if self.mode != HEALTHY:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._real("127.0.0.1", *arguments, **options)


class Proxy:
    """A proxy on the loopback: it answers with *status* until it recovers, and lets everything through after that.

    With 0 for a *status* it does not listen. `HOST` is this machine to it, and nothing else is anywhere.
    """

    def __init__(self, status: int) -> None:
        self._status = status
        self.met = 0
        self._connections: list[socket.socket] = []
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="proxy", daemon=True)
        if status:
            self._listen()

    def recover(self) -> None:
        """Let everything through from now on."""
        self._status = 200
        if not self._thread.ident:
            self._listen()

    def close(self) -> None:
        """End it, and what goes through it."""
        for connection in (self._listener, *self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _listen(self) -> None:
        self._listener.listen()
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._exchange, args=(connection,), daemon=True).start()

    def _exchange(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65_536) or b"\r\n\r\n"
            method, where, _ = head.split(b" ", 2)
            if self._status != 200:
                self.met += 1
                page = b"<html>Ask the administrator.</html>"
                connection.sendall(
                    b"HTTP/1.1 %d No\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                    % (self._status, len(page), page)
                )
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65_536):
                    pass
                return
            host = where if method == b"CONNECT" else where.split(b"/", 3)[2]
            with socket.create_connection(("127.0.0.1", int(host.rpartition(b":")[2]))) as onward:
                self._connections.append(onward)
                if method == b"CONNECT":
                    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                else:
                    onward.sendall(head.replace(b"http://" + host, b"", 1))
                back = threading.Thread(target=_pass_on, args=(onward, connection), daemon=True)
                back.start()
                _pass_on(connection, onward)
                back.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Give *other* what comes from *one*, to its end."""
    with contextlib.suppress(OSError):
        while more := one.recv(65_536):
            other.sendall(more)
        other.shutdown(socket.SHUT_WR)


@dataclass
class World:
    """A real S3 server, fault servers before it, and a folder to work in."""

    folder: Path
    s3: EmbeddedS3
    servers: Mapping[str, FaultServer]
    """By scheme."""
    names: NameService
    ca: Path
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _kept: dict[str, ZenkoBucket] = field(default_factory=dict)

    def reader(self) -> ZenkoBucket:
        """Return a bucket behind the fault servers, to look what is there."""
        return self._keep("behind", lambda: self.bucket("http", behind=True))

    def lent(self, scheme: str) -> "Lent":
        """Return a bucket at the fault server that many uploaders may use, one after the other."""
        return Lent(self._keep(scheme, lambda: self.bucket(scheme)))

    def _keep(self, name: str, make: Callable[[], ZenkoBucket]) -> ZenkoBucket:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def close(self) -> None:
        """Close the buckets that were kept."""
        for bucket in self._kept.values():
            bucket.close()

    def bucket(self, scheme: str, *, host: str = "127.0.0.1", behind: bool = False, **options: Any) -> ZenkoBucket:
        """Return a bucket at the fault server, or at the one *behind* it. The caller closes it."""
        server = self.servers[scheme]
        url = self.s3.endpoint_url if behind else f"{scheme}://{host}:{server.port}"
        where = BucketOptions(
            endpoint_url=url,
            bucket=self.s3.bucket,
            region=self.s3.region,
            access_key_id=self.s3.access_key_id,
            secret_access_key=self.s3.secret_access_key,
            ca_bundle=str(self.ca),
            connect_timeout=Seconds(2.0),
            read_timeout=Seconds(5.0),
        )
        attempts = options.pop("attempts", 1)
        return ZenkoBucket(replace(where, **options), attempts=attempts)


class Lent:
    """A bucket that its borrower does not close: opening one takes as long as a proof."""

    def __init__(self, bucket: ZenkoBucket) -> None:
        self.put = bucket.put

    def close(self) -> None:
        """Give it back."""


@contextlib.contextmanager
def world(folder: Path) -> Iterator[World]:
    """Start the servers; all are ended."""
    contexts, ca = certificates(folder)
    with contextlib.ExitStack() as stack:
        s3 = stack.enter_context(EmbeddedS3(BUCKET))
        servers = {
            "http": stack.enter_context(FaultServer(s3.endpoint_url, numbers=NUMBERS)),
            "https": stack.enter_context(FaultServer(s3.endpoint_url, contexts, numbers=NUMBERS)),
        }
        around = World(folder, s3, servers, stack.enter_context(NameService()), ca)
        stack.callback(around.close)
        yield around


def certificates(folder: Path) -> tuple[dict[str, ssl.SSLContext], Path]:
    """Return a server's settings by the name of its certificate, and where the authority's own certificate is."""
    authority, stranger = trustme.CA(), trustme.CA()
    certificate = {
        GOOD: authority.issue_cert("127.0.0.1", HOST),
        "expired": authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
        "not-yet-valid": authority.issue_cert("127.0.0.1", not_before=datetime(2090, 1, 1, tzinfo=UTC)),
        "unknown-authority": stranger.issue_cert("127.0.0.1"),
        "other-name": authority.issue_cert("login.example.org"),
    }
    contexts = {}
    for name, issued in certificate.items():
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(contexts[name])
    ca = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca)
    return contexts, ca


class Bench:
    """An outbox and its uploader, by a clock that is moved by hand. A context: all threads are ended."""

    def __init__(self, folder: Path, open_bucket: Callable[[], Any], *, deadline: Seconds = LONGEST_PUT) -> None:
        self.seconds = 1000.0
        self.events: list[Event] = []
        self.outbox = folder / "outbox"
        self._ids = SessionIds(time.time)
        self._rest = Rest(PATIENCE)
        self.spool = Spool(
            self.outbox,
            event=folder.name,
            booth="Booth 1",
            key_template="{event}/{session}.gif",
            wall=time.time,
            min_free_mb=0,
            keep_days=30,
        )
        self.uploader = Uploader(
            self.spool.queue(),
            open_bucket,
            post=self.events.append,
            now=lambda: Instant(self.seconds),
            pause=self._rest.pause,
            chance=lambda: CHANCE,
            deadline=deadline,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.uploader.close(Seconds(2 * PATIENCE))
        for courier in self.uploader._couriers.lost:  # noqa: SLF001  nothing else knows whom to wait for
            courier.join(Seconds(PATIENCE))
        self.spool.close()

    def visit(self, guest: Guest | None, size: int = 20_000) -> SessionId:
        """Commit a visit with an animation of *size* bytes, as the workers do. The uploader is not woken."""
        session = self._ids()
        self.spool.open(session)
        self.spool.animation(session).write_bytes((b"GIF89a" + session.encode()).ljust(size, b"."))
        self.spool.note(session, guest)
        self.spool.commit(session)
        return session

    def rest(self, *, under_way: bool = False) -> None:
        """Wait until the uploader has done what is due; with *under_way*, until it waits for an answer."""
        self._rest.wait(self.uploader, under_way=under_way)

    def wake(self, *, under_way: bool = False) -> None:
        """Wake the uploader, and wait until it rests."""
        self.uploader.wake()
        self.rest(under_way=under_way)

    def forward(self, seconds: float, *, under_way: bool = False) -> None:
        """Move the clock, and wait until all is done that is due then."""
        self.seconds += seconds
        self.wake(under_way=under_way)

    def until_due(self) -> float:
        """Return the seconds until the next attempt; 0 if it is now."""
        due = self.uploader.status().next_attempt
        return 0.0 if due is None else due - self.seconds

    def delivered(self) -> list[SessionId]:
        """Return what was said to be delivered, in order."""
        return [event.session for event in self.events if isinstance(event, Delivered)]

    def links(self) -> list[bool]:
        """Return what was said of the link, in order."""
        return [event.online for event in self.events if isinstance(event, ReachChanged)]


# ---- the proof


GUESTS = (Guest("Zoë O'Néill", "zoe@example.org", consent=True), Guest("李小龙", "lee@example.org"))


@dataclass(frozen=True)
class Proof:
    """What one fault did over one scheme."""

    name: str
    scheme: str
    remedy: Remedy | None
    """What the uploader took it for; None if it did not mind."""
    words: str
    """What an operator reads, with `SHOWN` for the address, and without the sign in brackets at the end."""
    attempts: int
    """Puts that met the fault."""
    stored: int
    """How often the first guest's animation was stored, the fault and the recovery together."""
    seconds: float
    wrong: tuple[str, ...]
    """What was not as it must be, in sentences."""


def prove(name: str, scheme: str, around: World) -> Proof:  # noqa: PLR0915  one story, told in order
    """Have two guests while the server has the fault *name*; have it recover; look at what is in the bucket."""
    began = time.monotonic()
    server = around.servers[scheme]
    folder = around.folder / f"{name.lower()}-{scheme}-{next(around.numbers)}"
    folder.mkdir()
    wrong: list[str] = []

    def expect(what: str, expected: object, actual: object) -> None:
        if expected != actual:
            wrong.append(f"{what}: {actual!r} instead of {expected!r}")

    proxy = Proxy(PROXIES[name][0]) if name in PROXIES else None

    def met() -> int:
        if proxy is not None:
            return proxy.met
        return around.names.asked if name in NAMES else server.met[name]

    def fail(bench: Bench) -> None:
        """Wait for the end of an attempt that was just begun."""
        before = attempts[-1]
        if name in HANGING:
            wait_until(lambda: met() > before)
            bench.rest(under_way=True)
            bench.forward(LONGEST_PUT)
        else:
            bench.rest()
        attempts.append(met())

    patience = {"silent": 0.6, "mute": 0.6}.get(name)
    options: dict[str, Any] = {} if patience is None else {"connect_timeout": patience, "read_timeout": patience}
    if name in SLOWLY:
        # A piece that a busy machine is late with is no network that stands still: 4 KiB take a twentieth of these.
        options = {"connect_timeout": 1.5, "read_timeout": 2.5}
    with contextlib.ExitStack() as stack:

        def open_bucket() -> Any:
            if options or name in {*NAMES, *HANGING, *PROXIES}:
                return around.bucket(scheme, host=HOST if name in {*NAMES, *PROXIES} else "127.0.0.1", **options)
            return around.lent(scheme)

        if proxy is not None:
            stack.callback(proxy.close)
            stack.enter_context(variable(f"{scheme}_proxy", proxy.url))
        around.names.asked = 0
        attempts = [met()]
        begin = attempts[0]
        bench = Bench(folder, open_bucket)
        stack.enter_context(bench)
        stack.callback(around.names.go_on)  # what hangs would hang for ever
        stack.callback(server.hang_up)
        sessions = [bench.visit(GUESTS[0], 260_000 if name in SLOWLY else 20_000)]
        _set(around, server, name)
        bench.uploader.start()
        fail(bench)
        status = bench.uploader.status()
        words = _shown(status, server)
        if proxy is not None:
            words = words.replace(proxy.url, PROXY)
        remedy = status.remedy
        if name in CARRIED:
            expect("delivered", sessions, bench.delivered())
        elif remedy is Remedy.NEVER:
            expect("set aside", (1, 0), (status.failed, status.pending))
            expect("the link", [], bench.links())
        else:
            expect("still waiting", (0, 1), (status.failed, status.pending))
            expect("the link", [False], bench.links())
            wait = backoff(1, CHANCE) if remedy is Remedy.WAIT else SLOW
            expect("the first wait", wait, bench.until_due())
            bench.forward(wait - 0.1)
            expect("attempts before it is time", attempts[-1], met())
        if any(guest.name in words or guest.email in words for guest in GUESTS):
            wrong.append("the guest is named")

        # The next guest is tried at once, and once; then all wait for longer.
        sessions.append(bench.visit(GUESTS[1]))
        before = attempts[-1]
        bench.uploader.wake()
        fail(bench)
        if name not in ASKING:
            expect("attempts for the next guest", before + (name not in DEAF), attempts[-1])
        if remedy not in {None, Remedy.NEVER}:
            expect("the second wait", backoff(2, CHANCE) if remedy is Remedy.WAIT else SLOW, bench.until_due())
            expect("delivered", [], bench.delivered())

        # It recovers.
        _set(around, server, HEALTHY)
        if proxy is not None:
            proxy.recover()
        if remedy is Remedy.NEVER:
            for session in sessions:
                (bench.outbox / "failed" / session).rename(bench.outbox / "pending" / session)
        bench.forward(bench.until_due())
        expect("delivered in the end", sessions, sorted(bench.delivered()))
        expect("the folders", {"open": 0, "pending": 0, "sent": 2, "failed": 0}, dict(bench.spool.counts()))
        calm = bench.uploader.status()
        expect("the status in the end", (0, 0, True, None, None), (calm.pending, calm.failed, calm.online, calm.error,
                                                                   calm.remedy))  # fmt: skip
        expect("the link in the end", [] if remedy in {None, Remedy.NEVER} else [False, True], bench.links())
        wrong += _objects(around, bench, sessions, dict(zip(sessions, GUESTS, strict=True)))
        stored = [server.stored[f"/{BUCKET}/{folder.name}/{session}.gif"] for session in sessions]
        expect("times stored", [2 if name in TWICE else 1] * 2, stored)
    return Proof(name, scheme, remedy, words, attempts[-1] - begin, stored[0], time.monotonic() - began, tuple(wrong))


def _set(around: World, server: FaultServer, name: str) -> None:
    if name in NAMES:
        around.names.mode = name
    else:
        around.names.mode = HEALTHY
        server.become(HEALTHY if name in PROXIES else name)


@contextlib.contextmanager
def variable(name: str, value: str) -> Iterator[None]:
    """Have the variable *name* be *value* meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _shown(status: Status, server: FaultServer) -> str:
    """Return the words of *status*, the same on every machine."""
    words = re.sub(r" \(\w+\)$", "", status.error or "")  # the sign: which of several, timing may decide
    return re.sub(rf"{server.scheme}://[^:/ ]+:{server.port}", SHOWN, words)


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for something that tells nobody."""
    until = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("what was waited for did not happen")
        pause.wait(0.005)


def _objects(
    around: World, bench: Bench, sessions: Sequence[SessionId], guests: Mapping[SessionId, Guest]
) -> Iterator[str]:
    """Read everything back from the server behind; yield what is wrong, in sentences that name no guest."""
    bucket = around.reader()
    client = bucket._client()  # noqa: SLF001  the booth itself never lists
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{bench.outbox.parent.name}/")
    keys = sorted(found["Key"] for page in pages for found in page.get("Contents", ()))
    wanted = sorted(f"{bench.outbox.parent.name}/{session}.gif" for session in sessions)
    if wanted != keys:
        yield f"{len(keys)} objects for {len(wanted)} guests, or under other keys"
        return
    for session in sessions:
        entry = Entry.read((bench.outbox / "sent" / session / "entry.json").read_bytes())
        content, metadata = bucket.get(entry.animation.key)
        if content != (bench.outbox / "sent" / session / "animation.gif").read_bytes():
            yield f"{session}: the bytes are not those of the animation"
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != entry.animation.md5:
            yield f"{session}: the entry does not say what was sent"
        found = decode(metadata)
        if (found["name"], found["email"]) != (guests[session].name, guests[session].email):
            yield f"{session}: the details are not what the guest entered"


# ---- many guests


def fifty(scheme: str, around: World, guests: int = 50) -> tuple[str, ...]:
    """Have *guests* while nobody listens, then have the server back; return what is wrong, in sentences."""
    server = around.servers[scheme]
    folder = around.folder / f"fifty-{scheme}-{next(around.numbers)}"
    folder.mkdir()
    with Bench(folder, lambda: around.lent(scheme)) as bench:
        server.become("refuses")
        bench.uploader.start()
        who = {}
        for number in range(guests):
            guest = Guest(f"Guest {number}", f"guest.{number}@example.org")
            who[bench.visit(guest, 5000)] = guest
            bench.wake()
        wrong = [] if bench.links() == [False] and not bench.delivered() else ["it was not offline"]
        server.recover()
        bench.forward(LONGEST)
        sessions = list(who)
        if sorted(bench.delivered()) != sessions:
            wrong.append(f"{len(bench.delivered())} of {guests} were delivered, each once")
        stored = [server.stored[f"/{BUCKET}/{folder.name}/{session}.gif"] for session in sessions]
        if set(stored) != {1}:
            wrong.append(f"some were stored {max(stored)} times")
        return (*wrong, *_objects(around, bench, sessions, who))


# ---- a party meanwhile


@dataclass(frozen=True)
class Party:
    """What a booth's guests met while the server had a fault."""

    status: int
    """Of the booth's process, once the server was well: 0 if every guest is in the bucket."""
    summary: Mapping[str, Any]
    """What the rehearsal measured."""
    outcomes: tuple[str, ...]
    """What each farewell said when it began."""
    offline: tuple[bool, ...]
    """Whether the booth knew then that the server was away."""
    met: int
    """Connections that met the fault."""
    log: tuple[str, ...]


def party(fault: str, around: World, guests: int = 4) -> Party:
    """Have *guests* at a real booth, in a process of its own, before a server with *fault*.

    When the last of them is thanked, the server is switched off, and on again without the fault.
    """
    server = around.servers["http"]
    folder = around.folder / f"party-{fault}-{next(around.numbers)}"
    folder.mkdir()
    server.become(fault)
    before = server.met[fault]
    settings = {
        "ZENKO__ENDPOINT_URL": server.url,
        "ZENKO__BUCKET": BUCKET,
        "ZENKO__ACCESS_KEY_ID": around.s3.access_key_id,
        "ZENKO__SECRET_ACCESS_KEY": around.s3.secret_access_key,
        "ZENKO__CONNECT_TIMEOUT_S": "1",
        "ZENKO__READ_TIMEOUT_S": "1",
        "EVENT__NAME": folder.name,
        "LOG__FORMAT": "json",
        "OUTBOX__DIR": str(folder / "outbox"),
        "OUTBOX__MIN_FREE_MB": "50",
    }
    environ = {f"BOOTH_{key}": value for key, value in settings.items()}
    outcomes, offline, link = [], [], True
    try:
        with Child(
            (*BOOTH, "--simulate", "--guests", str(guests), "--fast"),
            environment(folder / "state") | environ,
            keep=None,
        ) as booth:
            for fact in booth.facts(2 * PATIENCE):
                match fact:
                    case {"event": "visit.state", "state": "Farewell", "outcome": outcome}:
                        outcomes.append(outcome)
                        offline.append(link is False)
                        if len(outcomes) == guests:
                            server.recover()
                            server.hang_up()
                    case {"event": "link.changed", "online": online}:
                        link = online
            status, told = booth.whole(PATIENCE)
            log = booth.lines
    finally:
        server.recover()
    summary = json.loads(told.splitlines()[-1]) if told.strip() else {}
    return Party(status, summary, tuple(outcomes), tuple(offline), server.met[fault] - before, log)


# ---- the page


REMEDIES = {
    Remedy.WAIT: "tries again by itself",
    Remedy.PERSON: "waits for a person",
    Remedy.CLOCK: "waits for the clock",
    Remedy.NEVER: "sets the entry aside",
}
"""What the uploader does, in a few words."""

ENDS = {
    None: "It is sent.",
    Remedy.WAIT: "Sent by itself at the next attempt.",
    Remedy.PERSON: f"Sent by itself within {SLOW:.0f} s of being put right.",
    Remedy.CLOCK: f"Sent by itself within {SLOW:.0f} s of the clock being right.",
    Remedy.NEVER: "Sent when its folder is moved back to `pending/`.",
}

HEAD = f"""\
# When uploads fail

What the booth does when the network or the server misbehaves. This page is written by `scripts/faults --write`, which
puts the real uploader, with the real boto3, before
[a server that misbehaves by name](../lab/server/misbehaving.py), over HTTP and HTTPS, and writes down what the operator
reads and what came of it. Do not edit it: change `booth/drivers/verdicts.py`, `booth/outbox/uploader.py` or
`lab/server/faults.py`, and write it again. Tests compare each row with what they see.

Whatever happens: the guest's visit goes on, the screen says "Sending" or "Saved" and not "Sent", the entry stays on the
disk, and nothing is deleted that the bucket has not confirmed. What the operator reads is
in the journal and in `systemctl status booth`.

## What the booth does

- **It {REMEDIES[Remedy.WAIT]}.** The network or the server is away. All entries wait together: {FIRST:.0f} s at most
  after the first failure, twice as long after each further one, but never more than {LONGEST / 60:.0f} minutes. Half of
  each wait is chance, so that ten booths do not come back in the same second. Failures are counted on the disk: a
  restart does not begin anew. A visit that is committed meanwhile is tried once, at once; when that succeeds, all
  others follow at once.
- **It {REMEDIES[Remedy.PERSON]}.** Keys, bucket, address or certificates are wrong. The queue is tried every
  {SLOW:.0f} s, so that nobody has to restart anything; after a restart at once. The entry that failed least often goes
  first: when only one entry is refused, the others pass it within {SLOW:.0f} s, and new visits at once.
- **It {REMEDIES[Remedy.CLOCK]}.** Signatures or a certificate do not fit the booth's time. The network sets the clock;
  the queue is tried every {SLOW:.0f} s. While the booth itself knows that its clock is wrong, nothing is tried, and the
  operator reads: {CLOCK_WRONG}.
- **It {REMEDIES[Remedy.NEVER]}.** The server will not take this one as it is. It goes to `failed/`, with the reason in
  `failure.json`; the others are sent. To have it tried again, move its folder back to `pending/`; no restart is needed.

One put is tried {ATTEMPTS} times at once, each within `zenko.connect_timeout_s` (for every {PIECE // 1024} KiB of the
animation too: an uplink that is slower than some 8 kB/s delivers nothing) and `zenko.read_timeout_s`. These start again
with every byte that comes, and name service knows none of them, so a server that drips could hold a put for ever: after
{LONGEST_PUT:.0f} s it is left to itself, counts as failed, and the next attempt is made over a new connection. If it is
confirmed after all, that counts. {MOST_COURIERS} may hang so at once, and one more every {RELIEF / 60:.0f} minutes.

An entry may be put twice, when the server stored it and the answer was lost. That is the same object under the same
key, with the same bytes: a bucket with versions has two equal ones.

## What counts as confirmed

Content-MD5 goes with each animation, so a server that received other bytes has to refuse them. It is confirmed by

1. an ETag that is made of a digest of the very bytes, however it is written: quoted or not, weak (`W/`), in capitals,
   with what a proxy hangs on it (`-gzip`), in Base64, as an upload in one part (`-1`);
2. an answer that says that no ETag of its bucket could be an MD5: encryption with KMS, or with the customer's key;
3. the very bytes, when it is read back. The booth's policy does not allow that, and it is tried all the same;
4. an ETag that is no MD5 of anything, where nothing can be read back;
5. a SHA-256 that the server checked: where the four above fail, it is put once more with one, and later ones at once.

What was taken and not confirmed is looked for before it is put again, and put {PUTS} times at most; one time more when
something has changed there (what is found under its key; another animation that is confirmed), but {MOST_PUTS} times at
most. Until then it waits in the outbox, and the operator reads why. A restart begins to count anew.

## What can happen, and what comes of it

`NAME` is what `python -m lab.server.misbehaving` calls it. What the operator reads ends with a sign in brackets: the
server's error code, the number of its answer, or what boto3 raised.

{{faults}}

## How failures are told apart

The first row that covers a sign is what it means.

{{verdicts}}
"""


def page(proofs: Sequence[Proof]) -> str:
    """Return docs/uploads.md as it should be after *proofs*."""
    return HEAD.replace("{faults}", "\n".join(_faults(proofs))).replace("{verdicts}", "\n".join(verdicts()))


def _faults(proofs: Sequence[Proof]) -> Iterator[str]:
    yield "| `NAME`: what happens | The operator reads | The booth | How it ends |"
    yield "|---|---|---|---|"
    for name in DOES:
        yield row(name, {proof.scheme: proof for proof in proofs if proof.name == name})


def row(name: str, proofs: Mapping[str, Proof]) -> str:
    """Return the line of a fault, from what it did over each scheme."""
    words = {scheme: proof.words for scheme, proof in proofs.items()}
    if len(set(words.values())) <= 1:
        reads = next(iter(words.values()), "")
    else:
        reads = "<br>".join(f"over {scheme.upper()}: {text}" for scheme, text in sorted(words.items()))
    remedies = {proof.remedy: None for proof in proofs.values()}
    does = "; ".join("does not mind" if remedy is None else REMEDIES[remedy] for remedy in remedies)
    ends = " ".join(ENDS[remedy] for remedy in remedies)
    if any(proof.stored > 1 for proof in proofs.values()):
        ends += " It is put twice, under the one key."
    over = schemes(name)
    only = f" ({over[0].upper()} only)" if len(over) == 1 else ""
    return f"| `{name}`: {DOES[name]}{only} | {reads or 'nothing'} | {does} | {ends} |"


def verdicts() -> Iterator[str]:
    """Return the table of all verdicts, from the code."""
    yield "| Sign | The operator reads | The booth |"
    yield "|---|---|---|"
    for verdict in VERDICTS:
        yield f"| {_signs(verdict)} | {_meaning(verdict)} | {REMEDIES[verdict.remedy]} |"
    for what, verdict in (("any other answer", UNKNOWN_ANSWER), ("any other failure", UNKNOWN_TROUBLE)):
        yield f"| {what} | {_meaning(verdict)} | {REMEDIES[verdict.remedy]} |"


def _signs(verdict: Verdict) -> str:
    signs = ", ".join(f"`{sign}`" for sign in verdict.signs)
    said = " or ".join(f'"{text}"' for text in verdict.says)
    return f"{signs} saying {said}" if said else signs


def _meaning(verdict: Verdict) -> str:
    return verdict.meaning.format(bucket=BUCKET, endpoint=SHOWN, proxy=PROXY)


# ---- the command


def main() -> int:
    """Run what was asked for; return 0 if nothing is wrong, the last line saying so."""
    parser = argparse.ArgumentParser(prog="scripts/faults", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/uploads.md from what is seen")
    parser.add_argument("faults", nargs="*", metavar="NAME", help="only these faults, and no parties")
    given = parser.parse_args()
    unknown = set(given.faults) - set(DOES)
    if unknown or (given.faults and given.write):
        parser.error("--write needs all of them" if not unknown else f"no such fault: {', '.join(sorted(unknown))}")

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    wrong: list[str] = []
    proofs: list[Proof] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="booth-faults-") as folder, world(Path(folder)) as around:
        print(f"{'fault':28}{'scheme':8}{'the booth':26}{'attempts':>9}{'stored':>8}{'seconds':>9}")
        for name, scheme in CASES:
            if given.faults and name not in given.faults:
                continue
            proof = prove(name, scheme, around)
            proofs.append(proof)
            does = "does not mind" if proof.remedy is None else REMEDIES[proof.remedy]
            print(f"{name:28}{scheme:8}{does:26}{proof.attempts:>9}{proof.stored:>8}{proof.seconds:>9.1f}", flush=True)
            wrong += [f"{name} over {scheme}: {sentence}" for sentence in proof.wrong]
        if not given.faults:
            wrong += _crowds(around)
    print(f"\n{len(proofs)} proofs in {time.monotonic() - began:.0f} s")
    if given.write and not wrong:
        PAGE.write_text(page(proofs), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} is written")
    for sentence in wrong:
        print(f"faults: {sentence}", file=sys.stderr)
    print(f"faults: {len(wrong)} things are not as they must be" if wrong else "faults: all is as it must be")
    return 1 if wrong else 0


def _crowds(around: World) -> Iterator[str]:
    for scheme in around.servers:
        sentences = fifty(scheme, around)
        print(f"50 guests offline, then online, over {scheme}: {'wrong' if sentences else '50 objects, each once'}")
        yield from sentences
    print(f"\n{'a party meanwhile':28}{'p50 frame':>12}{'p99 frame':>12}{'press to reaction p99':>24}   farewells")
    for fault in (HEALTHY, "mute", "silent", "drips", "refuses"):
        seen = party(fault, around)
        figures = [
            seen.summary.get(name) for name in ("frame_time_p50_s", "frame_time_p99_s", "press_to_reaction_p99_s")
        ]
        shown = [f"{1000 * figure:.1f} ms" if figure is not None else "none" for figure in figures]
        print(f"{fault:28}{shown[0]:>12}{shown[1]:>12}{shown[2]:>24}   {', '.join(seen.outcomes)}", flush=True)
        yield from (f"a party before a server that is {fault}: {sentence}" for sentence in judge(fault, seen))


def judge(fault: str, seen: Party) -> Iterator[str]:
    """Yield what was wrong with a party, in sentences. Frame times are to be looked at: they depend on the machine."""
    if seen.status != 0:
        yield f"it ended with {seen.status}: {' / '.join(seen.log[-3:])}"
    if fault == HEALTHY:
        return
    if "sent" in seen.outcomes:
        yield "a guest was told that it was sent, and it was not"
    if fault not in HANGING and not any(seen.offline):
        yield "the booth never noticed"
    if any(outcome != "saved" for outcome, offline in zip(seen.outcomes, seen.offline, strict=True) if offline):
        yield f"guests were told {', '.join(seen.outcomes)} while the booth knew that the server was away"


if __name__ == "__main__":
    sys.exit(main())
