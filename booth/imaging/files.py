"""Files that a compositor reads and makes: what appears whole or not at all, and what cannot be read, in our words."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from booth.disk import Disk, beside, take_name
from booth.errors import CompositorError
from booth.imaging.child import KEPT, refused
from booth.imaging.gm import INSTALL
from booth.imaging.recipe import OVERLAY


def furnish(scratch: Path, overlay: Path | None) -> None:
    """See that there is a folder *scratch*, with the *overlay* in it if there is one. Raises `CompositorError`."""
    if overlay is not None and not overlay.is_file():
        raise CompositorError(f"the overlay {overlay} is not there: put it back, or set none. {KEPT}")
    link = scratch / OVERLAY
    try:
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        if overlay is not None and not (link.is_symlink() and link.readlink() == overlay.absolute()):
            link.unlink(missing_ok=True)
            link.symlink_to(overlay.absolute())
    except OSError as exc:
        raise refused(scratch, exc) from exc


@contextmanager
def reading_frame(frame: Path) -> Iterator[None]:
    """Say in our words why *frame* cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise CompositorError(f"{frame} is missing: put it back, or discard its visit") from None
    except OSError as exc:
        raise CompositorError(f"{frame} cannot be read: {exc.strerror}. Look at the disk") from exc


@contextmanager
def appearing(disk: Disk, into: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give the name of a file beside *into* that takes its name if the block ends well, and is gone if it does not.

    The block makes it by `Disk.created`, so that it is a file of its own, always: a gm that outlived a killed booth may
    still be writing into an older one. *durable*: the file and its name are on the medium then.
    """
    unproven = beside(into)
    with ExitStack() as undo:
        undo.callback(_discard, disk, unproven)
        try:
            yield unproven
            if durable:
                take_name(disk, unproven, into)
            else:
                disk.rename(unproven, into)
        except OSError as exc:
            raise refused(into, exc) from exc
        undo.pop_all()


def _discard(disk: Disk, unproven: Path) -> None:
    with suppress(OSError):
        disk.unlink(unproven)


def glance(made: Path, name: str) -> None:
    """Raise `CompositorError` unless *made* begins and ends as a GIF does."""
    encoded = made.read_bytes()
    if encoded[:4] != b"GIF8" or encoded[-1:] != b";":
        raise CompositorError(f"{name}: what gm made of it is no GIF. {KEPT} Reinstall GraphicsMagick: {INSTALL}")
