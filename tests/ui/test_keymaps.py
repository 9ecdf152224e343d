"""What a keyboard says whose keys are not those of an American one."""

import string
from typing import get_args

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.ui.settings import KeyboardSection
from booth.ui.typing.keymaps import _EVERYWHERE, _ROWS, KEYMAPS, Composer

SHIFT, ALTGR, CAPS = {"shift": True}, {"altgr": True}, {"caps": True}
LEVELS = ({}, SHIFT, ALTGR)
keymaps = st.sampled_from(list(KEYMAPS.values()))
keys = st.sampled_from([key for row in _ROWS for key in row])
held = st.fixed_dictionaries({}, optional=dict.fromkeys(("shift", "altgr", "caps"), st.booleans()))


def ways(keymap):
    """Return how each character is struck: its key and what is held with it, the plainest way."""
    found = {}
    for level in LEVELS:
        for key in (*_EVERYWHERE, *(key for row in _ROWS for key in row)):
            found.setdefault(keymap.char(key, **level), (key, level))
    return found


def typed(keymap, *struck):
    """Return the text after keys that were *struck* one after the other, each with what is held."""
    composer = Composer(keymap)
    return "".join(composer.strike(key, **level) or "" for key, level in struck)


def test_the_settings_know_every_keymap():
    """And none that there is not; the American one is the display driver's own."""
    assert {"us", *KEYMAPS} == set(get_args(KeyboardSection.model_fields["layout"].annotation))


@pytest.mark.parametrize("keymap", KEYMAPS.values(), ids=KEYMAPS)
def test_every_key_has_its_sign(keymap):
    """Alone every key says something, and with shift too, but for one on a French one; none says two things."""
    every = {key for row in _ROWS for key in row} | set(_EVERYWHERE)
    assert every == set(keymap.alone)
    assert len(every - set(keymap.shift)) <= 1
    assert all(len(char) == 1 for level in (keymap.alone, keymap.shift, keymap.altgr) for char in level.values())


@given(keymaps, st.text(string.ascii_letters + string.digits + "@._-+ ", max_size=40))
def test_an_address_can_be_typed_on_every_keyboard(keymap, text):
    """Letters, digits, and the signs that addresses have."""
    how = ways(keymap)
    assert text == typed(keymap, *(how[char] for char in text))


@pytest.mark.parametrize(
    ("name", "key", "level"),
    [
        ("gb", pygame.KSCAN_APOSTROPHE, SHIFT),
        ("de", pygame.KSCAN_Q, ALTGR),
        ("fr", pygame.KSCAN_0, ALTGR),
        ("es", pygame.KSCAN_2, ALTGR),
        ("it", pygame.KSCAN_SEMICOLON, ALTGR),
        ("ch", pygame.KSCAN_2, ALTGR),
    ],
)
def test_the_at_sign_is_where_it_is_printed(name, key, level):
    """Whoever has such a keyboard at home finds it: with AltGr on Q, à, 2, ò; in Britain with shift."""
    assert "@" == typed(KEYMAPS[name], (key, level))


def test_letters_are_where_they_are_printed():
    """QWERTZ, AZERTY, and the letters that others have punctuation for."""
    row = [pygame.KSCAN_Q, pygame.KSCAN_W, pygame.KSCAN_E, pygame.KSCAN_R, pygame.KSCAN_T, pygame.KSCAN_Y]
    starts = {name: typed(keymap, *((key, {}) for key in row)) for name, keymap in KEYMAPS.items()}
    usual = dict.fromkeys(KEYMAPS, "qwerty")
    assert usual | {"de": "qwertz", "fr": "azerty", "ch": "qwertz"} == starts
    beside_l = {name: keymap.char(pygame.KSCAN_SEMICOLON) for name, keymap in KEYMAPS.items()}
    assert {"gb": ";", "de": "ö", "fr": "m", "es": "ñ", "it": "ò", "ch": "ö"} == beside_l
    assert {"<", "\\"} == {keymap.char(pygame.KSCAN_NONUSBACKSLASH) for keymap in KEYMAPS.values()}


