"""The shelf: whoever looks into an outbox sees each visit once, and leaves no trace."""

import contextlib
import hashlib
import json
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from booth.core.visit import Guest, SessionId
from booth.disk import RealDisk
from booth.errors import OutboxError
from booth.outbox.entry import LONGEST, Product
from booth.outbox.replication import Replication
from booth.outbox.shelf import Shelf, Shelved
from booth.outbox.spool import Spool
from booth.ports import CopyState

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
NOON = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC)
SESSION = SessionId("20261122-170501-aaaaaaaaaa")


def listing(folder):
    """Return what is below *folder*, with all that changes when somebody writes there."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        there = path.lstat()
        found[path] = (there.st_ino, there.st_mode, there.st_nlink, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
    return found


def shelved(*facts, event="DockerCon 2019"):
    """Return a visit as it is found, at the event of all that are made here; with its products, if it has some."""
    *facts, products = (*facts, ()) if len(facts) == 8 else facts
    return Shelved(*facts, event, products)


def sent_of(session):
    """Return what is sent of a visit: each of its products, with its key."""
    md5 = hashlib.md5(b"GIF89a" + session.encode(), usedforsecurity=False).hexdigest()
    return (Product("animation.gif", "image/gif", f"dockercon-2019/2026-11-22/{session}.gif", 32, md5),)


@pytest.fixture
def shelf(outbox):
    """Look at the spool's folder."""
    return Shelf(outbox)


class TestAVisitInEachPlace:
    """All that is known of a visit, and nothing of its guest."""

    def test_an_open_one(self, shelf, spool, outbox, visits):
        """While the guest is there, its animation may not have been made yet."""
        session = visits.fresh()
        visits.pose(spool, session)
        assert [shelved(session, "open", NOON, None, 0, 0, "", None)] == list(shelf.visits())

    def test_an_open_one_with_an_animation(self, shelf, spool, outbox, visits):
        """It is there as soon as it has its name."""
        session = visits.fresh()
        spool.open(session)
        path = outbox / "open" / session / "animation.gif"
        path.write_bytes(b"GIF89a")
        assert [shelved(session, "open", NOON, path, 6, 0, "", None)] == list(shelf.visits())

    def test_one_that_waits(self, shelf, spool, outbox, visits):
        """It tells how often sending it has failed."""
        session = visits.pending(spool, ZOE)
        spool.queue().attempted(session)
        spool.queue().attempted(session)
        path = outbox / "pending" / session / "animation.gif"
        assert [shelved(session, "pending", NOON, path, 32, 2, "", None, sent_of(session))] == list(shelf.visits())

    def test_one_that_was_sent(self, shelf, spool, outbox, visits, wall):
        """It tells when the bucket confirmed it."""
        session = visits.pending(spool, ZOE)
        wall.seconds += 60
        spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
        path = outbox / "sent" / session / "animation.gif"
        confirmed = NOON.replace(minute=6)
        assert [shelved(session, "sent", NOON, path, 32, 0, "", confirmed, sent_of(session))] == list(shelf.visits())

    def test_one_with_copies_in_other_clouds(self, shelf, spool, outbox, visits):
        """What was said of them last; before anybody has asked, or where the file says nothing, nothing is known."""
        session = visits.pending(spool)
        spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
        (before,) = shelf.visits()
        said = Replication().heard("animation.gif", {"aws": CopyState.COMPLETED, "gcp": CopyState.FAILED}, 1000.0)
        spool.sent().note(session, said)
        (after,) = shelf.visits()
        (outbox / "sent" / session / "replication.json").write_bytes(b"[")
        (damaged,) = shelf.visits()
        assert (None, said, Replication()) == (before.copies, after.copies, damaged.copies)

    def test_one_that_failed(self, shelf, spool, outbox, visits):
        """It tells why."""
        session = visits.pending(spool)
        spool.queue().refuse(session, "the bucket says that it is too large")
        path = outbox / "failed" / session / "animation.gif"
        why = "the bucket says that it is too large"
        assert [shelved(session, "failed", NOON, path, 32, 0, why, None, sent_of(session))] == list(shelf.visits())

    def test_one_that_is_tried_again_has_not_failed(self, shelf, spool, outbox, visits):
        """Why it did is told of one that is in failed/."""
        session = visits.pending(spool)
        spool.queue().refuse(session, "too large")
        (outbox / "failed" / session).rename(outbox / "pending" / session)
        assert [("pending", "")] == [(visit.place, visit.why) for visit in shelf.visits()]

    def test_one_that_was_dated_anew(self, shelf, spool, outbox, visits):
        """It was taken when it truly was: what is sent says so."""
        session = visits.pending(spool)
        path = outbox / "pending" / session / "entry.json"
        entry = json.loads(path.read_bytes())
        entry["metadata"]["taken"] = "2026-11-22T18:00:00Z"
        path.write_text(json.dumps(entry))
        assert [NOON.replace(hour=18, minute=0, second=0)] == [visit.taken for visit in shelf.visits()]

    def test_one_that_says_only_what_is_sent(self, shelf, spool, outbox, visits):
        """The event is known from there, too: by the words that go with it."""
        session = visits.pending(spool)
        (outbox / "pending" / session / "visit.json").unlink()
        assert [("DockerCon 2019", sent_of(session))] == [(visit.event, visit.products) for visit in shelf.visits()]

    def test_one_of_an_event_with_an_odd_name(self, outbox, make_spool, visits):
        """It does nothing to a terminal."""
        visits.pose(make_spool(event="Gala\x1b[2J" + "b" * 2000), visits.fresh())
        assert [r"Gala\x1b[2J" + "b" * 989 + "..."] == [visit.event for visit in Shelf(outbox).visits()]

    def test_one_whose_facts_are_lost(self, shelf, spool, outbox, visits):
        """It is a visit all the same."""
        visits.pending(spool)
        for path in (outbox / "pending").rglob("*"):
            if path.is_file():
                path.unlink()
        assert [shelved(SESSION, "pending", None, None, 0, 0, "", None, event="")] == list(shelf.visits())


