"""What is done to a picture between a camera and the booth: unpacked, cut, turned, made a JPEG.

Pure work on memory: no display, no device. Only cameras that live on pygame anyway import this; it loads pygame.
"""

import functools
import io
import os
import tempfile
from pathlib import Path

import pygame

from booth.errors import CameraError, OutboxError
from booth.ports import Picture, Size
from booth.units import Pixels

RGB_MASKS = (0x0000FF, 0x00FF00, 0xFF0000, 0)
"""24 bits a pixel, red first in memory."""


RAW = ("YUYV", "UYVY", "NV12", "YU12", "YVYU", "VYUY", "NV21", "YV12", "RGB3", "BGR3", "GREY")
"""The raw formats that `unpacked` knows, by V4L2's names for them."""

_CHANGED = {"YVYU": "YUYV", "VYUY": "UYVY", "NV21": "NV12", "YV12": "YU12"}
"""Which of them are like others, but that U and V have changed places."""

STRIP = 64
"""Pixels: the rows, and then the columns, that are scaled at once."""


def decoded(jpeg: bytes) -> pygame.Surface:
    """Return the picture in *jpeg*. Raises `CameraError` if it cannot be decoded."""
    try:
        surface = pygame.image.load(io.BytesIO(jpeg), "frame.jpg")
    except pygame.error as exc:
        raise CameraError(f"a picture that the camera delivered cannot be decoded: {exc}") from exc
    if surface.get_bitsize() >= 24:
        return surface
    coloured = pygame.Surface(surface.get_size(), 0, 24)  # of one without colours, nothing can be scaled smoothly
    coloured.blit(surface, (0, 0))
    return coloured


