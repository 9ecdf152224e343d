"""The uploader against a bucket that does as it is told, by a clock that is moved by hand."""

import dataclasses
import errno
import hashlib
import itertools
import json
import threading

import pytest
from structlog.testing import capture_logs

from booth.core.backoff import backoff
from booth.core.events import Delivered, Reach, ReachChanged
from booth.core.visit import SHOWN, Guest, Reply
from booth.errors import BucketError, Remedy
from booth.outbox.couriers import LONGEST_PUT, MOST_COURIERS, RELIEF
from booth.outbox.news import Status
from booth.outbox.rounds import BEAT, CLOCK_WRONG, SLOW, TIDY
from booth.outbox.uploader import STUCK, Uploader
from lab.rest import Rest
from tests.waiting import PATIENCE

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
AWAY = BucketError("the bucket cannot be reached; look at the network", Remedy.WAIT, away=True)
KEYS = BucketError("the key is wrong; put the right one into the settings", Remedy.PERSON)
CLOCK = BucketError("the clock is wrong", Remedy.CLOCK)
LARGE = BucketError("too large for the server", Remedy.NEVER)


class Bucket:
    """A bucket that stores what it is given, until it is told otherwise."""

    def __init__(self):
        self.objects = {}
        self.puts = []
        self.trouble = lambda parcel: None
        self.closed = 0

    def put(self, parcel):
        self.puts.append(parcel.key)
        trouble = self.trouble(parcel)
        if isinstance(trouble, Exception):
            raise trouble
        if trouble is not None:
            return trouble
        content = parcel.content
        assert parcel.key not in self.objects
        self.objects[parcel.key] = content
        return hashlib.md5(content, usedforsecurity=False).hexdigest()

    def close(self):
        self.closed += 1


class Hang:
    """Makes a put hang until it is let go."""

    def __init__(self):
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, parcel):
        self.entered.release()
        assert self.go_on.wait(PATIENCE)
        return AWAY


class Late(Hang):
    """Makes a put hang until it is let go, and then be confirmed as *etag*."""

    def __init__(self, etag):
        super().__init__()
        self.etag = etag

    def __call__(self, parcel):
        super().__call__(parcel)
        return self.etag


class Bench:
    """An uploader, its clock, its bucket, and what it posted."""

    def __init__(self, spool, **parts):
        self.seconds = 1000.0
        self.bucket = Bucket()
        self.events = []
        self.opened = []
        self._rest = Rest(PATIENCE)
        self.waits = self._rest.asked
        self.spool = spool
        self.uploader = Uploader(
            spool.queue(),
            parts.get("open_bucket", self.open_bucket),
            post=self.events.append,
            now=lambda: self.seconds,
            pause=self._rest.pause,
            chance=lambda: 1.0,
            **{
                name: part
                for name, part in parts.items()
                if name in {"links", "pages", "clock_wrong", "patience", "bucket_set"}
            },
        )

    def open_bucket(self):
        self.opened.append(threading.current_thread().name)
        return self.bucket

    def settle(self):
        """Wait until the uploader has nothing more to do for now."""
        self._rest.wait(self.uploader)

    def rest(self):
        """Wait until the uploader waits for something, be it an answer."""
        self._rest.wait(self.uploader, under_way=True)

    def wake(self):
        self.uploader.wake()
        self.settle()

    def forward(self, seconds):
        """Move the clock, and wait until all has been done that is due then."""
        self.seconds += seconds
        self.wake()

    def start(self):
        self.uploader.start()
        self.settle()
        return self

    def returned(self):
        """Wait until all couriers that were given up have come back."""
        for courier in self.uploader._couriers.lost:
            courier.join(PATIENCE)
            assert not courier.alive

    def close(self):
        """End all threads: whatever makes one hang has been let go."""
        assert self.uploader.close(PATIENCE)
        self.returned()

    def delivered(self):
        return [event.session for event in self.events if isinstance(event, Delivered)]

    def links(self):
        return [event.online for event in self.events if isinstance(event, ReachChanged)]

    def reaches(self):
        return [event.reach for event in self.events if isinstance(event, ReachChanged)]


@pytest.fixture
def spool(make_spool, quick_disk):
    """Open a spool in a fresh folder; what the medium holds is not the question here."""
    return make_spool(disk=quick_disk)


@pytest.fixture
def make_bench(make_spool):
    """Make benches; all of their threads are ended."""
    benches = []

    def make(spool, **parts):
        benches.append(Bench(spool, **parts))
        return benches[-1]

    yield make
    for bench in benches:
        if isinstance(bench.bucket.trouble, Hang):
            bench.bucket.trouble.go_on.set()
        bench.close()


@pytest.fixture
def bench(make_bench, spool):
    """Make a bench on a fresh spool."""
    return make_bench(spool)


def refuse(*sessions, with_=AWAY):
    """Return a bucket's trouble with these sessions, and no others."""
    return lambda parcel: with_ if any(session in parcel.key for session in sessions) else None


# ---- when all is well


def test_what_an_earlier_run_left_is_sent_at_the_start(bench, spool, visits):
    """Oldest first, each once, and each is said to be delivered when its folder says so too."""
    sessions = [visits.pending(spool, ZOE) for _ in range(3)]
    bench.start()
    assert sessions == bench.delivered()
    assert [f"dockercon-2019/2026-11-22/{session}.gif" for session in sessions] == bench.bucket.puts
    assert {"open": 0, "pending": 0, "sent": 3, "failed": 0} == spool.counts()


