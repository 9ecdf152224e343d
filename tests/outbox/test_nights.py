"""The record of the nights on disk: what is counted outlasts the booth, and nobody is named in it."""

import errno
import json
import os
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.core.events import Confirmed, Delivered, Pressed, SendChosen, SkipChosen, Tick
from booth.core.form import Form
from booth.core.night import Counted, Night, Phase, Spans, Spoke
from booth.core.states import Animation, Attract, Booth, Deleting, FillingIn, Finishing, GetReady
from booth.core.visit import SessionId
from booth.disk import RealDisk
from booth.outbox.nights import MOST_EVENTS, Day, Nights, day_of, together
from booth.outbox.scribe import Scribe
from booth.units import Instant, Seconds

NOON = 1_795_367_112.0
TODAY = day_of(NOON)
HOUR = 3600.0
SESSION = SessionId("20261122-170501-aaaaaaaaaa")
PARTY = Night({Counted.BEGUN: 3, Counted.POSED: 2, Counted.SENT: 1}, {Phase.FORM: Spans({41: 2}, Seconds(1.0))})

COUNTS = st.sampled_from([1, 2, 10**9])
SPANS = st.builds(
    Spans,
    st.dictionaries(st.integers(0, Spans.LAST), COUNTS, max_size=2),
    st.integers(0, 10**9).map(lambda thousandths: Seconds(thousandths / 1000)),
)
NIGHT = st.builds(
    Night,
    st.dictionaries(st.sampled_from(Counted), COUNTS),
    st.dictionaries(st.sampled_from(Phase), SPANS, max_size=2),
    st.dictionaries(st.sampled_from(["de", "en", "fr"]), COUNTS, max_size=2),
)
PAGE = st.builds(
    Day, st.dictionaries(st.text(max_size=3), NIGHT, max_size=2), st.none() | st.floats(0.0, 4e9, width=32)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.floats(allow_nan=False) | st.just("Party"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "events", "event", "counts", "phases", "begun", "form", "total", "steps", "languages", "de"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


class Refusing(RealDisk):
    """A disk that refuses one operation while it is told to."""

    refuses = ""

    def write(self, file, content):
        self._refuse("write")
        super().write(file, content)

    def sync_folder(self, folder):
        self._refuse("sync_folder")
        super().sync_folder(folder)

    def _refuse(self, operation):
        if operation == self.refuses:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def disk():
    return Refusing()


@pytest.fixture
def nights(tmp_path, disk):
    return Nights(tmp_path, disk)


@pytest.fixture
def record(nights, wall):
    return Scribe(nights, event="Party", wall=wall)


def begin(record):
    """Have a visit begin."""
    record.stepped(Booth(Attract()), Pressed(Instant(0.0), SESSION), Booth(GetReady(SESSION, Instant(1.0))))


def begun(nights, day=TODAY, event="Party"):
    """Return how many visits are said to have begun."""
    page = nights.read(day)
    return page.events[event][Counted.BEGUN] if page is not None else None


# ---- the file


@settings(max_examples=30)
@given(page=PAGE)
def test_what_is_written_is_read_back(page):
    """All counts, all steps, the times to the thousandth."""
    assert page == Day.read(page.written())


@settings(max_examples=60)
@given(content=JSON.map(lambda said: json.dumps(said).encode()) | st.binary(max_size=40))
def test_whatever_a_file_holds_it_is_a_record_or_none(content):
    """Reading it gives what could have been written, or ValueError; and what it gives can be written."""
    try:
        page = Day.read(content)
    except ValueError:
        return
    assert page == Day.read(page.written())


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": 2},
        {"events": {}},
        {"delivered": "noon"},
        {"delivered": True},
        {"events": [{"event": 7, "counts": {}, "phases": {}}]},
        {"events": [{"event": "Party", "counts": {"begun": 0}, "phases": {}}]},
        {"events": [{"event": "Party", "counts": {"begun": True}, "phases": {}}]},
        {"events": [{"event": "Party", "counts": {"juggled": 1}, "phases": {}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {"form": {"total": -1, "steps": {}}}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {"form": {"total": 1, "steps": {"161": 1}}}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {"form": {"total": 1, "steps": {"07": 1}}}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {}, "languages": {"deu": 1}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {}, "languages": {"de": 0}}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {}, "languages": ["de"]}]},
        {"events": [{"event": "Party", "counts": {}, "phases": {}}] * 2},
        {"events": [{"event": str(n), "counts": {}, "phases": {}} for n in range(MOST_EVENTS + 1)]},
    ],
)
def test_what_could_not_have_been_written_is_no_record(wrong):
    """Each of them by itself."""
    good = {"version": 1, "events": [{"event": "Party", "counts": {"begun": 1}, "phases": {}}]}
    assert {"Party": Night({Counted.BEGUN: 1})} == Day.read(json.dumps(good).encode()).events
    with pytest.raises(ValueError, match=r"^(it|one of its events) "):
        Day.read(json.dumps(good | wrong).encode())


