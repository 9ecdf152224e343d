"""A preview has the shape of the frames: another one is refused at the start, with sizes that are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import ConfigError
from booth.ports import Size
from booth.settings.loading import load
from booth.settings.previews import complaint, fitting

SIDES = st.integers(32, 4096).map(lambda half: 2 * half)
SIZES = st.builds(Size, SIDES, SIDES)


def read(path, size, preview=None):
    """Return the settings with a camera of these sizes."""
    lines = ["[camera]", f"size = {list(size)}", *([] if preview is None else [f"preview_size = {list(preview)}"])]
    path.write_text("\n".join(lines), "utf-8")
    return load(config=path, environ={}, overrides={}).settings


@given(SIZES, SIZES)
def test_each_size_that_is_offered_will_do(size, preview):
    """Whatever was written; and there always is one."""
    assert [None] == list({complaint(size, offer, chosen=True) for offer in fitting(size, preview)})


@pytest.mark.parametrize(
    ("size", "preview", "offered"),
    [
        ((1920, 1080), (640, 480), [(640, 360), (854, 480)]),
        ((1280, 960), (1280, 720), [(1280, 960), (960, 720)]),
        ((320, 240), (640, 360), [(320, 240)]),
        ((5120, 480), (640, 480), [(5120, 480)]),
    ],
)
def test_what_is_offered_is_as_wide_or_as_high_as_what_was_written(size, preview, offered):
    """As little as can be is changed; the size of the frames is left where nothing else will do."""
    assert [Size(*one) for one in offered] == fitting(Size(*size), Size(*preview))


@pytest.mark.parametrize(
    ("size", "preview"),
    [((1920, 1080), (640, 480)), ((1280, 960), (640, 360)), ((960, 1280), (640, 480)), ((1280, 960), (640, 484))],
)
def test_a_preview_of_another_shape_is_refused(tmp_path, size, preview):
    """It was reshaped, and nobody was told; four pixels are another shape."""
    with pytest.raises(ConfigError, match=r"expected a preview of the shape of the frames, which are"):
        read(tmp_path / "booth.toml", size, preview)


@pytest.mark.parametrize(
    ("size", "preview"),
    [((1920, 1080), (640, 360)), ((1920, 1080), (854, 480)), ((1640, 1232), (640, 480)), ((1280, 960), (1280, 960))],
)
def test_one_of_the_same_shape_to_a_rounding_is_taken(tmp_path, size, preview):
    """480 of 1080 lines are 853.3 pixels wide: that is no even number."""
    assert preview == read(tmp_path / "booth.toml", size, preview).camera.preview_size


def test_one_that_nobody_has_chosen_takes_the_shape_of_the_frames(tmp_path):
    """Whoever makes the frames wide has one line to write."""
    assert (1920, 1080) == read(tmp_path / "booth.toml", (1920, 1080)).camera.size
