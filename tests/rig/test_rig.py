"""The rig itself: the real picamera2 finds what it would on a Pi, and pictures say what of the sensor they show."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers.yuv import bgra_of
from lab import ROOT
from lab.rig import scene
from lab.rig.binding import StreamConfiguration, StreamFormats
from lab.rig.floor import Floor, view_of
from lab.rig.plugging import library, plugged
from lab.rig.sensors import SENSORS, Box

MODES = [(sensor, mode) for sensor in SENSORS.values() for mode in sensor.modes]


def painted(under, number):
    """Return frame *number* as red, green and blue."""
    into = np.empty((len(under.green), len(under.red), 3), np.uint8)
    scene.paint_rgb(under, number, into)
    return into


@given(
    st.sampled_from(MODES), st.integers(0, scene.NUMBERS - 1), st.booleans(), st.booleans(),
    st.sampled_from([(64, 64), (320, 240), (640, 480)]),
)  # fmt: skip
def test_a_picture_says_what_it_shows_and_which_it_is(which, number, hflip, vflip, size):
    """To a percent of the sensor, as it was painted and by way of YUV420; turned over, with its edges exchanged."""
    sensor, mode = which
    under = scene.ground(mode.crop, sensor.size, size, hflip=hflip, vflip=vflip)
    planes = np.empty((size[1] * 3 // 2, size[0]), np.uint8)
    halves = planes.reshape(size[1] * 3, size[0] // 2)[2 * size[1] :]
    scene.paint_yuv(under, number, planes[: size[1]], halves[: size[1] // 2], halves[size[1] // 2 :])
    left, top, right, bottom = edges(mode.crop)
    across = (right, left) if hflip else (left, right)
    down = (bottom, top) if vflip else (top, bottom)
    expected = np.array([across[0], down[0], across[1], down[1]])
    converted = bgra_of(planes, *size).view(np.uint8).reshape(size[1], size[0], 4)[..., 2::-1]
    for picture in (painted(under, number), converted):
        assert number == scene.number_of(picture)
        assert np.abs(np.array(scene.seen_in(picture, sensor.size)) - expected).max() < sensor.size[0] / 100


def edges(box: Box):
    return box.x, box.y, box.x + box.width, box.y + box.height


@pytest.mark.parametrize("model", SENSORS)
def test_a_module_has_one_mode_of_its_whole_sensor_and_none_beyond(model):
    """What a mode reads lies on the sensor; the largest reads all of it."""
    sensor = SENSORS[model]
    assert any(mode.size == sensor.size and edges(mode.crop) == (0, 0, *sensor.size) for mode in sensor.modes)
    assert [] == [mode for mode in sensor.modes if not (edges(mode.crop)[2:] <= sensor.size)]


@pytest.mark.parametrize(
    ("model", "size", "seen"),
    [
        ("imx708", (1280, 960), (1152, 432, 3456, 2160)),
        ("imx219", (640, 480), (1000, 752, 2280, 1712)),
        ("ov5647", (1920, 1080), (348, 434, 2268, 1514)),
        ("imx296", (1280, 960), (2, 0, 1453, 1088)),
    ],
)
def test_picamera2_chooses_the_mode_by_the_size_of_the_frame(model, size, seen):
    """As on a Pi: left to itself, it takes a part of the sensor for being fast, however little that shows."""
    floor = Floor(model)
    with plugged(floor):
        from picamera2 import Picamera2

        camera = Picamera2()
        camera.configure(camera.create_video_configuration(main={"size": size, "format": "BGR888"}))
        camera.start()
        shown = scene.seen_in(camera.capture_array("main"), SENSORS[model].size)
        camera.close()
    assert np.abs(np.array(shown) - seen).max() < SENSORS[model].size[0] / 100


def test_what_is_seen_has_the_shape_of_the_frame():
    """The most of the mode that has it, in its middle."""
    main = StreamConfiguration("BGR888", (1280, 960), StreamFormats({}))
    assert Box(576, 0, 3456, 2592) == view_of(SENSORS["imx708"].modes[1], main)


def test_nothing_of_it_stays_behind():
    """Whoever asks next finds that there is no libcamera on this machine."""
    library(Floor("imx219"))
    assert [] == [name for name in sys.modules if name.split(".")[0] in {"picamera2", "libcamera", "pykms", "prctl"}]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-simulate.lock"])
def test_what_only_picamera2_needs_is_none_of_the_booth_s_own_requirements(lock):
    """A numpy of ours beside the one that the system's picamera2 was built for would keep it from being imported."""
    names = {line.split("==")[0] for line in (ROOT / lock).read_text("utf-8").splitlines() if not line.startswith(" ")}
    assert set() == names & {"numpy", "pillow", "piexif", "simplejpeg", "videodev2"}
