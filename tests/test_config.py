import contextlib
import errno
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr, ValidationError

from booth.choices import rules_of
from booth.core.visit import Consent, OwnQuestion, Purpose
from booth.drivers.header import gpio_of
from booth.errors import ConfigError
from booth.section import written
from booth.settings.loading import Loaded, load
from booth.settings.model import Settings, fields
from booth.settings.showing import describe, template
from booth.settings.sources import CREDENTIALS, MOST_MISTAKES
from booth.ui.languages import LANGUAGES

ROOT = Path(__file__).parent.parent
SECRET = "wJalrXUtnFEMI"  # noqa: S105 - it opens nothing


@pytest.fixture
def read(tmp_path):
    """Return what loads settings from the four places, none of them this machine's own."""

    def read(
        toml: str | None = None,
        environ: Mapping[str, str] | None = None,
        credentials: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> Loaded:
        around = dict(environ or {})
        if credentials is not None:
            folder = tmp_path / "credentials"
            folder.mkdir()
            for name, text in credentials.items():
                (folder / name).write_text(text)
            around["CREDENTIALS_DIRECTORY"] = str(folder)
        file = tmp_path / "booth.toml"
        if toml is not None:
            file.write_text(toml)
            file.chmod(0o600)
        return load(
            config=file if toml is not None else None,
            environ=around,
            overrides=overrides or {},
            default=tmp_path / "none.toml",
        )

    return read


@pytest.fixture
def mistakes(read, tmp_path):
    """Return what loads settings that are wrong, and gives the lines of the message, the folder's name left out."""

    def mistakes(*args, **kwargs):
        with pytest.raises(ConfigError) as caught:
            read(*args, **kwargs)
        assert caught.value.__cause__ is None
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return mistakes


class TestSites:
    FIX = 'write it like {aws-archive="AWS", gcp-web="Google"}'

    def test_a_table_gives_the_sites_of_the_server_names_for_guests(self, read):
        """In order, and by the server's names in small letters: so an answer has them."""
        sites = read('[zenko]\nsites = {AWS-archive = "AWS", gcp-web = " Google "}').settings.zenko.sites
        assert [("aws-archive", "AWS"), ("gcp-web", "Google")] == list(sites.items())

    @pytest.mark.parametrize(
        ("sites", "wrong"),
        [
            ('"AWS"', f"expected a table of names by sites: {FIX}"),
            (
                '{"a b" = "AWS"}',
                f"a site is named as the server names its location, in letters, digits, - and .: {FIX}",
            ),
            ('{aws = ""}', f'"aws": expected a name of 1 to 12 characters for guests: {FIX}'),
            ('{aws = "Amazon Web Services"}', f'"aws": expected a name of 1 to 12 characters for guests: {FIX}'),
            ("{aws = 1}", f'"aws": expected a name of 1 to 12 characters for guests: {FIX}'),
            (
                '{aws = "Cloud", gcp = "Cloud"}',
                "two sites are one, or have one name: a guest could not tell their lamps apart",
            ),
            (
                '{a = "A", b = "B", c = "C", d = "D", e = "E", f = "F", g = "G"}',
                "a farewell has room for 6 lamps: name the sites that guests know",
            ),
        ],
    )
    def test_what_no_lamp_could_be_made_of_is_refused(self, mistakes, sites, wrong):
        """With what to write instead."""
        assert [f"booth.toml: zenko.sites: {wrong}"] == mistakes(f"[zenko]\nsites = {sites}")


class TestOrder:
    def test_without_anything_every_setting_is_built_in(self, read):
        """A booth without a file, a variable or an argument has the built-in values, and says so of each."""
        loaded = read()
        assert Settings() == loaded.settings
        assert {"built-in"} == set(loaded.origins.values())

    def test_each_place_overrules_the_one_before(self, read, tmp_path):
        """Built-in, file, environment, credential, command line: the later place has its way, and is named."""
        toml = '[event]\nname = "file"\n[zenko]\nregion = "file"\nbucket = "file"\naccess_key_id = "file"\n'
        environ = {
            "BOOTH_ZENKO__REGION": "variable",
            "BOOTH_ZENKO__BUCKET": "variable",
            "BOOTH_ZENKO__ACCESS_KEY_ID": "variable",
        }
        credentials = {"zenko.bucket": "credential", "zenko.access_key_id": "credential"}
        loaded = read(toml, environ, credentials, {"zenko.access_key_id": "argument"})
        zenko = loaded.settings.zenko
        values = (loaded.settings.event.name, zenko.region, zenko.bucket, zenko.access_key_id.get_secret_value())
        assert ("file", "variable", "credential", "argument") == values
        keys = ("log.level", "event.name", "zenko.region", "zenko.bucket", "zenko.access_key_id")
        assert [
            "built-in",
            str(tmp_path / "booth.toml"),
            "BOOTH_ZENKO__REGION",
            "credential zenko.bucket",
            "command line",
        ] == [loaded.origins[key] for key in keys]

    def test_the_named_file_comes_before_the_variable_and_that_before_the_usual_one(self, tmp_path):
        """--config, else $BOOTH_CONFIG, else the usual place: one file is read, the others are not."""
        files = {name: tmp_path / name for name in ("named", "variable", "usual")}
        for name, file in files.items():
            file.write_text(f'[event]\nname = "{name}"\n')
        variable = {"BOOTH_CONFIG": str(files["variable"])}
        names = [
            load(config=config, environ=environ, overrides={}, default=files["usual"]).settings.event.name
            for config, environ in ((files["named"], variable), (None, variable), (None, {}))
        ]
        assert ["named", "variable", "usual"] == names

    def test_the_usual_file_may_be_missing(self, read):
        """A booth can live without a file that nobody named."""
        assert "built-in" == read().origins["event.name"]

    @pytest.mark.parametrize("name", ["zenko.secret_access_key", "zenko__secret_access_key"])
    def test_a_credential_is_a_file_named_as_its_setting(self, read, name):
        """Both spellings are read; the line end that editors add does not belong to the key."""
        loaded = read(credentials={name: f"{SECRET}\n"})
        assert SecretStr(SECRET) == loaded.settings.zenko.secret_access_key
        assert f"credential {name}" == loaded.origins["zenko.secret_access_key"]

    def test_other_variables_are_nobodys_business(self, read):
        """Variables without our prefix are not looked at."""
        assert Settings() == read(environ={"ZENKO__BUCKET": "no", "event": "no", "BOOTHS": "3"}).settings

    @pytest.mark.parametrize("place", ["environ", "overrides"])
    @pytest.mark.parametrize(
        ("key", "text", "value"),
        [
            ("event.name", "2026", "2026"),
            ("event.name", "true", "true"),
            ("countdown.shots", "3", 3),
            ("countdown.seconds", "2", 2.0),
            ("countdown.seconds", "2.5", 2.5),
            ("camera.rotation", "180", 180),
            ("camera.focus", "0.67", 0.67),
            ("camera.focus", "auto", "auto"),
            ("camera.gain", "2.5", 2.5),
            ("camera.gain", "auto", "auto"),
            ("camera.awb", "daylight", "daylight"),
            ("camera.exposure", "normal", "normal"),
            ("screen.fullscreen", "false", False),
            ("form.name_required", "true", True),
            ("screen.size", "1024x600", (1024, 600)),
            ("screen.size", "[1024, 600]", (1024, 600)),
            ("log.level", "debug", "debug"),
            ("outbox.dir", "/data/outbox", Path("/data/outbox")),
            ("zenko.endpoint_url", "", ""),
        ],
    )
    def test_a_text_becomes_what_the_setting_is(self, read, place, key, text, value):
        """A variable or an argument is text; the setting's kind says what it means, its looks do not."""
        name = "BOOTH_" + key.replace(".", "__").upper() if place == "environ" else key
        settings = read(**{place: {name: text}}).settings
        section, _, field = key.partition(".")
        assert value == getattr(getattr(settings, section), field)


class TestMistakes:
    ENDLESS = "://a" * 60_000
    NONE_AS_LONG = "has more than 8,192 characters: no setting has as many; write it again"

    def test_all_are_told_at_once(self, mistakes):
        """Every mistake of every place is in the message, each on a line with place, key, and what to do."""
        toml = '[event]\nnam = "x"\n[countdown]\nshots = "4"\n[led]\npin = "BOARD2"\n'
        environ = {"BOOTH_ZENKO__BUCKT": "x", "BOOTH_LOG__LEVEL": "loud"}
        assert [
            "booth.toml: event.nam: there is no such setting; did you mean event.name?",
            "BOOTH_ZENKO__BUCKT: zenko.buckt: there is no such setting; did you mean zenko.bucket?",
            "credential zenko.secret: zenko.secret: there is no such setting; did you mean zenko.secret_access_key?",
            'booth.toml: led.pin: BOARD2 is a 5 V supply: choose a GPIO pin, such as "BOARD12"',
            'booth.toml: countdown.shots: expected a whole number from 1 to 12, not "4": write for example shots = 4',
            (
                "command line: screen.size: expected [width, height], even numbers of pixels from 16 to 8192, "
                'not "big": write for example screen.size=[800, 480]'
            ),
            (
                'BOOTH_LOG__LEVEL: log.level: expected "debug", "info", "warning" or "error", not "loud": '
                "write for example BOOTH_LOG__LEVEL=info"
            ),
        ] == mistakes(toml, environ, {"zenko.secret": "x"}, {"screen.size": "big"})

    @pytest.mark.parametrize("dotted", [key for key in fields() if not key.startswith("zenko.")])
    def test_a_text_without_an_end_is_told_and_not_looked_into(self, mistakes, dotted):
        """Of no setting, in no place: what is looked for in texts would take minutes, and be repeated whole."""
        section, _, key = dotted.partition(".")
        text = f"'{self.ENDLESS}'"  # its end is found at once: between "" TOML's parser looks at each character
        for value in (text, f"[{text}]", f'[["a", {text}]]', f"{{en = {text}}}"):
            told = mistakes(f"[{section}]\n{key} = {value}\n")
            assert [f"booth.toml: {dotted}: {self.NONE_AS_LONG}"] == told

    def test_a_text_without_an_end_is_told_between_either_quotes(self, mistakes):
        """The same in each place, where TOML might mean something else by what is between them."""
        text = f'"{self.ENDLESS}"'
        for value in (text, f"[{text}]", f'[["a", {text}]]', f"{{en = {text}}}"):
            assert [f"booth.toml: event.name: {self.NONE_AS_LONG}"] == mistakes(f"[event]\nname = {value}\n")

    @pytest.mark.parametrize("odd", ["://a", " ", "9", "800x", "{"])
    def test_nor_in_a_variable_or_on_the_command_line(self, read, odd):
        """A hundred thousand blanks before a size took a minute and a half."""
        endless = odd * (100_000 // len(odd))
        for key in ("screen.size", "button.pin", "form.domains", "form.consent_text", "sound.volume", "event.name"):
            for place in (
                {"environ": {f"BOOTH_{key.upper().replace('.', '__')}": endless}}, {"overrides": {key: endless}},
            ):  # fmt: skip
                with pytest.raises(ConfigError) as caught:
                    read(**place)
                assert f"{key}: {self.NONE_AS_LONG}" == str(caught.value).partition(": ")[2]

    @pytest.mark.parametrize("text", ["{0} = 1", "[{0}]", "[zenko]\n{0} = 1", "[zenko]\n{0} = ''", "[event.{0}]"])
    @pytest.mark.parametrize("key", ["wJalrXUtnFEMI7K", "AKIA2E0A8F3B9CEXAMPLE", "8675309abcdef", "-wJ/alr+XUtn7="])
    def test_a_key_of_the_bucket_in_the_place_of_a_name_is_not_repeated(self, mistakes, text, key):
        """Whoever mixes up what is before a = and what is behind it."""
        if "/" in key:
            key = f"'{key}'"
        [told] = mistakes(text.format(key))
        assert (0, 1) == (told.count(key.strip("'")), told.count("(what looks like a key)"))

    def test_nor_is_one_in_the_place_of_a_file_of_certificates(self, mistakes):
        """It may begin as a path does."""
        assert ["booth.toml: zenko.ca_bundle: there is no such file"] == mistakes("[zenko]\nca_bundle = '/wJalrXUtn'\n")

    @pytest.mark.parametrize(
        ("toml", "line"),
        [
            ("[buton]", "buton: there is no such section; did you mean button?"),
            ("[button]\npins = 3", "button.pins: there is no such setting; did you mean button.pin?"),
            (
                "[zenko]\nkeys = 3",
                (
                    "zenko.keys: there is no such setting; zenko has endpoint_url, bucket, region, access_key_id, "
                    "secret_access_key, addressing, ca_bundle, key_template, sites, connect_timeout_s, read_timeout_s"
                ),
            ),
            ("[music]", f"music: there is no such section; the sections are {', '.join(Settings.model_fields)}"),
            ("bucket = 3", "bucket: there is no such setting; did you mean zenko.bucket?"),
            ("[form]\nkeep_days = 3", "form.keep_days: there is no such setting; did you mean outbox.keep_days?"),
            (
                "button = 3",
                "button: expected a table, not a value: write [button] on a line of its own, and its settings below",
            ),
            (
                "[camera]\nmirror = 1",
                "camera.mirror: expected true or false, not 1: write for example mirror = false",
            ),
            (
                "[camera]\nsize = [1280, 961]",
                (
                    "camera.size: expected [width, height], even numbers of pixels from 64 to 8192, not [1280, 961]: "
                    "write for example size = [1280, 960]"
                ),
            ),
            (
                '[camera]\nfocus = "0.67"',
                (
                    'camera.focus: expected "auto", or the dioptres of a distance, from 0 (far away) to 15, not '
                    '"0.67": write for example 1 for a metre'
                ),
            ),
            (
                "[camera]\nfocus = -1",
                (
                    'camera.focus: expected "auto", or the dioptres of a distance, from 0 (far away) to 15, not -1: '
                    "write for example 1 for a metre"
                ),
            ),
            (
                "[camera]\nfocus = true",
                (
                    'camera.focus: expected "auto", or the dioptres of a distance, from 0 (far away) to 15, not true: '
                    "write for example 1 for a metre"
                ),
            ),
            (
                "[camera]\ngain = 0.5",
                (
                    'camera.gain: expected "auto", or how many times brighter pictures are made, from 1 to 255, not '
                    "0.5: write for example 4"
                ),
            ),
            (
                "[camera]\ngain = true",
                (
                    'camera.gain: expected "auto", or how many times brighter pictures are made, from 1 to 255, not '
                    "true: write for example 4"
                ),
            ),
            (
                '[camera]\nexposure = "fast"',
                'camera.exposure: expected "short" or "normal", not "fast": write for example exposure = "short"',
            ),
            (
                '[camera]\nawb = "candle"',
                (
                    'camera.awb: expected "auto", "incandescent", "fluorescent", "daylight" or "cloudy", not "candle": '
                    'write for example awb = "auto"'
                ),
            ),
            (
                "[camera]\nrotation = 45",
                "camera.rotation: expected 0, 90, 180 or 270, not 45: write for example rotation = 0",
            ),
            (
                "[countdown]\nseconds = nan",
                "countdown.seconds: expected a number from 0 to 30, not nan: write for example seconds = 3.0",
            ),
            (
                "[countdown]\nseconds = true",
                "countdown.seconds: expected a number from 0 to 30, not true: write for example seconds = 3.0",
            ),
            (
                "[outbox]\ndir = 'outbox'",
                "outbox.dir: expected a path from the root, such as /var/lib/booth/outbox: begin it with /",
            ),
            (
                "[outbox]\ndir = 3",
                (
                    "outbox.dir: expected a path that begins with /, not 3: "
                    'write for example dir = "/var/lib/booth/outbox"'
                ),
            ),
            (
                "[event]\nname = 2026-11-22",
                'event.name: expected text of 1 to 100 characters, not a date: write for example name = "party"',
            ),
            (
                '[event]\nname = "a\\nb"',
                (
                    "event.name: expected text without line breaks, control characters, and others that cannot be "
                    "seen: remove them"
                ),
            ),
            (
                "[form]\nidle_s = 20\nwarning_s = 30",
                (
                    "form.warning_s and booth.toml: form.idle_s: expected a warning of less than 20 s, not 30 s: "
                    "make warning_s smaller or idle_s larger"
                ),
            ),
            (
                "[camera]\nsize = [320, 240]",
                (
                    "camera.size: expected a preview of at most [320, 240], not [640, 480]: "
                    "make preview_size smaller or size larger"
                ),
            ),
            (
                "[camera]\nsize = [5120, 480]",
                (
                    "camera.size: a preview of the shape of [5120, 480] that fits into [640, 480] would be narrower "
                    "than 64 pixels: make preview_size larger, or take a size of a more usual shape"
                ),
            ),
            (
                "[camera]\nsize = [1920, 1080]\npreview_size = [640, 480]",
                (
                    "camera.preview_size and booth.toml: camera.size: expected a preview of the shape of the frames, "
                    "which are [1920, 1080], not [640, 480]: write preview_size = [640, 360] or [854, 480], or leave "
                    "it out"
                ),
            ),
            (
                "[camera]\nsize = [62, 64]",
                (
                    "camera.size: expected [width, height], even numbers of pixels from 64 to 8192, not [62, 64]: "
                    "write for example size = [1280, 960]"
                ),
            ),
            (
                "[zenko]\nkey_template = '{name}-{session}.gif'",
                (
                    "zenko.key_template: the key template '{name}-{session}.gif' asks for {name}; "
                    "it may use {event}, {date}, {time}, {session}, {booth}"
                ),
            ),
        ],
    )
    def test_a_mistake_in_the_file_says_what_was_expected(self, mistakes, toml, line):
        """One line: the file, the dotted key, what was expected, and how to write it."""
        (told,) = mistakes(toml)
        assert told.endswith(f"booth.toml: {line}")

    @pytest.mark.parametrize(
        ("url", "complaint"),
        [
            ("s3.example.com", "expected an address that begins with http:// or https://"),
            ("https://", "expected an address that begins with http:// or https://"),
            ("https://s3.example.com:99999", "this is not the address of a server"),
            ("https://s3.example.com/bucket", "expected nothing after the host and the port"),
            (f"https://me:{SECRET}@s3.example.com", "keys do not belong into the address"),
            (f"https://me%3A{SECRET}%40s3.example.com", "this is not the address of a server"),
            (f"https://{SECRET}!s3.example.com", "this is not the address of a server"),
            ("https://[fe80::1%25\x1b[31m]", "this is not the address of a server"),
        ],
    )
    def test_an_endpoint_is_the_address_of_a_server(self, mistakes, url, complaint):
        """An address that cannot work is refused, and not repeated: there may be a password in it."""
        (told,) = mistakes(environ={"BOOTH_ZENKO__ENDPOINT_URL": url})
        assert told.startswith(f"BOOTH_ZENKO__ENDPOINT_URL: zenko.endpoint_url: {complaint}: ")
        assert SECRET not in told

    def test_a_page_to_take_the_animation_home_from_is_checked(self, mistakes):
        """An address that no link can be made from is refused at once, in words for the owner."""
        (told,) = mistakes('[share]\nurl_template = "photos.example.com/{session}"')
        assert told.startswith("booth.toml: share.url_template: expected an address that begins with http:// or https")
        (told,) = mistakes('[share]\nurl_template = "https://photos.example.com/{visit}"')
        assert told.endswith("it may use {session}, {key}, {event}, {booth}")

    def test_a_code_leads_to_one_place(self, mistakes):
        """A page and a signed link together are a contradiction, and both places are named."""
        assert [
            (
                "booth.toml: share.url_template and BOOTH_SHARE__PRESIGNED_DAYS: share.presigned_days: expected one of "
                "them, not both: a code leads to one place; set url_template to empty or presigned_days to 0"
            )
        ] == mistakes(
            '[share]\nurl_template = "https://photos.example.com/{session}"',
            environ={"BOOTH_SHARE__PRESIGNED_DAYS": "2"},
        )

    def test_a_page_needs_links(self, mistakes):
        """It is opened by a signed link, and has signed links in it: without them there is none to make."""
        assert [
            (
                "booth.toml: page.enabled and booth.toml: share.presigned_days: a guest's page is opened by a signed "
                "link, and has signed links in it: say in presigned_days how long these last, or set enabled to false"
            )
        ] == mistakes("[page]\nenabled = true\n[share]\npresigned_days = 0")

    def test_there_is_room_for_the_ending_of_the_details(self, mistakes):
        """A key that is as long as a key may be has none, where guests are shown links."""
        template = '[zenko]\nkey_template = "' + "{event}" * 8 + "k" * 85 + '{session}.gif"\n'
        (told,) = mistakes(template + "[share]\npresigned_days = 1")
        assert told.startswith("booth.toml: zenko.key_template: the details of a guest who is shown a link lie beside")

    def test_a_missing_file_that_was_named_is_a_mistake(self, tmp_path):
        """A named file that is not there is told, with what named it."""
        none = tmp_path / "none.toml"
        for config, environ, name in ((none, {}, "--config"), (None, {"BOOTH_CONFIG": str(none)}, "$BOOTH_CONFIG")):
            with pytest.raises(ConfigError) as caught:
                load(config=config, environ=environ, overrides={})
            assert f"{none}: there is no such file: correct {name}, or create it" == str(caught.value)

    def test_a_folder_is_not_a_file(self, tmp_path):
        """A folder in the place of the file is told as such."""
        with pytest.raises(ConfigError) as caught:
            load(config=tmp_path, environ={}, overrides={})
        assert f"{tmp_path}: is a folder, not a file: name a file" == str(caught.value)

    def test_a_file_that_cannot_be_reached_is_a_mistake(self, tmp_path):
        """Whatever the system says about the file is told, without a traceback."""
        file = tmp_path / "booth.toml"
        file.symlink_to(file)
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        expected = f"{file}: cannot be read ({os.strerror(errno.ELOOP)}): correct the path, or look at the disk"
        assert expected == str(caught.value)

    def test_a_syntax_error_has_line_and_column(self, mistakes):
        """What is not TOML is told as file:line:column; what is wrong elsewhere is told with it."""
        told = mistakes("[event]\nname = party\n", environ={"BOOTH_LOG__LEVEL": "loud"})
        assert told[0].startswith("booth.toml:2:8: not TOML: Invalid value: ")
        assert told[1].startswith("BOOTH_LOG__LEVEL: ")

    def test_a_file_in_another_encoding_is_told(self, tmp_path):
        """A file that is not UTF-8 is told with the place of the first letter that is not."""
        file = tmp_path / "booth.toml"
        file.write_bytes("[event]\nname = 'Zoë'\n".encode("latin-1"))
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        assert (
            f"{file}:2:11: a character is not UTF-8: save the file as UTF-8 (not as ANSI, Latin-1 or Windows-1252)"
            == str(caught.value)
        )

    LONG = "more than 100 characters without quotes: no number or name of a setting is as long"
    DEEP = "more than 8 brackets within each other: no setting has so many"
    JOINED = "more than 8 names joined by dots: a setting has a section and a name"

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"a = " + 5_000 * b"7", f":1:5: {LONG}; put text in quotes"),
            (b"a = " + 400 * b"[" + 400 * b"]", f":1:13: {DEEP}"),
            (100_000 * b"a." + b"a = 1", f":1:17: {JOINED}"),
            ("[event]\n".encode("utf-16"), ":1:1: is UTF-16, as some editors of Windows write: save the file as UTF-8"),
            (bytes(100), ":1:1: this is no text: write the file anew with a plain editor"),
            (b"#" * 300_000, ": has more than 256 KiB: is that the right file? Make it smaller, or name another"),
        ],
    )  # fmt: skip
    def test_a_file_that_no_owner_writes_is_told_in_a_sentence(self, tmp_path, content, expected):
        """No traceback, and no waiting, whatever is in it."""
        file = tmp_path / "booth.toml"
        file.write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        assert f"{file}{expected}" == str(caught.value)

    def test_a_pipe_in_place_of_the_file_is_told(self, tmp_path):
        """The booth does not wait for what nobody will ever write."""
        file = tmp_path / "booth.toml"
        os.mkfifo(file)
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        assert f"{file}: is a pipe, not a file: name a file" == str(caught.value)

    @pytest.mark.parametrize("key", ["outbox.dir", "animation.overlay", "zenko.ca_bundle", "theme.logo", "theme.font"])
    def test_a_nul_in_a_path_is_told(self, mistakes, key):
        """TOML can write what no name of a file can hold."""
        section, _, name = key.partition(".")
        (told,) = mistakes(f'[{section}]\n{name} = "/var/\\u0000x"\n')
        expected = "expected text without line breaks or control characters: remove them"
        assert f"booth.toml: {key}: {expected}" == told

    @pytest.mark.parametrize("key", ["event.name", "outbox.dir", "screen.size", "zenko.bucket", "log.level"])
    def test_a_variable_that_is_not_utf_8_is_told(self, mistakes, key):
        """Python gives such bytes as halves of characters, which can be written nowhere."""
        variable = f"BOOTH_{key.replace('.', '__').upper()}"
        (told,) = mistakes(environ={variable: os.fsdecode(b"/caf\xe9")})
        assert f"{variable}: {key}: what is there is not UTF-8, or no text at all: write it again, as UTF-8" == told

    @pytest.mark.parametrize("key", ["countdown.shots", "form.idle_s", "screen.size", "event.name"])
    @pytest.mark.parametrize("number", ["9" * 100, "0x" + "f" * 98, "1e999", "nan", "-inf"])
    def test_a_number_beyond_all_bounds_is_told(self, mistakes, key, number):
        """Large ones, endless ones, and none at all."""
        section, _, name = key.partition(".")
        (told,) = mistakes(f"[{section}]\n{name} = {number}\n")
        assert told.startswith(f"booth.toml: {key}: expected ")

    @pytest.mark.parametrize(
        ("keys", "size", "shots", "camera", "would_do"),
        [
            ("animation.width animation.height", (1920, 1920), 4, (1280, 960), (1536, 1536)),
            ("animation.width animation.height camera.size", (1920, 1900), 4, (3838, 3838), (1680, 1662)),
            ("animation.width animation.height countdown.shots", (1280, 1280), 12, (1280, 960), (1056, 1056)),
        ],
    )
    def test_an_animation_that_cannot_be_made_is_refused_with_one_that_can(
        self, read, mistakes, keys, size, shots, camera, would_do
    ):
        """Not found out by every guest: frames that are enlarged, or scaled from very large ones, count."""
        rest = f"[camera]\nsize = {list(camera)}\n" if camera != (1280, 960) else ""
        rest += f"[countdown]\nshots = {shots}\n" if shots != 4 else ""
        blamed = " and ".join(f"booth.toml: {key}" for key in keys.split())
        (told,) = mistakes("[animation]\nwidth = {}\nheight = {}\n".format(*size) + rest)
        why = f"an animation of {size[0]}x{size[1]} pixels, of {shots} frames from a camera of {camera[0]}x{camera[1]}"
        advice = "animation.width = {} and animation.height = {} would do".format(*would_do)
        assert f"{blamed}: {why}, needs more memory than there is for it: {advice}" == told
        read("[animation]\nwidth = {}\nheight = {}\n".format(*would_do) + rest)

    def test_a_camera_of_a_shape_that_no_animation_has_is_told(self, mistakes):
        """To fill the animation, frames that are all width would be enlarged beyond all bounds."""
        told = mistakes(
            "[camera]\nsize = [8192, 64]\npreview_size = [8192, 64]\n[animation]\nwidth = 64\nheight = 1000\n"
        )
        assert told[0].endswith("take a camera.size of a shape more like the animation's, or a smaller overlay")

    def test_a_layout_needs_memory_as_an_overlay_of_that_size_does(self, mistakes, read):
        """What just fits without one does not fit below it."""
        large = "[animation]\nwidth = 1920\nheight = 1440\n[countdown]\nshots = 3\n"
        assert 1440 == read(large).settings.animation.height
        [told] = mistakes(f'{large}[layout]\nfile = "plain"\n')
        assert 1 == told.count("an animation of 1920x1440 pixels, of 3 frames from a camera of 1280x960, needs more")

    @pytest.mark.parametrize(
        ("width", "height", "shots"),
        [(1920, 1080, 4), (1280, 960, 12), (480, 640, 4)],
    )
    def test_large_animations_are_accepted(self, read, width, height, shots):
        """What gm was seen to make."""
        accepted = read(f"[animation]\nwidth = {width}\nheight = {height}\n[countdown]\nshots = {shots}\n").settings
        assert (width, height, shots) == (
            accepted.animation.width,
            accepted.animation.height,
            accepted.countdown.shots,
        )

    def test_only_so_many_mistakes_are_told(self, mistakes):
        """Whoever has 14,000 named the wrong file; the others are counted, not put into words."""
        told = mistakes("".join(f"a{number} = 1\n" for number in range(4_000)))
        assert (MOST_MISTAKES + 1, "and 3,900 more mistakes: mend these first") == (len(told), told[-1])

    def test_no_name_can_break_a_line_or_move_the_cursor(self, mistakes):
        """What is told goes to a terminal, into the journal, and on a screen: one mistake is one line there."""
        told = mistakes('[event]\n"x\\nbooth: all is well\\u001b[2J\\u202e\\u009b" = 1\n')
        expected = (
            "booth.toml: event.x\\x0abooth: all is well\\x1b[2J\\u202e\\x9b: there is no such setting; event has name, "
            "others, opens, closes, paused"
        )
        assert [expected] == told

    def test_nor_can_a_file_s_name(self, tmp_path):
        """The same of what the settings are called, or say that something is called."""
        file = tmp_path / "a\nbooth: b\x1b[0m.toml"
        with pytest.raises(ConfigError) as caught:
            load(config=file, environ={}, overrides={})
        shown = f"{tmp_path}/a\\x0abooth: b\\x1b[0m.toml"
        assert f"{shown}: there is no such file: correct --config, or create it" == str(caught.value)

    def test_no_wrong_value_of_the_bucket_s_settings_is_repeated(self, mistakes):
        """Whoever mixes up two lines has a key where the bucket's name belongs."""
        told = mistakes(f'[zenko]\nbucket = "{SECRET}"\nregion = "{SECRET}"\nconnect_timeout_s = "{SECRET}"\n')
        assert [0, 0, 0] == [line.count(SECRET) for line in told]

    @pytest.mark.parametrize(
        "address",
        [
            f"https://me:{SECRET}@photos.example.com/{{session",
            f"https://me:{SECRET}@photos.example.com/{{visit}}",
            f"https://me:{SECRET}/@photos.example.com/{{session}}",
            f"https://me:{SECRET}@photos.example.com:99999/{{session}}",
            f"https:/me:{SECRET}@photos.example.com/{{session}}",
            f"https://me:{SECRET}@{{booth}}.example.com/{{session}}",
            f"https://photos.example.com/me:{SECRET}@ {{session}}",
        ],
    )
    def test_no_password_in_an_address_is_repeated(self, mistakes, address):
        """Whatever else is wrong with the address."""
        told = mistakes(f'[share]\nurl_template = "{address}"\n[zenko]\nendpoint_url = "{address}"\n')
        assert [0, 0] == [line.count(SECRET) for line in told]

    @pytest.mark.parametrize("between", [":", " ", ": ", ":=", " = '", "\n", "\u00a0"])
    def test_what_was_written_behind_the_name_of_a_secret_is_not_repeated(self, mistakes, between):
        """With a = at the end of a key, of ``--set zenko.secret_access_key:KEY=`` all of it is taken for a name."""
        name = f"zenko.secret_access_key{between}{SECRET}"
        fix = "there is no such setting; did you mean zenko.secret_access_key?"
        assert [f"command line: zenko.secret_access_key...: {fix}"] == mistakes(overrides={name: ""})

    @pytest.mark.parametrize(
        "key", [f"{SECRET}\\r\\nX-Evil: 1", f"{SECRET}\\u0000", f"{SECRET}\u00e9", f"{SECRET} ", 600 * "A"]
    )
    def test_a_key_that_no_request_can_carry_is_refused_without_a_word_of_it(self, mistakes, key):
        """It would be found out at the first upload, and not in these words."""
        told = mistakes(f'[zenko]\naccess_key_id = "{key}"\nsecret_access_key = "{key}"\n')
        why = "expected a key without blanks, line breaks and accents: write it as you were given it"
        expected = [f"booth.toml: zenko.{name}: {why}" for name in ("access_key_id", "secret_access_key")]
        assert expected == told

    @pytest.mark.parametrize("around", [(" ", ""), ("", "\n"), ("\t", "\r\n"), ("\n", " "), ("\u00a0", "")])
    def test_what_is_around_a_key_in_a_variable_is_left_out_and_said(self, read, around):
        """It came with the key from a file or a mail. Nobody sees it, and no server knows such a key."""
        before, after = around
        names = ("access_key_id", "secret_access_key")
        loaded = read(environ={f"BOOTH_ZENKO__{name.upper()}": f"{before}{SECRET}{after}" for name in names})
        zenko = loaded.settings.zenko
        assert (SECRET, SECRET) == (zenko.access_key_id.get_secret_value(), zenko.secret_access_key.get_secret_value())
        why = "there are blanks or line ends around the key, which are left out: write it without them"
        assert tuple(f"BOOTH_ZENKO__{name.upper()}: zenko.{name}: {why}" for name in names) == loaded.warnings

    def test_a_line_end_in_a_credential_is_nothing_to_speak_of(self, read):
        """A file ends in one."""
        loaded = read(credentials={"zenko.secret_access_key": f"{SECRET}\n"})
        assert (SECRET, ()) == (loaded.settings.zenko.secret_access_key.get_secret_value(), loaded.warnings)

    @pytest.mark.parametrize(
        "host", ["s3.example.com", "my_server:8000", "192.0.2.7", "[::1]", "[fe80::1%25eth0]:8000"]
    )
    def test_every_host_that_there_can_be_is_taken(self, read, host):
        """Names, numbers, and numbers that need to say behind which socket they are."""
        loaded = read(f'[zenko]\nendpoint_url = "https://{host}"\n')
        assert f"https://{host}" == loaded.settings.zenko.endpoint_url

    def test_a_place_that_cannot_be_read_brings_no_false_alarms(self, mistakes):
        """The LED's pin may be in the part that could not be read: nothing is said of pins that clash."""
        (told,) = mistakes('[led]\npin = "GPIO5"\n[', environ={"BOOTH_BUTTON__PIN": "GPIO7"})
        assert told.startswith("booth.toml:3:2: not TOML: ")

    def test_keys_in_the_store_are_found_where_the_service_will_find_them(self, tmp_path):
        """Whoever looks by hand is not told that they are empty."""
        store = tmp_path / "credstore"
        store.mkdir()
        for name in ("zenko.access_key_id", "zenko.secret_access_key"):
            (store / name).write_text(f"{SECRET}\n")
        loaded = load(
            config=None, environ={"BOOTH_ZENKO__ENDPOINT_URL": "https://s3.example.com"}, overrides={},
            default=tmp_path / "none.toml", stores=(tmp_path / "none", store),
        )  # fmt: skip
        assert () == loaded.warnings
        assert SECRET == loaded.settings.zenko.secret_access_key.get_secret_value()
        assert f"credential {store}/zenko.access_key_id" == loaded.origins["zenko.access_key_id"]

    def test_a_store_that_one_may_not_look_into_is_told(self, tmp_path):
        """Nothing is said of keys that may well be there."""
        store = tmp_path / "credstore"
        (store / "zenko.access_key_id").mkdir(parents=True)
        loaded = load(
            config=None, environ={"BOOTH_ZENKO__ENDPOINT_URL": "https://s3.example.com"}, overrides={},
            default=tmp_path / "none.toml", stores=(store,),
        )  # fmt: skip
        expected = (
            f"zenko.access_key_id and zenko.secret_access_key are empty as far as you may see, but {store}/"
            "zenko.access_key_id can be read by root alone, and the service gets its keys from there: say sudo to know"
        )
        assert (expected,) == loaded.warnings

    def test_the_store_is_asked_for_what_the_service_asks_for(self):
        """Not for more, and not for less."""
        unit = (ROOT / "systemd" / "booth.service").read_text()
        assert list(CREDENTIALS) == re.findall("^LoadCredential=(.*)$", unit, re.MULTILINE)

    def test_credentials_that_are_not_there_are_a_mistake(self, mistakes):
        """A credentials directory that was announced must exist."""
        assert [
            "/nowhere: the credentials cannot be read (No such file or directory): see LoadCredential= in the unit"
        ] == mistakes(environ={"CREDENTIALS_DIRECTORY": "/nowhere"})

    def test_a_credential_that_is_not_text_is_a_mistake(self, mistakes, tmp_path):
        """Bytes that are no text are told without a traceback, and without the bytes."""
        folder = tmp_path / "binary"
        folder.mkdir()
        (folder / "zenko.bucket").write_bytes(b"\xff\xfe")
        (told,) = mistakes(environ={"CREDENTIALS_DIRECTORY": str(folder)})
        assert "credential zenko.bucket: is UTF-16, as some editors of Windows write: save the file as UTF-8" == told

    @pytest.mark.parametrize("name", ["BOOTH_FOO", "BOOTH_", "BOOTH_ZENKO", "BOOTH_ZENKO__BUCKET__X", "BOOTH___"])
    def test_an_unknown_variable_is_a_mistake(self, mistakes, name):
        """A variable with our prefix that sets nothing is a slip, wherever the slip is."""
        (told,) = mistakes(environ={name: "x"})
        assert told.startswith(f"{name}: ")
        assert "there is no such setting; " in told

    @pytest.mark.parametrize(
        "toml",
        [
            f"[zenko]\nsecret_acess_key = '{SECRET}'",
            f"[zenk]\nsecret_access_key = '{SECRET}'",
            f"secret_access_key = '{SECRET}'",
            f"zenko = '{SECRET}'",
            f"[zenko]\nsecret_access_key = ['{SECRET}']",
            f"[zenko]\nendpoint_url = ['{SECRET}']",
            f"[zenko.secret_access_key]\nvalue = '{SECRET}'",
            f"[zenko]\nsecret_access_key = {SECRET}",
            f"[zenko]\nsecret_access_key = '{SECRET}'\n[log]\nlevel = 3",
        ],
    )
    def test_no_secret_gets_into_a_message(self, mistakes, toml):
        """However a secret was misplaced or misspelled, the message does not repeat it."""
        assert SECRET not in "\n".join(mistakes(toml))

    @settings(deadline=None)  # other tests share the processor
    @given(st.dictionaries(st.sampled_from(["BOOTH_ZENKO__BUCKET", "BOOTH_EVENT__NAME", "BOOTH_CAMERA__SIZE",
                                            "BOOTH_BUTTON__PIN", "BOOTH_COUNTDOWN__SHOTS", "BOOTH_CAMERA__ROTATION",
                                            "BOOTH_ZENKO__ENDPOINT_URL", "BOOTH_ZENKO__KEY_TEMPLATE",
                                            "BOOTH_COUNTDOWN__SECONDS", "BOOTH_ZENKO__SECRET_ACCESS_KEY"]),
                           st.text()))  # fmt: skip
    def test_any_text_is_a_setting_or_a_mistake(self, environ):
        """Whatever a variable holds, the outcome is settings or a message for the owner: never a bug."""
        with contextlib.suppress(ConfigError):
            assert isinstance(load(config=None, environ=environ, overrides={}, default=Path("/none")), Loaded)


