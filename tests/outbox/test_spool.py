import dataclasses
import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from structlog.testing import capture_logs

from booth.core.visit import Guest, SessionId
from booth.disk import RealDisk
from booth.errors import OutboxError
from booth.outbox.entry import Entry
from booth.outbox.metadata import decode
from booth.outbox.queue import DamagedError, UnconfirmedError
from booth.outbox.room import RESERVE
from booth.outbox.spool import Spool
from booth.ports import GIF, Kind, Uptime
from booth.units import Seconds

DAY = 86400.0
ZOE = Guest("Zoë O'Néill", "zoe+booth@example.org", consent=True)


def tree(folder):
    """Return the names of all files below *folder*."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def names(folder):
    """Return the names in *folder*."""
    return {path.name for path in folder.iterdir()}


def md5(content):
    """Return the MD5 of *content*, in hex."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


class CrowdedDisk(RealDisk):
    """A disk on which each confirmed entry takes 100 MB of the 1,000 that there are."""

    def free(self, folder):
        return 1_000_000_000 - 100_000_000 * len(list((folder / "sent").iterdir()))


class CrampedDisk(RealDisk):
    """A disk with no room for another name in a folder of visits, none for a file until one is deleted, or stuck."""

    cramped = full = stuck = False

    def rename(self, old, new):
        if self.cramped and old.is_dir():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().rename(old, new)

    def write(self, file, content):
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(file, content)

    def unlink(self, file):
        if self.stuck:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().unlink(file)
        self.full = False


class Clinging(CrowdedDisk):
    """The same, and the name of one entry cannot be changed, nor anything in it."""

    clings_to = "nothing"

    def rename(self, old, new):
        if old.name == self.clings_to and old.parent.name == "sent":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().rename(old, new)

    def write(self, file, content):
        if file.parent.name == self.clings_to and file.name == "condemned":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().write(file, content)


# ---- a visit's way


def test_a_visit_is_a_folder_that_says_what_is_known(spool, outbox, visits):
    """From the first moment the medium knows the event, the booth and the time."""
    session = visits.fresh()
    spool.open(session)
    assert {
        "session": session,
        "event": "DockerCon 2019",
        "booth": "Booth 1",
        "taken": "2026-11-22T17:05:12Z",
    } == json.loads((outbox / "open" / session / "visit.json").read_bytes())


def test_a_frame_has_its_name_only_when_it_is_kept(spool, visits):
    """What the camera is still writing is not taken for a frame."""
    session = visits.fresh()
    spool.open(session)
    spool.shot(session, 1).write_bytes(b"half a fra")
    assert spool.frames(session) == ()
    kept = spool.keep(session, 1)
    assert (kept,) == spool.frames(session)
    assert kept.read_bytes() == b"half a fra"


def test_frames_come_back_in_order(spool, visits):
    """The tenth frame is after the ninth."""
    session = visits.fresh()
    visits.pose(spool, session, shots=11)
    assert [f"frame-{shot}.jpg" for shot in range(1, 12)] == [frame.name for frame in spool.frames(session)]


def test_a_frame_that_was_not_written_is_an_error(spool, visits):
    """The camera says that it wrote, but there is nothing: the guest is not told that all is well."""
    session = visits.fresh()
    spool.open(session)
    with pytest.raises(OutboxError, match="not there"):
        spool.keep(session, 1)


def test_a_committed_visit_is_a_parcel(spool, outbox, visits):
    """After the commit it is settled what will be sent, and under which key."""
    session = visits.fresh()
    visits.pose(spool, session)
    visits.finish(spool, session, ZOE)
    parcel = spool.queue().parcel(session)
    assert (session,) == spool.queue().pending()
    assert f"dockercon-2019/2026-11-22/{session}.gif" == parcel.key
    content = (outbox / "pending" / session / "animation.gif").read_bytes()
    assert ("image/gif", content, md5(content)) == (
        parcel.media_type,
        parcel.content,
        parcel.md5,
    )
    assert {
        "event": "DockerCon 2019",
        "booth": "Booth 1",
        "session": session,
        "taken": "2026-11-22T17:05:12Z",
        "name": ZOE.name,
        "email": ZOE.email,
        "consent": "yes",
    } == decode(parcel.metadata)


def test_a_visit_without_details_names_nobody(spool, visits):
    """Who skips the form, or walks away, leaves no name, no address and no consent."""
    for note in (True, False):
        session = visits.fresh()
        visits.pose(spool, session)
        spool.animation(session).write_bytes(b"GIF89a")
        if note:
            spool.note(session, None)
        spool.commit(session)
        assert {"event", "booth", "session", "taken", "consent"} == set(spool.queue().parcel(session).metadata)
        assert spool.queue().parcel(session).metadata["consent"] == "no"


