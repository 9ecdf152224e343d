"""A disk that /etc/fstab names is in before visits are kept below its mount point."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import OutboxError
from booth.outbox.mounts import Mounts
from booth.outbox.spool import Spool

ROOT = "20 1 179:2 / / rw,noatime shared:1 - ext4 /dev/root rw"


def escaped(path):
    """Return *path* as fstab and mountinfo write it."""
    return re.sub(r"[ \t\n\\#]", lambda found: f"\\{ord(found[0]):03o}", str(path))


@pytest.fixture
def machine(tmp_path):
    """Return a function that pretends a machine: the lines of its fstab, and of what is mounted beside the root."""

    def make(*fstab, mounted=()):
        (tmp_path / "fstab").write_text("".join(f"{line}\n" for line in fstab))
        (tmp_path / "mountinfo").write_text("".join(f"{line}\n" for line in (ROOT, *mounted)))
        return Mounts(tmp_path / "fstab", tmp_path / "mountinfo")

    return make


@pytest.fixture
def stick(tmp_path):
    """Make the folder that a stick is mounted on."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def line(point, options="defaults"):
    """Return a line of fstab for a stick at *point*."""
    return f"UUID=0d2c-11aa\t{escaped(point)}\text4  {options} 0 2"


def mount(point, *, number=40, parent=20, device="8:1", root="/"):
    """Return a line of mountinfo."""
    return f"{number} {parent} {device} {escaped(root)} {escaped(point)} rw,nosuid shared:2 - ext4 /dev/sda1 rw"


@pytest.mark.parametrize("below", ["", "booth", "booth/outbox"])
def test_a_place_on_a_disk_that_is_not_mounted_misses_it(machine, stick, below):
    """At the mount point itself, and however far below it."""
    assert stick == machine(line(stick)).missing(stick / below)


@pytest.mark.parametrize("below", ["", "booth", "booth/outbox"])
def test_a_place_on_a_disk_that_is_mounted_misses_nothing(machine, stick, below):
    """The kernel has something of its own there."""
    assert machine(line(stick), mounted=[mount(stick)]).missing(stick / below) is None


@pytest.mark.parametrize("options", ["noauto", "nofail", "noauto,user", "bind"])
def test_whoever_mounts_it_the_place_is_the_disks(machine, stick, options):
    """What is mounted by hand, or may be missing at the start, is not written under either."""
    assert stick == machine(line(stick, options)).missing(stick / "outbox")


def test_an_automount_lets_nobody_under_it(machine, stick):
    """The kernel mounts the disk for whoever looks, or refuses: that is a mount."""
    automount = f"41 20 0:44 / {escaped(stick)} rw,relatime shared:3 - autofs systemd-1 rw,fd=58"
    assert machine(line(stick, "noauto,x-systemd.automount"), mounted=[automount]).missing(stick / "outbox") is None


def test_a_folder_that_is_mounted_over_itself_is_no_disk(machine, stick):
    """As systemd does it with what a service may write to."""
    over_itself = mount(stick, device="179:2", root=stick)
    assert stick == machine(line(stick), mounted=[over_itself]).missing(stick / "outbox")


def test_a_disk_that_is_mounted_over_itself_is_one(machine, stick):
    """The same, with the disk in."""
    mounted = [mount(stick), mount(stick, number=41, parent=40)]
    assert machine(line(stick), mounted=mounted).missing(stick / "outbox") is None


def test_a_folder_of_another_disk_mounted_there_is_that_disk(machine, stick):
    """A bind, as the card has one for what the booth keeps."""
    assert machine(line(stick, "bind"), mounted=[mount(stick, root="/booth")]).missing(stick / "outbox") is None


def test_a_disk_whose_folder_has_the_very_same_path_is_mounted(machine, stick):
    """What is seen there is another device's, whatever it is called on that."""
    assert machine(line(stick, "bind"), mounted=[mount(stick, root=stick)]).missing(stick / "outbox") is None


def test_a_folder_of_the_same_disk_mounted_there_is_mounted(machine, stick):
    """A bind from elsewhere on the card, whose device is the root's."""
    mounted = [mount(stick, device="179:2", root="/srv/party")]
    assert machine(line(stick, "bind"), mounted=mounted).missing(stick / "outbox") is None


