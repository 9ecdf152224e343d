"""Cuts the power at every moment of a visit's life, and lets the booth recover from all that its disk may have kept.

Outbox, darkroom and compositor are the real ones; under them is `lab.disk.forgetful.ForgetfulDisk`. After each
operation that changes the disk, and after each thing that the booth has said by then, every disk that a cut may leave
is taken; on each the next start is lived through, and what comes of it is held against what was said.

Then the other way round: each sync of these lives in turn does nothing, as on a card that lies, and has to be missed.
"""

import argparse
import atexit
import gc
import hashlib
import itertools
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from errno import EIO, ENOSPC
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

import structlog

import booth
from booth import disk as disks
from booth.core.events import AnimationFailed, CommitFailed, Deferred, Event
from booth.core.visit import Guest, SessionId
from booth.errors import CompositorError, OutboxError
from booth.imaging import graphicsmagick
from booth.imaging.clip import CLIP
from booth.imaging.recipe import Recipe
from booth.imaging.strip import STRIP
from booth.outbox.details import DETAILS
from booth.outbox.entry import Entry
from booth.outbox.metadata import decode
from booth.outbox.mounts import Mounts
from booth.outbox.places import ENTRY
from booth.outbox.queue import DamagedError, Queue
from booth.outbox.spool import TARGET, Spool
from booth.ports import GIF, PAGE, Kind, Output, Picture, Playback, Size, Uptime
from booth.units import Instant, Pixels, Seconds
from booth.workers.darkroom import Contact, Darkroom
from booth.workers.worker import Hire
from lab.disk.forgetful import ForgetfulDisk, Medium
from lab.disk.forgetful import State as DiskState
from lab.disk.trodden import Trodden
from lab.workers import PromptWorker

HOUSE = f"{Path(booth.__file__).parent}/"
ROOMS = f"{HOUSE}outbox/"

OUTBOX = Trodden("/data/outbox")
NOWHERE = Mounts(fstab=Path("/dev/null"))
"""The outbox is in memory: what this machine mounts has nothing to do with it."""
FIRST = SessionId("20261122-170512-aaaaaaaaaa")
SECOND = SessionId("20261122-170912-bbbbbbbbbb")
ZOE = Guest("Zoë", "zoe@example.org", consent=True)
EVENT = "Fête"
NOON = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC).timestamp()
WRONG = datetime(2024, 3, 15, 9, 30, 0, tzinfo=UTC).timestamp()
"""What a clock without a battery shows until it is set."""
DAY = 86400.0
KEEP_DAYS = 30.0
BRIEFLY = 2.0
"""Days for which details are kept, where that is less; more than a next start comes later."""
UP = Uptime("the first boot", Seconds(7200.0))
STILL_UP = Uptime(UP.boot, Seconds(UP.seconds + DAY))
UP_AGAIN = Uptime("the next boot", Seconds(60.0))
WHY = "the server finds it too large"
NAMED = {"name": ZOE.name, "email": ZOE.email, "consent": "yes"}
YES = {"consent": "yes"}
NAMELESS = {"consent": "no"}
"""What metadata say of a guest: all of it, what a link may lead to, and what they say of one who says nothing."""
SHOTS = 4
BRIEF = 4
"""Chapters of a life in which it takes little to be killed at every moment."""

Stored = tuple[bytes, tuple[tuple[str, str], ...]]
Bucket = tuple[tuple[str, Stored], ...]
"""What is in the buckets: for each target and key the bytes and the metadata."""
Facts = tuple[tuple[SessionId, str], ...]
"""What the booth has said about its visits, to the guest, the operator or the bucket, or is about to do; in order."""
Lie = Callable[[Path], bool]
"""Asked at each sync, of what: whether it only pretends."""
Said = Mapping[SessionId, Sequence[str]]
"""The same, for each visit."""


# ---- what the booth uses


@cache
def photograph(session: SessionId, shot: int) -> bytes:
    """Return a frame, of which no part is like the whole."""
    return b"\xff\xd8 %s %d \xff\xd9" % (session.encode(), shot)


RECIPE = Recipe(Size(Pixels(64), Pixels(48)), Seconds(0.5), 0)


class Gm:
    """What gm does, in this process: it puts what it is given one behind the other. No two takes are alike."""

    def __init__(self, scratch: Path, take: Callable[[], str]) -> None:
        self._scratch = scratch
        self._take = take

    def __call__(
        self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str, within: Seconds | None = None
    ) -> None:
        """Put the parts that *argv* names, and the frame on *source*, into one file."""
        *words, _ = argv  # the last is where gm writes: whoever reads there may wait for ever
        names = (word.removeprefix("gif:") for word in words if word.startswith("gif:"))
        frames = [frame for name in names for frame in frames_in((self._scratch / name).read_bytes())]
        frames += [source.read()] if "jpeg:-" in argv else []
        into.write(b"|".join((b"GIF89a", self._take().encode(), *frames, b";")))


_FREE: list[Path] = []
"""Folders for what need not outlast anything, that nobody uses now: in one life another may be lived."""


def _scratch() -> Path:
    """Make a folder that is gone when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="cuts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder, in this machine's memory at best, to one life at a time."""
    folder = _FREE.pop() if _FREE else _scratch()
    try:
        yield folder
    finally:
        _FREE.append(folder)


def darkroom(
    disk: ForgetfulDisk, spool: Spool, folder: Path, take: Callable[[], str], kinds: Sequence[Kind] = ()
) -> Darkroom:
    """Return the booth's darkroom, with its compositor; it makes *kinds*, too. What it cannot do is an error here."""

    def strip(frames: Sequence[Path]) -> bytes:
        return b"|".join((b"GIF89a", take().encode(), *map(disk.read, frames), b";"))

    def read_back(path: Path) -> Playback:
        frames = frames_in(disk.read(path))
        if not frames:
            raise CompositorError("it is no animation")
        return Playback((Picture(RECIPE.size, b""),) * len(frames), (RECIPE.delay,) * len(frames), RECIPE.loops)

    def post(event: Event) -> None:
        if isinstance(event, AnimationFailed | CommitFailed | Deferred):
            raise OutboxError(f"the darkroom says {type(event).__name__}")

    gm = Gm(folder, take)
    compositor = graphicsmagick.GraphicsMagick(RECIPE, folder, read_back=read_back, disk=disk, run=gm)
    return Darkroom(
        compositor,
        spool,
        Contact(),
        post=post,
        now=lambda: Instant(0.0),
        committed=lambda _: None,
        outputs=[Output(kind, strip) for kind in kinds],
        hire=cast("Hire", PromptWorker),  # it promises what a Worker does
    )


def frames_in(animation: bytes) -> list[bytes]:
    """Return the frames that an animation was made of; none if it is torn."""
    head, *frames, end = animation.split(b"|") if animation.count(b"|") > 1 else (b"", b"")
    return frames[1:] if (head, end) == (b"GIF89a", b";") else []


