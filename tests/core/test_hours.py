from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.hours import MORNING, Schedule, moment
from booth.core.operating import ALWAYS, Hours, Opening

EVENING, NIGHT = time(18), time(2)


def at(text):
    return datetime.fromisoformat(text)


def before(when):
    return Hours(Opening.BEFORE, when)


AFTER = Hours(Opening.AFTER)


@pytest.mark.parametrize(
    ("opens", "closes", "now", "hours"),
    [
        (None, None, "2026-11-22 03:00", ALWAYS),
        (EVENING, NIGHT, "2026-11-22 17:59", before("18:00")),
        (EVENING, NIGHT, "2026-11-22 18:00", ALWAYS),
        (EVENING, NIGHT, "2026-11-23 01:59", ALWAYS),
        (EVENING, NIGHT, "2026-11-23 02:00", before("18:00")),
        (time(10), EVENING, "2026-11-22 19:00", before("10:00")),
        (EVENING, None, "2026-11-23 05:59", ALWAYS),
        (EVENING, None, "2026-11-23 06:00", before("18:00")),
        (None, NIGHT, "2026-11-22 02:00", before("06:00")),
        (None, NIGHT, "2026-11-22 06:00", ALWAYS),
        (EVENING, EVENING, "2026-11-22 03:00", ALWAYS),
        (at("2026-11-22 18:00"), None, "2026-11-22 17:00", before("18:00")),
        (at("2026-11-24 18:00"), None, "2026-11-22 17:00", before("2026-11-24 18:00")),
        (at("2026-11-22 18:00"), None, "2026-11-22 18:00", ALWAYS),
        (None, at("2026-11-23 02:00"), "2026-11-23 01:59", ALWAYS),
        (None, at("2026-11-23 02:00"), "2026-11-23 02:00", AFTER),
        (EVENING, at("2026-11-24 02:00"), "2026-11-22 12:00", before("18:00")),
        (EVENING, at("2026-11-24 02:00"), "2026-11-24 02:00", AFTER),
        (at("2026-11-22 18:00"), NIGHT, "2026-11-23 03:00", before("06:00")),
    ],
)
def test_whether_it_is_open(opens, closes, now, hours):
    """Each day or once, over midnight or not; before it opens it says when."""
    assert hours == Schedule(opens, closes).at(at(now))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18:00", time(18)),
        ("00:00", time(0)),
        ("2026-11-22 18:00", datetime(2026, 11, 22, 18)),  # noqa: DTZ001  the clock of the place
        ("2026-11-22T18:00", datetime(2026, 11, 22, 18)),  # noqa: DTZ001  the same
    ],
)
def test_what_a_border_may_be(text, said):
    """A time of day, or one day's."""
    assert said == moment(text)


@pytest.mark.parametrize(
    "text", ["", "18", "24:00", "6:00", "18:60", "now", "2026-13-01 18:00", "2026-11-22", "18:00 "]
)
def test_what_it_may_not_be(text):
    """Each is refused."""
    with pytest.raises(ValueError, match=r"."):
        moment(text)


BORDER = st.one_of(st.none(), st.times(), st.datetimes(at("2026-11-01 00:00"), at("2026-12-31 00:00")))
MOMENT = st.datetimes(at("2026-11-01 00:00"), at("2026-12-31 00:00"))


@given(opens=BORDER, closes=BORDER, now=MOMENT)
def test_whoever_is_told_to_come_back_is_told_a_time(opens, closes, now):
    """And nobody who is served is."""
    hours = Schedule(opens, closes).at(now)
    assert (hours.opening is Opening.BEFORE) == bool(hours.at)


@given(opens=st.times(), closes=st.times(), now=MOMENT)
def test_every_day_has_an_hour_at_which_it_is_open(opens, closes, now):
    """No two borders close a booth for good."""
    schedule = Schedule(opens, closes)
    assert ALWAYS == schedule.at(datetime.combine(now.date(), opens))


def test_an_evening_ends_in_the_morning():
    """At six, as the record of the night has it."""
    assert time(6) == MORNING
