"""Hosts of servers: what an address says of them, without asking anybody."""

import ipaddress
import socket
from urllib.parse import urlsplit


def loopback(url: str) -> bool:
    """Return whether *url* leads to this very machine, as far as its host says so itself.

    ``localhost`` and names under it, 127.0.0.0/8, ::1 (written in any way), and "any address", which leads here too.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = _number(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def numeric(url: str) -> bool:
    """Return whether the host of *url* is a number (IPv4 or IPv6) and no name."""
    try:
        _number(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return True


def in_clear(url: str) -> bool:
    """Return whether what is sent to *url* can be read by everybody on the way: ``http``, and not this very machine."""
    return url.lower().startswith("http:") and not loopback(url)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return what *host* says in digits; 127.1 and 0x7f000001 are the numbers that every program takes them for."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            raise ValueError(f"{host!r} is no number") from None
