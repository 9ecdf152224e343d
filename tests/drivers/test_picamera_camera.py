"""The driver for the legacy camera stack, held to picamera's own signatures."""

import importlib.util
import inspect
import io
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.drivers import picamera as driver
from booth.drivers.picamera import PicameraCamera, PreviewSlot, rgb_of
from booth.drivers.tuning import Tuning
from booth.errors import CameraError
from booth.ports import Size
from tests.contracts.pi_libraries import PretendedPicamera, jpeg, real_picamera

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}


@pytest.fixture(scope="module")
def package():
    """Give the real package, over a pretended GPU."""
    return real_picamera()


@pytest.fixture
def pretended(package):
    """Give a camera behind the package's signatures, closed afterwards."""
    pretended = PretendedPicamera(package)
    yield pretended
    pretended.camera.close()


def test_the_camera_is_opened_with_the_whole_field_of_view(pretended):
    """Sensor mode 4, not what the firmware would choose for the size and the rate."""
    PicameraCamera(library=pretended.module, **SIZES).close()
    pretended.opener.assert_called_once_with(camera_num=0, resolution=(320, 240), framerate=24, sensor_mode=4)


def test_flip_mirror_and_rotation_are_the_firmware_s(pretended):
    """All three are properties of the camera."""
    PicameraCamera(library=pretended.module, flip=True, mirror=True, rotation=270, **SIZES).close()
    camera = pretended.camera
    assert (True, True, 270) == (camera.vflip, camera.hflip, camera.rotation)


@pytest.mark.parametrize(
    ("tuning", "given"),
    [
        (Tuning(), ("sports", "auto")),
        (Tuning(exposure="normal"), ("auto", "auto")),
        (Tuning(awb="incandescent"), ("sports", "incandescent")),
        (Tuning(awb="fluorescent"), ("sports", "fluorescent")),
        (Tuning(awb="daylight"), ("sports", "sunlight")),
        (Tuning(awb="cloudy"), ("sports", "cloudy")),
    ],
)
def test_light_is_taken_as_the_owner_wants_it(package, pretended, tuning, given):
    """By the firmware's names, all of which the library knows."""
    PicameraCamera(library=pretended.module, tuning=tuning, **SIZES).close()
    assert given == (pretended.camera.exposure_mode, pretended.camera.awb_mode)
    assert (True, True) == (given[0] in package.PiCamera.EXPOSURE_MODES, given[1] in package.PiCamera.AWB_MODES)


@pytest.mark.parametrize(
    ("gain", "iso", "told"),
    [
        (1.0, 100, []),
        (2.5, 250, []),
        (8.0, 800, []),
        (16.0, 800, [("camera.gain", 16.0, "1 to 8", 8.0)]),
    ],
)
def test_a_gain_is_the_firmware_s_iso(pretended, gain, iso, told):
    """A hundred for one, and no more than it knows what to make of, which is told."""
    with capture_logs() as logs:
        PicameraCamera(library=pretended.module, tuning=Tuning(gain=gain), **SIZES).close()
    assert iso == pretended.camera.iso
    assert told == [(one["setting"], one["wanted"], one["offers"], one["set_to"]) for one in logs]


def test_the_gain_is_left_to_the_firmware_as_it_comes(pretended):
    """Nothing is said of it."""
    with capture_logs() as logs:
        camera = PicameraCamera(library=pretended.module, **SIZES)
    assert ([], False) == (logs, isinstance(pretended.camera.iso, int))
    camera.close()


def test_a_focus_is_told_to_be_none_of_its_modules(pretended):
    """Their lenses have no motor; the camera is opened all the same."""
    with capture_logs() as logs:
        PicameraCamera(library=pretended.module, tuning=Tuning(focus=0.67), **SIZES).check()
    expected = {"event": "camera.not_offered", "setting": "camera.focus", "wanted": 0.67, "offers": "nothing"}
    assert [expected | {"log_level": "warning"}] == logs


def test_a_frame_comes_from_the_video_port(pretended, tmp_path):
    """No change of mode; and the options are those that the library's encoder takes, where a slip would go unseen."""
    PicameraCamera(library=pretended.module, quality=92, **SIZES).capture(tmp_path / "frame-1.jpg")
    ((_, options),) = pretended.camera.capture.call_args_list
    assert {
        "format": "jpeg",
        "use_video_port": True,
        "splitter_port": 0,
        "quality": 92,
        "thumbnail": None,
    } == options


def test_the_options_of_a_frame_are_known_to_the_library_s_encoder(package, pretended, tmp_path):
    """`capture` hands on whatever it does not know itself."""
    PicameraCamera(library=pretended.module, **SIZES).capture(tmp_path / "frame-1.jpg")
    ((_, options),) = pretended.camera.capture.call_args_list
    own = set(inspect.signature(package.PiCamera.capture).parameters)
    encoder = set(inspect.signature(package.encoders.PiImageEncoder._create_encoder).parameters)
    assert set(options) <= own | encoder
    assert {"quality", "thumbnail"} <= encoder


