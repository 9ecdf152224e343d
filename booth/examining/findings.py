"""What a check is, what it is given, and what it finds: a measured value, its limit, a sign, and what to do.

The law: a check reads. It writes nothing, holds nothing that a running booth holds, and disturbs no guest; what the
daemon holds it is asked for by its bulletin.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from booth.bulletin import Bulletin
from booth.disk import Disk
from booth.ports import Clock
from booth.settings.model import Settings
from booth.units import Instant, Seconds

if TYPE_CHECKING:  # it brings the screen's library along, which a quick look does without
    from booth.world import World

_MOST = 65536
"""Bytes that are read of a file of the kernel's."""


BUSY = "a booth is being started, or is ending, and may have it: look again in a minute"
"""Why a part is not looked at while no booth tells of it, and nobody may open it."""


class Sign(StrEnum):
    """How something is."""

    OK = "ok"
    WARN = "warn"
    """The booth works, and somebody should see to it before the evening."""
    BAD = "bad"
    SKIPPED = "skipped"
    """It could not be looked at here, and why is said in the place of what was measured."""


_WORST = (Sign.SKIPPED, Sign.OK, Sign.WARN, Sign.BAD)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """The name of the check, or its name, a blank, and what part of it this is: ``medium wear``."""
    sign: Sign
    measured: str
    """The value that was measured, with its unit; or why there is none."""
    limit: str = ""
    """The border beyond which it is not ok, with its unit; "" where there is no number."""
    cure: str = ""
    """The sentence that says what to do; "" only where nothing is to be done."""


@dataclass(frozen=True, kw_only=True)
class Premises:
    """What a check is given: all that it may look at, and until when."""

    settings: Settings
    outbox: Path
    """The folder of the visits."""
    disk: Disk
    clock: Clock
    deadline: Instant
    """When a check has to be done, by *clock*."""
    bulletin: Bulletin | None = None
    """What the daemon tells that runs; None if none does. What that holds (camera, pins, screen) nobody opens."""
    reach: "Callable[[ExitStack], World] | None" = None
    """Gives what opens camera, pins and screen; None where nobody may."""
    root: Path = Path("/")
    """The machine's own files are below it: ``proc/``, ``sys/``, ``dev/``, ``etc/``, ``run/``."""
    tools: str | None = None
    """Where programs are searched, as in ``$PATH``; None for that."""
    warnings: tuple[str, ...] = ()
    """What is doubtful in the settings."""
    press: bool = False
    """Whether somebody stands there who can press the button..."""
    touch: bool = False
    """...and touch the screen."""
    tell: Callable[[str], None] = lambda _said: None
    """Tells whoever stands there what to do now."""

    @property
    def left(self) -> Seconds:
        """How long there is until the deadline; at least 0."""
        return Seconds(max(self.deadline - self.clock.now(), 0.0))

    def places(self, pattern: str) -> list[str]:
        """Return what is below the root by a *pattern* like that of a shell, in order; none where nobody may look."""
        with suppress(OSError):
            return sorted(str(place.relative_to(self.root)) for place in self.root.glob(pattern))
        return []

    def text(self, place: str) -> str | None:
        """Return what is in a file below the root, without blanks around it; None if it cannot be read."""
        with suppress(OSError, ValueError), (self.root / place).open("rb") as file:
            return file.read(_MOST).decode("utf-8", "replace").strip("\0 \t\r\n")
        return None

    def number(self, place: str) -> int | None:
        """Return the whole number, decimal or with 0x, in a file below the root; None if there is none."""
        said = self.text(place)
        with suppress(TypeError, ValueError):
            return int(said or "", 0)
        return None

    def output(self, *argv: str) -> str | None:
        """Return what a program prints; None if there is none, it fails, or takes until the deadline."""
        program = shutil.which(argv[0], path=self.tools)
        if program is None:
            return None
        with suppress(OSError, subprocess.SubprocessError):
            ran = subprocess.run(
                (program, *argv[1:]),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=max(self.left, 0.1),
                check=True,
                env={"PATH": self.tools or os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            )
            return ran.stdout.decode("utf-8", "replace").strip()
        return None


@dataclass(frozen=True)
class Check:
    """One thing to look at."""

    name: str
    """The word for ``--only``."""
    look: Callable[[Premises], Iterable[Finding]]
    """Looks, and gives what it finds. It may block, and may raise: `booth.examining.running` makes a finding of it."""
    quick: bool = False
    """Whether it is for ``--quick``, and for each start of the booth: no network, no part opened, well under 1 s."""
    within: Seconds = Seconds(8.0)
    """How long it may take."""


def worst(found: Iterable[Finding]) -> Sign:
    """Return the worst sign there is; `Sign.SKIPPED` where nothing could be looked at."""
    return max((finding.sign for finding in found), key=_WORST.index, default=Sign.SKIPPED)


def only(checks: Sequence[Check], names: Sequence[str]) -> tuple[Check, ...]:
    """Return the checks of these names, in their own order. Raises KeyError with a name that there is none of."""
    known = {check.name for check in checks}
    for name in names:
        if name not in known:
            raise KeyError(name)
    return tuple(check for check in checks if check.name in names)
