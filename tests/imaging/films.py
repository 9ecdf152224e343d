"""What tests of the clip share: how a film is seen. Not a test."""

import subprocess
from itertools import groupby
from pathlib import Path

from booth.ports import Picture, Size

PAINTED = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
"""The colours of the small frames that tests make clips of, in order."""


def seen(clip: bytes, size: Size, folder: Path) -> list[Picture]:
    """Return the pictures of a clip as a player shows them, decoded by ffmpeg."""
    file = folder / "seen.mp4"
    file.write_bytes(clip)
    quiet = ("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1")
    shown = subprocess.run(
        (*quiet, "-i", file, "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"), capture_output=True, check=True
    )
    assert b"" == shown.stderr
    each = 3 * size.width * size.height
    assert 0 == len(shown.stdout) % each
    return [Picture(size, shown.stdout[at : at + each]) for at in range(0, len(shown.stdout), each)]


def pixel(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    """Return red, green and blue at *x*, *y*."""
    at = 3 * (y * picture.size.width + x)
    return tuple(picture.rgb[at : at + 3])


def colour(found: tuple[int, ...]) -> str:
    """Return which of the painted colours *found* is, to a few steps: what coding leaves of a flat colour."""
    names = [
        name for name, exact in PAINTED.items() if all(abs(a - b) <= 12 for a, b in zip(found, exact, strict=True))
    ]
    return " ".join(names) or f"no colour of ours: {found}"


def runs(pictures: list[Picture]) -> list[tuple[str, int]]:
    """Return which colours are shown one behind the other, and for how many pictures each."""
    middles = [colour(pixel(picture, picture.size.width // 2, picture.size.height // 2)) for picture in pictures]
    return [(name, len(list(same))) for name, same in groupby(middles)]
