"""``booth pin``: the PIN of the operator's screen. Without one there is no way to it."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from booth.errors import BoothError, ConfigError
from booth.operator.command import Command


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--remove", action="store_true", help="have no PIN, and so no operator's screen")
    parser.add_argument("--folder", type=Path, metavar="DIR",
                        help="the operator's folder (else $BOOTH_OPERATOR, else that of booth.service)")  # fmt: skip


def _run(arguments: argparse.Namespace) -> int:
    """Set the PIN, or take it away."""
    from booth import logs
    from booth.disk import RealDisk
    from booth.door import Door
    from booth.drivers.clock import SystemClock
    from booth.operator.visits.acting import become_owner

    logs.configure("warning", "auto", sys.stderr)
    folder = _folder(arguments)
    new = "" if arguments.remove else _asked()
    if not folder.parent.is_dir():
        raise ConfigError(f"{folder.parent} is not there: start the booth once, or name another folder with --folder")
    become_owner(folder.parent)
    door = Door(folder, RealDisk(), SystemClock().uptime)
    try:
        if arguments.remove:
            gone = door.wall_up()
            said = "the PIN is gone: there is no way to the operator's screen" if gone else "there was no PIN"
            print(f"booth: {said}", file=sys.stderr)
            return 0
        door.lock(new)
    except ValueError as exc:
        raise ConfigError(f"{exc}; type another one") from None
    except OSError as exc:
        raise BoothError(f"{folder} cannot be written ({exc.strerror}); run it with sudo") from exc
    print("booth: the PIN is set: hold two opposite corners of the invitation for three seconds", file=sys.stderr)
    return 0


def _folder(arguments: argparse.Namespace) -> Path:
    """Return where the PIN is kept."""
    from booth import systemd
    from booth.settings import sources

    if arguments.folder is not None:
        return Path(arguments.folder).absolute()
    name = os.environ.get(sources.OPERATOR_VARIABLE) or systemd.environment_of_service(sources.PREFIX).get(
        sources.OPERATOR_VARIABLE
    )
    if not name:
        raise ConfigError(
            "there is no booth.service here that names a folder for the PIN: name one with --folder, as the "
            "simulator's ~/.local/state/booth/simulated/operator"
        )
    return Path(name)


def _asked() -> str:
    """Return the PIN that somebody types twice, or a script says once. It is in no command line, which others see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    first = getpass.getpass("New PIN: ")
    if getpass.getpass("Once more: ") != first:
        raise ConfigError("the two are not the same: nothing was changed; type it again")
    return first


COMMAND = Command(
    name="pin",
    does="Set the PIN of the operator's screen.",
    more="It is asked for twice, or read as a line from a pipe, and has 6 to 12 digits. Without one there is no way to "
    "that screen. What is kept is a hash of scrypt. The booth need not be started anew.",
    examples=(
        ("sudo booth pin", "asks for a new PIN; whoever tried wrong ones may try again"),
        ("sudo booth pin --remove", "no PIN, and no operator's screen"),
        ("booth pin --folder ~/.local/state/booth/simulated/operator", "that of the simulator"),
    ),
    options=_options,
    run=_run,
)
