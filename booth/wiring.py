"""The composition root: settings become drivers, or simulators, and these a daemon.

The only place that knows all the parts by name, and the only one that asks whether to pretend. What is opened here is
put on the caller's `ExitStack`, and closed in reverse.
"""

import contextlib
import math
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import structlog

from booth import RELEASED, memory
from booth.config import Settings
from booth.core.events import CommitFailed, Event, Notice, Part, Pressed, Reach, ShutterFailed, VisitRefused
from booth.core.rules import Rules
from booth.core.scene import FRAME_INTERVAL, NO_SESSION
from booth.daemon import STUCK, Daemon, Inbox
from booth.discreet import DiscreetBucket
from booth.drivers import addresses, gpio
from booth.drivers.clock import SystemClock, time_known
from booth.drivers.stick import UPDATES, Stick
from booth.errors import BoothError, BucketError, CameraError, PinError, Remedy
from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.recipe import Recipe
from booth.logs import forget, hide, shown
from booth.outbox.ids import SessionIds
from booth.outbox.spool import Spool
from booth.outbox.uploader import COURIER, Links, Uploader, no_links
from booth.ports import Button, Camera, Clock, Led, Parcel, Preview, Screen, Size, Voice
from booth.sharing import links_of
from booth.sim.pins import SimPanel
from booth.systemd import Notifier
from booth.ui import brand, theme
from booth.ui.assets import asset
from booth.ui.glass import Rotation
from booth.ui.keymaps import KEYMAPS
from booth.ui.layout import Housing, Side
from booth.ui.screen import PygameScreen, display_size
from booth.ui.sound import Loudspeaker
from booth.ui.words import Texts
from booth.units import Instant, Pixels, Seconds
from booth.workers import Contact, Crew, Gallery

log = structlog.get_logger()

FAST: dict[str, Any] = {
    "get_ready": Seconds(0.1),
    "countdown": Seconds(0.15),
    "farewell": Seconds(0.3),
    "share": Seconds(2.0),
    "apology": Seconds(0.3),
    "finishing_shown": Seconds(0.1),
    "farewell_held": Seconds(0.1),
    "form_held": Seconds(0.1),
}
"""What ``--fast`` shortens: posing, to the time that the pipeline needs; goodbyes, to a few frames."""

FAST_INTERVAL = Seconds(1 / 100)

ENDING = Seconds(1.5)
"""How long each of the threads is waited for at the end; what they leave undone is taken up at the next start."""

HELD = Seconds(20.0)
"""A button that is down for longer is told to the operator: no guest begins a visit by leaning on it."""

PIN = Seconds(0.5)
"""How long a pin that is being opened is waited for at the end."""

SMALL = Size(Pixels(240), Pixels(180))
"""Frames and animations that are shown small are no larger."""

GLIMPSED = 6
"""So many pictures of an animation are shown on the invitation at most: eight animations are 6 MB at most."""

CHECKED = Seconds(60.0)
"""How often gm and the disk are looked at again while they are well; when they are not, at every round."""


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


class ReadableBucket(Protocol):
    """A bucket that can be read back."""

    def put(self, parcel: Parcel) -> str:
        """Put a parcel; see `booth.ports.Bucket`."""
        ...

    def get(self, key: str) -> tuple[bytes, dict[str, str]]:
        """Return an object's bytes and its metadata, as stored. Raises `BucketError`."""
        ...

    def link(self, key: str, lasting: Seconds) -> str:
        """Return an address from which anybody can get the object; see `booth.ports.Bucket`."""
        ...

    def close(self) -> None:
        """Close the connections. May be called twice."""
        ...


@dataclass
class Appliance:
    """A booth, put together and not yet running."""

    daemon: Daemon
    screen: PygameScreen
    spool: Spool
    outbox: Path
    """The spool's folder."""
    uploader: Uploader
    settings: Settings
    open_bucket: Callable[[], ReadableBucket]
    panel: SimPanel | None = None
    """The simulated button and lamp."""


@dataclass(frozen=True)
class Page:
    """What it takes to tell the owner something: a screen, the button and the LED; nothing else of a booth."""

    clock: Clock
    screen: Screen
    console: "Console"
    notify: Notifier


