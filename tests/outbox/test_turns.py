"""The order in which entries are tried, against a model that goes through all of them each time."""

from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import SessionId
from booth.outbox.turns import Turns

SESSIONS = [SessionId(f"20261122-1705{number:02}-aaaaaaaaaa") for number in range(6)]

sessions = st.sampled_from(SESSIONS)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.frozensets(sessions)),
        st.tuples(st.just("first"), sessions),
        st.tuples(st.just("rest"), sessions),
        st.tuples(st.just("forget"), sessions),
        st.tuples(st.just("leave"), sessions),
        st.tuples(st.just("hold"), st.none() | sessions),
    ),
    max_size=40,
)


class Model:
    """The same, in the simplest words."""

    def __init__(self):
        self.there, self.tries, self.waiting, self.urgent, self.told = set(), {}, set(), [], set()

    def look(self, there):
        for session in self.there - there:
            self.forget(session)
        self.there = set(there)
        self.urgent = [session for session in self.urgent if session in there]

    def first(self, session):
        self.urgent.append(session)

    def rest(self, session):
        self.told.add(session)
        if session in self.urgent:
            self.urgent.remove(session)

    def forget(self, session):
        self.leave(session)
        self.tries.pop(session, None)
        self.told.discard(session)

    def leave(self, session):
        self.there.discard(session)
        self.waiting.discard(session)
        if session in self.urgent:
            self.urgent.remove(session)

    def hold(self, session):
        self.waiting = set(self.there)
        if session is not None:
            self.tries[session] = self.tries.get(session, 0) + 1
            if session in self.urgent:
                self.urgent.remove(session)

    def turn(self, due):
        ready = self.there if due else self.there - self.waiting
        for session in reversed(self.urgent):
            if session in ready:
                return session
        return min(ready, key=lambda each: (self.tries.get(each, 0), each in self.told, each), default=None)


@given(acts)
def test_it_is_the_turn_of_whoever_failed_least_often_then_of_animations_then_of_whoever_waits_longest(done):
    """Whatever happens in whatever order: whose turn it is, due or not, and how many wait."""
    turns, model = Turns(), Model()
    for act, about in done:
        getattr(turns, act)(about)
        getattr(model, act)(about)
        assert model.turn(True) == turns.turn(due=True)
        assert model.turn(False) == turns.turn(due=False)
        assert (len(model.there), {s for s in SESSIONS if s in turns}) == (len(turns), model.there)


def test_what_failed_in_an_earlier_run_comes_last():
    """How often an entry has failed is asked when it is first seen."""
    turns = Turns()
    turns.look(SESSIONS[:3], {SESSIONS[0]: 7, SESSIONS[1]: 0, SESSIONS[2]: 1}.__getitem__)
    order = []
    while (session := turns.turn(due=True)) is not None:
        order.append(session)
        turns.forget(session)
    assert [SESSIONS[1], SESSIONS[2], SESSIONS[0]] == order