class TestPins:
    @pytest.mark.parametrize(
        ("pin", "gpio"), [("GPIO18", 18), ("BOARD12", 18), ("GPIO7", 7), ("BOARD26", 7), ("BOARD7", 4), ("BOARD40", 21)]
    )
    def test_a_pin_has_two_names(self, pin, gpio):
        """The chip's number and the header's are two names of one pin."""
        assert gpio == gpio_of(pin)

    def test_the_header_is_the_one_that_gpiozero_knows(self):
        """Our table of the header agrees with gpiozero's, pin by pin, for the Pi 3B."""
        from gpiozero.pins.pi import PiBoardInfo

        board = PiBoardInfo.from_revision(0xA02082)
        for number, pin in board.headers["J8"].pins.items():
            known = {name for name in map(str, pin.names) if name.startswith("GPIO")}
            try:
                ours = {f"GPIO{gpio_of(f'BOARD{number}')}"}
            except ValueError:
                ours = set()
            assert ours == known - {"GPIO0", "GPIO1"}

    @pytest.mark.parametrize(
        ("pin", "why"),
        [
            ("BOARD1", 'BOARD1 is a 3.3 V supply: choose a GPIO pin, such as "BOARD12"'),
            ("BOARD2", 'BOARD2 is a 5 V supply: choose a GPIO pin, such as "BOARD12"'),
            ("BOARD6", 'BOARD6 is ground: choose a GPIO pin, such as "BOARD12"'),
            ("BOARD0", 'BOARD0 is not on the header, which has 40 pins: choose one such as "BOARD12"'),
            ("BOARD41", 'BOARD41 is not on the header, which has 40 pins: choose one such as "BOARD12"'),
            ("GPIO28", 'GPIO28 is not on the header: choose one from "GPIO2" to "GPIO27"'),
            ("GPIO1", 'GPIO1 is reserved for the memory of add-on boards: choose another, such as "GPIO18"'),
            ("BOARD28", 'BOARD28 is reserved for the memory of add-on boards: choose another, such as "GPIO18"'),
            ("18", '18 alone could be the chip\'s pin or the header\'s: write "GPIO18" or "BOARD18"'),
            ("9", "9 alone could be the chip's pin or the header's: write \"GPIO9\""),
            ("gpio18", '"gpio18" is not how a pin is spelled: write "GPIO18"'),
            ("BCM18", '"BCM18" is not how a pin is spelled: write "GPIO18"'),
            ("GPIO018", '"GPIO018" is not a pin: write the chip\'s number ("GPIO18") or the header\'s ("BOARD12")'),
            ("", '"" is not a pin: write the chip\'s number ("GPIO18") or the header\'s ("BOARD12")'),
        ],
    )
    def test_an_impossible_pin_is_refused_in_the_owners_words(self, mistakes, pin, why):
        """What cannot carry a signal, is not there, or could mean two pins is refused, with what to write instead."""
        assert [f"BOOTH_BUTTON__PIN: button.pin: {why}"] == mistakes(environ={"BOOTH_BUTTON__PIN": pin})

    def test_a_number_is_not_a_pin(self, mistakes):
        """A number without quotes is refused like one in quotes: nobody can tell which way of counting is meant."""
        assert [
            'booth.toml: button.pin: 18 alone could be the chip\'s pin or the header\'s: write "GPIO18" or "BOARD18"'
        ] == mistakes("[button]\npin = 18")

    @pytest.mark.parametrize(("pin", "same"), [("GPIO7", "GPIO7"), ("BOARD26", "BOARD26 and GPIO7, the same pin")])
    def test_button_and_led_cannot_share_a_pin(self, mistakes, pin, same):
        """One pin cannot be both, however it is spelled; both places are named."""
        assert [
            (
                f"BOOTH_BUTTON__PIN: button.pin and built-in: led.pin: both are {same}: give one of them another, "
                "and wire it so"
            )
        ] == mistakes(environ={"BOOTH_BUTTON__PIN": pin})

    @pytest.mark.parametrize("url", ["http://192.0.2.7:8000", "https://[2001:db8::1]", "http://127.1:8000"])
    def test_a_bucket_s_name_cannot_stand_before_a_number(self, mistakes, url):
        """A host that is a number has no names below it; both settings are named."""
        environ = {"BOOTH_ZENKO__ENDPOINT_URL": url, "BOOTH_ZENKO__ADDRESSING": "virtual"}
        (told,) = mistakes(environ=environ)
        assert told.startswith(
            "BOOTH_ZENKO__ADDRESSING: zenko.addressing and BOOTH_ZENKO__ENDPOINT_URL: zenko.endpoint_url: "
            "the bucket's name cannot stand before a number: give the server's name in endpoint_url"
        )

    @pytest.mark.parametrize(
        ("url", "bucket", "instead"),
        [
            ("https://booth.zenko.example.com", "booth", "https://zenko.example.com"),
            ("https://Booth.Zenko.Example.COM", "booth", "https://zenko.example.com"),
            ("HTTPS://booth.zenko.example.com./", "booth", "https://zenko.example.com"),
            ("http://booth.zenko.example.com:8000", "booth", "http://zenko.example.com:8000"),
            ("http://party.localhost:8000", "party", "http://localhost:8000"),
            ("https://my.party.s3.example.com", "my.party", "https://s3.example.com"),
            ("https://booth.s3.eu-west-3.amazonaws.com", "booth", "https://s3.eu-west-3.amazonaws.com"),
        ],
    )
    def test_an_endpoint_has_no_bucket_in_it(self, mistakes, url, bucket, instead):
        """A server takes the bucket from such a host, and stores under BUCKET/KEY: the booth says what to write."""
        environ = {"BOOTH_ZENKO__ENDPOINT_URL": url, "BOOTH_ZENKO__BUCKET": bucket}
        assert [
            (
                "BOOTH_ZENKO__ENDPOINT_URL: zenko.endpoint_url and BOOTH_ZENKO__BUCKET: zenko.bucket: "
                f'"{bucket}" is in the address already, and animations would be stored under a wrong key: write '
                f'endpoint_url = "{instead}"; a server that wants the bucket\'s name in the host needs '
                'addressing = "virtual" as well, and one that is really called so a bucket of another name'
            )
        ] == mistakes(environ=environ)

    @pytest.mark.parametrize(
        ("url", "bucket", "addressing"),
        [
            ("https://booth.zenko.example.com", "booth", "virtual"),  # wanted so: BUCKET.booth.zenko...
            ("https://booth.zenko.example.com", "party", "path"),
            ("https://boothzenko.example.com", "booth", "path"),
            ("https://zenko.booth.example.com", "booth", "path"),
            ("http://booth:8000", "booth", "path"),  # a machine in the same network
            ("http://booth.local:8000", "booth", "path"),
            ("http://192.168.1.5:8000", "192", "path"),
            ("http://192.168.1.5:8000", "192.168", "path"),
        ],
    )
    def test_a_server_may_be_called_as_it_likes(self, read, url, bucket, addressing):
        """Whatever only looks as if the bucket were in the address is taken."""
        environ = {
            "BOOTH_ZENKO__ENDPOINT_URL": url,
            "BOOTH_ZENKO__BUCKET": bucket,
            "BOOTH_ZENKO__ADDRESSING": addressing,
        }
        assert url == read(environ=environ).settings.zenko.endpoint_url

    @pytest.mark.parametrize(
        ("url", "leads"),
        [
            ("https://ui.zenko.example.com", "a console with pages for people, or a log-in"),
            ("https://Management.zenko.example.com.", "a console with pages for people, or a log-in"),
            ("https://keycloak.zenko.example.com:8443", "a console with pages for people, or a log-in"),
            ("https://admin.zenko.io", "a console with pages for people, or a log-in"),
            ("https://console.cloud.google.com", "a console with pages for people, or a log-in"),
            ("https://eu-west-3.console.aws.amazon.com", "a console with pages for people, or a log-in"),
            ("http://192.0.2.7:8383", "the pages of Zenko"),
            ("http://zenko.example.com:8900", "Backbeat, which replicates"),
        ],
    )
    def test_an_endpoint_is_no_console(self, mistakes, url, leads):
        """What people copy from the browser's line leads to pages: it is said before the first guest comes."""
        assert [
            (
                f"BOOTH_ZENKO__ENDPOINT_URL: zenko.endpoint_url: this leads to {leads}, and not to the S3 server: "
                'write it like "https://s3.example.com" or "http://192.0.2.7:8000"; where Zenko has pages, they tell '
                "the address of its S3 service"
            )
        ] == mistakes(environ={"BOOTH_ZENKO__ENDPOINT_URL": url})

    @pytest.mark.parametrize("url", ["http://ui:8000", "http://console:8000", "https://s3.ui.example.com"])
    def test_a_machine_may_be_called_like_a_console(self, read, url):
        """A name without a domain is that of a machine, and what stands further behind is a domain."""
        assert url == read(environ={"BOOTH_ZENKO__ENDPOINT_URL": url}).settings.zenko.endpoint_url

    @pytest.mark.parametrize("path", ["/booth", "/booth/", "/_/console", "/zenko-ui/accounts", "?tab=buckets", "#/"])
    def test_an_endpoint_with_a_path_is_told_where_the_bucket_goes(self, mistakes, path):
        """Whatever follows the host is refused, with the setting that the bucket's name belongs into."""
        assert [
            (
                "BOOTH_ZENKO__ENDPOINT_URL: zenko.endpoint_url: expected nothing after the host and the port: "
                'write it like "https://s3.example.com" or "http://192.0.2.7:8000"; the bucket\'s name belongs into '
                "zenko.bucket, and a page of a console is not the server"
            )
        ] == mistakes(environ={"BOOTH_ZENKO__ENDPOINT_URL": f"https://s3.example.com{path}"})

    @settings(deadline=None)  # other tests share the processor
    @given(st.text())
    def test_any_text_is_a_pin_or_a_value_error(self, text):
        """Nothing that is typed as a pin is a bug of ours."""
        with contextlib.suppress(ValueError):
            assert 2 <= gpio_of(text) <= 27


