"""The mark of an operator's trial on disk: from the beginning to the bucket, and in nothing that is of guests."""

import json

import pytest

from booth.core.visit import Guest
from booth.outbox.entry import Visit
from booth.outbox.metadata import is_test, nameless
from booth.outbox.shelf import Shelf

ZOE = Guest("Zoë", "zoe@example.org", consent=True)


@pytest.fixture
def trial(visits):
    """Put a trial whose form was filled in into ``pending/`` of a spool; return its name."""
    return lambda spool: visits.pending(spool, ZOE, test=True)


def test_the_mark_is_there_when_a_visit_is_open(make_spool, visits, outbox):
    """Before there is any frame of it."""
    spool, session = make_spool(), visits.fresh()
    spool.open(session, test=True)
    assert Visit.read((outbox / "open" / session / "visit.json").read_bytes()).test


def test_a_guests_visit_has_no_mark(make_spool, visits, outbox):
    """Neither in its first file nor in what is sent: who counts on its absence is right."""
    spool = make_spool()
    session = visits.pending(spool, ZOE)
    said = json.loads((outbox / "pending" / session / "visit.json").read_bytes())
    assert (False, False) == ("test" in said, "test" in spool.queue().parcel(session).metadata)


def test_the_object_of_a_trial_says_so(make_spool, trial):
    """One name among its metadata: ``test``, ``yes``."""
    spool = make_spool()
    assert "yes" == spool.queue().parcel(trial(spool)).metadata["test"]


def test_where_there_are_links_each_object_says_so(make_spool, trial):
    """The details and the picture, in their metadata, and the details in their content."""
    spool = make_spool(linked=True)
    session = trial(spool)
    details = spool.queue().parcel(session)
    spool.queue().confirm(session, details.key, details.md5)
    assert ["yes"] * 3 == [
        details.metadata["test"],
        json.loads(details.content)["test"],
        spool.queue().parcel(session).metadata["test"],
    ]


def test_a_trial_stays_one_when_it_is_made_anew(make_spool, trial, outbox, visits):
    """Its animation has rotted, and so has what was noted when it began: the entry of before still says so."""
    spool = make_spool()
    session = trial(spool)
    (outbox / "pending" / session / "visit.json").write_bytes(b"rot")
    assert spool.queue().mend(session, "rotten")
    visits.finish(spool, session, ZOE)
    assert "yes" == spool.queue().parcel(session).metadata["test"]


def test_the_invitation_does_not_show_a_trial(make_spool, visits, trial):
    """Though whoever tried the form agreed."""
    spool = make_spool()
    guests = visits.pending(spool, ZOE)
    trial(spool)
    assert [guests] == [session for session, _ in spool.agreed()]


def test_copies_of_a_trial_are_not_counted(make_spool, visits, trial):
    """Whoever follows what was sent is told which is one."""
    spool = make_spool()
    found = {}
    for session in (visits.pending(spool, ZOE), trial(spool)):
        parcel = spool.queue().parcel(session)
        spool.queue().confirm(session, parcel.key, parcel.md5)
        found[session] = spool.sent().find(session).test
    assert [False, True] == list(found.values())


def test_whoever_looks_at_the_outbox_is_told(make_spool, visits, trial, outbox):
    """While it is going on, and when it is committed."""
    spool = make_spool()
    open_one = visits.fresh()
    spool.open(open_one, test=True)
    guests, committed = visits.pending(spool, ZOE), trial(spool)
    assert {open_one: True, guests: False, committed: True} == {
        visit.session: visit.test for visit in Shelf(outbox).visits()
    }


def test_the_mark_may_be_read_by_anybody():
    """It says nothing of who somebody is."""
    assert {"test": "yes"} == nameless({"test": "yes", "name": "Zoe"})


@pytest.mark.parametrize(("said", "is_one"), [({}, False), ({"test": "no"}, False), ({"test": "yes"}, True)])
def test_what_is_marked_is_a_trial(said, is_one):
    """What is not marked is a guest's: all that was sent before there was a mark."""
    assert is_one is is_test(said)


@pytest.mark.parametrize("said", ["yes", 1, None, []])
def test_a_visit_is_a_trial_or_it_is_not(said):
    """A file that says something else is none of ours."""
    began = Visit.read(b'{"session": "s", "event": "e", "booth": "b", "taken": "2026-11-22T17:05:12Z", "test": true}')
    assert began.test
    with pytest.raises(ValueError, match="trial"):
        Visit.read(json.dumps(json.loads(began.written()) | {"test": said}).encode())
