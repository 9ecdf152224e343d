"""What is written beside the pictures comes back as it was, or not at all."""

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from booth import RELEASED
from booth.core.visit import Guest
from booth.outbox.entry import (
    DRIFT,
    Entry,
    Product,
    Visit,
    guest_read,
    guest_written,
    iso,
    note_read,
    note_written,
)
from booth.ports import Uptime
from booth.units import Seconds

SESSION = "20261122-170512-aaaaaaaaaa"
TAKEN = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC)
NOON = TAKEN.timestamp()
UP = Uptime("a boot", Seconds(100.0))
VISIT = Visit(SESSION, "Fête", "Booth 1", TAKEN, UP)
MD5 = "0123456789abcdef" * 2
ANIMATION = Product("animation.gif", "image/gif", "fete/a.gif", 1, MD5)
STRIP = Product("strip.jpg", "image/jpeg", "fete/a-strip.jpg", 200, MD5[::-1])
ENTRY = Entry(SESSION, {"name": "Zo%C3%AB"}, (ANIMATION,))
OLD = b"""{
  "session": "20261122-170512-aaaaaaaaaa",
  "key": "fete/2026-11-22/20261122-170512-aaaaaaaaaa.gif",
  "metadata": {
    "event": "F%C3%AAte",
    "booth": "Booth 1",
    "session": "20261122-170512-aaaaaaaaaa",
    "taken": "2026-11-22T17:05:12Z",
    "consent": "yes",
    "name": "Zo%C3%AB",
    "email": "zoe@example.org"
  },
  "bytes": 32,
  "md5": "5e0f2d1c4b3a69788796a5b4c3d2e1f0"
}
"""
"""An entry of version 1, as booths up to 0.2 wrote it."""


def changed(content, **fields):
    """Return a file with other fields; those that are to be None are gone."""
    both = json.loads(content) | fields
    return json.dumps({name: value for name, value in both.items() if value is not None}).encode()


# ---- the visit


def test_a_visit_is_written_for_people_and_programs():
    """One field in a line, in ASCII, with a line's end at the end."""
    assert (
        b'{\n  "session": "20261122-170512-aaaaaaaaaa",\n  "event": "F\\u00eate",\n  "booth": "Booth 1",\n'
        b'  "taken": "2026-11-22T17:05:12Z",\n  "boot": "a boot",\n  "uptime": 100.0\n}\n'
    ) == VISIT.written()


@pytest.mark.parametrize("uptime", [UP, None, Uptime("a boot", Seconds(0.0))])
def test_a_visit_comes_back(uptime):
    """With how long the machine had been up, if that is known."""
    visit = Visit(SESSION, "Fête", "Booth 1", TAKEN, uptime)
    assert visit == Visit.read(visit.written())


def test_an_uptime_without_a_boot_is_none():
    """A number of seconds since nobody knows when says nothing."""
    visit = Visit(SESSION, "Fête", "Booth 1", TAKEN, Uptime("", Seconds(3.0)))
    assert b"uptime" not in visit.written()
    assert Visit.read(visit.written()).uptime is None


def test_whole_seconds_of_uptime_are_written_as_any_other():
    """What reads them takes nothing else."""
    visit = Visit(SESSION, "Fête", "Booth 1", TAKEN, Uptime("a boot", Seconds(3)))
    assert Uptime("a boot", Seconds(3.0)) == Visit.read(visit.written()).uptime


@pytest.mark.parametrize("fields", [{"boot": 3}, {"boot": None}, {"uptime": "3"}, {"uptime": 3}, {"uptime": None}])
def test_half_an_uptime_is_none(fields):
    """The visit itself is believed."""
    assert Visit(SESSION, "Fête", "Booth 1", TAKEN) == Visit.read(changed(VISIT.written(), **fields))


@pytest.mark.parametrize("name", ["session", "event", "booth", "taken"])
@pytest.mark.parametrize("value", [None, 3])
def test_a_visit_that_lacks_something_is_none(name, value):
    """The error names what it is."""
    with pytest.raises(ValueError, match=f"its {name} is no text"):
        Visit.read(changed(VISIT.written(), **{name: value}))


@pytest.mark.parametrize(
    ("content", "why"), [(b"[]", "no JSON object"), (b"[" * 200_000, "no JSON of ours"), (b"\xff", "utf-8")]
)
def test_what_is_no_file_of_ours_is_a_value_error(content, why):
    """Whatever lies there, one kind of error."""
    with pytest.raises(ValueError, match=why):
        Visit.read(content)


# ---- when it was


