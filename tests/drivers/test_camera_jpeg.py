"""What a driver lets through: whole JPEGs of the right size, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.drivers.jpeg import deliver, size_of
from booth.errors import CameraError
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


def test_a_disk_that_refuses_is_named_with_the_file(tmp_path):
    """The log says where the frame did not go."""
    with pytest.raises(CameraError, match=r"frame-1\.jpg: No such file or directory"):
        deliver(WHOLE, tmp_path / "nowhere" / "frame-1.jpg", SIZE)


@given(st.binary(max_size=200))
def test_rubbish_has_no_size_and_raises_nothing(rubbish):
    """Whatever comes out of a camera, the answer is a size or None."""
    size_of(rubbish)
    size_of(b"\xff\xd8" + rubbish)
    size_of(WHOLE[:20] + rubbish)


def test_the_size_is_read_from_the_frame_header():
    """Of the picture, not of a thumbnail."""
    assert SIZE == size_of(WHOLE)
