"""Whether the disk that a folder is meant for is in: what /etc/fstab names, and the kernel has mounted.

A mount point is an ordinary folder while nothing is mounted there. Visits that are kept in it then fill the card, and
are hidden as soon as the disk is mounted over them.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class _Mount(NamedTuple):
    number: str
    parent: str
    device: str
    root: str
    """Which folder of the device is seen there."""
    point: str


@dataclass(frozen=True)
class Mounts:
    """Where this machine mounts disks."""

    fstab: Path = Path("/etc/fstab")
    """What an administrator wants to be mounted, as in fstab(5)."""
    mountinfo: Path = Path("/proc/self/mountinfo")
    """What is mounted, as in proc_pid_mountinfo(5)."""

    def missing(self, folder: Path) -> Path | None:
        """Return the mount point nearest above *folder* (or itself) if fstab names it and nothing is mounted there.

        None if all is well, and where nothing can be known: without an fstab, or without a kernel that tells. It makes
        no difference that a line says ``noauto`` or ``nofail``: the place belongs to another disk all the same. One of
        systemd's automounts counts as mounted, for the kernel lets nobody in there before the disk is.
        """
        named = {os.path.realpath(point): point for point in self._above(folder)}
        if not named:
            return None
        nearest = max(named, key=len)  # all of them lie on one path
        mounts = {mount.number: mount for mount in self._mounts()}
        there = (mount for mount in mounts.values() if mount.point == nearest)
        if not mounts or any(not _only_repeats(mount, mounts.get(mount.parent)) for mount in there):
            return None
        return Path(named[nearest])

    def _above(self, folder: Path) -> Iterator[str]:
        """Yield the mount points in fstab above *folder*, as it is written or as links lead. No other is looked at."""
        lines = [fields for fields in _lines(self.fstab) if len(fields) > 1 and not fields[0].startswith("#")]
        if not lines:
            return
        paths = {Path(os.path.abspath(folder)), Path(os.path.realpath(folder))}  # noqa: PTH100  links stay
        above = {str(place) for path in paths for place in (path, *path.parents)}
        for fields in lines:
            point = os.path.normpath(_plain(fields[1]))
            if point in above:
                yield point

    def _mounts(self) -> Iterator[_Mount]:
        for fields in _lines(self.mountinfo):
            if len(fields) > 4:
                number, parent, device, root, point = fields[:5]
                yield _Mount(number, parent, device, _plain(root), _plain(point))


def _only_repeats(mount: _Mount, below: _Mount | None) -> bool:
    """Return whether *mount* shows what would be seen without it, in the mount *below*.

    systemd mounts the folders that a service may write to over themselves. That is no disk.
    """
    if below is None or mount.device != below.device:
        return False
    try:
        inside = PurePosixPath(mount.point).relative_to(below.point)
    except ValueError:
        return False
    return PurePosixPath(mount.root) == PurePosixPath(below.root) / inside


def _lines(file: Path) -> Iterator[list[str]]:
    """Yield the fields of each line of *file*; none if it cannot be read."""
    try:
        content = os.fsdecode(file.read_bytes())
    except OSError:
        return
    for line in content.split("\n"):
        yield re.split(r"[ \t]+", line.strip(" \t"))


def _plain(field: str) -> str:
    """Return *field* without escapes: blanks, and what else would end a field, are in octal."""
    return re.sub(r"\\([0-3][0-7]{2})", lambda found: chr(int(found[1], 8)), field)
