"""What the tests of imaging share: the four photographs, small frames made by gm, and gms that misbehave."""

import shutil
import subprocess
from pathlib import Path
from typing import Protocol

import pytest

from booth.imaging import playback
from booth.imaging.graphicsmagick import GraphicsMagick
from booth.imaging.recipe import Recipe
from booth.ports import Size
from booth.units import Pixels, Seconds

PHOTOGRAPHS = Path(__file__).resolve().parents[1] / "photos" / "astronaut"


def _recipe(width=64, height=48, *, delay=0.5, loops=0, overlay=None) -> Recipe:
    return Recipe(Size(Pixels(width), Pixels(height)), Seconds(delay), loops, overlay)


@pytest.fixture
def recipe():
    """Return the maker of recipes: small ones, unless told otherwise."""
    return _recipe


@pytest.fixture
def photographs() -> tuple[Path, ...]:
    """Return the four frames of a visit, 1640x1232, where they lie. Nobody writes there."""
    return tuple(PHOTOGRAPHS / f"frame-{shot}.jpg" for shot in (1, 2, 3, 4))


class Draw(Protocol):
    def __call__(self, name: str, *drawing: str, size: str = "164x123") -> Path: ...


@pytest.fixture
def draw(tmp_path) -> Draw:
    """Return a painter: a name in the visit's folder, then gm's drawing options; it returns the picture's path."""
    folder = tmp_path / "visit"
    folder.mkdir()

    def drawn(name: str, *drawing: str, size: str = "164x123") -> Path:
        into = folder / name
        subprocess.run(("gm", "convert", "-size", size, *drawing, "-quality", "95", into), check=True)
        return into

    return drawn


@pytest.fixture(scope="session")
def originals(tmp_path_factory) -> tuple[Path, ...]:
    """Return four small frames of different colours, painted once for all tests."""
    folder = tmp_path_factory.mktemp("originals")
    colours = ("red", "green", "blue", "yellow")
    painted = tuple(folder / f"frame-{shot}.jpg" for shot in range(1, 5))
    for colour, into in zip(colours, painted, strict=True):
        subprocess.run(("gm", "convert", "-size", "164x123", f"xc:{colour}", into), check=True)
    return painted


@pytest.fixture
def frames(originals, draw, tmp_path) -> tuple[Path, ...]:
    """Return four small frames of different colours, in the visit's folder: this test's own."""
    return tuple(Path(shutil.copy(frame, tmp_path / "visit")) for frame in originals)


@pytest.fixture
def compositor(tmp_path):
    """Return the maker of compositors with real gm and real Wand, unless told otherwise."""

    def made(recipe: Recipe | None = None, **parts) -> GraphicsMagick:
        parts.setdefault("read_back", playback.read)
        return GraphicsMagick(recipe or _recipe(), tmp_path / "scratch", **parts)

    return made


@pytest.fixture
def pretend_gm(tmp_path):
    """Return the maker of fake gms: shell lines; ``gm`` in them is the real one. It returns the path to call."""

    def made(lines: str) -> str:
        script = tmp_path / "gm"
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)
        return str(script)

    return made
