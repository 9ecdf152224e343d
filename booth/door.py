"""The door to the operator's screen, on disk: the PIN as a hash, and the tries that were wrong.

::

    pin.json      salt, parameters and hash of scrypt: whoever takes the card has no PIN
    tries.json    how many were wrong in a row, and when the last one was

The law: without a PIN there is no way in. A try is on the medium before it is judged, so that neither a restart nor a
pulled plug gives anybody another; a disk that will not take it lets nobody in.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path

import structlog

from booth.core.pin import Tries, fault
from booth.disk import Disk, make_folder, put
from booth.ports import Uptime
from booth.units import Seconds

PIN, TRIES = "pin.json", "tries.json"
"""Names in the operator's folder."""

COST, BLOCK, LANES = 1 << 14, 8, 1
"""What scrypt takes: 16 MB of memory, and some 0.1 s here; a Pi 3B about half a second. RFC 7914, section 2."""

MEMORY = 64 << 20
"""Bytes that scrypt may take at most: a file that wants more is none of ours."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Knock:
    """What came of a try."""

    right: bool
    wait: Seconds = Seconds(0.0)
    """How long nobody may try another."""


class Door:
    """The door whose PIN is kept in *folder*. Every method blocks; `knock` for as long as scrypt takes."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        uptime: Callable[[], Uptime],
        *,
        salt: Callable[[int], bytes] = secrets.token_bytes,
        cost: int = COST,
    ) -> None:
        """Nothing is asked of the disk yet. A new PIN gets so many bytes of *salt*, and *cost* is scrypt's for it."""
        self._folder = folder
        self._disk = disk
        self._uptime = uptime
        self._salt = salt
        self._cost = cost

    def lock(self, pin: str) -> None:
        """Have *pin* be the PIN, and forget what was wrong before. On the medium when this returns.

        Raises ValueError with a sentence if it will not do, and OSError.
        """
        if wrong := fault(pin):
            raise ValueError(wrong)
        salt = self._salt(16)
        made = _hashed(pin, salt, self._cost, BLOCK, LANES)
        kept = {"n": self._cost, "r": BLOCK, "p": LANES, "salt": salt.hex(), "hash": made.hex()}
        make_folder(self._disk, self._folder)
        if self._disk.exists(self._folder / TRIES):
            self._disk.unlink(self._folder / TRIES)  # gone from the medium with what comes next
        put(self._disk, self._folder / PIN, json.dumps(kept).encode() + b"\n")

    def wall_up(self) -> bool:
        """Have no PIN, and so no way in; return whether there was one. Gone from the medium when this returns."""
        return self._gone(PIN)

    def there(self) -> bool:
        """Return whether there is a PIN, and so a way in."""
        return self._kept() is not None

    def wait(self) -> Seconds:
        """Return how long nobody may try: after too many that were wrong."""
        up = self._uptime()
        return self._tries().wait(up.boot, up.seconds)

    def knock(self, pin: str) -> Knock:
        """Return whether *pin* is the PIN. Never raises: what cannot be counted or read lets nobody in."""
        kept, up, before = self._kept(), self._uptime(), self._tries()
        if kept is None:
            return Knock(right=False)
        if (wait := before.wait(up.boot, up.seconds)) > 0:
            return Knock(right=False, wait=wait)
        counted = before.one_more(up.boot, up.seconds)
        try:
            put(self._disk, self._folder / TRIES, json.dumps(asdict(counted)).encode() + b"\n")
            right = compare_digest(_hashed(pin, kept.salt, kept.cost, kept.block, kept.lanes), kept.hash)
            if right:
                self._gone(TRIES)
        except OSError as exc:
            log.error("operator.not_counted", why=exc.strerror)
            return Knock(right=False, wait=counted.wait(up.boot, up.seconds))
        except (ValueError, TypeError, OverflowError):  # parameters that scrypt does not take
            right = False
        log.warning("operator.let_in" if right else "operator.wrong_pin", tries=counted.wrong)
        return Knock(right, Seconds(0.0) if right else counted.wait(up.boot, up.seconds))

    def _gone(self, name: str) -> bool:
        """Have no file of this *name*; return whether there was one."""
        there = self._disk.exists(self._folder / name)
        if there:
            self._disk.unlink(self._folder / name)
        if self._disk.is_folder(self._folder):
            self._disk.sync_folder(self._folder)  # also if whoever took it away was killed then
        return there

    def _tries(self) -> Tries:
        try:
            noted = json.loads(self._disk.read(self._folder / TRIES))
            return Tries(max(int(noted["wrong"]), 0), str(noted["boot"]), Seconds(float(noted["at"])))
        except FileNotFoundError:
            return Tries()
        except (OSError, ValueError, TypeError, LookupError, OverflowError):
            # Whoever can spoil it could take it away as well; but a torn one must not open the door.
            up = self._uptime()
            return Tries(_MANY, up.boot, Seconds(0.0))

    def _kept(self) -> "_Kept | None":
        try:
            noted = json.loads(self._disk.read(self._folder / PIN))
            cost, block, lanes = (int(noted[name]) for name in ("n", "r", "p"))
            kept = _Kept(cost, block, lanes, bytes.fromhex(noted["salt"]), bytes.fromhex(noted["hash"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError, OverflowError):
            log.error("operator.pin_not_read", why="it is damaged; set it again with: booth pin")
            return None
        return kept if kept.hash else None


@dataclass(frozen=True)
class _Kept:
    cost: int
    block: int
    lanes: int
    salt: bytes
    hash: bytes


_MANY = 8
"""Tries that a count that cannot be read stands for: enough for an hour."""


def _hashed(pin: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    """Return the hash. Raises ValueError or TypeError for parameters that will not do."""
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=MEMORY, dklen=32)
