"""The fault servers and the proofs, as anybody can run them."""

import pytest

from lab.server import faults


def pytest_generate_tests(metafunc):
    """Have whoever asks for a *case* meet every fault over every scheme."""
    if "case" in metafunc.fixturenames:
        cases = faults.CASES
        metafunc.parametrize("case", cases, ids=["-".join(case) for case in cases])


@pytest.fixture(scope="session")
def script():
    """Give what ``scripts/faults`` starts."""
    return faults


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
