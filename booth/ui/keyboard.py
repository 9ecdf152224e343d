"""The on-screen keyboard: which keys there are, where they lie, and what a tap on one of them does.

Pure: no pixel is painted here and no clock is read. Every key has the rectangle that is painted and the larger cell
that answers the finger; the cells of a layer tile the keyboard's area, so a tap inside it always finds the nearest key.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Literal

from booth.core.form import Field


class Layer(Enum):
    """Which sheet of keys is shown."""

    LETTERS = "letters"
    SYMBOLS = "symbols"
    ACCENTS = "accents"
    """For one letter: after it, the letters are back."""


class Shift(Enum):
    """Whether the next letter is a capital."""

    OFF = "off"
    ONCE = "once"
    LOCKED = "locked"


# ---- the layouts: one string a row, one word a key, ``word*1.5`` for a key one and a half units wide
#
# A row of up to ten units is ten units wide and centred; a longer row shares the width among its own units.

EMAIL_LETTERS = (
    "1 2 3 4 5 6 7 8 9 0",
    "q w e r t y u i o p",
    "a s d f g h j k l",
    "shift*1.5 z x c v b n m backspace*1.5",
    "symbols*1.25 accents*1.25 @*1.5 .*1.5 -*1.5 _*1.5 +*1.5",
)
"""An address has no blanks, so the space bar's place goes to what addresses are made of."""

EMAIL_SYMBOLS = (
    "1 2 3 4 5 6 7 8 9 0",
    "@ # $ % & * ( ) ' \"",
    "+ - _ = / \\ | ~ ^ `",
    "[ ] { } < > ! ? backspace*2",
    "letters*1.25 accents*1.25 , . ; : space*3.5",
)

EMAIL_CHIPS = (
    "@gmail.com",
    "@outlook.com",
    "@icloud.com",
    ".com .org",
    "next",
)
"""The column to the right of the address's keys: a whole domain for one tap."""

NAME_LETTERS = (
    "á ä å ç é è ë í ñ ó ö ü",
    "q w e r t y u i o p",
    "a s d f g h j k l",
    "shift*1.5 z x c v b n m backspace*1.5",
    "symbols*1.25 accents*1.25 ' space*2.75 - . next*1.75",
)
"""A name has no digits, so their row goes to the accents that names have most."""

NAME_SYMBOLS = (
    *EMAIL_SYMBOLS[:-1],
    "letters*1.25 accents*1.25 , . ; : space*1.75 next*1.75",
)

ACCENTS = (
    "á à â ä ã å ă ą æ ć č ç",
    "đ é è ê ë ě ę ğ í ì î ï",
    "ı ł ñ ń ó ò ô ö õ ø ő œ",  # noqa: RUF001 - the Turkish letter is meant
    "shift*1.5 ř ś š ş ș ß ț ú ù backspace*1.5",
    "letters*1.5 û ü ů ű ý ÿ ź ž ż next*1.5",
)

LABELS = {
    "shift": "Shift",
    "backspace": "Erase",
    "symbols": "?123",
    "letters": "abc",
    "accents": "áñü",
    "space": "space",
    "next": "Next",
}
"""What the keys that enter no character say, for a painter that has no picture for them."""

CAPITALS = {"ß": "ẞ", "ı": "İ"}  # noqa: RUF001 - the Turkish letter is meant
"""Where a capital is not what ``str.upper`` makes of a letter: one key gives one character, and Turkish has two i."""

NEW_WORD = " -'"
"""After one of these a name goes on with a capital: Mary-Jane O'Neill."""

COLUMNS = 10.0
"""Units in a row of keys."""

CHIPS_SHARE = 0.175
"""The share of the keyboard's width that the column of chips takes."""

TALL_ENOUGH = 52
"""Pixels: rows give up the gap between them rather than be lower than this."""


# ---- what a tap does


@dataclass(frozen=True)
class Text:
    """Enter *text* at the caret."""

    text: str

    def __repr__(self) -> str:
        """Keep what guests type out of logs and tracebacks."""
        return "Text(...)"


@dataclass(frozen=True)
class Backspace:
    """Erase before the caret."""


@dataclass(frozen=True)
class Next:
    """Go to the other field."""


@dataclass(frozen=True)
class Nothing:
    """The keyboard itself has changed; the text has not."""


