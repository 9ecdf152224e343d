"""The fuzzer, from the script that anybody can run."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load():
    """Load the script, once. It puts the folder of the kinds on the path."""
    if "scripts_fuzz" not in sys.modules:
        spec = importlib.util.spec_from_file_location("scripts_fuzz", ROOT / "scripts" / "fuzz.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["scripts_fuzz"] = module
        spec.loader.exec_module(module)
    return sys.modules["scripts_fuzz"]


load()  # test files import what is in scripts/fuzzing


@pytest.fixture(scope="session")
def script():
    """Give the script."""
    return load()


@pytest.fixture
def brief(script):
    """Try the first cases of a kind: `brief(kind, cases)`; the figures come back."""

    def run(kind, cases):
        return script.fuzz(kind, script.prepared(kind), seed=script.SEED, seconds=120.0, cases=iter(range(cases)))

    return run
