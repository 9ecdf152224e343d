"""With sudo, a hand-over belongs to whoever said that; and nothing else does that they did not have before."""

import os

import pytest

from booth.cli import main
from booth.core.visit import Guest
from booth.disk import keep, make_folder, put
from booth.operator.exporting.giving import GivenDisk, caller
from booth.outbox.spool import Spool
from lab.clock import HandClock

SESSION = "20261122-170500-aaaaaaaaaa"
PI = (4711, 4712)


class Given:
    """Notes to whom what was given."""

    def __init__(self):
        self.found = []

    def __call__(self, number, user, group):
        assert PI == (user, group)
        self.found.append(os.fstat(number).st_ino)


@pytest.fixture
def given():
    """Note what is given away, which takes root."""
    return Given()


@pytest.fixture
def disk(given):
    """Make a disk that gives away what it makes."""
    return GivenDisk(*PI, given)


def inodes(*paths):
    """Return what a disk knows these by."""
    return [path.lstat().st_ino for path in paths]


@pytest.mark.parametrize(
    ("said", "user", "found"),
    [
        ({"SUDO_UID": "1000", "SUDO_GID": "1001"}, 0, (1000, 1001)),
        ({"SUDO_UID": "1000", "SUDO_GID": "1001"}, 1000, None),
        ({"SUDO_UID": "0", "SUDO_GID": "0"}, 0, None),
        ({"SUDO_UID": "1000"}, 0, None),
        ({"SUDO_UID": "-1", "SUDO_GID": "1001"}, 0, None),
        ({"SUDO_UID": "1000", "SUDO_GID": "\N{SUPERSCRIPT TWO}"}, 0, None),
        ({"SUDO_UID": "1" * 10, "SUDO_GID": "1001"}, 0, None),
        ({}, 0, None),
    ],
)
def test_who_said_sudo_is_known_by_root_alone(said, user, found):
    """By both ids, which sudo always gives; whatever else is there names nobody."""
    assert found == caller(said, user)


def test_what_is_made_is_given_away(disk, given, tmp_path):
    """A folder and a file, each once, the file before it has its name."""
    make_folder(disk, tmp_path / "ball")
    put(disk, tmp_path / "ball" / "guests.csv", b"x")
    assert inodes(tmp_path / "ball", tmp_path / "ball" / "guests.csv") == given.found


def test_what_was_there_keeps_its_owner(disk, given, tmp_path):
    """It was somebody's before this run."""
    (tmp_path / "guests.csv").write_bytes(b"x")
    make_folder(disk, tmp_path)
    keep(disk, tmp_path / "guests.csv", b"x")
    assert [] == given.found


def test_what_somebody_else_put_there_is_not_given_away(disk, given, tmp_path):
    """Nor what a link leads to, nor a second name of something: it may be a file that nobody is to read."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    (tmp_path / "link").symlink_to(secret)
    os.link(secret, tmp_path / "second")
    for name in ("link", "second", "gone"):
        disk._hand_over(tmp_path / name, lambda mode: True)
    assert [] == given.found


def test_a_medium_without_owners_takes_what_is_written(tmp_path):
    """As a stick with FAT does, which refuses to give anything away."""

    def refuse(number, user, group):
        raise PermissionError

    disk = GivenDisk(*PI, refuse)
    make_folder(disk, tmp_path / "ball")
    put(disk, tmp_path / "ball" / "guests.csv", b"x")
    assert b"x" == (tmp_path / "ball" / "guests.csv").read_bytes()


def test_all_of_an_export_is_theirs(tmp_path, monkeypatch):
    """Also the folders on the way to it that were not there; where it is not root's run, nothing changes hands."""
    (tmp_path / "booth.toml").write_text('[event]\nname = "Ball"\n[booth]\nname = "left"\n')
    with Spool(
        tmp_path / "outbox", event="Ball", booth="left", key_template="{session}.gif", wall=HandClock().wall,
        min_free_mb=0, keep_days=30,
    ) as spool:  # fmt: skip
        spool.open(SESSION)
        spool.animation(SESSION).write_bytes(b"GIF89a" + bytes(9))
        spool.note(SESSION, Guest("Zoë", "zoe@example.org", consent=True))
        spool.commit(SESSION)
    for name, each in zip(("SUDO_UID", "SUDO_GID"), PI, strict=True):
        monkeypatch.setenv(name, str(each))
    new = tmp_path / "new"
    command = ["export", "--config", str(tmp_path / "booth.toml"), "--outbox", str(tmp_path / "outbox")]
    assert 0 == main([*command, str(new / "ball")])
    wanted = PI if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    found = {(path.lstat().st_uid, path.lstat().st_gid) for path in (new, *new.rglob("*"))}
    assert ({wanted}, 9) == (found, sum(path.is_file() for path in new.rglob("*")))
