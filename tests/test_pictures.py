"""What is done to a picture between a camera's surface and the booth."""

import random
import subprocess
import sys
from pathlib import Path

import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from booth.errors import CameraError, OutboxError
from booth.pictures import (
    RAW,
    as_held,
    covering,
    decoded,
    encoded,
    middle,
    mirrored,
    picture,
    turned,
    unpacked,
    upright,
)
from booth.ports import Size
from booth.shapes import shaped

CORNERS = {"top left": (0, 0), "top right": (1, 0), "bottom left": (0, 1), "bottom right": (1, 1)}


@pytest.fixture
def patch():
    """Give a black surface of 40x20 whose quarter at the top left is white."""
    surface = pygame.Surface((40, 20), 0, 24)
    surface.fill("white", (0, 0, 20, 10))
    return surface


def white(surface):
    """Return which of its corners are white."""
    right, bottom = surface.get_width() - 1, surface.get_height() - 1
    return [name for name, (x, y) in CORNERS.items() if surface.get_at((x * right, y * bottom)).r > 128]


COLOURS = {
    "red": (230, 20, 20),
    "green": (30, 200, 40),
    "blue": (10, 30, 220),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "skin": (224, 172, 138),
}


def yuv(red, green, blue, *, full):
    """Return Y, U and V of a colour, by BT.601."""
    y = 0.299 * red + 0.587 * green + 0.114 * blue
    u, v = (blue - y) / 1.772, (red - y) / 1.402
    scale, base, wide = (1.0, 0, 1.0) if full else (219 / 255, 16, 224 / 255)
    return tuple(min(max(round(value), 0), 255) for value in (y * scale + base, u * wide + 128, v * wide + 128))


CHANGED = {"YVYU": "YUYV", "VYUY": "UYVY", "NV21": "NV12", "YV12": "YU12"}
"""Formats in which U and V have changed places, and those that they are like."""


