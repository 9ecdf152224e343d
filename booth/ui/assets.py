"""Where the fonts and pictures are: inside an installed package, or beside a checkout's ``booth/``."""

from pathlib import Path

from booth.errors import ScreenError

_PACKAGE = Path(__file__).parents[1]
PLACES = (_PACKAGE / "assets", _PACKAGE.parent / "assets")
"""Looked through in this order."""


def asset(name: str) -> Path:
    """Return the path of ``assets/<name>``. Raises `ScreenError` if the installation lacks it."""
    for place in PLACES:
        path = place / name
        if path.is_file():
            return path
    looked = " and ".join(str(place) for place in PLACES)
    raise ScreenError(f"{name} is not in {looked}: install the booth again, or run it from a whole checkout")


def assets(folder: str, suffix: str) -> tuple[Path, ...]:
    """Return what ``assets/<folder>`` has that ends in *suffix*, by name. Raises `ScreenError` if that is nothing."""
    for place in PLACES:
        found = sorted(path for path in (place / folder).glob(f"*{suffix}") if path.is_file())
        if found:
            return tuple(found)
    looked = " and ".join(str(place / folder) for place in PLACES)
    raise ScreenError(f"nothing ends in {suffix} in {looked}: install the booth again, or run it from a whole checkout")
