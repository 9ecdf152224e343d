"""The commands that a person types: what they start, and what they hand on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [*sorted(path for path in (ROOT / "scripts").iterdir() if not path.suffix), ROOT / ".ci" / "run"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_commands_can_be_run(command):
    """Each command has its execute bit, in the work tree and so in every clone."""
    assert command.stat().st_mode & 0o111


def test_there_are_only_commands():
    """What they start is in lab/ and image/, where checkers follow it."""
    assert [] == sorted((ROOT / "scripts").rglob("*.py"))


def test_the_labs_page_has_each_command_with_what_it_starts():
    """Nothing is listed that is not there, and nothing is there that is not listed."""
    texts = {f"scripts/{command.name}": command.read_text() for command in COMMANDS if command.is_file()}
    started = {(name, lab) for name, text in texts.items() for lab in re.findall(r" -m (lab\.[\w.]+) ", text)}
    page = (ROOT / "lab" / "README.md").read_text()
    assert started == set(re.findall(r"^\| `(scripts/[\w-]+)[^`]*` \| `(lab\.[\w.]+)` \|", page, re.MULTILINE))


def test_a_release_tells_how_it_is_made():
    """All of it, to whoever asks; and whoever asks for something else gets it as an error."""
    asked, wrong = (
        subprocess.run([ROOT / "scripts" / "release", word], capture_output=True, text=True, check=False)
        for word in ("--help", "--nonsense")
    )
    assert (0, "", 2, "") == (asked.returncode, asked.stderr, wrong.returncode, wrong.stdout)
    assert ("what the lock's hashes say.", asked.stdout) == (asked.stdout.strip()[-27:], wrong.stderr)


def test_simulate_hands_its_arguments_on(machine):
    """`scripts/simulate --guests 3` is `booth --simulate --guests 3`, and its output is booth's alone."""
    outcome = machine.run("scripts/simulate", "--guests", "3", "--names", "a file")
    assert (0, ['{"booth": "speaks"}']) == (outcome.status, outcome.out)
    assert "python -P -m booth --simulate --guests 3 --names a file" == machine.calls[-1]


def test_simulate_does_not_start_what_is_not_there(machine):
    """Where set-up fails, so does simulate, and the booth is not started."""
    machine.settings["FAKE_PIP"] = "exit 1"
    outcome = machine.run("scripts/simulate")
    assert (1, []) == (outcome.status, outcome.out)
    assert not any("-m booth" in call for call in machine.calls)


@pytest.mark.parametrize("name", ["chart", "palette", "screens", "sounds", "splash"])
def test_what_draws_sets_up_a_fresh_clone_first(machine, name):
    """Nobody has to know which command comes before."""
    module = "lab.screens.screens" if name == "screens" else f"lab.pages.{name}"
    outcome = machine.run(f"scripts/{name}", "--help")
    assert (0, f"python -m {module} --help") == (outcome.status, machine.calls[-1])


@pytest.mark.parametrize(("name", "option"), [("words", "--check"), ("completions", "--write")])
def test_what_the_simulator_does_without_is_set_up(machine, name, option):
    """After `scripts/simulate` there is a .venv, and neither Babel nor shtab in it."""
    machine.run("scripts/setup")
    assert not (machine.checkout / ".venv" / "ready-test").exists()
    outcome = machine.run(f"scripts/{name}", option)
    assert (0, f"python -m lab.pages.{name} {option}") == (outcome.status, machine.calls[-1])
    assert (machine.checkout / ".venv" / "ready-test").exists()


def test_lock_without_uv_says_how_to_have_it(machine):
    """It is no package of Debian's."""
    outcome = machine.run("scripts/lock")
    expected = (
        "lock: uv is not here: install it (pipx install uv, or python3 -m pip install uv in a .venv of its own), "
    )
    assert (1, [f"{expected}then run this again."]) == (outcome.status, outcome.err)


@pytest.mark.parametrize("name", ["chart", "palette", "words"])
def test_whoever_asks_for_help_changes_nothing(name):
    """The pages that these write are left as they are."""
    pages = [ROOT / "docs" / "machine.md", ROOT / "docs" / "design.md", ROOT / "config" / "booth.toml"]
    before = [page.stat().st_mtime_ns for page in pages]
    ran = subprocess.run([ROOT / "scripts" / name, "--help"], capture_output=True, text=True, check=True)
    assert (0, before) == (ran.stdout.index("usage: "), [page.stat().st_mtime_ns for page in pages])


