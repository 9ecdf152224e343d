"""Count the instructions of what a booth has to do in time, and tell them as time of a Raspberry Pi 3B.

The law: no figure of this is a measurement of a Pi. Callgrind counts what this machine's processor is told to do, in
so many rounds and in twice as many: the difference is the rounds' own, without imports and preparations. Children are
counted too: gm is one. Only of the start all is counted, once.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lab import ROOT
from lab.bench.workloads import PICTURES, WORKLOADS

HERTZ = 1.2e9
"""A Cortex-A53 of a Pi 3B."""
PER_CYCLE = 0.8
"""Instructions a cycle, assumed for such a core: it can do two, and waits for its memory."""
ERROR = 2.0
"""Times by which a figure may be off, either way: such a core does 0.5 to 1.2 a cycle, and its code is another."""
PREVIEW = 0.60
"""The share of one core that `PICTURES` of the preview may take, a second."""
HELD = 10.0
"""Milliseconds for which nothing of a preview may hold the GIL at once: whatever waits for it waits so much longer."""
GIF = 1.5
"""Seconds from the last shutter to the GIF."""
PATIENCE = 900.0
"""Seconds for a count; callgrind is some fifty times as slow as the processor."""
PLAIN = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "SDL_VIDEODRIVER": "dummy",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
}
"""What would be hashed by chance would be another number of instructions each time. An A53 takes 16 bytes at once, so
numpy shall not take 32 here."""


class CountError(Exception):
    """Instructions could not be counted. ``str()`` says why, and what to do."""


@dataclass(frozen=True)
class Budget:
    """One thing that has to be done in time."""

    what: str
    instructions: float
    took: float
    """In *unit*, by what was assumed."""
    unit: str
    limit: float | None = None
    """The target in *unit*; None: there is none."""

    def __str__(self) -> str:
        """Say it on one line."""
        said = f"{self.what}: {self.instructions / 1e6:.1f} M instructions, {self.took:.3g} {self.unit}"
        if self.limit is None:
            return f"{said}: no target"
        verdict = "holds" if self.took <= self.limit else "missed"
        sure = self.took * ERROR <= self.limit or self.took > self.limit * ERROR
        return f"{said}, at most {self.limit:.3g}: {verdict}{'' if sure else ', within the error'}"


def seconds(instructions: float) -> float:
    """Return how long so many instructions take one core of a Pi 3B."""
    return instructions / (HERTZ * PER_CYCLE)


def share(instructions: float) -> float:
    """Return what part of a core a preview takes of so many instructions a picture."""
    return PICTURES * seconds(instructions)


def budgets(counts: Mapping[str, float]) -> Iterator[Budget]:
    """Yield what became of *counts*: instructions by the name of a workload."""
    picture = counts["planes"] + counts["countdown"]
    yield Budget(f"preview, {PICTURES} pictures a second", picture, share(picture), "of a core", PREVIEW)
    # No call is longer than what it is a part of; numpy lets others run meanwhile, which is not counted on.
    held = max(counts["strip"], counts["countdown"])
    yield Budget("the GIL in one go, less than", held, 1000 * seconds(held), "ms", HELD)
    for name, what in (
        ("planes", "  of it, a picture made of YUV planes"),
        ("strip", "  of that, 48 rows at once"),
        ("countdown", "  of it, a frame of the countdown with a new picture"),
        ("attract", "a frame of the invitation, on average"),
        ("form", "a frame of the form while somebody types, on average"),
        ("farewell", "a frame of the farewell, on average"),
    ):
        yield Budget(what, counts[name], 1000 * seconds(counts[name]), "ms")
    for name, what in (
        ("saved", "a frame of 1280x960 made a JPEG"),
        ("turned", "the same, turned by 90 degrees"),
        ("looked", "one frame read small and looked at, beside the preview"),
    ):
        yield Budget(what, counts[name], seconds(counts[name]), "s")
    yield Budget("one frame prepared for the GIF", counts["prepared"], seconds(counts["prepared"]), "s")
    yield Budget("last shutter to the GIF, read back", counts["gif"], seconds(counts["gif"]), "s", GIF)
    start = counts["start"]
    yield Budget("start to the invitation, with a pretended camera", start, seconds(start), "s")


def assumed() -> tuple[str, str]:
    """Return what the figures rest on: two lines."""
    return (
        f"counted by callgrind on {platform.machine()}, not on a Pi: {PER_CYCLE} a cycle at 1.2 GHz, assumed",
        f"each may be {ERROR:g} times as much, or as little",
    )


def collected(said: str) -> int:
    """Return the sum of what callgrind ends with, of each process. Raises `CountError` if there is none."""
    found = 0
    for line in said.splitlines():
        _, _, count = line.partition("Collected : ")
        if count.strip().isdigit():
            found += int(count)
    if not found:
        raise CountError(f"callgrind counted nothing: {said[-500:]}")
    return found


def counted(told: Callable[[str], None]) -> dict[str, float]:
    """Return the instructions of each workload, one after the other; *told* hears of each. Raises `CountError`."""
    counts = {}
    for name in WORKLOADS:
        told(f"counting: {name}")
        counts[name] = count_of(name, _run)
        told(f"counted: {name}: {counts[name] / 1e6:.2f} M instructions")  # the rest may not be waited for
    return counts


def count_of(name: str, run: Callable[[str, int], int]) -> float:
    """Return the instructions of one part of a workload, which *run* counts for so many rounds."""
    workload = WORKLOADS[name]
    if not workload.rounds:
        return float(run(name, 1))
    once, twice = (run(name, rounds) for rounds in (workload.rounds, 2 * workload.rounds))
    return (twice - once) / workload.rounds / workload.parts


def _run(name: str, rounds: int) -> int:
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise CountError("there is no valgrind to count with: apt install valgrind")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        argv = [
            valgrind,
            "--tool=callgrind",
            "--trace-children=yes",
            f"--callgrind-out-file={folder}/out.%p",
            f"--log-file={folder}/said.%p",  # gm's complaints are read, and callgrind's words would be some
            sys.executable,
            "-m",
            "lab.bench.workloads",
        ]
        try:
            ran = subprocess.run(
                [*argv, name, str(rounds)], cwd=Path(ROOT), env=os.environ | PLAIN, capture_output=True, text=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CountError(f"{name} was not counted within {PATIENCE:.0f} s: try it on a quieter machine") from None
        if ran.returncode != 0:
            raise CountError(f"{name} did not end well under callgrind: {ran.stderr[-500:]}")
        return collected("".join(said.read_text(errors="replace") for said in sorted(Path(folder).glob("said.*"))))
