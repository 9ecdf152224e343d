"""The settings that a booth starts with: those that its command line and environment name, or the last good ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import structlog

from booth import reading
from booth.errors import ConfigError
from booth.settings import loading, sources
from booth.settings.loading import Loaded
from booth.settings.model import Settings

LONGEST = 500
"""Characters of a mistake that are shown; the longest of our own sentences has 300, and a path may be in it."""

SHOWN_WITH = ("screen", "accessibility", "button", "led", "pins", "log")
"""The sections that are believed, setting by setting, where the others are wrong."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Start:
    """Settings to start with."""

    loaded: Loaded
    text: bytes | None = None
    """The file that they were read from, if there is one and it did not change under our eyes."""


@dataclass(frozen=True)
class Source:
    """The settings that the command line and the environment name, and the last good ones."""

    named: Path | None
    """The file that the command line names."""
    environ: Mapping[str, str]
    overrides: Mapping[str, str]
    default: Path = sources.DEFAULT_CONFIG

    @cached_property
    def file(self) -> Path:
        """The file that is read, if it is there."""
        return loading.file_of(self.named, self.environ, self.default)

    @cached_property
    def last_good(self) -> Path | None:
        """Where the last good settings are kept; None if nobody has said where."""
        name = self.environ.get(sources.LAST_GOOD_VARIABLE)
        return Path(name) if name else None

    def load(self) -> Start:
        """Read the settings. Raises `ConfigError`."""
        before = _read(self.file)
        loaded = loading.load(config=self.named, environ=self.environ, overrides=self.overrides, default=self.default)
        return Start(loaded, before if before == _read(self.file) else None)

    def load_last_good(self) -> Start | None:
        """Return the last good settings, under what variables and the command line say; None if they will not do."""
        if self.last_good is None or not self.last_good.is_file():
            return None
        try:
            return Start(loading.load(config=self.last_good, environ=self.environ, overrides=self.overrides))
        except ConfigError as exc:
            log.warning("last_good.wrong", file=str(self.last_good), why=str(exc))
            return None

    def usable(self) -> Settings:
        """Return what is right of the settings that a page needs to be shown; built-in where that is nothing."""
        return loading.usable(
            SHOWN_WITH, config=self.named, environ=self.environ, overrides=self.overrides, default=self.default
        )

    def notes(self) -> tuple[str, ...]:
        """Return what is wrong with the other files on the card."""
        name = self.environ.get(sources.CARD_VARIABLE)
        text = (name and _read(Path(name))) or b""
        lines = [line.strip() for line in text.decode(errors="replace").split("\n")]
        return tuple(reading.shown(line, LONGEST) for line in lines if line)[: sources.MOST_MISTAKES]

    @property
    def on_card(self) -> bool:
        """Whether the file is a copy, made when the machine started, of one on the card."""
        return bool(self.environ.get(sources.CARD_VARIABLE))


def _read(file: Path) -> bytes | None:
    """Return what is in *file*; None if it cannot be read, or is too large for settings."""
    try:
        return reading.whole(file)
    except reading.ReadingError:
        return None
