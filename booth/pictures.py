"""What is done to a picture between a camera's pygame surface and the booth: cut, turned, unpacked, made a JPEG.

Pure work on memory: no display, no device. Only cameras that live on pygame anyway import this; it loads pygame.
"""

import os
import tempfile
from pathlib import Path

import pygame

from booth.errors import CameraError, OutboxError
from booth.ports import Picture, Size
from booth.units import Pixels

RGB_MASKS = (0x0000FF, 0x00FF00, 0xFF0000, 0)
"""24 bits a pixel, red first in memory."""


def covering(surface: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return the middle of *surface*, scaled so that it fills *size* (pixels) without being stretched."""
    if surface.get_size() == size:
        return surface
    width, height = surface.get_size()
    scale = min(width / size[0], height / size[1])
    cut = pygame.Rect(0, 0, round(size[0] * scale), round(size[1] * scale))
    cut.center = (width // 2, height // 2)
    return pygame.transform.smoothscale(surface.subsurface(cut.clip(surface.get_rect())), size)


def turned(size: Size, rotation: int) -> Size:
    """Return *size* before, or after, a turn by *rotation* degrees: 0, 90, 180 or 270."""
    return Size(size.height, size.width) if rotation in {90, 270} else size


def upright(surface: pygame.Surface, *, flip: bool, rotation: int) -> pygame.Surface:
    """Return *surface* turned upside down if asked for, then by *rotation* degrees clockwise: 0, 90, 180 or 270."""
    if flip:
        surface = pygame.transform.flip(surface, flip_x=False, flip_y=True)
    return pygame.transform.rotate(surface, -rotation) if rotation else surface  # pygame turns the other way


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
