"""The clip: the animation as a film, whole and right, or none."""

import json
import os
import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booth.errors import CompositorError
from booth.imaging import mp4
from booth.imaging.clip import CLIP, LONGEST, LONGEST_SIDE, ClipMaker, ClipSection, Showing
from booth.imaging.effects import Effect
from booth.imaging.recipe import Recipe
from booth.ports import Bench, Size
from booth.units import Pixels, Seconds
from tests.imaging.films import pixel, runs, seen
from tests.waiting import assert_gone

SIZE = Size(Pixels(64), Pixels(48))
HANG = 'echo $$ > "{pids}"; sleep 1000 & echo $! >> "{pids}"; wait'
ROUND = [("red", 12), ("green", 12), ("blue", 12), ("yellow", 12)]


def arranged(size=SIZE, delay=0.5, loops=0, **more) -> Recipe:
    return Recipe(size, Seconds(delay), loops, **more)


@pytest.fixture
def make_maker(tmp_path):
    """Return the maker of clip makers, with real programs unless told otherwise."""

    def made(
        recipe: Recipe | None = None, *, at_least=3.0, deadline=30.0, plates: dict[str, Path] | None = None, **programs
    ) -> ClipMaker:
        bench = Bench(tmp_path / "scratch", recipe or arranged(), 4, plates or {})
        return ClipMaker(bench, Seconds(at_least), Seconds(deadline), **programs)

    return made


@pytest.fixture
def pretend(tmp_path):
    """Return the maker of programs that pretend: a name, and shell lines; it returns the path to call."""
    (tmp_path / "pretended").mkdir()

    def made(name: str, lines: str) -> str:
        script = tmp_path / "pretended" / name
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)
        return str(script)

    return made


class TestWhatIsSeen:
    def test_the_frames_in_order_for_as_long_as_in_the_animation_until_three_seconds(
        self, make_maker, frames, tmp_path
    ):
        """Four frames of half a second are shown twice: two seconds would be too few. 24 pictures are a second."""
        clip = make_maker().make(frames)
        assert mp4.Reel(SIZE, 96, Seconds(4.0)) == mp4.read(clip)
        assert 2 * ROUND == runs(seen(clip, SIZE, tmp_path))

    def test_there_and_back(self, make_maker, frames, tmp_path):
        """As the animation: on the way back neither the last frame nor the first is shown twice."""
        clip = make_maker(arranged(boomerang=True)).make(frames)
        back = [("blue", 12), ("green", 12)]
        assert [*ROUND, *back] == runs(seen(clip, SIZE, tmp_path))

    def test_as_often_as_the_animation_plays(self, make_maker, frames, tmp_path):
        """Three times two seconds."""
        clip = make_maker(arranged(loops=3)).make(frames)
        assert 3 * ROUND == runs(seen(clip, SIZE, tmp_path))

    def test_the_effect_is_on_it(self, make_maker, frames, tmp_path):
        """A grey of red is one, in the film too."""
        clip = make_maker(arranged(effect=Effect.BLACK_AND_WHITE)).make(frames[:1])
        shades = {pixel(picture, 32, 24) for picture in seen(clip, SIZE, tmp_path)}
        assert [] == [shade for shade in shades if max(shade) - min(shade) > 4]

    def test_the_overlay_is_on_it(self, make_maker, frames, draw, tmp_path):
        """The frame around each picture is the animation's."""
        overlay = draw("overlay.png", "xc:none", "-fill", "#0000ff", "-draw", "rectangle 0,0 31,47", size="64x48")
        pictures = seen(make_maker(arranged(overlay=overlay)).make(frames[:1]), SIZE, tmp_path)
        assert pixel(pictures[0], 8, 24)[2] > 200 > pixel(pictures[0], 8, 24)[0]
        assert pixel(pictures[0], 56, 24)[0] > 200 > pixel(pictures[0], 56, 24)[2]

    def test_the_layout_of_clips_is_on_it(self, make_maker, frames, draw, tmp_path):
        """What was drawn for clips, and not what was for the animation."""
        blue = draw("blue.png", "xc:#0000ff", size="64x48")
        yellow = draw("yellow.png", "xc:#ffff00", size="64x48")
        plates = {"animation": blue, "clip": yellow}
        for recipe in (arranged(overlay=blue), arranged()):
            clip = make_maker(recipe, plates=plates).make(frames[:1])
            assert ["yellow"] == [name for name, _ in runs(seen(clip, SIZE, tmp_path))]

    def test_a_photograph_is_not_seen_twice_through_the_gifs_colours(self, make_maker, photographs, tmp_path):
        """It has more than 256 colours."""
        size = Size(Pixels(160), Pixels(120))
        picture = seen(make_maker(arranged(size)).make(photographs[:1]), size, tmp_path)[0]
        assert len({pixel(picture, x, y) for x in range(160) for y in range(120)}) > 1000

    def test_sides_are_even(self, make_maker, frames):
        """A row and a column too many are cut off."""
        clip = make_maker(arranged(Size(Pixels(65), Pixels(49)))).make(frames[:1])
        assert SIZE == mp4.read(clip).size

    def test_another_reader_says_the_same(self, make_maker, frames, tmp_path):
        """One stream, of pictures, in the colours that telephones take, and not a word of who made it."""
        file = tmp_path / "clip.mp4"
        file.write_bytes(make_maker().make(frames))
        asked = ("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", file)
        said = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
        (stream,) = said["streams"]
        found = [stream[name] for name in ("codec_name", "pix_fmt", "width", "height", "color_space", "nb_frames")]
        assert ["h264", "yuv420p", 64, 48, "bt709", "96"] == found
        assert {"major_brand", "minor_version", "compatible_brands"} == said["format"]["tags"].keys()
        assert {"language": "und", "encoder": "clip"} == {
            name: stream["tags"][name] for name in ("language", "encoder")
        }
        content = file.read_bytes()
        assert [-1, -1] == [content.find(word) for word in (b"x264", b"Lav")]

    def test_nothing_stays_behind(self, make_maker, frames, tmp_path):
        """The frames are as they were, and of what was on its way there is none."""
        before = [frame.read_bytes() for frame in frames]
        make_maker().make(frames[:1])
        assert before == [frame.read_bytes() for frame in frames]
        assert [] == list((tmp_path / "scratch").iterdir())