Stroke = Text | Backspace | Next | Nothing


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
    kind: Literal["char", "action", "chip"]
    cell: tuple[int, int, int, int]
    """What answers the finger: x, y, width, height in pixels, half a gap more all around, or up to the area's edge."""


@dataclass(frozen=True)
class Keyboard:
    """The keyboard as it stands: a value; a tap makes a new one."""

    layer: Layer = Layer.LETTERS
    shift: Shift = Shift.OFF
    names: bool = False
    """Whether each new word starts with a capital."""

    def keys(self, area: tuple[int, int, int, int], field: Field, gap: int = 6) -> tuple[Key, ...]:
        """Return the keys for *field* in *area* (x, y, width, height), painted *gap* apart, all in pixels.

        Kept for each set of arguments. The gap between rows shrinks before keys get lower than 52 px.
        """
        return _placed(self.layer, field, area, gap, capitals=self.shift is not Shift.OFF)

    def press(self, key: Key) -> tuple["Keyboard", Stroke]:
        """Return the keyboard after a tap on *key*, and what the tap means for the text."""
        match key.name.removeprefix("key:"):
            case "shift":
                return replace(self, shift=_AFTER_SHIFT[self.shift]), Nothing()
            case "symbols":
                return replace(self, layer=Layer.SYMBOLS), Nothing()
            case "letters":
                return replace(self, layer=Layer.LETTERS), Nothing()
            case "accents":
                return replace(self, layer=Layer.ACCENTS), Nothing()
            case "backspace":
                return self, Backspace()
            case "next":
                return self, Next()
            case "space":
                return self._after(" "), Text(" ")
            case text:
                return self._after(text), Text(text)

    def _after(self, text: str) -> "Keyboard":
        """Return the keyboard after *text* was entered: an accent and a capital are for one letter, a word begins."""
        back = self.layer is Layer.ACCENTS or text == " "
        shift = self.shift
        if shift is not Shift.LOCKED:
            if self.names and text in NEW_WORD:
                shift = Shift.ONCE
            elif text.isalpha():
                shift = Shift.OFF
        return replace(self, layer=Layer.LETTERS if back else self.layer, shift=shift)


_AFTER_SHIFT = {Shift.OFF: Shift.ONCE, Shift.ONCE: Shift.LOCKED, Shift.LOCKED: Shift.OFF}


def for_field(field: Field, text_before: str) -> Keyboard:
    """Return the keyboard to begin with when *field* gets the caret after *text_before*.

    Names begin with a capital, after a blank, a hyphen or an apostrophe as well; addresses never do.
    """
    if field is Field.EMAIL:
        return Keyboard()
    begins = not text_before or text_before[-1] in NEW_WORD
    return Keyboard(shift=Shift.ONCE if begins else Shift.OFF, names=True)


def hit(keys: tuple[Key, ...], x: int, y: int) -> Key | None:
    """Return the key that a finger at (*x*, *y*) means; None if that is off the keyboard by more than half a gap."""
    for key in keys:
        if _inside(key.cell, x, y, 0):
            return key
    half_a_gap = min((key.x - key.cell[0] for key in keys), default=0)
    near = [key for key in keys if _inside(key.cell, x, y, half_a_gap)]
    return min(near, key=lambda key: _distance(key, x, y), default=None)


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


def taps(text: str, field: Field, start: Keyboard) -> tuple[str, ...] | None:
    """Return the names of the keys that type *text* into the empty *field* with the fewest taps.

    None if a character of *text* has no key.
    """
    Step = tuple[int, Keyboard]  # noqa: N806 - a type, named as one
    first: Step = (0, start)
    came: dict[Step, tuple[Step, str] | None] = {first: None}
    waiting = deque([first])
    while waiting:
        here = waiting.popleft()
        if here[0] == len(text):
            return tuple(_way_back(came, here))
        for there, name in _taps_from(here, text, field):
            if there not in came:
                came[there] = (here, name)
                waiting.append(there)
    return None


def _taps_from(here: tuple[int, Keyboard], text: str, field: Field) -> Iterator[tuple[tuple[int, Keyboard], str]]:
    """Yield where each useful tap leads: how much of *text* is typed then, and the keyboard; with the key's name."""
    typed, keyboard = here
    for key in keyboard.keys((0, 0, 800, 280), field):
        after, stroke = keyboard.press(key)
        match stroke:
            case Nothing():
                yield (typed, after), key.name
            case Text(text=entered) if text.startswith(entered, typed):
                if key.kind != "chip" or chip_text(entered, text[:typed]) == entered:
                    yield (typed + len(entered), after), key.name
            case _:
                pass


