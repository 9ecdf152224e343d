"""What the outbox says: facts in the log, each once and with the visit that it is about, and words for the operator."""

import errno
import json
import threading
import time

import pytest
from structlog.testing import capture_logs

from booth.core.events import Delivered
from booth.core.visit import SHOWN, Guest, Reply
from booth.errors import BucketError, OutboxError, Remedy
from booth.outbox.ids import SessionIds
from booth.outbox.uploader import Uploader
from booth.ports import Uptime
from booth.units import Seconds
from tests.waiting import PATIENCE

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
HOUR = 3600.0
DAY = 24 * HOUR


def facts(logs, *events):
    """Return what was logged: all of it, or the facts of these names."""
    return [entry for entry in logs if not events or entry["event"] in events]


class Machine:
    """A machine that has been up for some seconds."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return Uptime("a boot", Seconds(self.seconds))


# ---- the spool's facts


def test_an_entry_that_is_set_aside_is_an_error_with_its_reason(spool, outbox, visits):
    """The reason and the day are beside it, too."""
    session = visits.pending(spool)
    with capture_logs() as logs:
        spool.queue().refuse(session, "too large")
    assert [{"event": "entry.set_aside", "session": session, "why": "too large", "log_level": "error"}] == logs
    noted = json.loads((outbox / "failed" / session / "failure.json").read_bytes())
    assert {"why": "too large", "when": "2026-11-22T17:05:12Z"} == noted


def test_a_confirmed_entry_says_when_it_was(spool, outbox, visits):
    """For programs and for people."""
    session = visits.sent(spool)
    noted = json.loads((outbox / "sent" / session / "confirmed.json").read_bytes())
    assert {"at": 1_795_367_112, "when": "2026-11-22T17:05:12Z"} == noted


def test_an_entry_that_is_purged_is_a_fact(spool, wall, visits):
    """It is the last that is heard of it."""
    session = visits.sent(spool)
    wall.seconds += 31 * DAY
    with capture_logs() as logs:
        spool.tidy()
    assert [{"event": "entry.purged", "session": session, "log_level": "info"}] == logs


def test_a_confirmed_folder_that_is_none_of_ours_is_told_about_once(make_spool, outbox, wall, visits):
    """It is left alone, again and again."""
    spool = make_spool()
    session = visits.sent(spool)
    (outbox / "sent" / session / "entry.json").unlink()
    wall.seconds += 31 * DAY
    with capture_logs() as logs:
        spool.tidy()
        spool.tidy()
    assert [{"event": "outbox.foreign", "path": str(outbox / "sent" / session), "log_level": "warning"}] == logs
    assert (outbox / "sent" / session).exists()


@pytest.mark.parametrize(("name", "event"), [("visit.json", "visit.unreadable"), ("guest.json", "guest.unreadable")])
def test_a_file_that_cannot_be_read_is_told_with_its_visit(spool, outbox, visits, name, event):
    """The visit is committed all the same."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.note(session, ZOE)
    (outbox / "open" / session / name).write_bytes(b"torn")
    with capture_logs() as logs:
        visits.finish(spool, session)
    assert [{"event": event, "session": session, "log_level": "warning"}] == logs


def test_what_the_disk_refuses_in_passing_is_told_with_its_reason(make_spool, visits, refusing_disk):
    """An attempt that could not be counted harms nothing."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    disk.operations = {"write"}
    with capture_logs() as logs:
        assert 1 == spool.queue().attempted(session)
    why = "[Errno 28] No space left on device"
    assert [{"event": "attempt.not_noted", "session": session, "why": why, "log_level": "warning"}] == logs


@pytest.mark.parametrize(
    ("event", "act"),
    [
        ("entry.not_purged", lambda spool, _: spool.room()),
        ("entry.not_tidied", lambda spool, again: spool.queue().confirm(again, "a.gif", "")),
    ],
)
def test_what_is_not_done_is_told_with_its_visit(make_spool, outbox, visits, refusing_disk, event, act):
    """Whoever reads it knows where to look."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk, min_free_mb=10**9 if event == "entry.not_purged" else 0)
    session = visits.fresh()
    folder = outbox / "sent" / session
    folder.mkdir()
    (folder / "entry.json").write_bytes(b"x")
    (folder / "frame-1.jpg").write_bytes(b"x")
    disk.operations = {"read", "unlink"}
    with capture_logs() as logs:
        act(spool, session)
    assert [(event, session)] == [(fact["event"], fact["session"]) for fact in logs]


