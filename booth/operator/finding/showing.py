"""What was found, as a table for a terminal, as JSON for a program, as CSV for a spreadsheet. Pure."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from booth.operator import cells
from booth.operator.finding.visits import Hit
from booth.reading import shown

COLUMNS = ("taken", "event", "booth", "name", "email", "consent", "bytes", "replication", "key")
"""What is told of a visit, in this order."""

_WIDEST = 40
"""Characters of a cell of the table, but for the key, which is last and whole."""


def row(found: Hit, *, first_names: bool) -> dict[str, str]:
    """Return what is told of a visit, by the names of the columns; with *first_names* nobody can be told by it."""
    details, picture = found.details, found.picture
    name, email = details.get("name", ""), details.get("email", "")
    if first_names:
        name, email = first_name(name), ""
    return {
        "taken": details.get("taken") or picture.modified,
        "event": details.get("event", ""),
        "booth": details.get("booth", ""),
        "name": name,
        "email": email,
        "consent": details.get("consent", ""),
        "bytes": str(picture.size),
        "replication": replication(found),
        "key": picture.key,
    }


def first_name(name: str) -> str:
    """Return the first word of a name; of one that is an address, nothing."""
    first = next(iter(name.split()), "")
    return "" if "@" in first else first


def replication(found: Hit) -> str:
    """Return how far a visit's objects are: the status, and each site where it is not the same everywhere."""
    told = []
    for each in found.objects:
        sites = ", ".join(f"{site} {status}" for site, status in sorted(each.sites.items()))
        even = all(status == each.status for status in each.sites.values())
        told.append(each.status if even or not sites else f"{each.status} ({sites})")
    return "; ".join(dict.fromkeys(told))


def table(rows: Sequence[Mapping[str, str]]) -> str:
    """Return lines for a terminal, a column as wide as it needs; nothing in a cell can move the cursor."""
    columns = [column for column in COLUMNS if column == "key" or any(each[column] for each in rows)]
    cells = [columns] + [
        [shown(each[column], 0 if column == "key" else _WIDEST) for column in columns] for each in rows
    ]
    widths = [max(_width(line[number]) for line in cells) for number in range(len(columns))]
    lines = ("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
             for line in cells)  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    r"""Return RFC 4180: lines end in CR LF, cells are quoted where they must be.

    A cell that a spreadsheet would take for a formula begins with `'`, which it does not show.
    """
    return cells.table(COLUMNS, rows)


def as_json(rows: Iterable[Mapping[str, str]], found: Iterable[Hit], *, bucket: str, searched: bool) -> str:
    """Return an object for a program: the visits, and whether the server searched for them."""
    visits = [
        {
            **told,
            "bytes": one.picture.size,
            "sites": dict(one.picture.sites),
            "objects": [each.key for each in one.objects],
        }
        for told, one in zip(rows, found, strict=True)
    ]
    return json.dumps({"bucket": bucket, "searched_by_server": searched, "visits": visits}, indent=2)


def _width(text: str) -> int:
    """Return how many columns of a terminal *text* takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
