"""Turns the charts of a page into tables of their arrows, for where nothing draws them.

The repository's own page draws what is written in Mermaid's language. What would draw it on the site is a program of
some megabytes, from elsewhere; a table is read aloud, too, and fits on a telephone.
"""

import re
from collections.abc import Iterator

CHART = re.compile(r"^```mermaid\n\w[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)

NODE = r"(\w+|\[\*\])(?:[\[({]+\"([^\"]*)\"[\])}]+)?"
"""A node: its name, and what stands in it where it is drawn first."""

ARROW = re.compile(rf"{NODE} (?:-->|-\.->)(?:\|\"?([^|\"]*)\"?\|)? {NODE}(?:: (.*))?")

START = "[*]"
BREAK = "<br/>"


class ChartError(ValueError):
    """A line of a chart that is no arrow: what it says would be lost."""


def tables(page: str) -> str:
    """Return *page* with a table in the place of each chart. Raises `ChartError`, with the line."""
    return CHART.sub(lambda chart: "\n".join(_table(chart[1].splitlines())), page)


def _table(lines: list[str]) -> Iterator[str]:
    yield "| From | By | To |"
    yield "|---|---|---|"
    drawn: dict[str, str] = {START: "*the start*"}
    for line in lines:
        arrow = ARROW.fullmatch(line.strip())
        if arrow is None:
            raise ChartError(f"no arrow, so the site would lose it: {line.strip()}")
        start, inside, along, end, within, by = arrow.groups()
        cells = (_node(start, inside, drawn), _lines(along or by or ""), _node(end, within, drawn))
        yield f"| {' | '.join(cells)} |"


def _node(name: str, inside: str | None, drawn: dict[str, str]) -> str:
    """Return what a cell says of a node: all of it where it is drawn first, and then what it is called."""
    if inside is None:
        return drawn.get(name, name)
    drawn[name] = inside.partition(BREAK)[0].partition(":")[0]
    return _lines(inside)


def _lines(text: str) -> str:
    return text.replace(BREAK, "<br>")
