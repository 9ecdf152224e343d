"""What was sent is followed until its copies are there: by the real uploader, on a hand-moved clock."""

import hashlib
import itertools
import json
import threading

import pytest
from structlog.testing import capture_logs

from booth.core.events import Delivered, EverywhereChanged, Notice, Replicated
from booth.core.visit import Guest
from booth.errors import BucketError, Remedy
from booth.outbox.following import APART, LATE, LONGEST, ROOF, SOON, Follower
from booth.outbox.uploader import Uploader
from booth.ports import CopyState
from lab.rest import Rest
from tests.waiting import PATIENCE, until

PENDING, COMPLETED, FAILED = CopyState.PENDING, CopyState.COMPLETED, CopyState.FAILED
SITES = ("aws", "gcp")
AWAY = BucketError("the bucket cannot be reached; look at the network", Remedy.WAIT, away=True)


class Replicating:
    """A bucket that makes copies: what it says of each site is moved by hand. It notes what it is asked, and when."""

    def __init__(self, now):
        self._now = now
        self.says = dict.fromkeys(SITES, PENDING)
        self.of = {}
        """What it says of one key, if it is something else."""
        self.trouble = None
        self.asked = []
        """Each request: the moment, its kind, the key."""
        self.hangs = threading.Event()
        self.hangs.set()
        self.under_way = 0
        self.put_hangs = None

    def put(self, parcel):
        self.asked.append((self._now(), "PUT", parcel.key))
        if self.put_hangs is not None:
            assert self.put_hangs.wait(PATIENCE)
        return hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()

    def replication(self, key):
        self.asked.append((self._now(), "HEAD", key))
        assert self.hangs.wait(PATIENCE)
        if self.trouble is not None:
            raise self.trouble
        return dict(self.of.get(key, self.says))

    def heads(self):
        return [at for at, kind, _ in self.asked if kind == "HEAD"]

    def close(self):
        pass


class Bench:
    """An uploader that follows, its clocks, its bucket, and what it posted."""

    def __init__(self, spool, wall, sites=SITES):
        self.seconds, self.wall = 1000.0, wall
        self.bucket = Replicating(lambda: self.seconds)
        self.events = []
        self._rest = Rest(PATIENCE)
        self.following = Follower(
            spool.sent(),
            lambda: self.bucket,
            post=self.events.append,
            now=lambda: self.seconds,
            event="DockerCon 2019",
            sites=sites,
        )
        self.uploader = Uploader(
            spool.queue(),
            lambda: self.bucket,
            post=self.events.append,
            now=lambda: self.seconds,
            pause=self._rest.pause,
            chance=lambda: 1.0,
            following=self.following,
        )

    def start(self):
        self.uploader.start()
        self._rest.wait(self.uploader)
        return self

    def wake(self, *, under_way=False):
        self.uploader.wake()
        self._rest.wait(self.uploader, under_way=under_way)

    def forward(self, seconds, step=1.0):
        """Let time pass, second by second, as an uploader notices it."""
        until = self.seconds + seconds
        while self.seconds < until:
            by = min(step, until - self.seconds)
            self.seconds += by
            self.wall.seconds += by
            self.wake()

    def told(self):
        """Return of which copies was told, in order."""
        return [(event.session, event.site) for event in self.events if isinstance(event, Replicated)]

    def counted(self):
        return [event.visits for event in self.events if isinstance(event, EverywhereChanged)]


@pytest.fixture
def make_bench(wall):
    """Make benches; all of their threads are ended."""
    benches = []

    def make(spool, **parts):
        benches.append(Bench(spool, wall, **parts))
        return benches[-1]

    yield make
    for bench in benches:
        bench.bucket.hangs.set()
        assert bench.uploader.close(PATIENCE)


@pytest.fixture
def spool(make_spool, quick_disk):
    """Open a spool; what the medium holds is not the question here."""
    return make_spool(disk=quick_disk, copied=True)


@pytest.fixture
def bench(make_bench, spool):
    """Make a bench on a fresh spool; it runs."""
    return make_bench(spool).start()


def kept(outbox, session, file="animation.gif"):
    """Return what is kept beside a sent visit: the state of each copy."""
    content = json.loads((outbox / "sent" / session / "replication.json").read_bytes())
    return {site: copy["state"] for site, copy in content["products"][file].items()}


# ---- when it asks


