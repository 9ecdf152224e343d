"""What each step of a visit puts on the medium, in which order; and what it leaves when it comes to nothing."""

import errno
import json
import shutil

import pytest
from structlog.testing import capture_logs

from booth.core.visit import Guest
from booth.errors import OutboxError

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
DAY = 86400.0


@pytest.fixture
def synced(noting_disk):
    """Return what was synced since this was asked last, with ID for the visit."""

    def since(session=""):
        paths = [path.replace(session, "ID") if session else path for path in noting_disk.synced]
        noting_disk.synced.clear()
        return paths

    return since


# ---- what is on the medium


def test_a_visits_way_is_on_the_medium_step_by_step(make_spool, noting_disk, synced, visits):
    """What is in a file first, then its name, then that of its folder; when a step returns, it is done."""
    spool = make_spool(disk=noting_disk)
    assert [".", "outbox", "outbox/open", "outbox/sent"] == synced()
    session = visits.fresh()
    spool.open(session)
    assert ["outbox/open/ID/visit.json.part", "outbox/open/ID", "outbox/open"] == synced(session)
    spool.shot(session, 1).write_bytes(b"frame")
    spool.keep(session, 1)
    assert ["outbox/open/ID/frame-1.jpg.part", "outbox/open/ID"] == synced(session)
    spool.note(session, ZOE)
    assert ["outbox/open/ID/guest.json.part", "outbox/open/ID"] == synced(session)
    spool.animation(session).write_bytes(b"GIF89a")
    spool.commit(session)
    assert ["outbox/open/ID/entry.json.part", "outbox/open/ID", "outbox/pending"] == synced(session)
    spool.queue().attempted(session)
    assert ["outbox/pending/ID/attempts.json.part", "outbox/pending/ID"] == synced(session)
    etag = visits.etag(spool, session)
    spool.queue().confirm(session, visits.key(session), etag)
    assert ["outbox/sent", "outbox/sent/ID/confirmed.json.part", "outbox/sent/ID"] == synced(session)


def test_what_is_said_again_is_synced_again(make_spool, noting_disk, synced, visits):
    """It may have been the syncing that failed the first time."""
    spool = make_spool(disk=noting_disk)
    session = visits.pending(spool)
    etag = visits.etag(spool, session)
    synced()
    spool.commit(session)
    assert ["outbox/pending"] == synced(session)
    spool.queue().confirm(session, visits.key(session), etag)
    synced()
    spool.queue().confirm(session, visits.key(session), etag)
    assert "outbox/sent" == synced(session)[0]
    spool.discard(visits.fresh())
    assert ["outbox/open"] == synced()


def test_a_visits_end_is_on_the_medium_before_anything_of_it_goes(make_spool, noting_disk, synced, visits, wall):
    """That it is to go, and then that it is gone."""
    spool = make_spool(disk=noting_disk)
    session, confirmed = visits.fresh(), visits.sent(spool)
    spool.open(session)
    synced()
    spool.condemn(session)
    assert ["outbox/open"] == synced()
    spool.discard(session)
    assert ["outbox/open", "outbox/open"] == synced()
    wall.seconds += 31 * DAY
    spool.tidy()
    assert ["outbox/sent", "outbox/sent"] == synced(confirmed)


def test_what_goes_wrong_is_on_the_medium_too(make_spool, noting_disk, synced, visits):
    """An entry that is set aside, one that is mended, and the asking whether the disk takes anything."""
    spool = make_spool(disk=noting_disk)
    failing, rotten = visits.pending(spool), visits.pending(spool)
    synced()
    spool.queue().refuse(failing, "why")
    assert ["outbox/pending/ID/failure.json.part", "outbox/pending/ID", "outbox/failed"] == synced(failing)
    spool.queue().mend(rotten, "why")
    assert ["outbox/pending/ID", "outbox/open"] == synced(rotten)
    spool.check()
    assert ["outbox/.probe"] == synced()


def test_a_missing_folder_is_on_the_medium_with_all_above_it(make_spool, noting_disk, synced, outbox):
    """And one that is there is, although another booth may have made it."""
    make_spool(disk=noting_disk).close()
    synced()
    shutil.rmtree(outbox)
    make_spool(disk=noting_disk).close()
    assert [".", "outbox", "outbox/open", "outbox/sent"] == synced()
    make_spool(disk=noting_disk)
    assert [".", "outbox", "outbox/open", "outbox/sent"] == synced()


# ---- what a power cut leaves


@pytest.mark.parametrize("left", [("condemned", "animation.gif"), ("condemned",), ()])
def test_a_confirmed_visit_that_was_being_deleted_goes_at_the_start(make_spool, outbox, visits, left):
    """A mark in its folder says so; the mark is the last to go, so an empty folder had one."""
    make_spool().close()
    folder = outbox / "sent" / visits.fresh()
    folder.mkdir()
    for name in left:
        (folder / name).touch()
    make_spool()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("place", "name"),
    [("sent", "holiday"), ("pending", "20261122-170501-aaaaaaaaaa"), ("failed", "20261122-170501-aaaaaaaaaa")],
)
def test_a_mark_means_something_only_where_we_put_it(make_spool, outbox, place, name):
    """What was not confirmed is never deleted, and somebody's own folder neither."""
    make_spool().close()
    folder = outbox / place / name
    folder.mkdir()
    (folder / "condemned").touch()
    make_spool()
    assert (folder / "condemned").exists()


