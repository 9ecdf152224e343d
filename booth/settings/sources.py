"""Where settings come from: a file, the environment, systemd's credentials, the command line; later ones win.

The law: reading a place ends soon, whatever is there, and tells of each value where it is from.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from booth import reading as files
from booth.core.operating import Knob
from booth.section import BESIDE, LONGEST_NAME, Trait
from booth.settings.judging import Outline, no_table
from booth.settings.model import Settings, fields, is_secret, sections

DEFAULT_CONFIG = Path("/etc/booth/booth.toml")
"""Read when no file is named, if it is there."""

CONFIG_VARIABLE = "BOOTH_CONFIG"
"""Names the file, unless the command line does."""

LAST_GOOD_VARIABLE = "BOOTH_LAST_GOOD"
"""Names the file in which the settings are kept that the booth was last ready with: see `booth.mistakes`."""

CARD_VARIABLE = "BOOTH_CARD_MISTAKES"
"""Names the file that says what else is wrong with the card, where the settings were copied from one."""

OPERATOR_VARIABLE = "BOOTH_OPERATOR"
"""Names the folder of what belongs to the operator's screen: its PIN, and what was changed there."""

EVENING = "evening.toml"
"""What was changed on the operator's screen, in that folder."""

CREDENTIALS = ("zenko.access_key_id", "zenko.secret_access_key")
"""What booth.service asks systemd for."""

STORES = (Path("/etc/credstore"), Path("/run/credstore"), Path("/usr/local/lib/credstore"), Path("/usr/lib/credstore"))
"""Where systemd looks for it, in this order."""

PREFIX = "BOOTH_"
"""Every other environment variable that begins with this is a setting, or a mistake."""

_NO_SETTINGS = frozenset({CONFIG_VARIABLE, LAST_GOOD_VARIABLE, CARD_VARIABLE, OPERATOR_VARIABLE})

MOST_MISTAKES = 100
"""Mistakes that are told; more are counted. Whoever has as many named the wrong file."""

BUILT_IN = "built-in"
COMMAND_LINE = "command line"
OPERATOR = "operator's screen"
"""What places are called that have no name."""

LONGEST_TEXT = 8192
"""Characters of one text, wherever it is set. Ours have some hundred; the path of a file may have 4,096."""

_ENDLESS = f"has more than {LONGEST_TEXT:,} characters: no setting has as many; write it again"
_NO_TEXT = "what is there is not UTF-8, or no text at all: write it again, as UTF-8"


class Found(NamedTuple):
    """A value, and what to call the place where it was found."""

    value: object
    origin: str


@dataclass
class Reading:
    """What has been read so far; later places override earlier ones."""

    found: dict[str, Found] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    """Mistakes, at most `MOST_MISTAKES` of them."""
    more: int = 0
    """How many there are beside these."""
    warnings: list[str] = field(default_factory=list)
    hidden: list[Path] = field(default_factory=list)
    """Where there may be credentials that we are not allowed to see."""
    beneath: dict[str, Found | None] = field(default_factory=dict)
    """What an operator has changed, as it would be without; None where that is built-in."""
    whole: bool = True
    """False when a place could not be read, so that what follows from its values cannot be judged."""

    def complain(self, mistake: Callable[[], str]) -> None:
        """Add a *mistake*, which is put into words only if it will be told: looking for what was meant takes long."""
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(mistake())
        else:
            self.more += 1

    def values(self, nested: Mapping[str, Any], origin: str) -> None:
        """Take the values of a file."""
        for section, table in nested.items():
            if section not in sections():
                self.complain(partial(_unknown, origin, section, is_section=isinstance(table, dict)))
            elif not isinstance(table, dict):
                self.complain(partial("{}: {}".format, origin, no_table(section)))
            else:
                for key, value in table.items():
                    self._take(f"{section}.{key}", value, origin)

    def texts(self, texts: Mapping[str, Found]) -> None:
        """Take values that are texts, by dotted key, as variables, credentials and arguments are."""
        known = {dotted: self._bare(dotted, found) for dotted, found in texts.items() if dotted in fields()}
        for dotted, found in texts.items():
            if dotted not in known:
                self.complain(partial(_unknown, found.origin, dotted))
        for dotted, found in list(known.items()):
            if not _is_text(str(found.value)):
                del known[dotted]
                self.complain(partial("{}: {}: {}".format, found.origin, dotted, _NO_TEXT))
            elif _longest(found.value) > LONGEST_TEXT:
                del known[dotted]
                self.complain(partial("{}: {}: {}".format, found.origin, dotted, _ENDLESS))
        for dotted, text in _read_texts({dotted: str(found.value) for dotted, found in known.items()}):
            self.found[dotted] = Found(_from_text(fields()[dotted], text), known[dotted].origin)

    def _bare(self, dotted: str, found: Found) -> Found:
        """Return *found* without the blanks and line ends around a key, which come with it from a file or a mail."""
        text = str(found.value)
        if not is_secret(dotted) or text == text.strip():
            return found
        self.warnings.append(
            f"{found.origin}: {dotted}: there are blanks or line ends around the key, which are left out: write it "
            "without them"
        )
        return Found(text.strip(), found.origin)

    def _take(self, dotted: str, value: object, origin: str) -> None:
        if dotted not in fields():
            self.complain(partial(_unknown, origin, dotted))
        elif _longest(value) > LONGEST_TEXT:
            self.complain(partial("{}: {}: {}".format, origin, dotted, _ENDLESS))
        else:
            self.found[dotted] = Found(value, origin)


