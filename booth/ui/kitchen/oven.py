"""The simulator's window: a pink microwave oven whose door window is the booth's screen, with its button and its LED.

Scenery. It decides nothing: a click on the drawn button goes to the panel, the LED glows as the panel says, and what
the rest of the oven does follows from the scene (`booth.ui.kitchen.baking`). The screen's own pixels are never touched.
It is pink in every theme.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pygame

from booth.core.scene import Scene
from booth.ports import Size
from booth.ui.kitchen.baking import UNSET, Colon, Doing, Gaze, Light, doing
from booth.ui.kitchen.brush import smooth
from booth.ui.kitchen.moving import WISPS, draw_controls, draw_steam, draw_time
from booth.ui.kitchen.pinch import Pinch
from booth.ui.kitchen.plan import Plan
from booth.ui.kitchen.scenery import draw_glass, painted
from booth.ui.kitchen.sprite import Phase, Rect, Sprite
from booth.ui.layout import Side
from booth.ui.touch import Deed
from booth.units import Instant

BLINK_EVERY = 6.0
"""Seconds from one blink of the oven's eyes to the next."""

BLINK = 0.14
"""Seconds that a blink takes."""

WISP = 0.25
"""Seconds that each picture of the steam is shown."""


class Panel(Protocol):
    """What is behind the drawn button and the drawn LED."""

    def press(self) -> None:
        """Push the button down."""
        ...

    def release(self) -> None:
        """Let the button go."""
        ...

    @property
    def lit(self) -> bool:
        """Whether the LED is on."""
        ...


class Oven:
    """The oven around a screen of *screen* pixels, the *lens* beside it on that side.

    *font* is a TrueType file for its few words, or pygame's own.
    """

    def __init__(self, screen: Size, panel: Panel, *, font: Path | None = None, lens: Side = Side.TOP) -> None:
        self._panel = panel
        self._font = font
        self._held: set[str] = set()
        self._scenery: pygame.Surface | None = None
        self._scene: Scene | None = None
        self._doing = UNSET
        plan = self._plan = Plan(screen, lens)
        self._controls = Sprite(plan.controls, lambda picture, phase: draw_controls(plan, picture, phase))
        self._display = Sprite(plan.clock, lambda picture, phase: draw_time(plan, picture, phase))
        self._rim = tuple(_rim_sprite(plan, box) for box in plan.rims())
        self._steam = Sprite(plan.steam, draw_steam) if plan.laid_out else None
        self._rehearsal = self._rehearse()
        self._pinch = Pinch(screen, plan.screen_at)

    @property
    def window(self) -> Size:
        """How large the window is."""
        return self._plan.window

    @property
    def screen_at(self) -> tuple[int, int]:
        """Where the screen is in it: the pixel of its corner."""
        return self._plan.screen_at

    @property
    def button(self) -> tuple[int, int, int]:
        """Where the button is: its middle, and its radius."""
        return self._plan.button

    # ---- what a hand does

    def touch(self, x: int, y: int, down: bool) -> bool:  # noqa: FBT001 - down or up is all there is to say
        """Take a click at (*x*, *y*) of the window; return whether it was the oven's.

        The button takes what goes down on it, and the release of that wherever it happens.
        """
        centre_x, centre_y, radius = self.button
        if down:
            if math.hypot(x - centre_x, y - centre_y) > radius:
                return False
            self._hold("finger")
            return True
        if "finger" not in self._held:
            return False
        self._let_go("finger")
        return True

    def key(self, down: bool) -> None:  # noqa: FBT001 - down or up is all there is to say
        """Take SPACE as a hand on the button. A key that repeats is one press."""
        if down:
            self._hold("key")
        else:
            self._let_go("key")

    def second(self, raw: pygame.Event, done: Deed | None) -> Deed | None:
        """Return what the finger opposite the mouse does: it is down while the mouse's button and Shift are."""
        return self._pinch.second(raw, done)

    def _hold(self, who: str) -> None:
        before = bool(self._held)
        self._held.add(who)
        if not before:
            self._panel.press()

    def _let_go(self, who: str) -> None:
        if self._held == {who}:
            self._panel.release()
        self._held.discard(who)

    # ---- what an eye sees

    def paint(self, surface: pygame.Surface, now: Instant, scene: Scene | None = None) -> list[Rect]:
        """Paint on *surface* what has changed since the last call; return those rectangles, [] mostly.

        The first call paints everything but the screen. *surface* is the whole window, and must be the same each time.
        """
        fresh = self._scenery is None
        if self._scenery is None:
            self._scenery = painted(self._plan, self._font)
            self._frame(surface, self._scenery)
        if scene is not self._scene:
            self._scene, self._doing = scene, doing(scene)
        does = self._doing
        lit = does.colon is Colon.ON or (does.colon is Colon.BLINKS and now % 1.0 < 0.5)
        dirty = [
            *self._controls.paint(surface, self._scenery, (self._panel.lit, self._gaze(does, now))),
            *self._display.paint(surface, self._scenery, (does.clock, lit)),
        ]
        for part in self._rim:
            dirty += part.paint(surface, self._scenery, (does.light, does.watching))
        if self._steam is not None:
            dirty += self._steam.paint(surface, self._scenery, int(now / WISP) % WISPS)
        if not dirty and does is UNSET:
            next(self._rehearsal, None)
        return [(0, 0, self.window.width, self.window.height)] if fresh else dirty

    def _gaze(self, does: Doing, now: Instant) -> Gaze:
        """Return what the face does: a hand on the button comes first, and now and then it blinks."""
        if self._held:
            return Gaze.BUTTON
        blinking = does.gaze is Gaze.SCREEN and now % BLINK_EVERY > BLINK_EVERY - BLINK
        return Gaze.SHUT if blinking else does.gaze

    def _rehearse(self) -> Iterator[None]:
        """Draw what a visit will show, one picture for each call, while nothing else is to do."""
        for light, watching in ((Light.WARM, True), (Light.FLASH, True), (Light.WARM, False)):
            for part in self._rim:
                if self._scenery is not None and part.rehearse(self._scenery, (light, watching)):
                    yield
        for gaze in Gaze:
            for lit in (False, True):
                if self._scenery is not None and self._controls.rehearse(self._scenery, (lit, gaze)):
                    yield

    def _frame(self, surface: pygame.Surface, scenery: pygame.Surface) -> None:
        """Blit the scenery around the screen, not over it."""
        x, y = self.screen_at
        right, bottom = x + self._plan.screen.width, y + self._plan.screen.height
        for box in (
            (0, 0, self.window.width, y),
            (0, bottom, self.window.width, self.window.height - bottom),
            (0, y, x, self._plan.screen.height),
            (right, y, self.window.width - right, self._plan.screen.height),
        ):
            surface.blit(scenery, box[:2], box)


def _rim_sprite(plan: Plan, box: Rect) -> Sprite:
    """Return the strip of glass at *box*, which looks different in each light."""

    def draw(picture: pygame.Surface, phase: Phase) -> None:
        light, watching = phase if isinstance(phase, tuple) else (Light.OUT, False)
        smooth(picture, lambda brush: draw_glass(plan, brush, light, watching=watching), box[:2])

    return Sprite(box, draw)
