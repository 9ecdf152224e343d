"""``booth status``: what is said is so, whether the booth runs, hangs, has ended or was never there."""

import dataclasses
import json
import os
import re
from datetime import UTC, datetime

import pytest

from booth import bulletin
from booth.bulletin import LATE, Bulletin
from booth.cli import main
from booth.core.night import Counted, Night, Phase, Spans
from booth.drivers.clock import SystemClock
from booth.operator.watching import forms, words
from booth.operator.watching.findings import Life, gather
from booth.operator.watching.keeping import Keeping, KeptFor
from booth.outbox import lately
from booth.outbox.measured import VISIT
from booth.outbox.nights import NIGHTS, Day, Nights, day_of
from booth.outbox.spool import Spool
from booth.troubles import Trouble
from lab.clock import HandClock
from tests.disks import QuickDisk

NOON = 1_795_367_112.0
SESSIONS = [f"20261122-1705{second:02}-aaaaaaaaaa" for second in range(9)]
NOTHING_KEPT = {"min_free_mb": 0, "keep_days": 30, "keep_details_days": 7}
WHY = "the bucket will not take it: too large"


class Roomy(QuickDisk):
    """A disk with a gigabyte left."""

    def free(self, folder):
        return 1_000_000_000


@pytest.fixture
def clock():
    clock = HandClock(wall=NOON, boot="a boot")
    clock.advance(1000.0)
    return clock


@pytest.fixture
def outbox(tmp_path, clock):
    """Make an outbox with a sent visit, two that wait, one that never will be taken, and one that is open."""
    outbox = tmp_path / "outbox"
    spool = Spool(
        outbox, event="Party", booth="Booth 1", key_template="{session}.gif", wall=clock.wall, min_free_mb=0,
        keep_days=30, disk=Roomy(),
    )  # fmt: skip
    for number, session in enumerate(SESSIONS[:5]):
        spool.open(session)
        spool.shot(session, 1).write_bytes(b"\xff\xd8" + bytes(1_000_000))
        spool.keep(session, 1)
        if number < 4:
            spool.animation(session).write_bytes(b"GIF89a" + session.encode())
            spool.note(session, None)
            spool.commit(session)
    parcel = spool.queue().parcel(SESSIONS[0])
    spool.queue().confirm(SESSIONS[0], parcel.key, parcel.md5)
    spool.queue().refuse(SESSIONS[1], WHY)
    spool.close()
    night = Night({Counted.BEGUN: 12, Counted.POSED: 11, Counted.SENT: 9}, {Phase.FORM: Spans({72: 3, 80: 1})})
    Nights(outbox, Roomy()).put(day_of(NOON), Day({"Party": night}, NOON - 30.0))
    return outbox


@pytest.fixture
def told(outbox, clock):
    """Have a booth tell of itself."""

    def tell(**changes):
        one = Bulletin(
            "0.3.0", os.getpid(), "a boot", 1000.0, 0.1, NOON, 3725.0, str(outbox), "Party", "Booth 1", "Attract",
            (), (), "up", "", (Trouble("camera lost", "look at its cable", NOON - 60.0, 2),),
        )  # fmt: skip
        (outbox / bulletin.FILE).write_bytes(dataclasses.replace(one, **changes).written())

    return tell


@pytest.fixture
def look(outbox, clock, tmp_path):
    """Look at that booth."""
    thermal = tmp_path / "temp"
    thermal.write_text("48312\n")

    def look(**changes):
        given = {"min_free_mb": 500, "keep_days": 30, "keep_details_days": 7, "disk": Roomy()}
        given |= {"clock": clock, "runtime": (), "thermal": thermal}
        return gather(outbox, **(given | changes))

    return look


class TestTroubles:
    """What went wrong last is told by the booth, and by its disk where that does not run."""

    KEPT = Trouble("lamp lost", "look at its wires", NOON - 86_400.0)

    @pytest.fixture
    def kept(self, outbox):
        """Have an earlier booth have written one."""
        (outbox / NIGHTS / lately.FILE).write_bytes(lately.written((self.KEPT,)))

    def test_a_booth_that_does_not_run_has_left_them(self, kept, look):
        """With the day, where that was another."""
        found = look()
        assert ("troubles     2026-11-21 17:05:12 lamp lost: look at its wires", (self.KEPT,)) == (
            words.page(found, colours=False).splitlines()[-1], found.troubles,
        )  # fmt: skip

    def test_a_booth_that_runs_tells_its_own(self, kept, told, look):
        """It has read those of before."""
        told()
        assert ["camera lost"] == [one.what for one in look().troubles]

    def test_where_nothing_went_wrong_none_are_told(self, look):
        assert () == look().troubles