def test_the_oldest_comes_first(shelf, spool, visits):
    """Whatever the places."""
    made = [visits.sent(spool), visits.pending(spool), visits.sent(spool)]
    assert made == [visit.session for visit in shelf.visits()]


def test_places_can_be_chosen(shelf, spool, visits):
    """Who asks what waits is not told of others."""
    sent, waiting = visits.sent(spool), visits.pending(spool)
    failed = visits.pending(spool)
    spool.queue().refuse(failed, "too large")
    assert ([waiting], [sent, failed]) == (
        [visit.session for visit in shelf.visits("pending")],
        [visit.session for visit in shelf.visits("failed", "sent")],
    )


def test_a_place_that_is_none_is_a_mistake(shelf):
    """It is told before anything is looked at."""
    with pytest.raises(ValueError, match=r"^gone: a visit is in one of open, pending, sent, failed$"):
        shelf.visits("gone")


class TestTheGuest:
    """What was typed is told to whoever asks for it, and to nobody else."""

    @pytest.mark.parametrize("place", ["open", "pending", "sent", "failed"])
    def test_it_is_told_on_demand(self, shelf, spool, outbox, visits, place):
        """Wherever the visit is."""
        session = visits.pending(spool, ZOE)
        if place != "pending":
            (outbox / "pending" / session).rename(outbox / place / session)
        assert ZOE == shelf.guest(session)

    def test_it_is_nowhere_else(self, shelf, spool, visits):
        """No fact of a visit, nor how either is shown in a traceback, has a name or an address in it."""
        session = visits.pending(spool, ZOE)
        spool.queue().refuse(session, "too large")
        told = repr(list(shelf.visits())) + repr(shelf) + repr(shelf.guest(session))
        assert [] == re.findall("Zo|zoe|example", told)

    def test_one_who_typed_nothing(self, shelf, spool, visits):
        """There is none."""
        assert None is shelf.guest(visits.pending(spool))

    @pytest.mark.parametrize("session", ["20261122-170501-bbbbbbbbbb", "../../elsewhere", "", "/"])
    def test_a_visit_that_is_not_there_has_none(self, shelf, spool, outbox, session):
        """Nor is one looked for outside the outbox."""
        outside = outbox.parent.parent / "elsewhere"
        assert not outside.exists()
        (outbox / "guest.json").write_text('{"guest": {"name": "a", "email": "b", "consent": true}}')
        assert None is shelf.guest(SessionId(session))

    def test_one_that_cannot_be_read(self, shelf, spool, outbox, visits):
        """It is as if there were none."""
        session = visits.pending(spool, ZOE)
        (outbox / "pending" / session / "guest.json").write_bytes(b"{")
        assert None is shelf.guest(session)

    def test_one_whose_visit_moves_meanwhile(self, outbox, spool, visits):
        """It is looked for where the visit is now."""
        session = visits.pending(spool, ZOE)

        class Moving(RealDisk):
            def size(self, file):
                if (outbox / "pending" / session).exists():
                    (outbox / "pending" / session).rename(outbox / "sent" / session)
                return super().size(file)

        assert ZOE == Shelf(outbox, disk=Moving()).guest(session)


