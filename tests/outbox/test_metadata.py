import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.outbox.metadata import LIMIT, decode, encode, weight

keys = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)
texts = st.text(max_size=40)
short_sets = st.dictionaries(keys, texts, max_size=3)
long_sets = st.fixed_dictionaries(
    {"name": st.text(max_size=700), "email": st.text(max_size=400), "event": st.text(max_size=400)},
    optional={"booth": st.text(max_size=900), "session": st.just("20261122-170512-k3v9q2m7xw")},
)


@given(short_sets)
def test_what_fits_comes_back_as_it_was(values):
    """Decoding gives what was encoded, whatever characters it was made of."""
    assert values == decode(encode(values))


@given(short_sets | long_sets)
def test_values_are_headers_that_no_server_can_change(values):
    """Every value is printable ASCII without blanks at its ends."""
    for value in encode(values).values():
        assert value.isascii()
        assert value.isprintable() or not value
        assert value.strip() == value


@given(long_sets)
def test_the_set_stays_under_the_limit(values):
    """Whatever is typed, the server will not find the metadata too large."""
    assert weight(encode(values)) <= LIMIT


@given(long_sets)
def test_what_is_shortened_is_a_beginning_of_what_was_typed(values):
    """No value is cut inside an escape or a character: it decodes to a beginning of the original."""
    assert all(values[key].startswith(value) for key, value in decode(encode(values)).items())


@given(long_sets)
def test_the_address_is_shortened_only_when_no_name_is_left(values):
    """The name gives way first, the address second."""
    there = decode(encode(values))
    if there["email"] != values["email"]:
        assert there["name"] == ""
    if there["event"] != values["event"]:
        assert there["email"] == ""


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("José", "Jos%C3%A9"),
        ("李小龙", "%E6%9D%8E%E5%B0%8F%E9%BE%99"),
        ("100 %", "100 %25"),
        ("%41", "%2541"),
        (" a  b ", "%20a  b%20"),
        ("   ", "%20%20%20"),
        ("a\tb\nc\x00\x7f", "a%09b%0Ac%00%7F"),
        ('O\'Néill <z@x.org>; "q"', 'O\'N%C3%A9ill <z@x.org>; "q"'),
        (" !~", "%20!~"),
        ("", ""),
        ("\ud800", "%ED%A0%80"),
    ],
)
def test_the_encoding_is_this(value, encoded):
    """Printable ASCII stays readable; the rest is percent-encoded UTF-8."""
    assert {"name": encoded} == encode({"name": value})
    assert {"name": value} == decode({"name": encoded})


def test_long_names_keep_whole_visible_characters():
    """Families, flags and accents are kept or dropped as the guest sees them: as one."""
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    kept = decode(encode({"name": family * 100, "email": "z@example.org"}))["name"]
    assert kept
    assert family * (len(kept) // len(family)) == kept


def test_the_limit_is_below_what_a_server_takes():
    """In bytes, names and values and the prefix of each; 2,136 are refused."""
    assert (2000, 16) == (LIMIT, weight({"name": "x"}))


def test_a_set_that_just_fits_is_left_as_it_is():
    """Nothing is taken from what the server takes; of a byte more, a letter goes."""
    room = LIMIT - weight({"name": ""})
    assert {"name": "x" * room} == encode({"name": "x" * room})
    assert {"name": "x" * room} == encode({"name": "x" * (room + 1)})


def test_no_blank_is_left_at_the_cut():
    """A server would strip it, were it not encoded; and encoded it takes room for nothing."""
    room = LIMIT - weight({"name": ""})
    assert {"name": "x" * (room - 2)} == encode({"name": "x" * (room - 2) + "  " + "y" * 9})
    assert {"name": "x" * (room - 1)} == encode({"name": "x" * (room - 1) + " y"})


def test_keys_of_no_guest_are_shortened_last():
    """Name, address, event and booth give way first; what is left over, in the end, too."""
    values = {"other": "o" * 1900, "booth": "b" * 99, "event": "e" * 99, "email": "m" * 99, "name": "n" * 99}
    encoded = encode(values)
    assert ("o" * 1900, "", "") == (encoded["other"], encoded["name"], encoded["email"])
    assert LIMIT == weight(encode({"other": "o" * 3000}))


def test_as_much_is_kept_as_fits():
    """Three hundred emoji do not fit; the set is filled up to the last one that does."""
    encoded = encode({"name": "\U0001f600" * 300})
    assert LIMIT - 12 < weight(encoded) <= LIMIT


@pytest.mark.parametrize("key", ["", "Name", "first_name", "first-name", "1st", "näme", "a.b", "a\n"])
def test_keys_that_a_replication_target_would_change_are_refused(key):
    """Only small letters and digits survive every cloud, and a letter has to come first."""
    with pytest.raises(ValueError, match="metadata key"):
        encode({key: "x"})


def test_too_many_keys_are_refused():
    """When the keys alone pass the limit, there is nothing left to shorten."""
    with pytest.raises(ValueError, match="too many"):
        encode({f"key{number}": "value" for number in range(200)})
