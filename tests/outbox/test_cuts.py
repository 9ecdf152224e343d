"""The power goes at every single operation of a visit's life; the next start finds nothing lost and nothing halved."""

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.core.visit import Guest, SessionId
from booth.outbox.metadata import decode
from booth.outbox.queue import DamagedError
from booth.outbox.spool import Spool
from tests.disks import QuickDisk

SESSION = SessionId("20261122-170512-aaaaaaaaaa")
ZOE = Guest("Zoë", "zoe@example.org", consent=True)
GIF = b"GIF89a, four frames"
ETAG = hashlib.md5(GIF, usedforsecurity=False).hexdigest()


class Cut(BaseException):
    """The power has gone. No error that anybody could catch."""


class FailingDisk(QuickDisk):
    """A disk that loses its power at operation *cut* (0 is the first), and tears what was not synced by then."""

    def __init__(self, root, cut):
        self.root = root
        self.left = cut
        self.synced = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}

    def _act(self):
        if self.left <= 0:
            self._tear()
            raise Cut
        self.left -= 1

    def _tear(self):
        """Leave half of every file that was not synced."""
        for file in self.root.rglob("*"):
            if file.is_file() and self.synced.get(file) != file.read_bytes():
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    def mkdir(self, folder, *, shared=False):
        self._act()
        super().mkdir(folder, shared=shared)

    def write(self, file, content):
        self._act()
        super().write(file, content)

    def sync(self, file):
        self._act()
        self.synced[file] = file.read_bytes()

    def sync_folder(self, folder):
        self._act()

    def rename(self, old, new):
        self._act()
        super().rename(old, new)
        for path in [path for path in self.synced if path == old or old in path.parents]:
            self.synced[new / path.relative_to(old)] = self.synced.pop(path)

    def unlink(self, file):
        self._act()
        super().unlink(file)

    def rmdir(self, folder):
        self._act()
        super().rmdir(folder)


def open_spool(root, disk=None):
    """Open the outbox as the next start would."""
    return Spool(
        root, event="Fête", booth="b", key_template="{session}.gif", wall=lambda: 1.8e9, min_free_mb=0, keep_days=0,
        disk=QuickDisk() if disk is None else disk,
    )  # fmt: skip


def begin(spool):
    """Open the visit and take two frames."""
    spool.open(SESSION)
    yield "opened"
    for shot in (1, 2):
        spool.shot(SESSION, shot).write_bytes(b"frame %d, whole" % shot)
        spool.keep(SESSION, shot)
        yield f"kept {shot}"


def details(spool):
    """Note who it is."""
    spool.note(SESSION, ZOE)
    yield "noted"


def commit(spool):
    """Make the animation, as the compositor does, and hand the visit over."""
    aside = spool.animation(SESSION).with_suffix(".part")
    aside.write_bytes(GIF)
    spool._disk.sync(aside)
    spool._disk.rename(aside, spool.animation(SESSION))
    spool.commit(SESSION)
    yield "committed"


def fail_once(spool):
    """Try to send it, in vain."""
    spool.queue().attempted(SESSION)
    yield "attempted"


def confirm(spool):
    """Let the bucket have it; nothing is kept, so it goes at once."""
    yield "confirming"
    spool.queue().confirm(SESSION, f"{SESSION}.gif", ETAG)
    yield "sent"


def set_aside(spool):
    """Find that the bucket will never take it."""
    spool.queue().refuse(SESSION, "too large")
    yield "failed"


def mend(spool):
    """Find the animation rotten, and have it made anew."""
    outbox = spool.animation(SESSION).parents[2]
    (outbox / "pending" / SESSION / "animation.gif").write_bytes(b"rot")
    yield "rotten"
    spool.queue().mend(SESSION, "rotten")
    yield "mended"


def discard(spool):
    """Delete it, as the guest wishes."""
    yield "discarding"
    spool.condemn(SESSION)
    yield "condemned"
    spool.discard(SESSION)
    yield "discarded"


LIVES = {
    "sent": (begin, details, commit, fail_once, confirm),
    "nameless": (begin, commit, confirm),
    "failed": (begin, details, commit, set_aside),
    "mended": (begin, details, commit, mend, commit, confirm),
    "discarded": (begin, details, discard),
}


