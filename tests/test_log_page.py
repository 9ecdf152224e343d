"""The page of the log has each event of the booth, with its levels and its fields, and no other."""

import re

import pytest

from tests.sources import ROOT, Written, logged

PAGE = ROOT / "docs/log.md"
WORDS = re.compile(r"[a-z_0-9]+(?:\.[a-z_0-9]+)*")

FIRST = {"refusals_logged", "failed"}
"""Functions that hand an event of others to a logger, and so name none themselves."""


def told(text):
    """Return what the tables of a page say, by event, in their order; an event may not be there twice."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and (event := re.fullmatch(r"`([a-z_0-9.]+)`", cells[0])):
            fields = set(re.findall(r"`([a-z_0-9]+)`", cells[2]))
            found.append((event[1], Written(set(cells[1].split(", ")), fields), cells[3:]))
    return found


ROWS = told(PAGE.read_text(encoding="utf-8"))


@pytest.fixture
def code():
    """Return what the code logs, by event; not read by a process that only looks for tests."""
    return logged()[0]


def test_each_event_of_the_code_is_a_row_and_each_row_is_an_event(code):
    """Once, and whoever reads a line finds it."""
    assert sorted(code) == sorted(event for event, _, _ in ROWS)


def test_a_row_has_the_levels_that_the_event_is_written_with(code):
    """An error is not told as a fact."""
    assert {event: written.levels for event, written in code.items()} == {event: row.levels for event, row, _ in ROWS}


def test_a_row_has_the_fields_of_the_event(code):
    """All that the code names; where it adds what only it knows, the page may have more."""
    rows = {event: row for event, row, _ in ROWS}
    there = {event: written.fields for event, written in code.items()}
    assert there == {
        event: rows[event].fields & there[event] if code[event].more else rows[event].fields for event in code
    }


def test_a_row_says_what_it_means_and_what_to_do():
    """In sentences, each with its stop."""
    assert [] == [event for event, _, said in ROWS if not all(cell.endswith(".") for cell in said)]


def test_no_event_is_logged_under_a_name_that_cannot_be_read_here():
    """Only what hands on the events of others; another such function is to be added to `sources.PASSED_ON`."""
    assert FIRST == {function for _, function in logged()[1]}


def test_an_event_is_named_in_small_letters(code):
    """As part.what: so it is found by a search for a word."""
    assert [] == sorted(event for event in code if not WORDS.fullmatch(event))
