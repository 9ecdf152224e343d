"""The disk that forgets is a disk like any other until the power goes, and forgets no more than it may."""

import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.disk import RealDisk
from lab.disk.forgetful import ForgetfulDisk

ROOT = Path("/data")
EMPTY = (("data", ()),)


class Unsynced(RealDisk):
    """The disk of this machine, without waiting for it."""

    def sync(self, file):
        file.read_bytes()

    def sync_folder(self, folder):
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "", str(folder)) if folder.exists() else FileNotFoundError(2, "")


names = st.sampled_from(["a", "b", "a/a", "a/b", "b/a", "a/b/a"])
operations = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["mkdir", "unlink", "rmdir", "sync_folder", "sync", "names", "read"]), names),
        st.tuples(st.just("write"), names, st.sampled_from([b"", b"one", b"another"])),
        st.tuples(st.just("rename"), names, names),
    ),
    max_size=25,
)


def do(disk, root, operation):
    """Return what came of an operation: what it returned, or that it was refused."""
    act, *rest = operation
    try:
        return getattr(disk, act)(*(root / part if isinstance(part, str) else part for part in rest))
    except OSError:
        return "refused"


def look(disk, folder):
    """Return all that is below *folder*."""
    return {
        name: look(disk, folder / name) if disk.is_folder(folder / name) else disk.read(folder / name)
        for name in disk.names(folder)
    }


def tree(medium):
    """Return a medium in the same way."""
    return {name: held if isinstance(held, bytes) else tree(held) for name, held in medium}


def media(disk):
    """Return all that a cut may leave in the folder."""
    return [tree(medium)["data"] for medium in disk.survivors().media]


@given(operations)
@settings(max_examples=200, deadline=None)
def test_until_the_power_goes_it_is_a_disk_like_any_other(tmp_path_factory, done):
    """Whatever is done to it: the same is refused, the same is there afterwards as on the disk of this machine."""
    real, root = Unsynced(), tmp_path_factory.mktemp("disk")
    forgetful = ForgetfulDisk(EMPTY)
    for operation in done:
        if operation[0] == "rename" and (operation[2] + "/").startswith(operation[1] + "/"):
            continue  # a folder into itself, a thing to itself: nobody does that
        assert do(real, root, operation) == do(forgetful, ROOT, operation), operation
        assert look(real, root) == look(forgetful, ROOT) == tree(forgetful.medium())["data"]


@given(operations)
@settings(max_examples=200, deadline=None)
def test_what_was_there_all_along_and_what_is_there_now_may_both_be_left(done):
    """A cut may come before anything was flushed, and after everything was."""
    disk = ForgetfulDisk(EMPTY)
    flushed = {}
    for operation in done:
        if operation[0] == "rename" and (operation[2] + "/").startswith(operation[1] + "/"):
            continue
        do(disk, ROOT, operation)
        left = media(disk)
        assert look(disk, ROOT) in left
        if operation[0] not in ("sync", "sync_folder"):
            assert flushed in left
        else:
            flushed = left[-1]
        assert len(left) == len(set(map(repr, left)))


@given(operations)
@settings(max_examples=200, deadline=None)
def test_disks_of_one_state_may_be_left_in_the_same_ways(done):
    """Whoever has looked at all that a cut may leave of one need not look again at the other."""
    disk = ForgetfulDisk(EMPTY)
    left = {disk.state(): {EMPTY}}
    for operation in done:
        if operation[0] == "rename" and (operation[2] + "/").startswith(operation[1] + "/"):
            continue
        do(disk, ROOT, operation)
        now = set(disk.survivors().media)
        assert now == left.setdefault(disk.state(), now)


KEPT = [("write", "a", b"one"), ("sync", "a"), ("sync_folder", "")]
"""A file that is on the medium, with its name."""

DIFFERENT = {
    "content": ([("write", "a", b"one")], [("write", "a", b"two")]),
    "what is on the medium": (
        [*KEPT, ("write", "a", b"two")],
        [("write", "a", b"three"), *KEPT[1:], ("write", "a", b"two")],
    ),
    "written again": ([*KEPT, ("write", "a", b"one")], KEPT),
    "where it lies": ([*KEPT, ("overwrite", "a", b"two")], [*KEPT, ("write", "a", b"two")]),
    "an earlier name": ([*KEPT[:2], ("rename", "a", "b")], [("write", "b", b"one"), ("sync", "b")]),
    "an earlier file": (
        [("write", "b", b"two"), ("sync", "b"), *KEPT, ("rename", "b", "a")],
        [("write", "b", b"two"), ("sync", "b"), ("sync_folder", ""), ("rename", "b", "a")],
    ),
    "flushed": (KEPT, KEPT[:2]),
}
"""Pairs of disks on which a cut may leave different things, and of which a look says little or nothing."""


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_disks_that_may_be_left_in_different_ways_are_of_different_states(one, other):
    """Or what a cut may leave would not be looked at."""
    disks = ForgetfulDisk(EMPTY), ForgetfulDisk(EMPTY)
    for disk, done in zip(disks, (one, other), strict=True):
        assert "refused" not in [do(disk, ROOT, operation) for operation in done]
    left, state = ([set(disk.survivors().media) for disk in disks], [disk.state() for disk in disks])
    assert left[0] != left[1]
    assert state[0] != state[1]


