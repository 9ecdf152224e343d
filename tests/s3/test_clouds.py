"""What clouds are particular about, as far as it can be seen from here: what is signed, and what is not sent."""

import hashlib
import http.server
import re
import threading

import pytest

from booth.drivers.bucket_options import BucketOptions
from booth.drivers.probing import probed
from booth.drivers.seeking import sought
from booth.drivers.wire import trust
from booth.errors import BucketError
from booth.operator.surveying.looks import Looker
from tests.parcels import parcel_of

GETS = "host;x-amz-content-sha256;x-amz-date"


@pytest.fixture
def asked(serve):
    """Serve refusals; return where, and what was asked: method, signed headers, all headers' names."""
    requests = []

    def act(request):
        signed = re.search("SignedHeaders=([a-z0-9;-]*)", request.headers["Authorization"])
        requests.append((request.command, signed[1], {name.lower() for name in request.headers}))
        request.body()
        request.answer(400)

    return serve(act).url, requests


@pytest.fixture
def looked_through(asked):
    """Open the bucket, to look for something in it."""
    bucket = sought(BucketOptions(asked[0], "party", "auto", "GOOG1EXAMPLE", "secret", "path", "", 5.0, 5.0))
    yield bucket
    bucket.close()


def test_a_put_signs_nothing_that_google_leaves_out(asked, make_bucket, make_parcel):
    """It checks without Accept-Encoding. Of a storage class, trailers and checksums nothing is sent."""
    with pytest.raises(BucketError):
        make_bucket(endpoint_url=asked[0], region="auto", attempts=1).put(make_parcel({"event": "party"}))
    ((method, signed, names),) = asked[1]
    wanted = "content-length;content-md5;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-event"
    assert ("PUT", wanted) == (method, signed)
    amazons = {name for name in names if name.startswith("x-amz-")}
    assert {"x-amz-content-sha256", "x-amz-date", "x-amz-meta-event"} == amazons


@pytest.mark.parametrize("ask", [lambda bucket: bucket.page(), lambda bucket: bucket.get("a")], ids=["list", "get"])
def test_what_is_read_signs_nothing_that_google_leaves_out(asked, looked_through, ask):
    """Neither a listing nor an object."""
    with pytest.raises(BucketError):
        ask(looked_through)
    assert [("GET", GETS)] == [(method, signed) for method, signed, _ in asked[1]]


@pytest.mark.parametrize(
    ("headers", "login"),
    [({"x_amz_request_id": "1", "Location": "https://aws.amazon.com/s3/"}, ""),
     ({"Location": "https://127.0.0.1/elsewhere"}, ""),
     ({"Location": "http://login.example.org/?a=b"}, "http://login.example.org/")],
)  # fmt: skip
def test_amazon_leads_who_has_no_key_to_a_page_and_is_no_log_in(serve, headers, login):
    """Its own headers tell it from a network that asks for one."""
    server = serve(lambda request: request.answer(307, b"", **headers))
    look = Looker(server.url, lambda: trust(None), timeout=10.0).look()
    assert (login, "") == (look.login, look.phase)


def test_a_page_of_who_has_the_servers_certificate_is_no_log_in(serve, make_tls, ca_bundle):
    """Many servers have one for people who look; a network that asks for a log-in cannot have the certificate."""
    server = serve(lambda request: request.answer(200, b"<html>Welcome</html>"), make_tls())
    look = Looker(server.url, lambda: trust(ca_bundle), timeout=10.0).look()
    assert ("", "") == (look.login, look.phase)


def test_each_probe_has_a_connection_of_its_own():
    """As an upload has that comes after a pause, and the whole of its time is measured."""
    met = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            met.append(self.client_address)
            super().setup()

        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("ETag", f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    bucket = probed(BucketOptions(url, "party", "us-east-1", "booth", "secret", "path", "", 10.0, 10.0))
    trips = [bucket.probe(parcel_of(f"{number}", b"x", {}))[0].delivered for number in range(3)]
    bucket.close()
    server.shutdown()
    server.server_close()
    thread.join()
    assert ([True, True, True], 3) == (trips, len(met))
