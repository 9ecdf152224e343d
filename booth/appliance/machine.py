"""What the card's settings change in the system that runs, beside its files."""

import errno
import os
import socket
import subprocess
from pathlib import Path
from typing import Protocol

PATIENCE = 10.0
"""Seconds after which a program that was asked for something hangs."""


class Machine(Protocol):
    """The system that runs. Every method may block for `PATIENCE`, and raises OSError with words for the owner."""

    def mounted(self, folder: Path) -> bool:
        """Return whether *folder* is a partition of its own, and not merely its empty place in the root."""
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

    def mounted(self, folder: Path) -> bool:
        """Return whether *folder* is a partition of its own, and not merely its empty place in the root."""
        return os.path.ismount(folder)

    def remount(self, folder: Path, *, writable: bool) -> None:
        """Let the partition at *folder* be written, or no more."""
        _ask("mount", "-o", f"remount,{'rw' if writable else 'ro'}", str(folder))

    def set_hostname(self, name: str) -> None:
        """Call the machine *name* until it is switched off."""
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
