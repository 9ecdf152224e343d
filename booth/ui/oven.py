"""The simulator's window: a pink microwave oven whose door window is the booth's screen, with its button and its LED.

Scenery. It decides nothing: a click on the drawn button goes to the panel, and the LED glows as the panel says. The
screen's own pixels are never touched. The oven is pink in every theme.
"""

import math
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Protocol

import pygame

from booth.ports import Size
from booth.ui.shapes import Pen, Point
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

SEGMENTS = {"0": "abcdef", "1": "bc", "2": "abged"}
"""Which of the seven segments make a digit; the clock, as on every such oven, was never set."""

HALO = 84
"""Pixels: how far the LED's light reaches."""

Box = tuple[int, int, int, int]
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


class Gaze(Enum):
    """Where the two knobs look."""

    SCREEN = "screen"
    BUTTON = "button"
    """While it is held down, with open mouth."""
    SHUT = "shut"
    """A blink."""


Look = bool | tuple[bool, Gaze]
"""Which of its pictures a part of the window shows."""


class Part:
    """A part of the window that changes: a picture for each look, made when it is first seen."""

    def __init__(self, box: Box, draw: Callable[[pygame.Surface, Look], None]) -> None:
        self.box = box
        self._draw = draw
        self._pictures: dict[Look, pygame.Surface] = {}
        self._shown: Look | None = None

    def paint(self, surface: pygame.Surface, scenery: pygame.Surface, look: Look) -> list[Box]:
        """Paint the part on *surface* if its *look* has changed; return what changed."""
        if look == self._shown:
            return []
        self._shown = look
        if look not in self._pictures:
            picture = pygame.Surface(self.box[2:])
            picture.blit(scenery, (0, 0), self.box)
            self._draw(picture, look)
            self._pictures[look] = picture
        surface.blit(self._pictures[look], self.box[:2])
        return [self.box]


