"""The driver for current Raspberry Pi OS, over the real picamera2 and camera modules that are pretended."""

import importlib.util
import itertools
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from structlog.testing import capture_logs

from booth.drivers import picamera2 as driver
from booth.drivers.picamera2 import BUFFERS, Picamera2Camera
from booth.drivers.tuning import Tuning
from booth.errors import CameraError, CameraHeldError
from booth.ports import Size
from lab import ROOT
from lab.rig import scene
from lab.rig.binding import CONTROLS, ControlInfo
from lab.rig.floor import Floor
from lab.rig.plugging import library, plugged
from lab.rig.sensors import SENSORS
from tests.waiting import PATIENCE, until

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}


@pytest.fixture
def floor():
    """Camera Module 2, in a hurry."""
    floor = Floor("imx219")
    yield floor
    floor.rest()


@pytest.fixture
def opened(floor):
    """Open cameras, on the floor and with the suite's sizes unless told otherwise; all are closed at the end."""
    cameras = []

    def opened(on=floor, like=None, **options):
        found = library(on)
        if like is not None:
            found = driver.Library(like(found.camera), found.transform, found.full_range, found.version)
        cameras.append(Picamera2Camera(library=found, **SIZES | {"timeout": 20.0} | options))
        return cameras[-1]

    yield opened
    for camera in cameras:
        camera.close()


def pixels(picture):
    """Return a preview picture as an array, red first and as the camera sees it."""
    assert ("BGRA", True) == (picture.order, picture.mirrored)
    seen = np.frombuffer(picture.rgb, np.uint8).reshape(picture.size.height, picture.size.width, 4)
    return seen[:, ::-1, 2::-1]


def frame(camera, folder):
    """Take a frame; return it as an array."""
    camera.capture(folder / "frame-1.jpg")
    return scene.pixels_of((folder / "frame-1.jpg").read_bytes())


def shown(picture, model):
    """Return what a picture shows of a module's sensor: its edges, in hundredths of the whole."""
    width, height = SENSORS[model].size
    left, top, right, bottom = scene.seen_in(picture, (width, height))
    return np.array([100 * left / width, 100 * top / height, 100 * right / width, 100 * bottom / height])


# ---- one configuration


def test_there_is_one_configuration_and_no_change_of_mode(floor, opened, tmp_path):
    """Main stream for frames, small stream for the preview, four buffers of each, once; never faster or slower."""
    camera = opened()
    camera.watch(on=True)
    frame(camera, tmp_path)
    camera.close()
    (configuration,) = floor.configured
    main, small, _ = configuration
    assert [("BGR888", 320, 240), ("YUV420", 128, 96)] == [
        (str(stream.pixel_format), stream.size.width, stream.size.height) for stream in (main, small)
    ]
    assert [4, 4, 4] == [stream.buffer_count for stream in configuration]
    assert ("Rec709/Srgb/Rec601/Full", 1) == (str(small.color_space), floor.started)
    assert (41_667, 66_667) == floor.given["FrameDurationLimits"]


