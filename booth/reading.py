"""Files that somebody wrote by hand: read with limits, and shown so that they can do no harm.

The law: whatever lies under a name, reading it ends soon, takes little memory, and gives either what it holds or a
sentence for its owner. That sentence says where and what to do; it never repeats what stands there.
"""

import errno
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from booth.errors import BoothError

MOST = 1 << 18
"""Bytes that a file of settings may have; ten times the longest that comes with the booth."""

LONGEST = 100
"""Characters that may stand together without quotes: a number, or a name. Ours have at most 20."""

PARTS = 8
"""Names that may be joined by dots. Ours are two, and reading many costs the square of their number."""

DEEPEST = 8
"""Brackets that may be open at once. Ours are two."""

SIGNS = 20_000
"""Names, values, brackets and the like in one file. Ours have some thousand; a small Pi parses as many in a second."""

UTF_8 = b"\xef\xbb\xbf"
"""The mark with which Windows' editors begin a file that is UTF-8. It means nothing."""

CURLY = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
"""Quotes as office programs make them of straight ones."""

_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

_CHUNK = 1 << 16

NOT_REPEATED = "what was given for a file (it reads like a setting, so it is not repeated; settings go behind --set)"
"""What is told of a file that may have been meant for a setting."""

_A_SETTING = re.compile(
    r"=|(?:secret|access)[\W_]*(?:access[\W_]*)?key|secret\s*:|pass(?:word|phrase|wort)|(?<![a-z])psk(?![a-z])|zenko\.",
    re.IGNORECASE,
)

