"""A GIF as its bytes have it: where each picture is, and how many colours there are. Nothing is decoded."""

MOST_PICTURES = 64
"""Pictures in a GIF that is read; ours have one for each pose."""

MOST_PIXELS = 50_000_000
"""Pixels of all pictures of a GIF together: more than those of which gm has room for the frames, there and back."""

MOST_AT_ONCE = 1920 * 1920
"""Pixels of one picture, which takes ten bytes for each while it is decoded."""

COLOURS = 256
"""The most that a picture of a GIF has."""


def places(encoded: bytes) -> list[tuple[int, int]] | None:
    """Return where each picture of a GIF is, with what is said of it before; None if there is too much to decode.

    A file of a few bytes can claim any size. What comes after something broken belongs to the last picture: whoever
    decodes that finds out.
    """
    canvas = int.from_bytes(encoded[6:8], "little") * int.from_bytes(encoded[8:10], "little")
    at = begin = 13 + palette(encoded, 10)
    places: list[tuple[int, int]] = []
    pixels = 0
    while at < len(encoded) and encoded[at] in b"!,":
        drawn = encoded[at] == ord(",")
        if not drawn:
            at += 2
        else:
            size = encoded[at + 5 : at + 9]
            at_once = max(canvas, int.from_bytes(size[:2], "little") * int.from_bytes(size[2:], "little"))
            pixels += at_once
            if len(places) == MOST_PICTURES or pixels > MOST_PIXELS or at_once > MOST_AT_ONCE:
                return None
            at += 11 + palette(encoded, at + 9)
        while at < len(encoded) and encoded[at]:  # blocks of at most 255 bytes, up to an empty one
            at += encoded[at] + 1
        at += 1
        if drawn:
            places.append((begin, at))
            begin = at
    if encoded[at : at + 1] != b";":  # not at an end
        places.append((begin, len(encoded)))
    return places


def palette(encoded: bytes, at: int) -> int:
    """Return how many bytes of colours follow the flags at *at*."""
    flags = encoded[at] if at < len(encoded) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def colours(encoded: bytes) -> int:
    """Return how many colours there are in the palette that all pictures share: at most `COLOURS`."""
    shared = encoded[13 : 13 + palette(encoded, 10)]
    return len({shared[at : at + 3] for at in range(0, len(shared), 3)})


def there_and_back(encoded: bytes) -> bytes:
    """Return a GIF with its pictures once more behind them, backwards, but for the last and the first.

    Each is the same bytes, with its timing. Every picture must cover the canvas, as ours do: then none depends on what
    was shown before. Raises `ValueError` for what is no GIF, or none of these.
    """
    found = places(encoded)
    if not found or encoded[-1:] != b";" or found[-1][1] != len(encoded) - 1:
        raise ValueError("no whole GIF of at most so many pictures")
    again = b"".join(encoded[begin:end] for begin, end in found[-2:0:-1])
    return encoded[:-1] + again + b";"