def _unknown(origin: str, dotted: str, *, is_section: bool = False) -> str:
    return f"{origin}: {Outline(sections()).unknown(dotted, is_section=is_section)}"


def _is_text(text: str) -> bool:
    """Whether *text* is one: Python keeps the bytes of a variable that are not UTF-8 as halves of characters."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _longest(value: object) -> int:
    """Return how long the longest text in *value* is."""
    match value:
        case str():
            return len(value)
        case list() | dict():
            inner = (*value, *value.values()) if isinstance(value, dict) else value
            return max(map(_longest, inner), default=0)
        case _:
            return 0


# --- Each place ------------------------------------------------------------------------------------------------------


def read(
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path,
    stores: Sequence[Path] = (),
) -> Reading:
    """Return what is in all places, as far as it can be read; see `booth.settings.loading.load`."""
    reading = Reading()
    if config is not None:
        _read_file(reading, config, "--config")
    elif environ.get(CONFIG_VARIABLE):
        _read_file(reading, Path(environ[CONFIG_VARIABLE]), f"${CONFIG_VARIABLE}")
    else:
        _read_file(reading, default, "")
    _read_environment(reading, environ)
    if environ.get("CREDENTIALS_DIRECTORY"):
        _read_credentials(reading, Path(environ["CREDENTIALS_DIRECTORY"]))
    _read_stores(reading, stores)
    _read_evening(reading, environ)
    _read_command_line(reading, overrides)
    return reading


def _read_file(reading: Reading, path: Path, named_by: str) -> None:
    """Read the TOML file. One that nobody named may be missing."""
    try:
        nested = files.toml_file(path)
        mode = path.stat().st_mode
    except files.MissingError:
        if named_by:
            reading.whole = False
            reading.mistakes.append(f"{files.called(path)}: there is no such file: correct {named_by}, or create it")
        return
    except files.ReadingError as exc:
        reading.whole = False
        reading.mistakes.append(files.told(path, exc))
        return
    except OSError:  # it was taken away under our eyes
        reading.whole = False
        reading.mistakes.append(f"{files.called(path)}: there is no such file any more: look again")
        return
    reading.values(_from_beside(nested, path), str(path))
    secret = [key for key, found in reading.found.items() if is_secret(key) and found.value]
    if secret and mode & 0o077:
        reading.warnings.append(
            f"{path}: {' and '.join(secret)} can be read by other users of this machine: "
            f"use systemd credentials, or run: chmod 600 {path}"
        )


def _from_beside(nested: Mapping[str, Any], file: Path) -> Mapping[str, Any]:
    """Return what *file* holds, with whole paths to the files that it names beside itself."""

    def whole(dotted: str, value: object) -> object:
        if (
            isinstance(value, str)
            and value.startswith(BESIDE)
            and dotted in fields()
            and Trait.FILE in fields()[dotted].metadata
        ):
            return str(file.resolve().parent / value)
        return value

    return {
        section: {key: whole(f"{section}.{key}", value) for key, value in table.items()}
        if isinstance(table, dict)
        else table
        for section, table in nested.items()
    }


def _read_environment(reading: Reading, environ: Mapping[str, str]) -> None:
    reading.texts(
        {
            name.removeprefix(PREFIX).lower().replace("__", "."): Found(text, files.shown(name, LONGEST_NAME))
            for name, text in sorted(environ.items())
            if name.startswith(PREFIX) and name not in _NO_SETTINGS
        }
    )


def _read_credentials(reading: Reading, directory: Path) -> None:
    """Read systemd's credentials: a file for each, named as the setting, ``zenko.bucket`` or ``zenko__bucket``."""
    texts: dict[str, Found] = {}
    try:
        # A dot is the usual spelling, and counts if both are there.
        names = sorted((path.name for path in directory.iterdir()), key=lambda name: ("." in name, name))
    except (OSError, ValueError) as exc:
        reading.whole = False
        why = exc.strerror if isinstance(exc, OSError) else type(exc).__name__
        reading.mistakes.append(f"{directory}: the credentials cannot be read ({why}): see LoadCredential= in the unit")
        return
    for name in names:
        dotted = name.replace("__", ".")
        try:
            text = files.text(files.whole(directory / name)).strip() if dotted in fields() else ""
        except files.ReadingError as exc:
            reading.whole = False
            reading.complain(partial("{}: {}".format, f"credential {name}", exc))
        else:
            texts[dotted] = Found(text, f"credential {name}")
    reading.texts(texts)


