"""What the daemon tells of itself: whole or not at all, of its own outbox, and nothing that could not be told."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.bulletin import FILE, VERSION, Bulletin, Parts, Teller, find
from booth.core.events import Notice, Part, Reach
from booth.core.states import Booth, OutOfOrder
from booth.disk import RealDisk
from booth.outbox.news import Status
from booth.troubles import Trouble
from booth.units import Instant
from lab.clock import HandClock

OUTBOX = Path("/data/outbox")
ABOUT = {"release": "0.3.0", "outbox": OUTBOX, "event": "Party", "booth": "Booth 1"}
TOLD = Bulletin(
    "0.3.0", 4711, "a boot", 100.0, 0.1, 1_795_367_112.0, 60.0, "/data/outbox", "Party", "Booth 1", "OutOfOrder",
    ("camera",), ("disk-low",), "offline", "offline, 3 GIFs not sent yet", (Trouble("camera lost", "why", 5.0, 2),),
    Parts("picamera2", "right", "KMSDRM 800x480", 4, 9, 10.0, 3.5),
)  # fmt: skip


class ReadOnly(RealDisk):
    """A disk that takes nothing."""

    def write(self, file, content):
        raise OSError(30, "Read-only file system")


@pytest.fixture
def make_teller(tmp_path):
    """Make a teller of a booth that has no camera, by a clock that is moved by hand."""

    def make(clock, disk=None):
        return Teller(
            tmp_path / FILE, disk or RealDisk(), clock, **ABOUT,
            now=lambda: Booth(OutOfOrder(), frozenset({Part.CAMERA}), Reach.OFFLINE, frozenset({Notice.DISK_LOW})),
            uploads=lambda: (Status(reach=Reach.OFFLINE), "offline, 3 GIFs not sent yet"),
            troubles=lambda: TOLD.troubles,
            parts=lambda: TOLD.parts,
        )  # fmt: skip

    return make


def test_all_of_it_is_told(make_teller, tmp_path):
    """As it is when it is written: how long the booth has run, and when the loop had come round."""
    clock = HandClock(now=Instant(40.0), wall=1_795_367_112.0, boot="a boot")
    teller = make_teller(clock)
    clock.advance(57.5)
    teller.looped(Booth(OutOfOrder()), clock.now())
    clock.advance(2.5)
    teller.tell()
    bulletin = find(RealDisk(), [tmp_path], OUTBOX)
    assert dataclasses.replace(TOLD, pid=bulletin.pid, loop_age_s=2.5) == bulletin
    assert [FILE] == [path.name for path in tmp_path.iterdir()]


def test_whoever_may_log_in_may_read_it(make_teller, tmp_path):
    """Nobody's name is in it; and the folder says who comes that far."""
    make_teller(HandClock()).tell()
    assert 0o644 == (tmp_path / FILE).stat().st_mode & 0o777


def test_a_booth_that_ends_takes_it_away(make_teller, tmp_path):
    """Also twice."""
    teller = make_teller(HandClock())
    teller.tell()
    teller.end()
    teller.end()
    assert [] == list(tmp_path.iterdir())


def test_a_disk_that_refuses_is_told_of_once(make_teller):
    """And harms nothing."""
    teller = make_teller(HandClock(), ReadOnly())
    with capture_logs() as logs:
        teller.tell()
        teller.tell()
    assert [("bulletin.not_written", "Read-only file system")] == [(entry["event"], entry["why"]) for entry in logs]


def test_what_is_written_is_read_back():
    """Every value of it."""
    assert TOLD == Bulletin.read(TOLD.written())


def test_what_a_booth_told_before_there_were_parts_is_read():
    """Just after an update the old one still runs."""
    told = json.loads(TOLD.written())
    del told["parts"]
    assert dataclasses.replace(TOLD, parts=Parts()) == Bulletin.read(json.dumps(told).encode())


def test_only_the_booth_of_that_outbox_is_found(tmp_path):
    """Of several the newest; what cannot be read is none."""
    places = [tmp_path / name for name in ("one", "two", "three", "four", "five")]
    there = [
        TOLD.written(),
        dataclasses.replace(TOLD, told_s=200.0).written(),
        dataclasses.replace(TOLD, told_s=300.0, outbox="/elsewhere").written(),
        b"not one",
    ]
    for place, content in zip(places, there, strict=False):
        place.mkdir()
        (place / FILE).write_bytes(content)
    assert 200.0 == find(RealDisk(), places, OUTBOX).told_s
    assert None is find(RealDisk(), places[2:], OUTBOX)


VALUES = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False) | st.text(max_size=3)


@settings(max_examples=60)
@given(
    name=st.sampled_from([*(field.name for field in dataclasses.fields(Bulletin)), "version", "more"]),
    value=VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.text(max_size=3), VALUES, max_size=2),
)
def test_whatever_a_file_holds_it_is_a_bulletin_or_none(name, value):
    """Reading it gives what could have been written, or ValueError."""
    try:
        bulletin = Bulletin.read(json.dumps({**json.loads(TOLD.written()), name: value}).encode())
    except ValueError:
        return
    assert bulletin == Bulletin.read(bulletin.written())


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": VERSION + 1}, {"more": 1}, {"pid": "4711"}, {"pid": True}, {"told_s": None}, {"missing": "camera"},
        {"notices": [1]}, {"troubles": [{"what": "x"}]}, {"troubles": {}}, {"event": 7},
        {"troubles": [{"what": "x", "why": "", "at": "noon", "times": 1}]}, {"parts": []}, {"parts": {"presses": "4"}},
        {"parts": {"nose": 1}}, {"parts": None},
    ],
)  # fmt: skip
def test_what_no_booth_says_is_no_bulletin(wrong):
    """Each of them by itself."""
    with pytest.raises(ValueError, match=r"^it"):
        Bulletin.read(json.dumps({**json.loads(TOLD.written()), **wrong}).encode())
