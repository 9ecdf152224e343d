"""What went wrong last outlasts the booth: it is read before it is written over, and seldom written."""

import errno
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.disk import RealDisk
from booth.outbox.lately import FILE, RARELY, Lately, read, written
from booth.outbox.nights import NIGHTS
from booth.troubles import MOST, Trouble, Troubles
from lab.clock import HandClock

CAMERA = {"part": "camera", "why": "no frame within 10 s; look at its cable"}
LOST = Trouble("camera lost", CAMERA["why"], 5.0)
UPLOADS = Trouble("uploads", "https://s3.example.com does not answer; look at the network", 7.0, 3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | st.just("uploads"),
    lambda inner: (
        st.lists(inner, max_size=MOST + 1)
        | st.dictionaries(st.sampled_from(["version", "troubles", "what", "why", "at", "times"]), inner)
    ),
    max_leaves=12,
)


class Counting(RealDisk):
    """A disk that counts what is written, and refuses while it is told to."""

    writes = 0
    refuses = False

    def write(self, file, content):
        if self.refuses:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.writes += 1
        super().write(file, content)


@pytest.fixture
def disk():
    return Counting()


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def booth(tmp_path, disk, clock):
    """Start booths, one after the other: what each remembers, and what keeps that on disk."""

    def start():
        troubles = Troubles()
        return troubles, Lately(tmp_path, disk, troubles, clock.now)

    return start


def test_what_went_wrong_outlasts_the_booth(booth, tmp_path, disk):
    """The next one tells of it, before what goes wrong with itself."""
    troubles, lately = booth()
    troubles.note("part.lost", CAMERA, 5.0)
    lately.keep()
    again, lately = booth()
    again.note("notice.began", {"notice": "hot"}, 9.0)
    lately.keep()
    both = (LOST, Trouble("hot noticed", "", 9.0))
    assert (both, both) == (again.last(), read(disk, tmp_path))


def test_what_comes_again_after_a_restart_is_told_once(booth):
    """With how often it came altogether, and when it last did."""
    troubles, lately = booth()
    troubles.note("part.lost", CAMERA, 4.0)
    troubles.note("part.lost", CAMERA, 5.0)
    lately.keep()
    again, lately = booth()
    again.note("part.lost", CAMERA, 9.0)
    lately.keep()
    assert (Trouble("camera lost", CAMERA["why"], 9.0, 3),) == again.last()


def test_the_newest_are_remembered(booth):
    """Of those before and those since: a handful."""
    troubles, lately = booth()
    for number in range(MOST):
        troubles.note("part.lost", {"why": f"before {number}"}, float(number))
    lately.keep()
    again, lately = booth()
    again.note("part.lost", {"why": "since"}, 9.0)
    lately.keep()
    assert [*(f"before {number}" for number in range(1, MOST)), "since"] == [one.why for one in again.last()]


def test_nothing_is_written_while_nothing_goes_wrong(booth, tmp_path):
    """A booth that nobody has to look after leaves nothing."""
    _, lately = booth()
    lately.keep()
    lately.end()
    assert [] == list(tmp_path.iterdir())


def test_what_only_came_again_is_written_once_a_minute(booth, disk, clock):
    """A card is not worn by a network that is away all night; another trouble is written at once."""
    troubles, lately = booth()
    for _ in range(20):
        troubles.note("part.lost", CAMERA, 5.0)
        lately.keep()
    once = disk.writes
    clock.advance(RARELY)
    lately.keep()
    twice = disk.writes
    troubles.note("uploader.trouble", {"why": "away"}, 6.0)
    lately.keep()
    assert (1, 2, 3) == (once, twice, disk.writes)


def test_at_the_end_all_of_it_is_written(booth, disk, tmp_path):
    """Also how often the last one came."""
    troubles, lately = booth()
    for _ in range(2):
        troubles.note("part.lost", CAMERA, 5.0)
        lately.keep()
    lately.end()
    assert [2] == [one.times for one in read(disk, tmp_path)]


def test_a_disk_that_refuses_is_told_of_once_and_asked_again(booth, disk, tmp_path):
    """The booth goes on, and what was refused is written when there is room."""
    troubles, lately = booth()
    troubles.note("part.lost", CAMERA, 5.0)
    disk.refuses = True
    with capture_logs() as logs:
        lately.keep()
        lately.keep()
    disk.refuses = False
    lately.keep()
    assert ([("troubles.not_kept", "No space left on device")], (LOST,)) == (
        [(entry["event"], entry["why"]) for entry in logs], read(disk, tmp_path),
    )  # fmt: skip


def test_it_is_for_its_owner_alone(booth, tmp_path):
    """The folder and the file."""
    troubles, lately = booth()
    troubles.note("part.lost", CAMERA, 5.0)
    lately.keep()
    assert [0o700, 0o600] == [path.stat().st_mode & 0o777 for path in (tmp_path / NIGHTS, tmp_path / NIGHTS / FILE)]


def test_what_is_written_is_read_back(tmp_path):
    (tmp_path / NIGHTS).mkdir()
    (tmp_path / NIGHTS / FILE).write_bytes(written((LOST, UPLOADS)))
    assert (LOST, UPLOADS) == read(RealDisk(), tmp_path)


@settings(max_examples=60)
@given(content=JSON.map(lambda said: json.dumps(said).encode()) | st.binary(max_size=40))
def test_whatever_a_file_holds_it_is_troubles_or_none(tmp_path_factory, content):
    """Reading it gives what could have been written."""
    outbox = tmp_path_factory.mktemp("outbox")
    (outbox / NIGHTS).mkdir()
    (outbox / NIGHTS / FILE).write_bytes(content)
    found = read(RealDisk(), outbox)
    (outbox / NIGHTS / FILE).write_bytes(written(found))
    assert found == read(RealDisk(), outbox)


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": 7}, {"why": None}, {"what": "x" * 301}, {"at": "noon"}, {"at": True}, {"at": float("inf")},
        {"times": 0}, {"times": True}, {"times": 1.5},
    ],
)  # fmt: skip
def test_what_could_not_have_been_written_says_nothing(tmp_path, wrong):
    """Each of them by itself."""
    (tmp_path / NIGHTS).mkdir()
    good = {"what": "uploads", "why": "", "at": 1, "times": 1}
    told = []
    for one in (good, good | wrong):
        (tmp_path / NIGHTS / FILE).write_text(json.dumps({"version": 1, "troubles": [one]}))
        told.append(read(RealDisk(), tmp_path))
    assert [(Trouble("uploads", "", 1.0),), ()] == told


@pytest.mark.parametrize("said", [{"version": 2}, {"troubles": {}}, {"troubles": [{}] * (MOST + 1)}])
def test_what_is_of_another_kind_says_nothing(tmp_path, said):
    (tmp_path / NIGHTS).mkdir()
    (tmp_path / NIGHTS / FILE).write_text(json.dumps({"version": 1, "troubles": []} | said))
    assert () == read(RealDisk(), tmp_path)
