"""What the screen wears, and how it behaves: all that an owner chooses of it, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from booth.ports import Size
from booth.ui import theme
from booth.ui.drawing.brand import Brand
from booth.ui.drawing.glass import Rotation
from booth.ui.languages import ENGLISH
from booth.ui.layout import USUAL_ANIMATION, Housing
from booth.ui.theme import Theme
from booth.ui.typing.keymaps import Keymap
from booth.ui.words import Texts
from booth.units import Seconds


@dataclass(frozen=True)
class Dress:
    """The looks and the manners of a screen; what is not said is as the booth comes."""

    size: Size
    """Of the screen, as a guest sees it."""
    fullscreen: bool = False
    rotation: Rotation = 0
    """Degrees, clockwise, by which the picture is turned on the display, and touches with it."""
    title: str = ""
    """The event's name."""
    consent_text: str | Mapping[str, str] = ""
    """What guests may agree to: one text for all languages, or one for each that is spoken here, by its code."""
    theme: Theme = field(default_factory=lambda: theme.named(theme.USUAL))
    brand: Brand = field(default_factory=Brand)
    """The event's pictures and font."""
    texts: Texts = field(default_factory=Texts)
    """The event's own words."""
    language: str = ENGLISH
    """Spoken until a guest chooses another."""
    languages: tuple[str, ...] = ()
    """Those that guests may choose from; with fewer than two there is nothing to choose."""
    scripts: tuple[str, ...] = ()
    """Further keyboards, behind the globe key of the language's own."""
    domains: tuple[str, ...] = ()
    """On the chips beside an address; () for those of the language."""
    keymap: Keymap | None = None
    """Of a physical keyboard, where the display's driver does not know it; None for an American one."""
    housing: Housing = field(default_factory=Housing)
    """Where lens and button are."""
    animation: Size = USUAL_ANIMATION
    """The shape that the preview is cut to."""
    flash: bool = True
    """Whether the screen turns white for a picture."""
    rest_after: Seconds = Seconds(0.0)
    """After so long alone the invitation rests; 0 for never."""
    key_clicks: bool = False
    """Whether a key is heard when it is touched."""
    reduced_motion: bool = False
    """Whether what moves only to please keeps still."""
    bold: bool = False
    """Whether borders, and the marks of what has the focus, are drawn wider."""


def colours(name: str, own: Mapping[str, str], *, high_contrast: bool = False) -> Theme:
    """Return the theme called *name* with the owner's *own* colours, ``#rrggbb`` by role, laid over it.

    *high_contrast* is for those who cannot read the others, and leaves nothing of them. Raises `ConfigError` if
    something could not be read.
    """
    return theme.named(theme.CONTRAST) if high_contrast else theme.changed(theme.named(name), own)
