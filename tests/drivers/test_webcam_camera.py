"""The driver for V4L2 cameras, over devices that are pretended beneath the kernel's own structures."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.drivers import webcam as driver
from booth.drivers.tuning import Tuning
from booth.drivers.v4l2 import ENUM_FRAMESIZES, Control, Mode
from booth.drivers.webcam import WebcamCamera
from booth.errors import CameraError
from booth.jpeg import whole
from booth.pictures import encoded
from booth.ports import Size
from lab.webcam.v4l2 import FAST, Floor, half_red, library, number_of

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}
BY_ID = "usb-Example_HD_Webcam-video-index0"


@pytest.fixture
def floor(tmp_path_factory):
    """Give a system without a camera."""
    return Floor(tmp_path_factory.mktemp("floor"))


@pytest.fixture
def opened(floor):
    """Open cameras, close them afterwards."""
    cameras = []

    def open_camera(**options):
        cameras.append(WebcamCamera(**{"devices": floor.devices} | SIZES | options, kernel=floor))
        return cameras[-1]

    yield open_camera
    for camera in cameras:
        camera.close()


def previewed(camera):
    """Watch until there is a picture, and return it."""
    camera.watch(on=True)
    while (picture := camera.preview()) is None:
        threading.Event().wait(0.002)
    return picture


def taken(camera, folder):
    """Take a frame, and return its bytes."""
    camera.capture(folder / "frame-1.jpg")
    return (folder / "frame-1.jpg").read_bytes()


def reddest(image):
    """Return where the red half is: ``left`` or ``right``."""
    width, height = image.get_size()
    left, right = (image.get_at((x, height // 2)).r for x in (width // 8, width * 7 // 8))
    return "left" if left > right else "right"


# ---- which device


NODES = {
    "metadata": ("caps metadata",),
    "an output": ("caps output", "input camera"),
    "a codec": ("caps capture m2m", f"mode MJPG 640x360 {FAST}"),
    "an ISP": ("bus platform:bcm2835-isp", "caps capture", f"mode YUYV 640x360 {FAST}"),
    "a sensor": ("caps capture media", "input camera", f"mode YUYV 640x360 {FAST}"),
    "raw pixels only": ("caps capture", "input camera", f"mode pBAA 640x360 {FAST}"),
    "one in use": ("caps capture", "input camera", f"mode YUYV 640x360 {FAST}", "busy"),
    "one that is silent": ("caps capture", "input camera", f"mode YUYV 640x360 {FAST}", "silent"),
    "one with errors": ("caps capture", "input camera", f"mode YUYV 640x360 {FAST}", "failing"),
    "a virtual one": ("caps capture output", "input camera", f"mode YUYV 640x360 {FAST}"),
    "nothing": (),
}


@pytest.mark.parametrize("node", NODES)
def test_without_a_name_the_first_device_that_is_a_camera_is_taken(opened, floor, node):
    """Whatever has the first number."""
    floor.plug("video0", *NODES[node])
    floor.webcam("video2")
    opened(timeout=1.0)
    assert "MJPG 640x360 250" == floor.agreed("video2")


@pytest.mark.parametrize("names", [("video0", "video1"), ("video2", "video3"), ("video2", "video10")])
def test_the_lowest_number_comes_first(opened, floor, names):
    """Counted, not spelled."""
    for name in names:
        floor.webcam(name)
    opened()
    assert "MJPG 640x360 250" == floor.agreed(names[0])


def test_a_camera_that_no_folder_lists_is_found(opened, floor):
    """A library that gives one process its devices answers for their names, and puts nothing into any folder."""

    class Unlisted(type(floor.devices)):
        def glob(self, *_, **__):
            return iter(())

    floor.webcam("video3")
    opened(devices=Unlisted(floor.devices))
    assert "MJPG 640x360 250" == floor.agreed("video3")


def test_of_formats_that_nobody_reads_no_size_is_asked(opened, floor):
    """Some devices have a hundred, each with sizes and rates: to ask for all takes a small machine half a minute."""
    asked = []
    for others in (0, 20):
        floor.webcam("video0", f"MJPG 640x360 {FAST}", *(f"pB{number:02} 640x360 {FAST}" for number in range(others)))
        opened().close()
        asked.append(floor.asked[ENUM_FRAMESIZES])
        floor.asked.clear()
    assert asked[0] == asked[1] > 0


def test_a_camera_at_usb_comes_before_another(opened, floor):
    """Which may be a part of the computer."""
    floor.webcam("video0", bus="platform:bcm2835-v4l2")
    floor.webcam("video1")
    opened()
    assert "MJPG 640x360 250" == floor.agreed("video1")


def test_a_camera_without_colours_is_taken_if_there_is_no_other(opened, floor):
    """Many a computer has a second eye, for faces in the dark; it may have the first number."""
    floor.webcam("video0", f"GREY 640x360 {FAST}")
    opened()
    assert "GREY 640x360 250" == floor.agreed("video0")
    floor.webcam("video2", f"YUYV 640x360 {FAST}", bus="platform:camera")
    opened()
    assert "YUYV 640x360 250" == floor.agreed("video2")


@pytest.mark.parametrize(("rate", "told"), [(30.0, 15.0), (15.0, 15.0), (14.985, 15.0), (14.4, 14.4), (7.5, 7.5)])
def test_what_a_camera_calls_fifteen_a_second_is_that(rate, told):
    """By its own clock's ticks it may be a little less."""
    assert told == driver.smooth(rate)


