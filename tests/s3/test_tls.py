"""The bucket over TLS, where boto3's own defaults fail on a Zenko server."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from booth.errors import BucketError, Remedy


def test_a_put_over_tls_is_taken(zenko, make_bucket, ca_bundle, make_parcel):
    """Our settings send no checksum trailer: a server that refuses them takes the animation."""
    bucket = make_bucket(endpoint_url=zenko.url, ca_bundle=str(ca_bundle))
    parcel = make_parcel({"name": "Zo%C3%AB"})
    bucket.put(parcel)
    assert (parcel.content, {"name": "Zo%C3%AB"}) == bucket.get(parcel.key)


def test_a_client_with_default_settings_fails_there(zenko, embedded, ca_bundle):
    """The test before would be worth nothing on a server that takes trailers: this one does not."""
    client = boto3.session.Session(
        aws_access_key_id=embedded.access_key_id,
        aws_secret_access_key=embedded.secret_access_key,
        region_name=embedded.region,
    ).client(
        "s3", endpoint_url=zenko.url, verify=str(ca_bundle), config=Config(retries={"total_max_attempts": 1})
    )  # fmt: skip
    with pytest.raises(ClientError, match="trailing checksum is not supported"):
        client.put_object(Bucket=embedded.bucket, Key="default.gif", Body=b"GIF89a")
    client.close()


def test_an_unknown_authority_needs_a_person(zenko, make_bucket, make_parcel):
    """Without its ca_bundle the server is not trusted, and the operator reads where to name it."""
    with pytest.raises(BucketError, match=r"zenko\.ca_bundle") as caught:
        make_bucket(endpoint_url=zenko.url).put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON


def test_a_ca_bundle_that_is_not_there_needs_a_person(zenko, make_bucket, make_parcel, tmp_path):
    """A path with a typing error is told apart from a dead network."""
    with pytest.raises(BucketError, match=r"file of certificates cannot be read") as caught:
        make_bucket(endpoint_url=zenko.url, ca_bundle=str(tmp_path / "gone.pem")).put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON


def test_a_ca_bundle_that_holds_no_certificate_needs_a_person(zenko, make_bucket, make_parcel, tmp_path):
    """The wrong file is told like no file."""
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(BucketError, match=r"file of certificates cannot be read"):
        make_bucket(endpoint_url=zenko.url, ca_bundle=str(tmp_path / "ca.pem")).put(make_parcel())


@pytest.mark.parametrize(
    ("dates", "remedy", "words"),
    [
        ({"not_after": datetime(2020, 1, 1, tzinfo=UTC)}, Remedy.PERSON, "has expired"),
        ({"not_before": datetime(2090, 1, 1, tzinfo=UTC)}, Remedy.CLOCK, "not valid yet"),
    ],
)
def test_dates_of_certificates_are_read(serve, make_tls, make_bucket, ca_bundle, make_parcel, dates, remedy, words):
    """A certificate of the future means that the booth's clock is behind; an old one that somebody must look."""
    server = serve(lambda request: request.answer(200), make_tls(**dates))
    with pytest.raises(BucketError, match=words) as caught:
        make_bucket(endpoint_url=server.url, ca_bundle=str(ca_bundle)).put(make_parcel())
    assert caught.value.remedy is remedy


def test_a_server_that_speaks_no_tls_needs_somebody(serve, make_bucket, make_parcel):
    """Garbage in the handshake is a wrong port, or a network that wants a log-in: both need a hand, and no wait."""
    server = serve(lambda request: request.answer(200))
    with pytest.raises(BucketError, match=r"^no TLS is spoken at ") as caught:
        make_bucket(endpoint_url=server.url.replace("http:", "https:")).put(make_parcel())
    assert caught.value.remedy is Remedy.PERSON
