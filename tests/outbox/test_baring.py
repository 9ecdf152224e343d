"""Who the guest is goes when its days are over; what was made stays, and is an entry as good as any."""

import errno
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.core.visit import Guest
from booth.disk import RealDisk
from booth.errors import OutboxError
from booth.outbox import metadata
from booth.outbox.baring import bared
from booth.outbox.entry import Entry, Product
from booth.outbox.forgetting import stone_of
from booth.outbox.replication import Copy, Replication
from booth.outbox.shelf import Shelf
from booth.ports import CopyState, Uptime
from booth.units import Seconds

DAY = 86400.0
ZOE = Guest("Zoë Q. Example", "zoe@example.org", consent=True, language="fr")
NO = Guest("Nora Example", "nora@example.org", consent=False)
FEW = {"keep_days": 30, "keep_details_days": 7}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def send(visits):
    """Put a whole visit of a guest into ``sent/``, and return its id."""

    def send(spool, guest=ZOE):
        session = visits.pending(spool, guest)
        deliver(spool, session)
        return session

    return send


def deliver(spool, session, targets=(None,)):
    """Confirm all of a visit, at each target."""
    for queue in map(spool.queue, targets):
        while queue.waits(session):
            parcel = queue.parcel(session)
            queue.confirm(session, parcel.key, parcel.md5)


def told(outbox):
    """Return the files below the outbox that tell who a guest is."""
    words = [ZOE.email.encode(), b"nora@", b"Example", b'"fr"']
    files = (path for path in outbox.rglob("*") if path.is_file())
    return sorted(path.name for path in files if any(word in path.read_bytes() for word in words))


def entry_of(outbox, session):
    """Return the entry of a sent visit."""
    return Entry.read((outbox / "sent" / session / "entry.json").read_bytes())


# ---- when


def test_details_are_kept_for_their_days_and_not_a_day_longer(make_spool, outbox, wall, send):
    """The picture stays for its own."""
    spool = make_spool(**FEW)
    session = send(spool)
    wall.seconds += 7 * DAY - 1
    spool.tidy()
    assert ["entry.json", "guest.json"] == told(outbox)
    wall.seconds += 1
    spool.tidy()
    assert ([], {"animation.gif", "confirmed.json", "entry.json", "visit.json"}) == (
        told(outbox), {path.name for path in (outbox / "sent" / session).iterdir()},
    )  # fmt: skip


def test_the_picture_of_a_bare_visit_goes_in_its_time(make_spool, wall, send):
    """It is deleted as if its guest had given no details."""
    spool = make_spool(**FEW)
    send(spool)
    for _ in range(29):
        wall.seconds += DAY
        spool.tidy()
    assert 1 == spool.counts()["sent"]
    wall.seconds += DAY
    spool.tidy()
    assert 0 == spool.counts()["sent"]


def test_where_nobody_says_otherwise_details_stay_as_long_as_pictures(make_spool, outbox, wall, send):
    """As it was before there were days for them."""
    spool = make_spool(keep_days=90)
    send(spool)
    wall.seconds += 89 * DAY
    spool.tidy()
    assert ["entry.json", "guest.json"] == told(outbox)


def test_details_never_outlast_the_visit(make_spool, wall, send):
    """More days than its own are as many as its own."""
    spool = make_spool(keep_days=7, keep_details_days=90)
    send(spool)
    wall.seconds += 7 * DAY
    spool.tidy()
    assert 0 == spool.counts()["sent"]


def test_with_no_days_details_go_as_soon_as_they_are_sent(make_spool, outbox, wall, send):
    """By no clock: nobody knows whether this one is right."""
    spool = make_spool(keep_days=30, keep_details_days=0, time_known=lambda: False)
    session = send(spool)
    assert ([], True) == (told(outbox), entry_of(outbox, session).bare)


def test_with_no_days_what_was_sent_before_goes_too(make_spool, outbox, wall, send):
    """By no clock either: it may have been set back since."""
    spool = make_spool()
    send(spool)
    spool.close()
    wall.seconds -= 1000 * DAY
    make_spool(keep_details_days=0, time_known=lambda: False).tidy()
    assert [] == told(outbox)


def test_by_a_clock_that_nobody_vouches_for_no_details_are_old(make_spool, outbox, wall, send):
    """It may show a year too late for a minute."""
    spool = make_spool(**FEW)
    send(spool)
    spool.close()
    wall.seconds += 20 * DAY
    make_spool(**FEW, time_known=lambda: False).tidy()
    assert ["entry.json", "guest.json"] == told(outbox)