def test_details_once_noted_are_not_replaced_by_none(spool, visits):
    """A visit that is finished later, by whatever way, keeps what the guest has typed."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.note(session, ZOE)
    visits.finish(spool, session, None)
    assert decode(spool.queue().parcel(session).metadata)["name"] == ZOE.name


def test_no_animation_no_commit(spool, visits):
    """What cannot be sent does not get among what will be."""
    session = visits.fresh()
    visits.pose(spool, session)
    with pytest.raises(OutboxError, match="no animation yet"):
        spool.commit(session)
    assert (session,) == spool.unfinished()


def test_commit_twice_is_commit_once(spool, visits):
    """A second commit changes nothing, also when the entry has gone further by then."""
    session = visits.pending(spool)
    spool.commit(session)
    assert {"open": 0, "pending": 1, "sent": 0, "failed": 0} == spool.counts()
    spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
    spool.commit(session)
    assert {"open": 0, "pending": 0, "sent": 1, "failed": 0} == spool.counts()


def test_a_deleted_visit_cannot_be_committed(spool, visits):
    """A commit that comes after "Delete my pictures" says so."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.discard(session)
    with pytest.raises(OutboxError, match="no visit"):
        spool.commit(session)


def test_discard_leaves_nothing(spool, outbox, visits):
    """What the guest wants deleted is gone, whatever lies in the folder; twice is as good as once."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.note(session, ZOE)
    (outbox / "open" / session / "work").mkdir()
    (outbox / "open" / session / "work" / "frame-1.miff").write_bytes(b"scaled")
    (outbox / "open" / session / "link").symlink_to(outbox)
    spool.discard(session)
    spool.discard(session)
    assert tree(outbox) == {".lock"}
    assert spool.unfinished() == ()


def test_a_confirmed_visit_keeps_its_animation_and_loses_its_frames(spool, outbox, visits):
    """The frames stay until the bucket has confirmed; then the animation is enough."""
    session = visits.pending(spool, ZOE)
    assert "frame-4.jpg" in names(outbox / "pending" / session)
    spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
    assert {"visit.json", "guest.json", "animation.gif", "entry.json", "confirmed.json"} == names(
        outbox / "sent" / session
    )


def test_something_else_confirmed_is_not_confirmed(spool, outbox, visits):
    """An ETag that is not the animation's moves nothing."""
    session = visits.pending(spool)
    with pytest.raises(UnconfirmedError, match="something else"):
        spool.queue().confirm(session, visits.key(session), "0" * 32)
    assert (session,) == spool.queue().pending()
    assert "frame-1.jpg" in names(outbox / "pending" / session)


def test_a_failed_entry_says_why(spool, outbox, visits):
    """A person finds the reason beside the pictures; nothing is deleted."""
    session = visits.pending(spool)
    spool.queue().refuse(session, "the server finds it too large")
    noted = json.loads((outbox / "failed" / session / "failure.json").read_bytes())
    assert {"why": "the server finds it too large", "when": "2026-11-22T17:05:12Z"} == noted
    assert {"frame-1.jpg", "animation.gif", "entry.json"} <= names(outbox / "failed" / session)


def test_a_failed_entry_moved_back_is_pending(spool, outbox, visits):
    """``mv failed/ID pending/`` is all that it takes to have it tried again."""
    session = visits.pending(spool)
    spool.queue().refuse(session, "the server finds it too large")
    (outbox / "failed" / session).rename(outbox / "pending" / session)
    assert (session,) == spool.queue().pending()
    assert spool.queue().parcel(session).key.endswith(f"{session}.gif")


def test_pending_and_unfinished_are_oldest_first(spool, visits):
    """Who came first is sent first."""
    opened = [visits.fresh() for _ in range(3)]
    for session in reversed(opened):
        visits.pose(spool, session, shots=1)
    assert tuple(opened) == spool.unfinished()
    for session in reversed(opened):
        visits.finish(spool, session)
    assert tuple(opened) == spool.queue().pending()


def test_the_newest_session_is_found_wherever_it_is(spool, visits):
    """Ids go on after the newest one, whatever became of it."""
    assert spool.newest() is None
    visits.pending(spool)
    last = visits.sent(spool)
    assert last == spool.newest()


def test_a_visit_keeps_its_event_when_the_settings_change(make_spool, visits):
    """What was cut short at one event is not sent as a visit of the next one."""
    spool = make_spool()
    session = visits.fresh()
    visits.pose(spool, session)
    spool.close()
    later = make_spool(event="Wedding")
    visits.finish(later, session)
    assert later.queue().parcel(session).key.startswith("dockercon-2019/")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"session": 1}', b"\xff", b"[" * 100_000])
def test_a_torn_visit_file_costs_nothing_but_its_content(spool, outbox, visits, content):
    """The id has the time, the settings have the event: the pictures are sent all the same."""
    session = visits.fresh()
    visits.pose(spool, session)
    (outbox / "open" / session / "visit.json").write_bytes(content)
    with capture_logs() as logs:
        visits.finish(spool, session)
    assert f"dockercon-2019/2026-11-22/{session}.gif" == spool.queue().parcel(session).key
    assert "visit.unreadable" in [entry["event"] for entry in logs]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"guest": 3}', b'{"guest": {"name": "Z"}}'])
