"""The real booth in a world of simulators, on a hand-moved clock: a party in seconds. Not a test; tests share it."""

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from booth.core.events import Event, FieldChosen, Notice, SendChosen, Typed
from booth.core.form import Field
from booth.core.states import Attract, Booth, FillingIn
from booth.disk import Disk, RealDisk
from booth.drivers.cameras import CameraOptions
from booth.errors import BucketError, PinError
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.playback import read
from booth.outbox import metadata
from booth.ports import Camera, Compositor, Presses
from booth.settings.model import Settings
from booth.sim.camera import CameraFaults, SimCamera
from booth.units import Seconds
from booth.wiring import assemble
from booth.workers.worker import Hire
from booth.world import OpenScreen, World, no_update
from lab.clock import HandClock
from lab.workers import PromptWorker
from tests.disks import Unsynced

NOON = 1_795_367_112.0
"""2026-11-22 17:05:12 UTC, in seconds since 1970: a clock that may be right."""

SMALL = {
    "event.name": "Party",
    "booth.name": "test",
    "camera.size": (320, 240),
    "camera.preview_size": (160, 120),
    "animation.width": 160,
    "animation.height": 120,
    "outbox.min_free_mb": 0,
    "screen.languages": ("en",),
}
"""What is not as the booth comes, by dotted key: pictures that cost little; and any disk is large enough."""


def settings_of(chosen: Mapping[str, object]) -> Settings:
    """Return the built-in settings with what was *chosen*, by dotted key, also where no owner may choose it."""
    settings = Settings()
    for dotted, value in chosen.items():
        section, _, key = dotted.partition(".")
        changed = getattr(settings, section).model_copy(update={key: value})
        settings = settings.model_copy(update={section: changed})
    return settings


class RecordedScreen:
    """Remembers what was shown, and what it was given; what a guest does is put into `doing` by the test."""

    def __init__(self, dress, *, album, preview, fresh, gallery, voice, speaker):
        self.dress = dress
        self.album, self.preview, self.fresh = album, preview, fresh
        self.gallery, self.voice, self.speaker = gallery, voice, speaker
        self.doing: list[Event] = []
        self.shown = []
        self.closed = False
        self.language = "en"

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


class Panel:
    """A button and a lamp, on pins that may be `gone`: then neither can be opened, and the lamp does not answer."""

    def __init__(self):
        self.gone = False
        self.held = Seconds(0.0)
        self.press: Callable[[], None] = lambda: None
        self.lamps: list[RecordedLed] = []
        self.history: list[bool] = []
        """Whether the lamp was lit, at each change."""

    def open_button(self, options, on_press):
        self._look("button")
        self.press = on_press
        return self

    def open_led(self, options):
        self._look("LED")
        self.lamps.append(RecordedLed(self))
        return self.lamps[-1]

    @property
    def lamp(self):
        """Whether there is a lamp that answers."""
        return bool(self.lamps) and self.lamps[-1].open

    def held_for(self):
        return self.held

    def presses(self):
        return Presses()

    def close(self):
        pass

    def _look(self, what):
        if self.gone:
            raise PinError(f"the {what} is not there; look at its cable")


class RecordedLed:
    def __init__(self, panel: Panel):
        self._panel = panel
        self.open = True

    def set(self, *, on):
        self._panel._look("LED")
        self._panel.history.append(on)

    def close(self):
        if self.open:
            self._panel.history.append(False)
        self.open = False


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
            body = parcel.content
            assert parcel.key not in self.objects, "an object was put twice"
            self.objects[parcel.key] = (body, dict(parcel.metadata))
            return hashlib.md5(body, usedforsecurity=False).hexdigest()
        finally:
            self.asked.release()

    def replication(self, key):
        return {}

    def close(self):
        pass


class RecordedNotifier:
    def __init__(self):
        self.said: list[str] = []

    def ready(self):
        self.said.append("READY")

    def watchdog(self):
        self.said.append("WATCHDOG")

    def watchdog_interval(self):
        return Seconds(5)

    def status(self, text):
        self.said.append(text)

    def stopping(self):
        self.said.append("STOPPING")


