"""What happens on the card at each start, on trees of files: whatever is on the card, the booth starts."""

import os
import shutil
import stat
import subprocess
import sys
import tomllib
from base64 import b64encode
from pathlib import Path

import pytest

from booth.appliance.card import follow
from booth.appliance.machine import RealMachine
from booth.appliance.settings import MOST_BRANDING
from booth.disk import RealDisk
from booth.reading import MOST
from booth.settings.loading import load
from booth.settings.model import Settings

ROOT = Path(__file__).parents[2]
ON_CARD = ROOT / "image" / "card"
PICTURE = (ROOT / "docs" / "images" / "form.png").read_bytes()
KEY = "ssh-ed25519 " + b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + b"k" * 32).decode()
SECRETS = '[zenko]\naccess_key_id = "AKIAIOSFODNN7EXAMPLE"\nsecret_access_key = "wJalrXUtnFEMI/K7MDENG"\n'
NETWORK = '[machine]\ncountry = "FR"\n[[wifi]]\nssid = "Venue"\npassword = "correct horse"\n'


class Quick(RealDisk):
    """The disk of this machine, without waiting for it."""

    def sync(self, file):
        assert file.exists()

    def sync_folder(self, folder):
        assert folder.is_dir()


class Appliance:
    """A machine made of a folder, as it is when it was flashed; `start` switches it on."""

    def __init__(self, root, machine):
        self.root, self.machine = root, machine
        self.card, self.run = root / "boot/firmware", root / "run/booth-card"
        self.data = root / "data"
        (self.card / "branding").mkdir(parents=True)
        (self.data / "private").mkdir(parents=True)
        zones = root / "usr/share/zoneinfo"
        (zones / "Europe").mkdir(parents=True)
        (zones / "Europe/Paris").write_text("TZif")
        shutil.copy(ROOT / "config/booth.toml", self.card)
        shutil.copy(ON_CARD / "network.toml", self.card)

    def start(self):
        """Switch on: memory is empty, and the card is followed. Return the mistakes."""
        shutil.rmtree(self.root / "run", ignore_errors=True)
        mistakes = follow(self.root, self.machine, Quick())
        assert not self.machine.writable
        assert mistakes == (self.run / "mistakes.txt").read_text().splitlines()
        return mistakes

    def write(self, name, content):
        """Put a file on the card."""
        (self.card / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def credentials(self):
        """Return what systemd would hand to the booth."""
        store = self.root / "run/credstore"
        return {path.name: path.read_text() for path in store.iterdir()} if store.exists() else {}

    def settings(self):
        """Return the settings that the booth would start with."""
        return load(config=self.run / "booth.toml", environ={}, overrides={}).settings


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def appliance(tmp_path, machine):
    return Appliance(tmp_path, machine)


class TestAsFlashed:
    def test_the_card_as_it_comes_has_no_mistake(self, appliance):
        """Nothing was edited: built-in settings, no Wi-Fi, no SSH, universal time, and not a word."""
        assert [] == appliance.start()
        assert Settings() == appliance.settings()
        assert ["booth.toml", "branding", "localtime", "mistakes.txt"] == names(appliance.run)
        assert Path("/usr/share/zoneinfo/Etc/UTC") == (appliance.run / "localtime").readlink()
        assert {} == appliance.credentials()

    def test_every_line_of_the_network_template_can_be_used(self, appliance):
        """With each # before a setting removed it is right, but for the place-holder of a key."""
        lines = (ON_CARD / "network.toml").read_text().splitlines()
        used = [line.removeprefix("# ") if " = " in line or line.startswith("# [[") else line for line in lines]
        appliance.write("network.toml", "\n".join(used))
        [mistake] = appliance.start()
        assert mistake.startswith("network.toml: ssh.authorized_keys 1: expected the one line of a .pub file")

    def test_the_template_of_the_secrets_asks_for_both(self, appliance):
        """Renamed and not filled in, it says so, and stays where it is."""
        appliance.write("booth-secrets.toml", (ON_CARD / "booth-secrets.toml.example").read_bytes())
        assert ["zenko.access_key_id", "zenko.secret_access_key"] == [
            mistake.split(": ")[1] for mistake in appliance.start()
        ]
        assert (appliance.card / "booth-secrets.toml").exists()


class TestSettings:
    def test_they_are_copied_for_the_booth_to_read(self, appliance):
        """The card's own file is root's; the copy is for everybody."""
        appliance.write("booth.toml", '[event]\nname = "Gala"\n')
        assert [] == appliance.start()
        assert ("Gala", 0o644) == (appliance.settings().event.name, mode(appliance.run / "booth.toml"))

    def test_branding_comes_along(self, appliance):
        """A logo that stands beside the settings is found beside the copy; what was there before goes."""
        (appliance.card / "branding/logo.png").write_bytes(PICTURE)
        appliance.write("booth.toml", '[theme]\nlogo = "branding/logo.png"\n')
        assert [] == appliance.start()
        assert f"{appliance.run}/branding/logo.png" == appliance.settings().theme.logo
        assert (PICTURE, 0o644) == ((logo := appliance.run / "branding/logo.png").read_bytes(), mode(logo))
        (appliance.card / "branding/logo.png").unlink()
        follow(appliance.root, appliance.machine, Quick())
        assert not logo.exists()

    def test_right_ones_are_kept_with_what_they_name(self, appliance):
        """For the day on which the card has wrong ones: the booth can read them, pictures and all."""
        (appliance.card / "branding/logo.png").write_bytes(PICTURE)
        appliance.write("booth.toml", '[theme]\nlogo = "branding/logo.png"\n')
        appliance.start()
        (appliance.card / "branding/logo.png").unlink()
        appliance.write("booth.toml", '[event]\nnam = "typo"\n')
        assert [] == appliance.start()
        assert '[event]\nnam = "typo"\n' == (appliance.run / "booth.toml").read_text()
        kept = appliance.data / "settings/last-good.toml"
        theme = load(config=kept, environ={}, overrides={}).settings.theme
        assert (f"{kept.parent}/branding/logo.png", 0o644, 0o755) == (theme.logo, mode(kept), mode(kept.parent))

    def test_kept_ones_that_are_the_same_are_not_written_again(self, appliance):
        """A card wears out by being written."""
        appliance.start()
        kept = appliance.data / "settings/last-good.toml"
        before = kept.stat()
        appliance.start()
        assert (before.st_ino, before.st_mtime_ns) == (kept.stat().st_ino, kept.stat().st_mtime_ns)

    def test_what_only_root_can_read_is_not_kept_for_the_booth(self, appliance):
        """A logo that is named where it lies on the card is seen by root, who judges, and not by the booth."""
        (appliance.card / "branding/logo.png").write_bytes(PICTURE)
        appliance.write("booth.toml", f'[theme]\nlogo = "{appliance.card}/branding/logo.png"\n')
        appliance.start()
        assert not (appliance.data / "settings/last-good.toml").exists()
        (line,) = (appliance.card / "mistakes.txt").read_text("utf-8-sig").splitlines()[2:]
        said = "the booth may not read logo.png there: put it into branding/, and write branding/logo.png"
        assert f"- booth.toml: {said}" == line

    def test_a_layout_that_only_root_can_read_is_not_kept_either(self, appliance):
        """And one in branding/ is, with the pictures beside it."""
        (appliance.card / "branding/layout.toml").write_text("[artwork]\nfile = 'frame.png'\n")
        (appliance.card / "branding/frame.png").write_bytes(PICTURE)
        appliance.write("booth.toml", f'[layout]\nfile = "{appliance.card}/branding/layout.toml"\n')
        appliance.start()
        (line,) = (appliance.card / "mistakes.txt").read_text("utf-8-sig").splitlines()[2:]
        said = "the booth may not read layout.toml there: put it into branding/, and write branding/layout.toml"
        assert f"- booth.toml: {said}" == line
        appliance.write("booth.toml", '[layout]\nfile = "branding/layout.toml"\n')
        appliance.start()
        kept = appliance.data / "settings/branding"
        assert ["frame.png", "layout.toml"] == sorted(path.name for path in kept.iterdir())

    @pytest.mark.parametrize("spoilt", [None, b"", b" \r\n", b"x" * (MOST + 1)])
    def test_where_there_are_none_the_last_good_ones_are_used(self, appliance, spoilt):
        """Lost, emptied by a computer that was unplugged too early, or no settings at all: the booth goes on."""
        appliance.write("booth.toml", '[event]\nname = "Gala"\n')
        appliance.start()
        (appliance.card / "booth.toml").unlink()
        if spoilt is not None:
            appliance.write("booth.toml", spoilt)
        [mistake] = appliance.start()
        assert "Gala" == appliance.settings().event.name
        assert mistake.endswith("until then the settings are the last that were right")

    def test_without_any_it_starts_with_the_built_in_ones(self, appliance):
        """The first start of a card whose file was deleted."""
        (appliance.card / "booth.toml").unlink()
        [mistake] = appliance.start()
        assert Settings() == appliance.settings()
        assert mistake.endswith("until then the settings are the built-in ones")

    @pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
    def test_editors_of_windows_are_understood(self, appliance, mark):
        """Their marks and line ends are no mistakes, and the kept ones are the same as the copy."""
        appliance.write("booth.toml", '[event]\r\nname = "Fête"\r\n'.encode(mark))
        assert [] == appliance.start()
        assert "Fête" == appliance.settings().event.name
        assert (appliance.run / "booth.toml").read_bytes() == (appliance.data / "settings/last-good.toml").read_bytes()

    @pytest.mark.parametrize("wrong", [b"[event\n", b'[event]\nname = "F\xeate"\n', b"\x7fELF\0\0", b"[" * 5000])
    def test_wrong_ones_are_given_to_the_booth_as_they_are(self, appliance, wrong):
        """It tells its owner itself, on its screen; here nobody judges twice."""
        appliance.write("booth.toml", wrong)
        appliance.start()
        assert wrong == (appliance.run / "booth.toml").read_bytes()

    def test_files_that_are_too_large_are_left_out_and_told(self, appliance):
        """They are copied into memory, of which there is not much."""
        (appliance.card / "branding/a.png").write_bytes(PICTURE)
        with (appliance.card / "branding/b.png").open("wb") as file:
            file.truncate(MOST_BRANDING)
        (appliance.card / "branding/c").mkdir()
        (appliance.card / "branding/d.png").symlink_to("/etc/shadow")
        (appliance.card / "branding/._a.png").write_text("what macOS leaves")
        told = appliance.start()
        assert ["branding/b.png", "branding/c", "branding/d.png"] == [mistake.split(":")[0] for mistake in told]
        assert ["a.png"] == names(appliance.run / "branding")


class TestSecrets:
    def test_they_are_moved_and_handed_out(self, appliance):
        """Off the card, into safekeeping for root alone, and to where systemd looks; also at all later starts."""
        appliance.write("booth-secrets.toml", SECRETS)
        for _ in range(2):
            assert [] == appliance.start()
            assert not (appliance.card / "booth-secrets.toml").exists()
            assert {
                "zenko.access_key_id": "AKIAIOSFODNN7EXAMPLE", "zenko.secret_access_key": "wJalrXUtnFEMI/K7MDENG",
            } == appliance.credentials()  # fmt: skip
        kept, store = appliance.data / "private/credentials", appliance.root / "run/credstore"
        assert {0o700} == {mode(kept), mode(store)}
        assert {0o600} == {mode(path) for folder in (kept, store) for path in folder.iterdir()}

    def test_the_card_is_written_for_that_moment_only(self, appliance):
        """And a start without secrets does not write it at all."""
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.start()
        appliance.start()
        assert [True, False] == appliance.machine.remounts

    def test_a_machine_that_can_seals_them(self, appliance):
        """What is kept is of no use elsewhere; what was kept open before goes."""
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.start()
        appliance.machine.chip = True
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.start()
        assert [] == appliance.start()
        kept = appliance.data / "private/credentials"
        assert ["zenko.access_key_id.sealed", "zenko.secret_access_key.sealed"] == names(kept)
        assert "wJalrXUtnFEMI/K7MDENG" == appliance.credentials()["zenko.secret_access_key"]

    def test_what_another_machine_sealed_is_asked_for_again(self, appliance):
        """A card that was moved to another Pi: the keys must come with it once more."""
        appliance.machine.chip = True
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.start()
        appliance.machine.chip = False
        told = appliance.start()
        assert [True, True] == ["put booth-secrets.toml on the card again" in mistake for mistake in told]

    def test_what_is_wrong_is_told_and_nothing_is_wiped(self, appliance):
        """The right key is used, and the file stays until all of it is right; no word of it is in any message."""
        appliance.write("booth-secrets.toml", SECRETS.replace("access_key_id =", "acces_key_id ="))
        told = appliance.start()
        (mistake,) = told
        assert mistake.startswith('booth-secrets.toml: zenko: "acces_key_id" does not belong here')
        assert (appliance.card / "booth-secrets.toml").exists()
        assert {"zenko.secret_access_key"} == set(appliance.credentials())

    @pytest.mark.parametrize(
        "wrong",
        [
            b"", b"AKIASECRETSECRET", b"[zenko]\naccess_key_id = wJalrXUtnFEMI\n", b'[zenko]\n"wJalrXUtnFEMI" = 1\n',
            b'["wJalrXUtnFEMI"]\n', b'[zenko]\naccess_key_id = "w\xe9JalrXUtnFEMI"\n', b"\0" * 600, b"PK\3\4" * 100000,
            b'[zenko]\naccess_key_id = "wJalrXUtnFEMI\n', b"zenko = 'wJalrXUtnFEMI'\n",
            b'[zenko]\naccess_key_id = "wJalr XUtnFEMI"\nsecret_access_key = ["wJalrXUtnFEMI"]\n', b"[" * 5000,
        ],
    )  # fmt: skip
    def test_a_file_that_is_none_is_told_without_a_word_of_it(self, appliance, wrong):
        """And everything else is done."""
        appliance.write("booth-secrets.toml", wrong)
        appliance.write("network.toml", NETWORK)
        told = appliance.start()
        assert told
        assert all(mistake.startswith("booth-secrets.toml: ") for mistake in told)
        assert not any(part in mistake for mistake in told for part in ("wJal", "FEMI", "AKIA"))
        assert (appliance.run / "wpa_supplicant-wlan0.conf").exists()

    def test_a_card_that_cannot_be_written_is_told(self, appliance):
        """The keys are used and kept; that they are still on the card, the owner must know."""
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.machine.locked = True
        [mistake] = appliance.start()
        assert "booth-secrets.toml: could not be moved off the card (Read-only file system)" in mistake
        assert 2 == len(appliance.credentials())


class TestNetwork:
    def test_wifi(self, appliance):
        """wpa_supplicant finds its file, for root alone; the password leaves the card and is known at later starts."""
        appliance.write("network.toml", NETWORK)
        for _ in range(2):
            assert [] == appliance.start()
            conf = appliance.run / "wpa_supplicant-wlan0.conf"
            assert ('\tpsk="correct horse"' in conf.read_text().splitlines(), 0o600) == (True, mode(conf))
            left = NETWORK.replace('"correct horse"', '"(moved)"      ')
            assert left == (appliance.card / "network.toml").read_text()
        assert 0o600 == mode(appliance.data / "private/network.toml")

    def test_name_and_time_zone(self, appliance):
        """The machine is called so, and has the time of the place."""
        appliance.write("network.toml", '[machine]\nhostname = "booth-2"\ntimezone = "Europe/Paris"\n')
        assert [] == appliance.start()
        assert "booth-2" == appliance.machine.hostname
        assert Path("/usr/share/zoneinfo/Europe/Paris") == (appliance.run / "localtime").readlink()

    def test_a_fixed_address_comes_and_goes(self, appliance):
        """It is there as long as the card says so, also when the card is followed a second time."""
        appliance.write("network.toml", '[ethernet]\naddress = "192.0.2.7/24"\n')
        appliance.start()
        file = appliance.root / "run/systemd/network/10-booth.network"
        assert ("Address=192.0.2.7/24" in file.read_text().splitlines(), 0o644) == (True, mode(file))
        appliance.write("network.toml", "[ethernet]\n")
        follow(appliance.root, appliance.machine, Quick())
        assert not file.exists()

    def test_ssh_is_for_those_whose_key_is_there(self, appliance):
        """The host's own key is made once, and kept; without a key of somebody's there is no file, and so no SSH."""
        appliance.write("network.toml", f'[ssh]\nauthorized_keys = ["{KEY}"]\n')
        for _ in range(2):
            assert [] == appliance.start()
            assert f"{KEY}\n" == (appliance.run / "authorized_keys").read_text()
        host = appliance.data / "private/ssh/ssh_host_ed25519_key"
        assert (1, 0o600, 0o700) == (appliance.machine.keys_made, mode(host), mode(host.parent))
        appliance.write("network.toml", "[ssh]\n")
        appliance.start()
        assert not (appliance.run / "authorized_keys").exists()

    @pytest.mark.parametrize("wrong", [b"\x89PNG\r\n\x1a\n\0\0", b"[machine\n", b"x" * (MOST + 1), b"\xff\xfeX", b""])
    def test_a_file_that_is_none_stops_nothing_else(self, appliance, wrong):
        """Settings and keys are where they should be."""
        appliance.write("network.toml", wrong)
        appliance.write("booth-secrets.toml", SECRETS)
        [mistake] = appliance.start()
        assert mistake.startswith("network.toml: ")
        assert (2, True) == (len(appliance.credentials()), (appliance.run / "localtime").is_symlink())


class TestWhateverHappens:
    def test_without_the_first_partition_it_is_as_it_was(self, appliance):
        """The card's FAT broke: settings, keys and Wi-Fi are those of before."""
        appliance.write("booth.toml", '[event]\nname = "Gala"\n')
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.write("network.toml", NETWORK)
        appliance.start()
        shutil.rmtree(appliance.card)
        appliance.card.mkdir()
        appliance.machine.absent = {"firmware"}
        told = appliance.start()
        assert "Gala" == appliance.settings().event.name
        assert 2 == len(appliance.credentials())
        assert "correct horse" in (appliance.run / "wpa_supplicant-wlan0.conf").read_text()
        assert "the first partition of the card could not be reached" in told[0]

    def test_without_the_third_partition_secrets_are_used_and_stay(self, appliance):
        """There is nowhere else to keep them: nothing is wiped, and the owner is told, on the card, too."""
        appliance.write("booth-secrets.toml", SECRETS)
        appliance.write("network.toml", NETWORK + f'[ssh]\nauthorized_keys = ["{KEY}"]\n')
        appliance.machine.absent = {"data"}
        told = appliance.start()
        assert (2, [True, False]) == (len(appliance.credentials()), appliance.machine.remounts)
        assert "correct horse" in (appliance.run / "wpa_supplicant-wlan0.conf").read_text()
        assert "correct horse" in (appliance.card / "network.toml").read_text()
        assert ["the third partition of", "booth-secrets.toml: the keys are", "network.toml: the passwords are"] == [
            " ".join(mistake.split()[:4]) for mistake in told[:3]
        ]
        assert ["SSH: stays off: the third partition of the card could not be reached"] == told[3:]
        assert [] == names(appliance.data / "private")

    def test_a_fault_in_one_step_does_not_take_the_others(self, appliance):
        """Names of folders where files should be, and a safekeeping that is a file: all else is done."""
        shutil.rmtree(appliance.data / "private")
        (appliance.data / "private").write_text("no folder")
        (appliance.card / "booth-secrets.toml").mkdir()
        appliance.write("network.toml", NETWORK)
        told = appliance.start()
        assert "correct horse" in (appliance.run / "wpa_supplicant-wlan0.conf").read_text()
        assert "correct horse" in (appliance.card / "network.toml").read_text()
        assert Settings() == appliance.settings()
        assert any(mistake.startswith("booth-secrets.toml: this is no file") for mistake in told)

    def test_a_machine_that_fails_at_everything_still_gets_its_settings(self, appliance):
        """Whatever is raised: it is told by its name, not by what it says, and the rest goes on."""

        class Failing(type(appliance.machine)):
            def set_hostname(self, name):
                raise RuntimeError("correct horse")

            def make_host_key(self, file):
                raise OSError(5, "ssh-keygen failed with status 1")

        appliance.machine = Failing()
        named = NETWORK.replace("country", 'hostname = "b"\ncountry')
        appliance.write("network.toml", f'{named}[ssh]\nauthorized_keys = ["{KEY}"]\n')
        assert [
            "the host name: a fault of the booth's own: RuntimeError in set_hostname",
            "SSH: ssh-keygen failed with status 1",
        ] == [mistake.split(",")[0] for mistake in appliance.start()]
        assert (appliance.run / "wpa_supplicant-wlan0.conf").exists()

    def test_what_is_wrong_stands_on_the_card_as_well(self, appliance):
        """Where whoever corrects it looks; written once, and gone when there is nothing more."""
        appliance.write("network.toml", "[machine]\nhostname = 'B'\n")
        for _ in range(2):
            told = appliance.start()
            note = (appliance.card / "mistakes.txt").read_text("utf-8-sig")
            assert [f"- {line}" for line in told] == note.splitlines()[2:]
        assert [True, False] == appliance.machine.remounts
        appliance.write("network.toml", "[machine]\n")
        assert [] == appliance.start()
        assert not (appliance.card / "mistakes.txt").exists()

    def test_what_is_wrong_with_both_files_stands_on_the_card_together(self, appliance):
        """The screen has of the settings what the booth itself says of them, and is not told twice."""
        appliance.write("booth.toml", '[event]\nnam = "typo"\n[theme]\nname = "nihgt"\n')
        appliance.write("network.toml", "[machine]\nhostname = 'B'\n")
        for _ in range(2):
            (of_the_network,) = appliance.start()
            note = (appliance.card / "mistakes.txt").read_text("utf-8-sig")
            assert [
                f"- {of_the_network}",
                "- booth.toml: event.nam: there is no such setting; did you mean event.name?",
                '- booth.toml: theme.name: there is no theme "nihgt": choose contrast, night, party or pink',
            ] == note.splitlines()[2:]

    @pytest.mark.parametrize("name", ["booth.toml.txt", "network.txt", "Booth-Secrets.toml.txt", "network (1).toml"])
    def test_a_file_that_is_nearly_called_so_is_told(self, appliance, name):
        """Windows shows "booth.toml" for booth.toml.txt."""
        appliance.write(name, "")
        [mistake] = appliance.start()
        assert mistake.startswith(f"{name}: nobody reads a file of this name")

    def test_what_else_is_on_the_card_is_nobody_s_business(self, appliance):
        """Firmware, what computers leave behind, and names in capitals that are the right ones."""
        for name in ("config.txt", "cmdline.txt", "READ-ME.txt", "booth-secrets.toml.example", "._network.toml"):
            appliance.write(name, "")
        assert [] == appliance.start()

    def test_no_secret_is_in_any_word_that_is_said(self, appliance):
        """With mistakes on every file, in the journal and for the screen."""
        appliance.write("booth-secrets.toml", SECRETS + 'extra = "K7MDENG"\n')
        appliance.write("network.toml", NETWORK + 'hiden = true\n[x]\npassword = "correct horse"\n')
        appliance.write("booth-secrets.toml.txt", SECRETS)
        told = "\n".join(appliance.start())
        assert [
            "booth-secrets.toml: zenko:", "network.toml: x:", "network.toml: wifi", "booth-secrets.toml.txt: nobody",
            "booth-secrets.toml.txt: what",
        ] == [" ".join(line.split()[:2]) for line in told.splitlines()]  # fmt: skip
        assert not any(secret in told for secret in ("AKIA", "K7MDENG", "horse"))


class TestProgram:
    SCRIPT = ROOT / "systemd" / "card"

    @pytest.mark.parametrize(("says", "status"), [("exit 1", 1), ("sleep 60", 124), ("kill -9 $$", 137)])
    def test_if_it_fails_or_hangs_the_booth_finds_what_is_on_the_card(self, run, tmp_path, says, status):
        """The shell around it waits so long and no longer, and copies the settings itself."""
        (python := tmp_path / "python").write_text(f"#!/bin/sh\n{says}\n")
        python.chmod(0o755)
        (tmp_path / "boot/firmware").mkdir(parents=True)
        (tmp_path / "boot/firmware/booth.toml").write_text("[event]\n")
        outcome = run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON=str(python), BOOTH_CARD_PATIENCE="0.2")
        assert (0, f"card: could not be followed (status {status}): see above") == (outcome.status, outcome.err[-1])
        settings = tmp_path / "run/booth-card/booth.toml"
        assert ("[event]\n", 0o644) == (settings.read_text(), mode(settings))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_no_key_is_copied_by_the_shell(self, run, tmp_path, encoding):
        """Whoever wrote one into the settings: what all may read does not have it."""
        (tmp_path / "boot/firmware").mkdir(parents=True)
        (tmp_path / "boot/firmware/booth.toml").write_text('[zenko]\nsecret_access_key = "wJalr"\n', encoding=encoding)
        run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON="false")
        left = (tmp_path / "run/booth-card/booth.toml").read_bytes()
        assert (b"[zenko]\n", False) == (left[-8:], b"wJalr" in left)

    @pytest.mark.parametrize(
        "line",
        [
            'Access-Key-Id = "wJalr"',
            'secretAccesKey = "wJalr"',
            'password = "wJalr"',
            'Kennwort = "wJalr"',
            'pwd = "wJalr"',
            'wifi_psk = "wJalr"',
            'api_key = "wJalr"',
            'token = "wJalr"',
            'endpoint_url = "https://a:wJalr@b"',
        ],
    )
    def test_nor_one_that_is_misspelled(self, run, tmp_path, line):
        """The same of a password that is written at the wrong place."""
        (tmp_path / "boot/firmware").mkdir(parents=True)
        (tmp_path / "boot/firmware/booth.toml").write_text(f"[zenko]\n{line}\nkey_clicks = true\n")
        run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON="false")
        assert "[zenko]\nkey_clicks = true\n" == (tmp_path / "run/booth-card/booth.toml").read_text()

    def test_what_reads_the_card_has_no_privilege_and_asks_for_what_needs_one(self, run, tmp_path):
        """The card is opened and closed again, and the machine gets its name; nothing else can be asked."""
        (bin_ := tmp_path / "bin").mkdir()
        for name in ("mount", "hostname"):
            (bin_ / name).write_text(f'#!/bin/sh\necho {name} "$@" >>{tmp_path}/called\n')
            (bin_ / name).chmod(0o755)
        (tmp_path / "reader.py").write_text(
            "import os, sys\n"
            "from pathlib import Path\n"
            "from booth.appliance.machine import RealMachine\n"
            "machine = RealMachine(mounter=Path(os.environ['BOOTH_MOUNTER']))\n"
            "machine.remount(Path('/elsewhere'), writable=True)\n"
            "machine.remount(Path('/elsewhere'), writable=False)\n"
            "machine.set_hostname('booth-2')\n"
            "for name in ('-F /etc/shadow', 'a;b', 'A', ''):\n"
            "    try:\n"
            "        machine.set_hostname(name)\n"
            "    except OSError as exc:\n"
            "        print(exc.strerror)\n"
            "status = Path('/proc/self/status').read_text()\n"
            "print([line.split()[1] for line in status.splitlines() if line.startswith(('CapEff', 'CapBnd'))])\n"
        )
        (python := tmp_path / "python").write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path}/reader.py\n")
        python.chmod(0o755)
        outcome = run(
            self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON=str(python), BOOTH_BUILT_IN=str(tmp_path / "release"),
            PATH=f"{bin_}:{os.environ['PATH']}", PYTHONPATH=str(ROOT),
        )  # fmt: skip
        card = tmp_path / "boot/firmware"
        assert [f"mount -o remount,rw {card}", f"mount -o remount,ro {card}", "hostname booth-2"] == (
            tmp_path / "called"
        ).read_text().splitlines()
        assert ["called was not done, or not within 10 s"] * 4 == outcome.out[:4]
        assert not (tmp_path / "run/booth-card/mounter").exists()
        if os.geteuid() == 0:  # whoever has no privilege has none to give up
            assert ["['0000000000000000', '0000000000000000']"] == outcome.out[4:]

    def test_a_card_that_was_left_open_is_closed(self, run, tmp_path):
        """Whatever reads it was killed at the wrong moment."""
        (bin_ := tmp_path / "bin").mkdir()
        (bin_ / "mount").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/called\n')
        (bin_ / "mount").chmod(0o755)
        (python := tmp_path / "python").write_text("#!/bin/sh\n: >$BOOTH_MOUNTER/open\nkill -9 $$\n")
        python.chmod(0o755)
        run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON=str(python), PATH=f"{bin_}:{os.environ['PATH']}")
        assert f"-o remount,ro {tmp_path}/boot/firmware\n" == (tmp_path / "called").read_text()

    def test_without_any_settings_there_are_empty_ones(self, run, tmp_path):
        """The booth starts with the built-in values."""
        run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON="false")
        assert "" == (tmp_path / "run/booth-card/booth.toml").read_text()

    def test_the_last_good_ones_are_better_than_none(self, run, tmp_path):
        """The first partition is gone, and so is the program."""
        (tmp_path / "data/settings").mkdir(parents=True)
        (tmp_path / "data/settings/last-good.toml").write_text("[event]\n")
        run(self.SCRIPT, BOOTH_ROOT=str(tmp_path), BOOTH_PYTHON="false")
        assert "[event]\n" == (tmp_path / "run/booth-card/booth.toml").read_text()


