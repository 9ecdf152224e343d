"""The compositor: GraphicsMagick's ``gm`` in a child process, where it can be stopped and can take nobody down.

What gm made counts only when it ended well, complained of nothing, and the file was read back as the recipe has it:
for a torn frame gm's status is 0, and for a missing one it writes a shorter GIF.
"""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from signal import SIGKILL
from typing import BinaryIO, Protocol

from booth.disk import Disk, RealDisk, beside, take_name
from booth.errors import CompositorError
from booth.imaging.recipe import OVERLAY, ROOM, Recipe, environment, finishing, joining, prepared_name, preparing
from booth.ports import Playback
from booth.units import Seconds

_SCRATCH = RealDisk()
"""The disk of what gm reads by its name, and what need not outlast anything."""
_NICE = 10  # the preview, the countdown and the next capture come first

_INSTALL = "run `sudo apt install graphicsmagick`"
_KEPT = "The frames are kept."


@dataclass(frozen=True)
class _Prepared:
    """A prepared frame, and which bytes it was made of."""

    number: int
    made_of: tuple[int, ...]


class Run(Protocol):
    """One run of gm, from its start to its end."""

    def __call__(self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str) -> None:
        """Make of *source* what *argv* asks for, and write it to *into*. Raises `CompositorError` unless all is well.

        Prepared frames are in the scratch folder, by the names that *argv* has for them.
        """
        ...


