"""Kills a booth again and again while guests play, and compares what is in the bucket with what they were shown.

The law: what counts is written down outside the booth, in a ledger, as soon as the booth's log says that a guest has
seen it; a line of the log leaves the process before the screen is painted. The booth is ``booth --simulate`` in a
process of its own, which gets SIGKILL and no warning; its outbox is on a real disk, and the S3 server, which outlives
it, is away or misbehaves half of the time. With ``--double`` it is `lab.double`, and each of its targets is away or
misbehaves for itself.
"""

import argparse
import contextlib
import hashlib
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from booth import jpeg
from booth.core.visit import Guest
from booth.imaging import mp4
from booth.imaging.clip import CLIP
from booth.imaging.strip import PAPER
from booth.outbox import metadata
from booth.outbox.details import DETAILS
from booth.outbox.spool import TARGET
from booth.ports import GIF, PAGE
from booth.sim.bucket import EmbeddedS3
from lab import products
from lab.bench.targets import machine
from lab.child import SIMULATE, Child, ChildError, Fact, environment
from lab.double import ATTIC, DOUBLE, HIGH, PHOTOGRAPHS, STRIP
from lab.server.misbehaving import FAULTS, HEALTHY, FaultServer

KILLS = 200
BOOTHS = 2
"""How many are tortured at once, each with an outbox and a server of its own: most of a visit is waiting."""

GUESTS = 9
"""Guests that wait before each start; more than can come before the booth is killed."""
LAST_GUESTS = 2
"""Guests who are not disturbed, at the end."""
LAST_RUNS = 4
"""How many undisturbed runs may pass without less waiting after them."""

RECOVERING, AT_A_FACT = 0.2, 0.4
"""How many of the kills come in the first second of a start, and how many right after something has happened; the
others come at any moment of a visit."""
FACTS = ("frame.taken", "animation.made", "guest.sends", "visit.committed", "visit.salvaged", "entry.sent")
START, VISIT, SOON = 0.8, 3.0, 0.06
"""Seconds: of a start, after its first line; of a visit and a half; of what is right after something."""
MOST_FRAMES = 12
"""Frames of a visit: what the settings allow."""
HEALTH = 0.5
"""How often the server is well."""
FOR_A_PERSON = frozenset({"MetadataTooLarge"})
"""An entry that the server will never take goes to ``failed/``, where a person looks at it. That is no loss, and none
of what is counted here."""

PATIENCE = 60.0
"""Seconds after which a booth that does not invite, or does not end, is broken."""
WAIT_FOR_A_FACT = 4.0
"""Seconds; what has not happened by then may never: the server is away."""

PROMISED = frozenset({"sending", "sent", "saved", "later"})
"""The outcomes of which the farewell says that the pictures are kept."""
BASE = 26
DOMAIN = "@a.example"
"""What the addresses of all guests end with, and nothing else."""


# --- What the guests saw ---------------------------------------------------------------------------------------------


def guest(serial: int) -> Guest:
    """Return a guest whom nobody else is like: short to type, nobody real."""
    letters = ""
    while serial or not letters:
        serial, letter = divmod(serial, BASE)
        letters += chr(ord("a") + letter)
    return Guest(letters.capitalize(), f"{letters}{DOMAIN}")


@dataclass
class Witness:
    """What a guest has seen of a visit."""

    frames: int = 0
    """How many of them the booth has said to be taken, by going on to the next countdown or to the form."""
    exposing: int = 0
    serial: int | None = None
    """Whose it is; None if nobody came to the form."""
    sends: bool = False
    """Whether the guest's finger went to Send."""
    farewell: str | None = None
    """What the farewell said; None if it was not shown."""


