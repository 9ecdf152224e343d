"""Object keys: from a template, unique because of the session, never made from a guest's name. Pure."""

import string
import unicodedata
from datetime import datetime

from booth.core.visit import SessionId

FIELDS = ("event", "date", "time", "session", "booth")
"""What a template may mention, each in braces."""

LONGEST = 915
"""Bytes in a key. S3 allows 1,024, but a Zenko server refuses more than this."""

_SLUG = 100
"""Characters of an event's or a booth's name that get into a key."""
SAMPLE = SessionId("20261122-170512-k3v9q2m7xw")
"""A session id like any other: all have as many characters."""


def slug(text: str, otherwise: str) -> str:
    """Return *text* as small letters, digits and ``-`` between them; *otherwise* if nothing is left of it."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = "".join(char if char.isalnum() else " " for char in ascii_only).split()
    return "-".join(words)[:_SLUG].strip("-") or otherwise


def unique(template: str) -> str:
    """Return *template* with ``{session}`` in it: as it is, or with the session before the extension.

    Raises ValueError, with a sentence for the owner, if no key can be made from it.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as exc:
        raise ValueError(f"the key template {template!r} has a brace without its partner; write {{session}}") from exc
    fields = [field for _, field, _, _ in parts if field is not None]
    known = ", ".join("{" + field + "}" for field in FIELDS)
    for _, field, form, conversion in parts:
        if field is not None and (field not in FIELDS or form or conversion):
            raise ValueError(f"the key template {template!r} asks for {{{field}}}; it may use {known}")
    if "session" not in fields:
        template = _with_session(template)
    example = template.format(event="e" * _SLUG, booth="b" * _SLUG, session=SAMPLE, date="2026-11-22", time="170512")
    if not _plain(example):
        raise ValueError(f"the key template {template!r} needs a name between any two slashes, and plain characters")
    if len(example.encode("utf-8", "surrogatepass")) > LONGEST:
        raise ValueError(f"the key template {template!r} makes keys of more than {LONGEST} bytes; shorten it")
    return template


def sound(key: str) -> bool:
    """Return whether *key* is one that a template could have made."""
    return _plain(key) and len(key.encode("utf-8", "surrogatepass")) <= LONGEST


def _plain(key: str) -> bool:
    return key.isprintable() and all(part not in {"", ".", ".."} for part in key.split("/"))


def object_key(template: str, *, event: str, booth: str, session: SessionId, taken: datetime) -> str:
    """Return the key of a visit's animation; *template* has been through `unique`, *taken* is the place's time."""
    return template.format(
        event=slug(event, "event"),
        booth=slug(booth, "booth"),
        session=session,
        date=f"{taken:%Y-%m-%d}",
        time=f"{taken:%H%M%S}",
    )


def pattern(template: str) -> str:
    """Return what all keys of *template* look like, with ``*`` for what differs; it has been through `unique`."""
    return template.format_map(dict.fromkeys(FIELDS, "*"))


def sibling(key: str, ending: str) -> str:
    """Return the key of what lies beside an animation's *key*: with *ending* for its ``.gif``; "" for its own."""
    return key.removesuffix(".gif") + ending if ending else key


def _with_session(template: str) -> str:
    folder, slash, name = template.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if not dot or "}" in extension:
        stem, dot, extension = name, "", ""
    joint = "-" if stem else ""
    return f"{folder}{slash}{stem}{joint}{{session}}{dot}{extension}"
