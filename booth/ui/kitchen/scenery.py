"""The kitchen as it stands: wall, counter, oven, mug, and a few words."""

import math
from pathlib import Path

import pygame

from booth.ui.drawing.shapes import Point
from booth.ui.kitchen.baking import Light
from booth.ui.kitchen.brush import Brush, centred, draw_heart, smooth
from booth.ui.kitchen.colours import (
    BODY,
    BODY_LOW,
    BODY_TOP,
    CHERRY,
    CHROME,
    CHROME_LOW,
    CORD,
    COUNTER,
    COUNTER_EDGE,
    CREAM,
    DOOR_LOW,
    DOOR_TOP,
    FLASH,
    FLASH_MESH,
    GLASS,
    GLOW,
    GLOW_MESH,
    GROUT,
    INK,
    LAMP_OFF,
    MESH,
    PANEL_LOW,
    PANEL_TOP,
    SEAM,
    SPECKS,
    TALLY,
    WALL,
)
from booth.ui.kitchen.plan import PROGRAMMES, Plan
from booth.ui.theme import Colour, blend

CAPTION = "Click the button, or press SPACE.   Type or click on the screen.   Close the window to stop."

GLOWS = 12
"""Shades that the light inside has on the rim of the door, from the screen outwards."""


def painted(plan: Plan, font: Path | None) -> pygame.Surface:
    """Return the scenery without the parts that change: the window's size."""
    pygame.font.init()
    picture = pygame.Surface(plan.size)
    smooth(picture, lambda brush: _draw_kitchen(plan, brush))
    _cast_shadow(plan, picture)
    smooth(picture, lambda brush: _draw_cord(plan, brush))
    smooth(picture, lambda brush: _draw_oven(plan, brush))
    _write(plan, picture, font)
    return picture


# ---- the kitchen


