"""What a command is: its name, its sentence, its examples, its options, and what it does."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_parser: argparse.ArgumentParser) -> None:
    """Take no options."""


def _sense(_arguments: argparse.Namespace) -> str:
    """Find nothing wrong."""
    return ""


@dataclass(frozen=True)
class Command:
    """One thing that ``booth`` does. It stands in a file of its own, as ``COMMAND``, and in the list."""

    name: str
    """The word that one types."""

    does: str
    """The sentence of ``booth --help``: what the command does, from its verb to its full stop."""

    examples: tuple[tuple[str, str], ...]
    """Command lines that work as they stand, each with what comes of it."""

    run: Callable[[argparse.Namespace], int]
    """Carries it out and returns the exit status. Raises `BoothError` with a sentence for whoever typed it."""

    options: Callable[[argparse.ArgumentParser], None] = _nothing
    """Adds the command's options and operands to its parser."""

    wrong: Callable[[argparse.Namespace], str] = _sense
    """Returns the sentence about options that do not go with each other, or nothing."""

    flag: str = ""
    """The option that means this command without its word, from the time before there were words; or nothing."""

    more: str = ""
    """What its own ``--help`` says after the sentence, or nothing."""
