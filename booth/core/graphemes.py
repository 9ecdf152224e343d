"""Where one visible character ends and the next begins: Unicode's grapheme clusters (UAX 29), for the form's caret.

Pure, and here because Python knows the categories of characters and not this, and the core imports no package. Tests
hold it against Unicode's own file and against a library.
"""

import unicodedata
from bisect import bisect_right
from enum import Enum, auto
from functools import lru_cache


class _Kind(Enum):
    """What a character does to its neighbours; the standard's Grapheme_Cluster_Break, as far as it changes anything."""

    OTHER = auto()
    CONTROL = auto()
    PREPEND = auto()
    EXTEND = auto()
    JOINER = auto()
    SPACING = auto()
    REGIONAL = auto()
    PICTURE = auto()
    L = auto()
    V = auto()
    T = auto()
    LV = auto()
    LVT = auto()


class _Spans:
    """A set of characters, written as in Unicode's files: ``A9 203C 2194-2199``, in order."""

    def __init__(self, written: str) -> None:
        pairs = [span.partition("-") for span in written.split()]
        self._firsts = [int(first, 16) for first, _, _ in pairs]
        self._lasts = [int(last or first, 16) for first, _, last in pairs]

    def __contains__(self, char: str) -> bool:
        at = bisect_right(self._firsts, ord(char)) - 1
        return at >= 0 and ord(char) <= self._lasts[at]


_ZWJ = "\u200d"

_MARKS = "\u0300"
"""The first character that is one with another: below are the letters, digits and signs of most of Europe."""

_PICTURES = _Spans(
    """A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 2388 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB 25B6
    25C0 25FB-25FE 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271D 2721 2728 2733-2734 2744 2747 274C
    274E 2753-2755 2757 2763-2767 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D 3297 3299
    1F000-1F0FF 1F10D-1F10F 1F12F 1F16C-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F1AD-1F1E5 1F201-1F20F 1F21A 1F22F
    1F232-1F23A 1F23C-1F23F 1F249-1F3FA 1F400-1F53D 1F546-1F64F 1F680-1F6FF 1F774-1F77F 1F7D5-1F7FF 1F80C-1F80F
    1F848-1F84F 1F85A-1F85F 1F888-1F88F 1F8AE-1F8FF 1F90C-1F93A 1F93C-1F945 1F947-1FAFF 1FC00-1FFFD"""
)
"""Extended_Pictographic, of emoji-data.txt (Unicode 15.0): what a joiner makes one picture of."""

_EXTENDING = _Spans(
    """9BE 9D7 B3E B57 BBE BD7 CC2 CD5-CD6 D3E D57 DCF DDF 1B35 200C 302E-302F FF9E-FF9F 1133E 11357 114B0 114BD 115AF
    11930 1D165 1D16E-1D172 1F3FB-1F3FF E0020-E007F"""
)
"""What belongs to the character before it though its category says otherwise: Other_Grapheme_Extend, and skin tones."""

_SPACING = _Spans("E33 EB3")
"""Vowels of Thai and Lao that stand behind their consonant, and are letters by category."""

_ALONE = _Spans("102B-102C 1038 1062-1064 1067-106D 1083 1087-108C 108F 109A-109C 1A61 1A63-1A64 AA7B AA7D 11720-11721")
"""Marks of Burmese and its neighbours that are characters of their own."""

_PREPENDED = _Spans("600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 1193F 11941 11A84-11A89 11D46 11F02")
"""Signs that stand before what they belong to: the Arabic number sign, Malayalam's dotted r."""

_VIRAMAS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")
"""What makes one conjunct of two consonants, in the scripts of India that stack them (Unicode 15.1 and later)."""

_CONSONANTS = _Spans(
    """915-939 958-95F 978-97F 995-9A8 9AA-9B0 9B2 9B6-9B9 9DC-9DD 9DF 9F0-9F1 A95-AA8 AAA-AB0 AB2-AB3 AB5-AB9 AF9
    B15-B28 B2A-B30 B32-B33 B35-B39 B5C-B5D B5F B71 C15-C28 C2A-C39 C58-C5A D15-D3A"""
)
"""Consonants of these scripts (InCB=Consonant)."""

