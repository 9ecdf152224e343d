"""The strip: all frames of a visit on one JPEG, as a printer wants it: 300 dots an inch, 2x6 inches, or two on 4x6.

The law: a frame is cropped, never stretched, and never less than three quarters of it are seen.
"""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated, Literal

from pydantic import AfterValidator

from booth import jpeg, reading
from booth.errors import CompositorError
from booth.imaging.child import KEPT, refused
from booth.imaging.composing import compose
from booth.imaging.files import reading_frame
from booth.imaging.gm import INSTALL, Gm
from booth.ports import Bench, Kind, Output, Size
from booth.section import ProductSection, setting
from booth.units import Pixels, Seconds

STRIP = Kind("strip.jpg", "image/jpeg", "-strip.jpg")
"""The strip, in a visit's folder and in the bucket."""

DOTS = 300
"""Pixels in an inch."""
PAPER = Size(Pixels(2 * DOTS), Pixels(6 * DOTS))
"""One strip: 2x6 inches."""

GAP = 18
"""Pixels between two frames: 1.5 mm."""

_NARROWEST, _WIDEST = 0.75, 1.15
"""How much narrower, or wider, than the camera's a frame's shape may become."""

_QUALITY = ("-sampling-factor", "1x1", "-quality", "92")
"""Colours at each pixel: a print is looked at from near."""

LARGEST = 16 << 20
"""Bytes of a strip: several times what any has."""

_OVERLAY = "overlay.png"


@dataclass(frozen=True)
class Printed:
    """How a strip looks, whatever is on it."""

    sheets: int = 1
    """How many of the same are side by side: two on 4x6 inches, to be cut."""
    margin: Pixels = Pixels(36)
    """Around the frames; what a printer cuts off must be in it."""
    foot: Pixels = Pixels(150)
    """Kept free below the frames: for the event's name and picture."""
    background: str = "#ffffff"
    overlay: Path | None = None
    """A PNG of `PAPER`'s size, with transparency, that lies over each strip."""

    @property
    def size(self) -> Size:
        """The size of the whole."""
        return Size(Pixels(self.sheets * PAPER.width), PAPER.height)


@dataclass(frozen=True)
class Spread:
    """Where the frames are on a strip: all as large, in rows from the top left."""

    cell: Size
    corners: tuple[tuple[Pixels, Pixels], ...]
    """Of each frame, in order: left, top."""