def test_in_a_day_of_too_many_events_the_first_are_told_apart():
    """The file stays small; what is there is kept, and goes on being counted."""
    page = Day()
    for number in range(MOST_EVENTS + 2):
        page = page.having(f"event {number}", PARTY, None)
    page = page.having("event 0", PARTY, None)
    assert [f"event {number}" for number in range(MOST_EVENTS)] == list(page.events)
    assert 2 * PARTY[Counted.BEGUN] == page.events["event 0"][Counted.BEGUN]


FORM = Booth(FillingIn(SESSION, Form(), Instant(0.0), Instant(9.0)))
FINISHING = Finishing(SESSION, Form(), Instant(1.0), Instant(2.0), Animation.READY)


@pytest.mark.parametrize(
    ("event", "after", "spoken"),
    [
        (SendChosen(Instant(1.0), "fr"), FINISHING, {"fr": 1}),
        (SkipChosen(Instant(1.0)), FINISHING, {"fr": 1}),
        (Tick(Instant(1.0)), Attract(), {"fr": 1}),
        (Confirmed(Instant(1.0), SESSION), replace(FINISHING, work=Deleting()), {}),
        (Confirmed(Instant(1.0), SESSION), GetReady(SESSION, Instant(2.0)), {}),
    ],
    ids=["sent", "skipped", "walked away", "deleted", "retaken"],
)
def test_the_language_of_a_visit_that_is_kept_is_counted(nights, wall, event, after, spoken):
    """Whether its guest sends, skips or just goes; of what is not kept nothing is noted, nor of a trial."""
    record = Scribe(nights, event="Party", wall=wall, spoken=lambda: "fr")
    record.stepped(replace(FORM, trial=True), event, Booth(after, trial=True))
    record.stepped(FORM, event, Booth(after))
    record.keep()
    assert spoken == nights.read(TODAY).events["Party"].languages


def test_where_nobody_knows_what_the_screen_speaks_no_language_is_counted(record, nights):
    """The rest is."""
    record.stepped(FORM, SkipChosen(Instant(1.0)), Booth(FINISHING))
    record.keep()
    assert Night({Counted.SKIPPED: 1}) == nights.read(TODAY).events["Party"]


def test_languages_are_added_up():
    """Those of one night, and those of several."""
    night = Night().having([Spoke("de"), Spoke("fr"), Spoke("de")])
    both = night + Night(languages={"de": 1, "en": 4})
    assert ({"de": 2, "fr": 1}, {"de": 3, "en": 4, "fr": 1}) == (night.languages, both.languages)


def test_all_events_together():
    """Their visits are added up."""
    both = together({"Party": PARTY, "Fair": PARTY})
    assert (6, {41: 4}) == (both[Counted.BEGUN], both.of(Phase.FORM).steps)


