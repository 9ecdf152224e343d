"""The driver for current Raspberry Pi OS, held to picamera2's own signatures."""

import importlib.util
import itertools
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers import picamera2 as driver
from booth.drivers.picamera2 import Picamera2Camera, rgb_of
from booth.errors import CameraError
from booth.ports import Size
from tests.contracts.pi_libraries import PretendedPicamera2, jpeg, real_picamera2

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}


@pytest.fixture(scope="module")
def package():
    """Give the real package, over mocks of what is beneath it."""
    return real_picamera2()


@pytest.fixture
def pretended(package):
    """Give a camera behind the package's signatures, closed afterwards."""
    pretended = PretendedPicamera2(package)
    yield pretended
    pretended.camera.close()


def test_there_is_one_configuration_and_no_change_of_mode(pretended, tmp_path):
    """Main stream for frames, small stream for the preview, four buffers, once."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    camera.watch(on=True)
    camera.capture(tmp_path / "frame-1.jpg")
    camera.close()
    pretended.camera.create_video_configuration.assert_called_once_with(
        main={"size": (320, 240), "format": "BGR888"},
        lores={"size": (128, 96), "format": "YUV420"},
        transform=(False, False),
        colour_space="sYCC",
        buffer_count=4,
        controls={"FrameDurationLimits": (41_667, 66_667)},
        display=None,
        encode=None,
    )
    assert 1 == pretended.camera.configure.call_count
    assert [] == [name for name, _, _ in pretended.camera.mock_calls if name.startswith("switch_mode")]


def test_the_attributes_that_the_driver_sets_are_made_by_the_library(package):
    """They belong to an object; a mock of the class cannot know them."""
    made = package.Picamera2._reset_flags.__code__.co_names
    assert {"options", "post_callback", "frames"} <= set(made)


def test_the_count_of_frames_moves_with_the_good_ones(package):
    """The library adds to it where it has sorted out those that were lost."""
    assert "frames" in package.Picamera2.process_requests.__code__.co_names


def test_a_check_waits_for_a_frame_only_if_there_was_none_since_the_last_one(pretended):
    """After a rest, it does not wait at all; and it takes no request from the camera."""
    camera = Picamera2Camera(library=pretended.module, timeout=0.01, **SIZES)
    while pretended.camera.frames == 0:
        threading.Event().wait(0.002)
    pretended._pulse.stop()
    camera.check()
    with pytest.raises(CameraError, match=r"no frame within 0\.01 s; check the ribbon cable"):
        camera.check()
    pretended.camera.capture_request.assert_not_called()
    pretended.camera.capture_metadata.assert_not_called()


def test_the_controls_that_the_driver_sets_are_the_library_s(package):
    """The library itself limits the duration of a frame under this name, in microseconds."""
    constants = package.Picamera2.create_video_configuration.__code__.co_consts
    assert (33333, 33333) in constants
    assert any("FrameDurationLimits" in (c if isinstance(c, tuple) else (c,)) for c in constants)


def test_a_frame_is_exposed_after_the_shutter_was_fired(pretended, tmp_path):
    """A picture that was lying in the queue shows the guest before "now"; and nobody waits for ever."""
    Picamera2Camera(library=pretended.module, timeout=3.0, quality=93, **SIZES).capture(tmp_path / "frame-1.jpg")
    pretended.camera.capture_request.assert_called_once_with(wait=3.0, flush=True)
    assert {"quality": 93} == pretended.camera.options


def test_every_request_is_given_back(pretended, tmp_path):
    """The camera has four; a kept one is missing for ever."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    camera.capture(tmp_path / "frame-1.jpg")
    pretended.written = b""
    with pytest.raises(CameraError, match="empty"):
        camera.capture(tmp_path / "frame-2.jpg")
    assert 2 == pretended.released