def test_the_nearest_disk_counts(machine, stick):
    """A disk in a disk: what is kept there is on the inner one, whatever became of the outer."""
    inner = stick / "inner"
    machine_ = machine(line(stick), line(inner), mounted=[mount(inner)])
    assert (None, stick) == (machine_.missing(inner / "outbox"), machine_.missing(stick / "outbox"))


@pytest.mark.parametrize("swapped", [False, True])
def test_the_nearest_disk_counts_wherever_its_line_is(machine, stick, swapped):
    """The order of lines means nothing."""
    inner = stick / "inner"
    lines = [line(stick), line(inner)]
    assert inner == machine(*lines[:: -1 if swapped else 1], mounted=[mount(stick)]).missing(inner / "outbox")


def test_a_link_to_a_disk_leads_to_it(machine, stick, tmp_path):
    """The outbox is named by a link, fstab by the place."""
    (tmp_path / "pictures").symlink_to(stick)
    assert stick == machine(line(stick)).missing(tmp_path / "pictures" / "outbox")


def test_a_disk_that_fstab_names_by_a_link_is_found_where_it_is_mounted(machine, stick, tmp_path):
    """The kernel tells of the place that the link leads to."""
    link = tmp_path / "pictures"
    link.symlink_to(stick)
    assert machine(line(link), mounted=[mount(stick)]).missing(link / "outbox") is None
    assert link == machine(line(link)).missing(link / "outbox")


@pytest.mark.parametrize(
    "text",
    [
        "# UUID=0d2c-11aa {stick} ext4 defaults 0 2",
        "#UUID=0d2c-11aa {stick} ext4 defaults 0 2",
        "UUID=0d2c-11aa {stick}s ext4 defaults 0 2",
        "UUID=0d2c-11aa none swap sw 0 0",
        "{stick}",
        "",
    ],
)
def test_what_is_not_above_it_says_nothing(machine, stick, text):
    """Comments, neighbours with a longer name, swap, and half a line."""
    assert machine(text.format(stick=stick)).missing(stick / "outbox") is None


def test_where_nothing_can_be_known_nothing_is_missing(tmp_path, machine, stick):
    """Without an fstab, and without a kernel that tells what is mounted."""
    machine(line(stick))
    nothing = tmp_path / "nothing"
    assert Mounts(nothing, tmp_path / "mountinfo").missing(stick) is None
    assert Mounts(tmp_path / "fstab", nothing).missing(stick) is None


@given(name=st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_mount_point_may_have_any_name(tmp_path_factory, name):
    """Blanks and tabulators are written in octal in both files."""
    point = tmp_path_factory.getbasetemp() / ("a" + name)
    fstab, mountinfo = (tmp_path_factory.getbasetemp() / name for name in ("fstab", "mountinfo"))
    fstab.write_bytes(line(point).encode() + b"\n")
    mountinfo.write_bytes(f"{ROOT}\n".encode())
    assert point == Mounts(fstab, mountinfo).missing(point / "outbox")
    mountinfo.write_bytes(f"{ROOT}\n{mount(point)}\n".encode())
    assert Mounts(fstab, mountinfo).missing(point / "outbox") is None


def test_the_outbox_is_not_made_under_a_disk_that_is_not_in(machine, stick, wall):
    """The booth says which disk and what to do, and leaves nothing behind on the card."""
    advice = f"nothing is mounted at {stick}, where /etc/fstab has a disk; put it in and run sudo mount {stick}, or"
    with pytest.raises(OutboxError, match=re.escape(advice)):
        Spool(
            stick / "outbox", event="e", booth="b", key_template="{session}", wall=wall, min_free_mb=0, keep_days=1,
            mounts=machine(line(stick)),
        )  # fmt: skip
    assert [] == list(stick.iterdir())


def test_the_outbox_is_made_on_a_disk_that_is_in(machine, stick, wall):
    """Once it is mounted."""
    Spool(
        stick / "outbox", event="e", booth="b", key_template="{session}", wall=wall, min_free_mb=0, keep_days=1,
        mounts=machine(line(stick), mounted=[mount(stick)]),
    ).close()  # fmt: skip
    assert [stick / "outbox"] == list(stick.iterdir())
