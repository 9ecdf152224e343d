"""The script that cuts the power, and what it came to, said at the end of the run."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "cuts.py"


def load():
    """Load the script."""
    if "cuts" not in sys.modules:
        spec = importlib.util.spec_from_file_location("cuts", SCRIPT)
        sys.modules["cuts"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["cuts"])
    return sys.modules["cuts"]


FIGURES = []


@pytest.fixture
def cuts():
    """Return the script."""
    return load()


@pytest.fixture
def count():
    """Take the figures of a proof down, for the last lines of the run."""
    return FIGURES.append


def pytest_generate_tests(metafunc):
    """Ask for `life` to have them all, for `sync` to have every sync of theirs."""
    if "life" in metafunc.fixturenames:
        metafunc.parametrize("life", load().LIVES, ids=lambda life: life.name)
    if "sync" in metafunc.fixturenames:
        found, _ = load().syncs()
        metafunc.parametrize(("sync", "lives"), found.items(), ids=[f"{sync.by}: {sync.what}" for sync in found])


def pytest_terminal_summary(terminalreporter):
    """Say how much was cut."""
    if FIGURES:
        script = load()
        terminalreporter.write_line(script.summary(sum(FIGURES, script.Figures()), again=False))
