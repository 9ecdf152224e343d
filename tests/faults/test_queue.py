"""The whole queue before a server with a fault: who waits, who does not, and what hangs."""

import threading

import pytest

from booth.core.visit import Guest
from booth.errors import BucketError, Remedy
from booth.outbox.couriers import LONGEST_PUT, MOST_COURIERS, RELIEF
from booth.outbox.rounds import SLOW
from lab.server.misbehaving import Numbers
from tests.parcels import parcel_of
from tests.waiting import until

ZOE = Guest("Zoë", "zoe@example.org")


@pytest.fixture
def make_bench(script, around, tmp_path):
    """Make benches before the fault server; all threads are ended."""
    opened = []

    def make(event="queue", scheme="http", open_bucket=None, **options):
        folder = tmp_path / event
        folder.mkdir()
        bench = script.Bench(folder, open_bucket or (lambda: around.lent(scheme)), **options)
        opened.append(bench)
        return bench

    yield make
    for server in around.servers.values():
        server.hang_up()
    around.names.go_on()
    for bench in opened:
        bench.__exit__()


@pytest.mark.parametrize(("scheme", "guests"), [("http", 50), ("https", 10)])
def test_fifty_guests_offline_then_online(script, around, scheme, guests):
    """Nobody listens while 50 guests come; then there are 50 objects, each put once, with the right details."""
    assert script.fifty(scheme, around, guests) == ()


def test_an_entry_that_the_server_never_takes_keeps_nobody_waiting(make_bench, around):
    """It is set aside in the same breath; the others are sent, and the link is fine. Moved back, it is tried again."""
    bench, server = make_bench(), around.servers["http"]
    bad, *others = (bench.visit(ZOE) for _ in range(3))
    server.become("MetadataTooLarge", only=bad)
    bench.uploader.start()
    bench.rest()
    assert others == bench.delivered()
    assert bench.links() == []
    assert bench.uploader.status().failed == 1
    server.recover()
    (bench.outbox / "failed" / bad).rename(bench.outbox / "pending" / bad)
    bench.wake()
    assert [*others, bad] == bench.delivered()


@pytest.mark.parametrize("fault", ["AccessDenied", "SignatureDoesNotMatch", "413", "odd-refusal", "NoSuchBucket"])
def test_an_entry_that_a_person_must_look_at_is_passed(make_bench, around, fault):
    """The others pass it after the slow beat at the latest, and at once with the next guest; it goes on being tried."""
    bench, server = make_bench(), around.servers["http"]
    bad, *others = (bench.visit(ZOE) for _ in range(3))
    server.become(fault, only=bad)
    bench.uploader.start()
    bench.rest()
    assert bench.uploader.status().remedy is Remedy.PERSON
    late = bench.visit(ZOE)
    bench.wake()
    assert [late, *others] == bench.delivered()
    assert (bad,) == bench.spool.queue().pending()
    for _ in range(3):
        bench.forward(SLOW)
    after = bench.visit(ZOE)
    bench.wake()
    assert [late, *others, after] == bench.delivered()
    server.recover()
    bench.forward(SLOW)
    assert [late, *others, after, bad] == bench.delivered()


def test_without_another_guest_it_is_passed_after_the_slow_beat(make_bench, around):
    """Nobody comes any more: the entries behind wait a minute, once, and are sent all the same."""
    bench, server = make_bench(), around.servers["http"]
    bad, *others = (bench.visit(ZOE) for _ in range(4))
    server.become("AccessDenied", only=bad)
    bench.uploader.start()
    bench.rest()
    assert bench.delivered() == []
    bench.forward(SLOW)
    assert others == bench.delivered()


def test_the_second_try_heals_what_happens_once(around, tmp_path):
    """A connection that breaks once is not even noticed: no backoff, no word, and the object is there once."""
    server = around.servers["http"]
    bucket = around.bucket("http", attempts=2)
    server.become("resets-after-body", times=1)
    bucket.put(parcel_of(f"{tmp_path.name}/once.gif", b"GIF89a" * 1000, {}))
    bucket.close()
    assert server.stored[f"/{around.s3.bucket}/{tmp_path.name}/once.gif"] == 1


