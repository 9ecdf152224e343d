"""The party that the simulated camera looks at: four dancers, a dancing pink oven, confetti and coloured lights.

Everything is a function of time and pose, drawn with circles, quads and capsules: nothing is remembered between two
pictures but the wall, and no display is needed. Lengths inside are in units of 1/720 of the picture's height, so one
scene serves every size.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pygame

Color = tuple[int, int, int]
Point = tuple[float, float]

HEIGHT = 720.0
"""Units in the height of the scene."""
FLOOR = 560.0
"""Where wall and floor meet, in units from the top."""
BEATS = 1.9
"""Beats a second: 114 a minute, a disco's pace."""

WALL_TOP, WALL_BOTTOM = (44, 24, 92), (172, 58, 132)
FLAGS: tuple[Color, ...] = ((255, 92, 138), (255, 196, 61), (72, 207, 203), (164, 120, 255), (255, 138, 76))
BULBS: tuple[Color, ...] = ((255, 240, 180), (255, 170, 200), (170, 230, 255))
TILES: tuple[Color, ...] = ((255, 94, 150), (122, 92, 255), (60, 190, 220), (255, 178, 66))
PINK, PINK_DARK, PINK_LIGHT = (255, 128, 176), (214, 78, 134), (255, 182, 210)
INK: Color = (46, 28, 62)
WHITE: Color = (255, 255, 255)


@dataclass(frozen=True)
class Dancer:
    """How somebody at the party looks, and where they stand."""

    place: float
    """Across the scene, 0 left edge to 1 right edge."""
    feet: float
    """Units from the top."""
    tall: float
    """1 is 400 units from shoe to crown."""
    skin: Color
    hair: Color
    shirt: Color
    trousers: Color
    wears: str
    """``hat``, ``crown``, ``shades`` or ``bow``."""
    off_beat: float
    """How far behind the music they are, in beats."""


DANCERS = (
    Dancer(0.13, 668, 1.02, (241, 194, 160), (92, 52, 34), (64, 196, 190), (58, 64, 120), "hat", 0.1),
    Dancer(0.87, 668, 1.06, (176, 118, 82), (40, 30, 34), (255, 112, 92), (52, 52, 84), "crown", 0.85),
    Dancer(0.31, 690, 0.84, (122, 78, 54), (34, 24, 30), (255, 196, 61), (120, 60, 150), "bow", 0.6),
    Dancer(0.69, 690, 0.90, (255, 214, 184), (228, 120, 48), (146, 108, 240), (44, 90, 120), "shades", 0.35),
)

ArmPair = tuple[tuple[float, float], tuple[float, float]]
POSES: tuple[ArmPair, ...] = (
    ((-0.5, 0.3), (-0.6, 0.2)),  # arms up in a V
    ((1.0, 2.4), (-0.9, -0.5)),  # a hand on the hip, the other points at the ceiling
    ((-0.2, -1.3), (0.1, -1.0)),  # a wave with both hands
    ((0.9, -0.9), (0.8, -1.2)),  # shrugging: who took the cake?
    ((-1.0, -1.5), (0.2, 0.2)),  # one fist in the air, one arm straight out
)
"""Angles of upper arm and forearm, left and right, in radians below the horizontal, outwards."""


def mix(one: Color, other: Color, share: float) -> Color:
    """Return the colour *share* (0..1) of the way from *one* to *other*."""
    r, g, b = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return r, g, b


def scatter(seed: int) -> float:
    """Return a number 0..1 that looks random and is always the same for *seed*."""
    return math.sin(seed * 12.9898 + 4.1414) * 43758.5453 % 1.0