def test_a_visit_is_asked_after_soon_and_then_rarely(bench, spool, visits):
    """Two, five, fifteen and sixty seconds after it was sent, and then after twice as long each time, up to a roof."""
    visits.pending(spool)
    bench.wake()
    sent = bench.seconds
    bench.forward(60)
    bench.forward(6000, step=5.0)
    apart = [120, 240, 480, ROOF, ROOF, ROOF, ROOF, ROOF]
    expected = [*SOON, *(60 + sum(apart[: index + 1]) for index in range(len(apart)))]
    assert expected == [at - sent for at in bench.bucket.heads()]


def test_no_two_questions_are_within_a_second(bench, spool, visits):
    """However many visits are due at one moment."""
    for _ in range(5):
        visits.pending(spool)
    bench.wake()
    bench.forward(100, step=0.5)
    heads = bench.bucket.heads()
    assert APART == min(after - before for before, after in itertools.pairwise(heads))
    assert 5 == len({key for _, kind, key in bench.bucket.asked if kind == "HEAD"})


def test_the_youngest_visit_is_asked_after_first(bench, spool, visits):
    """Its guest may still stand before the screen."""
    for _ in range(3):
        visits.pending(spool)
    bench.wake()
    bench.forward(1)
    youngest = visits.pending(spool)
    bench.wake()
    del bench.bucket.asked[:]
    bench.seconds += 5.0
    bench.wake()
    assert [visits.key(youngest)] == [key for _, _, key in bench.bucket.asked]


def test_nothing_is_asked_beside_an_upload(bench, spool, visits):
    """As long as a put is on its way, however long that is, and whatever is due."""
    visits.pending(spool)
    bench.wake()
    bench.bucket.put_hangs = threading.Event()
    visits.pending(spool)
    bench.wake(under_way=True)
    for _ in range(20):
        bench.seconds += 1.0
        bench.wake(under_way=True)
    assert [] == bench.bucket.heads()
    bench.bucket.put_hangs.set()
    bench.wake()
    bench.forward(1)
    assert 1 == len(bench.bucket.heads())


def test_an_upload_does_not_wait_for_an_answer(bench, spool, visits):
    """A server that thinks about a question for minutes gets the next guest's animation meanwhile."""
    visits.pending(spool)
    bench.wake()
    bench.bucket.hangs.clear()
    bench.seconds += 2.0
    bench.wake(under_way=True)
    until(bench.bucket.heads)  # its thread may not have had its turn yet
    second = visits.pending(spool)
    bench.wake(under_way=True)
    for _ in range(1000):
        if any(isinstance(event, Delivered) and event.session == second for event in bench.events):
            break
        bench.wake(under_way=True)
    assert (1, [visits.key(second)]) == (
        len(bench.bucket.heads()),
        [key for _, kind, key in bench.bucket.asked[-1:] if kind == "PUT"],
    )


def test_where_no_copies_are_made_one_question_is_all(make_bench, spool, visits):
    """The first visit's answer says that there is no rule; nobody is asked again, whoever comes."""
    bench = make_bench(spool, sites=()).start()
    bench.bucket.says = {}
    for _ in range(4):
        visits.pending(spool)
        bench.wake()
        bench.forward(100, step=2.0)
    assert ([SOON[0]], "", []) == (
        [at - 1000.0 for at in bench.bucket.heads()],
        bench.uploader.words(),
        bench.told(),
    )


def test_what_is_everywhere_is_not_asked_after_again(bench, spool, visits, outbox):
    """The copies are there for good, and it is written down."""
    session = visits.pending(spool)
    bench.wake()
    bench.bucket.says = dict.fromkeys(SITES, COMPLETED)
    bench.forward(2000, step=5.0)
    assert (1, {"aws": "completed", "gcp": "completed"}) == (len(bench.bucket.heads()), kept(outbox, session))


def test_an_answer_that_does_not_come_is_waited_for_by_nobody(bench, spool, visits):
    """After its time it counts as none; another connection is opened only when that one is back, or much later."""
    visits.pending(spool)
    bench.wake()
    bench.bucket.hangs.clear()
    bench.seconds += 2.0
    bench.wake(under_way=True)
    until(bench.bucket.heads)
    bench.seconds += LONGEST
    bench.wake()
    bench.forward(30, step=5.0)
    assert 1 == len(bench.bucket.heads())
    assert "copies are not followed: no answer within 180 s; look at the network" == bench.uploader.words()
    bench.bucket.hangs.set()
    for courier in [bench.following._lost]:
        courier.join(PATIENCE)
    bench.forward(60, step=5.0)
    assert len(bench.bucket.heads()) >= 2
    assert "" == bench.uploader.words()


