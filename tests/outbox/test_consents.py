"""A record of what a guest agreed to, and the text that they read: neither is of use without the other."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import SHOWN, Consent, Guest, Purpose, Reply, SessionId
from booth.outbox import consents, places
from booth.outbox.consents import ConsentRecord, metadata_of, stored
from booth.outbox.entry import consents_read
from booth.outbox.metadata import KEY, LONGEST_VALUE
from booth.outbox.spool import Spool
from booth.ports import Uptime
from booth.ui.languages import LANGUAGES
from booth.units import Seconds
from lab.disk.forgetful import ForgetfulDisk

SESSION = SessionId("20261122-170512-aaaaaaaaaa")
OUTBOX = Path("/data/outbox")
WEB = Consent("web", Purpose.PUBLISH)
WORDINGS = {("show", "en"): "You may show it.", ("web", "en"): "You may publish it.", ("show", "de"): "Ihr dürft."}
ZOE = Guest("Zoë", "zoe@example.org", True, (Reply(SHOWN, True), Reply(WEB, False)), "en")
SHAS = {key: hashlib.sha256(text.encode()).hexdigest() for key, text in WORDINGS.items()}
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def spool_on(disk, **changes):
    return Spool(
        OUTBOX, event="Fête", booth="b", key_template="{session}.gif", wall=NOON.timestamp, min_free_mb=0, keep_days=30,
        disk=disk, **({"wordings": WORDINGS} | changes),
    )  # fmt: skip


def agreed_to(disk):
    """Return the texts that the records of a visit's guest name, and those that are stored."""
    file = OUTBOX / "open" / SESSION / "guest.json"
    said = consents_read(disk.read(file)) if disk.is_file(file) else []
    return {ConsentRecord.read(each).sha256 for each in said}, set(stored(disk, OUTBOX))


def test_wherever_the_power_goes_a_record_has_its_text():
    """At each moment of noting, whatever of it a cut leaves: the text is there, whole, before anything names it."""
    left = []
    disk = ForgetfulDisk((("data", ()),), watch=lambda: left.append(disk.survivors().media))
    with spool_on(disk) as spool:
        spool.open(SESSION)
        left.clear()
        spool.note(SESSION, ZOE)
    found = {
        (named <= there, bool(named))
        for media in left
        for medium in media
        for named, there in [agreed_to(ForgetfulDisk(medium))]
    }
    assert {(True, False), (True, True)} == found


def test_what_was_read_outlasts_the_visit():
    """Nothing of the visit is left; who asks later what guests were asked finds it."""
    disk = ForgetfulDisk((("data", ()),))
    with spool_on(disk) as spool:
        spool.open(SESSION)
        spool.note(SESSION, ZOE)
        spool.discard(SESSION)
    assert {SHAS["show", "en"]: "You may show it.", SHAS["web", "en"]: "You may publish it."} == stored(disk, OUTBOX)


def test_a_text_that_was_damaged_is_written_again():
    """It says by its name what it must hold."""
    disk = ForgetfulDisk((("data", ()),))
    with spool_on(disk) as spool:
        spool.open(SESSION)
        spool.note(SESSION, ZOE)
    file = OUTBOX / "consents" / f"{SHAS['show', 'en']}.txt"
    disk.write(file, b"You must show it.")
    with spool_on(disk) as spool:
        spool.note(SESSION, ZOE)
    assert b"You may show it." == disk.read(file)


def entry_of(disk, guest, **changes):
    """Return what is sent of a visit of this guest."""
    with spool_on(disk, **changes) as spool:
        spool.open(SESSION)
        disk.write(spool.animation(SESSION), b"GIF89a")
        spool.note(SESSION, guest)
        spool.commit(SESSION)
        return spool.queue().parcel(SESSION).metadata


def test_metadata_say_what_was_agreed_to_when_and_to_which_text():
    """For each that was asked, the purpose and the language with it; *consent* is what lets it be shown."""
    said = entry_of(
        ForgetfulDisk((("data", ()),)),
        ZOE,
        uptime=iter([Uptime("boot", Seconds(float(at))) for at in range(0, 999, 5)]).__next__,
    )
    taken = said["taken"]
    assert ("2026-11-22T12:00:00Z", "yes") == (taken, said["consent"])
    whens = {said[f"{KEY}{name}"].split()[2] for name in ("show", "web")}
    (when,) = whens
    assert f"yes show {when} en {SHAS['show', 'en']}" == said["consentshow"]
    assert f"no publish {when} en {SHAS['web', 'en']}" == said["consentweb"]
    assert "2026-11-22T12:00:05Z" == when


@pytest.mark.parametrize("agreed", [True, False])
def test_only_the_purpose_show_lets_a_picture_be_shown(agreed):
    """Whatever else was agreed to."""
    answers = (Reply(SHOWN, agreed), Reply(WEB, not agreed))
    said = entry_of(ForgetfulDisk((("data", ()),)), Guest("", "", agreed, answers, "en"))
    assert ("yes" if agreed else "no") == said["consent"]


