"""Whatever somebody puts into the outbox: nothing is waited for, nothing outside is touched, the others are sent."""

import contextlib
import errno
import json
import os
import socket
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.core.visit import Guest, SessionId
from booth.disk import LARGEST
from booth.errors import OutboxError
from booth.outbox.entry import LONGEST, note_read
from booth.outbox.ids import SessionIds
from booth.outbox.queue import DamagedError
from booth.outbox.spool import Spool
from booth.settings.visit import CountdownSection

HUGE = 100 << 30
ZOE = Guest("Zoë", "zoe@example.org", consent=True)


def fifo(path, _):
    os.mkfifo(path)


def folder(path, _):
    path.mkdir()
    (path / "holiday.jpg").write_bytes(b"theirs")


def link(path, outside):
    path.symlink_to(outside)


def hard_link(path, outside):
    path.hardlink_to(outside)


def nowhere(path, _):
    path.symlink_to(path.parent / "nowhere")


def endpoint(path, _):
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path.name)
    finally:
        os.chdir(here)


def sparse(path, _):
    path.touch()
    os.truncate(path, HUGE)


KINDS = [fifo, folder, link, hard_link, nowhere, endpoint, sparse]


@pytest.fixture
def outside(tmp_path):
    """Return a file outside the outbox; nothing of it has changed in the end."""
    path = tmp_path / "precious"
    path.write_bytes(b"precious")
    path.chmod(0o644)
    yield path
    assert (b"precious", 0o644) == (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [".probe", ".lock"])
def test_what_lies_where_the_booth_puts_its_own_is_no_fault_of_the_disk(make_spool, outbox, outside, kind, name):
    """The booth starts, and the disk is well: what was there is kept under another name, or was a file of ours."""
    outbox.mkdir()
    kind(outbox / name, outside)
    spool = make_spool()
    spool.check()
    spool.check()


@pytest.mark.parametrize("kind", [fifo, hard_link, endpoint, sparse])
@pytest.mark.parametrize("place", ["open", "pending", "sent", "failed"])
def test_what_lies_where_one_of_the_four_folders_belongs_makes_way(make_spool, outbox, visits, outside, kind, place):
    """The booth starts, keeps what was there under another name, and a visit goes its way."""
    make_spool().close()
    (outbox / place).rmdir()
    kind(outbox / place, outside)
    spool = make_spool()
    session = visits.pending(spool)
    spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
    beside = [path for path in outbox.iterdir() if path.name.startswith(place)]
    assert ({"open": 0, "pending": 0, "sent": 1, "failed": 0}, 2) == (spool.counts(), len(beside))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["entry.json", "guest.json", "attempts.json", "failure.json"])
@pytest.mark.parametrize("end", ["", ".part"])
def test_what_lies_where_a_file_is_written_is_moved_away(spool, outbox, visits, outside, kind, name, end):
    """A visit is finished, counted and set aside all the same."""
    session = visits.fresh()
    visits.pose(spool, session)
    kind(outbox / "open" / session / f"{name}{end}", outside)
    visits.finish(spool, session, ZOE)
    spool.queue().parcel(session)
    assert 1 == spool.queue().attempted(session)
    spool.queue().refuse(session, "too large")
    assert "too large" == json.loads((outbox / "failed" / session / "failure.json").read_bytes())["why"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_entry_is_damaged(spool, outbox, visits, outside, kind):
    """It is not waited for, and not read as far as it goes; nor is what has the animation's name."""
    for name in ("entry.json", "animation.gif"):
        session = visits.pending(spool)
        (outbox / "pending" / session / name).unlink()
        kind(outbox / "pending" / session / name, outside)
        if name == "animation.gif" and kind is hard_link:
            continue  # a file like any other, and not what was committed
        with pytest.raises(DamagedError):
            spool.queue().parcel(session)


@pytest.mark.parametrize("name", ["animation.gif", "frame-5.jpg.part"])
def test_a_file_that_has_another_name_elsewhere_keeps_its_mode(spool, outbox, visits, outside, name):
    """A visit that a cut left behind is finished with it, and nothing outside is touched."""
    session = visits.fresh()
    visits.pose(spool, session)
    spool.animation(session).write_bytes(b"GIF89a")
    (outbox / "open" / session / name).unlink(missing_ok=True)
    hard_link(outbox / "open" / session / name, outside)
    if name.startswith("frame"):
        spool.keep(session, 5)
    spool.commit(session)
    assert (session,) == spool.queue().pending()


@pytest.mark.parametrize("kind", [fifo, folder, link, nowhere, endpoint, sparse])
def test_what_is_no_frame_and_no_animation_is_none(spool, outbox, visits, outside, kind):
    """A visit that a cut left behind is made of what can be read; if there is nothing, a person looks at it."""
    session = visits.fresh()
    spool.open(session)
    kind(outbox / "open" / session / "frame-1.jpg", outside)
    kind(outbox / "open" / session / "animation.gif", outside)
    assert ((), False) == (spool.frames(session), spool.has_animation(session))
    spool.give_up(session)
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 1} == spool.counts()


