"""Everything that is outside of a booth, in one value: what it is put together from, and who answers to it.

The law: nothing here knows the settings. A part is asked for with a value that says what is wanted of it, so what a
booth asks of its world can be written down, and another world can answer.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol, Unpack

import structlog

from booth import memory
from booth.core.events import Notice
from booth.core.rules import Rules
from booth.core.scene import FRAME_INTERVAL
from booth.daemon import Notifier as Told
from booth.disk import Disk, RealDisk
from booth.drivers import copying, gpio
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.buckets import open_bucket
from booth.drivers.cameras import CameraOptions, open_camera
from booth.drivers.clock import SystemClock, time_known
from booth.drivers.copying import StickCopier
from booth.drivers.gpio import PinOptions
from booth.drivers.restart import Restart
from booth.drivers.stick import Stick
from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.recipe import Recipe
from booth.logs import shown
from booth.ports import (
    Bucket,
    Button,
    Camera,
    Clock,
    Compositor,
    Copier,
    Led,
    Output,
    Probe,
    Rebooter,
    Screen,
    Size,
    Target,
    TouchPanel,
    Voice,
    unmeasured,
)
from booth.sim.pins import SimPanel
from booth.systemd import Notifier
from booth.ui.display import display_size
from booth.ui.drawing.glass import Rotation
from booth.ui.dress import Dress
from booth.ui.screen import PygameScreen, Sources
from booth.ui.sound import Loudspeaker, Speaker
from booth.units import Seconds
from booth.workers import Hire, Worker

log = structlog.get_logger()

OFF = "power-off"
"""Asks for the machine to be switched off, in the folder that systemd gives the service while it runs."""


class ReadableBucket(Bucket, Protocol):
    """A bucket that can be read back."""

    def get(self, key: str) -> tuple[bytes, dict[str, str]]:
        """Return an object's bytes and its metadata, as stored. Raises `BucketError`."""
        ...


class TouchScreen(Screen, TouchPanel, Protocol):
    """A screen, and what a finger can do with it."""


class ServiceManager(Told, Protocol):
    """Who has started the booth, and may watch it."""

    def extend(self, seconds: Seconds) -> None:
        """Ask for *seconds* more, from now on, to become ready."""
        ...

    def watchdog_interval(self) -> Seconds | None:
        """Return how often `watchdog` is due; None if it does not watch us."""
        ...


class Measure(Protocol):
    """Says how large the screen is."""

    def __call__(self, wanted: Size, *, fullscreen: bool, rotation: Rotation, given: bool) -> Size:
        """Return it. *wanted* is the settings' size, *given* if somebody has written it down."""
        ...


class OpenScreen(Protocol):
    """Opens the screen."""

    def __call__(self, dress: Dress, **sources: Unpack[Sources]) -> TouchScreen:
        """Return it, see `booth.ui.screen.PygameScreen`. Raises `ScreenError` and `ConfigError`."""
        ...


def as_they_are(rules: Rules) -> Rules:
    """Return *rules*: in most worlds nobody is in a hurry."""
    return rules


def no_update(_notice: Notice) -> bool:
    """Say that no update has come: none can."""
    return False


