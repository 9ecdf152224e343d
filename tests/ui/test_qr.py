"""Links as codes."""

import threading

import pytest
import segno

from booth.ports import Size
from booth.ui.drawing import qr
from booth.ui.drawing.qr import NO_CODE, QUIET, Coder, code, drawn, least, longest

SIZES = [Size(800, 480), Size(480, 800), Size(1024, 600), Size(1280, 800)]
USUAL = SIZES[0]
LINK = "https://photos.example.com/20261122-170512-k3v9q2m7xw"


@pytest.mark.parametrize(("size", "pixels"), [*zip(SIZES, (5, 5, 6, 8), strict=True)])
def test_a_module_is_large_enough_to_be_read(size, pixels):
    """Five pixels on the smallest screen, in proportion on larger ones."""
    assert pixels == least(size)


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_link_still_fits_the_screen(size):
    """A link that is just short enough is a code within the shorter side; one character more is none."""
    at_most = longest(size)
    made = code("x" * at_most, size)
    assert made.side * least(size) <= min(size.width, size.height)
    assert NO_CODE == code("x" * (at_most + 1), size)


@pytest.mark.parametrize("version", range(1, 21))
def test_what_a_code_holds_is_what_the_library_says(version):
    """The tables are right: the longest link of a version is a code of that version, for every version and level."""
    # Whatever the mask, the version is the same: the library need not look for the best of eight.
    for level, table in (("L", qr._LOW), ("M", qr._MEDIUM)):
        most = qr._room(table, version)
        sizes = [
            segno.make("x" * length, error=level, boost_error=False, mode="byte", micro=False, mask=0).version
            for length in (most, most + 1)
        ]
        assert [version, version + 1] == sizes


def test_a_screen_that_is_too_small_for_any_code_has_none():
    """Nothing is shown that could not be read."""
    assert longest(Size(100, 16)) == 0
    assert NO_CODE == code("x", Size(100, 16))


def test_a_code_has_its_quiet_zone():
    """Four modules of white on every side; the three corner marks are where they belong."""
    made = code(LINK, USUAL)
    rows = [made.dark[y * made.side : (y + 1) * made.side] for y in range(made.side)]
    inner = range(QUIET, made.side - QUIET)
    assert not any(any(row) for row in (*rows[:QUIET], *rows[-QUIET:]))
    assert not any(any(row[:QUIET]) or any(row[-QUIET:]) for row in rows)
    assert all(rows[y][x] for y, x in ((inner[0], inner[0]), (inner[0], inner[-1]), (inner[-1], inner[0])))


def test_a_code_is_drawn_in_whole_pixels_of_black_and_white(screen):
    """Every module is a square of one colour; no edge is soft."""
    made = code(LINK, USUAL)
    picture = drawn(made, 5)
    assert (made.side * 5, made.side * 5) == picture.get_size()
    for y in range(made.side):
        for x in range(made.side):
            colours = {tuple(picture.get_at((x * 5 + dx, y * 5 + dy)))[:3] for dx in (0, 2, 4) for dy in (0, 2, 4)}
            assert colours == {(0, 0, 0) if made.dark[y * made.side + x] else (255, 255, 255)}


class Later:
    """Keeps jobs until they are to be done."""

    def __init__(self):
        self.jobs = []

    def do(self):
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            job()


def test_nobody_waits_for_a_code():
    """It is worked out elsewhere, once; until then there is none."""
    later = Later()
    coder = Coder(USUAL, later.jobs.append)
    assert [None, None] == [coder.code(LINK), coder.code(LINK)]
    assert len(later.jobs) == 1
    later.do()
    assert code(LINK, USUAL) == coder.code(LINK)
    assert later.jobs == []


def test_a_link_that_follows_another_has_a_code_of_its_own():
    """The code of a guest is never shown to the next one, in whatever order the work is done."""
    later = Later()
    coder = Coder(USUAL, later.jobs.append)
    coder.expect()
    coder.code(LINK)
    other = LINK.replace("k3v9", "zzzz")
    coder.code(other)
    later.jobs.reverse()
    later.do()
    assert code(other, USUAL) == coder.code(other)
    assert coder.code(LINK) is None


@pytest.mark.parametrize("link", ["x" * 2000, "\u674e"])
def test_a_link_that_cannot_be_a_code_is_none(link):
    """The guest does without; nobody waits for what will not come."""
    coder = Coder(USUAL, lambda job: job())
    coder.code(link)
    assert NO_CODE == coder.code(link)


def test_the_work_is_done_on_a_thread_of_its_own():
    """Without any arrangement, the code is there after a moment."""
    coder = Coder(USUAL)
    coder.code(LINK)
    for thread in threading.enumerate():
        if thread.name == "qr":
            thread.join(20)
    assert code(LINK, USUAL) == coder.code(LINK)


def test_one_picture_is_kept(screen):
    """The same code is drawn once; another one takes its place."""
    coder = Coder(USUAL)
    one, other = code(LINK, USUAL), code(LINK + "x", USUAL)
    first = coder.picture(one, 5)
    assert first is coder.picture(one, 5)
    assert coder.picture(other, 5) is not first
    assert coder.picture(one, 6).get_width() == one.side * 6