def test_a_reason_that_cannot_be_noted_is_told(make_spool, visits, refusing_disk):
    """The entry is set aside all the same."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    disk.operations = {"write"}
    with capture_logs() as logs:
        spool.queue().refuse(session, "why")
    told = [(fact["event"], fact["session"]) for fact in logs]
    assert [("failure.not_noted", session), ("entry.set_aside", session)] == told


def test_a_true_time_that_cannot_be_noted_is_told(make_spool, wall, visits, refusing_disk):
    """The entry is sent with it all the same."""
    disk = refusing_disk((), errno.ENOSPC)
    machine = Machine()
    spool = make_spool(disk=disk, uptime=machine)
    session = visits.pending(spool)
    wall.seconds += 2 * DAY
    disk.operations = {"write"}
    with capture_logs() as logs:
        parcel = spool.queue().parcel(session)
    assert [("entry.not_dated", session), ("entry.dated", session)] == [
        (fact["event"], fact["session"]) for fact in logs
    ]
    assert "2026-11-24T17:05:12Z" == parcel.metadata["taken"]


def test_a_deletion_that_is_not_finished_is_told_with_its_visit(make_spool, outbox, visits, refusing_disk):
    """At the start, and whenever it is tried again."""
    spool = make_spool()
    session = visits.fresh()
    spool.open(session)
    (outbox / "open" / session / "condemned").touch()
    spool.close()
    with capture_logs() as logs:
        make_spool(disk=refusing_disk({"unlink"}, errno.EIO))
    told = [(fact["event"], fact["session"]) for fact in logs]
    assert ("deletion.not_finished", session) == told[0]


# ---- the operator's words


@pytest.mark.parametrize(
    ("operation", "act", "words"),
    [
        ("mkdir", lambda spool, ids: spool.open(ids["fresh"]), "does not take a new visit"),
        ("rename", lambda spool, ids: spool.keep(ids["open"], 1), "does not take a frame"),
        ("names", lambda spool, ids: spool.frames(ids["open"]), "cannot be read"),
        ("write", lambda spool, ids: spool.note(ids["open"], ZOE), "does not take the guest's details"),
        ("write", lambda spool, ids: spool.commit(ids["made"]), "does not take the visit"),
        ("unlink", lambda spool, ids: spool.discard(ids["open"]), "does not let the visit be deleted"),
        ("names", lambda spool, ids: spool.give_up(ids["open"]), "does not let the visit be given up"),
        ("write", lambda spool, _: spool.check(), "does not take a small file"),
        ("names", lambda spool, _: spool.queue().pending(), "cannot be read"),
        ("names", lambda spool, _: list(spool.agreed()), "cannot be read"),
        ("read", lambda spool, ids: spool.queue().parcel(ids["pending"]), "cannot be read"),
        (
            "rename",
            lambda spool, ids: spool.queue().confirm(ids["pending"], ids["key"], ids["etag"]),
            "does not take the confirmation",
        ),
        (
            "rename",
            lambda spool, ids: spool.queue().refuse(ids["pending"], "why"),
            "does not let the entry be set aside",
        ),
        ("rename", lambda spool, ids: spool.queue().mend(ids["pending"], "why"), "does not let the entry be mended"),
        ("names", lambda spool, _: spool.tidy(), "cannot be tidied"),
        ("sync_folder", lambda spool, ids: spool.condemn(ids["open"]), "does not let the visit be deleted"),
        ("free", lambda spool, _: spool.room(), "cannot say how much room there is"),
        ("free", lambda spool, _: spool.low(), "cannot say how much room there is"),
    ],
)
def test_a_disk_that_refuses_is_told_by_what_it_does_not_do(
    make_spool, outbox, visits, refusing_disk, operation, act, words
):
    """Which outbox, what it does not do, and what is to be done."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    ids = {"open": visits.fresh(), "made": visits.fresh(), "pending": visits.pending(spool), "fresh": visits.fresh()}
    for name in ("open", "made"):
        visits.pose(spool, ids[name])
        spool.shot(ids[name], 1).write_bytes(b"again")
    spool.animation(ids["made"]).write_bytes(b"GIF89a")
    ids["key"], ids["etag"] = visits.key(ids["pending"]), visits.etag(spool, ids["pending"])
    disk.operations = {operation}
    with pytest.raises(OutboxError) as refused:
        act(spool, ids)
    advice = "the disk does not read or write; copy what can be copied and replace it"
    assert f"the outbox {outbox} {words}: {advice}" == str(refused.value)
    disk.operations = set()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EDQUOT, "the disk is full; make room on it, or use a larger one"),
        (errno.EPERM, "this user may not write there; give the folder to the user that runs the booth"),
        (errno.EBUSY, "Device or resource busy; look at the disk"),
    ],
)
def test_each_kind_of_refusal_has_its_advice(make_spool, outbox, refusing_disk, number, advice):
    """A quota is a full disk; what we have no advice for is told as the system tells it."""
    spool = make_spool(disk=(disk := refusing_disk((), number)))
    disk.operations = {"names"}
    with pytest.raises(OutboxError) as refused:
        spool.queue().pending()
    assert f"the outbox {outbox} cannot be read: {advice}" == str(refused.value)