def test_a_commit_while_online_is_sent_at_once(bench, spool, visits):
    """No deadline has to be met: being woken is enough."""
    bench.start()
    session = visits.pending(spool)
    bench.wake()
    assert [session] == bench.delivered()
    assert bench.links() == []


def test_the_bucket_is_opened_late_once_and_by_the_courier(bench, spool, visits):
    """Opening the bucket imports a library that takes a second: not before it is needed, not on anybody's thread."""
    bench.start()
    assert bench.opened == []
    for _ in range(2):
        visits.pending(spool)
        bench.wake()
    assert bench.opened == ["uploader-courier"]


def test_what_is_delivered_comes_with_its_link(make_bench, spool, visits):
    """The link is made of the bucket that confirmed and of the entry, on the courier's thread."""
    asked = []

    def links(bucket, entry):
        asked.append((bucket, entry.session, entry.animation.key, threading.current_thread().name))
        return f"https://photos.example.com/{entry.session}"

    bench = make_bench(spool, links=links)
    session = visits.pending(spool)
    with capture_logs() as logs:
        bench.start()
    assert [(bench.bucket, session, f"dockercon-2019/2026-11-22/{session}.gif", "uploader-courier")] == asked
    assert [Delivered(bench.seconds, session, f"https://photos.example.com/{session}")] == bench.events
    assert "photos.example.com" not in repr(logs)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (KEYS, str(KEYS)),
        (RuntimeError("https://a-link-that-is-secret"), "it failed in an unexpected way (RuntimeError)"),
    ],
)
def test_a_link_that_cannot_be_made_does_not_hold_up_the_delivery(make_bench, spool, visits, trouble, why):
    """The animation has arrived, and that is told; the log says why there is no link, and never the link."""

    def links(bucket, entry):
        raise trouble

    bench = make_bench(spool, links=links)
    session = visits.pending(spool)
    with capture_logs() as logs:
        bench.start()
    assert [Delivered(bench.seconds, session, None)] == bench.events
    (told,) = [entry for entry in logs if entry["event"] == "share.no_link"]
    assert (session, why) == (told["session"], told["why"])


@pytest.mark.parametrize("wanted", [True, False], ids=["links", "no links"])
def test_a_link_that_is_withheld_is_logged(make_bench, spool, visits, wanted):
    """Where guests are shown links, whoever misses one finds why: once for each visit, and nothing of the guest."""
    bench = make_bench(spool, **({"links": lambda *_: "https://example.com"} if wanted else {}))
    session = visits.pending(spool, ZOE)
    with capture_logs() as logs:
        bench.start()
    why = "the animation's object tells who the guest is"
    told = [entry for entry in logs if entry["event"] == "share.withheld"]
    assert [{"event": "share.withheld", "log_level": "info", "session": session, "why": why}] * wanted == told
    assert [Delivered(bench.seconds, session, None)] == bench.events


def test_no_link_is_made_of_what_was_refused(make_bench, spool, visits):
    """A link is a promise that something is there."""
    asked = []
    bench = make_bench(spool, links=lambda *about: asked.append(about))
    visits.pending(spool)
    bench.bucket.trouble = lambda parcel: AWAY
    bench.start()
    assert asked == []


def test_it_looks_around_every_few_seconds(bench):
    """With nothing to do, the uploader still notices what was put into the outbox by hand, and that it lives."""
    bench.start()
    assert set(bench.waits) == {BEAT}


def test_the_uploader_keeps_these_times():
    """In seconds; the guide and the watchdog count on them."""
    assert (5.0, 60.0, 180.0, 120.0) == (BEAT, SLOW, LONGEST_PUT, STUCK)
    assert (3600.0, 3600.0, 3) == (TIDY, RELIEF, MOST_COURIERS)


def test_a_status_says_nothing_before_anything_is_known():
    """Nothing waits, nothing is wrong; and nobody can change it under another's hands."""
    status = Status()
    assert (0, 0, Reach.UP, None, None, None) == dataclasses.astuple(status)
    with pytest.raises(dataclasses.FrozenInstanceError):
        status.pending = 1


def test_the_status_of_an_idle_uploader_is_calm(bench):
    """Nothing pending, nothing failed, nothing wrong."""
    status = bench.start().uploader.status()
    assert (0, 0, True, None, None, None) == (
        status.pending,
        status.failed,
        status.online,
        status.error,
        status.remedy,
        status.next_attempt,
    )


def test_no_line_of_the_log_names_a_guest(bench, spool, visits):
    """Sent, refused or broken: the log has sessions, never details."""
    visits.pending(spool, ZOE)
    refused = visits.pending(spool, ZOE)
    bench.bucket.trouble = refuse(refused, with_=ValueError(f"cannot send {ZOE.name} {ZOE.email}"))
    with capture_logs() as logs:
        bench.start()
    told = json.dumps(logs, default=str, ensure_ascii=False)
    assert "entry.sent" in told
    assert "unexpected way (ValueError)" in told
    assert ZOE.name not in told
    assert ZOE.email not in told


# ---- when many wait


@pytest.mark.parametrize("others", [0, 400])
def test_what_an_entry_costs_does_not_depend_on_how_many_wait(make_bench, make_spool, counting_disk, visits, others):
    """Counted in what the disk is asked for: the hundredth entry of many costs what the last but a few costs."""
    disk = counting_disk
    spool = make_spool(disk=disk)
    for number in range(others + 20):
        visits.pending(spool) if number % 2 else spool.queue().attempted(visits.pending(spool))
    bench = make_bench(spool)
    costs = []

    def trouble(parcel):
        costs.append(disk.asked.total())

    bench.bucket.trouble = trouble
    bench.start()
    bench.forward(300.0)
    assert others + 20 == len(bench.delivered())
    steps = [after - before for before, after in itertools.pairwise(costs)]
    # Between the two halves, those never tried and those that failed before, the outbox is listed once more.
    assert [max(set(steps), key=steps.count)] * 2 == [steps[0], steps[-1]]
    assert sum(step != steps[0] for step in steps) <= 2


