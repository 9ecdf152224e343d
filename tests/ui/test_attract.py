import itertools

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.events import Notice, Reach, Touched
from booth.core.scene import AttractScene, StartingScene
from booth.ports import Playback, Size
from booth.ui.languages import LANGUAGES, words_in
from booth.ui.layout import Housing, Layout, Side
from booth.ui.pieces import strip
from booth.ui.pieces.prints import MOST_PRINTS, whose
from booth.ui.pieces.strip import ICONS
from booth.ui.scenes import attract
from booth.ui.scenes.attract import DRIFT

NOW = 100.0
ADVICE = (*(reach for reach in Reach if not reach.online), *Notice)
ATTRACT = AttractScene(4)
SIZES = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(480, 800)]
RED, GREEN, BLUE = (250, 0, 0), (0, 250, 0), (0, 0, 250)


def looks(screen):
    """Return the screen's pixels."""
    return pygame.image.tobytes(screen._surface, "RGB")


def count(screen, colour):
    """Return how many pixels are about of *colour*."""
    mask = pygame.mask.from_threshold(screen._surface, colour, (40, 40, 40, 255))
    return mask.count()


class Wall:
    """A gallery that is filled by hand."""

    def __init__(self, *shown):
        self.shown = shown

    def pictures(self):
        return self.shown


def plain(pictures, *colours):
    """Return an animation of plain pictures, half a second each."""
    return Playback(tuple(pictures(64, 48, colour) for colour in colours), (0.5,) * len(colours), 0)


@pytest.fixture
def pictures():
    """Return a maker of plain pictures."""
    from booth.ports import Picture

    return lambda width, height, colour: Picture(Size(width, height), bytes(colour) * (width * height))


# ---- what hangs there


def test_nobody_is_shown_who_is_not_in_the_gallery(open_screen):
    """Without a gallery the microwave poses alone."""
    screen = open_screen()
    screen.show(ATTRACT, NOW)
    assert 0 == count(screen, RED)


def test_the_latest_animations_play(open_screen, pictures):
    """Each shows the picture that is due."""
    screen = open_screen(gallery=Wall(plain(pictures, RED, GREEN)))
    screen.show(ATTRACT, NOW)
    assert count(screen, RED) > 5000
    assert 0 == count(screen, GREEN)
    screen.show(ATTRACT, NOW + 0.6)
    assert count(screen, GREEN) > 5000
    assert 0 == count(screen, RED)


def test_who_leaves_the_gallery_is_gone_with_the_next_beat(open_screen, pictures):
    """Nothing of a deleted visit stays on the screen."""
    wall = Wall(plain(pictures, RED), plain(pictures, BLUE))
    screen = open_screen(gallery=wall)
    screen.show(ATTRACT, NOW)
    assert count(screen, RED) > 5000
    wall.shown = wall.shown[1:]
    screen.show(ATTRACT, NOW + 0.1)
    assert 0 == count(screen, RED)
    wall.shown = ()
    screen.show(ATTRACT, NOW + 0.2)
    assert 0 == count(screen, BLUE)


@given(places=st.integers(1, MOST_PRINTS), more=st.integers(1, 8), turns=st.integers(0, 40))
def test_all_get_their_turn_one_after_the_other(places, more, turns):
    """With each turn one place changes, nobody hangs there twice, and after a while all have been there."""
    count = places + more
    hanging = [[whose(place, turn, places, count) for place in range(places)] for turn in range(turns + 2 * count)]
    assert hanging[0] == list(range(places))
    assert {shown for row in hanging for shown in row} == set(range(count))
    for before, after in itertools.pairwise(hanging):
        assert 1 == sum(one != other for one, other in zip(before, after, strict=True))
        assert len(set(after)) == places


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("many", [1, 2, 3, 8])
def test_prints_stay_on_the_screen_and_off_the_words(open_screen, pictures, size, many):
    """However many there are, they hang between the words and the band, clear of the foot."""
    shown = tuple(plain(pictures, RED) for _ in range(many))
    screen = open_screen(size, gallery=Wall(*shown), languages=("en", "de", "fr", "es", "it"))
    screen.show(AttractScene(4, ADVICE), NOW)
    seen = {patch.name: patch.box for patch in screen._repainter._shown}
    prints = [box for name, box in seen.items() if name.startswith("print")]
    assert min(many, MOST_PRINTS) == len(prints)
    for box in prints:
        assert not box.meets(seen["words"])
        assert not box.meets(seen["call"])
        assert box.right <= size.width
        assert box.x >= 0


# ---- what is where


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("side", Side)
def test_the_invitation_has_room_for_all_it_says(size, side):
    """Nothing overlaps, and everything is on the screen, wherever it drifts."""
    layout = Layout(size, Housing(button=side))
    for foot in (0, layout.px(70), layout.px(110)):
        places = attract.places(layout, foot)
        boxes = [places.title, places.first, places.second, places.drawing, places.show, places.call]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.meets(other)
        for box in boxes:
            for dx, dy in DRIFT:
                assert 0 <= box.x + layout.px(dx)
                assert box.right + layout.px(dx) <= size.width
                assert 0 <= box.y + layout.px(dy)
                assert box.bottom + layout.px(dy) <= size.height - foot + layout.px(4)
        assert places.call.height >= 80


