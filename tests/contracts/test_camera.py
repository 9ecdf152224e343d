"""What every camera promises: the simulator in both its modes, and the three drivers over their libraries."""

import gc
import threading
import tracemalloc
from pathlib import Path

import pygame
import pytest

from booth.errors import CameraError, OutboxError
from booth.ports import Size
from tests.waiting import PATIENCE, until

FULL = Path("/dev/full")
"""A disk without room, by the kernel: it opens for writing, and takes no byte."""


def test_there_is_no_preview_before_somebody_watches(rig):
    """The slot is empty until it is asked for."""
    assert rig.open().preview() is None


def test_previews_arrive_once_somebody_watches(rig):
    """A picture of the preview's size, with as many bytes a pixel as it says."""
    camera = rig.open()
    camera.watch(on=True)
    picture = until(camera.preview)
    assert Size(128, 96) == picture.size
    assert {"RGB": 3, "BGRA": 4}[picture.order] * 128 * 96 == len(picture.rgb)


def test_the_preview_is_alive(rig):
    """The newest picture does not stay the newest."""
    camera = rig.open()
    camera.watch(on=True)
    first = until(camera.preview)
    assert until(lambda: camera.preview() is not first)


def test_there_is_no_preview_once_nobody_watches(rig):
    """After off, the slot is empty and stays so, even if a picture was under way."""
    camera = rig.open()
    camera.watch(on=True)
    until(camera.preview)
    camera.watch(on=False)
    for _ in range(10):
        assert camera.preview() is None
        threading.Event().wait(0.01)


def test_watching_can_be_said_twice_and_begun_again(rig):
    """On, on, off, off, on: the preview runs."""
    camera = rig.open()
    for on in (True, True, False, False, True):
        camera.watch(on=on)
    assert until(camera.preview) is not None


def test_a_capture_writes_a_whole_jpeg_of_the_configured_size(rig, tmp_path):
    """From the first marker to the last, and it decodes."""
    rig.open().capture(tmp_path / "frame-1.jpg")
    jpeg = (tmp_path / "frame-1.jpg").read_bytes()
    assert (b"\xff\xd8\xff", b"\xff\xd9") == (jpeg[:3], jpeg[-2:])
    assert (320, 240) == pygame.image.load(tmp_path / "frame-1.jpg").get_size()


def test_a_capture_does_not_mind_the_name_of_the_file(rig, tmp_path):
    """A JPEG is a JPEG, under whatever name the outbox has chosen."""
    rig.open().capture(tmp_path / "frame-1.jpg.part")
    assert b"\xff\xd9" == (tmp_path / "frame-1.jpg.part").read_bytes()[-2:]


def test_a_capture_works_while_the_preview_runs_and_the_preview_goes_on(rig, tmp_path):
    """No mode switch, no dead preview."""
    camera = rig.open()
    camera.watch(on=True)
    before = until(camera.preview)
    camera.capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0
    assert until(lambda: camera.preview() not in {before, None})


def test_four_captures_in_a_row(rig, tmp_path):
    """A visit."""
    camera = rig.open()
    for shot in range(1, 5):
        camera.capture(tmp_path / f"frame-{shot}.jpg")
    assert ["frame-1.jpg", "frame-2.jpg", "frame-3.jpg", "frame-4.jpg"] == sorted(p.name for p in tmp_path.iterdir())


def test_frames_that_were_taken_are_not_kept(rig, tmp_path):
    """A booth runs for days: what Python holds after fifty frames is what it held before, but for less than three."""
    camera = rig.open()
    tracemalloc.start()
    try:
        for _ in range(10):  # whatever is made once, is made now
            camera.capture(tmp_path / "frame-1.jpg")
            rig.forget()
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(50):
            camera.capture(tmp_path / "frame-1.jpg")
            rig.forget()
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / (tmp_path / "frame-1.jpg").stat().st_size < 3


def test_the_preview_does_not_wait_for_a_capture_that_hangs(rig, tmp_path):
    """The screen goes on while the camera does not answer."""
    camera = rig.open()
    camera.watch(on=True)
    until(camera.preview)
    rig.stall()
    capture = threading.Thread(target=camera.capture, args=(tmp_path / "frame-1.jpg",))
    capture.start()
    asked = threading.Thread(target=lambda: [camera.preview() for _ in range(1000)], daemon=True)
    asked.start()
    asked.join(PATIENCE)
    still_hanging = capture.is_alive()
    rig.go_on()
    capture.join(PATIENCE)
    assert (False, True) == (asked.is_alive(), still_hanging)
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


