"""``booth doctor``: whether the booth is ready for tonight, and what to do where it is not."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from booth.errors import ConfigError
from booth.operator import options, process, status
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.examining.findings import Check, Finding, Premises
    from booth.settings.loading import Loaded
    from booth.world import World

DOUBTFUL = 4
"""The exit status when nothing is wrong, but something should be seen to."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quick", action="store_true", help="what takes no time: as the booth does when it starts")
    parser.add_argument("--only", action="append", metavar="NAME", default=[],
                        help="this check alone; may be given several times")  # fmt: skip
    parser.add_argument("--press", action="store_true", help="ask for a press of the button, and watch it")
    parser.add_argument("--touch", action="store_true", help="ask for a finger in each corner of the screen")
    parser.add_argument("--json", action="store_true", help="print the findings for a program")
    status.outbox(parser)
    options.settings(parser)


def _wrong(arguments: argparse.Namespace) -> str:
    if arguments.quick and (arguments.press or arguments.touch):
        return f"--quick waits for nobody: leave {'--press' if arguments.press else '--touch'} out"
    return ""


def _run(arguments: argparse.Namespace) -> int:
    """Look, and tell."""
    process.begin()  # the checks bring the libraries along
    from booth import logs
    from booth.drivers.clock import SystemClock
    from booth.examining import settings
    from booth.examining.findings import Finding, Sign, worst
    from booth.operator.examining import faces
    from booth.operator.watching import words

    checks = _checks(arguments)
    logs.configure("warning", "auto", sys.stderr)  # what a part logs while it is tried is no finding
    clock = SystemClock()
    found: list[Finding] = []
    colours = words.coloured(sys.stdout)

    def tell(finding: Finding) -> None:
        found.append(finding)
        if not arguments.json:
            print(faces.row(finding, colours=colours), flush=True)

    stopped = False
    try:
        loaded = process.in_force(arguments)
    except ConfigError as exc:
        for finding in settings.wrong(str(exc)):
            tell(finding)
    else:
        try:
            _examine(arguments, checks, loaded, tell)
        except KeyboardInterrupt:
            stopped = True
    if arguments.json:
        print(faces.as_json(found, at=clock.wall(), quick=arguments.quick), flush=True)
    else:
        print(faces.summary(found), flush=True)
    if stopped:
        print("booth: stopped before the end", file=sys.stderr)
        return 130
    return {Sign.BAD: 1, Sign.WARN: DOUBTFUL}.get(worst(found), 0)


def _checks(arguments: argparse.Namespace) -> "Sequence[Check]":
    """Return what is to be looked at. Raises `ConfigError` if there is no such thing."""
    from booth.examining.findings import only
    from booth.operator.examining.table import CHECKS

    checks: Sequence[Check] = CHECKS
    if arguments.only:
        try:
            checks = only(checks, arguments.only)
        except KeyError as exc:
            names = ", ".join(check.name for check in CHECKS)
            raise ConfigError(f"--only {exc.args[0]}: there is no such check; write one of {names}") from None
    if arguments.quick:
        checks = [check for check in checks if check.quick]
    return checks


def _examine(
    arguments: argparse.Namespace, checks: "Sequence[Check]", loaded: "Loaded", tell: "Callable[[Finding], None]"
) -> None:
    from booth.examining import running

    premises = _premises(arguments, loaded)
    within = running.QUICK if arguments.quick else running.ALL
    for finding in running.examine(checks, premises, within=within):
        tell(finding)


def _premises(arguments: argparse.Namespace, loaded: "Loaded") -> "Premises":
    """Return what the checks are given on this machine."""
    from booth import bulletin, systemd
    from booth.disk import RealDisk
    from booth.drivers.clock import SystemClock
    from booth.examining.findings import Premises
    from booth.operator.watching.findings import RUNTIME, Life, daemon_of

    clock, disk = SystemClock(), RealDisk()
    outbox = (arguments.outbox or loaded.settings.outbox.dir).absolute()
    given = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    told = bulletin.find(disk, (*([Path(given)] if given else []), RUNTIME, outbox), outbox)
    life, _ = daemon_of(told, clock)
    return Premises(
        settings=loaded.settings,
        outbox=outbox,
        disk=disk,
        clock=clock,
        deadline=clock.now(),
        bulletin=told if life is not Life.STOPPED else None,
        # A service without a bulletin starts, or tells somebody of wrong settings: it may have the parts all the same.
        reach=_world if life is Life.STOPPED and not systemd.service_is_up() else None,
        warnings=loaded.warnings,
        press=arguments.press,
        touch=arguments.touch,
        tell=lambda said: print(f"booth: {said}", file=sys.stderr, flush=True),
    )


def _world(stack: ExitStack) -> "World":
    import tempfile

    from booth import world

    # lgpio makes a FIFO where it is told to, or else in the folder in which somebody happens to be.
    os.environ.setdefault("LG_WD", stack.enter_context(tempfile.TemporaryDirectory(prefix="booth-doctor-")))
    return world.real(os.environ, stack)


COMMAND = Command(
    name="doctor",
    does="Look whether the booth is ready for tonight, and say what to do where it is not.",
    more="Each check tells what it measured, the limit, and a sign: ok, warn, bad or skipped. Beside a booth that runs "
    "it asks that for camera, button and screen, and disturbs no guest. What --json says is told in "
    "docs/operating.md. Status 0: ready; 4: something should be seen to; 1: something is wrong; 2: something makes no "
    "sense; 130: Ctrl-C.",
    examples=(
        ("sudo booth doctor", "all checks, in less than 20 seconds"),
        ("sudo booth doctor --quick", "in less than two: no part is opened, and no server asked"),
        ("sudo booth doctor --press", "and watch the button while somebody presses it"),
        ("sudo booth doctor --touch --only screen", "a ring in each corner, to be touched; stop the booth first"),
        ("sudo booth doctor --only temperature", "one check, to try again what was mended"),
        ("sudo booth doctor --json", "for a script"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)
