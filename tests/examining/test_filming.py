"""The clip: a film is made by the ffmpeg that is there, and nothing of it stays."""

import shutil

import pytest

from booth.drivers.clock import SystemClock
from booth.examining import filming
from booth.examining.findings import Sign
from booth.units import later

SMALL = {"animation": {"width": 64, "height": 64}}
GM, FFMPEG = shutil.which("gm"), shutil.which("ffmpeg")


@pytest.fixture
def film(make_premises):
    """Look at ffmpeg, with a minute for it; whether a clip is wanted is as a test says."""

    def film(*, wanted=True):
        clock = SystemClock()
        settings = SMALL | {"clip": {"enabled": wanted}}
        return list(filming.clip(make_premises(settings, clock=clock, deadline=later(clock.now(), 60.0))))

    return film


def test_a_clip_is_made(tool, film, tmp_path, monkeypatch):
    """As large as the settings want it; ffmpeg's version is told first."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "root"))
    tool("gm", f'exec {GM} "$@"')
    tool("ffmpeg", f'exec {FFMPEG} "$@"')
    version, made = film()
    assert ("clip", Sign.OK, "ffmpeg version ") == (version.check, version.sign, version.measured[:15])
    assert ("clip made", Sign.OK, "3.0 s of 64x64 in ") == (made.check, made.sign, made.measured[:18])
    assert [] == list((tmp_path / "root").iterdir())


def test_where_none_is_wanted_none_is_looked_for(tool, film, tmp_path):
    """A machine without ffmpeg is well then."""
    tool("ffmpeg", f'touch "{tmp_path}/asked"')
    assert [("clip", Sign.SKIPPED)] == [(each.check, each.sign) for each in film(wanted=False)]
    assert not (tmp_path / "asked").exists()


def test_a_machine_without_ffmpeg(film):
    """What brings it is told."""
    assert [("clip", Sign.BAD, filming.INSTALL)] == [(each.check, each.sign, each.cure) for each in film()]


def test_an_ffmpeg_that_does_not_start(tool, film):
    """It is there, and nothing else of it."""
    tool("ffmpeg", "exit 127")
    assert [("clip", Sign.BAD)] == [(each.check, each.sign) for each in film()]


@pytest.mark.parametrize("line", ["exit 1", 'echo "Encoder h263"', "echo Encoder libx264 there"])
def test_an_ffmpeg_that_makes_no_clip(tool, film, line):
    """However it fails, that is one finding with what to do; it tells its version all the same."""
    tool("gm", f'exec {GM} "$@"')
    tool("ffmpeg", f'[ "$1" = -version ] && exec {FFMPEG} -version', line)
    version, made = film()
    assert (Sign.OK, "clip made", Sign.BAD, True) == (version.sign, made.check, made.sign, bool(made.cure))
    assert 0 == made.measured.count("booth-doctor-")
