"""Beneath libcamera: sensors that run, and all that can be wrong with them. This is what a test turns."""

import mmap
import threading
import time
from array import array
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lab.rig import scene
from lab.rig.binding import (
    COLOR_FILTER_ARRANGEMENT,
    CONTROLS,
    FLIPS,
    NOISE_REDUCTION,
    PROPERTIES,
    SETTLING,
    AfModeEnum,
    Camera,
    CameraConfiguration,
    CameraManager,
    ColorFilterArrangementEnum,
    ControlId,
    ControlInfo,
    FrameBuffer,
    FrameMetadata,
    Rectangle,
    Request,
    Size,
    StreamConfiguration,
    rectangle,
)
from lab.rig.sensors import SENSORS, Box, Mode, Sensor

FAST = 0.004
"""Seconds a frame: fast enough that no test waits."""
STARTUP = 2
"""How many frames after the start are marked as not settled yet."""
EXPOSED = 20_000
"""Microseconds for which a frame is exposed, if it does not follow the last one sooner."""
LONGEST = 11_767_556
"""Microseconds: what limits a frame's duration from above."""


class Floor:
    """Camera modules on their ribbon cables. What can be wrong with them is attributes; all may change at any time.

    *models* are names of `SENSORS`; none at all is a socket without a cable. A frame takes *period* seconds; None to
    have it take what it is asked to, within what its mode can do.
    """

    def __init__(self, *models: str, period: float | None = FAST) -> None:
        self.period = period
        self.held = False
        """Whether another program has the camera."""
        self.silent = False
        """Whether nothing comes of the sensor, while all else is well."""
        self.only: tuple[int, int] | None = None
        """The one size that frames can have."""
        self.heap = True
        """Whether the kernel hands out memory for pictures at all."""
        self.memory = True
        """Whether it has any left."""
        self.starts = True
        self.stops = True
        """Whether it can be stopped."""
        self.controls: set[str] | None = None
        """Names of the controls that there are; None for all that the modules have."""
        self.exposures = array("q", [0] * scene.NUMBERS)
        """When the exposure of each frame began, by its number as it is read: nanoseconds of the monotonic clock."""
        self.given: dict[str, Any] = {}
        """The controls that were set, by name."""
        self.modes: list[Any] = []
        """What the lens was told to do (AfMode), in order."""
        self.configured: list[CameraConfiguration] = []
        """What cameras were set up to do, each time."""
        self.started = 0
        """How often a camera was started."""
        self.manager: Callable[[], CameraManager | None] = lambda: None
        self.devices = [Device(self, SENSORS[model], number) for number, model in enumerate(models)]

    def alter(self, **changes: Any) -> None:
        """Have sensors that can more, or less; see `Sensor`."""
        for device in self.devices:
            device.sensor = replace(device.sensor, **changes)

    def time_out(self) -> None:
        """Have the front end give up, as it does when a sensor sends nothing: nothing comes until the next start."""
        for device in self.devices:
            device.die()

    def unplug(self) -> None:
        """Take the cables out. The system has looked for sensors when it was started, and never looks again."""
        self.starts = False
        self.time_out()

    def rest(self) -> None:
        """Have all sensors rest, whatever has become of whoever started them."""
        self.stops = True
        for device in self.devices:
            device.stop()


