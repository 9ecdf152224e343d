"""Compare two card images: ``python3 image/compare.py ONE OTHER``.

Two builds of one commit from one root file system are the same, bit for bit. If they are not, what is said here is
which partition differs, where, and in which files: the place to look for what is not under control yet.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = 4096
"""What is compared at once and counted, in bytes: a block of our ext4 file systems."""
MANY = 16 << 20
"""What is read at once, in bytes."""
NAMES = ("firmware", "root", "data")
"""What the partitions of a card are called here."""


@dataclass(frozen=True)
class Region:
    """A piece of an image, in bytes from its beginning."""

    name: str
    start: int
    end: int


def regions(image: Path) -> list[Region]:
    """Return what an image is made of: its partition table with the room behind it, and its partitions."""
    with image.open("rb") as file:
        table = file.read(512)
    entries = [table[at : at + 16] for at in range(446, 510, 16)]
    sectors = [(int.from_bytes(entry[8:12], "little"), int.from_bytes(entry[12:16], "little")) for entry in entries]
    found = [
        Region(name, start * 512, (start + length) * 512)
        for name, (start, length) in zip(NAMES, sectors[: len(NAMES)], strict=True)
        if length
    ]
    first = min((region.start for region in found), default=image.stat().st_size)
    return [Region("partition table", 0, first), *found]


def differing(one: Path, other: Path, region: Region) -> Iterator[int]:
    """Yield the offset in bytes of each block in *region* that differs between two images."""
    with one.open("rb") as file, other.open("rb") as against:
        for at in range(region.start, region.end, MANY):
            size = min(MANY, region.end - at)
            file.seek(at)
            against.seek(at)
            left, right = file.read(size), against.read(size)
            if left != right:
                for block in range(0, size, BLOCK):
                    if left[block : block + BLOCK] != right[block : block + BLOCK]:
                        yield at + block


def files(image: Path, region: Region, offsets: list[int]) -> list[str]:
    """Return the names of the files that have the given blocks; what no file has is the file system's own."""

    def ask(question: str) -> list[list[str]]:
        done = subprocess.run(
            ["debugfs", "-R", question, f"{image}?offset={region.start}"], capture_output=True, text=True, check=False
        )
        return [line.split("\t", 1) for line in done.stdout.splitlines()[1:] if "\t" in line]

    blocks = " ".join(str((offset - region.start) // BLOCK) for offset in offsets)
    inodes = sorted({inode for _, inode in ask(f"icheck {blocks}") if inode.isdigit()})
    return sorted({name for _, name in ask(f"ncheck {' '.join(inodes)}")}) if inodes else []


def compare(one: Path, other: Path) -> list[str]:
    """Return what differs, a line for each partition; nothing if both images are the same."""
    if regions(one) != regions(other):
        return ["partition table: the partitions are not in the same places, or not as large"]
    said = []
    for region in regions(one):
        offsets = list(differing(one, other, region))
        if offsets:
            named = files(one, region, offsets[:1000]) if region.name in {"root", "data"} else []
            whose = f", of {', '.join(named[:20])}{' and others' if len(named) > 20 else ''}" if named else ""
            where = f"the first at byte {offsets[0] - region.start} of it"
            said.append(f"{region.name}: {len(offsets)} blocks of {BLOCK} bytes differ, {where}{whose}")
    if not said and one.stat().st_size != other.stat().st_size:
        said.append("one of them is longer than its partitions")
    return said


def main() -> int:
    """Compare; return 0 if both are the same, 1 if not."""
    parser = argparse.ArgumentParser(description="Compare two card images; say which partition differs, and where.")
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    arguments = parser.parse_args()
    said = compare(arguments.one, arguments.other)
    print("\n".join(said) or "the same, bit for bit")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
