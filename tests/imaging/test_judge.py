import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from structlog.testing import capture_logs

from booth.core.events import Notice
from booth.core.visit import SessionId
from booth.imaging.judge import (
    IN_A_ROW,
    KNOWN,
    PICTURES,
    RIGHT,
    ROWS,
    SMALLEST,
    SOFT_IN_A_ROW,
    Judge,
    fault_of,
    measured,
)
from lab import judged
from lab.judged import picture_of

HEIGHT, WIDTH = 180, 240
GOOD, BAD = dict(judged.good()), {name: (frame, told) for name, frame, told in judged.bad()}
SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(deadline=None, max_examples=30)
"""Each example is a picture, or a night of them."""


@pytest.fixture(scope="module")
def originals():
    """Return the bundled photographs and the painted party as the booth reads them, ``(180, 240, 3)``."""
    frames = [*judged.photographs(), *(judged.party(shot) for shot in range(4))]
    return [pixels(judged.small(frame)) for frame in frames]


def pixels(picture):
    """Return what is in a picture."""
    return np.frombuffer(picture.rgb, np.uint8).reshape(picture.size.height, picture.size.width, 3)


def clipped(values):
    """Return numbers as pixels."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def grain(seed, deviation):
    """Return a sensor's noise, as it is in a small picture."""
    return np.random.default_rng(seed).normal(0, deviation, (HEIGHT, WIDTH, 3))


def verdict(values):
    """Return what is told of one picture."""
    return fault_of(measured(picture_of(clipped(values))))


# ---- one picture


@pytest.mark.parametrize("name", GOOD)
def test_of_a_picture_nothing_is_told(name):
    """Photographs, also dark, bright or a little blurred ones; a dim party; a guest before a wall; colour bars."""
    assert judged.told(measured(judged.small(GOOD[name]))) == ""


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_told(name):
    """As what it is."""
    frame, told = BAD[name]
    assert told == judged.told(measured(judged.small(frame)))


@FEW
@given(SEEDS, st.floats(0, 8), st.floats(0, 1.8))
def test_black_is_black_however_noisy(seed, level, noise):
    """A sensor in the dark is not at zero, and amplifies what it has."""
    assert Notice.PICTURE_BLACK is verdict(level + grain(seed, noise))


@FEW
@given(
    seed=SEEDS,
    light=st.floats(10, 220),
    wide=st.floats(8, 30),
    edge=st.sampled_from([(0.0, 0.5), (1.0, 0.3), (0.4, 0.0), (0.6, 1.0), (1.0, 1.0)]),
    colour=st.tuples(*[st.floats(0.3, 1)] * 3),
)
def test_light_that_leaks_in_makes_no_picture(seed, light, wide, edge, colour):
    """From whatever side it comes under the cap."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    away = (across - edge[0] * WIDTH) ** 2 + (down - edge[1] * HEIGHT) ** 2
    glow = light * np.exp(-away / (2 * wide**2))[:, :, None] * np.array(colour)
    assert Notice.PICTURE_BLACK is verdict(2 + glow + grain(seed, 1.0))


@FEW
@given(SEEDS, st.floats(250, 300), st.floats(0, 1.5), st.floats(0, 0.05))
def test_a_picture_without_anything_dark_is_burnt_out(seed, level, noise, specks):
    """But for a few specks."""
    values = level + grain(seed, noise)
    values[np.random.default_rng(seed).random((HEIGHT, WIDTH)) < specks] = 40
    assert Notice.PICTURE_BURNT is verdict(values)


@FEW
@given(SEEDS, st.tuples(*[st.integers(20, 235)] * 3), st.floats(0, 2))
def test_one_colour_is_no_picture_whichever_it_is(seed, colour, noise):
    """Grey, red, or that of a coat on the lens."""
    assert Notice.PICTURE_FLAT is verdict(np.array(colour) + grain(seed, noise))


@FEW
@given(
    which=st.integers(0, 7),
    light=st.floats(0.2, 3),
    gamma=st.floats(0.6, 1.6),
    noise=st.floats(0, 4),
    blur=st.floats(0, 0.7),
    seed=SEEDS,
)
def test_a_picture_is_one_in_any_light(originals, which, light, gamma, noise, blur, seed):
    """Bright or dim, hard or soft, with a sensor's noise, and not quite in focus."""
    values = np.asarray(Image.fromarray(originals[which]).filter(ImageFilter.GaussianBlur(blur)))
    seen = clipped(light * 255 * (values / 255) ** gamma + grain(seed, noise))
    # What has so little light after all that is a matter of taste; brighter ones are seen.
    if np.percentile(seen.max(axis=2), 80) >= 16:
        assert "" == judged.told(measured(picture_of(seen)))


