"""What the form looks like: what is cut says so, what belongs together stands together, what is safe has the accent."""

from dataclasses import replace

import pytest

from booth.core.form import Field, Form, Line
from booth.core.scene import FormScene
from booth.core.states import Animation, Ask
from booth.ports import Size
from booth.ui.languages import LANGUAGES, words_in
from booth.ui.pieces import field
from booth.ui.scenes.form import places

NOW = 100.0
SIZES = [Size(800, 480), Size(480, 800)]
EMPTY = FormScene(
    "visit",
    Form(),
    Animation.FAILED,
    consent_asked=False,
    name_required=False,
    email_required=True,
    ask=None,
    closing_in=None,
)
DOTS = "\N{HORIZONTAL ELLIPSIS}"


def read(screen, scene):
    """Return every line that is written on *scene*."""
    screen.show(scene, NOW)
    screen._repainter.forget()
    screen._looked = ()
    screen._canvas.written = lines = []
    screen.show(scene, NOW)
    screen._canvas.written = None
    return lines


def named(name, caret):
    """Return a form in which the caret is in this name."""
    return replace(EMPTY, form=Form(Line(name, caret), focus=Field.NAME))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("caret", "dots"), [(200, ["left"]), (0, ["right"]), (100, ["left", "right"])], ids=["end", "begin", "middle"]
)
def test_a_line_that_is_edited_says_where_it_goes_on(open_screen, size, caret, dots):
    """Three dots at each end that is not the text's own, within the field."""
    screen = open_screen(size)
    lines = read(screen, named("abcde" * 40, caret))
    row = field.places(screen._layout, places(screen._layout).name).row
    middle = row.centre[0]
    seen = ["left" if line.box.x < middle else "right" for line in lines if line.text == DOTS]
    assert dots == seen


def test_a_line_that_is_whole_has_no_dots(open_screen):
    """What fits is shown as it is."""
    assert [] == [line for line in read(open_screen(), named("Zo\u00eb", 3)) if DOTS in line.text]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("ask", [Ask.RETAKE, Ask.DELETE, Ask.SKIP])
def test_the_accent_is_on_the_answer_that_does_no_harm(open_screen, size, ask):
    """What throws something away is quiet: a hurried finger finds the safe one."""
    screen = open_screen(size)
    screen.show(replace(EMPTY, ask=ask), NOW)
    spots = {spot.name: spot for spot in screen.spots()}
    theme = screen._dress.theme
    ground = {
        name: tuple(screen._surface.get_at((spot.x + spot.width // 2, spot.y + 8)))[:3] for name, spot in spots.items()
    }
    assert {"no": theme.accent, "yes": theme.accent_soft} == ground


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_warning_says_what_follows_where_it_warns(open_screen, size, language):
    """Before the form closes: the question, what keeps it open and what happens otherwise, in one place, all of it."""
    screen = open_screen(size, language=language)
    lines = read(screen, replace(EMPTY, closing_in=12))
    place = places(screen._layout).warning
    said = [line.text for line in lines if place.holds(line.box.x, line.box.y)]
    assert list(words_in(language).closing(12)) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_quiet_buttons_are_written_alike(open_screen, size, language):
    """Three buttons side by side have one size of type, in which the longest of them fits."""
    screen = open_screen(size, language=language)
    words = words_in(language)
    labels = (words.retake, words.delete, words.skip)
    sizes = {line.text: line.size for line in read(screen, EMPTY) if line.text in labels}
    assert set(labels) == set(sizes)
    assert 1 == len(set(sizes.values()))
