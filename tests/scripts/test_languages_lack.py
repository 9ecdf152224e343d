"""What a language lacks is told by ``scripts/words``; the columns of the troubleshooting page follow the catalogs."""

import shutil

import pytest
from babel.messages.catalog import Catalog

from booth.ui.languages import LANGUAGES
from lab import ROOT
from lab.pages import columns, words

BOARDS = ROOT / "assets" / "keyboards"


def test_the_languages_that_there_are_lack_nothing():
    """Each has its name, its catalog, and its keys."""
    assert [] == list(words.gaps(words.codes(), LANGUAGES, BOARDS))


@pytest.mark.parametrize(
    ("catalogs", "languages", "lacks"),
    [
        (["de"], ["en"], "de: nobody can choose it: add it to LANGUAGES in booth/ui/languages.py"),
        ([], ["en", "de"], "de: there is no catalog: begin it with scripts/words --add de"),
        (["xx"], ["en", "xx"], "xx: there is no assets/keyboards/xx.toml: copy en.toml there, and change it"),
    ],
)
def test_what_a_language_lacks_is_told(catalogs, languages, lacks):
    """A name, a catalog, or keys, with what to do; of one step that was left out nothing else is said."""
    assert [lacks] == list(words.gaps(catalogs, languages, BOARDS))


def test_what_is_wrong_in_a_keyboard_is_told_with_its_place(tmp_path):
    """Before a booth is started with it."""
    file = tmp_path / "nl.toml"
    shutil.copy(BOARDS / "en.toml", file)
    file.write_text(file.read_text().replace("q w e r t", "q w e q t", 1))
    shutil.copy(BOARDS / "en.toml", tmp_path)
    assert [f"{file}: name: 'q' is there twice: remove one"] == list(words.gaps(["nl"], ["en", "nl"], tmp_path))


def catalog(code, said):
    """Return a catalog in which this is said, by sentence and context."""
    made = Catalog(locale=code)
    for (sentence, context), string in said.items():
        made.add(sentence, string, context=context)
    return made


def test_the_columns_are_what_the_catalogs_say():
    """A link, the state and not the button of one name, and a row that no catalog has: all stay what they are."""
    said = {
        code: catalog(code, {("Sent", "button"): f"{code} away", ("Sent", "status"): f"{code} sent"})
        for code in LANGUAGES
        if code != "en"
    }
    page = (
        "Before.\n\n| English | Deutsch |\n|---|---|\n| [Sent](#sent) | de sent |\n| Never | Nie |\n\n| It | says |\n"
    )
    head = f"| {' | '.join(LANGUAGES.values())} |\n{'|---' * len(LANGUAGES)}|"
    cells = " | ".join(f"{code} sent" for code in said)
    expected = f"Before.\n\n{head}\n| [Sent](#sent) | {cells} |\n| Never | Nie |\n\n| It | says |\n"
    assert expected == columns.renewed(page, said)


def test_the_page_has_the_columns_that_the_catalogs_say():
    """As ``scripts/words`` leaves it."""
    page = words.TROUBLES.read_text(encoding="utf-8")
    assert page == columns.renewed(page, {code: words.read(code) for code in words.codes()})