def live(root, chapters, cut):
    """Live through *chapters* until the cut; return what was achieved, and whether the power lasted."""
    disk = FailingDisk(root, cut)
    said = set()
    spool = None
    try:
        spool = open_spool(root, disk)
        for fact in itertools.chain.from_iterable(chapter(spool) for chapter in chapters):
            said.add(fact)
    except Cut:
        return said, False
    finally:
        if spool is not None:
            spool.close()
    return said, True


def recover(root):
    """Do what the next start does: mend what is damaged, finish what is open. Return where the visit is then."""
    with open_spool(root) as spool:
        for session in spool.queue().pending():
            try:
                spool.queue().parcel(session)
            except DamagedError as exc:
                spool.queue().mend(session, str(exc))
        for session in spool.unfinished():
            frames = spool.frames(session)
            if not frames:
                spool.discard(session)
                continue
            spool.animation(session).write_bytes(GIF)
            spool.commit(session)
        return [place for place, count in spool.counts().items() for _ in range(count)]


def look(root):
    """Return every file below *root* and what is in it."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def check(root, said):
    """Hold what is on the disk against what was said to be there."""
    with open_spool(root) as spool:
        for frame in spool.frames(SESSION):
            assert frame.read_bytes().endswith(b", whole")
        kept = {f"kept {shot}" for shot in range(1, len(spool.frames(SESSION)) + 1)}
        if spool.counts()["open"] and "discarding" not in said:
            assert {fact for fact in said if fact.startswith("kept")} <= kept
    places = recover(root)
    after = look(root)
    assert places == recover(root)
    assert after == look(root)
    assert not any(name.partition("/")[2].startswith(f"{SESSION}.gone") for name in after)

    if "sent" in said:
        assert places == []
    elif "confirming" in said:
        assert places in ([], ["sent"], ["pending"])
    elif "failed" in said:
        assert places == ["failed"]
    elif "condemned" in said:
        assert places == []
    elif "discarding" in said:
        assert places in ([], ["pending"])
    elif "kept 1" in said:
        assert len(places) == 1
    else:
        assert len(places) <= 1

    for place in places:
        folder = root / place / SESSION
        assert (folder / "animation.gif").read_bytes() == GIF
    with open_spool(root) as spool:
        for session in spool.queue().pending():
            parcel = spool.queue().parcel(session)
            if "noted" in said:
                assert decode(parcel.metadata)["name"] == "Zoë"
                assert (root / "pending" / session / "frame-2.jpg").exists()
        attempts = spool.queue().attempts(SESSION)
        assert attempts == 0 or places == ["pending"]


@pytest.mark.parametrize("life", LIVES)
def test_a_cut_at_any_operation_loses_nothing(tmp_path, life):
    """Whatever the booth has said to be so is so after the cut, and recovery changes nothing the second time."""
    for cut in itertools.count():
        root = tmp_path / str(cut) / "outbox"
        root.mkdir(parents=True)
        said, lasted = live(root, LIVES[life], cut)
        check(root, said)
        if lasted:
            break
    assert cut > 20


@given(st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_cut_after_cut_loses_nothing(tmp_path_factory, cuts):
    """A booth whose power goes again and again, also while it recovers, ends with one whole entry or with none."""
    root = tmp_path_factory.mktemp("cuts") / "outbox"
    root.mkdir()
    said, _ = live(root, (begin, details), cuts[0])
    for cut in cuts[1:]:
        live(root, (recovery,), cut)
    places = recover(root)
    assert places in ([["pending"]] if "kept 1" in said else [[], ["pending"]])
    with open_spool(root) as spool:
        for session in spool.queue().pending():
            names = {decode(spool.queue().parcel(session).metadata).get("name")}
            assert names <= ({"Zoë"} if "noted" in said else {"Zoë", None})


def recovery(spool):
    """Finish what is open, as the next start does."""
    for session in spool.unfinished():
        if spool.frames(session):
            spool.animation(session).write_bytes(GIF)
            spool.commit(session)
        else:
            spool.discard(session)
    yield "recovered"