def test_a_consent_of_which_nobody_knows_the_text_is_none():
    """It is not taken for a yes: there is nothing to show for it."""
    said = entry_of(ForgetfulDisk((("data", ()),)), ZOE, wordings={})
    names = {"name", "email", "consent", "event", "booth", "session", "taken", "language"}
    assert (names, "no") == (set(said), said["consent"])


def test_where_nobody_says_which_language_it_is_the_usual_one():
    """A keyboard or a script sends no language; the booth speaks its own then."""
    said = entry_of(ForgetfulDisk((("data", ()),)), Guest("", "", True, (Reply(SHOWN, True),), ""))
    assert f"en {SHAS['show', 'en']}" == said["consentshow"].split(" ", 3)[3]


def test_what_is_linked_tells_nothing_of_what_was_agreed_to_but_that_it_may_be_shown():
    """The records go where name and address go."""
    disk = ForgetfulDisk((("data", ()),))
    with spool_on(disk, linked=True) as spool:
        spool.open(SESSION)
        disk.write(spool.animation(SESSION), b"GIF89a")
        spool.note(SESSION, ZOE)
        spool.commit(SESSION)
        entry = places.committed(disk, OUTBOX / "pending" / SESSION)
        said = entry.carried(entry.animation)
        details = json.loads(disk.read(OUTBOX / "pending" / SESSION / "details.json"))
    assert {"event", "booth", "session", "taken", "consent"} == set(said)
    assert [("show", True), ("web", False)] == [(each["id"], each["agreed"]) for each in details["consents"]]


class TestTheTextInTheBucket:
    """Each target is given each text once, before the visits."""

    def asked(self, disk):
        with spool_on(disk) as spool:
            spool.open(SESSION)
            spool.note(SESSION, ZOE)
            yield spool

    def test_a_target_is_given_each_text_until_it_has_confirmed_it(self):
        disk = ForgetfulDisk((("data", ()),))
        for spool in self.asked(disk):
            given = []
            while (text := spool.queue().text()) is not None:
                assert text == spool.queue().text()
                given.append((text.key, text.content.decode(), dict(text.metadata)))
                spool.queue().text_confirmed(text)
        shas = sorted((SHAS["show", "en"], SHAS["web", "en"]))
        assert [f"consents/{sha}.txt" for sha in shas] == [key for key, _, _ in given]
        assert {"You may show it.", "You may publish it."} == {content for _, content, _ in given}
        assert [{}, {}] == [said for _, _, said in given]

    def test_a_new_start_does_not_send_it_again(self):
        disk = ForgetfulDisk((("data", ()),))
        for spool in self.asked(disk):
            while (text := spool.queue().text()) is not None:
                spool.queue().text_confirmed(text)
        with spool_on(disk) as spool:
            assert spool.queue().text() is None

    def test_what_is_no_text_of_ours_is_not_sent(self):
        """Nor one that is damaged: it says nothing about what anybody read."""
        disk = ForgetfulDisk((("data", (("outbox", (("consents", (
            (f"{'0' * 64}.txt", b"x"), ("note.txt", b"x"), (f"{'1' * 64}.txt", ()),
        )),)),)),))  # fmt: skip
        with spool_on(disk) as spool:
            assert spool.queue().text() is None


RECORDS = st.builds(
    ConsentRecord,
    st.from_regex(r"[a-z][a-z0-9]{0,15}", fullmatch=True),
    st.sampled_from(Purpose),
    st.booleans(),
    st.integers(0, 10**9),
    st.sampled_from(tuple(LANGUAGES)),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
)


@given(RECORDS)
def test_a_record_is_read_as_it_was_written(record):
    """From a file of JSON."""
    assert record == ConsentRecord.read(json.loads(json.dumps(record.written())))


@given(RECORDS)
def test_no_record_is_longer_than_what_settings_reckon_with(record):
    """So an event that was let start never has a visit that metadata cannot hold."""
    (value,) = metadata_of([record], NOON).values()
    assert len(value) <= LONGEST_VALUE


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "No"},
        {"purpose": "all"},
        {"agreed": 1},
        {"after": -1},
        {"after": True},
        {"language": "eng"},
        {"sha256": "0"},
    ],
    ids=str,
)
def test_what_is_no_record_is_not_read_as_one(changed):
    """Somebody may have edited the file."""
    written = ConsentRecord("show", Purpose.SHOW, True, 5, "en", "0" * 64).written()
    with pytest.raises(ValueError):  # noqa: PT011 which of its sentences is of no importance
        ConsentRecord.read(written | changed)


def test_the_folder_is_named_once():
    """Beside the outbox and in the bucket it is called the same."""
    assert "consents" == consents.FOLDER
