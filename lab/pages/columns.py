"""Writes the tables of a page that say each of the screen's words in all its languages, from the catalogs.

Such a table begins with *English*; its first column is kept as it is, links and all, and the others follow from it.
"""

import re
from collections.abc import Mapping

from babel.messages.catalog import Catalog, Message

from booth.ui.languages import ENGLISH, LANGUAGES

TABLE = re.compile(rf"^\| {LANGUAGES[ENGLISH]} \|.*\n\|[-|]+\n((?:\|.*\n)+)", re.MULTILINE)
LINKED = re.compile(r"\[(.*)\]\(.*\)")


def renewed(page: str, catalogs: Mapping[str, Catalog]) -> str:
    """Return *page* with the columns of all languages, by their codes. A row that no catalog has is left as it is."""
    head = f"| {' | '.join(LANGUAGES.values())} |\n{'|---' * len(LANGUAGES)}|\n"
    return TABLE.sub(lambda table: head + "".join(_row(line, catalogs) for line in table[1].splitlines()), page)


def _row(line: str, catalogs: Mapping[str, Catalog]) -> str:
    first, *said = (cell.strip() for cell in line[1:-1].split(" | "))
    english = LINKED.sub(r"\1", first)
    ways = [
        [_string(catalogs[code], message) for code in LANGUAGES if code != ENGLISH]
        for message in next(iter(catalogs.values()))
        if message.id == english
    ]
    if not ways:
        return f"{line}\n"
    # The same English may be said of two things, such as a button and a state: it is the one that stood there.
    best = max(ways, key=lambda way: sum(one in said for one in way))
    return f"| {' | '.join((first, *best))} |\n"


def _string(catalog: Catalog, message: Message) -> str:
    found = catalog.get(message.id, context=message.context)
    return str(found.string) if found is not None and found.string else ""
