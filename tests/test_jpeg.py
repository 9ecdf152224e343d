"""What leaves a camera: whole JPEGs of the right size, and nothing else."""

import errno
import os
import pathlib

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import CameraError, OutboxError
from booth.jpeg import deliver, orientation_of, size_of, whole
from booth.pictures import decoded, encoded
from booth.ports import Size
from tests.contracts.pi_libraries import jpeg

WHOLE = jpeg(320, 240)
SIZE = Size(320, 240)


def test_a_whole_picture_is_delivered_as_it_is(tmp_path):
    """Not a byte is changed."""
    deliver(WHOLE, tmp_path / "frame-1.jpg", SIZE)
    assert WHOLE == (tmp_path / "frame-1.jpg").read_bytes()


def test_an_empty_file_is_named_as_such(tmp_path):
    """That is what a camera with a loose cable leaves behind most often."""
    with pytest.raises(CameraError, match="empty"):
        deliver(b"", tmp_path / "frame-1.jpg", SIZE)


@given(st.integers(0, len(WHOLE) - 1))
def test_a_picture_that_was_cut_off_anywhere_is_refused(tmp_path_factory, length):
    """Torn, whatever the place."""
    into = tmp_path_factory.getbasetemp() / "torn.jpg"
    with pytest.raises(CameraError):
        deliver(WHOLE[:length], into, SIZE)
    assert not into.exists()


def test_a_picture_that_is_too_small_to_be_true_is_refused(tmp_path):
    """Both ends and a header, and nothing in between."""
    header = WHOLE[: WHOLE.index(b"\xff\xda")]
    with pytest.raises(CameraError, match="no whole JPEG"):
        deliver(header[:200] + b"\xff\xd9", tmp_path / "frame-1.jpg", SIZE)


def test_a_picture_of_another_size_is_refused_with_the_setting_to_change(tmp_path):
    """The owner reads both sizes, and what to set."""
    with pytest.raises(CameraError, match=r"320x240 pixels, not 1640x1232; set camera\.size"):
        deliver(WHOLE * 20, tmp_path / "frame-1.jpg", Size(1640, 1232))


def test_a_folder_that_is_gone_is_named_with_the_file(tmp_path):
    """The log says where the frame did not go, and it is not the camera's fault."""
    with pytest.raises(OutboxError, match=r"frame-1\.jpg: No such file or directory; look at the disk"):
        deliver(WHOLE, tmp_path / "nowhere" / "frame-1.jpg", SIZE)


class Refusing(type(pathlib.Path())):
    """A path on a disk that says no."""

    refusal = errno.EIO

    def write_bytes(self, data):
        raise OSError(self.refusal, os.strerror(self.refusal))


