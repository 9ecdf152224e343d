"""How an animation plays, and what is done to its colours: by real gm, on real pixels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import CompositorError
from booth.imaging import blocks, playback
from booth.imaging.effects import Effect
from booth.imaging.recipe import Recipe
from booth.ports import Size
from booth.units import Seconds

RED, GREEN, BLUE, YELLOW = "red", "green", "blue", "yellow"


def recipe(**rest):
    """Return a small recipe."""
    return Recipe(Size(64, 48), Seconds(0.2), 0, **rest)


def middle(picture):
    """Return red, green and blue in the middle."""
    at = 3 * (24 * 64 + 32)
    return tuple(picture.rgb[at : at + 3])


def pictures_in(encoded):
    """Return the bytes of each picture: what it looks like, and how long it is shown."""
    return [encoded[begin:end] for begin, end in blocks.places(encoded)]


class TestThereAndBack:
    def test_it_plays_back_to_the_second(self, compositor, frames, tmp_path):
        """Four frames are six pictures: neither the last nor the first is shown twice in a row."""
        playing = compositor(recipe(boomerang=True)).join(frames, tmp_path / "out.gif")
        shown = [bytes(picture.rgb) for picture in playing.pictures]
        assert [0, 1, 2, 3, 2, 1] == [shown.index(picture) for picture in shown]
        assert ((0.2,) * 6, 0) == (playing.delays, playing.loops)

    def test_no_frame_is_encoded_again(self, compositor, frames, tmp_path):
        """What plays back is the same bytes once more, behind an animation that is otherwise as it was."""
        made = []
        for boomerang in (False, True):
            compositor(recipe(boomerang=boomerang)).join(frames, tmp_path / "out.gif")
            made.append((tmp_path / "out.gif").read_bytes())
        once, back = (pictures_in(encoded) for encoded in made)
        assert [*once, once[2], once[1]] == back
        assert made[1].startswith(made[0][:-1])

    def test_what_comes_again_is_in_memory_once(self, compositor, frames, tmp_path):
        """A picture on the way back is the one of the way there."""
        shown = compositor(recipe(boomerang=True)).join(frames, tmp_path / "out.gif").pictures
        assert (True, True) == (shown[4] is shown[2], shown[5] is shown[1])

    @pytest.mark.parametrize(("count", "order"), [(1, [0]), (2, [0, 1]), (3, [0, 1, 2, 1])])
    def test_few_frames(self, compositor, frames, tmp_path, count, order):
        """One and two frames have no way back."""
        playing = compositor(recipe(boomerang=True)).join(frames[:count], tmp_path / "out.gif")
        shown = [bytes(picture.rgb) for picture in playing.pictures]
        assert order == [shown.index(picture) for picture in shown]

    def test_the_way_back_counts_against_the_budget(self, compositor, draw, tmp_path):
        """All pictures of the file together have no more bytes than they may."""
        frames = [draw(f"{shot}.jpg", "plasma:red-blue") for shot in range(4)]
        into = tmp_path / "out.gif"
        compositor(recipe(boomerang=True)).join(frames, into)
        most = into.stat().st_size - 1
        compositor(recipe(boomerang=True, most=most)).join(frames, into)
        assert into.stat().st_size <= most
        assert 6 == len(playback.read(into).pictures)

    def test_what_is_no_gif_is_not_turned(self, compositor, pretend_gm, frames, tmp_path):
        """What gm has made of the frames is looked at before it is taken apart."""
        torn = 'case "$*" in *-delay*) echo "GIF89a torn";; *) exec gm "$@";; esac'
        maker = compositor(recipe(boomerang=True), gm=pretend_gm(torn))
        with pytest.raises(CompositorError, match=r"out\.gif is not a whole GIF: make it again"):
            maker.join(frames, tmp_path / "out.gif")

    @given(st.binary(max_size=40), st.booleans())
    def test_any_bytes_are_a_gif_or_are_refused(self, content, headed):
        """Nothing else happens, whatever they are."""
        encoded = b"GIF89a" + content + b";" if headed else content
        try:
            turned = blocks.there_and_back(encoded)
        except ValueError:
            return
        assert turned.startswith(encoded[:-1])


class TestEffects:
    @pytest.fixture
    def shown(self, compositor, draw, tmp_path):
        """Return what a frame of one colour becomes, in the middle; an overlay may be laid over it."""

        def made(effect, colour, overlay=None, ahead=0):
            frames = [draw(f"{shot}.jpg", f"xc:{colour}") for shot in range(3)]
            maker = compositor(recipe(effect=effect, overlay=overlay))
            for frame in frames[:ahead]:
                maker.prepare(frame, frames[0])
            colours = {middle(picture) for picture in maker.join(frames, tmp_path / "out.gif").pictures}
            assert 1 == len(colours)
            return colours.pop()

        return made

    def test_none(self, shown):
        """As it comes colours are the camera's."""
        assert (200, 100, 50) == pytest.approx(shown(Effect.NONE, "rgb(200,100,50)"), abs=3)

    @pytest.mark.parametrize("ahead", [0, 2, 3])
    def test_black_and_white(self, shown, ahead):
        """As bright as before, in the eye's measure, and without a colour."""
        assert (124, 124, 124) == pytest.approx(shown(Effect.BLACK_AND_WHITE, "rgb(200,100,50)", ahead=ahead), abs=3)

    def test_black_and_white_has_all_greys(self, compositor, draw, tmp_path):
        """From black to white in steps that nobody sees: on four levels there would be sixteen."""
        frame = draw("slope.jpg", "gradient:black-white", size="64x480")
        whole = Recipe(Size(64, 480), Seconds(0.2), 0, effect=Effect.BLACK_AND_WHITE)
        (picture,) = compositor(whole).join([frame], tmp_path / "out.gif").pictures
        assert len(set(bytes(picture.rgb))) > 200

    @pytest.mark.parametrize("ahead", [0, 2, 3])
    def test_warm(self, shown, ahead):
        """More red, less blue, once, however the frames were prepared."""
        assert (138, 128, 115) == pytest.approx(shown(Effect.WARM, "rgb(128,128,128)", ahead=ahead), abs=3)

    @pytest.mark.parametrize(("colour", "level"), [("black", 0), ("white", 255)])
    def test_warm_leaves_black_and_white(self, shown, colour, level):
        """A white shirt stays white."""
        assert (level,) * 3 == pytest.approx(shown(Effect.WARM, colour), abs=2)

    def test_comic_has_few_colours(self, compositor, draw, tmp_path):
        """Twenty, and strong ones: of a picture with thousands."""
        frame = draw("frame.jpg", "plasma:red-blue")
        (picture,) = compositor(recipe(effect=Effect.COMIC)).join([frame], tmp_path / "out.gif").pictures
        pixels = set(zip(*[iter(bytes(picture.rgb))] * 3, strict=True))
        assert 2 <= len(pixels) <= 21

    def test_comic_has_strong_ones(self, shown):
        """What is a little red is red."""
        red, green, blue = shown(Effect.COMIC, "rgb(150,110,110)")
        assert (red - green > 60, abs(green - blue) < 8) == (True, True)

    @pytest.mark.parametrize(
        ("effect", "expected"),
        [(Effect.NONE, (0, 90, 200)), (Effect.WARM, (0, 90, 200)), (Effect.BLACK_AND_WHITE, (76, 76, 76))],
    )
    def test_the_overlay_keeps_its_colours_but_among_greys(self, shown, draw, effect, expected):
        """A brand is a brand in warm light, too; in a picture of greys it is grey."""
        brand = draw("brand.png", "xc:rgb(0,90,200)", size="64x48")
        assert expected == pytest.approx(shown(effect, "white", overlay=brand), abs=6)

    def test_how_finely_is_not_asked_where_the_effect_knows(self, compositor, pretend_gm, draw, tmp_path):
        """Greys want eight levels, and one call a frame."""
        calls = tmp_path / "calls"
        maker = compositor(
            recipe(effect=Effect.BLACK_AND_WHITE, finer_within=Seconds(30.0)),
            gm=pretend_gm(f'echo "$*" | grep -o "treedepth ." >> "{calls}"; exec gm "$@"'),
        )
        maker.prepare(frame := draw("frame.jpg", "xc:red"), frame)
        assert ["treedepth 8"] == calls.read_text().splitlines()