class GraphicsMagick:
    """Makes frames into a GIF as *recipe* says; fulfils `booth.ports.Compositor`.

    *scratch* is a folder of its own for prepared frames, best in memory; it is made when needed and may be wiped at any
    time. *deadline* is the longest that one run of gm may take, *room* the bytes of pixels that it may hold.
    *read_back* reads a finished GIF. Frames and animations are on *disk*; *run* takes gm's place.
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
    ) -> None:
        self._disk: Disk = RealDisk() if disk is None else disk
        self._run: Run = self._run_gm if run is None else run
        self._recipe = recipe
        self._scratch = scratch
        self._deadline = deadline
        self._gm = gm
        self._fence = environment(room)
        self._read_back = read_back
        self._known: dict[Path, _Prepared] = {}
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def check(self) -> None:
        """Find out whether there is a gm, and the overlay. Raises `CompositorError` that says what to do.

        From any thread, also while another makes an animation.
        """
        self._furnish()
        with Path(os.devnull).open("rb") as nothing, Path(os.devnull).open("wb") as nowhere:
            self._run(("version",), nothing, nowhere, about="gm")

    def prepare(self, frame: Path) -> None:
        """Scale and reduce *frame* ahead of time. Blocks while gm works. Raises `CompositorError`."""
        self._furnish()
        self._number(frame)

    def join(self, frames: Sequence[Path], into: Path) -> Playback:
        """Make *frames* into one animated GIF at *into*, verify it, and return it as it plays.

        What was not prepared is prepared now. *into* appears whole, on the medium, for its owner's eyes only, or not at
        all. Raises `CompositorError`; the frames are untouched and what was prepared is kept for another try.
        """
        if not frames:
            raise CompositorError("there are no frames to make an animation of: take some first")
        self._furnish()
        *earlier, last = frames
        prepared = [self._number(frame) for frame in earlier]
        with _appearing(self._disk, into, durable=True) as unproven:
            if self._recipe.overlay is None and self._prepared(last) is None:
                with self._opened(last) as jpeg, self._disk.created(unproven) as file:
                    self._run(finishing(self._recipe, prepared), jpeg, file, about=f"{into} from {last.name}")
            else:
                prepared.append(self._number(last))
                with Path(os.devnull).open("rb") as nothing, self._disk.created(unproven) as file:
                    self._run(joining(self._recipe, prepared), nothing, file, about=str(into))
            playback = self._read_back(unproven)
            self._verify(playback, len(frames), into.name)
        self.forget(frames)
        return playback

    def forget(self, frames: Sequence[Path]) -> None:
        """Throw away what was prepared for *frames*. Never raises."""
        for frame in frames:
            if (known := self._known.pop(frame, None)) is not None:
                with suppress(OSError):
                    (self._scratch / prepared_name(known.number)).unlink()

    def close(self) -> None:
        """Stop a gm that is at work; from now on every method but `forget` raises `CompositorError`.

        From any thread. May be called twice.
        """
        with self._lock:
            self._closed = True
            for child in self._children:
                _kill(child)

    def _number(self, frame: Path) -> int:
        """Return the number that *frame* is prepared under, after preparing it if it is not."""
        if (known := self._prepared(frame)) is not None:
            return known
        self.forget([frame])
        number = next(self._numbers)
        made_of = self._identity(frame)  # before it is read: what changes meanwhile is prepared anew
        prepared = self._scratch / prepared_name(number)
        with self._opened(frame) as jpeg, _appearing(_SCRATCH, prepared) as unproven:
            with _SCRATCH.created(unproven) as file:
                self._run(preparing(self._recipe), jpeg, file, about=f"{prepared} from {frame.name}")
            _glance(unproven, frame.name)
        self._known[frame] = _Prepared(number, made_of)
        return number

    def _prepared(self, frame: Path) -> int | None:
        """Return the number that *frame* is prepared under; None if that is gone, or the frame another."""
        known = self._known.get(frame)
        if known is None or not (self._scratch / prepared_name(known.number)).is_file():
            return None
        return known.number if self._identity(frame) == known.made_of else None

    @contextmanager
    def _opened(self, frame: Path) -> Iterator[BinaryIO]:
        with ExitStack() as stack:
            with _reading(frame):
                jpeg = stack.enter_context(self._disk.opened(frame))
            yield jpeg

    def _identity(self, frame: Path) -> tuple[int, ...]:
        """Return what changes when another picture is written under the same name."""
        with _reading(frame):
            return self._disk.fingerprint(frame)

    def _furnish(self) -> None:
        """See that there is a scratch folder, with the overlay in it."""
        overlay = self._recipe.overlay
        if overlay is not None and not overlay.is_file():
            raise CompositorError(f"the overlay {overlay} is not there: put it back, or set none. {_KEPT}")
        link = self._scratch / OVERLAY
        try:
            with self._lock:
                self._scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
                if overlay is not None and not (link.is_symlink() and link.readlink() == overlay.absolute()):
                    link.unlink(missing_ok=True)
                    link.symlink_to(overlay.absolute())
        except OSError as exc:
            raise _refused(self._scratch, exc) from exc

    def _run_gm(self, argv: Sequence[str], source: BinaryIO, into: BinaryIO, *, about: str) -> None:
        """Run gm until it ends, or until the deadline; raise `CompositorError` unless all was well."""
        child = self._start(argv, source, into)
        try:
            _, complaint = child.communicate(timeout=self._deadline)
        except subprocess.TimeoutExpired:
            raise CompositorError(
                f"{about}: gm did not finish within {self._deadline} s and was stopped. {_KEPT} "
                "If that happens again, see what else keeps the machine busy"
            ) from None
        finally:
            with self._lock:
                self._children.discard(child)
            _reap(child)
        if self._closed:
            raise CompositorError(f"{about}: stopped, because the booth is stopping. {_KEPT}")
        if child.returncode != 0 or complaint:
            said = complaint.decode(errors="replace").strip().partition("\n")[0]
            raise CompositorError(f"{about}: {_ending(child.returncode)}{_saying(said)}. {_KEPT} {_advice(said)}")

    def _start(self, argv: Sequence[str], source: BinaryIO, into: BinaryIO) -> subprocess.Popen[bytes]:
        # Our own environment stays here: it may hold the bucket's keys, and ~/.magick is none of the booth's business.
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), **self._fence}
        with self._lock:
            if self._closed:
                raise CompositorError(f"the booth is stopping: no animation is made now. {_KEPT}")
            try:
                child = subprocess.Popen(
                    (self._gm, *argv),
                    stdin=source,
                    stdout=into,
                    stderr=subprocess.PIPE,
                    cwd=self._scratch,
                    env=surroundings,
                    start_new_session=True,
                )
            except OSError as exc:
                if exc.filename == str(self._scratch):
                    raise _refused(self._scratch, exc) from exc
                raise CompositorError(f"GraphicsMagick ({self._gm}) cannot be run: {_INSTALL}. {_KEPT}") from exc
            self._children.add(child)
        with suppress(OSError):  # it has ended already, or a sandbox forbids it: then it runs as we do
            os.setpriority(os.PRIO_PGRP, child.pid, _NICE)
        return child

    def _verify(self, playback: Playback, frames: int, name: str) -> None:
        """Raise `CompositorError` unless *playback* is what the recipe asked for."""
        asked = self._recipe
        found = [
            ("frames", frames, len(playback.pictures)),
            ("sizes", {asked.size}, {picture.size for picture in playback.pictures}),
            ("delays", [asked.hundredths] * frames, [round(delay * 100) for delay in playback.delays]),
            # A single picture has nothing to play, and gm writes no number of loops for it.
            ("loops", asked.loops if frames > 1 else playback.loops, playback.loops),
        ]
        for what, wanted, got in found:
            if wanted != got:
                raise CompositorError(
                    f"{name}: gm was asked for {what} {wanted} and made {got}. {_KEPT} "
                    f"If that happens again, reinstall GraphicsMagick: {_INSTALL}"
                )


@contextmanager
def _reading(frame: Path) -> Iterator[None]:
    """Say in our words why *frame* cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise CompositorError(f"{frame} is missing: put it back, or discard its visit") from None
    except OSError as exc:
        raise CompositorError(f"{frame} cannot be read: {exc.strerror}. Look at the disk") from exc


