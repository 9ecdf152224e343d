"""Fixtures of those who talk to an S3 server on the loopback: the server, the booth's buckets on it, an authority.

A `conftest.py` takes them by their names.
"""

import contextlib
import dataclasses
import time

import pytest
import trustme

from booth.drivers.bucket_options import ATTEMPTS, BucketOptions
from booth.drivers.s3 import ZenkoBucket
from booth.sim.bucket import EmbeddedS3


@pytest.fixture(scope="session")
def embedded():
    """Start the embedded S3 server, once for all tests."""
    with EmbeddedS3("party") as server:
        yield server


@pytest.fixture
def make_bucket(embedded):
    """Open the booth's own buckets, by default on the embedded server; all are closed in the end."""
    with contextlib.ExitStack() as ends:
        usual = BucketOptions(
            endpoint_url=embedded.endpoint_url,
            bucket=embedded.bucket,
            region=embedded.region,
            access_key_id=embedded.access_key_id,
            secret_access_key=embedded.secret_access_key,
        )

        def make(*, attempts=ATTEMPTS, wall=time.time, **changes):
            made = ZenkoBucket(dataclasses.replace(usual, **changes), attempts=attempts, wall=wall)
            ends.callback(made.close)
            return made

        yield make


@pytest.fixture(scope="session")
def strangers(tmp_path_factory):
    """Write an authority down of which nobody has a certificate."""
    path = tmp_path_factory.mktemp("strangers") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="module", autouse=True)
def few_authorities(strangers):
    """Have the system trust one authority: a machine's own are more than a hundred, read for each bucket anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(strangers))
        yield


@pytest.fixture(scope="session")
def authority():
    """Make a certificate authority that nobody knows."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_bundle(authority, tmp_path_factory):
    """Write the authority's certificate down."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path