def test_torn_details_are_no_details(spool, outbox, visits, content):
    """A visit whose details cannot be read is sent without any."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.animation(session).write_bytes(b"GIF89a")
    (outbox / "open" / session / "guest.json").write_bytes(content)
    spool.commit(session)
    assert "name" not in spool.queue().parcel(session).metadata


def test_foreign_ids_open_no_visit(spool, outbox):
    """A name that is no session id never becomes a path."""
    with pytest.raises(ValueError, match="not a session id"):
        spool.open(SessionId("../../etc"))
    assert tree(outbox) == {".lock"}


# ---- modes and locks


def test_nobody_else_can_read_a_guests_pictures(make_spool, outbox, visits):
    """Folders are 0700 and files 0600, whatever the umask and whoever wrote them."""
    before = os.umask(0)
    try:
        spool = make_spool()
        visits.pending(spool, ZOE)
        visits.sent(spool)
        visits.pose(spool, visits.fresh())
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in [outbox, *outbox.rglob("*")]}
    assert {0o700 if path.is_dir() else 0o600 for path in modes} == {0o700, 0o600}
    assert {path: 0o700 if path.is_dir() else 0o600 for path in modes} == modes


def test_a_tight_umask_does_not_lock_the_booth_out(make_spool, visits):
    """A umask that takes everything away from the owner, too, takes nothing from the outbox."""
    before = os.umask(0o777)
    try:
        spool = make_spool()
        session = visits.fresh()
        spool.open(session)
        spool.note(session, ZOE)
    finally:
        os.umask(before)
    assert (session,) == spool.unfinished()


def test_two_booths_never_share_an_outbox(make_spool, outbox):
    """The second one is told which folder is taken; when the first has gone, it may have it."""
    first = make_spool()
    with pytest.raises(OutboxError, match=f"another booth is using the outbox {outbox}"):
        make_spool()
    first.close()
    first.close()
    make_spool()


def test_a_killed_booth_leaves_no_lock(make_spool, outbox):
    """The lock goes with the process, however it ended."""
    code = (
        "import os, signal, sys; from pathlib import Path; from booth.outbox.spool import Spool\n"
        "Spool(Path(sys.argv[1]), event='e', booth='b', key_template='{session}', wall=lambda: 0.0,"
        " min_free_mb=0, keep_days=1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(outbox)], check=False, timeout=240)
    assert ended.returncode == -9
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == make_spool().counts()


def test_the_spool_is_a_context(make_spool):
    """Leaving it lets the next booth in."""
    with make_spool():
        pass
    with make_spool() as spool:
        assert spool.newest() is None


def test_a_missing_folder_is_made(make_spool, outbox, tmp_path):
    """The last one alone, and it belongs to nobody else: what is above it may be a disk that is not in."""
    shutil.rmtree(outbox, ignore_errors=True)
    make_spool()
    assert {"open", "pending", "sent", "failed", ".lock"} == names(outbox)


# ---- room


def test_what_was_confirmed_long_ago_is_deleted(spool, wall, visits):
    """Confirmed visits are kept for keep_days, and not a day longer."""
    old = visits.sent(spool)
    wall.seconds += 29 * DAY
    new = visits.sent(spool)
    spool.tidy()
    assert spool.counts()["sent"] == 2
    wall.seconds += DAY
    spool.tidy()
    assert spool.counts()["sent"] == 1
    assert new == spool.newest()
    assert old != new


def test_by_a_clock_that_nobody_vouches_for_nothing_is_old(make_spool, outbox, wall, visits):
    """Two years ahead at one start, it deletes nothing that was confirmed today; nor does it when it is right again."""
    spool = make_spool()
    for _ in range(3):
        visits.sent(spool)
    spool.close()
    wall.seconds += 730 * DAY
    spool = make_spool(time_known=lambda: False)
    spool.tidy()
    assert spool.counts()["sent"] == 3
    spool.close()
    wall.seconds -= 729 * DAY
    spool = make_spool()
    spool.tidy()
    assert spool.counts()["sent"] == 3


def test_the_bucket_vouches_for_the_clock_until_it_is_set(make_spool, wall, visits):
    """What it confirmed was signed by it: it was right then, and is for as long as it runs as the machine does."""
    up = [Uptime("a boot", Seconds(100.0))]
    make_spool(keep_days=1).close()
    spool = make_spool(keep_days=1, time_known=lambda: False, uptime=lambda: up[0])
    visits.sent(spool)
    wall.seconds += 2 * DAY
    spool.tidy()
    assert spool.counts()["sent"] == 1
    up[0] = Uptime("a boot", Seconds(100.0 + 2 * DAY))
    spool.tidy()
    assert spool.counts()["sent"] == 0


def test_a_date_that_is_still_to_come_is_todays(spool, outbox, wall, visits):
    """A visit confirmed by a clock that was ahead is not kept for years; where nobody knows the time, it stays."""
    session = visits.sent(spool)
    note = outbox / "sent" / session / "confirmed.json"
    note.write_text(json.dumps({"at": int(wall.seconds) + 700 * 86400}))
    spool.tidy()
    assert int(wall.seconds) == json.loads(note.read_bytes())["at"]


def test_an_entry_of_an_older_booth_is_sent_as_before(spool, outbox, visits):
    """An update finds what waits; the same bytes go under the same key with the same words."""
    session, content = "20261122-170512-aaaaaaaaaa", b"GIF89a of a booth before"
    folder = outbox / "pending" / session
    folder.mkdir()
    (folder / "animation.gif").write_bytes(content)
    (folder / "frame-1.jpg").write_bytes(b"frame")
    (folder / "entry.json").write_bytes(
        b'{\n  "session": "20261122-170512-aaaaaaaaaa",\n'
        b'  "key": "fete/2026-11-22/20261122-170512-aaaaaaaaaa.gif",\n'
        b'  "metadata": {\n    "event": "F%C3%AAte",\n    "consent": "no"\n  },\n'
        b'  "bytes": 24,\n  "md5": "f9c6c030662044b6727da94b09019ac7"\n}\n'
    )
    parcel = spool.queue().parcel(session)
    assert ("fete/2026-11-22/20261122-170512-aaaaaaaaaa.gif", "image/gif", content) == (
        parcel.key, parcel.media_type, parcel.content
    )  # fmt: skip
    assert {"event": "F%C3%AAte", "consent": "no"} == parcel.metadata
    assert spool.queue().confirm(session, parcel.key, parcel.md5)
    assert {"animation.gif", "entry.json", "confirmed.json"} == names(outbox / "sent" / session)


def test_what_was_made_of_a_visit_is_what_its_entry_lists(make_spool, outbox, visits):
    """Of the kinds that this booth makes, what is there; each under a key of its own, beside the animation's."""
    strip, clip = Kind("strip.jpg", "image/jpeg", "-strip.jpg"), Kind("clip.mp4", "video/mp4", ".mp4")
    spool = make_spool(kinds=(GIF, strip, clip))
    session = visits.fresh()
    visits.pose(spool, session)
    (outbox / "open" / session / "strip.jpg").write_bytes(b"JPEG")
    visits.finish(spool, session)
    key = f"dockercon-2019/2026-11-22/{session}"
    entry = Entry.read((outbox / "pending" / session / "entry.json").read_bytes())
    assert [
        ("animation.gif", "image/gif", f"{key}.gif", 32, md5(visits.gif(session)), False),
        ("strip.jpg", "image/jpeg", f"{key}-strip.jpg", 4, md5(b"JPEG"), False),
    ] == [dataclasses.astuple(product) for product in entry.products]
    assert 0o600 == (outbox / "pending" / session / "strip.jpg").stat().st_mode & 0o777


