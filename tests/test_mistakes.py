import os
import stat
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog.testing

from booth import RELEASED
from booth.core.events import Confirmed, Tick, Touched
from booth.core.states import Attract, Booth, OutOfOrder, Starting
from booth.core.visit import SessionId
from booth.drivers import gpio
from booth.drivers.clock import SystemClock
from booth.errors import ConfigError, PinError
from booth.mistakes import Keeper, Noticeboard, note, tell
from booth.settings.loading import load
from booth.settings.start import Source
from booth.sim.pins import SimPanel
from booth.units import Instant, Seconds
from booth.wiring import Page
from booth.workers import Console
from tests.waiting import PATIENCE

SOON = Seconds(0.01)


# ---- where settings come from


@pytest.fixture
def source(tmp_path):
    """Return a source whose file is not there yet, and neither are the last good settings."""
    environ = {"BOOTH_CONFIG": str(tmp_path / "booth.toml"), "BOOTH_LAST_GOOD": str(tmp_path / "last-good.toml")}
    return Source(None, environ, {})


@pytest.fixture
def called(source):
    """Return a function that has the settings say what the event is called; None is a mistake.

    They are replaced in one step, as editors do it: a file that is emptied first is right, and is started with.
    """

    def write(name, file=source.file):
        text = "[event]\nnam = 1\n" if name is None else f'[event]\nname = "{name}"\n'
        beside = file.with_name(f"{file.name}~")
        beside.write_text(text)
        beside.replace(file)

    return write


def complaint(source):
    """Return what is wrong with the settings."""
    with pytest.raises(ConfigError) as caught:
        source.load()
    return str(caught.value)


class TestSource:
    def test_settings_come_with_the_file_they_were_read_from(self, source, called):
        """Byte for byte, as somebody wrote it."""
        called("The party")
        start = source.load()
        assert ("The party", source.file.read_bytes()) == (start.loaded.settings.event.name, start.text)

    def test_without_a_file_there_is_nothing_to_keep(self, tmp_path):
        """A booth that nobody has set up runs with the built-in settings."""
        assert Source(None, {}, {}, default=tmp_path / "none.toml").load().text is None

    def test_what_the_command_line_names_comes_first(self, tmp_path, source):
        """As for every other use of the settings."""
        assert tmp_path / "other.toml" == replace(source, named=tmp_path / "other.toml").file

    def test_what_is_set_elsewhere_holds_for_the_last_good_settings_too(self, source, called):
        """The variables and the command line are not in the file, and not what is wrong with it."""
        called("The last party", source.last_good)
        start = replace(source, overrides={"form.idle_s": "33"}).load_last_good()
        assert ("The last party", 33.0) == (start.loaded.settings.event.name, start.loaded.settings.form.idle_s)

    def test_last_good_settings_are_not_kept_again(self, source, called):
        """They are where they are, with the date since when they have been good."""
        called("The last party", source.last_good)
        assert source.load_last_good().text is None

    @pytest.mark.parametrize("there", ["nothing", "a mistake", "a folder"])
    def test_last_good_settings_that_will_not_do_are_none(self, source, called, there):
        """They were good for another version of the booth, or never written: nobody is offered them."""
        if there == "a mistake":
            called(None, source.last_good)
        elif there == "a folder":
            source.last_good.mkdir()
        assert source.load_last_good() is None

    def test_a_page_is_shown_with_what_is_right(self, source):
        """A typo elsewhere does not cost the screen its language, nor the button its pin; the rest is built-in."""
        source.file.write_text(
            '[event]\nnam = 1\nname = "X"\n[screen]\nlanguage = "de"\nsize = "big"\n[button]\npin = "GPIO5"\n'
        )
        settings = source.usable()
        assert ("de", (800, 480), "GPIO5", "party") == (
            settings.screen.language, settings.screen.size, settings.button.pin, settings.event.name,
        )  # fmt: skip

    def test_a_file_that_is_no_toml_is_no_reason_to_show_nothing(self, source):
        """Nothing of it can be believed: all is built-in."""
        source.file.write_text("name = \n")
        assert "GPIO18" == source.usable().button.pin


