"""Camera modules under the real picamera2."""

import pytest

from booth.drivers.picamera2 import Picamera2Camera
from booth.ports import Size
from lab.rig.floor import Floor
from lab.rig.library import library

SIZES = {"size": Size(320, 240), "preview_size": Size(128, 96)}


@pytest.fixture
def floor():
    """Camera Module 2, in a hurry."""
    return Floor("imx219")


@pytest.fixture
def opened():
    """Open cameras on a floor, with the suite's sizes unless told otherwise; all are closed at the end."""
    cameras = []

    def opened(floor, **options):
        camera = Picamera2Camera(library=library(floor), **SIZES | {"timeout": 20.0} | options)
        cameras.append(camera)
        return camera

    yield opened
    for camera in cameras:
        camera.close()
