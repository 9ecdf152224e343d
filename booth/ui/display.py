"""The display: what there is to draw on, filled or as a window, and what is heard of it."""

import os

import pygame

from booth.errors import ScreenError
from booth.ports import Size
from booth.ui.drawing.glass import Glass, Rotation, fitted, sharp, turned
from booth.ui.dress import Dress
from booth.units import Pixels

_WATCHED = (
    pygame.QUIT,
    pygame.WINDOWEXPOSED,
    pygame.FINGERDOWN,
    pygame.FINGERUP,
    pygame.FINGERMOTION,
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.MOUSEMOTION,
    pygame.KEYDOWN,
    pygame.KEYUP,
    pygame.TEXTINPUT,
)
"""What SDL reports to the booth; it is asked for nothing else."""

_UNSEEN = frozenset({"dummy", "offscreen"})
"""SDL's drivers that draw where nobody looks."""

_AMERICAN = _UNSEEN | {"KMSDRM"}
"""SDL's drivers that take every keyboard for an American one: no desktop and no console is there that knows better."""


def _no_display(why: str) -> str:
    return (
        f"there is no display to draw on ({why}): connect the screen, or start inside a desktop; "
        "without either, SDL_VIDEODRIVER=dummy draws where nobody sees it"
    )


def display_size(wanted: Size, *, rotation: Rotation = 0, given: bool = False) -> Size:
    """Return the size at which to paint for the display that is to be filled, turned by *rotation*.

    *wanted* is the settings', *given* if somebody has written it down. It is what there is if there is no display, or
    one that nobody looks at. A screen that is filled has the pixels that it has, whatever the settings say of it; but
    of one with more than `glass.MOST` of them fewer are used, see `glass.sharp`.
    """
    try:
        pygame.display.init()
        driver, sizes = pygame.display.get_driver(), pygame.display.get_desktop_sizes()
    except pygame.error:
        return wanted  # whoever opens it says what is wrong
    if driver in _UNSEEN or not sizes:
        return wanted
    there = Size(Pixels(sizes[0][0]), Pixels(sizes[0][1]))
    return turned(sharp(there, _modes(), turned(wanted, rotation) if given else None), rotation)


def _modes() -> list[Size]:
    """Return the sizes that the display can be switched to."""
    return [Size(Pixels(width), Pixels(height)) for width, height in pygame.display.list_modes()]


def driver() -> str:
    """Return what SDL draws on: ``KMSDRM``, ``x11``, ...; "" where no display is open. For the screen's thread."""
    return pygame.display.get_driver() if pygame.display.get_init() else ""


def american() -> bool:
    """Return whether the display that is open takes every keyboard for an American one."""
    return pygame.display.get_driver() in _AMERICAN


def open_display(dress: Dress, window: Size) -> Glass:
    """Open the display for a *window* of this size. Only pygame's display and font are started: no sound card is taken.

    Raises `ScreenError` if there is nothing to draw on; both may have been started by then.
    """
    try:
        pygame.display.init()
        pygame.font.init()
        if pygame.display.get_driver() == "x11":
            # Otherwise SDL draws the window with OpenGL: 90 MB more, and 3 % of a core where that is software.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        elif pygame.display.get_driver() == "KMSDRM":
            # SDL would take desktop OpenGL first. Without a desktop that draws nothing, says nothing, and the
            # screen stays black.
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "opengles2")
        pygame.display.set_caption(dress.title)
        # What nobody looks at has a size of its own, and would take that instead.
        fills = dress.fullscreen and pygame.display.get_driver() not in _UNSEEN
        shown, flags = turned(window, dress.rotation), 0
        sizes = pygame.display.get_desktop_sizes()
        if fills:
            # A television is switched to fewer pixels; if it has no such mode, the graphics chip enlarges them.
            there = (shown.width, shown.height) in sizes[:1] or shown in _modes()
            flags = pygame.FULLSCREEN | (0 if there else pygame.SCALED)
        elif pygame.display.get_driver() not in _UNSEEN and sizes:
            shown = fitted(shown, Size(Pixels(sizes[0][0]), Pixels(sizes[0][1])))
        display = pygame.display.set_mode((shown.width, shown.height), flags)
        glass = Glass(display, window, dress.rotation)
    except pygame.error as exc:
        raise ScreenError(_no_display(str(exc))) from exc
    driver = pygame.display.get_driver()
    if driver in _UNSEEN and os.environ.get("SDL_VIDEODRIVER") != driver:
        # SDL draws into memory when nothing else will do. A booth that nobody sees must not say that it is ready.
        raise ScreenError(_no_display("nothing but memory"))
    pygame.event.set_blocked(None)
    pygame.event.set_allowed(_WATCHED)
    pygame.key.start_text_input()
    pygame.key.set_repeat(400, 45)
    pygame.mouse.set_visible(not dress.fullscreen)
    return glass
