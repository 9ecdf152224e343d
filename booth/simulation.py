"""The simulator's world: the same booth finds a drawn button and lamp, a camera that pretends, and a window.

Whether to pretend is asked nowhere else: who puts a booth together chooses its world.
"""

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Unpack

import structlog

from booth.core.rules import Rules
from booth.core.scene import FRAME_INTERVAL
from booth.drivers import gpio
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.buckets import open_bucket
from booth.drivers.cameras import CameraOptions
from booth.drivers.clock import SystemClock, time_known
from booth.drivers.gpio import PinOptions
from booth.errors import BoothError, BucketError, ConfigError, Remedy
from booth.logs import shown
from booth.ports import Button, Camera, Led, Output, Probe, Size, Target, unmeasured
from booth.reading import called
from booth.settings.model import Settings
from booth.settings.together import too_large
from booth.sim.copier import SimCopier
from booth.sim.pins import SimPanel
from booth.systemd import Notifier
from booth.ui.assets import asset
from booth.ui.dress import Dress
from booth.ui.layout import Housing, Side
from booth.ui.screen import PygameScreen, Sources
from booth.ui.sound import Loudspeaker
from booth.units import Seconds
from booth.world import ReadableBucket, World, as_they_are, espeak, make_gif, scratch_of

log = structlog.get_logger()

FAST: dict[str, Any] = {
    "get_ready": Seconds(0.1),
    "countdown": Seconds(0.15),
    "farewell": Seconds(0.3),
    "share": Seconds(5.0),  # a code comes when the bucket has all: a busy machine needs seconds for that
    "apology": Seconds(0.3),
    "finishing_shown": Seconds(0.1),
    "farewell_held": Seconds(0.1),
    "form_held": Seconds(0.1),
}
"""What ``--fast`` shortens: posing, to the time that the pipeline needs; goodbyes, to a few frames."""

FAST_INTERVAL = Seconds(1 / 100)

EXPOSURE, FAST_EXPOSURE = Seconds(0.2), Seconds(0.03)
"""How long the simulated camera takes for a frame."""


@dataclass(frozen=True)
class Simulation:
    """What the simulator is to be like."""

    screen: Size | None = None
    """None for the size in the settings."""
    frames: Path | None = None
    """A folder of JPEGs that the camera serves; None for a scene of its own."""
    fast: bool = False
    headless: bool = False
    """There is no display: draw into memory."""
    outbox: Path | None = None
    """Where visits go, if not where the settings say."""
    operator: Path | None = None
    """The folder of the operator's screen; None for no such screen."""
    beneath: Mapping[str, object] = field(default_factory=dict)
    """What was changed there, as the settings have it without."""
    export: Sequence[str] = ()
    """The command that copies the event onto a stick; () for no such deed."""
    stick: Path | None = None
    """The folder that stands for the stick, as long as it is there."""
    camera: Callable[[CameraOptions], Camera] | None = None
    """Opens a camera that pretends less; None for the simulated one."""
    probe: Probe = unmeasured
    """Told where the time of each frame goes."""
    outputs: tuple[Output, ...] = ()
    """What is made of each visit beside what the settings want."""
    targets: tuple[Target, ...] = ()
    """Where each visit goes beside where the settings say."""


def simulated(settings: Settings, simulation: Simulation, stack: ExitStack) -> World:
    """Return a world with a simulated button, LED and camera, and a window with an oven around the screen.

    What is drawn is as the *settings* say that it is built. When they name no endpoint, an S3 server is started for the
    occasion, as soon as there is something to send. What is opened here is closed with the *stack*.
    """
    from booth.sim.camera import SimCamera

    # Looked at now: a folder without photographs is the owner's mistake, not a camera that may come back.
    photographed = first_size(settings, simulation.frames) if simulation.frames is not None else None
    if simulation.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    clock = SystemClock()
    # A click must hold the line for longer than the chatter that the booth waits out.
    travel = Seconds(max(0.1, 3 * settings.button.debounce_s))
    panel = SimPanel(
        settings.button.pin,
        settings.led.pin,
        travel=travel,
        button_high=settings.button.active_high,
        led_high=settings.led.active_high,
    )
    stack.callback(panel.close)
    if settings.zenko.endpoint_url:
        log.warning("bucket.real", why="zenko.endpoint_url is set: what is simulated here goes there")

    def open_button(options: PinOptions, on_press: Callable[[], None]) -> Button:
        return gpio.open_button(options, panel.factory, on_press, clock.now)

    def open_led(options: PinOptions) -> Led:
        return gpio.open_led(options, panel.factory)

    def open_camera(options: CameraOptions) -> Camera:
        if photographed is not None:
            options = replace(options, size=photographed)
        exposure = FAST_EXPOSURE if simulation.fast else EXPOSURE
        return SimCamera(**options.asked(), frames=simulation.frames, exposure=exposure)

    def measure(wanted: Size, **_how: object) -> Size:
        return simulation.screen or wanted

    return World(
        clock=clock,
        time_known=time_known,
        open_button=open_button,
        open_led=open_led,
        open_camera=simulation.camera or open_camera,
        make_compositor=make_gif,
        open_bucket=open_bucket if settings.zenko.endpoint_url else embedded(stack),
        measure=measure,
        open_screen=_window(panel, simulation.probe, headless=simulation.headless),
        open_speaker=lambda volume: Loudspeaker(volume=volume),
        open_voice=espeak,
        notify=Notifier(os.environ, shown=shown),
        scratch=scratch_of(os.environ),
        outbox=simulation.outbox,
        operator=simulation.operator,
        beneath=simulation.beneath,
        copier=_copier(simulation, stack),
        lends_bucket=True,
        pace=hurried if simulation.fast else as_they_are,
        interval=FAST_INTERVAL if simulation.fast else FRAME_INTERVAL,
        probe=simulation.probe,
        panel=panel,
        outputs=simulation.outputs,
        targets=simulation.targets,
    )