def test_a_key_that_reads_like_a_reason_is_none(make_bench, around):
    """The event is called after certificates; what is wrong is told by the reason, not by the object's address."""
    bench = make_bench("certificate-expired-mismatch", "https")
    bench.visit(ZOE)
    around.servers["https"].become("no-tls")
    bench.uploader.start()
    bench.rest()
    assert bench.uploader.status().remedy is Remedy.PERSON
    assert bench.uploader.status().error.startswith(f"no TLS is spoken at {around.servers['https'].url};")


# ---- what hangs


@pytest.fixture
def dripping(around):
    """Make the server drip, so fast; slow again afterwards."""
    server = around.servers["http"]
    before = server.numbers

    def drip(seconds):
        server.numbers = Numbers(drip=seconds)
        server.become("drips")
        return server

    yield drip
    server.numbers = before


def test_time_outs_do_not_bound_a_dripping_answer(make_bench, around, dripping):
    """Each byte begins the read time-out anew; only the deadline for the whole put ends it, and it can be set."""
    bench = make_bench(open_bucket=lambda: around.bucket("http", read_timeout=0.3), deadline=30.0)
    bench.visit(ZOE)
    dripping(0.05)
    bench.uploader.start()
    threading.Event().wait(1.0)  # more than three times the time-out, of an answer that takes twenty seconds
    bench.forward(29.0, under_way=True)
    assert bench.uploader.status().error is None
    bench.forward(1.0)
    assert bench.uploader.status().error == "the upload does not finish within 30 s; look at the network"
    assert bench.uploader.status().remedy is Remedy.WAIT


def test_an_answer_that_comes_too_late_still_counts(make_bench, around, dripping):
    """On a slow network every put is late: what was left to itself and is confirmed is not put again."""
    bench = make_bench(open_bucket=lambda: around.bucket("http"))
    session = bench.visit(ZOE)
    server = dripping(0.005)
    met = server.met["drips"]
    bench.uploader.start()
    until(lambda: server.met["drips"] > met)
    bench.rest(under_way=True)
    bench.forward(LONGEST_PUT)
    assert bench.links() == [False]
    until(bench.delivered)
    bench.rest()
    assert [session] == bench.delivered()
    assert bench.links() == [False, True]
    assert bench.uploader.status().error is None
    assert server.stored[f"/{around.s3.bucket}/queue/{session}.gif"] == 1


def test_what_hangs_for_ever_is_not_waited_for_for_ever(script, make_bench, around):
    """Name service takes three couriers and never gives them back: an hour later one more is sent, and arrives."""
    bench = make_bench(open_bucket=lambda: around.bucket("http", host=script.HOST))
    session = bench.visit(ZOE)
    around.names.mode = "dns-hangs"
    bench.uploader.start()
    for lost in range(1, MOST_COURIERS + 1):
        until(lambda lost=lost: len(bench.uploader._couriers.lost) == lost - 1 and bench.uploader.under_way)
        bench.rest(under_way=True)
        bench.forward(LONGEST_PUT)
        bench.seconds += bench.until_due()
        bench.uploader.wake()
    bench.rest()
    around.names.mode = script.HEALTHY
    bench.forward(RELIEF / 2)
    assert bench.delivered() == []
    bench.forward(RELIEF / 2)
    assert [session] == bench.delivered()


def test_a_guest_is_named_nowhere(around, tmp_path):
    """Whatever a server answers, its words may quote the guest: they are not passed on."""
    bucket = around.bucket("http")
    for fault in ("AccessDenied", "500", "InvalidURI", "portal-page"):
        around.servers["http"].become(fault)
        with pytest.raises(BucketError) as caught:
            bucket.put(parcel_of(f"{tmp_path.name}/b.gif", b"GIF89a" * 100, {"name": "Zoe"}))
        assert "Zoe" not in repr(caught.value)
        assert tmp_path.name not in repr(caught.value)
    bucket.close()
