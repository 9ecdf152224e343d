"""A camera that looks at a painted party or at a folder of photographs, and fails when it is told to.

It behaves like the real ones: exposing takes time, the preview comes from a thread of its own and only while somebody
watches, and what it writes is a whole JPEG of the configured size. It asks for no display.
"""

import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

import pygame
import structlog

from booth.errors import CameraError, ConfigError
from booth.jpeg import PRINT, SIDEWAYS, SPARSEST, colours_of, deliver, orientation_of, size_of, whole
from booth.pictures import as_held, covering, decoded, encoded, mirrored, picture, turned, upright
from booth.ports import Picture, Size
from booth.reading import called
from booth.sim.party import Party
from booth.threads import Stoppable
from booth.units import Pixels, Seconds

log = structlog.get_logger(__name__)

FRAME = Seconds(1 / 24)
"""One preview picture in this time."""
OTHER_PICTURES = frozenset({".heic", ".heif", ".avif", ".png", ".webp", ".gif", ".tif", ".tiff", ".dng"})
"""What a folder of photographs may have instead of JPEGs."""
FINER = 1.25
"""The preview is painted this much larger than it is shown: smooth edges for a third more work."""


class Fault(Enum):
    """What can go wrong with one capture."""

    REFUSED = "refused"
    """It raises `CameraError` at once."""
    HANG = "hang"
    """It takes no notice of its time-out, and goes on, with a good frame, when it is released."""
    EMPTY = "empty"
    """It reports success and hands over 0 bytes, which are not believed."""
    TORN = "torn"
    """It reports success and hands over half of a JPEG, which is not believed."""
    BLACK = "black"
    """It reports success and hands over a whole JPEG with nothing on it, which is kept, for it may be true."""


class CameraFaults:
    """The switches with which a test breaks a camera; they outlive the camera, as a loose cable does.

    May be used from any thread.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._coming: deque[Fault] = deque()
        self._released = Event()
        self._gone = False
        self._hearing = Event()
        self._hearing.set()

    def fail(self, fault: Fault, *, times: int = 1) -> None:
        """Let the next *times* captures fail, after those that were asked for before."""
        with self._lock:
            self._coming.extend([fault] * times)

    def unplug(self) -> None:
        """Let the camera disappear: no preview, no frame, and it cannot be opened again."""
        self._gone = True
        self.release()

    def plug_in(self) -> None:
        """Let it come back."""
        self._gone = False

    def deafen(self) -> None:
        """Let the camera be there, and deliver nothing within its time-out: it opens, and that is all."""
        self._hearing.clear()

    def hear(self) -> None:
        """Let it deliver again."""
        self._hearing.set()

    def release(self) -> None:
        """Let the capture that hangs go on; nothing happens if none does."""
        self._released.set()

    @property
    def gone(self) -> bool:
        """Whether the camera is unplugged."""
        return self._gone

    @property
    def deaf(self) -> bool:
        """Whether the camera delivers nothing."""
        return not self._hearing.is_set()

    def heard(self, timeout: Seconds) -> bool:
        """Return whether the camera delivers, or does so again within *timeout*."""
        return self._hearing.wait(timeout)

    def next(self) -> Fault | None:
        """Return what the capture that begins now suffers from, or None."""
        with self._lock:
            fault = self._coming.popleft() if self._coming else None
            if fault is Fault.HANG:
                self._released.clear()
            return fault

    def wait(self) -> None:
        """Hang until released."""
        self._released.wait()


class Subject(Protocol):
    """What the camera looks at, as its sensor sees it."""

    def preview(self, seconds: float, shot: int) -> pygame.Surface:
        """Return the view at *seconds*, before frame *shot* (0 is the first), in the preview's size."""
        ...

    def still(self, seconds: float, shot: int) -> pygame.Surface:
        """Return the view as frame *shot* in the frame's size."""
        ...

    def original(self, shot: int) -> bytes | None:
        """Return frame *shot* as a JPEG that needs no work, or None if there is no such thing."""
        ...