_HANGUL = (
    (_Spans("1100-115F A960-A97C"), _Kind.L),
    (_Spans("1160-11A7 D7B0-D7C6"), _Kind.V),
    (_Spans("11A8-11FF D7CB-D7FB"), _Kind.T),
)
_SYLLABLES = _Spans("AC00-D7A3")
_AFTER_HANGUL = {
    _Kind.L: {_Kind.L, _Kind.V, _Kind.LV, _Kind.LVT},
    _Kind.LV: {_Kind.V, _Kind.T},
    _Kind.V: {_Kind.V, _Kind.T},
    _Kind.LVT: {_Kind.T},
    _Kind.T: {_Kind.T},
}
"""What goes on with a syllable of Hangul (GB6 to GB8)."""


def boundary(text: str, caret: int, by: int) -> int:
    """Return the caret position *by* visible characters away from *caret*, inside *text*."""
    while by > 0 and caret < len(text):
        caret += 1
        while inside(text, caret):
            caret += 1
        by -= 1
    while by < 0 and caret > 0:
        caret -= 1
        while inside(text, caret):
            caret -= 1
        by += 1
    return caret


def inside(text: str, caret: int) -> bool:
    """Return whether *caret* stands between two parts of one visible character; never at an end of *text*."""
    if not 0 < caret < len(text):
        return False
    if text[caret - 1] < _MARKS and text[caret] < _MARKS:
        return text[caret - 1 : caret + 1] == "\r\n"
    kind, before = _kind(text[caret]), _kind(text[caret - 1])
    if _Kind.CONTROL in {kind, before}:
        return text[caret - 1 : caret + 1] == "\r\n"
    if kind in _AFTER_HANGUL.get(before, ()):
        return True
    if kind in {_Kind.EXTEND, _Kind.JOINER, _Kind.SPACING} or before is _Kind.PREPEND:
        return True
    if kind is _Kind.PICTURE and before is _Kind.JOINER:
        return _kind(text[_extended(text, caret - 1) - 1]) is _Kind.PICTURE
    if kind is _Kind.REGIONAL:  # flags are pairs of letters
        start = caret
        while start and _kind(text[start - 1]) is _Kind.REGIONAL:
            start -= 1
        return (caret - start) % 2 == 1
    return text[caret] in _CONSONANTS and _conjoined(text, caret)


def _extended(text: str, end: int) -> int:
    """Return where the marks that go on to *end* begin; 1 at least, as they are on something."""
    start = end
    while start > 1 and _kind(text[start - 1]) is _Kind.EXTEND:
        start -= 1
    return start or 1


def _conjoined(text: str, at: int) -> bool:
    """Whether the consonant at *at* is stacked on one before it (GB9c)."""
    linked = False
    index = at - 1
    while index >= 0 and _kind(text[index]) in {_Kind.EXTEND, _Kind.JOINER} and text[index] != "\u200c":
        linked = linked or text[index] in _VIRAMAS
        index -= 1
    return linked and index >= 0 and text[index] in _CONSONANTS


@lru_cache(maxsize=1024)
def _kind(char: str) -> _Kind:
    if char in _EXTENDING:
        return _Kind.EXTEND
    if char == _ZWJ:
        return _Kind.JOINER
    if char in _PREPENDED:
        return _Kind.PREPEND
    if char in _PICTURES:
        return _Kind.PICTURE
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return _Kind.REGIONAL
    if char in _SYLLABLES:
        return _Kind.LVT if (ord(char) - 0xAC00) % 28 else _Kind.LV
    for spans, kind in _HANGUL:
        if char in spans:
            return kind
    return _of_category(char)


def _of_category(char: str) -> _Kind:
    category = unicodedata.category(char)
    if category in {"Mn", "Me"}:
        return _Kind.EXTEND
    if char in _SPACING or (category == "Mc" and char not in _ALONE):
        return _Kind.SPACING
    return _Kind.CONTROL if category in {"Cc", "Cf", "Zl", "Zp", "Cs"} else _Kind.OTHER
