"""Several products for several targets: each target gets each of them once, and the machine hears of the first."""

import errno
import json
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from booth.core.events import Delivered, Reach, ReachChanged
from booth.core.visit import Guest
from booth.errors import BucketError, OutboxError, Remedy
from booth.outbox.entry import Entry
from booth.outbox.queue import DamagedError, UnconfirmedError
from booth.outbox.uploads import Uploads
from booth.ports import GIF, Kind, Target
from booth.units import Instant, Seconds
from lab.rest import Rest
from tests.waiting import PATIENCE

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")
TARGETS = ("bucket", "stick")
AWAY = BucketError("it cannot be reached", Remedy.WAIT, away=True)
LARGE = BucketError("too large for it", Remedy.NEVER)


@pytest.fixture
def make_two(make_spool, quick_disk):
    """Make spools of visits with two products, for two targets."""

    def make(**changes):
        return make_spool(**({"kinds": (GIF, STRIP), "targets": TARGETS, "disk": quick_disk} | changes))

    return make


@pytest.fixture
def two(make_two):
    """Open such a spool in a fresh folder."""
    return make_two()


@pytest.fixture
def commit(visits):
    """Commit a visit with an animation and a strip."""

    def committed(spool, guest=None):
        session = visits.fresh()
        visits.pose(spool, session)
        spool.add(session, STRIP, b"JPEG" + session.encode())
        visits.finish(spool, session, guest)
        return session

    return committed


def give(queue, session):
    """Give the queue's target what it is to have next; return what it was."""
    parcel = queue.parcel(session)
    queue.confirm(session, parcel.key, parcel.md5)
    return parcel.media_type


def where(outbox, session):
    """Return the places where a visit is."""
    return [place for place in ("open", "pending", "sent", "failed") if (outbox / place / session).exists()]


# ---- a queue


def test_each_target_is_given_each_product_once(two, outbox, commit):
    """The animation first; an entry that a target has all of waits there no more."""
    session = commit(two)
    for target in TARGETS:
        queue = two.queue(target)
        assert ["image/gif", "image/jpeg"] == [give(queue, session) for _ in range(2)]
        assert (False, ()) == (queue.waits(session), queue.pending())
    assert ["sent"] == where(outbox, session)


def test_what_a_target_is_given_is_one_value(two, visits, commit):
    """Its type, its bytes, its MD5 and its key; the guest's details go with each."""
    session = commit(two, ZOE)
    queue = two.queue("stick")
    give(queue, session)
    parcel = queue.parcel(session)
    assert (f"dockercon-2019/2026-11-22/{session}-strip.jpg", b"JPEG" + session.encode()) == (
        parcel.key,
        parcel.content,
    )
    assert "Zo%C3%AB" == parcel.metadata["name"]


@pytest.mark.parametrize(
    "given", [[], ["bucket"], ["stick"], ["bucket", "bucket", "stick"], ["stick", "stick", "bucket"]]
)
def test_nothing_goes_before_all_have_confirmed_all(two, outbox, commit, given):
    """Neither the frames nor the entry."""
    session = commit(two)
    for target in given:
        give(two.queue(target), session)
    two.tidy()
    assert ["pending"] == where(outbox, session)
    assert 4 == len(list((outbox / "pending" / session).glob("frame-*.jpg")))


@pytest.mark.parametrize("order", [TARGETS, TARGETS[::-1]])
def test_when_all_have_confirmed_all_the_frames_go(two, outbox, commit, order):
    """Whoever was the last."""
    session = commit(two)
    for target in order:
        while two.queue(target).waits(session):
            give(two.queue(target), session)
    assert ["sent"] == where(outbox, session)
    assert [] == list((outbox / "sent" / session).glob("frame-*.jpg"))


def test_what_was_confirmed_is_known_after_a_restart(two, make_two, commit):
    """To each target what it lacks, and nothing else."""
    session = commit(two)
    give(two.queue("bucket"), session)
    give(two.queue("stick"), session)
    give(two.queue("stick"), session)
    two.close()
    again = make_two()
    assert ((session,), ()) == (again.queue("bucket").pending(), again.queue("stick").pending())
    assert "image/jpeg" == again.queue("bucket").parcel(session).media_type


def test_a_confirmation_is_of_the_very_bytes(two, outbox, commit):
    """What a target says that it has is held against the entry, product by product."""
    session = commit(two)
    queue = two.queue("bucket")
    first = queue.parcel(session)
    give(queue, session)
    second = queue.parcel(session)
    for key, etag in [(second.key, first.md5), ("another.gif", second.md5), (first.key, second.md5)]:
        with pytest.raises(UnconfirmedError):
            queue.confirm(session, key, etag)
    assert second == queue.parcel(session)


