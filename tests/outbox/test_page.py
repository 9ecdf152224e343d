"""A guest's page in the outbox: no file, and a key that the entry names, by which it can be deleted."""

import json

import pytest

from booth.core.visit import Guest
from booth.outbox.entry import Entry
from booth.outbox.forgetting import WISH, stone_read

ZOE = Guest("Zoë", "zoe@example.org", consent=True)


def entry_of(outbox, session):
    """Return what was committed of a visit."""
    return Entry.read((outbox / "pending" / session / "entry.json").read_bytes())


def test_the_entry_names_the_page(make_spool, outbox, visits):
    """It lies beside the animation, and is none of what is put one by one; whoever makes the link is given it."""
    spool = make_spool(linked=True, paged=True)
    session = visits.pending(spool, None)
    entry, due = entry_of(outbox, session), spool.queue().due(session)
    assert visits.key(session).replace(".gif", ".html") == entry.page
    assert (entry, ["animation.gif"]) == (due.linked, [product.file for product in entry.products])


@pytest.mark.parametrize("wanted", [{"linked": True}, {}], ids=["links", "none"])
def test_without_pages_it_names_none(make_spool, outbox, visits, wanted):
    """An entry of a booth without pages is written as ever."""
    session = visits.pending(make_spool(**wanted), None)
    assert "page" not in json.loads((outbox / "pending" / session / "entry.json").read_bytes())
    assert "" == entry_of(outbox, session).page


def test_what_was_to_tell_the_guest_gets_no_page(make_spool, outbox, visits):
    """What went with the details before is not linked when it is made anew, and so it has no page."""
    with make_spool() as spool:
        session = visits.pending(spool, ZOE)
    folder = outbox / "pending" / session
    folder.rename(outbox / "open" / session)
    make_spool(linked=True, paged=True).commit(session)
    assert "" == entry_of(outbox, session).page


@pytest.mark.parametrize("page", [7, "a//b.html", "the animation's"])
def test_what_is_no_key_of_a_page_is_no_entry(make_spool, outbox, visits, page):
    """Nothing is put, nor deleted, under a key that no booth could have made, or that is another object's."""
    session = visits.pending(make_spool(linked=True, paged=True), None)
    said = json.loads((outbox / "pending" / session / "entry.json").read_bytes())
    said["page"] = visits.key(session) if page == "the animation's" else page
    with pytest.raises(ValueError, match=r"^it has no key that a page can have$"):
        Entry.read(json.dumps(said).encode())


def test_who_is_forgotten_has_no_page_any_more(make_spool, outbox, visits, quick_disk):
    """The stone names it among what may be in the bucket, so that it is deleted there."""
    spool = make_spool(linked=True, paged=True)
    session = visits.pending(spool, ZOE)
    (outbox / f"{WISH}{session}").touch()
    spool.grant(lambda _session: False)
    stem = visits.key(session).removesuffix(".gif")
    assert (f"{stem}.gif", f"{stem}.json", f"{stem}.html") == stone_read(quick_disk, outbox, session).keys
