"""The on-screen keyboard: everything can be typed, nothing overlaps, and no tap falls between two keys."""

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import Field
from booth.ui.typing import keyboard as kb
from booth.ui.typing.keyboard import (
    Backspace,
    Insert,
    Key,
    Keyboard,
    Layer,
    Next,
    Nothing,
    Shift,
    chip_text,
    for_field,
    hit,
)
from booth.ui.typing.sheets import boards, known
from lab.taps import taps

SMALL = (0, 200, 800, 280)
LARGE = (0, 260, 1024, 340)
UPRIGHT = (4, 448, 472, 348)
PRINTABLE = "".join(map(chr, range(32, 127)))
WANTED = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßčšžłőűğış"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = {
    "en": "Zoë O'Néill",
    "de": "Jürgen Weiß",
    "fr": "François Lefèvre",
    "es": "Begoña Muñoz",
    "it": "Niccolò D'Amè",
    "el": "Αλέξης Παπαδόπουλος",
    "ru": "Алёна Щербакова",
}
ACCENTED = "".join(word for row in boards("en").boards[0].accents for word, _ in row if len(word) == 1)
CAPITAL_ACCENTS = "".join(kb._capital(c) for c in ACCENTED)

languages = st.sampled_from(known())
layers = st.sampled_from(Layer)
shifts = st.sampled_from(Shift)
fields = st.sampled_from(Field)
keyboards = st.builds(
    Keyboard, layers, shifts, st.booleans(), st.builds(boards, languages), st.integers(0, 1), st.booleans()
)
english = st.builds(Keyboard, layers, shifts, st.booleans(), shifting=st.booleans())
areas = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(470, 1300), st.integers(240, 500))
everything = [
    Keyboard(layer, shift, boards=boards(code), script=script)
    for code in known()
    for script in range(len(boards(code).boards))
    for layer, shift in product(Layer, Shift)
]


def key(keyboard: Keyboard, name: str, field: Field = Field.NAME) -> Key:
    """Find the key *name* on the small screen."""
    return next(k for k in keyboard.keys(SMALL, field) if k.name == name)


