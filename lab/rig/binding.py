"""Libcamera as Python has it: as much of its binding as picamera2 touches, over a pretended floor.

The names are libcamera's own, and so are the words of its errors.
"""

import enum
import os
import select
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lab.rig.sensors import Box, Mode

if TYPE_CHECKING:
    from lab.rig.floor import Device, Floor

SMALLEST = 64
"""Pixels: bcm2835-isp makes nothing narrower or lower."""
SETTLING = 3
"""FrameMetadata's number for a picture that was taken before light and colours had settled."""
USUAL_FORMATS = ("YUV420", "RGB888", "BGR888", "XBGR8888", "XRGB8888")


class StreamRole(enum.Enum):
    """What a stream is for."""

    Raw = 0
    StillCapture = 1
    VideoRecording = 2
    Viewfinder = 3


class ControlType(enum.Enum):
    """What kind of value a control has."""

    Null = 0
    Bool = 1
    Byte = 2
    Integer32 = 5
    Integer64 = 6
    Float = 7
    String = 8
    Rectangle = 9
    Size = 10
    Point = 11


class Orientation(enum.Enum):
    """How a picture lies."""

    Rotate0 = 1
    Rotate0Mirror = 2
    Rotate180 = 3
    Rotate180Mirror = 4
    Rotate90Mirror = 5
    Rotate270 = 6
    Rotate270Mirror = 7
    Rotate90 = 8


FLIPS = {
    Orientation.Rotate0: (False, False),
    Orientation.Rotate0Mirror: (True, False),
    Orientation.Rotate180: (True, True),
    Orientation.Rotate180Mirror: (False, True),
}
"""How a sensor reads itself for it: mirrored, upside down. For the others it would have to read in columns."""


class Size:
    """Width and height."""

    def __init__(self, width: int = 0, height: int = 0) -> None:
        self.width, self.height = width, height


class Rectangle:
    """A part of something."""

    def __init__(self, x: int = 0, y: int = 0, width: int = 0, height: int = 0) -> None:
        self.x, self.y, self.width, self.height = x, y, width, height


