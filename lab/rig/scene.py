"""What a pretended sensor sees, and what a picture says of it: where on the sensor each pixel was, and when.

Red grows from the sensor's left edge to its right one, green from its top to its bottom. Blue is one value in each
quarter of a picture: three bits of the frame's number, the lowest top left.
"""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pygame

from lab.rig.sensors import Box

Plane = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8]
"""``(height, width, 3)`` RGB."""

DARKEST, BRIGHTEST = 16, 239
"""At the edges of the sensor: what is compressed overshoots, and must have room to."""
BITS, STEP = 3, 32
"""Of a number in each quarter, and how far two values of blue are apart."""
NUMBERS = 1 << (4 * BITS)
"""How many frames have numbers of their own."""


@dataclass(frozen=True)
class Ground:
    """What does not change from frame to frame, as a stream delivers it: all but blue. uint8, each."""

    red: Plane
    """``(width,)``"""
    green: Plane
    """``(height, 1)``"""
    y: Plane
    """``(height, width)``"""
    u: Plane
    """``(height / 2, width / 2)``, as is V."""
    v: Plane


def ground(seen: Box, sensor: tuple[int, int], size: tuple[int, int], *, hflip: bool, vflip: bool) -> Ground:
    """Return how the part of a *sensor* that is *seen* fills a picture of *size*."""

    def ramp(pixels: int, first: int, extent: int, whole: int) -> npt.NDArray[np.float64]:
        where = first + (np.arange(pixels) + 0.5) * extent / pixels
        return DARKEST + (BRIGHTEST - DARKEST) * where / whole

    red = ramp(size[0], seen.x, seen.width, sensor[0])[:: -1 if hflip else 1]
    green = ramp(size[1], seen.y, seen.height, sensor[1])[:: -1 if vflip else 1, None]
    coarse_red, coarse_green = (red[::2] + red[1::2]) / 2, (green[::2] + green[1::2]) / 2
    return Ground(
        *(np.rint(plane).astype(np.uint8) for plane in (
            red,
            green,
            0.299 * red + 0.587 * green,
            128 - 0.168736 * coarse_red - 0.331264 * coarse_green,
            128 + 0.5 * coarse_red - 0.418688 * coarse_green,
        ))
    )  # fmt: skip


def paint_rgb(under: Ground, number: int, into: Plane) -> None:
    """Paint frame *number* into ``(height, width, 3)``, in place: a test may count what memory the booth takes."""
    into[..., 0] = under.red
    into[..., 1] = under.green
    for part, blue in zip(_quarters(*into.shape[:2]), _blues(number), strict=True):
        into[(*part, 2)] = blue


def paint_yuv(under: Ground, number: int, y: Plane, u: Plane, v: Plane) -> None:
    """Paint frame *number* into planes, in place. BT.601, full range."""
    for plane, base, share in ((y, under.y, 0.114), (u, under.u, 0.5), (v, under.v, -0.081312)):
        for part, blue in zip(_quarters(*plane.shape), _blues(number), strict=True):
            more = round(share * blue)
            if more < 0:
                np.subtract(base[part], -more, out=plane[part])
            else:
                np.add(base[part], more, out=plane[part])


def pixels_of(jpeg: bytes) -> Pixels:
    """Return what is in a JPEG."""
    surface = pygame.image.load(io.BytesIO(jpeg))
    width, height = surface.get_size()
    return np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8).reshape(height, width, 3)


def number_of(picture: Pixels) -> int:
    """Return the number of the frame, modulo `NUMBERS`; the picture is neither turned nor mirrored."""
    number = 0
    for quarter, (rows, columns) in enumerate(_quarters(*picture.shape[:2])):
        part = picture[rows, columns, 2]
        height, width = part.shape
        blue = float(part[height // 4 : -(height // 4), width // 4 : -(width // 4)].mean())
        number |= int(blue // STEP) << (quarter * BITS)
    return number


def seen_in(picture: Pixels, sensor: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return what a picture shows of the *sensor*: where its left, top, right and bottom edge were, in its pixels.

    The left edge is right of the right one where the picture is mirrored, and the same with top and bottom.
    """
    left, right = _ends(picture[..., 0].mean(axis=0), sensor[0])
    top, bottom = _ends(picture[..., 1].mean(axis=1), sensor[1])
    return left, top, right, bottom


def _ends(values: npt.NDArray[np.floating], whole: int) -> tuple[int, int]:
    """Return where the line through *values* begins and ends."""
    slope, start = np.polyfit(np.arange(len(values)), values, 1)
    ends = (start - 0.5 * slope, start + (len(values) - 0.5) * slope)
    first, last = (round(float((end - DARKEST) * whole / (BRIGHTEST - DARKEST))) for end in ends)
    return first, last


def _quarters(height: int, width: int) -> tuple[tuple[slice, slice], ...]:
    """Return rows and columns of each: top left, top right, bottom left, bottom right."""
    upper, lower = slice(0, height // 2), slice(height // 2, height)
    left, right = slice(0, width // 2), slice(width // 2, width)
    return (upper, left), (upper, right), (lower, left), (lower, right)


def _blues(number: int) -> tuple[int, ...]:
    """Return the value of each quarter: the middle of its step."""
    return tuple((number >> (quarter * BITS)) % (1 << BITS) * STEP + STEP // 2 for quarter in range(4))
