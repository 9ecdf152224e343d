"""``booth config``: the settings in force, and where each came from."""

import argparse

from booth.operator import options, process
from booth.operator.command import Command


def _run(arguments: argparse.Namespace) -> int:
    """Print the settings."""
    loaded = process.in_force(arguments)
    from booth.settings import showing
    from booth.ui.text import faces

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