def test_the_preview_takes_no_option_and_a_port_of_its_own(package, pretended):
    """An encoder for raw pictures knows none; and a port serves one at a time."""
    camera = PicameraCamera(library=pretended.module, size=Size(320, 240), preview_size=Size(140, 100))
    camera.watch(on=True)
    ((_, options),) = pretended.camera.start_recording.call_args_list
    assert {"format": "rgba", "resize": (128, 96), "splitter_port": 2} == options
    assert options["format"] in package.PiCamera.RAW_FORMATS
    assert ["self", "format"] == list(inspect.signature(package.encoders.PiRawVideoEncoder._create_encoder).parameters)


def test_the_library_waits_no_longer_than_the_booth(package, pretended):
    """Sixty seconds, its own time-out, are a guest lost. The attribute is the library's."""
    assert 60 == package.PiCamera.CAPTURE_TIMEOUT
    PicameraCamera(library=pretended.module, timeout=3.5, **SIZES).close()
    assert 3.5 == type(pretended.camera).CAPTURE_TIMEOUT


@pytest.mark.parametrize("mirror", [False, True])
def test_the_preview_is_not_mirrored_even_if_the_frame_is(pretended, mirror):
    """The firmware mirrors both; the screen mirrors by itself."""
    camera = PicameraCamera(library=pretended.module, mirror=mirror, **SIZES)
    camera.watch(on=True)
    while (picture := camera.preview()) is None:
        threading.Event().wait(0.002)
    row = bytes(picture.rgb)[: 3 * 128]
    assert (b"\x00\x00\x00", b"\xff\x00\x00") == (row[:3], row[-3:])


@given(st.integers(1, 5), st.integers(1, 4), st.booleans(), st.data())
def test_pixels_keep_their_colours_and_find_their_places(width, height, mirrored, data):
    """Pixel by pixel, against the slow way."""
    rgba = data.draw(st.binary(min_size=4 * width * height, max_size=4 * width * height))
    rows = [[rgba[4 * (y * width + x) :][:3] for x in range(width)] for y in range(height)]
    expected = b"".join(b"".join(reversed(row) if mirrored else row) for row in rows)
    assert expected == rgb_of(rgba, Size(width, height), mirrored=mirrored)


def test_a_preview_picture_is_made_when_it_is_due():
    """More than fifteen a second would keep an old Pi from everything else."""
    now = [0.0]
    slot = PreviewSlot(Size(1, 1), mirrored=False, now=lambda: now[0])
    slot.open()
    shown = []
    for frame in range(6):
        now[0] = frame / 24
        slot.write(bytes([frame, 0, 0, 255]))
        shown.append(slot.newest.rgb[0])
    assert [0, 0, 2, 2, 4, 4] == shown


def test_a_piece_of_a_picture_is_not_shown():
    """All bytes are taken, so that the library does not complain; the slot stays as it was."""
    slot = PreviewSlot(Size(2, 2), mirrored=False)
    slot.open()
    assert 7 == slot.write(b"\x00" * 7)
    slot.flush()
    assert slot.newest is None


def test_a_picture_that_was_under_way_when_watching_ended_is_dropped():
    """The slot stays empty."""
    slot = PreviewSlot(Size(1, 1), mirrored=False)
    slot.open()
    slot.shut()
    slot.write(b"\x00" * 4)
    assert slot.newest is None


def test_a_frame_without_a_byte_is_a_camera_error(tmp_path):
    """The camera of fake_rpi takes all that is asked for and writes nothing; that is no frame."""
    import fake_rpi.picamera

    class Still(fake_rpi.picamera.PiCamera):
        CAPTURE_TIMEOUT = 60
        vflip = hflip = False
        rotation = 0

        def __init__(self, camera_num, resolution, framerate, sensor_mode):
            super().__init__(resolution)

    camera = PicameraCamera(library=SimpleNamespace(camera=Still, error=RuntimeError), **SIZES)
    with pytest.raises(CameraError, match="empty"):
        camera.capture(tmp_path / "frame-1.jpg")
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("torn", [b"", jpeg(320, 240)[:-2], jpeg(320, 240)[:700], b"\x00" * 5000, jpeg(160, 120)])
def test_what_is_no_whole_frame_is_a_camera_error(pretended, tmp_path, torn):
    """Empty, short, cut off, no JPEG at all, or of the wrong size."""
    camera = PicameraCamera(library=pretended.module, **SIZES)
    pretended.written = torn
    with pytest.raises(CameraError):
        camera.capture(tmp_path / "frame-1.jpg")


