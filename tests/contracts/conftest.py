"""Rigs: one for each camera, all alike for whoever tests the port."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from booth.drivers.picamera import PicameraCamera
from booth.drivers.picamera2 import Picamera2Camera
from booth.drivers.webcam import WebcamCamera
from booth.ports import Camera, Size
from booth.sim.camera import CameraFaults, Fault, SimCamera
from lab.rig.floor import Floor as Sockets
from lab.rig.plugging import library
from lab.webcam.v4l2 import FAST, Floor
from tests.contracts.pi_libraries import PretendedPicamera, real_picamera

SIZE, PREVIEW_SIZE = Size(320, 240), Size(128, 96)
PHOTOGRAPHS = Path(__file__).parents[1] / "photos" / "astronaut"


@dataclass
class Rig:
    """A camera that can be opened, stalled, and lost."""

    make: Callable[..., Camera]
    stall: Callable[[], None]
    """Let the next capture hang until `go_on`."""
    go_on: Callable[[], None]
    deafen: Callable[[], None]
    """Let nothing come from the camera, or the library say so, until `hear`."""
    hear: Callable[[], None]
    unplug: Callable[[], None]
    opened: list[Camera]
    forget: Callable[[], object] = lambda: None
    """Let go of the calls that a pretended library has written down, with what it was handed."""

    def open(self, **options) -> Camera:
        """Open the camera, with the suite's sizes unless told otherwise."""
        camera = self.make(**{"size": SIZE, "preview_size": PREVIEW_SIZE, "timeout": 20.0} | options)
        self.opened.append(camera)
        return camera


@pytest.fixture(scope="session")
def picamera():
    """Give the real package, over a pretended GPU."""
    return real_picamera()


def sim_rig(_request, **options):
    """Return a rig of the simulator."""
    faults = CameraFaults()
    return Rig(
        lambda **more: SimCamera(exposure=0.0, faults=faults, **options, **more),
        stall=lambda: faults.fail(Fault.HANG),
        go_on=faults.release,
        deafen=faults.deafen,
        hear=faults.hear,
        unplug=faults.unplug,
        opened=[],
    )


def webcam_rig(request, *modes):
    """Return a rig of the V4L2 driver."""
    floor = Floor(request.getfixturevalue("tmp_path_factory").mktemp("floor"))
    floor.webcam("video0", *modes)

    def silent(value):
        floor.say("video0", "silent", on=value)

    return Rig(
        lambda **more: WebcamCamera(devices=floor.devices, kernel=floor, **more),
        stall=lambda: silent(True),
        go_on=lambda: silent(False),
        deafen=lambda: silent(True),
        hear=lambda: silent(False),
        unplug=floor.unplug,
        opened=[],
    )


def picamera2_rig(_request):
    """Return a rig of the picamera2 driver."""
    floor = Sockets("imx219")
    found = library(floor)

    def silent(value):
        floor.silent = value

    return Rig(
        lambda **more: Picamera2Camera(library=found, **more),
        stall=lambda: silent(True),
        go_on=lambda: silent(False),
        deafen=lambda: silent(True),
        hear=lambda: silent(False),
        unplug=floor.unplug,
        opened=[],
    )


def picamera_rig(request):
    """Return a rig of the driver for the legacy camera stack."""
    pretended = PretendedPicamera(request.getfixturevalue("picamera"))
    return Rig(
        lambda **more: PicameraCamera(library=pretended.module, **more),
        stall=pretended.answering.clear,
        go_on=pretended.answering.set,
        deafen=pretended.sensor.clear,
        hear=pretended.sensor.set,
        unplug=pretended.sensor.clear,
        opened=[],
        forget=pretended.camera.reset_mock,
    )


RIGS = {
    "party": sim_rig,
    "photographs": lambda request: sim_rig(request, frames=PHOTOGRAPHS),
    "webcam": webcam_rig,
    "webcam, raw": lambda request: webcam_rig(request, f"YUYV 640x360 {FAST}"),
    "webcam, as it comes": lambda request: webcam_rig(request, f"MJPG 320x240 {FAST}"),
    "picamera2": picamera2_rig,
    "picamera": picamera_rig,
}


@pytest.fixture(params=RIGS)
def rig(request):
    """Each camera in turn; what was opened is closed afterwards."""
    rig = RIGS[request.param](request)
    yield rig
    for camera in rig.opened:
        camera.close()
