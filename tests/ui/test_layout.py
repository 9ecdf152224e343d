import itertools

import pytest

from booth.ports import Size
from booth.ui.layout import Box, Layout, fitted

SIZES = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(1920, 1080)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_form_lies_on_the_screen_and_apart(size):
    """No two things of the form overlap, and all of them are on the screen."""
    layout = Layout(size)
    places = layout.form()
    boxes = [
        places.thumb,
        places.title,
        places.retake,
        places.delete,
        places.skip,
        places.name,
        places.email,
        places.consent,
        places.hint,
        places.send,
        places.tray,
    ]
    for box in boxes:
        assert box.x >= 0 <= box.y
        assert box.right <= size.width
        assert box.bottom <= size.height
    for one, other in itertools.combinations(boxes, 2):
        assert not one.meets(other)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_buttons_are_large_enough_for_a_thumb(size):
    """Every button and field is at least 56 pixels high."""
    places = Layout(size).form()
    dialog = Layout(size).dialog()
    for box in (places.retake, places.delete, places.skip, places.name, places.send, places.consent, places.hint):
        assert box.height >= 56
    assert dialog.yes.height >= 80
    assert dialog.no.height >= 80


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_second_tap_on_the_same_place_does_not_answer_the_question(size):
    """Where Delete and Retake are, the question has no answer: a double tap deletes nothing."""
    places, dialog = Layout(size).form(), Layout(size).dialog()
    for asked in (places.delete, places.retake):
        assert not asked.meets(dialog.yes)
        assert not asked.meets(dialog.no)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_farewell_has_room_for_a_code_that_telephones_read(size):
    """The panel is wide enough for a square of 49 modules, 5 pixels each."""
    assert Layout(size).farewell().panel.width >= 49 * 5


def test_a_fitted_box_keeps_its_shape_and_its_middle():
    """The largest box of a shape in a room touches two of its sides."""
    assert fitted(4, 3, Box(10, 10, 400, 400)) == Box(10, 60, 400, 300)
    assert fitted(3, 4, Box(0, 0, 400, 400)) == Box(50, 0, 300, 400)