class PaintedView:
    """The party. The guests strike another pose after every frame."""

    def __init__(self, size: Size, preview_size: Size) -> None:
        self._size = (size.width, size.height)
        self._preview_size = (preview_size.width, preview_size.height)
        height = round(preview_size.height * FINER)
        width = round(height * size.width / size.height)
        self._party = Party(width, height)
        self._canvas = pygame.Surface((width, height), 0, 32)

    def preview(self, seconds: float, shot: int) -> pygame.Surface:
        """Paint the party a little larger than asked for, and shrink it."""
        self._party.paint(self._canvas, seconds, shot)
        return covering(self._canvas, self._preview_size)

    def still(self, seconds: float, shot: int) -> pygame.Surface:
        """Paint the party at full size, for this one frame."""
        canvas = pygame.Surface(self._size, 0, 32)
        Party(*self._size).paint(canvas, seconds, shot)
        return canvas

    def original(self, shot: int) -> bytes | None:
        """Return None: every frame is painted when it is taken."""
        return None


class PhotographView:
    """The JPEGs of a folder, in the order of their names, again from the first after the last.

    One that cannot be used is passed by, and told; the last that is left is tried for ever, and a `CameraError`.
    """

    def __init__(self, paths: tuple[Path, ...], size: Size, preview_size: Size) -> None:
        self._paths = paths
        self._size = (size.width, size.height)
        self._preview_size = (preview_size.width, preview_size.height)
        self._shown: tuple[int, pygame.Surface] | None = None
        self._one_at_a_time = Lock()  # a photograph takes 6 MB and more: the preview's and the frame's never at once

    def preview(self, seconds: float, shot: int) -> pygame.Surface:
        """Wander over the photograph that will be taken next, as if a hand held the camera."""
        if self._shown is None or self._shown[0] != shot:
            width, height = (round(side * FINER) for side in self._preview_size)
            self._shown = None  # the last one need not stay while this one is decoded
            self._shown = shot, self._loaded(shot, (width, height))
        photograph = self._shown[1]
        breath = pygame.math.Vector2(1, 0).rotate(seconds * 40)  # once round in nine seconds
        zoom = 0.9 + 0.06 * breath.y
        width, height = (round(side * zoom) for side in photograph.get_size())
        x = round((photograph.get_width() - width) * (0.5 + 0.45 * breath.x))
        y = round((photograph.get_height() - height) * (0.5 + 0.45 * breath.rotate(70).y))
        return pygame.transform.smoothscale(photograph.subsurface((x, y, width, height)), self._preview_size)

    def still(self, seconds: float, shot: int) -> pygame.Surface:
        """Return the photograph, scaled to cover the frame."""
        return self._loaded(shot, self._size)

    def original(self, shot: int) -> bytes | None:
        """Return the file as it is, if it has the right size, lies as it was seen, and is as large as a camera's."""
        _, jpeg = self._photograph(shot)
        width, height = self._size
        fits = size_of(jpeg) == Size(Pixels(width), Pixels(height)) and len(jpeg) >= width * height // SPARSEST
        return jpeg if fits and orientation_of(jpeg) == 1 else None

    def _loaded(self, shot: int, size: tuple[int, int]) -> pygame.Surface:
        with self._one_at_a_time:
            return covering(self._load(shot), size)

    def _photograph(self, shot: int) -> tuple[Path, bytes]:
        while True:
            path = self._paths[shot % len(self._paths)]
            try:
                return path, photograph(path)
            except CameraError as exc:
                self._pass_by(path, exc)

    def _load(self, shot: int) -> pygame.Surface:
        while True:
            path, jpeg = self._photograph(shot)
            try:
                return as_held(decoded(jpeg), orientation_of(jpeg))
            except CameraError as exc:
                told = CameraError(f"the photograph {path} cannot be decoded; take it out of the folder")
                told.__cause__ = exc
                self._pass_by(path, told)

    def _pass_by(self, path: Path, why: CameraError) -> None:
        """Do without *path*; raise *why* if there is no other."""
        others = tuple(other for other in self._paths if other != path)
        if not others:
            raise why
        log.warning("photograph.passed_by", why=str(why))
        self._paths = others


