"""What the products beside the GIF cost on this machine: bytes, seconds, and seconds of the processor.

Of the bundled photographs, or of the frames in a folder; each is made several times, and the medians count. The CPU
seconds are those of gm, ffmpeg and this process together. There is no target to hold: it is behind the GIF.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from booth.choices import recipe_of
from booth.imaging import playback
from booth.imaging.clip import ClipMaker
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.strip import Printed, StripMaker
from booth.ports import Bench
from booth.settings.model import Settings
from booth.units import Seconds
from lab import ROOT

PHOTOGRAPHS = ROOT / "tests" / "photos" / "astronaut"
TIMES = 5
LONG = Seconds(120.0)


@dataclass(frozen=True)
class Cost:
    """What one product cost."""

    what: str
    size: int
    """Bytes."""
    wall: float
    """Seconds."""
    cpu: float
    """Seconds."""


def measure(frames: Sequence[Path], times: int = TIMES) -> Iterator[Cost]:
    """Make each product of *frames* so many times; yield what it cost."""
    settings = Settings()
    recipe = recipe_of(settings)
    with tempfile.TemporaryDirectory(prefix="bench-products-") as name:
        folder = Path(name)
        bench = Bench(folder, recipe, len(frames))
        gm = GraphicsMagick(recipe, folder / "gif", read_back=playback.read)

        def gif(frames: Sequence[Path]) -> bytes:
            gm.join(frames, folder / "animation.gif")
            return (folder / "animation.gif").read_bytes()

        strip = StripMaker(bench, Printed(), LONG)
        two = StripMaker(bench, Printed(sheets=2), LONG)
        clip = ClipMaker(bench, Seconds(settings.clip.at_least_s), LONG)
        made: dict[str, Callable[[Sequence[Path]], bytes]] = {
            "GIF, whole": gif, "strip 2x6": strip.make, "strip 4x6": two.make, "clip": clip.make,
        }  # fmt: skip
        for what, make in made.items():
            costs = [_cost(make, frames) for _ in range(times)]
            yield Cost(what, costs[-1][0], median(cost[1] for cost in costs), median(cost[2] for cost in costs))


def _cost(make: Callable[[Sequence[Path]], bytes], frames: Sequence[Path]) -> tuple[int, float, float]:
    began, busy = time.perf_counter(), _busy()
    content = make(frames)
    return len(content), time.perf_counter() - began, _busy() - busy


def _busy() -> float:
    return sum(os.times()[:4])


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="scripts/bench products", description="What the products cost.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=PHOTOGRAPHS, help="of JPEGs, in the order of their names"
    )
    frames = sorted(parser.parse_args(argv).folder.glob("*.jpg"))
    if not frames:
        parser.error("there are no JPEGs in that folder")
    playback.check()
    print(f"{len(frames)} frames, the built-in settings, medians of {TIMES}")
    print(f"{'':12}{'kB':>8}{'wall s':>9}{'CPU s':>8}")
    for cost in measure(frames):
        print(f"{cost.what:12}{cost.size / 1000:8.0f}{cost.wall:9.2f}{cost.cpu:8.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
