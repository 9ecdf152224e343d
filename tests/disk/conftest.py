"""What cuts the power, and what it came to, said at the end of the run."""

import pytest

from lab.disk import cuts as script

FIGURES = []

LONG = 7
"""Lives of so many chapters are killed everywhere by `scripts/cuts` only: that takes a while."""


@pytest.fixture
def cuts():
    """Return the proof."""
    return script


@pytest.fixture(scope="module", autouse=True)
def forgotten():
    """Forget what the lives have come to when all are lived: it is large, and whoever comes next has no use for it."""
    yield
    script.known.cache_clear()


@pytest.fixture
def count():
    """Take the figures of a proof down, for the last lines of the run."""
    return FIGURES.append


def pytest_generate_tests(metafunc):
    """Ask for `life` to have them all, for `brief` those that are not long, for `sync` every sync of theirs."""
    if "life" in metafunc.fixturenames:
        metafunc.parametrize("life", script.LIVES, ids=lambda life: life.name)
    if "brief" in metafunc.fixturenames:
        brief = [life for life in script.LIVES if len(life.chapters) < LONG]
        metafunc.parametrize("brief", brief, ids=lambda life: life.name)
    if "sync" in metafunc.fixturenames:
        found = {sync: lives for sync, lives in script.syncs().items() if not sync.rename}
        metafunc.parametrize(("sync", "lives"), found.items(), ids=[f"{sync.by}: {sync.what}" for sync in found])


def pytest_terminal_summary(terminalreporter):
    """Say how much was cut."""
    if FIGURES:
        terminalreporter.write_line(script.summary(sum(FIGURES, script.Figures()), again=False))
