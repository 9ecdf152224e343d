"""The record of a night: the funnel of visits, and how long their phases took."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.events import (
    AnimationReady,
    Committed,
    Confirmed,
    DeleteChosen,
    Delivered,
    FrameTaken,
    NextField,
    Part,
    PartLost,
    RetakeChosen,
    Returned,
    SendChosen,
    ShutterFailed,
    SkipChosen,
    Tick,
)
from booth.core.form import Complaint, Field
from booth.core.night import ENDS, FOLLOWED, Counted, Following, Night, Phase, Spans, Took, marked
from booth.core.states import Apology, FillingIn, OutOfOrder, session_of
from booth.core.visit import OwnQuestion, SessionId
from booth.units import Seconds
from tests.core.test_storms import RULES, WEATHER

_NAME = (Field.NAME, "Zoë")
_ADDRESS = (Field.EMAIL, "zoe@example.org")


class Walked:
    """A walk, and what is counted of it."""

    def __init__(self, way):
        self.way = way
        self.going, self.night, self.marks = Following(), Night(), []
        goes_on = way.happen

        def happen(kind, **facts):
            before, event = way.booth, kind(now=way.now, **facts)
            effects = goes_on(kind, **facts)
            self.step(before, event, way.booth)
            return effects

        way.happen = happen

    def step(self, before, event, after):
        self.going, marks = marked(self.going, before, event, after)
        self.night = self.night.having(marks)
        self.marks += marks

    @property
    def counts(self):
        return [mark for mark in self.marks if isinstance(mark, Counted)]

    @property
    def took(self):
        return [(mark.phase, round(mark.seconds, 6)) for mark in self.marks if isinstance(mark, Took)]


@pytest.fixture
def counted(walk):
    """Count what happens on a walk from Attract."""
    return Walked(walk)


class TestTheFunnel:
    """Each visit is in it once at its beginning, once when its guest has posed, and once at its end."""

    def test_a_guest_who_touches_send(self, counted, walk):
        walk.to_form()
        walk.type_in(*_NAME).type_in(*_ADDRESS)
        walk.happen(SendChosen)
        assert [Counted.BEGUN, Counted.POSED, Counted.SENT] == counted.counts

    def test_a_guest_who_presses_return(self, counted, walk):
        walk.to_form()
        walk.type_in(*_NAME).type_in(*_ADDRESS)
        walk.happen(Returned)
        assert [Counted.BEGUN, Counted.POSED, Counted.SENT] == counted.counts

    @pytest.mark.parametrize("event", [SendChosen, SkipChosen, NextField])
    def test_a_guest_who_goes_on_from_the_last_question(self, counted, walk, event):
        """The details were sent before, whatever becomes of the answer."""
        walk.rules = replace(walk.rules, questions=(OwnQuestion("who"),))
        walk.to_form()
        walk.type_in(*_NAME).type_in(*_ADDRESS)
        walk.happen(SendChosen)
        walk.happen(event)
        assert [Counted.BEGUN, Counted.POSED, Counted.SENT] == counted.counts

    def test_a_send_that_is_refused_is_none(self, counted, walk):
        """With half an address the form complains, and the guest is still there."""
        walk.rules = replace(walk.rules, judge=lambda _: Complaint.EMAIL_NO_AT)
        walk.to_form().type_in(Field.EMAIL, "zoe")
        walk.happen(SendChosen)
        assert [Counted.BEGUN, Counted.POSED] == counted.counts

    def test_a_guest_who_skips(self, counted, walk):
        walk.to_form()
        walk.happen(SkipChosen)
        assert [Counted.BEGUN, Counted.POSED, Counted.SKIPPED] == counted.counts

    def test_a_guest_who_skips_by_the_button_and_says_yes(self, counted, walk):
        """Over what was typed, the button asks back first."""
        walk.to_form()
        walk.type_in(*_NAME)
        walk.now += walk.rules.form_held
        walk.press()
        walk.happen(Confirmed, fresh=SessionId("unused"))
        assert [Counted.BEGUN, Counted.POSED, Counted.SKIPPED] == counted.counts

    def test_a_guest_who_walks_away(self, counted, walk):
        walk.to_form()
        walk.sit_out()
        assert [Counted.BEGUN, Counted.POSED, Counted.WALKED_AWAY] == counted.counts

    def test_a_guest_who_walks_away_from_a_booth_without_its_camera(self, counted, walk):
        """It does not invite the next one, and counts this one all the same."""
        walk.to_form()
        walk.happen(PartLost, part=Part.CAMERA)
        walk.sit_out()
        assert isinstance(walk.state, OutOfOrder)
        assert [Counted.BEGUN, Counted.POSED, Counted.WALKED_AWAY] == counted.counts

    def test_a_guest_who_poses_again(self, counted, walk):
        """That is another visit."""
        walk.to_form()
        walk.happen(RetakeChosen)
        walk.happen(Confirmed, fresh=walk.fresh())
        assert [Counted.BEGUN, Counted.POSED, Counted.RETAKEN, Counted.BEGUN] == counted.counts

    def test_a_guest_who_wants_nothing_kept(self, counted, walk):
        walk.to_form()
        walk.happen(DeleteChosen)
        walk.happen(Confirmed, fresh=SessionId("unused"))
        assert [Counted.BEGUN, Counted.POSED, Counted.DELETED] == counted.counts

    @pytest.mark.parametrize("shot", [1, 4])
    def test_a_frame_that_does_not_come(self, counted, walk, shot):
        """The booth has apologised; that guest never saw the form."""
        walk.press()
        walk.pose(shot)
        walk.answer(ShutterFailed, shot=shot, part=Part.CAMERA)
        assert isinstance(walk.state, Apology)
        assert [Counted.BEGUN, Counted.BROKEN_OFF] == counted.counts


class TestThePhases:
    """How long each part of a visit took, by the instants of its events."""

    def test_a_visit_from_the_press_to_the_bucket(self, counted, walk):
        """Posing and each frame, the animation, the form, the outbox, the bucket: each once, and each from its own."""
        walk.press()
        began = walk.now
        for shot in range(1, walk.rules.shots + 1):
            walk.pose(shot)
            walk.now += 0.25
            walk.answer(FrameTaken, shot=shot)
        posed, session = walk.now, walk.session
        walk.now += 2.0
        walk.answer(AnimationReady)
        walk.now += 3.0
        walk.happen(SkipChosen)
        walk.now += 0.5
        walk.answer(Committed)
        walk.now += 60.0
        walk.happen(Delivered, session=session)
        frames = [(Phase.FRAME, 0.25)] * walk.rules.shots
        assert [
            *frames,
            (Phase.POSING, round(posed - began, 6)),
            (Phase.ANIMATION, 2.0),
            (Phase.FORM, 5.0),
            (Phase.SAVING, 0.5),
            (Phase.DELIVERY, 60.5),
        ] == counted.took

    def test_who_walked_away_chose_nothing(self, counted, walk):
        """What nobody did took no time; the outbox is timed all the same."""
        walk.to_form()
        session = walk.session
        walk.sit_out()
        walk.now += 0.5
        walk.happen(Committed, session=session)
        phases = [phase for phase, _ in counted.took]
        assert [Phase.FRAME] * walk.rules.shots + [Phase.POSING, Phase.SAVING] == phases

    def test_what_is_said_twice_is_timed_once(self, counted, walk):
        """A worker's answer that comes again is none."""
        walk.to_form()
        session = walk.session
        walk.happen(SkipChosen)
        for kind in (AnimationReady, Committed, Delivered) * 2:
            walk.happen(kind, session=session)
        later = [phase for phase, _ in counted.took if phase in {Phase.ANIMATION, Phase.SAVING, Phase.DELIVERY}]
        assert [Phase.ANIMATION, Phase.SAVING, Phase.DELIVERY] == later

    def test_of_many_that_are_not_delivered_the_first_are_forgotten(self, counted, walk):
        """A night without a network takes no memory."""
        for _ in range(FOLLOWED + 3):
            walk.to_form()
            walk.happen(SkipChosen)
            walk.answer(Committed)
            walk.now += 1000.0
            walk.happen(Tick)
        assert FOLLOWED == len(counted.going.visits)
        assert FOLLOWED + 3 == counted.night[Counted.SKIPPED]