class Counter:
    """The buckets of all targets, and what was put into them."""

    def __init__(self, stored: Bucket = ()) -> None:
        self.stored = dict(stored)
        self.puts: list[str] = []
        self.changed: list[str] = []
        """Keys under which something else was put than before."""

    def put(
        self, queue: Queue, session: SessionId, before_a_page: Callable[[], None] = lambda: None
    ) -> tuple[str, str]:
        """Put what the queue has to send next; return its key, and the ETag.

        With the animation the visit's page is put, if there is to be one: *before_a_page* is called between the two.
        """
        due = queue.due(session)
        parcel = due.parcel
        stored = (parcel.content, tuple(sorted(parcel.metadata.items())))
        where = f"{queue.target}/{parcel.key}"
        if self.stored.setdefault(where, stored) != stored:
            self.changed.append(where)
        self.puts.append(where)
        if due.linked is not None and due.linked.page and queue.leads:
            before_a_page()
            self.stored[f"{queue.target}/{due.linked.page}"] = (leading_to(due.linked, queue.target), ())
        return parcel.key, hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()

    def frozen(self) -> Bucket:
        """Return what is in it."""
        return tuple(sorted(self.stored.items()))


def leading_to(entry: Entry, target: str) -> bytes:
    """Return a page: what it leads to, a line each. Its own links, which are signed anew each time, are no matter."""
    shown = (product for product in entry.products if product.file != DETAILS.file)
    return "\n".join(f"{target}/{product.key}" for product in shown).encode()


# ---- lives


@dataclass(frozen=True)
class Conditions:
    """What a visit lives under, before the cut and after it."""

    keep_days: float = KEEP_DAYS
    keep_details_days: float = KEEP_DAYS
    cramped: bool = False
    """There is no room for a longer name in a folder of visits."""
    full: bool = False
    """There is no room for a mark in a folder either, before something in it was deleted."""
    crowded: bool = False
    """With one confirmed visit on the disk there is no room for another."""
    refused: bool = False
    """The bucket will never take it."""
    wrong: bool = False
    """The clock is not set when the visit begins."""
    kinds: tuple[Kind, ...] = (GIF,)
    """What is made of the visit."""
    linked: bool = False
    """Its guest is shown a link: the details are an object of their own, and on no other."""
    paged: bool = False
    """That link leads to a page, which is put behind the animation, and is on no disk."""
    targets: tuple[str, ...] = (TARGET,)
    """Where each of that is put."""
    test: bool = False
    """It is an operator's trial."""
    begun: bool = False
    """Another booth made the folder of the outbox, and was killed before that was on the medium."""

    @property
    def products(self) -> tuple[Kind, ...]:
        """What each target is given."""
        return (*self.kinds, DETAILS) if self.linked else self.kinds

    def disk(
        self,
        medium: Medium,
        watch: Callable[[], None] = lambda: None,
        lie: "Lie" = lambda _: False,
        balk: Callable[[str, Path], bool] = lambda *_: False,
        skip: "Lie" = lambda _: False,
    ) -> ForgetfulDisk:
        """Return a disk under these conditions, with an I/O error whenever *balk* says so of an operation."""
        capacity = 1_000_100 if self.crowded else 10**12

        def refuse(disk: ForgetfulDisk, operation: str, path: Path) -> int | None:
            return EIO if balk(operation, path) else self.refuse(disk, operation, path)

        return ForgetfulDisk(medium, watch=watch, lie=lie, skip=skip, refuse=refuse, capacity=capacity)

    def spool(self, disk: ForgetfulDisk, wall: Callable[[], float], event: str, up: Uptime) -> Spool:
        """Start the outbox."""
        return Spool(
            OUTBOX,
            event=event,
            booth="b",
            key_template="{event}/{date}/{session}.gif",
            wall=wall,
            uptime=lambda: up,
            time_known=lambda: True,
            min_free_mb=1 if self.crowded else 0,
            keep_days=self.keep_days,
            keep_details_days=self.keep_details_days,
            kinds=self.kinds,
            linked=self.linked,
            paged=self.paged,
            targets=self.targets,
            disk=disk,
            mounts=NOWHERE,
        )

    def refuse(self, disk: ForgetfulDisk, operation: str, path: Path) -> int | None:
        """Return the number of the error that an operation meets; None if there is none."""
        if self.cramped and operation == "rename" and path.name.endswith(".gone"):
            return ENOSPC
        brimming = self.full and disk.is_file(path.parent / "animation.gif")
        return ENOSPC if brimming and operation == "write" and path.name == "condemned" else None


class Stage:
    """Where a life is lived: the disk, the outbox on it, the bucket, the clock, and what was said."""

    def __init__(
        self,
        conditions: Conditions,
        moment: Callable[["Stage"], None],
        lie: Lie = lambda _: False,
        skip: Lie = lambda _: False,
    ) -> None:
        """Nothing is on the disk yet. *moment* is called at every moment at which the power may go."""
        self.disk = conditions.disk((("data", ()),), lambda: moment(self), lie, self._balk, skip)
        self.broken = False
        """Whether the disk refuses, for now, to say that the folder of open visits is empty."""
        self.bucket = Counter()
        self.seconds = WRONG if conditions.wrong else NOON
        self.facts: Facts = ()
        self.chapter = "start"
        self.conditions = conditions
        self._moment = moment
        self._takes = count(1)
        self._spool: Spool | None = None
        self._scratch = Path()

    def live(self, chapters: Iterable[Callable[["Stage"], None]]) -> None:
        """Start the outbox, and go through *chapters*."""
        if self.conditions.begun:
            self.disk.mkdir(OUTBOX)
        self.start()
        with scratch() as self._scratch:
            for chapter in chapters:
                self.chapter = chapter.__name__
                chapter(self)

    def start(self) -> None:
        """Start the outbox, after stopping it if it runs."""
        if self._spool is not None:
            self._spool.close()
        self._spool = self.conditions.spool(self.disk, lambda: self.seconds, EVENT, UP)

    @property
    def spool(self) -> Spool:
        """The outbox, which has been started."""
        if self._spool is None:
            raise RuntimeError("a life begins with the start")
        return self._spool

    def say(self, session: SessionId, fact: str) -> None:
        """Have something be true from now on."""
        self.facts = (*self.facts, (session, fact))
        self._moment(self)

    @property
    def darkroom(self) -> Darkroom:
        """The darkroom of this life."""
        return darkroom(self.disk, self.spool, self._scratch, self.take, self.conditions.kinds[1:])

    def _balk(self, operation: str, path: Path) -> bool:
        return self.broken and operation == "sync_folder" and not self.disk.names(path)

    def take(self) -> str:
        """Return what tells one animation of this life from another."""
        return str(next(self._takes))


Chapter = Callable[[Stage], None]


def pose(stage: Stage, session: SessionId = FIRST) -> None:
    """Open the visit and take its frames; the camera writes to the same disk."""
    stage.spool.open(session, test=stage.conditions.test)
    stage.say(session, "opened")
    for shot in range(1, SHOTS + 1):
        stage.disk.write(stage.spool.shot(session, shot), photograph(session, shot))
        stage.spool.keep(session, shot)
        stage.say(session, f"kept {shot}")