EACH = {code: f"Yes, in {name}." for code, name in LANGUAGES.items()}
"""What guests may agree to, in each language."""


class TestConsent:
    @pytest.mark.parametrize(
        ("toml", "environ"),
        [
            ("[form.consent_text]\n" + "\n".join(f'{code} = "{text}"' for code, text in EACH.items()), {}),
            ("", {"BOOTH_FORM__CONSENT_TEXT": f"{{{', '.join(f'{code} = {text!r}' for code, text in EACH.items())}}}"}),
        ],
        ids=["file", "variable"],
    )
    def test_there_can_be_a_text_for_each_language(self, read, toml, environ):
        """As a table of the file, or written as one into a variable; shown as it can be written down."""
        loaded = read(toml, environ=environ)
        assert EACH == loaded.settings.form.consent_text
        assert EACH == tomllib.loads(describe(loaded))["form"]["consent_text"]

    def test_a_language_that_guests_may_choose_needs_a_text(self, mistakes):
        """Else they would be asked in one that they did not choose; those without a text are named."""
        lacking = ", ".join(f'"{code}"' for code in LANGUAGES if code not in {"en", "de", "es"})
        told = (
            f"booth.toml: form.consent_text and built-in: screen.languages: there is no text in {lacking}, which "
            "guests may choose: write one there, or take the language out of screen.languages"
        )
        assert [told] == mistakes('[form.consent_text]\nen = "Yes."\nde = "Ja."\nes = "Sí."')

    WALL = 'id = "wall"\npurpose = "show"\n'

    def test_several_things_can_be_asked_each_by_itself(self, read):
        """As tables of the file; shown as it can be written down."""
        texts = "".join(f'text.{code} = "{text}"\n' for code, text in EACH.items())
        loaded = read(
            f'[[form.consents]]\n{self.WALL}responsible = "Example Ltd"\n{texts}'
            f'[[form.consents]]\nid = "news"\npurpose = "marketing"\n{texts}'
        )
        wall, news = loaded.settings.form.asked
        assert (Consent("wall", Purpose.SHOW), f"{EACH['de']} (Example Ltd)") == (wall.consent, wall.read("de"))
        assert (Consent("news", Purpose.MARKETING), EACH["fr"]) == (news.consent, news.read("fr"))
        shown = tomllib.loads(describe(loaded))["form"]["consents"]
        assert [("wall", EACH), ("news", EACH)] == [(each["id"], each["text"]) for each in shown]

    @pytest.mark.parametrize(
        ("tables", "told"),
        [
            (['id = "Wall"\npurpose = "show"\ntext = "a"'], "expected an id of a small letter, and up to 15 small"),
            (['id = "wall"\npurpose = "all"\ntext = "a"'], '"wall": expected a purpose: one of "show", "publish",'),
            ([WALL], '"wall": expected a text of at most 200 characters, on one line, for each language'),
            ([f'{WALL}text = {{en = "{"a" * 201}"}}'], '"wall": expected a text of at most 200 characters'),
            ([f'{WALL}text = {{ger = "a"}}'], '"wall": "ger" is not a language that the screen speaks'),
            ([f'{WALL}text = "a"\nresponsible = 5'], '"wall": expected a name of who is responsible, 60'),
            ([f'{WALL}text = "a"\nticked = true'], 'a consent has no "ticked": it has id, purpose, text, responsible'),
            ([f'{WALL}text = "a"', f'{WALL}text = "a"'], 'two have the id "wall": ask for one thing once'),
            ([f'id = "a{n}"\npurpose = "own"\ntext = "a"' for n in range(4)], "guests are asked 3 things at most"),
            ([f'id = "a{n}"\npurpose = "show"\ntext = "a"' for n in range(2)], 'two have the purpose "show"'),
        ],
    )  # fmt: skip
    def test_what_nobody_can_be_asked_is_told(self, mistakes, tables, told):
        """In one line, with what to write instead."""
        [line] = mistakes("\n".join(f"[[form.consents]]\n{table}" for table in tables))
        assert line.startswith(f"booth.toml: form.consents: {told}")

    @pytest.mark.parametrize("text", ['"Yes."', '{en = "Yes.", de = "Ja."}'], ids=["one", "two"])
    def test_each_consent_has_a_text_in_each_language(self, mistakes, text):
        """Nobody agrees to what they cannot read."""
        [line] = mistakes(f"[[form.consents]]\n{self.WALL}text = {text}")
        assert line.startswith('booth.toml: form.consents and built-in: screen.languages: "wall"')

    def test_there_is_one_way_to_ask(self, mistakes):
        """The old text is a consent to be shown: beside others nobody would know which counts."""
        texts = "".join(f'text.{code} = "{text}"\n' for code, text in EACH.items())
        [line] = mistakes(f'[form]\nconsent_text = "Yes."\n[[form.consents]]\n{self.WALL}{texts}')
        assert line.startswith("booth.toml: form.consents and booth.toml: form.consent_text: guests are asked in ")

    def test_what_metadata_cannot_hold_at_worst_is_told_at_the_start(self, read, mistakes):
        """A record is never cut short, nor an address: a long name of an event may leave no room for three."""
        texts = "".join(f'text.{code} = "{text}"\n' for code, text in EACH.items())
        three = "".join(f'[[form.consents]]\nid = "aaaaaaaaaaaaaaa{n}"\npurpose = "own"\n{texts}' for n in range(3))
        assert 3 == len(read(three).settings.form.asked)
        [line] = mistakes(f'{three}[event]\nname = "' + "\U0001f389" * 100 + '"')
        assert line.startswith("booth.toml: form.consents and booth.toml: event.name: ")

    ASKED = f"text = {{{', '.join(f'{code} = {text!r}' for code, text in EACH.items())}}}\n"

    def test_questions_are_asked_as_they_are_written(self, read):
        """As tables of the file, with choices or without; shown as they can be written down."""
        chosen = "".join(f'[[form.questions.choices]]\nid = "{name}"\n{self.ASKED}' for name in ("yes", "no"))
        loaded = read(
            f'[[form.questions]]\nid = "again"\n{self.ASKED}{chosen}[[form.questions]]\nid = "who"\n{self.ASKED}'
        )
        assert (OwnQuestion("again", ("yes", "no")), OwnQuestion("who")) == rules_of(loaded.settings).questions
        again, who = tomllib.loads(describe(loaded))["form"]["questions"]
        assert (EACH, [EACH, EACH], {"id": "who", "text": EACH}) == (
            again["text"], [choice["text"] for choice in again["choices"]], who,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("tables", "told"),
        [
            (['id = "Who"\ntext = "a"'], "a question: expected an id of a small letter, and up to 15 small letters"),
            (['id = "who"'], '"who": expected a text of at most 120 characters, on one line, for each language'),
            ([f'id = "who"\ntext = {{en = "{"a" * 121}"}}'], '"who": expected a text of at most 120 characters'),
            (['id = "who"\ntext = {ger = "a"}'], '"who": "ger" is not a language that the screen speaks'),
            (['id = "who"\ntext = "a"\nkind = 1'], 'a question has no "kind": it has id, text, choices'),
            (['id = "who"\ntext = "a"'] * 2, 'two have the id "who": ask for one thing once'),
            ([f'id = "a{n}"\ntext = "a"' for n in range(4)], "guests are asked 3 questions at most"),
            (['id = "who"\ntext = "a"\nchoices = [{id = "yes", text = "a"}]'], '"who": expected 2 to 6 choices'),
            (['id = "who"\ntext = "a"\nchoices = "yes"'], '"who": expected 2 to 6 choices'),
            (['id = "who"\ntext = "a"\nchoices = [' + '{id = "y", text = "a"}, ' * 7 + "]"],
             '"who": expected 2 to 6 choices'),
            (['id = "aaaaaaaaaaaaaaaaa"\ntext = "a"'], "a question: expected an id of a small letter, and up to 15"),
            (['id = "who?"\ntext = "a"'], "a question: expected an id of a small letter, and up to 15 small letters"),
            (['id = 5\ntext = "a"'], "a question: expected an id of a small letter, and up to 15 small letters"),
            (['id = "who"\ntext = "a"\nchoices = ["yes", "no"]'], '"who": a choice is a table: write'),
            (['id = "who"\ntext = "a"\nchoices = [{id = "y", text = "a"}, {id = "y", text = "a"}]'],
             '"who": two choices have the id "y": guests choose one'),
            ([f'id = "who"\ntext = "a"\nchoices = [{{id = "y", text = "{"a" * 41}"}}, {{id = "n", text = "a"}}]'],
             '"who:y": expected a text of at most 40 characters'),
        ],
    )  # fmt: skip
    def test_what_nobody_can_answer_is_told(self, mistakes, tables, told):
        """In one line, with what to write instead."""
        [line] = mistakes("\n".join(f"[[form.questions]]\n{table}" for table in tables))
        assert line.startswith(f"booth.toml: form.questions: {told}")

    @pytest.mark.parametrize(
        ("question", "told"),
        [
            ('id = "who"\ntext = "Who?"', f'"who" has one text for {len(LANGUAGES)} languages, and guests answer what'),
            (f'id = "a"\n{ASKED}choices = [{{id = "y", {ASKED.strip()}}}, {{id = "n", text = {{en = "No."}}}}]',
             f'"a:n": there is no text in {written(tuple(LANGUAGES)[1:])[1:-1]}, which guests may choose: '),
        ],
        ids=["question", "choice"],
    )  # fmt: skip
    def test_each_question_and_choice_has_a_text_in_each_language(self, mistakes, question, told):
        """Nobody answers what they cannot read; the one that lacks it is named."""
        [line] = mistakes(f"[[form.questions]]\n{question}")
        assert line.startswith(f"booth.toml: form.questions and built-in: screen.languages: {told}")

    def test_three_answers_have_room_in_metadata_at_worst_or_it_is_told_at_the_start(self, read, mistakes):
        """Beside three consents as well, each with the longest of ids; an event of a long name has less room."""
        three = "".join(f'[[form.questions]]\nid = "aaaaaaaaaaaaaaa{n}"\n{self.ASKED}' for n in range(3))
        agreed = "".join(
            f'[[form.consents]]\nid = "aaaaaaaaaaaaaaa{n}"\npurpose = "own"\n{self.ASKED}' for n in range(3)
        )
        assert 3 == len(read(three + agreed).settings.form.questions)
        [line] = mistakes(f'{three}[event]\nname = "' + "\U0001f389" * 80 + '"')
        assert line.startswith("booth.toml: form.questions and booth.toml: event.name: ")
        shorter = '[event]\nname = "' + "\U0001f389" * 40 + '"'
        assert 3 == len(read(three + shorter).settings.form.questions)
        [line] = mistakes(three + agreed + shorter)
        assert line.startswith("booth.toml: form.questions and booth.toml: event.name: ")

    def test_what_consents_alone_are_too_much_for_is_told_once(self, mistakes):
        """Fewer questions would not help."""
        three = "".join(f'[[form.questions]]\nid = "q{n}"\n{self.ASKED}' for n in range(3))
        agreed = "".join(f'[[form.consents]]\nid = "c{n}"\npurpose = "own"\n{self.ASKED}' for n in range(3))
        [line] = mistakes(f'{three}{agreed}[event]\nname = "' + "\U0001f389" * 100 + '"')
        assert line.startswith("booth.toml: form.consents and booth.toml: event.name: ")

    def test_where_guests_choose_no_language_one_text_is_enough(self, read):
        """Nobody needs to write down in which language it is."""
        loaded = read('[screen]\nlanguages = ["en"]\n[[form.questions]]\nid = "who"\ntext = "Who?"')
        assert "Who?" == loaded.settings.form.questions[0]["text"]

    def test_what_an_address_is_for_is_told_in_each_language_or_in_none(self, mistakes):
        """The booth's own words are there in all of them; an owner's must be, too."""
        lacking = ", ".join(f'"{code}"' for code in LANGUAGES if code != "en")
        told = (
            f"booth.toml: form.email_purpose and built-in: screen.languages: there is no text in {lacking}, which "
            "guests may choose: write one there, or take the language out of screen.languages"
        )
        assert [told] == mistakes('[form.email_purpose]\nen = "For a letter."')

    def test_a_language_that_nobody_can_choose_needs_none_and_may_have_one(self, read):
        """Languages can be taken off the invitation for one evening."""
        toml = '[screen]\nlanguage = "de"\nlanguages = ["de"]\n[form]\nconsent_text = {de = "Ja.", fr = "Oui."}'
        assert {"de": "Ja.", "fr": "Oui."} == read(toml).settings.form.consent_text

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            (
                '{ger = "Ja."}',
                '"ger" is not a language that the screen speaks: choose from '
                + ", ".join(f'"{code}"' for code in LANGUAGES),
            ),
            ("{}", "the table is empty: write text, or {en="),
            ('{en = ""}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            ('{en = " "}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            ("{en = 5}", '"en": expected text of at most 200 characters, on one line, and not empty'),
            ('{en = "a\\nb"}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            (f'{{en = "{"a" * 201}"}}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            ('"{en: no table}"', "what is there is neither a text nor a table: write text, or {en="),
            (f'"{"a" * 201}"', "expected text of at most 200 characters, or empty; or such texts by language"),
            ("5", "expected text of at most 200 characters, or empty; or such texts by language"),
            ('"a\\nb"', "expected text without line breaks, control characters, and others that cannot be seen: "),
            ('" "', "expected text of which something can be seen: "),
            ('{en = "\\u3164"}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            ('{en = "\\u200d"}', '"en": expected text of at most 200 characters, on one line, and not empty'),
            ('{en = "a\\u202e"}', '"en": expected text of at most 200 characters, on one line, and not empty'),
        ],
    )
    def test_what_nobody_can_agree_to_is_told(self, mistakes, value, told):
        """In one line, with what to write instead."""
        [line] = mistakes(f"[form]\nconsent_text = {value}")
        assert line.startswith(f"booth.toml: form.consent_text: {told}")

    READ = ("event.name", "form.consent_text", "texts.headline", "texts.subline", "texts.call", "texts.thanks",
            "texts.take_home")  # fmt: skip

    @pytest.mark.parametrize("key", READ)
    @pytest.mark.parametrize("text", [" ", "\u00a0\u3000", "\u200d\u200c", "\u3164\u2800", "\u0301", "\u115f \u1160"])
    def test_a_text_of_which_nothing_is_seen_is_told(self, mistakes, key, text):
        """Blanks, fillers, joiners and marks alone: a guest's name must be more, too."""
        section, _, name = key.partition(".")
        expected = "expected text of which something can be seen: write some, or leave the line out"
        assert [f"booth.toml: {key}: {expected}"] == mistakes(f"[{section}]\n{name} = {json.dumps(text)}\n")

    @pytest.mark.parametrize("key", READ)
    @pytest.mark.parametrize(
        "text", ["a\u200bb", "a\u00adb", "\u202ea", "a\ufeff", "a\u2066b", "a\u0085b", "a\u2028b", "\x7fa"]
    )
    def test_what_cannot_be_seen_in_a_text_is_told(self, mistakes, key, text):
        """Nobody would find it in an editor, either."""
        section, _, name = key.partition(".")
        expected = "expected text without line breaks, control characters, and others that cannot be seen: remove them"
        assert [f"booth.toml: {key}: {expected}"] == mistakes(f"[{section}]\n{name} = {json.dumps(text)}\n")

    def test_an_event_is_called_as_a_guest_may_be(self, read):
        """Joined emoji and Persian; a blank is a blank."""
        name = "\U0001f469\u200d\U0001f467 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
        assert f"{name} !" == read(f'[event]\nname = "{name}\u00a0!"\n').settings.event.name

    @pytest.mark.parametrize("text", ['{"en": "Yes."}', '{en = "Yes."', '{en = "Yes."}\nmore = 1'])
    def test_a_variable_that_is_nearly_a_table_is_told(self, mistakes, text):
        """It would else be shown to guests, braces and all."""
        [line] = mistakes(environ={"BOOTH_FORM__CONSENT_TEXT": text})
        assert line.startswith(
            "BOOTH_FORM__CONSENT_TEXT: form.consent_text: what is there is neither a text nor a table"
        )


class TestKeyboard:
    def test_the_keys_are_the_languages_own_unless_others_are_wanted(self, read):
        """Without a word in the file there are no further scripts, and the domains are the keyboard's."""
        form = read("").settings.form
        assert ((), ()) == (form.domains, form.scripts)

    def test_an_event_can_name_its_own_domains_and_scripts(self, read):
        """In their order."""
        form = read('[form]\ndomains = ["example.com", "gmail.com"]\nscripts = ["el", "ru"]').settings.form
        assert (("example.com", "gmail.com"), ("el", "ru")) == (form.domains, form.scripts)

    @pytest.mark.parametrize("domain", ["@gmail.com", "gmail", "Gmail.com", "a b.com", "-a.com", f"{'a' * 30}.com", ""])
    def test_what_is_no_domain_is_told(self, mistakes, domain):
        """With what to write instead."""
        [told] = mistakes(f'[form]\ndomains = ["{domain}"]')
        assert told.startswith("booth.toml: form.domains: ")
        assert "write what is behind the @" in told

    def test_more_than_there_are_keys_for_is_told(self, mistakes):
        """Three domains have keys."""
        [told] = mistakes('[form]\ndomains = ["a.com", "b.com", "c.com", "d.com"]')
        assert told.startswith("booth.toml: form.domains: expected at most 3 domains in brackets, such as ")

    def test_an_unknown_script_is_told_with_those_there_are(self, mistakes):
        """A keyboard is a file; those there are are named."""
        [told] = mistakes('[form]\nscripts = ["xx"]')
        assert 'form.scripts: "xx" is no keyboard: choose from "de", "el", "en"' in told


class TestLanguages:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("de,en", ("de", "en")),
            ('["fr", "en"]', ("fr", "en")),
            ("[]", ()),
            ("", ()),
            ("en", ("en",)),
            (" [ en , it ] ", ("en", "it")),
        ],
    )
    def test_a_list_of_languages_can_be_a_variable(self, read, text, codes):
        """In brackets and quotes as in the file, or bare; in the order in which it is written."""
        assert codes == read(environ={"BOOTH_SCREEN__LANGUAGES": text}).settings.screen.languages

    def test_a_language_that_the_screen_does_not_speak_is_refused(self, mistakes):
        """It is named, and so are those that can be chosen; alone or in the list."""
        spoken = ", ".join(f'"{code}"' for code in LANGUAGES)
        known = f"is not a language that the screen speaks: choose from {spoken}"
        assert [
            f'booth.toml: screen.language: "qya" {known}',
            f'booth.toml: screen.languages: "tlh" {known}',
        ] == mistakes('[screen]\nlanguage = "qya"\nlanguages = ["en", "tlh"]')

    @pytest.mark.parametrize("value", ['"de"', "7", '["en", 3]', '{en = "yes"}'])
    def test_what_is_no_list_of_languages_is_told_what_one_is(self, mistakes, value):
        """One language is a list of one."""
        (told,) = mistakes(f"[screen]\nlanguages = {value}")
        assert told.startswith(
            'booth.toml: screen.languages: expected languages in brackets, such as ["en", "de"], from '
            + ", ".join(LANGUAGES)
        )
        spoken = ", ".join(f'"{code}"' for code in LANGUAGES)
        assert told.endswith(f"write for example languages = [{spoken}]")

    def test_no_language_is_there_twice(self, mistakes):
        """A switch with two buttons for the same is a slip."""
        assert ['booth.toml: screen.languages: "de" is there twice: name each once'] == mistakes(
            '[screen]\nlanguages = ["en", "de", "de"]'
        )

    def test_the_usual_language_can_be_chosen_again(self, mistakes):
        """A choice without the usual language would leave guests no way back to it; both places are named."""
        assert [
            (
                'built-in: screen.language and booth.toml: screen.languages: "en" is not among the languages that '
                'guests may choose from, ["de", "fr"]: add it there, or make language one of them'
            )
        ] == mistakes('[screen]\nlanguages = ["de", "fr"]')


