"""An operator's trial: a whole visit as a guest would have it, which is marked, and in no count."""

import pytest

from booth.core.effects import Discard, OpenVisit
from booth.core.events import Confirmed, FrameTaken, Part, PartBack, PartLost, RetakeChosen, Touched
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
    Tab,
    TabChosen,
)
from booth.core.scene import Glow, glow, scene, wants_preview
from booth.core.states import Attract, Closed, FillingIn, GetReady, Operating
from booth.core.trying import LightTurned, Shine, SoundWanted, TrialBegun, Trying
from booth.core.visit import SessionId
from booth.units import later

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
    walk.happen(TabChosen, page=Tab.TRY)
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


class TestTrying:
    def test_a_press_is_counted_and_begins_nothing(self, let_in):
        """On this page the button is what is tried."""
        assert [(), ()] == [let_in.press(), let_in.press()]
        assert (Operating, 2) == (type(let_in.state), let_in.state.tried.presses)

    def test_on_other_pages_a_press_begins_a_visit(self, let_in):
        """No guest is refused for a screen that was left standing."""
        let_in.happen(TabChosen, page=Tab.NOW)
        let_in.press()
        assert (GetReady, False) == (type(let_in.state), let_in.booth.trial)

    def test_a_press_puts_no_time_off(self, let_in):
        """A guest who presses again and again on a screen that was left standing is served within a minute."""
        until = later(let_in.now, let_in.rules.operator_idle)
        let_in.wait(30.0)
        let_in.press()
        assert until == let_in.state.until
        let_in.sit_out()
        let_in.press()
        assert isinstance(let_in.state, GetReady)

    def test_a_touch_puts_it_off(self, let_in):
        """Somebody is there."""
        let_in.wait(30.0)
        for event in (Touched, LightTurned, SoundWanted):
            let_in.wait(1.0)
            let_in.happen(event)
            assert later(let_in.now, let_in.rules.operator_idle) == let_in.state.until

    def test_the_lamp_goes_on_blinks_and_goes_out(self, let_in):
        """It was off when the page was opened."""
        glows = [glow(let_in.state)]
        for _ in range(3):
            let_in.happen(LightTurned)
            glows.append(glow(let_in.state))
        assert [Glow.OFF, Glow.STEADY, Glow.BLINK, Glow.OFF] == glows

    def test_what_was_tried_is_forgotten_with_the_page(self, let_in):
        """The lamp goes out, and the next time the count begins anew."""
        let_in.press()
        let_in.happen(LightTurned)
        let_in.happen(TabChosen, page=Tab.NOW)
        assert Glow.OFF is glow(let_in.state)
        let_in.happen(TabChosen, page=Tab.TRY)
        assert Trying(0, Shine.OFF, 0) == let_in.state.tried

    def test_the_preview_runs_on_this_page_alone(self, let_in):
        """A camera that nobody looks at rests."""
        shown = [wants_preview(let_in.state)]
        let_in.happen(TabChosen, page=Tab.NOW)
        assert [True, False] == [*shown, wants_preview(let_in.state)]

    def test_nothing_of_it_is_tried_on_another_page(self, let_in):
        """Neither lamp nor sound, and no trial begins."""
        let_in.happen(TabChosen, page=Tab.NOW)
        before = let_in.state
        for event, facts in ((LightTurned, {}), (SoundWanted, {}), (TrialBegun, {"fresh": TRIAL})):
            let_in.happen(event, **facts)
        assert (before.page, before.tried) == (let_in.state.page, let_in.state.tried)


def test_each_screen_of_a_trial_says_that_it_is_one(let_in):
    """From the first to the last, and no screen of a guest's visit does."""

    def shown():
        return scene(let_in.booth, let_in.now, let_in.rules)

    let_in.happen(TrialBegun, fresh=TRIAL)
    told = []
    for shot in range(1, let_in.rules.shots + 1):
        told.append(shown().test)
        let_in.pose(shot)
        told.append(shown().test)
        let_in.answer(FrameTaken, shot=shot)
    told.append(shown().test)
    let_in.happen(PartLost, part=Part.DISK)
    let_in.happen(PartBack, part=Part.DISK)
    told.append(shown().test)
    let_in.wait(let_in.rules.form_idle)
    let_in.press()
    assert ({True}, False) == ({*told}, shown().test)