def details(stage: Stage) -> None:
    """Note who it is."""
    stage.say(FIRST, "noting")
    stage.spool.note(FIRST, ZOE)
    stage.say(FIRST, "noted")


def skip(stage: Stage) -> None:
    """Note that the guest does not say."""
    stage.spool.note(FIRST, None)


def animation(stage: Stage, session: SessionId = FIRST) -> None:
    """Make the animation."""
    stage.darkroom.join(session, SHOTS)
    stage.say(session, "animated")


def hand_over(stage: Stage, session: SessionId = FIRST) -> None:
    """Commit it."""
    stage.darkroom.commit(session)
    stage.say(session, "committed")


def fail_twice(stage: Stage) -> None:
    """Try to send it, in vain, twice."""
    for attempt in (1, 2):
        stage.spool.queue().attempted(FIRST)
        stage.say(FIRST, f"attempted {attempt}")


def deliver(stage: Stage, session: SessionId = FIRST) -> None:
    """Send it."""
    for target in stage.conditions.targets:
        deliver_to(stage, target, session)
    stage.say(session, "sent")


def deliver_to(stage: Stage, target: str, session: SessionId) -> None:
    """Send one target what it lacks of it."""
    queue = stage.spool.queue(target)
    for _ in stage.conditions.products:  # not for ever: a disk that lies may not let it be filed
        if not queue.waits(session):
            break
        key, etag = stage.bucket.put(queue, session, partial(stage.say, session, "put, and no page yet"))
        stage.say(session, "delivered")
        queue.confirm(session, key, etag)
        if stage.disk.is_folder(OUTBOX / "pending" / session):
            stage.say(session, f"confirmed {target}/{key}")


def deliver_to_the_first(stage: Stage) -> None:
    """Send it to the first target alone."""
    deliver_to(stage, stage.conditions.targets[0], FIRST)


def deliver_a_part(stage: Stage) -> None:
    """Send the second target one product, before the first has had any."""
    queue = stage.spool.queue(stage.conditions.targets[1])
    key, etag = stage.bucket.put(queue, FIRST)
    stage.say(FIRST, "delivered")
    queue.confirm(FIRST, key, etag)
    stage.say(FIRST, f"confirmed {queue.target}/{key}")


def rot_all(stage: Stage) -> None:
    """Find what was made of it rotten, before the second target has had it, and have the visit opened again."""
    stage.say(FIRST, "rotting")
    for kind in stage.conditions.products:
        stage.disk.rot(OUTBOX / "pending" / FIRST / kind.file, b"rot")
    stage.spool.queue(stage.conditions.targets[1]).mend(FIRST, "rotten")
    stage.say(FIRST, "mended")


def next_guest(stage: Stage) -> None:
    """Take the next guest's frames."""
    pose(stage, SECOND)


def next_guest_goes(stage: Stage) -> None:
    """Live through the rest of the next guest's visit."""
    animation(stage, SECOND)
    hand_over(stage, SECOND)
    deliver(stage, SECOND)


def fail_to_connect(stage: Stage) -> None:
    """Try to send it where there is no network."""
    stage.spool.queue().due(FIRST)
    stage.say(FIRST, "not sent")


def set_clock(stage: Stage) -> None:
    """Learn the true time, from the network."""
    stage.say(FIRST, "setting the clock")
    stage.seconds = NOON


def give_up(stage: Stage) -> None:
    """Find that the bucket will never take it."""
    stage.spool.queue().refuse(FIRST, WHY)
    stage.say(FIRST, "failed")


def rot(stage: Stage) -> None:
    """Find the animation rotten, and have the visit opened again."""
    stage.say(FIRST, "rotting")
    stage.disk.rot(OUTBOX / "pending" / FIRST / "animation.gif", b"rot")
    stage.spool.queue().mend(FIRST, "rotten")
    stage.say(FIRST, "mended")


def condemn(stage: Stage) -> None:
    """Hear that the guest wants it deleted."""
    stage.say(FIRST, "condemning")
    stage.spool.condemn(FIRST)
    stage.say(FIRST, "condemned")


def discard(stage: Stage) -> None:
    """Delete it."""
    stage.say(FIRST, "condemning")
    stage.spool.discard(FIRST)
    stage.say(FIRST, "deleted")


def discard_in_two(stage: Stage) -> None:
    """Delete it, on a disk that does not want to say at first that it is deleted."""
    stage.say(FIRST, "condemning")
    stage.broken = True
    with suppress(OutboxError):
        stage.spool.discard(FIRST)
    stage.broken = False
    stage.spool.discard(FIRST)
    stage.say(FIRST, "deleted")


def restart(stage: Stage) -> None:
    """Stop, and start again, without a cut."""
    stage.start()
    stage.say(FIRST, "restarted")


def restart_and_delete(stage: Stage) -> None:
    """Stop, and start again: what is condemned goes then."""
    stage.start()
    stage.say(FIRST, "deleted")


def time_goes_by(stage: Stage) -> None:
    """Keep it for as long as it is to be kept."""
    stage.seconds += (KEEP_DAYS + 1) * DAY
    stage.say(FIRST, "purging")
    stage.spool.tidy()
    stage.say(FIRST, "purged")


def details_days_go_by(stage: Stage) -> None:
    """Keep who its guest is for as long as that is to be kept."""
    stage.seconds += (BRIEFLY + 1) * DAY
    stage.say(FIRST, "baring")
    stage.spool.tidy()
    stage.say(FIRST, "bared")


def make_room(stage: Stage) -> None:
    """See whether there is room, where there is none."""
    stage.say(FIRST, "purging")
    stage.spool.check()
    stage.say(FIRST, "purged")


@dataclass(frozen=True)
class Life:
    """What happens to a visit, from the first start of a booth on."""

    name: str
    chapters: tuple[Chapter, ...]
    conditions: Conditions = field(default=Conditions())