def test_a_kind_that_no_key_can_be_made_for_is_told_at_the_start(make_spool):
    """Not when its first visit is committed."""
    with pytest.raises(ValueError, match="more than 915 bytes"):
        make_spool(kinds=(GIF, Kind("strip.jpg", "image/jpeg", "-" * 900)))


def test_only_what_was_confirmed_is_ever_deleted(spool, wall, visits):
    """Neither age nor a full disk touches what the bucket has not confirmed."""
    pending, failed, opened = visits.pending(spool), visits.pending(spool), visits.fresh()
    spool.queue().refuse(failed, "too large")
    visits.pose(spool, opened)
    wall.seconds += 10_000 * DAY
    spool.tidy()
    assert {"open": 1, "pending": 1, "sent": 0, "failed": 1} == spool.counts()
    assert visits.gif(pending) == spool.queue().parcel(pending).content


def test_when_room_is_short_the_oldest_confirmed_go_first(make_spool, outbox, visits):
    """Exactly as many as needed, oldest first, although they are not old."""
    spool = make_spool(disk=CrowdedDisk(), min_free_mb=800)
    sessions = [visits.sent(spool) for _ in range(2)]
    assert spool.room()
    assert spool.counts()["sent"] == 2
    third = visits.pending(spool)
    spool.queue().confirm(third, visits.key(third), visits.etag(spool, third))
    assert spool.room()
    assert spool.counts()["sent"] == 2
    assert sessions[0] not in names(outbox / "sent")


def test_without_room_a_new_visit_is_refused(make_spool, outbox, visits):
    """Below the floor, with nothing left that may go, the guest is told before the first countdown."""
    spool = make_spool(disk=CrowdedDisk(), min_free_mb=1001)
    waiting = make_waiting(spool, outbox)
    assert not spool.room()
    with pytest.raises(OutboxError, match="less than 1001 MB"):
        spool.open(visits.fresh())
    assert spool.counts() == {"open": 0, "pending": 1, "sent": 0, "failed": 0}
    assert (waiting,) == spool.queue().pending()


@pytest.mark.parametrize(("floor", "low"), [(499, False), (500, False), (501, True)])
def test_below_twice_the_floor_somebody_should_make_room_soon(make_spool, floor, low):
    """The operator hears of it while there still is room for guests."""
    assert low is make_spool(disk=CrowdedDisk(), min_free_mb=floor).low()


def test_a_disk_full_of_what_may_be_deleted_is_not_low(make_spool, outbox):
    """A booth that keeps what it has sent for as long as there is room has room for as many guests again."""
    spool = make_spool(disk=CrowdedDisk(), min_free_mb=600)
    seen = []
    for number in range(RESERVE):
        seen.append(spool.low())
        (outbox / "sent" / f"20261122-170500-{number:010d}").mkdir()
    assert ({True}, False) == (set(seen), spool.low())


def make_waiting(spool, outbox):
    """Put an entry into ``pending/`` by hand, where the spool takes no visit."""
    session = SessionId("20261122-170500-bbbbbbbbbb")
    (outbox / "pending" / session).mkdir()
    (outbox / "pending" / session / "animation.gif").write_bytes(b"GIF89a")
    return session


def test_a_confirmed_visit_without_a_date_is_dated_today(spool, outbox, wall, visits):
    """A date that was lost does not make a visit old."""
    session = visits.sent(spool)
    (outbox / "sent" / session / "confirmed.json").write_bytes(b"")
    wall.seconds += 100 * DAY
    spool.tidy()
    assert spool.counts()["sent"] == 1
    wall.seconds += 30 * DAY
    spool.tidy()
    assert spool.counts()["sent"] == 0


