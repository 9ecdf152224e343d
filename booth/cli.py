"""``booth``: the daemon, its simulator, and a look at its settings.

Logs go to standard error; standard output belongs to what was asked for. A mistake of the owner's gives its sentence
and status 2, a part that is missing status 1, an interruption 130.
"""

import argparse
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn, Protocol

from booth import __version__
from booth.errors import BoothError, ConfigError
from booth.reading import called, shown
from booth.units import Seconds

if TYPE_CHECKING:  # these cost a third of a second to import; `booth --help` does without
    from booth.config import Loaded
    from booth.core.events import Event
    from booth.core.scene import Scene
    from booth.core.states import Booth
    from booth.mistakes import Start
    from booth.simulation import Simulation
    from booth.units import Instant
    from booth.wiring import Appliance

SCREEN_LEAST, SCREEN_MOST = (320, 240), (3840, 2160)
"""The smallest and the largest screen that ``--screen`` takes, in pixels."""

COMMANDS = ("run", "config", "update")

REHEARSALS_KEPT = 20
"""As many rehearsals stay on disk before a new one; older ones go. Nobody real is in them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = _parser()
    parser.given = sys.argv[1:] if argv is None else argv
    arguments = parser.parse_intermixed_args(argv)  # or `booth update --allow-older FILE` has no FILE
    _only_with_simulate(parser, arguments)
    try:
        return _run(arguments)
    except ConfigError as exc:
        for mistake in str(exc).splitlines():
            print(f"booth: {shown(mistake)}", file=sys.stderr)
        return 2
    except BoothError as exc:
        print(f"booth: {shown(str(exc))}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has had enough (`booth config | head`); Python must not find that out again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> "_Parser":
    parser = _Parser(
        prog="booth",
        allow_abbrev=False,  # or half a name would be an option whose value is repeated when it is refused
        description="A photo booth: a button, four frames, an animated GIF, a name, and a Zenko bucket. "
        "Without an argument it runs the booth with the hardware that the settings name.",
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="run", metavar="config",
                        help="print the settings that booth.service starts with, or those of --config, and where each "
                        "came from; secrets are masked")  # fmt: skip
    parser.add_argument("bundle", nargs="?", type=Path, metavar="update FILE",
                        help="install a signed update, for the next start of the booth")  # fmt: skip
    parser.add_argument("--allow-older", action="store_true",
                        help="with update: also one that is older than what was here, or was taken back")  # fmt: skip
    parser.add_argument("--version", action="version", version=f"booth {__version__}")
    parser.add_argument("--config", type=Path, metavar="FILE",
                        help="the settings (else $BOOTH_CONFIG, else /etc/booth/booth.toml)")  # fmt: skip
    parser.add_argument("--set", action="append", type=_assignment, metavar="KEY=VALUE", default=[],
                        help="override a setting: --set event.name=Party; may be given several times")  # fmt: skip
    pretend = parser.add_argument_group("the simulator")
    pretend.add_argument("--simulate", action="store_true",
                         help="run with a simulated button, LED and camera, in a window")  # fmt: skip
    pretend.add_argument("--screen", type=_screen_size, metavar="WxH", help="the size of its screen: 800x480, 1024x600")
    pretend.add_argument("--frames", type=Path, metavar="DIR", help="show the camera the JPEGs in DIR")
    pretend.add_argument("--guests", type=_count, metavar="N",
                         help="play N guests without a person: print a JSON object for each, then a summary; the exit "
                         "status is 0 only if all N are in the bucket")  # fmt: skip
    pretend.add_argument("--names", type=Path, metavar="FILE",
                         help="their names and e-mail addresses: one guest per line, with a tab between")  # fmt: skip
    pretend.add_argument("--skip", action="store_true",
                         help="with --guests: they give no details, and use nothing but the button")  # fmt: skip
    pretend.add_argument("--fast", action="store_true", help="shorten the countdowns to what camera and GIF need")
    pretend.add_argument(
        "--screenshots", type=Path, metavar="DIR", help="with --guests: save a PNG of each screen in DIR"
    )
    return parser


class _Parser(argparse.ArgumentParser):
    """Repeats nothing of what it refuses that could be a secret: it may have been meant for ``--set``."""

    given: Sequence[str] = ()
    """The words of the command line."""

    def error(self, message: str) -> NoReturn:
        """End with *message*, after the words of the command line in it have been looked at."""
        cautious = any(re.search("secret|key|pass|zenko", word, re.IGNORECASE) for word in self.given)
        for word in sorted(filter(None, self.given), key=len, reverse=True):
            for spelling in (word, repr(word)[1:-1]):
                message = message.replace(spelling, _repeatable(word, cautious=cautious))
            if value := word.partition("=")[2]:
                message = message.replace(repr(value), "'...'")
        super().error(shown(message))


def _repeatable(word: str, *, cautious: bool) -> str:
    """Return as much of a word of the command line as may be repeated: an option, a short plain word, a size."""
    plain = r"[a-z]{1,16}(\.[a-z_]{1,24})?|[0-9]{1,5}(x[0-9]{1,5})?"
    if re.fullmatch(r"--?[a-z-]{1,20}", word) or (not cautious and re.fullmatch(plain, word)):
        return word
    option = re.match(r"--?[a-z-]{1,20}(?==)", word)
    return f"{option[0]}=..." if option else "..."


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        # What was given is not repeated: it may be a key of the bucket with a colon where the = should be.
        raise argparse.ArgumentTypeError("expected KEY=VALUE, such as event.name=Party: there is no = in it")
    return key, value


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


def _only_with_simulate(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Pretending is chosen: what belongs to the simulator does nothing without it, so it is refused."""
    for name in ("screen", "frames", "guests", "names", "skip", "screenshots", "fast"):
        if getattr(arguments, name) and not arguments.simulate:
            parser.error(f"--{name} goes with --simulate")
    for name in ("names", "skip", "screenshots"):
        if getattr(arguments, name) and arguments.guests is None:
            parser.error(f"--{name} goes with --guests")
    if arguments.skip and arguments.names:
        parser.error("--skip goes without --names: a line with nothing but a tab is a guest who skips")
    if arguments.simulate and arguments.command != "run":
        parser.error(f"{arguments.command} does not simulate; leave --simulate out")
    if (arguments.command == "update") != (arguments.bundle is not None):
        parser.error("update takes the file to install: booth update FILE")
    if arguments.allow_older and arguments.command != "update":
        parser.error("--allow-older goes with update")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.command == "update":
        from booth.appliance import update

        try:
            version = update.install(arguments.bundle, allow_older=arguments.allow_older)
        except update.UpdateError as exc:
            update.tell(exc, os.environ)
            raise
        print(f"{version} is installed, and on trial: systemctl restart booth takes it now")
        return 0

    from booth import memory

    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # standard output is not for pygame's greeting
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # or it looks for some in every package there is
    memory.hold()  # until the booth is put together
    if arguments.command == "run" and not arguments.simulate:
        return _serve(arguments)

    from booth import config

    if arguments.command == "config":
        return _describe(arguments)
    loaded = config.load(config=arguments.config, environ=os.environ, overrides=dict(arguments.set))
    _warn(loaded)
    _settle(loaded)
    with ExitStack() as stack:
        return _simulate(arguments, loaded, stack)


