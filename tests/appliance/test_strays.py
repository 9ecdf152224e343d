"""What people put on a card that nobody reads, and keys at the wrong place: told in words, and never left in a copy."""

import os
import re
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booth.appliance.credentials import _like_a_secret, lift
from booth.appliance.medium import Card, Text
from booth.appliance.strays import meant
from booth.settings.model import Settings
from tests.appliance.test_card import NETWORK, ON_CARD, SECRETS, Appliance, Quick, mode

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG"
KEYS = f'access_key_id = "{KEY}"\nsecret_access_key = "{SECRET}"\n'


@pytest.fixture
def appliance(tmp_path, machine):
    return Appliance(tmp_path, machine)


def held(folder):
    """Return everything that is in the files below a folder, run together."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


ABOUT_KEYS = re.compile(r"booth\.toml: .*(?:, in clear|: expected a key in quotes|moved off the card)")
"""What is told of a key in the settings, and of nothing else."""


def repeated(appliance, text):
    """Start with *text* for booth.toml; return whether its secret is in a copy of that, or in what is told."""
    appliance.write("booth.toml", text)
    told = appliance.start()
    copies = held(appliance.run) + held(appliance.data / "settings")
    return SECRET.encode() in copies or any(SECRET in line for line in told)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "right"),
        [
            ("booth.toml.txt", "booth.toml"), ("Booth.toml", "booth.toml"), ("booth (1).toml", "booth.toml"),
            ("booth - Copy.toml", "booth.toml"), ("Kopie von booth.toml", "booth.toml"), ("booth", "booth.toml"),
            ("booth.tom", "booth.toml"), ("boooth.toml", "booth.toml"), ("bo\u00f6th.toml.rtf", "booth.toml"),
            ("booth_secrets.toml", "booth-secrets.toml"), ("secrets.toml", "booth-secrets.toml"),
            ("booth-secrets.example.toml", "booth-secrets.toml"), ("booth secrets.txt", "booth-secrets.toml"),
            ("booth-secrets.toml.example.txt", "booth-secrets.toml"), ("rootkey.csv", "booth-secrets.toml"),
            ("accessKeys.csv", "booth-secrets.toml"), ("boothsecrts.toml", "booth-secrets.toml"),
            ("NETWORK.TXT", "network.toml"), ("netwrok.toml", "network.toml"), ("network.toml.docx", "network.toml"),
            ("wifi.txt", "network.toml"), ("network~1.tom", "network.toml"), ("update.pub.txt", "update.pub"),
            ("booth.toml.bak", "booth.toml"), ("booth-old.toml", "booth.toml"), ("BOOTHTOML", "booth.toml"),
            ("booth.toml.download", "booth.toml"), ("networktoml", "network.toml"), ("network.xml", "network.toml"),
            ("booth-secrets.toml.exemple", "booth-secrets.toml"), ("new_user_credentials.csv", "booth-secrets.toml"),
            ("user_accessKeys.csv", "booth-secrets.toml"), ("secret-keys.toml.orig", "booth-secrets.toml"),
            ("bootn.toml", "booth.toml"), ("vooth.toml.txt", "booth.toml"), ("botoh.toml", "booth.toml"),
        ],
    )  # fmt: skip
    def test_what_was_meant_is_known(self, name, right):
        assert right == meant(name)

    @pytest.mark.parametrize(
        "name",
        [
            "config.txt", "cmdline.txt", "bootcode.bin", "start4.elf", "fixup.dat", "bcm2711-rpi-4-b.dtb", "issue.txt",
            "initrd.img-6.12.117+deb13-arm64", "vmlinuz-6.12.117+deb13-arm64", "LICENCE.broadcom", "COPYING.linux",
            "holiday.jpg", "menu.pdf", "notes.txt", "sysconf.txt", "booth-0.3.0-aarch64.booth",
        ],
    )  # fmt: skip
    def test_what_belongs_to_others_is_nobody_s_business(self, name):
        assert meant(name) is None

    @pytest.mark.parametrize(
        "name",
        [
            "Booth.toml",
            "booth (2).toml",
            "network.toml.txt",
            "ssh.txt",
            "userconf.txt",
            "SSH",
            "booth.toml.bak",
            "wpa_supplicant.conf.txt",
        ],
    )
    def test_each_is_told_once(self, appliance, name):
        """With what to do; also where the right file is there as well."""
        appliance.write(name, "x = 1\n")
        [mistake] = appliance.start()
        assert f"{name}: nobody reads " == mistake[: len(name) + 15]

    @pytest.mark.parametrize(
        "name", ["settings.toml", "gala.toml", "booth.toml.zip", "booth.toml.icloud", "party.TOML.7z", "summer.tml"]
    )
    def test_whatever_it_is_called_no_other_system_reads_it(self, appliance, name):
        """Only the booth has such files on a card."""
        appliance.write(name, "x = 1\n")
        [mistake] = appliance.start()
        assert (
            f"{name}: nobody reads a file of this name: there are booth.toml, booth-secrets.toml and network.toml; "
            "rename or remove it"
        ) == mistake

    def test_a_file_in_a_folder_is_told(self, appliance):
        """A computer that unpacks an archive makes one."""
        (appliance.card / "booth-card").mkdir()
        (appliance.card / "booth-card/network.toml").write_text(NETWORK)
        told = appliance.start()
        assert (
            "booth-card/network.toml: nobody looks into this folder: put it beside READ-ME.txt, as network.toml"
            == told[0]
        )
        assert ["booth-card/network.toml: what looks like a key or a password is in it"] == [
            line.split(",")[0] for line in told[1:]
        ]

    def test_a_file_among_the_logos_is_told(self, appliance):
        """The only folder that is there before anybody makes one."""
        appliance.write("branding/booth.toml", "")
        assert [
            "branding/booth.toml: nobody looks into this folder: put it beside READ-ME.txt, as booth.toml"
        ] == appliance.start()

    @pytest.mark.parametrize("stray", ["network.toml.txt", "booth-card/network.toml"])
    def test_whatever_else_is_on_the_card_hides_none(self, appliance, stray):
        """A thousand pictures of a holiday are in a folder before it."""
        for folder in ("DCIM", "booth-card"):
            (appliance.card / folder).mkdir()
        for number in range(1000):
            (appliance.card / f"DCIM/{number}.jpg").touch()
        appliance.write(stray, "")
        assert [stray] == [line.partition(":")[0] for line in appliance.start()]

    def test_what_the_card_comes_with_is_no_stray(self, appliance):
        """Nor is what computers leave everywhere."""
        for name in ("booth-secrets.toml.example", "READ-ME.txt"):
            appliance.write(name, (ON_CARD / name).read_bytes())
        for name in ("config.txt", "._booth.toml", ".DS_Store", "initrd.img-6.12"):
            appliance.write(name, "password = 'abcdefgh'")
        (appliance.card / "System Volume Information").mkdir()
        (appliance.card / "System Volume Information/network.toml").write_text("")
        assert [] == appliance.start()

    def test_a_name_cannot_forge_a_line(self, appliance):
        """A line break, a change of direction, what is no UTF-8: none of it is in what is told."""
        appliance.write("booth\n(1).toml", "")
        appliance.write("network\u202etxt.toml", "")
        with open(os.fsencode(appliance.card) + b"/booth \xff\xfe.toml", "wb"):  # noqa: PTH123 no str has such a name
            pass
        with open(os.fsencode(appliance.card) + b"/branding/\xe9\n.d", "wb"):  # noqa: PTH123 no str has such a name
            pass
        (appliance.card / "branding/x\n").mkdir()
        told = appliance.start()
        assert all(line.isprintable() for line in told), told
        assert 4 == len(told)

    def test_thousands_of_them_are_not_thousands_of_lines(self, appliance):
        for number in range(300):
            appliance.write(f"booth ({number}).toml", "")
        told = appliance.start()
        assert (21, "and more files that nobody reads") == (len(told), told[-1].split(":")[0])


class TestKeysInClear:
    @pytest.mark.parametrize(
        "content",
        [
            SECRETS, SECRETS.replace("\n", "\r\n"), f"aws_access_key_id: {KEY}\n", f"Access key ID,Secret\n{KEY},x\n",
            f"{{\\rtf1 secret_access_key = \\'93{SECRET}}}", f"secret_access_key = \u201c{SECRET}\u201d\n",
            SECRETS.encode("utf-16"), SECRETS.encode("utf-16-le"), SECRETS.encode("utf-8-sig"),
            f"secret_access_key = '{SECRET}' # \xe9".encode("latin-1"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["secrets.toml", "notes.txt", "old/booth-secrets.toml", "booth-secrets.toml~x"])
    def test_they_are_told_of_wherever_they_are(self, appliance, name, content):
        """However the file is called and written; and nothing of them is repeated."""
        (appliance.card / "old").mkdir()
        appliance.write(name, content)
        told = [line for line in appliance.start() if "in clear" in line]
        assert [f"{name}: what looks like a key or a password is in it"] == [line.split(",")[0] for line in told]
        assert not any(part in line for line in told for part in (KEY, SECRET))

    def test_the_example_that_was_filled_in_is_told(self, appliance):
        appliance.write("booth-secrets.toml.example", SECRETS)
        assert ["the keys in it are in clear, and nobody takes them from here: call it booth-secrets.toml"] == [
            line.removeprefix("booth-secrets.toml.example: ") for line in appliance.start()
        ]


class TestKeysInTheSettings:
    def test_they_are_taken_wiped_and_told(self, appliance):
        """As those of booth-secrets.toml are; every other byte of the file stays, and no copy has them."""
        appliance.write("booth.toml", f'[zenko]\n# mine\nbucket = "booth"\n{KEYS}[event]\nname = "Gala"\n')
        assert [
            "booth.toml: the keys were moved off the card; they belong into booth-secrets.toml"
        ] == appliance.start()
        for _ in range(2):
            assert {"zenko.access_key_id": KEY, "zenko.secret_access_key": SECRET} == appliance.credentials()
            assert "Gala" == appliance.settings().event.name
            everything = held(appliance.card) + held(appliance.run) + held(appliance.data / "settings")
            assert not any(key.encode() in everything for key in (KEY, SECRET))
            assert [] == appliance.start()
        left = appliance.card / "booth.toml"
        assert {"bucket": "booth", "access_key_id": "", "secret_access_key": ""} == tomllib.loads(left.read_text())[
            "zenko"
        ]
        assert 0o600 == mode(appliance.root / "run/credstore/zenko.secret_access_key")

    def test_those_of_the_other_file_come_first(self, appliance):
        appliance.write("booth.toml", f"[zenko]\n{KEYS}")
        appliance.write("booth-secrets.toml", SECRETS.replace(SECRET, "newer"))
        appliance.start()
        assert "newer" == appliance.credentials()["zenko.secret_access_key"]

    def test_on_a_card_that_cannot_be_written_they_stay_and_no_copy_has_them(self, appliance):
        appliance.write("booth.toml", f"[zenko]\n{KEYS}")
        appliance.machine.locked = True
        [mistake] = appliance.start()
        assert mistake.startswith("booth.toml: the keys could not be moved off the card (Read-only file system)")
        assert {"zenko.access_key_id": KEY, "zenko.secret_access_key": SECRET} == appliance.credentials()
        assert SECRET.encode() not in held(appliance.run)

    @pytest.mark.parametrize(
        "text",
        [
            f'[zenko]\nsecret_access_key = "{SECRET}"\n[event\n', f"[zenko]\nsecret_access_key = {SECRET}\n",
            f"[zenko]\nsecret_access_key = \u201c{SECRET}\u201d\n", f'secret_access_key: "{SECRET}"\n',
            f"9secret_access_key {SECRET}\n", f"\x1b[2Jsecret_access_key = '{SECRET}'\n",
            f"secret_access_key {SECRET}\n", f'[zenko]\nname = "\nsecret_access_key = "{SECRET}"\n',
            f"[zenko]\nbucket = 'a\nsecret_access_key = \"\"\"{SECRET}\"\"\"\n",
            f"# \u00e9\n[zenko]\nsecret_access_key = {SECRET}\n".encode("latin-1"),
            f"# \u00e9\n[zenko]\nsecret_access_key = '{SECRET}'\n".encode("latin-1"),
            f"[zenko]\n# secret_access_key = '{SECRET}'\n", f"x = 1 # secret_access_key={SECRET}\n",
            f"[zenko]\nsecret_access_key = ['{SECRET}']\n", f"[zenko]\nsecret_access_key = '{SECRET} '\n# {SECRET}\n",
            f"[other]\nsecret_access_key = '{SECRET}'\n", f"secret_access_key = '{SECRET}'\n",
            f"zenko = {{ access_key_id = '', secret_access_key = '{SECRET}' }}\n",
            f"zenko.secret_access_key = '{SECRET}'\n",
            f"[zenko]\nsecret_access_key = '''{SECRET}'''\n".encode("utf-16"),
            f"[zenko]\nsecret_access_key = '{SECRET}'\n".encode("utf-16")[:-1],
            f"\ufeff\ufeff[zenko]\nsecret_access_key = '{SECRET}'\n",
        ],
    )  # fmt: skip
    def test_no_copy_ever_has_one_and_it_is_told(self, appliance, text):
        """No TOML, no text, behind a #, at another place: whatever the file is."""
        appliance.write("booth.toml", text)
        told = appliance.start()
        copies = held(appliance.run) + held(appliance.data / "settings")
        assert (False, False) == (SECRET.encode() in copies, SECRET.encode("utf-16-le") in copies)
        assert [] != [line for line in told if ABOUT_KEYS.match(line)]
        assert [] == [line for line in told if SECRET in line]

    @pytest.mark.parametrize("begun", ["", "[event\n", "[event]\nname = 'it\n"], ids=["toml", "no toml", "open text"])
    @pytest.mark.parametrize(
        "comment",
        [
            f"#secret_access_key {SECRET}", f"# secret_access_key: {SECRET}", f"# secret_access_key\t{SECRET}",
            f"# SECRET_ACCESS_KEY {SECRET}", f"# Secret Access Key: {SECRET}", f"# secretAccessKey '{SECRET}'",
            f"#secret-access-key, {SECRET}", f"# access_key_id {SECRET}", f"# `secret_access_key` -> {SECRET}",
            f"x = 1 # secret_access_key {SECRET}", f"\t#secret_access_key \u201c{SECRET}\u201d",
        ],
    )  # fmt: skip
    def test_nor_one_behind_a_hash_however_it_is_written(self, appliance, comment, begun):
        """With a colon, a tab, in other letters: no copy has it, and it is told where the rest is TOML."""
        appliance.write("booth.toml", f"{begun}{comment}\n")
        told = appliance.start()
        assert SECRET.encode() not in held(appliance.run) + held(appliance.data / "settings")
        assert ([], not begun) == (
            [line for line in told if SECRET in line],
            [line for line in told if line.startswith("booth.toml: a key stands behind a #")] != [],
        )

    @pytest.mark.parametrize(
        "comment",
        [
            f"# {SECRET}",
            f"# the key\n#\n# {SECRET}",
            f"# secret_access_key:\n# {SECRET}",
            f"# {SECRET}: the secret key",
        ],
    )
    def test_nor_one_that_nothing_tells_from_other_words(self, appliance, comment):
        """Nothing that stands behind a # is copied, and all else is."""
        appliance.write("booth.toml", f"{comment}\n[event]\nname = '# Gala' # ours\n")
        appliance.start()
        copy = (appliance.run / "booth.toml").read_text()
        assert (0, "# Gala", "") == (
            copy.count(SECRET),
            tomllib.loads(copy)["event"]["name"],
            copy.split("#")[-1].strip(),
        )

    @pytest.mark.parametrize(
        "comment",
        ["# access_key_id and secret_access_key belong into another file", '# secret_access_key = ""',
         "# a file zenko.secret_access_key, and", "# secret_access_key (see READ-ME.txt)"],
    )  # fmt: skip
    def test_nor_is_a_comment_about_keys_taken_for_one(self, appliance, comment):
        """Those that come with the settings are on every card."""
        appliance.write("booth.toml", f"{comment}\n")
        assert [] == appliance.start()

    @pytest.mark.parametrize(
        "text",
        [
            f"SECRET_ACCESS_KEY {SECRET}\n", f"Secret Access Key: {SECRET}\n", f"secret_access_key\n{SECRET}\n",
            f"secret_access_key =\n\n  {SECRET}\n", f"secret-access-key\t'{SECRET}'\n",
        ],
    )  # fmt: skip
    def test_nor_one_on_a_line_that_is_no_toml(self, appliance, text):
        """Whatever the line means."""
        assert not repeated(appliance, text)

    @pytest.mark.parametrize(
        "text",
        [
            f"[zenko]\nSECRET_ACCESS_KEY = '{SECRET}'\n", f"[zenko]\nsecret-access-key = '{SECRET}'\n",
            f"[zenko]\nsecret_acess_key = '{SECRET}'\n", f"[zenko]\nawsSecretAccessKey = '{SECRET}'\n",
            f"[zenko]\naccessKeyID = '{SECRET}'\n", f"[zenko]\nacces_key_id = '{SECRET}'\n",
            f"[[wifi]]\nssid = 'x'\npassword = '{SECRET}'\n", f"[zenko]\nSecret_Access_Key = '{SECRET}'\n[event\n",
            f"[zenko]\nendpoint_url = 'https://me:{SECRET}@s3.example.com'\n",
        ],
    )  # fmt: skip
    def test_nor_one_under_a_name_that_nobody_reads(self, appliance, text):
        """Misspelled, a password of Wi-Fi, or in an address: the copy that all may read does not have it."""
        assert not repeated(appliance, text)

    @pytest.mark.parametrize(
        "value",
        ["{0}", "-{0}", "0x{0}", "{0}.5", "[{0}]", "[\n  {0}, # one\n]", "{{ a = {0} }}", "[[{0}]]", "['a{0}']",
         "{{ a{0} = 1 }}", "'''\na{0}'''"],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["secret_access_key", "access_key_id", "psk", '"secret_access\\u005fkey"'])
    @pytest.mark.parametrize("begun", ["", "oops\n"], ids=["toml", "no toml"])
    def test_nor_one_that_is_no_text(self, appliance, begun, name, value):
        """A number, a list, a table, the name of something in it: whatever stands there, on one line or on several."""
        digits = "86753098675309"
        appliance.write("booth.toml", f"{begun}[zenko]\n{name} = {value.format(digits)}\n[event]\nname = 'Gala'\n")
        told = appliance.start()
        copy = (appliance.run / "booth.toml").read_text()
        assert (0, [], 1) == (copy.count(digits), [line for line in told if digits in line], copy.count("'Gala'"))
        assert [] != [line for line in told if ABOUT_KEYS.match(line)]

    @pytest.mark.parametrize(
        "name",
        ["pwd", "wifi_pwd", "pass", "passwd", "passcode", "Kennwort", "mot_de_passe", '"contraseña"', "token",
         "api-key", "private_key", "key", "credentials", "wifi_psk", "user_pw"],
    )  # fmt: skip
    def test_nor_one_under_another_word_for_it(self, appliance, name):
        """In whatever language the owner writes."""
        assert not repeated(appliance, f"[zenko]\n{name} = '{SECRET}'\n")

    def test_nor_one_in_an_address_that_does_not_say_how(self, appliance):
        """What is left is still no address of a server, and told by the booth."""
        appliance.write("booth.toml", f"[zenko]\nendpoint_url = 'me:{SECRET}@s3.example.com'\n")
        appliance.start()
        copy = (appliance.run / "booth.toml").read_text()
        assert (0, "@s3.example.com") == (copy.count(SECRET), tomllib.loads(copy)["zenko"]["endpoint_url"].lstrip("*"))

    def test_what_is_ticked_or_empty_is_no_secret(self, appliance):
        appliance.write("booth.toml", "[x]\nhas_password = true\nsecret = ''\ntokens = []\n")
        assert [] == [line for line in appliance.start() if line.startswith("booth.toml: what looks like a key")]

    def test_such_a_name_is_told(self, appliance):
        appliance.write("booth.toml", f"[zenko]\nSecret_Access_Key = '{SECRET}'\n")
        [told] = appliance.start()
        assert (
            "booth.toml: what looks like a key or a password stands in it, in clear, under a name that nobody reads: "
            "write them into booth-secrets.toml, and delete them here"
        ) == told

    def test_an_address_without_one_stays_as_it_is(self, appliance):
        """Also one that has a port, and an @ further on."""
        text = '[share]\nurl_template = "https://photos.example.com:8443/@booth/{session}"\n'
        appliance.write("booth.toml", text)
        appliance.start()
        assert text == (appliance.run / "booth.toml").read_text()

    def test_no_setting_is_taken_for_one(self):
        """Whatever there is to set, but for the two that are keys."""
        names = {name for section in Settings.model_fields.values() for name in section.annotation.model_fields}
        assert [] == sorted(name for name in names - {"access_key_id", "secret_access_key"} if _like_a_secret(name))

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(st.lists(st.sampled_from(
        ["[zenko]\n", f'secret_access_key = "{SECRET}"', "\n", "access_key_id", " = ", "'", '"', "#", "{", "}", "=",
         "'''", '"""', SECRET, f"'{SECRET}'", "\r\n", "[event]\n", 'name = "x"\n', "\u00e9",
         "secret_access_key", " ", ",", "."]),
        max_size=14,
    ))  # fmt: skip
    def test_what_is_left_is_the_same_settings_without_keys(self, tmp_path, parts):
        """Put together at random: whatever was TOML still is, and a named key is nowhere in it."""
        text = "".join(parts)
        left, _ = lift(Card(Quick(), None, tmp_path), None, "booth.toml", text.encode(), [])
        try:
            before = tomllib.loads(text)
        except ValueError:
            return
        zenko = before.get("zenko")
        after = tomllib.loads(Text.of(left).text)
        assert before.keys() == after.keys()
        if isinstance(zenko, dict) and zenko.get("secret_access_key") == SECRET:
            assert SECRET not in Text.of(left).text


