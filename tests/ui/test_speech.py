"""What the booth says aloud, and when."""

import pytest

from booth.core.events import Part
from booth.core.form import Complaint, Field, Form, Line
from booth.core.scene import (
    ApologyScene,
    AttractScene,
    CountdownScene,
    FarewellScene,
    FinishingScene,
    FlashScene,
    FormScene,
    GetReadyScene,
    OutOfOrderScene,
    StartingScene,
)
from booth.core.states import Animation, Ask, Outcome, Reason
from booth.core.visit import SessionId
from booth.ui.speech import Speech
from booth.ui.words import Words

WORDS = Words()
VISIT = SessionId("visit")


class RecordedVoice:
    """A voice that remembers what it was to say."""

    def __init__(self):
        self.said = []

    def say(self, text, language):
        self.said.append((text, language))

    def close(self):
        pass


def heard(*scenes, language="en"):
    """Return what is said while these scenes are on the screen, one after the other, each for some frames."""
    voice = RecordedVoice()
    speech = Speech(voice)
    for scene in scenes:
        for _ in range(3):
            speech.watch(scene, WORDS, language)
    assert all(spoken == language for _, spoken in voice.said)
    return [text for text, _ in voice.said]


def form(**facts):
    """Return the form as it is shown unless told otherwise."""
    asked = {"consent_asked": False, "name_required": False, "email_required": True, "ask": None, "closing_in": None}
    return FormScene(**{"session": VISIT, "form": Form(), "animation": Animation.MAKING, **asked, **facts})


def test_a_visit_is_told_from_the_invitation_to_the_farewell():
    """Each thing once, when it begins; the screen's own words where it has some."""
    visit = (
        AttractScene(4),
        GetReadyScene(4, 3.0),
        GetReadyScene(4, 1.0),
        *(CountdownScene(1, 4, digit, 0.5) for digit in (3, 2, 1)),
        FlashScene(1, 4),
        CountdownScene(2, 4, 3, 1.0),
        form(),
        form(animation=Animation.READY),
        form(animation=Animation.READY, sending=True),
        FarewellScene(VISIT, Outcome.SENDING),
        FarewellScene(VISIT, Outcome.SENT),
    )
    assert [
        "Four poses. One GIF. Press the button",
        "Get ready. Look at the camera.",
        "3",
        "2",
        "1",
        "3",
        "Type your name and your e-mail, or press the button to skip.",
        "Your GIF is ready. Type your name and your e-mail, or press the button to skip.",
        "Sending. Your GIF is on its way to the team. Ask the team how you get it: the booth sends no e-mail.",
        "Sent. The team has your GIF. Ask the team how you get it: the booth sends no e-mail.",
    ] == heard(*visit)


def test_where_a_code_leads_to_it_the_code_is_told_of():
    """Who takes the GIF home with a code need not ask the team for it."""
    link = FarewellScene(VISIT, Outcome.SENT, "https://photos.example.com/1")
    assert [
        "Sending. A QR code will appear here as soon as your GIF has arrived.",
        "Sent. Scan with your phone camera",
    ] == heard(FarewellScene(VISIT, Outcome.SENDING, link_coming=True), link)


def test_typing_is_not_commented_on():
    """Neither what a guest types nor the seconds that run is ever said."""
    typed = [form(form=Form(name=Line("Zoë"[:count], count))) for count in range(4)]
    closing = [form(closing_in=seconds) for seconds in (15, 14, 13)]
    assert 2 == len(heard(*typed, *closing))
    assert not any("Zo" in text for text in heard(*typed, *closing))


def test_who_has_begun_to_type_is_not_told_to_begin():
    """They hear that the animation is ready, and nothing when a question has gone."""
    begun = Form(name=Line("Zoë", 3))
    asked = [form(form=begun, ask=ask, animation=Animation.READY) for ask in (Ask.DELETE, None)]
    assert "Your GIF is ready." == heard(form(form=begun), form(form=begun, animation=Animation.READY))[-1]
    assert ["Delete your pictures? Pictures and GIF will be gone for good.", "Your GIF is ready."] == heard(*asked)


def test_what_the_form_asks_or_misses_is_said():
    """A question with what it means; a complaint in the words beside the field."""
    wrong = Form(complaints=((Field.EMAIL, Complaint.EMAIL_MISSING),))
    assert [
        "Please type your e-mail, or touch Skip",
        "Finish without your details? Your GIF is kept. What you have typed is forgotten.",
    ] == heard(form(form=wrong), form(form=wrong, ask=Ask.SKIP))


def test_a_long_countdown_is_counted_at_its_end_only():
    """More digits than can be said in their second are left to the screen."""
    assert ["3", "2", "1"] == heard(*(CountdownScene(1, 4, digit, 0.5) for digit in range(10, 0, -1)))


@pytest.mark.parametrize("deleting", [False, True])
def test_a_wait_says_what_is_waited_for(deleting):
    """As the screen does."""
    title = "Deleting your pictures" if deleting else "Baking your GIF"
    assert [title] == heard(FinishingScene(VISIT, Animation.MAKING, deleting))


def test_an_apology_says_what_has_become_of_the_pictures():
    """What went wrong, and whether anything is kept."""
    (said,) = heard(ApologyScene(Reason.CAMERA, kept=False))
    assert said.startswith("Sorry, the camera missed that. ")
    assert said.endswith("No picture was kept.")


def test_what_a_booth_does_by_itself_is_told_once():
    """Out of order, however many parts come and go; warming up is not worth a word."""
    assert ["Not working right now. Please tell somebody from the team."] == heard(
        StartingScene(), OutOfOrderScene((Part.GM,)), OutOfOrderScene((Part.GM, Part.DISK))
    )


def test_who_chooses_another_language_hears_it():
    """The invitation is said again, in the language that was chosen."""
    voice = RecordedVoice()
    speech = Speech(voice)
    for language in ("en", "de", "de"):
        speech.watch(AttractScene(4), WORDS, language)
    assert ["en", "de"] == [language for _, language in voice.said]
