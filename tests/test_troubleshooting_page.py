"""What one reads beside a booth that does not work: its words are the screen's, in each language, its events the log's.

The pages are the troubleshooting, and the card for the night with its English original.
"""

import ast
import re

import pytest

from booth.core.events import Reach
from booth.ui.languages import ENGLISH, LANGUAGES
from booth.ui.words import Words
from lab.pages import words
from tests.sources import ROOT, logged

PAGE = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
ORIGINAL = (ROOT / "docs/first-event.md").read_text(encoding="utf-8")
CARD = (ROOT / "docs/card-for-the-night.md").read_text(encoding="utf-8")

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
CATALOGS = {code: words.read(code) for code in TRANSLATED}
SAID = Words()

ENGLISH_ALONE = "Back soon. The booth needs a hand."
"""What is drawn where the catalogs may be what is broken."""

ABRIDGED = {"Sorry, ...": "Sorry, the camera missed that", "Back soon.": ENGLISH_ALONE}
"""What the table of the lamp says for short."""

FILES = (".toml", ".txt", ".pub")
"""How names in code end that are a file's, and so no event's."""


def tables(text):
    """Yield the tables of a page: the cells of each of its rows, without the line below the first."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()]
        yield [rows[0], *rows[2:]]


def part(text, heading):
    """Return what stands below a heading, up to the next one."""
    return text.partition(f"\n{heading}\n")[2].partition("\n##")[0]


def table_of(text, heading, first):
    """Return the rows of the table below a *heading* whose own first cell is this."""
    (rows,) = (rows for rows in tables(part(text, heading)) if rows[0][0] == first)
    return rows[1:]


def plain(cell):
    """Return a cell without the link that it may be."""
    return re.sub(r"\[(.*)\]\(.*\)", r"\1", cell)


def slanted(cell):
    """Return the screen's words in a cell, which are slanted or bold."""
    return re.findall(r"\*+([^*]+)\*+", cell)


def translations(message):
    """Return the ways in which the catalogs say a sentence, a row for each context that it is said in."""
    contexts = {found.context for found in words.sentences(CATALOGS["de"]) if found.id == message}
    return [[CATALOGS[code].get(message, context=context).string for code in TRANSLATED] for context in contexts]


WORDS = [[plain(cell) for cell in row] for rows in tables(PAGE) if rows[0][0] == LANGUAGES[ENGLISH] for row in rows]
TOLD = [row[0] for row in WORDS]


# ---- words in all languages


def test_the_columns_are_the_languages_of_the_screen():
    """Each of the four tables has all of them."""
    assert [list(LANGUAGES.values())] * 4 == [row for row in WORDS if row[0] == LANGUAGES[ENGLISH]]


@pytest.mark.parametrize("row", [row for row in WORDS if row[0] != LANGUAGES[ENGLISH]], ids=lambda row: row[0])
def test_a_row_has_the_words_of_the_screen(row):
    """In each language what the catalogs have, to the letter: so a search for what one sees finds it."""
    english, *others = row
    assert others in translations(english)


def test_everything_that_an_operator_may_be_shown_is_there():
    """Each missing part, apology, line at the foot, and word of the farewell; and the lines as sentences, too."""
    shown = [
        SAID.starting[0],
        SAID.starting_without[0],
        SAID.out_of_order[0],
        SAID.no_preview,
        *(said[0] for said in (*SAID.part.values(), *SAID.apology.values(), *SAID.outcome.values())),
        *(said for pair in SAID.notice.values() for said in pair),
    ]
    assert [] == [said for said in shown if said not in TOLD]


def test_the_lamp_is_told_beside_words_of_the_screen():
    """Whoever reads them there finds them in the catalogs."""
    screens = [said for row in table_of(PAGE, "## The lamp", "The lamp") for said in slanted(row[1])]
    said = [ABRIDGED.get(said, said) for said in screens]
    assert [] == [one for one in said if one != ENGLISH_ALONE and not translations(one)]


@pytest.mark.parametrize("heading", ["## The line at the foot of the invitation", "## What the farewell says"])
def test_what_has_words_has_a_meaning(heading):
    """The table of meanings has the rows of the table of words, in its order."""
    named = [plain(row[0]) for row in table_of(PAGE, heading, LANGUAGES[ENGLISH])]
    assert named == [row[0] for row in table_of(PAGE, heading, "It says")]


def test_each_apology_is_explained():
    """By the words that the screen begins it with."""
    explained = [row[0].strip("*") for row in table_of(PAGE, "### Apologies", "It says")]
    assert [said for said, _ in SAID.apology.values()] == explained


def test_what_the_last_screen_says_is_what_it_can_say():
    """That program stands alone, so its sentences are read from its source."""
    tree = ast.parse((ROOT / "systemd/recovery-screen").read_text(encoding="utf-8"))
    names = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    causes = [ast.literal_eval(cause.elts[1]) for cause in names["CAUSES"].elts]
    assert causes == [row[0] for row in table_of(PAGE, "### Back soon", "What happened, as it says it")]
    assert ENGLISH_ALONE == f"{ast.literal_eval(names['TITLE'])} {ast.literal_eval(names['HAND'])}"


# ---- events of the log


def test_each_event_that_is_named_is_logged():
    """In the table of events, and wherever else the page names one."""
    events = {name for row in table_of(PAGE, "## The log", "`event`") for name in re.findall(r"`(.+?)`", row[0])}
    events |= {name for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", PAGE) if not name.endswith(FILES)}
    assert [] == sorted(events - set(logged()[0]))


def test_each_field_that_is_named_is_one_of_its_event():
    """And each value of how far uploads get is one that there is."""
    code = logged()[0]
    reaches = {reach.value for reach in Reach}
    wrong = []
    for event, meaning, _ in table_of(PAGE, "## The log", "`event`"):
        known = {name for one in re.findall(r"`([a-z_.]+)`", event) for name in code[one].fields}
        known |= reaches if "`uploads.reach`" in event else set()
        wrong += [(event, name) for name in re.findall(r"`([a-z_-]+)`", meaning) if name not in known]
    assert [] == wrong


def test_an_event_is_explained_once():
    """Two rows would be two meanings."""
    named = [name for row in table_of(PAGE, "## The log", "`event`") for name in re.findall(r"`(.+?)`", row[0])]
    assert sorted(set(named)) == sorted(named)


# ---- the card for the night


ROWS = [row for rows in tables(part(ORIGINAL, "## 7 The card for 11 pm")) for row in rows[1:]]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_sheet_says_what_the_card_says_with_the_words_of_the_screen(code):
    """Row by row, the words of the screen are the catalog's for those of the English one."""
    sheet = [row for rows in tables(part(CARD, f"## {LANGUAGES[code]}")) for row in rows[1:]]
    assert len(ROWS) == len(sheet)
    for english, row in zip(ROWS, sheet, strict=True):
        at = TRANSLATED.index(code)
        may_be = [
            [said] if said == ENGLISH_ALONE else [forms[at] for forms in translations(said)]
            for cell in english
            for said in slanted(cell)
        ]
        said = [said for cell in row for said in slanted(cell)]
        assert len(may_be) == len(said), row
        assert [] == [word for word, forms in zip(said, may_be, strict=True) if word not in forms]


def test_the_words_of_the_english_card_are_the_screens():
    """Every slanted word of it, in its own column and in what to do."""
    said = {word for row in ROWS for cell in row for word in slanted(cell)} - {ENGLISH_ALONE}
    assert [] == sorted(word for word in said if not translations(word))