class Ledger:
    """The log of booths, boiled down to what their guests have seen, in a file: a line for each fact, at once."""

    def __init__(self, file: Path) -> None:
        self._lines = file.open("a", encoding="ascii")
        self._turns = threading.Lock()

    def close(self) -> None:
        """Close the file. May be called twice."""
        self._lines.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self, fact: Mapping[str, Any], serials: Sequence[int]) -> None:
        """Write down what *fact*, a line of the log, means to a guest; *serials* are the guests who came to it."""
        match fact:
            case {"event": "visit.state", "state": "GetReady", "session": str(session)}:
                self._write(session, "begun", 0)
            case {"event": "visit.state", "state": "Exposing", "session": str(session), "shot": int(shot)}:
                self._write(session, "exposing", shot)
            case {"event": "visit.state", "state": "Countdown", "session": str(session), "shot": int(shot)}:
                self._write(session, "frames", shot - 1)
            case {"event": "visit.state", "state": "FillingIn", "session": str(session)}:
                self._write(session, "posed", 0)
            case {"event": "visit.state", "state": "Farewell", "session": str(session), "outcome": str(outcome)}:
                self._write(session, "farewell", outcome)
            case {"event": "guest.types", "session": str(session), "number": int(number)}:
                self._write(session, "types", serials[number - 1])
            case {"event": "guest.sends", "session": str(session)}:
                self._write(session, "sends", 1)
            case _:
                pass

    def _write(self, session: str, what: str, value: int | str) -> None:
        with self._turns:
            self._lines.write(json.dumps([session, what, value]) + "\n")
            self._lines.flush()

    @staticmethod
    def read(lines: Iterable[str]) -> dict[str, Witness]:
        """Return what the guests have seen, by session."""
        visits: dict[str, Witness] = {}
        for line in lines:
            session, what, value = json.loads(line)
            visit = visits.setdefault(session, Witness())
            match what:
                case "exposing":
                    visit.exposing = value
                case "frames":
                    visit.frames = value
                case "posed":  # all that were exposed have been taken
                    visit.frames = visit.exposing
                case "types":
                    visit.serial = value
                case "sends":
                    visit.sends = True
                case "farewell":
                    visit.farewell = value
        return visits


# --- What became of it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a visit has exactly one object in the end: a target, and a kind of product there."""

    target: str
    media_type: str


ONE = (Place(TARGET, GIF.media_type),)
"""Where the booth puts something, as it is."""
TWO = tuple(Place(target, kind.media_type) for target in (TARGET, ATTIC) for kind in (GIF, STRIP))
"""Where the doubled one does."""
THREE = tuple(Place(TARGET, kind.media_type) for kind in (GIF, CLIP, STRIP))
"""Where one does that makes all that the booth can; there, guests get a page, see `PAGED`."""
PAGED, TOLD = Place(TARGET, PAGE.media_type), Place(TARGET, DETAILS.media_type)
"""Where there is a visit's page, if the server took it when it was made, and its guest's details, which are then in no
other object. A page's links end, so the newest of two counts."""


@dataclass(frozen=True)
class Stored:
    """An object at a target."""

    place: Place
    key: str
    body: bytes
    etag: str
    metadata: Mapping[str, str]
    """Decoded."""
    etags: frozenset[str]
    """Of all that was ever put under this key."""
    frames: int
    """In the animation, or on the strip; all, of what has none; 0 if it cannot be read as what it is called."""


@dataclass
class Judgement:
    """Sessions, by what is wrong with them."""

    lost: list[str] = field(default_factory=list)
    """A frame was taken, or there is an object elsewhere, and there is none at a place where one belongs."""
    duplicates: list[str] = field(default_factory=list)
    """There is more than one object at a place, one where none belongs, or something else was put under its key."""
    torn: list[str] = field(default_factory=list)
    """The bytes are not those of the ETag, or not what they are called, or there are too few frames in them."""
    nameless: list[str] = field(default_factory=list)
    """The farewell was shown, and the guest's details are not there."""
    given_away: list[str] = field(default_factory=list)
    """There are details that nobody sent, or somebody else's."""
    strangers: list[str] = field(default_factory=list)
    """Nobody has ever begun such a visit."""

    @property
    def figures(self) -> tuple[tuple[str, str, int], ...]:
        """Return each figure's name, what it counts, and how many there are."""
        return (
            ("lost", "lost: a frame was taken, an object is missing", len(self.lost)),
            ("duplicates", "duplicates: another key, other bytes, or nobody's", len(self.duplicates + self.strangers)),
            ("torn", "torn: not the ETag's bytes, or frames missing", len(self.torn)),
            ("nameless", "farewell shown, and the details are missing", len(self.nameless)),
            ("given away", "details that were not sent, or somebody else's", len(self.given_away)),
        )


