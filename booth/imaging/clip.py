"""The clip: the animation as an H.264 film, for telephones and messengers that take no GIF; made by ffmpeg.

It is made of the frames as gm lays them out, not of the GIF (see `booth.imaging.composing`), and each file is read back
before it counts. What ffmpeg is asked was measured: `scripts/bench products`, docs/products.md.
"""

import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from time import monotonic

from booth import reading
from booth.errors import CompositorError
from booth.imaging import mp4
from booth.imaging.child import KEPT, Children, Program, refused
from booth.imaging.composing import compose
from booth.imaging.gm import Gm
from booth.ports import Arranged, Bench, Kind, Output, Size
from booth.section import ProductSection, setting
from booth.units import Pixels, Seconds

CLIP = Kind("clip.mp4", "video/mp4", ".mp4")
"""The clip, in a visit's folder and in the bucket."""

INSTALL = "run `sudo apt install ffmpeg`"
ENCODER = "libx264"
"""The one encoder that is asked for: in each Debian's ffmpeg, and the same picture on each machine."""

LONGEST_SIDE = 1280
"""Pixels: more are not seen on a telephone, and cost a small computer seconds."""
LONGEST = 60.0
"""Seconds that a clip lasts at most, however often the animation plays; once it plays, always."""
PER_SECOND = 25
"""Pictures in a second, about: each is shown several times, for messengers take no film of two pictures a second."""
LARGEST = 32 << 20
"""Bytes of a clip: several times what any has."""

_ROOM, _EACH_PIXEL = 128 << 20, 80
"""Bytes that ffmpeg may hold: for its own, and for each pixel of a picture. Measured with 5.1: 48 MB, and 55."""