class TestTheme:
    def test_an_event_can_have_colours_of_its_own(self, read):
        """What is set takes the place of the theme's; what is not stays empty, which means the theme's."""
        theme = read('[theme]\nname = "night"\naccent = "#FFC36B"\n').settings.theme
        assert ("night", "#FFC36B", "") == (theme.name, theme.accent, theme.ink)

    def test_colours_that_cannot_be_read_are_told_with_some_that_can(self, mistakes):
        """Every pair that is too weak: both colours, the contrast, what it needs, and what would do."""
        paper, card, soft = mistakes('[theme]\nink = "#ccaaaa"\n')
        needed = "and needs 4.5:1 to be seen by everybody"
        would_do = 'ink = "#8c5454" would do'
        assert (
            f"booth.toml: theme.ink: ink #ccaaaa on paper #fff4ef has a contrast of 1.96:1, {needed}; {would_do}"
            == paper
        )
        assert card.endswith(would_do)
        assert soft.endswith(would_do)

    def test_two_colours_from_two_places_are_both_named(self, mistakes):
        """Whoever is to change one of them knows where both are written."""
        told = mistakes('[theme]\npaper = "#101010"\n', environ={"BOOTH_THEME__INK": "#202020"})
        assert told[0].startswith("BOOTH_THEME__INK: theme.ink and booth.toml: theme.paper: ink #202020 on paper")

    @pytest.mark.parametrize("wrong", ["red", "#fff", "#gggggg", "cf1765"])
    def test_what_is_no_colour_is_told_what_one_is(self, mistakes, wrong):
        """A colour is written in one way."""
        [line] = mistakes(f'[theme]\nink = "{wrong}"\n')
        assert 'booth.toml: theme.ink: expected a colour as #rrggbb, such as "#cf1765"' == line

    def test_a_theme_that_is_not_there_is_told_with_those_that_are(self, mistakes):
        """A slip in the name is answered with the names."""
        assert ['booth.toml: theme.name: there is no theme "pinc": choose contrast, night, party or pink'] == mistakes(
            '[theme]\nname = "pinc"\n'
        )

    @pytest.mark.parametrize("key", ["logo", "background", "font"])
    def test_a_missing_file_is_found_at_the_start(self, mistakes, key):
        """Not when the first guest comes by."""
        [line] = mistakes(f'[theme]\n{key} = "/nowhere/at/all"\n')
        assert f"booth.toml: theme.{key}: /nowhere/at/all: there is no such file" == line

    @pytest.mark.parametrize("key", ["logo", "background"])
    def test_what_is_no_picture_is_told(self, mistakes, tmp_path, key):
        """Other formats, and folders, are no pictures here."""
        (tmp_path / "logo.svg").write_text("<svg/>")
        [line] = mistakes(f'[theme]\n{key} = "{tmp_path}/logo.svg"\n')
        assert (
            f"booth.toml: theme.{key}: logo.svg is neither a PNG nor a JPEG: save the picture as one of these" == line
        )
        [line] = mistakes(f'[theme]\n{key} = "{tmp_path}"\n')
        assert "is a folder, not a file: name a file" in line

    @pytest.mark.parametrize(
        "key", ["theme.logo", "theme.background", "theme.font", "animation.overlay", "zenko.ca_bundle"]
    )
    def test_a_pipe_or_a_file_without_end_is_told(self, mistakes, tmp_path, key):
        """In place of any file that can be named: nothing waits for it, and nothing is filled with it."""
        section, _, name = key.partition(".")
        os.mkfifo(tmp_path / "pipe")
        [line] = mistakes(f'[{section}]\n{name} = "{tmp_path}/pipe"\n')
        assert f"booth.toml: {key}: pipe: is a pipe, not a file: name a file" == line
        with (tmp_path / "hole").open("wb") as file:
            file.truncate(1 << 30)
        [line] = mistakes(f'[{section}]\n{name} = "{tmp_path}/hole"\n')
        assert line.startswith(f"booth.toml: {key}: hole")
        assert "MiB" in line

    def test_an_overlay_is_a_png(self, mistakes, tmp_path):
        """A JPEG lets nothing shine through."""
        (tmp_path / "overlay.png").write_bytes(b"\xff\xd8\xff")
        [line] = mistakes(f'[animation]\noverlay = "{tmp_path}/overlay.png"\n')
        assert "booth.toml: animation.overlay: overlay.png is no PNG: save the picture as one" == line

    def test_a_layout_is_judged_with_the_settings(self, mistakes, read, tmp_path):
        """What is wrong in its file is told with its name and key, and what it is; one that is right is taken."""
        (tmp_path / "branding").mkdir()
        (tmp_path / "branding" / "layout.toml").write_text("[title]\nsize = 99.0\n")
        [line] = mistakes('[layout]\nfile = "branding/layout.toml"\n')
        assert "booth.toml: layout.file: layout.toml: title.size: expected a number from 2 to 30, not 99.0" == line
        (tmp_path / "branding" / "layout.toml").write_text("[title]\nsize = 9.0\n")
        loaded = read('[layout]\nfile = "branding/layout.toml"\n')
        assert f"{tmp_path}/branding/layout.toml" == loaded.settings.layout.file

    def test_a_layout_is_one_of_ours_or_a_file(self, mistakes, read):
        """A name that nobody knows is told with those that there are."""
        assert "polaroid" == read('[layout]\nfile = "polaroid"\n').settings.layout.file
        [line] = mistakes('[layout]\nfile = "fancy"\n')
        assert line.startswith('booth.toml: layout.file: there is no layout "fancy": write "corner" or "plain" or')

    def test_a_layout_and_an_overlay_are_one_too_many(self, mistakes):
        """One of them would not be seen."""
        picture = ROOT / "docs" / "images" / "form.png"
        [line] = mistakes(f'[layout]\nfile = "plain"\n[animation]\noverlay = "{picture}"\n')
        assert line.startswith("booth.toml: animation.overlay and booth.toml: layout.file: expected one of them, not")

    def test_a_picture_that_takes_too_long_to_decode_is_told(self, mistakes, tmp_path):
        """A photograph as it comes from a large camera would keep the booth from starting for seconds."""
        head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (9000).to_bytes(4, "big") + (6000).to_bytes(4, "big")
        (tmp_path / "wall.png").write_bytes(head)
        [line] = mistakes(f'[theme]\nbackground = "{tmp_path}/wall.png"\n')
        assert "wall.png has 9000x6000 pixels: make it smaller, 8,000,000 pixels at most" in line

    def test_pictures_of_both_kinds_are_taken(self, read):
        """A JPEG as a background, the repository's own pictures as a logo."""
        logo, wall = ROOT / "docs" / "images" / "form.png", ROOT / "tests" / "photos" / "astronaut" / "frame-1.jpg"
        theme = read(f'[theme]\nlogo = "{logo}"\nbackground = "{wall}"\n').settings.theme
        assert (str(logo), str(wall)) == (theme.logo, theme.background)

    def test_what_is_beside_the_settings_moves_with_them(self, read, tmp_path):
        """A path that begins with branding/ is found wherever the file is, also by a link to it."""
        (tmp_path / "branding").mkdir()
        for name in ("logo.png", "frame.png"):
            (tmp_path / "branding" / name).write_bytes((ROOT / "docs" / "images" / "form.png").read_bytes())
        loaded = read('[theme]\nlogo = "branding/logo.png"\n[animation]\noverlay = "branding/frame.png"\n')
        assert f"{tmp_path}/branding/logo.png" == loaded.settings.theme.logo
        assert f"{tmp_path}/branding/frame.png" == loaded.settings.animation.overlay
        (link := tmp_path / "elsewhere").mkdir()
        (link / "booth.toml").symlink_to(tmp_path / "booth.toml")
        assert loaded.settings == load(config=link / "booth.toml", environ={}, overrides={}).settings

    def test_only_files_are_beside_the_settings(self, read, mistakes):
        """A text that begins so stays as it is, and any other path must be whole."""
        assert "branding/ours" == read('[event]\nname = "branding/ours"\n').settings.event.name
        [line] = mistakes('[theme]\nlogo = "logo.png"\n')
        assert "such as branding/logo.png: begin it with / or branding/" in line

    def test_a_font_has_the_letters_of_every_event(self, read, mistakes, tmp_path):
        """A text file is no font, and a font of signs is none for titles."""
        rounded = ROOT / "assets" / "fonts" / "MPLUSRounded1c-Bold.ttf"
        assert str(rounded) == read(f'[theme]\nfont = "{rounded}"\n').settings.theme.font
        (tmp_path / "font.ttf").write_text("no font")
        [line] = mistakes(f'[theme]\nfont = "{tmp_path}/font.ttf"\n')
        assert "font.ttf is no font that the booth can use (this is not a TrueType or OpenType font)" in line

    def test_own_words_that_cannot_fit_are_told(self, mistakes):
        """Words of the event's own have a length, so that no screen cuts them."""
        [line] = mistakes('[texts]\nheadline = "A headline that is much too long for any screen"\n')
        assert "texts.headline: expected text of at most 28 characters, or empty" in line


