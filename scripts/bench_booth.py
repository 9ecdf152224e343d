#!/usr/bin/env python3
"""The booths that ``scripts/bench`` looks at, each in a process of its own and on the dummy display.

``wait`` is a booth that nobody comes to, until SIGTERM. ``press`` is one whose guests press and walk away, and which
prints what they felt. Both are `booth --simulate` in everything but its guests: the daemon, the drivers of button and
LED on mock pins, the screen, gm, the outbox and the uploader are the booth's own. Logs go to standard error, as JSON.
"""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from time import sleep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from booth import config, logs, memory, wiring  # noqa: E402  the booth is found beside this script, installed or not
from booth.core.scene import FRAME_INTERVAL, AttractScene, GetReadyScene, Scene  # noqa: E402
from booth.daemon import Daemon  # noqa: E402
from booth.drivers.clock import SystemClock  # noqa: E402
from booth.rehearsal import Onlooker, Stopwatch  # noqa: E402
from booth.sim.pins import SimPanel  # noqa: E402
from booth.units import Instant  # noqa: E402

FRAMES = ROOT / "tests" / "photos" / "astronaut"

PRESSES = 100
"""This many presses are taken while a GIF is being made."""

QUIET_EVERY = 4
"""After so many of them comes one while nothing is being made, to compare with."""

MOST = 3 * PRESSES
"""Guests at most: if gm is so fast that it is seldom met at work, the bench ends all the same."""

SETTLED = 3.0
"""Seconds that a booth has been up for before the first guest comes."""

PATIENCE = 30.0
"""Seconds after which a booth that does not react is broken."""

IN_HASTE = {"countdown.get_ready_s": "0.05", "countdown.seconds": "0.05"}
"""Guests who do not pose. Between a press and its first changed pixel there is no difference."""

GOLDEN = 0.618034
"""Multiples of it, less their whole part, lie evenly between 0 and 1: presses meet the frames in every phase."""


def settings_of(overrides: Mapping[str, str]) -> config.Settings:
    """Return the built-in settings, whatever is set on this machine, but for *overrides*."""
    return config.load(config=ROOT / "config" / "booth.toml", environ={}, overrides=overrides).settings


def assemble(settings: config.Settings, frames: Path | None, stack: ExitStack) -> wiring.Appliance:
    """Return a booth as ``booth --simulate`` makes it where there is no display."""
    memory.settle()
    logs.configure("info", "json", sys.stderr)
    outbox = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))) / "outbox"
    return wiring.assemble_simulator(settings, wiring.Simulation(frames=frames, headless=True, outbox=outbox), stack)


def wait() -> int:
    """Run a booth that nobody comes to, until SIGTERM."""
    with ExitStack() as stack:
        daemon = assemble(settings_of({}), None, stack).daemon
        signal.signal(signal.SIGTERM, lambda *_: daemon.stop())
        daemon.run()
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
        appliance.daemon.run()
    print(json.dumps({"busy": hand.busy, "quiet": hand.quiet, "between": hand.between, "fault": hand.fault}))
    return 0 if hand.fault is None else 1


if __name__ == "__main__":
    sys.exit({"wait": wait, "press": press}[sys.argv[1]]())