@FEW
@given(
    which=st.integers(0, 7),
    wide=st.integers(80, 240),
    at=st.floats(0, 1),
    wall=st.integers(60, 300),
    seed=SEEDS,
)
def test_a_guest_before_a_wall_is_a_picture(originals, which, wide, at, wall, seed):
    """However white the wall, or burnt out, wherever the guest stands."""
    values = wall + grain(seed, 1.0)
    high = wide * HEIGHT // WIDTH
    left = int(at * (WIDTH - wide))
    guest = Image.fromarray(originals[which]).resize((wide, high))
    values[HEIGHT - high :, left : left + wide] = np.asarray(guest)
    assert "" == judged.told(measured(picture_of(clipped(values))))


@FEW
@given(which=st.integers(0, 7), light=st.floats(0.5, 1), blur=st.floats(1.6, 4))
def test_a_lens_that_is_far_out_of_focus_is_told_in_any_light(originals, which, light, blur):
    """From some eight pixels of a frame of 1280x960 on."""
    values = np.asarray(Image.fromarray(originals[which]).filter(ImageFilter.GaussianBlur(blur)))
    assert judged.told(measured(picture_of(clipped(values * light)))) == "soft"


@FEW
@given(which=st.integers(0, 7), light=st.floats(0.5, 1))
def test_light_is_no_focus(originals, which, light):
    """A picture is as sharp in less of it."""
    was = measured(picture_of(originals[which])).sharpness
    assert was == pytest.approx(measured(picture_of(clipped(originals[which] * light))).sharpness, rel=0.02)


def test_a_party_in_one_colour_of_light_is_seen(originals):
    """What has nothing in green has something in blue."""
    blue = originals[0] * np.array([0.0, 0.0, 0.6])
    assert judged.told(measured(picture_of(clipped(blue)))) == ""


def test_guests_who_jump_are_not_out_of_focus(originals):
    """They are blurred in one direction, and sharp in the other."""
    moved = np.mean([np.roll(originals[0], by, axis=1) for by in range(-4, 5)], axis=0)
    assert judged.told(measured(picture_of(clipped(moved)))) == ""


@pytest.mark.parametrize("size", [(SMALLEST - 1, 180), (240, SMALLEST - 1), (1, 1)])
def test_of_a_tiny_picture_nothing_is_said(size):
    """There is too little to measure."""
    assert measured(picture_of(np.zeros((size[1], size[0], 3), np.uint8))) is None


@pytest.mark.parametrize("size", [(135, 180), (240, 16), (16, 16), (101, 77)])
def test_pictures_of_any_shape_are_measured(size):
    """Upright ones, and what is hardly larger than nothing."""
    grey = np.full((size[1], size[0], 3), 90, np.uint8)
    assert Notice.PICTURE_FLAT is fault_of(measured(picture_of(grey)))