@pytest.mark.parametrize("kind", [fifo, folder, link, nowhere, endpoint, sparse])
@pytest.mark.parametrize("name", ["confirmed.json", "frame-2.jpg", "holiday"])
def test_what_lies_beside_a_confirmed_animation_keeps_nothing_for_ever(
    make_spool, outbox, visits, outside, wall, kind, name
):
    """It is dated, and deleted in time, with what somebody put there."""
    spool = make_spool()
    session = visits.sent(spool)
    path = outbox / "sent" / session / name
    path.unlink(missing_ok=True)
    kind(path, outside)
    spool.tidy()
    wall.seconds += 31 * 86400.0
    spool.tidy()
    assert [] == list((outbox / "sent").iterdir())


def test_folders_in_folders_are_deleted_however_deep_they_are(make_spool, outbox, visits):
    """No depth is too much for the booth to start: neither for a stack of calls nor for the length of a path."""
    make_spool().close()
    doomed = outbox / "sent" / f"{visits.fresh()}.gone"
    doomed.mkdir()
    deepest = os.open(doomed, os.O_RDONLY)
    for _ in range(5000):
        os.mkdir("deeper", dir_fd=deepest)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=deepest)
        os.close(deepest)
        deepest = inner
    os.close(deepest)
    make_spool()
    assert [] == list((outbox / "sent").iterdir())


@pytest.mark.parametrize(
    "at", ["1" + "0" * 400, "1" + "0" * 5000, "1e999", "NaN", "-1e300", "true", '"x"', '1, "at": 2', "[" * 9000]
)
def test_a_date_that_is_none_is_todays(make_spool, outbox, visits, wall, at):
    """Numbers without end, or too long for any date, said twice, or no numbers at all."""
    spool = make_spool()
    session = visits.sent(spool)
    (outbox / "sent" / session / "confirmed.json").write_text(f'{{"at": {at}}}')
    spool.tidy()
    assert int(wall.seconds) == json.loads((outbox / "sent" / session / "confirmed.json").read_bytes())["at"]