def test_where_nothing_is_kept_a_confirmed_visit_is_deleted_at_once(make_spool, outbox, wall, visits):
    """With keep_days = 0 the guest's details do not outlive the confirmation, not even by an hour."""
    spool = make_spool(keep_days=0)
    session = visits.pending(spool, ZOE)
    spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
    assert tree(outbox) == {".lock"}
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == spool.counts()


def test_where_nothing_is_kept_the_clock_does_not_matter(make_spool, outbox, wall, visits):
    """What was confirmed before the setting changed goes, too, although the clock was set back since."""
    spool = make_spool()
    visits.sent(spool)
    spool.close()
    wall.seconds -= 10_000 * DAY
    make_spool(keep_days=0).tidy()
    assert tree(outbox) == {".lock"}


def test_a_disk_that_takes_a_small_file_passes_the_check(spool, outbox):
    """The check leaves nothing behind, and may be repeated."""
    spool.check()
    spool.check()
    assert tree(outbox) == {".lock"}


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.ENOSPC, "make room on it"), (errno.EROFS, "restart, then replace"), (errno.EIO, "replace it")],
)
@pytest.mark.parametrize("operation", ["write", "sync", "unlink"])
def test_a_disk_that_takes_no_small_file_fails_the_check(make_spool, outbox, operation, number, advice, refusing_disk):
    """Full, read-only or broken: the operator is told what to do; when it is well again, so is the check."""
    disk = refusing_disk({operation}, number)
    spool = make_spool(disk=disk)
    with pytest.raises(OutboxError, match=advice):
        spool.check()
    disk.operations = set()
    spool.check()
    assert tree(outbox) == {".lock"}


def test_a_check_without_room_makes_some_or_says_so(make_spool, visits):
    """The oldest confirmed go first; when there are none left, the operator is told how much is missing."""
    spool = make_spool(disk=CrowdedDisk(), min_free_mb=1000)
    visits.sent(spool)
    spool.check()
    assert spool.counts()["sent"] == 0
    spool.close()
    with pytest.raises(OutboxError, match="less than 1001 MB"):
        make_spool(disk=CrowdedDisk(), min_free_mb=1001).check()


def test_a_confirmed_entry_that_cannot_be_deleted_does_not_keep_the_others(make_spool, outbox, visits):
    """Room is looked for among all of them."""
    disk = Clinging()
    before = make_spool(disk=disk)
    disk.clings_to, goes = visits.sent(before), visits.sent(before)
    before.close()
    spool = make_spool(disk=disk, min_free_mb=1000)
    with capture_logs() as logs:
        assert not spool.room()
    assert ["entry.not_purged"] == [entry["event"] for entry in logs if entry["log_level"] == "warning"]
    assert goes not in names(outbox / "sent")


# ---- what is none of ours


def test_foreign_things_are_left_alone_and_told_about_once(make_spool, outbox, wall, visits):
    """Files, folders and links that we did not make are never fatal, never counted, never deleted."""
    spool = make_spool()
    ours = visits.sent(spool)
    for place in ("open", "pending", "sent", "failed"):
        (outbox / place / "lost+found").mkdir()
        (outbox / place / "lost+found" / "holiday.jpg").write_bytes(b"ours")
        (outbox / place / "notes.txt").write_text("do not delete")
        (outbox / place / "20261122-170500-cccccccccc").symlink_to(outbox / "sent" / ours)
    (outbox / "sent" / "20261122-170500-dddddddddd").mkdir()
    (outbox / "sent" / "20261122-170500-dddddddddd" / "holiday.jpg").write_bytes(b"ours")
    before = tree(outbox) - {f"sent/{ours}/{name}" for name in names(outbox / "sent" / ours)}
    spool.close()
    with capture_logs() as logs:
        again = make_spool(min_free_mb=10**9)
        for _ in range(3):
            assert again.counts() == {"open": 0, "pending": 0, "sent": 2, "failed": 0}
        wall.seconds += 1000 * DAY
        again.tidy()
        assert not again.room()
        assert again.counts() == {"open": 0, "pending": 0, "sent": 1, "failed": 0}
    told = [entry["path"] for entry in logs if entry["event"] == "outbox.foreign"]
    assert before <= tree(outbox)
    assert sorted(set(told)) == sorted(told)
    assert len(told) == 3 * 4 + 1


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"[]", b"null", b"\x00" * 100])
def test_an_entry_that_cannot_be_read_is_damaged(spool, outbox, visits, content):
    """Garbage in entry.json is told apart from a disk that does not read."""
    session = visits.pending(spool)
    (outbox / "pending" / session / "entry.json").write_bytes(content)
    with pytest.raises(DamagedError, match=r"entry\.json"):
        spool.queue().parcel(session)


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": ["name"]},
        {"metadata": {"name": 3}},
        {"bytes": 0},
        {"bytes": "6"},
        {"bytes": True},
        {"md5": "0"},
        {"md5": None},
        {"key": ""},
        {"key": None},
        {"session": "20261122-170500-eeeeeeeeee"},
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_an_entry_that_says_nonsense_is_damaged(spool, outbox, visits, change, version):
    """Every field is looked at before anything is sent."""
    session = visits.pending(spool)
    visits.say(outbox / "pending" / session / "entry.json", change, version)
    with pytest.raises(DamagedError, match=r"entry\.json"):
        spool.queue().parcel(session)