class Console:
    """The button and the LED: opened when they can be, looked for again when they cannot."""

    def __init__(self, open_button: Callable[[], Button], open_led: Callable[[], Led]) -> None:
        self._open_button = open_button
        self._open_led = open_led
        self._opening = threading.Lock()
        self._lamp = threading.Lock()  # never held for long: the loop takes it
        self._on = False
        self._held = False  # asked by one thread only
        self._button: Button | None = None
        self._led: Led | None = None

    def check(self) -> None:
        """Open what is not open. Raises `PinError`."""
        with self._opening:
            if self._button is None:
                self._button = self._open_button()
            if self._led is None:
                led = self._open_led()
                with self._lamp:
                    self._led = led
                    self._light()

    def held(self) -> bool:
        """Return whether the button is held down for longer than a finger is on it. Its line may be shorted."""
        with self._opening:
            held = self._button is not None and self._button.held_for() >= HELD
        if held is not self._held:
            self._held = held
            if held:
                log.warning("button.held", why="the button is held down, or its cable is shorted: look at both")
            else:
                log.info("button.let_go")
        return held

    def set(self, *, on: bool) -> None:
        """Light the LED or put it out, as soon as there is one. One that does not answer is opened again by `check`."""
        with self._lamp:
            self._on = on
            try:
                self._light()
            except PinError as exc:
                log.warning("led.lost", why=str(exc))

    def close(self) -> None:
        """Let the pins go. May be called twice."""
        if not self._opening.acquire(timeout=PIN):
            return  # a pin that hangs while it is being opened goes with the process
        with self._lamp:
            button, self._button = self._button, None
            if button is not None:
                button.close()
            self._let_go()
        self._opening.release()

    def _light(self) -> None:
        try:
            if self._led is not None:
                self._led.set(on=self._on)
        except PinError:
            self._let_go()
            raise

    def _let_go(self) -> None:
        led, self._led = self._led, None
        if led is not None:
            with contextlib.suppress(PinError):  # it cannot be put out; its pin is free all the same
                led.close()


def rules_of(settings: Settings, *, fast: bool = False) -> Rules:
    """Return the numbers that the machine plays by."""
    animation, farewell, form = settings.animation, settings.farewell, settings.form
    played = farewell.plays * settings.countdown.shots * animation.delay_s
    rules = Rules(
        shots=settings.countdown.shots,
        get_ready=Seconds(settings.countdown.get_ready_s),
        countdown=Seconds(settings.countdown.seconds),
        shutter=Seconds(settings.countdown.shutter_timeout_s),
        form_idle=Seconds(form.idle_s),
        form_warning=Seconds(form.warning_s),
        finishing=Seconds(animation.deadline_s),
        farewell=Seconds(max(played, farewell.minimum_s)),
        share=Seconds(settings.share.shown_s),
        apology=Seconds(settings.apology.seconds),
        name_required=form.name_required,
        email_required=form.email_required,
        consent_asked=bool(form.consent_text),
        judge=addresses.judge,
    )
    if not fast:
        return rules
    return replace(rules, **FAST)


@dataclass
class _Core:
    """What every booth has, whatever world it is in."""

    clock: SystemClock
    inbox: Inbox
    outbox: Path
    spool: Spool
    ids: SessionIds
    voice: Voice | None
    gallery: Gallery | None

    def press(self) -> None:
        """Take a press of the start button, from the button's thread."""
        self.inbox.put(Pressed(self.clock.now(), self.ids()))


@dataclass(frozen=True)
class _World:
    """What differs between a booth at a party and its simulator."""

    factory: Callable[[], Any]
    """Opens the pin factory, or returns the one that is open. Raises `PinError`."""
    open_camera: Callable[[], Camera]
    open_bucket: Callable[[], ReadableBucket]
    open_screen: Callable[[Contact, Preview], PygameScreen]
    notify: Notifier
    panel: SimPanel | None = None
    links: Links | None = None
    """Makes the links that guests are shown; None if they are shown none."""
    stick: Stick | None = None
    """Tells of updates; None where none can come."""
    bucket_set: bool = True
    """Whether there is a bucket to send to."""


