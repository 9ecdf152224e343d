"""What a guest answered is a detail of theirs: it is where the name is, comes back as it was, and goes with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.form import ANSWER_LIMIT, Form
from booth.core.visit import Guest, OwnAnswer
from booth.operator.visits import showing
from booth.outbox import answers, metadata
from booth.outbox.baring import bared
from booth.outbox.entry import Entry, Product, guest_read, guest_written
from booth.outbox.shelf import Shelf
from booth.ports import GIF

TOLD = (OwnAnswer("band", "whales"), OwnAnswer("who", "Zoë's aunt 李"))
ZOE = Guest("Zoë", "zoe@example.org", language="en", told=TOLD)
IDS = st.from_regex(r"[a-z][a-z0-9]{0,15}", fullmatch=True)
TYPED = st.text(max_size=60).map(lambda text: Form().questioned("q").typed(text).answered("q").told)


@given(st.dictionaries(IDS, TYPED, max_size=3))
def test_whatever_is_answered_comes_back(said):
    """From the file of the guest, and from metadata, letter by letter."""
    told = tuple(OwnAnswer(name, answer.text) for name, typed in said.items() for answer in typed)
    guest = Guest("Zoë", "zoe@example.org", told=told)
    assert guest == guest_read(guest_written(guest))
    encoded = metadata.encode(answers.metadata_of(told))
    assert {answer.question: answer.text for answer in told} == answers.answers(metadata.decode(encoded))


@pytest.mark.parametrize(
    "said",
    [
        ["band"], "whales", {"Band": "whales"}, {"band": 5}, {"band": " "}, {"band": "a\nb"},
        {"band": "a" * (ANSWER_LIMIT + 1)}, {"band": "é" * (ANSWER_LIMIT // 2 + 1)}, {"band": "whales", "who": " "},
        {"a": "1", "b": "2", "c": "3", "d": "4"},
    ],
)  # fmt: skip
def test_what_is_no_answer_costs_nobody_their_details(said):
    """Somebody may have written into the file: the name stays, the answers are none."""
    written = json.dumps({"guest": {"name": "Zoë", "email": "", "consent": False, "answers": said}}).encode()
    assert Guest("Zoë", "") == guest_read(written)


def test_what_metadata_say_of_no_question_is_no_answer():
    """Whoever else puts objects there may have words of their own."""
    said = {"answer": "a", "answerBand": "b", "answerband": "whales", "band": "c", "answerme!": "d"}
    assert {"band": "whales"} == answers.answers(said)


def test_they_go_into_the_bucket_with_the_details(make_spool, visits):
    """Where no links are shown, that is the animation."""
    spool = make_spool()
    session = visits.pending(spool, ZOE)
    parcel = spool.queue().due(session).parcel
    assert {"band": "whales", "who": "Zoë's aunt 李"} == answers.answers(metadata.decode(parcel.metadata))


def test_what_a_link_leads_to_has_no_answer(make_spool, visits):
    """They are in the object of the details: in its metadata, and whole in its content."""
    spool = make_spool(linked=True)
    session = visits.pending(spool, ZOE)
    queue = spool.queue()
    details = queue.due(session).parcel
    queue.confirm(session, details.key, details.md5)
    animation = queue.due(session).parcel
    said = {"band": "whales", "who": "Zoë's aunt 李"}
    assert (said, {}) == tuple(answers.answers(metadata.decode(each.metadata)) for each in (details, animation))
    assert said == json.loads(details.content)["answers"]


def test_they_go_when_the_details_go():
    """Of a bare visit nothing is left of them."""
    product = Product(GIF.file, GIF.media_type, "k.gif", 3, "0123456789abcdef" * 2)
    said = {"event": "Fest", "consent": "no", "name": "Zoe", **answers.metadata_of(TOLD)}
    left = bared(Entry("s", metadata.encode(said), (product,)))
    assert (True, {"event": "Fest", "consent": "no"}) == (left.bare, left.metadata)


def test_an_operator_reads_them_only_where_names_are_asked_for(make_spool, visits, outbox):
    """As lines below the address, and for a program."""
    session = visits.pending(make_spool(), ZOE)
    shelf = Shelf(outbox)
    visit = shelf.visit(session)
    said = showing.details(visit, shelf, names=True)
    assert {"band": "whales", "who": "Zoë's aunt 李"} == said["details"]["answers"]
    assert showing.page(said, visit).endswith("answers    band: whales\n           who: Zoë's aunt 李")
    assert "answers" not in showing.details(visit, shelf, names=False)["details"]
