"""network.toml: what is right is used, what is wrong is told in words, and no password is ever repeated."""

import json
import re
import tomllib
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booth.appliance import passwords
from booth.appliance.medium import Card, Text, parse
from booth.appliance.network import MOVED, judge, networkd, wpa_supplicant
from booth.errors import ConfigError
from booth.settings.loading import load
from lab.disk.forgetful import ForgetfulDisk

KEY = "ssh-ed25519 " + b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + b"k" * 32).decode()
ENCODINGS = [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]
CARD, PRIVATE = Path("/card"), Path("/data/private")


@pytest.fixture
def zones(tmp_path):
    """Return a folder of time zones."""
    for name in ("Europe/Paris", "Europe/Prague", "UTC"):
        (zone := tmp_path / "zones" / name).parent.mkdir(parents=True, exist_ok=True)
        zone.write_text("TZif")
    return tmp_path / "zones"


@pytest.fixture
def read(zones):
    """Return what judges the text of a file."""
    return lambda text: judge(tomllib.loads(text), zones)


class TestRight:
    def test_nothing_is_right(self, read):
        """A file with nothing in it: an address from the cable, and nobody can log in."""
        network, mistakes = read("")
        assert ([], {}, "", ()) == (mistakes, network.wifi, network.ethernet.address, network.ssh.authorized_keys)

    def test_everything_at_once(self, read):
        """Each key of each table is taken as it is meant."""
        network, mistakes = read(
            f"""
            machine = {{ hostname = "booth-2", timezone = "Europe/Paris", country = "fr" }}
            [[wifi]]
            ssid = "Büro 5"
            password = "correct horse"
            hidden = true
            [[wifi]]
            ssid = "guests"
            [ethernet]
            address = "192.0.2.7/24"
            gateway = "192.0.2.1"
            dns = ["192.0.2.1", "2001:db8::1"]
            [ssh]
            authorized_keys = ["{KEY} ann@laptop"]
            """
        )
        assert [] == mistakes
        assert ("booth-2", "Europe/Paris", "FR") == tuple(network.machine.model_dump().values())
        assert ["Büro 5", "guests"] == [wifi.ssid for wifi in network.wifi.values()]
        assert ("192.0.2.7/24", "192.0.2.1") == (network.ethernet.address, network.ethernet.gateway)
        assert (f"{KEY} ann@laptop",) == network.ssh.authorized_keys

    def test_one_network_in_single_brackets_is_what_was_meant(self, read):
        """[wifi] instead of [[wifi]] is a slip that says all that is needed."""
        network, mistakes = read('machine.country = "FR"\n[wifi]\nssid = "Venue"\npassword = "12345678"')
        assert ([], ["Venue"]) == (mistakes, [wifi.ssid for wifi in network.wifi.values()])


