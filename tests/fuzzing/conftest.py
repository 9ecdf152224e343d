"""The fuzzer, that anybody can run."""

import pytest

from lab import fuzz


@pytest.fixture(scope="session")
def script():
    """Give what ``scripts/fuzz`` starts."""
    return fuzz


@pytest.fixture
def brief(script):
    """Try the first cases of a kind: `brief(kind, cases)`; the figures come back."""

    def run(kind, cases):
        return script.fuzz(kind, script.prepared(kind), seed=script.SEED, seconds=120.0, cases=iter(range(cases)))

    return run