class TestWarnings:
    def test_a_file_with_secrets_should_be_the_owners_alone(self, tmp_path):
        """Secrets that others on the machine can read are a warning, not an error; without secrets there is none."""
        file = tmp_path / "booth.toml"
        file.write_text(f"[zenko]\nsecret_access_key = '{SECRET}'\n")

        def warnings(mode: int) -> tuple[str, ...]:
            file.chmod(mode)
            return load(config=file, environ={}, overrides={}).warnings

        expected = (
            f"{file}: zenko.secret_access_key can be read by other users of this machine: "
            f"use systemd credentials, or run: chmod 600 {file}"
        )
        assert (expected,) == warnings(0o640)
        assert () == warnings(0o600)
        file.write_text("[event]\nname = 'party'\n")
        assert () == warnings(0o644)

    def test_an_endpoint_without_keys_is_doubtful(self, read):
        """The keys may be credentials that only the service sees: a warning, so that `booth config` still works."""
        endpoint = {"BOOTH_ZENKO__ENDPOINT_URL": "https://s3.example.com"}
        assert (
            (
                "zenko.endpoint_url is set, but zenko.access_key_id and zenko.secret_access_key are empty: "
                "nothing is sent until then"
            ),
        ) == read(environ=endpoint).warnings
        keys = {"zenko.access_key_id": "id", "zenko.secret_access_key": SECRET}
        assert () == read(environ=endpoint, overrides=keys).warnings

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("http://zenko.example.com", True),
            ("HTTP://192.0.2.7:8000", True),
            ("http://[2001:db8::1]", True),
            ("https://zenko.example.com", False),
            ("http://localhost:8000", False),
            ("http://127.0.0.1:8000", False),
            ("http://[::1]:8000", False),
        ],
    )
    def test_guests_details_in_clear_are_doubtful(self, read, url, told):
        """Without TLS everybody on the way reads them; this very machine has no way."""
        keys = {"zenko.access_key_id": "id", "zenko.secret_access_key": SECRET, "zenko.endpoint_url": url}
        warnings = read(overrides=keys).warnings
        expected = "zenko.endpoint_url begins with http://: guests' names, addresses and pictures can be read"
        assert [expected] * told == [warning[: len(expected)] for warning in warnings]

    def test_showing_guests_without_asking_them_is_doubtful(self, read):
        """Nobody can agree when nothing is asked: nobody is shown, and the owner is told why."""
        latest = {"attract.latest": "4"}
        (told,) = read(overrides=latest).warnings
        assert told.startswith("attract.latest is 4, but form.consent_text is empty: no guest can agree")
        assert () == read(overrides=latest | {"form.consent_text": "You may show it."}).warnings
        assert () == read(overrides={"form.consent_text": "You may show it."}).warnings
        assert (
            ()
            == read("[form.consent_text]\n" + "\n".join(f"{code} = 'Yes.'" for code in EACH), overrides=latest).warnings
        )


