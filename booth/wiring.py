"""The composition root: who gets what. Settings and a world become a booth.

The only place that knows all the parts by name. What is opened here is put on the caller's `ExitStack`, and closed in
reverse. Nothing is decided here: what the settings mean is in `booth.choices`, what there is in `booth.world`.
"""

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import structlog

from booth import RELEASED, __version__, choices
from booth.backstage import Backstage
from booth.branding.plates import EVERY as DAILY
from booth.branding.plates import Plates, evening_of
from booth.bulletin import EVERY, FILE, Parts, Teller
from booth.core.events import Notice, Part, Pressed
from booth.core.rules import Rules
from booth.core.scene import NO_SESSION
from booth.daemon import STUCK, Daemon, Inbox
from booth.discreet import discreet
from booth.drivers.cameras import name_of
from booth.drivers.stick import UPDATES
from booth.errors import CompositorError, ConfigError
from booth.imaging import playback
from booth.imaging.judge import PICTURES, Judge
from booth.imaging.recipe import Recipe
from booth.logs import forget, hide, troubles
from booth.outbox.courier import no_links
from booth.outbox.following import NOTICES as COPIES
from booth.outbox.following import Follower
from booth.outbox.ids import SessionIds, here
from booth.outbox.lately import Lately
from booth.outbox.nights import Nights
from booth.outbox.scribe import Scribe
from booth.outbox.spool import TARGET, Spool
from booth.outbox.uploads import Uploads
from booth.ports import GIF, Bench, Clock, Compositor, Output, Screen, Size, Target, Voice
from booth.settings.model import Settings
from booth.sharing import links_of, pages_of, patience_of
from booth.sim.pins import SimPanel
from booth.threads import Look
from booth.ui import display
from booth.units import Pixels, Seconds
from booth.workers import Console, Contact, Crew, Gallery, Lookout, Seldom
from booth.workers.lookout import CHECKED, listening
from booth.world import ReadableBucket, ServiceManager, TouchScreen, World

log = structlog.get_logger()

ENDING = Seconds(1.5)
"""How long each of the threads is waited for at the end; what they leave undone is taken up at the next start."""

SMALL = Size(Pixels(240), Pixels(180))
"""Frames and animations that are shown small are no larger."""

GLIMPSED = 6
"""Pictures of an animation that are shown on the invitation at most: eight animations are 6 MB at most."""


@dataclass(frozen=True)
class Appliance:
    """A booth, put together and not yet running."""

    daemon: Daemon
    inbox: Inbox
    screen: TouchScreen
    console: Console
    crew: Crew
    contact: Contact
    compositor: Compositor
    spool: Spool
    outbox: Path
    """The spool's folder."""
    ids: SessionIds
    uploads: Uploads
    telling: Look
    """The thread that writes down what was counted, and how the booth is."""
    settings: Settings
    open_bucket: Callable[[], ReadableBucket]
    panel: SimPanel | None
    """The simulated button and lamp."""

    def run(self) -> None:
        """Run until the daemon is told to stop: guests come, and what waits is sent."""
        self.uploads.start()
        self.telling.start()
        self.daemon.run()


@dataclass(frozen=True)
class Page:
    """What it takes to tell the owner something: a screen, the button and the LED; nothing else of a booth."""

    clock: Clock
    screen: Screen
    console: Console
    notify: ServiceManager


