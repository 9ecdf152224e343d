"""Names of files and cells of tables, whatever guests have typed."""

import csv
import io
import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.night import Counted, Night
from booth.operator import cells
from booth.operator.exporting import naming, tables, visits
from booth.operator.exporting.ledger import Inventory, Mishap
from booth.operator.exporting.visits import Handed

TEXTS = st.text(max_size=40) | st.sampled_from("=+-@\t\r\n＝ '").flatmap(
    lambda first: st.text(max_size=9).map(lambda rest: first + rest)
)
CODES = st.text("234567abcdefghijklmnopqrstuvwxyz", min_size=10, max_size=10)
SESSIONS = st.builds(
    lambda minute, code: f"20261122-17{minute:02}00-{code}",
    st.integers(0, 2), CODES | st.sampled_from(["aaaaaaaaaa", "aaaaaabbbb"]),
)  # fmt: skip
VISITS = st.builds(
    Handed, session=SESSIONS, event=st.just("Ball"), booth=TEXTS,
    taken=st.sampled_from(["2026-11-22T16:00:00Z", "", "never", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
    key=TEXTS, size=st.integers(0, 10**9), md5=st.just(""), east=st.none() | st.integers(-90000, 90000),
    given=st.booleans(), name=TEXTS, email=TEXTS, consent=st.booleans(), language=TEXTS, delivered=st.booleans(),
    delivered_at=TEXTS, copies=st.dictionaries(TEXTS, TEXTS, max_size=2), replicated=st.none() | st.booleans(),
    why=TEXTS,
)  # fmt: skip
MANY = st.lists(VISITS, max_size=4, unique_by=lambda each: each.session)

few = settings(max_examples=25)
"""Of visits with many texts each."""


def read_back(content):
    """Return the lines of a table as a spreadsheet has them."""
    assert content.startswith(tables.BOM)
    return list(csv.reader(io.StringIO(content.removeprefix(tables.BOM).decode(), newline=""), strict=True))


def test_each_consent_has_a_column_and_only_marketing_lets_one_write():
    """Beside what lets a picture be shown; who was not asked has nothing there, and one box is as before."""
    record = "{} {} 2026-11-22T17:05:12Z en " + "0" * 64
    wall, news = ({"wall": record.format(said, "show"), "news": record.format(not_said, "marketing")}
                  for said, not_said in (("yes", "no"), ("no", "yes")))  # fmt: skip
    plain = Handed("20261122-170000-aaaaaaaaaa", "Ball", "b", "", "k", 1, "", given=True, email="a@example.org")
    kept = [
        replace(plain, consent=True, consents=wall),
        replace(plain, session="20261122-170100-aaaaaaaaaa", email="b@example.org", consents=news),
        replace(plain, session="20261122-170200-aaaaaaaaaa", email="c@example.org", consent=True),
    ]
    head, *rows = read_back(tables.guests(kept, {}))
    assert ["consent", "consent_news", "consent_wall", "do_not_contact"] == head[:4]
    assert [["yes", "no", "yes", "yes"], ["no", "yes", "no", "no"], ["yes", "", "", "no"]] == [row[:4] for row in rows]


def test_each_question_has_a_column_at_the_end():
    """Whatever was typed cannot be a formula; who answered nothing has nothing there."""
    plain = Handed("20261122-170000-aaaaaaaaaa", "Ball", "b", "", "k", 1, "", given=True)
    kept = [
        replace(plain, answers={"who": "=1+1"}),
        replace(plain, session="20261122-170100-aaaaaaaaaa", answers={"band": "whales"}),
    ]
    head, *rows = read_back(tables.guests(kept, {}))
    assert ["session", "answer_band", "answer_who"] == head[-3:]
    assert [["", "'=1+1"], ["whales", ""]] == [row[-2:] for row in rows]


@given(TEXTS)
def test_no_cell_begins_with_a_formula(cell):
    """Whatever is not seen may stand before it; and nothing but one mark is ever added."""
    said = cells.guarded(cell)
    seen = [char for char in said if not char.isspace() and unicodedata.category(char) not in {"Cc", "Cf", "Cs"}]
    assert said in {cell, f"'{cell}"}
    assert seen[:1] == [] or seen[0] not in cells.FORMULA
    assert said[:1] not in {"\t", "\r", "\n"}


@few
@given(MANY)
def test_what_is_written_is_what_a_spreadsheet_reads(kept):
    """Each visit is one line, with each cell as it was, but for the mark; lines end in CR LF."""
    rows = read_back(tables.guests(kept, {}))
    columns = [tables.COLUMNS.index(name) for name in ("name", "email", "key", "session")]
    wanted = [[cells.guarded(text) for text in (each.name, each.email, each.key, each.session)] for each in kept]
    wanted = [[text.encode("utf-8", "replace").decode() for text in line] for line in wanted]
    assert [list(tables.COLUMNS), *wanted] == [rows[0], *([line[column] for column in columns] for line in rows[1:])]


@few
@given(MANY)
def test_nobody_who_refused_may_be_written_to(kept):
    """In the one table they are listed, in the other nobody with their address is to be contacted."""
    refused = {tables.same(each.email) for each in kept if each.given and not each.consent} - {""}
    at, mail = tables.COLUMNS.index("do_not_contact"), [tables.same(each.email) for each in kept]
    rows = read_back(tables.guests(kept, {}))[1:]
    free = {address for address, line in zip(mail, rows, strict=True) if line[at] == "no"}
    assert set() == free & refused
    assert len(refused) == len(read_back(tables.do_not_contact(kept))) - 1


@few
@given(MANY, st.booleans())
def test_no_two_files_are_called_the_same(kept, people):
    """Also on a disk where large and small letters are one; each name is one that any disk takes."""
    found = naming.names(kept, people=people)
    assert len(kept) == len({unicodedata.normalize("NFD", name).casefold() for name in found.values()})
    for name in found.values():
        assert set() == set(name) & set('<>:"/\\|?*\0\n\r\t')
        assert len(name.encode("utf-8", "surrogatepass")) <= 200
        assert name[0] != "."
        assert name.endswith(".gif")


@few
@given(MANY)
def test_names_of_people_are_not_in_files_unless_asked_for(kept):
    """A name depends on when and on which visit alone."""
    nobody = [visits.read({**visits.written(each), "name": "", "email": ""}) for each in kept]
    assert naming.names(nobody) == naming.names(kept)


@few
@given(MANY, st.lists(st.builds(Mishap, TEXTS, TEXTS, st.integers(1, 99)), max_size=3))
def test_what_the_ledger_says_is_read_back(kept, troubles):
    """All of it, whatever guests have typed."""
    ledger = Inventory(
        "Ball", tuple(kept), {("2026-11-22", "left"): Night({Counted.BEGUN: 3})}, {"left": tuple(troubles)},
        {"left": {"en": "May we?"}}, frozenset({"gifs/a.gif"}),
    )  # fmt: skip
    assert ledger == Inventory.read(ledger.written())


@few
@given(VISITS, VISITS)
def test_where_one_source_says_no_nobody_agreed(one, other):
    """Consent is what all who know of the visit say."""
    told = [each.consent for each in (one, other) if each.given]
    assert (bool(told) and all(told)) == visits.together(one, other).consent
