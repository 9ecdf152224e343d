"""What is kept of the copies of a sent visit, and how long the visit is kept for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.outbox.replication import Copy, Replication
from booth.ports import CopyState

PENDING, COMPLETED, FAILED = CopyState.PENDING, CopyState.COMPLETED, CopyState.FAILED
GIF = "animation.gif"
DAY = 86400.0

SITES = st.sampled_from(("aws", "gcp", "azure", ""))
SAYS = st.dictionaries(SITES, st.sampled_from(CopyState))


@given(said=st.lists(SAYS, max_size=6))
def test_what_is_written_is_read_back(said):
    """Whatever a server has said, in whatever order."""
    replication = Replication()
    for at, states in enumerate(said):
        replication = replication.heard(GIF, states, float(at))
    assert replication == Replication.read(replication.written())


@given(said=st.lists(SAYS, max_size=6))
def test_a_copy_that_is_there_is_there_for_good(said):
    """Whatever is said of it later, or no longer said."""
    replication, there = Replication(), set()
    for at, states in enumerate(said):
        replication = replication.heard(GIF, states, float(at))
        there |= {site for site, state in states.items() if state is COMPLETED}
        assert there == replication.there(GIF)


@given(content=st.binary(max_size=200))
def test_what_makes_no_sense_says_nothing(content):
    """Somebody may have written into the file."""
    assert Replication() == Replication.read(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"products": {"animation.gif": {"aws": {"state": "gone", "since": 1}}}}',
        b'{"products": {"animation.gif": {"aws": {"state": "completed", "since": "noon"}}}}',
        b'{"products": {"animation.gif": {"aws": {"state": "completed", "since": true}}}}',
        b'{"products": {"animation.gif": {"aws": "completed"}}}',
    ],
)
def test_a_copy_of_which_nothing_sound_is_said_is_not_known(content):
    """It is asked after again: only what the server has said is there."""
    assert Replication({GIF: {}}) == Replication.read(content)


def test_since_when_a_copy_is_as_it_is_counts_from_when_that_was_new():
    """Asking again does not make it younger."""
    replication = Replication()
    for at, state in enumerate((PENDING, PENDING, FAILED, FAILED, PENDING, COMPLETED, COMPLETED)):
        replication = replication.heard(GIF, {"aws": state}, float(at))
        seen = replication.products[GIF]["aws"]
        assert Copy(state, float((0, 0, 2, 2, 4, 5, 5)[at])) == seen


# ---- how long a visit is kept


def hear(spool, session, wall, **says):
    """Note what the server says of a visit's animation now."""
    sent = spool.sent()
    before = sent.find(session).known or Replication()
    sent.note(session, before.heard(GIF, says, wall.seconds))


def test_a_visit_is_kept_from_when_its_copies_were_all_there(spool, wall, visits):
    """Two days late: two days longer, and not a day more."""
    session = visits.sent(spool)
    hear(spool, session, wall, aws=COMPLETED, gcp=PENDING)
    wall.seconds += 40 * DAY
    spool.tidy()
    assert 1 == spool.counts()["sent"]
    hear(spool, session, wall, gcp=COMPLETED)
    wall.seconds += 29 * DAY
    spool.tidy()
    assert 1 == spool.counts()["sent"]
    wall.seconds += DAY
    spool.tidy()
    assert 0 == spool.counts()["sent"]


def test_a_visit_of_which_no_copies_are_made_is_kept_as_ever(spool, wall, visits):
    """Where there is no rule, the bucket's confirmation counts."""
    session = visits.sent(spool)
    hear(spool, session, wall)
    wall.seconds += 30 * DAY
    spool.tidy()
    assert 0 == spool.counts()["sent"]


def test_where_nothing_is_kept_copies_are_waited_for_that_the_owner_has_named(make_spool, wall, visits):
    """It goes as soon as the last one is there, and not at any hour before."""
    spool = make_spool(keep_days=0, copied=True)
    session = visits.sent(spool)
    spool.tidy()
    hear(spool, session, wall, aws=COMPLETED, gcp=PENDING)
    spool.tidy()
    assert 1 == spool.counts()["sent"]
    hear(spool, session, wall, gcp=COMPLETED)
    assert 0 == spool.counts()["sent"]


def test_where_nothing_is_kept_and_none_are_made_it_goes_with_the_first_answer(make_spool, wall, visits):
    """The owner expected copies, and the server makes none: nobody waits for them."""
    spool = make_spool(keep_days=0, copied=True)
    session = visits.sent(spool)
    hear(spool, session, wall)
    assert 0 == spool.counts()["sent"]


def test_a_full_disk_does_not_wait_for_copies(make_spool, wall, visits, quick_disk):
    """The bucket has confirmed the visit: where room is wanted, it goes as it always did."""
    spool = make_spool(disk=quick_disk)
    hear(spool, session := visits.sent(spool), wall, aws=PENDING)
    spool.close()
    quick_disk.free = lambda folder: 0 if (folder / "sent" / session).exists() else 10**12
    assert make_spool(disk=quick_disk, min_free_mb=500).room()


def test_frames_go_at_once_whatever_is_waited_for(make_spool, outbox, visits):
    """They are never sent, and no copy is made of them."""
    spool = make_spool(keep_days=0, copied=True)
    session = visits.sent(spool)
    assert ["animation.gif", "confirmed.json", "entry.json", "visit.json"] == sorted(
        path.name for path in (outbox / "sent" / session).iterdir()
    )
