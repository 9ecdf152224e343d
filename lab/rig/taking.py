"""Takes frames of every module by the booth's own driver, over the real picamera2 and the real libcamera.

`lab.real_frames` says how. This runs in the Python that the real binding was built for. Beside it, `handler.cpp` is the
camera. Frames and previews are left in a folder; it prints one object of JSON: when each shutter was fired.
"""

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from booth.drivers import picamera2 as driver
from booth.errors import CameraError, CameraHeldError
from booth.ports import Picture, Size
from booth.units import Pixels, Seconds
from lab.rig import unused
from lab.rig.heap import heap
from lab.rig.sensors import SENSORS
from lab.rig.truth import open_descriptors

PATIENCE = Seconds(10.0)
"""How long a preview may take to come."""


BRIEF = Seconds(1.5)
"""How long a frame of a sensor is waited for that has fallen silent."""
GIVEN_UP = 5
"""How many frames are given up, one more than the camera has memory for."""


@dataclass(frozen=True)
class Shoot:
    """What the booth's driver is asked for, and how many frames are taken so."""

    width: int
    height: int
    frames: int
    rotation: int = 0
    flip: bool = False
    mirror: bool = False

    def asked(self) -> dict[str, Any]:
        """Return the driver's arguments."""
        size, preview = (Size(Pixels(self.width // part), Pixels(self.height // part)) for part in (1, 2))
        turn = {"rotation": self.rotation, "flip": self.flip, "mirror": self.mirror}
        return {"size": size, "preview_size": preview, "timeout": PATIENCE, **turn}


SHOOTS = (
    Shoot(1280, 960, 20),
    Shoot(640, 480, 4),
    Shoot(1920, 1080, 4),
    Shoot(1280, 960, 4, rotation=180, mirror=True),
    Shoot(960, 1280, 4, rotation=90, flip=True),
)


FEW = 1
"""Which of them is of few frames, and small."""


class Plenty:
    """Memory for pictures, as much as is wanted."""

    heap = True
    memory = True


def preview_of(camera: driver.Picamera2Camera) -> Picture:
    """Return the next preview picture."""
    until = time.monotonic() + PATIENCE
    while (picture := camera.preview()) is None:
        if time.monotonic() > until:
            raise TimeoutError("no preview came")
        time.sleep(0.01)
    return picture


def plain(picture: Picture) -> bytes:
    """Return the pixels of a picture as red, green and blue, and not mirrored."""
    size, depth = picture.size, len(picture.order)
    pixels = np.frombuffer(picture.rgb, np.uint8).reshape(size.height, size.width, depth)
    colours = [picture.order.index(colour) for colour in "RGB"]
    return pixels[:, :: -1 if picture.mirrored else 1][..., colours].tobytes()


def shoot(library: driver.Library, device: int, plan: Shoot, into: Path) -> list[dict[str, Any]]:
    """Take the frames of a *plan*; return which file each is in, when it was wanted, and when it was there."""
    camera = driver.Picamera2Camera(library=library, device=str(device), **plan.asked())
    taken = []
    try:
        camera.watch(on=True)
        for number in range(plan.frames):
            file = into.with_name(f"{into.name}-{number}.jpg")
            fired = time.monotonic_ns()
            camera.capture(file)
            taken.append({"file": file.name, "fired": fired, "there": time.monotonic_ns()})
        picture = preview_of(camera)
        name = into.with_name(f"{into.name}-{picture.size.width}x{picture.size.height}.rgb")
        name.write_bytes(plain(picture))
        taken.append({"file": name.name})
    finally:
        camera.close()
    return taken


def suffer(library: driver.Library, device: int, silent: Path, into: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open a camera that is open, and have it fall silent; return what the booth says, and the frame taken after that.

    The sensor is silent as long as there is a file *silent*.
    """
    plan = SHOOTS[FEW]
    asked = plan.asked() | {"library": library, "device": str(device), "timeout": BRIEF}
    said: dict[str, Any] = {"held": "", "silent": []}
    camera = driver.Picamera2Camera(**asked)
    try:
        try:
            driver.Picamera2Camera(**asked).close()
        except CameraHeldError as exc:
            said["held"] = str(exc)
        silent.touch()
        for _ in range(GIVEN_UP):
            try:
                camera.capture(into)
            except CameraError as exc:
                said["silent"].append(str(exc))
        silent.unlink()
        fired = time.monotonic_ns()
        camera.capture(into)
        after = {"file": into.name, "fired": fired, "there": time.monotonic_ns(), "shoot": FEW}
        silent.touch()
    finally:
        began = time.monotonic()
        camera.close()
        said["closed"] = round(time.monotonic() - began, 1)
        silent.unlink(missing_ok=True)
    return said, after


def main(argv: list[str]) -> None:
    """Take all of them into the folder that *argv* names, and print."""
    folder, silent = Path(argv[1]), Path(os.environ["BOOTH_SILENT"])
    sys.modules.update(unused.modules())
    library = driver.load()
    heap(Plenty())
    taken: list[dict[str, Any]] = []
    suffered: dict[str, Any] = {}
    before = 0
    there = [one["Model"] for one in library.camera.global_camera_info()]
    for model in SENSORS:
        for which, plan in enumerate(SHOOTS):
            made = shoot(library, there.index(model), plan, folder / f"{model}-{which}")
            taken += ({"model": model, "shoot": which} | one for one in made)
            before = before or open_descriptors()
        said, after = suffer(library, there.index(model), silent, folder / f"{model}-after.jpg")
        taken.append({"model": model} | after)
        suffered[model] = said
    print(json.dumps({"taken": taken, "suffered": suffered, "descriptors": [before, open_descriptors()]}))


if __name__ == "__main__":
    main(sys.argv)
