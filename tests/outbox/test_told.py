"""What a guest is told comes with the animation; whatever else was made of the visit goes on behind it."""

import pytest

from booth.core.events import Delivered, Reach
from booth.core.visit import Guest
from booth.imaging.clip import CLIP
from booth.imaging.strip import STRIP
from booth.outbox.couriers import LONGEST_PUT
from booth.outbox.rounds import SLOW
from booth.ports import GIF
from tests.outbox.test_uploader import AWAY, Bench, Hang, Late
from tests.waiting import PATIENCE

KINDS = (GIF, CLIP, STRIP)
ZOE = Guest("Zoë", "zoe@example.org", consent=True)


@pytest.fixture
def spool(make_spool, quick_disk):
    """Open an outbox of visits that have an animation, a clip and a strip, and details of their own."""
    return make_spool(kinds=KINDS, linked=True, disk=quick_disk)


@pytest.fixture
def commit(visits):
    """Commit visits of which all was made; return the id."""

    def commit(spool, guest=None):
        session = visits.fresh()
        visits.pose(spool, session)
        for kind in KINDS[1:]:
            spool.add(session, kind, kind.file.encode() + session.encode())
        visits.finish(spool, session, guest)
        return session

    return commit


@pytest.fixture
def make_bench():
    """Make benches; all threads are ended."""
    benches = []

    def make(spool, **parts):
        benches.append(Bench(spool, **parts))
        return benches[-1]

    yield make
    for bench in benches:
        bench.close()


def only(ending, trouble):
    """Return a bucket's *trouble* with what has such an ending."""
    return lambda parcel: trouble(parcel) if parcel.key.endswith(ending) else None


def put(bench):
    """Return the endings of what was put, in order."""
    return [key.rpartition("aaaaaaaaaa")[2] for key in bench.bucket.puts]


def test_a_guest_is_told_and_shown_the_link_while_the_rest_is_under_way(make_bench, spool, commit):
    """The clip hangs: it makes nobody wait. The details are there before the animation, and nobody is told twice."""
    session = commit(spool, ZOE)
    bench = make_bench(spool, links=lambda bucket, entry: f"https://x/{entry.session}")
    hang = bench.bucket.trouble = Hang()
    bench.bucket.trouble = only(".mp4", hang)
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    told = [Delivered(1000.0, session, f"https://x/{session}")]
    assert (told, [".json", ".gif", ".mp4"]) == (bench.events, put(bench))
    bench.bucket.trouble = lambda parcel: None
    hang.go_on.set()
    bench.settle()
    bench.forward(100.0)
    assert told == [event for event in bench.events if isinstance(event, Delivered)]
    assert [".json", ".gif", ".mp4", ".mp4", "-strip.jpg"] == put(bench)
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()


def test_after_a_restart_the_rest_is_sent_and_nobody_is_told_again(make_bench, spool, commit):
    """What the bucket has confirmed is on the medium, and so is what it is still to be given."""
    session = commit(spool)
    bench = make_bench(spool)
    bench.bucket.trouble = only(".mp4", lambda _: AWAY)
    bench.start()
    assert bench.uploader.close(PATIENCE)
    again = make_bench(spool)
    again.seconds += 100.0
    again.start()
    again.forward(100.0)
    assert ([session], []) == (bench.delivered(), again.delivered())
    assert ([".gif", ".mp4"], [".mp4", "-strip.jpg"]) == (put(bench), put(again))
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()


def test_a_guest_is_told_once_though_the_answer_comes_twice(make_bench, spool, visits, commit):
    """It was late, and the animation was put again meanwhile; the rest of the visit still waits."""
    session = commit(spool)
    bench = make_bench(spool)
    etag = visits.etag(spool, session)
    late = Late(etag)
    bench.bucket.trouble = late
    bench.uploader.start()
    assert late.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.bucket.trouble = only(".mp4", lambda _: AWAY)
    bench.forward(LONGEST_PUT)
    bench.forward(100.0)
    assert [session] == bench.delivered()
    late.go_on.set()
    bench.returned()
    bench.wake()
    assert ([], [session]) == (bench.uploader._couriers.overdue, bench.delivered())


def test_where_nobody_can_be_shown_the_page_the_guest_has_the_animations_own_link(make_bench, make_spool, visits):
    """Its link may be too long for a code, say."""
    spool = make_spool(linked=True, paged=True)
    session = visits.pending(spool)
    bench = make_bench(spool, pages=lambda bucket, entry: None, links=lambda bucket, entry: "https://x/a.gif").start()
    assert [(session, "https://x/a.gif")] == [(each.session, each.link) for each in bench.events]


def test_other_visits_animations_go_before_the_rest_of_a_visit(make_bench, spool, commit):
    """When a network is back, every guest has a picture before anybody has a clip."""
    for _ in range(3):
        commit(spool, ZOE)
    bench = make_bench(spool)
    bench.start()
    assert [*3 * [".json", ".gif"], *3 * [".mp4", "-strip.jpg"]] == put(bench)


def test_an_animation_that_is_refused_again_and_again_keeps_no_rest_waiting(make_bench, spool, commit):
    """Whoever failed least often comes first, be it an animation or not."""
    bad, fine = commit(spool), commit(spool)
    bench = make_bench(spool)
    bench.bucket.trouble = lambda parcel: AWAY if bad in parcel.key else None
    bench.start()
    bench.forward(SLOW)
    assert sorted([f"{fine}.gif", f"{fine}.mp4", f"{fine}-strip.jpg"]) == sorted(
        key.rpartition("/")[2] for key in bench.bucket.objects
    )


def test_the_rest_of_a_visit_makes_nobody_think_that_it_is_slow(make_bench, spool, commit):
    """By the last put; the rest of the same visit is nobody else's, and its own guest waits for nothing any more."""
    commit(spool)
    bench = make_bench(spool, patience=10.0)

    def trouble(parcel):
        bench.seconds += 6.0

    bench.bucket.trouble = trouble
    bench.start()
    assert [] == bench.reaches()


@pytest.mark.parametrize("order", ["woken, then told", "told, then woken"])
def test_a_rest_that_hangs_lets_no_guest_be_told_of_a_slow_network(make_bench, spool, commit, order):
    """The guest who stands there has what was promised, whenever the uploader hears that they stand there."""
    bench = make_bench(spool, patience=10.0)
    hang = Hang()
    bench.bucket.trouble = only(".mp4", hang)
    session = commit(spool)
    if order == "woken, then told":
        bench.uploader.wake(session)
    bench.uploader.start()
    assert hang.entered.acquire(timeout=PATIENCE)
    bench.rest()
    if order == "told, then woken":
        bench.uploader.wake(session)
        bench.rest()
    bench.seconds += 11.0
    bench.uploader.wake()
    bench.rest()
    assert ([session], []) == (bench.delivered(), bench.reaches())
    bench.bucket.trouble = lambda parcel: None
    hang.go_on.set()
    bench.settle()


def test_what_is_refused_for_ever_behind_an_animation_is_set_aside(make_bench, spool, commit, outbox):
    """The guest was told, and has the picture; a person finds the rest in failed/."""
    from tests.outbox.test_uploader import LARGE

    session = commit(spool)
    bench = make_bench(spool)
    bench.bucket.trouble = only(".mp4", lambda _: LARGE)
    bench.start()
    assert ([session], Reach.UP) == (bench.delivered(), bench.uploader.status().reach)
    assert ({"open": 0, "pending": 0, "sent": 0, "failed": 1}, 1) == (spool.counts(), bench.uploader.status().failed)
