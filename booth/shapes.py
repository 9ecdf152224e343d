"""The shape of a picture: what has the same one, and is of another size."""

from booth.ports import Size
from booth.units import Pixels


def shaped(shape: Size, room: Size) -> Size:
    """Return the largest size of the *shape* of another that fits into *room*: even numbers of pixels, two or more."""
    scale = min(room.width / shape.width, room.height / shape.height)
    width, height = (max(2 * round(side * scale / 2), 2) for side in (shape.width, shape.height))
    return Size(Pixels(min(width, room.width)), Pixels(min(height, room.height)))