def test_an_outbox_that_cannot_be_opened_is_told_as_that(make_spool, outbox, refusing_disk):
    """Before anything else is done."""
    with pytest.raises(OutboxError) as refused:
        make_spool(disk=refusing_disk({"mkdir"}, errno.EROFS))
    advice = "the disk is read-only; it may be worn out or badly shut down: restart, then replace it"
    assert f"the outbox {outbox} cannot be opened: {advice}" == str(refused.value)


# ---- the time


@pytest.fixture
def far_east(monkeypatch):
    """Set the machine's clock to a zone far from Greenwich."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_a_booth_far_from_greenwich_is_named_by_its_place_and_notes_utc(spool, outbox, wall, visits):
    """An id has the time that whoever stands beside the booth reads off a watch; what is noted and dated is UTC."""
    fresh = SessionIds(wall)()
    assert "20261123-020512-" == fresh[:16]
    session = visits.fresh()
    spool.open(session)
    assert "2026-11-22T17:05:12Z" == json.loads((outbox / "open" / session / "visit.json").read_bytes())["taken"]
    confirmed = visits.sent(spool)
    assert "2026-11-22T17:05:12Z" == json.loads((outbox / "sent" / confirmed / "confirmed.json").read_bytes())["when"]


def test_a_clock_that_is_set_before_the_commit_dates_the_visit(make_spool, wall, visits):
    """By how long the machine has been up since; the key stays with the time as it was noted."""
    machine = Machine()
    spool = make_spool(uptime=machine)
    session = visits.fresh()
    visits.pose(spool, session)
    machine.seconds += 60.0
    wall.seconds += 2 * DAY
    visits.finish(spool, session)
    parcel = spool.queue().parcel(session)
    assert ("2026-11-24T17:04:12Z", f"dockercon-2019/2026-11-22/{session}.gif") == (
        parcel.metadata["taken"],
        parcel.key,
    )


def test_a_clock_that_is_set_before_the_sending_dates_the_entry(make_spool, outbox, wall, visits):
    """Once, on the medium, and in the log; nothing else of it changes."""
    machine = Machine()
    spool = make_spool(uptime=machine)
    session = visits.pending(spool, ZOE)
    before = spool.queue().parcel(session)
    machine.seconds += 60.0
    wall.seconds += 2 * DAY
    with capture_logs() as logs:
        parcel = spool.queue().parcel(session)
        again = spool.queue().parcel(session)
    taken = "2026-11-24T17:04:12Z"
    assert [{"event": "entry.dated", "session": session, "taken": taken, "log_level": "info"}] == logs
    assert before.metadata | {"taken": taken} == parcel.metadata
    assert (parcel, before.key) == (again, parcel.key)
    assert taken == json.loads((outbox / "pending" / session / "entry.json").read_bytes())["metadata"]["taken"]


@pytest.mark.parametrize("linked", [False, True], ids=["without links", "with links"])
def test_a_clock_that_is_set_before_the_sending_dates_what_was_agreed_to(make_spool, outbox, wall, visits, linked):
    """The record is as long after the visit's beginning as it was; answer, language and text are what they were."""
    machine = Machine()
    spool = make_spool(uptime=machine, linked=linked, wordings={("show", "en"): "You may show it."})
    session = visits.fresh()
    visits.pose(spool, session)
    machine.seconds += 30.0
    wall.seconds += 30.0
    visits.finish(spool, session, Guest("Zoë", "", True, (Reply(SHOWN, True),), "en"))
    file = outbox / "pending" / session / "entry.json"
    before = json.loads(file.read_bytes())["metadata"]
    wall.seconds += 2 * DAY
    spool.queue().parcel(session)
    after = json.loads(file.read_bytes())["metadata"]
    was, now = (
        {"taken": f"{day}T17:05:12Z", "consentshow": f"{day}T17:05:42Z"} for day in ("2026-11-22", "2026-11-24")
    )
    said = before["consentshow"]
    assert (was["taken"], was["consentshow"]) == (before["taken"], said.split()[2])
    assert before | now | {"consentshow": said.replace(was["consentshow"], now["consentshow"])} == after


