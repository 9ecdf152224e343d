"""Whatever lies in the outbox, truncated, garbage, foreign or half deleted: it harms nobody, and is not deleted.

"Never deleted" is about content: a folder may move to where a person looks for it, ``failed/``, with a reason.
"""

from hypothesis import given, settings
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
@settings(max_examples=60, deadline=None)
def test_whatever_lies_in_the_outbox_is_never_fatal_never_deleted_never_in_the_way(tmp_path_factory, folders):
    """A start on it, its work on what is there, a new guest, a restart: all goes well, and nothing else is gone."""
    root = tmp_path_factory.mktemp("garbage")
    outbox = root / "outbox"
    precious = lay(outbox, folders)
    with parties(root) as make:
        for _start in range(2):
            party = make(
                rules=QUICK, disk=RefusingDisk(), camera=PlainCamera, compositor=PlainCompositor(), keep_days=30
            )
            party.crew.finish_open_visits()
            party.until(Attract, limit=60.0)
            party.press()
            session = party.visit.session
            party.until(FillingIn)
            party.do(SkipChosen)
            party.until(Farewell)
            for _ in range(2):
                party.until(Attract, limit=60.0)
                party.turn(4000.0)
                party.turn()
                party.uploader.wake()
                party.in_real_time(
                    lambda party=party: party.uploader.beat == party.clock.now() and party.uploader._errand is None
                )
            assert any(session in key for key in party.bucket.objects)
            assert party.uploader.alive
            assert () == party.spool.pending()
            party.close()
    left = lies_about(outbox)
    missing = [item[:3] for item in precious if not may_go(item[0], item[2]) and item[3] not in left]
    assert [] == missing
