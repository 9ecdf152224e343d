"""How finely the colours of a burst are reduced: five levels for plain pictures, four for all others."""

import random

import pygame
import pytest
from structlog.testing import capture_logs

from booth.imaging import blocks
from booth.imaging.recipe import Recipe
from booth.ports import Size
from booth.units import Seconds

SIZE = (160, 120)


def recipe(within=30.0):
    """Return a recipe that has so many seconds for a fine frame."""
    return Recipe(Size(*SIZE), Seconds(0.5), 0, finer_within=Seconds(within))


def painted(folder, name, pixel):
    """Paint a frame by what a pixel is at its place."""
    rows = (bytes(pixel(x, y)) for y in range(SIZE[1]) for x in range(SIZE[0]))
    pygame.image.save(pygame.image.frombytes(b"".join(rows), SIZE, "RGB"), folder / name)
    return folder / name


@pytest.fixture(scope="module")
def skies(tmp_path_factory):
    """Return two frames of a sky that pales towards the horizon, with the noise of a camera."""
    dice = random.Random(2)

    def sky(_x, y):
        return (
            base + slope * y // SIZE[1] + noise % 7 - 3
            for base, slope, noise in zip((90, 140, 210), (90, 70, 30), dice.randbytes(3), strict=True)
        )

    folder = tmp_path_factory.mktemp("skies")
    return [painted(folder, f"frame-{shot}.jpg", sky) for shot in (1, 2)]


@pytest.fixture(scope="module")
def confetti(tmp_path_factory):
    """Return a frame that has another colour every few pixels."""
    dice = random.Random(1)
    squares = [[dice.randbytes(3) for _ in range(SIZE[0] // 4)] for _ in range(SIZE[1] // 4)]
    return painted(tmp_path_factory.mktemp("confetti"), "frame-1.jpg", lambda x, y: squares[y // 4][x // 4])


def off(picture, frame):
    """Return by how much a picture and its frame differ, 0..255, once their neighbours are mixed as an eye does."""
    small = (SIZE[0] // 8, SIZE[1] // 8)
    made = pygame.transform.smoothscale(pygame.image.frombytes(bytes(picture.rgb), SIZE, "RGB"), small)
    true = pygame.transform.smoothscale(pygame.image.load(frame).convert(24), small)
    pairs = zip(pygame.image.tobytes(made, "RGB"), pygame.image.tobytes(true, "RGB"), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (3 * small[0] * small[1])


@pytest.fixture
def depths(compositor, pretend_gm, tmp_path):
    """Return what makes an animation of frames, and how deep gm was told to go in each call."""
    calls = tmp_path / "calls"
    lines = f'case "$*" in *treedepth*) echo "$*" | grep -o "treedepth ." >> "{calls}";; esac'

    def made(frames, *, ahead=0, within=30.0, then='exec gm "$@"'):
        maker = compositor(recipe(within), gm=pretend_gm(f"{lines}; {then}"))
        for frame in frames[:ahead]:
            maker.prepare(frame, frames[0])
        playing = maker.join(frames, tmp_path / "out.gif")
        return [int(line.split()[1]) for line in calls.read_text().splitlines()], playing

    return made


class TestTheDepth:
    @pytest.mark.parametrize("ahead", [0, 1, 2])
    def test_a_plain_sky_is_reduced_finely(self, depths, skies, ahead):
        """One try on four levels, which finds fewer colours than there may be; then all frames on five."""
        assert [4, 5, 5] == depths(skies, ahead=ahead)[0]

    def test_its_slope_is_nearer_to_the_frame(self, compositor, skies, tmp_path):
        """That is what it is for: on four levels it is grainy."""
        far = []
        for within in (0.0, 30.0):
            (picture,) = compositor(recipe(within)).join(skies[:1], tmp_path / "out.gif").pictures
            far.append(off(picture, skies[0]))
        assert far[1] < far[0]

    def test_confetti_is_not(self, depths, skies, confetti):
        """It would take seconds, and nobody would see it: not even tried."""
        assert [4, 4] == depths([confetti, skies[0]], ahead=1)[0]

    def test_gm_takes_too_long(self, depths, skies):
        """It is stopped at the deadline, and all frames are reduced on four levels: the log says why."""
        with capture_logs() as told:
            depth, playing = depths(
                skies, within=0.02, then='case "$*" in *"treedepth 5"*) exec sleep 99;; esac; exec gm "$@"'
            )
        finished = [levels for levels in depth if levels == 4]  # the other may be stopped before it has noted itself
        assert ([4, 4, 4], 2) == (finished, len(playing.pictures))
        assert [("animation.coarse", "info")] == [(line["event"], line["log_level"]) for line in told]

    def test_a_later_frame_is_not_plain(self, depths, skies, confetti):
        """Confetti flies behind a plain first frame: that frame alone is reduced on four levels."""
        slow = 'case "$*" in *"treedepth 5"*) if [ -e tried ]; then exit 3; fi; touch tried;; esac; exec gm "$@"'
        with capture_logs() as told:
            depth, playing = depths([skies[0], confetti], then=slow)
        assert ([4, 5, 5, 4], 2) == (depth, len(playing.pictures))
        assert ["animation.fine", "frame.coarse"] == [line["event"] for line in told]

    def test_without_time_for_it_nothing_is_tried(self, depths, skies):
        """Where there is no countdown, nobody waits for a finer sky."""
        assert [4, 4] == depths(skies, ahead=1, within=0.0)[0]


def test_colours_are_counted_in_the_palette():
    """Each once, however often it stands there; what has no palette of its own for all has none."""
    head = b"GIF89a" + bytes(4)
    assert (3, 0) == (
        blocks.colours(head + b"\x81\0\0" + b"abcabcxyzklm"),
        blocks.colours(head + b"\x01\0\0" + b"abcabcxyzklm"),
    )