@pytest.mark.parametrize("damage", ["gone", "torn", "a folder"])
def test_an_entry_whose_visit_cannot_be_read_is_sent_as_it_was_settled(make_spool, outbox, wall, visits, damage):
    """What nobody knows any more changes nothing."""
    spool = make_spool(uptime=Machine())
    session = visits.pending(spool)
    before = spool.queue().parcel(session)
    file = outbox / "pending" / session / "visit.json"
    file.unlink()
    if damage == "torn":
        file.write_bytes(b"{")
    elif damage == "a folder":
        file.mkdir()
    wall.seconds += 2 * DAY
    assert before == spool.queue().parcel(session)


def test_an_entry_that_another_start_has_dated_is_synced_before_it_is_sent(make_spool, noting_disk, wall, visits):
    """Whoever dated it may have been killed before that was on the medium."""
    machine = Machine()
    spool = make_spool(disk=noting_disk, uptime=machine)
    session = visits.pending(spool)
    wall.seconds += 2 * DAY
    spool.queue().parcel(session)
    noting_disk.synced.clear()
    spool.queue().parcel(session)
    assert [f"outbox/pending/{session}"] == noting_disk.synced


@pytest.mark.parametrize("name", ["visit.json", "guest.json"])
def test_a_folder_under_the_name_of_a_file_is_no_file(spool, outbox, wall, visits, name):
    """The visit is committed with what there is: the time of its id, the settings, and nobody's details."""
    wall.seconds -= 12.0
    session = visits.fresh()
    visits.pose(spool, session)
    file = outbox / "open" / session / name
    file.unlink(missing_ok=True)
    file.mkdir()
    spool.animation(session).write_bytes(b"GIF89a")
    wall.seconds += 2 * DAY
    spool.commit(session)
    taken = "2026-11-22T17:05:01Z" if name == "visit.json" else "2026-11-22T17:05:00Z"
    settled = {"event": "DockerCon 2019", "booth": "Booth 1", "session": session, "taken": taken, "consent": "no"}
    assert settled == spool.queue().parcel(session).metadata