@pytest.mark.parametrize("place", ["open", "pending", "sent", "failed"])
def test_a_folder_that_was_renamed_to_be_deleted_goes_at_the_start(make_spool, outbox, visits, place):
    """With all that is in it, folders too; a name that only looks like it stays."""
    make_spool().close()
    ours, foreign = outbox / place / f"{visits.fresh()}.gone", outbox / place / "holiday.gone"
    for folder in (ours, foreign):
        (folder / "below").mkdir(parents=True)
        (folder / "below" / "animation.gif").touch()
    file = outbox / place / f"{visits.fresh()}.gone"
    file.touch()
    make_spool()
    assert (False, True, True) == (ours.exists(), foreign.exists(), file.exists())


def test_what_cannot_be_deleted_at_the_start_is_told_with_its_name(make_spool, outbox, visits, refusing_disk):
    """And the booth starts."""
    make_spool().close()
    name = f"{visits.fresh()}.gone"
    (outbox / "sent" / name).mkdir()
    (outbox / "sent" / name / "animation.gif").touch()
    with capture_logs() as logs:
        make_spool(disk=refusing_disk({"unlink"}, errno.EIO))
    assert [("deletion.not_finished", name)] == [(fact["event"], fact["session"]) for fact in logs]


# ---- what comes to nothing


def test_a_frame_that_the_medium_does_not_promise_is_none(make_spool, visits, refusing_disk):
    """It has its name; but the guest was told that there is none, until it is kept after all."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session, shots=1)
    spool.shot(session, 2).write_bytes(b"frame")
    disk.operations = {"sync_folder"}
    with pytest.raises(OutboxError, match="does not take a frame"):
        spool.keep(session, 2)
    disk.operations = set()
    assert ["frame-1.jpg"] == [frame.name for frame in spool.frames(session)]
    spool.shot(session, 2).write_bytes(b"frame")
    spool.keep(session, 2)
    assert ["frame-1.jpg", "frame-2.jpg"] == [frame.name for frame in spool.frames(session)]


@pytest.mark.parametrize("left", [(), ("frame-1.jpg.part",), ("visit.json.part", "frame-1.jpg.part")])
def test_a_visit_without_a_frame_is_given_up(spool, outbox, visits, left):
    """What the booth puts there before the first frame goes, and nothing is left of it."""
    session = visits.fresh()
    spool.open(session)
    for name in left:
        (outbox / "open" / session / name).touch()
    spool.give_up(session)
    assert [] == sorted(path.name for place in ("open", "failed") for path in (outbox / place).iterdir())


def test_a_frame_that_nobody_was_promised_is_given_up(make_spool, outbox, visits, refusing_disk):
    """The guest was told that no picture was kept."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    spool.open(session)
    spool.shot(session, 1).write_bytes(b"frame")
    disk.operations = {"sync_folder"}
    with pytest.raises(OutboxError):
        spool.keep(session, 1)
    disk.operations = set()
    spool.give_up(session)
    assert [] == list((outbox / "open").iterdir())


@pytest.mark.parametrize("left", ["holiday.jpg", "guest.json", "frame-1.jpg"])
def test_a_visit_in_which_there_is_more_is_set_aside(spool, outbox, visits, left):
    """Frames were lost, or somebody keeps things there: a person looks at it."""
    session = visits.fresh()
    spool.open(session)
    (outbox / "open" / session / left).touch()
    spool.give_up(session)
    assert ((session,), ()) == (spool.queue().set_aside(), spool.unfinished())
    noted = json.loads((outbox / "failed" / session / "failure.json").read_bytes())
    assert "its frames are gone; what is left is here" == noted["why"]


def test_a_visit_that_is_not_there_is_given_up_already(spool, visits):
    """No error; one that is condemned is not given up, but deleted."""
    spool.give_up(visits.fresh())
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == spool.counts()


def test_a_condemned_visit_is_not_given_up(make_spool, visits, refusing_disk):
    """It goes as its guest wished."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    spool.open(session)
    disk.operations = {"rename", "write", "unlink"}
    with pytest.raises(OutboxError):
        spool.condemn(session)
    disk.operations = set()
    with pytest.raises(OutboxError, match=f"the visit {session} is being deleted, as its guest wished"):
        spool.give_up(session)


def test_what_cannot_be_mended_says_why(spool, outbox, visits):
    """The reason is the one that was found."""
    session = visits.pending(spool)
    for frame in (outbox / "pending" / session).glob("frame-*"):
        frame.unlink()
    assert spool.queue().mend(session, "rotten") is False
    assert "rotten" == json.loads((outbox / "failed" / session / "failure.json").read_bytes())["why"]


def test_a_check_that_fails_leaves_nothing_behind_either(make_spool, outbox, refusing_disk):
    """The disk took the small file, and would not promise to keep it."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    disk.operations = {"sync"}
    with pytest.raises(OutboxError, match="does not take a small file"):
        spool.check()
    assert ".probe" not in {path.name for path in outbox.iterdir()}


def test_the_check_leaves_nothing_behind(spool, outbox):
    """The small file that it writes is gone."""
    before = sorted(path.name for path in outbox.iterdir())
    spool.check()
    assert before == sorted(path.name for path in outbox.iterdir())