# ---- the page


class Paper:
    """A screen that takes down what it is shown, and has done to it what is in `hands`."""

    def __init__(self):
        self.shown = []
        self.hands = []
        self.closed = False
        self.seen = threading.Condition()

    def events(self, now):
        hands, self.hands = self.hands, []
        return [event(now) for event in hands]

    def still(self, now):
        return False

    def still_until(self, now):
        return now

    def show(self, scene, now):
        with self.seen:
            self.shown.append(scene)
            self.seen.notify_all()
        return True

    def until(self, what):
        """Wait until something is shown of which *what* is so; return it."""
        with self.seen:
            assert self.seen.wait_for(lambda: any(what(scene) for scene in self.shown), PATIENCE)
            return next(scene for scene in self.shown if what(scene))


class Lamp:
    """A console that takes down how its LED was set; `check` raises what is in `missing`."""

    def __init__(self):
        self.lit = []
        self.checked = 0
        self.missing = None

    def check(self):
        self.checked += 1
        if self.missing is not None:
            raise self.missing

    def set(self, *, on):
        self.lit.append(on)


class Ear:
    """A service manager that takes down what it is told."""

    def __init__(self):
        self.said = []

    def __getattr__(self, name):
        return lambda *told: self.said.append((name, *told))


@pytest.fixture
def party(source, called):
    """Return a noticeboard's surroundings, and `begin`, which has it run; it is stopped at the end."""
    party = SimpleNamespace(screen=Paper(), console=Lamp(), notify=Ear(), board=None, start="nothing yet", press=None)
    running = []

    def begin(**more):
        def open_page(on_press):
            party.press = on_press
            return Page(SystemClock(), party.screen, party.console, party.notify)

        last_good = source.load_last_good()
        said = more.pop("complaint", None) or complaint(source)
        party.board = Noticeboard(
            open_page, more.pop("source", source), said, **{"last_good": last_good, "again": SOON} | more
        )

        def run():
            party.start = party.board.run()

        running.append(threading.Thread(target=run))
        running[-1].start()
        return party.screen.until(lambda scene: True)

    def end():
        running[-1].join(PATIENCE)
        assert not running[-1].is_alive()
        return party.start

    party.begin, party.end = begin, end
    called(None)
    yield party
    if running:
        party.board.stop()
        running[-1].join(PATIENCE)


def event_of(start):
    """Return what the event is called that the booth is started for."""
    return start.loaded.settings.event.name


