"""What a process remembers: every text that anything alive in it leads to. Not a test; tests of forgetting share it."""

import gc
import sys
import threading
from collections.abc import Iterator
from types import FrameType


def remembered(mark: str) -> list[str]:
    """Return the texts in which *mark* is found, but for those that only the caller's own calls hold.

    Looked for in everything that Python's collector knows, in what that refers to, and in what other threads are doing.
    """
    gc.collect()
    found: dict[int, str] = {}
    seen: set[int] = set()
    waiting = [thing for thing in (*gc.get_objects(), *_doing()) if not isinstance(thing, FrameType)]
    waiting += [value for frame in _frames() for value in frame.f_locals.values()]
    mine = {id(waiting), id(found), id(seen)}
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or id(thing) in mine:
            continue
        seen.add(id(thing))
        text = thing.decode("utf-8", "replace") if isinstance(thing, bytes | bytearray) else thing
        if isinstance(text, str):
            if mark in text:
                found[id(thing)] = text
            continue
        if not isinstance(thing, FrameType):
            waiting += gc.get_referents(thing)
    return list(found.values())


def _doing() -> Iterator[object]:
    yield from threading.enumerate()


def _frames() -> Iterator[FrameType]:
    """Yield the calls that other threads are in."""
    for thread, innermost in sys._current_frames().items():
        frame: FrameType | None = innermost
        while frame is not None and thread != threading.get_ident():
            yield frame
            frame = frame.f_back