@given(
    width=st.integers(64, 1920), height=st.integers(64, 1920), delay=st.integers(2, 1000), loops=st.integers(0, 1000),
    pictures=st.integers(1, 22), at_least=st.floats(3.0, 30.0),
)  # fmt: skip
def test_whatever_the_animation_the_film_is_one_that_can_be_shown(width, height, delay, loops, pictures, at_least):
    """Even sides that are not too long, so many seconds and not more than a minute, each picture for its time."""
    recipe = arranged(Size(Pixels(width), Pixels(height)), delay / 100, loops)
    showing = Showing.of(recipe, pictures, Seconds(at_least))
    sides = (showing.size.width, showing.size.height)
    assert [0, 0] == [side % 2 for side in sides]
    assert 1 < max(sides) <= LONGEST_SIDE
    once = pictures * delay / 100
    assert at_least <= showing.plays * once or showing.plays == max(int(LONGEST / once), 1)
    assert showing.plays == 1 or showing.plays * once <= LONGEST + 1e-9
    assert showing.plays >= loops or (showing.plays + 1) * once > LONGEST
    assert 16 < 100 * showing.times / showing.hundredths <= 50


class TestWhatGoesWrong:
    @pytest.fixture
    def fails(self, frames, tmp_path):
        """Return what expects that no clip is made, for this reason, and that nothing is left."""

        def failing(maker: ClipMaker, sentence: str) -> None:
            with pytest.raises(CompositorError, match=sentence):
                maker.make(frames[:2])
            assert [] == list((tmp_path / "scratch").rglob("*"))

        return failing

    @pytest.mark.parametrize(
        ("lines", "sentence"),
        [
            ("echo out of memory >&2; exit 3", r"ffmpeg ended with status 3 \(out of memory\)\. The frames are kept\."),
            ("echo dubious >&2", r"ffmpeg was not content \(dubious\)"),
            ("kill -9 $$", "ffmpeg was stopped by signal 9"),
            ("echo garbage > clip.mp4", "not a film as telephones play it: it is cut off, or damaged"),
            ("exit 0", r"clip\.mp4 cannot be read back \(there is no such file\)"),
            (": > clip.mp4", "not a film as telephones play it"),
            ('ffmpeg "$@"; truncate -s -1 clip.mp4', "it is cut off, or damaged"),
            ('ffmpeg "$@"; printf x >> clip.mp4', "it is cut off, or damaged"),
            ('rm 1.ppm; exec ffmpeg "$@"', "ffmpeg was asked for .*pictures=72.* and made .*pictures=36"),
            # Its limits come when it is there: real ones need longer until they write, this one waits for them.
            (
                "until [ $(ulimit -f) != unlimited ]; do :; done; head -c 64000000 /dev/zero > clip.mp4",
                "File size limit exceeded",
            ),
        ],
    )  # fmt: skip
    def test_ffmpeg_does_something_else(self, make_maker, pretend, fails, lines, sentence):
        """Whatever it is, it is seen before anybody is shown the file."""
        fails(make_maker(ffmpeg=pretend("ffmpeg", lines)), sentence)

    def test_ffmpeg_hangs(self, make_maker, pretend, fails, tmp_path):
        """At the deadline it is ended, with all that it started."""
        pids = tmp_path / "pids"
        times = iter([0.0, 0.0, 0.0, 59.0])
        ffmpeg = pretend("ffmpeg", HANG.format(pids=pids))
        maker = make_maker(ffmpeg=ffmpeg, deadline=60.0, now=lambda: next(times))
        fails(maker, r"clip\.mp4: ffmpeg did not finish within 1\.0 s and was stopped\. The frames are kept")
        for pid in map(int, pids.read_text().split()):
            assert_gone(pid)

    def test_all_of_it_has_one_deadline(self, make_maker, pretend, fails):
        """What gm took, ffmpeg has no more: nothing is left of a minute that has passed."""
        times = iter([0.0, 20.0, 40.0, 59.9999])
        maker = make_maker(ffmpeg=pretend("ffmpeg", "exec sleep 1000"), deadline=60.0, now=lambda: next(times))
        fails(maker, r"ffmpeg did not finish within 0\.0")

    def test_gm_fails(self, make_maker, pretend, fails):
        """There is nothing to make a clip of then."""
        fails(make_maker(gm=pretend("gm", "echo no paint >&2; exit 1")), r"gm ended with status 1 \(no paint\)")

    def test_gm_makes_something_else(self, make_maker, pretend, fails):
        """Pixels are counted before ffmpeg sees them."""
        fails(make_maker(gm=pretend("gm", "echo P6")), r"frame-1\.jpg: what gm made of it are no 64x48 pixels")

    def test_the_disk_is_full(self, make_maker, pretend, fails):
        """The sentence says what helps."""
        fails(make_maker(gm=pretend("gm", 'exec gm "$@" > /dev/full')), "Free some space")

    def test_the_folder_cannot_be_made(self, make_maker, frames, tmp_path):
        """Something else is in the place of the scratch folder."""
        (tmp_path / "scratch").write_text("a file")
        with pytest.raises(CompositorError, match="clip cannot be written"):
            make_maker().make(frames)

    def test_no_frames(self, make_maker):
        """Of none there is no clip."""
        with pytest.raises(CompositorError, match="no frames"):
            make_maker().make(())

    def test_what_was_left_behind_is_not_taken_for_new(self, make_maker, frames, pretend, tmp_path):
        """A booth was killed while a clip was made, and the next ffmpeg makes none: the old one is nobody's."""
        clip = make_maker().make(frames[:1])
        (tmp_path / "scratch" / "clip").mkdir(parents=True)
        (tmp_path / "scratch" / "clip" / "clip.mp4").write_bytes(clip)
        with pytest.raises(CompositorError, match="there is no such file"):
            make_maker(ffmpeg=pretend("ffmpeg", "exit 0")).make(frames[:1])

    def test_closing_stops_it(self, make_maker, pretend, frames, tmp_path):
        """The booth is told to stop while ffmpeg is at work: the darkroom hears of it at once."""
        running, heard = tmp_path / "running", []
        os.mkfifo(running)
        maker = make_maker(ffmpeg=pretend("ffmpeg", f'echo > "{running}"; exec sleep 1000'))

        def work():
            with pytest.raises(CompositorError, match="the booth is stopping"):
                maker.make(frames)
            heard.append("stopped")

        worker = threading.Thread(target=work)
        worker.start()
        running.read_text()
        maker.close()
        maker.close()
        worker.join(timeout=60)
        assert ["stopped"] == heard