class Chalk:
    """Draws in units on a surface of any size."""

    def __init__(self, surface: pygame.Surface) -> None:
        self.surface = surface
        self.k = surface.get_height() / HEIGHT
        self.width = surface.get_width() / self.k

    def px(self, point: Point) -> Point:
        """Return *point*, given in units, in pixels."""
        return point[0] * self.k, point[1] * self.k

    def dot(self, color: Color, centre: Point, radius: float) -> None:
        """Fill a circle."""
        pygame.draw.circle(self.surface, color, self.px(centre), max(1.0, radius * self.k))

    def poly(self, color: Color, points: Sequence[Point]) -> None:
        """Fill a polygon."""
        pygame.draw.polygon(self.surface, color, [self.px(p) for p in points])

    def oval(self, color: Color, centre: Point, across: float, down: float) -> None:
        """Fill an ellipse with the given radii."""
        k = self.k
        box = ((centre[0] - across) * k, (centre[1] - down) * k, 2 * across * k, 2 * down * k)
        pygame.draw.ellipse(self.surface, color, box)

    def limb(self, color: Color, joints: Sequence[Point], thick: float) -> None:
        """Draw a thick line with round ends and joints."""
        half = thick / 2
        self.dot(color, joints[0], half)
        for (ax, ay), (bx, by) in itertools.pairwise(joints):
            length = math.hypot(bx - ax, by - ay) or 1.0
            nx, ny = (ay - by) / length * half, (bx - ax) / length * half
            self.poly(color, ((ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)))
            self.dot(color, (bx, by), half)

    def smile(self, color: Color, centre: Point, across: float, deep: float, lean: float = 0.0) -> None:
        """Fill an open, laughing mouth: flat above, round below."""
        turned = Turn(centre, lean)
        arc = [(across * math.cos(a), deep * math.sin(a)) for a in (math.pi * i / 10 for i in range(11))]
        self.poly(color, [turned.at(*p) for p in arc])


@dataclass(frozen=True)
class Turn:
    """A place that leans: what is drawn at it leans with it."""

    centre: Point
    angle: float
    """Radians, clockwise."""

    def at(self, x: float, y: float) -> Point:
        """Return the point *x* to the right of and *y* below the centre, along the leaning axes."""
        c, s = math.cos(self.angle), math.sin(self.angle)
        return self.centre[0] + x * c - y * s, self.centre[1] + x * s + y * c