POSED = (pose, details, animation, hand_over)
DELETED = (pose, animation, condemn, discard)
TWO = Conditions(kinds=(GIF, STRIP), targets=(TARGET, "stick"))
CRAMPED = Conditions(cramped=True)
FULL = Conditions(cramped=True, full=True)
LINKED = Conditions(linked=True)
TWO_LINKED = replace(TWO, linked=True)
ALL = Conditions(kinds=(GIF, CLIP, STRIP), linked=True, paged=True)
BARED = (*POSED, fail_twice, deliver, details_days_go_by)
LIVES = (
    Life("sent, kept for its time, deleted", (*POSED, fail_twice, deliver, time_goes_by)),
    Life("sent, and nothing is kept", (*POSED, deliver), Conditions(keep_days=0.0)),
    Life("the form is skipped", (pose, skip, animation, hand_over, deliver)),
    Life("a restart in the middle", (pose, details, restart, animation, hand_over, deliver)),
    Life(
        "the clock is set before it is committed",
        (pose, details, set_clock, animation, hand_over, deliver),
        Conditions(wrong=True),
    ),
    Life("the clock is set before it is sent", (*POSED, set_clock, deliver), Conditions(wrong=True)),
    Life("the same, and it is not sent at once", (*POSED, set_clock, fail_to_connect, deliver), Conditions(wrong=True)),
    Life("the bucket will never take it", (*POSED, give_up), Conditions(refused=True)),
    Life("the card rots", (*POSED, rot, animation, hand_over, deliver)),
    Life("deleted by its guest", DELETED),
    Life("the same, at once", (pose, animation, discard)),
    Life("the same, an I/O error at the end", (pose, animation, discard_in_two)),
    Life("the same, at the next start", (pose, animation, condemn, restart_and_delete)),
    Life("the same, no room for a name", DELETED, CRAMPED),
    Life("the same, at once, no room for a name", (pose, animation, discard), CRAMPED),
    Life("the same, no room at all", DELETED, FULL),
    Life("kept, deleted, no room at all", (*POSED, deliver, time_goes_by), FULL),
    Life("deleted to make room for the next", (*POSED, deliver, make_room, next_guest), Conditions(crowded=True)),
    Life("the first booth was killed at once", (pose, skip, animation, hand_over, deliver), Conditions(begun=True)),
    Life("sent while the next guest poses", (*POSED, next_guest, deliver, next_guest_goes)),
    Life("two products for two targets", (*POSED, deliver_a_part, deliver, time_goes_by), TWO),
    Life("the same, nothing is kept", (*POSED, deliver), replace(TWO, keep_days=0.0)),
    Life("the same, the card rots", (*POSED, deliver_to_the_first, rot_all, animation, hand_over, deliver), TWO),
    Life("its guest is shown a link", (*POSED, deliver, time_goes_by), LINKED),
    Life("the same, and the form is skipped", (pose, skip, animation, hand_over, deliver), LINKED),
    Life("the same, the card rots before it is sent", (*POSED, rot, animation, hand_over, deliver), LINKED),
    Life("the same, two products for two targets", (*POSED, deliver_a_part, deliver, time_goes_by), TWO_LINKED),
    Life("three products, a page behind the first", (*POSED, fail_to_connect, deliver, time_goes_by), ALL),
    Life("its details go before its pictures", BARED, Conditions(keep_details_days=BRIEFLY)),
    Life("the same, of two products for two targets", BARED, replace(TWO_LINKED, keep_details_days=BRIEFLY)),
)


# ---- the next start


@dataclass(frozen=True)
class Ending:
    """What came of a disk when the booth had started on it, finished what was open, and sent what there was."""

    medium: Medium
    bucket: Bucket
    attempts: tuple[tuple[SessionId, int], ...]
    """How often each pending entry was known to have failed, when it started."""
    damaged: frozenset[SessionId]
    changed: tuple[str, ...]
    puts: tuple[str, ...]
    left: int
    """Visits that are neither sent nor set aside."""


def recover(conditions: Conditions, disk: ForgetfulDisk, bucket: Counter, up: Uptime = UP_AGAIN) -> Ending:
    """Do what the next start does, a day later and at another event."""
    damaged: set[SessionId] = set()
    with scratch() as folder, conditions.spool(disk, lambda: NOON + DAY, "Another event", up) as spool:
        attempts = tuple((session, spool.queue().attempts(session)) for session in spool.queue().pending())
        spool.tidy()
        for _ in range(3):  # what is found damaged is open again, and is finished and sent in the next turn
            idle = True
            for session in spool.unfinished():
                idle = False
                darkroom(disk, spool, folder, lambda: "again", conditions.kinds[1:]).salvage(session)
            for queue in map(spool.queue, conditions.targets):
                for session in queue.pending():
                    idle = False
                    _send_all(conditions, queue, session, bucket, damaged)
            if idle:  # another turn would find as little
                break
        counts = spool.counts()
    return Ending(
        disk.medium(),
        bucket.frozen(),
        attempts,
        frozenset(damaged),
        tuple(bucket.changed),
        tuple(bucket.puts),
        counts["open"] + counts["pending"],
    )


def _send_all(
    conditions: Conditions, queue: Queue, session: SessionId, bucket: Counter, damaged: set[SessionId]
) -> None:
    """Do what an uploader does with an entry."""
    for _ in range(2 * len(conditions.products)):  # what is damaged is mended once
        if not queue.waits(session):
            break
        try:
            queue.due(session)
        except DamagedError as exc:
            damaged.add(session)
            queue.mend(session, str(exc))
        else:
            if conditions.refused:
                queue.refuse(session, WHY)
            else:
                queue.confirm(session, *bucket.put(queue, session))


# ---- what must hold


def broken_promises(conditions: Conditions, said: Said, ending: Ending) -> Iterator[str]:
    """Say which promise is broken, after whatever cuts and recoveries."""
    if ending.left:
        yield "promise 1: a visit is left unfinished"
    if ending.changed:
        yield "promise 3: something else was put under a key that was taken"
    found = dict(files(ending.medium))
    pages = {key: content for key, (content, _) in ending.bucket if key.endswith(PAGE.ending)}
    ending = replace(ending, bucket=tuple((key, kept) for key, kept in ending.bucket if key not in pages))
    met = {*said, *ending.damaged}
    there = "\n".join((*found, *(key for key, _ in ending.bucket), *pages))
    for session in (FIRST, SECOND):
        if session not in met and session not in there:
            continue  # it never was
        facts = said.get(session, ())
        own = {path: content for path, content in found.items() if session in path}
        stored = [kept for key, kept in ending.bucket if session in key]
        yield from _at_odds(session, facts, ending)
        yield from _lost(conditions, session, facts, stored, own)
        yield from _not_once(conditions, session, facts, ending)
        yield from _ill_paged(conditions, session, pages, ending)
        for content, metadata in (kept for key, kept in ending.bucket if session in key and _is_made(key)):
            yield from _differing(session, facts, content)
            told = (NAMELESS, YES) if conditions.linked else (NAMELESS, NAMED)
            yield from _torn(facts, _decoded(metadata), *told)
        for content, metadata in (kept for key, kept in ending.bucket if session in key and not _is_made(key)):
            yield from _torn(facts, _decoded(metadata), NAMELESS, NAMED)
            yield from _torn(facts, json.loads(content), NAMELESS, NAMED)
        for _, metadata in stored:
            yield from _misdated(conditions, facts, _decoded(metadata))
            if _decoded(metadata).get("test") != ("yes" if conditions.test else None):
                yield "promise 2: a trial is sent as a guest's visit, or a guest's visit as a trial"
        for kind in conditions.products if stored else ():
            last = [kept[0] for key, kept in ending.bucket if session in key and _is_of(key, kind, conditions)][-1:]
            yield from _not_kept(conditions, session, facts, kind.file, last, own)
        if stored:
            yield from _untidy(conditions, session, own)
            yield from _named(conditions, session, facts, own)


