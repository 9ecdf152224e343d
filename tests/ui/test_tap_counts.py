"""How many taps it takes: a scripted typist counts them, the fewest that the keyboard allows."""

import re

import pytest

from booth.core.form import Field
from booth.ui.typing.keyboard import for_field
from booth.ui.typing.sheets import boards, known
from lab.taps import taps


def count(text, field, language="en"):
    """Return how many taps *text* takes in an empty *field*; a variant of a key that is held counts as two."""
    names = taps(text, field, for_field(field, "", boards(language)), holds=True)
    assert names is not None
    return len(names)


def test_an_address_takes_a_tap_a_character_less_what_its_chip_saves():
    """28 characters, of which the chip ``.org`` enters four: 25 taps, none of them for another layer."""
    address = "zoe.oneill+booth@example.org"
    names = taps(address, Field.EMAIL, for_field(Field.EMAIL, ""))
    assert 28 == len(address)
    assert len(address) - len(".org") + 1 == 25
    assert names == (*(f"key:{char}" for char in address[:-4]), "key:.org")


@pytest.mark.parametrize(
    ("text", "field", "fewest"),
    [
        ("zoe.oneill+booth@example.org", Field.EMAIL, 25),
        ("zoe+booth@example.org", Field.EMAIL, 18),
        ("zoe@gmail.com", Field.EMAIL, 4),
        ("mary_jane-88@outlook.com", Field.EMAIL, 13),
        ("sam@web.de", Field.EMAIL, 10),
        ("o'neill@example.com", Field.EMAIL, 18),  # the apostrophe: to the symbols, and back
        ("Zoë O'Néill", Field.NAME, 11),
        ("Mary-Jane Smith", Field.NAME, 15),
        ("José Muñoz", Field.NAME, 10),
        ("Søren Ørsted", Field.NAME, 14),  # twice to the accents; the letters return by themselves
        ("Ludwig van Beethoven", Field.NAME, 21),  # once shift, to write "van" small
    ],
)
def test_usual_names_and_addresses_take_few_taps(text, field, fewest):
    """Capitals come by themselves in a name, and nothing usual needs another layer."""
    assert fewest == count(text, field)


@pytest.mark.parametrize("language", known())
def test_an_address_takes_no_more_taps_than_characters_in_any_language(language):
    """In English 25; elsewhere the chips end in .com and the country's, and .org is held for: 26, two fewer than 28."""
    address = "zoe.oneill+booth@example.org"
    assert {"en": 25}.get(language, 26) == count(address, Field.EMAIL, language)
    names = taps(address, Field.EMAIL, for_field(Field.EMAIL, "", boards(language)))
    assert names is not None
    assert len(address) >= len(names)


def a_layer_away(address):
    """Return how many taps it takes where only letters, @ and the dot are at hand: there and back for all else."""
    return len(address) + 2 * len(re.findall(r"[^a-z@.]+", address))


@pytest.mark.parametrize("language", known())
@pytest.mark.parametrize(
    "address", ["zoe.oneill+booth@example.org", "zoe_2@gmail.com", "mary-jane.88@outlook.com", "a1@b2.io"]
)
def test_an_address_takes_fewer_taps_than_where_its_signs_are_a_layer_away(language, address):
    """As on a telephone, where digits and the plus are behind a key."""
    assert count(address, Field.EMAIL, language) < a_layer_away(address)


def test_an_address_on_a_board_with_a_globe_takes_no_tap_more():
    """Behind Greek or Russian an address begins with the same Latin letters, .org held for."""
    assert count("sam@web.de", Field.EMAIL, "el") == count("sam@web.de", Field.EMAIL, "en") == 10


@pytest.mark.parametrize(
    ("language", "text", "fewest"),
    [
        ("en", "Zoë O'Néill", 11),
        ("de", "Zoë O'Néill", 11),
        ("fr", "Zoë O'Néill", 11),
        ("es", "Zoë O'Néill", 11),
        ("it", "Zoë O'Néill", 11),
        ("de", "Jürgen Weiß", 11),
        ("en", "Jürgen Weiß", 12),  # the sharp s: held for, or from the accents
        ("fr", "François Lefèvre", 16),
        ("de", "François", 8),
        ("es", "Begoña", 6),
        ("en", "Begoña", 6),
        ("it", "Niccolò D'Amè", 13),
        ("el", "Αλέξης", 6),
        ("el", "Zoë", 4),  # the globe, and as in English
        ("ru", "Алёна", 5),
        ("ru", "Їжак Ґалаґан", 12),
        ("en", "van Beethoven", 14),  # one tap takes the capital away that comes by itself
    ],
)
def test_a_name_of_each_language_takes_few_taps(language, text, fewest):
    """What a language uses has a key of its own, and its neighbours' letters are close by."""
    assert fewest == count(text, Field.NAME, language)


@pytest.mark.parametrize(
    ("language", "address", "fewest"),
    [
        ("de", "zoe@gmx.de", 4),
        ("fr", "zoe@orange.fr", 4),
        ("es", "zoe@ejemplo.es", 12),
        ("it", "zoe@libero.it", 4),
        ("el", "zoe@yahoo.gr", 4),
        ("ru", "zoe@mail.ru", 4),
    ],
)
def test_each_language_has_the_domains_of_its_own(language, address, fewest):
    """A tap for what most of its people have behind their name."""
    assert fewest == count(address, Field.EMAIL, language)