def judge(visits: Mapping[str, Witness], objects: Sequence[Stored], places: Sequence[Place] = ONE) -> Judgement:
    """Compare what guests have seen with what is stored; each visit has one object at each of the *places*."""
    found = Judgement()
    paged = places == THREE
    by_session: dict[str, list[Stored]] = {}
    for stored in objects:
        by_session.setdefault(stored.metadata.get("session", f"none: {stored.key}"), []).append(stored)
    found.strangers += [session for session in by_session if session not in visits]
    for session, visit in visits.items():
        mine = by_session.get(session, [])
        pages = [stored for stored in mine if paged and stored.place == PAGED]
        told = [stored for stored in mine if paged and stored.place == TOLD]
        made = [stored for stored in mine if stored not in pages and stored not in told]
        there = {stored.place for stored in made} & {*places}
        if (mine or visit.frames > 0) and len(there) < len(places):
            found.lost.append(session)
        changed = any(stored.etags != {stored.etag} for stored in (*made, *told))
        if len(made) > len(there) or len(pages) > 1 or len(told) > 1 or changed:
            found.duplicates.append(session)
        if any(_torn(stored, visit) for stored in mine):
            found.torn.append(session)
        # A guest's finger was on its way to Send when the power went: with the details, or without, both are true.
        theirs = _details(guest(visit.serial)) if visit.serial is not None and visit.sends else None
        shown = {_details_in(stored) for stored in (told or mine)}
        if visit.farewell in PROMISED and shown != {theirs}:
            found.nameless.append(session)
        shared = (*made, *pages) if paged else ()
        if shown - {None, theirs} or any(_names_somebody(stored) for stored in shared):
            found.given_away.append(session)
    return found


def _names_somebody(stored: Stored) -> bool:
    """Return whether there are a guest's details in what everybody may read who has the link."""
    return _details_in(stored) is not None or (stored.place == PAGED and DOMAIN.encode() in stored.body)


def _torn(stored: Stored, visit: Witness) -> bool:
    whole = hashlib.md5(stored.body, usedforsecurity=False).hexdigest() == stored.etag
    return not whole or stored.frames < max(visit.frames, 1)


def _details(of: Guest) -> tuple[str, str]:
    return of.name, of.email


def _details_in(stored: Stored) -> tuple[str, str] | None:
    name, email = stored.metadata.get("name"), stored.metadata.get("email")
    return None if name is None and email is None else (name or "", email or "")


# --- The bucket ------------------------------------------------------------------------------------------------------


class Bucket:
    """The buckets, as somebody sees them who has nothing to do with the booth: with all that was ever put into them."""

    def __init__(self, server: EmbeddedS3, places: Sequence[Place]) -> None:
        import boto3

        self._buckets = {place.target: ATTIC if place.target == ATTIC else server.bucket for place in places}
        self._client: Any = boto3.client(
            "s3", endpoint_url=server.endpoint_url, region_name=server.region,
            aws_access_key_id=server.access_key_id, aws_secret_access_key=server.secret_access_key,
        )  # fmt: skip
        for bucket in self._buckets.values():
            if bucket != server.bucket:
                self._client.create_bucket(Bucket=bucket)
            self._client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def objects(self) -> Iterator[Stored]:
        """Yield all objects, each with its bytes and its past."""
        for target, bucket in self._buckets.items():
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=bucket)
            versions = [version for page in pages for version in page.get("Versions", ())]
            for key in sorted({version["Key"] for version in versions}):
                got = self._client.get_object(Bucket=bucket, Key=key)
                with contextlib.closing(got["Body"]) as stream:
                    body = stream.read()
                yield Stored(
                    Place(target, got["ContentType"]),
                    key,
                    body,
                    got["ETag"].strip('"'),
                    metadata.decode(got["Metadata"]),
                    frozenset(version["ETag"].strip('"') for version in versions if version["Key"] == key),
                    frames_of(body, got["ContentType"]),
                )


def frames_of(body: bytes, media_type: str = GIF.media_type) -> int:
    """Return how many frames are in an animation, on a strip, or in a clip; 0 if it is none of them."""
    if media_type == CLIP.media_type:
        return _filmed(body)
    if media_type in {PAGE.media_type, DETAILS.media_type}:
        return MOST_FRAMES if _written(body, media_type) else 0
    if jpeg.size_of(body) == PAPER:  # the booth's own: how many are on it, pixels alone tell
        return MOST_FRAMES if jpeg.whole(body) == body else 0
    from wand.exceptions import WandException
    from wand.image import Image

    try:
        with Image(blob=body, format=media_type.removeprefix("image/")) as picture:
            return len(picture.sequence) if media_type == GIF.media_type else picture.height // HIGH
    except (WandException, ValueError):
        return 0


