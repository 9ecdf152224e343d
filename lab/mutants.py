"""Breaks the pure heart and the outbox in one small way after the other, and sees whether a test notices.

The law: the checkout is copied first, and only read. A mutant is one module with one change; it lives in the memory of
a process of its own, forked from one that knows pytest and nothing of ours, so that everything is imported anew. It is
judged by the tests that come by the changed line, the nearest and quickest first, until one fails.
"""

import argparse
import ast
import contextlib
import copy
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import _hypothesis_pytestplugin
import hypothesis.strategies
import pytest
import pytest_timeout
import structlog.testing  # noqa: F401  what every mutant needs is imported once, before the forks

from lab import ROOT

COPIED = ("assets", "booth", "config", "docs", "image", "lab", "scripts", "tests", "README.md", "pyproject.toml")
MODULES = ("booth/core", "booth/outbox")
TESTS = ("tests/core", "tests/outbox")
WANTED = 0.85
"""The share of mutants, 0..1, that the tests have to notice."""

PATIENCE = 5.0
"""Seconds of CPU time that a mutant may take for a test that takes none..."""
TIMES_LONGER = 3.0
"""...and how many times longer it may take than the module as it is, which was watched line by line."""
STANDSTILL = 15
"""Seconds, of time, that it may take for a test, on a machine that has other things to do."""
MEMORY = 4 << 30
"""Bytes that a mutant may have."""

BROKEN, MISFIT = 3, 77
"""Statuses of a process: what it was to do is not done; a mutant cannot be made of what is imported already."""

KILLED, SURVIVED, HANGS = "killed", "survived", "timed out"

Lines = frozenset[int]


class MutantsError(Exception):
    """Nothing can be said about mutants. ``str()`` says why."""


# ---- changes


@dataclass(frozen=True)
class Change:
    """One change of a module's tree: what is at a place is replaced, or taken out."""

    parent: ast.AST
    name: str
    """Of the parent's field."""
    index: int | None
    """In the field, if that is a list."""
    old: ast.AST
    new: ast.AST | None
    line: int
    lines: Lines
    """Of the statement: what comes by one of them, comes by the change. None at all: it is done when it is imported."""

    def make(self) -> None:
        """Change the tree."""
        if self.index is None:
            setattr(self.parent, self.name, self.new)
        elif self.new is None:
            del getattr(self.parent, self.name)[self.index]
        else:
            getattr(self.parent, self.name)[self.index] = self.new

    def __str__(self) -> str:
        after = "(nothing)" if self.new is None else _shown(self.new)
        return f"{_shown(self.old)}  ->  {after}"


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else f"{text[:97]}..."


SWAPPED: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
"""What stands for what; | and &, and texts that are put together, lose a side instead."""


def _swapped(operator: ast.AST) -> Any:
    """Return what stands for an operator: another of its own kind."""
    return SWAPPED[type(operator)]()


def changes(tree: ast.Module) -> Iterator[Change]:
    """Yield every change of *tree* that is tried, in the order of the source; always the same, for the same source."""
    yield from _walk(tree, frozenset(), imported=True)


def _walk(node: ast.AST, lines: Lines, *, imported: bool) -> Iterator[Change]:
    for parent, name, index, child in _children(node):
        here = (
            lines if imported or not isinstance(child, ast.stmt | ast.match_case | ast.ExceptHandler) else _lines(child)
        )
        for new in _instead(child, parent, name):
            if new is not None:
                ast.fix_missing_locations(ast.copy_location(new, child))
            yield Change(parent, name, index, child, new, _line(child), here)
        if (
            isinstance(child, ast.FunctionDef) and imported
        ):  # the header is read when the module is imported; the body when it is called
            for part in (*child.decorator_list, child.args):
                yield from _walk(part, frozenset(), imported=True)
            body = ast.Module(child.body, [])
            yield from _walk(body, frozenset(), imported=False)
        else:
            yield from _walk(child, here, imported=imported)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield what a node is made of, and where it is; but what means nothing when it runs: types and docstrings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns"} or (isinstance(node, ast.JoinedStr) and name == "values"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not _says_nothing(child):
                yield node, name, index, child
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield part, "value", None, part.value


def _says_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id="NewType"))):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name[0].isupper() and _is_type(value)
    return False


