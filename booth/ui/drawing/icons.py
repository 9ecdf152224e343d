"""The signs of the booth: ``assets/icons/*.svg``, each on a grid of 24 by 24 units, in the one colour it is asked for.

A designer changes a file, and nothing here. SDL's reader knows paths, circles and boxes, fills and strokes; no text, no
masks, no styles in a sheet of their own.
"""

import io
from enum import Enum
from functools import cache

import pygame

from booth.errors import ScreenError
from booth.ui.assets import asset
from booth.ui.drawing.shapes import BLEND
from booth.ui.theme import Colour

INK = "currentColor"
"""What stands in a file for the colour that the sign is shown in."""


class Icon(Enum):
    """What a sign means; the words beside it say the same. The value is the name of its file."""

    ALERT = "alert"
    AT = "at"
    BACKSPACE = "backspace"
    BUTTON = "button"
    CAMERA = "camera"
    CHECK = "check"
    CLOCK = "clock"
    CLOUD = "cloud"
    CLOUD_OFF = "cloud-off"
    DISK = "disk"
    DOWN = "down"
    LEFT = "left"
    GLOBE = "globe"
    NEXT = "next"
    PERSON = "person"
    RETAKE = "retake"
    RIGHT = "right"
    SEND = "send"
    SHIFT = "shift"
    SHIFT_ONCE = "shift-once"
    SHIFT_LOCK = "shift-lock"
    SKIP = "skip"
    SPACE = "space"
    TRASH = "trash"
    UP = "up"
    WAND = "wand"

    __hash__ = object.__hash__  # each picture is looked up by its sign; Enum's own hash takes a call in Python


def picture(icon: Icon, side: int, colour: Colour) -> pygame.Surface:
    """Return *icon* in *colour*, *side* pixels wide and high, its colours multiplied by its alpha.

    Raises `ScreenError` if its file is missing, or is none that can be drawn.
    """
    try:
        return painted(_drawing(icon), side, colour)
    except pygame.error as exc:
        raise ScreenError(f"icons/{icon.value}.svg cannot be drawn ({exc}): install the booth again") from exc


def painted(drawing: str, side: int, colour: Colour) -> pygame.Surface:
    """Return a *drawing*, an SVG, as `picture` does. Raises `pygame.error` if it is none."""
    size = (max(side, 1), max(side, 1))
    red, green, blue = colour
    written = drawing.replace(INK, f"#{red:02x}{green:02x}{blue:02x}")
    drawn = pygame.image.load_sized_svg(io.BytesIO(written.encode()), size)
    drawn.premul_alpha_ip()
    whole = pygame.Surface(size, pygame.SRCALPHA)  # SDL's reader has its bytes in another order than all other pictures
    whole.blit(drawn, (0, 0), special_flags=BLEND)
    return whole


@cache
def _drawing(icon: Icon) -> str:
    return asset(f"icons/{icon.value}.svg").read_text(encoding="utf-8")
