import itertools

import pytest

from booth.ports import Size
from booth.ui.drawing import qr
from booth.ui.layout import Box, Layout, fitted
from booth.ui.pieces import field, question
from booth.ui.scenes import farewell, form

LANDSCAPE = [Size(800, 480), Size(1024, 600), Size(1280, 800), Size(1920, 1080)]
SIZES = [*LANDSCAPE, Size(480, 800), Size(600, 1024)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_form_lies_on_the_screen_and_apart(size):
    """No two things of the form overlap, and all of them are on the screen."""
    layout = Layout(size)
    places = form.places(layout)
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
    places = form.places(Layout(size))
    dialog = question.places(Layout(size))
    for box in (places.retake, places.delete, places.skip, places.name, places.send, places.consent, places.hint):
        assert box.height >= 56
    assert dialog.yes.height >= 80
    assert dialog.no.height >= 80


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_second_tap_on_the_same_place_does_not_answer_the_question(size):
    """Where Delete and Retake are, the question has no answer: a double tap deletes nothing."""
    places, dialog = form.places(Layout(size)), question.places(Layout(size))
    for asked in (places.delete, places.retake):
        assert not asked.meets(dialog.yes)
        assert not asked.meets(dialog.no)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_question_lies_on_the_screen(size):
    """Its card, and on it the question, what yes means, and two answers apart."""
    dialog = question.places(Layout(size))
    assert Layout(size).screen.inset(8).meets(dialog.card)
    boxes = [dialog.title, dialog.body, dialog.yes, dialog.no]
    for box in boxes:
        assert dialog.card.x <= box.x
        assert dialog.card.y <= box.y
        assert box.right <= dialog.card.right <= size.width
        assert box.bottom <= dialog.card.bottom <= size.height
    for one, other in itertools.combinations(boxes, 2):
        assert not one.meets(other)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_field_has_room_for_what_it_is_for_and_for_its_text(size):
    """The sign, the label and the text lie in the field and apart, but for a hair of the line's air."""
    layout = Layout(size)
    for box in (form.places(layout).name, form.places(layout).email):
        inside = field.places(layout, box)
        assert box.x < inside.icon.x < inside.icon.right < inside.label.x
        assert box.y < inside.label.y < inside.row.y < inside.row.bottom < box.bottom
        assert inside.row.right < box.right
        assert inside.label.bottom - inside.row.y <= layout.px(2)


FAREWELLS = SIZES


def boxes(places):
    """Return what a farewell is made of, that there is."""
    named = ("picture", "thanks", "status", "card", "caption", "next", "spare")
    found = [getattr(places, name) for name in named]
    # A caption may be on the card, under the code.
    on_card = places.card is not None and places.card.meets(places.caption)
    return [box for box in found if box is not None and box.height > 0 and not (on_card and box is places.caption)]


@pytest.mark.parametrize("modules", [None, 0, *range(29, 97, 4)])
@pytest.mark.parametrize("size", FAREWELLS, ids=str)
def test_nothing_of_a_farewell_lies_on_anything_else(size, modules):
    """Whatever the code's size, all that belongs to it is on the screen, apart, and the animation can be seen."""
    layout = Layout(size)
    places = farewell.places(layout, modules, qr.least(size))
    found = boxes(places)
    for box in found:
        assert (box.x >= 0, box.y >= 0, box.right <= size.width, box.bottom <= size.height) == (True,) * 4, box
    for one, other in itertools.combinations(found, 2):
        assert not one.meets(other), (one, other)
    assert places.picture.width >= layout.px(240)
    assert places.picture.height >= layout.px(190)


@pytest.mark.parametrize("modules", range(29, 97, 4))
@pytest.mark.parametrize("size", FAREWELLS, ids=str)
def test_a_code_has_whole_pixels_and_enough_of_them(size, modules):
    """Codes are as large as there is room for, never scaled by a fraction; a short link leaves the animation large."""
    places = farewell.places(Layout(size), modules, qr.least(size))
    module, rest = divmod(places.code.width, modules)
    assert (places.code.width, 0) == (places.code.height, rest)
    assert module >= qr.least(size) >= 5
    assert places.card.width - places.code.width == 2 * (places.code.x - places.card.x)
    if modules <= 49:
        assert places.picture.width >= Layout(size).px(440)


def test_a_fitted_box_keeps_its_shape_and_its_middle():
    """The largest box of a shape in a room touches two of its sides."""
    assert fitted(4, 3, Box(10, 10, 400, 400)) == Box(10, 60, 400, 300)
    assert fitted(3, 4, Box(0, 0, 400, 400)) == Box(50, 0, 300, 400)
