"""The real library of the legacy camera stack, imported where there is no Pi, and a camera of its own that behaves.

Every call goes through ``create_autospec(..., spec_set=True)``, so that it is held to the library's own signature.
"""

import ctypes
import inspect
import sys
import threading
import warnings
from types import SimpleNamespace
from unittest.mock import MagicMock, PropertyMock, create_autospec

import pygame
import pytest

from booth.pictures import encoded

GPU_LIBRARIES = ("bcm_host", "mmal")
FRAME = 0.004
"""Seconds between two frames of a pretended camera."""


def real_picamera():
    """Return the package picamera, imported over pretended GPU libraries; leave it nowhere else."""
    load = ctypes.CDLL

    def pretend(name, mode=ctypes.DEFAULT_MODE):
        gpu = name is not None and any(library in str(name) for library in GPU_LIBRARIES)
        return MagicMock() if gpu else load(name, mode)

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own affair
        patch.setattr(ctypes, "CDLL", pretend)
        try:
            import picamera
            import picamera.encoders

            return picamera
        finally:
            for name in [name for name in sys.modules if name.split(".")[0] == "picamera"]:
                del sys.modules[name]


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


def public(kind):
    """Return a class with what *kind* offers to whoever uses it; of the rest there is ten times as much to pretend."""
    offered = [name for name in dir(kind) if not name.startswith("_") or name == "__init__"]
    return type(kind.__name__, (), {name: inspect.getattr_static(kind, name) for name in offered})


class PretendedPicamera:
    """A camera behind picamera's own signatures. `library` is what the driver is given."""

    def __init__(self, package):
        self.package = package
        offered = public(package.PiCamera)
        self.camera = create_autospec(offered, instance=True, spec_set=True)
        self.opener = create_autospec(offered, spec_set=True, side_effect=self._open)
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