@pytest.mark.parametrize("refusal", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_disk_that_does_not_take_a_frame_is_not_the_camera_s_fault(tmp_path, refusal):
    """Full, read-only, broken: opening the camera again would not help."""
    into = Refusing(tmp_path / "frame-1.jpg")
    into.refusal = refusal
    with pytest.raises(OutboxError, match=os.strerror(refusal)):
        deliver(WHOLE, into, SIZE)


@pytest.mark.parametrize("rubbish", [b"", WHOLE[:-2], WHOLE[:700]])
def test_what_is_no_frame_is_the_camera_s_fault_on_a_broken_disk_too(tmp_path, rubbish):
    """It is not even offered to the disk."""
    with pytest.raises(CameraError):
        deliver(rubbish, Refusing(tmp_path / "frame-1.jpg"), SIZE)


def filled(size, color):
    """Return a JPEG of one colour."""
    surface = pygame.Surface(size, 0, 24)
    surface.fill(color)
    return encoded(surface)


@pytest.mark.parametrize("size", [(320, 240), (1280, 960)])
@pytest.mark.parametrize("color", ["black", "grey50", "white"])
def test_a_frame_with_nothing_on_it_is_kept(tmp_path, size, color):
    """A covered lens takes a true picture of darkness; who is told of that, and when, is decided by its pixels."""
    blank = filled(size, color)
    deliver(blank, tmp_path / "frame-1.jpg", Size(*size))
    assert blank == (tmp_path / "frame-1.jpg").read_bytes()


@given(st.binary(max_size=200))
def test_rubbish_has_no_size_and_raises_nothing(rubbish):
    """Whatever comes out of a camera, the answer is a size or None."""
    size_of(rubbish)
    size_of(b"\xff\xd8" + rubbish)
    size_of(WHOLE[:20] + rubbish)


def test_the_size_is_read_from_the_frame_header():
    """Of the picture, not of a thumbnail."""
    assert SIZE == size_of(WHOLE)


# ---- the end of a picture is its own


def segment(marker, content):
    """Return a segment of a head."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


def with_head(*segments):
    """Return the picture with more in its head."""
    return WHOLE[:2] + b"".join(segments) + WHOLE[2:]


@given(st.binary(max_size=3000))
def test_what_follows_a_picture_is_no_part_of_it(trailer):
    """Zeros, a second picture, the film of a telephone, another end."""
    assert WHOLE == whole(WHOLE + trailer)


@given(st.sampled_from([0xE0, 0xE1, 0xE2, 0xED, 0xFE]), st.binary(max_size=3000))
def test_whatever_is_in_its_head_a_picture_ends_where_it_ends(marker, content):
    """A thumbnail has an end, and a start, and frame headers of its own."""
    picture = with_head(segment(marker, WHOLE[:600] + content + b"\xff\xd9"))
    assert (picture, SIZE) == (whole(picture + b"\xff\xd9" + WHOLE), size_of(picture))


@given(st.integers(0, len(WHOLE) - 1))
def test_no_part_of_a_picture_is_a_whole_one(length):
    """However long."""
    assert whole(WHOLE[:length]) is None


@given(st.binary(max_size=300))
def test_rubbish_is_no_picture_and_raises_nothing(rubbish):
    """Nor is a head that lies about its lengths."""
    assert whole(rubbish) is None
    for length in (2, 20, 200, 700):
        whole(WHOLE[:length] + rubbish)
        orientation_of(WHOLE[:length] + rubbish)


def test_filling_before_a_marker_is_no_fault():
    """The standard allows any number of FF."""
    picture = WHOLE[:2] + b"\xff\xff\xff" + WHOLE[2:-2] + b"\xff\xff" + WHOLE[-2:]
    assert (picture, SIZE) == (whole(picture), size_of(picture))


def test_a_picture_without_tables_gets_the_usual_ones():
    """In AVI files, and from webcams, they are left out; it decodes to the same pixels then."""
    start, end = WHOLE.index(b"\xff\xc4"), WHOLE.index(b"\xff\xda")
    mended = whole(WHOLE[:start] + WHOLE[end:])
    assert len(WHOLE) - (end - start) + 420 == len(mended)
    pixels = [pygame.image.tobytes(decoded(picture), "RGB") for picture in (WHOLE, mended)]
    assert pixels[0] == pixels[1]


def test_a_delivered_picture_ends_with_its_end(tmp_path):
    """What a telephone hangs on to it is not kept."""
    deliver(WHOLE + b"film" * 100, tmp_path / "frame-1.jpg", SIZE)
    assert WHOLE == (tmp_path / "frame-1.jpg").read_bytes()


# ---- how it lies


def exif(orientation, *, order="little", kind=3, before=2):
    """Return a segment that says how the camera was held, with *before* other entries, and a thumbnail's directory."""

    def number(value, length):
        return value.to_bytes(length, order)

    entries = [number(0x100 + index, 2) + number(4, 2) + number(1, 4) + number(7, 4) for index in range(before)]
    entries.append(number(0x0112, 2) + number(kind, 2) + number(1, 4) + number(orientation, 2) + bytes(2))
    thumbnail = number(1, 2) + number(0x0112, 2) + number(3, 2) + number(1, 4) + number(1, 2) + bytes(2)
    directory = number(len(entries), 2) + b"".join(entries) + number(8 + 2 + 12 * len(entries) + 4, 4)
    tiff = (b"II" if order == "little" else b"MM") + number(42, 2) + number(8, 4) + directory + thumbnail
    return segment(0xE1, b"Exif\0\0" + tiff)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize(
    "first", [(), (segment(0xE0, b"JFIF\0" + bytes(9)),), (segment(0xE1, b"http://ns.adobe.com/"),)]
)
def test_a_telephone_says_how_it_was_held(orientation, order, first):
    """In either order of bytes, first in the head or behind others."""
    assert orientation == orientation_of(with_head(*first, exif(orientation, order=order)))


@pytest.mark.parametrize("order", ["little", "big"])
def test_a_program_that_writes_it_as_a_longer_number_is_understood(order):
    """The standard says sixteen bits, and so do telephones; some that edit photographs write thirty-two."""
    entry = [(0x0112, 2), (4, 2), (1, 4), (6, 4)]
    directory = b"".join(number.to_bytes(length, order) for number, length in [(1, 2), *entry, (0, 4)])
    tiff = (b"II" if order == "little" else b"MM") + (42).to_bytes(2, order) + (8).to_bytes(4, order) + directory
    assert 6 == orientation_of(with_head(segment(0xE1, b"Exif\0\0" + tiff)))


@pytest.mark.parametrize("odd", [exif(0), exif(9), exif(6, kind=2), segment(0xE1, b"Exif\0\0"), segment(0xE1, b""),
                                 segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\x7f"), segment(0xFE, exif(6))])  # fmt: skip
def test_what_cannot_be_understood_is_taken_as_it_lies(odd):
    """A number that means nothing, a directory somewhere else, one that is cut off."""
    assert 1 == orientation_of(with_head(odd))


@given(st.binary(max_size=200))
def test_rubbish_in_place_of_a_directory_raises_nothing(rubbish):
    """The answer is a number from 1 to 8."""
    for head in (b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        assert 1 <= orientation_of(with_head(segment(0xE1, b"Exif\0\0" + head + rubbish))) <= 8