def test_what_is_noted_of_a_target_is_which_bytes_it_has(two, outbox, commit):
    """In a file of its own beside the products; the last confirmation is where the entry is."""
    session = commit(two)
    parcel = two.queue("stick").parcel(session)
    give(two.queue("stick"), session)
    noted = json.loads((outbox / "pending" / session / "confirmed-stick.json").read_bytes())
    assert {"animation.gif": parcel.md5} == noted


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'{"animation.gif": 3}', b'{"holiday.gif": "x"}'])
def test_a_note_that_says_nothing_confirms_nothing(two, outbox, commit, said):
    """The same bytes go there again, under the same key."""
    session = commit(two)
    before = two.queue("stick").parcel(session)
    give(two.queue("stick"), session)
    (outbox / "pending" / session / "confirmed-stick.json").write_bytes(said)
    assert before == two.queue("stick").parcel(session)


def test_attempts_are_counted_for_each_target(two, make_two, commit):
    """One that is away makes nobody wait longer for the other."""
    session = commit(two)
    two.queue("stick").attempted(session)
    two.queue("stick").attempted(session)
    two.queue("bucket").attempted(session)
    two.close()
    again = make_two()
    assert [1, 2] == [again.queue(target).attempts(session) for target in TARGETS]


def test_a_target_that_is_there_no_more_keeps_nothing_waiting(two, make_two, outbox, commit):
    """What the others have all of is sent, though its settings name fewer targets now."""
    session = commit(two)
    give(two.queue("bucket"), session)
    give(two.queue("bucket"), session)
    two.close()
    alone = make_two(targets=("bucket",))
    assert () == alone.queue().pending()
    assert ["sent"] == where(outbox, session)


def test_a_target_that_is_new_is_given_what_waits(two, make_two, commit):
    """Until it has all of it, too, the entry stays."""
    session = commit(two)
    give(two.queue("bucket"), session)
    two.close()
    more = make_two(targets=(*TARGETS, "attic"))
    assert "image/gif" == more.queue("attic").parcel(session).media_type
    assert "image/jpeg" == more.queue("bucket").parcel(session).media_type


@pytest.mark.parametrize("targets", [(), ("",), ("a", "a"), ("A",), ("a/b",), ("a b",), ("-a",), ("a.json",)])
def test_a_targets_name_can_be_that_of_a_file(make_spool, targets):
    """And no two have one."""
    with pytest.raises(ValueError, match="targets have names"):
        make_spool(targets=targets)


# ---- what is refused


def test_what_one_target_refuses_the_others_are_given(two, outbox, commit):
    """Then it goes to failed/, with the reason and whose it is; nothing of it is deleted."""
    session = commit(two)
    two.queue("stick").refuse(session, "too large for it")
    assert (["pending"], (), (session,)) == (
        where(outbox, session), two.queue("stick").pending(), two.queue("bucket").pending()
    )  # fmt: skip
    give(two.queue("bucket"), session)
    give(two.queue("bucket"), session)
    assert ["failed"] == where(outbox, session)
    failed = outbox / "failed" / session
    assert "stick: too large for it" == json.loads((failed / "failure.json").read_bytes())["why"]
    assert 4 == len(list(failed.glob("frame-*.jpg")))


def test_what_all_refuse_is_set_aside_at_once(two, outbox, commit):
    """With each one's reason."""
    session = commit(two)
    for target in TARGETS:
        two.queue(target).refuse(session, f"no {target}")
    why = json.loads((outbox / "failed" / session / "failure.json").read_bytes())["why"]
    assert "bucket: no bucket; stick: no stick" == why


def test_what_is_moved_back_is_given_to_whoever_lacks_it(two, outbox, commit):
    """The one that had refused it; the others have it."""
    session = commit(two)
    two.queue("stick").refuse(session, "too large for it")
    give(two.queue("bucket"), session)
    give(two.queue("bucket"), session)
    (outbox / "failed" / session).rename(outbox / "pending" / session)
    assert ((), (session,)) == (two.queue("bucket").pending(), two.queue("stick").pending())
    give(two.queue("stick"), session)
    give(two.queue("stick"), session)
    assert ["sent"] == where(outbox, session)


# ---- what is damaged


def test_only_what_is_damaged_is_made_anew(two, outbox, commit):
    """The other is what was settled, and may have been confirmed."""
    session = commit(two)
    (outbox / "pending" / session / "strip.jpg").write_bytes(b"rot")
    give(two.queue("bucket"), session)
    with pytest.raises(DamagedError, match=r"strip\.jpg in"):
        two.queue("bucket").parcel(session)
    assert two.queue("bucket").mend(session, "rotten")
    assert (True, (STRIP,)) == (two.has_animation(session), two.lacks(session))


