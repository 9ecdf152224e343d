"""What a server, or a network, can do to a put, and what the booth makes of it."""

import hashlib
import socket
import threading
from email.utils import formatdate

import pytest

from booth.drivers.bucket_options import ATTEMPTS
from booth.drivers.refusals import off_by
from booth.drivers.verdicts import VERDICTS, verdict
from booth.errors import BucketError, Remedy

WAIT, CLOCK, PERSON, NEVER = Remedy.WAIT, Remedy.CLOCK, Remedy.PERSON, Remedy.NEVER


@pytest.mark.parametrize(
    ("status", "code", "remedy"),
    [
        (403, "InvalidAccessKeyId", PERSON),
        (403, "SignatureDoesNotMatch", PERSON),
        (403, "AccessDenied", PERSON),
        (403, "RequestTimeTooSkewed", CLOCK),
        (404, "NoSuchBucket", PERSON),
        (400, "InvalidURI", PERSON),
        (400, "MetadataTooLarge", NEVER),
        (400, "KeyTooLong", NEVER),
        (400, "HttpHeadersTooLarge", NEVER),
        (400, "BadDigest", WAIT),
        (400, "BadRequest", PERSON),
        (400, "InvalidStorageClass", PERSON),
        (501, "NotImplemented", WAIT),
        (429, "QuotaExceeded", WAIT),
        (500, "InternalError", WAIT),
        (503, "ServiceUnavailable", WAIT),
        (503, "SlowDown", WAIT),
    ],
)
def test_each_error_has_its_remedy(serve, make_bucket, make_parcel, error_xml, status, code, remedy):
    """Wait, look at the clock, ask a person, or give the entry up: told by the server's code, which is shown."""
    server = serve(lambda request: (request.body(), request.answer(status, error_xml(code, "because of Zoe"))))
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert remedy is caught.value.remedy
    assert str(caught.value).endswith(f"({code})")
    assert "Zoe" not in str(caught.value)


def test_a_full_storage_is_no_question_of_keys(serve, make_bucket, make_parcel, error_xml):
    """Zenko denies access when a transient location is full: that passes by itself."""
    message = "The assigned storage space limit for location transient will be exceeded"
    server = serve(lambda request: (request.body(), request.answer(403, error_xml("AccessDenied", message))))
    with pytest.raises(BucketError, match="storage behind the bucket party is full") as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert caught.value.remedy is WAIT


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (401, PERSON),
        (403, PERSON),
        (404, PERSON),
        (405, PERSON),
        (407, PERSON),
        (408, WAIT),
        (413, PERSON),
        (418, PERSON),
        (429, WAIT),
        (431, NEVER),
        (500, WAIT),
        (502, WAIT),
    ],
)
def test_a_status_without_a_word_has_its_remedy_too(serve, make_bucket, make_parcel, status, remedy):
    """Proxies and balancers answer without any XML."""
    server = serve(lambda request: (request.body(), request.answer(status)))
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert remedy is caught.value.remedy


@pytest.mark.parametrize("etag", ['"00000000000000000000000000000000"', None, '"abc-1"'])
def test_a_success_that_confirms_nothing_is_none(serve, make_bucket, make_parcel, etag):
    """What answers everything with 200, and gives back nothing of the animation, has not taken it."""
    headers = {} if etag is None else {"ETag": etag}
    server = serve(lambda request: (request.body(), request.answer(200, **headers)))
    with pytest.raises(BucketError, match="did not confirm") as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert caught.value.remedy is WAIT


def test_the_right_etag_confirms(serve, make_bucket, make_parcel):
    """Quotes and capitals are the server's taste."""

    def act(request):
        digest = hashlib.md5(request.body(), usedforsecurity=False).hexdigest()
        request.answer(200, ETag=f'"{digest.upper()}"')

    parcel = make_parcel()
    digest = hashlib.md5(parcel.content, usedforsecurity=False).hexdigest()
    assert digest == make_bucket(endpoint_url=serve(act).url).put(parcel)


def test_what_is_sent_is_what_a_zenko_server_takes(serve, make_bucket, make_parcel):
    """Path style, signature 4, Content-MD5, a type and a length; no checksum and no trailer."""
    seen = []

    def act(request):
        seen.append((request.path, dict(request.headers)))
        request.answer(200, ETag=hashlib.md5(request.body(), usedforsecurity=False).hexdigest())

    parcel = make_parcel({"name": "Zo%C3%AB"})
    make_bucket(endpoint_url=serve(act).url.replace("127.0.0.1", "localhost")).put(parcel)
    ((path, headers),) = seen
    lowered = {name.lower(): value for name, value in headers.items()}
    assert f"/party/{parcel.key}" == path
    assert lowered["authorization"].startswith("AWS4-HMAC-SHA256")
    assert lowered["content-type"] == "image/gif"
    assert lowered["content-length"] == str(len(parcel.content))
    assert lowered["x-amz-meta-name"] == "Zo%C3%AB"
    assert "content-md5" in lowered
    assert not {name for name in lowered if "checksum" in name or "trailer" in name}


