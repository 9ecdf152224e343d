"""What holds for all tests: none fails for taking long on a busy machine, and those that take long begin first."""

import os

import pytest
import structlog
from coverage import Coverage
from hypothesis import HealthCheck, settings

from booth.logs import troubles
from tests.costs import Costs

settings.register_profile("booth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("booth")

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Where it is set, as in many a container, each child process would compile all of the booth for itself; and each worker
# of a run is one.

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

TOGETHER = ("tests/disk/test_writers.py",)
"""Of these, what takes the time is done once for all tests of the file: one worker takes them all."""

PAINTED = ("tests/scenes/test_kept.py", "tests/scenes/test_scenes.py")
"""These look at the same screens, which are painted once: a worker takes those of one size in one language."""

CUT = "tests/disk/test_cuts_everywhere.py"
"""Lives under the same conditions come to the same, which is found out once: a worker takes all of these."""

ROUNDS = (
    "tests/appliance/test_card_cuts.py",
    "tests/appliance/test_splash.py",
    "tests/core/test_chart.py",
    "tests/core/test_storms.py",
    "tests/disk/",
    "tests/endurance/",
    "tests/faults/",
    "tests/flows/test_forgotten.py",
    "tests/fuzzing/",
    "tests/image/",
    "tests/imaging/test_judge.py",
    "tests/outbox/test_cuts.py",
    "tests/outbox/test_metadata.py",
    "tests/parts/",
    "tests/scenes/",
    "tests/scripts/",
    "tests/system/test_rehearsal.py",
    "tests/system/test_revival.py",
    "tests/system/test_share.py",
    "tests/ui/test_keyboard.py",
    "tests/ui/test_oven.py",
    "tests/ui/test_tap_counts.py",
    "tests/ui/test_typed_names.py",
)
"""Proofs that go round and round where other tests have been, or paint what others painted. What they come by is not
counted, nor what their child processes do: it would find next to nothing new, and take two to three times as long.
"""


*FIRST, _ = structlog.get_config()["processors"]
structlog.configure(
    processors=[
        *FIRST,
        # Of itself it has rich draw an error, with the code around each line in colours: half a second for each.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
UNTOUCHED = structlog.get_config()
"""The log as it is before any test: what a fixture of a whole module sets up must not stay for the next module."""

WATCHED = "COVERAGE_PROCESS_CONFIG"
"""The variable by which the coverage finds its way into child processes."""


def file_of(nodeid):
    """Return the file that a test is in."""
    return nodeid.partition("::")[0]


def pytest_configure(config):
    """Have told what a long run has cost, and what of it was dearest."""
    config.pluginmanager.register(Costs())


def pytest_collection_modifyitems(items):
    """Have what takes long begin first."""
    ranks = {file: rank for rank, file in enumerate(LONG)}
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(LONG)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Have only those watched that come by somewhere for the first time, and their child processes.

    A worker has more than one watch: where pytest-cov is told to look away (`no_cover`) the one below it goes on.
    """
    if not item.nodeid.startswith(ROUNDS):
        return (yield)
    children = os.environ.pop(WATCHED, None)
    watches = []
    while (watch := Coverage.current()) is not None:
        watch.stop()
        watches.append(watch)
    try:
        return (yield)
    finally:
        for watch in reversed(watches):
            watch.start()
        if children is not None:
            os.environ[WATCHED] = children


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Say what a worker takes at once: a file, which may share what costs something; of a long one, a test."""
    from xdist.scheduler import LoadScopeScheduling

    from lab.disk.cuts import LIVES

    conditions = {life.name: str(life.conditions) for life in LIVES}

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = file_of(nodeid)
            case = nodeid.partition("[")[2].removesuffix("]")
            if file in PAINTED:
                return case or file
            if file == CUT:
                return conditions.get(case, nodeid)
            return nodeid if file in LONG and file not in TOGETHER else file

    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def log_as_it_was():
    """Give the log back as it was, and no troubles in it: both are of the whole process, and a command sets them up."""
    troubles.clear()
    yield
    structlog.configure(**UNTOUCHED)