def test_an_entry_that_is_put_back_by_hand_while_many_wait_is_noticed(
    make_bench, make_spool, counting_disk, outbox, visits
):
    """The outbox is listed anew every few seconds, however long the others take; and no more often."""
    disk = counting_disk
    spool = make_spool(disk=disk)
    back, *others = (visits.pending(spool) for _ in range(12))
    spool.queue().refuse(back, "too large")
    bench = make_bench(spool)
    listed = []

    def trouble(parcel):
        if parcel.key.endswith(f"{others[2]}.gif"):
            (outbox / "failed" / back).rename(outbox / "pending" / back)
        listed.append(disk.asked["names"])
        bench.seconds += 1.0

    bench.bucket.trouble = trouble
    bench.start()
    assert [*others[:5], back, *others[5:]] == bench.delivered()
    assert bench.uploader.status().failed == 0


def test_an_entry_that_is_taken_away_by_hand_while_many_wait_is_passed_by(bench, spool, outbox, visits, tmp_path):
    """It is neither damaged nor trouble: it is gone."""
    first, gone, last = (visits.pending(spool) for _ in range(3))

    def trouble(parcel):
        if first in parcel.key:
            (outbox / "pending" / gone).rename(tmp_path / gone)

    bench.bucket.trouble = trouble
    with capture_logs() as logs:
        bench.start()
    assert [first, last] == bench.delivered()
    assert ["entry.sent", "entry.sent"] == [entry["event"] for entry in logs]
    assert (0, None) == (bench.uploader.status().pending, bench.uploader.status().error)


def test_the_visit_on_the_screen_goes_first(bench, spool, visits):
    """Its guest waits for the code; what waited for hours can wait for one more. Of two, the last is on the screen."""
    before = [visits.pending(spool) for _ in range(4)]
    fresh = []

    def trouble(parcel):
        if before[1] in parcel.key:
            for _ in range(2):
                fresh.append(visits.pending(spool))
                bench.uploader.wake(fresh[-1])

    bench.bucket.trouble = trouble
    bench.start()
    assert [*before[:2], fresh[1], fresh[0], *before[2:]] == bench.delivered()


def test_a_visit_on_the_screen_that_fails_waits_as_the_others_do(bench, spool, visits):
    """First once, not for ever: a visit with trouble of its own keeps nobody waiting."""
    before = [visits.pending(spool) for _ in range(2)]
    fresh = visits.pending(spool)
    bench.bucket.trouble = refuse(fresh)
    bench.uploader.wake(fresh)
    bench.start()
    assert ([f"dockercon-2019/2026-11-22/{fresh}.gif"], []) == (bench.bucket.puts, bench.delivered())
    bench.forward(2.0)
    assert before == bench.delivered()


# ---- when the bucket is away


def test_a_dead_network_is_tried_again_later_and_later(bench, spool, visits):
    """Each failure makes the wait longer, up to the roof; the link is reported once."""
    session = visits.pending(spool)
    bench.bucket.trouble = refuse(session)
    bench.start()
    for failures in range(1, 12):
        assert failures == len(bench.bucket.puts)
        wait = backoff(failures, 1.0)
        assert bench.seconds + wait == bench.uploader.status().next_attempt
        bench.forward(wait - 0.5)
        assert failures == len(bench.bucket.puts)
        bench.forward(0.5)
    assert bench.links() == [False]
    assert bench.delivered() == []


def test_the_status_tells_what_is_wrong(bench, spool, visits):
    """An operator reads what to do, how much waits, and when it is tried again."""
    bench.bucket.trouble = refuse(visits.pending(spool))
    status = bench.start().uploader.status()
    assert (1, 0, False, str(AWAY), Remedy.WAIT, bench.seconds + 2.0) == (
        status.pending,
        status.failed,
        status.online,
        status.error,
        status.remedy,
        status.next_attempt,
    )


def test_fifty_guests_offline_then_online_are_fifty_objects(bench, spool, visits):
    """One attempt a guest while the network is away; then all are sent, once each, the oldest that waited first."""
    bench.bucket.trouble = lambda parcel: AWAY
    bench.start()
    sessions = []
    for _ in range(50):
        sessions.append(visits.pending(spool))
        bench.wake()
    assert len(bench.bucket.puts) == 50
    assert bench.links() == [False]
    bench.bucket.trouble = lambda parcel: None
    bench.forward(300.0)
    assert sessions == sorted(bench.delivered())
    assert len(bench.bucket.objects) == 50
    assert bench.links() == [False, True]
    assert {"open": 0, "pending": 0, "sent": 50, "failed": 0} == spool.counts()


def test_a_new_guest_finds_a_network_that_is_back(bench, spool, visits):
    """A visit committed while the others wait is tried at once, and what waited goes with it."""
    first = visits.pending(spool)
    bench.bucket.trouble = lambda parcel: AWAY
    bench.start()
    bench.bucket.trouble = lambda parcel: None
    bench.wake()
    assert bench.delivered() == []
    second = visits.pending(spool)
    bench.wake()
    assert [second, first] == bench.delivered()


