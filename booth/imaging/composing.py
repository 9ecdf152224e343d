"""Lays frames out as the animation has them, in full colours: what other products are made of.

Not taken from the finished GIF: its 256 colours and their grain would be seen twice, and cost a clip bytes.
"""

from contextlib import ExitStack
from pathlib import Path

from booth.errors import CompositorError
from booth.imaging.child import KEPT, Run, refused
from booth.imaging.files import furnish, reading_frame
from booth.imaging.gm import INSTALL
from booth.ports import Arranged, Size
from booth.units import Seconds

_PIXELS = "ppm:/dev/stdout"
"""By its name: see `booth.imaging.recipe`."""


def compose(
    frame: Path,
    into: Path,
    size: Size,
    arranged: Arranged,
    gm: Run,
    *,
    within: Seconds,
    overlay: Path | None = None,
) -> None:
    """Lay *frame* out at *into*, of *size*, as pixels (PPM, eight bits), *within* so long, below an *overlay*.

    *into* is in the folder where *gm* is run, which is made if it is not there. Raises `CompositorError`.
    """
    furnish(into.parent, overlay)
    with ExitStack() as stack:
        with reading_frame(frame):
            jpeg = stack.enter_context(frame.open("rb"))
        try:
            file = stack.enter_context(into.open("wb"))
        except OSError as exc:
            raise refused(into, exc) from exc
        laid_out = arranged.laying_out(size, branded=overlay is not None)
        argv = ("convert", *laid_out, "-depth", "8", _PIXELS)
        gm(argv, jpeg, file, about=f"{into.name} from {frame.name}", within=within)
    header = f"P6\n{size.width} {size.height}\n255\n".encode()
    try:
        with into.open("rb") as made:
            whole = made.read(len(header)) == header
        whole = whole and into.stat().st_size == len(header) + 3 * size.width * size.height
    except OSError as exc:
        raise refused(into, exc) from exc
    if not whole:
        raise CompositorError(
            f"{frame.name}: what gm made of it are no {size.width}x{size.height} pixels. {KEPT} "
            f"Reinstall GraphicsMagick: {INSTALL}"
        )