def spread(look: Printed, frame: Size, frames: int) -> Spread:
    """Return where so many *frames* go, each of a shape like *frame*, as large as there is room for.

    Of all numbers of columns it takes the one that shows most: paper that is covered, times the part of a frame that is
    seen. A last row with fewer is in the middle.
    """
    wide, high = PAPER.width - 2 * look.margin, PAPER.height - 2 * look.margin - look.foot
    shape = frame.width / frame.height

    def tried(columns: int) -> tuple[float, int, Size]:
        rows = -(-frames // columns)
        width, height = (wide - (columns - 1) * GAP) / columns, (high - (rows - 1) * GAP) / rows
        wanted = min(max(width / height, _NARROWEST * shape), _WIDEST * shape)
        cell = Size(Pixels(max(int(min(width, height * wanted)), 1)), Pixels(max(int(min(height, width / wanted)), 1)))
        seen = cell.width / cell.height / shape
        return cell.width * cell.height * min(seen, 1 / seen), -columns, cell

    _, fewest, cell = max(tried(columns) for columns in range(1, frames + 1))
    columns = -fewest
    rows = -(-frames // columns)
    above = look.margin + (high - rows * cell.height - (rows - 1) * GAP) // 2
    corners: list[tuple[Pixels, Pixels]] = []
    for row in range(rows):
        there = min(columns, frames - row * columns)
        left = (PAPER.width - there * cell.width - (there - 1) * GAP) // 2
        corners += [
            (Pixels(left + column * (cell.width + GAP)), Pixels(above + row * (cell.height + GAP)))
            for column in range(there)
        ]
    return Spread(cell, tuple(corners))


def printing(look: Printed, on: Spread) -> tuple[str, ...]:
    """Return gm's arguments that lay the pictures ``shot-0.ppm``, ``shot-1.ppm``, ... and the overlay on a strip."""
    drawn: list[str] = []
    for sheet in range(look.sheets):
        right = sheet * PAPER.width
        for shot, (left, top) in enumerate(on.corners):
            drawn += ("-draw", f"image Over {right + left},{top} {on.cell.width},{on.cell.height} shot-{shot}.ppm")
        if look.overlay is not None:
            drawn += ("-draw", f"image Over {right},0 {PAPER.width},{PAPER.height} {_OVERLAY}")
    canvas = ("-size", f"{look.size.width}x{look.size.height}", f"xc:{look.background}")
    density = ("-density", f"{DOTS}x{DOTS}", "-units", "PixelsPerInch")
    # As true colours: on a white canvas alone gm would write greys. By its name: see `booth.imaging.recipe`.
    return ("convert", *canvas, *drawn, "-type", "TrueColor", "+profile", "*", *density, *_QUALITY, "jpeg:/dev/stdout")


class StripMaker:
    """Makes strips that have a *look*, of frames as the *bench* has them arranged; each within *deadline*.

    *gm* is the program, *now* the clock's, in seconds.
    """

    def __init__(
        self, bench: Bench, look: Printed, deadline: Seconds, *, gm: str = "gm", now: Callable[[], float] = monotonic
    ) -> None:
        self._arranged = bench.arranged
        self._look = look
        self._deadline = deadline
        self._now = now
        self._folder = bench.scratch / "strip"
        self._gm = Gm(gm, self._folder, deadline)

    def make(self, frames: Sequence[Path]) -> bytes:
        """Put *frames* on a strip, in order, look at it, and return it. Blocks. Raises `CompositorError`."""
        if not frames:
            raise CompositorError("there are no frames to make a strip of: take some first")
        until = self._now() + self._deadline

        def left() -> Seconds:
            return Seconds(max(until - self._now(), 0.0))

        on = spread(self._look, _size_of(frames[0]), len(frames))
        shutil.rmtree(self._folder, ignore_errors=True)  # whoever was killed in the middle may have left some in it
        try:
            self._folder.mkdir(mode=0o700, parents=True)
            self._lay_over()
            for shot, frame in enumerate(frames):
                into = self._folder / f"shot-{shot}.ppm"
                compose(frame, into, on.cell, self._arranged, self._gm, within=left())
            made = self._folder / STRIP.file
            with Path(os.devnull).open("rb") as nothing, made.open("wb") as file:
                self._gm(printing(self._look, on), nothing, file, about=STRIP.file, within=left())
            content = reading.whole(made, LARGEST)
        except OSError as exc:
            raise refused(self._folder, exc) from exc
        except reading.ReadingError as exc:
            raise CompositorError(f"{STRIP.file} cannot be read back ({exc}). {KEPT}") from exc
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
        _verify(content, self._look.size)
        return content

    def close(self) -> None:
        """Stop what is being made; from now on nothing is. From any thread, and twice if need be."""
        self._gm.close()

    def _lay_over(self) -> None:
        """Put the overlay where gm finds it. Raises OSError, and `CompositorError` if it is not there."""
        overlay = self._look.overlay
        if overlay is None:
            return
        if not overlay.is_file():
            raise CompositorError(f"the layout's {overlay.name} is not there: it is drawn anew in a minute. {KEPT}")
        (self._folder / _OVERLAY).symlink_to(overlay.absolute())


def _size_of(frame: Path) -> Size:
    with reading_frame(frame):
        size = jpeg.size_of(frame.read_bytes())
    if size is None or not size.width * size.height:
        raise CompositorError(f"{frame.name} is no JPEG: look at the camera, and at the disk. {KEPT}")
    return size


def _verify(content: bytes, size: Size) -> None:
    """Raise `CompositorError` unless *content* is a whole JPEG of *size*, with so many dots in an inch, and no more."""
    dots = b"JFIF\0\1\1\1" + 2 * DOTS.to_bytes(2)
    if jpeg.whole(content) != content or jpeg.size_of(content) != size or content[6:18] != dots:
        raise CompositorError(
            f"{STRIP.file}: what gm made is no JPEG of {size.width}x{size.height} pixels, {DOTS} in an inch. {KEPT} "
            f"If that happens again, reinstall GraphicsMagick: {INSTALL}"
        )


# --- What an owner sets of it ----------------------------------------------------------------------------------------


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError("expected a colour as six digits behind a #, such as #ffffff: two each of red, green and blue")
    return text


Colour = Annotated[str, AfterValidator(_colour)]


class StripSection(ProductSection):
    """A strip of each visit, beside its GIF: all frames on one JPEG, to be printed."""

    enabled: bool = setting(False, "Whether there is one.")
    paper: Literal["2x6", "4x6"] = setting(
        "2x6", "Inches of the paper, at 300 dots an inch: 2x6, one strip; 4x6, two of the same side by side, to be cut."
    )
    margin_mm: float = setting(3.0, "Margin around the frames, in millimetres: printers cut some off.", ge=0.0, le=10.0)
    foot_mm: float = setting(
        12.0,
        "What is kept free below the frames, in millimetres: the event's layout may show something there.",
        ge=0.0,
        le=60.0,
    )
    background: Colour = setting(
        "#ffffff",
        "The colour of the paper, as six digits: two each of red, green and blue.",
        "a colour, such as #ffffff",
    )
    deadline_s: float = setting(
        30.0, "After this the making of a strip is given up, and the visit goes without, in seconds.", ge=5.0, le=300.0
    )

    def output(self, bench: Bench) -> Output | None:
        """Return what makes it."""
        if not self.enabled:
            return None
        look = Printed(
            sheets=2 if self.paper == "4x6" else 1,
            margin=_dots(self.margin_mm),
            foot=_dots(self.foot_mm),
            background=self.background,
            overlay=bench.plates.get("strip"),
        )
        maker = StripMaker(bench, look, Seconds(self.deadline_s))
        return Output(STRIP, maker.make, close=maker.close, longest=Seconds(self.deadline_s))


def _dots(millimetres: float) -> Pixels:
    return Pixels(round(millimetres / 25.4 * DOTS))
