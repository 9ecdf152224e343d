import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.pin import FREE, LONGEST_WAIT, Tries, fault

UP = st.floats(0.0, 1e6)


@pytest.mark.parametrize("pin", ["271828", "000001", "112233", "314159265358"])
def test_digits_that_nobody_tries_first_will_do(pin):
    """Six to twelve of them."""
    assert "" == fault(pin)


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("", "a PIN is of digits alone"),
        ("27182x", "a PIN is of digits alone"),
        ("٢٧١٨٢٨", "a PIN is of digits alone"),
        ("27182", "a PIN has 6 to 12 digits, not 5"),
        ("2718281828459", "a PIN has 6 to 12 digits, not 13"),
        ("000000", "it is one of the first that anybody would try: take another"),
        ("123456", "it is one of the first that anybody would try: take another"),
        ("876543", "it is one of the first that anybody would try: take another"),
        ("890123", "it is one of the first that anybody would try: take another"),
    ],
)
def test_what_will_not_do_is_told_why(pin, said):
    """In a sentence that does not repeat it."""
    assert said == fault(pin)


@pytest.mark.parametrize(("wrong", "wait"), [(0, 0), (4, 0), (5, 300), (6, 600), (8, 2400), (9, 3600), (10_000, 3600)])
def test_each_wrong_try_after_the_fifth_doubles_the_wait(wrong, wait):
    """Up to an hour."""
    assert wait == Tries(wrong, "boot", 50.0).wait("boot", 50.0)


def test_a_wait_ends_with_its_time():
    """A hundred seconds later, a hundred fewer."""
    assert [200, 1, 0] == [Tries(5, "boot", 50.0).wait("boot", 50.0 + passed) for passed in (100, 299, 300)]


def test_time_without_power_does_not_count():
    """After a restart of the machine the wait is counted from there, for nobody knows how long it was off."""
    assert [300, 100, 0] == [Tries(5, "boot", 5000.0).wait("the next", up) for up in (0, 200, 300)]


@given(wrong=st.integers(FREE, 50), at=UP, up=UP, boot=st.sampled_from(["", "boot", "other"]))
def test_no_restart_ever_shortens_a_wait(wrong, at, up, boot):
    """Whatever the machine says of its start, no more time has passed than since then."""
    left = Tries(wrong, "boot", at).wait(boot, up)
    whole = Tries(wrong, "boot", at).wait("boot", at)
    assert whole - up <= left <= whole <= LONGEST_WAIT


@given(st.lists(UP, max_size=20))
def test_every_try_is_one_more(moments):
    """And the last is remembered."""
    tries = Tries()
    for up in moments:
        tries = tries.one_more("boot", up)
    assert (len(moments), moments[-1] if moments else 0.0) == (tries.wrong, tries.at)
