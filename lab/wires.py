"""Takes one wire after the other out of the composition root, and sees whether a test notices.

A wire is a word of a call, or an entry of a table, in the modules that say who gets what. Each is taken out in the
memory of a process of its own, forked from one that knows pytest and nothing of ours; there the tests that look after
the wiring are run until one fails. The checkout is only read.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, ModuleType

import pytest

from lab import ROOT

MODULES = ("booth/wiring.py", "booth/choices.py")
"""Where the wires are."""

TESTS = (
    "tests/test_choices.py",
    "tests/test_settings_reach.py",
    "tests/flows/test_wired.py",
    "tests/test_wiring.py",
    "tests/parts/test_watchdog.py",
    "tests/parts/test_clock.py",
    "tests/flows/test_visits.py",
)
"""What looks after them, the quickest first."""


@dataclass(frozen=True)
class Wire:
    """One of them."""

    module: str
    """Its path below the root, with slashes."""
    number: int
    """Among those of the module, 0 is the first."""
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.says[:140]}"


def _places(tree: ast.Module) -> Iterator[tuple[ast.Call | ast.Dict, int, str]]:
    """Yield each call or table with the index of what can be taken out of it, and what that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for index, word in enumerate(node.keywords):
                if word.arg is not None:
                    yield node, index, f"{ast.unparse(node.func)}(..., {word.arg}={ast.unparse(word.value)})"
        elif isinstance(node, ast.Dict):
            for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
                yield node, index, f"{ast.unparse(key) if key else '**'}: {ast.unparse(value)}"


def wires(module: str, source: str) -> list[Wire]:
    """Return all wires of a module."""
    return [
        Wire(module, number, node.lineno, " ".join(says.split()))
        for number, (node, _, says) in enumerate(_places(ast.parse(source)))
    ]


def without(source: str, number: int, path: str) -> CodeType:
    """Return the module with one wire taken out."""
    tree = copy.deepcopy(ast.parse(source))
    node, index, _ = list(_places(tree))[number]
    if isinstance(node, ast.Call):
        del node.keywords[index]
    else:
        del node.keys[index], node.values[index]
    return compile(tree, path, "exec")


class _Finder(importlib.machinery.SourceFileLoader, importlib.abc.MetaPathFinder):  # type: ignore[misc]  # theirs
    """Gives one module without its wire, and leaves all others to Python."""

    def __init__(self, wire: Wire) -> None:
        self._name = wire.module.removesuffix(".py").replace("/", ".")
        self._file = ROOT / wire.module
        self._wire = wire
        super().__init__(self._name, str(self._file))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return how to load the module, if it is the one."""
        return (
            importlib.util.spec_from_file_location(fullname, self._file, loader=self)
            if fullname == self._name
            else None
        )

    def get_code(self, fullname: str) -> CodeType:
        """Return the module without its wire."""
        return without(self._file.read_text(encoding="utf-8"), self._wire.number, str(self._file))


def noticed(wire: Wire | None, tests: Sequence[str]) -> bool:
    """Return whether one of *tests* fails without the *wire*; None to take none out."""
    child = os.fork()
    if child == 0:
        if wire is not None:
            sys.meta_path.insert(0, _Finder(wire))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]) != pytest.ExitCode.OK))
    _, status = os.waitpid(child, 0)
    return status != 0


def main(argv: Sequence[str] | None = None) -> int:
    """Take the wires out, print what became of it, and return the exit status: 0 when each was noticed."""
    parser = argparse.ArgumentParser(
        prog="scripts/wires", description="See whether tests notice that a wire is missing."
    )
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take out the first of N, and so on")
    parser.add_argument("--like", default="", metavar="REGEX", help="only those whose line, as printed, is like it")
    given = parser.parse_args(argv)
    os.chdir(ROOT)
    began = time.monotonic()
    if noticed(None, TESTS):
        print("wires: MISSED: the tests fail with all wires in their places; mend that first")
        return 1
    mine = [wire for module in MODULES for wire in wires(module, (ROOT / module).read_text(encoding="utf-8"))]
    mine = [wire for wire in mine if re.search(given.like, str(wire))][:: given.every]
    missed = 0
    for wire in mine:
        found = noticed(wire, TESTS)
        missed += not found
        print(f"{'noticed' if found else 'MISSED '}  {wire}", flush=True)
    said = f"{len(mine) - missed} of {len(mine)} wires were missed by a test, in {time.monotonic() - began:.0f} s"
    print(f"wires: {'MISSED: ' if missed else ''}{said}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
