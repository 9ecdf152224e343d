"""A night of sixty guests, with the bucket away for a while, handed over: held to the test's own ledger."""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import dataclass

import pytest

from booth.cli import main
from booth.core.events import Confirmed, ConsentToggled, DeleteChosen, SendChosen, SkipChosen
from booth.core.states import Attract, Farewell
from booth.errors import BucketError, Remedy
from tests.flows.party import Party, QuickRoomyDisk

AWAY = range(20, 41)
"""The guests, counted from 0, in whose time the bucket cannot be reached."""

WAYS = ("agrees", "refuses", "skips", "agrees", "refuses") * 12
SPOKEN = {"agrees": "fr", "refuses": "en", "skips": "fr"}
"""In which language the screen speaks to them when they come to the end of the form."""

DELETES = 29
"""The guest who has the pictures deleted."""

BETWEEN = 300.0
"""Seconds between two guests: the night has five hours."""


@dataclass
class Guest:
    """One line of the test's own ledger."""

    session: str
    way: str
    name: str = ""
    email: str = ""
    animation: str = ""
    """The sum of what the bucket got."""


@dataclass
class Morning:
    """What there is in the morning."""

    status: int
    said: str
    guests: list[Guest]
    files: dict[str, bytes]
    early: list[str]
    """Objects of those who came while the bucket was away, when it was back."""

    def table(self, name):
        """Return the lines of a table."""
        return list(csv.DictReader(io.StringIO(self.files[name].decode("utf-8-sig"), newline="")))

    def of(self, *ways):
        """Return the guests of such ways."""
        return [guest for guest in self.guests if guest.way in ways]


def visit(party, number, way):
    """Have a guest come, and return what the ledger knows."""
    party.to_form()
    guest = Guest(party.state.session, way)
    party.screen.language = SPOKEN.get(way, "en")
    if way == "deletes":
        party.do(DeleteChosen)
        party.do((Confirmed, party.ids()))
    elif way == "skips":
        party.do(SkipChosen)
    else:
        guest.name, guest.email = f"Guest {number}", f"guest{number}@example.org"
        party.fill_in(guest.name, guest.email)
        if way == "agrees":
            party.do(ConsentToggled)
        party.do((SendChosen, SPOKEN[way]))
    party.until(Farewell)
    party.until(Attract)
    party.clock.advance(BETWEEN)
    return guest


def pictures(objects):
    """Return what is in a bucket but for the texts that guests were asked to agree to: those are nobody's."""
    return [(key, content) for key, content in objects.items() if not key.startswith("consents/")]


def at_rest(party):
    """Return whether all was delivered; the next try is due whenever this is asked, however slow its thread is."""
    party.clock.advance(3 * BETWEEN)
    party.uploader.wake()
    return party.spool.counts()["sent"] == len(WAYS) - 1


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    """Have the night pass, and hand it over."""
    folder = tmp_path_factory.mktemp("night")
    patch, said = pytest.MonkeyPatch(), io.StringIO()
    patch.setenv("TZ", "UTC")
    patch.setattr("sys.stderr", said)
    quick = {"form.consent_text": "May we show it?", "countdown.shots": 1, "countdown.seconds": 0.5}
    quick["screen.languages"] = ("en", "fr")
    party = Party(folder, settings=quick, disk=QuickRoomyDisk())
    guests = []
    try:
        for number, usual in enumerate(WAYS):
            party.bucket.trouble = BucketError("no route", Remedy.WAIT, away=True) if number in AWAY else None
            if number == AWAY.stop:
                came = {guest.session for guest in guests[AWAY.start :]}
                early = [key for key in party.bucket.objects if any(session in key for session in came)]
            guests.append(visit(party, number, "deletes" if number == DELETES else usual))
        party.in_real_time(lambda: at_rest(party))
        for key, (content, _) in pictures(party.bucket.objects):
            (guest,) = (guest for guest in guests if guest.session in key)
            guest.animation = hashlib.sha256(content).hexdigest()
    finally:
        party.close()
    (folder / "booth.toml").write_text(
        '[event]\nname = "Party"\n[booth]\nname = "test"\n[form]\nconsent_text = "May we show it?"\n'
    )
    patch.setenv("BOOTH_CONFIG", str(folder / "booth.toml"))
    status = main(["export", "--outbox", str(folder / "outbox"), str(folder / "party")])
    patch.undo()
    files = {
        str(file.relative_to(folder / "party")): file.read_bytes()
        for file in sorted((folder / "party").rglob("*")) if file.is_file()
    }  # fmt: skip
    return Morning(status, said.getvalue(), guests, files, early)


