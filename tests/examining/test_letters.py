"""Letters: what the event says, and guests' names."""

import struct

import pytest

from booth.examining import letters
from booth.examining.findings import Finding, Sign
from booth.ui.text import faces


@pytest.fixture
def install(tmp_path):
    """Install a font under this name that says it has letters for these characters, and has nothing else."""

    def install(name, characters):
        rows = b"".join(struct.pack(">III", char, char, 1) for char in characters)
        table = struct.pack(">HHIII", 12, 0, 16 + len(rows), 0, len(characters)) + rows
        cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table
        header = b"\0\1\0\0" + struct.pack(">HHHH", 1, 0, 0, 0) + b"cmap" + struct.pack(">III", 0, 28, len(cmap))
        folder = tmp_path / "root/usr/share/fonts"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(header + cmap)

    return install


def test_the_languages_need_no_font_of_the_system(make_premises):
    """The booth brings its own letters for them."""
    offered = {"screen": {"language": "de", "languages": ("de", "fr")}}
    assert Finding("fonts", Sign.OK, "letters for all that is said in de, fr") == next(
        iter(letters.fonts(make_premises(offered)))
    )


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ({"event": {"name": "Bar \u05e9\u05dc"}}, "en: no letters for \u05dc \u05e9"),
        ({"texts": {"thanks": "\u0e01"}}, "en: no letters for \u0e01"),
        (
            {"form": {"consent_text": {"en": "Yes", "de": "\u0639"}}, "screen": {"languages": ("en", "de")}},
            "de: no letters for \u0639",
        ),
    ],
)
def test_what_the_event_says_in_letters_that_nobody_has(make_premises, sections, said):
    """Guests would see boxes."""
    (found,) = letters.fonts(make_premises(sections))
    assert (Sign.BAD, said, f"sudo {faces.INSTALL}") == (found.sign, found.measured, found.cure)


def test_names_that_would_be_boxes(make_premises):
    """Of each script by its name: guests have such names though the event has not."""
    found = list(letters.fonts(make_premises()))[1]
    assert (Sign.WARN, f"none for names in {', '.join(faces.SAMPLES)}") == (found.sign, found.measured)


def test_a_font_that_is_installed_mends_it(make_premises, install):
    """For names, and for what the event says."""
    sections = {"event": {"name": "Bar \u05e9"}}
    assert Sign.BAD is next(iter(letters.fonts(make_premises(sections)))).sign
    install("NotoSansHebrew-Regular.ttf", [0x5E9])
    event, names = letters.fonts(make_premises(sections))
    lacks = ", ".join(script for script in faces.SAMPLES if script != "Hebrew")
    assert (Sign.OK, f"none for names in {lacks}") == (event.sign, names.measured)


def test_fonts_for_all(make_premises, install):
    """Then there is nothing to do."""
    install("NotoSans-Regular.ttf", sorted(map(ord, faces.SAMPLES.values())))
    assert Sign.OK is list(letters.fonts(make_premises()))[1].sign