def test_others_have_their_turn_after_each_row(originals):
    """The preview must not wait for a look to end."""
    turns = []
    measured(picture_of(originals[0]), lambda: turns.append(1))
    assert 2 * ((HEIGHT - 4 + 2) // 3) == len(turns)
    assert len(turns) >= 2 * ROWS - 2


# ---- one after the other


class Night:
    """A judge, and what it told: what began (+), what ended (-)."""

    def __init__(self):
        self.judge = Judge()
        self.visit = 0

    def sees(self, frames, *, visit=True):
        """Show it frames, of a visit of their own; return what it told."""
        self.visit += visit
        told = []
        with capture_logs() as logs:
            for frame in frames:
                self.judge.look(SessionId(f"visit {self.visit}"), picture_of(clipped(frame)))
        for line in logs:
            began = line["event"] == "pictures.wrong"
            assert line["event"] == ("pictures.wrong" if began else "pictures.right")
            told.append(f"+{line['what']}" if began else f"-{line['was']}")
        return [word.replace("picture-", "") for word in told]

    def holds(self):
        """Return what holds."""
        return {notice for notice in PICTURES if self.judge.holds(notice)}


@pytest.fixture
def night():
    """Return a night that begins."""
    return Night()


def dark(seed):
    """Return what a sensor gives with the cap on."""
    return 3 + grain(seed, 1.0)


def seen(originals, seed, light=1.0):
    """Return a sharp picture that no other is like."""
    return originals[seed % 8] * light + grain(seed, 0.7)


def blurry(originals, seed):
    """Return a picture that is out of focus."""
    soft = Image.fromarray(originals[seed % 8]).filter(ImageFilter.GaussianBlur(2.5))
    return np.asarray(soft) + grain(seed, 0.3)


def test_a_cap_that_is_left_on_is_told_once_all_night(night, originals):
    """And taken back once, when it is off."""
    assert ["+black"] == night.sees([dark(seed) for seed in range(40)])
    assert {Notice.PICTURE_BLACK} == night.holds()
    assert ["-black"] == night.sees([seen(originals, seed) for seed in range(IN_A_ROW)])
    assert set() == night.holds()
    assert [] == night.sees([seen(originals, seed) for seed in range(8, 30)])


def test_the_verdict_on_the_last_picture_is_told(night, originals):
    """Of one alone, before anything holds: for whoever has just taken it to see."""
    told = [night.judge.verdict]
    for frame in (dark(1), seen(originals, 1)):
        night.sees([frame])
        told.append(night.judge.verdict)
    assert ["", "picture-black", RIGHT] == told


def test_a_hand_on_the_lens_is_a_guest_s_joke(night, originals):
    """Over two frames of a visit, again and again."""
    for visit in range(5):
        frames = [dark(visit), seen(originals, visit), dark(visit + 50), dark(visit + 60), seen(originals, visit + 8)]
        assert [] == night.sees(frames)


def test_one_good_frame_takes_nothing_back(night, originals):
    """A lens that is covered but for a moment is covered."""
    night.sees([dark(seed) for seed in range(4)])
    assert [] == night.sees([seen(originals, 1), seen(originals, 2), dark(9), seen(originals, 3), seen(originals, 4)])
    assert {Notice.PICTURE_BLACK} == night.holds()


def test_what_is_wrong_is_told_with_a_cause_and_a_cure(night):
    """One line of the log, for whoever comes to mend it; nothing of a guest is in it."""
    with capture_logs() as logs:
        for seed in range(IN_A_ROW):
            night.judge.look(SessionId("a visit"), picture_of(clipped(dark(seed))))
    assert [{
        "event": "pictures.wrong",
        "log_level": "warning",
        "session": "a visit",
        "what": "picture-black",
        "why": "pictures are black: take the cap off the lens, look at what covers it, switch a light on",
    }] == logs  # fmt: skip


def test_from_black_to_white_is_two_things(night):
    """The first is over when the other has begun."""
    night.sees([dark(seed) for seed in range(3)])
    assert ["-black", "+burnt"] == night.sees([260 + grain(seed, 1) for seed in range(4)])
    assert ["-burnt", "+flat"] == night.sees([120 + grain(seed, 1) for seed in range(4)])


def test_a_picture_that_comes_twice_in_a_visit_is_told(night, originals):
    """No sensor gives the same one twice; one that is frozen does, or what reads it."""
    first, second = seen(originals, 1), seen(originals, 2)
    assert ["+frozen"] == night.sees([first, second, first])
    assert [] == night.sees([first] * 4)
    assert {Notice.PICTURE_FROZEN} == night.holds()


def test_a_picture_that_the_last_visit_ended_with_is_told(night, originals):
    """A booth of one frame a visit has no other way to find out."""
    assert [] == night.sees([seen(originals, 1)])
    assert ["+frozen"] == night.sees([seen(originals, 1)])
    assert ["-frozen"] == night.sees([seen(originals, seed) for seed in range(2, 2 + IN_A_ROW)])


def test_the_same_photographs_in_each_visit_are_no_camera_that_froze(night, originals):
    """The simulator shows a folder's, one after the other, from the first again."""
    for _ in range(6):
        assert [] == night.sees(originals[:4])


@pytest.mark.parametrize(("level", "told"), [(0, "+black"), (255, "+burnt"), (90, "+flat")])
def test_of_two_pictures_without_anything_on_them_nobody_can_say_that_they_are_the_same(night, level, told):
    """They are told as what they are, and not as frozen, too."""
    assert [told] == night.sees([np.full((HEIGHT, WIDTH, 3), level)] * 8)


def test_a_lens_that_has_lost_its_focus_is_told_once(night, originals):
    """After two visits of it, and taken back when it has it again."""
    assert [] == night.sees([seen(originals, seed) for seed in range(KNOWN)])
    assert [] == night.sees([blurry(originals, seed) for seed in range(SOFT_IN_A_ROW - 1)])
    assert ["+soft"] == night.sees([blurry(originals, seed) for seed in range(50, 80)])
    assert {Notice.PICTURE_SOFT} == night.holds()
    assert ["-soft"] == night.sees([seen(originals, seed) for seed in range(100, 100 + IN_A_ROW)])


def test_one_who_comes_too_near_is_no_lost_focus(night, originals):
    """Not even with one visit of it, nor with each second frame."""
    night.sees([seen(originals, seed) for seed in range(KNOWN)])
    for visit in range(4):
        assert [] == night.sees([blurry(originals, 4 * visit + seed) for seed in range(4)])
        assert [] == night.sees([seen(originals, 40 + visit)])


def test_a_camera_that_was_never_sharp_is_not_less_so(night, originals):
    """It is what it is: nobody can tell a cheap lens from one that was knocked."""
    assert [] == night.sees([blurry(originals, seed) for seed in range(60)])


def test_before_a_camera_is_known_nothing_is_said_of_its_focus(night, originals):
    """Of a few pictures there is no measure."""
    night.sees([seen(originals, seed) for seed in range(KNOWN // 2 - 1)])
    assert [] == night.sees([blurry(originals, seed) for seed in range(SOFT_IN_A_ROW + 4)])


def test_a_dark_noisy_evening_does_not_make_the_next_day_blurred(night, originals):
    """Noise is sharper than any picture."""
    dusk = [clipped(originals[seed % 8] * 0.3) + grain(seed, 9) for seed in range(60)]
    assert [] == night.sees(dusk)
    soft = [Image.fromarray(originals[seed % 8]).filter(ImageFilter.GaussianBlur(0.7)) for seed in range(20)]
    assert [] == night.sees([np.asarray(frame) + grain(seed, 0.3) for seed, frame in enumerate(soft)])


def test_a_dark_visit_takes_a_lost_focus_neither_back_nor_further(night, originals):
    """Of black pictures nobody can tell how sharp they are."""
    night.sees([seen(originals, seed) for seed in range(KNOWN)])
    night.sees([blurry(originals, seed) for seed in range(SOFT_IN_A_ROW)])
    assert ["+black"] == night.sees([dark(seed) for seed in range(6)])
    assert {Notice.PICTURE_BLACK, Notice.PICTURE_SOFT} == night.holds()


@pytest.mark.parametrize("kind", ["the same again", "fog"])
def test_what_says_nothing_of_the_focus_does_not_give_it_back(night, originals, kind):
    """The same blurred picture again, or one with next to nothing on it."""
    night.sees([seen(originals, seed) for seed in range(KNOWN)])
    night.sees([blurry(originals, seed) for seed in range(SOFT_IN_A_ROW)])
    fog = np.linspace(90, 120, WIDTH)[None, :, None] + np.zeros((HEIGHT, WIDTH, 3))
    frames = {"the same again": [blurry(originals, 3)] * 6, "fog": [fog + grain(seed, 1.0) for seed in range(6)]}
    night.sees(frames[kind])
    assert night.judge.holds(Notice.PICTURE_SOFT)


@settings(FEW, max_examples=6)
@given(st.lists(st.tuples(st.integers(0, 7), st.floats(0.25, 2), SEEDS), min_size=16, max_size=32))
def test_of_a_good_night_nothing_is_told(originals, frames):
    """Whatever comes after whatever, in any light."""
    night = Night()
    for number in range(0, len(frames), 4):
        assert [] == night.sees([
            originals[which] * light + grain([seed, number, shot], 1.0)
            for shot, (which, light, seed) in enumerate(frames[number : number + 4])
        ])  # fmt: skip


@settings(FEW, max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(["good", "dark", "flat", "soft"]), SEEDS), max_size=60))
def test_what_began_ends_before_it_begins_again(originals, frames):
    """In every order of good and bad pictures, and what holds is what has begun and not ended."""
    night, holding = Night(), set()
    make = {
        "good": seen,
        "soft": blurry,
        "dark": lambda _, seed: dark(seed),
        "flat": lambda _, seed: 99 + grain(seed, 1),
    }
    for number, (kind, seed) in enumerate(frames):
        for word in night.sees([make[kind](originals, seed + number)]):
            assert (word[0] == "-") is (word[1:] in holding)
            holding ^= {word[1:]}
        assert holding == {notice.value.removeprefix("picture-") for notice in night.holds()}