def _written(body: bytes, media_type: str) -> bool:
    """Return whether a page, or a guest's details, are there to their end."""
    if media_type == PAGE.media_type:
        return body.startswith(b"<!doctype html>") and body.endswith(b"</html>\n")
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _filmed(body: bytes) -> int:
    """Return how many frames a clip has at most, shown for half a second each; 0 if it cannot be read as one."""
    try:
        shown = round(2 * mp4.read(body).lasts)
    except ValueError:
        return 0
    return max((frames for frames in range(1, MOST_FRAMES + 1) if frames * -(-6 // frames) == shown), default=0)


# --- The booth -------------------------------------------------------------------------------------------------------


class Booth(Child):
    """A booth in a process of its own; its log goes into the ledger as it comes."""

    def __init__(
        self, place: Path, environ: Mapping[str, str], ledger: Ledger, serials: Sequence[int], attic: str = ""
    ) -> None:
        """Start it for the guests of these *serials*; given the address of an *attic*, it is the doubled one."""
        names = place / "names"
        names.write_text("".join("\t".join(_details(guest(serial))) + "\n" for serial in serials), encoding="ascii")
        self._ledger = ledger
        self._serials = serials
        self.state = "Starting"
        """Where the visit was when the last line came."""
        self.begun = 0
        self.recovered = 0
        argv = (
            *((*DOUBLE, attic) if attic else (*SIMULATE, "--fast", "--frames", str(PHOTOGRAPHS))),
            *("--guests", str(len(serials)), "--names", str(names)),
            *("--set", f"outbox.dir={place / 'outbox'}", "--set", "log.format=json"),
        )
        super().__init__(argv, environ, heard=self._hear)

    def _hear(self, fact: Fact) -> None:
        self._ledger.take(fact, self._serials)
        if fact["event"] == "visit.state":
            self.state = fact["state"]
            self.begun += self.state == "GetReady"
        self.recovered += fact["event"] == "visit.salvaged"

    def invited(self) -> None:
        """Wait for the first guest's visit to begin. Raises `ChildError` if that does not come to be."""
        self.come_to("GetReady")

    def summary(self) -> tuple[int, dict[str, Any]]:
        """Wait until it has ended by itself; return the exit status and its summary.

        Raises `ChildError` if it does not end, or has no summary.
        """
        status, out = self.whole(PATIENCE * 3)
        try:
            summary: dict[str, Any] = json.loads(out.splitlines()[-1])
        except (IndexError, ValueError):
            raise ChildError(f"a booth that nobody disturbed ended with status {status}:\n{self.last}") from None
        return status, summary


@dataclass
class Tally:
    """What was done to the booths, all together."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    """Kills, by where the visit was."""
    early: int = 0
    """Kills before a guest came: while the booth started, or recovered."""
    ill: int = 0
    """Starts at which a target was away or ill."""
    faults: Counter[str] = field(default_factory=Counter)
    """Starts, by what was wrong with a target."""
    recovered: int = 0
    """Visits that were finished without their guest."""
    last_runs: int = 0
    complaints: int = 0
    """Undisturbed runs in which a guest was not served as they should be, as the rehearsal says."""
    puts: int = 0
    left: int = 0
    """Entries that are anywhere but in ``sent/`` after the end, and files that are not whole."""


class Torment:
    """One booth's life: killed and started, and then left alone until nothing waits."""

    def __init__(
        self,
        number: int,
        seed: int,
        place: Path,
        server: EmbeddedS3,
        ledger: Ledger,
        tally: Tally,
        places: Sequence[Place] = ONE,
    ) -> None:
        self._chance = random.Random(f"{seed}, booth {number}")  # noqa: S311  it has to be the same again
        self._place = place
        place.mkdir()
        self._server = server
        self._front, *self._others = (FaultServer(server.endpoint_url) for _ in {place.target for place in places})
        self._all = places == THREE
        self._ledger = ledger
        self._tally = tally
        self._next = number
        """The next guest's serial; those between belong to the other booths."""

    def live(self, kills: Iterator[int]) -> None:
        """Be killed as often as *kills* yields, then drain. Raises `ChildError`."""
        with contextlib.ExitStack() as stack:
            for front in self._fronts:
                stack.enter_context(front)
            for _ in kills:
                self._one_life()
            self._drain()
        self._tally.puts += sum(sum(front.stored.values()) for front in self._fronts)

    @property
    def _fronts(self) -> tuple[FaultServer, ...]:
        """What is before each target."""
        return self._front, *self._others

    def _start(self, guests: int) -> Booth:
        serials = [self._next + BOOTHS_AT_MOST * number for number in range(guests)]
        self._next += BOOTHS_AT_MOST * guests
        environ = (
            environment(str(self._place))
            | (products.environment() if self._all else {})
            | {
                "BOOTH_ZENKO__ENDPOINT_URL": self._front.url,
                "BOOTH_ZENKO__BUCKET": self._server.bucket,
                "BOOTH_ZENKO__ACCESS_KEY_ID": self._server.access_key_id,
                "BOOTH_ZENKO__SECRET_ACCESS_KEY": self._server.secret_access_key,
            }
        )
        attic = self._others[0].url if self._others else ""
        return Booth(self._place, environ, self._ledger, serials, attic)

    def _one_life(self) -> None:
        self._sway(note=True)
        with self._start(GUESTS) as booth:
            way = self._chance.random()
            if way < RECOVERING:
                booth.wait_for(lambda _: True, PATIENCE)
                self._later(booth, self._chance.uniform(0, START))
            else:
                booth.invited()
                if way < RECOVERING + AT_A_FACT:
                    awaited = self._chance.choice(FACTS)
                    booth.wait_for(lambda fact: fact["event"] == awaited, WAIT_FOR_A_FACT)
                    self._later(booth, self._chance.uniform(0, SOON))
                else:
                    moment = self._chance.uniform(0, VISIT)
                    change = self._chance.uniform(0, moment)
                    self._later(booth, change)
                    self._sway()
                    self._later(booth, moment - change)
            booth.kill()
        self._tally.kills += 1
        self._tally.at[booth.state] += 1
        self._tally.early += booth.begun == 0
        self._tally.recovered += booth.recovered

    @staticmethod
    def _later(booth: Booth, seconds: float) -> None:
        booth.wait_for(lambda _: False, seconds)

    def _sway(self, *, note: bool = False) -> None:
        """Make each target well or ill, at random."""
        ill = False
        for front in self._fronts:
            name = HEALTHY if self._chance.random() < HEALTH else self._chance.choice(ILLS)
            front.become(name)
            self._tally.faults[name] += note
            ill = ill or name != HEALTHY
        self._tally.ill += note and ill

    def _drain(self) -> None:
        for front in self._fronts:
            front.recover()
        waits: list[int] = []
        while not waits or (waits[-1] and not stands_still(waits)):
            self._tally.last_runs += 1
            with self._start(LAST_GUESTS) as booth:
                status, summary = booth.summary()
            outbox = summary["outbox"]
            self._tally.complaints += status != 0
            self._tally.recovered += booth.recovered
            waits.append(outbox["open"] + outbox["pending"])
        place = self._place / "outbox"
        self._tally.left += waits[-1] + outbox["failed"]
        self._tally.left += sum(1 for _ in place.rglob("*.part")) + sum(1 for _ in place.glob("scratch/*"))


def stands_still(waits: Sequence[int]) -> bool:
    """Return whether the last `LAST_RUNS` runs, after which so much waited, were of no use."""
    return len(waits) > LAST_RUNS and min(waits[-LAST_RUNS:]) >= min(waits[:-LAST_RUNS])


ILLS = tuple(name for name, fault in FAULTS.items() if "http" in fault.schemes and name not in FOR_A_PERSON)
BOOTHS_AT_MOST = 16


def torture(
    kills: int, booths: int, seed: int, place: Path, places: Sequence[Place] = ONE
) -> tuple[Tally, dict[str, Witness], list[Stored]]:
    """Kill *booths* booths *kills* times, all together; return what was done, what was seen, and what is stored.

    They put something at each of the *places*. Raises `ChildError`.
    """
    tally = Tally()
    began = time.monotonic()
    turns = threading.Lock()
    left = iter(range(1, kills + 1))
    stop = threading.Event()

    def kills_left() -> Iterator[int]:
        while not stop.is_set():
            with turns:
                number = next(left, None)
                if number is None:
                    return
                if number % 10 == 0 or number == kills:
                    print(f"kill {number:4} of {kills}, {time.monotonic() - began:5.0f} s", file=sys.stderr, flush=True)
            yield number

    broken: list[ChildError] = []

    def live(torment: Torment) -> None:
        try:
            torment.live(kills_left())
        except ChildError as exc:
            broken.append(exc)
            stop.set()

    file = place / "ledger"
    with EmbeddedS3() as server, contextlib.closing(Bucket(server, places)) as bucket:
        with Ledger(file) as ledger:
            torments = [
                Torment(number, seed, place / f"booth-{number}", server, ledger, tally, places)
                for number in range(booths)
            ]
            threads = [threading.Thread(target=live, args=(torment,), daemon=True) for torment in torments]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if broken:
            raise broken[0]
        with file.open(encoding="ascii") as lines:
            visits = Ledger.read(lines)
        return tally, visits, list(bucket.objects())


# --- What is printed -------------------------------------------------------------------------------------------------


def table(tally: Tally, visits: Mapping[str, Witness], objects: Sequence[Stored]) -> Iterator[str]:
    """Yield the lines that say what was done, and what there is."""
    where = ", ".join(f"{state} {count}" for state, count in tally.at.most_common())
    kinds = len([name for name in tally.faults if name != HEALTHY])
    seen = list(visits.values())
    yield f"{'kills (SIGKILL)':50}{tally.kills:6}  {where}"
    yield f"{'  before a guest came: in start or recovery':50}{tally.early:6}"
    yield f"{'starts with the server, or one of two, away or ill':50}{tally.ill:6}  in {kinds} ways"
    yield f"{'visits begun':50}{len(seen):6}"
    yield f"{'  with a frame that the guest saw taken':50}{sum(visit.frames > 0 for visit in seen):6}"
    yield f"{'  whose guest touched Send':50}{sum(visit.sends for visit in seen):6}"
    yield f"{'  whose farewell was shown':50}{sum(visit.farewell is not None for visit in seen):6}"
    yield f"{'visits finished without their guest':50}{tally.recovered:6}"
    yield f"{'undisturbed runs at the end':50}{tally.last_runs:6}"
    yield f"{'puts that the server confirmed':50}{tally.puts:6}  {tally.puts - len(objects)} of them again"
    for place, count in sorted(Counter(stored.place for stored in objects).items(), key=str):
        yield f"{f'objects, {place.target}, {place.media_type}':50}{count:6}"


def main(argv: Sequence[str] | None = None) -> int:
    """Torture, print what was found, and return the exit status: 0 when every figure holds."""
    parser = argparse.ArgumentParser(prog="scripts/torture", description="Kill booths while guests play.")
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N", help=f"{KILLS} unless given")
    parser.add_argument("--seed", type=int, metavar="N", help="chooses the moments and the faults; a new one each time")
    parser.add_argument("--booths", type=int, default=BOOTHS, metavar="N", choices=range(1, BOOTHS_AT_MOST + 1),
                        help=f"how many are tortured at once, {BOOTHS} unless given")  # fmt: skip
    parser.add_argument("--double", action="store_true",
                        help="of each visit a strip is made, too, and all of it goes to an attic, too")  # fmt: skip
    parser.add_argument("--products", action="store_true",
                        help="of each visit all is made that guests can take home: clip, strip and page, too, and a"
                             " layout on them")  # fmt: skip
    given = parser.parse_args(argv)
    if given.double and given.products:
        parser.error("--double has a strip of its own: give one of the two")
    if given.kills < 1:
        parser.error("a booth that is never killed proves nothing; give --kills 1 or more")
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed

    print(f"{machine()}; seed {seed}", flush=True)
    places = TWO if given.double else THREE if given.products else ONE
    began = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        tally, visits, objects = torture(given.kills, given.booths, seed, place, places)
    except ChildError as exc:
        print(f"{exc}\nwhat the guests saw is in {place / 'ledger'}, the outboxes are beside it")
        print("torture: MISSED: a booth did not come up, or did not stay")
        return 1
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    for line in table(tally, visits, objects):
        print(line)
    found = judge(visits, objects, places)
    figures = (
        *found.figures,
        ("left", "left in the outbox, or not whole", tally.left),
        ("complaints", "undisturbed runs that complain", tally.complaints),
    )
    for _, what, count in figures:
        print(f"{what:50}{count:6}  {'holds' if count == 0 else 'MISSED'}")
    missed = [f"{name} {count}" for name, _, count in figures if count]
    if missed:
        for what, sessions in vars(found).items():
            print("".join(f"{what}: {session}\n" for session in sessions), end="")
        print(f"what the guests saw is in {place / 'ledger'}, the outboxes are beside it")
        print(f"torture: MISSED: {', '.join(missed)} (seed {seed}, {time.monotonic() - began:.0f} s)")
        return 1
    shutil.rmtree(place, ignore_errors=True)
    print(f"torture: {tally.kills} kills in {time.monotonic() - began:.0f} s: lost 0, duplicates 0, torn 0")
    return 0


if __name__ == "__main__":
    sys.exit(main())
