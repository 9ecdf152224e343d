"""The booth that ``scripts/soak --camera webcam`` looks at: `booth --simulate --fast`, with the webcam's driver in it.

The kernel's side is pretended: devices are files in a folder, for which a library answers, see v4l2.c. All else is as
the simulator has it, where there is no display.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from booth import logs, memory, rehearsal
from booth.drivers.cameras import CameraOptions
from booth.drivers.webcam import WebcamCamera
from booth.ports import Camera
from booth.settings.loading import load
from booth.simulation import Simulation
from lab import ROOT


def main(argv: Sequence[str] | None = None) -> int:
    """Have guests visit; print what was measured, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lab.webcam.booth", description="A booth before a webcam.")
    parser.add_argument("devices", type=Path, help="the folder that stands for /dev")
    parser.add_argument("--guests", type=int, required=True)
    parser.add_argument("--names", type=Path, required=True, help="who they are: a line each, name, tab, address")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting")
    given = parser.parse_args(argv)

    def opened(options: CameraOptions) -> Camera:
        return WebcamCamera(devices=given.devices, **options.asked())

    memory.settle()
    logs.configure("info", "json", sys.stderr)
    overrides = dict(pair.split("=", 1) for pair in given.set)
    settings = load(config=ROOT / "config" / "booth.toml", environ={}, overrides=overrides).settings
    guests = rehearsal.guest_list(rehearsal.read_guests(given.names), given.guests)
    with ExitStack() as stack:
        return rehearsal.play(settings, Simulation(fast=True, headless=True, camera=opened), guests, stack)


if __name__ == "__main__":
    sys.exit(main())
