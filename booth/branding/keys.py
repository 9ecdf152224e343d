"""What may stand in the tables of a layout: keys, what each is for, and what it may be."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from booth.section import Section, setting, to_be_read
from booth.ui.theme import colour

Place = Literal[
    "top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom", "bottom-right"
]  # fmt: skip
"""Where something stands in the picture."""

PRODUCTS = ("animation", "strip", "clip")
"""What a layout may be different for, each by its table."""

EVENT, DATE = "{event}", "{date}"
"""What stands in a text for the event's name, and for the day of the evening."""

MOST_TEXT = 100
"""Characters of a text: as many as the event's name may have."""


def _shade(text: str) -> str:
    colour(text)
    return text


def _plate(text: str) -> str:
    if text:
        colour(text)
    return text


def _text(text: str) -> str:
    to_be_read(text)
    if "{" in text.replace(EVENT, "").replace(DATE, "") or "}" in text.replace(EVENT, "").replace(DATE, ""):
        raise ValueError(f"expected no braces but those of {EVENT} and {DATE}: remove the others")
    return text


def _form(text: str) -> str:
    to_be_read(text)
    if not all(part in text for part in "DMY"):
        raise ValueError('expected a date with D or DD, M or MM, and YY or YYYY in it, such as "DD.MM.YYYY"')
    return text


Shade = Annotated[str, AfterValidator(_shade)]
PlateShade = Annotated[str, AfterValidator(_plate)]


class GroundKeys(Section):
    """What stands above all tables, or directly below a product's."""

    safe_area: float = setting(
        4.0, "How far text and logo stay from each edge, in per cent of the shorter side.", ge=0.0, le=25.0
    )
    date_form: Annotated[str, AfterValidator(_form)] = setting(
        "YYYY-MM-DD", "How {date} is written.", 'a date such as "DD.MM.YYYY" or "M/D/YY"', max_length=30
    )


class BorderKeys(Section):
    """A frame of one colour around the picture, as around a print."""

    colour: Shade = setting("#ffffff", "Its colour.", 'a colour such as "#ffffff"')
    width: float = setting(0.0, "How wide it is, in per cent of the shorter side; 0 is none.", ge=0.0, le=20.0)
    bottom: float = setting(
        0.0,
        "How high it is below the picture, in per cent of the shorter side; 0: as wide as elsewhere.",
        ge=0.0,
        le=40.0,
    )


class ArtworkKeys(Section):
    """A PNG with transparency that lies over the whole picture; stretched to it if it has another size."""

    file: str = setting("", "Its file, beside the layout. Empty: none.", "the name of a PNG, or empty", max_length=200)


class LogoKeys(Section):
    """A logo: a PNG with transparency."""

    file: str = setting(
        "", "Its file, beside the layout. Empty: the event's logo (theme.logo), if there is one.",
        "the name of a PNG, or empty", max_length=200,
    )  # fmt: skip
    place: Place = setting("top-right", "Where it stands.")
    size: float = setting(
        20.0, "How wide it is at most, in per cent of the picture's width; its height is at most as many per cent of "
        "the picture's height.", ge=2.0, le=100.0,
    )  # fmt: skip
    shown: bool = setting(False, "Whether there is one.")


class TextKeys(Section):
    """A line of text, in any script."""

    text: Annotated[str, AfterValidator(_text)] = setting(
        "", "What it says; {event} is the event's name, {date} the day. Empty: nothing.",
        f"text of at most {MOST_TEXT} characters, or empty", max_length=MOST_TEXT,
    )  # fmt: skip
    place: Place = setting("bottom", "Where it stands. Texts at the same place stand below each other.")
    size: float = setting(6.0, "Its type size, in per cent of the picture's shorter side.", ge=2.0, le=30.0)
    colour: Shade = setting("#ffffff", "Its colour.", 'a colour such as "#ffffff"')
    weight: Literal["medium", "bold", "extra"] = setting(
        "bold", "How heavy it is; extra is set in the event's own font (theme.font), if there is one."
    )
    lines: int = setting(2, "In how many lines it may be broken before it is made smaller.", ge=1, le=4)
    plate: PlateShade = setting(
        "", "The colour of a plate behind it. Empty: none. Texts at one place stand on one plate, the first there is.",
        'a colour such as "#000000", or empty',
    )  # fmt: skip
    plate_opacity: int = setting(70, "How much of the picture the plate hides, in per cent.", ge=20, le=100)
    plate_shape: Literal["box", "band"] = setting("box", "box: as wide as the text; band: from edge to edge.")


TABLES: dict[str, type[Section]] = {
    "border": BorderKeys,
    "artwork": ArtworkKeys,
    "logo": LogoKeys,
    "title": TextKeys,
    "date": TextKeys,
    "caption": TextKeys,
}
"""The tables of a layout, by their names."""

TEXTS = ("title", "date", "caption")
"""Those with text, in the order in which they stand below each other at one place."""

USUAL: dict[str, dict[str, object]] = {
    "title": {"text": EVENT, "weight": "extra"},
    "date": {"size": 4.0, "weight": "medium"},
    "caption": {"size": 4.0, "weight": "medium"},
}
"""What is built in where a table does not say."""
