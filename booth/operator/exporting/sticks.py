"""A stick by its name: where what bears that label is mounted, as the kernel says; or by the folder where it is."""

import os
import re
from pathlib import Path

from booth.errors import BoothError
from booth.reading import shown

LABELS = Path("/dev/disk/by-label")
MOUNTS = Path("/proc/self/mounts")


def mounted(label: str, *, labels: Path = LABELS, mounts: Path = MOUNTS) -> Path:
    """Return where the stick that is called *label* is mounted. Raises `BoothError` with what to do if it is not.

    What begins with / is no label: it is the folder where the stick is mounted.
    """
    if label.startswith("/"):
        if not Path(label).is_dir():
            raise BoothError(f"{shown(label)} is no folder: name that in which the stick is mounted, or its label")
        return Path(label)
    named = {_plain(link.name, r"\\x([0-9a-f]{2})", 16): link for link in _links(labels)}
    if label not in named:
        there = ", ".join(sorted(named)) or "none"
        raise BoothError(
            f"no stick is called {label} (there are: {there}); plug it in, or name it as lsblk -o LABEL does"
        )
    device = os.path.realpath(named[label])
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        source, point = line.split(" ")[:2]
        if os.path.realpath(_plain(source, r"\\([0-7]{3})", 8)) == device:
            return Path(_plain(point, r"\\([0-7]{3})", 8))
    raise BoothError(
        f"the stick {label} is plugged in, and not mounted: sudo mkdir -p /media/stick && sudo mount {device} "
        "/media/stick, and once more; sudo umount /media/stick before you pull it"
    )


def _links(labels: Path) -> list[Path]:
    try:
        return sorted(labels.iterdir())
    except OSError:  # no disk here has a label
        return []


def _plain(text: str, escape: str, base: int) -> str:
    """Return *text* without escapes: as UTF-8, byte by byte."""
    raw = re.sub(escape.encode(), lambda found: bytes([int(found[1], base)]), text.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")