@cache
def _decoded(metadata: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return what an object says of its visit: thousands of disks lead to the same few."""
    return decode(dict(metadata))


@cache
def _dated(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _is_of(key: str, kind: Kind, conditions: Conditions) -> bool:
    """Return whether an object is of a *kind*; *key* is with its target."""
    of = [other for other in conditions.products if other.ending and key.endswith(other.ending)]
    return kind == (of[0] if of else GIF)


def _is_made(key: str) -> bool:
    """Return whether an object is one that was made of the frames."""
    return not key.endswith(DETAILS.ending)


def _not_once(conditions: Conditions, session: SessionId, facts: Sequence[str], ending: Ending) -> Iterator[str]:
    """Say what is not exactly once at each target; that something of it is nowhere is `_lost`'s to say."""
    keys = [key for key, _ in ending.bucket if session in key]
    for target in conditions.targets if keys else ():
        for kind in conditions.products:
            there = sum(key.startswith(f"{target}/") and _is_of(key, kind, conditions) for key in keys)
            if there > 1:
                yield "promise 3: one product is two objects"
            # A cut may take frames that no guest was told of, and leave the animation: it is then alone.
            told = kind == GIF or (_kept(facts) if kind != DETAILS else "noted" in facts)
            if not there and "condemning" not in facts and told:
                yield "promise 3: a product is missing at a target"
    if any(f"confirmed {put}" in facts for put in ending.puts):
        yield "promise 3: what was confirmed is sent again"


def _ill_paged(conditions: Conditions, session: SessionId, pages: Mapping[str, bytes], ending: Ending) -> Iterator[str]:
    """Say what is wrong with a visit's page: whoever is in the bucket has one, and it leads to all that was made."""
    made = {key for key, _ in ending.bucket if session in key and key.startswith(f"{TARGET}/") and _is_made(key)}
    own = [{*content.decode().splitlines()} for key, content in pages.items() if session in key]
    if [made] * (conditions.paged and bool(made)) != own:
        yield "promise 3: a page is missing, or does not lead to what was made"


def _at_odds(session: SessionId, facts: Sequence[str], ending: Ending) -> Iterator[str]:
    if session in ending.damaged and "rotting" not in facts:
        yield "promise 2: a cut damages what was committed"
    if session in ending.damaged and "mended" in facts:
        yield "promise 2: a cut damages what was mended"
    if "sent" in facts and any(session in key for key in ending.puts):
        yield "promise 3: what was confirmed is sent again"


def _lost(
    conditions: Conditions, session: SessionId, facts: Sequence[str], stored: Sequence[Stored], own: Mapping[str, bytes]
) -> Iterator[str]:
    kept = _kept(facts)
    if {"condemned", "deleted"} & {*facts} and (stored or own):
        yield "promise 4: a visit that was deleted by its guest is still there"
    elif "condemning" in facts and not stored and own:
        yield "promise 4: a visit that was to be deleted is still there in part"
    elif kept and conditions.refused:
        where = f"{OUTBOX}/failed/{session}"
        frames = [own.get(f"{where}/frame-{shot}.jpg") for shot in range(1, kept + 1)]
        there = (frames, frames_in(own.get(f"{where}/animation.gif", b""))[:kept])
        if any(seen != [photograph(session, shot) for shot in range(1, kept + 1)] for seen in there):
            yield "promise 4: what the bucket refused is not all there"
    elif kept and not stored and "condemning" not in facts:
        yield "promise 1: a visit that the guest saw taken is lost"


def _differing(session: SessionId, facts: Sequence[str], content: bytes) -> Iterator[str]:
    frames = frames_in(content)
    if len(frames) < max(_kept(facts), 1) or frames != [photograph(session, shot + 1) for shot in range(len(frames))]:
        yield "promise 1: a frame that the guest saw taken is missing or torn"


def _torn(
    facts: Sequence[str], said: Mapping[str, str], nameless: Mapping[str, str], named: Mapping[str, str]
) -> Iterator[str]:
    """Say how *said* differs from what it would be of a guest who gave no details, or of one who gave them."""
    given = {name: text for name, text in said.items() if name in NAMED}
    if given not in (named, nameless):
        yield "promise 2: the guest's details are torn"
    if given != named and "noted" in facts:
        yield "promise 2: the guest's details are lost"
    if given != nameless and "noting" not in facts:
        yield "promise 1: there are details that nobody gave"


def _misdated(conditions: Conditions, facts: Sequence[str], metadata: Mapping[str, str]) -> Iterator[str]:
    true, wrong = _dated(NOON), _dated(WRONG)
    facts = facts[facts.index("setting the clock") :] if "setting the clock" in facts else ()
    # After a cut nobody knows how long ago a visit was; the true time must have got on the medium before.
    uncertain = conditions.wrong and not {"committed", "delivered"} & {*facts}
    allowed = {wrong, true} if uncertain else {true}
    if metadata["event"] != EVENT or metadata["taken"] not in allowed:
        yield "promise 3: the event or the time is not that of the visit"


def _not_kept(
    conditions: Conditions,
    session: SessionId,
    facts: Sequence[str],
    file: str,
    content: Sequence[bytes],
    own: Mapping[str, bytes],
) -> Iterator[str]:
    gone = "purging" in facts or conditions.crowded
    gone = gone or (file == DETAILS.file and ("baring" in facts or not conditions.keep_details_days))
    there = own.get(f"{OUTBOX}/sent/{session}/{file}")
    # An animation that a cut has left alone has nothing beside it, neither here nor at a target.
    wanted = content[0] if content else None
    if conditions.keep_days and not gone and there != wanted:
        yield "promise 4: what was confirmed is not kept for its time"


def _untidy(conditions: Conditions, session: SessionId, own: Mapping[str, bytes]) -> Iterator[str]:
    where = f"{OUTBOX}/sent/{session}"
    if not conditions.keep_days and own:
        yield "promise 4: what was not to be kept is"
    if any(path.startswith(f"{where}/frame-") or path.endswith(".part") for path in own):
        yield "promise 4: the frames of what was confirmed are still there"


def _named(conditions: Conditions, session: SessionId, facts: Sequence[str], own: Mapping[str, bytes]) -> Iterator[str]:
    """Say what there is of who the guest is, when that was to go; or what went with it that was to stay."""
    where = f"{OUTBOX}/sent/{session}"
    if f"{where}/{ENTRY}" not in own:
        return
    try:
        entry = Entry.read(own[f"{where}/{ENTRY}"])
    except ValueError:
        yield "promise 4: what was confirmed is no entry any more"
        return
    over = "bared" in facts or not conditions.keep_details_days
    if (over or entry.bare) and ("noted" in facts) and (not entry.bare or _tells(own.values())):
        yield "promise 4: who the guest is is still there"
    if not entry.bare and "noted" in facts and f"{where}/guest.json" not in own and "purging" not in facts:
        yield "promise 4: who the guest is is gone in part"
    if entry.bare and not over and "baring" not in facts:
        yield "promise 4: who the guest is went too early"
    if entry.bare and decode(entry.metadata).get("consent") != "yes":
        yield "promise 4: what the guest agreed to is forgotten"


def _tells(contents: Iterable[bytes]) -> bool:
    return any(ZOE.email.encode() in content for content in contents)


def broken_words(conditions: Conditions, said: Said, medium: Medium, ending: Ending) -> Iterator[str]:
    """Say what is not on the medium right after the first cut, although a docstring promises that it is."""
    attempts = dict(ending.attempts)
    for session, facts in said.items():
        found = {path: content for path, content in everything(medium) if session in path}
        names = {Path(path).name: content or b"" for path, content in found.items()}
        places = {path.removeprefix(f"{OUTBOX}/").partition("/")[0] for path in found}
        leaving = {"condemning", "purging"} if conditions.keep_days else {"delivered"}
        if {"deleted", "purged"} & {*facts} and found:
            yield "deleted, and on the medium still"
        bared = "bared" in facts or ("sent" in facts and not conditions.keep_details_days)
        if bared and _tells(content for content in found.values() if content):
            yield "bare, and who the guest is is on the medium still"
        if not conditions.keep_days and "sent" in facts and found:
            yield "confirmed, not to be kept, and on the medium still"
        if leaving & {*facts}:
            continue
        if "opened" in facts and not names.get("visit.json"):
            yield "open: what is known of the visit is not on the medium"
        if "animated" in facts and "rotting" not in facts and not names.get("animation.gif"):
            yield "the compositor: the animation is not on the medium"
        beside = [kind.file for kind in conditions.kinds if kind.file != "animation.gif"]
        if "animated" in facts and "rotting" not in facts and not all(names.get(file) for file in beside):
            yield "add: what was made beside the animation is not on the medium"
        if not places <= _may_be_in(facts):
            yield "commit, mend, sent, failed: it is not where it was moved"
        if any(f"attempted {tries}" in facts and attempts.get(session, tries) < tries for tries in (1, 2)):
            yield "attempted: an attempt is forgotten"
        baring = "baring" in facts or ("sent" in places and not conditions.keep_details_days)
        for target in conditions.targets if not baring else ():
            if any(fact.startswith(f"confirmed {target}/") for fact in facts) and not names.get(
                f"confirmed-{target}.json"
            ):
                yield "confirm: what a target has confirmed is not on the medium"
        if "failed" in facts and WHY.encode() not in names.get("failure.json", b""):
            yield "failed: the reason is not on the medium"
        if "sent" in facts and str(int(NOON)).encode() not in names.get("confirmed.json", b""):
            yield "sent: when it was confirmed is not on the medium"


def _may_be_in(facts: Sequence[str]) -> set[str]:
    """Return the places where a visit may be of which *facts* were said last; whoever moves it says so afterwards."""
    after = {"committed": {"pending", "sent", "failed"}, "mended": {"open", "pending"}, "sent": {"sent"}}
    for fact in reversed(facts):
        if fact in after:
            return after[fact]
        if fact in {"failed", "rotting"}:
            return {"failed"} if fact == "failed" else {"pending", "open"}
    return {"open", "pending"}


def _kept(facts: Sequence[str]) -> int:
    return sum(fact.startswith("kept ") for fact in facts)


def files(medium: Medium) -> Iterator[tuple[str, bytes]]:
    """Return all files, and what is in them."""
    return ((path, held) for path, held in everything(medium) if held is not None)


def everything(medium: Medium, under: str = "") -> Iterator[tuple[str, bytes | None]]:
    """Return all paths, and what is in them; None for a folder."""
    for name, held in medium:
        if isinstance(held, bytes):
            yield f"{under}/{name}", held
        elif isinstance(held, str):
            yield f"{under}/{name}", held.encode()
        else:
            yield f"{under}/{name}", None
            yield from everything(held, f"{under}/{name}")


# ---- the proof


@dataclass
class Figures:
    """What was done, and what came of it."""

    cuts: int = 0
    """Moments of the life at which the power was cut."""
    kills: int = 0
    """Moments of the life at which the booth was killed, and the next one's life cut at every moment of its start."""
    sampled: int = 0
    """Of all moments, those after which more might be left than was looked at."""
    disks: int = 0
    """Disks that a cut has left, no two of one life alike."""
    recoveries: int = 0
    """Starts on such a disk; with another bucket it is another start. The second starts, which change nothing, are not
    counted."""
    verdicts: int = 0
    """Times that what came of it was held against what had been said by then."""
    broken: dict[str, str] = field(default_factory=dict)
    """What did not hold, each with the first moment at which that was so."""

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.cuts + other.cuts,
            self.kills + other.kills,
            self.sampled + other.sampled,
            self.disks + other.disks,
            self.recoveries + other.recoveries,
            self.verdicts + other.verdicts,
            self.broken | other.broken,
        )


