"""Files that a compositor reads and makes: what appears whole or not at all, and what cannot be read, in our words."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from booth.disk import Disk, beside, take_name
from booth.errors import CompositorError
from booth.imaging.gm import INSTALL, KEPT, refused


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
