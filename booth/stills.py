"""Pictures that the owner chose, a logo or an overlay: no more is decoded than the file says and was looked at.

A header can lie: a second one behind it, or another kind of file under the same name, would be decoded at a size that
nobody agreed to. So the bytes that are looked at are the bytes that are decoded, and what is not as every program
writes it is refused.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from booth import reading
from booth.ports import Size
from booth.units import Pixels

LARGEST = 16 << 20
"""Bytes of a file: what all files beside the settings on a card may have together."""

MOST = 8_000_000
"""Pixels: what a Raspberry Pi decodes within a second, and still more than any screen has."""

SCANS = 100
"""Times that a JPEG may go over its pixels; those that sharpen step by step do so about ten times."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_SOS = 0xDA
_PRINT = 4
"""Colours in a pixel of a picture for a print shop (CMYK): libraries do not agree on which is which."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xDA)})
"""Markers that have no length behind them, and do not belong before the pixels."""

_AGAIN = "save the picture again"


@dataclass(frozen=True)
class Still:
    """A picture that may be decoded."""

    content: bytes
    kind: Literal["png", "jpg"]
    size: Size


def read(path: Path, kinds: tuple[str, ...] = ("png", "jpg")) -> Still:
    """Return the picture in a file, of one of these *kinds*. Blocks while it is read.

    Raises `ValueError` with a sentence for the owner, the path in it.
    """
    try:
        # What is too large is not read for the sake of its size: the beginning says whether it is a picture.
        content = reading.whole(path, LARGEST)
    except reading.ReadingError as exc:
        raise ValueError(f"{reading.shown(str(path))}: {exc}") from None
    try:
        return _of(content, kinds)
    except ValueError as exc:
        raise ValueError(f"{reading.shown(str(path))} {exc}") from None


def _of(content: bytes, kinds: tuple[str, ...]) -> Still:
    if content.startswith(_PNG) and "png" in kinds:
        kind: Literal["png", "jpg"] = "png"
        size = _png_size(content)
    elif content.startswith(_JPEG) and "jpg" in kinds:
        kind = "jpg"
        size, pixels = _jpeg_size(content)
    else:
        wanted = "neither a PNG nor a JPEG" if "jpg" in kinds else "no PNG"
        raise ValueError(f"is {wanted}: save the picture as {'one of these' if 'jpg' in kinds else 'one'}")
    if not 0 < size.width * size.height <= MOST:
        raise ValueError(f"has {size.width}x{size.height} pixels: make it smaller, {MOST:,} pixels at most")
    if kind == "png":
        _all_of_png(content)
    else:
        _all_of_jpeg(content, pixels)
    return Still(content, kind, size)


def _png_size(content: bytes) -> Size:
    if content[8:16] != b"\0\0\0\rIHDR" or len(content) < 24:
        raise ValueError(f"is a damaged PNG: {_AGAIN}")
    return Size(Pixels(int.from_bytes(content[16:20])), Pixels(int.from_bytes(content[20:24])))


def _all_of_png(content: bytes) -> None:
    """Raise `ValueError` unless one header is followed by pixels, and those by an end."""
    at = len(_PNG)
    names: list[bytes] = []
    while not names or names[-1] != b"IEND":
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        at += 12 + length
        if at > len(content):
            raise ValueError(f"is cut off: {_AGAIN}, or copy it again")
        names.append(name)
    if names.count(b"IHDR") != 1 or b"IDAT" not in names:
        raise ValueError(f"is a damaged PNG: {_AGAIN}")


def _jpeg_size(content: bytes) -> tuple[Size, int]:
    """Return the size in the only frame header before the pixels, and where these begin."""
    size: Size | None = None
    at = len(_JPEG)
    while content[at : at + 1] == b"\xff":
        while content[at : at + 1] == b"\xff":  # as many as the encoder liked
            at += 1
        if at >= len(content) or content[at] in _ALONE:
            break
        marker, length = content[at], int.from_bytes(content[at + 1 : at + 3])
        if length < 2:
            break
        if marker in _FRAMES:
            if size is not None:
                break
            height, width = (int.from_bytes(content[at + offset : at + offset + 2]) for offset in (4, 6))
            size = Size(Pixels(width), Pixels(height))
            if content[at + 8 : at + 9] == bytes((_PRINT,)):
                raise ValueError(
                    "has the four colours of print (CMYK), and would be seen in wrong ones: save it as RGB"
                )
        if marker == _SOS and size is not None:
            return size, at - 1
        at += 1 + length
    raise ValueError(f"is a damaged JPEG: {_AGAIN}")


def _all_of_jpeg(content: bytes, pixels: int) -> None:
    """Raise `ValueError` unless the pixels have an end, and are gone over no more often than is usual."""
    if content.find(b"\xff\xd9", pixels) < 0:
        raise ValueError(f"is cut off: {_AGAIN}, or copy it again")
    if content.count(bytes((0xFF, _SOS)), pixels) > SCANS:
        raise ValueError(f"takes too long to decode: {_AGAIN}, not as a progressive JPEG")
