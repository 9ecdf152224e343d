"""The machine's service that copies to a stick: which stick it takes, and that it gives it back."""

import os
from pathlib import Path

import pytest

from booth.core.copying import CopyStage as Stage
from booth.drivers import copying

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "systemd"


class Machine:
    """A machine whose sticks are files, and whose mount and umount say what is asked of them."""

    def __init__(self, folder, run):
        self.folder, self._run = folder, run
        for name in ("dev", "sticks", "place", "bin", "runtime"):
            (folder / name).mkdir()
        self.mounts = folder / "mounts"
        self.mounts.write_text("")
        self.asked = folder / "runtime" / copying.ASKED
        self.asked.touch()
        (folder / "state").write_text("full 0 0\n")
        for name in ("mount", "umount"):
            self.program(name, f'echo "{name} $*" >>"{folder}/done"')

    def program(self, name, line):
        file = self.folder / "bin" / name
        file.write_text(f"#!/bin/sh\n{line}\n")
        file.chmod(0o755)

    def plug(self, name):
        device = self.folder / "dev" / name
        device.write_text("")
        (self.folder / "sticks" / name).symlink_to(device)
        return device

    def stick(self, verb, **environ):
        return self._run(
            UNITS / "stick", verb, PATH=f"{self.folder / 'bin'}:{os.environ['PATH']}",
            BOOTH_STICK=str(self.folder / "place"), BOOTH_STICKS=str(self.folder / "sticks"),
            BOOTH_MOUNTS=str(self.mounts), BOOTH_ASKED=str(self.asked), BOOTH_TOLD=str(self.folder / "state"),
            BOOTH_PATIENCE="1", **environ,
        ).status  # fmt: skip

    @property
    def done(self):
        file = self.folder / "done"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def why(self):
        file = self.folder / "place" / copying.WHY
        return file.read_text().strip() if file.exists() else ""

    @property
    def held(self):
        return (self.folder / "place" / copying.HELD).exists()


@pytest.fixture
def machine(tmp_path, run):
    return Machine(tmp_path, run)


def test_the_stick_is_mounted_for_the_booths_user(machine):
    """As what sticks are, with modes that Linux can keep there; nothing is told of a copy before this one."""
    device = machine.plug("sda1")
    options = "rw,nosuid,nodev,noexec,uid=booth,gid=booth,fmask=0177,dmask=0077"
    assert 0 == machine.stick("take")
    assert [f"mount -t vfat,exfat -o {options} {device} {machine.folder}/place/here"] == machine.done
    assert (True, "", False, False) == (
        machine.held, machine.why, machine.asked.exists(), (machine.folder / "state").exists()
    )  # fmt: skip


def test_no_stick(machine):
    """Nothing is mounted, and it is said."""
    assert (1, [], Stage.NO_STICK.value, False, False) == (
        machine.stick("take"), machine.done, machine.why, machine.held, machine.asked.exists()
    )  # fmt: skip


def test_more_than_one_stick(machine):
    """Nobody guesses which is meant: guests' addresses go there."""
    machine.plug("sda1")
    machine.plug("sdb1")
    assert (1, [], Stage.SEVERAL.value) == (machine.stick("take"), machine.done, machine.why)


def test_what_somebody_has_mounted_is_theirs(machine):
    """Such as the disk that was booted from; the other one is the stick."""
    theirs, ours = machine.plug("sda1"), machine.plug("sdb1")
    machine.mounts.write_text(f"{theirs} /boot/firmware vfat rw 0 0\n")
    assert (0, str(ours)) == (machine.stick("take"), machine.done[0].split()[-2])


def test_a_stick_that_cannot_be_mounted(machine):
    """It is said, and nobody holds it."""
    machine.plug("sda1")
    machine.program("mount", "exit 32")
    assert (1, Stage.BROKEN.value, False) == (machine.stick("take"), machine.why, machine.held)


def test_it_is_given_back(machine):
    """What is told by whoever copied stays; and nobody holds it any more."""
    device = machine.plug("sda1")
    machine.stick("take")
    machine.mounts.write_text(f"{device} {machine.folder}/place/here vfat rw 0 0\n")
    assert (0, 0) == (machine.stick("ended", SERVICE_RESULT="success"), machine.stick("give"))
    assert (f"umount {machine.folder}/place/here", "", False) == (machine.done[-1], machine.why, machine.held)


def test_a_stick_that_was_pulled_is_let_go(machine):
    """Whoever asks for another copy finds the place free; and it is not told that all is well."""
    device = machine.plug("sda1")
    machine.stick("take")
    machine.mounts.write_text(f"{device} {machine.folder}/place/here vfat rw 0 0\n")
    machine.program("umount", f'echo "umount $*" >>"{machine.folder}/done"; [ "$1" = -l ]')
    machine.stick("give")
    assert (f"umount -l {machine.folder}/place/here", Stage.BROKEN.value, False) == (
        machine.done[-1], machine.why, machine.held
    )  # fmt: skip


@pytest.mark.parametrize("result", ["signal", "oom-kill", "timeout"])
def test_whoever_copied_and_was_killed_has_said_nothing(machine, result):
    """So it is said here."""
    machine.plug("sda1")
    machine.stick("take")
    assert (0, 0) == (machine.stick("ended", SERVICE_RESULT=result), machine.stick("give"))
    assert (Stage.BROKEN.value, False) == (machine.why, machine.held)


def test_the_booths_user_can_read_why(machine):
    """Whatever the mask of the unit that says it."""
    before = os.umask(0o077)
    try:
        machine.stick("ended", SERVICE_RESULT="timeout")
    finally:
        os.umask(before)
    assert 0o644 == (machine.folder / "place" / copying.WHY).stat().st_mode & 0o777


def test_what_mounts_has_no_fence_of_folders():
    """Behind one, whoever copies would see an empty folder. What needs such a fence of its own is not in this unit."""
    folders = ("Protect", "Private", "ReadOnly", "ReadWrite", "Inaccessible", "TemporaryFileSystem", "Bind", "Root")
    said = (UNITS / "booth-stick.service").read_text().splitlines()
    assert [] == [line for line in said if line.startswith(folders)]
    assert "BindsTo=booth-stick.service" in (UNITS / "booth-copy.service").read_text().splitlines()


def test_without_a_stick_it_gives_back_what_it_never_had(machine):
    """The service manager has it done in any case; why there was none is still told."""
    machine.stick("take")
    assert (0, [], Stage.NO_STICK.value) == (machine.stick("give"), machine.done, machine.why)


def test_all_agree_on_the_places():
    """The units, the program, the folder in memory, and the booth."""
    unit = (UNITS / "booth-copy.service").read_text()
    program = (UNITS / "stick").read_text()
    asked = f"/run/booth/{copying.ASKED}"
    assert f"\nPathExists={asked}\n" in (UNITS / "booth-copy.path").read_text()
    assert f"\nd {copying.STICK} 0755 root root -\n" in (UNITS / "booth.tmpfiles").read_text()
    folder = f"RuntimeDirectory={copying.STATE.parent.name}"
    for said in (f"--tell {copying.STATE}", f"--stick {copying.STICK}/here", folder):
        assert said in unit
    for variable, place in (("ASKED", asked), ("TOLD", copying.STATE), ("STICK", copying.STICK)):
        assert f"BOOTH_{variable}:-{place}}}" in program
    for name in (copying.WHY, copying.HELD):
        assert f'"$place/{name}"' in program
    assert 'SYMLINK+="booth-stick/%k"' in (UNITS / "70-booth.rules").read_text()
