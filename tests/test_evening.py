"""What an operator changes for an evening: it stays, is told where it is from, and never costs the booth."""

import pytest

from booth import evening
from booth.core.operating import Dial, Knob, Sight
from booth.core.rules import Rules
from booth.disk import RealDisk
from booth.outbox.nights import Day, Nights, day_of
from booth.settings.loading import load
from booth.settings.showing import describe
from booth.ui.languages import LANGUAGES
from lab.clock import HandClock

NOON = 1_795_367_112.0
FILE = """\
[event]
name = "Ball"
others = ["Brunch"]
[sound]
enabled = true
volume = 70
[form]
consent_text = "You may show it."
[attract]
latest = 4
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "booth.toml").write_text(FILE)
    return tmp_path


@pytest.fixture
def start(place):
    """Return the settings as the booth starts with them."""
    environ = {"BOOTH_OPERATOR": str(place / "operator")}
    return lambda **more: load(config=place / "booth.toml", environ=environ, overrides=more)


@pytest.fixture
def turn(place, start):
    """Turn dials, and keep how they stand."""

    def turned(*knobs):
        loaded = start()
        dials = evening.dials(loaded.settings, loaded.beneath)
        dials = tuple(dial.turned() if dial.knob in knobs else dial for dial in dials)
        evening.keep(RealDisk(), place / "operator", dials)
        return dials

    return turned


def test_what_can_be_changed_stands_as_the_file_says(start):
    """Each with what it can be turned to."""
    loaded = start()
    assert (
        Dial(Knob.PAUSED, (False, True), filed=False, value=False),
        Dial(Knob.EVENT, ("Ball", "Brunch"), "Ball", "Ball"),
        Dial(Knob.LANGUAGE, tuple(LANGUAGES), "en", "en"),
        Dial(Knob.VOLUME, (0, 25, 50, 75, 100, 70), 70, 70),
        Dial(Knob.CONSENT, (True, False), filed=True, value=True),
        Dial(Knob.LATEST, (0, 4), 4, 4),
    ) == evening.dials(loaded.settings, loaded.beneath)


def test_what_means_nothing_here_cannot_be_changed(place, start):
    """No sound, one event, nobody asked for consent: a pause, and the language."""
    (place / "booth.toml").write_text("")
    loaded = start()
    assert [Knob.PAUSED, Knob.LANGUAGE] == [dial.knob for dial in evening.dials(loaded.settings, loaded.beneath)]


def test_what_was_changed_is_so_at_the_next_start(turn, start):
    """All of it."""
    turn(*Knob)
    settings = start().settings
    assert (True, "Brunch", "de", 0, "", 0) == (
        settings.event.paused, settings.event.name, settings.screen.language, settings.sound.volume,
        settings.form.consent_text, settings.attract.latest,
    )  # fmt: skip


def test_it_is_told_where_it_is_from(turn, start):
    """By `booth config`; what was not changed is from the file."""
    turn(Knob.EVENT)
    loaded = start()
    assert ("operator's screen", str(loaded.origins["sound.volume"])) == (
        loaded.origins["event.name"],
        loaded.origins["event.others"],
    )
    assert 1 == [line.split("#")[-1].strip() for line in describe(loaded).splitlines()].count("operator's screen")


def test_a_dial_knows_what_the_file_says_beneath(turn, start):
    """So one touch puts it back."""
    turn(Knob.EVENT, Knob.CONSENT)
    loaded = start()
    changed = [dial for dial in evening.dials(loaded.settings, loaded.beneath) if dial.changed]
    assert [("Ball", "Brunch"), (True, False)] == [(dial.filed, dial.value) for dial in changed]


def test_what_is_put_back_leaves_nothing(turn, start):
    """The file counts again."""
    turn(Knob.EVENT)
    turn(Knob.EVENT)
    assert ({}, "Ball") == (dict(start().beneath), start().settings.event.name)


def test_the_command_line_says_otherwise(turn, start):
    """Whoever types it means it."""
    turn(Knob.EVENT)
    assert "Gala" == start(**{"event.name": "Gala"}).settings.event.name


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("[event\n", "not TOML"),
        ('[sound]\nvolume = "loud"\n', "operator's screen: sound.volume: expected"),
        ('[event]\nname = ""\n', "operator's screen: event.name: expected"),
        ('[screen]\nlanguage = "tlh"\n', "operator's screen: screen.language: "),
    ],
)
def test_what_makes_no_booth_counts_for_nothing(place, start, written, why):
    """The booth starts as its owner has set it, and says so."""
    (place / "operator").mkdir()
    (place / "operator" / "evening.toml").write_text(written)
    loaded = start()
    (warning,) = [said for said in loaded.warnings if why in said]
    assert "; what was changed on the operator's screen does not count" == warning[warning.rindex("; ") :]
    assert ("Ball", 70, "en") == (
        loaded.settings.event.name,
        loaded.settings.sound.volume,
        loaded.settings.screen.language,
    )


def test_nothing_else_can_be_set_there(place, start):
    """Whoever can write the file cannot send the pictures elsewhere."""
    (place / "operator").mkdir()
    (place / "operator" / "evening.toml").write_text('[zenko]\nendpoint_url = "https://example.org"\n')
    assert "" == start().settings.zenko.endpoint_url


def test_without_the_variable_there_is_no_such_file(place, turn):
    """As in `booth config --config`."""
    turn(Knob.EVENT)
    assert "Ball" == load(config=place / "booth.toml", environ={}, overrides={}).settings.event.name


def test_the_machine_begins_with_how_the_dials_stand():
    """A pause outlasts the power."""
    paused = Dial(Knob.PAUSED, (False, True), filed=False, value=True)
    assert (paused,) == Rules(dials=(paused,)).dials


class TestSight:
    @pytest.fixture
    def look(self, tmp_path):
        def looked(thermal=None):
            return evening.sight(
                RealDisk(), tmp_path, HandClock(wall=NOON), min_free_mb=0, waits=lambda: (2, 1),
                troubles=lambda: ("camera lost",), thermal=thermal or tmp_path / "none",
            )  # fmt: skip

        return looked

    def test_what_is_not_known_is_not_told(self, look):
        """A machine without a thermometer, and an outbox that is not there."""
        seen = look()
        assert Sight(2, 1, None, None, None, ("camera lost",)) == seen

    def test_the_processor_in_whole_degrees(self, look, tmp_path):
        """As the kernel has it, in thousandths."""
        (tmp_path / "temp").write_text("51540\n")
        assert 52 == look(tmp_path / "temp").temperature

    def test_when_the_bucket_last_confirmed_something(self, look, tmp_path):
        """By the record of the night."""
        Nights(tmp_path, RealDisk()).put(day_of(NOON), Day(delivered=NOON - 90.0))
        assert 90.0 == look().confirmed