class TestHowTame:
    def test_it_knows_nothing_gives_way_and_is_bounded(self, make_maker, pretend, frames, tmp_path, monkeypatch):
        """No environment of ours, nothing to read, no network, one thread, and so much memory and disk."""
        monkeypatch.setenv("BOOTH_ZENKO__SECRET_ACCESS_KEY", "secret")
        told = tmp_path / "told"
        # It may have begun before it was bounded: it looks until it is.
        wait = 'until [ "$(ulimit -d)" != unlimited -a "$(ulimit -f)" != unlimited -a "$(nice)" = 10 ]; do :; done'
        lines = f'env > "{told}"; {wait}; nice >> "{told}"; ulimit -d >> "{told}"; ulimit -f >> "{told}"; '
        lines += f'readlink /proc/$$/fd/0 >> "{told}"; echo "$@" >> "{told}"; exec ffmpeg "$@"'
        make_maker(ffmpeg=pretend("ffmpeg", lines)).make(frames[:1])
        *env, nice, memory, size, stdin, argv = told.read_text().splitlines()
        assert {"PATH", "LC_ALL", "PWD", "_", "OLDPWD", "SHLVL"} >= {line.partition("=")[0] for line in env}
        assert ("10", "/dev/null") == (nice, stdin)
        assert ((128 << 10) + 80 * 64 * 64 // 1024, (32 << 20) // 512) == (int(memory), int(size))
        words = argv.split()
        assert "file,pipe" == words[words.index("-protocol_whitelist") + 1]
        assert ["1", "1"] == [words[at + 1] for at, word in enumerate(words) if word == "-threads"]
        assert "-nostdin" == words[0]


class TestTheStart:
    def test_an_ffmpeg_that_makes_films(self, make_maker):
        """Nothing is said."""
        make_maker().check()

    def test_no_ffmpeg(self, make_maker):
        """What brings it is told, and how to do without."""
        with pytest.raises(CompositorError, match=r"`sudo apt install ffmpeg`, or set clip\.enabled to false"):
            make_maker(ffmpeg="/no/ffmpeg").check()

    def test_an_ffmpeg_without_the_encoder(self, make_maker, pretend):
        """Somebody built one without it."""
        lines = "echo \"Codec 'libx264' is not recognized by FFmpeg.\" >&2"
        with pytest.raises(CompositorError, match="libx264"):
            make_maker(ffmpeg=pretend("ffmpeg", lines)).check()
        with pytest.raises(CompositorError, match=r"makes no H\.264 films.*sudo apt install ffmpeg"):
            make_maker(ffmpeg=pretend("ffmpeg", "echo Encoder h263")).check()

    def test_no_owner_wants_one_unasked(self, tmp_path):
        """It is off as it comes; switched on, it goes out beside the GIF, and the daemon knows how long it may take."""
        bench = Bench(tmp_path, arranged(), 4)
        assert ClipSection().output(bench) is None
        output = ClipSection(enabled=True, deadline_s=20.0).output(bench)
        assert output is not None
        assert (CLIP, 20.0) == (output.kind, output.longest)
        assert ("clip.mp4", "video/mp4", ".mp4") == (CLIP.file, CLIP.media_type, CLIP.ending)