class TestDescribe:
    def test_every_setting_is_told_with_its_origin(self, read):
        """What is printed is TOML, holds every setting, and each line says where its value came from."""
        loaded = read("[event]\nname = 'Zoë \"Z\"'\n", overrides={"screen.size": "1024x600"})
        text = describe(loaded)
        told = tomllib.loads(text)
        for section, values in loaded.settings.model_dump(mode="json").items():
            assert values == told[section]
        assert len(loaded.origins) == sum(" = " in line and "  # " in line for line in text.splitlines())
        assert any(
            line.startswith('name = "Zoë \\"Z\\""') and line.endswith("/booth.toml") for line in text.splitlines()
        )

    def test_secrets_are_masked(self, read):
        """Whether a secret is set can be seen, and nothing else."""
        text = describe(read(overrides={"zenko.secret_access_key": SECRET}))
        told = tomllib.loads(text)["zenko"]
        assert ("", "********") == (told["access_key_id"], told["secret_access_key"])
        assert SECRET not in text

    def test_the_origins_stand_in_one_column(self, read):
        """The eye can run down what was changed."""
        rows = [line for line in describe(read()).splitlines() if "  # " in line]
        assert 1 == len({line.rindex("  # ") for line in rows})

    def test_settings_do_not_show_secrets_when_printed(self, read):
        """A traceback or a log line with the settings in it gives nothing away."""
        assert SECRET not in repr(read(overrides={"zenko.secret_access_key": SECRET}))


