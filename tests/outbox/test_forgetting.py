"""A guest who wishes to be forgotten is, wherever in the outbox the visit is; and nobody else."""

import json

import pytest
from structlog.testing import capture_logs

from booth.core.visit import Guest, SessionId
from booth.outbox.forgetting import FORGOTTEN, WISH, Stone, stone_read, wishes

ZOE = Guest("Zoë", "zoe@example.org", consent=True)


def nobody(_session):
    """Carry nothing."""
    return False


def put_into(place, spool, visits):
    """Put a visit of Zoë's into a place, and return its name."""
    session = visits.fresh()
    visits.pose(spool, session)
    visits.finish(spool, session, ZOE)
    if place == "sent":
        parcel = spool.queue().parcel(session)
        spool.queue().confirm(session, parcel.key, visits.etag(spool, session))
    elif place == "failed":
        spool.queue().refuse(session, "too large")
    return session


def theirs(outbox, session):
    """Return what is left of a visit, but for its stone and the wish."""
    paths = [path.relative_to(outbox) for path in outbox.rglob("*") if session in str(path)]
    return [path for path in paths if path.parts[0] != FORGOTTEN and not path.name.startswith(WISH)]


@pytest.mark.parametrize("place", ["pending", "sent", "failed"])
def test_a_visit_is_forgotten_wherever_it_is(spool, outbox, visits, quick_disk, place):
    """All of it goes; the others stay; the stone says which object there may be, and whether the bucket has it."""
    other, session = put_into(place, spool, visits), put_into(place, spool, visits)
    (outbox / f"{WISH}{session}").touch()
    spool.grant(nobody)
    assert [] == theirs(outbox, session)
    assert (outbox / place / other / "animation.gif").exists()
    stone = stone_read(quick_disk, outbox, session)
    key = visits.key(session)
    had = (key,) if place == "sent" else ()
    assert Stone(session, "DockerCon 2019", (key,), had, (), "2026-11-22T17:05:12Z") == stone


@pytest.mark.parametrize("place", ["pending", "sent", "failed"])
def test_a_stone_names_nobody(spool, outbox, visits, place):
    """Nothing in the whole outbox does, after the only guest was forgotten."""
    session = put_into(place, spool, visits)
    (outbox / f"{WISH}{session}").touch()
    with capture_logs() as logs:
        spool.grant(nobody)
    written = [path.read_bytes() for path in outbox.rglob("*") if path.is_file()]
    assert [] == [text for text in [*written, repr(logs).encode()] for part in (b"Zo", b"zoe") if part in text]


def test_a_wish_is_taken_away_when_nothing_is_on_its_way_any_more(spool, outbox, visits, quick_disk):
    """Not at the look that grants it: what was being taken from the disk then may still go out."""
    session = put_into("pending", spool, visits)
    (outbox / f"{WISH}{session}").touch()
    spool.grant(nobody)
    assert (session,) == wishes(quick_disk, outbox)
    spool.grant(lambda carried: carried == session)
    assert (session,) == wishes(quick_disk, outbox)
    spool.grant(nobody)
    assert () == wishes(quick_disk, outbox)


def test_whose_visit_goes_on_is_waited_for(spool, outbox, visits):
    """The guest is there; it is forgotten as soon as it is committed, and before it is sent."""
    session = visits.fresh()
    visits.pose(spool, session)
    (outbox / f"{WISH}{session}").touch()
    spool.grant(nobody)
    visits.finish(spool, session, ZOE)
    spool.grant(nobody)
    assert ([], ()) == (theirs(outbox, session), spool.queue().pending())


def test_a_wish_for_nothing_is_granted(spool, outbox, quick_disk):
    """The visit was deleted for its age since."""
    (outbox / f"{WISH}20261122-170512-aaaaaaaaaa").touch()
    spool.grant(nobody)
    spool.grant(nobody)
    assert () == wishes(quick_disk, outbox)


def test_what_is_no_visits_name_is_no_wish(spool, outbox, quick_disk):
    """It may lead anywhere."""
    names = [f"{WISH}..", f"{WISH}all", f"{WISH}20261122-170512-aaaaaaaaaa.gone", "forget"]
    for name in names:
        (outbox / name).touch()
    spool.grant(nobody)
    assert [True] * len(names) == [(outbox / name).exists() for name in names]
    assert () == wishes(quick_disk, outbox)


def test_a_disk_that_refuses_is_asked_again(make_spool, outbox, visits, refusing_disk):
    """Nothing of the visit is gone by then; the others are forgotten all the same."""
    disk = refusing_disk((), 28)
    spool = make_spool(disk=disk)
    session = put_into("pending", spool, visits)
    (outbox / f"{WISH}{session}").touch()
    disk.operations = {"rename"}
    with capture_logs() as logs:
        spool.grant(nobody)
    assert ["visit.not_forgotten"] == [entry["event"] for entry in logs]
    assert {"animation.gif", "entry.json", "guest.json"} <= {path.name for path in theirs(outbox, session)}
    disk.operations = set()
    spool.grant(nobody)
    assert [] == theirs(outbox, session)


@pytest.mark.parametrize(
    "wrong", [{"session": 1}, {"event": None}, {"keys": "a.gif"}, {"confirmed": [1]}, {"sites": None}, {"forgotten": 0}]
)
def test_what_is_no_stone_is_not_read(tmp_path, quick_disk, wrong):
    """Whatever lies there."""
    stone = Stone("20261122-170512-aaaaaaaaaa", "Party", ("a.gif",), (), ("aws",), "2026-11-22T17:05:12Z")
    (tmp_path / FORGOTTEN).mkdir()
    file = tmp_path / FORGOTTEN / "20261122-170512-aaaaaaaaaa.json"
    file.write_bytes(stone.written())
    assert stone == stone_read(quick_disk, tmp_path, SessionId(stone.session))
    file.write_text(json.dumps({**json.loads(stone.written()), **wrong}))
    assert None is stone_read(quick_disk, tmp_path, SessionId(stone.session))
