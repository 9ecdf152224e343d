"""The page of the log has each event of the booth, with its levels and its fields, and no other."""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/log.md"
WORDS = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+)*")

LEVELS = {level: {level} for level in ("debug", "info", "warning", "error", "critical")} | {"exception": {"error"}}
"""Methods of a logger, and the level of what they write."""

PASSED_ON = {
    "failed": ({"error"}, {"why"}),
    "refusals_logged": ({"warning"}, {"session", "why"}),
    "say": ({"info", "warning"}, set()),
    "tell": ({"info", "warning"}, set()),
}
"""Our own functions, and names of loggers' methods, that write the event they are given: with what they add to it."""

FIRST = {"refusals_logged", "failed"}
"""Functions that hand an event of others to a logger, and so name none themselves."""

BESIDE = {"exc_info"}
"""What a call says and a reader sees as the exception, of which the page speaks once."""


@dataclass
class Written:
    """What the code, or the page, says of an event."""

    levels: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    more: bool = False
    """Whether the code adds fields that only it knows."""


class Reader(ast.NodeVisitor):
    """Collects what one file logs."""

    def __init__(self, found, unnamed, name):
        self.found, self.unnamed, self.name, self.inside = found, unnamed, name, []

    def visit_FunctionDef(self, node):
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(value=ast.Name(id="log"), attr=method) if method in LEVELS:
                levels, fields = LEVELS[method], set()
            case ast.Name(id=name) if name in PASSED_ON:
                levels, fields = PASSED_ON[name]
            case _:
                levels = None
        if levels is not None and node.args:
            self.note(node, levels, fields)
        self.generic_visit(node)

    def note(self, node, levels, fields):
        first = node.args[0]
        events = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        if not all(isinstance(event, ast.Constant) and isinstance(event.value, str) for event in events):
            if isinstance(node.func, ast.Attribute):
                self.unnamed.append((self.name, self.inside[-1]))
            return
        named = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
        for event in events:
            known = self.found[event.value]
            known.levels |= levels
            known.fields |= (named | fields) - BESIDE
            known.more |= any(keyword.arg is None for keyword in node.keywords)


def logged(folder):
    """Return what is logged in a *folder* of modules, by event; and which functions log what they are given."""
    found, unnamed = defaultdict(Written), []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "structlog" in text or "failed(" in text or "refusals_logged(" in text:
            Reader(found, unnamed, str(path.relative_to(ROOT))).visit(ast.parse(text))
    return dict(found), unnamed


def told(text):
    """Return what the tables of a page say, by event, in their order; an event may not be there twice."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and (event := re.fullmatch(r"`([a-z_0-9.]+)`", cells[0])):
            fields = set(re.findall(r"`([a-z_0-9]+)`", cells[2]))
            found.append((event[1], Written(set(cells[1].split(", ")), fields), cells[3:]))
    return found


CODE, HANDED_ON = logged(ROOT / "booth")
ROWS = told(PAGE.read_text(encoding="utf-8"))


def test_each_event_of_the_code_is_a_row_and_each_row_is_an_event():
    """Once, and whoever reads a line finds it."""
    assert sorted(CODE) == sorted(event for event, _, _ in ROWS)


def test_a_row_has_the_levels_that_the_event_is_written_with():
    """An error is not told as a fact."""
    assert {event: written.levels for event, written in CODE.items()} == {event: row.levels for event, row, _ in ROWS}


def test_a_row_has_the_fields_of_the_event():
    """All that the code names; where it adds what only it knows, the page may have more."""
    rows = {event: row for event, row, _ in ROWS}
    there = {event: written.fields for event, written in CODE.items()}
    assert there == {
        event: rows[event].fields & there[event] if CODE[event].more else rows[event].fields for event in CODE
    }


def test_a_row_says_what_it_means_and_what_to_do():
    """In sentences, each with its stop."""
    assert [] == [event for event, _, said in ROWS if not all(cell.endswith(".") for cell in said)]


def test_no_event_is_logged_under_a_name_that_cannot_be_read_here():
    """Only what hands on the events of others; another such function is to be added to `PASSED_ON`."""
    assert FIRST == {function for _, function in HANDED_ON}


def test_an_event_is_named_in_small_letters():
    """As part.what: so it is found by a search for a word."""
    assert [] == sorted(event for event in CODE if not WORDS.fullmatch(event))