@pytest.mark.parametrize(
    "content",
    [b"[" * LONGEST, b'{"a":' * 9000, b'{"a": ' + b"9" * 5000 + b"}", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff{}"],
)
def test_whatever_is_no_note_of_ours_says_nothing(content):
    """One reader for all files of the outbox, with limits."""
    assert {} == note_read(content)


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": {"name": "a\r\nX-Evil: 1"}},
        {"metadata": {"name": "ü"}},
        {"metadata": {"Name": "a"}},
        {"metadata": {"name": "a" * 2000}},
        {"key": "../../../etc/passwd"},
        {"key": "a\0b"},
        {"key": "\ud800"},
        {"key": "k" * 5000},
        {"bytes": 10**17},
        {"bytes": 10**400},
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_an_entry_that_cannot_be_sent_is_damaged(spool, outbox, visits, change, version):
    """It is made anew from its frames or set aside: it does not keep the others waiting for ever."""
    session = visits.pending(spool)
    visits.say(outbox / "pending" / session / "entry.json", change, version)
    with pytest.raises(DamagedError):
        spool.queue().parcel(session)
    assert spool.queue().mend(session, "it cannot be sent")


@pytest.mark.parametrize("consent", ["%FF", "%", "%ud800", "%00"])
def test_metadata_that_are_no_text_agree_to_nothing(make_spool, outbox, visits, consent):
    """The gallery passes them by, each time it looks."""
    spool = make_spool()
    session = visits.sent(spool)
    path = outbox / "sent" / session / "entry.json"
    entry = json.loads(path.read_bytes())
    path.write_text(json.dumps(entry | {"metadata": entry["metadata"] | {"consent": consent}}))
    assert [] == list(spool.agreed())


@pytest.mark.parametrize("kind", KINDS)
def test_the_gallery_gets_animations_and_nothing_else(make_spool, outbox, visits, outside, kind):
    """What it would wait for, or read for ever, it does not even hear of."""
    spool = make_spool()
    session = visits.pending(spool, ZOE)
    path = outbox / "pending" / session / "animation.gif"
    assert [(session, path)] == list(spool.agreed())
    path.unlink()
    kind(path, outside)
    assert ([(session, path)] if kind is hard_link else []) == list(spool.agreed())


@pytest.mark.parametrize("place", ["open", "pending", "sent", "failed", "sent/gone"])
def test_a_folder_that_nobody_may_look_into_keeps_no_booth_from_starting(
    make_spool, outbox, visits, barred_disk, place
):
    """Whoever copied it there was another user: the other visits are looked after, shown, and sent."""
    spool = make_spool()
    theirs, ours, shown = visits.fresh(), visits.pending(spool), visits.pending(spool, ZOE)
    spool.close()
    place, _, gone = place.partition("/")
    folder = outbox / place / f"{theirs}{'.gone' if gone else ''}"
    folder.mkdir()
    (folder / "holiday.jpg").write_bytes(b"theirs")
    barred_disk.barred.add(folder)
    spool = make_spool(disk=barred_disk)
    spool.check()
    assert [shown] == [session for session, _ in spool.agreed()]
    for session in (ours, shown):
        spool.queue().confirm(session, visits.key(session), visits.etag(spool, session))
    assert [shown] == [session for session, _ in spool.agreed()]
    assert b"theirs" == (folder / "holiday.jpg").read_bytes()


def test_what_could_not_be_looked_into_at_the_start_is_not_finished_against_its_guest_s_wish(
    make_spool, outbox, visits, barred_disk
):
    """It was to be deleted, and said so in its folder: when that can be read again, it counts."""
    spool = make_spool()
    session = visits.fresh()
    visits.pose(spool, session)
    spool.animation(session).write_bytes(b"GIF89a")
    spool.close()
    folder = outbox / "open" / session
    (folder / "condemned").touch()
    barred_disk.barred.add(folder)
    spool = make_spool(disk=barred_disk)
    barred_disk.barred.clear()
    with pytest.raises(OutboxError, match="is being deleted, as its guest wished"):
        spool.commit(session)


def test_of_a_folder_full_of_frames_as_many_are_used_as_a_visit_has(spool, outbox, visits):
    """Whoever makes the animation has so many deadlines for it, and would count as stuck after that, at each start."""
    session = visits.fresh()
    visits.pose(spool, session)
    for number in range(5, 500):
        (outbox / "open" / session / f"frame-{number}.jpg").write_bytes(b"\xff\xd8 theirs")
    most = CountdownSection.model_fields["shots"].metadata[1].le
    assert [f"frame-{number}.jpg" for number in range(1, most + 1)] == [frame.name for frame in spool.frames(session)]


@pytest.mark.parametrize("name", ["99991231-235959-zzzzzzzzzz", "20990101-000000-aaaaaaaaaa"])
def test_a_visit_of_another_age_does_not_name_those_of_today(name, wall):
    """Names go on from the newest, but not from one that no clock which is right can have given."""
    ids = SessionIds(wall, after=SessionId(name))
    assert ["20261122-1705"] * 2 == [ids()[:13], ids()[:13]]


def test_a_name_of_an_evening_ahead_is_gone_on_from(wall):
    """A clock that was put back by hours is no other age."""
    assert "20261123-100000-zzzzzzzzzz" < SessionIds(wall, after=SessionId("20261123-100000-zzzzzzzzzz"))()


def test_the_same_visit_in_two_places_is_set_aside(make_spool, outbox, visits):
    """What is committed stays; the other one is kept, and is in nobody's way any more."""
    spool = make_spool()
    session = visits.pending(spool)
    for place in ("open", "failed"):
        (outbox / place / session).mkdir()
        (outbox / place / session / "animation.gif").write_bytes(b"GIF89a another")
    spool.commit(session)
    assert ((), (session,)) == (spool.unfinished(), spool.queue().pending())
    aside = [path for path in (outbox / "failed").iterdir() if path.name != session]
    assert [b"GIF89a another"] == [(path / "animation.gif").read_bytes() for path in aside]


def test_thousands_of_foreign_things_are_counted(make_spool, outbox):
    """Not a line for each; and a name can forge none."""
    make_spool().close()
    for number in range(50):
        (outbox / "pending" / f"junk {number:02}\nforged").touch()
    (outbox / "sent" / os.fsdecode(b"\xff\xfe")).touch()
    spool = make_spool()
    with capture_logs() as logs:
        for _ in range(3):
            spool.counts()
    told = [entry for entry in logs if entry["event"] == "outbox.foreign"]
    assert (22, [30]) == (len(told), [entry["more"] for entry in told if "more" in entry])
    assert {True} == {entry["path"].isprintable() and entry["path"].isascii() for entry in told}


def test_more_than_any_file_of_ours_is_not_read(quick_disk, tmp_path):
    """Whoever asks is refused, at once, and without the memory for it."""
    sparse(tmp_path / "file", None)
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        quick_disk.read(tmp_path / "file")
    os.truncate(tmp_path / "file", 10)
    assert bytes(10) == quick_disk.read(tmp_path / "file")
    assert 64 << 20 == LARGEST


VISITS = ("20261122-170601-aaaaaaaaaa", "20261122-170602-bbbbbbbbbb", "20261122-170603-cccccccccc")
"""Names of visits: two of them are there, and one is not."""

names = st.one_of(
    st.sampled_from([b"nan", b"NaN", b"inf", b"-1", b"0", b" ", b"caf\xe9", b"\xff\xfe", b"\xed\xa0\x80", b"null",
                     b"\r\n", b"-rf", b"a" * 255, b".gone", b".part"]),
    st.builds(lambda form, visit: form.format(visit, visit.upper(), visit[:-1]).encode(),
              st.sampled_from(["{0}", "{1}", "{2}", "{0}.gone", "{0}.part", " {0}", "{0}\n", "{0}.1"]),
              st.sampled_from(VISITS)),
    st.binary(min_size=1, max_size=40).map(lambda name: b"x" + name.translate(bytes.maketrans(b"/\0", b"__"))),
)  # fmt: skip

contents = st.one_of(
    st.sampled_from([b"", b"\0", b"{}\0", b"\0" * 5000, b"caf\xe9", b"NaN", b'{"bytes": NaN}', b'{"key": "\\ud800"}',
                     b'{"key": "a", "key": "b"}', b"[]", b"null", b"\xff\xfe{\0}\0"]),
    st.binary(max_size=60),
)  # fmt: skip

plants = st.tuples(
    st.sampled_from(["open", "pending", "sent", "failed"]),
    names,
    st.one_of(
        st.none() | contents,
        st.dictionaries(
            st.sampled_from(["entry.json", "guest.json", "attempts.json", "visit.json", "confirmed.json",
                             "failure.json", "animation.gif", "frame-1.jpg", os.fsdecode(b"\xff.json")]),
            contents,
            max_size=4,
        ),
    ),
)  # fmt: skip


def plant(outbox, place, name, what):
    """Put a file (bytes), a folder of files, or a pipe (None) there, unless there is something."""
    path = outbox / place / os.fsdecode(name)
    if os.path.lexists(path):
        return
    if what is None:
        os.mkfifo(path)
    elif isinstance(what, bytes):
        path.write_bytes(what)
    else:
        path.mkdir()
        for inner, content in what.items():
            (path / inner).write_bytes(content)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(plants, max_size=8))
