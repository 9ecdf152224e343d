"""The event's own questions: asked one after the other once the details were sent; each can be skipped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.effects import Commit
from booth.core.events import (
    CaretMoved,
    ChoiceTouched,
    ConsentToggled,
    Declined,
    Erased,
    FieldChosen,
    NextField,
    Returned,
    SendChosen,
    SkipChosen,
    Touched,
    Typed,
)
from booth.core.form import ANSWER_LIMIT, Field, Form
from booth.core.scene import FormScene, scene
from booth.core.states import Ask, Attract, FillingIn
from booth.core.visit import Consent, Guest, OwnAnswer, OwnQuestion, Purpose, Reply, SessionId
from booth.units import Instant, later

VISIT = SessionId("visit-1")
BAND, WHO, AGAIN = OwnQuestion("band", ("whales", "none")), OwnQuestion("who"), OwnQuestion("again", ("yes", "no"))
TWO = (Consent("wall", Purpose.SHOW), Consent("news", Purpose.MARKETING))


def asked(start_walk, *questions, **rules):
    """Return a walk to where the first of *questions* is asked, after details were sent in French."""
    walk = start_walk(questions=questions or (BAND, WHO), **({"consents": ()} | rules)).come_up().to_form()
    walk.type_in(Field.NAME, "Zoë")
    assert () == walk.happen(SendChosen, language="fr")
    return walk


def at(walk):
    """Return which question is asked, and what stands below it."""
    return walk.state.ask, walk.state.question, walk.state.form.answer.text


def zoe(*told, **changes):
    return Guest(**({"name": "Zoë", "email": "", "language": "fr", "told": told} | changes))


def test_they_are_asked_one_after_the_other(start_walk):
    """What is chosen and what is typed goes with the guest, the choice by its id."""
    walk = asked(start_walk)
    assert (Ask.QUESTION, 0, "") == at(walk)
    walk.happen(ChoiceTouched, choice="whales")
    assert () == walk.happen(SendChosen)
    assert (Ask.QUESTION, 1, "") == at(walk)
    walk.happen(Typed, text="Aunt Ida ")
    guest = zoe(OwnAnswer("band", "whales"), OwnAnswer("who", "Aunt Ida"))
    assert (Commit(walk.state.session, guest),) == walk.happen(SendChosen)


def test_where_several_consents_are_asked_these_come_first(start_walk):
    """A tick is kept, whatever becomes of the questions."""
    walk = asked(start_walk, BAND, consents=TWO)
    walk.happen(ConsentToggled, consent="wall")
    assert Ask.AGREE is walk.state.ask
    assert () == walk.happen(SendChosen)
    assert (Ask.QUESTION, 0, "") == at(walk)
    (commit,) = walk.happen(SkipChosen)
    assert (Reply(TWO[0], True), Reply(TWO[1], False)) == commit.guest.answers


def test_each_is_skipped_by_one_touch(start_walk):
    """Whatever is marked or typed already."""
    walk = asked(start_walk)
    walk.happen(ChoiceTouched, choice="none")
    walk.happen(SkipChosen)
    walk.happen(Typed, text="Ida")
    assert (Commit(walk.state.session, zoe()),) == walk.happen(SkipChosen)


@pytest.mark.parametrize("event", [SendChosen, Returned, NextField])
def test_who_answers_nothing_goes_on(start_walk, event):
    """A question without an answer, or of which nothing can be seen, is skipped."""
    walk = asked(start_walk, WHO)
    walk.happen(Typed, text="  ")
    assert (Commit(walk.state.session, zoe()),) == walk.happen(event)


def test_one_choice_is_marked_at_a_time_and_can_be_taken_back(start_walk):
    """What is no choice of this question marks nothing."""
    walk = asked(start_walk, BAND)
    marks = []
    for choice in ("whales", "none", "yes", "none"):
        walk.happen(ChoiceTouched, choice=choice)
        marks.append(walk.state.form.answer.text)
    assert ["whales", "none", "none", ""] == marks


def test_nothing_is_typed_where_one_chooses(start_walk):
    """Nor erased: what is marked stays, and there is no caret in it."""
    walk = asked(start_walk, BAND)
    walk.happen(ChoiceTouched, choice="whales")
    form = walk.state.form
    for event, said in (
        (Typed, {"text": "x"}),
        (Erased, {}),
        (CaretMoved, {"by": -1}),
        (FieldChosen, {"field": Field.NAME}),
        (FieldChosen, {"field": Field.ANSWER, "caret": 0}),
    ):
        walk.happen(event, **said)
    assert ("whales", "Zoë", form) == (form.answer.text, form.name.text, walk.state.form)


def test_the_caret_goes_where_it_is_moved_and_where_the_field_is_touched(start_walk):
    """As in the fields of the form."""
    walk = asked(start_walk, WHO)
    walk.happen(Typed, text="Ida")
    walk.happen(CaretMoved, by=-1)
    walk.happen(Typed, text="x")
    walk.happen(FieldChosen, field=Field.ANSWER, caret=0)
    walk.happen(Typed, text="Y")
    assert "YIdxa" == walk.state.form.answer.text


def test_nothing_but_the_answer_is_typed_into(start_walk):
    """The form lies below: neither its fields nor its buttons can be reached by a late event."""
    walk = asked(start_walk, WHO)
    walk.happen(FieldChosen, field=Field.EMAIL)
    walk.happen(Typed, text="Ida")
    walk.happen(Erased)
    assert ("Zoë", "", "Id") == (*(walk.state.form.name.text, walk.state.form.email.text), walk.state.form.answer.text)


def test_back_leads_to_the_one_before_with_its_answer(start_walk):
    """There another one can be marked."""
    walk = asked(start_walk)
    walk.happen(ChoiceTouched, choice="whales")
    walk.happen(SendChosen)
    walk.happen(Declined)
    assert (Ask.QUESTION, 0, "whales") == at(walk)
    walk.happen(ChoiceTouched, choice="none")
    walk.happen(SendChosen)
    assert (Commit(walk.state.session, zoe(OwnAnswer("band", "none"))),) == walk.happen(SkipChosen)


def test_whoever_comes_back_goes_on_typing_behind_what_they_typed(start_walk):
    """The caret is at the end of it."""
    walk = asked(start_walk, WHO, BAND)
    walk.happen(Typed, text="Ida")
    walk.happen(SendChosen)
    walk.happen(Declined)
    walk.happen(Typed, text="!")
    assert (Ask.QUESTION, 0, "Ida!") == at(walk)


def test_whoever_comes_back_can_take_an_answer_back(start_walk):
    """What they went on from the first time is forgotten when they skip it."""
    walk = asked(start_walk)
    walk.happen(ChoiceTouched, choice="whales")
    walk.happen(SendChosen)
    walk.happen(Declined)
    walk.happen(SkipChosen)
    assert (Commit(walk.state.session, zoe()),) == walk.happen(SkipChosen)


@pytest.mark.parametrize(("consents", "before"), [((), None), (TWO, Ask.AGREE)], ids=["form", "consents"])
def test_back_from_the_first_leads_to_what_was_before(start_walk, consents, before):
    """To the form, ready to type; or to the boxes."""
    walk = asked(start_walk, BAND, consents=consents)
    if consents:
        walk.happen(SendChosen)
    walk.happen(Declined)
    assert (before, Field.EMAIL) == (walk.state.ask, walk.state.form.focus)


def test_who_walks_away_keeps_what_they_went_on_from(start_walk):
    """The details were sent, and so was the first answer; what is marked on the page that they left is none."""
    walk = asked(start_walk, BAND, AGAIN)
    walk.happen(ChoiceTouched, choice="whales")
    walk.happen(SendChosen)
    walk.happen(ChoiceTouched, choice="yes")
    session = walk.state.session
    assert (Commit(session, zoe(OwnAnswer("band", "whales"))),) == walk.sit_out()
    assert isinstance(walk.state, Attract)


def test_the_button_goes_on_with_what_is_there(start_walk):
    """The details were sent; a press sooner than it can have been meant for this page is dropped."""
    walk = asked(start_walk, BAND)
    walk.happen(ChoiceTouched, choice="none")
    assert ((), Ask.QUESTION) == (walk.press(), walk.state.ask)
    walk.wait(2.0)
    session = walk.state.session
    assert (Commit(session, zoe(OwnAnswer("band", "none"))),) == walk.press()


@pytest.mark.parametrize(
    ("question", "event", "said"),
    [
        (WHO, Touched, {}),
        (WHO, Typed, {"text": "x"}),
        (BAND, Typed, {"text": "x"}),
        (BAND, ChoiceTouched, {"choice": "none"}),
    ],
)
def test_a_touch_keeps_the_page_open(start_walk, question, event, said):
    """Somebody is there, also when nothing comes of what they typed."""
    walk = asked(start_walk, question)
    walk.wait(80.0)
    walk.happen(event, **said)
    assert later(walk.now, walk.rules.form_idle) == walk.state.until


def test_each_page_has_all_of_its_time(start_walk):
    """However long a guest took for the one before."""
    walk = asked(start_walk)
    walk.wait(80.0)
    walk.happen(SkipChosen)
    assert (Ask.QUESTION, 1, "") == at(walk)
    assert later(walk.now, walk.rules.form_idle) == walk.state.until


def test_a_press_that_was_meant_for_the_page_before_is_dropped(start_walk):
    """The hand was on its way to the button when the page turned."""
    walk = asked(start_walk)
    walk.wait(10.0)
    walk.happen(SendChosen)
    assert ((), (Ask.QUESTION, 1, "")) == (walk.press(), at(walk))


def test_who_skips_the_form_is_not_asked(start_walk):
    """Nobody answers who gives nothing."""
    walk = start_walk(questions=(BAND,)).come_up().to_form()
    session = walk.state.session
    assert (Commit(session, None),) == walk.happen(SkipChosen)


def test_the_scene_has_the_question_and_whether_another_follows(start_walk):
    """Only while it is asked."""
    walk = asked(start_walk)
    scenes = [scene(walk.booth, walk.now, walk.rules)]
    walk.happen(SkipChosen)
    scenes.append(scene(walk.booth, walk.now, walk.rules))
    assert [(BAND, True, False), (WHO, False, True)] == [
        (each.question, each.more, each.typing) for each in scenes if isinstance(each, FormScene)
    ]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_an_answer_is_never_longer_than_metadata_have_room_for(texts):
    """Whatever is typed, and in which script; what passes the limit is not taken, and what was there stays."""
    form = Form().questioned("who")
    for text in texts:
        typed = form.typed(text)
        assert typed.answer.text.startswith(form.answer.text)
        form = typed
    assert len(form.answer.text.encode("utf-8", "surrogatepass")) <= ANSWER_LIMIT


def test_what_was_answered_is_in_no_log():
    """Nor in a traceback: neither of the guest's details nor of what is under their finger."""
    said = Form().questioned("who").typed("secret").answered("who")
    touched = ChoiceTouched(Instant(1.0), "secret")
    state = FillingIn(VISIT, said, Instant(0.0), Instant(9.0))
    assert "secret" not in repr((said, said.guest(), touched, state))
