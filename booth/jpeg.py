"""Nothing but a whole JPEG of the right size leaves a camera, be it real or simulated.

What the camera did wrong is the camera's fault, and what the disk did wrong is the disk's: they are mended differently.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from booth.errors import CameraError, OutboxError
from booth.ports import Size
from booth.units import Pixels

SPARSEST = 200
"""Pixels in one byte. The blackest frame that an encoder can make still takes a byte for 170 of them."""

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
SOS, DHT, APP1 = 0xDA, 0xC4, 0xE1
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers that no segment follows."""
MARKER = re.compile(rb"\xff+([^\x00\xff])", re.DOTALL)
AFTER_PIXELS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""Among pixels, FF is followed by 00 where it is one, and by D0 to D7 where a decoder may begin anew."""
ORIENTATION, SHORT, LONG = 0x0112, 3, 4
"""Which entry it is, and of what kinds: the standard's, and what some programs write instead."""
SIDEWAYS = frozenset({5, 6, 7, 8})
"""The orientations whose width is the height of what was seen."""
LIGHT = (
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a"
    "434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9"
    "aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)
COLOUR = (
    "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a3536373839"
    "3a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7"
    "a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa"
)
"""Which of their codes the tables mean, in order of length."""
PRINT = 4
"""Colours in a pixel of a picture for a print shop (CMYK): libraries do not agree on which is which."""
FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the gaps are tables, not frames


def deliver(jpeg: bytes, into: Path, size: Size) -> None:
    """Write *jpeg* to *into*, if it is a whole picture of *size*; raise `CameraError` otherwise.

    Raises `OutboxError` if the disk does not take it; there may be a torn file then. A frame with nothing on it is
    kept: whoever covers the lens gets a picture of darkness. What it shows is for `booth.imaging.judge` to say.
    """
    if not jpeg:
        raise CameraError("the camera delivered an empty file; check its cable")
    found, picture = size_of(jpeg), whole(jpeg)
    if found is None or picture is None or len(picture) < size.width * size.height // SPARSEST:
        raise CameraError(f"the camera delivered {len(jpeg)} bytes that are no whole JPEG; check its cable")
    if found != size:
        wanted = f"{size.width}x{size.height}"
        raise CameraError(f"the camera delivered {found.width}x{found.height} pixels, not {wanted}; set camera.size")
    try:
        into.write_bytes(picture)
    except OSError as exc:
        raise OutboxError(f"the disk did not take the frame {into}: {exc.strerror}; look at the disk") from exc


def size_of(jpeg: bytes) -> Size | None:
    """Return the size that the frame header of *jpeg* speaks of, or None if it has none before the pixels."""
    for marker, at in _segments(jpeg):
        if marker in FRAME_HEADERS and at + 7 <= len(jpeg):
            height, width = (int.from_bytes(jpeg[at + offset : at + offset + 2]) for offset in (3, 5))
            return Size(Pixels(width), Pixels(height))
        if marker == SOS:
            return None
    return None


def colours_of(jpeg: bytes) -> int:
    """Return how many colours a pixel of *jpeg* is mixed of: 1 (grey), 3, or 4 (print); 0 if it does not say."""
    for marker, at in _segments(jpeg):
        if marker in FRAME_HEADERS:
            return int.from_bytes(jpeg[at + 7 : at + 8])
        if marker == SOS:
            break
    return 0


def whole(jpeg: bytes) -> bytes | None:
    """Return the first picture in *jpeg*, to its own end and not beyond; None if it has none, or is cut off.

    What follows is no part of it: padding, a second picture, the film of a telephone. A marker of the end within the
    head is that of a thumbnail. A webcam's pictures may lack the tables of Huffman codes, for all of them use the same
    (as in AVI files, whence the format comes): they are put in, for not every decoder knows of that.
    """
    tables = False
    first_scan: int | None = None
    for marker, at in _segments(jpeg):
        if marker == DHT:
            tables = True
        elif marker == SOS and first_scan is None:
            first_scan = at - 2
        elif marker == EOI[1]:
            if first_scan is None:
                return None
            return jpeg[:at] if tables else jpeg[:first_scan] + _usual_tables() + jpeg[first_scan:at]
    return None


def orientation_of(jpeg: bytes) -> int:
    """Return how a camera that was not held upright says that *jpeg* lies: 1 (as it should) to 8, as Exif counts."""
    for marker, at in _segments(jpeg):
        if marker == APP1 and jpeg[at + 2 : at + 8] == b"Exif\0\0":
            end = at + int.from_bytes(jpeg[at : at + 2])
            return _orientation(jpeg[at + 8 : end])
        if marker == SOS:
            break
    return 1


def _orientation(tiff: bytes) -> int:
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    first = number(4, 4)
    for entry in range(first + 2, min(first + 2 + 12 * number(first, 2), len(tiff) - 11), 12):
        if number(entry, 2) == ORIENTATION and (kind := number(entry + 2, 2)) in {SHORT, LONG}:
            told = number(entry + 8, 2 if kind == SHORT else 4)
            return told if 1 <= told <= 8 else 1
    return 1


def _segments(jpeg: bytes) -> Iterator[tuple[int, int]]:
    """Yield each marker with where its segment's length is, up to the end of the picture, which is where its end is.

    Stops earlier where the bytes are none of a JPEG, or end.
    """
    if not jpeg.startswith(SOI):
        return
    at = 2
    while (found := MARKER.match(jpeg, at)) is not None:
        marker, at = found[1][0], found.end()
        yield marker, at
        if marker in {EOI[1], SOI[1]}:
            return
        if marker in ALONE:
            continue
        length = int.from_bytes(jpeg[at : at + 2])
        if length < 2:
            return
        at += length
        if marker == SOS:
            after = AFTER_PIXELS.search(jpeg, at)
            if after is None:
                return
            at = after.start()


def _usual_tables() -> bytes:
    """Return the segment with the codes of Annex K.3 of the standard (ITU-T T.81): light and colour, direct and not."""
    tables = b"".join(
        bytes([place, *counts]) + values
        for place, counts, values in (
            (0x00, (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0), bytes(range(12))),
            (0x10, (0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D), bytes.fromhex(LIGHT)),
            (0x01, (0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0), bytes(range(12))),
            (0x11, (0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77), bytes.fromhex(COLOUR)),
        )
    )
    return bytes([0xFF, DHT]) + (len(tables) + 2).to_bytes(2) + tables
