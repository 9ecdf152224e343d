"""Cells of tables that are opened with spreadsheets: RFC 4180, and none of them is a formula. Pure."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  spreadsheets take these, too
"""How cells begin that a spreadsheet would reckon with, or run."""


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet takes it for a formula: with ``'`` before it if one could.

    What spreadsheets do not see counts for nothing: blanks, controls, and marks without a width before the rest.
    """
    for char in cell:
        if char in FORMULA:
            return f"'{cell}"
        if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf", "Cs"}:
            break
    return cell


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return RFC 4180: a line of headings, then the *rows*; lines end in CR LF, cells are quoted where they must be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for each in rows:
        writer.writerow([guarded(each[column]) for column in columns])
    return text.getvalue()
