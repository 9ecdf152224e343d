"""The double: a server on the loopback that stands before an S3 server, and asks its rooms about each request."""

import contextlib
import http.client
import http.server
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from lab.zenko.rooms import Answer, HungUpError, NeverAnsweredError, Request, Room

NAME = "S3 Server"
"""What CloudServer calls itself, in the header ``server``."""

PATIENCE = 60.0
"""Seconds after which the server behind, or a client that says nothing, is given up."""

_OURS = frozenset({"authorization", "connection", "content-length", "expect", "host", "transfer-encoding"})
"""Headers of a request that are not passed on."""

_THEIRS = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})
"""Headers of an answer that are not passed on."""

_ANYBODY = "AWS4-HMAC-SHA256 Credential=double/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
"""Signs for the server behind, which believes anybody, and takes who does not sign for a passer-by."""


class ZenkoDouble:
    """Listens on the loopback before the S3 server at *upstream*; *rooms* are asked in order, one request at a time.

    With *tls* it speaks TLS. *wall* is its clock, in seconds of Unix time. Without a *port* it takes a free one. Enter
    it first: that raises `OSError` if the port is taken.
    """

    def __init__(
        self,
        upstream: str,
        rooms: Sequence[Room],
        tls: ssl.SSLContext | None = None,
        *,
        wall: Callable[[], float] = time.time,
        port: int = 0,
    ) -> None:
        behind = urlsplit(upstream)
        self._behind = (behind.hostname or "127.0.0.1", behind.port or 80)
        self.rooms = rooms
        self.wall = wall
        self.asked: list[tuple[str, str]] = []
        """Method and target of each request, in order."""
        self._tls = tls
        self._port = port
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its address."""
        if self._server is None:
            raise ValueError("enter the double first")
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        server = self._server = _Server(self, self._port)
        if self._tls is not None:
            server.socket = self._tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="zenko")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def answer(self, request: Request) -> Answer | None:
        """Return what is answered to *request*; None to hang up."""
        try:
            with self._turn:
                self.asked.append((request.method, request.target))
                return self._answered(request)
        except NeverAnsweredError:
            self._ended.wait()
        except HungUpError:
            pass
        return None

    def behind(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return what the server behind answers."""
        kept = {name: value for name, value in headers.items() if name not in _OURS} | {"Authorization": _ANYBODY}
        with contextlib.closing(http.client.HTTPConnection(*self._behind, timeout=PATIENCE)) as onward:
            onward.request(method, target, body or None, kept)
            came = onward.getresponse()
            passed = {name.lower(): value for name, value in came.getheaders() if name.lower() not in _THEIRS}
            if method == "HEAD" and (length := came.getheader("content-length")) is not None:
                passed["content-length"] = length
            return Answer(came.status, passed, came.read())

    def _answered(self, request: Request) -> Answer:
        passed: list[Room] = []
        answer = None
        for room in self.rooms:
            answer = room.before(request)
            if answer is not None:
                break
            passed.append(room)
        if answer is None:
            answer = self.behind(request.method, request.target, request.headers, request.body)
        for room in reversed(passed):
            answer = room.after(request, answer)
        return answer


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, double: ZenkoDouble, port: int) -> None:
        self.double = double
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that do not trust us, or have gone."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Write nothing."""

    def _any(self) -> None:
        double = self.server.double
        target = urlsplit(self.path)
        bucket, _, key = unquote(target.path).removeprefix("/").partition("/")
        request = Request(
            method=self.command,
            target=self.path,
            bucket=bucket,
            key=key,
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._body(),
            secure=isinstance(self.connection, ssl.SSLSocket),
            behind=double.behind,
            now=double.wall(),
        )
        self.close_connection = True
        answer = double.answer(request)
        if answer is None:
            return
        self.send_response_only(answer.status)
        headers = {"server": NAME, "date": formatdate(double.wall(), usegmt=True), **answer.headers}
        if answer.status != http.HTTPStatus.NO_CONTENT:
            headers = {"content-length": str(len(answer.body)), **headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_DELETE = do_GET = do_HEAD = do_POST = do_PUT = _any  # noqa: N815  the library's names

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body
