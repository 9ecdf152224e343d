import re
from pathlib import Path

import pygame
import pytest

from booth.core.events import Part, Reach
from booth.core.form import Complaint, Field
from booth.core.states import Animation, Ask, Outcome, Reason
from booth.ui.languages import ENGLISH, LANGUAGES, words_in
from booth.ui.text.fonts import Fonts, Weight
from booth.ui.words import Words
from lab.pages import words

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(scope="module")
def script():
    """Return what ``scripts/words`` starts."""
    return words


@pytest.fixture(scope="module")
def wanted(script):
    """Return everything that the screen says."""
    return script.template()


# ---- the catalogs that ship


def test_every_language_that_can_be_set_has_a_catalog_and_no_other(script):
    """What booth.toml may name is there, and what is there may be named."""
    assert sorted(TRANSLATED) == script.codes()


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalog_is_complete_and_sound(script, wanted, code):
    """No sentence is missing, doubtful or said nowhere; placeholders, plurals and marks are right; it is compiled."""
    compiled = script.path_of(code, "mo").read_bytes()
    assert [] == list(script.faults(code, script.read(code), wanted, compiled))


@pytest.fixture
def fonts():
    """Return the bundled typeface alone."""
    pygame.font.init()
    yield Fonts(())
    pygame.font.quit()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_typeface_has_every_letter_of_every_language(wanted, script, fonts, code):
    """Nothing that the booth itself says needs a font that may not be there, and every blank is blank."""
    catalog = wanted if code == ENGLISH else script.read(code)
    said = {
        char
        for message in script.sentences(catalog)
        for form in (message.id if code == ENGLISH else message.string, LANGUAGES[code])
        for char in "".join(form)
    }
    for weight in Weight:
        nothing = pygame.image.tobytes(fonts.render("\U0010fffd", weight, 20, (0, 0, 0)), "RGBA")
        drawn = {char: fonts.render(char, weight, 20, (0, 0, 0)) for char in said}
        inked = {char for char, picture in drawn.items() if picture.get_bounding_rect().width}
        lacking = {char for char in inked if pygame.image.tobytes(drawn[char], "RGBA") == nothing}
        assert (set(), {char for char in said if not char.isspace()}) == (lacking, inked)


def test_a_french_mark_never_begins_a_line(script, fonts):
    """The narrow blank before it holds the two together, however little room there is."""
    said = [message.string for message in script.sentences(script.read("fr")) if "\u202f" in message.string]
    lines = [line for room in range(90, 390, 30) for text in said for line in fonts.wrap(text, Weight.BOLD, 24, room)]
    assert [] == [line for line in lines if line[:1] in {"?", "!", ":", ";"} and len(line) > 1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_placeholder_is_left_in_what_is_said(code):
    """Whatever numbers and addresses are put in: no brace is ever shown."""
    words = words_in(code)
    said = [
        *(line for shots in range(1, 13) for line in words.attract(shots)),
        *(line for seconds in range(61) for line in words.closing(seconds)),
        words.shot_of(1, 4),
        words.hint("zoe@gmail.com"),
    ]
    assert [] == [line for line in said if re.search(r"[{}]", line) or not line]


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("en", "One pose.", "Two poses."),
        ("de", "Eine Pose.", "Zwei Posen."),
        ("fr", "Une pose.", "Deux poses."),
        ("es", "Una pose.", "Dos poses."),
        ("it", "Una posa.", "Due pose."),
    ],
)
def test_one_is_not_many(code, one, two):
    """A number agrees with what is counted."""
    words = words_in(code)
    assert (one, two) == (words.attract(1)[0], words.attract(2)[0])


@pytest.mark.parametrize("code", LANGUAGES)
def test_there_are_words_for_everything_that_can_happen(code):
    """No outcome, reason, complaint, field, question or part leaves the screen speechless."""
    words = words_in(code)
    kinds = (
        (Animation, words.animation),
        (Ask, words.ask),
        (Complaint, words.complaint),
        (Field, words.field),
        (Outcome, words.outcome),
        (Part, words.part),
        (Reason, words.apology),
        (Reason, words.kept_after_all),
    )
    assert [] == [kind for kind, said in kinds if set(said) != set(kind)]


def test_without_a_catalog_it_is_english():
    """The source is the English catalog."""
    assert ("Get ready", "Four poses.") == (Words().get_ready, Words().attract(4)[0])


# ---- the script that keeps them

SOURCE = """
# Translators: when it is over.
_("Done.")
ngettext("{n} picture", "{n} pictures", 2)
pgettext("button", "Send")
"""
GOOD = {
    ("Done.", None): "Fertig.",
    ("{n} picture", None): ("{n} Bild", "{n} Bilder"),
    ("Send", "button"): "Senden",
}


@pytest.fixture
def small(script, tmp_path):
    """Return a catalog of three sentences."""
    source = tmp_path / "words.py"
    source.write_text(SOURCE)
    return script.template(source)


def translated(script, wanted, code, said):
    """Return a catalog of *wanted* in which this is *said*."""
    catalog = script.updated(code, script.Catalog(locale=code), wanted)
    for (sentence, context), string in said.items():
        catalog.get(sentence, context=context).string = string
    return catalog


def told(script, catalog, wanted, code="de"):
    """Return what is wrong with a compiled catalog."""
    return list(script.faults(code, catalog, wanted, script.mo(catalog)))


