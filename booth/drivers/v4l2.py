"""Video for Linux, as much of it as a still camera with a preview needs: what is there, what it can do, its pictures.

All of it is `linux/videodev2.h` and the kernel's "Video for Linux API": structures are laid out by ctypes as the C
compiler of the machine would, numbers of calls are made from their sizes. Nothing here knows what a picture is.
"""

import ctypes
import errno
import fcntl
import mmap
import os
import select
from collections.abc import Container, Iterator
from contextlib import ExitStack, closing
from ctypes import c_char, c_int, c_int32, c_long, c_uint8, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from booth.errors import CameraError
from booth.ports import Size
from booth.units import Pixels, Seconds

BUFFERS = 4
"""How many pictures the device may have ready or under way at once."""
AGAIN = "unplug the camera and plug it in again"
"""What helps against most of it."""
MOST = 256
"""Entries of any list of a device: one that never comes to the end is not listened to for longer."""
USB_2 = 24e6
"""Bytes a second of pictures that USB 2 takes in practice: the rate of a device that does not say its own."""
SUPPOSED = 30.0
"""Pictures a second of a compressed format whose rate the device does not say."""

# ---- videodev2.h

CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
MMAP = 1  # V4L2_MEMORY_MMAP
CAP_CAPTURE, CAP_OUTPUT, CAP_M2M, CAP_M2M_MPLANE = 0x1, 0x2, 0x8000, 0x4000
CAP_STREAMING, CAP_MEDIA_CONTROLLED, CAP_DEVICE_CAPS = 0x04000000, 0x20000000, 0x80000000
CAP_TIME_PER_FRAME = 0x1000
DISCRETE = 1
CAMERA_INPUT = 2
UNSETTABLE = 0x1 | 0x4  # V4L2_CTRL_FLAG_DISABLED, _READ_ONLY
DAMAGED = 0x40  # V4L2_BUF_FLAG_ERROR
FULL_RANGE = 1
JPEG_COLOURS = 7


