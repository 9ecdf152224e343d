"""The simulator's window: a pink microwave oven whose door window is the booth's screen, with its button and its LED.

Scenery. It decides nothing: a click on the drawn button goes to the panel, the LED glows as the panel says, and what
the rest of the oven does follows from the scene (`booth.ui.kitchen.baking`). The screen's own pixels are never touched.
It is pink in every theme.
"""

import math
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Protocol

import pygame

from booth.core.scene import Scene
from booth.ports import Size
from booth.ui.drawing.shapes import Pen, Point
from booth.ui.kitchen.baking import PLACES, SEGMENTS, UNSET, Colon, Doing, Gaze, Light, doing
from booth.ui.layout import Side
from booth.ui.theme import Colour, blend
from booth.units import Instant, Pixels

CAPTION = "Click the button, or press SPACE.   Type or click on the screen.   Close the window to stop."

WALL = (205, 233, 226)
GROUT = (229, 246, 241)
COUNTER = (247, 226, 201)
COUNTER_EDGE = (214, 178, 142)
SPECKS = ((233, 196, 162), (255, 243, 226), (226, 160, 160), (170, 205, 198))
BODY_TOP = (255, 170, 203)
BODY = (250, 122, 172)
BODY_LOW = (222, 78, 138)
SEAM = (189, 48, 108)
DOOR_TOP = (255, 150, 191)
DOOR_LOW = (236, 98, 154)
GLASS = (38, 14, 33)
MESH = (66, 32, 58)
PANEL_TOP = (255, 190, 214)
PANEL_LOW = (248, 146, 187)
CREAM = (255, 246, 234)
CHROME = (240, 238, 242)
CHROME_LOW = (168, 160, 172)
INK = (92, 20, 58)
VFD = (116, 255, 226)
VFD_OFF = (34, 52, 54)
CHERRY = (226, 26, 62)
CHERRY_TOP = (255, 92, 104)
CHERRY_LOW = (166, 8, 42)
LAMP = (255, 205, 84)
LAMP_HOT = (255, 250, 224)
LAMP_OFF = (142, 84, 66)
LIGHT = (255, 232, 150)
GLOW = (255, 206, 112)
GLOW_MESH = (150, 74, 48)
FLASH = (255, 250, 240)
FLASH_MESH = (214, 196, 200)
TALLY = (255, 66, 66)
CORD = (150, 52, 100)

SHARP = 4
"""The scenery is drawn this many times larger than it is shown, and shrunk: that smooths its edges.

A power of two: SDL's shrinking by three darkens plain colours a little, and a part that changes would show its edges.
"""

BAND = 80
"""Pixels: the scenery is drawn in bands of this height, so that the large drawing takes little memory."""

BLINK_EVERY = 6.0
"""Seconds from one blink of the oven's eyes to the next."""

BLINK = 0.14
"""Seconds that a blink takes."""

HALO = 84
"""Pixels: how far the LED's light reaches."""

GLOWS = 12
"""So many shades the light inside has on the rim of the door, from the screen outwards."""

WISPS = 8
"""Pictures of the steam over the mug, one after the other and again from the first."""

WISP = 0.25
"""Seconds that each of them is shown."""