def test_a_camera_that_is_no_usb_camera_is_better_than_none(opened, floor):
    """The module of a Pi, by the firmware's own driver."""
    floor.webcam("video0", bus="platform:bcm2835-v4l2")
    opened()
    assert "MJPG 640x360 250" == floor.agreed("video0")


@pytest.mark.parametrize("device", ["", "by id"])
def test_a_camera_that_comes_back_under_another_number_is_found(opened, floor, tmp_path, device):
    """The kernel gives the old number away only when the last who used it has let it go."""
    floor.webcam("video0", by_id=BY_ID)
    floor.plug("video1", "caps metadata")
    name = str(floor.devices / "v4l" / "by-id" / BY_ID) if device else ""
    camera = opened(device=name)
    floor.unplug()
    floor.unplug("video1")
    with pytest.raises(CameraError, match="No such device; unplug the camera and plug it in again"):
        camera.capture(tmp_path / "frame-1.jpg")
    camera.close()
    (floor.devices / "v4l" / "by-id" / BY_ID).unlink()
    floor.webcam("video2", by_id=BY_ID)
    floor.plug("video3", "caps metadata")
    opened(device=name)
    assert "MJPG 640x360 250" == floor.agreed("video2")


def test_a_device_that_is_named_is_taken_and_no_other(opened, floor):
    """Even if there is a first one."""
    floor.webcam("video0")
    floor.webcam("video4")
    opened(device=str(floor.devices / "video4"))
    assert "MJPG 640x360 250" == floor.agreed("video4")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("metadata", r"video0 \(HD Webcam\) delivers no pictures"),
        ("a codec", r"video0 \(HD Webcam\) delivers no pictures"),
        ("a sensor", r'video0 \(HD Webcam\) is no camera by itself: try camera.driver = "picamera2"'),
        ("raw pixels only", r"video0 \(HD Webcam\) offers pBAA; the booth takes MJPG, JPEG, YUYV, "),
        ("one in use", "another program is using the camera; stop that one"),
    ],
)
def test_a_named_device_that_will_not_do_says_why_and_which_would(opened, floor, node, said):
    """By the name that stays its own."""
    floor.plug("video0", *NODES[node])
    floor.webcam("video2", by_id=BY_ID)
    with pytest.raises(CameraError, match=rf"{said}.*Set camera\.device to one of .*v4l/by-id/{BY_ID}"):
        opened(device=str(floor.devices / "video0"))


def test_a_named_device_that_is_not_there_names_those_that_are(opened, floor):
    """By its number, if it has no other name."""
    floor.webcam("video2")
    with pytest.raises(
        CameraError, match=r"video7 cannot be opened: No such file or directory\. Set camera\.device to .*video2"
    ):
        opened(device=str(floor.devices / "video7"))


def test_a_file_that_is_no_device_is_said_to_be_none():
    """The kernel itself says so."""
    with pytest.raises(CameraError, match="/dev/null is no video device"):
        WebcamCamera(device="/dev/null", **SIZES)


def test_where_there_is_no_camera_the_owner_reads_so(opened, floor):
    """Plug one in."""
    floor.plug("video0", "caps metadata")
    with pytest.raises(CameraError, match="There is no camera: plug one in"):
        opened()


@pytest.mark.parametrize(
    ("node", "expected"),
    [("metadata", False), ("an output", False), ("a codec", False), ("an ISP", False), ("a virtual one", True),
     ("one in use", True), ("nothing", False)],
)  # fmt: skip
def test_it_is_available_where_there_is_a_camera(floor, node, expected):
    """Whether it will start is seen when it is started."""
    floor.plug("video0", *NODES[node])
    assert expected == driver.available(floor.devices, floor)


