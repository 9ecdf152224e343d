"""Visits, walked through event by event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.effects import Commit, Discard, FireShutter, JoinFrames, OpenVisit, PrepareFrame, Salvage
from booth.core.events import (
    AnimationFailed,
    AnimationReady,
    CaretMoved,
    CommitFailed,
    Committed,
    Confirmed,
    ConsentToggled,
    Declined,
    Deferred,
    DeleteChosen,
    Delivered,
    Discarded,
    DiscardFailed,
    Erased,
    FieldChosen,
    FrameTaken,
    HintTaken,
    NextField,
    Notice,
    NoticeChanged,
    Part,
    PartBack,
    PartLost,
    Reach,
    ReachChanged,
    RetakeChosen,
    Returned,
    SendChosen,
    ShutterFailed,
    SkipChosen,
    Tick,
    Touched,
    Typed,
    VisitOpened,
    VisitRefused,
)
from booth.core.form import Complaint, Field, Form
from booth.core.machine import step
from booth.core.rules import Rules
from booth.core.states import (
    Animation,
    Answered,
    Apology,
    Ask,
    Attract,
    Booth,
    Committing,
    Countdown,
    Deleting,
    Delivery,
    Exposing,
    Farewell,
    FillingIn,
    Finishing,
    GetReady,
    Outcome,
    OutOfOrder,
    Reason,
    Starting,
)
from booth.core.visit import SHOWN, Consent, Guest, Purpose, Reply, SessionId
from booth.units import Instant, later

VISIT = SessionId("visit-1")
ANOTHER = SessionId("somebody-else")


# ---- coming up


def test_the_booth_is_ready_once_all_parts_have_reported(start_walk):
    """The last part to report opens the booth, and not one before."""
    walk = start_walk()
    seen = []
    for part in Part:
        walk.happen(PartBack, part=part)
        seen.append(type(walk.state))
    assert [Starting] * (len(Part) - 1) + [Attract] == seen


def test_a_press_while_the_booth_comes_up_is_dropped(start_walk):
    """Nobody is served by a booth that does not know its parts yet."""
    walk = start_walk()
    assert () == walk.press()
    assert isinstance(walk.state, Starting)


def test_a_part_that_does_not_come_up_puts_the_booth_out_of_order_until_it_does(start_walk):
    """The booth says what is missing when its patience ends, and returns by itself."""
    walk = start_walk()
    for part in set(Part) - {Part.CAMERA}:
        walk.happen(PartBack, part=part)
    walk.sit_out()
    assert (OutOfOrder(), frozenset({Part.CAMERA})) == (walk.state, walk.booth.missing)
    walk.happen(PartBack, part=Part.CAMERA)
    assert Attract() == walk.state


def test_a_booth_of_which_all_is_known_does_not_wait_any_longer(start_walk):
    """When every part has spoken and one is not there, the booth says so at once."""
    walk = start_walk()
    walk.happen(PartLost, part=Part.CAMERA)
    seen = []
    for part in (Part.DISK, Part.GM, Part.BUTTON):
        walk.happen(PartBack, part=part)
        seen.append(type(walk.state))
    assert ([Starting, Starting, OutOfOrder], {Part.CAMERA}) == (seen, walk.booth.missing)


def test_a_part_that_speaks_twice_does_not_speak_for_another(start_walk):
    """One part that comes, goes and comes again leaves the others as unknown as they were."""
    walk = start_walk()
    for kind in (PartBack, PartLost, PartBack, PartLost):
        walk.happen(kind, part=Part.GM)
    assert set(Part) - {Part.GM} == walk.state.silent


def test_the_parts_have_all_their_time_to_come_up(start_walk):
    """Before its patience ends the booth is starting, and not out of order."""
    walk = start_walk()
    walk.wait(walk.rules.starting - 0.1)
    assert isinstance(walk.state, Starting)


def test_a_part_that_is_lost_puts_the_waiting_booth_out_of_order(walk):
    """No invitation while something is missing; all parts must be back before it returns."""
    walk.happen(PartLost, part=Part.DISK)
    walk.happen(PartLost, part=Part.GM)
    walk.happen(PartBack, part=Part.DISK)
    assert OutOfOrder() == walk.state
    assert () == walk.press()
    walk.happen(PartBack, part=Part.GM)
    assert Attract() == walk.state


# ---- the whole visit


def test_a_visit_from_the_button_to_the_bucket(walk):
    """A guest presses, poses four times, types, sends and watches; every act is asked for once and in order."""
    walk.press()
    for shot in (1, 2, 3, 4):
        walk.pose(shot)
        walk.answer(FrameTaken, shot=shot)
    walk.answer(AnimationReady)
    walk.type_in(Field.NAME, "Zoë").type_in(Field.EMAIL, "zoe@example.org")
    walk.happen(SendChosen)
    walk.answer(Committed)
    assert Farewell(VISIT, walk.now, later(walk.now, walk.rules.farewell), Outcome.SENDING) == walk.state
    walk.answer(Delivered)
    assert Outcome.SENT is walk.state.outcome
    walk.sit_out()
    assert Attract() == walk.state
    assert [
        OpenVisit(VISIT),
        FireShutter(VISIT, 1),
        PrepareFrame(VISIT, 1),
        FireShutter(VISIT, 2),
        PrepareFrame(VISIT, 2),
        FireShutter(VISIT, 3),
        PrepareFrame(VISIT, 3),
        FireShutter(VISIT, 4),
        JoinFrames(VISIT, 4),
        Commit(VISIT, Guest("Zoë", "zoe@example.org")),
    ] == walk.asked


def test_a_visit_of_one_frame(start_walk):
    """The number of frames is a rule; with one, the first is the last."""
    walk = start_walk(shots=1).come_up().to_form()
    assert [OpenVisit(VISIT), FireShutter(VISIT, 1), JoinFrames(VISIT, 1)] == walk.asked


def test_posing_takes_the_time_that_the_rules_give(walk):
    """Get ready, then the countdown, then the shutter: each to its deadline, and not a moment earlier."""
    walk.press()
    seen = []
    for seconds in (2.9, 0.1, 2.9, 0.1):
        walk.wait(seconds)
        seen.append(type(walk.state))
    assert [GetReady, Countdown, Countdown, Exposing] == seen
    assert later(walk.now, walk.rules.shutter) == walk.state.until


def test_the_folder_that_is_there_changes_nothing(walk):
    """A visit does not wait for its folder: only a refusal counts."""
    walk.press()
    before = walk.booth
    walk.answer(VisitOpened)
    assert before == walk.booth


# ---- the form


def test_what_the_guest_types_is_in_the_form(walk):
    """Keys, backspace, caret, fields: the form holds what a text field would."""
    walk.to_form()
    walk.happen(Typed, text="Zoo")
    walk.happen(Erased)
    walk.happen(Typed, text="ë")
    walk.happen(CaretMoved, by=-100)
    walk.happen(Typed, text="Dr. ")
    walk.happen(NextField)
    walk.happen(Typed, text="zoe@gmial.com")
    walk.happen(HintTaken)
    assert ("Dr. Zoë", "zoe@gmail.com", Field.EMAIL) == (
        walk.state.form.name.text,
        walk.state.form.email.text,
        walk.state.form.focus,
    )


def test_a_field_that_is_touched_in_its_middle_has_its_caret_there(walk):
    """The guest puts the finger on the letter that is wrong."""
    walk.to_form()
    walk.type_in(Field.NAME, "Zoe")
    walk.happen(FieldChosen, field=Field.NAME, caret=1)
    assert 1 == walk.state.form.name.caret


@pytest.mark.parametrize("asking", [RetakeChosen, DeleteChosen])
def test_who_was_asked_something_has_used_the_form(walk, asking):
    """After a no, a press of the button asks back, as over any form that somebody has touched."""
    walk.to_form()
    walk.happen(asking)
    walk.happen(Declined)
    walk.wait(walk.rules.form_held)
    walk.press()
    assert Ask.SKIP is walk.state.ask


@pytest.mark.parametrize("leaving", [(SendChosen,), (SkipChosen,), (DeleteChosen, Confirmed)])
def test_the_wait_keeps_what_the_guest_saw_last(walk, leaving):
    """If all goes fast, the form stays on the screen as it was, and so does the word about the animation."""
    walk.to_form()
    walk.type_in(Field.EMAIL, "zoe@example.org")
    walk.answer(AnimationReady)
    form = walk.state.form
    for kind in leaving:
        walk.happen(kind, **({"fresh": walk.fresh()} if kind is Confirmed else {}))
    assert (form, Animation.READY) == (walk.state.form, walk.state.animation)


def test_return_goes_on_from_the_name_and_sends_from_the_address(walk):
    """The form decides which, when it happens: all of it may have been struck during one slow frame."""
    walk.to_form()
    walk.happen(Typed, text="Zoë")
    assert ((), Field.EMAIL) == (walk.happen(Returned), walk.state.form.focus)
    walk.happen(Typed, text="zoe@example.org")
    assert (Commit(VISIT, Guest("Zoë", "zoe@example.org")),) == walk.happen(Returned)


def test_a_form_that_lacks_something_is_not_sent(start_walk):
    """Send without an address, where one is wanted, leaves the guest where they are, and tells what is missing."""
    walk = start_walk(email_required=True).come_up().to_form()
    assert () == walk.happen(SendChosen)
    assert Complaint.EMAIL_MISSING is walk.state.form.complaint(Field.EMAIL)
    assert Field.EMAIL is walk.state.form.focus


def test_an_address_is_judged_by_the_rules(start_walk):
    """What is wrong with an address is not for the machine to say."""
    walk = start_walk(judge=lambda address: Complaint.EMAIL_NO_AT if "@" not in address else None).come_up().to_form()
    walk.type_in(Field.EMAIL, "zoe")
    walk.happen(SendChosen)
    assert Complaint.EMAIL_NO_AT is walk.state.form.complaint(Field.EMAIL)
    walk.happen(Typed, text="@example.org")
    assert (Commit(VISIT, Guest("", "zoe@example.org")),) == walk.happen(SendChosen)


@pytest.mark.parametrize(
    ("rules", "sent"),
    [
        ({}, True),
        ({"email_required": False}, True),
        ({"email_required": True}, False),
        ({"email_required": False, "name_required": True}, False),
    ],
)
def test_an_empty_form_is_sent_only_if_nothing_is_required(start_walk, rules, sent):
    """The rules say what a guest must give."""
    walk = start_walk(**rules).come_up().to_form()
    walk.happen(SendChosen)
    assert sent is isinstance(walk.state, Finishing)


def test_skip_keeps_the_animation_without_personal_data(walk):
    """Whatever was typed before, Skip hands over no details."""
    walk.to_form().type_in(Field.NAME, "Zoë")
    assert (Commit(VISIT, None),) == walk.happen(SkipChosen)
    walk.answer(Committed)
    assert Outcome.SENDING is walk.state.outcome


def test_a_visit_by_the_button_alone(walk):
    """A guest who cannot or will not touch the screen presses twice more: the form is skipped, the farewell ended."""
    walk.to_form()
    walk.wait(walk.rules.form_held)
    assert (Commit(VISIT, None),) == walk.press()
    walk.answer(Committed)
    assert isinstance(walk.state, Farewell)
    walk.wait(walk.rules.farewell_held)
    walk.press()
    assert Attract() == walk.state


def test_a_press_that_was_meant_for_the_camera_skips_nothing(walk):
    """Somebody who is impatient while posing may still type when the form is there."""
    walk.to_form()
    walk.wait(1.4)
    before = walk.state
    assert () == walk.press()
    assert before == walk.state


def test_a_form_that_nobody_has_touched_is_still_one_after_a_brush_of_the_sleeve(walk):
    """A touch where nothing is shows that somebody is there, and the button skips as before."""
    walk.to_form()
    walk.wait(5.0)
    walk.happen(Touched)
    assert not walk.state.touched
    assert (Commit(VISIT, None),) == walk.press()


@pytest.mark.parametrize(
    ("kind", "facts"),
    [(Typed, {"text": "x"}), (FieldChosen, {"field": Field.EMAIL}), (SendChosen, {}), (Erased, {}), (NextField, {})],
)
def test_a_press_over_a_form_in_use_asks_back(start_walk, kind, facts):
    """A stray press costs nobody what they have typed: it asks, the form stays as it is, and yes skips."""
    walk = start_walk(email_required=True).come_up().to_form()
    walk.wait(5.0)
    walk.happen(kind, **facts)
    form = walk.state.form
    assert () == walk.press()
    assert (Ask.SKIP, form) == (walk.state.ask, walk.state.form)
    assert (Commit(VISIT, None),) == walk.happen(Confirmed, fresh=walk.fresh())
    assert isinstance(walk.state, Finishing)


@pytest.mark.parametrize("asking", [RetakeChosen, DeleteChosen, None])
def test_to_any_question_the_button_gives_the_answer_that_does_no_harm(walk, asking):
    """A press takes the question away, whatever it was, and leaves what was typed."""
    walk.to_form().type_in(Field.NAME, "Zoë").wait(5.0)
    form = walk.state.form
    walk.happen(asking) if asking is not None else walk.press()
    walk.wait(walk.rules.form_held)
    assert () == walk.press()
    assert (None, form) == (walk.state.ask, walk.state.form)


def test_a_question_that_has_just_been_asked_is_not_answered_by_the_same_press(walk):
    """Who presses twice in a hurry still sees the question."""
    walk.to_form().type_in(Field.NAME, "Zoë").wait(5.0)
    walk.press()
    walk.wait(0.3)
    walk.press()
    assert Ask.SKIP is walk.state.ask


@pytest.mark.parametrize(("asked", "ticked"), [((SHOWN,), {"show"}), ((), set())])
def test_consent_is_given_only_where_it_is_asked_for(start_walk, asked, ticked):
    """Where nothing is asked there is no box, and nothing can tick it."""
    walk = start_walk(consents=asked).come_up().to_form()
    assert set() == walk.state.form.agreed
    walk.happen(ConsentToggled)
    assert ticked == walk.state.form.agreed
    walk.happen(ConsentToggled)
    assert set() == walk.state.form.agreed


def test_consent_travels_with_the_guest(start_walk):
    """A ticked box is part of the details, with the language in which it was read."""
    walk = start_walk(consents=(SHOWN,)).come_up().to_form()
    walk.happen(ConsentToggled)
    wanted = Guest("", "", consent=True, answers=(Reply(SHOWN, agreed=True),), language="fr")
    assert (Commit(VISIT, wanted),) == walk.happen(SendChosen, language="fr")


def test_return_says_in_which_language_it_was_read(start_walk):
    """It is as good as Send."""
    walk = start_walk(consents=(SHOWN,)).come_up().to_form()
    walk.happen(FieldChosen, field=Field.EMAIL)
    wanted = Guest("", "", answers=(Reply(SHOWN, agreed=False),), language="de")
    assert (Commit(VISIT, wanted),) == walk.happen(Returned, language="de")


def test_the_language_goes_with_the_guest_where_nothing_is_asked(start_walk):
    """It is the visit's, and not only that of what is agreed to."""
    walk = start_walk().come_up().to_form().type_in(Field.NAME, "Zoë")
    assert (Commit(VISIT, Guest("Zoë", "", language="fr")),) == walk.happen(SendChosen, language="fr")