def test_many_new_guests_are_not_all_tried_on_a_dead_network(bench, spool, visits):
    """When the first attempt fails, all that is there waits for the backoff."""
    for _ in range(5):
        visits.pending(spool)
    bench.bucket.trouble = lambda parcel: AWAY
    bench.start()
    bench.wake()
    assert len(bench.bucket.puts) == 1


def test_an_entry_with_trouble_of_its_own_keeps_nobody_waiting(bench, spool, visits):
    """The server chokes on one entry for ever: all others are sent, and it is still tried."""
    poison = visits.pending(spool)
    bench.bucket.trouble = refuse(poison)
    others = [visits.pending(spool) for _ in range(3)]
    bench.start()
    bench.forward(2.0)
    assert others == bench.delivered()
    for _ in range(5):
        bench.forward(300.0)
    late = visits.pending(spool)
    bench.wake()
    assert [*others, late] == bench.delivered()
    assert {"open": 0, "pending": 1, "sent": 4, "failed": 0} == spool.counts()
    bench.bucket.trouble = lambda parcel: None
    bench.forward(300.0)
    assert [*others, late, poison] == bench.delivered()


def test_backoff_survives_a_restart(make_bench, make_spool, spool, visits):
    """A booth that crashes and starts again does not hammer a server in trouble; a new visit is tried all the same."""
    session = visits.pending(spool)
    before = make_bench(spool)
    before.bucket.trouble = lambda parcel: AWAY
    before.start()
    before.forward(2.0)
    before.forward(4.0)
    assert before.uploader.close(PATIENCE)
    spool.close()

    after = make_bench(make_spool()).start()
    assert after.bucket.puts == []
    assert after.seconds + backoff(3, 1.0) == after.uploader.status().next_attempt
    after.forward(7.9)
    assert after.bucket.puts == []
    after.forward(0.1)
    assert [session] == after.delivered()


def test_after_a_restart_a_new_visit_does_not_wait_for_the_old_ones(make_bench, spool, visits):
    """What was never tried has nothing to wait for."""
    for _ in range(2):
        spool.queue().attempted(visits.pending(spool))
    fresh = visits.pending(spool)
    bench = make_bench(spool)
    bench.bucket.trouble = lambda parcel: AWAY
    bench.start()
    assert [fresh] == [key.rpartition("/")[2].removesuffix(".gif") for key in bench.bucket.puts]


def test_after_a_restart_one_that_arrives_brings_all_others_forward(make_bench, spool, visits):
    """A long backlog of visits that have failed once waits for minutes, and no longer than until one is taken."""
    old = [visits.pending(spool) for _ in range(12)]
    for session in old:
        spool.queue().attempted(session)
    bench = make_bench(spool).start()
    assert ([], bench.seconds + backoff(12, 1.0)) == (bench.bucket.puts, bench.uploader.status().next_attempt)
    fresh = visits.pending(spool)
    bench.wake()
    assert [fresh, *old] == bench.delivered()


@pytest.mark.parametrize("trouble", [RecursionError("maximum"), RuntimeError(), KeyError("x"), OSError(5, "x")])
def test_whatever_the_library_raises_is_waited_out(bench, spool, visits, trouble):
    """An exception that nobody thought of ends no thread and loses no entry."""
    session = visits.pending(spool)
    bench.bucket.trouble = lambda parcel: trouble
    bench.start()
    status = bench.uploader.status()
    assert status.error == f"the upload failed in an unexpected way ({type(trouble).__name__})"
    assert status.remedy is Remedy.WAIT
    bench.bucket.trouble = lambda parcel: None
    bench.forward(2.0)
    assert [session] == bench.delivered()
    assert bench.uploader.status().error is None


def test_a_bucket_that_cannot_be_opened_is_opened_later(make_bench, spool, visits):
    """Opening may fail as well, and is tried again with the next attempt."""
    session = visits.pending(spool)
    bucket = Bucket()
    answers = iter([KEYS, RuntimeError("no library"), bucket])

    def open_bucket():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    bench = make_bench(spool, open_bucket=open_bucket)
    bench.start()
    assert bench.uploader.status().remedy is Remedy.PERSON
    bench.forward(SLOW)
    assert bench.uploader.status().remedy is Remedy.WAIT
    bench.forward(2.0)
    assert [session] == bench.delivered()
    assert len(bucket.objects) == 1


def test_what_the_bucket_confirms_wrongly_is_sent_again(bench, spool, visits):
    """An ETag that is not the animation's confirms nothing."""
    session = visits.pending(spool)
    bench.bucket.trouble = lambda parcel: "0" * 32
    bench.start()
    assert bench.delivered() == []
    assert "something else" in bench.uploader.status().error
    bench.bucket.trouble = lambda parcel: None
    bench.forward(2.0)
    assert [session] == bench.delivered()


# ---- what is said of it


@pytest.mark.parametrize(
    ("trouble", "reach"),
    [
        (AWAY, Reach.OFFLINE),
        (BucketError("a page answers", Remedy.WAIT, away=True, login=True), Reach.LOGIN),
        (BucketError("it has trouble of its own", Remedy.WAIT), Reach.HELD_UP),
        (RuntimeError("what nobody thought of"), Reach.HELD_UP),
        (KEYS, Reach.REFUSED),
        (CLOCK, Reach.REFUSED),
    ],
)
def test_what_keeps_the_uploads_is_told_apart(bench, spool, visits, trouble, reach):
    """An operator whose key is wrong is not sent to look for the network."""
    visits.pending(spool)
    bench.bucket.trouble = lambda parcel: trouble
    status = bench.start().uploader.status()
    assert ([reach], reach, False) == (bench.reaches(), status.reach, status.online)
    bench.bucket.trouble = lambda parcel: None
    bench.forward(SLOW)
    assert ([reach, Reach.UP], Reach.UP) == (bench.reaches(), bench.uploader.status().reach)