def _describe(arguments: argparse.Namespace) -> int:
    """Print the settings: those of the service, unless the command line or the environment names others."""
    from booth import config, systemd
    from booth.ui import faces

    theirs: dict[str, str] = {}
    if arguments.config is None and config.CONFIG_VARIABLE not in os.environ:
        theirs = systemd.environment_of_service(config.PREFIX)
        for name, value in theirs.items():
            # A setting's value is printed with the others, masked if it is a secret.
            said = f"{name}={called(value)}" if name == config.CONFIG_VARIABLE else name
            print(f"booth: as booth.service does: {shown(said)}", file=sys.stderr)
    stores = () if "CREDENTIALS_DIRECTORY" in os.environ else config.STORES
    environ = {**theirs, **os.environ}
    loaded = config.load(config=arguments.config, environ=environ, overrides=dict(arguments.set), stores=stores)
    _warn(loaded)
    said = config.describe(loaded)
    if missing := faces.lacking(faces.search(faces.FONT_FOLDERS)):
        said += f"\n\n# No font here has letters for {', '.join(missing)}: names are shown as boxes. {faces.INSTALL}"
    print(said, flush=True)  # whoever reads it may be gone: found out here, not at exit
    return 0


def _warn(loaded: "Loaded") -> None:
    for warning in loaded.warnings:
        print(f"booth: {warning}", file=sys.stderr)


