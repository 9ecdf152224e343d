"""The strip: every frame of a visit on paper, in order, whole and not stretched."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth import jpeg
from booth.errors import CompositorError
from booth.imaging.effects import Effect
from booth.imaging.recipe import Recipe
from booth.imaging.strip import GAP, PAPER, STRIP, Printed, StripMaker, StripSection, spread
from booth.ports import Bench, Picture, Size
from booth.units import Pixels, Seconds
from tests.imaging.films import colour, pixel

TWELVE = ("red", "green", "blue", "yellow") * 3
CAMERA = Size(Pixels(1640), Pixels(1232))
ANIMATION = Recipe(Size(Pixels(64), Pixels(48)), Seconds(0.5), 0)


@pytest.fixture
def make_maker(tmp_path):
    """Return the maker of strip makers, with the real gm unless told otherwise."""

    def made(look: Printed | None = None, recipe: Recipe = ANIMATION, *, deadline=30.0, **programs) -> StripMaker:
        return StripMaker(Bench(tmp_path / "scratch", recipe, 4), look or Printed(), Seconds(deadline), **programs)

    return made


def seen(strip: bytes) -> Picture:
    """Return a strip as it is seen, decoded by gm."""
    size = jpeg.size_of(strip)
    assert size is not None
    shown = subprocess.run(
        ("gm", "convert", "jpeg:-", "-depth", "8", "rgb:-"), input=strip, capture_output=True, check=True
    )
    return Picture(size, shown.stdout)


def middles(strip: bytes, look: Printed, frame: Size, frames: int) -> list[str]:
    """Return which colour is in the middle of each place for a frame."""
    on, picture = spread(look, frame, frames), seen(strip)
    half = (on.cell.width // 2, on.cell.height // 2)
    return [colour(pixel(picture, left + half[0], top + half[1])) for left, top in on.corners]


@given(
    frames=st.integers(1, 12), width=st.integers(64, 4608), height=st.integers(64, 4608),
    margin=st.integers(0, 118), foot=st.integers(0, 709),
)  # fmt: skip
def test_all_frames_fit_on_the_paper_and_most_of_each_is_seen(frames, width, height, margin, foot):
    """Whatever the camera's shape: as many places as frames, beside and below each other, inside of the margins."""
    look, frame = Printed(margin=Pixels(margin), foot=Pixels(foot)), Size(Pixels(width), Pixels(height))
    on = spread(look, frame, frames)
    assert frames == len(on.corners)
    assert sorted(on.corners, key=lambda corner: (corner[1], corner[0])) == list(on.corners)
    for left, top in on.corners:
        assert margin <= left <= left + on.cell.width <= PAPER.width - margin
        assert margin <= top <= top + on.cell.height <= PAPER.height - margin - foot
    for one, (left, top) in enumerate(on.corners):
        for other_left, other_top in on.corners[:one]:
            assert left - other_left >= on.cell.width + GAP or abs(top - other_top) >= on.cell.height + GAP
    if min(on.cell.width, on.cell.height) >= 100:  # of fewer pixels, one is more than a per cent
        seen_of_it = on.cell.width / on.cell.height / (width / height)
        assert 0.74 <= min(seen_of_it, 1 / seen_of_it)


