"""Links to a visit's animation on a page that the operator runs: filled in from a template. Pure.

Whoever has such a link can open the page: links are made from what cannot be guessed, and are never logged.
"""

import re
import string
from urllib.parse import quote, urlsplit

from booth.core.visit import SessionId

FIELDS = ("session", "key", "event", "booth")
"""What a template may mention, each in braces."""

_FIX = 'write it like "https://photos.example.com/{session}"'


def page(template: str) -> str:
    """Return *template* as it is, if links can be made from it; "" makes none.

    Raises ValueError, with a sentence for the owner, if not.
    """
    if not template:
        return template
    # Wherever there is an @, what is before it may be a password, however wrong the rest is.
    said = "the address" if "@" in template else f"the address {template!r}"
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as exc:
        raise ValueError(f"{said} has a brace without its partner: {_FIX}") from exc
    known = ", ".join("{" + field + "}" for field in FIELDS)
    for _, field, form, conversion in parts:
        if field is not None and (field not in FIELDS or form or conversion):
            raise ValueError(
                f"{said} asks for {{{field}}}: it may use {known}" if "@" not in template else f"{said} may use {known}"
            )
    try:
        address = urlsplit(template)
        port = address.port
    except ValueError:
        raise ValueError(f"{said} is not the address of a page: {_FIX}") from None
    if address.scheme not in {"http", "https"} or not address.hostname or port == 0:
        raise ValueError(f"expected an address that begins with http:// or https://, which {said} does not: {_FIX}")
    if address.username is not None or address.password is not None:
        raise ValueError("a password in the address would be shown to every guest: leave it out")
    if re.search(r"[{}]", address.netloc):
        raise ValueError(f"{said} has a brace in the name of its host: {_FIX}")
    if not re.fullmatch(r"[!-~]+", template, re.ASCII):
        raise ValueError(f"{said} has a blank or a letter that addresses do not have: write those as %20, %C3%A9")
    return template


def link(template: str, *, session: SessionId, key: str, event: str, booth: str) -> str:
    """Return the link to a visit; *template* has been through `page`. All that is filled in is quoted."""
    # A key's slashes are folders, and stay so.
    return template.format(
        session=quote(session, safe=""), key=quote(key), event=quote(event, safe=""), booth=quote(booth, safe="")
    )