def test_a_good_catalog_has_no_faults(script, small):
    """Nothing is wrong with what is right."""
    assert [] == told(script, translated(script, small, "de", GOOD), small)


@pytest.mark.parametrize(
    ("sentence", "context", "said", "fault"),
    [
        ("Done.", None, "", 'de: "Done." is not translated'),
        ("Done.", None, "Fertig", 'de: "Done." ends differently: Fertig'),
        ("Done.", None, "Es ist  fertig.", 'de: "Done." has a blank too many: Es ist  fertig.'),
        ("Done.", None, "'s ist fertig.", "de: \"Done.\" has a typewriter's quote: 's ist fertig."),
        ("{n} picture", None, ("{n} Bild", ""), 'de: "{n} picture" is not translated'),
        ("{n} picture", None, ("{n} Bild", "{m} Bilder"), 'de: "{n} picture" has other placeholders: {m} Bilder'),
        ("Send", "button", "", 'de: "Send" (button) is not translated'),
    ],
)
def test_a_fault_is_named(script, small, sentence, context, said, fault):
    """Each with the language and the sentence, and what to put right."""
    catalog = translated(script, small, "de", GOOD | {(sentence, context): said})
    assert [fault] == told(script, catalog, small)


def test_a_doubtful_translation_is_a_fault(script, small):
    """What a tool has guessed is not shown to guests."""
    catalog = translated(script, small, "de", GOOD)
    catalog.get("Done.").flags.add("fuzzy")
    wrong = list(script.faults("de", catalog, small, None))
    assert wrong[0] == 'de: "Done." is marked as fuzzy: correct it, and remove the mark'


def test_a_french_mark_stands_off(script, small, tmp_path):
    """A question mark has a narrow blank before it, which breaks no line."""
    source = tmp_path / "words.py"
    source.write_text('_("Done?")')
    wanted = script.template(source)
    wrong = [translated(script, wanted, "fr", {("Done?", None): said}) for said in ("Fini?", "Fini ?", "Fini\u202f?")]
    assert [1, 1, 0] == [len(told(script, catalog, wanted, "fr")) for catalog in wrong]


def test_what_is_said_no_more_is_an_orphan_until_it_is_updated(script, small, wanted):
    """An orphan is a fault, and goes with the next run."""
    catalog = translated(script, small, "de", GOOD)
    catalog.add("Gone.", "Weg.")
    orphaned = told(script, catalog, small)
    assert (['de: "Gone." is said nowhere: run scripts/words'], []) == (
        orphaned,
        told(script, script.updated("de", catalog, small), small),
    )


def test_a_catalog_that_was_not_compiled_is_a_fault(script, small):
    """Who edits a catalog and forgets to compile it is told."""
    catalog = translated(script, small, "de", GOOD)
    stale = script.mo(translated(script, small, "de", GOOD | {("Done.", None): "Aus."}))
    assert ["de: booth.mo is not what booth.po says: run scripts/words"] == list(
        script.faults("de", catalog, small, stale)
    )


def test_a_new_sentence_waits_for_its_translator(script, small, tmp_path):
    """It is never guessed from one that looks like it; what was translated stays."""
    catalog = translated(script, small, "de", GOOD)
    source = tmp_path / "words.py"
    source.write_text(SOURCE + '_("Done!")\n')
    new = script.updated("de", catalog, script.template(source))
    assert (False, "Fertig.") == (bool(new.get("Done!").string), new.get("Done.").string)


def test_a_catalog_survives_being_written_and_read(script, small, tmp_path):
    """Translations, plurals, contexts and the words to the translators come back."""
    catalog = translated(script, small, "de", GOOD)
    path = script.path_of("de", folder=tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(script.po(catalog))
    again = script.read("de", tmp_path)
    assert script.po(catalog) == script.po(script.updated("de", again, small))
    assert ["when it is over."] == again.get("Done.").auto_comments


# ---- what is said of them


def test_what_the_design_has_the_booth_say_is_what_it_says(script):
    """Every sentence of the left column of "Say, not" is one of the screen's, word for word."""
    page = (Path(__file__).parents[2] / "docs" / "design.md").read_text()
    table = page.partition("| Say | Not |\n|---|---|\n")[2].partition("\n\n")[0]
    say = [row.split("|")[1].strip() for row in table.splitlines()]
    messages = {str(message.id) for message in script.sentences(script.template())}
    assert len(say) > 4
    assert [] == [sentence for sentence in say if sentence not in messages]


def test_a_guest_reads_what_keeps_a_gif_that_is_saved():
    """Away, refused or with nowhere to go: each true, and none promises more than that; the word is the same."""
    words = Words()
    said = {reach: words.told(Outcome.SAVED, reach) for reach in Reach}
    here, online, later = (
        "Your GIF is safe on this booth.",
        "It will be sent when the booth is online.",
        "It is kept here and will be sent later.",
    )
    expected = {
        Reach.UP: here,
        Reach.SLOW: here,
        Reach.OFFLINE: online,
        Reach.LOGIN: online,
        Reach.HELD_UP: later,
        Reach.REFUSED: here,  # somebody has to put something right, and may not
        Reach.NO_BUCKET: here,
    }
    assert expected == {reach: sentence.partition(" Ask ")[0] for reach, (_, sentence) in said.items()}
    assert {"Saved"} == {word for word, _ in said.values()}
    assert words.outcome[Outcome.SENT] == words.told(Outcome.SENT, Reach.OFFLINE)
