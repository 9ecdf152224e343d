"""The driver for V4L2 cameras, over a device that is 640x360 whatever is asked for."""

import threading

import pygame
import pytest
from structlog.testing import capture_logs

from booth.drivers import webcam as driver
from booth.drivers.webcam import WebcamCamera
from booth.errors import CameraError
from booth.ports import Size
from tests.contracts.v4l2 import VividBackend

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}


@pytest.fixture
def backend():
    """Give a system with one camera."""
    return VividBackend()


@pytest.fixture
def opened(backend):
    """Open cameras, close them afterwards."""
    cameras = []

    def open_camera(**options):
        cameras.append(WebcamCamera(backend=backend, **SIZES | options))
        return cameras[-1]

    yield open_camera
    for camera in cameras:
        camera.close()


def reddest(image):
    """Return where the red half is: ``left`` or ``right``."""
    width, height = image.get_size()
    left, right = (image.get_at((x, height // 2)).r for x in (width // 8, width * 7 // 8))
    return "left" if left > right else "right"


def test_the_device_is_asked_for_the_size_of_a_frame(opened, backend):
    """It gives what it can."""
    opened()
    assert (320, 240) == backend.opened[0].asked


def test_a_turned_device_is_asked_for_the_size_before_turning(opened, backend):
    """Its long side is the picture's short side."""
    opened(size=Size(240, 320), rotation=90)
    assert (320, 240) == backend.opened[0].asked


def test_a_wide_picture_fills_the_frame_without_being_stretched(opened, tmp_path):
    """The sides are cut: a line down the middle stays in the middle."""
    opened().capture(tmp_path / "frame-1.jpg")
    image = pygame.image.load(tmp_path / "frame-1.jpg")
    assert image.get_at((150, 100)).r < 128 < image.get_at((170, 100)).r


@pytest.mark.parametrize(
    ("options", "side"),
    [({}, "right"), ({"mirror": True}, "left"), ({"rotation": 180}, "left"), ({"flip": True}, "right")],
)
def test_the_frame_is_mirrored_only_if_asked_for(opened, tmp_path, options, side):
    """What is red on the right is red on the right."""
    opened(**options).capture(tmp_path / "frame-1.jpg")
    assert side == reddest(pygame.image.load(tmp_path / "frame-1.jpg"))


def test_the_preview_is_not_mirrored_even_if_the_frame_is(opened):
    """The screen mirrors by itself."""
    camera = opened(mirror=True)
    camera.watch(on=True)
    while (picture := camera.preview()) is None:
        threading.Event().wait(0.002)
    assert "right" == reddest(pygame.image.frombytes(bytes(picture.rgb), (128, 96), "RGB"))


def test_a_clockwise_turn_is_clockwise(opened, tmp_path):
    """What was on the right is below."""
    opened(size=Size(240, 320), rotation=90).capture(tmp_path / "frame-1.jpg")
    image = pygame.image.load(tmp_path / "frame-1.jpg")
    assert image.get_at((120, 40)).r < 128 < image.get_at((120, 280)).r


def test_pictures_that_lay_in_the_device_are_not_taken_for_new(opened, backend, tmp_path):
    """Two buffers may be old; the third picture is the frame."""
    camera = opened()
    camera.capture(tmp_path / "frame-1.jpg")
    assert 3 == backend.opened[0].taken


def test_a_preview_of_an_odd_width_has_no_padding(opened):
    """Three bytes a pixel, whatever pygame likes better."""
    camera = opened(preview_size=Size(127, 95))
    camera.watch(on=True)
    while (picture := camera.preview()) is None:
        threading.Event().wait(0.002)
    assert 3 * 127 * 95 == len(picture.rgb)


@pytest.mark.parametrize("error", [pygame.error("no"), SystemError("no"), MemoryError("no"), OSError("no")])
def test_a_device_that_cannot_be_opened_names_those_that_can(error):
    """Pygame raises another error for each of the kernel's calls."""
    with pytest.raises(
        CameraError, match=r"/dev/video7 cannot be opened: no\. Set camera\.device to one of /dev/video2"
    ):
        WebcamCamera(backend=VividBackend(devices=["/dev/video2"], refuses=error), device="/dev/video7", **SIZES)


def test_where_there_is_no_camera_the_owner_reads_so():
    """Plug one in."""
    with pytest.raises(CameraError, match="There is no camera: plug one in"):
        WebcamCamera(backend=VividBackend(devices=[], refuses=SystemError("Cannot identify")), **SIZES)


def test_a_list_of_devices_that_cannot_be_had_is_an_empty_one():
    """The first error is the one that counts."""

    class Mute(VividBackend):
        def list_cameras(self):
            raise pygame.error("not initialised")

    with pytest.raises(CameraError, match="Cannot open"):
        WebcamCamera(backend=Mute(refuses=SystemError("Cannot open")), device="/dev/video0", **SIZES)


def test_a_device_that_does_not_answer_is_given_up(opened, backend, tmp_path):
    """After the time-out, with what to do."""
    camera = opened(timeout=0.02)
    backend.opened[0].stalled = True
    with pytest.raises(CameraError, match=r"no picture within 0\.02 s; unplug the camera"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_device_that_is_pulled_out_is_a_camera_error(opened, backend, tmp_path):
    """The kernel says "no such device"."""
    camera = opened()
    backend.opened[0].broken = SystemError("ioctl(VIDIOC_DQBUF) failure : 19, No such device")
    with pytest.raises(CameraError, match="No such device"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_device_that_is_pulled_out_while_somebody_watches_is_noticed(opened, backend):
    """There is no preview; the next look, and watching again, say why."""
    camera = opened()
    camera.watch(on=True)
    while camera.preview() is None:
        threading.Event().wait(0.002)
    backend.opened[0].broken = MemoryError("ioctl(VIDIOC_QUERYBUF) failure : 19, No such device")
    while camera.preview() is not None:
        threading.Event().wait(0.002)
    for attempt in (camera.check, lambda: camera.watch(on=True)):
        with pytest.raises(CameraError, match=r"the preview has stopped: .*No such device; unplug the camera and plug"):
            attempt()


def test_one_picture_that_cannot_be_read_does_not_end_the_preview(opened, backend):
    """It is said once, the slot is empty, and then there are pictures again."""
    camera = opened()
    camera.watch(on=True)
    while camera.preview() is None:
        threading.Event().wait(0.002)
    with capture_logs() as logs:
        backend.opened[0].broken = SystemError("ioctl(VIDIOC_DQBUF) failure : 5, Input/output error")
        while camera.preview() is not None:
            threading.Event().wait(0.002)
        backend.opened[0].broken = None
        while camera.preview() is None:
            threading.Event().wait(0.002)
    camera.check()
    assert ["preview.lost", "preview.back"] == [line["event"] for line in logs]


def test_watching_anew_forgets_an_old_failure(opened, backend):
    """Off and on again is another attempt."""
    camera = opened()
    camera.watch(on=True)
    backend.opened[0].broken = SystemError("ioctl(VIDIOC_DQBUF) failure : 5, Input/output error")
    while camera._lost is None:
        threading.Event().wait(0.002)
    camera.watch(on=False)
    backend.opened[0].broken = None
    camera.watch(on=True)
    while camera.preview() is None:
        threading.Event().wait(0.002)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_preview_that_ends_by_a_bug_is_found_by_the_next_look(opened, backend):
    """Nobody expects it; so nobody else would notice."""
    camera = opened()
    backend.opened[0].get_image = lambda: None
    camera.watch(on=True)
    while camera._producer[0].is_alive():
        threading.Event().wait(0.002)
    with pytest.raises(CameraError, match="ended by itself"):
        camera.check()


def test_a_check_takes_what_lies_in_the_device_and_unpacks_nothing(opened, backend):
    """Two pictures at most, as bytes: the device goes on, and the processor rests."""
    camera = opened()
    device = backend.opened[0]
    device.query_image = lambda: True
    camera.check()
    assert (2, 2) == (device.drained, device.taken)


def test_a_device_that_has_fallen_silent_passes_one_look_and_no_more(opened, backend):
    """What lay in its buffers is not taken for a sign of life twice."""
    camera = opened(timeout=0.01)
    device = backend.opened[0]
    waiting = [True, True]
    device.query_image = lambda: bool(waiting)
    device.get_raw = lambda: waiting.pop() and b""
    camera.check()
    with pytest.raises(CameraError, match=r"no picture within 0\.01 s; unplug the camera"):
        camera.check()


def test_a_device_that_does_not_answer_can_still_be_left_unwatched(opened, backend):
    """Its thread ends at once, not at its time-out."""
    camera = opened(timeout=600.0)
    backend.opened[0].stalled = True
    camera.watch(on=True)
    camera.watch(on=False)
    assert camera.preview() is None


def test_closing_a_device_that_refuses_raises_nothing(opened, backend):
    """It is gone already."""
    camera = opened()
    backend.opened[0].stop = lambda: (_ for _ in ()).throw(SystemError("ioctl(VIDIOC_STREAMOFF) failure"))
    camera.close()
    assert camera.preview() is None


def test_the_device_is_let_go_once(opened, backend):
    """However often it is closed."""
    camera = opened()
    camera.close()
    camera.close()
    assert 1 == backend.opened[0].stops


def test_pygame_s_own_camera_module_is_what_the_driver_expects():
    """Without a device it fails at the door, with a sentence."""
    with pytest.raises(CameraError, match="/dev/video63 cannot be opened"):
        WebcamCamera(device="/dev/video63", **SIZES)


@pytest.mark.parametrize(
    ("name", "expected"), [("video0", True), ("video2", True), ("video10", False), ("null", False)]
)
def test_it_is_available_where_a_video_device_is(tmp_path, name, expected):
    """Looking is enough; the Pi's own codecs, from 10 on, are no cameras."""
    (tmp_path / name).touch()
    assert expected == driver.available(tmp_path)


@pytest.mark.parametrize(("device", "expected"), [("", "/dev/video2"), ("/dev/video4", "/dev/video4")])
def test_without_a_name_the_first_device_is_taken(device, expected):
    """Whatever its number."""
    backend = VividBackend(devices=["/dev/video2", "/dev/video4"])
    WebcamCamera(backend=backend, device=device, **SIZES).close()
    assert expected == backend.opened[0].device