TOUCHES = st.sampled_from(["touch:0", "touch:1", "touch:2", "touch:3", "touch:4", "touch:4", "press", "deadline"])
"""What ends a visit at the form: send, skip, retake and delete, and yes to what is asked back; or time."""

GUST = st.tuples(st.sampled_from(WEATHER), st.sampled_from([0.0, 0.2, 90.0]), st.integers(0, 1000))
GUESTS = st.lists(st.tuples(st.integers(0, 7), st.lists(TOUCHES, max_size=4), st.lists(GUST, max_size=3)), max_size=8)


class Party:
    """Guests in a storm, and the law of the funnel, checked after each event."""

    def __init__(self, storm):
        self.storm, self.going, self.night, self.begun = storm, Following(), Night(), set()
        self._take, storm.take = storm.take, self.take
        storm.act("heal", 0.0, 0)

    def take(self, event):
        storm, before = self.storm, self.storm.booth
        self._take(event)
        self.begun.add(session_of(storm.booth.state))
        self.going, marks = marked(self.going, before, event, storm.booth)
        self.night = night = self.night.having(marks)
        filling_in = isinstance(storm.booth.state, FillingIn)
        filling_in = filling_in and not storm.booth.trial
        posing = storm.open is not None and not (filling_in or storm.booth.trial)
        assert night[Counted.BEGUN] == night[Counted.POSED] + night[Counted.BROKEN_OFF] + posing
        assert night[Counted.POSED] == sum(night[end] for end in ENDS) + filling_in
        assert all(mark.seconds >= 0.0 for mark in marks if isinstance(mark, Took))

    def guest(self, goes_well, touches, weather):
        """Come to the form if enough things go well, do something there, and leave the rest to the weather."""
        self.storm.act("press", 0.0, 0)
        for _ in range(goes_well):
            if isinstance(self.storm.booth.state, FillingIn):
                break
            self.storm.act("deadline", 0.0, 0)
            self.storm.act("well", 0.1, 0)
        for touch in touches:
            action, _, pick = touch.partition(":")
            self.storm.act(action, 0.5, int(pick or 0))
        for action, seconds, pick in weather:
            self.storm.act(action, seconds, pick)
        self.storm.act("heal", 0.0, 0)


