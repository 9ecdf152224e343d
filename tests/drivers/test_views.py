"""What frames show of a camera module, computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers.views import MODULES, Crop, as_delivered, told, view
from booth.ports import Size
from booth.settings.previews import ROUNDED

SIDES = st.integers(32, 4096).map(lambda half: 2 * half)
BY_MODEL = {module.model: module for module in MODULES}


@pytest.mark.parametrize(
    ("model", "frame", "seen"),
    [
        ("imx708", (1280, 960), Crop(576, 0, 3456, 2592, Size(2304, 1296))),
        ("imx708", (1280, 720), Crop(0, 0, 4608, 2592, Size(2304, 1296))),
        ("imx219", (1640, 1232), Crop(0, 0, 3280, 2464, Size(1640, 1232))),
        ("imx219", (1642, 1232), Crop(0, 2, 3280, 2460, Size(3280, 2464))),
        ("imx296", (640, 480), Crop(3, 0, 1450, 1088, Size(1456, 1088))),
    ],
)
def test_what_a_frame_shows(model, frame, seen):
    """All that its shape leaves; read two by two as long as no pixel has to be made up, and where a module can."""
    assert seen == view(BY_MODEL[model], Size(*frame))


@given(st.sampled_from(MODULES), st.builds(Size, SIDES, SIDES))
def test_one_side_of_the_sensor_is_seen_whole_and_the_middle_of_the_other(module, frame):
    """Of the frame's shape, to the pixels by which libcamera rounds."""
    seen, whole = view(module, frame), module.whole
    assert (seen.width, seen.x) == (whole.width, 0) or (seen.height, seen.y) == (whole.height, 0)
    beyond = whole.width - seen.width - seen.x, whole.height - seen.height - seen.y
    assert max(abs(beyond[0] - seen.x), abs(beyond[1] - seen.y)) <= 2 * ROUNDED
    assert seen.width * frame.height == pytest.approx(seen.height * frame.width, abs=2 * max(frame.width, frame.height))


def test_a_camera_that_is_turned_shows_less_of_its_width():
    """Frames of 960x1280 are of the sensor's own shape, on its side."""
    lines = {line.partition(":")[0]: line for line in told(Size(960, 1280), 90)}
    assert list(lines.values()) == list(told(Size(1280, 960), 0))
    assert Size(1280, 960) == as_delivered(Size(960, 1280), 270)


def test_frames_of_more_pixels_than_are_seen_are_told_as_enlarged():
    """They are larger, and show nothing more."""
    enlarged = {line.partition(":")[0]: "; enlarged (" in line for line in told(Size(1920, 1440), 0)}
    assert (True, False) == (enlarged["imx296"], enlarged["imx708"])
