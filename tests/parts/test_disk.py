"""A disk that is full, read-only or broken, at each write of a visit: what the guest is told, and what is left."""

import errno
import hashlib
import itertools
import shutil
import threading

import pytest

from booth.core.events import FrameTaken, Part
from booth.core.scene import Glow, glow
from booth.core.states import (
    Apology,
    Attract,
    Exposing,
    Farewell,
    FillingIn,
    Outcome,
    OutOfOrder,
    Reason,
)
from booth.imaging import playback
from booth.outbox import metadata
from booth.ports import Size
from booth.sim.camera import SimCamera
from booth.units import Seconds
from tests.parts.breaking import QUICK, PlainCamera, PlainCompositor, RefusingDisk, parties

ERRORS = {"full": errno.ENOSPC, "read-only": errno.EROFS, "broken": errno.EIO}

ENDS = Attract | OutOfOrder


def tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def play(party):
    """Play a visit until the booth is free; return its id, and the last thing that the guest was told."""
    party.until(Attract)
    party.press()
    told = party.state
    session = told.session
    while not isinstance(party.state, ENDS):
        if isinstance(party.state, FillingIn):
            party.send("Zoe", "zoe@example.org")
        else:
            party.turn(0.05)
        assert not (party.panel.history[-1] and glow(party.state) is Glow.STEADY and party.daemon.booth.missing) or (
            isinstance(party.state, Exposing)
        )
        if isinstance(party.state, Apology | Farewell):
            told = party.state
    return session, told


def earlier_visits(party):
    """Have a guest's visit wait in the outbox, another one sent, a third set aside; return where they are."""
    sessions = []
    for _ in range(3):
        session, told = play(party)
        assert isinstance(told, Farewell)
        sessions.append(session)
    waits, sent, failed = sessions
    parcel = party.spool.queue().parcel(sent)
    md5 = hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()
    party.spool.queue().confirm(sent, parcel.key, md5)
    party.spool.queue().refuse(failed, "the server finds it too large")
    return {"pending": waits, "sent": sent, "failed": failed}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """Return an outbox in which a booth has left earlier visits, and where in it they are. It is copied, not used."""
    folder = tmp_path_factory.mktemp("earlier")
    with parties(folder) as make:
        disk = RefusingDisk()
        party = make(rules=QUICK, uploads=False, disk=disk, camera=PlainCamera, compositor=PlainCompositor())
        before = earlier_visits(party)
    return folder / "outbox", before


def break_at(folder, earlier, number, which, *, lasting):
    """Play a visit whose change *which* of the disk is refused, for a moment or until it is mended; say what it was.

    The booth finds what *earlier* visits have left.
    """
    left, before = earlier
    shutil.copytree(left, folder / "outbox")
    disk = RefusingDisk(number=number)
    with parties(folder) as make:
        party = make(
            rules=QUICK, uploads=False, disk=disk, camera=lambda: PlainCamera(disk), compositor=PlainCompositor(disk),
        )  # fmt: skip
        there = {place: tree(folder / "outbox" / place / session) for place, session in before.items()}
        party.until(Attract)
        coming = itertools.count()
        refused = []

        def refuses(kind):
            at = next(coming)
            if at < which or (at > which and not lasting):
                return False
            refused.append(kind)
            return True

        disk.refuses = refuses
        session, told = play(party)
        if lasting and refused:
            party.turn(200.0)  # it is looked at again and again, and nothing is invited meanwhile
            party.turn(6.0)
            assert isinstance(party.state, OutOfOrder), "READY with a disk that takes nothing"
        disk.refuses = lambda kind: False
        party.turn(6.0)
        party.until(Attract, limit=30.0)
        for _ in range(5):
            party.turn(4000.0)
            party.turn()

        for place, other in before.items():
            assert there[place] == tree(folder / "outbox" / place / other), f"{place} was harmed"
        taken = [event.shot for _, event, _ in party.seen if isinstance(event, FrameTaken) and event.session == session]
        check(party, session, told, taken)
        following, goodbye = play(party)
        assert isinstance(goodbye, Farewell)
        assert following in party.spool.queue().pending()
        return refused[:1]