@pytest.mark.parametrize("model", SENSORS)
@pytest.mark.parametrize("size", [(640, 480), (1280, 960), (1920, 1080)])
def test_all_of_the_sensor_is_seen_at_any_size(opened, tmp_path, model, size):
    """What is cut off is what the shape of the frame leaves over; in the frame as in the preview."""
    camera = opened(Floor(model), size=Size(*size), preview_size=Size(size[0] // 4, size[1] // 4))
    camera.watch(on=True)
    width, height = SENSORS[model].size
    seen = (
        min(100.0, 100 * size[0] * height / (size[1] * width)),
        min(100.0, 100 * size[1] * width / (size[0] * height)),
    )
    expected = np.array([50 - seen[0] / 2, 50 - seen[1] / 2, 50 + seen[0] / 2, 50 + seen[1] / 2])
    for picture in (frame(camera, tmp_path), pixels(until(camera.preview))):
        assert np.abs(shown(picture, model) - expected).max() < 1.5


@pytest.mark.parametrize(
    ("size", "read_as"), [((640, 480), (1640, 1232)), ((1640, 1232), (1640, 1232)), ((1920, 1440), (3280, 2464))]
)
def test_the_sensor_is_read_two_by_two_unless_the_frame_is_larger(floor, opened, size, read_as):
    """The fast way, as long as no pixel of the frame has to be made up."""
    opened(size=Size(*size))
    assert read_as == floor.configured[0].mode.size


def test_what_was_opened_is_told(opened):
    """The library's version, the module, and what of it a guest is seen by."""
    with capture_logs() as logs:
        opened(Floor("imx708"), size=Size(1280, 960))
    (told,) = [entry for entry in logs if entry["event"] == "picamera2.open"]
    assert {
        "event": "picamera2.open",
        "log_level": "info",
        "version": importlib.metadata.version("picamera2"),
        "sensor": "imx708",
        "read_as": "2304x1296",
        "seen": "3456x2592 from 576,0 of 4608x2592",
        "rate": 24.0,
    } == told


@pytest.mark.parametrize(
    ("model", "lens"), [("imx708", {"AfMode": 2}), *((model, {}) for model in SENSORS if model != "imx708")]
)
def test_a_lens_with_a_motor_follows_the_guests_and_no_guest_is_blurred(opened, model, lens):
    """Continuous autofocus where there is one; light is gained by gain before it is by time."""
    floor = Floor(model)
    opened(floor)
    wanted = {"FrameDurationLimits": (41_667, 66_667), "AeExposureMode": 1, "AwbMode": 0, **lens}
    assert wanted == {name: value for name, value in floor.given.items() if name != "NoiseReductionMode"}


@pytest.mark.parametrize("focus", [0.0, 0.67])
def test_a_lens_with_a_motor_rests_where_the_owner_wants_it(opened, focus):
    """It can hunt, before a wall of lights; a fixed one does not."""
    floor = Floor("imx708")
    opened(floor, tuning=Tuning(focus=focus))
    assert (0, focus) == (floor.given["AfMode"], floor.given["LensPosition"])


@pytest.mark.parametrize("ends", [False, True])
def test_a_lens_looks_anew_for_each_guest(opened, ends):
    """Told to rest and then to follow, it begins with a search; it follows in the end, however short the visit is."""
    floor = Floor("imx708")
    camera = opened(floor)
    for visit in (1, 2):
        camera.watch(on=True)
        camera.watch(on=True)
        if ends:
            camera.watch(on=False)
        until(lambda visit=visit: len(floor.modes) == 1 + 3 * visit)
        camera.watch(on=False)
    assert [2, 0, 2, 2, 0, 2, 2] == floor.modes


@pytest.mark.parametrize(
    ("model", "tuning", "modes"),
    [("imx708", Tuning(focus=0.67), [0]), ("imx219", Tuning(), []), ("imx708", Tuning(), [2])],
)
def test_a_lens_that_does_not_follow_is_left_alone(opened, model, tuning, modes):
    """One that the owner has set, one without a motor; and any as long as nobody comes."""
    floor = Floor(model)
    camera = opened(floor, tuning=tuning)
    if modes != [2]:
        camera.watch(on=True)
    frames = camera._camera.frames
    until(lambda: camera._camera.frames > frames + 3 * BUFFERS)
    assert modes == floor.modes


@pytest.mark.parametrize(
    ("tuning", "given"),
    [
        (Tuning(exposure="short"), {"AeExposureMode": 1, "AwbMode": 0}),
        (Tuning(exposure="normal"), {"AeExposureMode": 0, "AwbMode": 0}),
        (Tuning(awb="incandescent"), {"AeExposureMode": 1, "AwbMode": 1}),
        (Tuning(awb="fluorescent"), {"AeExposureMode": 1, "AwbMode": 3}),
        (Tuning(awb="daylight"), {"AeExposureMode": 1, "AwbMode": 5}),
        (Tuning(awb="cloudy"), {"AeExposureMode": 1, "AwbMode": 6}),
        (Tuning(gain=4.0), {"AeExposureMode": 1, "AwbMode": 0, "AnalogueGain": 4.0, "AnalogueGainMode": 1}),
    ],
)
def test_light_is_taken_as_the_owner_wants_it(floor, opened, tuning, given):
    """By libcamera's own numbers; the gain that stays needs a mode, too, which the library sets."""
    opened(tuning=tuning)
    beside = {"FrameDurationLimits", "NoiseReductionMode"}
    assert given == {name: value for name, value in floor.given.items() if name not in beside}


def not_offered(logs):
    """Return what was told that the camera cannot do: which setting, what is offered, how urgently."""
    told = [entry for entry in logs if entry["event"] == "camera.not_offered"]
    return [(one["setting"], one["wanted"], one["offers"], one["log_level"]) for one in told]


@pytest.mark.parametrize(
    ("tuning", "told"),
    [
        (Tuning(focus=0.67), ("camera.focus", 0.67, "nothing", "warning")),
        (Tuning(awb="cloudy"), ("camera.awb", "cloudy", "nothing", "warning")),
        (Tuning(gain=4.0), ("camera.gain", 4.0, "nothing", "warning")),
        (Tuning(exposure="normal"), ("camera.exposure", "normal", "nothing", "warning")),
        (Tuning(exposure="short"), ("camera.exposure", "short", "nothing", "info")),
    ],
)
def test_what_was_set_and_a_module_has_not_is_told_of(floor, opened, tuning, told):
    """Once, and the camera is opened all the same; it is a warning if the owner has chosen it."""
    floor.controls = {"ExposureTime", "FrameDurationLimits"} | (
        {"AeExposureMode"} if "exposure" not in told[0] else set()
    )
    with capture_logs() as logs:
        opened(tuning=tuning).check()
    assert [told] == not_offered(logs)


@pytest.mark.parametrize(
    ("model", "tuning", "name", "nearest", "told"),
    [
        ("imx219", Tuning(gain=16.0), "AnalogueGain", 10.67, ("camera.gain", 16.0, "1 to 10.67", "warning")),
        ("imx708", Tuning(gain=200.0), "AnalogueGain", 16.0, ("camera.gain", 200.0, "1 to 16", "warning")),
    ],
)
def test_more_than_a_module_offers_is_told_with_what_it_does(opened, model, tuning, name, nearest, told):
    """And it does what is nearest."""
    floor = Floor(model)
    with capture_logs() as logs:
        opened(floor, tuning=tuning)
    assert ([told], nearest) == (not_offered(logs), floor.given[name])


def test_a_module_that_knows_less_kinds_of_light_is_asked_for_none_that_it_does_not_know(opened, monkeypatch):
    """The nearest number is the colour of another lamp; so it is left to follow the light, and what it has is told."""
    floor = Floor("imx219")
    all_of_them = floor.devices[0].controls

    def few(configuration):
        return all_of_them(configuration) | {CONTROLS["AwbMode"]: ControlInfo(0, 3, 0)}

    monkeypatch.setattr(floor.devices[0], "controls", few)
    with capture_logs() as logs:
        opened(floor, tuning=Tuning(awb="cloudy"))
    assert [("camera.awb", "cloudy", "auto, incandescent, fluorescent", "warning")] == not_offered(logs)
    assert "AwbMode" not in floor.given


def test_what_a_module_cannot_do_is_not_asked_of_it(floor, opened):
    """The library refuses a control that it does not know, and the camera with it."""
    floor.controls = {"ExposureTime", "ScalerCrop", "FrameDurationLimits"}
    opened()
    assert {"FrameDurationLimits": (41_667, 66_667)} == floor.given


def test_a_library_that_tells_less_opens_its_camera_all_the_same(floor, opened):
    """What is not known is left out of the log."""
    floor.controls = {"ExposureTime", "FrameDurationLimits"}
    with capture_logs() as logs:
        opened().check()
    (told,) = [entry for entry in logs if entry["event"] == "picamera2.open"]
    assert {"event", "log_level", "version", "sensor", "read_as"} == set(told)


# ---- frames


def test_a_frame_is_exposed_after_the_shutter_was_fired(floor, opened, tmp_path):
    """A picture that was lying in the queue shows the guest before "now"."""
    floor.period = 0.02
    camera = opened()
    for _ in range(5):
        fired = driver.time.monotonic_ns()
        assert floor.exposures[scene.number_of(frame(camera, tmp_path))] >= fired


def test_a_slow_sensor_is_waited_for(floor, opened, tmp_path):
    """In the dark, or read as a whole: it is well, its preview is shown, and its frame is new."""
    floor.period = 0.4
    camera = opened()
    camera.watch(on=True)
    camera.check()
    until(camera.preview)
    fired = driver.time.monotonic_ns()
    assert floor.exposures[scene.number_of(frame(camera, tmp_path))] >= fired


def test_a_frame_is_as_fine_as_was_asked_for(opened, tmp_path):
    """Per cent of a JPEG's quality."""
    sizes = []
    for quality in (50, 95):
        camera = opened(quality=quality)
        frame(camera, tmp_path)
        sizes.append((tmp_path / "frame-1.jpg").stat().st_size)
        camera.close()
    assert sizes[0] < sizes[1]


def saves(how):
    """Return what makes a camera whose frames are saved by *how*, given the file."""

    def like(real):
        class Camera(real):
            def capture_request(self, *args, **kwargs):
                job = super().capture_request(*args, **kwargs)
                wait = self.wait

                def altered(job, timeout=None):
                    request = wait(job, timeout)
                    request.save = lambda name, out, **_: how(out)
                    return request

                self.wait = altered
                return job

        return Camera

    return like


@pytest.mark.parametrize("torn", [b"", b"\xff\xd8\xff\xe0" + bytes(700), b"\x00" * 5000])
def test_what_is_no_whole_frame_is_a_camera_error(opened, tmp_path, torn):
    """Empty, cut off, no JPEG at all."""
    camera = opened(like=saves(lambda out: out.write(torn)))
    with pytest.raises(CameraError, match="the camera delivered"):
        camera.capture(tmp_path / "frame-1.jpg")
    assert [] == list(tmp_path.iterdir())


def test_an_error_of_the_library_becomes_ours_and_its_request_is_given_back(opened, tmp_path):
    """Its words are kept. The camera has four requests: a kept one would be missing for ever."""
    broken = [True] * 6

    def save(out):
        if broken:
            broken.pop()
            raise ValueError("Stream 'main' is not defined")
        out.write(b"")

    camera = opened(like=saves(save))
    for _ in range(6):
        with pytest.raises(CameraError, match="the frame was lost: Stream 'main'"):
            camera.capture(tmp_path / "frame-1.jpg")
    with pytest.raises(CameraError, match="the camera delivered an empty file"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_every_request_is_given_back(opened, tmp_path):
    """Ten frames of four requests."""
    camera = opened()
    numbers = [scene.number_of(frame(camera, tmp_path)) for _ in range(10)]
    assert sorted(set(numbers)) == numbers


def test_a_frame_that_comes_when_it_was_just_given_up_is_given_back(opened, tmp_path):
    """One of four requests each time, and the sixth guest would have had none."""

    def like(real):
        class Late(real):
            late = 6

            def wait(self, job, timeout=None):
                if self.late and timeout == 20.0:
                    self.late -= 1
                    super().wait(job, 60.0)._job = None
                    raise TimeoutError
                return super().wait(job, timeout)

        return Late

    camera = opened(like=like)
    for _ in range(6):
        with pytest.raises(CameraError, match="no frame within"):
            camera.capture(tmp_path / "frame-1.jpg")
    assert (240, 320, 3) == frame(camera, tmp_path).shape


def test_a_camera_that_does_not_answer_can_still_be_closed(floor, opened, tmp_path):
    """The waiting job is taken out of the library's queue, where it would block the one that stops the camera."""
    camera = opened(timeout=0.05)
    floor.silent = True
    with pytest.raises(CameraError, match=r"no frame within 0\.05 s; check the ribbon cable"):
        camera.capture(tmp_path / "frame-1.jpg")
    closing = threading.Thread(target=camera.close, daemon=True)
    closing.start()
    closing.join(PATIENCE)
    assert not closing.is_alive()


def test_eight_frames_that_did_not_come_leave_room_for_the_ninth(floor, opened, tmp_path):
    """Nothing is kept of what was given up."""
    camera = opened(timeout=0.02)
    floor.silent = True
    for _ in range(8):
        with pytest.raises(CameraError):
            camera.capture(tmp_path / "frame-1.jpg")
    floor.silent = False
    camera._timeout = PATIENCE
    assert (240, 320, 3) == frame(camera, tmp_path).shape


def test_a_frame_without_its_exposure_is_a_camera_error(floor, opened, tmp_path):
    """The library looks it up, and what it misses is no bug of ours."""
    camera = opened()
    floor.alter(exposure=False)
    with pytest.raises(CameraError, match="the frame was lost: 'ExposureTime'"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_check_waits_for_a_frame_only_if_there_was_none_since_the_last_one(floor, opened):
    """After a rest, it does not wait at all."""
    camera = opened(timeout=0.05)
    until(lambda: camera._camera.frames > 0)
    floor.silent = True
    until(lambda: not camera._camera._requests)
    camera.check()
    with pytest.raises(CameraError, match=r"no frame within 0\.05 s; check the ribbon cable"):
        until(camera.check)


# ---- opening


def test_no_camera_says_what_to_look_at(opened):
    """The cable first."""
    with pytest.raises(CameraError, match=r"No camera number 0 found.*ribbon cable.*rpicam-hello --list-cameras"):
        opened(Floor())


@pytest.mark.parametrize(("device", "model"), [("", "imx708"), ("0", "imx708"), ("1", "imx219")])
def test_the_device_is_a_number(opened, device, model):
    """The one that the library's own list shows; the first, if none is named."""
    camera = opened(Floor("imx219", "imx708"), device=device)
    assert model == camera._camera.camera_properties["Model"]


def test_a_device_that_is_no_number_is_a_camera_error(opened):
    """A webcam's name, left in the settings."""
    with pytest.raises(CameraError, match=r"/dev/video0.*camera\.device is the number there"):
        opened(device="/dev/video0")


def test_a_camera_that_others_have_is_told_as_that(floor, opened):
    """With the cause, which the library hides behind a sentence of its own; and it can be had when they let it go."""
    floor.held = True
    with pytest.raises(CameraHeldError, match=r"did not complete: Failed to acquire camera: Device or resource busy\."):
        opened()
    floor.held = False
    opened().check()


@pytest.mark.parametrize(("fault", "why"), [("starts", "Remote I/O error"), ("memory", "Cannot allocate memory")])
def test_a_camera_that_does_not_start_is_closed(floor, opened, fault, why):
    """So that the next attempt finds it free."""
    found = library(floor)
    setattr(floor, fault, False)
    with pytest.raises(CameraError, match=why):
        Picamera2Camera(library=found, **SIZES)
    setattr(floor, fault, True)
    camera = Picamera2Camera(library=found, **SIZES)
    camera.check()
    camera.close()


@pytest.mark.filterwarnings("ignore:.*DmaAllocator:pytest.PytestUnraisableExceptionWarning")  # the library's half one
def test_a_camera_without_memory_for_pictures_is_let_go(floor):
    """The library has it open already when it finds that out, and would hold it for as long as the booth is up."""
    found = library(floor)
    floor.heap = False
    with pytest.raises(CameraError, match="Could not open any dmaHeap device"):
        Picamera2Camera(library=found, **SIZES)
    floor.heap = True
    camera = Picamera2Camera(library=found, **SIZES)
    camera.check()
    camera.close()


@pytest.mark.parametrize("exception", [KeyError("ScalerCrop"), AttributeError("lores"), KeyboardInterrupt()])
def test_whatever_keeps_a_camera_from_starting_closes_it(floor, exception):
    """What we expect, what we do not, and the end of the booth."""
    found = library(floor)

    class Broken(found.camera):
        def start(self, *args, **kwargs):
            raise exception

    expected = CameraError if isinstance(exception, LookupError) else type(exception)
    with pytest.raises(expected):
        Picamera2Camera(library=driver.Library(Broken, found.transform, found.full_range, ""), **SIZES)
    camera = Picamera2Camera(library=found, **SIZES)
    camera.check()
    camera.close()


def test_a_camera_that_is_lost_while_it_runs_is_held_by_its_own_process(floor, opened, tmp_path):
    """It cannot be stopped, so libcamera does not let it go: the next opening is told that it is held."""
    found = library(floor)
    camera = Picamera2Camera(library=found, **SIZES)
    floor.stops = False
    camera.close()
    with pytest.raises(CameraHeldError, match="Device or resource busy"):
        Picamera2Camera(library=found, **SIZES)


def test_one_that_others_began_to_use_meanwhile_is_told_as_held(floor):
    """Opened is not started: what scales pictures is one for all."""
    found = library(floor)

    class Busy(found.camera):
        def start(self, *args, **kwargs):
            raise RuntimeError("Failed to start camera: Device or resource busy")

    with pytest.raises(
        CameraHeldError, match="the camera does not start: Failed to start camera: Device or resource busy"
    ):
        Picamera2Camera(library=driver.Library(Busy, found.transform, found.full_range, ""), **SIZES)


@pytest.mark.parametrize("stream", ["main", "lores"])
def test_a_size_that_the_camera_cannot_deliver_names_the_one_it_can(floor, opened, stream):
    """Rather than frames of a size that nobody asked for, or a preview that does not show what they will."""
    small = {"preview_size": Size(32, 24)} if stream == "lores" else {}
    floor.only = (318, 240) if stream == "main" else None
    offer = r"offers 318x240: set camera\.size" if stream == "main" else r"offers 64x64: set camera\.preview_size"
    with pytest.raises(CameraError, match=offer):
        opened(**small)


def test_that_size_is_named_as_the_owner_sees_it_on_a_turned_camera(floor, opened):
    """Upright, as in the settings."""
    floor.only = (318, 240)
    with pytest.raises(CameraError, match="offers 240x318"):
        opened(size=Size(240, 320), preview_size=Size(96, 128), rotation=90)


def test_a_camera_that_does_not_tell_its_exposure_is_none_of_ours(floor, opened):
    """One at USB, which libcamera finds, too: there is a better driver for it."""
    floor.alter(exposure=False)
    with pytest.raises(CameraError, match=r'camera\.driver = "webcam"'):
        opened()


# ---- flipped, turned, mirrored

WAYS = list(itertools.product((False, True), (False, True), (0, 90, 180, 270)))


def upright(seen, *, flip, rotation):
    """Return what the settings mean: flipped, then turned clockwise."""
    return np.rot90(seen[::-1] if flip else seen, k=-rotation // 90)


def corners(picture):
    """Return which of the sensor's corners is in each corner of a picture: twice whether it is the lower, the right."""
    height, width = picture.shape[:2]
    places = picture[:: height - 1, :: width - 1].astype(int)
    return 2 * (places[..., 1] > 127) + (places[..., 0] > 127)


@pytest.mark.parametrize(
    ("flip", "mirror", "rotation", "flips"),
    [*((*way, True) for way in WAYS), *((*way, False) for way in WAYS if way[2] in {0, 90})],
)
def test_frame_and_preview_are_upright_and_only_the_frame_is_mirrored(
    floor, opened, tmp_path, flip, mirror, rotation, flips
):
    """Whatever the camera does itself and what is done in software add up to what was asked for, with any sensor."""
    floor.alter(flips=flips)
    wide, small = ((320, 240), (128, 96)) if rotation in {0, 180} else ((240, 320), (96, 128))
    camera = opened(size=Size(*wide), preview_size=Size(*small), flip=flip, mirror=mirror, rotation=rotation)
    camera.watch(on=True)
    expected = upright(np.array([[0, 1], [2, 3]]), flip=flip, rotation=rotation)
    taken = frame(camera, tmp_path)
    assert expected.tolist() == corners(pixels(until(camera.preview))).tolist()
    assert (expected[:, ::-1] if mirror else expected).tolist() == corners(taken).tolist()
    assert (wide[1], wide[0], 3) == taken.shape


# ---- the preview


def test_the_preview_has_its_colours_right_and_none_of_the_padding(opened):
    """Rows of 160 pixels lie in 192 bytes."""
    camera = opened(preview_size=Size(160, 120))
    camera.watch(on=True)
    assert np.abs(shown(pixels(until(camera.preview)), "imx219") - (0, 0, 100, 100)).max() < 1.5


class Broken:
    """A request whose small stream is not there."""

    def make_array(self, name):
        raise RuntimeError("Stream 'lores' is not defined")


def test_a_broken_preview_picture_does_not_end_the_library_s_thread(floor, opened):
    """The next one may be whole; and nothing is raised into the thread."""
    camera = opened()
    camera.watch(on=True)
    until(camera.preview)
    floor.silent = True
    newest = camera._newest
    camera._received(Broken())
    floor.silent = False
    assert until(lambda: camera._newest is not newest)


def test_a_picture_that_was_under_way_when_watching_ended_is_dropped(opened):
    """The slot stays empty, whatever the library still hands over."""
    camera = opened()
    request = camera._camera.capture_request(wait=PATIENCE)
    make = request.make_array

    def make_array(name):
        camera.watch(on=False)
        return make(name)

    request.make_array = make_array
    camera.watch(on=True)
    camera._received(request)
    request.release()
    assert camera._newest is None


def test_nothing_is_made_of_pictures_that_nobody_watches(opened):
    """The library hands each of them over, all the time."""
    camera = opened()
    camera._received(None)
    assert camera.preview() is None


def test_watching_does_not_touch_the_library(opened):
    """It looks at the attribute twice, and calls what it found the second time: that must not be None."""
    camera = opened()
    installed = camera._camera.post_callback
    for on in (True, False):
        camera.watch(on=on)
        assert installed == camera._camera.post_callback == camera._received


def test_a_preview_that_has_stopped_is_not_shown(floor, opened):
    """The front end has given up: a guest would pose for a picture of who was there before."""
    camera = opened()
    camera.watch(on=True)
    until(camera.preview)
    floor.time_out()
    assert until(lambda: camera.preview() is None)


# ---- closing


def test_closing_a_camera_that_refuses_raises_nothing(floor, opened):
    """There is nothing that anybody could do about it."""
    camera = opened()
    floor.stops = False
    camera.close()
    assert camera.preview() is None


def child(program, *argv):
    """Run *program* in a process of its own; return it when it has ended."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program, *argv],
        env=environment, check=True, timeout=PATIENCE, capture_output=True, text=True,
    )  # fmt: skip


HUNG = """
import threading
from booth.drivers.picamera2 import Picamera2Camera
from booth.ports import Size
from lab.rig.floor import Floor
from lab.rig.plugging import library

hung = threading.Event()

class Hanging(Picamera2Camera):
    def _picture(self, planes):
        hung.set()
        threading.Event().wait()

camera = Hanging(size=Size(320, 240), preview_size=Size(128, 96), library=library(Floor("imx219")))
camera.watch(on=True)
hung.wait()
print("the end")
"""


def test_the_process_ends_with_a_callback_that_hangs():
    """The library waits for its thread when Python ends, and systemd would have to kill the booth."""
    assert ["the end"] == child(HUNG).stdout.splitlines()[-1:]


FAILED = """
import gc, logging, pathlib
from booth.drivers.picamera2 import Picamera2Camera
from booth.errors import CameraError
from booth.ports import Size
from lab.rig.floor import Floor
from lab.rig.plugging import library

logging.disable()

def descriptors():
    gc.collect()
    return len(list(pathlib.Path("/proc/self/fd").iterdir()))

absent, held, heapless, full = Floor(), *(Floor("imx219") for _ in range(3))
held.held, heapless.heap, full.memory = True, False, False
for floor, attempts in ((absent, 500), (held, 490), (heapless, 5), (full, 5)):
    found = library(floor)
    for attempt in range(attempts + 1):
        if attempt == 1:
            before = descriptors()
        try:
            Picamera2Camera(size=Size(320, 240), preview_size=Size(128, 96), library=found)
        except CameraError:
            pass
        else:
            raise SystemExit("it was opened")
    print(descriptors() - before)
"""


def test_a_thousand_openings_that_failed_leave_no_descriptor():
    """No camera, one that others have, one without memory; the booth tries again for as long as it is up."""
    assert "0\n0\n0\n0\n" == child(FAILED).stdout


# ---- the library


def test_without_the_library_the_owner_reads_what_to_install():
    """There is no libcamera on this machine; on a Pi one line puts it there."""
    with pytest.raises(CameraError, match="sudo apt install python3-picamera2"):
        driver.load()


def test_it_is_found_where_it_is(floor):
    """By the names of the packages."""
    with plugged(floor):
        assert driver.available()


@pytest.mark.parametrize(
    ("there", "expected"), [(set(), False), ({"picamera2"}, False), ({"picamera2", "libcamera"}, True)]
)
def test_it_is_available_when_both_libraries_are(monkeypatch, there, expected):
    """Picamera2 from the package index, without libcamera, is no camera."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name in there else None)
    assert expected == driver.available()
