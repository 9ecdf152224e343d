"""What is changed, who judges it, and what is said about it; and that a weak choice of tests is found out."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lab.mutants

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''\
"""A module."""

LIMIT = 3


def allowed(count: int, limit: int = LIMIT) -> bool:
    """Return whether that is allowed."""
    if not count:
        raise ValueError("nothing")
    return 0 < count <= limit
'''
MUTANTS = [
    (3, True, "3  ->  4"),
    (8, False, "not count  ->  count"),
    (9, False, "raise ValueError('nothing')  ->  pass"),
    (9, False, "'nothing'  ->  ''"),
    (10, False, "return 0 < count <= limit  ->  return None"),
    (10, False, "0 < count <= limit  ->  0 <= count <= limit"),
    (10, False, "0 < count <= limit  ->  0 < count < limit"),
    (10, False, "0  ->  1"),
]
"""The line, whether it is felt when the module is imported, and what is changed."""


@pytest.fixture(scope="module")
def script():
    """Return what ``scripts/mutants`` starts."""
    return lab.mutants


def test_every_small_change_is_a_mutant(script):
    """Operators, numbers, words, what is done and what is returned; neither types nor docstrings."""
    found = script.mutants("booth/core/module.py", SOURCE)
    assert MUTANTS == [(mutant.line, not mutant.lines, mutant.says) for mutant in found]
    assert list(range(len(MUTANTS))) == [mutant.number for mutant in found]


def test_a_mutant_has_one_change(script):
    """It is made of the module anew, and behaves otherwise."""
    made = [{}, {}]
    exec(compile(SOURCE, "module.py", "exec"), made[0])  # noqa: S102  that is what a mutant is for
    exec(script.mutated(SOURCE, 6, "module.py"), made[1])  # noqa: S102  the same
    assert [(True, True), (True, False)] == [(each["allowed"](2), each["allowed"](3)) for each in made]


def test_a_living_function_is_given_the_code_of_the_mutant(script, tmp_path):
    """Whoever has imported it before calls the mutant from now on."""
    file = tmp_path / "module.py"
    file.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("module", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    allowed = module.allowed
    script.graft(script.mutated(SOURCE, 6, str(file)), script.functions(str(file)))
    assert (True, False) == (allowed(2), allowed(3))


def test_the_tests_that_come_by_judge_the_nearest_first(script):
    """Then those that come by the module at all, then the quick ones; what is felt early is judged by all."""
    lines = {"booth/core/module.py": frozenset({8, 10})}
    near = script.Test("tests/core/test_module.py::test_a", 5.0, lines)
    slow, quick = (
        script.Test("tests/core/test_b.py::test_b", 2.0, lines),
        script.Test("tests/core/test_c.py", 1.0, lines),
    )
    other = script.Test("tests/core/test_d.py::test_d", 0.1, {})
    early, _, unseen, *_, late = script.mutants("booth/core/module.py", SOURCE)
    tests = [other, slow, quick, near]
    assert [near, quick, slow] == script.judges(late, tests)
    assert [near, quick, slow, other] == script.judges(early, tests)
    assert [] == script.judges(unseen, tests)


@pytest.mark.parametrize(
    ("killed", "survived", "last", "status"),
    [
        (85, 15, "mutants: 85 of 100 mutants were noticed, 85.0% (wanted: 85%), in 7 s", 0),
        (84, 16, "mutants: MISSED: 84 of 100 mutants were noticed, 84.0% (wanted: 85%), in 7 s", 1),
        (0, 0, "mutants: MISSED: there is nothing to be changed", 1),
    ],
)
def test_the_last_line_says_whether_it_is_enough(script, killed, survived, last, status):
    """And so does the exit status."""
    assert (last, status) == script.verdict([script.Tally(killed, survived, 0)], 7.0)


def test_the_table_has_a_line_for_each_module_and_one_for_all(script):
    """Nobody overlooks a mutant that hangs."""
    tallies = {"booth/core/a.py": script.Tally(3, 1, 0), "booth/core/b.py": script.Tally(0, 0, 4)}
    lines = [line.split() for line in script.rows(tallies)]
    assert ["booth/core/a.py", "4", "3", "0", "1", "75.0%"] == lines[1]
    assert ["booth/core/b.py", "4", "0", "4", "0", "100.0%"] == lines[2]
    assert ["all", "8", "3", "4", "1", "87.5%"] == lines[3]


def mutants(*arguments):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}  # it watches by itself
    return subprocess.run(
        [sys.executable, "-m", "lab.mutants", "--only", "booth/core/backoff.py", "--every", "8", *arguments],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_tests_of_a_module_notice_its_mutants():
    """A few of them, from the command to its last line."""
    done = mutants("--tests", "tests/core/test_backoff.py")
    assert (0, "") == (done.returncode, done.stderr)
    assert " mutants were noticed, " in done.stdout.splitlines()[-1]


def test_tests_of_something_else_do_not():
    """They survive, each is shown, and the last line says that it is not enough."""
    done = mutants("--tests", "tests/core/test_values.py")
    assert 1 == done.returncode
    assert "survived: booth/core/backoff.py:" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("mutants: MISSED: 0 of ")


def test_tests_that_fail_anyway_judge_nothing(tmp_path):
    """What is wrong is shown instead."""
    (tmp_path / "test_wrong.py").write_text("def test_wrong():\n    assert 'this' == 'that'\n")
    done = mutants("--tests", str(tmp_path))
    assert 1 == done.returncode
    assert "do not pass as they are" in done.stdout
    assert "'this' == 'that'" in done.stdout


def test_a_module_that_there_is_not_is_refused():
    """With a hint at what is wanted."""
    done = mutants("--only", "booth/core/nothing.py")
    assert (1, True) == (done.returncode, "there is no booth/core/nothing.py" in done.stdout)
