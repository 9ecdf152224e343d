"""The booths that ``scripts/bench`` looks at, each in a process of its own, on the dummy display if there is none.

``wait`` is a booth that nobody comes to, until SIGTERM; ``wait-with-all`` is one of which guests would take home all
that there is; ``bare`` is no booth, but what that is held against. ``press`` is one whose guests press and walk away,
and which prints what they felt. ``frame`` is one whose guests pose while GIF after GIF is made, and which prints what
became of the time of each frame. All are `booth --simulate` in everything but its guests: the daemon, the drivers of
button and LED on mock pins, the screen, gm, the outbox and the uploader are the booth's own. Logs go to standard error,
as JSON.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import perf_counter, sleep, thread_time

import pygame

from booth import logs, memory, wiring
from booth.core.scene import (
    FRAME_INTERVAL,
    AttractScene,
    CountdownScene,
    FlashScene,
    GetReadyScene,
    Scene,
)
from booth.core.states import Attract, Booth
from booth.daemon import Daemon
from booth.disk import RealDisk
from booth.drivers.clock import SystemClock
from booth.imaging.recipe import Recipe
from booth.ports import Probe, Size, unmeasured
from booth.rehearsal import Onlooker, Stopwatch
from booth.settings.loading import load
from booth.settings.model import Settings
from booth.sim.pins import SimPanel
from booth.simulation import Simulation, simulated
from booth.ui.screen import PygameScreen
from booth.units import Instant, Pixels, Seconds, later
from booth.world import make_gif
from lab import ROOT, products

FRAMES = ROOT / "tests" / "photos" / "astronaut"

PRESSES = 100
"""This many presses are taken while a GIF is being made."""

QUIET_EVERY = 4
"""The number of them after which comes one while nothing is being made, to compare with."""

MOST = 3 * PRESSES
"""Guests at most: if gm is so fast that it is seldom met at work, the bench ends all the same."""

SETTLED = 3.0
"""Seconds that a booth has been up for before the first guest comes."""

PATIENCE = 30.0
"""Seconds after which a booth that does not react is broken."""

IN_HASTE = {"countdown.get_ready_s": "0.05", "countdown.seconds": "0.05"}
"""Guests who do not pose. Between a press and its first changed pixel there is no difference."""

DEADLINE = Seconds(60.0)
"""The longest that one run of gm may take, in what is made beside the booth."""

GOLDEN = 0.618034
"""Multiples of it, less their whole part, lie evenly between 0 and 1: presses meet the frames in every phase."""


def settings_of(overrides: Mapping[str, str]) -> Settings:
    """Return the built-in settings, whatever is set on this machine, but for *overrides*."""
    return load(config=ROOT / "config" / "booth.toml", environ={}, overrides=overrides).settings


def assemble(
    settings: Settings,
    frames: Path | None,
    stack: ExitStack,
    *,
    window: bool = False,
    probe: Probe = unmeasured,
) -> wiring.Appliance:
    """Return a booth as ``booth --simulate`` makes it where there is no display, or in its *window*."""
    memory.settle()
    logs.configure("info", "json", sys.stderr)
    outbox = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))) / "outbox"
    simulation = Simulation(frames=frames, headless=not window, outbox=outbox, probe=probe)
    return wiring.assemble(settings, simulated(settings, simulation, stack), stack)


def wait(overrides: Mapping[str, str]) -> int:
    """Run a booth that nobody comes to, at its built-in settings but for *overrides*, until SIGTERM."""
    with ExitStack() as stack:
        appliance = assemble(settings_of(overrides), None, stack)
        signal.signal(signal.SIGTERM, lambda *_: appliance.daemon.stop())
        appliance.run()
    return 0


def bare() -> int:
    """Run the least that a booth could be, until SIGTERM: a display, and a look at its events thirty times a second."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    pygame.display.init()
    pygame.display.set_mode((800, 480))
    clock = pygame.time.Clock()
    over = Flag()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    while not over.is_set():
        pygame.event.get()
        clock.tick(round(1 / FRAME_INTERVAL))
    return 0


