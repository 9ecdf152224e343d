"""The wire to a bucket: one request, one answer, and no more of it than was asked for. urllib3 lives here alone.

What answers may be anything: a server, a proxy, a hotel, somebody who wishes the booth ill. Whatever it sends, so many
bytes are taken in, head and body together, and then the booth hangs up; nothing is parsed here but the head.

botocore's connections are used for what they know of "100 Continue": a server that refuses an animation says so before
it has come.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPSConnection
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3 import exceptions
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from booth.hosts import loopback

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest

HEAD = 65_536
"""The most bytes of a head (status line, headers, each "100 Continue") that are taken in."""

PIECE = 16_384
"""Bytes of an animation that are handed to the kernel at a time. Each piece has the connection's time-out."""

UNSENT = 16_384
"""Bytes that the kernel may hold back. Without a limit it takes a whole animation at once, and on a slow network the
time for the answer is over before that has been sent: nothing would ever arrive."""

OK = 200
"""The status from which on an answer is one (RFC 9110); a smaller one says that an answer will come."""

_ENDS = 3
"""Times that an end is read before whoever reads it is stopped: some code reads it again and again, for ever."""

_TUNNEL = re.compile(r"Tunnel connection failed: ([1-5][0-9]{2})\b")
"""How the standard library says what a proxy answered."""


