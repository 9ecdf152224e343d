"""What the visits are kept on: whether it can be written, whether it makes mistakes, and how worn it is."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from booth.examining.findings import Check, Finding, Premises, Sign

MOUNTS = "proc/self/mountinfo"

WORN, WORN_OUT = 70, 90
"""Per cent of the life that the maker of an eMMC gives it: beyond the first, have another at hand."""

ANOTHER = "export the visits, then write the image to another card"

_ENDS = {2: "most of its reserve is used", 3: "nearly all of its reserve is used"}
"""What an eMMC tells of the blocks that it keeps for those that wear out."""


@dataclass(frozen=True)
class _Mount:
    point: str
    number: str
    """Of the device: ``179:2``."""
    kind: str
    read_only: bool


def medium(premises: Premises) -> Iterator[Finding]:
    """Look at the file system of the outbox, and at what it lies on."""
    mount = _mount(premises)
    if mount is None:
        yield Finding("medium", Sign.SKIPPED, "this machine does not tell what is mounted")
        return
    if mount.read_only:
        cure = "run `dmesg` to see why, then `sudo mount -o remount,rw` it; where the kernel refuses, " + ANOTHER
        yield Finding("medium", Sign.BAD, f"{mount.point} can only be read", cure=cure)
    else:
        yield Finding("medium", Sign.OK, f"{mount.point} can be written ({mount.kind})")
    device = _device(premises, mount)
    if device is not None:
        yield from _errors(premises, mount, device)
        yield from _wear(premises, device)


def _errors(premises: Premises, mount: _Mount, device: Path) -> Iterator[Finding]:
    """Tell what ext4 has counted since the file system was last checked; other file systems count nothing."""
    errors = premises.number(f"sys/fs/{mount.kind}/{device.name}/errors_count")
    if errors:
        cure = f"have it checked (fsck.mode=force on the kernel's command line); if they come back, {ANOTHER}"
        yield Finding("medium errors", Sign.BAD, f"{errors} since it was last checked", "0", cure)
    elif errors is not None:
        yield Finding("medium errors", Sign.OK, "none since it was last checked", "0")


def _wear(premises: Premises, device: Path) -> Iterator[Finding]:
    """Tell how much of its life is used; SD cards, but for a few, do not say."""
    folder = os.path.relpath(device.parent if (device / "partition").exists() else device, premises.root)
    lives = re.findall(r"0x([0-9a-fA-F]{2})", premises.text(f"{folder}/device/life_time") or "")
    tens = max((int(each, 16) for each in lives), default=0)
    if tens:
        used = min(tens * 10, 100)  # 0x01 is up to 10 %; 0x0b, beyond all of it
        sign = Sign.BAD if used > WORN_OUT else Sign.WARN if used > WORN else Sign.OK
        cure = f"have another at hand: {ANOTHER}" if sign is not Sign.OK else ""
        yield Finding("medium wear", sign, f"up to {used} % of its life is used", f"{WORN} %", cure)
    else:
        yield Finding("medium wear", Sign.SKIPPED, "this medium does not tell it")
    end = premises.number(f"{folder}/device/pre_eol_info")
    if end in _ENDS:
        yield Finding("medium reserve", Sign.BAD if end > min(_ENDS) else Sign.WARN, _ENDS[end], cure=ANOTHER)


def _mount(premises: Premises) -> _Mount | None:
    """Return what is mounted where the outbox is: of several, what was mounted last."""
    place = Path(os.path.realpath(premises.outbox))
    above = {str(each) for each in (place, *place.parents)}
    found: _Mount | None = None
    for line in (premises.text(MOUNTS) or "").splitlines():
        fields, _, rest = line.partition(" - ")
        with suppress(ValueError):
            _, _, number, _, point, options, *_ = fields.split(" ")
            kind, _, whole = rest.split(" ", 2)
            point = re.sub(r"\\([0-3][0-7]{2})", lambda escaped: chr(int(escaped[1], 8)), point)
            if point in above and (found is None or len(point) >= len(found.point)):
                only = "ro" in (*options.split(","), *whole.split(","))
                found = _Mount(point, number, kind, read_only=only)
    return found


def _device(premises: Premises, mount: _Mount) -> Path | None:
    """Return the folder in which the kernel tells of the device; None if it has none, as a network's disk."""
    with suppress(OSError):
        return (premises.root / "sys/dev/block" / mount.number).resolve(strict=True)
    return None


CHECKS = (Check("medium", medium, quick=True),)
