"""The page on which an operator tries what guests use, and the word that each screen of a trial bears."""

from dataclasses import replace

import pytest

from booth.core.events import Part, Touched
from booth.core.scene import VisitScene
from booth.core.showing import TryingScene
from booth.core.trying import LightTurned, SoundWanted, TrialBegun
from booth.ports import Size
from booth.ui import scenes
from booth.ui.layout import Layout
from lab.screens.scenes import SIZES, screens

OF_A_VISIT = {name: shown.scene for name, shown in screens() if isinstance(shown.scene, VisitScene)}


@pytest.fixture
def touched(open_screen):
    """Return what comes of touching a spot of a scene: its panel's finger comes down and goes up."""

    def touch(scene, name, size=SIZES[0]):
        screen = open_screen(size)
        screen.show(scene, 1000.0)
        (widget,) = [each for each in scenes.widgets(scene, Layout(size)) if each.name == name]
        screen.finger(*widget.box.centre)
        return [type(event) for event in screen.events(1001.0)]

    return touch


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_is_touched_is_tried(touched, size):
    """Lamp and sound, and a visit that gets a name of its own."""
    page = TryingScene(volume=50)
    assert [[LightTurned], [SoundWanted], [TrialBegun]] == [
        touched(page, name, size) for name in ("light", "sound", "trial")
    ]


@pytest.mark.parametrize(
    ("page", "name"),
    [(TryingScene(), "sound"), (TryingScene(missing=(Part.DISK,)), "trial")],
    ids=["no sound", "no disk"],
)
def test_what_cannot_be_tried_does_nothing(touched, page, name):
    """It looks so, too; a finger on it shows that somebody is there."""
    assert [Touched] == touched(page, name)


@pytest.mark.parametrize("size", [Size(800, 480), Size(480, 800)], ids=str)
def test_nothing_on_the_page_lies_over_anything(size):
    """In each shape of a screen, all of it inside."""
    layout = Layout(size)
    boxes = [widget.box for widget in scenes.widgets(TryingScene(volume=50), layout)]
    assert [] == [(one, other) for one in boxes for other in boxes if one is not other and one.meets(other)]
    assert [] == [box for box in boxes if box.x < 0 or box.y < 0 or box.right > size.width or box.bottom > size.height]


@pytest.mark.parametrize("name", OF_A_VISIT)
def test_each_screen_of_a_trial_bears_a_word_and_no_guests_does(open_screen, name):
    """It lies over all else, so that nothing hides it."""
    screen, shown = open_screen(), []
    for marked in (False, True):
        screen.show(replace(OF_A_VISIT[name], test=marked), 1000.0)
        shown.append([patch.name for patch in screen._repainter._shown])
    assert (0, "test") == (shown[0].count("test"), shown[1][-1])
