"""What is meant for others does not reach the booth's bucket: AWS's variables and files, a desktop's proxy."""

import hashlib
import re
import socket
from pathlib import Path

import botocore
import botocore.session
import pytest

from booth.drivers import wire
from booth.errors import BucketError, Remedy
from booth.hosts import in_clear, loopback

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
NOBODY = "http://127.0.0.1:9"
POISON = ["true", NOBODY, "/nonexistent", "virtual", "0"]

VARIABLES = sorted(
    {
        name
        for source in Path(botocore.__file__).parent.glob("*.py")
        for name in re.findall(r"\b_?(?:AWS|BOTO)[A-Z0-9]*_[A-Z0-9_]+\b", source.read_text(encoding="utf-8"))
    }
    - {"BOTOCORE_EXPERIMENTAL__PLUGINS"}  # names modules of Python's that are imported: whoever sets it means it
    | {"AWS_ENDPOINT_URL_S3", "AWS_BEARER_TOKEN_S3", "REQUESTS_CA_BUNDLE", "_X_AMZN_TRACE_ID"}
)
"""Everything that looks like a variable in the library's own source."""

KEYS = sorted({key for key, *_ in botocore.session.Session.SESSION_VARIABLES.values() if key})
SECTION = (
    "addressing_style = virtual\n  use_accelerate_endpoint = true\n  use_dualstack_endpoint = true\n"
    "  payload_signing_enabled = true\n  us_east_1_regional_endpoint = legacy\n  use_arn_region = true\n"
    "  endpoint_url = http://127.0.0.1:9\n"
)