SEVERAL = (Consent("wall", Purpose.SHOW), Consent("web", Purpose.PUBLISH), Consent("news", Purpose.MARKETING))


def asked_several(start_walk):
    """Return a walk to where several consents are asked, after details were sent in French."""
    walk = start_walk(consents=SEVERAL).come_up().to_form().type_in(Field.NAME, "Zoë")
    assert () == walk.happen(SendChosen, language="fr")
    return walk


def answered(*agreed, name="Zoë"):
    """Return a guest who agreed to these, of `SEVERAL`."""
    answers = tuple(Reply(each, each.id in agreed) for each in SEVERAL)
    return Guest(name, "", "wall" in agreed, answers, "fr")


class TestSeveralConsents:
    """They are asked once the details were sent; each by itself, and none is a condition."""

    def test_they_are_asked_after_send(self, start_walk):
        walk = asked_several(start_walk)
        assert (Ask.AGREE, frozenset()) == (walk.state.ask, walk.state.form.agreed)

    def test_nothing_on_the_form_ticks_one(self, start_walk):
        """Its boxes are not there yet."""
        walk = start_walk(consents=SEVERAL).come_up().to_form()
        walk.happen(ConsentToggled, consent="wall")
        assert frozenset() == walk.state.form.agreed

    @pytest.mark.parametrize("agreed", [(), ("wall",), ("web", "news"), ("wall", "web", "news")])
    def test_each_is_answered_by_itself(self, start_walk, agreed):
        walk = asked_several(start_walk)
        for consent in agreed:
            walk.happen(ConsentToggled, consent=consent)
        assert (Commit(VISIT, answered(*agreed)),) == walk.happen(SendChosen, language="fr")

    def test_a_tick_can_be_taken_back(self, start_walk):
        walk = asked_several(start_walk)
        walk.happen(ConsentToggled, consent="wall")
        walk.happen(ConsentToggled, consent="wall")
        assert (Commit(VISIT, answered()),) == walk.happen(SendChosen, language="fr")

    def test_what_nobody_asked_is_not_ticked(self, start_walk):
        walk = asked_several(start_walk)
        walk.happen(ConsentToggled, consent="else")
        assert frozenset() == walk.state.form.agreed

    def test_the_button_goes_on_with_the_boxes_as_they_are(self, start_walk):
        """The details were sent; whoever cannot touch the screen any more is not asked for more."""
        walk = asked_several(start_walk)
        walk.happen(ConsentToggled, consent="web")
        walk.wait(2.0)
        assert (Commit(VISIT, answered("web")),) == walk.press()

    def test_back_leads_to_the_form_as_it_was(self, start_walk):
        walk = asked_several(start_walk)
        walk.happen(ConsentToggled, consent="web")
        walk.happen(Declined)
        assert (None, "Zoë", {"web"}) == (walk.state.ask, walk.state.form.name.text, walk.state.form.agreed)

    def test_who_walks_away_agrees_to_nothing_and_keeps_what_was_sent(self, start_walk):
        """A tick that was not sent is none; the details were."""
        walk = asked_several(start_walk)
        walk.happen(ConsentToggled, consent="wall")
        assert (Commit(VISIT, answered()),) == walk.sit_out()

    def test_a_touch_keeps_them_open(self, start_walk):
        walk = asked_several(start_walk)
        walk.wait(80.0)
        walk.happen(ConsentToggled, consent="wall")
        assert later(walk.now, walk.rules.form_idle) == walk.state.until

    def test_who_skips_is_not_asked(self, start_walk):
        walk = start_walk(consents=SEVERAL).come_up().to_form()
        assert (Commit(VISIT, None),) == walk.happen(SkipChosen)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (Typed, {"text": "x"}),
        (Typed, {"text": "\n"}),
        (Erased, {}),
        (CaretMoved, {"by": 1}),
        (FieldChosen, {"field": Field.NAME}),
        (NextField, {}),
        (Returned, {}),
        (HintTaken, {}),
        (ConsentToggled, {}),
        (SendChosen, {}),
        (RetakeChosen, {}),
        (DeleteChosen, {}),
        (Touched, {}),
    ],
)
def test_whatever_the_guest_does_puts_the_idle_deadline_off(start_walk, kind, facts):
    """Somebody who touches anything is there, and has all the time again."""
    walk = start_walk(email_required=True).come_up().to_form()
    walk.wait(80.0)
    walk.happen(kind, **facts)
    assert later(walk.now, walk.rules.form_idle) == walk.state.until