def _is_type(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_type(left) and _is_type(right)
        case ast.Subscript():
            return True
        case ast.Name(id=name):
            return not name.isupper()
        case ast.Constant(value=None):
            return True
    return False


def _line(node: ast.AST) -> int:
    return next((part.lineno for part in ast.walk(node) if hasattr(part, "lineno")), 0)


def _lines(node: ast.stmt | ast.match_case | ast.ExceptHandler) -> Lines:
    """Return the lines of a simple statement, or those of another's head."""
    first = _line(node)
    match node:
        case ast.Match(cases=[case, *_]):
            end = _line(case)
        case object(body=[body, *_]):
            end = _line(body)
        case _:
            end = (getattr(node, "end_lineno", None) or first) + 1
    return frozenset(range(first, max(end, first + 1)))


def _instead(  # noqa: PLR0915  a table, in the words of `match`
    node: ast.AST, parent: ast.AST, name: str
) -> Iterator[ast.AST | None]:
    """Yield what is tried in the place of *node*; None takes it out of the list that it is in."""
    nothing = ast.Constant(None)
    match node:
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                other = copy.copy(node)
                other.ops = [*ops[:index], _swapped(op), *ops[index + 1 :]]
                yield other
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(_swapped(op), values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right):
            if isinstance(op, ast.BitOr | ast.BitAnd) or _is_text(left) or _is_text(right):
                yield from (left, right)
            else:
                yield ast.BinOp(left, _swapped(op), right)
        case ast.AugAssign(target=target, op=op, value=value):
            if type(op) in SWAPPED:
                yield ast.AugAssign(target, _swapped(op), value)
            else:
                yield ast.Assign([target], value)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield ast.Constant("" if value else "mutant")
        case ast.Constant(value=bytes(value)):
            yield ast.Constant(b"" if value else b"mutant")
        case ast.JoinedStr() if not isinstance(parent, ast.FormattedValue):
            yield ast.Constant("")
        case ast.Call(func=func, args=args, keywords=keywords):
            for index, arg in enumerate(args):
                if not isinstance(arg, ast.Constant | ast.Starred | ast.GeneratorExp | ast.JoinedStr):
                    yield ast.Call(func, [*args[:index], nothing, *args[index + 1 :]], keywords)
            for index, word in enumerate(keywords):
                if not isinstance(word.value, ast.Constant):
                    yield ast.Call(func, args, [*keywords[:index], *keywords[index + 1 :]])
        case ast.Lambda(args=args, body=body) if not isinstance(body, ast.Constant):
            yield ast.Lambda(args, nothing)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant | ast.JoinedStr):
            yield ast.Return(nothing)
        case ast.Assign(targets=targets, value=value) if not isinstance(value, ast.Constant):
            yield ast.Assign(targets, nothing)
        case ast.AnnAssign(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            bare = copy.copy(node)
            bare.value = nothing
            yield bare
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
        case ast.match_case() if isinstance(parent, ast.Match) and len(parent.cases) > 1:
            yield None
        case ast.MatchSingleton(value=bool(value)):
            yield ast.MatchSingleton(not value)
        case ast.MatchValue() if isinstance(parent, ast.MatchClass):
            yield ast.MatchAs()
        case ast.MatchOr(patterns=patterns):
            for index in range(len(patterns)):
                others = [*patterns[:index], *patterns[index + 1 :]]
                yield ast.MatchOr(others) if len(others) > 1 else others[0]
        case _:
            pass
    if isinstance(parent, ast.ExceptHandler) and isinstance(node, ast.Tuple):
        for index in range(len(node.elts)):
            yield ast.Tuple([*node.elts[:index], *node.elts[index + 1 :]], ast.Load())
    asked = isinstance(parent, ast.If | ast.IfExp | ast.While) and name == "test"
    turned = isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp)
    if isinstance(node, ast.expr) and not turned and (asked or name in {"guard", "ifs"}):
        yield ast.UnaryOp(ast.Not(), node)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


@dataclass(frozen=True)
class Mutant:
    """One change of a module, as it is told of."""

    module: str
    """Its path below the root, with slashes."""
    number: int
    """Among the changes of the module, 0 is the first."""
    line: int
    lines: Lines
    says: str


def mutants(module: str, source: str) -> list[Mutant]:
    """Return all mutants of a module."""
    return [
        Mutant(module, number, change.line, change.lines, str(change))
        for number, change in enumerate(changes(ast.parse(source)))
    ]


def mutated(source: str, number: int, path: str) -> types.CodeType:
    """Return the code of a module with one change."""
    tree = ast.parse(source)
    next(change for at, change in enumerate(changes(tree)) if at == number).make()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a mutant is never well written
        return compile(ast.fix_missing_locations(tree), path, "exec")


