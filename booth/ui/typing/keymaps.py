"""What the keys of a physical keyboard say in the countries that do not have the American one.

For a display whose driver knows no other: without a desktop nobody else translates. The tables were compared with those
of xkeyboard-config, key by key. What is rarely printed on a key is left out; and a few signs with AltGr are where
Windows has them, for more guests know that: British accents, the euro on 5, dead keys in the row of digits.
"""
# ruff: noqa: RUF001  # the accents are meant: they stand on the keys

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_ROWS = (
    (53, *range(30, 40), 45, 46),
    (20, 26, 8, 21, 23, 28, 24, 12, 18, 19, 47, 48),
    (4, 22, 7, 9, 10, 11, 13, 14, 15, 51, 52, 49),
    (100, 29, 27, 6, 25, 5, 17, 16, 54, 55, 56),
)
"""The keys by their USB numbers, from the left: as if all had both the key beside Return and the one beside shift."""

_SAME = {50: 49}
"""Some keyboards have another number for the key beside Return."""

# Whether the number lock is on is not asked: there is nowhere to move on a form but in its text.
_EVERYWHERE = {44: " ", **dict(zip((*range(84, 88), *range(89, 100)), "/*-+1234567890.", strict=True))}
"""The space bar and the keypad."""

_MODIFIERS = frozenset({57, 83, *range(224, 232)})
"""The locks, shift, control, alt and the like: by themselves they are no key."""

_BACKSPACE = 42

_NOTHING = "□"

_COMBINING = {"`": "\N{COMBINING GRAVE ACCENT}", "´": "\N{COMBINING ACUTE ACCENT}",
              "^": "\N{COMBINING CIRCUMFLEX ACCENT}", "~": "\N{COMBINING TILDE}",
              "¨": "\N{COMBINING DIAERESIS}"}  # fmt: skip


@dataclass(frozen=True)
class Keymap:
    """The character of each key by its USB number: alone, with shift, with AltGr. Those of *dead* wait for a letter."""

    alone: Mapping[int, str]
    shift: Mapping[int, str]
    altgr: Mapping[int, str]
    dead: str = ""

    def char(self, key: int, *, shift: bool = False, altgr: bool = False, caps: bool = False) -> str:
        """Return what is on a *key*, empty for nothing. The lock of the capitals is for letters only."""
        char = (self.altgr if altgr else self.shift if shift else self.alone).get(_SAME.get(key, key), "")
        # With AltGr there is no level of its own for shift: it has capitals, too, and other signs stay as they are.
        return _other_case(char) if caps != (altgr and shift) else char


def _other_case(char: str) -> str:
    other = char.swapcase()
    return other if other.swapcase() == char else char  # not for ß, or for the micro sign


def _keymap(drawing: str, dead: str = "") -> Keymap:
    """Read a drawing: a line for each row of keys, in it a word alone, one with shift, and perhaps one with AltGr."""
    levels = alone, shift, altgr = dict(_EVERYWHERE), dict(_EVERYWHERE), dict(_EVERYWHERE)
    for keys, line in zip(_ROWS, drawing.split("\n")[1:-1], strict=True):
        for level, word in zip(levels, line.split(), strict=False):
            level.update((key, char) for key, char in zip(keys, word, strict=False) if char != _NOTHING)
    return Keymap(alone, shift, altgr, dead)


KEYMAPS: Mapping[str, Keymap] = MappingProxyType(
    {
        "gb": _keymap(r"""
            `1234567890-=  ¬!"£$%^&*()_+  ¦□□□€
            qwertyuiop[]   QWERTYUIOP{}   □□é□□□úíó
            asdfghjkl;'#   ASDFGHJKL:@~   á
            \zxcvbnm,./    |ZXCVBNM<>?
        """),
        "de": _keymap(
            r"""
            ^1234567890ß´  °!"§$%&/()=?`  □□²³□□□{[]}\
            qwertzuiopü+   QWERTZUIOPÜ*   @□€□□□□□□□□~
            asdfghjklöä#   ASDFGHJKLÖÄ'
            <yxcvbnm,.-    >YXCVBNM;:_    |□□□□□□µ
            """,
            dead="^´`",
        ),
        "fr": _keymap(
            r"""
            ²&é"'(-è_çà)=  □1234567890°+  □□~#{[|`\^@]}
            azertyuiop^$   AZERTYUIOP¨£   □□€□□□□□□□□¤
            qsdfghjklmù*   QSDFGHJKLM%µ
            <wxcvbn,;:!    >WXCVBN?./§
            """,
            dead="^¨~`",
        ),
        "es": _keymap(
            r"""
            º1234567890'¡  ª!"·$%&/()=?¿  \|@#~€¬
            qwertyuiop`+   QWERTYUIOP^*   □□€□□□□□□□[]
            asdfghjklñ´ç   ASDFGHJKLÑ¨Ç   □□□□□□□□□□{}
            <zxcvbnm,.-    >ZXCVBNM;:_
            """,
            dead="`´^¨~",
        ),
        "it": _keymap(r"""
            \1234567890'ì  |!"£$%&/()=?^  □□□□□€□{[]}`~
            qwertyuiopè+   QWERTYUIOPé*   □□€□□□□□□□[]
            asdfghjklòàù   ASDFGHJKLç°§   □□□□□□□□□@#
            <zxcvbnm,.-    >ZXCVBNM;:_
        """),
        "ch": _keymap(
            r"""
            §1234567890'^  °+"*ç%&/()=?`  □|@#□□¬|¢□□´~
            qwertzuiopü¨   QWERTZUIOPè!   □□€□□□□□□□[]
            asdfghjklöä$   ASDFGHJKLéà£   □□□□□□□□□□{}
            <yxcvbnm,.-    >YXCVBNM;:_    \
            """,
            dead="^`¨´~",
        ),
    }
)
"""Keymaps by the name of the country, as xkeyboard-config has it; the Swiss one is that of those who speak German."""


class Composer:
    """Makes text of the keys of a keyboard of this kind, and of a dead key and a letter one character."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._dead = ""

    def forget(self) -> None:
        """Wait for no letter any longer."""
        self._dead = ""

    def strike(
        self, key: int, *, shift: bool = False, altgr: bool = False, caps: bool = False, chord: bool = False
    ) -> str | None:
        """Return the text that is there now, or "" for none; None if the *key* only takes a dead one back.

        A *chord* is with a key such as control: no text. A dead key and the next letter are one character, if there is
        such a one; otherwise both are there.
        """
        if key in _MODIFIERS:
            return ""
        dead, self._dead = self._dead, ""
        if key == _BACKSPACE:
            return None if dead else ""
        char = "" if chord else self._keymap.char(key, shift=shift, altgr=altgr, caps=caps)
        if not dead and char in tuple(self._keymap.dead):
            self._dead = char
            return ""
        return _joined(dead, char) if dead and char else char


def _joined(dead: str, char: str) -> str:
    if char == " ":
        return dead
    composed = unicodedata.normalize("NFC", char + _COMBINING[dead])
    return composed if char.isalpha() and len(composed) == 1 else dead + char