@pytest.fixture
def bare(monkeypatch):
    """Take what this machine has itself of such variables out of the way."""
    for name in (*PROXIES, *VARIABLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


class Honest:
    """A server that confirms what it is given, and remembers how it was asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, request):
        times = ("authorization", "x-amz-date", "host", "amz-sdk-invocation-id")
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = re.search(r"Credential=(\w+)/\d+/([\w-]+/s3/aws4_request), SignedHeaders=([^,]+)",
                           headers["authorization"])  # fmt: skip
        same = {name: value for name, value in headers.items() if name not in times}
        self.asked.append((request.path, same, signed.groups()))
        request.answer(200, ETag=hashlib.md5(request.body(), usedforsecurity=False).hexdigest())


@pytest.fixture
def plain(bare, serve, make_bucket, make_parcel):
    """Give a server, a bucket there and a parcel; and what is asked without any surroundings."""
    honest = Honest()
    url = serve(honest).url
    parcel = make_parcel()
    make_bucket(endpoint_url=url).put(parcel)
    (asked,) = honest.asked
    honest.asked.clear()
    return honest, url, parcel, asked


def test_no_bucket_is_signed_for_with_another_s_keys(bare, serve, make_bucket, make_parcel):
    """Nor with its region."""
    honest = Honest()
    url = serve(honest).url
    pairs = [("ONE", "eu-west-1"), ("TWO", "us-east-1")]
    buckets = [make_bucket(endpoint_url=url, access_key_id=key, region=region) for key, region in pairs]
    for bucket in (*buckets, buckets[0]):
        bucket.put(make_parcel())
    wanted = [(key, f"{region}/s3/aws4_request") for key, region in (*pairs, pairs[0])]
    assert wanted == [signed[:2] for _, _, signed in honest.asked]


def test_without_keys_those_of_the_environment_are_borrowed_anew(bare, serve, make_bucket, make_parcel):
    """Each bucket looks for itself: what one has found is not kept for the next."""
    honest = Honest()
    url = serve(honest).url
    bare.setenv("AWS_SECRET_ACCESS_KEY", "borrowed")
    for key in ("ONE", "TWO"):
        bare.setenv("AWS_ACCESS_KEY_ID", key)
        make_bucket(endpoint_url=url, access_key_id="", secret_access_key="").put(make_parcel())
    assert ["ONE", "TWO"] == [signed[0] for _, _, signed in honest.asked]


@pytest.mark.parametrize("value", POISON)
def test_no_variable_of_aws_changes_what_is_sent(plain, bare, make_bucket, value):
    """Every variable that the library knows, set to something harmful at once: the same request."""
    honest, url, parcel, asked = plain
    assert {"AWS_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_CA_BUNDLE", "AWS_USE_FIPS_ENDPOINT", "AWS_CONFIG_FILE"} <= set(
        VARIABLES
    )
    for name in VARIABLES:
        bare.setenv(name, value)
    make_bucket(endpoint_url=url).put(parcel)
    assert [asked] == honest.asked


def test_no_file_of_aws_changes_what_is_sent(plain, bare, make_bucket, tmp_path):
    """Every key that the library reads from a file, in the profile that is in use: the same request."""
    honest, url, parcel, asked = plain
    (tmp_path / ".aws").mkdir()
    others = "\n".join(f"{key} = true" for key in KEYS if key not in {"region", "ca_bundle"})
    profile = f"region = eu-west-3\nca_bundle = /nonexistent\n{others}\nendpoint_url = {NOBODY}\nservices = s\ns3 =\n"
    (tmp_path / ".aws" / "config").write_text(
        f"[default]\n{profile}  {SECTION}\n[profile other]\n{profile}  {SECTION}\n[services s]\ns3 =\n  {SECTION}"
    )
    (tmp_path / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = theirs\naws_secret_access_key = theirs\naws_session_token = theirs\n"
    )
    bare.setenv("HOME", str(tmp_path))
    bare.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "config"))
    bare.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / ".aws" / "credentials"))
    for profile in ("default", "other", "nobody"):
        bare.setenv("AWS_PROFILE", profile)
        make_bucket(endpoint_url=url).put(parcel)
        assert [asked] == honest.asked
        honest.asked.clear()


def test_a_file_of_aws_that_is_broken_harms_nobody(plain, bare, make_bucket, tmp_path):
    """What is not read cannot be wrong."""
    honest, url, parcel, asked = plain
    (tmp_path / "config").write_text("[default\n= nonsense")
    bare.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    bare.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "config"))
    make_bucket(endpoint_url=url).put(parcel)
    assert [asked] == honest.asked


def test_a_link_is_the_settings_own_too(bare, make_bucket):
    """Neither an accelerated endpoint nor another region gets into what a guest's phone opens."""
    expected = make_bucket().link("a.gif", 60.0).partition("&X-Amz-Date")[0]
    for name in VARIABLES:
        bare.setenv(name, NOBODY)
    assert expected == make_bucket().link("a.gif", 60.0).partition("&X-Amz-Date")[0]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_this_very_machine_is_behind_no_proxy(plain, bare, make_bucket, name):
    """The simulator's own server is asked directly, whatever the desktop says."""
    honest, url, parcel, asked = plain
    bare.setenv(name, NOBODY)
    make_bucket(endpoint_url=url).put(parcel)
    assert [asked] == honest.asked


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:8000", True),
        ("http://LOCALHOST.", True),
        ("http://booth.localhost", True),
        ("http://127.0.0.1:8000", True),
        ("http://127.1", True),
        ("http://127.200.3.4", True),
        ("http://2130706433", True),
        ("http://[::1]:8000", True),
        ("http://[0:0:0:0:0:0:0:1]", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://0.0.0.0:8000", True),
        ("http://[::]", True),
        ("http://localhost.example.com", False),
        ("http://notlocalhost", False),
        ("http://127.0.0.1.example.com", False),
        ("http://128.0.0.1", False),
        ("http://192.0.2.7:8000", False),
        ("http://[fe80::1%25eth0]", False),
        ("http://[2001:db8::1]", False),
        ("https://s3.example.com", False),
        ("nonsense", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_whether_an_address_is_this_very_machine_is_told_by_its_host(url, here):
    """Names and numbers of the loopback, in every spelling, and nothing that only looks like one."""
    assert here is loopback(url)
    assert in_clear(url) is (url.startswith("http:") and not here)


def test_a_server_elsewhere_is_behind_the_proxy_of_the_environment(bare):
    """The variables of every other program count, NO_PROXY too; what only looks like an address becomes one."""
    assert wire.proxy_for("https://s3.example.com") is None
    bare.setenv("HTTPS_PROXY", "proxy.example.com:3128")
    assert "http://proxy.example.com:3128" == wire.proxy_for("https://s3.example.com")
    assert wire.proxy_for("http://s3.example.com") is None
    bare.setenv("NO_PROXY", "example.com")
    assert wire.proxy_for("https://s3.example.com") is None


@pytest.mark.parametrize(
    ("spared", "url", "directly"),
    [
        ("localhost,192.168.0.0/16", "http://192.168.1.7:8000", True),
        ("10.0.0.0/8, 192.168.0.0/16", "http://10.20.30.40", True),
        ("2001:db8::/32", "http://[2001:db8::7]:8000", True),
        ("192.168.0.0/16", "http://192.169.1.7:8000", False),
        ("192.168.0.0/16", "http://s3.example.com", False),
        ("*.example.com", "http://s3.example.com", True),
        ("*.example.com", "http://s3.example.com.evil.example", False),
        ("S3.EXAMPLE.COM:80", "http://s3.example.com", True),
        ("s3.example.com:8000", "http://s3.example.com:8000", True),
        ("s3.example.com:8000", "http://s3.example.com", False),
        ("ample.com", "http://s3.example.com", False),
        ("300.1.2.3/99,/,:", "http://10.20.30.40", False),
    ],
)
def test_what_no_proxy_spares_is_spared_as_other_programs_do(bare, spared, url, directly):
    """Whole networks, a star before a name, and the port that goes without saying."""
    bare.setenv("HTTP_PROXY", "http://proxy.example.com:3128")
    bare.setenv("NO_PROXY", spared)
    assert (None if directly else "http://proxy.example.com:3128") == wire.proxy_for(url)


@pytest.fixture
def closed():
    """Give the address of a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_away_is_named(bare, make_bucket, make_parcel, closed, scheme):
    """The operator reads which proxy, without its password, and what to do."""
    bare.setenv(f"{scheme}_proxy", f"http://user:hidden@{closed}")
    with pytest.raises(BucketError, match=f"the proxy http://{closed} cannot be reached.*NO_PROXY") as caught:
        make_bucket(endpoint_url=f"{scheme}://192.0.2.7:8000").put(make_parcel())
    assert caught.value.remedy is Remedy.WAIT
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "words", "remedy"),
    [
        (403, "does not let the booth through", Remedy.PERSON),
        (407, "wants a password", Remedy.PERSON),
        (502, "does not reach", Remedy.WAIT),
        (503, "does not reach", Remedy.WAIT),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_named(bare, serve, make_bucket, make_parcel, scheme, status, words, remedy):
    """Over HTTP and through a tunnel; its page is no login page, and nothing of it is repeated."""
    page = b"<html><title>Zelda</title></html>"

    def refuse(request):
        if request.command == "PUT":
            request.body()
        request.answer(status, page, Content_Type="text/html")

    proxy = serve(refuse).url
    bare.setenv(f"{scheme}_proxy", proxy)
    with pytest.raises(BucketError, match=f"the proxy {proxy} {words}") as caught:
        make_bucket(endpoint_url=f"{scheme}://192.0.2.7:8000", attempts=1).put(make_parcel())
    assert caught.value.remedy is remedy
    assert "Zelda" not in str(caught.value)


def test_what_the_server_says_through_a_proxy_is_the_server_s(bare, serve, make_bucket, make_parcel, error_xml):
    """An answer of S3's is not blamed on the proxy that it came through."""
    proxy = serve(lambda request: (request.body(), request.answer(403, error_xml("InvalidAccessKeyId"))))
    bare.setenv("http_proxy", proxy.url)
    with pytest.raises(BucketError, match="does not know the access key"):
        make_bucket(endpoint_url="http://192.0.2.7:8000").put(make_parcel())


def test_what_goes_through_a_proxy_arrives(bare, serve, make_bucket, make_parcel):
    """The whole address is asked for, with the password of the proxy's address, which the server never sees."""
    seen = []

    def act(request):
        seen.append((request.path, request.headers["Proxy-Authorization"], request.headers["Host"]))
        request.answer(200, ETag=hashlib.md5(request.body(), usedforsecurity=False).hexdigest())

    bare.setenv("http_proxy", serve(act).url.replace("://", "://user:p%40ss@"))
    parcel = make_parcel()
    make_bucket(endpoint_url="http://192.0.2.7:8000").put(parcel)
    assert [(f"http://192.0.2.7:8000/party/{parcel.key}", "Basic dXNlcjpwQHNz", "192.0.2.7:8000")] == seen


@pytest.mark.parametrize("proxy", ["socks5://proxy.example.com", "http://", "gopher://x", "http://[::1"])
def test_a_proxy_s_address_that_is_none_needs_a_person(bare, make_bucket, make_parcel, proxy):
    """The booth speaks HTTP to proxies; the operator reads which variable to mend."""
    bare.setenv("http_proxy", proxy)
    with pytest.raises(BucketError, match="HTTP_PROXY") as caught:
        make_bucket(endpoint_url="http://192.0.2.7:8000", connect_timeout=0.2).put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON


def test_a_proxy_that_speaks_tls_is_trusted_as_a_server_is(bare, serve, make_tls, make_bucket, make_parcel, ca_bundle):
    """Though the server behind it speaks none: by the system's authorities, and by nobody else's."""

    def act(request):
        request.answer(200, ETag=hashlib.md5(request.body(), usedforsecurity=False).hexdigest())

    bare.setenv("http_proxy", serve(act, make_tls()).url)
    with pytest.raises(BucketError, match=r"^the proxy https:"):
        make_bucket(endpoint_url="http://192.0.2.7:8000").put(make_parcel())
    bare.setenv("SSL_CERT_FILE", str(ca_bundle))
    make_bucket(endpoint_url="http://192.0.2.7:8000").put(make_parcel())


# ---- whom the system trusts


def test_without_a_file_the_system_s_authorities_count(zenko, bare, make_bucket, make_parcel, ca_bundle):
    """An authority that the machine's owner has installed for the whole system is trusted by the booth, too."""
    bare.setenv("SSL_CERT_FILE", str(ca_bundle))
    make_bucket(endpoint_url=zenko.url).put(make_parcel())


def test_where_the_system_has_none_the_library_s_count(bare, tmp_path):
    """A machine without authorities is no machine that trusts nobody."""
    (tmp_path / "none").mkdir()
    bare.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    bare.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert wire.trust(None).cert_store_stats()["x509_ca"] > 50


def test_a_file_of_authorities_counts_alone(ca_bundle):
    """Whoever names one file trusts that and nothing else."""
    assert 1 == wire.trust(ca_bundle).cert_store_stats()["x509_ca"]