def assemble(settings: Settings, stack: ExitStack, environ: Mapping[str, str]) -> Appliance:
    """Put the appliance together, with the hardware that *settings* name.

    Raises `ScreenError` without a display and `OutboxError` without a place for the visits. A missing camera, button
    or gm is not an error here: the booth starts, says so on its screen, and is ready when the part is there.
    """
    core = _core(settings, settings.outbox.dir, stack)
    if not settings.zenko.endpoint_url:
        log.warning("bucket.none", why="zenko.endpoint_url is empty: visits are kept, and sent when it is set")
    fills, size = settings.screen.fullscreen, _size(settings)
    world = _World(
        factory=pins(lambda: gpio.open_factory(settings.pins.factory), stack),
        open_camera=lambda: open_camera(settings),
        open_bucket=lambda: open_bucket(settings),
        open_screen=lambda contact, preview: _screen(
            settings, core, contact, preview, size, fullscreen=fills, rotation=settings.screen.rotation
        ),
        notify=Notifier(environ, shown=shown),
        links=links_of(settings, size),
        stick=Stick(core.clock.now),
        bucket_set=bool(settings.zenko.endpoint_url),
    )
    return _put_together(settings, core, world, stack, rules_of(settings), FRAME_INTERVAL)


def assemble_page(
    settings: Settings, stack: ExitStack, environ: Mapping[str, str], on_press: Callable[[], None]
) -> Page:
    """Put together what it takes to tell the owner something: of a booth, no more than *settings* say of these parts.

    *on_press* is called from the button's thread. Raises `ScreenError` without a display. Button and LED are opened by
    the console's `check`.
    """
    clock = SystemClock()
    screen = PygameScreen(
        _size(settings),
        theme=_look(settings),
        fullscreen=settings.screen.fullscreen,
        rotation=settings.screen.rotation,
        title=settings.event.name,
        consent_text="",
        album=Contact(),
        preview=lambda: None,
        fresh=lambda: NO_SESSION,
        language=settings.screen.language,
        reduced_motion=settings.accessibility.reduced_motion,
        bold=settings.accessibility.high_contrast,
    )
    stack.callback(screen.close)
    console = _console(settings, pins(lambda: gpio.open_factory(settings.pins.factory), stack), on_press, clock)
    stack.callback(console.close)
    return Page(clock, screen, console, Notifier(environ, shown=shown))


def assemble_simulator(settings: Settings, simulation: Simulation, stack: ExitStack) -> Appliance:
    """Put the same booth together with a simulated button, LED and camera, and a window with an oven around the screen.

    When no endpoint is configured, an S3 server is started for the occasion, as soon as there is something to send.
    """
    from booth.sim.camera import SimCamera, photograph_size, photographs
    from booth.ui.oven import Oven

    camera = _camera_options(settings)
    if simulation.frames is not None:
        # Looked at now: a folder without photographs is the owner's mistake, not a camera that may come back. They are
        # served as they are, so the camera is one that takes pictures of that size.
        size = photograph_size(photographs(simulation.frames)[0])
        camera |= {"size": size, "preview_size": _preview_size(settings, size)}
    if simulation.headless:
        os.environ["SDL_VIDEODRIVER"] = "dummy"
    core = _core(settings, simulation.outbox or settings.outbox.dir, stack)
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
    size = simulation.screen or Size(*map(Pixels, settings.screen.size))

    font, lens = asset("fonts/MPLUSRounded1c-Bold.ttf"), Side(settings.camera.lens)
    oven = None if simulation.headless else Oven(size, panel, font=font, lens=lens)

    if settings.zenko.endpoint_url:
        log.warning("bucket.real", why="zenko.endpoint_url is set: what is simulated here goes there")

    world = _World(
        factory=lambda: panel.factory,
        open_camera=lambda: SimCamera(
            **camera,
            frames=simulation.frames,
            exposure=Seconds(0.03) if simulation.fast else Seconds(0.2),
        ),
        open_bucket=_embedded(settings, stack) if not settings.zenko.endpoint_url else lambda: open_bucket(settings),
        open_screen=lambda contact, preview: _screen(
            settings,
            core,
            contact,
            preview,
            size,
            oven,
        ),
        notify=Notifier(os.environ, shown=shown),
        panel=panel,
        links=links_of(settings, size),
    )
    rules = rules_of(settings, fast=simulation.fast)
    return _put_together(settings, core, world, stack, rules, FAST_INTERVAL if simulation.fast else FRAME_INTERVAL)


