"""What visible characters are: where they begin, what of them is drawn, by which script, and where a line may break.

Pure: no font is asked.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from booth.core.graphemes import boundary

SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "ADLAM": "Adlm", "ARABIC": "Arab", "ARMENIAN": "Armn", "BALINESE": "Bali", "BENGALI": "Beng",
        "CANADIAN": "Cans", "CHAKMA": "Cakm", "CHAM": "Cham", "CHEROKEE": "Cher", "COPTIC": "Copt",
        "CYRILLIC": "Cyrl", "DEVANAGARI": "Deva", "ETHIOPIC": "Ethi", "GEORGIAN": "Geor", "GREEK": "Grek",
        "GUJARATI": "Gujr", "GURMUKHI": "Guru", "HANGUL": "Hang", "HEBREW": "Hebr", "JAVANESE": "Java",
        "KANNADA": "Knda", "KHMER": "Khmr", "LAO": "Laoo", "LATIN": "Latn", "LIMBU": "Limb", "MALAYALAM": "Mlym",
        "MEETEI": "Mtei", "MONGOLIAN": "Mong", "MYANMAR": "Mymr", "NKO": "Nkoo", "ORIYA": "Orya", "SINHALA": "Sinh",
        "SUNDANESE": "Sund", "SYRIAC": "Syrc", "TAMIL": "Taml", "TELUGU": "Telu", "THAANA": "Thaa", "THAI": "Thai",
        "TIBETAN": "Tibt", "TIFINAGH": "Tfng",
    }
)  # fmt: skip
"""The first word of a letter's name in Unicode, and the script that it is joined and stacked by."""

_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
"""Unicode's categories of what is not drawn."""
JOINERS = {"\u200c", "\u200d"}
"""Characters that are not drawn either, and shape what is beside them."""
AS_TEXT = "\ufe0e"
"""Says that the character before it is not to be shown as a picture in colours."""
_AS_PICTURE, _KEYCAP = "\ufe0f", "\u20e3"

_IDEOGRAPHS = "\u2e80"
"""From here on there are characters between which a line may break."""

_LATIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u2010-\u2015\u2018-\u201f\u2026\u202f]+")
"""Letters, digits and marks of Latin languages: each is seen, stands for itself, and runs from left to right."""


def boundaries(text: str) -> list[int]:
    """Return where visible characters begin, and the end of *text*."""
    if text.isascii():
        return list(range(len(text) + 1))
    found = [0]
    while found[-1] < len(text):
        found.append(boundary(text, found[-1], 1))
    return found


def words(paragraph: str) -> Iterator[tuple[str, bool]]:
    """Yield what may stand on a line of its own, and whether there is a blank before it."""
    for word in filter(None, paragraph.split(" ")):  # at blanks only: there are spaces that hold together
        if max(word) < _IDEOGRAPHS:
            yield word, True
            continue
        blank = True
        start = 0
        for index in range(1, len(word)):
            if _breaks(word[index - 1]) and _breaks(word[index]):
                yield word[start:index], blank
                start, blank = index, False
        yield word[start:], blank


def _breaks(char: str) -> bool:
    """Whether lines may end after, or begin with, this character: ideographs and kana, but not their full stops."""
    return (
        char >= _IDEOGRAPHS and unicodedata.category(char) == "Lo" and unicodedata.east_asian_width(char) in {"W", "F"}
    )


def seen(cluster: str) -> str:
    """Return what of a visible character is drawn, or shapes what is drawn."""
    if cluster.isprintable():
        return cluster
    return "".join(c for c in cluster if unicodedata.category(c) not in _UNSEEN or c in JOINERS or selects(c))


def drawable(text: str) -> str:
    """Return what the drawing library is given: it refuses zeros, and has no use for marks of direction."""
    if text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) not in {*_UNSEEN, "Cs"} or c in JOINERS or selects(c))


def selects(char: str) -> bool:
    """Whether a character only says how the one before it is drawn."""
    return char in {AS_TEXT, _AS_PICTURE} or "\U000e0020" <= char <= "\U000e007f"


def latin(text: str) -> bool:
    """Whether *text* is all Latin letters without marks apart, digits and usual punctuation; not if it is empty."""
    return _LATIN.fullmatch(text) is not None


def is_picture(cluster: str) -> bool:
    """Whether a character is to be shown as a picture in colours."""
    return _AS_PICTURE in cluster or _KEYCAP in cluster or "\U0001f3fb" <= cluster[-1] <= "\U0001f3ff"


@lru_cache(maxsize=1024)
def script(cluster: str) -> str:
    """Return the script that a character is joined and stacked by, "" for what any script has."""
    if cluster.isascii():
        return ""
    return SCRIPTS.get(unicodedata.name(cluster[0], "").partition(" ")[0].partition("-")[0], "")