def test_without_a_bucket_nothing_is_tried_and_that_is_told(make_bench, spool, visits):
    """There is no fault: visits are kept, and counted; the bucket is not opened for each of them to fail."""
    bench = make_bench(spool, bucket_set=False)
    visits.pending(spool)
    bench.start()
    visits.pending(spool)
    bench.wake()
    status = bench.uploader.status()
    assert ([Reach.NO_BUCKET], [], 0) == (bench.reaches(), bench.opened, status.failed)
    assert (2, Reach.NO_BUCKET, None, None) == (status.pending, status.reach, status.error, status.next_attempt)


@pytest.mark.parametrize(
    ("others", "took", "reach"),
    [(0, 10.0, []), (0, 10.5, [Reach.SLOW]), (1, 5.0, []), (1, 5.5, [Reach.SLOW])],
)
def test_uploads_for_which_no_guest_waits_that_long_are_slow(make_bench, spool, visits, others, took, reach):
    """By the last put; while others wait, the next guest's may have to wait for one of them, too."""
    bench = make_bench(spool, patience=10.0)
    sessions = [visits.pending(spool) for _ in range(1 + others)]

    def trouble(parcel):
        if sessions[0] in parcel.key:
            bench.seconds += took
        elif sessions[-1] in parcel.key:
            during.extend(bench.reaches())

    during = []
    bench.bucket.trouble = trouble
    bench.start()
    assert reach == (during if others else bench.reaches())


def test_a_guest_who_has_waited_too_long_is_told_while_it_hangs(make_bench, spool, visits):
    """However fast the last one was: from when the visit was committed, with all that it waited behind."""
    bench = make_bench(spool, patience=10.0)
    bench.start()
    hang = bench.bucket.trouble = Hang()
    session = visits.pending(spool)
    bench.uploader.wake(session)
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.seconds += 10.0
    bench.uploader.wake()
    bench.rest()
    assert [] == bench.reaches()
    bench.seconds += 0.5
    bench.uploader.wake()
    bench.rest()
    assert [Reach.SLOW] == bench.reaches()
    hang.go_on.set()


# ---- when a person, or the clock, has something to put right


@pytest.mark.parametrize("error", [KEYS, CLOCK])
def test_what_time_does_not_heal_is_tried_slowly(bench, spool, visits, error):
    """The whole queue waits, is tried once a minute, and goes on by itself when it is put right."""
    sessions = [visits.pending(spool) for _ in range(2)]
    bench.bucket.trouble = lambda parcel: error
    bench.start()
    for attempts in range(1, 5):
        assert attempts == len(bench.bucket.puts)
        bench.forward(SLOW - 1.0)
        assert attempts == len(bench.bucket.puts)
        bench.forward(1.0)
    assert error.remedy is bench.uploader.status().remedy
    assert bench.links() == [False]
    bench.bucket.trouble = lambda parcel: None
    bench.forward(SLOW)
    assert sessions == sorted(bench.delivered())


def test_a_restart_after_putting_it_right_sends_at_once(make_bench, spool, visits):
    """Who corrects the settings and restarts the booth does not wait for a backoff."""
    session = visits.pending(spool)
    before = make_bench(spool)
    before.bucket.trouble = lambda parcel: KEYS
    before.start()
    before.forward(SLOW)
    assert before.uploader.close(PATIENCE)
    after = make_bench(spool).start()
    assert [session] == after.delivered()


def test_an_entry_that_is_refused_for_good_does_not_block_the_others(bench, spool, outbox, visits):
    """It goes to failed/ with the reason; the others are sent, and the link is fine."""
    first, bad, last = (visits.pending(spool) for _ in range(3))
    bench.bucket.trouble = refuse(bad, with_=LARGE)
    bench.start()
    assert [first, last] == bench.delivered()
    assert bench.links() == []
    assert bench.uploader.status().failed == 1
    assert json.loads((outbox / "failed" / bad / "failure.json").read_bytes())["why"] == str(LARGE)
    assert len(bench.bucket.puts) == 3


def test_an_entry_that_is_refused_for_good_is_told_and_shows_that_the_bucket_is_there(bench, spool, outbox, visits):
    """Whoever refuses can be reached; what the server said is in the status and beside the entry."""
    session = visits.pending(spool)
    bench.bucket.trouble = refuse(session)
    bench.start()
    bench.bucket.trouble = refuse(session, with_=LARGE)
    bench.forward(SLOW)
    status = bench.uploader.status()
    assert ([False, True], str(LARGE), Remedy.NEVER) == (bench.links(), status.error, status.remedy)
    assert (0, 1, None) == (status.pending, status.failed, status.next_attempt)
    assert str(LARGE) == json.loads((outbox / "failed" / session / "failure.json").read_bytes())["why"]


def test_a_failed_entry_moved_back_is_found(bench, spool, outbox, visits):
    """``mv failed/ID pending/`` needs no restart: the uploader looks around by itself."""
    session = visits.pending(spool)
    bench.bucket.trouble = refuse(session, with_=LARGE)
    bench.start()
    bench.bucket.trouble = lambda parcel: None
    (outbox / "failed" / session).rename(outbox / "pending" / session)
    bench.wake()  # it would by itself, within a few seconds
    assert [session] == bench.delivered()


# ---- when a put hangs


