import logging
import os
import signal
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest
import structlog

from booth import __version__, logs
from booth.cli import main
from booth.core.events import Committed, Delivered, Reach
from booth.core.states import Attract, Booth
from booth.operator.simulate import Whereabouts, operators_folder, place
from booth.reading import NOT_REPEATED

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch, tmp_path):
    """Run as an owner without settings would, and give logging back as it was."""
    for name in [name for name in os.environ if name.startswith("BOOTH_")]:
        monkeypatch.delenv(name)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "RUNTIME_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    root = logging.getLogger()
    level = root.level
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    yield
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, logs._Handler)]
    root.setLevel(level)
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    structlog.reset_defaults()


@pytest.fixture
def booth(capsys):
    """Run a command line here; return status, standard output, standard error."""

    def run(*argv):
        try:
            status = main(argv)
        except SystemExit as end:
            status = end.code
        return status, *capsys.readouterr()

    return run


class TestLooking:
    def test_the_version(self, booth):
        """One line on standard output."""
        assert (0, f"booth {__version__}\n", "") == booth("--version")

    def test_the_version_is_the_packages(self):
        """It stands in two files: a release that changed one of them would not know what it is."""
        package = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert __version__ == package["version"]

    def test_the_help_names_every_option(self, booth):
        """Whoever runs it for the first time finds the simulator."""
        status, out, _ = booth("--help")
        options = ("--config", "--set", "--simulate", "--screen", "--frames", "--guests", "--names", "--fast", "config")
        assert (0, []) == (status, [option for option in options if option not in out])

    def test_help_is_quick(self):
        """Nothing heavy is imported for it: no pygame, no pydantic, no boto3."""
        program = (
            "import sys; from booth.cli import main\n"
            "try: main(['--help'])\n"
            "except SystemExit: pass\n"
            "print([name for name in ('pygame', 'pydantic', 'boto3', 'structlog', 'wand') if name in sys.modules])"
        )
        ran = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
        assert "[]" == ran.stdout.splitlines()[-1]

    def test_the_settings_in_force_and_where_each_came_from(self, booth, tmp_path, monkeypatch):
        """Built-in, the file, the environment, the command line; a secret is a row of stars."""
        file = tmp_path / "booth.toml"
        file.write_text('[event]\nname = "Fête"\n[zenko]\nsecret_access_key = "verysecret"\n')
        file.chmod(0o600)
        monkeypatch.setenv("BOOTH_ZENKO__BUCKET", "party")
        status, out, err = booth("config", "--config", str(file), "--set", "form.idle_s=30")
        rows = {line.partition(" = ")[0]: line for line in out.splitlines()}
        assert (0, "") == (status, err)
        assert ('name = "Fête"' in out, f"# {file}" in out, "30.0" in rows["idle_s"]) == (True, True, True)
        assert rows["idle_s"].endswith("# command line")
        assert rows["bucket"].endswith("# BOOTH_ZENKO__BUCKET")
        assert ("verysecret" in out, '"********"' in rows["secret_access_key"]) == (False, True)

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            (
                ("camera.size=1920x1080", "camera.driver=picamera2"),
                [
                    "# Frames are 1920x1080, and their live preview is 640x360.",
                    "# What they show of a camera module by picamera2, in pixels of its sensor, before any turn:",
                    "#   ov5647: 2592x1458 from 0,243 of 2592x1944, read as 2592x1944 (Camera Module 1)",
                    "#   imx219: 3280x1845 from 0,310 of 3280x2464, read as 3280x2464 (Camera Module 2)",
                    "#   imx708: 4608x2592 from 0,0 of 4608x2592, read as 2304x1296 (Camera Module 3)",
                    "#   imx477: 4056x2280 from 0,380 of 4056x3040, read as 2028x1520 (High Quality Camera)",
                    "#   imx296: 1456x819 from 0,135 of 1456x1088, read as 1456x1088; enlarged (Global Shutter Camera)",
                ],
            ),
            (("camera.driver=webcam",), ["# Frames are 1280x960, and their live preview is 640x480."]),
        ],
    )
    def test_what_frames_show_is_told(self, booth, chosen, expected):
        """Of each camera module, where one may be meant; and how large the preview is, which takes their shape."""
        _, out, _ = booth("config", *(word for one in chosen for word in ("--set", one)))
        after = out.splitlines()
        assert expected == [line for line in after[after.index("[log]") :] if line.startswith("#")][: len(expected)]
        assert ("by picamera2" in out) is (len(expected) > 1)

    def test_a_doubtful_setting_is_told_and_no_error(self, booth, tmp_path):
        """Standard error has the doubt, standard output what was asked for: the booth can work."""
        file = tmp_path / "booth.toml"
        file.write_text('[zenko]\nsecret_access_key = "verysecret"\n')
        file.chmod(0o644)
        status, out, err = booth("config", "--config", str(file))
        assert (0, True, True) == (status, err.startswith("booth: "), "chmod 600" in err)
        assert ("verysecret" in out + err, "[zenko]" in out) == (False, True)

    def test_whoever_reads_the_settings_may_have_had_enough(self):
        """``booth config | head``: no traceback, nor anything else."""
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        read, write = os.pipe()
        os.close(read)
        ran = subprocess.run(
            [sys.executable, "-m", "booth", "config"], cwd=CHECKOUT, env=environ, stdout=write, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
        os.close(write)
        assert (1, b"") == (ran.returncode, ran.stderr)


class TestPlaces:
    def test_old_rehearsals_go(self, booth, tmp_path):
        """The newest twenty stay, whoever else's are there; nobody real is in them."""
        rehearsals = tmp_path / "state" / "booth" / "rehearsals"
        for number in range(25):
            (rehearsals / f"20260101-0000{number:02d}-x" / "outbox").mkdir(parents=True)
        (tmp_path / "photos").mkdir()
        booth("--simulate", "--guests", "1", "--frames", str(tmp_path / "photos"))
        left = sorted(folder.name for folder in rehearsals.iterdir())
        assert (21, "20260101-000005-x") == (len(left), left[0])

    def test_who_plays_at_the_window_finds_the_last_visits_again(self, tmp_path):
        """Always the same folder, in the owner's own."""
        assert tmp_path / "state" / "booth" / "simulated" == place("simulated")

    def test_the_operators_screen_at_the_window_has_a_folder(self, tmp_path):
        """That which the environment names, else one of the simulator's own; an empty name is none."""
        own = tmp_path / "state" / "booth" / "simulated" / "operator"
        asked = ({}, {"BOOTH_OPERATOR": ""}, {"BOOTH_OPERATOR": str(tmp_path / "mine")})
        assert [own, own, tmp_path / "mine"] == [operators_folder(environ) for environ in asked]


class TestLocales:
    """The real command, under locales that know nothing of UTF-8."""

    @pytest.mark.parametrize(
        "locale",
        [
            {"LC_ALL": "C"},
            {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {"LANG": "de_DE.ISO-8859-1", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            {},
            {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"},
            {"PYTHONUTF8": "1", "PYTHONIOENCODING": "latin-1:replace"},
        ],
        ids=["C", "ASCII", "Latin-1", "none", "ASCII on the terminal", "Latin-1 on the terminal"],
    )
    def test_settings_are_read_and_written_as_utf_8(self, tmp_path, locale):
        """From the file, from a variable, from the command line; and on standard output."""
        folder = tmp_path / "Fête"
        folder.mkdir()
        (folder / "booth.toml").write_text('[event]\nname = "Zoë & Jürgen"\n', encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "booth", "config", "--config", folder / "booth.toml", "--set", "texts.call=Drück!"],
            cwd=CHECKOUT, capture_output=True, check=True,
            env={"PATH": os.environ["PATH"], "BOOTH_TEXTS__THANKS": "Grüße"} | locale,
        )  # fmt: skip
        lines = ran.stdout.decode("utf-8").splitlines()
        wanted = ('name = "Zoë', "call = ", "thanks = ")
        assert [
            f'name = "Zoë & Jürgen" # {folder}/booth.toml',
            'call = "Drück!" # command line',
            'thanks = "Grüße" # BOOTH_TEXTS__THANKS',
        ] == [" ".join(line.split()) for line in lines if line.startswith(wanted)]


class TestTheServicesSettings:
    """`booth config` tells what the service will start with, not what whoever types it happens to have."""

    @pytest.fixture(autouse=True)
    def service(self, monkeypatch, tmp_path):
        """Have systemd say how the service is started; return the folder of the settings that it names."""
        tools = tmp_path / "tools"
        tools.mkdir()
        (tools / "systemctl").write_text(
            f"#!/bin/sh\n[ \"$*\" = 'show booth.service --property=Environment --value' ] || exit 1\n"
            f"echo 'BOOTH_CONFIG={tmp_path}/booth.toml SDL_VIDEODRIVER=kmsdrm \"BOOTH_EVENT__NAME=Our party\"'"
            " 'BOOTH_ZENKO__SECRET_ACCESS_KEY=hunter2'\n"
        )
        (tools / "systemctl").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
        (tmp_path / "booth.toml").write_text('[zenko]\nendpoint_url = "https://s3.example.com"\nbucket = "ours"\n')
        return tmp_path

    def test_the_file_and_the_variables_of_the_service_are_read(self, booth, service):
        """On a card that is /run/booth-card/booth.toml, which nobody knows by heart."""
        status, out, err = booth("config")
        assert 0 == status
        assert f"booth: as booth.service does: BOOTH_CONFIG={service}/booth.toml" in err.splitlines()
        wanted = ('name = "Our party"', 'bucket = "ours"')
        found = [line.partition("  # ")[2].strip() for line in out.splitlines() if line.startswith(wanted)]
        assert ["BOOTH_EVENT__NAME", f"{service}/booth.toml"] == found

    def test_a_secret_among_the_variables_of_the_service_is_not_shown(self, booth):
        """Neither where they are named nor among the settings."""
        status, out, err = booth("config")
        assert (0, 0) == (status, f"{out}{err}".count("hunter2"))
        assert "booth: as booth.service does: BOOTH_ZENKO__SECRET_ACCESS_KEY" in err.splitlines()

    def test_a_file_that_is_named_is_read_instead(self, booth, service):
        """Whoever writes settings at a desk looks at those."""
        (service / "mine.toml").write_text('[event]\nname = "Mine"\n')
        status, out, err = booth("config", "--config", str(service / "mine.toml"))
        assert (0, True, "") == (status, 'name = "Mine"' in out, err)


class TestMistakes:
    @pytest.mark.parametrize(
        ("argv", "words"),
        [
            (["--set", "event.name"], "expected KEY=VALUE, such as event.name=Party: there is no = in it"),
            (["--set", "=x"], "expected KEY=VALUE, such as event.name=Party: there is no = in it"),
            (["--simulate", "--screen", "large"], "'large' is not a size, such as 800x480"),
            (["--simulate", "--screen", "800x480x3"], "is not a size"),
            (["--simulate", "--screen", "100x100"], "is not between 320x240 and 3840x2160"),
            (["--simulate", "--screen", "9000x100"], "is not between 320x240 and 3840x2160"),
            (["--simulate", "--guests", "0"], "'0' is not a number of guests, 1 or more"),
            (["--simulate", "--guests", "many"], "'many' is not a number of guests"),
            (["--guests", "1"], "--guests goes with --simulate"),
            (["--screen", "800x480"], "--screen goes with --simulate"),
            (["--frames", "photos"], "--frames goes with --simulate"),
            (["--names", "names"], "--names goes with --simulate"),
            (["--screenshots", "here"], "--screenshots goes with --simulate"),
            (["--fast"], "--fast goes with --simulate"),
            (["--simulate", "--names", "names"], "--names goes with --guests"),
            (["--simulate", "--screenshots", "here"], "--screenshots goes with --guests"),
            (["--simulate", "config"], "config does not simulate"),
            (["party"], "invalid choice: 'party'"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_a_sentence(self, booth, argv, words):
        """Status 2, and nothing is started or written."""
        status, out, err = booth(*argv)
        assert (2, "") == (status, out)
        assert words in err

    @pytest.mark.parametrize(
        "argv",
        [
            ["--set", "zenko.secret_access_key:hunter2"],
            ["--set", "hunter2"],
            ["--set", "zenko.secret_access_key", "hunter2"],
            ["--zet", "zenko.secret_access_key=hunter2"],
            ["--se", "zenko.secret_access_key=hunter2"],
            ["--s=zenko.secret_access_key=hunter2"],
            ["--simulate=zenko.secret_access_key=hunter2"],
            ["--secret_access_key=hunter2"],
            ["zenko.secret_access_key=hunter2"],
            ["--set", "zenko.secret_acess_key=hunter2"],
            ["--set", "zenko.bucket=hunter2//"],
            ["--screen", "zenko.secret_access_key=hunter2", "--simulate"],
            ["config", "zenko.secret_access_key", "hunter2"],
            ["config", "--set", "zenko.access_key_id=x", "hunter2"],
        ],
    )
    def test_no_secret_is_repeated_however_it_is_misspelled(self, booth, argv):
        """What is refused may be read by whoever looks over a shoulder, or at a log."""
        status, out, err = booth(*argv)
        assert (2, "", 0) == (status, out, err.count("hunter2"))

    @pytest.mark.parametrize(
        "option",
        [
            ["--config"],
            ["config", "--config"],
            ["update"],
            ["--simulate", "--frames"],
            ["--simulate", "--guests", "1", "--names"],
            ["--simulate", "--guests", "1", "--screenshots"],
        ],
        ids=" ".join,
    )
    @pytest.mark.parametrize(
        "setting",
        [
            "zenko.secret_access_key=hunter2",
            "zenko.secret_access_key:/hunter2",
            "ZENKO.Secret-Access-Key /hunter2",
            "zenko.nonsense hunter2",
            "access_key_id\thunter2",
            "secret: hunter2",
            "password hunter2",
            "wifi-psk hunter2",
            "anything=some/hunter2",
            "a" * 300 + "=hunter2",
        ],
    )
    def test_what_was_given_for_a_file_may_have_been_meant_for_set(self, booth, option, setting, tmp_path, monkeypatch):
        """Whoever takes one option for another has put a key where the name of a file belongs."""
        (tmp_path / "here").touch()
        monkeypatch.chdir(tmp_path)
        # A folder of screenshots is made, unless what it is to be in is a file.
        _, out, err = booth(*option, f"here/{setting}" if option[-1] == "--screenshots" else setting)
        assert ([], 1) == ([line for line in (out + err).splitlines() if "hunter2" in line], err.count(NOT_REPEATED))

    def test_a_setting_in_the_variable_that_names_the_file_is_not_repeated(self, booth, monkeypatch):
        """A unit of systemd's is written by hand, too."""
        monkeypatch.setenv("BOOTH_CONFIG", "zenko.secret_access_key=hunter2")
        status, out, err = booth("config")
        assert (2, "", 0, 1) == (status, out, err.count("hunter2"), err.count(NOT_REPEATED))

    def test_a_file_that_is_there_is_called_by_its_name(self, booth, tmp_path):
        """Whatever that reads like: who is told of a mistake in it has to find it."""
        file = tmp_path / "zenko.secret=x.toml"
        file.write_text("nonsense")
        status, _, err = booth("config", "--config", str(file))
        assert (2, 1) == (status, err.count(f"{file}:1:9: "))

    def test_no_word_of_the_command_line_moves_the_cursor(self, booth):
        """Neither an option nor a file's name."""
        for argv in (["--\x1b[2J"], ["\u202eparty"], ["--config", "a\x1b[2J\nb"], ["--simulate", "--frames", "a\x1bb"]):
            _, _, err = booth(*argv)
            assert [] == [char for char in ("\x1b", "\u202e") if char in err]

    def test_all_mistakes_in_the_settings_are_told_at_once(self, booth):
        """Each by its key; no traceback."""
        status, _, err = booth("--set", "event.nam=x", "--set", "screen.size=small", "--set", "form.idle_s=-1")
        assert 2 == status
        assert [True, True, True, False] == [
            word in err for word in ("event.nam", "screen.size", "form.idle_s", "Traceback")
        ]

    def test_a_file_that_was_named_must_be_there(self, booth, tmp_path):
        """It is not silently replaced by the built-in settings."""
        status, _, err = booth("--config", str(tmp_path / "none.toml"))
        assert (2, True) == (status, "none.toml" in err)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (None, "cannot be read as UTF-8 text"),
            (b"\xff\xfe\t", "cannot be read as UTF-8 text"),
            (b"\n\n", "there is no guest in it"),
            (b"Zoe\tzoe@example.org\nNobody\n", "names:2: there is no tab"),
            (b"Zoe\tzoe@example.org\tmaybe\n", "names:1: maybe is behind the address; write yes there, or no"),
        ],
    )
    def test_a_list_of_guests_that_is_none(self, booth, tmp_path, content, words):
        """The file, the line, and how a line is written; nothing is left behind."""
        file = tmp_path / "names"
        if content is not None:
            file.write_bytes(content)
        status, _, err = booth("--simulate", "--guests", "1", "--names", str(file))
        assert (2, True, False) == (status, words in err, (tmp_path / "state").exists())

    def test_a_folder_without_photographs_is_told_at_once(self, booth, tmp_path):
        """It is the owner's mistake, not a camera that may come back."""
        status, out, err = booth("--simulate", "--guests", "1", "--frames", str(tmp_path))
        assert (2, "", True) == (status, out, "has no photographs" in err)

    def test_a_folder_that_is_none_is_told_at_once(self, booth, tmp_path):
        """By its name."""
        status, _, err = booth("--simulate", "--guests", "1", "--frames", str(tmp_path / "none"))
        assert (2, True) == (status, "none cannot be read as a folder of photographs" in err)

    def test_a_photograph_that_is_none_is_told_at_once(self, booth, tmp_path):
        """By its name."""
        (tmp_path / "a.jpg").write_bytes(b"no picture")
        status, _, err = booth("--simulate", "--guests", "1", "--frames", str(tmp_path))
        assert (2, True) == (status, "a.jpg is not a whole JPEG" in err)

    def test_screenshots_that_have_no_place_are_told_at_once(self, booth, tmp_path):
        """Before anybody poses."""
        (tmp_path / "file").touch()
        status, _, err = booth("--simulate", "--guests", "1", "--screenshots", str(tmp_path / "file" / "here"))
        assert (2, True) == (status, "name a folder that can be made" in err)

    def test_a_rehearsal_without_a_place_says_which_and_how_to_name_another(self, booth, monkeypatch):
        """Status 1: it is the machine that refuses."""
        monkeypatch.setenv("XDG_STATE_HOME", "/proc/none")
        status, _, err = booth("--simulate", "--guests", "1")
        assert (1, True) == (status, "set XDG_STATE_HOME to a folder of yours" in err)

    def test_an_outbox_that_cannot_be_written_is_one_sentence(self, booth):
        """Status 1, and what to do."""
        status, out, err = booth("--set", "outbox.dir=/proc/none")
        (sentence,) = err.splitlines()
        assert (1, "", True) == (status, out, sentence.startswith("booth: the folder /proc/none cannot be made"))

    @pytest.mark.parametrize("driver", ["x11", None], ids=["one that is not there", "whatever there is"])
    def test_without_a_display_the_booth_says_so(self, booth, tmp_path, monkeypatch, driver):
        """Not a word of a library's; also where SDL would draw into memory, which nobody sees."""
        monkeypatch.delenv("SDL_VIDEODRIVER")
        if driver:
            monkeypatch.setenv("SDL_VIDEODRIVER", driver)
        status, out, err = booth("--set", f"outbox.dir={tmp_path / 'outbox'}")
        assert (1, "", True) == (status, out, "booth: there is no display to draw on" in err)
        assert "Traceback" not in err

    def test_an_interruption_before_the_booth_runs(self, tmp_path):
        """Ctrl-C while the guests' names are read: the status that shells expect, and no traceback."""
        names = tmp_path / "names"
        os.mkfifo(names)
        child = subprocess.Popen(
            [sys.executable, "-m", "booth", "--simulate", "--guests", "1", "--names", str(names)],
            cwd=CHECKOUT, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with child, names.open("wb"):  # that is when the child has opened it
            child.send_signal(signal.SIGINT)
            assert (130, "") == (child.wait(30), child.stderr.read())


def test_who_plays_at_the_window_reads_where_the_gif_is(capsys, tmp_path):
    """When it was sent, and when it is kept because nothing can be sent."""
    told = Whereabouts(tmp_path)
    away, online = Booth(Attract(), reach=Reach.OFFLINE), Booth(Attract())
    told.stepped(online, Committed(1.0, "first"), online)
    told.stepped(online, Delivered(2.0, "first"), online)
    told.stepped(away, Committed(3.0, "second"), away)
    assert [
        f"booth: sent; the GIF is {tmp_path}/sent/first/animation.gif",
        f"booth: kept; the GIF is {tmp_path}/pending/second/animation.gif",
    ] == capsys.readouterr().err.splitlines()
