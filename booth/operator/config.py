"""``booth config``: the settings in force, and where each came from."""

import argparse
from typing import TYPE_CHECKING

from booth.operator import options, process
from booth.operator.command import Command

if TYPE_CHECKING:
    from booth.settings.model import Settings


def _frames(settings: "Settings") -> str:
    """Return what comes of the camera's settings: how large the preview is, and what is seen of a camera module."""
    from booth import choices
    from booth.drivers import views

    asked = choices.camera_of(settings)
    size, preview = asked.size, asked.preview_size
    lines = [f"Frames are {size.width}x{size.height}, and their live preview is {preview.width}x{preview.height}."]
    if asked.driver in {"auto", "picamera2"}:
        lines += [
            "What they show of a camera module by picamera2, in pixels of its sensor, before any turn:",
            *(f"  {line}" for line in views.told(size, asked.rotation)),
        ]
    return "\n".join(f"# {line}" for line in lines)


def _run(arguments: argparse.Namespace) -> int:
    """Print the settings."""
    loaded = process.in_force(arguments)
    from booth.settings import showing
    from booth.ui.text import faces

    process.warn(loaded)
    said = f"{showing.describe(loaded)}\n\n{_frames(loaded.settings)}"
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
