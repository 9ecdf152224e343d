"""``booth``, or ``booth run``: the booth, with the hardware that its settings name."""

import argparse
import os
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from booth.errors import ConfigError
from booth.operator import options, process
from booth.operator.command import Command
from booth.threads import aside
from booth.units import Seconds

if TYPE_CHECKING:  # these cost a third of a second to import; `booth --help` does without
    from booth.settings.loading import Loaded
    from booth.settings.start import Start
    from booth.wiring import Appliance


def _run(arguments: argparse.Namespace) -> int:
    """Run the booth. Where the last good settings are kept, mistakes are told on the screen, until there are none."""
    process.begin()
    from booth import memory, mistakes
    from booth.settings.start import Source

    source = Source(arguments.config, os.environ, dict(arguments.set))
    ending = process.Ending()
    with ExitStack() as stack:
        start: Start | None = None
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
        aside("doctor", partial(_look_at_itself, appliance, start.loaded))
        memory.freeze()
        appliance.run()
    return 0


def _look_at_itself(appliance: "Appliance", loaded: "Loaded") -> None:
    """Log how the machine is, as far as can be seen without a server and without the parts, which the booth has."""
    from booth.disk import RealDisk
    from booth.drivers.clock import SystemClock
    from booth.examining import starting
    from booth.examining.findings import Premises

    clock = SystemClock()
    starting.look(
        Premises(
            settings=loaded.settings,
            outbox=appliance.outbox,
            disk=RealDisk(),
            clock=clock,
            deadline=clock.now(),
            warnings=loaded.warnings,
        )
    )


def _assembled(start: "Start", stack: ExitStack) -> "Appliance":
    """Put the booth together; if it cannot be, what was opened is closed again."""
    from booth import wiring, world

    process.warn(start.loaded)
    process.settle(start.loaded)
    with ExitStack() as opened:
        around = replace(world.real(os.environ, opened), beneath=start.loaded.beneath)
        appliance = wiring.assemble(start.loaded.settings, around, opened)
        stack.enter_context(opened.pop_all())
    return appliance


COMMAND = Command(
    name="run",
    does="Run the booth, with the hardware that its settings name.",
    more="This is what booth does without a word, and what booth.service starts. It ends at SIGTERM and Ctrl-C.",
    examples=(
        ("booth", "the booth, with /etc/booth/booth.toml"),
        ("booth run --config booth.toml", "with the settings of a file here"),
        ("booth run --set event.name=Party", "with another name of the event, this once"),
    ),
    options=options.settings,
    run=_run,
)
