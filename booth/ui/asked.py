"""What an owner has guests asked to agree to: how it is written down, and what they read of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from booth.core.form import shows_nothing, writable
from booth.core.visit import SHOWN, Consent, Purpose
from booth.reading import shown
from booth.section import LONGEST_NAME, all_writable, written
from booth.ui.languages import LANGUAGES

MOST_CONSENTS = 3
"""The most that guests are asked: so many have room on the smallest screen, and more of them nobody reads."""

MOST_CONSENT = 200
"""Characters of a text that guests agree to."""

MOST_RESPONSIBLE = 60
"""Characters of the name of who is responsible."""

_KEYS = ("id", "purpose", "text", "responsible")
_ID = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)
_PURPOSES = tuple(purpose.value for purpose in Purpose)
_LIKE = '{id="show", purpose="show", responsible="Example Ltd", text={en="...", de="..."}}'


@dataclass(frozen=True)
class Asking:
    """Something that guests are asked, as its owner has written it."""

    consent: Consent
    text: str | Mapping[str, str]
    """For all languages, or by the code of each."""
    responsible: str = ""
    """Who does what is agreed to; "" where the text says so."""

    def read(self, language: str) -> str:
        """Return what guests read who chose *language*: that is what they agree to, to the letter."""
        text = self.text if isinstance(self.text, str) else self.text[language]
        return f"{text} ({self.responsible})" if self.responsible else text


def asked(text: str | Mapping[str, str], consents: tuple[Mapping[str, Any], ...]) -> tuple[Asking, ...]:
    """Return what is asked: *consents*, or the one *text* of before there were several, which is to be shown."""
    found = tuple(
        Asking(Consent(each["id"], Purpose(each["purpose"])), each["text"], each.get("responsible", ""))
        for each in consents
    )
    return found or ((Asking(SHOWN, text),) if text else ())


def _consents(value: object) -> object:
    """Judge a list of tables, one for each thing that is asked."""
    if not isinstance(value, list | tuple):
        return value
    if len(value) > MOST_CONSENTS:
        raise ValueError(f"guests are asked {MOST_CONSENTS} things at most: nobody reads more, and no screen has room")
    found = tuple(_consent(each) for each in value)
    for key, twice in (("id", "two have the id"), ("purpose", "two have the purpose")):
        said = [each[key] for each in found if each[key] != Purpose.OWN.value]
        again = next((name for index, name in enumerate(said) if name in said[:index]), None)
        if again is not None:
            raise ValueError(f"{twice} {written(again)}: ask for one thing once")
    return found


def _consent(table: object) -> dict[str, Any]:
    if not isinstance(table, Mapping):
        raise ValueError(f"expected tables: write [[form.consents]] before each, or {_LIKE}")  # noqa: TRY004  the content
    if strange := next((key for key in table if key not in _KEYS), None):
        raise ValueError(f"a consent has no {shown(written(strange), LONGEST_NAME)}: it has {', '.join(_KEYS)}")
    name = table.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise ValueError("expected an id of a small letter, and up to 15 small letters and digits: it is in metadata")
    purpose = table.get("purpose")
    if purpose not in _PURPOSES:
        raise ValueError(f"{written(name)}: expected a purpose: one of {', '.join(map(written, _PURPOSES))}")
    responsible = table.get("responsible", "")
    if responsible and not _readable(responsible, MOST_RESPONSIBLE):
        raise ValueError(
            f"{written(name)}: expected a name of who is responsible, {MOST_RESPONSIBLE} characters at most"
        )
    return {
        "id": name,
        "purpose": purpose,
        "text": texts(name, table.get("text"), MOST_CONSENT),
        **({"responsible": responsible} if responsible else {}),
    }


def texts(name: str, text: object, most: int) -> str | dict[str, str]:
    """Return what guests read of what is called *name*, in each language. Raises ValueError if they cannot."""
    found = text if isinstance(text, Mapping) else {"": text}
    if not found or not all(_readable(each, most) for each in found.values()):
        raise ValueError(
            f"{written(name)}: expected a text of at most {most} characters, on one line, for each language "
            f'that guests may choose: write text = {{en="...", de="..."}}'
        )
    if unknown := next((code for code in found if code and code not in LANGUAGES), None):
        raise ValueError(
            f"{written(name)}: {shown(written(unknown), LONGEST_NAME)} is not a language that the screen speaks: "
            f"choose from {', '.join(map(written, LANGUAGES))}"
        )
    said = {code: writable(str(each)) for code, each in found.items()}
    return said.get("", said)


def _readable(text: object, most: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= most and not shows_nothing(text) and all_writable(text)


Consents = Annotated[tuple[dict[str, Any], ...], BeforeValidator(_consents)]

EXPECTED = f"at most {MOST_CONSENTS} tables, such as [{_LIKE}]"
