"""What a server may say at most, and how little of it is ever repeated."""

import contextlib
import ssl
import sys

import pytest

from booth.drivers import s3
from booth.drivers.refusals import ANSWER
from booth.drivers.wire import HEAD
from booth.errors import BucketError, Remedy
from lab.server.talking import Talker

MUCH = 200 * (ANSWER + HEAD)
"""Bytes: more than a kernel holds on its way."""


class Within:
    """The server's side of TLS that is spoken within another."""

    def __init__(self, outer, context):
        self._outer = outer
        self._came, self._goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._came, self._goes, server_side=True)
        self._until(self._tls.do_handshake)

    def _until(self, act, *what):
        while True:
            try:
                return act(*what)
            except ssl.SSLWantReadError:
                self._flush()
                self._came.write(self._outer.recv(65_536))
            finally:
                self._flush()

    def _flush(self):
        if self._goes.pending:
            self._outer.sendall(self._goes.read())

    def recv(self, size):
        return self._until(self._tls.read, size)

    def sendall(self, content):
        self._until(self._tls.write, content)


@pytest.fixture
def tls(authority, ca_bundle):
    """Return what a server needs for TLS as itself and as s3.example.com, and whose word is to be taken for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "s3.example.com").configure_cert(context)
    return context, ca_bundle


@pytest.fixture
def talk():
    """Start servers that talk; all are ended."""
    with contextlib.ExitStack() as ends:

        def start(pieces, **options):
            return ends.enter_context(contextlib.closing(Talker(pieces, **options)))

        yield start


def repeated(head, piece):
    """Return what says *head*, and then *piece* until much too much was said."""

    def pieces():
        yield head
        for _ in range(MUCH // len(piece)):
            yield piece

    return pieces


ENDLESS = {
    "a status line": (repeated(b"HTTP/1.1 200 ", b"A" * 65_536), True),
    "a status line, at once": (repeated(b"HTTP/1.1 200 ", b"A" * 65_536), False),
    "headers": (repeated(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 60_000 + b"\r\n"), True),
    "short headers": (repeated(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n" * 1000), True),
    "continues": (repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), True),
    "continues, at once": (repeated(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), False),
    "headers of a continue": (repeated(b"HTTP/1.1 100 Continue\r\n", b"X-A: a\r\n" * 1000), False),
    "a success": (repeated(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n", bytes(65_536)), True),
    "a success without a length": (repeated(b"HTTP/1.1 200 OK\r\n\r\n", bytes(65_536)), True),
    "chunks": (repeated(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1000), True),
    "a chunk": (repeated(b"HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", bytes(65_536)), True),
    "a refusal": (repeated(b"HTTP/1.1 400 X\r\nContent-Length: 9999999999\r\n\r\n", bytes(65_536)), True),
    "trouble": (repeated(b"HTTP/1.1 500 X\r\nContent-Length: 9999999999\r\n\r\n", b"<a>" * 20_000), True),
}


@pytest.mark.parametrize(("pieces", "asks"), ENDLESS.values(), ids=list(ENDLESS))
def test_an_answer_without_end_is_hung_up_on(talk, make_bucket, make_parcel, pieces, asks):
    """Whatever part of it does not end: the server gets rid of what a kernel holds, and no more."""
    server = talk(pieces, asks=asks)
    with pytest.raises(BucketError):
        make_bucket(endpoint_url=server.url, attempts=1).put(make_parcel())
    server.close()
    assert server.said < MUCH


@pytest.mark.parametrize("number", [101, 102, 103, 199])
def test_what_announces_an_answer_is_none(talk, make_bucket, make_parcel, number):
    """It is no refusal, and what comes after it is not taken for the answer to the next animation."""
    later = b'HTTP/1.1 200 OK\r\nETag: "0"\r\nContent-Length: 0\r\n\r\n'
    server = talk(lambda: iter([b"HTTP/1.1 %d X\r\nLink: </a>\r\n\r\n" % number, later]))
    bucket = make_bucket(endpoint_url=server.url, attempts=1)
    expected = f"{server.url}, or a proxy before it, announces an answer in the place of one; .* \\({number}\\)$"
    for _ in range(2):
        with pytest.raises(BucketError, match=expected) as caught:
            bucket.put(make_parcel())
        assert Remedy.WAIT is caught.value.remedy


@pytest.mark.parametrize(
    ("where", "piece"), [("proxy", b"X-A: a\r\n" * 1000), ("server", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)]
)
def test_a_proxy_within_tls_is_hung_up_on_as_well(serve, make_bucket, make_parcel, monkeypatch, tls, where, piece):
    """Neither what it says itself nor what comes through it has no end."""
    said = []
    context, authority = tls

    def act(request):
        connection = request.connection
        if where == "server":
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            connection = Within(connection, context)
            connection.recv(65_536)
        with contextlib.suppress(OSError):
            if where == "proxy":
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(MUCH // len(piece)):
                connection.sendall(piece)
                said.append(len(piece))
        request.close_connection = True

    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", serve(act, context).url)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    # From Python 3.12 on its own client has had enough of a proxy after a hundred lines.
    itself = where == "proxy" and sys.version_info >= (3, 12)
    with pytest.raises(BucketError, match="or hung up" if itself else "more than any S3 server says"):
        make_bucket(endpoint_url="https://s3.example.com", ca_bundle=str(authority), attempts=1).put(make_parcel())
    assert sum(said) < MUCH


def test_a_page_is_known_however_long_it_is(talk, make_bucket, make_parcel):
    """A login page with all its scripts in it is longer than what is read, and still a login page."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html>"
    server = talk(repeated(head, b"<script></script>" * 4000))
    with pytest.raises(BucketError, match="login page"):
        make_bucket(endpoint_url=server.url).put(make_parcel())


