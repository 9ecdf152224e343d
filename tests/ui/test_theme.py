import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import ConfigError
from booth.ui.assets import asset
from booth.ui.theme import (
    PAIRS,
    ROLES,
    USUAL,
    blend,
    changed,
    colour,
    complaints_about,
    contrast,
    named,
    names,
    read,
    written,
)

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_theme_can_be_read(name, pair):
    """Every pair that meets on the screen has the contrast that WCAG asks for, in each theme that ships."""
    assert pair.contrast(named(name)) >= pair.least


def test_the_theme_for_eyes_that_need_it_has_more_than_enough():
    """In the high contrast, every text has 7:1: what WCAG asks for at its strictest."""
    theme = named("contrast")
    assert all(pair.contrast(theme) >= 7 for pair in PAIRS)


def test_every_role_meets_another():
    """No colour that text is written in, or on, escapes the check; the two left are trays and lights."""
    met = {pair.front for pair in PAIRS} | {pair.ground for pair in PAIRS}
    assert {"tray"} == set(ROLES) - met


def test_there_is_a_pink_one():
    """The booth brings several themes along, and pink is the one that it wears unasked."""
    assert USUAL == "pink"
    assert {"pink", "night", "contrast"} < set(names())


def test_a_theme_that_is_not_there_is_named_with_those_that_are():
    """A slip in the theme's name is answered with the names to choose from."""
    with pytest.raises(ConfigError, match='no theme "pinc": choose contrast, night, party or pink'):
        named("pinc")


@pytest.mark.parametrize(
    "spoilt",
    ["", "[colours]\n", '[colours]\npaper = "white"\n', "colours = 3\n", "no toml", '[colours]\nshade = "#000000"\n'],
)
def test_a_spoilt_theme_file_is_no_riddle(tmp_path, spoilt):
    """A file that is no theme is named, and the owner is told what to do."""
    (tmp_path / "spoilt.toml").write_text(spoilt)
    with pytest.raises(ConfigError, match=r"spoilt.toml is not a theme .*: install the booth again"):
        read(tmp_path / "spoilt.toml")


def test_a_theme_file_that_cannot_be_read_by_people_is_refused(tmp_path):
    """Themes that ship are held to the same law as the owner's colours."""
    text = asset("themes/pink.toml").read_text()
    (tmp_path / "pale.toml").write_text(re.sub(r'(?m)^ink = ".*"', 'ink = "#ffeeee"', text))
    with pytest.raises(ConfigError, match="ink on paper, ink on card, ink on accent_soft cannot be read"):
        read(tmp_path / "pale.toml")


def test_the_owner_changes_what_is_named_and_nothing_else():
    """A colour of the owner's takes the place of the theme's; what is left empty stays."""
    mine = changed(named(USUAL), {"accent": "#7A1FA2", "ink": ""})
    assert mine.accent == (0x7A, 0x1F, 0xA2)
    assert mine.ink == named(USUAL).ink


def test_a_colour_that_cannot_be_read_is_told_with_one_that_can():
    """The complaint has both roles, both colours, the contrast, what it needs, and what would do."""
    with pytest.raises(ConfigError) as told:
        changed(named(USUAL), {"accent": "#ff99cc"})
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("accent #ff99cc on paper #fff4ef has a contrast of 1.82:1, and needs 4.5:1 to be seen")
    better = re.search(r'accent = "(#[0-9a-f]{6})" would do', lines[0])[1]
    assert changed(named(USUAL), {"accent": better}).accent == colour(better)


@given(paper=COLOURS, ink=COLOURS, accent=COLOURS)
def test_any_three_colours_pass_or_are_refused(paper, ink, accent):
    """Whatever the owner picks, no theme comes of it that cannot be read."""
    own = {"paper": written(paper), "ink": written(ink), "accent": written(accent)}
    try:
        mine = changed(named(USUAL), own)
    except ConfigError:
        return
    assert all(pair.contrast(mine) >= pair.least for pair in PAIRS)


@given(role=st.sampled_from(ROLES), picked=COLOURS)
def test_a_single_colour_that_is_refused_comes_with_one_that_is_taken(role, picked):
    """Whoever changes one colour and follows the advice has a theme."""
    theme = named(USUAL)
    try:
        changed(theme, {role: written(picked)})
    except ConfigError as exc:
        better = re.search(rf'{role} = "(#[0-9a-f]{{6}})" would do', str(exc))[1]
        assert changed(theme, {role: better})


def test_the_colour_at_fault_is_the_owners():
    """Of two colours that do not go together, the one that the owner has set is blamed."""
    blamed = [roles for roles, _ in complaints_about(named(USUAL), {"paper": "#000000"})]
    assert blamed
    assert {("paper",)} == set(blamed)


@pytest.mark.parametrize("text", ["", "red", "#fff", "#12345", "#1234567", "#12345g", "123456", "#１２３４５６", 7])
def test_what_is_no_colour_is_refused(text):
    """Only #rrggbb is a colour."""
    with pytest.raises(ValueError, match="#rrggbb"):
        colour(text)


@given(one=COLOURS)
def test_a_colour_is_written_as_it_is_read(one):
    """Writing and reading are each other's opposite."""
    assert colour(written(one)) == one


def test_contrast_is_what_the_standard_says():
    """Black on white is 21:1, a colour on itself 1:1, and the order does not matter."""
    black, white = (0, 0, 0), (255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, black) == pytest.approx(21)
    assert contrast((9, 8, 7), (9, 8, 7)) == 1


def test_a_blend_lies_between_its_colours():
    """Nothing mixed in leaves the colour, everything replaces it."""
    assert blend((0, 10, 20), (100, 110, 120), 0) == (0, 10, 20)
    assert blend((0, 10, 20), (100, 110, 120), 0.5) == (50, 60, 70)
    assert blend((0, 10, 20), (100, 110, 120), 1) == (100, 110, 120)
