"""The texts that guests agreed to, beside the list of those who did: without them nobody knows to what. Pure."""

from collections.abc import Mapping

FILE = "consent-texts.txt"

_NONE = """\
No booth that was exported here asks for consent. What the settings of one have now is taken from its disk alone.
"""

_HEX = 64
"""Digits of a SHA-256."""

Texts = Mapping[str, str]
"""The texts by the SHA-256 that records have of them; what only the settings have by language, under "" for all."""


def together(one: Mapping[str, Texts], other: Mapping[str, Texts]) -> dict[str, Texts]:
    """Return the texts that *one* and *other* have, by booth: what was read by both, what the settings have by *one*.

    Where *one* has no settings, as a bucket has none, by *other*.
    """
    found = dict(other)
    for booth, texts in one.items():
        set_now = any(len(key) != _HEX for key in texts)
        kept = {key: text for key, text in other.get(booth, {}).items() if len(key) == _HEX or not set_now}
        found[booth] = {**kept, **texts}
    return found


def page(booths: Mapping[str, Texts]) -> bytes:
    """Return the file: for each booth, by its name, the texts as its settings have them."""
    parts = [
        f"Booth {booth}, {_which(language)}:\n\n{text.strip()}\n"
        for booth, texts in sorted(booths.items())
        for language, text in sorted(texts.items())
        if text.strip()
    ]
    head = "What guests were asked beside the box that they could tick, as the booths' settings have it.\n"
    return "\n".join([head, *parts] if parts else [head, _NONE]).encode("utf-8", "replace")


def _which(key: str) -> str:
    if len(key) == _HEX:
        return f"SHA-256 {key}"
    return f"in {key}" if key else "in all languages"
