"""Puts two products and two targets before one server from hell and one that is well, and the other way round.

An outbox with a GIF and a strip of each visit, and the uploads of it to the bucket that guests are told of and to an
attic: real but for the clock, as in `lab.server.faults`. What must hold: the target that is well has everything at
once, whatever the other one does; the guests are told of the bucket alone; when the fault is over, each target has
exactly one object for each product.
"""

import argparse
import contextlib
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import structlog

from booth.core.events import Delivered, Event, ReachChanged
from booth.core.visit import Guest, SessionId
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.outbox.couriers import LONGEST_PUT
from booth.outbox.ids import SessionIds
from booth.outbox.metadata import decode
from booth.outbox.spool import TARGET, Spool
from booth.outbox.uploads import Uploads
from booth.ports import GIF, Target
from booth.units import Instant, Seconds
from lab.double import ATTIC, STRIP
from lab.rest import Rest
from lab.server import faults
from lab.server.misbehaving import HEALTHY, FaultServer

NAMES = (TARGET, ATTIC)
"""The targets; guests are told of the first."""

BOTH = "both"
"""What is said for the ill one where the fault is the network's: it concerns both."""

ENDINGS = {".gif": "image/gif", "-strip.jpg": "image/jpeg"}
"""Of a visit's keys, and what type each object has."""

KINDS = (
    "refuses",
    "silent",
    "mute",
    "resets-in-body",
    "resets-after-body",
    "resets-in-answer",
    "loses-answer",
    "drips",
    "500",
    "503-SlowDown",
    "503-early",
    "429",
    "InvalidAccessKeyId",
    "AccessDenied",
    "RequestTimeTooSkewed",
    "NoSuchBucket",
    "413",
    "wrong-etag",
    "no-etag",
    "portal-page",
    "redirect-loop",
)
"""The faults that a target has alone: nobody listens, it is slow or silent, resets, or answers what is wrong."""

CASES = (*((name, ill) for name in KINDS for ill in NAMES), *((name, BOTH) for name in faults.PROXIES))
"""Every fault, at each of the targets; those of a proxy, which the environment names for both."""


@dataclass(frozen=True)
class Place:
    """A target: a server that may have a fault, and a bucket behind it."""

    name: str
    server: FaultServer
    bucket: str
    open: Callable[..., ZenkoBucket]
    client: Any
    """Looks at what is behind, as somebody who has nothing to do with the booth."""

    def stored(self, session: SessionId, event: str) -> list[int]:
        """Return how often each product of a visit was stored."""
        return [self.server.stored[f"/{self.bucket}/{event}/{session}{ending}"] for ending in ENDINGS]


@contextlib.contextmanager
def places(around: faults.World) -> Iterator[dict[str, Place]]:
    """Start a fault server for each target, before a bucket of its own; all are ended."""
    buckets = {TARGET: around.s3.bucket, ATTIC: ATTIC}
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(contextlib.closing(_client(around)))
        client.create_bucket(Bucket=ATTIC)
        made = {}
        for name, bucket in buckets.items():
            server = stack.enter_context(FaultServer(around.s3.endpoint_url, numbers=faults.NUMBERS))

            def opened(
                server: FaultServer = server, bucket: str = bucket, host: str = "127.0.0.1", **times: Any
            ) -> ZenkoBucket:
                options = BucketOptions(
                    endpoint_url=f"http://{host}:{server.port}",
                    bucket=bucket,
                    region=around.s3.region,
                    access_key_id=around.s3.access_key_id,
                    secret_access_key=around.s3.secret_access_key,
                    **{"connect_timeout": Seconds(2.0), "read_timeout": Seconds(5.0)} | times,
                )
                return ZenkoBucket(options, attempts=1)

            made[name] = Place(name, server, bucket, opened, client)
        yield made


def _client(around: faults.World) -> Any:
    import boto3

    return boto3.client(
        "s3", endpoint_url=around.s3.endpoint_url, region_name=around.s3.region,
        aws_access_key_id=around.s3.access_key_id, aws_secret_access_key=around.s3.secret_access_key,
    )  # fmt: skip


