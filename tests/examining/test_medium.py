"""The medium: a card that can only be read, one that makes mistakes, and one that is worn."""

import pytest

from booth.examining import medium
from booth.examining.findings import Finding, Sign

PART = "sys/devices/mmc/block/mmcblk0/mmcblk0p2"
DISK = "sys/devices/mmc/block/mmcblk0"


@pytest.fixture
def card(tmp_path, put):
    """Have the outbox on the second partition of a card, mounted with these options."""

    def card(options="rw,noatime", whole="rw"):
        lines = [
            "21 1 0:20 / /proc rw - proc proc rw",
            f"36 1 179:2 / / {options} - ext4 /dev/mmcblk0p2 {whole}",
            "40 36 0:44 / /run rw - tmpfs tmpfs rw",
        ]
        put("proc/self/mountinfo", "\n".join(lines))

    card()
    put(f"{PART}/partition", "2\n")
    link = tmp_path / "root/sys/dev/block/179:2"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "root" / PART)
    return card


@pytest.fixture
def look(make_premises):
    """Look, and return by name what was found."""
    return lambda **others: {finding.check: finding for finding in medium.medium(make_premises(**others))}


@pytest.mark.parametrize(
    ("options", "whole", "sign"),
    [
        ("rw,noatime", "rw", Sign.OK),
        ("ro,noatime", "rw", Sign.BAD),
        ("rw,noatime", "ro,errors=remount-ro", Sign.BAD),
        ("rw,noatime", "rw,errors=remount-ro", Sign.OK),
    ],
)
def test_a_disk_that_can_only_be_read(card, look, options, whole, sign):
    """By its mount, or since the kernel lost its trust in it; what would be done then is no sign of it."""
    card(options, whole)
    assert sign is look()["medium"].sign


def test_it_is_told_what_was_mounted(card, look):
    assert Finding("medium", Sign.OK, "/ can be written (ext4)") == look()["medium"]


def test_of_several_mounts_the_nearest_above_counts(card, put, look, tmp_path):
    """A stick that is mounted elsewhere is none of it, and blanks in a name are written as the kernel writes them."""
    outbox = tmp_path / "a b" / "outbox"
    where = str(tmp_path / "a b").replace(" ", "\\040")
    card()
    more = f"50 36 8:1 / {where} ro - vfat /dev/sda1 ro\n51 36 8:2 / {where}/elsewhere rw - vfat /dev/sda2 rw"
    text = (tmp_path / "root/proc/self/mountinfo").read_text()
    put("proc/self/mountinfo", f"{text}\n{more}")
    assert f"{tmp_path}/a b can only be read" == look(outbox=outbox)["medium"].measured


def test_one_mounted_over_another_counts(card, put, look, tmp_path):
    """As it does for whoever writes there."""
    text = (tmp_path / "root/proc/self/mountinfo").read_text()
    put("proc/self/mountinfo", f"{text}\n60 36 179:2 / / ro - ext4 /dev/mmcblk0p2 rw")
    assert Sign.BAD is look()["medium"].sign


@pytest.mark.parametrize(("count", "sign"), [("0", Sign.OK), ("3", Sign.BAD)])
def test_mistakes_that_the_file_system_counted(card, put, look, count, sign):
    """Until it is checked."""
    put("sys/fs/ext4/mmcblk0p2/errors_count", f"{count}\n")
    assert sign is look()["medium errors"].sign


def test_where_nobody_counts_mistakes_none_are_told(card, look):
    """Neither that there are some nor that there are none."""
    assert ["medium", "medium wear"] == list(look())


@pytest.mark.parametrize(
    ("lives", "sign", "used"),
    [
        ("0x01 0x01", Sign.OK, "up to 10 %"),
        ("0x07 0x01", Sign.OK, "up to 70 %"),
        ("0x01 0x08", Sign.WARN, "up to 80 %"),
        ("0x0a 0x01", Sign.BAD, "up to 100 %"),
        ("0x0b 0x0b", Sign.BAD, "up to 100 %"),
    ],
)
def test_wear(card, put, look, lives, sign, used):
    """The worse of its two kinds of memory counts."""
    put(f"{DISK}/device/life_time", f"{lives}\n")
    found = look()["medium wear"]
    assert (sign, f"{used} of its life is used") == (found.sign, found.measured)


@pytest.mark.parametrize("lives", ["0x00 0x00", None])
def test_a_card_that_tells_no_wear(card, put, look, lives):
    """As most."""
    if lives:
        put(f"{DISK}/device/life_time", lives)
    assert Finding("medium wear", Sign.SKIPPED, "this medium does not tell it") == look()["medium wear"]


@pytest.mark.parametrize(("end", "signs"), [("0x01", []), ("0x02", [Sign.WARN]), ("0x03", [Sign.BAD]), ("0x00", [])])
def test_the_reserve(card, put, look, end, signs):
    """Of blocks that take the place of those that wear out."""
    put(f"{DISK}/device/pre_eol_info", f"{end}\n")
    assert signs == [finding.sign for name, finding in look().items() if name == "medium reserve"]


def test_a_machine_that_tells_no_mounts(look):
    assert {"medium": Sign.SKIPPED} == {name: finding.sign for name, finding in look().items()}


@pytest.mark.parametrize("line", ["nonsense", "1 2 3 - ext4", "36 1 179:2 / / rw - ext4"])
def test_a_line_that_no_kernel_writes_is_passed_by(put, look, line):
    put("proc/self/mountinfo", line)
    assert Sign.SKIPPED is look()["medium"].sign
