import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import SessionId
from booth.outbox.ids import SessionIds, stamp

NOON = datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC).timestamp()


def test_an_id_is_the_time_and_chance():
    """The shape that folders, keys and logs are named by."""
    ids = SessionIds(lambda: NOON + 0.9, chance=lambda: "k3v7q2m7xw")
    assert ids() == "20261122-170512-k3v7q2m7xw"


@given(st.lists(st.floats(min_value=0, max_value=4e9), min_size=2, max_size=40))
def test_ids_sort_in_the_order_they_were_given(times):
    """However the wall clock jumps, no id sorts before an earlier one, and none is given twice."""
    clock = iter(times)
    ids = SessionIds(lambda: next(clock))
    given_ids = [ids() for _ in times]
    assert sorted(set(given_ids)) == given_ids


def test_bad_luck_within_a_second_does_not_change_the_order():
    """Two presses in one second: the second id sorts after the first, although chance would have it before."""
    chances = iter(["z" * 10, "2" * 10, "2" * 10])
    ids = SessionIds(lambda: NOON, chance=lambda: next(chances))
    assert ["20261122-170512-zzzzzzzzzz", "20261122-170513-2222222222"] == [ids(), ids()]


def test_the_same_luck_twice_is_not_the_same_id():
    """However unlikely it is."""
    ids = SessionIds(lambda: NOON, chance=lambda: "k3v7q2m7xw")
    assert ["20261122-170512-k3v7q2m7xw", "20261122-170513-k3v7q2m7xw"] == [ids(), ids()]


def test_ids_go_on_after_the_newest_on_the_disk():
    """After a restart with a clock that is years behind, ids still sort after those that were given before."""
    last = SessionId("20261122-170512-zzzzzzzzzz")
    fresh = SessionIds(lambda: 0.0, after=last)()
    assert fresh > last
    assert fresh.startswith("20261122-1705")


def test_ids_from_many_threads_are_all_different():
    """Button and screen may both ask for an id in the same instant."""
    ids = SessionIds(lambda: NOON)
    got = []
    threads = [threading.Thread(target=lambda: got.extend(ids() for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 400


def test_an_id_that_is_none_is_not_gone_on_from():
    """A foreign name is a bug in the caller, not a place to count from."""
    with pytest.raises(ValueError, match="not a session id"):
        SessionIds(lambda: NOON, after=SessionId("holiday"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "lost+found",
        "20261122-170512",
        "20261122-170512-k3v7q2m7x",
        "20261122-170512-k3v-q2m7xw",
        "20261122-170512-K3V7Q2M7XW",
        "20261322-170512-k3v7q2m7xw",
        "20261122-170512-k3v7q2m7xw.gone",
        "20261122-170512-k3v7q2m7xw\n",
        "\u0662\u0660\u0662\u06661122-170512-k3v7q2m7xw",
    ],
)
def test_names_that_are_no_ids_are_told_apart(name):
    """What we did not make is not ours."""
    assert stamp(name) is None


def test_the_time_can_be_read_back():
    """An id alone says when the visit was."""
    assert datetime(2026, 11, 22, 17, 5, 12, tzinfo=UTC) == stamp("20261122-170512-k3v7q2m7xw")


@pytest.fixture
def paris(monkeypatch):
    """Have this process be in Paris."""
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("paris")
def test_an_id_is_by_the_time_of_the_place():
    """Half past eleven in the evening, UTC, is the next day there."""
    ids = SessionIds(lambda: datetime(2026, 11, 28, 23, 30, tzinfo=UTC).timestamp())
    assert ids().startswith("20261129-003000-")


@pytest.mark.usefixtures("paris")
def test_the_hour_that_comes_twice_is_named_in_order():
    """From one in the morning, UTC, on the last Sunday of October it is two o'clock there again."""
    began = datetime(2026, 10, 25, 0, 0, tzinfo=UTC).timestamp()
    clock = iter(range(0, 3 * 3600, 300))
    ids = SessionIds(lambda: began + next(clock))
    names = [ids() for _ in range(36)]
    assert sorted(set(names)) == names
    assert ("20261025-020000", "20261025-025500", "20261025-035500") == (names[0][:15], names[11][:15], names[-1][:15])
    assert {"20261025-0255"} == {name[:13] for name in names[11:24]}
