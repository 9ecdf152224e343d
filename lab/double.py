"""The booth of ``--double``: `booth --simulate --fast`, that makes a strip of each visit, too, and has an attic, too.

The attic is a second target: a bucket of its own, at an address of its own. All else is as the simulator has it, where
there is no display.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from booth import choices, logs, memory, rehearsal
from booth.drivers.buckets import open_bucket
from booth.errors import CompositorError
from booth.ports import Kind, Output, Target
from booth.settings.loading import load
from booth.settings.model import Settings
from booth.simulation import Simulation
from lab import ROOT

DOUBLE = ("-m", "lab.double")
"""What Python runs to be this booth; the attic's address follows, and what else `main` takes."""

PHOTOGRAPHS = ROOT / "tests" / "photos" / "astronaut"
"""What its camera serves."""

STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")
"""The second product."""

WIDE, HIGH = 160, 120
"""Pixels of each frame on the strip: as many frames as it has are below each other."""

ATTIC = "attic"
"""The second target, and what its bucket is called."""

LONG = 20.0
"""Seconds after which a strip is given up."""


def strip(frames: Sequence[Path]) -> bytes:
    """Put *frames* below each other, small, in one JPEG. Raises `CompositorError`."""
    size = f"{WIDE}x{HIGH}"
    read = [word for frame in frames for word in ("-size", size, f"jpeg:{frame}")]
    try:
        made = subprocess.run(
            ("gm", "convert", *read, "-resize", f"{size}!", "+profile", "*", "-append", "jpeg:-"),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LONG, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as exc:
        raise CompositorError(f"the strip cannot be made ({type(exc).__name__}); see whether gm is well") from exc
    return made.stdout


def doubled(settings: Settings, attic: str, *, outputs: tuple[Output, ...] = (Output(STRIP, strip),)) -> Simulation:
    """Return the simulation of a booth with a strip, and with an attic at that address, with the bucket's keys."""
    options = replace(choices.bucket_of(settings), endpoint_url=attic, bucket=ATTIC)
    return Simulation(
        frames=PHOTOGRAPHS,
        fast=True,
        headless=True,
        outputs=outputs,
        targets=(Target(ATTIC, partial(open_bucket, options), options.longest),),
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Have guests visit; print what was measured, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lab.double", description="A booth with a strip and an attic.")
    parser.add_argument("attic", metavar="URL", help="where the second target is")
    parser.add_argument("--guests", type=int, required=True)
    parser.add_argument("--names", type=Path, help="who they are: a line each, name, tab, address")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    given = parser.parse_args(argv)

    memory.settle()
    logs.configure("info", "json", sys.stderr)
    overrides = dict(pair.split("=", 1) for pair in given.set)
    settings = load(config=ROOT / "config" / "booth.toml", environ=os.environ, overrides=overrides).settings
    people = rehearsal.read_guests(given.names) if given.names else rehearsal.GUESTS
    with ExitStack() as stack:
        guests = rehearsal.guest_list(people, given.guests)
        return rehearsal.play(settings, doubled(settings, given.attic), guests, stack)


if __name__ == "__main__":
    sys.exit(main())
