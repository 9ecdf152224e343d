"""The texts that guests agreed to, beside the list of those who did: without them nobody knows to what. Pure."""

from collections.abc import Mapping

FILE = "consent-texts.txt"

_NONE = """\
No booth whose disk was exported here asks for consent, or only a bucket was exported: a bucket does not know the texts.
"""

Texts = Mapping[str, str]
"""The texts by language; under "" the one that is shown in all."""


def page(booths: Mapping[str, Texts]) -> bytes:
    """Return the file: for each booth, by its name, the texts as its settings have them."""
    parts = [
        f"Booth {booth}, {f'in {language}' if language else 'in all languages'}:\n\n{text.strip()}\n"
        for booth, texts in sorted(booths.items())
        for language, text in sorted(texts.items())
        if text.strip()
    ]
    head = "What guests were asked beside the box that they could tick, as the booths' settings have it.\n"
    return "\n".join([head, *parts] if parts else [head, _NONE]).encode("utf-8", "replace")