class Bench:
    """An outbox with two products, and its uploads to two targets, by a clock that is moved by hand.

    A context: all threads are ended.
    """

    def __init__(self, folder: Path, targets: Sequence[Target]) -> None:
        self.seconds = 1000.0
        self.events: list[Event] = []
        self.outbox = folder / "outbox"
        self._ids = SessionIds(time.time)
        self.spool = Spool(
            self.outbox,
            event=folder.name,
            booth="Booth 1",
            key_template="{event}/{session}.gif",
            wall=time.time,
            min_free_mb=0,
            keep_days=30,
            kinds=(GIF, STRIP),
            targets=NAMES,
        )
        self.uploads = Uploads.to(
            targets,
            self.spool.queue,
            post=self.events.append,
            now=lambda: Instant(self.seconds),
            clock_wrong=lambda: False,
            patience=Seconds(60.0),
            bucket_set=True,
        )
        self.uploaders = dict(zip(NAMES, self.uploads._all, strict=True))  # noqa: SLF001  the booth sees them as one
        self._rests: dict[str, Rest] = {}
        for name, uploader in self.uploaders.items():
            self._rests[name] = Rest(faults.PATIENCE)
            uploader._pause = self._rests[name].pause  # noqa: SLF001  a booth's uploads wait in real time

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.uploads.close(Seconds(2 * faults.PATIENCE))
        for uploader in self.uploaders.values():
            for courier in uploader._couriers.lost:  # noqa: SLF001  nothing else knows whom to wait for
                courier.join(Seconds(faults.PATIENCE))
        self.spool.close()

    def visit(self, guest: Guest) -> SessionId:
        """Commit a visit with both products, as the workers do. The uploads are not woken."""
        session = self._ids()
        self.spool.open(session)
        self.spool.animation(session).write_bytes((b"GIF89a" + session.encode()).ljust(20_000, b"."))
        self.spool.note(session, guest)
        self.spool.add(session, STRIP, (b"JPEG" + session.encode()).ljust(10_000, b"."))
        self.spool.commit(session)
        return session

    def rest(self, name: str, *, under_way: bool = False) -> None:
        """Wait until that target's uploader has done what is due, or, *under_way*, until it waits for an answer."""
        self._rests[name].wait(self.uploaders[name], under_way=under_way)

    def until_due(self) -> float:
        """Return the seconds until the last of the targets that wait is tried again; 0 if none waits."""
        dues = (uploader.status().next_attempt for uploader in self.uploaders.values())
        return max((due - self.seconds for due in dues if due is not None), default=0.0)

    def delivered(self) -> list[SessionId]:
        """Return what the guests' side was told to be delivered, in order."""
        return [event.session for event in self.events if isinstance(event, Delivered)]

    def links(self) -> list[bool]:
        """Return what it was told of the link, in order."""
        return [event.online for event in self.events if isinstance(event, ReachChanged)]


@dataclass(frozen=True)
class Proof:
    """What one fault did at one of the targets, or at both."""

    name: str
    ill: str
    """The target that had the fault, or `BOTH`."""
    words: str
    """What an operator read meanwhile."""
    puts: int
    """What the ill one has stored for each guest, the fault and the recovery together; the most of both guests."""
    seconds: float
    wrong: tuple[str, ...]
    """What was not as it must be, in sentences."""


def prove(name: str, ill: str, around: faults.World, at: dict[str, Place]) -> Proof:  # noqa: PLR0915  one story
    """Have two guests while *ill* has the fault *name*; have it recover; look at what is in both buckets."""
    began = time.monotonic()
    folder = around.folder / f"two-{name.lower()}-{ill}-{next(around.numbers)}"
    folder.mkdir()
    wrong: list[str] = []
    sick = [each for each in NAMES if ill in {each, BOTH}]
    well = [each for each in NAMES if each not in sick]
    told = TARGET in well

    def expect(what: str, expected: object, actual: object) -> None:
        if expected != actual:
            wrong.append(f"{what}: {actual!r} instead of {expected!r}")

    def met() -> int:
        return sum(at[each].server.met[name] for each in sick)

    def more_than(before: int) -> bool:
        return met() > before

    with contextlib.ExitStack() as stack:
        proxy = faults.Proxy(faults.PROXIES[name][0]) if name in faults.PROXIES else None
        if proxy is not None:
            stack.callback(proxy.close)
            stack.enter_context(faults.variable("http_proxy", proxy.url))
        times = {"connect_timeout": Seconds(0.6), "read_timeout": Seconds(0.6)} if name in {"silent", "mute"} else {}
        host = {"host": faults.HOST} if proxy is not None else {}
        targets = [Target(each, _opener(at[each], each in sick, times | host), LONGEST_PUT) for each in NAMES]
        bench = Bench(folder, targets)
        stack.enter_context(bench)
        for place in at.values():
            stack.callback(place.server.hang_up)
            stack.callback(place.server.recover)
        for each in sick:
            at[each].server.become(HEALTHY if proxy is not None else name)

        sessions: list[SessionId] = []
        for guest in faults.GUESTS:
            sessions.append(bench.visit(guest))
            before = met()
            if len(sessions) == 1:
                bench.uploads.start()
            else:
                bench.uploads.wake(sessions[-1])
            if name in faults.HANGING:
                faults.wait_until(partial(more_than, before))
            for each in NAMES:
                bench.rest(each, under_way=each in sick and name in faults.HANGING)
            # No second has passed, and the other one still hangs: the well one has all of it.
            for each in well:
                stored = [at[each].stored(session, folder.name) for session in sessions]
                expect(f"stored at the {each}, which is well", [[1, 1]] * len(sessions), stored)
            if name in faults.HANGING:
                bench.seconds += LONGEST_PUT
                bench.uploads.wake()
                for each in NAMES:
                    bench.rest(each)
            expect("what the guests were told", sessions if told else [], bench.delivered())
            expect("what they were told of the link", [] if told else [False], bench.links())
        status = {each: bench.uploaders[each].status() for each in NAMES}
        expect("waiting", {each: 2 * (each in sick) for each in NAMES}, {each: status[each].pending for each in NAMES})
        expect("what has an error", sick, [each for each in NAMES if status[each].error is not None])
        words = bench.uploads.words()
        expect("the attic named to the operator", ATTIC in sick, f"{ATTIC}: " in words)
        if any(guest.name in words or guest.email in words for guest in faults.GUESTS):
            wrong.append("the guest is named")

        for each in sick:
            at[each].server.recover()
        if proxy is not None:
            proxy.recover()
        bench.seconds += bench.until_due()
        bench.uploads.wake()
        for each in NAMES:
            bench.rest(each)
        expect("what the guests were told in the end", sessions, sorted(bench.delivered()))
        expect("what they were told of the link in the end", [] if told else [False, True], bench.links())
        expect("what the operator reads in the end", "", bench.uploads.words())
        expect("the folders", {"open": 0, "pending": 0, "sent": 2, "failed": 0}, dict(bench.spool.counts()))
        for place in at.values():
            wrong += _objects(place, bench, folder.name, sessions)
        puts = max(sum(at[each].stored(session, folder.name)) for each in sick for session in sessions)
        expect("puts of each guest's at the ill one", 3 if name in faults.TWICE else 2, puts)
    return Proof(name, ill, words, puts, time.monotonic() - began, tuple(wrong))


