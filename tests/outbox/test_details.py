"""Where guests are shown links, what these lead to tells nobody who a guest is; that is in an object of its own."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import Guest
from booth.outbox import metadata
from booth.outbox.entry import Entry, Product
from booth.ports import GIF, Kind

ZOE = Guest("Zoë", "zoe@example.org", consent=True)
STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")
PICTURES = {"event", "booth", "session", "taken", "consent", "test"}
MD5 = "0123456789abcdef" * 2


def given_to(queue, session):
    """Give the queue's target all that it lacks; return that, and each time the key that a link might lead to."""
    all_of_it = []
    while queue.waits(session):
        due = queue.due(session)
        all_of_it.append((due.parcel, due.linked.animation.key if due.linked is not None else None))
        queue.confirm(session, due.parcel.key, due.parcel.md5)
    return all_of_it


def test_what_a_link_leads_to_tells_nobody_who_the_guest_is(make_spool, visits):
    """The animation keeps what is the picture's: event, booth, session, time, and whether it may be shown."""
    spool = make_spool(linked=True)
    session = visits.pending(spool, ZOE)
    (_, _), (animation, link_key) = given_to(spool.queue(), session)
    assert ("image/gif", visits.key(session), visits.key(session)) == (animation.media_type, animation.key, link_key)
    assert {
        "event": "DockerCon 2019",
        "booth": "Booth 1",
        "session": session,
        "taken": "2026-11-22T17:05:12Z",
        "consent": "yes",
    } == animation.metadata


def test_the_details_are_an_object_that_a_search_finds(make_spool, visits):
    """It is there before the animation is, beside it, and carries what a search asks for."""
    spool = make_spool(linked=True)
    session = visits.pending(spool, ZOE)
    (details, link_key), _ = given_to(spool.queue(), session)
    assert (visits.key(session).replace(".gif", ".json"), "application/json", None) == (
        details.key,
        details.media_type,
        link_key,
    )
    assert ("Zo%C3%AB", "zoe@example.org", "DockerCon 2019", "yes") == tuple(
        details.metadata[name] for name in ("name", "email", "event", "consent")
    )


def test_the_details_can_be_read_without_their_metadata(make_spool, visits):
    """Whole and not encoded, by the same names; and they say which animation is theirs."""
    spool = make_spool(linked=True)
    long = Guest("Zoë " * 1000, "zoe@example.org")
    session = visits.pending(spool, long)
    (details, _), _ = given_to(spool.queue(), session)
    assert {
        "key": visits.key(session),
        "event": "DockerCon 2019",
        "booth": "Booth 1",
        "session": session,
        "name": long.name,
        "email": long.email,
        "consent": "no",
    } == json.loads(details.content)


def test_the_language_is_with_the_details(make_spool, visits):
    """By one name in their metadata and in their content; the picture says nothing of it."""
    spool = make_spool(linked=True)
    session = visits.pending(spool, Guest("Zoë", "zoe@example.org", language="de"))
    (details, _), (animation, _) = given_to(spool.queue(), session)
    assert ("de", "de") == (details.metadata["language"], json.loads(details.content)["language"])
    assert PICTURES - {"test"} == set(animation.metadata)


def test_without_links_the_language_is_on_the_animation(make_spool, visits):
    """With all else that is known of the guest."""
    spool = make_spool()
    session = visits.pending(spool, Guest("Zoë", "zoe@example.org", language="de"))
    ((animation, _),) = given_to(spool.queue(), session)
    assert "de" == animation.metadata["language"]


def test_a_guest_who_gives_no_details_leaves_one_object(make_spool, visits):
    """There is nothing to keep apart, and a link leads to it."""
    spool = make_spool(linked=True)
    session = visits.pending(spool)
    ((animation, link_key),) = given_to(spool.queue(), session)
    assert (visits.key(session), visits.key(session)) == (animation.key, link_key)


def test_nothing_else_that_is_made_tells_who_the_guest_is(make_spool, visits):
    """A strip lies beside the animation, and its key can be guessed from the link."""
    spool = make_spool(linked=True, kinds=(GIF, STRIP))
    session = visits.fresh()
    visits.pose(spool, session)
    spool.add(session, STRIP, b"JPEG")
    visits.finish(spool, session, ZOE)
    named = {parcel.media_type: "name" in parcel.metadata for parcel, _ in given_to(spool.queue(), session)}
    assert {"application/json": True, "image/gif": False, "image/jpeg": False} == named


