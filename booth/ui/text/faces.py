"""Which characters a font file has letters for: its character map, read without drawing anything.

No pygame here: this runs in a thread of its own while the booth paints, and SDL's fonts belong to the main thread.
"""

import os
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from booth import reading

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

SUFFIXES = frozenset({".ttf", ".ttc", ".otf"})

EMOJI = ("notocoloremoji", "notoemoji")
"""How the files of fonts with pictures begin, small letters only, without hyphens."""

OTHERS = (
    "notosanscjk",
    "wqymicrohei",
    "wqyzenhei",
    "droidsansfallback",
    "ipag",
    "notosansarabic",
    "notosanshebrew",
    "notosansdevanagari",
    "notosansthai",
    "notosanssymbols",
    "notosans",
    "dejavusans",
    "freesans",
    "symbola",
    "unifont",
)
"""The same for fonts with letters: the first that has a letter shows it."""

SAMPLES = {
    "Arabic": "\u0639",
    "Hebrew": "\u05e9",
    "Hindi": "\u0905",
    "Thai": "\u0e01",
    "Chinese": "\u4f60",
    "Japanese": "\u3042",
    "Korean": "\ud55c",
    "emoji": "\U0001f600",
}
"""A letter of each script that is not in the booth's own typeface, and that guests write."""

INSTALL = "apt install fonts-noto-core fonts-wqy-microhei fonts-noto-color-emoji"
"""What brings letters for all of them."""

_UNWANTED = ("italic", "oblique", "condensed", "bold", "light", "thin", "black", "medium", "display", "mono", "serif")
"""What the name of a plain cut has not in it: names are shown upright, and no narrower than they need be."""

LARGEST = 64 << 20
"""Bytes of a font: those with all of Chinese, Japanese and Korean have some 30 MiB."""

_LARGEST = 1 << 22
"""Bytes: no character map that can be trusted is larger."""


class Coverage:
    """The characters of a font: ``"a" in coverage``."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._firsts = array("I")
        self._lasts = array("I")
        for first, last in sorted(spans):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def __contains__(self, char: str) -> bool:
        at = bisect_right(self._firsts, ord(char)) - 1
        return at >= 0 and ord(char) <= self._lasts[at]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in zip(self._firsts, self._lasts, strict=True))


@dataclass(frozen=True, eq=False)
class Face:
    """A font that can stand in."""

    path: str
    coverage: Coverage
    bold: str
    """The file of its bold cut; the same as *path* if there is none."""
    pictures: bool = False
    """Whether its letters are pictures in colours of their own, of one size."""


def coverage(path: Path) -> Coverage:
    """Return what the font in a file has letters for.

    Raises `OSError` or `ReadingError` if it cannot be read, `ValueError` if it is no font or one that is too large.
    """
    try:
        with reading.opened(path) as file:
            if os.fstat(file.fileno()).st_size > LARGEST:
                raise ValueError(f"it has more than {LARGEST >> 20} MiB")
            return Coverage(_spans(_character_map(file)))
    except (struct.error, OverflowError) as exc:
        raise ValueError(f"{path} is cut short") from exc


def search(folders: Sequence[Path]) -> Iterator[Face]:
    """Yield the fonts of this system that can stand in, the best first. Walks through folders; skips what is broken."""
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                files.setdefault(path.stem.lower().replace("-", "").replace("_", ""), path)
    used: set[Path] = set()
    for start in (*EMOJI, *OTHERS):
        for name in sorted(name for name in files if name.startswith(start) and _upright(name)):
            path = files[name]
            if path in used:
                continue
            used.add(path)
            try:
                covered = coverage(path)
            except (OSError, ValueError, reading.ReadingError):
                continue
            yield Face(str(path), covered, str(_bold(files, name) or path), pictures=start in EMOJI)


def lacking(found: Iterable[Face]) -> tuple[str, ...]:
    """Return the names of the scripts that none of the *found* fonts has letters for, nor the booth's own."""
    faces = tuple(found)
    return tuple(script for script, char in SAMPLES.items() if not any(char in face.coverage for face in faces))


def _upright(name: str) -> bool:
    """Whether a file's name is that of a plain cut, neither slanted nor narrow nor of another weight."""
    return not any(word in name for word in _UNWANTED)


def _bold(files: dict[str, Path], name: str) -> Path | None:
    plain = name.removesuffix("regular")
    return files.get(f"{plain}bold")


def _character_map(file: BinaryIO) -> bytes:
    """Return the table ``cmap`` of a font, or of the first font of a collection."""
    start = 0
    tag = file.read(4)
    if tag == b"ttcf":
        file.seek(12)
        (start,) = struct.unpack(">I", file.read(4))
        file.seek(start)
        tag = file.read(4)
    if tag not in {b"\0\1\0\0", b"OTTO", b"true"}:
        raise ValueError("this is not a TrueType or OpenType font")
    (tables,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    directory = file.read(16 * tables)
    for name, _, offset, length in struct.iter_unpack(">4sIII", directory[: len(directory) // 16 * 16]):
        if name == b"cmap" and length <= _LARGEST:
            file.seek(offset)
            return file.read(length)
    raise ValueError("this font has no character map")


def _spans(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Return the first and the last of each row of characters, of the largest map for Unicode in *cmap*."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    found: dict[int, int] = {}
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if (platform, encoding) in {(3, 1), (3, 10)} or platform == 0:
            found.setdefault(kind, offset)
    if 12 in found:
        return _groups(cmap, found[12])
    if 4 in found:
        return _segments(cmap, found[4])
    raise ValueError("this font has no character map for Unicode")


def _groups(cmap: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Read a map of format 12: rows of characters."""
    (count,) = struct.unpack_from(">I", cmap, offset + 12)
    rows = cmap[offset + 16 : offset + 16 + 12 * count]
    for first, last, glyph in struct.iter_unpack(">III", rows[: len(rows) // 12 * 12]):
        if first <= last <= 0x10FFFF:
            yield (first, last) if glyph else (first + 1, last)


def _segments(cmap: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Read a map of format 4: rows of characters, some of which have no letter after all."""
    (double,) = struct.unpack_from(">H", cmap, offset + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", cmap, offset + 14)
    firsts = struct.unpack_from(f">{count}H", cmap, offset + 16 + double)
    deltas = struct.unpack_from(f">{count}H", cmap, offset + 16 + 2 * double)
    places = struct.unpack_from(f">{count}H", cmap, offset + 16 + 3 * double)
    before = -1
    for index, (first, last, delta, place) in enumerate(zip(firsts, lasts, deltas, places, strict=True)):
        if first > last or first == 0xFFFF:
            continue
        if first <= before:  # they are in order, or a font of a few kilobytes could keep us busy for hours
            raise ValueError("its character map is not in order")
        before = last
        if not place:
            yield first, last
            continue
        at = offset + 16 + 3 * double + 2 * index + place
        for step, (glyph,) in enumerate(struct.iter_unpack(">H", cmap[at : at + 2 * (last - first + 1)])):
            if glyph and (glyph + delta) % 65536:
                yield first + step, first + step