@contextmanager
def _appearing(disk: Disk, into: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give the name of a file beside *into* that takes its name if the block ends well, and is gone if it does not.

    The block makes it by `Disk.created`, so that it is a file of its own, always: a gm that outlived a killed booth may
    still be writing into an older one. *durable*: the file and its name are on the medium then.
    """
    unproven = beside(into)
    try:
        try:
            yield unproven
            if durable:
                take_name(disk, unproven, into)
            else:
                disk.rename(unproven, into)
        except OSError as exc:
            raise _refused(into, exc) from exc
    except BaseException:
        with suppress(OSError):
            disk.unlink(unproven)
        raise


def _glance(made: Path, name: str) -> None:
    """Raise `CompositorError` unless *made* begins and ends as a GIF does."""
    encoded = made.read_bytes()
    if encoded[:4] != b"GIF8" or encoded[-1:] != b";":
        raise CompositorError(f"{name}: what gm made of it is no GIF. {_KEPT} Reinstall GraphicsMagick: {_INSTALL}")


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, SIGKILL)


def _reap(child: subprocess.Popen[bytes]) -> None:
    """Leave nothing of *child*: no process of its group, no zombie, no open pipe."""
    with child:  # closes the pipe, then waits
        if child.returncode is None:
            _kill(child)


def _refused(path: Path, exc: OSError) -> CompositorError:
    return CompositorError(f"{path} cannot be written: {exc.strerror}. {_KEPT} {_advice(exc.strerror or '')}")


def _ending(status: int) -> str:
    if status == 0:
        return "gm was not content"
    return f"gm ended with status {status}" if status > 0 else f"gm was stopped by signal {-status}"


def _saying(said: str) -> str:
    return f" ({said.removeprefix('gm convert: ').rstrip('.')})" if said else ""


def _advice(said: str) -> str:
    for symptom, remedy in (
        ("No space left", "Free some space"),
        ("error has occurred writing", "Free some space"),  # how gm 1.3.45 puts it
        ("File size limit", "Raise the limit on the size of files"),
        ("Read-only", "Mount the disk so that it can be written"),
        ("Permission", "Give the booth's user the right to write there"),
        ("JPEG", "The frame is damaged: look at the camera, and at the disk"),
    ):
        if symptom in said:
            return remedy
    return "It is worth another try; if that fails too, see what the machine lacks: memory, disk, or a sound gm"