def test_a_hanging_put_does_not_keep_the_booth_from_ending(bench, spool, visits):
    """Ending does not wait for the bucket; the entry is still pending, and unharmed."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Hang()
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    assert not bench.uploader.close(0.2)
    assert not bench.uploader.alive
    assert (session,) == spool.queue().pending()
    hang.go_on.set()


def test_a_hanging_put_is_no_stuck_uploader(bench, spool, visits):
    """The watchdog is about the booth: a server that never answers does not restart it."""
    visits.pending(spool)
    hang = bench.bucket.trouble = Hang()
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.seconds += STUCK
    bench.uploader.wake()
    bench.rest()
    assert bench.seconds == bench.uploader.beat
    assert not bench.uploader.stuck(bench.seconds)
    assert bench.uploader.stuck(bench.seconds + STUCK + 1)


def test_a_put_that_never_ends_is_left_behind(bench, spool, visits):
    """Another courier with a fresh connection is sent, after the backoff; but not more and more of them."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Hang()
    bench.uploader.start()
    for lost in range(1, MOST_COURIERS + 1):
        assert hang.entered.acquire(timeout=PATIENCE)
        bench.rest()
        bench.forward(LONGEST_PUT)
        assert "does not finish" in bench.uploader.status().error
        assert len(bench.uploader._couriers.lost) == lost
        bench.seconds += 300.0
        bench.uploader.wake()
    bench.settle()
    assert len(bench.opened) == MOST_COURIERS
    assert len(bench.bucket.puts) == MOST_COURIERS
    bench.bucket.trouble = lambda parcel: None
    hang.go_on.set()
    for courier in bench.uploader._couriers.lost:
        courier.join(PATIENCE)
    bench.wake()
    assert [session] == bench.delivered()
    assert bench.bucket.closed == MOST_COURIERS


def test_a_confirmation_that_comes_late_counts(bench, spool, visits):
    """On a slow network all of them are late; what the bucket has is not sent again."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Late(visits.etag(spool, session))
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.forward(LONGEST_PUT)
    assert ([], [False]) == (bench.delivered(), bench.links())
    hang.go_on.set()
    bench.uploader._couriers.lost[0].join(PATIENCE)
    bench.wake()
    assert ([session], [False, True], 1) == (bench.delivered(), bench.links(), len(bench.bucket.puts))
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()


def test_a_visit_is_carried_until_its_put_has_an_answer(bench, spool, visits):
    """Also when the courier was given up: what it carries may arrive yet, and nobody may forget the visit before."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Late(visits.etag(spool, session))
    assert not bench.uploader.carries(session)
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    assert (True, False) == (bench.uploader.carries(session), bench.uploader.carries("another"))
    bench.forward(LONGEST_PUT)
    assert (False, True) == (bench.uploader.under_way, bench.uploader.carries(session))
    hang.go_on.set()
    bench.uploader._couriers.lost[0].join(PATIENCE)
    bench.wake()
    assert not bench.uploader.carries(session)


def test_a_confirmation_that_comes_too_late_counts_once(bench, spool, visits):
    """Another courier was faster: the guest is told once."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Late(visits.etag(spool, session))
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.forward(LONGEST_PUT)
    bench.bucket.trouble = lambda parcel: None
    bench.forward(SLOW)
    assert [session] == bench.delivered()
    lost = bench.uploader._couriers.lost[0]
    hang.go_on.set()
    lost.join(PATIENCE)
    bench.wake()
    assert ([session], []) == (bench.delivered(), bench.uploader._couriers.overdue)


def test_after_an_hour_one_more_courier_is_sent(bench, spool, visits):
    """Those that hang may hang for ever; a bucket that is back is found."""
    session = visits.pending(spool)
    hang = bench.bucket.trouble = Hang()
    bench.uploader.start()
    for _ in range(MOST_COURIERS):
        assert hang.entered.acquire(timeout=PATIENCE)
        bench.rest()
        bench.forward(LONGEST_PUT)
        bench.seconds += 300.0
        bench.uploader.wake()
    bench.settle()
    bench.bucket.trouble = lambda parcel: None
    bench.forward(RELIEF - 300.0 - 1.0)
    assert [] == bench.delivered()
    bench.forward(1.0)
    assert [session] == bench.delivered()
    hang.go_on.set()


def test_nothing_is_signed_by_a_clock_that_is_wrong(make_bench, spool, visits):
    """It would be refused, and counted; as soon as the clock is right all goes on by itself."""
    wrong = [True]
    bench = make_bench(spool, clock_wrong=lambda: wrong[0])
    session = visits.pending(spool)
    status = bench.start().uploader.status()
    assert "the clock is wrong: waiting for the time from the network" == CLOCK_WRONG
    assert ([], CLOCK_WRONG, Remedy.CLOCK, [False]) == (bench.opened, status.error, status.remedy, bench.links())
    wrong[0] = False
    bench.forward(BEAT)
    status = bench.uploader.status()
    assert ([session], None, None, [False, True]) == (bench.delivered(), status.error, status.remedy, bench.links())
    assert 0 == spool.queue().attempts(session)


# ---- when the disk has trouble


def test_a_confirmation_that_the_disk_does_not_take_is_remembered(make_bench, make_spool, refusing_disk, visits):
    """The guest is told that it was sent, it is not sent twice, and its folder is moved when the disk allows it."""
    disk = refusing_disk((), errno.EROFS)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    disk.operations = {"rename"}
    bench = make_bench(spool).start()
    assert [session] == bench.delivered()
    assert "read-only" in bench.uploader.status().error
    bench.forward(SLOW)
    assert spool.counts()["pending"] == 1
    disk.operations = set()
    bench.forward(SLOW)
    assert spool.counts()["sent"] == 1
    assert bench.uploader.status().error is None
    assert [session] == bench.delivered()
    assert len(bench.bucket.puts) == 1


def test_an_entry_that_the_disk_does_not_read_is_tried_later(make_bench, make_spool, refusing_disk, visits):
    """An I/O error sets nothing aside: the entry waits, a new one is sent meanwhile."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    first = visits.pending(spool)
    disk.operations = {"read"}
    bench = make_bench(spool).start()
    assert "replace it" in bench.uploader.status().error
    disk.operations = set()
    second = visits.pending(spool)
    bench.wake()
    assert [second, first] == bench.delivered()


