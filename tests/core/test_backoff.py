import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.backoff import FIRST, LONGEST, backoff

attempts = st.integers(min_value=1, max_value=10**9)
chances = st.floats(min_value=0.0, max_value=1.0)


@given(attempts, chances)
def test_a_wait_is_never_nothing_and_never_longer_than_the_roof(attempt, chance):
    """However often it failed, the wait is between half of the first one and the roof."""
    assert FIRST / 2 <= backoff(attempt, chance) <= LONGEST


@given(attempts, chances)
def test_waits_do_not_shrink(attempt, chance):
    """With the same luck, one more failure never means a shorter wait."""
    assert backoff(attempt, chance) <= backoff(attempt + 1, chance)


@given(attempts)
def test_half_of_a_wait_is_chance(attempt):
    """The luckiest waits half as long as the unluckiest, so that booths do not come back together."""
    assert backoff(attempt, 1.0) == 2 * backoff(attempt, 0.0)


def test_the_first_waits_double():
    """The waits that an unlucky booth goes through."""
    assert [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] == [backoff(attempt, 1.0) for attempt in range(1, 11)]


@pytest.mark.parametrize(("attempt", "chance"), [(0, 0.5), (-1, 0.5), (1, -0.1), (1, 1.1)])
def test_nonsense_is_refused(attempt, chance):
    """Attempts are counted from 1, and chance is 0..1."""
    with pytest.raises(ValueError, match=r"attempts|chance"):
        backoff(attempt, chance)