def test_a_device_that_may_not_be_opened_is_told_of(opened, floor):
    """It is there, as far as can be seen; whoever opens it reads why not."""
    (floor.devices / "video0").symlink_to("video0")
    with pytest.raises(CameraError, match=r"a webcam cannot be opened: .*Too many levels of symbolic links: .*video0"):
        opened()
    assert driver.available(floor.devices, floor)


# ---- how it delivers


@pytest.mark.parametrize(
    ("modes", "best"),
    [
        (("MJPG 640x480 1/30", "MJPG 1280x960 1/30", "MJPG 1920x1080 1/30"), "MJPG 1280x960 30"),
        (("YUYV 1280x960 2/15", "YUYV 640x480 1/30"), "YUYV 640x480 30"),
        (("YUYV 1280x960 2/15", "YUYV 640x480 1/30", "MJPG 1280x960 1/30"), "MJPG 1280x960 30"),
        (("YUYV 640x480 1/30", "MJPG 640x480 1/30"), "MJPG 640x480 30"),
        (("MJPG 320x240 1/30", "YUYV 640x480 1/30"), "YUYV 640x480 30"),
        (("MJPG 1280x960 1/120", "MJPG 1280x960 1/60", "MJPG 1280x960 1/30", "MJPG 1280x960 1/15"), "MJPG 1280x960 30"),
        (("MJPG 1280x960 1/120", "MJPG 1280x960 1/60", "MJPG 1280x960 1/15"), "MJPG 1280x960 60"),
        (("YUYV 1280x960 1/10", "YUYV 640x480 2/15"), "YUYV 1280x960 10"),
        (("H264 1280x960 1/30", "YUYV 640x480 1/30"), "YUYV 640x480 30"),
        (("MJPG 1280x720 1/30", "MJPG 640x480 1/30"), "MJPG 1280x720 30"),
        (("MJPG 1920x1080 1/30", "MJPG 1280x720 1/30", "MJPG 640x480 1/30"), "MJPG 1280x720 30"),
        (("MJPG 3840x2160 1/30", "YUYV 640x480 1/30"), "YUYV 640x480 30"),
        (("MJPG 1280x960 666667/10000000", "MJPG 160x120 1/30"), "MJPG 1280x960 15"),
        (("YUYV 1280x960 1001/15000", "YUYV 320x240 1/30"), "YUYV 1280x960 14.985"),
        (("NV21 640x480 1/30", "GREY 1280x960 1/5"), "NV21 640x480 30"),
        (("YUYV 1920x1080 1/30", "YUYV 1280x720 1/30", "YUYV 640x480 1/30", "YUYV 640x360 1/30"), "YUYV 640x480 30"),
    ],
)
def test_the_best_of_what_is_offered_is_chosen(opened, floor, modes, best):
    """For frames of 1280x960, and an animation of 640x480."""
    floor.webcam("video0", *modes)
    opened(size=Size(1280, 960), enough=Size(640, 480))
    assert best == floor.agreed()


@given(
    st.lists(
        st.builds(
            Mode,
            st.sampled_from(["MJPG", "YUYV", "NV12"]),
            st.builds(Size, st.integers(16, 4096), st.integers(16, 4096)),
            st.floats(1, 120),
        ),
        min_size=1,
    )
)
def test_nothing_slow_is_chosen_where_anything_is_fast(modes):
    """Nor, among those, what has too few pixels where another has enough."""
    size, enough = Size(1280, 960), Size(640, 480)
    best = max(modes, key=lambda mode: driver.fitness(mode, size, enough))

    def suits(mode):
        return driver.smooth(mode.rate), mode.size.width >= 640 and mode.size.height >= 480

    assert suits(best) == max(map(suits, modes))


def test_a_range_of_sizes_is_asked_for_what_is_wanted(opened, floor):
    """As with the firmware's driver of a Pi's camera."""
    floor.plug("video0", "caps capture", "input camera", "steps YUYV 32 32 2592 1944 2")
    opened(size=Size(1280, 960))
    assert "YUYV 1280x960 30" == floor.agreed()


def test_a_turned_device_is_asked_for_the_size_before_turning(opened, floor):
    """Its long side is the picture's short side."""
    floor.webcam("video0", f"MJPG 240x320 {FAST}", f"MJPG 320x240 {FAST}")
    opened(size=Size(240, 320), rotation=90)
    assert "MJPG 320x240 250" == floor.agreed()


def test_a_device_that_gives_another_format_is_taken_at_its_word(opened, floor, tmp_path):
    """As long as it can be understood."""
    floor.webcam("video0", f"MJPG 640x360 {FAST}", f"YUYV 640x360 {FAST}")
    floor.say("video0", "gives YUYV")
    opened().capture(tmp_path / "frame-1.jpg")
    assert ("YUYV 640x360 250", "right") == (floor.agreed(), reddest(pygame.image.load(tmp_path / "frame-1.jpg")))


