"""What holds for all tests: none fails for taking long on a busy machine, and those that take long begin first."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("booth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("booth")

LONG = (
    "tests/endurance/test_torture.py",
    "tests/endurance/test_soak.py",
    "tests/scripts/test_mutants.py",
    "tests/system/test_window.py",
    "tests/system/test_revival.py",
    "tests/system/test_daemon.py",
    "tests/disk/test_cuts_everywhere.py",
    "tests/disk/test_writers.py",
    "tests/imaging/test_graphicsmagick.py",
    "tests/contracts/test_camera.py",
    "tests/faults/test_faults.py",
    "tests/parts/test_disk.py",
    "tests/parts/test_state.py",
    "tests/parts/test_clock.py",
)
"""Where workers take not a whole file, but a test at a time, and first: in the end none waits for another."""

PAINTED = ("tests/scenes/test_kept.py", "tests/scenes/test_scenes.py")
"""These look at the same screens, which are painted once: a worker takes those of one size in one language."""

ROUNDS = (
    "tests/appliance/test_card_cuts.py",
    "tests/core/test_storms.py",
    "tests/disk/test_cuts_everywhere.py",
    "tests/disk/test_writers.py",
    "tests/outbox/test_cuts.py",
)
"""Proofs that go round and round where other tests have been. The coverage is not counted there: it would find nothing
new, and take twice the time.
"""


def file_of(nodeid):
    """Return the file that a test is in."""
    return nodeid.partition("::")[0]


def pytest_collection_modifyitems(config, items):
    """Have what takes long begin first, and have only those watched that come by somewhere for the first time."""
    ranks = {file: rank for rank, file in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(LONG)))
    if config.pluginmanager.hasplugin("_cov"):
        for item in items:
            if file_of(item.nodeid) in ROUNDS:
                item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Say what a worker takes at once: a file, which may share what costs something; of a long one, a test."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = file_of(nodeid)
            if file in PAINTED:
                return nodeid.partition("[")[2] or file
            return nodeid if file in LONG else file

    return Scheduling(config, log)
