"""Makes the booth's sounds, each from a few lines of arithmetic, and writes them as WAV: mono, 16 bits, 22,050 Hz.

The law: the same lines make the same bytes, on every machine, so that what is in ``assets/sounds`` can be checked.
"""

import argparse
import math
import random
import struct
import wave
from collections.abc import Callable
from pathlib import Path

from lab import ROOT

RATE = 22_050
"""Samples a second."""

Tone = Callable[[float], float]
"""From seconds since the beginning to -1..1."""


def struck(pitch: float, fading: float, overtones: tuple[tuple[float, float], ...] = ((1.0, 1.0),)) -> Tone:
    """Return the sound of something struck: *pitch* in hertz, *fading* in seconds to a third.

    *overtones* are multiples of the pitch, each with how loud it is; the higher, the sooner it is gone.
    """

    def tone(at: float) -> float:
        return sum(
            loud * math.sin(math.tau * pitch * times * at) * math.exp(-at * times**0.5 / fading)
            for times, loud in overtones
        )

    return tone


def rustle(seed: int, fading: float) -> Tone:
    """Return a short noise, softened; the same for the same *seed*."""
    dice = random.Random(seed)  # noqa: S311 - a noise, no secret
    grains = [dice.uniform(-1.0, 1.0) for _ in range(RATE)]

    def tone(at: float) -> float:
        index = int(at * RATE) % (RATE - 1)
        return (grains[index] + grains[index + 1]) / 2 * math.exp(-at / fading)

    return tone


def after(delay: float, tone: Tone) -> Tone:
    """Return *tone*, begun later."""
    return lambda at: tone(at - delay) if at >= delay else 0.0


def both(*tones: Tone) -> Tone:
    """Return all of *tones* at once."""
    return lambda at: sum(tone(at) for tone in tones)


BELL = ((1.0, 0.6), (2.76, 0.3), (5.4, 0.14), (8.93, 0.06))
"""The overtones of a small bell."""

SOUNDS: dict[str, tuple[float, float, Tone]] = {
    "ready": (0.22, 0.5, both(struck(659.3, 0.05), after(0.08, struck(987.8, 0.05)))),
    "tick": (0.09, 0.6, struck(880.0, 0.022, ((1.0, 1.0), (2.0, 0.25)))),
    "last": (0.16, 0.6, struck(1318.5, 0.04, ((1.0, 1.0), (2.0, 0.25)))),
    "shutter": (0.2, 0.6, both(rustle(7, 0.012), after(0.075, rustle(11, 0.02)), struck(160.0, 0.02))),
    "ding": (1.6, 0.7, struck(1568.0, 0.42, BELL)),
    "key": (0.035, 0.25, both(rustle(3, 0.004), struck(520.0, 0.008))),
}
"""By name: how long in seconds, how loud at its loudest (0..1), and the tone."""


def samples(seconds: float, loudest: float, tone: Tone) -> list[int]:
    """Return the sound as numbers of 16 bits, with an end that does not click."""
    count = round(seconds * RATE)
    fade = round(0.01 * RATE)
    heard = [tone(index / RATE) * min(1.0, (count - index) / fade) for index in range(count)]
    scale = loudest * 32_767 / max(map(abs, heard))
    return [round(value * scale) for value in heard]


def write(name: str, into: Path) -> Path:
    """Write the sound called *name* into the folder *into*; return the file."""
    numbers = samples(*SOUNDS[name])
    path = into / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(numbers)}h", *numbers))
    return path


def main() -> None:
    """Write all sounds."""
    parser = argparse.ArgumentParser(prog="scripts/sounds", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "sounds", help="the folder for them")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in SOUNDS:
        path = write(name, options.out)
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
