"""Whether a live preview shows what the frames will: its size beside theirs, and the sizes that fit.

A camera makes both of one picture. A preview of another shape is stretched, or shows guests whom the frame has not.
"""

from booth.drivers.settings import NARROWEST
from booth.ports import Size
from booth.section import written
from booth.shapes import shaped

ROUNDED = 2
"""Pixels by which one side of a preview may be off the shape of the frames: sides are even."""


def complaint(size: Size, preview: Size, *, chosen: bool) -> str | None:
    """Return why no preview of *preview* can be shown of frames of *size*, and which could; None if it can.

    One that nobody has *chosen* takes the shape of the frames by itself.
    """
    frame, room = (written((one.width, one.height)) for one in (size, preview))
    if chosen and not _alike(size, preview):
        offers = " or ".join(written((offer.width, offer.height)) for offer in fitting(size, preview))
        return (
            f"expected a preview of the shape of the frames, which are {frame}, not {room}: write preview_size = "
            f"{offers}, or leave it out"
        )
    if not _within(size, preview):
        return f"expected a preview of at most {frame}, not {room}: make preview_size smaller or size larger"
    if not _wide_enough(size, preview):
        return (
            f"a preview of the shape of {frame} that fits into {room} would be narrower than {NARROWEST} pixels: "
            "make preview_size larger, or take a size of a more usual shape"
        )
    return None


def fitting(size: Size, preview: Size) -> list[Size]:
    """Return what has the shape of *size* and is as wide or as high as *preview*; *size* itself, if none will do."""
    as_wide, as_high = Size(preview.width, size.height), Size(size.width, preview.height)
    offers = dict.fromkeys(shaped(size, room) for room in (as_wide, as_high))
    return [offer for offer in offers if all(holds(size, offer) for holds in (_alike, _within, _wide_enough))] or [size]


def _alike(size: Size, preview: Size) -> bool:
    """Return whether one side of *preview* is what the other makes of it in the shape of *size*."""
    across, down = preview.height * size.width / size.height, preview.width * size.height / size.width
    return abs(across - preview.width) <= ROUNDED or abs(down - preview.height) <= ROUNDED


def _within(size: Size, preview: Size) -> bool:
    return preview.width <= size.width and preview.height <= size.height


def _wide_enough(size: Size, preview: Size) -> bool:
    own = shaped(size, preview)
    return min(own.width, own.height) >= NARROWEST