def _read_stores(reading: Reading, stores: Iterable[Path]) -> None:
    """Read the keys of the bucket from where systemd takes credentials; note where one may not look."""
    for name in CREDENTIALS:
        for store in stores:
            if store.is_dir() and not os.access(store, os.X_OK):
                reading.hidden.append(store)
                continue
            try:
                text = files.text(files.whole(store / name)).strip()
            except files.MissingError:
                continue
            except files.ReadingError:
                reading.hidden.append(store / name)
            else:
                reading.texts({name: Found(text, f"credential {store / name}")})
                break


def _read_evening(reading: Reading, environ: Mapping[str, str]) -> None:
    """Read what an operator has changed. Whatever is wrong there is told, and is no reason to have no booth."""
    if not environ.get(OPERATOR_VARIABLE):
        return
    file = Path(environ[OPERATOR_VARIABLE]) / EVENING
    try:
        nested = files.toml_file(file)
    except files.MissingError:
        return
    except files.ReadingError as exc:
        reading.warnings.append(f"{files.told(file, exc)}; what was changed on the operator's screen does not count")
        return
    for knob in Knob:
        section, _, key = knob.value.partition(".")
        table = nested.get(section)
        if isinstance(table, dict) and key in table:
            reading.beneath[knob.value] = reading.found.get(knob.value)
            reading.found[knob.value] = Found(table[key], OPERATOR)


def _read_command_line(reading: Reading, overrides: Mapping[str, str]) -> None:
    reading.texts({dotted: Found(text, COMMAND_LINE) for dotted, text in overrides.items()})


# --- Texts -----------------------------------------------------------------------------------------------------------


def _read_texts(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Let the library read texts as it reads an environment; give them back by dotted key."""
    source = EnvSettingsSource(Settings)
    # Set, not read: the environment is an argument here, and what comes from elsewhere is read in the same way.
    source.env_vars = {dotted.replace(".", "__"): text for dotted, text in texts.items()}
    for section, table in source().items():
        for key, text in table.items():
            yield f"{section}.{key}", text


def _from_text(info: FieldInfo, text: str) -> object:
    """Return what *text* means for a setting, or the text itself if it means nothing; the model then says so."""
    try:
        if info.annotation is bool:
            return {"true": True, "false": False}.get(text, text)
        if info.annotation is int or (get_origin(info.annotation) is Literal and text.isdecimal()):
            return int(text)
        if info.annotation is float or float in get_args(info.annotation):
            return float(text)
        if get_origin(info.annotation) is tuple and get_args(info.annotation)[-1] is Ellipsis:
            return tuple(part.strip(" \"'") for part in text.strip(" []").split(",") if part.strip())
        if get_origin(info.annotation) is tuple:
            size = re.fullmatch(r"\s*+\[?\s*+([0-9]{1,5})\s*+[x,]\s*+([0-9]{1,5})\s*+\]?\s*+", text, re.ASCII)
            return text if size is None else (int(size[1]), int(size[2]))
        if Trait.TABLE in info.metadata and text.startswith("{"):
            said = files.toml(f"table = {text}")
            return said["table"] if len(said) == 1 else text
    except (ValueError, files.ReadingError):
        pass
    return text
