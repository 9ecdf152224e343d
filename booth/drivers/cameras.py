"""Which camera there is: one value of options for all drivers, and the table that chooses between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from booth.drivers.tuning import Tuning
from booth.errors import CameraError
from booth.ports import Camera, Size
from booth.shapes import shaped
from booth.units import Seconds

AUTO = "auto"
"""Word instead of a driver's name: the best that this machine has."""


@dataclass(frozen=True)
class CameraOptions:
    """What is asked of a camera, whichever it is."""

    driver: str
    """A name in the table of `open_camera`, or `AUTO`."""
    device: str
    """Which camera, if there are several; "" for the first."""
    size: Size
    """Pixels of a frame."""
    preview_room: Size
    """What the live preview has to fit into."""
    flip: bool
    mirror: bool
    rotation: int
    """Degrees clockwise: 0, 90, 180 or 270."""
    quality: int
    """Quality of the JPEGs, in per cent."""
    timeout: Seconds
    tuning: Tuning
    """Lens and light."""
    enough: Size
    """What is made of the frames: a camera that has nothing of their size may take the next larger than this."""

    @property
    def preview_size(self) -> Size:
        """The size of the live preview: of the shape of the frames, or it would not show what they will."""
        return shaped(self.size, self.preview_room)

    def asked(self) -> dict[str, Any]:
        """Return what every driver is asked for, simulated or not, by the names of its arguments."""
        return {
            "size": self.size,
            "preview_size": self.preview_size,
            "flip": self.flip,
            "mirror": self.mirror,
            "rotation": self.rotation,
            "quality": self.quality,
            "timeout": self.timeout,
        }


Drivers = Mapping[str, tuple[Callable[[], bool], Callable[[], Camera]]]
"""Camera drivers by the settings' name for them, the best first: whether this machine seems to have such a camera, and
what opens it.
"""


def open_camera(options: CameraOptions, drivers: Drivers | None = None) -> Camera:
    """Open the camera that is asked for; with `AUTO`, the first that this machine can open.

    Raises `CameraError`, saying what was looked for, or why the first of several could not be opened.
    """
    refused: CameraError | None = None
    for name, (available, opened) in (drivers or _drivers(options)).items():
        if options.driver == name:
            return opened()
        if options.driver == AUTO and available():
            try:
                return opened()
            except CameraError as exc:  # its library is here, its camera is not: there may be one of another kind
                refused = refused or exc
    raise refused or CameraError(
        "no camera was found: looked for picamera2, picamera and a webcam; see that the ribbon cable or the USB plug "
        "sits well, and on a Raspberry Pi run `sudo apt install python3-picamera2`"
    )


def name_of(camera: Camera) -> str:
    """Return what the settings call the driver of *camera*: its file has that name. Another's is its file's, too."""
    return type(camera).__module__.rpartition(".")[2]


def _drivers(options: CameraOptions) -> Drivers:
    from booth.drivers import picamera, picamera2, webcam

    asked = options.asked() | {"device": options.device, "tuning": options.tuning}
    return {
        "picamera2": (picamera2.available, lambda: picamera2.Picamera2Camera(**asked)),
        "picamera": (picamera.available, lambda: picamera.PicameraCamera(**asked)),
        "webcam": (webcam.available, lambda: webcam.WebcamCamera(enough=options.enough, **asked)),
    }