class TestTheDaemon:
    """Whether it runs is known by what it tells, and by how long ago that was."""

    def test_it_runs(self, told, look):
        told()
        assert (Life.RUNNING, 0.0) == (look().daemon, look().silent_s)

    def test_it_does_not_if_nothing_is_told(self, look):
        assert (Life.STOPPED, None) == (look().daemon, look().told)

    def test_it_hangs_when_it_has_told_nothing_for_long(self, told, look, clock):
        told()
        clock.advance(LATE)
        assert Life.RUNNING is look().daemon
        clock.advance(1.0)
        assert (Life.HUNG, LATE + 1.0) == (look().daemon, look().silent_s)

    def test_it_hangs_when_its_loop_does_not_come_round(self, told, look):
        """Though what tells of it goes on by itself."""
        told(loop_age_s=90.0)
        assert (Life.HUNG, 90.0) == (look().daemon, look().silent_s)

    def test_it_has_ended_when_there_is_no_such_process(self, told, look):
        """It was killed, and could not take back what it had told."""
        told(pid=2**22 + 1)
        assert Life.STOPPED is look().daemon

    def test_what_was_told_before_the_machine_was_switched_on_is_of_no_booth(self, told, look, clock):
        """Its process may have the number of another one now."""
        told(boot="the boot before")
        assert Life.STOPPED is look().daemon


