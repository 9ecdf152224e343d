import os
import subprocess
import sys

import pytest

from booth.errors import CompositorError
from booth.imaging import blocks, playback
from booth.ports import Size
from booth.units import Pixels


@pytest.fixture
def gif(tmp_path, frames):
    """Return a GIF of four small frames."""
    into = tmp_path / "four.gif"
    subprocess.run(("gm", "convert", *frames, "-delay", "7", "-loop", "0", into), check=True)
    return into


def test_pictures_are_what_gm_sees(gif, tmp_path):
    """Wand and gm decode the same pixels, row by row, RGB."""
    raw = tmp_path / "raw"
    subprocess.run(("gm", "convert", gif, "-depth", "8", f"rgb:{raw}"), check=True)
    assert raw.read_bytes() == b"".join(picture.rgb for picture in playback.read(gif).pictures)


def test_every_picture_has_its_size_and_all_its_pixels(gif):
    """Three bytes a pixel, as the port promises."""
    for picture in playback.read(gif).pictures:
        assert (164, 123) == (picture.size.width, picture.size.height)
        assert 3 * 164 * 123 == len(picture.rgb)


def test_delays_are_in_seconds(gif):
    """Seven hundredths are 0.07 s."""
    assert (0.07,) * 4 == playback.read(gif).delays


@pytest.mark.parametrize(("written", "plays"), [(0, 0), (1, 1), (2, 3), (9, 10)])
def test_loops_are_how_often_it_plays(gif, tmp_path, written, plays):
    """The file counts how often it starts again, and says nothing when it plays once; 0 is for ever."""
    again = tmp_path / "again.gif"
    subprocess.run(("gm", "convert", gif, "-loop", str(written), again), check=True)
    assert plays == playback.read(again).loops


def test_a_name_is_only_a_name(gif):
    """ImageMagick's own language of file names has no meaning here."""
    odd = gif.rename(gif.with_name("png:%d[0]@odd *.gif"))
    assert 4 == len(playback.read(odd).pictures)


def test_no_file_is_an_error_of_ours(tmp_path):
    """It says which file, and where to look."""
    with pytest.raises(CompositorError, match=r"none\.gif cannot be read back: No such file.*Look at the disk"):
        playback.read(tmp_path / "none.gif")