@pytest.mark.parametrize("side", Side)
def test_the_band_leans_towards_the_real_button(open_screen, side):
    """Wherever the button is, the band moves there and back."""
    screen = open_screen(housing=Housing(button=side))
    moved = set()
    for beat in range(30):
        screen.show(ATTRACT, NOW + (beat + 0.5) / 15)
        box = next(patch.box for patch in screen._repainter._shown if patch.name == "call")
        moved.add((box.x, box.y))
    xs, ys = {x for x, _ in moved}, {y for _, y in moved}
    still = min if side in {Side.BOTTOM, Side.RIGHT} else max
    assert (len(xs) > 1, len(ys) > 1) == (side in {Side.LEFT, Side.RIGHT}, side in {Side.TOP, Side.BOTTOM})
    first = attract.places(Layout(screen._layout.size, Housing(button=side)), 0).call
    assert (first.x, first.y) == (still(xs), still(ys))


# ---- nothing burns in


def test_everything_drifts(open_screen):
    """From one minute to the next all is a few pixels elsewhere, and no part stays for ever."""
    screen = open_screen(reduced_motion=True)
    places = []
    for minute in range(len(DRIFT)):
        screen.show(ATTRACT, NOW + 60 * minute)
        places.append({patch.name: patch.box for patch in screen._repainter._shown})
    for name in ("words", "microwave", "call", "card 0"):
        assert len({place[name] for place in places}) == len(DRIFT)


def test_after_long_alone_it_rests_in_the_dark(open_screen):
    """Nothing bright is left, the microwave wanders, and it still says what to press."""
    screen = open_screen(rest_after=600.0)
    screen.show(ATTRACT, NOW)
    screen.show(ATTRACT, NOW + 599.0)
    awake = sum(looks(screen))
    where = set()
    for second in range(600, 900, 20):
        screen.show(ATTRACT, NOW + second)
        assert sum(looks(screen)) < awake / 10
        where.add(next(patch.box for patch in screen._repainter._shown if patch.name == "asleep"))
    assert len(where) == 15
    for one, other in itertools.combinations(where, 2):
        assert (one.x, one.y) != (other.x, other.y)


def test_a_touch_wakes_it_at_once(open_screen):
    """The next frame is the invitation, and it is a while until it rests again."""
    screen = open_screen(rest_after=600.0)
    screen.show(ATTRACT, NOW)
    asleep = NOW + 700.0
    screen.show(ATTRACT, asleep)
    dark = sum(looks(screen))
    screen.finger(400, 200)
    assert [Touched(asleep)] == list(screen.events(asleep))
    assert screen.show(ATTRACT, asleep)
    assert sum(looks(screen)) > 10 * dark
    screen.show(ATTRACT, asleep + 599.0)
    assert sum(looks(screen)) > 10 * dark


def test_a_finger_in_the_dark_chooses_nothing(open_screen):
    """Where the languages are when it is awake, a touch only wakes it; the next one chooses."""
    screen = open_screen(rest_after=600.0, languages=("en", "de"))
    screen.show(ATTRACT, NOW)
    german = next(spot for spot in screen.spots() if spot.name.endswith("de"))
    asleep = NOW + 700.0
    screen.show(ATTRACT, asleep)
    spoken = []
    for now in (asleep, asleep + 1.0):
        screen.finger(german.x + german.width // 2, german.y + german.height // 2)
        list(screen.events(now))
        screen.show(ATTRACT, now)
        spoken.append(screen._languages.code)
    assert ["en", "de"] == spoken


def test_it_rests_from_when_the_invitation_began(open_screen):
    """A guest who has just gone has not left a booth that is asleep."""
    screen = open_screen(rest_after=600.0)
    screen.show(ATTRACT, NOW)
    screen.show(StartingScene(), NOW + 500.0)
    screen.show(ATTRACT, NOW + 550.0)
    awake = sum(looks(screen))
    screen.show(ATTRACT, NOW + 1100.0)
    assert sum(looks(screen)) > awake / 2


def test_who_does_not_want_it_to_rest_is_heard(open_screen):
    """Zero is never."""
    screen = open_screen(rest_after=0.0)
    screen.show(ATTRACT, NOW)
    awake = sum(looks(screen))
    screen.show(ATTRACT, NOW + 1e6)
    assert sum(looks(screen)) > awake / 2


# ---- reduced motion


def test_with_reduced_motion_nothing_moves_for_a_minute(open_screen, pictures):
    """Neither the microwave, nor the band, nor what hangs there."""
    screen = open_screen(reduced_motion=True, gallery=Wall(plain(pictures, RED, GREEN)))
    screen.show(ATTRACT, NOW)
    still = looks(screen)
    for tenth in range(1, 590, 7):
        screen.show(ATTRACT, NOW + tenth / 10)
        assert looks(screen) == still


def test_all_that_an_operator_may_be_told_has_a_sign_and_words():
    """Each notice, and each reason why uploads do not get into the bucket; and nothing else has."""
    assert (set(ADVICE), set(ADVICE)) == (set(ICONS), set(words_in("en").notice))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [Size(800, 480), Size(480, 800)], ids=str)
@pytest.mark.parametrize("many", range(1, len(ADVICE) + 1))
def test_every_notice_is_named_or_counted(open_screen, size, language, many):
    """However many there are, the operator's line says all that fits, whole, and how many more there are."""
    screen = open_screen(size, language=language, languages=tuple(LANGUAGES))
    notices = ADVICE[:many]
    screen._canvas.written = lines = []
    screen.show(AttractScene(4, notices), 1000.0)
    box = strip.place(screen._layout, len(LANGUAGES))
    said = [line.text for line in lines if box.holds(*line.box.centre)]
    words = words_in(language).notice
    more = int(said[-1]) if said[-1].startswith("+") else 0
    named = said[: many - more]
    whole = words[notices[0]] if many == 1 else tuple(words[notice][0] for notice in notices[: many - more])
    assert many == len(named) + more
    assert set(named) <= set(whole)
    assert [] == [line.text for line in lines if line.cut or line.box.right > box.right]
