"""Leaves one thing after the other out of the booth, by name, and sees whether a test notices.

What is left out is listed here: wires of the composition root, writes to the disk, settings. Each is looked for in the
syntax tree, by the function that it is in and by its own words, so that it is found wherever the code moves to; one
that is not found, or found twice, is an error, and none that was noticed. The checkout is copied first, and only read.
"""

import argparse
import ast
import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lab import ROOT

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", ".*cache", ".hypothesis", ".coverage*")
STANDSTILL = 120
"""Seconds that a test may take; one that takes longer has noticed."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
"""How pytest says in its summary which test it was."""


class OmissionError(Exception):
    """Nothing can be said about an omission. ``str()`` says why, and what to do."""


# ---- what is left out


@dataclass(frozen=True)
class Cut:
    """One place in a function, and what stands there instead."""

    inside: str
    """The function, or the class, after the classes that it is in: ``Spool.keep``."""
    old: str
    """What is there, in Python's words; ``...`` is anything. A word of a call is ``name=...`` or ``call(name=...)``, an
    entry of a table ``key: ...``.
    """
    new: str = ""
    """What stands there instead; nothing to take it out."""


@dataclass(frozen=True)
class Omission:
    """What is left out, and who has to notice."""

    says: str
    tests: tuple[str, ...]
    """Paths, or names, of tests; the quickest first."""
    cuts: tuple[Cut, ...]


@cache
def _like(pattern: str) -> re.Pattern[str]:
    """Return what matches code that is like a pattern, however either is laid out."""
    with contextlib.suppress(SyntaxError):  # an entry of a table is none by itself
        match ast.parse(pattern).body:
            case [ast.Assign() | ast.AnnAssign()]:
                pass  # a word of a call
            case _ as read:
                pattern = "\n".join(map(ast.unparse, read))
    words = [re.escape(" ".join(part.split())) for part in pattern.split("...")]
    return re.compile(".*".join(words))


@cache
def _functions(source: str) -> tuple[tuple[str, ast.AST], ...]:
    """Return all functions and classes of a module with their names."""
    return tuple(_named(ast.parse(source), ""))


def _named(node: ast.AST, above: str) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{above}{child.name}"
            yield name, child
            yield from _named(child, f"{name}.")
        elif not isinstance(child, ast.expr):  # there is no function by name in one
            yield from _named(child, above)


@dataclass(frozen=True)
class Span:
    """A piece of a source: lines are counted from 1, columns are bytes from 0."""

    line: int
    column: int
    last: int
    end: int

    @classmethod
    def of(cls, first: ast.AST, last: ast.AST | None = None) -> "Span":
        """Return where something is in the source, as far as the end of *last*."""
        last = last or first
        return cls(first.lineno, first.col_offset, last.end_lineno, last.end_col_offset)  # type: ignore[attr-defined]


@cache
def _said(function: ast.AST) -> tuple[tuple[str, Span], ...]:
    """Return all that can be left out of a function, in Python's words, and where it is."""
    found: list[tuple[str, Span]] = []

    def note(said: str, *nodes: ast.AST) -> None:
        found.append((" ".join(said.split()), Span.of(*nodes)))

    for node in ast.walk(function):
        if isinstance(node, ast.stmt | ast.expr) and node is not function:
            note(ast.unparse(node), node)
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg is not None:
                    note(said := f"{word.arg}={ast.unparse(word.value)}", word)
                    note(f"{ast.unparse(node.func)}({said})", word)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                said = f"{ast.unparse(key)}: " if key else "**"
                note(f"{said}{ast.unparse(value)}", key or value, value)
    return tuple(found)


def spans(source: str, cut: Cut) -> list[Span]:
    """Return where *cut* is in a module."""
    name = cut.inside.rpartition(".")[2]
    if f"def {name}(" not in source and f"class {name}" not in source:
        return []  # of all modules only few have a function of that name, and need to be parsed
    like = _like(cut.old)
    return _outermost(
        span
        for name, function in _functions(source)
        if name == cut.inside or name.endswith(f".{cut.inside}")
        for said, span in _said(function)
        if like.fullmatch(said)
    )


def _outermost(found: Iterable[Span]) -> list[Span]:
    """Return those that lie in none of the others: an expression is also the statement that it is."""
    kept: list[Span] = []
    for span in sorted(set(found), key=lambda span: (span.line, span.column, -span.last, -span.end)):
        if not kept or (span.line, span.column) >= (kept[-1].last, kept[-1].end):
            kept.append(span)
    return kept


def replaced(source: str, span: Span, new: str) -> str:
    """Return *source* with *new* at a place; with nothing, what is there is taken out of its call or table."""
    lines = source.encode().splitlines(keepends=True)
    before = b"".join(lines[: span.line - 1]) + lines[span.line - 1][: span.column]
    after = lines[span.last - 1][span.end :] + b"".join(lines[span.last :])
    if not new:
        alone = re.fullmatch(rb"(?s).*\n[ \t]*|[ \t]*", before) and re.match(rb"[ \t]*(#[^\n]*)?(\n|$)", after)
        if alone:
            new = "pass"
        else:
            before = re.sub(rb"\*\*$", b"", before)
            after, taken = re.subn(rb"^\s*,", b"", after)
            before = before if taken else re.sub(rb",\s*$", b"", before)
    return (before + new.encode() + after).decode()


