"""The on-screen keyboard: everything can be typed, nothing overlaps, and no tap falls between two keys."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import Field
from booth.ui import keyboard as kb
from booth.ui.keyboard import (
    Backspace,
    Key,
    Keyboard,
    Layer,
    Next,
    Nothing,
    Shift,
    Text,
    chip_text,
    for_field,
    hit,
    taps,
)

SMALL = (0, 200, 800, 280)
LARGE = (0, 260, 1024, 340)
PRINTABLE = "".join(map(chr, range(32, 127)))
WANTED = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßčšžłőűğış"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ACCENTED = "".join(word for row in kb.ACCENTS for word in row.split() if len(word) == 1)
CAPITAL_ACCENTS = "".join(kb.CAPITALS.get(c, c.upper()) for c in ACCENTED)

layers = st.sampled_from(Layer)
shifts = st.sampled_from(Shift)
fields = st.sampled_from(Field)
keyboards = st.builds(Keyboard, layers, shifts, st.booleans())
areas = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(480, 1300), st.integers(240, 500))
everything = [Keyboard(layer, shift) for layer, shift in product(Layer, Shift)]


def key(keyboard: Keyboard, name: str, field: Field = Field.NAME) -> Key:
    """Find the key *name* on the small screen."""
    return next(k for k in keyboard.keys(SMALL, field) if k.name == name)


def typed(names: tuple[str, ...], field: Field, start: Keyboard) -> str:
    """Tap the keys *names* one after the other, as a finger would, and return the text."""
    text = ""
    keyboard = start
    for name in names:
        target = key(keyboard, name, field)
        found = hit(keyboard.keys(SMALL, field), target.x + target.width // 2, target.y + target.height // 2)
        assert target == found
        keyboard, stroke = keyboard.press(target)
        if isinstance(stroke, Text):
            text += chip_text(stroke.text, text) if target.kind == "chip" else stroke.text
    return text


# ---- where keys lie


@given(keyboards, fields, areas, st.integers(0, 12))
def test_no_two_keys_overlap_and_none_leaves_the_area(keyboard, field, area, gap):
    """Painted rectangles lie inside the area and are disjoint."""
    keys = keyboard.keys(area, field, gap)
    for k in keys:
        assert area[0] <= k.x
        assert area[1] <= k.y
        assert k.x + k.width <= area[0] + area[2]
        assert k.y + k.height <= area[1] + area[3]
    for a, b in combinations(keys, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a.name, b.name)


@given(keyboards, fields, areas, st.integers(0, 12), st.data())
def test_every_point_of_the_area_has_a_key(keyboard, field, area, gap, data):
    """A finger inside the area always finds a key, and on a painted key it finds that one."""
    keys = keyboard.keys(area, field, gap)
    x = data.draw(st.integers(area[0], area[0] + area[2] - 1))
    y = data.draw(st.integers(area[1], area[1] + area[3] - 1))
    found = hit(keys, x, y)
    assert found is not None
    painted = [k for k in keys if k.x <= x < k.x + k.width and k.y <= y < k.y + k.height]
    assert painted in ([], [found])


@given(keyboards, fields, st.sampled_from([SMALL, LARGE]), st.data())
def test_a_tap_between_keys_finds_a_neighbour(keyboard, field, area, data):
    """What answers is the nearest key of the row at that height; unequal keys may differ by no more than the gap."""
    keys = keyboard.keys(area, field)
    x = data.draw(st.integers(area[0], area[0] + area[2] - 1))
    y = data.draw(st.integers(area[1], area[1] + area[3] - 1))
    found = hit(keys, x, y)
    nearest = min(kb._distance(k, x, y) for k in keys if k.cell[1] <= y < k.cell[1] + k.cell[3])
    assert found is not None
    assert kb._distance(found, x, y) ** 0.5 <= nearest**0.5 + 6


@pytest.mark.parametrize("field", list(Field))
def test_each_pixel_of_the_area_belongs_to_one_cell(field):
    """The cells tile the area: their sizes add up to it and none overlaps another."""
    for keyboard in everything:
        keys = keyboard.keys(SMALL, field)
        assert 800 * 280 == sum(k.cell[2] * k.cell[3] for k in keys)


@pytest.mark.parametrize("keyboard", everything)
def test_off_the_keyboard_nothing_is_hit(keyboard):
    """Half a gap outside still counts; beyond it does not."""
    keys = keyboard.keys(SMALL, Field.NAME)
    assert hit(keys, 400, 198) is not None
    assert hit(keys, 400, 190) is None
    assert hit(keys, -2, 300) is not None
    assert hit(keys, -10, 300) is None
    assert hit(keys, 400, 490) is None
    assert hit(keys, 810, 300) is None


@pytest.mark.parametrize(("area", "field"), list(product([SMALL, LARGE], Field)))
def test_keys_are_large_enough_for_thumbs(area, field):
    """52 px high at least, 60 px wide at least, on both screens, every key of every layer."""
    for keyboard in everything:
        keys = keyboard.keys(area, field)
        assert min(k.height for k in keys) >= 52
        assert min(k.width for k in keys) >= 60


def test_a_larger_screen_has_larger_keys():
    """The keyboard fills the area it is given."""
    small = {k.name: k for k in Keyboard().keys(SMALL, Field.EMAIL)}
    large = {k.name: k for k in Keyboard().keys(LARGE, Field.EMAIL)}
    assert small.keys() == large.keys()
    assert all(large[name].width > small[name].width and large[name].height > small[name].height for name in small)


@given(keyboards, fields)
def test_names_are_unique(keyboard, field):
    """A key's name finds one key."""
    names = [k.name for k in keyboard.keys(SMALL, field)]
    assert sorted(set(names)) == sorted(names)