@example([("sent", VISITS[0].encode(), None)])
@example([("sent", VISITS[0].encode(), b"")])
@example([("sent", VISITS[0].encode(), {"entry.json": b"{}"})])
@example([("open", VISITS[0].encode(), b""), ("failed", VISITS[0].encode(), b"")])
def test_whatever_is_called_whatever_keeps_no_visit_from_its_bucket(tmp_path, quick_disk, wall, visits, planted):
    """Bytes that are no text, numbers that are none, names twice: the visits that were there are sent, and once."""
    outbox = Path(tempfile.mkdtemp(dir=tmp_path)) / "outbox"

    def opened():
        return Spool(outbox, event="Gala", booth="booth", key_template="{session}.gif", wall=wall, min_free_mb=0,
                     keep_days=30, disk=quick_disk)  # fmt: skip

    with contextlib.closing(opened()) as spool:
        for session in VISITS[:2]:
            visits.pose(spool, SessionId(session))
            visits.finish(spool, SessionId(session), ZOE)
    for place, name, what in planted:
        plant(outbox, place, name, what)
    sent = []
    with contextlib.closing(opened()) as spool:
        for _ in range(2):
            spool.counts()
            spool.tidy()
            assert not any(session in spool.queue().pending() for session in sent)
            for session in spool.queue().pending():
                try:
                    etag = visits.etag(spool, session)
                except DamagedError:
                    spool.queue().mend(session, "it cannot be sent")
                else:
                    spool.queue().confirm(session, spool.queue().parcel(session).key, etag)
                    sent.append(session)
    assert [1, 1] == [sent.count(SessionId(session)) for session in VISITS[:2]]
