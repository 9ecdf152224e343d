"""The oven: whether gm is there, which one, and whether it makes a GIF as the settings want it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from booth.errors import CompositorError
from booth.examining import posing
from booth.examining.findings import Check, Finding, Premises, Sign
from booth.units import Seconds

INSTALL = "sudo apt install graphicsmagick"

SLOW = Seconds(6.0)
"""The most that two frames may take: guests who type quickly would wait for their GIF."""


def gif(premises: Premises) -> Iterator[Finding]:
    """Ask gm for its version, and have it make a GIF of two frames, as large as guests' are; nothing of it stays."""
    gm = shutil.which("gm", path=premises.tools)
    if gm is None:
        yield Finding("gm", Sign.BAD, "GraphicsMagick is not there", cure=INSTALL)
        return
    version = " ".join((premises.output(gm, "version") or "").partition("\n")[0].split()[:2])
    if not version:
        yield Finding("gm", Sign.BAD, f"{gm} does not tell its version", cure=f"install it again: {INSTALL}")
        return
    yield Finding("gm", Sign.OK, version)
    with tempfile.TemporaryDirectory(prefix="booth-doctor-") as folder:
        yield _baked(premises, gm, Path(folder))


def _baked(premises: Premises, gm: str, folder: Path) -> Finding:
    from booth import choices  # a quick look does without the library that reads a GIF back
    from booth.imaging import playback
    from booth.imaging.graphicsmagick import GraphicsMagick

    recipe = choices.recipe_of(premises.settings)
    frames = posing.frames(premises, gm, recipe.size, folder)
    oven = GraphicsMagick(recipe, folder / "scratch", deadline=max(premises.left, Seconds(0.1)), gm=gm,
                          read_back=playback.read)  # fmt: skip
    began = premises.clock.now()
    try:
        made = oven.join(frames, folder / "animation.gif")
    except CompositorError as exc:
        what, _, cure = str(exc).partition(". The frames are kept. ")
        return Finding("gm gif", Sign.BAD, what.replace(f"{folder}/", ""), cure=cure or f"reinstall it: {INSTALL}")
    finally:
        oven.close()
    took = premises.clock.now() - began
    size = f"{recipe.size.width}x{recipe.size.height}"
    measured = f"{len(made.pictures)} frames of {size} in {took:.1f} s"
    if took > SLOW:
        cure = "see what else keeps the machine busy (top), or make the animation smaller ([animation] width, height)"
        return Finding("gm gif", Sign.WARN, measured, f"{SLOW:g} s", cure)
    return Finding("gm gif", Sign.OK, measured, f"{SLOW:g} s")


CHECKS = (Check("gm", gif, within=Seconds(15.0)),)
