"""S3 on the loopback: the embedded server, a TLS front that is as strict as Zenko, and a server that says anything."""

import contextlib
import http.server
import itertools
import ssl
import threading

import pytest

from lab.zenko.server import ZenkoDouble
from lab.zenko.speaking import Trailers
from tests.parcels import parcel_of
from tests.servers import authority, ca_bundle, embedded, few_authorities, make_bucket, strangers

__all__ = ["authority", "ca_bundle", "embedded", "few_authorities", "make_bucket", "strangers"]

GIF = b"GIF89a" + bytes(range(256)) * 40


@pytest.fixture
def bucket(make_bucket):
    """Open the bucket on the embedded server."""
    return make_bucket()


@pytest.fixture
def make_parcel(tmp_path):
    """Make parcels, each with a key and a content of its own."""
    numbers = itertools.count()

    def make(metadata=None, content=GIF):
        number = next(numbers)
        wanted = metadata if metadata is not None else {"event": "party"}
        return parcel_of(f"{tmp_path.name}/{number}.gif", content + b"%d" % number, wanted)

    return make


class Handler(http.server.BaseHTTPRequestHandler):
    """Hands each request to the server's function."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.server.act(self)

    def do_GET(self):
        self.server.act(self)

    def do_HEAD(self):
        self.server.act(self)

    def do_CONNECT(self):
        self.server.act(self)

    def log_message(self, *args):
        pass

    def body(self):
        """Read what the client sends."""
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status, content=b"", **headers):
        """Answer, and end the connection."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    """Listens on the loopback on a thread of its own, and does with each request what *act* does."""

    daemon_threads = False

    def __init__(self, act, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.act = act
        self.scheme = "http" if tls is None else "https"
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, name="server")
        self._thread.start()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Say nothing: clients that do not trust us, or give up waiting, are what we are for."""

    def end(self):
        self.shutdown()
        self.server_close()
        self._thread.join()


@pytest.fixture
def serve():
    """Start servers that say what the test wants them to; all are ended."""
    with contextlib.ExitStack() as ends:

        def start(act, tls=None):
            server = Server(act, tls)
            ends.callback(server.end)
            return server

        yield start


@pytest.fixture
def make_tls(authority):
    """Make TLS settings for a server with a certificate from *authority*."""

    def make(**dates):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", **dates).configure_cert(context)
        return context

    return make


@pytest.fixture
def zenko(embedded, make_tls):
    """Put a TLS server before the embedded one that refuses checksum trailers, as Zenko does."""
    with ZenkoDouble(embedded.endpoint_url, [Trailers()], make_tls()) as double:
        yield double


def error(code, message=""):
    """Return the XML in which an S3 server says what is wrong."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    ).encode()


@pytest.fixture
def error_xml():
    """Write errors as an S3 server does."""
    return error