@settings(max_examples=4, deadline=None)
@given(count=st.integers(1, 12), sheets=st.integers(1, 2), shape=st.sampled_from(["164x123", "123x164", "192x108"]))
def test_frames_are_in_order_on_real_paper(make_strip, count, sheets, shape):
    """Flat frames, one colour each: every one is where its turn is, on both halves, and the paper is as large."""
    frames, strip = make_strip(count, sheets, shape)
    size = jpeg.size_of(frames[0].read_bytes())
    assert Size(Pixels(600 * sheets), Pixels(1800)) == jpeg.size_of(strip)
    assert list(TWELVE[:count]) == middles(strip, Printed(sheets=sheets), size, count)
    if sheets == 2:
        on, picture = spread(Printed(), size, count), seen(strip)
        right = [pixel(picture, 600 + left + on.cell.width // 2, top + on.cell.height // 2) for left, top in on.corners]
        assert list(TWELVE[:count]) == [colour(found) for found in right]


@pytest.fixture(scope="module")
def make_strip(tmp_path_factory):
    """Return what makes a strip of so many flat frames of a shape; it returns the frames, too."""
    folder = tmp_path_factory.mktemp("strips")

    def made(count, sheets, shape):
        frames = [folder / f"{shape}-{shot}.jpg" for shot in range(count)]
        for frame, name in zip(frames, TWELVE, strict=False):
            if not frame.exists():
                subprocess.run(("gm", "convert", "-size", shape, f"xc:{name}", frame), check=True)
        maker = StripMaker(Bench(folder / "scratch", ANIMATION, count), Printed(sheets=sheets), Seconds(60.0))
        return frames, maker.make(frames)

    return made


def test_a_frame_is_cropped_on_both_sides_and_not_stretched(make_maker, draw):
    """A square in the middle of a wide frame is one on paper; what is at the edges is lost alike."""
    drawing = ("-fill", "blue", "-draw", "rectangle 70,40 129,99")
    wide = draw("wide.jpg", "xc:red", *drawing, size="200x140")
    strip = make_maker(Printed(foot=Pixels(0))).make([wide])
    on, picture = spread(Printed(foot=Pixels(0)), Size(Pixels(200), Pixels(140)), 1), seen(strip)
    ((left, top),) = on.corners
    row = [colour(pixel(picture, x, top + on.cell.height // 2)) for x in range(left, left + on.cell.width)]
    column = [colour(pixel(picture, left + on.cell.width // 2, y)) for y in range(top, top + on.cell.height)]
    assert abs(row.count("blue") - column.count("blue")) <= 4
    assert abs(row.index("blue") - row[::-1].index("blue")) <= 4


def test_what_a_printer_is_told(make_maker, photographs):
    """So many dots in an inch, a picture and nothing beside it: no camera's words, and no colours of another kind."""
    strip = make_maker(Printed(sheets=2)).make(photographs)
    assert b"JFIF\0\1\1\1\x01\x2c\x01\x2c\0\0" == strip[6:20]
    assert (strip, 3, 1) == (jpeg.whole(strip), jpeg.colours_of(strip), jpeg.orientation_of(strip))
    assert [-1, -1, -1] == [strip.find(word) for word in (b"Exif", b"ICC_PROFILE", b"http")]


def test_paper_and_layout_are_as_wanted(make_maker, frames, draw):
    """The background is around the frames and on the foot; what the layout has lies over all, on each strip."""
    overlay = draw("o.png", "xc:none", "-fill", "#0000ff", "-draw", "rectangle 0,1650 599,1799", size="600x1800")
    look = Printed(sheets=2, background="#ffff00", overlay=overlay)
    picture = seen(make_maker(look).make(frames))
    found = [colour(pixel(picture, x, y)) for y in (10, 1700) for x in (10, 590, 610, 1190)]
    assert ["yellow"] * 4 + ["blue"] * 4 == found


def test_the_event_s_effect_is_on_it(make_maker, frames):
    """Grey frames on white paper, as in the animation."""
    recipe = Recipe(ANIMATION.size, Seconds(0.5), 0, effect=Effect.BLACK_AND_WHITE)
    picture = seen(make_maker(recipe=recipe).make(frames))
    assert {0} == {max(found) - min(found) for y in range(100, 1700, 100) if (found := pixel(picture, 300, y))}


class TestWhatGoesWrong:
    @pytest.fixture
    def fails(self, frames, tmp_path):
        """Return what expects that no strip is made, for this reason, and that nothing is left."""

        def failing(maker, sentence, made_of=None):
            with pytest.raises(CompositorError, match=sentence):
                maker.make(frames[:1] if made_of is None else made_of)
            assert [] == list((tmp_path / "scratch").rglob("*"))

        return failing

    @pytest.mark.parametrize(
        ("lines", "sentence"),
        [
            ("echo no paint >&2; exit 3", r"gm ended with status 3 \(no paint\)"),
            ("echo P6", "are no 528x528 pixels"),
            ('case "$*" in *xc:*) echo garbage;; *) exec gm "$@";; esac', "is no JPEG of 600x1800"),
            ('case "$*" in *xc:*) exit 0;; *) exec gm "$@";; esac', r"strip\.jpg: what gm made is no JPEG of 600x1800"),
            ('case "$*" in *xc:*) exec gm convert xc:red jpeg:-;; *) exec gm "$@";; esac', "is no JPEG of 600x1800"),
            ('exec gm "$@" > /dev/full', "Free some space"),
            ("exec sleep 1000", r"gm did not finish within 0\.0"),
        ],
        ids=["fails", "pixels", "garbage", "nothing", "another", "full", "hangs"],
    )  # fmt: skip
    def test_gm_does_something_else(self, make_maker, pretend_gm, fails, lines, sentence):
        """It is seen before anybody is shown the strip."""
        times = iter([0.0, *[59.9999 if "sleep" in lines else 0.0] * 9])
        fails(make_maker(gm=pretend_gm(lines), deadline=60.0, now=lambda: next(times)), sentence)

    def test_a_frame_that_is_none(self, make_maker, fails, frames):
        """A torn one is told by its name."""
        frames[0].write_bytes(b"no JPEG")
        fails(make_maker(), r"frame-1\.jpg is no JPEG")

    def test_no_frames_and_a_layout_that_went(self, make_maker, fails, tmp_path):
        """Both are sentences."""
        fails(make_maker(), "no frames", ())
        fails(make_maker(Printed(overlay=tmp_path / "strip.png")), r"the layout's strip\.png is not there")

    def test_closing(self, make_maker, fails):
        """From then on none is made."""
        maker = make_maker()
        maker.close()
        maker.close()
        fails(maker, "the booth is stopping")


def test_no_owner_wants_one_unasked(tmp_path):
    """It is off as it comes; switched on, it goes out beside the GIF."""
    bench = Bench(tmp_path, ANIMATION, 4)
    assert StripSection().output(bench) is None
    output = StripSection(enabled=True, deadline_s=20.0).output(bench)
    assert output is not None
    assert (STRIP, 20.0) == (output.kind, output.longest)
    assert ("strip.jpg", "image/jpeg", "-strip.jpg") == (STRIP.file, STRIP.media_type, STRIP.ending)
