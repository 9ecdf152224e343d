"""What a section of the settings is made of: settings, each with its built-in value, its bounds, and what it is for.

The law: a value is judged by its own kind, and what a kind refuses it tells its owner in a sentence that says what to
write instead.
"""

import re
from enum import Enum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo

from booth.core.form import shows_nothing, writable

if TYPE_CHECKING:
    from booth.ports import Bench, Output, Target

HOSTNAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
"""What the name of a machine is made of."""

LONGEST_NAME = 60
"""Characters of a name that no setting has, as it is told; ours have at most 30."""

BESIDE = "branding/"
"""A path in the file that begins with this is in the folder of that name beside the file, wherever that is."""


class Section(BaseModel):
    """A table of the file."""

    # strict: a number in quotes is a mistake that somebody made, and may have made elsewhere too.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True, defer_build=True
    )


class ProductSection(Section):
    """A section about something that is made of each visit beside its animation, and that says how."""

    def output(self, bench: "Bench") -> "Output | None":
        """Return what is made, with what is on the *bench*; None if the owner wants none."""
        raise NotImplementedError


class TargetSection(Section):
    """A section about a place that each visit goes to beside the bucket, and that says how."""

    def target(self) -> "Target | None":
        """Return where it goes; None if the owner has named no such place."""
        raise NotImplementedError


class Trait(Enum):
    """What whoever reads a value must know of its kind."""

    FILE = "names a file, which may be beside the settings: see `BESIDE`"
    TABLE = "may be a table, also where all is text"
    EACH = "a list of things that do not belong together: one that is wrong is no reason to leave out the others"


def setting(default: object, about: str, expected: str = "", **bounds: Any) -> Any:
    """Describe a setting: its built-in value, what it does, what it may be (worked out from type and bounds if "")."""
    return Field(default, description=about, json_schema_extra={"expected": expected}, validate_default=False, **bounds)


# --- In the file's own words -----------------------------------------------------------------------------------------


def expected(info: FieldInfo) -> str:
    """Return what a value may be, in words."""
    extra = info.json_schema_extra
    if isinstance(extra, dict) and extra.get("expected"):
        return str(extra["expected"])
    if get_origin(info.annotation) is Literal:
        *most, last = (written(choice) for choice in get_args(info.annotation))
        return f"{', '.join(most)} or {last}"
    if info.annotation is bool:
        return "true or false"
    if info.annotation is str:
        return "text"
    kind = "a whole number" if info.annotation is int else "a number"
    low = next(bound.ge for bound in info.metadata if hasattr(bound, "ge"))
    high = next(bound.le for bound in info.metadata if hasattr(bound, "le"))
    return f"{kind} from {low:g} to {high:g}" if high < 1_000_000 else f"{kind} from {low} to {high}"


def written(value: object) -> str:
    """Return *value* as TOML would have it; a secret is masked."""
    match value:
        case SecretStr():
            return '"********"' if value.get_secret_value() else '""'
        case bool():
            return "true" if value else "false"
        case tuple() | list():
            return f"[{', '.join(written(part) for part in value)}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)} = {written(part)}' for key, part in value.items())}}}"
        case int() | float():
            return repr(value)
        case str() | Path():
            return dumps(str(value), ensure_ascii=False)
        case _:
            return f"a {type(value).__name__}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else written(name)


# --- Kinds of values that several sections have ----------------------------------------------------------------------


def listed(value: object) -> object:
    """Take the list of a file for the tuple that a section has."""
    return tuple(value) if isinstance(value, list) else value


def once_each(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Take what is there once."""
    twice = next((code for index, code in enumerate(codes) if code in codes[:index]), None)
    if twice is not None:
        raise ValueError(f"{written(twice)} is there twice: name each once")
    return codes


def rooted(text: str) -> str:
    """Take the path of a file: from the root, for under systemd the working directory is none that the owner knows."""
    if text and not text.startswith("/"):
        raise ValueError(
            "expected a path from the root, such as /etc/booth/logo.png, or a file in the folder branding beside the "
            f"settings, such as {BESIDE}logo.png: begin it with / or {BESIDE}"
        )
    return printable(text)


def printable(text: str) -> str:
    """Take what stands on one line and can be seen."""
    if not text.isprintable():
        raise ValueError("expected text without line breaks or control characters: remove them")
    return text


def to_be_read(text: str) -> str:
    """Take a text that people read by the rule for guests' names: joiners belong to it, and something must be seen."""
    if not all_writable(text):
        raise ValueError(
            "expected text without line breaks, control characters, and others that cannot be seen: remove them"
        )
    if text and shows_nothing(text):
        raise ValueError("expected text of which something can be seen: write some, or leave the line out")
    return writable(text)


def all_writable(text: str) -> bool:
    """Return whether *text* has nothing that a guest's name could not have."""
    return len(writable(text)) == len(text)


Edge = Annotated[int, Field(ge=16, le=8192, multiple_of=2)]
Pair = Annotated[tuple[Edge, Edge], BeforeValidator(listed)]
Text = Annotated[str, AfterValidator(to_be_read)]
