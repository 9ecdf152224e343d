"""Three consents, through whole visits: each answer goes with the picture, and where it is shown hangs on it."""

import csv
import hashlib
import io
import re
from dataclasses import dataclass

import pytest

from booth.cli import main
from booth.core.events import ConsentToggled, SendChosen
from booth.core.states import Attract, Farewell
from booth.core.visit import Purpose
from booth.outbox import metadata
from tests.flows.party import Party, QuickRoomyDisk
from tests.servers import embedded, make_bucket

__all__ = ["embedded", "make_bucket"]

PURPOSES = {"wall": "show", "web": "publish", "news": "marketing"}
TEXTS = {
    (name, code): f"{said} {purpose}?"
    for name, purpose in PURPOSES.items()
    for code, said in (("en", "May we"), ("fr", "Pouvons-nous"))
}
TICKED = {"shown": ("wall",), "written to": ("news",), "silent": ()}
"""What each guest ticks, by what may be done with them."""

LOOKS = 60.0
"""Seconds in which the invitation looks many times who may be on it."""


class NotingBucket:
    """A real bucket; which keys it was given is noted."""

    def __init__(self, bucket):
        self._bucket, self.puts = bucket, []

    def put(self, parcel):
        self.puts.append(parcel.key)
        return self._bucket.put(parcel)

    def __getattr__(self, name):
        return getattr(self._bucket, name)


@dataclass
class Evening:
    """What was left of it."""

    sessions: dict[str, str]
    """By who came."""
    wall: int
    """Pictures on the invitation, long after all had gone."""
    agreed: list[str]
    puts: list[str]
    said: dict[str, dict[str, str]]
    """The metadata of each guest's object, decoded."""
    texts: dict[str, bytes]
    """The objects that are texts, by key."""
    shots: int
    """Pictures in the gallery."""
    gallery: set[str]
    """What is in its folder, by the sums of the contents."""
    sums: dict[str, str]
    """Of each guest's picture in the bucket."""
    table: dict[str, dict[str, str]]
    unwanted: list[str]
    """The addresses that nobody is to write to."""


@pytest.fixture
def evening(tmp_path, make_bucket):
    """Have the three guests come, deliver what they leave, and hand it over."""
    bucket, asked = NotingBucket(make_bucket()), tuple(
        {"id": name, "purpose": purpose, "text": {code: TEXTS[name, code] for code in ("en", "fr")}}
        for name, purpose in PURPOSES.items()
    )  # fmt: skip
    settings = {"form.consents": asked, "attract.latest": 6, "screen.languages": ("en", "fr"), "countdown.shots": 1}
    party = Party(tmp_path, settings=settings, disk=QuickRoomyDisk(), world={"open_bucket": lambda options: bucket})
    sessions = {}
    try:
        for who, ticked in TICKED.items():
            party.to_form()
            sessions[who] = party.state.session
            party.fill_in("A guest", f"{who.replace(' ', '-')}@example.org")
            party.do((SendChosen, "fr"), *((ConsentToggled, name) for name in ticked), (SendChosen, "fr"))
            party.until(Farewell)
            party.until(Attract)
        for _ in range(1000):
            if party.spool.counts()["sent"] == len(TICKED):
                break
            party.clock.advance(1.0)  # whatever is due is due
            party.uploader.wake()
            party.in_real_time(lambda: not party.uploader.status().pending)
        until = party.clock.now() + LOOKS
        party.until(lambda: party.clock.now() >= until)
        wall, agreed = len(party.screen.gallery.pictures()), [session for session, _ in party.spool.agreed()]
    finally:
        party.close()
    return handed_over(tmp_path, bucket, Evening(sessions, wall, agreed, bucket.puts, {}, {}, 0, set(), {}, {}, []))


def handed_over(folder, bucket, evening):
    """Add what the bucket has, and what the morning after hands over."""
    client = bucket._client()
    for key in sorted(set(bucket.puts)):
        there = client.get_object(Bucket="party", Key=key)
        content = there["Body"].read()
        if key.startswith("consents/"):
            evening.texts[key] = content
            continue
        (who,) = (who for who, session in evening.sessions.items() if session in key)
        evening.said[who] = metadata.decode(there["Metadata"])
        evening.sums[who] = hashlib.sha256(content).hexdigest()
    (folder / "booth.toml").write_text('[event]\nname = "Party"\n[booth]\nname = "test"\n')
    over = folder / "over"
    assert 0 == main(["export", "--config", str(folder / "booth.toml"), "--outbox", str(folder / "outbox"), str(over)])
    page = over / "gallery" / "index.html"
    evening.shots = len(re.findall('<a class="shot"', page.read_text()))
    evening.gallery = {hashlib.sha256(each.read_bytes()).hexdigest() for each in page.parent.iterdir() if each != page}
    table, unwanted = (
        list(csv.DictReader(io.StringIO((over / name).read_text("utf-8-sig"), newline="")))
        for name in ("guests.csv", "do-not-contact.csv")
    )
    evening.table = {line["session"]: line for line in table}
    evening.unwanted = sorted(line["email"] for line in unwanted)
    return evening


def sha(name):
    """Return the sum of what guests read who chose French."""
    return hashlib.sha256(TEXTS[name, "fr"].encode()).hexdigest()


def test_three_guests_are_asked_three_things(evening):
    """Each is shown, published and written to as they said, and in no other way, wherever that is decided."""
    # What they said is with the picture: to each of the three, in the language that they read, and when.
    for who, ticked in TICKED.items():
        said = evening.said[who]
        found = {name: said[f"consent{name}"].split() for name in PURPOSES}
        assert {
            name: ["yes" if name in ticked else "no", Purpose(purpose).value, "fr", sha(name)]
            for name, purpose in PURPOSES.items()
        } == {name: [answer, purpose, language, text] for name, (answer, purpose, _, language, text) in found.items()}
        assert [True] * 3 == [said["taken"] <= when for _, _, when, _, _ in found.values()]
        assert ("yes" if "wall" in ticked else "no") == said["consent"]
    # What they read is in the bucket, under its sum, put once each, and before any picture.
    keys = sorted(f"consents/{sha(name)}.txt" for name in PURPOSES)
    assert keys == sorted(evening.puts[:3]) == sorted(key for key in evening.puts if key.startswith("consents/"))
    assert {f"consents/{sha(name)}.txt": TEXTS[name, "fr"].encode() for name in PURPOSES} == evening.texts
    # On the invitation and in the gallery is who agreed to be shown; nobody else.
    assert (1, [evening.sessions["shown"]]) == (evening.wall, evening.agreed)
    assert (1, {evening.sums["shown"]}) == (evening.shots, evening.gallery)
    # Only one may be written to.
    assert ["shown@example.org", "silent@example.org"] == evening.unwanted
    assert {evening.sessions[who]: "yes" if who == "shown" else "no" for who in TICKED} == {
        session: line["consent"] for session, line in evening.table.items()
    }
