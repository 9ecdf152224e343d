"""What the drawn oven does while the booth shows a scene: its clock, its light, its face.

Pure, and for fun. Nothing depends on it: whoever looks at the screen alone misses nothing.
"""

from dataclasses import dataclass
from enum import Enum

from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    MistakesScene,
    OutOfOrderScene,
    Scene,
    StartingScene,
)
from booth.core.states import Animation, Outcome

PLACES = 4
"""The clock has so many places for digits, two on each side of its colon."""

SEGMENTS = {
    " ": "",
    "-": "g",
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
    "E": "adefg",
    "F": "aefg",
    "G": "acdef",
    "H": "bcefg",
    "I": "ef",
    "L": "def",
    "P": "abefg",
    "S": "afgcd",
    "Y": "bcdfg",
    "b": "cdefg",
    "d": "bcdeg",
    "n": "ceg",
    "o": "cdeg",
}
"""Which of the seven segments make a digit, or one of the few letters that seven segments can make."""


class Light(Enum):
    """The light inside, as it falls on the rim of the door."""

    OUT = "out"
    WARM = "warm"
    """Something is in the oven."""
    FLASH = "flash"


class Gaze(Enum):
    """What the face on the control panel does."""

    SCREEN = "screen"
    LENS = "lens"
    """Where the guests should look."""
    BUTTON = "button"
    """While it is held down, with open mouth."""
    SHUT = "shut"
    """A blink, or a nap."""
    GLAD = "glad"
    SAD = "sad"


class Colon(Enum):
    """The two dots of the clock."""

    OFF = "off"
    ON = "on"
    BLINKS = "blinks"


@dataclass(frozen=True)
class Doing:
    """What the oven does."""

    clock: str
    """Four characters that there are segments for."""
    colon: Colon = Colon.OFF
    light: Light = Light.OUT
    gaze: Gaze = Gaze.SCREEN
    watching: bool = False
    """Whether the little lamp beside the lens is on."""


UNSET = Doing("1200", Colon.BLINKS)
"""A clock that nobody has ever set, as on every such oven."""


def doing(scene: Scene | None) -> Doing:
    """Return what the oven does while *scene* is shown; it is calm where there is nothing to bake or to feel."""
    match scene:
        case None | AttractScene():
            return UNSET
        case StartingScene():
            return Doing("----", gaze=Gaze.SHUT)
        case GetReadyScene():
            return Doing("PoSE", light=Light.WARM, gaze=Gaze.LENS, watching=True)
        case CountdownScene(digit=digit):
            left = f"{min(digit, 99):02}"
            return Doing(f"00{left}", Colon.ON, light=Light.WARM, gaze=Gaze.LENS, watching=True)
        case FlashScene():
            return Doing("8888", Colon.ON, light=Light.FLASH, gaze=Gaze.SHUT, watching=True)
        case FormScene(animation=Animation.MAKING) | FinishingScene(animation=Animation.MAKING, deleting=False):
            return Doing(" GIF", light=Light.WARM)
        case FormScene(animation=Animation.READY) | FinishingScene(animation=Animation.READY, deleting=False):
            return Doing("donE")
        case FarewellScene(outcome=outcome):
            return Doing(" bYE" if outcome is Outcome.DELETED else " End", gaze=Gaze.GLAD)
        case ApologyScene():
            return Doing("ooPS", gaze=Gaze.SAD)
        case OutOfOrderScene() | MistakesScene():
            return Doing("HELP", gaze=Gaze.SAD)
        case _:
            return Doing("----")