def unpacked(raw: bytes, form: str, size: Size, *, row: int = 0, full: bool = False) -> pygame.Surface:
    """Return the picture in *raw*, of a format in `RAW`, rows of *row* bytes; 0 if they are without padding.

    *full* says that light runs from 0 to 255, and not from 16 to 235. Raises `CameraError` if bytes are missing.
    """
    width, height = size.width, size.height
    changed, form = form in _CHANGED, _CHANGED.get(form, form)
    deep = {"YUYV": 2, "UYVY": 2, "RGB3": 3, "BGR3": 3}.get(form, 1)
    row = max(row, deep * width)
    planes = row * height * 3 // 2 if form in {"NV12", "YU12"} else row * height
    if len(raw) < planes:
        raise CameraError(f"the camera delivered {len(raw)} bytes of a picture of {planes}; use another cable or port")
    if form in {"RGB3", "BGR3"}:
        return pygame.image.frombuffer(raw[:planes], (width, height), "RGB" if form == "RGB3" else "BGR", row)
    quarter = (width // 2, height // 2)
    light, rest = raw[: row * height], raw[row * height : planes]
    match form:
        case "YUYV":
            lights, u, v, pair = (raw[:planes:2], row // 2), raw[1:planes:4], raw[3:planes:4], row // 4
            quarter = (width // 2, height)
        case "UYVY":
            lights, u, v, pair = (raw[1:planes:2], row // 2), raw[0:planes:4], raw[2:planes:4], row // 4
            quarter = (width // 2, height)
        case "NV12":
            lights, u, v, pair = (light, row), rest[::2], rest[1::2], row // 2
        case "YU12":
            half = len(rest) // 2
            lights, u, v, pair = (light, row), rest[:half], rest[half:], row // 2
        case _:
            return _in_colour((light, row), None, quarter, size, full)
    return _in_colour(lights, (v, u, pair) if changed else (u, v, pair), quarter, size, full)


def _in_colour(
    light: tuple[bytes, int],
    colour: tuple[bytes, bytes, int] | None,
    colour_size: tuple[int, int],
    size: Size,
    full: bool,  # noqa: FBT001  the one way in is `unpacked`
) -> pygame.Surface:
    """Return the picture of three planes, each with the bytes of its rows; without numpy, by pygame's palettes.

    Colour takes away from red, green and blue, and adds to them: either is one picture that is small until the end.
    """
    lights, *shifts = _palettes(full=full)
    surface = pygame.Surface((size.width, size.height), 0, 32)
    surface.blit(_mapped(light[0], (size.width, size.height), light[1], lights), (0, 0))
    if colour is None:
        return surface
    for blend, (of_u, of_v) in zip((pygame.BLEND_RGB_SUB, pygame.BLEND_RGB_ADD), shifts, strict=True):
        shift, other = (pygame.Surface(colour_size, 0, 32) for _ in range(2))
        shift.blit(_mapped(colour[0], colour_size, colour[2], of_u), (0, 0))
        other.blit(_mapped(colour[1], colour_size, colour[2], of_v), (0, 0))
        shift.blit(other, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        surface.blit(pygame.transform.scale(shift, surface.get_size()), (0, 0), special_flags=blend)
    return surface


Palette = tuple[tuple[int, int, int], ...]


def _mapped(plane: bytes, size: tuple[int, int], row: int, palette: Palette) -> pygame.Surface:
    mapped = pygame.image.frombuffer(plane[: row * size[1]], size, "P", row)
    mapped.set_palette(palette)
    return mapped


@functools.cache
def _palettes(*, full: bool) -> tuple[Palette, tuple[Palette, Palette], tuple[Palette, Palette]]:
    """Return what each value of Y is as grey; what U and V take from red, green and blue; what they add. By BT.601."""
    stretch, lowest = (1.0, 0) if full else (255 / 219, 16)
    wide = 1.0 if full else 255 / 224
    red, green_u, green_v, blue = (wide * share for share in (1.402, -0.344136, -0.714136, 1.772))

    def byte(value: float) -> int:
        return min(max(round(value), 0), 255)

    def shifted(way: int, *shares: float) -> Palette:
        return tuple(
            (byte(way * shares[0] * away), byte(way * shares[1] * away), byte(way * shares[2] * away))
            for away in range(-128, 128)
        )

    grey = tuple(
        (level, level, level) for level in (min(max(round(stretch * (y - lowest)), 0), 255) for y in range(256))
    )
    less, more = ((shifted(way, 0.0, green_u, blue), shifted(way, red, green_v, 0.0)) for way in (-1, 1))
    return grey, less, more


def middle(size: tuple[int, int], shape: tuple[int, int]) -> pygame.Rect:
    """Return what is left of a picture of *size* when it is cut to the *shape* of another, evenly on both sides.

    The animation's frames are cut so (`booth.imaging.recipe`), and what the preview shows of itself.
    """
    width, height = size
    scale = min(width / shape[0], height / shape[1])
    cut = pygame.Rect(0, 0, max(round(shape[0] * scale), 1), max(round(shape[1] * scale), 1))
    cut.center = (width // 2, height // 2)
    return cut.clip((0, 0, width, height))


def covering(surface: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return the middle of *surface*, scaled so that it fills *size* (pixels) without being stretched.

    Pygame scales across and then down, and makes each time a copy of 32 bits a pixel: a photograph would be there three
    times. In strips, first across and then down, the same pixels come out, and it is there once.
    """
    if surface.get_size() == size:
        return surface
    cut = surface.subsurface(middle(surface.get_size(), size))
    width, height = cut.get_size()
    narrow = pygame.Surface((size[0], height), 0, surface)
    for top in range(0, height, STRIP):
        rows = min(STRIP, height - top)
        into = narrow.subsurface((0, top, size[0], rows))
        pygame.transform.smoothscale(cut.subsurface((0, top, width, rows)), into.get_size(), into)
    whole = pygame.Surface(size, 0, surface)
    for left in range(0, size[0], STRIP):
        columns = min(STRIP, size[0] - left)
        into = whole.subsurface((left, 0, columns, size[1]))
        pygame.transform.smoothscale(narrow.subsurface((left, 0, columns, height)), into.get_size(), into)
    return whole


def turned(size: Size, rotation: int) -> Size:
    """Return *size* before, or after, a turn by *rotation* degrees: 0, 90, 180 or 270."""
    return Size(size.height, size.width) if rotation in {90, 270} else size


def upright(surface: pygame.Surface, *, flip: bool, rotation: int) -> pygame.Surface:
    """Return *surface* turned upside down if asked for, then by *rotation* degrees clockwise: 0, 90, 180 or 270."""
    if flip:
        surface = pygame.transform.flip(surface, flip_x=False, flip_y=True)
    return pygame.transform.rotate(surface, -rotation) if rotation else surface  # pygame turns the other way


def as_held(surface: pygame.Surface, orientation: int) -> pygame.Surface:
    """Return *surface* as whoever took it saw it: *orientation* is 1 (as it lies) to 8, as Exif counts."""
    # Half of them are mirror images: 2, 4, 5 and 7, each of its neighbour.
    turn = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}.get(orientation, 0)
    turned_surface = upright(surface, flip=False, rotation=turn)
    return mirrored(turned_surface) if orientation in {2, 4, 5, 7} else turned_surface


def mirrored(surface: pygame.Surface) -> pygame.Surface:
    """Return *surface* with left and right exchanged."""
    return pygame.transform.flip(surface, flip_x=True, flip_y=False)


def picture(surface: pygame.Surface) -> Picture:
    """Return the pixels of *surface*, red first."""
    size = Size(Pixels(surface.get_width()), Pixels(surface.get_height()))
    if size.width % 4:  # pygame pads rows to four bytes; a picture has no padding
        return Picture(size, pygame.image.tobytes(surface, "RGB"))
    rgb = pygame.Surface(surface.get_size(), 0, 24, RGB_MASKS)
    rgb.blit(surface, (0, 0))
    return Picture(size, rgb.get_buffer().raw)


def encoded(surface: pygame.Surface) -> bytes:
    """Return *surface* as a JPEG, of quality 85: pygame does not ask.

    Raises `CameraError` if pygame cannot, `OutboxError` if there is no folder for temporary files, or no room in it.
    """
    # Never into a file object: pygame does not let go of one that it has written to, nor of the picture in it. So it is
    # given a name, which must end in ".jpg" and leads to memory: a picture of a guest must not be left in any folder.
    try:
        memory = os.memfd_create("frame")
        with os.fdopen(memory, "rb") as jpeg, tempfile.TemporaryDirectory(prefix="booth-") as folder:
            name = Path(folder, "frame.jpg")
            name.symlink_to(f"/proc/self/fd/{memory}")
            pygame.image.save(surface, name)
            return jpeg.read()
    except pygame.error as exc:
        raise CameraError(f"pygame cannot make the picture a JPEG: {exc}; start the booth again") from exc
    except OSError as exc:
        raise OutboxError(
            f"there is no place to make a JPEG, in memory and in {tempfile.gettempdir()}: {exc.strerror}; make room"
        ) from exc
