"""What the card's settings change in the system that runs, beside its files."""

import errno
import os
import select
import socket
import subprocess
from pathlib import Path
from typing import Protocol

PATIENCE = 10.0
"""Seconds after which a program that was asked for something hangs."""


class Machine(Protocol):
    """The system that runs. Every method may block for `PATIENCE`, and raises OSError with words for the owner."""

    def mounted(self, folder: Path) -> bool:
        """Return whether *folder* is a partition of its own, of the disk that was booted, and not merely its place.

        What somebody plugged in may be called as the card's own partitions are: it is none of the card's.
        """
        ...

    def remount(self, folder: Path, *, writable: bool) -> None:
        """Let the partition at *folder* be written, or no more."""
        ...

    def set_hostname(self, name: str) -> None:
        """Call the machine *name* until it is switched off."""
        ...

    def make_host_key(self, file: Path) -> None:
        """Make the key by which SSH knows this machine, in *file*, for its owner alone. Not durable."""
        ...

    def seal(self, name: str, secret: bytes) -> bytes | None:
        """Return *secret* encrypted so that this machine alone can open it, as *name*; None if it has no such chip."""
        ...

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Return what was sealed as *name*."""
        ...


class RealMachine:
    """The machine this runs on. Needs to be root."""

    def __init__(
        self, root: Path = Path("/"), devices: Path = Path("/sys/dev/block"), mounter: Path | None = None
    ) -> None:
        """*root* is what was booted; *devices* is where the kernel tells of disks, by their numbers.

        *mounter* is where systemd/card listens, which does what needs a privilege; without it, this process does.
        """
        self._root = root
        self._devices = devices
        self._mounter = mounter

    def mounted(self, folder: Path) -> bool:
        """Return whether *folder* is a partition of its own, of the disk that was booted, and not merely its place."""
        if not os.path.ismount(folder):
            return False
        ours, its = self._disk(self._root), self._disk(folder)
        # A root that is on no disk, as in a container, has no other disk either.
        return ours is None or its is None or ours == its

    def _disk(self, folder: Path) -> Path | None:
        """Return the disk that holds *folder*, as the kernel knows it; None if that is no disk."""
        number = folder.stat().st_dev
        try:
            place = (self._devices / f"{os.major(number)}:{os.minor(number)}").resolve(strict=True)
        except OSError:
            return None
        return place.parent if (place / "partition").exists() else place

    def remount(self, folder: Path, *, writable: bool) -> None:
        """Let the partition at *folder* be written, or no more."""
        if self._mounter is not None:
            _have_done(self._mounter, "writable" if writable else "closed")
        else:
            _ask("mount", "-o", f"remount,{'rw' if writable else 'ro'}", str(folder))

    def set_hostname(self, name: str) -> None:
        """Call the machine *name* until it is switched off."""
        if self._mounter is not None:
            _have_done(self._mounter, f"called {name}")
        else:
            socket.sethostname(name)

    def make_host_key(self, file: Path) -> None:
        """Make the key by which SSH knows this machine, in *file*, for its owner alone. Not durable."""
        for left in (file, public := file.with_name(f"{file.name}.pub")):  # it would ask whether to replace them
            left.unlink(missing_ok=True)
        _ask("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "booth", "-f", str(file))
        public.unlink(missing_ok=True)  # nobody reads it: it can be had from the key

    def seal(self, name: str, secret: bytes) -> bytes | None:
        """Return *secret* encrypted so that this machine alone can open it, as *name*; None if it has no such chip."""
        try:
            _ask("systemd-creds", "has-tpm2", "--quiet")
        except OSError:
            return None
        return _ask("systemd-creds", "encrypt", "--with-key=tpm2", f"--name={name}", "-", "-", told=secret)

    def unseal(self, name: str, sealed: bytes) -> bytes:
        """Return what was sealed as *name*."""
        return _ask("systemd-creds", "decrypt", f"--name={name}", "-", "-", told=sealed)


def _have_done(mounter: Path, what: str) -> None:
    """Have somebody with the privilege do *what*, and wait for it. Raises OSError if that was not done."""
    heard = os.open(mounter / "answer", os.O_RDONLY | os.O_NONBLOCK)
    try:
        # Fails at once if nobody listens.
        asked = os.open(mounter / "ask", os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(asked, f"{what}\n".encode())
        finally:
            os.close(asked)
        ready, _, _ = select.select([heard], [], [], PATIENCE)
        answer = os.read(heard, 64) if ready else b""
    finally:
        os.close(heard)
    if answer != b"done\n":
        raise OSError(errno.EIO, f"{what.partition(' ')[0]} was not done, or not within {PATIENCE:g} s")


def _ask(*argv: str, told: bytes = b"") -> bytes:
    """Run a program, with *told* on its standard input; return what it says.

    What it complains of is not repeated: it may hold what it was told.
    """
    try:
        done = subprocess.run(argv, input=told, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise OSError(errno.ETIMEDOUT, f"{argv[0]} did not end within {PATIENCE:g} s") from None
    if done.returncode:
        raise OSError(errno.EIO, f"{argv[0]} failed with status {done.returncode}")
    return done.stdout
