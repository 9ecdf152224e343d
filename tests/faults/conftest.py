"""The fault servers and the proofs, from the script that anybody can run."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load():
    """Load the script, once."""
    if "scripts_faults" not in sys.modules:
        spec = importlib.util.spec_from_file_location("scripts_faults", ROOT / "scripts" / "faults.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["scripts_faults"] = module
        spec.loader.exec_module(module)
    return sys.modules["scripts_faults"]


def pytest_generate_tests(metafunc):
    """Have whoever asks for a *case* meet every fault over every scheme."""
    if "case" in metafunc.fixturenames:
        cases = load().CASES
        metafunc.parametrize("case", cases, ids=["-".join(case) for case in cases])


@pytest.fixture(scope="session")
def script():
    """Give the script."""
    return load()


@pytest.fixture(scope="session")
def around(script, tmp_path_factory):
    """Start an S3 server and the fault servers before it, once for all tests."""
    with script.world(tmp_path_factory.mktemp("faults")) as world:
        yield world


@pytest.fixture(autouse=True)
def _well_again(request):
    """Have the servers well again after each test."""
    yield
    if "around" in request.fixturenames:
        around = request.getfixturevalue("around")
        for server in around.servers.values():
            server.recover()
            server.hang_up()