class TestMachine:
    def test_a_host_key_is_one_and_its_owner_s_alone(self, tmp_path):
        """Also where one that was not finished is in the way."""
        (tmp_path / "key").write_text("torn")
        RealMachine().make_host_key(tmp_path / "key")
        assert (["key"], 0o600) == (names(tmp_path), mode(tmp_path / "key"))
        public = subprocess.run(["ssh-keygen", "-y", "-f", tmp_path / "key"], capture_output=True, check=True)
        assert public.stdout.startswith(b"ssh-ed25519 ")

    def test_what_a_program_complains_of_is_not_repeated(self, tmp_path, monkeypatch):
        """It was told a secret, and may say it."""
        (fake := tmp_path / "systemd-creds").write_text('#!/bin/sh\n[ "$1" = has-tpm2 ] || { cat >&2; exit 1; }\n')
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        with pytest.raises(OSError, match="systemd-creds failed with status 1") as caught:
            RealMachine().seal("zenko.secret_access_key", b"wJalrXUtnFEMI")
        assert "wJal" not in str(caught.value)

    def test_a_machine_without_a_chip_seals_nothing(self, tmp_path, monkeypatch):
        """Nor does one without the program."""
        monkeypatch.setenv("PATH", str(tmp_path))
        assert RealMachine().seal("zenko.secret_access_key", b"wJalrXUtnFEMI") is None

    def test_a_folder_of_the_root_is_no_partition(self, tmp_path):
        """What would be written there would be gone at the next start."""
        assert (True, False) == (RealMachine().mounted(Path("/")), RealMachine().mounted(tmp_path))

    def test_what_is_written_over_a_file_lies_where_it_lay(self, tmp_path):
        """The same file, as long as before, with nothing of what it held."""
        (file := tmp_path / "secret").write_bytes(b"s" * 1000)
        before = file.stat().st_ino
        RealDisk().overwrite(file, bytes(1000))
        assert (bytes(1000), before) == (file.read_bytes(), file.stat().st_ino)


