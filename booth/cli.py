"""``booth``: which command is meant, and what becomes of its mistakes. The commands are in `booth.operator`.

Logs go to standard error; standard output belongs to what was asked for. A mistake of the owner's gives its sentence
and status 2, a part that is missing status 1, an interruption 130.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from booth.errors import BoothError, ConfigError
from booth.operator import options
from booth.operator.command import Command
from booth.operator.commands import COMMANDS
from booth.operator.simulate import pretend
from booth.reading import shown

USAGE = "booth [COMMAND] [OPTION ...]"
"""The shape of a command line, for who has not named a command."""

HELP = ("-h", "--help")
"""The options that ask for help."""


def main(argv: Sequence[str] | None = None, commands: Sequence[Command] = COMMANDS) -> int:
    """Run the command line; return the exit status. The first of *commands* is what is done without a word."""
    command, arguments = understood(sys.argv[1:] if argv is None else argv, commands)
    try:
        return command.run(arguments)
    except ConfigError as exc:
        for mistake in str(exc).splitlines():
            print(f"booth: {shown(mistake)}", file=sys.stderr)
        return 2
    except BoothError as exc:
        print(f"booth: {shown(str(exc))}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has had enough (`booth config | head`); Python must not find that out again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def understood(words: Sequence[str], commands: Sequence[Command] = COMMANDS) -> tuple[Command, argparse.Namespace]:
    """Return the command that the words of a command line mean, and what it is told.

    Raises `SystemExit`: with status 0 after help or version, with 2 after a sentence about what makes no sense.
    """
    names = {command.name: command for command in commands}
    walked = list(_walked(words, commands))
    said = [option for _, option in walked if option]
    at = next((number for number, option in walked if not option), None)
    command = names.get(words[at]) if at is not None else None
    if command is None and any(option in HELP for option in said):
        front(commands).print_help()
        raise SystemExit(0)
    rest = list(words)
    if command is not None and at is not None:
        del rest[at]
    # The word may stand anywhere, and options may stand on both sides of it: so it was before commands had options.
    prog = f"booth {command.name}" if command else "booth"
    if command in {None, commands[0]}:
        command = next((one for one in commands if one.flag and one.flag in said), commands[0])
    parser = options.parser(command, prog)
    parser.given = words
    if prog == "booth":
        parser.usage = USAGE
    arguments, left = parser.parse_known_intermixed_args(rest)  # intermixed: `booth update --allow-older FILE`
    if left := [word for word in left if word != "--"]:  # which nothing takes where there are no operands
        parser.error(_not_taken(command, left, commands, named=prog != "booth"))
    if sentence := command.wrong(arguments):
        parser.error(sentence)
    return command, arguments


def front(commands: Sequence[Command] = COMMANDS) -> options.Parser:
    """Return what tells of all commands at once: for ``booth --help``, and for the completion of shells."""
    parser = options.Parser(
        prog="booth",
        usage=USAGE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="A photo booth: a button, four frames, an animated GIF, a name, and a Zenko bucket.\n"
        f"Without a command it is booth {commands[0].name}; booth COMMAND --help tells more of each.",
        epilog=options.examples([command.examples[0] for command in commands]),
    )
    options.version(parser, said="show which version this is")
    commands[0].options(parser)
    for command in commands:
        if command.flag:
            parser.add_argument(command.flag, action="store_true", help=f"the same as booth {command.name}")
    pretend(parser)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in commands:
        command.options(subparsers.add_parser(command.name, help=command.does, **options.told(command)))
    return parser


def _not_taken(command: Command, left: Sequence[str], commands: Sequence[Command], *, named: bool) -> str:
    """Return the sentence about words that *command* does not take."""
    for word in left:
        option = word.partition("=")[0]
        for other in commands:
            if option and option == other.flag:
                return f"{command.name} does not {other.name}; leave {option} out"
        if takers := [other.flag or other.name for other in commands if option in _options(other)]:
            return f"{option} goes with {' or '.join(takers)}"
    strange = next((word for word in left if not word.startswith("-")), None)
    if named or strange is None:
        return f"unrecognized arguments: {' '.join(left)}"
    return f"invalid choice: {strange!r} (choose from {', '.join(repr(each.name) for each in commands)})"


def _options(command: Command) -> dict[str, bool]:
    """Return the options of a command, and whether each has a value."""
    parser = options.parser(command, "booth")
    return {name: action.nargs != 0 for action in parser._actions for name in action.option_strings}  # noqa: SLF001 - there is no other way to ask a parser what it takes


def _walked(words: Sequence[str], commands: Sequence[Command]) -> Iterator[tuple[int, str]]:
    """Give the place of each word that is no option's value, with the name of the option, or nothing if it is none."""
    valued = {name for command in commands for name, has_value in _options(command).items() if has_value}
    number = 0
    while number < len(words):
        word = words[number]
        if word == "--":
            yield from ((rest, "") for rest in range(number + 1, len(words)))
            return
        yield number, word.partition("=")[0] if word.startswith("-") and word != "-" else ""
        number += 2 if word in valued else 1
