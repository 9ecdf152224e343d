"""The planes of a Pi's camera, made pixels."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers.yuv import ROWS, bgra_of


def planes_of(y, u, v, padding=0):
    """Return YUV420 planes of arrays of Y, U and V, with so many bytes more in each row of U and V, all of them 99."""
    height, width = y.shape
    planes = np.full((height * 3 // 2, width + 2 * padding), 99, np.uint8)
    planes[:height, :width] = y
    halves = planes.reshape(height * 3, width // 2 + padding)[2 * height :, : width // 2]
    halves[: height // 2], halves[height // 2 :] = u, v
    return planes


def colours(pixels):
    """Return what lies in memory as an array of red, green and blue; all of it is opaque."""
    seen = pixels.view(np.uint8).reshape(*pixels.shape, 4)
    assert (255, 255) == (seen[..., 3].min(), seen[..., 3].max())
    return seen[..., 2::-1]


def exact(y, u, v):
    """Return what JPEG says of arrays of Y, U and V of one shape: full range BT.601."""
    y, u, v = (each.astype(float) for each in (y, u - 128.0, v - 128.0))
    return np.clip(np.stack([y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u], axis=-1), 0, 255)


def test_every_colour_is_that_of_jpeg_to_a_rounding():
    """Each pair of U and V, with what is dark, bright and between, to two thirds of a step."""
    u, v = np.meshgrid(np.arange(256), np.arange(256))
    for light in range(0, 256, 15):
        y = np.full((512, 512), light)
        got = colours(bgra_of(planes_of(y, u, v), 512, 512)).astype(int)
        wide_u, wide_v = (each.repeat(2, axis=0).repeat(2, axis=1) for each in (u, v))
        assert np.abs(got - exact(y, wide_u, wide_v)).max() < 0.65


@given(
    st.sampled_from([2, ROWS - 2, ROWS, ROWS + 2, 2 * ROWS + 6]), st.sampled_from([2, 4, 34]), st.integers(0, 3),
    st.booleans(), st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_each_pixel_has_its_own_light_and_the_colour_of_its_four(height, width, padding, backwards, seed):
    """Whatever the size, the stride and the direction: nothing is a row off, and none of the padding is seen."""
    some = np.random.default_rng(seed)
    y = some.integers(0, 256, (height, width))
    u, v = some.integers(0, 256, (2, height // 2, width // 2))
    got = colours(bgra_of(planes_of(y, u, v, padding), width, height, backwards=backwards)).astype(int)
    expected = exact(y, *(each.repeat(2, axis=0).repeat(2, axis=1) for each in (u, v)))
    assert np.abs(got - expected[:, :: -1 if backwards else 1]).max() < 0.65


def test_the_planes_are_left_as_they_were():
    """They may be looked at again."""
    planes = np.arange(6 * 4, dtype=np.uint8).reshape(6, 4)
    bgra_of(planes, 4, 4)
    assert np.arange(24).tolist() == planes.reshape(-1).tolist()


def test_numpy_is_not_needed_to_import_it():
    """A booth with a webcam has none."""
    code = "import sys; sys.modules['numpy'] = None; import booth.drivers.yuv"
    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
