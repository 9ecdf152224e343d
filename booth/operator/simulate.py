"""``booth simulate``: the booth with a simulated button, LED and camera, in a window or by itself."""

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from booth.errors import BoothError
from booth.operator import options, process
from booth.operator.command import Command

if TYPE_CHECKING:  # these cost a third of a second to import; `booth --help` does without
    from booth.core.events import Event
    from booth.core.scene import Scene
    from booth.core.states import Booth
    from booth.settings.loading import Loaded
    from booth.simulation import Simulation
    from booth.units import Instant

SCREEN_LEAST, SCREEN_MOST = (320, 240), (3840, 2160)
"""The smallest and the largest screen that ``--screen`` takes, in pixels."""

REHEARSALS_KEPT = 20
"""Rehearsals that stay on disk before a new one; older ones go. Nobody real is in them."""


def pretend(parser: argparse.ArgumentParser) -> None:
    """Have the parser take what there is to choose of the simulator."""
    pretended = parser.add_argument_group("the simulator")
    pretended.add_argument("--screen", type=_screen_size, metavar="WxH",
                           help="the size of its screen: 800x480, 1024x600")  # fmt: skip
    pretended.add_argument("--frames", type=Path, metavar="DIR", help="show the camera the JPEGs in DIR")
    pretended.add_argument("--guests", type=_count, metavar="N",
                           help="play N guests without a person: print a JSON object for each, then a summary; the "
                           "exit status is 0 only if all N are in the bucket")  # fmt: skip
    pretended.add_argument("--names", type=Path, metavar="FILE",
                           help="their names and e-mail addresses: one guest per line, with a tab between")  # fmt: skip
    pretended.add_argument("--skip", action="store_true",
                           help="with --guests: they give no details, and use nothing but the button")  # fmt: skip
    pretended.add_argument("--fast", action="store_true",
                           help="shorten the countdowns to what camera and GIF need")  # fmt: skip
    pretended.add_argument("--stick", type=Path, metavar="DIR",
                           help="a folder that stands for a stick: plugged in as long as it is there")  # fmt: skip
    pretended.add_argument("--screenshots", type=Path, metavar="DIR",
                           help="with --guests: save a PNG of each screen in DIR")  # fmt: skip


def _options(parser: argparse.ArgumentParser) -> None:
    options.settings(parser)
    pretend(parser)


def _wrong(arguments: argparse.Namespace) -> str:
    for name in ("names", "skip", "screenshots"):
        if getattr(arguments, name) and arguments.guests is None:
            return f"--{name} goes with --guests"
    if arguments.skip and arguments.names:
        return "--skip goes without --names: a line with nothing but a tab is a guest who skips"
    return ""


