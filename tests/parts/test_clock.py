"""No battery clock: the wall clock is years behind, and is set when the network tells the time, in the middle of it."""

import errno
import hashlib
import json
import os
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth import RELEASED
from booth.core.events import SkipChosen
from booth.core.states import Attract, Countdown, Exposing, Farewell, FillingIn, Outcome
from booth.core.visit import SessionId
from booth.disk import RealDisk
from booth.drivers.clock import SystemClock
from booth.errors import BucketError, Remedy
from booth.outbox.entry import DRIFT, Entry, Visit
from booth.outbox.rounds import CLOCK_WRONG, SLOW
from booth.ports import Uptime
from booth.settings.model import Settings
from booth.simulation import Simulation, simulated
from booth.wiring import assemble
from lab.clock import BAKED_AT, HandClock

YEARS_AGO = 0.0
"""Where a machine without a battery begins: 1970-01-01."""

NOON = 1_795_367_112.0
"""2026-11-22 17:05:12 UTC, in seconds since 1970."""

DAY = 86_400.0


def utc(seconds):
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def entry(folder):
    return Entry.read((folder / "entry.json").read_bytes())


def timings(party, jump=None):
    """Play a visit, setting the wall clock to *jump* in the second countdown; return when each state began."""
    began, last = [], None
    party.until(Attract)
    zero = party.clock.now()
    party.press()
    while not isinstance(party.state, FillingIn):
        if jump is not None and isinstance(party.state, Countdown) and party.state.shot == 2:
            party.clock.set_wall(jump)
            jump = None
        if type(party.state) is not last:
            last = type(party.state)
            began.append((last, round(party.clock.now() - zero, 6)))
        party.turn()
    return began


# ---- countdowns


@pytest.mark.parametrize("jump", [NOON, YEARS_AGO - 1e6], ids=["ahead", "back"])
def test_a_wall_clock_that_is_set_moves_no_countdown(a_party, tmp_path, jump):
    """Years ahead or back, in the middle of a countdown: every state begins at the same instant as without that."""
    still = a_party()
    expected = timings(still)
    still.close()
    assert expected == timings(a_party(clock=HandClock(wall=BAKED_AT)), jump)
    assert Exposing in dict(expected)


# ---- ids and keys


def test_ids_and_keys_stay_unique_and_in_order(a_party, outbox):
    """Visits before the time is known, after it, after it was set back, and after a restart in 1970: all in order."""
    sessions = []
    for wall in (YEARS_AGO, NOON, NOON - 3600.0):
        party = a_party(clock=HandClock(wall=YEARS_AGO))
        for jump in (None, wall):
            if jump is not None:
                party.clock.set_wall(jump)
            party.to_form()
            sessions.append(party.state.session)
            party.do(SkipChosen)
            party.until(Farewell)
        if wall != YEARS_AGO:  # by a clock that is wrong nothing is sent
            party.in_real_time(lambda: party.spool.counts()["pending"] == 0)  # noqa: B023 called before the next one
        party.close()
    assert sorted(set(sessions)) == sessions
    keys = [entry(folder).animation.key for folder in (outbox / "sent").iterdir()]
    assert len(sessions) == len(set(keys))
    assert all(any(session in key for key in keys) for session in sessions)


# ---- `taken`


def test_the_time_is_mended_when_it_is_known_and_the_key_stays(a_party, outbox):
    """Set between Send and the upload: the object has the true time, under the key that the visit had before."""
    party = a_party(clock=HandClock(wall=YEARS_AGO))
    party.until(Attract)
    party.press()
    session, pressed = party.state.session, party.clock.now()
    party.until(FillingIn)
    party.send("Zoe", "zoe@example.org")
    party.until(Farewell)
    party.until(Attract)
    before = entry(outbox / "pending" / session)
    assert "1970-01-01T00:00:00Z" == before.metadata["taken"]

    party.turn(600.0)
    party.clock.set_wall(NOON)
    party.uploader.wake()
    party.delivered(1)

    truth = NOON - (party.clock.now() - pressed)
    assert [utc(truth)] == [details["taken"] for details in party.details()]
    assert [before.animation.key] == list(party.bucket.objects)
    after = entry(outbox / "sent" / session)
    assert (*before.products, utc(truth)) == (*after.products, after.metadata["taken"])


