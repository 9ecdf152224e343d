"""Holds the pretended libcamera to the real one, and the booth's driver to picamera2 over that; see `lab.real_camera`.

This runs in the Python that the real binding was built for, which is seldom the one of `.venv`. It prints one object of
JSON: what it found, in figures.
"""

import contextlib
import enum
import gc
import importlib
import json
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from booth.drivers import picamera2 as driver
from booth.errors import CameraError
from booth.ports import Size
from booth.units import Pixels
from lab.rig import binding, unused

if TYPE_CHECKING:
    from lab.rig.floor import Floor

OPENINGS = 1000
"""How often a camera that is not there is to be opened. Once each 20 seconds would be five and a half hours."""
OURS = {
    *("CameraConfiguration.mode", "StreamConfiguration.raw", "StreamConfiguration.resize"),
    *("StreamConfiguration.lay_out", "Camera.next_request", "Camera.cancel", "Camera.answer"),
    *("CameraManager.floor", "CameraManager.put", "CameraManager.wake"),
}
"""What only the pretence needs: its way down to the floor. Whatever else it has, libcamera has."""


def unlike(pretended: ModuleType, real: ModuleType) -> Iterator[str]:
    """Yield what the pretended module has otherwise than the real one, in words."""
    for name, value in _public(pretended):
        if not hasattr(real, name):
            yield f"{name} is not there"
        elif isinstance(value, ModuleType):
            yield from unlike(value, getattr(real, name))
        else:
            yield from _unlike(name, value, getattr(real, name))


def _unlike(name: str, pretended: Any, real: Any) -> Iterator[str]:
    if isinstance(pretended, binding.ControlId):
        if pretended.name != real.name:
            yield f"{name} is called {real.name}"
    elif isinstance(pretended, type) and issubclass(pretended, enum.Enum):
        for member in pretended:
            if not hasattr(real, member.name):
                yield f"{name}.{member.name} is not there"
            elif (number := _number(getattr(real, member.name))) != member.value:
                yield f"{name}.{member.name} is {number}, not {member.value}"
    elif isinstance(pretended, type):
        for attribute, value in _public(pretended):
            whole = f"{name}.{attribute}"
            if whole in OURS:
                continue
            if not hasattr(real, attribute):
                yield f"{whole} is not there"
            elif isinstance(value, type):
                yield from _unlike(whole, value, getattr(real, attribute))


def _number(member: Any) -> int:
    """Return the number of an enumeration's member, whoever made it."""
    return int(member.value)


def _public(thing: Any) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in vars(thing).items() if not name.startswith("_"))


def compared(pretended: ModuleType) -> int:
    """Return how many names of a module `unlike` looks at, those of classes and of enumerations among them."""
    count = 0
    for _, value in _public(pretended):
        count += 1
        if isinstance(value, ModuleType):
            count += compared(value)
        elif isinstance(value, type):
            count += sum(1 for _ in _public(value))
    return count


def open_descriptors() -> int:
    """Return how many files this process has open."""
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def fail_to_open(library: driver.Library) -> str:
    """Open a camera where there is none; return what the booth says then."""
    size = Size(Pixels(1280), Pixels(960))
    try:
        driver.Picamera2Camera(size=size, preview_size=Size(Pixels(640), Pixels(480)), library=library).close()
    except CameraError as exc:
        return str(exc)
    return ""


def main() -> None:
    """Compare, fail to open, and print the figures."""
    real = importlib.import_module("libcamera")
    pretended = binding.modules(cast("Floor", None))["libcamera"]  # nobody opens a camera of it
    vars(pretended).pop("_libcamera")
    faults = list(unlike(pretended, real))
    sys.modules.update(unused.modules())
    library = driver.load()
    said = fail_to_open(library)
    before = open_descriptors()
    words = {fail_to_open(library) for _ in range(OPENINGS)}
    figures = {
        "python": platform.python_version(),
        "libcamera": real.CameraManager.version,
        "picamera2": library.version,
        "names": compared(pretended),
        "unlike": faults,
        "openings": OPENINGS,
        "said": sorted(words | {said}),
        "descriptors": [before, open_descriptors()],
    }
    with contextlib.suppress(AttributeError):
        figures["cameras"] = len(real.CameraManager.singleton().cameras)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
