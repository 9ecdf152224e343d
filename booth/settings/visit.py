"""What an owner sets of the event, of a visit's times, and of the log: what no room of the booth has for itself."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from booth.core import hours
from booth.section import HOSTNAME, Section, Text, listed, once_each, setting


def _border(text: str) -> str:
    if text:
        hours.moment(text)
    return text


Border = Annotated[str, AfterValidator(_border)]
Names = Annotated[
    tuple[Annotated[Text, StringConstraints(min_length=1, max_length=100)], ...],
    BeforeValidator(listed),
    AfterValidator(once_each),
]


class EventSection(Section):
    """What the booth is used for today."""

    name: Text = setting(
        "party",
        "The event, as it appears in each object's key and metadata.",
        "text of 1 to 100 characters",
        min_length=1,
        max_length=100,
    )
    others: Names = setting(
        (),
        "Other events, by their names: an operator may choose one of them on the booth's own screen.",
        'at most 8 names in brackets, such as ["ball", "brunch"]',
        max_length=8,
    )
    opens: Border = setting(
        "",
        "When the booth opens, by the clock of the place: each day, or once. Before that nobody can begin, and the "
        "invitation says when. A clock that nobody vouches for closes nothing.",
        'a time such as "18:00", or a day with a time such as "2026-11-22 18:00"',
    )
    closes: Border = setting(
        "",
        "When it closes: each day, also after midnight, or once. A visit that goes on is not cut. Where only opens is "
        "set, each evening ends at six in the morning.",
        'a time such as "02:00", or a day with a time such as "2026-11-23 02:00"',
    )
    paused: bool = setting(
        False,
        "Whether nobody can begin, and the invitation says that the booth will be back; an operator turns it on and "
        "off on the booth's own screen.",
    )


class BoothSection(Section):
    """Which booth this is."""

    name: str = setting(
        "booth",
        "Which booth this is, when there are several. Appears in each object's metadata.",
        "1 to 63 small letters, digits and inner hyphens, as in a host name",
        pattern=f"^{HOSTNAME}$",
    )


class CountdownSection(Section):
    """Posing."""

    get_ready_s: float = setting(3.0, "From the press to the first countdown, in seconds.", ge=0.0, le=30.0)
    seconds: float = setting(3.0, "The countdown before each shutter, in seconds.", ge=0.0, le=30.0)
    shots: int = setting(4, "Frames in a visit.", ge=1, le=12)
    shutter_timeout_s: float = setting(
        10.0, "After this a frame that has not come is not waited for any more, in seconds.", ge=1.0, le=60.0
    )


class FarewellSection(Section):
    """The animation, played to the guest."""

    plays: int = setting(4, "How often the animation plays before the booth is ready again.", ge=1, le=20)
    minimum_s: float = setting(8.0, "The farewell stays at least this long, in seconds.", ge=2.0, le=120.0)


class ApologySection(Section):
    """When something went wrong for a guest."""

    seconds: float = setting(6.0, "How long an apology stays, in seconds.", ge=2.0, le=60.0)


class LogSection(Section):
    """The log: what the booth writes about itself to standard error, and so to the journal."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "The least important messages that are logged; debug logs everything, error next to nothing."
    )
    format: Literal["auto", "console", "json"] = setting(
        "auto",
        "Their form: console is for people, json for the journal; auto is console on a terminal, else json.",
    )