def test_what_was_confirmed_is_not_given_again_though_it_was_made_anew(two, outbox, visits, commit):
    """One target has the old bytes, and the other gets the new ones: each has one object."""
    session = commit(two)
    give(two.queue("bucket"), session)
    (outbox / "pending" / session / "animation.gif").write_bytes(b"rot")
    assert two.queue("stick").mend(session, "rotten")
    visits.finish(two, session, gif=b"GIF89a, another take")
    assert ["image/jpeg", "image/gif"] == [two.queue(target).parcel(session).media_type for target in TARGETS]


def test_what_is_confirmed_while_it_is_mended_counts(two, outbox, visits, commit):
    """It was on its way when the other target's queue found it rotten."""
    session = commit(two)
    parcel = two.queue("bucket").parcel(session)
    (outbox / "pending" / session / "strip.jpg").write_bytes(b"rot")
    assert two.queue("stick").mend(session, "rotten")
    assert not two.queue("bucket").confirm(session, parcel.key, parcel.md5)
    two.add(session, STRIP, b"JPEG, another")
    two.commit(session)
    assert "image/jpeg" == two.queue("bucket").parcel(session).media_type


def test_what_two_queues_find_damaged_is_mended_once(two, outbox, commit):
    """The second finds it open, and lets it be."""
    session = commit(two)
    (outbox / "pending" / session / "animation.gif").write_bytes(b"rot")
    assert [True, True] == [two.queue(target).mend(session, "rotten") for target in TARGETS]
    assert ["open"] == where(outbox, session)


def test_a_disk_that_does_not_take_a_confirmation_is_told(make_two, commit, refusing_disk):
    """Nothing is forgotten: the same can be said again."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_two(disk=disk)
    session = commit(spool)
    parcel = spool.queue("stick").parcel(session)
    disk.operations = {"write"}
    with pytest.raises(OutboxError, match="does not take the confirmation"):
        spool.queue("stick").confirm(session, parcel.key, parcel.md5)
    disk.operations = set()
    assert not spool.queue("stick").confirm(session, parcel.key, parcel.md5)
    assert "image/jpeg" == spool.queue("stick").parcel(session).media_type


# ---- uploaders


class Place:
    """A target that keeps what it is given."""

    def __init__(self):
        self.objects = {}
        self.trouble = lambda parcel: None

    def put(self, parcel):
        if (trouble := self.trouble(parcel)) is not None:
            raise trouble
        assert parcel.key not in self.objects
        self.objects[parcel.key] = parcel.content
        return parcel.md5

    def close(self):
        pass


class Bench:
    """The uploads of a spool, by a clock that is moved by hand, to a place for each target."""

    def __init__(self, spool, **more):
        self.seconds = 1000.0
        self.places = {target: Place() for target in TARGETS}
        self.events = []
        self.uploads = Uploads.to(
            [Target(name, lambda place=place: place, Seconds(1.0)) for name, place in self.places.items()],
            spool.queue,
            post=self.events.append,
            now=lambda: Instant(self.seconds),
            **({"clock_wrong": lambda: False, "patience": Seconds(60.0), "bucket_set": True} | more),
        )
        self._rests = []
        for uploader in self.uploads._all:
            rest = Rest(PATIENCE)
            uploader._pause = rest.pause
            self._rests.append((rest, uploader))

    def rest(self):
        for rest, uploader in self._rests:
            rest.wait(uploader)

    def wake(self, first=None):
        self.uploads.wake(first)
        self.rest()

    def delivered(self):
        return [event for event in self.events if isinstance(event, Delivered)]


@pytest.fixture
def make_bench():
    """Make benches; all threads are ended."""
    benches = []

    def make(spool, **more):
        benches.append(Bench(spool, **more))
        return benches[-1]

    yield make
    for bench in benches:
        assert bench.uploads.close(PATIENCE)


def test_each_place_has_one_object_for_each_product(two, outbox, commit, make_bench):
    """Through real uploaders; and the machine hears of each visit once."""
    sessions = [commit(two, ZOE) for _ in range(3)]
    bench = make_bench(two)
    bench.uploads.start()
    bench.rest()
    bench.wake()
    keys = sorted(f"dockercon-2019/2026-11-22/{session}{end}" for session in sessions for end in (".gif", "-strip.jpg"))
    assert [keys, keys] == [sorted(place.objects) for place in bench.places.values()]
    assert {"open": 0, "pending": 0, "sent": 3, "failed": 0} == two.counts()
    assert sessions == [event.session for event in bench.delivered()]


def test_the_machine_hears_of_a_visit_once_when_the_first_target_has_its_animation(two, commit, make_bench):
    """Not of the rest of it, nor of another target."""
    session = commit(two)
    bench = make_bench(two)
    bench.places["bucket"].trouble = lambda parcel: AWAY if parcel.media_type == "image/jpeg" else None
    bench.uploads.start()
    bench.rest()
    assert (2, 1) == (len(bench.places["stick"].objects), len(bench.places["bucket"].objects))
    assert [session] == [event.session for event in bench.delivered()]
    bench.places["bucket"].trouble = lambda parcel: None
    bench.seconds += 1000.0
    bench.wake()
    assert 2 == len(bench.places["bucket"].objects)
    assert [session] == [event.session for event in bench.delivered()]


def test_the_machine_does_not_wait_for_another_target(two, outbox, commit, make_bench):
    """Its guest is told as soon as the first has it; nor does it hear how far the other is."""
    session = commit(two)
    bench = make_bench(two)
    bench.places["stick"].trouble = lambda parcel: AWAY
    bench.uploads.start()
    bench.rest()
    assert [Delivered(1000.0, session, None)] == bench.events
    assert ["pending"] == where(outbox, session)
    assert "stick: offline, 1 GIF not sent yet: it cannot be reached" == bench.uploads.words()


def test_what_the_first_has_to_say_comes_first(two, commit, make_bench):
    """Without a name, as where there is no other."""
    commit(two)
    bench = make_bench(two)
    for place in bench.places.values():
        place.trouble = lambda parcel: AWAY
    bench.uploads.start()
    bench.rest()
    words = "offline, 1 GIF not sent yet: it cannot be reached"
    assert f"{words}; stick: {words}" == bench.uploads.words()
    assert [ReachChanged(1000.0, Reach.OFFLINE)] == bench.events


def test_a_link_leads_to_the_animation_when_that_is_there(two, commit, make_bench):
    """It is made once, with the animation and before the rest; none by another target."""
    asked = []
    session = commit(two)

    def links(bucket, entry):
        asked.append((bucket, entry.animation.key, len(bucket.objects)))
        return f"https://x/{entry.animation.key}"

    bench = make_bench(two, links=links)
    bench.uploads.start()
    bench.rest()
    key = f"dockercon-2019/2026-11-22/{session}.gif"
    assert [(bench.places["bucket"], key, 1)] == asked
    assert [Delivered(1000.0, session, f"https://x/{key}")] == bench.events


def test_what_one_refuses_for_good_is_set_aside_when_the_other_has_it(two, outbox, commit, make_bench):
    """And is told of once, by the first."""
    session = commit(two)
    bench = make_bench(two)
    bench.places["stick"].trouble = lambda parcel: LARGE
    bench.uploads.start()
    bench.rest()
    bench.wake()
    assert (["failed"], 2) == (where(outbox, session), len(bench.places["bucket"].objects))
    assert "1 set aside in failed/" == bench.uploads.words().partition(";")[0]


def test_a_product_that_the_disk_would_not_note_is_not_put_again(make_two, outbox, commit, make_bench, refusing_disk):
    """The other follows when the disk takes notes again."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_two(disk=disk)
    session = commit(spool)
    bench = make_bench(spool)
    disk.operations = {"write"}
    bench.uploads.start()
    bench.rest()
    assert [1, 1] == [len(place.objects) for place in bench.places.values()]
    disk.operations = set()
    bench.seconds += 61.0
    bench.wake()
    bench.wake()
    assert [2, 2] == [len(place.objects) for place in bench.places.values()]
    assert (["sent"], [session]) == (where(outbox, session), [event.session for event in bench.delivered()])


