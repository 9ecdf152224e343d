"""The clip, where the settings want one: whether ffmpeg is there, which one, and whether it makes a film."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from booth.errors import CompositorError
from booth.examining import posing
from booth.examining.findings import Check, Finding, Premises, Sign
from booth.units import Seconds

INSTALL = "sudo apt install ffmpeg"

SLOW = Seconds(10.0)
"""The most that a clip of two frames may take: with four, a guest who skips the form would wait for it."""


def clip(premises: Premises) -> Iterator[Finding]:
    """Ask ffmpeg for its version, and have it make a clip of two frames, as large as guests'; nothing of it stays."""
    if not premises.settings.clip.enabled:
        yield Finding("clip", Sign.SKIPPED, "no clips are made: [clip] enabled is false")
        return
    ffmpeg = shutil.which("ffmpeg", path=premises.tools)
    if ffmpeg is None:
        yield Finding("clip", Sign.BAD, "ffmpeg is not there", cure=INSTALL)
        return
    version = " ".join((premises.output(ffmpeg, "-version") or "").partition("\n")[0].split()[:3])
    if not version:
        yield Finding("clip", Sign.BAD, f"{ffmpeg} does not tell its version", cure=f"install it again: {INSTALL}")
        return
    yield Finding("clip", Sign.OK, version)
    with tempfile.TemporaryDirectory(prefix="booth-doctor-") as folder:
        yield _filmed(premises, ffmpeg, Path(folder))


def _filmed(premises: Premises, ffmpeg: str, folder: Path) -> Finding:
    from booth import choices  # a quick look does without what makes pictures
    from booth.imaging import mp4
    from booth.imaging.clip import ClipMaker
    from booth.ports import Bench

    recipe, wanted = choices.recipe_of(premises.settings), premises.settings.clip
    frames = posing.frames(premises, "gm", recipe.size, folder)
    deadline = Seconds(max(min(premises.left, wanted.deadline_s), 0.1))
    maker = ClipMaker(
        Bench(folder / "scratch", recipe, posing.FRAMES), Seconds(wanted.at_least_s), deadline,
        gm=shutil.which("gm", path=premises.tools) or "gm", ffmpeg=ffmpeg,
    )  # fmt: skip
    began = premises.clock.now()
    try:
        maker.check()
        content = maker.make(frames)
    except CompositorError as exc:
        what, _, cure = str(exc).partition(". The frames are kept. ")
        what = what.removesuffix(". The frames are kept.").replace(f"{folder}/", "")
        return Finding("clip made", Sign.BAD, what, cure=cure or f"install it again: {INSTALL}")
    finally:
        maker.close()
    took, film = premises.clock.now() - began, mp4.read(content)
    measured = f"{film.lasts:.1f} s of {film.size.width}x{film.size.height} in {took:.1f} s"
    if took > SLOW:
        cure = "see what else keeps the machine busy (top), or make the animation smaller ([animation] width, height)"
        return Finding("clip made", Sign.WARN, measured, f"{SLOW:g} s", cure)
    return Finding("clip made", Sign.OK, measured, f"{SLOW:g} s")


CHECKS = (Check("clip", clip, within=Seconds(15.0)),)