@pytest.mark.parametrize("kind", [AnimationReady, AnimationFailed])
def test_what_the_booth_does_does_not_put_the_idle_deadline_off(walk, kind):
    """An animation that gets ready is no sign of a guest."""
    walk.to_form()
    until = walk.state.until
    walk.wait(80.0)
    walk.answer(kind)
    assert until == walk.state.until


@pytest.mark.parametrize("asking", [None, RetakeChosen, DeleteChosen])
def test_a_guest_who_walks_away_gets_an_animation_without_personal_data(walk, asking):
    """An abandoned form is closed at its deadline, whatever it was asking; half a name is nobody's to keep."""
    walk.to_form().type_in(Field.NAME, "Zo").type_in(Field.EMAIL, "zoe@example.org")
    if asking is not None:
        walk.happen(asking)
    assert (Commit(VISIT, None),) == walk.sit_out()
    assert Attract() == walk.state


@pytest.mark.parametrize("behind", [None, RetakeChosen, DeleteChosen, SkipChosen])
@pytest.mark.parametrize(
    ("kind", "animation"), [(AnimationReady, Animation.READY), (AnimationFailed, Animation.FAILED)]
)
def test_the_visit_knows_how_far_the_animation_is(walk, behind, kind, animation):
    """The answer counts while the guest types, while the form asks back, and while the guest waits."""
    walk.to_form()
    if behind is not None:
        walk.happen(behind)
    assert Animation.MAKING is walk.state.animation
    walk.answer(kind)
    assert animation is walk.state.animation


