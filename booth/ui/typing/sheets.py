"""The sheets of keys as data: ``assets/keyboards/*.toml``, read and checked whole before a guest sees one.

A file is a board: what the keys of one language are in a name, in an address, and for signs; the accents of Latin; and
what a key offers while it is held. The rows are text, a line each, a word for each key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from booth import reading
from booth.core.form import Field
from booth.errors import ConfigError
from booth.ui.assets import asset, assets

ENGLISH = "en"
"""The board that is there when nobody asks for another."""

ACTIONS = frozenset({"shift", "backspace", "symbols", "letters", "accents", "space", "globe", "next"})
"""The words that are no text: keys that do something."""

LATIN = "latin"
"""The script in which addresses are written."""

MOST_VARIANTS = 9
"""The most that lie side by side above a key on an upright screen."""

ROWS = 5
"""Rows of keys on every sheet, so that keys stay where they are when the sheet changes."""

MOST_UNITS = 12.5
"""Units in a row: more would be keys too narrow for a thumb."""

MOST_DOMAINS = 3
"""Chips with a domain: a row each beside the keys."""

Word = tuple[str, float]
"""What a key enters or does, and how many units wide it is."""

Sheet = tuple[tuple[Word, ...], ...]
"""Rows of keys, from the top."""

_NEEDED = MappingProxyType(
    {
        "name": {"shift", "backspace", "symbols", "space"},
        "email": {"shift", "backspace", "symbols", "@", "."},
        "symbols": {"backspace", "letters", "space"},
        "accents": {"shift", "backspace", "letters"},
    }
)
"""What each sheet cannot do without: a way back, and a way on."""


@dataclass(frozen=True, eq=False)
class Board:
    """The keys of one language. One value for each file, so that it is compared by what it is."""

    code: str
    latin: bool
    partner: str | None
    """The board that the globe key turns to; every board that is not Latin has one, and that is."""
    letters: Mapping[Field, Sheet]
    abc: str
    """How its letters begin, for the key that leads back to them."""
    symbols: Sheet
    accents: Sheet | None
    variants: Mapping[str, tuple[str, ...]]
    """What a key offers while it is held, small letters, the most usual first."""
    domains: tuple[str, ...]
    endings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Boards:
    """The boards between which the globe key turns, the first for names; and the chips of an address."""

    boards: tuple[Board, ...]
    domains: tuple[str, ...]
    endings: tuple[str, ...]

    @property
    def address(self) -> int:
        """Which board an address begins with: the first that is Latin."""
        return next(index for index, board in enumerate(self.boards) if board.latin)


@cache
def boards(language: str = ENGLISH, scripts: tuple[str, ...] = (), domains: tuple[str, ...] = ()) -> Boards:
    """Return the boards for *language* and those of *scripts* beside it; always the same value for the same arguments.

    *domains*, without the ``@``, take the place of the language's own. Reads files. Raises `ConfigError`, which says
    what to do, when there is no such board, or a file is not as it should be.
    """
    first = board(language)
    wanted = [first] + ([board(first.partner)] if first.partner else [])
    for code in scripts:
        wanted += [more for more in (board(code),) if more not in wanted]
    return Boards(tuple(wanted), tuple(f"@{domain}" for domain in domains or first.domains), first.endings)


@cache
def board(code: str) -> Board:
    """Return the board of a language. Reads its file the first time. Raises `ConfigError` as `boards` does."""
    there = known()
    if code not in there:
        raise ConfigError(f"there is no keyboard {code!r}: there are {', '.join(there)}")
    path = asset(f"keyboards/{code}.toml")
    found = read(path)
    if found.partner is not None and (found.partner not in there or not board(found.partner).latin):
        raise ConfigError(f"{path}: latin = {found.partner!r} is not a Latin keyboard: take one, such as {ENGLISH!r}")
    return found


def known() -> tuple[str, ...]:
    """Return the codes of all boards there are, in alphabetical order. Raises `ScreenError` if there are none."""
    return tuple(path.stem for path in assets("keyboards", ".toml"))


def read(path: Path) -> Board:
    """Return the board in a file, checked. Raises `ConfigError`: the file, the place in it, and what to do."""
    try:
        data = reading.toml_file(path)
    except reading.ReadingError as exc:
        raise ConfigError(reading.told(path, exc)) from exc
    try:
        return _board(path.stem, data)
    except _Mistake as exc:
        raise ConfigError(reading.shown(f"{path}: {exc}")) from exc


class _Mistake(Exception):  # noqa: N818 - said of a file, whose name its reader adds
    """Something in a file is not as it should be."""


def _board(code: str, data: Mapping[str, Any]) -> Board:
    allowed = {"script", "latin", "domains", "endings", "name", "email", "symbols", "accents", "variants"}
    for key in data.keys() - allowed:
        raise _Mistake(f"{key}: no such thing here: remove it, or take one of {', '.join(sorted(allowed))}")
    latin = _text(data, "script") == LATIN
    partner = None if latin else _text(data, "latin")
    sheets = {table: _sheet(data, table) for table in _NEEDED if table != "accents" or table in data}
    there = set(chain.from_iterable(_texts(sheet) for sheet in sheets.values()))
    if any("accents" in words for words in map(_words, sheets.values())) != ("accents" in sheets):
        raise _Mistake("accents: a key leads there, or there is such a sheet, but not both: make both or none")
    if not latin and not all("globe" in _words(sheets[table]) for table in ("name", "email")):
        raise _Mistake("globe: a keyboard that is not Latin needs this key in name and email, to be left by")
    endings = tuple(_text(data, "endings").split())
    if not 1 <= len(endings) <= 2 or not all(_domain(ending.removeprefix(".")) for ending in endings):
        raise _Mistake("endings: one or two ends of addresses are wanted, such as '.com .org'")
    domains = data.get("domains", ())
    if not isinstance(domains, list) or not 1 <= len(domains) <= MOST_DOMAINS or not all(map(_domain, domains)):
        raise _Mistake(f"domains: a list of one to {MOST_DOMAINS} domains is wanted, such as ['gmail.com']")
    return Board(
        code,
        latin,
        partner,
        MappingProxyType({Field.NAME: sheets["name"], Field.EMAIL: sheets["email"], Field.ANSWER: sheets["name"]}),
        "".join(sorted(text for row in sheets["email"] for text, _ in row if len(text) == 1 and text.isalpha())[:3]),
        sheets["symbols"],
        sheets.get("accents"),
        MappingProxyType(dict(_variants(data.get("variants", {}), there | set(endings)))),
        tuple(domains),
        endings,
    )


def _sheet(data: Mapping[str, Any], table: str) -> Sheet:
    lines = _text(data, table).strip().splitlines()
    if len(lines) != ROWS:
        raise _Mistake(f"{table}: {len(lines)} rows: make it {ROWS}, a line each")
    sheet = tuple(tuple(_word(table, number, word) for word in line.split()) for number, line in enumerate(lines, 1))
    for number, row in enumerate(sheet, 1):
        if not 0 < sum(units for _, units in row) <= MOST_UNITS:
            raise _Mistake(f"{table}, row {number}: more than {MOST_UNITS:g} units of keys, or none: change its keys")
    names = [name for row in sheet for name, _ in row]
    for name in names:
        if names.count(name) > 1:
            raise _Mistake(f"{table}: {name!r} is there twice: remove one")
    for name in sorted(_NEEDED[table] - set(names)):
        raise _Mistake(f"{table}: {name!r} is missing: add it")
    return sheet


def _word(table: str, number: int, word: str) -> Word:
    """Return what a word of a row names, and how many units wide it is."""
    name, star, units = word[1:].rpartition("*")
    text = word[0] + name if star else word
    try:
        wide = float(units) if star else 1.0
    except ValueError:
        wide = 0.0
    if not 0.5 <= wide <= 6.0:
        raise _Mistake(f"{table}, row {number}: {word!r}: a width is between *0.5 and *6")
    if text not in ACTIONS and (len(text) != 1 or not text.isprintable()):
        raise _Mistake(
            f"{table}, row {number}: {text!r} is neither one character nor one of {', '.join(sorted(ACTIONS))}"
        )
    return text, wide


def _variants(data: object, there: set[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not isinstance(data, dict):
        raise _Mistake("variants: a table is wanted: a line for each key")
    for key, said in data.items():
        offered = tuple(said.split()) if isinstance(said, str) else ()
        if key not in there:
            raise _Mistake(f"variants: {key!r} has no key of its own: remove it, or add the key")
        if not 1 <= len(offered) <= MOST_VARIANTS or len({key, *offered}) != len(offered) + 1:
            raise _Mistake(f"variants of {key!r}: one to {MOST_VARIANTS} that differ from it and each other are wanted")
        if not all(_domain(text.removeprefix(".")) if len(key) > 1 else len(text) == 1 for text in offered):
            raise _Mistake(f"variants of {key!r}: single characters are wanted, or ends of addresses for an end")
        yield key, offered


def _text(data: Mapping[str, Any], key: str) -> str:
    found = data.get(key)
    if not isinstance(found, str) or not found.strip():
        raise _Mistake(f"{key}: missing: add it, as text")
    return found


def _texts(sheet: Sheet) -> Iterator[str]:
    return (name for row in sheet for name, _ in row if name not in ACTIONS)


def _words(sheet: Sheet) -> set[str]:
    return {name for row in sheet for name, _ in row}


def _domain(text: object) -> bool:
    return isinstance(text, str) and text != "" and all(part.replace("-", "a").isalnum() for part in text.split("."))