class TestMarks:
    @pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2])
    def test_a_byte_order_mark_is_no_mistake_in_any_file(self, appliance, mark):
        """Windows' editors begin a file with it."""
        appliance.write("booth.toml", mark + b'[event]\nname = "Gala"\n')
        appliance.write("network.toml", mark + NETWORK.encode())
        appliance.write("booth-secrets.toml", mark + SECRETS.encode())
        appliance.write("update.pub", mark + b"untrusted comment: x\nRW" + b"Q" * 54 + b"\n")
        assert [] == appliance.start()
        assert "Gala" == appliance.settings().event.name
        assert (appliance.card / "network.toml").read_bytes().startswith(mark)
        assert 2 == len(appliance.credentials())

    def test_what_cannot_be_seen_is_called_by_its_name(self, appliance):
        """A card from an old Mac, and a blank that is none; nothing of the file is repeated."""
        appliance.write("network.toml", NETWORK.replace("\n", "\r"))
        appliance.write("booth-secrets.toml", SECRETS.replace(" = ", "\u00a0= ", 1))
        assert [
            "booth-secrets.toml: line 2: not TOML: there is a character that cannot be seen (U+00A0)",
            "network.toml: line 1: not TOML: a line ends with CR alone, as on old Macs",
        ] == sorted(line.rpartition(": ")[0] for line in appliance.start())

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_one_is_understood(self, appliance, encoding):
        appliance.write("network.toml", NETWORK.encode(encoding))
        assert [] == appliance.start()
        assert "correct horse" not in (appliance.card / "network.toml").read_text(encoding)

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"{\\rtf1\\ansi x}", "RTF, as WordPad and TextEdit write"),
            (b"PK\x03\x04\x14\0word/document.xml", "a document of an office program, or an archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an office program"),
            (b"<!doctype html><html>", "a web page"),
        ],
    )
    @pytest.mark.parametrize("name", ["booth.toml", "network.toml", "booth-secrets.toml"])
    def test_what_is_no_plain_text_is_called_what_it_is(self, appliance, name, content, kind):
        appliance.write(name, content)
        [mistake] = appliance.start()
        assert f"{name}: this is {kind}: save it as plain text (UTF-8)" == mistake