def assemble(settings: Settings, world: World, stack: ExitStack) -> Appliance:
    """Put a booth together, of what there is in the *world*, as the *settings* want it.

    Raises `ScreenError` without a display and `OutboxError` without a place for the visits. A missing camera, button
    or gm is not an error here: the booth starts, says so on its screen, and is ready when the part is there.
    """
    clock, inbox = world.clock, Inbox()
    outbox = world.outbox or settings.outbox.dir
    others = (*choices.targets_of(settings), *world.targets)
    scratch = (world.scratch or outbox) / "scratch"
    plates = _plates(settings, world, scratch)
    recipe, outputs = _made(settings, world, scratch, plates)
    spool = stack.enter_context(_spool(settings, world, outbox, others, outputs))
    ids = SessionIds(clock.wall, after=spool.newest())
    voice = _voice(settings, world, stack)
    gallery = _gallery(settings, world, spool)
    size = _size(settings, world)
    _furnished(scratch, plates, outputs, stack)
    compositor = world.make_compositor(
        recipe,
        scratch,
        Seconds(settings.animation.deadline_s),
        world.disk,
    )
    console = _console(settings, world, lambda: inbox.put(Pressed(clock.now(), ids())))
    stack.callback(console.close)
    links = links_of(settings, size)
    pages = pages_of(settings, size, clock.wall) if links is not None else None
    backstage = Backstage(settings, world, outbox)
    rules = backstage.rules(world.pace(choices.rules_of(settings)))
    if links is None:
        rules = replace(rules, share=Seconds(0.0))
    wanted = choices.bucket_of(settings)
    bucket_set = bool(wanted.endpoint_url) or world.lends_bucket
    if not bucket_set:
        log.warning("bucket.none", why="zenko.endpoint_url is empty: visits are kept, and sent when it is set")
    open_bucket = partial(world.open_bucket, wanted)
    targets = (Target(TARGET, open_bucket, wanted.longest), *others)

    def clock_wrong() -> bool:
        return clock.wall() < RELEASED

    uploads = Uploads.to(
        [discreet(target, hide=hide, forget=forget, waiting=spool.waiting) for target in targets],
        spool.queue,
        post=inbox.put,
        now=clock.now,
        clock_wrong=clock_wrong,
        links=links or no_links,
        pages=pages,
        patience=patience_of(rules),
        bucket_set=bucket_set,
        followed=partial(
            Follower, spool.sent(), post=inbox.put, now=clock.now, event=settings.event.name, sites=rules.sites
        ),
    )
    contact, judge = Contact(), Judge()
    disk = Lookout((spool.check,), clock, CHECKED)
    gm = Lookout((compositor.check, playback.check), clock, CHECKED, afterwards=world.at_rest)
    crew = Crew(
        open_camera=partial(world.open_camera, choices.camera_of(settings)),
        rebooter=world.rebooter(settings.camera.restart),
        compositor=compositor,
        outbox=spool,
        outputs=outputs,
        contact=contact,
        checks={
            Part.BUTTON: console.check,
            Part.GM: gm.check,
            Part.DISK: disk.check,
        },
        notices={
            Notice.DISK_LOW: Seldom(spool.low, clock, CHECKED).ask,
            Notice.CLOCK_UNKNOWN: clock_wrong,
            Notice.BUTTON_HELD: console.held,
            **{notice: partial(uploads.holds, notice) for notice in COPIES},
            **{notice: partial(judge.holds, notice) for notice in PICTURES},
            **{notice: partial(world.updates, notice) for notice in UPDATES},
        },
        post=listening(inbox.put, {Part.DISK: disk, Part.GM: gm}),
        now=clock.now,
        committed=uploads.wake,
        hide=hide,
        forget=forget,
        small=partial(playback.thumbnail, room=SMALL),
        look=judge.look,
        gallery=gallery,
        hours=backstage.hours,
        porter=backstage.porter(
            inbox.put,
            wake=uploads.wake,
            status=uploads.first.status,
            stop=lambda: daemon.stop(),  # noqa: PLW0108  there is no daemon yet
            hire=world.hire,
        ),
        hire=world.hire,
    )
    # The parts are looked for while the screen is opened: both take seconds on a Pi, and it has more than one core.
    crew.start()
    with ExitStack() as unseen:
        unseen.callback(crew.close, ENDING)
        screen = world.open_screen(
            choices.dress_of(settings, size),
            album=contact,
            preview=crew.studio.preview,
            fresh=ids,
            gallery=gallery,
            voice=voice,
            speaker=world.open_speaker(settings.sound.volume) if settings.sound.enabled else None,
        )
        unseen.pop_all()
    stack.callback(screen.close)
    daemon = Daemon(
        clock=clock,
        inbox=inbox,
        rules=rules,
        screen=screen,
        led=console,
        crew=crew,
        uploads=uploads,
        notify=world.notify,
        watchdog=world.notify.watchdog_interval(),
        interval=world.interval,
        probe=world.probe,
        darkroom_limit=_darkroom_limit(settings, rules, outputs),
    )
    drawn = f"{display.driver()} {size.width}x{size.height}"

    def parts() -> Parts:
        camera, presses, watched = crew.studio.camera, console.presses(), daemon.watched
        return Parts(
            camera=name_of(camera) if camera is not None else "",
            frame=judge.verdict,
            screen=drawn,
            presses=presses.heard,
            edges=presses.edges,
            watchdog_s=watched[0] if watched is not None else 0.0,
            fed_s=round(max(clock.now() - watched[1], 0.0), 1) if watched is not None else 0.0,
        )

    telling = _telling(settings, world, spool, uploads, daemon, parts, stack, lambda: screen.language)
    stack.callback(crew.close, ENDING)
    stack.callback(uploads.close, ENDING)
    for output in outputs:
        stack.callback(output.close)
    stack.callback(compositor.close)  # first of these: whoever waits for gm need not wait any longer
    return Appliance(
        daemon=daemon,
        inbox=inbox,
        screen=screen,
        console=console,
        crew=crew,
        contact=contact,
        compositor=compositor,
        spool=spool,
        outbox=outbox,
        ids=ids,
        uploads=uploads,
        telling=telling,
        settings=settings,
        open_bucket=open_bucket,
        panel=world.panel,
    )


