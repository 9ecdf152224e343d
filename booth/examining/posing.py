"""Two frames for those checks that make something of them, as guests' are made."""

from pathlib import Path

from booth.examining.findings import Premises
from booth.ports import Size

FRAMES = 2
_COLOURS = ("gradient:#c03020-#f0e0c0", "gradient:#203060-#e0f0ff")


def frames(premises: Premises, gm: str, size: Size, folder: Path) -> list[Path]:
    """Have *gm* paint two JPEGs of *size* in *folder*, and return them: what is made of them shows whether it did."""
    painted = [folder / f"frame-{number}.jpg" for number in range(1, FRAMES + 1)]
    for frame, colours in zip(painted, _COLOURS, strict=True):
        premises.output(gm, "convert", "-size", f"{size.width}x{size.height}", colours, f"jpeg:{frame}")
    return painted
