"""From the planes of light and colour that a Pi's camera hands out to pixels as a display has them.

It is done for each picture of the preview, so it is the most that a small Pi does while guests pose. numpy takes eight
numbers at once where all of them have 16 bits, lie side by side and need no table: so it is put here. It lets other
threads run meanwhile.
"""

import functools
from typing import Any

ROWS = 48
"""Rows of the picture at once: what is in hand then stays in the cache of a Pi 3B, half a mebibyte."""


def bgra_of(planes: Any, width: int, height: int, *, backwards: bool = False) -> Any:
    """Return ``(height, width)`` uint32 of YUV420 planes: in memory blue, green, red and 255. Both sides are even.

    The planes are full range BT.601, as in JPEG; each colour is within one of what is exact. *planes* is what picamera2
    hands out: ``(height * 3 / 2, stride)`` uint8, all of Y above U above V, where a row of U or V takes half a row, and
    the stride may be longer than the picture is wide. *backwards*, each row is taken from its end: mirrored.
    """
    import numpy as np  # picamera2 brings it; nothing else here may

    half, across, step = height // 2, width // 2, -1 if backwards else 1
    luma = planes[:height, :width].reshape(half, 2, width)[..., ::step]
    chroma = planes.reshape(planes.shape[0] * 2, planes.shape[1] // 2)[2 * height :, :across][:, ::step]
    made = np.empty((half, 2, width), np.uint32)
    rows = min(ROWS // 2, half)  # of colour: each is two of the picture
    colours, shades = np.empty((5, rows, across), np.int16), np.empty((4, rows, 2, width), np.int16)
    pairs = np.empty((3, rows, 1, across), np.uint32)
    for top in range(0, half, rows):
        some = min(rows, half - top)
        away, shifts = colours[:2, :some], colours[2:, :some]
        luminous, channels, wide = shades[0, :some], shades[1:, :some], pairs[:, :some]
        away[0] = chroma[half + top : half + top + some]
        away[1] = chroma[top : top + some]
        _shift(away, shifts)
        wide[:, :, 0] = shifts.view(np.uint16)
        wide *= _number(65537, "uint32")  # one colour pixel for each two by two of light and dark: here, twice in a row
        luminous[...] = luma[top : top + some]
        np.add(luminous, wide.view(np.int16), out=channels)
        channels.clip(_number(0), _number(255), out=channels)
        red, green, blue = channels.view(np.uint16)
        red |= _number(0xFF00, "uint16")
        green *= _number(256, "uint16")  # as a shift would, which numpy does one by one
        green |= blue
        pixels = made[top : top + some]
        pixels[...] = red
        pixels <<= _number(16, "uint32")
        pixels |= green
    return made.reshape(height, width)


def _shift(away: Any, shifts: Any) -> None:
    """Fill *shifts* with how far red, green and blue are from Y where V and U are *away*, less 128 then.

    By BT.601: 1.402 V, -0.344136 U - 0.714136 V, 1.772 U. Each is split, so that no product is too large for 16 bits.
    """
    away -= _number(128)
    v, u = away
    red, green, blue = shifts
    red[...] = v
    red *= _number(103)
    red += _number(128)
    red >>= _number(8)
    red += v
    blue[...] = u
    blue *= _number(-233)
    blue += _number(512)
    blue >>= _number(10)
    blue += u
    blue += u
    green[...] = v
    green *= _number(73)
    u *= _number(88)
    green -= u
    green += _number(128)
    green >>= _number(8)
    green -= v


@functools.cache
def _number(number: int, kind: str = "int16") -> Any:
    """Return *number* as numpy takes it at once: one of Python's it looks at for longer than at a row of pixels."""
    import numpy as np  # picamera2 brings it; nothing else here may

    return np.array(number, kind)
