"""Whose a hand-over is: what root writes for somebody who has said sudo belongs to them, or they could not open it.

The law: nothing changes hands but what this run has made. The folder is soon somebody else's, who may put links there.
"""

import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from booth.disk import RealDisk

Give = Callable[[int, int, int], None]
"""Gives what is open under a descriptor to a user and a group. Raises OSError."""


def caller(environ: Mapping[str, str], user: int) -> tuple[int, int] | None:
    """Return the ids of the user and the group that have called sudo; None if nobody has, or *user* is not root."""
    said = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
    if user != 0 or not all(each.isascii() and each.isdecimal() and len(each) < 10 for each in said):
        return None
    uid, gid = map(int, said)
    return (uid, gid) if uid != 0 else None


class GivenDisk(RealDisk):
    """A disk of this machine, where whatever is made belongs to another user at once.

    A medium on which nothing belongs to anybody, such as a stick with FAT, keeps it as it is.
    """

    def __init__(self, user: int, group: int, give: Give = os.fchown) -> None:
        """Nothing is asked of the disk yet."""
        self._to = user, group
        self._give = give

    def mkdir(self, folder: Path, *, shared: bool = False) -> None:
        """Make *folder*, as every disk does; one that is there keeps its owner."""
        there = os.path.lexists(folder)
        super().mkdir(folder, shared=shared)
        if not there:
            self._hand_over(folder, stat.S_ISDIR)

    def write(self, file: Path, content: bytes) -> None:
        """Make *file* anew with *content*, as every disk does."""
        super().write(file, content)
        self._hand_over(file, stat.S_ISREG)

    def _hand_over(self, path: Path, kind: Callable[[int], bool]) -> None:
        with suppress(OSError):
            number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            try:
                found = os.fstat(number)
                alone = stat.S_ISDIR(found.st_mode) or found.st_nlink == 1  # not a second name of something else
                if kind(found.st_mode) and found.st_uid == os.geteuid() and alone:
                    self._give(number, *self._to)
            finally:
                os.close(number)


def disk() -> RealDisk:
    """Return the disk that a hand-over is written on."""
    to = caller(os.environ, os.geteuid())
    return RealDisk() if to is None else GivenDisk(*to)
