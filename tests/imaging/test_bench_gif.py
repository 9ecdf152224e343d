import pytest

from lab.bench.gif import measure


@pytest.mark.alone
def test_it_measures_both_pipelines():
    """The bench runs, and its numbers are CPU seconds and a ratio. What they may be is for the bench to judge."""
    found = measure(pairs=1)
    assert found["ratio"] == found["cpu_booth_s"] / found["cpu_2019_s"]
    assert found["cpu_booth_s"] > 0
