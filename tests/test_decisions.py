"""The decision records: one form, and an index that has them all."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "docs/adr"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_says_what_was_asked_what_was_decided_and_what_comes_of_it(record):
    """Its heading has its number, and its three parts come once each, in this order."""
    text = record.read_text(encoding="utf-8")
    heading = re.match(r"# ([0-9]{4}): \S.*\n\n", text)
    assert record.name[:4] == heading[1]
    assert ["Context", "Decision", "Consequences"] == re.findall(
        r"^\*\*(Context|Decision|Consequences)\.\*\*", text, re.MULTILINE
    )


def test_the_index_has_every_record_once_by_its_title():
    """Nothing is listed that is not there, and nothing is there that is not listed."""
    listed = re.findall(r"^- \[(.*)\]\((.*)\)$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    there = [(path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# "), path.name) for path in RECORDS]
    assert there == sorted(listed, key=lambda entry: entry[1])


def test_no_two_records_have_one_number():
    """A number names one decision."""
    numbers = [path.name[:4] for path in RECORDS]
    assert sorted(set(numbers)) == numbers
