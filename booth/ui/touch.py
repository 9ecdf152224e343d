"""From pygame's events to what hands did: a finger down or up, text, a key.

A touch panel reports a tap twice: as a finger, and as the synthetic mouse that SDL makes of it (``touch=True``). The
finger counts; the twin is dropped. A real mouse counts as a finger; the finger that SDL may be told to make of it does
not.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import pygame

from booth.ports import Size
from booth.ui.typing.keymaps import Composer


class Stroke(Enum):
    """The keys of a physical keyboard that mean something beside their text."""

    BACKSPACE = "backspace"
    LEFT = "left"
    RIGHT = "right"
    HOME = "home"
    END = "end"
    TAB = "tab"
    RETURN = "return"
    SPACE = "space"


Finger = tuple[int, int]
"""Tells fingers apart: the panel's number, and the finger's on it."""

MOUSE: Finger = (-1, -1)
"""A mouse is a finger, too."""


@dataclass(frozen=True)
class Tap:
    """A finger, or a mouse's left button, put down or lifted: at a pixel of the window."""

    x: int
    y: int
    down: bool
    finger: Finger = MOUSE


@dataclass(frozen=True)
class Moved:
    """A finger slides, or a mouse with its left button down: to a pixel of the window."""

    x: int
    y: int
    finger: Finger = MOUSE


@dataclass(frozen=True)
class Entered:
    """Text from a physical keyboard, as composed."""

    text: str

    def __repr__(self) -> str:
        """Keep what guests type out of logs and tracebacks."""
        return "Entered(...)"


@dataclass(frozen=True)
class Struck:
    """A key of a physical keyboard went down or up."""

    key: Stroke
    down: bool


Deed = Tap | Moved | Entered | Struck

_STROKES = {
    pygame.K_BACKSPACE: Stroke.BACKSPACE,
    pygame.K_LEFT: Stroke.LEFT,
    pygame.K_RIGHT: Stroke.RIGHT,
    pygame.K_HOME: Stroke.HOME,
    pygame.K_END: Stroke.END,
    pygame.K_TAB: Stroke.TAB,
    pygame.K_RETURN: Stroke.RETURN,
    pygame.K_KP_ENTER: Stroke.RETURN,
    pygame.K_SPACE: Stroke.SPACE,
}

_LEFT_BUTTON = 1

_A_MOUSE = -1
"""The touch panel that SDL says a mouse is, where it is told to by ``SDL_MOUSE_TOUCH_EVENTS``."""


def deed(event: pygame.Event, window: Size) -> Deed | None:
    """Return what *event* says that hands did to a *window* of this size, or None."""
    match event.type:
        case pygame.FINGERDOWN | pygame.FINGERUP | pygame.FINGERMOTION if event.touch_id == _A_MOUSE:
            return None
        case pygame.FINGERDOWN | pygame.FINGERUP | pygame.FINGERMOTION:
            if not (math.isfinite(event.x) and math.isfinite(event.y)):
                return None  # a panel that is badly calibrated says anything
            x = min(max(int(event.x * window.width), 0), window.width - 1)
            y = min(max(int(event.y * window.height), 0), window.height - 1)
            finger = (event.touch_id, event.finger_id)
            if event.type == pygame.FINGERMOTION:
                return Moved(x, y, finger)
            return Tap(x, y, event.type == pygame.FINGERDOWN, finger)
        case pygame.MOUSEBUTTONDOWN | pygame.MOUSEBUTTONUP:
            if event.button != _LEFT_BUTTON or getattr(event, "touch", False):
                return None
            x, y = event.pos
            return Tap(x, y, event.type == pygame.MOUSEBUTTONDOWN)
        case pygame.MOUSEMOTION if event.buttons[0] and not getattr(event, "touch", False):
            return Moved(*event.pos)
        case pygame.TEXTINPUT:
            return Entered(event.text)
        case pygame.KEYDOWN | pygame.KEYUP if event.key in _STROKES:
            return Struck(_STROKES[event.key], event.type == pygame.KEYDOWN)
        case _:
            return None


def text_event(text: str) -> pygame.Event:
    """Return what SDL reports of *text* from a physical keyboard, but that it is our own."""
    return pygame.Event(pygame.TEXTINPUT, {"text": text, "ours": True})


def translated(event: pygame.Event, composer: Composer) -> Iterator[pygame.Event]:
    """Yield *event*, and after a key that goes down the text that *composer* has for it; of SDL's own text nothing.

    For a display whose driver takes every keyboard for an American one.
    """
    if event.type == pygame.TEXTINPUT and not getattr(event, "ours", False):
        return
    if event.type != pygame.KEYDOWN:
        yield event
        return
    text = composer.strike(
        event.scancode,
        shift=bool(event.mod & pygame.KMOD_SHIFT),
        altgr=bool(event.mod & (pygame.KMOD_RALT | pygame.KMOD_MODE)),
        caps=bool(event.mod & pygame.KMOD_CAPS),
        chord=bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_LALT | pygame.KMOD_META)),
    )
    if text is not None:
        yield event
    if text:
        yield text_event(text)


def tap_events(x: int, y: int, window: Size) -> tuple[pygame.Event, ...]:
    """Return what SDL reports of a finger that taps the middle of pixel (*x*, *y*): finger and synthetic mouse.

    They are marked as our own: the pixel is one of what was painted, however that is shown.
    """
    where = {"x": (x + 0.5) / window.width, "y": (y + 0.5) / window.height, "dx": 0.0, "dy": 0.0}
    finger = {"touch_id": 1, "finger_id": 1, "pressure": 1.0, "ours": True, **where}
    mouse = {"pos": (x, y), "button": _LEFT_BUTTON, "touch": True, "ours": True}
    return (
        pygame.Event(pygame.FINGERDOWN, finger),
        pygame.Event(pygame.MOUSEBUTTONDOWN, mouse),
        pygame.Event(pygame.FINGERUP, finger),
        pygame.Event(pygame.MOUSEBUTTONUP, mouse),
    )