class TestNoticeboard:
    def test_it_shows_every_mistake_where_it_is_and_what_to_call_it(self, party, source):
        """The whole path is said once; each mistake has the file's name. There is nothing to go on with."""
        source.file.write_text("[event]\nnam = 1\n[button]\npin = 18\n")
        shown = party.begin()
        first, second = shown.mistakes
        assert (str(source.file), False, False, None) == (shown.file, shown.on_card, shown.last_good, shown.since)
        assert first.startswith("booth.toml: event.nam: there is no such setting")
        assert second.startswith("booth.toml: button.pin: 18 alone could be")

    def test_settings_that_came_from_a_card_are_corrected_on_the_card(self, party, source, tmp_path):
        """It is said so, under the name that the file has there; what else is wrong with the card is shown too."""
        (tmp_path / "mistakes.txt").write_text("network.toml: wifi 1: there is no password\n\n")
        card = replace(source, environ={**source.environ, "BOOTH_CARD_MISTAKES": str(tmp_path / "mistakes.txt")})
        shown = party.begin(source=card)
        assert ("booth.toml", True) == (shown.file, shown.on_card)
        assert "network.toml: wifi 1: there is no password" == shown.mistakes[-1]

    def test_where_the_settings_are_right_the_card_s_other_mistakes_are_shown_for_a_while(
        self, party, source, called, tmp_path
    ):
        """Nobody can read the journal of a card: a mistyped network is on the screen, and then the booth starts."""
        (tmp_path / "mistakes.txt").write_text("network.toml: wifi 1.password: expected 8 to 63 characters\n")
        card = replace(source, environ={**source.environ, "BOOTH_CARD_MISTAKES": str(tmp_path / "mistakes.txt")})
        called("The party")
        start = card.load()
        shown = party.begin(source=card, complaint=" ", after=start, shown_for=Seconds(0.2))
        assert ("network.toml", True, False) == (shown.file, shown.on_card, shown.last_good)
        assert "network.toml: wifi 1.password: expected 8 to 63 characters" == shown.mistakes[-1]
        assert start is party.end()

    def test_the_button_has_it_start_at_once(self, party, source, called, tmp_path):
        (tmp_path / "mistakes.txt").write_text("network.toml: x\n")
        card = replace(source, environ={**source.environ, "BOOTH_CARD_MISTAKES": str(tmp_path / "mistakes.txt")})
        called("The party")
        start = card.load()
        party.begin(source=card, complaint=" ", after=start, shown_for=Seconds(3600))
        party.press()
        assert start is party.end()

    @pytest.mark.parametrize(("text", "since"), [("", 10.0), ("network.toml: x\n", 601.0)])
    def test_without_any_or_later_nothing_is_shown(self, source, called, tmp_path, text, since):
        """A booth that was started anew after a fault does not wait."""
        (tmp_path / "mistakes.txt").write_text(text)
        card = replace(source, environ={**source.environ, "BOOTH_CARD_MISTAKES": str(tmp_path / "mistakes.txt")})
        called("The party")
        start = card.load()
        assert start is note(card, start, lambda board: pytest.fail("a page was opened"), Seconds(since))

    def test_no_secret_is_shown_or_told(self, party, source, capsys):
        """Whatever is wrong where a key should be, or looks like one: of the value nothing is said, anywhere."""
        source.file.write_text(
            "[zenko]\naccess_key_id = 4711471147\nsecret_access_key = ['hunter2']\nsecret = 'hunter3'\n"
            "endpoint_url = 'https://hunter4:hunter5@example.org'\nsecret_acess_key = 'hunter6'\n"
        )
        with structlog.testing.capture_logs() as log:
            shown = party.begin()
            party.board.stop()
            party.end()
        assert 5 == len(shown.mistakes)
        told = f"{shown} {party.notify.said} {log} {capsys.readouterr().err}"
        assert [] == [secret for secret in ("4711", "hunter") if secret in told]

    def test_it_does_not_claim_to_be_ready(self, party):
        """It asks for more time, and says what is wrong."""
        party.begin()
        party.board.stop()
        assert party.end() is None
        assert ("extend", 90.0) == party.notify.said[0]
        assert party.notify.said[1][1].startswith("The settings are wrong: booth.toml: event.nam: ")
        assert ("stopping",) == party.notify.said[-1]
        assert {"extend", "status", "stopping"} == {name for name, *_ in party.notify.said}

    def test_the_led_says_out_of_order(self, party):
        """Two flashes, pause: on and off by turns, whatever there is to press."""
        party.begin()
        party.screen.until(lambda scene: len(party.console.lit) > 4)
        party.board.stop()
        party.end()
        lit = party.console.lit
        assert lit == [lit[0] if index % 2 == 0 else not lit[0] for index in range(len(lit))]

    def test_settings_that_were_corrected_are_started_with(self, party, called):
        """By itself, and with time enough to start."""
        party.begin()
        called("The party")
        assert "The party" == event_of(party.end())
        assert ("extend", 90.0) == party.notify.said[-1]

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"a = " + 5_000 * b"7", "booth.toml:1:5: more than 100 characters without quotes"),
            (b"a = " + 400 * b"[" + 400 * b"]", "booth.toml:1:13: more than 8 brackets within each other"),
            (100_000 * b"a." + b"a = 1", "booth.toml:1:17: more than 8 names joined by dots"),
            (b"\xff\xfe[\0", "booth.toml:1:1: is UTF-16"),
            (b"name = 'Zo\xeb'", "booth.toml:1:11: a character is not UTF-8"),
            (bytes(300_000), "booth.toml: has more than 256 KiB"),
            (b'outbox.dir = "/a\\u0000b"', "booth.toml: outbox.dir: expected text without line breaks or control"),
            (b"[event]\nname = " + 90 * b"9", "booth.toml: event.name: expected text of 1 to 100 characters, not a nu"),
        ],
    )
    def test_whatever_is_written_into_the_file_is_told_and_can_be_corrected(
        self, party, source, called, content, expected
    ):
        """Whoever looks at the file does not die of it: what is right later is started with."""
        party.begin()
        source.file.write_bytes(content)
        party.screen.until(lambda scene: scene.mistakes[0].startswith(expected))
        called("The party")
        assert "The party" == event_of(party.end())

    def test_even_a_fault_of_our_own_is_told_and_survived(self, party, source, called):
        """Only its kind: its words could be anything that is in the file."""

        class Torn(Source):
            def load(self):
                if b"torn" in self.file.read_bytes():
                    raise KeyError("hunter2")
                return super().load()

        party.begin(source=Torn(None, source.environ, {}))
        called("torn")
        shown = party.screen.until(lambda scene: "KeyError" in scene.mistakes[0])
        expected = "a fault of the booth's own: take the settings that came with it, and change one at a time"
        assert (f"booth.toml: {expected} (KeyError)",) == shown.mistakes
        called("The party")
        assert "The party" == event_of(party.end())

    def test_no_line_of_the_card_s_own_mistakes_can_move_the_cursor(self, party, source, tmp_path):
        """Names of files and networks are in them, which anybody may have chosen."""
        (tmp_path / "mistakes.txt").write_bytes(b"a\x1b[2Jb\r\xe2\x80\xaec\n" + 10_000 * b"x" + b"\n")
        card = replace(source, environ={**source.environ, "BOOTH_CARD_MISTAKES": str(tmp_path / "mistakes.txt")})
        *_, first, second = party.begin(source=card).mistakes
        assert ("a\\x1b[2Jb\\x0d\\u202ec", f"{'x' * 497}...") == (first, second)

    def test_a_file_that_is_empty_for_a_moment_is_not_right(self, party, source):
        """As it is while an editor writes it: nothing is started with half of what somebody wants."""
        right = iter((True, False, False, True, True))

        class Written(SimpleNamespace):
            def load(self):
                if next(right, True):
                    return SimpleNamespace(loaded=SimpleNamespace(settings="right"))
                raise ConfigError("wrong")

        half = Written(file=source.file, last_good=None, notes=tuple, on_card=False)
        party.begin(source=half, complaint="wrong")
        assert "right" == party.end().loaded.settings
        assert next(right, None) is None, "it was looked at five times"

    def test_other_mistakes_take_the_place_of_those_before(self, party, source):
        """Whoever corrects the file sees how far it is; so does the service manager, and the journal."""
        with structlog.testing.capture_logs() as log:
            party.begin()
            source.file.write_text("[event]\nnaem = 1\n")
            party.screen.until(lambda scene: "event.naem" in scene.mistakes[0])
            party.board.stop()
            party.end()
        status = [told for name, *told in party.notify.said if name == "status"]
        assert 2 == len([line for line in log if line["event"] == "settings.wrong"])
        assert "event.naem" in status[-1][0]

    def test_a_press_goes_on_with_the_last_good_settings(self, party, called, source):
        """With a warning that says which file is wrong, and which was taken instead."""
        called("The last party", source.last_good)
        shown = party.begin()
        with structlog.testing.capture_logs() as log:
            party.press()
            start = party.end()
        (warning,) = [line for line in log if line["event"] == "settings.last_good"]
        assert (True, "The last party") == (shown.last_good, event_of(start))
        assert ("warning", "button", str(source.file), str(source.last_good)) == (
            warning["log_level"], warning["by"], warning["wrong"], warning["instead"],
        )  # fmt: skip

    def test_a_touch_goes_on_with_them_too(self, party, called, source):
        """On the bar that says so."""
        called("The last party", source.last_good)
        party.begin()
        party.screen.hands = [lambda now: Confirmed(now, SessionId(""))]
        assert "The last party" == event_of(party.end())

    def test_a_touch_beside_the_bar_does_nothing(self, party, called, source):
        """Whoever wipes the screen has decided nothing."""
        called("The last party", source.last_good)
        party.begin()
        party.screen.hands = [Touched]
        party.screen.until(lambda scene: not party.screen.hands)
        party.board.stop()
        assert party.end() is None

    def test_without_last_good_settings_a_press_does_nothing(self, party):
        """There is nothing to go on with; the page stays."""
        party.begin()
        party.press()
        party.screen.hands = [lambda now: Confirmed(now, SessionId(""))]
        seen = len(party.screen.shown)
        party.screen.until(lambda scene: len(party.screen.shown) > seen + 3)
        party.board.stop()
        assert party.end() is None

    @pytest.mark.parametrize(("written", "said"), [(RELEASED + 86400, "20"), (0.0, None)])
    def test_the_day_is_said_unless_the_clock_was_wrong(self, party, called, source, written, said):
        """A machine without a battery for its clock may have written them in 1970."""
        called("The last party", source.last_good)
        os.utime(source.last_good, (written, written))
        since = party.begin().since
        assert said == (since and since[:2])

    def test_a_real_button_is_heard(self, party, called, source):
        """The driver, its debouncing and a finger, on the pin of the last good settings."""
        called("The last party", source.last_good)
        panel = SimPanel("GPIO18", "GPIO7")
        opened = threading.Event()

        def button():
            made = gpio.GpioButton(
                "GPIO18", factory=panel.factory, debounce=Seconds(0.02), on_press=party.press, now=SystemClock().now
            )
            opened.set()
            return made

        party.console = Console(button, lambda: gpio.GpioLed("GPIO7", factory=panel.factory))
        party.begin()
        assert opened.wait(PATIENCE)
        panel.press()
        panel.release()
        assert "The last party" == event_of(party.end())
        party.console.close()
        panel.close()

    def test_pins_that_are_missing_are_looked_for_again_and_told_once(self, party):
        """The page is shown without them."""
        party.console.missing = PinError("the pin factory 'lgpio' cannot be opened")
        with structlog.testing.capture_logs() as log:
            party.begin()
            party.screen.until(lambda scene: party.console.checked > 3)
            party.board.stop()
            party.end()
        assert 1 == len([line for line in log if line["event"] == "pins.missing"])

    def test_settings_that_the_booth_could_not_be_put_together_with_are_not_tried_again(self, party, called, source):
        """They can be read, and yet are wrong: what was said of them stays, until they are others."""
        called("The party")
        refused = source.load()
        shown = party.begin(complaint="the-logo.png: cannot be read", refused=refused)
        party.screen.until(lambda scene: party.console.checked > 3)
        called("Another party")
        assert "the-logo.png: cannot be read" == shown.mistakes[0]
        assert "Another party" == event_of(party.end())

    def test_it_ends_with_its_window(self, party):
        """On a desktop, somebody may close it."""
        party.begin()
        party.screen.closed = True
        assert party.end() is None