def check(party, session, told, taken):
    """Hold what is on the disk against what the guest was told."""
    if isinstance(told, Apology):
        assert Reason.DISK is told.reason
        assert told.kept is bool(taken)
    else:
        assert told.outcome in {Outcome.SAVED, Outcome.SENDING, Outcome.LATER}
        assert [1, 2, 3, 4] == taken
    assert () == party.spool.unfinished()
    if not taken:
        assert session not in party.spool.queue().pending()
        return
    parcel = party.spool.queue().parcel(session)
    assert b"GIF89a" + b"".join(b"<frame-%d>" % shot for shot in taken) == parcel.content
    details = metadata.decode(parcel.metadata)
    if isinstance(told, Farewell):
        assert ("Zoe", "zoe@example.org") == (details["name"], details["email"])


@pytest.mark.parametrize("lasting", [True, False], ids=["until mended", "for a moment"])
@pytest.mark.parametrize("number", ERRORS.values(), ids=ERRORS)
def test_at_each_write_of_a_visit_the_guest_is_told_the_truth_and_nothing_is_harmed(tmp_path, earlier, number, lasting):
    """An honest apology or a truthful farewell; the earlier visits untouched; READY when it takes writes again."""
    kinds = set()
    for which in itertools.count():
        folder = tmp_path / str(which)
        folder.mkdir()
        refused = break_at(folder, earlier, number, which, lasting=lasting)
        if not refused:
            break
        kinds |= set(refused)
    assert which > 20
    assert {"mkdir", "write", "secure", "sync", "sync_folder", "rename", "capture", "join"} <= kinds


class CrampedCamera(SimCamera):
    """A camera whose frame *shot* meets a disk that is really full, as long as `full`."""

    full = True

    def capture(self, into):
        if self.full and into.name.startswith("frame-3"):
            into.symlink_to("/dev/full")
        super().capture(into)


def test_a_frame_that_really_finds_the_disk_full_is_the_disks_fault(tmp_path):
    """By the kernel's own word: an apology for the disk, the two frames before are kept, and sent."""
    with parties(tmp_path) as make:
        party = make(
            rules=QUICK,
            camera=lambda: CrampedCamera(size=Size(320, 240), preview_size=Size(160, 120), exposure=Seconds(0)),
        )
        session, told = play(party)
        assert (Reason.DISK, True) == (told.reason, told.kept)
        assert Part.CAMERA not in party.daemon.booth.missing
        party.delivered(1)
        assert 2 == len(playback.read(tmp_path / "outbox" / "sent" / session / "animation.gif").pictures)
        party.until(Attract)  # the small file of the check found room: so may the next guest


@pytest.mark.parametrize("number", ERRORS.values(), ids=ERRORS)
def test_a_confirmation_that_meets_such_a_disk_is_no_second_object(tmp_path, number):
    """At each write after the bucket has it: it is put once, and filed when the disk takes writes again."""
    for which in itertools.count():
        disk = RefusingDisk(number=number)
        folder = tmp_path / str(which)
        folder.mkdir()
        with parties(folder) as make:
            party = make(rules=QUICK, uploads=False, disk=disk, camera=PlainCamera, compositor=PlainCompositor())
            session, _ = play(party)
            coming = itertools.count()
            refused = []

            def refuses(kind, coming=coming, which=which, refused=refused):
                if threading.current_thread().name != "uploader" or next(coming) < which:
                    return False
                refused.append(kind)
                return True

            disk.refuses = refuses
            party.uploader.start()
            party.in_real_time(lambda party=party: len(party.bucket.objects) == 1)  # a second put would fail
            rounds_of(party)
            disk.refuses = lambda kind: False
            rounds_of(party)
            party.in_real_time(lambda party=party: party.spool.counts()["sent"] == 1)
            assert session in next(iter(party.bucket.objects))
        if not refused:
            break
    assert which > 3


def rounds_of(party):
    """Let an hour pass, and the uploader look around in it."""
    for _ in range(3):
        party.turn(1300.0)
        party.uploader.wake()
        party.in_real_time(lambda: party.uploader.beat == party.clock.now() and not party.uploader.under_way)