PROGRAMMES = ("popcorn", "pizza", "party")
"""What the oven can do besides, where the control panel has room to say so; the last one is chosen."""

Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels of the window."""


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


Phase = Hashable
"""Which of its pictures a sprite shows."""


class Sprite:
    """A part of the window that changes: a picture for each phase, made when it is first seen."""

    def __init__(self, box: Rect, draw: Callable[[pygame.Surface, Phase], None]) -> None:
        self.box = box
        self._draw = draw
        self._pictures: dict[Phase, pygame.Surface] = {}
        self._shown: Phase | None = None

    def paint(self, surface: pygame.Surface, scenery: pygame.Surface, phase: Phase) -> list[Rect]:
        """Paint the sprite on *surface* if its *phase* has changed; return what changed."""
        if phase == self._shown:
            return []
        self._shown = phase
        self.rehearse(scenery, phase)
        surface.blit(self._pictures[phase], self.box[:2])
        return [self.box]

    def rehearse(self, scenery: pygame.Surface, phase: Phase) -> bool:
        """Make the picture of a *phase*, if there is none yet; return whether there was none."""
        if phase in self._pictures:
            return False
        picture = pygame.Surface(self.box[2:])
        picture.blit(scenery, (0, 0), self.box)
        self._draw(picture, phase)
        self._pictures[phase] = picture
        return True


class Oven:
    """The oven around a screen of *screen* pixels, the *lens* beside it on that side.

    *font* is a TrueType file for its few words, or pygame's own.
    """

    def __init__(self, screen: Size, panel: Panel, *, font: Path | None = None, lens: Side = Side.TOP) -> None:
        self._screen = screen
        self._panel = panel
        self._font = font
        self._held: set[str] = set()
        self._scenery: pygame.Surface | None = None
        self._scene: Scene | None = None
        self._doing = UNSET
        self._measure()
        self._lens_at = self._beside_screen(lens)
        self._rehearsal = self._rehearse()

    def _measure(self) -> None:
        """Place everything: margins shrink a little where the screen is large, so that the window fits a laptop."""
        width, height = self._screen.width, self._screen.height
        spare_x = max(316, min(380, 1340 - width))
        spare_y = max(160, min(200, 760 - height), 600 - height)
        roomy = spare_x >= 360
        margin, pad, bezel = (26, 16, 32) if roomy else (14, 12, 24)
        top = 22 if spare_y >= 180 else 12
        tall = spare_y - top - pad * 2 - bezel * 2 - 82 + height
        self.window = Size(Pixels(width + spare_x), Pixels(height + spare_y))
        self.screen_at = (margin + pad + bezel, top + pad + bezel + (tall - height) // 2)
        self._body: Rect = (margin, top, self.window.width - 2 * margin, tall + 2 * bezel + 2 * pad)
        self._door: Rect = (margin + pad, top + pad, width + 2 * bezel, tall + 2 * bezel)
        self._bezel = bezel
        face_x = margin + pad + width + 2 * bezel + 36
        self._face: Rect = (face_x, top + pad, self.window.width - margin - pad - face_x, tall + 2 * bezel)
        middle = face_x + self._face[2] // 2
        radius = min(self._face[2] * 35 // 100, 66)
        self.button = (middle, self._level(0.795), radius)
        self._led = (middle, self.button[1] - radius - 50)
        self._clock: Rect = (face_x + 20, self._level(0.145), self._face[2] - 40, 62)
        self._eyes = (middle, self._level(0.355))
        top_edge = self._eyes[1] - 30
        controls: Rect = (face_x, top_edge, self._face[2], self.button[1] + radius + 12 - top_edge)
        self._controls = Sprite(controls, lambda picture, phase: self._draw_controls(picture, controls, phase))
        self._display = Sprite(self._clock, self._draw_time)
        self._rim = tuple(self._rim_sprite(box) for box in self._rims())
        mug_x, mug_y, mug_wide, _ = self._mug
        steam: Rect = (mug_x - 6, mug_y - 46, mug_wide + 12, 46)
        self._steam = Sprite(steam, _draw_steam) if self._laid_out else None

    def _rims(self) -> Iterator[Rect]:
        """Yield the four strips of glass around the screen: above, below, left, right."""
        x, y, width, height = self._glass
        left, top = self.screen_at
        right, bottom = left + self._screen.width, top + self._screen.height
        yield x, y, width, top - y
        yield x, bottom, width, y + height - bottom
        yield x, top, left - x, self._screen.height
        yield right, top, x + width - right, self._screen.height

    def _rim_sprite(self, box: Rect) -> Sprite:
        """Return the strip of glass at *box*, which looks different in each light."""

        def draw(picture: pygame.Surface, phase: Phase) -> None:
            light, watching = phase if isinstance(phase, tuple) else (Light.OUT, False)
            _smooth(picture, lambda brush: self._draw_glass(brush, light, watching=watching), box[:2])

        return Sprite(box, draw)

    def _beside_screen(self, side: Side) -> tuple[int, int]:
        """Return the middle of the glass on that side of the screen."""
        x, y, width, height = self._glass
        left, top = self.screen_at
        right, bottom = left + self._screen.width, top + self._screen.height
        match side:
            case Side.TOP:
                return (left + right) // 2, (y + top) // 2
            case Side.BOTTOM:
                return (left + right) // 2, (bottom + y + height) // 2
            case Side.LEFT:
                return (x + left) // 2, (top + bottom) // 2
            case Side.RIGHT:
                return (right + x + width) // 2, (top + bottom) // 2

    @property
    def _glass(self) -> Rect:
        """The window of the door, the screen in it."""
        x, y, width, height = self._door
        rim = 13 if self._bezel >= 32 else 10
        return x + rim, y + rim, width - 2 * rim, height - 2 * rim

    @property
    def _laid_out(self) -> bool:
        """Whether there is room on the counter for more than the caption."""
        return self.window.width >= 1100

    @property
    def _mug(self) -> Rect:
        """Where the mug stands."""
        return self.window.width - 92, self.window.height - 66, 40, 46

    def _level(self, share: float) -> int:
        """Return how far down the window *share* (0..1) of the control panel is, in pixels."""
        return self._face[1] + round(self._face[3] * share)

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
            self._scenery = self._painted()
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
        right, bottom = x + self._screen.width, y + self._screen.height
        for box in (
            (0, 0, self.window.width, y),
            (0, bottom, self.window.width, self.window.height - bottom),
            (0, y, x, self._screen.height),
            (right, y, self.window.width - right, self._screen.height),
        ):
            surface.blit(scenery, box[:2], box)

    def _painted(self) -> pygame.Surface:
        """Return the scenery without the parts that change: the window's size."""
        pygame.font.init()
        picture = pygame.Surface(self._size)
        _smooth(picture, self._draw_kitchen)
        self._cast_shadow(picture)
        _smooth(picture, self._draw_cord)
        _smooth(picture, self._draw_oven)
        self._write(picture)
        return picture

    @property
    def _size(self) -> tuple[int, int]:
        """The window's size as pygame wants it."""
        return self.window.width, self.window.height

    # ---- the kitchen

    @property
    def _counter_y(self) -> int:
        """Where the wall ends and the countertop begins: behind the oven, near its feet."""
        return self._body[1] + self._body[3] - 10

    def _draw_kitchen(self, brush: "Brush") -> None:
        width, height = self._size
        brush.box((0, 0, width, height), 0, GROUT)
        for row in range(height // 40 + 1):
            for column in range(-1, width // 80 + 1):
                tone = blend(WALL, (255, 255, 255), ((row * 7 + column * 13) % 5) * 0.045)
                left = column * 80 + (row % 2) * 40 - 26
                brush.box((left + 1.5, row * 40 + 1.5, 77, 37), 4, tone)
        top = self._counter_y
        brush.gradient((0, top, width, height - top), 0, blend(COUNTER, COUNTER_EDGE, 0.35), COUNTER)
        brush.box((0, top, width, 2), 0, COUNTER_EDGE)
        for index in range(width // 7):
            scatter = index * 2654435761 % 2**32
            x, y = scatter % width, top + 8 + (scatter >> 13) % max(height - top - 22, 1)
            brush.disc((x, y), 1 + (scatter >> 7) % 4 * 0.5, blend(SPECKS[index % len(SPECKS)], COUNTER, 0.3))
        brush.gradient((0, height - 11, width, 11), 0, COUNTER_EDGE, blend(COUNTER_EDGE, INK, 0.25))
        brush.box((0, height - 12, width, 1.5), 0, (255, 246, 232))

    def _cast_shadow(self, picture: pygame.Surface) -> None:
        """Darken the countertop under the oven and the wall behind it, softly."""
        x, y, width, height = (side // 2 for side in self._body)
        dark = pygame.Surface((self.window.width // 2, self.window.height // 2), pygame.SRCALPHA)
        dark.fill((*INK, 0))
        pygame.draw.rect(dark, (*INK, 60), (x - 1, y + 5, width + 4, height), border_radius=22)
        pygame.draw.ellipse(dark, (*INK, 150), (x + 8, y + height - 4, width - 16, 17))
        soft = pygame.transform.gaussian_blur(dark, 5)
        picture.blit(pygame.transform.smoothscale(soft, self._size), (0, 0))

    def _draw_cord(self, brush: "Brush") -> None:
        """Let the cord come out behind the oven, and leave along the counter."""
        x, y, width, height = self._body
        begin, end = x + width - 210, self.window.width + 10
        path = []
        for step in range(41):
            share = step / 40
            fall = 15 * math.sin(min(share * 2.2, 1.0) * math.pi / 2)
            path.append((begin + (end - begin) * share, y + height - 2 + fall + 4 * math.sin(share * 7.5)))
        brush.stroke([(px, py + 2.5) for px, py in path], 5, blend(COUNTER_EDGE, INK, 0.35))
        brush.stroke(path, 5, CORD)
        brush.stroke([(px, py - 1.2) for px, py in path], 1.4, blend(CORD, (255, 255, 255), 0.35))

    # ---- the oven

    def _draw_oven(self, brush: "Brush") -> None:
        x, y, width, height = self._body
        for left in (x + 70, x + width - 150):
            brush.gradient((left, y + height - 6, 80, 22), 7, (88, 60, 76), (44, 22, 36))
        brush.box((x, y, width, height), 44, SEAM)
        brush.gradient((x + 1.5, y + 1.5, width - 3, height - 3), 42.5, BODY, BODY_LOW)
        brush.gradient((x + 5, y + 4, width - 10, height - 14), 39, BODY_TOP, BODY)
        brush.glaze((x + 40, y + 6.5, width - 80, 3), 1.5, (255, 255, 255), 150)
        self._draw_door(brush)
        self._draw_face(brush)
        self._draw_counter_things(brush)

    def _draw_door(self, brush: "Brush") -> None:
        x, y, width, height = self._door
        brush.box((x - 2, y - 2, width + 4, height + 4), 32, SEAM)
        brush.gradient((x, y, width, height), 30, DOOR_TOP, DOOR_LOW)
        brush.glaze((x + 24, y + 3, width - 48, 2.5), 1.2, (255, 255, 255), 130)
        glass_x, glass_y, glass_width, glass_height = self._glass
        brush.box((glass_x - 2, glass_y - 2, glass_width + 4, glass_height + 4), 20, SEAM)
        self._draw_glass(brush, Light.OUT, watching=False)
        self._draw_handle(brush)

    def _draw_glass(self, brush: "Brush", light: Light, *, watching: bool) -> None:
        """Draw the window of the door: glass that the light inside shines through, its mesh, and the lens."""
        x, y, width, height = self._glass
        left, top = self.screen_at
        right, bottom = left + self._screen.width, top + self._screen.height
        brush.box((x, y, width, height), 18, GLASS)
        shine, mesh = {Light.OUT: (GLASS, MESH), Light.WARM: (GLOW, GLOW_MESH), Light.FLASH: (FLASH, FLASH_MESH)}[light]
        for step in range(0 if light is Light.OUT else GLOWS):
            # Each box lies inside the one before, and is lighter: it is brightest where the screen begins.
            share = (step + 1) / GLOWS
            edge = (round((left - x) * share), round((top - y) * share))
            tone = blend(GLASS, shine, share**0.6)
            brush.box((x + edge[0], y + edge[1], width - 2 * edge[0], height - 2 * edge[1]), 18 - 12 * share, tone)
        if light is Light.OUT:
            self._draw_reflection(brush)
        for row in range(2 if self._bezel >= 32 else 1):
            inset = 7 + row * 7
            for across in range(x + 12, x + width - 10, 8):
                brush.disc((across, y + inset), 1.5, mesh)
                brush.disc((across, y + height - inset), 1.5, mesh)
            for down in range(y + 22, y + height - 20, 8):
                brush.disc((x + inset, down), 1.5, mesh)
                brush.disc((x + width - inset, down), 1.5, mesh)
        brush.box((left - 2, top - 2, right - left + 4, bottom - top + 4), 3, (10, 4, 9))
        self._draw_lens(brush, watching=watching)

    def _draw_reflection(self, brush: "Brush") -> None:
        """Draw the kitchen window as the dark glass mirrors it: two slanted bars, seen above and below the screen."""
        x, y, width, height = self._glass
        slant = min(height, width) * 0.22
        for begin, wide in ((0.55, 0.09), (0.675, 0.03)):
            right = x + width * begin + slant
            corners = ((right, y), (right + width * wide, y), (right + width * wide - slant, y + height))
            brush.polygon([*corners, (right - slant, y + height)], blend(GLASS, (255, 255, 255), 0.09))

    def _draw_lens(self, brush: "Brush", *, watching: bool) -> None:
        """Draw the camera's lens, and its little lamp, which is on while it watches."""
        (x, y), radius = self._lens_at, 8.5 if self._bezel >= 32 else 6.5
        brush.disc((x, y), radius + 1.5, (10, 4, 9))
        brush.disc((x, y), radius, CHROME_LOW)
        brush.disc((x, y), radius * 0.82, (22, 14, 34))
        brush.disc((x, y), radius * 0.56, (54, 40, 96))
        brush.disc((x, y), radius * 0.3, (18, 10, 30))
        brush.disc((x - radius * 0.3, y - radius * 0.32), radius * 0.2, (226, 236, 255))
        lamp = (x + radius + 9, y) if self._lens_at[1] < self.screen_at[1] or self._is_below else (x, y + radius + 9)
        brush.disc(lamp, 3.4, (10, 4, 9))
        brush.disc(lamp, 2.4, TALLY if watching else (84, 20, 34))

    @property
    def _is_below(self) -> bool:
        """Whether the lens is below the screen."""
        return self._lens_at[1] >= self.screen_at[1] + self._screen.height

    def _draw_handle(self, brush: "Brush") -> None:
        x = self._door[0] + self._door[2] + 9
        top, bottom = self._level(0.16), self._level(0.84)
        for y in (top + 12, bottom - 34):
            brush.gradient((x - 8, y, 20, 22), 7, CHROME_LOW, (120, 108, 122))
        brush.box((x, top, 18, bottom - top), 9, SEAM)
        brush.gradient((x + 1, top + 1, 16, bottom - top - 2), 8, (255, 255, 255), CHROME_LOW)
        brush.box((x + 4.5, top + 9, 3.5, (bottom - top) * 0.6), 1.7, (255, 255, 255))

    def _draw_face(self, brush: "Brush") -> None:
        """Draw the control panel: plate, clock, two knobs that look at the screen, and a smile of a vent."""
        x, y, width, height = self._face
        brush.box((x - 2, y - 2, width + 4, height + 4), 26, SEAM)
        brush.gradient((x, y, width, height), 24, PANEL_TOP, PANEL_LOW)
        brush.glaze((x + 20, y + 3, width - 40, 2.5), 1.2, (255, 255, 255), 170)
        middle = x + width // 2
        plate = (middle - 66, self._level(0.037), 132, 38)
        brush.box((plate[0] - 1.5, plate[1] - 1, plate[2] + 3, plate[3] + 4), 20, blend(SEAM, PANEL_LOW, 0.3))
        brush.gradient(plate, 19, (255, 255, 255), CHROME_LOW)
        brush.gradient((plate[0] + 3, plate[1] + 3, plate[2] - 6, plate[3] - 6), 16, CREAM, (255, 226, 234))
        self._draw_clock(brush)
        for side in (-1, 1):
            eye = (self._eyes[0] + side * 40, self._eyes[1])
            brush.disc((eye[0], eye[1] + 3), 27, blend(PANEL_LOW, SEAM, 0.55))
            brush.disc(eye, 26, CHROME_LOW)
            brush.disc((eye[0], eye[1] - 0.5), 24.5, CHROME)
            brush.oval((eye[0] + side * 26 - 13, eye[1] + 29, 26, 14), (255, 128, 168))
        self._draw_programmes(brush)

    def _draw_gaze(self, brush: "Brush", between: Point, look: Gaze) -> None:
        """Draw the caps of the two knobs, and the mouth."""
        x, y = between
        for side in (-1, 1):
            eye = x + side * 40
            brush.disc((eye, y + 0.5), 21.5, blend(CREAM, CHROME_LOW, 0.35))
            if look is Gaze.SHUT:
                brush.disc((eye, y), 21, BODY_TOP)
                brush.arc((eye, y - 5), 13, 0.33, 0.67, 4, INK)
                continue
            brush.disc((eye, y), 21, CREAM)
            if look is Gaze.GLAD:
                brush.arc((eye, y + 8), 13, -0.2, 0.2, 5, INK)
                continue
            across, down = {Gaze.SCREEN: (-8, 2), Gaze.LENS: (-7, -7), Gaze.SAD: (-4, 7)}.get(look, (-side * 3, 9))
            brush.disc((eye + across, y + down), 9.5, INK)
            brush.disc((eye + across - 3, y + down - 4), 3.4, (255, 255, 255))
            if look is Gaze.SAD:
                brush.stroke([(eye - side * 10, y - 27), (eye + side * 10, y - 20)], 4.5, INK)
        self._draw_mouth(brush, between, look)

    def _draw_mouth(self, brush: "Brush", between: Point, look: Gaze) -> None:
        x, y = between
        match look:
            case Gaze.BUTTON:
                brush.disc((x, y + 46), 15.5, INK)
                brush.disc((x, y + 51), 8, (255, 110, 140))
            case Gaze.GLAD:
                brush.arc((x, y + 22), 24, 0.25, 0.75, 5, INK)
                brush.polygon(_half_disc((x, y + 22), 25), INK)
                brush.polygon(_half_disc((x, y + 33), 13), (255, 110, 140))
            case Gaze.SAD:
                brush.arc((x, y + 75), 34, -0.11, 0.11, 7, INK)
            case _:
                brush.arc((x, y + 11.5), 38, 0.37, 0.63, 8, (255, 214, 230))
                brush.arc((x, y + 10), 38, 0.37, 0.63, 7, INK)

    def _draw_clock(self, brush: "Brush") -> None:
        x, y, width, height = self._clock
        brush.box((x - 3, y - 3, width + 6, height + 6), 15, SEAM)
        brush.box((x - 2, y - 1, width + 4, height + 4), 14, (255, 214, 230))
        brush.box((x, y, width, height), 12, (20, 14, 22))

    def _draw_time(self, picture: pygame.Surface, phase: Phase) -> None:
        """Draw what the clock says, and its colon, on *picture*, which is its display."""
        said, lit = phase if isinstance(phase, tuple) else ("", False)
        middle = self._clock[2] / 2

        def draw(brush: "Brush") -> None:
            for digit, left in zip(said[:PLACES], (-66, -38, 9, 37), strict=True):
                _draw_digit(brush, digit, middle + left, 13)
            for x, y in ((middle - 1, 24), (middle - 3, 39)):
                brush.disc((x, y), 3, VFD if lit else VFD_OFF)
            brush.glaze((8, 3, self._clock[2] - 16, 10), 5, (255, 255, 255), 26)

        _smooth(picture, draw)

    def _draw_programmes(self, brush: "Brush") -> None:
        """Draw a plate for each programme."""
        for index, (x, y, width, height) in enumerate(self._programmes()):
            chosen = index == len(PROGRAMMES) - 1
            brush.box((x - 1, y - 1, width + 2, height + 3), height / 2 + 1, blend(PANEL_LOW, SEAM, 0.45))
            brush.gradient(
                (x, y, width, height), height / 2, *((CREAM, (255, 226, 234)) if chosen else (PANEL_TOP, BODY))
            )
            lamp = (x + 16, y + height / 2)
            brush.disc(lamp, 5.5, blend(PANEL_LOW, SEAM, 0.6))
            brush.disc(lamp, 4, CHERRY if chosen else LAMP_OFF)

    def _programmes(self) -> tuple[Rect, ...]:
        """Return where the plates of the programmes are: between mouth and LED, if there is room."""
        top, bottom = self._eyes[1] + 72, self._led[1] - 34
        step = 40
        if bottom - top < step * len(PROGRAMMES):
            return ()
        first = (top + bottom - step * len(PROGRAMMES)) // 2 + 4
        width = min(self._face[2] - 36, 124)
        left = self._face[0] + (self._face[2] - width) // 2
        return tuple((left, first + index * step, width, 32) for index in range(len(PROGRAMMES)))

    def _draw_counter_things(self, brush: "Brush") -> None:
        """Put a mug and a strip of four pictures in front of the oven, where the caption leaves room for them."""
        _, height = self._size
        if not self._laid_out:
            return
        base = height - 20
        x = self._mug[0]
        brush.stroke([(x + 36 + 13 * math.sin(t / 10), base - 24 + 12 * -math.cos(t / 10)) for t in range(32)], 6, WALL)
        brush.gradient((x, base - 46, 40, 46), 8, (236, 250, 246), (150, 206, 196))
        brush.box((x, base - 46, 40, 14), 5, (236, 250, 246))
        brush.oval((x, base - 51, 40, 11), (250, 255, 253))
        brush.oval((x + 3, base - 49, 34, 8), (112, 66, 52))
        _draw_heart(brush, (x + 20, base - 22), 8, CHERRY)
        self._draw_strip(brush, (34, height - 58))

    def _draw_strip(self, brush: "Brush", corner: Point) -> None:
        """Draw four little pictures in a row, lying a little askew."""
        turn = math.radians(-5)

        def lie(x: float, y: float) -> Point:
            return (
                corner[0] + x * math.cos(turn) - y * math.sin(turn),
                corner[1] + x * math.sin(turn) + y * math.cos(turn),
            )

        def slab(x: float, y: float, width: float, height: float, colour: Colour) -> None:
            brush.polygon([lie(x, y), lie(x + width, y), lie(x + width, y + height), lie(x, y + height)], colour)

        slab(2, 3, 148, 40, blend(COUNTER_EDGE, INK, 0.3))
        slab(0, 0, 148, 40, (255, 253, 250))
        grounds = ((255, 200, 87), (126, 205, 196), (255, 140, 170), (150, 160, 230))
        for index, ground in enumerate(grounds):
            left = 5 + index * 35.5
            slab(left, 5, 31, 30, ground)
            head = lie(left + 15.5 + (index % 2) * 2 - 1, 18)
            slab(left + 7, 28, 17, 7, blend(ground, INK, 0.6))
            brush.disc(head, 8, (255, 226, 200))
            for side in (-3, 3):
                brush.disc((head[0] + side, head[1] - 1.5), 1.2, INK)
            brush.arc((head[0], head[1] + 0.5), 3.6, 0.34, 0.66, 1.3, INK)

    def _write(self, picture: pygame.Surface) -> None:
        """Put the few words on: the plate and the caption."""
        middle = self._face[0] + self._face[2] // 2
        _centred(picture, self._text("BOOTH", 25, SEAM), (middle, self._level(0.037) + 19))
        _centred(picture, self._text("press to start", 15, INK), (middle, self._level(0.962)))
        for name, (x, y, width, height) in zip(PROGRAMMES, self._programmes(), strict=False):
            _centred(picture, self._text(name, 15, INK), (x + 12 + width // 2, y + height // 2))
        bottom = self._body[1] + self._body[3] + 16
        caption = self._text(CAPTION, 16, INK)
        _centred(picture, caption, (self.window.width // 2, (bottom + self.window.height - 10) // 2))

    def _text(self, words: str, height: int, colour: Colour) -> pygame.Surface:
        """Return *words* in one line of type *height* pixels high."""
        font = pygame.font.Font(self._font, height if self._font else round(height * 1.35))
        return font.render(words, antialias=True, color=colour)

    # ---- button and LED

    def _draw_controls(self, picture: pygame.Surface, box: Rect, phase: Phase) -> None:
        """Draw LED, eyes, mouth and button on *picture*, which is the panel at *box*: first the LED's light."""
        lit, gaze = phase if isinstance(phase, tuple) else (False, Gaze.SCREEN)
        lamp = (self._led[0] - box[0], self._led[1] - box[1])
        eyes = (self._eyes[0] - box[0], self._eyes[1] - box[1])
        button = (self.button[0] - box[0], self.button[1] - box[1])

        def draw(brush: "Brush") -> None:
            self._draw_gaze(brush, eyes, gaze)
            self._draw_lamp(brush, lamp, lit=lit)
            self._draw_button(brush, button, down=gaze is Gaze.BUTTON)

        if lit:
            _shine(picture, lamp, HALO, 200)
        _smooth(picture, draw)
        if lit:
            _shine(picture, lamp, HALO // 2, 130)

    def _draw_lamp(self, brush: "Brush", centre: Point, *, lit: bool) -> None:
        x, y = centre
        brush.disc((x, y + 2.5), 21, blend(PANEL_LOW, SEAM, 0.6))
        brush.disc((x, y), 20, CHROME_LOW)
        brush.disc((x, y - 0.7), 18.6, CHROME)
        brush.disc((x, y), 15.5, blend(LAMP, CHERRY, 0.25) if lit else blend(LAMP_OFF, INK, 0.45))
        brush.disc((x, y), 13.8, LAMP if lit else LAMP_OFF)
        if lit:
            brush.disc((x, y), 10, blend(LAMP, LAMP_HOT, 0.45))
            brush.disc((x, y), 6.5, LAMP_HOT)
        else:
            brush.gradient((x - 9, y - 11, 18, 10), 5, blend(LAMP_OFF, CREAM, 0.5), LAMP_OFF)

    def _draw_button(self, brush: "Brush", centre: Point, *, down: bool) -> None:
        (x, y), radius = centre, self.button[2]
        brush.disc((x, y + 5), radius + 1, blend(PANEL_LOW, SEAM, 0.75))
        brush.disc((x, y), radius, CHROME_LOW)
        brush.gradient((x - radius + 1, y - radius + 1, 2 * radius - 2, 2 * radius - 2), radius - 1, CHROME, CHROME_LOW)
        brush.disc((x, y), radius * 0.86, (86, 4, 24))
        cap, rise = radius * 0.8, 0 if down else radius * 0.085
        brush.disc((x, y + radius * 0.03), cap, CHERRY_LOW)
        lift = y - rise
        brush.disc((x, lift), cap, CHERRY_LOW)
        tones = (CHERRY_LOW, blend(CHERRY, CHERRY_LOW, 0.45)) if down else (CHERRY_TOP, CHERRY)
        inner = cap - 2.5
        brush.gradient((x - inner, lift - inner, 2 * inner, 2 * inner), inner, *tones)
        dish = cap * 0.8
        brush.gradient((x - dish, lift - dish, 2 * dish, 2 * dish), dish, *(tones[::-1] if down else (CHERRY, CHERRY)))
        if not down:
            brush.glaze((x - cap * 0.5, lift - cap * 0.84, cap, cap * 0.3), cap * 0.15, (255, 255, 255), 110)
        _draw_camera(brush, (x, lift), cap * 0.5, (255, 214, 218) if down else (255, 255, 255), CHERRY)


class Brush(Pen):
    """A pen that also shades."""

    def gradient(self, rect: tuple[float, float, float, float], radius: float, top: Colour, bottom: Colour) -> None:
        """Fill a box with round corners, shaded from *top* to *bottom*: one slice for each step of colour."""
        steps = max(1, *(abs(a - b) for a, b in zip(top, bottom, strict=True)))
        (_, start), (_, end) = self.at((0, rect[1])), self.at((0, rect[1] + rect[3]))
        before = self.surface.get_clip()
        for step in range(steps):
            first = round(start + (end - start) * step / steps)
            last = round(start + (end - start) * (step + 1) / steps)
            slice_ = pygame.Rect(0, first, self.surface.get_width(), last - first).clip(before)
            if slice_.height > 0:
                self.surface.set_clip(slice_)
                self.box(rect, radius, blend(top, bottom, step / max(steps - 1, 1)))
        self.surface.set_clip(before)

    def glaze(self, rect: tuple[float, float, float, float], radius: float, colour: Colour, alpha: int) -> None:
        """Lay a box with round corners over what is there; *alpha* 0..255."""
        x, y = self.at((rect[0], rect[1]))
        sheet = pygame.Surface((round(rect[2] * self.scale), round(rect[3] * self.scale)), pygame.SRCALPHA)
        pygame.draw.rect(sheet, (*colour, alpha), sheet.get_rect(), border_radius=round(radius * self.scale))
        self.surface.blit(sheet, (round(x), round(y)))


def _smooth(picture: pygame.Surface, draw: Callable[[Brush], None], corner: tuple[int, int] = (0, 0)) -> None:
    """Let *draw* paint over *picture*, whose *corner* is there, with smooth edges: band by band, large, then shrunk."""
    width, height = picture.get_size()
    for top in range(0, height, BAND):
        tall = min(BAND, height - top)
        band = picture.subsurface((0, top, width, tall))
        large = pygame.transform.scale(band, (width * SHARP, tall * SHARP))
        draw(Brush(large, SHARP, (-corner[0], -corner[1] - top)))
        picture.blit(pygame.transform.smoothscale(large, (width, tall)), (0, top))


def _shine(picture: pygame.Surface, centre: tuple[int, int], radius: int, strength: int) -> None:
    """Cast the LED's light on what is around it; *strength* 0..255 in the middle."""
    halo = pygame.Surface((2 * radius, 2 * radius), pygame.SRCALPHA)
    for ring in range(radius, 0, -1):
        alpha = round(strength * (1 - ring / radius) ** 2)
        pygame.draw.circle(halo, (*LIGHT, alpha), (radius, radius), ring)
    picture.blit(halo, (centre[0] - radius, centre[1] - radius))


def _centred(picture: pygame.Surface, words: pygame.Surface, centre: tuple[int, int]) -> None:
    picture.blit(words, words.get_rect(center=centre))


def _draw_digit(brush: Brush, digit: str, left: float, top: float) -> None:
    """Draw a digit of seven segments, 22 x 36 pixels, leaning a little; dark segments show faintly."""

    def lean(x: float, y: float) -> Point:
        return left + x + (36 - y) * 0.1, top + y

    lines = {
        "a": ((3, 0), (17, 0)),
        "b": ((19, 3), (19, 15)),
        "c": ((19, 21), (19, 33)),
        "d": ((3, 36), (17, 36)),
        "e": ((1, 21), (1, 33)),
        "f": ((1, 3), (1, 15)),
        "g": ((3, 18), (17, 18)),
    }
    for name, (one, other) in lines.items():
        brush.stroke([lean(*one), lean(*other)], 4, VFD if name in SEGMENTS[digit] else VFD_OFF)


def _draw_steam(picture: pygame.Surface, phase: Phase) -> None:
    """Draw the steam over the mug on *picture*, in one of its `WISPS` moments: two wisps that rise and thin out."""
    moment = phase if isinstance(phase, int) else 0
    width, height = picture.get_size()
    steam = pygame.Surface((width * 2, height * 2), pygame.SRCALPHA)
    steam.fill((255, 255, 255, 0))
    for wisp, middle in enumerate((0.38, 0.62)):
        for step in range(24):
            share = step / 23
            sway = math.sin(math.tau * (share * 0.9 + moment / WISPS + wisp * 0.4))
            at = (width * 2 * middle + sway * 8 * (0.3 + share), height * 2 * (1 - 0.82 * share) - 8)
            strength = round(150 * math.sin(math.pi * (0.15 + 0.85 * share)))
            pygame.draw.circle(steam, (255, 255, 255, max(strength, 0)), at, 4 + 3 * share)
    soft = pygame.transform.gaussian_blur(steam, 3)
    picture.blit(pygame.transform.smoothscale(soft, (width, height)), (0, 0))


def _half_disc(centre: Point, radius: float) -> list[Point]:
    """Return the lower half of a disc."""
    x, y = centre
    return [
        (x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in (math.pi * t / 24 for t in range(25))
    ]


def _draw_heart(brush: Brush, centre: Point, size: float, colour: Colour) -> None:
    x, y = centre
    for side in (-1, 1):
        brush.disc((x + side * size * 0.48, y - size * 0.3), size * 0.55, colour)
    brush.polygon([(x - size, y - size * 0.1), (x + size, y - size * 0.1), (x, y + size)], colour)


def _draw_camera(brush: Brush, centre: Point, size: float, colour: Colour, hole: Colour) -> None:
    """Draw a camera, *size* pixels from its middle to its side."""
    x, y = centre
    brush.box((x - size * 0.45, y - size * 0.82, size * 0.9, size * 0.5), size * 0.16, colour)
    brush.box((x - size, y - size * 0.6, size * 2, size * 1.35), size * 0.26, colour)
    brush.disc((x, y + size * 0.08), size * 0.46, hole)
    brush.disc((x, y + size * 0.08), size * 0.27, colour)
