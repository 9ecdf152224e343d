"""The on-screen keyboard: which keys there are, where they lie, and what a tap on one of them does.

Pure: no pixel is painted here and no clock is read. Every key has the rectangle that is painted and the larger cell
that answers the finger; the cells of a layer tile the keyboard's area, so a tap inside it always finds the nearest key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import Literal

from booth.core.form import Field
from booth.ui.typing.sheets import Board, Boards, Sheet, Word, boards

Kind = Literal["char", "action", "chip"]
"""Whether a key enters a character, does something, or enters a whole piece of an address."""


class Layer(Enum):
    """Which sheet of keys is shown."""

    LETTERS = "letters"
    SYMBOLS = "symbols"
    ACCENTS = "accents"
    """A sheet for one letter: after it, the letters are back."""


class Shift(Enum):
    """Whether the next letter is a capital."""

    OFF = "off"
    ONCE = "once"
    LOCKED = "locked"


LABELS = {
    "shift": "Shift",
    "backspace": "Erase",
    "symbols": "?123",
    "letters": "abc",
    "accents": "áñü",
    "space": "space",
    "globe": "globe",
    "next": "Next",
}
"""What the keys that enter no character say, for a painter that has no picture for them."""

CAPITALS = {"ß": "ẞ", "ı": "İ", "ς": "ς"}  # noqa: RUF001 - the Turkish letter is meant
"""Where a capital is not what ``str.upper`` makes of a letter: Turkish has two i, and Greek one capital for two s."""

NEW_WORD = " -'"
"""Characters after which a name goes on with a capital: Mary-Jane O'Neill."""

COLUMNS = 10.0
"""Units in a row of keys: one with fewer is centred, one with more shares the width among its own."""

NEXT: Word = ("next", 1.75)
"""The key that ends the last row, where no column of chips beside the keys has it."""

CHIPS_SHARE = 0.175
"""The share of the keyboard's width that the column of chips takes."""

UPRIGHT = 2.0
"""An area that is less than so many times as wide as it is high has its chips in a row above the keys."""

TALL_ENOUGH = 52
"""Pixels: rows give up the gap between them rather than be lower than this."""

CHIP_ROOM = 2.5
"""Characters: what a chip in a row is wider than its text."""


# ---- what a tap does


@dataclass(frozen=True)
class Insert:
    """Enter *text* at the caret."""

    text: str

    def __repr__(self) -> str:
        """Keep what guests type out of logs and tracebacks."""
        return "Insert(...)"


@dataclass(frozen=True)
class Backspace:
    """Erase before the caret."""


@dataclass(frozen=True)
class Next:
    """Go to the other field."""


@dataclass(frozen=True)
class Nothing:
    """The keyboard itself has changed; the text has not."""


Edit = Insert | Backspace | Next | Nothing


@dataclass(frozen=True)
class Key:
    """One key: the rectangle to paint, in pixels, and what it is."""

    name: str
    """``key:`` and the text it enters (``key:a``, ``key:@gmail.com``), or ``key:`` and what it does (``key:shift``)."""
    label: str
    x: int
    y: int
    width: int
    height: int
    kind: Kind
    cell: tuple[int, int, int, int]
    """What answers the finger: x, y, width, height in pixels; the cells of all keys tile the area.

    Between two keys side by side the border is in the middle. The gap below a key is its own, since fingers land lower
    than eyes aim.
    """
    variants: tuple[str, ...] = ()
    """What else it enters, chosen while it is held: the most usual first, capitals where it is a capital."""