def test_an_animation_that_is_ready_before_send_is_ready_in_the_wait(walk):
    """What was known about the animation is taken along."""
    walk.to_form()
    walk.answer(AnimationReady)
    walk.happen(SkipChosen)
    assert (Finishing, Animation.READY) == (type(walk.state), walk.state.animation)


# ---- retake and delete


def test_retake_asks_back_and_begins_a_new_visit(walk):
    """Yes to a retake deletes the pictures and poses again, under a new name."""
    walk.to_form()
    assert () == walk.happen(RetakeChosen)
    assert Ask.RETAKE is walk.state.ask
    again = walk.fresh()
    assert (Discard(VISIT), OpenVisit(again)) == walk.happen(Confirmed, fresh=again)
    assert GetReady(again, later(walk.now, walk.rules.get_ready)) == walk.state


@pytest.mark.parametrize("asking", [RetakeChosen, DeleteChosen])
def test_no_leads_back_to_the_form_as_it_was(walk, asking):
    """Nothing that was typed is lost by asking."""
    walk.to_form().type_in(Field.NAME, "Zoë")
    form = walk.state.form
    walk.happen(asking)
    assert () == walk.happen(Declined)
    assert (None, form) == (walk.state.ask, walk.state.form)


@pytest.mark.parametrize("kind", [Typed, Erased, SendChosen, SkipChosen, NextField, Returned, RetakeChosen])
def test_nothing_behind_the_question_can_be_touched(walk, kind):
    """While the booth asks back, the form below it stays as it is, and nothing is sent."""
    walk.to_form().type_in(Field.NAME, "Zoë").type_in(Field.EMAIL, "zoe@example.org")
    walk.happen(DeleteChosen)
    before = walk.state
    assert () == walk.happen(kind, **({"text": "x"} if kind is Typed else {}))
    assert before == walk.state


def test_a_yes_that_nobody_asked_for_is_nothing(walk):
    """A confirmation without a question deletes nothing."""
    walk.to_form()
    before = walk.booth
    assert () == walk.happen(Confirmed, fresh=walk.fresh())
    assert () == walk.happen(Declined)
    assert before == walk.booth