def test_a_connection_that_ends_within_its_continue_ends_the_put(talk, make_bucket, make_parcel):
    """Nobody waits for ever for the rest of what will not come."""
    server = talk(lambda: iter([b"HTTP/1.1 100 Continue\r\n"]), asks=False)
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert caught.value.remedy is Remedy.WAIT


def test_more_than_an_object_is_not_read(serve, make_bucket, monkeypatch):
    """What is read back has a bound, too."""
    monkeypatch.setattr(s3, "LARGEST", 1000)
    server = serve(lambda request: request.answer(200, bytes(1001)))
    with pytest.raises(BucketError, match="more than any S3 server"):
        make_bucket(endpoint_url=server.url).get("party/1.gif")


DEEP = b"<Error>" + b"<a>" * 20_000
QUOTING = [
    b"Zelda",
    b"zelda@canary.example",
    b"ZeldaCanary",
    b"zelda",
    b"NoZeldaHere",
    b"canary.example",
    b"Evil&#10;STOPPING=1&#10;Zelda",
    b"Odd Code",
    b"\x1b[31mOdd",
    b"Odd\xe2\x80\xae",
    b"Odd{bucket}",
    b"Odd" * 40,
    b"<Code>Zelda</Code>",
]


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize("code", QUOTING)
def test_what_a_server_calls_its_error_is_repeated_only_if_it_is_a_name_for_one(
    serve, make_bucket, make_parcel, code, status
):
    """A code is letters and digits, and nothing of the guest's: anything else is told by the answer's number."""
    xml = b"<Error><Code>" + code + b"</Code><Message>Zelda</Message></Error>"
    server = serve(lambda request: (request.body(), request.answer(status, xml)))
    parcel = make_parcel({"name": "Zelda%20Canary", "email": "zelda@canary.example"})
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=server.url, attempts=1).put(parcel)
    assert str(caught.value).endswith(f" ({status})")


@pytest.mark.parametrize("code", ["ZeldaMuller", "MuellerNotFound", "Mueller", "SoerenX", "OddStrasse"])
def test_nor_if_a_guest_s_name_is_in_it_without_its_accents(serve, make_bucket, make_parcel, error_xml, code):
    """A code has English letters alone; whoever quotes a name there writes it with those."""
    server = serve(lambda request: (request.body(), request.answer(400, error_xml(code))))
    guest = {"name": "S%C3%B8ren M%C3%BCller Stra%C3%9Fe", "email": "info@canary.example"}
    with pytest.raises(BucketError, match=r" \(400\)$"):
        make_bucket(endpoint_url=server.url).put(make_parcel(guest))


def test_a_code_that_nobody_knows_is_repeated(serve, make_bucket, make_parcel, error_xml):
    """An operator can look it up."""
    server = serve(lambda request: (request.body(), request.answer(400, error_xml("XMinioOddThing.2", "Zelda"))))
    with pytest.raises(BucketError, match=r" \(XMinioOddThing\.2\)$"):
        make_bucket(endpoint_url=server.url).put(make_parcel({"name": "Zelda"}))


def test_a_code_of_ours_is_known_whatever_the_guest_is_called(serve, make_bucket, make_parcel, error_xml):
    """A guest called Access does not hide that access was denied."""
    server = serve(lambda request: (request.body(), request.answer(403, error_xml("AccessDenied"))))
    with pytest.raises(BucketError, match=r" \(AccessDenied\)$"):
        make_bucket(endpoint_url=server.url).put(make_parcel({"name": "Access"}))


@pytest.mark.parametrize(
    "xml", [DEEP, DEEP + b"<Code>AccessDenied</Code>", b"<?xml version='1.0'?><!DOCTYPE a>" + DEEP]
)
def test_xml_is_not_parsed_however_deep_it_is(serve, make_bucket, make_parcel, xml):
    """Nested a few thousand times, it is a refusal like any other, and its code is found if there is one."""
    server = serve(lambda request: (request.body(), request.answer(403, xml)))
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert str(caught.value).endswith("(AccessDenied)" if b"AccessDenied" in xml else "(403)")


def test_headers_that_make_no_sense_are_logged_by_nobody(serve, make_bucket, make_parcel, caplog):
    """The library warns of them, and would repeat them."""
    server = serve(lambda request: (request.body(), request.answer(403, b"", **{"Zelda Canary": "x", "A\n B": "x"})))
    with pytest.raises(BucketError):
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert [] == caplog.records
