"""Memory for pictures, as picamera2 has it of the kernel on a Pi, without a Pi."""

import errno
import fcntl
import importlib
import os
from types import SimpleNamespace
from typing import Any, Protocol


class Stock(Protocol):
    """Says what there is."""

    heap: bool
    """Whether the kernel hands out memory for pictures at all."""
    memory: bool
    """Whether it has any left."""


def heap(stock: Stock) -> None:
    """Put a file in memory in the place of each piece of the kernel's DMA heap, of which there is none but on a Pi."""
    module = importlib.import_module("picamera2.dma_heap")
    allocator = importlib.import_module("picamera2.allocators.dmaallocator")

    class Heap:
        def __init__(self) -> None:
            if not stock.heap:
                raise RuntimeError("Could not open any dmaHeap device")
            self._handle = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)

        @property
        def isValid(self) -> bool:  # noqa: N802  the library's own name
            return self._handle >= 0

        def alloc(self, name: str, size: int) -> Any:
            if not stock.memory:
                raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
            made = os.memfd_create(name, os.MFD_CLOEXEC)
            os.ftruncate(made, size)
            return module.UniqueFD(made)

        def close(self) -> None:
            os.close(self._handle)

    module.__dict__["DmaHeap"] = allocator.__dict__["DmaHeap"] = Heap
    synced = SimpleNamespace(**{name: getattr(fcntl, name) for name in dir(fcntl)} | {"ioctl": lambda *_: 0})
    allocator.__dict__["fcntl"] = synced  # such a file is always what was written last