@given(keymaps, keys, st.sampled_from(LEVELS))
def test_the_lock_is_for_letters_only(keymap, key, level):
    """It turns small letters into capitals and back, also those of the row of digits; all else stays as it is."""
    without, locked = keymap.char(key, **level), keymap.char(key, **level, caps=True)
    assert locked in {without, without.swapcase()}
    assert (locked == without) == (not without.isalpha() or without in "ªºµß")


def test_capitals_with_accents():
    """A French é with the lock is É; with AltGr a British á, with shift as well Á."""
    assert "É" == KEYMAPS["fr"].char(pygame.KSCAN_2, caps=True)
    assert ["á", "Á"] == [KEYMAPS["gb"].char(pygame.KSCAN_A, altgr=True, shift=shift) for shift in (False, True)]


@given(keymaps, keys, held)
def test_the_number_beside_return_may_be_another(keymap, key, level):
    """The key there is one of two by number, and the same by sign."""
    assert keymap.char(50, **level) == keymap.char(49, **level)


# ---- dead keys


@pytest.mark.parametrize(
    ("name", "struck", "expected"),
    [
        ("de", "´e", "é"),
        ("de", "^A", "Â"),
        ("de", "`u", "ù"),
        ("fr", "^e", "ê"),
        ("fr", "¨I", "Ï"),
        ("fr", "~n", "ñ"),
        ("es", "´U", "Ú"),
        ("es", "~a", "ã"),
        ("ch", "¨o", "ö"),
        ("de", "^x", "^x"),
        ("de", "´1", "´1"),
        ("de", "^^", "^^"),
        ("es", "´¨", "´¨"),
        ("fr", "^ ", "^"),
        ("fr", "^ e", "^e"),
    ],
)
def test_a_dead_key_and_a_letter(name, struck, expected):
    """They are one character if there is such a one, both if not; before a blank the accent is by itself."""
    how = ways(KEYMAPS[name])
    assert expected == typed(KEYMAPS[name], *(how[char] for char in struck))


def test_shift_between_a_dead_key_and_its_letter():
    """A key that is only held with others does not take the accent away; another key without text does."""
    how = ways(KEYMAPS["fr"])
    shift, left = (225, {}), (80, {})
    assert "Ê" == typed(KEYMAPS["fr"], how["^"], shift, how["E"])
    assert "e" == typed(KEYMAPS["fr"], how["^"], left, how["e"])


@given(keymaps, st.lists(st.tuples(keys, held), max_size=20))
def test_nothing_that_is_typed_is_lost(keymap, struck):
    """Whatever the order: each character is there, alone or with the accent before it, but an accent at the end."""
    composer = Composer(keymap)
    said = "".join(composer.strike(key, **level) for key, level in struck)
    letters = [keymap.char(key, **level) for key, level in struck]
    dead = sum(bool(char) and char in keymap.dead for char in letters)
    assert sum(map(bool, letters)) - dead <= len(said) <= sum(map(bool, letters))


# ---- what is no text


@given(keymaps, st.integers(0, 511).filter(lambda key: key not in (*_EVERYWHERE, 50, *sum(_ROWS, ()))), held)
def test_an_unknown_key_says_nothing(keymap, key, level):
    """Function keys, arrows, the keys of other countries."""
    assert not Composer(keymap).strike(key, **level)


@given(keymaps, keys, held)
def test_a_key_with_control_is_no_text(keymap, key, level):
    """Nor with alt, or the one with the maker's sign."""
    assert not Composer(keymap).strike(key, **level, chord=True)


@given(keymaps)
def test_backspace_takes_a_dead_key_back(keymap):
    """And erases what there is only when none waits."""
    composer = Composer(keymap)
    for sign in keymap.dead:
        key, level = ways(keymap)[sign]
        assert ["", None, ""] == [composer.strike(key, **level), composer.strike(42), composer.strike(42)]


@given(keymaps, held)
def test_the_keypad_has_digits_whatever_is_held(keymap, level):
    """Nobody has to look for the number lock."""
    pad = (89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99)
    assert "1234567890." == "".join(keymap.char(key, **level) for key in pad)