def test_a_file_that_was_not_synced_may_be_torn_in_any_way():
    """Nothing, the beginning, the beginning and zeros, zeros, all of it; or not even its name."""
    disk = ForgetfulDisk(EMPTY)
    disk.write(ROOT / "frame", b"frames")
    left = [None, b"", b"fra", b"fra\0\0\0", b"\0\0\0\0\0\0", b"frames"]
    assert {repr(left.get("frame")) for left in media(disk)} == {repr(content) for content in left}


def test_a_file_that_is_written_again_may_be_the_old_one():
    """What was synced before is one of the things that may be left."""
    disk = ForgetfulDisk((("data", (("frame", b"old"),)),))
    disk.write(ROOT / "frame", b"newer")
    assert b"old" in [left["frame"] for left in media(disk)]
    disk.sync(ROOT / "frame")
    assert [{"frame": b"newer"}] == media(disk)


def test_what_is_overwritten_where_it_lies_is_old_or_new_on_each_side_of_an_edge():
    """Never shorter, never zeros that nobody wrote; and it must be as long as what it is written over."""
    old, new = b"o" * 1200, b"n" * 1200
    disk = ForgetfulDisk((("data", (("file", old),)),))
    disk.overwrite(ROOT / "file", new)
    assert {
        old, new, b"n" * 512 + b"o" * 688, b"n" * 1024 + b"o" * 176, b"o" * 512 + b"n" * 688, b"o" * 1024 + b"n" * 176,
    } == {left["file"] for left in media(disk)}  # fmt: skip
    disk.sync(ROOT / "file")
    assert [{"file": new}] == media(disk)
    with pytest.raises(OSError, match="Invalid"):
        disk.overwrite(ROOT / "file", b"shorter")


def test_a_name_needs_its_folder_synced_and_a_content_its_file():
    """Neither is good for the other."""
    disk = ForgetfulDisk(EMPTY)
    disk.write(ROOT / "frame", b"ab")
    disk.sync(ROOT / "frame")
    assert [{}, {"frame": b"ab"}] == sorted(media(disk), key=len)
    disk.sync_folder(ROOT)
    assert [{"frame": b"ab"}] == media(disk)
    disk.write(ROOT / "other", b"ab")
    disk.sync_folder(ROOT)
    assert {b"", b"a", b"a\0", b"\0\0", b"ab"} == {left["other"] for left in media(disk)}


def test_what_was_deleted_may_come_back():
    """Until the folder is synced; each by itself."""
    disk = ForgetfulDisk((("data", (("a", b"1"), ("b", b"2"))),))
    disk.unlink(ROOT / "a")
    disk.unlink(ROOT / "b")
    assert {(), ("a",), ("b",), ("a", "b")} == {tuple(left) for left in media(disk)}
    disk.sync_folder(ROOT)
    assert [{}] == media(disk)


def test_a_rename_is_whole_or_not_at_all_also_between_folders():
    """Either name, never both, never neither; and either folder's sync is enough."""
    for synced in ("a", "b"):
        disk = ForgetfulDisk((("data", (("a", (("visit", (("frame", b"1"),)),)), ("b", ()))),))
        disk.rename(ROOT / "a" / "visit", ROOT / "b" / "visit")
        before, after = {"a": {"visit": {"frame": b"1"}}, "b": {}}, {"a": {}, "b": {"visit": {"frame": b"1"}}}
        assert sorted([before, after], key=repr) == sorted(media(disk), key=repr)
        disk.sync_folder(ROOT / synced)
        assert [after] == media(disk)


def test_a_rename_may_be_quicker_than_the_content():
    """The new name with nothing in it: the classic."""
    disk = ForgetfulDisk((("data", (("entry", b"old"),)),))
    disk.write(ROOT / "entry.part", b"new")
    disk.rename(ROOT / "entry.part", ROOT / "entry")
    assert {"entry": b""} in media(disk)
    assert {"entry": b"old"} in media(disk)