@pytest.mark.parametrize("version", [1, 2])
def test_an_entry_of_either_version_is_sent(spool, outbox, visits, version):
    """As long as it says what it has to."""
    session = visits.pending(spool)
    before = spool.queue().parcel(session)
    visits.say(outbox / "pending" / session / "entry.json", {}, version)
    assert before == spool.queue().parcel(session)


@pytest.mark.parametrize("content", [None, b"", b"GIF89b20261122-170501-aaaaaaaaaa"])
def test_an_animation_that_is_not_what_was_committed_is_damaged(spool, outbox, visits, content):
    """A missing, torn or changed animation is never sent under the guest's name."""
    session = visits.pending(spool)
    animation = outbox / "pending" / session / "animation.gif"
    if content is None:
        animation.unlink()
    else:
        animation.write_bytes(content)
    with pytest.raises(DamagedError, match=r"animation\.gif"):
        spool.queue().parcel(session)


def test_a_damaged_entry_is_made_anew_from_its_frames(spool, outbox, visits):
    """The frames are kept for this: the visit is open again, with the guest's details, under the same key."""
    session = visits.pending(spool, ZOE)
    key = spool.queue().parcel(session).key
    (outbox / "pending" / session / "animation.gif").write_bytes(b"rot")
    assert spool.queue().mend(session, "rotten")
    assert (session,) == spool.unfinished()
    assert not spool.animation(session).exists()
    visits.finish(spool, session, None)
    assert key == spool.queue().parcel(session).key
    assert decode(spool.queue().parcel(session).metadata)["name"] == ZOE.name


def test_what_cannot_be_mended_is_set_aside(spool, outbox, visits):
    """Without frames, or damaged for the second time, it is a person's turn; nothing is deleted."""
    frameless, rotten = visits.pending(spool), visits.pending(spool)
    for frame in (outbox / "pending" / frameless).glob("frame-*"):
        frame.unlink()
    assert not spool.queue().mend(frameless, "no frames")
    assert spool.queue().mend(rotten, "once")
    visits.finish(spool, rotten)
    assert not spool.queue().mend(rotten, "twice")
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 2} == spool.counts()
    assert (outbox / "failed" / rotten / "animation.gif.damaged").exists()


def test_attempts_are_counted_across_restarts(make_spool, visits):
    """How often it failed survives the booth."""
    spool = make_spool()
    session = visits.pending(spool)
    assert [0, 1, 2] == [
        spool.queue().attempts(session),
        spool.queue().attempted(session),
        spool.queue().attempted(session),
    ]
    spool.close()
    assert make_spool().queue().attempts(session) == 2


@pytest.mark.parametrize("content", [b"", b"garbage", b"[]", b'{"attempts": -3}', b'{"attempts": "many"}'])
def test_a_torn_count_harms_nothing(spool, outbox, visits, content):
    """Attempts that cannot be read are none; the entry is what it was."""
    session = visits.pending(spool)
    (outbox / "pending" / session / "attempts.json").write_bytes(content)
    assert spool.queue().attempts(session) == 0
    assert spool.queue().attempted(session) == 1
    assert visits.gif(session) == spool.queue().parcel(session).content


# ---- a disk that refuses


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "the disk is full; make room"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "replace it"),
        (errno.EACCES, "give the folder to the user"),
        (errno.ELOOP, "look at the disk"),
    ],
)
@pytest.mark.parametrize("operation", ["write", "sync", "rename"])
def test_a_refusing_disk_says_what_to_do_and_harms_nothing(
    make_spool, outbox, visits, operation, number, advice, refusing_disk
):
    """At each step of a visit: one sentence for the operator, and what was there before is still there."""
    disk = refusing_disk((), number)
    spool = make_spool(disk=disk)
    old = visits.pending(spool, ZOE)
    session = visits.fresh()
    visits.pose(spool, session, shots=1)
    spool.shot(session, 2).write_bytes(b"frame")
    spool.animation(session).write_bytes(b"GIF89a")
    before = tree(outbox)

    disk.operations = {operation}
    acts = [
        lambda: spool.open(visits.fresh()),
        lambda: spool.note(session, ZOE),
        lambda: spool.commit(session),
        *([] if operation == "write" else [lambda: spool.keep(session, 2)]),
    ]
    for act in acts:
        with pytest.raises(OutboxError, match=advice):
            act()
    disk.operations = set()

    assert before <= tree(outbox)
    assert (old,) == spool.queue().pending()
    assert visits.gif(old) == spool.queue().parcel(old).content
    spool.keep(session, 2)
    spool.note(session, ZOE)
    spool.commit(session)
    assert (old, session) == spool.queue().pending()


def test_a_disk_that_does_not_read_is_no_damage(make_spool, visits, refusing_disk):
    """An I/O error is the disk's fault, not the entry's: it is not set aside for it."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    disk.operations = {"read"}
    with pytest.raises(OutboxError, match="replace it") as caught:
        spool.queue().parcel(session)
    assert not isinstance(caught.value, DamagedError)
    assert spool.queue().attempts(session) == 0


def test_a_full_disk_does_not_keep_a_confirmation_out(make_spool, outbox, visits, refusing_disk):
    """Moving a confirmed entry takes no room, and letting its frames go makes some."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_spool(disk=disk)
    session = visits.pending(spool)
    etag = visits.etag(spool, session)
    disk.operations = {"write"}
    with capture_logs() as logs:
        assert spool.queue().attempted(session) == 1
        spool.queue().confirm(session, visits.key(session), etag)
    assert ["attempt.not_noted", "entry.not_tidied"] == [entry["event"] for entry in logs]
    assert spool.counts()["sent"] == 1
    assert "frame-1.jpg" not in names(outbox / "sent" / session)


