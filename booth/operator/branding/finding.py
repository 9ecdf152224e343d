"""What is found of a layout, in one picture after the other: figures, and what is wrong with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pygame

from booth.branding import measuring
from booth.branding.drawing import Overlay
from booth.branding.measuring import Legible
from booth.examining.findings import Sign

HIDDEN, LOST = 0.1, 0.25
"""The share of the middle that a layout may hide, and above which faces are lost."""

GROUNDS = {"yours": "your photographs", "light": "a light wall", "dark": "a dark wall"}
"""What is below a layout, in words."""


@dataclass(frozen=True)
class Remark:
    """One thing that should be seen to."""

    sign: Sign
    said: str


@dataclass(frozen=True)
class Proof:
    """One picture of a preview."""

    file: str
    product: str
    title: str
    """Which title: own, long, ..."""
    ground: str
    """What is below: yours, light or dark."""
    size: int
    """Bytes."""
    without: int
    """Bytes of the same without the layout."""
    legible: tuple[Legible, ...]
    hidden: float
    """How much of the middle is hidden, 0..1."""
    remarks: tuple[Remark, ...]


def remarks(
    overlay: Overlay, legible: Sequence[Legible], hidden: float, *, own: bool, ground: str, faces: bool
) -> Iterator[Remark]:
    """Yield what is wrong with a picture. What an owner's *own* title lacks is worse than what a title of ours does."""
    grave = Sign.BAD if own else Sign.WARN
    for each in legible:
        if each.ratio < each.least:
            yield Remark(
                Sign.BAD,
                f"{each.name}: contrast {int(each.ratio * 100) / 100:.2f}:1 over {GROUNDS[ground]}, and "
                f"{each.least:g}:1 is needed: give it a plate, or another colour",
            )
    for text in overlay.texts:
        if text.missing:
            points = ", ".join(measuring.named(char[0]) for char in dict.fromkeys(text.missing))
            yield Remark(grave, f"{text.name}: no font here has letters for {points}: install fonts, or write it else")
        if text.cut:
            yield Remark(grave, f"{text.name}: does not fit, and its end is lost: make it smaller, or allow more lines")
    for name in measuring.outside(overlay):
        yield Remark(Sign.WARN, f"{name}: stands beyond the safe area: a frame or a cutter may take some of it")
    for names in measuring.over_each_other(overlay):
        yield Remark(grave, f"{names}: stand over each other: give one another place")
    if faces and hidden > HIDDEN:
        sign = Sign.BAD if hidden > LOST else Sign.WARN
        yield Remark(
            sign,
            f"{round(100 * hidden)} per cent of the middle are hidden, where faces are: {round(100 * HIDDEN)} at most",
        )


def measured(overlay: Overlay, pictures: Sequence[pygame.Surface]) -> tuple[Legible, ...]:
    """Return how each text can be read over the worst of these pictures."""
    return tuple(measuring.legible(text, overlay, pictures) for text in overlay.texts)