class TestModel:
    def test_no_section_takes_unknown_keys_or_changes(self):
        """Every table refuses what it does not know, and stays as it was read."""
        for model in (Settings, *(type(section) for section in vars(Settings()).values())):
            assert issubclass(model, BaseModel)
            assert ("forbid", True) == (model.model_config["extra"], model.model_config["frozen"])
            with pytest.raises(ValidationError):
                model(unheard_of=1)

    def test_the_built_in_values_are_allowed(self):
        """Nobody is given a value that they could not have set themselves."""
        for section in vars(Settings()).values():
            assert section == type(section).model_validate(section.model_dump())

    def test_the_environment_is_not_read_behind_our_back(self):
        """Settings come from what `load` was given; the process's own variables are one argument among others."""
        code = "from booth.settings.model import Settings; print(Settings().event.name, Settings().log.level)"
        environ = {"EVENT__NAME": "no", "EVENT": '{"name": "no"}', "BOOTH_EVENT__NAME": "no", "LOG__LEVEL": "error"}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, check=True)
        assert b"party info" == done.stdout.strip()

    def test_importing_it_imports_nothing_heavy(self):
        """`booth config` need not wait for a camera, a screen or a cloud."""
        code = "import sys, json, booth.settings.showing; print(json.dumps(sorted(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
        heavy = {"gpiozero", "boto3", "botocore", "pygame", "wand", "numpy", "structlog", "email_validator"}
        assert set() == heavy & set(json.loads(done.stdout))