def test_a_device_that_gives_what_is_unknown_is_refused(opened, floor):
    """Its pictures would be noise."""
    floor.webcam("video0", f"MJPG 640x360 {FAST}", f"pBAA 640x360 {FAST}")
    floor.say("video0", "gives pBAA")
    with pytest.raises(CameraError, match="offers MJPG, and gives pBAA"):
        opened()


def test_a_usb_camera_without_a_word_for_what_it_sees_is_one(opened, floor):
    """Not every driver answers every question."""
    floor.plug("video0", "caps capture", f"mode MJPG 640x360 {FAST}")
    opened()
    assert "MJPG 640x360 250" == floor.agreed()


def test_the_log_says_what_was_chosen(opened, floor):
    """For whoever wonders about a slow or a coarse picture."""
    floor.webcam("video0", "YUYV 640x480 1/10")
    with capture_logs() as logs:
        opened()
    del logs[0]["device"]
    expected = {"card": "HD Webcam", "format": "YUYV", "size": "640x480", "rate": 10.0}
    assert {**expected, "event": "webcam.open", "log_level": "info"} == logs[0]


# ---- lens and light

PATIENT, EXPOSURE = "0x9a0903", "0x9a0901"
FOCUS, FOLLOWS = "0x9a090a", "0x9a090c"
WHITE, WHITE_FOLLOWS = "0x98091a", "0x98090c"
GAIN, GAIN_FOLLOWS = "0x980913", "0x980912"
KNOBS = (
    f"control {EXPOSURE} 0 3 1 3 0",
    f"control {PATIENT} 0 1 1 1 0",
    f"control {FOLLOWS} 0 1 1 1 0",
    f"control {FOCUS} 0 250 5 0 {FOLLOWS}",
    f"control {WHITE_FOLLOWS} 0 1 1 1 0",
    f"control {WHITE} 2000 6500 1 4000 {WHITE_FOLLOWS}",
    f"control {GAIN_FOLLOWS} 0 1 1 1 0",
    f"control {GAIN} 0 100 1 32 {GAIN_FOLLOWS}",
)
"""What a webcam with a motor at its lens lets be set, each in its own numbers."""


def tuned(opened, floor, tuning, knobs=KNOBS):
    """Open a webcam that has these *knobs*; return what they are set to, by their names, and what was told."""
    if not (floor.devices / "video0").exists():
        floor.webcam()
        for knob in knobs:
            floor.say("video0", knob)
    with capture_logs() as logs:
        opened(tuning=tuning).close()
    return {f"{number:#x}": value for number, value in floor.held().items()}, logs[1:]


ALL_BY_ITSELF = {EXPOSURE: 3, PATIENT: 0, FOLLOWS: 1, WHITE_FOLLOWS: 1, GAIN_FOLLOWS: 1}
"""As it comes: no picture takes longer than its rate gives it, and the rest is the camera's own affair."""


@pytest.mark.parametrize(
    ("tuning", "held"),
    [
        (Tuning(), {}),
        (Tuning(exposure="normal"), {PATIENT: 1}),
        (Tuning(focus=0.0), {FOLLOWS: 0, FOCUS: 0}),
        (Tuning(focus=0.67), {FOLLOWS: 0, FOCUS: 15}),
        (Tuning(focus=15.0), {FOLLOWS: 0, FOCUS: 250}),
        (Tuning(awb="incandescent"), {WHITE_FOLLOWS: 0, WHITE: 2800}),
        (Tuning(awb="daylight"), {WHITE_FOLLOWS: 0, WHITE: 6000}),
        (Tuning(gain=64.0), {GAIN_FOLLOWS: 0, GAIN: 64}),
    ],
)
def test_lens_and_light_are_set_as_the_owner_wants_them(opened, floor, tuning, held):
    """In the device's own numbers, after what would follow by itself was told not to."""
    assert ALL_BY_ITSELF | held == tuned(opened, floor, tuning)[0]


def test_what_was_set_is_told_in_the_device_s_own_numbers(opened, floor):
    """Nobody else knows them, and an owner may want the next one."""
    _, logs = tuned(opened, floor, Tuning(focus=0.67))
    expected = {"event": "webcam.set", "setting": "camera.focus", "to": 15, "offers": "0 to 250"}
    assert [expected | {"log_level": "info"}] == logs