class SimCamera:
    """A simulated camera; see `booth.ports.Camera` for what it promises.

    With *frames*, a folder, it serves the photographs in it (`ConfigError` if there is none); otherwise it paints.
    A frame takes *exposure* seconds; an exposure beyond *timeout* is a `CameraError`. *now* tells what the view looks
    like, and may stand still. *faults* are the switches to break it with. A *flip*, a *mirror* and a *rotation*
    (degrees, clockwise) do what they do to a real camera. Pygame chooses the *quality* of its JPEGs itself: 85.
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
        frames: Path | None = None,
        exposure: Seconds = Seconds(0.2),
        now: Callable[[], float] = time.monotonic,
        faults: CameraFaults | None = None,
    ) -> None:
        self.faults = faults or CameraFaults()
        self._size = size
        self._flip = flip
        self._mirror = mirror
        self._rotation = rotation
        self._timeout = timeout
        self._exposure = exposure
        self._now = now
        self._closing = Event()
        self._shot = 0
        self._newest: Picture | None = None
        self._looked = True
        """Whether somebody has looked since the newest was painted."""
        self._switch = Lock()
        self._producer: Stoppable | None = None
        self._must_be_there()
        sensor, sensor_preview = (turned(s, rotation) for s in (size, preview_size))
        self._subject: Subject = (
            PaintedView(sensor, sensor_preview)
            if frames is None
            else PhotographView(photographs(frames), sensor, sensor_preview)
        )

    def preview(self) -> Picture | None:
        """Return the newest preview picture, or None while nobody watches or the camera is gone."""
        self._looked = True
        return None if self.faults.gone or self.faults.deaf else self._newest

    def watch(self, *, on: bool) -> None:
        """Start or stop the preview and its thread."""
        with self._switch:
            if not on:
                self._stop_producer()
                return
            self._must_be_there()
            if self._producer is None:
                self._looked = True
                self._producer = Stoppable("sim-camera-preview", self._produce)
                self._producer.start()

    def check(self) -> None:
        """Find out whether the camera is there and delivers."""
        self._must_be_there()
        self._must_deliver()

    def capture(self, into: Path) -> None:
        """Expose one frame and write it to *into*."""
        self._must_be_there()
        self._must_deliver()
        fault = self.faults.next()
        if fault is Fault.REFUSED:
            raise CameraError("the simulated camera was told to fail")
        if fault is Fault.HANG and not (self._closing.is_set() or self.faults.gone):
            self.faults.wait()
        self._closing.wait(min(self._exposure, self._timeout))
        self._must_be_there()
        if self._exposure > self._timeout:
            raise CameraError(f"no frame within {self._timeout} s; the simulated exposure takes {self._exposure} s")
        jpeg = self._black() if fault is Fault.BLACK else self._frame()
        if fault is Fault.EMPTY:
            jpeg = b""
        elif fault is Fault.TORN:
            jpeg = jpeg[: len(jpeg) // 2]
        deliver(jpeg, into, self._size)
        self._shot += 1

    def close(self) -> None:
        """Let the camera go; a capture that hangs ends with `CameraError`."""
        self._closing.set()
        self.faults.release()
        with self._switch:
            self._stop_producer()

    def _must_be_there(self) -> None:
        if self._closing.is_set():
            raise CameraError("the simulated camera is closed")
        if self.faults.gone:
            raise CameraError("the simulated camera is unplugged; plug it in again")

    def _must_deliver(self) -> None:
        if not self.faults.heard(self._timeout):
            raise CameraError(f"nothing came from the simulated camera within {self._timeout} s; let it hear again")

    def _frame(self) -> bytes:
        if not (self._flip or self._mirror or self._rotation):
            original = self._subject.original(self._shot)
            if original is not None:
                return original
        frame = self._developed(self._subject.still(self._now(), self._shot))
        return encoded(mirrored(frame) if self._mirror else frame)

    def _black(self) -> bytes:
        return encoded(pygame.Surface((self._size.width, self._size.height), 0, 24))

    def _developed(self, surface: pygame.Surface) -> pygame.Surface:
        """Return what the sensor saw, as the settings want it."""
        return upright(surface, flip=self._flip, rotation=self._rotation)

    def _produce(self, stop: Event) -> None:
        """Fill the slot, at the preview's pace, until told to stop; a picture that nobody has looked at stays there."""
        while not stop.is_set():
            began = time.monotonic()
            if self._looked:
                self._looked = False
                self._newest = self._seen()
            stop.wait(max(0.0, FRAME - (time.monotonic() - began)))

    def _seen(self) -> Picture | None:
        try:
            return picture(self._developed(self._subject.preview(self._now(), self._shot)))
        except CameraError:  # a file that vanished or is none: capture will say so aloud
            return None

    def _stop_producer(self) -> None:
        if self._producer is not None:
            self._producer.end()
            self._producer = None
        self._newest = None