def edited(sources: dict[str, str], omission: Omission) -> dict[str, str]:
    """Return the modules that are others without what is left out, by name; each is still Python.

    Raises `OmissionError` if a place is not found, or found more than once.
    """
    changed: dict[str, str] = {}
    for cut in omission.cuts:
        found = [(module, span) for module, source in {**sources, **changed}.items() for span in spans(source, cut)]
        if len(found) != 1:
            where = ", ".join(f"{module}:{span.line}" for module, span in found) or "nowhere"
            raise OmissionError(f"{cut.old!r} in {cut.inside} is found {where}: say in lab/left_out.py where it is now")
        [(module, span)] = found
        changed[module] = replaced({**sources, **changed}[module], span, cut.new)
        try:
            compile(changed[module], module, "exec")
        except SyntaxError as exc:
            raise OmissionError(f"without {cut.old!r} {module} is no Python ({exc}): say it otherwise") from exc
    return changed


# ---- who notices


@dataclass(frozen=True)
class Verdict:
    """What became of one."""

    test: str
    """What noticed; empty if nothing did."""
    seconds: float


class Bench:
    """Copies of the checkout, each of which is without one thing at a time."""

    def __init__(self, place: Path, jobs: int, checkout: Path = ROOT) -> None:
        """Make *jobs* copies in *place*."""
        self._free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(jobs):
            shutil.copytree(checkout, place / str(number), ignore=NOT_COPIED, symlinks=True)
            self._free.put(place / str(number))
        root = place / "0"
        self.sources = {
            str(file.relative_to(root)): file.read_text(encoding="utf-8") for file in sorted(root.glob("booth/**/*.py"))
        }

    def pristine(self, tests: Sequence[str]) -> None:
        """See that the tests pass while nothing is left out. Raises `OmissionError` if they do not."""
        root = self._free.get()
        status, said = _run(root, tests)
        self._free.put(root)
        if status != 0:
            raise OmissionError(f"the tests do not pass as they are, mend that first:\n{said[-3000:]}")

    def judge(self, omission: Omission) -> Verdict:
        """Leave it out, and run its tests until one notices. Raises `OmissionError` if they cannot be run."""
        changed = edited(self.sources, omission)
        root = self._free.get()
        began = time.monotonic()
        try:
            for module, source in changed.items():
                (root / module).write_text(source, encoding="utf-8")
            status, said = _run(root, omission.tests)
        finally:
            for module in changed:
                (root / module).write_text(self.sources[module], encoding="utf-8")
            self._free.put(root)
        seconds = time.monotonic() - began
        if status == 0:
            return Verdict("", seconds)
        if status != 1 or not (failed := FAILED.search(said)):
            raise OmissionError(f"its tests cannot be run (pytest ended with {status}):\n{said[-3000:]}")
        return Verdict(failed[1], seconds)


def _run(root: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run tests in a copy until one fails; return pytest's status, and what it said."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    apart = f"--basetemp={root}.files"  # pytest clears up in its usual place, where the one beside it is at work
    options = ["-x", "-q", "--tb=short", "-rfE", "-p", "no:cacheprovider", f"--timeout={STANDSTILL}", apart]
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=root,
        env={**surroundings, "PYTHONPATH": str(root)},  # whoever starts a booth starts the one without it
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


# ---- the command


def row(number: int, omission: Omission, verdict: Verdict) -> str:
    """Return a line of the table."""
    where = omission.cuts[0].inside + (f" and {len(omission.cuts) - 1} more" if len(omission.cuts) > 1 else "")
    return f"{number:3} | {omission.says} | {where} | {verdict.test or 'UNNOTICED'} | {verdict.seconds:.1f}"


def main(argv: Sequence[str] | None = None) -> int:
    """Leave things out, print what became of it, and return the exit status: 0 when each was noticed."""
    from lab.left_out import OMISSIONS

    parser = argparse.ArgumentParser(
        prog="scripts/mutants --judge", description="See whether tests notice what is left out of the booth by name."
    )
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="N", help="begin with the Nth")
    parser.add_argument("--like", default="", metavar="REGEX", help="only those whose words are like it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="so many at once")
    given = parser.parse_args(argv)
    if given.first < 1 or given.jobs < 1:
        parser.error("--from and --jobs are counted from 1")
    began = time.monotonic()
    chosen = [
        (number, omission)
        for number, omission in enumerate(OMISSIONS, 1)
        if number >= given.first and re.search(given.like, omission.says)
    ]
    if not chosen:
        print(last(0, 0, 0.0))
        return 1
    place = Path(tempfile.mkdtemp(prefix="omissions-"))
    try:
        bench = Bench(place, min(given.jobs, len(chosen)))
        for _, omission in chosen:
            edited(bench.sources, omission)  # before hours are spent
        bench.pristine(list(dict.fromkeys(test for _, omission in chosen for test in omission.tests)))
        print("no. | left out | of | noticed by | seconds", flush=True)
        unnoticed = 0
        with ThreadPoolExecutor(given.jobs) as pool:
            for (number, omission), verdict in zip(
                chosen, pool.map(lambda each: bench.judge(each[1]), chosen), strict=True
            ):
                unnoticed += not verdict.test
                print(row(number, omission, verdict), flush=True)
    except OmissionError as exc:
        print(f"mutants: MISSED: {exc}")
        return 1
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(last(len(chosen), unnoticed, time.monotonic() - began))
    return 1 if unnoticed else 0


def last(tried: int, unnoticed: int, seconds: float) -> str:
    """Return the last line."""
    missed = "MISSED: " if unnoticed or not tried else ""
    return f"mutants: {missed}{tried} things were left out by name, {unnoticed} unnoticed, in {seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
