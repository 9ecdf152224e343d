"""The oven: a GIF is made by the gm that is there, and nothing of it stays."""

import shutil

import pytest

from booth.drivers.clock import SystemClock
from booth.examining import baking
from booth.examining.findings import Sign
from booth.units import later

SMALL = {"animation": {"width": 64, "height": 64}}
GM = shutil.which("gm")


@pytest.fixture
def bake(make_premises):
    """Look at gm, with a minute for it."""

    def bake():
        clock = SystemClock()
        return list(baking.gif(make_premises(SMALL, clock=clock, deadline=later(clock.now(), 60.0))))

    return bake


def test_a_gif_is_made(tool, bake, tmp_path, monkeypatch):
    """As large as the settings want it; gm's version is told first."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "root"))
    tool("gm", f'exec {GM} "$@"')
    version, made = bake()
    assert ("gm", Sign.OK, "GraphicsMagick ") == (version.check, version.sign, version.measured[:15])
    assert ("gm gif", Sign.OK, "2 frames of 64x64 in ") == (made.check, made.sign, made.measured[:21])
    assert [] == list((tmp_path / "root").iterdir())


def test_a_machine_without_gm(bake):
    """What brings it is told."""
    assert [("gm", Sign.BAD, baking.INSTALL)] == [(each.check, each.sign, each.cure) for each in bake()]


def test_a_gm_that_does_not_start(tool, bake):
    """It is there, and nothing else of it."""
    tool("gm", "exit 127")
    assert [("gm", Sign.BAD)] == [(each.check, each.sign) for each in bake()]


@pytest.mark.parametrize("lines", [("exit 0",), ("echo no room >&2; exit 1",), (f'exec {GM} "$@" 2>&1 | head -c 100',)])
def test_a_gm_that_makes_no_gif(tool, bake, lines):
    """However it fails, that is one finding with what to do; it tells its version all the same."""
    real = f'case "$1" in version) exec {GM} version;; esac; case "$3" in 64x64) exec {GM} "$@";; esac'
    tool("gm", real, *lines)
    version, made = bake()
    assert (Sign.OK, "gm gif", Sign.BAD, True) == (version.sign, made.check, made.sign, bool(made.cure))
    assert 0 == made.measured.count("booth-doctor-")
