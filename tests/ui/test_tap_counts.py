"""How many taps it takes: a scripted typist counts them, the fewest that the keyboard allows."""

import pytest

from booth.core.form import Field
from booth.ui.keyboard import for_field, taps


def count(text, field):
    """Return how many taps *text* takes in an empty *field*."""
    names = taps(text, field, for_field(field, ""))
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
        ("Ludwig van Beethoven", Field.NAME, 22),  # twice shift, to write "van" small
    ],
)
def test_usual_names_and_addresses_take_few_taps(text, field, fewest):
    """Capitals come by themselves in a name, and nothing usual needs another layer."""
    assert fewest == count(text, field)
