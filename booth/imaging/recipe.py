"""What gm is asked to do: arguments for each call that turns frames into an animated GIF.

No name that anyone else chose is ever an argument. gm reads names in a language of its own (``-option``, ``@list``,
``%d``, ``format:``), so a frame comes in on standard input, the result leaves on standard output, and what lies between
has a number for a name, in the folder where gm is run.

A frame costs gm little because of three things: libjpeg shrinks while it decodes (``-size`` before the JPEG), the
colour tree is four levels deep unless the first frame is plain (at gm's own choice of five a wall of confetti takes it
many seconds, and guests look no better), and a prepared frame has its size and its 256 colours already, so that both
steps pass it by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from booth.imaging.effects import Effect
from booth.ports import Size
from booth.units import Pixels, Seconds

OVERLAY = "overlay.png"
"""What `Recipe.overlay` is called in the folder where gm is run."""

ROOM = 256 << 20
"""Bytes of pixels that gm may hold at once. Four frames of 640x480 need some 20 MB; what would need more than this is
refused with the settings, by `room`."""

# Standard output by its name: of a full disk that swallows the end of what it writes to "-", gm does not tell.
_RESULT = "gif:/dev/stdout"

# Bytes of a pixel while it is scaled, and of one of a prepared frame that waits to be joined: eight of colour, two for
# the number of one. Measured with gm 1.3.40 (sixteen bits a colour): 8 to 9.9, and 10.1.
_AT_WORK, _WAITING = 11, 11
_BESIDE = 1 << 20

_MOST_COLOURS = 256
"""Colours of a picture of a GIF. An effect that leaves fewer means them."""

_LARGEST = 65_535  # sixteen bits, for all of GIF's numbers


@dataclass(frozen=True)
class Recipe:
    """How an animation is to be.

    Raises `ValueError` with a sentence for the owner when there is no such GIF.
    """

    size: Size
    """Frames of another shape fill it and lose what hangs over, the same on both sides."""
    delay: Seconds
    """How long each frame is shown; a GIF knows hundredths of a second, so it is rounded to those."""
    loops: int
    """How often it plays; 0 is for ever."""
    overlay: Path | None = None
    """A PNG with transparency, drawn over every frame; stretched to *size* if it has another."""
    boomerang: bool = False
    """Whether it plays there and back: behind the last frame come those before it, up to the second."""
    effect: Effect = Effect.NONE
    """What is done to the colours of every frame."""
    shots: int = 4
    """Frames of a burst, by which is decided on the first how large all may be."""
    most: int | None = None
    """Bytes that the file may have; what would have more is made smaller. None: any number."""
    finer_within: Seconds = Seconds(0.0)
    """How long gm may take to reduce a frame on five levels, where that is seen; 0: it is four levels, always."""

    def __post_init__(self) -> None:
        for name, pixels in (("width", self.size.width), ("height", self.size.height)):
            if not 1 <= pixels <= _LARGEST:
                raise ValueError(f"an animation cannot have a {name} of {pixels} pixels: choose 1 to {_LARGEST}")
        if not 0.02 <= self.delay <= _LARGEST / 100:
            raise ValueError(
                f"a frame cannot be shown for {self.delay} s: choose 0.02 to {_LARGEST / 100} s "
                "(below that, browsers slow the animation down)"
            )
        if not 0 <= self.loops <= _LARGEST + 1:
            raise ValueError(f"an animation cannot play {self.loops} times: choose 1 to {_LARGEST + 1}, or 0 for ever")

    @property
    def hundredths(self) -> int:
        """The delay as the file holds it, in hundredths of a second."""
        return round(self.delay * 100)

    @property
    def one_by_one(self) -> bool:
        """Whether each frame is prepared by itself: what is done to it must not be done to a prepared one again."""
        return self.overlay is not None or self.effect is not Effect.NONE

    def pictures(self, frames: int) -> int:
        """Return how many pictures an animation of so many frames has."""
        return max(2 * frames - 2, frames) if self.boomerang else frames

    def order(self, frames: int) -> tuple[int, ...]:
        """Return which of so many frames are shown one after the other, each time it plays; the first is 0."""
        back = range(frames - 2, 0, -1) if self.boomerang else ()
        return (*range(frames), *back)

    def laying_out(self, size: Size, *, branded: bool) -> tuple[str, ...]:
        """Return the arguments that lay the JPEG on standard input out as a frame is, of *size*, in full colours.

        No fewer than the effect leaves, that is. *branded*: below the overlay that is where gm is run.
        """
        few = ("-treedepth", str(self.effect.levels), "-colors", str(self.effect.colours))
        return (*_laid_out(self, size, branded=branded), *(few if self.effect.colours < _MOST_COLOURS else ()))


@dataclass(frozen=True)
class Way:
    """How the frames of one burst are reduced, all alike."""

    size: Size
    depth: int = 4
    """Levels of the tree of colours: four, or five for plain pictures, whose slopes would be grainy."""


def environment(room: int = ROOM) -> dict[str, str]:
    """Return the fence around gm: it fails rather than hold more than *room* bytes of pixels."""
    return {
        "LC_ALL": "C",  # what gm complains of is read by us
        "OMP_NUM_THREADS": "1",  # its colour reducer is serial: a second thread only costs
        "MAGICK_LIMIT_MEMORY": str(room),
        "MAGICK_LIMIT_MAP": str(room),
        "MAGICK_LIMIT_DISK": "0",  # pixels never spill on to an SD card: better an error than a minute of waiting
        "MAGICK_LIMIT_PIXELS": str(room // 8),  # of one picture, after libjpeg has shrunk it: eight bytes each
    }


def room(size: Size, frame: Size, frames: int, overlay: Size | None = None) -> int:
    """Return how many bytes of pixels gm needs at most for an animation of *size* from *frames* JPEGs of size *frame*.

    *overlay* is the size of the PNG that is laid over each. What is more than `ROOM` cannot be made.
    """
    wide, high = size.width / frame.width, size.height / frame.height
    scale = max(wide, high)
    # As gm asks libjpeg: so many eighths of each side, twice the size if the frame is smaller than what is wanted.
    whole = int(min(1 / wide, 1 / high))
    eighths = 16 if whole < 1 else max(-(-8 // whole), 1)
    decoded = Size(Pixels(-(-frame.width * eighths // 8)), Pixels(-(-frame.height * eighths // 8)))
    filled = Size(Pixels(ceil(frame.width * scale)), Pixels(ceil(frame.height * scale)))
    made = _pixels(size)
    at_once = _pixels(decoded) + _between(decoded, filled) + _pixels(filled) + made
    if overlay is not None:
        at_once += _pixels(overlay) + _between(overlay, size) + made
    return _AT_WORK * at_once + _WAITING * made * frames + _BESIDE


def _pixels(size: Size) -> int:
    return size.width * size.height


def _between(before: Size, after: Size) -> int:
    """Return the pixels of the picture between two sizes: gm scales one side after the other."""
    return max(before.width * after.height, after.width * before.height)


def prepared_name(number: int) -> str:
    """Return the name of prepared frame *number*, in the folder where gm is run."""
    return f"{number}.gif"


def preparing(recipe: Recipe, way: Way) -> tuple[str, ...]:
    """Return the arguments that make the JPEG on standard input a prepared frame on standard output."""
    return ("convert", *_frame(recipe, way), _RESULT)


def finishing(recipe: Recipe, way: Way, prepared: Sequence[int]) -> tuple[str, ...]:
    """Return the arguments that make the frames *prepared* and the JPEG on standard input the animation, in one call.

    Not with an overlay or an effect, which prepared frames would get again: prepare the last frame and join all then.
    """
    if recipe.one_by_one:
        raise ValueError("with an overlay or an effect the last frame is prepared first, then all are joined")
    return ("convert", *_named(prepared), *_frame(recipe, way), *_timing(recipe), _RESULT)


def joining(recipe: Recipe, prepared: Sequence[int]) -> tuple[str, ...]:
    """Return the arguments that make the frames *prepared* the animation, on standard output."""
    return ("convert", *_named(prepared), *_timing(recipe), _RESULT)


def _named(prepared: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"gif:{prepared_name(number)}" for number in prepared)


def _laid_out(recipe: Recipe, pixels: Size, *, branded: bool) -> tuple[str, ...]:
    size = f"{pixels.width}x{pixels.height}"
    fill = ("-resize", f"{size}^", "-gravity", "Center")
    # -crop, not -extent: with that, prepared frames get their full colours back, to be reduced at twice the cost
    crop = ("-crop", f"{size}+0+0", "+page")
    brand = ("-draw", f"image Over 0,0 {size.replace('x', ',')} {OVERLAY}") if branded else ()
    effect = recipe.effect
    return ("-size", size, "jpeg:-", *fill, *crop, *effect.below, *brand, *effect.above, "+profile", "*")


def _frame(recipe: Recipe, way: Way) -> tuple[str, ...]:
    effect = recipe.effect
    colours = ("-treedepth", str(effect.levels or way.depth), "-colors", str(effect.colours))
    return (*_laid_out(recipe, way.size, branded=recipe.overlay is not None), *colours)


def _timing(recipe: Recipe) -> tuple[str, ...]:
    # After the last input: before it, that frame's delay would be 0.
    return ("-delay", str(recipe.hundredths), "-loop", str(_loop(recipe.loops)))


def _loop(plays: int) -> int:
    # The file says how often it starts again, so plays - 1; played once, it says nothing, and gm's word for nothing
    # is 1. That leaves no word for "starts again once" but one that is 1 in the sixteen bits that the file has.
    match plays:
        case 0 | 1:
            return plays
        case 2:
            return 0x1_0001
        case _:
            return plays - 1