def test_keys_are_kept():
    """The same arguments give the same tuple."""
    assert Keyboard().keys(SMALL, Field.NAME) is Keyboard().keys(SMALL, Field.NAME)


# ---- what there is


def test_an_address_finds_its_signs_digits_and_domains_on_the_letters():
    """No layer has to be changed for an ordinary address, and there is no blank to mistype."""
    names = {k.name for k in for_field(Field.EMAIL, "").keys(SMALL, Field.EMAIL)}
    assert {f"key:{c}" for c in "@.-_+0123456789"} <= names
    assert {"key:.com", "key:.org", "key:@gmail.com", "key:@outlook.com"} <= names
    assert "key:space" not in names


def test_a_name_finds_its_signs_and_accents_on_the_letters_and_no_domains():
    """Apostrophe, hyphen, dot and the usual accents are one tap away."""
    keys = Keyboard().keys(SMALL, Field.NAME)
    assert {"key:'", "key:-", "key:.", "key:space", "key:é", "key:ü", "key:ñ"} <= {k.name for k in keys}
    assert [] == [k for k in keys if k.kind == "chip"]


@pytest.mark.parametrize(("layer", "field"), list(product(Layer, Field)))
def test_every_layer_has_a_way_out(layer, field):
    """Backspace and next are always there, and another layer can be reached."""
    names = {k.name for k in Keyboard(layer).keys(SMALL, field)}
    assert {"key:backspace", "key:next"} <= names
    assert names & {"key:letters", "key:symbols"}


def test_the_accents_that_must_be_there_are():
    """The common Latin letters with accents have keys."""
    assert set() == set(WANTED) - set(ACCENTED)


@pytest.mark.parametrize("field", list(Field))
def test_every_character_can_be_typed(field):
    """All printable ASCII, all accents, and the accents' capitals."""
    for char in PRINTABLE + ACCENTED + CAPITAL_ACCENTS:
        names = taps(char, field, for_field(field, ""))
        assert names is not None, char
        assert char == typed(names, field, for_field(field, ""))


@given(st.text(PRINTABLE + ACCENTED + CAPITAL_ACCENTS, max_size=20), fields, keyboards)
def test_tapping_what_taps_says_types_the_text(text, field, start):
    """Any text of those characters comes out exactly, from any state of the keyboard."""
    names = taps(text, field, start)
    assert names is not None
    assert text == typed(names, field, start)


@given(st.text(LETTERS + "@.-_+0123456789", max_size=20))
def test_an_address_never_takes_more_taps_than_characters(text):
    """Lower-case letters, digits and an address's signs need no other layer."""
    names = taps(text, Field.EMAIL, for_field(Field.EMAIL, ""))
    assert names is not None
    assert len(names) <= len(text)


def test_what_has_no_key_cannot_be_tapped():
    """Chinese comes from a physical keyboard."""
    assert taps("李小龙", Field.NAME, for_field(Field.NAME, "")) is None


# ---- shift and layers


@given(keyboards, layers, shifts, fields, st.data())
def test_no_key_of_any_layer_is_an_error(keyboard, layer, shift, field, data):
    """A tap that comes late, when the layer has changed already, still means what was painted on the key."""
    target = data.draw(st.sampled_from(Keyboard(layer, shift).keys(SMALL, field)))
    after, stroke = keyboard.press(target)
    assert isinstance(after, Keyboard)
    assert isinstance(stroke, Text | Backspace | Next | Nothing)
    assert (target.kind != "action" or target.name == "key:space") == isinstance(stroke, Text)


