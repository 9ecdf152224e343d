"""What the microwave does on the invitation, beat by beat: it waits and hops, poses in its flash, and rings.

Pure: a beat is a number, and what is shown at it a value. Two beats with the same value look alike.
"""

from functools import lru_cache
from typing import NamedTuple

from booth.ui.drawing.mascot import Mood
from booth.units import Seconds

BEAT = Seconds(1 / 15)
"""Seconds: nothing on the invitation changes more often."""

ROUND = 180
"""Beats of the whole show, which then begins again: the microwave waits, poses, and rings."""
POSES, RING = 90, 150
"""The beats at which it begins to pose, and to ring."""
POSE = 15
"""Beats of each pose; the first of them are the flash."""
FLASH = 2

HOPS = (12, 57)
"""The beats at which it hops."""
HOP = (2, 4, -8, -16, -21, -23, -21, -16, -8, 3, 2)
"""How far below its place it is while it hops, beat by beat, in steps of the grid."""
BLINKS = (36, 37, 78, 79)
WINK = range(66, 76)
TILTS = (0, 5, 5, -5, -5, 5, 5, -5, -5, 2, 2, -2, -2, 0, 0, 0, 5, 5, -5, -5, 5, 5, -5, -5, 2, 2, -2, -2, 0, 0)
"""How far it is tilted while it rings, beat by beat, in degrees. Few different ones: each is a large picture."""

BOUNCE = (0, 2, 5, 7, 8, 7, 5, 2)
"""How far the band leans towards the button, beat by beat, in steps of the grid..."""
BOUNCE_BEATS = 30
"""...and how many beats there are from one time to the next."""
RUN_BEATS = 4
"""Beats after which the light runs on to the next arrowhead."""

PULSE = (0.0, 0.25, 0.6, 1.0, 0.8, 0.5, 0.25)
PULSE_BEATS = 15
"""How the button that the microwave wears glows."""

MOODS = (Mood.WINK, Mood.GLAD, Mood.LEFT, Mood.HAPPY)
"""The faces that it poses with, and that the small pictures show."""
MOST_CARDS = 6
"""Small pictures that hang there at most."""


class Pose(NamedTuple):
    """What the microwave does at a beat of its show."""

    mood: Mood
    glow: float
    tilt: int
    """Angle in degrees."""
    down: int
    """How far below its place it is, in steps of the grid."""
    flash: bool


def _pose(beat: int) -> Pose:
    """Return what the microwave does: it waits and hops, poses in its flash, and rings."""
    at = beat % ROUND
    tilt = TILTS[at - RING] if at >= RING else 0
    down = next((HOP[at - hop] for hop in HOPS if 0 <= at - hop < len(HOP)), 0)
    return Pose(_mood(at), _glow(beat), tilt, down, POSES <= at < RING and (at - POSES) % POSE < FLASH)


class Moment(NamedTuple):
    """What is otherwise from beat to beat, the drift aside."""

    cards: tuple[int, int, int]
    pose: Pose
    lean: int
    lit: int
    """Which arrowhead shines."""


@lru_cache(maxsize=4)
def moment(shots: int, beat: int) -> Moment:
    """Return what is shown at a *beat*. It is asked for up to three times a beat: whether it differs, and to paint."""
    return Moment(_cards_at(shots, beat), _pose(beat), _lean(beat), beat // RUN_BEATS % 4)


def _lean(beat: int) -> int:
    return BOUNCE[beat % BOUNCE_BEATS] if beat % BOUNCE_BEATS < len(BOUNCE) else 0


def _mood(at: int) -> Mood:
    if at >= RING:
        return Mood.GLAD
    if at >= POSES:
        return MOODS[(at - POSES) // POSE % len(MOODS)]
    if at in BLINKS:
        return Mood.BLINK
    return Mood.WINK if at in WINK else Mood.HAPPY


def _glow(beat: int) -> float:
    at = beat % PULSE_BEATS
    return PULSE[at] if at < len(PULSE) else 0.0


def _cards_at(shots: int, beat: int) -> tuple[int, int, int]:
    """Return how many cards there are, how many of them have a picture, and which one waves; -1 is none."""
    shown, at = min(shots, MOST_CARDS), beat % ROUND
    taken = min((at - POSES) // POSE, MOST_CARDS) if POSES <= at < RING else MOST_CARDS
    waving = at // 4 % (shown + 5) if taken == MOST_CARDS and beat else -1
    return shown, taken, waving if waving < shown else -1
