"""What makes a machine a booth: the script run on trees of files, as the image's build does it."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROVISION = ROOT / "scripts" / "provision"


def contents(tree: Path) -> dict[str, object]:
    """Return everything in a tree: each file's mode and bytes, each link's target."""
    found: dict[str, object] = {}
    for folder, _, files in os.walk(tree):
        for name in files:
            path = Path(folder, name)
            at = str(path.relative_to(tree))
            mode = stat.S_IMODE(path.lstat().st_mode)
            found[at] = path.readlink() if path.is_symlink() else (mode, path.read_bytes())
    return found


@pytest.fixture
def release(made, tmp_path):
    return made(tmp_path / "release", "1.0.0")


@pytest.fixture
def provision(run, tree, release):
    def script(*options: str):
        return run(PROVISION, "--root", tree, "--release", release, *options)

    return script


class TestApply:
    def test_a_tree_becomes_a_booth(self, provision, tree):
        """Unit, way of starting, user, groups, rules, settings and release are there, and the unit is enabled."""
        assert 0 == provision().status
        for unit in ("booth.service", "booth-recovery.service", "booth-splash.service"):
            assert (ROOT / "systemd" / unit).read_bytes() == (tree / "etc/systemd/system" / unit).read_bytes()
        assert (tree / "etc/systemd/system/multi-user.target.wants/booth.service").is_symlink()
        assert "\nRestartMode=direct\n" in (tree / "etc/systemd/system/booth.service.d/restart.conf").read_text()
        assert "booth:x:" in (tree / "etc/passwd").read_text()
        assert "gpio:x:" in (tree / "etc/group").read_text()
        assert (ROOT / "config/booth.toml").read_bytes() == (tree / "etc/booth/booth.toml").read_bytes()
        assert "1.0.0\n" == (tree / "opt/booth/release/VERSION").read_text()

    def test_every_program_that_the_units_start_is_there(self, provision, tree):
        """Each Exec line names a file that was put in place and can be run."""
        provision()
        started = [
            next(word.lstrip("+-") for word in line.partition("=")[2].split() if "/usr/lib/booth/" in word)
            for unit in (tree / "etc/systemd/system").glob("*.service")
            if unit.is_file()
            for line in unit.read_text().splitlines()
            if line.startswith("Exec") and "/usr/lib/booth/" in line
        ]
        programs = ("choose", "launch", "confirm", "again", "recovery", "splash", "update-usb", "stick")
        there = [tree / "usr/lib/booth" / name for name in ("recovery-screen", "framebuffer", "disk")]
        assert [True, False, True] == [os.access(path, os.X_OK) for path in there]
        assert {f"/usr/lib/booth/{name}" for name in programs} == set(started)
        assert [] == [path for path in started if not os.access(f"{tree}{path}", os.X_OK)]

    def test_booth_is_a_command(self, provision, tree, run):
        """Whoever logs in types what the guide says: the machine's own Python runs the release that is chosen."""
        provision()
        command = tree / "usr/local/bin/booth"
        assert Path("/usr/lib/booth/launch") == command.readlink()
        places = {
            "BOOTH_CHOSEN": "/none",
            "BOOTH_BUILT_IN": str(tree / "opt/booth/release"),
            "BOOTH_PYTHON": sys.executable,
        }
        assert ["booth config"] == run(f"{tree}{command.readlink()}", "config", **places).out

    def test_what_completes_it_is_where_bash_looks(self, provision, tree):
        """Under the command's own name, for everybody to read: bash-completion loads it at the first press."""
        provision()
        file = tree / "usr/share/bash-completion/completions/booth"
        kept = (ROOT / "assets/completions/booth.bash").read_bytes()
        assert (0o644, kept) == (stat.S_IMODE(file.stat().st_mode), file.read_bytes())

    def test_done_twice_it_changes_nothing(self, provision, tree):
        """The second run finds all in place, and says so."""
        provision()
        before = contents(tree)
        again = provision()
        assert (0, ["provision: nothing to change"], before) == (again.status, again.err, contents(tree))

    def test_what_the_owner_wrote_stays(self, provision, tree):
        """Settings are never replaced, not even by newer ones."""
        (tree / "etc/booth").mkdir()
        (tree / "etc/booth/booth.toml").write_text('[event]\nname = "ours"\n')
        provision()
        assert '[event]\nname = "ours"\n' == (tree / "etc/booth/booth.toml").read_text()

    def test_what_was_spoilt_is_mended(self, provision, tree):
        """A file of ours that differs, by a byte or by its mode, is put right; nothing else is written."""
        provision()
        before = contents(tree)
        (tree / "etc/udev/rules.d/70-booth.rules").write_text("")
        (tree / "usr/lib/booth/launch").chmod(0o600)
        mended = provision()
        assert before == contents(tree)
        assert [
            "provision: write /etc/udev/rules.d/70-booth.rules",
            "provision: write /usr/lib/booth/launch",
            f"provision: 2 things changed in {tree}",
        ] == mended.err

    def test_a_newer_release_replaces_the_older_whole(self, provision, tree, release):
        """No file of the old one is left among those of the new one."""
        (release / "site/old.py").write_text("")
        provision()
        (release / "site/old.py").unlink()
        (release / "VERSION").write_text("1.0.1\n")
        provision()
        assert ["VERSION", "site"] == sorted(path.name for path in (tree / "opt/booth/release").iterdir())
        assert not (tree / "opt/booth/release/site/old.py").exists()
        assert ["release"] == [path.name for path in (tree / "opt/booth").iterdir()]