@pytest.mark.parametrize(
    "tuning", [Tuning(focus=1.0), Tuning(exposure="normal"), Tuning(awb="daylight"), Tuning(gain=9.0)]
)
def test_a_setting_that_was_taken_out_has_no_effect_any_more(opened, floor, tuning):
    """A device keeps what it was told until it is unplugged."""
    tuned(opened, floor, tuning)
    held, _ = tuned(opened, floor, Tuning())
    assert ALL_BY_ITSELF == {number: held[number] for number in ALL_BY_ITSELF}


def test_what_follows_nothing_by_itself_is_as_its_maker_set_it(opened, floor):
    """When nothing is chosen any more."""
    knobs = (f"control {GAIN} 0 100 1 32 0",)
    assert {GAIN: 64} == tuned(opened, floor, Tuning(gain=64.0), knobs)[0]
    assert {GAIN: 32} == tuned(opened, floor, Tuning(), knobs)[0]


def test_a_device_that_opens_its_aperture_by_itself_exposes_by_itself(opened, floor):
    """Whoever was here before may have set it by hand; the kernel has two numbers for that it does so itself."""
    assert {EXPOSURE: 0} == tuned(opened, floor, Tuning(), (f"control {EXPOSURE} 0 1 1 0 0",))[0]


@pytest.mark.parametrize(
    ("tuning", "told"),
    [
        (Tuning(), []),
        (Tuning(exposure="normal"), [("camera.exposure", "normal", "nothing")]),
        (Tuning(focus=0.67), [("camera.focus", 0.67, "nothing")]),
        (Tuning(awb="cloudy"), [("camera.awb", "cloudy", "nothing")]),
        (Tuning(gain=4.0), [("camera.gain", 4.0, "nothing")]),
    ],
)
@pytest.mark.parametrize("knobs", [(), tuple(f"stuck {knob.split()[1]}" for knob in KNOBS)], ids=["none", "stuck"])
def test_what_was_set_and_a_webcam_has_not_is_told_of(opened, floor, tuning, told, knobs):
    """Or that it does not take; it is opened all the same."""
    _, logs = tuned(opened, floor, tuning, (*KNOBS, *knobs) if knobs else ())
    warned = [entry for entry in logs if entry["log_level"] == "warning"]
    assert told == [(entry["setting"], entry["wanted"], entry["offers"]) for entry in warned]


def test_a_webcam_that_does_not_say_how_it_exposes_is_told_of_quietly(opened, floor):
    """Nobody has chosen anything, and most of them are well as they are."""
    _, logs = tuned(opened, floor, Tuning(), ())
    expected = {"event": "camera.not_offered", "setting": "camera.exposure", "wanted": "short", "offers": "nothing"}
    assert [expected | {"log_level": "info"}] == logs


@pytest.mark.parametrize(
    ("tuning", "told"),
    [
        (Tuning(awb="cloudy"), ("camera.awb", "cloudy", "2000 to 6500", 6500)),
        (Tuning(gain=200.0), ("camera.gain", 200.0, "0 to 100", 100)),
    ],
)
def test_more_than_a_webcam_offers_is_told_with_what_it_does(opened, floor, tuning, told):
    """And it does what is nearest."""
    held, (entry,) = tuned(opened, floor, tuning)
    assert told == (entry["setting"], entry["wanted"], entry["offers"], entry["set_to"])
    assert told[-1] == held[WHITE if tuning.gain is None else GAIN]


@given(st.integers(-200, 200), st.integers(0, 300), st.integers(0, 17), st.floats(-400, 600))
def test_a_control_is_set_to_what_it_has(least, extent, step, wanted):
    """Between its ends, by its steps, and no other of them is nearer."""
    knob = Control(least, least + extent, step, least)
    there = range(least, least + extent + 1, max(step, 1))
    assert knob.nearest(wanted) in there
    assert abs(knob.nearest(wanted) - wanted) == pytest.approx(min(abs(one - wanted) for one in there), abs=1e-6)


# ---- its pictures


def test_a_jpeg_that_is_right_already_is_kept_as_it_comes(opened, floor, tmp_path):
    """No second loss of quality, no work."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    jpeg = taken(opened(), tmp_path)
    assert floor.jpegs.joinpath("320x240.jpg").read_bytes() == jpeg[:2] + jpeg[10:]


def test_a_frame_was_begun_after_it_was_asked_for(opened, floor, tmp_path):
    """Not one that lay in the device, nor one that was under way: numbered pictures show it."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    camera = opened()
    for _ in range(10):
        threading.Event().wait(0.02)  # the device's buffers fill up
        asked = floor.number()
        assert number_of(taken(camera, tmp_path)) > asked + 1


