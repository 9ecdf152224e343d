"""The booth itself: the watchdog is fed only while the loop, the workers and the uploader live."""

import pytest

from booth.core.states import Attract
from booth.daemon import STUCK
from booth.outbox.uploader import STUCK as UPLOADER_STUCK
from booth.workers.worker import Worker
from tests.parts.breaking import QUICK, Latch, PlainCamera, PlainCompositor
from tests.waiting import PATIENCE


def feeds(party, seconds):
    """Let *seconds* pass; return how often the watchdog was fed meanwhile."""
    before = party.notify.said.count("WATCHDOG")
    for _ in range(int(seconds)):
        party.turn(1.0)
    return party.notify.said.count("WATCHDOG") - before


@pytest.fixture
def party(a_party):
    return a_party(rules=QUICK, camera=PlainCamera, compositor=PlainCompositor(), uploads=False)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("end", [MemoryError, SystemExit, KeyError])
def test_an_uploader_that_has_died_starves_the_watchdog(party, end):
    """Whatever it died of, and although every guest is served: only a new process sends what waits."""
    party.until(Attract)
    party.uploader.start()
    party.in_real_time(lambda: party.uploader.beat == party.clock.now())
    assert feeds(party, 30.0) > 3

    def dies():
        raise end("no memory for a list")

    party.uploader._queue.pending = dies
    party.uploader.wake()
    party.uploader._thread.join(PATIENCE)
    assert 0 == feeds(party, 30.0)


def test_an_uploader_that_hangs_in_the_disk_starves_the_watchdog(party):
    """A disk that does not come back is no bucket that does not: there is no other thread that could go on."""
    party.until(Attract)
    latch = Latch()
    queue = party.uploader._queue
    pending, queue.pending = queue.pending, latch
    party.uploader.start()
    assert latch.began.wait(PATIENCE)
    party.turn(UPLOADER_STUCK + 1.0)
    assert 0 == feeds(party, 30.0)
    queue.pending = pending
    latch.result = ()
    latch.go.set()
    party.in_real_time(lambda: party.uploader.beat == party.clock.now())
    assert feeds(party, 30.0) > 3


def test_a_check_that_hangs_starves_the_watchdog(a_party):
    """Real threads: the caretaker is in a disk that hangs; nobody can get it out of there but a restart."""
    latch = Latch()
    party = a_party(
        rules=QUICK, camera=PlainCamera, compositor=PlainCompositor(does=latch), hire=Worker,
        settings={"animation.deadline_s": 1.0},
    )  # fmt: skip
    assert latch.began.wait(PATIENCE)
    fed = feeds(party, 30.0)
    assert fed > 3
    party.turn(STUCK + 6 * 1.0)  # whoever waits for gm may wait for four frames, the join, and one more
    assert 0 == feeds(party, 30.0)
    latch.go.set()
