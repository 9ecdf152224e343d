"""Writes what completes ``booth`` in a shell: assets/completions, made of the very options that the commands have.

shtab writes it, here and not on a card: what a shell reads is a file in its own language, and no Python is started
when the tabulator is pressed. A test compares the files with what this one writes.
"""

import argparse
from collections.abc import Iterator

import shtab

from booth.cli import front
from lab import ROOT

FOLDER = ROOT / "assets" / "completions"

FILES = {"bash": "booth.bash", "zsh": "_booth"}
"""The shells, and how they want the file to be called."""

KINDS = {"FILE": shtab.FILE, "DIR": shtab.DIRECTORY}
"""What is offered where a help says FILE or DIR."""


def completion(shell: str) -> str:
    """Return what the shell reads."""
    parser = front()
    for action in _actions(parser):
        if action.metavar in KINDS:
            action.complete = KINDS[action.metavar]  # type: ignore[attr-defined]  # shtab looks for it there
    said: str = shtab.complete(parser, shell)
    lines = (line.rstrip() for line in said.splitlines())
    return "\n".join(lines) + "\n"


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Give all that a parser takes, and all that its commands take."""
    for action in parser._actions:  # noqa: SLF001 - there is no other way to ask a parser what it takes
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for command in action.choices.values():
                yield from _actions(command)


def main() -> None:
    """Print what a shell reads, or write it for all shells."""
    parser = argparse.ArgumentParser(prog="scripts/completions", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into assets/completions; else that of bash is shown")
    if not parser.parse_args().write:
        print(completion("bash"), end="")
        return
    for shell, name in FILES.items():
        (FOLDER / name).write_text(completion(shell), encoding="utf-8")
        print(FOLDER / name)


if __name__ == "__main__":
    main()
