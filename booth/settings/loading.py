"""The settings in force: read from all places, judged together.

Built-in values are overridden by the TOML file, that by the environment, that by systemd's credentials, that by what
was changed on the operator's screen, and that by the command line. Whatever is wrong is told at once, a line for each
mistake, and no line ever holds a secret.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from booth.errors import ConfigError
from booth.section import written
from booth.settings.judging import brief, complaint, fitting, tellable
from booth.settings.model import Settings, fields, is_secret, sections
from booth.settings.sources import (
    BUILT_IN,
    COMMAND_LINE,
    CONFIG_VARIABLE,
    DEFAULT_CONFIG,
    OPERATOR_VARIABLE,
    PREFIX,
    Found,
    Reading,
    read,
)
from booth.settings.together import contradictions, doubts


@dataclass(frozen=True)
class Loaded:
    """The settings in force."""

    settings: Settings
    origins: Mapping[str, str]
    """Where each came from, by dotted key: "built-in", a file's path, a variable, a credential, "command line"."""
    warnings: tuple[str, ...] = ()
    """What the owner should know, though the booth can work."""
    beneath: Mapping[str, object] = field(default_factory=dict)
    """What was changed on the operator's screen, as it would be without, by dotted key."""


def load(
    *,
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path = DEFAULT_CONFIG,
    stores: Sequence[Path] = (),
) -> Loaded:
    """Return the settings in force.

    *config* is the file that the command line names, *overrides* what it sets: dotted key to text. *default* is read
    when neither the command line nor ``$BOOTH_CONFIG`` names a file, if it exists. Text settings are taken as they
    are, others as TOML writes them; a size may be ``800x480``. *stores* are looked through for the keys of the bucket
    where systemd hands out none: by somebody who wants to know what the service will get.

    Raises `ConfigError` with every mistake on a line of its own.
    """
    reading = read(config, environ, overrides, default, stores)
    settings, wrong = _judged(reading)
    mistakes = [*reading.mistakes, *wrong.values()]
    if reading.whole:
        mistakes += contradictions(settings, _origins(reading), wrong)
    if mistakes and reading.beneath:
        # What was right when an operator chose it may be wrong beside what the owner has written since.
        others = {name: value for name, value in environ.items() if name != OPERATOR_VARIABLE}
        loaded = load(config=config, environ=others, overrides=overrides, default=default, stores=stores)
        return replace(loaded, warnings=(*loaded.warnings, f"{tellable(mistakes[0])}; {_NOT_COUNTED}"))
    if mistakes:
        more = [f"and {reading.more:,} more mistakes: mend these first"] if reading.more else []
        raise ConfigError("\n".join(tellable(mistake) for mistake in (*mistakes, *more)))
    origins = _origins(reading)
    return Loaded(
        settings,
        MappingProxyType({dotted: origins.get(dotted, BUILT_IN) for dotted in fields()}),
        tuple(tellable(warning) for warning in (*reading.warnings, *doubts(settings, reading.hidden))),
        MappingProxyType(
            {
                dotted: found.value if found is not None else fields()[dotted].default
                for dotted, found in reading.beneath.items()
            }
        ),
    )


_NOT_COUNTED = "what was changed on the operator's screen does not count"


def file_of(config: Path | None, environ: Mapping[str, str], default: Path = DEFAULT_CONFIG) -> Path:
    """Return the file that `load` reads; the last of the three need not be there."""
    return config or Path(environ.get(CONFIG_VARIABLE) or default)


def usable(
    wanted: Collection[str],
    *,
    config: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, str],
    default: Path = DEFAULT_CONFIG,
) -> Settings:
    """Return what `load` would find nothing wrong with by itself in the *wanted* sections, and the rest built-in.

    For what must be said to the owner of wrong settings. They may still contradict each other.
    """
    settings, _ = _judged(read(config, environ, overrides, default))
    return Settings(**{section: getattr(settings, section) for section in wanted})


def _origins(reading: Reading) -> Mapping[str, str]:
    return {dotted: found.origin for dotted, found in reading.found.items()}


def _judged(reading: Reading) -> tuple[Settings, Mapping[str, str]]:
    """Return the settings, built-in where what was read will not do, and what is wrong with that, by dotted key."""
    tables: dict[str, dict[str, object]] = {}
    for dotted, found in reading.found.items():
        section, _, key = dotted.partition(".")
        tables.setdefault(section, {})[key] = found.value
    right: dict[str, BaseModel] = {}
    wrong: dict[str, str] = {}
    for section, model in sections().items():
        if section in tables:
            right[section], errors = fitting(model, tables[section])
            for error in errors:
                dotted = f"{section}.{error['loc'][0]}"
                wrong.setdefault(dotted, _mistake(dotted, reading.found[dotted], error))
    return Settings(**right), wrong  # type: ignore[arg-type]  # the model is what checks them


def _mistake(dotted: str, found: Found, error: ErrorDetails) -> str:
    """Return what is wrong with a value, and an example of what to write in its place."""
    info = fields()[dotted]
    # Whoever mixes up two lines of [zenko] has a key where something else belongs.
    got = "" if dotted.startswith("zenko.") else f", not {brief(found.value)}"
    if is_secret(dotted):
        fix = "put it in quotes"
    elif found.origin.startswith(PREFIX):
        fix = f"write for example {found.origin}={written(info.default).strip(chr(34))}"
    elif found.origin == COMMAND_LINE:
        fix = f"write for example {dotted}={written(info.default).strip(chr(34))}"
    else:
        fix = f"write for example {dotted.partition('.')[2]} = {written(info.default)}"
    return f"{found.origin}: {dotted}: {complaint(info, error, got, fix)}"