def _way_back(
    came: dict[tuple[int, Keyboard], tuple[tuple[int, Keyboard], str] | None], here: tuple[int, Keyboard]
) -> list[str]:
    names: list[str] = []
    while (step := came[here]) is not None:
        here, name = step
        names.append(name)
    return names[::-1]


# ---- where keys lie


@lru_cache(maxsize=64)
def _placed(
    layer: Layer, field: Field, area: tuple[int, int, int, int], gap: int, *, capitals: bool
) -> tuple[Key, ...]:
    """Return the keys of *layer*; see `Keyboard.keys`."""
    rows, chips = _layout(layer, field)
    x, y, width, height = area
    main = width - round(width * CHIPS_SHARE) if chips else width
    gap = max(gap, 0)
    row_gap = min(gap, max(height // len(rows) - TALL_ENOUGH, 0))
    keys: list[Key] = []
    for index, row in enumerate(rows):
        top, bottom = y + height * index // len(rows), y + height * (index + 1) // len(rows)
        keys += _row(row, (x, top, main, bottom - top), COLUMNS, gap, row_gap, capitals=capitals)
        if chips:
            side = (x + main, top, width - main, bottom - top)
            keys += _row(chips[index], side, 0.0, gap, row_gap, capitals=False)
    return tuple(keys)


def _layout(layer: Layer, field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rows of *layer* and the column of chips beside them, if there is one."""
    match layer, field:
        case Layer.LETTERS, Field.EMAIL:
            return EMAIL_LETTERS, EMAIL_CHIPS
        case Layer.SYMBOLS, Field.EMAIL:
            return EMAIL_SYMBOLS, EMAIL_CHIPS
        case Layer.LETTERS, Field.NAME:
            return NAME_LETTERS, ()
        case Layer.SYMBOLS, Field.NAME:
            return NAME_SYMBOLS, ()
        case _:
            return ACCENTS, ()


def _row(
    row: str, box: tuple[int, int, int, int], columns: float, gap: int, row_gap: int, *, capitals: bool
) -> list[Key]:
    """Return the keys of one row in *box*, at least *columns* units across, centred; the end cells reach its edges."""
    words = [_word(word) for word in row.split()]
    used = sum(units for _, units in words)
    across = max(used, columns)
    left, top, width, height = box
    edges = [left + round(width * (across - used) / 2 / across)]
    done = (across - used) / 2
    for _, units in words:
        done += units
        edges.append(left + round(width * done / across))
    keys: list[Key] = []
    for index, (word, _) in enumerate(words):
        start, end = edges[index], edges[index + 1]
        cell_start = left if index == 0 else start
        cell_end = left + width if index == len(words) - 1 else end
        name, label, kind = _face(word, capitals=capitals)
        keys.append(
            Key(
                f"key:{name}",
                label,
                start + gap // 2,
                top + row_gap // 2,
                max(end - start - gap, 1),
                max(height - row_gap, 1),
                kind,
                (cell_start, top, cell_end - cell_start, height),
            )
        )
    return keys


def _word(word: str) -> tuple[str, float]:
    """Return what a word of a layout names, and how many units wide it is."""
    name, star, units = word[1:].rpartition("*")
    return (word[0] + name, float(units)) if star else (word, 1.0)


def _face(word: str, *, capitals: bool) -> tuple[str, str, Literal["char", "action", "chip"]]:
    """Return what the key of *word* enters or does, what it says, and its kind."""
    if word in LABELS:
        return word, LABELS[word], "action"
    if len(word) > 1:
        return word, word, "chip"
    char = CAPITALS.get(word, word.upper()) if capitals else word
    return char, char, "char"


def _inside(cell: tuple[int, int, int, int], x: int, y: int, margin: int) -> bool:
    left, top, width, height = cell
    return left - margin <= x < left + width + margin and top - margin <= y < top + height + margin


def _distance(key: Key, x: int, y: int) -> int:
    """Return the square of the distance from a point to the painted key, in pixels."""
    across = max(key.x - x, 0, x - (key.x + key.width - 1))
    down = max(key.y - y, 0, y - (key.y + key.height - 1))
    return across * across + down * down
