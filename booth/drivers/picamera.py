"""The camera of legacy 32-bit images, by picamera 1.13 and MMAL: one resolution, everything from the video port.

The sensor runs from opening to closing. Frames are taken from port 0 of the GPU's splitter, the preview from port 2,
so that neither waits for the other.
"""

import importlib.util
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import structlog

from booth.drivers.offers import between, not_offered
from booth.drivers.tuning import AS_IT_COMES, Tuning, within
from booth.errors import CameraError
from booth.jpeg import deliver
from booth.ports import Picture, Size
from booth.units import Pixels, Seconds

FRAMES_A_SECOND = 24
"""Frames a second; and a floor under the light: an exposure never takes longer than 1/24 s, which a posing guest can
hold.
"""
PREVIEW_GAP = Seconds(1 / 15)
"""A preview picture at most this often: taking the fourth byte of each pixel away costs an old Pi 20 to 30 ms."""
FRAME_PORT, PREVIEW_PORT = 0, 2
"""Two of the splitter's four ports; 1 is where the library records films by default, and stays free."""

EXPOSURES = {"normal": "auto", "short": "sports"}
LIGHTS = {"daylight": "sunlight"}
"""The firmware's names, where they are others than ours."""
ISO = 100
"""Its number for a gain of 1; with module v2, of 1.84."""
WEAKEST, STRONGEST = 1.0, 8.0
"""Gains between which its numbers mean something."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Library:
    """What is used of picamera."""

    camera: Callable[..., Any]
    error: type[Exception]
    """The root of everything that the library raises for reasons of its own."""


def available() -> bool:
    """Return whether the library and the GPU's camera firmware interface are there. Opens no camera."""
    firmware = any(Path(folder, "libmmal.so").exists() for folder in ("/opt/vc/lib", "/usr/lib/arm-linux-gnueabihf"))
    return firmware and importlib.util.find_spec("picamera") is not None


def load() -> Library:
    """Import the library; raise `CameraError` if it, or the GPU's library under it, is not there."""
    try:
        from picamera import PiCamera, PiCameraError
    except (ImportError, OSError) as exc:  # OSError: there is no libbcm_host.so on 64-bit systems
        raise CameraError(
            f"the legacy camera library cannot be loaded ({exc}): it needs a 32-bit Raspberry Pi OS of the Buster era, "
            'or "Legacy Camera" switched on in raspi-config; on a current one set camera.driver = "picamera2"'
        ) from exc
    return Library(camera=PiCamera, error=PiCameraError)


