"""What picamera2 imports and the booth has no use for: each would have to be compiled, some for a Pi only."""

from types import ModuleType
from typing import Any

NAMES = ("prctl", "pykms", "pidng", "pidng.camdefs", "pidng.core")


class _Stub(ModuleType):
    """A module that has whatever it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Stub(name)


def modules() -> dict[str, ModuleType]:
    """Return something in the place of each, by name."""
    return {name: _Stub(name) for name in NAMES}