def test_another_targets_facts_say_whose_they_are(two, commit, make_bench):
    """Those of the first are as they were."""
    session = commit(two)
    bench = make_bench(two)
    with capture_logs() as logs:
        bench.uploads.start()
        bench.rest()
    told = [(fact["event"], fact.get("target")) for fact in logs if fact["event"] in {"entry.sent", "product.sent"}]
    assert [("entry.sent", None), ("entry.sent", "stick"), ("product.sent", None), ("product.sent", "stick")] == sorted(
        told, key=lambda fact: (fact[0], fact[1] or "")
    )
    assert {session} == {fact["session"] for fact in logs if "session" in fact}


def test_a_dead_uploader_is_noticed_whichever_it_is(two, make_bench):
    """The watchdog asks for all of them."""
    bench = make_bench(two)
    bench.uploads.start()
    bench.rest()
    assert not bench.uploads.stuck(Instant(1000.0))
    bench.uploads._all[1].close(Seconds(PATIENCE))
    assert bench.uploads.stuck(Instant(1000.0))


def test_an_entry_of_before_goes_to_all_targets(two, outbox, visits, commit):
    """It has one product, and each target gets it."""
    session = commit(two)
    path = outbox / "pending" / session / "entry.json"
    entry = Entry.read(path.read_bytes())
    path.write_bytes(replace(entry, products=entry.products[:1]).written())
    visits.say(path, {}, 1)
    assert ["image/gif", "image/gif"] == [give(two.queue(target), session) for target in TARGETS]
    assert ["sent"] == where(outbox, session)
