"""What the booth's own code logs, read from its source: the pages that tell of it are held to this."""

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

LEVELS = {level: {level} for level in ("debug", "info", "warning", "error", "critical")} | {"exception": {"error"}}
"""Methods of a logger, and the level of what they write."""

PASSED_ON = {
    "failed": ({"error"}, {"why"}),
    "refusals_logged": ({"warning"}, {"session", "why"}),
    "say": ({"info", "warning"}, set()),
    "tell": ({"info", "warning"}, set()),
}
"""Our own functions, and names of loggers' methods, that write the event they are given: with what they add to it."""

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


@cache
def logged():
    """Return what the booth logs, by event; and which functions log what they are given. It is read once."""
    found, unnamed = defaultdict(Written), []
    for path in sorted((ROOT / "booth").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "structlog" in text or "failed(" in text or "refusals_logged(" in text:
            Reader(found, unnamed, str(path.relative_to(ROOT))).visit(ast.parse(text))
    return dict(found), unnamed