class TestWrong:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[machine]\nhostname = 'My Booth'", "machine.hostname: expected 1 to 63 small letters, digits and inner"),
            ("[machine]\nhostname = 7", 'machine.hostname: expected text, such as "booth-2"'),
            ("[machine]\ntimezone = 'Europe/Pariss'", "there is no such place; did you mean Europe/Paris?"),
            ("[machine]\ntimezone = '../../etc/shadow'", "machine.timezone: expected a place as the world's clocks"),
            ("[machine]\ntimezone = 'Nowhere'", "there is no such place; write a region and a city, such as"),
            ("[machine]\ncountry = 'France'", 'not its name: write country = "FR"'),
            ("[machine]\nhostnam = 'x'", "machine.hostnam: there is no such setting; did you mean machine.hostname?"),
            ("[machine]\nkeyboard = 'de'", "machine.keyboard: there is none to be set"),
            ("machine = 3", "machine: expected a table, not a value: write [machine] on a line of its own"),
            ("[wlan]\nx = 1", "wlan: there is no such section; did you mean wifi?"),
            ("[Wifi]\nx = 1", "Wifi: there is no such section; did you mean wifi?"),
            ("wifi = ['Venue']", "wifi: expected [[wifi]] on a line of its own"),
            ("[[wifi]]\npassword = '12345678'", "wifi 1.ssid: is missing: write ssid = the network's name in quotes"),
            ("[[wifi]]\nssid = 'V'\npassword = 12345678", "wifi 1.password: expected text in quotes"),
            ("[[wifi]]\nssid = 'V'\npassword = 'short'", "wifi 1.password: expected 8 to 63 characters"),
            ('[[wifi]]\nssid = "V"\npassword = "line\\nbreak"', "wifi 1.password: expected characters that can"),
            ("[[wifi]]\nssid = 'V'\npassword = '(moved)'", "it was moved off a card, but it is not kept on this one"),
            ("[[wifi]]\nssid = 'ééééééééééééééééé'", "expected a name of 1 to 32 bytes; letters with accents take two"),
            ("[ethernet]\naddress = '192.0.2.7'", "ethernet.address: expected an address and how much of it is"),
            ("[ethernet]\ngateway = '192.0.2.1'", "ethernet: gateway and dns go with an address"),
            ("[ethernet]\naddress = '192.0.2.7/24'\ngateway = '10.0.0.1'", "10.0.0.1 is not in the network"),
            ("[ethernet]\naddress = '192.0.2.7/24'\ndns = ['1.2.3.4', 'x']", "ethernet.dns 2: expected an address"),
            ("[ssh]\nauthorized_keys = 'ssh-rsa x'", "ssh.authorized_keys: expected lines of .pub files in quotes"),
            ("[ssh]\nauthorized_keys = ['me']", "ssh.authorized_keys 1: expected the one line of a .pub file"),
            (f"[ssh]\nauthorized_keys = ['command=\"x\" {KEY}']", "ssh.authorized_keys 1: expected the one line"),
            ("[ssh]\nauthorized_keys = ['-----BEGIN OPENSSH PRIVATE KEY-----']", "this is a private key"),
        ],
    )  # fmt: skip
    def test_each_mistake_is_told_in_words(self, read, text, told):
        """What is wrong, where, and what to write instead."""
        _, mistakes = read(f"machine.country = 'FR'\n{text}" if "wifi" in text else text)
        assert [True] == [told in mistake for mistake in mistakes], mistakes

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("{0} = 3", "{0}: expected a table, not a value: write [{0}] on a line of its own, and its settings below"),
            ("[{0}x]", "{0}x: there is no such section; did you mean {0}?"),
            ("[{0}]\n{1}x = 1", "{0}.{1}x: there is no such setting; did you mean {0}.{1}?"),
            ("{1} = true", "{1}: there is no such setting; did you mean {0}.{1}?"),
        ],
    )
    def test_a_mistake_has_the_same_sentence_as_in_the_settings(self, read, tmp_path, text, told):
        """Whoever has learned from one file what a sentence means knows it in the other."""
        _, mistakes = read(text.format("ethernet", "usb"))
        (file := tmp_path / "booth.toml").write_text(text.format("screen", "fullscreen"))
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        assert [told.format("ethernet", "usb")] == mistakes
        assert f"{file}: {told.format('screen', 'fullscreen')}" == str(caught.value)

    def test_all_at_once_and_the_rest_is_used(self, read):
        """One wrong thing in each table: the other things are what they should be."""
        network, mistakes = read(
            f"""
            [machine]
            hostname = "Not So"
            country = "FR"
            [[wifi]]
            ssid = "wrong"
            password = "short"
            [[wifi]]
            ssid = "right"
            password = "long enough"
            [ethernet]
            address = "192.0.2.7/24"
            gateway = "nowhere"
            [ssh]
            authorized_keys = ["nobody's", "{KEY}", "another's"]
            """
        )
        assert 5 == len(mistakes)
        assert ("", "FR") == (network.machine.hostname, network.machine.country)
        assert {1: "right"} == {place: wifi.ssid for place, wifi in network.wifi.items()}
        assert ("192.0.2.7/24", "") == (network.ethernet.address, network.ethernet.gateway)
        assert (KEY,) == network.ssh.authorized_keys

    def test_a_network_that_is_there_twice(self, read):
        """The first one counts, and the second is told."""
        text = "machine.country = 'FR'\n" + "[[wifi]]\nssid = 'V'\npassword = 'password'\n" * 2
        network, mistakes = read(text)
        assert ([0], ["wifi 2: this network is there twice: remove one"]) == (list(network.wifi), mistakes)

    def test_wifi_without_a_country_is_told_and_tried(self, read):
        """The world's rules apply then."""
        network, [mistake] = read("[[wifi]]\nssid = 'V'\npassword = 'password'")
        assert (1, True) == (len(network.wifi), mistake.startswith("machine.country: is missing"))

    @given(
        st.text(
            st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cc"]), min_size=9, max_size=40
        )
    )
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_mistake_repeats_what_may_be_a_secret(self, read, secret):
        """Wherever a password ends up, also as the name of a key or a section, nobody reads it in a log."""
        secret += "!"  # what looks like a name is repeated: that is how a slip is found
        quoted = json.dumps(secret, ensure_ascii=False)
        for text in (
            f"[[wifi]]\nssid = 'V'\npassword = [{quoted}]",
            f"[[wifi]]\nssid = 'V'\npassword = {quoted}\npasword = {quoted}",
            f"[[wifi]]\nssid = 'V'\n{quoted} = 1",
            f"[[wifi]]\nssid = {quoted}\npassword = 'Venue'",
            f"[{quoted}]\nx = 1",
            f"[machine]\nhostname = {quoted}\ncountry = {quoted}",
            f"[ssh]\nauthorized_keys = [{quoted}]",
            f"{quoted} = 1",
        ):
            _, mistakes = read(text)
            assert not any(secret in mistake for mistake in mistakes)

    @pytest.mark.parametrize("secret", ["monkey!business", "secretly, madly", "token:token", "passw0rd=hunter2"])
    @pytest.mark.parametrize("text", ["{} = 1", "[{}]", "[machine]\n{} = 1", "wifi = [{{ ssid = 'V', {} = 1 }}]"])
    def test_nothing_of_a_secret_that_looks_like_a_key_and_its_value_is_repeated(self, read, secret, text):
        """What is before a sign in it is a part of the secret, too."""
        _, mistakes = read('machine.country = "FR"\n' * ("wifi" in text) + text.format(json.dumps(secret)))
        [told] = mistakes
        assert [] == [part for part in re.split(r"\W+", secret) if part in told.replace("authorized_keys", "")]