@pytest.fixture
def checked(machine):
    """Return a machine whose checkout is under git, and whose checkers find nothing."""
    machine.run("scripts/setup", "--test")
    machine.has("lint-imports")
    (machine.tools / "lint-imports").rename(machine.checkout / ".venv" / "bin" / "lint-imports")
    machine.has("units")
    (machine.tools / "units").rename(machine.checkout / "scripts" / "units")
    subprocess.run(["git", "init", "--quiet", machine.checkout], check=True)
    return machine


def test_check_runs_every_checker(checked):
    """Style, layout, types and layers are checked, and a clean checkout passes."""
    outcome = checked.run("scripts/check")
    assert (0, []) == (outcome.status, outcome.err)
    assert [
        "python -m ruff check",
        "python -m ruff format --check",
        "python -m mypy",
        "lint-imports ",
        "units ",
    ] == checked.calls[-5:]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements.lock", "thing @ https://mirror.example/thing-1.0.whl"),
        ("requirements-dev.lock", "--extra-index-" + "url internal"),
        ("README.md", "Get it from https://py" + "pi.org/simple."),
        ("docs.txt", "pip install --index-" + "url internal booth"),
    ],
)
def test_check_finds_addresses_of_package_hosts(checked, name, line):
    """Where packages come from is the machine's affair; an address in the project is found and shown."""
    with (checked.checkout / name).open("a") as file:
        file.write(f"{line}\n")
    checked.run("scripts/setup", "--test")
    if name.startswith("requirements"):  # a new lock, a new .venv
        checked.has("lint-imports")
        (checked.tools / "lint-imports").rename(checked.checkout / ".venv" / "bin" / "lint-imports")
    outcome = checked.run("scripts/check")
    assert (1, True) == (outcome.status, any(line in shown for shown in outcome.out))


def test_check_that_cannot_look_fails(checked):
    """Outside git nothing can be searched, and that is no clean bill."""
    (checked.checkout / ".git").rename(checked.checkout / "not.git")
    assert 1 == checked.run("scripts/check").status


@pytest.fixture
def tested(checked):
    """Return a machine whose checks are one stub, and whose tests pass."""
    checked.has("check", 'eval "${FAKE_CHECK:-}"')
    (checked.tools / "check").rename(checked.checkout / "scripts" / "check")
    return checked


def asked(machine):
    """Return what pytest was asked, and the checks, whichever came first."""
    return sorted(call for call in machine.calls if "pytest" in call or call.startswith("check"))


def test_all_checks_and_all_tests_decide(tested):
    """Those that measure the machine run by themselves, and the coverage is that of all."""
    tested.settings["WORKERS"] = "5"
    assert 0 == tested.run("scripts/test").status
    assert [
        "check ",
        "python -m pytest -m alone --cov --cov-append --cov-fail-under=94",
        "python -m pytest -m not alone --numprocesses 5 --dist loadscope --no-loadscope-reorder --cov --cov-report=",
    ] == asked(tested)


def test_some_tests_are_run_as_pytest_is_asked(tested):
    """Without the checks, and without the coverage."""
    assert 0 == tested.run("scripts/test", "tests/core", "-k", "storm").status
    assert ["python -m pytest tests/core -k storm"] == asked(tested)


@pytest.mark.parametrize(
    ("settings", "failed"),
    [
        ({"FAKE_CHECK": "echo E501; exit 1"}, "checks"),
        ({"FAKE_PYTEST": '[[ "$*" != *"not alone"* ]] || exit 1'}, "tests"),
        ({"FAKE_PYTEST": '[[ "$*" == *"not alone"* ]] || exit 2'}, "tests that run alone, or the coverage"),
        ({"FAKE_CHECK": "exit 1", "FAKE_PYTEST": "exit 1"}, "tests, checks, tests that run alone, or the coverage"),
    ],
)
def test_what_fails_is_said_at_the_end_and_all_else_was_run(tested, settings, failed):
    """Nobody has to run it again to hear of the next fault."""
    tested.settings |= settings
    outcome = tested.run("scripts/test")
    assert (1, f"test: FAILED: {failed}") == (outcome.status, outcome.err[-1])
    assert 3 == len(asked(tested))
    assert ("E501" in outcome.out) is ("echo E501" in settings.get("FAKE_CHECK", ""))