class Device:
    """A sensor with all that makes pictures of what it reads."""

    def __init__(self, floor: Floor, sensor: Sensor, number: int) -> None:
        self.floor = floor
        self.sensor = sensor
        self.id = f"/base/soc/i2c0mux/i2c@{number}/{sensor.model}@1a"
        self.holder: object | None = None
        """Who has it."""
        self.dead = False
        """Whether nothing more comes until the next start."""
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._grounds: dict[StreamConfiguration, scene.Ground] = {}
        self._view = Rectangle()

    @property
    def running(self) -> bool:
        """Whether it was started, and not stopped."""
        return self._thread is not None

    def properties(self) -> dict[ControlId, Any]:
        """Return what is always so."""
        return {
            PROPERTIES["Model"]: self.sensor.model,
            PROPERTIES["Location"]: 2,
            PROPERTIES["Rotation"]: 180,
            COLOR_FILTER_ARRANGEMENT: ColorFilterArrangementEnum.RGGB,
            PROPERTIES["PixelArraySize"]: Size(*self.sensor.size),
        }

    def controls(self, configuration: CameraConfiguration | None) -> dict[ControlId, ControlInfo]:
        """Return what can be set, for the mode that is configured or for none."""
        mode = configuration.mode if configuration is not None else None
        mode = mode or max(self.sensor.modes, key=lambda mode: mode.size)
        crop = rectangle(mode.crop)
        view = rectangle(view_of(mode, configuration.at(0))) if configuration is not None else crop
        there = {
            CONTROLS["FrameDurationLimits"]: ControlInfo(round(1e6 / mode.rate), LONGEST, 33_333),
            CONTROLS["ExposureTime"]: ControlInfo(75, LONGEST, EXPOSED),
            CONTROLS["AnalogueGain"]: ControlInfo(1.0, self.sensor.gain, 1.0),
            CONTROLS["AeExposureMode"]: ControlInfo(0, 3, 0),
            CONTROLS["AwbMode"]: ControlInfo(0, 7, 0),
            CONTROLS["ScalerCrop"]: ControlInfo(Rectangle(0, 0, 64, 64), crop, view),
            NOISE_REDUCTION: ControlInfo(0, 4, 0),
        }
        if not self.sensor.exposure:
            del there[CONTROLS["ExposureTime"]], there[CONTROLS["AeExposureMode"]]
        if self.sensor.focus:
            there[CONTROLS["AfMode"]] = ControlInfo(0, 2, AfModeEnum.Manual)
            there[CONTROLS["LensPosition"]] = ControlInfo(0.0, 32.0, 1.0)
        only = self.floor.controls
        return {control: info for control, info in there.items() if only is None or control.name in only}

    def configure(self, configuration: CameraConfiguration) -> None:
        """Read the sensor so from now on."""
        mode = configuration.mode
        if mode is None:
            raise RuntimeError("this configuration was not validated")
        self.floor.configured.append(configuration)
        seen = view_of(mode, configuration.at(0))
        hflip, vflip = FLIPS[configuration.orientation]
        self._view = rectangle(seen)
        self._mode = mode
        self._grounds = {
            stream: scene.ground(
                seen, self.sensor.size, (stream.size.width, stream.size.height), hflip=hflip, vflip=vflip
            )
            for stream in configuration
            if not stream.raw
        }

    def start(self, camera: Camera, controls: Mapping[ControlId, Any]) -> None:
        """Read it, again and again, on a thread."""
        if not self.floor.starts:
            raise RuntimeError("Failed to start camera: Remote I/O error")
        self.set_controls(controls)
        self.floor.started += 1
        self.dead = False
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(camera,), name="pretended-sensor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it rest."""
        if not self.floor.stops:
            raise RuntimeError("Failed to stop camera: Input/output error")
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None

    def set_controls(self, controls: Mapping[ControlId, Any]) -> None:
        """Set what is to be set."""
        named = {control.name: value for control, value in controls.items()}
        self.floor.given |= named
        if "AfMode" in named:
            self.floor.modes.append(named["AfMode"])

    def die(self) -> None:
        """Send nothing more until the next start."""
        self.dead = True

    def _period(self) -> float:
        """Return how long a frame takes, in seconds."""
        if self.floor.period is not None:
            return self.floor.period
        shortest, _ = self.floor.given.get("FrameDurationLimits", (33_333, 33_333))
        return max(float(shortest) / 1e6, 1 / self._mode.rate)

    def _run(self, camera: Camera) -> None:
        began, number = time.monotonic_ns(), 0
        while not self._stop.wait(self._period()):
            if self.dead:
                camera.cancel()
                continue
            started, began = began, time.monotonic_ns()
            request = None if self.floor.silent else camera.next_request()
            if request is None:
                continue
            number += 1
            self.floor.exposures[number % scene.NUMBERS] = started
            self._fill(request, number, started, began)
            camera.answer(request, Request.Status.Complete)

    def _fill(self, request: Request, number: int, started: int, ended: int) -> None:
        exposed = min(EXPOSED, (ended - started) // 1000)
        request.metadata = {
            CONTROLS["SensorTimestamp"]: started + 1000 * exposed,
            CONTROLS["FrameDuration"]: (ended - started) // 1000,
            CONTROLS["AnalogueGain"]: 2.0,
            CONTROLS["DigitalGain"]: 1.0,
            CONTROLS["ScalerCrop"]: self._view,
        }
        if self.sensor.exposure:
            request.metadata[CONTROLS["ExposureTime"]] = exposed
        for stream, buffer in request.buffers.items():
            settled = number > STARTUP
            buffer.metadata.status = FrameMetadata.Status.Success if settled else FrameMetadata.Status(SETTLING)
            under = self._grounds.get(stream.configuration)
            if under is not None:
                paint(stream.configuration, buffer, under, number)


def view_of(mode: Mode, main: StreamConfiguration) -> Box:
    """Return what of the sensor is seen: of all that the *mode* reads, the most that has the shape of *main*.

    As libcamera's pipeline for VC4 finds it: cut of what comes out of the sensor, then counted in pixels of the sensor.
    """
    out, shape = Size(*mode.size), main.size
    if out.width * shape.height > shape.width * out.height:
        cut = Size(shape.width * out.height // shape.height, out.height)
    else:
        cut = Size(out.width, out.width * shape.height // shape.width)
    seen = Box(out.width // 2 - cut.width // 2, out.height // 2 - cut.height // 2, cut.width, cut.height)
    return Box(
        mode.crop.x + seen.x * mode.crop.width // out.width,
        mode.crop.y + seen.y * mode.crop.height // out.height,
        seen.width * mode.crop.width // out.width,
        seen.height * mode.crop.height // out.height,
    )


def paint(stream: StreamConfiguration, buffer: FrameBuffer, under: scene.Ground, number: int) -> None:
    """Write frame *number* into memory, as the stream's format has it."""
    plane = buffer.planes[0]
    with mmap.mmap(plane.fd, plane.length) as memory:
        _write(np.frombuffer(memory, np.uint8), stream, under, number)


def _write(memory: npt.NDArray[np.uint8], stream: StreamConfiguration, under: scene.Ground, number: int) -> None:
    stride, height, width = stream.stride, stream.size.height, stream.size.width
    match str(stream.pixel_format):
        case "BGR888":  # named backwards: red comes first in memory
            rows = memory.reshape(height, stride)[:, : width * 3]
            scene.paint_rgb(under, number, np.lib.stride_tricks.as_strided(rows, (height, width, 3), (stride, 3, 1)))
        case "YUV420":
            y = memory[: height * stride].reshape(height, stride)[:, :width]
            halves = memory[height * stride :].reshape(height, stride // 2)[:, : width // 2]
            scene.paint_yuv(under, number, y, halves[: height // 2], halves[height // 2 :])
        case other:
            raise NotImplementedError(f"nobody has asked for {other} yet")