def test_a_clock_that_is_set_while_the_guest_types_gives_the_true_time_at_once(a_party, outbox):
    """What is committed is right already, should the power go before it is sent."""
    party = a_party(clock=HandClock(wall=YEARS_AGO), uploads=False)
    party.to_form()
    session = party.state.session
    party.clock.set_wall(NOON)
    party.do(SkipChosen)
    party.until(Farewell)
    taken = entry(outbox / "pending" / session).metadata["taken"]
    assert utc(NOON - 60.0) < taken < utc(NOON)


def test_the_time_of_an_earlier_boot_is_left_as_it_is(a_party, outbox):
    """Nobody knows how long the machine was off: what was mended stays mended, what was not is not guessed at."""
    party = a_party(clock=HandClock(wall=YEARS_AGO), uploads=False)
    party.to_form()
    session = party.state.session
    party.do(SkipChosen)
    party.until(Farewell)
    party.close()

    later = a_party(clock=HandClock(wall=NOON, boot="another"))
    later.delivered(1)
    assert ["1970-01-01T00:00:00Z"] == [details["taken"] for details in later.details()]

    later.close()

    last = a_party(clock=HandClock(wall=NOON, boot="another"), uploads=False)
    mended = entry(outbox / "sent" / session)
    (outbox / "sent" / session).rename(outbox / "pending" / session)
    again = replace(mended, metadata={**mended.metadata, "taken": utc(NOON)})
    (outbox / "pending" / session / "entry.json").write_bytes(again.written())
    assert utc(NOON) == last.spool.queue().parcel(SessionId(session)).metadata["taken"]


class FullDisk(RealDisk):
    """A disk that is full when `full` says so."""

    full = False

    def write(self, file, content):
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file))
        super().write(file, content)


def test_a_full_disk_does_not_keep_the_true_time_from_the_bucket(a_party, outbox):
    """The entry keeps the old time, whole; the object has the true one."""
    disk = FullDisk()
    party = a_party(clock=HandClock(wall=YEARS_AGO), uploads=False, disk=disk)
    party.to_form()
    session = party.state.session
    party.do(SkipChosen)
    party.until(Farewell)
    before = (outbox / "pending" / session / "entry.json").read_bytes()
    disk.full = True
    party.clock.set_wall(NOON)
    assert "2026-11-22" == party.spool.queue().parcel(session).metadata["taken"][:10]
    assert before == (outbox / "pending" / session / "entry.json").read_bytes()


@given(
    taken=st.floats(min_value=0.0, max_value=4e9),
    at=st.floats(min_value=0.0, max_value=1e7),
    gone=st.floats(min_value=0.0, max_value=1e7),
    off=st.floats(min_value=-2e9, max_value=2e9),
)
def test_by_whatever_the_clock_was_off_the_visit_was_as_long_ago_as_it_was(taken, at, gone, off):
    """Whenever the wall clock is set, to whatever may be true, the mended time is the set one less the time gone by."""
    visit = Visit("s", "e", "b", datetime.fromtimestamp(int(taken), UTC), Uptime("boot", at))
    assert visit == Visit.read(visit.written())
    wall = taken + gone + off
    truly = visit.truly_taken(wall, Uptime("boot", at + gone))
    if wall < RELEASED:
        assert truly is None
    elif abs(off) < DRIFT - 2.0:
        assert visit.taken == truly
    elif abs(off) > DRIFT + 2.0:
        assert abs(truly.timestamp() - (wall - gone)) <= 1.0
    assert visit.truly_taken(wall, Uptime("another boot", at + gone)) is None


def test_a_number_without_end_is_no_visits():
    """The file is as good as none, and is told as damaged: no sum may be made with it."""
    visit = Visit("s", "e", "b", datetime.fromtimestamp(0, UTC), Uptime("boot", 1.0))
    with pytest.raises(ValueError, match=r"^a number has no end$"):
        Visit.read(visit.written().replace(b"1.0", b"NaN"))


@pytest.mark.parametrize("fields", [{"boot": 3}, {"uptime": "3"}, {"uptime": None}, {}])
def test_an_uptime_that_says_nothing_mends_nothing(fields):
    """A visit of an older version, or one that was tampered with, keeps the time that it has."""
    visit = Visit("s", "e", "b", datetime.fromtimestamp(0, UTC), Uptime("boot", 1.0))
    written = json.loads(visit.written())
    tampered = {"boot": "boot", **fields} if fields else {}
    content = json.dumps({key: value for key, value in written.items() if key not in {"boot", "uptime"}} | tampered)
    assert Visit.read(content.encode()).truly_taken(NOON, Uptime("boot", 2.0)) is None


