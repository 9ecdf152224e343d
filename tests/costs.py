"""What tests cost: processor seconds, of the test and of the processes that it has ended, told after a long run.

By the clock nothing can be said of a test that runs beside two others on somebody else's machine; a processor second is
one wherever it was waited for.
"""

import os
from collections import Counter

import pytest

TOLD = 60.0
"""Processor seconds from which on a run is long."""

DEAREST = 12
"""Files that are told, and rooms."""


class Costs:
    """Counts on each worker, and adds up where the reports arrive."""

    def __init__(self):
        self.files = Counter()
        self._before = _spent()

    def pytest_runtest_logstart(self):
        """Begin anew: what is between two tests is nobody's."""
        self._before = _spent()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        """Write on the report what its part of the test has cost."""
        report = yield
        now = _spent()
        report.spent, self._before = now - self._before, now
        return report

    def pytest_runtest_logreport(self, report):
        """Add up."""
        self.files[report.nodeid.partition("::")[0]] += getattr(report, "spent", 0.0)

    def pytest_terminal_summary(self, terminalreporter):
        """Tell the dearest rooms and files, if it was a long run."""
        total = self.files.total()
        if total < TOLD:
            return
        rooms = Counter()
        for file, spent in self.files.items():
            rooms[file.rpartition("/")[0]] += spent
        terminalreporter.section(f"{total:.0f} processor seconds")
        for kind in (rooms, self.files):
            dearest = ", ".join(
                f"{name.removeprefix('tests/')} {spent:.0f}" for name, spent in kind.most_common(DEAREST)
            )
            terminalreporter.write_line(dearest)


def _spent():
    user, system, childrens_user, childrens_system, _ = os.times()
    return user + system + childrens_user + childrens_system
