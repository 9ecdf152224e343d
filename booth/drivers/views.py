"""What frames show of each camera module's sensor, and how it is read for that: arithmetic, and no camera.

All of a sensor is seen, at any size of the frames; what is cut off is what their shape leaves over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from booth.ports import Size
from booth.units import Pixels


@dataclass(frozen=True)
class Module:
    """A camera module that libcamera knows."""

    name: str
    """The module's name, as it is sold."""
    model: str
    """The sensor's name, as libcamera calls it."""
    whole: Size
    """Pixels of the whole sensor."""
    halved: bool = True
    """Whether all of it can be read two by two pixels."""


MODULES = (
    Module("Camera Module 1", "ov5647", Size(Pixels(2592), Pixels(1944))),
    Module("Camera Module 2", "imx219", Size(Pixels(3280), Pixels(2464))),
    Module("Camera Module 3", "imx708", Size(Pixels(4608), Pixels(2592))),
    Module("High Quality Camera", "imx477", Size(Pixels(4056), Pixels(3040))),
    Module("Global Shutter Camera", "imx296", Size(Pixels(1456), Pixels(1088)), halved=False),
)
"""Raspberry Pi's own, with what ``rpicam-hello --list-cameras`` prints of them."""


@dataclass(frozen=True)
class Crop:
    """A part of a sensor, in its own pixels: the origin is top left, before any turn."""

    x: int
    y: int
    width: int
    height: int
    read_as: Size
    """What comes out of the sensor, of which this is cut."""


def as_read(whole: Size, frame: Size) -> Size:
    """Return how a sensor of so many pixels is to be read for a *frame*, as the camera delivers it.

    Left to itself, the library takes what is nearest to the frame's size, and that may be the middle of the sensor. All
    of it can be read two by two, which is fast; a frame that is larger than that is worth the slow way.
    """
    half = Size(Pixels(whole.width // 2), Pixels(whole.height // 2))
    return half if frame.width <= half.width and frame.height <= half.height else whole


def as_delivered(size: Size, rotation: int) -> Size:
    """Return *size* as the camera must deliver it, before it is turned by *rotation* degrees."""
    return Size(size.height, size.width) if rotation in {90, 270} else size


def view(module: Module, frame: Size) -> Crop:
    """Return what a *frame* shows of a module, as the camera delivers it. Each step rounds down, as in libcamera."""
    whole = module.whole
    read = as_read(whole, frame) if module.halved else whole
    if read.width * frame.height > read.height * frame.width:
        width, height = read.height * frame.width // frame.height, int(read.height)
    else:
        width, height = int(read.width), read.width * frame.height // frame.width
    left, top = read.width // 2 - width // 2, read.height // 2 - height // 2

    def across(pixels: int) -> int:
        return pixels * whole.width // read.width

    def down(pixels: int) -> int:
        return pixels * whole.height // read.height

    return Crop(across(left), down(top), across(width), down(height), read)


def told(size: Size, rotation: int) -> Iterator[str]:
    """Yield a line for each module: what frames of *size* show of it, and whether that has fewer pixels than they."""
    frame = as_delivered(size, rotation)
    for module in MODULES:
        seen, whole = view(module, frame), module.whole
        enlarged = "; enlarged" if seen.width * seen.read_as.width < frame.width * whole.width else ""
        yield (
            f"{module.model}: {seen.width}x{seen.height} from {seen.x},{seen.y} of {whole.width}x{whole.height}, "
            f"read as {seen.read_as.width}x{seen.read_as.height}{enlarged} ({module.name})"
        )