def wpa_reads(text):
    """Read a configuration as wpa_supplicant does: by its source, wpa_config_read and wpa_config_parse_string."""
    networks, current = [], None
    for line in text.splitlines():
        first = line.find('"')
        last = line.rfind('"') if first >= 0 and line.rfind('"') > first else first
        comment = line.find("#", max(last, 0))
        line = (line[:comment] if comment >= 0 else line).strip(" \t")  # noqa: PLW2901
        if line == "network={":
            networks.append(current := {})
        elif line == "}":
            current = None
        elif current is not None:
            name, _, value = line.partition("=")
            if value.startswith('"'):
                current[name] = value[1 : value.rfind('"')].encode()
            elif name in {"ssid", "psk"}:
                current[name] = bytes.fromhex(value)
            else:
                current[name] = value
    return networks


printable = st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=["Cc", "Cs", "Zl", "Zp"])
secrets = st.text(printable, min_size=8, max_size=40).filter(lambda text: 8 <= len(text.encode()) <= 63)
names = st.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text and _encodes(text))


def _encodes(text):
    try:
        return len(text.encode()) <= 32
    except UnicodeEncodeError:
        return False


class TestWords:
    @given(names, secrets, st.booleans())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_wpa_supplicant_reads_the_name_and_the_password_that_were_written(self, zones, ssid, secret, hidden):
        """Whatever is in them: quotes, hashes, backslashes, other scripts."""
        network, _ = judge({"wifi": [{"ssid": ssid, "password": secret, "hidden": hidden}]}, zones)
        [found] = wpa_reads(wpa_supplicant(network))
        assert (ssid.encode(), secret.encode()) == (found["ssid"], found["psk"])
        assert hidden == ("scan_ssid" in found)

    def test_a_key_that_was_made_of_a_password_is_one(self, read):
        """64 hexadecimal digits are a key, and not in quotes."""
        network, _ = read(f"[[wifi]]\nssid = 'V'\npassword = '{'ab' * 32}'")
        assert "psk=" + "ab" * 32 in wpa_supplicant(network)

    def test_an_open_network_has_no_password(self, read):
        """And is not tried with one."""
        network, _ = read("[[wifi]]\nssid = 'V'")
        assert "\tkey_mgmt=NONE" in wpa_supplicant(network).splitlines()

    def test_the_first_of_the_list_is_preferred(self, read):
        """wpa_supplicant takes the one of the greatest priority that it sees."""
        network, _ = read("".join(f"[[wifi]]\nssid = '{name}'\n" for name in "abc"))
        assert [b"a", b"b", b"c"] == [
            found["ssid"] for found in sorted(wpa_reads(wpa_supplicant(network)), key=lambda of: -int(of["priority"]))
        ]

    def test_a_fixed_address(self, read):
        """What systemd-networkd is told, and nothing of DHCP."""
        network, _ = read("[ethernet]\naddress = '192.0.2.7/24'\ngateway = '192.0.2.1'\ndns = ['192.0.2.2', '::2']")
        assert (
            "[Match]\nType=ether\nProperty=BOOTH_CABLE=1\n\n[Network]\n"
            "Address=192.0.2.7/24\nGateway=192.0.2.1\nDNS=192.0.2.2\nDNS=::2\n" == networkd(network.ethernet)
        )


