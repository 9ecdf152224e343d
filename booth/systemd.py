"""What the booth tells systemd: that it is ready, that it lives, that it ends; and what it asks about its service.

Where nobody listens, nothing happens; a service manager that is away must not harm a visit, so nothing here raises.
"""

import os
import shlex
import socket
import subprocess
from collections.abc import Callable, Mapping

from booth.units import Seconds

SERVICE = "booth.service"

_PATIENCE = 5.0
"""How long systemctl is waited for, in seconds."""


def environment_of_service(prefix: str, systemctl: str = "systemctl") -> dict[str, str]:
    """Return the variables that begin with *prefix* and that the booth's service is started with, by its unit.

    Nothing where there is no such service, or nobody who could say. Runs a program; never raises.
    """
    try:
        words = shlex.split(_property("Environment", systemctl))
    except ValueError:
        return {}
    found = (word.partition("=") for word in words)
    return {name: value for name, equals, value in found if equals and name.startswith(prefix)}


def service_is_up(systemctl: str = "systemctl") -> bool:
    """Return whether the booth's service runs, starts or ends, so that it may have camera and pins.

    False where there is no such service, or nobody who could say. Runs a program; never raises.
    """
    return _property("ActiveState", systemctl).strip() in {"active", "activating", "deactivating", "reloading"}


def _property(name: str, systemctl: str) -> str:
    """Return a property of the booth's service; "" where there is no such service, or nobody who could say."""
    try:
        ran = subprocess.run(
            (systemctl, "show", SERVICE, f"--property={name}", "--value"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.decode("utf-8", "surrogateescape")


class Notifier:
    """Sends notifications to the socket that *environ* names. Holds nothing open; may be used from any thread.

    *shown* makes of a text what may be shown of it; ``systemctl status`` is read by more people than the booth.
    """

    def __init__(self, environ: Mapping[str, str], shown: Callable[[str], str] = str) -> None:
        self._environ = environ
        self._shown = shown
        name = environ.get("NOTIFY_SOCKET", "")
        # A leading @ stands for the zero byte of Linux's abstract addresses, which no variable can hold.
        self._address = "\0" + name[1:] if name.startswith("@") else name

    def ready(self) -> None:
        """Say that the booth is up: guests can use it."""
        self._send("READY=1")

    def watchdog(self) -> None:
        """Say that the booth lives. Due every `watchdog_interval`."""
        self._send("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in one line how the booth is; ``systemctl status`` shows it."""
        self._send("STATUS=" + self._shown(" ".join(text.split())))

    def extend(self, seconds: Seconds) -> None:
        """Ask for *seconds* more, from now on, to become ready; due again before they are over."""
        self._send(f"EXTEND_TIMEOUT_USEC={round(seconds * 1_000_000)}")

    def stopping(self) -> None:
        """Say that the booth is on its way out."""
        self._send("STOPPING=1")

    def watchdog_interval(self) -> Seconds | None:
        """Return how often `watchdog` is due, which is half of what systemd waits, or None if it does not watch us."""
        try:
            limit = int(self._environ.get("WATCHDOG_USEC", "0")) / 1_000_000
            watched = int(self._environ.get("WATCHDOG_PID", os.getpid()))
        except ValueError:
            return None
        return Seconds(limit / 2) if limit > 0 and watched == os.getpid() else None

    def _send(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)  # a full queue costs a notification, not a frame
                channel.sendto(state.encode(errors="replace"), self._address)
        except (OSError, ValueError):  # ValueError: an address that no socket can have
            pass