def _plates(settings: Settings, world: World, scratch: Path) -> Plates | None:
    """Return what keeps the layout drawn, if there is one; nothing is drawn yet."""
    order, clock = choices.layout_of(settings), world.clock
    if order is None:
        return None

    def evening() -> date | None:
        wall = clock.wall()
        return evening_of(here(wall)) if wall >= RELEASED and world.time_known() else None

    return Plates(order, scratch / "layout", evening)


def _made(settings: Settings, world: World, scratch: Path, plates: Plates | None) -> tuple[Recipe, tuple[Output, ...]]:
    """Return how the animation is made, and what is made beside it: below what the *plates* have, if there are any."""
    laid = plates.paths() if plates is not None else {}
    recipe = choices.recipe_of(settings)
    recipe = replace(recipe, overlay=laid.get("animation", recipe.overlay))
    bench = Bench(scratch, recipe, settings.countdown.shots, laid)
    return recipe, (*choices.outputs_of(settings, bench), *world.outputs)


def _furnished(scratch: Path, plates: Plates | None, outputs: Sequence[Output], stack: ExitStack) -> None:
    """Empty the folder for what is only on its way, draw the layout into it, and see that all *outputs* can be made.

    A booth that was killed leaves guests' pictures there. Raises `ConfigError`: a party is too late to learn that
    something cannot be made.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    stack.callback(shutil.rmtree, scratch, ignore_errors=True)
    if plates is not None:
        plates.start()
        daily = Look("layout", plates.look, DAILY)
        daily.start()
        stack.callback(daily.end, ENDING)
    try:
        for output in outputs:
            output.check()
    except CompositorError as exc:
        raise ConfigError(str(exc)) from exc


def _telling(
    settings: Settings,
    world: World,
    spool: Spool,
    uploads: Uploads,
    daemon: Daemon,
    parts: Callable[[], Parts],
    stack: ExitStack,
    spoken: Callable[[], str],
) -> Look:
    """Return the thread that writes down what was counted and how the booth is, and reads what is wished of it."""
    outbox = world.outbox or settings.outbox.dir
    scribe = Scribe(Nights(outbox, world.disk), event=settings.event.name, wall=world.clock.wall, spoken=spoken)
    daemon.watch(scribe)
    lately = Lately(outbox, world.disk, troubles, world.clock.now)
    teller = Teller(
        (world.scratch or outbox) / FILE,
        world.disk,
        world.clock,
        release=__version__,
        outbox=outbox,
        event=settings.event.name,
        booth=settings.booth.name,
        now=lambda: daemon.booth,
        uploads=lambda: (uploads.first.status(), uploads.words()),
        troubles=troubles.last,
        parts=parts,
    )
    daemon.watch(teller)

    def tell() -> bool:
        teller.tell()
        scribe.keep()
        lately.keep()
        spool.grant(uploads.carries)
        return False  # there will be more

    telling = Look("teller", tell, EVERY)
    stack.callback(teller.end)
    stack.callback(lately.end)
    stack.callback(scribe.keep)
    stack.callback(telling.end, ENDING)
    return telling


def assemble_page(settings: Settings, world: World, stack: ExitStack, on_press: Callable[[], None]) -> Page:
    """Put together what it takes to tell the owner something: of a booth, no more than *settings* say of these parts.

    *on_press* is called from the button's thread. Raises `ScreenError` without a display. Button and LED are opened by
    the console's `check`.
    """
    screen = world.open_screen(
        choices.plain_dress_of(settings, _size(settings, world)),
        album=Contact(),
        preview=lambda: None,
        fresh=lambda: NO_SESSION,
        gallery=None,
        voice=None,
        speaker=None,
    )
    stack.callback(screen.close)
    console = _console(settings, world, on_press)
    stack.callback(console.close)
    return Page(world.clock, screen, console, world.notify)


def _console(settings: Settings, world: World, on_press: Callable[[], None]) -> Console:
    pins = choices.pins_of(settings)
    return Console(partial(world.open_button, pins, on_press), partial(world.open_led, pins))


def _spool(
    settings: Settings, world: World, outbox: Path, others: Sequence[Target], outputs: Sequence[Output]
) -> Spool:
    return Spool(
        outbox,
        event=settings.event.name,
        booth=settings.booth.name,
        key_template=settings.zenko.key_template,
        wall=world.clock.wall,
        uptime=world.clock.uptime,
        time_known=world.time_known,
        min_free_mb=settings.outbox.min_free_mb,
        keep_days=settings.outbox.keep_days,
        keep_details_days=settings.outbox.keep_details_days,
        kinds=(GIF, *(output.kind for output in outputs)),
        linked=settings.share.linked,
        paged=settings.page.enabled,
        targets=(TARGET, *(target.name for target in others)),
        copied=bool(settings.zenko.sites),
        wordings=choices.wordings_of(settings),
        disk=world.disk,
    )


def _voice(settings: Settings, world: World, stack: ExitStack) -> Voice | None:
    """Return what says the cues, if the settings want one."""
    if not settings.accessibility.spoken:
        return None
    voice = world.open_voice()
    stack.callback(voice.close)
    return voice


def _gallery(settings: Settings, world: World, spool: Spool) -> Gallery | None:
    """Return what the invitation shows, if the settings want it to and guests are asked."""
    latest = settings.attract.latest if settings.form.asks_to_show else 0
    if not latest:
        return None
    return Gallery(
        spool.agreed,
        partial(playback.glimpse, room=SMALL, most=GLIMPSED),
        latest=latest,
        now=world.clock.now,
        hire=world.hire,
    )


def _size(settings: Settings, world: World) -> Size:
    """Return the size of the screen."""
    return world.measure(
        choices.screen_size_of(settings),
        fullscreen=settings.screen.fullscreen,
        rotation=settings.screen.rotation,
        given="size" in settings.screen.model_fields_set,
    )


def _darkroom_limit(settings: Settings, rules: Rules, outputs: Sequence[Output]) -> Seconds:
    """Return how long a job of the darkroom may take.

    Each frame and the join may take gm its whole deadline, and so may making all smaller, first one and then all; and
    behind that each of the other products may take as long as it says.
    """
    others = sum(output.longest for output in outputs)
    return Seconds(STUCK + (rules.shots + 4) * settings.animation.deadline_s + others)
