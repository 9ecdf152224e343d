"""Which release a booth starts: the shell that chooses, confirms and launches, run on folders."""

import sys
from pathlib import Path

import pytest

SYSTEMD = Path(__file__).parents[2] / "systemd"


class Releases:
    """A machine's releases: one built in, others that came by update."""

    def __init__(self, folder: Path, made, run):
        self.folder = folder / "releases"
        self.folder.mkdir()
        self.built_in = made(folder / "built-in", "1.0")
        self._chosen = folder / "chosen"
        self._made, self._run = made, run
        self._places = {
            "BOOTH_RELEASES": str(self.folder), "BOOTH_BUILT_IN": str(self.built_in),
            "BOOTH_CHOSEN": str(self._chosen), "BOOTH_PYTHON": sys.executable, "BOOTH_DISK": str(SYSTEMD / "disk"),
        }  # fmt: skip

    def arrive(self, version: str, says: str = "print('booth', *sys.argv[1:])"):
        """Do what an update does at its end: the release is there, current, and on trial."""
        release = self._made(self.folder / version, version, says)
        current = self.folder / "current"
        if current.is_symlink():
            (self.folder / "previous").unlink(missing_ok=True)
            (self.folder / "previous").symlink_to(current.readlink())
            current.unlink()
        (self.folder / f"{version}.trial").write_text("0\n")
        current.symlink_to(version)
        return release

    def start(self, **environ: str) -> str:
        """Choose; return the version that would be started."""
        outcome = self._run(SYSTEMD / "choose", **self._places | environ)
        assert 0 == outcome.status, outcome.err
        return (self._chosen / "VERSION").read_text().strip()

    def ready(self):
        """Say READY."""
        assert 0 == self._run(SYSTEMD / "confirm", **self._places).status

    def launch(self, *arguments: str):
        return self._run(SYSTEMD / "launch", *arguments, **self._places)


@pytest.fixture
def releases(tmp_path, made, run):
    return Releases(tmp_path, made, run)


class TestChoose:
    def test_without_any_update_it_is_the_built_in_one(self, releases):
        """A new card has nothing else, and not even the folder needs to be there."""
        assert "1.0" == releases.start()
        releases.folder.rmdir()
        assert "1.0" == releases.start()

    def test_an_update_is_started_next(self, releases):
        releases.arrive("1.1")
        assert "1.1" == releases.start()

    def test_a_release_that_was_ready_once_is_trusted(self, releases):
        """However often the power goes afterwards: its trial is over."""
        releases.arrive("1.1")
        releases.start()
        releases.ready()
        assert ["1.1"] * 9 == [releases.start() for _ in range(9)]

    def test_a_release_that_is_not_ready_in_two_starts_is_taken_back(self, releases):
        """To the built-in one if there was no other, and for good."""
        releases.arrive("1.1")
        assert ["1.1", "1.1", "1.0", "1.0"] == [releases.start() for _ in range(4)]

    def test_it_is_taken_back_to_the_release_before_it(self, releases):
        """Which was trusted, and stays so."""
        releases.arrive("1.1")
        releases.start()
        releases.ready()
        releases.arrive("1.2")
        assert ["1.2", "1.2", "1.1", "1.1", "1.1"] == [releases.start() for _ in range(5)]

    def test_ready_at_the_second_start_is_in_time(self, releases):
        releases.arrive("1.1")
        releases.start()
        releases.start()
        releases.ready()
        assert "1.1" == releases.start()

    def test_half_a_release_is_not_started(self, releases):
        """Without its version or its package it is no release, wherever the name points."""
        release = releases.arrive("1.1")
        (release / "VERSION").unlink()
        assert "1.0" == releases.start()

    def test_a_name_that_points_nowhere(self, releases):
        (releases.folder / "current").symlink_to("gone")
        assert "1.0" == releases.start()

    @pytest.mark.parametrize("torn", ["", "\x00\x00", "two", "-1", "9" * 40])
    def test_a_count_that_was_torn_costs_starts_not_the_way_back(self, releases, torn):
        """Whatever a power cut made of the count, the booth starts, and in the end with a release that is ready."""
        releases.arrive("1.1")
        (releases.folder / "1.1.trial").write_text(torn)
        started = [releases.start() for _ in range(4)]
        assert "1.0" == started[-1]
        assert {"1.0", "1.1"} >= set(started)

    def test_where_the_start_cannot_be_counted_the_trusted_one_is_started(self, releases):
        """A release whose starts are not counted is not tried: there would be no way back."""
        releases.arrive("1.1")
        (releases.folder / "1.1.trial.part").mkdir()  # nothing can be written there, not even by root
        assert "1.0" == releases.start()

    @pytest.mark.parametrize(("status", "version"), [(0, "1.1"), (1, "1.0"), (127, "1.0")])
    def test_what_is_on_another_disk_is_not_run(self, releases, tmp_path, status, version):
        """Whoever plugs in a disk with releases on it, trusted ones to look at, has them looked at by nobody."""
        releases.arrive("1.1")
        releases.start()
        releases.ready()
        (disk := tmp_path / "disk").write_text(
            f'#!/bin/sh\n[ "$*" = "holds {releases.folder}" ] && exit {status}\nexit 3\n'
        )
        disk.chmod(0o755)
        assert version == releases.start(BOOTH_DISK=str(disk))


class TestLaunch:
    def test_it_runs_the_chosen_release_with_what_it_is_given(self, releases):
        releases.arrive("1.1", "print('new', *sys.argv[1:])")
        releases.start()
        assert ["new config --x"] == releases.launch("config", "--x").out

    def test_by_hand_before_any_start_it_runs_the_built_in_one(self, releases):
        """`launch config` works on a machine whose booth was never started."""
        assert ["booth config"] == releases.launch("config").out

    def test_no_module_is_taken_from_where_one_stands(self, releases, tmp_path, monkeypatch):
        """A folder called booth in the working directory is not the booth."""
        (tmp_path / "booth").mkdir()
        (tmp_path / "booth" / "__main__.py").write_text("print('an impostor')")
        monkeypatch.chdir(tmp_path)
        releases.start()
        assert ["booth"] == releases.launch().out
