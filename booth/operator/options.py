"""How command lines are read: parsers that repeat no secret, and the options that several commands have."""

import argparse
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from booth import __version__
from booth.operator.command import Command
from booth.reading import shown

WIDTH = 100
"""Characters in a line of the sentences of ``--help``."""


class Parser(argparse.ArgumentParser):
    """Repeats nothing of what it refuses that could be a secret: it may have been meant for ``--set``."""

    given: Sequence[str] = ()
    """The words of the command line."""

    def error(self, message: str) -> NoReturn:
        """End with *message*, after the words of the command line in it have been looked at."""
        cautious = any(re.search("secret|key|pass|zenko", word, re.IGNORECASE) for word in self.given)
        for word in sorted(filter(None, self.given), key=len, reverse=True):
            for spelling in (word, repr(word)[1:-1]):
                message = message.replace(spelling, _repeatable(word, cautious=cautious))
            if value := word.partition("=")[2]:
                message = message.replace(repr(value), "'...'")
        super().error(shown(message))


def parser(command: Command, prog: str) -> Parser:
    """Return what reads the command line of *command*, and tells of it as *prog*."""
    made = Parser(prog=prog, **told(command))
    version(made, said=argparse.SUPPRESS)
    command.options(made)
    if command.flag:
        made.add_argument(command.flag, action=_Said, help=argparse.SUPPRESS)
    return made


def told(command: Command) -> dict[str, Any]:
    """Return how ``--help`` of *command* looks, as a parser takes it."""
    return {
        "description": textwrap.fill(f"{command.does} {command.more}", WIDTH),
        "epilog": examples(command.examples),
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "allow_abbrev": False,  # or half a name would be an option whose value is repeated when it is refused
    }


def examples(lines: Sequence[tuple[str, str]]) -> str:
    """Return command lines and what comes of each, for the end of a help."""
    return "\n".join(["examples:", *(f"  {line}\n      {what}" for line, what in lines)])


def version(made: argparse.ArgumentParser, said: str) -> None:
    """Have the parser take ``--version``, and *said* of it in the help."""
    made.add_argument("--version", action="version", version=f"booth {__version__}", help=said)


def settings(made: argparse.ArgumentParser, *, hidden: bool = False) -> None:
    """Have the parser take what chooses and overrides settings; nothing is said of it in the help if *hidden*."""
    made.add_argument("--config", type=Path, metavar="FILE",
                      help=argparse.SUPPRESS if hidden else
                      "the settings (else $BOOTH_CONFIG, else /etc/booth/booth.toml)")  # fmt: skip
    made.add_argument("--set", action="append", type=_assignment, metavar="KEY=VALUE", default=[],
                      help=argparse.SUPPRESS if hidden else
                      "override a setting: --set event.name=Party; may be given several times")  # fmt: skip


class _Said(argparse.Action):
    """An option that says which command is meant, and nothing else."""

    def __init__(self, option_strings: Sequence[str], dest: str, **given: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, default=argparse.SUPPRESS, **given)

    def __call__(self, *given: object) -> None:
        """Add nothing to what the command is told."""


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        # What was given is not repeated: it may be a key of the bucket with a colon where the = should be.
        raise argparse.ArgumentTypeError("expected KEY=VALUE, such as event.name=Party: there is no = in it")
    return key, value


def _repeatable(word: str, *, cautious: bool) -> str:
    """Return as much of a word of the command line as may be repeated: an option, a short plain word, a size."""
    plain = r"[a-z]{1,16}(\.[a-z_]{1,24})?|[0-9]{1,5}(x[0-9]{1,5})?"
    if re.fullmatch(r"--?[a-z-]{1,20}", word) or (not cautious and re.fullmatch(plain, word)):
        return word
    option = re.match(r"--?[a-z-]{1,20}(?==)", word)
    return f"{option[0]}=..." if option else "..."
