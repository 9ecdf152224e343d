import re

import pygame
import pytest

from booth.core.form import Field
from booth.errors import ConfigError
from booth.ui.assets import asset
from booth.ui.languages import LANGUAGES
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.typing.sheets import ACTIONS, MOST_VARIANTS, board, boards, known, read


def words(sheet):
    """Return what the keys of a sheet enter or do."""
    return [name for row in sheet for name, _ in row]


@pytest.mark.parametrize("code", known())
def test_every_keyboard_that_ships_can_be_loaded(code):
    """Read, checked, and the same value each time."""
    found = board(code)
    assert code == found.code
    assert found is board(code)
    assert found.variants
    assert all(1 <= len(offered) <= MOST_VARIANTS for offered in found.variants.values())


def test_every_language_has_a_keyboard():
    """So have two scripts that are not Latin."""
    assert {*LANGUAGES, "el", "ru"} <= {*known()}


def test_a_script_that_is_not_latin_has_a_latin_one_beside_it():
    """Which is where an address begins."""
    for code in ("el", "ru"):
        of = boards(code)
        assert [False, True] == [each.latin for each in of.boards]
        assert 1 == of.address
    assert 0 == boards("de").address


def test_the_keys_of_each_language_are_where_its_people_look_for_them():
    """QWERTZ, AZERTY, an ñ beside the l, and the Greek and Russian rows."""
    wanted = {
        "en": ["qwertyuiop", "asdfghjkl"],
        "de": ["qwertzuiopü", "asdfghjklöä"],
        "fr": ["azertyuiop", "qsdfghjklm"],
        "es": ["qwertyuiop", "asdfghjklñ"],
        "it": ["qwertyuiop", "asdfghjkl"],
        "el": ["ςερτυθιοπ", "ασδφγηξκλ"],
        "ru": ["йцукенгшщзхъ", "фывапролджэ"],
    }
    assert set(wanted) <= set(known())
    assert wanted == {code: ["".join(words([row])) for row in board(code).letters[Field.NAME][1:3]] for code in wanted}


@pytest.mark.parametrize("code", known())
def test_the_bundled_fonts_have_every_letter_of_every_key(code):
    """No key says a box, in small letters and in capitals."""
    pygame.font.init()
    try:
        fonts = Fonts([])
        found = board(code)
        sheets = [*found.letters.values(), found.symbols, *([found.accents] if found.accents else [])]
        letters = {char for sheet in sheets for char in words(sheet) if char not in ACTIONS}
        letters |= {char for offered in found.variants.values() for text in offered for char in text}
        boxes = fonts.render("\uffff", Weight.BOLD, 20, (0, 0, 0))
        box = pygame.image.tobytes(boxes, "RGBA")
        for char in sorted(letters | {c for letter in letters for c in letter.upper()}):
            assert pygame.image.tobytes(fonts.render(char, Weight.BOLD, 20, (0, 0, 0)), "RGBA") != box, char
    finally:
        pygame.font.quit()


def test_a_keyboard_that_is_not_there_is_told_with_those_that_are():
    """Whoever sets it can choose."""
    with pytest.raises(ConfigError, match=r"there is no keyboard 'tlh': there are de, el, en"):
        boards("tlh")


def row_of(table):
    """Return a pattern for the whole table."""
    return re.compile(rf"^{table} = '''.*?'''", re.DOTALL | re.MULTILINE)


BROKEN = [
    ("q w e r t", "q w e q t", "name: 'q' is there twice: remove one"),
    ("shift*1.5 z", "shift*9 z", "name, row 4: 'shift*9': a width is between *0.5 and *6"),
    ("shift*1.5 z", "shift*wide z", "name, row 4: 'shift*wide': a width is between *0.5 and *6"),
    ("a s d f", "a s df", "name, row 3: 'df' is neither one character nor one of accents, backspace"),
    ("backspace*1.5\nsymbols*1.25", "symbols*1.25", "name: 4 rows: make it 5, a line each"),
    ("z x c v b n m backspace*1.5", "z x c v b n m", "name: 'backspace' is missing: add it"),
    ("q w e r t y u i o p", "q*5 w*5 e*5 r t y u i o p", "name, row 2: more than 12.5 units of keys, or none"),
    ('script = "latin"', "", "script: missing: add it, as text"),
    ('script = "latin"', 'script = "greek"', "latin: missing: add it, as text"),
    ('endings = ".com .org"', 'endings = ".com .org .net"', "endings: one or two ends of addresses are wanted"),
    ('domains = ["gmail.com", ', 'domains = ["a b", ', "domains: a list of one to 3 domains is wanted"),
    ("[variants]", 'colour = "red"\n[variants]', "colour: no such thing here: remove it, or take one of accents"),
    ('a = "', '"ж" = "', "variants: 'ж' has no key of its own: remove it, or add the key"),
    ('l = "ł ľ"', 'l = "ł l"', "variants of 'l': one to 9 that differ from it and each other are wanted"),
    ('l = "ł ľ"', 'l = "ł ll"', "variants of 'l': single characters are wanted"),
]


@pytest.mark.parametrize(("there", "instead", "told"), BROKEN)
def test_what_is_wrong_in_a_file_is_told_with_its_place(tmp_path, there, instead, told):
    """The file, the table, the row, the word, and what to do."""
    good = asset("keyboards/en.toml").read_text("utf-8")
    assert there in good
    path = tmp_path / "en.toml"
    path.write_text(good.replace(there, instead, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: {told}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('script = "latin"\nж = 1\n'.encode(), ":2:1: not TOML: Invalid statement: write key = value, text in "),
        ('script = "Zoë"\n'.encode("latin-1"), ":1:13: a character is not UTF-8: save the file as UTF-8 (not as "),
        (b"script = " + 5_000 * b"7", ":1:10: more than 100 characters without quotes: no number or name of a "),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_a_sentence(tmp_path, content, told):
    """Whatever it is written in."""
    path = tmp_path / "en.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}{told}")


def test_a_sheet_that_no_key_leads_to_is_told(tmp_path):
    """And a key that leads nowhere."""
    good = asset("keyboards/en.toml").read_text("utf-8")
    path = tmp_path / "en.toml"
    path.write_text(row_of("accents").sub("", good), "utf-8")
    with pytest.raises(ConfigError, match="accents: a key leads there, or there is such a sheet, but not both"):
        read(path)


def test_a_script_that_cannot_be_left_is_told(tmp_path):
    """A keyboard that is not Latin has a globe."""
    path = tmp_path / "el.toml"
    path.write_text(asset("keyboards/el.toml").read_text("utf-8").replace("globe*1.25 ", ""), "utf-8")
    with pytest.raises(ConfigError, match="globe: a keyboard that is not Latin needs this key"):
        read(path)
