"""A server from hell: a front for an S3 server that misbehaves in one way at a time, by name.

``python -m lab.server.misbehaving --upstream URL`` listens on the loopback only and prints one line of JSON: its
address. Each line of standard input that names a fault (``--list`` prints them) makes it the server's; ``healthy`` ends
it. The server ends when standard input does, or on SIGTERM. What is no part of a fault goes through to the server
behind and back, byte for byte, so that what arrives is what the booth sent and what is stored is stored.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import signal
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from booth.units import Seconds

HEALTHY = "healthy"
"""The name of no fault at all."""

GOOD = "good"
"""The name of the certificate that a healthy server shows."""

PATIENCE = Seconds(30.0)
"""How long a silent client, or the server behind, is waited for."""

_LINGER_NOT = struct.pack("ii", 1, 0)
_LARGEST_HEAD = 65_536


@dataclass(frozen=True)
class Numbers:
    """How bad it is."""

    reset_after: int = 1000
    """Bytes of the body before the connection is reset in the middle of it."""
    drip: Seconds = Seconds(1.0)
    """Between two bytes of an answer that drips."""
    uplink: int = 100_000
    """Bytes a second that a slow uplink takes."""


class Exchange:
    """One request on a connection of its own, and what the fault does to it."""

    def __init__(
        self,
        connection: socket.socket,
        behind: tuple[str, int],
        ended: threading.Event,
        stored: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._behind = behind
        self._ended = ended
        self._stored = stored
        self._read = b""
        self._expected = False
        self._head = b""
        self.method = ""
        self.path = ""
        self.headers = Message()

    def head(self) -> bool:
        """Read the request line and the headers; return whether there are any."""
        while b"\r\n\r\n" not in self._read:
            more = self._connection.recv(8192)
            if not more or len(self._read) > _LARGEST_HEAD:
                return False
            self._read += more
        self._head, _, self._read = self._read.partition(b"\r\n\r\n")
        line, _, headers = self._head.partition(b"\r\n")
        self.method, self.path, _ = line.decode("latin-1").split(" ", 2)
        self.headers = http.client.parse_headers(BytesIO(headers + b"\r\n\r\n"))
        self._expected = self.headers.get("Expect", "").lower() == "100-continue"
        return True

    def body(self, most: int | None = None, each: int = 65_536, rate: int | None = None) -> bytes:
        """Read the body, or *most* bytes of it: *each* at a time, *rate* bytes a second.

        What it is late with, on a busy machine, it makes up for.
        """
        if self._expected:
            self._expected = False
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(self.headers.get("Content-Length", "0"))
        length = length if most is None else min(most, length)
        began = time.monotonic()
        while len(self._read) < length:
            more = self._connection.recv(min(each, length - len(self._read)))
            if not more:
                raise ConnectionError("the client has left")
            self._read += more
            if rate is not None:
                self.pause(Seconds(max(began + len(self._read) / rate - time.monotonic(), 0.0)))
        return self._read

    def forward(self, body: bytes) -> bytes:
        """Have the server behind answer; return its whole answer, head and all."""
        dropped = (b"expect:", b"connection:")
        lines = [line for line in self._head.split(b"\r\n") if not line.lower().startswith(dropped)]
        with socket.create_connection(self._behind, PATIENCE) as onward:
            onward.sendall(b"\r\n".join((*lines, b"Connection: close", b"", b"")) + body)
            answer = b"".join(iter(lambda: onward.recv(65_536), b""))
        if self.method == "PUT" and answer.split(b" ", 2)[1:2] == [b"200"]:
            self._stored(self.path)
        return answer

    def say(self, answer: bytes) -> None:
        """Send *answer* as it is."""
        self._connection.sendall(answer)

    def answer(self, status: int, content: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Send an answer of our own."""
        said = {"Content-Length": str(len(content)), "Connection": "close", **(headers or {})}
        lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Odd')}"]
        lines += [f"{name}: {value}" for name, value in said.items()]
        self.say("\r\n".join((*lines, "", "")).encode("latin-1") + content)

    def reset(self) -> None:
        """Break the connection: the other side is told so, and loses what it has not read yet."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._connection.close()

    def hang(self) -> None:
        """Take whatever comes and say nothing, until the client leaves or the server ends."""
        self._connection.settimeout(None)
        while self._connection.recv(65_536):
            pass

    def pause(self, seconds: Seconds) -> bool:
        """Wait; return whether the server goes on."""
        return not self._ended.wait(seconds)


Act = Callable[[Exchange, Numbers], None]
"""Does something to an exchange."""


def _serve(exchange: Exchange, _: Numbers) -> None:
    exchange.say(exchange.forward(exchange.body()))


def _hang(exchange: Exchange, _: Numbers) -> None:
    exchange.hang()


def _take_and_hang(exchange: Exchange, _: Numbers) -> None:
    exchange.body()
    exchange.hang()


def _reset_in_body(exchange: Exchange, numbers: Numbers) -> None:
    exchange.body(numbers.reset_after)
    exchange.reset()


def _reset_after_body(exchange: Exchange, _: Numbers) -> None:
    exchange.body()
    exchange.reset()


def _reset_in_answer(exchange: Exchange, _: Numbers) -> None:
    answer = exchange.forward(exchange.body())
    exchange.say(answer[: answer.lower().find(b"etag:") + 12])  # what has come so far confirms nothing
    exchange.reset()


def _lose_answer(exchange: Exchange, _: Numbers) -> None:
    exchange.forward(exchange.body())


def _drip(exchange: Exchange, numbers: Numbers) -> None:
    for byte in exchange.forward(exchange.body()):
        exchange.say(bytes((byte,)))
        if not exchange.pause(numbers.drip):
            break


def _take_slowly(exchange: Exchange, numbers: Numbers) -> None:
    exchange.say(exchange.forward(exchange.body(each=4096, rate=numbers.uplink)))


def _confirm(etag: str | None) -> Act:
    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        exchange.answer(200, headers={} if etag is None else {"ETag": f'"{etag}"'})

    return act


def _store(etag: Callable[[str], str | None], **headers: str) -> Act:
    """Store the animation, and answer with what *etag* makes of its MD5 (hex), and *headers*. Nothing can be read."""

    def act(exchange: Exchange, _: Numbers) -> None:
        body = exchange.body()
        said = {"x-amz-request-id": "1"} | {name.replace("_", "-"): value for name, value in headers.items()}
        if exchange.method != "PUT":
            exchange.answer(403, b"<Error><Code>AccessDenied</Code></Error>", said)
            return
        exchange.forward(body)
        tag = etag(hashlib.md5(body, usedforsecurity=False).hexdigest())
        exchange.answer(200, headers=said if tag is None else said | {"ETag": tag})

    return act


def _flood(head: bytes, piece: bytes) -> Act:
    """Answer with *head*, and then *piece* again and again until the client leaves."""

    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        exchange.say(head)
        while exchange.pause(Seconds(0.0)):
            exchange.say(piece)

    return act


def _quote(exchange: Exchange, _: Numbers) -> None:
    exchange.body()
    said = "".join(exchange.headers.get(f"x-amz-meta-{name}", "") for name in ("name", "email"))
    xml = f"<Error><Code>Evil&#10;{said}</Code><Message>{said}</Message></Error>"
    exchange.answer(400, xml.encode("latin-1", "replace"))


def _refuse(status: int, code: str = "", message: str = "", *, early: bool = False) -> Act:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'.encode()
        if code
        else b""
    )

    def act(exchange: Exchange, _: Numbers) -> None:
        if not early:
            exchange.body()
        exchange.answer(status, content, {"Content-Type": "application/xml"})

    return act


def _answer(status: int, content: bytes) -> Act:
    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        exchange.answer(status, content, {"Content-Type": "application/xml"})

    return act


def _show_page(status: int) -> Act:
    page = b"<!DOCTYPE html>\n<html><body><h1>Welcome!</h1>Please log in to our network.</body></html>\n"

    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        exchange.answer(status, page, {"Content-Type": "text/html"})

    return act


def _redirect(status: int, *, page: bool = False, elsewhere: bool = False) -> Act:
    """Redirect to the same address, or to ever another one; without a *page* nothing says what is meant."""

    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        where = exchange.path + ("/x" if elsewhere else "")
        content = b"<html><a href='/login'>Log in</a></html>" if page else b""
        exchange.answer(status, content, {"Location": where, "Content-Type": "text/html"})

    return act


def _be_late(hours: int) -> Act:
    """Refuse a signature for its time, by a clock that is *hours* ahead of ours."""

    def act(exchange: Exchange, _: Numbers) -> None:
        exchange.body()
        xml = b"<Error><Code>RequestTimeTooSkewed</Code><Message>The difference is too large.</Message></Error>"
        exchange.answer(403, xml, {"Date": formatdate(time.time() + 3600 * hours, usegmt=True)})

    return act


def _want_tls(exchange: Exchange, _: Numbers) -> None:
    exchange.body()
    exchange.say(b"\x15\x03\x01\x00\x02\x02\x46")  # an alert: that is no version of TLS


def _say_that_tls_is_wanted(exchange: Exchange, _: Numbers) -> None:
    exchange.body()
    page = b"<html><center><h1>400 Bad Request</h1></center>The plain HTTP request was sent to HTTPS port</html>"
    exchange.answer(400, page, {"Content-Type": "text/html"})


def _talk_plainly(exchange: Exchange, _: Numbers) -> None:
    exchange.answer(400)


@dataclass(frozen=True)
class Fault:
    """One way to misbehave."""

    name: str
    does: str
    """What the server does, for a person: "hangs up in the middle of the animation"."""
    act: Act
    certificate: str = GOOD
    """Which certificate is shown over TLS. Another one than the good one makes no sense without TLS."""
    listens: bool = True
    speaks: bool = True
    """False: the exchange begins, and ends, before TLS and HTTP do."""
    tls_only: bool = False
    plain_only: bool = False

    @property
    def schemes(self) -> tuple[str, ...]:
        """Return what it can be done over."""
        if self.plain_only:
            return ("http",)
        return ("https",) if self.tls_only or self.certificate != GOOD else ("http", "https")


FAULTS = {
    fault.name: fault
    for fault in (
        # ---- the connection
        Fault("refuses", "nobody listens there", _hang, listens=False),
        Fault("silent", "takes the connection and never says a word", _hang, speaks=False),
        Fault("mute", "takes the whole animation and never answers", _take_and_hang),
        Fault("resets-in-body", "breaks the connection in the middle of the animation", _reset_in_body),
        Fault("resets-after-body", "breaks the connection after the animation", _reset_after_body),
        Fault("resets-in-answer", "stores the animation, breaks the connection in the middle of its answer",
              _reset_in_answer),
        Fault("loses-answer", "stores the animation and hangs up without a word", _lose_answer),
        Fault("drips", "stores the animation, and answers with a byte a second", _drip),
        Fault("slow-uplink", "takes the animation slowly, as a bad network does", _take_slowly),
        # ---- trouble of its own
        Fault("500", "500 InternalError", _refuse(500, "InternalError", "We are sorry.")),
        Fault("502", "502 from a proxy, without a word of S3", _refuse(502)),
        Fault("503", "503 ServiceUnavailable", _refuse(503, "ServiceUnavailable", "Reduce your request rate.")),
        Fault("503-SlowDown", "503 SlowDown", _refuse(503, "SlowDown", "Reduce your request rate.")),
        Fault("503-early", "503 SlowDown before it has taken the animation",
              _refuse(503, "SlowDown", "Reduce your request rate.", early=True)),
        Fault("429", "429 from a proxy, without a word of S3", _refuse(429)),
        # ---- what a person put wrong
        Fault("InvalidAccessKeyId", "403 InvalidAccessKeyId", _refuse(403, "InvalidAccessKeyId", "No such key.")),
        Fault("SignatureDoesNotMatch", "403 SignatureDoesNotMatch",
              _refuse(403, "SignatureDoesNotMatch", "The signature we calculated is another one.")),
        Fault("AccessDenied", "403 AccessDenied", _refuse(403, "AccessDenied", "Access Denied")),
        Fault("AccessDenied-storage-limit", "403 AccessDenied: the storage space limit will be exceeded",
              _refuse(403, "AccessDenied", "The assigned storage space limit for location x will be exceeded")),
        Fault("RequestTimeTooSkewed", "403 RequestTimeTooSkewed",
              _refuse(403, "RequestTimeTooSkewed", "The difference between the request time and ours is too large.")),
        Fault("five-hours-ahead", "403 RequestTimeTooSkewed: its clock is five hours ahead of the booth's",
              _be_late(5)),
        Fault("five-hours-behind", "403 RequestTimeTooSkewed: its clock is five hours behind the booth's",
              _be_late(-5)),
        Fault("not-s3", "404, without a word of S3: a web server, or an ingress that does not know the host",
              _answer(404, b"default backend - 404")),
        Fault("NoSuchBucket", "404 NoSuchBucket", _refuse(404, "NoSuchBucket", "The bucket does not exist.")),
        Fault("InvalidURI", "400 InvalidURI",
              _refuse(400, "InvalidURI", "Could not parse the URI. Check your restEndpoints configuration.")),
        Fault("413", "413 from a proxy: the animation is larger than it lets through", _refuse(413)),
        Fault("odd-refusal", "400 with a code that is in no list", _refuse(400, "InvalidStorageClass", "No.")),
        Fault("path-style", "403 SecondLevelDomainForbidden: it wants the bucket's name in the host",
              _refuse(403, "SecondLevelDomainForbidden", "Please use virtual hosted style to access.")),
        Fault("405", "405 from a server that takes no animation at such an address", _refuse(405)),
        # ---- what only means harm
        Fault("quotes-guest", "400, with the guest's name and address for an error code", _quote),
        Fault("deep-xml", "403, in XML that is nested 20,000 times",
              _answer(403, b"<Error>" + b"<a>" * 20_000)),
        Fault("endless-answer", "500, and then bytes without end",
              _flood(b"HTTP/1.1 500 X\r\nContent-Length: 99999999999\r\n\r\n", bytes(65_536))),
        Fault("endless-head", "200, and then headers without end",
              _flood(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n" * 1000)),
        # ---- an entry that it will never take
        Fault("MetadataTooLarge", "400 MetadataTooLarge", _refuse(400, "MetadataTooLarge", "Too large.")),
        # ---- success that looks like none
        Fault("kms", "stores the animation, encrypted with KMS: its ETag is no MD5",
              _store(lambda _: f'"{"0" * 32}"', x_amz_server_side_encryption="aws:kms")),
        Fault("weak-etag", "stores the animation, and a proxy makes its ETag weak, with -gzip at its end",
              _store(lambda md5: f'W/"{md5}-gzip"')),
        Fault("odd-etag", "stores the animation, with an ETag that could not be an MD5", _store(lambda _: '"abc-1"')),
        Fault("stripped-etag", "stores the animation, and a proxy takes its ETag away; nothing can be read back",
              _store(lambda _: None)),
        # ---- success that is none
        Fault("wrong-etag", "200, with the ETag of something else", _confirm("0" * 32)),
        Fault("no-etag", "200, without an ETag", _confirm(None)),
        Fault("portal-page", "a captive portal: 200, and a page to log in", _show_page(200)),
        Fault("portal-404", "a captive portal: 404, and a page", _show_page(404)),
        Fault("portal-redirect", "a captive portal: 302 to a page", _redirect(302, page=True)),
        Fault("redirect-loop", "302 to itself, without end", _redirect(302)),
        Fault("redirect-maze", "302 to ever another address, without end", _redirect(302, elsewhere=True)),
        # ---- certificates
        Fault("expired", "its certificate has expired", _serve, certificate="expired"),
        Fault("not-yet-valid", "its certificate is not valid yet by the booth's clock", _serve,
              certificate="not-yet-valid"),
        Fault("unknown-authority", "its certificate is from an authority that the booth does not know", _serve,
              certificate="unknown-authority"),
        Fault("other-name", "its certificate is for another name", _serve, certificate="other-name"),
        Fault("no-tls", "it speaks no TLS", _talk_plainly, speaks=False, tls_only=True),
        Fault("wants-tls", "it speaks TLS, and answers with an alert", _want_tls, plain_only=True),
        Fault("wants-tls-page", "it speaks TLS, and says so on a page", _say_that_tls_is_wanted, plain_only=True),
    )
}  # fmt: skip
"""By name."""

_FINE = Fault(HEALTHY, "serves", _serve)


class FaultServer:
    """Listens on the loopback before the S3 server at *upstream*, and has one fault at a time, or none.

    With *certificates*, by their names in `FAULTS` and `GOOD`, it speaks TLS. A connection takes one request. What is
    under way when the fault changes goes on as it began. Call `open` first, `close` at the end.
    """

    def __init__(
        self,
        upstream: str,
        certificates: Mapping[str, ssl.SSLContext] | None = None,
        *,
        port: int = 0,
        numbers: Numbers | None = None,
    ) -> None:
        behind = urlsplit(upstream)
        self._behind = (behind.hostname or "127.0.0.1", behind.port or 80)
        self._certificates = certificates
        self._wanted_port = port
        self.numbers = numbers or Numbers()
        self.stored: Counter[str] = Counter()
        """How often the server behind has confirmed a put, by path."""
        self.asked: list[str] = []
        """The path of each request that could be read, in order."""
        self.met: Counter[str] = Counter()
        """How often each fault was met: by connections, or by requests where it is for some of them only."""

        self._changing = threading.Lock()
        self._fault = _FINE
        self._only = ""
        self._times: int | None = None
        self._holder: socket.socket | None = None
        self._listener: socket.socket | None = None
        self._threads: list[threading.Thread] = []
        self._connections: set[socket.socket] = set()
        self._ended = threading.Event()

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "http" if self._certificates is None else "https"

    @property
    def port(self) -> int:
        """Where it listens, or would."""
        if self._holder is None:
            raise ValueError("open the server first")
        port: int = self._holder.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Take a port and listen."""
        self._holder = _bound(self._wanted_port)  # never listens: keeps the port ours while nobody does
        self._listen()

    def close(self) -> None:
        """Cut all that is under way, and end. May be called twice."""
        self._ended.set()
        self._deafen()
        self.hang_up()
        for thread in self._threads:
            thread.join()
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()

    def become(self, name: str, *, only: str = "", times: int | None = None) -> None:
        """Have the fault *name* from the next connection on.

        With *only*, for requests whose path contains that; with *times*, for so many requests and no more.

        Raises ValueError if there is no such fault, or if it cannot be had here.
        """
        fault = _FINE if name == HEALTHY else FAULTS.get(name)
        if fault is None:
            raise ValueError(f"there is no fault {name!r}; --list prints them")
        needs = "HTTP without TLS" if fault.plain_only else f"TLS, and a certificate named {fault.certificate!r}"
        if self.scheme not in fault.schemes or (
            self._certificates is not None and fault.certificate not in self._certificates
        ):
            raise ValueError(f"{name!r} needs {needs}")
        if (only or times is not None) and not (fault.listens and fault.speaks and fault.certificate == GOOD):
            raise ValueError(f"{name!r} does not know what is asked for; leave out for which requests it is")
        with self._changing:
            self._fault, self._only, self._times = fault, only, times
        if fault.listens:
            self._listen()
        else:
            self._deafen()

    def hang_up(self) -> None:
        """Cut all that is under way, as a server does that is switched off."""
        with self._changing:
            connections = tuple(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def recover(self) -> None:
        """Have no fault."""
        self.become(HEALTHY)

    # ---- inside

    def _listen(self) -> None:
        if self._listener is None:
            listener = self._listener = _bound(self.port)
            listener.listen(64)
            self._start(self._accept, listener)

    def _deafen(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # whoever waits in accept() has to hear of it
            listener.close()

    def _start(self, work: Callable[[socket.socket], None], connection: socket.socket) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, args=(connection,), name="fault-server", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._start(self._converse, connection)

    def _converse(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), self._kept(connection):
            connection.settimeout(PATIENCE)
            with self._changing:
                fault = self._fault
            if not fault.speaks:
                self._note(fault)
                fault.act(self._exchange(connection), self.numbers)
                _part(connection)
            elif self._certificates is None:
                self._answer(connection, fault)
            else:
                context = self._certificates[fault.certificate]
                secured = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                with self._kept(secured):
                    if fault.certificate != GOOD:
                        self._note(fault)
                    secured.do_handshake()
                    self._answer(secured, fault)

    def _answer(self, connection: socket.socket, fault: Fault) -> None:
        exchange = self._exchange(connection)
        if exchange.head():
            had = fault if self._is_meant(exchange.path) else _FINE
            self._note(had, exchange.path)
            had.act(exchange, self.numbers)
            _part(connection)

    def _is_meant(self, path: str) -> bool:
        with self._changing:
            meant = self._only in path and self._times != 0
            if meant and self._times is not None:
                self._times -= 1
            return meant

    def _exchange(self, connection: socket.socket) -> Exchange:
        return Exchange(connection, self._behind, self._ended, self._store)

    def _store(self, path: str) -> None:
        with self._changing:
            self.stored[path] += 1

    def _note(self, fault: Fault, path: str | None = None) -> None:
        with self._changing:
            self.met[fault.name] += 1
            if path is not None:
                self.asked.append(path)

    @contextlib.contextmanager
    def _kept(self, connection: socket.socket) -> Iterator[None]:
        """Know *connection* while it is open, so that `close` can end it; close it."""
        with self._changing:
            self._connections.add(connection)
        try:
            if self._ended.is_set():
                raise ConnectionError("the server has ended")
            yield
        finally:
            with self._changing:
                self._connections.discard(connection)
            connection.close()


def _part(connection: socket.socket) -> None:
    """Let the client read what was said: one that still sends when its connection is closed is reset instead."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass


def _bound(port: int) -> socket.socket:
    """Return a socket on *port* of the loopback that may share it with one that does not listen."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # As on a cable, not as on the loopback: with its giant segments the client's kernel would take anything at once.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1460)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    bound.bind(("127.0.0.1", port))
    return bound


def main(argv: Sequence[str] | None = None) -> int:
    """Serve, and change faults as standard input says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lab.server.misbehaving", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the faults, and end")
    parser.add_argument("--upstream", help="the S3 server behind, such as http://127.0.0.1:8000")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--fault", default=HEALTHY, help="the fault to begin with (default: none)")
    parser.add_argument("--certificates", type=Path, metavar="DIR",
                        help="speak TLS with DIR/good.pem, and with DIR/FAULT.pem for faults of certificates; each "
                        "holds a key and a chain")  # fmt: skip
    given = parser.parse_args(argv)
    if given.list:
        for fault in FAULTS.values():
            print(f"{fault.name:28}{fault.does}")
        return 0
    if not given.upstream:
        parser.error("name the server behind with --upstream, or see the faults with --list")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; whoever started us ends us
    certificates = None if given.certificates is None else _contexts(given.certificates)
    with FaultServer(given.upstream, certificates, port=given.port) as server:
        server.become(given.fault)
        _tell(endpoint_url=server.url, fault=given.fault)
        for line in sys.stdin:
            try:
                server.become(line.strip())
            except ValueError as exc:
                _tell(error=str(exc))
            else:
                _tell(fault=line.strip())
    return 0


def _contexts(folder: Path) -> dict[str, ssl.SSLContext]:
    contexts = {}
    for pem in folder.glob("*.pem"):
        contexts[pem.stem] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[pem.stem].load_cert_chain(pem)
    return contexts


def _tell(**facts: str) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    sys.exit(main())
