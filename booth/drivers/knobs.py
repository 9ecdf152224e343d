"""Lens and light of a webcam: what an owner sets, in the numbers of the kernel's controls.

A device keeps what it was told until it is unplugged, whoever told it; so what is left to it is told, too.
"""

from collections.abc import Callable
from typing import Protocol

import structlog

from booth.drivers.offers import between, not_offered
from booth.drivers.tuning import Tuning, within
from booth.drivers.v4l2 import Control

EXPOSURE, PATIENT = 0x009A0901, 0x009A0903
"""V4L2_CID_EXPOSURE_AUTO; and _AUTO_PRIORITY, whether a picture may take longer than its rate gives it."""
BY_TIME, BY_ALL = 3, 0
"""Values of V4L2_CID_EXPOSURE_AUTO: the aperture stays, which is what webcams do by themselves; or nothing does."""
FOCUS, FOCUS_FOLLOWS = 0x009A090A, 0x009A090C
WHITE, WHITE_FOLLOWS = 0x0098091A, 0x0098090C
GAIN, GAIN_FOLLOWS = 0x00980913, 0x00980912
"""V4L2_CID_FOCUS_ABSOLUTE and _FOCUS_AUTO, _WHITE_BALANCE_TEMPERATURE and _AUTO_WHITE_BALANCE, _GAIN and _AUTOGAIN."""
KELVIN = {"incandescent": 2800, "fluorescent": 4300, "daylight": 6000, "cloudy": 7000}
"""How warm each light is, within what libcamera's tuning files take for it."""
CLOSEST = 10.0
"""Dioptres at the end of a webcam's focus. The kernel gives it no unit; most begin far away and end at 10 cm."""

log = structlog.get_logger()


class Knobs(Protocol):
    """A device, as far as it can be set."""

    def control(self, number: int) -> Control | None:
        """Return what may be set by that number, None if nothing may."""

    def set(self, number: int, value: int) -> bool:
        """Set it; return whether it was taken."""


def tune(device: Knobs, tuning: Tuning) -> None:
    """Set what the device has of *tuning*, and log what it has not."""
    if not device.set(EXPOSURE, BY_TIME):
        device.set(EXPOSURE, BY_ALL)
    if not device.set(PATIENT, int(tuning.exposure == "normal")):
        not_offered(tuning, "exposure")
    focus, kelvin, gain = tuning.focus, KELVIN.get(tuning.awb), tuning.gain
    _hold(device, tuning, "focus", (FOCUS_FOLLOWS, FOCUS), None if focus is None else lambda knob: _near(knob, focus))
    _hold(device, tuning, "awb", (WHITE_FOLLOWS, WHITE), None if kelvin is None else lambda _: kelvin)
    _hold(device, tuning, "gain", (GAIN_FOLLOWS, GAIN), None if gain is None else lambda _: gain)


def _hold(
    device: Knobs, tuning: Tuning, setting: str, knobs: tuple[int, int], wanted: Callable[[Control], float] | None
) -> None:
    """Have the device see to it by itself, or hold what is *wanted*, by the two *knobs* for that."""
    follows, held = knobs
    followed = device.set(follows, int(wanted is None))
    knob = device.control(held)
    if wanted is None:
        if knob is not None and not followed:
            device.set(held, knob.usual)
        return
    if knob is None:
        not_offered(tuning, setting)
        return
    offers, asked = between(knob.least, knob.most), wanted(knob)
    number = knob.nearest(asked)
    if not device.set(held, number):
        not_offered(tuning, setting)
    elif not knob.least <= asked <= knob.most:
        not_offered(tuning, setting, offers, set_to=number)
    else:
        log.info("webcam.set", setting=f"camera.{setting}", to=number, offers=offers)


def _near(knob: Control, dioptres: float) -> float:
    """Return the number for a focus at so many *dioptres*: evenly from far away, which the least is."""
    return knob.least + (knob.most - knob.least) * within(dioptres, 0, CLOSEST) / CLOSEST
