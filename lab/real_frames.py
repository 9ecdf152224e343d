"""Has the booth's own driver take frames over Debian's real libcamera, and judges each; see `lab.real_camera`.

What libcamera has beneath it is ours: a handler that pretends sensors (`lab/rig/handler.cpp`) is compiled against
libcamera's own headers, and loaded beside it. All above that is as it is on a Pi: requests, buffers, controls, threads,
the binding for Python, picamera2, and our driver.
"""

import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from booth.drivers.picamera2 import HELD
from booth.drivers.views import MODULES, Crop, as_delivered, view
from booth.ports import Size
from booth.units import Pixels
from lab import ROOT
from lab.rig import scene
from lab.rig.sensors import Sensor
from lab.rig.taking import BRIEF, GIVEN_UP, SHOOTS, Shoot

SOURCE = ROOT / "lab" / "rig" / "handler.cpp"
OFF = 0.005
"""0..1, of the sensor: how far what a picture shows may be from what is told. Neither JPEG nor we read it exactly."""


def written(sensors: Iterable[Sensor]) -> str:
    """Return sensors as the handler reads them."""
    lines = []
    for sensor in sensors:
        lines.append(f"{sensor.model} {_words(*sensor.size)} {sensor.gain} {int(sensor.focus)} {len(sensor.modes)}")
        for mode in sensor.modes:
            crop = mode.crop
            seen = _words(crop.x, crop.y, crop.width, crop.height)
            lines.append(f"{mode.form} {_words(*mode.size)} {seen} {mode.rate}")
    return "".join(f"{line}\n" for line in lines)


def _words(*numbers: int) -> str:
    return " ".join(map(str, numbers))


def compiling(headers: Path, libraries: Iterable[Path], into: Path) -> list[str]:
    """Return the command that makes the handler a library of its own."""
    found = [headers / "source" / "include", headers / "usr" / "include" / "libcamera"]
    flags = ["-std=c++17", "-O2", "-fPIC", "-shared", "-DLIBCAMERA_BASE_PRIVATE", *(f"-I{path}" for path in found)]
    return ["g++", *flags, str(SOURCE), "-o", str(into), *map(str, libraries)]


def judged(taken: Iterable[Mapping[str, Any]], told: Iterable[str], folder: Path) -> dict[str, Any]:
    """Return what is to be said of frames: how many, how late, which were stale, which show what they should not.

    *told* are the handler's lines.
    """
    exposed: dict[tuple[str, int], list[int]] = {}
    given: dict[str, dict[str, str]] = {}
    for line in told:
        match line.split(maxsplit=3):
            case ["exposed", model, number, at]:
                exposed.setdefault((model, int(number) % scene.NUMBERS), []).append(int(at))
            case ["given", model, control, value]:
                given.setdefault(model, {})[control] = value
    stale, astray, waits, previews = [], [], [], 0
    for one in taken:
        plan, model = SHOOTS[one["shoot"]], one["model"]
        picture = pixels(folder / one["file"])
        if "fired" in one:
            waits.append((one["there"] - one["fired"]) / 1e6)
            numbered = exposed.get((model, number_in(picture, plan)), [])  # anew from one, at each opening
            if max((at for at in numbered if at < one["there"]), default=0) < one["fired"]:
                stale.append(one["file"])
        else:
            previews += 1
        if astray_by(as_seen(picture, plan, frame="fired" in one), plan, model) > OFF:
            astray.append(one["file"])
    median, slowest = (round(value) for value in (statistics.median(waits), max(waits)))
    figures = {"frames": len(waits), "previews": previews, "median": median, "slowest": slowest}
    return figures | {"modules": len(given), "stale": stale, "astray": astray, "given": given}


def unsaid(suffered: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return of which modules the booth did not say that somebody has it, or that no frame came, each time.

    Nor may it wait for a frame when it closes one.
    """
    return [
        model
        for model, said in suffered.items()
        if HELD not in said["held"]
        or [one.startswith("no frame within") for one in said["silent"]] != [True] * GIVEN_UP
        or said["closed"] > BRIEF
    ]


def pixels(file: Path) -> npt.NDArray[np.uint8]:
    """Return what is in a frame or a preview."""
    if file.suffix == ".jpg":
        return scene.pixels_of(file.read_bytes())
    width, height = map(int, file.stem.rpartition("-")[2].split("x"))
    return np.frombuffer(file.read_bytes(), np.uint8).reshape(height, width, 3)


def number_in(frame: npt.NDArray[np.uint8], plan: Shoot) -> int:
    """Return the number of a frame: painted upright, however the sensor is read; only a quarter turn comes later."""
    return scene.number_of(np.rot90(frame, k=plan.rotation // 90) if plan.rotation in {90, 270} else frame)


def as_seen(picture: npt.NDArray[np.uint8], plan: Shoot, *, frame: bool) -> npt.NDArray[np.uint8]:
    """Return a picture as the sensor saw it: without mirror, turn and flip. A preview is never mirrored."""
    if plan.mirror and frame:
        picture = picture[:, ::-1]
    picture = np.rot90(picture, k=plan.rotation // 90)
    return picture[::-1] if plan.flip else picture


def astray_by(picture: npt.NDArray[np.uint8], plan: Shoot, model: str) -> float:
    """Return how far the edges of a picture are from where `booth config` says that they are: 0..1, of the sensor."""
    module = next(one for one in MODULES if one.model == model)
    whole = module.whole
    wanted: Crop = view(module, as_delivered(Size(Pixels(plan.width), Pixels(plan.height)), plan.rotation))
    left, top, right, bottom = scene.seen_in(picture, (whole.width, whole.height))
    across = max(abs(left - wanted.x), abs(right - wanted.x - wanted.width)) / whole.width
    down = max(abs(top - wanted.y), abs(bottom - wanted.y - wanted.height)) / whole.height
    return max(across, down)


def said(figures: Mapping[str, Any]) -> list[str]:
    """Return the figures in sentences."""
    before, after = figures["descriptors"]
    given = figures["given"]
    controls = {model: ", ".join(f"{name} {value}" for name, value in sorted(given[model].items())) for model in given}
    lines = [
        f"frames over it, by the booth's driver, of {figures['modules']} modules that are pretended beneath it:",
        f"  {figures['frames']} frames and {figures['previews']} previews",
        f"  exposed before their shutter: {len(figures['stale'])}",
        *(f"    {one}" for one in figures["stale"]),
        f"  showing another part of the sensor than `booth config` tells: {len(figures['astray'])}",
        *(f"    {one}" for one in figures["astray"]),
        f"  from the shutter to the file: {figures['median']} ms, {figures['slowest']} ms at most",
        f"  opened twice, silent for {GIVEN_UP} frames, closed in silence; not well: {len(figures['unsaid'])}",
        *(f"    {one}" for one in figures["unsaid"]),
        f"  open files after the first camera was closed {before}, after the last {after}",
    ]
    return [*lines, *(f"  {model} was given {words}" for model, words in controls.items())]
