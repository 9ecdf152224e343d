"""The command that throws nonsense: the same nonsense again, figures that are true, a status that says so."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.fuzzing import REFUSED, Violation

ROOT = Path(__file__).resolve().parents[2]


def preparing(attempt):
    """Return what prepares *attempt*."""

    @contextlib.contextmanager
    def prepare(folder):
        yield attempt

    return prepare


def run(script, attempt, cases=5, seconds=120.0, seed=7):
    """Try *cases* of *attempt*."""
    return script.fuzz("odd", preparing(attempt), seed=seed, seconds=seconds, cases=iter(range(cases)))


def test_a_case_is_the_same_whenever_it_is_tried(script):
    """Chance comes from the seed and the number of the case: one case can be had again without those before it."""
    seen = []
    run(script, lambda rng: seen.append(rng.random()) or "held")
    assert [script.generator(7, case).random() for case in range(5)] == seen


def test_what_became_of_the_cases_is_counted(script):
    """The figures say how many cases there were, what was refused, and what was violated."""
    outcomes = iter(["held", REFUSED, REFUSED])

    def attempt(rng):
        outcome = next(outcomes, None)
        if outcome is None:
            raise Violation("the guest is named")
        return outcome

    figures = json.loads(run(script, attempt).as_json())
    assert (5, 2, 2) == (figures["cases"], figures["refused"], figures["violations"])
    assert {"held": 1, REFUSED: 2} == figures["outcomes"]


def test_what_is_raised_is_a_violation_with_its_case(script):
    """An exception that nobody promised is told with the number of the case that met it."""

    def attempt(rng):
        raise ValueError("a bug")

    figures = run(script, attempt, cases=1)
    (told,) = figures.told
    assert told.startswith("case 0: ")
    assert told.endswith("ValueError: a bug")


def test_it_ends_when_its_time_is_over(script):
    """After so many seconds no further case is begun."""
    assert 1 == run(script, lambda rng: "held", seconds=0.0).cases


def test_the_command_says_which_kinds_there_are(script):
    """Every module of lab/fuzzing is a kind, and has a sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "lab.fuzz", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for kind, says in script.kinds().items():
        assert f"{kind:12}{says}" in done.stdout


@pytest.mark.parametrize(("promise", "status"), [("return 'held'", 0), ("raise Violation('it is broken')", 1)])
def test_the_command_ends_with_1_on_a_violation_and_names_the_seed(tmp_path, promise, status):
    """Figures on standard output, as JSON; what was violated, with its seed and case, on standard error."""
    for name in ("__init__.py", "fuzz.py", "fuzzing/__init__.py"):
        (tmp_path / "lab" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lab" / name).write_bytes((ROOT / "lab" / name).read_bytes())
    (tmp_path / "lab" / "fuzzing" / "odd.py").write_text(
        f'"""Odd."""\nimport contextlib\nfrom lab.fuzzing import Violation\n\ndef attempt(rng):\n    {promise}\n\n'
        "@contextlib.contextmanager\ndef prepared(folder):\n    yield attempt\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "lab.fuzz", "odd", "--seconds", "0", "--seed", "7"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert status == done.returncode
    assert (7, 1, status) == tuple(json.loads(done.stdout)[key] for key in ("seed", "cases", "violations"))
    assert (status == 1) == ("seed 7, case 0: it is broken" in done.stderr)
