"""A USB camera, or any other that speaks V4L2: one stream, frames and preview alike; JPEGs as they come, if it has any.

The stream runs from opening to closing. Whoever wants a picture takes the device's lock and the newest one; when nobody
does, the device's buffers fill up and it waits. So what is ready is old, and what is under way was begun before it was
asked for: a frame is the one after that.
"""

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

import pygame
import structlog

from booth.drivers.knobs import tune
from booth.drivers.tuning import AS_IT_COMES, Tuning
from booth.drivers.v4l2 import AGAIN, KERNEL, Device, Kernel, Mode, NotACameraError, Stream, inspect
from booth.errors import CameraError
from booth.jpeg import deliver, size_of, whole
from booth.pictures import RAW, covering, decoded, encoded, mirrored, picture, turned, unpacked, upright
from booth.ports import Picture, Size
from booth.threads import Stoppable
from booth.units import Pixels, Seconds

DEVICES = Path("/dev")
PREVIEW_GAP = Seconds(1 / 24)
"""A preview picture at most this often; less often where making one takes more than half of that: half a core at most.
"""
SLICE = Seconds(0.03)
"""Time for which the device is waited for before anybody is asked whether to go on: a wait in it cannot be given up."""
REST = Seconds(0.5)
"""Time between a preview picture that failed and the next attempt."""
PAUSE = Seconds(0.005)
"""Time after a picture that was none: a device with an error says at once that it is ready, again and again."""
FIRST = Seconds(3.0)
"""Within this, one of several cameras must deliver a picture, or the next one is tried."""
SMOOTH = 15.0
"""Pictures a second below which guests see themselves late, and jump."""
UNLISTED = 10
"""Devices, from /dev/video0 on, that are tried whatever the folder lists."""
COMPRESSED = ("MJPG", "JPEG")
LARGER = 2
"""Factor of the pixels that were agreed on which a JPEG may have; the memory for what else its header says is not
taken.
"""

log = structlog.get_logger()


def available(devices: Path = DEVICES, kernel: Kernel = KERNEL) -> bool:
    """Return whether there is a camera, or a video device that may not be asked. None is started."""
    some = Size(Pixels(640), Pixels(480))
    return any(isinstance(device, OSError) or _delivers(device) for _, device in _listed(devices, some, kernel))


def fitness(mode: Mode, size: Size, enough: Size) -> tuple[float, ...]:
    """Return how well *mode* suits a booth with frames of *size*, for an animation of *enough*; more is better.

    First, guests see themselves move; then, nothing in the animation is enlarged; then, the frame is about what the
    settings say, rather smaller than larger, for all has to be decoded. Raw pictures are as good as JPEGs of half their
    size, and every pixel more than enough costs: its colours have to be made, and the frame's JPEG. More than thirty a
    second only cost light.
    """
    of_enough, of_size = (
        math.log(min(mode.size.width / other.width, mode.size.height / other.height)) for other in (enough, size)
    )
    compressed = mode.format in COMPRESSED
    of_jpeg, of_raw = abs(of_size) * (3 if of_size > 0 else 1), math.log(2) + 2 * abs(of_enough)
    dear = of_jpeg if compressed else of_raw
    return smooth(mode.rate), min(of_enough, 0.0), -dear, compressed, min(mode.rate, 30.0)


def smooth(rate: float) -> float:
    """Return *rate*, pictures a second, as far as guests can tell: no more than `SMOOTH`, which may be a little less.

    A camera counts in its own clock's ticks: what it calls fifteen a second may be 14.985.
    """
    return SMOOTH if rate >= SMOOTH * 0.97 else rate


class TornError(CameraError):
    """A picture that did not arrive whole: the next one may."""


class Agreed(Protocol):
    """What a device has agreed to deliver."""

    format: str
    size: Size
    row: int
    full: bool


