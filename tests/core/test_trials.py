"""An operator's trial: a whole visit as a guest would have it, which is marked, and in no count."""

import pytest

from booth.core.effects import Discard, OpenVisit
from booth.core.events import Confirmed, FrameTaken, Part, PartLost, RetakeChosen
from booth.core.night import Following, marked
from booth.core.operating import (
    Admitted,
    CornersHeld,
    DigitTyped,
    DoorFound,
    Hours,
    HoursChanged,
    Opening,
    PinGiven,
    TrialBegun,
)
from booth.core.states import Attract, Closed, FillingIn, GetReady, Operating
from booth.core.visit import SessionId

TRIAL, AGAIN = SessionId("trial"), SessionId("again")
LATER = Hours(Opening.BEFORE, "18:00")


@pytest.fixture
def let_in(walk):
    """Lead whoever knows the PIN to the operator's screen."""
    walk.happen(CornersHeld)
    walk.happen(DoorFound)
    for digit in "271828":
        walk.happen(DigitTyped, digit=digit)
    walk.happen(PinGiven)
    walk.happen(Admitted)
    assert isinstance(walk.state, Operating)
    return walk


@pytest.fixture
def at_form(let_in):
    """Lead a trial to its form."""
    let_in.happen(TrialBegun, fresh=TRIAL)
    let_in.pose(let_in.rules.shots)
    let_in.answer(FrameTaken, shot=let_in.rules.shots)
    assert isinstance(let_in.state, FillingIn)
    return let_in


def test_a_trial_begins_as_a_visit_does_and_is_marked(let_in):
    """Its folder is asked for with the mark: from the first operation on it is no guest's."""
    assert (OpenVisit(TRIAL, test=True),) == let_in.happen(TrialBegun, fresh=TRIAL)
    assert (GetReady, TRIAL, True) == (type(let_in.state), let_in.session, let_in.booth.trial)


def test_a_trial_can_be_begun_before_the_booth_opens(let_in):
    """That is when one tries; whoever was let in has said so."""
    let_in.happen(HoursChanged, hours=LATER)
    let_in.happen(TrialBegun, fresh=TRIAL)
    assert isinstance(let_in.state, GetReady)


def test_a_trial_does_not_begin_without_a_camera(let_in):
    """There is nothing to go through."""
    let_in.happen(PartLost, part=Part.CAMERA)
    assert ((), Operating) == (let_in.happen(TrialBegun, fresh=TRIAL), type(let_in.state))


def test_nobody_begins_a_trial_from_the_invitation(walk):
    """Nor does a guest's visit become one."""
    assert ((), Attract()) == (walk.happen(TrialBegun, fresh=TRIAL), walk.state)
    walk.press()
    walk.happen(TrialBegun, fresh=TRIAL)
    assert (GetReady, False) == (type(walk.state), walk.booth.trial)


def test_a_retake_of_a_trial_is_one(at_form):
    """The new visit is opened with the mark."""
    at_form.happen(RetakeChosen)
    assert (Discard(TRIAL), OpenVisit(AGAIN, test=True)) == at_form.happen(Confirmed, fresh=AGAIN)


def test_the_visit_after_a_trial_is_a_guests(at_form):
    """The mark ends with what it was for."""
    at_form.wait(at_form.rules.form_idle)
    assert (Attract(), False) == (at_form.state, at_form.booth.trial)
    assert (OpenVisit(SessionId("visit-1")),) == at_form.press()


def test_after_a_trial_the_booth_is_closed_again(at_form):
    """It was begun before the hours, and the guests still wait for them."""
    at_form.happen(HoursChanged, hours=LATER)
    at_form.wait(at_form.rules.form_idle)
    assert isinstance(at_form.state, Closed)


def test_nothing_of_a_trial_is_counted(let_in):
    """Neither its beginning, nor a retake, nor its end; and nothing of it is timed."""
    going, made = Following(), []

    def happen(kind, **facts):
        nonlocal going
        before = let_in.booth
        event = kind(now=let_in.now, **facts)
        let_in.happen(kind, **facts)
        going, marks = marked(going, before, event, let_in.booth)
        made.extend(marks)

    happen(TrialBegun, fresh=TRIAL)
    let_in.pose(let_in.rules.shots)
    happen(FrameTaken, session=TRIAL, shot=let_in.rules.shots)
    assert isinstance(let_in.state, FillingIn)
    happen(RetakeChosen)
    happen(Confirmed, fresh=AGAIN)
    happen(PartLost, part=Part.CAMERA)
    assert ([], {}) == (made, going.visits)
