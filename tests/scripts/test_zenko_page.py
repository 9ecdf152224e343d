"""docs/zenko.md is what the commands on it say."""

import re

import pytest

from booth.sim.bucket import EmbeddedS3
from lab.pages import zenko

COMMANDS = re.compile(r"^\$ (?:sudo )?booth (\w+ \w+|\w+)", re.MULTILINE)


@pytest.fixture
def played(tmp_path, monkeypatch):
    """Play the page, before a server with nothing in it."""
    for name in ("CREDENTIALS_DIRECTORY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with EmbeddedS3("nothing") as server:
        return zenko.Play(server.endpoint_url, tmp_path).document(zenko.PAGE.read_text(encoding="utf-8"))


def test_each_command_says_what_stands_below_it(played):
    """From the keys to the first picture that is replicated; if not, run ``scripts/zenko``."""
    assert zenko.PAGE.read_text(encoding="utf-8") == played


def test_the_way_is_whole():
    """It begins with what is wrong, and ends with a picture in all clouds, and what to do with older ones."""
    text = zenko.PAGE.read_text(encoding="utf-8")
    assert ["bucket check", "bucket plan", "bucket create", "bucket create", "bucket check", "bucket check", "find",
            "bucket create", "bucket create"] == COMMANDS.findall(text)  # fmt: skip
    (found,) = re.findall(r"^\d{4}.*", text.partition("$ booth find")[2], re.MULTILINE)
    assert 1 == found.split().count("COMPLETED")