def test_a_full_disk_does_not_keep_a_guest_from_deleting(make_spool, outbox, visits, refusing_disk):
    """When there is not even room for another name, the pictures go all the same."""
    disk = refusing_disk((), errno.ENOSPC)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session)
    disk.operations = {"rename"}
    spool.discard(session)
    assert tree(outbox) == {".lock"}


def test_a_disk_that_lets_nothing_be_deleted_is_told(make_spool, outbox, visits, refusing_disk):
    """A guest is not told that the pictures are gone when they are not; and nothing is deleted in parts."""
    disk = refusing_disk((), errno.EROFS)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session)
    disk.operations = {"rename", "write", "unlink"}
    for refused in (spool.condemn, spool.discard):
        with pytest.raises(OutboxError, match="read-only"):
            refused(session)
    assert {"visit.json", *(f"frame-{shot}.jpg" for shot in range(1, 5))} == names(outbox / "open" / session)


def test_a_condemned_visit_is_finished_by_nobody(make_spool, outbox, visits, refusing_disk):
    """Also when the disk takes no word of it: no frame, no details, no commit, until it can be deleted."""
    disk = refusing_disk((), errno.EROFS)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session)
    spool.shot(session, 5).write_bytes(b"frame")
    spool.animation(session).write_bytes(b"GIF89a")
    assert spool.has_animation(session)
    disk.operations = {"rename", "write", "unlink"}
    with pytest.raises(OutboxError, match="read-only"):
        spool.condemn(session)
    disk.operations = set()

    assert spool.unfinished() == ()
    assert spool.frames(session) == ()
    assert not spool.has_animation(session)
    assert spool.counts()["open"] == 0
    for refused in (
        lambda: spool.keep(session, 5),
        lambda: spool.note(session, ZOE),
        lambda: spool.note(session, None),
        lambda: spool.commit(session),
    ):
        with pytest.raises(OutboxError, match="is being deleted"):
            refused()
    spool.tidy()
    assert tree(outbox) == {".lock"}


def test_condemned_is_quick_and_discarded_is_gone(make_spool, outbox, visits):
    """Condemning deletes nothing yet; the next start does, if nothing else did. Both may be repeated."""
    spool = make_spool()
    first, second = visits.fresh(), visits.fresh()
    for session in (first, second):
        visits.pose(spool, session)
        spool.condemn(session)
        spool.condemn(session)
    assert {f"{first}.gone", f"{second}.gone"} == names(outbox / "open")
    assert spool.unfinished() == ()
    spool.discard(first)
    spool.discard(first)
    assert {f"{second}.gone"} == names(outbox / "open")
    spool.close()
    make_spool()
    assert tree(outbox) == {".lock"}


@pytest.mark.parametrize("full", [False, True])
def test_a_disk_with_no_room_for_a_name_marks_the_folder(make_spool, outbox, visits, full):
    """A mark inside the folder is as good as a new name; what can be made again makes room for it."""
    disk = CrampedDisk()
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session)
    spool.animation(session).write_bytes(b"GIF89a")
    disk.cramped, disk.full = True, full
    spool.condemn(session)
    assert {"condemned", "frame-1.jpg", "frame-4.jpg"} <= names(outbox / "open" / session)
    assert spool.animation(session).exists() is not full
    spool.close()

    disk.stuck = True
    with capture_logs() as logs:
        left = make_spool(disk=disk)
    assert "deletion.not_finished" in [entry["event"] for entry in logs]
    assert left.unfinished() == left.frames(session) == ()
    disk.stuck = False
    left.tidy()
    assert tree(outbox) == {".lock"}


def test_condemning_nothing_is_no_error(spool, visits):
    """There may be no such visit, or it may have been sent."""
    sent = visits.sent(spool)
    spool.condemn(sent)
    spool.condemn(visits.fresh())
    assert spool.counts()["sent"] == 1


def test_what_could_not_be_deleted_is_deleted_at_the_next_start(make_spool, outbox, visits, refusing_disk):
    """From the first moment of deleting, a visit is none any more: it is not finished, not sent, and goes later."""
    disk = refusing_disk((), errno.EIO)
    spool = make_spool(disk=disk)
    session = visits.fresh()
    visits.pose(spool, session)
    disk.operations = {"unlink"}
    with pytest.raises(OutboxError, match="replace it"):
        spool.discard(session)
    assert spool.unfinished() == ()
    assert "visit.json" in names(outbox / "open" / f"{session}.gone")
    spool.close()
    with capture_logs() as logs:
        make_spool(disk=disk).close()
    assert ["deletion.not_finished"] == [entry["event"] for entry in logs]
    make_spool()
    assert tree(outbox) == {".lock"}


def test_a_disk_that_cannot_be_used_at_all_is_told_at_the_start(make_spool, outbox, refusing_disk):
    """No folder, no booth: and no lock is left behind."""
    with pytest.raises(OutboxError, match="read-only"):
        make_spool(disk=refusing_disk({"mkdir"}, errno.EROFS))
    with pytest.raises(OutboxError, match="replace it"):
        make_spool(disk=refusing_disk({"names"}, errno.EIO))
    make_spool()