State = tuple[Medium, Bucket]


class Found(BaseException):
    """Something does not hold, and one such thing is enough. No error that the booth could catch."""


class Refused(BaseException):
    """The outbox did not start, or did not go on. No error that a booth could catch whose power is cut meanwhile."""


@dataclass(frozen=True)
class Outcome:
    """What comes of a state of disk and bucket."""

    ending: Ending
    unsettled: tuple[str, ...]
    """What one more start would change, or leave for ever."""
    passed: tuple[int, ...] = ()
    """The moments at which the power might have gone again meanwhile."""
    refusal: str = ""
    """Why the outbox refused; there is no ending then."""


class Knowledge:
    """What cuts leave and what comes of it, under one set of conditions.

    A start depends on nothing but conditions, disk and bucket, and what it is worth on what was said, too: whatever
    life has led there. So lives under the same conditions share what is known. States and moments are told apart by
    their numbers, which is quicker.
    """

    def __init__(self, conditions: Conditions, *, again: bool = False, without: "Sync | None" = None) -> None:
        """*again*: cut every recovery everywhere, too. *without*: left out."""
        self.states: list[State] = []
        """Every state that was met."""
        self.left: list[tuple[tuple[int, ...], bool]] = []
        """Which states a cut may leave at each moment that was met, and whether that is all. Many lives that end sooner
        or later lead to the same, and to go through thousands of sets of lost changes takes the time."""
        self._conditions = conditions
        self._again = again
        self._lie: Lie = without.lies if without is not None else lambda _: False
        self._skip: Lie = without.skips if without is not None else lambda _: False
        self._numbers: dict[State, int] = {}
        self._moments: dict[tuple[DiskState, Bucket], int] = {}
        self._recovered: dict[int, Outcome] = {}
        self._restarted: dict[int, Outcome] = {}
        self._endings: dict[Ending, tuple[Ending, tuple[str, ...]]] = {}
        """Every ending, and what is not settled then: thousands of states come to one of a few."""
        self._verdicts: dict[tuple[Ending, Facts], tuple[str, ...]] = {}

    def live(self, life: "Life", moment: Callable[[Stage], None]) -> None:
        """Live a life under these conditions, with *moment* called whenever the power may go."""
        Stage(self._conditions, moment, self._lie, self._skip).live(life.chapters)

    def moment(self, disk: ForgetfulDisk, bucket: Counter) -> int:
        """Return the number of a moment at which the power may go."""
        stored = bucket.frozen()
        number = self._moments.setdefault((disk.state(), stored), len(self.left))
        if number == len(self.left):
            survivors = disk.survivors()
            self.left.append((tuple(self._number((medium, stored)) for medium in survivors.media), survivors.whole))
        return number

    def recovered(self, number: int) -> Outcome:
        """Return what comes of a state that a cut has left; *again*, with the moments of that."""
        if number not in self._recovered:
            medium, stored = self.states[number]
            disk = self._conditions.disk(medium, lie=self._lie, skip=self._skip)
            follow = (lambda _: None) if self._again else None
            self._recovered[number] = self._outcome(disk, Counter(stored), UP_AGAIN, follow)
        return self._recovered[number]

    def restarted(self, moment: int, stage: Stage, follow: Callable[[int], None]) -> Outcome:
        """Return what comes of it when the booth on *stage* is killed at a *moment*, and the next one finds the disk.

        *follow* is called with each moment of that one's start and recovery; it may end that by what it raises.
        """
        if moment in self._restarted:
            for passed in self._restarted[moment].passed:
                follow(passed)
        else:
            disk = stage.disk.handed_on(self._conditions.refuse)
            self._restarted[moment] = self._outcome(disk, Counter(stage.bucket.frozen()), STILL_UP, follow)
        return self._restarted[moment]

    def broken(self, facts: Facts, ending: Ending) -> tuple[str, ...]:
        """Return which promises an *ending* breaks after *facts*."""
        verdict = self._verdicts.get((ending, facts))
        if verdict is None:
            verdict = self._verdicts[ending, facts] = tuple(broken_promises(self._conditions, _said(facts), ending))
        return verdict

    def _outcome(
        self, disk: ForgetfulDisk, bucket: Counter, up: Uptime, follow: Callable[[int], None] | None
    ) -> Outcome:
        passed: dict[int, None] = {}

        def cut(follow: Callable[[int], None]) -> None:
            moment = self.moment(disk, bucket)
            passed[moment] = None
            follow(moment)

        if follow is not None:
            disk.hand_on(partial(cut, follow))
        try:
            ending = recover(self._conditions, disk, bucket, up)
            if ending not in self._endings:
                self._endings[ending] = ending, tuple(self._unsettled(ending))
        except OutboxError as exc:
            return Outcome(NO_ENDING, (), tuple(passed), str(exc))
        return Outcome(*self._endings[ending], tuple(passed))

    def _unsettled(self, ending: Ending) -> Iterator[str]:
        """Say what a second start changes, and what outlives its time."""
        twice = recover(self._conditions, self._conditions.disk(ending.medium), Counter(ending.bucket))
        if (twice.medium, twice.bucket, twice.puts) != (ending.medium, ending.bucket, ()):
            yield "a second recovery changes something"
        disk = self._conditions.disk(ending.medium)
        with self._conditions.spool(disk, lambda: NOON + 1000 * DAY, EVENT, UP_AGAIN) as spool:
            spool.tidy()
        if any("/sent/" in path for path, _ in everything(disk.medium())):
            yield "promise 4: what was confirmed outlives its time"

    def _number(self, state: State) -> int:
        number = self._numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number