class TestTheDisk:
    """What the disk knows is told whether or not the booth runs."""

    def test_how_many_visits_are_where(self, look):
        assert {"open": 1, "pending": 2, "sent": 1, "failed": 1} == look().places

    def test_how_long_what_was_sent_is_kept(self, look):
        """And when the oldest of it was sent; the guest of that one gave no details."""
        sent = datetime.fromtimestamp(NOON + 1000.0, UTC)
        assert Keeping(KeptFor(30, sent), KeptFor(7, None)) == look().kept

    def test_the_oldest_details_are_of_the_oldest_visit_that_has_some(self, look, outbox):
        (outbox / "sent" / SESSIONS[0] / "guest.json").write_bytes(b"{}")
        sent = datetime.fromtimestamp(NOON + 1000.0, UTC)
        assert KeptFor(7, sent) == look().kept.details

    def test_details_are_kept_no_longer_than_pictures(self, look):
        """The less of the two counts."""
        kept = look(keep_days=3).kept
        assert (3, 3) == (kept.pictures.days, kept.details.days)

    def test_why_visits_failed(self, look):
        assert ((WHY, 1),) == look().reasons

    def test_when_the_bucket_last_confirmed_something(self, look, outbox):
        """By the visit that was confirmed last; by the record, where none is kept."""
        assert datetime.fromtimestamp(NOON + 1000.0, UTC) == look().confirmed
        (outbox / "sent" / SESSIONS[0]).rename(outbox.parent / "purged")
        assert datetime.fromtimestamp(NOON - 30.0, UTC) == look().confirmed

    def test_what_became_of_todays_visits(self, look, clock):
        """Until six in the morning."""
        assert 9 == look().night[Counted.SENT]
        clock.advance(86_400.0)
        assert Night() == look().night

    def test_the_room_is_told_in_visits(self, look, outbox):
        """As large as the largest of those that wait; of the room that the booth leaves free none is told."""
        size = sum(path.stat().st_size for path in (outbox / "pending" / SESSIONS[3]).iterdir())
        assert (1_000_000_000, 500_000_000 // size) == (look().free_bytes, look().visits_left)
        assert 0 == look(min_free_mb=2000).visits_left

    def test_where_no_visit_waits_one_is_taken_to_be_large(self, tmp_path, look):
        """Nobody is promised room that there is not."""
        Spool(
            tmp_path / "empty", event="", booth="", key_template="{session}.gif", wall=lambda: NOON, min_free_mb=0,
            keep_days=30,
        ).close()  # fmt: skip
        found = gather(
            tmp_path / "empty", **NOTHING_KEPT, disk=Roomy(), clock=HandClock(), runtime=(), thermal=tmp_path / "none"
        )
        assert (1_000_000_000 // VISIT, None) == (found.visits_left, found.temperature_c)

    def test_an_outbox_that_is_not_there_is_told(self, tmp_path, look):
        """And how to mend it; nothing else is known then."""
        found = gather(tmp_path / "none", **NOTHING_KEPT, disk=Roomy(), clock=HandClock(), runtime=())
        why = f"there is no outbox in {tmp_path / 'none'}: no booth has used it yet, or correct the folder"
        assert (None, None, why) == (found.places, found.visits_left, found.unread)

    def test_the_temperature(self, look):
        assert 48.3 == look().temperature_c

    def test_nothing_is_written(self, look, outbox):
        """Whoever looks leaves no trace."""
        before = sorted((str(path), path.stat().st_mtime_ns) for path in outbox.rglob("*"))
        look()
        assert before == sorted((str(path), path.stat().st_mtime_ns) for path in outbox.rglob("*"))


PAGE = """\
booth        ready for guests
             Booth 1, event Party; version 0.3.0, up 1 h 2 min
today        12 begun, 11 posed (2026-11-22)
             9 sent
took         form       half within 9.1 s, 95 % within 19.5 s
outbox       2 to be sent, 1 sent, 1 open, 1 set aside in failed/
             1 failed: the bucket will not take it: too large
uploads      up
confirmed    2026-11-22 17:21:52, 0 s ago
kept         pictures 30 days after they were sent; the oldest were sent 2026-11-22 17:21:52, 0 s ago
             details  7 days after they were sent; none are there
disk         room for 499 more visits (1.0 GB free)
temperature  48 °C
troubles     17:04:12 camera lost (2 times): look at its cable"""


@pytest.fixture
def in_utc(monkeypatch):
    """Be at a place whose time is UTC."""
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class TestWords:
    def test_a_page(self, told, look, in_utc):
        """Everything, in short lines, each with its name once."""
        told()
        assert PAGE == words.page(look(), colours=False)

    def test_colours_change_no_word(self, told, look, in_utc):
        """What is bad is red."""
        told()
        page = words.page(look(), colours=True)
        assert PAGE == re.sub(r"\033\[[0-9]+m", "", page)
        assert 1 == page.count("\033[31m1 set aside in failed/\033[0m")

    @pytest.mark.parametrize(
        ("changes", "seconds", "line"),
        [
            ({"state": "OutOfOrder", "missing": ("camera", "gm")}, 0, "out of order: camera, gm missing"),
            ({"state": "FillingIn"}, 0, "a guest is typing"),
            ({}, 312, "hangs: nothing was heard of it for 5 min 12 s; systemctl restart booth"),
            ({"pid": 2**22 + 1}, 0, "does not run; what follows is what its disk knows"),
        ],
    )
    def test_the_first_line_is_how_it_is(self, told, look, clock, changes, seconds, line):
        """In the words of whoever asks."""
        told(**changes)
        clock.advance(seconds)
        assert f"booth        {line}" == words.page(look(), colours=False).splitlines()[0]

    @pytest.mark.parametrize(
        ("seconds", "said"), [(0, "0 s"), (59.9, "59 s"), (61, "1 min 1 s"), (3725, "1 h 2 min"), (90_000, "1 d 1 h")]
    )
    def test_a_span_of_time(self, seconds, said):
        assert said == words.span(seconds)


class TestForms:
    def test_json_says_all_of_it(self, told, look):
        """Names that a program can rely on: docs/operating.md tells what each is."""
        told()
        said = json.loads(forms.as_json(look()))
        assert ("running", "Attract", 9, 1) == (
            said["daemon"], said["state"], said["today"]["sent"], said["visits"]["failed"],
        )  # fmt: skip
        assert {"count": 4, "p50_s": 9.111, "p95_s": 19.531} == said["today"]["phases"]["form"]
        trouble = {"what": "camera lost", "why": "look at its cable", "at": "2026-11-22T17:04:12Z", "times": 2}
        assert [trouble] == said["troubles"]
        pictures = {"days": 30, "oldest": "2026-11-22T17:21:52Z"}
        assert {"pictures": pictures, "details": {"days": 7, "oldest": None}} == said["kept"]

    def test_each_name_is_told_on_the_page(self, told, look):
        """None is missing there, and none there is missing."""
        from lab import ROOT

        page = (ROOT / "docs" / "operating.md").read_text().partition("## How it is now")[2]
        table = page.partition("| Name |")[2].partition("\n\n")[0]
        assert set(json.loads(forms.as_json(look()))) == set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))

    def test_metrics_are_as_prometheus_reads_them(self, told, look):
        """Each with its help and type before it, each once, and a number behind it."""
        told(release='0.3.0"\\')
        lines = forms.as_metrics(look()).splitlines()
        comments = [line for line in lines if line.startswith("#")]
        samples = [line for line in lines if not line.startswith("#")]
        label = r'[a-z]+="(?:[^"\\\n]|\\.)*"'
        shape = re.compile(rf"booth_[a-z_]+(?:\{{{label}(?:,{label})*\}})? -?[0-9]+(?:\.[0-9]+)?")
        assert [] == [line for line in samples if not shape.fullmatch(line)]
        assert len(samples) == len(set(samples))
        named = [re.match(r"[a-z_]+", line)[0] for line in samples]
        assert list(dict.fromkeys(named)) == [line.split()[2] for line in comments[::2]]
        assert {"# HELP"} == {line[:6] for line in comments[::2]}
        assert {"# TYPE"} == {line[:6] for line in comments[1::2]}
        wanted = {
            "booth_up 1", "booth_ready 1", 'booth_visits_today{end="sent"} 9', "booth_visits_left 499",
            'booth_info{version="0.3.0\\"\\\\"} 1', "booth_confirmed_timestamp_seconds 1795368112",
            'booth_phase_seconds{phase="form",quantile="0.5"} 9.111', "booth_temperature_celsius 48.300",
        }  # fmt: skip
        assert set() == wanted - set(samples)

    def test_what_is_not_known_is_left_out(self, tmp_path):
        """A zero would be an alarm, or none."""
        found = gather(
            tmp_path / "none", **NOTHING_KEPT, disk=Roomy(), clock=HandClock(), runtime=(), thermal=tmp_path / "none"
        )
        names = {line.partition("{")[0].partition(" ")[0] for line in forms.as_metrics(found).splitlines()}
        assert {"#", "booth_up", "booth_ready", "booth_visits_today"} == names


