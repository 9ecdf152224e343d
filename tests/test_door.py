"""The door to the operator's screen: whoever has not the PIN stays outside, whatever else happens."""

import errno
import json
import stat

import pytest

from booth.door import COST, PIN, TRIES, Door, Knock
from booth.ports import Uptime
from tests.disks import QuickDisk

RIGHT, WRONG = "271828", "314159"


class RefusingDisk(QuickDisk):
    """A disk that refuses to be written when it is told to."""

    refuses = False

    def write(self, file, content):
        if self.refuses:
            raise OSError(errno.EROFS, "Read-only file system")
        super().write(file, content)


class Machine:
    """Says how long it has been up."""

    boot, seconds = "first", 100.0

    def __call__(self):
        return Uptime(self.boot, self.seconds)


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def disk():
    return RefusingDisk()


@pytest.fixture
def make_door(tmp_path, machine, disk):
    """Make a door as each start of the booth does; its hash costs nothing."""
    return lambda: Door(tmp_path / "operator", disk, machine, cost=2)


@pytest.fixture
def door(make_door):
    made = make_door()
    made.lock(RIGHT)
    return made


def test_the_right_pin_opens(door):
    """At once."""
    assert Knock(right=True) == door.knock(RIGHT)


def test_a_wrong_one_does_not(door):
    """Nor one that only begins or ends like it."""
    assert [Knock(right=False)] * 4 == [door.knock(pin) for pin in (WRONG, RIGHT[:-1], f"{RIGHT}1", "")]


def test_without_a_pin_nothing_opens(make_door):
    """There is no PIN that a booth comes with."""
    door = make_door()
    assert (False, Knock(right=False)) == (door.there(), door.knock(""))


def test_a_pin_that_was_taken_away_opens_nothing(door):
    """As if there had been none."""
    assert [True, False] == [door.wall_up(), door.wall_up()]
    assert (False, Knock(right=False)) == (door.there(), door.knock(RIGHT))


def test_what_is_kept_is_no_pin(door, tmp_path):
    """A hash with its salt, for its owner alone."""
    kept = tmp_path / "operator" / PIN
    assert {"n", "r", "p", "salt", "hash"} == json.loads(kept.read_bytes()).keys()
    assert 0 == kept.read_bytes().count(RIGHT.encode())
    assert (0o600, 0o700) == (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(kept.parent.stat().st_mode))


def test_two_booths_with_one_pin_keep_different_hashes(door, make_door, tmp_path):
    """Or a table of hashes would open them all."""
    first = (tmp_path / "operator" / PIN).read_bytes()
    make_door().lock(RIGHT)
    assert first != (tmp_path / "operator" / PIN).read_bytes()


def test_a_hash_costs_what_it_should(tmp_path, disk, machine):
    """A million PINs take whoever has the card a day, and not a second; what it cost is in the file."""
    Door(tmp_path, disk, machine).lock(RIGHT)
    assert 1 << 14 == COST == json.loads((tmp_path / PIN).read_bytes())["n"]


@pytest.mark.parametrize("pin", ["12345", "abcdef", "111111"])
def test_a_pin_that_will_not_do_changes_nothing(door, pin):
    """The old one opens still."""
    with pytest.raises(ValueError, match=r"^(a PIN has|a PIN is|it is one)"):
        door.lock(pin)
    assert Knock(right=True) == door.knock(RIGHT)


class TestTries:
    def test_after_five_wrong_ones_nobody_is_let_in(self, door):
        """Not even with the right one, for five minutes."""
        assert [0, 0, 0, 0, 300] == [door.knock(WRONG).wait for _ in range(5)]
        assert Knock(right=False, wait=300) == door.knock(RIGHT)

    def test_a_restart_of_the_booth_gives_no_further_try(self, door, make_door):
        """What was wrong is on the disk."""
        for _ in range(5):
            door.knock(WRONG)
        assert Knock(right=False, wait=300) == make_door().knock(RIGHT)

    def test_a_restart_of_the_machine_gives_none_either(self, door, make_door, machine):
        """The wait is counted from its start."""
        for _ in range(5):
            door.knock(WRONG)
        machine.boot, machine.seconds = "second", 20.0
        assert Knock(right=False, wait=280) == make_door().knock(RIGHT)

    def test_after_the_wait_the_right_one_opens(self, door, machine):
        """And what was wrong is forgotten."""
        for _ in range(5):
            door.knock(WRONG)
        machine.seconds += 300
        assert Knock(right=True) == door.knock(RIGHT)
        assert [0, 0, 0, 0, 300] == [door.knock(WRONG).wait for _ in range(5)]

    def test_after_the_wait_another_wrong_one_waits_twice_as_long(self, door, machine):
        """And so on."""
        for _ in range(5):
            door.knock(WRONG)
        machine.seconds += 300
        assert 600 == door.knock(WRONG).wait
        assert 600 == door.wait()

    def test_a_disk_that_cannot_count_lets_nobody_in(self, door, disk):
        """Or whoever makes it full could try for ever."""
        disk.refuses = True
        assert Knock(right=False) == door.knock(RIGHT)

    @pytest.mark.parametrize("torn", [b"", b"{}", b"[]", b'{"wrong": "x"}', b'{"wrong": 1e999}', b"\xff"])
    def test_a_count_that_cannot_be_read_is_not_none(self, door, tmp_path, torn):
        """It stands for many: one has to wait."""
        (tmp_path / "operator" / TRIES).write_bytes(torn)
        assert Knock(right=False, wait=2300) == door.knock(RIGHT)

    def test_a_new_pin_forgets_what_was_wrong(self, door):
        """Whoever may set one need not wait."""
        for _ in range(5):
            door.knock(WRONG)
        door.lock(WRONG)
        assert Knock(right=True) == door.knock(WRONG)


@pytest.mark.parametrize(
    "kept",
    [
        b"", b"{}", b"[]", b"\xff", b'{"n": 2, "r": 8, "p": 1, "salt": "", "hash": ""}',
        *(b'{"n": %s, "r": 8, "p": 1, "salt": "00", "hash": "00"}' % n for n in (b"null", b"3", b"-1", b"1073741824")),
        b'{"n": 2, "r": 8, "p": 1, "salt": "0", "hash": "0"}', b'{"n": 2, "r": -8, "p": 0, "salt": "00", "hash": "00"}',
    ],
)  # fmt: skip
def test_a_pin_that_cannot_be_read_lets_nobody_in(door, tmp_path, kept):
    """Whatever is in the file, and nothing is raised, or takes memory without end."""
    (tmp_path / "operator" / PIN).write_bytes(kept)
    assert [False, False, False] == [door.knock(pin).right for pin in (RIGHT, "", "000000")]
