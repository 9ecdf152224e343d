"""What an owner sets of button, lamp and camera."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from booth.drivers.header import bare_number, gpio_of
from booth.drivers.tuning import Awb, Exposure
from booth.section import Section, Text, listed, setting, written

NARROWEST = 64
"""Pixels, each way: what a Pi up to 4 makes pictures with makes none that are smaller, and enlarges them unasked."""

NEAREST = 15
"""Dioptres: no lens of a camera module comes nearer than 7 cm."""

STRONGEST = 255
"""A webcam's own count; camera modules end at 10 to 64, and say so."""

# --- What a value may be ---------------------------------------------------------------------------------------------


def _pin(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(bare_number(value))  # noqa: TRY004 - pydantic collects ValueErrors only
    if isinstance(value, str):
        gpio_of(value)
    return value


Pin = Annotated[str, BeforeValidator(_pin)]


def _focus(value: object) -> object:
    if value == "auto" or (isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= NEAREST):
        return value
    raise ValueError(
        f'expected "auto", or the dioptres of a distance, from 0 (far away) to {NEAREST}, not {written(value)}: '
        "write for example 1 for a metre"
    )


def _gain(value: object) -> object:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value == "auto" or (number and 1 <= value <= STRONGEST):  # type: ignore[operator]  # a number by then
        return value
    raise ValueError(
        f'expected "auto", or how many times brighter pictures are made, from 1 to {STRONGEST}, not {written(value)}: '
        "write for example 4"
    )


_Edge = Annotated[int, Field(ge=NARROWEST, le=8192, multiple_of=2)]
PictureSize = Annotated[tuple[_Edge, _Edge], BeforeValidator(listed)]
Focus = Annotated[Literal["auto"] | float, BeforeValidator(_focus)]
Gain = Annotated[Literal["auto"] | float, BeforeValidator(_gain)]
Side = Literal["top", "bottom", "left", "right"]


# --- The sections ----------------------------------------------------------------------------------------------------


class ButtonSection(Section):
    """The start button, between its pin and ground."""

    pin: Pin = setting(
        "GPIO18",
        "The pin of the button, as the chip counts (GPIO18) or as the header counts (BOARD12 is the same pin).",
        'a pin, such as "GPIO18" or "BOARD12"',
    )
    debounce_s: float = setting(
        0.02,
        "By how much longer the button's line must be pressed than released to count, in seconds.",
        ge=0.001,
        le=0.2,
    )
    active_high: bool = setting(
        False, "Whether a pressed button pulls its pin to 3.3 V, and not to ground: the pin is then pulled down."
    )
    side: Side = setting(
        "bottom", "Where the button is, as a guest sees it from the screen: the invitation points there."
    )


class LedSection(Section):
    """The lamp in or beside the button."""

    pin: Pin = setting(
        "GPIO7",
        "The pin of the LED, as the chip counts (GPIO7) or as the header counts (BOARD26 is the same pin).",
        'a pin, such as "GPIO7" or "BOARD26"',
    )
    active_high: bool = setting(
        True, "Whether the LED is lit when its pin is high; false for a relay that a low pin pulls."
    )


class PinsSection(Section):
    """How pins are driven."""

    factory: Literal["lgpio", "rpigpio", "pigpio", "native"] = setting(
        "lgpio", "The library that drives the pins. Nothing else is tried when it fails."
    )


class CameraSection(Section):
    """The camera."""

    driver: Literal["auto", "picamera2", "picamera", "webcam"] = setting(
        "auto",
        "What drives the camera: picamera2 (current Raspberry Pi OS), picamera (old 32-bit ones), webcam (USB), "
        "or auto: what the machine has.",
    )
    device: Text = setting(
        "",
        "Which camera, if there are several: a number for the Pi's; for a webcam its name under /dev/v4l/by-id, which "
        "stays its own wherever it is plugged in, or /dev/video0. Empty: the first that is a camera and delivers.",
    )
    size: PictureSize = setting(
        (1280, 960),
        "Width and height of a frame, in pixels. 1280x960 is twice 640x480 each way: the JPEG decoder halves it "
        "almost for free. Larger frames cost time on every shot and are not seen in the animation.",
        f"[width, height], even numbers of pixels from {NARROWEST} to 8192",
    )
    preview_size: PictureSize = setting(
        (640, 480),
        "Width and height of the live preview, in pixels; not more than size, and of its shape. Leave it out, and it "
        "is the largest of that shape that fits into this.",
        f"[width, height], even numbers of pixels from {NARROWEST} to 8192",
    )
    flip: bool = setting(False, "Whether preview and frames are turned upside down, for a camera behind a mirror.")
    mirror: bool = setting(
        False, "Whether the frames are mirrored too. The preview always is: guests expect to see themselves so."
    )
    rotation: Literal[0, 90, 180, 270] = setting(
        0,
        "How far preview and frames are turned clockwise, in degrees, for a camera that is built in differently. 0 and "
        "180 cost a Pi's camera nothing; 90 and 270 some hundredths of a second a frame.",
    )
    quality: int = setting(
        90,
        "JPEG quality of the frames, in per cent. Webcam and simulated camera ignore it: a webcam's JPEGs stay as "
        "they come, and what is made of other pictures is always 85.",
        ge=50,
        le=100,
    )
    focus: Focus = setting(
        "auto",
        "Where a lens with a motor is, as Camera Module 3 has one: auto follows the guests; a number keeps it there, "
        "in dioptres: 1 divided by the distance in metres, so 0.67 for a metre and a half. The log tells if there is "
        "none.",
        '"auto", or a number from 0 to 15',
    )
    exposure: Exposure = setting(
        "short",
        "How light is gained: short takes little time for a picture, so that guests who move are sharp, and grainy "
        "where it is dim; normal takes more, for guests who stand still.",
    )
    awb: Awb = setting(
        "auto",
        "What light is taken for white: auto follows it; another keeps the colours of all pictures alike, under lamps "
        "that do not change.",
    )
    gain: Gain = setting(
        "auto",
        "How many times brighter pictures are made, and as much grainier; auto: as much as the light needs. A webcam "
        "counts in a way of its own, which the log tells.",
        '"auto", or a number from 1 to 255',
    )
    timeout_s: float = setting(5.0, "After this the camera is given up and opened again, in seconds.", ge=0.5, le=60.0)
    restart: bool = setting(
        False,
        "Whether the machine is started anew when three booths in a row could not have a camera that somebody holds: "
        "some hangs of its driver end with the power only. Once, until the camera could be had again.",
    )
    lens: Side = setting(
        "top",
        "Where the lens is, as a guest sees it from the screen. The arrow that says where to look points there, and "
        "the digits of the countdown are beside it.",
    )
