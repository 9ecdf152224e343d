"""The visits: room for the evening, and what waits for too long."""

import pytest

from booth.examining import visits
from booth.examining.findings import Finding, Sign
from booth.outbox.measured import VISIT
from booth.outbox.spool import Spool
from lab.clock import HandClock
from tests.disks import QuickDisk

NOON = 1_795_348_800.0
"""2026-11-22 12:00:00 UTC."""


class Roomy(QuickDisk):
    """A disk with so much left."""

    def __init__(self, left):
        super().__init__()
        self.left = left

    def free(self, folder):
        return self.left


@pytest.fixture
def clock():
    return HandClock(wall=NOON)


@pytest.fixture
def outbox(tmp_path, clock):
    """Make an outbox with these visits that wait, and these that were set aside, all taken at noon."""

    def make(waiting=0, failed=0):
        spool = Spool(
            tmp_path / "outbox", event="Party", booth="Booth 1", key_template="{session}.gif", wall=clock.wall,
            min_free_mb=0, keep_days=30, disk=Roomy(10**12),
        )  # fmt: skip
        for number in range(waiting + failed):
            session = f"20261122-1200{number:02}-aaaaaaaaaa"
            spool.open(session)
            spool.shot(session, 1).write_bytes(b"\xff\xd8" + bytes(1_000_000))
            spool.keep(session, 1)
            spool.animation(session).write_bytes(b"GIF89a")
            spool.note(session, None)
            spool.commit(session)
            if number < failed:
                spool.queue().refuse(session, "too large")
        spool.close()

    return make


@pytest.fixture
def found(make_premises, clock):
    """Look, and return what was found."""

    def found(look, left=10**12):
        return list(look(make_premises({"outbox": {"min_free_mb": 500}}, clock=clock, disk=Roomy(left))))

    return found


@pytest.mark.parametrize(
    ("fit", "sign"), [(200, Sign.OK), (199, Sign.WARN), (20, Sign.WARN), (19, Sign.BAD), (0, Sign.BAD)]
)
def test_room_is_counted_in_visits(outbox, found, fit, sign):
    """Beside what the booth leaves free."""
    outbox()
    (finding,) = found(visits.room, left=500_000_000 + fit * VISIT)
    assert (sign, f"{fit} more visits ({(500_000_000 + fit * VISIT) / 1e9:.1f} GB free)") == (
        finding.sign, finding.measured,
    )  # fmt: skip


def test_there_is_room_before_a_booth_has_run(found):
    """On the disk where its outbox will be."""
    assert [Sign.OK] == [finding.sign for finding in found(visits.room)]


@pytest.mark.parametrize(
    ("hours", "sign", "since"),
    [(0.5, Sign.OK, "30 min"), (1.5, Sign.WARN, "90 min"), (25, Sign.BAD, "25 h"), (72, Sign.BAD, "3 days")],
)
def test_a_backlog_is_judged_by_the_oldest(outbox, found, clock, hours, sign, since):
    """Many that have come just now are no sign of trouble."""
    outbox(waiting=3)
    clock.advance(hours * 3600)
    finding, _ = found(visits.backlog)
    assert (sign, f"3 wait, the oldest for {since}") == (finding.sign, finding.measured)


def test_where_nothing_waits_all_is_well(outbox, found):
    outbox()
    assert [
        Finding("outbox", Sign.OK, "nothing waits", "60 min"),
        Finding("outbox failed", Sign.OK, "none set aside", "0"),
    ] == found(visits.backlog)


def test_what_was_set_aside_wants_somebody(outbox, found):
    """It will not go by itself."""
    outbox(failed=2)
    finding = found(visits.backlog)[1]
    assert (Sign.WARN, "2 set aside") == (finding.sign, finding.measured)


def test_a_booth_that_never_ran_has_no_outbox(found, tmp_path):
    """Which is told, with what to do, and is nothing bad."""
    assert [
        Finding("outbox", Sign.SKIPPED, f"no booth has used {tmp_path / 'outbox'} yet",
                cure="start the booth once, or correct [outbox] dir")
    ] == found(visits.backlog)  # fmt: skip


def test_whoever_may_not_look_is_told_so(outbox, make_premises, clock):
    """Most type it without sudo first."""

    class Locked(Roomy):
        def is_folder(self, folder):
            raise PermissionError(13, "Permission denied")

    outbox()
    (finding,) = visits.backlog(make_premises(clock=clock, disk=Locked(0)))
    assert (Sign.SKIPPED, "put sudo before it") == (finding.sign, finding.cure)