def test_without_links_the_animation_carries_the_details(make_spool, visits):
    """One object, as ever; should somebody want a link to it, there is none."""
    spool = make_spool()
    session = visits.pending(spool, ZOE)
    ((animation, link_key),) = given_to(spool.queue(), session)
    assert ("Zo%C3%AB", "zoe@example.org", None) == (
        animation.metadata["name"],
        animation.metadata["email"],
        link_key,
    )


def test_what_was_committed_before_there_were_links_gets_none(make_spool, visits):
    """The entry decides as it was made: it goes out as it was settled, and nobody is led there."""
    before = make_spool()
    session = visits.pending(before, ZOE)
    before.close()
    ((animation, link_key),) = given_to(make_spool(linked=True).queue(), session)
    assert ("Zo%C3%AB", None) == (animation.metadata["name"], link_key)


def test_what_was_committed_for_a_link_stays_apart(make_spool, visits):
    """The entry decides as it was made, also when links were taken out of the settings since."""
    before = make_spool(linked=True)
    session = visits.pending(before, ZOE)
    before.close()
    assert [True, False] == ["name" in parcel.metadata for parcel, _ in given_to(make_spool().queue(), session)]


def test_an_entry_of_the_first_version_gets_no_link(make_spool, visits, outbox):
    """Its animation carries the details, for it knows of nothing else."""
    before = make_spool()
    session = visits.pending(before, ZOE)
    before.close()
    file = outbox / "pending" / session / "entry.json"
    said = json.loads(file.read_text())
    (product,) = said["products"]
    old = {name: product[name] for name in ("key", "bytes", "md5")}
    file.write_text(json.dumps({"session": session, "metadata": said["metadata"], **old}))
    ((animation, link_key),) = given_to(make_spool(linked=True).queue(), session)
    assert ("Zo%C3%AB", None) == (animation.metadata["name"], link_key)


@pytest.mark.parametrize("torn", [False, True], ids=["its entry whole", "its entry torn"])
def test_what_is_made_anew_is_apart_only_if_it_was_before(make_spool, visits, outbox, torn):
    """One target has the animation with the details already, and it is not sent there again: nobody is led there."""
    before = make_spool(targets=("bucket", "stick"), kinds=(GIF, STRIP))
    session = visits.fresh()
    visits.pose(before, session)
    before.add(session, STRIP, b"JPEG")
    visits.finish(before, session, ZOE)
    parcel = before.queue("bucket").parcel(session)
    before.queue("bucket").confirm(session, parcel.key, parcel.md5)
    if torn:
        (outbox / "pending" / session / "entry.json").write_bytes(b"{")
    before.queue("stick").mend(session, "rotten")
    before.close()
    after = make_spool(targets=("bucket", "stick"), kinds=(GIF, STRIP), linked=True)
    after.add(session, STRIP, b"JPEG")
    visits.finish(after, session, ZOE)
    assert {None} == {link_key for _, link_key in given_to(after.queue("bucket"), session)}


def test_details_that_rot_are_written_anew(make_spool, visits, outbox):
    """They are what was committed, or they are not sent; what they are made of is there still."""
    spool = make_spool(linked=True)
    session = visits.pending(spool, ZOE)
    whole = spool.queue().parcel(session).content
    (outbox / "pending" / session / "details.json").write_bytes(b"{}")
    with pytest.raises(Exception, match=re.escape("details.json")):
        spool.queue().parcel(session)
    assert spool.queue().mend(session, "rotten")
    spool.commit(session)
    assert whole == spool.queue().parcel(session).content


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9]{0,12}", fullmatch=True), st.text(max_size=20), max_size=8))
def test_whatever_else_is_told_of_a_guest_is_personal(values):
    """What is not known to be the picture's own goes to the details, whatever it will be called."""
    left = metadata.nameless(values)
    assert left == {name: values[name] for name in values if name in PICTURES}


@given(st.booleans())
def test_what_goes_with_a_product_comes_back(nameless):
    """Where the file says nothing, everything does."""
    product = Product("animation.gif", "image/gif", "a.gif", 1, MD5, nameless)
    entry = Entry("20261122-170512-aaaaaaaaaa", {"name": "Zo%C3%AB"}, (product,))
    assert (entry, nameless, nameless) == (
        Entry.read(entry.written()),
        b"nameless" in entry.written(),
        entry.linkable,
    )


@pytest.mark.parametrize("said", [1, 0, "yes", None, []])
def test_what_goes_with_a_product_is_said_or_not(said):
    """A file that says something else is none of ours."""
    fields = Product("animation.gif", "image/gif", "a.gif", 1, MD5).written() | {"nameless": said}
    with pytest.raises(ValueError, match="does not say what goes with"):
        Product.read(fields)
