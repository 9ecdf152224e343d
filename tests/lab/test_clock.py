"""The clock that is moved by hand, and the one that is not."""

import pytest

from booth.drivers.clock import SystemClock
from booth.units import Instant
from lab.clock import HandClock


def test_a_hand_moved_clock_stands_still():
    """Both its times move by what it is moved, and not else."""
    clock = HandClock(now=Instant(5.0), wall=1000.0)
    assert (5.0, 1000.0) == (clock.now(), clock.wall())
    assert 7.5 == clock.advance(2.5)
    assert (7.5, 1002.5) == (clock.now(), clock.wall())


def test_a_hand_moved_clock_does_not_go_back():
    """Monotonic time has one direction."""
    with pytest.raises(ValueError, match="forward"):
        HandClock().advance(-1)


def test_the_machines_clock_moves_on():
    """Instants never go back, and the wall clock is in this century."""
    clock = SystemClock()
    before, after = clock.now(), clock.now()
    assert before <= after
    assert clock.wall() > 1_500_000_000