def test_a_frame_whose_folder_is_gone_is_the_disk_s_fault(rig, tmp_path):
    """The log says which file; the camera is well, and takes the next one."""
    camera = rig.open()
    with pytest.raises(OutboxError, match="frame-1"):
        camera.capture(tmp_path / "no-such-folder" / "frame-1.jpg")
    camera.capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_the_disk_s_fault(rig, tmp_path):
    """Nobody apologises for the camera, or opens it again, because the disk has no room."""
    camera = rig.open()
    with pytest.raises(OutboxError, match=f"{FULL}: No space left on device"):
        camera.capture(FULL)
    camera.capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


def test_a_name_that_is_a_folder_is_the_disk_s_fault(rig, tmp_path):
    """As is whatever else the disk has against it."""
    (tmp_path / "frame-1.jpg").mkdir()
    with pytest.raises(OutboxError, match="Is a directory"):
        rig.open().capture(tmp_path / "frame-1.jpg")


@pytest.mark.parametrize("watched", [False, True])
def test_a_healthy_camera_passes_the_check_again_and_again(rig, tmp_path, watched):
    """Just opened, at rest, with the preview, after a frame; and it is as good as before."""
    camera = rig.open()
    camera.check()
    camera.watch(on=watched)
    for _ in range(3):
        camera.check()
    camera.capture(tmp_path / "frame-1.jpg")
    camera.check()
    camera.watch(on=False)
    camera.check()
    camera.watch(on=True)
    assert until(camera.preview) is not None


def test_the_check_does_not_disturb_the_preview(rig):
    """Pictures come and change while it is asked."""
    camera = rig.open()
    camera.watch(on=True)
    first = until(camera.preview)

    def changed():
        camera.check()
        return camera.preview() not in {first, None}

    assert until(changed)


@pytest.mark.parametrize("watched", [False, True])
def test_a_camera_that_is_unplugged_fails_the_check(rig, watched):
    """Sooner or later, whether anybody watches or not: within some looks, not some guests."""
    camera = rig.open(timeout=0.4)
    camera.watch(on=watched)
    camera.check()
    rig.unplug()

    def noticed():
        try:
            camera.check()
        except CameraError as exc:
            return str(exc)
        return None

    assert until(noticed)
    camera.close()


def test_a_camera_that_has_fallen_silent_fails_the_check_and_passes_it_when_it_speaks(rig, tmp_path):
    """It is there, it opens, and nothing comes."""
    camera = rig.open(timeout=0.4)
    rig.deafen()

    def passes():
        try:
            camera.check()
        except CameraError:
            return False
        return True

    def takes():
        try:
            camera.capture(tmp_path / "frame-1.jpg")
        except CameraError:  # on a busy machine a frame may take longer than this camera is waited for
            return False
        return True

    until(lambda: not passes())
    rig.hear()
    until(passes)
    until(takes)
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_camera_delivers_the_configured_sizes(rig, tmp_path, rotation):
    """Sizes are those of the upright picture, however the camera hangs."""
    camera = rig.open(size=Size(240, 320), preview_size=Size(96, 128), rotation=rotation)
    camera.watch(on=True)
    camera.capture(tmp_path / "frame-1.jpg")
    assert (240, 320) == pygame.image.load(tmp_path / "frame-1.jpg").get_size()
    assert Size(96, 128) == until(camera.preview).size


def test_a_closed_camera_says_so(rig, tmp_path):
    """No frame, no preview, no surprise; closing twice and not watching are always right."""
    camera = rig.open()
    camera.watch(on=True)
    until(camera.preview)
    camera.close()
    camera.close()
    camera.watch(on=False)
    assert camera.preview() is None
    with pytest.raises(CameraError):
        camera.watch(on=True)
    with pytest.raises(CameraError):
        camera.check()
    with pytest.raises(CameraError):
        camera.capture(tmp_path / "frame-1.jpg")
    assert [] == list(tmp_path.iterdir())


def test_a_closed_camera_leaves_no_thread_behind(rig):
    """What was started is stopped."""
    before = set(threading.enumerate())
    camera = rig.open()
    camera.watch(on=True)
    until(camera.preview)
    camera.close()
    assert set() == set(threading.enumerate()) - before