# Texts first, each up to its end or, where that is missing, as far as it could reach: no character is looked at twice.
# Only single characters are repeated possessively: Python 3.11 before 3.11.5, which is Bookworm's, goes astray where a
# group is (https://github.com/python/cpython/issues/106052).
_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r]++ | \#[^\n]*+)
    | (?P<text> \"{3} [^"\\]*+ (?: (?: \\. | "(?!"") ) [^"\\]*+ )* (?: "{3,5} | \\? \Z )
              | '{3} [^']*+ (?: '(?!'') [^']*+ )* (?: '{3,5} | \Z )
              | " [^"\\\n]*+ (?: \\[^\n] [^"\\\n]*+ )* ["\\]?
              | ' [^'\n]*+ '? )
    | (?P<dot>\.)
    | (?P<open>[\[{])
    | (?P<close>[\]}])
    | (?P<line>\n)
    | (?P<sign>[=,])
    | (?P<word>[^\s"'.\[\]{}=,\#]++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class ReadingError(BoothError):
    """A file cannot be used. ``str()`` says why and what to do, without the file's name and what is in it.

    *line* and *column* are where, counted from 1; 0 where that is no place in the file. *look* says what to do about
    the character there, if it is one that looks like another, or like nothing; "" if it is not.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, look: str = "") -> None:
        super().__init__(message)
        self.look = look
        self.line = line
        self.column = column


class MissingError(ReadingError):
    """There is no such file."""


def opened(path: Path) -> BinaryIO:
    """Open a file for reading. Never waits for a pipe or a device. Raises `ReadingError`."""
    with _translated(), ExitStack() as stack:
        # Before it is opened: with some devices that is an act.
        _only_files(path.stat().st_mode)
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        stack.callback(os.close, number)
        _only_files(os.fstat(number).st_mode)
        file = os.fdopen(number, "rb")
        stack.pop_all()
        return file


def beginning(path: Path, most: int) -> bytes:
    """Return the first *most* bytes of a file. Raises `ReadingError` as `opened` does."""
    with opened(path) as file, _translated():
        return _first(file.fileno(), most)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what the system says as a sentence."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise MissingError("there is no such file") from None
    except OSError as exc:
        advice = (
            "allow the booth's user to read it"
            if exc.errno in {errno.EACCES, errno.EPERM}
            else "correct the path, or look at the disk"
        )
        raise ReadingError(f"cannot be read ({exc.strerror or type(exc).__name__}): {advice}") from None
    except ValueError:  # a NUL, or what no name of a file can hold
        raise ReadingError("there can be no file of that name: write another") from None


def whole(path: Path, most: int = MOST) -> bytes:
    """Return what is in a file of at most *most* bytes. Raises `ReadingError`, also where it has more."""
    content = beginning(path, most + 1)
    if len(content) > most:
        room = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most >> 10} KiB"
        raise ReadingError(f"has more than {room}: is that the right file? Make it smaller, or name another")
    return content


def text(content: bytes) -> str:
    """Return what the bytes of a file say, without a byte order mark. Raises `ReadingError` unless they are UTF-8."""
    if content.startswith(_UTF_32):
        raise ReadingError("is UTF-32: save the file as UTF-8", 1, 1)
    if content.startswith(_UTF_16) or (b"\0" in content[:4] and content.strip(b"\0")):
        raise ReadingError("is UTF-16, as some editors of Windows write: save the file as UTF-8", 1, 1)
    content = content.removeprefix(UTF_8)
    try:
        said = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        line, column = _place(content[: exc.start].decode("utf-8"))
        raise ReadingError(
            "a character is not UTF-8: save the file as UTF-8 (not as ANSI, Latin-1 or Windows-1252)", line, column
        ) from None
    if (at := said.find("\0")) >= 0:
        raise ReadingError("this is no text: write the file anew with a plain editor", *_place(said[:at]))
    return said


def toml(said: str) -> dict[str, Any]:
    """Return what a text means as TOML. Raises `ReadingError`, with the place.

    What could keep the parser busy, or is more than any number of ours, is refused before it gets to see it.
    """
    _within_limits(said)
    try:
        return tomllib.loads(said)
    except tomllib.TOMLDecodeError as exc:
        what, _, where = str(exc).rpartition(" (at ")
        position = re.fullmatch(r"line ([0-9]+), column ([0-9]+)\)", where)
        line, column = (int(position[1]), int(position[2])) if position else _place(said)
        # What it found is quoted by some of its sentences: a name is, a value is not.
        look = _looks(said, line, column)
        told = look or f'{shown(what, 100)}: write key = value, text in "quotes", sections as [name]'
        raise ReadingError(f"not TOML: {told}", line, column, look) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as exc:
        raise ReadingError(f"not TOML that the booth can use ({type(exc).__name__}): write it more simply") from None


def toml_file(path: Path, most: int = MOST) -> dict[str, Any]:
    """Return what a file of TOML means. Raises `ReadingError`; its `place` goes before the message."""
    return toml(text(whole(path, most)))


def told(path: Path | str, exc: ReadingError) -> str:
    """Return the whole complaint about *path*, with the place as editors jump to it."""
    place = f":{exc.line}:{exc.column}" if exc.line else ""
    return f"{called(path)}{place}: {exc}"


def called(path: Path | str) -> str:
    """Return how *path* is called in what is told of it: as it is written, if that may be repeated.

    Who takes one option for another has given a setting, and what may be a key of the bucket, for the name of a file:
    it is repeated only if there is such a file.
    """
    said = str(path)
    return shown(said) if os.path.exists(said) or not _A_SETTING.search(said) else NOT_REPEATED  # noqa: PTH110 - what no name of a file can be is none


def shown(said: str, most: int = 0) -> str:
    r"""Return *said* so that it can be written on a terminal, into a journal, or on a line of a file.

    What moves the cursor, breaks the line, turns the direction of writing or cannot be seen is written as ``\u202e``.
    More than *most* characters are cut, unless that is 0.
    """
    if most and len(said) > most:
        said = f"{said[: max(most - 3, 0)]}..."
    return said if said.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in said)


def _escaped(char: str) -> str:
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _only_files(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for is_one, name in _KINDS if is_one(mode)), "something else")
        raise ReadingError(f"is {kind}, not a file: name a file")


def _first(number: int, most: int) -> bytes:
    chunks: list[bytes] = []
    room = most
    while room > 0 and (chunk := os.read(number, min(room, _CHUNK))):
        chunks.append(chunk)
        room -= len(chunk)
    return b"".join(chunks)


def _looks(said: str, line: int, column: int) -> str:
    """Return what to do about the character at a place, if nobody sees by looking at it what is wrong with it."""
    char = said.replace("\r\n", "\n").split("\n")[line - 1][column - 1 : column]
    number, plain = f"U+{ord(char):04X}" if char else "", unicodedata.normalize("NFKC", char)
    if char == "\r":
        return "a line ends with CR alone, as on old Macs: save the file with LF, or CR and LF, at the ends of lines"
    if char and char in CURLY:
        return 'the quotes there are curly: write straight ones, "like these"'
    if char and (char.isspace() or not char.isprintable()) and char not in " \t":
        return f"there is a character that cannot be seen ({number}): delete it, or write a blank"
    if plain != char and plain.isascii() and plain.isprintable():
        return f"there is another character ({number}) where {plain} is meant: write that"
    return ""


def _place(before: str) -> tuple[int, int]:
    """Return line and column of what follows *before*, counted from 1."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _within_limits(said: str) -> None:
    parts = depth = signs = 0
    after_dot = False
    for token in _TOKEN.finditer(said):
        match token.lastgroup:
            case "blank":
                continue
            case "dot":
                after_dot = True
                continue
            case "word" | "text":
                if token.lastgroup == "word" and len(token[0]) > LONGEST:
                    why = f"more than {LONGEST} characters without quotes: no number or name of a setting is as long"
                    raise ReadingError(f"{why}; put text in quotes", *_place(said[: token.start()]))
                parts = parts + 1 if after_dot else 1
            case "open":
                depth += 1
            case "close":
                depth = max(depth - 1, 0)
        after_dot = False
        signs += 1
        if signs > SIGNS:
            raise ReadingError(
                f"more than {SIGNS:,} names and values: is that the right file?", *_place(said[: token.start()])
            )
        if parts > PARTS:
            raise ReadingError(
                f"more than {PARTS} names joined by dots: a setting has a section and a name",
                *_place(said[: token.start()]),
            )
        if depth > DEEPEST:
            raise ReadingError(
                f"more than {DEEPEST} brackets within each other: no setting has so many",
                *_place(said[: token.start()]),
            )