def test_changes_of_one_name_keep_their_order():
    """No cut leaves the last change of a name without the one before."""
    disk = ForgetfulDisk((("data", (("a", b"1"),)),))
    disk.rename(ROOT / "a", ROOT / "b")
    disk.rename(ROOT / "b", ROOT / "c")
    assert [{"a": b"1"}, {"b": b"1"}, {"c": b"1"}] == sorted(media(disk), key=repr)


def test_what_is_in_a_folder_goes_with_its_name():
    """A folder whose name was not synced may be gone with all that was synced in it."""
    disk = ForgetfulDisk(EMPTY)
    disk.mkdir(ROOT / "visit")
    disk.write(ROOT / "visit" / "frame", b"1")
    disk.sync(ROOT / "visit" / "frame")
    disk.sync_folder(ROOT / "visit")
    assert [{}, {"visit": {"frame": b"1"}}] == sorted(media(disk), key=len)


def test_of_a_folder_that_nobody_looks_into_only_its_name_is_told():
    """Whether what is in it is settled or may be torn, it is left empty; what is beside it is left as ever."""
    disk = ForgetfulDisk((("data", (("aside", (("old", b"1"),)), ("kept", (("aside", (("old", b"1"),)),)))),))
    disk.mkdir(ROOT / "aside" / "more")
    disk.write(ROOT / "aside" / "more" / "frame", b"12")
    disk.write(ROOT / "frame", b"1")
    seen = disk.survivors(unseen="aside".__eq__)
    beside = {"aside": {}, "kept": {"aside": {}}}
    ways = [beside, beside | {"frame": b""}, beside | {"frame": b"1"}, beside | {"frame": b"\0"}]
    left = sorted((tree(medium)["data"] for medium in seen.media), key=lambda there: repr(there.get("frame")))
    assert (ways, True) == (left, seen.whole)
    assert len(disk.survivors().media) > len(seen.media)


def test_a_disk_that_lies_forgets_what_was_synced():
    """A sync that only pretends keeps nothing."""
    disk = ForgetfulDisk(EMPTY, lie=lambda path: path == ROOT)
    disk.write(ROOT / "frame", b"")
    disk.sync_folder(ROOT)
    assert {} in media(disk)


def test_too_many_changes_are_sampled_and_that_is_said():
    """What is looked at is bounded, the same every time, and has the likely ones: all up to a moment, all but one."""
    disk = ForgetfulDisk(EMPTY)
    for number in range(6):
        disk.mkdir(ROOT / str(number))
    assert (64, True) == (len(disk.survivors().media), disk.survivors().whole)
    some = disk.survivors(most=10)
    assert not some.whole
    assert some == disk.survivors(most=10)
    kept = {"".join(tree(medium)["data"]) for medium in some.media}
    every = "012345"
    assert {every[:moment] for moment in range(7)} <= kept
    assert {every.replace(one, "") for one in every} <= kept
    assert set(every) <= kept


def test_too_many_torn_files_are_torn_one_at_a_time():
    """Each of five files in each way, the others whole; and that this is not all is said."""
    disk = ForgetfulDisk(EMPTY)
    for number in range(5):
        disk.write(ROOT / str(number), b"ab")
    disk.sync_folder(ROOT)
    left = disk.survivors()
    assert (5 * 4 + 1, False) == (len(left.media), left.whole)


def test_it_refuses_when_asked_to_and_says_how_much_is_free():
    """The error is the one that was asked for, and nothing has changed."""
    disk = ForgetfulDisk(
        (("data", (("frame", b"12345"),)),),
        refuse=lambda disk, operation, path: errno.ENOSPC if operation == "write" else None,
        capacity=100,
    )
    with pytest.raises(OSError, match="No space left"):
        disk.write(ROOT / "frame", b"")
    assert disk.read(ROOT / "frame") == b"12345"
    assert disk.free(ROOT) == 95


def test_a_lock_is_held_until_it_is_let_go_or_its_process_is_killed():
    """One at a time; killed means gone, and watched by the next."""
    disk = ForgetfulDisk(EMPTY)
    unlock = disk.lock(ROOT / ".lock")
    with pytest.raises(BlockingIOError):
        disk.lock(ROOT / ".lock")
    unlock()
    disk.lock(ROOT / ".lock")
    seen = []
    disk.hand_on(lambda: seen.append("changed"))
    disk.lock(ROOT / ".lock")
    disk.rot(ROOT / ".lock", b"rot")
    assert ["changed"] == seen