def typed(names: tuple[str, ...], field: Field, start: Keyboard) -> str:
    """Tap the keys *names* one after the other, as a finger would, and return the text."""
    text = ""
    keyboard = start
    held = None
    for name in names:
        if name.startswith("variant:"):
            chosen = name.removeprefix("variant:")
            assert chosen in held.variants
            keyboard, edit = keyboard.entered(chosen)
        elif name.startswith("hold:"):
            held = key(keyboard, name.replace("hold:", "key:"), field)
            continue
        else:
            held = key(keyboard, name, field)
            found = hit(keyboard.keys(SMALL, field), held.x + held.width // 2, held.y + held.height // 2)
            assert held == found
            keyboard, edit = keyboard.press(held)
        if isinstance(edit, Insert):
            text += chip_text(edit.text, text) if held.kind == "chip" else edit.text
    return text


def distance(k: Key, x: int, y: int) -> float:
    """Return how far a point is from a painted key, in pixels."""
    across = max(k.x - x, 0, x - (k.x + k.width - 1))
    down = max(k.y - y, 0, y - (k.y + k.height - 1))
    return (across * across + down * down) ** 0.5


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
    nearest = min(distance(k, x, y) for k in keys if k.cell[1] <= y < k.cell[1] + k.cell[3])
    assert found is not None
    assert distance(found, x, y) <= nearest + 6


@pytest.mark.parametrize("area", [SMALL, LARGE, UPRIGHT], ids=str)
@pytest.mark.parametrize("field", list(Field))
def test_each_pixel_of_the_area_belongs_to_one_cell(field, area):
    """The cells tile the area: their sizes add up to it and none leaves it or overlaps another."""
    x, y, width, height = area
    for keyboard in everything:
        cells = [k.cell for k in keyboard.keys(area, field)]
        assert width * height == sum(wide * high for _, _, wide, high in cells)
        for left, top, wide, high in cells:
            assert x <= left < left + wide <= x + width
            assert y <= top < top + high <= y + height
        for (a, b, c, d), (e, f, g, h) in combinations(cells, 2):
            assert a + c <= e or e + g <= a or b + d <= f or f + h <= b


@pytest.mark.parametrize("keyboard", everything[:9])
def test_off_the_keyboard_nothing_is_hit(keyboard):
    """Its cells end where it ends."""
    keys = keyboard.keys(SMALL, Field.NAME)
    for x, y in ((400, 200), (400, 479), (0, 300), (799, 300)):
        assert hit(keys, x, y) is not None
    for x, y in ((400, 199), (400, 480), (-1, 300), (800, 300)):
        assert hit(keys, x, y) is None


@pytest.mark.parametrize("area", [SMALL, LARGE, UPRIGHT], ids=str)
def test_the_gap_below_a_key_is_its_own(area):
    """A finger that lands lower than the eye aimed, but not on the next key, means the key above."""
    # Shift for one letter and shift that is locked have the same keys: once is enough for them.
    for keys in {keyboard.keys(area, field) for keyboard, field in product(everything, Field)}:
        for k in keys:
            below = min((o.y for o in keys if o.y >= k.y + k.height), default=area[1] + area[3])
            for y in range(k.y + k.height, below):
                assert hit(keys, k.x + k.width // 2, y) == k


@pytest.mark.parametrize(("area", "field"), list(product([SMALL, LARGE], Field)))
def test_keys_are_large_enough_for_thumbs(area, field):
    """9 mm of a 7" panel, 52 px, high and wide, gaps counted: every key of every layer of every language."""
    for keyboard in everything:
        keys = keyboard.keys(area, field)
        assert min(k.height for k in keys) >= 52
        assert min(k.cell[2] for k in keys) >= 52


@pytest.mark.parametrize("field", list(Field))
def test_on_an_upright_screen_keys_are_as_high_and_as_wide_as_there_is_room_for(field):
    """A panel on its side has room for twelve keys in a row, 38 px each; they are higher for it."""
    for keyboard in everything:
        keys = keyboard.keys(UPRIGHT, field)
        assert min(k.height for k in keys) >= 52
        assert min(k.cell[2] for k in keys) >= 38


def test_on_an_upright_screen_the_domains_are_a_row_above_the_keys():
    """And none of them is lost; the key to the other field ends the last row."""
    keys = Keyboard().keys(UPRIGHT, Field.EMAIL)
    chips = [k for k in keys if k.kind == "chip"]
    assert ["@gmail.com", "@outlook.com", "@icloud.com", ".com", ".org"] == [k.label for k in chips]
    assert {chips[0].y} == {k.y for k in chips}
    assert chips[0].y == min(k.y for k in keys)
    assert keys[-1].name == "key:next"
    assert {k.name for k in keys} == {k.name for k in Keyboard().keys(SMALL, Field.EMAIL)}


def test_a_larger_screen_has_larger_keys():
    """The keyboard fills the area it is given."""
    small = {k.name: k for k in Keyboard().keys(SMALL, Field.EMAIL)}
    large = {k.name: k for k in Keyboard().keys(LARGE, Field.EMAIL)}
    assert small.keys() == large.keys()
    assert all(large[name].width > small[name].width and large[name].height > small[name].height for name in small)


def test_names_are_unique():
    """A key's name finds one key, on every layer of every language."""
    for keyboard, field in product(everything, Field):
        names = [k.name for k in keyboard.keys(SMALL, field)]
        assert sorted(set(names)) == sorted(names)


def test_variants_are_unique():
    """A key offers each variant once, and never what it enters itself."""
    for keyboard, field in product(everything, Field):
        for k in keyboard.keys(SMALL, field):
            assert len({k.label, *k.variants}) == len(k.variants) + 1
            assert len(k.variants) <= 9


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


@pytest.mark.parametrize("code", known())
def test_the_letters_of_an_address_have_no_accents(code):
    """Few addresses have any: the key is with the signs, and the row is as wide as the others."""
    keyboard = for_field(Field.EMAIL, "", boards(code))
    letters = keyboard.keys(SMALL, Field.EMAIL)
    signs = replace(keyboard, layer=Layer.SYMBOLS).keys(SMALL, Field.EMAIL)
    counts = [len([k for k in keys if k.name == "key:accents"]) for keys in (letters, signs)]
    assert [0, 1] == counts
    last = [k for k in letters if k.y == max(k.y for k in letters) and k.name != "key:next"]
    first = [k for k in letters if k.y == min(k.y for k in letters) and k.kind != "chip"]
    assert (last[0].x, last[-1].x + last[-1].width) == (first[0].x, first[-1].x + first[-1].width)


@pytest.mark.parametrize("area", [SMALL, UPRIGHT], ids=str)
def test_every_layer_has_a_way_out(area):
    """Backspace and next are always there, and another layer can be reached."""
    for keyboard, field in product(everything, Field):
        names = {k.name for k in keyboard.keys(area, field)}
        assert {"key:backspace", "key:next"} <= names
        assert names & {"key:letters", "key:symbols"}


@pytest.mark.parametrize("code", known())
def test_the_globe_is_there_where_it_turns_to_something(code):
    """One script, no globe; two scripts, a globe on the letters of both, and it comes round."""
    of = boards(code)
    for script, field in product(range(len(of.boards)), Field):
        keyboard = Keyboard(boards=of, script=script)
        there = "key:globe" in {k.name for k in keyboard.keys(SMALL, field)}
        assert there == (len(of.boards) > 1)
        if there:
            for _ in of.boards:
                keyboard, edit = keyboard.press(key(keyboard, "key:globe", field))
                assert edit == Nothing()
            assert script == keyboard.script


def test_the_way_back_to_the_letters_says_which_letters():
    """abc, or what a Greek or a Russian calls it."""
    said = {
        code: key(Keyboard(Layer.SYMBOLS, boards=boards(code)), "key:letters").label
        for code in ("en", "de", "el", "ru")
    }
    assert {"en": "abc", "de": "abc", "el": "αβγ", "ru": "абв"} == said


def test_another_script_can_be_added_to_any_language():
    """An event in Athens whose booth speaks English has Greek behind the globe; an address stays Latin."""
    of = boards("en", ("el",))
    assert ("en", "el") == tuple(board.code for board in of.boards)
    keyboard, _ = for_field(Field.NAME, "", of).press(key(for_field(Field.NAME, "", of), "key:globe"))
    assert {"key:Α", "key:Λ"} <= {k.name for k in keyboard.keys(SMALL, Field.NAME)}


@pytest.mark.parametrize("code", known())
def test_an_address_begins_with_latin_letters(code):
    """Whatever the language: nobody has to look for the @, or for a Latin letter."""
    names = {k.name for k in for_field(Field.EMAIL, "", boards(code)).keys(SMALL, Field.EMAIL)}
    assert {f"key:{c}" for c in LETTERS + "0123456789@.-_+"} <= names


def test_an_event_names_its_own_domains():
    """They are on the chips, in place of the language's."""
    of = boards("de", (), ("example.com",))
    chips = [k.label for k in for_field(Field.EMAIL, "", of).keys(SMALL, Field.EMAIL) if k.kind == "chip"]
    assert ["@example.com", ".de", ".com"] == chips


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


@pytest.mark.parametrize("code", known())
def test_every_character_of_every_board_can_be_reached(code):
    """From where a guest begins, whatever is on a key or offered by one can be entered, and comes out as it is."""
    of = boards(code)
    for field in Field:
        start = for_field(field, "", of)
        there = set()
        for script, layer, shift in product(range(len(of.boards)), Layer, Shift):
            for k in Keyboard(layer, shift, boards=of, script=script).keys(SMALL, field):
                there |= {k.label, *k.variants} if k.kind == "char" else set()
        for char in sorted(there):
            names = taps(char, field, start, holds=True)
            assert names is not None, char
            assert char == typed(names, field, start)


@pytest.mark.parametrize(("code", "name"), NAMES.items())
def test_a_name_of_each_language_is_typed_exactly(code, name):
    """With the keys alone, and with variants."""
    for holds in (False, True):
        start = for_field(Field.NAME, "", boards(code))
        names = taps(name, Field.NAME, start, holds=holds)
        assert names is not None
        assert name == typed(names, Field.NAME, start)


@given(st.text(PRINTABLE + ACCENTED + CAPITAL_ACCENTS, max_size=20), fields, english)
def test_tapping_what_taps_says_types_the_text(text, field, start):
    """Any text of those characters comes out exactly, from any state of the keyboard."""
    names = taps(text, field, start)
    assert names is not None
    assert text == typed(names, field, start)


@given(languages, fields, st.data())
def test_holding_keys_types_the_text_as_well(code, field, data):
    """With variants no text takes more taps, and it comes out exactly, in every language."""
    start = for_field(field, "", boards(code))
    letters = {k.label for k in start.keys(SMALL, field) if k.kind == "char"}
    offered = {v for k in start.keys(SMALL, field) if k.kind == "char" for v in k.variants}
    text = data.draw(st.text(sorted(letters | offered), max_size=8))
    plain, held = taps(text, field, start), taps(text, field, start, holds=True)
    assert held is not None
    assert text == typed(held, field, start)
    assert plain is None or len(held) <= len(plain)


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
    target = data.draw(st.sampled_from(Keyboard(layer, shift, boards=keyboard.boards).keys(SMALL, field)))
    after, edit = keyboard.press(target)
    assert isinstance(after, Keyboard)
    assert isinstance(edit, Insert | Backspace | Next | Nothing)
    assert (target.kind != "action" or target.name == "key:space") == isinstance(edit, Insert)


def test_shift_is_for_one_letter():
    """Shift, a letter: a capital, and small letters again."""
    keyboard, edit = Keyboard().press(key(Keyboard(), "key:shift"))
    assert (Shift.ONCE, Nothing()) == (keyboard.shift, edit)
    keyboard, edit = keyboard.press(key(keyboard, "key:Q"))
    assert (Shift.OFF, Insert("Q")) == (keyboard.shift, edit)


def test_shift_outlives_what_is_no_letter():
    """A digit or a dot does not use shift up."""
    keyboard = Keyboard(shift=Shift.ONCE)
    keyboard, edit = keyboard.press(key(keyboard, "key:7", Field.EMAIL))
    assert (Shift.ONCE, Insert("7")) == (keyboard.shift, edit)


def test_two_quick_taps_on_shift_lock_it_and_a_third_lets_go():
    """Off, once, locked, off; locked stays over letters."""
    keyboard = Keyboard()
    seen = []
    for _ in range(3):
        keyboard, _ = keyboard.press(key(keyboard, "key:shift"), quick=True)
        seen.append(keyboard.shift)
    assert [Shift.ONCE, Shift.LOCKED, Shift.OFF] == seen
    locked = Keyboard(shift=Shift.LOCKED)
    assert locked == locked.press(key(locked, "key:A"))[0]


def test_slow_taps_on_shift_turn_it_on_and_off():
    """Who wants no capital after all taps again."""
    keyboard = Keyboard()
    seen = []
    for _ in range(4):
        keyboard, _ = keyboard.press(key(keyboard, "key:shift"), quick=False)
        seen.append(keyboard.shift)
    assert [Shift.ONCE, Shift.OFF, Shift.ONCE, Shift.OFF] == seen


def test_the_capital_that_comes_by_itself_can_be_locked_too():
    """A name begins with shift on: one tap is for a small letter, two quick ones are for capitals."""
    begun = for_field(Field.NAME, "")
    once, _ = begun.press(key(begun, "key:shift"))
    assert Shift.OFF is once.shift
    assert Shift.LOCKED is once.press(key(once, "key:shift"))[0].shift


def test_a_letter_between_two_taps_on_shift_makes_them_two():
    """Shift, Q, shift is no double tap, however quick."""
    keyboard = Keyboard()
    for name in ("key:shift", "key:Q", "key:shift"):
        keyboard, _ = keyboard.press(key(keyboard, name), quick=True)
    assert Shift.ONCE is keyboard.shift


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
    keyboard, edit = keyboard.press(key(keyboard, "key:space"))
    assert (Layer.LETTERS, Insert(" ")) == (keyboard.layer, edit)


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
    """A edit does not show its text."""
    assert "secret" not in repr(Insert("secret"))