def _screen_size(text: str) -> tuple[int, int]:
    try:
        width, height = (int(number) for number in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size, such as 800x480") from None
    if not (SCREEN_LEAST[0] <= width <= SCREEN_MOST[0] and SCREEN_LEAST[1] <= height <= SCREEN_MOST[1]):
        raise argparse.ArgumentTypeError(f"{text} is not between 320x240 and 3840x2160")
    return width, height


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of guests, 1 or more")
    return count


def _run(arguments: argparse.Namespace) -> int:
    process.begin()
    from booth.settings import loading, sources

    environ = dict(os.environ)
    operator = None
    if arguments.guests is None and _has_display():
        # What was changed on the operator's screen of the simulator counts there, and nowhere else.
        operator = operators_folder(environ)
        environ[sources.OPERATOR_VARIABLE] = str(operator)
    loaded = loading.load(config=arguments.config, environ=environ, overrides=dict(arguments.set))
    process.warn(loaded)
    process.settle(loaded)
    with ExitStack() as stack:
        return _simulate(arguments, loaded, stack, operator)


def _simulate(arguments: argparse.Namespace, loaded: "Loaded", stack: ExitStack, operator: Path | None) -> int:
    from booth import rehearsal
    from booth.ports import Size
    from booth.simulation import Simulation
    from booth.units import Pixels

    people = rehearsal.read_guests(arguments.names) if arguments.names else rehearsal.GUESTS
    if arguments.skip:
        people = (rehearsal.NOBODY,)
    headless = not _has_display()
    showcase = headless and arguments.guests is None
    if showcase:
        print(
            "booth: there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): one scripted guest plays "
            "without a window. On a desktop you can play yourself.",
            file=sys.stderr,
        )
    guests = 1 if showcase else arguments.guests
    own_outbox = loaded.origins.get("outbox.dir") == "built-in"
    folder = place("simulated" if guests is None else None) if own_outbox or showcase else None
    simulation = Simulation(
        screen=Size(*map(Pixels, arguments.screen)) if arguments.screen else None,
        frames=arguments.frames,
        fast=arguments.fast,
        headless=headless,
        outbox=folder / "outbox" if own_outbox and folder else None,
        operator=operator if guests is None else None,
        beneath=loaded.beneath,
        export=_export(arguments, loaded, folder),
        stick=arguments.stick.absolute() if arguments.stick else None,
    )
    ending = process.Ending()
    if guests is None:
        return _play_at_the_window(loaded, simulation, stack, ending)
    return rehearsal.play(
        loaded.settings,
        simulation,
        rehearsal.guest_list(people, guests),
        stack,
        screenshots=arguments.screenshots or (folder / "screens" if showcase and folder else None),
        objects=folder / "bucket" if showcase and folder else None,
        on_daemon=ending.of,
    )


def _export(arguments: argparse.Namespace, loaded: "Loaded", folder: Path | None) -> tuple[str, ...]:
    """Return the command that copies what this booth has onto a stick."""
    outbox = folder / "outbox" if folder is not None else loaded.settings.outbox.dir
    config = ("--config", str(arguments.config)) if arguments.config else ()
    changed = (word for key, value in arguments.set for word in ("--set", f"{key}={value}"))
    event = f"--event={loaded.settings.event.name}"
    return (sys.executable, "-m", "booth", "export", "--outbox", str(outbox.absolute()), event, *config, *changed)


def _play_at_the_window(loaded: "Loaded", simulation: "Simulation", stack: ExitStack, ending: process.Ending) -> int:
    from booth import memory, wiring
    from booth.simulation import simulated

    appliance = wiring.assemble(loaded.settings, simulated(loaded.settings, simulation, stack), stack)
    memory.freeze()
    ending.of(appliance.daemon)
    appliance.daemon.watch(Whereabouts(appliance.outbox))
    appliance.run()
    return 0


class Whereabouts:
    """Says in the terminal where the GIF of each visit is. Fulfils `booth.daemon.Watcher`."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def stepped(self, before: "Booth", event: "Event", after: "Booth") -> None:
        """Say it when the visit is in the outbox, or has left it for the folder of those that were sent."""
        from booth.core.events import Committed, Delivered

        match event:
            case Delivered(session=session):
                print(f"booth: sent; the GIF is {self._outbox / 'sent' / session / 'animation.gif'}", file=sys.stderr)
            case Committed(session=session) if not after.online:
                print(
                    f"booth: kept; the GIF is {self._outbox / 'pending' / session / 'animation.gif'}", file=sys.stderr
                )
            case _:
                pass

    def painted(self, shown: "Scene", began: "Instant", ended: "Instant", *, changed: bool) -> None:
        """See one frame."""

    def looped(self, booth: "Booth", now: "Instant") -> None:
        """See the end of one round of the loop."""


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and (
        os.environ.get("SDL_VIDEODRIVER") not in {"dummy", "offscreen"}
    )


def operators_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the operator's screen at the window: what the *environ* names, else the simulator's own."""
    from booth.settings import sources

    named = environ.get(sources.OPERATOR_VARIABLE)
    return Path(named).absolute() if named else place("simulated") / "operator"


def place(name: str | None) -> Path:
    """Return where the simulator keeps its visits: always the same folder for *name*, a new one without."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    folder = state / "booth"
    if name is not None:
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / name
    import shutil
    import tempfile
    import time

    rehearsals = folder / "rehearsals"
    try:
        rehearsals.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in sorted(rehearsals.iterdir())[:-REHEARSALS_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=rehearsals))
    except OSError as exc:
        raise BoothError(
            f"{rehearsals} cannot be made ({exc.strerror}); set XDG_STATE_HOME to a folder of yours"
        ) from exc


COMMAND = Command(
    name="simulate",
    does="Run the booth with a simulated button, LED and camera, in a window.",
    more="Without a display one scripted guest plays; with --guests as many as you like, as fast as the booth can. In "
    "the window, Shift and the mouse in a corner hold the opposite corner, too: the way to the operator's screen, once "
    "booth pin has set a PIN.",
    examples=(
        ("booth simulate", "a booth in a window: the space bar is the button"),
        ("booth simulate --screen 1024x600 --fast", "on a larger screen, with short countdowns"),
        ("booth simulate --guests 3 --skip", "three guests without a person, who use nothing but the button"),
    ),
    options=_options,
    run=_run,
    wrong=_wrong,
    flag="--simulate",
)