def size_of(animation: Size) -> Size:
    """Return the size of the clip of an *animation* of such a size.

    It is even-sided, for its colours lie on half of the pixels each way: a row too many is cut.
    """
    scale = min(LONGEST_SIDE / max(animation.width, animation.height), 1.0)
    width, height = (max(int(side * scale) // 2 * 2, 2) for side in (animation.width, animation.height))
    return Size(Pixels(width), Pixels(height))


@dataclass(frozen=True)
class Showing:
    """How a clip shows the pictures of an animation."""

    size: Size
    plays: int
    """How often all of them are shown."""
    times: int
    """How often each of them stands in the file, one behind the other."""
    hundredths: int
    """How long each is shown, in hundredths of a second."""

    @classmethod
    def of(cls, arranged: Arranged, pictures: int, at_least: Seconds) -> "Showing":
        """Return how a clip shows an animation of so many *pictures*, for *at_least* so long."""
        once = pictures * arranged.hundredths / 100
        wanted = max(arranged.loops, ceil(at_least / once))
        return cls(
            size_of(arranged.size),
            max(min(wanted, int(LONGEST / once)), 1),
            max(round(arranged.hundredths * PER_SECOND / 100), 1),
            arranged.hundredths,
        )


def filming(showing: Showing) -> tuple[str, ...]:
    """Return ffmpeg's arguments that make the pictures ``0.ppm``, ``1.ppm``, ... the film ``clip.mp4``, beside them."""
    return (
        *("-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe"),
        *("-threads", "1", "-stream_loop", str(showing.plays - 1)),
        *("-f", "image2", "-framerate", f"100/{showing.hundredths}", "-start_number", "0", "-i", "file:%d.ppm"),
        *("-map", "0:v:0", "-an", "-filter_threads", "1", "-vf"),
        f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,fps={100 * showing.times}/{showing.hundredths}",
        *("-c:v", ENCODER, "-threads", "1", "-preset", "veryfast", "-profile:v", "high", "-crf", "20", "-bf", "0"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        # Nothing of who made it, where and when: no tags, and of the encoder's own words none between the pictures.
        *("-map_metadata", "-1", "-bitexact", "-fflags", "+bitexact", "-metadata:s:v:0", "encoder=clip"),
        *("-bsf:v", "filter_units=remove_types=6", "-movflags", "+faststart", "-f", "mp4", f"file:{CLIP.file}"),
    )


class ClipMaker:
    """Makes clips of frames as the *bench* has them arranged; fulfils what `booth.ports.Output` asks.

    A clip lasts *at_least* so long, and making one takes *deadline* at most. *gm* and *ffmpeg* are the programs, *now*
    is the clock's, in seconds.
    """

    def __init__(
        self,
        bench: Bench,
        at_least: Seconds,
        deadline: Seconds,
        *,
        gm: str = "gm",
        ffmpeg: str = "ffmpeg",
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._arranged = bench.arranged
        self._overlay = bench.plates.get("clip", bench.arranged.overlay)
        self._at_least = at_least
        self._deadline = deadline
        self._now = now
        self._folder = bench.scratch / "clip"
        side = min(max(bench.arranged.size.width, bench.arranged.size.height), LONGEST_SIDE)
        room = _ROOM + _EACH_PIXEL * side * side
        limits = {resource.RLIMIT_DATA: room, resource.RLIMIT_FSIZE: LARGEST, resource.RLIMIT_CORE: 0}
        missing = f"a clip is made by ffmpeg ({ffmpeg}), which cannot be run: {INSTALL}, or set clip.enabled to false"
        self._gm = Gm(gm, self._folder, deadline)
        self._ffmpeg = Children(Program(ffmpeg, "ffmpeg", missing, {"LC_ALL": "C"}, limits), self._folder, deadline)

    def check(self) -> None:
        """Find out whether there is an ffmpeg that makes such films. Raises `CompositorError` that says what to do."""
        with tempfile.TemporaryFile() as said:
            self._furnished()
            with Path(os.devnull).open("rb") as nothing:
                argv = ("-nostdin", "-hide_banner", "-loglevel", "error", "-h", f"encoder={ENCODER}")
                self._ffmpeg(argv, nothing, said, about="ffmpeg")
            said.seek(0)
            if f"Encoder {ENCODER} " not in said.read().decode(errors="replace"):
                raise CompositorError(
                    f"this ffmpeg makes no H.264 films, for it has no {ENCODER}: take Debian's own, {INSTALL}, or set "
                    "clip.enabled to false"
                )

    def make(self, frames: Sequence[Path]) -> bytes:
        """Make *frames* a clip, read it back, and return it. Blocks. Raises `CompositorError`."""
        if not frames:
            raise CompositorError("there are no frames to make a clip of: take some first")
        order = self._arranged.order(len(frames))
        showing = Showing.of(self._arranged, len(order), self._at_least)
        until = self._now() + self._deadline

        def left() -> Seconds:
            return Seconds(max(until - self._now(), 0.0))

        self._furnished()
        try:
            for shot, frame in enumerate(frames):
                into = self._folder / f"{shot}.ppm"
                compose(frame, into, showing.size, self._arranged, self._gm, overlay=self._overlay, within=left())
            for place, shot in enumerate(order[len(frames) :], len(frames)):  # on the way back: in memory once
                (self._folder / f"{place}.ppm").symlink_to(f"{shot}.ppm")
            with Path(os.devnull).open("rb") as nothing, Path(os.devnull).open("wb") as nowhere:
                self._ffmpeg(filming(showing), nothing, nowhere, about=CLIP.file, within=left())
            content = reading.whole(self._folder / CLIP.file, LARGEST)
        except OSError as exc:
            raise refused(self._folder, exc) from exc
        except reading.ReadingError as exc:
            raise CompositorError(f"{CLIP.file} cannot be read back ({exc}). {KEPT}") from exc
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        _verify(content, showing, len(order))
        return content

    def close(self) -> None:
        """Stop what is being made; from now on nothing is. From any thread, and twice if need be."""
        self._gm.close()
        self._ffmpeg.close()

    def _furnished(self) -> None:
        """Begin with an empty folder: whoever was killed in the middle may have left some in it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._folder.mkdir(mode=0o700, parents=True)
        except OSError as exc:
            raise refused(self._folder, exc) from exc


def _verify(content: bytes, showing: Showing, pictures: int) -> None:
    """Raise `CompositorError` unless *content* is the film that was asked for."""
    again = f"{KEPT} If that happens again, reinstall ffmpeg: {INSTALL}"
    try:
        film = mp4.read(content)
    except ValueError as exc:
        raise CompositorError(f"{CLIP.file} is not a film as telephones play it: {exc}. {again}") from None
    asked = mp4.Reel(
        showing.size,
        pictures * showing.plays * showing.times,
        Seconds(pictures * showing.plays * showing.hundredths / 100),
    )
    if (film.size, film.pictures, round(film.lasts, 2)) != (asked.size, asked.pictures, round(asked.lasts, 2)):
        raise CompositorError(f"{CLIP.file}: ffmpeg was asked for {asked} and made {film}. {again}")


class ClipSection(ProductSection):
    """A clip of each visit, beside its GIF: an MP4, for telephones and messengers that take no GIF."""

    enabled: bool = setting(False, "Whether there is one. It takes ffmpeg: sudo apt install ffmpeg.")
    at_least_s: float = setting(
        3.0, "How long it lasts at least, in seconds: the animation is repeated until then.", ge=3.0, le=30.0
    )
    deadline_s: float = setting(
        30.0, "After this the making of a clip is given up, and the visit goes without, in seconds.", ge=5.0, le=300.0
    )

    def output(self, bench: Bench) -> Output | None:
        """Return what makes it."""
        if not self.enabled:
            return None
        maker = ClipMaker(bench, Seconds(self.at_least_s), Seconds(self.deadline_s))
        return Output(CLIP, maker.make, check=maker.check, close=maker.close, longest=Seconds(self.deadline_s))
