"""The real camera libraries of the Pi, imported where there is no Pi, and cameras of theirs that behave.

Every call goes through ``create_autospec(..., spec_set=True)``, so that it is held to the library's own signature.
"""

import contextlib
import ctypes
import sys
import threading
import warnings
from types import SimpleNamespace
from unittest.mock import MagicMock, PropertyMock, create_autospec

import numpy as np
import pygame
import pytest

from booth.pictures import encoded

PICAMERA2_NEEDS = (
    *("libcamera", "pykms", "PIL", "videodev2", "prctl", "piexif", "simplejpeg"),
    *("pidng", "pidng.camdefs", "pidng.core"),
)
"""Modules under picamera2 that exist on a Pi only, or would have to be compiled for it."""
GPU_LIBRARIES = ("bcm_host", "mmal")
FRAME = 0.004
"""Seconds between two frames of a pretended camera."""


@contextlib.contextmanager
def pretending(package, modules, load=None):
    """Let *package* be imported over pretended *modules*; leave neither behind, for other tests know the difference."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own affair
        for name in modules:
            patch.setitem(sys.modules, name, MagicMock())
        if load is not None:
            patch.setattr(ctypes, "CDLL", load)
        try:
            yield
        finally:
            for name in [name for name in sys.modules if name.split(".")[0] == package]:
                del sys.modules[name]


def real_picamera2():
    """Return the package picamera2, imported over mocks of what is beneath it."""
    with pretending("picamera2", PICAMERA2_NEEDS):
        import picamera2
        import picamera2.request

        return picamera2


def real_picamera():
    """Return the package picamera, imported over pretended GPU libraries."""
    load = ctypes.CDLL

    def pretend(name, mode=ctypes.DEFAULT_MODE):
        gpu = name is not None and any(library in str(name) for library in GPU_LIBRARIES)
        return MagicMock() if gpu else load(name, mode)

    with pretending("picamera", (), pretend):
        import picamera
        import picamera.encoders

        return picamera


def jpeg(width, height):
    """Return a whole JPEG with something on it."""
    surface = pygame.Surface((width, height), 0, 24)
    for x in range(0, width, 4):
        pygame.draw.line(surface, (x % 256, 80, 255 - x % 256), (x, 0), (width - x, height), 2)
    return encoded(surface)


class Pulse:
    """A thread that does the same again for each frame, until it is stopped."""

    def __init__(self, each_frame, name):
        self._stop = threading.Event()
        self._each_frame = each_frame
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(FRAME):
            self._each_frame()

    def stop(self):
        self._stop.set()
        self._thread.join()


class Turned:
    """As much of a Pillow image as is asked for."""

    def __init__(self, width, height, calls):
        self.size = width, height
        self.calls = calls

    def rotate(self, angle, *, expand):
        self.calls.append(("rotate", angle, expand))
        return Turned(self.size[1], self.size[0], self.calls)

    def save(self, out, *, format, quality):  # noqa: A002  Pillow's own name
        self.calls.append(("save", format, quality))
        out.write(jpeg(*self.size))


class PretendedPicamera2:
    """A camera behind picamera2's own signatures. `library` is what the driver is given."""

    def __init__(self, package):
        class Visible(package.Picamera2):
            """The class, with what its constructor adds to an object."""

            options = None
            post_callback = None
            frames = None

        self.package = package
        self.camera = create_autospec(Visible, instance=True, spec_set=True)
        self.opener = create_autospec(package.Picamera2, spec_set=True, return_value=self.camera)
        self.transforms = []
        self.module = SimpleNamespace(
            camera=self.opener,
            transform=lambda *, hflip, vflip: self.transforms.append((hflip, vflip)) or (hflip, vflip),
            full_range=lambda: "sYCC",
        )
        self.main = self.small = None
        self.padding = 32
        self.adjusted = None
        self.answering = threading.Event()
        self.answering.set()
        self.sensor = threading.Event()
        self.sensor.set()
        self.written = None
        self.pil_calls = []
        self.released = 0
        self._pulse = None
        camera = self.camera
        camera.options = {}
        camera.post_callback = None
        camera.frames = 0
        camera.create_video_configuration.side_effect = lambda **settings: settings
        camera.configure.side_effect = self._configure
        camera.stream_configuration.side_effect = lambda name="main": {"main": self.main, "lores": self.small}[name]
        camera.start.side_effect = self._start
        camera.capture_request.side_effect = self._capture_request
        camera.close.side_effect = self._close

    def _configure(self, settings):
        self.main = {**settings["main"], **({"size": self.adjusted} if self.adjusted else {})}
        self.small = settings["lores"]

    def _start(self):
        self._pulse = Pulse(self._frame, "pretended-picamera2")

    def _close(self):
        if self._pulse is not None:
            self._pulse.stop()

    def _frame(self):
        if not self.sensor.is_set():
            return
        self.camera.frames += 1
        receiver = self.camera.post_callback
        if receiver is not None:
            receiver(self._request())

    def _capture_request(self, *, wait, flush):
        if not (self.sensor.wait(wait) and self.answering.wait(wait)):
            raise TimeoutError
        return self._request()

    def _request(self):
        request = create_autospec(self.package.request.CompletedRequest, instance=True, spec_set=True)
        request.save.side_effect = self._save
        request.make_image.side_effect = lambda name: Turned(*self.main["size"], self.pil_calls)
        request.make_array.side_effect = lambda name: self.planes()
        request.release.side_effect = self._release
        return request

    def _save(self, name, out, *, format):  # noqa: A002  picamera2's own name
        if isinstance(self.written, Exception):
            raise self.written
        out.write(jpeg(*self.main["size"]) if self.written is None else self.written)

    def _release(self):
        self.released += 1

    def planes(self):
        """Return a picture whose left half is dark and whose right half is bright red, in YUV420 with padding."""
        width, height = self.small["size"]
        planes = np.zeros((height * 3 // 2, width + self.padding), np.uint8)
        planes[:height, width // 2 : width] = 76
        chroma = planes.reshape(height * 3, (width + self.padding) // 2)[2 * height :]
        chroma[:] = 128
        chroma[: height // 2, width // 4 : width // 2] = 85
        chroma[height // 2 :, width // 4 : width // 2] = 255
        return planes


class PretendedPicamera:
    """A camera behind picamera's own signatures. `library` is what the driver is given."""

    def __init__(self, package):
        self.package = package
        self.camera = create_autospec(package.PiCamera, instance=True, spec_set=True)
        self.opener = create_autospec(package.PiCamera, spec_set=True, side_effect=self._open)
        self.module = SimpleNamespace(camera=self.opener, error=package.PiCameraError)
        self.answering = threading.Event()
        self.answering.set()
        self.sensor = threading.Event()
        self.sensor.set()
        self.written = None
        self._pulse = None
        self._resolution = None
        camera = self.camera
        type(camera).exposure_speed = PropertyMock(side_effect=self._exposure_speed)
        camera.capture.side_effect = self._capture
        camera.start_recording.side_effect = self._start_recording
        camera.stop_recording.side_effect = self._stop_recording
        camera.close.side_effect = self._stop_recording

    def _open(self, *, camera_num, resolution, framerate, sensor_mode):
        self._resolution = resolution
        return self.camera

    def _exposure_speed(self):
        self._listen()
        return 16_666

    def _listen(self):
        """Raise what the firmware has said, as the library does in each of its calls."""
        if not self.sensor.is_set():
            raise self.package.PiCameraRuntimeError("No data received from sensor. Check all connections")

    def _capture(self, output, **_):
        self._listen()
        if not self.answering.wait(20):
            raise self.package.PiCameraRuntimeError("Timed out waiting for capture to end")
        output.write(jpeg(*self._resolution) if self.written is None else self.written)

    def _start_recording(self, output, *, format, resize, splitter_port):  # noqa: A002  picamera's own name
        dark_and_red = b"\x00\x00\x00\xff" * (resize[0] // 2) + b"\xff\x00\x00\xff" * (resize[0] // 2)
        raw = dark_and_red * resize[1]
        if self.camera.hflip is True:
            raw = (b"\xff\x00\x00\xff" * (resize[0] // 2) + b"\x00\x00\x00\xff" * (resize[0] // 2)) * resize[1]
        self._pulse = Pulse(lambda: output.write(raw), "pretended-picamera")

    def _stop_recording(self, splitter_port=1):
        if self._pulse is not None:
            self._pulse.stop()
            self._pulse = None
