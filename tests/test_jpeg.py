"""What leaves a camera: whole JPEGs of the right size, and nothing else."""

import errno
import os
import pathlib

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from booth.errors import CameraError, OutboxError
from booth.jpeg import BLANK, deliver, size_of
from booth.pictures import encoded
from booth.ports import Size
from tests.contracts.pi_libraries import jpeg

WHOLE = jpeg(320, 240)
SIZE = Size(320, 240)
PHOTOGRAPHS = pathlib.Path(__file__).parent / "photos" / "astronaut"


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
def test_a_frame_with_nothing_on_it_is_kept_and_logged(tmp_path, size, color):
    """A covered lens takes a true picture of darkness; the log has the question to ask."""
    blank = filled(size, color)
    with capture_logs() as logs:
        deliver(blank, tmp_path / "frame-1.jpg", Size(*size))
    assert blank == (tmp_path / "frame-1.jpg").read_bytes()
    assert [("frame.blank", len(blank))] == [(line["event"], line["size"]) for line in logs]


@pytest.mark.parametrize("photograph", sorted(PHOTOGRAPHS.glob("*.jpg")), ids=lambda path: path.name)
def test_a_photograph_is_no_cause_for_suspicion(tmp_path, photograph):
    """Not by far: not with a third of its bytes."""
    jpeg = photograph.read_bytes()
    with capture_logs() as logs:
        deliver(jpeg, tmp_path / "frame-1.jpg", size_of(jpeg))
    assert ([], True) == (logs, len(jpeg) * BLANK > 3 * 1640 * 1232)


@given(st.binary(max_size=200))
def test_rubbish_has_no_size_and_raises_nothing(rubbish):
    """Whatever comes out of a camera, the answer is a size or None."""
    size_of(rubbish)
    size_of(b"\xff\xd8" + rubbish)
    size_of(WHOLE[:20] + rubbish)


def test_the_size_is_read_from_the_frame_header():
    """Of the picture, not of a thumbnail."""
    assert SIZE == size_of(WHOLE)