Drivers = Mapping[str, tuple[Callable[[], bool], Callable[[], Camera]]]
"""By the settings' name for it: whether this machine seems to have such a camera, and what opens it. The best first."""


def open_camera(settings: Settings, drivers: Drivers | None = None) -> Camera:
    """Open the camera that *settings* name; with "auto", the first that this machine can open.

    Raises `CameraError`, saying what was looked for, or why the first of several could not be opened.
    """
    wanted = settings.camera.driver
    refused: CameraError | None = None
    for name, (available, opened) in (drivers or _camera_drivers(settings)).items():
        if wanted == name:
            return opened()
        if wanted == "auto" and available():
            try:
                return opened()
            except CameraError as exc:  # its library is here, its camera is not: there may be one of another kind
                refused = refused or exc
    raise refused or CameraError(
        "no camera was found: looked for picamera2, picamera and a webcam; see that the ribbon cable or the USB plug "
        "sits well, and on a Raspberry Pi run `sudo apt install python3-picamera2`"
    )


def _camera_drivers(settings: Settings) -> Drivers:
    from booth.drivers import picamera, picamera2, webcam

    options = _camera_options(settings) | {"device": settings.camera.device}
    enough = Size(Pixels(settings.animation.width), Pixels(settings.animation.height))
    return {
        "picamera2": (picamera2.available, lambda: picamera2.Picamera2Camera(**options)),
        "picamera": (picamera.available, lambda: picamera.PicameraCamera(**options)),
        "webcam": (webcam.available, lambda: webcam.WebcamCamera(enough=enough, **options)),
    }


def open_bucket(settings: Settings, **instead: str) -> ReadableBucket:
    """Open the bucket that *settings* name. Raises `BucketError` if they name none."""
    from booth.drivers.s3 import ZenkoBucket

    zenko = settings.zenko
    endpoint = instead.get("endpoint_url", zenko.endpoint_url)
    if not endpoint:
        raise BucketError("zenko.endpoint_url is empty; set it, and everything that waits is sent", Remedy.PERSON)
    bucket = ZenkoBucket(
        endpoint_url=endpoint,
        bucket=instead.get("bucket", zenko.bucket),
        region=zenko.region,
        access_key_id=instead.get("access_key_id", zenko.access_key_id.get_secret_value()) or None,
        secret_access_key=instead.get("secret_access_key", zenko.secret_access_key.get_secret_value()) or None,
        ca_bundle=zenko.ca_bundle or None,
        addressing=instead.get("addressing", zenko.addressing),  # type: ignore[arg-type]  # one of the two
        connect_timeout=zenko.connect_timeout_s,
        read_timeout=zenko.read_timeout_s,
    )
    memory.freeze()
    return bucket


def _embedded(settings: Settings, stack: ExitStack) -> Callable[[], ReadableBucket]:
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

    def opened() -> ReadableBucket:
        with starting:
            if not servers:
                server = EmbeddedS3(bucket=settings.zenko.bucket)
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
            settings,
            endpoint_url=servers[0].endpoint_url,
            bucket=servers[0].bucket,
            access_key_id=servers[0].access_key_id,
            secret_access_key=servers[0].secret_access_key,
            addressing="path",  # it has a number and no name
        )

    return opened


def pins(open_factory: Callable[[], gpio.PinFactory], stack: ExitStack) -> Callable[[], gpio.PinFactory]:
    """Return what gives the pin factory, opened as soon as it can be.

    Whenever that is, it is closed with the *stack*, after all that was put on the stack since: the devices on it.
    """
    opened = ExitStack()
    stack.callback(opened.close)

    @cache
    def factory() -> gpio.PinFactory:
        found = open_factory()
        opened.callback(found.close)
        return found

    return factory