def test_the_table_is_the_ledger(morning):
    """Each guest whose visit was kept, once, in their order: who agreed, who refused, who said nothing."""
    consent = {"agrees": "yes", "refuses": "no", "skips": ""}
    wanted = [
        (one.session, consent[one.way], one.name, one.email, "yes") for one in morning.of("agrees", "refuses", "skips")
    ]
    there = morning.table("guests.csv")
    assert wanted == [tuple(line[of] for of in ("session", "consent", "name", "email", "delivered")) for line in there]
    assert (0, len(WAYS) - 1, []) == (morning.status, len(there), morning.early)


def test_the_ledger_has_the_language_of_each_visit(morning):
    """Of those who sent something: in it the screen spoke to them."""
    wanted = [
        (one.session, "" if one.way == "skips" else SPOKEN[one.way]) for one in morning.of("agrees", "refuses", "skips")
    ]
    there = json.loads(morning.files["visits.json"])["visits"]
    assert wanted == sorted((one["session"], one.get("language", "")) for one in there)


def test_the_report_has_the_language_of_those_who_sent_nothing_too(morning):
    """Each visit that was kept is counted once, and none that was deleted."""
    page = morning.files["report.html"].decode()
    (section,) = re.findall(r"<h2>Languages</h2>(.*?)</section>", page)
    rows = re.findall(r'<tr class="row"><th>([^<]+)</th>.*?<td class="n">(\d+)</td>', section)
    wanted = Counter(SPOKEN[one.way] for one in morning.of("agrees", "refuses", "skips"))
    assert wanted.most_common() == [(language, int(count)) for language, count in rows]


def test_each_picture_is_what_the_bucket_got(morning):
    """Also of those who came while it was away."""
    wanted = {one.session: one.animation for one in morning.of("agrees", "refuses", "skips")}
    assert len(WAYS) - 1 == len(set(wanted.values()))
    assert wanted == {
        line["session"]: hashlib.sha256(morning.files[line["file"]]).hexdigest() for line in morning.table("guests.csv")
    }


def test_the_gallery_has_who_agreed(morning):
    """Each picture of theirs in the order of the night, as a file beside the page and as a line of it; no other."""
    shown = re.findall(r'<a class="shot" href="([^"]+)"', morning.files["gallery/index.html"].decode())
    wanted = [one.animation for one in morning.of("agrees")]
    assert wanted == [hashlib.sha256(morning.files[f"gallery/{name}"]).hexdigest() for name in shown]
    assert sorted(["index.html", *shown]) == [
        name.removeprefix("gallery/") for name in morning.files if name.startswith("gallery/")
    ]


def test_who_refused_is_not_to_be_written_to(morning):
    """All of them, and nobody else."""
    assert sorted(one.email for one in morning.of("refuses")) == [
        line["email"] for line in morning.table("do-not-contact.csv")
    ]


def test_the_report_counts_as_the_ledger_does(morning):
    """How many came, sent, skipped and deleted; how many gave details and agreed; and each hour's visits."""
    page = morning.files["report.html"].decode()
    ways = Counter(one.way for one in morning.guests)
    rows = dict(re.findall(r'<tr class="row"><th>([^<]+)</th>.*?<td class="n">(\d+)</td>', page))
    sent = ways["agrees"] + ways["refuses"]
    wanted = {
        "Pressed the button": len(WAYS), "Posed": len(WAYS), "Sent it to somebody": sent,
        "Kept it without details": ways["skips"], "Deleted it": 1, "Walked away": 0,
    }  # fmt: skip
    assert wanted == {said: int(rows[said]) for said in wanted}
    tiles = [number for number, _ in re.findall(r'<div class="tile"><b>([^<]+)</b><span>([^<]+)</span>', page)]
    kept = str(len(WAYS) - 1)
    assert [kept, str(sent), str(ways["agrees"]), kept] == tiles[:4]
    hours = Counter(one.session[9:11] + ":00" for one in morning.of("agrees", "refuses", "skips"))
    (said,) = re.findall(r'<svg class="hours"[^>]* aria-label="([^"]+)"', page)
    assert sorted(hours.items()) == [(hour, int(count)) for hour, count in (one.split() for one in said.split(", "))]
