"""The camera of current Raspberry Pi OS, by picamera2: one configuration with two streams, and no change of mode.

The sensor runs from opening to closing, so that exposure and white balance have settled before the first guest. Frames
are taken from the *main* stream; the preview is made of the small *lores* stream, inside the library's own thread.
"""

import atexit
import contextlib
import errno
import importlib.metadata
import importlib.util
import io
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import structlog

from booth.drivers.offers import between, not_offered
from booth.drivers.refocus import CONTINUOUS, MANUAL, Refocus
from booth.drivers.tuning import AS_IT_COMES, Tuning, within
from booth.drivers.views import as_delivered, as_read
from booth.drivers.yuv import bgra_of
from booth.errors import CameraError, CameraHeldError
from booth.jpeg import deliver
from booth.ports import Picture, Size
from booth.units import Pixels, Seconds

FASTEST, SLOWEST = 41_667, 66_667
"""Microseconds a frame, as libcamera counts: 24 pictures a second are a smooth preview; below 15 guests blur."""
EXPOSURES = {"normal": 0, "short": 1}
"""And (AeExposureMode): short gains light rather by gain than by time, so a frame is exposed for 20 ms until gain is
used up, not for 60."""
LIGHTS = {"auto": 0, "incandescent": 1, "fluorescent": 3, "daylight": 5, "cloudy": 6}
"""And (AwbMode) for what is white."""
LEFT_RIGHT, TOP_BOTTOM = 0, 1
"""Pillow's numbers for what a mirror and a lake do."""
BUFFERS = 4
"""One is exposed, one is queued, one is shown, one is being saved. A still configuration's single one would stall."""
POLL = Seconds(0.01)
"""How often the library's count of frames is looked at, when it has not moved since the last look."""
STALE = Seconds(1.0)
"""A preview picture that is older shows nobody: the sensor has stopped, which the library does not tell."""
LATE = Seconds(1.0)
"""How long a frame that was given up is waited for, if the library has it in hand already."""
HELD = os.strerror(errno.EBUSY)
"""How libcamera says that somebody has the camera; its errors have no number."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Library:
    """What is used of picamera2 and of the libcamera beneath it."""

    camera: Any
    """The class of a camera, made with its number."""
    transform: Callable[..., Any]
    full_range: Callable[[], Any]
    """The colour space of JPEG files."""
    version: str
    """Picamera2's."""


def available() -> bool:
    """Return whether the libraries are installed. Says nothing about a camera, and opens none."""
    return all(importlib.util.find_spec(name) is not None for name in ("picamera2", "libcamera"))


def load() -> Library:
    """Import the libraries, which takes seconds on a Pi; raise `CameraError` if they are not there."""
    try:
        from libcamera import ColorSpace, Transform
        from picamera2 import Picamera2
    except (ImportError, ValueError) as exc:  # ValueError: a numpy of ours under a library built for the system's
        raise CameraError(
            f"picamera2 cannot be loaded ({exc}): sudo apt install python3-picamera2, and make the virtual environment "
            "with --system-site-packages and without a numpy of its own"
        ) from exc
    return Library(camera=Picamera2, transform=Transform, full_range=ColorSpace.Sycc, version=_version())