def _settle(loaded: "Loaded") -> None:
    """Make this process the booth's: its memory, and its log."""
    from booth import logs, memory

    memory.settle()
    log = loaded.settings.log
    logs.configure(log.level, log.format, sys.stderr)


def _serve(arguments: argparse.Namespace) -> int:
    """Run the booth. Where the last good settings are kept, mistakes are told on the screen, until there are none."""
    from booth import memory, mistakes

    source = mistakes.Source(arguments.config, os.environ, dict(arguments.set))
    ending = _Ending()
    with ExitStack() as stack:
        start: mistakes.Start | None = None
        noted = False
        while True:
            try:
                start = start or source.load()
                if not noted:
                    noted = True
                    start = mistakes.note(source, start, ending.of, Seconds(time.monotonic()))
                    if start is None:
                        return 0
                appliance = _assembled(start, stack)
                break
            except ConfigError as exc:
                if source.last_good is None:
                    raise
                noted = True  # beside those of the settings
                memory.freeze()  # somebody may look at the mistakes for days
                start = mistakes.settle(source, str(exc), ending.of, refused=start)
                if start is None:
                    return 0
        if source.last_good is not None and start.text is not None:
            appliance.daemon.watch(mistakes.Keeper(start.text, source.last_good))
        ending.of(appliance.daemon)
        memory.freeze()
        appliance.run()
    return 0


def _assembled(start: "Start", stack: ExitStack) -> "Appliance":
    """Put the booth together; if it cannot be, what was opened is closed again."""
    from booth import wiring, world

    _warn(start.loaded)
    _settle(start.loaded)
    with ExitStack() as opened:
        appliance = wiring.assemble(start.loaded.settings, world.real(os.environ, opened), opened)
        stack.enter_context(opened.pop_all())
    return appliance


def _simulate(arguments: argparse.Namespace, loaded: "Loaded", stack: ExitStack) -> int:
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
    place = _place("simulated" if guests is None else None) if own_outbox or showcase else None
    simulation = Simulation(
        screen=Size(*map(Pixels, arguments.screen)) if arguments.screen else None,
        frames=arguments.frames,
        fast=arguments.fast,
        headless=headless,
        outbox=place / "outbox" if own_outbox and place else None,
    )
    ending = _Ending()
    if guests is None:
        return _play_at_the_window(loaded, simulation, stack, ending)
    return rehearsal.play(
        loaded.settings,
        simulation,
        rehearsal.guest_list(people, guests),
        stack,
        screenshots=arguments.screenshots or (place / "screens" if showcase and place else None),
        objects=place / "bucket" if showcase and place else None,
        on_daemon=ending.of,
    )


def _play_at_the_window(loaded: "Loaded", simulation: "Simulation", stack: ExitStack, ending: "_Ending") -> int:
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


def _place(name: str | None) -> Path:
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


class Runs(Protocol):
    """What runs until it is stopped: the daemon, or what comes before it."""

    def stop(self) -> None:
        """End soon. May be called from a signal handler."""
        ...


class _Ending:
    """Ends the booth in good order at SIGTERM and Ctrl-C: the loop finishes its round, all is closed, nothing is lost.

    It listens from before the first part is opened: whoever asks while the booth is still being put together is
    answered when there is a daemon to end.
    """

    def __init__(self) -> None:
        self._asked = False
        self._runs: Runs | None = None
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def of(self, runs: Runs) -> None:
        """End what *runs* from now on when asked to, at once if that has been."""
        self._runs = runs
        if self._asked:
            runs.stop()

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True
        if self._runs is not None:
            self._runs.stop()