# ---- signatures


def test_nothing_is_signed_while_the_clock_is_known_to_be_wrong(a_party):
    """The bucket is not even asked; the operator reads why; it goes on by itself when the network tells the time."""
    party = a_party(clock=HandClock(wall=YEARS_AGO))
    party.to_form()
    party.send("Zoe", "zoe@example.org")
    party.until(Farewell)
    party.in_real_time(lambda: party.uploader.status().error == CLOCK_WRONG)
    party.turn()
    status = party.uploader.status()
    assert (Remedy.CLOCK, 1, False) == (status.remedy, status.pending, status.online)
    assert Outcome.SAVED is party.state.outcome
    party.turn(10 * SLOW)
    party.uploader.wake()
    assert not party.bucket.asked.acquire(timeout=0.1)

    party.clock.set_wall(NOON)
    party.uploader.wake()  # it would look at the clock by itself, within a few seconds
    party.delivered(1)
    party.in_real_time(lambda: party.uploader.status().online)
    assert party.uploader.status().error is None


def test_a_clock_that_is_wrong_by_less_is_found_out_by_the_server(a_party):
    """A clock that went on from its last shutdown is not known to be wrong: the server says so, and it goes on, too."""
    party = a_party(clock=HandClock(wall=NOON))
    party.bucket.trouble = BucketError("the clock of the booth is wrong", Remedy.CLOCK)
    party.to_form()
    party.do(SkipChosen)
    party.until(Farewell)
    party.in_real_time(lambda: party.uploader.status().remedy is Remedy.CLOCK)
    party.bucket.trouble = None
    party.clock.set_wall(NOON + DAY)
    party.turn(SLOW)
    party.uploader.wake()
    party.delivered(1)
    assert "2026-11-23" == party.details()[0]["taken"][:10]


def test_the_release_date_is_one_that_has_been():
    """A constant in the future would keep every booth from sending anything."""
    assert time.time() > RELEASED


def test_the_machine_counts_from_its_boot():
    """The kernel's own name for it, and seconds that nobody sets."""
    before, after = SystemClock().uptime(), SystemClock().uptime()
    assert Path("/proc/sys/kernel/random/boot_id").read_text().strip() == before.boot == after.boot
    assert before.seconds <= after.seconds


@pytest.mark.parametrize("confirmed", [NOON, YEARS_AGO], ids=["in time", "in 1970"])
def test_what_was_confirmed_is_kept_its_days_whatever_the_clock_showed(a_party, confirmed):
    """A start in 1970 makes nothing old, nor does a confirmation in 1970; only days that have passed do."""
    party = a_party(clock=HandClock(wall=confirmed), uploads=False, settings={"outbox.keep_days": 30})
    party.to_form()
    session = party.state.session
    party.do(SkipChosen)
    party.until(Farewell)
    animation = party.spool._folders.of("pending", session) / "animation.gif"
    md5 = hashlib.md5(animation.read_bytes(), usedforsecurity=False).hexdigest()
    party.spool.queue().confirm(session, party.spool.queue().parcel(session).key, md5)
    for wall in (YEARS_AGO, NOON, NOON + 29 * DAY):
        party.clock.set_wall(wall)
        party.spool.tidy()
        assert 1 == party.spool.counts()["sent"]
    party.clock.set_wall(NOON + 31 * DAY)
    party.spool.tidy()
    assert 0 == party.spool.counts()["sent"]


def test_the_booth_is_put_together_like_that(tmp_path, monkeypatch):
    """The real clock: visits note the kernel's boot, and before the release date the uploader waits."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with ExitStack() as stack:
        world = simulated(Settings(), Simulation(headless=True, outbox=tmp_path / "outbox"), stack)
        booth = assemble(Settings(), world, stack)
        session = SessionId("20261122-170512-aaaaaaaaaa")
        booth.spool.open(session)
        visit = Visit.read((tmp_path / "outbox" / "open" / session / "visit.json").read_bytes())
        assert SystemClock().uptime().boot == visit.uptime.boot
        assert not booth.uploads.first._rounds._clock_wrong()
        monkeypatch.setattr(time, "time", lambda: YEARS_AGO)
        assert booth.uploads.first._rounds._clock_wrong()
        monkeypatch.undo()