class Picamera2Camera:
    """The camera module on the ribbon cable; see `booth.ports.Camera` for what it promises.

    *device* is its number, if there are several; empty means 0, the first. Of *tuning*, what the module has is set;
    what it has not is logged, with what it offers.

    All of the sensor is seen, at any *size*: what is cut off is what the shape of the frame leaves over.

    *flip*, *mirror* and a *rotation* by 180 degrees are done by the camera. What it cannot do, for 90 and 270 degrees
    (clockwise) or with a sensor that reads itself in one direction only, is done in software, in frame and preview, and
    a frame then takes some hundredths of a second longer.
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
        library: Library | None = None,
    ) -> None:
        library = library or load()
        self._size = size
        self._mirror = mirror
        self._rotation = rotation
        self._quality = quality
        self._timeout = timeout
        self._tuning = tuning
        self._watching = False
        self._slot = Lock()
        self._newest: tuple[Picture, float] | None = None
        self._closed = False
        self._counted = 0
        self._camera = _opened(library, device)
        try:
            self._configure(library, preview_size, flip=flip)
            self._camera.options["quality"] = quality
            self._refocus = Refocus(follows=tuning.focus is None and "AfMode" in self._camera.camera_controls)
            self._camera.post_callback = self._received  # the library looks at it twice for each frame: it stays
            self._camera.start()
            self._tell(library)
        except BaseException as exc:
            self.close()
            if isinstance(exc, RuntimeError | ValueError | OSError | LookupError):
                why = _reason(exc)
                raise _kind(why)(f"the camera does not start: {why}; check camera.size in the settings") from exc
            raise

    def preview(self) -> Picture | None:
        """Return the newest preview picture, or None while nobody watches, or when it is not new any more."""
        newest = self._newest
        if newest is None or time.monotonic() - newest[1] > STALE:
            return None
        return newest[0]

    def watch(self, *, on: bool) -> None:
        """Start or stop making pictures of the small stream; the streams themselves run on.

        Who watches is a guest who has just come: the lens looks anew for what is sharp.
        """
        if on and self._closed:
            raise CameraError("the camera is closed")
        if on and not self._watching:
            self._refocus.ask()
        with self._slot:
            self._watching = on
            if not on:
                self._newest = None

    def check(self) -> None:
        """Compare the library's count of good frames with that of the last look: as long as it moves, all is well.

        The sensor never rests, so it has moved after seconds; else wait for the next frame, for the time-out at most.
        """
        if self._closed:
            raise CameraError("the camera is closed")
        until = time.monotonic() + self._timeout
        while (count := self._camera.frames) == self._counted:
            if time.monotonic() >= until:
                raise CameraError(f"no frame within {self._timeout} s; check the ribbon cable")
            time.sleep(POLL)
        self._counted = count

    def capture(self, into: Path) -> None:
        """Take the first frame whose exposure begins from now on, and write it to *into*."""
        if self._closed:
            raise CameraError("the camera is closed")
        jpeg = io.BytesIO()  # the library loses the errors of a file that it writes by itself
        try:
            request = self._next()
            try:
                self._save(request, jpeg)
            finally:
                request.release()
        except TimeoutError as exc:
            raise CameraError(f"no frame within {self._timeout} s; check the ribbon cable") from exc
        except (RuntimeError, ValueError, OSError, LookupError, CancelledError) as exc:
            raise CameraError(f"the frame was lost: {_reason(exc)}") from exc
        deliver(jpeg.getvalue(), into, self._size)

    def close(self) -> None:
        """Stop the streams and let the camera go."""
        if self._closed:
            return
        self.watch(on=False)
        self._closed = True
        try:
            self._camera.close()
        except (RuntimeError, OSError) as exc:
            log.warning("camera.not_closed", why=_reason(exc))

    def _next(self) -> Any:
        """Return the first request whose exposure begins from now on. Raises `TimeoutError`."""
        job = self._camera.capture_request(wait=False, flush=True)
        try:
            return self._camera.wait(job, timeout=self._timeout)
        except TimeoutError:
            self._camera.cancel_all_and_flush()  # it would wait on, and block the one that stops the camera
            with contextlib.suppress(Exception):  # what had begun before that ends, and its buffer is one of four
                self._camera.wait(job, timeout=LATE).release()
            raise

    def _configure(self, library: Library, preview_size: Size, *, flip: bool) -> None:
        """Set the one configuration up.

        Mirroring a picture after a quarter turn is turning its upside-down twin: all that the camera can do itself, it
        does before our turn. That mirrors the preview as well, which `_picture` knows.
        """
        if "ExposureTime" not in self._camera.camera_controls:
            raise CameraError(
                "this camera does not tell for how long it exposes, so no frame is known to be new; "
                'a camera at USB needs camera.driver = "webcam"'
            )
        quarter = self._rotation in {90, 270}
        half = self._rotation == 180
        transform = library.transform(
            hflip=(self._mirror != half) and not quarter,
            vflip=flip != (self._mirror if quarter else half),
        )
        main, small = (as_delivered(size, self._rotation) for size in (self._size, preview_size))
        read = as_read(Size(*self._camera.sensor_resolution), main)
        configuration = self._camera.create_video_configuration(
            main={"size": _pair(main), "format": "BGR888"},  # named backwards: red comes first in memory
            lores={"size": _pair(small), "format": "YUV420"},  # up to a Pi 4 the small stream cannot be anything else
            sensor={"output_size": _pair(read)},
            transform=transform,
            colour_space=library.full_range(),  # a video's own would make pale JPEGs
            buffer_count=BUFFERS,
            controls=self._controls(),
            display=None,
            encode=None,
        )
        self._camera.configure(configuration)
        for stream, wanted, setting in (("main", main, "size"), ("lores", small, "preview_size")):
            got = Size(*self._camera.stream_configuration(stream)["size"])
            if got != wanted:
                offer = as_delivered(got, self._rotation)
                raise CameraError(f"this camera offers {offer.width}x{offer.height}: set camera.{setting} to that")
        self._preview_size = _pair(small)
        done = self._camera.camera_configuration()["transform"]
        self._left = done.hflip != transform.hflip, done.vflip != transform.vflip

    def _controls(self) -> dict[str, Any]:
        """Return what is set of all that this module can: without a word from us a lens stays at a metre."""
        there, tuning = self._camera.camera_controls, self._tuning
        following = CONTINUOUS if tuning.focus is None else MANUAL
        wanted: dict[str, Any] = {"FrameDurationLimits": (FASTEST, SLOWEST), "AfMode": following}
        for setting, name, number in (("focus", "LensPosition", tuning.focus), ("gain", "AnalogueGain", tuning.gain)):
            if number is not None and name in there:
                least, most = there[name][:2]
                wanted[name] = within(number, least, most)
                if wanted[name] != number:
                    not_offered(tuning, setting, between(least, most), set_to=wanted[name])
            elif number is not None:
                not_offered(tuning, setting)
        for setting, name, numbers in (("exposure", "AeExposureMode", EXPOSURES), ("awb", "AwbMode", LIGHTS)):
            chosen = getattr(tuning, setting)
            least, most = there[name][:2] if name in there else (0, -1)
            offers = [word for word, number in numbers.items() if least <= number <= most]
            if chosen in offers:
                wanted[name] = numbers[chosen]
            elif chosen != "auto":
                not_offered(tuning, setting, ", ".join(offers) or "nothing")
        return {name: value for name, value in wanted.items() if name in there}

    def _tell(self, library: Library) -> None:
        """Log what was opened, and what of its sensor is seen: once, for whoever wonders about a narrow view."""
        facts: dict[str, object] = {}
        with contextlib.suppress(LookupError, TypeError, ValueError):  # an older library may tell less
            facts["sensor"] = self._camera.camera_properties["Model"]
            read = self._camera.camera_configuration()["sensor"]["output_size"]
            facts["read_as"] = f"{read[0]}x{read[1]}"
            x, y, width, height = self._camera.camera_controls["ScalerCrop"][2]
            whole = self._camera.sensor_resolution
            facts["seen"] = f"{width}x{height} from {x},{y} of {whole[0]}x{whole[1]}"
            shortest = self._camera.camera_controls["FrameDurationLimits"][0]
            facts["rate"] = round(1e6 / max(FASTEST, shortest), 1)
        log.info("picamera2.open", version=library.version, **facts)

    def _save(self, request: Any, jpeg: io.BytesIO) -> None:
        hflip, vflip = self._left
        if not (hflip or vflip or self._rotation in {90, 270}):
            request.save("main", jpeg, format="jpeg")  # without the format a path's own suffix takes the slow way
            return
        picture = request.make_image("main")
        if hflip:
            picture = picture.transpose(LEFT_RIGHT)
        if vflip:
            picture = picture.transpose(TOP_BOTTOM)
        if self._rotation in {90, 270}:
            picture = picture.rotate(-self._rotation, expand=True)  # Pillow turns the other way
        picture.save(jpeg, format="JPEG", quality=self._quality)

    def _received(self, request: Any) -> None:
        """Fill the slot. Runs in the library's thread, which dies of whatever is raised here."""
        if wanted := self._refocus.step():
            self._camera.set_controls(wanted)
        if not self._watching:
            return
        try:
            picture = self._picture(request.make_array("lores"))
        except (RuntimeError, ValueError) as exc:
            log.warning("preview.lost", why=_reason(exc))
            return
        with self._slot:
            if self._watching:
                self._newest = picture, time.monotonic()

    def _picture(self, planes: Any) -> Picture:
        """Return the picture as the screen shows it: mirrored, which costs nothing here and much there."""
        import numpy as np  # picamera2 brings it; nothing else here may

        width, height = self._preview_size
        hflip, vflip = self._left
        quarter = self._rotation in {90, 270}
        mirrored = not self._mirror  # the camera has done so already
        pixels = bgra_of(planes, width, height, backwards=hflip != (mirrored and not quarter))
        if vflip:
            pixels = pixels[::-1]
        if quarter:
            pixels = np.rot90(pixels, k=-self._rotation // 90)[:, :: -1 if mirrored else 1]
        size = Size(Pixels(pixels.shape[1]), Pixels(pixels.shape[0]))
        return Picture(size, np.ascontiguousarray(pixels).data.cast("B"), order="BGRA", mirrored=True)


def _opened(library: Library, device: str) -> Any:
    """Return a camera of the library. Raises `CameraError`, and then nothing is left of it.

    The library makes a pipe before it looks for a camera, and has a way back only from what was opened whole.
    """
    try:
        number = int(device or 0)
        half = library.camera.__new__(library.camera)
        try:
            half.__init__(number)
        except BaseException:
            _clear(half)
            raise
    except (ValueError, RuntimeError, LookupError, OSError) as exc:
        why = _reason(exc)
        raise _kind(why)(
            f"no camera: {why}. Check both ends of the ribbon cable, then what "
            "'rpicam-hello --list-cameras' says (camera.device is the number there); nothing else may be using it"
        ) from exc
    atexit.unregister(half.close)  # it would wait for the library's thread, however long that hangs
    return half


def _clear(half: Any) -> None:
    """Give back all that a camera has which was not opened whole."""
    with contextlib.suppress(Exception):
        half.close()
    pipe = getattr(half, "notifymeread", None)
    if pipe is not None and not pipe.closed:
        pipe.close()
        os.close(half.notifyme_w)


def _pair(size: Size) -> tuple[int, int]:
    """Return *size* as the library takes it."""
    return size.width, size.height


def _kind(why: str) -> type[CameraError]:
    """Return what kind of error it is, by the library's words."""
    return CameraHeldError if HELD in why else CameraError


def _reason(exc: BaseException) -> str:
    """Return what the library said, with what it gives as the cause of that; what it raised, if it said nothing."""
    return ": ".join(dict.fromkeys(str(one).rstrip(".") or type(one).__name__ for one in _causes(exc)))


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    while exc is not None:
        yield exc
        exc = exc.__cause__


def _version() -> str:
    try:
        return importlib.metadata.version("picamera2")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