# --- Passwords in the text of the file -------------------------------------------------------------------------------


def spelled(secret, way):
    """Write a text in one of TOML's ways, if it can be written so."""
    if way == "'" and "'" not in secret:
        return f"'{secret}'"
    if way == "'''" and "'" not in secret:
        return f"'''\n{secret}'''"
    if way == '"""':
        return '"""\\\n   ' + json.dumps(secret, ensure_ascii=False)[1:-1] + '"""'
    return json.dumps(secret, ensure_ascii=False)


@st.composite
def files(draw):
    """Draw a file with networks, written in all the ways there are; return it and what is in it."""
    count = draw(st.integers(1, 3))
    ssids = draw(st.lists(st.sampled_from("ABCDEF"), min_size=count, max_size=count, unique=True))
    wanted = {ssid: draw(secrets.filter(lambda text: text == text.strip())) for ssid in ssids}
    noise = st.sampled_from(["", '# password = "nobody\'s"\n', "\n\n", "hidden = true\n"])
    name = st.sampled_from(["password = ", '"password"=', "'password'   =\t"])
    way = st.sampled_from(['"', "'", "'''", '"""'])
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    if draw(st.booleans()):
        entries = ", ".join(
            f'{{ ssid = "{ssid}", {draw(name)}{spelled(secret, draw(way))} }}' for ssid, secret in wanted.items()
        )
        text = f'wifi = [ {entries} ] # password = "x"\n[machine]\ncountry = "FR"\n'
    else:
        text = 'machine = { country = "FR" }\n' + "".join(
            f'[[wifi]] # "\n{draw(noise)}{draw(name)}{spelled(secret, draw(way))} # \'\nssid = "{ssid}"\n'
            for ssid, secret in wanted.items()
        )
    encoding, mark = draw(st.sampled_from(ENCODINGS))
    return mark + text.replace("\n", newline).encode(encoding), wanted