@pytest.mark.parametrize(
    "harm",
    [
        lambda whole: b"",
        lambda whole: b"not a picture;",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[: len(whole) // 2] + b";",
        lambda whole: whole[:900] + bytes(200) + whole[1100:],
        lambda whole: b"GIF89a;",
    ],
    ids=["empty", "text", "torn", "torn with an end", "a hole", "only a beginning and an end"],
)
def test_a_damaged_gif_is_an_error_of_ours(gif, harm):
    """Whatever is wrong with the bytes, we are told to make it again."""
    gif.write_bytes(harm(gif.read_bytes()))
    with pytest.raises(CompositorError, match="make it again from its frames"):
        playback.read(gif)


def test_pictures_that_do_not_fill_the_animation_are_refused(draw, tmp_path):
    """A viewer of ours gets whole pictures only."""
    large, small = draw("large.gif", "xc:red", size="64x48"), draw("small.gif", "xc:blue", size="32x24")
    mixed = tmp_path / "mixed.gif"
    subprocess.run(("gm", "convert", large, small, mixed), check=True)
    with pytest.raises(CompositorError, match="several sizes"):
        playback.read(mixed)


def test_one_picture_is_decoded_at_a_time(gif):
    """Where ImageMagick may take memory for two of them, all four are read: what they take does not add up."""
    asks = "import sys; from pathlib import Path; from booth.imaging import blocks, playback; "
    asks += "print(len(playback.read(Path(sys.argv[1])).pictures))"
    two = str(2 * 10 * 164 * 123)  # bytes
    fence = {"MAGICK_MEMORY_LIMIT": two, "MAGICK_MAP_LIMIT": "0", "MAGICK_DISK_LIMIT": "0", "MAGICK_AREA_LIMIT": two}
    answer = subprocess.run(
        (sys.executable, "-c", asks, gif), env=os.environ | fence, check=True, capture_output=True, text=True
    )
    assert "4" == answer.stdout.strip()


def test_without_imagemagick_we_say_what_to_install(monkeypatch):
    """Wand is there, its library is not: a sentence with the package's name."""
    monkeypatch.setitem(sys.modules, "wand.image", None)
    with pytest.raises(CompositorError, match="sudo apt install imagemagick"):
        playback.check()


def test_wand_is_imported_late():
    """Importing our module costs nothing; checking imports what reading needs."""
    asks = (
        "import sys; from booth.imaging import blocks, playback; "
        "early = 'wand' in sys.modules; playback.check(); print(early, 'wand.image' in sys.modules)"
    )
    answer = subprocess.run((sys.executable, "-c", asks), check=True, capture_output=True, text=True)
    assert "False True" == answer.stdout.strip()


def test_nobody_waits_with_it_for_what_it_reads(photographs):
    """However many cores there are, one thread makes a picture small: others would keep theirs busy with waiting."""
    asks = (
        "import os, sys; from pathlib import Path; from booth.imaging import playback; from booth.ports import Size; "
        "playback.thumbnail(Path(sys.argv[1]), Size(240, 180)); print(len(os.listdir('/proc/self/task')))"
    )
    answer = subprocess.run(
        (sys.executable, "-c", asks, photographs[0]), env=os.environ | {"OMP_NUM_THREADS": "4"}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert "1" == answer.stdout.strip()


# ---- made small


def test_a_glimpse_fits_into_its_room_and_lasts_as_long(gif):
    """The shape stays, nothing is larger than asked for, and no time is lost."""
    small = playback.glimpse(gif, Size(Pixels(80), Pixels(80)), 4)
    assert {Size(80, 60)} == {picture.size for picture in small.pictures}
    assert [3 * 80 * 60] * 4 == [len(picture.rgb) for picture in small.pictures]
    assert playback.read(gif).delays == small.delays


def test_a_glimpse_has_no_more_pictures_than_asked_for(gif):
    """Two of four are the first and the third, each for the time of two; memory is bounded whatever a file holds."""
    whole, two = playback.read(gif), playback.glimpse(gif, Size(Pixels(164), Pixels(123)), 2)
    assert [bytes(whole.pictures[0].rgb), bytes(whole.pictures[2].rgb)] == [bytes(p.rgb) for p in two.pictures]
    assert (0.14, 0.14) == two.delays


def test_a_glimpse_of_a_small_gif_is_not_made_larger(gif):
    """Small pictures stay as they are."""
    assert Size(164, 123) == playback.glimpse(gif, Size(Pixels(800), Pixels(800)), 9).pictures[0].size


def test_a_glimpse_of_what_is_no_gif_is_an_error_of_ours(tmp_path):
    """The invitation skips what it cannot read."""
    (tmp_path / "torn.gif").write_bytes(b"GIF89a")
    with pytest.raises(CompositorError, match=r"torn\.gif is not a whole GIF"):
        playback.glimpse(tmp_path / "torn.gif", Size(Pixels(80), Pixels(80)), 4)


def test_a_thumbnail_is_the_frame_made_small(photographs):
    """It has the frame's shape, fits into its room, and looks like it: the same colour on the whole."""
    small = playback.thumbnail(photographs[0], Size(Pixels(240), Pixels(180)))
    assert Size(240, 180) == small.size
    assert 3 * 240 * 180 == len(small.rgb)
    tiny = playback.thumbnail(photographs[0], Size(Pixels(4), Pixels(3)))
    mean = sum(small.rgb) / len(small.rgb)
    assert sum(tiny.rgb) / len(tiny.rgb) == pytest.approx(mean, abs=4)


def test_a_thumbnail_of_a_torn_frame_is_an_error_of_ours(tmp_path):
    """So is one of a frame that is not there; neither names a guest's folder."""
    (tmp_path / "frame-1.jpg").write_bytes(b"no JPEG")
    with pytest.raises(CompositorError, match=r"^frame-1\.jpg cannot be read"):
        playback.thumbnail(tmp_path / "frame-1.jpg", Size(Pixels(240), Pixels(180)))
    with pytest.raises(CompositorError, match=r"^frame-2\.jpg cannot be read"):
        playback.thumbnail(tmp_path / "frame-2.jpg", Size(Pixels(240), Pixels(180)))


def claiming(width, height, pictures):
    """Return a GIF of so many pictures, each of which claims that size in a few bytes."""
    head = b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"\x80\0\0\0\0\0\xff\xff\xff"
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    picture = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c\0\0\0\0" + size + b"\0\x02\x02\x44\x01\0"
    return head + pictures * picture + b";"


@pytest.mark.parametrize(
    ("width", "height", "pictures"), [(1, 1, 1_000_000), (65535, 65535, 1), (4000, 4000, 60), (6700, 6700, 1)]
)
@pytest.mark.parametrize("read", [playback.read, lambda path: playback.glimpse(path, Size(240, 180), 6)])
def test_what_claims_to_be_larger_than_any_gif_of_ours_is_not_decoded(tmp_path, read, width, height, pictures):
    """A few bytes can ask for gigabytes, of one picture or of very many."""
    (tmp_path / "a.gif").write_bytes(claiming(width, height, pictures))
    with pytest.raises(CompositorError, match="larger than any GIF of ours"):
        read(tmp_path / "a.gif")


@pytest.mark.parametrize(
    ("size", "pictures", "well"),
    [((2, 2), 64, True), ((2, 2), 65, False), ((1920, 1920), 12, True), ((1920, 1921), 1, False)],
)
def test_the_bound_is_where_it_is_said_to_be(tmp_path, size, pictures, well):
    """So many pictures are looked at, and not one more."""
    assert (blocks.places(claiming(*size, pictures)) is not None) is well
    assert (64, 50_000_000, 64 << 20) == (blocks.MOST_PICTURES, blocks.MOST_PIXELS, playback.LARGEST)


def test_the_bound_heeds_palettes_and_what_is_cut_off():
    """Colours of a picture's own are stepped over; a file that ends too soon ends the counting."""
    whole = claiming(2, 2, 65)
    own = whole.replace(b"\2\0\2\0\0\x02", b"\2\0\2\0\x80" + 6 * b"," + b"\x02")
    assert blocks.places(own) is None
    assert all(blocks.places(own[:length]) is not None for length in range(200))


def test_no_pipe_is_waited_for_and_no_more_is_read_than_a_gif_has(tmp_path):
    """A name is not enough to be read."""
    os.mkfifo(tmp_path / "pipe.gif")
    (tmp_path / "sparse.gif").touch()
    os.truncate(tmp_path / "sparse.gif", 100 << 30)
    for name in ("pipe.gif", "sparse.gif"):
        with pytest.raises(CompositorError, match="cannot be read back"):
            playback.read(tmp_path / name)
