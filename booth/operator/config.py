"""``booth config``: the settings in force, and where each came from."""

import argparse
import os
import sys

from booth.operator import options, process
from booth.operator.command import Command
from booth.reading import called, shown


def _run(arguments: argparse.Namespace) -> int:
    """Print the settings: those of the service, unless the command line or the environment names others."""
    process.begin()
    from booth import systemd
    from booth.settings import loading, showing, sources
    from booth.ui.text import faces

    theirs: dict[str, str] = {}
    if arguments.config is None and sources.CONFIG_VARIABLE not in os.environ:
        theirs = systemd.environment_of_service(sources.PREFIX)
        for name, value in theirs.items():
            # A setting's value is printed with the others, masked if it is a secret.
            said = f"{name}={called(value)}" if name == sources.CONFIG_VARIABLE else name
            print(f"booth: as booth.service does: {shown(said)}", file=sys.stderr)
    stores = () if "CREDENTIALS_DIRECTORY" in os.environ else sources.STORES
    environ = {**theirs, **os.environ}
    loaded = loading.load(config=arguments.config, environ=environ, overrides=dict(arguments.set), stores=stores)
    process.warn(loaded)
    said = showing.describe(loaded)
    if missing := faces.lacking(faces.search(faces.FONT_FOLDERS)):
        said += f"\n\n# No font here has letters for {', '.join(missing)}: names are shown as boxes. {faces.INSTALL}"
    print(said, flush=True)  # whoever reads it may be gone: found out here, not at exit
    return 0


COMMAND = Command(
    name="config",
    does="Print the settings in force and where each came from; secrets are masked.",
    more="They are those that booth.service starts with, unless --config or $BOOTH_CONFIG names others. What is wrong "
    "in them is told all at once, and how to mend it.",
    examples=(
        ("sudo booth config", "what booth.service starts with; without sudo the bucket's keys cannot be seen"),
        ("booth config --config booth.toml", "whether a file that you have edited can be used"),
    ),
    options=options.settings,
    run=_run,
)