@dataclass(frozen=True)
class Keyboard:
    """The keyboard as it stands: a value; a tap makes a new one."""

    layer: Layer = Layer.LETTERS
    shift: Shift = Shift.OFF
    names: bool = False
    """Whether each new word starts with a capital."""
    boards: Boards = field(default_factory=boards)
    script: int = 0
    """Which of the boards is shown."""
    shifting: bool = False
    """Whether the last tap was on shift: if the next one is as well, and quick, the two are a double tap."""

    @property
    def board(self) -> Board:
        """The board that is shown."""
        return self.boards.boards[self.script % len(self.boards.boards)]

    def keys(self, area: tuple[int, int, int, int], field: Field, gap: int = 6) -> tuple[Key, ...]:
        """Return the keys for *field* in *area* (x, y, width, height), painted *gap* apart, all in pixels.

        Kept for each set of arguments. The gap between rows shrinks before keys get lower than 52 px.
        """
        capitals = self.shift is not Shift.OFF
        return _placed(self.boards, self.board, self.layer, field, area, gap, capitals=capitals)

    def press(self, key: Key, *, quick: bool = True) -> tuple["Keyboard", Edit]:
        """Return the keyboard after a tap on *key*, and what the tap means for the text.

        *quick* tells whether it follows the tap before soon enough to be the second of a double tap.
        """
        was = replace(self, shifting=False)
        match key.name.removeprefix("key:"):
            case "shift":
                return self._shifted(quick=quick), Nothing()
            case "symbols":
                return replace(was, layer=Layer.SYMBOLS), Nothing()
            case "letters":
                return replace(was, layer=Layer.LETTERS), Nothing()
            case "accents":
                return replace(was, layer=Layer.ACCENTS), Nothing()
            case "globe":
                script = (self.script + 1) % len(self.boards.boards)
                return replace(was, layer=Layer.LETTERS, script=script), Nothing()
            case "backspace":
                return was, Backspace()
            case "next":
                return was, Next()
            case "space":
                return self.entered(" ")
            case text:
                return self.entered(text)

    def entered(self, text: str) -> tuple["Keyboard", Edit]:
        """Return the keyboard after *text* was entered: an accent and a capital are for one letter, a word begins."""
        back = self.layer is Layer.ACCENTS or text == " "
        shift = self.shift
        if shift is not Shift.LOCKED:
            if self.names and text in NEW_WORD:
                shift = Shift.ONCE
            elif text.isalpha():
                shift = Shift.OFF
        layer = Layer.LETTERS if back else self.layer
        return replace(self, layer=layer, shift=shift, shifting=False), Insert(text)

    def _shifted(self, *, quick: bool) -> "Keyboard":
        """Return the keyboard after a tap on shift: on for one letter, or off; two quick taps lock it."""
        if self.shift is Shift.LOCKED:
            return replace(self, shift=Shift.OFF, shifting=False)
        if self.shifting and quick:
            return replace(self, shift=Shift.LOCKED, shifting=False)
        return replace(self, shift=Shift.ONCE if self.shift is Shift.OFF else Shift.OFF, shifting=True)


def for_field(field: Field, text_before: str, of: Boards | None = None) -> Keyboard:
    """Return the keyboard *of* a language to begin with when *field* gets the caret after *text_before*.

    Names begin with a capital, after a blank, a hyphen or an apostrophe as well; addresses never do, and begin Latin.
    """
    known = of or boards()
    if field is Field.EMAIL:
        return Keyboard(boards=known, script=known.address)
    begins = not text_before or text_before[-1] in NEW_WORD
    return Keyboard(shift=Shift.ONCE if begins else Shift.OFF, names=True, boards=known)


def hit(keys: tuple[Key, ...], x: int, y: int) -> Key | None:
    """Return the key that a finger at (*x*, *y*) means: the one whose cell it is in, or None off the keyboard."""
    for key in keys:
        left, top, width, height = key.cell
        if left <= x < left + width and top <= y < top + height:
            return key
    return None


def chip_text(text: str, text_before: str) -> str:
    """Return what of a chip's *text* is missing after *text_before*: no second ``@``, no second dot, no domain twice.

    ``@gmail.com`` after ``zoe@gm`` is ``ail.com``, after ``zoe@gmail.com`` or any other domain it is nothing.
    """
    if text[:1] == "@" and "@" in text_before:
        begun = text_before[text_before.rindex("@") :]
        return text[len(begun) :] if text.startswith(begun) else ""
    if text[:1] == ".":
        done = next(n for n in range(len(text), -1, -1) if text_before.endswith(text[:n]))
        return text[done:]
    return text


# ---- where keys lie


@dataclass(frozen=True)
class _Faces:
    """What the keys of a sheet say and offer."""

    labels: Mapping[str, str]
    offered: Mapping[str, tuple[str, ...]]
    capitals: bool

    def face(self, word: str) -> tuple[str, str, Kind]:
        """Return what the key of *word* enters or does, what it says, and its kind."""
        if word in self.labels:
            return word, self.labels[word], "action"
        if len(word) > 1:
            return word, word, "chip"
        char = _capital(word) if self.capitals else word
        return char, char, "char"

    def variants(self, word: str, name: str, kind: Kind) -> tuple[str, ...]:
        """Return what the key of *word*, which enters *name*, offers while it is held."""
        offered = self.offered.get(word, ())
        if not self.capitals or kind != "char":
            return offered
        return tuple(capital for variant in offered if (capital := _capital(variant)) != name)