class WebcamCamera:
    """A camera at *device*, or the first that delivers; see `booth.ports.Camera` for what it promises.

    Of what the device offers, the best for frames of *size* is chosen, and *enough* is what the animation needs; its
    pictures are scaled to fill frame and preview, without being stretched. *flip*, *mirror* and *rotation* (degrees,
    clockwise) are done in software. A JPEG that needs none of that is kept as it comes; others are made by pygame,
    which chooses the *quality* itself: 85. Of *tuning*, what the device has a control for is set.
    """

    def __init__(
        self,
        *,
        size: Size,
        preview_size: Size,
        flip: bool = False,
        mirror: bool = False,
        rotation: int = 0,
        quality: int = 85,  # one port, one set of keywords; neither the camera nor pygame asks
        timeout: Seconds = Seconds(5.0),
        device: str = "",
        enough: Size | None = None,
        tuning: Tuning = AS_IT_COMES,
        devices: Path = DEVICES,
        kernel: Kernel = KERNEL,
    ) -> None:
        self._size = size
        self._preview_size = preview_size
        self._flip = flip
        self._mirror = mirror
        self._rotation = rotation
        self._timeout = timeout
        self._device_lock = Lock()
        self._switch = Lock()
        self._closing = Event()
        self._producer: Stoppable | None = None
        self._newest: Picture | None = None
        self._lost: str | None = None
        search = _Search(devices, kernel, turned(size, rotation), turned(enough or size, rotation))
        self._stream = search.named(Path(device)) if device else search.first(Seconds(min(timeout, FIRST)))
        tune(self._stream, tuning)

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
                self._producer = Stoppable("webcam-preview", self._produce)
                self._producer.start()
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
        with self._device() as stream:
            if not (self._awaited(time.monotonic() + self._timeout, self._closing) and stream.drain()):
                raise CameraError(f"no picture within {self._timeout} s; {AGAIN}")

    def capture(self, into: Path) -> None:
        """Take the first picture that is certainly new and whole, and write it to *into*."""
        until = time.monotonic() + self._timeout
        with self._device() as stream:
            stream.drain()
            self._awaited(until, self._closing)
            stream.drain()  # it was under way
            seen, jpeg = self._next(until, self._closing)
        if jpeg is None or seen.get_size() != (self._size.width, self._size.height) or self._changes():
            frame = self._upright(seen, self._size)
            jpeg = encoded(mirrored(frame) if self._mirror else frame)
        deliver(jpeg, into, self._size)

    def close(self) -> None:
        """Stop the stream and let the device go."""
        if self._closing.is_set():
            return
        self._closing.set()
        with self._switch:
            self._stop_producer()
        with self._device_lock:
            try:
                self._stream.close()
            except CameraError as exc:
                log.warning("camera.not_closed", why=str(exc))

    def _changes(self) -> bool:
        return self._flip or self._mirror or self._rotation != 0

    def _must_be_shown(self) -> None:
        """Raise what keeps the preview away, if anything does. Called with the switch."""
        if self._producer is not None and not self._producer.alive:
            raise CameraError("the preview has ended by itself; the log says why")
        if self._lost is not None:
            raise CameraError(f"the preview has stopped: {self._lost}")

    @contextlib.contextmanager
    def _device(self) -> Iterator[Stream]:
        """Hold the device."""
        with self._device_lock:
            if self._closing.is_set():
                raise CameraError("the camera is closed")
            yield self._stream

    def _awaited(self, until: float, stop: Event) -> bool:
        """Wait for the next picture; return whether it is there. Called with the device's lock."""
        while not self._stream.ready(Seconds(max(min(SLICE, until - time.monotonic()), 0.0))):
            if self._closing.is_set():
                raise CameraError("the camera is closed")
            if stop.is_set() or time.monotonic() >= until:
                return False
        return True

    def _next(self, until: float, stop: Event) -> tuple[pygame.Surface, bytes | None]:
        """Wait for the newest picture that is whole; return it, and its JPEG if it is one.

        A few are lost on a bad cable, and nobody misses them. Called with the device's lock.
        """
        why = f"no picture within {self._timeout} s; {AGAIN}"
        while self._awaited(until, stop):
            try:
                taken = self._stream.take()
                if taken is None:
                    raise TornError("pictures are lost on the way from the camera; use another cable or USB port")
                return seen(taken, self._stream)
            except TornError as exc:
                why = str(exc)
                if stop.wait(PAUSE) or time.monotonic() >= until:
                    break
        raise CameraError(why)

    def _upright(self, seen: pygame.Surface, size: Size) -> pygame.Surface:
        """Return the middle of what was seen, flipped and turned, filling *size*."""
        before = turned(size, self._rotation)
        surface = covering(seen, (before.width, before.height))
        return upright(surface, flip=self._flip, rotation=self._rotation)

    def _produce(self, stop: Event) -> None:
        """Fill the slot until told to stop. When a picture fails, leave it empty, say so once, and go on trying."""
        rested = True  # what is ready then may show whoever stood here before
        while not stop.is_set():
            began = time.monotonic()
            try:
                with self._device() as stream:
                    if rested:
                        stream.drain()
                        rested = False
                    self._awaited(began + self._timeout, stop)
                    spent = time.thread_time()
                    seen, _ = self._next(began + self._timeout, stop)
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
                stop.wait(max(PREVIEW_GAP - (time.monotonic() - began), time.thread_time() - spent))

    def _stop_producer(self) -> None:
        if self._producer is not None:
            self._producer.end()
            self._producer = None
        self._newest = None
        self._lost = None


def seen(taken: bytes, stream: Agreed) -> tuple[pygame.Surface, bytes | None]:
    """Return the picture in what was delivered, and its JPEG if it is one; raise `TornError` if it is none."""
    if stream.format not in COMPRESSED:
        try:
            return unpacked(taken, stream.format, stream.size, row=stream.row, full=stream.full), None
        except CameraError as exc:
            raise TornError(str(exc)) from exc
    jpeg = whole(taken)
    said = size_of(taken) if jpeg is not None else None
    if jpeg is None or said is None:
        raise TornError("the camera's pictures are cut off; use another cable, or another USB port")
    if not 0 < said.width * said.height <= LARGER * stream.size.width * stream.size.height:
        raise TornError(f"a picture said to be {said.width}x{said.height} is not believed; {AGAIN}")
    try:
        return decoded(jpeg), jpeg
    except CameraError as exc:
        raise TornError(f"{exc}; use another cable, or another USB port") from exc