def test_delete_asks_back_and_says_when_it_is_done(walk):
    """Yes to deleting leaves nothing, and the farewell says so."""
    walk.to_form()
    walk.happen(DeleteChosen)
    assert (Discard(VISIT),) == walk.happen(Confirmed, fresh=walk.fresh())
    assert Deleting() == walk.state.work
    walk.answer(Discarded)
    assert Farewell(VISIT, walk.now, later(walk.now, walk.rules.farewell), Outcome.DELETED) == walk.state


def test_pictures_that_cannot_be_deleted_are_not_said_to_be(walk):
    """A disk that refuses to delete leads to an apology, and not to a farewell."""
    walk.to_form()
    walk.happen(DeleteChosen)
    walk.happen(Confirmed, fresh=walk.fresh())
    walk.answer(DiscardFailed)
    assert Apology(Reason.NOT_DELETED, later(walk.now, walk.rules.apology), kept=True) == walk.state


def test_a_deletion_that_takes_too_long_is_not_said_to_be_done(walk):
    """The guest does not wait for ever, and is not told what is not known."""
    walk.to_form()
    walk.happen(DeleteChosen)
    walk.happen(Confirmed, fresh=walk.fresh())
    walk.sit_out()
    assert Reason.NOT_DELETED is walk.state.reason


# ---- finishing


def finishing(walk):
    """Lead a guest to Send."""
    walk.to_form().type_in(Field.EMAIL, "zoe@example.org")
    walk.happen(SendChosen)
    assert isinstance(walk.state, Finishing)
    return walk


@pytest.mark.parametrize(("waits", "state"), [((0.3,), Finishing), ((0.3, 1.0), Farewell)])
def test_the_please_wait_is_exact_to_the_instant(walk, waits, state):
    """It is seen from its first instant on, and was read at its last."""
    finishing(walk)
    for seconds in waits:
        walk.wait(seconds)
    walk.answer(Committed)
    assert isinstance(walk.state, state)


def test_a_quick_commit_shows_no_please_wait(walk):
    """An answer within the quiet time goes straight to the farewell."""
    finishing(walk).wait(0.29)
    walk.answer(Committed)
    assert isinstance(walk.state, Farewell)


def test_a_please_wait_that_was_seen_can_be_read(walk):
    """An answer just after it appeared leaves it on for its time; then comes the farewell, with its own full time."""
    finishing(walk).wait(0.4)
    walk.answer(Committed)
    assert Answered(Outcome.SENDING) == walk.state.work
    walk.wait(0.85)
    assert isinstance(walk.state, Finishing)
    walk.wait(0.1)
    assert Farewell(VISIT, walk.now, later(walk.now, walk.rules.farewell), Outcome.SENDING) == walk.state


def test_a_please_wait_that_was_read_is_not_kept_on(walk):
    """An answer after that time goes straight to the farewell."""
    finishing(walk).wait(1.5)
    walk.answer(Committed)
    assert Farewell(VISIT, walk.now, later(walk.now, walk.rules.farewell), Outcome.SENDING) == walk.state


def test_a_delivery_that_is_faster_than_the_commit_is_kept_until_then(walk):
    """Its delivery waits with the guest for the word that the visit is in the outbox; nothing is sent without one."""
    finishing(walk)
    walk.answer(Delivered, link=LINK)
    assert Committing(Delivery(LINK)) == walk.state.work
    walk.wait(0.4)
    walk.answer(Committed)
    assert Answered(Delivery(LINK)) == walk.state.work


@pytest.mark.parametrize("kind", [Committed, Deferred, CommitFailed, Delivered])
def test_a_visit_that_is_being_deleted_waits_for_its_deletion_alone(walk, kind):
    """What else is said of it cannot be taken for that, and leaves nothing behind."""
    walk.to_form()
    walk.happen(DeleteChosen)
    walk.happen(Confirmed, fresh=walk.fresh())
    before = walk.booth
    walk.answer(kind)
    assert before == walk.booth


@pytest.mark.parametrize("kind", [Committed, Deferred, CommitFailed, Discarded, DiscardFailed])
def test_an_answer_is_taken_once(walk, kind):
    """While the please wait is being read, only the bucket has anything to add."""
    finishing(walk).wait(0.4)
    walk.answer(Committed)
    before = walk.booth
    walk.answer(kind)
    assert before == walk.booth


def test_a_delivery_during_the_please_wait_is_told_in_the_farewell(walk):
    """What the bucket confirms while the wait is being read is not forgotten."""
    finishing(walk).wait(0.4)
    walk.answer(Committed)
    walk.answer(Delivered)
    walk.sit_out()
    assert Outcome.SENT is walk.state.outcome


def test_the_delivery_of_another_visit_is_not_told_in_this_ones_farewell(walk):
    """The bucket confirms older entries at any moment."""
    finishing(walk).wait(0.4)
    walk.answer(Committed)
    walk.happen(Delivered, session=ANOTHER)
    walk.sit_out()
    assert Outcome.SENDING is walk.state.outcome


def test_a_second_answer_does_not_begin_the_wait_again(walk):
    """While the wait is being read, no answer counts any more."""
    finishing(walk).wait(0.4)
    walk.answer(Committed)
    before = walk.state
    walk.wait(0.1)
    for kind in (Committed, Deferred, Discarded, CommitFailed, DiscardFailed):
        walk.answer(kind)
    assert before == walk.state


def test_a_booth_that_is_offline_promises_later(walk):
    """What cannot be sent now is said to be saved."""
    walk.happen(ReachChanged, reach=Reach.OFFLINE)
    finishing(walk).answer(Committed)
    assert Outcome.SAVED is walk.state.outcome