class TestMove:
    @given(files())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
    def test_however_it_was_written_the_passwords_go_and_all_else_stays(self, machine, zones, drawn):
        """The file means what it meant, but for the passwords; each start finds them; it is as long as it was."""
        raw, wanted = drawn
        disk = ForgetfulDisk((("card", (("network.toml", raw),)), ("data", ())))
        card = Card(disk, machine, CARD)
        for _ in range(2):
            mistakes = []
            taken = passwords.take(card, PRIVATE, zones, mistakes)
            passwords.move(card, PRIVATE, taken, mistakes)
            assert [] == mistakes
            assert wanted == {wifi.ssid: wifi.password.get_secret_value() for wifi in taken.network.wifi.values()}
            now = disk.read(CARD / "network.toml")
            assert len(raw) == len(now)
            before, after = parse(Text.of(raw).text), parse(Text.of(now).text)
            assert {MOVED} == {entry.pop("password") for entry in after["wifi"]}
            for entry in before["wifi"]:
                entry.pop("password")
            assert before == after

    def test_a_password_in_a_comment_is_told(self, machine, zones):
        """What is behind a # is not ours to change."""
        raw = b'machine.country = "FR"\n[[wifi]]\nssid = "V"\npassword = "sesame, open"  # was: sesame, open\n'
        disk = ForgetfulDisk((("card", (("network.toml", raw),)), ("data", ())))
        card, mistakes = Card(disk, machine, CARD), []
        passwords.move(card, PRIVATE, passwords.take(card, PRIVATE, zones, mistakes), mistakes)
        assert ["network.toml: a password stands elsewhere in it too, perhaps behind a #: remove it"] == mistakes

    def test_a_network_that_is_not_in_the_file_any_more_is_forgotten(self, machine, zones):
        """With its password: to bring it back, that must be written again."""
        first = b'machine.country = "FR"\n[[wifi]]\nssid = "V"\npassword = "sesame, open"\n'
        disk = ForgetfulDisk((("card", (("network.toml", first),)), ("data", ())))
        card, mistakes = Card(disk, machine, CARD), []
        passwords.take(card, PRIVATE, zones, mistakes)
        disk.rot(CARD / "network.toml", b'machine.country = "FR"\n')
        passwords.take(card, PRIVATE, zones, mistakes)
        assert b"sesame" not in disk.read(PRIVATE / "network.toml")

    @pytest.mark.parametrize("spoilt", [b"", b"\0" * 100, b"[machine\n", b"\xff\xfe\xfd", b"x" * (1 << 19)])
    def test_a_file_that_was_spoilt_does_not_take_the_network_away(self, machine, zones, spoilt):
        """What it said before is used, and stays kept; why, is told."""
        first = b'machine.country = "FR"\n[[wifi]]\nssid = "V"\npassword = "sesame, open"\n'
        disk = ForgetfulDisk((("card", (("network.toml", first),)), ("data", ())))
        card, mistakes = Card(disk, machine, CARD), []
        passwords.move(card, PRIVATE, passwords.take(card, PRIVATE, zones, mistakes), mistakes)
        assert [] == mistakes
        disk.rot(CARD / "network.toml", spoilt)
        for _ in range(2):
            taken = passwords.take(card, PRIVATE, zones, mistakes := [])
            passwords.move(card, PRIVATE, taken, mistakes)
            assert ["V"] == [wifi.ssid for wifi in taken.network.wifi.values()]
            assert mistakes[0].endswith("; what it said before is used until then")
        assert spoilt == disk.read(CARD / "network.toml")