class TestNoTrace:
    """A booth does not notice that somebody looks."""

    def test_nothing_is_written(self, shelf, spool, outbox, visits):
        """All that is there has its time, its mode and its number, before and after."""
        visits.pose(spool, visits.fresh())
        spool.queue().refuse(visits.pending(spool, ZOE), "too large")
        visits.sent(spool)
        session = visits.pending(spool, ZOE)
        (outbox / "open" / f"{SESSION}.gone").mkdir()
        (outbox / "pending").chmod(0o755)
        (outbox / "pending" / session / "guest.json").chmod(0o644)
        before = listing(outbox)
        found = list(shelf.visits())
        assert (4, ZOE) == (len(found), shelf.guest(session))
        assert before == listing(outbox)

    def test_nothing_is_made(self, outbox, tmp_path):
        """Where no booth has been there is no outbox afterwards either; whoever asks is told what to do."""
        before = listing(tmp_path)
        with pytest.raises(OutboxError, match=r"no booth has used it yet, or correct the folder$"):
            list(Shelf(outbox).visits())
        assert None is Shelf(outbox).guest(SESSION)
        assert before == listing(tmp_path)

    def test_an_outbox_without_a_lock_gets_none(self, outbox, visits, make_spool):
        """On the disk of a booth that is elsewhere, all can be read."""
        spool = make_spool()
        visits.pending(spool)
        spool.close()
        (outbox / ".lock").unlink()
        before = listing(outbox)
        assert 1 == len(list(Shelf(outbox).visits()))
        assert before == listing(outbox)

    def test_a_booth_keeps_its_lock(self, shelf, spool, visits, make_spool):
        """Who looks while it works has not let another booth in."""
        visits.pending(spool)
        assert 1 == len(list(shelf.visits()))
        with pytest.raises(OutboxError, match="another booth is using the outbox"):
            make_spool()
        visits.pending(spool)
        assert 2 == len(list(shelf.visits()))

    def test_a_booth_can_start_meanwhile(self, outbox, visits, make_spool):
        """Nobody has to stop looking first."""
        first = make_spool()
        visits.pending(first)
        visits.pending(first)
        first.close()
        found = Shelf(outbox).visits()
        next(found)
        spool = make_spool()
        visits.pending(spool)
        assert 1 == len(list(found))


@pytest.mark.parametrize(("operation", "fact"), [("read", "taken"), ("size", "animation"), ("size", "attempts")])
def test_what_the_disk_refuses_of_a_visit_is_not_known(outbox, spool, visits, operation, fact):
    """The visit is told of all the same."""
    visits.pending(spool)

    def refuse(*_):
        raise OSError(5, "Input/output error")

    disk = RealDisk()
    setattr(disk, operation, refuse)
    (visit,) = Shelf(outbox, disk=disk).visits()
    assert {"taken": None, "animation": None, "attempts": 0}[fact] == getattr(visit, fact)


@pytest.mark.parametrize(
    ("number", "advice"), [(13, "put sudo before it$"), (5, "cannot be read: Input/output error; look at the disk$")]
)
def test_a_place_that_cannot_be_read_is_told(outbox, spool, refusing_disk, number, advice):
    """With what to do; it is not as if it were empty."""
    with pytest.raises(OutboxError, match=advice):
        list(Shelf(outbox, disk=refusing_disk({"names"}, number)).visits())


# ---- what is no visit, or none any more


def test_a_visit_that_is_being_deleted_is_gone(shelf, spool, outbox, visits):
    """By its name, or by the mark in it where the disk would not give it another name."""
    visits.pose(spool, session := visits.fresh())
    spool.condemn(session)
    marked = [visits.fresh(), visits.sent(spool)]
    spool.open(marked[0])
    (outbox / "open" / marked[0] / "condemned").touch()
    (outbox / "sent" / marked[1] / "condemned").touch()
    assert ([], [None] * 3) == (list(shelf.visits()), [shelf.guest(name) for name in [session, *marked]])


def test_a_mark_where_none_belongs_hides_nothing(shelf, spool, outbox, visits):
    """What is to be sent is sent."""
    session = visits.pending(spool)
    (outbox / "pending" / session / "condemned").touch()
    assert [session] == [visit.session for visit in shelf.visits()]