@pytest.fixture
def status(outbox, tmp_path, capsys, monkeypatch):
    """Type the command, about that outbox; return its status and what it said."""
    monkeypatch.setenv("BOOTH_OUTBOX__DIR", "/nowhere")
    (tmp_path / "booth.toml").write_text("# nothing\n")
    monkeypatch.setenv("BOOTH_CONFIG", str(tmp_path / "booth.toml"))

    def run(*given):
        code = main(["status", "--outbox", str(outbox), *given])
        return code, capsys.readouterr().out

    return run


class TestTheCommand:
    def test_a_booth_that_does_not_run_is_3(self, status):
        """And the disk is told of all the same."""
        code, out = status()
        assert (3, "booth        does not run; what follows is what its disk knows") == (code, out.splitlines()[0])

    @pytest.mark.parametrize(("missing", "code"), [((), 0), (("camera",), 3)])
    def test_a_booth_that_runs_is_0_if_guests_can_use_it(self, told, status, monkeypatch, missing, code):
        """By this machine's own clock."""
        uptime = SystemClock().uptime()
        told(boot=uptime.boot, told_s=uptime.seconds, missing=missing)
        assert code == status("--json")[0]

    def test_metrics_are_put_where_they_are_collected(self, status, tmp_path):
        """Whole, for all to read, and nothing else beside them."""
        (tmp_path / "collected").mkdir()
        file = tmp_path / "collected" / "booth.prom"
        assert (3, "") == status("--prometheus", str(file))
        assert ["booth.prom"] == [path.name for path in file.parent.iterdir()]
        assert (0o644, "# HELP booth_up Whether the booth runs, and does not hang.") == (
            file.stat().st_mode & 0o777, file.read_text().splitlines()[0],
        )  # fmt: skip

    def test_where_they_cannot_be_put_is_told(self, status, tmp_path, capsys):
        """With what to do, and no traceback."""
        assert 1 == status("--prometheus", str(tmp_path / "none" / "booth.prom"))[0]

    @pytest.mark.parametrize("given", [["--prometheus", "booth.txt"], ["--prometheus", "a.prom", "--json"]])
    def test_what_makes_no_sense_is_2(self, status, given):
        with pytest.raises(SystemExit) as end:
            status(*given)
        assert 2 == end.value.code

    def test_it_looks_again_until_it_is_interrupted(self, status, monkeypatch):
        """An object a line, and 130 in the end."""
        looks = iter([None, None])

        def sleep(_seconds):
            if next(looks, "enough") == "enough":
                raise KeyboardInterrupt

        monkeypatch.setattr("time.sleep", sleep)
        code, out = status("--watch", "--json")
        assert (130, 3) == (code, len([json.loads(line) for line in out.splitlines()]))