@pytest.mark.parametrize("reach", [Reach.OFFLINE, Reach.HELD_UP, Reach.REFUSED, Reach.NO_BUCKET])
def test_what_does_not_get_into_the_bucket_is_said_to_be_saved(walk, reach):
    """Whatever it is that keeps it: known before, or told while the guest looks."""
    finishing(walk).answer(Committed)
    assert Outcome.SENDING is walk.state.outcome
    walk.happen(ReachChanged, reach=reach)
    assert (Outcome.SAVED, reach) == (walk.state.outcome, walk.booth.reach)
    walk.sit_out()
    walk.press()
    finishing(walk).answer(Committed)
    assert Outcome.SAVED is walk.state.outcome


def test_a_slow_upload_is_under_way_and_nobody_waits_for_it(sharing):
    """It is on its way, so that is said; its code will not come in time, so nobody is kept for it."""
    finishing(sharing).answer(Committed)
    sharing.wait(17.0)
    sharing.happen(ReachChanged, reach=Reach.SLOW)
    assert (Outcome.SENDING, later(sharing.now, 8.0)) == (sharing.state.outcome, sharing.state.until)
    sharing.sit_out()
    sharing.press()
    finishing(sharing).answer(Committed)
    assert (Outcome.SENDING, later(sharing.now, 8.0)) == (sharing.state.outcome, sharing.state.until)
    sharing.answer(Delivered, link=LINK)
    assert (Outcome.SENT, LINK, Reach.SLOW) == (sharing.state.outcome, sharing.state.link, sharing.booth.reach)


def test_a_link_that_goes_during_the_farewell_is_told(walk):
    """It says "saved" when "sending" is no longer true, and "sent" when the bucket confirms after all."""
    finishing(walk).answer(Committed)
    walk.happen(ReachChanged, reach=Reach.OFFLINE)
    assert (Outcome.SAVED, False) == (walk.state.outcome, walk.booth.online)
    walk.answer(Delivered)
    assert (Outcome.SENT, True) == (walk.state.outcome, walk.booth.online)
    walk.happen(ReachChanged, reach=Reach.OFFLINE)
    assert Outcome.SENT is walk.state.outcome


def test_a_visit_without_an_animation_is_said_to_come_later(walk):
    """When the animation could not be made, the pictures are safe, and nobody says more than that."""
    finishing(walk).answer(Deferred)
    assert Outcome.LATER is walk.state.outcome
    walk.answer(Delivered)
    assert Outcome.LATER is walk.state.outcome


def test_the_delivery_of_another_visit_is_not_this_ones(walk):
    """An older entry that arrives now shows that the booth is online, and nothing else."""
    walk.happen(ReachChanged, reach=Reach.OFFLINE)
    finishing(walk).answer(Committed)
    walk.happen(Delivered, session=ANOTHER)
    assert (Outcome.SAVED, True) == (walk.state.outcome, walk.booth.online)


def test_a_disk_that_refuses_leads_to_an_apology(walk):
    """What is not kept is not thanked for; the frames that are on the disk are said to be."""
    finishing(walk).answer(CommitFailed)
    assert Apology(Reason.DISK, later(walk.now, walk.rules.apology), kept=True) == walk.state


def test_an_animation_that_takes_too_long_does_not_hold_the_guest(walk):
    """The wait ends with an apology; the answer that comes after it is nobody's."""
    finishing(walk).sit_out()
    assert Apology(Reason.SLOW, later(walk.now, walk.rules.apology), kept=True) == walk.state
    before = walk.booth
    walk.happen(Committed, session=VISIT)
    assert before == walk.booth


# ---- after


def test_a_press_ends_the_farewell_and_begins_nothing(walk):
    """A guest in a hurry frees the booth; the next press is the next guest's."""
    finishing(walk).answer(Committed)
    walk.wait(walk.rules.farewell_held)
    assert () == walk.press()
    assert Attract() == walk.state
    assert isinstance(walk.press()[0], OpenVisit)


def test_a_guest_who_hammers_the_button_sees_the_farewell_all_the_same(walk):
    """A press that comes as the farewell begins was meant for something else."""
    finishing(walk).answer(Committed)
    walk.press()
    assert isinstance(walk.state, Farewell)


def test_a_part_that_went_during_a_visit_shows_after_it(walk):
    """A visit that can do without is not disturbed; the next one is not begun."""
    finishing(walk)
    walk.happen(PartLost, part=Part.CAMERA)
    walk.answer(Committed)
    assert isinstance(walk.state, Farewell)
    walk.wait(walk.rules.farewell_held)
    walk.press()
    assert OutOfOrder() == walk.state


def test_a_retake_that_cannot_be_taken_keeps_the_pictures(walk):
    """With the camera gone, yes to "Pose again?" changes nothing: the pictures that there are stay."""
    walk.to_form()
    walk.happen(RetakeChosen)
    walk.happen(PartLost, part=Part.CAMERA)

    assert () == walk.happen(Confirmed, fresh=walk.fresh())
    assert isinstance(walk.state, FillingIn)
    assert walk.state.ask is None


def test_a_frame_proves_that_the_camera_answers(walk):
    """The camera was believed lost while the shutter was open: with the frame the visit goes on, all parts there."""
    walk.press()
    walk.pose(1)
    walk.happen(PartLost, part=Part.CAMERA)
    walk.answer(FrameTaken, shot=1)

    assert isinstance(walk.state, Countdown)
    assert frozenset() == walk.booth.missing


def test_an_uploader_that_is_faster_than_the_commits_word_is_believed(walk):
    """The bucket confirmed the visit before the outbox's answer was heard: the farewell says Sent."""
    finishing(walk)
    walk.happen(Delivered, session=VISIT)
    walk.answer(Committed)

    assert Outcome.SENT is walk.state.outcome


# ---- the link to take the animation home


@pytest.fixture
def sharing(start_walk):
    """Return a booth whose guests are given links that stay for 25 seconds; a farewell is 8 seconds long."""
    return start_walk(share=25.0, farewell=8.0).come_up()