class _Capability(ctypes.Structure):
    _fields_ = (
        ("driver", c_char * 16),
        ("card", c_char * 32),
        ("bus", c_char * 32),
        ("version", c_uint32),
        ("capabilities", c_uint32),
        ("device_caps", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class _Input(ctypes.Structure):
    _fields_ = (
        ("index", c_uint32),
        ("name", c_char * 32),
        ("type", c_uint32),
        ("audioset", c_uint32),
        ("tuner", c_uint32),
        ("std", c_uint64),
        ("status", c_uint32),
        ("capabilities", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class _FormatDescription(ctypes.Structure):
    _fields_ = (
        ("index", c_uint32),
        ("type", c_uint32),
        ("flags", c_uint32),
        ("description", c_char * 32),
        ("pixelformat", c_uint32),
        ("mbus_code", c_uint32),
        ("reserved", c_uint32 * 3),
    )


class _FrameSize(ctypes.Structure):
    """Of the union: width, height; or least, most and step of each."""

    _fields_ = (
        ("index", c_uint32),
        ("pixelformat", c_uint32),
        ("type", c_uint32),
        ("sides", c_uint32 * 6),
        ("reserved", c_uint32 * 2),
    )


class _FrameInterval(ctypes.Structure):
    """Of the union: seconds as a fraction; or the shortest, the longest and the step."""

    _fields_ = (
        ("index", c_uint32),
        ("pixelformat", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("type", c_uint32),
        ("fractions", c_uint32 * 6),
        ("reserved", c_uint32 * 2),
    )


class _PixelFormat(ctypes.Structure):
    _fields_ = (
        ("width", c_uint32),
        ("height", c_uint32),
        ("pixelformat", c_uint32),
        ("field", c_uint32),
        ("bytesperline", c_uint32),
        ("sizeimage", c_uint32),
        ("colorspace", c_uint32),
        ("priv", c_uint32),
        ("flags", c_uint32),
        ("ycbcr_enc", c_uint32),
        ("quantization", c_uint32),
        ("xfer_func", c_uint32),
    )


class _FormatUnion(ctypes.Union):
    _fields_ = (("pix", _PixelFormat), ("raw", c_uint8 * 200), ("window", c_void_p))  # the last for its alignment


class _Format(ctypes.Structure):
    _fields_ = (("type", c_uint32), ("fmt", _FormatUnion))


class _CaptureParameters(ctypes.Structure):
    _fields_ = (
        ("capability", c_uint32),
        ("capturemode", c_uint32),
        ("numerator", c_uint32),
        ("denominator", c_uint32),
        ("extendedmode", c_uint32),
        ("readbuffers", c_uint32),
        ("reserved", c_uint32 * 4),
    )


class _ParameterUnion(ctypes.Union):
    _fields_ = (("capture", _CaptureParameters), ("raw", c_uint8 * 200))


class _Parameters(ctypes.Structure):
    _fields_ = (("type", c_uint32), ("parm", _ParameterUnion))


class _RequestBuffers(ctypes.Structure):
    _fields_ = (
        ("count", c_uint32),
        ("type", c_uint32),
        ("memory", c_uint32),
        ("capabilities", c_uint32),
        ("flags", c_uint8),
        ("reserved", c_uint8 * 3),
    )


class _Memory(ctypes.Union):
    _fields_ = (("offset", c_uint32), ("userptr", c_void_p), ("fd", c_int))


class _Buffer(ctypes.Structure):
    _fields_ = (
        ("index", c_uint32),
        ("type", c_uint32),
        ("bytesused", c_uint32),
        ("flags", c_uint32),
        ("field", c_uint32),
        ("timestamp", c_long * 2),  # a timeval; where it has two sizes, the kernel knows which by the call's number
        ("timecode", c_uint32 * 4),
        ("sequence", c_uint32),
        ("memory", c_uint32),
        ("m", _Memory),
        ("length", c_uint32),
        ("reserved2", c_uint32),
        ("request_fd", c_uint32),
    )


class _ControlQuery(ctypes.Structure):
    _fields_ = (
        ("id", c_uint32),
        ("type", c_uint32),
        ("name", c_char * 32),
        ("minimum", c_int32),
        ("maximum", c_int32),
        ("step", c_int32),
        ("default", c_int32),
        ("flags", c_uint32),
        ("reserved", c_uint32 * 2),
    )


class _ControlValue(ctypes.Structure):
    _fields_ = (("id", c_uint32), ("value", c_int32))


_READ, _WRITE = 2, 1  # as seen from the program


def _call(direction: int, number: int, structure: type[ctypes.Structure | c_int]) -> int:
    """Return a call's number, made as `asm-generic/ioctl.h` does."""
    return direction << 30 | ctypes.sizeof(structure) << 16 | ord("V") << 8 | number


QUERYCAP = _call(_READ, 0, _Capability)
ENUM_FMT = _call(_READ | _WRITE, 2, _FormatDescription)
S_FMT = _call(_READ | _WRITE, 5, _Format)
REQBUFS = _call(_READ | _WRITE, 8, _RequestBuffers)
QUERYBUF = _call(_READ | _WRITE, 9, _Buffer)
QBUF = _call(_READ | _WRITE, 15, _Buffer)
DQBUF = _call(_READ | _WRITE, 17, _Buffer)
STREAMON = _call(_WRITE, 18, c_int)
STREAMOFF = _call(_WRITE, 19, c_int)
S_PARM = _call(_READ | _WRITE, 22, _Parameters)
S_CTRL = _call(_READ | _WRITE, 28, _ControlValue)
QUERYCTRL = _call(_READ | _WRITE, 36, _ControlQuery)
ENUMINPUT = _call(_READ | _WRITE, 26, _Input)
ENUM_FRAMESIZES = _call(_READ | _WRITE, 74, _FrameSize)
ENUM_FRAMEINTERVALS = _call(_READ | _WRITE, 75, _FrameInterval)


# ---- the kernel


class Kernel:
    """The three calls that a test answers in the kernel's stead; errors are `OSError`."""

    def open(self, path: Path) -> int:
        """Open a device, and return its descriptor."""
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def ioctl(self, descriptor: int, call: int, argument: Any) -> None:
        """Let the kernel read and write *argument*, a ctypes structure or number."""
        fcntl.ioctl(descriptor, call, argument)

    def poll(self, descriptor: int, timeout: Seconds) -> bool:
        """Return whether a picture is there within *timeout*, or something is wrong, which taking it will tell."""
        waiting = select.poll()
        waiting.register(descriptor, select.POLLIN)
        return bool(waiting.poll(1000 * timeout))


KERNEL = Kernel()


# ---- what there is


@dataclass(frozen=True)
class Mode:
    """A way in which a device can deliver."""

    format: str
    """Four letters: ``MJPG``, ``YUYV``, ..."""
    size: Size
    rate: float
    """Pictures a second: the most, or what can be supposed."""
    interval: tuple[int, int] = (0, 0)
    """The same as seconds a picture, numerator and denominator, in the device's own words; (0, 0) if it has none."""


@dataclass(frozen=True)
class Device:
    """A device that delivers pictures."""

    path: Path
    card: str
    """What its maker calls it."""
    usb: bool
    output: bool
    """Whether other programs can put pictures into it, which it then delivers."""
    sees: bool
    """Whether it says that a camera is what it takes pictures from."""
    modes: tuple[Mode, ...]


@dataclass(frozen=True)
class Control:
    """What a device lets be set, in its own numbers."""

    least: int
    most: int
    step: int
    usual: int
    """The value that its maker has set."""

    def nearest(self, wanted: float) -> int:
        """Return what comes nearest to *wanted* of all that may be set."""
        steps = round((min(max(wanted, self.least), self.most) - self.least) / max(self.step, 1))
        nearest = self.least + steps * max(self.step, 1)
        return nearest if nearest <= self.most else nearest - max(self.step, 1)


class NotACameraError(CameraError):
    """What was opened delivers no pictures by itself: an output, a codec, one of the parts of a camera."""


def inspect(path: Path, wanted: Size, kernel: Kernel = KERNEL, formats: Container[str] | None = None) -> Device:
    """Ask the device at *path* what it is and can do; of sizes without steps, the nearest to *wanted* counts.

    Of what is in none of the *formats* (None: of nothing) sizes and rates are not asked: some devices have a hundred.

    Raises `NotACameraError` if it is none, `OSError` if it cannot be opened.
    """
    descriptor = kernel.open(path)
    try:
        told = _Capability()
        try:
            kernel.ioctl(descriptor, QUERYCAP, told)
        except OSError as exc:
            raise NotACameraError(f"{path} is no video device") from exc
        caps = told.device_caps if told.capabilities & CAP_DEVICE_CAPS else told.capabilities
        card = told.card.decode(errors="replace")
        if not caps & CAP_CAPTURE or caps & (CAP_M2M | CAP_M2M_MPLANE):
            raise NotACameraError(f"{path} ({card}) delivers no pictures: it is another part of a camera, or none")
        if not caps & CAP_STREAMING or caps & CAP_MEDIA_CONTROLLED:
            raise NotACameraError(f'{path} ({card}) is no camera by itself: try camera.driver = "picamera2"')
        return Device(
            path=path,
            card=card,
            usb=told.bus.startswith(b"usb"),
            output=bool(caps & CAP_OUTPUT),
            sees=_sees(kernel, descriptor, built_in=told.bus.startswith(b"platform:")),
            modes=tuple(_modes(kernel, descriptor, wanted, formats)),
        )
    finally:
        os.close(descriptor)


def _sees(kernel: Kernel, descriptor: int, *, built_in: bool) -> bool:
    first = _Input(index=0)
    try:
        kernel.ioctl(descriptor, ENUMINPUT, first)
    except OSError:  # a camera that has no word for it; or a part of the computer that makes pictures of others
        return not built_in
    return bool(first.type == CAMERA_INPUT)


def _listed(kernel: Kernel, descriptor: int, call: int, question: Any) -> Iterator[Any]:
    """Yield *question* with each answer to it, until the device has no more."""
    for index in range(MOST):
        question.index = index
        try:
            kernel.ioctl(descriptor, call, question)
        except OSError:  # EINVAL: that was the last; ENOTTY: it does not answer such questions
            return
        yield question


def _modes(kernel: Kernel, descriptor: int, wanted: Size, formats: Container[str] | None) -> Iterator[Mode]:
    for told in _listed(kernel, descriptor, ENUM_FMT, _FormatDescription(type=CAPTURE)):
        code = told.pixelformat
        if formats is not None and letters(code) not in formats:
            yield Mode(letters(code), wanted, SUPPOSED)
            continue
        sizes = list(_sizes(kernel, descriptor, code, wanted))
        for size in sizes or [wanted]:
            yield _mode(kernel, descriptor, code, size)


def _sizes(kernel: Kernel, descriptor: int, code: int, wanted: Size) -> Iterator[Size]:
    for told in _listed(kernel, descriptor, ENUM_FRAMESIZES, _FrameSize(pixelformat=code)):
        if told.type == DISCRETE:
            width, height = told.sides[:2]
        else:
            width = _stepped(wanted.width, *told.sides[:3])
            height = _stepped(wanted.height, *told.sides[3:])
        if width and height:
            yield Size(Pixels(width), Pixels(height))
        if told.type != DISCRETE:
            return  # the one answer is all there is


def _stepped(wanted: int, least: int, most: int, step: int) -> int:
    """Return what comes nearest to *wanted* from above: *least*, and so many steps more."""
    steps = -(-max(wanted - least, 0) // max(step, 1))
    nearest = least + steps * max(step, 1)
    return min(nearest, most)


def _mode(kernel: Kernel, descriptor: int, code: int, size: Size) -> Mode:
    question = _FrameInterval(pixelformat=code, width=size.width, height=size.height)
    best: tuple[float, tuple[int, int]] | None = None
    for told in _listed(kernel, descriptor, ENUM_FRAMEINTERVALS, question):
        numerator, denominator = told.fractions[:2]  # of a range, the shortest
        if numerator and denominator:
            rate = denominator / numerator
            # Nobody sees more than thirty, and the light for each is less: the slowest that is fast enough.
            fast, before = rate >= SUPPOSED * 0.99, best is not None and best[0] >= SUPPOSED * 0.99
            if best is None or (rate < best[0] if fast and before else rate > best[0] and not before):
                best = rate, (numerator, denominator)
        if told.type != DISCRETE:
            break
    name = letters(code)
    if best is not None:
        return Mode(name, size, *best)
    compressed = name in {"MJPG", "JPEG"}
    return Mode(name, size, SUPPOSED if compressed else min(SUPPOSED, USB_2 / (2 * size.width * size.height)))


def letters(code: int) -> str:
    """Return the four letters of a format."""
    return code.to_bytes(4, "little").decode("latin-1")


def code_of(name: str) -> int:
    """Return a format of four letters as the kernel counts it."""
    return int.from_bytes(name.encode("latin-1"), "little")


# ---- pictures


class Stream:
    """The pictures of the device at *path*, which runs until `close`. One thread at a time.

    The device is asked for *mode* and gives what it can: `size` and `format` are what it gives. Every call may raise
    `CameraError`; opening also `OSError`, if it cannot be opened at all.
    """

    def __init__(self, path: Path, mode: Mode, kernel: Kernel = KERNEL) -> None:
        self._kernel = kernel
        self._maps: list[mmap.mmap] = []
        with ExitStack() as undo:
            self._descriptor = kernel.open(path)
            undo.callback(os.close, self._descriptor)
            pix = self._set_format(mode)
            self.format = letters(pix.pixelformat)
            self.size = Size(Pixels(pix.width), Pixels(pix.height))
            self.row = pix.bytesperline
            """How many bytes a row of a raw picture takes, with its padding; 0 if the device does not say."""
            self.full = pix.quantization == FULL_RANGE or (not pix.quantization and pix.colorspace == JPEG_COLOURS)
            """Whether light in raw pictures runs from 0 to 255, and not from 16 to 235."""
            self._set_rate(mode)
            asked = _RequestBuffers(count=BUFFERS, type=CAPTURE, memory=MMAP)
            self._do(REQBUFS, asked)
            for index in range(asked.count):
                buffer = _Buffer(index=index, type=CAPTURE, memory=MMAP)
                self._do(QUERYBUF, buffer)
                mapped = mmap.mmap(
                    self._descriptor, buffer.length, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE,
                    offset=buffer.m.offset,
                )  # fmt: skip
                undo.enter_context(closing(mapped))
                self._maps.append(mapped)
                self._do(QBUF, buffer)
            self._do(STREAMON, c_int(CAPTURE))
            self._undo = undo.pop_all()

    def ready(self, timeout: Seconds) -> bool:
        """Return whether there is a picture within *timeout*, or an error that `take` will raise."""
        return self._kernel.poll(self._descriptor, timeout)

    def take(self) -> bytes | None:
        """Return the newest picture that is ready, and give older ones back; None if there is none, or it is damaged.

        Copies the picture, so that the device can have its memory again at once.
        """
        newest = self._dequeued()
        for _ in self._maps:  # not for ever, however fast it is
            if newest is None or (later := self._dequeued()) is None:
                break
            self._do(QBUF, newest)
            newest = later
        if newest is None:
            return None
        picture = self._maps[newest.index][: newest.bytesused]
        damaged = newest.flags & DAMAGED
        self._do(QBUF, newest)
        return picture if picture and not damaged else None

    def drain(self) -> int:
        """Give back, unread, what is ready; return how many pictures that were."""
        for given_back in range(len(self._maps)):
            buffer = self._dequeued()
            if buffer is None:
                return given_back
            self._do(QBUF, buffer)
        return len(self._maps)

    def control(self, number: int) -> Control | None:
        """Return what may be set by that *number* of the kernel's; None if the device has nothing of that."""
        told = _ControlQuery(id=number)
        try:
            self._kernel.ioctl(self._descriptor, QUERYCTRL, told)
        except OSError:
            return None
        if told.flags & UNSETTABLE:
            return None
        return Control(told.minimum, told.maximum, told.step, told.default)

    def set(self, number: int, value: int) -> bool:
        """Set a control by its *number*; return whether the device took that."""
        try:
            self._kernel.ioctl(self._descriptor, S_CTRL, _ControlValue(id=number, value=value))
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Stop, and let the device go. Raises `CameraError` if it does not stop, and is closed then, too."""
        with self._undo:
            self._do(STREAMOFF, c_int(CAPTURE))

    def _dequeued(self) -> _Buffer | None:
        buffer = _Buffer(type=CAPTURE, memory=MMAP)
        try:
            self._kernel.ioctl(self._descriptor, DQBUF, buffer)
        except OSError as exc:
            if exc.errno in {errno.EAGAIN, errno.EIO}:  # none yet; or one was lost on its way
                return None
            raise _refused(exc) from exc
        return buffer

    def _set_format(self, mode: Mode) -> _PixelFormat:
        told = _Format(type=CAPTURE)
        pix = told.fmt.pix
        pix.width, pix.height = mode.size.width, mode.size.height
        pix.pixelformat = code_of(mode.format)
        self._do(S_FMT, told)
        taken: _PixelFormat = pix
        return taken

    def _set_rate(self, mode: Mode) -> None:
        if mode.interval == (0, 0):
            return
        parameters = _Parameters(type=CAPTURE)
        capture = parameters.parm.capture
        capture.numerator, capture.denominator = mode.interval
        try:
            self._kernel.ioctl(self._descriptor, S_PARM, parameters)
        except OSError as exc:
            if exc.errno not in {errno.ENOTTY, errno.EINVAL}:  # it has a rate of its own
                raise _refused(exc) from exc

    def _do(self, call: int, argument: Any) -> None:
        try:
            self._kernel.ioctl(self._descriptor, call, argument)
        except OSError as exc:
            raise _refused(exc) from exc


def _refused(exc: OSError) -> CameraError:
    if exc.errno == errno.EBUSY:
        return CameraError("another program is using the camera; stop that one")
    if exc.errno == errno.ENOSPC:
        return CameraError("the USB port has no room for this camera beside the others; use another port")
    return CameraError(f"the camera does not answer: {exc.strerror}; {AGAIN}")