def test_the_bucket_vouches_for_the_clock(make_spool, outbox, wall, send):
    """For as long as it runs as the machine does."""
    up = [Uptime("a boot", Seconds(100.0))]
    spool = make_spool(**FEW, time_known=lambda: False, uptime=lambda: up[0])
    send(spool)
    wall.seconds += 7 * DAY
    up[0] = Uptime("a boot", Seconds(100.0 + 7 * DAY))
    spool.tidy()
    assert [] == told(outbox)


@pytest.mark.parametrize("days", [0, 7])
def test_details_wait_for_the_servers_copies(make_spool, outbox, wall, send, days):
    """Until these are there, the booth's own is one of two."""
    spool = make_spool(keep_details_days=days, copied=True)
    session = send(spool)
    pending, there = ({"animation.gif": {"aws": Copy(state, wall.seconds)}} for state in
                      (CopyState.PENDING, CopyState.COMPLETED))  # fmt: skip
    spool.sent().note(session, Replication(pending))
    wall.seconds += 20 * DAY
    spool.tidy()
    assert ["entry.json", "guest.json"] == told(outbox)
    spool.sent().note(session, Replication(there))
    spool.tidy()
    assert [] == told(outbox)


def test_with_no_days_details_go_when_the_last_copy_is_there(make_spool, outbox, wall, send):
    """At that moment, and not at the next tidying."""
    spool = make_spool(keep_details_days=0, copied=True)
    session = send(spool)
    spool.sent().note(session, Replication({"animation.gif": {"aws": Copy(CopyState.COMPLETED, wall.seconds)}}))
    assert ([], True) == (told(outbox), entry_of(outbox, session).bare)


def test_what_is_not_delivered_keeps_its_details(make_spool, outbox, wall, visits):
    """However old it is, and also what will never be taken: they are nowhere else."""
    spool = make_spool(keep_details_days=0)
    visits.pending(spool, ZOE)
    refused = visits.pending(spool, ZOE)
    spool.queue().refuse(refused, "too large")
    visits.pose(spool, session := visits.fresh())
    spool.note(session, ZOE)
    wall.seconds += 1000 * DAY
    spool.tidy()
    assert ["entry.json", "entry.json", "guest.json", "guest.json", "guest.json"] == told(outbox)


def test_what_one_target_lacks_keeps_its_details(make_spool, outbox, wall, visits):
    """Sent is what all of them have."""
    spool = make_spool(keep_details_days=0, targets=("bucket", "stick"))
    session = visits.pending(spool, ZOE)
    deliver(spool, session, ["bucket"])
    wall.seconds += 1000 * DAY
    spool.tidy()
    assert ["entry.json", "guest.json"] == told(outbox)
    deliver(spool, session, ["stick"])
    assert [] == told(outbox)


# ---- what stays


def test_an_object_of_details_goes_with_all_that_tells_of_its_content(make_spool, outbox, visits):
    """Its checksum would tell whoever guesses the details that they were right; its key stays, for who forgets it."""
    spool = make_spool(keep_details_days=0, linked=True, targets=("bucket", "stick"))
    session = visits.pending(spool, ZOE)
    parcel = spool.queue().parcel(session)
    md5 = hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()
    deliver(spool, session, ["bucket", "stick"])
    folder = outbox / "sent" / session
    assert [] == [path.name for path in folder.iterdir() if md5.encode() in path.read_bytes()]
    assert {"animation.gif", "confirmed.json", "entry.json", "visit.json"} == {path.name for path in folder.iterdir()}
    keys = tuple(visits.key(session).replace(".gif", ending) for ending in (".gif", ".json"))
    stone = stone_of(RealDisk(), folder, session, "")
    assert (keys, keys) == (stone.keys, stone.confirmed)


def test_details_that_were_damaged_and_made_anew_go_with_the_others(make_spool, outbox, visits):
    """What was found rotten may be readable."""
    spool = make_spool(keep_details_days=0, linked=True)
    session = visits.pending(spool, ZOE)
    details = outbox / "pending" / session / "details.json"
    details.write_bytes(details.read_bytes() + b" ")
    spool.queue().mend(session, "rotten")
    spool.commit(session)
    assert (outbox / "pending" / session / "details.json.damaged").exists()
    deliver(spool, session)
    assert [] == told(outbox)


def test_a_visit_whose_guest_agreed_is_shown_when_it_is_bare(make_spool, outbox, send):
    """And nobody else's is, before a restart and after it."""
    spool = make_spool(keep_details_days=0)
    yes, _ = send(spool), send(spool, NO)
    spool.close()
    assert [(yes, outbox / "sent" / yes / "animation.gif")] == list(make_spool(keep_details_days=0).agreed())