# ---- what it tells


def test_each_copy_is_told_of_once_when_the_server_has_said_so(bench, spool, visits):
    """Never before, and after the visit itself was told of."""
    session = visits.pending(spool)
    bench.wake()
    bench.forward(3)
    assert [] == bench.told()
    bench.bucket.says["gcp"] = COMPLETED
    bench.forward(3)
    assert [(session, "gcp")] == bench.told()
    bench.bucket.says["aws"] = COMPLETED
    bench.forward(60, step=5.0)
    assert [(session, "gcp"), (session, "aws")] == bench.told()
    assert [Delivered, Replicated, Replicated] == [
        type(event) for event in bench.events if isinstance(event, Delivered | Replicated)
    ]


def test_a_copy_that_failed_is_told_and_asked_after_further(bench, spool, visits, outbox):
    """Somebody has it tried again, and then it is there after all."""
    session = visits.pending(spool)
    bench.wake()
    bench.bucket.says = {"aws": COMPLETED, "gcp": FAILED}
    with capture_logs() as logs:
        bench.forward(10)
    assert [("replication.failed", "gcp")] == [(log["event"], log["site"]) for log in logs if "failed" in log["event"]]
    assert bench.uploader.words() == (
        "1 GIF not copied to gcp: put right what keeps gcp from taking it, then have the failed ones tried again"
    )
    bench.bucket.says["gcp"] = COMPLETED
    bench.forward(100, step=5.0)
    assert ([(session, "aws"), (session, "gcp")], "") == (bench.told(), bench.uploader.words())
    assert {"aws": "completed", "gcp": "completed"} == kept(outbox, session)


def test_a_copy_that_is_not_made_for_long_is_told_of(bench, spool, visits):
    """A cloud that is away has not failed for hours: its age is what tells."""
    for _ in range(2):
        visits.pending(spool)
    bench.wake()
    bench.bucket.says["aws"] = COMPLETED
    bench.forward(LATE - 60, step=5.0)
    assert "" == bench.uploader.words()
    with capture_logs() as logs:
        bench.forward(ROOF, step=5.0)
    assert bench.uploader.words() == (
        "2 GIFs not yet in gcp: more than 10 minutes; look at gcp, and whether replication to it is paused"
    )
    assert ["gcp"] == [log["site"] for log in logs if log["event"] == "replication.late"]
    bench.bucket.says["gcp"] = COMPLETED
    bench.forward(2 * ROOF, step=5.0)
    assert "" == bench.uploader.words()


def notices(bench):
    """Return which notices of copies hold."""
    return {notice for notice in Notice if bench.uploader.holds(notice)}


def test_a_notice_holds_while_a_copy_has_failed(bench, spool, visits):
    """And no longer than that: it is on its way again when somebody has it tried again."""
    visits.pending(spool)
    bench.wake()
    seen = []
    for state, seconds in ((PENDING, 3), (FAILED, 10), (PENDING, 40), (COMPLETED, 60)):
        bench.bucket.says = {"aws": COMPLETED, "gcp": state}
        bench.forward(seconds)
        seen.append(notices(bench))
    assert [set(), {Notice.COPIES_FAILED}, set(), set()] == seen


def test_a_notice_holds_while_a_copy_is_late(bench, spool, visits):
    """A cloud is away: a screen tells its operator long before the server gives it up."""
    visits.pending(spool)
    bench.wake()
    seen = []
    for state, seconds in ((PENDING, LATE - 60), (PENDING, ROOF), (COMPLETED, 2 * ROOF)):
        bench.bucket.says = {"aws": COMPLETED, "gcp": state}
        bench.forward(seconds, step=5.0)
        seen.append(notices(bench))
    assert [set(), {Notice.COPIES_LATE}, set()] == seen


def test_who_follows_nothing_has_no_notice(spool):
    """An uploader to a target of which no copies are followed."""
    uploader = Uploader(spool.queue(), lambda: None, post=print, now=lambda: 0.0)
    assert set() == {notice for notice in Notice if uploader.holds(notice)}


def test_sites_that_the_server_does_not_know_are_told_of(make_bench, spool, visits):
    """Whoever has named them expects copies there: the rule is missing, or a name is mistyped."""
    bench = make_bench(spool, sites=("aws", "gpc")).start()
    visits.pending(spool)
    bench.wake()
    bench.forward(3)
    assert bench.uploader.words() == (
        "the bucket makes no copies for gpc: set its replication up before more is sent, or correct zenko.sites"
    )