def _opener(place: Place, own: bool, options: dict[str, Any]) -> Callable[[], Any]:  # noqa: FBT001  one caller
    """Return what opens a target's bucket; those that are well never have their time-outs cut."""
    return lambda: place.open(**options if own else {})


def _objects(place: Place, bench: Bench, event: str, sessions: Sequence[SessionId]) -> Iterator[str]:
    """Read a bucket from behind; yield what is wrong, in sentences that name no guest."""
    listed = place.client.list_objects_v2(Bucket=place.bucket, Prefix=f"{event}/").get("Contents", ())
    wanted = sorted(f"{event}/{session}{ending}" for session in sessions for ending in ENDINGS)
    if wanted != sorted(found["Key"] for found in listed):
        yield f"{place.name}: {len(listed)} objects for {len(wanted)} products, or under other keys"
        return
    for session, guest in zip(sessions, faults.GUESTS, strict=True):
        folder = bench.outbox / "sent" / session
        for (ending, media_type), kind in zip(ENDINGS.items(), (GIF, STRIP), strict=True):
            got = place.client.get_object(Bucket=place.bucket, Key=f"{event}/{session}{ending}")
            details = decode(got["Metadata"])
            with contextlib.closing(got["Body"]) as body:
                if body.read() != (folder / kind.file).read_bytes():
                    yield f"{place.name}: {session}{ending}: the bytes are not those of the product"
            if got["ContentType"] != media_type:
                yield f"{place.name}: {session}{ending}: is called {got['ContentType']}"
            if (details["name"], details["email"]) != (guest.name, guest.email):
                yield f"{place.name}: {session}{ending}: the details are not what the guest entered"


# ---- the command


def main() -> int:
    """Run what was asked for; return 0 if nothing is wrong, the last line saying so."""
    parser = argparse.ArgumentParser(prog="scripts/faults --double", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="NAME", help="only these faults")
    given = parser.parse_args()
    if unknown := set(given.faults) - {name for name, _ in CASES}:
        parser.error(f"no such fault of two targets: {', '.join(sorted(unknown))}")

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    wrong: list[str] = []
    cases = [(name, ill) for name, ill in CASES if name in given.faults or not given.faults]
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="booth-faults-") as folder,
        faults.world(Path(folder)) as around,
        places(around) as at,
    ):
        print(f"{'fault':28}{'at':10}{'puts of a guest there':>24}{'seconds':>9}")
        for name, ill in cases:
            proof = prove(name, ill, around, at)
            print(f"{name:28}{ill:10}{proof.puts:>24}{proof.seconds:>9.1f}", flush=True)
            wrong += [f"{name} at {ill}: {sentence}" for sentence in proof.wrong]
    print(f"\n{len(cases)} proofs of two products and two targets in {time.monotonic() - began:.0f} s")
    for sentence in wrong:
        print(f"faults: {sentence}", file=sys.stderr)
    print(f"faults: {len(wrong)} things are not as they must be" if wrong else "faults: all is as it must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