def _copier(simulation: Simulation, stack: ExitStack) -> SimCopier | None:
    if not simulation.export or simulation.operator is None:
        return None
    copier = SimCopier(simulation.export, simulation.operator / "copy", simulation.stick)
    stack.callback(copier.close)
    return copier


def hurried(rules: Rules) -> Rules:
    """Return *rules* for guests who do not pose."""
    return replace(rules, **FAST)


def _window(panel: SimPanel, probe: Probe, *, headless: bool) -> Callable[..., PygameScreen]:
    """Return what opens the screen in a window of its own, with an oven around it unless nobody would see it."""

    def opened(dress: Dress, **sources: Unpack[Sources]) -> PygameScreen:
        from booth.ui.kitchen.oven import Oven

        dress = replace(dress, fullscreen=False, rotation=0)
        oven = None
        if not headless:
            oven = Oven(dress.size, panel, font=asset("fonts/MPLUSRounded1c-Bold.ttf"), lens=dress.housing.lens)
            # The drawn button is beside the screen, wherever the real one is.
            dress = replace(dress, housing=Housing(dress.housing.lens, Side.RIGHT))
        return PygameScreen(dress, oven=oven, probe=probe, **sources)

    return opened


def first_size(settings: Settings, folder: Path) -> Size:
    """Return what size the first photograph in a *folder* has: they are served as they are.

    So the camera is one that takes pictures of that size. Raises `ConfigError` if no animation can be made of them.
    """
    from booth.sim.camera import photograph_size, photographs

    refused: ConfigError | None = None
    for path in photographs(folder):
        try:
            size = photograph_size(path)
        except ConfigError as exc:  # the camera passes it by, and says so
            refused = refused or exc
            continue
        if complaint := too_large(settings, size):
            raise ConfigError(f"{called(path)}: {complaint}")
        return size
    raise refused or ConfigError(f"{folder} has no photographs: name another folder")


def embedded(stack: ExitStack) -> Callable[[BucketOptions], ReadableBucket]:
    """Return what opens the bucket of an S3 server of our own, started when it is asked for first."""
    from booth.sim.bucket import EmbeddedS3

    starting = threading.Lock()
    servers: list[EmbeddedS3] = []
    ending = threading.Event()

    def close() -> None:
        ending.set()
        for server in servers:
            server.close()

    stack.callback(close)

    def opened(options: BucketOptions) -> ReadableBucket:
        with starting:
            if not servers:
                server = EmbeddedS3(bucket=options.bucket)
                try:
                    server.open()
                except BoothError as exc:
                    raise BucketError(str(exc), Remedy.PERSON) from exc
                servers.append(server)
                if ending.is_set():  # it took longer than the end of everything else
                    close()
                    raise BucketError("the simulation is at its end; what waits is in its outbox", Remedy.WAIT)
                sys.stderr.write(
                    f"booth: an S3 server for this simulation is at {server.endpoint_url}, bucket {server.bucket}\n"
                )
        return open_bucket(
            replace(
                options,
                endpoint_url=servers[0].endpoint_url,
                bucket=servers[0].bucket,
                access_key_id=servers[0].access_key_id,
                secret_access_key=servers[0].secret_access_key,
                addressing="path",  # it has a number and no name
            )
        )

    return opened