class PixelFormat:
    """A format, by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return self.name


class Transform:
    """What is done to a picture."""

    hflip: bool
    vflip: bool
    transpose: bool

    def __init__(
        self,
        rotation: "int | Transform" = 0,
        hflip: bool | int = False,  # noqa: FBT001, FBT002  libcamera's own
        vflip: bool | int = False,  # noqa: FBT001, FBT002  the same
        transpose: bool | int = False,  # noqa: FBT001, FBT002  the same
    ) -> None:
        if isinstance(rotation, Transform):
            hflip, vflip, transpose = rotation.hflip, rotation.vflip, rotation.transpose
        self.hflip, self.vflip, self.transpose = bool(hflip), bool(vflip), bool(transpose)

    def __str__(self) -> str:
        done = [name for name in ("hflip", "vflip", "transpose") if getattr(self, name)]
        return ",".join(done) or "identity"


class ColorSpace:
    """What the numbers of a pixel mean."""

    class Primaries(enum.Enum):
        """Which red, green and blue."""

        Raw = 0
        Smpte170m = 1
        Rec709 = 2
        Rec2020 = 3

    class TransferFunction(enum.Enum):
        """How bright a number is."""

        Linear = 0
        Srgb = 1
        Rec709 = 2

    class YcbcrEncoding(enum.Enum):
        """How light and colour are told apart."""

        Null = 0
        Rec601 = 1
        Rec709 = 2
        Rec2020 = 3

    class Range(enum.Enum):
        """Whether there is room below black and above white."""

        Full = 0
        Limited = 1

    primaries: Primaries
    transferFunction: TransferFunction  # noqa: N815  libcamera's own name
    ycbcrEncoding: YcbcrEncoding  # noqa: N815  the same
    range: Range

    def __init__(
        self,
        primaries: "ColorSpace.Primaries | ColorSpace",
        transfer: TransferFunction = TransferFunction.Linear,
        encoding: YcbcrEncoding = YcbcrEncoding.Null,
        extent: Range = Range.Full,
    ) -> None:
        if isinstance(primaries, ColorSpace):
            given = primaries
            primaries, transfer = given.primaries, given.transferFunction
            encoding, extent = given.ycbcrEncoding, given.range
        self.primaries = primaries
        self.transferFunction = transfer
        self.ycbcrEncoding = encoding
        self.range = extent

    def __str__(self) -> str:
        parts = (self.primaries, self.transferFunction, self.ycbcrEncoding, self.range)
        return "/".join(part.name for part in parts)

    @classmethod
    def Raw(cls) -> "ColorSpace":  # noqa: N802  libcamera's own name
        """Return that of a sensor."""
        return cls(cls.Primaries.Raw)

    @classmethod
    def Sycc(cls) -> "ColorSpace":  # noqa: N802  libcamera's own name
        """Return that of JPEG files."""
        return cls(cls.Primaries.Rec709, cls.TransferFunction.Srgb, cls.YcbcrEncoding.Rec601, cls.Range.Full)

    @classmethod
    def Smpte170m(cls) -> "ColorSpace":  # noqa: N802  libcamera's own name
        """Return that of films of standard definition."""
        return cls(
            cls.Primaries.Smpte170m, cls.TransferFunction.Rec709, cls.YcbcrEncoding.Rec601, cls.Range.Limited
        )  # fmt: skip

    @classmethod
    def Rec709(cls) -> "ColorSpace":  # noqa: N802  libcamera's own name
        """Return that of films of high definition."""
        return cls(cls.Primaries.Rec709, cls.TransferFunction.Rec709, cls.YcbcrEncoding.Rec709, cls.Range.Limited)


class ControlId:
    """A control or a property. There is one of each."""

    def __init__(self, name: str, kind: ControlType = ControlType.Integer32) -> None:
        self.name = name
        self.type = kind

    def __repr__(self) -> str:
        return self.name


class ControlInfo:
    """Between what a control may be set to."""

    def __init__(self, least: Any, most: Any, default: Any) -> None:
        self.min, self.max, self.default = least, most, default


CONTROLS = {
    name: ControlId(name, kind)
    for kind, names in {
        ControlType.Integer32: "ExposureTime ExposureTimeMode AnalogueGainMode AeExposureMode AwbMode AfMode AfState",
        ControlType.Integer64: "FrameDuration FrameDurationLimits SensorTimestamp",
        ControlType.Float: "AnalogueGain DigitalGain LensPosition Brightness",
        ControlType.Bool: "AeEnable AwbEnable",
        ControlType.Rectangle: "ScalerCrop",
    }.items()
    for name in names.split()
}
NOISE_REDUCTION = ControlId("NoiseReductionMode")
PROPERTIES = {name: ControlId(name) for name in ("Model", "Location", "Rotation", "PixelArraySize", "UnitCellSize")}
COLOR_FILTER_ARRANGEMENT = ControlId("ColorFilterArrangement")


class AfModeEnum(enum.IntEnum):
    """Who turns the lens."""

    Manual = 0
    Auto = 1
    Continuous = 2


class AeExposureModeEnum(enum.IntEnum):
    """Whether light is rather gained by time or by gain."""

    Normal = 0
    Short = 1
    Long = 2
    Custom = 3


class NoiseReductionModeEnum(enum.IntEnum):
    """How thoroughly noise is taken out."""

    Off = 0
    Fast = 1
    HighQuality = 2
    Minimal = 3
    ZSL = 4


class ColorFilterArrangementEnum(enum.IntEnum):
    """Which colour the first pixels have."""

    RGGB = 0
    GRBG = 1
    GBRG = 2
    BGGR = 3
    RGB = 4
    MONO = 5


class SensorConfiguration:
    """Which mode is asked for."""

    def __init__(self) -> None:
        self.bit_depth = 0
        self.output_size = Size()


class PlaneMetadata:
    """What was written into a plane."""

    def __init__(self, used: int) -> None:
        self.bytes_used = used


class FrameMetadata:
    """What became of a buffer."""

    class Status(enum.Enum):
        """Whether there is a picture in it. Libcamera has one more, which its binding has no name for."""

        Success = 0
        Error = 1
        Cancelled = 2

        @classmethod
        def _missing_(cls, value: object) -> "FrameMetadata.Status | None":
            """Return the member that has a number and no name, as the binding does."""
            if value != SETTLING:
                return None
            nameless = object.__new__(cls)
            nameless._name_, nameless._value_ = "???", SETTLING
            return nameless

    def __init__(self, planes: Iterable["FrameBuffer.Plane"]) -> None:
        self.status = self.Status.Success
        self.planes = [PlaneMetadata(plane.length) for plane in planes]


class FrameBuffer:
    """Memory for a picture."""

    class Plane:
        """A part of it."""

        fd = -1
        offset = 0
        length = 0

    def __init__(self, planes: list[Plane]) -> None:
        self.planes = planes
        self.metadata = FrameMetadata(planes)


class FrameBufferAllocator:
    """Makes them, where there is no other memory; the booth has other."""


class Request:
    """A frame that is asked for."""

    class Status(enum.Enum):
        """What became of it."""

        Pending = 0
        Complete = 1
        Cancelled = 2

    def __init__(self, cookie: int) -> None:
        self.cookie = cookie
        self.buffers: dict[Stream, FrameBuffer] = {}
        self.metadata: dict[ControlId, Any] = {}
        self.controls: dict[ControlId, Any] = {}
        self.status = self.Status.Pending

    def add_buffer(self, stream: "Stream", buffer: FrameBuffer) -> None:
        """Give it memory for a stream."""
        self.buffers[stream] = buffer

    def set_control(self, control: ControlId, value: Any) -> None:
        """Have a control set with this frame."""
        self.controls[control] = value

    def reuse(self) -> None:
        """Make it as new."""
        self.metadata, self.controls, self.status = {}, {}, self.Status.Pending


class Stream:
    """A stream that was configured."""

    def __init__(self, configuration: "StreamConfiguration") -> None:
        self.configuration = configuration


class StreamFormats:
    """What a stream can be."""

    def __init__(self, sizes: Mapping[str, list[tuple[int, int]]]) -> None:
        self._sizes = sizes

    @property
    def pixel_formats(self) -> list[PixelFormat]:
        """Return the formats."""
        return [PixelFormat(name) for name in self._sizes]

    def sizes(self, form: PixelFormat) -> list[Size]:
        """Return the sizes of a format."""
        return [Size(*size) for size in self._sizes[str(form)]]


class StreamConfiguration:
    """What is wanted of a stream, and what it will be."""

    def __init__(self, form: str, size: tuple[int, int], formats: StreamFormats) -> None:
        self.pixel_format = PixelFormat(form)
        self.size = Size(*size)
        self.formats = formats
        self.stride = 0
        self.frame_size = 0
        self.buffer_count = 4
        self.color_space: ColorSpace | None = None
        self.stream: Stream | None = None

    @property
    def raw(self) -> bool:
        """Whether it has what the sensor reads."""
        return str(self.pixel_format).startswith("S")

    def resize(self, width: int, height: int) -> bool:
        """Set its size; return whether that is another one."""
        if (width, height) == (self.size.width, self.size.height):
            return False
        self.size = Size(width, height)
        return True

    def lay_out(self) -> None:
        """Set how long its rows are, and its buffers."""
        width, height, form = self.size.width, self.size.height, str(self.pixel_format)
        if self.raw:
            self.stride = _up(width * (8 if form.endswith("8") else int(form[5:7])) // 8, 32)
            self.frame_size = self.stride * height
        elif form == "YUV420":
            self.stride = _up(width, 64)
            self.frame_size = self.stride * height * 3 // 2
        else:
            self.stride = _up(width * (3 if form in {"RGB888", "BGR888"} else 4), 32)
            self.frame_size = self.stride * height


class CameraConfiguration:
    """What is wanted of a camera, and what it will do."""

    class Status(enum.Enum):
        """Whether it will do what was wanted."""

        Valid = 0
        Adjusted = 1
        Invalid = 2

    def __init__(self, device: "Device", streams: list[StreamConfiguration]) -> None:
        self._device = device
        self._streams = streams
        self.orientation = Orientation.Rotate0
        self.sensor_config: SensorConfiguration | None = None
        self.mode: Mode | None = None

    def at(self, index: int) -> StreamConfiguration:
        """Return a stream."""
        return self._streams[index]

    def __iter__(self) -> Iterator[StreamConfiguration]:
        return iter(self._streams)

    def validate(self) -> "CameraConfiguration.Status":
        """Make of what is wanted what the camera can do; say whether that is the same."""
        self.mode = self._wanted_mode()
        if self.mode is None:
            return self.Status.Invalid
        adjusted = False
        if self.orientation not in FLIPS or not self._device.sensor.flips:
            adjusted = self.orientation is not Orientation.Rotate0
            self.orientation = Orientation.Rotate0
        largest = max((c.size.width, c.size.height) for c in self._streams if not c.raw)
        for number, stream in enumerate(self._streams):
            if stream.raw:
                adjusted |= stream.resize(*self.mode.size)
                stream.pixel_format = PixelFormat(self.mode.form)
            elif number == 0 and self._device.floor.only is not None:
                adjusted |= stream.resize(*self._device.floor.only)
                largest = self._device.floor.only
            else:
                fits = (min(stream.size.width, largest[0]), min(stream.size.height, largest[1]))
                adjusted |= stream.resize(*(max(side, SMALLEST) for side in fits))
            stream.lay_out()
        return self.Status.Adjusted if adjusted else self.Status.Valid

    def _wanted_mode(self) -> Mode | None:
        """Return the mode that is asked for, None if there is none such; the whole sensor if none is asked for."""
        wanted = self.sensor_config
        modes = self._device.sensor.modes
        if wanted is None:
            return max(modes, key=lambda mode: mode.size)
        size = (wanted.output_size.width, wanted.output_size.height)
        return next((mode for mode in modes if (mode.size, mode.depth) == (size, wanted.bit_depth)), None)


class Camera:
    """A camera, opened by nobody or somebody."""

    def __init__(self, device: "Device", manager: "CameraManager") -> None:
        self._device = device
        self._manager = weakref.ref(manager)
        self._lock = threading.Lock()
        self._pending: list[Request] = []
        self.id = device.id
        self.properties = device.properties()
        self.controls = device.controls(None)

    def acquire(self) -> None:
        """Have it for oneself."""
        if self._device.holder is not None or self._device.floor.held:
            raise RuntimeError("Failed to acquire camera: Device or resource busy")
        self._device.holder = self

    def release(self) -> None:
        """Let others have it."""
        if self._device.running:
            raise RuntimeError("Failed to release camera: Device or resource busy")
        self._device.holder = None
        manager = self._manager()
        if manager is not None:
            manager.wake()

    def generate_configuration(self, roles: Iterable[StreamRole]) -> CameraConfiguration:
        """Return a configuration to be filled in, a stream for each role."""
        return CameraConfiguration(self._device, [self._stream(role) for role in roles])

    def _stream(self, role: StreamRole) -> StreamConfiguration:
        sensor = self._device.sensor
        if role is StreamRole.Raw:
            sizes: dict[str, list[tuple[int, int]]] = {}
            for mode in sensor.modes:
                sizes.setdefault(mode.form, []).append(mode.size)
            return StreamConfiguration(sensor.modes[-1].form, sensor.size, StreamFormats(sizes))
        return StreamConfiguration("XRGB8888", (800, 600), StreamFormats({form: [] for form in USUAL_FORMATS}))

    def configure(self, configuration: CameraConfiguration) -> int:
        """Set it up; return 0, or the number of an error."""
        for stream in configuration:
            stream.stream = Stream(stream)
        self._device.configure(configuration)
        self.controls = self._device.controls(configuration)
        return 0

    def create_request(self, cookie: int) -> Request:
        """Return a request."""
        return Request(cookie)

    def start(self, controls: Mapping[ControlId, Any]) -> None:
        """Have the sensor run."""
        self._device.start(self, controls)

    def stop(self) -> None:
        """Have it rest."""
        self._device.stop()
        self.cancel()

    def queue_request(self, request: Request) -> None:
        """Have a frame filled in."""
        self._device.set_controls(request.controls)
        with self._lock:
            self._pending.append(request)
        if self._device.dead:
            self.cancel()

    # what the sensor does
    def next_request(self) -> Request | None:
        """Return the request that is filled in next."""
        with self._lock:
            return self._pending.pop(0) if self._pending else None

    def cancel(self) -> None:
        """Fill none of them in."""
        while (request := self.next_request()) is not None:
            self.answer(request, Request.Status.Cancelled)

    def answer(self, request: Request, status: Request.Status) -> None:
        """Hand a request back."""
        request.status = status
        manager = self._manager()
        if manager is not None:
            manager.put(request)


class CameraManager:
    """All the cameras, as they were found when it was made."""

    floor: "Floor"

    def __init__(self) -> None:
        self.event_fd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._lock = threading.Lock()
        self._ready: list[Request] = []
        self.cameras = [Camera(device, self) for device in self.floor.devices]

    def __del__(self) -> None:
        os.close(self.event_fd)

    @classmethod
    def singleton(cls) -> "CameraManager":
        """Return the one that somebody still has, or a new one."""
        there = cls.floor.manager()
        if there is None:
            there = cls()
            cls.floor.manager = weakref.ref(there)
        return there

    def get(self, name: str) -> Camera:
        """Return a camera by its id."""
        return next(camera for camera in self.cameras if camera.id == name)

    find = get

    def put(self, request: Request) -> None:
        """Have somebody come for a request that is done."""
        with self._lock:
            self._ready.append(request)
        self.wake()

    def wake(self) -> None:
        """Have whoever waits look again."""
        os.eventfd_write(self.event_fd, 1)

    def get_ready_requests(self) -> list[Request]:
        """Return the requests that are done.

        When all cameras rest, whoever waits is woken until it does not any more: picamera2 would take a fifth of a
        second to notice that it was closed, in each of so many tests.
        """
        if select.select([self.event_fd], [], [], 0)[0] and any(device.holder for device in self.floor.devices):
            os.eventfd_read(self.event_fd)
        with self._lock:
            done, self._ready = self._ready, []
        return done


def rectangle(box: Box) -> Rectangle:
    """Return a box as libcamera has it."""
    return Rectangle(box.x, box.y, box.width, box.height)


def modules(floor: "Floor") -> dict[str, ModuleType]:
    """Return what Python finds as ``libcamera`` over *floor*, and below that, by name."""

    class Manager(CameraManager):
        pass

    Manager.floor = floor
    controls = _module(
        "libcamera.controls",
        AfModeEnum=AfModeEnum,
        AeExposureModeEnum=AeExposureModeEnum,
        draft=_module(
            "libcamera.controls.draft",
            NoiseReductionModeEnum=NoiseReductionModeEnum,
            NoiseReductionMode=NOISE_REDUCTION,
        ),
        **CONTROLS,
    )
    properties = _module(
        "libcamera.properties",
        draft=_module(
            "libcamera.properties.draft",
            ColorFilterArrangementEnum=ColorFilterArrangementEnum,
            ColorFilterArrangement=COLOR_FILTER_ARRANGEMENT,
        ),
        **PROPERTIES,
    )
    public = (
        *(StreamRole, ControlType, Orientation, Size, Rectangle, PixelFormat, Transform, ColorSpace, ControlId),
        *(ControlInfo, SensorConfiguration, FrameMetadata, FrameBuffer, FrameBufferAllocator, Request),
        *(StreamConfiguration, CameraConfiguration, Camera),
    )
    names = {one.__name__: one for one in public} | {"CameraManager": Manager}
    compiled = _module("libcamera._libcamera", **names)
    whole = _module("libcamera", controls=controls, properties=properties, _libcamera=compiled, **names)
    return {module.__name__: module for module in (whole, controls, properties, compiled)}


def _module(name: str, **names: object) -> ModuleType:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)  # whoever looks for it finds it
    vars(module).update(names)
    return module


def _up(number: int, step: int) -> int:
    """Return the next multiple of *step*."""
    return -(-number // step) * step
