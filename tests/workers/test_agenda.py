"""Who works at a visit, and when it is tried again: the same from any thread."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import SessionId
from booth.workers.agenda import TRY_AGAIN, TRY_AGAIN_AT_MOST, Agenda
from lab.clock import HandClock
from tests.waiting import PATIENCE

ONE, TWO, THREE = (SessionId(f"20261122-170512-{letter * 10}") for letter in "abc")


@pytest.fixture
def clock():
    """Return a clock that stands still."""
    return HandClock()


@pytest.fixture
def agenda(clock):
    """Return an agenda with nothing on it."""
    return Agenda(clock.now)


def test_a_visit_is_taken_once(agenda):
    """What is in one pair of hands is offered to no other, until it is let go."""
    taken = [agenda.take_unfinished([ONE]), agenda.take_unfinished([ONE])]
    agenda.let_go(ONE)
    assert [ONE, None, ONE] == [*taken, agenda.take_unfinished([ONE])]


def test_it_is_idle_while_nobody_works(agenda):
    """A guest's own visit comes first: whoever looks for old ones asks this."""
    before = agenda.idle
    agenda.take(ONE)
    during = agenda.idle
    agenda.let_go(ONE)
    assert (True, False, True) == (before, during, agenda.idle)


def test_the_oldest_that_is_due_comes_first(agenda):
    """In the order of the disk; what was put off, and what is worked at, is passed by."""
    agenda.take(ONE)
    agenda.put_off(TWO)
    assert THREE == agenda.take_unfinished([ONE, TWO, THREE])


def test_what_a_guest_wants_deleted_is_never_finished(agenda):
    """It is offered to whoever deletes, and to nobody else; once it is gone, to nobody."""
    agenda.unwanted(ONE)
    finished, first = agenda.take_unfinished([ONE]), agenda.take_unwanted()
    agenda.let_go(ONE)
    agenda.deleted(ONE)
    assert (None, ONE, None) == (finished, first, agenda.take_unwanted())


def test_each_try_is_further_off_than_the_last(agenda, clock):
    """The wait doubles up to its most; at its end, to the instant, the visit is due."""
    waits = []
    for tries in range(8):
        agenda.put_off(ONE)
        wait = min(TRY_AGAIN * 2**tries, TRY_AGAIN_AT_MOST)
        clock.advance(wait - 0.5)
        early = agenda.take_unfinished([ONE])
        clock.advance(0.5)
        waits.append((early, agenda.take_unfinished([ONE])))
        agenda.let_go(ONE)
    assert 8 * [(None, ONE)] == waits


def test_tries_of_a_visit_that_is_gone_are_forgotten(agenda):
    """A visit that is neither on the disk nor to be deleted is remembered by nothing."""
    agenda.put_off(ONE)
    agenda.take_unfinished([])
    assert ONE == agenda.take_unfinished([ONE])


def test_tries_of_a_visit_that_is_to_be_deleted_are_remembered(agenda):
    """Also while the disk does not show it."""
    agenda.unwanted(ONE)
    agenda.put_off(ONE)
    agenda.take_unfinished([])
    assert None is agenda.take_unwanted()


@given(st.lists(st.sampled_from([ONE, TWO, THREE]), max_size=12), st.integers(1, 4))
def test_threads_that_ask_at_the_same_time_share_and_lose_nothing(sessions, many):
    """Each visit is in one pair of hands, whoever asks."""
    agenda, taken, start = Agenda(HandClock().now), [], threading.Barrier(many)

    def ask():
        start.wait(PATIENCE)
        while (session := agenda.take_unfinished(sessions)) is not None:
            taken.append(session)

    threads = [threading.Thread(target=ask) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(set(sessions)) == sorted(taken)
