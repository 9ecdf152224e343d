"""What is told before a real libcamera is fetched, and what is made of its figures."""

from pathlib import Path

import pytest

from lab import real_camera

FIGURES = {
    "python": "3.14.1", "libcamera": "v0.7.2", "picamera2": "0.3.38", "names": 10, "unlike": ["a is not there"],
    "openings": 1000, "said": ["no camera"], "descriptors": [10, 10],
}  # fmt: skip


def test_all_is_kept_in_the_cache_outside_the_checkout():
    """Where the owner keeps such things."""
    assert Path("/c/booth/libcamera") == real_camera.folder({"XDG_CACHE_HOME": "/c", "HOME": "/h"})
    assert Path("/h/.cache/booth/libcamera") == real_camera.folder({"HOME": "/h"})


def test_tools_that_are_not_here_are_told_by_what_brings_them():
    """Each package once."""
    assert ["apt", "dpkg", "g++", "tar"] == real_camera.missing(lambda _: None)
    assert [] == real_camera.missing(lambda tool: f"/usr/bin/{tool}")


def test_packages_come_from_where_this_machine_has_debian_s():
    """Not from whoever else is among its sources."""
    assert "http://b" == real_camera.mirror(
        "http://a|Somebody\nhttp://b-security|Debian\nhttp://b|Debian\nhttp://c|Debian\n"
    )


def test_a_machine_without_debian_s_packages_is_told_what_to_do():
    """In words."""
    with pytest.raises(real_camera.ImpossibleError, match="apt-get update"):
        real_camera.mirror("http://a|Somebody\n")


def test_no_command_touches_the_system(capsys, monkeypatch):
    """Lists, state and cache are the folder's own; nothing is installed."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert 0 == real_camera.main(["--plan"])
    commands = capsys.readouterr().out.splitlines()
    ours = {f"-oDir::{what}=/c/booth/libcamera/{name}" for what, name in (
        ("Etc::sourcelist", "debian.list"), ("State::lists", "lists"), ("State::status", "status"), ("Cache", "cache"),
    )}  # fmt: skip
    assert [ours] * 4 == [ours & set(line.split()) for line in commands]
    assert [
        ["update"],
        ["install", "--download-only", "python3-libcamera"],
        ["source", "--download-only", "libcamera"],
        ["download", "libcamera-dev"],
    ] == [line.partition("NoLocking=1 ")[2].split() for line in commands]


def test_python_packages_are_those_of_our_locks():
    """With their hashes, and no others."""
    lock = "mypy==0\nnumpy==1 \\\n    --hash=sha256:a\npicamera2==3 \\\n    --hash=sha256:c\n"
    assert "numpy==1 \\\n    --hash=sha256:a\npicamera2==3 \\\n    --hash=sha256:c\n" == real_camera.locked([lock])


def test_a_command_that_fails_says_where_its_reason_is(tmp_path):
    """The tool's own words are in the log."""
    log = tmp_path / "log"
    with pytest.raises(real_camera.ImpossibleError, match=f"false failed: check the network; .* {log}"):
        real_camera.run(["false"], tmp_path)
    assert "\n$ false\n" == log.read_text()


TAKEN = {
    "frames": 2, "previews": 1, "median": 80, "slowest": 90, "modules": 1, "stale": [], "astray": [], "given": {},
    "descriptors": [5, 5], "unsaid": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("after", "taken", "status"),
    [
        (10, {}, 0),
        (11, {}, 1),
        (10, {"descriptors": [5, 6]}, 1),
        (10, {"stale": ["imx708-0-0.jpg"]}, 1),
        (10, {"astray": ["imx708-0-0.jpg"]}, 1),
        (10, {"unsaid": ["imx708"]}, 1),
    ],
)
def test_what_leaks_and_a_frame_that_is_not_right_are_failures(tmp_path, monkeypatch, capsys, after, taken, status):
    """And the figures are printed either way."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    where = real_camera.folder({"XDG_CACHE_HOME": str(tmp_path)})
    (where / "headers").mkdir(parents=True)
    (where / "ready").touch()
    monkeypatch.setattr(real_camera, "ask", lambda *_: FIGURES | {"descriptors": [10, after]})
    monkeypatch.setattr(real_camera, "frames", lambda _: TAKEN | taken)
    assert status == real_camera.main([])
    lines = capsys.readouterr().out.splitlines()
    assert f"open files before 10, after {after}" == lines[3].partition("; ")[2]
    assert "  2 frames and 1 previews" in lines
