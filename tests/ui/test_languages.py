import itertools
from dataclasses import replace

import pytest

from booth.core.events import Touched
from booth.core.form import Form
from booth.core.scene import (
    AttractScene,
    FarewellScene,
    FinishingScene,
    FormScene,
    GetReadyScene,
    OutOfOrderScene,
    StartingScene,
)
from booth.core.states import Animation, Outcome
from booth.errors import ScreenError
from booth.ports import Size
from booth.ui.languages import LANGUAGES, SPOT, WAIT, Languages, words_in
from booth.ui.layout import Layout
from booth.ui.pieces.languages import places
from tests.ui.touching import NOW, tap

ATTRACT = AttractScene(4)
FORM = FormScene(
    "visit",
    Form(),
    Animation.READY,
    consent_asked=False,
    name_required=False,
    email_required=True,
    ask=None,
    closing_in=None,
)
FAREWELL = FarewellScene("visit", Outcome.SENT)
VISIT = (
    GetReadyScene(4, 1.0, "visit"),
    FORM,
    GetReadyScene(4, 1.0, "another"),
    replace(FORM, session="another"),
    FinishingScene("visit", Animation.MAKING, deleting=False),
    FAREWELL,
)
SIZES = (Size(800, 480), Size(1024, 600), Size(1280, 800), Size(480, 800))


@pytest.fixture
def languages():
    """Return the choice between all languages, with the invitation on the screen."""
    choice = Languages("en", tuple(LANGUAGES))
    choice.watch(StartingScene(), NOW)
    choice.watch(ATTRACT, NOW)
    return choice


def test_the_usual_language_is_spoken_until_somebody_chooses(languages):
    """Nobody has to choose."""
    assert ("en", words_in("en").get_ready) == (languages.code, languages.words.get_ready)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_chosen_is_spoken(languages, code):
    """Each language can be chosen, and has its own words."""
    languages.choose(code, NOW)
    assert (code, words_in(code).get_ready) == (languages.code, languages.words.get_ready)


def test_a_choice_holds_for_the_whole_visit(languages):
    """From the first countdown to the farewell, whatever is taken again in between, and however long it takes."""
    languages.choose("fr", NOW)
    spoken = []
    for minutes, scene in enumerate(VISIT):
        languages.watch(scene, NOW + 60 * minutes)
        spoken.append(languages.code)
    assert ["fr"] * len(VISIT) == spoken


def test_the_next_guest_finds_the_usual_language(languages):
    """A choice ends with the visit."""
    languages.choose("fr", NOW)
    for scene in (*VISIT, ATTRACT):
        languages.watch(scene, NOW)
    assert languages.code == "en"


def test_a_choice_that_no_visit_follows_is_taken_back(languages):
    """Who chose and went away leaves nothing behind, after a minute and not before."""
    languages.choose("it", NOW)
    languages.watch(ATTRACT, NOW + WAIT - 0.1)
    before = languages.code
    languages.watch(ATTRACT, NOW + WAIT)
    assert ("it", "en") == (before, languages.code)


def test_the_operator_reads_the_usual_language(languages):
    """Out of order is for whoever looks after the booth, whatever a guest chose before."""
    languages.choose("es", NOW)
    languages.watch(OutOfOrderScene(()), NOW)
    assert languages.code == "en"


@pytest.mark.parametrize("offered", [(), ("de",)])
def test_one_language_is_no_choice(offered):
    """Where there is nothing to choose, nothing is offered."""
    assert () == Languages("de", offered).offered


def test_a_language_without_its_catalog_is_named():
    """An installation that lacks a catalog says which, and what to do."""
    with pytest.raises(ScreenError, match=r"locale/xx/LC_MESSAGES/booth\.mo is not in .*: install the booth again"):
        Languages("en", ("en", "xx"))


# ---- on the screen


def read(screen, scene, now=NOW):
    """Show *scene*; return every line that was written for it, "" if nothing was."""
    screen._canvas.written = written = []
    screen.show(scene, now)
    screen._canvas.written = None
    return " ".join(line.text for line in written)


@pytest.fixture
def offering(open_screen):
    """Return a screen that offers all languages, with the invitation on it."""
    screen = open_screen(languages=tuple(LANGUAGES))
    screen.show(ATTRACT, NOW)
    return screen


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_tap_changes_the_language_of_everything(offering, code):
    """A finger on a language's name changes the invitation at once, and what comes after it."""
    meant = tap(offering, SPOT + code)
    words = words_in(code)
    offering._repainter.forget()
    offering._looked = ()
    assert [Touched(NOW)] == meant
    assert words.attract(4)[0] in read(offering, ATTRACT)
    assert words.get_ready in read(offering, GetReadyScene(4, 1.0, "visit"))


