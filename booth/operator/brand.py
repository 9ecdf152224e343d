"""``booth brand``: the layout, seen over pictures before there are guests."""

import argparse
import sys
from pathlib import Path

from booth.errors import ConfigError
from booth.operator import options, process
from booth.operator.command import Command
from booth.operator.doctor import DOUBTFUL


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("preview",), help="make pictures with the layout, and measure them")
    parser.add_argument("--frames", type=Path, metavar="DIR",
                        help="photographs (.jpg) to lay it over, beside a light and a dark wall")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where the pictures and index.html go")
    parser.add_argument("--json", action="store_true", help="print what was found for a program")
    options.settings(parser)


def _run(arguments: argparse.Namespace) -> int:
    """Make the pictures, tell, and return how bad the worst is."""
    loaded = process.in_force(arguments)
    settings = loaded.settings
    import tempfile
    from datetime import datetime

    import pygame

    from booth import choices, logs
    from booth.branding.plates import evening_of
    from booth.examining.findings import Sign
    from booth.operator.branding import making, telling
    from booth.operator.branding.finding import Proof
    from booth.operator.finding.progress import Progress

    commission = choices.layout_of(settings)
    if commission is None:
        raise ConfigError("layout.file is empty: set one, such as --set layout.file=polaroid")
    logs.configure("error", "auto", sys.stderr)  # what gm is asked for is no finding
    pygame.font.init()
    try:
        arguments.out.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise ConfigError(f"{arguments.out} cannot be made ({exc.strerror}): name another folder") from exc
    press = making.Press(settings, commission, arguments.out)
    progress = Progress(sys.stderr)
    proofs: list[Proof] = []
    with tempfile.TemporaryDirectory(prefix="booth-brand-") as scratch:
        there = [*making.grounds(arguments.frames, settings.countdown.shots, Path(scratch))]
        try:
            proofs.extend(press.proofs(there, evening_of(datetime.now().astimezone()), progress.tell))
        except KeyboardInterrupt:
            progress.clear()
            print("booth: stopped before the end", file=sys.stderr)
            return 130
    progress.clear()
    (arguments.out / "index.html").write_text(telling.page(proofs, settings.event.name), encoding="utf-8")
    print(telling.as_json(proofs) if arguments.json else "\n".join(telling.lines(proofs)), flush=True)
    return {Sign.BAD: 1, Sign.WARN: DOUBTFUL}.get(telling.worst(proofs), 0)


COMMAND = Command(
    name="brand",
    does="Show the layout over pictures before there are guests, and measure whether it can be read.",
    more="preview makes each product with the event's own title, and with a long one, one in Chinese letters, one from "
    "right to left and one with emoji, over your photographs, a light wall and a dark one; index.html shows all. It "
    "measures contrast (4.5:1, large text 3:1), what stands beyond the safe area, how much of the middle is hidden, "
    "letters that no font has, and what the layout costs in bytes. Status 0: all is well; 4: something should be seen "
    "to; 1: something is bad, or cannot be made; 2: something is missing or makes no sense; 130: stopped.",
    examples=(
        ("booth brand preview --frames photographs --out /tmp/preview", "your event's layout over your photographs"),
        ("booth brand preview --set layout.file=polaroid --out /tmp/preview", "one of ours, over two walls"),
    ),
    options=_options,
    run=_run,
)
