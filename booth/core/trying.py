"""What an operator tries on the booth's screen: the start button, its lamp, the sound, and a whole visit."""

from dataclasses import dataclass, replace
from enum import Enum

from booth.core.happening import Happening
from booth.core.visit import SessionId


class Shine(Enum):
    """How the lamp in the start button is, while it is tried."""

    OFF = "off"
    ON = "on"
    BLINK = "blink"

    @property
    def next(self) -> "Shine":
        """How it is when it is changed; behind the last comes the first."""
        lights = tuple(Shine)
        return lights[(lights.index(self) + 1) % len(lights)]


@dataclass(frozen=True)
class Trying:
    """What came of trying so far, since the page was opened."""

    presses: int = 0
    """How often the start button was pressed."""
    light: Shine = Shine.OFF
    sounds: int = 0
    """How often a sound was wanted."""


UNTRIED = Trying()


# ---- what happens


@dataclass(frozen=True)
class LightTurned(Happening):
    """The lamp is to be on, to blink, or to be off: whichever comes next."""


@dataclass(frozen=True)
class SoundWanted(Happening):
    """A sound is to be heard."""


@dataclass(frozen=True)
class TrialBegun(Happening):
    """The operator wants to go through a visit as a guest would. *fresh* names it, and it is marked as a test."""

    fresh: SessionId


Trial = LightTurned | SoundWanted | TrialBegun


def lit(trying: Trying) -> Trying:
    """Return what it is when the lamp was changed."""
    return replace(trying, light=trying.light.next)


def pressed(trying: Trying) -> Trying:
    """Return what it is when the start button was pressed."""
    return replace(trying, presses=trying.presses + 1)


def sounded(trying: Trying) -> Trying:
    """Return what it is when a sound was wanted."""
    return replace(trying, sounds=trying.sounds + 1)
