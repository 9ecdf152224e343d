"""Nothing but a whole JPEG of the right size leaves a camera driver."""

from pathlib import Path

from booth.errors import CameraError
from booth.ports import Size
from booth.units import Pixels

SPARSEST = 200
"""Pixels in one byte. The blackest frame that an encoder can make still takes a byte for 170 of them."""

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
SOS = 0xDA
FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the gaps are tables, not frames


def deliver(jpeg: bytes, into: Path, size: Size) -> None:
    """Write *jpeg* to *into*, if it is a whole picture of *size*; raise `CameraError` otherwise."""
    if not jpeg:
        raise CameraError("the camera delivered an empty file; check its cable, then restart the booth")
    found = size_of(jpeg)
    if found is None or not jpeg.endswith(EOI) or len(jpeg) < size.width * size.height // SPARSEST:
        raise CameraError(f"the camera delivered {len(jpeg)} bytes that are no whole JPEG; check its cable")
    if found != size:
        wanted = f"{size.width}x{size.height}"
        raise CameraError(f"the camera delivered {found.width}x{found.height} pixels, not {wanted}; set camera.size")
    try:
        into.write_bytes(jpeg)
    except OSError as exc:
        raise CameraError(f"the frame cannot be written to {into}: {exc.strerror}") from exc


def size_of(jpeg: bytes) -> Size | None:
    """Return the size that the frame header of *jpeg* speaks of, or None if it has none before the pixels."""
    if not jpeg.startswith(SOI):
        return None
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != SOS:
        if jpeg[at + 1] in FRAME_HEADERS:
            height, width = (int.from_bytes(jpeg[at + offset : at + offset + 2]) for offset in (5, 7))
            return Size(Pixels(width), Pixels(height))
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return None
