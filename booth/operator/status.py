"""``booth status``: how the booth is, and how the night goes; also when the booth does not run."""

import argparse
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from booth.errors import BoothError
from booth.operator import options, process
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.operator.watching.findings import Findings

EVERY = 2.0
"""How often ``--watch`` looks, in seconds."""

UNWELL = 3
"""The exit status when guests cannot use the booth: it does not run, hangs, or is out of order."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", action="store_true", help="look again every two seconds, until Ctrl-C")
    parser.add_argument("--json", action="store_true", help="print JSON; with --watch, an object a line")
    parser.add_argument("--prometheus", type=Path, metavar="FILE",
                        help="write FILE, for node_exporter's textfile collector, and print nothing")  # fmt: skip
    outbox(parser)
    options.settings(parser)


def outbox(parser: argparse.ArgumentParser) -> None:
    """Have the parser take another outbox than that of the settings."""
    parser.add_argument("--outbox", type=Path, metavar="DIR",
                        help="this outbox, not that of the settings: the simulator's, or one on a stick")  # fmt: skip


def _wrong(arguments: argparse.Namespace) -> str:
    if arguments.prometheus is not None and arguments.json:
        return "--prometheus prints nothing that --json could be: leave one out"
    if arguments.prometheus is not None and arguments.prometheus.suffix != ".prom":
        return "--prometheus: expected a file that ends in .prom, for no other is collected"
    return ""


def looking(arguments: argparse.Namespace) -> Callable[[], "Findings"]:
    """Return what looks at the booth that the command line means. Raises `ConfigError`."""
    loaded = process.in_force(arguments)
    from booth.disk import RealDisk
    from booth.drivers.clock import SystemClock
    from booth.operator.watching import findings

    settings = loaded.settings.outbox
    given = os.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return partial(
        findings.gather,
        (arguments.outbox or settings.dir).absolute(),
        min_free_mb=settings.min_free_mb,
        keep_days=settings.keep_days,
        keep_details_days=settings.keep_details_days,
        disk=RealDisk(),
        clock=SystemClock(),
        runtime=(*([Path(given)] if given else []), findings.RUNTIME),
    )


def _run(arguments: argparse.Namespace) -> int:
    """Look, and tell; again and again if asked to."""
    from booth.operator.watching import words

    look = looking(arguments)
    while True:
        found = look()
        colours = words.coloured(sys.stdout)
        if arguments.prometheus is not None:
            _collect(arguments.prometheus, found)
        else:
            if arguments.watch and colours:
                print("\033[H\033[J", end="")
            print(_printed(arguments, found, colours=colours), flush=True)
        if not arguments.watch:
            return _status(found)
        time.sleep(EVERY)
        if arguments.prometheus is None and not colours and not arguments.json:
            print()


def _printed(arguments: argparse.Namespace, found: "Findings", *, colours: bool) -> str:
    from booth.operator.watching import forms, words

    if arguments.json:
        return forms.as_json(found, indent=None if arguments.watch else 2)
    return words.page(found, colours=colours)


def _collect(file: Path, found: "Findings") -> None:
    """Write what can be measured into *file*, at once or not at all: it may be read at any moment."""
    from booth.disk import RealDisk, put
    from booth.operator.watching import forms

    try:
        put(RealDisk(), file.absolute(), forms.as_metrics(found).encode(), shared=True)
    except OSError as exc:
        raise BoothError(
            f"--prometheus: {file} cannot be written ({exc.strerror}); name a file in the folder that "
            "node_exporter's --collector.textfile.directory names"
        ) from exc


def _status(found: "Findings") -> int:
    from booth.operator.watching.findings import Life

    well = found.daemon is Life.RUNNING and found.told is not None and not found.told.missing
    return 0 if well else UNWELL


COMMAND = Command(
    name="status",
    does="Tell how the booth is and how the night goes, also when it does not run.",
    more="Today begins at six in the morning. What --json says is told in docs/operating.md. Status 0: guests can use "
    "the booth; 3: they cannot, for it does not run, hangs, or is out of order; 1: something cannot be written; 2: "
    "something makes no sense; 130: Ctrl-C.",
    examples=(
        ("sudo booth status", "how it is now; without sudo what is in the outbox cannot be seen"),
        ("sudo booth status --watch", "the same, again every two seconds"),
        ("sudo booth status --json", "for a script"),
        ("sudo booth status --prometheus /run/node_exporter/booth.prom", "for node_exporter, from a timer"),
        ("booth status --outbox ~/.local/state/booth/simulated/outbox", "of the simulator"),
    ),
    options=_options,
    wrong=_wrong,
    run=_run,
)
