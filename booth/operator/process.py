"""What the commands that are a booth do to their process: its memory, its log, its end."""

import argparse
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Protocol

from booth.reading import called, shown

if TYPE_CHECKING:  # a third of a second to import; `booth --help` does without
    from booth.settings.loading import Loaded


def begin() -> None:
    """Have the libraries that come next be quiet and small. Comes before the first of them is imported."""
    from booth import later, memory

    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # standard output is not for pygame's greeting
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # or it looks for some in every package there is
    later.put_off()
    memory.hold()  # until the booth is put together


def in_force(arguments: argparse.Namespace) -> "Loaded":
    """Return the settings: those of the service, unless the command line or the environment names others.

    What comes of the service is told on standard error. Raises `ConfigError` when they are wrong.
    """
    begin()
    from booth import systemd
    from booth.settings import loading, sources

    theirs: dict[str, str] = {}
    if arguments.config is None and sources.CONFIG_VARIABLE not in os.environ:
        theirs = systemd.environment_of_service(sources.PREFIX)
        for name, value in theirs.items():
            # A setting's value is printed with the others, masked if it is a secret.
            said = f"{name}={called(value)}" if name == sources.CONFIG_VARIABLE else name
            print(f"booth: as booth.service does: {shown(said)}", file=sys.stderr)
    stores = () if "CREDENTIALS_DIRECTORY" in os.environ else sources.STORES
    return loading.load(
        config=arguments.config, environ={**theirs, **os.environ}, overrides=dict(arguments.set), stores=stores
    )


def warn(loaded: "Loaded") -> None:
    """Tell what is doubtful in the settings."""
    for warning in loaded.warnings:
        print(f"booth: {warning}", file=sys.stderr)


def settle(loaded: "Loaded") -> None:
    """Make this process the booth's: its memory, and its log."""
    from booth import logs, memory

    memory.settle()
    log = loaded.settings.log
    logs.configure(log.level, log.format, sys.stderr)


class Runs(Protocol):
    """What runs until it is stopped: the daemon, or what comes before it."""

    def stop(self) -> None:
        """End soon. May be called from a signal handler."""
        ...


class Ending:
    """Ends the booth in good order at SIGTERM and Ctrl-C: the loop finishes its round, all is closed, nothing is lost.

    It listens from before the first part is opened: whoever asks while the booth is still being put together is
    answered when there is a daemon to end.
    """

    def __init__(self) -> None:
        self._asked = False
        self._runs: Runs | None = None
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def of(self, runs: Runs) -> None:
        """End what *runs* from now on when asked to, at once if that has been."""
        self._runs = runs
        if self._asked:
            runs.stop()

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True
        if self._runs is not None:
            self._runs.stop()
