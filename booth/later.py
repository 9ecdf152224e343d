"""Libraries that others bring along, and that a booth rarely needs: they are loaded when somebody does.

pygame loads its mixer, with a dozen libraries of codecs, whether or not there is a sound to be heard; structlog and
pydantic-settings load asyncio, for functions that nobody calls here. Nothing is done without: whoever asks gets all.
"""

import importlib
import logging
import sys
from threading import RLock
from types import ModuleType
from typing import Any

_ASYNCIO = "asyncio"
_MIXER = ("pygame.mixer_music", "pygame.mixer")

_loading = RLock()


def put_off() -> None:
    """Have these libraries be left out where others bring them along. Comes before those are imported."""
    if _ASYNCIO not in sys.modules:
        sys.modules[_ASYNCIO] = _Later(_ASYNCIO)
        # From Python 3.12 on each record of a log asks asyncio, where it is there, for the task that it comes from.
        logging.logAsyncioTasks = False  # type: ignore[attr-defined]
    if "pygame" not in sys.modules:
        for name in _MIXER:
            sys.modules[name] = None  # type: ignore[assignment]  # so an import fails, and pygame does without


def mixer() -> ModuleType:
    """Load pygame's mixer, if that was put off, and return it. Raises `ImportError` where there is none."""
    with _loading:
        for name in _MIXER:
            if sys.modules.get(name) is None:
                sys.modules.pop(name, None)
        return importlib.import_module(_MIXER[-1])


class _Later(ModuleType):
    """Stands for a module until something in it is asked for, and has all of it then."""

    def __getattr__(self, name: str) -> Any:
        """Load the module: this is called for what is not here yet, or not in the module at all."""
        with _loading:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
                self.__dict__.update(vars(importlib.import_module(self.__name__)))
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
