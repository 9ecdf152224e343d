"""What the lab asks of the simulator's world beside what an owner can."""

from contextlib import ExitStack, nullcontext

import pytest

from booth.settings.model import Settings
from booth.simulation import Simulation, simulated


@pytest.fixture
def world(monkeypatch, tmp_path):
    """Make worlds without a display."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with ExitStack() as stack:
        yield lambda **asked: simulated(Settings(), Simulation(headless=True, outbox=tmp_path, **asked), stack)


def test_another_camera_can_be_brought(world):
    """Soak has the webcam's driver in an otherwise simulated booth."""
    opened = []
    world(camera=opened.append).open_camera("what is wanted")
    assert ["what is wanted"] == opened


def test_whoever_measures_brings_a_probe(world):
    """It is the daemon's and the screen's."""

    def probe(_part):
        return nullcontext()

    assert probe == world(probe=probe).probe
