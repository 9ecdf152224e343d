"""gm, as one of those programs that are run in a child process: what it is called, and the fence around it."""

from pathlib import Path

from booth.imaging.child import Children, Program
from booth.imaging.recipe import ROOM, environment
from booth.units import Seconds

INSTALL = "run `sudo apt install graphicsmagick`"


class Gm(Children):
    """Runs *gm* in *folder*, each time within *deadline*, with *room* for so many bytes of pixels; fulfils `Run`."""

    def __init__(self, gm: str, folder: Path, deadline: Seconds, room: int = ROOM) -> None:
        missing = f"GraphicsMagick ({gm}) cannot be run: {INSTALL}"
        super().__init__(Program(gm, "gm", missing, environment(room)), folder, deadline)
