"""Starting the machine anew, once, for a camera that no new process gets back.

Some hangs of a camera's driver in the kernel outlive the process: each new booth finds the camera held. What is
counted is in a file that outlives process and power: how many booths in a row ended for that since the machine was
started, and whether it was started anew for it already. The booth asks with a file, too: ``booth.service`` looks for
that when a booth has ended, and has the right to do it.

The law: never twice for one camera. Only one that was opened since lets the next one count.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import structlog

from booth.disk import Disk, RealDisk, put
from booth.ports import Uptime

BOOTHS = 3
"""Booths in a row that have to have ended for the camera: some five minutes."""
COUNTED, ASKED = "camera-held.json", "restart-machine"
"""Names in the folder of the booth's state."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Count:
    """What came before."""

    boot: str = ""
    """Names the time since the machine was started."""
    booths: int = 0
    """How many have ended for their camera since then, in a row."""
    restarted: bool = False
    """Whether the machine was started anew for that."""

    def ended(self, boot: str) -> "Count":
        """Return what is to be noted when one more ends: with the last one, the machine is started anew."""
        booths = self.booths + 1 if boot == self.boot else 1
        return Count(boot, booths, booths >= BOOTHS)


class Restart:
    """The machine, as far as its camera is concerned. *folder* is the booth's state; *wanted* is what the owner says.

    The disk's faults are nobody's here: without a count there is no restart.
    """

    def __init__(self, folder: Path, uptime: Callable[[], Uptime], *, wanted: bool, disk: Disk | None = None) -> None:
        self._folder = folder
        self._uptime = uptime
        self._wanted = wanted
        self._disk = disk or RealDisk()

    def camera_opened(self) -> None:
        """Forget what was counted."""
        if not self._wanted:
            return
        try:
            if self._disk.exists(self._folder / COUNTED):
                self._disk.unlink(self._folder / COUNTED)
            self._disk.sync_folder(self._folder)  # also if somebody has forgotten it who was killed then
        except OSError as exc:
            log.warning("restart.not_counted", why=exc.strerror)

    def camera_held(self) -> None:
        """Count a booth that ends because it cannot have its camera; ask for the machine's restart if that is due."""
        if not self._wanted:
            return
        try:
            count = self._counted()
            if count.restarted:
                return
            count = count.ended(self._uptime().boot)
            # On the medium before it is asked for: never twice. What asks may be lost with the power, a restart itself.
            put(self._disk, self._folder / COUNTED, json.dumps(asdict(count)).encode())
            if count.restarted:
                log.error("machine.restart", why=f"the camera was held for {BOOTHS} booths in a row")
                self._disk.write(self._folder / ASKED, b"")
        except OSError as exc:
            log.warning("restart.not_counted", why=exc.strerror)

    def _counted(self) -> Count:
        try:
            noted = json.loads(self._disk.read(self._folder / COUNTED))
            return Count(str(noted["boot"]), int(noted["booths"]), bool(noted["restarted"]))
        except FileNotFoundError:
            return Count()
        except (ValueError, TypeError, LookupError):  # it is not ours, or torn: it may have been restarted for this one
            return Count(restarted=True)
