"""Whole visits, through the real composition root, before a webcam that is pretended beneath the kernel's calls."""

import pytest
from structlog.testing import capture_logs

from booth.core.states import Attract, Countdown, FillingIn
from booth.drivers.cameras import open_camera
from booth.drivers.webcam import WebcamCamera
from lab.webcam.v4l2 import Floor

BY_ID = "usb-Somebody_HD_Webcam_0001-video-index0"


@pytest.fixture
def floor(tmp_path):
    """Plug a webcam in that is known by its name, too."""
    floor = Floor(tmp_path / "machine")
    floor.webcam("video0", by_id=BY_ID)
    return floor


@pytest.fixture
def party(a_party, floor):
    """Give a party whose owner has set the name that stays."""

    def opened(options):
        asked = options.asked() | {"device": options.device, "tuning": options.tuning}
        made = {"webcam": (lambda: True, lambda: WebcamCamera(**asked, devices=floor.devices, kernel=floor))}
        return open_camera(options, made)

    device = str(floor.devices / "v4l" / "by-id" / BY_ID)
    settings = {"camera.driver": "webcam", "camera.device": device}
    return a_party(settings=settings, open_camera=opened)


def test_a_webcam_that_is_plugged_in_elsewhere_is_found_by_the_name_that_stays(party, floor):
    """It is pulled out while a guest poses, and gets another number; another camera has the old one meanwhile."""
    party.until(Attract)
    party.press()
    party.until(lambda: isinstance(party.state, Countdown) and party.state.shot == 2)
    floor.unplug()
    party.until(lambda: not isinstance(party.state, Countdown))
    (floor.devices / "v4l" / "by-id" / BY_ID).unlink()
    floor.webcam("video0", card="Another")
    floor.webcam("video2", by_id=BY_ID)
    with capture_logs() as logs:
        party.until(Attract)
    party.press()
    party.until(FillingIn)
    assert 4 == len(party.spool.frames(party.state.session))
    assert "MJPG 640x360 250" == floor.agreed("video2")
    assert ["HD Webcam"] == [entry["card"] for entry in logs if entry["event"] == "webcam.open"]