def raw_of(form, colour, width, height, padding, *, full):
    """Return a picture of one *colour* in V4L2's format *form*, with *padding* pixels at the end of each row."""
    y, u, v = yuv(*colour, full=full)
    if form in CHANGED:
        form, u, v = CHANGED[form], v, u
    wide = width + padding
    pixels = {
        "YUYV": bytes([y, u, y, v]) * (wide // 2) * height,
        "UYVY": bytes([u, y, v, y]) * (wide // 2) * height,
        "NV12": bytes([y]) * wide * height + bytes([u, v]) * (wide // 2) * (height // 2),
        "YU12": bytes([y]) * wide * height + bytes([u]) * (wide * height // 4) + bytes([v]) * (wide * height // 4),
        "RGB3": bytes(colour) * wide * height,
        "BGR3": bytes(reversed(colour)) * wide * height,
        "GREY": bytes([y]) * wide * height,
    }[form]
    return pixels, wide * {"YUYV": 2, "UYVY": 2, "RGB3": 3, "BGR3": 3}.get(form, 1)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("form", [form for form in RAW if form != "GREY"])
@pytest.mark.parametrize("full", [False, True])
def test_a_raw_picture_has_its_colours(form, colour, full):
    """Everywhere, to three levels: of rows with padding, whichever range light has."""
    raw, row = raw_of(form, COLOURS[colour], 32, 12, 8, full=full)
    surface = unpacked(raw, form, Size(32, 12), row=row, full=full)
    off = [
        abs(a - b)
        for x in (0, 1, 30, 31)
        for y in (0, 11)
        for a, b in zip(surface.get_at((x, y))[:3], COLOURS[colour], strict=True)
    ]
    assert ((32, 12), True) == (surface.get_size(), max(off) <= 3)


def test_a_grey_picture_is_grey():
    """From black to white."""
    raw = bytes([16, 235] * 6)
    surface = unpacked(raw, "GREY", Size(4, 3))
    assert [(0, 0, 0), (255, 255, 255)] == [tuple(surface.get_at((x, 1)))[:3] for x in (0, 1)]


def test_a_raw_picture_s_colours_are_where_they_belong():
    """Red is on the right, and stays there."""
    left, right = yuv(0, 0, 0, full=False), yuv(230, 20, 20, full=False)
    row = b"".join(bytes([y, u, y, v]) * 8 for y, u, v in (left, right))
    surface = unpacked(row * 4, "YUYV", Size(32, 4))
    assert [True, True, False, False] == [surface.get_at((x, 2)).r < 20 for x in (0, 14, 17, 31)]


@pytest.mark.parametrize("form", RAW)
def test_a_raw_picture_that_is_not_whole_is_the_camera_s_fault(form):
    """A row that is missing is seen."""
    raw, row = raw_of(form, (9, 9, 9), 32, 12, 0, full=False)
    with pytest.raises(
        CameraError, match=rf"{len(raw) - 1} bytes of a picture of {len(raw)}; use another cable or port"
    ):
        unpacked(raw[:-1], form, Size(32, 12), row=row)


def test_a_jpeg_is_decoded(patch):
    """With what was painted on it."""
    assert ["top left"] == white(decoded(encoded(patch)))


def test_what_is_no_jpeg_is_the_camera_s_fault():
    """In a sentence."""
    with pytest.raises(CameraError, match="cannot be decoded"):
        decoded(b"no picture")


def test_a_surface_of_the_right_size_is_not_touched(patch):
    """Nor copied."""
    assert covering(patch, (40, 20)) is patch


@pytest.mark.parametrize(
    ("size", "edges"),
    [
        ((20, 20), [(0, 0, 255), (0, 0, 255)]),
        ((40, 10), [(255, 0, 0), (0, 255, 0)]),
        ((80, 20), [(255, 0, 0), (0, 255, 0)]),
    ],
)
def test_what_does_not_fit_is_cut_off_evenly(size, edges):
    """The middle stays, whatever is too wide or too high goes on both sides, and nothing is stretched."""
    surface = pygame.Surface((40, 20), 0, 24)
    surface.fill((0, 0, 255))
    surface.fill((255, 0, 0), (0, 0, 5, 20))
    surface.fill((0, 255, 0), (35, 0, 5, 20))
    cut = covering(surface, size)
    assert size == cut.get_size()
    assert edges == [tuple(cut.get_at((x, size[1] // 2)))[:3] for x in (0, size[0] - 1)]


@given(
    surface=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    size=st.tuples(st.integers(1, 700), st.integers(1, 700)),
    depth=st.sampled_from([(0, 24), (0, 32), (pygame.SRCALPHA, 32)]),
    seed=st.integers(0, 9),
)
@example(surface=(513, 700), size=(257, 256), depth=(0, 24), seed=0)
@settings(deadline=None, max_examples=50)
def test_what_is_scaled_in_strips_is_as_if_scaled_at_once(surface, size, depth, seed):
    """Pixel by pixel, along the seams too."""
    noisy = pygame.Surface(surface, *depth)
    noisy.get_buffer().write(random.Random(seed).randbytes(noisy.get_buffer().length))
    at_once = pygame.transform.smoothscale(noisy.subsurface(middle(surface, size)), size)
    in_strips = covering(noisy, size)
    assert pygame.image.tobytes(at_once, "RGBA") == pygame.image.tobytes(in_strips, "RGBA")


SIDES = st.integers(1, 5000)


@given(SIDES, SIDES, SIDES, SIDES)
def test_the_middle_is_inside_of_the_shape_and_as_large_as_it_can_be(width, height, across, down):
    """One side is whole, the other is cut evenly."""
    cut = middle((width, height), (across, down))
    assert 0 <= cut.left < cut.right <= width
    assert 0 <= cut.top < cut.bottom <= height
    assert (width - cut.width) * (height - cut.height) == 0
    assert 0 <= abs(cut.left - (width - cut.right)) <= 1
    assert 0 <= abs(cut.top - (height - cut.bottom)) <= 1


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((1280, 960), (640, 480)), ((1920, 1080), (640, 360)), ((960, 1280), (360, 480)), ((1640, 1232), (638, 480)),
     ((16, 8192), (2, 480)), ((8192, 16), (640, 2))],
)  # fmt: skip
def test_a_preview_has_the_shape_of_the_frames(shape, expected):
    """In the room that the settings give it, in even numbers."""
    assert Size(*expected) == shaped(Size(*shape), Size(640, 480))


@pytest.mark.parametrize(
    ("rotation", "expected"), [(0, Size(4, 3)), (90, Size(3, 4)), (180, Size(4, 3)), (270, Size(3, 4))]
)
def test_a_quarter_turn_exchanges_the_sides(rotation, expected):
    """A half one does not."""
    assert expected == turned(Size(4, 3), rotation)


@pytest.mark.parametrize(
    ("flip", "rotation", "corner"),
    [
        (False, 0, "top left"),
        (False, 90, "top right"),
        (False, 180, "bottom right"),
        (False, 270, "bottom left"),
        (True, 0, "bottom left"),
        (True, 90, "top left"),
        (True, 180, "top right"),
        (True, 270, "bottom right"),
    ],
)
def test_flipped_first_and_then_turned_clockwise(patch, flip, rotation, corner):
    """As the settings say."""
    assert [corner] == white(upright(patch, flip=flip, rotation=rotation))


def test_a_mirror_exchanges_left_and_right(patch):
    """And not above and below."""
    assert ["top right"] == white(mirrored(patch))


HELD = {1: ("top", "left"), 2: ("top", "right"), 3: ("bottom", "right"), 4: ("bottom", "left"), 5: ("left", "top"),
        6: ("right", "top"), 7: ("right", "bottom"), 8: ("left", "bottom")}  # fmt: skip
"""By Exif's number: which side of what was seen is the file's first row, and which is its first column."""


def stored(scene, orientation):
    """Return *scene* as a camera stores it that was held so; written down as the standard says it, pixel by pixel."""
    width, height = scene.get_size()
    first_row, first_column = HELD[orientation]
    surface = pygame.Surface((width, height) if orientation < 5 else (height, width), 0, 24)
    for row in range(surface.get_height()):
        for column in range(surface.get_width()):
            at = {first_row: row, first_column: column}
            x = at["left"] if "left" in at else width - 1 - at["right"]
            y = at["top"] if "top" in at else height - 1 - at["bottom"]
            surface.set_at((column, row), scene.get_at((x, y)))
    return surface


@pytest.mark.parametrize("orientation", HELD)
def test_a_picture_is_shown_as_it_was_seen(orientation):
    """However the camera was held, and whether it looked into a mirror."""
    scene = pygame.Surface((5, 3), 0, 24)
    for x in range(5):
        for y in range(3):
            scene.set_at((x, y), (x * 50, y * 100, 7))
    assert pygame.image.tobytes(scene, "RGB") == pygame.image.tobytes(
        as_held(stored(scene, orientation), orientation), "RGB"
    )


def test_a_jpeg_without_colours_can_be_scaled():
    """Grey is a colour then."""
    making = ("gm", "convert", "-size", "64x48", "gradient:black-white", "-colorspace", "GRAY", "jpeg:-")
    grey = subprocess.run(making, check=True, capture_output=True, timeout=60).stdout
    scaled = covering(decoded(grey), (16, 12))
    first, last = (scaled.get_at((8, y)).r for y in (0, 11))
    assert ((16, 12), True, True) == (scaled.get_size(), first < 40, last > 200)


@pytest.mark.parametrize("size", [(4, 2), (8, 3), (3, 2), (5, 4)])
@pytest.mark.parametrize("depth", [24, 32])
def test_a_picture_is_its_pixels_red_first(size, depth):
    """Row by row, three bytes each, with no padding in odd widths, however the surface has them in memory."""
    surface = pygame.Surface(size, 0, depth)
    pixels = [(x * 30, y * 50, 200 - x * 10 - y) for y in range(size[1]) for x in range(size[0])]
    for at, color in enumerate(pixels):
        surface.set_at((at % size[0], at // size[0]), color)
    made = picture(surface)
    assert (Size(*size), [value for color in pixels for value in color]) == (made.size, list(made.rgb))


def test_a_jpeg_is_whole(patch):
    """From the first marker to the last."""
    jpeg = encoded(patch)
    assert (b"\xff\xd8\xff", b"\xff\xd9") == (jpeg[:3], jpeg[-2:])


PROGRAM = """
import pygame, pathlib
from booth import memory
from booth.pictures import encoded

def anonymous():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))

memory.settle()
surface = pygame.Surface((640, 480), 0, 24)
for x in range(640):
    pygame.draw.line(surface, (x * 37 % 256, x * 11 % 256, x * 73 % 256), (x, 0), (x * 7 % 640, 479))
frame = len([encoded(surface) for _ in range(5)][-1])
before = anonymous()
for _ in range(200):
    encoded(surface)
print((anonymous() - before) / frame)
"""
"""Prints how much more memory there is after 200 pictures, in pictures."""


def test_a_picture_that_was_encoded_is_not_kept():
    """However many there were: all memory of the process counts, what libraries hold for themselves too."""
    printed = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=60)
    assert float(printed.stdout.splitlines()[-1]) < 10


def test_nothing_is_left_where_a_picture_was_encoded(patch, tmp_path, monkeypatch):
    """No file with a guest on it, and no open one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(Path("/proc/self/fd").iterdir())
    encoded(patch)
    assert (before, []) == (set(Path("/proc/self/fd").iterdir()), list(tmp_path.iterdir()))


def test_without_a_folder_for_temporary_files_the_owner_reads_which(patch, tmp_path, monkeypatch):
    """It is not the camera's fault."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(OutboxError, match=r"gone: No such file or directory; make room"):
        encoded(patch)


def test_what_pygame_cannot_encode_is_the_camera_s_fault():
    """A picture without a pixel is none."""
    with pytest.raises(CameraError, match="pygame cannot make the picture a JPEG"):
        encoded(pygame.Surface((0, 0), 0, 24))
