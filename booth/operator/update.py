"""``booth update FILE``: a signed update, for the next start of the booth."""

import argparse
import os
from pathlib import Path

from booth.operator import options
from booth.operator.command import Command


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", type=Path, metavar="FILE", help="the update, as it came from whoever signed it")
    parser.add_argument("--allow-older", action="store_true",
                        help="take also one that is older than what was here, or was taken back")  # fmt: skip
    # They were taken before commands had options of their own, and have never had an effect.
    options.settings(parser, hidden=True)


def _run(arguments: argparse.Namespace) -> int:
    from booth.appliance import update

    try:
        version = update.install(arguments.bundle, allow_older=arguments.allow_older)
    except update.UpdateError as exc:
        update.tell(exc, os.environ)
        raise
    print(f"{version} is installed, and on trial: systemctl restart booth takes it now")
    return 0


COMMAND = Command(
    name="update",
    does="Install a signed update, for the next start of the booth.",
    more="It is on trial at first: a booth that does not come up with it goes back to what was there.",
    examples=(
        ("sudo booth update booth-0.3.0-aarch64.booth", "the update of that file, from the next start on"),
        ("sudo booth update --allow-older booth-0.2.0-aarch64.booth", "back to a version of before"),
    ),
    options=_options,
    run=_run,
)
