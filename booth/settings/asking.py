"""What guests are asked must be there in each language that they may choose; their answers must fit into metadata."""

from collections.abc import Iterable, Mapping

from booth.core.form import ANSWER_LIMIT, EMAIL_LIMIT
from booth.outbox import metadata
from booth.section import written
from booth.settings.model import Settings
from booth.ui import questions

ENCODED = 3
"""Bytes in metadata of a byte that is no plain ASCII: a percent sign, and two digits."""


def silent(settings: Settings, text: str | Mapping[str, str]) -> str | None:
    """Return what is wrong with a *text* that is not there in each language that guests may choose."""
    missing = [code for code in _spoken(settings) if not isinstance(text, str) and code not in text]
    if not missing:
        return None
    return (
        f"there is no text in {', '.join(map(written, missing))}, which guests may choose: write one there, or take "
        "the language out of screen.languages"
    )


def silent_consents(settings: Settings) -> str | None:
    """Return which consent is asked in a language that somebody may not read, if one is."""
    said = ((each["id"], each["text"]) for each in settings.form.consents)
    return _each_silent(settings, said, "guests agree to what they can read")


def silent_questions(settings: Settings) -> str | None:
    """Return the same of the event's own questions, and of what can be chosen below them."""
    said = questions.wordings(settings.form.questions)
    return _each_silent(settings, said, "guests answer what they can read")


def heavy_consents(settings: Settings) -> str | None:
    """Refuse what would be too much for metadata at worst: a record is never shortened, nor is an address."""
    if (event := _heaviest(settings, _records(settings))) is None:
        return None
    return (
        f"{written(event)} and what guests may agree to are more than the {metadata.LIMIT} bytes of metadata "
        "that an object can have: make the event's name or the ids shorter, or ask for less"
    )


def heavy_questions(settings: Settings) -> str | None:
    """Refuse the same of answers; what is too much already without them is told by `heavy_consents`."""
    asked = settings.form.questions
    answers = {
        f"{metadata.ANSWER}{each['id']}": "0" * questions.longest(each, ENCODED * ANSWER_LIMIT) for each in asked
    }
    event = _heaviest(settings, _records(settings) | answers)
    if not answers or event is None or heavy_consents(settings):
        return None
    return (
        f"{written(event)} and what guests may answer are more than the {metadata.LIMIT} bytes of metadata that an "
        "object can have: make the event's name shorter, ask fewer questions, or let guests choose instead of typing"
    )


def _records(settings: Settings) -> dict[str, str]:
    return {f"{metadata.KEY}{each['id']}": "0" * metadata.LONGEST_VALUE for each in settings.form.consents}


def _heaviest(settings: Settings, further: Mapping[str, str]) -> str | None:
    """Return the name of an event of which metadata could not hold all at worst, with *further* ones among them."""
    longest = {"booth": settings.booth.name, "session": "0" * 26, "taken": "0" * 20, "consent": "yes", "name": ""}
    longest[metadata.LANGUAGE] = "00"
    for event in (settings.event.name, *settings.event.others):
        said = {**longest, "event": event, "email": "0" * EMAIL_LIMIT, **further}
        if metadata.decode(metadata.encode(said)) != said:
            return event
    return None


def _each_silent(settings: Settings, said: Iterable[tuple[str, str | Mapping[str, str]]], because: str) -> str | None:
    spoken = _spoken(settings)
    for name, text in said:
        if isinstance(text, str) and len(spoken) > 1:
            return (
                f"{written(name)} has one text for {len(spoken)} languages, and {because}: write "
                f"text = {{{', '.join(f'{code}=...' for code in spoken)}}}"
            )
        if complaint := silent(settings, text):
            return f"{written(name)}: {complaint}"
    return None


def _spoken(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys((settings.screen.language, *settings.screen.languages)))
