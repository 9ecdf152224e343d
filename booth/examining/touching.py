"""The touch panel, by hand: a ring in each corner, and whether the finger was felt where it was.

It takes the display, so it is for a booth that does not run. All of it is done on the thread of its check.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from math import dist
from typing import TYPE_CHECKING

from booth.examining.findings import Finding, Premises, Sign
from booth.ports import Size

if TYPE_CHECKING:
    from booth.ui.drawing.glass import Glass

NAME = "screen corners"

CORNERS = ("top left", "top right", "bottom right", "bottom left")
"""The corners in the order in which they are asked for."""

INSET = 0.08
"""Of the screen's height: how far the middle of a ring is from both edges. Fingers reach the edge of few housings."""

NEAR = 0.08
"""Of the screen's height: how far from the middle of the ring a finger may be felt. The keys that guests type on are
about as high."""

LOOK = 0.02
"""How often it is looked for a finger, in seconds."""

_DARK, _RING = (24, 20, 28), (255, 190, 60)

TURNED = "the panel is turned against the picture: give it the same rotation (config.txt, or udev's calibration matrix)"
CALIBRATE = "wipe the panel and your finger, then try again; if it is the same, calibrate the panel or take another"


def places(size: Size) -> tuple[tuple[int, int], ...]:
    """Return the middle of each ring, in pixels of a screen of *size*."""
    inset = round(INSET * size.height)
    right, low = size.width - 1 - inset, size.height - 1 - inset
    return ((inset, inset), (right, inset), (right, low), (inset, low))


def judged(felt: Sequence[tuple[int, int]], size: Size) -> Finding:
    """Return what it means that fingers on the corners were *felt* there, one for each."""
    rings = places(size)
    nearest = [min(range(len(rings)), key=lambda corner: dist(rings[corner], place)) for place in felt]
    for corner, there in enumerate(nearest):
        if there != corner:
            said = f"a finger at the {CORNERS[corner]} was felt at the {CORNERS[there]}"
            return Finding(NAME, Sign.BAD, said, cure=TURNED)
    off = max(dist(ring, place) for ring, place in zip(rings, felt, strict=True))
    near = round(NEAR * size.height)
    measured = f"felt within {off:.0f} pixels of each"
    if off > near:
        return Finding(NAME, Sign.WARN, measured, f"{near} pixels", CALIBRATE)
    return Finding(NAME, Sign.OK, measured, f"{near} pixels")


def corners(premises: Premises) -> Iterator[Finding]:
    """Ask for a finger in each corner, and judge where it was felt. Raises `ScreenError` without a display."""
    if premises.reach is None:
        cure = "sudo systemctl stop booth, then again; a touch now may begin a visit"
        yield Finding(NAME, Sign.SKIPPED, "the booth has the screen", cure=cure)
        return
    import pygame

    from booth import choices
    from booth.ui import display

    settings = premises.settings
    with ExitStack() as stack:
        size = premises.reach(stack).measure(
            choices.screen_size_of(settings),
            fullscreen=settings.screen.fullscreen,
            rotation=settings.screen.rotation,
            given="size" in settings.screen.model_fields_set,
        )
        stack.callback(pygame.font.quit)
        stack.callback(pygame.display.quit)
        glass = display.open_display(choices.plain_dress_of(settings, size), size)
        felt: list[tuple[int, int]] = []
        for corner, ring in zip(CORNERS, places(size), strict=True):
            glass.surface.fill(_DARK)
            pygame.draw.circle(glass.surface, _RING, ring, round(NEAR * size.height), width=4)
            glass.show(None)
            premises.tell(f"touch the ring at the {corner} of the screen")
            place = _finger(premises, glass, size)
            if place is None:
                said = f"no finger was felt at the {corner}"
                yield Finding(NAME, Sign.BAD, said, cure=f"look at the panel's cable; {CALIBRATE}")
                return
            felt.append(place)
        yield judged(felt, size)


def _finger(premises: Premises, glass: "Glass", size: Size) -> tuple[int, int] | None:
    """Wait for a finger that is put down; return where, or None if there is none until the deadline."""
    import pygame

    from booth.ui.touch import Tap, deed

    rest = threading.Event()
    while premises.left > 1.0:
        for event in pygame.event.get():
            done = deed(glass.meant(event), size)
            if isinstance(done, Tap) and done.down:
                return done.x, done.y
        rest.wait(LOOK)
    return None
