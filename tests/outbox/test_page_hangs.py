"""A guest's page that hangs: what has arrived is told all the same, and nobody else waits for it for long."""

import threading

import pytest
from structlog.testing import capture_logs

from booth.core.events import Delivered
from booth.imaging.clip import CLIP
from booth.outbox.couriers import LONGEST_PAGE, LONGEST_PUT
from booth.ports import GIF
from tests.outbox.test_uploader import AWAY, Bench, Hang
from tests.waiting import PATIENCE

LATE = "it takes longer than 6 s; look at the network"
ANOTHER = "another guest's page is still under way, and takes too long; look at the network"


class Pages:
    """Puts pages; while it hangs, it does not come back until it is let go."""

    def __init__(self):
        self.asked = []
        self.hangs = True
        self.entered = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, bucket, entry):
        self.asked.append(entry.session)
        if self.hangs:
            self.entered.release()
            assert self.go_on.wait(PATIENCE)
        return f"https://x/{entry.session}.html"


@pytest.fixture
def pages():
    """Make what puts pages."""
    return Pages()


@pytest.fixture
def spool(make_spool, quick_disk):
    """Open an outbox of visits with pages."""
    return make_spool(linked=True, paged=True, disk=quick_disk)


@pytest.fixture
def make_bench(pages):
    """Make benches whose links lead to pages; all threads are ended."""
    benches = []

    def make(spool):
        benches.append(Bench(spool, pages=pages, links=lambda bucket, entry: f"https://x/{entry.session}.gif"))
        return benches[-1]

    yield make
    pages.go_on.set()
    for bench in benches:
        bench.close()


@pytest.fixture
def bench(make_bench, spool):
    """Make a bench on a fresh spool."""
    return make_bench(spool)


def told(bench):
    """Return which guests were told, and the link that each was shown."""
    return [(event.session, event.link) for event in bench.events if isinstance(event, Delivered)]


def hang(bench, pages):
    """Start, and have the first page hang until it has taken all of its time but half a second."""
    bench.uploader.start()
    assert pages.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.seconds += LONGEST_PAGE - 0.5
    bench.uploader.wake()
    bench.rest()


def over(bench):
    """Have its time be over."""
    bench.seconds += 0.5
    bench.uploader.wake()
    bench.settle()


def test_what_has_arrived_is_told_after_a_few_seconds_with_its_own_link(bench, pages, spool, visits):
    """Not before: the page may come yet. It is counted as arrived, and nothing is put again."""
    session = visits.pending(spool)
    with capture_logs() as logs:
        hang(bench, pages)
        before = told(bench)
        over(bench)
    assert ([], [(session, f"https://x/{session}.gif")]) == (before, told(bench))
    assert ({"open": 0, "pending": 0, "sent": 1, "failed": 0}, 1) == (spool.counts(), len(bench.bucket.puts))
    assert [(session, LATE)] == [(fact["session"], fact["why"]) for fact in logs if fact["event"] == "page.not_put"]


def test_while_it_hangs_other_visits_go_without_a_page(bench, pages, spool, visits):
    """They do not wait at all, and the log says why they have none; no second page hangs beside it."""
    first = visits.pending(spool)
    hang(bench, pages)
    over(bench)
    others = [visits.pending(spool) for _ in range(2)]
    with capture_logs() as logs:
        bench.wake()
    assert [(each, f"https://x/{each}.gif") for each in (first, *others)] == told(bench)
    assert [(each, ANOTHER) for each in others] == [
        (fact["session"], fact["why"]) for fact in logs if fact["event"] == "page.not_put"
    ]
    assert [first] == pages.asked


def test_when_it_has_come_back_there_are_pages_again_and_nobody_is_told_twice(bench, pages, spool, visits):
    """However it ended: who was told of the animation has that link."""
    first = visits.pending(spool)
    hang(bench, pages)
    over(bench)
    pages.hangs = False
    pages.go_on.set()
    bench.returned()
    bench.settle()
    second = visits.pending(spool)
    bench.wake()
    assert [(first, f"https://x/{first}.gif"), (second, f"https://x/{second}.html")] == told(bench)


def test_what_it_brings_back_counts_for_nothing(make_spool, quick_disk, make_bench, pages, visits):
    """The animation was confirmed when the time was over: what failed meanwhile waits as long as it has to."""
    spool = make_spool(linked=True, paged=True, disk=quick_disk, kinds=(GIF, CLIP))
    bench = make_bench(spool)
    session = visits.fresh()
    visits.pose(spool, session)
    spool.add(session, CLIP, b"film")
    visits.finish(spool, session)
    bench.bucket.trouble = lambda parcel: AWAY if parcel.key.endswith(".mp4") else None
    with capture_logs() as logs:
        hang(bench, pages)
        over(bench)
        tried = bench.uploader.status().next_attempt
        pages.go_on.set()
        bench.returned()
        bench.wake()
    assert ([], tried) == (bench.uploader._couriers.overdue, bench.uploader.status().next_attempt)
    assert 1 == [fact["event"] for fact in logs].count("product.sent")


def test_an_animation_that_is_late_takes_nobodys_page(bench, pages, spool, visits):
    """At most one courier hangs for the sake of pages; this one hangs for the sake of a picture."""
    pages.hangs = False
    visits.pending(spool)
    late = bench.bucket.trouble = Hang()
    bench.uploader.start()
    assert late.entered.acquire(timeout=PATIENCE)
    bench.rest()
    bench.bucket.trouble = lambda parcel: None
    bench.forward(LONGEST_PUT)
    second = visits.pending(spool)
    bench.wake()
    shown = told(bench)
    late.go_on.set()
    assert (second, f"https://x/{second}.html") in shown


def test_as_long_as_it_hangs_something_of_its_visit_is_on_its_way(bench, pages, spool, visits):
    """Whoever forgets the visit waits for that: a page that comes later would be there for good."""
    session = visits.pending(spool)
    hang(bench, pages)
    over(bench)
    during = bench.uploader.carries(session)
    pages.go_on.set()
    bench.returned()
    bench.wake()
    assert (True, False) == (during, bench.uploader.carries(session))


def test_a_page_that_comes_in_time_is_what_the_guest_is_shown(bench, pages, spool, visits):
    """Whoever waits for half a minute for a picture can wait for five seconds more."""
    session = visits.pending(spool)
    hang(bench, pages)
    pages.go_on.set()
    bench.settle()
    assert [(session, f"https://x/{session}.html")] == told(bench)