def test_what_is_half_written_is_not_there(shelf, spool, outbox, visits):
    """It is what it was before."""
    session = visits.pending(spool)
    before = list(shelf.visits())
    for name in ("animation.gif", "entry.json", "attempts.json", "guest.json", "visit.json", "failure.json"):
        (outbox / "pending" / session / f"{name}.part").write_bytes(b'{"guest": {"na')
    assert (before, None) == (list(shelf.visits()), shelf.guest(session))


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["open", "pending", "sent", "failed"], "sent"),
        (["open", "pending", "failed"], "pending"),
        (["open", "failed"], "failed"),
    ],
)
def test_a_name_that_is_there_twice_is_one_visit(shelf, outbox, spool, places, expected):
    """Confirmed is confirmed, and what is to be sent comes before what was left behind."""
    for place in places:
        (outbox / place / SESSION).mkdir()
    assert [(SESSION, expected)] == [(visit.session, visit.place) for visit in shelf.visits()]


def test_what_is_no_visit_passes_by(shelf, spool, outbox, visits, tmp_path):
    """Files, links, pipes, and folders of other names: nothing is waited for, nor looked at outside."""
    session = visits.pending(spool)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for number, place in enumerate(["open", "pending", "sent", "failed"]):
        folder = outbox / place
        (folder / "holiday").mkdir()
        (folder / os.fsdecode(b"\xff\xfe")).mkdir()
        (folder / f"{SESSION}.12345678").mkdir()
        (folder / f"20261122-17100{number}-aaaaaaaaaa").touch()
        (folder / f"20261122-17200{number}-aaaaaaaaaa").symlink_to(elsewhere)
        os.mkfifo(folder / f"20261122-17300{number}-aaaaaaaaaa")
    assert [session] == [visit.session for visit in shelf.visits()]


def fifo(path, _):
    os.mkfifo(path)


def folder(path, _):
    path.mkdir()


def link(path, outside):
    path.symlink_to(outside)


def sparse(path, _):
    path.touch()
    os.truncate(path, 100 << 30)


@pytest.mark.parametrize("kind", [fifo, folder, link, sparse])
def test_what_has_the_name_of_a_file_of_ours_says_nothing(shelf, spool, outbox, visits, tmp_path, kind):
    """No pipe is waited for, no link followed, and no more read than any of ours has."""
    outside = tmp_path / "outside"
    outside.write_text('{"attempts": 9, "why": "outside", "at": 1795367112, "guest": null}')
    for place, session in zip(["failed", "sent"], [visits.pending(spool), visits.sent(spool)], strict=True):
        if place == "failed":
            spool.queue().refuse(session, "too large")
        inside = outbox / place / session
        for name in ("animation", "entry", "visit", "attempts", "failure", "confirmed", "guest"):
            path = inside / f"{name}.{'gif' if name == 'animation' else 'json'}"
            path.unlink(missing_ok=True)
            kind(path, outside)
        assert [shelved(session, place, None, None, 0, 0, "", None, event="")] == list(shelf.visits(place))
        assert None is shelf.guest(session)


@pytest.mark.parametrize("said", [b"", b"[]", b"\xff", b"[" * LONGEST, b'{"why": 1, "at": "x", "attempts": "x"}',
                                  b'{"at": 1e300}', b'{"at": NaN}', b'{"at": true, "attempts": -1}'])  # fmt: skip
def test_facts_that_are_none_are_not_known(shelf, spool, outbox, visits, said):
    """Nothing depends on them."""
    for place, session in [("sent", visits.sent(spool)), ("failed", visits.pending(spool))]:
        if place == "failed":
            spool.queue().refuse(session, "too large")
        for name in ("attempts", "failure", "confirmed", "visit", "entry"):
            (outbox / place / session / f"{name}.json").write_bytes(said)
    assert [(None, 0, "", None)] * 2 == [(v.taken, v.attempts, v.why, v.confirmed) for v in shelf.visits()]


def test_a_reason_does_nothing_to_a_terminal(shelf, spool, outbox, visits):
    """Whoever wrote it, and however long it is."""
    session = visits.pending(spool)
    spool.queue().refuse(session, "a\x1b[2J\n" + "b" * 5000)
    (visit,) = shelf.visits()
    assert r"a\x1b[2J\x0a" + "b" * 991 + "..." == visit.why


@pytest.mark.parametrize("place", ["open", "pending", "sent", "failed"])
def test_a_place_that_is_no_folder_has_nothing_in_it(outbox, shelf, spool, visits, place):
    """The others are looked at all the same."""
    session = visits.pending(spool)
    (outbox / place).rename(outbox / "elsewhere")
    (outbox / place).touch()
    assert ([] if place == "pending" else [session]) == [visit.session for visit in shelf.visits()]


