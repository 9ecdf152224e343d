"""What is done to the colours of a GIF's frames, in the gm pass that prepares them: words of gm's.

What each costs and how it looks was measured and looked at: docs/performance.md.
"""

from enum import Enum


class Effect(Enum):
    """An effect, by its name in the settings."""

    NONE = "none"
    """Colours are the camera's."""
    BLACK_AND_WHITE = "black-and-white"
    """Greys, of the overlay too: a colour among them would cost seconds on the tree that keeps all 256."""
    WARM = "warm"
    """As by the light of a lamp; black stays black, and white stays white."""
    COMIC = "comic"
    """Few, strong colours in flat patches, with edges drawn after."""

    @property
    def below(self) -> tuple[str, ...]:
        """What is done to a frame before the overlay is laid over it."""
        match self:
            case Effect.WARM:
                return ("-gamma", "1.12,1.0,0.86")
            case Effect.COMIC:
                return ("-blur", "0x1", "-modulate", "104,170", "-contrast", "-unsharp", "0x3+2.0+0.02")
            case _:
                return ()

    @property
    def above(self) -> tuple[str, ...]:
        """What is done to frame and overlay."""
        match self:
            case Effect.BLACK_AND_WHITE:
                return ("-colorspace", "Gray")
            case Effect.COMIC:
                return ("+dither",)
            case _:
                return ()

    @property
    def levels(self) -> int | None:
        """Levels of the tree of colours that it wants; None: as is decided for any other burst.

        Greys are at most 256 leaves of eight levels, which costs no more than colours on four.
        """
        match self:
            case Effect.BLACK_AND_WHITE:
                return 8
            case Effect.COMIC:
                return 4
            case _:
                return None

    @property
    def colours(self) -> int:
        """How many colours a picture has at most."""
        return 20 if self is Effect.COMIC else 256