@pytest.mark.parametrize("status", [200, 401, 403, 404, 405, 511])
def test_a_login_page_is_no_bucket(serve, make_bucket, make_parcel, status):
    """A hotel network answers everything with its own page, under any number: whoever reads it is sent to log in."""
    page = b"\n<!doctype html><html><body>Welcome! Please log in.</body></html>"
    server = serve(lambda request: (request.body(), request.answer(status, page, Content_Type="text/html")))
    with pytest.raises(BucketError, match=r"login page .*\(WebPage\)") as caught:
        make_bucket(endpoint_url=server.url).put(make_parcel())
    assert caught.value.remedy is WAIT


@pytest.mark.parametrize(
    ("status", "words"), [(413, "raise its limit"), (429, "too often"), (500, "of its own"), (502, "of its own")]
)
def test_the_page_of_a_proxy_is_no_login_page(serve, make_bucket, make_parcel, status, words):
    """What stands before the server says in HTML what is wrong with it, or with the animation: its number counts."""
    page = b"<html><head><title>nginx</title></head></html>"
    server = serve(lambda request: (request.body(), request.answer(status, page, Content_Type="text/html")))
    with pytest.raises(BucketError, match=words):
        make_bucket(endpoint_url=server.url).put(make_parcel())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_in_circles_is_a_login_page(serve, make_bucket, make_parcel, status):
    """The library follows it until it gives up, in one way or another; the operator is sent to the network."""

    def act(request):
        request.body()
        request.answer(status, Location=f"http://{request.headers['Host']}{request.path}")

    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=serve(act).url).put(make_parcel())
    assert caught.value.remedy is WAIT
    assert "login page" in str(caught.value)


def test_a_closed_port_is_a_network_to_look_at(make_bucket, make_parcel):
    """Nobody listens: wait, and say so; the network is well."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(BucketError, match=f"^nobody listens at {url}; check that the server runs") as caught:
            make_bucket(endpoint_url=url).put(make_parcel())
    assert caught.value.remedy is WAIT


@pytest.mark.parametrize(
    ("number", "words", "remedy"),
    [
        (socket.EAI_AGAIN, "http://bucket.invalid cannot be reached; check the network", WAIT),
        (socket.EAI_NONAME, "there is no host of the name in http://bucket.invalid, says name service", PERSON),
        (socket.EAI_NODATA, "there is no host of the name in http://bucket.invalid, says name service", PERSON),
    ],
)
def test_no_name_service_is_told_from_no_such_name(make_bucket, make_parcel, monkeypatch, number, words, remedy):
    """Without name service there is no network, and one waits; a name that it does not know is a slip of somebody's."""

    def nobody(*_, **__):
        raise socket.gaierror(number, "whatever the system calls that")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)  # no question leaves this machine
    with pytest.raises(BucketError, match=f"^{words}") as caught:
        make_bucket(endpoint_url="http://bucket.invalid").put(make_parcel())
    assert (remedy, remedy is WAIT) == (caught.value.remedy, caught.value.away)


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://exa mple.org", ""])
def test_an_address_that_is_none_needs_a_person(make_bucket, make_parcel, url):
    """The settings hold something that is no address."""
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=url, read_timeout=0.2, connect_timeout=0.2).put(make_parcel())
    assert caught.value.remedy is PERSON


def test_a_server_that_never_answers_is_left_after_its_time(serve, make_bucket, make_parcel):
    """A put ends by its time-outs, after the few attempts that it has."""
    ended, asked = threading.Event(), []

    def act(request):
        asked.append(request.body())
        assert ended.wait(20)

    server = serve(act)
    with pytest.raises(BucketError, match="did not answer in time") as caught:
        make_bucket(endpoint_url=server.url, read_timeout=0.1).put(make_parcel())
    ended.set()
    assert caught.value.remedy is WAIT
    assert ATTEMPTS == len(asked)


@pytest.mark.parametrize("moment", ["before the body", "after the body", "within the answer"])
def test_a_connection_that_breaks_is_waited_for(serve, make_bucket, make_parcel, moment):
    """Whenever the line drops, it is not certain that the object is there: the put is made again later."""

    def act(request):
        if moment != "before the body":
            request.body()
        if moment == "within the answer":
            request.wfile.write(b"HTTP/1.1 200 OK\r\nETag: ")
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=serve(act).url).put(make_parcel())
    assert caught.value.remedy is WAIT


