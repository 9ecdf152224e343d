"""Frames that were taken over a real libcamera are judged by what is painted in them."""

import numpy as np
import pytest
from PIL import Image

from booth.drivers.views import MODULES, as_delivered, view
from booth.ports import Picture, Size
from lab import real_frames
from lab.rig import scene
from lab.rig.sensors import SENSORS, Box
from lab.rig.taking import GIVEN_UP, SHOOTS, plain

MODULE = next(one for one in MODULES if one.model == "imx708")


def painted(plan, number, *, seen=None):
    """Return frame *number* of Camera Module 3 as the camera delivers it, turned by the driver as the *plan* says."""
    size = as_delivered(Size(plan.width, plan.height), plan.rotation)
    shown = view(MODULE, size)
    seen = seen or Box(shown.x, shown.y, shown.width, shown.height)
    quarter = plan.rotation in {90, 270}
    hflip = (plan.mirror != (plan.rotation == 180)) and not quarter
    vflip = plan.flip != (plan.mirror if quarter else plan.rotation == 180)
    under = scene.ground(
        seen, (MODULE.whole.width, MODULE.whole.height), (size.width, size.height), hflip=hflip, vflip=vflip
    )
    picture = np.empty((size.height, size.width, 3), np.uint8)
    scene.paint_rgb(under, number, picture)
    return np.rot90(picture, k=-plan.rotation // 90) if quarter else picture


def judged(folder, picture, told, *, which=0, file="imx708-0-0.jpg"):
    """Return what is said of one frame, whose shutter was fired at 1,000 ns, and which was there at 9,000,000."""
    Image.fromarray(np.ascontiguousarray(picture)).save(folder / file, quality=90)
    taken = [{"model": "imx708", "shoot": which, "file": file, "fired": 1_000, "there": 9_000_000}]
    return real_frames.judged(taken, told, folder)


@pytest.mark.parametrize("which", range(len(SHOOTS)))
def test_a_frame_that_is_right_is_that_however_it_was_turned(tmp_path, which):
    """Whatever the sensor does of the turn, and whatever the driver."""
    figures = judged(tmp_path, painted(SHOOTS[which], 77), ["exposed imx708 77 1000"], which=which)
    assert (1, [], [], 9) == (figures["frames"], figures["stale"], figures["astray"], figures["slowest"])


@pytest.mark.parametrize(
    "told",
    [
        ["exposed imx708 77 999"],  # before the shutter
        ["exposed imx708 77 999", "exposed imx708 77 9000001"],  # the same number, of a later opening
        ["exposed imx219 77 1000"],  # another module's
        [],
    ],
)
def test_a_frame_that_was_exposed_before_its_shutter_is_stale(tmp_path, told):
    """And so is one of which nobody knows when it was."""
    assert ["imx708-0-0.jpg"] == judged(tmp_path, painted(SHOOTS[0], 77), told)["stale"]


def test_a_frame_of_another_part_of_the_sensor_is_astray(tmp_path):
    """The middle third, as it once was."""
    picture = painted(SHOOTS[0], 77, seen=Box(1152, 432, 2304, 1728))
    assert ["imx708-0-0.jpg"] == judged(tmp_path, picture, ["exposed imx708 77 1000"])["astray"]


def test_previews_are_judged_by_what_they_show(tmp_path):
    """They are not mirrored; and there is no shutter that they could be too early for."""
    plan = SHOOTS[0]
    picture = painted(plan, 77)
    (tmp_path / "imx708-0-1280x960.rgb").write_bytes(picture.tobytes())
    one = {"model": "imx708", "shoot": 0, "file": "imx708-0-1280x960.rgb"}
    frame = {"model": "imx708", "shoot": 0, "file": "imx708-0-0.jpg", "fired": 0, "there": 1}
    Image.fromarray(picture).save(tmp_path / frame["file"])
    figures = real_frames.judged([frame, one], ["exposed imx708 77 0"], tmp_path)
    assert (1, 1, []) == (figures["frames"], figures["previews"], figures["astray"])


WELL = {"held": "no camera: Device or resource busy", "silent": ["no frame within 1.5 s"] * GIVEN_UP, "closed": 0.2}


@pytest.mark.parametrize(
    ("otherwise", "expected"),
    [
        ({}, []),
        ({"held": ""}, ["imx708"]),
        ({"silent": ["no frame within 1.5 s"] * (GIVEN_UP - 1)}, ["imx708"]),
        ({"silent": ["the frame was lost: 'ExposureTime'"] * GIVEN_UP}, ["imx708"]),
        ({"closed": 1.6}, ["imx708"]),
    ],
)
def test_what_the_booth_does_not_say_of_a_camera_is_told(otherwise, expected):
    """That somebody has it, and each frame that does not come; closing it waits for none."""
    assert expected == real_frames.unsaid({"imx708": WELL | otherwise})


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Picture(Size(2, 1), b"abcdef"), b"abcdef"),
        (Picture(Size(2, 1), b"cba.fed.", order="BGRA"), b"abcdef"),
        (Picture(Size(2, 1), b"fed.cba.", order="BGRA", mirrored=True), b"abcdef"),
    ],
)
def test_a_preview_is_kept_as_the_sensor_saw_it(picture, expected):
    """However the screen has it."""
    assert expected == plain(picture)


def test_the_handler_is_told_each_sensor_and_its_modes():
    """In numbers, a line each."""
    lines = real_frames.written([SENSORS["imx708"]]).splitlines()
    assert ["imx708 4608 2592 16.0 1 3", "SRGGB10_CSI2P 1536 864 768 432 3072 1728 120.13"] == lines[:2]


def test_what_it_was_given_is_said_of_each_module():
    """The last value of each control."""
    figures = {"frames": 2, "previews": 1, "median": 80, "slowest": 90, "modules": 1, "stale": ["b.jpg"], "astray": []}
    figures |= {"unsaid": []}
    said = real_frames.said(figures | {"descriptors": [5, 6], "given": {"imx708": {"AfMode": "2", "AwbMode": "0"}}})
    assert "  exposed before their shutter: 1\n    b.jpg" in "\n".join(said)
    assert "  imx708 was given AfMode 2, AwbMode 0" == said[-1]
