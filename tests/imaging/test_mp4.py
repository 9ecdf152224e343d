"""A film that is read back: right to the last byte, or wrong."""

import contextlib
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booth.imaging import mp4
from booth.imaging.clip import Showing, filming
from booth.ports import Size
from booth.units import Pixels, Seconds

SIZE = Size(Pixels(32), Pixels(16))
SHOWING = Showing(SIZE, 2, 5, 20)
"""Two pictures of a fifth of a second, twice, each of them five times."""


@pytest.fixture(scope="module")
def make_film(tmp_path_factory):
    """Return what makes a film as ours are, but for words of ffmpeg's that are others, added or left out."""

    def made(replaced: dict[str, str] | None = None, *more: str, without: str = "") -> bytes:
        folder = tmp_path_factory.mktemp("film")
        for number in (0, 1):
            head = f"P6\n{SIZE.width} {SIZE.height}\n255\n".encode()
            (folder / f"{number}.ppm").write_bytes(head + bytes([200 * number, 90, 30]) * SIZE.width * SIZE.height)
        words = [(replaced or {}).get(word, word) for word in filming(SHOWING)]
        if without:
            at = words.index(without)
            del words[at : at + 2]
        subprocess.run(("ffmpeg", *words[:-3], *more, *words[-3:]), cwd=folder, check=True, stdin=subprocess.DEVNULL)
        return (folder / "clip.mp4").read_bytes()

    return made


@pytest.fixture(scope="module")
def film(make_film):
    return make_film()


def test_what_it_says_of_itself(film):
    """Its size, how many pictures it has, and how long it lasts."""
    assert mp4.Reel(SIZE, 20, Seconds(0.8)) == mp4.read(film)


@pytest.mark.parametrize(
    ("replaced", "more", "without", "why"),
    [
        ({}, (), "-movflags", "boxes ftyp mdat moov"),
        ({}, (), "-bsf:v", "something beside it"),
        ({"high": "high444"}, ("-pix_fmt", "yuv444p"), "-vf", "of a kind that telephones do not show"),
        ({"-1": "0"}, ("-metadata", "title=Party"), "", "it tells more than its pictures"),
        ({"-1": "0"}, ("-metadata", "creation_time=2026-11-30T12:00:00"), "", "it says when it was made"),
    ],
    ids=["last", "sei", "444", "title", "time"],
)  # fmt: skip
def test_a_film_of_another_kind(make_film, replaced, more, without, why):
    """What not each telephone plays, or what tells more than its pictures, is wrong."""
    with pytest.raises(ValueError, match=why):
        mp4.read(make_film(replaced, *more, without=without))


def test_with_sound(film, tmp_path):
    """A second track is one too many: messengers take a film without sound for a GIF."""
    (tmp_path / "silent.mp4").write_bytes(film)
    sound = ("-f", "lavfi", "-i", "anullsrc", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-shortest")
    made = ("ffmpeg", "-nostdin", "-v", "error", "-i", "silent.mp4", *sound, "-bitexact", "-movflags", "+faststart")
    subprocess.run((*made, "loud.mp4"), cwd=tmp_path, check=True, stdin=subprocess.DEVNULL)
    with pytest.raises(ValueError, match="it has mvhd trak trak"):
        mp4.read((tmp_path / "loud.mp4").read_bytes())


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"avc1", b"mp4v", "its pictures are mp4v"),
        (b"vide", b"soun", "its track is none of pictures"),
        (b"\0\1\0\0" + bytes(12), b"\0\0\0\0\0\1\0\0" + bytes(8), "it is not shown as it is"),
    ],
    ids=["kind", "track", "turned"],
)
def test_a_word_of_it_is_another(film, before, after, why):
    """What the file says of itself counts."""
    at = film.index(before, film.index(b"tkhd"))
    with pytest.raises(ValueError, match=why):
        mp4.read(film[:at] + after + film[at + len(before) :])


@given(share=st.floats(0, 1, exclude_max=True))
def test_cut_off_anywhere(film, share):
    """No beginning of a film is one."""
    with pytest.raises(ValueError, match="it"):
        mp4.read(film[: int(share * len(film))])


@settings(max_examples=200)
@given(at=st.integers(min_value=0), byte=st.integers(0, 255))
def test_a_byte_that_is_another(film, at, byte):
    """It is wrong, or a film of some kind: no other error comes out of it, whatever the byte was."""
    at %= len(film)
    damaged = film[:at] + bytes([byte]) + film[at + 1 :]
    with contextlib.suppress(ValueError):
        mp4.read(damaged)


@given(content=st.binary(max_size=200))
def test_nonsense(content):
    """It is wrong, in a sentence."""
    with pytest.raises(ValueError, match="it"):
        mp4.read(content)


def test_something_behind_it(film):
    """A box more is one too many, and so is the same one again."""
    for more in (b"\0\0\0\x08mdat", b"\0\0\0\x0cuuidABCD", film):
        with pytest.raises(ValueError, match="it has the boxes"):
            mp4.read(film + more)