class Hand(Onlooker):
    """A watcher whose finger, a thread of its own, presses as soon as the booth invites again."""

    def __init__(self, daemon: Daemon, panel: SimPanel, stopwatch: Stopwatch, now: Callable[[], Instant]) -> None:
        self._daemon = daemon
        self._panel = panel
        self._stopwatch = stopwatch
        self._now = now
        self._invited = Flag()
        self._reacted = Flag()
        self.busy: list[float] = []
        """Seconds from the finger to the first changed pixel, with gm at work from one to the other."""
        self.quiet: list[float] = []
        """The same, with no gm at work at either."""
        self.between: list[float] = []
        """The same, with gm beginning or ending between them."""
        self.fault: str | None = None
        self._thread = Thread(target=self._visit, name="finger", daemon=True)

    def start(self) -> None:
        """Have the guests come."""
        self._thread.start()

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See the invitation, and the reaction."""
        if changed and isinstance(shown, AttractScene):
            self._invited.set()
        elif changed and isinstance(shown, GetReadyScene):
            self._reacted.set()

    def _visit(self) -> None:
        try:
            if not self._invited.wait(PATIENCE):
                raise TimeoutError("it never came to invite")
            sleep(SETTLED)
            for guest in range(MOST):
                self._press(guest, quiet=guest % (QUIET_EVERY + 1) == QUIET_EVERY)
                if len(self.busy) >= PRESSES:
                    break
        except TimeoutError as exc:
            self.fault = str(exc)
        finally:
            self._daemon.stop()

    def _press(self, guest: int, *, quiet: bool) -> None:
        if not self._invited.wait(PATIENCE):
            raise TimeoutError(f"guest {guest} was not invited within {PATIENCE:.0f} s")
        if quiet:
            while gm_at_work():
                sleep(0.05)
        sleep(guest * GOLDEN % 1.0 * FRAME_INTERVAL)
        self._reacted.clear()
        making = gm_at_work()
        self._stopwatch.pressed(self._now())  # before the first edge, and so before any chatter
        self._panel.press()
        self._panel.release()
        if not self._reacted.wait(PATIENCE):
            raise TimeoutError(f"the press of guest {guest} was not answered within {PATIENCE:.0f} s")
        still = gm_at_work()
        self._invited.clear()
        felt = self._stopwatch.press_to_reaction[-1]
        (self.between if making != still else self.busy if making else self.quiet).append(felt)


def gm_at_work() -> bool:
    """Return whether a gm that this process has started is running."""
    own = str(os.getpid())
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(" (")[2].rpartition(") ")
        except OSError:
            continue  # it has ended
        state, parent = rest.split(maxsplit=2)[:2]
        if name == "gm" and parent == own and state != "Z":
            return True
    return False


def press() -> int:
    """Run a booth whose guests press and walk away; print what they felt as JSON; return the exit status."""
    settings = settings_of(IN_HASTE)
    # They are gone before they have touched the form, so their GIF is being made when the next one presses. It is no
    # setting that an owner may choose, and so not among the overrides.
    settings = settings.model_copy(update={"form": settings.form.model_copy(update={"idle_s": 0.0})})
    with ExitStack() as stack:
        appliance = assemble(settings, FRAMES, stack)
        if appliance.panel is None:
            raise RuntimeError("a simulated booth has a panel")
        stopwatch = Stopwatch()
        hand = Hand(appliance.daemon, appliance.panel, stopwatch, SystemClock().now)
        appliance.daemon.watch(stopwatch)
        appliance.daemon.watch(hand)
        hand.start()
        appliance.run()
    print(json.dumps({"busy": hand.busy, "quiet": hand.quiet, "between": hand.between, "fault": hand.fault}))
    return 0 if hand.fault is None else 1


POSING = {"countdown.get_ready_s": "0.5", "countdown.seconds": "1.0"}
POSERS = 6
"""Guests, each of whom poses for five seconds."""

MIRROR = (GetReadyScene, CountdownScene, FlashScene)
"""The scenes with a live preview, and the flash between them."""


class Ledger:
    """Where the time of each round of the loop went: a part's time is its own, without the parts that lie in it."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, float]] = []
        """Of each round: the seconds of every part, by the clock."""
        self.cpu: list[float] = []
        """Of each round: the seconds of the processor, this thread's."""
        self._parts: dict[str, float] = {}
        self._open: list[float] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Put the time from here to the end down under *name*; the part that lies in no other is a round."""
        before, began = thread_time(), perf_counter()
        self._open.append(0.0)
        try:
            yield
        finally:
            took = perf_counter() - began
            inside = self._open.pop()
            self._parts[name] = self._parts.get(name, 0.0) + took - inside
            if self._open:
                self._open[-1] += took
            else:
                self.rounds.append(self._parts)
                self.cpu.append(thread_time() - before)
                self._parts = {}


class Poser(Onlooker):
    """A watcher that puts down each frame in front of the lens that changed a pixel, and presses for the next guest."""

    def __init__(self, daemon: Daemon, panel: SimPanel) -> None:
        self._daemon = daemon
        self._panel = panel
        self._guests = 0
        self._invited: Instant | None = None
        self._counts = False
        self.counts: list[bool] = []
        """Of every round of the loop: whether it painted such a frame."""

    def painted(self, shown: Scene, began: Instant, ended: Instant, *, changed: bool) -> None:
        """See a frame."""
        self._counts = changed and isinstance(shown, MIRROR)

    def looped(self, booth: Booth, now: Instant) -> None:
        """See the end of a round; press when the booth invites."""
        self.counts.append(self._counts)
        self._counts = False
        if not isinstance(booth.state, Attract):
            self._invited = None
        elif self._invited is None:
            self._invited = now
            if self._guests == POSERS:
                self._daemon.stop()
        elif self._guests < POSERS and now - self._invited > (0.2 if self._guests else SETTLED):
            self._guests += 1
            self._invited = later(now, Seconds(PATIENCE))
            self._panel.press()
            self._panel.release()


class Forgetful(Onlooker):
    """A watcher that has the screen paint all of each frame, as if it did not know what has changed."""

    def __init__(self, appliance: wiring.Appliance) -> None:
        if not isinstance(appliance.screen, PygameScreen):
            raise TypeError("what is measured is the screen that is painted")
        self._screen = appliance.screen

    def looped(self, booth: Booth, now: Instant) -> None:
        """Have the next frame painted anew."""
        self._screen.repaint()


def bake(ended: Flag, counted: list[int]) -> None:
    """Make the photographs of the tests into GIFs with the booth's own pipeline, one after the other, until *ended*."""
    frames = sorted(FRAMES.glob("frame-*.jpg"))
    recipe = Recipe(Size(Pixels(640), Pixels(480)), delay=Seconds(0.5), loops=0)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        gm = make_gif(recipe, Path(folder) / "scratch", DEADLINE, RealDisk())
        while not ended.is_set():
            for frame in frames:
                gm.prepare(frame, frames[0])
            gm.join(frames, Path(folder) / "booth.gif")
            counted[0] += 1


