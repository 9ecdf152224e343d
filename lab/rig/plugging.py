"""Picamera2, imported over a pretended libcamera, and what it needs of a Raspberry Pi besides."""

import contextlib
import sys
from collections.abc import Iterator

from booth.drivers import picamera2 as driver
from lab.rig import binding, unused
from lab.rig.floor import Floor
from lab.rig.heap import heap


@contextlib.contextmanager
def plugged(floor: Floor) -> Iterator[None]:
    """Have Python find picamera2 over *floor*, imported anew; leave neither behind, for others know the difference."""
    pretended = binding.modules(floor) | unused.modules()
    before = {name: sys.modules.get(name) for name in pretended}
    _forget_picamera2()
    sys.modules.update(pretended)
    try:
        heap(floor)
        yield
    finally:
        _forget_picamera2()
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def library(floor: Floor) -> driver.Library:
    """Return what the booth's driver uses, as it finds it by itself."""
    with plugged(floor):
        return driver.load()


def _forget_picamera2() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "picamera2"]:
        del sys.modules[name]
