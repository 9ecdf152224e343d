"""Dutch, added as the page says, to the letter, to a copy of the project: its words are in ``tests/languages/nl``."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab.pages import words

ROOT = Path(__file__).parents[2]
DUTCH = ROOT / "tests" / "languages" / "nl"
BESIDE = {".git", ".venv", "build", "kept", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
"""What a copy can do without: it is made anew, or is not the project's."""

PANEL = ("--size", "480x800", "--language", "nl")
"""One panel stands for all of them: the one where room is scarcest."""

CHECKED = (
    "tests/ui/test_words.py",
    "tests/ui/test_sheets.py",
    "tests/test_config.py::TestConsent",
    "tests/test_config.py::TestLanguages",
    "tests/test_config.py::TestFile",
    "tests/scenes/test_scenes.py",
    "tests/scenes/test_kept.py::test_every_screen_looks_as_it_is_kept",
    "tests/test_pages.py",
    "tests/test_troubleshooting_page.py",
)
"""The tests that a language has to pass..."""

PICKED = "not (800x480 or 1024x600 or 1280x800 or x800-en or x800-de or x800-fr or x800-es or x800-it)"
"""...as far as they are of that panel."""


def steps():
    """Return the numbered steps of the page."""
    page = (ROOT / "CONTRIBUTING.md").read_text()
    listed = page.partition("\n## Add a language\n")[2].partition("\n1. ")[2].partition("\n\n")[0]
    return re.split(r"\n\d\. ", listed)


def spans(step):
    """Return what is code in a step."""
    return re.findall(r"`([^`]+)`", step)


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the project, with the same Python."""
    tree = tmp_path / "booth"
    shutil.copytree(ROOT, tree, ignore=lambda _, names: BESIDE & set(names))
    venv = tree / ".venv"
    venv.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (venv / part).symlink_to(Path(sys.prefix, part))
    # As set up as the one that it is of: nothing is fetched.
    fingerprint = 'cd "$1"; .venv/bin/python -V && pwd -P && sha256sum requirements*.lock scripts/setup'
    made = subprocess.run(["bash", "-c", fingerprint, "-", tree], capture_output=True, text=True, check=True).stdout
    (venv / "ready-test").write_text(made)
    return tree


def run(tree, *command):
    """Run a command of the page; return its status and the lines that it said."""
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def translate(tree):
    """Fill the Dutch catalog. A sentence that has come since takes the German words: they are as long."""
    folder = tree / "assets" / "locale"
    with (DUTCH / "booth.po").open("rb") as file:
        dutch = words.read_po(file, locale="nl")
    catalog, german = words.read("nl", folder), words.read("de", folder)
    for message in words.sentences(catalog):
        known = dutch.get(message.id, context=message.context)
        message.string = (known or german.get(message.id, context=message.context)).string
    words.path_of("nl", folder=folder).write_bytes(words.po(catalog))


def test_a_language_is_added_as_the_page_says(copy):
    """Each step does what it says; what lacks after a few is told; and at the end the tests pass."""
    add, _, keys, named, compiled, card, paint, keep, check = steps()
    sentences = len(words.sentences(words.template()))

    status, said = run(copy, *spans(add)[0].split())
    assert (1, f"{sentences} sentences, 5 catalogs, {sentences + 2} faults") == (status, said[-1])
    assert (copy / spans(add)[1]).is_file()
    translate(copy)

    entry, name, file = spans(named)
    to_do = [
        f"nl: nobody can choose it: add it to {name} in {file}",
        f"nl: there is no {spans(keys)[1]}: copy en.toml there, and change it",
        f"{sentences} sentences, 5 catalogs, 2 faults",
    ]
    assert (1, to_do) == run(copy, *spans(compiled)[0].split())

    assert (copy / spans(keys)[0]).is_file()
    shutil.copy(DUTCH / "keyboard.toml", copy / spans(keys)[1])

    source = (copy / file).read_text()
    (copy / file).write_text(
        re.sub(rf"({name}: .*?\n    {{[^}}]*)}}", rf"\1, {entry}}}", source, count=1, flags=re.DOTALL)
    )

    _, settings, troubles, ended = spans(compiled)
    assert (0, [f"{sentences} sentences, 5 catalogs, {ended}"]) == run(copy, *spans(compiled)[0].split())
    assert '# languages = ["en", "de", "fr", "es", "it", "nl"]' in (copy / settings).read_text().splitlines()
    head = "| English | Deutsch | Français | Español | Italiano | Nederlands |"
    assert 4 == (copy / troubles).read_text().splitlines().count(head)

    sheet = (DUTCH / "card.md").read_text()
    assert spans(card)[1] == sheet.partition("\n")[0]
    with (copy / spans(card)[0]).open("a") as page:
        page.write(f"\n{sheet}")

    assert (0, ["build/screens/480x800-nl.png"]) == run(copy, *spans(paint)[0].split(), *PANEL[:2], "--only", "attract")

    assert (0, [f"{copy}/tests/scenes/kept/480x800-nl"]) == run(copy, *spans(keep)[0].split(), *PANEL)

    assert (
        "scripts/test tests/ui tests/scenes tests/test_troubleshooting_page.py tests/test_pages.py" == spans(check)[0]
    )
    status, said = run(copy, ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PICKED, *CHECKED)
    assert 0 == status, "\n".join(said)
