"""The event's own questions are pages of their own: what is touched there, and in which language they are read."""

from dataclasses import replace

import pygame
import pytest

from booth.core.events import ChoiceTouched, Declined, NextField, SendChosen, SkipChosen, Typed
from booth.core.form import Field, Form
from booth.core.scene import FormScene
from booth.core.states import Animation, Ask
from booth.core.visit import OwnQuestion, SessionId
from booth.errors import ConfigError
from booth.ports import Size
from booth.ui.questions import MOST_CHOICE, MOST_QUESTION, longest
from tests.ui.touching import NOW, in_french, tap

TEXTS = {
    "band": {"en": "Which band?", "fr": "Quel groupe ?"},
    "band:whales": {"en": "The whales", "fr": "Les baleines"},
    "band:none": {"en": "None", "fr": "Aucun"},
    "who": {"en": "Who invited you?", "fr": "Qui t’a invité ?"},
}
BAND = OwnQuestion("band", ("whales", "none"))
CHOOSING = FormScene(
    SessionId("20261122-170512-k3v9q2m7xw"), Form().questioned("band"), Animation.READY, False, name_required=False,
    email_required=False, ask=Ask.QUESTION, closing_in=None, question=BAND, more=True,
)  # fmt: skip
TYPING = replace(CHOOSING, question=OwnQuestion("who"), form=Form().questioned("who"), more=False)


def asked(open_screen, scene):
    """Return a screen that shows the *scene* of a question to a guest who chose French, and what it has written."""
    return in_french(open_screen, scene, questions=TEXTS)


def test_each_choice_is_the_whole_of_its_row(open_screen):
    """The keyboard and the form below cannot be touched; what leads on stands below."""
    screen, _ = asked(open_screen, CHOOSING)
    assert ["choice:whales", "choice:none", "back", "skip", "done"] == [spot.name for spot in screen.spots()]
    assert [ChoiceTouched(NOW, "none")] == tap(screen, "choice:none")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("back", Declined(NOW)), ("skip", SkipChosen(NOW)), ("done", SendChosen(NOW, "fr"))],
)
def test_one_touch_leads_back_past_it_or_on(open_screen, name, meant):
    """On both kinds of pages."""
    for scene in (CHOOSING, TYPING):
        screen, _ = asked(open_screen, scene)
        assert [meant] == tap(screen, name)


def test_it_is_read_in_the_language_that_was_chosen(open_screen):
    """The question, its choices, and that nobody must."""
    _, said = asked(open_screen, CHOOSING)
    free = "Seulement si tu veux. Tu as ton GIF de toute façon."
    assert ["Quel groupe ?", free, "Les baleines", "Aucun", "Retour", "Passer", "Suivant"] == said


def test_after_the_last_one_it_is_done(open_screen):
    """The button says so; the field says that nobody must."""
    _, said = asked(open_screen, TYPING)
    assert ["Qui t’a invité ?", "Ta réponse, si tu veux", "Retour", "Passer", "Terminé"] == said[:5]


def test_an_answer_is_typed_on_the_booths_own_keys(open_screen):
    """Into its field, with a capital to begin with; the key that leads to the next field leads on."""
    screen, _ = asked(open_screen, TYPING)
    fields = [spot.name for spot in screen.spots() if spot.name.startswith("field:")]
    meant = [each for key in ("key:I", "key:next") for each in tap(screen, key)]
    assert (["field:answer"], [Typed(NOW, "I"), NextField(NOW)]) == (fields, meant)


def test_a_key_under_a_finger_is_let_go_when_the_next_question_comes(open_screen):
    """What was held belonged to the page before."""
    screen, _ = asked(open_screen, TYPING)
    screen.show(replace(TYPING, question=OwnQuestion("again"), form=Form(focus=Field.ANSWER)), NOW)
    assert frozenset() == screen._hands.feedback(NOW).pressed