class TooMuchError(OSError):
    """The answer does not end."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """The headers by name, in small letters."""
    body: bytes
    cut: bool
    """Whether there was more of the body than was asked for."""


@dataclass
class _Allowance:
    """How many bytes may still come."""

    left: int = 0
    ends: int = 0
    exceeded: bool = False

    def renew(self, size: int) -> None:
        self.left, self.ends, self.exceeded = size, 0, False

    def take(self, size: int) -> None:
        """Count *size* bytes that have come; 0 is an end. Raises `TooMuchError`."""
        self.left -= size
        self.ends += size == 0
        if self.left < 0 or self.ends > _ENDS:
            self.exceeded = True
            raise TooMuchError("the answer does not end")


class _Counted:
    """A socket that counts what it receives, however it is asked for it."""

    allowance: _Allowance | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        got: int = super().recv_into(buffer, nbytes or 0, flags)  # type: ignore[misc]  # a socket's
        return self._count(got)

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        got: bytes = super().recv(bufsize, flags)  # type: ignore[misc]  # the same
        self._count(len(got))
        return got

    def _count(self, size: int) -> int:
        if self.allowance is not None:
            self.allowance.take(size)
        return size


class _PlainSocket(_Counted, socket.socket):
    pass


class _TLSSocket(_Counted, ssl.SSLSocket):  # type: ignore[misc]  # it names an argument otherwise than its own base
    pass


def _pools(allowance: _Allowance) -> dict[str, type[HTTPConnectionPool]]:
    """Return the kinds of connections, by scheme, that receive no more than *allowance*."""

    class Bounded:
        def _new_conn(self) -> socket.socket:
            made: socket.socket = super()._new_conn()  # type: ignore[misc]  # a connection's
            timeout = made.gettimeout()
            counted = _PlainSocket(made.family, made.type, made.proto, fileno=made.detach())
            counted.settimeout(timeout)
            counted.allowance = allowance
            return counted

        def _connect_tls_proxy(self, hostname: str, sock: socket.socket) -> ssl.SSLSocket:
            # Within TLS to a proxy another TLS is spoken, by an object that is no socket: counted is what is around it.
            made: Any = super()._connect_tls_proxy(hostname, sock)  # type: ignore[misc]  # the same
            made.allowance = allowance
            return made  # type: ignore[no-any-return]  # the same

        def connect(self) -> None:
            super().connect()  # type: ignore[misc]  # the same
            sock: Any = self.sock  # type: ignore[attr-defined]  # the same
            if isinstance(sock, _TLSSocket):
                sock.allowance = allowance

    plain: Any = AWSHTTPConnection  # its types contradict each other
    secure: Any = AWSHTTPSConnection

    class Plain(Bounded, plain):  # type: ignore[misc]  # of which nothing is known, then
        pass

    class Secure(Bounded, secure):  # type: ignore[misc]  # the same
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class Wire:
    """Connections to one server, one at a time. Used by one thread.

    *connect_timeout* and *read_timeout* in seconds. *trust*: what makes a certificate good, see `trust`; *proxy*: see
    `proxy_for`.
    """

    def __init__(
        self, *, connect_timeout: float, read_timeout: float, trust: ssl.SSLContext, proxy: str | None = None
    ) -> None:
        self._proxy = proxy
        self._allowance = _Allowance()
        options: dict[str, Any] = {
            "timeout": urllib3.Timeout(connect=connect_timeout, read=read_timeout),
            "maxsize": 1,
            "blocksize": PIECE,
            "ssl_context": trust,
            "socket_options": [
                (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
                (socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT),
            ],
        }
        self._manager: urllib3.PoolManager
        if proxy is None:
            self._manager = urllib3.PoolManager(**options)
        else:
            # What makes a server's certificate good may be one authority alone; a proxy's is the system's matter.
            around = _trusted_by_the_system() if proxy.startswith("https:") else None
            who = _authorization(proxy)
            self._manager = urllib3.ProxyManager(proxy, proxy_headers=who, proxy_ssl_context=around, **options)
        self._manager.pool_classes_by_scheme = _pools(self._allowance)

    def send(self, request: "AWSPreparedRequest", most: int) -> Answer:
        """Send *request* as botocore prepared and signed it; return the answer, with *most* bytes of its body.

        Blocks, for no longer than its time-outs while nothing moves. Raises the exceptions of botocore that say what
        happened, `TooMuchError` inside `HTTPClientError` if it was too much.
        """
        url = request.url
        headers: Any = request.headers
        body: Any = request.body
        if "X-Amzn-Trace-Id" in headers:  # from the environment of whoever started the booth, and not signed
            del headers["X-Amzn-Trace-Id"]
        self._allowance.renew(HEAD + most)
        try:
            pool = self._manager.connection_from_url(url)
            forwarded = self._proxy is not None and url.startswith("http:")
            raw = pool.urlopen(
                method=request.method,
                url=url if forwarded else _target(url),
                body=body,
                headers=headers,
                retries=urllib3.Retry(False),
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                decode_content=False,
                enforce_content_length=False,
            )
            if self._allowance.ends:  # the library takes what had come of a head for the whole of it
                raw.close()
                raise exceptions.ProtocolError("the connection ended within the head")
            if raw.status < OK:  # another answer comes after it, and is not to be taken for that to the next request
                raw.close()
                return Answer(raw.status, {}, b"", cut=False)
            try:
                came = raw.read(most + 1, decode_content=False)
                cut = len(came) > most
                if not cut:
                    raw.release_conn()
            finally:
                raw.close()
            return Answer(raw.status, {name.lower(): value for name, value in raw.headers.items()}, came[:most], cut)
        except Exception as exc:
            raise self._translated(url, exc) from exc

    def close(self) -> None:
        """Close the connections."""
        self._manager.clear()

    def _translated(self, url: str, exc: Exception) -> Exception:
        """Return what botocore calls *exc*."""
        if self._allowance.exceeded:
            return HTTPClientError(error=TooMuchError("the answer does not end"))
        match exc:
            case exceptions.SSLError():
                return SSLError(endpoint_url=url, error=exc)
            case exceptions.NewConnectionError() | socket.gaierror():
                return EndpointConnectionError(endpoint_url=url, error=exc)
            case exceptions.ProxyError():
                return ProxyConnectionError(proxy_url="the proxy", error=exc)
            case exceptions.ConnectTimeoutError():
                return ConnectTimeoutError(endpoint_url=url, error=exc)
            case exceptions.ReadTimeoutError():
                return ReadTimeoutError(endpoint_url=url, error=exc)
            case exceptions.ProtocolError():
                return ConnectionClosedError(endpoint_url=url, error=exc)
            case _:
                return HTTPClientError(error=exc)


def refused_by_proxy(text: str) -> str:
    """Return the number with which a proxy refused to connect, as *text* (an exception's) says; "" if none did."""
    found = _TUNNEL.search(text)
    return found[1] if found else ""


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


# ---- what is trusted, and what is between


def trust(ca_bundle: Path | str | None) -> ssl.SSLContext:
    """Return what makes a server's certificate good: the authorities in *ca_bundle*; without one, the system's.

    Where the system has none, those that come with the library (certifi). Raises OSError if the file cannot be read or
    holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _TLSSocket
    if ca_bundle:
        context.load_verify_locations(cafile=ca_bundle)
    elif _system_trusts():
        context.set_default_verify_paths()
    else:
        from botocore.httpsession import get_cert_path

        context.load_verify_locations(cafile=get_cert_path(True))
    return context


def _trusted_by_the_system() -> ssl.SSLContext:
    return trust(None)


def _system_trusts() -> bool:
    """Return whether the system has authorities that it trusts."""
    paths = ssl.get_default_verify_paths()  # None where there is no such file or folder
    if paths.cafile is not None and Path(paths.cafile).stat().st_size > 0:
        return True
    return paths.capath is not None and any(True for _ in Path(paths.capath).iterdir())


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) names for *url*; None for none.

    What is on this very machine is never behind one.
    """
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if not proxy or loopback(url) or proxy_bypass(parts.netloc) or _spared(parts):
        return None
    return proxy if "://" in proxy else f"http://{proxy.removeprefix('//')}"


def _spared(server: SplitResult) -> bool:
    """Return whether NO_PROXY names *server* in a way that curl and others know, and the standard library does not.

    Those are whole networks (``192.168.0.0/16``), a star before a name (``*.example.com``), and the usual port.
    """
    host = (server.hostname or "").rstrip(".")
    port = str(server.port or (443 if server.scheme == "https" else 80))
    for entry in getproxies().get("no", "").lower().split(","):
        name, colon, number = entry.strip().removeprefix("*").rpartition(":")
        if not colon or number != port:  # what is behind the colon of a number of IPv6 is no port
            name = entry.strip().removeprefix("*")
        if name and (host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}")):
            return True
        with suppress(ValueError):
            if ipaddress.ip_address(host) in ipaddress.ip_network(name.strip("[]"), strict=False):
                return True
    return False


def without_password(proxy: str) -> str:
    """Return a proxy's address as it may be shown."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme.strip()}://{re.split('[/?#]', rest)[0].rpartition('@')[2].strip()}"


def _authorization(proxy: str) -> dict[str, str]:
    try:
        parts = urlsplit(proxy)
    except ValueError:
        raise exceptions.LocationParseError("what should be a proxy's address") from None
    if parts.username is None:
        return {}
    return dict(urllib3.make_headers(proxy_basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}"))
