"""A finished GIF as it plays, and frames made small: Wand lives here and only here.

Wand is imported by the first call, not before: that alone takes longer than to read a GIF.
"""

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

from booth import reading
from booth.errors import CompositorError
from booth.imaging import blocks
from booth.ports import Picture, Playback, Size
from booth.units import Pixels, Seconds

LARGEST = 64 << 20
"""Bytes of a GIF that is read: several times the largest that can be made."""

_REPEAT = b"NETSCAPE2.0\x03\x01"
_HEAD = 1024  # bytes; the repeat block comes before the first picture: descriptor, at most 768 of palette, this


def read(path: Path) -> Playback:
    """Read the GIF at *path* back, as a viewer would show it.

    Every picture covers the whole animation. Raises `CompositorError`.
    """
    return _read(path, None)


def glimpse(path: Path, room: Size, most: int) -> Playback:
    """Read the GIF at *path* back small: its pictures fit into *room*, and are *most* at most, evenly chosen.

    It lasts as long as the whole one. What it keeps in memory is bounded by *room* and *most*, whatever the file is.
    Raises `CompositorError`.
    """
    whole = _read(path, room)
    count = len(whole.pictures)
    shown = min(most, count)
    chosen = [step * count // shown for step in range(shown)]
    spans = [sum(whole.delays[begin:end]) for begin, end in pairwise((*chosen, count))]
    return Playback(
        tuple(whole.pictures[index] for index in chosen), tuple(Seconds(span) for span in spans), whole.loops
    )


def _read(path: Path, room: Size | None) -> Playback:
    try:
        encoded = reading.whole(path, LARGEST)
    except reading.MissingError as exc:
        raise CompositorError(f"{path} cannot be read back: No such file or directory. Look at the disk") from exc
    except reading.ReadingError as exc:
        raise CompositorError(f"{path} cannot be read back: it {exc}") from exc
    if encoded[:4] != b"GIF8" or encoded[-1:] != b";":
        raise CompositorError(f"{path.name} is not a whole GIF: make it again from its frames")
    places = blocks.places(encoded)
    if places is None:
        raise CompositorError(f"{path.name} is larger than any GIF of ours: make it again from its frames")
    wand = _wand()
    pictures: list[Picture] = []
    delays: list[Seconds] = []
    seen: dict[bytes, int] = {}
    shared = encoded[: 13 + blocks.palette(encoded, 10)]
    canvas: tuple[int, int] | None = None
    try:
        for begin, end in places:
            block = encoded[begin:end]
            if block in seen:  # on the way back: in memory once, like in the file
                pictures.append(pictures[seen[block]])
                delays.append(delays[seen[block]])
                continue
            seen[block] = len(pictures)
            # By its bytes, not by its name: ImageMagick finds more in a name than a path. One picture at a time:
            # decoded, one takes ten bytes a pixel.
            with wand.image.Image(blob=shared + block + b";", format="gif") as image:
                canvas = canvas or image.size
                width, height = canvas
                if image.size != canvas or image.page != (width, height, 0, 0):
                    raise CompositorError(f"{path.name} has pictures of several sizes: make it again from its frames")
                delays.append(Seconds(image.delay / image.ticks_per_second))
                size = Size(Pixels(width), Pixels(height))
                if room is not None:
                    size = _within(size, room)
                    image.thumbnail(size.width, size.height)
                pictures.append(Picture(size, image.make_blob("RGB")))
    except wand.exceptions.WandException as exc:
        raise CompositorError(f"{path.name} cannot be read back ({exc}): make it again from its frames") from exc
    if not pictures or any(len(picture.rgb) != 3 * picture.size.width * picture.size.height for picture in pictures):
        raise CompositorError(f"{path.name} cannot be read back: make it again from its frames")
    return Playback(pictures=tuple(pictures), delays=tuple(delays), loops=_plays(encoded))


def thumbnail(frame: Path, room: Size) -> Picture:
    """Read the JPEG at *frame* small: as large as fits into *room*. Raises `CompositorError`."""
    try:
        encoded = frame.read_bytes()
    except OSError as exc:
        raise CompositorError(f"{frame.name} cannot be read: {exc.strerror}. Look at the disk") from exc
    wand = _wand()
    try:
        with wand.image.Image() as image:
            # libjpeg shrinks while it decodes: asked for twice the size, which the rest is then smoothly taken from.
            image.options["jpeg:size"] = f"{2 * room.width}x{2 * room.height}"
            image.read(blob=encoded, format="jpeg")
            size = _within(Size(Pixels(image.width), Pixels(image.height)), room)
            image.thumbnail(size.width, size.height)
            return Picture(size, image.make_blob("RGB"))
    except wand.exceptions.WandException as exc:
        raise CompositorError(f"{frame.name} cannot be read ({exc}): look at the camera, and at the disk") from exc


def _within(size: Size, room: Size) -> Size:
    scale = min(room.width / size.width, room.height / size.height, 1.0)
    return Size(Pixels(max(round(size.width * scale), 1)), Pixels(max(round(size.height * scale), 1)))


def check() -> None:
    """Import Wand now, so that no guest waits for it. Raises `CompositorError` that says what to install."""
    _wand()


def _wand() -> Any:
    # Debian's names of the library. Left to itself Wand asks ldconfig, gcc and ld for each of many others.
    os.environ.setdefault("WAND_MAGICK_LIBRARY_SUFFIX", "-6.Q16;-7.Q16;-7.Q16HDRI")
    try:
        import wand.exceptions
        import wand.image
        import wand.resource
    except ImportError as exc:
        raise CompositorError(
            "Wand finds no ImageMagick to read the animation back with: run `sudo apt install imagemagick`"
        ) from exc
    # One thread decodes: what is shrunk here is small, and others would burn a core each while they wait for it.
    wand.resource.limits["thread"] = 1
    return wand


def _plays(encoded: bytes) -> int:
    # Asked of the bytes because ImageMagick's answer is off by one in some of its versions.
    at = encoded.find(_REPEAT, 0, _HEAD)
    if at < 0:
        return 1
    again = int.from_bytes(encoded[at + len(_REPEAT) :][:2], "little")
    return again + 1 if again else 0
