import random
from itertools import count

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.imaging import budget
from booth.imaging.graphicsmagick import STEPS
from booth.imaging.recipe import Recipe
from booth.ports import Size
from booth.units import Seconds

sizes = st.builds(Size, st.integers(1, 1920), st.integers(1, 1920))


@pytest.fixture
def noise(tmp_path):
    """Return the painter of frames of which every pixel is another: nothing has more bytes."""

    def painted(number, size=(120, 90), seed=0):
        dice, frames = random.Random(seed), []
        for shot in range(number):
            frames.append(tmp_path / f"noise-{shot}.jpg")
            pixels = dice.randbytes(3 * size[0] * size[1])
            pygame.image.save(pygame.image.frombytes(pixels, size, "RGB"), frames[-1])
        return frames

    return painted


def recipe(width=120, height=90, *, most, shots=4):
    """Return a recipe of an animation that may have so many bytes."""
    return Recipe(Size(width, height), Seconds(0.5), 0, shots=shots, most=most)


class TestHowSmall:
    @given(sizes, st.integers(1, 22), st.integers(100_000, 20_000_000))
    def test_what_is_sure_fits_whatever_it_shows(self, size, pictures, most):
        """For every size, number of pictures and budget that settings can have."""
        sure = budget.sure(recipe(*size_of(size), most=most), pictures)
        assert budget.worst(sure, pictures) <= most
        assert (sure.width, sure.height) <= (size.width, size.height)

    @given(sizes, st.integers(1, 22), st.integers(100_000, 20_000_000), st.floats(1.001, 1000))
    def test_each_step_is_smaller_until_it_is_sure(self, size, pictures, most, over):
        """However little was too much; so a few of them end somewhere."""
        asked = recipe(*size_of(size), most=most)
        sure = budget.sure(asked, pictures)
        tried = budget.smaller(asked, size, pictures, int(most * over))
        assert tried == sure or sure.width * sure.height < tried.width * tried.height < size.width * size.height

    def test_pictures_keep_their_shape(self):
        """Four pictures with a fifth more bytes than they may have become narrower and lower alike, to a pixel."""
        assert Size(569, 427) == budget.smaller(recipe(640, 480, most=1_000_000), Size(640, 480), 4, 1_200_000)

    def test_enough_is_left_alone(self):
        """What fits at its worst is sure as it is."""
        assert Size(64, 48) == budget.sure(recipe(64, 48, most=100_000), 4)


def size_of(size):
    """Return both sides of *size*."""
    return size.width, size.height


class TestAnAnimation:
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 9), shots=st.integers(1, 3), most=st.integers(6_000, 40_000), ahead=st.booleans())
    def test_it_never_has_more_bytes_than_it_may(self, compositor, noise, tmp_path, seed, shots, most, ahead):
        """Any burst of noise, whether its frames were prepared or not."""
        frames, into = noise(shots, seed=seed), tmp_path / "out.gif"
        maker = compositor(recipe(most=most, shots=shots))
        for frame in frames[:-1] if ahead else []:
            maker.prepare(frame, frames[0])
        playing = maker.join(frames, into)
        assert into.stat().st_size <= most
        assert shots == len(playing.pictures)
        assert [] == list((tmp_path / "scratch").iterdir())

    def test_what_fits_is_left_as_it_is(self, compositor, frames, tmp_path):
        """The same bytes as without a budget."""
        made = []
        for most in (None, 100_000):
            compositor(recipe(most=most)).join(frames, tmp_path / "out.gif")
            made.append((tmp_path / "out.gif").read_bytes())
        assert made[0] == made[1]

    def test_a_mail_program_that_shows_the_first_picture_shows_all_of_it(self, compositor, noise, tmp_path):
        """It has the animation's size and 256 colours of its own, like the others: nothing was saved on it."""
        into = tmp_path / "out.gif"
        first, second = compositor(recipe(most=20_000, shots=2)).join(noise(2), into).pictures
        width, height = (int.from_bytes(into.read_bytes()[at : at + 2], "little") for at in (6, 8))
        assert Size(width, height) == first.size == second.size
        colours = [len(set(zip(*[iter(bytes(picture.rgb))] * 3, strict=True))) for picture in (first, second)]
        assert [256, 256] == colours

    def test_it_is_decided_on_the_first_frame(self, compositor, noise, pretend_gm, tmp_path):
        """While the guest poses for the next: after the last shutter gm is called once, as ever."""
        frames, calls = noise(3), tmp_path / "calls"
        maker = compositor(recipe(most=30_000, shots=3), gm=pretend_gm(f'echo >> "{calls}"; exec gm "$@"'))
        for frame in frames[:-1]:
            maker.prepare(frame, frames[0])
        before = len(calls.read_text())
        maker.join(frames, tmp_path / "out.gif")
        assert 1 == len(calls.read_text()) - before

    def test_each_step_is_told(self, compositor, noise, tmp_path):
        """How many bytes there were, how many there may be, and how large the pictures are now."""
        frames = noise(2)
        maker = compositor(recipe(most=20_000, shots=2))
        with capture_logs() as told:
            playing = maker.join(frames, tmp_path / "out.gif")
        assert {"animation.smaller"} == {line["event"] for line in told}
        assert {"event", "log_level", "bytes", "most", "width", "height"} == set(told[-1])
        assert 20_000 == told[-1]["most"] < told[0]["bytes"]
        assert playing.pictures[0].size == Size(told[-1]["width"], told[-1]["height"])

    def test_later_frames_may_be_the_larger_ones(self, compositor, draw, noise, tmp_path):
        """A plain first frame promised that there is room; all are made smaller behind the last, in a few steps."""
        frames = [draw("plain.jpg", "xc:red"), *noise(2)]
        with capture_logs() as told:
            compositor(recipe(most=20_000, shots=3)).join(frames, tmp_path / "out.gif")
        assert (tmp_path / "out.gif").stat().st_size <= 20_000
        assert 1 <= len(told) <= STEPS

    def test_so_few_bytes_that_there_is_no_such_gif(self, compositor, noise, tmp_path):
        """The smallest is kept, and the operator told."""
        frames = noise(2)
        with capture_logs() as told:
            playing = compositor(recipe(most=50, shots=2)).join(frames, tmp_path / "out.gif")
        assert Size(1, 1) == playing.pictures[0].size
        assert ("animation.too_many_bytes", "error", "there is no smaller one") == (
            told[-1]["event"],
            told[-1]["log_level"],
            told[-1]["why"],
        )

    def test_there_is_no_time_for_smaller_ones(self, compositor, draw, noise, tmp_path):
        """What there is is kept, and the operator told why: a guest rather has a large animation than none."""
        frames = [draw("plain.jpg", "xc:red"), *noise(2)]
        maker = compositor(recipe(most=20_000, shots=3), now=count(step=86_400).__next__)
        with capture_logs() as told:
            playing = maker.join(frames, tmp_path / "out.gif")
        assert [Size(120, 90)] * 3 == [picture.size for picture in playing.pictures]
        assert "animation.too_many_bytes" == told[-1]["event"]
        assert (
            "gm did not finish within 0.0 s and was stopped. The frames are kept" == told[-1]["why"].split(": ")[1][:67]
        )
