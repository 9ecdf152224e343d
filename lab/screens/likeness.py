"""How different two pictures of a screen look to a person: the law by which the kept pictures are judged.

Both are blurred a little, so that the edge of a letter may fall otherwise; what still differs is measured in OKLab, in
which equal distances look equally far apart, and summed up in small regions. The worst region speaks for the picture.
A word that is missing, a button that has moved and a colour that is another are all local: an average over the whole
picture would not see them.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pygame

Rgb = tuple[int, int, int]

SMALL = 10
"""0..255: pixels of which no channel differs by more, after the blur, are the same: palettes do that."""

CELL = 4
"""Pixels: regions are two cells wide and two high, and begin at every cell."""

ALIKE = 0.6
"""Up to so much of a difference, two pictures look the same. Black on white would be 100."""


@dataclass(frozen=True)
class Difference:
    """Where two pictures differ most, and how much."""

    worst: float
    """The mean distance in the worst region, in hundredths of the distance from black to white."""
    at: tuple[int, int]
    """The middle of that region, in pixels of the pictures that were compared."""

    @property
    def alike(self) -> bool:
        """Whether a person would take one for the other."""
        return self.worst <= ALIKE


def difference(one: pygame.Surface, other: pygame.Surface) -> Difference:
    """Return how much two pictures of one size differ. Raises `ValueError` if they are of different sizes."""
    if one.get_size() != other.get_size():
        raise ValueError(f"pictures of {one.get_size()} and {other.get_size()} cannot be compared")
    width, height = one.get_size()
    cells: defaultdict[tuple[int, int], float] = defaultdict(float)
    for x, y, distance in distances(one, other):
        cells[x // CELL, y // CELL] += distance
    regions: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (column, row), total in cells.items():
        for left in (column - 1, column):
            for top in (row - 1, row):
                regions[left, top] += total
    if not regions:
        return Difference(0.0, (width // 2, height // 2))
    (column, row), total = max(regions.items(), key=lambda region: region[1])
    middle = min(max((column + 1) * CELL, 0), width - 1), min(max((row + 1) * CELL, 0), height - 1)
    return Difference(total / (2 * CELL) ** 2, middle)


def distances(one: pygame.Surface, other: pygame.Surface) -> Iterator[tuple[int, int, float]]:
    """Yield x, y and the distance in OKLab, 0..100, of the pixels that differ visibly after a small blur."""
    first, second = _blurred(one), _blurred(other)
    apart = pygame.mask.from_threshold(first, (0, 0, 0), (SMALL + 1,) * 3, second)
    apart.invert()
    if not apart.count():
        return
    width = first.get_width()
    ours, theirs = (array("I", pygame.image.tobytes(picture, "RGBX")) for picture in (first, second))
    for x, y in _pixels(apart):
        yield x, y, _distance(ours[y * width + x], theirs[y * width + x])


def _pixels(mask: pygame.Mask) -> Iterator[tuple[int, int]]:
    """Yield the pixels that are set in *mask*."""
    width, height = mask.get_size()
    row = bytearray(width)
    lit = pygame.image.tobytes(mask.to_surface(setcolor=(255, 255, 255), unsetcolor=(0, 0, 0)), "RGB")[::3]
    for y in range(height):
        row[:] = lit[y * width : (y + 1) * width]
        x = row.find(255)
        while x >= 0:
            yield x, y
            x = row.find(255, x + 1)


def painted(one: pygame.Surface, other: pygame.Surface) -> pygame.Surface:
    """Return a picture of the difference: *other* in pale grey, and what differs in red, the more the stronger."""
    grey = pygame.transform.grayscale(other)
    picture = pygame.Surface(grey.get_size())
    picture.blit(grey, (0, 0))
    picture.fill((90, 90, 90), special_flags=pygame.BLEND_RGB_ADD)
    for x, y, distance in distances(one, other):
        pale = max(200 - round(distance * 12), 0)
        picture.set_at((x, y), (220, pale, pale))
    return picture


def _blurred(picture: pygame.Surface) -> pygame.Surface:
    plain = pygame.Surface(picture.get_size(), depth=32)
    plain.blit(picture, (0, 0))
    return pygame.transform.box_blur(plain, 1)


@cache
def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def oklab(colour: Rgb) -> tuple[float, float, float]:
    """Return lightness 0..1, green to red, blue to yellow; see https://bottosson.github.io/posts/oklab."""
    red, green, blue = (_linear(channel) for channel in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@cache
def _seen(pixel: int) -> tuple[float, float, float]:
    return oklab((pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255))


def _distance(one: int, other: int) -> float:
    return 100 * math.dist(_seen(one), _seen(other))
