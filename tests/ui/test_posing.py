import itertools

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.scene import CountdownScene, FlashScene, FormScene, GetReadyScene
from booth.core.visit import SessionId
from booth.ports import Picture, Size
from booth.ui.drawing.playback import Film, Prints
from booth.ui.layout import TOWARDS, Box, Housing, Layout, Side
from booth.ui.pieces.posing import GROWN, STEP, places, slots

NOW = 100.0
VISIT = SessionId("visit")
SIZES = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(480, 800), Size(640, 480)]
RED, BLUE = (250, 0, 0), (0, 0, 250)


def plain(colour, width=64, height=48):
    """Return a picture of one colour."""
    return Picture(Size(width, height), bytes(colour) * (width * height))


def looks(screen):
    """Return the screen's pixels."""
    return pygame.image.tobytes(screen._surface, "RGB")


def parts(screen):
    """Return what is on the screen, by name."""
    return {patch.name: patch.box for patch in screen._repainter._shown}


def count(screen, colour):
    """Return how many pixels are about of *colour*."""
    return pygame.mask.from_threshold(screen._surface, colour, (40, 40, 40, 255)).count()


# ---- what is where


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lens", Side)
def test_nothing_but_the_cue_and_a_line_lies_over_the_preview(size, lens):
    """The preview has the shape of the frames, and the digit, the bar and the frames stand beside it."""
    at = places(Layout(size, Housing(lens=lens)))
    preview = at.preview
    assert preview.width * 3 == pytest.approx(preview.height * 4, abs=4)
    beside = [at.digit, at.bar, at.film]
    for box in beside:
        assert not box.meets(preview)
    for one, other in itertools.combinations(beside, 2):
        assert not one.meets(other)
    for box in (preview, *beside, at.cue, at.arrow, at.line, at.greeting):
        assert 0 <= box.x < box.right <= size.width
        assert 0 <= box.y < box.bottom <= size.height
    assert not at.cue.meets(at.greeting)
    assert not at.arrow.meets(at.line)