class Party:
    """The scene at one size. Made once, painted as often as wanted."""

    def __init__(self, width: int, height: int) -> None:
        self._wall = pygame.Surface((width, height), 0, 32)
        self._paint_wall(Chalk(self._wall))
        self._glow = self._soft_spot(round(90 * height / HEIGHT))

    def paint(self, surface: pygame.Surface, seconds: float, pose: int) -> None:
        """Paint the party as it is *seconds* into the song, with the guests in pose number *pose*.

        *surface* must have 32 bits a pixel and the size that this object was made for.
        """
        surface.blit(self._wall, (0, 0))
        chalk = Chalk(surface)
        beat = seconds * BEATS
        self._paint_floor(chalk, beat)
        self._paint_lights(chalk, seconds, beat)
        self._paint_balloons(chalk, seconds)
        self._paint_oven(chalk, beat, pose)
        for number, dancer in enumerate(DANCERS):  # the back row first
            self._paint_dancer(chalk, dancer, beat + dancer.off_beat, POSES[(pose + number) % len(POSES)], number)
        self._paint_confetti(chalk, seconds)

    # ---- the room

    def _paint_wall(self, chalk: Chalk) -> None:
        rows = chalk.surface.get_height()
        for row in range(rows):
            share = min(1.0, row / (FLOOR * chalk.k))
            pygame.draw.line(
                chalk.surface, mix(WALL_TOP, WALL_BOTTOM, share), (0, row), (chalk.surface.get_width(), row)
            )
        for string, (hang, top) in enumerate(((70.0, 18.0), (46.0, 84.0))):
            flags = 13
            line = [
                (chalk.width * i / flags, top + hang * (1 - (2 * ((i / flags * 2) % 1) - 1) ** 2) * 0.6)
                for i in range(flags + 1)
            ]
            for i, (one, other) in enumerate(itertools.pairwise(line)):
                tip = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2 + 52)
                color = mix(FLAGS[(i + 2 * string) % len(FLAGS)], WALL_TOP, 0.45 if string else 0.0)
                chalk.poly(color, (one, other, tip))
            chalk.limb(WHITE if not string else mix(WHITE, WALL_TOP, 0.5), line, 3)

    def _soft_spot(self, radius: int) -> pygame.Surface:
        spot = pygame.Surface((2 * radius, 2 * radius), 0, 32)
        for r in range(radius, 0, -2):
            pygame.draw.circle(spot, mix((0, 0, 0), (60, 56, 72), (1 - r / radius) ** 1.3), (radius, radius), r)
        return spot

    def _paint_floor(self, chalk: Chalk, beat: float) -> None:
        rows = (FLOOR, FLOOR + 36, FLOOR + 86, HEIGHT + 6)
        columns = 10
        for row, (top, bottom) in enumerate(itertools.pairwise(rows)):
            spread = [1.0 + (y - FLOOR) / 130 for y in (top, bottom)]
            for column in range(columns):
                lit = scatter(column * 7 + row * 31 + int(beat) * 13)
                glow = 0.25 + 0.55 * lit * (1 - beat % 1.0)
                tile = mix((52, 26, 84), TILES[(column + row + int(beat)) % len(TILES)], glow)
                edges = [(column + side - columns / 2) / columns * chalk.width * 1.1 for side in (0.02, 0.98)]
                middle = chalk.width / 2
                chalk.poly(
                    tile,
                    (
                        (middle + edges[0] * spread[0], top + 2),
                        (middle + edges[1] * spread[0], top + 2),
                        (middle + edges[1] * spread[1], bottom),
                        (middle + edges[0] * spread[1], bottom),
                    ),
                )

    def _paint_lights(self, chalk: Chalk, seconds: float, beat: float) -> None:
        radius = self._glow.get_width() / 2
        for i in range(9):
            x = chalk.width * (0.5 + 0.52 * math.sin(seconds * (0.35 + 0.05 * i) + i * 2.4))
            y = 300 + 190 * math.sin(seconds * 0.5 + i * 1.7)
            where = (x * chalk.k - radius, y * chalk.k - radius)
            chalk.surface.blit(self._glow, where, special_flags=pygame.BLEND_RGB_ADD)
        bulbs = 18
        for i in range(bulbs):
            x = chalk.width * (i + 0.5) / bulbs
            y = 196 + 16 * math.sin(i * 1.05)
            on = 0.5 + 0.5 * math.sin(beat * math.pi + i * 2.1)
            chalk.dot(mix((120, 70, 120), BULBS[i % len(BULBS)], on), (x, y), 6 + 2.5 * on)
        middle, ball = chalk.width / 2, 66.0
        chalk.limb((200, 190, 220), ((middle, 0), (middle, 10)), 3)
        chalk.dot((150, 150, 186), (middle, ball), 50)
        for row in range(-4, 5):
            tilt = row / 4.6
            ring = 46 * math.sqrt(1 - tilt * tilt)
            for facet in range(-4, 5):
                turn = facet / 4.5 + (seconds * 0.35) % (1 / 4.5)
                if abs(turn) >= 1:
                    continue
                shine = scatter(row * 17 + facet * 5 + int(beat * 2) * 3)
                across = math.sin(turn * math.pi / 2)
                wide = 4.6 * math.cos(turn * math.pi / 2) * ring / 46 + 0.8
                chalk.oval(
                    mix((104, 104, 150), (255, 255, 255), shine**1.6),
                    (middle + ring * across, ball + 46 * tilt),
                    wide,
                    4.4,
                )

    def _paint_balloons(self, chalk: Chalk, seconds: float) -> None:
        for i, (x, y, color) in enumerate(
            ((0.045, 300.0, FLAGS[0]), (0.10, 250.0, FLAGS[2]), (0.905, 262.0, FLAGS[1]), (0.96, 318.0, FLAGS[3]))
        ):
            bob = 9 * math.sin(seconds * 1.3 + i * 1.9)
            at = (x * chalk.width + 0.6 * bob, y + bob)
            chalk.limb(mix(WHITE, WALL_BOTTOM, 0.4), (at, (x * chalk.width + 14 * math.cos(i * 3.0), y + 230)), 2)
            chalk.poly(mix(color, INK, 0.2), ((at[0], at[1] + 48), (at[0] - 9, at[1] + 64), (at[0] + 9, at[1] + 64)))
            chalk.oval(color, at, 42, 52)
            chalk.oval(mix(color, WHITE, 0.6), (at[0] - 14, at[1] - 22), 9, 14)

    def _paint_confetti(self, chalk: Chalk, seconds: float) -> None:
        for i in range(64):
            speed = 60 + 80 * scatter(i)
            y = (scatter(i + 100) * 800 + seconds * speed) % 800 - 40
            x = (scatter(i + 200) * 1.04 - 0.02) * chalk.width + 18 * math.sin(seconds * 2 + i)
            flutter = Turn((x, y), seconds * (1 + 3 * scatter(i + 300)) + i)
            wide, high = 6.5, 3.0 + 3.0 * abs(math.sin(seconds * 3 + i))
            corners = ((-wide, -high), (wide, -high), (wide, high), (-wide, high))
            chalk.poly(FLAGS[i % len(FLAGS)], [flutter.at(*corner) for corner in corners])

    # ---- who is there

    def _paint_oven(self, chalk: Chalk, beat: float, pose: int) -> None:
        """Paint the host: a pink microwave oven with a face in its window."""
        hop = abs(math.sin(beat * math.pi)) * 20
        lean = 0.075 * math.sin(beat * math.pi / 2 + pose)
        body = Turn((chalk.width / 2, 380 - hop), lean)
        ground = 610.0
        for side in (-1, 1):
            knee = (chalk.width / 2 + side * 92, 545 - hop * 0.4)
            chalk.limb(PINK_DARK, (body.at(side * 80, 110), knee, (chalk.width / 2 + side * 84, ground - 14)), 26)
            chalk.oval(INK, (chalk.width / 2 + side * 96, ground - 4), 36, 17)
            lift = math.sin(beat * math.pi + (pose % 3) * 1.3 + side) * 34
            elbow = body.at(side * 236, 10 - lift * 0.3)
            hand = body.at(side * (250 + 8 * (pose % 2)), -82 - lift)
            chalk.limb(PINK_DARK, (body.at(side * 168, 26), elbow, hand), 24)
            chalk.dot(WHITE, hand, 23)
            chalk.limb(WHITE, (hand, (hand[0] - side * 16, hand[1] - 22)), 13)
        self._slab(chalk, PINK_DARK, body, (0, 8), (196, 132), 34)
        self._slab(chalk, PINK, body, (0, 0), (196, 130), 34)
        self._slab(chalk, PINK_LIGHT, body, (-10, -112), (160, 6), 6)
        warm = 0.5 + 0.5 * math.cos(beat * 2 * math.pi)
        self._slab(chalk, INK, body, (-42, 4), (128, 96), 24)
        self._slab(chalk, mix((255, 186, 92), (255, 226, 150), warm), body, (-42, 4), (116, 84), 18)
        blink = 0.12 if beat % 7.0 > 6.7 else 1.0
        glance = 7 * math.sin(beat * 0.7)
        for side in (-1, 1):
            eye = body.at(-42 + side * 46, -18)
            chalk.oval(WHITE, eye, 24, 28 * blink)
            chalk.oval(INK, (eye[0] + glance, eye[1] + 4), 12, 15 * blink)
            chalk.dot(WHITE, (eye[0] + glance - 4, eye[1] - 3), 4 * blink)
            chalk.oval((255, 120, 120), body.at(-42 + side * 86, 24), 16, 10)
        chalk.smile(INK, body.at(-42, 24), 40, 34 + 10 * warm, lean)
        chalk.smile((255, 104, 124), body.at(-42, 42), 20, 12 + 6 * warm, lean)
        self._slab(chalk, mix(PINK, WHITE, 0.35), body, (142, 4), (36, 98), 16)
        self._slab(chalk, INK, body, (142, -66), (26, 14), 6)
        for i in range(3):
            chalk.dot((120, 255, 190) if (int(beat * 2) + i) % 3 else (60, 120, 110), body.at(130 + 12 * i, -66), 4)
        for row in range(3):
            for column in range(2):
                on = (int(beat) + row + column) % 3 == 0
                chalk.dot(
                    FLAGS[(row * 2 + column) % len(FLAGS)] if on else WHITE,
                    body.at(130 + 24 * column, -30 + 26 * row),
                    8,
                )
        chalk.dot(PINK_DARK, body.at(142, 74), 22)
        chalk.dot((255, 236, 150), body.at(142, 74), 16)
        tip = body.at(-20 + 6 * math.sin(beat * math.pi), -226)
        chalk.poly((72, 207, 203), (body.at(-68, -128), body.at(28, -128), tip))
        for i in range(3):
            chalk.dot((255, 236, 150), body.at(-38 + 18 * i, -144 - (0, 26, 8)[i]), 8)
        chalk.dot((255, 196, 61), tip, 15)

    def _slab(self, chalk: Chalk, color: Color, place: Turn, at: Point, half: Point, rounded: float) -> None:
        """Fill a leaning rectangle with rounded corners; *half* is half its width and height."""
        (x, y), (w, h), r = at, half, rounded
        for dx, dy in ((w, h - r), (w - r, h)):
            corners = ((x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy))
            chalk.poly(color, [place.at(*corner) for corner in corners])
        for sx in (-1, 1):
            for sy in (-1, 1):
                chalk.dot(color, place.at(x + sx * (w - r), y + sy * (h - r)), r)

    def _paint_dancer(self, chalk: Chalk, dancer: Dancer, beat: float, arms: ArmPair, number: int) -> None:
        u = dancer.tall
        hop = abs(math.sin(beat * math.pi)) * 24 * u
        sway = math.sin(beat * math.pi / 2) * 16 * u
        x = dancer.place * chalk.width
        hip = (x + sway * 0.3, dancer.feet - 132 * u - hop)
        chest = (x + sway, hip[1] - 96 * u)
        head = Turn((x + sway * 1.5, chest[1] - 112 * u), math.sin(beat * math.pi / 2) * 0.14)
        for side in (-1, 1):
            kick = max(0.0, side * math.sin(beat * math.pi / 2)) * 16 * u
            foot = (x + side * (34 * u + kick), dancer.feet - kick * 0.6)
            knee = (hip[0] + side * (38 * u + kick * 0.6), (hip[1] + foot[1]) / 2)
            chalk.limb(dancer.trousers, ((hip[0] + side * 22 * u, hip[1]), knee, foot), 38 * u)
            chalk.oval(INK, (foot[0] + side * 8 * u, foot[1] + 12 * u), 28 * u, 14 * u)
        if dancer.wears in {"bow", "crown"}:
            self._slab(chalk, dancer.hair, head, (0, 24 * u), (66 * u, 62 * u), 40 * u)
        chalk.limb(dancer.skin, (chest, head.centre), 34 * u)
        chalk.limb(dancer.shirt, (hip, chest), 104 * u)
        chalk.limb(
            mix(dancer.shirt, WHITE, 0.45),
            ((hip[0] - 44 * u, hip[1] - 44 * u), (hip[0] + 44 * u, hip[1] - 44 * u)),
            13 * u,
        )
        for side, (upper, fore) in zip((-1, 1), arms, strict=True):
            swing = 0.16 * math.sin(beat * math.pi + side)
            shoulder = (chest[0] + side * 46 * u, chest[1] - 14 * u)
            out = upper + swing
            elbow = (shoulder[0] + side * 66 * u * math.cos(out), shoulder[1] + 66 * u * math.sin(out))
            bend = fore + 1.6 * swing
            hand = (elbow[0] + side * 62 * u * math.cos(bend), elbow[1] + 62 * u * math.sin(bend))
            chalk.limb(dancer.skin, (elbow, hand), 25 * u)
            chalk.limb(mix(dancer.shirt, INK, 0.1), (shoulder, elbow), 33 * u)
            chalk.dot(dancer.skin, hand, 17 * u)
        self._paint_head(chalk, dancer, head, beat, number)

    def _paint_head(self, chalk: Chalk, dancer: Dancer, head: Turn, beat: float, number: int) -> None:
        u = dancer.tall
        chalk.dot(dancer.hair, head.at(0, -12 * u), 62 * u)
        chalk.oval(dancer.skin, head.at(0, 6 * u), 55 * u, 56 * u)
        for side in (-1, 1):
            chalk.dot(dancer.skin, head.at(side * 56 * u, 8 * u), 11 * u)
            chalk.oval(mix(dancer.skin, (255, 90, 110), 0.4), head.at(side * 35 * u, 24 * u), 12 * u, 8 * u)
        shut = (beat + number) % 5.0 > 4.75
        for side in (-1, 1):
            eye = head.at(side * 21 * u, 0)
            if shut:
                chalk.limb(INK, (head.at(side * 21 * u - 9 * u, 0), head.at(side * 21 * u + 9 * u, 0)), 4 * u)
            else:
                chalk.oval(INK, eye, 8 * u, 11 * u)
                chalk.dot(WHITE, (eye[0] - 2 * u, eye[1] - 4 * u), 3 * u)
        chalk.smile((122, 32, 60), head.at(0, 24 * u), 24 * u, 21 * u, head.angle)
        chalk.smile(WHITE, head.at(0, 24 * u), 20 * u, 7 * u, head.angle)
        self._paint_finery(chalk, dancer, head)

    def _paint_finery(self, chalk: Chalk, dancer: Dancer, head: Turn) -> None:
        u = dancer.tall
        match dancer.wears:
            case "hat":
                chalk.poly(FLAGS[0], (head.at(-40 * u, -46 * u), head.at(40 * u, -46 * u), head.at(4 * u, -146 * u)))
                chalk.poly(
                    FLAGS[1],
                    (
                        head.at(-27 * u, -76 * u),
                        head.at(28 * u, -76 * u),
                        head.at(18 * u, -102 * u),
                        head.at(-14 * u, -102 * u),
                    ),
                )
                chalk.dot(WHITE, head.at(4 * u, -146 * u), 13 * u)
            case "crown":
                gold = (255, 206, 72)
                points = [(-50, -40), (-56, -96), (-28, -68), (0, -108), (28, -68), (56, -96), (50, -40)]
                chalk.poly(gold, [head.at(px * u, py * u) for px, py in points])
                for i, (px, py) in enumerate(((-56, -96), (0, -108), (56, -96))):
                    chalk.dot(FLAGS[i * 2 % len(FLAGS)], head.at(px * u, py * u), 9 * u)
            case "shades":
                for side in (-1, 1):
                    chalk.oval((28, 20, 40), head.at(side * 25 * u, 0), 23 * u, 18 * u)
                    chalk.oval((255, 120, 190), head.at(side * 25 * u, 3 * u), 18 * u, 12 * u)
                    chalk.limb(
                        WHITE, (head.at(side * 25 * u - 9 * u, 2 * u), head.at(side * 25 * u - 2 * u, -6 * u)), 4 * u
                    )
                chalk.limb((28, 20, 40), (head.at(-8 * u, -3 * u), head.at(8 * u, -3 * u)), 6 * u)
                for i in range(7):
                    angle = math.pi * (1.08 + 0.14 * i)
                    chalk.dot(dancer.hair, head.at(56 * u * math.cos(angle), -8 * u + 58 * u * math.sin(angle)), 19 * u)
            case _:
                bow = (255, 92, 138)
                for side in (-1, 1):
                    chalk.poly(
                        bow, (head.at(0, -66 * u), head.at(side * 46 * u, -96 * u), head.at(side * 46 * u, -42 * u))
                    )
                chalk.dot(mix(bow, WHITE, 0.4), head.at(0, -67 * u), 13 * u)
