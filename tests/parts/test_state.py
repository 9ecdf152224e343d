"""Whatever lies in the outbox, truncated, garbage, foreign or half deleted: it harms nobody, and is not deleted.

"Never deleted" is about content: a folder may move to where a person looks for it, ``failed/``, with a reason.
"""

import json

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from booth.core.events import SkipChosen
from booth.core.states import Attract, Farewell, FillingIn
from tests.parts.breaking import QUICK, PlainCamera, PlainCompositor, RefusingDisk, parties

PLACES = ("open", "pending", "sent", "failed")

HEALTHY = {
    "visit.json": b'{"session": "20261122-170501-ggggggggga", "event": "Party", "booth": "test", '
    b'"taken": "2026-11-22T17:05:01Z"}',
    "guest.json": b'{"guest": {"name": "Zoe", "email": "zoe@example.org", "consent": true}}',
    "entry.json": b'{"session": "20261122-170501-ggggggggga", "key": "k.gif", "metadata": {"name": "Zoe"}, "bytes": 6, '
    b'"md5": "d0ef04d8bbcc9ab9bb8f2ed8e5b5e2f1"}',
    "animation.gif": b"GIF89a",
    "animation.gif.damaged": b"GIF",
    "attempts.json": b'{"attempts": 3}',
    "confirmed.json": b'{"at": 1556546400}',
    "failure.json": b'{"why": "because"}',
    "frame-1.jpg": b"<frame-1>",
    "frame-3.jpg": b"<frame-3>",
    "frame-99999999999999999999.jpg": b"<frame-9>",
    "holiday.jpg": b"nobody knows whose this is",
}
"""What may lie in a folder, as we would write it, or nearly so."""


def ours(number):
    return f"20261122-1705{number:02}-ggggggggga"


NAMES = st.one_of(
    st.integers(0, 59).map(ours),
    st.sampled_from(
        ["lost+found", ".Trash-1000", "20261322-000000-ggggggggga", "20261122-170512-GGGGGGGGGA", "\udcff"]
    ),
)
CONTENT = st.one_of(
    st.just(lambda healthy: healthy),
    st.floats(0.0, 1.0).map(lambda part: lambda healthy: healthy[: int(len(healthy) * part)]),
    st.just(lambda healthy: bytes(len(healthy))),
    st.binary(max_size=40).map(lambda garbage: lambda healthy: garbage),
    st.sampled_from([b"{}", b"[]", b"null", b"NaN", b"[" * 5000, b'{"guest": 1e999}', b"9" * 5000]).map(
        lambda text: lambda healthy: text
    ),
    st.sampled_from(["folder", "link to nothing", "link to itself"]),
)
FOLDERS = st.dictionaries(
    st.tuples(st.sampled_from(PLACES), NAMES), st.dictionaries(st.sampled_from(sorted(HEALTHY)), CONTENT), max_size=8
)


def lay(outbox, folders):
    """Put *folders* into the outbox; return what is in them: place, folder, file, content."""
    precious = []
    for number, ((place, name), files) in enumerate(folders.items()):
        folder = outbox / place / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            path = folder / file
            match content:
                case "folder":
                    path.mkdir()
                    path /= "inside.txt"
                    path.write_bytes(b"inside %d" % number)
                case "link to nothing":
                    path.symlink_to("nowhere")
                    continue
                case "link to itself":
                    path.symlink_to(file)
                    continue
                case _:
                    path.write_bytes(content(HEALTHY[file]))
            precious.append((place, name, file, path.read_bytes()))
    return precious


def lies_about(outbox):
    return [path.read_bytes() for path in outbox.rglob("*") if path.is_file() and not path.is_symlink()]


def may_go(place, file):
    """Return whether the booth replaces or deletes this file as its own work goes on: what is made again or counted."""
    return (
        file in {"visit.json", "attempts.json", "confirmed.json", "entry.json", "failure.json"}
        or (place == "sent" and file.startswith("frame-"))
        or (place in {"open", "pending"} and file.startswith(("animation.gif", "frame-")))  # sent, frames are let go
    )