def test_shift_is_for_one_letter():
    """Shift, a letter: a capital, and small letters again."""
    keyboard, stroke = Keyboard().press(key(Keyboard(), "key:shift"))
    assert (Shift.ONCE, Nothing()) == (keyboard.shift, stroke)
    keyboard, stroke = keyboard.press(key(keyboard, "key:Q"))
    assert (Shift.OFF, Text("Q")) == (keyboard.shift, stroke)


def test_shift_outlives_what_is_no_letter():
    """A digit or a dot does not use shift up."""
    keyboard = Keyboard(shift=Shift.ONCE)
    keyboard, stroke = keyboard.press(key(keyboard, "key:7", Field.EMAIL))
    assert (Shift.ONCE, Text("7")) == (keyboard.shift, stroke)


def test_shift_tapped_twice_locks_and_a_third_time_lets_go():
    """Off, once, locked, off; locked stays over letters."""
    keyboard = Keyboard()
    seen = []
    for _ in range(3):
        keyboard, _ = keyboard.press(key(keyboard, "key:shift"))
        seen.append(keyboard.shift)
    assert [Shift.ONCE, Shift.LOCKED, Shift.OFF] == seen
    locked = Keyboard(shift=Shift.LOCKED)
    assert locked == locked.press(key(locked, "key:A"))[0]


def test_a_name_begins_with_a_capital():
    """So does each part of it, after a blank, a hyphen or an apostrophe; nothing else does."""
    begins = {before: for_field(Field.NAME, before).shift for before in ("", "Zoë ", "Mary-", "O'", "Zo", "J.")}
    once, off = Shift.ONCE, Shift.OFF
    assert {"": once, "Zoë ": once, "Mary-": once, "O'": once, "Zo": off, "J.": off} == begins
    assert "Zoë O'Néill-Smith" == "".join(
        name.removeprefix("key:").replace("space", " ")
        for name in taps("Zoë O'Néill-Smith", Field.NAME, for_field(Field.NAME, "")) or ()
    )


def test_an_address_begins_small():
    """Addresses are written in small letters, after a hyphen too."""
    for before in ("", "a-", "a "):
        assert Shift.OFF is for_field(Field.EMAIL, before).shift
    keyboard = for_field(Field.EMAIL, "a")
    assert keyboard == keyboard.press(key(keyboard, "key:-", Field.EMAIL))[0]


def test_an_accent_is_for_one_letter():
    """After it the letters are back; erasing does not leave the accents."""
    accents, _ = Keyboard().press(key(Keyboard(), "key:accents"))
    assert Layer.ACCENTS is accents.layer
    assert accents == accents.press(key(accents, "key:backspace"))[0]
    assert Keyboard() == accents.press(key(accents, "key:ø"))[0]


def test_symbols_stay_until_a_blank():
    """Several signs in a row need one change of layer; the next word is letters again."""
    keyboard, _ = Keyboard().press(key(Keyboard(), "key:symbols"))
    keyboard, _ = keyboard.press(key(keyboard, "key:#"))
    assert Layer.SYMBOLS is keyboard.layer
    keyboard, stroke = keyboard.press(key(keyboard, "key:space"))
    assert (Layer.LETTERS, Text(" ")) == (keyboard.layer, stroke)


def test_capitals_of_the_odd_letters_are_one_character():
    """Shift on sharp s and on the dotless i gives the one capital that belongs to it."""
    names = {k.name for k in Keyboard(Layer.ACCENTS, Shift.ONCE).keys(SMALL, Field.NAME)}
    assert {"key:ẞ", "key:İ", "key:Ÿ", "key:Œ"} <= names


@pytest.mark.parametrize(
    ("chip", "before", "entered"),
    [
        ("@gmail.com", "zoe", "@gmail.com"),
        ("@gmail.com", "zoe@", "gmail.com"),
        ("@gmail.com", "zoe@gm", "ail.com"),
        ("@gmail.com", "zoe@gmail.com", ""),
        ("@gmail.com", "zoe@yahoo.fr", ""),
        (".com", "zoe@example", ".com"),
        (".com", "zoe@example.", "com"),
        (".com", "zoe@example.c", "om"),
        (".com", "zoe@example.com", ""),
        (".org", "zoe@example.com", ".org"),
        ("@gmail.com", "", "@gmail.com"),
    ],
)
def test_a_chip_completes_what_is_begun(chip, before, entered):
    """No second @, no second dot, no domain twice."""
    assert entered == chip_text(chip, before)


def test_what_guests_type_stays_out_of_logs():
    """A stroke does not show its text."""
    assert "secret" not in repr(Text("secret"))
