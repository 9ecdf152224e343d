"""Picamera2, imported over a pretended libcamera, and what it needs of a Raspberry Pi besides."""

import contextlib
import errno
import fcntl
import importlib
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from booth.drivers import picamera2 as driver
from lab.rig import binding, unused
from lab.rig.floor import Floor


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


def heap(floor: Floor) -> None:
    """Put a file in memory in the place of each piece of the kernel's DMA heap, of which there is none but on a Pi."""
    module = importlib.import_module("picamera2.dma_heap")
    allocator = importlib.import_module("picamera2.allocators.dmaallocator")

    class Heap:
        def __init__(self) -> None:
            if not floor.heap:
                raise RuntimeError("Could not open any dmaHeap device")
            self._handle = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)

        @property
        def isValid(self) -> bool:  # noqa: N802  the library's own name
            return self._handle >= 0

        def alloc(self, name: str, size: int) -> Any:
            if not floor.memory:
                raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
            made = os.memfd_create(name, os.MFD_CLOEXEC)
            os.ftruncate(made, size)
            return module.UniqueFD(made)

        def close(self) -> None:
            os.close(self._handle)

    module.__dict__["DmaHeap"] = allocator.__dict__["DmaHeap"] = Heap
    synced = SimpleNamespace(**{name: getattr(fcntl, name) for name in dir(fcntl)} | {"ioctl": lambda *_: 0})
    allocator.__dict__["fcntl"] = synced  # such a file is always what was written last


def _forget_picamera2() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "picamera2"]:
        del sys.modules[name]