@given(FOLDERS)
@settings(max_examples=40, deadline=None, phases=set(Phase) - {Phase.shrink})  # a failure waits, and so would each try
def test_whatever_lies_in_the_outbox_is_never_fatal_never_deleted_never_in_the_way(tmp_path_factory, folders):
    """A start on it, its work on what is there, a new guest, a restart: all goes well, and nothing else is gone."""
    root = tmp_path_factory.mktemp("garbage")
    outbox = root / "outbox"
    precious = lay(outbox, folders)
    # A visit that somebody has copied cannot be moved to where its copy is: it stays, and the operator is told.
    twice = {name for _, name in folders if sum(name == other for _, other in folders) > 1}
    with parties(root) as make:
        for _start in range(2):
            party = make(
                rules=QUICK,
                disk=RefusingDisk(),
                camera=PlainCamera,
                compositor=PlainCompositor(),
                settings={"outbox.keep_days": 30},
            )
            party.crew.finish_open_visits()
            party.until(Attract, limit=60.0)
            party.press()
            session = party.state.session
            party.until(FillingIn)
            party.do(SkipChosen)
            party.until(Farewell)
            party.until(Attract, limit=60.0)
            hours = iter(range(30))
            while next(hours) < 2 or not set(party.spool.queue().pending()) <= twice:
                party.turn(3600.0)
                party.turn()
                party.uploader.wake()
                party.in_real_time(
                    lambda party=party: party.uploader.beat == party.clock.now() and not party.uploader.under_way
                )
            assert any(session in key for key in party.bucket.objects)
            assert party.uploader.alive
            party.close()
    left = lies_about(outbox)
    missing = [item[:3] for item in precious if not may_go(item[0], item[2]) and item[3] not in left]
    assert [] == missing


def left_open(outbox, session, **files):
    """Put an open visit into the outbox as an earlier run may have left it; return its folder."""
    folder = outbox / "open" / session
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name.replace("__", "-").replace("_", ".")).write_bytes(content)
    return folder


def test_a_visit_whose_frames_are_gone_is_set_aside_with_a_reason(a_party, outbox):
    """Half deleted: what is left of it, the guest's details, is where a person looks, and says why."""
    left_open(outbox, ours(1), visit_json=HEALTHY["visit.json"], guest_json=HEALTHY["guest.json"])
    party = a_party(rules=QUICK)
    party.crew.finish_open_visits()
    party.until(Attract)
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 1} == party.spool.counts()
    folder = outbox / "failed" / ours(1)
    assert HEALTHY["guest.json"] == (folder / "guest.json").read_bytes()
    assert "its frames are gone" in json.loads((folder / "failure.json").read_bytes())["why"]


def test_a_visit_with_nothing_but_its_animation_is_sent(a_party, outbox):
    """There is nothing that it lacks: the frames would be let go after it anyway."""
    left_open(outbox, ours(1), visit_json=HEALTHY["visit.json"], animation_gif=b"GIF89a;")
    party = a_party(rules=QUICK)
    party.crew.finish_open_visits()
    party.delivered(1)
    assert b"GIF89a;" == next(iter(party.bucket.objects.values()))[0]


def test_a_visit_cut_before_its_first_frame_leaves_nothing(a_party, outbox):
    """What the booth itself puts there before the first frame is not worth a look."""
    left_open(outbox, ours(1), visit_json=HEALTHY["visit.json"], frame__1_jpg_part=b"torn")
    party = a_party(rules=QUICK)
    party.crew.finish_open_visits()
    assert {"open": 0, "pending": 0, "sent": 0, "failed": 0} == party.spool.counts()


def crowd(a_party, guests):
    """Return a party at which so many *guests* have been, and nothing was sent yet."""
    party = a_party(rules=QUICK, camera=PlainCamera, compositor=PlainCompositor(), uploads=False)
    for _ in range(guests):
        party.to_form()
        party.do(SkipChosen)
        party.until(Attract)
    return party


def test_a_confirmed_visit_that_cannot_be_filed_keeps_nobody_waiting(a_party, outbox):
    """The disk refuses it: the others are sent all the same, and it is put once."""
    party = crowd(a_party, 4)
    first, *others = party.spool.queue().pending()
    party.disk.refused = outbox / "sent" / first
    party.uploader.start()
    party.in_real_time(lambda: party.uploader.status().error is not None)
    for _ in range(3):
        party.turn(61.0)
        party.uploader.wake()
        party.in_real_time(lambda: party.uploader.beat == party.clock.now())
    party.in_real_time(lambda: party.spool.queue().pending() == (first,))
    assert len(others) + 1 == len(party.bucket.objects)


def test_a_copy_by_hand_where_a_confirmed_visit_belongs_makes_way(a_party, outbox):
    """It keeps what it holds, under another name; all are sent, each once."""
    party = crowd(a_party, 2)
    first, _ = party.spool.queue().pending()
    (outbox / "sent" / first).mkdir()
    (outbox / "sent" / first / "copy.txt").write_text("by hand")
    party.uploader.start()
    party.in_real_time(lambda: not party.spool.queue().pending())
    assert (2, 2) == (len(party.bucket.objects), party.spool.counts()["sent"])
    assert ["by hand"] == [copy.read_text() for copy in (outbox / "sent").glob("*/copy.txt")]
