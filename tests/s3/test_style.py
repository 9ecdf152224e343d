"""Where the bucket's name stands: in the path or in the host; and servers that want the other."""

import hashlib
import socket
from urllib.parse import urlsplit

import pytest

from booth.drivers.signed import LASTING, link_like
from booth.errors import BucketError, Remedy


@pytest.fixture
def named(monkeypatch):
    """Have every name under s3.example.com be this machine, and no other; no question leaves it."""
    real = socket.getaddrinfo

    def look_up(host, *arguments, **options):
        if host in {"s3.example.com", "party.s3.example.com"}:
            return real("127.0.0.1", *arguments, **options)
        if not host.startswith("127."):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    ("addressing", "host", "path"),
    [("path", "s3.example.com", "/party/"), ("virtual", "party.s3.example.com", "/")],
)
def test_the_setting_says_where_the_bucket_s_name_stands(
    named, serve, make_bucket, make_parcel, addressing, host, path
):
    """In the path or in the host, for what is put."""
    seen = []

    def act(request):
        seen.append((request.headers["Host"].partition(":")[0], request.path))
        request.answer(200, ETag=hashlib.md5(request.body(), usedforsecurity=False).hexdigest())

    url = serve(act).url.replace("127.0.0.1", "s3.example.com")
    parcel = make_parcel()
    make_bucket(endpoint_url=url, addressing=addressing).put(parcel)
    assert [(host, path + parcel.key)] == seen


@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_links_are_in_the_same_style_and_as_long_as_foretold(make_bucket, addressing):
    """What a guest's phone opens leads where the animation was put."""
    bucket = make_bucket(endpoint_url="https://s3.example.com", addressing=addressing, access_key_id="AKIA")
    link = bucket.link("a/b.gif", LASTING)
    like = link_like(
        endpoint_url="https://s3.example.com",
        bucket="party",
        key="a/b.gif",
        region="us-east-1",
        access_key_id="AKIA",
        addressing=addressing,
    )
    assert len(link) == len(like)
    assert link.partition("?")[0] == like.partition("?")[0]
    assert {"path": "s3.example.com", "virtual": "party.s3.example.com"}[addressing] == urlsplit(link).hostname


SAYS = [
    (403, "SecondLevelDomainForbidden", "Please use virtual hosted style to access."),
    (403, "PathStyleDomainForbidden", "The bucket must be addressed using COS virtual-styled domain."),
    (400, "VirtualHostDomainRequired", "Virtual host domain is required."),
    (400, "InvalidPathAccess", ""),
    (400, "InvalidRequest", "Path-style requests are not supported."),
    (403, "AccessDenied", "Path style access is forbidden for this bucket."),
    (403, "AccessDenied", "Please use virtual-hosted-style requests."),
    (405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
    (405, "", ""),
    (403, "", ""),
    (301, "", "<Endpoint>party.{host}</Endpoint>"),
]


@pytest.mark.parametrize(("status", "code", "message"), SAYS)
def test_a_server_that_takes_no_path_style_sends_the_operator_to_the_setting(
    serve, make_bucket, make_parcel, status, code, message
):
    """By its code, by what it says, by its silence: the operator reads of zenko.addressing."""

    def act(request):
        request.body()
        host = request.headers["Host"]
        said = f"<Message>{message.format(host=host)}</Message>"
        xml = f"<Error><Code>{code}</Code>{said}</Error>" if code or message else ""
        request.answer(status, xml.encode())

    with pytest.raises(BucketError, match=r"zenko\.addressing") as caught:
        make_bucket(endpoint_url=serve(act).url).put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON


def test_a_redirect_to_the_bucket_s_own_host_says_so(serve, make_bucket, make_parcel):
    """Some servers say only where it is."""

    def act(request):
        request.body()
        request.answer(301, Location=f"http://party.{request.headers['Host']}{request.path}")

    with pytest.raises(BucketError, match=r'addressing = "virtual"'):
        make_bucket(endpoint_url=serve(act).url).put(make_parcel())


def test_a_key_that_may_not_put_is_told_as_before(serve, make_bucket, make_parcel, error_xml):
    """A plain AccessDenied of a server that takes path style is about rights."""
    server = serve(lambda request: (request.body(), request.answer(403, error_xml("AccessDenied", "Access Denied"))))
    with pytest.raises(BucketError, match=r"allow it s3:PutObject there"):
        make_bucket(endpoint_url=server.url).put(make_parcel())


def test_a_bucket_s_own_host_that_nobody_knows_sends_the_operator_to_the_setting(named, make_bucket, make_parcel):
    """Most servers at a booth's side have one name, and no names below it."""
    with pytest.raises(BucketError, match=r'addressing = "path"') as caught:
        make_bucket(endpoint_url="http://s3.example.org", addressing="virtual").put(make_parcel())
    assert caught.value.remedy is Remedy.WAIT
