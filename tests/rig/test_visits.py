"""Whole visits, through the real composition root, before camera modules under the real picamera2."""

import time

import pytest

from booth.core.events import SkipChosen
from booth.core.states import Apology, Attract, Countdown, Exposing, Farewell, FillingIn, OutOfOrder, Reason
from booth.drivers.cameras import open_camera
from booth.units import Seconds
from booth.workers.studio import HELD_AT_MOST, REOPEN_AT_MOST
from lab.rig import scene
from lab.rig.floor import Floor
from lab.rig.plugging import plugged
from lab.rig.sensors import SENSORS
from tests.flows.party import Party


@pytest.mark.parametrize(
    ("chosen", "reached"),
    [
        ({}, {"AfMode": 2, "AeExposureMode": 1, "AwbMode": 0}),
        ({"camera.focus": 0.67}, {"AfMode": 0, "LensPosition": 0.67, "AeExposureMode": 1, "AwbMode": 0}),
        ({"camera.exposure": "normal"}, {"AfMode": 2, "AeExposureMode": 0, "AwbMode": 0}),
        ({"camera.awb": "daylight"}, {"AfMode": 2, "AeExposureMode": 1, "AwbMode": 5}),
        ({"camera.gain": 2.0}, {"AfMode": 2, "AeExposureMode": 1, "AwbMode": 0, "AnalogueGain": 2.0}),
    ],
)
def test_what_the_owner_sets_reaches_lens_and_light(party_before, chosen, reached):
    """From the settings to libcamera."""
    floor = Floor("imx708")
    party_before(floor, **chosen).until(Attract)
    of_library = {"FrameDurationLimits", "NoiseReductionMode", "AnalogueGainMode"}
    assert reached == {name: value for name, value in floor.given.items() if name not in of_library}


class Shutters:
    """Remembers when each shutter was fired, in nanoseconds of the monotonic clock."""

    def __init__(self):
        self.fired = []

    def stepped(self, before, event, after):
        if isinstance(after.state, Exposing) and not isinstance(before.state, Exposing):
            self.fired.append(time.monotonic_ns())

    def painted(self, shown, began, ended, *, changed):
        pass

    def looped(self, booth, now):
        pass


@pytest.fixture
def party_before(tmp_path):
    """Return what makes a party whose camera is the best that this machine has: a module on the floor."""
    made = []

    def party_before(floor, **settings):
        with_floor = plugged(floor)
        with_floor.__enter__()
        party = Party(tmp_path, settings=settings, open_camera=open_camera)
        made.append((floor, with_floor, party))
        return party

    yield party_before
    for floor, with_floor, party in made:
        party.close()
        with_floor.__exit__(None, None, None)
        floor.rest()


def frames_of(party):
    """Return the frames of the visit in hand, as pictures."""
    return [scene.pixels_of(path.read_bytes()) for path in party.spool.frames(party.state.session)]


@pytest.mark.parametrize("model", SENSORS)
def test_a_visit_before_each_module(party_before, model):
    """Four frames; each was exposed after its shutter, and before the next one; and the visit is sent."""
    floor = Floor(model)
    party = party_before(floor)
    shutters = Shutters()
    party.daemon.watch(shutters)
    party.to_form()
    exposed = [floor.exposures[scene.number_of(frame)] for frame in frames_of(party)]
    assert sorted(exposed + shutters.fired) == [at for both in zip(shutters.fired, exposed, strict=True) for at in both]
    assert 4 == len(exposed)
    party.do(SkipChosen)
    party.until(Farewell)
    party.delivered(1)


def test_a_ribbon_cable_that_comes_loose_costs_a_frame_and_an_apology(party_before):
    """The front end gives up, nothing comes; the camera is opened anew, and the next guest poses."""
    floor = Floor("imx219")
    party = party_before(floor, **{"camera.timeout_s": 0.5})
    party.until(Attract)
    party.press()
    party.until(lambda: isinstance(party.state, Countdown) and party.state.shot == 3)
    floor.time_out()
    party.until(Apology)
    assert (Reason.CAMERA, True) == (party.state.reason, party.state.kept)
    party.until(Attract)
    party.press()
    party.until(FillingIn)
    assert 4 == len(frames_of(party))


def test_a_module_that_is_taken_away_and_put_back_is_found_again(party_before):
    """Out of order meanwhile, and by itself no longer."""
    floor = Floor("imx477")
    party = party_before(floor, **{"camera.timeout_s": 0.5})
    party.until(Attract)
    floor.unplug()
    party.until(OutOfOrder)
    floor.starts = True
    party.until(Attract)
    party.press()
    party.until(FillingIn)
    assert 4 == len(frames_of(party))


def stuck_after_two_minutes(party):
    """Return which worker only a new process can bring back, after two minutes in which nobody comes."""
    for _ in range(12):
        party.turn(10.0)
    return party.crew.stuck(party.clock.now(), Seconds(45.0), Seconds(45.0))


def test_a_camera_that_cannot_be_given_back_ends_the_process_after_some_tries(party_before):
    """It could not be stopped, so nobody can have it while this process lives: no watchdog is fed, systemd ends it."""
    floor = Floor("imx219")
    party = party_before(floor, **{"camera.timeout_s": 0.5})
    party.until(Attract)
    assert stuck_after_two_minutes(party) is None
    floor.stops = False
    floor.unplug()
    party.until(OutOfOrder)
    assert party.crew.stuck(party.clock.now(), Seconds(45.0), Seconds(45.0)) is None
    assert "studio" == stuck_after_two_minutes(party)


def test_a_camera_that_others_have_for_a_while_is_waited_for(party_before):
    """The operator looks through it, and lets it go: the booth has it back, and counts anew."""
    floor = Floor("imx219")
    party = party_before(floor)
    studio = party.crew.studio
    for _ in range(2):
        floor.held = True
        studio.worker.do(studio._tripod.reopen)
        for _ in range(HELD_AT_MOST - 2):
            party.turn(REOPEN_AT_MOST)
        assert party.crew.stuck(party.clock.now(), Seconds(45.0), Seconds(45.0)) is None
        floor.held = False
        party.until(Attract)


def test_a_camera_that_is_gone_is_waited_for_however_long(party_before):
    """A new process would not find it either."""
    floor = Floor("imx219")
    party = party_before(floor, **{"camera.timeout_s": 0.5})
    party.until(Attract)
    floor.unplug()
    party.until(OutOfOrder)
    assert [None] * 4 == [stuck_after_two_minutes(party) for _ in range(4)]
