"""Reads an MP4 back, strictly: it is a film of one picture behind the other that each telephone plays, or refused.

The law: what is not understood is wrong. A file is right only if its boxes fill it to the last byte, its description
stands before its pictures, and each picture is where that says. Numbers of the boxes are those of ISO 14496-12 and -15.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from booth.ports import Size
from booth.units import Pixels, Seconds

_UPRIGHT = b"".join(number.to_bytes(4) for number in (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30))
"""The matrix of a picture that is shown as it is."""
_PROFILES = frozenset({66, 77, 100})
"""Baseline, main and high: eight bits a colour, and colours on half of the pixels each way."""
_PICTURES, _WHOLE = frozenset({1, 5}), 5
"""Kinds of what a picture is made of. What else may be there tells of who made it."""

_NOTHING_SAID = b"\0\0\0\x08ilst"
"""An empty list of what may be said of a film: title, program, place."""


@dataclass(frozen=True)
class Reel:
    """What an MP4 says of itself."""

    size: Size
    pictures: int
    lasts: Seconds


def read(content: bytes) -> Reel:
    """Return what the film in *content* is. Raises `ValueError` with what is wrong with it, for a sentence."""
    file = _boxes(content)
    names = [name for name, _ in file if name != "free"]
    if names != ["ftyp", "moov", "mdat"]:
        raise ValueError(f"it has the boxes {' '.join(names)}")
    movie = _Boxes(_boxes(_only(file, "moov")), ("mvhd", "trak", "udta"), but=("udta",))
    if movie.get("udta", _NOTHING_SAID)[-8:] != _NOTHING_SAID:
        raise ValueError("it tells more than its pictures")
    _undated(movie["mvhd"])
    track = _Boxes(_boxes(movie["trak"]), ("tkhd", "edts", "mdia"), but=("edts",))
    _undated(track["tkhd"])
    media = _Boxes(_boxes(track["mdia"]), ("mdhd", "hdlr", "minf"))
    _undated(media["mdhd"])
    if media["hdlr"][8:12] != b"vide":
        raise ValueError("its track is none of pictures")
    inner = _Boxes(_boxes(media["minf"]), ("vmhd", "dinf", "stbl"))
    table = _Boxes(_boxes(inner["stbl"]), ("stsd", "stts", "stss", "stsc", "stsz", "stco"), but=("stss",))
    size = _described(table["stsd"])
    if _fixed(track["tkhd"][-8:]) != size or track["tkhd"][-44:-8] != _UPRIGHT:
        raise ValueError("it is not shown as it is")
    pictures = _samples(content, _place(content, "mdat"), table)
    for picture in pictures:
        _whole(picture, first=picture is pictures[0])
    spans = [(_number(table["stts"], at), _number(table["stts"], at + 4)) for at in range(8, len(table["stts"]), 8)]
    if sum(count for count, _ in spans) != len(pictures):
        raise ValueError("not each of its pictures has its time")
    clock = _number(media["mdhd"], 12)
    if not clock:
        raise ValueError("it has no clock")
    lasts = sum(count * span for count, span in spans) / clock
    return Reel(size, len(pictures), Seconds(lasts))


class _Boxes:
    """The boxes in a box: those that are *wanted*, each once, and no others; those of *but* may be missing."""

    def __init__(self, boxes: list[tuple[str, bytes]], wanted: tuple[str, ...], but: tuple[str, ...] = ()) -> None:
        found = [name for name, _ in boxes]
        if len(set(found)) != len(found) or not set(wanted) - set(but) <= set(found) <= set(wanted):
            raise ValueError(f"it has {' '.join(found)} where {' '.join(wanted)} belong")
        self._boxes: Mapping[str, bytes] = dict(boxes)

    def __getitem__(self, name: str) -> bytes:
        return self._boxes[name]

    def get(self, name: str, otherwise: bytes) -> bytes:
        """Return what is in a box that may be missing; then, what it is *otherwise*."""
        return self._boxes.get(name, otherwise)


def _boxes(content: bytes) -> list[tuple[str, bytes]]:
    return [(name, content[begin:end]) for name, begin, end in _places(content)]


def _places(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the name of each box in *content*, and where what is in it begins and ends."""
    at = 0
    while at < len(content):
        length = _number(content, at)
        if length < 8 or at + length > len(content):
            raise ValueError("it is cut off, or damaged")
        yield content[at + 4 : at + 8].decode("latin-1"), at + 8, at + length
        at += length


