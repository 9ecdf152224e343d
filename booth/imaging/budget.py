"""How small the pictures of a burst are made, so that their animation has no more bytes than it may.

Smaller pictures are the least visible way to fewer bytes. At as many bytes as a frame has at 544x408, no dither, half
of the colours, or a softer picture all look worse, on people, plain walls and confetti alike (docs/performance.md).
"""

from math import sqrt

from booth.imaging.recipe import Recipe
from booth.ports import Size
from booth.units import Pixels

_AIM = 0.95
"""What is aimed at, as a part of what may be: bytes shrink a little less than pixels do."""
_NARROWER = 0.95
"""What a side becomes at most in one step: a step that changes nothing is none."""

# The most that GIF's compression makes of a picture: twelve bits a pixel, a word to begin anew every 3838, a length
# before each 255 bytes. And what is beside it: 768 of colours, 21 for timing and place; the file's own head and end.
_WORST = 12 / 8 * (1 + 1 / 3838) * (1 + 1 / 255)
_BESIDE_A_PICTURE, _BESIDE_ALL = 768 + 32, 64


def scaled(size: Size, scale: float) -> Size:
    """Return *size* with each side *scale* as long, in whole pixels, one at least."""
    return Size(Pixels(max(int(size.width * scale), 1)), Pixels(max(int(size.height * scale), 1)))


def worst(size: Size, pictures: int) -> int:
    """Return how many bytes a GIF of so many pictures of *size* has at most, whatever they show."""
    return int(pictures * (size.width * size.height * _WORST + _BESIDE_A_PICTURE)) + _BESIDE_ALL


def sure(recipe: Recipe, pictures: int) -> Size:
    """Return the largest size of the recipe's shape of which any *pictures* have no more bytes than they may.

    It is a pixel at least, and then they may have more: of so few bytes there is no GIF.
    """
    if recipe.most is None or worst(recipe.size, pictures) <= recipe.most:
        return recipe.size
    each = (recipe.most - _BESIDE_ALL) / pictures - _BESIDE_A_PICTURE
    pixels = recipe.size.width * recipe.size.height
    return scaled(recipe.size, sqrt(max(each, 0.0) / _WORST / pixels))


def smaller(recipe: Recipe, size: Size, pictures: int, came_to: int) -> Size:
    """Return the size to try after *size*, of which *pictures* came to so many bytes: more than they may.

    Never smaller than what is `sure`.
    """
    least = sure(recipe, pictures)
    if recipe.most is None or came_to <= 0:
        return least
    aimed = scaled(size, min(sqrt(_AIM * recipe.most / came_to), _NARROWER))
    return aimed if aimed.width * aimed.height > least.width * least.height else least
