"""Which camera is opened, and that each is asked for all that was wanted."""

import inspect
from dataclasses import fields, replace
from typing import get_args

import pytest

from booth.drivers.cameras import AUTO, CameraOptions, _drivers, name_of, open_camera
from booth.drivers.picamera import PicameraCamera
from booth.drivers.picamera2 import Picamera2Camera
from booth.drivers.settings import CameraSection
from booth.drivers.tuning import AS_IT_COMES
from booth.drivers.webcam import WebcamCamera
from booth.errors import CameraError
from booth.ports import Size
from booth.sim.camera import SimCamera
from booth.units import Seconds

ANY = CameraOptions(
    driver=AUTO,
    device="",
    size=Size(1280, 960),
    preview_room=Size(640, 480),
    flip=False,
    mirror=False,
    rotation=0,
    quality=90,
    tuning=AS_IT_COMES,
    timeout=Seconds(5.0),
    enough=Size(640, 480),
)


def test_an_owner_may_choose_each_driver_that_there_is():
    """And none that there is not: the setting has the names of the table, in its order, behind the choice of itself."""
    assert (AUTO, *_drivers(ANY)) == get_args(CameraSection.model_fields["driver"].annotation)


@pytest.mark.parametrize(
    ("camera", "name"),
    [(Picamera2Camera, "picamera2"), (PicameraCamera, "picamera"), (WebcamCamera, "webcam"), (SimCamera, "camera")],
)
def test_a_camera_is_called_as_the_settings_call_its_driver(camera, name):
    """Whatever was chosen by itself."""
    assert name == name_of(camera.__new__(camera))


class TestOpenCamera:
    def drivers(self, **there):
        """Return three drivers, of which *there* says which this machine has; each opens its own name."""
        return {
            name: (lambda name=name: there.get(name, False), lambda name=name: name)
            for name in ("picamera2", "picamera", "webcam")
        }

    @pytest.mark.parametrize(
        ("there", "first"),
        [
            ({"picamera2": True, "picamera": True, "webcam": True}, "picamera2"),
            ({"picamera": True, "webcam": True}, "picamera"),
            ({"webcam": True}, "webcam"),
        ],
    )
    def test_auto_takes_the_best_that_the_machine_has(self, there, first):
        """The current library before the legacy one, and a webcam last."""
        assert first == open_camera(ANY, self.drivers(**there))

    def test_auto_goes_on_to_the_next_when_the_library_is_there_and_its_camera_is_not(self):
        """A Pi with picamera2 installed and a webcam plugged in; without any, the first one's reason is told."""

        def opened():
            raise CameraError("no camera number 0")

        only_the_library = self.drivers(webcam=True) | {"picamera2": (lambda: True, opened)}
        assert "webcam" == open_camera(ANY, only_the_library)
        with pytest.raises(CameraError, match="number 0"):
            open_camera(ANY, self.drivers() | {"picamera2": (lambda: True, opened)})

    def test_a_camera_that_was_named_is_opened_without_being_looked_for(self):
        """Then its own error says what is wrong with it."""
        assert "picamera" == open_camera(replace(ANY, driver="picamera"), self.drivers(webcam=True))

    def test_without_any_the_owner_is_told_what_was_looked_for(self):
        """And what to do."""
        with pytest.raises(CameraError, match="picamera2, picamera and a webcam"):
            open_camera(ANY, self.drivers())

    @pytest.mark.parametrize("name", ["picamera2", "picamera"])
    def test_a_library_of_the_pi_is_missing_elsewhere(self, name):
        """The real drivers say what to install."""
        with pytest.raises(CameraError, match="cannot be loaded"):
            open_camera(replace(ANY, driver=name))

    def test_a_webcam_that_is_not_there_is_named(self):
        """By its device, as the owner wrote it."""
        with pytest.raises(CameraError, match="/dev/video99"):
            open_camera(replace(ANY, driver="webcam", device="/dev/video99"))


class TestThePreview:
    @pytest.mark.parametrize(
        ("size", "preview"),
        [((1280, 960), (640, 480)), ((1920, 1080), (640, 360)), ((960, 1280), (360, 480)), ((640, 640), (480, 480))],
    )
    def test_it_has_the_shape_of_the_frames(self, size, preview):
        """Else it would show guests whom the frame has not, or hide some whom it has."""
        assert Size(*preview) == replace(ANY, size=Size(*size)).preview_size


class TestWhatIsAsked:
    @pytest.mark.parametrize("camera", [Picamera2Camera, PicameraCamera, WebcamCamera, SimCamera])
    def test_each_driver_takes_all_that_is_asked_of_every_camera(self, camera):
        """One port, one set of keywords: what an owner may choose is no driver's own."""
        inspect.signature(camera).bind(**ANY.asked())

    @pytest.mark.parametrize("name", [field.name for field in fields(CameraOptions)])
    def test_no_option_is_left_unsaid(self, name):
        """But for which camera it is, what only a webcam chooses by, and lens and light, each is passed on."""
        beside = {"driver", "device", "enough", "tuning"}
        said = {"preview_room": "preview_size"}.get(name, name)
        assert (name not in beside) is (said in ANY.asked())
