"""What an owner sets of lens and light, for whichever camera."""

from dataclasses import dataclass
from typing import Literal

Exposure = Literal["short", "normal"]
Awb = Literal["auto", "incandescent", "fluorescent", "daylight", "cloudy"]


@dataclass(frozen=True)
class Tuning:
    """What is set of lens and light; as it comes, what suits guests who move."""

    focus: float | None = None
    """Where a lens with a motor rests, in dioptres; None to have it follow the guests."""
    exposure: Exposure = "short"
    """Whether light is gained rather by gain than by time."""
    awb: Awb = "auto"
    """What light is white."""
    gain: float | None = None
    """How many times brighter a picture is made, or a webcam's own number; None to leave it to the camera."""


AS_IT_COMES = Tuning()


def within(wanted: float, least: float, most: float) -> float:
    """Return what is nearest to *wanted* from *least* to *most*."""
    return min(max(wanted, least), most)