def test_a_bare_visit_is_found_without_its_guest(make_spool, outbox, send):
    """As one of which it is known that the details are gone, and what the guest agreed to."""
    session = send(make_spool(keep_details_days=0))
    shelf = Shelf(outbox)
    found = shelf.visit(session)
    assert (True, True, None) == (found.bare, found.consent, shelf.guest(session))


def test_a_visit_without_details_is_left_as_it_is(make_spool, outbox, wall, send):
    """There is nothing to take away, and nothing is written for it."""
    spool = make_spool(**FEW)
    session = send(spool, None)
    entry = outbox / "sent" / session / "entry.json"
    before = entry.read_bytes(), entry.stat().st_ino
    wall.seconds += 8 * DAY
    spool.tidy()
    assert before == (entry.read_bytes(), entry.stat().st_ino)


def test_a_bare_visit_is_not_written_again(make_spool, outbox, wall, send):
    """A card has so many writes."""
    spool = make_spool(keep_details_days=0)
    entry = outbox / "sent" / send(spool) / "entry.json"
    before = entry.stat().st_ino, entry.stat().st_mtime_ns
    spool.tidy()
    assert before == (entry.stat().st_ino, entry.stat().st_mtime_ns)


# ---- what cuts and disks leave


def test_what_a_cut_has_left_beside_a_bare_entry_goes_by_no_clock(make_spool, outbox, send):
    """It was due before."""
    spool = make_spool(keep_details_days=0)
    session = send(spool)
    spool.close()
    (outbox / "sent" / session / "guest.json").write_bytes(b'{"guest": "zoe@example.org"}')
    make_spool(time_known=lambda: False).tidy()
    assert [] == told(outbox)


def test_what_somebody_else_has_put_into_sent_stays(make_spool, outbox, wall):
    """Without an entry it is no visit of ours."""
    spool = make_spool(keep_details_days=0)
    folder = outbox / "sent" / "20261122-170500-dddddddddd"
    folder.mkdir()
    (folder / "guest.json").write_bytes(b"Example")
    spool.tidy()
    assert ["guest.json"] == told(outbox)


def test_a_disk_that_refuses_is_asked_again(make_spool, outbox, send, refusing_disk):
    """What was sent is sent, whatever the disk does; its details go when it is well again."""
    disk = refusing_disk(set(), errno.EIO)
    spool = make_spool(disk=disk)
    session = send(spool)
    spool.close()
    spool = make_spool(disk=disk, keep_details_days=0)
    disk.operations = {"unlink"}
    with pytest.raises(OutboxError, match="cannot be tidied"):
        spool.tidy()
    disk.operations = set()
    spool.tidy()
    assert ([], True) == (told(outbox), entry_of(outbox, session).bare)


# ---- the entry


@given(name=TEXTS, email=TEXTS, consent=st.sampled_from(["yes", "no"]), linked=st.booleans(), page=st.booleans())
def test_a_bare_entry_is_one_and_names_nobody(name, email, consent, linked, page):
    """Whatever was typed: what is left is what anybody may read, and is read back as it is; baring it again is none."""
    values = {"event": "Fest", "session": "s", "taken": "2026-11-22T17:05:12Z", "consent": consent}
    values |= {"name": name, "email": email, "consentwall": f"{consent} show 2026-11-22T17:05:12Z en {'0' * 64}"}
    products = [Product("animation.gif", "image/gif", "s.gif", 3, "1" * 32, linked)]
    products += [Product("details.json", "application/json", "s.json", 3, "2" * 32)] if linked else []
    entry = Entry("s", metadata.encode(values), tuple(products), "s.html" if page else "")
    bare = bared(entry)
    assert {"event", "session", "taken", "consent"} == set(bare.metadata)
    assert consent == bare.metadata["consent"]
    assert [(product.key, product.file) for product in products] == [(kept.key, kept.file) for kept in bare.products]
    assert (bare, bare) == (Entry.read(bare.written()), bared(bare))
    assert linked == bare.linkable, "nobody is led to an object that names its guest"


def test_an_entry_that_does_not_say_whether_it_is_bare_is_none():
    """Reading it gives what we could have written."""
    written = json.loads(Entry("s", {}, (Product("animation.gif", "image/gif", "s.gif", 3, "1" * 32),)).written())
    with pytest.raises(ValueError, match="whether it has details"):
        Entry.read(json.dumps(written | {"bare": "yes"}).encode())