def test_without_keys_the_operator_is_asked_for_them(make_bucket, make_parcel, monkeypatch, tmp_path):
    """No key in the settings and none in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(BucketError, match="there is no access key") as caught:
        make_bucket(access_key_id="", secret_access_key="").put(make_parcel())
    assert caught.value.remedy is PERSON


def test_trouble_that_nobody_knows_is_waited_out():
    """What is in no table is tried again, and named."""
    found, sign = verdict(["StrangeError", "Exception"], "", answered=False)
    assert (WAIT, "StrangeError") == (found.remedy, sign)


def test_every_verdict_is_a_sentence_for_an_operator():
    """Each row of the table fills in, and none of them shouts or quotes code."""
    for row in VERDICTS:
        filled = row.meaning.format(bucket="party", endpoint="https://s3.example.org", proxy="http://proxy.example.org")
        assert "{" not in filled
        assert filled[0].islower() or filled.startswith(("https", "party"))
        assert not filled.endswith(".")
        assert all(text == text.lower() for text in row.says)


NOW = 1_790_000_000.0
"""What the booth's clock says, in seconds of Unix time."""


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (-16 * 60, "16 minutes ahead of the server's"),
        (16 * 60, "16 minutes behind the server's"),
        (119 * 60, "119 minutes behind the server's"),
        (5 * 3600 + 2, "5 hours behind the server's"),
        (-47 * 3600, "47 hours ahead of the server's"),
        (56 * 365 * 86_400, "20440 days behind the server's"),
        (60, "wrong by more than a quarter of an hour"),
    ],
)
def test_a_wrong_clock_is_told_by_how_much_and_which_way(serve, make_bucket, make_parcel, error_xml, ahead, words):
    """The server's answer has its time: an operator reads that the booth is online, and what its clock is off by."""

    def act(request):
        request.body()
        request.wfile.write(b"HTTP/1.1 403 No\r\nConnection: close\r\n")
        request.wfile.write(f"Date: {formatdate(NOW + ahead, usegmt=True)}\r\n\r\n".encode())
        request.wfile.write(error_xml("RequestTimeTooSkewed"))
        request.close_connection = True

    url = serve(act).url
    with pytest.raises(BucketError) as caught:
        make_bucket(endpoint_url=url, wall=lambda: NOW).put(make_parcel())
    assert (
        f"the booth is online, and reaches {url}, but its clock is {words}; have the network let time servers through "
        "(NTP, port 123 of UDP), which set it, or set it by hand: sudo timedatectl set-time (RequestTimeTooSkewed)"
    ) == str(caught.value)
    assert (CLOCK, False) == (caught.value.remedy, caught.value.away)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Foo 2026 00:00:00 GMT"])
def test_a_date_that_is_none_says_nothing(date):
    """What a server says of its time may be anything."""
    assert off_by(date, NOW) == "wrong by more than a quarter of an hour"


@pytest.mark.parametrize(
    "text",
    [
        b"<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port<hr>nginx</html>",
        b"<!DOCTYPE HTML><html>Reason: You're speaking plain HTTP to an SSL-enabled server port.</html>",
        b"Client sent an HTTP request to an HTTPS server.\n",
    ],
)
def test_servers_that_speak_tls_say_so_in_their_own_words(serve, make_bucket, make_parcel, text):
    """It is no log-in page: nginx, Apache, and what is written in Go."""
    url = serve(lambda request: (request.body(), request.answer(400, text))).url
    with pytest.raises(BucketError, match=r"speaks TLS, and nothing else .*\(SpeaksTLS\)$") as caught:
        make_bucket(endpoint_url=url).put(make_parcel())
    assert caught.value.remedy is PERSON


def test_https_to_a_port_that_speaks_none_is_told(serve, make_bucket, make_parcel, ca_bundle):
    """A real HTTP server that is spoken to in TLS."""
    url = serve(lambda request: request.answer(400)).url.replace("http", "https")
    with pytest.raises(BucketError, match=rf"^no TLS is spoken at {url}; put the port that speaks it") as caught:
        make_bucket(endpoint_url=url, ca_bundle=str(ca_bundle)).put(make_parcel())
    assert (PERSON, False) == (caught.value.remedy, caught.value.away)


@pytest.mark.parametrize("status", [404, 501])
def test_what_does_not_speak_s3_is_told(serve, make_bucket, make_parcel, status):
    """An ingress that does not know the host has no word of S3: it is not the bucket that is missing."""
    url = serve(lambda request: (request.body(), request.answer(status, b"default backend - 404"))).url
    with pytest.raises(BucketError, match=rf"^what answers at {url} does not speak S3.*\(NotS3\)$") as caught:
        make_bucket(endpoint_url=url).put(make_parcel())
    assert caught.value.remedy is PERSON