@settings(max_examples=20, deadline=None)
@given(rules=RULES, guests=GUESTS)
def test_in_any_storm_the_funnel_is_one(begin_storm, rules, guests):
    """No more have posed than begun, no more ended at the form than posed, and at most one is under way."""
    party = Party(begin_storm(**rules))
    for guest in guests:
        party.guest(*guest)
    assert len(party.begun - {None} - party.storm.trials) == party.night[Counted.BEGUN]


def test_such_guests_go_each_way_that_a_visit_can(begin_storm):
    """So that the law above has been put to the test by all of them."""
    party = Party(begin_storm(email_required=False, name_required=False, shots=2))
    for touches in (["touch:0"], ["touch:1"], [], ["touch:2", "touch:4"], ["touch:3", "touch:4"]):
        party.guest(4, touches, [("deadline", 0.0, 0), ("well", 0.1, 0), ("deadline", 0.0, 0)])
        party.guest(9, [], [("deadline", 0.0, 0)] * 9)
        party.guest(0, [], [("deadline", 0.0, 0), ("deadline", 0.0, 0), ("badly", 0.0, 0), ("deadline", 9.0, 0)])
    assert [] == [counted for counted in Counted if party.night[counted] == 0]


TIMES = st.lists(st.floats(0.0, 30_000.0), min_size=1, max_size=20)


def spans_of(times):
    """Return the spans of *times*, added one after the other."""
    spans = Spans()
    for seconds in times:
        spans = spans.having(Seconds(seconds))
    return spans


@settings(max_examples=40)
@given(times=TIMES, share=st.sampled_from([0.5, 0.95, 1.0]))
def test_a_share_of_them_is_told_to_five_percent(times, share):
    """As the list itself would tell it: the value of that rank."""
    exact = sorted(times)[math.ceil(share * len(times)) - 1]
    assert spans_of(times).within(share) == pytest.approx(exact, rel=0.05, abs=Spans.FIRST)


@settings(max_examples=40)
@given(some=TIMES, others=TIMES)
def test_two_nights_together_are_as_one(some, others):
    """Nothing depends on when it was written down."""
    together, one = spans_of(some) + spans_of(others), spans_of([*some, *others])
    assert (one.steps, pytest.approx(one.total)) == (together.steps, together.total)


def test_of_nothing_no_share_is_told():
    """A phase that nobody came to took neither long nor short."""
    assert None is Spans().within(0.5)


def test_what_took_for_ever_is_in_the_last_step():
    """However long a clock says that something took, the file stays small."""
    assert {Spans.LAST: 1} == Spans().having(Seconds(1e12)).steps