def test_the_examples_on_the_card_are_toml():
    """A computer's editor that knows TOML has nothing to complain of."""
    for name in ("network.toml", "booth-secrets.toml.example"):
        tomllib.loads((ON_CARD / name).read_text())


class TestTheKeyOfUpdates:
    PUBLIC = "untrusted comment: minisign public key 0\r\nRW" + "Q" * 54 + "\r\n"

    def test_it_is_there_for_updates_while_it_is_on_the_card(self, appliance):
        """And gone when it is taken off."""
        appliance.write("update.pub", self.PUBLIC)
        assert [] == appliance.start()
        assert "RW" + "Q" * 54 == (appliance.run / "update.pub").read_text().splitlines()[1]
        (appliance.card / "update.pub").unlink()
        assert [] == appliance.start()
        assert not (appliance.run / "update.pub").exists()

    @pytest.mark.parametrize("content", ["", "RWQ", "ssh-ed25519 AAAA me", "untrusted comment: RW" + "Q" * 54])
    def test_what_is_no_key_is_told_and_not_used(self, appliance, content):
        appliance.write("update.pub", content)
        assert [
            "update.pub: is not a public key: it is the file minisign.pub that minisign -G makes"
        ] == appliance.start()
        assert not (appliance.run / "update.pub").exists()

    def test_what_is_no_text_is_told_too(self, appliance):
        appliance.write("update.pub", b"\xff\xd8\xff\xe0")
        [mistake] = appliance.start()
        assert mistake.startswith("update.pub: ")
        assert mistake.endswith("; no update is taken by it")