def frame(*, window: bool, naive: bool) -> int:
    """Run a booth whose guests pose; print the parts of each frame as JSON; return the exit status.

    *naive* has the screen paint all of each frame.
    """
    settings = settings_of(POSING)
    settings = settings.model_copy(update={"form": settings.form.model_copy(update={"idle_s": 0.0})})
    ledger, ended, baked = Ledger(), Flag(), [0]
    with ExitStack() as stack:
        appliance = assemble(settings, FRAMES, stack, window=window, probe=ledger.part)
        if appliance.panel is None:
            raise RuntimeError("a simulated booth has a panel")
        poser = Poser(appliance.daemon, appliance.panel)
        appliance.daemon.watch(poser)
        if naive:
            appliance.daemon.watch(Forgetful(appliance))
        baker = Thread(target=bake, args=(ended, baked), name="baker", daemon=True)
        baker.start()
        appliance.run()
        ended.set()
        baker.join()
    counted = [index for index, counts in enumerate(poser.counts) if counts]
    frames, spent = [ledger.rounds[index] for index in counted], [ledger.cpu[index] for index in counted]
    print(json.dumps({"frames": frames, "cpu": spent, "gifs": baked[0]}))
    return 0


def bake_on() -> int:
    """Make GIF after GIF until SIGTERM, beside something else that is measured."""
    ended = Flag()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    bake(ended, [0])
    return 0


MODES: dict[str, Callable[[], int]] = {
    "wait": lambda: wait({}),
    "wait-with-all": lambda: wait(products.SETTINGS),
    "bare": bare,
    "press": press,
    "frame": lambda: frame(window=False, naive=False),
    "frame-window": lambda: frame(window=True, naive=False),
    "frame-naive": lambda: frame(window=False, naive=True),
    "bake": bake_on,
}

if __name__ == "__main__":
    sys.exit(MODES[sys.argv[1]]())
