"""Starting the machine anew, once, for a camera that no new process gets back.

Some hangs of a camera's driver in the kernel outlive the process: each new booth finds the camera held. What is
counted is in a file that outlives process and power: how many booths in a row ended for that since the machine was
started, and whether it was started anew for it already. The booth asks with a file, too: ``booth.service`` looks for
that when a booth has ended, and has the right to do it.

The law: never twice for one camera. Only one that was opened since lets the next one count.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog

from booth.disk import Disk, RealDisk, delete, put
from booth.ports import Uptime

BOOTHS = 3
"""So many booths in a row have to have ended for the camera: some five minutes."""
COUNTED, ASKED = "camera-held.json", "restart-machine"
"""Names in the folder of the booth's state."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Count:
    """What came before."""

    boot: str = ""
    """Names the time since the machine was started."""
    booths: int = 0
    restarted: bool = False

    def ended(self, boot: str) -> "Count":
        """Return what is to be noted when a booth ends for its camera."""
        booths = self.booths + 1 if boot == self.boot else 1
        return Count(boot, booths, self.restarted)

    @property
    def due(self) -> bool:
        """Whether the machine should be started anew."""
        return self.booths >= BOOTHS and not self.restarted


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
        try:
            if self._disk.exists(self._folder / COUNTED):
                delete(self._disk, self._folder / COUNTED)
        except OSError as exc:
            log.warning("restart.not_counted", why=exc.strerror)

    def camera_held(self) -> None:
        """Count a booth that ends because it cannot have its camera; ask for the machine's restart if that is due."""
        if not self._wanted:
            return
        try:
            count = self._counted().ended(self._uptime().boot)
            if count.due:
                count = replace(count, restarted=True)
                self._note(count)  # before it is asked for: never twice
                log.error("machine.restart", why=f"the camera was held for {BOOTHS} booths in a row")
                put(self._disk, self._folder / ASKED, b"")
            else:
                self._note(count)
        except OSError as exc:
            log.warning("restart.not_counted", why=exc.strerror)

    def _note(self, count: Count) -> None:
        put(self._disk, self._folder / COUNTED, json.dumps(asdict(count)).encode())

    def _counted(self) -> Count:
        try:
            noted = json.loads(self._disk.read(self._folder / COUNTED))
            return Count(str(noted["boot"]), int(noted["booths"]), bool(noted["restarted"]))
        except FileNotFoundError:
            return Count()
        except (ValueError, TypeError, LookupError):  # it is not ours, or torn: it may have been restarted for this one
            return Count(restarted=True)