class TestFile:
    FILE = ROOT / "config" / "booth.toml"

    def test_it_is_what_the_model_says(self):
        """The file is `template`, to the letter; after a change of the settings ``scripts/words`` writes it anew."""
        assert template() == self.FILE.read_text()

    def test_as_it_is_it_changes_nothing(self, tmp_path):
        """Installed untouched, the booth runs on its built-in values."""
        assert {"built-in"} == set(load(config=self.FILE, environ={}, overrides={}).origins.values())

    def test_uncommented_it_holds_every_setting_at_its_built_in_value(self, tmp_path):
        """Each setting is there, and removing its # changes nothing either."""
        file = tmp_path / "booth.toml"
        lines = self.FILE.read_text().splitlines()
        file.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines))
        file.chmod(0o600)
        loaded = load(config=file, environ={}, overrides={})
        assert Settings() == loaded.settings
        assert {str(file)} == set(loaded.origins.values())

    def test_every_setting_is_explained(self):
        """Above each setting stand what it does and what it may be."""
        lines = self.FILE.read_text().splitlines()
        settings = [index for index, line in enumerate(lines) if " = " in line]
        assert len(load(config=self.FILE, environ={}, overrides={}).origins) == len(settings)
        for index in settings:
            assert lines[index - 1].startswith("# Expected: ")
            assert lines[index - 2].startswith("# ")
