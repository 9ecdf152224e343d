"""The texts that guests agreed to, beside the list of those who did: without them nobody knows to what. Pure."""

from collections.abc import Mapping

FILE = "consent-texts.txt"

_NONE = """\
No booth whose disk was exported here asks for consent, or only a bucket was exported: the texts are taken from disks.
"""

_HEX = 64
"""Digits of a SHA-256."""

Texts = Mapping[str, str]
"""The texts by the SHA-256 that records have of them; what only the settings have by language, under "" for all."""


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