def test_a_preview_that_begins_does_not_show_whoever_stood_here_before(opened, floor):
    """What lay in the device when somebody began to watch is not shown."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    camera = opened(preview_size=Size(320, 240))
    while floor.number() < 10:  # its four buffers are full, with red pictures
        threading.Event().wait(0.002)
    floor.picture("320x240", encoded(pygame.Surface((320, 240), 0, 24)))
    picture = previewed(camera)
    assert max(picture.rgb[3 * 240 : 3 * 320]) < 40


@pytest.mark.parametrize("form", ["MJPG", "YUYV"])
def test_a_wide_picture_fills_the_frame_without_being_stretched(opened, floor, tmp_path, form):
    """The sides are cut: a line down the middle stays in the middle."""
    floor.webcam("video0", f"{form} 640x360 {FAST}")
    opened().capture(tmp_path / "frame-1.jpg")
    image = pygame.image.load(tmp_path / "frame-1.jpg")
    assert image.get_size() == (320, 240)
    assert image.get_at((150, 100)).r < 128 < image.get_at((170, 100)).r


@pytest.mark.parametrize(
    ("options", "side"),
    [({}, "right"), ({"mirror": True}, "left"), ({"rotation": 180}, "left"), ({"flip": True}, "right")],
)
@pytest.mark.parametrize("mode", [f"MJPG 320x240 {FAST}", f"MJPG 640x360 {FAST}", f"YUYV 640x360 {FAST}"])
def test_the_frame_is_mirrored_only_if_asked_for(opened, floor, tmp_path, options, side, mode):
    """What is red on the right is red on the right."""
    floor.webcam("video0", mode)
    opened(**options).capture(tmp_path / "frame-1.jpg")
    assert side == reddest(pygame.image.load(tmp_path / "frame-1.jpg"))


def test_the_preview_is_not_mirrored_even_if_the_frame_is(opened, floor):
    """The screen mirrors by itself."""
    floor.webcam()
    picture = previewed(opened(mirror=True))
    assert "right" == reddest(pygame.image.frombytes(bytes(picture.rgb), (128, 96), "RGB"))


def test_a_clockwise_turn_is_clockwise(opened, floor, tmp_path):
    """What was on the right is below."""
    floor.webcam()
    opened(size=Size(240, 320), rotation=90).capture(tmp_path / "frame-1.jpg")
    image = pygame.image.load(tmp_path / "frame-1.jpg")
    assert image.get_at((120, 40)).r < 128 < image.get_at((120, 280)).r


def test_a_preview_of_an_odd_width_has_no_padding(opened, floor):
    """Three bytes a pixel, whatever pygame likes better."""
    floor.webcam()
    assert 3 * 127 * 95 == len(previewed(opened(preview_size=Size(127, 95))).rgb)


def without_tables(jpeg):
    """Return *jpeg* without its Huffman tables, as many webcams deliver it."""
    at = 2
    kept = [jpeg[:2]]
    while jpeg[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        kept += [jpeg[at:end]] if jpeg[at + 1] != 0xC4 else []
        at = end
    return b"".join([*kept, jpeg[at:]])


@pytest.mark.parametrize(
    "delivered",
    [without_tables, lambda jpeg: jpeg + bytes(1000), lambda jpeg: jpeg + b"\xff\xd9" + jpeg[:300]],
    ids=["without tables", "padded", "followed by another"],
)
def test_what_is_odd_about_a_webcam_s_jpegs_is_mended(opened, floor, tmp_path, delivered):
    """The frame is one that every program can read, to its last byte."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    good = encoded(half_red(320, 240))
    floor.picture("320x240", delivered(good))
    jpeg = taken(opened(), tmp_path)
    plain = whole(jpeg[:2] + jpeg[10:])
    image = pygame.image.load(tmp_path / "frame-1.jpg")
    assert (jpeg[:2] + jpeg[10:], "right") == (plain, reddest(image))
    assert pygame.image.tobytes(floor_image(good, tmp_path), "RGB") == pygame.image.tobytes(image, "RGB")


def floor_image(jpeg, folder):
    """Return the picture in *jpeg*."""
    (folder / "good.jpg").write_bytes(jpeg)
    return pygame.image.load(folder / "good.jpg")


def lying(jpeg):
    """Return *jpeg* with a header that speaks of 65,500x65,500 pixels."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + (65_500).to_bytes(2) * 2 + jpeg[at + 9 :]


def unheard_of(jpeg):
    """Return *jpeg* with a header that speaks of sixteen bits a colour."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 4] + b"\x10" + jpeg[at + 5 :]