# ---- what moves meanwhile


class MeanwhileDisk(RealDisk):
    """A disk between whose operations the booth goes on: before each, the next of *acts* is done, if it is its turn."""

    def __init__(self, acts):
        self.acts = acts  # how many operations come first, and what is done then

    def turn(self):
        if not self.acts:
            return
        wait, act = self.acts[0]
        if wait:
            self.acts[0] = (wait - 1, act)
            return
        self.acts.pop(0)
        act()
        self.turn()

    def names(self, folder):
        self.turn()
        return super().names(folder)

    def _is(self, path, kind):
        self.turn()
        return super()._is(path, kind)

    def exists(self, path):
        self.turn()
        return super().exists(path)

    def size(self, file):
        self.turn()
        return super().size(file)

    def read(self, file):
        self.turn()
        return super().read(file)


class Party:
    """Visits in a real spool that are moved on by it; where each is, and which were deleted."""

    def __init__(self, spool, visits, outbox):
        self.spool = spool
        self.visits = visits
        self.outbox = outbox
        self.place = {}
        self.moved_back = set()

    def opened(self):
        session = self.visits.fresh()
        self.visits.pose(self.spool, session, shots=1)
        self.place[session] = "open"
        return session

    def put(self, place):
        """Begin a visit, and have it where it is to be."""
        session = self.opened()
        if place != "open":
            self.commit(session)
        if place == "sent":
            self.send(session)
        if place == "failed":
            self.fail(session)

    def commit(self, session):
        if self.place[session] == "open":
            self.visits.finish(self.spool, session, ZOE)
            self.place[session] = "pending"

    def send(self, session):
        if self.place[session] == "pending":
            key = self.spool.queue().parcel(session).key
            self.spool.queue().confirm(session, key, self.visits.etag(self.spool, session))
            self.place[session] = "sent"

    def fail(self, session):
        if self.place[session] == "pending":
            self.spool.queue().refuse(session, "too large")
            self.place[session] = "failed"

    def mend(self, session):
        """Have its animation made anew; the spool does so once."""
        if self.place[session] == "pending" and session not in self.moved_back:
            self.moved_back.add(session)
            assert self.spool.queue().mend(session, "damaged")
            self.place[session] = "open"

    def retry(self, session):
        """Move it back to pending/, as a person does."""
        if self.place[session] == "failed" and session not in self.moved_back:
            self.moved_back.add(session)
            (self.outbox / "failed" / session).rename(self.outbox / "pending" / session)
            self.place[session] = "pending"

    def delete(self, session):
        """Have it deleted: an open one by its guest's wish, a sent one for its age."""
        if self.place[session] == "open":
            self.spool.discard(session)
            self.place[session] = None
        elif self.place[session] == "sent":
            self.spool._deleting._delete(self.outbox / "sent" / session)
            self.place[session] = None

    def begin(self, _):
        self.opened()


ACTS = ["commit", "send", "fail", "mend", "retry", "delete", "begin"]


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at_first=st.lists(st.sampled_from(["open", "pending", "sent", "failed"]), min_size=1, max_size=4),
    acts=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(ACTS), st.integers(0, 3)), max_size=25),
)
@example(at_first=["open"], acts=[(3, "commit", 0), (3, "send", 0)])  # missed by who looks from sent/ to open/
def test_every_visit_is_found_once_whatever_moves(tmp_path, quick_disk, wall, visits, at_first, acts):
    """Where it is at that moment; one that was deleted meanwhile is found once or not at all."""
    outbox = Path(tempfile.mkdtemp(dir=tmp_path)) / "outbox"
    spool = Spool(outbox, event="Gala", booth="booth", key_template="{session}.gif", wall=wall, min_free_mb=0,
                  keep_days=30, disk=quick_disk)  # fmt: skip
    with contextlib.closing(spool):
        party = Party(spool, type(visits)(), outbox)
        for place in at_first:
            party.put(place)
        there = list(party.place)

        def done(name, number):
            return lambda: getattr(party, name)(there[number % len(there)])

        disk = MeanwhileDisk([(wait, done(name, number)) for wait, name, number in acts])
        found = []
        for visit in Shelf(outbox, disk=disk).visits():
            found.append(visit.session)
            assert party.place[visit.session] == visit.place  # nothing has happened since the shelf's last operation
        assert sorted(set(found)) == found
        assert set() == {session for session in there if party.place[session] is not None} - set(found)
        assert set() == set(found) - set(party.place)
