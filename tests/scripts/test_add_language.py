"""Another language, added as the guide says, to the letter, to a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab.pages import words

ROOT = Path(__file__).parents[2]
BESIDE = {".git", ".venv", "build", "kept", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
"""What a copy can do without: it is made anew, or is not the project's."""

PANEL = ("--size", "480x800", "--language", "nl")
"""One panel stands for all of them: the one where room is scarcest."""

CHECKED = (
    "tests/ui/test_words.py",
    "tests/ui/test_sheets.py",
    "tests/test_config.py::TestLanguages",
    "tests/test_config.py::TestFile",
    "tests/scenes/test_scenes.py",
    "tests/scenes/test_kept.py::test_every_screen_looks_as_it_is_kept",
)
"""The tests that a language has to pass..."""

PICKED = "not (800x480 or 1024x600 or 1280x800 or x800-en or x800-de or x800-fr or x800-es or x800-it)"
"""...as far as they are of that panel."""


def steps():
    """Return the numbered steps of the guide."""
    page = (ROOT / "docs" / "guide.md").read_text()
    listed = page.partition("To add a language, say\nDutch:\n\n")[2].partition("\n\n")[0]
    return re.split(r"\n(?=\d\. )", listed)


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
    """Run a command of the guide; return its status and what it said."""
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def translate(tree, code, like):
    """Fill the catalog of *code* with what another language says: words of the lengths that words have."""
    folder = tree / "assets" / "locale"
    catalog, other = words.read(code, folder), words.read(like, folder)
    for message in words.sentences(catalog):
        message.string = other.get(message.id, context=message.context).string
    words.path_of(code, folder=folder).write_bytes(words.po(catalog))


def test_a_language_is_added_as_the_guide_says(copy):
    """Each step does what it says, and at the end the tests of the words, the keys and the screens pass."""
    add, keys, named, compiled, paint, keep, check = steps()

    status, said = run(copy, *spans(add)[0].split())
    sentences = len(words.sentences(words.template()))
    assert (1, f"{sentences} sentences, 5 catalogs, {sentences} faults") == (status, said.splitlines()[-1])
    assert (copy / spans(add)[1]).is_file()
    translate(copy, "nl", "de")

    shutil.copy(copy / spans(keys)[0], copy / spans(keys)[1])

    entry, name, file = spans(named)
    source = (copy / file).read_text()
    (copy / file).write_text(
        re.sub(rf"({name}: .*?\n    {{[^}}]*)}}", rf"\1, {entry}}}", source, count=1, flags=re.DOTALL)
    )

    status, said = run(copy, *spans(compiled)[0].split())
    assert (0, f"{sentences} sentences, 5 catalogs, {spans(compiled)[2]}") == (status, said.splitlines()[-1])
    assert '# languages = ["en", "de", "fr", "es", "it", "nl"]' in (copy / spans(compiled)[1]).read_text().splitlines()

    status, said = run(copy, *spans(paint)[0].split(), *PANEL[:2], "--only", "attract")
    assert (0, "build/screens/480x800-nl.png\n") == (status, said)

    status, said = run(copy, *spans(keep)[0].split(), *PANEL)
    assert (0, f"{copy}/tests/scenes/kept/480x800-nl\n") == (status, said)

    assert "scripts/test tests/ui tests/scenes" == spans(check)[0]
    status, said = run(copy, ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", PICKED, *CHECKED)
    assert 0 == status, said