def test_a_request_is_given_back_when_saving_fails(pretended, tmp_path):
    """Also then."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    pretended.written = ValueError("Stream 'main' is not defined")
    with pytest.raises(CameraError, match="the frame was lost: Stream 'main'"):
        camera.capture(tmp_path / "frame-1.jpg")
    assert 1 == pretended.released


def test_a_camera_that_does_not_answer_can_still_be_closed(pretended, tmp_path):
    """The waiting job is taken out of the library's queue, where it would block the one that stops the camera."""
    camera = Picamera2Camera(library=pretended.module, timeout=0.01, **SIZES)
    pretended.answering.clear()
    with pytest.raises(CameraError, match=r"no frame within 0\.01 s; check the ribbon cable"):
        camera.capture(tmp_path / "frame-1.jpg")
    pretended.camera.cancel_all_and_flush.assert_called_once_with()


@pytest.mark.parametrize("torn", [jpeg(320, 240)[:-2], jpeg(320, 240)[:700], b"\x00" * 5000, jpeg(160, 120)])
def test_what_is_no_whole_frame_is_a_camera_error(pretended, tmp_path, torn):
    """Short, cut off, no JPEG at all, or of the wrong size."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    pretended.written = torn
    with pytest.raises(CameraError):
        camera.capture(tmp_path / "frame-1.jpg")


def test_an_error_of_the_library_becomes_ours(pretended, tmp_path):
    """Its words are kept."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    pretended.camera.capture_request.side_effect = RuntimeError("failed to find buffer")
    with pytest.raises(CameraError, match="failed to find buffer"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_no_camera_says_what_to_look_at(pretended):
    """The cable first."""
    pretended.opener.side_effect = RuntimeError("No camera number 0 found")
    with pytest.raises(CameraError, match=r"No camera number 0 found.*ribbon cable.*rpicam-hello --list-cameras"):
        Picamera2Camera(library=pretended.module, **SIZES)


@pytest.mark.parametrize(("device", "number"), [("", 0), ("0", 0), ("1", 1)])
def test_the_device_is_a_number(pretended, device, number):
    """The one that the library's own list shows; the first, if none is named."""
    Picamera2Camera(library=pretended.module, device=device, **SIZES).close()
    pretended.opener.assert_called_once_with(number)


def test_a_device_that_is_no_number_is_a_camera_error(pretended):
    """A webcam's name, left in the settings."""
    with pytest.raises(CameraError, match=r"/dev/video0.*camera\.device is the number there"):
        Picamera2Camera(library=pretended.module, device="/dev/video0", **SIZES)


def test_a_camera_that_does_not_start_is_closed(pretended):
    """So that the next attempt finds it free."""
    pretended.camera.start.side_effect = RuntimeError("Failed to start camera")
    with pytest.raises(CameraError, match="Failed to start camera"):
        Picamera2Camera(library=pretended.module, **SIZES)
    pretended.camera.close.assert_called_once_with()


def test_a_size_that_the_camera_cannot_deliver_names_the_one_it_can(pretended):
    """Rather than frames of a size that nobody asked for."""
    pretended.adjusted = (318, 240)
    with pytest.raises(CameraError, match=r"offers 318x240: set camera\.size"):
        Picamera2Camera(library=pretended.module, **SIZES)
    pretended.camera.close.assert_called_once_with()


def test_that_size_is_named_as_the_owner_sees_it_on_a_turned_camera(pretended):
    """Upright, as in the settings."""
    pretended.adjusted = (318, 240)
    with pytest.raises(CameraError, match="offers 240x318"):
        Picamera2Camera(library=pretended.module, size=Size(240, 320), preview_size=Size(96, 128), rotation=90)


def test_a_quarter_turn_is_done_in_software(pretended, tmp_path):
    """Pillow turns counter-clockwise."""
    sizes = {"size": Size(240, 320), "preview_size": Size(96, 128)}
    camera = Picamera2Camera(library=pretended.module, rotation=90, quality=88, **sizes)
    camera.capture(tmp_path / "frame-1.jpg")
    assert [("rotate", -90, True), ("save", "JPEG", 88)] == pretended.pil_calls


WAYS = list(itertools.product((False, True), (False, True), (0, 90, 180, 270)))


def upright(seen, *, flip, rotation):
    """Return what the settings mean: flipped, then turned clockwise."""
    return np.rot90(seen[::-1] if flip else seen, k=-rotation // 90)


@pytest.mark.parametrize(("flip", "mirror", "rotation"), WAYS)
def test_frame_and_preview_are_upright_and_only_the_frame_is_mirrored(package, flip, mirror, rotation):
    """Whatever the camera does itself and what is done in software add up to what was asked for."""
    pretended = PretendedPicamera2(package)
    pretended.padding = 0
    sizes = (Size(16, 12), Size(16, 12)) if rotation in {0, 180} else (Size(12, 16), Size(12, 16))
    camera = Picamera2Camera(
        library=pretended.module, size=sizes[0], preview_size=sizes[1], flip=flip, mirror=mirror, rotation=rotation
    )
    seen = np.arange(16 * 12, dtype=np.uint8).reshape(12, 16)
    ((hflip, vflip),) = pretended.transforms
    delivered = seen[:: -1 if vflip else 1, :: -1 if hflip else 1]
    grey = np.concatenate([delivered, np.full((6, 16), 128, np.uint8)])
    picture = camera._picture(grey)
    camera.close()
    shown = np.frombuffer(picture.rgb, np.uint8).reshape(picture.size.height, picture.size.width, 3)[..., 0]
    frame = np.rot90(delivered, k=-rotation // 90) if rotation in {90, 270} else delivered
    expected = upright(seen, flip=flip, rotation=rotation)
    assert expected.tolist() == shown.tolist()
    assert (expected[:, ::-1] if mirror else expected).tolist() == frame.tolist()


def test_the_preview_has_its_colours_right(pretended):
    """Dark on the left, bright red on the right, and none of the padding."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    picture = camera._picture(pretended.planes())
    row = np.frombuffer(picture.rgb, np.uint8).reshape(96, 128, 3)[50].astype(int)
    assert (np.abs(row[10] - (0, 0, 0)) <= 1).all()
    assert (np.abs(row[120] - (254, 0, 0)) <= 2).all()


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255), st.integers(0, 3))
def test_the_conversion_is_that_of_jpeg_to_a_rounding(y, u, v, padding):
    """Full range BT.601, within two of the exact value, whatever the stride."""
    planes = np.full((6, 4 + 2 * padding), y, np.uint8)
    halves = planes.reshape(12, 2 + padding)
    halves[8:10], halves[10:12] = u, v
    exact = (y + 1.402 * (v - 128), y - 0.344136 * (u - 128) - 0.714136 * (v - 128), y + 1.772 * (u - 128))
    got = rgb_of(planes, 4, 4)
    assert (4, 4, 3) == got.shape
    assert (np.abs(got.reshape(-1, 3).astype(int) - np.clip(exact, 0, 255)) <= 2).all()


def test_a_broken_preview_picture_does_not_end_the_library_s_thread(pretended):
    """The next one may be whole; and nothing is raised into the thread."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    broken = pretended._request()
    broken.make_array.side_effect = RuntimeError("Stream 'lores' is not defined")
    camera._received(broken)
    assert camera.preview() is None


def test_a_picture_that_was_under_way_when_watching_ended_is_dropped(pretended):
    """The slot stays empty."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    camera.watch(on=False)
    camera._received(pretended._request())
    assert camera.preview() is None


def test_closing_a_camera_that_refuses_raises_nothing(pretended):
    """There is nothing that anybody could do about it."""
    camera = Picamera2Camera(library=pretended.module, **SIZES)
    let_go, pretended.camera.close.side_effect = pretended.camera.close.side_effect, RuntimeError("release failed")
    camera.close()
    pretended.camera.close.side_effect = let_go
    assert camera.preview() is None


def test_without_the_library_the_owner_reads_what_to_install():
    """There is no libcamera on this machine; on a Pi one line puts it there."""
    with pytest.raises(CameraError, match="sudo apt install python3-picamera2"):
        driver.load()


@pytest.mark.parametrize(
    ("there", "expected"), [(set(), False), ({"picamera2"}, False), ({"picamera2", "libcamera"}, True)]
)
def test_it_is_available_when_both_libraries_are(monkeypatch, there, expected):
    """Picamera2 from the package index, without libcamera, is no camera."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name in there else None)
    assert expected == driver.available()
