"""The gallery and the report: one file each, which asks nobody for anything and tells nobody's name."""

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from booth.core.night import Counted, Night, Phase, Spans
from booth.operator.exporting import gallery, report
from booth.operator.exporting.ledger import Inventory, Mishap
from booth.operator.exporting.visits import Handed

EVENT = 'Ball <b>&"'


def visit(number, *, consent, **more):
    """Return the visit of a guest at an hour."""
    session = f"20261122-{number}0500-{'abcdefghijklmnopqrstuvwxyz'[number - 10] * 10}"
    return Handed(
        session, EVENT, "left", f"2026-11-22T{number}:05:00Z", "k.gif", 9, "", 0, given=True, name="Zoë Secret",
        email="zoe@example.org", consent=consent, **more,
    )  # fmt: skip


VISITS = (visit(18, consent=True), visit(20, consent=False, why="no <room>"), visit(21, consent=True, language="de"))
FILES = {each.session: f"{each.session[9:13]}.gif" for each in VISITS}
NIGHT = Night({Counted.BEGUN: 8, Counted.POSED: 4}, {Phase.FORM: Spans().having(10.0)})


class Page(HTMLParser):
    """What is in a page: its tags with what they say, and its text by the tag that it is in."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.texts, self._within = [], [], ""
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_data(self, data):
        self.texts.append((self._within, data))

    def each(self, tag, name):
        """Return what *name* is, of each such tag."""
        return [said.get(name) for there, said in self.tags if there == tag]


@pytest.fixture
def shown():
    """Return the gallery of three visits, of which one did not agree."""
    return gallery.page(EVENT, VISITS, FILES, {VISITS[0].session: (640, 480)})


@pytest.fixture
def told():
    """Return the report of an evening."""
    troubles = {"left": (Mishap("2026-11-22 20:58", "uploads: <away>", 7),)}
    return report.page(Inventory(EVENT, VISITS, {("2026-11-22", "left"): NIGHT}, troubles))


def test_only_who_agreed_is_in_the_gallery(shown):
    """Each once, by its time; as large as it is, so that nothing moves, and not before it is looked at."""
    page = Page(shown)
    assert ["1805.gif", "2105.gif"] == page.each("a", "href")[:2]
    assert [("1805.gif", "lazy", "640"), ("2105.gif", "lazy", None), (None, None, None)] == list(
        zip(page.each("img", "src"), page.each("img", "loading"), page.each("img", "width"), strict=True)
    )


def test_nobody_is_named(shown, told):
    """Neither name nor address, in either page."""
    assert [0] * 4 == [page.count(said) for page in (shown, told) for said in ("Zoë".encode(), b"example.org")]


def test_the_event_is_text_and_nothing_else(shown, told):
    """Whatever it is called."""
    for content in (shown, told):
        assert [EVENT] == ["".join(text for tag, text in Page(content).texts if tag == "h1").split("\n")[0]]


def test_each_page_loads_what_its_policy_names_and_nothing_else(shown, told):
    """One style, the gallery's one script, pictures beside it: each by its sum, and nothing from elsewhere."""
    for content, code in ((shown, True), (told, False)):
        page = Page(content)
        policy = dict(part.strip().split(" ", 1) for part in page.each("meta", "content")[1].split(";"))
        sums = {
            tag: f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for tag, text in page.texts
            if tag in {"style", "script"} and len(text) > 9
        }
        assert "'none'" == policy["default-src"]
        assert sums["style"] == policy["style-src"]
        assert (sums["script"] if code else "'none'") == policy["script-src"]
        assert [] == [said for tag in ("script", "link", "iframe") for said in page.each(tag, "src") if said]
        assert 0 == content.count(b"http://") + content.count(b"url(")


def test_hours_without_a_visit_are_shown_too():
    """From the first to the last, by the time of the place."""
    assert [("18:00", 1), ("19:00", 0), ("20:00", 1), ("21:00", 1)] == report.by_hour(VISITS)


def test_the_report_has_the_counts_of_the_record(told):
    """Each in its row, and what took how long."""
    texts = [text for _, text in Page(told).texts if text.strip()]
    after = {said: texts[texts.index(said) + 1] for said in ("Pressed the button", "Posed", "Walked away", "The form")}
    assert {"Pressed the button": "8", "Posed": "4", "Walked away": "0", "The form": "10.0 s"} == after


def test_troubles_are_told_as_they_were(told):
    """Those that the booth remembers, then why visits were set aside."""
    texts = [text for tag, text in Page(told).texts if tag == "td"]
    assert ["uploads: <away>", "no <room>"] == [text for text in texts if text.endswith(">")]


def test_what_nobody_counted_is_not_zero():
    """An export without a booth's disk says so, and shows no bars."""
    assert 2 == report.page(Inventory(EVENT, VISITS)).count(b"Not known: the counts lie")


@pytest.mark.parametrize(
    ("first", "size"),
    [(b"GIF89a\x80\x02\xe0\x01", (640, 480)), (b"GIF89a\x80\x02", None), (b"\xff\xd8\xff\xe0aaaaaa", None)],
)
def test_the_size_of_a_picture_is_read_from_its_beginning(first, size):
    """Width and height in pixels, or nothing."""
    assert size == gallery.size_of(first)


@pytest.mark.parametrize(
    ("nights", "spoken"),
    [
        ({}, {"de": 1, "fr": 2}),
        ({("2026-11-22", "left"): Night(languages={"de": 3, "en": 4})}, {"de": 3, "en": 4, "fr": 1}),
        (
            {("2026-11-22", "left"): NIGHT, ("2026-11-22", "right"): Night(languages={"es": 1})},
            {"de": 1, "es": 1, "fr": 2},
        ),
    ],
    ids=["no record", "a record", "a record without, and one of another booth"],
)
def test_languages_are_counted_once(nights, spoken):
    """As the night has them; of one that did not note any, as visits do. After midnight it is still the evening."""
    early = replace(
        visit(10, consent=False, language="fr"), session="20261123-040500-aaaaaaaaaa", taken="2026-11-23T04:05:00Z"
    )
    later = replace(early, session="20261123-070500-aaaaaaaaaa", taken="2026-11-23T07:05:00Z")
    assert spoken == report.spoken(Inventory(EVENT, (*VISITS, early, later), nights))