def _only(boxes: list[tuple[str, bytes]], name: str) -> bytes:
    (one,) = [content for found, content in boxes if found == name]
    return one


def _place(content: bytes, name: str) -> tuple[int, int]:
    ((begin, end),) = [(begin, end) for found, begin, end in _places(content) if found == name]
    return begin, end


def _undated(header: bytes) -> None:
    """Raise `ValueError` unless a *header* is of the short version, and says nothing of when it was made."""
    if header[:1] != b"\0" or any(header[4:12]):
        raise ValueError("it says when it was made")


def _described(table: bytes) -> Size:
    """Return the size of the pictures. Raises `ValueError` unless they are of the one kind that all can show."""
    entries = _boxes(table[8:])
    if [name for name, _ in entries] != ["avc1"]:
        raise ValueError(f"its pictures are {' '.join(name for name, _ in entries)}")
    ((_, entry),) = entries
    size = Size(Pixels(int.from_bytes(entry[24:26])), Pixels(int.from_bytes(entry[26:28])))
    about = dict(_boxes(entry[78:]))
    config = about.get("avcC", b"")
    if len(config) < 7 or config[1] not in _PROFILES or config[4] & 3 != 3:
        raise ValueError("its pictures are of a kind that telephones do not show")
    # Behind the two lists of the high profile: colours on half of the pixels each way, eight bits of each.
    if config[1] == 100 and [byte & mask for byte, mask in zip(config[-4:-1], (3, 7, 7), strict=True)] != [1, 0, 0]:
        raise ValueError("its colours are of a kind that telephones do not show")
    return size


def _samples(content: bytes, place: tuple[int, int], table: _Boxes) -> list[bytes]:
    """Return each picture. Raises `ValueError` unless they fill the *place* that is theirs, one behind the other."""
    sizes, chunks = table["stsz"], table["stco"]
    count, same = _number(sizes, 8), _number(sizes, 4)
    lengths = [same or _number(sizes, 12 + 4 * index) for index in range(count)]
    ends = list(accumulate(lengths, initial=place[0]))
    offsets = [_number(chunks, 8 + 4 * index) for index in range(_number(chunks, 4))]
    if not count or ends[-1] != place[1] or offsets[:1] != [place[0]] or not set(offsets) <= set(ends[:-1]):
        raise ValueError("its pictures are not where it says")
    return [content[begin : begin + length] for begin, length in zip(ends, lengths, strict=False)]


def _whole(picture: bytes, *, first: bool) -> None:
    """Raise `ValueError` unless a *picture* is made of whole parts, and the *first* one needs no other."""
    at, kinds = 0, []
    while at < len(picture):
        length = _number(picture, at)
        if not length or at + 4 + length > len(picture):
            raise ValueError("one of its pictures is torn")
        kinds.append(picture[at + 4] & 31)
        at += 4 + length
    if not kinds or not set(kinds) <= _PICTURES or (first and set(kinds) != {_WHOLE}):
        raise ValueError("one of its pictures has something beside it")


def _fixed(numbers: bytes) -> Size:
    """Return a size that is written in sixteenths of bits: 16 before the point, 16 behind it."""
    return Size(Pixels(_number(numbers, 0) >> 16), Pixels(_number(numbers, 4) >> 16))


def _number(content: bytes, at: int) -> int:
    if at + 4 > len(content):
        raise ValueError("it is cut off, or damaged")
    return int.from_bytes(content[at : at + 4])
