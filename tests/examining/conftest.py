import pytest

from booth.disk import RealDisk
from booth.examining.findings import Premises
from booth.settings.model import Settings
from booth.units import Instant
from lab.clock import HandClock


@pytest.fixture
def put(tmp_path):
    """Put a file below the pretended root of the machine, by its name there; None takes it away."""

    def put(place, content):
        file = tmp_path / "root" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink()
        else:
            file.write_text(content)

    return put


@pytest.fixture
def tool(tmp_path):
    """Put a program, a shell script of these lines, among the tools that there are."""
    (tmp_path / "tools").mkdir()

    def put(name, *lines):
        file = tmp_path / "tools" / name
        file.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        file.chmod(0o755)

    return put


@pytest.fixture
def make_premises(tmp_path, tool):
    """Make what a check is given: a machine that has nothing but what a test puts into it, and settings by section."""
    (tmp_path / "root").mkdir(exist_ok=True)
    clock = HandClock(now=Instant(100.0))

    def make(sections=None, **others):
        given = {
            "settings": Settings(**sections or {}),
            "outbox": tmp_path / "outbox",
            "disk": RealDisk(),
            "clock": clock,
            "deadline": Instant(clock.now() + 60.0),
            "root": tmp_path / "root",
            "tools": str(tmp_path / "tools"),
        }
        return Premises(**given | others)

    return make
