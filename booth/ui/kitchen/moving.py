"""What moves in the kitchen: the face, the LED, the button, the clock, and the steam over the mug."""

import math

import pygame

from booth.ui.drawing.shapes import Point
from booth.ui.kitchen.baking import PLACES, SEGMENTS, Gaze
from booth.ui.kitchen.brush import Brush, draw_camera, half_disc, shine, smooth
from booth.ui.kitchen.colours import (
    BODY_TOP,
    CHERRY,
    CHERRY_LOW,
    CHERRY_TOP,
    CHROME,
    CHROME_LOW,
    CREAM,
    INK,
    LAMP,
    LAMP_HOT,
    LAMP_OFF,
    PANEL_LOW,
    SEAM,
    VFD,
    VFD_OFF,
)
from booth.ui.kitchen.plan import Plan
from booth.ui.kitchen.sprite import Phase
from booth.ui.theme import blend

HALO = 84
"""Pixels: how far the LED's light reaches."""

WISPS = 8
"""Pictures of the steam over the mug, one after the other and again from the first."""


def draw_controls(plan: Plan, picture: pygame.Surface, phase: Phase) -> None:
    """Draw LED, eyes, mouth and button on *picture*, which is that part of the panel: first the LED's light."""
    lit, gaze = phase if isinstance(phase, tuple) else (False, Gaze.SCREEN)
    lamp = (plan.led[0] - plan.controls[0], plan.led[1] - plan.controls[1])
    eyes = (plan.eyes[0] - plan.controls[0], plan.eyes[1] - plan.controls[1])
    button = (plan.button[0] - plan.controls[0], plan.button[1] - plan.controls[1])

    def draw(brush: Brush) -> None:
        _draw_gaze(brush, eyes, gaze)
        _draw_lamp(brush, lamp, lit=lit)
        _draw_button(plan, brush, button, down=gaze is Gaze.BUTTON)

    if lit:
        shine(picture, lamp, HALO, 200)
    smooth(picture, draw)
    if lit:
        shine(picture, lamp, HALO // 2, 130)


def _draw_gaze(brush: Brush, between: Point, look: Gaze) -> None:
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
    _draw_mouth(brush, between, look)


def _draw_mouth(brush: Brush, between: Point, look: Gaze) -> None:
    x, y = between
    match look:
        case Gaze.BUTTON:
            brush.disc((x, y + 46), 15.5, INK)
            brush.disc((x, y + 51), 8, (255, 110, 140))
        case Gaze.GLAD:
            brush.arc((x, y + 22), 24, 0.25, 0.75, 5, INK)
            brush.polygon(half_disc((x, y + 22), 25), INK)
            brush.polygon(half_disc((x, y + 33), 13), (255, 110, 140))
        case Gaze.SAD:
            brush.arc((x, y + 75), 34, -0.11, 0.11, 7, INK)
        case _:
            brush.arc((x, y + 11.5), 38, 0.37, 0.63, 8, (255, 214, 230))
            brush.arc((x, y + 10), 38, 0.37, 0.63, 7, INK)


def _draw_lamp(brush: Brush, centre: Point, *, lit: bool) -> None:
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


def _draw_button(plan: Plan, brush: Brush, centre: Point, *, down: bool) -> None:
    (x, y), radius = centre, plan.button[2]
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
    draw_camera(brush, (x, lift), cap * 0.5, (255, 214, 218) if down else (255, 255, 255), CHERRY)


def draw_time(plan: Plan, picture: pygame.Surface, phase: Phase) -> None:
    """Draw what the clock says, and its colon, on *picture*, which is its display."""
    said, lit = phase if isinstance(phase, tuple) else ("", False)
    middle = plan.clock[2] / 2

    def draw(brush: Brush) -> None:
        for digit, left in zip(said[:PLACES], (-66, -38, 9, 37), strict=True):
            _draw_digit(brush, digit, middle + left, 13)
        for x, y in ((middle - 1, 24), (middle - 3, 39)):
            brush.disc((x, y), 3, VFD if lit else VFD_OFF)
        brush.glaze((8, 3, plan.clock[2] - 16, 10), 5, (255, 255, 255), 26)

    smooth(picture, draw)


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


def draw_steam(picture: pygame.Surface, phase: Phase) -> None:
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
