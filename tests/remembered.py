"""What a process remembers: every text that anything alive in it leads to. Not a test; tests of forgetting share it."""

import gc
import sys
import threading
from collections.abc import Iterator
from itertools import filterfalse
from types import FrameType


def remembered(mark: str) -> list[str]:
    """Return the texts in which *mark*, in ASCII, is found, but for those that only the caller's own calls hold.

    Looked for in everything that Python's collector knows, in what that refers to, and in what other threads are doing.
    """
    gc.unfreeze()  # what was frozen the collector would not tell of
    gc.collect()
    known = [thing for thing in gc.get_objects() if not isinstance(thing, FrameType)]
    locals_of_others = [value for frame in _frames() for value in frame.f_locals.values()]
    # A process refers millions of times to something, and mostly to what the collector knows, which is here already.
    # Only the rest is followed: it is looked into each time that something refers to it, which is less work than
    # remembering which texts were seen.
    followed: dict[int, object] = {}
    found: dict[int, str | bytes | bytearray] = {}
    reached = gc.get_referents(*known, locals_of_others)
    while reached:
        onward = {}
        for thing in filterfalse(gc.is_tracked, reached):
            if isinstance(thing, str):
                if mark in thing:
                    found[id(thing)] = thing
            elif isinstance(thing, bytes | bytearray):
                if mark.encode("ascii") in thing:
                    found[id(thing)] = thing
            elif id(thing) not in followed:
                onward[id(thing)] = thing
        followed |= onward
        reached = gc.get_referents(*onward.values())
    return [text if isinstance(text, str) else text.decode("utf-8", "replace") for text in found.values()]


def _frames() -> Iterator[FrameType]:
    """Yield the calls that other threads are in."""
    for thread, innermost in sys._current_frames().items():
        frame: FrameType | None = innermost
        while frame is not None and thread != threading.get_ident():
            yield frame
            frame = frame.f_back