class TestCountries:
    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("UK", "GB"), ("uk", "GB"), ("EN", "GB"), ("EL", "GR"), ("JA", "JP"), ("Germany", "DE"), ("GERMANY", "DE"),
            ("Deutschland", "DE"), ("Österreich", "AT"), ("España", "ES"), ("Suisse", "CH"), ("Italia", "IT"),
            ("France", "FR"), ("Framce", "FR"), ("DEU", "DE"), ("gbr", "GB"), ("USA", "US"), ("GER", "DE"),
            ("United Kingdom", "GB"), ("Great Britain", "GB"), ("the Netherlands", "NL"), ("Türkiye", "TR"),
            ("U.K.", "GB"), ("U.S.", "US"), ("GB.", "GB"), ("de_DE", "DE"), ("fr_FR.UTF-8", "FR"), ("en-GB", "GB"),
            ("Česko", "CZ"), ("\ud55c\uad6d", "KR"), ("\u65e5\u672c", "JP"),
            ("\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "GR"), ("\u039a\u03cd\u03c0\u03c1\u03bf\u03c2", "CY"),
            ("Duitsland", "DE"), ("Tyskland", "DE"), ("Slowenien", "SI"), ("Stati Uniti", "US"), ("Rumänien", "RO"),
            ("\u00c9tats-Unis", "US"), ("Etats Unis", "US"), ("Groot-Brittannië", "GB"), ("the UK", "GB"),
            ("UAE", "AE"), ("'FR'", "FR"), ("FR,", "FR"), ("\ufeffFR", "FR"), ("de_DE@euro", "DE"),
            ("zh-Hant-TW", "TW"),
        ],
    )  # fmt: skip
    def test_what_people_write_instead_is_known(self, read, written, code):
        """Codes of languages and of number plates, three letters, and names: the right code is said."""
        network, [mistake] = read(f'[machine]\ncountry = "{written}"')
        assert (f'write country = "{code}"', "") == (mistake[-len(code) - 18 :], network.machine.country)

    @pytest.mark.parametrize(
        ("written", "name", "code"),
        [("Slovinsko", "Slovakia", "SK"), ("Eistland", "Estonia", "EE"), ("Ukraina", "Ukraine", "UA")],
    )
    def test_a_guess_says_whose_code_it_is(self, read, written, name, code):
        """The first is Slovenia in Czech: whoever meant that reads that it is not."""
        _, [mistake] = read(f'[machine]\ncountry = "{written}"')
        assert mistake.endswith(f': if {name} is meant, write country = "{code}"'), mistake

    def test_a_name_that_two_countries_have_is_not_guessed_at(self, read):
        _, [mistake] = read('[machine]\ncountry = "Congo"')
        assert mistake.endswith("expected the two letters of a country, such as FR"), mistake

    @pytest.mark.parametrize("written", ["Korea", "KOREA", "the Korea", "Corea", "Corée"])
    def test_of_two_koreas_the_owner_is_asked_which_one(self, read, written):
        """Neither is taken, and neither is left out of the question."""
        network, mistakes = read(f'[machine]\ncountry = "{written}"')
        asked = (
            "machine.country: expected the two letters of a country, and more than one has this name: "
            'if South Korea is meant, write country = "KR", if North Korea is meant, write country = "KP"'
        )
        assert ("", [asked]) == (network.machine.country, mistakes)

    @pytest.mark.parametrize("code", ["FR", "fr", "Gb", " de ", "US", "CH", "TW", "AX"])
    def test_the_codes_of_the_standard_are_right(self, read, code):
        network, mistakes = read(f'[machine]\ncountry = "{code}"')
        assert (code.strip().upper(), []) == (network.machine.country, mistakes)

    def test_the_wide_letters_of_an_asian_keyboard_are_letters(self, read):
        network, mistakes = read('[machine]\ncountry = "\uff26\uff32"')
        assert ("FR", []) == (network.machine.country, mistakes)

    @pytest.mark.parametrize(
        "written", ["\u00df", "XX", "ZZ", "EU", "QQ", "00", "hunter2 correct horse", "F", "FRANCEFRANCE2"]
    )
    def test_what_is_none_is_told_and_not_repeated(self, read, written):
        """It may be a password that ended up on the wrong line."""
        network, [mistake] = read(f'[machine]\ncountry = "{written}"')
        assert ("", False) == (network.machine.country, written in mistake.replace("FR", ""))