@pytest.mark.parametrize(("hour", "day"), [(3.9, 0), (4.1, 1), (23.9, 1), (24.0 + 3.9, 1), (24.0 + 4.1, 2)])
def test_a_day_begins_at_six_in_the_morning_there(monkeypatch, hour, day):
    """In a place that is two hours ahead of UTC: who comes after midnight is still at that evening's party."""
    monkeypatch.setenv("TZ", "<+02>-2")
    __import__("time").tzset()
    try:
        assert date(2026, 11, 21 + day) == day_of(1_795_305_600.0 + hour * HOUR)
    finally:
        monkeypatch.undo()
        __import__("time").tzset()


# ---- the folder


def test_only_records_are_days(nights, tmp_path):
    """Whatever else lies there passes by."""
    nights.put(TODAY, Day())
    for name in ("2026-13-01.json", "notes.txt", "2026-11-22.json.part"):
        (tmp_path / "nights" / name).write_bytes(b"")
    assert (TODAY,) == nights.days()


def test_where_there_was_no_booth_there_are_no_days(nights):
    """And no record of any."""
    assert ((), None) == (nights.days(), nights.read(TODAY))


def test_a_record_is_for_its_owner_alone(nights, tmp_path):
    """The folder and the file."""
    nights.put(TODAY, Day())
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "nights", tmp_path / "nights/2026-11-22.json")]
    assert [0o700, 0o600] == modes


# ---- what is counted


def test_nothing_is_asked_of_the_disk_before_it_is_kept(record, tmp_path):
    """The loop only notes; and a booth that nobody came to leaves nothing."""
    record.keep()
    begin(record)
    assert [] == list(tmp_path.iterdir())


def test_what_was_counted_outlasts_the_booth(record, nights, wall):
    """The next one goes on from there; another event is another count."""
    begin(record)
    record.keep()
    again, other = (Scribe(nights, event=event, wall=wall) for event in ("Party", "Fair"))
    begin(again)
    again.keep()
    begin(other)
    other.keep()
    assert (2, 1) == (begun(nights), begun(nights, event="Fair"))


def test_what_is_kept_twice_is_counted_once(record, nights):
    """Nothing new, nothing more."""
    begin(record)
    record.keep()
    record.keep()
    assert 1 == begun(nights)


def test_each_day_has_its_own(record, nights, wall):
    """Those of before stay as they are."""
    begin(record)
    record.keep()
    wall.seconds += 24 * HOUR
    begin(record)
    record.keep()
    assert ((TODAY, day_of(wall.seconds)), 1, 1) == (nights.days(), begun(nights), begun(nights, nights.days()[1]))


@pytest.mark.parametrize("operation", ["write", "sync_folder"])
def test_a_disk_that_refuses_is_told_of_once_and_asked_again(record, nights, disk, operation):
    """What it refused is neither lost nor counted twice, also if it did it and only said that it had not."""
    begin(record)
    record.keep()
    disk.refuses = operation
    begin(record)
    with capture_logs() as logs:
        record.keep()
        record.keep()
    assert [("night.not_kept", "No space left on device")] == [(entry["event"], entry["why"]) for entry in logs]
    disk.refuses = ""
    record.keep()
    assert 2 == begun(nights)


def test_what_is_no_record_makes_way(record, nights, tmp_path):
    """It keeps what it holds, under another name; the count begins anew."""
    (tmp_path / "nights").mkdir()
    (tmp_path / "nights" / "2026-11-22.json").write_bytes(b"a shopping list")
    begin(record)
    record.keep()
    (other,) = [path for path in (tmp_path / "nights").iterdir() if path.name != "2026-11-22.json"]
    assert (1, b"a shopping list") == (begun(nights), other.read_bytes())
    assert re.fullmatch(r"2026-11-22\.json\.[0-9a-f]{8}", other.name)


def test_when_the_bucket_last_confirmed_something_is_known(record, nights, wall):
    """Also of a visit of an evening before, which is counted nowhere else."""
    record.stepped(Booth(Attract()), Delivered(Instant(5.0), SESSION), Booth(Attract()))
    record.keep()
    assert Day({"Party": Night()}, NOON) == nights.read(TODAY)
