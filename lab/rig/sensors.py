"""The camera modules, with the modes that their kernel drivers have: what of the sensor each of them sees, how fast.

The numbers are what ``rpicam-hello --list-cameras`` prints for each.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A part of a sensor, in its own pixels: the origin is top left."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Mode:
    """One way to read a sensor."""

    size: tuple[int, int]
    """What comes out, in pixels."""
    crop: Box
    """What is seen of the sensor."""
    rate: float
    """Pictures a second at most."""
    form: str
    """The raw format, as libcamera calls it."""

    @property
    def depth(self) -> int:
        """Return the bits of a pixel."""
        return int("".join(filter(str.isdigit, self.form.split("_")[0])))


@dataclass(frozen=True)
class Sensor:
    """A camera module."""

    model: str
    size: tuple[int, int]
    """Of all that it sees, in pixels."""
    modes: tuple[Mode, ...]
    gain: float
    """How many times brighter it makes a picture at most: from its register's range, as libcamera's helper reads it."""
    focus: bool = False
    """Whether there is a motor at its lens."""
    flips: bool = True
    """Whether it can read itself backwards and upside down."""
    exposure: bool = True
    """Whether it tells for how long it exposed a frame."""


def _sensor(model: str, size: tuple[int, int], modes: str, *, gain: float, focus: bool = False) -> Sensor:
    """Return a sensor of its modes, a line each, as in ``SRGGB10_CSI2P 640x480 1000,752/1280x960 206.65``."""
    made = []
    for line in modes.strip().splitlines():
        form, output, seen, rate = line.split()
        corner, extent = seen.split("/")
        width, height = map(int, output.split("x"))
        crop = Box(*map(int, corner.split(",")), *map(int, extent.split("x")))
        made.append(Mode((width, height), crop, float(rate), form))
    return Sensor(model, size, tuple(made), gain, focus)


SENSORS = {
    sensor.model: sensor
    for sensor in (
        _sensor(  # Camera Module 1
            "ov5647",
            (2592, 1944),
            """
            SGBRG10_CSI2P 640x480 16,0/2560x1920 58.92
            SGBRG10_CSI2P 1296x972 0,0/2592x1944 43.25
            SGBRG10_CSI2P 1920x1080 348,434/1928x1080 30.62
            SGBRG10_CSI2P 2592x1944 0,0/2592x1944 15.63
            """,
            gain=63.94,
        ),
        _sensor(  # Camera Module 2
            "imx219",
            (3280, 2464),
            """
            SRGGB10_CSI2P 640x480 1000,752/1280x960 103.33
            SRGGB10_CSI2P 1640x1232 0,0/3280x2464 41.85
            SRGGB10_CSI2P 1920x1080 680,692/1920x1080 47.57
            SRGGB10_CSI2P 3280x2464 0,0/3280x2464 21.19
            SRGGB8 640x480 1000,752/1280x960 206.65
            SRGGB8 1640x1232 0,0/3280x2464 41.85
            SRGGB8 1920x1080 680,692/1920x1080 47.57
            SRGGB8 3280x2464 0,0/3280x2464 21.19
            """,
            gain=10.67,
        ),
        _sensor(  # High Quality Camera
            "imx477",
            (4056, 3040),
            """
            SRGGB10_CSI2P 1332x990 696,528/2664x1980 120.05
            SRGGB12_CSI2P 2028x1080 0,440/4056x2160 50.03
            SRGGB12_CSI2P 2028x1520 0,0/4056x3040 40.01
            SRGGB12_CSI2P 4056x3040 0,0/4056x3040 10.00
            """,
            gain=22.26,
        ),
        _sensor(  # Camera Module 3
            "imx708",
            (4608, 2592),
            """
            SRGGB10_CSI2P 1536x864 768,432/3072x1728 120.13
            SRGGB10_CSI2P 2304x1296 0,0/4608x2592 56.03
            SRGGB10_CSI2P 4608x2592 0,0/4608x2592 14.35
            """,
            gain=16.0,
            focus=True,
        ),
        _sensor(  # Global Shutter Camera
            "imx296",
            (1456, 1088),
            """
            SBGGR10_CSI2P 1456x1088 0,0/1456x1088 60.38
            """,
            gain=251.2,
        ),
    )
}
"""By the name that libcamera has for each."""
