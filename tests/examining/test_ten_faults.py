"""Ten faults of a machine, one after the other: each turns one sign of the whole list, says what to do, and goes again.

The machine is that of the page about running an evening, without its own two faults.
"""

import re
from dataclasses import replace

import pytest

from booth.bulletin import Bulletin, Parts
from booth.examining.checks import CHECKS
from booth.examining.findings import Sign, worst
from booth.examining.running import examine
from booth.units import Seconds
from lab.pages.machine import pretended

TOLD = Bulletin(
    "0.2.0", 4711, "simulated", 98.0, 0.1, 1_795_367_112.0, 60.0, "/data/outbox", "Party", "Booth 1", "Attract", (), (),
    "up", "", parts=Parts("picamera2", "right", "KMSDRM 800x480", 4, 12, 10.0, 4.0),
)  # fmt: skip
INSTALLED = {"gm", "fonts"}
"""Checks of what is installed here: they have tests of their own."""


@pytest.fixture
def machine(tmp_path, put):
    """Put a machine there that is well."""
    folder = tmp_path / "machine"
    root, tools = pretended(folder)
    (root / "sys/devices/platform/soc/soc:firmware/get_throttled").write_text("0\n")
    (tools / "iw").write_text("#!/bin/sh\necho Power save: off\n")
    return root, tools


@pytest.fixture
def look(make_premises, machine):
    """Go through the whole list beside a booth that tells *told*; return what is not well."""
    root, tools = machine

    def look(told=TOLD, **others):
        from booth import __version__

        shown = [check for check in CHECKS if check.name not in INSTALLED]
        premises = make_premises(
            bulletin=replace(told, release=__version__), root=root, tools=str(tools), **others,
        )  # fmt: skip
        found = list(examine([replace(check, within=Seconds(120.0)) for check in shown], premises, within=120.0))
        return worst(found), [(one.check, one.sign, one.cure) for one in found if one.sign in {Sign.WARN, Sign.BAD}]

    return look


def test_a_machine_that_is_well(look):
    """Nothing is to be done."""
    assert (Sign.OK, []) == look()


FILES = [
    ("sys/class/thermal/thermal_zone0/temp", r".*", "82000", "temperature"),
    ("sys/devices/platform/soc/soc:firmware/get_throttled", r".*", "1", "power"),
    ("proc/self/mountinfo", r"rw,noatime", "ro,noatime", "medium"),
    ("sys/fs/ext4/mmcblk0p2/errors_count", r".*", "7", "medium errors"),
    ("proc/net/wireless", r"-61", "-81", "wifi"),
    ("proc/bus/input/devices", r"PROP=2", "PROP=0", "screen touch"),
]


@pytest.mark.parametrize(("place", "whole", "fault", "check"), FILES, ids=[fault[3] for fault in FILES])
def test_a_fault_of_the_machine(look, machine, place, whole, fault, check):
    """Where the kernel would tell of it; mended, nothing is left of it."""
    file = machine[0] / place
    before = file.read_text()
    file.write_text(re.sub(whole, fault, before, count=1))
    _, wrong = look()
    assert ([check], True) == ([name for name, _, _ in wrong], bool(wrong[0][2]))
    file.write_text(before)
    assert (Sign.OK, []) == look()


PARTS = [
    (replace(TOLD, missing=("camera",)), "camera"),
    (replace(TOLD, notices=("picture-black",)), "camera"),
    (replace(TOLD, notices=("button-held",)), "button"),
    (replace(TOLD, parts=replace(TOLD.parts, fed_s=25.0)), "service watchdog"),
]


@pytest.mark.parametrize(("told", "check"), PARTS)
def test_a_fault_that_the_booth_tells(look, told, check):
    """What it holds nobody else can look at."""
    sign, wrong = look(told)
    assert (Sign.BAD, [check], True) == (sign, [name for name, _, _ in wrong], bool(wrong[0][2]))
    assert (Sign.OK, []) == look()