@lru_cache(maxsize=256)
def _placed(
    of: Boards, board: Board, layer: Layer, field: Field, area: tuple[int, int, int, int], gap: int, *, capitals: bool
) -> tuple[Key, ...]:
    """Return the keys of *layer*; see `Keyboard.keys`."""
    x, y, width, height = area
    gap = max(gap, 0)
    rows = _rows(of, board, layer, field)
    chips = _chips(of) if field is Field.EMAIL else ()
    offered = dict(board.variants) | {ending: of.boards[0].variants.get(ending, ()) for ending in of.endings}
    faces = _Faces(LABELS | {"letters": board.abc}, offered, capitals)
    if not chips:
        return _stacked([(row, COLUMNS) for row in _with_next(rows)], area, gap, faces)
    if width < UPRIGHT * height:
        above = tuple((text, len(text) + CHIP_ROOM) for row in chips for text, _ in row)
        stack = [(above, 0.0), *((row, COLUMNS) for row in _with_next(rows))]
        return _stacked(stack, area, gap, faces)
    main = width - round(width * CHIPS_SHARE)
    keys = _stacked([(row, COLUMNS) for row in rows], (x, y, main, height), gap, faces)
    beside = [(row, 0.0) for row in (*chips, (NEXT,))]
    return keys + _stacked(beside, (x + main, y, width - main, height), gap, faces)


def _rows(of: Boards, board: Board, layer: Layer, field: Field) -> Sheet:
    """Return the rows of a sheet; the globe key is there where it turns to something.

    The letters of an address have no key for accents, which few addresses have: they are beside the signs.
    """
    rows = {Layer.LETTERS: board.letters[field], Layer.SYMBOLS: board.symbols}.get(layer, board.accents)
    if rows is None:  # this board has no accents of its own
        rows = board.letters[field]
    if field is Field.EMAIL and layer is Layer.LETTERS:
        rows = tuple(_without(row, "accents") for row in rows)
    if len(of.boards) > 1:
        return rows
    return tuple(tuple(word for word in row if word[0] != "globe") for row in rows)


def _without(row: tuple[Word, ...], name: str) -> tuple[Word, ...]:
    """Return *row* without the key *name*, whose room goes to the first key."""
    spare = sum(units for word, units in row if word == name)
    kept = tuple(word for word in row if word[0] != name)
    return ((kept[0][0], kept[0][1] + spare), *kept[1:]) if spare else kept


def _chips(of: Boards) -> Sheet:
    """Return the rows of chips: a domain each, and the endings."""
    return (*(((domain, 1.0),) for domain in of.domains), tuple((ending, 1.0) for ending in of.endings))


def _with_next(rows: Sheet) -> Sheet:
    return (*rows[:-1], (*rows[-1], NEXT))


def _stacked(
    rows: list[tuple[tuple[Word, ...], float]],
    area: tuple[int, int, int, int],
    gap: int,
    faces: _Faces,
) -> tuple[Key, ...]:
    """Return the keys of *rows*, one below the other; each row with the units it is at least across."""
    x, y, width, height = area
    row_gap = min(gap, max(height // len(rows) - TALL_ENOUGH, 0))
    tops = [y + height * index // len(rows) for index in range(len(rows) + 1)]
    # The gap below a row is its own: its cells begin where its keys do, the first one's at the edge.
    begins = [y, *(top + row_gap // 2 for top in tops[1:-1]), y + height]
    keys: list[Key] = []
    for index, (row, columns) in enumerate(rows):
        painted = (tops[index] + row_gap // 2, max(tops[index + 1] - tops[index] - row_gap, 1))
        answers = (begins[index], begins[index + 1] - begins[index])
        keys += _row(row, (x, width), columns, gap, painted, answers, faces)
    return tuple(keys)


def _row(
    row: tuple[Word, ...],
    across: tuple[int, int],
    columns: float,
    gap: int,
    painted: tuple[int, int],
    answers: tuple[int, int],
    faces: _Faces,
) -> list[Key]:
    """Return the keys of one row, at least *columns* units across, centred; the end cells reach its edges.

    *across* is where the row begins and how wide it is, *painted* and *answers* where keys and cells begin and how high
    they are.
    """
    used = sum(units for _, units in row)
    all_units = max(used, columns)
    left, width = across
    done = (all_units - used) / 2
    edges = [left + round(width * done / all_units)]
    for _, units in row:
        done += units
        edges.append(left + round(width * done / all_units))
    keys: list[Key] = []
    for index, (word, _) in enumerate(row):
        start, end = edges[index], edges[index + 1]
        cell_start = left if index == 0 else start
        cell_end = left + width if index == len(row) - 1 else end
        name, label, kind = faces.face(word)
        keys.append(
            Key(
                f"key:{name}",
                label,
                start + gap // 2,
                painted[0],
                max(end - start - gap, 1),
                painted[1],
                kind,
                (cell_start, answers[0], cell_end - cell_start, answers[1]),
                faces.variants(word, name, kind),
            )
        )
    return keys


def _capital(char: str) -> str:
    """Return the one character that is the capital of *char*; itself if there is none."""
    capital = CAPITALS.get(char, char.upper())
    return capital if len(capital) == 1 else char