def test_mistakes_are_written_as_they_are(capsys):
    """A line each, as when the booth ends with them; the recovery screen finds them there."""
    tell('one: write name = "Photo booth"\ntwo')
    assert 'booth: one: write name = "Photo booth"\nbooth: two\n' == capsys.readouterr().err


def test_nothing_that_is_in_them_moves_a_cursor(capsys):
    """The name of a file may be anything, and they are written to a terminal, or a journal."""
    tell("\x1b[2J/etc/b\u202eooth.toml: wrong")
    assert "booth: \\x1b[2J/etc/b\\u202eooth.toml: wrong\n" == capsys.readouterr().err


# ---- what is kept

NOW = Instant(5.0)
TEXT = b'# mine\n[event]\nname = "The party"\n'


def visiting(visit):
    """Return a booth in which nothing is missing."""
    return Booth(visit, missing=frozenset())


def kept(keeper, visit):
    """Have the keeper see that the booth has come to *visit*; return when what it does then is done."""
    keeper.stepped(visiting(Starting(NOW, frozenset())), Tick(NOW), visiting(visit))
    for thread in threading.enumerate():
        if thread.name == "last-good":
            thread.join(PATIENCE)


class TestKeeper:
    def test_settings_are_kept_when_the_booth_is_ready_for_guests(self, tmp_path):
        """Byte for byte, for nobody else to read."""
        file = tmp_path / "last-good.toml"
        kept(Keeper(TEXT, file), Attract())
        assert (TEXT, 0o600) == (file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
        assert [file] == list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('[zenko]\nsecret_access_key = "hunter2" # mine\n', '[zenko]\nsecret_access_key = "" # mine\n'),
            ("zenko.access_key_id = 'hunter2'\n", 'zenko.access_key_id = ""\n'),
            ('zenko = { "secret_access_key" = "h\\"2" }\n', 'zenko = { "secret_access_key" = "" }\n'),
            ('[zenko]\nsecret_access_key = """\nhunter2"""\n', '[zenko]\nsecret_access_key = ""\n'),
            ('[zenko]\naccess_key_id = ""\n', '[zenko]\naccess_key_id = ""\n'),
        ],
    )  # fmt: skip
    def test_the_keys_of_the_bucket_are_not_kept(self, tmp_path, text, expected):
        """However they are written: a second copy of a secret is one that nobody remembers to remove."""
        file = tmp_path / "last-good.toml"
        kept(Keeper(text.encode(), file), Attract())
        assert expected == file.read_text()

    def test_settings_whose_keys_cannot_be_taken_out_are_not_kept(self, tmp_path):
        """Here a key is written in a way that would take other things with it."""
        kept(Keeper(b'[zenko]\n"secret_access_\\u006bey" = "hunter2"\n', tmp_path / "last-good.toml"), Attract())
        assert [] == list(tmp_path.iterdir())

    def test_settings_without_a_booth_are_not(self, tmp_path):
        """A pin that is not the button's is no mistake in the file, and no good setting."""
        kept(Keeper(TEXT, tmp_path / "last-good.toml"), OutOfOrder())
        assert [] == list(tmp_path.iterdir())

    def test_what_was_kept_before_is_replaced_whole(self, tmp_path):
        """By rename, over whatever a power cut has left of an attempt."""
        file = tmp_path / "last-good.toml"
        file.write_bytes(b"before")
        (tmp_path / "last-good.toml.part").write_bytes(b"half of it, and longer than the whole of what is written now")
        kept(Keeper(TEXT, file), Attract())
        assert ([file], TEXT) == (list(tmp_path.iterdir()), file.read_bytes())

    def test_the_same_settings_are_left_alone(self, tmp_path):
        """Their date is the day since when they have been good, and the card is spared."""
        file = tmp_path / "last-good.toml"
        file.write_bytes(TEXT)
        os.utime(file, (RELEASED, RELEASED))
        kept(Keeper(TEXT, file), Attract())
        assert RELEASED == file.stat().st_mtime

    def test_where_there_is_no_folder_of_ours_somebody_else_keeps_them(self, tmp_path):
        """Nothing is said, and nothing made."""
        with structlog.testing.capture_logs() as log:
            kept(Keeper(TEXT, tmp_path / "not-here" / "last-good.toml"), Attract())
        assert ([], []) == (log, list(tmp_path.iterdir()))

    def test_a_disk_that_will_not_take_them_is_no_reason_to_stop(self, tmp_path):
        """It is told, and guests are served."""
        file = tmp_path / "last-good.toml"
        file.mkdir()
        with structlog.testing.capture_logs() as log:
            kept(Keeper(TEXT, file), Attract())
        assert ["last_good.not_kept"] == [line["event"] for line in log]

    def test_what_was_kept_can_be_gone_on_with(self, tmp_path):
        """The round: kept on one evening, read on the next."""
        file = tmp_path / "last-good.toml"
        kept(Keeper(TEXT, file), Attract())
        assert "The party" == load(config=file, environ={}, overrides={}).settings.event.name


def test_both_variables_are_no_settings(tmp_path):
    """They begin as settings do, and name files."""
    environ = {"BOOTH_LAST_GOOD": "/x", "BOOTH_CARD_MISTAKES": "/y"}
    loaded = load(config=None, environ=environ, overrides={}, default=Path(tmp_path / "none.toml"))
    assert {"built-in"} == set(loaded.origins.values())
