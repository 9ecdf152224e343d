"""A guest's details as object metadata: printable ASCII, reversible, inside the server's limit.

S3 metadata travels in HTTP headers. Whatever is not printable ASCII is percent-encoded as UTF-8, and so is ``%``
itself; blanks at either end are encoded too, because servers strip them. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

from booth.core.graphemes import boundary

LIMIT = 2000
"""Bytes in all that the set may take. A Zenko server refuses more than 2,136."""

KEY = "consent"
"""How metadata keys begin that are a record; the id of the consent follows."""

ANSWER = "answer"
"""How metadata keys begin that are an answer to one of the event's own questions; the question's id follows."""

LONGEST_VALUE = len("yes marketing 2026-11-22T17:05:12Z en ") + 64
"""Bytes of the longest record in metadata."""

_PREFIX = "x-amz-meta-"
_KEY = re.compile(r"[a-z][a-z0-9]*", re.ASCII)
TEST = "test"
"""The name of the mark that an operator's trial bears: ``yes``. A guest's visit has none."""

LANGUAGE = "language"
"""The name by which is told in which language the screen spoke to the guest: a code, like ``de``."""

_OF_THE_PICTURE = frozenset({"event", "booth", "session", "taken", "consent", TEST})
"""Names that say nothing of who the guest is. What is not among them is personal, whatever it will be called."""
_SHORTENED_FIRST = ("name", "email", "event", "booth")


def encode(values: Mapping[str, str]) -> dict[str, str]:
    """Return *values* fit for ``put_object(Metadata=...)``, at most `LIMIT` bytes by the server's reckoning.

    What is too long is shortened at whole visible characters: the name first, then the address, then the rest.
    Raises ValueError for a key that is not ``[a-z][a-z0-9]*``, and when even empty values would be too many.
    """
    for key in values:
        if not _KEY.fullmatch(key):
            raise ValueError(f"metadata key {key!r} is not a small letter followed by small letters and digits")
    encoded = {key: _escaped(value) for key, value in values.items()}
    for key in _order(values):
        excess = weight(encoded) - LIMIT
        if excess <= 0:
            return encoded
        encoded[key] = _shortened(values[key], len(encoded[key]) - excess)
    if weight(encoded) > LIMIT:
        raise ValueError(f"{len(encoded)} metadata keys are too many: they alone take more than {LIMIT} bytes")
    return encoded


def decode(encoded: Mapping[str, str]) -> dict[str, str]:
    """Return what was given to `encode` (as far as there was room for it). What is no UTF-8 is replaced."""
    return {key: _unescaped(value) for key, value in encoded.items()}


def is_test(details: Mapping[str, str]) -> bool:
    """Return whether a visit was an operator's trial: its metadata, encoded or not, say so. It is no guest's."""
    return details.get(TEST, "no") not in {"", "no"}


def nameless(encoded: Mapping[str, str]) -> dict[str, str]:
    """Return of *encoded* what anybody may read who is handed the picture: nothing that tells who its guest is."""
    return {name: value for name, value in encoded.items() if name in _OF_THE_PICTURE}


def sound(encoded: Mapping[str, object]) -> bool:
    """Return whether *encoded* is what `encode` could have made: it can be sent."""
    texts = {name: value for name, value in encoded.items() if isinstance(value, str)}
    return (
        len(texts) == len(encoded)
        and all(_KEY.fullmatch(name) for name in texts)
        and all(" " <= char <= "~" for value in texts.values() for char in value)
        and weight(texts) <= LIMIT
    )


def weight(encoded: Mapping[str, str]) -> int:
    """Return the bytes that the server will count for *encoded*."""
    return sum(len(_PREFIX) + len(key) + len(value) for key, value in encoded.items())


def _unescaped(value: str) -> str:
    content = unquote_to_bytes(value)
    try:
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace")


def _order(values: Mapping[str, str]) -> Iterator[str]:
    yield from (key for key in _SHORTENED_FIRST if key in values)
    yield from (key for key in values if key not in _SHORTENED_FIRST)


def _escaped(value: str) -> str:
    inner = value.strip(" ")
    lead = len(value) - len(value.lstrip(" "))
    trail = len(value) - lead - len(inner)
    return "%20" * lead + "".join(_escape(char) for char in inner) + "%20" * trail


def _escape(char: str) -> str:
    if " " <= char <= "~" and char != "%":
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))


def _shortened(value: str, room: int) -> str:
    """Return the escaped form of as many visible characters of *value* as fit into *room* bytes."""
    end = 0
    while end < len(value):
        further = boundary(value, end, 1)
        if len(_escaped(value[:further].rstrip(" "))) > room:
            break
        end = further
    return _escaped(value[:end].rstrip(" "))
