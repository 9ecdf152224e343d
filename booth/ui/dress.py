"""What the screen wears, and how it behaves: what an owner sets of it, and all of that in one value.

A setting of the screen is a line of its section, one of `Dress`, and one of `with_screen`: who paints reads it from the
dress.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from booth.ports import Size
from booth.section import Pair, Section, listed, once_each, setting, written
from booth.ui import theme
from booth.ui.languages import ENGLISH, LANGUAGES
from booth.ui.layout import USUAL_ANIMATION, Housing
from booth.ui.theme import Theme
from booth.ui.typing.keymaps import Keymap
from booth.ui.words import Texts
from booth.units import Seconds

if TYPE_CHECKING:  # pygame is behind them, and whoever only asks for the settings does without
    from booth.ui.drawing.brand import Brand
    from booth.ui.drawing.glass import Rotation


def _unbranded() -> "Brand":
    from booth.ui.drawing.brand import Brand

    return Brand()


@dataclass(frozen=True)
class Dress:
    """The looks and the manners of a screen; what is not said is as the booth comes."""

    size: Size
    """Pixels of the screen, as a guest sees it."""
    fullscreen: bool = False
    rotation: "Rotation" = 0
    """Degrees, clockwise, by which the picture is turned on the display, and touches with it."""
    title: str = ""
    """The event's name."""
    consent_text: str | Mapping[str, str] = ""
    """What guests may agree to: one text for all languages, or one for each that is spoken here, by its code."""
    consents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The same, where several things may be asked: by the id of each its texts by language."""
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The event's own questions, likewise; what can be chosen below one is under its id, a colon, and its own."""
    email_purpose: str | Mapping[str, str] = ""
    """What an address is for, likewise; "" for the booth's own words."""
    theme: Theme = field(default_factory=lambda: theme.named(theme.USUAL))
    brand: "Brand" = field(default_factory=_unbranded)
    """The event's pictures and font."""
    texts: Texts = field(default_factory=Texts)
    """The event's own words."""
    language: str = ENGLISH
    """Spoken until a guest chooses another."""
    languages: tuple[str, ...] = ()
    """Languages that guests may choose from; with fewer than two there is nothing to choose."""
    scripts: tuple[str, ...] = ()
    """Keyboards behind the globe key of the language's own."""
    domains: tuple[str, ...] = ()
    """Domains on the chips beside an address; () for those of the language."""
    keymap: Keymap | None = None
    """Keymap of a physical keyboard, where the display's driver does not know it; None for an American one."""
    housing: Housing = field(default_factory=Housing)
    """Where lens and button are."""
    animation: Size = USUAL_ANIMATION
    """The shape that the preview is cut to."""
    flash: bool = True
    """Whether the screen turns white for a picture."""
    rest_after: Seconds = Seconds(0.0)
    """Time alone after which the invitation rests; 0 for never."""
    key_clicks: bool = False
    """Whether a key is heard when it is touched."""
    reduced_motion: bool = False
    """Whether what moves only to please keeps still."""
    clouds: Mapping[str, str] = field(default_factory=dict)
    """What guests call each place that their pictures are copied to, by the server's name for it."""
    bold: bool = False
    """Whether borders, and the marks of what has the focus, are drawn wider."""


def colours(name: str, own: Mapping[str, str], *, high_contrast: bool = False) -> Theme:
    """Return the theme called *name* with the owner's *own* colours, ``#rrggbb`` by role, laid over it.

    *high_contrast* is for those who cannot read the others, and leaves nothing of them. Raises `ConfigError` if
    something could not be read.
    """
    return theme.named(theme.CONTRAST) if high_contrast else theme.changed(theme.named(name), own)


# --- What an owner sets ----------------------------------------------------------------------------------------------


def _language(code: str) -> str:
    if code not in LANGUAGES:
        spoken = ", ".join(written(known) for known in LANGUAGES)
        raise ValueError(f"{written(code)} is not a language that the screen speaks: choose from {spoken}")
    return code


Language = Annotated[str, AfterValidator(_language)]
Languages = Annotated[tuple[Language, ...], BeforeValidator(listed), AfterValidator(once_each)]


class ScreenSection(Section):
    """The display."""

    size: Pair = setting(
        (800, 480),
        "Width and height of the booth's window, in pixels. A screen that the booth fills has the size that it has.",
        "[width, height], even numbers of pixels from 16 to 8192",
    )
    rotation: Literal[0, 90, 180, 270] = setting(
        0,
        "By how many degrees the picture is turned, clockwise, on a screen that hangs sideways or upside down; touches "
        "are turned with it. The simulator's is upright.",
    )
    fullscreen: bool = setting(True, "Whether the booth fills the screen. The simulator has a window of its own.")
    language: Language = setting(
        ENGLISH,
        "What the screen speaks until a guest chooses another language, and to the operator.",
        f"one of {', '.join(LANGUAGES)}",
    )
    languages: Languages = setting(
        tuple(LANGUAGES),
        "The languages that guests may choose from, in this order; with one or none there is no choice. A choice is "
        "for one visit.",
        f'languages in brackets, such as ["en", "de"], from {", ".join(LANGUAGES)}',
    )
    flash: bool = setting(
        True,
        "Whether the screen turns white for each picture: it is the light for it. Off for guests whom a flash harms.",
    )


def with_screen(dress: Dress, screen: ScreenSection) -> Dress:
    """Return *dress* with all that is set of the screen, but for its size: that is the display's."""
    return replace(
        dress,
        fullscreen=screen.fullscreen,
        rotation=screen.rotation,
        language=screen.language,
        languages=screen.languages,
        flash=screen.flash,
    )


class AccessibilitySection(Section):
    """For guests who see, hear or move in their own way."""

    high_contrast: bool = setting(
        False, "Whether the screen is black, white and yellow with strong outlines, instead of in the event's theme."
    )
    reduced_motion: bool = setting(
        False,
        "Whether nothing moves on the screen but what must: the preview, the animation, the digits and the caret.",
    )
    spoken: bool = setting(
        False,
        "Whether the booth says aloud what to do next, in the guest's language. Needs espeak-ng and a loudspeaker.",
    )


def with_accessibility(dress: Dress, accessibility: AccessibilitySection) -> Dress:
    """Return *dress* with what is set for guests who need it, but for the colours: those are the theme's."""
    return replace(dress, reduced_motion=accessibility.reduced_motion, bold=accessibility.high_contrast)