def _console(settings: Settings, factory: Callable[[], Any], on_press: Callable[[], None], clock: Clock) -> Console:
    return Console(
        lambda: gpio.GpioButton(
            settings.button.pin,
            factory=factory(),
            debounce=Seconds(settings.button.debounce_s),
            on_press=on_press,
            now=clock.now,
            active_high=settings.button.active_high,
        ),
        lambda: gpio.GpioLed(settings.led.pin, factory=factory(), active_high=settings.led.active_high),
    )


def _core(settings: Settings, outbox: Path, stack: ExitStack) -> _Core:
    clock = SystemClock()
    spool = stack.enter_context(
        Spool(
            outbox,
            event=settings.event.name,
            booth=settings.booth.name,
            key_template=settings.zenko.key_template,
            wall=clock.wall,
            uptime=clock.uptime,
            time_known=time_known,
            min_free_mb=settings.outbox.min_free_mb,
            keep_days=settings.outbox.keep_days,
        )
    )
    ids = SessionIds(clock.wall, after=spool.newest())
    return _Core(clock, Inbox(), outbox, spool, ids, _voice(settings, stack), _gallery(settings, spool, clock))


def _gallery(settings: Settings, spool: Spool, clock: Clock) -> Gallery | None:
    """Return what the invitation shows, if the settings want it to and guests are asked."""
    latest = settings.attract.latest if settings.form.consent_text else 0
    if not latest:
        return None
    return Gallery(spool.agreed, lambda path: playback.glimpse(path, SMALL, GLIMPSED), latest=latest, now=clock.now)


def _voice(settings: Settings, stack: ExitStack) -> Voice | None:
    """Return what says the cues, if the settings want one."""
    if not settings.accessibility.spoken:
        return None
    from booth.drivers.espeak import EspeakVoice

    voice = EspeakVoice()
    stack.callback(voice.close)
    return voice


def _look(settings: Settings) -> theme.Theme:
    """Return the colours that the screen wears. Raises `ConfigError` if something cannot be read in them."""
    if settings.accessibility.high_contrast:
        return theme.named(theme.CONTRAST)
    own = settings.theme.model_dump(include=set(theme.ROLES))
    return theme.changed(theme.named(settings.theme.name), own)


def _brand(settings: Settings, colours: theme.Theme, size: Size) -> brand.Brand:
    """Return the pictures and the font of the event. Raises `ConfigError` if a file cannot be used."""
    own = settings.theme
    # High contrast is for those who cannot read over pictures.
    background = "" if settings.accessibility.high_contrast else own.background
    return brand.load(size, colours, logo=own.logo, background=background, font=own.font)


def _size(settings: Settings) -> Size:
    """Return the size of the screen: of the display, if the booth fills it, else what the settings say."""
    wanted = Size(*map(Pixels, settings.screen.size))
    if not settings.screen.fullscreen:
        return wanted
    given = "size" in settings.screen.model_fields_set
    there = display_size(wanted, rotation=settings.screen.rotation, given=given)
    if there != wanted:
        log.info("screen.size", wanted=f"{wanted.width}x{wanted.height}", there=f"{there.width}x{there.height}")
    return there


def _screen(
    settings: Settings,
    core: _Core,
    contact: Contact,
    preview: Preview,
    size: Size,
    oven: Any = None,
    *,
    fullscreen: bool = False,
    rotation: Rotation = 0,
) -> PygameScreen:
    colours = _look(settings)
    return PygameScreen(
        size,
        theme=colours,
        brand=_brand(settings, colours, size),
        texts=Texts(**settings.texts.model_dump()),
        fullscreen=fullscreen,
        rotation=rotation,
        title=settings.event.name,
        consent_text=settings.form.consent_text,
        album=contact,
        preview=preview,
        fresh=core.ids,
        oven=oven,
        language=settings.screen.language,
        languages=settings.screen.languages,
        scripts=settings.form.scripts,
        domains=settings.form.domains,
        keymap=KEYMAPS.get(settings.keyboard.layout),
        reduced_motion=settings.accessibility.reduced_motion,
        bold=settings.accessibility.high_contrast,
        voice=core.voice,
        animation=Size(Pixels(settings.animation.width), Pixels(settings.animation.height)),
        # The drawn button is beside the screen, wherever the real one is.
        housing=Housing(Side(settings.camera.lens), Side.RIGHT if oven is not None else Side(settings.button.side)),
        gallery=core.gallery,
        flash=settings.screen.flash,
        rest_after=Seconds(60.0 * settings.attract.rest_after_min),
        speaker=Loudspeaker(volume=settings.sound.volume) if settings.sound.enabled else None,
        key_clicks=settings.sound.key_clicks,
    )


