"""The WHERE clause of a search as CloudServer 8.8 and its database take it: with all that goes wrong there.

A backslash in a text takes the next sign as it is; digits without quotes are a number, which no text is equal to; the
first `replication-status` is another word, wherever it stands; and LIKE is a regular expression that nobody looks at
before the database does.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Value = str | int
Document = Mapping[str, Value]
"""An object's fields."""

ATTRIBUTES = frozenset({
    "key", "content-length", "content-type", "content-md5", "last-modified", "dataStoreName", "owner-id",
    "owner-display-name", "versionId",
})  # fmt: skip
"""Fields beside metadata, tags and what replication keeps."""

_MARKS = ("<>", "!=", "<=", ">=", "=", "<", ">", "(", ")")

_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip


class PatternError(Exception):
    """A regular expression that the database does not understand. It is never answered."""


@dataclass(frozen=True)
class _Token:
    said: Value
    quoted: bool = False


def matcher(search: str) -> Callable[[Document], bool]:
    """Return what tells which objects *search* finds. Raises ValueError for what is refused; see `PatternError`."""
    tokens = _tokens(search.replace("replication-status", "replicationInfo.status", 1))
    found, rest = _either(tokens)
    if rest:
        raise ValueError("something is left over")
    return found


def _tokens(search: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(search):
        char = search[at]
        if char in " \n\r\t":
            at += 1
        elif char in "\"'`":
            said, at = _quoted(search, at)
            tokens.append(_Token(said, quoted=True))
        elif mark := next((each for each in _MARKS if search.startswith(each, at)), ""):
            tokens.append(_Token(mark))
            at += len(mark)
        else:
            word = re.match(r"[^ \n\r\t\"'`()=<>!]+|!", search[at:])
            assert word is not None  # noqa: S101  whatever is no mark, no quote and no blank
            tokens.append(_Token(int(word[0]) if word[0].isdecimal() else word[0]))
            at += len(word[0])
    return tokens


def _quoted(search: str, at: int) -> tuple[str, int]:
    quote, said = search[at], ""
    at += 1
    while at < len(search) and search[at] != quote:
        at += search[at] == "\\"
        said += search[at : at + 1]
        at += 1
    if at >= len(search):
        raise ValueError("a quote is open")
    return said, at + 1


_Found = tuple[Callable[[Document], bool], list[_Token]]


def _either(tokens: list[_Token]) -> _Found:
    one, rest = _both(tokens)
    if _is(rest, "OR"):
        other, rest = _either(rest[1:])
        return (lambda document: one(document) or other(document)), rest
    return one, rest


def _both(tokens: list[_Token]) -> _Found:
    one, rest = _test(tokens)
    if _is(rest, "AND"):
        other, rest = _both(rest[1:])
        return (lambda document: one(document) and other(document)), rest
    return one, rest


def _is(tokens: list[_Token], word: str) -> bool:
    return bool(tokens) and not tokens[0].quoted and str(tokens[0].said).upper() == word


def _test(tokens: list[_Token]) -> _Found:
    if _is(tokens, "("):
        found, rest = _either(tokens[1:])
        if not _is(rest, ")"):
            raise ValueError("a bracket is open")
        return found, rest[1:]
    if len(tokens) < 3:
        raise ValueError("a test has a field, an operator and a value")
    field, sign, value = str(tokens[0].said), str(tokens[1].said).upper(), tokens[2].said
    if not (field in ATTRIBUTES or field.startswith(("x-amz-meta-", "tags.", "replicationInfo."))):
        raise ValueError(f"unknown attribute: {field}")
    return _compare(field, sign, value), tokens[3:]


def _compare(field: str, sign: str, value: Value) -> Callable[[Document], bool]:
    if sign == "LIKE":
        pattern = _regex(str(value))
        return lambda document: isinstance(said := document.get(field), str) and bool(pattern.search(said))
    if sign == "=":
        return lambda document: document.get(field) == value
    if sign in {"!=", "<>"}:
        return lambda document: document.get(field) != value
    if sign not in _ORDER:
        raise ValueError(f"{sign} is no operator")
    order = _ORDER[sign]
    return lambda document: (
        (said := document.get(field)) is not None and type(said) is type(value) and order(said, value)
    )


def _regex(pattern: str) -> re.Pattern[str]:
    parts = pattern.split("/")
    flags = ""
    if len(parts) >= 3 and not parts[0]:
        pattern, flags = "/".join(parts[1:-1]), parts[-1]
    if set(flags) - set("imsx"):
        raise PatternError(flags)
    try:
        return re.compile(pattern, re.IGNORECASE | re.ASCII if "i" in flags else re.ASCII)
    except re.error as exc:
        raise PatternError(pattern) from exc
