"""What a server is asked, so that it leaves out nothing that is looked for: the rest is judged here.

A search is a WHERE clause whose LIKE is a regular expression of its database. One that makes no sense to that is never
answered, and there is no way to write a quote in a text. So patterns are made of letters, digits, `%`, `@`, `_`, of
dots for all that could mean something, and of brackets that are ours. Metadata that are no ASCII are stored
percent-encoded: a letter of any size is both codes. Pure.
"""

import re
from collections.abc import Iterator

from booth.operator.finding.clauses import (
    META,
    STATUS,
    Both,
    Clause,
    Compare,
    Either,
    Like,
    Since,
    cases,
)
from booth.outbox import metadata

MOST = 1500
"""Characters in a question: in an address each may become three, and servers take some thousand."""

_PIECE = 24
"""Letters of a text that a server is asked for; the rest of it is judged here."""

_PLAIN = re.compile(r"[^\"'`\\\x00-\x1f\x7f]*")
"""What may stand in quotes. A backslash, too, could mean something there."""


def question(clause: Clause) -> str:
    """Return the WHERE clause that finds all that *clause* holds of, and perhaps more; "" where there is none."""
    fields = set(_fields(clause))
    # Who a guest is may be told of by another object than the picture. Asked for both, a server finds neither.
    personal = metadata.nameless(dict.fromkeys(fields, "")).keys() != fields
    asked = _asked(clause, apart=personal)
    # The server puts another word into the place of the first that is this one, and no other.
    return asked if asked is not None and len(asked) <= MOST and asked.count(STATUS) <= 1 else ""


def _fields(clause: Clause) -> Iterator[str]:
    """Give the names of the metadata that *clause* is about."""
    match clause:
        case Both(one, other) | Either(one, other):
            yield from _fields(one)
            yield from _fields(other)
        case Compare() | Like() if clause.field.startswith(META):
            yield clause.field.removeprefix(META)


def _asked(clause: Clause, *, apart: bool) -> str | None:
    """Return what is asked; None for what cannot be. With *apart*, of metadata alone."""
    match clause:
        case Both(one, other):
            parts = [part for part in (_asked(one, apart=apart), _asked(other, apart=apart)) if part is not None]
            return f"({' AND '.join(parts)})" if len(parts) > 1 else next(iter(parts), None)
        case Either(one, other):
            first, second = _asked(one, apart=apart), _asked(other, apart=apart)
            return None if first is None or second is None else f"({first} OR {second})"
        case Since(moment):
            return f'({META}taken>="{moment}" OR last-modified>="{moment}")'
        case Compare() | Like() if apart and not clause.field.startswith(META):
            return None
        case Like():
            return _matched(clause)
        case Compare():
            return _compared(clause)


def _compared(test: Compare) -> str | None:
    value = test.stored
    if test.field == "content-length":
        return f"{test.field}{test.operator}{value}"
    if STATUS not in value and _PLAIN.fullmatch(value):
        return f'{test.field}{test.operator}"{value}"'
    # It cannot be written; but what is like it can be asked for, and what is equal to it is among that.
    return _matched(Like(test.field, (test.value,), begins=True, ends=True)) if test.operator == "=" else None


def _matched(test: Like) -> str | None:
    """Ask for the longest piece alone: with several, a database may try each place of one with each of another."""
    at, longest = max(enumerate(test.pieces), key=lambda piece: len(piece[1]))
    begins = test.begins and at == 0
    ends = test.ends and at == len(test.pieces) - 1
    cut = longest[:_PIECE]
    ends = ends and cut == longest
    if not cut or test.field == "content-length":  # a number, and no text that could be like another
        return None
    pattern = _pattern(cut, stored=test.field.startswith(META), any_case=test.any_case)
    return f'{test.field} LIKE "/{"^" * begins}{pattern}{"$" * ends}/{"i" * test.any_case}"'


def _pattern(text: str, *, stored: bool, any_case: bool) -> str:
    """Return a regular expression for *text*, as metadata are *stored* or as it is."""
    if not stored:
        return "".join(_safe(char) if char.isascii() else ".*" for char in text)
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    blank = "( |%20)"  # at the ends of the whole they are encoded, and nobody knows whether this is one
    letters = "".join(_letter(char, any_case=any_case) for char in inner)
    return before * blank + letters + (len(text) - before - len(inner)) * blank


def _letter(char: str, *, any_case: bool) -> str:
    if char == " ":
        return char
    codes = [
        metadata.encode({"c": each})["c"] for each in (cases(char) if any_case and not char.isascii() else (char,))
    ]
    made = ["".join(map(_safe, code)) for code in dict.fromkeys(codes)]
    return made[0] if len(made) == 1 else f"({'|'.join(made)})"


def _safe(char: str) -> str:
    return char if re.fullmatch(r"[A-Za-z0-9%@_ ]", char) else "."
