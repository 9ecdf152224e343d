"""A USB camera, or any other that speaks V4L2: one stream, frames and preview alike, by pygame's camera module.

The stream runs from opening to closing. Whoever wants a picture takes the device's lock and the next one; when nobody
does, the device's two buffers fill up and it waits, so that the first two pictures after a rest are old.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Protocol

import pygame
import structlog

from booth.errors import CameraError
from booth.jpeg import deliver
from booth.pictures import covering, encoded, mirrored, picture, turned, upright
from booth.ports import Picture, Size
from booth.units import Seconds

PREVIEW_GAP = Seconds(1 / 24)
"""A preview picture at most this often."""
POLL = Seconds(0.005)
"""How often the device is asked whether it has a picture. Waiting inside it could not be given up."""
STALE = 2
"""Pictures that may have been lying in the device's buffers: pygame asks for two of them."""
REST = Seconds(0.5)
"""Between a preview picture that failed and the next attempt."""
FOREIGN = (pygame.error, SystemError, MemoryError, OSError, ValueError)
"""What pygame raises when a device says no: it has a different one for each of the kernel's calls."""
AGAIN = "unplug the camera and plug it in again"
"""What helps against most of it."""

log = structlog.get_logger()


class Backend(Protocol):
    """What is used of `pygame.camera`."""

    def init(self) -> None:
        """Find out how this system speaks to cameras."""
        ...

    def list_cameras(self) -> list[Any]:
        """Return the devices there are."""
        ...

    def Camera(self, device: str, size: tuple[int, int], format: str) -> Any:  # noqa: A002, N802  pygame's own names
        """Return a camera, not started."""
        ...


def available(devices: Path = Path("/dev")) -> bool:
    """Return whether there is a video device of a camera's number. Opens none: on a Pi, 10 and above are codecs."""
    return any(devices.glob("video[0-9]"))


def load() -> Backend:
    """Import pygame's camera module; raise `CameraError` if this pygame was built without it."""
    try:
        import pygame.camera
    except ImportError as exc:
        raise CameraError(f"this pygame cannot speak to cameras ({exc}): pip install pygame-ce") from exc
    backend: Backend = pygame.camera
    return backend