def test_a_key_that_may_not_ask_is_told_and_asks_rarely(bench, spool, visits):
    """It may put and nothing else, as on some servers: nothing but the lamps depends on it."""
    visits.pending(spool)
    bench.wake()
    bench.bucket.trouble = BucketError("the access key may not ask", Remedy.PERSON)
    bench.forward(1000, step=5.0)
    assert (2, "copies are not followed: the access key may not ask") == (
        len(bench.bucket.heads()),
        bench.uploader.words(),
    )


def test_a_network_that_is_away_is_not_hammered(bench, spool, visits):
    """What cannot be asked is asked again after ever longer, all visits together."""
    for _ in range(4):
        visits.pending(spool)
    bench.wake()
    bench.bucket.trouble = AWAY
    bench.forward(120)
    assert [2, 4, 8, 16, 32, 64] == [round(at - 1000) for at in bench.bucket.heads()]


def test_how_many_are_everywhere_is_told_when_it_changes(bench, spool, visits):
    """Only those that are at all the sites that the owner has named."""
    for _ in range(2):
        visits.pending(spool)
    bench.wake()
    bench.bucket.says["gcp"] = COMPLETED
    bench.forward(10)
    assert [] == bench.counted()
    bench.bucket.says["aws"] = COMPLETED
    bench.forward(100)
    assert [1, 2] == bench.counted()


def test_an_operators_trial_is_not_among_them(bench, spool, visits):
    """Guests are told of guests' pictures; its copies are followed all the same."""
    visits.pending(spool, test=True)
    bench.wake()
    bench.bucket.says = dict.fromkeys(SITES, COMPLETED)
    bench.forward(100)
    assert (1, []) == (len(bench.bucket.heads()), bench.counted())


# ---- what outlasts a restart


def test_a_restart_goes_on_where_it_was(make_bench, make_spool, quick_disk, visits, outbox):
    """What is everywhere is only counted; what is not is asked after, and told of."""
    first = make_spool(disk=quick_disk, copied=True)
    bench = make_bench(first).start()
    done, half = visits.pending(first), visits.pending(first)
    bench.wake()
    bench.bucket.of = {
        visits.key(done): dict.fromkeys(SITES, COMPLETED),
        visits.key(half): {"aws": COMPLETED, "gcp": PENDING},
    }
    bench.forward(60)
    assert bench.uploader.close(PATIENCE)
    first.close()

    again = make_bench(make_spool(disk=quick_disk, copied=True))
    again.bucket.says = dict.fromkeys(SITES, COMPLETED)
    again.start()
    again.forward(10)
    assert [visits.key(half)] == [key for _, _, key in again.bucket.asked]
    assert ([(half, "gcp")], [1, 2]) == (again.told(), again.counted())


def test_what_was_sent_without_being_followed_is_found(make_bench, spool, visits):
    """By an earlier version, or just before a cut: nobody had asked after it yet."""
    session = visits.sent(spool)
    bench = make_bench(spool)
    bench.bucket.says = dict.fromkeys(SITES, COMPLETED)
    bench.start()
    bench.forward(70)
    assert [(session, site) for site in SITES] == bench.told()


def test_details_that_are_an_object_of_their_own_are_followed_too(make_bench, make_spool, quick_disk, visits, outbox):
    """They are not where guests look, and lamps are lit by the animation alone."""
    spool = make_spool(disk=quick_disk, copied=True, linked=True)
    bench = make_bench(spool).start()
    session = visits.pending(spool, Guest("Zoë", "zoe@example.org"))
    bench.wake()
    bench.bucket.says = dict.fromkeys(SITES, COMPLETED)
    bench.forward(10)
    assert [(session, site) for site in SITES] == bench.told()
    assert {"aws": "completed", "gcp": "completed"} == kept(outbox, session, "details.json")
    assert 2 == len(bench.bucket.heads())


def test_a_disk_that_does_not_take_it_loses_no_lamp(make_bench, make_spool, refusing_disk, visits):
    """What was said is told all the same, and asked again after a restart."""
    disk = refusing_disk((), 28)
    spool = make_spool(disk=disk, copied=True)
    bench = make_bench(spool).start()
    session = visits.pending(spool)
    bench.wake()
    disk.operations = {"write"}
    bench.bucket.says = dict.fromkeys(SITES, COMPLETED)
    bench.forward(3)
    disk.operations = set()
    assert [(session, site) for site in SITES] == bench.told()
