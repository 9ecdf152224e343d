import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.branding import keys, layout
from booth.branding.layout import LayoutError

PLACES = '"top-left", "top", "top-right", "left", "middle", "right", "bottom-left", "bottom" or "bottom-right"'


@pytest.fixture
def mistakes(write):
    """Return what tells the mistakes of a layout, without the name of its file."""

    def told(text):
        with pytest.raises(LayoutError) as caught:
            layout.read(write(text))
        assert all(mistake.startswith("layout.toml: ") for mistake in caught.value.mistakes)
        return [mistake.removeprefix("layout.toml: ") for mistake in caught.value.mistakes]

    return told


def test_an_empty_layout_writes_the_events_name(sheet):
    """What is left out is built in: the name, below, and nothing else."""
    texts = sheet("").texts
    assert {"title": "{event}", "date": "", "caption": ""} == {name: text.text for name, text in texts.items()}


def test_a_product_has_what_all_have_but_for_what_is_its_own(sheet):
    """Key by key, not table by table."""
    text = '[title]\ntext = "Fest"\nsize = 9.0\n[strip]\nsafe_area = 8.0\n[strip.title]\nsize = 4.0\n'
    title = {product: sheet(text, product).texts["title"] for product in keys.PRODUCTS}
    assert {"animation": 9.0, "strip": 4.0, "clip": 9.0} == {product: each.size for product, each in title.items()}
    assert {"Fest"} == {each.text for each in title.values()}
    assert (4.0, 8.0) == (sheet(text).ground.safe_area, sheet(text, "strip").ground.safe_area)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("safe_aera = 3.0", "safe_aera: there is no such key; did you mean safe_area?"),
        ("[titel]\n", "titel: there is no such key; did you mean title?"),
        ("[strip.title]\nsise = 3.0", "strip.title.sise: there is no such key; did you mean strip.title.size?"),
        ('title = "Fest"', "title: expected a table: write [title] on a line of its own, and its keys below"),
        ('strip = "Fest"', "strip: expected a table: write [strip] on a line of its own, and its keys below"),
        ('[title]\nsize = "9"', 'title.size: expected a number from 2 to 30, not "9"'),
        ("[title]\nsize = 90.0", "title.size: expected a number from 2 to 30, not 90.0"),
        ('[clip.title]\nplace = "up"', f'clip.title.place: expected {PLACES}, not "up"'),
        ('[title]\ncolour = "red"', 'title.colour: expected a colour as #rrggbb, such as "#cf1765"'),
        (
            '[title]\ntext = "{name}"',
            "title.text: expected no braces but those of {event} and {date}: remove the others",
        ),
        (
            'date_form = "DD.MM."',
            'date_form: expected a date with D or DD, M or MM, and YY or YYYY in it, such as "DD.MM.YYYY"',
        ),
        (
            '[logo]\nshown = true\nfile = "a/b.png"',
            "logo.file: expected the name of a file beside the layout, such as logo.png, without folders",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_what_is_expected(mistakes, text, said):
    """So that whoever wrote it knows where, and what to write instead."""
    assert [said] == mistakes(text)


def test_all_mistakes_are_found_at_once_and_the_first_are_told(mistakes, write):
    """One sentence of a setting has not room for all."""
    text = "".join(f"x{number} = 1\n" for number in range(5))
    assert 5 == len(mistakes(text))
    with pytest.raises(LayoutError, match=r"x0: .*; layout.toml: x2: .*; and 2 more mistakes in it$"):
        layout.read(write(text))


def test_what_is_no_toml_is_told_with_its_place(write):
    """As of the settings themselves."""
    path = write("[title\n")
    with pytest.raises(LayoutError, match=rf"^{path}:1:7: not TOML: "):
        layout.read(path)


def test_a_layout_that_is_too_large_is_not_read(write):
    """It is a few lines."""
    with pytest.raises(LayoutError, match="has more than 16 KiB"):
        layout.read(write("#" * layout.MOST + "\n"))


@pytest.mark.parametrize("table", ["artwork", "logo"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.png", None, "there is no such file"),
        ("words.png", b"words", "is no PNG: save the picture as one"),
        ("photo.png", b"\xff\xd8\xff", "is no PNG: save the picture as one"),
    ],
)
def test_artwork_that_cannot_be_used_is_told(mistakes, tmp_path, table, name, content, said):
    """Before the booth starts: at the party it would be too late."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    shown = "shown = true\n" if table == "logo" else ""
    [told] = mistakes(f'[{table}]\n{shown}file = "{name}"\n')
    assert told.startswith(f"{table}.file: {tmp_path}/{name}")
    assert told.endswith(said)


def test_artwork_that_is_damaged_inside_is_told(mistakes, picture):
    """A header alone is no picture: it is decoded before the booth starts."""
    path = picture("torn.png", (400, 300))
    content = bytearray(path.read_bytes())
    at = content.index(b"IDAT") + 6
    content[at : at + 30] = bytes(30)
    path.write_bytes(content)
    [told] = mistakes('[artwork]\nfile = "torn.png"\n')
    assert told.startswith("artwork.file: the picture cannot be decoded (")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[title]\ncolour = "#ffffff"\nplate = "#000000"\nplate_opacity = 40',
         "title.colour: #ffffff on a plate of #000000 and 40 per cent has a contrast of 2.84:1 at worst"),
        ('[clip.date]\ntext = "{date}"\ncolour = "#707070"\nplate = "#000000"\nplate_opacity = 100',
         "clip.date.colour: #707070 on a plate of #000000 and 100 per cent has a contrast of 4.24:1 at worst"),
        ('[title]\nplate = "#000000"\n[date]\ntext = "{date}"\ncolour = "#222222"',
         "date.colour: #222222 on a plate of #000000 and 70 per cent has a contrast of 1.31:1 at worst"),
        ('[title]\ncolour = "#ffffff"\n[border]\nbottom = 15.0\ncolour = "#f0f0f0"',
         "title.colour: #ffffff on a border of #f0f0f0 has a contrast of 1.13:1 at worst, and needs 3:1"),
    ],
)  # fmt: skip
def test_text_that_could_not_be_read_on_its_plate_is_a_mistake(mistakes, text, said):
    """Whatever the picture below shows: black and white are the worst of it."""
    [told] = mistakes(text)
    assert told.startswith(said)


@pytest.mark.parametrize(("place", "ending"), [("bottom", "plate_opacity = 54 beside that plate"),
                                               ("top", "plate_opacity = 54")])  # fmt: skip
def test_it_is_said_whose_plate_has_to_hide_more(mistakes, place, ending):
    """Two texts at one place share the plate of the first: a key beside the second would change nothing."""
    plate = 'plate = "#000000"\nplate_opacity = 50\n'
    title = '[title]\ncolour = "#ffffff"\nsize = 8.0\nplace = "bottom"\n' + plate
    [told] = mistakes(f'{title}[date]\ntext = "{{date}}"\ncolour = "#ffffff"\nsize = 3.0\nplace = "{place}"\n{plate}')
    assert told.startswith("date.colour: ")
    assert told.endswith(ending)


COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(ink=COLOURS, plate=COLOURS, opacity=st.integers(20, 100), size=st.sampled_from([3.0, 8.0]))
def test_what_is_said_to_write_instead_can_be_read(ink, plate, opacity, size):
    """Each of the cures by itself, or both where it says so; and there is always one."""
    said = {"colour": ink, "plate": plate, "plate_opacity": opacity, "size": size}
    with tempfile.TemporaryDirectory() as folder:

        def told(keys):
            path = Path(folder, "layout.toml")
            path.write_text("[title]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()))
            try:
                layout.read(path)
            except LayoutError as exc:
                return " ".join(exc.mistakes)
            return ""

        wrong = told(said)
        cures = wrong.partition("write ")[2].split(" or ") if wrong else []
        written = [re.findall(r'(colour|plate_opacity) = ("#[0-9a-f]{6}"|[0-9]+)', cure) for cure in cures]
        assert all(written)
        assert [""] * len(cures) == [
            told({**said, **{key: json.loads(value) for key, value in cure}}) for cure in written
        ]


@pytest.mark.parametrize("name", ["corner", "plain", "polaroid"])
def test_what_the_booth_brings_along_can_be_used(name):
    """By its name alone."""
    assert {*keys.PRODUCTS} == {*layout.read(layout.place_of(name)).sheets}


def test_a_name_that_the_booth_does_not_know_is_told():
    """With those that it knows."""
    with pytest.raises(ValueError, match=r'no layout "fancy": write "corner" or "plain" or "polaroid", or the path'):
        layout.place_of("fancy")
