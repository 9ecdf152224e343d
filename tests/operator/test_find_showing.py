"""How what was found is shown: cells, columns, places of files, and how far it is."""

import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.operator import cells
from booth.operator.finding import showing
from booth.operator.finding.clauses import Facts
from booth.operator.finding.fetching import place
from booth.operator.finding.progress import Progress
from booth.operator.finding.visits import Hit


def found(*statuses):
    """Return a visit with an object for each status and its sites."""
    objects = tuple(
        Facts(f"{number}.gif", 1, "", "", "image/gif", {}, status, sites)
        for number, (status, sites) in enumerate(statuses)
    )
    return Hit(objects[0], {"name": "Zoë"}, objects)


@pytest.mark.parametrize(
    ("objects", "told"),
    [
        ([("", {})], ""),
        ([("COMPLETED", {"aws": "COMPLETED", "gcp": "COMPLETED"})], "COMPLETED"),
        ([("PROCESSING", {"gcp": "PENDING", "aws": "COMPLETED"})], "PROCESSING (aws COMPLETED, gcp PENDING)"),
        ([("COMPLETED", {}), ("COMPLETED", {})], "COMPLETED"),
        ([("COMPLETED", {}), ("FAILED", {})], "COMPLETED; FAILED"),
    ],
)
def test_replication_is_told_by_site_where_it_is_not_the_same(objects, told):
    """And by object where these differ."""
    assert told == showing.replication(found(*objects))


@pytest.mark.parametrize(
    ("name", "first"),
    [("Zoë Example", "Zoë"), ("", ""), ("  ", ""), ("zoe@example.org", ""), ("Anne-Marie B", "Anne-Marie")],
)
def test_a_first_name_is_the_first_word_unless_it_is_an_address(name, first):
    """Some guests type one into the other's field."""
    assert first == showing.first_name(name)


@given(st.text(max_size=20))
def test_no_cell_of_a_spreadsheet_is_a_formula(text):
    """Whatever a guest has typed."""
    row = dict.fromkeys(showing.COLUMNS, text)
    cell = cells.guarded(row["name"])
    assert (text, False) == (cell.removeprefix("'") if cell != text else text, cell.strip(" ")[:1] in set("=+-@\t\r\n"))


def test_a_table_moves_no_cursor_and_wide_letters_take_two_columns():
    """What a guest typed is shown as what it is."""
    rows = [
        dict.fromkeys(showing.COLUMNS, "x") | {"name": name, "key": "k"} for name in ("日本", "a\x1b[2J", "e\u0301")
    ]
    lines = showing.table(rows).splitlines()
    cells = ["日本     ", r"a\x1b[2J ", "e\u0301        "]
    assert [f"x      x      x      {cell} x      x        x      x            k" for cell in cells] == lines[1:]


@pytest.mark.parametrize(
    "key", ["../a.gif", "/etc/passwd", "a//b.gif", "a/./b", "a\nb.gif", "a\\b.gif", f"{'x' * 250}.gif", "\ud800"]
)
def test_a_key_leads_nowhere_but_below_the_folder(key):
    """One that is no path there is a file named by a number."""
    number = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    assert Path("out") / f"{number}.gif" == place(Path("out"), key)


@given(st.text(max_size=30))
def test_whatever_the_key_its_file_is_below_the_folder(key):
    """Also when it is looked up."""
    assert Path("/out") in Path("/out").joinpath(place(Path("/out"), key)).resolve().parents


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("out", "wanted"),
    [(Terminal(), "\r\x1b[K2\r\x1b[K4\r\x1b[K"), (io.StringIO(), "4\n")],
    ids=["terminal", "file"],
)
def test_how_far_it_is_is_told_now_and_then(out, wanted):
    """On a terminal in one line, which is empty in the end; elsewhere seldom."""
    now = 0.0
    progress = Progress(out, lambda: now)
    for now, said in ((0.1, "1"), (0.3, "2"), (0.4, "3"), (11.0, "4")):  # noqa: B007  the clock reads it
        progress.tell(said)
    progress.clear()
    assert wanted == out.getvalue()