LINK = "https://photos.example.com/visit-1"


def test_the_farewell_waits_for_its_link_and_leaves_it_on_to_be_scanned(sharing):
    """While the animation is sent, there is time for the link to come; from then on, time to scan it."""
    finishing(sharing).answer(Committed)
    assert (None, later(sharing.now, 25.0)) == (sharing.state.link, sharing.state.until)
    sharing.wait(20.0)
    sharing.answer(Delivered, link=LINK)
    assert (Outcome.SENT, LINK) == (sharing.state.outcome, sharing.state.link)
    assert later(sharing.now, 25.0) == sharing.state.until


def test_a_press_ends_a_farewell_with_a_link_too(sharing):
    """Who has scanned it, or does not want it, frees the booth for the next one."""
    finishing(sharing).answer(Committed)
    sharing.answer(Delivered, link=LINK)
    sharing.wait(sharing.rules.farewell_held)
    sharing.press()
    assert Attract() == sharing.state


@pytest.mark.parametrize("first", [Committed, Delivered])
def test_a_link_that_comes_before_the_farewell_is_in_it(sharing, first):
    """However fast the bucket is, the guest gets the link, for its full time."""
    finishing(sharing).wait(0.4)
    for kind in (first, *{Committed, Delivered} - {first}):
        sharing.answer(kind, **({"link": LINK} if kind is Delivered else {}))
    sharing.sit_out()
    assert Farewell(VISIT, sharing.now, later(sharing.now, 25.0), Outcome.SENT, LINK) == sharing.state


def test_a_delivery_without_a_link_is_a_delivery(sharing):
    """When the link could not be made, the visit is sent all the same."""
    finishing(sharing).answer(Committed)
    sharing.answer(Delivered)
    assert (Outcome.SENT, None) == (sharing.state.outcome, sharing.state.link)


def test_no_link_is_waited_for_where_none_will_come(sharing):
    """When the booth goes offline, what is true now can be read as long as any farewell, and no longer."""
    finishing(sharing).answer(Committed)
    sharing.wait(1.0)
    sharing.happen(ReachChanged, reach=Reach.OFFLINE)
    assert (Outcome.SAVED, later(sharing.now, 8.0)) == (sharing.state.outcome, sharing.state.until)
    sharing.wait(1.0)
    sharing.answer(Delivered, link=LINK)
    assert (Outcome.SENT, LINK, later(sharing.now, 25.0)) == (
        sharing.state.outcome,
        sharing.state.link,
        sharing.state.until,
    )


@pytest.mark.parametrize("answer", [Deferred, Committed])
def test_a_farewell_that_has_no_link_to_wait_for_is_as_long_as_ever(sharing, answer):
    """An animation that is made later, or sent later, keeps nobody standing there."""
    sharing.happen(ReachChanged, reach=Reach.OFFLINE)
    finishing(sharing).answer(answer)
    assert later(sharing.now, 8.0) == sharing.state.until


def test_the_link_of_another_visit_is_not_this_ones(sharing):
    """A link is its guest's alone."""
    finishing(sharing).answer(Committed)
    sharing.happen(Delivered, session=ANOTHER, link=LINK)
    assert sharing.state.link is None


def test_a_link_is_in_no_text_that_a_log_could_hold(sharing):
    """Whoever has the link has the animation, so nothing that knows it says it."""
    finishing(sharing).wait(0.4)
    told = Delivered(sharing.now, VISIT, LINK)
    sharing.answer(Delivered, link=LINK)
    waiting = repr(sharing.booth)
    sharing.answer(Committed)
    sharing.sit_out()
    assert LINK == sharing.state.link
    assert LINK not in waiting + repr(told) + repr(sharing.booth)


# ---- what an operator should know


def test_notices_come_and_go_whatever_the_visit_does(walk):
    """They are noted beside the visit, and disturb nobody."""
    walk.press()
    before = walk.state
    walk.happen(NoticeChanged, notice=Notice.DISK_LOW, on=True)
    walk.happen(NoticeChanged, notice=Notice.CLOCK_UNKNOWN, on=True)
    assert {Notice.DISK_LOW, Notice.CLOCK_UNKNOWN} == walk.booth.notices
    walk.happen(NoticeChanged, notice=Notice.DISK_LOW, on=False)
    assert (before, {Notice.CLOCK_UNKNOWN}) == (walk.state, walk.booth.notices)


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("notice", Notice)
def test_how_far_uploads_get_is_told_by_one_event_alone(walk, notice, on, reach):
    """No notice says it, or contradicts it."""
    walk.happen(ReachChanged, reach=reach)
    walk.happen(NoticeChanged, notice=notice, on=on)
    assert (reach, frozenset({notice} if on else ())) == (walk.booth.reach, walk.booth.notices)


def test_no_notice_has_the_name_of_a_reach():
    """What is told of uploads has one word, and one place."""
    assert set() == {notice.value for notice in Notice} & {reach.value for reach in Reach}


# ---- what goes wrong while posing


@pytest.mark.parametrize(("shot", "kept"), [(1, False), (2, True), (4, True)])
@pytest.mark.parametrize(("part", "reason"), [(Part.CAMERA, Reason.CAMERA), (Part.DISK, Reason.DISK)])
def test_a_frame_that_fails_ends_the_visit_with_an_apology(walk, shot, kept, part, reason):
    """The guest hears what it was; the frames before it are kept without personal data; the part is missing."""
    walk.press()
    walk.pose(shot)
    assert (Salvage(VISIT),) == walk.answer(ShutterFailed, shot=shot, part=part)
    assert Apology(reason, later(walk.now, walk.rules.apology), kept=kept) == walk.state
    walk.sit_out()
    assert (OutOfOrder(), {part}) == (walk.state, walk.booth.missing)
    walk.happen(PartBack, part=part)
    assert Attract() == walk.state