@dataclass(frozen=True)
class LeftAlone:
    """A machine that is never started anew, whatever is *wanted* of it."""

    wanted: bool

    def camera_opened(self) -> None:
        """Do nothing."""

    def camera_held(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What a booth is put together from. What opens a part may be asked again when the part was lost."""

    clock: Clock
    time_known: Callable[[], bool]
    """Whether somebody vouches for the wall clock."""
    open_button: Callable[[PinOptions, Callable[[], None]], Button]
    """Opens the button, which calls the second at each press, from a thread of its own. Raises `PinError`."""
    open_led: Callable[[PinOptions], Led]
    """Raises `PinError`."""
    open_camera: Callable[[CameraOptions], Camera]
    """Raises `CameraError`."""
    make_compositor: Callable[[Recipe, Path, Seconds, Disk], Compositor]
    """Given what to make, a folder for what is on its way, how long one run may take, and what the visits are on."""
    open_bucket: Callable[[BucketOptions], ReadableBucket]
    """Raises `BucketError`."""
    measure: Measure
    open_screen: OpenScreen
    open_speaker: Callable[[int], Speaker]
    """Given how loud, 0..100."""
    open_voice: Callable[[], Voice]
    notify: ServiceManager
    disk: Disk = field(default_factory=RealDisk)
    """What the visits are on."""
    rebooter: Callable[[bool], Rebooter] = LeftAlone
    """Given whether the owner lets it be started anew for its camera."""
    hire: Hire = Worker
    """Makes the threads of the workers."""
    updates: Callable[[Notice], bool] = no_update
    """Whether a notice about an update holds."""
    at_rest: Callable[[], None] = memory.freeze
    """Done once, when gm has been well and nobody waits."""
    scratch: Path | None = None
    """A folder in memory; None to have what is only on its way beside the outbox."""
    operator: Path | None = None
    """The folder of the operator's screen: its PIN, and what was changed there; None where there is no such screen."""
    beneath: Mapping[str, object] = field(default_factory=dict)
    """What was changed there, as the owner's settings have it, by dotted key."""
    power_off: Callable[[], None] | None = None
    """Has the machine be switched off once the booth has ended; None where that is nobody's to do."""
    copier: Copier | None = None
    """Copies the event onto a stick; None where nobody can."""
    outbox: Path | None = None
    """Where visits go, if not where the settings say."""
    lends_bucket: bool = False
    """Whether there is a bucket even where the settings name none."""
    pace: Callable[[Rules], Rules] = as_they_are
    """What becomes of the settings' spans of time: where nobody poses, nobody has to wait."""
    interval: Seconds = FRAME_INTERVAL
    """Time between two frames on the screen."""
    probe: Probe = unmeasured
    """Told where the time of each frame goes."""
    panel: SimPanel | None = None
    """The finger at the simulated button, and the eye at the lamp."""
    outputs: tuple[Output, ...] = ()
    """What is made of each visit beside what the settings want."""
    targets: tuple[Target, ...] = ()
    """Where each visit goes beside where the settings say."""


def real(environ: Mapping[str, str], stack: ExitStack) -> World:
    """Return the world that a booth at a party is in; *environ* is what its service was started with.

    What is opened once and shared, the pins, is closed with the *stack*, after all that is put on it from now on.
    """
    clock = SystemClock()
    state = environ.get("STATE_DIRECTORY", "").split(":")[0]

    def rebooter(wanted: bool) -> Rebooter:  # noqa: FBT001  it has no other question
        return Restart(Path(state), clock.uptime, wanted=wanted) if state else LeftAlone(wanted)

    reached = gpio.pins(gpio.open_factory, stack)

    def open_button(options: PinOptions, on_press: Callable[[], None]) -> Button:
        return gpio.open_button(options, reached(options.factory), on_press, clock.now)

    def open_led(options: PinOptions) -> Led:
        return gpio.open_led(options, reached(options.factory))

    return World(
        clock=clock,
        time_known=time_known,
        open_button=open_button,
        open_led=open_led,
        open_camera=open_camera,
        make_compositor=make_gif,
        open_bucket=open_bucket,
        measure=_measured,
        open_screen=PygameScreen,
        open_speaker=lambda volume: Loudspeaker(volume=volume),
        open_voice=espeak,
        notify=Notifier(environ, shown=shown),
        rebooter=rebooter,
        operator=Path(named) if (named := environ.get("BOOTH_OPERATOR")) else None,
        power_off=partial(asked_off, runtime) if (runtime := scratch_of(environ)) else None,
        copier=_copier(environ, clock),
        updates=Stick(clock.now).tells,
        scratch=scratch_of(environ),
    )


def asked_off(runtime: Path) -> None:
    """Have the machine be switched off once the booth has ended: ``booth.service`` looks for it, and has the right.

    In a folder in memory: what a power cut interrupts is done.
    """
    (runtime / OFF).touch()


def _copier(environ: Mapping[str, str], clock: Clock) -> Copier | None:
    """Return who copies onto sticks: the machine's own service, where it has one."""
    runtime = scratch_of(environ)
    return StickCopier(runtime, clock.now) if runtime is not None and copying.STICK.is_dir() else None


def make_gif(recipe: Recipe, scratch: Path, deadline: Seconds, disk: Disk) -> GraphicsMagick:
    """Return what makes GIFs: gm, by *recipe*, each run within *deadline*; what it makes is read back."""
    return GraphicsMagick(recipe, scratch, deadline=deadline, read_back=playback.read, disk=disk)


def espeak() -> Voice:
    """Return the voice of espeak-ng. Silent where there is none."""
    from booth.drivers.espeak import EspeakVoice

    return EspeakVoice()


def scratch_of(environ: Mapping[str, str]) -> Path | None:
    """Return the folder in memory that systemd gives a service, so that what is on its way does not wear the card."""
    runtime = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(runtime) if runtime else None


def _measured(wanted: Size, *, fullscreen: bool, rotation: Rotation, given: bool) -> Size:
    """Return the size of the screen: of the display, if the booth fills it, else what the settings say."""
    if not fullscreen:
        return wanted
    there = display_size(wanted, rotation=rotation, given=given)
    if there != wanted:
        log.info("screen.size", wanted=f"{wanted.width}x{wanted.height}", there=f"{there.width}x{there.height}")
    return there
