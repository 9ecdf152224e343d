"""What an owner sets of the layout: which file it is in."""

from typing import Annotated

from pydantic import AfterValidator

from booth.branding import layout
from booth.section import Section, Trait, printable, rooted, setting


def _layout(text: str) -> str:
    """Take the path of a layout, or the name of one that the booth brings along, if it can be used."""
    if "/" in text and not rooted(text):
        return text
    if text:
        layout.read(layout.place_of(printable(text)))
    return text


LayoutFile = Annotated[str, AfterValidator(_layout), Trait.FILE]


class LayoutSection(Section):
    """What is laid over all that guests take home: the event's title, its date, a logo."""

    file: LayoutFile = setting(
        "",
        "The layout: the name of one that the booth brings along (corner, plain or polaroid), or a file of your own, "
        "see docs/layout.md. Empty: none.",
        "the name of a layout, the path of a .toml, or empty",
    )
