"""What is kept, by its weight."""

from hypothesis import given
from hypothesis import strategies as st

from booth.ui.keeping import Kept

MOST = 100
ASKED = st.lists(st.tuples(st.sampled_from(["lend", "forget", "clear", "get"]), st.integers(1, 60)), max_size=60)


def kept():
    """Return a place for 100 bytes in which a number weighs what it says."""
    return Kept(MOST, lambda number: number)


def held(place):
    """Return all that is kept."""
    return [*place._lasting.values(), *(place._lent or {}).values()]


@given(asked=ASKED)
def test_no_order_of_questions_makes_it_heavier(asked):
    """Whatever is asked for, lent and forgotten in between: the weight is that of what is there, and never too much."""
    place = kept()
    for what, number in asked:
        if what == "get":
            assert number == place.get(number, lambda number=number: number)
        else:
            getattr(place, what)()
        assert sum(held(place)) == place.weight
        assert sum(place._lasting.values()) <= MOST
        assert sum((place._lent or {}).values()) <= MOST // 4


def test_what_was_asked_for_lately_stays():
    """The one that was not asked for the longest goes first."""
    place = kept()
    for number in (40, 50, 40, 30):
        place.get(number, lambda number=number: number)
    assert [40, 30] == held(place)


def test_what_is_too_heavy_for_all_is_made_each_time():
    """A thing that is heavier than all that may be kept pushes nothing out."""
    place = kept()
    for number in (40, 101, 50):
        place.get(number, lambda number=number: number)
    assert [40, 50] == held(place)


def test_what_is_lent_pushes_nothing_out_and_goes():
    """What a guest brings is apart: the booth's own stays, the guest's is gone when it is over, and can come again."""
    place = kept()
    place.get(90, lambda: 90)
    place.lend()
    for number in (20, 21, 22, 90):
        place.get(number, lambda number=number: number)
    assert [90, 22] == held(place)
    place.forget()
    assert ([90], 90) == (held(place), place.weight)
    place.get(5, lambda: 5)
    assert [90, 5] == held(place)