def _draw_kitchen(plan: Plan, brush: Brush) -> None:
    width, height = plan.size
    brush.box((0, 0, width, height), 0, GROUT)
    for row in range(height // 40 + 1):
        for column in range(-1, width // 80 + 1):
            tone = blend(WALL, (255, 255, 255), ((row * 7 + column * 13) % 5) * 0.045)
            left = column * 80 + (row % 2) * 40 - 26
            brush.box((left + 1.5, row * 40 + 1.5, 77, 37), 4, tone)
    top = plan.counter_y
    brush.gradient((0, top, width, height - top), 0, blend(COUNTER, COUNTER_EDGE, 0.35), COUNTER)
    brush.box((0, top, width, 2), 0, COUNTER_EDGE)
    for index in range(width // 7):
        scatter = index * 2654435761 % 2**32
        x, y = scatter % width, top + 8 + (scatter >> 13) % max(height - top - 22, 1)
        brush.disc((x, y), 1 + (scatter >> 7) % 4 * 0.5, blend(SPECKS[index % len(SPECKS)], COUNTER, 0.3))
    brush.gradient((0, height - 11, width, 11), 0, COUNTER_EDGE, blend(COUNTER_EDGE, INK, 0.25))
    brush.box((0, height - 12, width, 1.5), 0, (255, 246, 232))


def _cast_shadow(plan: Plan, picture: pygame.Surface) -> None:
    """Darken the countertop under the oven and the wall behind it, softly."""
    x, y, width, height = (side // 2 for side in plan.body)
    dark = pygame.Surface((plan.window.width // 2, plan.window.height // 2), pygame.SRCALPHA)
    dark.fill((*INK, 0))
    pygame.draw.rect(dark, (*INK, 60), (x - 1, y + 5, width + 4, height), border_radius=22)
    pygame.draw.ellipse(dark, (*INK, 150), (x + 8, y + height - 4, width - 16, 17))
    soft = pygame.transform.gaussian_blur(dark, 5)
    picture.blit(pygame.transform.smoothscale(soft, plan.size), (0, 0))


def _draw_cord(plan: Plan, brush: Brush) -> None:
    """Let the cord come out behind the oven, and leave along the counter."""
    x, y, width, height = plan.body
    begin, end = x + width - 210, plan.window.width + 10
    path = []
    for step in range(41):
        share = step / 40
        fall = 15 * math.sin(min(share * 2.2, 1.0) * math.pi / 2)
        path.append((begin + (end - begin) * share, y + height - 2 + fall + 4 * math.sin(share * 7.5)))
    brush.stroke([(px, py + 2.5) for px, py in path], 5, blend(COUNTER_EDGE, INK, 0.35))
    brush.stroke(path, 5, CORD)
    brush.stroke([(px, py - 1.2) for px, py in path], 1.4, blend(CORD, (255, 255, 255), 0.35))


def _draw_oven(plan: Plan, brush: Brush) -> None:
    x, y, width, height = plan.body
    for left in (x + 70, x + width - 150):
        brush.gradient((left, y + height - 6, 80, 22), 7, (88, 60, 76), (44, 22, 36))
    brush.box((x, y, width, height), 44, SEAM)
    brush.gradient((x + 1.5, y + 1.5, width - 3, height - 3), 42.5, BODY, BODY_LOW)
    brush.gradient((x + 5, y + 4, width - 10, height - 14), 39, BODY_TOP, BODY)
    brush.glaze((x + 40, y + 6.5, width - 80, 3), 1.5, (255, 255, 255), 150)
    _draw_door(plan, brush)
    _draw_face(plan, brush)
    _draw_counter_things(plan, brush)


def _draw_door(plan: Plan, brush: Brush) -> None:
    x, y, width, height = plan.door
    brush.box((x - 2, y - 2, width + 4, height + 4), 32, SEAM)
    brush.gradient((x, y, width, height), 30, DOOR_TOP, DOOR_LOW)
    brush.glaze((x + 24, y + 3, width - 48, 2.5), 1.2, (255, 255, 255), 130)
    glass_x, glass_y, glass_width, glass_height = plan.glass
    brush.box((glass_x - 2, glass_y - 2, glass_width + 4, glass_height + 4), 20, SEAM)
    draw_glass(plan, brush, Light.OUT, watching=False)
    _draw_handle(plan, brush)


def draw_glass(plan: Plan, brush: Brush, light: Light, *, watching: bool) -> None:
    """Draw the window of the door: glass that the light inside shines through, its mesh, and the lens."""
    x, y, width, height = plan.glass
    left, top = plan.screen_at
    right, bottom = left + plan.screen.width, top + plan.screen.height
    brush.box((x, y, width, height), 18, GLASS)
    shine, mesh = {Light.OUT: (GLASS, MESH), Light.WARM: (GLOW, GLOW_MESH), Light.FLASH: (FLASH, FLASH_MESH)}[light]
    for step in range(0 if light is Light.OUT else GLOWS):
        # Each box lies inside the one before, and is lighter: it is brightest where the screen begins.
        share = (step + 1) / GLOWS
        edge = (round((left - x) * share), round((top - y) * share))
        tone = blend(GLASS, shine, share**0.6)
        brush.box((x + edge[0], y + edge[1], width - 2 * edge[0], height - 2 * edge[1]), 18 - 12 * share, tone)
    if light is Light.OUT:
        _draw_reflection(plan, brush)
    for row in range(2 if plan.bezel >= 32 else 1):
        inset = 7 + row * 7
        for across in range(x + 12, x + width - 10, 8):
            brush.disc((across, y + inset), 1.5, mesh)
            brush.disc((across, y + height - inset), 1.5, mesh)
        for down in range(y + 22, y + height - 20, 8):
            brush.disc((x + inset, down), 1.5, mesh)
            brush.disc((x + width - inset, down), 1.5, mesh)
    brush.box((left - 2, top - 2, right - left + 4, bottom - top + 4), 3, (10, 4, 9))
    _draw_lens(plan, brush, watching=watching)


def _draw_reflection(plan: Plan, brush: Brush) -> None:
    """Draw the kitchen window as the dark glass mirrors it: two slanted bars, seen above and below the screen."""
    x, y, width, height = plan.glass
    slant = min(height, width) * 0.22
    for begin, wide in ((0.55, 0.09), (0.675, 0.03)):
        right = x + width * begin + slant
        corners = ((right, y), (right + width * wide, y), (right + width * wide - slant, y + height))
        brush.polygon([*corners, (right - slant, y + height)], blend(GLASS, (255, 255, 255), 0.09))


def _draw_lens(plan: Plan, brush: Brush, *, watching: bool) -> None:
    """Draw the camera's lens, and its little lamp, which is on while it watches."""
    (x, y), radius = plan.lens_at, 8.5 if plan.bezel >= 32 else 6.5
    brush.disc((x, y), radius + 1.5, (10, 4, 9))
    brush.disc((x, y), radius, CHROME_LOW)
    brush.disc((x, y), radius * 0.82, (22, 14, 34))
    brush.disc((x, y), radius * 0.56, (54, 40, 96))
    brush.disc((x, y), radius * 0.3, (18, 10, 30))
    brush.disc((x - radius * 0.3, y - radius * 0.32), radius * 0.2, (226, 236, 255))
    lamp = (x + radius + 9, y) if plan.lens_at[1] < plan.screen_at[1] or plan.lens_below else (x, y + radius + 9)
    brush.disc(lamp, 3.4, (10, 4, 9))
    brush.disc(lamp, 2.4, TALLY if watching else (84, 20, 34))


def _draw_handle(plan: Plan, brush: Brush) -> None:
    x = plan.door[0] + plan.door[2] + 9
    top, bottom = plan.level(0.16), plan.level(0.84)
    for y in (top + 12, bottom - 34):
        brush.gradient((x - 8, y, 20, 22), 7, CHROME_LOW, (120, 108, 122))
    brush.box((x, top, 18, bottom - top), 9, SEAM)
    brush.gradient((x + 1, top + 1, 16, bottom - top - 2), 8, (255, 255, 255), CHROME_LOW)
    brush.box((x + 4.5, top + 9, 3.5, (bottom - top) * 0.6), 1.7, (255, 255, 255))


def _draw_face(plan: Plan, brush: Brush) -> None:
    """Draw the control panel: plate, clock, two knobs that look at the screen, and a smile of a vent."""
    x, y, width, height = plan.face
    brush.box((x - 2, y - 2, width + 4, height + 4), 26, SEAM)
    brush.gradient((x, y, width, height), 24, PANEL_TOP, PANEL_LOW)
    brush.glaze((x + 20, y + 3, width - 40, 2.5), 1.2, (255, 255, 255), 170)
    middle = x + width // 2
    plate = (middle - 66, plan.level(0.037), 132, 38)
    brush.box((plate[0] - 1.5, plate[1] - 1, plate[2] + 3, plate[3] + 4), 20, blend(SEAM, PANEL_LOW, 0.3))
    brush.gradient(plate, 19, (255, 255, 255), CHROME_LOW)
    brush.gradient((plate[0] + 3, plate[1] + 3, plate[2] - 6, plate[3] - 6), 16, CREAM, (255, 226, 234))
    _draw_clock(plan, brush)
    for side in (-1, 1):
        eye = (plan.eyes[0] + side * 40, plan.eyes[1])
        brush.disc((eye[0], eye[1] + 3), 27, blend(PANEL_LOW, SEAM, 0.55))
        brush.disc(eye, 26, CHROME_LOW)
        brush.disc((eye[0], eye[1] - 0.5), 24.5, CHROME)
        brush.oval((eye[0] + side * 26 - 13, eye[1] + 29, 26, 14), (255, 128, 168))
    _draw_programmes(plan, brush)


def _draw_clock(plan: Plan, brush: Brush) -> None:
    x, y, width, height = plan.clock
    brush.box((x - 3, y - 3, width + 6, height + 6), 15, SEAM)
    brush.box((x - 2, y - 1, width + 4, height + 4), 14, (255, 214, 230))
    brush.box((x, y, width, height), 12, (20, 14, 22))


def _draw_programmes(plan: Plan, brush: Brush) -> None:
    """Draw a plate for each programme."""
    for index, (x, y, width, height) in enumerate(plan.programmes()):
        chosen = index == len(PROGRAMMES) - 1
        brush.box((x - 1, y - 1, width + 2, height + 3), height / 2 + 1, blend(PANEL_LOW, SEAM, 0.45))
        brush.gradient((x, y, width, height), height / 2, *((CREAM, (255, 226, 234)) if chosen else (PANEL_TOP, BODY)))
        lamp = (x + 16, y + height / 2)
        brush.disc(lamp, 5.5, blend(PANEL_LOW, SEAM, 0.6))
        brush.disc(lamp, 4, CHERRY if chosen else LAMP_OFF)


def _draw_counter_things(plan: Plan, brush: Brush) -> None:
    """Put a mug and a strip of four pictures in front of the oven, where the caption leaves room for them."""
    _, height = plan.size
    if not plan.laid_out:
        return
    base = height - 20
    x = plan.mug[0]
    brush.stroke([(x + 36 + 13 * math.sin(t / 10), base - 24 + 12 * -math.cos(t / 10)) for t in range(32)], 6, WALL)
    brush.gradient((x, base - 46, 40, 46), 8, (236, 250, 246), (150, 206, 196))
    brush.box((x, base - 46, 40, 14), 5, (236, 250, 246))
    brush.oval((x, base - 51, 40, 11), (250, 255, 253))
    brush.oval((x + 3, base - 49, 34, 8), (112, 66, 52))
    draw_heart(brush, (x + 20, base - 22), 8, CHERRY)
    _draw_strip(brush, (34, height - 58))


def _draw_strip(brush: Brush, corner: Point) -> None:
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


# ---- the few words


def _write(plan: Plan, picture: pygame.Surface, font: Path | None) -> None:
    """Put the few words on: the plate and the caption."""
    middle = plan.face[0] + plan.face[2] // 2
    centred(picture, _text(font, "BOOTH", 25, SEAM), (middle, plan.level(0.037) + 19))
    centred(picture, _text(font, "press to start", 15, INK), (middle, plan.level(0.962)))
    for name, (x, y, width, height) in zip(PROGRAMMES, plan.programmes(), strict=False):
        centred(picture, _text(font, name, 15, INK), (x + 12 + width // 2, y + height // 2))
    bottom = plan.body[1] + plan.body[3] + 16
    caption = _text(font, CAPTION, 16, INK)
    centred(picture, caption, (plan.window.width // 2, (bottom + plan.window.height - 10) // 2))


def _text(own: Path | None, words: str, height: int, colour: Colour) -> pygame.Surface:
    """Return *words* in one line of type *height* pixels high."""
    font = pygame.font.Font(own, height if own else round(height * 1.35))
    return font.render(words, antialias=True, color=colour)