@pytest.mark.parametrize(
    ("below", "advice"),
    [
        ("/proc/outbox", "cannot be made; see that /proc is a folder on a disk"),
        ("dangling/outbox", "dangling is not there: if that is on another disk, mount it; else make the folder"),
        ("stick/booth/outbox", "stick/booth is not there: if that is on another disk, mount it; else make the folder"),
        ("file/outbox", "is no folder, or lies in none; move away what is there"),
        ("file", "is no folder, or lies in none; move away what is there"),
    ],
)
def test_a_folder_that_cannot_be_made_is_told_as_that(tmp_path, wall, below, advice):
    """Nobody is told that it may have been deleted, and a file in the way keeps its mode."""
    (tmp_path / "dangling").symlink_to(tmp_path / "unmounted")
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "file").chmod(0o644)
    with pytest.raises(OutboxError, match=advice):
        Spool(
            tmp_path / below, event="e", booth="b", key_template="{session}", wall=wall, min_free_mb=0, keep_days=1
        )  # fmt: skip
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644
    assert {"dangling", "file"} == set(names(tmp_path))


def test_a_place_that_was_deleted_by_hand_is_told_as_that(spool, outbox, visits):
    """The folder of the visits is gone while the booth runs: its name, and what may have happened."""
    (outbox / "open").rmdir()
    with pytest.raises(OutboxError, match=rf"{outbox}/open.* may have been deleted by hand"):
        spool.open(visits.fresh())


def test_the_checksum_is_the_animations(spool, outbox, visits):
    """What the entry promises is what a bucket will confirm."""
    session = visits.pending(spool)
    entry = json.loads((outbox / "pending" / session / "entry.json").read_bytes())
    content = (outbox / "pending" / session / "animation.gif").read_bytes()
    assert md5(content) == entry["products"][0]["md5"]
    assert len(content) == entry["products"][0]["bytes"]


# ---- what the invitation may show


class TestAgreed:
    def test_only_guests_who_agreed_are_shown_newest_first(self, spool, visits, outbox):
        """Who skipped, who gave details and no consent, and whose visit is not over, is not shown to strangers."""
        first = visits.pending(spool, ZOE)
        visits.pending(spool, None)
        visits.pending(spool, Guest("Max", "max@example.org", consent=False))
        second = visits.pending(spool, ZOE)
        visits.pose(spool, visits.fresh())
        assert [(second, outbox / "pending" / second / "animation.gif"),
                (first, outbox / "pending" / first / "animation.gif")] == list(spool.agreed())  # fmt: skip

    def test_what_was_sent_is_shown_from_there(self, spool, visits, outbox):
        """A visit is shown before and after it was sent, from where it is."""
        session = visits.pending(spool, ZOE)
        assert [session] == [one for one, _ in spool.agreed()]
        spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
        assert [(session, outbox / "sent" / session / "animation.gif")] == list(spool.agreed())

    def test_another_start_finds_them_again(self, make_spool, visits):
        """What may be shown is on the disk, not in memory."""
        spool = make_spool()
        session = visits.pending(spool, ZOE)
        spool.close()
        assert [session] == [one for one, _ in make_spool().agreed()]

    def test_guests_of_another_event_are_not_shown(self, make_spool, visits):
        """Last week's wedding stays among its own guests."""
        spool = make_spool(event="a wedding")
        visits.pending(spool, ZOE)
        spool.close()
        assert [] == list(make_spool().agreed())

    def test_who_is_deleted_is_gone_at_once(self, spool, visits, outbox):
        """Whatever way: by hand, by the booth, or only marked because the disk refused more."""
        by_hand, marked, stays = (visits.pending(spool, ZOE) for _ in range(3))
        assert 3 == len(list(spool.agreed()))
        shutil.rmtree(outbox / "pending" / by_hand)
        (outbox / "pending" / marked / "condemned").touch()
        assert [stays] == [one for one, _ in spool.agreed()]

    def test_an_entry_that_cannot_be_read_says_no_and_is_asked_again(self, spool, visits, outbox):
        """It may have been on its way from one folder to the next."""
        session = visits.pending(spool, ZOE)
        entry = outbox / "pending" / session / "entry.json"
        written = entry.read_bytes()
        entry.unlink()
        (outbox / "pending" / "somebody's notes").mkdir()
        assert [] == list(spool.agreed())
        entry.write_bytes(written)
        assert [session] == [one for one, _ in spool.agreed()]


def test_a_key_is_by_the_time_of_the_place_as_it_was(make_spool, visits, monkeypatch):
    """A visit after midnight there; that the place's time has changed until it is committed again changes no key."""
    for zone, date in (("Asia/Tokyo", "2026-11-23"), ("America/Los_Angeles", "2026-11-22"), ("UTC", "2026-11-22")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        spool = make_spool()
        session = visits.fresh()
        visits.pose(spool, session)
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        visits.finish(spool, session)
        parcel = spool.queue().parcel(session)
        assert (f"dockercon-2019/{date}/{session}.gif", "2026-11-22T17:05:12Z") == (
            parcel.key,
            parcel.metadata["taken"],
        )
        spool.close()
    monkeypatch.undo()
    time.tzset()