def _camera_options(settings: Settings) -> dict[str, Any]:
    camera = settings.camera
    size = Size(*map(Pixels, camera.size))
    return {
        "size": size,
        "preview_size": _preview_size(settings, size),
        "flip": camera.flip,
        "mirror": camera.mirror,
        "rotation": camera.rotation,
        "quality": camera.quality,
        "timeout": Seconds(camera.timeout_s),
    }


def _preview_size(settings: Settings, size: Size) -> Size:
    """Return how large the preview of frames of *size* is: of their shape, or it would not show what they will."""
    from booth.pictures import shaped

    return shaped(size, Size(*map(Pixels, settings.camera.preview_size)))


def _put_together(
    settings: Settings, core: _Core, world: _World, stack: ExitStack, rules: Rules, interval: Seconds
) -> Appliance:
    clock, inbox, spool = core.clock, core.inbox, core.spool
    if world.links is None:
        rules = replace(rules, share=Seconds(0.0))
    scratch = _scratch(core.outbox)
    stack.callback(shutil.rmtree, scratch, ignore_errors=True)
    compositor = GraphicsMagick(_recipe(settings), scratch, deadline=Seconds(settings.animation.deadline_s),
                                read_back=playback.read)  # fmt: skip
    contact = Contact()
    console = _console(settings, world.factory, core.press, clock)
    stack.callback(console.close)
    disk = Lookout((spool.check,), clock, CHECKED)

    def heard(event: Event) -> None:
        match event:
            case VisitRefused() | CommitFailed() | ShutterFailed(part=Part.DISK):
                disk.doubt()
            case _:
                pass
        inbox.put(event)

    patience = max(rules.share - rules.farewell, rules.share / 2) if rules.share > 0 else math.inf
    uploader = Uploader(
        spool,
        lambda: DiscreetBucket(world.open_bucket(), hide=hide, forget=forget, waiting=spool.waiting),
        post=inbox.put,
        now=clock.now,
        clock_wrong=lambda: clock.wall() < RELEASED,
        links=world.links or no_links,
        patience=Seconds(patience),
        bucket_set=world.bucket_set,
        # Longer than the bucket's own time-outs, whatever they were set to, in each attempt of its requests.
        deadline=Seconds(max(COURIER, 2 * 3 * (settings.zenko.connect_timeout_s + settings.zenko.read_timeout_s))),
    )
    crew = Crew(
        open_camera=world.open_camera,
        compositor=compositor,
        outbox=spool,
        contact=contact,
        checks={
            Part.BUTTON: console.check,
            Part.GM: Lookout((compositor.check, playback.check), clock, CHECKED, afterwards=_warm_up).check,
            Part.DISK: disk.check,
        },
        notices={
            Notice.DISK_LOW: Seldom(spool.low, clock, CHECKED).ask,
            Notice.CLOCK_UNKNOWN: lambda: clock.wall() < RELEASED,
            Notice.BUTTON_HELD: console.held,
            **{notice: partial(world.stick.tells, notice) for notice in UPDATES if world.stick is not None},
        },
        post=heard,
        now=clock.now,
        committed=uploader.wake,
        hide=hide,
        forget=forget,
        small=lambda frame: playback.thumbnail(frame, SMALL),
        gallery=core.gallery,
    )
    # The parts are looked for while the screen is opened: both take seconds on a Pi, and it has more than one core.
    crew.start()
    with ExitStack() as unseen:
        unseen.callback(crew.close, ENDING)
        screen = world.open_screen(contact, crew.studio.preview)
        unseen.pop_all()
    stack.callback(screen.close)
    daemon = Daemon(
        clock=clock,
        inbox=inbox,
        rules=rules,
        screen=screen,
        led=console,
        crew=crew,
        uploads=_Uploads(uploader),
        notify=world.notify,
        watchdog=world.notify.watchdog_interval(),
        interval=interval,
        # Each frame and the join may take gm its whole deadline; beyond that something else hangs.
        darkroom_limit=Seconds(STUCK + (rules.shots + 2) * settings.animation.deadline_s),
    )
    stack.callback(crew.close, ENDING)
    stack.callback(uploader.close, ENDING)
    stack.callback(compositor.close)  # first of these: whoever waits for gm need not wait any longer
    uploader.start()
    return Appliance(daemon, screen, spool, core.outbox, uploader, settings, world.open_bucket, world.panel)


