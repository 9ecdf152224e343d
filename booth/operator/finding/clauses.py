"""What is looked for, as values: tests of an object's fields, joined by AND and OR. And what an object is held against.

An object is never found because a server says so: each is judged here, by what its own headers say. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from booth.outbox import metadata

META = "x-amz-meta-"
"""How the fields begin that are an object's own metadata."""

STATUS = "replication-status"
"""The field that says how far an object has been replicated."""

FIELDS = ("key", "content-length", "content-type", "content-md5", "last-modified", STATUS)
"""The other fields that can be asked for and that an object's headers prove."""

COMPLETED = "COMPLETED"
"""The status of an object that is wherever it was to be."""

LONGEST = 500
"""Characters of a text that can be looked for."""

Operator = Literal["=", "!=", "<", ">", "<=", ">="]


@dataclass(frozen=True)
class Facts:
    """An object, by its headers."""

    key: str
    size: int
    """Bytes."""
    modified: str
    """When it was put, in UTC, as ISO 8601 to the millisecond: ``2026-11-22T17:05:12.000Z``."""
    md5: str
    """Its ETag without quotes: the MD5 (hex) of what was put in one piece."""
    media_type: str
    metadata: Mapping[str, str]
    """The metadata as stored, names in small letters; nothing of what replication adds."""
    status: str = ""
    """The status of its replication; "" where no rule was there for it."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """The status by site, where the server tells it."""

    def stands(self, name: str) -> str | None:
        """Return what stands in a field as a server compares it; None if there is no such field."""
        if name.startswith(META):
            return self.metadata.get(name.removeprefix(META))
        known = (self.key, str(self.size), self.media_type, self.md5, self.modified, self.status)
        return dict(zip(FIELDS, known, strict=True))[name]

    def text(self, name: str) -> str | None:
        """Return what stands in a field as a person reads it."""
        stored = self.stands(name)
        return stored if stored is None or not name.startswith(META) else metadata.decode({"": stored})[""]


@dataclass(frozen=True)
class Compare:
    """A field that is equal to a value, or another, or before or behind it."""

    field: str
    operator: Operator
    value: str

    @property
    def stored(self) -> str:
        """The value as it stands in an object's metadata, where it is one of these."""
        return metadata.encode({"value": self.value})["value"] if self.field.startswith(META) else self.value

    def holds(self, facts: Facts) -> bool:
        """Return whether it is so. What is not there is unequal to everything, and neither before nor behind it."""
        found, wanted = facts.stands(self.field), self.stored
        if self.operator == "=":
            return found == wanted
        if self.operator == "!=":
            return found != wanted
        if found is None:
            return False
        less = int(found) < int(wanted) if self.field == "content-length" else found < wanted
        order = -1 if less else int(found != wanted)
        return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[self.operator]


@dataclass(frozen=True)
class Like:
    """A field that has *pieces* of text in this order, with anything between them."""

    field: str
    pieces: tuple[str, ...]
    """None of them empty, unless there is just one."""
    begins: bool = False
    """Whether the first is where the text begins."""
    ends: bool = False
    """Whether the last is where it ends."""
    any_case: bool = False
    """Whether large and small letters are the same, of whatever script."""

    def holds(self, facts: Facts) -> bool:
        """Return whether it is so."""
        found = facts.text(self.field)
        if found is None:
            return False
        text = folded(found) if self.any_case else found
        pieces = [folded(piece) if self.any_case else piece for piece in self.pieces]
        first, last = pieces[0], pieces[-1]
        if self.begins and self.ends and len(pieces) == 1:
            return text == first
        at = 0
        if self.begins:
            if not text.startswith(first):
                return False
            at = len(first)
            pieces = pieces[1:]
        end = len(text)
        if self.ends:
            if not text.endswith(last):
                return False
            end -= len(last)
            pieces = pieces[:-1]
        for piece in pieces:
            place = text.find(piece, at, end)
            if place < 0:
                return False
            at = place + len(piece)
        return at <= end


@dataclass(frozen=True)
class Since:
    """A picture that was taken at a time or later; where nobody knows when that was, that was put then."""

    moment: str
    """The moment in UTC, as ISO 8601 to the millisecond: ``2026-11-22T17:05:12.000Z``."""

    def holds(self, facts: Facts) -> bool:
        """Return whether it is so."""
        return (facts.stands(META + "taken") or facts.modified) >= self.moment


@dataclass(frozen=True)
class Both:
    """One thing and another."""

    one: "Clause"
    other: "Clause"

    def holds(self, facts: Facts) -> bool:
        """Return whether both are so."""
        return self.one.holds(facts) and self.other.holds(facts)


@dataclass(frozen=True)
class Either:
    """One thing or another."""

    one: "Clause"
    other: "Clause"

    def holds(self, facts: Facts) -> bool:
        """Return whether one of them is so."""
        return self.one.holds(facts) or self.other.holds(facts)


Clause = Compare | Like | Since | Both | Either


def both(one: Clause | None, other: Clause | None) -> Clause | None:
    """Return one thing and another; where one of them is nothing, the other alone."""
    if one is None or other is None:
        return one or other
    return Both(one, other)


def folded(text: str) -> str:
    """Return *text* so that two that differ in large and small letters alone are the same.

    A letter stays one letter, and none outside ASCII becomes one of ASCII, so that what is stored can be told from it:
    ``ß`` is not ``ss``, and the sign for kelvin is no ``k``.
    """
    return "".join(map(_folded, text))


@cache
def cases(char: str) -> tuple[str, ...]:
    """Return the letters that are the same as *char* but for their size, itself among them."""
    return _families().get(_folded(char), ()) or (char,)


def _folded(char: str) -> str:
    for small in (char.casefold(), char.lower()):
        if len(small) == 1 and char.isascii() == small.isascii():
            return small
    return char


@cache
def _families() -> dict[str, tuple[str, ...]]:
    families: dict[str, tuple[str, ...]] = {}
    for number in range(0x80, _NO_CASE_BEYOND):
        char = chr(number)
        small = _folded(char)
        if small != char or char.upper() != char:
            families[small] = (*families.get(small, ()), char)
    return families


_NO_CASE_BEYOND = 0x1F000
"""The last letters of Unicode that are large or small are Adlam's, at U+1E943."""
