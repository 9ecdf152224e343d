"""A camera that no new process gets back, and the machine that is started anew for it, once."""

import os
import subprocess
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from booth.disk import RealDisk
from booth.drivers.restart import ASKED, BOOTHS, COUNTED, Restart
from booth.ports import Uptime
from booth.units import Seconds
from booth.world import OFF, asked_off
from lab import ROOT


class State:
    """A booth's state, through processes and power."""

    def __init__(self, folder):
        self.folder = folder
        self.boot = "first"

    def booth(self, *, wanted=True, disk=None):
        """Return what a new process has."""
        return Restart(self.folder, lambda: Uptime(self.boot, Seconds(60.0)), wanted=wanted, disk=disk)

    def booths(self, count):
        """Let as many booths end for their camera; return after how many the machine was to be started anew."""
        for number in range(1, count + 1):
            self.booth().camera_held()
            if (self.folder / ASKED).exists():
                (self.folder / ASKED).unlink()
                return number
        return None


class NoCount(RealDisk):
    """A disk that takes everything but a count."""

    def write(self, file, content):
        if file.name.startswith(COUNTED):
            raise OSError(5, "Input/output error")
        super().write(file, content)


@pytest.fixture
def state(tmp_path):
    return State(tmp_path)


def test_the_machine_is_started_anew_after_some_booths_and_never_again(state):
    """Not for the same camera, in this life of the machine or the next."""
    assert BOOTHS == state.booths(10)
    assert state.booths(10) is None
    state.boot = "second"
    assert state.booths(10) is None


def test_a_camera_that_was_had_since_lets_the_next_one_count(state):
    """It is another trouble then."""
    state.booths(BOOTHS)
    state.boot = "second"
    state.booth().camera_opened()
    assert BOOTHS == state.booths(10)


def test_booths_of_an_earlier_life_of_the_machine_do_not_count(state):
    """The power was off in between: that was a start anew."""
    state.booths(BOOTHS - 1)
    state.boot = "second"
    assert BOOTHS == state.booths(10)


def test_booths_before_one_that_had_its_camera_do_not_count(state):
    """In a row they must be."""
    state.booths(BOOTHS - 1)
    state.booth().camera_opened()
    assert BOOTHS == state.booths(10)


def test_nothing_is_asked_or_noted_where_the_owner_has_not_said_so(state):
    """A machine with other work is left alone."""
    for _ in range(10):
        state.booth(wanted=False).camera_held()
    assert [] == list(state.folder.iterdir())


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b"{}", b'{"boot": "", "booths": "", "restarted": 0}', b"\xff"])
def test_a_count_that_cannot_be_read_is_that_of_a_machine_that_was_restarted(state, torn):
    """In doubt it is left alone, or it might be started anew for ever."""
    (state.folder / COUNTED).write_bytes(torn)
    assert state.booths(10) is None


class Refusing(RealDisk):
    """A disk that takes nothing."""

    def write(self, file, content):
        raise OSError(5, "Input/output error")


def test_a_disk_that_does_not_take_the_count_starts_nothing_anew(state):
    """It could not be known that it was done; and the booth's worker goes on."""
    with capture_logs() as logs:
        for _ in range(10):
            state.booth(disk=Refusing()).camera_held()
    assert ({"restart.not_counted"}, []) == ({entry["event"] for entry in logs}, list(state.folder.iterdir()))


def test_what_could_not_be_counted_is_not_asked_for(state):
    """A machine that does not remember it would be started anew again and again."""
    state.booths(BOOTHS - 1)
    state.booth(disk=NoCount()).camera_held()
    assert [COUNTED] == [path.name for path in state.folder.iterdir()]


def test_the_service_starts_the_machine_anew_when_it_was_asked_and_then_forgets_it(state, tmp_path):
    """By the unit's own program, with a systemctl that writes down what it is told."""
    unit = (ROOT / "systemd/booth.service").read_text().splitlines()
    assert ["ExecStopPost=+/usr/lib/booth/again"] == [line for line in unit if line.startswith("ExecStopPost")]
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\n')
    (tools / "systemctl").chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "BOOTH_ASKED": str(state.folder / ASKED)}
    for _ in range(BOOTHS):
        state.booth().camera_held()
        for _ in range(2):
            subprocess.run([ROOT / "systemd/again"], env=environment, check=True, stdout=subprocess.DEVNULL)
    assert ("--no-block reboot\n", False) == (Path(tmp_path, "told").read_text(), (state.folder / ASKED).exists())


def test_the_service_switches_the_machine_off_when_an_operator_has_asked(state, tmp_path):
    """Once, and that goes before a restart that was asked for as well."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "systemctl").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\n')
    (tools / "systemctl").chmod(0o755)
    asked_off(tmp_path)
    environment = os.environ | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "BOOTH_ASKED": str(state.folder / ASKED),
        "BOOTH_OFF": str(tmp_path / OFF),
    }
    for _ in range(2):
        subprocess.run([ROOT / "systemd/again"], env=environment, check=True, stdout=subprocess.DEVNULL)
    assert "--no-block poweroff\n" == Path(tmp_path, "told").read_text()