def test_who_does_not_agree_is_said_not_to(spool, visits):
    """Beside the name, in a word."""
    session = visits.pending(spool, Guest("Zoë", "zoe@example.org", consent=False))
    metadata = spool.queue().parcel(session).metadata
    assert ("Zo%C3%AB", "no") == (metadata["name"], metadata["consent"])


# ---- the uploader's facts


class Bucket:
    """A bucket that answers as it is told."""

    def __init__(self, answer):
        self.answer = answer

    def put(self, parcel):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(parcel)

    def close(self):
        pass


@pytest.fixture
def round_trip(visits):
    """Have an uploader go round until it has nothing more to do; return the log, its events and its status."""

    def go(spool, answer):
        events, resting = [], threading.Semaphore(0)
        uploader = None

        def pause(condition, seconds):
            if not uploader.under_way:
                resting.release()
            condition.wait(PATIENCE)

        uploader = Uploader(
            spool.queue(),
            lambda: Bucket(answer),
            post=events.append,
            now=lambda: 1000.0,
            pause=pause,
            chance=lambda: 1.0,
        )
        with capture_logs() as logs:
            uploader.start()
            assert resting.acquire(timeout=PATIENCE)
            status = uploader.status()
            assert uploader.close(Seconds(PATIENCE))
        return logs, events, status

    return go


def test_an_entry_that_is_sent_is_a_fact_with_its_etag(spool, visits, round_trip):
    """And nothing else is said about it."""
    session = visits.pending(spool)
    etag = visits.etag(spool, session)
    logs, events, _ = round_trip(spool, lambda _: etag)
    assert [{"event": "entry.sent", "session": session, "etag": etag, "log_level": "info"}] == logs
    assert [session] == [event.session for event in events if isinstance(event, Delivered)]


def test_a_refusal_is_told_with_its_remedy(spool, visits, round_trip):
    """What the server said about the entry, that the link has changed, and what the uploader has to complain of."""
    session = visits.pending(spool)
    logs, _, status = round_trip(spool, BucketError("the key is wrong", Remedy.PERSON))
    remedy = Remedy.PERSON.value
    why = {"why": "the key is wrong", "remedy": remedy, "log_level": "warning"}
    told = {"event": "entry.refused", "session": session, "target": "bucket"}
    assert [told | why] == facts(logs, "entry.refused")
    assert [{"event": "uploader.trouble"} | why] == facts(logs, "uploader.trouble")
    assert [{"event": "link.changed", "online": False, "log_level": "info"}] == facts(logs, "link.changed")
    assert "the key is wrong" == status.error


def test_a_damaged_entry_is_an_error_with_its_reason(spool, outbox, visits, round_trip):
    """And whether it can be mended."""
    session = visits.pending(spool)
    (outbox / "pending" / session / "animation.gif").write_bytes(b"rot")
    logs, _, _ = round_trip(spool, lambda _: "")
    why = f"animation.gif in {outbox / 'pending' / session} is missing, or not what was committed"
    fact = {"event": "entry.damaged", "session": session, "why": why, "mended": True, "log_level": "error"}
    assert [fact] == facts(logs, "entry.damaged")


def test_an_outbox_that_is_not_read_or_tidied_is_told_with_its_reason(make_spool, visits, refusing_disk, round_trip):
    """Each in its own words, for the operator."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    disk.operations = {"names"}
    logs, _, status = round_trip(spool, lambda _: "")
    disk.operations = set()
    assert ["outbox.not_read"] == list(dict.fromkeys(fact["event"] for fact in facts(logs, "outbox.not_read")))
    assert ["outbox.not_tidied"] == [fact["event"] for fact in facts(logs, "outbox.not_tidied")]
    assert "cannot be tidied" in facts(logs, "outbox.not_tidied")[0]["why"]
    assert status.error == facts(logs, "outbox.not_read")[0]["why"]
    assert {"warning"} == {fact["log_level"] for fact in facts(logs, "outbox.not_tidied", "outbox.not_read")}
