"""What is told of a camera module's view is what the real picamera2 has of a module with that sensor."""

import pytest
from structlog.testing import capture_logs

from booth.drivers.picamera2 import Picamera2Camera
from booth.drivers.settings import NARROWEST
from booth.drivers.views import MODULES, told
from booth.ports import Size
from lab.rig.floor import Floor
from lab.rig.plugging import library
from lab.rig.sensors import SENSORS

SIZES = [
    *[(64, 64), (640, 480), (728, 544), (730, 546), (1280, 720), (1280, 960), (1298, 974), (1640, 1232), (1920, 1080)],
    *[(2030, 1520), (480, 640), (1000, 1000), (4608, 64)],
]
TURNED = [(960, 1280)]


def opened_and_told(found, size, rotation):
    """Return what the log says of a camera that was opened for frames of *size*: what is seen, and how it is read."""
    small = Size(max(size.width // 8 * 2, NARROWEST), max(size.height // 8 * 2, NARROWEST))
    with capture_logs() as logs:
        Picamera2Camera(size=size, preview_size=small, rotation=rotation, library=found).close()
    (entry,) = [entry for entry in logs if entry["event"] == "picamera2.open"]
    return f"{entry['sensor']}: {entry['seen']}, read as {entry['read_as']}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.model)
def test_what_is_told_of_a_module_is_what_the_library_does_with_it(module):
    """At any size, of any shape, upright or turned; the Global Shutter Camera has no other mode than its whole."""
    found = library(Floor(module.model))
    sizes = [*((Size(*size), 0) for size in SIZES), *((Size(*size), 90) for size in TURNED)]
    seen = [opened_and_told(found, size, rotation) for size, rotation in sizes]
    expected = [
        line.partition(" (")[0].partition(";")[0]
        for size, rotation in sizes
        for line in told(size, rotation)
        if line.startswith(module.model)
    ]
    assert expected == seen


def test_every_module_of_the_rig_is_told_of():
    """With the size of its sensor."""
    told_of = {module.model: (module.whole.width, module.whole.height) for module in MODULES}
    assert {sensor.model: sensor.size for sensor in SENSORS.values()} == told_of
