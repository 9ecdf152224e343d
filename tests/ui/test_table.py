"""The table of scenes: every kind has its row, and what is touched is what is painted."""

from dataclasses import dataclass
from typing import get_args

import pytest

from booth.core.scene import AttractScene, GetReadyScene, Scene
from booth.ports import Size
from booth.ui import scenes
from booth.ui.ear import Ear
from booth.ui.layout import Layout
from booth.ui.pieces.languages import Choice
from booth.ui.speech import Speech
from booth.ui.words import Words
from lab.screens.scenes import LANGUAGES, SIZES, screens

SHOWN = {name: shown.scene for name, shown in screens()}

NOWHERE = "NowhereScene has no row: make its ROW in a file in booth/ui/scenes/, and list it in ROWS there"


@dataclass(frozen=True)
class NowhereScene:
    """A kind of scene that nobody has made a row for."""


def test_every_kind_of_scene_has_a_row_of_its_own():
    """None is missing, and there is no row for what is no scene."""
    assert set(get_args(Scene)) == set(scenes.ROWS)
    assert [] == [kind for kind, row in scenes.ROWS.items() if row.scene is not kind]


def test_every_kind_of_scene_is_looked_at():
    """The list of screens that is painted and kept has at least one of each."""
    assert set(get_args(Scene)) == {type(scene) for scene in SHOWN.values()}


@pytest.mark.parametrize(
    "use",
    [
        lambda screen: screen.show(NowhereScene(), 1000.0),
        lambda screen: scenes.widgets(NowhereScene(), Layout(Size(800, 480))),
        lambda screen: Ear().heard(NowhereScene()),
        lambda screen: Speech(None).watch(NowhereScene(), Words(), "en"),
    ],
    ids=["shown", "touched", "heard", "said"],
)
def test_a_scene_without_a_row_is_refused_in_words(open_screen, use):
    """Whoever asks for it first: what is missing, and where it belongs."""
    with pytest.raises(LookupError) as refused:
        use(open_screen())
    assert NOWHERE == refused.value.args[0]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_what_can_be_touched_is_where_it_is_painted(open_screen, size):
    """The box that answers to a finger is the very box of a patch: neither is worked out a second time."""
    screen = open_screen(size, consent_text="Yes, you may.", languages=LANGUAGES)
    elsewhere = []
    for number, (name, scene) in enumerate(SHOWN.items()):
        screen.show(GetReadyScene(4, 1.0, f"other {number}"), 1000.0 + number)
        screen.show(scene, 1000.5 + number)
        painted = {id(patch.box) for patch in screen._repainter._shown}
        elsewhere += [(name, widget.name) for widget in screen._hands.widgets(scene) if id(widget.box) not in painted]
    assert [] == elsewhere


@pytest.mark.parametrize("name", SHOWN)
def test_two_things_to_touch_are_not_called_alike(name):
    """A name leads to one widget, and so to one box."""
    names = [widget.name for widget in scenes.widgets(SHOWN[name], Layout(Size(800, 480)), LANGUAGES)]
    assert sorted(set(names)) == sorted(names)


def test_a_painter_that_asks_for_what_cannot_be_touched_is_told(open_screen):
    """It says which widget there is none of, and where it would be decided."""
    screen = open_screen()
    stage = screen._stage(AttractScene(4), 1000.0, screen._hands.feedback(1000.0))
    with pytest.raises(LookupError) as refused:
        stage.box("send")
    assert "the scene has no widget 'send': its row in booth.ui.scenes decides which there are" == refused.value.args[0]


def test_the_languages_are_the_only_thing_to_touch_on_an_invitation():
    """Each with its code; without a choice there is nothing."""
    layout = Layout(Size(800, 480))
    found = scenes.widgets(AttractScene(4), layout, LANGUAGES)
    assert list(LANGUAGES) == [widget.code for widget in found if isinstance(widget, Choice)]
    assert () == scenes.widgets(AttractScene(4), layout)
