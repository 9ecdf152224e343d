"""How much work is left between the last shutter and a verified GIF, against the booth of 2019.

In 2019 all four frames went through ``gm convert -delay 50 -resize 640x480 frame-1.jpg ... out.gif`` after the last
shutter, and nobody looked at the result. Here three of them are prepared while the guest poses (not counted: the guest
does not wait for it), and what remains ends with the file read back, flushed and renamed (all counted).

Both are counted in CPU seconds, user and system, of gm and of this process. Both run gm on one thread, which is what
suits the pipeline of 2019 best. Wand is imported beforehand, as the booth does before the first guest.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from booth.choices import recipe_of
from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.settings.model import Settings
from lab import ROOT

FRAMES = tuple(ROOT / "tests" / "photos" / "astronaut" / f"frame-{shot}.jpg" for shot in (1, 2, 3, 4))
PAIRS = 9
LIMIT = 0.25
"""What the booth may take of the CPU seconds of 2019's pipeline, at most."""


def measure(pairs: int = PAIRS) -> dict[str, float]:
    """Run both in turn, *pairs* times, and return the medians: CPU seconds of each, and of the ratios of the pairs."""
    recipe = recipe_of(Settings())
    playback.check()
    before, now = [], []
    with tempfile.TemporaryDirectory(prefix="bench-gif-") as name:
        folder = Path(name)
        compositor = GraphicsMagick(recipe, folder / "scratch", read_back=playback.read)
        for _ in range(pairs):
            before.append(_cpu(lambda: _in_2019(folder / "2019.gif")))
            for frame in FRAMES[:-1]:
                compositor.prepare(frame, FRAMES[0])
            now.append(_cpu(lambda: compositor.join(FRAMES, folder / "booth.gif")))
    ratios = [ours / theirs for ours, theirs in zip(now, before, strict=True)]
    return {
        "pairs": pairs,
        "cpu_2019_s": median(before),
        "cpu_booth_s": median(now),
        "ratio": median(ratios),
        "ratio_best": min(ratios),
        "ratio_worst": max(ratios),
        "limit": LIMIT,
    }


def main() -> int:
    """Print what was measured; return 0 if the booth stays within its limit."""
    found = measure()
    holds = found["ratio"] <= LIMIT
    print(f"last shutter to GIF, four frames to 640x480, median of {found['pairs']} pairs")
    print(f"  2019, one call of gm            {found['cpu_2019_s']:7.3f} s CPU")
    print(f"  booth, to the verified GIF      {found['cpu_booth_s']:7.3f} s CPU")
    print(f"  ratio                           {found['ratio']:7.3f}   ", end="")
    print(
        f"({found['ratio_best']:.3f} to {found['ratio_worst']:.3f}), at most {LIMIT}: {'holds' if holds else 'MISSED'}"
    )
    return 0 if holds else 1


def _in_2019(into: Path) -> None:
    argv = ("gm", "convert", "-delay", "50", "-resize", "640x480", *map(str, FRAMES), str(into))
    subprocess.run(argv, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


def _cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that *work* takes, here and in the processes that it waits for."""
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    sys.exit(main())
