import hashlib
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booth.errors import CompositorError
from booth.imaging import playback
from booth.imaging.recipe import room
from booth.pictures import middle
from booth.ports import Compositor, Picture, Playback, Size
from tests.waiting import assert_gone

HANG = 'echo $$ > "{pids}"; sleep 1000 & echo $! >> "{pids}"; wait'
"""A gm that waits for ever, and a child of its own with it."""


def pixel(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    """Return red, green and blue at *x*, *y*."""
    at = 3 * (y * picture.size.width + x)
    return tuple(picture.rgb[at : at + 3])


def digests(frames) -> list[str]:
    """Return what tells whether frames were touched."""
    return [hashlib.sha256(frame.read_bytes()).hexdigest() for frame in frames]


class TestTheAnimation:
    @pytest.fixture(params=[(640, 480), (800, 480)], ids=["640x480", "800x480"])
    def size(self, request):
        return request.param

    def test_four_photographs_become_four_pictures(self, compositor, recipe, photographs, tmp_path, size):
        """Of the size, the delays and the loops that were asked for; what is returned is what is in the file."""
        into = tmp_path / "out.gif"
        playing = compositor(recipe(*size)).join(photographs, into)
        assert [Size(*size)] * 4 == [picture.size for picture in playing.pictures]
        assert (0.5,) * 4 == playing.delays
        assert 0 == playing.loops
        assert 4 == len({bytes(picture.rgb) for picture in playing.pictures})
        again = playback.read(into)
        assert [p.rgb for p in again.pictures] == [p.rgb for p in playing.pictures]

    @pytest.mark.parametrize("shape", [(640, 480), (480, 640), (480, 480), (800, 400), (640, 120)])
    @pytest.mark.parametrize("taken", [(640, 480), (480, 640), (1280, 720)])
    def test_it_has_of_a_frame_what_the_preview_showed(self, compositor, recipe, tmp_path, shape, taken):
        """The same on both sides: gm cuts the one, a function of ours the other."""
        width, height = taken
        surface = pygame.Surface(taken, 0, 24)
        slopes = pygame.Surface(taken, 0, 24)
        for y in range(height):
            pygame.draw.line(slopes, (0, 250 * y // height, 0), (0, y), (width, y))
        for x in range(width):
            pygame.draw.line(surface, (250 * x // width, 0, 60), (x, 0), (x, height))
        surface.blit(slopes, (0, 0), special_flags=pygame.BLEND_RGB_ADD)
        pygame.image.save(surface, tmp_path / "frame.jpg")
        playing = compositor(recipe(*shape)).join([tmp_path / "frame.jpg"], tmp_path / "out.gif")
        cut = middle(taken, shape)
        wide, high = shape
        for x, y in ((2, 2), (wide - 3, 2), (2, high - 3), (wide - 3, high - 3)):
            at = cut.x + x * cut.width / wide, cut.y + y * cut.height / high
            expected = (250 * at[0] / width, 250 * at[1] / height)
            assert expected == pytest.approx(pixel(playing.pictures[0], x, y)[:2], abs=15)  # 256 colours

    def test_it_is_the_same_whether_prepared_or_not(self, compositor, recipe, photographs, tmp_path, size):
        """All ahead of time, three of four, or none: the same pictures, pixel by pixel."""
        pictures = []
        for ahead in (0, 3, 4):
            maker = compositor(recipe(*size))
            for frame in photographs[:ahead]:
                maker.prepare(frame)
            pictures.append([p.rgb for p in maker.join(photographs, tmp_path / "out.gif").pictures])
        assert pictures[0] == pictures[1] == pictures[2]

    def test_the_photographs_are_recognisable(self, compositor, recipe, photographs, tmp_path):
        """256 colours or not: each picture is close to gm's own full-colour one of the same frame."""
        playing = compositor(recipe(640, 480)).join(photographs, tmp_path / "out.gif")
        for frame, picture in zip(photographs, playing.pictures, strict=True):
            argv = ("gm", "convert", frame, "-resize", "640x480!", "-depth", "8", "rgb:-")
            full = subprocess.run(argv, check=True, capture_output=True).stdout
            off = sum(abs(a - b) for a, b in zip(full[::97], bytes(picture.rgb)[::97], strict=True))
            assert off / len(full[::97]) < 8  # of 255

    @pytest.mark.parametrize("loops", [0, 1, 2, 3, 65_536])
    def test_it_plays_as_often_as_asked(self, compositor, recipe, frames, tmp_path, loops):
        """0 is for ever, and every other number is that many times."""
        assert loops == compositor(recipe(loops=loops)).join(frames, tmp_path / "out.gif").loops

    @pytest.mark.parametrize("delay", [0.02, 0.5, 1.234, 655.35])
    def test_frames_are_shown_as_long_as_asked(self, compositor, recipe, frames, tmp_path, delay):
        """To the hundredth of a second, all alike."""
        playing = compositor(recipe(delay=delay)).join(frames, tmp_path / "out.gif")
        assert (round(delay, 2),) * 4 == playing.delays

    @pytest.mark.parametrize("count", [1, 2, 9])
    def test_any_number_of_frames_will_do(self, compositor, frames, tmp_path, count):
        """One is a still picture; the same frame may come again."""
        playing = compositor().join((frames * 3)[:count], tmp_path / "out.gif")
        assert count == len(playing.pictures)

    @pytest.mark.parametrize("shape", ["164x123", "163x122", "123x164", "64x48", "20x11", "300x40"])
    def test_frames_of_any_shape_fill_it(self, compositor, recipe, draw, tmp_path, shape):
        """Larger, smaller, upright, odd: no border, and exactly the size asked for."""
        frame = draw("frame.jpg", "xc:white", size=shape)
        (picture,) = compositor(recipe(80, 48)).join([frame], tmp_path / "out.gif").pictures
        assert Size(80, 48) == picture.size
        assert {255} == set(bytes(picture.rgb))

    def test_what_hangs_over_is_cut_off_on_both_sides(self, compositor, recipe, draw, tmp_path):
        """The middle of the frame is the middle of the picture."""
        frame = draw("frame.jpg", "xc:white", "-fill", "black", "-draw", "rectangle 0,55 163,67")
        (picture,) = compositor(recipe(160, 40)).join([frame], tmp_path / "out.gif").pictures
        column = [pixel(picture, 80, y)[0] < 128 for y in range(40)]
        assert column == column[::-1]
        assert (True, False) == (column[20], column[0])

    def test_only_its_owner_may_see_it(self, compositor, frames, tmp_path):
        """Guests' pictures are for the booth's user alone, the prepared ones too."""
        maker, into = compositor(), tmp_path / "out.gif"
        maker.prepare(frames[0])
        (part,) = (tmp_path / "scratch").glob("*.gif")
        maker.join(frames, into)
        assert 0o600 == into.stat().st_mode & 0o777
        assert 0o700 == (tmp_path / "scratch").stat().st_mode & 0o777
        assert not part.exists()

    def test_what_a_power_cut_left_is_replaced(self, compositor, frames, tmp_path):
        """A torn file of the last attempt, and an animation of an earlier one, are written anew."""
        into = tmp_path / "out.gif"
        into.write_bytes(b"old")
        (tmp_path / "out.gif.part").write_bytes(b"torn" * 100_000)
        assert 4 == len(compositor().join(frames, into).pictures)
        assert 4 == len(playback.read(into).pictures)
        assert not (tmp_path / "out.gif.part").exists()

    def test_odd_names_are_only_names(self, compositor, frames, tmp_path):
        """Spaces, quotes and all that gm reads into a name: the owner may call a folder what he likes."""
        odd = tmp_path / "-@100%d: it's [0] a*party"
        odd.mkdir()
        moved = [shutil.copy(frame, odd / f"@{frame.name}%d:") for frame in frames]
        assert 4 == len(compositor().join(moved, odd / "png:%d.gif").pictures)

    def test_it_fulfils_the_port(self, compositor):
        """The type checker's word for it."""
        maker: Compositor = compositor()
        assert maker


class TestWhatWasPrepared:
    def test_it_is_not_made_again(self, compositor, pretend_gm, frames, tmp_path):
        """One call for each of the frames, and the last one's is the join itself."""
        calls = tmp_path / "calls"
        maker = compositor(gm=pretend_gm(f'echo "$@" >> "{calls}"; exec gm "$@"'))
        for frame in frames[:-1]:
            maker.prepare(frame)
            maker.prepare(frame)
        maker.join(frames, tmp_path / "out.gif")
        assert [1, 1, 1, 4] == [line.count(".gif") + line.count("jpeg:") for line in calls.read_text().splitlines()]

    @pytest.mark.parametrize("wipe", [shutil.rmtree, lambda scratch: next(scratch.glob("*.gif")).unlink()])
    def test_what_was_lost_is_made_again(self, compositor, frames, tmp_path, wipe):
        """The scratch folder may be wiped at any time, in part or whole."""
        maker = compositor()
        for frame in frames:
            maker.prepare(frame)
        wipe(tmp_path / "scratch")
        assert 4 == len(maker.join(frames, tmp_path / "out.gif").pictures)

    def test_another_picture_under_the_same_name_is_prepared_anew(self, compositor, draw, tmp_path):
        """What the animation shows is what the frames are now."""
        frame, maker = draw("frame.jpg", "xc:red"), compositor()
        maker.prepare(frame)
        draw("frame.jpg", "xc:lime")
        (picture,) = maker.join([frame], tmp_path / "out.gif").pictures
        red, green, blue = pixel(picture, 32, 24)
        assert (True, True, True) == (red < 40, green > 215, blue < 40)

    def test_it_is_forgotten(self, compositor, frames, tmp_path):
        """Nothing of a guest stays behind; forgetting what is not known is no error."""
        maker = compositor()
        for frame in frames:
            maker.prepare(frame)
        maker.forget(frames)
        maker.forget(frames)
        assert [] == list((tmp_path / "scratch").iterdir())

    def test_forgetting_never_raises(self, compositor, frames, tmp_path):
        """Not even when the scratch folder is gone."""
        maker = compositor()
        maker.prepare(frames[0])
        shutil.rmtree(tmp_path / "scratch")
        maker.forget(frames)


class TestTheOverlay:
    def overlay(self, draw, size="64x48"):
        return draw("brand.png", "xc:transparent", "-fill", "#00000080", "-draw", "rectangle 0,0 999,999", size=size)

    @pytest.mark.parametrize("ahead", [0, 3, 4])
    @pytest.mark.parametrize("size", ["64x48", "32x24"])
    def test_it_is_drawn_once_over_every_frame(self, compositor, recipe, draw, tmp_path, ahead, size):
        """Half black over white is grey, not darker, however the frames were prepared; and it fills the picture."""
        frames = [draw(f"{shot}.jpg", "xc:white") for shot in range(4)]
        maker = compositor(recipe(overlay=self.overlay(draw, size)))
        for frame in frames[:ahead]:
            maker.prepare(frame)
        for picture in maker.join(frames, tmp_path / "out.gif").pictures:
            assert {127, 128} >= {*pixel(picture, 0, 0), *pixel(picture, 32, 24), *pixel(picture, 63, 47)}

    def test_where_it_is_clear_the_frame_shows(self, compositor, recipe, draw, tmp_path):
        """Transparency is kept."""
        clear = draw("brand.png", "xc:transparent", "-fill", "black", "-draw", "rectangle 0,40 63,47", size="64x48")
        maker = compositor(recipe(overlay=clear))
        (picture,) = maker.join([draw("frame.jpg", "xc:white")], tmp_path / "out.gif").pictures
        assert ((255,) * 3, (0,) * 3) == (pixel(picture, 32, 10), pixel(picture, 32, 46))

    def test_another_owner_s_overlay_is_not_kept(self, compositor, recipe, draw, tmp_path):
        """What an earlier start left in the scratch folder is replaced."""
        frame, into = draw("frame.jpg", "xc:white"), tmp_path / "out.gif"
        for colour, expected in (("black", 0), ("white", 255)):
            maker = compositor(recipe(overlay=draw(f"{colour} it's.png", f"xc:{colour}", size="64x48")))
            (picture,) = maker.join([frame], into).pictures
            assert (expected,) * 3 == pixel(picture, 5, 5)

    def test_it_is_missing(self, compositor, recipe, frames, tmp_path):
        """The sentence names the file, at the start and at every frame."""
        maker = compositor(recipe(overlay=tmp_path / "gone.png"))
        for work in (maker.check, lambda: maker.prepare(frames[0])):
            with pytest.raises(CompositorError, match=r"overlay .*gone\.png is not there: put it back"):
                work()

    def test_it_is_no_picture(self, compositor, recipe, frames, tmp_path):
        """Then gm will not have it, and says so."""
        (tmp_path / "brand.png").write_text("not a picture")
        with pytest.raises(CompositorError, match=r"Improper image header \(overlay.png\)"):
            compositor(recipe(overlay=tmp_path / "brand.png")).prepare(frames[0])


class TestWhenItFails:
    """Each time: an error of ours that says what to do, the frames untouched, nothing half made left behind."""

    @pytest.fixture
    def fails(self, frames, tmp_path):
        """Return what tries to join the frames, and holds that all is as it was when that fails."""
        into = tmp_path / "out" / "out.gif"
        into.parent.mkdir()

        def tried(maker, sentence, frames=frames):
            before = digests(frames)
            with pytest.raises(CompositorError, match=sentence):
                maker.join(frames, into)
            assert before == digests(frames)
            assert [] == list(into.parent.iterdir())
            assert [] == list(tmp_path.glob("scratch/*.part"))

        return tried

    def test_there_is_no_gm(self, compositor, fails):
        """The package's name is in the sentence, at the start and at every frame."""
        maker = compositor(gm="no-such-gm")
        with pytest.raises(CompositorError, match="sudo apt install graphicsmagick"):
            maker.check()
        fails(maker, "sudo apt install graphicsmagick")

    def test_a_gm_that_runs_is_enough_for_the_check(self, compositor):
        """With the real one there is nothing to say."""
        compositor().check()

    def test_the_frame_is_missing(self, compositor, frames, tmp_path):
        """First, last or prepared: the sentence names it."""
        maker = compositor()
        maker.prepare(frames[1])
        for shot in (0, 1, 3):
            frames[shot].rename(tmp_path / "away")
            with pytest.raises(CompositorError, match=rf"frame-{shot + 1}\.jpg is missing: put it back"):
                maker.join(frames, tmp_path / "out.gif")
            assert not (tmp_path / "out.gif").exists()
            (tmp_path / "away").rename(frames[shot])

    @pytest.mark.parametrize("shot", [0, 3])
    def test_the_frame_is_torn(self, compositor, photographs, fails, tmp_path, shot):
        """A status of 0 does not hide it, neither alone nor in the last call."""
        torn = tmp_path / "torn.jpg"
        torn.write_bytes(photographs[0].read_bytes()[:200_000])
        frames = [*photographs]
        frames[shot] = torn
        fails(compositor(), r"torn\.jpg: gm was not content.*JPEG.*The frame is damaged", frames)

    def test_the_frame_cannot_be_read(self, compositor, tmp_path):
        """The sentence names it, and sends the operator to the disk."""
        with pytest.raises(CompositorError, match=r"cannot be read: .*Look at the disk"):
            compositor().join([tmp_path], tmp_path / "out.gif")

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"push graphic-context"])
    def test_the_frame_is_no_jpeg(self, compositor, fails, tmp_path, content):
        """Whatever it is instead, gm does not guess."""
        odd = tmp_path / "frame-9.jpg"
        odd.write_bytes(content)
        fails(compositor(), r"frame-9\.jpg: gm ended with status 1 .*\. The frames are kept\.", [odd])

    def test_there_are_no_frames(self, compositor, tmp_path):
        """An animation of nothing is not made."""
        with pytest.raises(CompositorError, match="no frames"):
            compositor().join([], tmp_path / "out.gif")

    def test_gm_fails(self, compositor, pretend_gm, fails):
        """Its status and its first words are in the sentence."""
        maker = compositor(gm=pretend_gm("echo 'gm convert: out of paint.' >&2; echo more >&2; exit 3"))
        fails(maker, r"gm ended with status 3 \(out of paint\)\. The frames are kept\. It is worth another try")

    def test_gm_complains(self, compositor, pretend_gm, fails):
        """A good file and a status of 0, but a word on standard error: not shown to anybody."""
        fails(compositor(gm=pretend_gm('gm "$@"; echo dubious >&2')), r"gm was not content \(dubious\)")

    def test_gm_is_killed(self, compositor, pretend_gm, fails):
        """As the kernel does when memory runs out."""
        fails(compositor(gm=pretend_gm("kill -9 $$")), "gm was stopped by signal 9. The frames are kept")

    @pytest.mark.parametrize("ahead", [0, 3])
    def test_gm_writes_garbage(self, compositor, pretend_gm, fails, frames, ahead):
        """Seen at once, for a prepared frame as for the animation."""
        maker = compositor(gm=pretend_gm('case "$*" in *-delay*|*x24*) echo garbage;; *) exec gm "$@";; esac'))
        for frame in frames[:ahead]:
            maker.prepare(frame)
        fails(maker, r"is not a whole GIF: make it again")
        with pytest.raises(CompositorError, match=r"frame-1\.jpg: what gm made of it is no GIF"):
            compositor(gm=pretend_gm("echo garbage")).prepare(frames[0])

    def test_gm_writes_nothing(self, compositor, pretend_gm, fails):
        """An empty file is no animation."""
        fails(compositor(gm=pretend_gm("exit 0")), "is no GIF")

    def test_gm_leaves_a_frame_out(self, compositor, pretend_gm, fails):
        """As it does for an input that it cannot find: counted before anyone is thanked."""
        lines = 'case "$*" in *gif:1.gif*) shift 2; exec gm convert "$@";; *) exec gm "$@";; esac'
        fails(compositor(gm=pretend_gm(lines)), "asked for frames 4 and made 3")

    @pytest.mark.parametrize(
        ("size", "delays", "loops", "sentence"),
        [
            (Size(64, 47), (0.5,) * 4, 0, "asked for sizes"),
            (Size(64, 48), (0.5, 0.5, 0.5, 0.0), 0, r"asked for delays \[50, 50, 50, 50\] and made \[50, 50, 50, 0\]"),
            (Size(64, 48), (0.5,) * 4, 1, "asked for loops 0 and made 1"),
        ],
    )
    def test_what_is_read_back_is_not_what_was_asked_for(self, compositor, fails, size, delays, loops, sentence):
        """Size, delays and loops are all looked at."""
        picture = Picture(size, bytes(3 * size.width * size.height))
        fails(compositor(read_back=lambda path: Playback((picture,) * 4, delays, loops)), sentence)

    def test_gm_hangs(self, compositor, pretend_gm, fails, tmp_path):
        """At the deadline it is ended, with all that it started; no zombie is left."""
        pids = tmp_path / "pids"
        maker = compositor(gm=pretend_gm(HANG.format(pids=pids)), deadline=0.3)
        fails(maker, r"did not finish within 0\.3 s and was stopped\. The frames are kept")
        gm, child = map(int, pids.read_text().split())
        with pytest.raises(ChildProcessError):
            os.waitpid(gm, os.WNOHANG)
        assert_gone(gm)
        assert_gone(child)

    def test_the_disk_is_full(self, compositor, pretend_gm, fails):
        """What gm says of it becomes an advice, and the sentence names the folder."""
        fails(compositor(gm=pretend_gm('exec gm "$@" > /dev/full')), r"scratch/1\.gif .*Free some space")

    def test_the_disk_is_full_at_the_end(self, compositor, pretend_gm, fails, frames):
        """The prepared frames found room, the animation does not."""
        maker = compositor(gm=pretend_gm('case "$*" in *-delay*) exec gm "$@" > /dev/full;; *) exec gm "$@";; esac'))
        fails(maker, r"out/out\.gif from frame-4\.jpg: .*Free some space")

    def test_a_file_may_not_be_that_large(self, compositor, pretend_gm, fails, photographs, recipe):
        """A limit of the system stops gm in the middle of the file."""
        maker = compositor(recipe(640, 480), gm=pretend_gm('ulimit -f 64; exec gm "$@"'))
        fails(maker, "File size limit exceeded.*Raise the limit", photographs)

    def test_the_scratch_folder_cannot_be_made(self, compositor, fails, tmp_path):
        """Something else is in its place."""
        (tmp_path / "scratch").write_text("a file")
        fails(compositor(), "scratch cannot be written")

    def test_a_gm_that_outlived_a_killed_booth_writes_into_nothing_of_ours(self, compositor, frames, tmp_path):
        """What it left is not written over but left to it: the animation is a file of its own."""
        out = tmp_path / "out.gif"
        with (tmp_path / "out.gif.part").open("wb") as older:
            compositor().join(frames, out)
            made = out.read_bytes()
            older.write(b"too late")
        assert made == out.read_bytes()

    def test_the_visit_was_discarded(self, compositor, frames, tmp_path):
        """The folder that the animation belongs in is gone: an error, and it is not made again."""
        gone = tmp_path / "gone"
        with pytest.raises(CompositorError, match="cannot be written: No such file"):
            compositor().join(frames, gone / "out.gif")
        assert not gone.exists()

    def test_the_animation_cannot_take_its_name(self, compositor, frames, tmp_path):
        """A folder of that name stands in the way: said, and no torn file left."""
        into = tmp_path / "out.gif"
        into.mkdir()
        with pytest.raises(CompositorError, match=r"out\.gif cannot be written"):
            compositor().join(frames, into)
        assert not (tmp_path / "out.gif.part").exists()

    def test_another_try_succeeds(self, compositor, frames, tmp_path):
        """What was prepared before a failure is still good after it."""
        maker, into = compositor(), tmp_path / "later" / "out.gif"
        with pytest.raises(CompositorError):
            maker.join(frames, into)
        into.parent.mkdir()
        assert 4 == len(maker.join(frames, into).pictures)


class TestRoom:
    """What `room` says is enough is enough: the settings are judged by it, and gm is fenced in by the same measure."""

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        frame=st.tuples(st.integers(8, 400), st.integers(8, 400)),
        size=st.tuples(st.integers(32, 300), st.integers(32, 300)),
        shots=st.integers(1, 4),
        overlay=st.none() | st.tuples(st.integers(1, 300), st.integers(1, 300)),
    )
    def test_gm_needs_no_more_than_was_reckoned(self, compositor, recipe, frame, size, shots, overlay, tmp_path):
        """Frames larger and smaller than the animation, of another shape, with and without an overlay."""
        place = tmp_path / "laid-over.png"
        if overlay:
            pygame.image.save(pygame.Surface(overlay, pygame.SRCALPHA), place)
        frames = []
        for shot in range(shots):
            picture = pygame.Surface(frame)
            picture.fill((60 * shot, 100, 150))
            pygame.draw.circle(picture, (255, 200, 10 * shot), (frame[0] // 2, frame[1] // 2), max(min(frame) // 3, 1))
            frames.append(tmp_path / f"frame-{shot}.jpg")
            pygame.image.save(picture, frames[-1])
        enough = room(Size(*size), Size(*frame), shots, Size(*overlay) if overlay else None)
        made = compositor(recipe(*size, overlay=place if overlay else None), room=enough)
        for path in frames[:-1]:
            made.prepare(path)
        assert [Size(*size)] * shots == [picture.size for picture in made.join(frames, tmp_path / "out.gif").pictures]

    def test_what_is_reckoned_is_no_guess_into_the_blue(self, compositor, recipe, photographs, tmp_path):
        """With half of it gm gives up, as it would at a size that is twice too large."""
        enough = room(Size(1232, 1232), Size(1640, 1232), 4)
        with pytest.raises(CompositorError, match="The frames are kept"):
            compositor(recipe(1232, 1232), room=enough // 2).join(photographs, tmp_path / "out.gif")


class TestHowGmIsRun:
    def test_it_gives_way_to_the_rest_of_the_booth(self, compositor, pretend_gm, frames):
        """Here gm begins only when its priority has been lowered."""
        lines = 'while [ "$(nice)" -lt 10 ]; do :; done; exec gm "$@"'
        compositor(gm=pretend_gm(lines)).prepare(frames[0])

    def test_it_has_a_process_group_of_its_own(self, compositor, pretend_gm, frames):
        """Ctrl-C in the booth's terminal does not reach it, and the whole group can be ended."""
        lines = '[ "$(cut -d" " -f5 /proc/$$/stat)" = $$ ] || exit 9; exec gm "$@"'
        compositor(gm=pretend_gm(lines)).prepare(frames[0])

    def test_it_is_fenced_in(self, compositor, pretend_gm, frames, tmp_path):
        """Memory, disk and threads are limited; the bucket's keys are not in its environment."""
        seen = tmp_path / "seen"
        compositor(gm=pretend_gm(f'env > "{seen}"; exec gm "$@"'), room=8_000_000).prepare(frames[0])
        found = dict(line.partition("=")[::2] for line in seen.read_text().splitlines())
        limits = {name: value for name, value in found.items() if name.startswith("MAGICK_LIMIT_")}
        assert {"MEMORY": "8000000", "MAP": "8000000", "DISK": "0", "PIXELS": "1000000"} == {
            name.removeprefix("MAGICK_LIMIT_"): value for name, value in limits.items()
        }
        assert "1" == found["OMP_NUM_THREADS"]
        assert {"PATH", "LC_ALL", "OMP_NUM_THREADS", "PWD"} | limits.keys() >= found.keys() - {"_", "OLDPWD", "SHLVL"}

    def test_the_check_does_not_disturb_the_work(self, compositor, pretend_gm, frames, tmp_path):
        """Another thread asks whether there is a gm while one is at work: that one can still be stopped."""
        running, heard = tmp_path / "running", []
        os.mkfifo(running)
        lines = f'[ "$1" = version ] && exit 0; echo > "{running}"; exec sleep 1000'
        maker = compositor(gm=pretend_gm(lines))

        def work():
            with pytest.raises(CompositorError, match="the booth is stopping"):
                maker.prepare(frames[0])
            heard.append("stopped")

        worker = threading.Thread(target=work)
        worker.start()
        running.read_text()
        maker.check()
        maker.close()
        worker.join(timeout=20)
        assert ["stopped"] == heard

    def test_closing_stops_it(self, compositor, pretend_gm, frames, tmp_path):
        """The booth is told to stop while gm is at work: the worker hears of it at once, and nothing is left."""
        running, pids, heard = tmp_path / "running", tmp_path / "pids", []
        os.mkfifo(running)
        maker = compositor(gm=pretend_gm(f'echo > "{running}"; {HANG.format(pids=pids)}'))

        def work():
            with pytest.raises(CompositorError) as caught:
                maker.prepare(frames[0])
            heard.append(str(caught.value))

        worker = threading.Thread(target=work)
        worker.start()
        running.read_text()
        maker.close()
        maker.close()
        worker.join(timeout=20)
        assert [True] == ["the booth is stopping" in sentence for sentence in heard]
        with pytest.raises(CompositorError, match="the booth is stopping"):
            maker.prepare(frames[0])
        maker.forget(frames)
        assert [] == list(Path(tmp_path, "scratch").iterdir())