class RoomyDisk(RealDisk):
    """A disk with as much room as a test says, and where nothing may get a name that is *refused*."""

    room = 10_000_000_000
    refused = None

    def free(self, folder):
        return self.room

    def rename(self, old, new):
        if new == self.refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(new))
        super().rename(old, new)


class QuickRoomyDisk(Unsynced, RoomyDisk):
    """The same, and nothing is synced."""


class InstalledGm:
    """A gm that can be taken away, and given back."""

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(exist_ok=True)
        self.give_back()

    def take_away(self):
        self.path.unlink()

    def give_back(self):
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(shutil.which("gm") or "gm")


class Party:
    """A booth as `booth.wiring` assembles it, without threads but for the uploader's; the clock moves when told.

    A test may bring a *clock*, a *disk*, a *gm* (the program), a *camera* (what opens one, or *open_camera*, which is
    told what is asked of it), a *compositor*, a *screen* (what opens one) or threads (*hire*) of its own, settings by
    dotted key, and *rules*: what becomes of the settings'.
    What else is in the *world* it may bring by name.
    """

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, object] | None = None,
        rules: Mapping[str, object] | None = None,
        uploads: bool = True,
        clock: HandClock | None = None,
        disk: Disk | None = None,
        gm: str | None = None,
        camera: Callable[[], Camera] | None = None,
        open_camera: Callable[[CameraOptions], Camera] | None = None,
        compositor: Compositor | None = None,
        hire: Hire | None = None,
        screen: OpenScreen | None = None,
        updates: Callable[[Notice], bool] = no_update,
        world: Mapping[str, object] | None = None,
    ):
        self.clock = clock or HandClock(wall=NOON)
        self.faults = CameraFaults()
        self.panel = Panel()
        self.bucket = RecordedBucket()
        self.notify = RecordedNotifier()
        self.disk = disk or RoomyDisk()
        self.gm = InstalledGm(folder / "installed" / "gm")
        self.workers: list[PromptWorker] = []
        self.seen: list[tuple[Booth, Event, Booth]] = []

        def pace(given):
            self.rules = replace(given, **(rules or {}))
            return self.rules

        def make_compositor(recipe, scratch, deadline, disk):
            program = gm or str(self.gm.path)
            made = partial(GraphicsMagick, recipe, scratch, gm=program, deadline=deadline, read_back=read, disk=disk)
            return compositor or made()

        def simulated(options):
            if camera is not None:
                return camera()
            return SimCamera(**options.asked(), exposure=Seconds(0), faults=self.faults)

        there = World(
            clock=self.clock,
            time_known=lambda: True,
            open_button=self.panel.open_button,
            open_led=self.panel.open_led,
            open_camera=open_camera or simulated,
            make_compositor=make_compositor,
            open_bucket=lambda options: self.bucket,
            measure=lambda wanted, **how: wanted,
            open_screen=screen or RecordedScreen,
            open_speaker=lambda volume: None,
            open_voice=lambda: None,
            notify=self.notify,
            disk=self.disk,
            hire=hire or self._hire,
            updates=updates,
            at_rest=lambda: None,
            outbox=folder / "outbox",
            lends_bucket=True,
            pace=pace,
        )
        self.world = replace(there, **(world or {}))
        self._stack = ExitStack()
        booth = assemble(settings_of(SMALL | dict(settings or {})), self.world, self._stack)
        self.daemon, self.inbox, self.screen, self.crew = booth.daemon, booth.inbox, booth.screen, booth.crew
        self.spool, self.uploader, self.ids = booth.spool, booth.uploads.first, booth.ids
        self.telling = booth.telling
        self.daemon.watch(self)
        if uploads:
            booth.uploads.start()

    def close(self):
        self._stack.close()

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
        self.panel.press()
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
        """Return what is in the bucket: the details of each object of a visit, decoded."""
        objects = self.bucket.objects.items()
        return [metadata.decode(values) for key, (_, values) in objects if not key.startswith("consents/")]

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
