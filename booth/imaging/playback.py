"""A finished GIF as it plays: Wand lives here and only here.

Wand is imported by the first call, not before: that alone takes longer than to read a GIF.
"""

import os
from pathlib import Path
from typing import Any

from booth.errors import CompositorError
from booth.ports import Picture, Playback, Size
from booth.units import Pixels, Seconds

_REPEAT = b"NETSCAPE2.0\x03\x01"
_HEAD = 1024  # bytes; the repeat block comes before the first picture: descriptor, at most 768 of palette, this


def read(path: Path) -> Playback:
    """Read the GIF at *path* back, as a viewer would show it.

    Every picture covers the whole animation; their pixels share one block of memory. Raises `CompositorError`.
    """
    try:
        encoded = path.read_bytes()
    except OSError as exc:
        raise CompositorError(f"{path} cannot be read back: {exc.strerror}. Look at the disk") from exc
    if encoded[:4] != b"GIF8" or encoded[-1:] != b";":
        raise CompositorError(f"{path.name} is not a whole GIF: make it again from its frames")
    wand = _wand()
    try:
        # By its bytes, not by its name: ImageMagick finds more in a name than a path.
        with wand.image.Image(blob=encoded, format="gif") as image:
            frames = []
            for index in range(image.iterator_length()):
                image.iterator_set(index)
                frames.append((image.size, image.page, Seconds(image.delay / image.ticks_per_second)))
            rgb = memoryview(image.make_blob("RGB"))
    except wand.exceptions.WandException as exc:
        raise CompositorError(f"{path.name} cannot be read back ({exc}): make it again from its frames") from exc
    (width, height), _, _ = frames[0]
    length = 3 * width * height
    whole = all(size == (width, height) and page == (width, height, 0, 0) for size, page, _ in frames)
    if not whole or len(rgb) != length * len(frames):
        raise CompositorError(f"{path.name} has pictures of several sizes: make it again from its frames")
    size = Size(Pixels(width), Pixels(height))
    return Playback(
        pictures=tuple(Picture(size, rgb[i * length : (i + 1) * length]) for i in range(len(frames))),
        delays=tuple(delay for _, _, delay in frames),
        loops=_plays(encoded),
    )


def check() -> None:
    """Import Wand now, so that no guest waits for it. Raises `CompositorError` that says what to install."""
    _wand()


def _wand() -> Any:
    # Debian's names of the library. Left to itself Wand asks ldconfig, gcc and ld for each of many others.
    os.environ.setdefault("WAND_MAGICK_LIBRARY_SUFFIX", "-6.Q16;-7.Q16;-7.Q16HDRI")
    try:
        import wand.exceptions
        import wand.image
    except ImportError as exc:
        raise CompositorError(
            "Wand finds no ImageMagick to read the animation back with: run `sudo apt install imagemagick`"
        ) from exc
    return wand


def _plays(encoded: bytes) -> int:
    # Asked of the bytes because ImageMagick's answer is off by one in some of its versions.
    at = encoded.find(_REPEAT, 0, _HEAD)
    if at < 0:
        return 1
    again = int.from_bytes(encoded[at + len(_REPEAT) :][:2], "little")
    return again + 1 if again else 0
