"""What is wrong with a file of settings, in words: a sentence for each mistake, which says what to write instead.

The law: whatever is wrong, the rest is used; and no sentence repeats what may be a secret.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from booth.reading import shown
from booth.section import LONGEST_NAME, Trait, expected, written

_Section = TypeVar("_Section", bound=BaseModel)

_NEAR = 0.7
"""0..1: how much of a name must be right for it to be taken for a slip of another."""

_A_NAME = re.compile(r"[A-Za-z_-]{1,24}")


# --- Names -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """What there can be in a file: its sections, and what else people call them and their settings."""

    sections: Mapping[str, type[BaseModel]]
    also: Mapping[str, str] = field(default_factory=dict)
    """What things are called by those who have set them elsewhere, in small letters, and what they are called here."""
    secretive: bool = False
    """Whether only what looks like a name is repeated: a password may stand on any line."""

    def unknown(self, dotted: str, *, is_section: bool = False, entry: str = "") -> str:
        """Say that there is no such setting, and which was probably meant. Not its value, which may be a secret.

        *entry* is what an entry is called of a section that is a list: "wifi 2".
        """
        bare, rest = _without_value(dotted)
        section = bare.partition(".")[0]

        def called(name: str) -> str:
            return f"{entry}{name.removeprefix(section)}" if entry and name.startswith(f"{section}.") else name

        if meant := self._sections_like(bare) if is_section else self._meant(bare):
            fix = f"did you mean {' or '.join(map(called, meant))}?"
        elif section in self.sections:
            fix = f"{section} has {', '.join(self.sections[section].model_fields)}"
        else:
            fix = f"the sections are {', '.join(self.sections)}"
        name = self._repeatable(dotted) if self.secretive else _shown(bare) + rest
        return f"{called(name)}: there is no such {'section' if is_section else 'setting'}; {fix}"

    def _repeatable(self, dotted: str) -> str:
        section, _, key = dotted.partition(".")
        if section in self.sections:
            return f"{section}.{key if _A_NAME.fullmatch(key) else '(a name)'}"
        return dotted if _A_NAME.fullmatch(dotted) else "(a name)"

    def _sections_like(self, name: str) -> list[str]:
        return self._like(name, list(self.sections))

    def _like(self, name: str, known: list[str]) -> list[str]:
        """Return that of the *known* names which *name* is another name for, or a slip of."""
        also = self.also.get(name.lower(), "")
        return [also] if also in known else get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)

    def _meant(self, dotted: str) -> list[str]:
        """Return the settings that *dotted* may be a slip of: in its section first, then of that name in another."""
        section, _, key = dotted.partition(".")
        for near in [section] if section in self.sections else self._sections_like(section):
            names = list(self.sections[near].model_fields)
            slips = self._like(key, names) or [name for name in names if key and key in name]
            if slips:
                return [f"{near}.{name}" for name in slips]
        alone = key or section
        wanted = {alone, self.also.get(alone.lower(), alone)}
        return [
            f"{other}.{name}" for other, model in self.sections.items() for name in model.model_fields if name in wanted
        ]


_LIKE_A_KEY = re.compile(r"(?<![\w/+=-])(?=[A-Za-z_/+=-]*[0-9])(?=[0-9_/+=-]*[A-Za-z])[\w/+=-]{12,}")
"""What no setting is called: letters and digits in a row, as keys of a bucket have them."""


def _shown(name: str) -> str:
    return "(what looks like a key)" if _LIKE_A_KEY.search(name) else shown(name, LONGEST_NAME)


def _without_value(dotted: str) -> tuple[str, str]:
    """Return a name, and what stands for the value behind it if that may be a secret: of ``KEY:VALUE``, say."""
    name = re.match(r"[\w.-]*", dotted)
    bare = name[0] if name else ""
    secret = any(word in bare.lower() for word in ("key", "secret", "passw", "token"))
    return (bare, "...") if secret and bare != dotted else (dotted, "")


def no_table(section: str) -> str:
    """Say that a section is none."""
    return f"{section}: expected a table, not a value: write [{section}] on a line of its own, and its settings below"


# --- Values ----------------------------------------------------------------------------------------------------------


def fitting(
    model: type[_Section], table: Mapping[str, Any], instead: Mapping[str, Any] | None = None
) -> tuple[_Section, list[ErrorDetails]]:
    """Return a *table* as a section, without what is wrong in it; and what that is.

    *instead* stands in for what must be there.
    """
    try:
        return model(**table), []
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
    right = dict(table)
    for error in reversed(errors):  # from behind, so that places in lists stay what they are
        name, places = str(error["loc"][0]), error["loc"][1:]
        if places and _each_by_itself(model, name) and isinstance(right.get(name), list):
            right[name] = [item for place, item in enumerate(right[name]) if place != places[0]]
        else:
            right.pop(name, None)
    return model(**{**(instead or {}), **right}), errors


def _each_by_itself(model: type[BaseModel], name: str) -> bool:
    return name in model.model_fields and Trait.EACH in model.model_fields[name].metadata


def complaint(info: FieldInfo, error: ErrorDetails, got: str = "", fix: str = "") -> str:
    """Return what is wrong with a value. A kind of ours has its own words; all else is told what was expected.

    *got* is what to say of what is there, *fix* how to write it.
    """
    said = error.get("ctx", {}).get("error")
    if isinstance(said, ValueError):
        return str(said)
    return f"expected {expected(info)}{got}" + (f": {fix}" if fix else "")


def brief(value: object) -> str:
    """Return a *value* as it may be repeated: not all of it, and nothing that may hold a password."""
    if isinstance(value, int) and abs(value) > 10**30:
        return "a number that is far too large"
    text = written(value)
    if "@" in text:
        return "what is there"  # an address may hold a password
    return shown(text if len(text) <= 40 else f"{text[:36]}...")


_BEFORE_AT = re.compile(r"""(:/+)[^\s"'/][^\s"']*@""")


def tellable(mistake: str) -> str:
    """Return a *mistake* as one line that moves no cursor, without what may be a password in an address."""
    return shown(_BEFORE_AT.sub(r"\1...@", mistake))
