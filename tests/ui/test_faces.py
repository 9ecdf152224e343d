import contextlib
import shutil
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ui.assets import asset
from booth.ui.text import faces
from booth.ui.text.faces import Coverage, Face, coverage, search
from booth.ui.text.fonts import Weight


def font(cmap):
    """Return the bytes of a font that has nothing but a character map."""
    head = b"\0\1\0\0" + struct.pack(">HHHH", 1, 16, 0, 0)
    return head + b"cmap" + struct.pack(">III", 0, 28, len(cmap)) + cmap


def groups(*rows):
    """Return a character map of format 12."""
    body = b"".join(struct.pack(">III", first, last, glyph) for first, last, glyph in rows)
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(rows)) + body


def segments():
    """Return a character map of format 4: A to C, and of X to Z only Y."""
    lasts, firsts = (67, 90, 0xFFFF), (65, 88, 0xFFFF)
    deltas, places = (0, 0, 1), (0, 4, 0)
    table = struct.pack(">HHHHHHH", 4, 0, 0, 6, 0, 0, 0) + struct.pack(">3HH", *lasts, 0) + struct.pack(">3H", *firsts)
    table += struct.pack(">3H", *deltas) + struct.pack(">3H", *places) + struct.pack(">3H", 0, 9, 0)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table


@pytest.mark.parametrize("weight", Weight)
@pytest.mark.parametrize(
    "text",
    [
        "Zoë O'Néill", "Łódź ĞİŞ ıŁ", "Nguyễn Thị Ánh", "Þórður Ǿ Ḃ ẞ", "Ωραία Ἀθηνᾶ", "Привет Ґалаґан Їжак",
        "Қазақ Өзгөрүү Әлия", "„“”‘’–—… → €£ №", "e\u0301 a\u0323",
    ],
)  # fmt: skip
def test_the_alphabets_of_europe_need_no_other_font(weight, text):
    """Latin to Vietnam, Greek old and new, Cyrillic to Kazakhstan: they are in the typeface that is bundled."""
    covered = coverage(asset(weight.value))
    assert not [char for char in text if char not in covered]


def test_a_letter_that_the_typeface_lacks_is_known_as_missing():
    """An ideograph is not taken for there."""
    assert "龍" not in coverage(asset(Weight.BOLD.value))


@pytest.mark.parametrize(
    ("cmap", "there", "missing"),
    [(groups((65, 67, 1), (0x1F600, 0x1F601, 9)), "ABC😀😁", "D@😂"), (segments(), "ABCY", "DXZ@\uffff")],
)
def test_both_kinds_of_character_map_are_read(tmp_path, cmap, there, missing):
    """Rows of any plane, and the older rows with gaps in them."""
    (tmp_path / "a.ttf").write_bytes(font(cmap))
    covered = coverage(tmp_path / "a.ttf")
    assert all(char in covered for char in there)
    assert not any(char in covered for char in missing)
    assert len(covered) == len(there)


@given(junk=st.binary(max_size=200))
def test_what_is_no_font_is_refused_in_good_order(tmp_path_factory, junk):
    """Whatever the bytes are, no other error comes of them."""
    path = tmp_path_factory.mktemp("junk") / "a.ttf"
    for content in (junk, font(junk), font(groups((65, 66, 1)))[: len(junk)]):
        path.write_bytes(content)
        with contextlib.suppress(ValueError):
            coverage(path)


def test_a_map_that_says_the_same_again_and_again_is_refused(tmp_path):
    """A file of some kilobytes could keep the booth busy for hours."""
    many = 2_000
    table = struct.pack(">HHHHHHH", 4, 0, 0, 2 * many, 0, 0, 0) + struct.pack(f">{many}H", *[0xFFFE] * many) + b"\0\0"
    table += struct.pack(f">{many}H", *[0] * many) + 2 * many * b"\0" + struct.pack(f">{many}H", *[2] * many)
    (tmp_path / "font.ttf").write_bytes(font(struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table))
    with pytest.raises(ValueError, match="its character map is not in order"):
        coverage(tmp_path / "font.ttf")


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 5)).map(lambda s: (s[0], s[0] + s[1])), max_size=20))
def test_a_coverage_has_what_was_put_in(spans):
    """Rows that touch or overlap are one."""
    covered = Coverage(spans)
    inside = {code for first, last in spans for code in range(first, last + 1)}
    assert {code for code in range(320) if chr(code) in covered} == inside
    assert len(covered) == len(inside)


def test_the_systems_fonts_are_found_the_best_first(tmp_path):
    """A broken font, and cuts that are slanted or narrow, are passed over; a bold cut is known as one."""
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    (tmp_path / "readme.txt").write_text("no font either")
    sub = tmp_path / "deeper"
    sub.mkdir()
    names = ("DejaVuSans", "DejaVuSans-Oblique", "NotoSansThai-Regular", "NotoSansThai-Bold", "NotoColorEmoji", "Comic")
    for name in names:
        shutil.copy(asset(Weight.MEDIUM.value), sub / f"{name}.ttf")
    found = list(search([tmp_path, tmp_path / "missing"]))
    assert ["NotoColorEmoji", "NotoSansThai-Regular", "DejaVuSans"] == [
        face.path[len(str(sub)) + 1 : -4] for face in found
    ]
    assert [True, False, False] == [face.pictures for face in found]
    assert str(sub / "NotoSansThai-Bold.ttf") == found[1].bold
    assert found[2].path == found[2].bold


def test_what_no_font_has_letters_for_is_named():
    """The operator reads it before a guest sees boxes."""
    arabic = Face("a", Coverage([(0x600, 0x6FF)]), "a")
    others = Face("b", Coverage([(0x5D0, 0x5EA), (0x900, 0xE7F), (0x3040, 0x9FFF), (0xAC00, 0xD7A3)]), "b")
    assert ("emoji",) == faces.lacking([arabic, others])
    assert tuple(faces.SAMPLES) == faces.lacking([])