NO_ENDING = Ending((), (), (), frozenset(), (), (), 0)


known = cache(Knowledge)
"""What is known of conditions as long as this process lives."""


class Proof:
    """One life, cut everywhere."""

    def __init__(self, life: Life, knowledge: Knowledge | None = None, *, missing: bool = False) -> None:
        """*knowledge* is of the life's conditions. If something is *missing*, one broken promise is enough."""
        self.figures = Figures()
        self._missing = missing
        self._life = life
        self._knows = known(life.conditions) if knowledge is None else knowledge
        self._where = ""
        self._recovered: set[int] = set()
        """Every state that this life has led to."""
        self._judged: set[tuple[int, Facts]] = set()
        self._followed: set[tuple[int, Facts]] = set()
        """The moments, and what had been said, that were judged already with all that comes of it."""

    def cut(self) -> "Proof":
        """Live it, and cut the power after every operation, and everything that is said."""
        with self._findings():
            self._knows.live(self._life, self._cut)
        return self

    def kill(self) -> "Proof":
        """Live it, and kill the booth at each moment; the next one finds the disk as it was.

        And while that one starts and recovers, cut the power after every operation.
        """
        with self._findings():
            self._knows.live(self._life, self._kill)
        return self

    def _cut(self, stage: Stage) -> None:
        """Cut the power now, see what comes of all that may be left, and go on."""
        self.figures.cuts += 1
        self._where = stage.chapter
        moment = self._knows.moment(stage.disk, stage.bucket)
        self._follow_all(moment, stage.facts)
        for number in self._knows.left[moment][0]:
            medium, _ = self._knows.states[number]
            ending = self._knows.recovered(number).ending
            words = broken_words(self._life.conditions, _said(stage.facts), medium, ending)
            self._hold(stage.facts, words, enough=False)

    def _kill(self, stage: Stage) -> None:
        """Kill the booth now, see what comes of the next one's start and of each cut of that, and go on."""
        self.figures.kills += 1
        self._where = f"killed while in {stage.chapter}"
        moment = self._knows.moment(stage.disk, stage.bucket)
        outcome = self._knows.restarted(moment, stage, partial(self._follow_all, facts=stage.facts))
        self._hold_outcome(stage.facts, outcome)

    def _follow_all(self, moment: int, facts: Facts) -> None:
        """Judge what comes of all that a cut may leave at a moment."""
        moments = [moment]
        while moments:
            moment = moments.pop()
            left, whole = self._knows.left[moment]
            self.figures.sampled += not whole
            if (moment, facts) in self._followed:
                continue
            self._followed.add((moment, facts))
            for number in left:
                if (number, facts) not in self._judged:
                    self._judged.add((number, facts))
                    self._recovered.add(number)
                    outcome = self._knows.recovered(number)
                    self._hold_outcome(facts, outcome)
                    moments += outcome.passed

    def _hold_outcome(self, facts: Facts, outcome: Outcome) -> None:
        if outcome.refusal:
            raise Refused(outcome.refusal)
        self._hold((), outcome.unsettled)
        self._hold(facts, self._knows.broken(facts, outcome.ending))

    def _hold(self, facts: Facts, broken: Iterable[str], *, enough: bool = True) -> None:
        for what in broken:
            last = f', after "{facts[-1][1]}"' if facts else ""
            self.figures.broken.setdefault(what, f"{self._life.name}: {self._where}{last}")
            if self._missing and enough:
                raise Found

    @contextmanager
    def _findings(self) -> Iterator[None]:
        with quiet(), seldom_swept():
            try:
                yield
            except Found:
                pass
            except (OutboxError, Refused) as exc:
                self.figures.broken.setdefault("the outbox refuses", f"{self._life.name}: {self._where}: {exc}")
        self.figures.disks = len({self._knows.states[number][0] for number in self._recovered})
        self.figures.recoveries = len(self._recovered)
        self.figures.verdicts = len(self._judged)


def _said(facts: Facts) -> Said:
    said: dict[SessionId, list[str]] = {}
    for session, fact in facts:
        said.setdefault(session, []).append(fact)
    return said


@contextmanager
def quiet() -> Iterator[None]:
    """Have nothing logged."""

    def drop(*_: object) -> Mapping[str, object]:
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[drop])
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Have the collector of garbage look seldom: a proof keeps what it makes, and to look through it takes long."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


