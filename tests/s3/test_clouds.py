"""What clouds are particular about, as far as it can be seen from here: what is signed, and what is not sent."""

import re

import pytest

from booth.drivers.buckets import BucketOptions
from booth.drivers.seeking import sought
from booth.drivers.wire import trust
from booth.errors import BucketError
from booth.operator.surveying.looks import Looker

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
     ({"Location": "http://login.example.org/?a=b"}, "http://login.example.org/")],
)  # fmt: skip
def test_amazon_leads_who_has_no_key_to_a_page_and_is_no_log_in(serve, headers, login):
    """Its own headers tell it from a network that asks for one."""
    server = serve(lambda request: request.answer(307, b"", **headers))
    look = Looker(server.url, lambda: trust(None), timeout=10.0).look()
    assert (login, "") == (look.login, look.phase)