@pytest.mark.parametrize("size", [Size(800, 480), Size(1024, 600), Size(480, 800)], ids=str)
@pytest.mark.parametrize("count", [0, 2, 3, 4, 6])
def test_what_is_touched_is_as_large_as_a_thumb_and_covers_nothing(open_screen, size, count):
    """On each screen that there is, whatever can be chosen."""
    choices = tuple(f"c{number}" for number in range(count))
    texts = {name: {"en": "Yes"} for name in ("q", *(f"q:{choice}" for choice in choices))}
    screen = open_screen(size, consent_text="", questions=texts, language="en")
    screen.show(replace(CHOOSING, question=OwnQuestion("q", choices)), NOW)
    spots = [spot for spot in screen.spots() if not spot.name.startswith("key:")]
    inside = [0 <= s.x and 0 <= s.y and s.x + s.width <= size.width and s.y + s.height <= size.height for s in spots]
    apart = [
        a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        for index, a in enumerate(spots)
        for b in spots[:index]
    ]
    assert (True, True) == (all(inside), all(apart))
    assert [] == [spot.name for spot in spots if spot.width < 100 or spot.height < 48]


def test_the_next_page_is_written_over_the_one_before(open_screen):
    """The same choices below another question, in other words: all of them are painted anew; and so is a mark."""
    texts = {"a": "First?", "a:yes": "Oh yes", "a:no": "Oh no", "b": "Second?", "b:yes": "Maybe", "b:no": "Hardly"}
    screen = open_screen(consent_text="", questions={name: {"en": text} for name, text in texts.items()})
    first, second = (replace(CHOOSING, question=OwnQuestion(name, ("yes", "no"))) for name in "ab")
    screen.show(first, NOW)
    screen._canvas.written = []
    screen.show(second, NOW)
    said = [line.text for line in screen._canvas.written]
    assert [True] * 3 == [texts[name] in said for name in ("b", "b:yes", "b:no")]
    before = screen._surface.copy()
    screen.show(replace(second, form=second.form.marked("no")), NOW)
    assert pygame.image.tobytes(before, "RGB") != pygame.image.tobytes(screen._surface, "RGB")


@pytest.mark.parametrize(
    ("question", "weighs"),
    [({}, 240), ({"choices": ({"id": "a"}, {"id": "abc"})}, 3)],
    ids=["typed", "chosen"],
)
def test_an_answer_weighs_as_much_as_the_longest_that_there_can_be(question, weighs):
    """Of choices, that is the longest id; where guests type, what they can type."""
    assert weighs == longest(question, 240)


LONG = "HABEN WIR UNS SCHON EINMAL GESEHEN, UND WENN JA: WO, WIE OFT UND MIT WEM? " * 2


@pytest.mark.parametrize("size", [Size(800, 480), Size(480, 800)], ids=str)
def test_the_longest_texts_have_room(open_screen, size):
    """On the smallest screens that there are, above the keys as well."""
    choices = tuple(f"c{number}" for number in range(6))
    texts = {"q": {"en": LONG[:MOST_QUESTION].strip()}, "w": {"en": LONG[:MOST_QUESTION].strip()}}
    texts |= {f"q:{choice}": {"en": LONG[:MOST_CHOICE].strip()} for choice in choices}
    screen = open_screen(size, consent_text="", questions=texts, language="en")
    screen._canvas.written = []
    for question in (OwnQuestion("q", choices), OwnQuestion("w")):
        screen.show(replace(CHOOSING, question=question), NOW)
    assert [] == [line.text for line in screen._canvas.written if line.cut]


def test_what_has_no_room_is_told_at_the_start(open_screen):
    """The owner reads which text it is, in which language."""
    wide = "W" * MOST_QUESTION
    with pytest.raises(ConfigError) as caught:
        open_screen(
            Size(480, 800), consent_text="", questions={"q": {"en": wide, "fr": "Oui ?"}}, languages=("en", "fr")
        )
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"form.questions: q.en: its {len(wide)} characters do not fit on a screen of 480x800, ")