class Oven:
    """The oven around a screen of *screen* pixels; *font* is a TrueType file for its few words, or pygame's own."""

    def __init__(self, screen: Size, panel: Panel, *, font: Path | None = None) -> None:
        self._screen = screen
        self._panel = panel
        self._font = font
        self._held: set[str] = set()
        self._scenery: pygame.Surface | None = None
        self._measure()

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
        self._body: Box = (margin, top, self.window.width - 2 * margin, tall + 2 * bezel + 2 * pad)
        self._door: Box = (margin + pad, top + pad, width + 2 * bezel, tall + 2 * bezel)
        self._bezel = bezel
        face_x = margin + pad + width + 2 * bezel + 36
        self._face: Box = (face_x, top + pad, self.window.width - margin - pad - face_x, tall + 2 * bezel)
        middle = face_x + self._face[2] // 2
        radius = min(self._face[2] * 35 // 100, 66)
        self.button = (middle, self._level(0.795), radius)
        self._led = (middle, self.button[1] - radius - 50)
        self._clock: Box = (face_x + 20, self._level(0.145), self._face[2] - 40, 62)
        self._eyes = (middle, self._level(0.355))
        top_edge = self._eyes[1] - 30
        controls: Box = (face_x, top_edge, self._face[2], self.button[1] + radius + 12 - top_edge)
        colon: Box = (middle - 8, self._clock[1] + 18, 14, 28)
        self._controls = Part(controls, lambda picture, look: self._draw_controls(picture, controls, look))
        self._colon = Part(colon, lambda picture, look: _smooth(picture, lambda b: self._draw_colon(b, colon, look)))

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

    def paint(self, surface: pygame.Surface, now: Instant) -> list[Box]:
        """Paint on *surface* what has changed since the last call; return those rectangles, [] mostly.

        The first call paints everything but the screen. *surface* is the whole window, and must be the same each time.
        """
        fresh = self._scenery is None
        if self._scenery is None:
            self._scenery = self._painted()
            self._frame(surface, self._scenery)
        held = bool(self._held)
        gaze = Gaze.BUTTON if held else Gaze.SHUT if now % BLINK_EVERY > BLINK_EVERY - BLINK else Gaze.SCREEN
        dirty = [
            *self._controls.paint(surface, self._scenery, (self._panel.lit, gaze)),
            *self._colon.paint(surface, self._scenery, now % 1.0 < 0.5),
        ]
        return [(0, 0, self.window.width, self.window.height)] if fresh else dirty

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
        bezel = self._bezel
        brush.box((x - 2, y - 2, width + 4, height + 4), 32, SEAM)
        brush.gradient((x, y, width, height), 30, DOOR_TOP, DOOR_LOW)
        brush.glaze((x + 24, y + 3, width - 48, 2.5), 1.2, (255, 255, 255), 130)
        rim, rows = (13, 2) if bezel >= 32 else (10, 1)
        brush.box((x + rim - 2, y + rim - 2, width - 2 * rim + 4, height - 2 * rim + 4), 20, SEAM)
        brush.box((x + rim, y + rim, width - 2 * rim, height - 2 * rim), 18, GLASS)
        for row in range(rows):
            inset = rim + 7 + row * 7
            for across in range(x + rim + 12, x + width - rim - 10, 8):
                brush.disc((across, y + inset), 1.5, MESH)
                brush.disc((across, y + height - inset), 1.5, MESH)
            for down in range(y + rim + 22, y + height - rim - 20, 8):
                brush.disc((x + inset, down), 1.5, MESH)
                brush.disc((x + width - inset, down), 1.5, MESH)
        screen_x, screen_y = self.screen_at
        brush.box((screen_x - 2, screen_y - 2, self._screen.width + 4, self._screen.height + 4), 3, (10, 4, 9))
        self._draw_handle(brush)

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
            across, down = (-8, 2) if look is Gaze.SCREEN else (-side * 3, 9)
            brush.disc((eye + across, y + down), 9.5, INK)
            brush.disc((eye + across - 3, y + down - 4), 3.4, (255, 255, 255))
        if look is Gaze.BUTTON:
            brush.disc((x, y + 46), 15.5, INK)
            brush.disc((x, y + 51), 8, (255, 110, 140))
        else:
            brush.arc((x, y + 11.5), 38, 0.37, 0.63, 8, (255, 214, 230))
            brush.arc((x, y + 10), 38, 0.37, 0.63, 7, INK)

    def _draw_clock(self, brush: "Brush") -> None:
        x, y, width, height = self._clock
        brush.box((x - 3, y - 3, width + 6, height + 6), 15, SEAM)
        brush.box((x - 2, y - 1, width + 4, height + 4), 14, (255, 214, 230))
        brush.box((x, y, width, height), 12, (20, 14, 22))
        for digit, left in zip("1200", self._digits(), strict=True):
            _draw_digit(brush, digit, left, y + 13)
        brush.glaze((x + 8, y + 3, width - 16, 10), 5, (255, 255, 255), 26)

    def _digits(self) -> tuple[float, float, float, float]:
        middle = self._clock[0] + self._clock[2] / 2
        return middle - 66, middle - 38, middle + 9, middle + 37

    def _colon_dots(self) -> tuple[Point, Point]:
        middle = self._clock[0] + self._clock[2] / 2
        return (middle - 1, self._clock[1] + 24), (middle - 3, self._clock[1] + 39)

    def _draw_colon(self, brush: "Brush", box: Box, look: Look) -> None:
        for x, y in self._colon_dots():
            brush.disc((x - box[0], y - box[1]), 3, VFD if look else VFD_OFF)

    def _draw_counter_things(self, brush: "Brush") -> None:
        """Put a mug and a strip of four pictures in front of the oven, where the caption leaves room for them."""
        width, height = self._size
        if width < 1100:
            return
        base = height - 20
        x = width - 92
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
        bottom = self._body[1] + self._body[3] + 16
        caption = self._text(CAPTION, 16, INK)
        _centred(picture, caption, (self.window.width // 2, (bottom + self.window.height - 10) // 2))

    def _text(self, words: str, height: int, colour: Colour) -> pygame.Surface:
        """Return *words* in one line of type *height* pixels high."""
        font = pygame.font.Font(self._font, height if self._font else round(height * 1.35))
        return font.render(words, antialias=True, color=colour)

    # ---- button and LED

    def _draw_controls(self, picture: pygame.Surface, box: Box, look: Look) -> None:
        """Draw LED, eyes, mouth and button on *picture*, which is the panel at *box*: first the LED's light."""
        lit, gaze = look if isinstance(look, tuple) else (look, Gaze.SCREEN)
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


def _smooth(picture: pygame.Surface, draw: Callable[[Brush], None]) -> None:
    """Let *draw* paint over *picture* with smooth edges: band by band, large, then shrunk."""
    width, height = picture.get_size()
    for top in range(0, height, BAND):
        tall = min(BAND, height - top)
        band = picture.subsurface((0, top, width, tall))
        large = pygame.transform.scale(band, (width * SHARP, tall * SHARP))
        draw(Brush(large, SHARP, (0, -top)))
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
