"""Count the instructions of a picture of the preview, and tell them as time of a Raspberry Pi 3B.

The law: no figure of this is a measurement of a Pi. Callgrind counts what this machine's processor is told to do, in
so many rounds and in twice as many: the difference is the rounds' own, without start and imports.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from lab import ROOT

HERTZ = 1.2e9
"""A Cortex-A53 of a Pi 3B."""
PER_CYCLE = 0.8
"""Instructions a cycle, assumed for such a core."""
ERROR = 1.5
"""Times by which a figure may be off, either way: other instructions, other widths, other caches."""
PICTURES = 20
"""Of the preview, a second."""
LIMIT = 0.60
"""The share of one core that they may take."""
ROUNDS = 2
PATIENCE = 240.0
"""Seconds for a count; callgrind is some fifty times as slow as the processor."""


class CountError(Exception):
    """Instructions could not be counted. ``str()`` says why, and what to do."""


def seconds(instructions: float) -> float:
    """Return how long so many instructions take one core of a Pi 3B."""
    return instructions / (HERTZ * PER_CYCLE)


def share(instructions: float) -> float:
    """Return what part of a core a preview takes of so many instructions a picture."""
    return PICTURES * seconds(instructions)


def collected(said: str) -> int:
    """Return the count that callgrind ends with. Raises `CountError` if there is none."""
    for line in said.splitlines():
        _, found, count = line.partition("Collected : ")
        if found and count.strip().isdigit():
            return int(count)
    raise CountError(f"callgrind counted nothing: {said[-500:]}")


def counted(work: str) -> float:
    """Return the instructions of one round of *work*. Raises `CountError`."""
    once, twice = (_run(work, rounds) for rounds in (ROUNDS, 2 * ROUNDS))
    return (twice - once) / ROUNDS


def _run(work: str, rounds: int) -> int:
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise CountError("there is no valgrind to count with: apt-get install valgrind")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        argv = [
            valgrind,
            "--tool=callgrind",
            f"--callgrind-out-file={folder}/out",
            sys.executable,
            "-m",
            "lab.bench.pi",
        ]
        # Whatever is hashed by chance would be another number of instructions in each run.
        plain = os.environ | {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "SDL_VIDEODRIVER": "dummy"}
        try:
            ran = subprocess.run(
                [*argv, work, str(rounds)], cwd=Path(ROOT), env=plain, capture_output=True, text=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CountError(f"{work} was not counted within {PATIENCE:.0f} s: try it on a quieter machine") from None
    if ran.returncode != 0:
        raise CountError(f"{work} did not end well under callgrind: {ran.stderr[-500:]}")
    return collected(ran.stderr)


def planes_to_picture() -> Callable[[], int]:
    """Return a round: 640x480 of YUV420 made red, green and blue, mirrored. It returns how many bytes came out."""
    import numpy as np

    from booth.drivers.picamera2 import rgb_of

    planes = (np.arange(720 * 640, dtype=np.uint32) // 7 % 256).astype(np.uint8).reshape(720, 640)
    return lambda: len(rgb_of(planes, 640, 480)[:, ::-1].tobytes())


def picture_to_screen() -> Callable[[], int]:
    """Return a round: such a picture scaled to fill 800x480, and put there. It returns how many pixels were."""
    import pygame

    from booth.pictures import covering

    rgb, screen = bytes(640 * 480 * 3), pygame.Surface((800, 480), 0, 32)

    def put() -> int:
        rect = screen.blit(covering(pygame.image.frombuffer(rgb, (640, 480), "RGB"), (800, 480)), (0, 0))
        return rect.width * rect.height

    return put


WORK: dict[str, Callable[[], Callable[[], int]]] = {"planes": planes_to_picture, "screen": picture_to_screen}

if __name__ == "__main__":
    turn = WORK[sys.argv[1]]()
    for _ in range(int(sys.argv[2])):
        turn()
