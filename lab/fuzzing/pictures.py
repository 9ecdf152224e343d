"""Pictures from a bad cable, a strange webcam or a telephone: whole ones or none, in little memory, never for long."""

import contextlib
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pygame

from booth.drivers.webcam import TornError, seen
from booth.jpeg import SOI, orientation_of, size_of, whole
from booth.pictures import RAW, encoded
from booth.ports import Size
from booth.units import Pixels
from lab.fuzzing import REFUSED, Violation

SIZE = Size(Pixels(320), Pixels(240))
MEMORY = 64 << 10
"""KiB: no picture makes the process larger than it was by more than this."""
LONG = 2.0
"""Seconds of the processor that one picture may take."""
MARKERS = (*range(0xC0, 0xE2), 0xFE, 0x00, 0x01, 0xFF)


@contextlib.contextmanager
def prepared(folder: Path) -> Iterator[Callable[[random.Random], str]]:  # noqa: ARG001  every kind is given one
    """Yield what tries one picture, as a webcam and as a file."""
    surface = pygame.Surface((SIZE.width, SIZE.height), 0, 24)
    chance = random.Random(0)  # noqa: S311  the same picture always
    for _ in range(400):
        colour = tuple(chance.randrange(256) for _ in range(3))
        at = chance.randrange(SIZE.width), chance.randrange(SIZE.height)
        pygame.draw.circle(surface, colour, at, chance.randrange(3, 40))
    good = encoded(surface)
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def attempt(rng: random.Random) -> str:
        raw = rng.random() < 0.1
        taken = _noise(rng) if raw else _spoilt(good, rng)
        form = rng.choice(RAW) if raw else "MJPG"
        agreed = SimpleNamespace(format=form, size=SIZE, row=rng.choice((0, 320, 641, 2000)), full=rng.random() < 0.5)
        began = time.process_time()
        outcome = _tried(taken, agreed)
        if time.process_time() - began > LONG:
            raise Violation(f"it took longer than {LONG} s")
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > largest + MEMORY:
            raise Violation("it took more memory than a picture has")
        return outcome

    yield attempt


def _tried(taken: bytes, agreed: SimpleNamespace) -> str:
    if not 1 <= orientation_of(taken) <= 8:
        raise Violation("an orientation that Exif has not")
    size_of(taken)
    picture = whole(taken)
    if picture is not None and (not picture.startswith(SOI) or whole(picture) != picture):
        raise Violation("what was said to be whole is not")
    try:
        _, kept = seen(taken, agreed)
    except TornError:
        return REFUSED
    if kept != (picture if agreed.format == "MJPG" else None):
        raise Violation("another picture is kept than was seen")
    return "taken"


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 320 * 240, 320 * 240 * 2, 320 * 240 * 3, 700_000)))


def _spoilt(good: bytes, rng: random.Random) -> bytes:
    """Return *good* after some accidents: cut, turned bits, a lying length or size, a marker, a part twice or lost."""
    picture = bytearray(good)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(picture) if rng.random() < 0.5 else min(len(picture), 700)) if picture else 0
        match rng.randrange(8):
            case 0:
                del picture[at:]
            case 1:
                picture[at : at + 1] = rng.randbytes(1)
            case 2:
                picture[at : at + 2] = rng.choice((0, 1, 2, 3, 0x7FFF, 0xFFFF)).to_bytes(2)
            case 3:
                picture[at:at] = bytes((0xFF, rng.choice(MARKERS)))
            case 4:
                picture[at:at] = picture[rng.randrange(len(picture) + 1) :][: rng.randrange(2000)]
            case 5:
                del picture[at : at + rng.randrange(2000)]
            case 6:
                sides = picture.find(b"\xff\xc0") + 5
                picture[sides : sides + 4] = b"".join(
                    rng.choice((0, 1, 240, 320, 640, 65_500)).to_bytes(2) for _ in "hw"
                )
            case _:
                picture += rng.choice((bytes(rng.randrange(5000)), good, b"\xff\xd9"))
    return bytes(picture)