# ---- the other way round


@dataclass(frozen=True)
class Sync:
    """A place in the code at which something is synced, or renamed."""

    by: str
    """The functions that lead there."""
    what: str
    """What is synced, or the new name."""
    at: str = ""
    """The file and the line of the booth that asks for it: one function may do so twice."""
    rename: bool = False

    def lies(self, path: Path) -> bool:
        """Return whether this is the sync of *path* that goes on now. Who asks is looked for last: that takes time."""
        return not self.rename and self.what == named(path) and self == here(path)

    def skips(self, path: Path) -> bool:
        """Return whether this is the rename to *path* that goes on now."""
        return self.rename and self.what == named(path) and self == here(path, rename=True)

    def missed(self, lives: Sequence[Life]) -> str | None:
        """Return what does not hold without it; None if all does. *lives* are those that come by there undisturbed."""

        @cache
        def known_without(conditions: Conditions) -> Knowledge:
            return Knowledge(conditions, without=self)

        def proof(life: Life) -> Proof:
            return Proof(life, known_without(life.conditions), missing=True)

        for life in LIVES:
            if life.name == KNOWN.get((self.by, self.what)):
                for what in reversed(proof(life).kill().figures.broken):
                    return what
        others = [life for life in LIVES if life not in lives]
        for some in (sorted(lives, key=lambda life: len(life.chapters)), others):
            brief = [life for life in some if len(life.chapters) <= BRIEF]
            long = [life for life in some if life not in brief]
            for proves, where in (((Proof.cut, Proof.kill), brief), ((Proof.cut,), long), ((Proof.kill,), long)):
                for life, prove in itertools.product(where, proves):
                    for what in reversed(prove(proof(life)).figures.broken):
                        return what  # it ends with a promise; a word that is not kept is told only if there is none
        return None

    def row(self, missed: str) -> str:
        """Return the line of docs/reliability.md that says so."""
        return f"| {self.by} | `{self.what}` | {missed} |"


def here(path: Path, *, rename: bool = False) -> Sync:
    """Return the sync of *path* that goes on now, or the *rename* to it."""
    return Sync(caller(), named(path), site(), rename)


@cache
def named(path: Path) -> str:
    """Return what a sync or a rename is of, the same for each visit and each frame."""
    what = str(path.relative_to("/data")).replace(FIRST, "ID").replace(SECOND, "ID")
    for shot in range(1, SHOTS + 1):
        what = what.replace(f"frame-{shot}", "frame-N")
    return what


def syncs() -> dict[Sync, list[Life]]:
    """Return all syncs and renames of all lives, and which of these come by there."""
    found: dict[Sync, list[Life]] = {}
    for life in LIVES:

        def note(path: Path, life: Life = life, *, rename: bool = False) -> bool:
            lives = found.setdefault(here(path, rename=rename), [])
            if life not in lives:
                lives.append(life)
            return False

        with quiet():
            Stage(life.conditions, lambda _: None, note, partial(note, rename=True)).live(life.chapters)
    return found


def site() -> str:
    """Return the file and the line of the booth from which the disk is asked for what goes on now."""
    frame = sys._getframe()  # noqa: SLF001 the only way to look at one's callers
    while (back := frame.f_back) is not None:
        frame = back
        where = frame.f_code.co_filename
        if where.startswith(HOUSE) and where != disks.__file__:
            return f"{where.removeprefix(HOUSE)}:{frame.f_lineno}"
    return ""


def caller() -> str:
    """Return which functions of the outbox lead here; or that it is the compositor."""
    frame = sys._getframe()  # noqa: SLF001 the only way to look at one's callers
    names: list[str] = []
    # Not beyond its start: whom a cut came upon meanwhile does not lead to what the next booth does.
    while (back := frame.f_back) is not None and back.f_code is not recover.__code__:
        frame = back
        if frame.f_code.co_filename.startswith(ROOMS):
            names.insert(0, frame.f_code.co_name.replace("__init__", "start").lstrip("_"))
        elif frame.f_code.co_filename == graphicsmagick.__file__:
            return "the compositor"
    return " > ".join(dict.fromkeys(names))


ASKED = {
    ("check", "outbox/.probe"): "nothing: it is asked whether the medium takes it",
}
"""Syncs that nothing depends on, and what they are for instead."""


KNOWN = {
    ("start > make_folders", "outbox/sent"): "sent, and nothing is kept",
    ("due > dated", "outbox/pending/ID"): "the same, and it is not sent at once",
}
"""Syncs that only a booth that is killed misses, late in its life, and in which life: it is tried first. Without these
rows all is found as well; it takes up to ten times as long."""


# ---- the command


def report(*, again: bool) -> bool:
    """Print what was done and found; return whether all is well."""
    total = Figures()
    print(f"{'life':36}{'cuts':>7}{'kills':>7}{'disks':>8}{'recoveries':>12}{'verdicts':>10}{'seconds':>9}")
    began = time.monotonic()
    for life in LIVES:
        start = time.monotonic()
        figures = Proof(life, known(life.conditions, again=again)).cut().kill().figures
        print(_row(life.name, figures, time.monotonic() - start), flush=True)
        total += figures
    print(_row("all", total, time.monotonic() - began))
    print()
    pointless = _report_syncs()
    print()
    for what, when in total.broken.items():
        print(f"broken: {what} ({when})")
    if total.sampled:
        print(f"{total.sampled} moments might have left more disks than were looked at")
    well = not (total.broken or pointless)
    print(summary(total, again=again) if well else "cuts: not every promise holds, or a sync is not needed; see above")
    return well


def summary(figures: Figures, *, again: bool) -> str:
    """Return the figures in one line."""
    depth = "cut after cut after cut" if again else "one cut each"
    return (
        f"cuts: {figures.cuts} moments of {len(LIVES)} lives cut and {figures.kills} killed, {depth}: "
        f"{figures.disks} disks, {figures.recoveries} recoveries, {figures.verdicts} verdicts, "
        f"{len(figures.broken)} promises broken"
    )


def _row(name: str, figures: Figures, seconds: float) -> str:
    counted = f"{figures.cuts:7}{figures.kills:7}{figures.disks:8}{figures.recoveries:12}{figures.verdicts:10}"
    return f"{name:36}{counted}{seconds:9.1f}"


def _report_syncs() -> bool:
    """Leave each sync out in turn; return whether one of them is not missed."""
    pointless = False
    print("| done by | what is synced | without it |\n|---|---|---|")
    for sync, lives in syncs().items():
        missed = ASKED.get((sync.by, sync.what)) or sync.missed(lives)
        pointless = pointless or missed is None
        print(sync.row(missed or "NOTHING IS AMISS"), flush=True)
    return pointless


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the proof."""
    parser = argparse.ArgumentParser(
        prog="scripts/cuts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="cut recoveries, too, and theirs, till nothing new comes up")
    again = parser.parse_args(arguments).all
    from lab.disk import writers  # which is made with what is here

    rest = writers.report()
    return 0 if report(again=again) and rest else 1


if __name__ == "__main__":
    sys.exit(main())
