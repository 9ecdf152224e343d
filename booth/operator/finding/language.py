"""The language of Zenko's search, as far as it can be asked safely: a WHERE clause becomes clauses, or a sentence.

``x-amz-meta-event="dockercon" AND (x-amz-meta-name LIKE "/^zo.*/i" OR replication-status!="COMPLETED")``. A pattern of
LIKE is read here into pieces of text: what a server is sent is made of these anew, for a pattern that its database
does not understand is never answered. Pure.
"""

import re
from dataclasses import dataclass

from booth.errors import ConfigError
from booth.operator.finding.clauses import FIELDS, LONGEST, META, Both, Clause, Compare, Either, Like, Operator

_TOKEN = re.compile(
    r"""\s*(?: (?P<mark>[()]) | (?P<operator><>|!=|<=|>=|=|<|>) | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
             | (?P<word>[^\s()=<>!"']+) | (?P<odd>.) )""",
    re.VERBOSE | re.DOTALL,
)

_OPERATORS: dict[str, Operator] = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}

_NAME = re.compile(rf"{META}[a-z0-9_-]{{1,64}}")

_MOST = 50
"""Tests in one question. Its answer is looked for by nesting as deep."""

_UNPROVED = ("tags.", "datastorename", "replicationinfo.")
"""How fields begin that a Zenko knows and that no header of an object proves."""

EXAMPLE = 'x-amz-meta-event="party" AND x-amz-meta-name LIKE "/zoe.*/i"'
"""A question that makes sense."""


@dataclass
class _Reader:
    """The words of a question, and how far they have been read."""

    tokens: list[tuple[str, str]]
    at: int = 0
    tests: int = 0

    def next(self) -> tuple[str, str]:
        """Return the next word's kind and what it says; ("end", "") behind the last."""
        kind, said = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        self.at += 1
        return kind, said

    def skip(self, kind: str, said: str) -> bool:
        """Pass by the next word if it is this one; return whether it was."""
        passed = self.at < len(self.tokens) and self.tokens[self.at] == (kind, said)
        self.at += passed
        return passed


def read(question: str) -> Clause:
    """Return what a question asks for. Raises `ConfigError` with what can be written instead."""
    if len(question) > 4 * LONGEST:
        raise ConfigError(f"the question is too long: ask with {4 * LONGEST} characters at most")
    reader = _Reader(_tokens(question))
    clause = _either(reader)
    if reader.next()[0] != "end":
        raise _wrong("something stands behind its end: join tests by AND or OR")
    return clause


def _tokens(question: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(question.rstrip()):
        kind, said = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "odd":
            raise _wrong("a quote is open, or a sign makes no sense" if said in "\"'" else f"{said} is no operator")
        if kind == "word" and said.upper() in {"AND", "OR", "LIKE", "NOT", "IN"}:
            kind, said = "term", said.upper()
        tokens.append(("value" if kind in {"double", "single"} else kind, said))
    return tokens


def _either(reader: _Reader) -> Clause:
    clause = _both(reader)
    while reader.skip("term", "OR"):
        clause = Either(clause, _both(reader))
    return clause


def _both(reader: _Reader) -> Clause:
    clause = _test(reader)
    while reader.skip("term", "AND"):
        clause = Both(clause, _test(reader))
    return clause


def _test(reader: _Reader) -> Clause:
    reader.tests += 1
    if reader.tests > _MOST:
        raise ConfigError(f"the question has too many parts: ask with {_MOST} tests and brackets at most")
    if reader.skip("mark", "("):
        clause = _either(reader)
        if not reader.skip("mark", ")"):
            raise _wrong("a bracket is open")
        return clause
    kind, name = reader.next()
    if kind != "word":
        raise _wrong("the name of a field is missing")
    field = _field(name)
    kind, operator = reader.next()
    if (kind, operator) not in {("term", "LIKE"), *(("operator", each) for each in _OPERATORS)}:
        raise _wrong("there is no NOT and no IN: use = != < > <= >= or LIKE behind a field's name")
    kind, value = reader.next()
    if kind not in {"value", "word"}:
        raise _wrong("a value is missing behind an operator")
    if len(value) > LONGEST:
        raise ConfigError(f"a value of the question is too long: metadata are looked for by {LONGEST} characters")
    if operator == "LIKE":
        return _like(field, value)
    if field == "content-length" and not re.fullmatch("[0-9]{1,15}", value):
        raise _wrong("content-length is compared with a number of bytes")
    if field == "content-length":
        value = str(int(value))
    return Compare(field, _OPERATORS[operator], value)


def _field(name: str) -> str:
    small = name.lower()
    if small in FIELDS or _NAME.fullmatch(small):
        return small
    if small == "size":
        raise _wrong("size is called content-length")
    if small.startswith(_UNPROVED):
        raise _wrong("tags, locations and the inside of replication cannot be proved by an object's headers")
    known = ", ".join((*FIELDS, f"{META}NAME"))
    raise _wrong(f"there is no such field as one that it names: there are {known}")


def _like(field: str, pattern: str) -> Like:
    any_case = False
    if whole := re.fullmatch(r"/(.*)/([a-z]*)", pattern, re.DOTALL):
        pattern = whole[1]
        if whole[2] not in {"", "i"}:
            raise _wrong("behind the second / of a pattern stands i, for letters of any size, or nothing")
        any_case = whole[2] == "i"
    begins, ends = pattern.startswith("^"), pattern.endswith("$") and not pattern.endswith("\\$")
    inner = pattern[begins : len(pattern) - ends]
    pieces = [""]
    for found in re.finditer(
        r"(?P<any>\.\*|%)|\\(?P<escaped>[^a-zA-Z0-9])|(?P<plain>[^\\])|(?P<odd>.)", inner, re.DOTALL
    ):
        if found["any"]:
            pieces.append("")
        elif found["odd"] or (found["plain"] and found["plain"] in "[](){}|*+?^$"):
            raise _wrong(
                "a pattern has plain text, .* or % for anything, ^ and $ at its ends and /.../i around it; before a "
                r"sign that means more in other patterns put a \, or use ="
            )
        else:
            pieces[-1] += found["escaped"] or found["plain"]
    begins, ends = begins and bool(pieces[0]), ends and bool(pieces[-1])
    kept = tuple(piece for piece in pieces if piece)
    return Like(field, kept or ("",), begins, ends, any_case)


def _wrong(why: str) -> ConfigError:
    """Return the error; what was asked is not repeated, for it may be a guest's name."""
    return ConfigError(f"the question makes no sense: {why}; such as {EXAMPLE}")
