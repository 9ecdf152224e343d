"""How well a layout can be read over a picture, and how much of it it hides: measured, pixel by pixel."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from booth.branding.drawing import Inscription, Overlay
from booth.ui.theme import CONTROL, TEXT, contrast

LARGE = 24
"""Pixels of type size from which text is large, and needs less contrast."""

WORST = 0.05
"""The share of what is behind a text that may have less contrast than is told: an edge is no reason to fail."""

SAMPLES = 4000
"""Pixels behind a text that are looked at."""

MIDDLE = (0.25, 0.12, 0.5, 0.58)
"""Where faces are, in shares of a picture: left, top, width, height."""

_SOLID = 127
"""Alpha above which the picture below cannot be made out any more."""


@dataclass(frozen=True)
class Legible:
    """How a text can be read."""

    name: str
    ratio: float
    """The contrast with what is behind it, 1..21: all but the worst of it has as much."""
    least: float
    """What it needs."""


def legible(text: Inscription, overlay: Overlay, pictures: Sequence[pygame.Surface]) -> Legible:
    """Return how well *text* can be read over these *pictures*, over the worst of them."""
    ratio = min(_ratio(text, overlay, picture) for picture in pictures)
    return Legible(text.name, ratio, CONTROL if text.height >= LARGE else TEXT)


def _ratio(text: Inscription, overlay: Overlay, picture: pygame.Surface) -> float:
    box = text.box.clip(picture.get_rect())
    if not box.width or not box.height:
        return 1.0
    behind = pygame.Surface(box.size, 0, 32)
    behind.blit(picture, (0, 0), box)
    behind.blit(overlay.ground, (0, 0), box)
    step = max(int((box.width * box.height / SAMPLES) ** 0.5), 1)
    ratios = sorted(
        contrast(text.colour, (r, g, b))
        for x in range(0, box.width, step)
        for y in range(0, box.height, step)
        for r, g, b, _ in [behind.get_at((x, y))]
    )
    return ratios[int(len(ratios) * WORST)]


def hidden(overlay: Overlay) -> float:
    """Return how much of the middle, where faces are, cannot be seen any more, 0..1."""
    whole = overlay.whole()
    wide, tall = whole.get_size()
    left, top, width, height = MIDDLE
    mask = pygame.mask.from_surface(whole, _SOLID)
    middle = pygame.mask.Mask((round(wide * width), round(tall * height)), fill=True)
    return mask.overlap_area(middle, (round(wide * left), round(tall * top))) / max(middle.count(), 1)


def outside(overlay: Overlay) -> tuple[str, ...]:
    """Return what stands beyond the safe area: names of texts, and the logo."""
    safe = overlay.safe
    if safe is None:
        return ()
    room = safe.inflate(2, 2)  # a pixel is lost by rounding
    names = [text.name for text in overlay.texts if not room.contains(text.box)]
    return (*names, "logo") if overlay.logo is not None and not room.contains(overlay.logo) else tuple(names)


def over_each_other(overlay: Overlay) -> tuple[str, ...]:
    """Return which texts stand over another, or over the logo."""
    boxes = [(text.name, text.box) for text in overlay.texts]
    if overlay.logo is not None:
        boxes.append(("logo", overlay.logo))
    return tuple(
        f"{one} and {other}"
        for index, (one, box) in enumerate(boxes)
        for other, there in boxes[index + 1 :]
        if box.colliderect(there)
    )


def named(char: str) -> str:
    """Return how a character is called that nobody can see: its number, and its name in Unicode."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'without a name')}"