@pytest.mark.parametrize(
    ("off", "taken"),
    [
        (0.0, TAKEN),
        (DRIFT, TAKEN),
        (-DRIFT, TAKEN),
        (DRIFT + 1.0, TAKEN + timedelta(seconds=DRIFT + 1.0)),
        (-DRIFT - 1.0, TAKEN - timedelta(seconds=DRIFT + 1.0)),
        (1e12, None),
        (1e30, None),
    ],
)
def test_a_clock_that_was_set_since_tells_when_it_was(off, taken):
    """As long ago as the machine has been up since; what quartz loses in a day is no setting."""
    assert taken == VISIT.truly_taken(NOON + 20.0 + off, Uptime("a boot", Seconds(120.0)))


@pytest.mark.parametrize(
    ("visit", "up"),
    [
        (VISIT, Uptime("another boot", Seconds(120.0))),
        (VISIT, Uptime("", Seconds(120.0))),
        (Visit(SESSION, "e", "b", TAKEN, Uptime("", Seconds(100.0))), Uptime("", Seconds(120.0))),
        (Visit(SESSION, "e", "b", TAKEN), Uptime("a boot", Seconds(120.0))),
    ],
)
def test_after_the_power_went_nobody_can_tell(visit, up):
    """Only within one run of the machine is its uptime a measure."""
    assert visit.truly_taken(NOON + 20.0, up) is None


@pytest.mark.parametrize(("wall", "known"), [(RELEASED - 1.0, False), (RELEASED, True)])
def test_a_clock_from_before_this_software_tells_nothing(wall, known):
    """It has not been set yet."""
    assert known is (VISIT.truly_taken(wall, UP) is not None)


def test_a_minute_is_no_setting_of_the_clock():
    """Quartz is no better; more than that nobody loses in a day."""
    assert 60.0 == DRIFT


def test_moments_are_told_to_the_second():
    """With all the zeros that belong there."""
    assert "0987-01-02T03:04:05Z" == iso(datetime(987, 1, 2, 3, 4, 5, 999_999, tzinfo=UTC))


# ---- the entry


@pytest.mark.parametrize("products", [(ANIMATION,), (ANIMATION, STRIP)])
def test_an_entry_comes_back(products):
    """With everything that is to be sent, in its order."""
    entry = Entry(SESSION, {"name": "Zo%C3%AB"}, products)
    assert entry == Entry.read(entry.written())


def test_an_entry_is_written_for_people_and_programs():
    """Its version first; each product with all that has to be known to send it."""
    assert {
        "version": 2,
        "session": SESSION,
        "metadata": {"name": "Zo%C3%AB"},
        "products": [
            {"file": "animation.gif", "type": "image/gif", "key": "fete/a.gif", "bytes": 1, "md5": MD5},
            {"file": "strip.jpg", "type": "image/jpeg", "key": "fete/a-strip.jpg", "bytes": 200, "md5": MD5[::-1]},
        ],
    } == json.loads(Entry(SESSION, {"name": "Zo%C3%AB"}, (ANIMATION, STRIP)).written())


def test_an_entry_of_an_older_booth_is_read():
    """Its animation is its one product; what is written from then on is of this version."""
    entry = Entry.read(OLD)
    key = f"fete/2026-11-22/{SESSION}.gif"
    assert (Product("animation.gif", "image/gif", key, 32, "5e0f2d1c4b3a69788796a5b4c3d2e1f0"),) == entry.products
    assert (SESSION, "Zo%C3%AB", "2026-11-22T17:05:12Z", 7) == (
        entry.session, entry.metadata["name"], entry.metadata["taken"], len(entry.metadata)
    )  # fmt: skip
    assert entry == Entry.read(entry.written())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"metadata": []}, "not names and texts"),
        ({"metadata": None}, "not names and texts"),
        ({"metadata": {"name": 3, "email": "x"}}, "not names and texts"),
        ({"session": None}, "its session is no text"),
    ],
)
@pytest.mark.parametrize("written", [OLD, ENTRY.written()], ids=["version 1", "version 2"])
def test_an_entry_that_says_nonsense_is_none(written, fields, why):
    """Nothing is sent that was not settled."""
    with pytest.raises(ValueError, match=why):
        Entry.read(changed(written, **fields))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"bytes": 0}, "what animation.gif has to be"),
        ({"bytes": True}, "what animation.gif has to be"),
        ({"bytes": "3"}, "what animation.gif has to be"),
        ({"bytes": 3.0}, "what animation.gif has to be"),
        ({"bytes": None}, "what animation.gif has to be"),
        ({"md5": "0123456789ABCDEF" * 2}, "what animation.gif has to be"),
        ({"md5": "0" * 31}, "what animation.gif has to be"),
        ({"md5": "0" * 33}, "what animation.gif has to be"),
        ({"md5": None}, "its md5 is no text"),
        ({"key": ""}, "no key"),
        ({"key": None}, "its key is no text"),
    ],
)
def test_a_product_that_says_nonsense_is_none(fields, why):
    """Whichever version says it."""
    with pytest.raises(ValueError, match=why):
        Entry.read(changed(OLD, **fields))
    product = json.loads(changed(json.dumps(ANIMATION.written()), **fields))
    with pytest.raises(ValueError, match=why):
        Entry.read(changed(ENTRY.written(), products=[product]))


