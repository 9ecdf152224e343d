"""A look at the way to a server, of a few hundred bytes: its name, a connection, TLS, and a question without a key.

Nothing of an answer is believed but that it came, its date, and where it wants to lead. No key is used.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from booth.drivers import wire
from booth.drivers.bucket_options import BucketOptions
from booth.drivers.probing import ANSWER, CONNECTION, NAME, OTHER, REFUSAL, RESET, TIMEOUT, TLS
from booth.errors import ConfigError
from booth.operator.surveying.certificates import issuer

_MOST = 16_384
"""Bytes of an answer that are read."""

_OF_STRANGERS = {18, 19, 20, 21}
"""How OpenSSL counts what is wrong with a certificate whose authority is not known."""

_PAGE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", re.IGNORECASE)


@dataclass(frozen=True)
class Glance:
    """What was seen. Times in seconds."""

    total: float
    naming: float = 0.0
    connecting: float = 0.0
    securing: float = 0.0
    answering: float = 0.0
    phase: str = ""
    """Where it failed; "" where it did not."""
    kind: str = ""
    why: str = ""
    ahead: float | None = None
    """Seconds by which this machine's clock is ahead of the server's; None if nobody said."""
    login: str = ""
    """Where the network wants its guests to log in: a page's address, or the address asked for, which became a page."""
    issuer: str = ""
    """Who made out a certificate that is not trusted; "" for all others."""
    address: str = ""
    """The address of this machine on that way; "" where there was no connection."""
    expires: float | None = None
    """When the server's certificate does, in seconds since 1970; None where there is none that is trusted."""


class Looker:
    """Looks at the way to the server at *url*. *login_port* is where networks answer in the place of anybody: 80."""

    def __init__(
        self,
        url: str,
        trust: Callable[[], ssl.SSLContext],
        *,
        timeout: float,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        login_port: int = 80,
    ) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._trust = trust
        self._timeout = timeout
        self._wall = wall
        self._clock = clock
        self._login_port = login_port
        self.phase = NAME
        """Where the look is that goes on, for whoever waits for it."""

    def look(self) -> Glance:
        """Glance once. Blocks for three time-outs at most, beside name service's own."""
        self.phase, began = NAME, self._clock()
        times = [began]
        address = ""
        try:
            places = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            times.append(self._clock())
            self.phase = CONNECTION
            with self._connected(places) as plain:
                address = plain.getsockname()[0]
                times.append(self._clock())
                self.phase = TLS
                with self._secured(plain) as connection:
                    times.append(self._clock())
                    expires = _expiry(connection)
                    self.phase = ANSWER
                    answer = self._asked(connection)
            times.append(self._clock())
            ahead, login = self._read(answer)
            login = "" if self._tls else login  # who has the server's certificate is the server
            naming, connecting, securing, answering = (after - before for before, after in pairwise(times))
            total = times[-1] - began
            return Glance(total, naming, connecting, securing, answering, ahead=ahead, login=login, address=address,
                          expires=expires)  # fmt: skip
        except (OSError, ValueError) as exc:
            unknown = isinstance(exc, ssl.SSLCertVerificationError) and exc.verify_code in _OF_STRANGERS
            made_by = self._stranger() if unknown else ""
            login = self.login_page() if self.phase in {TLS, CONNECTION} or made_by else ""
            kind = _kind(exc)
            why = getattr(exc, "verify_message", "") or getattr(exc, "strerror", "") or type(exc).__name__
            return Glance(self._clock() - began, phase=self.phase, kind=kind, why=why, login=login, issuer=made_by,
                        address=address)  # fmt: skip

    def login_page(self) -> str:
        """Return where a question without TLS is led to, if that is another host, or a page; "" if nothing answers."""
        try:
            with socket.create_connection((self._host, self._login_port), self._timeout) as connection:
                return self._read(self._asked(connection))[1]
        except (OSError, ValueError):
            return ""

    def _connected(self, places: Sequence[tuple[Any, ...]]) -> socket.socket:
        """Connect to the first of a name's addresses that takes it, as the client does."""
        for number, place in enumerate(places, 1):
            try:
                return socket.create_connection(place[4][:2], self._timeout)
            except OSError:
                if number == len(places):
                    raise
        raise OSError("there is no address")

    def _secured(self, plain: socket.socket) -> socket.socket:
        return self._trust().wrap_socket(plain, server_hostname=self._host) if self._tls else plain

    def _asked(self, connection: socket.socket) -> bytes:
        host = f"[{self._host}]" if ":" in self._host else self._host
        said = f"GET / HTTP/1.1\r\nHost: {host}:{self._port}\r\nUser-Agent: booth\r\nConnection: close\r\n\r\n"
        connection.sendall(said.encode("ascii", "replace"))
        answer = b""
        until = self._clock() + self._timeout
        while len(answer) < _MOST and self._clock() < until and (more := connection.recv(_MOST)):
            answer += more
        if not answer.startswith(b"HTTP/"):
            raise ConnectionResetError("no answer")
        return answer

    def _read(self, answer: bytes) -> tuple[float | None, str]:
        """Return by how much our clock is ahead, and where to log in."""
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        ahead = None
        with suppress(ValueError, OverflowError):
            ahead = self._wall() - parsedate_to_datetime(headers.get("date", "")).timestamp()
        if any(name.startswith("x-amz-") for name in headers):  # S3 itself leads who has no key to pages about it
            return ahead, ""
        status = lines[0].split(" ")[1:2]
        there = urlsplit(headers.get("location", ""))
        if status and status[0].startswith("3") and there.hostname not in {None, self._host}:
            return ahead, f"{there.scheme}://{there.netloc}{there.path}"
        if status == ["511"] or (status == ["200"] and _PAGE.match(body)):
            return ahead, f"http://{self._host}"
        return ahead, ""

    def _stranger(self) -> str:
        """Return who made out the certificate that is shown here."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # it is looked at, and nothing is told to whoever shows it
        try:
            with (
                socket.create_connection((self._host, self._port), self._timeout) as plain,
                context.wrap_socket(plain, server_hostname=self._host) as connection,
            ):
                return issuer(connection.getpeercert(binary_form=True) or b"")
        except (OSError, ValueError):
            return ""


def looker_of(options: BucketOptions, **more: Any) -> Looker | None:
    """Return what looks at the way to a bucket, as its client goes it; None where a proxy is on it.

    *more* are arguments of the looker's, in the place of the bucket's own. Raises `ConfigError`; asks nobody.
    """
    if wire.proxy_for(options.endpoint_url) is not None:
        return None
    authorities = options.ca_bundle or None
    try:
        wire.trust(authorities)
    except OSError:
        raise ConfigError("zenko.ca_bundle cannot be read, or holds no certificate: put the right path") from None
    return Looker(options.endpoint_url, lambda: wire.trust(authorities), **{"timeout": options.connect_timeout, **more})


def _expiry(connection: socket.socket) -> float | None:
    """Return when the certificate of whoever is at the other end does: it has been proved, if there is TLS at all."""
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    until = (shown or {}).get("notAfter")
    return float(ssl.cert_time_to_seconds(until)) if isinstance(until, str) else None


def _kind(exc: Exception) -> str:
    if isinstance(exc, TimeoutError):
        return TIMEOUT
    if isinstance(exc, ConnectionRefusedError):
        return REFUSAL
    if isinstance(exc, ConnectionError | ssl.SSLEOFError):
        return RESET
    return OTHER