def test_an_outbox_that_cannot_be_listed_is_told_and_looked_at_again(make_bench, make_spool, refusing_disk, visits):
    """Not even the folders can be read: the status says so, the thread lives, and goes on when they can."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    disk.operations = {"names"}
    bench = make_bench(spool)
    bench.uploader.start()
    bench.rest()
    assert "cannot be read" in bench.uploader.status().error
    disk.operations = set()
    bench.wake()
    assert [session] == bench.delivered()
    assert bench.uploader.status().error is None


def test_entries_that_the_disk_does_not_give_keep_no_other_waiting(make_bench, make_spool, barred_disk, outbox, visits):
    """Another user's folders: what can be read is sent before any of them is tried again, and they are told."""
    spool = make_spool(disk=barred_disk)
    theirs = [visits.pending(spool) for _ in range(5)]
    ours = [visits.pending(spool) for _ in range(2)]
    barred_disk.barred |= {outbox / "pending" / session for session in theirs}
    bench = make_bench(spool).start()
    assert (ours, 5) == (bench.delivered(), bench.uploader.status().pending)
    assert bench.uploader.status().error == (
        f"the outbox {outbox} cannot be read: this user may not write there; give the folder to the user that runs the "
        "booth"
    )
    assert bench.seconds + SLOW == bench.uploader.status().next_attempt
    barred_disk.barred.clear()
    bench.forward(SLOW)
    assert [*ours, *theirs] == bench.delivered()


def test_a_damaged_entry_is_mended_or_set_aside(bench, spool, outbox, visits):
    """With its frames it becomes an open visit again, without them it is a person's turn; the others are sent."""
    mendable, lost, fine = (visits.pending(spool) for _ in range(3))
    for session in (mendable, lost):
        (outbox / "pending" / session / "animation.gif").write_bytes(b"rot")
    for frame in (outbox / "pending" / lost).glob("frame-*"):
        frame.unlink()
    bench.start()
    assert [fine] == bench.delivered()
    assert (mendable,) == spool.unfinished()
    assert {"open": 1, "pending": 0, "sent": 1, "failed": 1} == spool.counts()


@pytest.mark.parametrize("place", ["open", "failed"])
def test_what_cannot_be_set_aside_keeps_nobody_waiting(bench, spool, outbox, visits, place):
    """Something is in the way in the folder where it should go: it stays, and the next one is sent."""
    bad = visits.pending(spool)
    if place == "open":
        (outbox / "pending" / bad / "animation.gif").write_bytes(b"rot")
    else:
        bench.bucket.trouble = refuse(bad, with_=LARGE)
    (outbox / place / bad).mkdir()
    (outbox / place / bad / "foreign").write_bytes(b"")
    fine = visits.pending(spool)
    bench.start()
    bench.forward(SLOW)
    assert [fine] == bench.delivered()
    assert (bad,) == spool.queue().pending()


@pytest.mark.parametrize(("place", "words"), [("open", "be mended"), ("failed", "be set aside")])
def test_what_cannot_be_set_aside_is_told(bench, spool, outbox, visits, place, words):
    """The status has the operator's words, and no remedy but theirs."""
    bad = visits.pending(spool)
    (outbox / place / bad).mkdir()
    (outbox / place / bad / "holiday.jpg").touch()
    if place == "open":
        (outbox / "pending" / bad / "animation.gif").write_bytes(b"rot")
    bench.bucket.trouble = refuse(bad, with_=LARGE)
    status = bench.start().uploader.status()
    assert (True, None) == (f"does not let the entry {words}" in status.error, status.remedy)
    assert bench.seconds + SLOW == status.next_attempt


def test_what_cannot_be_mended_is_set_aside_with_what_was_found(bench, spool, outbox, visits):
    """A person reads what is wrong with it."""
    bad = visits.pending(spool)
    for path in (outbox / "pending" / bad).glob("frame-*"):
        path.unlink()
    (outbox / "pending" / bad / "animation.gif").write_bytes(b"rot")
    bench.start()
    noted = json.loads((outbox / "failed" / bad / "failure.json").read_bytes())
    assert "not what was committed" in noted["why"]


def test_confirmed_entries_are_cleared_away_in_time(bench, spool, wall, visits):
    """Once an hour the uploader deletes what was confirmed long ago."""
    visits.sent(spool)
    bench.start()
    wall.seconds += 31 * 86400.0
    bench.wake()
    assert spool.counts()["sent"] == 1
    bench.forward(TIDY)
    assert spool.counts()["sent"] == 0