def test_no_camera_says_what_to_look_at(package, pretended):
    """The cable first."""
    pretended.opener.side_effect = package.PiCameraMMALError(1, "Camera is not detected")
    with pytest.raises(CameraError, match=r"Camera is not detected.*ribbon cable.*raspi-config"):
        PicameraCamera(library=pretended.module, **SIZES)


def test_a_setting_that_is_not_taken_closes_the_camera(package, pretended):
    """So that the next attempt finds it free."""

    class Stubborn:
        closed = False

        def __init__(self, **_):
            pass

        @property
        def vflip(self):
            return False

        @vflip.setter
        def vflip(self, value):
            raise package.PiCameraValueError("no")

        def close(self):
            Stubborn.closed = True

    with pytest.raises(CameraError, match="settings: no"):
        PicameraCamera(library=SimpleNamespace(camera=Stubborn, error=package.PiCameraError), **SIZES)
    assert Stubborn.closed


def test_a_frame_that_does_not_come_is_a_camera_error(package, pretended, tmp_path):
    """The library gives up after the booth's time-out, and says so."""
    camera = PicameraCamera(library=pretended.module, timeout=4.0, **SIZES)
    pretended.camera.capture.side_effect = package.PiCameraRuntimeError("Timed out waiting for capture to end")
    with pytest.raises(CameraError, match=r"within 4\.0 s \(Timed out waiting for capture to end\); check the ribbon"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_preview_that_has_died_is_noticed_when_watching_is_asked_for_again(package, pretended):
    """The library keeps what went wrong until somebody asks."""
    camera = PicameraCamera(library=pretended.module, **SIZES)
    camera.watch(on=True)
    pretended.camera.wait_recording.side_effect = package.PiCameraMMALError(1, "out of resources")
    with pytest.raises(CameraError, match="out of resources"):
        camera.watch(on=True)
    pretended.camera.wait_recording.assert_called_once_with(0, splitter_port=2)


def test_a_check_asks_the_firmware(package, pretended):
    """And has what it reported meanwhile: that the sensor is silent."""
    camera = PicameraCamera(library=pretended.module, **SIZES)
    camera.check()
    pretended.sensor.clear()
    with pytest.raises(CameraError, match=r"No data received from sensor.*; check the ribbon cable"):
        camera.check()
    pretended.camera.capture.assert_not_called()


def test_the_library_raises_what_the_firmware_reported_before_it_asks(package):
    """In the getter that the check uses."""
    getter = package.PiCamera.exposure_speed.fget.__code__.co_names
    assert {"_check_camera_open", "MMAL_PARAMETER_CAMERA_SETTINGS"} <= set(getter)


def test_a_check_finds_a_preview_that_has_died(package, pretended):
    """The camera answers, and the recording has ended."""
    camera = PicameraCamera(library=pretended.module, **SIZES)
    camera.watch(on=True)
    pretended.camera.wait_recording.side_effect = package.PiCameraMMALError(1, "out of resources")
    with pytest.raises(CameraError, match="out of resources"):
        camera.check()
    pretended.camera.wait_recording.assert_called_once_with(0, splitter_port=2)


def test_closing_a_camera_that_refuses_raises_nothing(package, pretended):
    """There is nothing that anybody could do about it."""
    camera = PicameraCamera(library=pretended.module, **SIZES)
    camera.watch(on=True)
    pretended._stop_recording()
    pretended.camera.stop_recording.side_effect = package.PiCameraRuntimeError("not recording")
    pretended.camera.close.side_effect = package.PiCameraMMALError(1, "no")
    camera.close()
    pretended.camera.close.side_effect = None
    assert camera.preview() is None


def test_without_the_library_the_owner_reads_what_it_needs():
    """There is no GPU library on this machine."""
    with pytest.raises(CameraError, match=r'32-bit Raspberry Pi OS.*camera\.driver = "picamera2"'):
        driver.load()


@pytest.mark.parametrize(("installed", "firmware"), [(True, True), (True, False), (False, True)])
def test_it_is_available_where_library_and_firmware_are(monkeypatch, installed, firmware):
    """A 64-bit system has no libmmal, whatever is installed."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if installed else None)
    monkeypatch.setattr(Path, "exists", lambda self: firmware)
    assert (installed and firmware) == driver.available()


def test_a_slot_is_a_file_to_the_library(package):
    """What has a ``write`` is opened as it is, and not closed."""
    slot = PreviewSlot(Size(1, 1), mirrored=False)
    stream, opened = package.mmalobj.open_stream(slot)
    assert (slot, False) == (stream, opened)
    assert (io.BytesIO, False) == (type(package.mmalobj.open_stream(io.BytesIO())[0]), False)