class TestBoot:
    def test_the_screen_stays_quiet_and_the_serial_console_is_kept(self, provision, tree):
        """No text and no logo over the booth's screen; what tells the kernel where its root is stays."""
        provision()
        words = (tree / "boot/firmware/cmdline.txt").read_text().split()
        assert {"console=serial0,115200", "root=PARTUUID=5e3da3da-02", "quiet", "logo.nologo"} <= set(words)
        assert "console=tty1" not in words
        assert len(words) == len(set(words))

    def test_config_txt_keeps_what_is_not_ours(self, provision, tree):
        """Ours is a block of its own; twice provisioned there is one of it."""
        provision()
        provision()
        lines = (tree / "boot/firmware/config.txt").read_text().splitlines()
        assert ["dtparam=audio=on", "", "[all]"] == lines[:3]
        assert 1 == lines.count("disable_splash=1")

    def test_a_machine_without_such_a_partition_is_left_alone(self, provision, tree):
        """A booth on another machine boots as that does."""
        shutil.rmtree(tree / "boot")
        assert 0 == provision().status
        assert not (tree / "boot").exists()


class TestLook:
    @pytest.mark.parametrize("option", ["--dry-run", "--check"])
    def test_looking_changes_nothing(self, provision, tree, option):
        """Everything that would be changed is named, and nothing is."""
        before = contents(tree)
        looked = provision(option)
        assert before == contents(tree)
        assert {"--dry-run": 0, "--check": 1}[option] == looked.status
        assert any("booth.service" in line for line in looked.err)

    def test_a_booth_is_in_order(self, provision):
        """After the change, --check ends with 0."""
        provision()
        assert (0, ["provision: nothing to change"]) == ((looked := provision("--check")).status, looked.err)

    def test_what_differs_is_named(self, provision, tree):
        """One line for each, and what to do."""
        provision()
        (tree / "usr/lib/booth/choose").write_text("#!/bin/sh\n")
        assert [
            "provision: differs: write /usr/lib/booth/choose",
            "provision: 1 things differ: run scripts/provision to change them",
        ] == provision("--check").err


class TestMistakes:
    def test_a_folder_that_is_no_root(self, run, tmp_path):
        """It says what is missing there."""
        outcome = run(PROVISION, "--root", tmp_path)
        assert (1, [f"provision: {tmp_path} is not the root of a file system: there is no etc in it."]) == (
            outcome.status,
            outcome.err,
        )

    def test_a_folder_that_is_no_release(self, run, tree, tmp_path):
        """It says how one is made."""
        outcome = run(PROVISION, "--root", tree, "--release", tmp_path)
        assert (1, True) == (outcome.status, "make one with scripts/release" in outcome.err[-1])

    def test_an_option_that_there_is_not(self, run):
        """The usage, and status 2."""
        assert 2 == run(PROVISION, "--frobnicate").status
