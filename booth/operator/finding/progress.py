"""How far it is, on a line of standard error: rewritten on a terminal, and now and then a new one elsewhere."""

import time
from collections.abc import Callable
from typing import TextIO

_EACH_TERMINAL, _EACH_LINE = 0.2, 10.0
"""Seconds between two."""


class Progress:
    """Tells how far it is, not oftener than can be read. *clock* in monotonic seconds."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._rewrites = out.isatty()
        self._last = clock()
        self._open = False

    def tell(self, said: str) -> None:
        """Tell *said*, unless something was told just now."""
        now = self._clock()
        if now - self._last < (_EACH_TERMINAL if self._rewrites else _EACH_LINE):
            return
        self._last = now
        self._out.write(f"\r\x1b[K{said}" if self._rewrites else f"{said}\n")
        self._out.flush()
        self._open = self._rewrites

    def clear(self) -> None:
        """Leave an empty line for what is told next."""
        if self._open:
            self._out.write("\r\x1b[K")
            self._out.flush()
            self._open = False