class TestWrongLines:
    @pytest.mark.parametrize("zone", ["Hunter2-correct", "Europe/Hunter2", "hunter2/x/y", "Etc/Hunter2-horse"])
    def test_a_password_in_place_of_a_time_zone_is_not_repeated(self, read, zone):
        """Nor is any other word: it is told what belongs there."""
        _, [mistake] = read(f'[machine]\ntimezone = "{zone}"')
        assert "hunter2" not in mistake.casefold()

    @pytest.mark.parametrize("city", ["Paris", "paris", "Europe/paris", "PARIS"])
    def test_a_city_alone_is_understood(self, read, city):
        _, [mistake] = read(f'[machine]\ntimezone = "{city}"')
        assert "machine.timezone: there is no such place; did you mean Europe/Paris?" == mistake

    NASTY = st.one_of(
        st.text(max_size=20),
        st.lists(
            st.sampled_from(
                ["192.0.2.1", "fe80::1", "%", "eth0", "/24", "/64", "\n", "\r", "\u2028", "\x85", "DNS=1.2.3.4",
                 "[Network]",
                 '"', "'", "#", "\\", " ", "\0", "}", "network={", "12345678", "FR", "booth", ":", "."],
            ),
            max_size=6,
        ).map("".join),
    )  # fmt: skip
    LINES = (
        r"\[Match\]|Type=ether|Property=BOOTH_CABLE=1||\[Network\]|DHCP=yes|\[DHCPv4\]|RouteMetric=100"
        r"|Address=[0-9a-f.:]+/[0-9]+|Gateway=[0-9a-f.:]+(%[A-Za-z0-9._-]+)?|DNS=[0-9a-f.:]+(%[A-Za-z0-9._-]+)?"
    )
    WPA = (
        r"ctrl_interface=/run/wpa_supplicant|country=[A-Z]{2}|network=\{|\}|\tssid=([0-9a-f]{2}){1,32}|\tpriority=20"
        r"|\tscan_ssid=1|\tkey_mgmt=NONE|\tkey_mgmt=WPA-PSK|\tpsk=[0-9a-fA-F]{64}"
    )

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(NASTY, NASTY, st.lists(NASTY, max_size=2), NASTY, NASTY, NASTY, st.booleans())
    def test_no_value_makes_a_line_of_its_own(self, tmp_path, address, gateway, dns, country, ssid, password, hidden):
        """Whatever stands in quotes: what other programs are told has our lines, and none of the owner's."""
        written = {
            "machine": {"country": country, "hostname": ssid, "timezone": gateway},
            "ethernet": {"address": address, "gateway": gateway, "dns": dns, "usb": hidden},
            "wifi": [{"ssid": ssid, "password": password, "hidden": hidden}],
        }
        network, _ = judge(written, tmp_path)
        assert [] == [line for line in networkd(network.ethernet).splitlines() if not re.fullmatch(self.LINES, line)]
        said = wpa_supplicant(network)
        odd = [line for line in re.split(r"[\n\r]", said)[:-1] if not re.fullmatch(self.WPA, line)]
        assert [f'\tpsk="{password}"' for wifi in network.wifi.values() if len(password) not in {0, 64}] == odd
        assert not set("\n\r\0") & set(network.machine.hostname + network.machine.timezone)

    @pytest.mark.parametrize("scope", ["%eth0\nDNS=1.2.3.4", "%\n", "%a b", "%[Network]", "%" + "x" * 16, "%", '%"'])
    @pytest.mark.parametrize("key", ["address", "gateway", "dns"])
    def test_an_address_has_nothing_but_a_name_behind_it(self, read, scope, key):
        """A scope of IPv6 may hold anything, for whoever reads addresses: here it is a name."""
        values = {"address": "fe80::2/64", "gateway": "", "dns": "::1"} | {
            key: f"fe80::1{scope}/64" if key == "address" else f"fe80::1{scope}"
        }
        values = {name: value.replace("\n", "\\n").replace('"', '\\"') for name, value in values.items()}
        network, mistakes = read(
            f'[ethernet]\naddress = "{values["address"]}"\ngateway = "{values["gateway"]}"\ndns = ["{values["dns"]}"]'
        )
        assert 0 < len(mistakes)
        assert "%" not in networkd(network.ethernet)
