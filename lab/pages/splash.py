"""Makes what is drawn while the booth is not up yet, or cannot be: the microwave, asleep, three dots, and letters.

They are what the booth itself draws, in its usual theme, once for each size of screen: whoever shows them has neither
a theme nor pygame, and must not have to scale. The law: PNG with a palette, one byte a pixel, no row filtered, so that
they can be read in a few lines; the first pixel is the paper's.
"""

import argparse
import struct
import zlib
from collections import Counter
from pathlib import Path

import pygame

from booth.ui.drawing import mascot
from booth.ui.drawing.mascot import Mood
from booth.ui.drawing.shapes import BLEND, Shapes
from booth.ui.layout import Box
from booth.ui.theme import USUAL, blend, named
from lab import ROOT

WIDTHS = (120, 180, 280, 340, 440, 620, 1240)
"""Pixels: how wide the microwave is; for screens that are 240, 320, 480, 600, 768, 1080 and 2160 pixels high."""

COLOURS = 256
"""What a palette holds."""

DOTS = (38.0, 50.0, 62.0)
"""Where the dots are, in hundredths of the microwave's width..."""
DOT = 4.4
"""...how large each is..."""
DOTS_AT, HIGH = 96.0, 100.0
"""...how far down, and where the picture ends."""


def drawn(width: int) -> pygame.Surface:
    """Return the picture in which the microwave is *width* pixels wide."""
    theme, shapes = named(USUAL), Shapes()
    scale = width / mascot.WIDE
    box = Box(0, 0, width, round(width * mascot.HIGH / mascot.WIDE))
    picture = pygame.Surface((width, round(HIGH * scale)))
    picture.fill(theme.paper)
    face, button = mascot.part_of(box, mascot.FACE), mascot.part_of(box, mascot.BUTTON)
    for part, x, y in (
        (mascot.body(shapes, theme, box), 0, 0),
        (mascot.face(shapes, theme, box, Mood.ASLEEP), face.x, face.y),
        (mascot.button(shapes, theme, box, 0.0), button.x, button.y),
    ):
        picture.blit(part, (x, y), special_flags=BLEND)
    for index, at in enumerate(DOTS):
        dot = shapes.disc(round(DOT * scale), blend(theme.accent_bright, theme.paper, 0.3 * index))
        x, y = round(at * scale - dot.get_width() / 2), round(DOTS_AT * scale - dot.get_height() / 2)
        picture.blit(dot, (x, y), special_flags=BLEND)
    return picture


LETTERS = "".join(
    chr(code)
    for code in (*range(0x20, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100), 0x2026, 0x201C, 0x201D, 0x2019, 0x2013)
)
"""What can be written; anything else is a question mark."""
SHADES = 15
"""How dark a letter may be, beside not at all."""
FACES = {
    "medium": ("MPLUSRounded1c-Medium.ttf", (15, 17, 20, 24, 29, 38, 54)),
    "bold": ("MPLUSRounded1c-ExtraBold.ttf", (20, 24, 32, 40, 48, 60, 88)),
}
"""Kinds of letters: the font, and their sizes in pixels."""


def letters(font: pygame.font.Font) -> tuple[list[bytes], bytes]:
    """Return all letters side by side, as rows of shades, and how wide each is."""
    strips, widths = [], bytearray()
    for letter in LETTERS:
        drawn = font.render(letter, True, (255, 255, 255), (0, 0, 0))
        flat = pygame.image.tobytes(drawn, "RGB")[::3]
        wide = drawn.get_width()
        strips.append([flat[at : at + wide] for at in range(0, len(flat), wide)])
        widths.append(wide)
    darker = bytes(round(shade * SHADES / 255) for shade in range(256))
    return [b"".join(rows).translate(darker) for rows in zip(*strips, strict=True)], bytes(widths)


def alphabet(rows: list[bytes], widths: bytes) -> bytes:
    """Return letters as a PNG; which they are, and how wide, is in a chunk of our own."""
    shades = b"".join(bytes([255 - shade * 255 // SHADES]) * 3 for shade in range(SHADES + 1))
    mine = (b"leTR", LETTERS.encode() + b"\0" + widths)
    return written(len(rows[0]), rows, shades, mine)


def png(picture: pygame.Surface) -> bytes:
    """Return *picture* as such a PNG; the colours that it has too many of are those next to them."""
    width, height = picture.get_size()
    rgb = pygame.image.tobytes(picture, "RGB")
    pixels = [rgb[at : at + 3] for at in range(0, len(rgb), 3)]
    palette = [colour for colour, _ in Counter(pixels).most_common(COLOURS)]
    number = {colour: index for index, colour in enumerate(palette)}
    for colour in set(pixels) - set(palette):
        number[colour] = min(range(len(palette)), key=lambda index: _apart(palette[index], colour))
    numbers = bytes(map(number.__getitem__, pixels))
    return written(width, [numbers[at : at + width] for at in range(0, width * height, width)], b"".join(palette))


def written(width: int, rows: list[bytes], palette: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """Return rows of numbers as a PNG, with *more* chunks."""
    flat = b"".join(b"\0" + row for row in rows)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)),
            (b"PLTE", palette),
            *more,
            (b"IDAT", zlib.compress(flat, 9)),
            (b"IEND", b""),
        )
    )


def _apart(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def main() -> None:
    """Write all pictures."""
    parser = argparse.ArgumentParser(prog="scripts/splash", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "assets", help="the folder for both of theirs")
    options = parser.parse_args()
    made = {f"splash/{width}.png": png(drawn(width)) for width in WIDTHS}
    pygame.font.init()
    for kind, (name, sizes) in FACES.items():
        for size in sizes:
            font = pygame.font.Font(ROOT / "assets" / "fonts" / name, size)
            made[f"letters/{kind}-{size}.png"] = alphabet(*letters(font))
    for name, content in made.items():
        path = options.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