def _scratch(outbox: Path) -> Path:
    """Return a folder for what is only on its way, empty: a booth that was killed leaves guests' pictures in it.

    Under systemd that is one in memory, so that it does not wear the card.
    """
    runtime = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    scratch = Path(runtime or outbox) / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    return scratch


def _recipe(settings: Settings) -> Recipe:
    animation = settings.animation
    return Recipe(
        Size(Pixels(animation.width), Pixels(animation.height)),
        Seconds(animation.delay_s),
        animation.loops,
        Path(animation.overlay) if animation.overlay else None,
    )


@cache
def _warm_up() -> None:
    """Have the judge of addresses import its library now, so that the first Send does not wait for it."""
    addresses.judge("someone@example.org")
    memory.freeze()


class Lookout:
    """Checks that cost something, not repeated within *every* after all of them went well, unless there is doubt.

    *afterwards* is called at the next opportunity after they went well: what nobody has to wait for.
    """

    def __init__(
        self,
        checks: Sequence[Callable[[], None]],
        clock: Clock,
        every: Seconds,
        *,
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        self._checks = checks
        self._clock = clock
        self._every = every
        self._afterwards = afterwards
        self._well_at: Instant | None = None

    def doubt(self) -> None:
        """Check again at the next opportunity: something has failed that depends on what is checked here."""
        self._well_at = None

    def check(self) -> None:
        """Check, if it is time. Raises what a check raises."""
        if self._well_at is not None and self._clock.now() - self._well_at < self._every:
            self._afterwards()
            return
        self._well_at = None
        for check in self._checks:
            check()
        self._well_at = self._clock.now()


class Seldom:
    """A question that costs something to answer: asked anew after *every* seconds, answered as before until then."""

    def __init__(self, question: Callable[[], bool], clock: Clock, every: Seconds) -> None:
        self._question = question
        self._clock = clock
        self._every = every
        self._asked: Instant | None = None
        self._answer = False

    def ask(self) -> bool:
        """Return the answer. Raises what the question raises, and asks it again the next time."""
        if self._asked is None or self._clock.now() - self._asked >= self._every:
            self._answer = self._question()
            self._asked = self._clock.now()
        return self._answer


_REACHES = {
    Reach.OFFLINE: "offline",
    Reach.HELD_UP: "uploads held up",
    Reach.REFUSED: "not uploading",
    Reach.NO_BUCKET: "no bucket set",
}
"""How far uploads get, where that is worth a word."""


class _Uploads:
    """What the daemon wants to know of the uploader."""

    def __init__(self, uploader: Uploader) -> None:
        self._uploader = uploader

    def stuck(self, now: Instant) -> bool:
        """Return whether the uploader has died or hangs."""
        return self._uploader.stuck(now)

    def words(self) -> str:
        """Return how far uploads get, what is not sent, and why, for an operator; "" while all is well."""
        status = self._uploader.status()
        facts = [_REACHES[status.reach]] if status.reach in _REACHES else []
        if status.pending and (facts or status.error):
            facts.append(f"{status.pending} GIF{'s' if status.pending > 1 else ''} not sent yet")
        if status.failed:
            facts.append(f"{status.failed} set aside in failed/")
        words = ", ".join(facts)
        return f"{words}: {status.error}" if words and status.error else words or status.error or ""