class PicameraCamera:
    """The camera module under the legacy firmware; see `booth.ports.Camera` for what it promises.

    *device* is its number, on a compute module with two; empty means 0, the first.

    Of *tuning*, all but the focus is the firmware's to do; no module that it knows has a motor at its lens.

    *flip*, *mirror* and *rotation* (degrees, clockwise) are done by the firmware, for frame and preview alike. Sensor
    mode 4 sees the whole field of camera modules v1 and v2; 0 would let the firmware cut to the middle. *preview_size*
    is rounded down to what the GPU can hand out: a multiple of 32 by a multiple of 16.
    """

    def __init__(
        self,
        *,
        size: Size,
        preview_size: Size,
        flip: bool = False,
        mirror: bool = False,
        rotation: int = 0,
        quality: int = 90,
        timeout: Seconds = Seconds(5.0),
        device: str = "",
        tuning: Tuning = AS_IT_COMES,
        sensor_mode: int = 4,
        library: Library | None = None,
    ) -> None:
        library = library or load()
        self._error = library.error
        self._size = size
        self._quality = quality
        self._timeout = timeout
        width, height = preview_size.width // 32 * 32, preview_size.height // 16 * 16
        self._slot = PreviewSlot(Size(Pixels(width), Pixels(height)), mirrored=mirror)
        self._watching = False
        self._closed = False
        try:
            self._camera = library.camera(
                camera_num=int(device or 0),
                resolution=(size.width, size.height),
                framerate=FRAMES_A_SECOND,
                sensor_mode=sensor_mode,
            )
        except (self._error, ValueError) as exc:
            raise CameraError(
                f"no camera: {exc}. Check both ends of the ribbon cable, switch the camera on in raspi-config; "
                "camera.device is a number or empty; no other program may be using it"
            ) from exc
        try:
            self._camera.vflip = flip
            self._camera.hflip = mirror
            self._camera.rotation = rotation
            self._tune(tuning)
            type(
                self._camera
            ).CAPTURE_TIMEOUT = timeout  # a class attribute: the library gives objects none; it says 60
        except self._error as exc:
            self.close()
            raise CameraError(f"the camera does not take its settings: {exc}") from exc

    def _tune(self, tuning: Tuning) -> None:
        self._camera.exposure_mode = EXPOSURES[tuning.exposure]
        self._camera.awb_mode = LIGHTS.get(tuning.awb, tuning.awb)
        if tuning.gain is not None:
            gain = within(tuning.gain, WEAKEST, STRONGEST)
            if gain != tuning.gain:
                not_offered(tuning, "gain", between(WEAKEST, STRONGEST), set_to=gain)
            self._camera.iso = round(ISO * gain)
        if tuning.focus is not None:
            not_offered(tuning, "focus")

    def preview(self) -> Picture | None:
        """Return the newest preview picture, or None while nobody watches."""
        return self._slot.newest

    def watch(self, *, on: bool) -> None:
        """Start or stop recording raw pictures into the slot."""
        if self._closed:
            if on:
                raise CameraError("the camera is closed")
            return
        try:
            if on and self._watching:
                self._camera.wait_recording(0, splitter_port=PREVIEW_PORT)  # raises what went wrong meanwhile
            elif on:
                self._slot.open()
                self._camera.start_recording(
                    self._slot,
                    format="rgba",  # asked for rgb, the library would strip every picture, not only those we show
                    resize=(self._slot.size.width, self._slot.size.height),
                    splitter_port=PREVIEW_PORT,
                )
                self._watching = True
            elif self._watching:
                self._watching = False
                self._slot.shut()
                self._camera.stop_recording(splitter_port=PREVIEW_PORT)
        except self._error as exc:
            raise CameraError(f"the preview has stopped: {exc}; check the ribbon cable") from exc

    def check(self) -> None:
        """Ask the firmware for the exposure it has chosen.

        Before it asks, the library raises what the firmware has reported meanwhile: that no data comes from the sensor.
        """
        if self._closed:
            raise CameraError("the camera is closed")
        try:
            _ = self._camera.exposure_speed
            if self._watching:
                self._camera.wait_recording(0, splitter_port=PREVIEW_PORT)  # raises what went wrong meanwhile
        except self._error as exc:
            raise CameraError(f"the camera does not answer: {exc}; check the ribbon cable") from exc

    def capture(self, into: Path) -> None:
        """Take the next frame of the running video and write it to *into*.

        The still port would give a little less noise, and take up to a second to change the sensor's mode and back,
        while the preview stands still; four frames of a GIF are better off without.
        """
        if self._closed:
            raise CameraError("the camera is closed")
        jpeg = io.BytesIO()
        try:
            self._camera.capture(
                jpeg,
                format="jpeg",
                use_video_port=True,
                splitter_port=FRAME_PORT,
                quality=self._quality,
                thumbnail=None,  # nobody looks at it
            )
        except (self._error, OSError) as exc:
            raise CameraError(f"no frame within {self._timeout} s ({exc}); check the ribbon cable") from exc
        deliver(jpeg.getvalue(), into, self._size)

    def close(self) -> None:
        """Stop the preview and let the camera go."""
        if self._closed:
            return
        try:
            self.watch(on=False)
        except CameraError as exc:
            log.warning("preview.not_stopped", why=str(exc))
        self._closed = True
        try:
            self._camera.close()
        except self._error as exc:
            log.warning("camera.not_closed", why=str(exc))


class PreviewSlot:
    """Where the library writes the raw pictures of a recording: a file, as far as it can see.

    `write` is called from the library's thread, once for each picture.
    """

    def __init__(self, size: Size, *, mirrored: bool, now: Callable[[], float] = time.monotonic) -> None:
        self.size = size
        self._mirrored = mirrored
        self._now = now
        self._lock = Lock()
        self._open = False
        self._due = 0.0
        self.newest: Picture | None = None

    def open(self) -> None:
        """Take pictures from now on."""
        with self._lock:
            self._open = True
            self._due = 0.0

    def shut(self) -> None:
        """Take none, and forget the last one."""
        with self._lock:
            self._open = False
            self.newest = None

    def write(self, rgba: bytes | memoryview) -> int:
        """Keep a picture, if one is due and it is whole; return how many bytes were taken: all."""
        raw = memoryview(rgba).cast("B")
        now = self._now()
        if now >= self._due and len(raw) == 4 * self.size.width * self.size.height:
            picture = Picture(self.size, rgb_of(raw.tobytes(), self.size, mirrored=self._mirrored))
            with self._lock:
                if self._open:
                    self.newest = picture
                    self._due = now + PREVIEW_GAP
        return len(raw)

    def flush(self) -> None:
        """Do nothing; the library asks for it."""


def rgb_of(rgba: bytes, size: Size, *, mirrored: bool) -> bytes:
    """Return the picture without its fourth bytes; if it came *mirrored*, turned back.

    A row that is reversed byte by byte is mirrored, its colours backwards; so they are laid out backwards first.
    """
    order = (2, 1, 0) if mirrored else (0, 1, 2)
    packed = bytearray(3 * size.width * size.height)
    for to, source in enumerate(order):
        packed[to::3] = rgba[source::4]
    if not mirrored:
        return bytes(packed)
    row = 3 * size.width
    return b"".join(packed[at : at + row][::-1] for at in range(0, len(packed), row))