SHAPES = st.one_of(
    st.sampled_from([(480, 640), (640, 640), (640, 360), (1080, 1920), (64, 1920), (1920, 64), (1, 1)]),
    st.tuples(st.integers(1, 4096), st.integers(1, 4096)),
)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lens", Side)
@given(shape=SHAPES)
def test_the_preview_has_the_shape_of_any_animation(size, lens, shape):
    """To a pixel; and all else is beside it, on the screen, as large as ever."""
    at = places(Layout(size, Housing(lens=lens), Size(*shape)))
    preview, (across, down) = at.preview, shape
    assert abs(preview.width * down - preview.height * across) <= max(across, down)
    beside = [at.digit, at.bar, at.film]
    for box in beside:
        assert not box.meets(preview)
    for one, other in itertools.combinations(beside, 2):
        assert not one.meets(other)
    for box in (preview, *beside, at.cue, at.arrow, at.line, at.greeting):
        assert 0 <= box.x < box.right <= size.width
        assert 0 <= box.y < box.bottom <= size.height
    assert not at.cue.meets(at.greeting)
    assert not at.arrow.meets(at.line)
    assert min(at.digit.width, at.digit.height) >= 100


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_guests_who_will_not_be_in_the_animation_are_not_in_the_preview(open_screen, camera, size):
    """Four of them before a lens that is wider than the animation is: the two in the middle see themselves."""
    screen = open_screen(size, animation=Size(480, 640))
    middle_red = bytes((*BLUE, *RED, *RED, *BLUE))
    camera.append(Picture(Size(4, 3), middle_red * 3))
    screen.show(GetReadyScene(4, 2.0), NOW)
    preview = places(screen._layout).preview
    assert (0, True) == (count(screen, BLUE), count(screen, RED) > preview.width * preview.height // 2)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lens", Side)
def test_the_cue_is_at_the_edge_where_the_lens_is(size, lens):
    """Whoever follows the arrow leaves the preview towards the lens."""
    at = places(Layout(size, Housing(lens=lens)))
    preview, (x, y) = at.preview, at.arrow.centre
    dx, dy = TOWARDS[lens]
    assert (x - preview.centre[0]) * dx >= 0.3 * preview.width * abs(dx)
    assert (y - preview.centre[1]) * dy >= 0.3 * preview.height * abs(dy)


@pytest.mark.parametrize("size", SIZES[:4], ids=str)
def test_the_digit_can_be_read_from_three_metres(open_screen, size):
    """What is inked of it is 28 mm high or more on a panel of seven inches: a tenth of a degree for each stroke."""
    screen = open_screen(size)
    screen.show(CountdownScene(1, 4, 3, 0.5, VISIT), NOW)
    box = places(screen._layout).digit
    inked = pygame.mask.from_threshold(
        screen._surface.subsurface(box.tuple), screen._dress.theme.on_dark, (60, 60, 60, 255)
    ).get_bounding_rects()
    tall = max(rect.height for rect in inked)
    millimetres = 86.0 if size.width > size.height else 154.0
    assert tall * millimetres / size.height >= 28.0


@given(
    width=st.integers(40, 600), height=st.integers(40, 600), shots=st.integers(1, 12), gap=st.integers(0, 12),
    shape=st.sampled_from([(640, 480), (480, 640), (640, 640), (640, 360)]),
)  # fmt: skip
def test_there_is_a_place_for_every_frame(width, height, shots, gap, shape):
    """All inside, none over another, in reading order, of the animation's shape."""
    box = Box(7, 9, width, height)
    found = slots(box, shots, gap, Size(*shape))
    for place in found:
        assert place.height == pytest.approx(place.width * shape[1] / shape[0], abs=1)
    assert len(found) == shots
    for one, other in itertools.combinations(found, 2):
        assert not one.meets(other)
        assert (one.y, one.x) < (other.y, other.x)
    if (shots - 1) * gap + 8 * shots < min(width, height):
        for place in found:
            assert box.x <= place.x < place.right <= box.right
            assert box.y <= place.y < place.bottom <= box.bottom


# ---- the frames just taken


def test_the_frames_just_taken_are_seen(open_screen, album):
    """Each in its place, as soon as the album has it; those of another visit are not."""
    album.held = None
    screen = open_screen()
    screen.show(CountdownScene(1, 4, 3, 0.5, VISIT), NOW)
    assert 0 == count(screen, RED)
    album.taken = {1: plain(RED)}
    screen.show(CountdownScene(2, 4, 3, 0.5, VISIT), NOW + 1.0)
    screen.show(CountdownScene(2, 4, 2, 0.5, VISIT), NOW + 2.0)
    assert count(screen, RED) > 1500
    place = parts(screen)["frame 1"]
    assert RED == screen._surface.get_at(place.centre)[:3]
    album.taken = {}
    screen.show(CountdownScene(1, 4, 3, 0.5, SessionId("next")), NOW + 3.0)
    assert 0 == count(screen, RED)


def test_a_frame_leaps_in_and_lies_still(open_screen, album):
    """Large at first, then at its place; with reduced motion it is just there."""
    album.taken = {1: plain(RED)}
    screen = open_screen()
    screen.show(CountdownScene(2, 4, 3, 0.5, VISIT), NOW)
    sizes = []
    for step in range(len(GROWN) + 2):
        screen.show(CountdownScene(2, 4, 3, 0.5, VISIT), NOW + (step + 0.5) * STEP)
        sizes.append(parts(screen)["frame 1"].width)
    assert sizes[0] > sizes[1] > sizes[-1]
    assert sizes[-1] == sizes[-2]
    still = open_screen(reduced_motion=True)
    still.show(CountdownScene(2, 4, 3, 0.5, VISIT), NOW)
    assert sizes[-1] == parts(still)["frame 1"].width


def test_a_frame_that_is_missing_leaves_its_place_empty(open_screen, album):
    """One that could not be read small is no reason to move the others."""
    album.taken = {2: plain(RED)}
    screen = open_screen(reduced_motion=True)
    screen.show(CountdownScene(3, 4, 3, 0.5, VISIT), NOW)
    found = parts(screen)
    assert RED == screen._surface.get_at(found["frame 2"].centre)[:3]
    assert RED != screen._surface.get_at(found["frame 1"].centre)[:3]


def test_a_film_remembers_when_each_frame_came():
    """And begins anew with the next visit."""
    film, one, two = Film(), plain(RED), plain(BLUE)
    assert {1: (one, 0.0)} == film.developed(VISIT, {1: one}, NOW)
    assert {1: (one, 2.0), 2: (two, 0.0)} == film.developed(VISIT, {1: one, 2: two}, NOW + 2.0)
    assert {1: (two, 0.0)} == film.developed(SessionId("next"), {1: two}, NOW + 3.0)


def test_prints_are_made_once_and_only_the_latest_stay(open_screen):
    """A picture is scaled the first time; memory is bounded."""
    open_screen()
    prints, made = Prints(keep=2), []
    pictures = [plain(RED), plain(RED), plain(RED)]

    def ask(index):
        prints.made(pictures[index], "key", lambda: made.append(index) or pygame.Surface((1, 1)))

    for index in (0, 1, 0, 2, 0, 1):
        ask(index)
    assert [0, 1, 2, 1] == made
    prints.forget()
    ask(0)
    assert [0, 1, 2, 1, 0] == made


# ---- the flash


def test_the_flash_is_light(open_screen):
    """Nearly all of the screen is white, and says which picture it is for."""
    screen = open_screen()
    screen.show(FlashScene(2, 4, VISIT), NOW)
    assert count(screen, (255, 255, 255)) > 0.98 * 800 * 480
    assert "line" in parts(screen)


def test_without_the_flash_nothing_turns_white(open_screen):
    """Guests whom a flash harms are told to hold still instead."""
    screen = open_screen(flash=False)
    screen.show(CountdownScene(2, 4, 1, 0.1, VISIT), NOW)
    before = count(screen, (255, 255, 255))
    screen.show(FlashScene(2, 4, VISIT), NOW + 0.1)
    assert count(screen, (255, 255, 255)) < before + 0.05 * 800 * 480
    assert {"preview", "line", "cue"} <= set(parts(screen))


# ---- painting in parts


@pytest.mark.parametrize("size", [Size(800, 480), Size(480, 800)], ids=str)
def test_what_is_painted_in_parts_looks_like_the_whole(open_screen, album, camera, size):
    """Previews, digits, leaping frames and the nodding arrow leave nothing behind."""
    screen, now = open_screen(size), NOW
    screen.show(GetReadyScene(4, 1.0, VISIT), now)
    for shot in (1, 2, 3):
        for digit, part in itertools.product((2, 1), (1.0, 0.95, 0.9, 0.6, 0.3)):
            now += 0.07
            if part == 0.6:
                camera.append(plain((40 * shot, 30 * digit, 90), 640, 480))
            scene = CountdownScene(shot, 4, digit, part, VISIT)
            screen.show(scene, now)
            in_parts = looks(screen)
            screen._repainter.forget()
            screen.show(scene, now)
            assert looks(screen) == in_parts
        album.taken = {**album.taken, shot: plain(RED if shot % 2 else BLUE)}
    assert not isinstance(screen._scene, FormScene)
