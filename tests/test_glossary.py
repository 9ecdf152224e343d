"""The glossary: each word is where it says, and the words that it gives up are gone."""

import ast
import importlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
PACKAGES = ("booth", "lab", "image")

SYMBOLS = re.findall(r"^\|.*\| `(booth[\w.]*)` \|$", TEXT, re.MULTILINE)
GIVEN_UP = re.findall(r"^\| `(\w+)`(?: in `([\w.]+)`)? \| (?!.*`booth\.)", TEXT, re.MULTILINE)

TWICE = {
    "Gallery": "the port, and what fulfils it",
    "Uploads": "the port, and what fulfils it",
    "Notifier": "the port, and what fulfils it",
    "Library": "what is used of a camera's library, in the one file that knows it",
}
"""Classes of one name that are one thing, and why."""


@cache
def tree(file):
    """Return what stands in a file: it is parsed once."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def defined():
    """Return every name that a class, a function, an alias or a setting has, with the module that it is defined in."""
    found = set()
    for file in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(tree(file)):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    found.add((name, module))
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    found.add((name, module))
    return frozenset(found)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_word_is_where_the_glossary_says(symbol):
    """A name that is changed is changed there, too."""
    names = symbol.split(".")
    for count in range(len(names), 0, -1):
        try:
            found = importlib.import_module(".".join(names[:count]))
        except ModuleNotFoundError:
            continue
        assert [] == [name for name in names[count:] if not hasattr(found, name)]
        return
    pytest.fail(f"{symbol} is nowhere")


def test_there_are_words_and_words_that_were_given_up():
    """The tables are read as they are written."""
    assert (True, True) == (len(SYMBOLS) > 50, len(GIVEN_UP) > 10)


def test_a_word_stands_once():
    """Two lines for one word would be two meanings."""
    words = re.findall(r"^\| ([a-z]+) \| ", TEXT, re.MULTILINE)
    assert [] == [word for word, times in Counter(words).items() if times > 1]


@pytest.mark.parametrize(("name", "package"), GIVEN_UP, ids=lambda value: value or "everywhere")
def test_a_word_that_was_given_up_names_nothing(name, package):
    """What is called so has another name."""
    inside = [module for found, module in defined() if found == name and f"{module}.".startswith(package or "")]
    assert [] == inside


def test_no_two_classes_have_one_name():
    """One word for one thing: in what is installed, a class is known by its name alone."""
    classes = Counter()
    for file in (ROOT / "booth").rglob("*.py"):
        found = tree(file).body
        classes.update(node.name for node in found if isinstance(node, ast.ClassDef) and node.name[0] != "_")
    assert set(TWICE) == {name for name, times in classes.items() if times > 1}
