"""What the pages for people name is there: files and folders of the repository, links, and modules of the lab.

The decision records are left out: they may name what was.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from booth.ui.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("CONTRIBUTING.md", "README.md", "SECURITY.md")),
    *(ROOT / name for name in ("assets/README.md", "docs/adr/README.md")),
    *(ROOT / "lab").glob("*.md"),
    *sorted((ROOT / "docs").glob("*.md")),
]
FOLDERS = ("assets", "booth", "config", "docs", "image", "lab", "scripts", "tests")

DUTCH = {"assets/keyboards/nl.toml", "assets/locale/nl/LC_MESSAGES/booth.po"}

YET_TO_BE_MADE = {*(DUTCH if "nl" not in LANGUAGES else ()), "booth/scripts/provision"}
"""What a page tells its reader to make: a language that there is not, and a checkout in a folder called booth."""

GIF = "image/gif"
"""A media type, which only looks like a file of the folder that builds the card."""


def named(text):
    """Return the paths of the repository that a *text* names, but not those that are part of a longer one."""
    return set(re.findall(rf"(?<![\w./~-])(?:{'|'.join(FOLDERS)})/[\w./-]*\w", text)) - {GIF}


def test_a_path_is_told_from_a_part_of_another():
    """`/opt/booth/scripts` is a folder on a card, and an address of the web is none."""
    text = "`booth/cli.py`, /opt/booth/scripts/units, ~/booth/lab, https://example.org/docs/a.md and tests/core."
    assert {"booth/cli.py", "tests/core"} == named(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_path_that_a_page_names_is_there(page):
    """A page that leads astray is worse than none."""
    paths = named(page.read_text(encoding="utf-8")) - YET_TO_BE_MADE
    assert [] == sorted(path for path in paths if not (ROOT / path).exists())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_to_a_file_leads_to_one(page):
    """From the folder that the page is in."""
    links = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [] == sorted(link for link in links if not (page.parent / link).exists())


@cache
def anchors(page):
    """Return what can be linked to on a page: its headings, as GitHub and others make anchors of them."""
    found = Counter()
    prose = re.sub(r"(?ms)^ *```.*?^ *```", "", page.read_text(encoding="utf-8"))
    for heading in re.findall(r"^#+ (.*)$", prose, re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w -]", "", text).strip().replace(" ", "-")
        found[name] += 1
        if found[name] > 1:
            found[f"{name}-{found[name] - 1}"] += 1
    return frozenset(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_to_a_heading_leads_to_one(page):
    """On this page, or on another: a heading that is renamed is renamed where it is linked, too."""
    links = re.findall(r"\]\(([^):#]*)#([^)]+)\)", page.read_text(encoding="utf-8"))
    lost = [(file, anchor) for file, anchor in links if not file or file.endswith(".md")]
    lost = [(file, anchor) for file, anchor in lost if anchor not in anchors((page.parent / file) if file else page)]
    assert [] == sorted(lost)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_module_of_the_lab_that_a_page_names_is_there(page):
    """By its dotted name: a file, or a folder."""
    modules = re.findall(r"\blab(?:\.[a-z_0-9]+)+\b", page.read_text(encoding="utf-8"))
    paths = [ROOT / module.replace(".", "/") for module in modules]
    assert [] == sorted(str(path) for path in paths if not (path.is_dir() or path.with_suffix(".py").is_file()))


def test_what_is_yet_to_be_made_is_not_there():
    """Or it could not be seen that a page still names it."""
    assert [] == sorted(path for path in YET_TO_BE_MADE if (ROOT / path).exists())


def test_the_readme_draws_every_folder_of_the_booth():
    """Nothing is drawn that is not there, and nothing is there that is not drawn."""
    tree = (ROOT / "README.md").read_text(encoding="utf-8").partition("\nbooth/\n")[2].partition("\nassets/")[0]
    drawn = re.findall(r"(?:^|[ ,])(\w+/|\w+\.py)(?=[ ,])", tree, re.MULTILINE)
    folders = {f"{path.name}/" for path in (ROOT / "booth").iterdir() if (path / "__init__.py").is_file()}
    assert folders == {name for name in drawn if name.endswith("/")}
    assert [] == [name for name in drawn if not (ROOT / "booth" / name).exists()]


@pytest.mark.parametrize("document", ["README.md", "docs/adr/README.md"])
def test_who_reads_on_finds_the_way(document):
    """The glossary is linked where somebody looks for what a word means."""
    assert 1 <= len(re.findall(r"\]\((?:\.\./|docs/)?glossary\.md\)", (ROOT / document).read_text(encoding="utf-8")))


def test_the_readme_leads_to_the_guide():
    """Whoever wants to change something begins there."""
    assert 1 == (ROOT / "README.md").read_text(encoding="utf-8").count("(CONTRIBUTING.md)")