def _listed(devices: Path, wanted: Size, kernel: Kernel) -> Iterator[tuple[Path, Device | OSError]]:
    """Yield the devices that deliver pictures, in the order of their numbers; and why one may not be asked."""
    listed = {int(number) for path in devices.glob("video*") if (number := path.name.removeprefix("video")).isdecimal()}
    # The first ones are tried in any case: where a library gives one process its devices, no folder lists them.
    for path in (devices / f"video{number}" for number in sorted(listed | set(range(UNLISTED)))):
        try:
            yield path, inspect(path, wanted, kernel, (*COMPRESSED, *RAW))
        except (NotACameraError, FileNotFoundError):
            continue
        except OSError as exc:
            yield path, exc


def _delivers(device: Device) -> bool:
    """Return whether *device* may be taken unasked: it says that it sees, and has a format that is known here."""
    return device.sees and (not device.modes or any(mode.format in (*COMPRESSED, *RAW) for mode in device.modes))


def _colourless(device: Device) -> bool:
    known = [mode.format for mode in device.modes if mode.format in (*COMPRESSED, *RAW)]
    return bool(known) and all(form == "GREY" for form in known)


@dataclass(frozen=True)
class _Search:
    """Looks for a camera, and says what else there is where it finds none."""

    devices: Path
    kernel: Kernel
    size: Size
    enough: Size
    """Pixels as the sensor sees them both, before any turning."""

    def named(self, path: Path) -> Stream:
        """Start the camera that the settings name."""
        try:
            return self._started(inspect(path, self.size, self.kernel, (*COMPRESSED, *RAW)))
        except CameraError as exc:
            raise CameraError(f"{exc}. {self._others()}") from exc
        except OSError as exc:
            raise CameraError(f"{path} cannot be opened: {exc.strerror}. {self._others()}") from exc

    def first(self, patience: Seconds) -> Stream:
        """Start the first camera that delivers, those at USB before others, and what is an output, too, last.

        What sees no colours comes after what does: it is the second eye of many computers, for faces in the dark.
        """
        listed = list(_listed(self.devices, self.size, self.kernel))
        candidates = [device for _, device in listed if not isinstance(device, OSError) and _delivers(device)]
        candidates.sort(key=lambda device: (device.output, _colourless(device), not device.usb))
        refused: Exception | None = next((why for _, why in listed if isinstance(why, OSError)), None)
        for device in candidates:
            try:
                stream = self._started(device)
            except (CameraError, OSError) as exc:
                refused = refused if isinstance(refused, CameraError) else exc
                continue
            if len(candidates) == 1 or (stream.ready(patience) and stream.drain()):
                return stream
            refused = refused or CameraError(f"no picture from {device.path} within {patience} s; {AGAIN}")
            with contextlib.suppress(CameraError):
                stream.close()
        if isinstance(refused, OSError):
            raise CameraError(f"a webcam cannot be opened: {refused}. {self._others()}") from refused
        raise refused or CameraError(self._others())

    def _started(self, device: Device) -> Stream:
        modes = device.modes or (Mode(COMPRESSED[0], self.size, SMOOTH),)  # it does not say: it gives what it can
        known = [mode for mode in modes if mode.format in (*COMPRESSED, *RAW)]
        if not known:
            offered = ", ".join(sorted({mode.format for mode in device.modes})) or "nothing"
            raise CameraError(
                f"{device.path} ({device.card}) offers {offered}; the booth takes {', '.join((*COMPRESSED, *RAW))}"
            )
        best = max(known, key=lambda mode: fitness(mode, self.size, self.enough))
        stream = Stream(device.path, best, self.kernel)
        if stream.format not in (*COMPRESSED, *RAW):
            with contextlib.suppress(CameraError):
                stream.close()
            raise CameraError(f"{device.path} ({device.card}) offers {best.format}, and gives {stream.format}")
        log.info(
            "webcam.open", device=str(device.path), card=device.card, format=stream.format,
            size=f"{stream.size.width}x{stream.size.height}", rate=round(best.rate, 1),
        )  # fmt: skip
        return stream

    def _others(self) -> str:
        """Say which cameras there are, by names that stay theirs, for the owner who named the wrong one."""
        there = [device for _, device in _listed(self.devices, self.size, self.kernel)]
        names = [self._name(one.path) for one in there if not isinstance(one, OSError) and _delivers(one)]
        if not names:
            return "There is no camera: plug one in, and look for it with 'v4l2-ctl --list-devices'"
        return f"Set camera.device to one of {', '.join(names)}; no other program may be using it"

    def _name(self, path: Path) -> str:
        """Return the link that leads to *path* wherever the camera is plugged in, or *path* if it has none."""
        links = sorted((self.devices / "v4l" / "by-id").glob("*"))
        return str(next((link for link in links if link.resolve() == path.resolve()), path))
