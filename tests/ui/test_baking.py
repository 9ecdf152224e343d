import pytest

from booth.core.states import Outcome
from booth.ui.kitchen.baking import PLACES, SEGMENTS, UNSET, Colon, Doing, Gaze, Light, doing
from lab.screens import scenes

SCENES = {name: shown.scene for name, shown in scenes.screens()}


@pytest.mark.parametrize("name", SCENES)
def test_the_clock_can_say_what_it_says(name):
    """Four places, and segments for each."""
    said = doing(SCENES[name]).clock
    assert PLACES == len(said)
    assert set(said) <= SEGMENTS.keys()


def test_segments_are_those_of_a_clock():
    """Seven, each named once; no two characters that look alike but the five and the S."""
    assert all(set(lit) <= set("abcdefg") and len(set(lit)) == len(lit) for lit in SEGMENTS.values())
    shapes = [frozenset(lit) for lit in SEGMENTS.values()]
    assert len(shapes) - 1 == len(set(shapes))


def test_it_waits_with_a_clock_that_was_never_set():
    """With no scene, and on the invitation."""
    assert (UNSET, UNSET) == (doing(None), doing(SCENES["attract"]))
    assert ("1200", Colon.BLINKS, Light.OUT) == (UNSET.clock, UNSET.colon, UNSET.light)


def test_the_clock_counts_down_with_the_screen():
    """Three, two, one: never anything else than the digit on the screen."""
    assert ["0003", "0002", "0001"] == [doing(SCENES[f"countdown-{digit}"]).clock for digit in (3, 2, 1)]


@pytest.mark.parametrize("name", ["get-ready", "countdown-3", "flash"])
def test_the_lamp_at_the_lens_is_on_while_the_camera_looks(name):
    """And the light inside is on."""
    does = doing(SCENES[name])
    assert does.watching
    assert does.light is not Light.OUT


@pytest.mark.parametrize("name", [name for name in SCENES if not name.startswith(("get-ready", "countdown", "flash"))])
def test_and_never_else(name):
    """Nobody is to think that they are filmed."""
    assert not doing(SCENES[name]).watching


def test_it_is_calm_on_a_screen_that_it_knows_nothing_of():
    """Scenery never keeps a new screen from being shown."""
    assert Doing("----") == doing(object())


def test_something_is_in_the_oven_as_long_as_the_gif_is_made():
    """The light is on until it is done."""
    lights = [doing(SCENES[name]).light for name in ("form-empty", "finishing", "form-email", "finishing-ready")]
    assert [Light.WARM, Light.WARM, Light.OUT, Light.OUT] == lights


def test_it_feels_with_the_guest():
    """Glad at the end, sad when something went wrong."""
    glad = {doing(SCENES[f"farewell-{outcome.value}"]).gaze for outcome in Outcome}
    sad = {doing(scene).gaze for name, scene in SCENES.items() if name.startswith(("apology", "out-of-order"))}
    assert ({Gaze.GLAD}, {Gaze.SAD}) == (glad, sad)