def test_a_disk_that_cannot_be_tidied_is_no_reason_not_to_send(make_bench, make_spool, refusing_disk, wall, visits):
    """Clearing away is good to have; sending is what it is for."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    visits.sent(spool)
    wall.seconds += 31 * 86400.0
    session = visits.pending(spool)
    disk.operations = {"unlink"}
    with capture_logs() as logs:
        bench = make_bench(spool).start()
    assert [session] == bench.delivered()
    assert "outbox.not_tidied" in [entry["event"] for entry in logs]


# ---- beginning and end


def test_an_uploader_that_was_not_started_can_be_closed(bench):
    """Closing is always allowed, twice if asked."""
    assert bench.uploader.close()
    assert bench.uploader.close()


def test_an_uploader_that_is_closed_is_not_alive(bench, spool, visits):
    """After the end nothing runs, the bucket is closed, and the watchdog would know."""
    visits.pending(spool)
    bench.start()
    assert bench.uploader.alive
    assert bench.uploader.close(PATIENCE)
    assert not bench.uploader.alive
    assert bench.uploader.stuck(bench.seconds)
    assert bench.bucket.closed == 1


def test_it_runs_by_a_real_clock_as_well(spool, visits):
    """With the pause that it comes with, an entry is sent, and the end does not wait for the next beat."""
    session = visits.pending(spool)
    bucket, sent, events = Bucket(), threading.Event(), []

    def post(event):
        events.append(event)
        sent.set()

    uploader = Uploader(spool.queue(), lambda: bucket, post=post, now=lambda: 0.0)
    uploader.start()
    assert sent.wait(PATIENCE)
    assert uploader.close(PATIENCE)
    assert [Delivered(0.0, session)] == events


# ---- what an operator reads about the uploads


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(), ""),
        (Status(pending=3), ""),
        (Status(pending=3, reach=Reach.SLOW), ""),
        (Status(pending=3, reach=Reach.OFFLINE, error="look there"), "offline, 3 GIFs not sent yet: look there"),
        (Status(pending=1, reach=Reach.HELD_UP, error="503"), "uploads held up, 1 GIF not sent yet: 503"),
        (Status(pending=1, reach=Reach.REFUSED, error="the key"), "not uploading, 1 GIF not sent yet: the key"),
        (Status(reach=Reach.NO_BUCKET), "no bucket set"),
        (Status(pending=2, reach=Reach.NO_BUCKET), "no bucket set, 2 GIFs not sent yet"),
        (Status(failed=2), "2 set aside in failed/"),
        (Status(pending=1, failed=2, error="worn"), "1 GIF not sent yet, 2 set aside in failed/: worn"),
        (Status(error="the disk does not read"), "the disk does not read"),
    ],
)
def test_the_uploads_are_worth_a_word_when_something_is_wrong(status, words):
    """A queue that moves is no news."""
    assert words == status.words


# ---- the texts that guests agree to


WORDINGS = {("show", "en"): "You may show it."}
ASKED = Guest("Zoë", "zoe@example.org", True, (Reply(SHOWN, True),), "en")
FORBIDDEN = BucketError("the key may not put that; allow it", Remedy.PERSON)


def untaken(with_):
    """Return a bucket's trouble with the texts that guests agree to, and with nothing else."""
    return lambda parcel: with_ if parcel.key.startswith("consents/") else None


@pytest.mark.parametrize("trouble", [LARGE, FORBIDDEN], ids=["for ever", "until somebody allows it"])
def test_a_text_that_the_bucket_refuses_holds_no_visit_up(make_bench, make_spool, quick_disk, visits, trouble):
    """The visit that was read to comes right after it, and nobody is told that visits are held up."""
    spool = make_spool(disk=quick_disk, wordings=WORDINGS)
    bench = make_bench(spool)
    bench.bucket.trouble = untaken(trouble)
    session = visits.pending(spool, ASKED)
    with capture_logs() as logs:
        bench.start()
    assert [session] == bench.delivered()
    assert [True, False] == [key.startswith("consents/") for key in bench.bucket.puts]
    assert ["consent.refused"] == [entry["event"] for entry in logs if entry["log_level"] == "error"]
    assert (0, 0, None) == (
        bench.uploader.status().pending,
        bench.uploader.status().failed,
        bench.uploader.status().error,
    )


def test_a_text_that_somebody_may_allow_is_tried_again(make_bench, make_spool, quick_disk, visits):
    """Before a visit, a minute after the last time at the soonest; once it is taken it is not sent any more."""
    spool = make_spool(disk=quick_disk, wordings=WORDINGS)
    bench = make_bench(spool)
    bench.bucket.trouble = untaken(FORBIDDEN)
    visits.pending(spool, ASKED)
    bench.start()
    visits.pending(spool, ASKED)
    bench.wake()
    tried = [key.startswith("consents/") for key in bench.bucket.puts]
    bench.bucket.trouble = lambda parcel: None
    for _ in range(2):
        visits.pending(spool, ASKED)
        bench.forward(SLOW)
    assert [True, False, False] == tried
    assert [True, False, False] == [key.startswith("consents/") for key in bench.bucket.puts[len(tried) :]]


def test_a_text_that_is_refused_for_ever_is_not_sent_again(make_bench, make_spool, quick_disk, visits):
    """Neither before the next visit, nor by the next start."""
    spool = make_spool(disk=quick_disk, wordings=WORDINGS)
    for _ in range(2):
        bench = make_bench(spool)
        bench.bucket.trouble = untaken(LARGE)
        visits.pending(spool, ASKED)
        bench.start()
        visits.pending(spool, ASKED)
        bench.forward(TIDY)
        bench.uploader.close(PATIENCE)
        assert 2 == len(bench.delivered())
    assert [] == [key for key in bench.bucket.puts if key.startswith("consents/")]