class WebcamCamera:
    """A camera at *device*, or the first there is; see `booth.ports.Camera` for what it promises.

    The device is asked for *size* and gives what it can; its pictures are scaled to fill frame and preview, without
    being stretched. *flip*, *mirror* and *rotation* (degrees, clockwise) are done in software. Pygame chooses the
    *quality* of its JPEGs itself: 85.
    """

    def __init__(
        self,
        *,
        size: Size,
        preview_size: Size,
        flip: bool = False,
        mirror: bool = False,
        rotation: int = 0,
        quality: int = 85,  # one port, one set of keywords; pygame does not ask
        timeout: Seconds = Seconds(5.0),
        device: str = "",
        backend: Backend | None = None,
    ) -> None:
        backend = backend or load()
        self._size = size
        self._preview_size = preview_size
        self._flip = flip
        self._mirror = mirror
        self._rotation = rotation
        self._timeout = timeout
        self._device_lock = Lock()
        self._switch = Lock()
        self._closing = Event()
        self._producer: tuple[Thread, Event] | None = None
        self._newest: Picture | None = None
        self._lost: str | None = None
        asked = turned(size, rotation)
        try:
            backend.init()
            device = device or next(iter(backend.list_cameras()), "/dev/video0")
            self._camera = backend.Camera(device, (asked.width, asked.height), "RGB")
            self._camera.start()
        except FOREIGN as exc:
            raise CameraError(f"{device or 'a webcam'} cannot be opened: {exc}. {_others(backend)}") from exc

    def preview(self) -> Picture | None:
        """Return the newest preview picture, or None while nobody watches or the device is gone."""
        return self._newest

    def watch(self, *, on: bool) -> None:
        """Start or stop the preview and its thread."""
        with self._switch:
            if not on:
                self._stop_producer()
                return
            if self._closing.is_set():
                raise CameraError("the camera is closed")
            if self._producer is None:
                stop = Event()
                thread = Thread(target=self._produce, args=(stop,), name="webcam-preview", daemon=True)
                self._producer = thread, stop
                thread.start()
            self._must_be_shown()

    def check(self) -> None:
        """Ask how the preview gets on; while there is none, take what lies in the device's buffers.

        They are full after some seconds, so this waits for nothing, and the bytes are not unpacked. From a device that
        is there and has fallen silent there is nothing to take at the second look: `CameraError` after the time-out.
        """
        with self._switch:
            if self._producer is not None:
                self._must_be_shown()
                return
        with self._device():
            self._wait(time.monotonic() + self._timeout, self._closing)
            for _ in range(STALE):
                self._camera.get_raw()
                if not self._camera.query_image():
                    break

    def capture(self, into: Path) -> None:
        """Take the first picture that is certainly new, and write it to *into*."""
        until = time.monotonic() + self._timeout
        with self._device():
            for _ in range(STALE):
                self._next(until, self._closing)
            seen = self._next(until, self._closing)
        frame = self._upright(seen, self._size)
        deliver(encoded(mirrored(frame) if self._mirror else frame), into, self._size)

    def close(self) -> None:
        """Stop the stream and let the device go."""
        if self._closing.is_set():
            return
        self._closing.set()
        with self._switch:
            self._stop_producer()
        with self._device_lock:
            try:
                self._camera.stop()
            except FOREIGN as exc:
                log.warning("camera.not_closed", why=str(exc))

    def _must_be_shown(self) -> None:
        """Raise what keeps the preview away, if anything does. Called with the switch."""
        if self._producer is not None and not self._producer[0].is_alive():
            raise CameraError("the preview has ended by itself; the log says why")
        if self._lost is not None:
            raise CameraError(f"the preview has stopped: {self._lost}")

    @contextlib.contextmanager
    def _device(self) -> Iterator[None]:
        """Hold the device; what it refuses becomes ours."""
        with self._device_lock:
            try:
                yield
            except FOREIGN as exc:
                raise CameraError(f"the camera does not answer: {exc}; {AGAIN}") from exc

    def _wait(self, until: float, stop: Event) -> None:
        """Wait for the next picture. Called with the device's lock."""
        while True:
            if self._closing.is_set():
                raise CameraError("the camera is closed")
            if self._camera.query_image():
                return
            if time.monotonic() >= until or stop.wait(POLL):
                raise CameraError(f"no picture within {self._timeout} s; {AGAIN}")

    def _next(self, until: float, stop: Event) -> pygame.Surface:
        """Wait for the next picture, and return it. Called with the device's lock."""
        self._wait(until, stop)
        surface: pygame.Surface = self._camera.get_image()
        return surface

    def _upright(self, seen: pygame.Surface, size: Size) -> pygame.Surface:
        """Return the middle of what was seen, flipped and turned, filling *size*."""
        before = turned(size, self._rotation)
        surface = covering(seen, (before.width, before.height))
        return upright(surface, flip=self._flip, rotation=self._rotation)

    def _produce(self, stop: Event) -> None:
        """Fill the slot until told to stop. When a picture fails, leave it empty, say so once, and go on trying."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                with self._device():
                    seen = self._next(began + self._timeout, stop)
            except CameraError as exc:
                if stop.is_set() or self._closing.is_set():
                    return
                if self._lost is None:
                    log.warning("preview.lost", why=str(exc))
                self._lost = str(exc)
                self._newest = None
                stop.wait(REST)
            else:
                if self._lost is not None:
                    log.info("preview.back")
                self._lost = None
                self._newest = picture(self._upright(seen, self._preview_size))
                stop.wait(max(0.0, PREVIEW_GAP - (time.monotonic() - began)))

    def _stop_producer(self) -> None:
        if self._producer is not None:
            thread, stop = self._producer
            stop.set()
            thread.join()
            self._producer = None
        self._newest = None
        self._lost = None


def _others(backend: Backend) -> str:
    """Say which devices there are, for the owner who named the wrong one."""
    try:
        found = [str(device) for device in backend.list_cameras()]
    except FOREIGN:
        found = []
    if not found:
        return "There is no camera: plug one in, and look for it with 'v4l2-ctl --list-devices'"
    return f"Set camera.device to one of {', '.join(found)}; no other program may be using it"
