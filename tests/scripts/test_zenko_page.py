"""docs/zenko.md and finding.md are what the commands on them say."""

import re

import pytest

from lab.pages import zenko

COMMANDS = re.compile(r"^\$ (?:sudo )?booth (\w+ \w+|\w+)", re.MULTILINE)


@pytest.mark.parametrize("page", zenko.PAGES, ids=lambda page: page.name)
def test_each_command_says_what_stands_below_it(page, monkeypatch):
    """From the keys to the first picture that is replicated; if not, run ``scripts/zenko``."""
    for name in ("CREDENTIALS_DIRECTORY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    there = page.read_text(encoding="utf-8")
    assert there == zenko.played(there)
    assert COMMANDS.search(there), "nothing of it is played"


def test_the_way_is_whole():
    """It begins with what is wrong, and ends with a picture in all clouds, and what to do with older ones."""
    text = zenko.PAGES[0].read_text(encoding="utf-8")
    assert ["bucket check", "bucket plan", "bucket create", "bucket create", "bucket check", "bucket check", "find",
            "bucket create", "bucket create"] == COMMANDS.findall(text)  # fmt: skip
    (found,) = re.findall(r"^\d{4}.*", text.partition("$ booth find")[2], re.MULTILINE)
    assert 1 == found.split().count("COMPLETED")
