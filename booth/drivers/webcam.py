"""A USB camera, or any other that speaks V4L2: one stream, frames and preview alike, by pygame's camera module.

The stream runs from opening to closing. Whoever wants a picture takes the device's lock and the next one; when nobody
does, the device's two buffers fill up and it waits, so that the first two pictures after a rest are old.
"""

import io
import time
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Protocol

import pygame
import structlog

from booth.drivers.jpeg import deliver
from booth.errors import CameraError
from booth.ports import Picture, Size
from booth.units import Pixels, Seconds

PREVIEW_GAP = Seconds(1 / 24)
"""A preview picture at most this often."""
POLL = Seconds(0.005)
"""How often the device is asked whether it has a picture. Waiting inside it could not be given up."""
STALE = 2
"""Pictures that may have been lying in the device's buffers: pygame asks for two of them."""
RGB_MASKS = (0x0000FF, 0x00FF00, 0xFF0000, 0)
"""24 bits a pixel, red first in memory."""
FOREIGN = (pygame.error, SystemError, MemoryError, OSError, ValueError)
"""What pygame raises when a device says no: it has a different one for each of the kernel's calls."""

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
        asked = (size.height, size.width) if rotation in {90, 270} else (size.width, size.height)
        try:
            backend.init()
            device = device or next(iter(backend.list_cameras()), "/dev/video0")
            self._camera = backend.Camera(device, asked, "RGB")
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
            if self._lost is not None:
                raise CameraError(f"the camera has stopped: {self._lost}; unplug it and plug it in again")
            if self._producer is None:
                stop = Event()
                thread = Thread(target=self._produce, args=(stop,), name="webcam-preview", daemon=True)
                self._producer = thread, stop
                thread.start()

    def capture(self, into: Path) -> None:
        """Take the first picture that is certainly new, and write it to *into*."""
        until = time.monotonic() + self._timeout
        try:
            with self._device_lock:
                for _ in range(STALE):
                    self._next(until, self._closing)
                seen = self._next(until, self._closing)
            frame = self._upright(seen, self._size)
            if self._mirror:
                frame = pygame.transform.flip(frame, flip_x=True, flip_y=False)
            jpeg = io.BytesIO()
            pygame.image.save(frame, jpeg, "frame.jpg")
        except FOREIGN as exc:
            raise CameraError(f"the camera delivered no frame: {exc}; unplug it and plug it in again") from exc
        deliver(jpeg.getvalue(), into, self._size)

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

    def _next(self, until: float, stop: Event) -> pygame.Surface:
        """Wait for the next picture. Called with the device's lock."""
        while True:
            if self._closing.is_set():
                raise CameraError("the camera is closed")
            if self._camera.query_image():
                surface: pygame.Surface = self._camera.get_image()
                return surface
            if time.monotonic() >= until or stop.wait(POLL):
                raise CameraError(f"no picture within {self._timeout} s; unplug the camera and plug it in again")

    def _upright(self, seen: pygame.Surface, size: Size) -> pygame.Surface:
        """Return the middle of what was seen, flipped and turned, filling *size*."""
        target = (size.height, size.width) if self._rotation in {90, 270} else (size.width, size.height)
        surface = _covering(seen, target)
        if self._flip:
            surface = pygame.transform.flip(surface, flip_x=False, flip_y=True)
        return pygame.transform.rotate(surface, -self._rotation) if self._rotation else surface

    def _produce(self, stop: Event) -> None:
        """Fill the slot until told to stop, or until the device fails."""
        while not stop.is_set():
            began = time.monotonic()
            try:
                with self._device_lock:
                    seen = self._next(began + self._timeout, stop)
                self._newest = _picture(self._upright(seen, self._preview_size))
            except (CameraError, *FOREIGN) as exc:
                if not stop.is_set():
                    self._lost = str(exc)
                    log.warning("preview.lost", why=self._lost)
                self._newest = None
                return
            stop.wait(max(0.0, PREVIEW_GAP - (time.monotonic() - began)))

    def _stop_producer(self) -> None:
        if self._producer is not None:
            thread, stop = self._producer
            stop.set()
            thread.join()
            self._producer = None
        self._newest = None


def _covering(surface: pygame.Surface, size: tuple[int, int]) -> pygame.Surface:
    """Return the middle of *surface*, scaled so that it fills *size* without being stretched."""
    if surface.get_size() == size:
        return surface
    width, height = surface.get_size()
    scale = min(width / size[0], height / size[1])
    cut = pygame.Rect(0, 0, round(size[0] * scale), round(size[1] * scale))
    cut.center = (width // 2, height // 2)
    return pygame.transform.smoothscale(surface.subsurface(cut.clip(surface.get_rect())), size)


def _picture(surface: pygame.Surface) -> Picture:
    """Return the pixels of *surface*, red first."""
    size = Size(Pixels(surface.get_width()), Pixels(surface.get_height()))
    if size.width % 4:  # pygame pads rows to four bytes; a picture has no padding
        return Picture(size, pygame.image.tobytes(surface, "RGB"))
    rgb = pygame.Surface(surface.get_size(), 0, 24, RGB_MASKS)
    rgb.blit(surface, (0, 0))
    return Picture(size, rgb.get_buffer().raw)


def _others(backend: Backend) -> str:
    """Say which devices there are, for the owner who named the wrong one."""
    try:
        found = [str(device) for device in backend.list_cameras()]
    except FOREIGN:
        found = []
    if not found:
        return "There is no camera: plug one in, and look for it with 'v4l2-ctl --list-devices'"
    return f"Set camera.device to one of {', '.join(found)}; no other program may be using it"
