"""The page that says what is wrong with the settings."""

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booth.core.events import Confirmed, Touched
from booth.core.scene import MistakesScene
from booth.ports import Size
from booth.ui.layout import Layout
from booth.ui.scenes.mistakes import places

SIZES = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(480, 800)]
FILE = "/etc/booth/booth.toml"
ONE = MistakesScene(FILE, ("booth.toml: event.nam: there is no such setting; did you mean event.name?",))
GOOD = MistakesScene(FILE, ONE.mistakes, last_good=True, since="2026-11-21")


def read(screen, scene):
    """Return every line that is written on *scene*, and whether something of it is missing."""
    screen._repainter.forget()
    screen._looked = ()
    screen._canvas.written = lines = []
    screen.show(scene, 1000.0)
    screen._canvas.written = None
    return lines


def words(lines):
    """Return all that was written, without blanks: a word may have been broken."""
    return re.sub(r"\s", "", "".join(line.text for line in lines))


@pytest.fixture(params=SIZES, ids=lambda size: f"{size.width}x{size.height}")
def screen_of_a_size(request, open_screen):
    """Return a screen of each size."""
    return open_screen(request.param)


class TestWords:
    def test_it_says_what_is_wrong_and_where_and_what_to_do(self, screen_of_a_size):
        """The file and the whole mistake; nothing of settings to go on with where there are none."""
        said = words(read(screen_of_a_size, ONE))
        assert all(word in said for word in (FILE, "event.nam:thereisnosuchsetting;didyoumeanevent.name?"))
        assert "lastgood" not in said

    def test_it_says_how_to_go_on_and_with_what(self, screen_of_a_size):
        """The button, the bar, and the day since when those settings have been good, if that is known."""
        assert "togoonwiththelastgoodsettingsof2026-11-21" in words(read(screen_of_a_size, GOOD))
        undated = MistakesScene(FILE, ONE.mistakes, last_good=True)
        assert words(read(screen_of_a_size, undated)).endswith("togoonwiththelastgoodsettings")

    def test_a_long_path_is_shown_to_its_end(self, screen_of_a_size):
        """There is no blank in it to break it at."""
        path = "/run/booth-card/branding/" + "a-very-long-name-" * 6 + "end.png"
        lines = read(screen_of_a_size, MistakesScene(FILE, (f"theme.logo: {path}: there is no such file",)))
        assert path in words(lines)
        assert [] == [line for line in lines if line.cut]

    @pytest.mark.parametrize("many", [39, 40, 41, 14_000])
    def test_thousands_are_counted_without_being_measured(self, screen_of_a_size, many):
        """Whoever named the wrong file is told as soon as anybody else, and how many there are."""
        mistakes = tuple(f"M{number:05}: no such setting" for number in range(many))
        lines = read(screen_of_a_size, MistakesScene(FILE, mistakes))
        shown = [line for line in lines if re.match(r"M\d{5}:", line.text)]
        assert f"and {many - len(shown)} more: booth config lists all of them" == lines[-1].text
        assert lines[-1].box.bottom <= places(Layout(screen_of_a_size._layout.size), last_good=False).card.bottom

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.integers(1, 400), min_size=1, max_size=40), st.booleans())
    def test_none_is_left_out_without_saying_so(self, screen_of_a_size, lengths, last_good):
        """Those that are shown and those that are counted are all there are, however long; nothing leaves the card."""
        mistakes = tuple(f"M{number:02}: " + "word " * (length // 5) for number, length in enumerate(lengths))
        lines = read(screen_of_a_size, MistakesScene(FILE, mistakes, last_good=last_good))
        shown = [line.text for line in lines if re.match(r"M\d\d:", line.text)]
        more = next((int(found[1]) for line in lines if (found := re.match(r"and (\d+) more", line.text))), 0)
        assert len(mistakes) == len(shown) + more
        at = places(Layout(screen_of_a_size._layout.size), last_good=last_good)
        listed = [line for line in lines if re.match(r"M\d\d|word|and \d", line.text)]
        assert [] == [line for line in listed if line.box.bottom > at.card.bottom or line.box.y < at.card.y]

    def test_a_place_is_told_as_people_tell_it(self, screen_of_a_size):
        """The file and the line of it; a line without its file could be of any."""
        at = MistakesScene(FILE, ("booth.toml:12:8: not TOML: Invalid value", "network.toml:3:1: not TOML"))
        said = words(read(screen_of_a_size, at))
        assert (1, 1, 0) == tuple(
            said.count(place) for place in ("booth.toml,line12:notTOML", "network.toml,line3:notTOML", "12:8")
        )

    def test_the_room_is_filled_before_any_is_left_out(self, screen_of_a_size):
        """Of fifteen mistakes as many are shown as there is room for: a long one is begun rather than passed by."""
        mistakes = tuple(f"M{number:02}: " + "word " * (300 if number == 3 else 4) for number in range(15))
        scene = MistakesScene(FILE, mistakes, last_good=True)
        lines = read(screen_of_a_size, scene)
        card = places(Layout(screen_of_a_size._layout.size), last_good=True).card
        listed = [line for line in lines if card.holds(line.box.x, line.box.y)]
        lowest = max(line.box.bottom for line in listed)
        step = min(two.room.y - one.room.y for one, two in itertools.pairwise(listed))
        assert 0 <= card.bottom - lowest < 4 * step

    @pytest.mark.parametrize(
        ("on_card", "where"), [(True, "shown once these are corrected"), (False, "booth config lists all of them")]
    )
    def test_it_says_where_the_others_are(self, open_screen, on_card, where):
        """A machine with a login has a command for all of them; with a card they come up one after the other."""
        mistakes = tuple(f"M{number:02}: " + "word " * 40 for number in range(15))
        lines = read(open_screen(SIZES[0]), MistakesScene(FILE, mistakes, on_card=on_card))
        more = next(line.text for line in lines if line.text.startswith("and "))
        shown = [line for line in lines if re.match(r"M\d\d:", line.text)]
        between = " more, " if on_card else " more: "
        assert f"and {15 - len(shown)}{between}{where}" == more


class TestHands:
    def test_the_bar_can_be_touched_and_nothing_else(self, open_screen):
        """What is beside it may be wiped clean."""
        screen = open_screen()
        screen.show(GOOD, 1.0)
        (bar,) = screen.spots()
        screen.finger(bar.x + 5, bar.y + 5)
        assert [Confirmed] == [type(event) for event in screen.events(1.1)]
        screen.finger(bar.x + 5, bar.y - 20)
        assert [Touched] == [type(event) for event in screen.events(1.2)]

    def test_without_last_good_settings_there_is_nothing_to_touch(self, open_screen):
        """No bar, no touch that means something."""
        screen = open_screen()
        screen.show(ONE, 1.0)
        assert [] == list(screen.spots())


def test_it_rests(open_screen):
    """Nothing moves on it: a page that is read for an hour costs nothing."""
    screen = open_screen()
    screen.show(GOOD, 1.0)
    assert [False] * 20 == [screen.show(GOOD, 1.0 + tenth / 10) for tenth in range(1, 21)]