def test_a_tap_paints_the_invitation_anew_at_once(offering):
    """Nothing of the old language is left on the screen."""
    tap(offering, f"{SPOT}de")
    said = read(offering, ATTRACT)
    assert all(line in said for line in words_in("de").attract(4))


def test_a_language_is_not_the_real_button(offering):
    """Who chooses a language is not told to press the real button instead."""
    tap(offering, f"{SPOT}de")
    assert words_in("de").attract_nudge not in read(offering, ATTRACT)


def test_after_the_visit_the_screen_speaks_as_usual(offering):
    """The next guest reads the usual invitation, all of it."""
    tap(offering, f"{SPOT}fr")
    offering.show(FAREWELL, NOW)
    said = read(offering, ATTRACT)
    assert all(line in said for line in words_in("en").attract(4))


def test_a_minute_after_a_choice_the_invitation_speaks_as_usual(offering):
    """The screen changes back by itself, where nobody is there to touch it."""
    tap(offering, f"{SPOT}fr")
    offering.show(ATTRACT, NOW)
    said = read(offering, ATTRACT, NOW + WAIT)
    assert all(line in said for line in words_in("en").attract(4))


def test_a_touch_wakes_a_resting_screen_and_chooses_nothing(open_screen):
    """What cannot be seen cannot be chosen; after the touch it can."""
    screen = open_screen(languages=tuple(LANGUAGES), rest_after=600.0)
    screen.show(ATTRACT, NOW)
    awake = screen.spots()
    screen.show(ATTRACT, NOW + 600)
    asleep = screen.spots()
    screen.finger(awake[1].x + 5, awake[1].y + 5)
    meant = list(screen.events(NOW + 601))
    said = read(screen, ATTRACT, NOW + 601)
    assert ((), [Touched(NOW + 601)], awake) == (tuple(asleep), meant, screen.spots())
    assert words_in("en").attract(4)[0] in said


def test_languages_can_be_chosen_on_the_invitation_only(offering):
    """In the middle of a visit nobody changes it by accident."""
    spots = []
    for scene in (GetReadyScene(4, 1.0, "visit"), FORM, FAREWELL, OutOfOrderScene(())):
        offering.show(scene, NOW)
        spots += [spot.name for spot in offering.spots() if spot.name.startswith(SPOT)]
    assert [] == spots


def test_a_screen_with_one_language_has_no_switch(open_screen):
    """Not a pixel of it: the invitation can only be pressed."""
    screen = open_screen(language="de", languages=("de",))
    said = read(screen, ATTRACT)
    assert ((), False) == (tuple(screen.spots()), "Deutsch" in said)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
def test_every_language_is_under_a_thumb(open_screen, size):
    """Each is at least 52 pixels high and wide, beside or below the one before, in the order that the operator gave."""
    screen = open_screen(size, language="de", languages=("it", "de", "en", "fr", "es"))
    screen.show(ATTRACT, NOW)
    spots = [spot for spot in screen.spots() if spot.name.startswith(SPOT)]
    assert ["it", "de", "en", "fr", "es"] == [spot.name.removeprefix(SPOT) for spot in spots]
    assert all(spot.height >= 52 and spot.width >= 52 for spot in spots)
    after = [
        one.x + one.width <= other.x if one.y == other.y else one.y + one.height <= other.y
        for one, other in itertools.pairwise(spots)
    ]
    assert [True] * 4 == after
    assert max(spot.x + spot.width for spot in spots) <= size.width


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width}x{size.height}")
@pytest.mark.parametrize("count", range(2, 13))
def test_however_many_languages_there_are_each_has_room(size, count):
    """A name and its tick fit; the rows are as alike as can be, and on the screen."""
    layout = Layout(size)
    boxes = places(layout, count)
    rows = [len(list(row)) for _, row in itertools.groupby(boxes, key=lambda box: box.y)]
    assert count == sum(rows)
    assert max(rows) - rows[-1] < len(rows) + 1
    assert [] == [box for box in boxes if box.width < layout.px(112) or not layout.screen.holds(box.x, box.y)]
    assert [] == [box for box in boxes if box.right > size.width or box.bottom > size.height]
    assert [] == [pair for pair in itertools.combinations(boxes, 2) if pair[0].meets(pair[1])]
