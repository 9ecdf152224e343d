"""What the pages show is tried: what is to be written into a file is right, and what is printed is printed.

Pages that a command writes (`scripts/operating`, `scripts/zenko`, ...) have tests of their own.
"""

import re
import shutil
import textwrap
import tomllib

import pygame
import pytest

from booth.appliance import network
from booth.cli import main
from tests.browser import Browser
from tests.sources import ROOT
from tests.test_pages_true import CARD, PAGES

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr you@laptop"
"""In the place of a public key that a page has no room for."""


def blocks(kind, *pages):
    """Return what stands in blocks of a *kind* on pages: the page's name, and the text without its indentation."""
    fence = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
    return [
        (page.name, textwrap.dedent(text))
        for page in pages
        for found, text in fence.findall(page.read_text(encoding="utf-8"))
        if found == kind
    ]


TOML = blocks("toml", *PAGES)


@pytest.fixture
def beside(tmp_path):
    """Have what a page names beside the settings: a logo, a background, letters."""
    folder = tmp_path / "branding"
    folder.mkdir()
    for name in ("branding/logo.png", "branding/gardenfest.png", "branding/meadow.jpg"):
        pygame.image.save(pygame.Surface((900, 600)), tmp_path / name)
    shutil.copy(ROOT / "assets/fonts/MPLUSRounded1c-Bold.ttf", folder / "Gardenfest-Bold.ttf")
    return tmp_path


@pytest.mark.parametrize(("page", "text"), TOML, ids=[f"{name}-{number}" for number, (name, _) in enumerate(TOML)])
def test_what_a_page_says_to_write_into_a_file_is_right(page, text, beside, monkeypatch, capsys):
    """In the settings, in a layout, or in the network's file: no mistake is told, and each key is known."""
    for name in ("BOOTH_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    said = tomllib.loads(text)
    if CARD.keys() & said.keys():
        _, mistakes = network.judge(tomllib.loads(text.replace("ssh-ed25519 AAAA... you@laptop", KEY)), _zones(beside))
        assert mistakes == []
        return
    if "safe_area" in said:
        (beside / "branding/layout.toml").write_text(text, encoding="utf-8")
        text = '[layout]\nfile = "branding/layout.toml"\n'
    settings = beside / "booth.toml"
    settings.write_text(text, encoding="utf-8")
    settings.chmod(0o600)
    assert main(["config", "--config", str(settings)]) == 0, capsys.readouterr().err


def _zones(folder):
    (folder / "Europe").mkdir()
    (folder / "Europe/Paris").write_text("TZif")
    return folder


def test_the_first_event_shows_what_the_check_of_its_settings_prints(tmp_path, monkeypatch, capsys):
    """Line after line: what is still to come, and the event's name with where it is from."""
    for name in ("BOOTH_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    page = ROOT / "docs/first-event.md"
    (tmp_path / "booth.toml").write_text(blocks("toml", page)[0][1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["config", "--config", "booth.toml"]) == 0
    printed = capsys.readouterr()
    (shown,) = [text for _, text in blocks("", page) if text.startswith("booth: zenko")]
    lines = [*printed.err.splitlines(), *printed.out.splitlines()]
    assert [] == [line for line in shown.splitlines() if line not in lines]


def test_python_that_a_page_shows_gives_what_stands_behind_it():
    """For whoever reads the bucket with another program."""
    shown = blocks("python", ROOT / "docs/bucket.md")
    assert shown
    for _, text in shown:
        *before, last = text.splitlines()
        value, _, comment = last.partition("  # ")
        names = {}
        exec("\n".join(before), names)  # noqa: S102  our own page
        assert eval(value, names) == eval(comment.partition(";")[0])  # noqa: S307  the same


def test_javascript_that_a_page_shows_gives_what_stands_behind_it(tmp_path):
    """In a browser."""
    shown = blocks("js", ROOT / "docs/bucket.md")
    assert shown
    browser = Browser(tmp_path)
    try:
        for _, text in shown:
            value, _, comment = text.partition("; // ")
            assert browser.of(value) == browser.of(comment.partition(";")[0])
    finally:
        browser.close()


MISTAKES = {
    "design.md": '[theme]\naccent = "#ff99cc"\n',
    "layout.md": '[layout]\nfile = "branding/layout.toml"\n',
}
"""What the owner has written who is told what the page shows."""

FAINT = '[title]\ntext = "{event}"\nplace = "bottom"\ncolour = "#ffffff"\nplate = "#000000"\nplate_opacity = 40\n'


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_that_a_page_shows_is_told_in_these_words(name, beside, monkeypatch, capsys):
    """Broken into lines as a page has them."""
    for variable in ("BOOTH_CONFIG", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(variable, raising=False)
    (beside / "branding/layout.toml").write_text(FAINT)
    (beside / "booth.toml").write_text(MISTAKES[name])
    monkeypatch.chdir(beside)
    assert main(["config", "--config", "booth.toml"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    (shown,) = [text for _, text in blocks("", ROOT / "docs" / name) if "has a contrast of" in text]
    assert " ".join(shown.split()).partition("booth.toml: ")[2] in told
