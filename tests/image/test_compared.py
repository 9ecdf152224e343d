"""Two images that should be one: whatever differs is found, and named."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from image.compare import compare

ROOT = Path(__file__).parents[2]
MIB = 1 << 20
PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"


@pytest.fixture
def image(tmp_path):
    """Return a card of three partitions of a MiB or more; the second is a file system with one file in it."""
    tree = tmp_path / "card"
    (tree / "etc").mkdir(parents=True)
    (tree / "etc/story").write_text("once upon a time\n" * 1000)
    root = tmp_path / "root.img"
    root.write_bytes(bytes(4 * MIB))
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-b", "4096", "-d", tree, root], env={"PATH": PATH}, check=True)
    table = bytearray(MIB)
    for at, (start, sectors) in enumerate(((2048, 2048), (4096, 8192), (12288, 2048))):
        table[446 + 16 * at + 8 : 446 + 16 * (at + 1)] = start.to_bytes(4, "little") + sectors.to_bytes(4, "little")
    path = tmp_path / "one.img"
    path.write_bytes(bytes(table) + bytes(MIB) + root.read_bytes() + bytes(MIB))
    return path


@pytest.fixture
def changed(image, tmp_path):
    """Return a copy of the image in which the byte at an offset is another."""

    def change(offset: int) -> Path:
        other = bytearray(image.read_bytes())
        other[offset] ^= 1
        path = tmp_path / "other.img"
        path.write_bytes(other)
        return path

    return change


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    monkeypatch.setenv("PATH", PATH)


def test_a_copy_is_the_same(image, tmp_path):
    """Nothing is said of an image and its copy."""
    assert [] == compare(image, shutil.copy(image, tmp_path / "copy.img"))


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (100, "partition table: 1 blocks of 4096 bytes differ, the first at byte 0 of it"),
        (MIB + 5000, "firmware: 1 blocks of 4096 bytes differ, the first at byte 4096 of it"),
        (6 * MIB + 9, "data: 1 blocks of 4096 bytes differ, the first at byte 0 of it"),
    ],
)
def test_a_byte_is_found(image, changed, offset, said):
    """One bit is enough; the partition that has it is named."""
    assert [said] == compare(image, changed(offset))


def test_a_file_is_named(image, changed):
    """In a file system that can be looked into, the file is named that has the byte."""
    [said] = compare(image, changed(image.read_bytes().index(b"once upon a time")))
    assert (True, True) == (said.startswith("root: 1 blocks"), said.endswith(", of /etc/story"))


def test_other_sizes_are_said_so(image, changed):
    """Partitions that are not in the same places are not compared further."""
    [said] = compare(image, changed(446 + 16 + 12))
    assert said.startswith("partition table: the partitions are not in the same places")


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mcopy", path=PATH) is None or shutil.which("mkfs.vfat", path=PATH) is None,
    reason="whoever builds is root, or what a user namespace takes for it, and has what scripts/setup --image brings",
)
def test_partitions_are_of_what_is_in_the_tree(tmp_path):
    """Neither the order in which a tree was made nor when it was read or made shows in the partitions."""
    for name, order in (("one", 1), ("other", -1)):
        tree, parts = tmp_path / name / "tree", tmp_path / name / "parts"
        parts.mkdir(parents=True)
        for path in ("boot/firmware/a", "boot/firmware/below/b", "boot/firmware/below/c", "etc/passwd", "x y")[::order]:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text("booth:x:990:990::/:/bin/false\n")
        for path in [tree, *tree.rglob("*")]:
            os.utime(path, (1_780_000_000 + order, 1_780_000_000))
        subprocess.run(
            [ROOT / "image/partitions", tree, parts, str(64 * MIB), str(16 * MIB)],
            env={"PATH": PATH, "SOURCE_DATE_EPOCH": "1790000000", "TZ": "UTC"}, check=True,
        )  # fmt: skip
    for part in ("firmware", "root", "data"):
        one, other = ((tmp_path / name / "parts" / f"{part}.img").read_bytes() for name in ("one", "other"))
        assert one == other, f"{part} differs"
