"""The simulated camera: what it shows, what it takes, and how it fails when it is told to."""

import itertools
import shutil
import struct
import subprocess
import threading
from pathlib import Path

import pygame
import pytest

from booth.errors import CameraError, ConfigError
from booth.jpeg import orientation_of
from booth.pictures import encoded
from booth.ports import Size
from booth.settings.model import Settings
from booth.sim.camera import CameraFaults, Fault, SimCamera, photograph_size, photographs
from booth.simulation import first_size
from tests.waiting import PATIENCE

PHOTOGRAPHS = Path(__file__).parents[1] / "photos" / "astronaut"


@pytest.fixture
def opened():
    """Open cameras that take no time, close them afterwards."""
    cameras = []

    def open_camera(**options):
        defaults = {"size": Size(320, 240), "preview_size": Size(128, 96), "exposure": 0.0}
        cameras.append(SimCamera(**defaults | options))
        return cameras[-1]

    yield open_camera
    for camera in cameras:
        camera.close()


def previewed(camera):
    """Watch until there is a picture, and return it."""
    camera.watch(on=True)
    while (picture := camera.preview()) is None:
        threading.Event().wait(0.002)
    camera.watch(on=False)
    return picture


def difference(one, other):
    """Return how far apart two pictures of one size are on average, 0..255 a colour."""
    pair = [pygame.image.load(path) for path in (one, other)]
    apart = pair[0].copy()
    apart.blit(pair[1], (0, 0), special_flags=pygame.BLEND_RGB_SUB)
    back = pair[1].copy()
    back.blit(pair[0], (0, 0), special_flags=pygame.BLEND_RGB_SUB)
    apart.blit(back, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
    return sum(pygame.transform.average_color(apart)[:3]) / 3


# ---- what it shows


def test_every_frame_of_the_party_looks_different_even_if_time_stands_still(opened, tmp_path):
    """The guests strike another pose for each shot."""
    camera = opened(now=lambda: 3.0)
    frames = [tmp_path / f"frame-{shot}.jpg" for shot in range(1, 5)]
    for frame in frames:
        camera.capture(frame)
    for one, other in itertools.pairwise(frames):
        assert difference(one, other) > 2


def test_the_party_moves_with_the_time_it_is_given(opened):
    """The same instant gives the same picture, another one another."""
    now = [1.0]
    camera = opened(now=lambda: now[0])
    first, again = previewed(camera).rgb, previewed(camera).rgb
    now[0] = 1.4
    assert (True, False) == (first == again, first == previewed(camera).rgb)


class Rounds:
    """Stands for the event that ends a preview: it ends after so many rounds, and calls *between* in each."""

    def __init__(self, rounds, between):
        self.left = rounds
        self.between = between

    def is_set(self):
        return self.left == 0

    def wait(self, _timeout):
        self.left -= 1
        self.between()


def test_a_picture_is_painted_for_whoever_looks(opened):
    """Each time that somebody has looked there is a new one; what nobody has looked at is not painted over."""
    asked = []
    camera = opened(now=lambda: asked.append(1) or 0.0)
    camera._produce(Rounds(5, between=lambda: None))
    assert 1 == len(asked)
    camera._produce(Rounds(5, between=camera.preview))
    assert 1 + 4 == len(asked)


def test_the_party_asks_for_no_display(opened, tmp_path):
    """Nor does it open one."""
    display = pygame.display.get_init()
    opened().capture(tmp_path / "frame-1.jpg")
    assert display == pygame.display.get_init()


def test_photographs_come_in_the_order_of_their_names_and_again_from_the_first(opened, tmp_path):
    """Whatever order the disk has them in."""
    for number, name in ((3, "c.JPG"), (1, "a.jpg"), (2, "b.jpeg")):
        shutil.copy(PHOTOGRAPHS / f"frame-{number}.jpg", tmp_path / name)
    (tmp_path / "notes.txt").write_text("no photograph")
    camera = opened(size=Size(1640, 1232), frames=tmp_path)
    taken = []
    for shot in range(4):
        camera.capture(tmp_path / f"taken-{shot}")
        taken.append((tmp_path / f"taken-{shot}").read_bytes())
    assert [(PHOTOGRAPHS / f"frame-{number}.jpg").read_bytes() for number in (1, 2, 3, 1)] == taken


def test_a_photograph_of_the_right_size_is_handed_over_untouched(opened, tmp_path):
    """Byte for byte: no second loss of quality."""
    opened(size=Size(1640, 1232), frames=PHOTOGRAPHS).capture(tmp_path / "frame-1.jpg")
    assert (PHOTOGRAPHS / "frame-1.jpg").read_bytes() == (tmp_path / "frame-1.jpg").read_bytes()


def test_the_preview_shows_the_photograph_that_will_be_taken_next(opened, tmp_path):
    """The guest sees what the shutter takes: red before a red frame, blue before a blue one."""
    for name, color in (("1.jpg", (240, 10, 10)), ("2.jpg", (10, 10, 240))):
        surface = pygame.Surface((320, 240), 0, 24)
        surface.fill(color)
        pygame.image.save(surface, tmp_path / name)
    camera = opened(frames=tmp_path)
    red = previewed(camera).rgb[:3]
    camera.capture(tmp_path / "frame-1")
    blue = previewed(camera).rgb[:3]
    assert ((True, False), (False, True)) == ((red[0] > 200, red[2] > 200), (blue[0] > 200, blue[2] > 200))


def quarter(size):
    """Return a JPEG of *size* whose quarter at the top left is white."""
    surface = pygame.Surface(size, 0, 24)
    surface.fill((255, 255, 255), (0, 0, size[0] // 2, size[1] // 2))
    return encoded(surface)


def held(jpeg, orientation):
    """Return *jpeg* with a note of how the telephone was held."""
    entry = struct.pack(">HHHLHH", 1, 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + entry + bytes(4)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
"""Where what is top left in the file was seen, for each way to hold a telephone."""


def inner(side, pixels):
    """Return where the middle of the first sixth of *pixels* is (side 0), or of the last (1)."""
    return pixels * (1 + 10 * side) // 12


@pytest.mark.parametrize("orientation", CORNERS)
def test_photographs_of_a_telephone_are_upright(opened, tmp_path, orientation):
    """In the frame and in the preview; the frame needs no note of how to hold it."""
    stored = (320, 240) if orientation < 5 else (240, 320)
    (tmp_path / "scene").mkdir()
    (tmp_path / "scene" / "1.jpg").write_bytes(held(quarter(stored), orientation))
    size = photograph_size(tmp_path / "scene" / "1.jpg")
    camera = opened(size=size, preview_size=Size(160, 120), frames=tmp_path / "scene")
    camera.capture(tmp_path / "frame-1.jpg")
    shown = pygame.image.frombytes(bytes(previewed(camera).rgb), (160, 120), "RGB")
    frame = pygame.image.load(tmp_path / "frame-1.jpg")
    white = [
        [
            corner
            for corner in set(CORNERS.values())
            if image.get_at(tuple(map(inner, corner, image.get_size()))).r > 128
        ]
        for image in (frame, shown)
    ]
    assert (Size(320, 240), [[CORNERS[orientation]]] * 2) == (size, white)
    assert 1 == orientation_of((tmp_path / "frame-1.jpg").read_bytes())


def test_what_a_computer_leaves_beside_photographs_is_passed_by(opened, tmp_path):
    """Files with a dot in front, and folders, whatever they end with."""
    photograph = quarter((320, 240))
    for name in ("._a.jpg", ".b.jpg", "._c.JPEG"):
        (tmp_path / name).write_bytes(b"\0\x05\x16\x07 Mac OS X")
    (tmp_path / "d.jpg").mkdir()
    (tmp_path / "e.jpg").write_bytes(photograph)
    assert (tmp_path / "e.jpg",) == photographs(tmp_path)


@pytest.mark.parametrize("trailer", [b"", bytes(4096), b"MPF" * 500 + b"\xff\xd8\xff\xd9", b"ftypmp42" * 900, b"\n"])
def test_what_a_telephone_hangs_on_to_a_photograph_is_no_part_of_it(opened, tmp_path, trailer):
    """A film, a second picture, padding: the frame is the photograph, to its own end."""
    photograph = quarter((320, 240))
    (tmp_path / "scene").mkdir()
    (tmp_path / "scene" / "1.jpg").write_bytes(photograph + trailer)
    opened(frames=tmp_path / "scene").capture(tmp_path / "frame-1.jpg")
    assert photograph == (tmp_path / "frame-1.jpg").read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a whole JPEG; take it out of the folder, or copy it anew"),
        (b"no photograph", "is not a whole JPEG"),
        (b"\0\0\0\x18ftypheic" + bytes(900), "is HEIC, and not a JPEG as it is called; .*, or export it as JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(900), "is PNG, and not"),
        (quarter((320, 240))[:-2], "is not a whole JPEG"),
        (quarter((320, 240))[:900], "is not a whole JPEG"),
    ],
)
def test_a_file_that_is_no_whole_photograph_is_called_one(opened, tmp_path, content, said):
    """There is no cable to look at; neither when the booth starts nor when a frame is taken."""
    (tmp_path / "1.jpg").write_bytes(content)
    with pytest.raises(ConfigError, match=rf"the photograph .*1\.jpg {said}"):
        photograph_size(tmp_path / "1.jpg")
    with pytest.raises(CameraError, match=rf"the photograph .*1\.jpg {said}"):
        opened(frames=tmp_path).capture(tmp_path / "frame-1.jpg")


@pytest.mark.parametrize("spoilt", [b"\0\0\0\x18ftypheic", quarter((320, 240))[:900], b""])
@pytest.mark.parametrize("place", ["a.jpg", "c.jpg", "e.jpg"])
def test_a_photograph_that_is_none_costs_no_frame(opened, tmp_path, spoilt, place):
    """Wherever it is among the others, they are taken in their order."""
    (tmp_path / "scene").mkdir()
    sound = {"b.jpg": held(quarter((320, 240)), 1), "d.jpg": quarter((320, 240))}
    for name, content in {**sound, place: spoilt}.items():
        (tmp_path / "scene" / name).write_bytes(content)
    camera = opened(frames=tmp_path / "scene")
    taken = []
    for number in range(4):
        camera.capture(tmp_path / f"{number}.jpg")
        taken.append((tmp_path / f"{number}.jpg").read_bytes())
    assert list(sound.values()) * 2 == taken


def printed(jpeg):
    """Return *jpeg* as a print shop wants it."""
    argv = ("gm", "convert", "jpeg:-", "-colorspace", "CMYK", "jpeg:-")
    return subprocess.run(argv, input=jpeg, stdout=subprocess.PIPE, check=True).stdout


def test_a_photograph_for_a_print_shop_is_called_one(opened, tmp_path):
    """Red and blue would change places in the preview, and not in the animation."""
    (tmp_path / "1.jpg").write_bytes(printed(quarter((320, 240))))
    with pytest.raises(ConfigError, match=r"1\.jpg has the four colours of print \(CMYK\).* or export it as RGB$"):
        photograph_size(tmp_path / "1.jpg")
    with pytest.raises(CameraError, match=r"1\.jpg has the four colours of print \(CMYK\)"):
        opened(frames=tmp_path).capture(tmp_path / "frame-1.jpg")


@pytest.mark.parametrize("first", [b"\0\0\0\x18ftypheic", b"", quarter((320, 240))[:900]])
def test_a_booth_is_as_large_as_its_first_photograph_that_is_one(tmp_path, first):
    """What is passed by when frames are taken keeps no booth from starting; unless there is nothing else."""
    (tmp_path / "1.jpg").write_bytes(first)
    with pytest.raises(ConfigError, match=r"the photograph .*1\.jpg is "):
        first_size(Settings(), tmp_path)
    (tmp_path / "2.jpg").write_bytes(held(quarter((320, 240)), 6))
    (tmp_path / "3.jpg").write_bytes(quarter((640, 480)))
    assert Size(240, 320) == first_size(Settings(), tmp_path)


def test_a_photograph_that_is_gone_is_called_one(opened, tmp_path):
    """By its name."""
    (tmp_path / "1.jpg").write_bytes(quarter((320, 240)))
    camera = opened(frames=tmp_path)
    (tmp_path / "1.jpg").unlink()
    with pytest.raises(CameraError, match=r"the photograph .*1\.jpg cannot be read \(No such file or directory\)"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_a_photograph_s_size_is_its_own():
    """The camera takes pictures of that size, so that they go through the pipeline as they are."""
    assert Size(1640, 1232) == photograph_size(PHOTOGRAPHS / "frame-1.jpg")


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_photographs_is_named(opened, tmp_path, folder):
    """The owner reads which folder, before anything starts."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=folder):
        opened(frames=tmp_path / folder)


def test_a_folder_of_other_pictures_says_what_to_make_of_them(tmp_path):
    """A telephone that was told nothing else takes HEIC."""
    for name in ("IMG_1.HEIC", "IMG_2.heic", "b.png", "notes.txt"):
        (tmp_path / name).touch()
    with pytest.raises(
        ConfigError, match=r"has no photographs: .* \(those that end in \.heic, \.png are not read: export"
    ):
        photographs(tmp_path)


def test_a_file_that_is_no_photograph_is_named(opened, tmp_path):
    """By capture; the preview only stays away."""
    (tmp_path / "1.jpg").write_text("no photograph")
    camera = opened(frames=tmp_path)
    with pytest.raises(CameraError, match=r"1\.jpg is not a whole JPEG"):
        camera.capture(tmp_path / "frame-1")
    camera.watch(on=True)
    threading.Event().wait(0.05)
    assert camera.preview() is None


@pytest.mark.parametrize(
    ("options", "corner"),
    [
        ({}, (0, 0)),
        ({"flip": True}, (0, 1)),
        ({"mirror": True}, (1, 0)),
        ({"rotation": 180}, (1, 1)),
        ({"rotation": 90}, (1, 0)),
        ({"rotation": 270}, (0, 1)),
        ({"flip": True, "rotation": 90}, (0, 0)),
        ({"mirror": True, "rotation": 90}, (0, 0)),
    ],
)
def test_flip_mirror_and_rotation_do_what_they_do_to_a_real_camera(opened, tmp_path, options, corner):
    """A white patch, top left of what the sensor sees, ends in the corner where it belongs."""
    surface = pygame.Surface((320, 320), 0, 24)
    surface.fill((255, 255, 255), (0, 0, 160, 160))
    (tmp_path / "scene").mkdir()
    pygame.image.save(surface, tmp_path / "scene" / "1.jpg")
    camera = opened(size=Size(320, 320), preview_size=Size(96, 96), frames=tmp_path / "scene", **options)
    camera.capture(tmp_path / "frame-1.jpg")
    taken = pygame.image.load(tmp_path / "frame-1.jpg")
    corners = {(x, y): taken.get_at((40 + 240 * x, 40 + 240 * y)).r > 128 for x in (0, 1) for y in (0, 1)}
    assert [corner] == [where for where, white in corners.items() if white]


def test_a_preview_of_an_odd_width_has_no_padding(opened):
    """Three bytes a pixel, whatever pygame likes better."""
    assert 3 * 127 * 95 == len(previewed(opened(preview_size=Size(127, 95))).rgb)


# ---- how it fails


def test_a_capture_can_be_refused_and_the_next_one_works(opened, tmp_path):
    """As often as asked for, and no more."""
    camera = opened()
    camera.faults.fail(Fault.REFUSED, times=2)
    for _ in range(2):
        with pytest.raises(CameraError, match="told to fail"):
            camera.capture(tmp_path / "frame-1.jpg")
    camera.capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


@pytest.mark.parametrize(("fault", "said"), [(Fault.EMPTY, "an empty file"), (Fault.TORN, "no whole JPEG")])
def test_a_capture_that_lies_is_caught_as_a_real_camera_s_is(opened, tmp_path, fault, said):
    """Nothing is written, and the next frame is the one that this one was to be."""
    camera = opened(frames=PHOTOGRAPHS, size=Size(1640, 1232))
    camera.faults.fail(fault)
    with pytest.raises(CameraError, match=said):
        camera.capture(tmp_path / "frame-1.jpg")
    assert [] == list(tmp_path.iterdir())
    camera.capture(tmp_path / "frame-1.jpg")
    assert (PHOTOGRAPHS / "frame-1.jpg").read_bytes() == (tmp_path / "frame-1.jpg").read_bytes()


def test_a_black_frame_is_kept(opened, tmp_path):
    """It may be true: the room is dark, or somebody holds the lens."""
    camera = opened()
    camera.faults.fail(Fault.BLACK)
    camera.capture(tmp_path / "frame-1.jpg")
    black = pygame.image.load(tmp_path / "frame-1.jpg")
    assert ((320, 240), (0, 0, 0)) == (black.get_size(), pygame.transform.average_color(black)[:3])


def test_a_capture_that_hangs_goes_on_when_it_is_released(opened, tmp_path):
    """It takes no notice of its time-out, and delivers late."""
    camera = opened(timeout=0.001)
    camera.faults.fail(Fault.HANG)
    capture = threading.Thread(target=camera.capture, args=(tmp_path / "frame-1.jpg",))
    capture.start()
    capture.join(0.05)
    hung = capture.is_alive() and not (tmp_path / "frame-1.jpg").exists()
    camera.faults.release()
    capture.join(PATIENCE)
    assert (True, True) == (hung, (tmp_path / "frame-1.jpg").exists())


def test_closing_ends_a_capture_that_hangs(opened, tmp_path):
    """With an error, and without a file."""
    camera = opened()
    camera.faults.fail(Fault.HANG)
    said = []

    def capture():
        try:
            camera.capture(tmp_path / "frame-1.jpg")
        except CameraError as exc:
            said.append(str(exc))

    thread = threading.Thread(target=capture)
    thread.start()
    camera.close()
    thread.join(PATIENCE)
    assert (["the simulated camera is closed"], []) == (said, list(tmp_path.iterdir()))


def test_an_exposure_beyond_the_time_out_is_a_camera_error(opened, tmp_path):
    """As with a real one."""
    camera = opened(exposure=60.0, timeout=0.01)
    with pytest.raises(CameraError, match=r"no frame within 0\.01 s"):
        camera.capture(tmp_path / "frame-1.jpg")


def test_an_unplugged_camera_shows_takes_and_opens_nothing(opened, tmp_path):
    """Until it is plugged in again; the switches outlive it."""
    faults = CameraFaults()
    camera = opened(faults=faults)
    camera.watch(on=True)
    faults.unplug()
    assert camera.preview() is None
    for attempt in (
        lambda: camera.capture(tmp_path / "frame-1.jpg"),
        lambda: camera.watch(on=True),
        camera.check,
        lambda: opened(faults=faults),
    ):
        with pytest.raises(CameraError, match="unplugged"):
            attempt()
    faults.plug_in()
    opened(faults=faults).capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


def test_a_deaf_camera_opens_and_delivers_nothing(opened, tmp_path):
    """That is how a camera hangs whose cable is in: opening it again does not help, until it comes to itself."""
    camera = opened(timeout=0.01)
    camera.watch(on=True)
    camera.faults.deafen()
    assert camera.preview() is None
    for attempt in (camera.check, lambda: camera.capture(tmp_path / "frame-1.jpg")):
        with pytest.raises(CameraError, match=r"nothing came from the simulated camera within 0\.01 s"):
            attempt()
    opened(timeout=0.01, faults=camera.faults)
    camera.faults.hear()
    camera.check()
    camera.capture(tmp_path / "frame-1.jpg")
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0


def test_a_deaf_camera_that_hears_in_time_is_only_late(opened, tmp_path):
    """Within the time-out nobody is the wiser."""
    camera = opened(timeout=PATIENCE)
    camera.faults.deafen()
    capture = threading.Thread(target=camera.capture, args=(tmp_path / "frame-1.jpg",))
    capture.start()
    camera.faults.hear()
    capture.join(PATIENCE)
    assert (tmp_path / "frame-1.jpg").stat().st_size > 0
