"""What a booth is made of, written down: each value in it, by the way that leads there. Not a test; tests share it."""

import hashlib
import types
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import partial
from pathlib import Path

import pygame
from pydantic import BaseModel

PLAIN = (str, bytes, int, float, bool, type(None), Enum, Path, type)
OURS = ("booth", "tests", "lab")


def described(thing: object) -> dict[str, str]:
    """Return what *thing* is made of. Two things that are put together alike are described alike.

    What is ours is looked into: objects, and functions with what they hold. Of what is a library's only its kind is
    said, and of the settings nothing: what counts is what was made of them.
    """
    found: dict[str, str] = {}
    names: dict[int, str] = {}
    kept = []  # an object that has gone leaves its identity to another
    waiting = deque([("booth", thing)])
    while waiting:
        path, one = waiting.popleft()
        if isinstance(one, PLAIN):
            found[path] = repr(one)
        elif id(one) in names:
            found[path] = f"the same as {names[id(one)]}"
        else:
            kept.append(one)
            names[id(one)] = path
            found[path] = _kind(one)
            waiting += [(f"{path}.{name}", part) for name, part in _parts(one)]
    return found


def _kind(one: object) -> str:
    if isinstance(one, pygame.Surface):
        return hashlib.md5(pygame.image.tobytes(one, "RGBA"), usedforsecurity=False).hexdigest()
    if isinstance(one, types.FunctionType):
        return one.__qualname__
    if isinstance(one, types.MethodType):
        return one.__func__.__qualname__
    return type(one).__qualname__


def _parts(one: object) -> Iterator[tuple[str, object]]:
    match one:
        case BaseModel():
            pass
        case types.FunctionType():
            yield from zip(
                one.__code__.co_freevars, (cell.cell_contents for cell in one.__closure__ or ()), strict=True
            )
        case types.MethodType():
            yield "self", one.__self__
        case partial():
            yield "func", one.func
            yield from ((str(at), value) for at, value in enumerate(one.args))
            yield from one.keywords.items()
        case Mapping():
            yield from sorted(((str(key), value) for key, value in one.items()), key=lambda pair: pair[0])
        case set() | frozenset():
            yield from ((str(at), value) for at, value in enumerate(sorted(one, key=repr)))
        case tuple() | list() | deque():
            yield from ((str(at), value) for at, value in enumerate(one))
        case _ if type(one).__module__.split(".")[0] in OURS or is_dataclass(one):
            yield from sorted(vars(one).items()) if hasattr(one, "__dict__") else ()
        case _:
            pass