def test_a_part_that_is_back_during_the_apology_is_no_longer_missing(walk):
    """A camera that was opened again in time costs the next guest nothing."""
    walk.press()
    walk.pose(1)
    walk.answer(ShutterFailed, shot=1, part=Part.CAMERA)
    walk.happen(PartBack, part=Part.CAMERA)
    assert isinstance(walk.state, Apology)
    walk.sit_out()
    assert Attract() == walk.state


def test_a_shutter_that_hangs_ends_the_visit_with_an_apology(walk):
    """No frame by the deadline means no camera."""
    walk.press()
    walk.pose(2)
    assert (Salvage(VISIT),) == walk.sit_out()
    assert (Reason.CAMERA, {Part.CAMERA}) == (walk.state.reason, walk.booth.missing)


def test_a_shutter_that_hangs_is_not_the_only_thing_that_may_be_wrong(walk):
    """What was missing before is missing still."""
    walk.press()
    walk.pose()
    walk.happen(PartLost, part=Part.GM)
    walk.sit_out()
    assert {Part.CAMERA, Part.GM} == walk.booth.missing


@pytest.mark.parametrize(("shot", "kept"), [(1, False), (2, True)])
@pytest.mark.parametrize("lost", ["camera", "disk"])
def test_a_part_that_is_lost_in_a_countdown_leaves_the_frames_before_it(walk, lost, shot, kept):
    """The guest is told that they are kept, and only if there are any."""
    walk.press()
    if shot > 1:
        walk.pose(shot - 1)
        walk.answer(FrameTaken, shot=shot - 1)
    else:
        walk.sit_out()
    assert isinstance(walk.state, Countdown)
    if lost == "camera":
        walk.happen(PartLost, part=Part.CAMERA)
    else:
        walk.answer(VisitRefused)
    assert kept is walk.state.kept


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_disk_that_refuses_the_visit_ends_it_while_posing(walk, steps):
    """However late the refusal comes, no frame is promised that cannot be kept."""
    walk.press()
    for _ in range(steps):
        walk.sit_out()
    assert (Salvage(VISIT),) == walk.answer(VisitRefused)
    assert (Reason.DISK, False, {Part.DISK}) == (walk.state.reason, walk.state.kept, walk.booth.missing)


@pytest.mark.parametrize("steps", [0, 1])
def test_a_camera_that_is_lost_before_the_shutter_ends_the_visit(walk, steps):
    """Nobody poses for a camera that is not there."""
    walk.press()
    for _ in range(steps):
        walk.sit_out()
    assert (Salvage(VISIT),) == walk.happen(PartLost, part=Part.CAMERA)
    assert Apology(Reason.CAMERA, later(walk.now, walk.rules.apology), kept=False) == walk.state


def test_a_camera_that_is_lost_under_an_open_shutter_is_waited_for(walk):
    """The shutter will answer, or its deadline will; the visit is ended once."""
    walk.press()
    walk.pose(1)
    assert () == walk.happen(PartLost, part=Part.CAMERA)
    assert isinstance(walk.state, Exposing)
    assert (Salvage(VISIT),) == walk.answer(ShutterFailed, shot=1, part=Part.CAMERA)


@pytest.mark.parametrize("part", [Part.GM, Part.DISK, Part.BUTTON])
def test_other_parts_do_not_stop_a_guest_who_poses(walk, part):
    """Frames can be taken without them; what needs them will say so."""
    walk.press()
    walk.happen(PartLost, part=part)
    assert isinstance(walk.state, GetReady)


# ---- nothing late


@pytest.mark.parametrize(
    "facts", [{"session": ANOTHER, "shot": 2}, {"session": VISIT, "shot": 1}, {"session": VISIT, "shot": 3}]
)
@pytest.mark.parametrize("kind", [FrameTaken, ShutterFailed])
def test_a_frame_of_another_visit_or_another_shot_is_not_this_one(walk, kind, facts):
    """The shutter that is open is answered by its own session and number only."""
    walk.press()
    walk.pose(2)
    before = walk.state
    assert () == walk.happen(kind, **facts, **({"part": Part.CAMERA} if kind is ShutterFailed else {}))
    assert before == walk.state


def test_a_failure_of_a_visit_that_is_over_does_not_close_the_booth(walk):
    """Whether the part still works is said by itself; a new guest is not sent away for what happened to another."""
    walk.press()
    before = walk.booth
    walk.happen(ShutterFailed, session=ANOTHER, shot=1, part=Part.CAMERA)
    walk.happen(VisitRefused, session=ANOTHER)
    assert before == walk.booth


@pytest.mark.parametrize(
    "kind",
    [AnimationReady, AnimationFailed, Committed, Deferred, CommitFailed, Discarded, DiscardFailed, VisitRefused],
)
def test_answers_for_another_visit_do_not_touch_the_form_or_the_wait(walk, kind):
    """What comes late for the guest before is nothing to this one."""
    walk.to_form()
    before = walk.booth
    walk.happen(kind, session=ANOTHER)
    assert before == walk.booth
    walk.happen(SkipChosen)
    before = walk.booth
    walk.happen(kind, session=ANOTHER)
    assert before == walk.booth


def test_a_form_is_empty_for_the_next_guest(walk):
    """Nothing that one guest typed is seen by the next."""
    walk.to_form().type_in(Field.NAME, "Zoë").sit_out()
    walk.to_form()
    assert FillingIn(SessionId("visit-2"), Form(), walk.now, later(walk.now, walk.rules.form_idle)) == walk.state


@given(st.frozensets(st.sampled_from(Notice)), st.floats(0.0, 1e9))
def test_an_invitation_has_no_deadline(notices, now):
    """Whatever is known, time alone changes nothing: the daemon need not ask."""
    waiting = Booth(Attract(), missing=frozenset(), notices=notices)
    assert (waiting, ()) == step(waiting, Tick(Instant(now)), Rules())