@pytest.mark.parametrize(
    "file",
    [
        "", "..", "../x.gif", "a/b.gif", "frame-1.jpg", "entry.json", "strip.part", "strip.damaged", "Strip.jpg",
        "strip", "a.b.gif", "strip.jpg\n", "a" * 41 + ".jpg", 3, None,
    ],
)  # fmt: skip
def test_a_product_has_a_file_of_its_own(file):
    """In the visit's folder, under no name that the booth's own facts and frames have."""
    with pytest.raises(ValueError, match=r"no file's name|its file is no text"):
        Entry.read(changed(ENTRY.written(), products=[ANIMATION.written(), STRIP.written() | {"file": file}]))


@pytest.mark.parametrize("kind", ["", "image", "image/gif; x=y", "image/gif\r\nX-Evil: 1", "Image/GIF", "/", 3, None])
def test_a_product_has_a_type_that_can_be_sent(kind):
    """It goes into a header."""
    with pytest.raises(ValueError, match=r"or no type|its type is no text"):
        Entry.read(changed(ENTRY.written(), products=[ANIMATION.written() | {"type": kind}]))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"version": 3}, "a version that this booth does not know"),
        ({"version": "2"}, "a version that this booth does not know"),
        ({"version": True}, "a version that this booth does not know"),
        ({"products": None}, "lists no products"),
        ({"products": {}}, "lists no products"),
        ({"products": []}, "lists no products"),
        ({"products": [ANIMATION.written()] * 17}, "lists no products"),
        ({"products": [3]}, "one of its products is none"),
        ({"products": [STRIP.written()]}, "no animation first"),
        ({"products": [STRIP.written(), ANIMATION.written()]}, "no animation first"),
        ({"products": [ANIMATION.written()] * 2}, "something twice"),
        ({"products": [ANIMATION.written(), STRIP.written() | {"key": "fete/a.gif"}]}, "something twice"),
        ({"products": [ANIMATION.written(), ANIMATION.written() | {"key": "fete/b.gif"}]}, "something twice"),
    ],
)
def test_a_list_of_products_that_is_none(fields, why):
    """One object for each product, and each under a key of its own."""
    with pytest.raises(ValueError, match=why):
        Entry.read(changed(ENTRY.written(), **fields))


@pytest.mark.parametrize("value", [VISIT, ENTRY])
def test_what_was_settled_cannot_be_changed(value):
    """A change is another value."""
    with pytest.raises(FrozenInstanceError):
        value.session = "another"


# ---- the guest, and small facts


@pytest.mark.parametrize("consent", [True, False])
def test_details_come_back(consent):
    """As they were typed, and with what was agreed to."""
    guest = Guest("Zoë", "zoe@example.org", consent)
    assert guest == guest_read(guest_written(guest))


@pytest.mark.parametrize("language", ["", "de"])
def test_a_language_comes_back(language):
    """Where it is known; a file of an older booth has none."""
    guest = Guest("Zoë", "zoe@example.org", language=language)
    assert guest == guest_read(guest_written(guest))
    assert bool(language) is (b"language" in guest_written(guest))


@pytest.mark.parametrize("language", ["", "deu", "DE", "d\u00e9", "de\n", 3, None, ["de"]])
def test_a_language_that_is_no_code_is_none(language):
    """The details are there all the same."""
    content = json.dumps({"guest": {"name": "Zoë", "email": "z", "consent": True, "language": language}}).encode()
    assert Guest("Zoë", "z", consent=True) == guest_read(content)


def test_a_file_may_say_that_there_are_no_details():
    """Which is not the same as saying nothing."""
    assert guest_read(b'{"guest": null}') is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{}", "names no guest"),
        (b'{"guest": []}', "names no guest"),
        (b'{"guest": {"name": "Z", "email": "z"}}', "names no guest"),
        (b'{"guest": {"name": "Z", "email": "z", "consent": "yes"}}', "names no guest"),
        (b'{"guest": {"email": "z", "consent": true}}', "its name is no text"),
        (b'{"guest": {"name": "Z", "consent": true}}', "its email is no text"),
    ],
)
def test_half_a_guest_is_nobody(content, why):
    """A consent above all is never guessed."""
    with pytest.raises(ValueError, match=why):
        guest_read(content)


@pytest.mark.parametrize(
    ("content", "facts"), [(note_written({"at": 3, "why": "é"}), {"at": 3, "why": "é"}), (b"x", {})]
)
def test_a_note_comes_back_or_says_nothing(content, facts):
    """Nothing depends on it."""
    assert facts == note_read(content)


def test_nobody_shows_in_a_repr_of_a_guest():
    """Logs and tracebacks may hold it."""
    assert "Guest(...)" == repr(Guest("Zoë", "zoe@example.org"))