def photograph(path: Path) -> bytes:
    """Return the JPEG in the file at *path*, to its own end; `CameraError` if there is none that is whole."""
    try:
        jpeg = whole(path.read_bytes())
    except OSError as exc:
        raise CameraError(f"the photograph {path} cannot be read ({exc.strerror}); take it out of the folder") from exc
    if jpeg is None or size_of(jpeg) is None:
        raise CameraError(f"the photograph {path} is {_instead(path)}")
    if colours_of(jpeg) == PRINT:
        raise CameraError(
            f"the photograph {path} has the four colours of print (CMYK), and would be seen in wrong ones; "
            "take it out of the folder, or export it as RGB"
        )
    return jpeg


def _instead(path: Path) -> str:
    """Say what is in the file at *path*, which is called a JPEG and is none, and what to do."""
    with path.open("rb") as file:
        head = file.read(12)
    for kind, mark, at in (("HEIC", b"ftyp", 4), ("PNG", b"\x89PNG", 0), ("WebP", b"WEBP", 8), ("GIF", b"GIF8", 0)):
        if head[at : at + len(mark)] == mark:
            return f"{kind}, and not a JPEG as it is called; take it out of the folder, or export it as JPEG"
    return "not a whole JPEG; take it out of the folder, or copy it anew"


def photograph_size(path: Path) -> Size:
    """Return the size of the photograph at *path* as it was seen; `ConfigError` if it is none."""
    try:
        jpeg = photograph(path)
    except CameraError as exc:
        raise ConfigError(str(exc)) from exc
    size = size_of(jpeg)
    if size is None:
        raise ConfigError(f"the photograph {path} does not say its size; take it out of the folder")
    return Size(size.height, size.width) if orientation_of(jpeg) in SIDEWAYS else size


def photographs(folder: Path) -> tuple[Path, ...]:
    """Return the JPEGs in *folder*, sorted by name; `ConfigError` if there are none.

    Names that begin with a dot are no photographs, whatever they end with: computers leave notes under them.
    """
    try:
        found = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in {".jpg", ".jpeg"} and not path.name.startswith(".") and path.is_file()
        )
    except OSError as exc:
        raise ConfigError(f"{called(folder)} cannot be read as a folder of photographs: {exc.strerror}") from exc
    if not found:
        others = sorted({path.suffix.lower() for path in folder.iterdir()} & OTHER_PICTURES)
        export = f" (those that end in {', '.join(others)} are not read: export them as JPEG)" if others else ""
        raise ConfigError(
            f"{folder} has no photographs: put at least one .jpg file into it, or name another folder{export}"
        )
    return tuple(found)
