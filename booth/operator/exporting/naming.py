"""What the files of a hand-over are called: by the time of the place and a short id, by a guest only if asked. Pure.

The law: two visits never share a name, also where large and small letters are one, and every file system takes them.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.operator.exporting.visits import Handed

PICTURES = "gifs"
"""The folder of all animations."""

BESIDE = {CLIP.file: ("clips", ".mp4"), STRIP.file: ("strips", ".jpg")}
"""The folder of what is made beside the animation, by its file in the outbox, and what its files end with."""

GALLERY = "gallery"
"""The folder of the gallery, which can be given away alone."""

SHORT = 6
"""Characters of chance of a session that its files bear: 30 bits, and a time beside them."""

_LONGEST = 80
"""Bytes of a guest's name in that of a file."""

_INNER = frozenset("-'")
"""What may stand in a name beside letters and digits."""


def names(visits: Sequence[Handed], *, people: bool = False) -> Mapping[str, str]:
    """Return the file's name of each visit by its session: ``2026-11-22_18-05-12_k3v9q2.gif``; with *people*, whose."""
    short = {each.session: f"{each.local:%Y-%m-%d_%H-%M-%S}_{each.session[-10:][:SHORT]}" for each in visits}
    taken = Counter(short.values())
    found = {}
    for each in visits:
        stem = short[each.session]
        if taken[stem] > 1:
            stem = f"{each.local:%Y-%m-%d_%H-%M-%S}_{each.session}"
        guest = person(each.name) if people else ""
        found[each.session] = f"{stem}_{guest}.gif" if guest else f"{stem}.gif"
    return found


def person(name: str) -> str:
    """Return of a guest's *name* what a file can be called on any disk; "" if nothing is left of it."""
    plain = "".join(
        char if unicodedata.category(char)[0] in "LMN" or char in _INNER else " "
        for char in unicodedata.normalize("NFC", name)
    )
    said = " ".join(plain.split())
    while len(said.encode("utf-8", "surrogatepass")) > _LONGEST:
        said = said[:-1]
    return said.strip(" -'")
