"""The compositor: makes frames into an animation with GraphicsMagick, as a recipe has it, and proves it.

What gm made counts only when the file was read back as the recipe has it: for a missing frame it writes a shorter GIF.
How a burst is made is decided on its first frame, while the guest poses for the next: on what tree its colours are
reduced, and how large its pictures may be.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from time import monotonic
from typing import BinaryIO

import structlog

from booth.disk import Disk, RealDisk
from booth.errors import CompositorError
from booth.imaging import blocks, budget
from booth.imaging.child import KEPT, Run, refused
from booth.imaging.files import appearing, furnish, glance, reading_frame
from booth.imaging.gm import INSTALL, Gm
from booth.imaging.recipe import ROOM, Recipe, Way, finishing, joining, prepared_name, preparing
from booth.ports import Playback, Size
from booth.units import Seconds

log = structlog.get_logger()

_SCRATCH = RealDisk()
"""The disk of what gm reads by its name, and what need not outlast anything."""
_JOINED = "joined.gif"

STEPS = 4
"""How often an animation is made smaller at most, until it has no more bytes than it may; the last of them is sure."""


@dataclass(frozen=True)
class _Prepared:
    """A prepared frame, which bytes it was made of, and how."""

    number: int
    made_of: tuple[int, ...]
    way: Way


@dataclass(frozen=True)
class _Decided:
    """How a burst is made, by its first frame."""

    first: Path
    made_of: tuple[int, ...]
    way: Way


class GraphicsMagick:
    """Makes frames into a GIF as *recipe* says; fulfils `booth.ports.Compositor`.

    *scratch* is a folder of its own for prepared frames, best in memory; it is made when needed and may be wiped at any
    time. *deadline* is the longest that one run of gm may take, and all that make an animation smaller together; *room*
    the bytes of pixels that gm may hold. *read_back* reads a finished GIF. Frames and animations are on *disk*; *run*
    takes gm's place, *now* the clock's, in seconds.
    """

    def __init__(
        self,
        recipe: Recipe,
        scratch: Path,
        *,
        deadline: Seconds = Seconds(60.0),
        gm: str = "gm",
        room: int = ROOM,
        read_back: Callable[[Path], Playback],
        disk: Disk | None = None,
        run: Run | None = None,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._disk: Disk = RealDisk() if disk is None else disk
        self._gm = Gm(gm, scratch, deadline, room)
        self._run: Run = self._gm if run is None else run
        self._recipe = recipe
        self._scratch = scratch
        self._deadline = deadline
        self._read_back = read_back
        self._now = now
        self._known: dict[Path, _Prepared] = {}
        self._decided: _Decided | None = None
        self._numbers = count(1)
        self._lock = threading.Lock()

    def check(self) -> None:
        """Find out whether there is a gm, and the overlay. Raises `CompositorError` that says what to do.

        From any thread, also while another makes an animation.
        """
        self._furnish()
        with Path(os.devnull).open("rb") as nothing, Path(os.devnull).open("wb") as nowhere:
            self._run(("version",), nothing, nowhere, about="gm")

    def prepare(self, frame: Path, first: Path | None = None) -> None:
        """Scale and reduce *frame* ahead of time, as the burst that begins with *first*, or with it.

        Blocks while gm works. Raises `CompositorError`.
        """
        self._furnish()
        self._number(frame, self._way(frame if first is None else first))

    def join(self, frames: Sequence[Path], into: Path) -> Playback:
        """Make *frames* into one animated GIF at *into*, verify it, and return it as it plays.

        What was not prepared is prepared now. *into* appears whole, on the medium, for its owner's eyes only, or not at
        all. Raises `CompositorError`; the frames are untouched and what was prepared is kept for another try.
        """
        if not frames:
            raise CompositorError("there are no frames to make an animation of: take some first")
        self._furnish()
        with appearing(self._disk, into, durable=True) as unproven:
            size, encoded = self._affordable(frames, into)
            with self._disk.created(unproven) as file:
                file.write(encoded)
            playback = self._read_back(unproven)
            self._verify(playback, size, self._recipe.pictures(len(frames)), into.name)
        self.forget(frames)
        return playback

    def forget(self, frames: Sequence[Path]) -> None:
        """Throw away what was prepared for *frames*. Never raises."""
        for frame in frames:
            self._drop(frame)
        if self._decided is not None and self._decided.first in frames:
            self._decided = None

    def close(self) -> None:
        """Stop a gm that is at work; from now on every method but `forget` raises `CompositorError`.

        From any thread. May be called twice.
        """
        self._gm.close()

    def _affordable(self, frames: Sequence[Path], into: Path) -> tuple[Size, bytes]:
        """Return the animation, and the size of its pictures: smaller ones, if it had more bytes than it may.

        It has more only if there is no time for smaller ones, or none so small: that is told, and what there is kept.
        """
        way, most = self._way(frames[0]), self._recipe.most
        made, until, why = self._joined(frames, way, into), self._now() + self._deadline, "there is no smaller one"
        for step in range(1, STEPS + 1):
            if (
                most is None
                or len(made) <= most
                or (size := self._smaller(way.size, self._recipe.pictures(len(frames)), len(made), step)) is None
            ):
                break
            try:
                made = self._joined(frames, replace(way, size=size), into, until)
            except CompositorError as exc:
                why = str(exc)
                break
            way = replace(way, size=size)
        if most is not None and len(made) > most:
            log.error("animation.too_many_bytes", bytes=len(made), most=most, why=why)
        return way.size, made

    def _smaller(self, size: Size, pictures: int, came_to: int, step: int) -> Size | None:
        """Return the size that is tried after *size*, and tell; None if there is no smaller one."""
        if step < STEPS:
            smaller = budget.smaller(self._recipe, size, pictures, came_to)
        else:
            smaller = budget.sure(self._recipe, pictures)
        if smaller == size:
            return None
        log.info("animation.smaller", bytes=came_to, most=self._recipe.most, width=smaller.width, height=smaller.height)
        return smaller

    def _joined(self, frames: Sequence[Path], way: Way, into: Path, until: float | None = None) -> bytes:
        """Return the animation of *frames*, made in *way*, before *until* if that is said."""
        *earlier, last = frames
        prepared = [self._number(frame, way, until) for frame in earlier]
        joined = self._scratch / _JOINED
        try:
            if not self._recipe.one_by_one and way.depth == Way.depth and self._prepared(last, way) is None:
                with self._opened(last) as jpeg, _SCRATCH.created(joined) as file:
                    self._run(
                        finishing(self._recipe, way, prepared),
                        jpeg,
                        file,
                        about=f"{into} from {last.name}",
                        within=self._left(until),
                    )
            else:
                prepared.append(self._number(last, way, until))
                with Path(os.devnull).open("rb") as nothing, _SCRATCH.created(joined) as file:
                    self._run(joining(self._recipe, prepared), nothing, file, about=str(into), within=self._left(until))
            return self._turned(joined.read_bytes(), into)
        except OSError as exc:
            raise refused(self._scratch, exc) from exc
        finally:
            with suppress(OSError):
                joined.unlink()

    def _turned(self, encoded: bytes, into: Path) -> bytes:
        """Return what gm has joined, there and back if that is how it plays."""
        if not self._recipe.boomerang:
            return encoded
        try:
            return blocks.there_and_back(encoded)
        except ValueError:
            raise CompositorError(f"{into.name} is not a whole GIF: make it again from its frames") from None

    def _left(self, until: float | None) -> Seconds | None:
        return None if until is None else Seconds(max(until - self._now(), 0.0))

    def _way(self, first: Path) -> Way:
        """Return how the burst that begins with *first* is made, after deciding it if that has not been done."""
        way = Way(self._recipe.size)
        if self._recipe.most is None and not self._recipe.finer_within:
            return way
        made_of = self._identity(first)
        if self._decided is None or (self._decided.first, self._decided.made_of) != (first, made_of):
            self._decided = _Decided(first, made_of, self._affording(first, self._finely(first, way)))
        return self._decided.way

    def _finely(self, first: Path, way: Way) -> Way:
        """Return *way*, with a fifth level for a plain *first* frame, if gm can do that in good time.

        Plain is what has fewer colours than there may be on four levels: only then are there more to be had on five,
        and never more than eight times as many to be reduced.
        """
        if not self._recipe.finer_within or self._recipe.effect.levels is not None:
            return way
        colours = blocks.colours(self._read(self._number(first, way)))
        if colours >= blocks.COLOURS:
            return way
        finer = replace(way, depth=5)
        try:
            self._made(first, finer)
        except CompositorError as exc:
            log.info("animation.coarse", colours=colours, why=str(exc))
            return way
        log.info("animation.fine", colours=colours)
        return finer

    def _affording(self, first: Path, way: Way) -> Way:
        """Return *way*, with smaller pictures if so many like *first* would have more bytes than they may."""
        number, until = self._number(first, way), self._now() + self._deadline
        pictures = self._recipe.pictures(self._recipe.shots)
        for step in range(1, STEPS + 1):
            came_to = pictures * len(self._read(number))
            if self._recipe.most is None or came_to <= self._recipe.most:
                break
            if (size := self._smaller(way.size, pictures, came_to, step)) is None:
                break
            try:
                number = self._number(first, replace(way, size=size), until)
            except CompositorError:  # in good time or not at all: `join` will see how many bytes there are
                break
            way = replace(way, size=size)
        return way

    def _read(self, number: int) -> bytes:
        """Return prepared frame *number*."""
        try:
            return (self._scratch / prepared_name(number)).read_bytes()
        except OSError as exc:
            raise refused(self._scratch, exc) from exc

    def _number(self, frame: Path, way: Way, until: float | None = None) -> int:
        """Return the number that *frame* is prepared under, after preparing it in *way* if it is not.

        What takes gm too long on five levels, because it is not as plain as the first frame, is reduced on four.
        """
        if (known := self._prepared(frame, way)) is not None:
            return known
        try:
            return self._made(frame, way, until)
        except CompositorError as exc:
            if way.depth == Way.depth:
                raise
            log.info("frame.coarse", why=str(exc))
            number = self._made(frame, replace(way, depth=Way.depth), until)
            self._known[frame] = replace(self._known[frame], way=way)
            return number

    def _made(self, frame: Path, way: Way, until: float | None = None) -> int:
        """Prepare *frame* in *way*, and return the number that it is prepared under."""
        self._drop(frame)
        number = next(self._numbers)
        made_of = self._identity(frame)  # before it is read: what changes meanwhile is prepared anew
        prepared = self._scratch / prepared_name(number)
        within = self._left(until)
        if way.depth > Way.depth:
            within = self._recipe.finer_within if within is None else min(within, self._recipe.finer_within)
        with self._opened(frame) as jpeg, appearing(_SCRATCH, prepared) as unproven:
            with _SCRATCH.created(unproven) as file:
                about = f"{prepared} from {frame.name}"
                self._run(preparing(self._recipe, way), jpeg, file, about=about, within=within)
            glance(unproven, frame.name)
        self._known[frame] = _Prepared(number, made_of, way)
        return number

    def _prepared(self, frame: Path, way: Way) -> int | None:
        """Return the number that *frame* is prepared under in *way*; None if that is gone, or the frame another."""
        known = self._known.get(frame)
        if known is None or not (self._scratch / prepared_name(known.number)).is_file():
            return None
        return known.number if (self._identity(frame), way) == (known.made_of, known.way) else None

    def _drop(self, frame: Path) -> None:
        if (known := self._known.pop(frame, None)) is not None:
            with suppress(OSError):
                (self._scratch / prepared_name(known.number)).unlink()

    @contextmanager
    def _opened(self, frame: Path) -> Iterator[BinaryIO]:
        with ExitStack() as stack:
            with reading_frame(frame):
                jpeg = stack.enter_context(self._disk.opened(frame))
            yield jpeg

    def _identity(self, frame: Path) -> tuple[int, ...]:
        """Return what changes when another picture is written under the same name."""
        with reading_frame(frame):
            return self._disk.fingerprint(frame)

    def _furnish(self) -> None:
        """See that there is a scratch folder, with the overlay in it."""
        with self._lock:
            furnish(self._scratch, self._recipe.overlay)

    def _verify(self, playback: Playback, size: Size, frames: int, name: str) -> None:
        """Raise `CompositorError` unless *playback* is what the recipe asked for."""
        asked = self._recipe
        found = [
            ("frames", frames, len(playback.pictures)),
            ("sizes", {size}, {picture.size for picture in playback.pictures}),
            ("delays", [asked.hundredths] * frames, [round(delay * 100) for delay in playback.delays]),
            # A single picture has nothing to play, and gm writes no number of loops for it.
            ("loops", asked.loops if frames > 1 else playback.loops, playback.loops),
        ]
        for what, wanted, got in found:
            if wanted != got:
                raise CompositorError(
                    f"{name}: gm was asked for {what} {wanted} and made {got}. {KEPT} "
                    f"If that happens again, reinstall GraphicsMagick: {INSTALL}"
                )
