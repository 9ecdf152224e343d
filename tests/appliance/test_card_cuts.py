"""Secrets leave the card while the power may go at every moment: none is lost, and none is left."""

from pathlib import Path

import pytest

from booth.appliance import credentials, passwords
from booth.appliance.medium import Card
from lab.disk.forgetful import ForgetfulDisk
from lab.disk.writers import KEYS, KEYS_FILE, NETWORK, SECRETS, WIFI

CARD, PRIVATE = Path("/card"), Path("/data/private")
FRESH = (
    ("card", (("booth-secrets.toml", KEYS_FILE), ("network.toml", NETWORK), ("start.elf", b"firmware"))),
    ("data", (("private", ()),)),
)


class Killed(BaseException):
    """The process is gone, not the power."""


@pytest.fixture
def start(machine, tmp_path):
    """Return what starts the machine with a disk under it, and gives the keys and passwords that are in use then."""

    def start(disk):
        machine.writable = False
        mistakes = []
        card = Card(disk, machine, CARD)
        keys = credentials.take(card, PRIVATE, mistakes)
        taken = passwords.take(card, PRIVATE, tmp_path, mistakes)
        passwords.move(card, PRIVATE, taken, mistakes)
        known = {wifi.ssid: wifi.password.get_secret_value() for wifi in taken.network.wifi.values()}
        return keys, known, mistakes

    return start


@pytest.fixture
def disk_of(machine):
    """Return what makes a disk of a medium, whose card refuses to be written but when it was made writable."""

    def make(medium, watch=lambda: None):
        def refuse(_, operation, path):
            sync = operation in {"sync", "sync_folder"}
            return 30 if path.is_relative_to(CARD) and not (machine.writable or sync) else None  # EROFS

        return ForgetfulDisk(medium, watch=watch, refuse=refuse)

    return make


def on_card(medium):
    return dict(dict(medium)["card"])


def test_undisturbed_all_is_safe_and_the_card_knows_nothing(start, disk_of, machine):
    """The keys' file is gone, the passwords are replaced in place, and all else is as it was, to the byte."""
    disk = disk_of(FRESH)
    assert (KEYS, WIFI, []) == start(disk)
    card = on_card(disk.medium())
    assert {"network.toml", "start.elf"} == set(card)
    expected = NETWORK
    for secret in (b'"correct horse battery"', b'"quo\\"te#hash"'):
        expected = expected.replace(secret, b'"(moved)"'.ljust(len(secret)))
    assert expected == card["network.toml"]
    assert not machine.writable


def test_a_second_start_writes_nothing(start, disk_of, machine):
    """What is done is done: the card is not even made writable, and keys and passwords are there."""
    disk = disk_of(FRESH)
    start(disk)
    machine.remounts.clear()
    done = []
    after = disk_of(disk.medium(), lambda: done.append(disk))
    assert (KEYS, WIFI, []) == start(after)
    assert [] == machine.remounts
    assert disk.medium() == after.medium()


def test_no_moment_is_a_bad_one_for_the_power_to_go(start, disk_of):
    """After a cut at any moment, and of any start after that, the next start has all secrets, and the card none.

    Every medium that a cut may leave is started from, and cut again wherever that has not been looked at.
    """
    seen = {FRESH}
    waiting = [FRESH]
    while waiting:
        left = []
        disk = disk_of(waiting.pop(), lambda: left.extend(disk.survivors().media))  # noqa: B023 - called in this turn
        assert (KEYS, WIFI, []) == start(disk)
        ended = disk.survivors().media
        for medium in ended:
            card = on_card(medium)
            assert {"network.toml", "start.elf"} == set(card)
            assert not any(secret in content for content in card.values() for secret in SECRETS)
        new = [medium for medium in dict.fromkeys((*left, *ended)) if medium not in seen]
        seen.update(new)
        waiting += new
    assert len(seen) > 40


def test_a_process_that_was_killed_is_no_worse_than_a_cut(start, disk_of):
    """Killed after any operation, and the power going at any moment of the next start: nothing is lost."""
    for moment in range(1, 200):
        count = 0

        def killed_then():
            nonlocal count
            count += 1
            if count == moment:  # noqa: B023 - called in this turn
                raise Killed

        disk = disk_of(FRESH, killed_then)
        try:
            start(disk)
        except Killed:
            pass
        else:
            assert moment > 20
            return
        left = []
        disk.hand_on(lambda: left.extend(disk.survivors().media))  # noqa: B023
        assert (KEYS, WIFI, []) == start(disk)
        for medium in dict.fromkeys((*left, *disk.survivors().media)):
            assert (KEYS, WIFI, []) == start(disk_of(medium))
    pytest.fail("it never came to its end")


def test_new_secrets_take_the_place_of_old_ones_at_any_cut(start, disk_of):
    """An owner who comes with new keys and a new password gets them, whenever the power goes."""
    disk = disk_of(FRESH)
    start(disk)
    _, data = disk.medium()
    theirs = (
        ("booth-secrets.toml", b'[zenko]\naccess_key_id = "NEW"\nsecret_access_key = "SECOND"\n'),
        ("network.toml", '[machine]\ncountry = "FR"\n[[wifi]]\nssid = "Büro"\npassword = "a new one"\n'.encode()),
    )
    again = (("card", theirs), data)
    left = [again]
    disk = disk_of(again, lambda: left.extend(disk.survivors().media))
    start(disk)
    for medium in dict.fromkeys(left):
        keys, known, mistakes = start(disk_of(medium))
        assert {b"NEW", b"SECOND"} == set(keys.values())
        assert ({"Büro": "a new one"}, []) == (known, mistakes)


def test_what_an_owner_writes_after_a_cut_is_not_taken_for_what_was_torn(start, disk_of):
    """A note of an unfinished wipe is no reason to wipe another file."""
    left = []
    disk = disk_of(FRESH, lambda: left.extend(disk.survivors().media))
    start(disk)
    theirs = b'[zenko]\naccess_key_id = "NEW"\nsecret_access_key = "SECOND"\n'.ljust(len(KEYS_FILE), b"\n")
    for medium in dict.fromkeys(left):
        parts = dict(medium)
        changed = tuple(sorted({**dict(parts["card"]), "booth-secrets.toml": theirs}.items()))
        keys, _, _ = start(disk_of((("card", changed), ("data", parts["data"]))))
        assert {b"NEW", b"SECOND"} == set(keys.values())
