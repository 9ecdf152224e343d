"""The machine as a network knows it: which of its interfaces has an address, and that one's MAC."""

import fcntl
import ipaddress
import socket
import struct
from contextlib import suppress
from pathlib import Path

_SIOCGIFADDR = 0x8915
"""Asks the kernel for an interface's IPv4 address."""

_IPV6 = Path("/proc/net/if_inet6")


def interface_of(address: str) -> str:
    """Return the name of the interface that has *address*; "" if none is known to."""
    with suppress(ValueError, OSError):
        wanted = ipaddress.ip_address(address.partition("%")[0])
        if wanted.version == 6:
            lines = [line.split() for line in _IPV6.read_text(encoding="ascii").splitlines()]
            return next((line[-1] for line in lines if line[0] == wanted.packed.hex()), "")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            for _, name in socket.if_nameindex():
                with suppress(OSError):
                    told = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                    if told[20:24] == wanted.packed:
                        return name
    return ""


def mac_of(interface: str, root: Path = Path("/sys/class/net")) -> str:
    """Return the MAC of an interface, by which a network lets a machine through; "" if it has none."""
    with suppress(OSError):
        mac = (root / interface / "address").read_text(encoding="ascii").strip() if interface else ""
        return "" if mac == "00:00:00:00:00:00" else mac
    return ""
