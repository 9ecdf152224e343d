"""The whole booth on simulators and a hand-moved clock: a party in seconds. Not a test; tests of parties share it."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from booth.core.events import (
    CommitFailed,
    Event,
    FieldChosen,
    Part,
    Pressed,
    SendChosen,
    Typed,
    VisitRefused,
)
from booth.core.form import Field
from booth.core.rules import Rules
from booth.core.states import Attract, Booth, FillingIn
from booth.daemon import Daemon, Inbox
from booth.disk import Disk
from booth.errors import BucketError, OutboxError
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.playback import read
from booth.imaging.recipe import Recipe
from booth.outbox import metadata
from booth.outbox.ids import SessionIds
from booth.outbox.spool import Spool
from booth.outbox.uploader import Uploader
from booth.ports import Camera, Compositor, Screen, Size
from booth.sim.camera import CameraFaults, SimCamera
from booth.units import Seconds
from booth.workers import Contact, Crew, Lookout
from booth.workers.lookout import CHECKED
from booth.workers.worker import Hire
from lab.clock import HandClock
from lab.workers import PromptWorker


class RecordedScreen:
    """Remembers what was shown; what a guest does is put into `doing` by the test."""

    def __init__(self):
        self.doing: list[Event] = []
        self.shown = []
        self.closed = False

    def events(self, now):
        done, self.doing = self.doing, []
        return done

    def still(self, now):
        return False

    def still_until(self, now):
        return now

    def show(self, scene, now):
        changed = not self.shown or self.shown[-1] != scene
        if changed:
            self.shown.append(scene)
        return changed

    def close(self):
        pass


class RecordedLed:
    def __init__(self):
        self.history: list[bool] = []

    def set(self, *, on):
        self.history.append(on)

    def close(self):
        pass


class RecordedBucket:
    """Keeps what it is given; `trouble` is raised instead while it is set."""

    def __init__(self):
        self.objects = {}
        self.trouble: BucketError | None = None
        self.asked = threading.Semaphore(0)

    def put(self, parcel):
        try:
            if self.trouble is not None:
                raise self.trouble
            body = parcel.path.read_bytes()
            assert parcel.key not in self.objects, "an object was put twice"
            self.objects[parcel.key] = (body, dict(parcel.metadata))
            return hashlib.md5(body, usedforsecurity=False).hexdigest()
        finally:
            self.asked.release()

    def close(self):
        pass


class RecordedNotifier:
    def __init__(self):
        self.said: list[str] = []

    def ready(self):
        self.said.append("READY")

    def watchdog(self):
        self.said.append("WATCHDOG")

    def status(self, text):
        self.said.append(text)

    def stopping(self):
        self.said.append("STOPPING")


class Party:
    """A booth without threads but for the uploader's, and a clock that moves when told.

    A test may bring a *clock*, a *disk*, a *gm*, a *camera* (what opens one) or a *compositor* of its own. With
    *checked*, gm and the disk are really looked at, as in the composition root; what is in `missing` is missing anyway.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rules: Rules | None = None,
        uploads: bool = True,
        clock: HandClock | None = None,
        disk: Disk | None = None,
        gm: str = "gm",
        gm_deadline: Seconds = Seconds(60.0),
        camera: Callable[[], Camera] | None = None,
        compositor: Compositor | None = None,
        checked: bool = False,
        hire: Hire | None = None,
        clock_wrong: Callable[[], bool] = lambda: False,
        screen: Callable[["Party"], Screen] | None = None,
        keep_days: float = 30,
    ):
        self.rules = rules or Rules()
        self.clock = clock or HandClock()
        self.inbox = Inbox()
        self.faults = CameraFaults()
        self.led = RecordedLed()
        self.bucket = RecordedBucket()
        self.notify = RecordedNotifier()
        self.missing: set[Part] = set()
        self.workers: list[PromptWorker] = []
        self.seen: list[tuple[Booth, Event, Booth]] = []
        self.spool = Spool(
            folder / "outbox", event="Party", booth="test", key_template="{event}/{date}/{session}.gif",
            wall=self.clock.wall, uptime=self.clock.uptime, time_known=lambda: True, min_free_mb=0,
            keep_days=keep_days, disk=disk,
        )  # fmt: skip
        self.ids = SessionIds(self.clock.wall, after=self.spool.newest())
        self.compositor = compositor or GraphicsMagick(
            Recipe(Size(160, 120), Seconds(0.5), 0), folder / "scratch", gm=gm, deadline=gm_deadline, read_back=read
        )
        self.contact = Contact()
        self.uploader = Uploader(
            self.spool, lambda: self.bucket, post=self.inbox.put, now=self.clock.now, clock_wrong=clock_wrong
        )
        self.screen = screen(self) if screen is not None else RecordedScreen()
        self._checks: dict[Part, Lookout] = {}
        if checked:
            self._checks[Part.DISK] = Lookout((self.spool.check,), self.clock, CHECKED)
            self._checks[Part.GM] = Lookout((self.compositor.check,), self.clock, CHECKED)
        self.crew = Crew(
            open_camera=camera
            or (
                lambda: SimCamera(
                    size=Size(320, 240), preview_size=Size(160, 120), exposure=Seconds(0), faults=self.faults
                )
            ),
            compositor=self.compositor,
            outbox=self.spool,
            contact=self.contact,
            checks={part: lambda part=part: self._check(part) for part in Part if part is not Part.CAMERA},
            post=self._heard,
            now=self.clock.now,
            committed=self.uploader.wake,
            hire=hire or self._hire,
        )
        self.daemon = Daemon(
            clock=self.clock, inbox=self.inbox, rules=self.rules, screen=self.screen, led=self.led, crew=self.crew,
            uploads=SimpleNamespace(stuck=self.uploader.stuck, words=str), notify=self.notify, watchdog=Seconds(5),
        )  # fmt: skip
        self.daemon.watch(self)
        self.crew.start()
        if uploads:
            self.uploader.start()

    def close(self):
        self.uploader.close()
        self.crew.close(Seconds(1))
        self.compositor.close()
        self.spool.close()
        self.screen.close()

    def _hire(self, name, now):
        self.workers.append(PromptWorker(name, now))
        return self.workers[-1]

    # what the daemon tells
    def stepped(self, before, event, after):
        self.seen.append((before, event, after))

    def painted(self, shown, began, ended, *, changed):
        pass

    def looped(self, booth, now):
        pass

    def _check(self, part):
        if part in self.missing:
            raise OutboxError(f"{part.value} is missing")
        if part in self._checks:
            self._checks[part].check()

    def _heard(self, event):
        """Take what a worker says; where the disk has refused, it is looked at again soon."""
        if Part.DISK in self._checks and (
            isinstance(event, VisitRefused | CommitFailed) or getattr(event, "part", None) is Part.DISK
        ):
            self._checks[Part.DISK].doubt()
        self.inbox.put(event)

    # what a test does
    @property
    def state(self):
        return self.daemon.booth.state

    def turn(self, seconds: float = 1 / 30):
        now = self.clock.advance(seconds)
        for worker in self.workers:
            worker.catch_up()
        self.daemon.turn(self.inbox.take(Seconds(0)), now)

    def until(self, reached, limit: float = 300.0):
        """Let time pass until *reached* (a state, or a condition on the party) or for *limit* seconds."""
        until = self.clock.now() + limit
        met = (lambda: isinstance(self.state, reached)) if isinstance(reached, type) else reached
        while not met():
            assert self.clock.now() < until, f"still in {self.state} after {limit} s"
            self.turn()

    def press(self):
        self.inbox.put(Pressed(self.clock.now(), self.ids()))
        self.turn()

    def do(self, *events):
        """Do what a guest does on the screen: event classes, with their values if they have any."""
        for event in events:
            kind, *values = event if isinstance(event, tuple) else (event,)
            self.screen.doing.append(kind(self.clock.now(), *values))
        self.turn()

    def to_form(self):
        """Have the next guest press the button, and pose until the form."""
        self.until(Attract)
        self.press()
        self.until(FillingIn)

    def send(self, name: str, email: str):
        """Fill the form in and touch Send."""
        self.fill_in(name, email)
        self.do(SendChosen)

    def details(self):
        """Return what is in the bucket: the details of each object, decoded."""
        return [metadata.decode(values) for _, values in self.bucket.objects.values()]

    def fill_in(self, name: str, email: str):
        self.do((FieldChosen, Field.NAME), (Typed, name), (FieldChosen, Field.EMAIL), (Typed, email))

    def delivered(self, count: int):
        """Wait, in real time, until the uploader has delivered *count* visits."""
        self.in_real_time(lambda: len(self.bucket.objects) >= count and self.spool.counts()["sent"] >= count)
        self.turn()

    def in_real_time(self, met):
        """Wait for the uploader's threads, which the hand-moved clock does not hold."""
        for _ in range(1000):
            if met():
                return
            self.bucket.asked.acquire(timeout=0.02)
        raise AssertionError(f"the uploader did not get there: {self.uploader.status()}")
