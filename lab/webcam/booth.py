"""The booth that ``scripts/soak --camera webcam`` looks at: `booth --simulate` with the real webcam's driver in it.

It is called ``python -m lab.webcam.booth DEVICES ...``, and what follows is the booth's command line. The kernel's side
is pretended: devices are files in the folder DEVICES, for which a library answers, see v4l2.c.
"""

import sys
from pathlib import Path
from typing import Any

import booth.sim.camera
from booth import cli
from booth.drivers.webcam import WebcamCamera


def plug(devices: Path) -> None:
    """Have the simulator open a webcam that is in *devices* where it would make a camera of its own."""

    def opened(**options: Any) -> WebcamCamera:
        wanted = {name: value for name, value in options.items() if name not in {"frames", "exposure"}}
        return WebcamCamera(devices=devices, **wanted)

    booth.sim.camera.SimCamera = opened  # type: ignore[assignment, misc]


if __name__ == "__main__":
    plug(Path(sys.argv[1]))
    sys.exit(cli.main(sys.argv[2:]))
