"""Pictures that the owner chose: what their files say is what will be decoded."""

import io
import os
import struct
import zlib

import pygame
import pytest

from booth import stills
from booth.ports import Size


def encoded(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a picture of a kind and a size."""
    whole = io.BytesIO()
    pygame.image.save(pygame.Surface(size), whole, f"picture.{kind}")
    return whole.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def frame_header(width: int, height: int) -> bytes:
    """Return the part of a JPEG that says how large it is."""
    return b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"


@pytest.fixture
def complaint(tmp_path):
    """Return what is said of a file, without its name."""

    def complaint(content: bytes, kinds: tuple[str, ...] = ("png", "jpg")) -> str:
        file = tmp_path / "logo"
        file.write_bytes(content)
        with pytest.raises(ValueError, match=f"^{file}") as caught:
            stills.read(file, kinds)
        return str(caught.value).removeprefix(str(file))

    return complaint


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_is_read_with_its_size(tmp_path, kind):
    """Whatever its name ends in."""
    (tmp_path / "logo").write_bytes(encoded(kind))
    still = stills.read(tmp_path / "logo")
    assert (kind, Size(60, 40), encoded(kind)) == (still.kind, still.size, still.content)


def test_bytes_that_fill_up_before_a_marker_mean_nothing(tmp_path):
    """Encoders may write them; who does not step over them reads another size."""
    (tmp_path / "logo").write_bytes(encoded("jpg").replace(b"\xff\xc0", b"\xff\xff\xff\xc0"))
    assert Size(60, 40) == stills.read(tmp_path / "logo").size


def test_a_picture_with_more_pixels_than_can_be_shown_is_refused(complaint):
    """Whoever exports for print has ten times as many."""
    expected = " has 4000x2001 pixels: make it smaller, 8,000,000 pixels at most"
    assert expected == complaint(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">II", 4000, 2001) + b"\x08\2\0\0\0")
    )
    assert expected == complaint(b"\xff\xd8" + frame_header(4000, 2001) + b"\xff\xda\0\x08" + b"\xff\xd9")


DAMAGED_PNG = " is a damaged PNG: save the picture again"
DAMAGED_JPEG = " is a damaged JPEG: save the picture again"
CUT_OFF = " is cut off: save the picture again, or copy it again"


def test_a_png_with_two_headers_is_refused(complaint):
    """One that is small for who looks, and one that is large for who decodes."""
    small, rest = encoded("png")[:33], encoded("png")[33:]
    large = chunk(b"IHDR", struct.pack(">II", 12_000, 12_000) + b"\x08\2\0\0\0")
    assert DAMAGED_PNG == complaint(small + large + rest)


def test_a_png_that_begins_with_something_else_is_refused(complaint):
    """Where the size would be is a text that says 10x10."""
    png = encoded("png")
    text = chunk(b"tEXt", struct.pack(">II", 10, 10))
    assert DAMAGED_PNG == complaint(png[:8] + text + png[8:])


def test_a_jpeg_with_two_headers_is_refused(complaint):
    """The same of the other kind."""
    jpeg = encoded("jpg")
    assert DAMAGED_JPEG == complaint(jpeg[:2] + frame_header(10, 10) + jpeg[2:])
    assert DAMAGED_JPEG == complaint(jpeg[:2] + b"\xff\x01\xff\xc0" + jpeg[2:])


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_that_is_cut_off_is_refused(complaint, kind):
    """As it is when a stick was pulled too early."""
    assert CUT_OFF == complaint(encoded(kind, (300, 300))[:-40])


@pytest.mark.parametrize("content", [b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe0\0\0"])
def test_a_jpeg_that_ends_before_it_begins_is_refused(complaint, content):
    """Nothing is read beyond its end."""
    assert DAMAGED_JPEG == complaint(content)


def test_a_picture_for_a_print_shop_is_refused(complaint):
    """Red and blue may change places in it: of its four colours, libraries do not agree on which is which."""
    header = b"\xff\xc0\x00\x14\x08" + struct.pack(">HH", 40, 60) + b"\x04" + bytes(12)
    expected = " has the four colours of print (CMYK), and would be seen in wrong ones: save it as RGB"
    assert expected == complaint(b"\xff\xd8" + header + b"\xff\xda\0\x08" + b"\xff\xd9")


def test_a_jpeg_that_goes_over_its_pixels_for_ever_is_refused(complaint):
    """Each time costs as much as the whole picture."""
    jpeg = encoded("jpg")
    expected = " takes too long to decode: save the picture again, not as a progressive JPEG"
    assert expected == complaint(jpeg[:-2] + b"\xff\xda\0\2" * stills.SCANS + jpeg[-2:])


def test_a_picture_of_another_kind_is_refused(complaint):
    """Each with the kinds that will do."""
    assert " is neither a PNG nor a JPEG: save the picture as one of these" == complaint(b"<svg/>")
    assert " is no PNG: save the picture as one" == complaint(encoded("jpg"), ("png",))


def test_a_file_without_end_is_not_read(complaint, tmp_path):
    """Neither one with a hole of a gigabyte, nor a pipe."""
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(1 << 30)
    os.mkfifo(tmp_path / "pipe")
    for name, expected in (
        ("hole", "has more than 16 MiB: is that the right file? Make it smaller, or name another"),
        ("pipe", "is a pipe, not a file: name a file"),
    ):
        with pytest.raises(ValueError, match=name) as caught:
            stills.read(tmp_path / name)
        assert f"{tmp_path / name}: {expected}" == str(caught.value)
