"""Nothing but a whole JPEG of the right size leaves a camera, be it real or simulated.

What the camera did wrong is the camera's fault, and what the disk did wrong is the disk's: they are mended differently.
"""

from pathlib import Path

import structlog

from booth.errors import CameraError, OutboxError
from booth.ports import Size
from booth.units import Pixels

SPARSEST = 200
"""Pixels in one byte. The blackest frame that an encoder can make still takes a byte for 170 of them."""
BLANK = 25
"""Pixels in one byte of a frame with nothing on it. One colour takes a byte for 36 and more; a room full of guests, a
byte for 5 to 10, and half the quality leaves it well below."""

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
SOS = 0xDA
FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the gaps are tables, not frames

log = structlog.get_logger()


def deliver(jpeg: bytes, into: Path, size: Size) -> None:
    """Write *jpeg* to *into*, if it is a whole picture of *size*; raise `CameraError` otherwise.

    Raises `OutboxError` if the disk does not take it; there may be a torn file then. A frame with nothing on it is
    logged, and kept: whoever covers the lens gets a picture of darkness.
    """
    if not jpeg:
        raise CameraError("the camera delivered an empty file; check its cable")
    found = size_of(jpeg)
    if found is None or not jpeg.endswith(EOI) or len(jpeg) < size.width * size.height // SPARSEST:
        raise CameraError(f"the camera delivered {len(jpeg)} bytes that are no whole JPEG; check its cable")
    if found != size:
        wanted = f"{size.width}x{size.height}"
        raise CameraError(f"the camera delivered {found.width}x{found.height} pixels, not {wanted}; set camera.size")
    try:
        into.write_bytes(jpeg)
    except OSError as exc:
        raise OutboxError(f"the disk did not take the frame {into}: {exc.strerror}; look at the disk") from exc
    if len(jpeg) < size.width * size.height // BLANK:
        log.warning("frame.blank", size=len(jpeg), why="it is of one colour; is the lens covered, is there any light?")


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