class Impostor(importlib.machinery.SourceFileLoader, importlib.abc.MetaPathFinder):  # type: ignore[misc]  # theirs
    """Gives out a mutant as the module, to whoever imports that."""

    def __init__(self, module: str, path: str, code: types.CodeType) -> None:
        super().__init__(module.removesuffix(".py").replace("/", "."), path)
        self._code = code

    def find_spec(self, fullname: str, *_: object) -> Any:
        """Know one module."""
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def get_code(self, fullname: str) -> types.CodeType:
        """Return the mutant's."""
        return self._code


# ---- tests


@dataclass(frozen=True)
class Test:
    """A test, and what it comes by when nothing is changed."""

    name: str
    seconds: float
    lines: Mapping[str, Lines]
    """By module."""


class Recorder:
    """A plugin of pytest that notes which lines each test comes by, and how long it takes."""

    def __init__(self, root: Path) -> None:
        self._prefix = f"{root}/"
        self._now: dict[str, set[int]] = {}
        self._early = self._now
        self._shared: dict[str, dict[str, set[int]]] = {}
        """By fixture that several tests share: what is done once is done for all of them."""
        self.tests: list[dict[str, Any]] = []

    @property
    def imported(self) -> dict[str, list[int]]:
        """What was done before the first test."""
        return {module: sorted(own) for module, own in self._early.items()}

    def trace(self, frame: types.FrameType, _event: str, _arg: object) -> Any:
        """Follow what is ours, for `sys.settrace`."""
        file = frame.f_code.co_filename
        if not file.startswith(self._prefix) or not (module := file[len(self._prefix) :]).startswith(MODULES):
            return None

        def line(frame: types.FrameType, _event: str, _arg: object) -> Any:
            self._now.setdefault(module, set()).add(frame.f_lineno)
            return line

        return line(frame, "call", None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Keep apart what is done once for several tests."""
        before = self._now
        if fixturedef.scope != "function":
            self._now = self._shared.setdefault(fixturedef.argname, {})
        yield
        self._now = before

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note one test."""
        self._now, began = {}, time.process_time()
        yield
        seconds = time.process_time() - began
        lines = {module: set(own) for module, own in self._now.items()}
        for name in getattr(item, "fixturenames", ()):
            for module, own in self._shared.get(name, {}).items():
                lines.setdefault(module, set()).update(own)
        found = {module: sorted(own) for module, own in lines.items()}
        self.tests.append({"name": item.nodeid, "seconds": seconds, "lines": found})


def judges(mutant: Mutant, tests: Iterable[Test]) -> list[Test]:
    """Return the tests that come by what was changed, those that are likely to notice first."""
    by = [test for test in tests if not mutant.lines or mutant.lines & test.lines.get(mutant.module, frozenset())]
    package, name = Path(mutant.module).parent.name, Path(mutant.module).name
    own = f"tests/{package}/test_{name}"

    def rank(test: Test) -> tuple[object, ...]:
        near = test.name.startswith(f"{own}::"), mutant.module in test.lines, test.name.startswith(f"tests/{package}/")
        return (*(not so for so in near), test.seconds)

    return sorted(by, key=rank)


def judge(session: pytest.Session, tests: Sequence[Test], place: Path) -> int:
    """Run these tests of those that were collected, until one fails; return 1 if one did. They may write to *place*."""
    place.mkdir()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(place)
    by_name = {item.nodeid: item for item in session.items}
    known = [test for test in tests if test.name in by_name]  # one for each of some values is gone with its value
    for test, following in zip(known, [*known[1:], None], strict=True):
        until = int(time.process_time() + PATIENCE + TIMES_LONGER * test.seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        item, after = by_name[test.name], None if following is None else by_name[following.name]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return 1
    return 0


class Loop:
    """A plugin of pytest that does something with the tests, once they are collected, instead of running them."""

    def __init__(self, work: Callable[[pytest.Session], int]) -> None:
        self._work = work
        self.status = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Do it."""
        if session.testsfailed:  # they could not even be collected
            return None
        self.status = self._work(session)
        return True


def run(paths: Sequence[str], *plugins: object, standstill: int = STANDSTILL) -> int:
    """Collect and run tests in this process, once, until one fails; return pytest's status."""
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,  # figures repeat
        max_examples=50,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    options = ["-x", "-q", "-s", "--no-header", "--tb=short", "-p", "no:cacheprovider"]
    options += [f"--timeout={standstill}", "--hypothesis-profile=mutants"]
    return int(pytest.main([*options, *paths], plugins=[*plugins, _hypothesis_pytestplugin, pytest_timeout]))


def functions(path: str) -> dict[tuple[str, int], list[types.FunctionType]]:
    """Return the functions that were made from a file and are alive, by name and line."""
    found: dict[tuple[str, int], list[types.FunctionType]] = {}
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__code__.co_filename == path:
            found.setdefault((each.__code__.co_qualname, each.__code__.co_firstlineno), []).append(each)
    return found


def graft(code: types.CodeType, alive: Mapping[tuple[str, int], Sequence[types.FunctionType]]) -> None:
    """Give living functions the code that they have in a mutant. Raises ValueError if it does not fit them."""
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            for function in alive.get((part.co_qualname, part.co_firstlineno), ()):
                if function.__code__ != part:
                    function.__code__ = part
            graft(part, alive)


# ---- processes


class Child:
    """Work in a process of its own; what it says goes to a file. What it starts ends with it."""

    def __init__(self, work: Callable[[], int], said: Path, seconds: float | None = None) -> None:
        """Begin *work*, which returns the status; *seconds* are all that it may take."""
        self.said = said
        self._until = None if seconds is None else time.monotonic() + seconds
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._be(work, seconds)
        self._handle = os.pidfd_open(self._pid)

    def _be(self, work: Callable[[], int], seconds: float | None) -> None:
        status = BROKEN
        try:
            os.setsid()
            out = os.open(self.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            for stream in (1, 2):
                os.dup2(out, stream)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if seconds is not None:
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            status = work()
        except BaseException:  # noqa: BLE001 a child never goes on with its parent's work
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(status)

    def fileno(self) -> int:
        """Return what can be read from when it has ended."""
        return self._handle

    @property
    def left(self) -> float:
        """Seconds until it has taken too long."""
        return 3600.0 if self._until is None else max(self._until - time.monotonic(), 0.0)

    def end(self, kill: int | None = None) -> int | None:
        """Wait for the end, after sending the signal *kill*; return the status, or None if it was put to an end."""
        if kill is not None:
            signal.pidfd_send_signal(self._handle, kill)
        _, status = os.waitpid(self._pid, 0)
        with contextlib.suppress(ProcessLookupError):  # whatever it has started, and left
            os.killpg(self._pid, signal.SIGKILL)
        os.close(self._handle)
        code = os.waitstatus_to_exitcode(status)
        return None if code in {-signal.SIGTERM, -signal.SIGXCPU, -signal.SIGKILL} else code


Begin = Callable[[Mutant], Child | None]
"""Begins what judges a mutant; None if no test comes by it."""


def pool(all_mutants: Iterable[Mutant], begin: Begin, jobs: int) -> Iterator[tuple[Mutant, int | None]]:
    """Yield each mutant and the status of what judged it, as it is known; None if it took too long."""
    waiting = iter(all_mutants)
    under_way: dict[Child, Mutant] = {}
    try:
        while True:
            while len(under_way) < jobs and (mutant := next(waiting, None)) is not None:
                child = begin(mutant)
                if child is None:
                    yield mutant, 0
                else:
                    under_way[child] = mutant
            if not under_way:
                return
            ended = select.select(list(under_way), [], [], min(child.left for child in under_way))[0]
            for child in [child for child in under_way if child in ended or child.left == 0.0]:
                mutant = under_way.pop(child)
                status = child.end(None if child in ended else signal.SIGKILL)
                child.said.unlink()
                yield mutant, status
    finally:
        for child in under_way:
            child.end(signal.SIGKILL)


@dataclass
class Tally:
    """What became of mutants."""

    killed: int = 0
    survived: int = 0
    hangs: int = 0

    @property
    def mutants(self) -> int:
        """How many there were."""
        return self.killed + self.survived + self.hangs

    @property
    def share(self) -> float:
        """How many of them were noticed, 0..1. Nobody overlooks one that hangs."""
        return 1.0 if not self.mutants else (self.killed + self.hangs) / self.mutants

    def add(self, fate: str) -> None:
        """Count one."""
        self.killed += fate == KILLED
        self.survived += fate == SURVIVED
        self.hangs += fate == HANGS


class Laboratory:
    """A copy of the checkout, in which tests are held against mutants."""

    def __init__(self, place: Path, paths: Sequence[str], jobs: int) -> None:
        """Copy the checkout to *place*, and go there; *paths* are the tests."""
        self._place = place
        self._root = place / "checkout"
        self._paths = paths
        self._jobs = jobs
        self._root.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self._root / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copy2(ROOT / name, self._root / name)
        os.chdir(self._root)
        elsewhere = [entry for entry in sys.path if Path(entry).resolve() != ROOT]
        sys.path[:] = [str(self._root), *elsewhere]
        sys.modules.pop("lab", None)  # this program is of the checkout; what tests import is of the copy
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        os.environ.pop("PYTEST_ADDOPTS", None)
        self.tests: tuple[Test, ...] = ()
        self._imported: Mapping[str, Lines] = {}

    def source(self, module: str) -> str:
        """Return the source of a module of the copy."""
        return (self._root / module).read_text(encoding="utf-8")

    def prepare(self) -> None:
        """Run the tests once with nothing changed; see that they pass, and which lines each comes by."""
        notes = self._place / "notes.json"

        def work() -> int:
            recorder = Recorder(self._root)
            threading.settrace(recorder.trace)
            sys.settrace(recorder.trace)
            status = run(self._paths, recorder, standstill=10 * STANDSTILL)  # being watched line by line takes time
            sys.settrace(None)
            notes.write_text(json.dumps({"tests": recorder.tests, "imported": recorder.imported}))
            return status

        child = Child(work, self._place / "pristine.txt")
        if child.end() != 0:
            raise MutantsError(f"the tests do not pass as they are:\n{child.said.read_text()[-3000:]}")
        noted = json.loads(notes.read_text())
        self.tests = tuple(Test(each["name"], each["seconds"], _frozen(each["lines"])) for each in noted["tests"])
        self._imported = _frozen(noted["imported"])

    def fates(self, all_mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str]]:
        """Yield what becomes of each mutant, as it is known.

        Where only a function is another one, it gets its code when all is imported and the tests are collected, and
        that is soon done. Where the change is felt earlier, all is imported anew.
        """
        early = [
            each for each in all_mutants if not each.lines or each.lines & self._imported.get(each.module, Lines())
        ]
        late = [each for each in all_mutants if each not in early]
        for mutant, status in self._grafted(late):
            if status == MISFIT:
                early.append(mutant)
            else:
                yield mutant, _fate(status)
        for mutant, status in pool(early, self._import, self._jobs):
            yield mutant, _fate(status)

    def _grafted(self, late: Sequence[Mutant]) -> Iterator[tuple[Mutant, int | None]]:
        """Collect the tests once, in a process that is forked for each mutant."""
        reads, writes = os.pipe()

        def work() -> int:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(BROKEN))  # not before its own children have ended
            with os.fdopen(writes, "w") as tell:
                loop = Loop(lambda session: self._serve(session, late, tell))
                return run(self._paths, loop) or loop.status

        child = Child(work, self._place / "grafted.txt")
        os.close(writes)
        ended = False
        try:
            with os.fdopen(reads) as told:
                for line in told:
                    at, status = json.loads(line)
                    yield late[at], status
            ended = True
        finally:
            if child.end(None if ended else signal.SIGTERM) != 0 and ended:
                raise MutantsError(f"the tests cannot be collected:\n{child.said.read_text()[-3000:]}")

    def _serve(self, session: pytest.Session, late: Sequence[Mutant], tell: IO[str]) -> int:
        alive = {module: functions(self._path(module)) for module in {mutant.module for mutant in late}}

        def begin(mutant: Mutant) -> Child | None:
            chosen = judges(mutant, self.tests)

            def work() -> int:
                try:
                    graft(self._mutated(mutant), alive[mutant.module])
                except ValueError:
                    return MISFIT
                return judge(session, chosen, place)

            place = self._workplace(mutant)
            return Child(work, place.with_name(f"{place.name}.txt"), _allowed(chosen)) if chosen else None

        numbers = {mutant: at for at, mutant in enumerate(late)}
        for mutant, status in pool(late, begin, self._jobs):
            shutil.rmtree(self._workplace(mutant), ignore_errors=True)
            print(json.dumps([numbers[mutant], status]), file=tell, flush=True)
        return 0

    def _import(self, mutant: Mutant) -> Child | None:
        chosen = judges(mutant, self.tests)
        place = self._workplace(mutant)

        def work() -> int:
            sys.meta_path.insert(0, Impostor(mutant.module, self._path(mutant.module), self._mutated(mutant)))
            files = list(dict.fromkeys(test.name.partition("::")[0] for test in chosen))
            loop = Loop(lambda session: judge(session, chosen, place))
            return run(files, loop) or loop.status

        return Child(work, place.with_name(f"{place.name}.txt"), _allowed(chosen)) if chosen else None

    def _path(self, module: str) -> str:
        return str(self._root / module)

    def _mutated(self, mutant: Mutant) -> types.CodeType:
        return mutated(self.source(mutant.module), mutant.number, self._path(mutant.module))

    def _workplace(self, mutant: Mutant) -> Path:
        return self._place / f"{mutant.module.replace('/', '.')}.{mutant.number}"


def _frozen(lines: Mapping[str, Iterable[int]]) -> dict[str, Lines]:
    return {module: frozenset(own) for module, own in lines.items()}


def _allowed(chosen: Iterable[Test]) -> float:
    """Return how many seconds a mutant may take for all of them, if none of them finds that it stands still."""
    return 2 * STANDSTILL + 10 * sum(test.seconds for test in chosen)


def _fate(status: int | None) -> str:
    return HANGS if status is None else SURVIVED if status == 0 else KILLED


# ---- the command


def modules(paths: Sequence[str]) -> list[str]:
    """Return the modules in *paths*, which are modules or folders, below the root."""
    found = []
    for path in paths:
        place = ROOT / path
        if not place.exists():
            raise MutantsError(f"there is no {path} in the checkout; --only wants paths such as {MODULES[0]}/form.py")
        files = sorted(place.glob("**/*.py")) if place.is_dir() else [place]
        found += [str(file.resolve().relative_to(ROOT)) for file in files]
    return list(dict.fromkeys(found))


def rows(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """Yield the table, a line for each module."""
    yield f"{'module':28}{'mutants':>9}{KILLED:>9}{HANGS:>11}{SURVIVED:>10}{'share':>9}"
    total = Tally(
        *(sum(getattr(tally, name) for tally in tallies.values()) for name in ("killed", "survived", "hangs"))
    )
    for name, tally in (*tallies.items(), ("all", total)):
        counts = f"{tally.mutants:9}{tally.killed:9}{tally.hangs:11}{tally.survived:10}"
        yield f"{name:28}{counts}{tally.share:9.1%}"


def verdict(tallies: Iterable[Tally], seconds: float) -> tuple[str, int]:
    """Return the last line, and the exit status."""
    tallies = list(tallies)
    total = sum(tally.mutants for tally in tallies)
    noticed = total - sum(tally.survived for tally in tallies)
    if not total:
        return "mutants: MISSED: there is nothing to be changed", 1
    well = noticed >= WANTED * total
    said = (
        f"{noticed} of {total} mutants were noticed, {noticed / total:.1%} (wanted: {WANTED:.0%}), in {seconds:.0f} s"
    )
    return f"mutants: {'' if well else 'MISSED: '}{said}", 0 if well else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Try the mutants, print what became of them, and return the exit status: 0 when enough were noticed."""
    parser = argparse.ArgumentParser(prog="scripts/mutants", description="See whether tests notice what is wrong.")
    parser.add_argument("--only", nargs="+", default=list(MODULES), metavar="PATH", help="modules or folders of them")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), metavar="PATH", help="what judges the mutants")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try the first of N mutants, and so on")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="so many at once")
    given = parser.parse_args(argv)
    if given.every < 1 or given.jobs < 1:
        parser.error("--every and --jobs are counted from 1")
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(BROKEN))  # not before everything is ended and deleted
    place = Path(tempfile.mkdtemp(prefix="mutants-"))
    try:
        chosen = modules(given.only)
        laboratory = Laboratory(place, given.tests, given.jobs)
        laboratory.prepare()
        mine = [mutant for module in chosen for mutant in mutants(module, laboratory.source(module))][:: given.every]
        print(
            f"{len(laboratory.tests)} tests, {len(mine)} mutants, {time.monotonic() - began:.0f} s so far", flush=True
        )
        tallies = {module: Tally() for module in chosen if any(mutant.module == module for mutant in mine)}
        for mutant, fate in laboratory.fates(mine):
            tallies[mutant.module].add(fate)
            if fate != KILLED:
                print(f"{fate}: {mutant.module}:{mutant.line}: {mutant.says}", flush=True)
    except MutantsError as exc:
        print(f"mutants: MISSED: {exc}")
        return 1
    finally:
        os.chdir(ROOT)
        shutil.rmtree(place, ignore_errors=True)
    print()
    for row in rows(tallies):
        print(row)
    last, status = verdict(tallies.values(), time.monotonic() - began)
    print(last)
    return status


if __name__ == "__main__":
    sys.exit(main())
