"""Which of two releases is the newer: versions as PEP 440 and Semantic Versioning order them.

What a release is called comes from a file that anybody may have made, so a name is short, of few letters, and read by
two patterns; what neither reads is no version. Where the two standards differ, the reading that makes it the older one
is taken: ``1.0-1`` comes before ``1.0``.
"""

import re
from dataclasses import dataclass, field

LONGEST = 61
"""Characters."""

_NUMBERS = r"(?P<numbers>[0-9]{1,9}(?:\.[0-9]{1,9}){0,5})"
_BUILD = r"(?:\+[0-9a-z]+(?:[._-][0-9a-z]+)*)?"
_PYTHONS = re.compile(
    _NUMBERS
    + r"(?:[._-]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[._-]?(?P<pre_number>[0-9]{1,9})?)?"
    + r"(?:[._-]?(?P<post>post|rev|r)[._-]?(?P<post_number>[0-9]{1,9})?)?"
    + r"(?:[._-]?(?P<dev>dev)[._-]?(?P<dev_number>[0-9]{1,9})?)?"
    + _BUILD
)
"""PEP 440, but for what it reads as a post-release without saying so."""
_SEMANTIC = re.compile(_NUMBERS + r"-(?P<before>[0-9a-z-]+(?:\.[0-9a-z-]+)*)" + _BUILD)
"""A pre-release as Semantic Versioning writes it."""
_SHORT = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}

_Word = tuple[int, int, str]
_LEAST, _MOST = (-1,), (1,)


@dataclass(frozen=True, order=True)
class Version:
    """A version. Two are equal if neither is the newer, as two builds of one number are."""

    _key: tuple[object, ...]
    text: str = field(compare=False)
    """The version as it was written."""

    @classmethod
    def of(cls, text: str) -> "Version | None":
        """Read *text*; None if it is no version."""
        if len(text) > LONGEST:
            return None
        lower = text.lower()
        if found := _PYTHONS.fullmatch(lower):
            return cls((_numbers(found["numbers"]), *_pythons(found)), text)
        if found := _SEMANTIC.fullmatch(lower):
            words = tuple(map(_word, found["before"].split(".")))
            return cls((_numbers(found["numbers"]), (0, words), _LEAST, _MOST), text)
        return None


def _numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a release without zeros at the end: 1.0 is 1."""
    numbers = [int(number) for number in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _pythons(found: re.Match[str]) -> tuple[object, object, object]:
    """Return the places among pre-releases, post-releases and those in development."""
    pre, post, dev = found["pre"], found["post"], found["dev"]
    after = (0, int(found["post_number"] or 0)) if post else _LEAST
    under = (0, int(found["dev_number"] or 0)) if dev else _MOST
    if pre:
        return (0, (_word(pre), _word(found["pre_number"] or "0"))), after, under
    return (_LEAST if dev and not post else _MOST), after, under


def _word(text: str) -> _Word:
    """Return the place of one part of a pre-release: numbers by their value, and before words."""
    return (0, int(text), "") if text.isdigit() else (1, 0, _SHORT.get(text, text))