@pytest.mark.parametrize(
    ("delivered", "said"),
    [
        (lambda jpeg: jpeg[: len(jpeg) // 2], "pictures are cut off; use another cable, or another USB port"),
        (lambda jpeg: b"", "pictures are lost on the way from the camera; use another cable or USB port"),
        (lambda jpeg: bytes(5000), "pictures are cut off"),
        (lying, "65500x65500 is not believed"),
        (unheard_of, "cannot be decoded"),
    ],
    ids=["cut off", "empty", "zeros", "lying", "unheard of"],
)
def test_what_is_no_picture_is_never_a_frame(opened, floor, tmp_path, delivered, said):
    """It is waited for a better one, as long as the time-out says; then the owner reads what to do."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    floor.picture("320x240", delivered(encoded(half_red(320, 240))))
    with pytest.raises(CameraError, match=said):
        opened(timeout=0.1).capture(tmp_path / "frame-1.jpg")
    assert not (tmp_path / "frame-1.jpg").exists()


@pytest.mark.parametrize("mode", ["MJPG", "YUYV"])
def test_pictures_that_the_kernel_calls_damaged_are_passed_by(opened, floor, tmp_path, mode):
    """A few of them are nothing; if all are, the owner reads so."""
    floor.webcam("video0", f"{mode} 320x240 {FAST}")
    camera = opened(timeout=1.0)
    floor.say("video0", "damaged")
    with pytest.raises(CameraError, match="pictures are lost on the way"):
        camera.capture(tmp_path / "frame-1.jpg")
    floor.say("video0", "damaged", on=False)
    assert taken(camera, tmp_path)


def test_a_torn_picture_does_not_spoil_the_frame_that_comes_after_it(opened, floor, tmp_path):
    """A guest who poses for one second gets a frame."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    camera = opened(timeout=20.0)
    good = encoded(half_red(320, 240))
    floor.picture("320x240", good[:3000])
    threading.Timer(0.05, lambda: floor.picture("320x240", good)).start()
    jpeg = taken(camera, tmp_path)
    assert good == jpeg[:2] + jpeg[10:]


# ---- its faults


def test_a_device_that_does_not_answer_is_given_up(opened, floor, tmp_path):
    """After the time-out, with what to do."""
    floor.webcam()
    camera = opened(timeout=0.02)
    floor.say("video0", "silent")
    with pytest.raises(CameraError, match=r"no picture within 0\.02 s; unplug the camera"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_device_that_only_has_errors_fails_the_check(opened, floor):
    """It is always ready, and never delivers."""
    floor.webcam()
    camera = opened(timeout=0.05)
    floor.say("video0", "failing")
    with pytest.raises(CameraError, match=r"no picture within 0\.05 s"):
        camera.check()


def test_a_device_that_only_has_errors_is_given_up_in_time(opened, floor, tmp_path):
    """A frame is not waited for until the guest has left."""
    floor.webcam()
    camera = opened(timeout=0.05)
    floor.say("video0", "failing")
    with pytest.raises(CameraError, match="pictures are lost on the way"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_device_that_is_pulled_out_while_somebody_watches_is_noticed(opened, floor):
    """There is no preview; the next look, and watching again, say why."""
    floor.webcam()
    camera = opened()
    previewed(camera)
    floor.unplug()
    while camera.preview() is not None:
        threading.Event().wait(0.002)
    for attempt in (camera.check, lambda: camera.watch(on=True)):
        with pytest.raises(CameraError, match=r"the preview has stopped: .*No such device; unplug the camera and plug"):
            attempt()


def test_pictures_that_cannot_be_had_for_a_while_do_not_end_the_preview(opened, floor):
    """It is said once, the slot is empty, and then there are pictures again."""
    floor.webcam()
    camera = opened(timeout=1.0)
    previewed(camera)
    with capture_logs() as logs:
        floor.say("video0", "failing")
        while camera.preview() is not None:
            threading.Event().wait(0.002)
        floor.say("video0", "failing", on=False)
        while camera.preview() is None:
            threading.Event().wait(0.002)
    camera.check()
    assert ["preview.lost", "preview.back"] == [line["event"] for line in logs]


def test_watching_anew_forgets_an_old_failure(opened, floor):
    """Off and on again is another attempt."""
    floor.webcam()
    camera = opened(timeout=0.05)
    floor.say("video0", "silent")
    camera.watch(on=True)
    while camera._lost is None:
        threading.Event().wait(0.002)
    camera.watch(on=False)
    floor.say("video0", "silent", on=False)
    assert previewed(camera)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_preview_that_ends_by_a_bug_is_found_by_the_next_look(opened, floor):
    """Nobody expects it; so nobody else would notice."""
    floor.webcam()
    camera = opened()
    camera._preview_size = None
    camera.watch(on=True)
    while camera._producer.alive:
        threading.Event().wait(0.002)
    with pytest.raises(CameraError, match="ended by itself"):
        camera.check()


def test_a_device_that_has_fallen_silent_passes_one_look_and_no_more(opened, floor):
    """What lay in its buffers is not taken for a sign of life twice."""
    floor.webcam()
    camera = opened(timeout=0.01)
    while floor.number() < 5:
        threading.Event().wait(0.002)
    floor.say("video0", "silent")
    camera.check()
    with pytest.raises(CameraError, match=r"no picture within 0\.01 s; unplug the camera"):
        camera.check()


def test_a_device_that_does_not_answer_can_still_be_left_unwatched(opened, floor):
    """Its thread ends at once, not at its time-out."""
    floor.webcam()
    camera = opened(timeout=2400.0)
    floor.say("video0", "silent")
    camera.watch(on=True)
    camera.watch(on=False)
    assert camera.preview() is None


def test_closing_a_device_that_is_gone_raises_nothing(opened, floor):
    """And lets go of it all the same."""
    floor.webcam()
    before = set(Path("/proc/self/fd").iterdir())
    camera = opened()
    floor.unplug()
    with capture_logs() as logs:
        camera.close()
        camera.close()
    assert (["camera.not_closed"], before) == (
        [line["event"] for line in logs],
        set(Path("/proc/self/fd").iterdir()),
    )


@pytest.mark.parametrize("word", ["busy", "gives pBAA", ""])
def test_no_descriptor_is_left_of_a_device_whether_it_opened_or_not(opened, floor, word):
    """A booth opens a camera that is not there every few seconds, for days."""
    floor.webcam("video0", f"MJPG 640x360 {FAST}", f"pBAA 640x360 {FAST}")
    floor.plug("video1", "caps metadata")
    if word:
        floor.say("video0", word)
    before = set(Path("/proc/self/fd").iterdir())
    try:
        opened().close()
    except CameraError:
        assert word
    assert before == set(Path("/proc/self/fd").iterdir())


PROGRAM = """
import pathlib, sys
from booth.drivers.webcam import WebcamCamera
from booth.ports import Size
devices, into = map(pathlib.Path, sys.argv[1:])
camera = WebcamCamera(size=Size(320, 240), preview_size=Size(128, 96), devices=devices)
camera.watch(on=True)
camera.capture(into)
camera.check()
camera.close()
"""


def test_the_kernel_is_really_called(floor, tmp_path):
    """Through the C library, in a process that has another floor beneath it: open, ioctl, poll and mmap."""
    floor.webcam("video0", f"MJPG 320x240 {FAST}")
    environment = os.environ | {"LD_PRELOAD": str(library()), "V4L2_FLOOR": str(floor.devices)}
    frame = tmp_path / "frame-1.jpg"
    subprocess.run([sys.executable, "-c", PROGRAM, floor.devices, frame], env=environment, check=True, timeout=240)
    jpeg = frame.read_bytes()
    assert Path(floor.jpegs, "320x240.jpg").read_bytes() == jpeg[:2] + jpeg[10:]


GROWTH = """
import pathlib, sys
from booth import memory
from booth.drivers.webcam import WebcamCamera
from booth.ports import Size

def anonymous():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))

memory.settle()
devices, into = map(pathlib.Path, sys.argv[1:])
camera = WebcamCamera(size=Size(320, 240), preview_size=Size(128, 96), devices=devices)
camera.watch(on=True)
for _ in range(20):
    camera.capture(into)
camera.watch(on=False)  # what it has in its hands comes and goes
before = anonymous()
for _ in range(200):
    camera.capture(into)
print((anonymous() - before) / into.stat().st_size)
camera.close()
"""
"""Prints how much more memory there is after 200 frames, in frames."""


@pytest.mark.parametrize("mode", [f"MJPG 320x240 {FAST}", f"MJPG 640x360 {FAST}"])
def test_frames_that_were_taken_are_not_kept_by_any_library(floor, tmp_path, mode):
    """All memory of the process counts, what pygame and the C library hold for themselves too."""
    floor.webcam("video0", mode)
    environment = os.environ | {"LD_PRELOAD": str(library()), "V4L2_FLOOR": str(floor.devices)}
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, floor.devices, tmp_path / "frame-1.jpg"],
        env=environment, check=True, timeout=240, capture_output=True, text=True,
    )  # fmt: skip
    assert float(done.stdout.splitlines()[-1]) < 20
